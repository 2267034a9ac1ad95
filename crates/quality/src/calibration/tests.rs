//! Rounds: blind until they close, by hand or by time; and who sees which evaluation.

use super::*;
use crate::command::Command;
use crate::evaluation::{Draft, Rater, Step, Viewer};
use crate::id::EvaluationId;
use crate::limits::{ROUND_RATERS_MAX, TERM_MS_MAX};
use crate::sampling::{Coverage, Draw, DrawRecord, Pick, Plan, Why};
use crate::trial::{CHEN, Desk, FORM, LEADER, LI, WANG, ZHAO, answers, at};
use cordboard_floor::decider::Decider;
use cordboard_floor::{Instant, Millis};

const CALL: ContactId = ContactId(7);

fn calibration() -> Calibration {
    let raters = vec![ZHAO, CHEN];
    Calibration {
        contact: CALL,
        agent: LI,
        form: FORM,
        version: 1,
        raters,
        close_by: at(100),
        account: LEADER,
    }
}

fn draft(rater: Rater, account: AccountId, round: Option<RoundId>, checks: Option<EvaluationId>) -> Draft {
    Draft { contact: CALL, agent: LI, form: FORM, version: 1, rater, account, checks, seed: None, round }
}

fn begin(desk: &mut Desk, draft: Draft) -> EvaluationId {
    EvaluationId(desk.ask(Command::DraftEvaluation(draft)).unwrap())
}

fn open(desk: &mut Desk) -> RoundId {
    RoundId(desk.ask(Command::OpenCalibration(calibration())).unwrap())
}

fn sees(desk: &Desk, evaluation: EvaluationId, account: AccountId) -> bool {
    desk.desk.may_see(evaluation, Viewer::Evaluator(account))
}

#[test]
fn a_round_is_blind_until_its_time_is_over() {
    let mut desk = Desk::new();
    let round = open(&mut desk);
    let hers = |account| draft(Rater::Calibration, account, Some(round), None);
    let zhaos = begin(&mut desk, hers(ZHAO));
    assert_eq!(begin(&mut desk, hers(ZHAO)), zhaos, "the same is begun once");
    desk.submit(zhaos, ZHAO, true);
    let chens = begin(&mut desk, hers(CHEN));
    assert!(sees(&desk, zhaos, ZHAO) && !sees(&desk, zhaos, CHEN) && !sees(&desk, zhaos, LEADER));
    assert_eq!(desk.desk.next_deadline(), Some(at(100)));
    desk.hold();
    desk.tick(99);
    assert!(desk.desk.is_open(round) && !sees(&desk, zhaos, LEADER));
    desk.tick(100);
    assert!(!desk.desk.is_open(round) && desk.desk.next_deadline().is_none());
    assert!(sees(&desk, zhaos, CHEN) && sees(&desk, zhaos, LEADER));
    assert!(!sees(&desk, chens, ZHAO), "there is nothing to see in what was not submitted");
    assert!(!desk.desk.may_see(zhaos, Viewer::Agent(LI)), "nor is any of it the agent's");
    let step = |id| desk.desk.evaluation(id).unwrap().step;
    assert_eq!((step(zhaos), step(chens)), (Step::Closed, Step::Closed));
    let submit = Command::SubmitEvaluation { evaluation: chens, account: CHEN, answers: answers(true, true) };
    assert_eq!(desk.no(submit), "wrong_step");
    assert_eq!(desk.no(Command::DraftEvaluation(hers(CHEN))), "round_closed");
    desk.hold();
}

#[test]
fn a_round_is_closed_by_hand_once() {
    let mut desk = Desk::new();
    let round = open(&mut desk);
    let close = Command::CloseCalibration { round, account: LEADER };
    desk.ask(close.clone()).unwrap();
    let before = desk.log.len();
    desk.ask(close).unwrap();
    desk.tick(500);
    assert_eq!(desk.log.len(), before);
    assert_eq!(desk.no(Command::CloseCalibration { round: RoundId(1), account: LEADER }), "unknown_round");
    desk.hold();
}

