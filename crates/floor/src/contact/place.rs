//! What arriving, queueing and ending do to the state.

use crate::agent::Hold;
use crate::contact::{Contact, Visit, VisitEnd};
use crate::event::Event;
use crate::floor::Floor;
use crate::id::ContactId;
use crate::routing::raised_up_to;
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
                        base: None,
                        ended: None,
                        hands: 0,
                        offers: Vec::new(),
                        engages: None,
                        seq,
                    },
                );
            }
            Event::ContactQueued(event) => {
                let Some(queue) = self.queue_ix(event.queue) else { return };
                let credit = self.queues[queue as usize].config.credit_ms_per_point;
                let base = event.order.plus(Millis(credit.0.saturating_mul(event.priority.into())));
                self.enter_line(queue, event.priority);
                let wanted = event.wanted.and_then(|agent| self.agent_ix(agent));
                let Some(contact) = self.contacts.get_mut(&id) else { return };
                contact.priority = event.priority;
                contact.skills.clone_from(&event.skills);
                contact.any.clone_from(&event.any);
                contact.also.clone_from(&event.also);
                contact.last_queue = Some(queue);
                contact.base = Some(base);
                contact.seq = seq;
                contact.visit = Some(Visit {
                    visit: event.visit,
                    queue,
                    since: at,
                    base,
                    order: event.order,
                    rule_version: event.rule_version,
                    step: 0,
                    raised: 0,
                    wanted,
                    wanted_until: event.wanted_until,
                    exits_tried: 0,
                    estimate_ms: event.estimate_ms,
                    pool: 0,
                    waiting: false,
                    open_ring: false,
                    put_off: false,
                });
                self.refresh_crowd(queue);
                self.enter_pool(id);
                self.refresh_callback(id);
            }
            Event::VisitEnded(event) => {
                self.leave_pool(id);
                let Some(contact) = self.contacts.get_mut(&id) else { return };
                contact.seq = seq;
                if matches!(event.end, VisitEnd::Overflowed(_)) {
                    contact.overflows += 1;
                }
                let priority = contact.priority;
                if let Some(visit) = contact.visit.take() {
                    self.leave_line(visit.queue, priority);
                    self.refresh_crowd(visit.queue);
                    if event.end == VisitEnd::Answered {
                        self.queues[visit.queue as usize].pace.compare(visit.estimate_ms, event.waited_ms);
                    }
                }
                self.refresh_callback(id);
            }
            Event::VisitStepped(event) => {
                self.leave_pool(id);
                let wanted = event.wanted.and_then(|agent| self.agent_ix(agent));
                let Some(contact) = self.contacts.get_mut(&id) else { return };
                contact.seq = seq;
                let before = core::mem::replace(&mut contact.priority, event.priority);
                if let Some(visit) = &mut contact.visit {
                    let queue = visit.queue;
                    let config = &self.queues[queue as usize].config;
                    visit.raised = visit.raised.max(raised_up_to(config, event.step));
                    visit.step = event.step;
                    visit.order = event.order;
                    visit.wanted = wanted;
                    visit.wanted_until = event.wanted_until;
                    visit.exits_tried = event.exits_tried;
                    self.move_in_line(queue, before, event.priority);
                }
                self.enter_pool(id);
            }
            Event::ContactTold(_) => {
                if let Some(contact) = self.contacts.get_mut(&id) {
                    contact.seq = seq;
                }
            }
            Event::ContactReprioritised(event) => {
                self.leave_pool(id);
                let Some(contact) = self.contacts.get_mut(&id) else { return };
                contact.seq = seq;
                let before = core::mem::replace(&mut contact.priority, event.priority);
                if let Some(visit) = &mut contact.visit {
                    visit.order = event.order;
                    let queue = visit.queue;
                    self.move_in_line(queue, before, event.priority);
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
                self.refresh_callback(id);
                self.lay_to_rest(id);
            }
            _ => {}
        }
    }

    /// Brings its queue's count of contacts with agents in step with one contact.
    pub(crate) fn refresh_engaged(&mut self, id: ContactId) {
        let Some(contact) = self.contacts.get_mut(&id) else { return };
        let with_someone = !contact.participants.is_empty() || contact.offer.is_some();
        let engages = with_someone.then_some(contact.last_queue).flatten();
        let before = core::mem::replace(&mut contact.engages, engages);
        if before == engages {
            return;
        }
        if let Some(queue) = engages {
            self.queues[queue as usize].engaged += 1;
        }
        if let Some(queue) = before {
            let was_at_maximum = self.is_at_maximum(queue);
            self.queues[queue as usize].engaged -= 1;
            if was_at_maximum {
                self.touched.queues.insert(queue);
            }
        }
    }

    /// Takes a contact that rang or went on out of an agent's hands. With the last one gone she is idle from now on, unless
    /// it was an offer that she never took: declining must not cost or win her a place in line.
    pub(crate) fn empty_hand(&mut self, agent: u32, contact: ContactId, at: Instant) {
        let holder = &mut self.agents[agent as usize];
        let held = holder.hands.iter().position(|hand| hand.contact == contact && !hand.is_wrapup());
        let Some(hand) = held.map(|place| holder.hands.remove(place)) else { return };
        let wrapup_is_idle = self.settings.wrapup_is_idle;
        let idle = holder.hands.iter().all(|other| wrapup_is_idle && other.is_wrapup());
        if idle && !matches!(hand.hold, Hold::Reserved(_)) {
            holder.idle_since = at;
        }
        self.note_left(agent, hand, at);
        if let Some(contact) = self.contacts.get_mut(&contact) {
            contact.hands -= 1;
        }
        self.refresh_agent(agent);
    }
}
