//! A desk with a clock that tests turn.

use cordboard_floor::decider::{Decided, Decider, Stamp};
use cordboard_floor::event::Sealed;
use cordboard_floor::{
    AccountId, Actor, AgentId, Instant, Millis, PersonId, ReasonId, Recorded, SiteId, Submission,
};
use cordboard_workforce::id::{RosterId, ShiftCode, ShiftId};
use cordboard_workforce::shift::{NewRoster, Sketch};
use cordboard_workforce::{Command, Day, Event, Refusal, Terms, Workforce};

pub(crate) const LI: AgentId = AgentId::fixed("1001");
pub(crate) const WANG: AgentId = AgentId::fixed("1002");
pub(crate) const ZHAO: AgentId = AgentId::fixed("1003");
pub(crate) const LEADER: AccountId = AccountId::fixed("leader");
pub(crate) const DIRECTOR: AccountId = AccountId::fixed("director");
pub(crate) const PLANNER: AccountId = AccountId::fixed("planner");
pub(crate) const WHY: ReasonId = ReasonId::fixed("because");
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// 2026-12-01 by UTC, the zone of these tests.
pub(crate) fn first() -> Day {
    "2026-12-01".parse().unwrap()
}

/// So many ms after the midnight that begins it.
pub(crate) fn at(ms: i64) -> Instant {
    Instant::parse("2026-12-01T00:00:00Z").unwrap().plus_signed(ms)
}

trait Signed {
    fn plus_signed(self, ms: i64) -> Self;
}

impl Signed for Instant {
    fn plus_signed(self, ms: i64) -> Self {
        if ms >= 0 { self.plus(Millis(ms as u64)) } else { self.minus(Millis(ms.unsigned_abs())) }
    }
}

pub(crate) fn text(bytes: usize) -> Sealed {
    Sealed { person: PersonId(1), bytes: vec![7; bytes].into() }
}

/// A shift on a day counted from the first, from an hour to an hour; beyond 24 it is the next day's.
pub(crate) fn sketch(agent: AgentId, day: i32, from: i64, until: i64) -> Sketch {
    let begin = i64::from(day) * DAY;
    Sketch {
        agent,
        day: first().plus(day),
        code: ShiftCode::fixed("A1"),
        from: at(begin + from * HOUR),
        until: at(begin + until * HOUR),
        parts: Vec::new(),
        relief: false,
    }
}

pub(crate) struct Desk {
    pub(crate) desk: Workforce,
    pub(crate) log: Decided<Event>,
    pub(crate) now: Instant,
    pub(crate) actor: Actor,
}

impl Desk {
    /// A desk with the terms that ship, five weeks before the first of December.
    pub(crate) fn new() -> Self {
        let desk = Workforce::new(SiteId::fixed("main"));
        let mut desk = Self { desk, log: Vec::new(), now: at(-35 * DAY), actor: Actor::system("test") };
        desk.ask(Command::ApplyTerms(Box::new(Terms::shipped().unwrap()))).unwrap();
        desk
    }

    pub(crate) fn ask(&mut self, command: Command) -> Result<u64, Refusal> {
        let stamp = Stamp { at: self.now, seed: 0 };
        let submission = Submission { actor: self.actor, cause: None, reason: None, command };
        let before = (self.log.len(), self.desk.last_seq());
        let answer = self.desk.decide(stamp, submission, &mut self.log).map(|done| done.seq);
        if answer.is_err() {
            assert_eq!((self.log.len(), self.desk.last_seq()), before, "a refusal takes no number");
        }
        answer
    }

    /// The floor says something, which takes the next number.
    pub(crate) fn seen(&mut self, event: impl Into<cordboard_floor::Event>) {
        let (seq, at, site) = (self.next(), self.now, SiteId::fixed("main"));
        let (actor, event) = (Actor::system("test"), event.into());
        self.desk.see(&Recorded { seq, at, site, actor, reason: None, cause: None, event });
    }

    /// Lets time go on, serving each deadline at its moment.
    pub(crate) fn until(&mut self, until: Instant) {
        assert!(until >= self.now, "time goes on");
        while let Some(due) = self.desk.next_deadline().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            let events = self.log.len();
            self.desk.tick(Stamp { at: self.now, seed: 0 }, &mut self.log);
            assert!(self.log.len() > events, "a deadline that is served is over");
        }
        self.now = until;
    }

    /// A published roster of these shifts; their ids in the order given.
    pub(crate) fn roster(&mut self, shifts: Vec<Sketch>) -> Vec<ShiftId> {
        let roster = self.draft(&shifts);
        self.ask(Command::AddShifts { roster, shifts: shifts.clone() }).unwrap();
        self.ask(Command::PublishRoster { roster, account: PLANNER }).unwrap();
        let id = |sketch: &Sketch| {
            self.desk.shifts().filter(|(_, shift)| shift.sketch == *sketch).map(|(id, _)| id).last().unwrap()
        };
        shifts.iter().map(id).collect()
    }

    pub(crate) fn draft(&mut self, shifts: &[Sketch]) -> RosterId {
        let class = shifts.iter().map(|sketch| sketch.agent).collect();
        let roster = NewRoster {
            from: first(),
            days: 31,
            name: "十二月".into(),
            class,
            rest: None,
            requirement: None,
        };
        RosterId(self.ask(Command::DraftRoster { roster, account: PLANNER }).unwrap())
    }

    /// The number that the next event takes.
    pub(crate) fn next(&self) -> u64 {
        self.desk.last_seq() + 1
    }

    /// The names of the events from a number on.
    pub(crate) fn names_from(&self, seq: u64) -> Vec<&'static str> {
        use cordboard_floor::StoredEvent;
        self.log.iter().filter(|recorded| recorded.seq >= seq).map(|recorded| recorded.event.name()).collect()
    }
}
