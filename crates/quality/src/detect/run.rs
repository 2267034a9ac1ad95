//! A run: the same thing again and again within a time. Once there are more than allowed, it is found, and counting begins anew.

use cordboard_floor::{Instant, Millis};
use serde::{Deserialize, Serialize};

/// How often something may happen within a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunTerms {
    /// So many times are allowed.
    pub allowed: u32,
    /// Within this time, both ends counted.
    pub window_ms: Millis,
}

/// What happened of late, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Run(Vec<(u64, Instant)>);

impl Run {
    /// It happened again; the run, if that was once too often.
    pub(super) fn add(&mut self, seq: u64, at: Instant, terms: RunTerms) -> Option<Vec<(u64, Instant)>> {
        self.0.retain(|(_, then)| !super::beyond(super::micros(*then, at), terms.window_ms));
        self.0.push((seq, at));
        (self.0.len() > terms.allowed as usize).then(|| std::mem::take(&mut self.0))
    }
}
