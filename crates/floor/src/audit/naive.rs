//! The router as one would write it first: loops over everybody. Of all waiting contacts that someone
//! could take now the best one, and of all agents who could take it the best one.

use super::overdue::overdue;
use super::standing::{Key, free_for};
use crate::configuration::Selection;
use crate::contact::Contact;
use crate::event::OfferPurpose;
use crate::floor::Floor;
use crate::id::{AgentId, ContactId, OfferId, QueueId};
use crate::limits;
use crate::queue::QueueIx;
use crate::routing::pool::mark;
use crate::time::{Instant, Millis};
use alloc::vec::Vec;
use core::cmp::Reverse;
use serde::Serialize;

/// Who is to be given to whom, and out of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Which contact.
    pub contact: ContactId,
    /// To whom.
    pub agent: AgentId,
    /// At which step of its plan.
    pub step: u16,
    /// Her place among the candidates: always the first of those who are left.
    pub rank: u32,
    /// How many could take it just before.
    pub candidates: u32,
    /// The digest of who they are.
    pub digest: u64,
    /// Whether it waits for her alone.
    pub wanted: bool,
}

/// A waiting visit in the one order of all of them, with what puts it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Which contact.
    pub contact: ContactId,
    /// In which queue.
    pub queue: QueueId,
    /// The priority of the queue: higher first.
    pub queue_priority: u8,
    /// Its score, in ms at the customary pace, rounded down: higher first.
    pub score_ms: i64,
    /// How long this visit has lasted.
    pub waited_ms: Millis,
    /// The priority of the contact.
    pub priority: u8,
    /// The moment from which its score counts.
    pub order: Instant,
    /// Whether its queue has as many contacts with agents as it may: then it is passed over.
    pub passed_over: bool,
}

/// The offer that must be made next, if any must: for the first waiting visit for which anybody is free; if there is
/// none, at someone free who joins a live ring.
///
/// A ring in the making goes on before anything else, so that one that begins reaches everybody who is free.
pub fn naive_choice(floor: &Floor, now: Instant) -> Option<Choice> {
    if floor.is_stopping() {
        return None;
    }
    let begun = rings(floor, now).into_iter().filter(|id| began_last(floor, *id));
    let waiting = waiting(floor, now)
        .into_iter()
        .filter(|(_, visit)| !is_at_maximum(floor, visit.queue))
        .map(|(contact, _)| contact);
    begun.chain(waiting).chain(rings(floor, now)).find_map(|contact| choice(floor, contact))
}

/// All waiting visits, the first first.
pub fn line(floor: &Floor, now: Instant) -> Vec<Place> {
    let mut places = Vec::new();
    for (contact, visit) in waiting(floor, now) {
        let Some(known) = floor.contact(contact) else { continue };
        let config = &floor.queues()[visit.queue as usize].config;
        let score_ms = score(floor, &visit, now).div_euclid(100 * 1_000);
        places.push(Place {
            contact,
            queue: config.queue,
            queue_priority: config.priority,
            score_ms: score_ms.clamp(i64::MIN.into(), i64::MAX.into()) as i64,
            waited_ms: now.since(visit.since),
            priority: known.priority,
            order: visit.order,
            passed_over: is_at_maximum(floor, visit.queue),
        });
    }
    places
}

/// Contacts of a queue with agents: those on which an agent is, or that ring at one who would own them, and that are
/// handled in terms of this queue. A contact counts once, at however many it rings; work after one does not count.
pub fn with_agents(floor: &Floor, queue: QueueIx) -> u32 {
    let mut count = 0;
    for (_, contact) in floor.contacts() {
        let with_someone = !contact.participants.is_empty() || contact.offer.is_some();
        if contact.ended.is_none() && contact.last_queue == Some(queue) && with_someone {
            count += 1;
        }
    }
    count
}

/// Whether a queue has as many contacts with agents as its plan allows.
pub(super) fn is_at_maximum(floor: &Floor, queue: QueueIx) -> bool {
    let most = floor.queues()[queue as usize].config.plan.conversations_max;
    most.is_some_and(|most| with_agents(floor, queue) >= most)
}

/// Whether it waits: in a queue, ringing at nobody, and not put off until its caller is dialled again.
pub(super) fn is_waiting(contact: &Contact) -> bool {
    let put_off = contact.callback.is_some_and(|callback| callback.retry_at.is_some());
    contact.visit.is_some() && contact.offer.is_none() && !put_off
}

/// What an order of visits is made of.
struct Stands {
    queue: QueueIx,
    since: Instant,
    order: Instant,
}

fn waiting(floor: &Floor, now: Instant) -> Vec<(ContactId, Stands)> {
    ordered(floor, now, |_, contact| is_waiting(contact))
}

/// Live rings of plans that ring at all, at which more may ring, the first first; none for which something else is due.
fn rings(floor: &Floor, now: Instant) -> Vec<ContactId> {
    let live = ordered(floor, now, |floor, contact| {
        let Some(visit) = contact.visit else { return false };
        let plan = &floor.queues()[visit.queue as usize].config.plan;
        let of_the_plan =
            contact.offer.is_some_and(|offer| purpose(floor, offer) == Some(OfferPurpose::Queue));
        plan.selection == Selection::RingAll
            && of_the_plan
            && 1 + contact.more_offers.len() < limits::RING_ALL_MAX
    });
    let ids = live.into_iter().map(|(contact, _)| contact);
    ids.filter(|contact| overdue(floor, now, *contact).is_none()).collect()
}

fn purpose(floor: &Floor, offer: OfferId) -> Option<OfferPurpose> {
    floor.offers.get(&offer).map(|offer| offer.purpose)
}

/// Whether the very last thing that happened was that it began to ring for this contact.
fn began_last(floor: &Floor, contact: ContactId) -> bool {
    floor.offers.get(&OfferId(floor.seq)).is_some_and(|offer| offer.contact == contact && offer.end.is_none())
}

fn ordered(
    floor: &Floor,
    now: Instant,
    counts: impl Fn(&Floor, &Contact) -> bool,
) -> Vec<(ContactId, Stands)> {
    let mut all = Vec::new();
    for (id, contact) in floor.contacts() {
        if let (Some(visit), true) = (contact.visit, counts(floor, contact)) {
            all.push((id, Stands { queue: visit.queue, since: visit.since, order: visit.order }));
        }
    }
    all.sort_by_key(|(id, visit)| {
        let priority = floor.queues()[visit.queue as usize].config.priority;
        (Reverse(priority), Reverse(score(floor, visit, now)), *id)
    });
    all
}

/// In µs and percent: how long it has waited with what its priority is worth, at the pace of its queue, counted from
/// when it should have been answered.
fn score(floor: &Floor, visit: &Stands, now: Instant) -> i128 {
    let plan = &floor.queues()[visit.queue as usize].config.plan;
    let waited = i128::from(now.micros()) - i128::from(visit.order.micros());
    waited * i128::from(plan.weight) - i128::from(plan.answer_within_ms.0) * 1_000 * 100
}

fn choice(floor: &Floor, contact: ContactId) -> Option<Choice> {
    let known = floor.contact(contact)?;
    let visit = known.visit?;
    let free: Vec<Key> = free_for(floor, contact, known);
    let first = free.first()?;
    Some(Choice {
        contact,
        agent: floor.agents()[first.place as usize].config.agent,
        step: visit.step,
        rank: 1,
        candidates: free.len() as u32,
        digest: free.iter().fold(0, |digest, key| digest ^ mark(key.idle_since, key.place)),
        wanted: visit.wanted.is_some(),
    })
}
