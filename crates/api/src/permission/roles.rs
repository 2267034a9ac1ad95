//! The roles that ship, as one table. The posts are those of a call centre's tree: 经理, 主任, 值班长, 组长,
//! 座席, with 品管, 信息协调, 排班, 稽查 beside the line, and the two that are no posts: who administers
//! the system, and a program that speaks for another one.

use super::Scope;
use super::Scope::{Own, Queue, Site, Team};
use super::Verb::{self, *};

/// A shipped role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// 座席.
    Agent,
    /// 组长.
    TeamLeader,
    /// 值班长.
    ShiftLeader,
    /// 主任.
    Director,
    /// 经理.
    Manager,
    /// 品管.
    Qa,
    /// 信息协调.
    Coordinator,
    /// 排班.
    Planner,
    /// 稽查: reads all, writes nothing.
    Inspector,
    /// Who looks after accounts and configuration.
    Admin,
    /// A program that brings contacts in.
    Integrator,
    /// A screen on the wall, by a token of its own: see `http::walls`.
    Wall,
}

/// What a role may, scope by scope.
type Grants = &'static [(Scope, &'static [Verb])];

/// Every role with its name and what it may.
pub const ROLES: &[(Role, &str, Grants)] = &[
    (Role::Agent, "agent", &[(Own, OWN_WORK), (Own, OWN_SHIFTS)]),
    (
        Role::TeamLeader,
        "team_leader",
        &[
            (Own, OWN_SHIFTS),
            (Team, LEAD_SHIFTS),
            (Queue, &[WorkforceView]),
            (Own, OWN_WORK),
            (Team, LEAD_AGENTS),
            (Team, LEAD_CONTACTS),
            (Team, SEE_FLOOR),
            (Team, OPEN_PERSONAL),
            (Team, &[TeamMessage, FiguresEnter]),
            (Team, MIND_ALERTS),
            (Queue, MIND_ALERTS),
            (Team, LOOK_BACK),
            (Queue, LEAD_CONTACTS),
            (Queue, SEE_FLOOR),
            (Queue, LOOK_BACK),
            (Queue, &[FiguresEnter]),
        ],
    ),
    (
        Role::ShiftLeader,
        "shift_leader",
        &[
            (Own, OWN_SHIFTS),
            (Site, LEAD_SHIFTS),
            (Own, OWN_WORK),
            (Site, LEAD_AGENTS),
            (Site, LEAD_CONTACTS),
            (Site, QUEUE_DOORS),
            (Site, SEE_FLOOR),
            (Site, OPEN_PERSONAL),
            (Site, &[TeamMessage, FiguresEnter, ReportFreeze, ReportSubmit, WallManage]),
            (Site, MIND_ALERTS),
            (Site, &[QueueSetBreaks]),
            (Site, LOOK_BACK),
        ],
    ),
    (
        Role::Director,
        "director",
        &[
            (Site, LEAD_SHIFTS),
            (Site, &[WorkforcePlan, WorkforcePublish]),
            (Site, LEAD_AGENTS),
            (Site, LEAD_CONTACTS),
            (Site, QUEUE_DOORS),
            (Site, SEE_FLOOR),
            (Site, OPEN_PERSONAL),
            (Site, &[TeamMessage, FiguresEnter, ReportFreeze, ReportApprove, WallManage]),
            (Site, MIND_ALERTS),
            (Site, &[QueueSetBreaks]),
            (Site, LOOK_BACK),
        ],
    ),
    (
        Role::Manager,
        "manager",
        &[
            (Site, LEAD_SHIFTS),
            (Site, &[WorkforcePublish]),
            (Site, QUEUE_DOORS),
            (Site, SEE_FLOOR),
            (Site, &[TeamMessage, FiguresEnter, ReportFreeze, ReportApprove, WallManage]),
            (Site, MIND_ALERTS),
            (Site, &[QueueSetBreaks]),
            (Site, LOOK_BACK),
        ],
    ),
    (Role::Qa, "qa", &[(Site, SEE_FLOOR), (Site, OPEN_PERSONAL), (Site, LOOK_BACK), (Site, &[FiguresEnter])]),
    (
        Role::Coordinator,
        "coordinator",
        &[
            (Own, OWN_SHIFTS),
            (Own, OWN_WORK),
            (Site, SEE_FLOOR),
            (Site, &[TeamMessage, FiguresEnter, TextView, ReportFreeze, ReportSubmit]),
            (Site, &[MessageView, AlertView]),
        ],
    ),
    (
        Role::Planner,
        "planner",
        &[
            (Site, SEE_FLOOR),
            (Site, LOOK_BACK),
            (Site, &[FiguresEnter]),
            (Site, SEE_SHIFTS),
            (Site, &[WorkforcePlan]),
        ],
    ),
    (
        Role::Inspector,
        "inspector",
        &[
            (Site, SEE_FLOOR),
            (Site, OPEN_PERSONAL),
            (Site, LOOK_BACK),
            (Site, &[MessageView, AlertView]),
            (Site, SEE_SHIFTS),
        ],
    ),
    (
        Role::Admin,
        "admin",
        &[
            (Site, QUEUE_DOORS),
            (Site, SEE_FLOOR),
            (Site, &[AgentSignOut, AccountManage, WallManage, ConfigApply, ViewRebuild, PersonErase]),
            (Site, &[AlertView, AlertAcknowledge]),
            (Site, LOOK_BACK),
        ],
    ),
    (Role::Integrator, "integrator", &[(Site, SEE_FLOOR), (Site, BRING_CONTACTS), (Site, &[FiguresEnter])]),
    (Role::Wall, "wall", &[(Site, &[WallSubscribe])]),
];

