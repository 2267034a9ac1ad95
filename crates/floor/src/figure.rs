//! Figures that people enter, because no event of the floor tells them: surveys, costs, exams, head counts, forecasts.
//! Nothing is decided by them, so the floor keeps none; they are in the log, where the views find them. It does not
//! know what may be entered: that is the KPI catalogue's, and the door holds an entry against it.
//!
//! ```text
//!   entered ──▶ stands ──▶ entered again for the same measure, subject and span, replaced, or withdrawn
//! ```

mod enter;
mod withdraw;

use crate::configuration::at_most;
use crate::id::{AgentId, ContactId, FigureId, MeasureId, QueueId};
use crate::limits::{FIGURE_SPAN_MS_MAX, FIGURE_VALUE_MAX};
use crate::refusal::Refusal;
use crate::time::{Instant, Millis};
use serde::{Deserialize, Serialize};

/// Of whom a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureSubject {
    /// The whole centre.
    Site,
    /// One queue.
    Queue(QueueId),
    /// One agent.
    Agent(AgentId),
    /// One contact.
    Contact(ContactId),
}

/// What somebody enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureEntry {
    /// What it counts.
    pub measure: MeasureId,
    /// Of whom.
    pub subject: FigureSubject,
    /// From when.
    pub from: Instant,
    /// To when, that moment not included.
    pub to: Instant,
    /// What it came to, in the measure's unit.
    pub value: i64,
    /// An earlier figure that no longer stands.
    pub replaces: Option<FigureId>,
}

impl FigureEntry {
    /// Whether it can be so, as far as it says itself.
    pub fn check(&self, now: Instant) -> Result<(), Refusal> {
        if self.to <= self.from {
            return Err(Refusal::Invalid { what: "to", why: "does not lie after from" });
        }
        // Not by Instant::since, which knows no more than the ends of time let it.
        let span_ms = self.to.micros().abs_diff(self.from.micros()).div_ceil(1000);
        at_most("span from - to, ms", span_ms, FIGURE_SPAN_MS_MAX)?;
        if self.to > now.plus(Millis(FIGURE_SPAN_MS_MAX)) {
            return Err(Refusal::Invalid { what: "to", why: "lies more than 400 days ahead" });
        }
        if self.value < 0 {
            return Err(Refusal::Invalid { what: "value", why: "is below zero" });
        }
        at_most("value", self.value.unsigned_abs(), FIGURE_VALUE_MAX.unsigned_abs())
    }
}
