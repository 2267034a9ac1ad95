//! The floor, overheard: the same decisions, and what came of them told to whoever stands in the same process.
//!
//! The engine gives events away when they are durable, which with one sync for many acts is later than the world must know of them.
//! So the world hears them as they are decided. The state, its digest and the log are the floor's own: a [`Watched`] is stored as its floor.

use std::cell::RefCell;

use cordboard_floor::decider::Done;
use cordboard_floor::{
    Command, Decided, Decider, Event, Floor, Instant, Recorded, Refusal, Stamp, Submission,
};
use serde::{Deserialize, Serialize};

/// A floor, and the events that the world has not heard yet.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Watched {
    floor: Floor,
    #[serde(skip)]
    unheard: RefCell<Vec<Event>>,
}

impl Watched {
    pub(super) fn new(floor: Floor) -> Self {
        Self { floor, unheard: RefCell::default() }
    }

    pub(super) fn floor(&self) -> &Floor {
        &self.floor
    }

    /// What was decided since the last time.
    pub(super) fn hear(&self) -> Vec<Event> {
        self.unheard.take()
    }

    fn overhear(&mut self, decided: &[Recorded<Event>]) {
        let news = decided.iter().map(|recorded| &recorded.event).filter(|event| concerns_people(event));
        self.unheard.get_mut().extend(news.cloned());
    }
}

/// Whether a caller or an agent does something about it.
fn concerns_people(event: &Event) -> bool {
    event.ends_offer().is_some()
        || matches!(
            event,
            Event::OfferCreated(_)
                | Event::ContactConnected(_)
                | Event::ContactEnded(_)
                | Event::WrapupStarted(_)
        )
}

impl Decider for Watched {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(
        &mut self,
        stamp: Stamp,
        submission: Submission<Command>,
        decided: &mut Decided<Event>,
    ) -> Result<Done, Refusal> {
        let before = decided.len();
        let done = self.floor.decide(stamp, submission, decided);
        self.overhear(&decided[before..]);
        done
    }

    fn tick(&mut self, stamp: Stamp, decided: &mut Decided<Event>) {
        let before = decided.len();
        self.floor.tick(stamp, decided);
        self.overhear(&decided[before..]);
    }

    fn apply(&mut self, recorded: &Recorded<Event>) {
        self.floor.apply(recorded);
    }

    fn next_deadline(&self) -> Option<Instant> {
        self.floor.next_deadline()
    }

    fn last_seq(&self) -> u64 {
        self.floor.last_seq()
    }

    fn last_at(&self) -> Instant {
        self.floor.last_at()
    }

    fn begins_work(command: &Command) -> bool {
        Floor::begins_work(command)
    }

    fn reindex(&mut self) {
        self.floor.reindex();
    }
}
