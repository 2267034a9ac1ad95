//! Who gets whom: asked of the floor, or of the shortcut.

pub(super) mod floor;
pub(super) mod shortcut;

use super::refused::Refused;
use serde::{Deserialize, Serialize};

/// Who routes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Router {
    /// The floor that serves real callers.
    #[default]
    Floor,
    /// What the floor does under the plain plan, and nothing else.
    Shortcut,
}

/// What a router has decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// A call rings at a head, who is reserved for it.
    Rings { call: u32, head: u32 },
    /// A rule ended a call that nobody answered, or did not let it in.
    SentAway { call: u32 },
}

/// What callers and agents do, in the order of time. Calls are numbered as they come, heads as they stand in the day.
pub(super) trait Routes {
    fn arrive(&mut self, at_us: i64, queue: u32, call: u32) -> Result<(), Refused>;

    /// Whoever gives up waits, or it rings at somebody for her.
    fn give_up(&mut self, at_us: i64, call: u32, rings_at: Option<u32>) -> Result<(), Refused>;

    fn pick_up(&mut self, at_us: i64, call: u32, head: u32) -> Result<(), Refused>;

    fn hang_up(&mut self, at_us: i64, call: u32, head: u32) -> Result<(), Refused>;

    fn come(&mut self, at_us: i64, head: u32) -> Result<(), Refused>;

    /// At once, or after the call in hand; what rings at her keeps its place and goes to somebody else.
    fn leave(&mut self, at_us: i64, head: u32, for_good: bool) -> Result<(), Refused>;

    /// When it wants to be woken; never is the end of time.
    fn due_us(&self) -> i64;

    /// Serves what is due; whether anything came of it.
    fn tick(&mut self, at_us: i64) -> bool;

    /// What was decided, in order, each once.
    fn news(&mut self) -> Option<News>;
}
