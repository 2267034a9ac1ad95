//! A map that holds at most so many entries and forgets those not asked for lately. It knows no time: two
//! generations, the older dropped whole when the younger is full. Looking up and inserting cost a hash each.

use std::collections::HashMap;
use std::hash::Hash;

pub(crate) struct Bounded<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    young_max: usize,
}

impl<K: Hash + Eq + Clone, V: Clone> Bounded<K, V> {
    /// A map of at most `entries_max` entries (at least two).
    pub(crate) fn new(entries_max: usize) -> Bounded<K, V> {
        Bounded { young: HashMap::new(), old: HashMap::new(), young_max: (entries_max / 2).max(1) }
    }

    pub(crate) fn get(&mut self, key: &K) -> Option<V> {
        if let Some(value) = self.young.get(key) {
            return Some(value.clone());
        }
        let value = self.old.remove(key)?;
        self.insert(key.clone(), value.clone());
        Some(value)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        self.old.remove(&key);
        if self.young.len() >= self.young_max && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }

    pub(crate) fn remove(&mut self, key: &K) {
        self.young.remove(key);
        self.old.remove(key);
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_grows_past_its_bound_and_keeps_what_is_asked_for() {
        let mut map = Bounded::new(100);
        map.insert(-1, "often");
        for n in 0..10_000 {
            map.insert(n, "once");
            assert_eq!(map.get(&-1), Some("often"), "after {n} others");
            assert!(map.len() <= 100, "{} entries", map.len());
        }
        assert_eq!(map.get(&0), None);
        map.remove(&9_999);
        assert_eq!(map.get(&9_999), None);
    }
}
