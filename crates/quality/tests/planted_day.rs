//! A day of the real floor with ordinary traffic, near misses, and planted cases. Only the planted ones are found;
//! the same log finds the same again; and whatever is proposed twice stands in the ledger once.

use cordboard_floor::actor::Reason;
use cordboard_floor::command::{AskedState, Entry};
use cordboard_floor::configuration::{AgentConfig, NotReadyReason, QueueConfig, ReasonPurpose};
use cordboard_floor::decider::{Decided, Decider, Stamp};
use cordboard_floor::{
    AccountId, Actor, AgentId, Channel, CodeId, Command, ContactId, Event, Floor, Instant, Millis, OfferId,
    QueueId, ReasonId, Recorded, RuleId, SeatId, SessionId, SiteId, Submission,
};
use cordboard_quality::chance::Chance;
use cordboard_quality::conduct::Conduct;
use cordboard_quality::detect::{DetectorTerms, Detectors, Found, rules};
use cordboard_quality::id::{EntryId, ExcuseId};
use cordboard_quality::{Command as DeskCommand, Excuse, Month, Quality};

const AGENTS: u64 = 8;
const TEA: ReasonId = ReasonId::fixed("tea");
const TRAINING: ReasonId = ReasonId::fixed("training");
const NOTHING: ReasonId = ReasonId::fixed("nothing");
const LEADER: AccountId = AccountId::fixed("leader");

fn at(ms: u64) -> Instant {
    Instant::from_micros(1_795_338_000_000_000).plus(Millis(ms))
}

fn agent(number: u64) -> AgentId {
    format!("{}", 1000 + number).parse().expect("a code")
}

fn queue(number: u64) -> QueueId {
    format!("q{number}").parse().expect("a code")
}

fn session(number: u64) -> SessionId {
    format!("s{number}").parse().expect("a code")
}

/// The floor under its clock. Each agent has a queue of her own, so that the day can say at whom it rings.
struct Day {
    floor: Floor,
    log: Decided<Event>,
    now: u64,
}

impl Day {
    fn new() -> Self {
        let mut day = Self { floor: Floor::new(SiteId::fixed("main")), log: Vec::new(), now: 0 };
        let reasons =
            [(1001, TEA, true, Some(600_000)), (1002, TRAINING, false, None), (1003, NOTHING, false, None)];
        for (number, slug, is_break, allowance) in reasons {
            let allowance_ms = allowance.map(Millis);
            let reason = NotReadyReason {
                reason: Reason { number, slug },
                active: true,
                is_break,
                allowance_ms,
                purpose: ReasonPurpose::NotReady,
            };
            day.system(0, Command::ApplyReason(reason));
        }
        for number in 1..=AGENTS {
            let codes = vec![CodeId::fixed("sold"), CodeId::fixed("silent")];
            day.system(
                0,
                Command::ApplyQueue(QueueConfig { codes, ..QueueConfig::customary(queue(number)) }),
            );
            let config = AgentConfig { queues: vec![queue(number)], ..AgentConfig::customary(agent(number)) };
            day.system(0, Command::ApplyAgent(config));
            let seat: SeatId = format!("seat{number}").parse().expect("a code");
            day.own(0, number, Command::LinkOpened { agent: agent(number), session: session(number) });
            day.own(0, number, Command::SignIn { agent: agent(number), seat });
            day.ready(0, number);
        }
        day
    }

    fn ask(&mut self, now: u64, actor: Actor, command: Command) {
        self.wait(now);
        let submission = Submission { actor, cause: None, reason: None, command: command.clone() };
        let stamp = Stamp { at: at(now), seed: 0 };
        self.floor
            .decide(stamp, submission, &mut self.log)
            .unwrap_or_else(|no| panic!("{now}: {command:?}: {no}"));
    }

    /// Time passes, and what is due happens when it is.
    fn wait(&mut self, now: u64) {
        assert!(now >= self.now, "{now} after {}", self.now);
        while let Some(due) = self.floor.next_deadline().filter(|due| *due <= at(now)) {
            self.floor.tick(Stamp { at: due.max(at(self.now)), seed: 0 }, &mut self.log);
        }
        self.now = now;
    }

    fn system(&mut self, now: u64, command: Command) {
        self.ask(now, Actor::system("test"), command);
    }

    fn own(&mut self, now: u64, number: u64, command: Command) {
        self.ask(now, Actor::Agent(agent(number)), command);
    }

