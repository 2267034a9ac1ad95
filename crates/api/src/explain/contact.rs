//! A contact at a moment: where it stood, who would have it, and why nobody had it yet.

use super::NotExplained;
use super::line::Line;
use super::rows::{Asks, AtMoment, Candidate, Obstacle, OfferEnded, OfferMade, everybody};
use crate::past::FloorPast;
use cordboard_centre::Centre;
use cordboard_engine::{FeedFault, Past};
use cordboard_floor::audit::explain::{dues, estimate, terms};
use cordboard_floor::audit::line;
use cordboard_floor::contact::{Contact, ContactEnd};
use cordboard_floor::{AgentId, Channel, ContactId, Event, Floor, Instant, QueueId, StoredEvent};
use serde::Serialize;
use utoipa::ToSchema;

/// Where a contact stood at a moment, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContactExplained {
    /// Which.
    #[schema(value_type = String)]
    pub contact: ContactId,
    /// When.
    pub moment: AtMoment,
    /// `menu`, `queued`, `parked` (a callback put off), `ringing`, `moving` (on its way to someone), `connected`, `ended`.
    #[schema(value_type = String)]
    pub state: &'static str,
    /// How it came.
    #[schema(value_type = String)]
    pub channel: Channel,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub arrived_at: Instant,
    /// In which queue it stands, or in whose terms it is handled.
    #[schema(value_type = Option<String>)]
    pub queue: Option<QueueId>,
    /// The version of the queue's configuration under which it waits.
    pub rule_version: Option<u32>,
    /// The step of its plan.
    pub step: Option<u16>,
    /// Its priority.
    pub priority: u8,
    /// Since when it stands in that queue.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub queued_at: Option<Instant>,
    /// For whom alone it waits.
    #[schema(value_type = Option<String>)]
    pub wanted: Option<AgentId>,
    /// Until when it does.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub wanted_until: Option<Instant>,
    /// When the next step of its plan falls due.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_step_at: Option<Instant>,
    /// When the next way out falls due.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_exit_at: Option<Instant>,
    /// When the caller is called back again.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub retry_at: Option<Instant>,
    /// What was said about the wait when it entered the queue.
    pub estimate_said_ms: Option<u64>,
    /// How much longer it is likely to wait.
    pub estimate_ms: Option<u64>,
    /// Who has it.
    #[schema(value_type = Option<String>)]
    pub owner: Option<AgentId>,
    /// How it ended: `handled`, `abandoned`, `refused`, `expired` or `lost`.
    #[schema(value_type = Option<String>)]
    pub end: Option<&'static str>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Instant>,
    /// Why nobody has it who could: `nobody_free`, `queue_at_maximum`, `parked`, `rings`, `stopping`; empty if it does not wait.
    #[schema(value_type = Vec<String>)]
    pub waits_because: Vec<&'static str>,
    /// What it asks for.
    pub asks: Option<Asks>,
    /// Who is free for it, in the order of choice: the first would have it.
    pub free: Vec<Candidate>,
    /// Why each other agent is not.
    pub others: Vec<Obstacle>,
    /// The waiting contacts around it.
    pub line: Line,
    /// Its offers so far.
    pub offers: Vec<OfferMade>,
}

pub(super) fn explain(
    past: &Past<Centre>,
    id: ContactId,
    moment: AtMoment,
) -> Result<ContactExplained, NotExplained> {
    let unknown = |why: String| NotExplained::Unknown { what: format!("contact {id}"), why };
    let Some(first) = past.floor_event(id.0)? else {
        return Err(unknown(format!("the log ends at {}", past.last())));
    };
    let Event::ContactArrived(arrived) = &first.event else {
        return Err(unknown(format!("event {} is {}, no arrival", id.0, first.event.name())));
    };
    if id.0 > moment.seq {
        return Err(NotExplained::NotYet { what: format!("contact {id}"), since: first.at, seq: id.0 });
    }
    let story = Story::read(past, id, moment.seq)?;
    let floor = past.floor(moment.seq)?;
    let mut told = ContactExplained {
        contact: id,
        moment,
        // Long after its end the floor has forgotten it; the log has not.
        state: "ended",
        channel: arrived.channel,
        arrived_at: first.at,
        queue: None,
        rule_version: None,
        step: None,
        priority: 0,
        queued_at: None,
        wanted: None,
        wanted_until: None,
        next_step_at: None,
        next_exit_at: None,
        retry_at: None,
        estimate_said_ms: None,
        estimate_ms: None,
        owner: None,
        end: story.end.map(|(end, _)| end),
        ended_at: story.end.map(|(_, at)| at),
        waits_because: Vec::new(),
        asks: None,
        free: Vec::new(),
        others: Vec::new(),
        line: Line::default(),
        offers: story.offers,
    };
    if let Some(known) = floor.contact(id) {
        told.look(&floor, known);
    }
    Ok(told)
}

