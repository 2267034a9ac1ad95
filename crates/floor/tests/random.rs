//! Random work on a small floor: whatever is asked, in whatever order and at whatever moment, the rules of
//! [`cordboard_floor::audit`] hold after every decision. A failure is shrunk and printed as a scenario; paste
//! it into `tests/scenarios`, bless it, and read it.

mod random {
    pub(crate) mod deed;
    pub(crate) mod draw;
    pub(crate) mod plan;
    pub(crate) mod terms;
}

use cordboard_floor::audit::{self, Ledger};
use cordboard_floor::command::AskedState;
use cordboard_floor::configuration::{AgentConfig, NotReadyReason, QueueConfig, Selection, SiteConfig};
use cordboard_floor::contact::{ContactEnd, SkillCondition, VisitEnd};
use cordboard_floor::event::OfferPurpose;
use cordboard_floor::{
    AgentId, Command, Decided, Decider, Event, Floor, Instant, Millis, QueueId, Reason, ReasonId, Recorded,
    SeatId, SiteId, SkillId, Stamp, StoredEvent, Submission,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use random::deed::Deed;
use random::plan::{SELECTIONS, WHOLE_PLAN, plan};
use random::terms;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// One step: how long after the one before, whether the clock is late, and what is asked.
type Step = (u8, u8, Deed);

/// Steps at any pace.
fn steps() -> impl Strategy<Value = Step> {
    (any::<u8>(), any::<u8>(), Deed::any())
}

/// Steps at closing time: close upon each other, so that an offer is rather accepted than not.
fn steps_at_closing_time() -> impl Strategy<Value = Step> {
    let wait = any::<u8>().prop_map(|wait| match wait % 16 {
        0..=4 => 0,
        5..=14 => wait / 8 * 8 + 3,
        _ => wait / 8 * 8 + 6,
    });
    (wait, any::<u8>(), Deed::at_closing_time())
}

/// Out of which the terms are drawn under which a story begins: of each queue, each agent, and the site.
type Scene = [u16; 9];

const QUEUES: [(&str, u8, &str, u8); 3] =
    [("loans", 50, "", 0), ("cards", 80, "en", 40), ("gold", 80, "tax", 60)];
/// Number, capacity, queues, skills.
const AGENTS: [(&str, u8, &str, &str); 5] = [
    ("1001", 1, "loans cards", "en 80"),
    ("1002", 2, "loans gold", "tax 60"),
    ("1003", 1, "cards gold", "en 39 tax 90"),
    ("1004", 2, "loans cards gold", "en 40 tax 59"),
    ("1005", 1, "loans", ""),
];

fn code<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().expect("a code")
}

fn skills(text: &str) -> Vec<SkillCondition> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let pair =
        |pair: &[&str]| SkillCondition { skill: code::<SkillId>(pair[0]), level: pair[1].parse().unwrap() };
    words.chunks(2).map(pair).collect()
}

/// The floor, its shadow that only sees events, and the story so far.
struct Play {
    floor: Floor,
    shadow: Floor,
    ledger: Ledger,
    log: Vec<Recorded<Event>>,
    at: Instant,
    story: String,
}

impl Play {
    fn new(scene: Scene) -> Self {
        let site = SiteId::fixed("stage");
        let at = Instant::parse("2026-11-22T09:00:00Z").unwrap();
        let (floor, shadow) = (Floor::new(site), Floor::new(site));
        let story = "# Found by random work.\n".to_owned();
        let mut play = Self { floor, shadow, ledger: Ledger::default(), log: Vec::new(), at, story };
        if let Err(fault) = play.open(scene) {
            panic!("the scene cannot be set: {fault}\n\n{}", play.story);
        }
        play
    }

