//! 座席. Her presence, what is in her hands, and whether she is free.
//!
//! ```text
//!   signed_out ──sign_in──▶ not_ready(reason) ◀──set_state──▶ ready
//!       ▲                        │                              │
//!       └────────────────────────┴── sign_out (after the hands are empty: next) ──
//!
//!   hands:  reserved ──accept──▶ connected ⇄ held ──end──▶ wrap_up ──▶ (gone)
//!              └─ reject, ring out, rescind, cancel, fail ─▶ (gone)
//! ```
//! Presence and hands are apart: "busy" and "free" are derived, so neither can contradict the other.

mod absence;
mod breaks;
mod guards;
mod hand;
mod link;
mod presence;

use crate::actor::Reason;
use crate::agent::breaks::Counted;
use crate::configuration::AgentConfig;
use crate::contact::Role;
use crate::event::NextState;
use crate::id::{Channel, ContactId, OfferId, SeatId, SessionId};
use crate::queue::QueueIx;
use crate::routing::Placed;
use crate::routing::pool::Membership;
use crate::time::Instant;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// An agent's place in the floor's table; agents keep theirs for ever.
pub type AgentIx = u32;

/// Whether she is here and takes contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Not here.
    SignedOut,
    /// Here, takes none.
    NotReady(Reason),
    /// Here, takes contacts.
    Ready,
}

/// What she does with a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// Reserved by a live offer.
    Reserved(OfferId),
    /// On it.
    Connected,
    /// Has put the caller on hold.
    Held,
    /// Work after it.
    WrapUp {
        /// In whose terms.
        queue: QueueIx,
        /// When the engine ends it.
        ends_at: Instant,
        /// How often it was extended.
        extended: u8,
    },
}

/// A contact in her hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Which.
    pub contact: ContactId,
    /// As what.
    pub role: Role,
    /// How far.
    pub hold: Hold,
    /// Its channel.
    pub channel: Channel,
    /// Since when.
    pub since: Instant,
    /// When she came onto it; none while it only rings.
    pub connected_at: Option<Instant>,
    /// Whether she has muted herself on it.
    pub muted: bool,
}

impl Assignment {
    /// Whether it is the work after a contact.
    pub const fn is_wrapup(&self) -> bool {
        matches!(self.hold, Hold::WrapUp { .. })
    }
}

/// What she has done since she signed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// When she did.
    pub since: Instant,
    /// Contacts taken as owner.
    pub taken: u32,
    /// In conversation, over finished ones.
    pub talk_ms: u64,
    /// With anything in hand, ringing apart, up to the last time that her hands became empty.
    pub busy_ms: u64,
    /// Since when there is something in her hands.
    pub busy_since: Option<Instant>,
    /// Share of the time since she signed in that was busy, in millionths, when her hands last became empty or she
    /// last became ready.
    pub occupancy_ppm: u32,
    /// The number of her last offer, of whatever queue.
    pub last_offer: u64,
    /// Whether she has been ready since she signed in.
    pub was_ready: bool,
}

impl Record {
    /// Busy time less free time since she signed in, counted from one moment that is the same for everybody: of two agents
    /// whose hands are empty both fall alike as time passes, so their order stays, and whoever is left idle comes to be
    /// chosen. (A share, busy ÷ signed in, does not have that: one that was high when her hands became empty stays so.)
    pub(crate) fn surplus(&self) -> u64 {
        let since_ms = self.since.micros().max(0) as u64 / 1_000;
        self.busy_ms.saturating_mul(2).saturating_add(since_ms)
    }
}

/// An agent as she is now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Agent {
    /// As configured.
    pub config: AgentConfig,
    /// Which version of it.
    pub version: u32,
    /// Whether she takes contacts.
    pub presence: Presence,
    /// Since when.
    pub presence_since: Instant,
    /// When the allowance for being not ready ends.
    pub allowed_until: Option<Instant>,
    /// Where she sits.
    pub seat: Option<SeatId>,
    /// Her present link.
    pub session: Option<SessionId>,
    /// Whether her link is alive.
    pub reachable: bool,
    /// When she is signed out for want of a link.
    pub sign_out_at: Option<Instant>,
    /// What follows when her hands are empty.
    pub next: Option<NextState>,
    /// Spared until then.
    pub resting_until: Option<Instant>,
    /// The break she asked for.
    pub break_request: Option<Reason>,
    /// Whether she asks a leader to come.
    pub hand_raised: bool,
    /// The number of the event with which she asked: her place among those who wait for one.
    pub break_asked: Option<u64>,
    /// Since when she has had nothing in hand: the key of "longest idle".
    pub idle_since: Instant,
    /// What the measures of selection are made of.
    pub record: Record,
    /// Offers in a row that rang out.
    pub missed: u8,
    /// What is in her hands.
    pub hands: Vec<Assignment>,
    /// The last event about her.
    pub seq: u64,
    /// The pools that she belongs to (index).
    #[serde(skip)]
    pub(crate) pools: Vec<Membership>,
    /// What those pools count her as (index).
    #[serde(skip)]
    pub(crate) placed: Placed,
    /// As what her queues count her (index).
    #[serde(skip)]
    pub(crate) counted: Counted,
    /// The contact that she was last on and since when she had been; matters only until its wrap-up begins, in the same decision.
    #[serde(skip)]
    pub(crate) just_left: Option<(ContactId, Instant)>,
}

