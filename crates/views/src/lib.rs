//! Read models: what pages, wallboards, links and reports read instead of the engine's state.
//!
//! Each view is a pure fold of recorded events: from number 1 on, each once, in order. The same events
//! give the same view to the last digit. A view knows no engine, no journal, no clock and no disk; time
//! is the `at` of the events, and whatever still runs is given as the instant since when it does.
//!
//! | view | answers |
//! |---|---|
//! | [`board`] | What is on the floor now? |
//! | [`alerts`] | What is as it should not be, and has it been said? |
//! | [`audience`] | Which agents' links does this event concern? |
//! | [`story`] | What happened to this contact? |
//! | [`callers`] | How did the caller fare before? |
//! | [`figures`] | How many, and how long? |
//! | [`interval`] | When does an hour, a day, a month of the site begin? |
//! | [`facts`] | What is over, and which events does it stand on? |
//! | [`history`] | Which facts are of late? |
//! | [`timeline`] | What did an agent do, spell by spell? |
//! | [`tables`] | What did facts come to, by interval, queue, agent? |
//! | [`report`] | Which figures does that make, and what stands behind each? |
//! | [`entered`] | What did people enter that no event tells? |
//! | [`paper`] | What did a day, a week, a month come to, frozen for good? |
//! | [`workforce`] | Who works when, who came, who does what was planned? |
//! | [`demand`] | What was offered to each queue? |
//! | [`register`] | Which of these are frozen, submitted, approved, late? |
//! | [`queue_log`] | What would Asterisk's queue log say? |
//! | [`record`] | What became of this contact, in one line? |
//!
//! [`cloud_event`] is no fold: it puts one event into the envelope that other systems know.
//!
//! What people steer by stands beside the folds as data: [`kpi`] says by which formula a rate, a mean or a share is made of
//! what they counted.

pub mod accuracy;
pub mod alerts;
pub mod audience;
pub mod board;
pub mod callers;
pub mod cloud_event;
pub mod demand;
pub mod entered;
pub mod facts;
pub mod figures;
pub mod history;
pub mod interval;
pub mod kpi;
pub mod paper;
pub mod queue_log;
pub mod record;
pub mod register;
pub mod report;
pub mod story;
pub mod tables;
pub mod timeline;
pub mod workforce;

use cordboard_centre::{Event as CentreEvent, Record};
use cordboard_floor::{Event, Instant, Recorded};

/// A fold of the log.
pub trait View {
    /// Its name, for checkpoints, metrics and messages.
    const NAME: &'static str;

    /// The number of its fold and shape. Raise it whenever either changes: checkpoints of another number are passed
    /// over and the view is folded from number 1, so that what an older program counted is never counted on.
    const SCHEMA: u32 = 1;

    /// How many checkpoints of it are worth keeping besides the newest few, spread over the whole log: only a view that is
    /// asked for past moments, and is small, wants any.
    const CHECKPOINTS_SPREAD: usize = 0;

    /// Takes over the next event of the floor. An event at or before [`View::seq`] is no news and changes nothing.
    fn fold(&mut self, recorded: &Recorded<Event>);

    /// The next number was taken, at that time, by an event that says nothing to this view.
    fn pass(&mut self, seq: u64, at: Instant);

    /// Takes over the next event of the centre, whichever desk's it is. A view of the floor alone passes the others'.
    fn take_in(&mut self, recorded: &Recorded<CentreEvent>) {
        match recorded.floor() {
            Some(recorded) => self.fold(&recorded),
            None => self.pass(recorded.seq, recorded.at),
        }
    }

    /// The number of the last event folded; 0 before the first.
    fn seq(&self) -> u64;

    /// Whether both fold on the same terms: what is set from outside of the log, when a day begins or how much is
    /// remembered, is alike. A checkpoint folded on other terms is of no use.
    fn folds_like(&self, _other: &Self) -> bool {
        true
    }
}
