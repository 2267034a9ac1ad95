//! How many wrong passwords a name may have before it is locked for a while. It knows no password and no clock.
//! Held in memory: a restart forgives. Unknown names are counted like known ones, so that a lock tells nobody
//! which names exist.

use crate::bounded::Bounded;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

/// Wrong passwords within the window that lock a name.
pub const LOCKOUT_FAILURES: u32 = 10;
/// The window in which wrong passwords are added up, from the first one on.
pub const LOCKOUT_WINDOW_US: i64 = 10 * 60 * 1_000_000;
/// How long a name stays locked.
pub const LOCKOUT_US: i64 = 5 * 60 * 1_000_000;
/// Most unknown names whose wrong passwords are counted.
pub const UNKNOWN_NAMES_WATCHED_MAX: usize = 10_000;

/// What may be done about a sign-in now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Admission {
    Admitted,
    Locked {
        until_us: i64,
    },
    /// As many are being checked at this moment as there are failures left: more would be free guesses.
    Crowded,
}

#[derive(Clone, Copy, Default)]
struct Failures {
    count: u32,
    in_flight: u32,
    first_us: i64,
    locked_until_us: Option<i64>,
}

/// A name's keyed hash: names as long as anyone likes take no memory.
type NameHash = [u8; 16];

pub(super) struct Lockouts(Mutex<Watch>);

struct Watch {
    /// Known names, in a table that unknown ones cannot push them out of; at most one entry per account.
    known: HashMap<NameHash, Failures>,
    unknown: Bounded<NameHash, Failures>,
}

impl Lockouts {
    pub(super) fn none() -> Lockouts {
        Lockouts(Mutex::new(Watch {
            known: HashMap::new(),
            unknown: Bounded::new(UNKNOWN_NAMES_WATCHED_MAX),
        }))
    }

    /// Asked before a password is checked; an admitted one must be answered by [`Lockouts::after`].
    pub(super) fn before(&self, name: NameHash, is_known: bool, now_us: i64) -> Admission {
        let mut watch = self.watch();
        let mut failures = watch.get(name, is_known).unwrap_or_default();
        if let Some(until_us) = failures.locked_until_us {
            // However far a clock stepped back, no lock is longer than one lock.
            let until_us = until_us.min(now_us.saturating_add(LOCKOUT_US));
            if now_us < until_us {
                failures.locked_until_us = Some(until_us);
                watch.put(name, is_known, failures);
                return Admission::Locked { until_us };
            }
            failures.locked_until_us = None;
        }
        if failures.count > 0 && now_us.saturating_sub(failures.first_us) >= LOCKOUT_WINDOW_US {
            failures.count = 0;
        }
        if failures.count + failures.in_flight >= LOCKOUT_FAILURES {
            return Admission::Crowded;
        }
        failures.in_flight += 1;
        watch.put(name, is_known, failures);
        Admission::Admitted
    }

    /// The outcome of an admitted check; `None` when there was none. Says until when the name is locked now, if
    /// this was the failure that locked it.
    pub(super) fn after(
        &self,
        name: NameHash,
        is_known: bool,
        was_right: Option<bool>,
        now_us: i64,
    ) -> Option<i64> {
        let mut watch = self.watch();
        let mut failures = watch.get(name, is_known)?;
        failures.in_flight = failures.in_flight.saturating_sub(1);
        match was_right {
            None => {}
            Some(true) => failures.count = 0,
            Some(false) => {
                if failures.count == 0 {
                    failures.first_us = now_us;
                }
                failures.count += 1;
                if failures.count >= LOCKOUT_FAILURES {
                    failures.count = 0;
                    failures.locked_until_us = Some(now_us.saturating_add(LOCKOUT_US));
                }
            }
        }
        let locked_now = if was_right == Some(false) { failures.locked_until_us } else { None };
        if failures.count == 0 && failures.in_flight == 0 && failures.locked_until_us.is_none() {
            watch.forget(name);
        } else {
            watch.put(name, is_known, failures);
        }
        locked_now
    }

    pub(super) fn forgive(&self, name: NameHash) {
        self.watch().forget(name);
    }

    fn watch(&self) -> MutexGuard<'_, Watch> {
        self.0.lock().expect("no holder panics")
    }
}

impl Watch {
    fn get(&mut self, name: NameHash, is_known: bool) -> Option<Failures> {
        if is_known { self.known.get(&name).copied() } else { self.unknown.get(&name) }
    }

    fn put(&mut self, name: NameHash, is_known: bool, failures: Failures) {
        if is_known {
            self.known.insert(name, failures);
        } else {
            self.unknown.insert(name, failures);
        }
    }

    fn forget(&mut self, name: NameHash) {
        self.known.remove(&name);
        self.unknown.remove(&name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: NameHash = [7; 16];
    const SECOND: i64 = 1_000_000;

    fn fail(lockouts: &Lockouts, now_us: i64) -> Option<i64> {
        assert_eq!(lockouts.before(NAME, true, now_us), Admission::Admitted);
        lockouts.after(NAME, true, Some(false), now_us)
    }

    #[test]
    fn failures_spread_over_more_than_the_window_never_lock() {
        let lockouts = Lockouts::none();
        for round in 0..50 {
            for n in 0..i64::from(LOCKOUT_FAILURES) - 1 {
                assert_eq!(fail(&lockouts, round * LOCKOUT_WINDOW_US + n * SECOND), None);
            }
        }
    }

    #[test]
    fn guesses_made_at_the_same_moment_get_no_more_tries_than_one_after_the_other() {
        let lockouts = Lockouts::none();
        for _ in 0..LOCKOUT_FAILURES {
            assert_eq!(lockouts.before(NAME, true, 0), Admission::Admitted);
        }
        assert_eq!(lockouts.before(NAME, true, 0), Admission::Crowded);
        let locked: Vec<_> =
            (0..LOCKOUT_FAILURES).filter_map(|_| lockouts.after(NAME, true, Some(false), SECOND)).collect();
        assert_eq!(locked, [SECOND + LOCKOUT_US]);
        assert_eq!(
            lockouts.before(NAME, true, 2 * SECOND),
            Admission::Locked { until_us: SECOND + LOCKOUT_US }
        );
    }

    #[test]
    fn a_clock_that_steps_back_a_day_does_not_lock_for_a_day() {
        let lockouts = Lockouts::none();
        let day = 24 * 3_600 * SECOND;
        for _ in 0..LOCKOUT_FAILURES {
            fail(&lockouts, day);
        }
        assert_eq!(lockouts.before(NAME, true, 0), Admission::Locked { until_us: LOCKOUT_US });
        assert_eq!(lockouts.before(NAME, true, LOCKOUT_US), Admission::Admitted);
    }

    #[test]
    fn a_flood_of_unknown_names_neither_grows_without_bound_nor_frees_a_locked_account() {
        let lockouts = Lockouts::none();
        for _ in 0..LOCKOUT_FAILURES {
            fail(&lockouts, 0);
        }
        for n in 0..3 * UNKNOWN_NAMES_WATCHED_MAX as u128 {
            lockouts.before(n.to_be_bytes(), false, 0);
            lockouts.after(n.to_be_bytes(), false, Some(false), 0);
        }
        assert!(lockouts.watch().unknown.len() <= UNKNOWN_NAMES_WATCHED_MAX);
        assert!(matches!(lockouts.before(NAME, true, SECOND), Admission::Locked { .. }));
    }
}
