//! The way between an agent's desk and the house: commands go up, events come down, and each packet has a
//! fate of its own. It knows what a link promises (numbers that follow each other, resume from the last
//! one heard) and nothing of what is decided.

use super::people::desk::Desk;
use crate::recording::Rng;
use cordboard_floor::{AgentId, Event, Instant, Millis, Recorded, SessionId};
use std::sync::Arc;

/// What may happen to packets, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Weather {
    lost: u64,
    doubled: u64,
    late: u64,
    late_ms_max: u64,
}

impl Weather {
    /// Nothing goes wrong.
    pub(crate) const CLEAR: Weather = Weather { lost: 0, doubled: 0, late: 0, late_ms_max: 0 };

    /// Some weather by a number.
    pub(crate) fn of(number: u32) -> Self {
        if number.is_multiple_of(4) {
            return Self::CLEAR;
        }
        let number = u64::from(number);
        Self {
            lost: number % 13,
            doubled: number / 16 % 16,
            late: number / 256 % 32,
            late_ms_max: 200 + number / 8192 % 9_000,
        }
    }
}

/// When a packet arrives, once for each copy; never, if it is lost.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fate {
    pub(crate) arrivals: Vec<Instant>,
    pub(crate) lost: bool,
    pub(crate) doubled: bool,
    pub(crate) late: bool,
    pub(crate) overtakes: bool,
}

/// One direction of a line. Its draws are its own: what others send does not change them.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    rng: Rng,
    latest: Instant,
}

impl Way {
    fn new(seed: u64, purpose: &str, line: u64) -> Self {
        Self { rng: Rng::of_item(seed, purpose, line), latest: Instant::default() }
    }

    /// The fate of a packet sent now.
    pub(crate) fn send(&mut self, now: Instant, weather: Weather) -> Fate {
        let mut fate = Fate::default();
        // Always the same number of draws, so that one packet's fate does not hang on another's.
        let [lost, doubled, late, first, second, by] = [0; 6].map(|_: u64| self.rng.below(1 << 20));
        fate.lost = lost % 100 < weather.lost;
        fate.doubled = doubled % 100 < weather.doubled;
        fate.late = late % 100 < weather.late;
        let by = if fate.late { 100 + by % weather.late_ms_max } else { 0 };
        if !fate.lost {
            fate.arrivals.push(now.plus(Millis(5 + first % 40 + by)));
        }
        if fate.doubled {
            fate.arrivals.push(now.plus(Millis(5 + second % 800)));
        }
        for at in &fate.arrivals {
            fate.overtakes |= *at < self.latest;
            self.latest = self.latest.max(*at);
        }
        fate
    }
}

/// A piece of the log on its way to one desk.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) session: SessionId,
    /// The number of the last event sent before on this link.
    pub(crate) prev: u64,
    /// The number up to which the desk is informed with this frame.
    pub(crate) up_to: u64,
    pub(crate) events: Vec<Arc<Recorded<Event>>>,
}

/// What a desk makes of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// It follows what she had.
    News,
    /// Of another link, or known already.
    Nothing,
    /// Something is missing before it.
    Gap,
}

/// An agent's line: both ends of it.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) agent: AgentId,
    pub(crate) up: Way,
    pub(crate) down: Way,
    /// The link that she holds, at her end.
    pub(crate) client: Option<SessionId>,
    /// The last number that she has heard of.
    pub(crate) heard: u64,
    /// What she made of it.
    pub(crate) desk: Desk,
    /// The link that the house knows.
    pub(crate) server: Option<SessionId>,
    /// The last number sent to her.
    pub(crate) sent: u64,
    pub(crate) sessions: u32,
    pub(crate) commands: u32,
}

impl Line {
    pub(crate) fn new(seed: u64, place: usize, agent: AgentId) -> Self {
        Self {
            agent,
            up: Way::new(seed, "up", place as u64),
            down: Way::new(seed, "down", place as u64),
            client: None,
            heard: 0,
            desk: Desk::default(),
            server: None,
            sent: 0,
            sessions: 0,
            commands: 0,
        }
    }

    /// What a frame is to her; if it is news, she has heard it from now on.
    pub(crate) fn take(&mut self, frame: &Frame) -> Heard {
        if self.client != Some(frame.session) || frame.up_to <= self.heard {
            return Heard::Nothing;
        }
        if frame.prev > self.heard {
            return Heard::Gap;
        }
        // A resumed piece may begin before what arrived meanwhile.
        for event in frame.events.iter().filter(|event| event.seq > self.heard) {
            self.desk.hear(self.agent, event);
        }
        Heard::News
    }
}