const OWN_WORK: &[Verb] = &[
    AgentSignIn,
    AgentSetState,
    AgentSignOut,
    AgentRequestBreak,
    AgentRaiseHand,
    BreakWithdraw,
    OfferAccept,
    OfferReject,
    ContactHold,
    ContactResume,
    ContactMute,
    ContactUnmute,
    ContactConsult,
    ContactConference,
    ContactTransfer,
    ContactLeave,
    ContactEnd,
    WrapupComplete,
    WrapupExtend,
    ContactRequestCallback,
    CallbackAnswered,
    CallbackFailed,
    MessageAcknowledge,
    MessageView,
    AgentView,
    QueueView,
    DirectoryView,
    ContactView,
    EventsView,
    EventsSubscribe,
    Explain,
];
const BRING_CONTACTS: &[Verb] = &[
    ContactCreate,
    ContactEnqueue,
    ContactAbandon,
    ContactRequestCallback,
    CallbackAnswered,
    CallbackFailed,
];
/// One's own shifts.
const OWN_SHIFTS: &[Verb] =
    &[ScheduleView, AttendanceView, LeaveRequest, SwapRequest, OvertimeAnswer, HandoverAccept];
const SEE_SHIFTS: &[Verb] = &[ScheduleView, AttendanceView, WorkforceView];
/// Others' shifts: seen, decided about, and what is asked for on somebody's behalf.
const LEAD_SHIFTS: &[Verb] =
    &[ScheduleView, AttendanceView, WorkforceView, LeaveRequest, LeaveDecide, AttendanceMark];
const LEAD_AGENTS: &[Verb] = &[AgentForceState, AgentSignOut, AgentRaiseHand, BreakDecide];
const LEAD_CONTACTS: &[Verb] = &[ContactAssign, ContactMove, ContactReprioritise];
const QUEUE_DOORS: &[Verb] = &[QueueOpen, QueueDrain, QueueClose];
/// What is to be looked after, and what was said to the floor.
const MIND_ALERTS: &[Verb] = &[AlertView, AlertAcknowledge, MessageView];
const SEE_FLOOR: &[Verb] = &[
    AgentView,
    QueueView,
    DirectoryView,
    ContactView,
    FiguresView,
    EventsView,
    FloorSubscribe,
    EventsSubscribe,
    WallSubscribe,
];
/// What was, and why it was so.
const LOOK_BACK: &[Verb] = &[Explain, PastView, ReplayStart];
const OPEN_PERSONAL: &[Verb] = &[NumberView, TextView];

impl Role {
    /// The role of that name.
    pub fn named(name: &str) -> Option<Self> {
        ROLES.iter().find(|(_, is, _)| *is == name).map(|(role, ..)| *role)
    }

    /// As it stands in accounts.
    pub fn name(self) -> &'static str {
        ROLES[self as usize].1
    }

    /// What it may.
    pub fn grants(self) -> Grants {
        ROLES[self as usize].2
    }

    /// Whether somebody in it is a screen and nobody: it gets nothing but what a screen shows.
    pub const fn is_a_screen(self) -> bool {
        matches!(self, Self::Wall)
    }

    /// Whether its acts on others count as a leader's.
    pub const fn leads(self) -> bool {
        matches!(self, Self::TeamLeader | Self::ShiftLeader | Self::Director | Self::Manager)
    }
}
