//! The board as it was at any moment: from the last checkpoint before it, or from the first event, folded on to the
//! moment. It is the fold that the live board is made by, so what was shown then is shown again to the letter. It knows no
//! account and no HTTP.

use crate::door::{fold_into, kept};
use crate::explain::{AtMoment, Moment, NotExplained, resolve};
use cordboard_centre::{Centre, of_floor};
use cordboard_engine::{Checkpoints, FeedFault, Past};
use cordboard_floor::{Event, Floor, Instant, Recorded};
use cordboard_views::View;
use cordboard_views::board::Board;
use cordboard_views::facts::LeftOut;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Boards folded at once for whoever looks back; one more waits, or is told to come back.
pub const BOARDS_AT_ONCE_MAX: usize = 2;
/// Events folded for one board, customarily. Checkpoints of the board lie closer to each other than this until the log has
/// some fifty millions of events.
pub const BOARD_EVENTS_MAX: u64 = 3_000_000;
/// Events folded between two looks whether anybody still wants the board.
const FOLD_EVENTS_AT_ONCE: usize = 1_024;

/// The floor's part of what was, for whoever asks about no other desk.
pub(crate) trait FloorPast {
    /// The floor after event `seq`.
    fn floor(&self, seq: u64) -> Result<Floor, FeedFault>;

    /// The contacts that figures leave out, as far as was said by event `seq`.
    fn left_out(&self, seq: u64) -> Result<LeftOut, FeedFault>;

    /// One event, if it is the floor's.
    fn floor_event(&self, seq: u64) -> Result<Option<Recorded<Event>>, FeedFault>;

    /// Hands over each of the floor's events from `from` to `to`, both included, until told to stop.
    fn each_of_floor(
        &self,
        from: u64,
        to: u64,
        take: impl FnMut(Recorded<Event>) -> bool,
    ) -> Result<(), FeedFault>;
}

impl FloorPast for Past<Centre> {
    fn floor(&self, seq: u64) -> Result<Floor, FeedFault> {
        self.state(seq).map(Centre::into_floor)
    }

    fn left_out(&self, seq: u64) -> Result<LeftOut, FeedFault> {
        self.state(seq).map(|centre| LeftOut::of(centre.quality()))
    }

    fn floor_event(&self, seq: u64) -> Result<Option<Recorded<Event>>, FeedFault> {
        Ok(self.event(seq)?.and_then(of_floor))
    }

    fn each_of_floor(
        &self,
        from: u64,
        to: u64,
        mut take: impl FnMut(Recorded<Event>) -> bool,
    ) -> Result<(), FeedFault> {
        self.each(from, to, |recorded| of_floor(recorded).is_none_or(&mut take))
    }
}

/// Boards of the past of one log.
#[derive(Clone, Debug)]
pub struct PastBoards {
    past: Past<Centre>,
    checkpoints: Option<Checkpoints>,
    fresh: Board,
    events_max: u64,
}

/// A board as it was.
#[derive(Clone, Debug)]
pub struct PastBoard {
    /// The board.
    pub board: Board,
    /// What it took to fold it.
    pub cost: Cost,
}

/// What a board of the past took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// The event of the checkpoint from which it was folded; 0 if from the first event on.
    pub from_seq: u64,
    /// Events folded.
    pub events: u64,
    /// How long all of it took.
    pub took: Duration,
}

/// Why there is no board.
#[derive(Debug)]
pub enum NoBoard {
    /// The log does not hold that moment.
    Moment(NotExplained),
    /// More events would have to be folded than may be.
    TooFar {
        /// How many.
        events: u64,
        /// How many may.
        most: u64,
    },
    /// The fold did not survive an event.
    Poison(String),
    /// Nobody wants it any more.
    Unwanted,
    /// The log could not be read.
    Log(FeedFault),
}

impl fmt::Display for NoBoard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Moment(why) => why.fmt(out),
            Self::TooFar { events, most } => write!(
                out,
                "{events} events lie between that moment and the last checkpoint of the board before it, more than the \
                 {most} that are folded for one answer; with the server stopped, `cordboard log state --view \
                 board` folds as many as there are"
            ),
            Self::Poison(why) => write!(out, "the board of that moment cannot be folded: {why}"),
            Self::Unwanted => out.write_str("it was not waited for"),
            Self::Log(fault) => fault.fmt(out),
        }
    }
}

impl std::error::Error for NoBoard {}

impl From<FeedFault> for NoBoard {
    fn from(fault: FeedFault) -> Self {
        Self::Log(fault)
    }
}

impl From<NotExplained> for NoBoard {
    fn from(why: NotExplained) -> Self {
        match why {
            NotExplained::Log(fault) => Self::Log(fault),
            why => Self::Moment(why),
        }
    }
}

impl PastBoards {
    /// Those of a log, with the checkpoints beside it. `fresh` is a board before its first event, on the terms wanted;
    /// `events_max` how many events are folded for one.
    pub const fn new(
        past: Past<Centre>,
        checkpoints: Option<Checkpoints>,
        fresh: Board,
        events_max: u64,
    ) -> Self {
        Self { past, checkpoints, fresh, events_max }
    }

    /// A moment as a place in the log and a time. `now` is the present as the writer has it.
    ///
    /// # Errors
    /// If the log does not hold it, or cannot be read.
    pub fn resolve(&self, moment: Moment, now: Option<Instant>) -> Result<AtMoment, NoBoard> {
        Ok(resolve(&self.past, moment, now)?)
    }

    /// The board after event `seq`. Reads and folds, until it is no longer `wanted`: call it where waiting is allowed.
    ///
    /// # Errors
    /// If there is no such board, or it is not wanted any more.
    pub fn after(&self, seq: u64, wanted: &AtomicBool) -> Result<PastBoard, NoBoard> {
        let began = std::time::Instant::now();
        let kept = self.checkpoints.as_ref().and_then(|checkpoints| kept(checkpoints, &self.fresh, seq));
        let mut board = kept.unwrap_or_else(|| self.fresh.clone());
        let from_seq = board.seq();
        let events = seq - from_seq;
        if events > self.events_max {
            return Err(NoBoard::TooFar { events, most: self.events_max });
        }
        self.fold(&mut board, seq, wanted)?;
        Ok(PastBoard { board, cost: Cost { from_seq, events, took: began.elapsed() } })
    }

    fn fold(&self, board: &mut Board, to: u64, wanted: &AtomicBool) -> Result<(), NoBoard> {
        if board.seq() >= to {
            return Ok(());
        }
        let (mut batch, mut outcome) = (Vec::with_capacity(FOLD_EVENTS_AT_ONCE), Ok(()));
        self.past.each(board.seq() + 1, to, |event| {
            let last = event.seq == to;
            batch.push(Arc::new(event));
            if last || batch.len() == FOLD_EVENTS_AT_ONCE {
                outcome = fold_into(board, &batch).map_err(|(_, why)| NoBoard::Poison(why));
                batch.clear();
                if outcome.is_ok() && !wanted.load(Ordering::Relaxed) {
                    outcome = Err(NoBoard::Unwanted);
                }
            }
            outcome.is_ok()
        })?;
        outcome
    }
}
