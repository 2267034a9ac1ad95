//! Which contact is which call, what has become of it, and what the drive will report. The only state that callers and agents share.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cordboard_floor::ContactId;
use tokio::sync::watch;

/// Gaps told one by one.
const GAPS_TOLD_MAX: usize = 10;

#[derive(Debug)]
pub(super) struct Switchboard {
    inner: Mutex<Inner>,
    /// Calls not over yet.
    open: watch::Sender<u64>,
    /// Contacts known so far: changes with each.
    known: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Inner {
    calls: HashMap<ContactId, usize>,
    served: HashSet<usize>,
    over: HashSet<usize>,
    /// Contacts that an agent heard of before the caller was told her contact's id: whether they are over already.
    early: HashMap<ContactId, bool>,
    turned_away: BTreeMap<String, u64>,
    nacks: BTreeMap<String, u64>,
    gaps: Vec<String>,
    resumed: u64,
    arrived: u64,
    last_seq: u64,
}

impl Switchboard {
    pub(super) fn new(calls: usize) -> Self {
        Self { inner: Mutex::default(), open: watch::Sender::new(calls as u64), known: watch::Sender::new(0) }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // The lock guards no invariant that a panic could break half-way.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A call has come and is this contact.
    pub(super) fn place(&self, contact: ContactId, call: usize) {
        let mut inner = self.inner();
        inner.calls.insert(contact, call);
        inner.arrived += 1;
        let early = inner.early.remove(&contact);
        if early.is_some() {
            inner.served.insert(call);
        }
        drop(inner);
        if early == Some(true) {
            self.over(call);
        }
        self.known.send_modify(|known| *known += 1);
    }

    pub(super) fn call(&self, contact: ContactId) -> Option<usize> {
        self.inner().calls.get(&contact).copied()
    }

    /// Changes whenever another contact is known.
    pub(super) fn follow_known(&self) -> watch::Receiver<u64> {
        self.known.subscribe()
    }

    /// Changes whenever another call is over.
    pub(super) fn follow_open(&self) -> watch::Receiver<u64> {
        self.open.subscribe()
    }

    pub(super) fn turn_away(&self, call: usize, code: &str) {
        let mut inner = self.inner();
        inner.arrived += 1;
        *inner.turned_away.entry(code.to_owned()).or_default() += 1;
        drop(inner);
        self.over(call);
    }

    /// Someone talks with the caller.
    pub(super) fn serve(&self, contact: ContactId) {
        let mut inner = self.inner();
        match inner.calls.get(&contact).copied() {
            Some(call) => drop(inner.served.insert(call)),
            None => drop(inner.early.entry(contact).or_default()),
        }
    }

    pub(super) fn is_served(&self, call: usize) -> bool {
        let inner = self.inner();
        inner.served.contains(&call) || inner.over.contains(&call)
    }

    pub(super) fn end(&self, contact: ContactId) {
        let mut inner = self.inner();
        let call = inner.calls.get(&contact).copied();
        if call.is_none() {
            inner.early.insert(contact, true);
        }
        drop(inner);
        if let Some(call) = call {
            self.over(call);
        }
    }

    pub(super) fn over(&self, call: usize) {
        if self.inner().over.insert(call) {
            self.open.send_modify(|open| *open -= 1);
        }
    }

    pub(super) fn nack(&self, code: &str) {
        *self.inner().nacks.entry(code.to_owned()).or_default() += 1;
    }

    /// A lost link was taken up again.
    pub(super) fn resume(&self) {
        self.inner().resumed += 1;
    }

    pub(super) fn resumed(&self) -> u64 {
        self.inner().resumed
    }

    pub(super) fn gap(&self, what: String) {
        let mut inner = self.inner();
        if inner.gaps.len() < GAPS_TOLD_MAX {
            inner.gaps.push(what);
        }
    }

    pub(super) fn saw(&self, seq: u64) {
        let mut inner = self.inner();
        inner.last_seq = inner.last_seq.max(seq);
    }

    pub(super) fn last_seq(&self) -> u64 {
        self.inner().last_seq
    }

    pub(super) fn arrived(&self) -> u64 {
        self.inner().arrived
    }

    /// Every contact that the server acknowledged.
    pub(super) fn contacts(&self) -> HashSet<ContactId> {
        self.inner().calls.keys().copied().collect()
    }

    /// Calls turned away, refused commands, and gaps in links.
    pub(super) fn told(&self) -> (BTreeMap<String, u64>, BTreeMap<String, u64>, Vec<String>) {
        let inner = self.inner();
        (inner.turned_away.clone(), inner.nacks.clone(), inner.gaps.clone())
    }
}
