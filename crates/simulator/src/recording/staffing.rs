//! Who is there to answer: from the log's own staffing, from a count, or (in `roster.rs`) from a file.
//!
//! From a log: an agent is present from her first to her last activity of a working day, and has every queue that she answered
//! anywhere in the log. Pauses in between are not recorded, so they are presence too: a replay is better staffed than the day was.
//! Calls answered by nobody in particular leave no agent behind unless the layout asks for extra ones. It decides nothing about who answers.

mod roster;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::layout::{StaffingRules, UnnamedServers};
use super::{RecordedCall, RecordedEnd};

pub use roster::{ROSTER_BYTES_MAX, ROSTER_LINES_MAX, RosterError};

/// One agent, there for one stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    /// The agent.
    pub agent: String,
    /// The working day it belongs to.
    pub day: Date,
    /// From when, µs UTC.
    pub from_us: i64,
    /// Until when, µs UTC; later than `from_us`.
    pub to_us: i64,
}

/// Who is there when, and for which queues.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staffing {
    /// Ordered by start, then agent. One agent's never overlap.
    pub presences: Vec<Presence>,
    /// The queues of each agent who is ever present.
    pub queues: BTreeMap<String, BTreeSet<String>>,
}

/// One day's calls beside the people who were there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayLoad {
    /// The working day.
    pub day: Date,
    /// Calls that arrived.
    pub calls: u64,
    /// Those that an agent answered.
    pub answered: u64,
    /// Those answered by no named agent.
    pub unnamed: u64,
    /// Calls that reached a queue while nobody present had it.
    pub unattended: u64,
    /// Of these, the ones after which nobody with that queue was there any more that day: a patient caller would wait for another day.
    pub stranded: u64,
    /// Agents present at some time.
    pub agents: u64,
    /// Their presence, summed.
    pub presence_us: i64,
    /// The handle times of all answered calls, summed, with or without a named agent.
    pub handled_us: i64,
}

impl DayLoad {
    /// How much of the presence the recorded work would fill, in thousandths.
    #[must_use]
    pub fn occupancy_permille(&self) -> i64 {
        if self.presence_us == 0 { 0 } else { self.handled_us.saturating_mul(1000) / self.presence_us }
    }
}

/// The prefix of agents who stand for unnamed servers.
const EXTRA: &str = "extra";

impl Staffing {
    /// The log's own staffing.
    #[must_use]
    pub fn from_log(calls: &[RecordedCall], rules: &StaffingRules) -> Self {
        let mut spans: BTreeMap<(String, Date), (i64, i64)> = BTreeMap::new();
        let mut queues: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut unnamed: BTreeMap<Date, Vec<&RecordedCall>> = BTreeMap::new();
        for call in calls {
            match (&call.end, call.served_us()) {
                (RecordedEnd::Answered { agent: Some(agent), .. }, Some(served)) => {
                    widen(&mut spans, agent, working_day(served.0, rules), served);
                    queues.entry(agent.clone()).or_default().insert(call.queue.clone());
                }
                (RecordedEnd::Answered { agent: None, .. }, Some(served)) => {
                    unnamed.entry(working_day(served.0, rules)).or_default().push(call);
                }
                (RecordedEnd::AbandonedRinging { waited_us, agent }, _) => {
                    let rang = call.queued_us().saturating_add(*waited_us);
                    widen(&mut spans, agent, working_day(rang, rules), (rang, rang));
                }
                _ => {}
            }
        }
        if rules.unnamed_servers == UnnamedServers::Extra {
            for (day, calls) in unnamed {
                add_extras(&mut spans, &mut queues, day, &calls);
            }
        }
        let spans =
            spans.into_iter().map(|((agent, day), (from_us, to_us))| Presence { agent, day, from_us, to_us });
        Staffing::ordered(spans.collect(), queues)
    }

    /// A number of agents, `agent-01` and so on, all there for the whole of a time and for all of the queues.
    #[must_use]
    pub fn from_count(count: u32, queues: &BTreeSet<String>, from_us: i64, to_us: i64) -> Self {
        let day = Timestamp::from_microsecond(from_us).unwrap_or_default().to_zoned(TimeZone::UTC).date();
        let width = count.to_string().len().max(2);
        let agents = || (1..=count).map(|n| format!("agent-{n:0width$}"));
        let presences = agents().map(|agent| Presence { agent, day, from_us, to_us }).collect();
        Staffing::ordered(presences, agents().map(|agent| (agent, queues.clone())).collect())
    }

