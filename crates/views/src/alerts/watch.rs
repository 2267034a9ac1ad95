//! Since when each limit is passed, and what there is to say about it now.

use super::measure::Reading;
use super::{Alerts, Key};
use cordboard_floor::alert::{Alarm, AlertLevel, AlertMeasure, AlertRule, AlertSubject};
use cordboard_floor::{AgentId, AlertId, Command, Event, Instant, Millis, PartId, QueueId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Wishes told at once; the rest follow when these have been carried out.
pub const WISHES_MAX: usize = 64;

/// From when on the limits of one rule and subject are passed: a moment that has come, or that comes by time alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Signal {
    amber: Option<Instant>,
    red: Option<Instant>,
}

/// Who and what an event may have changed.
#[derive(Debug, Default)]
pub(super) struct Touched {
    agents: BTreeSet<AgentId>,
    queues: BTreeSet<QueueId>,
}

impl Touched {
    pub(super) fn extend(&mut self, other: Self) {
        self.agents.extend(other.agents);
        self.queues.extend(other.queues);
    }
}

impl Alerts {
    /// What there is to say at `now` that has not been said: alerts to raise, change or resolve, at most [`WISHES_MAX`]. Parts
    /// of the system that stand still are told of from outside, each with since when: no event does.
    pub fn wishes(&self, now: Instant, stopped: &[(PartId, Instant)]) -> Vec<Command> {
        let parts = self.rules().filter(|ruled| ruled.rule.measure == AlertMeasure::PartStopped);
        let parts = parts
            .flat_map(|ruled| stopped.iter().map(|(part, _)| (ruled.rule.rule, AlertSubject::Part(*part))));
        let keys: BTreeSet<Key> =
            self.signals.keys().copied().chain(self.open.keys().copied()).chain(parts).collect();
        keys.into_iter().filter_map(|key| self.wish(key, now, stopped)).take(WISHES_MAX).collect()
    }

    /// When there may be something to say although nothing happens; after `now`.
    pub fn next_deadline(&self, now: Instant, stopped: &[(PartId, Instant)]) -> Option<Instant> {
        let mut moments: Vec<Instant> = Vec::new();
        for (key, signal) in &self.signals {
            let Some(rule) = self.rule(key.0) else { continue };
            let passed = signal.amber.into_iter().chain(signal.red);
            moments.extend(passed.map(|passed| passed.plus(rule.for_ms)));
            moments.extend(self.cooling.get(key));
            moments.extend(self.reading(rule, key.1, now).and_then(Reading::until));
        }
        for key in self.open.keys() {
            let reading = self.rule(key.0).and_then(|rule| self.reading(rule, key.1, now));
            moments.extend(reading.and_then(Reading::until));
        }
        for ruled in self.rules().filter(|ruled| ruled.rule.measure == AlertMeasure::PartStopped) {
            let limits = ruled.rule.amber.into_iter().chain(ruled.rule.red);
            for (limit, (_, since)) in limits.flat_map(|limit| stopped.iter().map(move |part| (limit, part)))
            {
                moments.push(since.plus(Millis(limit.max(0) as u64)).plus(ruled.rule.for_ms));
            }
        }
        moments.into_iter().filter(|moment| *moment > now).min()
    }

    fn wish(&self, key: Key, now: Instant, stopped: &[(PartId, Instant)]) -> Option<Command> {
        let open = self.open.get(&key).and_then(|alert| self.board.alert(*alert));
        let found = self.rule(key.0).and_then(|rule| {
            let reading = match key.1 {
                AlertSubject::Part(part) => {
                    let since = stopped.iter().find(|(is, _)| *is == part).map(|(_, since)| *since);
                    since
                        .filter(|_| rule.active && rule.measure == AlertMeasure::PartStopped)
                        .map(Reading::Since)
                }
                about => self.reading(rule, about, now),
            };
            let reading = reading?;
            let level = self.level(key, rule, reading, open.map(|row| row.level), now)?;
            Some((level, reading.value(now), rule.limit(level)?))
        });
        match (open, found) {
            (None, Some((level, value, limit))) => {
                let cooling = self.cooling.get(&key).is_some_and(|until| *until > now);
                let alarm = Alarm { rule: key.0, level, about: key.1, value, limit };
                (!cooling).then_some(Command::RaiseAlert(alarm))
            }
            (Some(row), None) => Some(self.over(row.alert, key, now)),
            (Some(row), Some((level, value, limit))) => {
                let alert = row.alert;
                (level != row.level).then_some(Command::ChangeAlert { alert, level, value, limit })
            }
            (None, None) => None,
        }
    }

    fn over(&self, alert: AlertId, key: Key, now: Instant) -> Command {
        let reading = self.rule(key.0).and_then(|rule| self.reading(rule, key.1, now));
        Command::ResolveAlert { alert, value: reading.map(|reading| reading.value(now)) }
    }

