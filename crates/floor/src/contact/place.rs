//! What arriving, queueing and ending do to the state.

use crate::agent::Hold;
use crate::contact::{Contact, Visit};
use crate::event::Event;
use crate::floor::Floor;
use crate::id::ContactId;
use crate::time::{Instant, Millis};
use alloc::vec::Vec;

impl Floor {
    pub(crate) fn take_place(&mut self, seq: u64, at: Instant, event: &Event) {
        let Some(id) = event.contact() else { return };
        match event {
            Event::ContactArrived(event) => {
                self.alive += 1;
                self.contacts.insert(
                    id,
                    Contact {
                        channel: event.channel,
                        arrived_at: at,
                        pseudonym: event.from.as_ref().map(|from| from.pseudonym),
                        priority: 0,
                        skills: Vec::new(),
                        any: Vec::new(),
                        also: Vec::new(),
                        visit: None,
                        offer: None,
                        more_offers: Vec::new(),
                        callback: None,
                        callback_offered: false,
                        overflows: 0,
                        consult: None,
                        participants: Vec::new(),
                        caller_held: false,
                        last_queue: None,
                        first_base: None,
                        ended: None,
                        hands: 0,
                        offers: Vec::new(),
                        seq,
                    },
                );
            }
            Event::ContactQueued(event) => {
                let Some(queue) = self.queue_ix(event.queue) else { return };
                let credit = self.queues[queue as usize].config.credit_ms_per_point;
                let base = event.order.plus(Millis(credit.0.saturating_mul(event.priority.into())));
                self.queues[queue as usize].visits += 1;
                let Some(contact) = self.contacts.get_mut(&id) else { return };
                contact.priority = event.priority;
                contact.skills.clone_from(&event.skills);
                contact.any.clone_from(&event.any);
                contact.also.clone_from(&event.also);
                contact.last_queue = Some(queue);
                contact.first_base.get_or_insert(base);
                contact.seq = seq;
                contact.visit = Some(Visit {
                    visit: event.visit,
                    queue,
                    since: at,
                    base,
                    order: event.order,
                    rule_version: event.rule_version,
                    step: 0,
                    wanted: None,
                    wanted_until: event.wanted_until,
                    exits_tried: 0,
                    estimate_ms: event.estimate_ms,
                    pool: 0,
                    waiting: false,
                });
                self.enter_pool(id);
            }
            Event::VisitEnded(_) => {
                self.leave_pool(id);
                let Some(contact) = self.contacts.get_mut(&id) else { return };
                contact.seq = seq;
                if let Some(visit) = contact.visit.take() {
                    self.queues[visit.queue as usize].visits -= 1;
                }
            }
            Event::ContactReprioritised(event) => {
                self.leave_pool(id);
                let Some(contact) = self.contacts.get_mut(&id) else { return };
                contact.seq = seq;
                contact.priority = event.priority;
                if let Some(visit) = &mut contact.visit {
                    visit.order = event.order;
                }
                self.enter_pool(id);
            }
            Event::ContactEnded(event) => {
                self.alive -= 1;
                let Some(contact) = self.contacts.get_mut(&id) else { return };
                contact.seq = seq;
                contact.ended = Some(event.end);
                contact.caller_held = false;
                for (agent, _) in core::mem::take(&mut contact.participants) {
                    self.empty_hand(agent, id, at);
                }
                self.lay_to_rest(id);
            }
            _ => {}
        }
    }

    /// Takes a contact that rang or went on out of an agent's hands. With the last one gone she is idle from now on, unless
    /// it was an offer that she never took: declining must not cost or win her a place in line.
    pub(crate) fn empty_hand(&mut self, agent: u32, contact: ContactId, at: Instant) {
        let holder = &mut self.agents[agent as usize];
        let held = holder.hands.iter().position(|hand| hand.contact == contact && !hand.is_wrapup());
        let Some(hand) = held.map(|place| holder.hands.remove(place)) else { return };
        if holder.hands.is_empty() && !matches!(hand.hold, Hold::Reserved(_)) {
            holder.idle_since = at;
        }
        if let Some(contact) = self.contacts.get_mut(&contact) {
            contact.hands -= 1;
        }
        self.refresh_agent(agent);
    }
}
