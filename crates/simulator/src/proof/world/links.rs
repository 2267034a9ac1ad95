//! What goes between desks and house: commands up, answers and events down, links taken up, cut, lost and
//! resumed.

use super::{Act, LEASE_MS, RETRY_MS, World};
use crate::proof::network::{Frame, Heard, Weather};
use crate::proof::people::{Wish, gateway};
use crate::proof::post::{From, cause};
use crate::proof::subject::Subject;
use crate::proof::terms::code;
use cordboard_floor::{AccountId, Actor, Command, Event, Millis, Recorded, SessionId, Submission};
use std::sync::Arc;

impl<S: Subject> World<S> {
    /// An agent asks for something over her line, if she has one.
    pub(super) fn ask_by_line(&mut self, place: usize, wish: Wish) -> Option<u64> {
        self.lines[place].client?;
        self.lines[place].commands += 1;
        let name = format!("c{}", self.lines[place].commands);
        let account: AccountId = code(self.lines[place].agent.as_str());
        self.tell(|| wish.words.clone());
        let cause = Some(cause(account, &name, u64::from(self.lines[place].commands)));
        let Wish { actor, command, .. } = wish;
        let letter = self.post.write(From::Line(place), Submission { actor, cause, reason: None, command });
        self.dispatch(letter);
        Some(letter)
    }

    /// Somebody asks at a door.
    pub(super) fn ask_at_door(&mut self, wish: Wish) -> u64 {
        self.tell(|| wish.words.clone());
        let Wish { actor, command, .. } = wish;
        let account = match actor {
            Actor::Leader(account) | Actor::Account(account) => account,
            _ => AccountId::fixed("trunk"),
        };
        let submission = Submission { actor, cause: None, reason: None, command };
        let letter = self.post.write(From::Door, submission);
        self.post.name(letter, cause(account, &format!("d{letter}"), letter));
        self.dispatch(letter);
        letter
    }

    /// Sends a letter, again if need be.
    pub(super) fn dispatch(&mut self, letter: u64) {
        let Some(before) = self.post.send(letter) else { return self.post.settle(letter) };
        let Some(from) = self.post.get(letter).map(|letter| letter.from) else { return };
        if before > 0 {
            self.tally.count("command repeated after no answer");
        }
        let arrivals = match from {
            From::Door => vec![self.now.plus(Millis(2))],
            From::Line(place) if self.lines[place].client.is_none() => Vec::new(),
            From::Line(place) => {
                let fate = self.lines[place].up.send(self.now, self.weather);
                self.count_fate(&fate, from);
                fate.arrivals
            }
        };
        for at in arrivals {
            self.agenda.put(at, Act::Knock(letter));
        }
        self.agenda.put(self.now.plus(Millis(RETRY_MS)), Act::Retry(letter));
    }

    /// Its answer goes back the way it came.
    pub(super) fn send_answer(&mut self, letter: u64) {
        let Some(from) = self.post.get(letter).map(|letter| letter.from) else { return };
        let arrivals = match from {
            From::Door => vec![self.now],
            From::Line(place) => self.lines[place].down.send(self.now, self.weather).arrivals,
        };
        if let Some(at) = arrivals.first() {
            self.agenda.put(*at, Act::Settle(letter));
        }
    }

    /// Hands committed events to every link that the house knows.
    pub(super) fn publish(&mut self) {
        let Some(engine) = &self.house.engine else { return };
        let (feed, last) = (engine.feed(), engine.journal().last().seq);
        for place in 0..self.lines.len() {
            let (Some(session), sent) = (self.lines[place].server, self.lines[place].sent) else { continue };
            for event in self.concerning(place, &feed, sent, last) {
                let prev = std::mem::replace(&mut self.lines[place].sent, event.seq);
                let frame = Frame { session, prev, up_to: event.seq, events: vec![event] };
                let fate = self.lines[place].down.send(self.now, self.weather);
                self.count_fate(&fate, From::Door);
                for at in &fate.arrivals {
                    self.agenda.put(*at, Act::Frame(place, frame.clone()));
                }
            }
        }
    }

    /// Of the events after a number those that concern an agent, read from the feed.
    fn concerning(
        &mut self,
        place: usize,
        feed: &cordboard_engine::Feed<Event>,
        after: u64,
        last: u64,
    ) -> Vec<Arc<Recorded<Event>>> {
        if after >= last {
            return Vec::new();
        }
        let agent = self.lines[place].agent;
        let events = match feed.read(after + 1, last, usize::MAX) {
            Ok(events) => events,
            Err(fault) => {
                self.bench.find("told", format!("the feed cannot be read after {after}: {fault}"));
                return Vec::new();
            }
        };
        let seen = &self.house.seen;
        let concerns = |event: &Arc<Recorded<Event>>| seen[event.seq as usize - 1].contains(&agent);
        events.into_iter().filter(concerns).collect()
    }

