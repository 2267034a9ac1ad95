//! Everything that can happen on the floor. Stored for ever: payloads are arrays on disk, so fields are
//! only ever appended, with a default; a changed meaning is a new type number.

mod about;
mod personal;
#[macro_use]
mod table;

pub use personal::{Number, Sealed};

use crate::actor::Reason;
use crate::alert::{AlertLevel, AlertMeasure, AlertRule, AlertSubject};
use crate::configuration::{AgentConfig, HoursConfig, NotReadyReason, QueueConfig, SiteConfig};
use crate::contact::{ContactEnd, EndedBy, Role, SkillCondition, TransferKind, TransferTarget, VisitEnd};
use crate::figure::FigureSubject;
use crate::id::{
    AccountId, AgentId, AlertId, AlertRuleId, Channel, CodeId, ContactId, FigureId, LayoutId, MeasureId,
    MessageId, OfferId, PersonId, QueueId, ReasonId, ReportId, SeatId, SessionId, TeamId, VisitId,
};
use crate::time::{Instant, Millis};
use alloc::sync::Arc;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What follows the contact in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextState {
    /// Not ready, for this reason.
    NotReady(Reason),
    /// Signed out.
    SignedOut,
}

/// Why an offer is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferPurpose {
    /// The routing plan chose this agent.
    Queue,
    /// A leader chose this agent.
    Assigned,
    /// A blind transfer straight to this agent.
    Transfer,
    /// The owner asks this agent for advice.
    Consult,
}

