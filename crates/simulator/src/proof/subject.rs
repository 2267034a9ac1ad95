//! What is put to the proof: the floor, or, to prove the proof, a floor with a fault planted in it.

use cordboard_floor::{Command, Decider, Event, Floor, Refusal, SiteId};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A decider with a floor inside.
pub(crate) trait Subject:
    Decider<Command = Command, Event = Event, Refusal = Refusal> + Clone + Serialize + DeserializeOwned
{
    /// Before the first event.
    fn empty() -> Self;
    /// The floor as it is.
    fn floor(&self) -> &Floor;
}

/// The site of every world.
pub(crate) const SITE: SiteId = SiteId::fixed("stage");

impl Subject for Floor {
    fn empty() -> Self {
        Floor::new(SITE)
    }

    fn floor(&self) -> &Floor {
        self
    }
}
