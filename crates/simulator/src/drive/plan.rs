//! What is to be played: the calls, who is there to answer, and the rules of chance.
//!
//! A plan knows no engine and no server. It is built of a whole log, so that what is drawn is drawn from all of it, and may then be cut to a window.

use std::collections::{BTreeMap, BTreeSet};

use cordboard_floor::SiteId;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::DriveError;
use crate::recording::{
    Counts, HandleTimes, Layout, Patience, QueueSettings, RecordedCall, RecordedEnd, Staffing,
};

/// How long agents given by a count stay after the last call has come, been answered and handled in the log.
const COUNT_STAYS_US: i64 = 3_600_000_000;

/// How long callers wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PatienceMode {
    /// Who gave up in the log gives up after the same wait; who was answered waits as long as it takes.
    #[default]
    Recorded,
    /// Who gave up in the log gives up after the same wait; who was answered has waited so long at least, and for what lies beyond
    /// it is drawn from the log's own patience, by queue.
    Beyond,
    /// Everyone's patience is drawn from the log's own, by queue.
    Fitted,
}

/// How long a call takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HandleMode {
    /// As recorded; drawn from the answered calls of the same queue and type where nobody answered.
    #[default]
    Recorded,
    /// Drawn for every call.
    Drawn,
}

/// A stretch of time, µs UTC; calls that arrive in it are played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// From then on.
    pub from_us: i64,
    /// Up to then, not included.
    pub to_us: i64,
}

/// A log to be played.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The site whose log it becomes.
    pub site: SiteId,
    /// What people call it.
    pub title: String,
    /// The calls, by arrival.
    pub calls: Vec<RecordedCall>,
    /// What was counted while reading; calls outside a window are counted as ignored.
    pub counts: Counts,
    /// Calls outside the window.
    pub outside_window: u64,
    /// Who is there when.
    pub staffing: Staffing,
    /// Settings of the queues.
    pub settings: QueueSettings,
    /// How long callers wait.
    pub patience: PatienceMode,
    /// How long calls take.
    pub handle: HandleMode,
    /// Of all chance.
    pub seed: u64,
    /// How long an agent works after each contact. 0 in a plan of its own accord: a recorded handle time is all the time that
    /// the agent was busy with the call, work after it included.
    pub wrapup_ms: u64,
    pub(super) handle_times: HandleTimes,
    pub(super) fitted: Patience,
    /// The types of calls that each agent answered.
    pub(super) kinds: BTreeMap<String, BTreeSet<String>>,
    zone: TimeZone,
}

impl Plan {
    /// The zone of the log's clocks, where it has a name.
    pub(super) fn zone_name(&self) -> String {
        self.zone.iana_name().unwrap_or_default().to_owned()
    }

    /// A plan of a whole log: recorded patience and handle times, no wrap-up, seed 1.
    #[must_use]
    pub fn new(
        site: SiteId,
        layout: &Layout,
        calls: Vec<RecordedCall>,
        counts: Counts,
        staffing: Staffing,
    ) -> Self {
        let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        if layout.queue_settings.kind_as_skill {
            for call in &calls {
                if let (Some(kind), RecordedEnd::Answered { agent: Some(agent), .. }) =
                    (&call.kind, &call.end)
                {
                    kinds.entry(agent.clone()).or_default().insert(kind.clone());
                }
            }
        }
        Self {
            site,
            title: layout.title.clone(),
            handle_times: HandleTimes::fit(&calls),
            fitted: Patience::fit(&calls),
            kinds,
            calls,
            counts,
            outside_window: 0,
            staffing,
            settings: layout.queue_settings,
            patience: PatienceMode::default(),
            handle: HandleMode::default(),
            seed: 1,
            wrapup_ms: 0,
            zone: layout.zone().clone(),
        }
    }

    /// Cuts the plan to the calls that arrive in a window and to the presences that touch it. What is drawn is still drawn from
    /// the whole log. Presences begin no earlier than the window; they end when they end.
    pub fn select(&mut self, window: Window) -> Result<(), DriveError> {
        let span = self.calls.first().zip(self.calls.last()).map(|(first, last)| {
            let civil = |us| Timestamp::from_microsecond(us).unwrap_or_default().to_zoned(self.zone.clone());
            format!(
                "its calls arrive from {} to {}",
                civil(first.arrived_us).datetime(),
                civil(last.arrived_us).datetime()
            )
        });
        let before = self.calls.len();
        self.calls.retain(|call| (window.from_us..window.to_us).contains(&call.arrived_us));
        let outside = (before - self.calls.len()) as u64;
        self.counts.arrived -= outside;
        self.counts.ignored += outside;
        self.outside_window += outside;
        if self.calls.is_empty() {
            let span = span.unwrap_or_else(|| "the log has none".to_owned());
            return Err(DriveError::NothingToPlay {
                why: format!("none of the log arrives in the window; {span}"),
            });
        }
        let presences = &mut self.staffing.presences;
        presences.retain(|presence| presence.to_us > window.from_us && presence.from_us < window.to_us);
        for presence in presences.iter_mut() {
            presence.from_us = presence.from_us.max(window.from_us);
        }
        presences.sort_by(|a, b| (a.from_us, &a.agent).cmp(&(b.from_us, &b.agent)));
        let present: BTreeSet<&str> = presences.iter().map(|presence| presence.agent.as_str()).collect();
        self.staffing.queues.retain(|agent, _| present.contains(agent.as_str()));
        Ok(())
    }

