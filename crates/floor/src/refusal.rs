//! The answers that say no. Each has a code for programs, a sentence for people, and says whether the
//! same command may succeed later without being changed.

use crate::id::{
    AccountId, AgentId, AlertId, AlertRuleId, CodeId, ContactId, MessageId, OfferId, QueueId, ReasonId,
    ReportId, SeatId,
};
use core::fmt;

/// Why an offer can no longer be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferEnd {
    /// She took it.
    Accepted,
    /// She declined.
    Rejected,
    /// It rang out.
    TimedOut,
    /// We withdrew it.
    Rescinded,
    /// The caller left.
    Cancelled,
    /// Device or network.
    Failed,
}

/// A no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such agent, or no longer.
    UnknownAgent(AgentId),
    /// No such queue, or no longer.
    UnknownQueue(QueueId),
    /// No such contact: never was, or ended longer ago than the site keeps.
    UnknownContact(ContactId),
    /// No such offer: never was, or ended longer ago than the site keeps.
    UnknownOffer(OfferId),
    /// Not among the configured not-ready reasons.
    UnknownReason(ReasonId),
    /// Not among the queue's wrap-up codes.
    UnknownCode(CodeId),
    /// She must sign in first.
    NotSignedIn(AgentId),
    /// She is signed in, at another seat.
    SignedInElsewhere(AgentId, SeatId),
    /// Another agent sits there.
    SeatTaken(SeatId, AgentId),
    /// The offer is another agent's.
    NotYourOffer(OfferId),
    /// The offer is over; how.
    OfferOver(OfferId, OfferEnd),
    /// The contact is over.
    ContactOver(ContactId),
    /// She is not on that contact.
    NotOnContact(ContactId, AgentId),
    /// Only its owner may.
    NotOwner(ContactId, AgentId),
    /// It does not wait in a queue.
    NotWaiting(ContactId),
    /// It has left the menu already.
    NotInMenu(ContactId),
    /// She has no wrap-up after that contact.
    NotInWrapup(ContactId, AgentId),
    /// It has been extended as often as the queue allows.
    NoExtensionLeft(ContactId),
    /// A break is asked for, not taken.
    BreakNeedsRequest(ReasonId),
    /// That reason is no break.
    NotABreak(ReasonId),
    /// She has not asked.
    NoBreakRequested(AgentId),
    /// She could not take it now: not ready, unreachable, or her hands are full.
    AgentNotFree(AgentId),
    /// Nobody of the queue is free.
    NobodyFree(QueueId),
    /// Someone is consulted on it already.
    AlreadyConsulting(ContactId),
    /// Nobody is consulted on it.
    NotConsulting(ContactId),
    /// The owner cannot leave a caller alone: end it or transfer it.
    WouldStrandCaller(ContactId),
    /// A contact cannot be given to whom it comes from.
    ToHerself(AgentId),
    /// The queue takes nobody now.
    QueueClosed(QueueId),
    /// As many wait as may.
    QueueFull(QueueId, u32),
    /// Its queue calls nobody back.
    NoCallback(ContactId),
    /// The caller is not being dialled.
    NotDialled(ContactId),
    /// The caller is still being dialled: there is nobody to hold, or to give on.
    StillDialling(ContactId),
    /// Callers who came in time still wait: she stays until they are served, or a leader signs her out.
    StillWaiting(QueueId),
    /// No such report: never frozen, or so long ago that only the log knows it.
    UnknownReport(ReportId),
    /// Another one took its place.
    ReportRevised(ReportId, ReportId),
    /// Somebody else has submitted it.
    ReportSubmitted(ReportId, AccountId),
    /// Nobody has submitted it.
    NotSubmitted(ReportId),
    /// It is approved, and stays so.
    ReportApproved(ReportId),
    /// Nobody approves or returns what she submitted herself.
    OwnReport(ReportId, AccountId),
    /// No message asks for an acknowledgement under this id, or it did so long ago.
    UnknownMessage(MessageId),
    /// She was not there when it was sent, or it went to another team.
    NotAddressed(MessageId, AgentId),
    /// No rule for alerts of that name is in use.
    UnknownAlertRule(AlertRuleId),
    /// No such alert, or it is over.
    UnknownAlert(AlertId),
    /// The engine is about to stop.
    Stopping,
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
    /// The configuration still leans on it.
    InUse {
        /// What.
        what: &'static str,
        /// By what.
        by: &'static str,
    },
}

