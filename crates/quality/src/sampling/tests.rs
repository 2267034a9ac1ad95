//! Draws that were recorded: each contact once, its looks step by step, and everything within the log's limits.

use super::*;
use crate::command::Command;
use crate::evaluation::{Draft, Outcome, Rater, Review};
use crate::event::Event;
use crate::id::{EvaluationId, SampleId};
use crate::limits::{
    COVERED_AGENTS_MAX, COVERED_STRATA_MAX, DIMENSIONS_MAX, PICKS_KEPT_MAX, PICKS_MAX, PICKS_PER_EVENT_MAX,
    PLAN_NAMES_MAX, SAMPLES_MAX,
};
use crate::trial::{CHEN, Desk, FORM, LEADER, LI, WANG, ZHAO, answers, at, text};
use cordboard_floor::{CodeId, ReasonId, StoredEvent};

/// What an event may have in all (design: 256 KiB).
const EVENT_BYTES_MAX: usize = 256 * 1024;
const WHY: ReasonId = ReasonId::fixed("no_recording");

fn pick(contact: u64, evaluator: Option<AccountId>, second: Option<AccountId>) -> Pick {
    Pick {
        contact: ContactId(contact),
        agent: LI,
        stratum: vec![Part::Length(1)],
        why: Why::Representative,
        evaluator,
        second,
    }
}

fn record(seed: u64, picks: Vec<Pick>) -> DrawRecord {
    let coverage = Coverage { representative: picks.len() as u32, ..Coverage::default() };
    let draw = Draw { seed, picks, coverage };
    DrawRecord { account: LEADER, plan: Plan::customary(), from: at(0), until: at(9), draw }
}

fn kept(record: DrawRecord) -> Command {
    Command::RecordDraw(Box::new(record))
}

fn draft(contact: u64, account: AccountId, rater: Rater, version: u32) -> Command {
    let contact = ContactId(contact);
    Command::DraftEvaluation(Draft {
        contact,
        agent: LI,
        form: FORM,
        version,
        rater,
        account,
        checks: None,
        seed: Some(1),
        round: None,
    })
}

/// Contact 7 is heard twice, 8 once, 9 by nobody.
fn desk() -> Desk {
    let mut desk = Desk::new();
    let picks = vec![pick(7, Some(ZHAO), Some(CHEN)), pick(8, Some(ZHAO), None), pick(9, None, None)];
    desk.ask(kept(record(1, picks))).unwrap();
    desk
}

fn standing(desk: &Desk, contact: u64) -> (PickStanding, Option<PickStanding>) {
    let pick = desk.desk.samples().pick(ContactId(contact)).unwrap();
    (pick.standing(), pick.second_standing())
}

#[test]
fn a_draw_is_kept_once_and_its_contacts_are_drawn_once() {
    let mut desk = desk();
    let (sample, known) = desk.desk.samples().samples().next().unwrap();
    assert_eq!((known.picks, known.seed, known.by), (3, 1, LEADER));
    let again = record(1, vec![pick(7, Some(ZHAO), Some(CHEN))]);
    assert_eq!(desk.ask(kept(again)), Ok(sample.0), "the same draw again is an answer");
    assert_eq!(
        desk.ask(kept(record(2, vec![pick(8, None, None)]))),
        Err(crate::Refusal::PickedBefore(ContactId(8)))
    );
    assert_eq!(desk.desk.samples().used(), [7, 8, 9].map(ContactId).into());
    desk.hold();
}

#[test]
fn a_look_goes_from_assigned_to_submitted() {
    let mut desk = desk();
    assert_eq!(standing(&desk, 7), (PickStanding::Assigned, Some(PickStanding::Assigned)));
    assert_eq!(standing(&desk, 9).0, PickStanding::Unassigned);
    // The second may begin before there is a first, and not by another form.
    let second = EvaluationId(desk.ask(draft(7, CHEN, Rater::Second, 1)).unwrap());
    assert_eq!(desk.no(draft(7, ZHAO, Rater::Quality, 2)), "invalid");
    let first = EvaluationId(desk.ask(draft(7, ZHAO, Rater::Quality, 1)).unwrap());
    assert_eq!(desk.ask(draft(7, CHEN, Rater::Second, 1)), Ok(second.0));
    assert_eq!(standing(&desk, 7), (PickStanding::Drafted, Some(PickStanding::Drafted)));
    desk.submit(second, CHEN, true);
    assert_eq!(standing(&desk, 7), (PickStanding::Drafted, Some(PickStanding::Submitted)));
    assert_eq!(desk.desk.samples().pick_of(first).unwrap().0, ContactId(7));
    desk.ask(Command::DiscardEvaluation { evaluation: first, account: ZHAO }).unwrap();
    assert_eq!(standing(&desk, 7).0, PickStanding::Assigned, "begun in vain");
    let first = EvaluationId(desk.ask(draft(7, ZHAO, Rater::Quality, 1)).unwrap());
    desk.submit(first, ZHAO, false);
    assert_eq!(standing(&desk, 7).0, PickStanding::Submitted);
    // Somebody else's evaluation of the contact is no look at the pick, nor one of another agent's part.
    assert_eq!(desk.no(draft(8, CHEN, Rater::Second, 1)), "invalid");
    desk.ask(draft(8, CHEN, Rater::Quality, 1)).unwrap();
    let Command::DraftEvaluation(hers) = draft(8, ZHAO, Rater::Quality, 1) else { unreachable!() };
    desk.ask(Command::DraftEvaluation(Draft { agent: WANG, ..hers })).unwrap();
    assert_eq!(standing(&desk, 8).0, PickStanding::Assigned);
    // What was voided is to be heard again.
    desk.ask(Command::PublishEvaluation { evaluation: first, account: ZHAO }).unwrap();
    desk.ask(Command::AppealEvaluation {
        evaluation: first,
        agent: LI,
        questions: Vec::new(),
        text: text(1),
    })
    .unwrap();
    let (outcome, answers) = (Outcome::Void, Vec::new());
    let void = Review { evaluation: first, account: CHEN, outcome, answers, text: None };
    desk.ask(Command::ReviewEvaluation(void)).unwrap();
    assert_eq!(standing(&desk, 7).0, PickStanding::Assigned);
    desk.hold();
}

