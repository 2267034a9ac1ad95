//! A real floor under its clock, its ordinary traffic, near misses of every detector, and every case that one is to find: for a
//! day of them and for a month.

pub(crate) mod telling;

use cordboard_floor::actor::Reason;
use cordboard_floor::command::{AskedState, Entry};
use cordboard_floor::configuration::{
    AgentConfig, CallbackTerms, NotReadyReason, QueueConfig, ReasonPurpose, RoutingPlan,
};
use cordboard_floor::decider::{Decided, Decider, Stamp};
use cordboard_floor::{
    AccountId, Actor, AgentId, Channel, CodeId, Command, ContactId, Event, Floor, Instant, Millis, OfferId,
    QueueId, ReasonId, Recorded, RuleId, SeatId, SessionId, SiteId, Submission,
};
use cordboard_quality::Excuse;
use cordboard_quality::chance::Chance;
use cordboard_quality::detect::{Shift, rules};
use cordboard_quality::id::ExcuseId;
use std::collections::BTreeMap;

pub(crate) const AGENTS: u64 = 13;
const TEA: ReasonId = ReasonId::fixed("tea");
const TRAINING: ReasonId = ReasonId::fixed("training");
const NOTHING: ReasonId = ReasonId::fixed("nothing");
const ERRAND: ReasonId = ReasonId::fixed("errand");
pub(crate) const LEADER: AccountId = AccountId::fixed("leader");
pub(crate) const HOUR: u64 = 3_600_000;

/// ms since the first of the month.
pub(crate) fn at(ms: u64) -> Instant {
    Instant::from_micros(1_793_491_200_000_000).plus(Millis(ms))
}

pub(crate) fn agent(number: u64) -> AgentId {
    format!("{}", 1000 + number).parse().expect("a code")
}

fn queue(number: u64) -> QueueId {
    format!("q{number}").parse().expect("a code")
}

/// What the detectors are told, in the order of the log.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    Floor(Box<Recorded<Event>>),
    Shift(u64, Instant, Shift),
    Excuse(ExcuseId, Excuse),
}

/// The floor under its clock. Each agent has a queue of her own, so that the day can say at whom it rings.
pub(crate) struct Day {
    pub(crate) floor: Floor,
    pub(crate) log: Vec<Told>,
    pub(crate) now: u64,
    sessions: u64,
    shifts: BTreeMap<u64, Shift>,
}

