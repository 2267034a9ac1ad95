//! Who called before: for each caller, known by the keyed pseudonym of the number and never by the number, the contacts that
//! are over, in a few words each. So whoever takes a call sees that it is the third today, and how the others went.
//!
//! It is bounded twice: each caller keeps the last few contacts, and of what they leave behind how many there were and how
//! many gave up; all callers together keep so many, and whoever has been silent longest is forgotten first. An erased person's
//! contacts are nobody's any more.

use crate::View;
use cordboard_floor::contact::{ContactEnd, Role, Stage};
use cordboard_floor::{
    AgentId, Channel, CodeId, ContactId, Event, Instant, Millis, PersonId, QueueId, Recorded,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Contacts kept of one caller.
pub const CONTACTS_PER_CALLER_MAX: usize = 20;
/// Contacts kept of all callers, unless another number is asked for: some 40 MB.
pub const CONTACTS_KEPT_MAX: usize = 200_000;

type Pseudonym = [u8; 16];

/// A contact that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierContact {
    /// Which.
    pub contact: ContactId,
    /// Whose.
    pub person: PersonId,
    /// How it came.
    pub channel: Channel,
    /// When it came.
    pub arrived_at: Instant,
    /// When it ended.
    pub ended_at: Instant,
    /// The queue that it came into first.
    pub queue: Option<QueueId>,
    /// How it ended.
    pub end: ContactEnd,
    /// In all queues.
    pub waited_ms: Millis,
    /// With all its owners, holds left out.
    pub talked_ms: Millis,
    /// The first agent who was its owner.
    pub agent: Option<AgentId>,
    /// The wrap-up code that was written last.
    pub code: Option<CodeId>,
}

/// What earlier contacts came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierSums {
    /// How many.
    pub total: u32,
    /// Those of them whose caller gave up.
    pub abandoned: u32,
    /// How long she waited in all of them.
    pub waited_ms: u64,
}

impl EarlierSums {
    fn add(&mut self, contact: &EarlierContact) {
        self.total = self.total.saturating_add(1);
        self.abandoned += u32::from(matches!(contact.end, ContactEnd::Abandoned(_)));
        self.waited_ms = self.waited_ms.saturating_add(contact.waited_ms.0);
    }
}

/// What is known of a caller.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Caller {
    /// The last few, the oldest first, in the order in which they ended.
    kept: VecDeque<EarlierContact>,
    /// What those before them came to.
    before: EarlierSums,
    /// The event with which the last of them ended.
    seq: u64,
}

/// A contact that goes on.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Open {
    caller: Pseudonym,
    row: EarlierContact,
    /// Since when it has an owner who talks with the caller.
    talking_since: Option<Instant>,
    held_since: Option<Instant>,
    /// Dialled and not there yet.
    dialling: bool,
}

/// Earlier contacts by caller.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Callers {
    seq: u64,
    kept_max: usize,
    callers: BTreeMap<Pseudonym, Caller>,
    /// Whoever has been silent longest first.
    silent: BTreeSet<(u64, Pseudonym)>,
    open: BTreeMap<ContactId, Open>,
    /// Whose the kept contacts are.
    whose: BTreeMap<ContactId, Pseudonym>,
}

impl Default for Callers {
    fn default() -> Self {
        Self::with_limit(CONTACTS_KEPT_MAX)
    }
}

impl Callers {
    /// Knows nobody; will keep [`CONTACTS_KEPT_MAX`] contacts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Knows nobody; will keep so many contacts.
    pub fn with_limit(kept_max: usize) -> Self {
        Self {
            seq: 0,
            kept_max: kept_max.max(1),
            callers: BTreeMap::new(),
            silent: BTreeSet::new(),
            open: BTreeMap::new(),
            whose: BTreeMap::new(),
        }
    }

    /// Contacts kept of all callers.
    pub fn len(&self) -> usize {
        self.whose.len()
    }

    /// Whether nobody is known.
    pub fn is_empty(&self) -> bool {
        self.whose.is_empty()
    }

    /// A contact that is over, as long as it is kept.
    pub fn over(&self, contact: ContactId) -> Option<&EarlierContact> {
        let caller = self.callers.get(self.whose.get(&contact)?)?;
        caller.kept.iter().find(|row| row.contact == contact)
    }

    /// The contacts of the same caller that came before this one and are over, the latest first, and what they came to together
    /// with those that are no longer kept. None of a contact without a caller is known.
    pub fn before(&self, contact: ContactId) -> (Vec<&EarlierContact>, EarlierSums) {
        let pseudonym = self.open.get(&contact).map(|open| open.caller).or(self.whose.get(&contact).copied());
        let Some(caller) = pseudonym.and_then(|pseudonym| self.callers.get(&pseudonym)) else {
            return (Vec::new(), EarlierSums::default());
        };
        let mut earlier: Vec<_> = caller.kept.iter().filter(|row| row.contact < contact).collect();
        earlier.sort_by_key(|row| std::cmp::Reverse(row.contact));
        let mut sums = caller.before;
        earlier.iter().for_each(|row| sums.add(row));
        (earlier, sums)
    }

