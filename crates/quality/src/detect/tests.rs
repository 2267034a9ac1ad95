//! Each detector just under its limit, exactly at it, and just over; excused; once for an episode; and the same
//! again on replay.

use super::*;
use crate::conduct::Conduct;
use cordboard_floor::actor::{Reason, reasons};
use cordboard_floor::configuration::{AgentConfig, NotReadyReason, ReasonPurpose};
use cordboard_floor::contact::{ContactEnd, EndedBy, Role, VisitEnd};
use cordboard_floor::event::{
    AgentApplied, AgentBreakOverran, AgentNextStateSet, AgentNotReady, AgentReachable, AgentReady,
    AgentSignedOut, AgentUnreachable, CallbackRequested, ContactConnected, ContactEnded, ContactQueued,
    NextState, OfferAccepted, OfferCreated, OfferPurpose, OfferRejected, OfferTimedOut, ReasonApplied,
    VisitEnded, WrapupCompleted, WrapupExtended, WrapupStarted,
};
use cordboard_floor::{
    AccountId, Actor, CodeId, ContactId, OfferId, QueueId, ReasonId, SeatId, SiteId, VisitId,
};

const LI: AgentId = AgentId::fixed("1001");
const WANG: AgentId = AgentId::fixed("1002");
const QUEUE: QueueId = QueueId::fixed("claims");
const SEAT: SeatId = SeatId::fixed("a1");
const TEA: Reason = Reason { number: 1001, slug: ReasonId::fixed("tea") };
const NOTHING: Reason = Reason { number: 1002, slug: ReasonId::fixed("nothing") };
const TRAINING: Reason = Reason { number: 1003, slug: ReasonId::fixed("training") };
const CALL: ContactId = ContactId(500);
const OFFER: OfferId = OfferId(600);

/// ms since the day began.
fn at(ms: u64) -> Instant {
    Instant::from_micros(1_795_338_000_000_000).plus(Millis(ms))
}

/// A µs later: just over.
fn just_over(ms: u64) -> Instant {
    Instant::from_micros(at(ms).micros() + 1)
}

/// A log told to detectors, event by event.
struct Day {
    detectors: Detectors,
    log: Vec<Recorded<FloorEvent>>,
    found: Vec<Found>,
}

impl Day {
    fn new() -> Self {
        let mut terms = DetectorTerms::shipped().unwrap();
        let pauses = terms.pauses.as_mut().unwrap();
        (pauses.no_cause, pauses.reason_ms_max) = (vec![NOTHING.slug], Millis(60_000));
        Self::with(terms)
    }

    fn with(terms: DetectorTerms) -> Self {
        Self { detectors: Detectors::new(terms), log: Vec::new(), found: Vec::new() }
    }

    fn tell(&mut self, at: Instant, actor: Actor, reason: Option<Reason>, event: impl Into<FloorEvent>) {
        let (seq, site, event) = (self.log.len() as u64 + 1, SiteId::fixed("main"), event.into());
        let recorded = Recorded { seq, at, site, actor, reason, cause: None, event };
        self.found.extend(self.detectors.see(&recorded));
        self.log.push(recorded);
    }

    /// By her own hand.
    fn own(&mut self, at: Instant, event: impl Into<FloorEvent>) {
        self.tell(at, Actor::Agent(LI), None, event);
    }

    /// By the system.
    fn system(&mut self, at: Instant, reason: Reason, event: impl Into<FloorEvent>) {
        self.tell(at, Actor::system("test"), Some(reason), event);
    }

    fn excuse(&mut self, rule: Option<RuleId>, from: Instant, until: Instant) {
        self.detectors.grant(ExcuseId(1), Excuse { agent: Some(LI), rule, from, until });
    }

    fn rules(&self) -> Vec<RuleId> {
        self.found.iter().map(|found| found.rule).collect()
    }