impl Day {
    /// Nobody is there yet.
    pub(crate) fn new() -> Self {
        let floor = Floor::new(SiteId::fixed("main"));
        let mut day = Self { floor, log: Vec::new(), now: 0, sessions: 0, shifts: BTreeMap::new() };
        let reasons = [
            (1001, TEA, true, Some(600_000)),
            (1002, TRAINING, false, None),
            (1003, NOTHING, false, None),
            (1004, ERRAND, false, None),
        ];
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
            // The work after a call may last, and who asks for it is called back within ten minutes.
            let wrapup_ms = Millis(if number == 11 { 600_000 } else { 30_000 });
            let callback =
                CallbackTerms { allowed: true, expires_ms: Millis(600_000), ..CallbackTerms::default() };
            let plan = RoutingPlan { callback, ..RoutingPlan::default() };
            let config = QueueConfig { codes, wrapup_ms, plan, ..QueueConfig::customary(queue(number)) };
            day.system(0, Command::ApplyQueue(config));
            let config = AgentConfig { queues: vec![queue(number)], ..AgentConfig::customary(agent(number)) };
            day.system(0, Command::ApplyAgent(config));
        }
        day
    }

    /// Everybody's shift begins, and they come.
    pub(crate) fn opens(&mut self, now: u64, until: u64) {
        for number in 1..=AGENTS {
            let shift = Shift {
                number: self.floor.last_seq() + 1,
                agent: agent(number),
                from: at(now),
                until: at(until),
                relief_required: false,
                relieved_at: None,
            };
            self.news(now, number, shift);
            self.comes(now, number);
        }
    }

    /// Everybody goes.
    pub(crate) fn closes(&mut self, now: u64) {
        for number in 1..=AGENTS {
            self.goes(now, number);
        }
    }

    fn session(&self, ago: u64) -> SessionId {
        format!("s{}", self.sessions - ago).parse().expect("a code")
    }

    /// Her link is there, and she is.
    fn comes(&mut self, now: u64, number: u64) {
        self.sessions += 1;
        let session = self.session(0);
        self.own(now, number, Command::LinkOpened { agent: agent(number), session });
        let seat: SeatId = format!("seat{number}").parse().expect("a code");
        self.own(now, number, Command::SignIn { agent: agent(number), seat });
        self.ready(now, number);
    }

    fn goes(&mut self, now: u64, number: u64) {
        self.own(now, number, Command::SignOut { agent: agent(number) });
    }

    /// News of a shift takes a number of the log as the roster's events do.
    fn news(&mut self, now: u64, number: u64, shift: Shift) {
        self.wait(now);
        let seq = self.floor.last_seq() + 1;
        self.floor.pass(seq, at(now));
        self.log.push(Told::Shift(seq, at(now), shift));
        self.shifts.insert(number, shift);
    }

    pub(crate) fn excuse(&mut self, id: u64, from: u64, until: u64) {
        let excuse = Excuse { agent: None, rule: None, from: at(from), until: at(until) };
        self.log.push(Told::Excuse(ExcuseId(id), excuse));
    }

    fn ask(&mut self, now: u64, actor: Actor, command: Command) {
        self.wait(now);
        let submission = Submission { actor, cause: None, reason: None, command: command.clone() };
        let mut decided = Decided::new();
        self.floor
            .decide(Stamp { at: at(now), seed: 0 }, submission, &mut decided)
            .unwrap_or_else(|no| panic!("{now}: {command:?}: {no}"));
        self.log.extend(decided.into_iter().map(|it| Told::Floor(Box::new(it))));
    }

    /// Time passes, and what is due happens when it is.
    pub(crate) fn wait(&mut self, now: u64) {
        assert!(now >= self.now, "{now} after {}", self.now);
        while let Some(due) = self.floor.next_deadline().filter(|due| *due <= at(now)) {
            let mut decided = Decided::new();
            self.floor.tick(Stamp { at: due.max(at(self.now)), seed: 0 }, &mut decided);
            self.log.extend(decided.into_iter().map(|it| Told::Floor(Box::new(it))));
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

    fn last<T>(&self, of: impl Fn(&Event) -> Option<T>) -> T {
        let mut newest = self.log.iter().rev().filter_map(|told| match told {
            Told::Floor(recorded) => of(&recorded.event),
            _ => None,
        });
        newest.next().expect("it happened")
    }

    /// Somebody calls for her.
    fn arrives(&mut self, now: u64, number: u64) -> ContactId {
        let entry = Some(Entry::plain(queue(number)));
        let channel = Channel::fixed("voice");
        self.system(now, Command::Arrive { channel, from: None, attributes: None, entry });
        self.last(|event| match event {
            Event::ContactArrived(event) => Some(event.contact),
            _ => None,
        })
    }

    fn rings(&self) -> OfferId {
        self.last(|event| match event {
            Event::OfferCreated(event) => Some(event.offer),
            _ => None,
        })
    }

    /// Somebody calls; it rings at her.
    fn call(&mut self, now: u64, number: u64) -> (ContactId, OfferId) {
        let contact = self.arrives(now, number);
        (contact, self.rings())
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
        self.wrapped(now, number, (ring, talk, 20_000), by_her, code)
    }

    fn wrapped(
        &mut self,
        now: u64,
        number: u64,
        (ring, talk, after): (u64, u64, u64),
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
        self.own(ended + after, number, Command::CompleteWrapup { contact, agent, code, note: None });
        ended + after
    }

    /// She is away on an errand, and a caller waits for so long.
    fn waited_for(&mut self, now: u64, number: u64, waited: u64) {
        self.not_ready(now, number, ERRAND);
        let contact = self.arrives(now + 1_000, number);
        self.system(now + 1_000 + waited, Command::Abandon { contact });
        self.ready(now + 2_000 + waited, number);
    }

    /// A caller hangs up and is to be called back; that is offered to her, and she takes it or lets it ring and go by.
    fn promised(&mut self, now: u64, number: u64, kept: bool) {
        self.not_ready(now, number, TRAINING);
        let contact = self.arrives(now + 1_000, number);
        self.system(now + 2_000, Command::RequestCallback { contact, number: None });
        self.ready(now + 3_000, number);
        if !kept {
            // It rings out, the floor takes her off, and the promise is over before she is back.
            self.ready(now + 650_000, number);
            return;
        }
        let agent = agent(number);
        self.own(now + 5_000, number, Command::Accept { offer: self.rings(), agent });
        self.system(now + 10_000, Command::AnswerCallback { contact });
        self.own(now + 60_000, number, Command::End { contact, agent });
        self.own(now + 70_000, number, Command::CompleteWrapup { contact, agent, code: None, note: None });
    }

    /// Calls one after the other until then.
    pub(crate) fn ordinary(&mut self, chance: &mut Chance, until: u64) {
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

    /// Each within its limit, to the ms.
    pub(crate) fn near_misses(&mut self) {
        let start = self.now + 10_000;
        // Tea, a pause, an answer at the third ring's end.
        self.tea(1, start, start + 600_000);
        self.not_ready(start + 700_000, 2, NOTHING);
        self.ready(start + 760_000, 2);
        let next = self.served(start + 770_000, 3, 15_000, 60_000, false, "sold");
        // The work after a call, and a caller who waits.
        let next = self.wrapped(next + 1_000, 11, (2_000, 60_000, 120_000), true, "sold");
        self.waited_for(next + 1_000, 10, 300_000);
        self.promised(self.now + 1_000, 9, true);
        // A link that comes back in time.
        let start = self.now + 10_000;
        let session = self.held(4);
        self.own(start, 4, Command::LinkLost { agent: agent(4), session });
        self.sessions += 1;
        let session = self.session(0);
        self.own(start + 299_999, 4, Command::LinkOpened { agent: agent(4), session });
        // A silent call led by the script, a wrong number that she ends after two seconds, a flip or two.
        let next = self.served(start + 400_000, 5, 2_000, 4_000, true, "silent");
        let next = self.served(next, 5, 2_000, 2_000, true, "sold");
        for number in 0..3 {
            self.not_ready(next + 1_000 + number * 5_000, 6, TRAINING);
            self.ready(next + 1_500 + number * 5_000, 6);
        }
        // She leaves when the relief is there, and another a quarter of an hour after her shift.
        let start = self.now + 10_000;
        let shift = self.shifts[&12];
        self.news(start, 12, Shift { relief_required: true, ..shift });
        self.news(
            start + 1_000,
            12,
            Shift { relief_required: true, relieved_at: Some(at(start + 1_000)), ..shift },
        );
        self.goes(start + 1_000, 12);
        self.comes(start + 2_000, 12);
        self.stays_after(start + 3_000, 13, 900_000);
    }

    /// Her shift ends now, and so long after it she signs out; then she is back for another.
    fn stays_after(&mut self, now: u64, number: u64, open: u64) {
        let shift = self.shifts[&number];
        self.news(now, number, Shift { until: at(now), ..shift });
        self.goes(now + open, number);
        let other = Shift { number: self.floor.last_seq() + 1, from: at(now + open + 1_000), ..shift };
        self.news(now + open + 1_000, number, other);
        self.comes(now + open + 1_000, number);
    }

    /// The session by which she is linked.
    fn held(&self, number: u64) -> SessionId {
        let hers = agent(number);
        self.last(|event| match event {
            Event::AgentLinkOpened(event) if event.agent == hers => Some(event.session),
            _ => None,
        })
    }

    /// One case of each kind; what is to be found of it.
    pub(crate) fn plant(&mut self, case: usize) -> (RuleId, AgentId) {
        let start = self.now + 10_000;
        let (rule, number) = CASES[case];
        match case {
            0 => self.tea(number, start, start + 601_000),
            1 => {
                self.not_ready(start, number, NOTHING);
                self.ready(start + 61_000, number);
            }
            2 => _ = self.wrapped(start, number, (2_000, 60_000, 121_000), true, "sold"),
            3 => self.waited_for(start, number, 301_000),
            4 => _ = self.served(start, number, 16_000, 60_000, false, "sold"),
            5 => _ = self.served(start, number, 2_000, 3_000, true, "silent"),
            6 => _ = self.served(start, number, 2_000, 1_000, true, "sold"),
            7 => {
                for flip in 0..4 {
                    self.not_ready(start + flip * 5_000, number, TRAINING);
                    self.ready(start + 500 + flip * 5_000, number);
                }
            }
            // Four offers ring out; after each the floor has taken her off, and she comes back.
            8 => {
                for offer in 0..4 {
                    let next = start + offer * 30_000;
                    let (contact, _) = self.call(next, number);
                    self.system(next + 21_000, Command::Abandon { contact });
                    self.ready(next + 22_000, number);
                }
            }
            // Three times she flips away from under a ringing call.
            9 => {
                for offer in 0..3 {
                    let next = start + offer * 30_000;
                    let (contact, _) = self.call(next, number);
                    self.not_ready(next + 1_000, number, TRAINING);
                    self.system(next + 2_000, Command::Abandon { contact });
                    self.ready(next + 10_000, number);
                }
            }
            10 => {
                let session = self.held(number);
                self.own(start, number, Command::LinkLost { agent: agent(number), session });
                self.wait(start + 300_000);
                self.comes(start + 400_000, number);
            }
            // Her relief comes ten minutes after she has gone.
            11 => {
                let shift = self.shifts[&number];
                self.news(start, number, Shift { relief_required: true, relieved_at: None, ..shift });
                self.goes(start + 1_000, number);
                let relieved_at = Some(at(start + 600_000));
                self.news(start + 600_000, number, Shift { relief_required: true, relieved_at, ..shift });
                self.comes(start + 601_000, number);
            }
            12 => self.stays_after(start, number, 901_000),
            _ => self.promised(start, number, false),
        }
        (rule, agent(number))
    }
}

/// Each case with its rule and whose it is: every rule, and of those with several readings each.
pub(crate) const CASES: [(RuleId, u64); 14] = [
    (rules::BREAK_OVERRUN, 1),
    (rules::UNJUSTIFIED_PAUSE, 2),
    (rules::UNJUSTIFIED_PAUSE, 11),
    (rules::UNJUSTIFIED_PAUSE, 10),
    (rules::SLOW_ANSWER, 3),
    (rules::SHORT_SILENT_CALL, 5),
    (rules::ANSWER_THEN_DROP, 5),
    (rules::IDLE_FLIPS, 6),
    (rules::MISSED_OFFERS, 7),
    (rules::FLIP_UNDER_OFFER, 8),
    (rules::SIGN_OUT, 4),
    (rules::LEFT_BEFORE_RELIEF, 12),
    (rules::SIGN_OUT, 13),
    (rules::PROMISE_BREACH, 9),
];
