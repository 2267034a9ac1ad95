//! One small world: callers, agents, leaders, their ways to the house, and the house itself (the real
//! engine on the real journal on a disk that fails), under a clock that moves only when nothing is left
//! to do at this moment. Everything that happens follows from the seed and the steps that are played.

mod deeds;
mod house;
mod links;

use super::agenda::Agenda;
use super::check::{Bench, Finding};
use super::network::{Frame, Line, Weather};
use super::people::caller::Callers;
use super::post::{From, Post};
use super::scenario::Scenario;
use super::script::Step;
use super::subject::Subject;
use super::tally::Tally;
use super::terms::Terms;
use crate::recording::Rng;
use cordboard_floor::{ContactId, Instant, Millis, OfferId, SessionId};
use house::House;

/// The length of a lease, and how long a client that gets no answer waits before it asks again.
const LEASE_MS: u64 = 6_000;
const RETRY_MS: u64 = 3_000;
/// How long a world is left to itself at the end, with nothing going wrong.
const CALM_MS: u64 = 20_000;

/// What is under way.
#[derive(Debug)]
enum Act {
    /// A command is at the house's door.
    Knock(u64),
    /// No answer has come for it.
    Retry(u64),
    /// Its answer is back.
    Settle(u64),
    /// A frame is at an agent's desk.
    Frame(usize, Frame),
    /// She has noticed a gap, or wants to know whether she has heard everything.
    AskResume(usize, SessionId, u64),
    /// She takes up a link.
    Connect(usize),
    /// The lease of a link is over, if nobody holds it any more.
    Lease(usize, SessionId),
    /// She signs in and is ready, as on every morning.
    Begin(usize),
    /// It rings at her: she does what she mostly does.
    React(usize, OfferId),
    /// She has written down what there was.
    Finish(usize, ContactId),
    /// A caller's patience is over, or there is nothing more to say.
    EnoughFor(ContactId, bool),
    /// A caller is rung up.
    PickUp(ContactId),
    /// The house opens again.
    Open,
    /// The house closes in order.
    Shut,
    /// The disk is well again.
    Relief,
}

/// What came of a run.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) findings: Vec<Finding>,
    /// The step that was played when the first of them was found.
    pub(crate) at_step: u32,
    /// Digest of everything that happened.
    pub(crate) digest: [u8; 32],
    pub(crate) events: u64,
    pub(crate) tally: Tally,
    pub(crate) story: Vec<String>,
    pub(crate) scenario: Option<Scenario>,
}

/// How a world is run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// Whether routing plans are drawn.
    pub(crate) plans: bool,
    /// Whether the checks look.
    pub(crate) watched: bool,
    /// Whether the story is written down, and the scenario.
    pub(crate) told: bool,
}

/// The world.
pub(crate) struct World<S: Subject> {
    terms: Terms,
    now: Instant,
    step: u32,
    agenda: Agenda<Act>,
    house: House<S>,
    lines: Vec<Line>,
    weather: Weather,
    post: Post,
    callers: Callers,
    habits: Rng,
    bench: Bench,
    tally: Tally,
    trace: blake3::Hasher,
    story: Option<Vec<String>>,
    scenario: Option<Scenario>,
}

impl<S: Subject> World<S> {
    /// Plays these steps of a seed's script.
    pub(crate) fn play(seed: u64, steps: &[Step], manner: Manner) -> Outcome {
        let mut world = Self::new(seed, manner);
        world.open();
        world.furnish();
        for step in steps {
            world.step = step.number;
            world.advance(step.wait_ms);
            if world.bench.findings.is_empty() {
                world.act(step.deed);
            }
            if !world.bench.findings.is_empty() {
                break;
            }
        }
        if world.bench.findings.is_empty() {
            world.end();
        }
        let events = world.last_seq();
        let (at_step, findings) = (world.step, world.bench.findings);
        let digest = *world.trace.finalize().as_bytes();
        Outcome {
            findings,
            at_step,
            digest,
            events,
            tally: world.tally,
            story: world.story.unwrap_or_default(),
            scenario: world.scenario,
        }
    }

