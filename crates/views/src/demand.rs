//! 来量: what was offered to each queue in each quarter of an hour, as a forecast needs it: before anybody gave up, each contact once
//! in the queue that it came into first, and whoever gave up and dials again soon counted once; and the handle time of what
//! was taken. Quarters of UTC, which are quarters of every zone's clocks.
//!
//! ```text
//!   contact queued for the first time ──▶ volume of that quarter (unless its caller gave up here just now)
//!   first owner                       ──▶ handled      her time on it, and after it ──▶ handle_ms, of the same quarter
//! ```

use cordboard_floor::contact::{ContactEnd, Role};
use cordboard_floor::{AgentId, ContactId, Event, Instant, QueueId, Recorded};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Whoever gave up and calls again within so many ms is not counted again (half an hour; derived, the manuals do not say).
pub const REDIAL_WITHIN_MS: u64 = 30 * 60_000;
/// Quarters kept, over all queues; beyond it the oldest is in the log alone.
pub const QUARTERS_MAX: usize = 500_000;
/// Microseconds of a quarter of an hour.
const QUARTER_MICROS: i64 = 15 * 60 * 1_000_000;

/// What one quarter came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarter {
    /// Contacts offered.
    pub volume: u32,
    /// Contacts taken, re-dialled ones among them.
    pub handled: u32,
    /// Agents' time on these and after them, in ms.
    pub handle_ms: u64,
}

type Pseudonym = [u8; 16];

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Open {
    caller: Option<Pseudonym>,
    /// Queue and quarter that it counts in; none before it stands in a queue.
    place: Option<(QueueId, i32)>,
    /// Whether anybody took it.
    taken: bool,
    /// Who has been on it since when.
    on: BTreeMap<AgentId, Instant>,
    /// Who works after it since when.
    after: BTreeMap<AgentId, Instant>,
    ended: bool,
}

/// The fold.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Demand {
    open: BTreeMap<ContactId, Open>,
    gave_up: BTreeMap<Pseudonym, Instant>,
    gave_up_at: BTreeSet<(Instant, Pseudonym)>,
    /// By queue first: whoever asks about one walks over nothing of the others.
    quarters: BTreeMap<QueueId, BTreeMap<i32, Quarter>>,
    since: Option<Instant>,
}

impl Demand {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// When the first contact came.
    pub const fn since(&self) -> Option<Instant> {
        self.since
    }

    /// The queues of which anything is known.
    pub fn queues(&self) -> BTreeSet<QueueId> {
        self.quarters.keys().copied().collect()
    }

    /// The quarters of a queue that begin within a span, in order, each with its begin; those in which nothing was offered are
    /// left out.
    pub fn quarters(
        &self,
        queue: QueueId,
        from: Instant,
        to: Instant,
    ) -> impl Iterator<Item = (Instant, Quarter)> {
        let first = quarter_of(from);
        let range = self.quarters.get(&queue).map(|own| own.range(first..=quarter_of(to).max(first)));
        range
            .into_iter()
            .flatten()
            .map(|(at, quarter)| (Instant::from_micros(i64::from(*at) * QUARTER_MICROS), *quarter))
            .filter(move |(at, _)| from <= *at && *at < to)
    }

    /// Takes the next event of the floor.
    pub fn take(&mut self, recorded: &Recorded<Event>) {
        let at = recorded.at;
        match &recorded.event {
            Event::ContactArrived(event) => {
                let open = Open {
                    caller: event.from.as_ref().map(|from| from.pseudonym),
                    place: None,
                    taken: false,
                    on: BTreeMap::new(),
                    after: BTreeMap::new(),
                    ended: false,
                };
                self.open.insert(event.contact, open);
            }
            Event::ContactQueued(event) => self.queue(event.contact, event.queue, at),
            Event::ContactConnected(event) => {
                let Some(open) = self.open.get_mut(&event.contact) else { return };
                if matches!(event.role, Role::Listening | Role::Whispering | Role::Barged) {
                    return;
                }
                open.on.entry(event.agent).or_insert(at);
                if !std::mem::replace(&mut open.taken, true)
                    && let Some(place) = open.place
                {
                    self.quarters.entry(place.0).or_default().entry(place.1).or_default().handled += 1;
                }
            }
            Event::ContactLeft(event) => {
                let Some(open) = self.open.get_mut(&event.contact) else { return };
                let since = open.on.remove(&event.agent);
                self.add(event.contact, since, at);
            }
            Event::ContactEnded(event) => self.end(event.contact, event.end, at),
            Event::WrapupStarted(event) => {
                if let Some(open) = self.open.get_mut(&event.contact) {
                    open.after.insert(event.agent, at);
                }
            }
            Event::WrapupCompleted(event) => {
                let Some(open) = self.open.get_mut(&event.contact) else { return };
                let since = open.after.remove(&event.agent);
                self.add(event.contact, since, at);
                self.forget(event.contact);
            }
            _ => {}
        }
    }

