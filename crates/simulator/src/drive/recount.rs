//! The log counted again, event by event: what became of every contact, and whether anything happened that must not.
//!
//! It takes facts, not events, so that events read from the log and events read from a server's pages are counted alike. It knows
//! neither plan nor world: what it finds is what the log says.

mod fact;

use std::collections::{BTreeMap, HashMap, HashSet};

use cordboard_floor::contact::{ContactEnd, Stage};
use cordboard_floor::{AgentId, ContactId, Instant, OfferId};
use hdrhistogram::Histogram;

pub(super) use fact::Fact;

/// Within this long an answer counts as prompt.
const PROMPT_MS: u64 = 20_000;
/// A longer wait counts as this long: a week.
const WAIT_MS_MAX: u64 = 7 * 24 * 3_600_000;
/// Contradictions told one by one; the rest are only counted.
const CONTRADICTIONS_TOLD_MAX: usize = 10;

/// What a log says became of its contacts.
#[derive(Debug, Default)]
pub struct Tally {
    /// Contacts that came.
    pub arrived: u64,
    /// Contacts that an agent answered.
    pub answered: u64,
    /// Answered contacts that have not ended.
    pub in_hand: u64,
    /// Callers who gave up in the menu.
    pub abandoned_menu: u64,
    /// Callers who gave up while nobody's phone rang.
    pub abandoned_queue: u64,
    /// Callers who gave up while a phone rang, or on the way to another agent.
    pub abandoned_ringing: u64,
    /// Contacts that neither were answered nor have ended.
    pub waiting: u64,
    /// Contacts that ended unanswered in any other way.
    pub ended_otherwise: u64,
    /// Contacts answered within 20 s of their queue.
    pub answered_within_20_s: u64,
    /// The longest wait of any visit, ms.
    pub wait_ms_max: u64,
    /// Offers made.
    pub offers: u64,
    /// Offers that ended otherwise than accepted.
    pub offers_not_accepted: u64,
    waits: Option<Histogram<u64>>,
    contradictions: Vec<String>,
    contradictions_untold: u64,
}

impl Tally {
    /// Callers who gave up, at whatever stage.
    #[must_use]
    pub fn abandoned(&self) -> u64 {
        self.abandoned_menu + self.abandoned_queue + self.abandoned_ringing
    }

    /// The wait that a share of the answered contacts did not exceed, ms.
    #[must_use]
    pub fn wait_ms(&self, share: f64) -> u64 {
        self.waits.as_ref().map_or(0, |waits| waits.value_at_quantile(share))
    }

    /// What happened that must not.
    #[must_use]
    pub fn contradictions(&self) -> Vec<String> {
        let mut told = self.contradictions.clone();
        if self.contradictions_untold > 0 {
            told.push(format!("and {} more", self.contradictions_untold));
        }
        told
    }
}

/// One contact so far.
#[derive(Debug, Default)]
struct Life {
    queued_at: Option<Instant>,
    owner: Option<AgentId>,
    answered: bool,
    end: Option<ContactEnd>,
    /// Agents at whom it rang, whoever took it.
    rang_at: Vec<AgentId>,
}

/// What an agent has in hand: a contact that rings or goes on, or the work after one.
type Hand = (ContactId, bool);

/// Counting under way.
#[derive(Debug, Default)]
pub(super) struct Recount {
    tally: Tally,
    lives: HashMap<ContactId, Life>,
    hands: BTreeMap<AgentId, Vec<Hand>>,
    capacity: BTreeMap<AgentId, u8>,
    live_offers: HashMap<OfferId, AgentId>,
    last_seq: u64,
}

impl Recount {
    /// Begins after an event; contacts and offers of before are unknown to it.
    pub(super) fn after(seq: u64) -> Self {
        Self { last_seq: seq, ..Self::default() }
    }

    /// What an agent can have in hand, known from elsewhere than the events counted.
    pub(super) fn know_capacity(&mut self, agent: AgentId, capacity: u8) {
        self.capacity.insert(agent, capacity);
    }

    /// Counts one event.
    pub(super) fn take(&mut self, seq: u64, at: Instant, fact: Fact) {
        if seq != self.last_seq + 1 {
            self.object(format!("event {seq} follows event {}", self.last_seq));
        }
        self.last_seq = seq;
        match fact {
            Fact::Capacity { agent, capacity } => self.know_capacity(agent, capacity),
            Fact::Arrived { contact } => {
                if self.lives.insert(contact, Life::default()).is_some() {
                    self.object(format!("{contact} arrived twice"));
                }
            }
            Fact::Queued { contact } => self.life(contact, |life| {
                life.queued_at = Some(at);
            }),
            Fact::Offered { offer, contact, agent } => self.offered(offer, contact, agent),
            Fact::OfferOver { offer, contact, agent, accepted } => {
                self.offer_over(offer, contact, agent, accepted);
            }
            Fact::VisitOver { waited_ms } => self.tally.wait_ms_max = self.tally.wait_ms_max.max(waited_ms),
            Fact::Answered { contact, agent } => self.answered(contact, agent, at),
            Fact::Left { contact, agent } => {
                self.empty_hand(agent, (contact, false));
                self.life(contact, |life| {
                    life.owner = life.owner.filter(|owner| *owner != agent);
                });
            }
            Fact::Ended { contact, end } => self.ended(contact, end),
            Fact::WrapupBegun { contact, agent } => self.put_hand(agent, (contact, true)),
            Fact::WrapupOver { contact, agent } => self.empty_hand(agent, (contact, true)),
            Fact::Other => {}
        }
    }

