//! Stored events are for ever: each encodes to the bytes in `stored.txt` and decodes from them. A line there never
//! changes; what is appended to an event brings a line of its own beside the old one.

use cordboard_floor::decider::UnknownEvent;
use cordboard_floor::event::Sealed;
use cordboard_floor::{
    AccountId, AgentId, Instant, Millis, PersonId, QueueId, ReasonId, SeatId, StoredEvent,
};
use cordboard_workforce::adherence::{Fits, Grace, Planned};
use cordboard_workforce::event::*;
use cordboard_workforce::handover::Check;
use cordboard_workforce::id::{
    CheckId, ExceptionId, ForecastId, HandoverId, LeaveId, MethodId, OvertimeId, RequirementId, RosterId,
    ShiftCode, ShiftId, SwapId, TimeOffId,
};
use cordboard_workforce::outlook::Point;
use cordboard_workforce::requests::{Approver, LeaveKind, Paper};
use cordboard_workforce::shift::{Away, ChangeWhy, Part, RestQuota, Sketch};
use cordboard_workforce::{Day, Event, Month, Terms};
use std::collections::BTreeSet;
use std::fmt::Write;

const STORED: &str = include_str!("stored.txt");

/// Terms with one of everything; not the shipped ones, which may change.
fn terms() -> Terms {
    let mut terms = Terms::default();
    terms.adherence.grace = Grace { forgiven_ms: 1, alert_ms: 2, severe_ms: 3 };
    terms.adherence.fits = Fits([(Planned::Meal, BTreeSet::from([ReasonId::fixed("lunch")]))].into());
    terms
}

fn events() -> Vec<Event> {
    let (agent, other) = (AgentId::fixed("1001"), AgentId::fixed("1002"));
    let (by, at) = (AccountId::fixed("leader"), Instant::from_micros(1_795_338_000_000_000));
    let (until, why) = (at.plus(Millis(28_800_000)), ReasonId::fixed("because"));
    let text = Some(Sealed { person: PersonId(5), bytes: Box::from([1, 2, 3]) });
    let day: Day = "2026-11-22".parse().expect("a day");
    let month: Month = "2026-11".parse().expect("a month");
    let (queue, seat) = (QueueId::fixed("service"), Some(SeatId::fixed("B07")));
    let (roster, shift, second) = (RosterId(70), ShiftId(80), ShiftId(81));
    let (leave, swap, overtime) = (LeaveId(90), SwapId(91), OvertimeId(92));
    let (offer, exception, handover) = (TimeOffId(93), ExceptionId(94), HandoverId(95));
    let sketch = Sketch {
        agent,
        day,
        code: ShiftCode::fixed("A1"),
        from: at,
        until,
        parts: vec![Part { activity: Planned::Break, from: at.plus(Millis(1)), until: at.plus(Millis(2)) }],
        relief: true,
    };
    let interval_ms = Millis(1_800_000);
    let (leader, director) = (Approver::ShiftLeader, Approver::Director);
    vec![
        TermsApplied { terms: terms() }.into(),
        ForecastPublished {
            forecast: ForecastId(60),
            queue,
            method: MethodId::fixed("profile"),
            day,
            from: at,
            interval_ms,
            quantiles: vec![100, 900],
            points: vec![Point { volume_milli: 12_500, aht_ms: 180_000, quantiles: vec![8_000, 17_000] }],
        }
        .into(),
        RequirementPublished {
            requirement: RequirementId(61),
            queue,
            forecast: Some(ForecastId(60)),
            day,
            from: at,
            interval_ms,
            heads: vec![7, 8],
        }
        .into(),
        RosterDrafted {
            roster,
            from: day,
            days: 28,
            name: "十一月".into(),
            class: vec![agent, other],
            rest: Some(RestQuota { rest_days: 8, days_in_month: 30 }),
            requirement: Some(RequirementId(61)),
            by,
        }
        .into(),
        RosterShiftsAdded { roster, shifts: vec![sketch.clone()] }.into(),
        RosterDiscarded { roster, by }.into(),
        RosterPublished { roster, shifts: 1, by }.into(),
        ShiftAssigned { shift, roster: Some(roster), overtime: None, sketch: sketch.clone() }.into(),
        ShiftChanged {
            shift,
            sketch,
            away: vec![Away { from: at, until, why: ChangeWhy::Leave }],
            why: ChangeWhy::Swap,
            was: 80,
            by: Some(by),
        }
        .into(),
        ShiftWithdrawn { shift, agent, was: 82, why, by }.into(),
        LeaveRequested {
            leave,
            agent,
            kind: LeaveKind::Sick,
            from: at,
            until,
            day,
            days: 1,
            special: true,
            approver: leader,
            text: text.clone(),
        }
        .into(),
        LeaveApproved { leave, agent, by, rank: director, papers_due: Some(until) }.into(),
        LeaveRefused { leave, agent, by, rank: leader, why }.into(),
        LeaveWithdrawn { leave, agent }.into(),
        LeavePapersSubmitted { leave, agent, papers: vec![Paper::Certificate, Paper::Form] }.into(),
        LeavePapersJudged { leave, agent, borne_out: false, by, text: text.clone() }.into(),
        LeavePapersOverdue { leave, agent, missing: vec![Paper::Receipt] }.into(),
        SwapRequested {
            swap,
            agent,
            shift,
            with: other,
            other: second,
            text: text.clone(),
            exceptional: true,
            until: at,
        }
        .into(),
        SwapAgreed { swap, agent: other }.into(),
        SwapDeclined { swap, agent: other }.into(),
        SwapApproved { swap, by, rank: director, exception: text.clone() }.into(),
        SwapRefused { swap, by, why }.into(),
        SwapWithdrawn { swap, agent }.into(),
        SwapExpired { swap }.into(),
        InLieuGranted { agent, month, days: 1, by, why }.into(),
        InLieuTaken { agent, shift, month, by }.into(),
        OvertimeListed {
            overtime,
            agents: vec![agent],
            heads: 1,
            day,
            from: at,
            until,
            queue: Some(queue),
            by,
        }
        .into(),
        OvertimeAcknowledged { overtime, agent }.into(),
        OvertimeDeclined { overtime, agent }.into(),
        OvertimeBegun { shift, agent, since: at, free_at: until }.into(),
        OvertimeEnded { shift, agent, since: at, until }.into(),
        TimeOffOffered { offer, agents: vec![agent], heads: 1, from: at, until, by }.into(),
        TimeOffTaken { offer, agent }.into(),
        MusterMarked { shift, agent, by }.into(),
        AbsenceReported { shift, agent, by: Some(by), text: text.clone() }.into(),
        ExceptionGranted { exception, shift, agent, from: at, until, why, by }.into(),
        ExceptionWithdrawn { exception, shift, agent, by }.into(),
        AbsenceJudged { shift, agent, untrue: true, by, text: text.clone() }.into(),
        HandoverListed {
            handover,
            place: 1,
            outgoing: shift,
            from: agent,
            incoming: second,
            to: other,
            seat,
            by,
        }
        .into(),
        HandoverChecked {
            handover,
            agent: other,
            checks: vec![Check { check: CheckId::fixed("screen"), in_order: true }],
            text,
        }
        .into(),
        HandoverAccepted { handover, outgoing: shift, from: agent, to: other, seat }.into(),
        ReliefMissing { shift, agent, handover: Some(handover) }.into(),
        SignOutOverridden { shift, agent, by, why }.into(),
        SignOutFlagged { shift, agent }.into(),
    ]
}

