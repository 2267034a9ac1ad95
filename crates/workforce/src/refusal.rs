//! The answers of this desk that say no. Each has a code for programs and a sentence for people.

use crate::day::{Day, Month};
use crate::id::{
    CheckId, ExceptionId, HandoverId, LeaveId, OvertimeId, RosterId, ShiftId, SwapId, TimeOffId,
};
use crate::requests::{Approver, Paper};
use cordboard_floor::{AgentId, Instant};
use std::fmt;

/// A no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such roster, or forgotten.
    UnknownRoster(RosterId),
    /// No such shift: never was, withdrawn, or over so long ago that only the log knows it.
    UnknownShift(ShiftId),
    /// No such leave.
    UnknownLeave(LeaveId),
    /// No such swap.
    UnknownSwap(SwapId),
    /// No such list of overtime.
    UnknownOvertime(OvertimeId),
    /// No such offer of time off.
    UnknownTimeOff(TimeOffId),
    /// No such handover.
    UnknownHandover(HandoverId),
    /// No such exception, or withdrawn.
    UnknownException(ExceptionId),
    /// It is no draft any more.
    NotADraft(RosterId),
    /// She is not among the people of the roster.
    NotInClass(AgentId),
    /// She has another shift at that time.
    Overlaps {
        /// Who.
        agent: AgentId,
        /// From when the shift would be.
        from: Instant,
        /// From when the one is that it overlaps.
        other: Instant,
    },
    /// She has approved leave at that time.
    OnLeave {
        /// Who.
        agent: AgentId,
        /// Which leave.
        leave: LeaveId,
    },
    /// Too little rest between two days' shifts.
    TooLittleRest {
        /// Who.
        agent: AgentId,
        /// How much there would be, in ms.
        rest_ms: u64,
        /// How much there has to be, in ms.
        rest_ms_min: u64,
    },
    /// More would rest on a day than may.
    RestAboveQuota {
        /// Which day.
        day: Day,
        /// How many.
        resting: u32,
        /// How many may.
        quota: u32,
    },
    /// Leave is asked for too late.
    TooLateToAsk {
        /// By how much, in ms; of a notice in months, in whole days.
        short_by_ms: u64,
    },
    /// It has been decided, withdrawn or is over.
    Settled,
    /// It is not yet where that can be done.
    NotYet,
    /// The time for it is over.
    TooLate(Instant),
    /// It is for somebody else.
    NotYours(AgentId),
    /// She is not on the floor.
    NotThere(AgentId),
    /// Somebody with more authority decides.
    RankTooLow {
        /// Who does.
        needed: Approver,
    },
    /// Nobody decides about what she asked for herself.
    OwnRequest(AgentId),
    /// Papers are missing.
    PapersMissing(Vec<Paper>),
    /// More swaps than a month has need a written exception.
    TooManySwaps {
        /// Who.
        agent: AgentId,
        /// In which month.
        month: Month,
        /// How many she has had.
        had: u32,
    },
    /// No day in lieu is left.
    NoInLieuLeft {
        /// Who.
        agent: AgentId,
        /// In which month.
        month: Month,
        /// How many she took.
        taken: u32,
    },
    /// Enough people have said yes.
    Full {
        /// How many were wanted.
        heads: u32,
    },
    /// Lines of the checklist that nobody has looked at.
    NotChecked(Vec<CheckId>),
    /// A named limit.
    OverLimit {
        /// Which.
        what: &'static str,
        /// What was asked.
        value: u64,
        /// What is allowed.
        limit: u64,
    },
    /// A value that cannot be.
    Invalid {
        /// Which.
        what: &'static str,
        /// Why not.
        why: &'static str,
    },
}

