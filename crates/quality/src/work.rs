//! One decision in progress: the desk, the stamp, who asked, and the events so far. Each event is applied as it is
//! emitted.

use crate::event::Event;
use crate::quality::Quality;
use crate::refusal::Refusal;

cordboard_floor::work!(Quality: Event, Refusal);
