//! What happened to one contact, told in legs; and where in the log its events stand. It keeps the
//! events' numbers and not the events: whoever tells a story reads those from the log.

mod leg;

pub use leg::{Leg, LegKind};

use crate::View;
use cordboard_floor::contact::{ContactEnd, EndedBy};
use cordboard_floor::event::Event;
use cordboard_floor::{AgentId, Channel, ContactId, Instant, Recorded};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Contacts whose events [`Stories`] knows, unless told otherwise.
pub const STORIES_MAX: usize = 200_000;

/// Events of one contact that [`Stories`] knows. A contact with more of them leaves the index.
pub const STORY_EVENTS_MAX: usize = 1_000;

/// One contact from its arrival on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Story {
    /// Which.
    pub contact: ContactId,
    /// How it came.
    pub channel: Channel,
    /// When.
    pub arrived_at: Instant,
    /// How it ended, once it has.
    pub ended: Option<Ended>,
    /// What it went through, in the order in which each began. Offers and steps lie within stays in a queue, attempts to reach
    /// the caller within callbacks, holds within talks; a wrap-up may outlast the contact.
    pub legs: Vec<Leg>,
    /// The numbers of its events.
    pub events: Vec<u64>,
    /// The owner who is giving it on, until she has left.
    #[serde(skip)]
    giver: Option<AgentId>,
}

/// A contact's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ended {
    /// How.
    pub end: ContactEnd,
    /// By whom.
    pub by: EndedBy,
    /// When.
    pub at: Instant,
}

impl Story {
    /// A story of which only the first event is told: none, unless that is the arrival.
    pub fn begin(recorded: &Recorded<Event>) -> Option<Self> {
        let Event::ContactArrived(event) = &recorded.event else { return None };
        Some(Self {
            contact: event.contact,
            channel: event.channel,
            arrived_at: recorded.at,
            ended: None,
            legs: vec![Leg::new(LegKind::Menu, recorded.at)],
            events: vec![recorded.seq],
            giver: None,
        })
    }

    /// Tells a contact's story from its events in order; events of others in between are passed over. None
    /// without its arrival.
    pub fn tell<'a>(
        contact: ContactId,
        events: impl IntoIterator<Item = &'a Recorded<Event>>,
    ) -> Option<Self> {
        let mut events = events.into_iter().filter(|recorded| recorded.event.contact() == Some(contact));
        let mut story = Self::begin(events.next()?)?;
        for recorded in events {
            story.take(recorded);
        }
        Some(story)
    }
}

/// Where the events of each contact stand in the log.
///
/// It knows a contact from its arrival on, and none of which it has missed an event. When it holds as many as it
/// may, the contact that arrived first goes, ended or not: a contact's number is that of its arrival, so
/// whoever misses one here reads the log from there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stories {
    seq: u64,
    stories_max: usize,
    events: BTreeMap<ContactId, Vec<u64>>,
}

impl Default for Stories {
    fn default() -> Self {
        Self::with_limit(STORIES_MAX)
    }
}

impl Stories {
    /// Knows nothing; will know [`STORIES_MAX`] contacts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Knows nothing; will know so many contacts.
    pub fn with_limit(stories_max: usize) -> Self {
        Self { seq: 0, stories_max, events: BTreeMap::new() }
    }

    /// The numbers of a contact's events, all of them, in order; none if they must be sought in the log.
    pub fn of(&self, contact: ContactId) -> Option<&[u64]> {
        self.events.get(&contact).map(Vec::as_slice)
    }

    /// Contacts known, the latest arrival first.
    pub fn contacts(&self) -> impl Iterator<Item = ContactId> {
        self.events.keys().rev().copied()
    }
}

impl View for Stories {
    const NAME: &'static str = "stories";

    fn fold(&mut self, recorded: &Recorded<Event>) {
        if recorded.seq <= self.seq {
            return;
        }
        self.seq = recorded.seq;
        let Some(contact) = recorded.event.contact() else { return };
        if matches!(recorded.event, Event::ContactArrived(_)) {
            self.events.insert(contact, vec![recorded.seq]);
            while self.events.len() > self.stories_max {
                self.events.pop_first();
            }
        } else if let Some(events) = self.events.get_mut(&contact) {
            if events.len() < STORY_EVENTS_MAX {
                events.push(recorded.seq);
            } else {
                self.events.remove(&contact);
            }
        }
    }

    fn pass(&mut self, seq: u64, _: Instant) {
        self.seq = self.seq.max(seq);
    }

    fn seq(&self) -> u64 {
        self.seq
    }

    fn folds_like(&self, other: &Self) -> bool {
        self.stories_max == other.stories_max
    }
}
