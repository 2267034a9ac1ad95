//! Who may do what: the one place. A verb, a scope, and the roles that ship. Every door asks [`may`];
//! none decides for itself. It knows accounts and ids, no HTTP, no link and no vault.
//!
//! A scope reaches what its owner is (own: her agent and what that agent has in hand), whom she leads
//! (team), which queues are hers (queue), or everything (site). A command that touches two things is
//! asked about twice, once for each.

mod reach;
mod roles;
mod sight;
mod who;

pub(crate) use reach::alerted;
pub use reach::holds;
pub use roles::{ROLES, Role};
pub(crate) use sight::{Sight, opens_desk};
pub use who::{NotAnActor, Who};

use cordboard_floor::{AgentId, QueueId, TeamId};
use std::fmt;

/// How far a verb reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Her own agent, and what that agent has in hand.
    Own,
    /// Agents of her teams, and what they have in hand.
    Team,
    /// Her queues, and what stands in them.
    Queue,
    /// All of the site.
    Site,
}

impl Scope {
    /// As it stands in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Team => "team",
            Self::Queue => "queue",
            Self::Site => "site",
        }
    }
}

macro_rules! verbs {
    ($($(#[$doc:meta])* $verb:ident $name:literal $kind:ident),+ $(,)?) => {
        /// One thing that can be allowed. The names are those of the link's commands where there is one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verb { $($(#[$doc])* $verb),+ }

        impl Verb {
            /// Every verb.
            pub const ALL: &'static [Verb] = &[$(Self::$verb),+];

            /// As it stands in answers and on the link.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$verb => $name),+ }
            }

            /// Whether it changes anything; the others only look.
            pub const fn writes(self) -> bool {
                match self { $(Self::$verb => verbs!($kind)),+ }
            }
        }
    };
    (writes) => { true };
    (reads) => { false };
}

verbs! {
    /// Sit down at a seat.
    AgentSignIn "agent.sign_in" writes,
    /// Ready or not.
    AgentSetState "agent.set_state" writes,
    /// Leave the seat; of others too.
    AgentSignOut "agent.sign_out" writes,
    /// Put someone else in a state.
    AgentForceState "agent.force_state" writes,
    /// Ask for a break.
    AgentRequestBreak "agent.request_break" writes,
    /// Call a leader, or settle the call.
    AgentRaiseHand "agent.raise_hand" writes,
    /// Grant a break or not.
    BreakDecide "break.decide" writes,
    /// Take one's own request back.
    BreakWithdraw "break.withdraw" writes,
    /// Take an offer.
    OfferAccept "offer.accept" writes,
    /// Decline an offer.
    OfferReject "offer.reject" writes,
    /// Put the caller on hold.
    ContactHold "contact.hold" writes,
    /// Take her back.
    ContactResume "contact.resume" writes,
    /// Not to be heard on it.
    ContactMute "contact.mute" writes,
    /// Be heard again.
    ContactUnmute "contact.unmute" writes,
    /// Ask another agent.
    ContactConsult "contact.consult" writes,
    /// Bring all together.
    ContactConference "contact.conference" writes,
    /// Give it on.
    ContactTransfer "contact.transfer" writes,
    /// Leave the others to it.
    ContactLeave "contact.leave" writes,
    /// End it.
    ContactEnd "contact.end" writes,
    /// Finish the work after it.
    WrapupComplete "wrapup.complete" writes,
    /// Take longer over it.
    WrapupExtend "wrapup.extend" writes,
    /// Give a waiting contact to a certain agent.
    ContactAssign "contact.assign" writes,
    /// Move it to another queue.
    ContactMove "contact.move" writes,
    /// Change its priority.
    ContactReprioritise "contact.reprioritise" writes,
    /// Open a queue.
    QueueOpen "queue.open" writes,
    /// Drain a queue.
    QueueDrain "queue.drain" writes,
    /// Close a queue.
    QueueClose "queue.close" writes,
    /// Say how many of a queue may be on a break.
    QueueSetBreaks "queue.set_breaks" writes,
    /// Write to a team, or to all.
    TeamMessage "team.message" writes,
    /// Say that one has read it.
    MessageAcknowledge "message.acknowledge" writes,
    /// Look after an alert.
    AlertAcknowledge "alert.acknowledge" writes,
    /// Bring a contact in.
    ContactCreate "contact.create" writes,
    /// Send it from the menu to a queue.
    ContactEnqueue "contact.enqueue" writes,
    /// Say that its caller left.
    ContactAbandon "contact.abandon" writes,
    /// Say that the caller hangs up and is to be called back.
    ContactRequestCallback "contact.request_callback" writes,
    /// Say that the caller who was called back is there.
    CallbackAnswered "callback.answered" writes,
    /// Say that she was not reached.
    CallbackFailed "callback.failed" writes,
    /// Enter figures that no event tells, and withdraw them.
    FiguresEnter "figures.enter" writes,
    /// Freeze the report of a period.
    ReportFreeze "report.freeze" writes,
    /// Answer for it.
    ReportSubmit "report.submit" writes,
    /// Approve it, or return it.
    ReportApprove "report.approve" writes,
    /// Make and revoke the tokens that walls show themselves with.
    WallManage "wall.manage" writes,
    /// Make forecasts, requirements and rosters, and change shifts.
    WorkforcePlan "workforce.plan" writes,
    /// Let a roster hold.
    WorkforcePublish "workforce.publish" writes,
    /// Ask for leave, and bring its papers.
    LeaveRequest "leave.request" writes,
    /// Decide about leave, swaps, days in lieu, overtime and time off.
    LeaveDecide "leave.decide" writes,
    /// Ask somebody to change shifts, and answer.
    SwapRequest "swap.request" writes,
    /// Say whether one comes besides, or goes early.
    OvertimeAnswer "overtime.answer" writes,
    /// Take over from whoever leaves.
    HandoverAccept "handover.accept" writes,
    /// Say who stood at muster, who was absent, what is excepted, who relieves whom.
    AttendanceMark "attendance.mark" writes,
    /// Make, change and disable accounts.
    AccountManage "account.manage" writes,
    /// Change queues, agents, reasons, settings.
    ConfigApply "config.apply" writes,
    /// Have a view folded anew.
    ViewRebuild "view.rebuild" writes,
    /// Destroy a person's key.
    PersonErase "person.erase" writes,
    /// Mark a conversation; with scope own, one's own.
    EvaluationWrite "evaluation.write" writes,
    /// Acknowledge an evaluation of oneself, or appeal.
    EvaluationAnswer "evaluation.answer" writes,
    /// Look at an appeal against another's evaluation.
    EvaluationReview "evaluation.review" writes,
    /// Draw contacts to be listened to, and say who listens.
    SampleDraw "sample.draw" writes,
    /// Have several mark the same contact, blind.
    CalibrationRun "calibration.run" writes,
    /// Propose that points be taken; record rounds.
    LedgerPropose "ledger.propose" writes,
    /// Confirm, dismiss or revoke; excuse.
    LedgerConfirm "ledger.confirm" writes,
    /// Appeal against points taken from oneself.
    LedgerAppeal "ledger.appeal" writes,
    /// Decide such an appeal.
    LedgerDecide "ledger.decide" writes,
    /// Submit what a month comes to.
    AssessmentSubmit "assessment.submit" writes,
    /// Approve it or return it; say what a talk came to.
    AssessmentApprove "assessment.approve" writes,
    /// Say that a survey was offered, and what was answered.
    SurveyEnter "survey.enter" writes,
    /// Say that a caller was a mystery caller.
    QualityMarkMystery "quality.mark_mystery" writes,
    /// See evaluations and replay contacts; with scope own, one's own published ones.
    QualityView "quality.view" reads,
    /// See the points ledger; with scope own, one's own confirmed lines.
    LedgerView "ledger.view" reads,
    /// See what months come to.
    AssessmentView "assessment.view" reads,
    /// See agents.
    AgentView "agent.view" reads,
    /// See queues.
    QueueView "queue.view" reads,
    /// See to whom a contact can be given: every queue, and who is there; no callers.
    DirectoryView "directory.view" reads,
    /// See contacts, with their numbers masked.
    ContactView "contact.view" reads,
    /// See figures.
    FiguresView "figures.view" reads,
    /// Read the log's events, with personal values masked.
    EventsView "events.view" reads,
    /// See words to teams, and who has acknowledged them.
    MessageView "message.view" reads,
    /// See shifts, leave, swaps, overtime.
    ScheduleView "schedule.view" reads,
    /// See attendance and adherence.
    AttendanceView "attendance.view" reads,
    /// See forecasts, requirements and rosters.
    WorkforceView "workforce.view" reads,
    /// See alerts and their rules, and follow them on a link.
    AlertView "alert.view" reads,
    /// Ask why it was her and not another.
    Explain "explain" reads,
    /// See the floor, and contacts, as they were at any past moment.
    PastView "past.view" reads,
    /// Have the log played again on a link.
    ReplayStart "replay.start" reads,
    /// Follow the floor on a link.
    FloorSubscribe "floor.subscribe" reads,
    /// Follow the log on a link.
    EventsSubscribe "events.subscribe" reads,
    /// Follow a wall on a link: figures of queues, nothing personal.
    WallSubscribe "wall.subscribe" reads,
    /// Open a number outside one's own contacts; leaves an event.
    NumberView "number.view" reads,
    /// Open free text outside one's own contacts; leaves an event.
    TextView "text.view" reads,
}

impl fmt::Display for Verb {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// What a verb is about, as far as scopes go. Nothing named at all is the site itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Agents it is, or who have it in hand.
    pub agents: Vec<AgentId>,
    /// Their teams.
    pub teams: Vec<TeamId>,
    /// Queues it is, or stands in.
    pub queues: Vec<QueueId>,
}

impl Target {
    /// The whole site.
    pub fn site() -> Self {
        Self::default()
    }

    /// An agent of some team.
    pub fn agent(agent: AgentId, team: Option<TeamId>) -> Self {
        Self { agents: vec![agent], teams: team.into_iter().collect(), queues: Vec::new() }
    }

    /// A team.
    pub fn team(team: TeamId) -> Self {
        Self { teams: vec![team], ..Self::default() }
    }

    /// A queue.
    pub fn queue(queue: QueueId) -> Self {
        Self { queues: vec![queue], ..Self::default() }
    }
}

/// A no, with what would have been needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denied {
    /// What was to be done.
    pub verb: Verb,
    /// The narrowest scope that would have reached the target.
    pub needs: Scope,
}

