//! A desk that decides nothing: it is handed facts, numbers them and takes them over into the floor's state.
//!
//! Under the real engine it makes a log that differs from one of our own in nothing but who says so. Its state is the centre's to the last
//! byte, so its snapshots are the centre's, and a server takes them up.

use cordboard_centre::{Centre, Event as CentreEvent};
use cordboard_floor::{Decided, Decider, Done, Event, Floor, Instant, Reason, Recorded, Stamp, Submission};
use serde::{Deserialize, Serialize};

/// A fact, and how it is known.
pub type Fact = (Reason, Event);

/// The centre, its floor written over.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Transcriber {
    centre: Centre,
}

/// Facts that happened at one instant, with the number that the first of them takes: whoever writes must know it, because facts
/// are named after their numbers.
#[derive(Clone, Debug)]
pub struct Page {
    /// The number of the first.
    pub first_seq: u64,
    /// In order.
    pub facts: Vec<Fact>,
}

/// A page that does not follow the last event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("facts numbered from {page} were to be written after event {last}")]
pub struct Misnumbered {
    /// The last event.
    pub last: u64,
    /// The page's first number.
    pub page: u64,
}

impl Transcriber {
    /// Begins on this centre.
    #[must_use]
    pub const fn new(centre: Centre) -> Self {
        Self { centre }
    }

    /// The floor so far.
    #[must_use]
    pub const fn floor(&self) -> &Floor {
        self.centre.floor()
    }
}

impl Decider for Transcriber {
    type Command = Page;
    type Event = CentreEvent;
    type Refusal = Misnumbered;

    fn decide(
        &mut self,
        stamp: Stamp,
        submission: Submission<Page>,
        decided: &mut Decided<CentreEvent>,
    ) -> Result<Done, Misnumbered> {
        let Submission { actor, cause, command: Page { first_seq, facts }, .. } = submission;
        let last = self.centre.last_seq();
        if first_seq != last + 1 {
            return Err(Misnumbered { last, page: first_seq });
        }
        for (seq, (reason, event)) in (first_seq..).zip(facts) {
            let (site, reason, cause) = (self.floor().site(), Some(reason), cause.clone());
            let recorded = Recorded { seq, at: stamp.at, site, actor, reason, cause, event: event.into() };
            self.centre.apply(&recorded);
            decided.push(recorded);
        }
        Ok(Done { seq: self.centre.last_seq() })
    }

    /// Nothing is decided, so nothing is ever due.
    fn tick(&mut self, _: Stamp, _: &mut Decided<CentreEvent>) {}

    fn apply(&mut self, recorded: &Recorded<CentreEvent>) {
        self.centre.apply(recorded);
    }

    fn next_deadline(&self) -> Option<Instant> {
        None
    }

    fn last_seq(&self) -> u64 {
        self.centre.last_seq()
    }

    fn last_at(&self) -> Instant {
        self.centre.last_at()
    }

    fn begins_work(_: &Page) -> bool {
        true
    }

    fn reindex(&mut self) {
        self.centre.reindex();
    }
}
