//! Each no that is not another test's point, in one table; and the limits.

use crate::tools::*;
use cordboard_floor::{Millis, QueueId};
use cordboard_workforce::handover::Place;
use cordboard_workforce::id::*;
use cordboard_workforce::leave::NewLeave;
use cordboard_workforce::limits::*;
use cordboard_workforce::outlook::{NewForecast, NewRequirement, OutlookDay, Point};
use cordboard_workforce::overtime::Wanted;
use cordboard_workforce::requests::{Approver, LeaveKind};
use cordboard_workforce::shift::NewRoster;
use cordboard_workforce::swap::NewSwap;
use cordboard_workforce::{Command, Day};

const NOWHERE: u64 = 999_999;

fn frame() -> NewRoster {
    NewRoster { from: first(), days: 1, name: "n".into(), class: vec![LI], rest: None, requirement: None }
}

fn forecast(days: i32, intervals: usize) -> NewForecast {
    let point = Point { volume_milli: 1, aht_ms: 1, quantiles: vec![1] };
    let day = |day| OutlookDay {
        day: first().plus(day),
        from: at(i64::from(day) * DAY),
        intervals: vec![point.clone(); intervals],
    };
    NewForecast {
        queue: QueueId::fixed("q"),
        method: MethodId::fixed("m"),
        interval_ms: Millis(1_800_000),
        quantiles: vec![500],
        days: (0..days).map(day).collect(),
    }
}

fn requirement() -> NewRequirement {
    let day = OutlookDay { day: first(), from: at(0), intervals: vec![1; 48] };
    NewRequirement {
        queue: QueueId::fixed("q"),
        forecast: None,
        interval_ms: Millis(1_800_000),
        days: vec![day],
    }
}

fn leave(from: i64, until: i64) -> NewLeave {
    NewLeave {
        agent: LI,
        kind: LeaveKind::Annual,
        from: at(from),
        until: at(until),
        day: Day::utc(at(from)),
        today: Day::utc(at(-35 * DAY)),
        special: false,
        text: None,
    }
}

fn wanted(count: usize) -> Wanted {
    let agents = (0..count).map(|n| format!("a{n}").parse().unwrap()).collect();
    Wanted { agents, heads: 1, from: at(0), until: at(HOUR) }
}

