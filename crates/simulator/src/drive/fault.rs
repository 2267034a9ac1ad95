//! Why a drive cannot start, go on, or be believed.

use cordboard_centre::Refusal;
use cordboard_engine::{EngineFault, FeedFault};
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
    /// The address of the server makes no sense, or what is needed to reach it.
    #[error("{what}; {mend}")]
    BadServer {
        /// What is wrong.
        what: String,
        /// What to do.
        mend: &'static str,
    },
    /// Nobody answers there.
    #[error("the server at {server} cannot be reached: {why}; is it running?")]
    Unreachable {
        /// Where.
        server: String,
        /// What failed.
        why: String,
    },
    /// A token is not good.
    #[error(
        "the server does not take the token of {whose}; tokens expire: `cordboard account` issues new ones"
    )]
    NotSignedIn {
        /// `the drive`, or which agent.
        whose: String,
    },
    /// The server's clock runs at another speed.
    #[error(
        "the server's clock runs {server} times as fast as the wall, the drive was asked for {asked}; start it with `serve --clock-scale {asked}`"
    )]
    ClockScale {
        /// The server's.
        server: u32,
        /// The drive's.
        asked: u32,
    },
    /// The server says nothing about its clock.
    #[error(
        "the server at {server} does not say how fast its clock runs; a drive needs a cordboard that does"
    )]
    NoClockScale {
        /// Where.
        server: String,
    },
    /// The server lacks queues or agents.
    #[error("the server does not know the {what} {}; apply the configuration that `drive --prepare` writes for this log", .names.join(", "))]
    NotConfigured {
        /// `queues` or `agents`.
        what: &'static str,
        /// Some of them.
        names: Vec<String>,
    },
    /// Agents without tokens.
    #[error("no token for the agents {}; `cordboard account provision --from-config --tokens-out FILE` writes them", .names.join(", "))]
    NoToken {
        /// Some of them.
        names: Vec<String>,
    },
    /// A file of tokens that cannot be read.
    #[error("line {line} of the agents' tokens is not `agent,token`")]
    BadTokens {
        /// Which line.
        line: usize,
    },
    /// The server answered what a drive cannot go on with.
    #[error("the server answered {status} to {request}: {what}")]
    Answered {
        /// What was asked.
        request: String,
        /// The status.
        status: u16,
        /// What it said.
        what: String,
    },
    /// An agent's link cannot be kept.
    #[error("the link of agent {agent} cannot be kept: {why}")]
    Link {
        /// Whose.
        agent: String,
        /// What happened.
        why: String,
    },
    /// The log does not say what must be true of it.
    #[error("the log of this drive contradicts itself or its input: {}", .0.join("; "))]
    Contradiction(Vec<String>),
}
