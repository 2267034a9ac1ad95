//! What an offer says to the agent at whom it rings, beyond its own event: who calls, how long she has
//! waited, what is asked for, and what the agent can do now.

use crate::public::personal::Eyes;
use cordboard_centre::{Event as CentreEvent, Record};
use cordboard_engine::{Feed, FeedFault};
use cordboard_floor::configuration::Selection;
use cordboard_floor::contact::SkillCondition;
use cordboard_floor::event::{ContactArrived, ContactQueued, Number, OfferCreated, OfferPurpose, Sealed};
use cordboard_floor::{Channel, Event, Instant, QueueId, Recorded, SkillId};
use cordboard_views::board::{Board, CallbackRow, ContactRow, OfferRow};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Facts about the contact behind an offer, as they were when it was made.
#[derive(Clone, Debug)]
pub(crate) struct OfferFacts {
    channel: Channel,
    from: Option<Number>,
    attributes: Option<Sealed>,
    arrived_at: Instant,
    queued_at: Option<Instant>,
    priority: u8,
    skills: BTreeMap<SkillId, u8>,
    any: BTreeMap<SkillId, u8>,
    /// Whether it rings at others too: the first to accept has it.
    ring_all: bool,
    /// Whether the caller has hung up and is dialled when the offer is accepted.
    callback: bool,
}

impl OfferFacts {
    /// From the floor as it is.
    pub(super) fn on(board: &Board, offer: &OfferCreated) -> Option<Self> {
        let row = board.contact(offer.contact)?;
        Some(Self::of_row(board, row, offer.queue, offer.purpose))
    }

    pub(crate) fn of_row(
        board: &Board,
        row: &ContactRow,
        queue: Option<QueueId>,
        purpose: OfferPurpose,
    ) -> Self {
        let conditions = queue.and_then(|queue| board.queue(queue)).map(|row| &row.config.skills);
        Self {
            channel: row.channel,
            from: row.from.clone(),
            attributes: row.attributes.clone(),
            arrived_at: row.arrived_at,
            queued_at: row.queued_at,
            priority: row.priority,
            skills: asked(row.skills.iter().chain(conditions.into_iter().flatten())),
            any: asked(&row.any),
            ring_all: rings_at_all(board, queue, purpose),
            callback: row.callback.as_ref().is_some_and(CallbackRow::is_open),
        }
    }

    /// From the log, for an offer whose contact may have left the floor since.
    pub(crate) fn in_log(
        feed: &Feed<CentreEvent>,
        offer: &OfferCreated,
        present: &OfferTerms,
    ) -> Result<Option<Self>, FeedFault> {
        let (arrived, queued) = (one(feed, offer.contact.0)?, offer.visit.map(|visit| one(feed, visit.0)));
        let (Some(Event::ContactArrived(arrived)), Some(at)) = split(arrived) else { return Ok(None) };
        let ContactArrived { channel, from, attributes, .. } = arrived;
        let mut facts = Self {
            channel,
            from,
            attributes,
            arrived_at: at,
            queued_at: None,
            priority: 0,
            skills: asked(&present.conditions),
            any: BTreeMap::new(),
            ring_all: present.ring_all,
            callback: present.callback,
        };
        if let Some((Some(Event::ContactQueued(queued)), at)) = queued.transpose()?.map(split) {
            let ContactQueued { priority, skills, any, .. } = queued;
            facts.queued_at = at;
            facts.priority = priority;
            facts.skills = asked(skills.iter().chain(&present.conditions));
            facts.any = asked(&any);
        }
        Ok(Some(facts))
    }

    pub(super) fn bytes(&self) -> usize {
        let sealed = |sealed: &Sealed| sealed.bytes.len();
        512 + self.attributes.as_ref().map_or(0, sealed)
    }

    fn write(&self, data: &mut Map<String, Value>, at: Instant, eyes: &Eyes) {
        let waited = at.since(self.queued_at.unwrap_or(self.arrived_at));
        let facts = [
            ("direction", json!("inbound")),
            ("channel", json!(self.channel)),
            ("from", json!(self.from.as_ref().map(|from| eyes.number(from)))),
            ("skills", json!(self.skills)),
            ("any", json!(self.any)),
            ("ring_all", json!(self.ring_all)),
            ("callback", json!(self.callback)),
            ("priority", json!(self.priority)),
            ("waited_ms", json!(waited)),
            ("attributes", json!(self.attributes.as_ref().map(|sealed| eyes.attributes(sealed)))),
        ];
        data.extend(facts.map(|(name, value)| (name.to_owned(), value)));
    }
}

/// What the floor as it is says about an offer whose facts come from the log.
#[derive(Clone, Debug, Default)]
pub(crate) struct OfferTerms {
    conditions: Vec<SkillCondition>,
    ring_all: bool,
    callback: bool,
}

impl OfferTerms {
    pub(crate) fn on(board: &Board, offer: &OfferCreated) -> Self {
        let queue = offer.queue.and_then(|queue| board.queue(queue));
        let callback = board.contact(offer.contact).and_then(|row| row.callback.as_ref());
        Self {
            conditions: queue.map_or_else(Vec::new, |row| row.config.skills.clone()),
            ring_all: rings_at_all(board, offer.queue, offer.purpose),
            callback: callback.is_some_and(CallbackRow::is_open),
        }
    }
}

/// Whether an offer from a queue rings at everyone who is free.
fn rings_at_all(board: &Board, queue: Option<QueueId>, purpose: OfferPurpose) -> bool {
    let queue = queue.and_then(|queue| board.queue(queue));
    purpose == OfferPurpose::Queue && queue.is_some_and(|row| row.config.plan.selection == Selection::RingAll)
}

/// What an agent can do with an offer that rings at her.
fn actions(rings: bool) -> Value {
    if rings { json!(["accept", "reject"]) } else { json!([]) }
}

/// The fields of an offer as its agent is told: those of the event, and the facts.
pub(crate) fn offer_data(
    mut data: Map<String, Value>,
    facts: Option<&OfferFacts>,
    at: Instant,
    rings: bool,
    eyes: &Eyes,
) -> Value {
    if let Some(facts) = facts {
        facts.write(&mut data, at, eyes);
    }
    data.insert("actions".to_owned(), actions(rings));
    Value::Object(data)
}

/// A live offer for a snapshot, in the same words as its event.
pub(crate) fn offer_row(row: &OfferRow, facts: Option<&OfferFacts>, eyes: &Eyes) -> Value {
    let Ok(Value::Object(data)) = serde_json::to_value(row) else { return Value::Null };
    offer_data(data, facts, row.created_at, true, eyes)
}

/// Each skill once, at the highest level that is asked for.
fn asked<'a>(conditions: impl IntoIterator<Item = &'a SkillCondition>) -> BTreeMap<SkillId, u8> {
    let mut asked = BTreeMap::new();
    for SkillCondition { skill, level } in conditions {
        let known = asked.entry(*skill).or_insert(*level);
        *known = (*known).max(*level);
    }
    asked
}

fn one(feed: &Feed<CentreEvent>, seq: u64) -> Result<Option<Recorded<Event>>, FeedFault> {
    Ok(feed.read(seq, seq, 1)?.first().and_then(|recorded| recorded.floor()))
}

fn split(recorded: Option<Recorded<Event>>) -> (Option<Event>, Option<Instant>) {
    recorded.map_or((None, None), |recorded| (Some(recorded.event), Some(recorded.at)))
}