    /// What was found is well formed, and the same log tells the same again.
    fn hold(&self) {
        for found in &self.found {
            assert!(found.evidence.contains(&found.episode), "{found:?}");
            assert!(found.evidence.windows(2).all(|pair| pair[0] < pair[1]), "{found:?}");
            assert!(found.until >= found.from);
            assert!(found.evidence.len() <= crate::limits::EVIDENCE_MAX);
        }
        let mut again = Detectors::new(self.detectors.terms.clone());
        again.excused = self.detectors.excused.clone();
        let seen: Vec<Found> = self.log.iter().flat_map(|recorded| again.see(recorded)).collect();
        assert_eq!(seen, self.found);
        let stored = rmp_serde::to_vec(&self.detectors).unwrap();
        assert_eq!(rmp_serde::from_slice::<Detectors>(&stored).unwrap(), self.detectors);
    }
}

fn not_ready(reason: Reason, allowed_until: Option<Instant>) -> AgentNotReady {
    AgentNotReady { agent: LI, reason, allowed_until }
}

const READY: AgentReady = AgentReady { agent: LI };

// ---- breaks

/// A break of ten minutes that ends then.
fn tea_until(end: Instant, excuse: Option<(Instant, Instant)>) -> Day {
    let mut day = Day::new();
    if let Some((from, until)) = excuse {
        day.excuse(None, from, until);
    }
    day.own(at(0), not_ready(TEA, Some(at(600_000))));
    if end > at(600_000) {
        let overran = AgentBreakOverran { agent: LI, reason: TEA, allowance_ms: Millis(600_000) };
        day.system(at(600_000), reasons::TIMER, overran);
    }
    day.own(end, READY);
    day.hold();
    day
}

#[test]
fn a_break_overruns_beyond_its_allowance_and_not_at_it() {
    assert!(tea_until(at(599_999), None).found.is_empty());
    assert!(tea_until(at(600_000), None).found.is_empty(), "at +0 s it does not");
    let over = tea_until(just_over(600_000), None);
    assert_eq!(over.rules(), [rules::BREAK_OVERRUN]);
    let found = &tea_until(at(601_000), None).found[0];
    assert_eq!((found.measured, found.allowed, found.episode), (1_000, 0, 1));
    assert_eq!(found.evidence, [1, 2, 3], "its beginning, the floor's word, its end");
}

#[test]
fn a_grace_and_an_excuse_keep_a_break_from_being_proposed() {
    let over = at(601_000);
    assert!(tea_until(over, Some((at(600_000), over))).found.is_empty());
    let half = tea_until(over, Some((at(600_500), at(600_800))));
    assert_eq!(half.found[0].measured, 700, "what is excused is taken off");
    let mut day = Day::with(DetectorTerms {
        breaks: Some(BreakTerms { grace_ms: Millis(30_000) }),
        ..Default::default()
    });
    for (begin, end) in [(0, at(630_000)), (1_000_000, just_over(1_630_000))] {
        day.own(at(begin), not_ready(TEA, Some(at(begin + 600_000))));
        day.own(end, READY);
    }
    assert_eq!(day.found.len(), 1);
    day.hold();
}

#[test]
fn a_break_ends_once_however_it_ends() {
    let mut day = Day::new();
    day.own(at(0), not_ready(TEA, Some(at(600_000))));
    day.own(at(700_000), not_ready(TRAINING, None));
    day.own(at(710_000), READY);
    day.own(at(720_000), not_ready(TEA, Some(at(1_320_000))));
    day.own(at(1_400_000), AgentSignedOut { agent: LI, seat: SEAT });
    assert_eq!(day.rules(), [rules::BREAK_OVERRUN, rules::BREAK_OVERRUN]);
    assert_eq!(day.found.iter().map(|found| found.episode).collect::<Vec<_>>(), [1, 4]);
    // An allowance that is no break's is none of this rule's business.
    let reason = NotReadyReason {
        reason: TRAINING,
        active: true,
        is_break: false,
        allowance_ms: Some(Millis(5)),
        purpose: ReasonPurpose::NotReady,
    };
    day.system(at(2_000_000), reasons::TIMER, ReasonApplied { reason });
    day.own(at(2_000_000), not_ready(TRAINING, Some(at(2_000_005))));
    day.own(at(2_001_000), READY);
    assert_eq!(day.found.len(), 2);
    day.hold();
}

