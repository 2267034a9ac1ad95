//! What is wished of a replay, read once from the command: within its limits, and one moment named.

use crate::link::command::{Ask, Refused, ReplayTopic};
use crate::link::limits::{REPLAY_SPEED_MAX, REPLAY_STEPS_MAX};
use cordboard_floor::Instant;

/// A wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Start(Start),
    Pause,
    Resume,
    Step(u32),
    Seek(Place),
    Speed(u32),
    Stop,
}

/// How a replay is to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Start {
    pub(crate) place: Place,
    pub(crate) speed: u32,
    pub(crate) events: bool,
    pub(crate) floor: bool,
    pub(crate) skip_idle_ms: Option<u64>,
    pub(crate) paused: bool,
}

/// A moment of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    At(Instant),
    /// After this event; 0 is before the first.
    After(u64),
}

impl Wish {
    pub(crate) fn of(ask: Ask) -> Result<Self, Refused> {
        Ok(match ask {
            Ask::ReplayStart(ask) => {
                let first = ask.from_seq.map(|seq| seq.saturating_sub(1));
                let topics = ask.topics.unwrap_or_else(|| vec![ReplayTopic::Events]);
                if topics.is_empty() {
                    return Err(Refused::new("malformed", "args.topics: names nothing to play"));
                }
                Self::Start(Start {
                    place: place(ask.at, first, "from_seq")?,
                    speed: speed(ask.speed.unwrap_or(1))?,
                    events: topics.contains(&ReplayTopic::Events),
                    floor: topics.contains(&ReplayTopic::Floor),
                    skip_idle_ms: ask.skip_idle_ms,
                    paused: ask.paused.unwrap_or(false),
                })
            }
            Ask::ReplayStep(ask) => match ask.n.unwrap_or(1) {
                n @ 1..=REPLAY_STEPS_MAX => Self::Step(n),
                n => {
                    let message = format!("args.n is {n}; a step is 1 to {REPLAY_STEPS_MAX} events");
                    return Err(Refused::new("over_limit", message));
                }
            },
            Ask::ReplaySeek(ask) => Self::Seek(place(ask.at, ask.seq, "seq")?),
            Ask::ReplaySpeed(ask) => Self::Speed(speed(ask.speed)?),
            Ask::ReplayResume(_) => Self::Resume,
            Ask::ReplayStop(_) => Self::Stop,
            _ => Self::Pause,
        })
    }
}

fn place(at: Option<Instant>, after: Option<u64>, number: &str) -> Result<Place, Refused> {
    match (at, after) {
        (Some(at), None) => Ok(Place::At(at)),
        (None, Some(after)) => Ok(Place::After(after)),
        _ => Err(Refused::new("malformed", format!("args: say at or {number}, one of them"))),
    }
}

fn speed(speed: u32) -> Result<u32, Refused> {
    match speed {
        1..=REPLAY_SPEED_MAX => Ok(speed),
        _ => {
            let message =
                format!("args.speed is {speed}; the log is played 1 to {REPLAY_SPEED_MAX} times as fast");
            Err(Refused::new("over_limit", message))
        }
    }
}
