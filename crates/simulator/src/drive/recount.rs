//! The log counted again, event by event: what became of every contact, and whether anything happened that must not.
//!
//! It takes facts, not events, so that events read from the log and events read from a server's pages are counted alike. It knows
//! neither plan nor world: what it finds is what the log says.

mod fact;
mod shifts;
mod tally;

use std::collections::{BTreeMap, HashMap, HashSet};

use cordboard_floor::contact::{ContactEnd, Stage};
use cordboard_floor::{AgentId, ContactId, Instant, Millis, OfferId, QueueId};

pub(super) use fact::Fact;
pub use shifts::Shift;
use shifts::Shifts;
pub use tally::{Served, Tally, Waits};

/// Within this long an answer counts as prompt, unless another time is named.
pub(super) const PROMPT: Millis = Millis::from_secs(20);
/// Contradictions told one by one; the rest are only counted.
const CONTRADICTIONS_TOLD_MAX: usize = 10;

/// One contact so far.
#[derive(Debug, Default)]
struct Life {
    /// Its first queue, and since when.
    queued: Option<(QueueId, Instant)>,
    /// From there to its answer, or to its end.
    waited_ms: Option<u64>,
    offers: u32,
    offers_not_accepted: u32,
    overflowed: bool,
    owner: Option<AgentId>,
    answered: bool,
    end: Option<ContactEnd>,
    /// Agents at whom it rang, whoever took it.
    rang_at: Vec<AgentId>,
}

/// What an agent has in hand: a contact that rings or goes on, or the work after one.
type Hand = (ContactId, bool);

/// Counting under way.
#[derive(Debug)]
pub(super) struct Recount {
    tally: Tally,
    prompt: Millis,
    lives: HashMap<ContactId, Life>,
    hands: BTreeMap<AgentId, Vec<Hand>>,
    capacity: BTreeMap<AgentId, u8>,
    live_offers: HashMap<OfferId, AgentId>,
    shifts: Shifts,
    last_seq: u64,
    last_at: Instant,
}

impl Recount {
    /// Begins after an event; contacts and offers of before are unknown to it.
    pub(super) fn after(seq: u64) -> Self {
        Self::within(seq, PROMPT)
    }

    /// The same; answers within this long count as prompt.
    pub(super) fn within(seq: u64, prompt: Millis) -> Self {
        Self {
            tally: Tally::default(),
            prompt,
            lives: HashMap::new(),
            hands: BTreeMap::new(),
            capacity: BTreeMap::new(),
            live_offers: HashMap::new(),
            shifts: Shifts::default(),
            last_seq: seq,
            last_at: Instant::default(),
        }
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
        self.last_at = at;
        match fact {
            Fact::Capacity { agent, capacity } => self.know_capacity(agent, capacity),
            Fact::SignedIn { agent } => self.shifts.signed_in(agent, at),
            Fact::SignedOut { agent } => self.shifts.signed_out(agent, at),
            Fact::Arrived { contact } => {
                if self.lives.insert(contact, Life::default()).is_some() {
                    self.object(format!("{contact} arrived twice"));
                }
            }
            Fact::Queued { contact, queue } => self.life(contact, |life| {
                life.queued.get_or_insert((queue, at));
            }),
            Fact::Offered { offer, contact, agent } => self.offered(offer, contact, agent),
            Fact::OfferOver { offer, contact, agent, accepted } => {
                self.offer_over(offer, contact, agent, accepted);
            }
            Fact::VisitOver { contact, waited_ms, overflowed } => {
                self.tally.wait_ms_max = self.tally.wait_ms_max.max(waited_ms);
                self.life(contact, |life| life.overflowed |= overflowed);
            }
            Fact::Answered { contact, agent } => self.answered(contact, agent, at),
            Fact::Left { contact, agent } => {
                self.empty_hand(agent, (contact, false));
                if self
                    .lives
                    .get_mut(&contact)
                    .is_some_and(|life| life.owner.take_if(|is| *is == agent).is_some())
                {
                    self.shifts.let_go(agent, at);
                }
            }
            Fact::Ended { contact, end } => self.ended(contact, end, at),
            Fact::WrapupBegun { contact, agent } => {
                self.put_hand(agent, (contact, true));
                self.shifts.took(agent, at);
            }
            Fact::WrapupOver { contact, agent } => {
                self.empty_hand(agent, (contact, true));
                self.shifts.let_go(agent, at);
            }
            Fact::Other => {}
        }
    }

