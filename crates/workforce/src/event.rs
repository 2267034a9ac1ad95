//! Everything that can happen at this desk, in the range 0x2000–. Stored for ever: payloads are arrays on disk, so
//! fields are only ever appended, with a default; a changed meaning is a new type number. What each looks like in
//! bytes stands in `tests/stored.txt`.

use crate::day::{Day, Month};
use crate::handover::Check;
use crate::id::{
    ExceptionId, ForecastId, HandoverId, LeaveId, MethodId, OvertimeId, RequirementId, RosterId, ShiftId,
    SwapId, TimeOffId,
};
use crate::outlook::Point;
use crate::requests::{Approver, LeaveKind, Paper};
use crate::shift::{Away, ChangeWhy, RestQuota, Sketch};
use crate::terms::Terms;
use cordboard_floor::event::Sealed;
use cordboard_floor::events;
use cordboard_floor::{AccountId, AgentId, Instant, Millis, QueueId, ReasonId, SeatId};

events! {
    // ---- what is agreed
    /// The desk's own settings from now on.
    0x2001 1 "workforce.terms_applied" TermsApplied {
        /// All of them.
        terms: Terms,
    }

    // ---- what will come in, and who it needs
    /// One day of a forecast for a queue; it takes the place of an earlier one of that queue and day.
    0x2010 1 "forecast.published" ForecastPublished {
        /// The publication: the number of its first event.
        forecast: ForecastId,
        /// For which queue.
        queue: QueueId,
        /// How it was made.
        method: MethodId,
        /// Which day.
        day: Day,
        /// From when: the begin of its first interval.
        from: Instant,
        /// How long each interval is.
        interval_ms: Millis,
        /// Which quantiles of the volume are told, in thousandths, rising.
        quantiles: Vec<u16>,
        /// The intervals in order.
        points: Vec<Point>,
    }
    /// How many people one day of a queue needs.
    0x2011 1 "requirement.published" RequirementPublished {
        /// The publication: the number of its first event.
        requirement: RequirementId,
        /// For which queue.
        queue: QueueId,
        /// From which forecast, if from one.
        forecast: Option<ForecastId>,
        /// Which day.
        day: Day,
        /// From when: the begin of its first interval.
        from: Instant,
        /// How long each interval is.
        interval_ms: Millis,
        /// People that each interval needs, in order, shrinkage included.
        heads: Vec<u32>,
    }

    // ---- rosters and shifts
    /// A roster is begun; agents do not see it.
    0x2020 1 "roster.drafted" RosterDrafted {
        /// Its id: the number of this event.
        roster: RosterId,
        /// Its first day.
        from: Day,
        /// How many days.
        days: u16,
        /// How it is called.
        name: String,
        /// The people whom it is for.
        class: Vec<AgentId>,
        /// How many of them may rest on one day, if that is limited.
        rest: Option<RestQuota>,
        /// The requirement that it was made for, if one.
        requirement: Option<RequirementId>,
        /// Who.
        by: AccountId,
    }
    /// Shifts of a draft.
    0x2021 1 "roster.shifts_added" RosterShiftsAdded {
        /// Of which draft.
        roster: RosterId,
        /// The shifts.
        shifts: Vec<Sketch>,
    }
    /// The draft is thrown away.
    0x2022 1 "roster.discarded" RosterDiscarded {
        /// Which.
        roster: RosterId,
        /// Who.
        by: AccountId,
    }
    /// It holds from now on; its shifts follow, one event each.
    0x2023 1 "roster.published" RosterPublished {
        /// Which.
        roster: RosterId,
        /// How many shifts.
        shifts: u32,
        /// Who.
        by: AccountId,
    }
    /// An agent has a shift.
    0x2024 1 "shift.assigned" ShiftAssigned {
        /// Its id: the number of this event.
        shift: ShiftId,
        /// Of which roster; none: overtime.
        roster: Option<RosterId>,
        /// The list of overtime that it comes from, if it does.
        overtime: Option<OvertimeId>,
        /// What it is.
        sketch: Sketch,
    }
    /// It is another from now on. What it was stands in the event that made it so.
    0x2025 1 "shift.changed" ShiftChanged {
        /// Which.
        shift: ShiftId,
        /// What it is now, whole.
        sketch: Sketch,
        /// When she need not be there, in order.
        away: Vec<Away>,
        /// Why.
        why: ChangeWhy,
        /// The number of the event that had made it what it was.
        was: u64,
        /// Who says so; none: it follows from the event before.
        by: Option<AccountId>,
    }
    /// It does not take place.
    0x2026 1 "shift.withdrawn" ShiftWithdrawn {
        /// Which.
        shift: ShiftId,
        /// Whose it was.
        agent: AgentId,
        /// The number of the event that had made it what it was.
        was: u64,
        /// Why, as a slug.
        why: ReasonId,
        /// Who.
        by: AccountId,
    }

    // ---- leave
    /// An agent asks for leave, herself or through her leader.
    0x2030 1 "leave.requested" LeaveRequested {
        /// Its id: the number of this event.
        leave: LeaveId,
        /// Who.
        agent: AgentId,
        /// What for.
        kind: LeaveKind,
        /// From when.
        from: Instant,
        /// Until when.
        until: Instant,
        /// Its first day.
        day: Day,
        /// How many rostered days it takes.
        days: u32,
        /// Whether something came up.
        special: bool,
        /// Who decides.
        approver: Approver,
        /// Why, sealed.
        text: Option<Sealed>,
    }
    /// It is granted.
    0x2031 1 "leave.approved" LeaveApproved {
        /// Which.
        leave: LeaveId,
        /// Whose.
        agent: AgentId,
        /// Who.
        by: AccountId,
        /// With which authority.
        rank: Approver,
        /// When its papers are due, if it needs any.
        papers_due: Option<Instant>,
    }
    /// It is not.
    0x2032 1 "leave.refused" LeaveRefused {
        /// Which.
        leave: LeaveId,
        /// Whose.
        agent: AgentId,
        /// Who.
        by: AccountId,
        /// With which authority.
        rank: Approver,
        /// Why, as a slug.
        why: ReasonId,
    }
    /// She does without it.
    0x2033 1 "leave.withdrawn" LeaveWithdrawn {
        /// Which.
        leave: LeaveId,
        /// Whose.
        agent: AgentId,
    }
    /// Papers were brought.
    0x2034 1 "leave.papers_submitted" LeavePapersSubmitted {
        /// Of which leave.
        leave: LeaveId,
        /// Whose.
        agent: AgentId,
        /// These, besides what was brought before.
        papers: Vec<Paper>,
    }
    /// A person has looked at them.
    0x2035 1 "leave.papers_judged" LeavePapersJudged {
        /// Of which leave.
        leave: LeaveId,
        /// Whose.
        agent: AgentId,
        /// Whether they bear the leave out; if not, it is a case of absence.
        borne_out: bool,
        /// Who.
        by: AccountId,
        /// What is said to it, sealed.
        text: Option<Sealed>,
    }
    /// They were not brought in time.
    0x2036 1 "leave.papers_overdue" LeavePapersOverdue {
        /// Of which leave.
        leave: LeaveId,
        /// Whose.
        agent: AgentId,
        /// What is missing.
        missing: Vec<Paper>,
    }

    // ---- swaps
    /// An agent asks another to change shifts.
    0x2040 1 "swap.requested" SwapRequested {
        /// Its id: the number of this event.
        swap: SwapId,
        /// Who asks.
        agent: AgentId,
        /// Her shift.
        shift: ShiftId,
        /// Whom.
        with: AgentId,
        /// That one's shift.
        other: ShiftId,
        /// Why, sealed.
        text: Option<Sealed>,
        /// Whether one of them needs a written exception for it.
        exceptional: bool,
        /// Until when it can be agreed and decided: the begin of the earlier shift.
        until: Instant,
    }
    /// The other one agrees.
    0x2041 1 "swap.agreed" SwapAgreed {
        /// Which.
        swap: SwapId,
        /// Who.
        agent: AgentId,
    }
    /// The other one does not.
    0x2042 1 "swap.declined" SwapDeclined {
        /// Which.
        swap: SwapId,
        /// Who.
        agent: AgentId,
    }
    /// It is done: both shifts change hands.
    0x2043 1 "swap.approved" SwapApproved {
        /// Which.
        swap: SwapId,
        /// Who.
        by: AccountId,
        /// With which authority.
        rank: Approver,
        /// The written exception, sealed, where one was needed.
        exception: Option<Sealed>,
    }
    /// It is not.
    0x2044 1 "swap.refused" SwapRefused {
        /// Which.
        swap: SwapId,
        /// Who.
        by: AccountId,
        /// Why, as a slug.
        why: ReasonId,
    }
    /// Who asked does without it.
    0x2045 1 "swap.withdrawn" SwapWithdrawn {
        /// Which.
        swap: SwapId,
        /// Who.
        agent: AgentId,
    }
    /// The first of both shifts has begun, and nothing was decided.
    0x2046 1 "swap.expired" SwapExpired {
        /// Which.
        swap: SwapId,
    }

    // ---- days in lieu
    /// She has days in lieu besides those of the month.
    0x2050 1 "in_lieu.granted" InLieuGranted {
        /// Who.
        agent: AgentId,
        /// In which month.
        month: Month,
        /// How many.
        days: u32,
        /// Who grants them.
        by: AccountId,
        /// Why, as a slug.
        why: ReasonId,
    }
    /// She takes one instead of a shift.
    0x2051 1 "in_lieu.taken" InLieuTaken {
        /// Who.
        agent: AgentId,
        /// Instead of which.
        shift: ShiftId,
        /// In which month it counts.
        month: Month,
        /// Who allows it.
        by: AccountId,
    }

    // ---- overtime and time off
    /// More people are wanted, and these are asked.
    0x2060 1 "overtime.listed" OvertimeListed {
        /// Its id: the number of this event.
        overtime: OvertimeId,
        /// Who is asked.
        agents: Vec<AgentId>,
        /// How many of them are wanted.
        heads: u32,
        /// On which day.
        day: Day,
        /// From when.
        from: Instant,
        /// Until when.
        until: Instant,
        /// For which queue, if for one.
        queue: Option<QueueId>,
        /// Who publishes it.
        by: AccountId,
    }
    /// She comes.
    0x2061 1 "overtime.acknowledged" OvertimeAcknowledged {
        /// Which list.
        overtime: OvertimeId,
        /// Who.
        agent: AgentId,
    }
    /// She does not.
    0x2062 1 "overtime.declined" OvertimeDeclined {
        /// Which list.
        overtime: OvertimeId,
        /// Who.
        agent: AgentId,
    }
    /// She stays on after her shift, for relief is missing.
    0x2063 1 "overtime.begun" OvertimeBegun {
        /// After which shift.
        shift: ShiftId,
        /// Who.
        agent: AgentId,
        /// Since when.
        since: Instant,
        /// When she is free, whoever is missing; what she works after that is not for want of relief.
        free_at: Instant,
    }
    /// And no longer does.
    0x2064 1 "overtime.ended" OvertimeEnded {
        /// After which shift.
        shift: ShiftId,
        /// Who.
        agent: AgentId,
        /// Since when she did.
        since: Instant,
        /// Until when.
        until: Instant,
    }
    /// Fewer people are needed: who likes may go.
    0x2068 1 "time_off.offered" TimeOffOffered {
        /// Its id: the number of this event.
        offer: TimeOffId,
        /// To whom.
        agents: Vec<AgentId>,
        /// How many of them.
        heads: u32,
        /// From when.
        from: Instant,
        /// Until when.
        until: Instant,
        /// Who offers it.
        by: AccountId,
    }
    /// She goes.
    0x2069 1 "time_off.taken" TimeOffTaken {
        /// Which offer.
        offer: TimeOffId,
        /// Who.
        agent: AgentId,
    }

    // ---- attendance
    /// She was at muster when this was marked.
    0x2070 1 "muster.marked" MusterMarked {
        /// Before which shift.
        shift: ShiftId,
        /// Who.
        agent: AgentId,
        /// Who saw her.
        by: AccountId,
    }
    /// She let it be known that she does not come. Nothing is granted by it, however early it was.
    0x2071 1 "absence.reported" AbsenceReported {
        /// For which shift.
        shift: ShiftId,
        /// Who.
        agent: AgentId,
        /// Who took it down, if not herself.
        by: Option<AccountId>,
        /// What she said, sealed.
        text: Option<Sealed>,
    }
    /// Afterwards approved: what happened within these moments of a shift counts for nothing.
    0x2072 1 "exception.granted" ExceptionGranted {
        /// Its id: the number of this event.
        exception: ExceptionId,
        /// Of which shift.
        shift: ShiftId,
        /// Whose.
        agent: AgentId,
        /// From when.
        from: Instant,
        /// Until when.
        until: Instant,
        /// Why, as a slug.
        why: ReasonId,
        /// Who.
        by: AccountId,
    }
    /// Not approved after all.
    0x2073 1 "exception.withdrawn" ExceptionWithdrawn {
        /// Which.
        exception: ExceptionId,
        /// Of which shift.
        shift: ShiftId,
        /// Whose.
        agent: AgentId,
        /// Who.
        by: AccountId,
    }
    /// The seventh case: a person says that the reason for an absence was not the true one.
    0x2074 1 "absence.judged" AbsenceJudged {
        /// Of which shift.
        shift: ShiftId,
        /// Whose.
        agent: AgentId,
        /// Whether it is so; false takes an earlier word back.
        untrue: bool,
        /// Who.
        by: AccountId,
        /// What is said to it, sealed.
        text: Option<Sealed>,
    }

    // ---- handover
    /// A line of the order list at a change of shifts: who comes, in whose place.
    0x2080 1 "handover.listed" HandoverListed {
        /// Its id: the number of this event.
        handover: HandoverId,
        /// Its place on the list, from 1.
        place: u16,
        /// The shift that ends.
        outgoing: ShiftId,
        /// Whose.
        from: AgentId,
        /// The shift that begins.
        incoming: ShiftId,
        /// Whose.
        to: AgentId,
        /// Where.
        seat: Option<SeatId>,
        /// Who lists it.
        by: AccountId,
    }
    /// The incoming agent has looked at something.
    0x2081 1 "handover.checked" HandoverChecked {
        /// Which handover.
        handover: HandoverId,
        /// Who.
        agent: AgentId,
        /// What, and whether it is in order.
        checks: Vec<Check>,
        /// What is wrong, sealed.
        text: Option<Sealed>,
    }
    /// The incoming agent takes over: what goes wrong from now on is hers.
    0x2082 1 "handover.accepted" HandoverAccepted {
        /// Which handover.
        handover: HandoverId,
        /// The shift that is relieved.
        outgoing: ShiftId,
        /// Who may go.
        from: AgentId,
        /// Who takes over.
        to: AgentId,
        /// Where.
        seat: Option<SeatId>,
    }
    /// A shift is over and nobody has taken over.
    0x2083 1 "relief.missing" ReliefMissing {
        /// Which shift.
        shift: ShiftId,
        /// Whose.
        agent: AgentId,
        /// The handover that has not come about, if one was listed.
        handover: Option<HandoverId>,
    }
    /// A leader lets her go all the same.
    0x2084 1 "sign_out.overridden" SignOutOverridden {
        /// Which shift.
        shift: ShiftId,
        /// Who may go.
        agent: AgentId,
        /// Who says so.
        by: AccountId,
        /// Why, as a slug.
        why: ReasonId,
    }
    /// She signed out, and nobody had taken over: where the site tells of that and forbids it not.
    0x2085 1 "sign_out.flagged" SignOutFlagged {
        /// Which shift.
        shift: ShiftId,
        /// Who left.
        agent: AgentId,
    }
}

