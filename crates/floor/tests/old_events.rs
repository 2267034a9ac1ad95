//! Events as they were stored before there were routing plans: shorter arrays, which must decode for ever.
//! What they do not say is what was customary then. The shapes below are copies of that time and never change.

use cordboard_floor::configuration::{QueueConfig, ReasonPurpose, RoutingPlan, SiteConfig};
use cordboard_floor::contact::SkillCondition;
use cordboard_floor::event::OfferPurpose;
use cordboard_floor::figure::FigureSubject;
use cordboard_floor::{Actor, event};
use cordboard_floor::{
    AgentId, CodeId, ContactId, Decider, Event, FigureId, Floor, Instant, Millis, OfferId, PersonId, QueueId,
    ReasonId, Recorded, SiteId, SkillId, StoredEvent, TeamId, UnknownEvent, VisitId,
};
use serde::Serialize;

#[derive(Serialize)]
struct ContactQueued(ContactId, VisitId, QueueId, u8, Vec<SkillCondition>, Instant, u32);

#[derive(Serialize)]
struct OfferCreated(
    OfferId,
    ContactId,
    Option<VisitId>,
    Option<QueueId>,
    AgentId,
    OfferPurpose,
    Instant,
    u32,
    u16,
    u32,
    u32,
    u64,
);

/// Queue, active, priority, skills, rings, credit, holds, wrap-up, extended by, how often, codes, default code.
#[derive(Serialize)]
struct Queue(
    QueueId,
    bool,
    u8,
    Vec<SkillCondition>,
    Millis,
    Millis,
    u32,
    Millis,
    Millis,
    u8,
    Vec<CodeId>,
    CodeId,
);

/// Agent, active, team, queues, skills, capacity.
#[derive(Serialize)]
struct Agent(AgentId, bool, Option<TeamId>, Vec<QueueId>, Vec<(SkillId, u8)>, u8);

/// Title, sign-out delay, rest after declining, how long ended contacts are kept.
#[derive(Serialize)]
struct Site(String, Millis, Millis, Millis);

fn code<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().expect("a code")
}

/// Reads an event of schema 1 as it lies on disk.
fn decode(kind: u16, old: &impl Serialize) -> Event {
    let bytes = rmp_serde::to_vec(old).expect("plain values are written");
    let mut stored = rmp_serde::Deserializer::from_read_ref(&bytes);
    match Event::deserialize_payload(kind, 1, &mut stored) {
        Ok(event) => event,
        Err(UnknownEvent::Payload(name, fault)) => panic!("an old {name} no longer decodes: {fault}"),
        Err(other) => panic!("{kind:#06x} is no longer known: {other:?}"),
    }
}

fn old_queue(name: &str) -> Queue {
    Queue(
        code(name),
        true,
        60,
        vec![SkillCondition { skill: code("en"), level: 40 }],
        Millis(15_000),
        Millis(60_000),
        10,
        Millis(30_000),
        Millis(20_000),
        2,
        vec![code("sold")],
        code("none"),
    )
}

#[test]
fn a_closed_queue_was_no_emergency_and_said_nothing() {
    let Event::QueueClosed(closed) = decode(0x0202, &(code::<QueueId>("loans"),)) else {
        panic!("another event");
    };
    assert_eq!((closed.queue, closed.emergency, closed.message), (code("loans"), false, None));
}

#[test]
fn a_message_asked_nobody_and_a_reason_was_one_for_being_not_ready() {
    #[derive(Serialize)]
    struct OldSealed(PersonId, #[serde(with = "serde_bytes_like")] Vec<u8>);
    mod serde_bytes_like {
        pub(super) fn serialize<S: serde::Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
            to.serialize_bytes(bytes)
        }
    }
    let old = (Some(code::<TeamId>("red")), OldSealed(PersonId(7), vec![1, 2, 3]));
    let Event::TeamMessaged(sent) = decode(0x010F, &old) else { panic!("another event") };
    assert_eq!((sent.team, sent.text.person), (Some(code("red")), PersonId(7)));
    assert_eq!((sent.message, sent.acknowledge, sent.addressed), (None, false, Vec::new()));

    let old = (((1000_u16, code::<ReasonId>("lunch")), true, true, Some(Millis(60_000))),);
    let Event::ReasonApplied(applied) = decode(0xF003, &old) else { panic!("another event") };
    assert_eq!((applied.reason.is_break, applied.reason.purpose), (true, ReasonPurpose::NotReady));
}

#[test]
fn who_queued_wanted_nobody_and_was_told_nothing() {
    let at = Instant::from_micros(1_795_305_601_000_000);
    let skills = vec![SkillCondition { skill: code("en"), level: 40 }];
    let old = ContactQueued(ContactId(7), VisitId(8), code("loans"), 5, skills.clone(), at, 3);
    let Event::ContactQueued(queued) = decode(0x0301, &old) else { panic!("another event") };
    assert_eq!((queued.contact, queued.visit, queued.queue), (ContactId(7), VisitId(8), code("loans")));
    assert_eq!((queued.priority, queued.skills, queued.order, queued.rule_version), (5, skills, at, 3));
    assert_eq!((queued.any, queued.also), (Vec::new(), Vec::new()));
    assert_eq!((queued.wanted, queued.wanted_until, queued.ahead, queued.estimate_ms), (None, None, 0, None));
}