impl Agent {
    pub(crate) fn new(config: AgentConfig, at: Instant) -> Self {
        Self {
            config,
            version: 0,
            presence: Presence::SignedOut,
            presence_since: at,
            allowed_until: None,
            seat: None,
            session: None,
            reachable: false,
            sign_out_at: None,
            next: None,
            resting_until: None,
            break_request: None,
            hand_raised: false,
            break_asked: None,
            idle_since: at,
            record: Record::default(),
            missed: 0,
            hands: Vec::new(),
            seq: 0,
            pools: Vec::new(),
            placed: Placed::default(),
            counted: Counted::default(),
            just_left: None,
        }
    }

    /// Whether she is signed in.
    pub fn is_signed_in(&self) -> bool {
        self.presence != Presence::SignedOut
    }

    /// Whether a contact of this channel may be offered to her now.
    pub fn is_free_for(&self, channel: Channel) -> bool {
        self.resting_until.is_none() && self.has_room_for(channel)
    }

    /// Whether a person may hand her a contact of this channel: free, or only resting. Whoever is about to leave is
    /// not: what was to follow would follow too late, or never.
    pub fn has_room_for(&self, channel: Channel) -> bool {
        self.presence == Presence::Ready
            && self.next.is_none()
            && self.reachable
            && self.config.active
            && self.could_hold_one_more(channel)
    }

    /// One more contact of this channel fits beside what is in her hands, by her capacity or one of her mixes.
    /// Interruptible contacts of another channel do not count.
    fn could_hold_one_more(&self, channel: Channel) -> bool {
        let counts = |of: Channel| of == channel || !self.config.interruptible.contains(&of);
        let held = || self.hands.iter().map(|hand| hand.channel).filter(|of| counts(*of));
        if self.config.mixes.is_empty() {
            return held().count() < usize::from(self.config.capacity);
        }
        self.config.mixes.iter().any(|mix| {
            let most = |of: Channel| {
                mix.iter().find(|(named, _)| *named == of).map_or(0, |(_, most)| usize::from(*most))
            };
            held().chain(core::iter::once(channel)).all(|of| {
                held().filter(|other| *other == of).count() + usize::from(of == channel) <= most(of)
            })
        })
    }

    /// Whether she is here. A link that is lost for a moment does not make her absent: she is offered nothing meanwhile,
    /// but nobody who could wait for her is sent away on that account. After the site's delay she is signed out.
    pub fn is_eligible(&self) -> bool {
        self.is_signed_in() && self.config.active
    }

    /// Whether she works, or will when her link is back: here, ready, whatever is in her hands.
    pub fn is_ready_here(&self) -> bool {
        self.is_eligible() && self.presence == Presence::Ready
    }

    /// Whether she works now: here, ready, in reach, whatever is in her hands.
    pub fn is_staffing(&self) -> bool {
        self.is_ready_here() && self.reachable
    }

    /// Her part in a contact that rings or goes on, if any; the work after one is [`Agent::wrapup_of`].
    pub fn on(&self, contact: ContactId) -> Option<&Assignment> {
        self.hands.iter().find(|hand| hand.contact == contact && !hand.is_wrapup())
    }

    /// The work after a contact, if she is at it.
    pub fn wrapup_of(&self, contact: ContactId) -> Option<&Assignment> {
        self.hands.iter().find(|hand| hand.contact == contact && hand.is_wrapup())
    }

    /// Keeps account of whether anything but a ringing offer is in her hands, after they changed.
    pub(crate) fn keep_busy(&mut self, at: Instant) {
        match (self.record.busy_since, self.is_occupied()) {
            (None, true) => self.record.busy_since = Some(at),
            (Some(since), false) => {
                self.record.busy_since = None;
                self.record.busy_ms = self.record.busy_ms.saturating_add(at.since(since).0);
                self.reckon_occupancy(at);
            }
            _ => {}
        }
    }

    /// Which share of the time since she signed in has been busy, as of now.
    pub(crate) fn reckon_occupancy(&mut self, at: Instant) {
        let now_busy = self.record.busy_since.map_or(0, |since| at.since(since).0);
        let (busy, all) = (self.record.busy_ms + now_busy, at.since(self.record.since).0);
        let share = u128::from(busy) * 1_000_000 / u128::from(all.max(1));
        self.record.occupancy_ppm = share.min(1_000_000) as u32;
    }

    /// The offers that ring at her.
    pub(crate) fn offers(&self) -> impl Iterator<Item = OfferId> + '_ {
        self.hands.iter().filter_map(|hand| match hand.hold {
            Hold::Reserved(offer) => Some(offer),
            _ => None,
        })
    }

    /// Whether anything but a ringing offer is in her hands.
    pub(crate) fn is_occupied(&self) -> bool {
        self.hands.iter().any(|hand| !matches!(hand.hold, Hold::Reserved(_)))
    }
}