// ---- pauses

fn pause(reason: Reason, actor: Actor, end: Instant) -> Day {
    let mut day = Day::new();
    day.tell(at(0), actor, None, not_ready(reason, None));
    day.own(end, READY);
    day.hold();
    day
}

#[test]
fn a_pause_without_cause_is_one_beyond_its_limit() {
    let own = Actor::Agent(LI);
    assert!(pause(NOTHING, own, at(59_999)).found.is_empty());
    assert!(pause(NOTHING, own, at(60_000)).found.is_empty());
    let over = pause(NOTHING, own, just_over(60_000));
    assert_eq!(over.rules(), [rules::UNJUSTIFIED_PAUSE]);
    assert!(pause(TRAINING, own, at(900_000)).found.is_empty(), "that is a cause");
    assert!(pause(NOTHING, Actor::Leader(AccountId::fixed("leader")), at(900_000)).found.is_empty());
    assert!(pause(reasons::NO_ANSWER, own, at(900_000)).found.is_empty(), "the system set it");
    let mut excused = Day::new();
    excused.excuse(Some(rules::UNJUSTIFIED_PAUSE), at(0), at(10));
    excused.own(at(0), not_ready(NOTHING, None));
    excused.own(at(60_010), READY);
    assert!(excused.found.is_empty());
    excused.excuse(Some(rules::BREAK_OVERRUN), at(100_000), at(900_000));
    excused.own(at(100_000), not_ready(NOTHING, None));
    excused.own(at(161_000), READY);
    assert_eq!(excused.found.len(), 1, "another rule's excuse is none");
}

fn wrapup(end: Instant) -> Day {
    wrapup_of(Day::new(), end)
}

fn wrapup_of(mut day: Day, end: Instant) -> Day {
    day.own(at(0), WrapupStarted { contact: CALL, agent: LI, queue: QUEUE, ends_at: at(30_000) });
    day.own(at(29_000), WrapupExtended { contact: CALL, agent: LI, ends_at: at(200_000) });
    let (code, by_default, note) = (CodeId::fixed("sold"), false, None);
    day.own(end, WrapupCompleted { contact: CALL, agent: LI, queue: QUEUE, code, by_default, note });
    day.hold();
    day
}

#[test]
fn a_wrapup_is_too_long_beyond_its_limit() {
    assert!(wrapup(at(119_999)).found.is_empty());
    assert!(wrapup(at(120_000)).found.is_empty());
    let over = wrapup(just_over(120_000));
    assert_eq!(over.rules(), [rules::UNJUSTIFIED_PAUSE]);
    assert_eq!((over.found[0].measured, over.found[0].allowed), (120_001, 120_000));
    assert_eq!(over.found[0].evidence, [1, 3]);
}

#[test]
fn an_excuse_is_taken_off_a_wrapup() {
    let excused = |rule, from, until| {
        let mut day = Day::new();
        day.excuse(rule, from, until);
        wrapup_of(day, at(130_000))
    };
    assert!(excused(None, at(50_000), at(60_000)).found.is_empty(), "ten seconds of it: at the limit");
    let less = excused(None, at(50_000), at(59_999));
    assert_eq!((less.rules(), less.found[0].measured), (vec![rules::UNJUSTIFIED_PAUSE], 120_001));
    assert_eq!(
        excused(Some(rules::BREAK_OVERRUN), at(0), at(200_000)).found.len(),
        1,
        "another rule's is none"
    );
    assert_eq!(excused(None, at(130_000), at(200_000)).found.len(), 1, "afterwards");
}

fn queued(contact: ContactId, queue: QueueId) -> ContactQueued {
    ContactQueued {
        contact,
        visit: VisitId(contact.0 + 1),
        queue,
        priority: 50,
        skills: Vec::new(),
        order: at(0),
        rule_version: 1,
        any: Vec::new(),
        also: Vec::new(),
        wanted: None,
        wanted_until: None,
        ahead: 0,
        estimate_ms: None,
    }
}

