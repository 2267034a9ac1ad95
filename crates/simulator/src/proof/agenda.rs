//! What is under way, in the order in which it arrives. Two things of one moment keep the order in which
//! they were put in, so that a run is the same however often it is run.

use cordboard_floor::Instant;
use std::collections::BTreeMap;

/// What will happen, when.
#[derive(Debug)]
pub(crate) struct Agenda<T> {
    items: BTreeMap<(Instant, u64), T>,
    put: u64,
}

impl<T> Agenda<T> {
    pub(crate) const fn new() -> Self {
        Self { items: BTreeMap::new(), put: 0 }
    }

    pub(crate) fn put(&mut self, at: Instant, item: T) {
        self.put += 1;
        self.items.insert((at, self.put), item);
    }

    pub(crate) fn next_at(&self) -> Option<Instant> {
        self.items.first_key_value().map(|((at, _), _)| *at)
    }

    pub(crate) fn take(&mut self) -> Option<T> {
        self.items.pop_first().map(|(_, item)| item)
    }
}
