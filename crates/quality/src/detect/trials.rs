//! Shifts and promises: just under, exactly at, just over; excused; once.

use super::*;
use crate::trial::{LI, at as second};
use cordboard_floor::actor::{Reason, reasons};
use cordboard_floor::contact::{ContactEnd, EndedBy};
use cordboard_floor::event::{
    AgentSignedIn, AgentSignedOut, CallbackDialled, CallbackRequested, ContactEnded, ContactLeft,
    OfferCreated, OfferPurpose,
};
use cordboard_floor::{Actor, ContactId, OfferId, SeatId, SiteId};

const SEAT: SeatId = SeatId::fixed("a1");
const CALL: ContactId = ContactId(7);

fn over(at: Instant) -> Instant {
    Instant::from_micros(at.micros() + 1)
}

fn shift(relieved_at: Option<Instant>) -> Shift {
    let (from, until) = (second(1_000), second(9_000));
    Shift { number: 1, agent: LI, from, until, relief_required: true, relieved_at }
}

struct Day {
    detectors: Detectors,
    seq: u64,
    found: Vec<Found>,
}

impl Day {
    /// A minute each is allowed; she signs in before her shift.
    fn new(first: Shift) -> Self {
        let minute = Millis(60_000);
        let terms = DetectorTerms {
            shifts: Some(ShiftTerms { relief_grace_ms: minute, open_ms_max: minute }),
            promises: Some(PromiseTerms { grace_ms: minute }),
            ..DetectorTerms::default()
        };
        let mut day = Self { detectors: Detectors::new(terms), seq: 0, found: Vec::new() };
        day.news(second(0), first);
        day.own(second(900), AgentSignedIn { agent: LI, seat: SEAT });
        day
    }

    fn news(&mut self, at: Instant, shift: Shift) {
        self.seq += 1;
        self.found.extend(self.detectors.see_shift(self.seq, at, shift));
    }

    fn tell(&mut self, at: Instant, actor: Actor, reason: Option<Reason>, event: impl Into<FloorEvent>) {
        self.seq += 1;
        let (seq, site, event) = (self.seq, SiteId::fixed("main"), event.into());
        let recorded = Recorded { seq, at, site, actor, reason, cause: None, event };
        self.found.extend(self.detectors.see(&recorded));
        let stored = rmp_serde::to_vec(&self.detectors).unwrap();
        assert_eq!(rmp_serde::from_slice::<Detectors>(&stored).unwrap(), self.detectors);
    }

    fn own(&mut self, at: Instant, event: impl Into<FloorEvent>) {
        self.tell(at, Actor::Agent(LI), None, event);
    }

    fn out(&mut self, at: Instant) {
        self.own(at, AgentSignedOut { agent: LI, seat: SEAT });
    }

    fn excuse(&mut self, from: Instant, until: Instant) {
        self.detectors.grant(ExcuseId(1), Excuse { agent: Some(LI), rule: None, from, until });
    }

    fn rules(&self) -> Vec<RuleId> {
        for found in &self.found {
            assert!(found.evidence.contains(&found.episode), "{found:?}");
            assert!(found.evidence.windows(2).all(|pair| pair[0] < pair[1]), "{found:?}");
        }
        self.found.iter().map(|found| found.rule).collect()
    }
}

/// She leaves at 8 000 s, the relief is there then.
fn relieved(then: Instant, excused: bool) -> Day {
    let mut day = Day::new(shift(None));
    if excused {
        day.excuse(second(7_999), second(8_001));
    }
    day.out(second(8_000));
    day.news(then, shift(Some(then)));
    day
}

#[test]
fn who_leaves_before_her_relief_leaves_the_post_empty_beyond_a_grace() {
    assert_eq!(relieved(second(8_059), false).rules(), []);
    assert_eq!(relieved(second(8_060), false).rules(), []);
    let late = relieved(over(second(8_060)), false);
    assert_eq!(late.rules(), [rules::LEFT_BEFORE_RELIEF]);
    assert_eq!((late.found[0].measured, late.found[0].allowed, late.found[0].episode), (60_001, 60_000, 3));
    assert_eq!(relieved(over(second(8_060)), true).rules(), [], "a second of it is excused");
}

