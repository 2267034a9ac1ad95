//! An offer at the moment it was made: what the log recorded, what the plain loops make of the state just before
//! it, and where the two differ.

use super::NotExplained;
use super::line::Line;
use super::rows::{Asks, Candidate, Obstacle, OfferEnded, end_of, everybody, purpose_name};
use crate::past::FloorPast;
use crate::public::{PublicActor, PublicReason};
use cordboard_centre::Centre;
use cordboard_engine::Past;
use cordboard_floor::actor::reasons;
use cordboard_floor::audit::explain::{place_of, terms};
use cordboard_floor::audit::{Key, line, naive_choice};
use cordboard_floor::event::{OfferCreated, OfferPurpose};
use cordboard_floor::routing::pool::mark;
use cordboard_floor::{AgentId, ContactId, Event, Floor, Instant, OfferId, QueueId, StoredEvent, VisitId};
use serde::Serialize;
use utoipa::ToSchema;

/// Why an offer was made as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfferExplained {
    /// Which; its number is that of its event, and the state is the one just before it.
    #[schema(value_type = String)]
    pub offer: OfferId,
    /// Of which contact.
    #[schema(value_type = String)]
    pub contact: ContactId,
    /// To whom.
    #[schema(value_type = String)]
    pub agent: AgentId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// Until when it might ring.
    #[schema(value_type = String, format = DateTime)]
    pub answer_by: Instant,
    /// `queue` (the plan chose), or a person did: `assigned`, `transfer`, `consult`.
    #[schema(value_type = String)]
    pub purpose: &'static str,
    /// Who decided.
    pub decided_by: PublicActor,
    /// Why.
    pub reason: Option<PublicReason>,
    /// The account whose command it was, if it was one.
    pub account: Option<String>,
    /// Offers of the contact that rang already (ring all).
    pub rings_already: u32,
    /// What the contact asked for, while it stood in a queue.
    pub asks: Option<Asks>,
    /// What the log says.
    pub recorded: Said,
    /// What this program makes of the state just before it.
    pub rebuilt: Said,
    /// Whether the two are the same.
    pub agrees: bool,
    /// Where they are not.
    pub disagreements: Vec<Disagreement>,
    /// Who was free for it, in the order of choice.
    pub free: Vec<Candidate>,
    /// Why each other agent was not.
    pub others: Vec<Obstacle>,
    /// The waiting contacts around it.
    pub line: Line,
    /// How it ended; none while it rings.
    pub end: Option<OfferEnded>,
}

/// What an offer says of itself, or should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Said {
    /// Whose turn it was.
    #[schema(value_type = Option<String>)]
    pub contact: Option<ContactId>,
    /// Who was first.
    #[schema(value_type = Option<String>)]
    pub agent: Option<AgentId>,
    /// During which visit.
    #[schema(value_type = Option<u64>)]
    pub visit: Option<VisitId>,
    /// For which queue.
    #[schema(value_type = Option<String>)]
    pub queue: Option<QueueId>,
    /// The version of its configuration.
    pub rule_version: u32,
    /// The step of its plan.
    pub step: u16,
    /// Whether it waited for her alone.
    pub wanted: bool,
    /// Her place among the candidates, from 1; none if she is not one of them.
    pub rank: Option<u32>,
    /// How many there were.
    pub candidates: u32,
    /// Digest of who they were and since when idle, in hex.
    pub digest: String,
}

/// A point on which the log and this program differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Disagreement {
    /// Which field of what an offer says.
    #[schema(value_type = String)]
    pub field: &'static str,
    /// In the log.
    pub recorded: String,
    /// As rebuilt.
    pub rebuilt: String,
}

