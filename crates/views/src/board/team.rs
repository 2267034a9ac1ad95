//! A team's row: what its agents do now, and since when the one who has done so longest. It is counted when it is asked for, since a
//! team is whoever belongs to it now.

use super::Board;
use super::agent::{Activity, AgentRow};
use super::queue::ActivityCounts;
use cordboard_floor::{Instant, TeamId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A team as it is now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TeamRow {
    /// Which; none are the agents of no team.
    pub team: Option<TeamId>,
    /// What its agents do.
    pub agents: ActivityCounts,
    /// Since when whoever has done so longest does it, by activity.
    pub longest_since: BTreeMap<Activity, Instant>,
    /// Agents who wait for a break.
    pub break_requests: u32,
    /// Agents who ask a leader to come.
    pub hands_raised: u32,
}

impl Board {
    /// The teams of the agents in use that `counts` lets through, in the order of their ids.
    pub fn teams(&self, counts: impl Fn(&AgentRow) -> bool) -> Vec<TeamRow> {
        let mut teams: BTreeMap<Option<TeamId>, TeamRow> = BTreeMap::new();
        for row in self.agents().filter(|row| row.active && counts(row)) {
            let team =
                teams.entry(row.team).or_insert_with(|| TeamRow { team: row.team, ..TeamRow::default() });
            team.agents.add(row.counted());
            let since = team.longest_since.entry(row.activity).or_insert(row.activity_since);
            *since = row.activity_since.min(*since);
            team.break_requests += u32::from(row.break_asked.is_some());
            team.hands_raised += u32::from(row.hand_raised);
        }
        teams.into_values().collect()
    }
}
