//! Pools: one for each distinct requirement. A pool keeps its free agents and its waiting visits in
//! order, so the next choice is the first of a set, however large the floor.
//!
//! Who belongs to a pool changes only with configuration. The digest is the exclusive-or of a mixed
//! number for each free agent and her `idle_since`: it follows the set without ever walking it, and
//! whoever rebuilds the set from the log can check that she found the same candidates.

use crate::agent::{Agent, AgentIx};
use crate::configuration::Selection;
use crate::id::ContactId;
use crate::limits;
use crate::queue::QueueIx;
use crate::routing::requirement::{Calls, Requirement};
use crate::time::Instant;
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::vec::Vec;

/// A pool's place in the table; not part of the stored state.
pub type PoolIx = u32;

/// A free agent's place among others in a pool. Whoever already talks with someone is not idle, however
/// long ago her last pause was, so empty hands come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FreeKey {
    pub(crate) in_hand: u32,
    pub(crate) measure: u64,
    pub(crate) since: Instant,
    pub(crate) agent: AgentIx,
}

impl FreeKey {
    /// Her place under a selection, which is reckoned from what she had done when her state last changed.
    pub(crate) fn of(selection: Selection, agent: &Agent, ix: AgentIx, levels: u32) -> Self {
        let (record, config) = (&agent.record, &agent.config);
        let measure = match selection {
            Selection::LongestIdle | Selection::RingAll => 0,
            Selection::LeastOccupied => record.surplus(),
            Selection::FewestContacts => record.taken.into(),
            Selection::LeastTalk => record.talk_ms,
            Selection::MostSkilled => u64::from(u32::MAX - levels),
            Selection::RoundRobin => record.last_offer,
            Selection::Weighted => u64::from(record.taken) * SHARE / u64::from(config.weight),
            // Her place in the table is part of it, so that idleness never decides.
            Selection::Linear => u64::from(config.position) << 32 | u64::from(ix),
        };
        let in_hand = if selection == Selection::Linear { 0 } else { agent.hands.len() as u32 };
        Self { in_hand, measure, since: agent.idle_since, agent: ix }
    }
}

/// A contact of an agent of weight 1, in the parts in which shares are counted.
const SHARE: u64 = 1_000_000;

/// An agent's place in one pool (index).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Membership {
    pub(crate) pool: PoolIx,
    pub(crate) selection: Selection,
    /// Which of [`Pools::channels`].
    pub(crate) channel: u32,
    /// Sum of her levels in what the pool asks.
    pub(crate) levels: u32,
    /// The key under which the pool holds her as free.
    pub(crate) key: Option<FreeKey>,
}

/// Free agents and waiting visits of one requirement.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    pub(crate) requirement: Requirement,
    pub(crate) selection: Selection,
    pub(crate) calls: Calls,
    pub(crate) channel: u32,
    /// Its agents who are signed in.
    pub(crate) eligible: u32,
    /// Those of them who are ready, whatever is in their hands.
    pub(crate) ready: u32,
    free: BTreeSet<FreeKey>,
    waiting: BTreeSet<(Instant, ContactId)>,
    /// Visits that ring at everyone, and may ring at more.
    rings: BTreeSet<(Instant, ContactId)>,
    digest: u64,
    /// As whose its visits are called on.
    called: Option<(Instant, ContactId)>,
    /// Visits whose pool it is, waiting or ringing.
    visits: u32,
    /// Whether it is a queue's own, which stays as long as the queue asks for just that.
    own: bool,
    /// Whether it stands among the idle ones.
    idle: bool,
}