    fn new(seed: u64, manner: Manner) -> Self {
        let terms = Terms::of(seed, manner.plans);
        let lines = terms.agents.iter().enumerate();
        let lines = lines.map(|(place, agent)| Line::new(seed, place, *agent)).collect();
        Self {
            lines,
            terms,
            now: Instant::parse("2026-11-22T09:00:00Z").expect("an instant"),
            step: 0,
            agenda: Agenda::new(),
            house: House::new(seed),
            weather: Weather::CLEAR,
            post: Post::default(),
            callers: Callers::default(),
            habits: Rng::stream(seed, "habits"),
            bench: Bench::new(manner.watched),
            tally: Tally::default(),
            trace: blake3::Hasher::new(),
            story: manner.told.then(Vec::new),
            scenario: manner.told.then(Scenario::default),
        }
    }

    /// The configuration, and everyone on her way to work.
    fn furnish(&mut self) {
        for command in self.terms.furniture() {
            self.knock_quietly(command);
        }
        self.serve();
        for place in 0..self.lines.len() {
            let after = Millis(500 + 700 * place as u64 + self.habits.below(1_500));
            self.agenda.put(self.now.plus(after), Act::Connect(place));
            self.agenda.put(self.now.plus(Millis(after.0 + 300)), Act::Begin(place));
        }
        self.advance(4_000);
    }

    /// Lets so much time pass, and everything happen that happens in it.
    fn advance(&mut self, wait_ms: u64) {
        let until = self.now.plus(Millis(wait_ms));
        while self.bench.findings.is_empty() {
            let due = self.agenda.next_at();
            let wake = self.house.wakes_at(self.now);
            // What arrives at this moment is there when the engine looks.
            let serves = match (due, wake) {
                (due, Some(wake)) => wake <= until && due.is_none_or(|due| wake < due),
                _ => false,
            };
            if serves {
                self.now = self.now.max(wake.unwrap_or(self.now));
                self.serve();
            } else if due.is_some_and(|due| due <= until) {
                self.now = self.now.max(due.unwrap_or(self.now));
                if let Some(act) = self.agenda.take() {
                    self.happen(act);
                }
            } else {
                break;
            }
        }
        self.now = self.now.max(until);
    }

    fn happen(&mut self, act: Act) {
        match act {
            Act::Knock(letter) => self.receive(letter),
            Act::Retry(letter) => self.dispatch(letter),
            Act::Settle(letter) => self.post.settle(letter),
            Act::Frame(place, frame) => self.deliver(place, frame),
            Act::AskResume(place, session, heard) => self.resume(place, session, heard),
            Act::Connect(place) => self.connect(place),
            Act::Lease(place, session) => self.end_lease(place, session),
            Act::Begin(place) => self.begin(place),
            Act::React(place, offer) => self.react(place, offer),
            Act::Finish(place, contact) => self.finish(place, contact),
            Act::EnoughFor(contact, talking) => self.have_enough(contact, talking),
            Act::PickUp(contact) => self.pick_up(contact),
            Act::Open => self.open(),
            Act::Shut => self.shut(),
            Act::Relief => self.house.store.relieve(),
        }
    }

    /// Nothing more goes wrong; then everyone must know what concerns her, and the log must open once more
    /// to the same state.
    fn end(&mut self) {
        self.weather = Weather::CLEAR;
        self.house.store.relieve();
        self.house.calm();
        self.advance(CALM_MS);
        for place in 0..self.lines.len() {
            match self.lines[place].client {
                Some(session) => self.resume(place, session, self.lines[place].heard),
                None => self.connect(place),
            }
        }
        let last = self.last_seq();
        self.advance(LEASE_MS);
        if !self.bench.findings.is_empty() {
            return;
        }
        self.all_know(last);
        self.shut();
        self.open();
    }

    /// A line of the story, if one is written.
    fn tell(&mut self, words: impl FnOnce() -> String) {
        if let Some(story) = &mut self.story {
            let moment = self.now.to_string();
            story.push(format!("{} {}", &moment[11..23.min(moment.len() - 1)], words()));
        }
    }

    /// Something that both runs of a seed must agree on.
    fn trace(&mut self, numbers: &[u64]) {
        for number in numbers {
            self.trace.update(&number.to_le_bytes());
        }
    }

    /// A packet's fate is counted as what it is.
    fn count_fate(&mut self, fate: &super::network::Fate, from: From) {
        let frame = from == From::Door;
        let words = if frame {
            ["frame lost", "frame doubled", "frame late", "frame overtaken"]
        } else {
            ["command lost", "command doubled", "command late", "command overtaken"]
        };
        let is = [fate.lost, fate.doubled, fate.late, fate.overtakes];
        for (words, is) in words.into_iter().zip(is) {
            if is {
                self.tally.count(words);
            }
        }
    }
}
