//! A leader says how many of a queue's agents may be on a break, for as long as the queue is configured as it is: the day's
//! need is seen on the floor, and what holds on other days stays in the configuration.

use crate::configuration::BreakQuota;
use crate::event::QueueBreaksSet;
use crate::floor::Floor;
use crate::id::QueueId;
use crate::work::{Verdict, Work};

impl Work<'_> {
    pub(crate) fn set_breaks(&mut self, queue: QueueId, quota: BreakQuota) -> Verdict {
        let ix = self.known_queue(queue)?;
        if self.floor.queues[ix as usize].breaks() != quota {
            let BreakQuota { away_max, staffed_min } = quota;
            self.emit(QueueBreaksSet { queue, at_most: away_max, ready_at_least: staffed_min });
        }
        self.done()
    }
}

impl Floor {
    pub(crate) fn take_breaks(&mut self, event: &QueueBreaksSet) {
        let Some(ix) = self.queue_ix(event.queue) else { return };
        let quota = BreakQuota { away_max: event.at_most, staffed_min: event.ready_at_least };
        let queue = &mut self.queues[ix as usize];
        // Back to what is configured, it follows the configuration again.
        queue.breaks_set = Some(quota).filter(|quota| *quota != queue.config.plan.breaks);
        self.touched.breaks = true;
    }
}
