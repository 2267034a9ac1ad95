//! What a rule measures, of one queue, one agent, one part: a span that began at some moment, or a number that stands until
//! something happens.

use super::Alerts;
use crate::board::{ANSWERED_WITHIN, Activity, AgentRow, AgentState, QueueRow};
use cordboard_floor::alert::{AlertMeasure, AlertRule, AlertSubject};
use cordboard_floor::contact::VisitEnd;
use cordboard_floor::queue::QueueState;
use cordboard_floor::{AgentId, Event, Instant, Millis, QueueId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Over which time a service level is measured: half an hour by the clock, as rosters are made.
pub const SERVICE_LEVEL_INTERVAL: Millis = Millis::from_secs(30 * 60);
/// One, in millionths.
const ONE_PPM: u64 = 1_000_000;

/// What is measured now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// It has lasted since then.
    Since(Instant),
    /// It is this, until something happens or until that moment.
    Value(i64, Option<Instant>),
}

impl Reading {
    /// What it comes to.
    pub(super) fn value(self, now: Instant) -> i64 {
        match self {
            Self::Since(since) => now.since(since).0 as i64,
            Self::Value(value, _) => value,
        }
    }

    /// From when on a limit is passed, if nothing happens; none: it is not, and time alone changes nothing.
    pub(super) fn passes(self, limit: i64, is_bad_below: bool, now: Instant) -> Option<Instant> {
        match self {
            Self::Since(since) => Some(since.plus(Millis(limit.max(0) as u64))),
            Self::Value(value, _) => {
                let bad = if is_bad_below { value < limit } else { value >= limit };
                bad.then_some(now)
            }
        }
    }

    /// It says nothing any more after this moment.
    pub(super) const fn until(self) -> Option<Instant> {
        match self {
            Self::Since(_) => None,
            Self::Value(_, until) => until,
        }
    }
}

/// What the board does not keep.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Measured {
    unreachable: BTreeMap<AgentId, Instant>,
    hands: BTreeMap<AgentId, Instant>,
    levels: BTreeMap<QueueId, Level>,
}

/// Visits of a queue that ended in one half hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Level {
    interval: i64,
    /// Answered in time.
    within: u64,
    /// Answered, or abandoned.
    all: u64,
}

impl Measured {
    pub(super) fn take(&mut self, at: Instant, event: &Event) {
        match event {
            Event::AgentUnreachable(event) => {
                self.unreachable.entry(event.agent).or_insert(at);
            }
            Event::AgentHandRaised(event) => {
                self.hands.insert(event.agent, at);
            }
            Event::AgentReachable(event) => {
                self.unreachable.remove(&event.agent);
            }
            Event::AgentHandLowered(event) => {
                self.hands.remove(&event.agent);
            }
            Event::AgentSignedIn(_) | Event::AgentSignedOut(_) => {
                if let Some(agent) = event.agent() {
                    self.unreachable.remove(&agent);
                    self.hands.remove(&agent);
                }
            }
            _ => {}
        }
    }

    /// A visit is over that an agent or its caller ended.
    pub(super) fn count(&mut self, at: Instant, queue: QueueId, in_time: bool) {
        let level = self.levels.entry(queue).or_default();
        let interval = interval(at);
        if level.interval != interval {
            *level = Level { interval, ..Level::default() };
        }
        level.all += 1;
        level.within += u64::from(in_time);
    }
}

impl Alerts {
    /// Counts a visit that has just ended.
    pub(super) fn count_visit(&mut self, at: Instant, event: &Event) {
        let Event::VisitEnded(event) = event else { return };
        let named = self.board.queue(event.queue).map(|row| row.config.plan.answer_within_ms);
        let within = named.filter(|within| within.0 > 0).unwrap_or(ANSWERED_WITHIN);
        match event.end {
            VisitEnd::Answered => self.measured.count(at, event.queue, event.waited_ms <= within),
            VisitEnd::Abandoned => self.measured.count(at, event.queue, false),
            _ => {}
        }
    }

    /// What a rule measures of a subject now; none: nothing, or it is not about that.
    pub(super) fn reading(&self, rule: &AlertRule, about: AlertSubject, now: Instant) -> Option<Reading> {
        if !rule.active {
            return None;
        }
        match about {
            AlertSubject::Queue(queue) => {
                let named = rule.queues.is_empty() || rule.queues.contains(&queue);
                let row = self.board.queue(queue).filter(|row| named && row.config.active)?;
                self.of_queue(rule, row, now)
            }
            AlertSubject::Agent(agent) => {
                let row = self.board.agent(agent).filter(|row| row.active)?;
                let led = rule.teams.is_empty() || row.team.is_some_and(|team| rule.teams.contains(&team));
                let serves =
                    rule.queues.is_empty() || rule.queues.iter().any(|queue| row.queues.contains(queue));
                if led && serves { self.of_agent(rule, row) } else { None }
            }
            AlertSubject::Part(_) => None,
        }
    }

    fn of_queue(&self, rule: &AlertRule, row: &QueueRow, now: Instant) -> Option<Reading> {
        match rule.measure {
            AlertMeasure::OldestWait => row.longest_since.map(Reading::Since),
            AlertMeasure::Waiting => Some(Reading::Value(row.waiting.into(), None)),
            // A queue that takes nobody needs nobody.
            AlertMeasure::ReadyAgents if row.state != QueueState::Open => None,
            AlertMeasure::ReadyAgents => Some(Reading::Value(row.agents.staffed.into(), None)),
            AlertMeasure::ServiceLevel => {
                let level = self.measured.levels.get(&row.queue)?;
                if level.interval != interval(now) || level.all < u64::from(rule.contacts_min.max(1)) {
                    return None;
                }
                let ends = Instant::from_micros((level.interval + 1).saturating_mul(interval_micros()));
                Some(Reading::Value((level.within * ONE_PPM / level.all) as i64, Some(ends)))
            }
            _ => None,
        }
    }

    fn of_agent(&self, rule: &AlertRule, row: &AgentRow) -> Option<Reading> {
        match rule.measure {
            AlertMeasure::StateTime => {
                let does = rule.state.is_some_and(|state| state.as_str() == activity_name(row.activity));
                // A reason is one of being not ready, whatever is in hand.
                let for_it = rule.reason.is_none_or(|reason| {
                    row.state == AgentState::NotReady && row.reason.is_some_and(|is| is.slug == reason)
                });
                (does && for_it).then_some(Reading::Since(row.activity_since))
            }
            AlertMeasure::Unreachable => {
                self.measured.unreachable.get(&row.agent).copied().map(Reading::Since)
            }
            AlertMeasure::HandRaised => self.measured.hands.get(&row.agent).copied().map(Reading::Since),
            _ => None,
        }
    }
}

/// An activity as rules and pages name it.
pub const fn activity_name(activity: Activity) -> &'static str {
    match activity {
        Activity::SignedOut => "signed_out",
        Activity::Unreachable => "unreachable",
        Activity::NotReady => "not_ready",
        Activity::OnBreak => "on_break",
        Activity::Idle => "idle",
        Activity::Resting => "resting",
        Activity::Ringing => "ringing",
        Activity::Talking => "talking",
        Activity::Held => "held",
        Activity::Consulting => "consulting",
        Activity::WrapUp => "wrap_up",
    }
}

const fn interval_micros() -> i64 {
    SERVICE_LEVEL_INTERVAL.0 as i64 * 1_000
}

const fn interval(at: Instant) -> i64 {
    at.micros().div_euclid(interval_micros())
}