    /// Reads a roster file: see [`RosterError`] for what it may say.
    pub fn from_roster(
        source: impl std::io::Read,
        zone: &TimeZone,
        known_queues: &BTreeSet<String>,
    ) -> Result<Self, RosterError> {
        roster::read(source, zone, known_queues)
    }

    /// Every working day's calls beside its staffing, so that a starved replay can be foreseen.
    #[must_use]
    pub fn load_by_day(&self, calls: &[RecordedCall], rules: &StaffingRules) -> Vec<DayLoad> {
        let mut days: BTreeMap<Date, DayLoad> = BTreeMap::new();
        let mut present: BTreeMap<Date, Vec<&Presence>> = BTreeMap::new();
        for presence in &self.presences {
            let load = days.entry(presence.day).or_insert_with(|| DayLoad::none(presence.day));
            load.agents += 1;
            load.presence_us += presence.to_us - presence.from_us;
            present.entry(presence.day).or_default().push(presence);
        }
        for call in calls {
            let day = working_day(call.arrived_us, rules);
            let load = days.entry(day).or_insert_with(|| DayLoad::none(day));
            load.calls += 1;
            if let RecordedEnd::Answered { handle_us, agent, .. } = &call.end {
                load.answered += 1;
                load.unnamed += u64::from(agent.is_none());
                load.handled_us += handle_us;
            }
            if call.end == RecordedEnd::AbandonedInMenu {
                continue;
            }
            let today = present.get(&day).map(Vec::as_slice).unwrap_or_default();
            let serving = || today.iter().filter(|p| self.serves(&p.agent, &call.queue));
            let queued_us = call.queued_us();
            if !serving().any(|p| (p.from_us..=p.to_us).contains(&queued_us)) {
                load.unattended += 1;
                load.stranded += u64::from(!serving().any(|p| p.from_us > queued_us));
            }
        }
        days.into_values().collect()
    }

    fn serves(&self, agent: &str, queue: &str) -> bool {
        self.queues.get(agent).is_some_and(|queues| queues.contains(queue))
    }

    /// Puts presences in order and drops what cannot be played: a presence without length, an agent without a queue.
    fn ordered(mut presences: Vec<Presence>, mut queues: BTreeMap<String, BTreeSet<String>>) -> Self {
        presences.retain(|p| p.to_us > p.from_us && queues.get(&p.agent).is_some_and(|q| !q.is_empty()));
        presences.sort_by(|a, b| (a.from_us, &a.agent).cmp(&(b.from_us, &b.agent)));
        let agents: BTreeSet<&str> = presences.iter().map(|p| p.agent.as_str()).collect();
        queues.retain(|agent, _| agents.contains(agent.as_str()));
        Staffing { presences, queues }
    }
}

impl DayLoad {
    fn none(day: Date) -> Self {
        DayLoad {
            day,
            calls: 0,
            answered: 0,
            unnamed: 0,
            unattended: 0,
            stranded: 0,
            agents: 0,
            presence_us: 0,
            handled_us: 0,
        }
    }
}

/// The working day of an instant: what happens before the day's start belongs to the day before.
pub(crate) fn working_day(us: i64, rules: &StaffingRules) -> Date {
    let civil = Timestamp::from_microsecond(us).unwrap_or_default().to_zoned(rules.zone.clone()).datetime();
    let start = rules.day_starts.duration_since(jiff::civil::Time::midnight());
    civil.checked_sub(start).unwrap_or(civil).date()
}

fn widen(spans: &mut BTreeMap<(String, Date), (i64, i64)>, agent: &str, day: Date, (from, to): (i64, i64)) {
    let span = spans.entry((agent.to_owned(), day)).or_insert((from, to));
    *span = (span.0.min(from), span.1.max(to));
}

