//! What the world stands on: the engine over its log, or, for a study that leaves nothing behind, the floor alone. The decisions are the same.
//!
//! Events are durable, and published, later than people in the same process must know of them, with one sync for many acts. So the
//! world hears them as they are decided.

use cordboard_centre::{Centre, Refusal};
use cordboard_engine::{Answer, Engine};
use cordboard_floor::{Command, Decided, Decider, Event, Floor, Instant, Millis, SiteId, Stamp, Submission};

use crate::drive::recount::{Fact, Recount};
use crate::drive::{DriveError, Tally};

/// Where commands are decided.
pub(super) trait Ground {
    fn floor(&self) -> &Floor;

    /// How many times it has started, this one included.
    fn epoch(&self) -> u32;

    fn decide(&mut self, at: Instant, submission: Submission<Command>)
    -> Result<Answer<Refusal>, DriveError>;

    fn tick(&mut self, at: Instant) -> Result<(), DriveError>;

    /// Adds what was decided since the last time and concerns people.
    fn hear(&mut self, news: &mut Vec<Event>);

    /// Makes what was decided, and heard, durable.
    fn commit(&mut self) -> Result<(), DriveError>;
}

/// The engine and its log.
#[derive(Debug)]
pub(super) struct Logged {
    engine: Engine<Centre>,
    /// Of the events that wait for their sync, so many were heard.
    heard: usize,
}

impl Logged {
    pub(super) const fn new(engine: Engine<Centre>) -> Self {
        Self { engine, heard: 0 }
    }

    pub(super) const fn engine(&self) -> &Engine<Centre> {
        &self.engine
    }
}

impl Ground for Logged {
    fn floor(&self) -> &Floor {
        self.engine.state().floor()
    }

    fn epoch(&self) -> u32 {
        self.engine.journal().epoch()
    }

    fn decide(
        &mut self,
        at: Instant,
        submission: Submission<Command>,
    ) -> Result<Answer<Refusal>, DriveError> {
        Ok(self.engine.decide(at, submission.map(Into::into))?)
    }

    fn tick(&mut self, at: Instant) -> Result<(), DriveError> {
        Ok(self.engine.tick(at)?)
    }

    fn hear(&mut self, news: &mut Vec<Event>) {
        let decided = self.engine.decided();
        let fresh = decided[self.heard..].iter().filter_map(|recorded| recorded.event.floor());
        news.extend(fresh.filter(|event| concerns_people(event)).cloned());
        self.heard = decided.len();
    }

    fn commit(&mut self) -> Result<(), DriveError> {
        self.engine.commit()?;
        self.heard = 0;
        Ok(())
    }
}

/// The floor alone. Nothing is written: events are counted as they are decided, and gone.
#[derive(Debug)]
pub(super) struct Bare {
    floor: Floor,
    decided: Decided<Event>,
    recount: Recount,
}

impl Bare {
    pub(super) fn new(site: SiteId, prompt: Millis) -> Self {
        Self { floor: Floor::new(site), decided: Decided::new(), recount: Recount::within(0, prompt) }
    }

    /// What became of everyone.
    pub(super) fn finish(mut self) -> Tally {
        self.hear(&mut Vec::new());
        self.recount.finish()
    }

    fn stamp(&self, at: Instant) -> Stamp {
        let seed = self.floor.last_seq().wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Stamp { at: at.max(self.floor.last_at()), seed }
    }
}

impl Ground for Bare {
    fn floor(&self) -> &Floor {
        &self.floor
    }

    fn epoch(&self) -> u32 {
        1
    }

    fn decide(
        &mut self,
        at: Instant,
        submission: Submission<Command>,
    ) -> Result<Answer<Refusal>, DriveError> {
        let (stamp, before) = (self.stamp(at), self.floor.last_seq());
        Ok(match self.floor.decide(stamp, submission, &mut self.decided) {
            Ok(done) => {
                let first_seq = (self.floor.last_seq() > before).then_some(before + 1);
                Answer::Done { first_seq, seq: done.seq, repeated: false }
            }
            Err(why) => Answer::Refused(why.into()),
        })
    }

    fn tick(&mut self, at: Instant) -> Result<(), DriveError> {
        while self.floor.next_deadline().is_some_and(|due| due <= at) {
            let (stamp, before) = (self.stamp(at), self.floor.last_seq());
            self.floor.tick(stamp, &mut self.decided);
            if self.floor.last_seq() == before {
                break;
            }
        }
        Ok(())
    }

    fn hear(&mut self, news: &mut Vec<Event>) {
        for recorded in self.decided.drain(..) {
            self.recount.take(recorded.seq, recorded.at, Fact::of(&recorded.event));
            if concerns_people(&recorded.event) {
                news.push(recorded.event);
            }
        }
    }

    fn commit(&mut self) -> Result<(), DriveError> {
        Ok(())
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
                | Event::AgentNotReady(_)
        )
}