fn left(contact: ContactId, queue: QueueId) -> VisitEnded {
    let (visit, end, waited_ms) = (VisitId(contact.0 + 1), VisitEnd::Abandoned, Millis(1));
    VisitEnded { contact, visit, queue, end, waited_ms }
}

/// She is away for a quarter of an hour, and somebody waits from the third minute until then.
fn waited(reason: Reason, queue: QueueId, until: Instant) -> Day {
    waited_of(Day::new(), reason, queue, until)
}

fn waited_of(mut day: Day, reason: Reason, queue: QueueId, until: Instant) -> Day {
    let agent = AgentConfig { queues: vec![QUEUE], ..AgentConfig::customary(LI) };
    day.system(at(0), reasons::TIMER, AgentApplied { agent, version: 1 });
    day.own(at(0), not_ready(reason, None));
    day.system(at(180_000), reasons::TIMER, queued(CALL, queue));
    day.system(until, reasons::CALLER_LEFT, left(CALL, queue));
    day.own(at(900_000), READY);
    day.hold();
    day
}

#[test]
fn a_pause_while_callers_wait_is_one_beyond_its_limit() {
    let meal = Reason { number: 1009, slug: ReasonId::fixed("errand") };
    assert!(waited(meal, QUEUE, at(479_999)).found.is_empty());
    assert!(waited(meal, QUEUE, at(480_000)).found.is_empty());
    let over = waited(meal, QUEUE, just_over(480_000));
    assert_eq!(over.rules(), [rules::UNJUSTIFIED_PAUSE]);
    assert_eq!((over.found[0].measured, over.found[0].allowed), (300_001, 300_000));
    assert!(waited(TRAINING, QUEUE, at(800_000)).found.is_empty(), "for that they may wait");
    assert!(waited(meal, QueueId::fixed("cards"), at(800_000)).found.is_empty(), "not hers");
    // Without cause and with callers waiting is one episode all the same.
    assert_eq!(waited(NOTHING, QUEUE, at(800_000)).found.len(), 1);
}

#[test]
fn an_excuse_is_taken_off_what_callers_waited_and_off_nothing_else() {
    let errand = Reason { number: 1009, slug: ReasonId::fixed("errand") };
    let excused = |from, until| {
        let mut day = Day::new();
        day.excuse(Some(rules::UNJUSTIFIED_PAUSE), from, until);
        // Somebody waits from the 180th second to the 490th: ten beyond what is allowed.
        waited_of(day, errand, QUEUE, at(490_000))
    };
    assert!(excused(at(480_000), at(490_000)).found.is_empty(), "at the limit");
    let less = excused(at(480_001), at(490_000));
    assert_eq!((less.rules(), less.found[0].measured), (vec![rules::UNJUSTIFIED_PAUSE], 300_001));
    assert!(excused(at(0), at(900_000)).found.is_empty(), "visitors, the whole time");
    let before = excused(at(0), at(180_000));
    assert_eq!(before.found[0].measured, 310_000, "while nobody waited there is nothing to excuse");
}

#[test]
fn waiting_adds_up_over_callers_and_who_is_to_be_called_back_does_not_wait() {
    let mut day = Day::new();
    let agent = AgentConfig { queues: vec![QUEUE], ..AgentConfig::customary(LI) };
    day.system(at(0), reasons::TIMER, AgentApplied { agent, version: 1 });
    let errand = Reason { number: 1009, slug: ReasonId::fixed("errand") };
    day.own(at(0), not_ready(errand, None));
    // Two callers at once for a while, then nobody, then another: 200 s and 100 s.
    let (first, second, third) = (ContactId(700), ContactId(710), ContactId(720));
    day.system(at(0), reasons::TIMER, queued(first, QUEUE));
    day.system(at(50_000), reasons::TIMER, queued(second, QUEUE));
    day.system(at(100_000), reasons::CALLER_LEFT, left(first, QUEUE));
    day.system(at(200_000), reasons::CALLER_LEFT, left(second, QUEUE));
    day.system(at(400_000), reasons::TIMER, queued(third, QUEUE));
    day.system(just_over(500_000), reasons::CALLER_LEFT, left(third, QUEUE));
    // This one hangs up at once and is to be called back.
    let contact = ContactId(900);
    day.system(at(600_000), reasons::TIMER, queued(contact, QUEUE));
    let requested = CallbackRequested { contact, number: None, expires_at: at(9_000_000) };
    day.system(at(600_000), reasons::TIMER, requested);
    day.own(at(800_000), READY);
    assert_eq!((day.found.len(), day.found[0].measured), (1, 300_001));
    day.hold();
}