    fn ready(&mut self, now: u64, number: u64) {
        self.own(now, number, Command::SetState { agent: agent(number), state: AskedState::Ready });
    }

    fn not_ready(&mut self, now: u64, number: u64, reason: ReasonId) {
        let state = AskedState::NotReady(reason);
        self.own(now, number, Command::SetState { agent: agent(number), state });
    }

    /// A leader grants her tea, and she takes it until then.
    fn tea(&mut self, number: u64, from: u64, until: u64) {
        self.own(from, number, Command::RequestBreak { agent: agent(number), reason: TEA });
        self.ask(from, Actor::Leader(LEADER), Command::DecideBreak { agent: agent(number), granted: true });
        self.ready(until, number);
    }

    /// Somebody calls; it rings at her.
    fn call(&mut self, now: u64, number: u64) -> (ContactId, OfferId) {
        let entry = Some(Entry::plain(queue(number)));
        let channel = Channel::fixed("voice");
        self.system(now, Command::Arrive { channel, from: None, attributes: None, entry });
        let offer = self.log.iter().rev().find_map(|recorded| match &recorded.event {
            Event::OfferCreated(event) => Some((event.contact, event.offer)),
            _ => None,
        });
        offer.expect("it rings")
    }

    /// A call, accepted after some time, ended after some more by her or by the caller, and wrapped up.
    fn served(
        &mut self,
        now: u64,
        number: u64,
        ring: u64,
        talk: u64,
        by_her: bool,
        code: &'static str,
    ) -> u64 {
        let (contact, offer) = self.call(now, number);
        self.own(now + ring, number, Command::Accept { offer, agent: agent(number) });
        let ended = now + ring + talk;
        if by_her {
            self.own(ended, number, Command::End { contact, agent: agent(number) });
        } else {
            self.system(ended, Command::Abandon { contact });
        }
        let (agent, code) = (agent(number), Some(CodeId::fixed(code)));
        self.own(ended + 20_000, number, Command::CompleteWrapup { contact, agent, code, note: None });
        ended + 20_000
    }

    /// Calls one after the other until then.
    fn ordinary(&mut self, chance: &mut Chance, until: u64) {
        while self.now + 400_000 < until {
            let (now, number) = (self.now + 1_000 + chance.below(20_000), 1 + chance.below(AGENTS));
            self.served(
                now,
                number,
                chance.below(15_001),
                4_000 + chance.below(300_000),
                chance.below(2) == 0,
                "sold",
            );
        }
    }
}

fn terms() -> DetectorTerms {
    let mut terms = DetectorTerms::shipped().expect("they ship");
    let pauses = terms.pauses.as_mut().expect("they run");
    (pauses.no_cause, pauses.reason_ms_max) = (vec![NOTHING], Millis(60_000));
    terms
}

fn found(log: &[Recorded<Event>], excuse: Option<Excuse>) -> Vec<Found> {
    let mut detectors = Detectors::new(terms());
    if let Some(excuse) = excuse {
        detectors.grant(ExcuseId(1), excuse);
    }
    log.iter().flat_map(|recorded| detectors.see(recorded)).collect()
}

const HOUR: u64 = 3_600_000;

fn near_misses(day: &mut Day) {
    let start = day.now + 10_000;
    // Tea to the ms, a pause to the ms, an answer at the third ring's end.
    day.tea(1, start, start + 600_000);
    let start = start + 700_000;
    day.not_ready(start, 2, NOTHING);
    day.ready(start + 60_000, 2);
    day.served(start + 70_000, 3, 15_000, 60_000, false, "sold");
    // A link that comes back in time; a proper sign-out and in again.
    let start = start + 300_000;
    day.own(start, 4, Command::LinkLost { agent: agent(4), session: session(4) });
    day.own(start + 299_999, 4, Command::LinkOpened { agent: agent(4), session: session(14) });
    // A silent call led by the script, a wrong number that she ends after two seconds, a flip or two.
    let start = start + 400_000;
    let next = day.served(start, 5, 2_000, 4_000, true, "silent");
    let next = day.served(next, 5, 2_000, 2_000, true, "sold");
    for number in 0..3 {
        day.not_ready(next + 1_000 + number * 5_000, 6, TRAINING);
        day.ready(next + 1_500 + number * 5_000, 6);
    }
}

