//! Whether what pages are told fits the floor: queues and reasons that are named are there.

use super::Critic;
use crate::config::Placed;
use crate::config::problem::did_you_mean;
use cordboard_floor::actor::reasons;
use cordboard_floor::{QueueId, ReasonId};

impl Critic<'_> {
    pub(super) fn pages(&mut self) {
        let pages = &self.settings.pages;
        for (queue, _) in &pages.waiting_of {
            self.page_queue(&format!("pages.waiting.queues.{}", queue.value), queue);
        }
        for script in &pages.scripts {
            self.page_queue(&format!("scripts.{}", script.queue.value), &script.queue);
        }
        for wall in &pages.walls {
            for queue in &wall.queues {
                self.page_queue(&format!("walls.{}.queues", wall.wall), queue);
            }
            for (number, tile) in (1..).zip(&wall.tiles) {
                if let Some(queue) = &tile.queue {
                    let key = format!("walls.{}.tiles.{number}.queue", wall.wall);
                    self.page_queue(&key, queue);
                    if !wall.queues.is_empty() && !wall.queues.iter().any(|known| known.value == queue.value)
                    {
                        let what = format!("{:?} is not among the wall's queues", queue.value.as_str());
                        self.error(queue.place, &key, what, "add it to queues of the wall");
                    }
                }
            }
        }
        for lasts in &pages.states {
            let Some(reason) = lasts.reason else { continue };
            let own = reasons::ALL.iter().map(|own| own.slug);
            let known: Vec<ReasonId> =
                self.settings.reasons.iter().map(|reason| reason.is.reason.slug).chain(own).collect();
            if !known.contains(&reason) {
                let mend = did_you_mean(reason.as_str(), known.iter().map(ReasonId::as_str));
                let mend = mend.unwrap_or_else(|| format!("add [reasons.{reason}]"));
                let what = format!("there is no reason {:?}", reason.as_str());
                self.error(lasts.place, &format!("pages.states.{}", lasts.state), what, mend);
            }
        }
    }

    fn page_queue(&mut self, key: &str, queue: &Placed<QueueId>) {
        if self.queues.contains_key(&queue.value) {
            return;
        }
        let what = format!("there is no queue {:?}", queue.value.as_str());
        let mend = did_you_mean(queue.value.as_str(), self.queues.keys().map(QueueId::as_str));
        self.error(queue.place, key, what, mend.unwrap_or_else(|| format!("add [queues.{}]", queue.value)));
    }
}