#[test]
fn a_pick_is_given_to_another_until_it_is_begun() {
    let mut desk = desk();
    let to = |contact, second, to| Command::ReassignPick {
        contact: ContactId(contact),
        second,
        to,
        account: LEADER,
    };
    desk.ask(to(9, false, CHEN)).unwrap();
    assert_eq!(standing(&desk, 9).0, PickStanding::Assigned);
    assert_eq!(desk.no(to(7, false, CHEN)), "invalid", "the second look is hers");
    assert_eq!(desk.no(to(7, true, ZHAO)), "invalid");
    assert_eq!(desk.no(to(8, true, CHEN)), "invalid", "nobody was to hear it twice");
    assert_eq!(desk.no(to(6, false, CHEN)), "not_picked");
    desk.ask(draft(8, ZHAO, Rater::Quality, 1)).unwrap();
    assert_eq!(desk.no(to(8, false, CHEN)), "wrong_pick");
    let before = desk.log.len();
    desk.ask(to(9, false, CHEN)).unwrap();
    assert_eq!(desk.log.len(), before, "it is hers already");
    desk.hold();
}

#[test]
fn what_cannot_be_heard_is_withdrawn_and_not_drawn_again() {
    let mut desk = desk();
    let out = |contact| {
        let note = Some(text(3));
        Command::WithdrawPick { contact: ContactId(contact), account: ZHAO, why: WHY, note }
    };
    desk.ask(out(9)).unwrap();
    desk.ask(out(9)).unwrap();
    assert_eq!(standing(&desk, 9).0, PickStanding::Withdrawn);
    let to = Command::ReassignPick { contact: ContactId(9), second: false, to: CHEN, account: LEADER };
    assert_eq!(desk.no(to), "wrong_pick");
    let first = EvaluationId(desk.ask(draft(8, ZHAO, Rater::Quality, 1)).unwrap());
    desk.submit(first, ZHAO, true);
    assert_eq!(desk.no(out(8)), "wrong_pick");
    assert_eq!(desk.no(out(6)), "not_picked");
    assert_eq!(desk.no(kept(record(3, vec![pick(9, None, None)]))), "picked_before");
    desk.hold();
}

#[test]
fn a_draw_that_cannot_be_is_refused() {
    let mut desk = Desk::new();
    let well = || record(1, vec![pick(7, Some(ZHAO), Some(CHEN)), pick(8, None, None)]);
    let with = |change: fn(&mut DrawRecord)| {
        let mut record = well();
        change(&mut record);
        kept(record)
    };
    let mut no = |change: fn(&mut DrawRecord)| desk.no(with(change));
    assert_eq!(no(|record| record.until = record.from), "invalid");
    assert_eq!(no(|record| record.plan.second_percent = 101), "faulty");
    assert_eq!(no(|record| record.draw.picks.swap(0, 1)), "invalid");
    assert_eq!(no(|record| record.draw.picks[1].contact = ContactId(7)), "invalid");
    assert_eq!(no(|record| record.draw.picks[1].contact = ContactId(u64::MAX)), "invalid");
    assert_eq!(no(|record| record.draw.picks[0].second = Some(ZHAO)), "invalid");
    assert_eq!(no(|record| record.draw.picks[1].second = Some(ZHAO)), "invalid");
    assert_eq!(no(|record| record.draw.coverage.representative = 1), "invalid");
    desk.ask(Command::MarkMystery { contact: ContactId(8), account: LEADER }).unwrap();
    assert_eq!(desk.no(kept(well())), "is_mystery");
    desk.ask(kept(record(1, vec![pick(7, Some(ZHAO), Some(CHEN))]))).unwrap();
}

