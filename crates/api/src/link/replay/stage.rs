//! The floor of a replay: a board of the past that is folded on, event by event, and what of it an account sees. It runs
//! where waiting is allowed, and knows no time.

use crate::link::hub::State;
use crate::link::topic::{FloorFrame, FloorRows};
use crate::permission::Sight;
use crate::public::PublicEvent;
use crate::public::personal::Eyes;
use cordboard_centre::Event as CentreEvent;
use cordboard_floor::Recorded;
use cordboard_views::View;
use cordboard_views::board::Board;
use std::sync::Arc;

/// The floor of a replay.
pub(super) struct Stage {
    state: State,
    rows: FloorRows,
    sight: Sight,
    eyes: Eyes,
}

/// What came of folding some events.
pub(super) struct Folded {
    /// Those that the account may see.
    pub(super) shown: Vec<PublicEvent>,
    /// How many were folded.
    pub(super) count: usize,
    /// At which event and why it cannot go on.
    pub(super) poison: Option<String>,
}

impl Stage {
    pub(super) fn of(board: Board, sight: Sight, eyes: Eyes) -> Self {
        let rows = FloorRows::new(sight.clone());
        Self { state: State::of_past(board), rows, sight, eyes }
    }

    /// The last event folded.
    pub(super) fn seq(&self) -> u64 {
        self.state.board.seq()
    }

    /// Folds events, until so many have been seen.
    pub(super) fn fold(&mut self, events: &[Arc<Recorded<CentreEvent>>], seen_max: u32) -> Folded {
        let mut folded = Folded { shown: Vec::new(), count: 0, poison: None };
        for event in events {
            if folded.shown.len() >= seen_max as usize {
                break;
            }
            // What takes a contact out of somebody's reach is within it still.
            let was_seen = self.sight.event(&self.state.board, &event.event);
            if let Err(why) = self.state.fold_live(std::slice::from_ref(event)) {
                folded.poison = Some(why);
                break;
            }
            folded.count += 1;
            if was_seen || self.sight.event(&self.state.board, &event.event) {
                folded.shown.push(PublicEvent::of(event, &self.eyes));
            }
        }
        folded
    }

    /// The floor, or what has changed of it since the last time.
    pub(super) fn floor(&mut self) -> Vec<FloorFrame> {
        let frames = self.rows.take(&self.state).write(&self.eyes);
        self.rows.are_told(&frames);
        frames
    }
}
