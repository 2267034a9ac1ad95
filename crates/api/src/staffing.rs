//! What will come in, how many it needs, and who could come: put together of what the views know, for the HTTP door and for the
//! command line. The arithmetic is the workforce crate's; here days are cut by the site's clocks, and what is asked and what is
//! known meet. What it finds is handed in as commands by whoever asked.

mod again;
mod ahead;
mod beside;
mod figures;
mod held;
mod need;
mod people;

pub use again::PlanNow;
pub use ahead::{
    Accuracy, Covered, FORECAST_INTERVAL_MS, QUANTILES, accuracy, forecast, history, intervals_of,
};
pub use beside::{Beside, Pace, beside};
pub use figures::{Figure, of_agents as figures_of_agents, of_queue as figures_of_queue};
pub use held::{is_there, need_beside, rostered};
pub use need::{NeedTerms, Target, Unmet, heads, need_of};
pub use people::{class_of, frame, told};

use cordboard_workforce::forecast::Calendar;
use cordboard_workforce::roster::RosterRules;
use std::sync::{Arc, PoisonError, RwLock};

/// What rosters and forecasts are made by: configuration that no event tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Staffing {
    /// Kinds of shift, contracts, classes.
    pub rules: RosterRules,
    /// Holidays, make-up days, events.
    pub calendar: Calendar,
}

/// The one that holds now.
#[derive(Debug, Default)]
pub(crate) struct Current(RwLock<Arc<Staffing>>);

impl Current {
    pub(crate) fn get(&self) -> Arc<Staffing> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set(&self, staffing: Staffing) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(staffing);
    }
}