impl Event {
    /// The agent that it is about, where it says so itself.
    pub const fn agent(&self) -> Option<AgentId> {
        Some(match self {
            Self::ShiftAssigned(event) => event.sketch.agent,
            Self::ShiftChanged(event) => event.sketch.agent,
            Self::ShiftWithdrawn(event) => event.agent,
            Self::LeaveRequested(event) => event.agent,
            Self::LeaveApproved(event) => event.agent,
            Self::LeaveRefused(event) => event.agent,
            Self::LeaveWithdrawn(event) => event.agent,
            Self::LeavePapersSubmitted(event) => event.agent,
            Self::LeavePapersJudged(event) => event.agent,
            Self::LeavePapersOverdue(event) => event.agent,
            Self::SwapRequested(event) => event.agent,
            Self::SwapAgreed(event) => event.agent,
            Self::SwapDeclined(event) => event.agent,
            Self::SwapWithdrawn(event) => event.agent,
            Self::InLieuGranted(event) => event.agent,
            Self::InLieuTaken(event) => event.agent,
            Self::OvertimeAcknowledged(event) => event.agent,
            Self::OvertimeDeclined(event) => event.agent,
            Self::OvertimeBegun(event) => event.agent,
            Self::OvertimeEnded(event) => event.agent,
            Self::TimeOffTaken(event) => event.agent,
            Self::MusterMarked(event) => event.agent,
            Self::AbsenceReported(event) => event.agent,
            Self::ExceptionGranted(event) => event.agent,
            Self::ExceptionWithdrawn(event) => event.agent,
            Self::AbsenceJudged(event) => event.agent,
            Self::HandoverChecked(event) => event.agent,
            Self::HandoverAccepted(event) => event.to,
            Self::ReliefMissing(event) => event.agent,
            Self::SignOutOverridden(event) => event.agent,
            Self::SignOutFlagged(event) => event.agent,
            _ => return None,
        })
    }

    /// Whether only planners may see it: what stands in a draft.
    pub const fn is_draft(&self) -> bool {
        matches!(self, Self::RosterDrafted(_) | Self::RosterShiftsAdded(_) | Self::RosterDiscarded(_))
    }
}