fn planted(day: &mut Day) -> Vec<(RuleId, AgentId)> {
    let start = day.now + 10_000;
    day.tea(1, start, start + 601_000);
    let start = start + 700_000;
    day.not_ready(start, 2, NOTHING);
    day.ready(start + 61_000, 2);
    let next = day.served(start + 70_000, 3, 16_000, 60_000, false, "sold");
    let next = day.served(next, 5, 2_000, 3_000, true, "silent");
    let next = day.served(next, 5, 2_000, 1_000, true, "sold");
    for number in 0..4 {
        day.not_ready(next + 1_000 + number * 5_000, 6, TRAINING);
        day.ready(next + 1_500 + number * 5_000, 6);
    }
    // Four offers ring out; after each the floor has taken her off, and she comes back.
    let mut next = next + 30_000;
    for _ in 0..4 {
        let (contact, _) = day.call(next, 7);
        day.system(next + 21_000, Command::Abandon { contact });
        day.ready(next + 22_000, 7);
        next += 30_000;
    }
    // Three times she flips away from under a ringing call.
    for _ in 0..3 {
        let (contact, _) = day.call(next, 8);
        day.not_ready(next + 1_000, 8, TRAINING);
        day.system(next + 2_000, Command::Abandon { contact });
        day.ready(next + 10_000, 8);
        next += 30_000;
    }
    day.own(next, 4, Command::LinkLost { agent: agent(4), session: session(14) });
    day.wait(next + 300_000);
    vec![
        (rules::BREAK_OVERRUN, agent(1)),
        (rules::UNJUSTIFIED_PAUSE, agent(2)),
        (rules::SLOW_ANSWER, agent(3)),
        (rules::SHORT_SILENT_CALL, agent(5)),
        (rules::ANSWER_THEN_DROP, agent(5)),
        (rules::IDLE_FLIPS, agent(6)),
        (rules::MISSED_OFFERS, agent(7)),
        (rules::FLIP_UNDER_OFFER, agent(8)),
        (rules::SIGN_OUT, agent(4)),
    ]
}

#[test]
fn only_what_was_planted_is_found_and_it_stands_in_the_ledger_once() {
    let (mut day, mut chance) = (Day::new(), Chance::of(6));
    day.ordinary(&mut chance, 2 * HOUR);
    near_misses(&mut day);
    day.ordinary(&mut chance, 5 * HOUR);
    assert_eq!(found(&day.log, None), [], "an ordinary day with near misses");
    let expected = planted(&mut day);
    let found_now = found(&day.log, None);
    let named: Vec<(RuleId, AgentId)> = found_now.iter().map(|found| (found.rule, found.agent)).collect();
    assert_eq!(named, expected);
    assert_eq!(found(&day.log, None), found_now, "the same log, the same findings");
    let all = Excuse { agent: None, rule: None, from: at(0), until: at(9 * HOUR) };
    assert_eq!(found(&day.log, Some(all)), [], "an incident all day excuses everything");

    // The evidence is there, and about her or her contact.
    for found in &found_now {
        for seq in &found.evidence {
            let event = &day.log[*seq as usize - 1].event;
            let hers = event.agent() == Some(found.agent) || event.contact().is_some();
            assert!(hers, "{found:?}: {event:?}");
        }
    }

    // Proposed, and proposed again by whoever folds the log again.
    let mut desk = Quality::new(SiteId::fixed("main"));
    desk.pass(day.floor.last_seq(), day.floor.last_at());
    let mut ask = |command| {
        let stamp = Stamp { at: at(9 * HOUR), seed: 0 };
        let submission = Submission::system("detector", command);
        desk.decide(stamp, submission, &mut Vec::new()).expect("no refusal").seq
    };
    for rule in Conduct::shipped().expect("they ship").rules {
        ask(DeskCommand::ApplyRule(Box::new(rule)));
    }
    let month = Month::new(2026, 11).expect("a month");
    let mut propose = |found: &[Found]| -> Vec<EntryId> {
        let proposals = found.iter().map(|found| found.clone().proposal(1, month));
        proposals.map(|proposal| EntryId(ask(DeskCommand::Propose(proposal)))).collect()
    };
    let entries = propose(&found_now);
    assert_eq!(propose(&found(&day.log, None)), entries);
    for entry in &entries {
        ask(DeskCommand::ConfirmDeduction { entry: *entry, account: LEADER, points: None, severe: false });
    }
    assert_eq!(desk.ledger().entries().count(), expected.len());
    let totals: Vec<u32> = (1..=AGENTS).map(|number| desk.ledger().total(month, agent(number))).collect();
    assert_eq!(totals, [2, 5, 0, 1, 0, 0, 0, 0], "the documents' points; findings have none");
}