#[test]
fn every_no_has_its_reason() {
    let roster = RosterId(NOWHERE);
    let (shift, swap, handover) = (ShiftId(NOWHERE), SwapId(NOWHERE), HandoverId(NOWHERE));
    let (account, rank) = (LEADER, Approver::ShiftLeader);
    let of = NewSwap { agent: LI, shift, with: WANG, other: ShiftId(1), text: None, exceptional: false };
    let place = Place { outgoing: shift, incoming: ShiftId(1), seat: None };
    let list = |wanted| Command::ListOvertime { wanted, day: first(), queue: None, account };
    let drafted = |roster| Command::DraftRoster { roster, account };
    let mut fast = forecast(1, 48);
    fast.interval_ms = Millis(59_999);
    let mut falling = forecast(1, 48);
    falling.quantiles = vec![900, 100];
    let mut bare = forecast(1, 48);
    bare.days[0].intervals[7].quantiles.clear();
    let mut elsewhere = requirement();
    elsewhere.days[0].from = at(3 * DAY);
    let table: Vec<(Command, &str)> = vec![
        (Command::PublishForecast(fast), "invalid"),
        (Command::PublishForecast(falling), "invalid"),
        (Command::PublishForecast(bare), "invalid"),
        (Command::PublishForecast(forecast(0, 48)), "invalid"),
        (Command::PublishForecast(forecast(1, INTERVALS_MAX + 1)), "over_limit"),
        (Command::PublishForecast(forecast(OUTLOOK_DAYS_MAX as i32 + 1, 1)), "over_limit"),
        (Command::PublishRequirement(elsewhere), "invalid"),
        (drafted(NewRoster { days: 0, ..frame() }), "invalid"),
        (drafted(NewRoster { days: ROSTER_DAYS_MAX as u16 + 1, ..frame() }), "over_limit"),
        (drafted(NewRoster { class: wanted(CLASS_MAX + 1).agents, ..frame() }), "over_limit"),
        (drafted(NewRoster { name: "x".repeat(NAME_BYTES_MAX + 1), ..frame() }), "over_limit"),
        (Command::AddShifts { roster, shifts: vec![sketch(LI, 0, 8, 16)] }, "unknown_roster"),
        (Command::PublishRoster { roster, account }, "unknown_roster"),
        (Command::DiscardRoster { roster, account }, "unknown_roster"),
        (Command::ChangeShift { shift, sketch: sketch(LI, 0, 8, 16), account }, "unknown_shift"),
        (Command::WithdrawShifts { shifts: vec![shift], why: WHY, account }, "unknown_shift"),
        (Command::WithdrawShifts { shifts: vec![], why: WHY, account }, "invalid"),
        (Command::RequestLeave(leave(DAY, DAY)), "invalid"),
        (Command::RequestLeave(leave(0, LEAVE_MS_MAX as i64 + 1)), "over_limit"),
        (Command::RequestLeave(NewLeave { today: first(), ..leave(0, DAY) }), "invalid"),
        (
            Command::RequestLeave(NewLeave { text: Some(text(NOTE_BYTES_MAX + 1)), ..leave(0, DAY) }),
            "over_limit",
        ),
        (Command::ApproveLeave { leave: LeaveId(NOWHERE), account, rank }, "unknown_leave"),
        (Command::WithdrawLeave { leave: LeaveId(NOWHERE), agent: LI }, "unknown_leave"),
        (Command::RequestSwap(of.clone()), "unknown_shift"),
        (Command::RequestSwap(NewSwap { with: LI, ..of }), "invalid"),
        (Command::AnswerSwap { swap, agent: LI, agrees: true }, "unknown_swap"),
        (Command::ApproveSwap { swap, account, rank, exception: None }, "unknown_swap"),
        (Command::GrantInLieu { agent: LI, month: first().month(), days: 0, why: WHY, account }, "invalid"),
        (
            Command::GrantInLieu { agent: LI, month: first().month(), days: 32, why: WHY, account },
            "over_limit",
        ),
        (Command::TakeInLieu { shift, account }, "unknown_shift"),
        (list(wanted(0)), "invalid"),
        (list(wanted(LISTED_MAX + 1)), "over_limit"),
        (list(Wanted { until: at(-40 * DAY), from: at(-42 * DAY), ..wanted(1) }), "over_limit"),
        (list(Wanted { until: at(-40 * DAY), from: at(-40 * DAY - HOUR), ..wanted(1) }), "too_late"),
        (
            Command::AnswerOvertime { overtime: OvertimeId(NOWHERE), agent: LI, comes: true },
            "unknown_overtime",
        ),
        (Command::TakeTimeOff { offer: TimeOffId(NOWHERE), agent: LI }, "unknown_time_off"),
        (Command::MarkMuster { shifts: vec![shift], account }, "unknown_shift"),
        (Command::WithdrawException { exception: ExceptionId(NOWHERE), account }, "unknown_exception"),
        (Command::JudgeAbsence { shift, untrue: true, account, text: None }, "unknown_shift"),
        (Command::ListHandovers { places: vec![], account }, "invalid"),
        (Command::ListHandovers { places: vec![place; 2], account }, "invalid"),
        (Command::ListHandovers { places: vec![place], account }, "unknown_shift"),
        (Command::AcceptHandover { handover, agent: LI, seat: None }, "unknown_handover"),
        (Command::OverrideSignOut { shift, why: WHY, account }, "unknown_shift"),
    ];
    for (command, code) in table {
        let mut desk = Desk::new();
        let refused = desk.ask(command.clone()).expect_err(&format!("{command:?}"));
        assert_eq!(refused.code(), code, "{command:?}: {refused}");
        assert_eq!(refused.is_unknown(), code.starts_with("unknown_"), "{refused}");
    }
}

#[test]
fn what_is_published_anew_takes_the_place_of_the_old() {
    let mut desk = Desk::new();
    desk.ask(Command::PublishForecast(forecast(3, 48))).unwrap();
    desk.ask(Command::PublishRequirement(requirement())).unwrap();
    let queue = QueueId::fixed("q");
    let before = desk.desk.forecast(queue, first()).unwrap().forecast;
    assert_eq!(desk.desk.forecasts(first().plus(1), 2).count(), 2);
    let seq = desk.ask(Command::PublishForecast(forecast(1, 24))).unwrap();
    let now = desk.desk.forecast(queue, first()).unwrap();
    assert_eq!((now.forecast.0, now.points.len()), (seq, 24));
    assert_eq!(desk.desk.forecast(queue, first().plus(1)).unwrap().forecast, before);
    assert_eq!(desk.desk.requirement(queue, first()).unwrap().heads.len(), 48);
}

#[test]
fn so_many_open_requests_and_no_more() {
    let mut desk = Desk::new();
    for n in 0..OPEN_REQUESTS_MAX as i64 {
        desk.ask(Command::RequestLeave(leave((2 * n) * DAY, (2 * n + 1) * DAY))).unwrap();
    }
    let one_more = desk.ask(Command::RequestLeave(leave(90 * DAY, 91 * DAY)));
    assert_eq!(one_more.unwrap_err().code(), "over_limit");
    let again = desk.ask(Command::RequestLeave(leave(0, DAY))).unwrap();
    assert_eq!(again, 2, "the same once more is the first one's answer");
    let other = desk.ask(Command::RequestLeave(leave(HOUR, DAY)));
    assert_eq!(other.unwrap_err().code(), "on_leave");
}
