//! Why a drive cannot start, go on, or be believed.

use cordboard_engine::{EngineFault, FeedFault};
use cordboard_floor::Refusal;
use cordboard_vault::VaultError;

/// What went wrong, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DriveError {
    /// No call to play.
    #[error("there is no call to play: {why}")]
    NothingToPlay {
        /// Why, and where calls are.
        why: String,
    },
    /// No agent who could answer.
    #[error("nobody is there to answer: {why}")]
    NobodyToAnswer {
        /// Why, and what to do.
        why: String,
    },
    /// A day that is none.
    #[error("{text:?} is not a {what}; write it like {like}")]
    BadWindow {
        /// What was written.
        text: String,
        /// What it should have been.
        what: &'static str,
        /// An example.
        like: &'static str,
    },
    /// A name in the log or the roster cannot be an id on the floor.
    #[error("the {what} {name:?} {why}; give it another name in the layout or the roster")]
    BadName {
        /// What it names.
        what: &'static str,
        /// The name.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// There is a log already.
    #[error(
        "the log in the data directory holds {events} events already; a drive begins with an empty one: give another directory"
    )]
    NotEmpty {
        /// How many.
        events: u64,
    },
    /// The floor said no where it must not.
    #[error("the floor refused {what}: {why}")]
    Refused {
        /// What was asked.
        what: String,
        /// Why not.
        why: Refusal,
    },
    /// The engine took nothing.
    #[error("the engine takes no more commands: {why}")]
    Unavailable {
        /// `disk_full`, `poisoned` or `stopped`.
        why: &'static str,
    },
    /// Personal values could not be sealed.
    #[error("the vault failed: {0}")]
    Vault(#[from] VaultError),
    /// The engine cannot go on.
    #[error(transparent)]
    Engine(#[from] EngineFault),
    /// The log could not be read back.
    #[error("reading the log back failed: {0}")]
    Feed(#[from] FeedFault),
    /// The log does not say what must be true of it.
    #[error("the log of this drive contradicts itself or its input: {}", .0.join("; "))]
    Contradiction(Vec<String>),
}
