//! What is asked: the load, and how callers and lines behave. Checked once, here; behind this door every number is
//! finite and in its range.

use std::fmt;
use thiserror::Error;

/// The largest number of agents that is reckoned with.
pub const AGENTS_MAX: u32 = 100_000;
/// The largest load, in Erlangs.
pub const ERLANGS_MAX: f64 = 100_000.0;
/// The shortest time that is told apart from none, in seconds.
pub const SECONDS_MIN: f64 = 0.001;
/// The longest time, in seconds: some four months.
pub const SECONDS_MAX: f64 = 10_000_000.0;
/// The largest share of those who got nothing that dials again.
pub const REDIAL_MAX: f64 = 0.99;
/// The longest queue whose states are summed up; what needs more is refused.
pub const TERMS_MAX: usize = 4_000_000;

/// Why something cannot be reckoned at all.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum Refused {
    /// A time that is none, is too short or too long.
    #[error("{what} is {value} s; it lies between {SECONDS_MIN} and {SECONDS_MAX} s")]
    Seconds {
        /// Which time.
        what: &'static str,
        /// What was given.
        value: f64,
    },
    /// Calls that are not a number of calls.
    #[error("{0} calls per second are none that anything can be reckoned for")]
    Calls(f64),
    /// More load than is reckoned with.
    #[error("a load of {0} Erlangs; at most {ERLANGS_MAX} are reckoned with")]
    Erlangs(f64),
    /// A share that is not between 0 and its bound.
    #[error("{what} is {value}; it lies between 0 and {max}")]
    Share {
        /// Which share.
        what: &'static str,
        /// What was given.
        value: f64,
        /// The largest that makes sense.
        max: f64,
    },
    /// No agents, or too many.
    #[error("{0} agents; between 1 and {AGENTS_MAX} are reckoned with")]
    Agents(u32),
    /// Fewer lines than agents.
    #[error("{lines} lines for {agents} agents; each agent needs a line")]
    Lines {
        /// How many lines there are.
        lines: u32,
        /// How many agents.
        agents: u32,
    },
    /// A queue so long that its states are not summed up.
    #[error("the queue would be longer than {TERMS_MAX} callers; shorten patience or lower the load")]
    TooLong,
    /// Too many variants at once.
    #[error("{0} variants; at most {max} at once", max = super::sensitivity::VARIANTS_MAX)]
    Variants(usize),
}

pub(super) fn seconds(what: &'static str, value: f64) -> Result<f64, Refused> {
    // A NaN is in no range.
    (SECONDS_MIN..=SECONDS_MAX).contains(&value).then_some(value).ok_or(Refused::Seconds { what, value })
}

/// A bound on a wait; unlike other times it may be nothing.
pub(super) fn bound(what: &'static str, value: f64) -> Result<f64, Refused> {
    if value == 0.0 { Ok(0.0) } else { seconds(what, value) }
}

pub(super) fn share(what: &'static str, value: f64, max: f64) -> Result<f64, Refused> {
    (0.0..=max).contains(&value).then_some(value).ok_or(Refused::Share { what, value, max })
}

/// How much comes in, and how long each of it takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    calls_per_s: f64,
    aht_s: f64,
}

impl Load {
    /// So many calls in so many seconds, each with this average handle time (talk, hold and wrap-up) in seconds.
    ///
    /// # Errors
    /// [`Refused`] where a number is none or out of range.
    pub fn new(calls: f64, per_s: f64, aht_s: f64) -> Result<Self, Refused> {
        let calls_per_s = calls / seconds("the span of the calls", per_s)?;
        if !(calls >= 0.0 && calls_per_s.is_finite()) {
            return Err(Refused::Calls(calls_per_s));
        }
        let load = Self { calls_per_s, aht_s: seconds("the handle time", aht_s)? };
        if load.erlangs() > ERLANGS_MAX { Err(Refused::Erlangs(load.erlangs())) } else { Ok(load) }
    }

    /// Arrivals per second (λ).
    pub const fn calls_per_s(&self) -> f64 {
        self.calls_per_s
    }

    /// Average handle time in seconds (1/μ).
    pub const fn aht_s(&self) -> f64 {
        self.aht_s
    }

    /// The load in Erlangs (a = λ/μ): how many would be busy if everybody were served at once.
    pub const fn erlangs(&self) -> f64 {
        self.calls_per_s * self.aht_s
    }

    /// The same with other calls and another handle time, as factors.
    ///
    /// # Errors
    /// [`Refused`] where the result is out of range.
    pub fn scaled(&self, calls: f64, aht: f64) -> Result<Self, Refused> {
        Self::new(self.calls_per_s * calls, 1.0, self.aht_s * aht)
    }
}

/// How many may be there at once, waiting or served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Whoever finds no agent free is sent away.
    NoWaiting,
    /// So many lines, agents' included.
    Lines(u32),
    /// No end of them.
    Unlimited,
}

/// How callers and lines behave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Model {
    room: Room,
    patience_s: Option<f64>,
    redial: f64,
}

impl Model {
    /// Nobody waits: whoever finds all agents busy is gone.
    pub const ERLANG_B: Self = Self { room: Room::NoWaiting, patience_s: None, redial: 0.0 };
    /// Everybody waits for ever.
    pub const ERLANG_C: Self = Self { room: Room::Unlimited, patience_s: None, redial: 0.0 };

    /// Whoever waits gives up after this long on average, in seconds.
    ///
    /// # Errors
    /// [`Refused::Seconds`] out of range.
    pub fn erlang_a(patience_s: f64) -> Result<Self, Refused> {
        Ok(Self { patience_s: Some(seconds("patience", patience_s)?), ..Self::ERLANG_C })
    }

    /// With so many lines in all.
    #[must_use]
    pub const fn with_lines(self, lines: u32) -> Self {
        Self { room: Room::Lines(lines), ..self }
    }

    /// With this share of those who gave up or met a busy line dialling again.
    ///
    /// # Errors
    /// [`Refused::Share`] beyond [`REDIAL_MAX`].
    pub fn with_redial(self, redial: f64) -> Result<Self, Refused> {
        Ok(Self { redial: share("the share that dials again", redial, REDIAL_MAX)?, ..self })
    }

    /// How many may be there at once.
    pub const fn room(&self) -> Room {
        self.room
    }

    /// Mean patience in seconds, if it has an end.
    pub const fn patience_s(&self) -> Option<f64> {
        self.patience_s
    }

    /// Which share of those who got nothing dials again.
    pub const fn redial(&self) -> f64 {
        self.redial
    }

    /// How many may wait while so many agents are busy; `None`: no end of them.
    pub(super) fn waiting_room(&self, agents: u32) -> Result<Option<usize>, Refused> {
        match self.room {
            Room::NoWaiting => Ok(Some(0)),
            Room::Unlimited => Ok(None),
            Room::Lines(lines) => match lines.checked_sub(agents) {
                Some(more) => Ok(Some(more as usize)),
                None => Err(Refused::Lines { lines, agents }),
            },
        }
    }
}

impl fmt::Display for Model {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match (self.room, self.patience_s, self.redial > 0.0) {
            (Room::NoWaiting, _, false) => "erlang-b",
            (Room::Unlimited, None, false) => "erlang-c",
            (Room::Unlimited, Some(_), false) => "erlang-a",
            _ => "erlang-x",
        })
    }
}
