//! A team as the doors show it.

use super::queue::PublicActivities;
use cordboard_floor::{Instant, TeamId};
use cordboard_views::board::{Activity, TeamRow};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A team as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicTeam {
    /// Which; none are the agents of no team.
    #[schema(value_type = Option<String>, example = "blue")]
    pub team: Option<TeamId>,
    /// What its agents do.
    pub agents: PublicActivities,
    /// Since when whoever has done so longest does it, by activity.
    #[schema(value_type = BTreeMap<String, String>)]
    pub longest_since: BTreeMap<Activity, Instant>,
    /// Agents who wait for a break.
    pub break_requests: u32,
    /// Agents who ask a leader to come.
    pub hands_raised: u32,
}

impl From<TeamRow> for PublicTeam {
    fn from(row: TeamRow) -> Self {
        let TeamRow { team, agents, longest_since, break_requests, hands_raised } = row;
        Self { team, agents: agents.into(), longest_since, break_requests, hands_raised }
    }
}
