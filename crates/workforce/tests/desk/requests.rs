//! Leave, swaps, days in lieu, overtime and time off, as the documents say them.

use crate::tools::*;
use cordboard_floor::{Actor, AgentId, Millis};
use cordboard_workforce::id::{LeaveId, OvertimeId, SwapId, TimeOffId};
use cordboard_workforce::leave::{NewLeave, Papers, Standing};
use cordboard_workforce::overtime::Wanted;
use cordboard_workforce::requests::{Approver, LeaveKind, Paper};
use cordboard_workforce::shift::{ChangeWhy, Sketch};
use cordboard_workforce::swap::{self, NewSwap};
use cordboard_workforce::{Command, Day, Refusal};

fn leave(kind: LeaveKind, from: i64, until: i64, today: Day) -> NewLeave {
    let day = Day::utc(at(from));
    NewLeave { agent: LI, kind, from: at(from), until: at(until), day, today, special: false, text: None }
}

fn ask(desk: &mut Desk, kind: LeaveKind, from: i64, until: i64) -> Result<LeaveId, Refusal> {
    let today = Day::utc(desk.now);
    desk.ask(Command::RequestLeave(leave(kind, from, until, today))).map(LeaveId)
}

#[test]
fn sick_leave_is_asked_for_three_hours_before_the_shift() {
    for (before, short) in [(3 * HOUR, None), (3 * HOUR - MINUTE, Some(60_000)), (3 * HOUR - 1, Some(1))] {
        let mut desk = Desk::new();
        desk.roster(vec![sketch(LI, 0, 8, 16)]);
        desk.until(at(8 * HOUR - before));
        // Asking for it from a later hour on gains no time.
        let mut granted = None;
        for from in [12 * HOUR, 8 * HOUR, 0] {
            let asked = ask(&mut desk, LeaveKind::Sick, from, 16 * HOUR);
            match (short, granted) {
                (Some(short_by_ms), _) => assert_eq!(asked, Err(Refusal::TooLateToAsk { short_by_ms })),
                (None, None) => granted = Some(asked.unwrap()),
                (None, Some(leave)) => assert_eq!(asked, Err(Refusal::OnLeave { agent: LI, leave })),
            }
        }
    }
}

#[test]
fn personal_leave_a_day_before_and_long_leave_a_month() {
    let mut desk = Desk::new();
    desk.roster(vec![sketch(LI, 2, 8, 16)]);
    desk.until(at(DAY + 8 * HOUR + MINUTE));
    let late = ask(&mut desk, LeaveKind::Personal, 2 * DAY + 8 * HOUR, 2 * DAY + 16 * HOUR);
    assert_eq!(late, Err(Refusal::TooLateToAsk { short_by_ms: 60_000 }));
    let mut special = leave(LeaveKind::Personal, 2 * DAY + 8 * HOUR, 2 * DAY + 16 * HOUR, first().plus(1));
    special.special = true;
    assert!(desk.ask(Command::RequestLeave(special)).is_ok(), "something came up");
    // 1 January is asked for by 1 December: today is the second.
    let late = ask(&mut desk, LeaveKind::Annual, 31 * DAY, 33 * DAY);
    assert_eq!(late, Err(Refusal::TooLateToAsk { short_by_ms: DAY as u64 }));
    let asked = ask(&mut desk, LeaveKind::Annual, 32 * DAY, 33 * DAY).unwrap();
    assert_eq!(desk.desk.leave(asked).unwrap().asked.approver, Approver::Director, "of one day too");
}

/// What is said of leave that begins at 09:00 of 1 December by the clocks of the site, which are eight hours ahead, asked for so
/// long before.
fn asked(kind: LeaveKind, before: i64, days: i64, special: bool) -> Result<Approver, Refusal> {
    let (begin, ahead) = (HOUR, 8 * HOUR);
    let mut desk = Desk::new();
    desk.now = at(begin - before);
    let today = Day::utc(at(begin - before + ahead));
    let (from, until) = (at(begin), at(begin + (days - 1) * DAY + ahead));
    let leave = NewLeave { agent: LI, kind, from, until, day: first(), today, special, text: None };
    let leave = LeaveId(desk.ask(Command::RequestLeave(leave))?);
    Ok(desk.desk.leave(leave).unwrap().asked.approver)
}