    /// How bad it is: the worst level whose limit has been passed for long enough, or that an alert has and that is not yet
    /// better by enough.
    fn level(
        &self,
        key: Key,
        rule: &AlertRule,
        reading: Reading,
        has: Option<AlertLevel>,
        now: Instant,
    ) -> Option<AlertLevel> {
        let signal = match key.1 {
            AlertSubject::Part(_) => of(rule, reading, now),
            _ => self.signals.get(&key).copied().unwrap_or_default(),
        };
        let below = rule.measure.is_bad_below();
        let is = |level: AlertLevel, passed: Option<Instant>| {
            let passed = passed.is_some_and(|passed| passed.plus(rule.for_ms) <= now);
            let relaxed = rule.limit(level).map(|limit| {
                if below {
                    limit.saturating_add(rule.hysteresis)
                } else {
                    limit.saturating_sub(rule.hysteresis)
                }
            });
            let stays = has >= Some(level)
                && relaxed
                    .and_then(|limit| reading.passes(limit, below, now))
                    .is_some_and(|passed| passed <= now);
            passed || stays
        };
        if is(AlertLevel::Red, signal.red) {
            Some(AlertLevel::Red)
        } else if is(AlertLevel::Amber, signal.amber) {
            Some(AlertLevel::Amber)
        } else {
            None
        }
    }

    /// Agents and queues that an event is about, or whose counts it changes.
    pub(super) fn touched(&self, event: &Event) -> Touched {
        let mut touched = Touched::default();
        touched.agents.extend(event.agent());
        if let Some(row) = event.contact().and_then(|contact| self.board.contact(contact)) {
            touched.queues.extend(row.queue);
            touched.agents.extend(row.participants.iter().map(|part| part.agent));
        }
        touched.queues.extend(match event {
            Event::QueueApplied(event) => Some(event.queue.queue),
            Event::QueueOpened(event) => Some(event.queue),
            Event::QueueDraining(event) => Some(event.queue),
            Event::QueueClosed(event) => Some(event.queue),
            Event::VisitEnded(event) => Some(event.queue),
            _ => None,
        });
        for agent in touched.agents.iter().filter_map(|agent| self.board.agent(*agent)) {
            touched.queues.extend(&agent.queues);
        }
        touched
    }

    /// Brings the signals of what was touched in step with what is measured now.
    pub(super) fn refresh(&mut self, at: Instant, event: &Event, touched: Touched) {
        self.count_visit(at, event);
        let touched = match event {
            // A rule is about many; and when the engine starts, all links are gone.
            Event::AlertRuleApplied(_) | Event::EngineStarted(_) => Touched {
                agents: self.board.agents().map(|row| row.agent).collect(),
                queues: self.board.queues().map(|row| row.queue).collect(),
            },
            _ => touched,
        };
        let agents = touched.agents.into_iter().map(AlertSubject::Agent);
        let subjects: Vec<AlertSubject> =
            touched.queues.into_iter().map(AlertSubject::Queue).chain(agents).collect();
        let mut changed = Vec::new();
        for ruled in self.rules.values() {
            for about in subjects.iter().filter(|about| measures(ruled.rule.measure, **about)) {
                let reading = self.reading(&ruled.rule, *about, at);
                let fresh = reading.map(|reading| of(&ruled.rule, reading, at)).unwrap_or_default();
                changed.push(((ruled.rule.rule, *about), fresh));
            }
        }
        for (key, fresh) in changed {
            let known = self.signals.get(&key).copied().unwrap_or_default();
            let signal = Signal {
                amber: going_on(known.amber, fresh.amber, at),
                red: going_on(known.red, fresh.red, at),
            };
            if signal == Signal::default() {
                self.signals.remove(&key);
            } else {
                self.signals.insert(key, signal);
            }
        }
    }
}

/// When the limits of a rule are passed by what is measured.
fn of(rule: &AlertRule, reading: Reading, at: Instant) -> Signal {
    let passes = |limit: Option<i64>| reading.passes(limit?, rule.measure.is_bad_below(), at);
    Signal { amber: passes(rule.amber), red: passes(rule.red) }
}

/// What was passed and still is has been since then, also if it is now another contact that waits too long.
fn going_on(known: Option<Instant>, fresh: Option<Instant>, at: Instant) -> Option<Instant> {
    match (known, fresh) {
        (Some(known), Some(fresh)) if known <= at && fresh <= at => Some(known.min(fresh)),
        (_, fresh) => fresh,
    }
}

/// Whether a rule is about things of this kind at all.
const fn measures(measure: AlertMeasure, about: AlertSubject) -> bool {
    matches!(
        (measure, about),
        (
            AlertMeasure::OldestWait
                | AlertMeasure::Waiting
                | AlertMeasure::ServiceLevel
                | AlertMeasure::ReadyAgents,
            AlertSubject::Queue(_)
        ) | (
            AlertMeasure::StateTime | AlertMeasure::Unreachable | AlertMeasure::HandRaised,
            AlertSubject::Agent(_)
        )
    )
}
