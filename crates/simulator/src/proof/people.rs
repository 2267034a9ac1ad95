//! Who acts in a world, and on what knowledge: callers know what they hear, agents what their link told
//! them, leaders what is committed. None of them knows the true state of the floor.

pub(crate) mod agent;
pub(crate) mod caller;
pub(crate) mod desk;
pub(crate) mod leader;

use cordboard_floor::{AccountId, Actor, Command, GatewayId};

/// What somebody wants done.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    /// In words, for the story.
    pub(crate) words: String,
    pub(crate) actor: Actor,
    pub(crate) command: Command,
}

impl Wish {
    pub(crate) fn new(words: impl Into<String>, actor: Actor, command: Command) -> Self {
        Self { words: words.into(), actor, command }
    }
}

/// The leader of the shift.
pub(crate) const fn leader() -> Actor {
    Actor::Leader(AccountId::fixed("leader"))
}

/// The way to real calls.
pub(crate) const fn gateway() -> Actor {
    Actor::Gateway(GatewayId::fixed("trunk"))
}