#[test]
fn three_hours_a_day_a_month_before() {
    let late = |short_by_ms| Err(Refusal::TooLateToAsk { short_by_ms });
    let (three, day, second) = (3 * HOUR, 24 * HOUR, 1_000);
    for (kind, before, days, special, expected) in [
        (LeaveKind::Sick, three, 1, false, Ok(Approver::ShiftLeader)),
        (LeaveKind::Sick, three, 2, false, Ok(Approver::Director)),
        (LeaveKind::Sick, three - MINUTE, 1, false, late(60_000)),
        (LeaveKind::Personal, day, 1, false, Ok(Approver::ShiftLeader)),
        (LeaveKind::Personal, day, 2, false, Ok(Approver::Director)),
        (LeaveKind::Personal, day - second, 1, false, late(1_000)),
        (LeaveKind::Personal, three, 1, true, Ok(Approver::ShiftLeader)),
        (LeaveKind::Personal, three - second, 1, true, late(1_000)),
    ] {
        assert_eq!(asked(kind, before, days, special), expected, "{kind:?} {before} {days} {special}");
    }
    // From the first of December: to be asked for by the end of the first of November.
    let month = 30 * DAY;
    for kind in [LeaveKind::Annual, LeaveKind::Marriage, LeaveKind::Maternity] {
        assert_eq!(asked(kind, month, 1, false), Ok(Approver::Director));
        assert_eq!(asked(kind, month - 15 * HOUR + second, 1, false), Ok(Approver::Director), "23:59:59");
        assert_eq!(asked(kind, month - 15 * HOUR, 1, false), late(DAY as u64), "midnight");
    }
}

#[test]
fn the_third_swap_of_the_other_side_counts_as_much() {
    let mut desk = Desk::new();
    let days = (0..3).flat_map(|day| [sketch(ZHAO, day, 8, 16), sketch(WANG, day, 12, 20)]);
    let shifts = desk.roster(days.chain([sketch(LI, 2, 8, 16)]).collect());
    for at in 0..2 {
        let asked = NewSwap { agent: ZHAO, ..swap(&shifts, at, false) };
        let asked = SwapId(desk.ask(Command::RequestSwap(asked)).unwrap());
        desk.ask(Command::AnswerSwap { swap: asked, agent: WANG, agrees: true }).unwrap();
        desk.ask(approve(asked, Approver::ShiftLeader, false)).unwrap();
    }
    let third = NewSwap { shift: shifts[6], ..swap(&shifts, 2, false) };
    let refused = desk.ask(Command::RequestSwap(third));
    assert_eq!(refused, Err(Refusal::TooManySwaps { agent: WANG, month: first().month(), had: 2 }));
}

#[test]
fn one_day_is_the_leaders_and_two_the_directors() {
    let mut desk = Desk::new();
    let shifts = desk.roster(vec![sketch(LI, 0, 8, 16), sketch(LI, 1, 8, 16), sketch(LI, 3, 22, 30)]);
    let one = ask(&mut desk, LeaveKind::Sick, 3 * DAY + 22 * HOUR, 4 * DAY + 6 * HOUR).unwrap();
    let two = ask(&mut desk, LeaveKind::Sick, 0, 2 * DAY).unwrap();
    assert_eq!(desk.desk.leave(one).unwrap().asked.days, 1, "a night is one day of the roster");
    let by_leader = |leave| Command::ApproveLeave { leave, account: LEADER, rank: Approver::ShiftLeader };
    assert_eq!(desk.ask(by_leader(two)), Err(Refusal::RankTooLow { needed: Approver::Director }));
    desk.actor = Actor::Agent(LI);
    assert_eq!(desk.ask(by_leader(one)), Err(Refusal::OwnRequest(LI)));
    desk.actor = Actor::Leader(LEADER);
    desk.ask(by_leader(one)).unwrap();
    desk.ask(Command::ApproveLeave { leave: two, account: DIRECTOR, rank: Approver::Director }).unwrap();
    for shift in &shifts {
        let known = desk.desk.shift(*shift).unwrap();
        assert!(known.is_away() && known.away[0].why == ChangeWhy::Leave, "the shift is spared whole");
    }
    desk.ask(Command::WithdrawLeave { leave: two, agent: LI }).unwrap();
    assert!(desk.desk.shift(shifts[0]).unwrap().away.is_empty(), "and comes back with its withdrawal");
    assert!(desk.desk.shift(shifts[2]).unwrap().is_away());
    assert_eq!(desk.ask(by_leader(two)), Err(Refusal::Settled));
    desk.until(at(4 * DAY));
    let late = desk.ask(Command::WithdrawLeave { leave: one, agent: LI });
    assert_eq!(late.unwrap_err().code(), "too_late");
}