    /// The moment before the first thing happens.
    #[must_use]
    pub fn begins_us(&self) -> i64 {
        let call = self.calls.first().map_or(i64::MAX, |call| call.arrived_us);
        let presence = self.staffing.presences.first().map_or(i64::MAX, |presence| presence.from_us);
        call.min(presence)
    }

    /// The queues that calls go to or agents have.
    #[must_use]
    pub fn queues(&self) -> BTreeSet<&str> {
        let of_calls = self.calls.iter().map(|call| call.queue.as_str());
        of_calls.chain(self.staffing.queues.values().flatten().map(String::as_str)).collect()
    }
}

impl Window {
    /// A day of a zone, `1999-02-03`.
    pub fn day(text: &str, zone: &TimeZone) -> Result<Self, DriveError> {
        let bad = || DriveError::BadWindow { text: text.to_owned(), what: "day", like: "1999-02-03" };
        let day: Date = text.trim().parse().map_err(|_| bad())?;
        let start = |day: Date| Some(day.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond());
        let next = day.checked_add(1.day()).map_err(|_| bad())?;
        let (Some(from_us), Some(to_us)) = (start(day), start(next)) else { return Err(bad()) };
        Ok(Self { from_us, to_us })
    }

    /// From one moment to another, each a day or a time of a zone, `1999-02-03` or `1999-02-03T08:30`; open where absent.
    pub fn between(from: Option<&str>, to: Option<&str>, zone: &TimeZone) -> Result<Self, DriveError> {
        let moment = |text: &str| {
            let civil: Option<DateTime> = text.trim().parse().ok();
            let zoned = civil.and_then(|civil| civil.to_zoned(zone.clone()).ok());
            zoned.map(|zoned| zoned.timestamp().as_microsecond()).ok_or_else(|| DriveError::BadWindow {
                text: text.to_owned(),
                what: "moment",
                like: "1999-02-03 or 1999-02-03T08:30",
            })
        };
        let from_us = from.map_or(Ok(i64::MIN), moment)?;
        let to_us = to.map_or(Ok(i64::MAX), moment)?;
        Ok(Self { from_us, to_us })
    }
}

/// A number of agents who are there for all calls and all queues, until an hour after the last was done with in the log.
#[must_use]
pub fn staff_by_count(calls: &[RecordedCall], count: u32) -> Staffing {
    let over = |call: &RecordedCall| match call.end {
        RecordedEnd::AbandonedInMenu => call.queued_us(),
        RecordedEnd::AbandonedInQueue { waited_us } | RecordedEnd::AbandonedRinging { waited_us, .. } => {
            call.queued_us().saturating_add(waited_us)
        }
        RecordedEnd::Answered { .. } => call.served_us().map_or(call.queued_us(), |(_, done)| done),
    };
    let (Some(from_us), Some(to_us)) =
        (calls.first().map(|call| call.arrived_us), calls.iter().map(over).max())
    else {
        return Staffing::default();
    };
    let queues = calls.iter().map(|call| call.queue.clone()).collect();
    Staffing::from_count(count, &queues, from_us, to_us.saturating_add(COUNT_STAYS_US))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_day_of_its_zone() {
        let zone = TimeZone::get("Asia/Jerusalem").unwrap();
        let day = Window::day("1999-02-03", &zone).unwrap();
        assert_eq!(Timestamp::from_microsecond(day.from_us).unwrap().to_string(), "1999-02-02T22:00:00Z");
        assert_eq!(day.to_us - day.from_us, 86_400_000_000);
        assert_eq!(Window::between(Some("1999-02-03"), Some("1999-02-04T00:00"), &zone).unwrap(), day);
        let told = Window::day("3 February", &zone).unwrap_err().to_string();
        assert!(told.contains("1999-02-03") && told.contains("3 February"), "{told}");
        assert!(Window::between(Some("soon"), None, &zone).is_err());
    }
}