impl ContactExplained {
    /// What the floor knows of it.
    fn look(&mut self, floor: &Floor, known: &Contact) {
        let (id, now) = (self.contact, self.moment.at);
        let name = |ix: u32| floor.agents().get(ix as usize).map(|agent| agent.config.agent);
        self.state = state(known);
        self.priority = known.priority;
        self.owner = known.owner().and_then(name);
        let queue = known.visit.map(|visit| visit.queue).or(known.last_queue);
        let queue = queue.and_then(|ix| floor.queues().get(ix as usize));
        self.queue = queue.map(|queue| queue.config.queue);
        let Some(visit) = known.visit else { return };
        self.rule_version = Some(visit.rule_version);
        self.step = Some(visit.step);
        self.queued_at = Some(visit.since);
        self.wanted = visit.wanted.and_then(name);
        self.estimate_said_ms = visit.estimate_ms.map(|estimate| estimate.0);
        self.estimate_ms = estimate(floor, now, id).map(|estimate| estimate.0);
        let due = dues(floor, id);
        (self.next_step_at, self.next_exit_at) = (due.step_at, due.exit_at);
        (self.wanted_until, self.retry_at) = (due.wanted_until, due.retry_at);
        self.asks = terms(floor, id).map(Asks::from);
        (_, self.free, self.others) = everybody(floor, id);
        let line = line(floor, now);
        self.line = Line::around(floor, now, &line, id, None);
        let full = self.line.itself.as_ref().is_some_and(|itself| itself.passed_over);
        let because = [
            (known.offer.is_some(), "rings"),
            (due.retry_at.is_some(), "parked"),
            (floor.is_stopping(), "stopping"),
            (full, "queue_at_maximum"),
            (self.free.is_empty() && known.offer.is_none(), "nobody_free"),
        ];
        self.waits_because = because.into_iter().filter(|(holds, _)| *holds).map(|(_, why)| why).collect();
    }
}

fn state(known: &Contact) -> &'static str {
    let parked = known.callback.is_some_and(|callback| callback.retry_at.is_some());
    match known {
        Contact { ended: Some(_), .. } => "ended",
        Contact { participants, .. } if !participants.is_empty() => "connected",
        Contact { visit: Some(_), offer: Some(_), .. } => "ringing",
        Contact { visit: Some(_), .. } if parked => "parked",
        Contact { visit: Some(_), .. } => "queued",
        Contact { offer: Some(_), .. } => "moving",
        _ => "menu",
    }
}

/// What the log tells of a contact up to a moment.
#[derive(Default)]
struct Story {
    offers: Vec<OfferMade>,
    end: Option<(&'static str, Instant)>,
}

impl Story {
    fn read(past: &Past<Centre>, contact: ContactId, to: u64) -> Result<Self, FeedFault> {
        let mut story = Self::default();
        past.each_of_floor(contact.0, to, |recorded| {
            if recorded.event.contact() != Some(contact) {
                return true;
            }
            match &recorded.event {
                Event::OfferCreated(event) => story.offers.push(OfferMade::of(recorded.at, event)),
                Event::ContactEnded(event) => story.end = Some((end_name(event.end), recorded.at)),
                event => {
                    let ended = event.ends_offer();
                    if let Some(offer) = story.offers.iter_mut().find(|made| Some(made.offer) == ended) {
                        offer.end = OfferEnded::of(offer.at, &recorded);
                    }
                }
            }
            // Nothing is offered any more after its end.
            story.end.is_none()
        })?;
        Ok(story)
    }
}

const fn end_name(end: ContactEnd) -> &'static str {
    match end {
        ContactEnd::Handled => "handled",
        ContactEnd::Abandoned(_) => "abandoned",
        ContactEnd::Refused => "refused",
        ContactEnd::Expired => "expired",
        ContactEnd::Lost => "lost",
    }
}