impl Pool {
    /// The free agents, best first.
    pub(crate) fn free(&self) -> impl Iterator<Item = AgentIx> + '_ {
        self.free.iter().map(|key| key.agent)
    }

    /// The waiting visits, best first.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = ContactId> + '_ {
        self.waiting.iter().map(|(_, contact)| *contact)
    }

    /// The visits that may ring at more agents, best first.
    pub(crate) fn rings(&self) -> impl Iterator<Item = (Instant, ContactId)> + '_ {
        self.rings.iter().copied()
    }

    pub(crate) fn first_waiting(&self) -> Option<(Instant, ContactId)> {
        self.waiting.first().copied()
    }

    pub(crate) fn has_free(&self) -> bool {
        !self.free.is_empty()
    }

    pub(crate) fn candidates(&self) -> (u32, u64) {
        (self.free.len() as u32, self.digest)
    }

    pub(crate) fn put_free(&mut self, key: FreeKey) {
        if self.free.insert(key) {
            self.digest ^= mark(key.since, key.agent);
        }
    }

    pub(crate) fn take_free(&mut self, key: FreeKey) {
        if self.free.remove(&key) {
            self.digest ^= mark(key.since, key.agent);
        }
    }

    pub(crate) fn put_waiting(&mut self, order: Instant, contact: ContactId) {
        self.waiting.insert((order, contact));
    }

    pub(crate) fn take_waiting(&mut self, order: Instant, contact: ContactId) {
        self.waiting.remove(&(order, contact));
    }

    pub(crate) fn put_ring(&mut self, order: Instant, contact: ContactId) {
        self.rings.insert((order, contact));
    }

    pub(crate) fn take_ring(&mut self, order: Instant, contact: ContactId) {
        self.rings.remove(&(order, contact));
    }
}