    fn queue(&mut self, contact: ContactId, queue: QueueId, at: Instant) {
        self.forget_callers(at);
        let Some(open) = self.open.get_mut(&contact).filter(|open| open.place.is_none()) else { return };
        let quarter = quarter_of(at);
        open.place = Some((queue, quarter));
        self.since.get_or_insert(at);
        let again = open.caller.and_then(|caller| self.gave_up.remove(&caller).map(|at| (at, caller)));
        if let Some(key) = again {
            self.gave_up_at.remove(&key);
            return;
        }
        let own = self.quarters.entry(queue).or_default();
        let before = own.len();
        own.entry(quarter).or_default().volume += 1;
        if own.len() > before {
            self.let_go(QUARTERS_MAX);
        }
    }

    /// Lets go of the oldest quarters where there are more than so many, whosever they are; a queue of which nothing is left goes too.
    fn let_go(&mut self, most: usize) {
        let count: usize = self.quarters.values().map(BTreeMap::len).sum();
        for _ in most..count {
            let begun = |(queue, own): (&QueueId, &BTreeMap<i32, Quarter>)| {
                own.keys().next().map(|first| (*first, *queue))
            };
            let Some((_, queue)) = self.quarters.iter().filter_map(begun).min() else { return };
            if let Some(own) = self.quarters.get_mut(&queue) {
                own.pop_first();
                if own.is_empty() {
                    self.quarters.remove(&queue);
                }
            }
        }
    }

    fn end(&mut self, contact: ContactId, end: ContactEnd, at: Instant) {
        let Some(open) = self.open.get_mut(&contact) else { return };
        open.ended = true;
        let (caller, place) = (open.caller, open.place);
        for since in std::mem::take(&mut open.on).into_values() {
            self.add(contact, Some(since), at);
        }
        if let (ContactEnd::Abandoned(_), Some(caller), Some(_)) = (end, caller, place) {
            if let Some(before) = self.gave_up.insert(caller, at) {
                self.gave_up_at.remove(&(before, caller));
            }
            self.gave_up_at.insert((at, caller));
        }
        self.forget(contact);
    }

    /// Adds agents' time since a moment.
    fn add(&mut self, contact: ContactId, since: Option<Instant>, at: Instant) {
        let place = self.open.get(&contact).and_then(|open| open.place);
        let (Some(since), Some((queue, quarter))) = (since, place) else { return };
        // A quarter that was let go is not begun again by what is left of it.
        if let Some(quarter) = self.quarters.get_mut(&queue).and_then(|own| own.get_mut(&quarter)) {
            quarter.handle_ms += at.since(since).0;
        }
    }

    /// Lets go of a contact that is over, with the work after it.
    fn forget(&mut self, contact: ContactId) {
        if self.open.get(&contact).is_some_and(|open| open.ended && open.after.is_empty()) {
            self.open.remove(&contact);
        }
    }

    fn forget_callers(&mut self, at: Instant) {
        while let Some((gave_up, caller)) = self.gave_up_at.first().copied()
            && at.since(gave_up).0 > REDIAL_WITHIN_MS
        {
            self.gave_up_at.pop_first();
            self.gave_up.remove(&caller);
        }
    }
}

fn quarter_of(at: Instant) -> i32 {
    at.micros().div_euclid(QUARTER_MICROS).clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_quarters_go_first_whosever_they_are() {
        let (sales, service) = (QueueId::fixed("sales"), QueueId::fixed("service"));
        let mut demand = Demand::new();
        for (queue, quarter) in [(sales, 1), (service, 2), (sales, 3), (sales, 4)] {
            demand.quarters.entry(queue).or_default().insert(quarter, Quarter::default());
        }
        let left = |demand: &Demand| {
            let all = demand.quarters.iter();
            let mut all: Vec<i32> = all.flat_map(|(_, own)| own.keys().copied()).collect();
            all.sort_unstable();
            all
        };
        demand.let_go(4);
        assert_eq!(left(&demand), [1, 2, 3, 4]);
        demand.let_go(2);
        assert_eq!(left(&demand), [3, 4]);
        assert_eq!(demand.queues(), BTreeSet::from([sales]), "nothing is left of the other");
    }
}
