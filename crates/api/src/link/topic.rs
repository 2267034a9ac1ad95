//! What a link can follow beyond its own agent: the floor, and the log. Nothing is pushed: each link reads
//! on when it has written what it read before, so one that is slow falls behind and costs no memory.

mod events;
mod floor;
mod wall;

pub(crate) use events::EventsTopic;
pub(crate) use floor::{FloorFrame, FloorRows, FloorTopic};
pub(crate) use wall::WallTopic;

use super::hub::Hub;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// One place among those who follow something, until it is dropped.
pub(crate) struct Place(Arc<Hub>);

impl Place {
    /// Takes a place, if one is left.
    pub(crate) fn take(hub: &Arc<Hub>) -> Option<Self> {
        let free = |count| (count < hub.limits.subscriptions_max).then_some(count + 1);
        let taken = hub.subscriptions.fetch_update(Ordering::AcqRel, Ordering::Acquire, free);
        taken.is_ok().then(|| Self(hub.clone()))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.subscriptions.fetch_sub(1, Ordering::AcqRel);
    }
}
