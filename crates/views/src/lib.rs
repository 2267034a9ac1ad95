//! Read models: what pages, wallboards, links and reports read instead of the engine's state.
//!
//! Each view is a pure fold of recorded events: from number 1 on, each once, in order. The same events
//! give the same view to the last digit. A view knows no engine, no journal, no clock and no disk; time
//! is the `at` of the events, and whatever still runs is given as the instant since when it does.
//!
//! | view | answers |
//! |---|---|
//! | [`board`] | What is on the floor now? |
//! | [`audience`] | Which agents' links does this event concern? |
//! | [`story`] | What happened to this contact? |
//! | [`figures`] | How many, and how long? |
//! | [`queue_log`] | What would Asterisk's queue log say? |
//! | [`record`] | What became of this contact, in one line? |
//!
//! [`cloud_event`] is no fold: it puts one event into the envelope that other systems know.

pub mod accuracy;
pub mod audience;
pub mod board;
pub mod cloud_event;
pub mod figures;
pub mod queue_log;
pub mod record;
pub mod story;

use cordboard_floor::{Event, Recorded};

/// A fold of the log.
pub trait View {
    /// Its name, for checkpoints, metrics and messages.
    const NAME: &'static str;

    /// Takes over the next event. An event at or before [`View::seq`] is no news and changes nothing.
    fn fold(&mut self, recorded: &Recorded<Event>);

    /// The number of the last event folded; 0 before the first.
    fn seq(&self) -> u64;
}