#[test]
fn an_offer_was_for_whoever_fitted() {
    let at = Instant::from_micros(1_795_305_601_000_000);
    let (visit, queue) = (Some(VisitId(8)), Some(code("loans")));
    let old = OfferCreated(
        OfferId(9),
        ContactId(7),
        visit,
        queue,
        code("1001"),
        OfferPurpose::Queue,
        at,
        3,
        0,
        1,
        2,
        u64::MAX,
    );
    let Event::OfferCreated(offer) = decode(0x0320, &old) else { panic!("another event") };
    assert_eq!(
        (offer.offer, offer.contact, offer.visit, offer.queue),
        (OfferId(9), ContactId(7), visit, queue)
    );
    assert_eq!((offer.agent, offer.purpose, offer.answer_by), (code("1001"), OfferPurpose::Queue, at));
    assert_eq!((offer.rule_version, offer.step, offer.rank), (3, 0, 1));
    assert_eq!((offer.candidates, offer.digest, offer.wanted), (2, u64::MAX, false));
}

#[test]
fn a_queue_had_the_customary_plan() {
    let Event::QueueApplied(applied) = decode(0xF001, &(old_queue("loans"), 4)) else {
        panic!("another event");
    };
    let expected = QueueConfig {
        queue: code("loans"),
        active: true,
        priority: 60,
        skills: vec![SkillCondition { skill: code("en"), level: 40 }],
        offer_timeout_ms: Millis(15_000),
        credit_ms_per_point: Millis(60_000),
        waiting_max: 10,
        wrapup_ms: Millis(30_000),
        wrapup_extend_ms: Millis(20_000),
        wrapup_extends_max: 2,
        codes: vec![code("sold")],
        default_code: code("none"),
        plan: RoutingPlan::default(),
        success_codes: Vec::new(),
    };
    assert_eq!((applied.queue, applied.version), (expected, 4));
}

#[test]
fn an_agent_had_her_capacity_and_an_even_share() {
    let old = Agent(code("1001"), true, Some(code("a")), vec![code("loans")], vec![(code("en"), 80)], 2);
    let Event::AgentApplied(applied) = decode(0xF002, &(old, 1)) else { panic!("another event") };
    let (agent, version) = (applied.agent, applied.version);
    assert_eq!((agent.agent, agent.active, agent.team, version), (code("1001"), true, Some(code("a")), 1));
    assert_eq!((agent.queues, agent.skills), (vec![code("loans")], vec![(code("en"), 80)]));
    assert_eq!((agent.capacity, agent.weight, agent.position, agent.stand_in), (2, 100, 0, None));
    assert_eq!((agent.mixes, agent.interruptible), (Vec::new(), Vec::new()));
}

#[test]
fn a_site_had_no_guard_and_no_memory() {
    let old = (Site("Cordboard".to_owned(), Millis(300_000), Millis(5_000), Millis(60_000)),);
    let Event::SiteApplied(applied) = decode(0xF004, &old) else { panic!("another event") };
    let expected = SiteConfig {
        title: "Cordboard".to_owned(),
        sign_out_delay_ms: Millis(300_000),
        reject_rest_ms: Millis(5_000),
        ended_kept_ms: Millis(60_000),
        ready_guard_ms: Millis(0),
        wrapup_is_idle: false,
        not_ready_is_idle: false,
        callers_kept_ms: Millis(0),
        zone: String::new(),
    };
    assert_eq!(applied.site, expected);
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Subject {
    Site,
    Queue(QueueId),
    Agent(AgentId),
    Contact(ContactId),
}

/// Figure, measure, of whom, from, to, value, what it replaces.
#[derive(Serialize)]
struct Entered(u64, String, Subject, Instant, Instant, i64, Option<u64>);

#[test]
fn an_entered_figure_says_of_whom_and_when() {
    let from = Instant::from_micros(1_795_305_601_000_000);
    let to = from.plus(Millis(1));
    for (old, subject) in [
        (Subject::Site, FigureSubject::Site),
        (Subject::Queue(code("loans")), FigureSubject::Queue(code("loans"))),
        (Subject::Agent(code("1001")), FigureSubject::Agent(code("1001"))),
        (Subject::Contact(ContactId(7)), FigureSubject::Contact(ContactId(7))),
    ] {
        let old = Entered(12, "exam_points".to_owned(), old, from, to, 87, Some(11));
        let expected = event::FigureEntered {
            figure: FigureId(12),
            measure: code("exam_points"),
            subject,
            from,
            to,
            value: 87,
            replaces: Some(FigureId(11)),
        };
        assert_eq!(decode(0x0400, &old), expected.into());
    }
    let withdrawn = event::FigureWithdrawn { figure: FigureId(12) };
    assert_eq!(decode(0x0401, &(12_u64,)), withdrawn.into());
}

/// An old log builds a floor that goes on under today's rules: the caller of then is offered to the agent of now.
#[test]
fn an_old_log_goes_on_today() {
    let at = Instant::from_micros(1_795_305_601_000_000);
    let agent = Agent(code("1001"), true, None, vec![code("loans")], vec![(code("en"), 80)], 1);
    let queued = ContactQueued(ContactId(3), VisitId(4), code("loans"), 0, Vec::new(), at, 1);
    let arrived =
        event::ContactArrived { contact: ContactId(3), channel: code("voice"), from: None, attributes: None };
    let log = [
        decode(0xF001, &(old_queue("loans"), 1)),
        decode(0xF002, &(agent, 1)),
        arrived.into(),
        decode(0x0301, &queued),
    ];
    let site: SiteId = code("stage");
    let mut floor = Floor::new(site);
    for (seq, event) in (1..).zip(log) {
        let actor = Actor::system("configuration");
        floor.apply(&Recorded { seq, at, site, actor, reason: None, cause: None, event });
    }
    let contact = floor.contact(ContactId(3)).expect("she still waits");
    let visit = contact.visit.expect("in the queue");
    assert_eq!((visit.step, visit.wanted, visit.base, visit.rule_version), (0, None, at, 1));
    cordboard_floor::audit::at_rest(&floor).expect("nothing is out of step");
}