#[test]
fn what_a_leader_ordered_for_after_the_call_is_no_pause_of_hers() {
    let mut day = Day::new();
    let leader = Actor::Leader(AccountId::fixed("leader"));
    let next = AgentNextStateSet { agent: LI, next: Some(NextState::NotReady(NOTHING)) };
    day.tell(at(0), leader, None, next);
    // The caller hangs up, and it follows.
    day.system(at(5_000), reasons::CALLER_LEFT, not_ready(NOTHING, None));
    day.own(at(900_000), READY);
    assert!(day.found.is_empty());
    // Her own wish that follows is hers.
    let next = AgentNextStateSet { agent: LI, next: Some(NextState::NotReady(NOTHING)) };
    day.own(at(1_000_000), next);
    day.system(at(1_005_000), reasons::CALLER_LEFT, not_ready(NOTHING, None));
    day.own(at(1_900_000), READY);
    assert_eq!(day.rules(), [rules::UNJUSTIFIED_PAUSE]);
    day.hold();
}

// ---- sign-outs

#[test]
fn a_link_that_was_lost_for_good_is_no_proper_sign_out() {
    let unreachable = AgentUnreachable { agent: LI, sign_out_at: at(300_000) };
    let out = AgentSignedOut { agent: LI, seat: SEAT };
    let mut day = Day::new();
    // Just in time.
    day.system(at(0), reasons::LINK_LOST, unreachable.clone());
    day.own(at(299_999), AgentReachable { agent: LI });
    day.own(at(400_000), out.clone());
    assert!(day.found.is_empty(), "that was a proper one");
    // At the end of her time the engine signs her out.
    day.system(at(500_000), reasons::LINK_LOST, unreachable.clone());
    day.system(at(800_000), reasons::LINK_LOST, out.clone());
    assert_eq!(day.rules(), [rules::SIGN_OUT]);
    assert_eq!(day.found[0].evidence, [4, 5]);
    // Our own restart is not hers to answer for.
    day.system(at(900_000), reasons::RESTARTED, unreachable.clone());
    day.system(at(1_200_000), reasons::LINK_LOST, out.clone());
    // Nor what an incident excuses.
    day.excuse(None, at(1_299_000), at(1_301_000));
    day.system(at(1_300_000), reasons::LINK_LOST, unreachable);
    day.system(at(1_600_000), reasons::LINK_LOST, out.clone());
    let leader = Actor::Leader(AccountId::fixed("leader"));
    day.tell(at(1_700_000), leader, None, out.clone());
    assert_eq!(day.found.len(), 1);
    let terms = DetectorTerms { sign_outs: Some(SignOutTerms { forced: true }), ..Default::default() };
    let mut day = Day::with(terms);
    day.tell(at(0), leader, None, out);
    assert_eq!(day.rules(), [rules::SIGN_OUT]);
    day.hold();
}

// ---- answers

fn offered(offer: OfferId) -> OfferCreated {
    OfferCreated {
        offer,
        contact: CALL,
        visit: None,
        queue: Some(QUEUE),
        agent: LI,
        purpose: OfferPurpose::Queue,
        answer_by: at(20_000),
        rule_version: 1,
        step: 0,
        rank: 1,
        candidates: 1,
        digest: 0,
        wanted: false,
    }
}