    fn offered(&mut self, offer: OfferId, contact: ContactId, agent: AgentId) {
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
        life.offers += 1;
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
            self.life(contact, |life| life.offers_not_accepted += 1);
            self.empty_hand(agent, (contact, false));
        }
    }

    fn answered(&mut self, contact: ContactId, agent: AgentId, at: Instant) {
        let Some(life) = self.lives.get_mut(&contact) else { return };
        let (again, over) = (life.owner.replace(agent), life.end.is_some());
        if !std::mem::replace(&mut life.answered, true) {
            life.waited_until(at);
        }
        self.shifts.took(agent, at);
        if let Some(before) = again {
            self.object(format!("{contact} was answered by {agent} while {before} had it"));
        }
        if over {
            self.object(format!("{contact} was answered after its end"));
        }
    }

    fn ended(&mut self, contact: ContactId, end: ContactEnd, at: Instant) {
        let Some(life) = self.lives.get_mut(&contact) else { return };
        if !life.answered {
            life.waited_until(at);
        }
        if let Some(owner) = life.owner.take() {
            self.shifts.let_go(owner, at);
        }
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
            match self.lives.remove(contact) {
                Some(life) => self.bury(&life),
                None => self.object(format!("{contact} was acknowledged and is not in the log")),
            }
        }
        for served in self.tally.queues.values() {
            self.tally.all.add(served);
        }
        self.tally.shifts = self.shifts.finish(self.last_at);
        self.tally
    }

    /// Counts what became of one contact.
    fn bury(&mut self, life: &Life) {
        let tally = &mut self.tally;
        let Some((queue, _)) = life.queued else {
            match life.end {
                None => tally.in_menu += 1,
                Some(ContactEnd::Abandoned(_)) => tally.abandoned_menu += 1,
                Some(_) => tally.menu_otherwise += 1,
            }
            return;
        };
        let served = tally.queues.entry(queue).or_default();
        served.offered += 1;
        served.offers += u64::from(life.offers);
        served.offers_not_accepted += u64::from(life.offers_not_accepted);
        served.overflowed += u64::from(life.overflowed);
        if let Some(waited_ms) = life.waited_ms {
            served.waits_all.note(waited_ms);
        }
        let waited_ms = life.waited_ms.unwrap_or(0);
        match (life.answered, life.end) {
            (true, end) => {
                served.answered += 1;
                served.answered_promptly += u64::from(waited_ms <= self.prompt.0);
                served.in_hand += u64::from(end.is_none());
                served.waits_answered.note(waited_ms);
            }
            (false, None) => served.waiting += 1,
            (false, Some(ContactEnd::Abandoned(stage))) => {
                match stage {
                    Stage::Ringing | Stage::Transfer => served.abandoned_ringing += 1,
                    Stage::Queue | Stage::Menu => served.abandoned_queue += 1,
                }
                served.waits_abandoned.note(waited_ms);
            }
            (false, Some(ContactEnd::Refused | ContactEnd::Expired)) => served.sent_away += 1,
            (false, Some(ContactEnd::Lost | ContactEnd::Handled)) => served.ended_otherwise += 1,
        }
    }
}

impl Life {
    /// The waiting is over, if there was any.
    fn waited_until(&mut self, at: Instant) {
        self.waited_ms = self.queued.map(|(_, since)| at.since(since).0);
    }
}
