//! Handover and relief: who may go, and when.

use crate::tools::*;
use cordboard_floor::SeatId;
use cordboard_floor::event::{AgentSignedIn, AgentSignedOut};
use cordboard_workforce::handover::{Check, Place};
use cordboard_workforce::id::{CheckId, HandoverId, LeaveId, ShiftId};
use cordboard_workforce::leave::NewLeave;
use cordboard_workforce::requests::{Approver, LeaveKind};
use cordboard_workforce::shift::{Away, ChangeWhy, Relief, Sketch};
use cordboard_workforce::terms::SignOutPolicy;
use cordboard_workforce::{Command, Day, Refusal, SignOutVerdict, Terms};

const SEAT: SeatId = SeatId::fixed("B07");

/// Li until 16:00, Wang from 16:00 on.
fn change_of_shifts(desk: &mut Desk) -> (ShiftId, HandoverId) {
    let outgoing = Sketch { relief: true, ..sketch(LI, 0, 8, 16) };
    let shifts = desk.roster(vec![outgoing, sketch(WANG, 0, 16, 24)]);
    let place = Place { outgoing: shifts[0], incoming: shifts[1], seat: Some(SEAT) };
    let handover = desk.ask(Command::ListHandovers { places: vec![place], account: LEADER }).unwrap();
    (shifts[0], HandoverId(handover))
}

