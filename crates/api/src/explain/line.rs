//! The line of waiting contacts around one of them, with what puts each where it stands.

use super::rows::Obstacle;
use super::{BEFORE_SHOWN_MAX, BEHIND_SHOWN_MAX};
use cordboard_floor::agent::AgentIx;
use cordboard_floor::audit::{Place, Standing, standing};
use cordboard_floor::{ContactId, Floor, Instant, QueueId};
use serde::Serialize;
use utoipa::ToSchema;

/// All who wait, and where one of them stands among them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Line {
    /// How many wait, in all queues.
    pub waiting: u32,
    /// How many of them in its queue.
    pub waiting_in_queue: u32,
    /// Its place among all, from 1; none if it does not wait: it rings already, or it waits for nobody.
    pub place: Option<u32>,
    /// Its place in its queue, from 1.
    pub place_in_queue: Option<u32>,
    /// Itself.
    pub itself: Option<InLine>,
    /// Who stands before it, the nearest of them.
    pub before: Vec<InLine>,
    /// How many stand further ahead.
    pub before_more: u32,
    /// Who stands behind it, the nearest of them.
    pub behind: Vec<InLine>,
    /// How many stand further back.
    pub behind_more: u32,
}

/// A waiting contact in the one order of all of them: the queue's priority, then the score, then the older contact.
/// `score_ms = aged_ms × weight_percent / 100 − answer_within_ms`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct InLine {
    /// From 1, among all who wait.
    pub place: u32,
    /// Which contact.
    #[schema(value_type = String)]
    pub contact: ContactId,
    /// In which queue.
    #[schema(value_type = String)]
    pub queue: QueueId,
    /// The queue's priority.
    pub queue_priority: u8,
    /// Its score, rounded down.
    pub score_ms: i64,
    /// Time since the moment from which its score counts.
    pub aged_ms: u64,
    /// How fast its queue ages, in percent.
    pub weight_percent: u16,
    /// Within what time its queue should answer.
    pub answer_within_ms: u64,
    /// How long this visit has lasted.
    pub waited_ms: u64,
    /// Its own priority.
    pub priority: u8,
    /// What that is worth as waiting time.
    pub credit_ms: u64,
    /// The moment from which its score counts.
    #[schema(value_type = String, format = DateTime)]
    pub order: Instant,
    /// Whether its queue has as many contacts with agents as it may.
    pub passed_over: bool,
    /// Why the agent that is explained could not have it; `free` if she could.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<Obstacle>,
}

impl InLine {
    pub(super) fn of(floor: &Floor, now: Instant, at: usize, place: &Place, agent: Option<AgentIx>) -> Self {
        let queue = floor.queue(place.queue).map(|queue| &queue.config);
        let plan = queue.map(|queue| &queue.plan);
        Self {
            place: at as u32 + 1,
            contact: place.contact,
            queue: place.queue,
            queue_priority: place.queue_priority,
            score_ms: place.score_ms,
            aged_ms: now.since(place.order).0,
            weight_percent: plan.map_or(100, |plan| plan.weight),
            answer_within_ms: plan.map_or(0, |plan| plan.answer_within_ms.0),
            waited_ms: place.waited_ms.0,
            priority: place.priority,
            credit_ms: queue
                .map_or(0, |queue| queue.credit_ms_per_point.0.saturating_mul(place.priority.into())),
            order: place.order,
            passed_over: place.passed_over,
            why_not: agent.and_then(|agent| why_not(floor, place, agent)),
        }
    }
}

/// Why an agent could not have a waiting contact.
fn why_not(floor: &Floor, place: &Place, agent: AgentIx) -> Option<Obstacle> {
    Some(match standing(floor, agent, place.contact)? {
        Standing::Free(_) if place.passed_over => Obstacle::named("queue_at_maximum"),
        other => other.into(),
    })
}

impl Line {
    /// The line around a contact, as an agent is to have it, or nobody in particular.
    pub(super) fn around(
        floor: &Floor,
        now: Instant,
        line: &[Place],
        contact: ContactId,
        agent: Option<AgentIx>,
    ) -> Self {
        let queue = floor.contact(contact).and_then(|known| known.visit).map(|visit| visit.queue);
        let queue = queue.and_then(|ix| floor.queues().get(ix as usize)).map(|queue| queue.config.queue);
        let in_queue = || line.iter().filter(|place| Some(place.queue) == queue);
        let mut told = Self {
            waiting: line.len() as u32,
            waiting_in_queue: in_queue().count() as u32,
            ..Self::default()
        };
        let Some(at) = line.iter().position(|place| place.contact == contact) else { return told };
        let row = |at: usize| InLine::of(floor, now, at, &line[at], agent);
        told.place = Some(at as u32 + 1);
        told.place_in_queue =
            in_queue().position(|place| place.contact == contact).map(|place| place as u32 + 1);
        told.itself = Some(InLine::of(floor, now, at, &line[at], None));
        let from = at.saturating_sub(BEFORE_SHOWN_MAX);
        told.before = (from..at).map(row).collect();
        told.before_more = from as u32;
        let to = line.len().min(at + 1 + BEHIND_SHOWN_MAX);
        // Whoever stands behind comes later, whatever she could do.
        told.behind = (at + 1..to).map(|at| InLine::of(floor, now, at, &line[at], None)).collect();
        told.behind_more = (line.len() - to) as u32;
        told
    }
}
