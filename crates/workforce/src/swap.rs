//! 换班: two people change shifts: one asks, the other agrees, a leader approves. More than so many in a month need a written
//! exception of the director's; both rosters have to be sound with the swap in it, looked at when it is asked for and again when
//! it is approved.
//!
//! ```text
//!   requested ──agree (the other)──▶ agreed ──approve (leader)──▶ approved
//!     │  │ └──decline──▶ declined       └──refuse──▶ refused
//!     │  └──withdraw──▶ withdrawn       the first of both shifts begins ──▶ expired
//! ```

mod ask;
mod decide;

pub use ask::NewSwap;

use crate::day::{Day, Month};
use crate::event::{Event, SwapRequested};
use crate::id::SwapId;
use crate::limits::{COUNTED_MONTHS_MAX, REQUESTS_MAX};
use crate::refusal::Refusal;
use crate::shift::Sketch;
use crate::work::Work;
use crate::workforce::{Due, Workforce, forget_oldest};
use cordboard_floor::AgentId;
use serde::{Deserialize, Serialize};

/// How a swap stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The other one has not answered.
    Requested,
    /// The other one agrees.
    Agreed,
    /// The other one does not.
    Declined,
    /// Done.
    Approved,
    /// A leader does not agree.
    Refused,
    /// Taken back.
    Withdrawn,
    /// Nothing was decided in time.
    Expired,
}

impl Standing {
    /// Whether something can still come of it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Agreed)
    }
}

/// A swap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Swap {
    /// What was asked.
    pub asked: SwapRequested,
    /// How it stands.
    pub standing: Standing,
    /// The event that made it what it is.
    pub seq: u64,
}

impl Workforce {
    /// A swap that is remembered.
    pub fn swap(&self, swap: SwapId) -> Option<&Swap> {
        self.swaps.get(&swap)
    }

    /// All that are, the oldest first.
    pub fn swaps(&self) -> impl DoubleEndedIterator<Item = (SwapId, &Swap)> {
        self.swaps.iter().map(|(id, swap)| (*id, swap))
    }

    /// How many swaps somebody has had in a month, whether she asked or agreed.
    pub fn swaps_had(&self, agent: AgentId, month: Month) -> u32 {
        self.swaps_had.get(&(month, agent)).copied().unwrap_or(0)
    }

    pub(crate) fn take_swap(&mut self, seq: u64, event: &Event) {
        let (id, standing) = match event {
            Event::SwapRequested(event) => {
                let swap = Swap { asked: event.clone(), standing: Standing::Requested, seq };
                self.swaps.insert(event.swap, swap);
                forget_oldest(&mut self.swaps, REQUESTS_MAX, |swap| !swap.standing.is_open());
                return self.refresh(Due::Swap(event.swap));
            }
            Event::SwapAgreed(event) => (event.swap, Standing::Agreed),
            Event::SwapDeclined(event) => (event.swap, Standing::Declined),
            Event::SwapApproved(event) => (event.swap, Standing::Approved),
            Event::SwapRefused(event) => (event.swap, Standing::Refused),
            Event::SwapWithdrawn(event) => (event.swap, Standing::Withdrawn),
            Event::SwapExpired(event) => (event.swap, Standing::Expired),
            _ => return,
        };
        let Some(swap) = self.swaps.get_mut(&id) else { return };
        (swap.standing, swap.seq) = (standing, seq);
        if standing == Standing::Approved {
            let sides = [(swap.asked.agent, swap.asked.shift), (swap.asked.with, swap.asked.other)];
            for (agent, shift) in sides {
                let Some(day) = self.shifts.get(&shift).map(|shift| shift.sketch.day) else { continue };
                *self.swaps_had.entry((day.month(), agent)).or_default() += 1;
                forget_months(&mut self.swaps_had, day);
            }
        }
        self.refresh(Due::Swap(id));
    }
}

/// Counters of months that lie so far back are let go.
pub(crate) fn forget_months<T>(counters: &mut std::collections::BTreeMap<(Month, AgentId), T>, day: Day) {
    let oldest = day.month().minus(COUNTED_MONTHS_MAX);
    while counters.first_key_value().is_some_and(|((month, _), _)| *month < oldest) {
        counters.pop_first();
    }
}

impl Work<'_> {
    fn known_swap(&self, swap: SwapId) -> Result<&Swap, Refusal> {
        self.desk.swaps.get(&swap).ok_or(Refusal::UnknownSwap(swap))
    }

    /// Both shifts as they would be, if both rosters are sound with the swap in it.
    fn swapped(&self, asked: &NewSwap) -> Result<[Sketch; 2], Refusal> {
        let (own, other) = (self.known_shift(asked.shift)?, self.known_shift(asked.other)?);
        if own.sketch.agent != asked.agent {
            return Err(Refusal::NotYours(asked.agent));
        }
        if other.sketch.agent != asked.with {
            return Err(Refusal::NotYours(asked.with));
        }
        let begins = own.sketch.from.min(other.sketch.from);
        if self.stamp.at >= begins {
            return Err(Refusal::TooLate(begins));
        }
        if !own.away.is_empty() || !other.away.is_empty() {
            return Err(Refusal::Invalid { what: "shift", why: "one of them need not be worked whole" });
        }
        let given = [
            Sketch { agent: asked.with, ..own.sketch.clone() },
            Sketch { agent: asked.agent, ..other.sketch.clone() },
        ];
        for sketch in &given {
            self.desk.check_free(sketch, &[asked.shift, asked.other])?;
            self.desk.check_rest(sketch, &[asked.shift, asked.other])?;
        }
        Ok(given)
    }

    /// Who of both has had as many swaps in the month of her shift as need no exception.
    fn over_count(&self, asked: &NewSwap) -> Option<Refusal> {
        let most = self.desk.terms.swaps.per_month;
        [(asked.agent, asked.shift), (asked.with, asked.other)].into_iter().find_map(|(agent, shift)| {
            let month = self.desk.shifts.get(&shift)?.sketch.day.month();
            let had = self.desk.swaps_had(agent, month);
            (had >= most).then_some(Refusal::TooManySwaps { agent, month, had })
        })
    }
}