    fn open(&mut self, scene: Scene) -> Result<(), String> {
        let scene = if WHOLE_PLAN { scene } else { [0; 9] };
        let site = SiteConfig {
            sign_out_delay_ms: Millis(20_000),
            reject_rest_ms: Millis(2_000),
            ended_kept_ms: Millis(5_000),
            ..SiteConfig::default()
        };
        let (switches, site) = terms::site(scene[8], site);
        self.given("site: sign-out after 20s, rest 2s, keeps ended 5s", Command::ApplySite(site))?;
        if scene[8] != 0 {
            let _ = writeln!(self.story, "{switches}");
        }
        for (number, name, is_break) in [(1000, "lunch", false), (1001, "tea", true)] {
            let reason = Reason { number, slug: code::<ReasonId>(name) };
            let allowance_ms = is_break.then_some(Millis(3_000));
            let line = if is_break { "reason tea: a break, at most 3s" } else { "reason lunch" };
            self.given(
                line,
                Command::ApplyReason(NotReadyReason {
                    reason,
                    active: true,
                    is_break,
                    allowance_ms,
                    purpose: Default::default(),
                }),
            )?;
        }
        for (seed, (name, priority, skill, level)) in scene.into_iter().zip(QUEUES) {
            let mut config = queue(name, priority, skill, level);
            let (terms, drawn) = plan(seed, config.queue);
            config.plan = drawn;
            let terms = if seed == 0 { String::new() } else { format!(", {terms}") };
            let asks =
                if skill.is_empty() { "asks nothing".to_owned() } else { format!("asks {skill} {level}") };
            let line = format!(
                "queue {name}: priority {priority}, rings 6s, wrap-up 4s, extend 3s 1 times, a point is worth 1s, holds 6, {asks}{terms}"
            );
            self.given(&line, Command::ApplyQueue(config))?;
        }
        let colleagues = AGENTS.map(|(name, ..)| code::<AgentId>(name));
        for (place, (name, capacity, queues, knows)) in AGENTS.into_iter().enumerate() {
            let mut config = config(name, capacity, queues, knows);
            let more = terms::staff(scene[QUEUES.len() + place], &mut config, &colleagues);
            let line = format!(
                "agent {name}: serves {queues}, knows {}, takes {capacity} at once, seat S{place}, ready{more}",
                if knows.is_empty() { "nothing" } else { knows }
            );
            let agent: AgentId = code(name);
            self.given(&line, Command::ApplyAgent(config))?;
            self.given("", Command::SignIn { agent, seat: code::<SeatId>(&format!("S{place}")) })?;
            self.given("", Command::SetState { agent, state: AskedState::Ready })?;
        }
        Ok(())
    }

    fn given(&mut self, line: &str, command: Command) -> Result<(), String> {
        if !line.is_empty() {
            self.at = self.at.plus(Millis(1_000));
            let _ = writeln!(self.story, "{line}");
        }
        self.decide(Submission::system("configuration", command))
    }

    fn step(&mut self, (wait, late, deed): &Step) -> Result<(), String> {
        let wait = match wait % 8 {
            0..=2 => 0,
            3..=5 => u64::from(*wait) * 7,
            6 => u64::from(*wait) * 40,
            _ => u64::from(*wait) * 150,
        };
        let at = self.at.plus(Millis(wait));
        // Now and then the clock is late: the command is decided first, and one tick serves all that fell due.
        let late = late.is_multiple_of(8);
        if !late {
            self.serve_deadlines(at, true)?;
        }
        self.at = at;
        let Some((line, submission)) = deed.read(&self.floor) else { return self.serve_deadlines(at, false) };
        let remark = if late { "# the clock is late here\n" } else { "" };
        let moment = &at.to_string()[11..23];
        let _ = writeln!(self.story, "{remark}{moment} {line}");
        self.decide(submission)?;
        self.serve_deadlines(at, false)
    }

    fn serve_deadlines(&mut self, until: Instant, each_at_its_own: bool) -> Result<(), String> {
        for _ in 0..1_000 {
            let Some(due) = self.floor.next_deadline().filter(|due| *due <= until) else { return Ok(()) };
            self.at = if each_at_its_own { self.at.max(due) } else { until };
            let (mut decided, mut again, mut restored) =
                (Decided::new(), Decided::new(), restore(&self.floor));
            let stamp = Stamp { at: self.at, seed: 0 };
            self.floor.tick(stamp, &mut decided);
            restored.tick(stamp, &mut again);
            if decided != again || bytes(&restored) != bytes(&self.floor) {
                return Err(format!("the restored floor ticks otherwise: {again:#?}\nlive: {decided:#?}"));
            }
            if decided.is_empty() {
                return Err("a deadline was served and nothing came of it".to_owned());
            }
            self.take(decided)?;
        }
        Err("the clock does not come to rest".to_owned())
    }