#[test]
fn sick_leave_is_pending_until_all_its_papers_are_there() {
    let mut desk = Desk::new();
    desk.roster(vec![sketch(LI, 0, 8, 16)]);
    let leave = ask(&mut desk, LeaveKind::Sick, 8 * HOUR, 16 * HOUR).unwrap();
    let papers = Paper::ALL[..4].to_vec();
    let early = desk.ask(Command::SubmitPapers { leave, papers: papers.clone() });
    assert_eq!(early.unwrap_err().code(), "invalid", "nothing was granted");
    desk.ask(Command::ApproveLeave { leave, account: LEADER, rank: Approver::ShiftLeader }).unwrap();
    desk.ask(Command::SubmitPapers { leave, papers }).unwrap();
    let judge = Command::JudgePapers { leave, borne_out: true, account: LEADER, text: None };
    assert_eq!(desk.ask(judge.clone()), Err(Refusal::PapersMissing(vec![Paper::Form])));
    assert_eq!(desk.desk.leave(leave).unwrap().papers, Papers::Pending);
    let due = desk.desk.leave(leave).unwrap().papers_due.unwrap();
    assert_eq!(due, at(DAY + 16 * HOUR), "a day after her return");
    desk.until(due.minus(Millis(1)));
    assert_eq!(desk.desk.leave(leave).unwrap().papers, Papers::Pending);
    desk.until(due);
    assert_eq!(desk.desk.leave(leave).unwrap().papers, Papers::Overdue);
    assert_eq!(desk.names_from(desk.next() - 1), ["leave.papers_overdue"]);
    desk.ask(Command::SubmitPapers { leave, papers: vec![Paper::Form] }).unwrap();
    desk.ask(judge).unwrap();
    assert_eq!(desk.desk.leave(leave).unwrap().papers, Papers::BorneOut, "late papers mend it");
}

fn swap(of: &[cordboard_workforce::id::ShiftId], at: usize, exceptional: bool) -> NewSwap {
    NewSwap { agent: LI, shift: of[2 * at], with: WANG, other: of[2 * at + 1], text: None, exceptional }
}

fn approve(swap: SwapId, rank: Approver, written: bool) -> Command {
    let exception = written.then(|| text(9));
    Command::ApproveSwap { swap, account: LEADER, rank, exception }
}

#[test]
fn the_third_swap_of_a_month_needs_a_written_exception() {
    let mut desk = Desk::new();
    let days = (0..6).flat_map(|day| [sketch(LI, day, 8, 16), sketch(WANG, day, 12, 20)]);
    let shifts = desk.roster(days.collect());
    for at in 0..2 {
        let asked = SwapId(desk.ask(Command::RequestSwap(swap(&shifts, at, false))).unwrap());
        assert_eq!(desk.ask(approve(asked, Approver::ShiftLeader, false)), Err(Refusal::NotYet));
        desk.ask(Command::AnswerSwap { swap: asked, agent: WANG, agrees: true }).unwrap();
        desk.ask(approve(asked, Approver::ShiftLeader, false)).unwrap();
        assert_eq!(desk.desk.shift(shifts[2 * at]).unwrap().sketch.agent, WANG);
        assert_eq!(desk.desk.shift(shifts[2 * at + 1]).unwrap().sketch.agent, LI);
    }
    let month = first().month();
    assert_eq!((desk.desk.swaps_had(LI, month), desk.desk.swaps_had(WANG, month)), (2, 2));
    let third = Err(Refusal::TooManySwaps { agent: LI, month, had: 2 });
    assert_eq!(desk.ask(Command::RequestSwap(swap(&shifts, 2, false))), third);
    let asked = SwapId(desk.ask(Command::RequestSwap(swap(&shifts, 2, true))).unwrap());
    assert!(desk.desk.swap(asked).unwrap().asked.exceptional);
    desk.ask(Command::AnswerSwap { swap: asked, agent: WANG, agrees: true }).unwrap();
    assert_eq!(desk.ask(approve(asked, Approver::Director, false)), third);
    let low = desk.ask(approve(asked, Approver::ShiftLeader, true));
    assert_eq!(low, Err(Refusal::RankTooLow { needed: Approver::Director }));
    desk.ask(approve(asked, Approver::Director, true)).unwrap();
    assert_eq!(desk.desk.swaps_had(LI, month), 3);
}