pub(super) fn explain(past: &Past<Centre>, id: OfferId) -> Result<OfferExplained, NotExplained> {
    let unknown = |why: String| NotExplained::Unknown { what: format!("offer {id}"), why };
    let Some(event) = past.floor_event(id.0)? else {
        return Err(unknown(format!("the log ends at {}", past.last())));
    };
    let Event::OfferCreated(made) = &event.event else {
        return Err(unknown(format!("event {} is {}, no offer", id.0, event.event.name())));
    };
    if event.reason == Some(reasons::IMPORTED) {
        let why =
            "it was not made here, but imported from a recording, which does not say how she was chosen";
        return Err(unknown(why.to_owned()));
    }
    let before = past.floor(id.0 - 1)?;
    let (keys, free, others) = everybody(&before, made.contact);
    let recorded = Said::recorded(made);
    let rebuilt = Said::rebuilt(&before, event.at, made, &keys);
    let disagreements = recorded.against(&rebuilt);
    let line = line(&before, event.at);
    let rings_already = before.contact(made.contact).map_or(0, |known| known.live_offers().count());
    Ok(OfferExplained {
        offer: id,
        contact: made.contact,
        agent: made.agent,
        at: event.at,
        answer_by: made.answer_by,
        purpose: purpose_name(made.purpose),
        decided_by: event.actor.into(),
        reason: event.reason.map(PublicReason::from),
        account: event.cause.as_ref().map(|cause| cause.account.to_string()),
        rings_already: rings_already as u32,
        asks: terms(&before, made.contact).map(Asks::from),
        agrees: disagreements.is_empty(),
        recorded,
        rebuilt,
        disagreements,
        free,
        others,
        line: Line::around(&before, event.at, &line, made.contact, place_of(&before, made.agent)),
        end: end_of(past, id, event.at, past.last())?,
    })
}

impl Said {
    fn recorded(made: &OfferCreated) -> Self {
        Self {
            contact: Some(made.contact),
            agent: Some(made.agent),
            visit: made.visit,
            queue: made.queue,
            rule_version: made.rule_version,
            step: made.step,
            wanted: made.wanted,
            rank: Some(made.rank),
            candidates: made.candidates,
            digest: hex(made.digest),
        }
    }

    /// What the offer should say of itself, by the state before it.
    fn rebuilt(before: &Floor, at: Instant, made: &OfferCreated, free: &[Key]) -> Self {
        let contact = before.contact(made.contact);
        let visit = contact.and_then(|known| known.visit);
        let terms = contact.and_then(|known| known.last_queue);
        let terms = terms.and_then(|ix| before.queues().get(ix as usize));
        let her = place_of(before, made.agent);
        let name = |key: &Key| before.agents()[key.place as usize].config.agent;
        let by_plan = made.purpose == OfferPurpose::Queue;
        let (turn, agent, rank, candidates, digest) = if by_plan {
            let rank = free.iter().position(|key| Some(key.place) == her).map(|at| at as u32 + 1);
            let digest = free.iter().fold(0, |digest, key| digest ^ mark(key.idle_since, key.place));
            let turn = naive_choice(before, at).map(|choice| choice.contact);
            (turn, free.first().map(name), rank, free.len() as u32, digest)
        } else {
            // Whom a person chooses is the only candidate.
            let idle_since = her.map(|ix| before.agents()[ix as usize].idle_since);
            let digest = her.zip(idle_since).map_or(0, |(ix, since)| mark(since, ix));
            (Some(made.contact), her.map(|_| made.agent), her.map(|_| 1), u32::from(her.is_some()), digest)
        };
        Self {
            contact: turn,
            agent,
            visit: visit.map(|visit| visit.visit),
            queue: terms.map(|queue| queue.config.queue),
            rule_version: terms.map_or(0, |queue| queue.version),
            step: visit.map_or(0, |visit| visit.step),
            wanted: visit.is_some_and(|visit| visit.wanted.is_some() && visit.wanted == her),
            rank,
            candidates,
            digest: hex(digest),
        }
    }

    /// Each point on which two say different things.
    fn against(&self, rebuilt: &Self) -> Vec<Disagreement> {
        let (mine, other) = (self.fields(), rebuilt.fields());
        let each = mine.into_iter().zip(other).filter(|(mine, other)| mine != other);
        each.map(|((field, recorded), (_, rebuilt))| Disagreement { field, recorded, rebuilt }).collect()
    }

    fn fields(&self) -> [(&'static str, String); 10] {
        fn or_none(value: Option<impl ToString>) -> String {
            value.map_or_else(|| "-".to_owned(), |value| value.to_string())
        }
        [
            ("contact", or_none(self.contact)),
            ("agent", or_none(self.agent)),
            ("visit", or_none(self.visit)),
            ("queue", or_none(self.queue)),
            ("rule_version", self.rule_version.to_string()),
            ("step", self.step.to_string()),
            ("wanted", self.wanted.to_string()),
            ("rank", or_none(self.rank)),
            ("candidates", self.candidates.to_string()),
            ("digest", self.digest.clone()),
        ]
    }
}

/// A page's numbers end at 2^53.
fn hex(digest: u64) -> String {
    format!("{digest:016x}")
}
