//! What is, or was lately, as a rule says that it should not be; and, at any moment, what there is to say about it that nobody
//! has said yet ([`Alerts::wishes`]). It decides nothing: whoever follows it hands these wishes in as commands, and what the
//! floor made of them comes back as events.
//!
//! ```text
//!   events ──▶ board ──▶ signals: since when, or from when on, each limit is passed
//!                            │
//!            now, stopped parts ──▶ wishes: raise, change, resolve; and when to look again
//! ```
//!
//! A span passes its limit by time alone, so the moment is known ahead and nothing is polled. What else a rule asks for:
//! `for_ms`, for how long the limit has to be passed before an alert; `hysteresis`, by how much it has to be better than the
//! limit before the alert is over; `cool_down_ms`, for how long after that there is no other about the same.

mod measure;
mod watch;

pub use measure::{SERVICE_LEVEL_INTERVAL, activity_name};
pub use watch::WISHES_MAX;

use crate::View;
use crate::board::{AlertRow, Board};
use cordboard_floor::alert::{AlertRule, AlertSubject};
use cordboard_floor::{AlertId, AlertRuleId, Event, Instant, Recorded};
use measure::Measured;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use watch::Signal;

/// Alerts that are over and remembered; beyond it the oldest is in the log alone.
pub const ALERTS_KEPT_MAX: usize = 1_000;
/// Hours over which it is counted how often a rule raised an alert: a week.
const COUNTED_HOURS: i64 = 7 * 24;
/// Microseconds of an hour.
const HOUR_MICROS: i64 = 3_600_000_000;

/// An alert, open or over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// As it is, or was at its end.
    pub row: AlertRow,
    /// When it was over.
    pub resolved_at: Option<Instant>,
}

/// A rule as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ruled {
    /// All of it.
    pub rule: AlertRule,
    /// Which version.
    pub version: u32,
    /// How many alerts it raised, by the hours since the epoch.
    raised: BTreeMap<i64, u64>,
}

type Key = (AlertRuleId, AlertSubject);

/// Alerts, their rules, and what the rules measure.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Alerts {
    board: Board,
    rules: BTreeMap<AlertRuleId, Ruled>,
    known: BTreeMap<AlertId, Known>,
    /// Of those, the ones that are over.
    over: usize,
    open: BTreeMap<Key, AlertId>,
    /// Limits that are passed, or will be by time alone.
    signals: BTreeMap<Key, Signal>,
    /// Until when there is no other about the same.
    cooling: BTreeMap<Key, Instant>,
    measured: Measured,
}

impl Alerts {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The floor that it measures.
    pub const fn board(&self) -> &Board {
        &self.board
    }

    /// Alerts, open ones and those that are over since lately, the oldest first.
    pub fn known(&self) -> impl DoubleEndedIterator<Item = &Known> {
        self.known.values()
    }

    /// Every rule ever configured, in the order of their ids.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = &Ruled> {
        self.rules.values()
    }

    /// One rule.
    pub fn rule(&self, rule: AlertRuleId) -> Option<&AlertRule> {
        self.rules.get(&rule).map(|ruled| &ruled.rule)
    }

    /// How many alerts a rule has raised in the seven days before `now`, to the hour.
    pub fn raised_7d(&self, rule: AlertRuleId, now: Instant) -> u64 {
        let from = hour(now) - COUNTED_HOURS + 1;
        self.rules.get(&rule).map_or(0, |ruled| ruled.raised.range(from..).map(|(_, count)| count).sum())
    }

    fn take_alert(&mut self, at: Instant, event: &Event) {
        match event {
            Event::AlertRuleApplied(event) => {
                let raised = self.rules.remove(&event.rule.rule).map(|ruled| ruled.raised);
                let (rule, version) = (event.rule.clone(), event.version);
                let ruled = Ruled { rule, version, raised: raised.unwrap_or_default() };
                self.rules.insert(event.rule.rule, ruled);
            }
            Event::AlertRaised(event) => {
                self.open.insert((event.rule, event.about), event.alert);
                if let Some(row) = self.board.alert(event.alert) {
                    self.known.insert(event.alert, Known { row: row.clone(), resolved_at: None });
                }
                if let Some(ruled) = self.rules.get_mut(&event.rule) {
                    *ruled.raised.entry(hour(at)).or_default() += 1;
                    ruled.raised = ruled.raised.split_off(&(hour(at) - COUNTED_HOURS));
                }
            }
            Event::AlertChanged(event) => self.take_over(event.alert),
            Event::AlertAcknowledged(event) => self.take_over(event.alert),
            Event::AlertResolved(event) => {
                let key = (event.rule, event.about);
                self.open.remove(&key);
                if let Some(known) = self.known.get_mut(&event.alert) {
                    known.resolved_at = Some(at);
                    self.over += 1;
                }
                self.let_go();
                self.cooling.retain(|_, until| *until > at);
                let cool_down = self.rule(event.rule).map(|rule| rule.cool_down_ms);
                if let Some(span) = cool_down.filter(|span| span.0 > 0) {
                    self.cooling.insert(key, at.plus(span));
                }
            }
            _ => {}
        }
    }

    fn take_over(&mut self, alert: AlertId) {
        if let (Some(known), Some(row)) = (self.known.get_mut(&alert), self.board.alert(alert)) {
            known.row = row.clone();
        }
    }

    /// The oldest that are over are let go; open ones never are.
    fn let_go(&mut self) {
        while self.over > ALERTS_KEPT_MAX {
            let oldest = self.known.iter().find(|(_, known)| known.resolved_at.is_some());
            let Some(alert) = oldest.map(|(alert, _)| *alert) else { return };
            self.known.remove(&alert);
            self.over -= 1;
        }
    }
}

impl View for Alerts {
    const NAME: &'static str = "alerts";
    // It holds a board.
    const SCHEMA: u32 = Board::SCHEMA;

    fn fold(&mut self, recorded: &Recorded<Event>) {
        if recorded.seq <= self.board.seq() {
            return;
        }
        let before = self.touched(&recorded.event);
        self.board.fold(recorded);
        self.measured.take(recorded.at, &recorded.event);
        self.take_alert(recorded.at, &recorded.event);
        let mut touched = self.touched(&recorded.event);
        touched.extend(before);
        self.refresh(recorded.at, &recorded.event, touched);
    }

    fn pass(&mut self, seq: u64, at: Instant) {
        self.board.pass(seq, at);
    }

    fn seq(&self) -> u64 {
        self.board.seq()
    }
}

const fn hour(at: Instant) -> i64 {
    at.micros().div_euclid(HOUR_MICROS)
}