impl Refusal {
    /// The code for programs; never changes once given.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownRoster(_) => "unknown_roster",
            Self::UnknownShift(_) => "unknown_shift",
            Self::UnknownLeave(_) => "unknown_leave",
            Self::UnknownSwap(_) => "unknown_swap",
            Self::UnknownOvertime(_) => "unknown_overtime",
            Self::UnknownTimeOff(_) => "unknown_time_off",
            Self::UnknownHandover(_) => "unknown_handover",
            Self::UnknownException(_) => "unknown_exception",
            Self::NotADraft(_) => "not_a_draft",
            Self::NotInClass(_) => "not_in_class",
            Self::Overlaps { .. } => "shift_overlaps",
            Self::OnLeave { .. } => "on_leave",
            Self::TooLittleRest { .. } => "too_little_rest",
            Self::RestAboveQuota { .. } => "rest_above_quota",
            Self::TooLateToAsk { .. } => "too_late_to_ask",
            Self::Settled => "settled",
            Self::NotYet => "not_yet",
            Self::TooLate(_) => "too_late",
            Self::NotYours(_) => "not_yours",
            Self::NotThere(_) => "not_there",
            Self::RankTooLow { .. } => "rank_too_low",
            Self::OwnRequest(_) => "own_request",
            Self::PapersMissing(_) => "papers_missing",
            Self::TooManySwaps { .. } => "too_many_swaps",
            Self::NoInLieuLeft { .. } => "no_in_lieu_left",
            Self::Full { .. } => "full",
            Self::NotChecked(_) => "not_checked",
            Self::OverLimit { .. } => "over_limit",
            Self::Invalid { .. } => "invalid",
        }
    }

    /// Whether it names a thing that is not there.
    pub const fn is_unknown(&self) -> bool {
        matches!(
            self,
            Self::UnknownRoster(_)
                | Self::UnknownShift(_)
                | Self::UnknownLeave(_)
                | Self::UnknownSwap(_)
                | Self::UnknownOvertime(_)
                | Self::UnknownTimeOff(_)
                | Self::UnknownHandover(_)
                | Self::UnknownException(_)
        )
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unknown = |out: &mut fmt::Formatter<'_>, what: &str, id: &dyn fmt::Display| {
            write!(out, "no {what} {id} is remembered; one of long ago is in the log")
        };
        match self {
            Self::UnknownRoster(id) => unknown(out, "roster", id),
            Self::UnknownShift(id) => unknown(out, "shift", id),
            Self::UnknownLeave(id) => unknown(out, "leave", id),
            Self::UnknownSwap(id) => unknown(out, "swap", id),
            Self::UnknownOvertime(id) => unknown(out, "overtime list", id),
            Self::UnknownTimeOff(id) => unknown(out, "offer of time off", id),
            Self::UnknownHandover(id) => unknown(out, "handover", id),
            Self::UnknownException(id) => unknown(out, "exception", id),
            Self::NotADraft(id) => write!(out, "{id} is published: change its shifts one by one"),
            Self::NotInClass(agent) => write!(out, "agent {agent} is not among the people of the roster"),
            Self::Overlaps { agent, from, other } => {
                write!(out, "agent {agent} has a shift from {other} that overlaps the one from {from}")
            }
            Self::OnLeave { agent, leave } => write!(out, "agent {agent} has approved leave {leave} then"),
            Self::TooLittleRest { agent, rest_ms, rest_ms_min } => {
                write!(
                    out,
                    "agent {agent} would rest {rest_ms} ms between two shifts, less than {rest_ms_min}"
                )
            }
            Self::RestAboveQuota { day, resting, quota } => {
                write!(out, "{resting} people would rest on {day}; at most {quota} may")
            }
            Self::TooLateToAsk { short_by_ms } => write!(out, "asked for {short_by_ms} ms too late"),
            Self::Settled => out.write_str("it has been decided, taken back, or is over"),
            Self::NotYet => out.write_str("something else has to come before"),
            Self::TooLate(by) => write!(out, "that could be done until {by}"),
            Self::NotYours(agent) => write!(out, "it is not for agent {agent}"),
            Self::NotThere(agent) => write!(out, "agent {agent} is not on the floor"),
            Self::RankTooLow { needed } => out.write_str(match needed {
                Approver::ShiftLeader => "a shift leader decides about it",
                Approver::Director => "the director decides about it",
            }),
            Self::OwnRequest(agent) => {
                write!(out, "this is about agent {agent} herself: somebody else decides")
            }
            Self::PapersMissing(papers) => write!(out, "{} papers are missing", papers.len()),
            Self::TooManySwaps { agent, month, had } => {
                write!(out, "agent {agent} had {had} swaps in {month}: another needs a written exception")
            }
            Self::NoInLieuLeft { agent, month, taken } => {
                write!(out, "agent {agent} has taken {taken} days in lieu in {month}, and none is left")
            }
            Self::Full { heads } => write!(out, "{heads} people have said yes, as many as were wanted"),
            Self::NotChecked(checks) => {
                out.write_str("not looked at yet:")?;
                checks.iter().try_for_each(|check| write!(out, " {check}"))
            }
            Self::OverLimit { what, value, limit } => {
                write!(out, "{what} is {value}; at most {limit} is allowed")
            }
            Self::Invalid { what, why } => write!(out, "{what}: {why}"),
        }
    }
}

impl std::error::Error for Refusal {}

/// Refuses a value above its limit, by name.
pub(crate) const fn at_most(what: &'static str, value: u64, limit: u64) -> Result<(), Refusal> {
    if value > limit { Err(Refusal::OverLimit { what, value, limit }) } else { Ok(()) }
}

/// Refuses a span that ends before it begins, or is too long.
pub(crate) fn check_span(from: Instant, until: Instant, ms_max: u64) -> Result<(), Refusal> {
    if until <= from {
        return Err(Refusal::Invalid { what: "until", why: "does not lie after from" });
    }
    at_most("the span, ms", until.since(from).0, ms_max)
}