    fn offered(&mut self, offer: OfferId, contact: ContactId, agent: AgentId) {
        self.tally.offers += 1;
        self.live_offers.insert(offer, agent);
        self.put_hand(agent, (contact, false));
        let capacity = self.capacity.get(&agent).copied().map(usize::from);
        let in_hand = self.hands.get(&agent).map_or(0, Vec::len);
        match capacity {
            Some(capacity) if in_hand > capacity => {
                self.object(format!(
                    "{offer} gives agent {agent} {in_hand} contacts; she can have {capacity}"
                ));
            }
            Some(_) => {}
            None => self.object(format!("{offer} goes to agent {agent}, whom nobody configured")),
        }
        let Some(life) = self.lives.get_mut(&contact) else { return };
        life.rang_at.push(agent);
        if life.end.is_some() {
            self.object(format!("{offer} offers {contact}, which has ended"));
        }
    }

    fn offer_over(&mut self, offer: OfferId, contact: ContactId, agent: AgentId, accepted: bool) {
        if self.live_offers.remove(&offer).is_none() {
            self.object(format!("{offer} ended twice, or never began"));
        }
        if !accepted {
            self.tally.offers_not_accepted += 1;
            self.empty_hand(agent, (contact, false));
        }
    }

    fn answered(&mut self, contact: ContactId, agent: AgentId, at: Instant) {
        let Some(life) = self.lives.get_mut(&contact) else { return };
        let (again, over) = (life.owner.replace(agent), life.end.is_some());
        if !std::mem::replace(&mut life.answered, true) {
            let waited = life.queued_at.map_or(0, |queued| at.since(queued).0);
            self.tally.answered_within_20_s += u64::from(waited <= PROMPT_MS);
            if self.tally.waits.is_none() {
                self.tally.waits = Histogram::new_with_bounds(1, WAIT_MS_MAX, 3).ok();
            }
            if let Some(waits) = &mut self.tally.waits {
                waits.saturating_record(waited);
            }
        }
        if let Some(before) = again {
            self.object(format!("{contact} was answered by {agent} while {before} had it"));
        }
        if over {
            self.object(format!("{contact} was answered after its end"));
        }
    }

    fn ended(&mut self, contact: ContactId, end: ContactEnd) {
        let Some(life) = self.lives.get_mut(&contact) else { return };
        life.owner = None;
        let (before, rang_at) = (life.end.replace(end), std::mem::take(&mut life.rang_at));
        for agent in rang_at {
            self.empty_hand(agent, (contact, false));
        }
        if before.is_some() {
            self.object(format!("{contact} ended twice"));
        }
    }

    fn life(&mut self, contact: ContactId, change: impl FnOnce(&mut Life)) {
        // A contact of before the count is none of its business.
        if let Some(life) = self.lives.get_mut(&contact) {
            change(life);
        }
    }

    fn put_hand(&mut self, agent: AgentId, hand: Hand) {
        self.hands.entry(agent).or_default().push(hand);
    }

    fn empty_hand(&mut self, agent: AgentId, hand: Hand) {
        if let Some(hands) = self.hands.get_mut(&agent) {
            hands.retain(|held| *held != hand);
        }
    }

    /// Notes something that must not be.
    pub(super) fn object(&mut self, what: String) {
        if self.tally.contradictions.len() < CONTRADICTIONS_TOLD_MAX {
            self.tally.contradictions.push(what);
        } else {
            self.tally.contradictions_untold += 1;
        }
    }

    /// Gives each contact its one fate.
    pub(super) fn finish(self) -> Tally {
        let all = self.lives.keys().copied().collect();
        self.finish_of(&all)
    }

    /// The same for these contacts alone, each of which the log must know.
    pub(super) fn finish_of(mut self, contacts: &HashSet<ContactId>) -> Tally {
        self.tally.arrived = contacts.len() as u64;
        for contact in contacts {
            let Some(life) = self.lives.get(contact) else {
                self.object(format!("{contact} was acknowledged and is not in the log"));
                continue;
            };
            let fate = match (life.answered, life.end) {
                (true, end) => {
                    self.tally.in_hand += u64::from(end.is_none());
                    &mut self.tally.answered
                }
                (false, None) => &mut self.tally.waiting,
                (false, Some(ContactEnd::Abandoned(Stage::Menu))) => &mut self.tally.abandoned_menu,
                (false, Some(ContactEnd::Abandoned(Stage::Queue))) => &mut self.tally.abandoned_queue,
                (false, Some(ContactEnd::Abandoned(_))) => &mut self.tally.abandoned_ringing,
                (false, Some(_)) => &mut self.tally.ended_otherwise,
            };
            *fate += 1;
        }
        self.tally
    }
}
