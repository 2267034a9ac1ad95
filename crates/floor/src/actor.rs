//! Who did it, why, and at whose command: what every event carries besides its content.

use crate::id::{AccountId, AgentId, GatewayId, ReasonId, RuleId};
use alloc::sync::Arc;
use serde::{Deserialize, Serialize};

/// Who acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// An agent, for herself.
    Agent(AgentId),
    /// A leader, with authority over others.
    Leader(AccountId),
    /// Any other account: an integrator, an administrator.
    Account(AccountId),
    /// A gateway to real calls.
    Gateway(GatewayId),
    /// A rule of the system, in this version.
    System(RuleId, u32),
}

impl Actor {
    /// One of the system's own rules.
    pub const fn system(rule: &'static str) -> Self {
        Self::System(RuleId::fixed(rule), 1)
    }
}

/// Why it was done: a number and a slug. Numbers below 1000 are the system's own (see [`reasons`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reason {
    /// Number, stable for ever.
    pub number: u16,
    /// Slug, for people.
    pub slug: ReasonId,
}

impl Reason {
    const fn own(number: u16, slug: &'static str) -> Self {
        Self { number, slug: ReasonId::fixed(slug) }
    }

    /// Whether the system, not the customer, defined it.
    pub const fn is_own(&self) -> bool {
        self.number < reasons::CUSTOMER_FROM
    }
}

/// The system's own reasons. A number is never given twice, also not after its reason is gone.
pub mod reasons {
    use super::Reason;

    /// The customer's reasons begin here.
    pub const CUSTOMER_FROM: u16 = 1000;
    /// Not ready because she has only just signed in.
    pub const SIGNED_IN: Reason = Reason::own(1, "signed_in");
    /// An offer rang out (RONA).
    pub const NO_ANSWER: Reason = Reason::own(2, "no_answer");
    /// The link is gone and its lease has ended.
    pub const LINK_LOST: Reason = Reason::own(3, "link_lost");
    /// The engine started anew; links must come back first.
    pub const RESTARTED: Reason = Reason::own(4, "restarted");
    /// The engine is about to stop.
    pub const STOPPING: Reason = Reason::own(5, "stopping");
    /// The machine stood still past a deadline.
    pub const MACHINE_PAUSED: Reason = Reason::own(6, "machine_paused");
    /// A leader forced the state.
    pub const FORCED: Reason = Reason::own(7, "forced");
    /// She changed her own state while it rang.
    pub const STATE_CHANGED: Reason = Reason::own(8, "state_changed");
    /// The caller left.
    pub const CALLER_LEFT: Reason = Reason::own(9, "caller_left");
    /// A leader took the contact elsewhere.
    pub const REASSIGNED: Reason = Reason::own(10, "reassigned");
    /// The queue was closed.
    pub const QUEUE_CLOSED: Reason = Reason::own(11, "queue_closed");
    /// A direct transfer or assignment did not reach its agent; back to the queue, in the old place.
    pub const NOT_REACHED: Reason = Reason::own(12, "not_reached");
    /// The time given for it is over.
    pub const TIMER: Reason = Reason::own(13, "timer");
    /// The configuration no longer has it.
    pub const RETIRED: Reason = Reason::own(14, "retired");
    /// A break that was asked for and granted.
    pub const BREAK_GRANTED: Reason = Reason::own(15, "break_granted");
    /// The state that was to follow the contact.
    pub const NEXT_STATE: Reason = Reason::own(16, "next_state");
    /// The conversation went on without her.
    pub const CONTACT_ENDED: Reason = Reason::own(17, "contact_ended");
    /// The device of the offered agent failed.
    pub const DEVICE_FAILED: Reason = Reason::own(18, "device_failed");