#[test]
fn an_answer_is_slow_beyond_its_limit() {
    for (ring, expected) in [(at(14_999), 0), (at(15_000), 0), (just_over(15_000), 1)] {
        let mut day = Day::new();
        day.system(at(0), reasons::TIMER, offered(OFFER));
        day.own(ring, OfferAccepted { offer: OFFER, contact: CALL, agent: LI });
        assert_eq!(day.found.len(), expected, "{ring}");
        day.hold();
    }
    let mut day = Day::new();
    day.excuse(None, at(1_000), at(9_000));
    day.system(at(0), reasons::TIMER, offered(OFFER));
    day.own(at(18_000), OfferAccepted { offer: OFFER, contact: CALL, agent: LI });
    assert!(day.found.is_empty());
}

fn misses(times: &[u64]) -> Day {
    let mut day = Day::new();
    for (number, ms) in times.iter().enumerate() {
        let offer = OfferId(600 + number as u64);
        day.system(at(*ms), reasons::TIMER, offered(offer));
        let missed = OfferTimedOut { offer, contact: CALL, agent: LI };
        day.system(at(*ms), reasons::NO_ANSWER, missed);
    }
    day.hold();
    day
}

#[test]
fn offers_are_missed_once_too_often_within_the_hour() {
    assert!(misses(&[0, 10, 20]).found.is_empty(), "three are allowed");
    let over = misses(&[0, 10, 20, 3_600_000]);
    assert_eq!(over.rules(), [rules::MISSED_OFFERS], "the fourth, exactly an hour after the first");
    assert_eq!((over.found[0].measured, over.found[0].allowed), (4, 3));
    assert!(misses(&[0, 10, 20, 3_600_001]).found.is_empty(), "just outside");
    assert_eq!(misses(&[0, 1, 2, 3, 4, 5, 6]).found.len(), 1, "counting begins anew");
    assert_eq!(misses(&[0, 1, 2, 3, 4, 5, 6, 7]).found.len(), 2);
}

// ---- short conversations

fn talk(end: Instant, by: EndedBy, code: &'static str) -> Day {
    let mut day = Day::new();
    let connected = ContactConnected { contact: CALL, agent: LI, role: Role::Owner, offer: OFFER };
    day.own(at(0), connected);
    day.own(end, ContactEnded { contact: CALL, end: ContactEnd::Handled, by });
    let (code, by_default, note) = (CodeId::fixed(code), false, None);
    day.own(at(60_000), WrapupCompleted { contact: CALL, agent: LI, queue: QUEUE, code, by_default, note });
    day.hold();
    day
}

#[test]
fn a_silent_call_is_released_too_soon_below_its_limit() {
    let by = EndedBy::Agent(LI);
    assert_eq!(talk(at(3_999), by, "silent").rules(), [rules::SHORT_SILENT_CALL]);
    assert_eq!(talk(at(3_999), by, "silent").found[0].evidence, [1, 2, 3]);
    assert!(talk(at(4_000), by, "silent").found.is_empty());
    assert!(talk(just_over(4_000), by, "silent").found.is_empty());
    assert!(talk(at(3_999), by, "sold").found.is_empty(), "short, and not silent");
    assert!(talk(at(3_999), EndedBy::Caller, "silent").found.is_empty());
}

#[test]
fn a_call_is_dropped_below_its_limit() {
    let by = EndedBy::Agent(LI);
    assert_eq!(talk(at(1_999), by, "silent").rules(), [rules::ANSWER_THEN_DROP], "one thing, not two");
    assert!(talk(at(2_000), by, "sold").found.is_empty());
    assert!(talk(just_over(2_000), by, "sold").found.is_empty());
    for by in [EndedBy::Caller, EndedBy::System, EndedBy::Agent(WANG)] {
        assert!(talk(at(10), by, "sold").found.is_empty(), "{by:?}");
    }
    let mut day = Day::new();
    day.excuse(None, at(1_000), at(2_000));
    day.own(at(0), ContactConnected { contact: CALL, agent: LI, role: Role::Owner, offer: OFFER });
    day.own(at(1_500), ContactEnded { contact: CALL, end: ContactEnd::Handled, by });
    assert!(day.found.is_empty());
}

// ---- flips