fn checks(from: &[&'static str]) -> Vec<Check> {
    from.iter().map(|check| Check { check: CheckId::fixed(check), in_order: *check != "hygiene" }).collect()
}

#[test]
fn the_outgoing_agent_is_free_when_the_incoming_has_accepted() {
    let mut desk = Desk::new();
    let (shift, handover) = change_of_shifts(&mut desk);
    let held = SignOutVerdict::RefusedUntilRelieved { shift };
    desk.until(at(15 * HOUR));
    assert_eq!(desk.desk.may_sign_out(LI, desk.now), SignOutVerdict::Free, "leaving early is attendance's");
    desk.until(at(15 * HOUR + 50 * MINUTE));
    assert_eq!(desk.desk.may_sign_out(LI, desk.now), held);
    let accept = |agent| Command::AcceptHandover { handover, agent, seat: None };
    assert_eq!(desk.ask(accept(LI)), Err(Refusal::NotYours(LI)));
    let missing = ["screen", "hygiene", "equipment"].map(CheckId::fixed);
    assert_eq!(desk.ask(accept(WANG)), Err(Refusal::NotChecked(missing.into())));
    let check = |checks| Command::CheckHandover { handover, agent: WANG, checks, text: None };
    assert_eq!(desk.ask(check(checks(&["window"]))).unwrap_err().code(), "invalid");
    desk.ask(check(checks(&["screen", "hygiene"]))).unwrap();
    desk.ask(check(checks(&["equipment"]))).unwrap();
    assert_eq!(desk.desk.liable(SEAT, desk.now), None);
    let accepted = desk.ask(accept(WANG)).unwrap();
    assert_eq!(desk.ask(accept(WANG)), Ok(accepted), "twice is once");
    assert_eq!(desk.desk.may_sign_out(LI, desk.now), SignOutVerdict::Free);
    assert_eq!(desk.desk.liable(SEAT, desk.now), Some((WANG, desk.now)), "faults are hers from now on");
    let known = desk.desk.handover(handover).unwrap();
    assert_eq!(known.checks.get(&CheckId::fixed("hygiene")), Some(&false), "but for what she found");
    desk.until(at(20 * HOUR));
    assert_eq!(desk.names_from(accepted + 1), Vec::<&str>::new(), "no relief is missing");
}

#[test]
fn missing_relief_is_overtime_until_she_may_go() {
    let mut desk = Desk::new();
    let (shift, handover) = change_of_shifts(&mut desk);
    let from = desk.next();
    desk.until(at(16 * HOUR));
    assert_eq!(desk.names_from(from), ["relief.missing", "overtime.begun"]);
    assert_eq!(desk.desk.may_sign_out(LI, desk.now), SignOutVerdict::RefusedUntilRelieved { shift });
    desk.until(at(16 * HOUR + 20 * MINUTE));
    desk.ask(Command::OverrideSignOut { shift, why: WHY, account: LEADER }).unwrap();
    assert_eq!(desk.names_from(from + 2), ["sign_out.overridden", "overtime.ended"]);
    assert_eq!(desk.desk.may_sign_out(LI, desk.now), SignOutVerdict::Free);
    assert_eq!(desk.desk.shift(shift).unwrap().relief, Relief::Overridden);
    let overridden = from + 2;
    desk.seen(AgentSignedIn { agent: ZHAO, seat: SEAT });
    let again = desk.ask(Command::OverrideSignOut { shift, why: WHY, account: LEADER });
    assert_eq!(again, Ok(overridden), "twice is once, by the number of that event");
    assert_eq!(desk.desk.staying().count(), 0);
    let check = checks(&["screen", "hygiene", "equipment"]);
    desk.ask(Command::CheckHandover { handover, agent: WANG, checks: check, text: Some(text(3)) }).unwrap();
    desk.ask(Command::AcceptHandover { handover, agent: WANG, seat: None }).unwrap();
    assert_eq!(
        desk.desk.shift(shift).unwrap().relief,
        Relief::Accepted,
        "who comes late takes over all the same"
    );
}

#[test]
fn nobody_is_kept_for_ever_and_who_has_left_does_not_stay_on() {
    let mut desk = Desk::new();
    change_of_shifts(&mut desk);
    desk.until(at(20 * HOUR));
    assert_eq!(desk.names_from(desk.next() - 1), ["overtime.ended"], "after four hours");
    assert_eq!(desk.desk.may_sign_out(LI, desk.now), SignOutVerdict::Free);

    let mut desk = Desk::new();
    change_of_shifts(&mut desk);
    desk.until(at(16 * HOUR + 5 * MINUTE));
    let seq = desk.next();
    desk.seen(AgentSignedOut { agent: LI, seat: SEAT });
    desk.until(at(16 * HOUR + 6 * MINUTE));
    assert_eq!(desk.names_from(seq), ["overtime.ended"]);
    assert_eq!(desk.desk.staying().count(), 0);
}

#[test]
fn a_line_that_a_later_list_took_the_place_of_is_nobodys_to_accept() {
    let mut desk = Desk::new();
    let shifts = desk.roster(vec![
        Sketch { relief: true, ..sketch(LI, 0, 8, 16) },
        sketch(WANG, 0, 16, 24),
        sketch(ZHAO, 0, 16, 24),
    ]);
    let mut list = |incoming| {
        let place = Place { outgoing: shifts[0], incoming, seat: Some(SEAT) };
        HandoverId(desk.ask(Command::ListHandovers { places: vec![place], account: LEADER }).unwrap())
    };
    let (first, second) = (list(shifts[1]), list(shifts[2]));
    desk.until(at(15 * HOUR + 55 * MINUTE));
    let all = checks(&["screen", "hygiene", "equipment"]);
    let check = |handover, agent| Command::CheckHandover { handover, agent, checks: all.clone(), text: None };
    let accept = |handover, agent| Command::AcceptHandover { handover, agent, seat: None };
    assert_eq!(desk.ask(check(first, WANG)), Err(Refusal::Settled));
    assert_eq!(desk.ask(accept(first, WANG)), Err(Refusal::Settled));
    assert_eq!(desk.desk.shift(shifts[0]).unwrap().relief, Relief::Open, "Li is not let go by it");
    desk.ask(check(second, ZHAO)).unwrap();
    desk.ask(accept(second, ZHAO)).unwrap();
}

#[test]
fn whoever_has_the_incoming_shift_by_now_takes_over_and_she_is_there() {
    let mut desk = Desk::new();
    let (outgoing, handover) = change_of_shifts(&mut desk);
    let (incoming, _) = desk.desk.shifts().find(|(_, shift)| shift.sketch.agent == WANG).unwrap();
    // Wang's shift changes hands after the list was made.
    let given = sketch(ZHAO, 0, 16, 24);
    desk.ask(Command::ChangeShift { shift: incoming, sketch: given, account: PLANNER }).unwrap();
    desk.until(at(15 * HOUR + 55 * MINUTE));
    let checks = checks(&["screen", "hygiene", "equipment"]);
    let check = |agent| Command::CheckHandover { handover, agent, checks: checks.clone(), text: None };
    let accept = |agent| Command::AcceptHandover { handover, agent, seat: None };
    assert_eq!(desk.ask(check(WANG)), Err(Refusal::NotYours(WANG)));
    assert_eq!(desk.ask(accept(WANG)), Err(Refusal::NotYours(WANG)));
    desk.ask(check(ZHAO)).unwrap();
    desk.seen(AgentSignedOut { agent: ZHAO, seat: SEAT });
    assert_eq!(desk.ask(accept(ZHAO)), Err(Refusal::NotThere(ZHAO)), "from home nobody takes over");
    desk.seen(AgentSignedIn { agent: ZHAO, seat: SEAT });
    let accepted = desk.ask(accept(ZHAO)).unwrap();
    assert_eq!(desk.ask(accept(ZHAO)), Ok(accepted), "twice is once");
    assert_eq!(desk.ask(accept(WANG)), Err(Refusal::NotYours(WANG)));
    assert_eq!(desk.desk.liable(SEAT, desk.now), Some((ZHAO, desk.now)));
    assert_eq!(desk.desk.shift(outgoing).unwrap().relief, Relief::Accepted);
}

#[test]
fn nobody_takes_over_from_herself_or_for_a_shift_that_is_gone() {
    for gone in [false, true] {
        let mut desk = Desk::new();
        let (_, handover) = change_of_shifts(&mut desk);
        let (incoming, _) = desk.desk.shifts().find(|(_, shift)| shift.sketch.agent == WANG).unwrap();
        let accept = |agent| Command::AcceptHandover { handover, agent, seat: None };
        if gone {
            let shifts = vec![incoming];
            desk.ask(Command::WithdrawShifts { shifts, why: WHY, account: PLANNER }).unwrap();
            assert_eq!(desk.ask(accept(WANG)), Err(Refusal::UnknownShift(incoming)));
        } else {
            let sketch = sketch(LI, 0, 16, 24);
            desk.ask(Command::ChangeShift { shift: incoming, sketch, account: PLANNER }).unwrap();
            assert_eq!(desk.ask(accept(LI)), Err(Refusal::NotYours(LI)));
        }
    }
}

#[test]
fn who_has_leave_for_the_last_hours_waits_for_relief_before_them() {
    let mut desk = Desk::new();
    let (shift, _) = change_of_shifts(&mut desk);
    let today = Day::utc(desk.now);
    let (from, until, day) = (at(14 * HOUR), at(16 * HOUR), first());
    let (kind, special) = (LeaveKind::Personal, false);
    let leave = NewLeave { agent: LI, kind, from, until, day, today, special, text: None };
    let leave = LeaveId(desk.ask(Command::RequestLeave(leave)).unwrap());
    desk.ask(Command::ApproveLeave { leave, account: DIRECTOR, rank: Approver::Director }).unwrap();
    assert_eq!(desk.desk.shift(shift).unwrap().works_until(), at(14 * HOUR));
    desk.until(at(13 * HOUR));
    assert_eq!(desk.desk.may_sign_out(LI, desk.now), SignOutVerdict::Free);
    desk.until(at(13 * HOUR + 55 * MINUTE));
    assert_eq!(desk.desk.may_sign_out(LI, desk.now), SignOutVerdict::RefusedUntilRelieved { shift });
    let seq = desk.next();
    desk.until(at(14 * HOUR));
    assert_eq!(desk.names_from(seq), ["relief.missing", "overtime.begun"], "at two, not at four");
    let (_, staying) = desk.desk.staying().next().unwrap();
    assert_eq!(staying.since, at(14 * HOUR));
    let stay = Terms::shipped().unwrap().handover.stay_ms_max;
    desk.until(at(14 * HOUR).plus(stay));
    assert_eq!(desk.desk.may_sign_out(LI, desk.now), SignOutVerdict::Free, "as long as anybody may be kept");
}

#[test]
fn until_when_she_works_is_the_end_less_what_she_is_spared_of_there() {
    for (away, expected) in [
        (&[][..], 16),
        (&[(14, 16)], 14),
        (&[(8, 10)], 16),
        (&[(14, 15)], 16),
        (&[(12, 14), (14, 16)], 12),
        (&[(10, 16), (12, 14)], 10),
        (&[(12, 15), (14, 16)], 12),
        (&[(8, 10), (12, 16)], 12),
        (&[(8, 12), (12, 16)], 8),
        (&[(8, 16)], 8),
    ] {
        let spared = |(from, until): &(i64, i64)| Away {
            from: at(from * HOUR),
            until: at(until * HOUR),
            why: ChangeWhy::Leave,
        };
        let away: Vec<Away> = away.iter().map(spared).collect();
        assert_eq!(sketch(LI, 0, 8, 16).works_until(&away), at(expected * HOUR), "{away:?}");
    }
}

#[test]
fn the_site_says_what_becomes_of_leaving_early() {
    for (policy, flagged) in [(SignOutPolicy::Flag, true), (SignOutPolicy::Free, false)] {
        let mut desk = Desk::new();
        let mut terms = Terms::shipped().unwrap();
        terms.handover.sign_out = policy;
        desk.ask(Command::ApplyTerms(Box::new(terms))).unwrap();
        let (shift, _) = change_of_shifts(&mut desk);
        let verdict = if flagged { SignOutVerdict::Flagged { shift } } else { SignOutVerdict::Free };
        assert_eq!(desk.desk.may_sign_out(LI, at(16 * HOUR)), verdict);
    }
}