    fn decide(&mut self, submission: Submission<Command>) -> Result<(), String> {
        let (mut decided, mut again, mut restored) = (Decided::new(), Decided::new(), restore(&self.floor));
        let before = bytes(&self.floor);
        let stamp = Stamp { at: self.at, seed: 0 };
        let verdict = self.floor.decide(stamp, submission.clone(), &mut decided);
        let second = restored.decide(stamp, submission, &mut again);
        if verdict != second || decided != again || bytes(&restored) != bytes(&self.floor) {
            return Err(format!(
                "the restored floor says {second:?} {again:#?}\nthe live one {verdict:?} {decided:#?}"
            ));
        }
        if verdict.is_err() && (!decided.is_empty() || bytes(&self.floor) != before) {
            return Err(format!("the refusal {verdict:?} changed something"));
        }
        if let Ok(done) = verdict
            && done.seq > self.floor.last_seq()
        {
            return Err(format!("the answer points at {}, which has not happened", done.seq));
        }
        self.take(decided)
    }

    fn take(&mut self, decided: Decided<Event>) -> Result<(), String> {
        for recorded in decided {
            self.ledger
                .take(&self.shadow, &recorded)
                .map_err(|fault| format!("{fault}\n    at {recorded:?}"))?;
            self.shadow.apply(&recorded);
            self.log.push(recorded);
        }
        audit::at_rest(&self.floor)?;
        self.ledger.close(&self.floor)
    }

    fn end(&self) -> Result<(), String> {
        if bytes(&self.shadow) != bytes(&self.floor) {
            return Err("the floor that only saw the events is another one".to_owned());
        }
        Ok(())
    }
}

fn queue(name: &str, priority: u8, skill: &str, level: u8) -> QueueConfig {
    QueueConfig {
        priority,
        skills: if skill.is_empty() {
            Vec::new()
        } else {
            vec![SkillCondition { skill: code(skill), level }]
        },
        offer_timeout_ms: Millis(6_000),
        wrapup_ms: Millis(4_000),
        wrapup_extend_ms: Millis(3_000),
        wrapup_extends_max: 1,
        credit_ms_per_point: Millis(1_000),
        waiting_max: 6,
        ..QueueConfig::customary(code::<QueueId>(name))
    }
}

fn config(name: &str, capacity: u8, queues: &str, knows: &str) -> AgentConfig {
    AgentConfig {
        agent: code(name),
        active: true,
        team: None,
        queues: queues.split_whitespace().map(code).collect(),
        skills: skills(knows).into_iter().map(|held| (held.skill, held.level)).collect(),
        capacity,
        ..AgentConfig::customary(code(name))
    }
}

fn bytes(floor: &Floor) -> Vec<u8> {
    rmp_serde::to_vec(floor).expect("a floor can be written")
}

fn restore(floor: &Floor) -> Floor {
    let mut restored: Floor = rmp_serde::from_slice(&bytes(floor)).expect("a snapshot can be read");
    restored.reindex();
    restored
}

/// Plays all steps; a fault comes with the story that led to it.
fn play(scene: Scene, steps: &[Step]) -> Result<(), String> {
    let mut play = Play::new(scene);
    for step in steps {
        // A panic of the floor is a fault like any other, with its story.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| play.step(step)));
        let outcome = outcome.unwrap_or_else(|panic| {
            let said = panic.downcast_ref::<String>().cloned();
            Err(format!("the floor panicked: {}", said.unwrap_or_else(|| "without a word".to_owned())))
        });
        outcome.map_err(|fault| format!("{fault}\n\n{}", play.story))?;
    }
    play.end().map_err(|fault| format!("{fault}\n\n{}", play.story))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(96),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_rules_hold_whatever_is_asked(
        scene in any::<Scene>(),
        steps in prop::collection::vec(steps(), 1..160),
    ) {
        if let Err(fault) = play(scene, &steps) {
            return Err(TestCaseError::fail(fault));
        }
    }

    #[test]
    fn the_rules_hold_at_closing_time(
        scene in any::<Scene>(),
        steps in prop::collection::vec(steps_at_closing_time(), 1..160),
    ) {
        if let Err(fault) = play(scene, &steps) {
            return Err(TestCaseError::fail(fault));
        }
    }
}

/// What happens in a whole plan alone.
const OF_WHOLE_PLANS: [&str; 10] = [
    "queue.drained",
    "visit.stepped",
    "contact.told",
    "callback.offered",
    "callback.requested",
    "callback.dialled",
    "callback.answered",
    "callback.failed",
    "callback.due",
    "config.hours_applied",
];