/// Everything as long as it may be.
fn largest(picks: usize) -> DrawRecord {
    let code = |number: usize| format!("{number:05}{}", "x".repeat(26));
    let stratum: Stratum = vec![
        Part::Queue(Some(code(1).parse().unwrap())),
        Part::Outcome(Some(code(2).parse::<CodeId>().unwrap())),
        Part::Channel(code(3).parse().unwrap()),
        Part::Tenure(19),
        Part::Length(19),
    ];
    assert_eq!(stratum.len(), DIMENSIONS_MAX);
    let (agent, evaluator) = (|number: usize| code(number).parse().unwrap(), code(4).parse().ok());
    let one = |number: usize| Pick {
        contact: ContactId(number as u64 + 1),
        agent: agent(number),
        stratum: stratum.clone(),
        why: Why::Risk(code(5).parse().unwrap()),
        evaluator,
        second: code(6).parse().ok(),
    };
    let mut record = record(1, (0..picks).map(one).collect());
    record.plan.risk_rules = (0..PLAN_NAMES_MAX).map(|number| code(number).parse().unwrap()).collect();
    record.plan.channels = (0..PLAN_NAMES_MAX).map(|number| code(number).parse().unwrap()).collect();
    let (eligible, drawn, quota) = (u32::MAX, u32::MAX, u32::MAX);
    let covered = |number| AgentCoverage { agent: agent(number), eligible, quota, drawn };
    record.draw.coverage.agents = (0..COVERED_AGENTS_MAX).map(covered).collect();
    let covered = StratumCoverage { stratum, eligible, drawn };
    record.draw.coverage.strata = vec![covered; COVERED_STRATA_MAX];
    record
}

#[test]
fn the_largest_draw_fits_into_the_log_and_a_larger_one_is_refused() {
    let mut desk = Desk::new();
    let before = desk.log.len();
    desk.ask(kept(largest(PICKS_MAX))).unwrap();
    assert_eq!(desk.log.len() - before, 1 + PICKS_MAX / PICKS_PER_EVENT_MAX);
    for recorded in &desk.log[before..] {
        let mut bytes = Vec::new();
        recorded.event.serialize_payload(&mut rmp_serde::Serializer::new(&mut bytes)).unwrap();
        assert!(bytes.len() + 1_000 < EVENT_BYTES_MAX, "{} has {} bytes", recorded.event.name(), bytes.len());
    }
    let mut no = |change: fn(&mut DrawRecord)| {
        let mut record = largest(1);
        record.draw.seed = 2;
        record.draw.picks[0].contact = ContactId(90_000);
        change(&mut record);
        desk.no(kept(record))
    };
    assert_eq!(
        no(|record| record.draw.picks = vec![record.draw.picks[0].clone(); PICKS_MAX + 1]),
        "over_limit"
    );
    assert_eq!(no(|record| record.plan.channels.push(record.plan.channels[0])), "over_limit");
    assert_eq!(no(|record| record.plan.risk_rules.push(record.plan.risk_rules[0])), "over_limit");
    assert_eq!(no(|record| record.plan.strata = vec![Dimension::Queue; DIMENSIONS_MAX + 1]), "over_limit");
    assert_eq!(no(|record| record.draw.picks[0].stratum.push(Part::Length(1))), "over_limit");
    let more = |record: &mut DrawRecord| {
        let one = record.draw.coverage.agents[0].clone();
        record.draw.coverage.agents.push(one);
    };
    assert_eq!(no(more), "over_limit");
    let more = |record: &mut DrawRecord| {
        let one = record.draw.coverage.strata[0].clone();
        record.draw.coverage.strata.push(one);
    };
    assert_eq!(no(more), "over_limit");
}

#[test]
fn the_oldest_picks_and_draws_are_forgotten() {
    let mut desk = Desk::new();
    let mut next = 1;
    let mut draw = |desk: &mut Desk, count: usize| {
        let picks = (0..count as u64).map(|number| pick(next + number, Some(ZHAO), None)).collect();
        next += count as u64;
        SampleId(desk.ask(kept(record(next, picks))).unwrap())
    };
    let oldest = draw(&mut desk, 1);
    let begun = EvaluationId(desk.ask(draft(1, ZHAO, Rater::Quality, 1)).unwrap());
    for _ in 0..PICKS_KEPT_MAX / PICKS_MAX - 1 {
        draw(&mut desk, PICKS_MAX);
    }
    draw(&mut desk, PICKS_MAX - 1);
    assert!(desk.desk.samples().pick(ContactId(1)).is_some(), "as many as are kept");
    draw(&mut desk, 1);
    assert!(desk.desk.samples().pick(ContactId(1)).is_none());
    assert!(desk.desk.samples().pick_of(begun).is_none());
    assert_eq!(desk.desk.samples().picks().count(), PICKS_KEPT_MAX);
    while desk.desk.samples().samples().count() < SAMPLES_MAX {
        draw(&mut desk, 1);
    }
    assert!(desk.desk.samples().sample(oldest).is_some());
    draw(&mut desk, 1);
    assert!(desk.desk.samples().sample(oldest).is_none());
    desk.submit(begun, ZHAO, true);
    assert!(matches!(desk.log.last().unwrap().event, Event::EvaluationSubmitted(_)));
    assert_eq!(answers(true, true).len(), 2);
    desk.hold();
}
