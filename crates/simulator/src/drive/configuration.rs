//! The floor that a plan is played on: its site, queues and agents, with every name checked.

use std::collections::BTreeSet;
use std::str::FromStr;

use cordboard_floor::configuration::{AgentConfig, QueueConfig, SiteConfig};
use cordboard_floor::contact::SkillCondition;
use cordboard_floor::id::NotACode;
use cordboard_floor::{AgentId, Millis, QueueId, SkillId};

use super::{DriveError, Plan};
use crate::recording::RecordedCall;

/// The queue allows this many times the wrap-up that agents take, so that they, not its timer, end it.
const WRAPUP_ALLOWED_TIMES: u64 = 2;
/// The level at which an agent knows the types of call that she answers; the log knows no better.
const SKILL_LEVEL: u8 = 100;
/// The site's title is cut to this many letters.
const TITLE_CHARS_MAX: usize = 60;

/// The floor that a recording is played on: what it says of itself, ready to be changed and then applied.
#[derive(Clone, Debug)]
pub struct FloorPlan {
    /// The site.
    pub site: SiteConfig,
    /// Its queues.
    pub queues: Vec<QueueConfig>,
    /// Its agents.
    pub agents: Vec<AgentConfig>,
}

impl Plan {
    /// The floor as the recording has it. Checks that there is something to play and that every name can be an id.
    pub fn floor_plan(&self) -> Result<FloorPlan, DriveError> {
        if self.calls.is_empty() {
            return Err(DriveError::NothingToPlay { why: "every row was rejected or ignored".to_owned() });
        }
        if self.staffing.presences.is_empty() {
            let why = "no named agent answers in this log or window; give a number of agents or a roster";
            return Err(DriveError::NobodyToAnswer { why: why.to_owned() });
        }
        let kinds: BTreeSet<&str> = match self.settings.kind_as_skill {
            true => self.calls.iter().filter_map(|call| call.kind.as_deref()).collect(),
            false => BTreeSet::new(),
        };
        let queues = self.queues().into_iter().map(|queue| self.queue(queue)).collect::<Result<_, _>>()?;
        let agents = self.staffing.queues.iter().map(|(agent, queues)| self.agent(agent, queues, &kinds));
        let title = self.title.chars().take(TITLE_CHARS_MAX).collect();
        Ok(FloorPlan {
            site: SiteConfig { title, zone: self.zone_name(), ..SiteConfig::default() },
            queues,
            agents: agents.collect::<Result<_, _>>()?,
        })
    }

    fn queue(&self, name: &str) -> Result<QueueConfig, DriveError> {
        Ok(QueueConfig {
            credit_ms_per_point: Millis(self.settings.credit_ms_per_priority_point.into()),
            wrapup_ms: Millis(self.wrapup_ms.saturating_mul(WRAPUP_ALLOWED_TIMES)),
            ..QueueConfig::customary(code("queue", name)?)
        })
    }

    fn agent(
        &self,
        name: &str,
        queues: &BTreeSet<String>,
        kinds: &BTreeSet<&str>,
    ) -> Result<AgentConfig, DriveError> {
        let skill = |kind: &str| Ok((code("type of call", kind)?, SKILL_LEVEL));
        // An agent whom the log does not know (one of a count or a roster) knows everything.
        let skills = match self.kinds.get(name) {
            Some(known) => known.iter().map(|kind| skill(kind)).collect::<Result<_, DriveError>>()?,
            None => kinds.iter().map(|kind| skill(kind)).collect::<Result<_, DriveError>>()?,
        };
        Ok(AgentConfig {
            agent: agent_id(name)?,
            active: true,
            team: None,
            queues: queues.iter().map(|queue| queue_id(queue)).collect::<Result<_, _>>()?,
            skills,
            capacity: 1,
            ..AgentConfig::customary(agent_id(name)?)
        })
    }

    /// What a call asks of its agent beyond the queue.
    pub(super) fn conditions(&self, call: &RecordedCall) -> Result<Vec<SkillCondition>, DriveError> {
        match &call.kind {
            Some(kind) if self.settings.kind_as_skill => {
                let skill: SkillId = code("type of call", kind)?;
                Ok(vec![SkillCondition { skill, level: 1 }])
            }
            _ => Ok(Vec::new()),
        }
    }
}

pub(super) fn queue_id(name: &str) -> Result<QueueId, DriveError> {
    code("queue", name)
}

pub(super) fn agent_id(name: &str) -> Result<AgentId, DriveError> {
    code("agent", name)
}

fn code<C: FromStr<Err = NotACode>>(what: &'static str, name: &str) -> Result<C, DriveError> {
    name.parse().map_err(|why: NotACode| DriveError::BadName {
        what,
        name: name.to_owned(),
        why: why.to_string(),
    })
}
