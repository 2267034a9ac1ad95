//! A contact's place: arriving, standing in a queue under some version and step of its plan, and ending.

use super::contact::ContactRow;
use super::{ANSWERED_WITHIN, Board};
use cordboard_floor::configuration::RoutingPlan;
use cordboard_floor::contact::VisitEnd;
use cordboard_floor::event::{ContactQueued, Event, VisitEnded};
use cordboard_floor::{ContactId, Instant, Millis, QueueId};

impl Board {
    pub(super) fn take_place(&mut self, seq: u64, at: Instant, id: ContactId, event: &Event) {
        match event {
            Event::ContactArrived(event) => {
                let mut row = ContactRow::new(event, at);
                row.seq = seq;
                self.contacts.insert(id, row);
            }
            Event::ContactQueued(event) => self.take_queued(seq, at, event),
            Event::VisitEnded(event) => self.take_visit_end(seq, at, event),
            Event::VisitStepped(event) => self.change_contact(seq, at, id, |row| {
                row.step = Some(event.step);
                row.priority = event.priority;
                row.order = Some(event.order);
                row.wanted = event.wanted;
                row.wanted_until = event.wanted_until;
            }),
            Event::ContactReprioritised(event) => self.change_contact(seq, at, id, |row| {
                row.priority = event.priority;
                row.order = Some(event.order);
            }),
            Event::ContactTold(event) => {
                self.change_contact(seq, at, id, |row| row.told = Some(event.message));
            }
            Event::ContactEnded(event) => {
                let mut left = Vec::new();
                self.change_contact(seq, at, id, |row| {
                    row.end = Some(event.end);
                    row.ended_by = Some(event.by);
                    row.ended_at = Some(at);
                    row.held_since = None;
                    left = std::mem::take(&mut row.participants);
                    row.hands -= left.len() as u32;
                });
                let is_idle = self.settings.wrapup_is_idle;
                for part in left {
                    self.change_hands(at, part.agent, |row| row.empty_hand(id, at, is_idle));
                }
                self.lay_to_rest(id);
            }
            _ => {}
        }
    }

    fn take_queued(&mut self, seq: u64, at: Instant, event: &ContactQueued) {
        self.change_contact(seq, at, event.contact, |row| {
            row.queue = Some(event.queue);
            row.visit = Some(event.visit);
            row.queued_at = Some(at);
            row.waited_ms = None;
            row.priority = event.priority;
            row.order = Some(event.order);
            row.skills.clone_from(&event.skills);
            row.any.clone_from(&event.any);
            row.also.clone_from(&event.also);
            row.rule_version = Some(event.rule_version);
            row.step = Some(0);
            row.wanted = event.wanted;
            row.wanted_until = event.wanted_until;
            row.ahead = Some(event.ahead);
            row.estimate_ms = event.estimate_ms;
        });
        if let Some(row) = self.queues.get_mut(&event.queue) {
            row.today.offered += 1;
            row.learn_pace(event.ahead, event.estimate_ms);
        }
    }

    fn take_visit_end(&mut self, seq: u64, at: Instant, event: &VisitEnded) {
        let mut estimate_ms = None;
        self.change_contact(seq, at, event.contact, |row| {
            estimate_ms = row.estimate_ms;
            row.visit = None;
            row.order = None;
            row.rule_version = None;
            row.step = None;
            row.wanted = None;
            row.wanted_until = None;
            row.waited_ms = Some(event.waited_ms);
        });
        let Some(row) = self.queues.get_mut(&event.queue) else { return };
        match event.end {
            VisitEnd::Answered => {
                row.today.answered += 1;
                row.today.answered_within += u32::from(event.waited_ms <= ANSWERED_WITHIN);
                row.accuracy.record(event.waited_ms, estimate_ms);
            }
            VisitEnd::Abandoned => row.today.abandoned += 1,
            VisitEnd::Overflowed(_) => row.today.overflowed += 1,
            _ => {}
        }
    }

    /// Some queues ask for something else from now on: whoever stands there does so under their present versions. Place,
    /// priority and whom they want they keep, and the step is the last one that is due by waiting.
    pub(super) fn stand_anew(&mut self, at: Instant, queues: &[QueueId]) {
        for row in self.contacts.values_mut().filter(|row| row.visit.is_some()) {
            let Some(queue) = row.queue.filter(|queue| queues.contains(queue)) else { continue };
            let Some(terms) = self.queues.get(&queue) else { continue };
            row.rule_version = Some(terms.version);
            row.step = row.queued_at.map(|since| due_by_waiting(&terms.config.plan, at.since(since)));
        }
    }
}

/// The last step that is due for whoever has waited so long, whatever else would have triggered one; 0 is none.
fn due_by_waiting(plan: &RoutingPlan, waited: Millis) -> u16 {
    let due = |after: Option<Millis>| after.is_some_and(|after| after <= waited);
    plan.steps.iter().rposition(|step| due(step.after_ms)).map_or(0, |place| place as u16 + 1)
}