    /// A frame is at her desk.
    pub(super) fn deliver(&mut self, place: usize, frame: Frame) {
        let heard = self.lines[place].heard;
        match self.lines[place].take(&frame) {
            Heard::Nothing => {}
            Heard::Gap => {
                self.tally.count("gap noticed and resumed");
                self.agenda.put(self.now.plus(Millis(30)), Act::AskResume(place, frame.session, heard));
            }
            Heard::News => {
                self.lines[place].heard = frame.up_to;
                let agent = self.lines[place].agent;
                for event in frame.events.iter().filter(|event| event.seq > heard) {
                    self.trace(&[place as u64, event.seq]);
                    self.bench.told(agent, event);
                    self.respond(place, event);
                }
                self.bench.informed(agent, frame.up_to);
            }
        }
    }

    /// The house sends again what she has not heard.
    pub(super) fn resume(&mut self, place: usize, session: SessionId, heard: u64) {
        if self.lines[place].server != Some(session) {
            return;
        }
        let Some(engine) = &self.house.engine else { return };
        let (feed, last) = (engine.feed(), engine.journal().last().seq);
        #[cfg_attr(not(test), expect(unused_mut, reason = "only a planted bug changes it"))]
        let mut events = self.concerning(place, &feed, heard, last);
        #[cfg(test)]
        if crate::proof::planted::is_planted(crate::proof::planted::Bug::ResumesWithAGap) {
            events.pop();
        }
        self.lines[place].sent = self.lines[place].sent.max(last);
        let frame = Frame { session, prev: heard, up_to: last, events };
        let fate = self.lines[place].down.send(self.now, Weather::CLEAR);
        for at in fate.arrivals {
            self.agenda.put(at, Act::Frame(place, frame.clone()));
        }
    }

    /// She takes up a link, and what she missed with it.
    pub(super) fn connect(&mut self, place: usize) {
        if self.lines[place].client.is_some() {
            return;
        }
        if self.house.engine.is_none() {
            let after = Millis(500 + self.habits.below(2_000));
            self.agenda.put(self.now.plus(after), Act::Connect(place));
            return;
        }
        let line = &mut self.lines[place];
        line.sessions += 1;
        let (agent, heard) = (line.agent, line.heard);
        let session: SessionId = code(&format!("{agent}-{}", line.sessions));
        if line.server.is_some() {
            self.tally.count("link replaced before its end was noticed");
        }
        let line = &mut self.lines[place];
        (line.client, line.server, line.sent) = (Some(session), Some(session), heard);
        self.tally.count("link resumed");
        let wish =
            Wish::new(format!("link {session} opens"), gateway(), Command::LinkOpened { agent, session });
        self.ask_at_door(wish);
        self.resume(place, session, heard);
    }

    /// Her link breaks at her end; the house notices when its lease is over.
    pub(super) fn cut(&mut self, place: usize, back_after: Millis) {
        let Some(session) = self.lines[place].client.take() else { return };
        self.tell(|| format!("link {session} is cut"));
        self.agenda.put(self.now.plus(Millis(LEASE_MS)), Act::Lease(place, session));
        self.agenda.put(self.now.plus(back_after), Act::Connect(place));
    }

    /// The lease is over: unless a newer link has taken its place, the floor is told.
    pub(super) fn end_lease(&mut self, place: usize, session: SessionId) {
        if self.house.engine.is_none() {
            return;
        }
        let line = &mut self.lines[place];
        if line.server == Some(session) {
            line.server = None;
        }
        self.tally.count("lease ended");
        let agent = line.agent;
        let wish =
            Wish::new(format!("link {session} is lost"), gateway(), Command::LinkLost { agent, session });
        self.ask_at_door(wish);
    }

    /// On a calm network nobody has missed anything that happened before a while ago.
    pub(super) fn all_know(&mut self, last: u64) {
        for place in 0..self.lines.len() {
            let agent = self.lines[place].agent;
            if self.lines[place].client.is_none() {
                self.bench.find("told", format!("{agent} has no link at the end"));
            } else {
                self.bench.informed(agent, last);
            }
        }
    }
}