#[test]
fn it_is_found_once_when_it_shows_and_not_of_who_is_relieved_sent_or_back() {
    // Nobody comes: the next event after the grace shows it, and the relief later says nothing new.
    let mut day = Day::new(shift(None));
    day.out(second(8_000));
    day.own(
        second(8_060),
        ContactLeft {
            contact: CALL,
            agent: AgentId::fixed("1002"),
            role: cordboard_floor::contact::Role::Owner,
        },
    );
    assert_eq!(day.rules(), []);
    day.own(over(second(8_060)), AgentSignedIn { agent: LI, seat: SEAT });
    assert_eq!(day.rules(), [rules::LEFT_BEFORE_RELIEF]);
    day.news(second(8_100), shift(Some(second(8_100))));
    assert_eq!(day.found.len(), 1);
    // Also after the end of the shift: who is not relieved stays and says so (P 2.4(2)).
    let mut day = Day::new(shift(None));
    day.out(second(9_100));
    day.news(second(9_200), shift(Some(second(9_200))));
    assert_eq!(day.rules(), [rules::LEFT_BEFORE_RELIEF]);
    // Relieved before; back within the grace; sent by a leader; no relief needed after all.
    let mut day = Day::new(shift(Some(second(8_000))));
    day.out(second(8_000));
    day.own(second(9_500), AgentSignedIn { agent: LI, seat: SEAT });
    assert_eq!(day.rules(), []);
    let mut day = Day::new(shift(None));
    day.out(second(8_000));
    day.own(second(8_060), AgentSignedIn { agent: LI, seat: SEAT });
    day.news(second(9_500), shift(None));
    assert_eq!(day.rules(), []);
    let mut day = Day::new(shift(None));
    let leader = Actor::Leader(cordboard_floor::AccountId::fixed("leader"));
    day.tell(second(8_000), leader, None, AgentSignedOut { agent: LI, seat: SEAT });
    day.news(second(9_500), shift(None));
    assert_eq!(day.rules(), []);
    let mut day = Day::new(shift(None));
    day.out(second(8_000));
    day.news(second(8_030), Shift { relief_required: false, ..shift(None) });
    day.news(second(9_500), shift(None));
    assert_eq!(day.rules(), []);
}

fn alone() -> Shift {
    Shift { relief_required: false, ..shift(None) }
}

fn open_until(end: Instant) -> Day {
    let mut day = Day::new(alone());
    day.out(end);
    day
}

#[test]
fn a_session_stays_open_too_long_beyond_its_limit() {
    assert_eq!(open_until(second(9_059)).rules(), []);
    assert_eq!(open_until(second(9_060)).rules(), []);
    let late = open_until(over(second(9_060)));
    assert_eq!(late.rules(), [rules::SIGN_OUT]);
    assert_eq!(
        (late.found[0].measured, late.found[0].episode, &late.found[0].evidence[..]),
        (60_001, 1, &[1, 2, 3][..])
    );
    let mut excused = Day::new(alone());
    excused.excuse(second(9_000), second(9_040));
    excused.out(second(9_100));
    assert_eq!(excused.rules(), []);
}

#[test]
fn who_has_a_contact_waits_for_relief_or_works_on_has_no_session_left_open() {
    let left = ContactLeft { contact: CALL, agent: LI, role: cordboard_floor::contact::Role::Owner };
    let mut day = Day::new(alone());
    day.own(second(9_600), left);
    day.out(second(9_660));
    assert_eq!(day.rules(), []);
    // Relieved late, and gone within the minute.
    let mut day = Day::new(shift(None));
    day.news(second(9_600), shift(Some(second(9_600))));
    day.out(second(9_660));
    assert_eq!(day.rules(), []);
    // Overtime is a longer shift, or another one.
    let mut day = Day::new(alone());
    day.news(second(8_000), Shift { until: second(9_900), ..alone() });
    day.out(second(9_950));
    assert_eq!(day.rules(), []);
    let mut day = Day::new(alone());
    day.news(second(8_000), Shift { number: 9, from: second(9_000), until: second(9_900), ..alone() });
    day.out(second(9_900));
    assert_eq!(day.rules(), []);
    // A lost link is found as that; a session begun after the shift is none of it.
    let mut day = Day::new(alone());
    let out = AgentSignedOut { agent: LI, seat: SEAT };
    day.tell(second(9_900), Actor::system("lease"), Some(reasons::LINK_LOST), out);
    day.own(second(10_000), AgentSignedIn { agent: LI, seat: SEAT });
    day.out(second(11_000));
    assert_eq!(day.rules(), []);
}

/// So many more shifts of hers after the first, each two days after the last and two hours long.
fn more(day: &mut Day, numbers: std::ops::RangeInclusive<u64>) {
    for number in numbers {
        let from = second(172_800 * (number - 1));
        day.news(second(0), Shift { number, from, until: from.plus(Millis(7_200_000)), ..alone() });
    }
}

#[test]
fn a_roster_of_two_months_told_at_once_is_known_from_its_first_shift_to_its_last() {
    let mut day = Day::new(alone());
    more(&mut day, 2..=124);
    day.out(second(9_900));
    assert_eq!(day.rules(), [rules::SIGN_OUT], "the first");
    let last = 172_800 * 123;
    day.own(second(last), AgentSignedIn { agent: LI, seat: SEAT });
    day.out(second(last + 7_200 + 900));
    assert_eq!(day.rules(), [rules::SIGN_OUT; 2], "and the last");
    assert_eq!(day.found[1].episode, 124);
}