#[test]
fn both_rosters_are_sound_after_a_swap() {
    let mut desk = Desk::new();
    let shifts = desk.roster(vec![
        sketch(LI, 0, 8, 16),
        sketch(WANG, 1, 8, 16),
        sketch(WANG, 0, 12, 20),
        sketch(LI, 4, 8, 16),
        sketch(WANG, 5, 8, 16),
        sketch(WANG, 3, 22, 30),
        sketch(LI, 6, 8, 16),
    ]);
    let overlap =
        NewSwap { agent: LI, shift: shifts[0], with: WANG, other: shifts[1], text: None, exceptional: false };
    assert_eq!(desk.ask(Command::RequestSwap(overlap)).unwrap_err().code(), "shift_overlaps");
    // 06:00 to 08:00 is no rest.
    let weary =
        NewSwap { agent: LI, shift: shifts[3], with: WANG, other: shifts[4], text: None, exceptional: false };
    let refused = desk.ask(Command::RequestSwap(weary));
    let rest_ms = 2 * HOUR as u64;
    assert_eq!(refused, Err(Refusal::TooLittleRest { agent: WANG, rest_ms, rest_ms_min: 8 * HOUR as u64 }));
    let asked =
        NewSwap { agent: LI, shift: shifts[6], with: WANG, other: shifts[4], text: None, exceptional: false };
    let id = SwapId(desk.ask(Command::RequestSwap(asked.clone())).unwrap());
    assert_eq!(desk.ask(Command::RequestSwap(asked)), Ok(id.0), "twice is once");
    desk.until(at(5 * DAY + 8 * HOUR));
    assert_eq!(desk.desk.swap(id).unwrap().standing, swap::Standing::Expired);
}

#[test]
fn two_days_in_lieu_a_month_and_those_that_were_granted() {
    let mut desk = Desk::new();
    let shifts = desk.roster((0..5).map(|day| sketch(LI, day, 8, 16)).collect());
    let take = |shift| Command::TakeInLieu { shift, account: LEADER };
    desk.ask(take(shifts[0])).unwrap();
    let second = desk.ask(take(shifts[1])).unwrap();
    assert_eq!(desk.ask(take(shifts[1])), Ok(second), "the same day counts once");
    let month = first().month();
    assert_eq!(desk.ask(take(shifts[2])), Err(Refusal::NoInLieuLeft { agent: LI, month, taken: 2 }));
    desk.ask(Command::GrantInLieu { agent: LI, month, days: 1, why: WHY, account: LEADER }).unwrap();
    desk.ask(take(shifts[2])).unwrap();
    assert_eq!(desk.desk.in_lieu_left(LI, month), 0);
    assert!(desk.desk.shift(shifts[2]).unwrap().is_away());
    desk.ask(Command::WithdrawShifts { shifts: vec![shifts[2]], why: WHY, account: PLANNER }).unwrap();
    assert_eq!(desk.desk.in_lieu_left(LI, month), 1, "of a shift that is withdrawn no day was taken");
    let sketch = sketch(WANG, 1, 8, 16);
    desk.ask(Command::ChangeShift { shift: shifts[1], sketch, account: PLANNER }).unwrap();
    assert_eq!(desk.desk.in_lieu_left(LI, month), 2, "nor of one that is hers no more");
}

#[test]
fn a_day_in_lieu_that_is_put_off_into_another_month_is_that_months() {
    let mut desk = Desk::new();
    let shift = desk.roster(vec![sketch(LI, 30, 20, 26)])[0];
    desk.ask(Command::TakeInLieu { shift, account: LEADER }).unwrap();
    let later = sketch(LI, 31, 0, 8);
    desk.ask(Command::ChangeShift { shift, sketch: later, account: PLANNER }).unwrap();
    let month = first().month();
    assert_eq!((desk.desk.in_lieu(LI, month).taken, desk.desk.in_lieu(LI, month.minus(-1)).taken), (0, 1));
}

