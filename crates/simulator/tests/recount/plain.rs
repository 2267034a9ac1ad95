//! A second opinion on every figure of a day: a plain program over the events of a log, written from what the events and the
//! measures say in words, and from nothing else. It keeps lists, walks the clock second by second, and is in no hurry. It knows
//! no view.
//!
//! By arrival, whatever is counted once (a visit, an offer, an owner's part of a contact, a wrap-up) is counted in the half hour
//! in which it began, however late it ends; by completion, in the one in which it ended. The time of agents is counted in the half
//! hours in which it passed. Spans are whole milliseconds of the difference; the time of agents lies on the grid of whole
//! milliseconds, so that it neither grows nor shrinks by being cut.

use std::collections::{BTreeMap, BTreeSet};

use crate::clock;
use cordboard_floor::contact::{Role, VisitEnd};
use cordboard_floor::{AgentId, ContactId, Event, OfferId, QueueId, Recorded, VisitId};

pub(crate) const HALF_HOUR_US: i64 = 1_800_000_000;

/// Whoever waits no longer than this was answered in time.
pub(crate) const THRESHOLD_MS: u64 = 20_000;

/// What a queue's half hour is asked for.
pub(crate) const OF_QUEUES: [&str; 17] = [
    "offered",
    "answered",
    "abandoned",
    "overflowed",
    "timed_out",
    "transferred_waiting",
    "withdrawn",
    "waiting",
    "answered_within",
    "abandoned_within",
    "wait_answered_ms",
    "wait_abandoned_ms",
    "handled",
    "talk_ms",
    "hold_ms",
    "wrapups",
    "wrapup_ms",
];

/// What an agent's half hour is asked for.
pub(crate) const OF_AGENTS: [&str; 16] = [
    "signed_in_ms",
    "idle_ms",
    "reserved_ms",
    "talking_ms",
    "holding_ms",
    "wrapping_ms",
    "not_ready_ms",
    "unreachable_ms",
    "offers_made",
    "offers_accepted",
    "offers_rejected",
    "offers_timed_out",
    "offers_rescinded",
    "offers_cancelled",
    "offers_failed",
    "handled",
];

/// What was counted, by the measure's name; what is 0 is not there.
pub(crate) type Counts = BTreeMap<&'static str, u64>;

/// A log, counted: by the half hour's beginning in µs, and by queue or agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) queues: BTreeMap<(i64, QueueId), Counts>,
    pub(crate) agents: BTreeMap<(i64, AgentId), Counts>,
}

struct Visit {
    visit: VisitId,
    queue: QueueId,
    began_us: i64,
    ended: Option<(VisitEnd, i64)>,
}

/// What an agent had of a contact as its owner.
struct Part {
    agent: AgentId,
    contact: ContactId,
    queue: Option<QueueId>,
    /// Since when she has had somebody to talk with: whom she has to dial is not there at once.
    talks_since_us: Option<i64>,
    holds: Vec<Stretch>,
    ended_us: Option<i64>,
}

struct WrapUp {
    agent: AgentId,
    contact: ContactId,
    queue: QueueId,
    began_us: i64,
    ended_us: Option<i64>,
}

struct Offer {
    offer: OfferId,
    agent: AgentId,
    began_us: i64,
    ended: Option<(&'static str, i64)>,
}

/// From when, and until when if it is over.
struct Stretch(i64, Option<i64>);

impl Stretch {
    fn ms(&self) -> u64 {
        self.1.map_or(0, |to_us| span_ms(self.0, to_us))
    }
}

fn span_ms(from_us: i64, to_us: i64) -> u64 {
    u64::try_from((to_us - from_us) / 1_000).expect("time goes on")
}

/// To which half hour something belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Arrival,
    Completion,
}

/// The range, and to which half hour of it things belong.
struct Range {
    from_us: i64,
    to_us: i64,
    by: By,
}

impl Range {
    /// The half hour of something that began, and ended unless it goes on; none if it does not belong to the range.
    fn half_hour(&self, began_us: i64, ended_us: Option<i64>) -> Option<i64> {
        let at_us = if self.by == By::Arrival { began_us } else { ended_us? };
        (self.from_us..self.to_us).contains(&at_us).then_some(at_us.div_euclid(HALF_HOUR_US) * HALF_HOUR_US)
    }
}