fn flips(spells: &[(u64, Instant)]) -> Day {
    let mut day = Day::new();
    day.own(at(0), READY);
    for (from, until) in spells {
        day.own(at(*from), not_ready(TRAINING, None));
        day.own(*until, READY);
    }
    day.hold();
    day
}

#[test]
fn a_flip_is_at_most_a_second_and_more_than_three_are_too_many() {
    let flip = |number: u64| (number * 10_000, at(number * 10_000 + 1_000));
    assert!(flips(&[flip(1), flip(2), flip(3)]).found.is_empty());
    let over = flips(&[flip(1), flip(2), flip(3), flip(4)]);
    assert_eq!(over.rules(), [rules::IDLE_FLIPS]);
    assert_eq!((over.found[0].measured, over.found[0].evidence.len()), (4, 5));
    let longer = (40_000, just_over(41_000));
    assert!(flips(&[flip(1), flip(2), flip(3), longer]).found.is_empty(), "just over a second is a pause");
    let later = (610_001, at(610_500));
    assert!(flips(&[flip(1), flip(2), flip(3), later]).found.is_empty(), "just outside the ten minutes");
    let last = (610_000, at(610_500));
    assert_eq!(flips(&[flip(1), flip(2), flip(3), last]).found.len(), 1);
    let mut day = Day::new();
    day.excuse(None, at(0), at(99_000));
    day.own(at(0), READY);
    for number in 1..=5 {
        day.own(at(number * 10_000), not_ready(TRAINING, None));
        day.own(at(number * 10_000 + 500), READY);
    }
    assert!(day.found.is_empty());
}

#[test]
fn changing_state_under_an_offer_is_too_much_beyond_its_limit() {
    let rejected = |day: &mut Day, ms, reason| {
        day.system(at(ms), reasons::TIMER, offered(OFFER));
        day.tell(
            at(ms),
            Actor::Agent(LI),
            Some(reason),
            OfferRejected { offer: OFFER, contact: CALL, agent: LI },
        );
    };
    let mut day = Day::new();
    rejected(&mut day, 0, reasons::STATE_CHANGED);
    rejected(&mut day, 10, reasons::DECLINED);
    rejected(&mut day, 20, reasons::STATE_CHANGED);
    assert!(day.found.is_empty(), "two are allowed, and declining openly is another matter");
    rejected(&mut day, 3_600_000, reasons::STATE_CHANGED);
    assert_eq!(day.rules(), [rules::FLIP_UNDER_OFFER]);
    day.hold();
    let mut day = Day::new();
    [0, 20, 3_600_001].into_iter().for_each(|ms| rejected(&mut day, ms, reasons::STATE_CHANGED));
    assert!(day.found.is_empty());
}

// ---- settings, excuses, proposals

#[test]
fn every_rule_of_a_detector_ships() {
    let conduct = Conduct::shipped().unwrap();
    for rule in rules::ALL {
        assert!(conduct.rules.iter().any(|known| known.id == rule), "{rule}");
    }
    assert!(DetectorTerms::shipped().unwrap().breaks.is_some());
    let none = Day::with(DetectorTerms::default());
    assert!(none.found.is_empty());
}

#[test]
fn settings_have_limits_and_every_problem_is_told() {
    let text = SHIPPED.replace("grace_ms = 0", &format!("grace_ms = {}", TERM_MS_MAX + 1));
    let text = text.replace("allowed = 2,", &format!("allowed = {RUN_MAX},"));
    let problems = DetectorTerms::read("mine.toml", &text).unwrap_err();
    let places: Vec<&str> = problems.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(
        places,
        ["breaks.grace_ms", "shifts.relief_grace_ms", "promises.grace_ms", "flips.under_offer.allowed"]
    );
    let text = SHIPPED.replace("allowed = 2,", &format!("allowed = {},", RUN_MAX - 1));
    assert!(DetectorTerms::read("mine.toml", &text).is_ok());
}

