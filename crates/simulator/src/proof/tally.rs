//! What has happened how often in a batch of worlds. A proof in which some fault never fired proves
//! nothing about it, so the batch says so and fails.

use crate::proof::script::{KINDS, Kind};
use cordboard_floor::event::EVENTS;
use std::collections::BTreeMap;

/// What the network, the store and the machine do of themselves, by the words of the summary.
pub(crate) const FAULTS: &[&str] = &[
    "frame lost",
    "frame doubled",
    "frame overtaken",
    "frame late",
    "command lost",
    "command doubled",
    "command overtaken",
    "command late",
    "command repeated after no answer",
    "command answered as the first time",
    "command id used for something else",
    "gap noticed and resumed",
    "link resumed",
    "link replaced before its end was noticed",
    "lease ended",
    "batch of several commands",
    "sync failed",
    "write failed",
    "disk low: new work refused",
    "crash with nothing pending",
    "crash between decide and commit",
    "crash in the middle of a batch",
    "crash during a snapshot",
    "unsynced tail lost",
    "unsynced tail kept",
    "unsynced tail kept in part",
    "frame torn",
    "mark forgotten",
    "recovery moved a torn tail aside",
    "opened from a snapshot and the tail",
    "opened from the whole log",
    "snapshot spoiled and passed over",
    "log rotated",
    "stopped in order",
    "deadline served late after a standstill",
];

/// What the floor says only under plans that are not drawn yet, or to doors that are not simulated.
const NOT_DRAWN: &[&str] = &[
    "account.changed",
    "person.erased",
    "access.unmasked",
    "figure.entered",
    "figure.withdrawn",
    "report.frozen",
    "report.submitted",
    "report.approved",
    "report.returned",
];

/// What happens only with plans.
const WITH_PLANS: &[&str] = &[
    "queue.drained",
    "visit.stepped",
    "contact.told",
    "callback.offered",
    "callback.requested",
    "callback.dialled",
    "callback.answered",
    "callback.failed",
    "callback.due",
];

/// Deeds that mean something only with plans.
const DEEDS_WITH_PLANS: &[Kind] = &[Kind::AskCallback, Kind::PickUp, Kind::MissCallback];

/// Counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    counts: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// One more.
    pub(crate) fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// Those of another batch besides.
    pub(crate) fn add(&mut self, other: &Tally) {
        for (what, count) in &other.counts {
            *self.counts.entry(what).or_default() += count;
        }
    }

    /// How often.
    pub fn of(&self, what: &str) -> u64 {
        self.counts.get(what).copied().unwrap_or(0)
    }

    /// Everything that should happen in a large batch, by group, with how often it did.
    pub fn expected(&self, plans: bool) -> Vec<(&'static str, &'static str, u64)> {
        let deeds = KINDS
            .iter()
            .filter(|(kind, _, _)| plans || !DEEDS_WITH_PLANS.contains(kind))
            .map(|(_, _, words)| ("deed", *words));
        let faults = FAULTS.iter().map(|words| ("fault", *words));
        let events = EVENTS
            .iter()
            .map(|(_, _, name)| ("event", *name))
            .filter(|(_, name)| !NOT_DRAWN.contains(name) && (plans || !WITH_PLANS.contains(name)));
        deeds.chain(faults).chain(events).map(|(group, what)| (group, what, self.of(what))).collect()
    }
}