/// Counts what belongs to the time from `from_us` until just before `to_us`, of a log that is read to its end.
pub(crate) fn count(log: &[Recorded<Event>], from_us: i64, to_us: i64, by: By) -> Counted {
    assert_eq!(from_us % HALF_HOUR_US, 0, "the range begins with a half hour");
    let range = Range { from_us, to_us, by };
    let mut counted = Counted::default();
    let lists = Lists::of(log);
    for visit in &lists.visits {
        let ended_us = visit.ended.map(|(_, us)| us);
        let Some(at) = range.half_hour(visit.began_us, ended_us) else { continue };
        visit.count(counted.queues.entry((at, visit.queue)).or_default());
    }
    for part in &lists.parts {
        // What goes on is no part that ended. Who was dialled and was never there was not handled.
        let Some((began_us, ended_us)) = part.talks_since_us.zip(part.ended_us) else { continue };
        let Some(at) = range.half_hour(began_us, Some(ended_us)) else { continue };
        if let Some(queue) = part.queue {
            let row = counted.queues.entry((at, queue)).or_default();
            add(row, "handled", 1);
            add(row, "talk_ms", span_ms(began_us, ended_us) - part.hold_ms());
            add(row, "hold_ms", part.hold_ms());
        }
        add(counted.agents.entry((at, part.agent)).or_default(), "handled", 1);
    }
    for work in &lists.wrapups {
        let Some(ended_us) = work.ended_us else { continue };
        let Some(at) = range.half_hour(work.began_us, Some(ended_us)) else { continue };
        let row = counted.queues.entry((at, work.queue)).or_default();
        add(row, "wrapups", 1);
        add(row, "wrapup_ms", span_ms(work.began_us, ended_us));
    }
    for offer in &lists.offers {
        let Some(at) = range.half_hour(offer.began_us, offer.ended.map(|(_, us)| us)) else { continue };
        let row = counted.agents.entry((at, offer.agent)).or_default();
        add(row, "offers_made", 1);
        if let Some((end, _)) = offer.ended {
            add(row, end, 1);
        }
    }
    clock::walk(log, from_us, to_us, &mut counted.agents);
    counted.queues.retain(|_, row| !row.is_empty());
    counted.agents.retain(|_, row| !row.is_empty());
    counted
}

pub(crate) fn add(row: &mut Counts, measure: &'static str, more: u64) {
    if more > 0 {
        *row.entry(measure).or_default() += more;
    }
}

impl Visit {
    fn count(&self, row: &mut Counts) {
        add(row, "offered", 1);
        let Some((end, ended_us)) = self.ended else { return add(row, "waiting", 1) };
        let waited_ms = span_ms(self.began_us, ended_us);
        let in_time = u64::from(waited_ms <= THRESHOLD_MS);
        match end {
            VisitEnd::Answered => {
                add(row, "answered", 1);
                add(row, "answered_within", in_time);
                add(row, "wait_answered_ms", waited_ms);
            }
            VisitEnd::Abandoned => {
                add(row, "abandoned", 1);
                add(row, "abandoned_within", in_time);
                add(row, "wait_abandoned_ms", waited_ms);
            }
            VisitEnd::Overflowed(_) => add(row, "overflowed", 1),
            VisitEnd::TimedOut => add(row, "timed_out", 1),
            VisitEnd::Transferred => add(row, "transferred_waiting", 1),
            VisitEnd::Withdrawn => add(row, "withdrawn", 1),
        }
    }
}

/// Everything that began, with its end.
#[derive(Default)]
struct Lists {
    visits: Vec<Visit>,
    parts: Vec<Part>,
    wrapups: Vec<WrapUp>,
    offers: Vec<Offer>,
}