impl Refusal {
    /// The code for programs; never changes once given.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownAgent(_) => "unknown_agent",
            Self::UnknownQueue(_) => "unknown_queue",
            Self::UnknownContact(_) => "unknown_contact",
            Self::UnknownOffer(_) => "unknown_offer",
            Self::UnknownReason(_) => "unknown_reason",
            Self::UnknownCode(_) => "unknown_code",
            Self::NotSignedIn(_) => "not_signed_in",
            Self::SignedInElsewhere(..) => "signed_in_elsewhere",
            Self::SeatTaken(..) => "seat_taken",
            Self::NotYourOffer(_) => "not_your_offer",
            Self::OfferOver(_, end) => match end {
                OfferEnd::Accepted => "offer_accepted",
                OfferEnd::Rejected => "offer_rejected",
                OfferEnd::TimedOut => "offer_expired",
                OfferEnd::Rescinded => "offer_rescinded",
                OfferEnd::Cancelled => "offer_cancelled",
                OfferEnd::Failed => "offer_failed",
            },
            Self::ContactOver(_) => "contact_ended",
            Self::NotOnContact(..) => "not_on_contact",
            Self::NotOwner(..) => "not_owner",
            Self::NotWaiting(_) => "not_waiting",
            Self::NotInMenu(_) => "not_in_menu",
            Self::NotInWrapup(..) => "not_in_wrapup",
            Self::NoExtensionLeft(_) => "no_extension_left",
            Self::BreakNeedsRequest(_) => "break_needs_request",
            Self::NotABreak(_) => "not_a_break",
            Self::NoBreakRequested(_) => "no_break_requested",
            Self::AgentNotFree(_) => "agent_not_free",
            Self::NobodyFree(_) => "nobody_free",
            Self::AlreadyConsulting(_) => "already_consulting",
            Self::NotConsulting(_) => "not_consulting",
            Self::WouldStrandCaller(_) => "would_strand_caller",
            Self::ToHerself(_) => "to_herself",
            Self::QueueClosed(_) => "queue_closed",
            Self::QueueFull(..) => "queue_full",
            Self::NoCallback(_) => "no_callback",
            Self::NotDialled(_) => "not_dialled",
            Self::StillDialling(_) => "still_dialling",
            Self::StillWaiting(_) => "still_waiting",
            Self::UnknownReport(_) => "unknown_report",
            Self::ReportRevised(..) => "report_revised",
            Self::ReportSubmitted(..) => "report_submitted",
            Self::NotSubmitted(_) => "not_submitted",
            Self::ReportApproved(_) => "report_approved",
            Self::OwnReport(..) => "own_report",
            Self::UnknownMessage(_) => "unknown_message",
            Self::NotAddressed(..) => "not_addressed",
            Self::UnknownAlertRule(_) => "unknown_alert_rule",
            Self::UnknownAlert(_) => "unknown_alert",
            Self::Stopping => "stopping",
            Self::OverLimit { .. } => "over_limit",
            Self::Invalid { .. } => "invalid",
            Self::InUse { .. } => "in_use",
        }
    }

    /// Whether the same command may succeed later, unchanged.
    pub const fn retryable(&self) -> bool {
        matches!(
            self,
            Self::AgentNotFree(_)
                | Self::NobodyFree(_)
                | Self::QueueClosed(_)
                | Self::QueueFull(..)
                | Self::SeatTaken(..)
                | Self::StillDialling(_)
                | Self::StillWaiting(_)
                | Self::Stopping
        )
    }

    /// Whether it names a thing that is not there.
    pub const fn is_unknown(&self) -> bool {
        matches!(
            self,
            Self::UnknownAgent(_)
                | Self::UnknownQueue(_)
                | Self::UnknownContact(_)
                | Self::UnknownOffer(_)
                | Self::UnknownReport(_)
                | Self::UnknownMessage(_)
                | Self::UnknownAlertRule(_)
                | Self::UnknownAlert(_)
        )
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownAgent(agent) => write!(out, "no agent {agent} is configured"),
            Self::UnknownQueue(queue) => write!(out, "no queue {queue} is configured"),
            Self::UnknownContact(contact) => {
                write!(out, "no contact {contact} is on the floor; an ended one is in the log")
            }
            Self::UnknownOffer(offer) => {
                write!(out, "no offer {offer} is on the floor; an ended one is in the log")
            }
            Self::UnknownReason(reason) => write!(out, "no not-ready reason {reason} is configured"),
            Self::UnknownCode(code) => write!(out, "{code} is not among the queue's wrap-up codes"),
            Self::NotSignedIn(agent) => write!(out, "agent {agent} is not signed in"),
            Self::SignedInElsewhere(agent, seat) => {
                write!(out, "agent {agent} is signed in at seat {seat}; sign out there first")
            }
            Self::SeatTaken(seat, agent) => write!(out, "agent {agent} sits at seat {seat}"),
            Self::NotYourOffer(offer) => write!(out, "{offer} was made to another agent"),
            Self::OfferOver(offer, end) => write!(
                out,
                "{offer} is over: {}",
                match end {
                    OfferEnd::Accepted => "it was accepted",
                    OfferEnd::Rejected => "it was rejected",
                    OfferEnd::TimedOut => "it rang out",
                    OfferEnd::Rescinded => "it was withdrawn",
                    OfferEnd::Cancelled => "the caller left",
                    OfferEnd::Failed => "the agent's device or network failed",
                }
            ),
            Self::ContactOver(contact) => write!(out, "{contact} has ended"),
            Self::NotOnContact(contact, agent) => write!(out, "agent {agent} is not on {contact}"),
            Self::NotOwner(contact, agent) => write!(out, "agent {agent} does not own {contact}"),
            Self::NotWaiting(contact) => write!(out, "{contact} does not wait in a queue"),
            Self::NotInMenu(contact) => write!(out, "{contact} has left the menu already"),
            Self::NotInWrapup(contact, agent) => write!(out, "agent {agent} has no wrap-up after {contact}"),
            Self::NoExtensionLeft(contact) => {
                write!(out, "the wrap-up after {contact} was extended as often as its queue allows")
            }
            Self::BreakNeedsRequest(reason) => {
                write!(out, "{reason} is a break: ask with agent.request_break")
            }
            Self::NotABreak(reason) => write!(out, "{reason} is no break: take it with agent.set_state"),
            Self::NoBreakRequested(agent) => write!(out, "agent {agent} has not asked for a break"),
            Self::AgentNotFree(agent) => write!(out, "agent {agent} cannot take a contact now"),
            Self::NobodyFree(queue) => write!(out, "nobody of queue {queue} is free"),
            Self::AlreadyConsulting(contact) => write!(out, "someone is consulted on {contact} already"),
            Self::NotConsulting(contact) => write!(out, "nobody is consulted on {contact}"),
            Self::WouldStrandCaller(contact) => {
                write!(out, "nobody else is on {contact}: end or transfer it")
            }
            Self::ToHerself(agent) => write!(out, "agent {agent} has it already"),
            Self::QueueClosed(queue) => write!(out, "queue {queue} takes no contacts now"),
            Self::QueueFull(queue, limit) => {
                write!(out, "{limit} contacts wait in queue {queue}, as many as may")
            }
            Self::NoCallback(contact) => {
                write!(out, "the queue of {contact} calls nobody back, or it waits for a callback already")
            }
            Self::NotDialled(contact) => write!(out, "the caller of {contact} is not being dialled"),
            Self::StillDialling(contact) => write!(out, "the caller of {contact} is still being dialled"),
            Self::StillWaiting(queue) => {
                write!(
                    out,
                    "callers still wait in {queue}, which has closed its doors; a leader may sign you out"
                )
            }
            Self::UnknownReport(report) => {
                write!(out, "no report {report} is remembered; one that was frozen long ago is in the log")
            }
            Self::ReportRevised(report, by) => write!(out, "{report} was revised: {by} took its place"),
            Self::ReportSubmitted(report, author) => {
                write!(out, "{report} was submitted by {author} already")
            }
            Self::NotSubmitted(report) => write!(out, "nobody has submitted {report} yet"),
            Self::ReportApproved(report) => {
                write!(out, "{report} is approved; freeze a revision of it if it is wrong")
            }
            Self::OwnReport(report, author) => {
                write!(out, "{author} submitted {report}: somebody else has to approve or return it")
            }
            Self::UnknownMessage(message) => write!(
                out,
                "no message {message} asks for an acknowledgement; one that was sent long ago is in the log"
            ),
            Self::NotAddressed(message, agent) => {
                write!(out, "{message} was not sent to agent {agent}, who need not acknowledge it")
            }
            Self::UnknownAlertRule(rule) => write!(out, "no rule {rule} for alerts is in use"),
            Self::UnknownAlert(alert) => {
                write!(out, "no alert {alert} is open; one that was resolved is in the log")
            }
            Self::Stopping => out.write_str("the engine is about to stop"),
            Self::OverLimit { what, value, limit } => {
                write!(out, "{what} is {value}; at most {limit} is allowed")
            }
            Self::Invalid { what, why } => write!(out, "{what}: {why}"),
            Self::InUse { what, by } => write!(out, "{what} is in use by {by}"),
        }
    }
}

impl core::error::Error for Refusal {}