fn bytes(event: &Event) -> Vec<u8> {
    let mut bytes = Vec::new();
    event.serialize_payload(&mut rmp_serde::Serializer::new(&mut bytes)).expect("plain values are written");
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes it");
        text
    })
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal digits");
    (0..text.len()).step_by(2).map(digits).collect()
}

fn decode(kind: u16, schema: u16, bytes: &[u8]) -> Result<Event, String> {
    let mut stored = rmp_serde::Deserializer::from_read_ref(bytes);
    Event::deserialize_payload(kind, schema, &mut stored).map_err(|problem| match problem {
        UnknownEvent::Kind(kind) => format!("{kind:#06x} is unknown"),
        UnknownEvent::Schema { name, found, known } => format!("{name} has schema {found}, known is {known}"),
        UnknownEvent::Payload(name, problem) => format!("{name} does not decode: {problem}"),
    })
}

#[test]
fn each_event_is_stored_as_it_ever_was() {
    let line = |event: &Event| {
        format!("{:#06x} {} {} {}\n", event.kind(), event.schema(), event.name(), hex(&bytes(event)))
    };
    let now: String = events().iter().map(line).collect();
    assert!(now == STORED, "an event's bytes have changed; they are now\n{now}");
}

#[test]
fn what_was_stored_is_read() {
    for (line, event) in STORED.lines().zip(events()) {
        let mut parts = line.split(' ');
        let kind = u16::from_str_radix(&parts.next().expect("a kind")[2..], 16).expect("a kind");
        let schema = parts.next().expect("a schema").parse().expect("a number");
        let bytes = unhex(parts.nth(1).expect("a payload"));
        assert_eq!(decode(kind, schema, &bytes), Ok(event), "{line}");
    }
}

#[test]
fn every_event_has_an_example_and_a_number_of_this_desk() {
    let examples: Vec<u16> = events().iter().map(StoredEvent::kind).collect();
    let known: Vec<u16> = EVENTS.iter().map(|(kind, _, _)| *kind).collect();
    assert_eq!(examples, known);
    assert!(known.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(known.iter().all(|kind| (0x2000..0x3000).contains(kind)));
}

#[test]
fn what_a_newer_program_wrote_is_refused_by_name() {
    let event = &events()[0];
    let refused = decode(event.kind(), event.schema() + 1, &bytes(event));
    assert_eq!(refused, Err("workforce.terms_applied has schema 2, known is 1".into()));
    assert_eq!(decode(0x2FFF, 1, &[0xC0]), Err("0x2fff is unknown".into()));
}