impl Lists {
    fn of(log: &[Recorded<Event>]) -> Self {
        let mut lists = Self::default();
        // What has not ended, by its place in the list: so that a month is not searched for each event.
        let (mut standing, mut owned, mut ringing, mut writing) =
            (BTreeMap::new(), BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut queue_of: BTreeMap<ContactId, QueueId> = BTreeMap::new();
        for recorded in log {
            let us = recorded.at.micros();
            match &recorded.event {
                Event::ContactQueued(event) => {
                    queue_of.insert(event.contact, event.queue);
                    standing.insert(event.visit, lists.visits.len());
                    let (visit, queue) = (event.visit, event.queue);
                    lists.visits.push(Visit { visit, queue, began_us: us, ended: None });
                }
                Event::VisitEnded(event) => {
                    let place = standing.remove(&event.visit).expect("a visit that stands");
                    let visit = &mut lists.visits[place];
                    assert_eq!((visit.visit, visit.queue), (event.visit, event.queue));
                    assert_eq!(span_ms(visit.began_us, us), event.waited_ms.0, "the event says so itself");
                    visit.ended = Some((event.end, us));
                }
                Event::ContactConnected(event) if event.role == Role::Owner => {
                    lists.begin(&mut owned, event.contact, event.agent, queue_of.get(&event.contact), us);
                }
                Event::ContactRoleChanged(event) if event.role == Role::Owner => {
                    lists.begin(&mut owned, event.contact, event.agent, queue_of.get(&event.contact), us);
                }
                Event::ContactRoleChanged(event) => {
                    lists.end(&mut owned, event.contact, Some(event.agent), us)
                }
                Event::ContactLeft(event) => lists.end(&mut owned, event.contact, Some(event.agent), us),
                Event::ContactEnded(event) => lists.end(&mut owned, event.contact, None, us),
                // Nobody is there yet to talk with.
                Event::CallbackDialled(event) => {
                    if let Some(part) = lists.owner(&owned, event.contact, Some(event.agent)) {
                        part.talks_since_us = None;
                    }
                }
                Event::CallbackAnswered(event) => {
                    if let Some(part) = lists.owner(&owned, event.contact, None) {
                        part.talks_since_us = Some(us);
                    }
                }
                Event::ContactHeld(event) => {
                    if let Some(part) = lists.owner(&owned, event.contact, Some(event.agent)) {
                        part.holds.push(Stretch(us, None));
                    }
                }
                Event::ContactResumed(event) => {
                    if let Some(part) = lists.owner(&owned, event.contact, Some(event.agent)) {
                        part.end_hold(us);
                    }
                }
                Event::WrapupStarted(event) => {
                    writing.insert((event.agent, event.contact), lists.wrapups.len());
                    let (agent, contact, queue) = (event.agent, event.contact, event.queue);
                    lists.wrapups.push(WrapUp { agent, contact, queue, began_us: us, ended_us: None });
                }
                Event::WrapupCompleted(event) => {
                    let place =
                        writing.remove(&(event.agent, event.contact)).expect("a wrap-up that goes on");
                    let work = &mut lists.wrapups[place];
                    assert_eq!(
                        (work.agent, work.contact, work.queue),
                        (event.agent, event.contact, event.queue)
                    );
                    work.ended_us = Some(us);
                }
                Event::OfferCreated(event) => {
                    ringing.insert(event.offer, lists.offers.len());
                    let (offer, agent) = (event.offer, event.agent);
                    lists.offers.push(Offer { offer, agent, began_us: us, ended: None });
                }
                event => {
                    let Some((offer, end)) = end_of_offer(event) else { continue };
                    let known = &mut lists.offers[ringing.remove(&offer).expect("an offer that rings")];
                    assert_eq!(known.offer, offer);
                    known.ended = Some((end, us));
                }
            }
        }
        lists
    }

    fn begin(
        &mut self,
        owned: &mut BTreeMap<ContactId, usize>,
        contact: ContactId,
        agent: AgentId,
        queue: Option<&QueueId>,
        us: i64,
    ) {
        let before = owned.insert(contact, self.parts.len());
        assert!(before.is_none(), "{contact} has one owner at a time");
        self.parts.push(Part {
            agent,
            contact,
            queue: queue.copied(),
            talks_since_us: Some(us),
            holds: Vec::new(),
            ended_us: None,
        });
    }

    fn end(
        &mut self,
        owned: &mut BTreeMap<ContactId, usize>,
        contact: ContactId,
        agent: Option<AgentId>,
        us: i64,
    ) {
        let Some(part) = self.owner(owned, contact, agent) else { return };
        part.end_hold(us);
        part.ended_us = Some(us);
        owned.remove(&contact);
    }

    /// What the owner of a contact has of it now; of a named agent, only if it is she.
    fn owner(
        &mut self,
        owned: &BTreeMap<ContactId, usize>,
        contact: ContactId,
        agent: Option<AgentId>,
    ) -> Option<&mut Part> {
        let part = owned.get(&contact).map(|place| &mut self.parts[*place])?;
        assert_eq!(part.contact, contact);
        agent.is_none_or(|agent| part.agent == agent).then_some(part)
    }
}

impl Part {
    fn hold_ms(&self) -> u64 {
        self.holds.iter().map(Stretch::ms).sum()
    }

    /// A hold that goes on is over now.
    fn end_hold(&mut self, us: i64) {
        for hold in &mut self.holds {
            hold.1.get_or_insert(us);
        }
    }
}

pub(crate) fn end_of_offer(event: &Event) -> Option<(OfferId, &'static str)> {
    Some(match event {
        Event::OfferAccepted(event) => (event.offer, "offers_accepted"),
        Event::OfferRejected(event) => (event.offer, "offers_rejected"),
        Event::OfferTimedOut(event) => (event.offer, "offers_timed_out"),
        Event::OfferRescinded(event) => (event.offer, "offers_rescinded"),
        Event::OfferCancelled(event) => (event.offer, "offers_cancelled"),
        Event::OfferFailed(event) => (event.offer, "offers_failed"),
        _ => return None,
    })
}

/// Every measure that was met.
pub(crate) fn met(counted: &Counted) -> BTreeSet<&'static str> {
    let rows = counted.queues.values().chain(counted.agents.values());
    rows.flat_map(|row| row.keys().copied()).collect()
}
