//! The live floor for pages, links and lookups: a row for each agent, queue, contact and ringing offer.
//! A row is plain data, ready to be shown to whoever may see it; who may is the doors' business, and so is
//! opening what is sealed. Nothing here ticks: whatever runs is given as the instant since when it does.
//!
//! One fold costs the logarithm of what it looks up, plus the few queues of the agent whose activity
//! changed. Three events alone walk a table: a start of the engine (agents lose their links), the first
//! event of a day (the queues' counts begin anew), and another version of a queue (who stands there moves to it).

mod agent;
mod alert;
mod callback;
mod contact;
mod doors;
mod fold;
mod message;
mod place;
mod queue;
mod team;

pub use agent::{Activity, AgentRow, AgentState, Hand, HandState};
pub use alert::{Acknowledged, AlertRow};
pub use callback::{CallbackRow, CallbackState};
pub use contact::{ContactRow, ContactState, OfferRow, Participant};
pub use message::{MESSAGES_KEPT_MAX, MessageRow};
pub use queue::{ActivityCounts, QueueRow, Today};
pub use team::TeamRow;

use crate::View;
use crate::facts::SpellFact;
use cordboard_floor::configuration::{NotReadyReason, SiteConfig};
use cordboard_floor::{
    AgentId, AlertId, ContactId, Event, Instant, MessageId, Millis, OfferId, QueueId, ReasonId, Recorded,
    SiteId,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A visit answered within this counts as [`Today::answered_within`].
pub const ANSWERED_WITHIN: Millis = Millis::from_secs(20);

/// Microseconds of a day without leap seconds, as the log counts.
const DAY_MICROS: i64 = 86_400_000_000;

/// The floor as it is now.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Board {
    seq: u64,
    at: Instant,
    site: Option<SiteId>,
    settings: SiteConfig,
    epoch: u32,
    clock_scale: u32,
    version: Option<std::sync::Arc<str>>,
    stopping_until: Option<Instant>,
    reasons: BTreeMap<ReasonId, NotReadyReason>,
    queues: BTreeMap<QueueId, QueueRow>,
    agents: BTreeMap<AgentId, AgentRow>,
    contacts: BTreeMap<ContactId, ContactRow>,
    offers: BTreeMap<OfferId, OfferRow>,
    /// Who waits in each queue, longest first.
    waiting: BTreeMap<QueueId, BTreeSet<(Instant, ContactId)>>,
    /// Counts for queues that agents are configured for and that are not configured themselves, yet.
    awaited: BTreeMap<QueueId, ActivityCounts>,
    /// When some queue's hours begin or end next.
    edges: BTreeSet<(Instant, QueueId)>,
    /// Contacts that have ended and left every hand, in the order in which they will be forgotten.
    over: VecDeque<(Instant, ContactId)>,
    /// Words to teams, lately sent.
    messages: BTreeMap<MessageId, MessageRow>,
    /// Alerts that are not over.
    alerts: BTreeMap<AlertId, AlertRow>,
    day_begins: Millis,
    day: i64,
    /// Spells that are over, while somebody asks for them.
    #[serde(skip)]
    spells: Option<Vec<SpellFact>>,
}

/// An agent's own work: what her desk needs to draw itself.
#[derive(Clone, Debug, Serialize)]
pub struct Desk<'a> {
    /// She.
    pub agent: &'a AgentRow,
    /// The contacts in her hands, in the order in which they came there, each once.
    pub contacts: Vec<&'a ContactRow>,
    /// The offers that ring at her.
    pub offers: Vec<&'a OfferRow>,
}

impl Board {
    /// An empty floor whose days begin at midnight UTC.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty floor whose days begin this long after midnight UTC: 16 h where clocks show UTC+8 all
    /// year. It knows no zone; where clocks are changed, the caller gives the offset of the season.
    pub fn with_days_beginning(after_midnight_utc: Millis) -> Self {
        Self { day_begins: after_midnight_utc, ..Self::default() }
    }

    /// How long after midnight UTC its days begin.
    pub const fn days_begin(&self) -> Millis {
        self.day_begins
    }

    /// One agent.
    pub fn agent(&self, agent: AgentId) -> Option<&AgentRow> {
        self.agents.get(&agent)
    }

    /// Every agent ever configured, in the order of their ids.
    pub fn agents(&self) -> impl ExactSizeIterator<Item = &AgentRow> {
        self.agents.values()
    }

    /// One queue.
    pub fn queue(&self, queue: QueueId) -> Option<&QueueRow> {
        self.queues.get(&queue)
    }