/// A free agent as one number (the finaliser of SplitMix64: Steele, Lea and Flood, 2014).
pub const fn mark(since: Instant, agent: AgentIx) -> u64 {
    let mut mixed = (since.micros() as u64) ^ (agent as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// All pools.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pools {
    table: Vec<Option<Pool>>,
    vacant: Vec<PoolIx>,
    /// Channels that some pool is for, by the number that pools and memberships know them by.
    pub(crate) channels: Vec<crate::id::Channel>,
    by_requirement: BTreeMap<Requirement, PoolIx>,
    /// Pools that agents of a queue serve.
    serving: BTreeMap<QueueIx, BTreeSet<PoolIx>>,
    /// Pools in which visits of a queue stand.
    standing: BTreeMap<QueueIx, BTreeSet<PoolIx>>,
    /// Pools that are for one agent alone.
    alone: BTreeMap<AgentIx, BTreeSet<PoolIx>>,
    /// Each queue's own pool, by its own conditions alone.
    own: BTreeMap<QueueIx, PoolIx>,
    /// Pools whose waiting visits are called on, in the order of queues and of the first visit of each.
    calling: BTreeSet<(QueueIx, Instant, ContactId, PoolIx)>,
    /// Pools in which somebody waits and whose visits are called on from some size of their queue on, by that size.
    crowds: BTreeSet<(QueueIx, u32, PoolIx)>,
    /// Pools that some visit is in.
    in_use: usize,
    /// Pools that nobody's visit is in, longest so first; kept warm up to a limit.
    idle: VecDeque<PoolIx>,
}

impl Pools {
    pub(crate) fn get(&self, pool: PoolIx) -> &Pool {
        self.table[pool as usize].as_ref().expect("a pool in use is in the table")
    }

    pub(crate) fn get_mut(&mut self, pool: PoolIx) -> &mut Pool {
        self.table[pool as usize].as_mut().expect("a pool in use is in the table")
    }

    /// Pools that agents of a queue may serve.
    pub(crate) fn served_by(&self, queue: QueueIx) -> impl Iterator<Item = PoolIx> + '_ {
        self.serving.get(&queue).into_iter().flatten().copied()
    }

    /// Pools in which visits of a queue stand.
    pub(crate) fn of_queue(&self, queue: QueueIx) -> impl Iterator<Item = PoolIx> + '_ {
        self.standing.get(&queue).into_iter().flatten().copied()
    }

    /// Pools for one agent alone.
    pub(crate) fn of_agent(&self, agent: AgentIx) -> impl Iterator<Item = PoolIx> + '_ {
        self.alone.get(&agent).into_iter().flatten().copied()
    }

    pub(crate) fn find(&self, requirement: &Requirement) -> Option<PoolIx> {
        self.by_requirement.get(requirement).copied()
    }

    /// Whether one more requirement could be served. Idle pools do not count: a restored floor has none.
    pub(crate) fn has_room(&self, requirement: &Requirement) -> bool {
        self.in_use < limits::POOLS_MAX
            || self.find(requirement).is_some_and(|pool| self.get(pool).visits > 0)
    }

    /// The pool of a queue's own conditions.
    pub(crate) fn own(&self, queue: QueueIx) -> Option<PoolIx> {
        self.own.get(&queue).copied()
    }

    /// Makes a pool the queue's own; the former is kept or dropped like any other.
    pub(crate) fn set_own(&mut self, queue: QueueIx, pool: PoolIx) {
        self.get_mut(pool).own = true;
        if let Some(before) = self.own.insert(queue, pool).filter(|before| *before != pool) {
            let former = self.get_mut(before);
            former.own = false;
            if former.visits == 0 && !former.idle {
                former.idle = true;
                self.idle.push_back(before);
            }
        }
    }

    /// Every pool.
    pub(crate) fn all(&self) -> impl Iterator<Item = (PoolIx, &Pool)> {
        self.table.iter().enumerate().filter_map(|(ix, pool)| Some((ix as PoolIx, pool.as_ref()?)))
    }

    fn channel(&mut self, channel: crate::id::Channel) -> u32 {
        let known = self.channels.iter().position(|known| *known == channel);
        known.unwrap_or_else(|| {
            self.channels.push(channel);
            self.channels.len() - 1
        }) as u32
    }

    /// A new, empty pool; its agents are the caller's business.
    pub(crate) fn add(&mut self, requirement: Requirement, selection: Selection, calls: Calls) -> PoolIx {
        let pool = Pool {
            requirement: requirement.clone(),
            selection,
            calls,
            channel: self.channel(requirement.channel),
            eligible: 0,
            ready: 0,
            free: BTreeSet::new(),
            waiting: BTreeSet::new(),
            rings: BTreeSet::new(),
            digest: 0,
            called: None,
            visits: 0,
            own: false,
            idle: true,
        };
        let ix = match self.vacant.pop() {
            Some(ix) => {
                self.table[ix as usize] = Some(pool);
                ix
            }
            None => {
                self.table.push(Some(pool));
                (self.table.len() - 1) as PoolIx
            }
        };
        match requirement.only {
            Some(agent) => {
                self.alone.entry(agent).or_default().insert(ix);
            }
            None => {
                for queue in &requirement.serving {
                    self.serving.entry(*queue).or_default().insert(ix);
                }
            }
        }
        self.standing.entry(requirement.queue).or_default().insert(ix);
        self.by_requirement.insert(requirement, ix);
        self.idle.push_back(ix);
        ix
    }

    pub(crate) fn enter(&mut self, pool: PoolIx) {
        let entered = self.get_mut(pool);
        entered.visits += 1;
        if entered.visits == 1 {
            self.in_use += 1;
        }
    }

    /// A visit leaves its pool; answers a pool that has now been idle for too long, for removal.
    pub(crate) fn leave(&mut self, pool: PoolIx) -> Option<PoolIx> {
        let left = self.get_mut(pool);
        left.visits -= 1;
        if left.visits == 0 {
            if !left.idle {
                left.idle = true;
                self.idle.push_back(pool);
            }
            self.in_use -= 1;
        }
        self.surplus()
    }

    /// The longest idle pool beyond those kept warm; one that is used again, or is a queue's own, is not
    /// among them.
    fn surplus(&mut self) -> Option<PoolIx> {
        while self.idle.len() > limits::POOLS_IDLE_MAX {
            let ix = self.idle.pop_front()?;
            let pool = self.table[ix as usize].as_mut()?;
            pool.idle = false;
            if pool.visits == 0 && !pool.own {
                return Some(ix);
            }
        }
        None
    }

    /// Brings in step whether, and as whose, the visits of a pool are called on, and whether the size of its queue counts.
    pub(crate) fn set_called(&mut self, ix: PoolIx, called: Option<(Instant, ContactId)>) {
        let pool = self.table[ix as usize].as_mut().expect("a pool in use is in the table");
        let queue = pool.requirement.queue;
        if let Some(above) = pool.calls.waiting_above() {
            if pool.waiting.is_empty() {
                self.crowds.remove(&(queue, above, ix));
            } else {
                self.crowds.insert((queue, above, ix));
            }
        }
        let before = core::mem::replace(&mut pool.called, called);
        if before == called {
            return;
        }
        if let Some((order, contact)) = before {
            self.calling.remove(&(queue, order, contact, ix));
        }
        if let Some((order, contact)) = called {
            self.calling.insert((queue, order, contact, ix));
        }
    }

    /// Pools of a queue of which only its size decides whether their visits are called on, and for which this size, or one
    /// visit less, makes the difference.
    pub(crate) fn crowds_at(&self, queue: QueueIx, visits: u32) -> Vec<PoolIx> {
        let sizes = (queue, visits.saturating_sub(1), PoolIx::MIN)..=(queue, visits, PoolIx::MAX);
        self.crowds.range(sizes).map(|(_, _, pool)| *pool).collect()
    }

    /// Everybody who is called on first of a pool, in the order of queues and places.
    pub(crate) fn called(&self) -> impl Iterator<Item = (PoolIx, ContactId)> + '_ {
        self.calling.iter().map(|(_, _, contact, pool)| (*pool, *contact))
    }

    /// Takes a pool out of the tables; its agents are the caller's business.
    pub(crate) fn remove(&mut self, ix: PoolIx) {
        let Some(pool) = self.table[ix as usize].take() else { return };
        self.by_requirement.remove(&pool.requirement);
        let drop_from = |lists: &mut BTreeMap<u32, BTreeSet<PoolIx>>, key: u32| {
            if let Some(pools) = lists.get_mut(&key) {
                pools.remove(&ix);
            }
        };
        match pool.requirement.only {
            Some(agent) => drop_from(&mut self.alone, agent),
            None => pool.requirement.serving.iter().for_each(|queue| drop_from(&mut self.serving, *queue)),
        }
        drop_from(&mut self.standing, pool.requirement.queue);
        if self.own(pool.requirement.queue) == Some(ix) {
            self.own.remove(&pool.requirement.queue);
        }
        if pool.idle {
            self.idle.retain(|idle| *idle != ix);
        }
        let queue = pool.requirement.queue;
        if let Some((order, contact)) = pool.called {
            self.calling.remove(&(queue, order, contact, ix));
        }
        if let Some(above) = pool.calls.waiting_above() {
            self.crowds.remove(&(queue, above, ix));
        }
        self.vacant.push(ix);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_follows_the_set_whatever_the_order() {
        let mut pools = Pools::default();
        let ix = pools.add(Requirement::plain(0), Selection::LongestIdle, Calls::default());
        let pool = pools.get_mut(ix);
        let at = Instant::from_micros;
        let key = |since, agent| FreeKey { in_hand: 0, measure: 0, since: at(since), agent };
        pool.put_free(key(5, 1));
        pool.put_free(key(3, 2));
        let both = pool.candidates();
        pool.take_free(key(5, 1));
        assert_ne!(pool.candidates().1, both.1);
        pool.put_free(key(5, 1));
        pool.put_free(key(5, 1));
        assert_eq!(pool.candidates(), both);
        assert_eq!(both.1, mark(at(3), 2) ^ mark(at(5), 1));
        assert!(pool.free().eq([2, 1]), "the longest idle first");
        pool.put_free(FreeKey { in_hand: 1, measure: 0, since: at(1), agent: 3 });
        assert!(pool.free().eq([2, 1, 3]), "whoever has someone in hand comes last");
    }
}