#[test]
fn days_in_lieu_are_granted_for_two_years_back_and_ahead_and_forgotten_after() {
    let mut desk = Desk::new();
    let now = Day::utc(desk.now).month();
    let grant = |month| Command::GrantInLieu { agent: LI, month, days: 1, why: WHY, account: LEADER };
    for (back, code) in [(24, None), (-24, None), (25, Some("invalid")), (-25, Some("invalid"))] {
        let answer = desk.ask(grant(now.minus(back)));
        assert_eq!(answer.err().map(|refused| refused.code()), code, "{back} months back");
    }
    assert_eq!(desk.desk.in_lieu(LI, now.minus(24)).granted, 1);
    desk.until(desk.now.plus(Millis(32 * DAY as u64)));
    desk.ask(grant(now)).unwrap();
    assert_eq!(desk.desk.in_lieu(LI, now.minus(24)).granted, 0, "two years and a month ago");
    assert_eq!(desk.desk.in_lieu(LI, now.minus(-24)).granted, 1);
}

#[test]
fn nobody_grants_herself_days_nor_has_herself_seen() {
    let mut desk = Desk::new();
    let shift = desk.roster(vec![sketch(LI, 0, 8, 16)])[0];
    desk.until(at(8 * HOUR - 15 * MINUTE));
    let month = first().month();
    let decisions = [
        Command::TakeInLieu { shift, account: LEADER },
        Command::GrantInLieu { agent: LI, month, days: 1, why: WHY, account: LEADER },
        Command::MarkMuster { shifts: vec![shift], account: LEADER },
    ];
    for command in decisions {
        desk.actor = Actor::Agent(LI);
        assert_eq!(desk.ask(command.clone()), Err(Refusal::OwnRequest(LI)), "{command:?}");
        desk.actor = Actor::Leader(LEADER);
        desk.ask(command).unwrap();
    }
}

fn wanted(agents: &[AgentId], heads: u32, from: i64, until: i64) -> Wanted {
    Wanted { agents: agents.to_vec(), heads, from: at(from * HOUR), until: at(until * HOUR) }
}

#[test]
fn who_acknowledges_overtime_has_a_shift_until_enough_have() {
    let mut desk = Desk::new();
    desk.roster(vec![sketch(LI, 0, 18, 24)]);
    let list = Command::ListOvertime {
        wanted: wanted(&[LI, WANG, ZHAO], 1, 16, 20),
        day: first(),
        queue: None,
        account: LEADER,
    };
    let overtime = OvertimeId(desk.ask(list).unwrap());
    let answer = |agent, comes| Command::AnswerOvertime { overtime, agent, comes };
    assert_eq!(desk.ask(answer(LI, true)).unwrap_err().code(), "shift_overlaps");
    desk.ask(answer(LI, false)).unwrap();
    desk.ask(answer(WANG, true)).unwrap();
    assert_eq!(desk.ask(answer(ZHAO, true)), Err(Refusal::Full { heads: 1 }));
    assert_eq!(desk.ask(answer(WANG, false)), Err(Refusal::Settled));
    let stranger = AgentId::fixed("9999");
    assert_eq!(desk.ask(answer(stranger, true)), Err(Refusal::NotYours(stranger)));
    let own: Vec<_> = desk.desk.shifts().filter(|(_, shift)| shift.overtime == Some(overtime)).collect();
    assert_eq!((own.len(), own[0].1.sketch.agent), (1, WANG));
    let shift = own[0].0;
    // Her shift is given to somebody else: as many come as before. It is withdrawn: her place is free.
    let given = Sketch { agent: stranger, ..own[0].1.sketch.clone() };
    desk.ask(Command::ChangeShift { shift, sketch: given, account: PLANNER }).unwrap();
    assert_eq!(desk.ask(answer(ZHAO, true)), Err(Refusal::Full { heads: 1 }));
    desk.ask(Command::WithdrawShifts { shifts: vec![shift], why: WHY, account: PLANNER }).unwrap();
    assert_eq!(desk.desk.overtime(overtime).unwrap().coming(), 0);
    desk.ask(answer(ZHAO, true)).unwrap();
    assert_eq!(desk.ask(answer(WANG, true)), Err(Refusal::Full { heads: 1 }), "she is asked anew");
    assert_eq!(desk.desk.overtime(overtime).unwrap().coming(), 1);
}

