//! Opening hours: instants that the server expanded from a calendar; the floor opens and drains at them.
//! It knows no zone, no weekday and no holiday.
//!
//! A leader's hand in between holds until the next boundary. Whoever waits when the hours are over is
//! still served (延时服务): the queue drains, and closes of itself when the last of them is gone.
//!
//! Whoever is on the line waits, and so does whoever is to be called back now. A promise that is put off
//! to a later attempt holds up neither the closing nor the agents: it keeps its place in the closed queue, is
//! tried when the queue next serves, and ends if it expires before. A closing by hand ends it like all others.

use crate::actor::{Actor, reasons};
use crate::configuration::{HoursConfig, Span};
use crate::deadline::Due;
use crate::event::{HoursApplied, QueueClosed, QueueDrained, QueueDraining, QueueOpened};
use crate::floor::Floor;
use crate::queue::{Queue, QueueIx, QueueState};
use crate::time::Instant;
use crate::work::{Verdict, Work};
use alloc::vec::Vec;

impl Queue {
    /// When its hours next begin or end, as far as that has not been heeded yet.
    pub(crate) fn next_boundary(&self) -> Option<Instant> {
        let boundaries = self.hours.iter().flat_map(|span| [span.from, span.until]);
        boundaries.filter(|at| *at > self.hours_heeded).min()
    }

    fn is_open_by_hours(&self, at: Instant) -> bool {
        self.hours.iter().any(|span| span.from <= at && at < span.until)
    }

    /// Whether it drains because its hours are over, and somebody still stands in line.
    pub(crate) fn serves_late(&self) -> bool {
        self.state == QueueState::Draining && self.over_since.is_some() && self.someone_waits()
    }
}

/// The spans that are not over yet.
fn remaining(open: &[Span], at: Instant) -> Vec<Span> {
    open.iter().copied().filter(|span| span.until > at).collect()
}

impl Work<'_> {
    /// What is past is dropped first, so the same calendar read again after a restart is no event.
    pub(crate) fn apply_hours(&mut self, hours: HoursConfig) -> Verdict {
        hours.check()?;
        let ix = self.known_queue(hours.queue)?;
        let open = remaining(&hours.open, self.stamp.at);
        if remaining(&self.floor.queues[ix as usize].hours, self.stamp.at) == open {
            return self.done();
        }
        self.emit(HoursApplied { hours: HoursConfig { queue: hours.queue, open } });
        self.heed_hours(ix);
        self.done()
    }

    /// Its hours begin or end.
    pub(crate) fn turn_doors(&mut self, ix: QueueIx) {
        if self.heed_hours(ix) {
            return;
        }
        // A hand was there before: that the calendar agrees, or must not, is noted all the same, or the
        // moment would be due for ever.
        let queue = &self.floor.queues[ix as usize];
        let hours = HoursConfig { queue: queue.config.queue, open: remaining(&queue.hours, self.stamp.at) };
        let before = core::mem::replace(&mut self.actor, Actor::system("hours"));
        self.emit_because(reasons::HOURS, HoursApplied { hours });
        self.actor = before;
    }

    /// Moves the doors to where the calendar has them; says whether it had to.
    pub(crate) fn heed_hours(&mut self, ix: QueueIx) -> bool {
        let known = &self.floor.queues[ix as usize];
        let (queue, at) = (known.config.queue, self.stamp.at);
        if known.hours.is_empty() || !known.config.active {
            return false;
        }
        let (inside, is_open) = (known.is_open_by_hours(at), known.state == QueueState::Open);
        let (emergency, someone_waits) = (known.emergency, known.someone_waits());
        let before = core::mem::replace(&mut self.actor, Actor::system("hours"));
        let moved = if inside && !is_open && !emergency {
            self.emit_because(reasons::HOURS, QueueOpened { queue });
            true
        } else if !inside && is_open && someone_waits {
            self.emit_because(reasons::HOURS, QueueDraining { queue });
            true
        } else if !inside && is_open {
            self.emit_because(reasons::HOURS, QueueClosed { queue, emergency: false, message: None });
            true
        } else {
            false
        };
        self.actor = before;
        moved
    }

    /// Closes queues whose hours were over and whose last caller has now been served, or is gone.
    pub(crate) fn close_drained(&mut self) {
        let emptied = core::mem::take(&mut self.floor.touched.queues_emptied);
        let (actor, before) = (self.actor, self.reason.take());
        self.actor = Actor::system("hours");
        for ix in emptied {
            let known = &self.floor.queues[ix as usize];
            let queue = known.config.queue;
            let Some(since) = known.over_since else { continue };
            if known.state != QueueState::Draining || known.someone_waits() {
                continue;
            }
            let overtime_ms = self.stamp.at.since(since);
            self.emit_because(reasons::DRAINED, QueueDrained { queue, since, overtime_ms });
            self.emit_because(reasons::DRAINED, QueueClosed { queue, emergency: false, message: None });
        }
        (self.actor, self.reason) = (actor, before);
    }
}

impl Floor {
    pub(crate) fn take_hours(&mut self, at: Instant, event: &HoursApplied) {
        let Some(ix) = self.queue_ix(event.hours.queue) else { return };
        self.queues[ix as usize].hours.clone_from(&event.hours.open);
        self.heeded_hours(ix, at);
    }

    /// The doors stand where they should for now: what is past is dropped, and the next boundary is awaited.
    pub(crate) fn heeded_hours(&mut self, ix: QueueIx, at: Instant) {
        let queue = &mut self.queues[ix as usize];
        queue.hours.retain(|span| span.until > at);
        queue.hours_heeded = at;
        self.refresh_doors(ix);
    }

    /// Brings the next boundary of a queue's hours in step.
    pub(crate) fn refresh_doors(&mut self, ix: QueueIx) {
        self.deadlines.set(Due::Doors(ix), self.queues[ix as usize].next_boundary());
    }
}
