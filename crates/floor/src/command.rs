//! Everything that can be asked of the floor. Parsed once at the door; inside, ids are well-formed
//! (though perhaps unknown), numbers are in their types, and personal values are sealed.

use crate::alert::{Alarm, AlertLevel, AlertRule};
use crate::configuration::{AgentConfig, BreakQuota, HoursConfig, NotReadyReason, QueueConfig, SiteConfig};
use crate::contact::{SkillCondition, TransferTarget};
use crate::event::{Number, Sealed};
use crate::figure::FigureEntry;
use crate::id::{
    AccountId, AgentId, AlertId, Channel, CodeId, ContactId, FigureId, MessageId, OfferId, PersonId, QueueId,
    ReasonId, ReportId, SeatId, SessionId, TeamId,
};
use crate::paper::Freeze;
use crate::time::{Instant, Millis};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The state that an agent asks for, or is put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedState {
    /// Ready.
    Ready,
    /// Not ready, for a configured reason.
    NotReady(ReasonId),
}

/// One thing asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// The engine runs on this log from now on.
    Start {
        /// Which start.
        epoch: u32,
        /// The program's version.
        version: Arc<str>,
        /// How many times faster than the wall the clock runs.
        clock_scale: u32,
    },
    /// No more offers, no new contacts.
    Stop {
        /// The end, whoever still talks.
        until: Instant,
    },
    /// The machine stood still.
    NotePause {
        /// For how long.
        gap_ms: Millis,
    },
    /// The wall clock jumped.
    NoteClockStep {
        /// By how many ms.
        delta_ms: i64,
    },
    /// A queue's configuration.
    ApplyQueue(QueueConfig),
    /// An agent's configuration.
    ApplyAgent(AgentConfig),
    /// A not-ready reason.
    ApplyReason(NotReadyReason),
    /// The site's settings.
    ApplySite(SiteConfig),
    /// When a queue is open.
    ApplyHours(HoursConfig),
    /// An account changed in the vault.
    NoteAccount {
        /// Which.
        account: AccountId,
        /// What was done.
        what: ReasonId,
    },
    /// A person was erased in the vault.
    NoteErased {
        /// Whose key.
        person: PersonId,
    },
    /// A personal value is about to be shown outside someone's own work.
    NoteUnmasked {
        /// To whom.
        account: AccountId,
        /// Of which contact.
        contact: ContactId,
    },
    /// The report of a period is these bytes from now on.
    FreezeReport(Freeze),
    /// `report.submit`, by its author.
    SubmitReport {
        /// Which.
        report: ReportId,
        /// Who answers for it.
        account: AccountId,
    },
    /// `report.approve`, by somebody else.
    ApproveReport {
        /// Which.
        report: ReportId,
        /// Who agrees.
        account: AccountId,
    },
    /// `report.return`, by somebody else.
    ReturnReport {
        /// Which.
        report: ReportId,
        /// Who wants it looked at again.
        account: AccountId,
        /// Why.
        why: ReasonId,
    },

    /// People know what no event tells; all of it is taken, or nothing.
    EnterFigures {
        /// Each about one measure of one subject over one span.
        entries: Vec<FigureEntry>,
    },
    /// A figure that was entered is not so.
    WithdrawFigure {
        /// Which.
        figure: FigureId,
    },

    /// A rule for alerts.
    ApplyAlertRule(AlertRule),
    /// Something is as a rule says that it should not be.
    RaiseAlert(Alarm),
    /// It is worse, or better, and not over.
    ChangeAlert {
        /// Which.
        alert: AlertId,
        /// How bad from now on.
        level: AlertLevel,
        /// What was measured, in the measure's unit.
        value: i64,
        /// What it should not have come to.
        limit: i64,
    },
    /// `alert.acknowledge`
    AcknowledgeAlert {
        /// Which.
        alert: AlertId,
        /// Who.
        account: AccountId,
        /// A note.
        note: Option<Sealed>,
    },
    /// It is as it should be again.
    ResolveAlert {
        /// Which.
        alert: AlertId,
        /// What was measured, in the measure's unit; none: there is nothing to measure any more.
        value: Option<i64>,
    },

    /// `agent.sign_in`
    SignIn {
        /// Who.
        agent: AgentId,
        /// Where.
        seat: SeatId,
    },
    /// `agent.set_state`, by herself.
    SetState {
        /// Who.
        agent: AgentId,
        /// To what.
        state: AskedState,
    },
    /// `agent.force_state`, by a leader.
    ForceState {
        /// Whom.
        agent: AgentId,
        /// To what.
        state: AskedState,
    },
    /// `agent.sign_out`, by herself or a leader; follows the contact in hand.
    SignOut {
        /// Who.
        agent: AgentId,
    },
    /// `agent.request_break`
    RequestBreak {
        /// Who.
        agent: AgentId,
        /// Which.
        reason: ReasonId,
    },
    /// `break.decide`; the agent herself may take her request back (`granted: false`).
    DecideBreak {
        /// About whom.
        agent: AgentId,
        /// Granted, or not.
        granted: bool,
    },
    /// `agent.raise_hand`
    RaiseHand {
        /// Who.
        agent: AgentId,
        /// Up, or down again.
        raised: bool,
    },
    /// A client holds her link.
    LinkOpened {
        /// Who.
        agent: AgentId,
        /// Through which link.
        session: SessionId,
    },
    /// The link's lease has ended.
    LinkLost {
        /// Who.
        agent: AgentId,
        /// Which link; another one than the present is no news.
        session: SessionId,
    },
    /// `team.message`
    SendMessage {
        /// To whom; nobody named is everybody.
        team: Option<TeamId>,
        /// What.
        text: Sealed,
        /// Whether those who are signed in are to say that they have read it.
        acknowledge: bool,
    },
    /// `message.acknowledge`
    AcknowledgeMessage {
        /// Which.
        message: MessageId,
        /// By whom.
        agent: AgentId,
    },
    /// Another command, of which its giver wrote down more than a reason. Where it has nothing to change, there is nothing to note.
    Noted {
        /// What is to be done.
        command: Box<Command>,
        /// What was written.
        note: Sealed,
    },

    /// `queue.open`
    OpenQueue {
        /// Which.
        queue: QueueId,
    },
    /// `queue.drain`
    DrainQueue {
        /// Which.
        queue: QueueId,
    },
    /// `queue.close`
    CloseQueue {
        /// Which.
        queue: QueueId,
        /// Whether the calendar must not open it again.
        emergency: bool,
        /// What callers are told.
        message: Option<ReasonId>,
    },
    /// `queue.set_breaks`: until the queue's configuration changes.
    SetBreaks {
        /// Which.
        queue: QueueId,
        /// How many may be on a break.
        quota: BreakQuota,
    },

    /// A contact is here; with a queue it stands in it at once.
    Arrive {
        /// How it came.
        channel: Channel,
        /// Its number.
        from: Option<Number>,
        /// What is known about it.
        attributes: Option<Sealed>,
        /// Where it wants to go; none while it is still in a menu.
        entry: Option<Entry>,
    },
    /// It leaves the menu for a queue.
    Enqueue {
        /// Which contact.
        contact: ContactId,
        /// Where to.
        entry: Entry,
    },
    /// The caller hung up, at whatever stage.
    Abandon {
        /// Which contact.
        contact: ContactId,
    },
    /// `contact.reprioritise`
    Reprioritise {
        /// Which contact.
        contact: ContactId,
        /// 0 to 100, higher first.
        priority: u8,
    },
    /// `contact.move`: to another queue, with its place.
    Move {
        /// Which contact.
        contact: ContactId,
        /// Where to.
        queue: QueueId,
    },
    /// `contact.assign`: to this agent, whoever waits before it.
    Assign {
        /// Which contact.
        contact: ContactId,
        /// To whom.
        agent: AgentId,
    },

    /// `contact.request_callback`: the caller hangs up and keeps the place.
    RequestCallback {
        /// Which contact.
        contact: ContactId,
        /// Where to, if not where she called from.
        number: Option<Number>,
    },
    /// The dialled caller is there.
    AnswerCallback {
        /// Which contact.
        contact: ContactId,
    },
    /// The dialled caller was not reached.
    FailCallback {
        /// Which contact.
        contact: ContactId,
    },

    /// `offer.accept`
    Accept {
        /// Which offer.
        offer: OfferId,
        /// By whom.
        agent: AgentId,
    },
    /// `offer.reject`
    Reject {
        /// Which offer.
        offer: OfferId,
        /// By whom.
        agent: AgentId,
    },
    /// Her device could not ring or answer.
    FailOffer {
        /// Which offer.
        offer: OfferId,
        /// On whose device.
        agent: AgentId,
    },
    /// `contact.hold`
    Hold {
        /// Which contact.
        contact: ContactId,
        /// By whom.
        agent: AgentId,
    },
    /// `contact.resume`
    Resume {
        /// Which contact.
        contact: ContactId,
        /// By whom.
        agent: AgentId,
    },
    /// `contact.mute`
    Mute {
        /// Which contact.
        contact: ContactId,
        /// Who is not heard.
        agent: AgentId,
    },
    /// `contact.unmute`
    Unmute {
        /// Which contact.
        contact: ContactId,
        /// Who is heard again.
        agent: AgentId,
    },
    /// `contact.consult`: ask another agent while the caller is held.
    Consult {
        /// Which contact.
        contact: ContactId,
        /// By whom.
        agent: AgentId,
        /// Whom; of a queue, its longest idle free agent.
        to: TransferTarget,
    },
    /// `contact.conference`: the consulted agent and the caller hear each other.
    Conference {
        /// Which contact.
        contact: ContactId,
        /// By whom.
        agent: AgentId,
    },
    /// `contact.transfer`: blind to a queue or a free agent; attended if that agent is on it already.
    Transfer {
        /// Which contact.
        contact: ContactId,
        /// By whom.
        agent: AgentId,
        /// To whom.
        to: TransferTarget,
    },
    /// `contact.leave`: the others go on.
    Leave {
        /// Which contact.
        contact: ContactId,
        /// Who.
        agent: AgentId,
    },
    /// `contact.end`, by its owner.
    End {
        /// Which contact.
        contact: ContactId,
        /// By whom.
        agent: AgentId,
    },
    /// `wrapup.complete`
    CompleteWrapup {
        /// After which contact.
        contact: ContactId,
        /// Whose.
        agent: AgentId,
        /// The code; none takes the queue's default.
        code: Option<CodeId>,
        /// A note.
        note: Option<Sealed>,
    },
    /// `wrapup.extend`
    ExtendWrapup {
        /// After which contact.
        contact: ContactId,
        /// Whose.
        agent: AgentId,
    },
}

/// How a contact enters a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Which queue.
    pub queue: QueueId,
    /// 0 to 100, higher first.
    pub priority: u8,
    /// What it asks for beyond the queue's own conditions.
    pub skills: Vec<SkillCondition>,
    /// At least one of these, too, if there are any.
    pub any: Vec<SkillCondition>,
    /// Agents of these queues serve it too: one place in several queues.
    pub also: Vec<QueueId>,
    /// The agent for whom it should wait first.
    pub wanted: Option<AgentId>,
}

impl Entry {
    /// Into a queue, asking for nothing of its own.
    pub const fn plain(queue: QueueId) -> Self {
        Self { queue, priority: 0, skills: Vec::new(), any: Vec::new(), also: Vec::new(), wanted: None }
    }
}