/// What nothing here asks for.
const ELSEWHERE: [&str; 18] = [
    "clock.stepped",
    "team.messaged",
    "message.acknowledged",
    "act.noted",
    "alert.raised",
    "alert.changed",
    "alert.acknowledged",
    "alert.resolved",
    "config.alert_applied",
    "account.changed",
    "person.erased",
    "access.unmasked",
    "figure.entered",
    "figure.withdrawn",
    "report.frozen",
    "report.submitted",
    "report.approved",
    "report.returned",
];

/// What of interest an event says beside its name, with the floor as it is just after.
fn marks(floor: &Floor, event: &Event, marks: &mut BTreeSet<String>) {
    match event {
        Event::OfferCreated(offer) => {
            let queue = offer.queue.and_then(|queue| floor.queue(queue));
            if let (Some(queue), OfferPurpose::Queue) = (queue, offer.purpose) {
                let selection = queue.config.plan.selection;
                let word = SELECTIONS.iter().find(|(is, _)| *is == selection).map(|(_, word)| *word);
                // A choice of one says nothing about how it was made.
                if offer.candidates > 1 || selection == Selection::RingAll {
                    marks.extend(word.map(str::to_owned));
                }
                if offer.wanted {
                    marks.insert("wanted".to_owned());
                }
                if offer.step > 0 {
                    marks.insert("offered at a later step".to_owned());
                }
            }
            let rings = floor.contact(offer.contact).map_or(0, |contact| contact.more_offers.len());
            if rings > 0 {
                marks.insert("rings at several".to_owned());
            }
            if floor.contact(offer.contact).is_some_and(|contact| contact.callback.is_some()) {
                marks.insert("a callback in its turn".to_owned());
            }
        }
        Event::VisitEnded(event) if matches!(event.end, VisitEnd::Overflowed(_)) => {
            marks.insert("overflowed".to_owned());
        }
        Event::ContactEnded(event) if event.end == ContactEnd::Expired => {
            marks.insert("expired".to_owned());
        }
        Event::QueueClosed(event) if event.emergency => {
            marks.insert("emergency".to_owned());
        }
        Event::QueueClosed(event) => {
            let kept =
                floor.queue(event.queue).is_some_and(|queue| queue.closed_by_hours && queue.visits > 0);
            if kept {
                marks.insert("a promise outlasts the closing".to_owned());
            }
        }
        _ => {}
    }
}

const MARKS: [&str; 8] = [
    "wanted",
    "offered at a later step",
    "rings at several",
    "a callback in its turn",
    "overflowed",
    "expired",
    "emergency",
    "a promise outlasts the closing",
];

/// What so much random work with these deeds meets: the names of events, and marks.
fn reached(
    worlds: usize,
    steps: impl Strategy<Value = Step>,
    seen: &mut BTreeSet<&'static str>,
    marked: &mut BTreeSet<String>,
) {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let steps = prop::collection::vec(steps, 400..401);
    for _ in 0..worlds {
        let scene = any::<Scene>().new_tree(&mut runner).expect("a scene").current();
        let tree = steps.new_tree(&mut runner).expect("steps");
        let mut play = Play::new(scene);
        for step in tree.current() {
            play.step(&step).unwrap_or_else(|fault| panic!("{fault}\n\n{}", play.story));
        }
        let mut again = Floor::new(SiteId::fixed("stage"));
        for recorded in &play.log {
            again.apply(recorded);
            marks(&again, &recorded.event, marked);
            seen.insert(recorded.event.name());
        }
    }
}

#[test]
fn random_work_reaches_what_it_should() {
    // If the generator stopped making conversations, transfers or wrap-ups, the test above would prove little.
    let (mut seen, mut marked) = (BTreeSet::new(), BTreeSet::new());
    reached(40, steps(), &mut seen, &mut marked);
    reached(20, steps_at_closing_time(), &mut BTreeSet::new(), &mut marked);
    let here = |name: &&str| !ELSEWHERE.contains(name) && (WHOLE_PLAN || !OF_WHOLE_PLANS.contains(name));
    let names = cordboard_floor::event::EVENTS.iter().map(|(_, _, name)| *name).filter(here);
    let missing: Vec<&str> = names.filter(|name| !seen.contains(name)).collect();
    assert!(missing.is_empty(), "never happened: {missing:?}");
    if WHOLE_PLAN {
        let words = SELECTIONS.iter().map(|(_, word)| *word).chain(MARKS);
        let missing: Vec<&str> = words.filter(|word| !marked.contains(*word)).collect();
        assert!(missing.is_empty(), "never reached: {missing:?}");
    }
}
