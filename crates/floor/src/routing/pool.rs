//! Pools: one for each distinct requirement. A pool keeps its free agents and its waiting visits in
//! order, so the next choice is the first of a set, however large the floor.
//!
//! Who belongs to a pool changes only with configuration. The digest is the exclusive-or of a mixed
//! number for each free agent and her `idle_since`: it follows the set without ever walking it, and
//! whoever rebuilds the set from the log can check that she found the same candidates.

use crate::agent::AgentIx;
use crate::contact::SkillCondition;
use crate::id::ContactId;
use crate::limits;
use crate::queue::QueueIx;
use crate::time::Instant;
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::vec::Vec;

/// A pool's place in the table; not part of the stored state.
pub type PoolIx = u32;

/// What visits of one pool ask for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Requirement {
    pub(crate) queue: QueueIx,
    pub(crate) conditions: Vec<SkillCondition>,
}

impl Requirement {
    /// The queue's conditions and the contact's, each skill once at its higher level.
    pub(crate) fn of(queue: QueueIx, queues: &[SkillCondition], contacts: &[SkillCondition]) -> Self {
        let mut conditions: Vec<SkillCondition> = Vec::with_capacity(queues.len() + contacts.len());
        for asked in queues.iter().chain(contacts) {
            match conditions.iter_mut().find(|known| known.skill == asked.skill) {
                Some(known) => known.level = known.level.max(asked.level),
                None => conditions.push(*asked),
            }
        }
        conditions.sort_unstable();
        Self { queue, conditions }
    }
}

/// A free agent's place among others: empty hands first, then the longest idle, then her place in the
/// site's table. Whoever already talks with someone is not idle, however long ago her last pause was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FreeKey {
    pub(crate) in_hand: u32,
    pub(crate) since: Instant,
    pub(crate) agent: AgentIx,
}

/// Free agents and waiting visits of one requirement.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    pub(crate) requirement: Requirement,
    free: BTreeSet<FreeKey>,
    waiting: BTreeSet<(Instant, ContactId)>,
    digest: u64,
    /// Visits whose pool it is, waiting or ringing.
    visits: u32,
    /// Whether it is a queue's own, which stays as long as the queue asks for just that.
    own: bool,
    /// Whether it stands among the idle ones.
    idle: bool,
}

impl Pool {
    pub(crate) fn first_free(&self) -> Option<AgentIx> {
        self.free.first().map(|key| key.agent)
    }

    /// The free agents, best first.
    pub(crate) fn free(&self) -> impl Iterator<Item = AgentIx> + '_ {
        self.free.iter().map(|key| key.agent)
    }

    /// The waiting visits, best first.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = ContactId> + '_ {
        self.waiting.iter().map(|(_, contact)| *contact)
    }

    pub(crate) fn first_waiting(&self) -> Option<(Instant, ContactId)> {
        self.waiting.first().copied()
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
    by_requirement: BTreeMap<Requirement, PoolIx>,
    by_queue: BTreeMap<QueueIx, Vec<PoolIx>>,
    /// Each queue's own pool, by its own conditions alone.
    own: BTreeMap<QueueIx, PoolIx>,
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

    pub(crate) fn of_queue(&self, queue: QueueIx) -> &[PoolIx] {
        self.by_queue.get(&queue).map_or(&[], Vec::as_slice)
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

    /// A new, empty pool; its agents are the caller's business.
    pub(crate) fn add(&mut self, requirement: Requirement) -> PoolIx {
        let pool = Pool {
            requirement: requirement.clone(),
            free: BTreeSet::new(),
            waiting: BTreeSet::new(),
            digest: 0,
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
        self.by_queue.entry(requirement.queue).or_default().push(ix);
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

    pub(crate) fn remove(&mut self, ix: PoolIx) {
        if let Some(pool) = self.table[ix as usize].take() {
            self.by_requirement.remove(&pool.requirement);
            if let Some(pools) = self.by_queue.get_mut(&pool.requirement.queue) {
                pools.retain(|known| *known != ix);
            }
            self.vacant.push(ix);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::SkillId;

    fn skill(name: &'static str, level: u8) -> SkillCondition {
        SkillCondition { skill: SkillId::fixed(name), level }
    }

    #[test]
    fn a_requirement_names_each_skill_once_at_its_higher_level() {
        let first = Requirement::of(1, &[skill("loans", 40), skill("en", 10)], &[skill("loans", 70)]);
        let second = Requirement::of(1, &[skill("en", 10)], &[skill("loans", 70)]);
        assert_eq!(first, second);
    }

    #[test]
    fn the_digest_follows_the_set_whatever_the_order() {
        let mut pools = Pools::default();
        let ix = pools.add(Requirement::of(0, &[], &[]));
        let pool = pools.get_mut(ix);
        let at = Instant::from_micros;
        let key = |since, agent| FreeKey { in_hand: 0, since: at(since), agent };
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
        pool.put_free(FreeKey { in_hand: 1, since: at(1), agent: 3 });
        assert!(pool.free().eq([2, 1, 3]), "whoever has someone in hand comes last");
    }
}