    fn take(&mut self, recorded: &Recorded<Event>) {
        let at = recorded.at;
        match &recorded.event {
            Event::ContactArrived(event) => {
                let Some(from) = &event.from else { return };
                let row = EarlierContact {
                    contact: event.contact,
                    person: from.sealed.person,
                    channel: event.channel,
                    arrived_at: at,
                    ended_at: at,
                    queue: None,
                    end: ContactEnd::Abandoned(Stage::Menu),
                    waited_ms: Millis(0),
                    talked_ms: Millis(0),
                    agent: None,
                    code: None,
                };
                let caller = from.pseudonym;
                let open = Open { caller, row, talking_since: None, held_since: None, dialling: false };
                self.open.insert(event.contact, open);
            }
            Event::ContactEnded(event) => {
                let Some(mut open) = self.open.remove(&event.contact) else { return };
                open.stop_talking(at);
                let row = EarlierContact { ended_at: at, end: event.end, ..open.row };
                self.keep(open.caller, row, recorded.seq);
            }
            Event::WrapupCompleted(event) => {
                if let Some(open) = self.open.get_mut(&event.contact) {
                    open.row.code = Some(event.code);
                }
                let caller = self.whose.get(&event.contact).and_then(|whose| self.callers.get_mut(whose));
                let row = caller.and_then(|it| it.kept.iter_mut().find(|row| row.contact == event.contact));
                if let Some(row) = row {
                    row.code = Some(event.code);
                }
            }
            Event::PersonErased(event) => self.erase(event.person),
            event => {
                if let Some(open) = event.contact().and_then(|contact| self.open.get_mut(&contact)) {
                    open.take(event, at);
                }
            }
        }
    }

    fn keep(&mut self, pseudonym: Pseudonym, row: EarlierContact, seq: u64) {
        let caller = self.callers.entry(pseudonym).or_default();
        self.silent.remove(&(caller.seq, pseudonym));
        caller.seq = seq;
        self.silent.insert((seq, pseudonym));
        caller.kept.push_back(row);
        self.whose.insert(row.contact, pseudonym);
        if caller.kept.len() > CONTACTS_PER_CALLER_MAX
            && let Some(oldest) = caller.kept.pop_front()
        {
            caller.before.add(&oldest);
            self.whose.remove(&oldest.contact);
        }
        while self.whose.len() > self.kept_max {
            let Some((_, longest)) = self.silent.pop_first() else { break };
            self.forget(longest);
        }
    }

    fn forget(&mut self, pseudonym: Pseudonym) {
        for row in self.callers.remove(&pseudonym).into_iter().flat_map(|caller| caller.kept) {
            self.whose.remove(&row.contact);
        }
    }

    /// Rare, so it walks over everybody.
    fn erase(&mut self, person: PersonId) {
        self.open.retain(|_, open| open.row.person != person);
        let is_hers = |caller: &Caller| caller.kept.iter().any(|row| row.person == person);
        let hers = self.callers.iter().filter(|(_, caller)| is_hers(caller));
        let hers: Vec<(u64, Pseudonym)> = hers.map(|(whose, caller)| (caller.seq, *whose)).collect();
        for (seq, whose) in hers {
            self.silent.remove(&(seq, whose));
            self.forget(whose);
        }
    }
}

impl Open {
    fn take(&mut self, event: &Event, at: Instant) {
        match event {
            Event::ContactQueued(event) => _ = self.row.queue.get_or_insert(event.queue),
            Event::VisitEnded(event) => self.row.waited_ms.0 += event.waited_ms.0,
            Event::ContactConnected(event) if event.role == Role::Owner => {
                self.begin_talking(event.agent, at)
            }
            Event::ContactRoleChanged(event) if event.role == Role::Owner => {
                self.begin_talking(event.agent, at)
            }
            Event::ContactHeld(_) => self.held_since = Some(at),
            Event::ContactResumed(_) => self.end_hold(at),
            Event::ContactLeft(event) if event.role == Role::Owner => self.stop_talking(at),
            // Whoever is dialled is not talked with before she is there.
            Event::CallbackDialled(_) => (self.dialling, self.talking_since) = (true, None),
            Event::CallbackAnswered(_) => (self.dialling, self.talking_since) = (false, Some(at)),
            Event::CallbackFailed(_) => (self.dialling, self.talking_since) = (false, None),
            _ => {}
        }
    }

    fn begin_talking(&mut self, agent: AgentId, at: Instant) {
        self.row.agent.get_or_insert(agent);
        self.talking_since = Some(at).filter(|_| !self.dialling);
    }

    fn end_hold(&mut self, at: Instant) {
        if let (Some(held), Some(talking)) = (self.held_since.take(), &mut self.talking_since) {
            // As if the talk had begun later by the hold.
            *talking = talking.plus(at.since(held));
        }
    }

    fn stop_talking(&mut self, at: Instant) {
        self.end_hold(at);
        if let Some(since) = self.talking_since.take() {
            self.row.talked_ms.0 += at.since(since).0;
        }
        self.dialling = false;
    }
}

impl View for Callers {
    const NAME: &'static str = "callers";

    fn fold(&mut self, recorded: &Recorded<Event>) {
        if recorded.seq <= self.seq {
            return;
        }
        self.seq = recorded.seq;
        self.take(recorded);
    }

    fn pass(&mut self, seq: u64, _: Instant) {
        self.seq = self.seq.max(seq);
    }

    fn seq(&self) -> u64 {
        self.seq
    }

    fn folds_like(&self, other: &Self) -> bool {
        self.kept_max == other.kept_max
    }
}