#[test]
fn excuses_that_overlap_are_taken_off_once() {
    let mut excused = Excused::default();
    for (id, (from, until)) in [(10, 30), (20, 40), (60, 70), (0, 5)].into_iter().enumerate() {
        let excuse = Excuse { agent: None, rule: None, from: at(from), until: at(until) };
        excused.grant(ExcuseId(id as u64), excuse);
    }
    assert_eq!(excused.left(LI, rules::SIGN_OUT, at(0), at(100)), 55_000);
    assert_eq!(excused.left(LI, rules::SIGN_OUT, at(25), at(65)), 20_000);
    assert_eq!(excused.left(LI, rules::SIGN_OUT, at(65), at(25)), 0);
    excused.withdraw(ExcuseId(2));
    assert_eq!(excused.left(LI, rules::SIGN_OUT, at(0), at(100)), 65_000);
    let excuse = Excuse { agent: Some(WANG), rule: None, from: at(0), until: at(100) };
    excused.grant(ExcuseId(9), excuse);
    assert_eq!(excused.left(LI, rules::SIGN_OUT, at(0), at(100)), 65_000, "another's");
    assert_eq!(excused.left(WANG, rules::SIGN_OUT, at(0), at(100)), 0);
    for id in 0..=crate::limits::EXCUSES_MAX as u64 {
        excused.grant(ExcuseId(100 + id), excuse);
    }
    assert_eq!(excused.left(LI, rules::SIGN_OUT, at(0), at(100)), 100_000, "the oldest are forgotten");
}

#[test]
fn beyond_so_many_spans_waiting_is_not_held_against_her() {
    let mut day = Day::new();
    let agent = AgentConfig { queues: vec![QUEUE], ..AgentConfig::customary(LI) };
    day.system(at(0), reasons::TIMER, AgentApplied { agent, version: 1 });
    day.own(at(0), not_ready(Reason { number: 1009, slug: ReasonId::fixed("errand") }, None));
    for number in 0..crate::limits::SPANS_MAX as u64 + 50 {
        let contact = ContactId(10_000 + 2 * number);
        day.system(at(number * 1_000), reasons::TIMER, queued(contact, QUEUE));
        day.system(at(number * 1_000 + 500), reasons::CALLER_LEFT, left(contact, QUEUE));
    }
    day.own(at(2_000_000), READY);
    assert_eq!(day.found[0].measured, 500 * crate::limits::SPANS_MAX as i64);
}

/// An event of this desk, as the log tells it.
fn told(at: Instant, event: impl Into<crate::Event>) -> Recorded<crate::Event> {
    let (site, actor, event) = (SiteId::fixed("main"), Actor::system("test"), event.into());
    Recorded { seq: 1, at, site, actor, reason: None, cause: None, event }
}

#[test]
fn excuses_and_terms_come_from_the_log() {
    let (agent, rule, excuse, by) = (Some(LI), Some(rules::BREAK_OVERRUN), ExcuseId(1), None);
    let (from, until, why) = (at(0), at(700_000), ReasonId::fixed("incident"));
    let granted = told(at(0), crate::event::ExcuseGranted { excuse, agent, rule, from, until, why, by });
    let withdrawn = told(at(1), crate::event::ExcuseWithdrawn { excuse, by });
    let off = told(at(0), crate::event::DetectorsApplied { terms: DetectorTerms::default() });
    let on = told(at(650_000), crate::event::DetectorsApplied { terms: DetectorTerms::shipped().unwrap() });
    for (heeded, before_its_end, expected) in [
        (vec![], vec![], 1),
        (vec![&granted], vec![], 0),
        (vec![&granted, &withdrawn], vec![], 1),
        (vec![&off], vec![], 0),
        // Switched on while she is away: it has watched all the time.
        (vec![&off], vec![&on], 1),
    ] {
        let mut day = Day::new();
        heeded.into_iter().for_each(|recorded| day.detectors.heed(recorded));
        day.own(at(0), not_ready(TEA, Some(at(600_000))));
        before_its_end.into_iter().for_each(|recorded| day.detectors.heed(recorded));
        day.own(at(660_000), READY);
        assert_eq!(day.found.len(), expected);
    }
}