    /// She declined and gave no reason.
    pub const DECLINED: Reason = Reason::own(19, "declined");
    /// Another agent was faster (ring all).
    pub const TAKEN: Reason = Reason::own(20, "taken");
    /// The guard interval after becoming ready.
    pub const GUARD: Reason = Reason::own(21, "guard");
    /// It had waited as long as the plan says.
    pub const WAITED: Reason = Reason::own(22, "waited");
    /// Too few agents who fit are here, or ready.
    pub const NO_STAFF: Reason = Reason::own(23, "no_staff");
    /// Too many wait.
    pub const CROWDED: Reason = Reason::own(24, "crowded");
    /// The wait would be too long.
    pub const LONG_WAIT: Reason = Reason::own(25, "long_wait");
    /// The calendar.
    pub const HOURS: Reason = Reason::own(26, "hours");
    /// Everyone who waited when the doors closed has been served.
    pub const DRAINED: Reason = Reason::own(27, "drained");
    /// The agent for whom it waited is away, or its time for her is over.
    pub const NOT_HAD: Reason = Reason::own(28, "not_had");
    /// The caller did not answer when she was called back.
    pub const NOT_ANSWERED: Reason = Reason::own(29, "not_answered");
    /// The promise to call back no longer holds.
    pub const EXPIRED: Reason = Reason::own(30, "expired");
    /// The break quota allows it.
    pub const QUOTA: Reason = Reason::own(31, "quota");

    // ---- history: facts that were not decided here, but written over from another system's recording
    /// The recording says so.
    pub const IMPORTED: Reason = Reason::own(60, "imported");
    /// The recording does not say so, but what it says could not be true without it.
    pub const INFERRED: Reason = Reason::own(61, "inferred");
    /// The recording ends here, and does not say how it went on.
    pub const RECORDING_ENDED: Reason = Reason::own(62, "recording_ended");
    /// The recording says so, and that the caller gave up as she came into the queue.
    pub const ON_QUEUE_ENTRY: Reason = Reason::own(63, "on_queue_entry");

    /// Every reason of the system, for registries and pages.
    pub const ALL: [Reason; 35] = [
        SIGNED_IN,
        NO_ANSWER,
        LINK_LOST,
        RESTARTED,
        STOPPING,
        MACHINE_PAUSED,
        FORCED,
        STATE_CHANGED,
        CALLER_LEFT,
        REASSIGNED,
        QUEUE_CLOSED,
        NOT_REACHED,
        TIMER,
        RETIRED,
        BREAK_GRANTED,
        NEXT_STATE,
        CONTACT_ENDED,
        DEVICE_FAILED,
        DECLINED,
        TAKEN,
        GUARD,
        WAITED,
        NO_STAFF,
        CROWDED,
        LONG_WAIT,
        HOURS,
        DRAINED,
        NOT_HAD,
        NOT_ANSWERED,
        EXPIRED,
        QUOTA,
        IMPORTED,
        INFERRED,
        RECORDING_ENDED,
        ON_QUEUE_ENTRY,
    ];
}

/// The command behind an event: whose, which, and a keyed digest of what it said before sealing, so
/// that the same id with another content is told apart from a repeat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The account whose command ids these are.
    pub account: AccountId,
    /// The id that the client gave, short.
    pub command: Arc<str>,
    /// Keyed digest of the command in clear; 0 where no client gave an id.
    pub digest: u64,
}

/// A command with who gives it and why: what the door hands in.
#[derive(Clone, Debug)]
pub struct Submission<C> {
    /// Who asks.
    pub actor: Actor,
    /// The client's command id, if it has one.
    pub cause: Option<Cause>,
    /// Why, where the giver said so.
    pub reason: Option<Reason>,
    /// What.
    pub command: C,
}

impl<C> Submission<C> {
    /// A command of the system itself.
    pub const fn system(rule: &'static str, command: C) -> Self {
        Self { actor: Actor::system(rule), cause: None, reason: None, command }
    }

    /// The same in other words: whoever holds several desks takes each one's wishes.
    pub fn map<D>(self, command: impl FnOnce(C) -> D) -> Submission<D> {
        let Self { actor, cause, reason, command: what } = self;
        Submission { actor, cause, reason, command: command(what) }
    }
}
