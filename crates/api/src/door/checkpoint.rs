//! Views kept beside the log, so that a start need not fold it from the first event. A checkpoint is a cache: one that
//! does not fit to the last digit is passed over, and the log alone is the truth.

use super::seen::Seen;
use cordboard_centre::Event;
use cordboard_engine::{Checkpoint, Checkpoints, Folded};
use cordboard_floor::Recorded;
use cordboard_views::View;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A view that can be kept and folded anew.
pub trait Kept: View + Clone + Serialize + DeserializeOwned + Send + Sync + 'static {}

impl<V: View + Clone + Serialize + DeserializeOwned + Send + Sync + 'static> Kept for V {}

/// Where views are kept, and how often.
#[derive(Clone, Debug)]
pub struct Keeping {
    /// Beside which log.
    pub checkpoints: Checkpoints,
    /// Events between two checkpoints of a view; 0 makes none, and those that are there are used all the same.
    pub every_events: u64,
}

/// By what a view is known again.
pub const fn folded<V: View>() -> Folded {
    Folded { name: V::NAME, schema: V::SCHEMA, spread: V::CHECKPOINTS_SPREAD }
}

/// The newest checkpoint of a view at or before an event, if one fits. `fresh` says on what terms it must have been folded.
pub fn kept<V: Kept>(checkpoints: &Checkpoints, fresh: &V, at_most: u64) -> Option<V> {
    checkpoints.newest(folded::<V>(), at_most, |Checkpoint { seq, bytes }| {
        let view: V =
            rmp_serde::from_slice(&bytes).map_err(|fault| format!("it does not decode: {fault}"))?;
        if view.seq() != seq {
            return Err(format!("it says to be of {seq} and is of {}", view.seq()));
        }
        if !view.folds_like(fresh) {
            return Err("it was folded on other terms than those configured now".to_owned());
        }
        Ok(view)
    })
}

/// As it is kept.
///
/// # Errors
/// Why it cannot be written down: nothing that is folded here has such a reason.
pub fn bytes_of<V: Serialize>(view: &V) -> Result<Vec<u8>, String> {
    rmp_serde::to_vec(view).map_err(|fault| fault.to_string())
}

impl<V: Kept> Seen<V> {
    /// Goes on from its checkpoint, if there is one that fits.
    pub(super) fn take_up(&self, keeping: &Keeping, event: impl Fn(u64) -> Option<Recorded<Event>>) {
        let Some(view) = kept(&keeping.checkpoints, &self.fresh, u64::MAX) else { return };
        let seq = view.seq();
        let at = event(seq).map_or(self.status().at, |event| event.at);
        tracing::info!(view = V::NAME, seq, "a view goes on from its checkpoint");
        self.replace(view, at);
        self.is_kept_at(seq);
    }
}