impl fmt::Display for Denied {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "this needs the permission {} with scope {}", self.verb, self.needs.name())
    }
}

impl std::error::Error for Denied {}

/// The scopes in which somebody has a verb.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// Whether a scope is among them.
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn add(&mut self, scope: Scope) {
        self.0 |= 1 << scope as u8;
    }

    /// Whether one of them reaches the target. For a list, take the scopes once and ask this for each row.
    pub fn reach(self, who: &Who, target: &Target) -> bool {
        self.has(Scope::Site)
            || self.has(Scope::Own) && who.agent.is_some_and(|own| target.agents.contains(&own))
            || self.has(Scope::Team) && target.teams.iter().any(|team| who.teams.contains(team))
            || self.has(Scope::Queue) && target.queues.iter().any(|queue| who.queues.contains(queue))
    }
}

/// The scopes in which `who` has a verb.
pub fn scopes(who: &Who, verb: Verb) -> Scopes {
    let mut scopes = Scopes::default();
    for role in &who.roles {
        for (scope, verbs) in role.grants() {
            if verbs.contains(&verb) {
                scopes.add(*scope);
            }
        }
    }
    scopes
}

/// Whether `who` may do `verb` to `target`.
pub fn may(who: &Who, verb: Verb, target: &Target) -> Result<(), Denied> {
    if scopes(who, verb).reach(who, target) {
        Ok(())
    } else {
        Err(Denied { verb, needs: needed(who, target) })
    }
}

/// The narrowest scope that reaches the target.
fn needed(who: &Who, target: &Target) -> Scope {
    let reaches = |scope| {
        let mut alone = Scopes::default();
        alone.add(scope);
        alone.reach(who, target)
    };
    [Scope::Own, Scope::Team, Scope::Queue].into_iter().find(|scope| reaches(*scope)).unwrap_or(Scope::Site)
}

#[cfg(test)]
mod tests;
