//! A contact comes in: into a menu, or straight into a queue.

use crate::command::Entry;
use crate::configuration::at_most;
use crate::event::{ContactArrived, Number, Sealed};
use crate::id::{Channel, ContactId};
use crate::limits;
use crate::queue::{QueueIx, QueueState};
use crate::refusal::Refusal;
use crate::routing::OWN_CHANNEL;
use crate::routing::requirement::Wish;
use crate::running::check_sealed;
use crate::work::{Verdict, Work};

impl Work<'_> {
    pub(crate) fn arrive(
        &mut self,
        channel: Channel,
        from: Option<Number>,
        attributes: Option<Sealed>,
        entry: Option<Entry>,
    ) -> Verdict {
        if self.floor.stopping {
            return Err(Refusal::Stopping);
        }
        at_most("contacts alive", u64::from(self.floor.alive) + 1, limits::CONTACTS_LIVE_MAX as u64)?;
        check_sealed(from.as_ref().map(|from| &from.sealed))?;
        check_sealed(attributes.as_ref())?;
        let queue = entry.as_ref().map(|entry| self.admit_or_tell(entry)).transpose()?;
        let contact = ContactId(self.next_seq());
        self.emit(ContactArrived { contact, channel, from, attributes });
        if let (Some(queue), Some(entry)) = (queue, entry) {
            self.enter_queue(contact, queue, entry, self.stamp.at);
        }
        self.done()
    }

    /// Whether a queue takes this entry, or would send it on, which has gone from queue to queue so often.
    pub(crate) fn admit(&self, entry: &Entry, overflows: u8) -> Result<QueueIx, Refusal> {
        let ix = self.known_queue(entry.queue)?;
        at_most("priority", entry.priority.into(), limits::PRIORITY_MAX.into())?;
        self.check_conditions(ix, entry)?;
        let stays = self.has_room(ix);
        if stays.is_err() && self.would_leave(ix, overflows) { Ok(ix) } else { stays.map(|()| ix) }
    }

    /// As [`Self::admit`], for whoever comes of herself: a queue that is closed and says why lets her in to hear it.
    pub(crate) fn admit_or_tell(&self, entry: &Entry) -> Result<QueueIx, Refusal> {
        let admitted = self.admit(entry, 0);
        let told = self.floor.queue_ix(entry.queue).filter(|ix| self.floor.tells_why(*ix).is_some());
        match (admitted, told) {
            (Err(Refusal::QueueClosed(_)), Some(ix)) => Ok(ix),
            (admitted, _) => admitted,
        }
    }

    /// Whether a queue takes one more who stays.
    pub(crate) fn has_room(&self, queue: QueueIx) -> Result<(), Refusal> {
        let queue = &self.floor.queues[queue as usize];
        let (id, most) = (queue.config.queue, queue.config.waiting_max);
        match queue.state {
            QueueState::Open if queue.visits < most => Ok(()),
            QueueState::Open => Err(Refusal::QueueFull(id, most)),
            QueueState::Draining | QueueState::Closed => Err(Refusal::QueueClosed(id)),
        }
    }

    fn check_conditions(&self, queue: QueueIx, entry: &Entry) -> Result<(), Refusal> {
        at_most("skills", entry.skills.len() as u64, limits::CONDITIONS_MAX as u64)?;
        at_most("any", entry.any.len() as u64, limits::CONDITIONS_MAX as u64)?;
        at_most("also", entry.also.len() as u64, limits::ALSO_MAX as u64)?;
        for skill in entry.skills.iter().chain(&entry.any) {
            at_most("skill.level", skill.level.into(), limits::LEVEL_MAX.into())?;
        }
        for also in &entry.also {
            self.known_queue(*also)?;
        }
        if let Some(wanted) = entry.wanted {
            self.known_agent(wanted)?;
        }
        let Entry { skills, any, also, .. } = entry;
        let wish = Wish { skills, any, also, ..Wish::nothing(OWN_CHANNEL) };
        if self.floor.pools.has_room(&self.floor.requirement(queue, 0, wish)) {
            Ok(())
        } else {
            let limit = limits::POOLS_MAX as u64;
            Err(Refusal::OverLimit {
                what: "distinct skill requirements with someone waiting",
                value: limit + 1,
                limit,
            })
        }
    }
}