events! {
    // ---- the engine itself
    /// The engine began to run on this log, once per start.
    0x0001 1 "engine.started" EngineStarted {
        /// How many times it has started.
        epoch: u32,
        /// The program's version.
        version: Arc<str>,
        /// Rehearsal: how many times faster than the wall its clock runs; 1 in service.
        clock_scale: u32,
    }
    /// The engine makes no more offers and takes no new contacts; it ends at `until` at the latest.
    0x0002 1 "engine.stopping" EngineStopping {
        /// When it ends, whoever still talks.
        until: Instant,
    }
    /// The machine stood still; deadlines passed unserved.
    0x0003 1 "clock.paused" ClockPaused {
        /// For how long.
        gap_ms: Millis,
    }
    /// The wall clock jumped; stamps are slewed towards it and never step back.
    0x0004 1 "clock.stepped" ClockStepped {
        /// By how much, in ms; negative is backwards.
        delta_ms: i64,
    }

    // ---- agents
    /// She sat down.
    0x0100 1 "agent.signed_in" AgentSignedIn {
        /// Who.
        agent: AgentId,
        /// Where.
        seat: SeatId,
    }
    /// She takes contacts.
    0x0101 1 "agent.ready" AgentReady {
        /// Who.
        agent: AgentId,
    }
    /// She takes none.
    0x0102 1 "agent.not_ready" AgentNotReady {
        /// Who.
        agent: AgentId,
        /// Why.
        reason: Reason,
        /// When an allowance for it ends, if it has one.
        allowed_until: Option<Instant>,
    }
    /// What will follow the contact in hand; nothing clears it.
    0x0103 1 "agent.next_state_set" AgentNextStateSet {
        /// Who.
        agent: AgentId,
        /// What follows.
        next: Option<NextState>,
    }
    /// She is gone.
    0x0104 1 "agent.signed_out" AgentSignedOut {
        /// Who.
        agent: AgentId,
        /// From where.
        seat: SeatId,
    }
    /// A client took up her link; an older one is replaced.
    0x0105 1 "agent.link_opened" AgentLinkOpened {
        /// Who.
        agent: AgentId,
        /// The link that counts from now on.
        session: SessionId,
        /// The link that no longer does.
        replaced: Option<SessionId>,
    }
    /// Her link is gone: she is routed around, and signed out at the stated time.
    0x0106 1 "agent.unreachable" AgentUnreachable {
        /// Who.
        agent: AgentId,
        /// When she is signed out, if she does not come back.
        sign_out_at: Instant,
    }
    /// Her link is back.
    0x0107 1 "agent.reachable" AgentReachable {
        /// Who.
        agent: AgentId,
    }
    /// She is spared for a moment after she declined.
    0x0108 1 "agent.resting" AgentResting {
        /// Who.
        agent: AgentId,
        /// Until when.
        until: Instant,
    }
    /// The moment is over.
    0x0109 1 "agent.rested" AgentRested {
        /// Who.
        agent: AgentId,
    }
    /// She asks for a break.
    0x010A 1 "agent.break_requested" AgentBreakRequested {
        /// Who.
        agent: AgentId,
        /// Which break.
        reason: Reason,
    }
    /// Someone decided about it, or she took the request back.
    0x010B 1 "agent.break_decided" AgentBreakDecided {
        /// Who asked.
        agent: AgentId,
        /// Which break.
        reason: Reason,
        /// Granted, or not.
        granted: bool,
    }
    /// The allowance is used up and she is still away.
    0x010C 1 "agent.break_overran" AgentBreakOverran {
        /// Who.
        agent: AgentId,
        /// Which not-ready reason.
        reason: Reason,
        /// The allowance.
        allowance_ms: Millis,
    }
    /// She asks a leader to come.
    0x010D 1 "agent.hand_raised" AgentHandRaised {
        /// Who.
        agent: AgentId,
        /// The contact in hand, if any.
        contact: Option<ContactId>,
    }
    /// Settled.
    0x010E 1 "agent.hand_lowered" AgentHandLowered {
        /// Whose.
        agent: AgentId,
    }
    /// A word from a leader to a team, or to all.
    0x010F 2 "team.messaged" TeamMessaged {
        /// To whom; nobody named is everybody.
        team: Option<TeamId>,
        /// What, sealed.
        text: Sealed,
        /// Its id: the number of this event; old logs do not say it.
        #[serde(default)]
        message: Option<MessageId>,
        /// Whether those addressed are to say that they have read it.
        #[serde(default)]
        acknowledge: bool,
        /// Who is: the agents of the team, or all, who were signed in. Nobody, unless they are to acknowledge it.
        #[serde(default)]
        addressed: Vec<AgentId>,
    }
    /// Her link has ended, and its lease with it.
    0x0110 1 "agent.link_closed" AgentLinkClosed {
        /// Who.
        agent: AgentId,
        /// Which link.
        session: SessionId,
    }
    /// She has read it.
    0x0120 1 "message.acknowledged" MessageAcknowledged {
        /// Which message.
        message: MessageId,
        /// Who.
        agent: AgentId,
    }
    /// Whoever did what the events before this one tell wrote down more than its reason.
    0x0121 1 "act.noted" ActNoted {
        /// The first event of the act.
        act: u64,
        /// What, sealed.
        note: Sealed,
    }

    // ---- queues
    /// Takes contacts.
    0x0200 1 "queue.opened" QueueOpened {
        /// Which.
        queue: QueueId,
    }
    /// Serves who waits, takes no more.
    0x0201 1 "queue.draining" QueueDraining {
        /// Which.
        queue: QueueId,
    }
    /// Closed; nobody waits.
    0x0202 2 "queue.closed" QueueClosed {
        /// Which.
        queue: QueueId,
        /// Whether it is an emergency: then the calendar does not open it again, a leader does.
        #[serde(default)]
        emergency: bool,
        /// What callers are told, if anything.
        #[serde(default)]
        message: Option<ReasonId>,
    }
    /// 延时服务: the last contact that waited when the doors closed has been served.
    0x0203 1 "queue.drained" QueueDrained {
        /// Which.
        queue: QueueId,
        /// When its doors closed.
        since: Instant,
        /// How long its agents stayed on for those who waited.
        overtime_ms: Millis,
    }
    /// A leader says how many may be on a break, until the queue's configuration changes.
    0x0204 1 "queue.breaks_set" QueueBreaksSet {
        /// Which.
        queue: QueueId,
        /// So many at once; none: as many as there are.
        at_most: Option<u32>,
        /// So many must stay ready; none: nobody has to. With neither a leader decides about each request.
        ready_at_least: Option<u32>,
    }

    // ---- contacts
    /// A contact is here.
    0x0300 1 "contact.arrived" ContactArrived {
        /// Its id: the number of this event.
        contact: ContactId,
        /// How it came.
        channel: Channel,
        /// Its number, if known.
        from: Option<Number>,
        /// What the door was told about it: a JSON object, sealed.
        attributes: Option<Sealed>,
    }
    /// It stands in a queue: the beginning of a visit.
    0x0301 2 "contact.queued" ContactQueued {
        /// Which contact.
        contact: ContactId,
        /// The visit: the number of this event.
        visit: VisitId,
        /// Which queue.
        queue: QueueId,
        /// Its priority, 0 to 100, higher first.
        priority: u8,
        /// What it asks for beyond the queue's own conditions.
        skills: Vec<SkillCondition>,
        /// Its place: earlier is served first (see `routing::order`).
        order: Instant,
        /// The queue's configuration version under which it waits.
        rule_version: u32,
        /// What else it asks for: at least one of these, if there are any.
        #[serde(default)]
        any: Vec<SkillCondition>,
        /// Agents of these queues serve it too: one place in several queues.
        #[serde(default)]
        also: Vec<QueueId>,
        /// For whom alone it waits at first.
        #[serde(default)]
        wanted: Option<AgentId>,
        /// Until when it does.
        #[serde(default)]
        wanted_until: Option<Instant>,
        /// How many stand before it (see `queue::estimate`).
        #[serde(default)]
        ahead: u32,
        /// The estimated wait; none if nobody serves.
        #[serde(default)]
        estimate_ms: Option<Millis>,
    }
    /// The visit is over.
    0x0302 1 "visit.ended" VisitEnded {
        /// Which contact.
        contact: ContactId,
        /// Which visit.
        visit: VisitId,
        /// Which queue.
        queue: QueueId,
        /// How.
        end: VisitEnd,
        /// How long it lasted.
        waited_ms: Millis,
    }
    /// Its priority and place changed.
    0x0303 1 "contact.reprioritised" ContactReprioritised {
        /// Which contact.
        contact: ContactId,
        /// The new priority.
        priority: u8,
        /// The new place.
        order: Instant,
    }
    /// Its visit goes on under other terms: a step of the plan, or for one agent, or no longer for her alone.
    0x0304 1 "visit.stepped" VisitStepped {
        /// Which contact.
        contact: ContactId,
        /// Which visit.
        visit: VisitId,
        /// Which queue.
        queue: QueueId,
        /// The step from now on; 0 is the queue's own terms.
        step: u16,
        /// Its priority from now on.
        priority: u8,
        /// Its place from now on.
        order: Instant,
        /// For whom alone it waits from now on.
        wanted: Option<AgentId>,
        /// Until when it does.
        wanted_until: Option<Instant>,
        /// Exits that could not be had when their time came, one bit each.
        exits_tried: u16,
    }
    /// A message is played to the caller, and the contact ends.
    0x0305 1 "contact.told" ContactTold {
        /// Which contact.
        contact: ContactId,
        /// Which message.
        message: ReasonId,
    }
    /// The caller may choose to be called back.
    0x0306 1 "callback.offered" CallbackOffered {
        /// Which contact.
        contact: ContactId,
        /// During which visit.
        visit: VisitId,
    }
    /// The caller hangs up and is called back in her turn.
    0x0307 1 "callback.requested" CallbackRequested {
        /// Which contact.
        contact: ContactId,
        /// Where to, if not where she called from.
        number: Option<Number>,
        /// Until when the promise holds.
        expires_at: Instant,
    }
    /// It is her turn and an agent has it: the caller is dialled.
    0x0308 1 "callback.dialled" CallbackDialled {
        /// Which contact.
        contact: ContactId,
        /// Who has it.
        agent: AgentId,
        /// Which attempt, from 1.
        attempt: u8,
        /// Until when it rings at the caller.
        dial_by: Instant,
    }
    /// The caller is there.
    0x0309 1 "callback.answered" CallbackAnswered {
        /// Which contact.
        contact: ContactId,
    }
    /// She was not reached.
    0x030A 1 "callback.failed" CallbackFailed {
        /// Which contact.
        contact: ContactId,
        /// Which attempt.
        attempt: u8,
        /// When it is her turn again; none: that was the last attempt.
        retry_at: Option<Instant>,
    }
    /// It is her turn again, in the place that she had.
    0x030B 1 "callback.due" CallbackDue {
        /// Which contact.
        contact: ContactId,
    }
    /// An agent is on it.
    0x0310 1 "contact.connected" ContactConnected {
        /// Which contact.
        contact: ContactId,
        /// Who.
        agent: AgentId,
        /// As what.
        role: Role,
        /// Through which offer.
        offer: OfferId,
    }
    /// The caller (or, from a consulted agent, the owner) listens to music.
    0x0311 1 "contact.held" ContactHeld {
        /// Which contact.
        contact: ContactId,
        /// Who holds.
        agent: AgentId,
    }
    /// And talks again.
    0x0312 1 "contact.resumed" ContactResumed {
        /// Which contact.
        contact: ContactId,
        /// Who resumed.
        agent: AgentId,
    }
    /// An agent on it plays another part from now on.
    0x0313 1 "contact.role_changed" ContactRoleChanged {
        /// Which contact.
        contact: ContactId,
        /// Who.
        agent: AgentId,
        /// As what.
        role: Role,
    }
    /// An agent is no longer on it.
    0x0314 1 "contact.left" ContactLeft {
        /// Which contact.
        contact: ContactId,
        /// Who.
        agent: AgentId,
        /// As what she had been on it.
        role: Role,
    }
    /// The owner gave it on.
    0x0315 1 "contact.transferred" ContactTransferred {
        /// Which contact.
        contact: ContactId,
        /// Who gave it.
        agent: AgentId,
        /// To whom.
        to: TransferTarget,
        /// How.
        kind: TransferKind,
    }
    /// It is over.
    0x0316 1 "contact.ended" ContactEnded {
        /// Which contact.
        contact: ContactId,
        /// How.
        end: ContactEnd,
        /// By whom.
        by: EndedBy,
    }

    /// Whoever else is on it does not hear her.
    0x0317 1 "contact.muted" ContactMuted {
        /// Which contact.
        contact: ContactId,
        /// Who.
        agent: AgentId,
    }
    /// And hears her again.
    0x0318 1 "contact.unmuted" ContactUnmuted {
        /// Which contact.
        contact: ContactId,
        /// Who.
        agent: AgentId,
    }

    // ---- offers
    /// A contact is offered to an agent, who is reserved for it until the deadline.
    0x0320 2 "offer.created" OfferCreated {
        /// Its id: the number of this event.
        offer: OfferId,
        /// Which contact.
        contact: ContactId,
        /// During which visit, if it waits.
        visit: Option<VisitId>,
        /// For which queue, if one.
        queue: Option<QueueId>,
        /// To whom.
        agent: AgentId,
        /// Why.
        purpose: OfferPurpose,
        /// Until when she may accept.
        answer_by: Instant,
        /// The queue's configuration version that chose.
        rule_version: u32,
        /// The step of the plan.
        step: u16,
        /// Her place among the candidates, from 1.
        rank: u32,
        /// How many could have been chosen.
        candidates: u32,
        /// Digest of who they were and since when they were idle (see `routing::pool`).
        digest: u64,
        /// Whether it waited for her alone.
        #[serde(default)]
        wanted: bool,
    }
    /// She took it.
    0x0321 1 "offer.accepted" OfferAccepted {
        /// Which offer.
        offer: OfferId,
        /// Of which contact.
        contact: ContactId,
        /// To whom.
        agent: AgentId,
    }
    /// She declined.
    0x0322 1 "offer.rejected" OfferRejected {
        /// Which offer.
        offer: OfferId,
        /// Of which contact.
        contact: ContactId,
        /// To whom.
        agent: AgentId,
    }
    /// It rang out (RONA).
    0x0323 1 "offer.timed_out" OfferTimedOut {
        /// Which offer.
        offer: OfferId,
        /// Of which contact.
        contact: ContactId,
        /// To whom.
        agent: AgentId,
    }
    /// We took it back.
    0x0324 1 "offer.rescinded" OfferRescinded {
        /// Which offer.
        offer: OfferId,
        /// Of which contact.
        contact: ContactId,
        /// To whom.
        agent: AgentId,
    }
    /// The caller left while it rang.
    0x0325 1 "offer.cancelled" OfferCancelled {
        /// Which offer.
        offer: OfferId,
        /// Of which contact.
        contact: ContactId,
        /// To whom.
        agent: AgentId,
    }
    /// Her device or network failed.
    0x0326 1 "offer.failed" OfferFailed {
        /// Which offer.
        offer: OfferId,
        /// Of which contact.
        contact: ContactId,
        /// To whom.
        agent: AgentId,
    }

    // ---- wrap-up
    /// The work after the conversation begins.
    0x0330 1 "wrapup.started" WrapupStarted {
        /// After which contact.
        contact: ContactId,
        /// Whose.
        agent: AgentId,
        /// In which queue's terms.
        queue: QueueId,
        /// When the engine ends it.
        ends_at: Instant,
    }
    /// She needs longer.
    0x0331 1 "wrapup.extended" WrapupExtended {
        /// After which contact.
        contact: ContactId,
        /// Whose.
        agent: AgentId,
        /// When the engine ends it now.
        ends_at: Instant,
    }
    /// Done.
    0x0332 1 "wrapup.completed" WrapupCompleted {
        /// After which contact.
        contact: ContactId,
        /// Whose.
        agent: AgentId,
        /// In which queue's terms.
        queue: QueueId,
        /// The code.
        code: CodeId,
        /// Whether the timer wrote the default code.
        by_default: bool,
        /// A note, sealed.
        note: Option<Sealed>,
    }

    // ---- figures that people enter
    /// Something that no event tells is known: a survey, a cost, an exam, a head count. Entered again for the same measure,
    /// subject and span it stands at the newer value.
    0x0400 1 "figure.entered" FigureEntered {
        /// Its id: the number of this event.
        figure: FigureId,
        /// What it counts.
        measure: MeasureId,
        /// Of whom.
        subject: FigureSubject,
        /// From when.
        from: Instant,
        /// To when, that moment not included.
        to: Instant,
        /// What it came to, in the measure's unit.
        value: i64,
        /// The figure that no longer stands: it was about another measure, subject or span by mistake.
        replaces: Option<FigureId>,
    }
    /// An entered figure no longer stands: what it was about is not known.
    0x0401 1 "figure.withdrawn" FigureWithdrawn {
        /// Which.
        figure: FigureId,
    }

    // ---- reports
    /// The report of a period is what it is from now on: it can be made again of the log, and comes to the same bytes.
    0x0410 1 "report.frozen" ReportFrozen {
        /// Its id: the number of this event.
        report: ReportId,
        /// By which layout.
        layout: LayoutId,
        /// In which version.
        version: u32,
        /// By which zone's clocks.
        zone: Arc<str>,
        /// Where its period begins.
        from: Instant,
        /// Where it ends.
        to: Instant,
        /// The last event of the log that it stands on.
        up_to: u64,
        /// BLAKE3 of its canonical bytes.
        #[serde(with = "crate::bytes")]
        digest: [u8; 32],
        /// By which formulas, each as `id@version`.
        formulas: Vec<Arc<str>>,
        /// Until when it is to be submitted.
        due_at: Instant,
        /// Whose place it takes.
        revises: Option<ReportId>,
        /// Who had it frozen; none: it was time.
        by: Option<AccountId>,
    }
    /// Somebody answers for it.
    0x0411 1 "report.submitted" ReportSubmitted {
        /// Which report.
        report: ReportId,
        /// Who: its author.
        account: AccountId,
    }
    /// Somebody else agrees.
    0x0412 1 "report.approved" ReportApproved {
        /// Which report.
        report: ReportId,
        /// Who.
        account: AccountId,
    }
    /// Somebody else wants it looked at again.
    0x0413 1 "report.returned" ReportReturned {
        /// Which report.
        report: ReportId,
        /// Who.
        account: AccountId,
        /// Why, as a slug.
        why: ReasonId,
    }

    // ---- alerts
    /// Something has been as a rule says that it should not be.
    0x0420 1 "alert.raised" AlertRaised {
        /// Its id: the number of this event.
        alert: AlertId,
        /// By which rule.
        rule: AlertRuleId,
        /// In which version.
        version: u32,
        /// How bad.
        level: AlertLevel,
        /// About what.
        about: AlertSubject,
        /// What was measured.
        measure: AlertMeasure,
        /// What it came to, in the measure's unit.
        value: i64,
        /// What it should not have come to.
        limit: i64,
    }
    /// It is worse, or better, and not over. Of one that is worse nobody has taken notice yet.
    0x0421 1 "alert.changed" AlertChanged {
        /// Which.
        alert: AlertId,
        /// By which rule.
        rule: AlertRuleId,
        /// About what.
        about: AlertSubject,
        /// How bad from now on.
        level: AlertLevel,
        /// What was measured, in the measure's unit.
        value: i64,
        /// What it should not have come to.
        limit: i64,
    }
    /// Somebody has taken notice, and looks after it.
    0x0422 1 "alert.acknowledged" AlertAcknowledged {
        /// Which.
        alert: AlertId,
        /// By which rule.
        rule: AlertRuleId,
        /// About what.
        about: AlertSubject,
        /// Who.
        account: AccountId,
        /// A note, sealed.
        note: Option<Sealed>,
    }
    /// It is as it should be again.
    0x0423 1 "alert.resolved" AlertResolved {
        /// Which.
        alert: AlertId,
        /// By which rule.
        rule: AlertRuleId,
        /// About what.
        about: AlertSubject,
        /// What was measured, in the measure's unit; none: there is nothing to measure any more.
        value: Option<i64>,
    }

    // ---- configuration, accounts, access
    /// A queue's configuration from now on.
    0xF001 3 "config.queue_applied" QueueApplied {
        /// All of it.
        queue: QueueConfig,
        /// Counts from 1 per queue.
        version: u32,
    }
    /// An agent's configuration from now on.
    0xF002 2 "config.agent_applied" AgentApplied {
        /// All of it.
        agent: AgentConfig,
        /// Counts from 1 per agent.
        version: u32,
    }
    /// A not-ready reason from now on.
    0xF003 2 "config.reason_applied" ReasonApplied {
        /// All of it.
        reason: NotReadyReason,
    }
    /// The site's own settings from now on.
    0xF004 2 "config.site_applied" SiteApplied {
        /// All of them.
        site: SiteConfig,
    }
    /// When a queue is open, from now on.
    0xF005 1 "config.hours_applied" HoursApplied {
        /// All of them.
        hours: HoursConfig,
    }
    /// A rule for alerts from now on.
    0xF006 1 "config.alert_applied" AlertRuleApplied {
        /// All of it.
        rule: AlertRule,
        /// Counts from 1 per rule.
        version: u32,
    }
    /// An account changed; what it now is stands in the vault.
    0xF010 1 "account.changed" AccountChanged {
        /// Which.
        account: AccountId,
        /// What was done, as a slug: `created`, `password_set`, `disabled`, …
        what: ReasonId,
    }
    /// A person's key was destroyed.
    0xF011 1 "person.erased" PersonErased {
        /// Whose.
        person: PersonId,
    }
    /// Someone looked at a personal value outside her own work.
    0xF012 1 "access.unmasked" AccessUnmasked {
        /// Who looked.
        account: AccountId,
        /// At which contact.
        contact: ContactId,
    }
}