    /// Every queue ever configured, in the order of their ids.
    pub fn queues(&self) -> impl ExactSizeIterator<Item = &QueueRow> {
        self.queues.values()
    }

    /// One contact.
    pub fn contact(&self, contact: ContactId) -> Option<&ContactRow> {
        self.contacts.get(&contact)
    }

    /// Contacts on the floor, ended ones for a while included, the oldest first.
    pub fn contacts(&self) -> impl ExactSizeIterator<Item = &ContactRow> {
        self.contacts.values()
    }

    /// Contacts that came after this one, the oldest first: the next page of a listing.
    pub fn contacts_after(&self, contact: ContactId) -> impl Iterator<Item = &ContactRow> {
        self.contacts.range(ContactId(contact.0.saturating_add(1))..).map(|(_, row)| row)
    }

    /// Who waits in a queue, whoever has stood there longest first.
    pub fn waiting(&self, queue: QueueId) -> impl Iterator<Item = &ContactRow> {
        self.waiting.get(&queue).into_iter().flatten().filter_map(|(_, contact)| self.contacts.get(contact))
    }

    /// One offer, while it rings.
    pub fn offer(&self, offer: OfferId) -> Option<&OfferRow> {
        self.offers.get(&offer)
    }

    /// Offers that ring, the oldest first.
    pub fn offers(&self) -> impl ExactSizeIterator<Item = &OfferRow> {
        self.offers.values()
    }

    /// An agent's own work.
    pub fn desk(&self, agent: AgentId) -> Option<Desk<'_>> {
        let agent = self.agents.get(&agent)?;
        let mut contacts: Vec<&ContactRow> = Vec::with_capacity(agent.contacts.len());
        for hand in &agent.contacts {
            if !contacts.iter().any(|known| known.contact == hand.contact) {
                contacts.extend(self.contacts.get(&hand.contact));
            }
        }
        let ringing = agent.contacts.iter().filter(|hand| hand.state == HandState::Reserved);
        let offers = ringing.filter_map(|hand| self.offers.get(&hand.offer?)).collect();
        Some(Desk { agent, contacts, offers })
    }

    /// Who waits for a break, in the order in which they asked.
    pub fn break_line(&self) -> Vec<&AgentRow> {
        let mut line: Vec<_> = self.agents.values().filter(|row| row.break_asked.is_some()).collect();
        line.sort_by_key(|row| row.break_asked);
        line
    }

    /// Every not-ready reason ever configured, in the order of their slugs.
    pub fn reasons(&self) -> impl ExactSizeIterator<Item = &NotReadyReason> {
        self.reasons.values()
    }

    /// Which site; none before its first event.
    pub fn site(&self) -> Option<SiteId> {
        self.site
    }

    /// The site's settings.
    pub fn settings(&self) -> &SiteConfig {
        &self.settings
    }

    /// How often the engine has started on this log.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// How many times faster than the wall the engine's clock runs; 1 in service, 0 before its start.
    pub fn clock_scale(&self) -> u32 {
        self.clock_scale
    }

    /// The program's version at its last start.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// When the engine ends at the latest, once it is stopping.
    pub fn stopping_until(&self) -> Option<Instant> {
        self.stopping_until
    }

    /// When the last event folded happened.
    pub fn at(&self) -> Instant {
        self.at
    }

    /// From now on agents' spells are kept as they end, for whoever takes them.
    pub(crate) fn tell_spells(&mut self) {
        self.spells.get_or_insert_default();
    }

    /// The spells that have ended since they were last taken.
    pub(crate) fn take_spells(&mut self) -> Vec<SpellFact> {
        self.spells.as_mut().map(std::mem::take).unwrap_or_default()
    }
}

impl View for Board {
    const NAME: &'static str = "board";
    const SCHEMA: u32 = 2;
    const CHECKPOINTS_SPREAD: usize = 32;

    fn fold(&mut self, recorded: &Recorded<Event>) {
        if recorded.seq <= self.seq {
            return;
        }
        self.seq = recorded.seq;
        self.at = self.at.max(recorded.at);
        self.site = Some(recorded.site);
        self.turn_day();
        self.take(recorded);
        self.turn_hours();
        self.forget();
    }

    fn pass(&mut self, seq: u64, at: Instant) {
        if seq > self.seq {
            (self.seq, self.at) = (seq, self.at.max(at));
        }
    }

    fn seq(&self) -> u64 {
        self.seq
    }

    fn folds_like(&self, other: &Self) -> bool {
        self.day_begins == other.day_begins
    }
}