#[test]
fn what_is_not_of_the_round_is_refused() {
    let mut desk = Desk::new();
    let round = open(&mut desk);
    let well = draft(Rater::Calibration, ZHAO, Some(round), None);
    for (draft, code) in [
        (Draft { account: LEADER, ..well }, "not_in_round"),
        (Draft { rater: Rater::Quality, ..well }, "invalid"),
        (Draft { agent: WANG, ..well }, "invalid"),
        (Draft { version: 2, ..well }, "invalid"),
        (Draft { contact: ContactId(8), ..well }, "invalid"),
        (Draft { round: Some(RoundId(1)), ..well }, "unknown_round"),
    ] {
        assert_eq!(desk.no(Command::DraftEvaluation(draft)), code, "{draft:?}");
    }
    let raters = |count: usize| (0..count).map(|number| format!("qa-{number}").parse().unwrap()).collect();
    let latest = at(0).plus(Millis(TERM_MS_MAX));
    let later = Instant::from_micros(latest.micros() + 1_000);
    for (calibration, code) in [
        (Calibration { version: 9, ..calibration() }, "unknown_form"),
        (Calibration { contact: ContactId(u64::MAX), ..calibration() }, "invalid"),
        (Calibration { raters: vec![ZHAO], ..calibration() }, "invalid"),
        (Calibration { raters: vec![ZHAO, ZHAO], ..calibration() }, "invalid"),
        (Calibration { raters: raters(ROUND_RATERS_MAX + 1), ..calibration() }, "over_limit"),
        (Calibration { close_by: at(0), ..calibration() }, "invalid"),
        (Calibration { close_by: later, ..calibration() }, "over_limit"),
    ] {
        assert_eq!(desk.no(Command::OpenCalibration(calibration)), code);
    }
    let most = Calibration { raters: raters(ROUND_RATERS_MAX), close_by: latest, ..calibration() };
    desk.ask(Command::OpenCalibration(most)).unwrap();
}

#[test]
fn the_oldest_round_that_is_closed_is_forgotten_and_open_ones_have_a_limit() {
    let mut desk = Desk::new();
    let oldest = open(&mut desk);
    for _ in 1..ROUNDS_MAX {
        open(&mut desk);
    }
    assert_eq!(desk.no(Command::OpenCalibration(calibration())), "over_limit");
    desk.ask(Command::CloseCalibration { round: oldest, account: LEADER }).unwrap();
    assert!(desk.desk.round(oldest).is_some());
    open(&mut desk);
    assert!(desk.desk.round(oldest).is_none());
    assert_eq!(desk.desk.rounds().count(), ROUNDS_MAX);
    desk.hold();
}

#[test]
fn a_second_look_is_blind_both_ways_until_it_is_submitted() {
    let mut desk = Desk::new();
    let first = begin(&mut desk, draft(Rater::Quality, ZHAO, None, None));
    assert!(!sees(&desk, first, CHEN), "a draft is nobody else's");
    desk.submit(first, ZHAO, true);
    assert!(sees(&desk, first, CHEN), "she has no look of her own");
    let second = begin(&mut desk, draft(Rater::Second, CHEN, None, Some(first)));
    assert!(!sees(&desk, first, CHEN) && sees(&desk, first, LEADER));
    desk.submit(second, CHEN, false);
    assert!(sees(&desk, first, CHEN) && sees(&desk, second, ZHAO));
    assert!(!desk.desk.may_see(second, Viewer::Agent(LI)));
    assert!(!desk.desk.may_see(first, Viewer::Agent(LI)), "not yet published");
    desk.ask(Command::PublishEvaluation { evaluation: first, account: ZHAO }).unwrap();
    assert!(desk.desk.may_see(first, Viewer::Agent(LI)) && !desk.desk.may_see(first, Viewer::Agent(WANG)));
}

#[test]
fn who_is_yet_to_hear_a_pick_does_not_see_the_other_look() {
    let mut desk = Desk::new();
    let (stratum, why) = (Vec::new(), Why::Representative);
    let pick = Pick { contact: CALL, agent: LI, stratum, why, evaluator: Some(ZHAO), second: Some(CHEN) };
    let coverage = Coverage { representative: 1, ..Coverage::default() };
    let draw = Draw { seed: 1, picks: vec![pick], coverage };
    let record = DrawRecord { account: LEADER, plan: Plan::customary(), from: at(0), until: at(1), draw };
    desk.ask(Command::RecordDraw(Box::new(record))).unwrap();
    let second = begin(&mut desk, draft(Rater::Second, CHEN, None, None));
    desk.submit(second, CHEN, true);
    assert!(!sees(&desk, second, ZHAO), "she has not begun");
    let first = begin(&mut desk, draft(Rater::Quality, ZHAO, None, None));
    assert!(!sees(&desk, second, ZHAO) && sees(&desk, second, LEADER));
    desk.submit(first, ZHAO, true);
    assert!(sees(&desk, second, ZHAO) && sees(&desk, first, CHEN));
    desk.hold();
}

#[test]
fn on_a_disk_that_is_nearly_full_no_work_is_begun_and_what_was_begun_is_ended() {
    let coverage = Coverage::default();
    let draw = Draw { seed: 1, picks: vec![], coverage };
    let record = DrawRecord { account: LEADER, plan: Plan::customary(), from: at(0), until: at(1), draw };
    let (agent, queue) = (Some(LI), None);
    for begins in [
        Command::OpenCalibration(calibration()),
        Command::RecordDraw(Box::new(record)),
        Command::OfferSurvey { contact: CALL, agent, queue },
        Command::DraftEvaluation(draft(Rater::Quality, ZHAO, None, None)),
    ] {
        assert!(crate::Quality::begins_work(&begins), "{begins:?}");
    }
    let answer = Command::AnswerSurvey { contact: CALL, scores: vec![], comment: None };
    assert!(!crate::Quality::begins_work(&answer));
}