#[test]
fn a_shift_that_is_over_is_forgotten_and_one_that_somebody_has_not_left_is_not() {
    let wait = crate::limits::RELIEF_WAIT_MS_MAX / 1_000;
    let known = |day: &Day| rmp_serde::to_vec(&day.detectors).unwrap().len();
    let mut day = Day::new(alone());
    day.out(second(9_000));
    let held = known(&day);
    for number in 2..200 {
        let from = second(100_000 * number);
        let until = from.plus(Millis(7_200_000));
        day.news(from, Shift { number, from, until, ..alone() });
    }
    assert!(known(&day) < held + 200, "no more than the last one is kept");
    // She stays in for longer than anybody is waited for, and the next roster is told meanwhile.
    let mut day = Day::new(alone());
    let next = second(9_000 + 2 * wait);
    day.news(second(9_000 + wait + 600), Shift { number: 9, from: next, until: over(next), ..alone() });
    day.out(second(9_000 + wait + 900));
    assert_eq!(day.rules(), [rules::SIGN_OUT]);
    // A shift that is hers no more was none.
    let mut day = Day::new(alone());
    day.news(second(8_000), Shift { until: alone().from, ..alone() });
    day.out(second(9_900));
    assert_eq!(day.rules(), []);
}

#[test]
fn beyond_the_limit_the_shift_that_ends_first_is_forgotten() {
    let most = crate::limits::SHIFTS_PER_AGENT_MAX as u64;
    for (told, expected) in [(most, 1), (most + 1, 0)] {
        let mut day = Day::new(alone());
        more(&mut day, 2..=told);
        day.out(second(9_900));
        assert_eq!(day.rules(), vec![rules::SIGN_OUT; expected]);
    }
}

/// Promised at 1 000 s until 2 000 s, and offered to her.
fn promised(offered: bool) -> Day {
    let mut day = Day::new(alone());
    let expires_at = second(2_000);
    day.own(second(1_000), CallbackRequested { contact: CALL, number: None, expires_at });
    if offered {
        let (offer, visit, queue, agent) = (OfferId(5), None, None, LI);
        let (purpose, answer_by) = (OfferPurpose::Queue, second(1_600));
        let (rule_version, step, rank, candidates, digest, wanted) = (1, 0, 1, 1, 0, false);
        day.own(
            second(1_500),
            OfferCreated {
                offer,
                contact: CALL,
                visit,
                queue,
                agent,
                purpose,
                answer_by,
                rule_version,
                step,
                rank,
                candidates,
                digest,
                wanted,
            },
        );
    }
    day
}

fn dialled(day: &mut Day, at: Instant) {
    let (contact, agent, attempt, dial_by) = (CALL, LI, 1, at);
    day.own(at, CallbackDialled { contact, agent, attempt, dial_by });
    day.own(at, CallbackDialled { contact, agent, attempt: 2, dial_by });
}

#[test]
fn a_promise_is_broken_beyond_its_time_and_a_grace() {
    for (at, expected) in [(second(2_059), 0), (second(2_060), 0), (over(second(2_060)), 1)] {
        let mut day = promised(true);
        dialled(&mut day, at);
        assert_eq!(day.rules(), vec![rules::PROMISE_BREACH; expected], "once, if at all");
    }
    let mut day = promised(true);
    dialled(&mut day, second(2_100));
    assert_eq!((day.found[0].measured, day.found[0].allowed), (1_100_000, 1_000_000));
    let mut day = promised(true);
    day.excuse(second(1_999), second(2_001));
    dialled(&mut day, second(2_100));
    assert_eq!(day.rules(), []);
}

#[test]
fn one_that_was_never_kept_is_broken_at_its_end_and_one_that_was_offered_to_nobody_is_nobodys() {
    let ended = |end| ContactEnded { contact: CALL, end, by: EndedBy::System };
    for (offered, end, at, expected) in [
        (true, ContactEnd::Expired, second(2_000), 1),
        (true, ContactEnd::Expired, second(1_999), 0),
        (true, ContactEnd::Refused, second(2_000), 0),
        (false, ContactEnd::Expired, second(2_000), 0),
    ] {
        let mut day = promised(offered);
        day.own(at, ended(end));
        assert_eq!(day.rules(), vec![rules::PROMISE_BREACH; expected]);
    }
    let mut day = promised(true);
    dialled(&mut day, second(1_800));
    day.own(second(2_500), ended(ContactEnd::Expired));
    assert_eq!(day.rules(), [], "it was tried in time");
}