/// As many extra agents as unnamed servers were busy at once that day, there from the first of these calls to the last.
fn add_extras(
    spans: &mut BTreeMap<(String, Date), (i64, i64)>,
    queues: &mut BTreeMap<String, BTreeSet<String>>,
    day: Date,
    calls: &[&RecordedCall],
) {
    let served: Vec<(i64, i64)> = calls.iter().filter_map(|call| call.served_us()).collect();
    // Ends come before starts of the same instant: one server can do both.
    let mut turns: Vec<(i64, i32)> = served
        .iter()
        .filter(|(start, end)| end > start)
        .flat_map(|&(start, end)| [(start, 1), (end, -1)])
        .collect();
    turns.sort_unstable();
    let mut busy = 0;
    let mut most = 0;
    for (_, turn) in turns {
        busy += turn;
        most = most.max(busy);
    }
    for n in 1..=most {
        let agent = format!("{EXTRA}-{n:02}");
        for &span in &served {
            widen(spans, &agent, day, span);
        }
        let all = calls.iter().map(|call| call.queue.clone());
        queues.entry(agent).or_default().extend(all);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::SECOND_US;

    const HOUR_US: i64 = 3_600 * SECOND_US;

    fn rules(unnamed_servers: UnnamedServers) -> StaffingRules {
        StaffingRules { zone: TimeZone::UTC, day_starts: jiff::civil::time(3, 0, 0, 0), unnamed_servers }
    }

    fn call(queue: &str, at_h: i64, end: RecordedEnd) -> RecordedCall {
        RecordedCall {
            line: 2,
            call_id: None,
            caller: None,
            arrived_us: at_h * HOUR_US,
            menu_us: 0,
            queue: queue.into(),
            kind: None,
            priority: 0,
            entered_queue: true,
            onward: Default::default(),
            end,
        }
    }

    fn answered(queue: &str, at_h: i64, hours: i64, agent: Option<&str>) -> RecordedCall {
        let end =
            RecordedEnd::Answered { waited_us: 0, handle_us: hours * HOUR_US, agent: agent.map(Into::into) };
        call(queue, at_h, end)
    }

    #[test]
    fn present_from_first_to_last_activity_of_a_working_day_that_ends_in_the_night() {
        let ringing = RecordedEnd::AbandonedRinging { waited_us: 0, agent: "ann".into() };
        let calls = [
            answered("a", 8, 1, Some("ann")),
            answered("b", 12, 1, Some("ann")),
            call("a", 15, ringing),
            // After midnight, before 03:00: still the first day. Then a second day.
            answered("a", 25, 1, Some("ann")),
            answered("a", 28, 1, Some("ann")),
            answered("a", 28, 0, Some("bob")),
            call("a", 9, RecordedEnd::AbandonedRinging { waited_us: 0, agent: "eve".into() }),
        ];
        let staffing = Staffing::from_log(&calls, &rules(UnnamedServers::None));
        let seen: Vec<_> = staffing
            .presences
            .iter()
            .map(|p| (p.agent.as_str(), p.from_us / HOUR_US, p.to_us / HOUR_US))
            .collect();
        // Bob was there for no time at all, Eve answered no queue: neither can be played.
        assert_eq!(seen, [("ann", 8, 26), ("ann", 28, 29)]);
        assert_eq!(staffing.queues.len(), 1);
        assert_eq!(staffing.queues["ann"].iter().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn unnamed_servers_become_extra_agents_where_asked() {
        let calls = [
            answered("a", 8, 2, None),
            answered("a", 9, 2, None),
            answered("b", 11, 1, None),
            answered("a", 40, 1, None),
        ];
        assert!(Staffing::from_log(&calls, &rules(UnnamedServers::None)).presences.is_empty());
        let staffing = Staffing::from_log(&calls, &rules(UnnamedServers::Extra));
        let seen: Vec<_> = staffing
            .presences
            .iter()
            .map(|p| (p.agent.as_str(), p.from_us / HOUR_US, p.to_us / HOUR_US))
            .collect();
        assert_eq!(seen, [("extra-01", 8, 12), ("extra-02", 8, 12), ("extra-01", 40, 41)]);
        assert_eq!(staffing.queues["extra-02"].len(), 2);
    }

    #[test]
    fn a_count_is_there_all_the_time() {
        let queues = BTreeSet::from(["a".to_owned()]);
        let staffing = Staffing::from_count(3, &queues, 0, HOUR_US);
        assert_eq!(staffing.presences.len(), 3);
        assert_eq!(staffing.presences[2].agent, "agent-03");
        assert_eq!(staffing.queues["agent-01"], queues);
        assert_eq!(Staffing::from_count(0, &queues, 0, HOUR_US), Staffing::default());
    }

    #[test]
    fn the_load_of_a_day_shows_who_would_wait_in_vain() {
        let rules = rules(UnnamedServers::None);
        let calls = [
            call("a", 6, RecordedEnd::AbandonedInQueue { waited_us: 5 }),
            answered("a", 8, 1, Some("ann")),
            answered("a", 11, 1, Some("ann")),
            answered("b", 9, 1, None),
            call("a", 5, RecordedEnd::AbandonedInMenu),
        ];
        let staffing = Staffing::from_log(&calls, &rules);
        let [day] = staffing.load_by_day(&calls, &rules).try_into().unwrap();
        assert_eq!((day.calls, day.answered, day.unnamed, day.agents), (5, 3, 1, 1));
        // One called before Ann came, one wanted a queue that nobody had.
        assert_eq!((day.unattended, day.stranded), (2, 1));
        assert_eq!(day.occupancy_permille(), 750);
    }
}
