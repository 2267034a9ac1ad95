//! Everything that can be asked of this desk. Which account may ask it is the door's to know; what is said here
//! holds whoever asks. Civil days come with the moments that they are told of, for the desk reckons in no zone.

use crate::day::{Day, Month};
use crate::handover::{Check, Place};
use crate::id::{ExceptionId, HandoverId, LeaveId, OvertimeId, RosterId, ShiftId, SwapId, TimeOffId};
use crate::leave::NewLeave;
use crate::outlook::{NewForecast, NewRequirement};
use crate::overtime::Wanted;
use crate::requests::{Approver, Paper};
use crate::shift::{NewRoster, Revision, Sketch};
use crate::swap::NewSwap;
use crate::terms::Terms;
use cordboard_floor::event::Sealed;
use cordboard_floor::{AccountId, AgentId, Instant, QueueId, ReasonId, SeatId};

/// A wish.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Settings of the desk.
    ApplyTerms(Box<Terms>),
    /// A forecast, by days.
    PublishForecast(NewForecast),
    /// A requirement, by days.
    PublishRequirement(NewRequirement),
    /// Begin a roster.
    DraftRoster {
        /// Its frame.
        roster: NewRoster,
        /// Who.
        account: AccountId,
    },
    /// Shifts of a draft; as many commands as it takes.
    AddShifts {
        /// Which draft.
        roster: RosterId,
        /// More of its shifts.
        shifts: Vec<Sketch>,
    },
    /// A roster with all of its shifts, drafted whole or not at all.
    DraftWhole {
        /// Its frame.
        roster: NewRoster,
        /// Its shifts.
        shifts: Vec<Sketch>,
        /// Who.
        account: AccountId,
    },
    /// A draft with some shifts changed takes the place of the one before, which is thrown away.
    ReviseRoster {
        /// Which draft.
        roster: RosterId,
        /// What is changed.
        revision: Revision,
        /// Who.
        account: AccountId,
    },
    /// Throw a draft away.
    DiscardRoster {
        /// Which.
        roster: RosterId,
        /// Who.
        account: AccountId,
    },
    /// Let its shifts hold.
    PublishRoster {
        /// Which draft.
        roster: RosterId,
        /// Who.
        account: AccountId,
    },
    /// A shift is another from now on.
    ChangeShift {
        /// Which.
        shift: ShiftId,
        /// What it is now, whole.
        sketch: Sketch,
        /// Who.
        account: AccountId,
    },
    /// Shifts do not take place.
    WithdrawShifts {
        /// Which.
        shifts: Vec<ShiftId>,
        /// Why.
        why: ReasonId,
        /// Who.
        account: AccountId,
    },
    /// Ask for leave.
    RequestLeave(NewLeave),
    /// Grant it.
    ApproveLeave {
        /// Which.
        leave: LeaveId,
        /// Who.
        account: AccountId,
        /// With which authority.
        rank: Approver,
    },
    /// Do not.
    RefuseLeave {
        /// Which.
        leave: LeaveId,
        /// Who.
        account: AccountId,
        /// With which authority.
        rank: Approver,
        /// Why.
        why: ReasonId,
    },
    /// Do without it.
    WithdrawLeave {
        /// Which.
        leave: LeaveId,
        /// Who: its agent.
        agent: AgentId,
    },
    /// Papers were brought.
    SubmitPapers {
        /// Of which leave.
        leave: LeaveId,
        /// These.
        papers: Vec<Paper>,
    },
    /// What they say.
    JudgePapers {
        /// Of which leave.
        leave: LeaveId,
        /// Whether they bear it out.
        borne_out: bool,
        /// Who looked.
        account: AccountId,
        /// What is said to it.
        text: Option<Sealed>,
    },
    /// Ask somebody to change shifts.
    RequestSwap(NewSwap),
    /// The other one's answer.
    AnswerSwap {
        /// Which.
        swap: SwapId,
        /// Who: the other one.
        agent: AgentId,
        /// Whether she agrees.
        agrees: bool,
    },
    /// Let it be.
    ApproveSwap {
        /// Which.
        swap: SwapId,
        /// Who.
        account: AccountId,
        /// With which authority.
        rank: Approver,
        /// The written exception, where one is needed.
        exception: Option<Sealed>,
    },
    /// Do not.
    RefuseSwap {
        /// Which.
        swap: SwapId,
        /// Who.
        account: AccountId,
        /// Why.
        why: ReasonId,
    },
    /// Do without it.
    WithdrawSwap {
        /// Which.
        swap: SwapId,
        /// Who: the one who asked.
        agent: AgentId,
    },
    /// Days in lieu besides those of the month.
    GrantInLieu {
        /// Who has them.
        agent: AgentId,
        /// In which month.
        month: Month,
        /// How many.
        days: u32,
        /// Why.
        why: ReasonId,
        /// Who grants them.
        account: AccountId,
    },
    /// A day in lieu instead of a shift.
    TakeInLieu {
        /// Which shift.
        shift: ShiftId,
        /// Who allows it.
        account: AccountId,
    },
    /// Ask people to come besides.
    ListOvertime {
        /// Whom, how many, when.
        wanted: Wanted,
        /// The civil day of its begin.
        day: Day,
        /// For which queue, if for one.
        queue: Option<QueueId>,
        /// Who.
        account: AccountId,
    },
    /// Whether she comes.
    AnswerOvertime {
        /// Which list.
        overtime: OvertimeId,
        /// Who: one of it.
        agent: AgentId,
        /// Whether she comes.
        comes: bool,
    },
    /// Let people go if they like.
    OfferTimeOff {
        /// Whom, how many, when.
        wanted: Wanted,
        /// Who.
        account: AccountId,
    },
    /// She goes.
    TakeTimeOff {
        /// Which offer.
        offer: TimeOffId,
        /// Who: one of it.
        agent: AgentId,
    },
    /// These stand at muster.
    MarkMuster {
        /// Before which shifts of theirs.
        shifts: Vec<ShiftId>,
        /// Who sees them.
        account: AccountId,
    },
    /// She does not come.
    ReportAbsence {
        /// For which shift.
        shift: ShiftId,
        /// Who: its agent.
        agent: AgentId,
        /// Who took it down, if not herself.
        account: Option<AccountId>,
        /// What she said.
        text: Option<Sealed>,
    },
    /// What happened within these moments counts for nothing.
    GrantException {
        /// Of which shift.
        shift: ShiftId,
        /// From when.
        from: Instant,
        /// Until when.
        until: Instant,
        /// Why.
        why: ReasonId,
        /// Who.
        account: AccountId,
    },
    /// It does after all.
    WithdrawException {
        /// Which.
        exception: ExceptionId,
        /// Who.
        account: AccountId,
    },
    /// The reason for an absence was not the true one, or it was.
    JudgeAbsence {
        /// Of which shift.
        shift: ShiftId,
        /// Whether it was untrue.
        untrue: bool,
        /// Who.
        account: AccountId,
        /// What is said to it.
        text: Option<Sealed>,
    },
    /// Who relieves whom.
    ListHandovers {
        /// One after the other.
        places: Vec<Place>,
        /// Who.
        account: AccountId,
    },
    /// The incoming agent looked at something.
    CheckHandover {
        /// Which.
        handover: HandoverId,
        /// Who: the one who comes.
        agent: AgentId,
        /// What, and whether it is in order.
        checks: Vec<Check>,
        /// What is wrong.
        text: Option<Sealed>,
    },
    /// She takes over.
    AcceptHandover {
        /// Which.
        handover: HandoverId,
        /// Who: the one who comes.
        agent: AgentId,
        /// Where, if not as listed.
        seat: Option<SeatId>,
    },
    /// Let somebody go though nobody has taken over.
    OverrideSignOut {
        /// Whose shift.
        shift: ShiftId,
        /// Why.
        why: ReasonId,
        /// Who.
        account: AccountId,
    },
    /// Tell that somebody signed out before anybody had taken over. The centre says so of itself, where the site's policy is to tell.
    FlagSignOut {
        /// Whose shift.
        shift: ShiftId,
    },
}