#[test]
fn time_off_spares_the_rest_of_a_shift() {
    let mut desk = Desk::new();
    let id = desk.roster(vec![sketch(LI, 0, 8, 16)])[0];
    desk.until(at(9 * HOUR));
    let offer = Command::OfferTimeOff { wanted: wanted(&[LI, WANG], 1, 8, 16), account: LEADER };
    let offer = TimeOffId(desk.ask(offer).unwrap());
    let take = |agent| Command::TakeTimeOff { offer, agent };
    assert_eq!(desk.ask(take(WANG)).unwrap_err().code(), "invalid", "who does not work cannot go");
    desk.ask(take(LI)).unwrap();
    let away = desk.desk.shift(id).unwrap().away[0];
    assert_eq!((away.from, away.until), (at(9 * HOUR), at(16 * HOUR)), "what is over stays as it was");
    desk.roster(vec![sketch(WANG, 0, 8, 16)]);
    assert_eq!(desk.ask(take(WANG)), Err(Refusal::Full { heads: 1 }));
    desk.ask(Command::WithdrawShifts { shifts: vec![id], why: WHY, account: PLANNER }).unwrap();
    desk.ask(take(WANG)).unwrap();
    let taken = &desk.desk.time_off(offer).unwrap().taken;
    assert_eq!(taken.iter().collect::<Vec<_>>(), [&WANG], "whose shift is withdrawn has taken nothing of it");
}

#[test]
fn time_off_of_two_shifts_is_taken_until_both_are_withdrawn() {
    let mut desk = Desk::new();
    let shifts = desk.roster(vec![sketch(LI, 0, 8, 12), sketch(LI, 0, 13, 17)]);
    let offer = Command::OfferTimeOff { wanted: wanted(&[LI], 1, 8, 17), account: LEADER };
    let offer = TimeOffId(desk.ask(offer).unwrap());
    desk.ask(Command::TakeTimeOff { offer, agent: LI }).unwrap();
    for (shift, left) in shifts.into_iter().zip([1, 0]) {
        desk.ask(Command::WithdrawShifts { shifts: vec![shift], why: WHY, account: PLANNER }).unwrap();
        assert_eq!(desk.desk.time_off(offer).unwrap().taken.len(), left);
    }
}

#[test]
fn nobody_is_rostered_into_her_leave() {
    let mut desk = Desk::new();
    let leave = ask(&mut desk, LeaveKind::Annual, 5 * DAY, 7 * DAY).unwrap();
    desk.ask(Command::ApproveLeave { leave, account: DIRECTOR, rank: Approver::Director }).unwrap();
    assert_eq!(desk.desk.leave(leave).unwrap().standing, Standing::Approved);
    let shifts = vec![sketch(LI, 6, 8, 16)];
    let roster = desk.draft(&shifts);
    desk.ask(Command::AddShifts { roster, shifts }).unwrap();
    let refused = desk.ask(Command::PublishRoster { roster, account: PLANNER });
    assert_eq!(refused, Err(Refusal::OnLeave { agent: LI, leave }));
}

#[test]
fn nobody_is_given_a_shift_in_her_leave_and_her_own_moves_into_it_as_leave() {
    let mut desk = Desk::new();
    let shifts = desk.roster(vec![sketch(WANG, 5, 8, 16), sketch(LI, 4, 8, 16)]);
    let leave = ask(&mut desk, LeaveKind::Annual, 5 * DAY, 7 * DAY).unwrap();
    desk.ask(Command::ApproveLeave { leave, account: DIRECTOR, rank: Approver::Director }).unwrap();
    let mut change = |shift, sketch| desk.ask(Command::ChangeShift { shift, sketch, account: PLANNER });
    assert_eq!(change(shifts[0], sketch(LI, 5, 8, 16)), Err(Refusal::OnLeave { agent: LI, leave }));
    // Her own shift comes to lie in it, for its last two hours and then whole; and out of it again.
    for (moved, expected) in [
        (sketch(LI, 4, 18, 26), Some((5 * DAY, 5 * DAY + 2 * HOUR))),
        (sketch(LI, 5, 8, 16), Some((5 * DAY + 8 * HOUR, 5 * DAY + 16 * HOUR))),
        (sketch(LI, 4, 22, 30), Some((5 * DAY, 5 * DAY + 6 * HOUR))),
        (sketch(LI, 7, 8, 16), None),
    ] {
        desk.ask(Command::ChangeShift { shift: shifts[1], sketch: moved, account: PLANNER }).unwrap();
        let away = &desk.desk.shift(shifts[1]).unwrap().away;
        let expected = expected.map(|(from, until)| (at(from), at(until), ChangeWhy::Leave));
        let found: Vec<_> = away.iter().map(|away| (away.from, away.until, away.why)).collect();
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
    }
}
