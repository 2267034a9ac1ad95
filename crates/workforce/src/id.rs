//! The names of this desk's things, in the floor's two families: short codes that people chose, and numbers of the
//! events that made the thing.

use cordboard_floor::{codes, numbers};

codes! {
    /// 班次: how a shift is called on the roster, as `A1` or `night`.
    ShiftCode,
    /// How a forecast was made: `profile`, `mstl`, …
    MethodId,
    /// A line of the handover's checklist: `screen`, `hygiene`, …
    CheckId,
}

numbers! {
    /// 预测: the sequence number of the first `forecast.published` of one publication.
    ForecastId "fc",
    /// 需求: the sequence number of the first `requirement.published` of one publication.
    RequirementId "rq",
    /// 班表: the sequence number of its `roster.drafted`.
    RosterId "ro",
    /// One shift of one agent: the sequence number of its `shift.assigned`.
    ShiftId "sh",
    /// 请假: the sequence number of its `leave.requested`.
    LeaveId "lv",
    /// 换班: the sequence number of its `swap.requested`.
    SwapId "sw",
    /// 加班: the sequence number of its `overtime.listed`.
    OvertimeId "ot",
    /// Time off that is offered: the sequence number of its `time_off.offered`.
    TimeOffId "to",
    /// 交接: the sequence number of its `handover.listed`.
    HandoverId "ho",
    /// An exception granted afterwards: the sequence number of its `exception.granted`.
    ExceptionId "xc",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_as_they_are_written() {
        assert_eq!("sh-7".parse(), Ok(ShiftId(7)));
        assert_eq!(RosterId(12).to_string(), "ro-12");
        for wrong in ["sh-07", "sh-", "7", "ro-7"] {
            assert_eq!(wrong.parse::<ShiftId>(), Err(()), "{wrong}");
        }
    }
}
