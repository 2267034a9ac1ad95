//! What a site is made of: queues, agents, not-ready reasons and its own settings. Configuration is
//! events too, one per item, so any past moment is rebuilt with the rules of that moment.

mod apply;

use crate::actor::Reason;
use crate::contact::SkillCondition;
use crate::id::{AgentId, CodeId, QueueId, SkillId, TeamId};
use crate::limits;
use crate::refusal::Refusal;
use crate::time::Millis;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// 队列: where contacts wait, and in whose terms they are answered and wrapped up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueueConfig {
    /// Id.
    pub queue: QueueId,
    /// Whether it is still in use.
    pub active: bool,
    /// For an agent of several queues, contacts of the higher priority come first, whatever they waited. 0 to 100.
    pub priority: u8,
    /// What an agent must know to serve it.
    pub skills: Vec<SkillCondition>,
    /// How long an offer rings.
    pub offer_timeout_ms: Millis,
    /// What one point of a contact's priority is worth as waiting time.
    pub credit_ms_per_point: Millis,
    /// How many may wait; one more is refused.
    pub waiting_max: u32,
    /// How long the work after a contact may take; 0 is none.
    pub wrapup_ms: Millis,
    /// By how much it may be extended at a time.
    pub wrapup_extend_ms: Millis,
    /// How many times.
    pub wrapup_extends_max: u8,
    /// The codes to choose from.
    pub codes: Vec<CodeId>,
    /// The code that the timer writes.
    pub default_code: CodeId,
}

impl QueueConfig {
    /// A queue with the customary settings: 20 s to answer, 30 s wrap-up, a minute per point.
    pub fn customary(queue: QueueId) -> Self {
        Self {
            queue,
            active: true,
            priority: 50,
            skills: Vec::new(),
            offer_timeout_ms: Millis::from_secs(20),
            credit_ms_per_point: Millis::from_secs(60),
            waiting_max: 100_000,
            wrapup_ms: Millis::from_secs(30),
            wrapup_extend_ms: Millis::from_secs(30),
            wrapup_extends_max: 2,
            codes: Vec::new(),
            default_code: CodeId::fixed("none"),
        }
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        at_most("queue.priority", self.priority.into(), limits::PRIORITY_MAX.into())?;
        at_most("queue.skills", self.skills.len() as u64, limits::CONDITIONS_MAX as u64)?;
        at_most("queue.codes", self.codes.len() as u64, limits::CODES_MAX as u64)?;
        for (name, span) in [
            ("queue.offer_timeout_ms", self.offer_timeout_ms),
            ("queue.credit_ms_per_point", self.credit_ms_per_point),
            ("queue.wrapup_ms", self.wrapup_ms),
            ("queue.wrapup_extend_ms", self.wrapup_extend_ms),
        ] {
            at_most(name, span.0, limits::SPAN_MS_MAX)?;
        }
        for skill in &self.skills {
            at_most("skill.level", skill.level.into(), limits::LEVEL_MAX.into())?;
        }
        if self.offer_timeout_ms.0 == 0 {
            return Err(Refusal::Invalid {
                what: "queue.offer_timeout_ms",
                why: "an offer must ring for some time",
            });
        }
        Ok(())
    }
}

/// 座席, as configured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgentConfig {
    /// 工号.
    pub agent: AgentId,
    /// Whether she still works here.
    pub active: bool,
    /// Her team.
    pub team: Option<TeamId>,
    /// The queues that she serves, if she has their skills.
    pub queues: Vec<QueueId>,
    /// What she knows, and how well: 0 to 100.
    pub skills: Vec<(SkillId, u8)>,
    /// Contacts in hand at once.
    pub capacity: u8,
}

impl AgentConfig {
    /// Whether she meets every condition.
    pub fn meets(&self, conditions: &[SkillCondition]) -> bool {
        conditions.iter().all(|asked| {
            self.skills.iter().any(|(skill, level)| *skill == asked.skill && *level >= asked.level)
        })
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        at_most("agent.capacity", self.capacity.into(), limits::CAPACITY_MAX.into())?;
        at_most("agent.skills", self.skills.len() as u64, limits::AGENT_SKILLS_MAX as u64)?;
        at_most("agent.queues", self.queues.len() as u64, limits::AGENT_QUEUES_MAX as u64)?;
        for (_, level) in &self.skills {
            at_most("skill.level", (*level).into(), limits::LEVEL_MAX.into())?;
        }
        Ok(())
    }
}

/// 示忙原因; with an allowance it is a break 小休.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotReadyReason {
    /// Number (1000 and up) and slug.
    pub reason: Reason,
    /// Whether it may still be chosen.
    pub active: bool,
    /// Whether it is a break, which is asked for.
    pub is_break: bool,
    /// How long it may last; after it the engine says that it overran.
    pub allowance_ms: Option<Millis>,
}

impl NotReadyReason {
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if self.reason.is_own() {
            return Err(Refusal::Invalid {
                what: "reason.number",
                why: "numbers below 1000 are the system's own; choose 1000 or more",
            });
        }
        at_most("reason.allowance_ms", self.allowance_ms.map_or(0, |span| span.0), limits::SPAN_MS_MAX)
    }
}

/// The site's own settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SiteConfig {
    /// What people call it.
    pub title: String,
    /// An unreachable agent is signed out after this.
    pub sign_out_delay_ms: Millis,
    /// An agent who declined is spared for this.
    pub reject_rest_ms: Millis,
    /// An ended contact can still be asked about for this; then only the log knows it.
    pub ended_kept_ms: Millis,
}

impl Default for SiteConfig {
    fn default() -> Self {
        Self {
            title: String::new(),
            sign_out_delay_ms: Millis::from_secs(300),
            reject_rest_ms: Millis::from_secs(5),
            ended_kept_ms: Millis::from_secs(60),
        }
    }
}

impl SiteConfig {
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        at_most("site.title", self.title.len() as u64, 200)?;
        at_most("site.sign_out_delay_ms", self.sign_out_delay_ms.0, limits::SPAN_MS_MAX)?;
        at_most("site.reject_rest_ms", self.reject_rest_ms.0, limits::SPAN_MS_MAX)?;
        at_most("site.ended_kept_ms", self.ended_kept_ms.0, limits::SPAN_MS_MAX)
    }
}

/// Refuses a value above its limit, by name.
pub(crate) fn at_most(what: &'static str, value: u64, limit: u64) -> Result<(), Refusal> {
    if value > limit { Err(Refusal::OverLimit { what, value, limit }) } else { Ok(()) }
}
