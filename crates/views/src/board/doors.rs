//! A queue's terms and doors: its configuration, whether it takes contacts, and when that changes next.

use super::Board;
use super::queue::QueueRow;
use cordboard_floor::actor::reasons;
use cordboard_floor::configuration::{HoursConfig, RoutingPlan};
use cordboard_floor::event::{Event, QueueApplied, QueueDrained};
use cordboard_floor::queue::QueueState;
use cordboard_floor::{Instant, QueueId, Reason};

impl Board {
    pub(super) fn take_queue(&mut self, at: Instant, event: &QueueApplied) {
        let id = event.queue.queue;
        match self.queues.get_mut(&id) {
            Some(row) => {
                let before = std::mem::replace(&mut row.config, event.queue.clone());
                row.version = event.version;
                row.breaks = event.queue.plan.breaks;
                if before.skills != event.queue.skills || before.plan != event.queue.plan {
                    self.stand_anew(at, &[id]);
                }
            }
            None => {
                let mut row = QueueRow::new(event, at);
                row.agents = self.awaited.remove(&id).unwrap_or_default();
                self.queues.insert(id, row);
                // Whoever may be served from it stands anew, too.
                let names = |plan: &RoutingPlan| {
                    plan.also.contains(&id) || plan.steps.iter().any(|step| step.also.contains(&id))
                };
                let named = self.queues.values().filter(|row| names(&row.config.plan));
                let named: Vec<QueueId> = named.map(|row| row.queue).collect();
                if !named.is_empty() {
                    self.stand_anew(at, &named);
                }
            }
        }
    }

    pub(super) fn take_doors(&mut self, at: Instant, event: &Event, reason: Option<Reason>) {
        let queue = match event {
            Event::QueueOpened(event) => event.queue,
            Event::QueueDraining(event) => event.queue,
            Event::QueueClosed(event) => event.queue,
            _ => return,
        };
        let Some(row) = self.queues.get_mut(&queue) else { return };
        row.state_since = at;
        row.over_since = None;
        match event {
            Event::QueueDraining(_) => {
                row.state = QueueState::Draining;
                row.over_since = (reason == Some(reasons::HOURS)).then_some(at);
                row.drained_at = None;
            }
            Event::QueueClosed(event) => {
                row.state = QueueState::Closed;
                (row.emergency, row.message) = (event.emergency, event.message);
            }
            _ => {
                row.state = QueueState::Open;
                (row.emergency, row.message) = (false, None);
                row.drained_at = None;
            }
        }
    }

    pub(super) fn take_drained(&mut self, at: Instant, event: &QueueDrained) {
        if let Some(row) = self.queues.get_mut(&event.queue) {
            row.drained_at = Some(at);
            row.today.overtime_ms.0 += event.overtime_ms.0;
        }
    }

    pub(super) fn take_hours(&mut self, hours: &HoursConfig) {
        if let Some(row) = self.queues.get_mut(&hours.queue) {
            row.hours.clone_from(&hours.open);
            self.turn_queue(hours.queue);
        }
    }

    /// Hours that are over are dropped as time passes, so that a row says when its doors move next.
    pub(super) fn turn_hours(&mut self) {
        while let Some((edge, queue)) = self.edges.first().copied().filter(|(edge, _)| *edge <= self.at) {
            self.edges.remove(&(edge, queue));
            self.turn_queue(queue);
        }
    }

    fn turn_queue(&mut self, queue: QueueId) {
        let Some(row) = self.queues.get_mut(&queue) else { return };
        self.edges.extend(row.turn(self.at).map(|edge| (edge, queue)));
    }
}
