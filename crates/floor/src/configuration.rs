//! What a site is made of: queues, agents, not-ready reasons and its own settings. Configuration is
//! events too, one per item, so any past moment is rebuilt with the rules of that moment.

mod apply;
mod plan;

pub use plan::{
    BreakQuota, CallbackTerms, Exit, ExitTarget, Guards, Preferred, RoutingPlan, Selection, Step,
};

use crate::actor::Reason;
use crate::contact::SkillCondition;
use crate::id::{AgentId, Channel, CodeId, QueueId, SkillId, TeamId};
use crate::limits;
use crate::refusal::Refusal;
use crate::time::{Instant, Millis};
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
    /// Everything else about routing.
    #[serde(default)]
    pub plan: RoutingPlan,
    /// 成功代码: those of the codes that count as a success. Nothing is decided by it; figures are counted by it.
    #[serde(default)]
    pub success_codes: Vec<CodeId>,
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
            plan: RoutingPlan::default(),
            success_codes: Vec::new(),
        }
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        at_most("queue.priority", self.priority.into(), limits::PRIORITY_MAX.into())?;
        at_most("queue.skills", self.skills.len() as u64, limits::CONDITIONS_MAX as u64)?;
        at_most("queue.codes", self.codes.len() as u64, limits::CODES_MAX as u64)?;
        at_most("queue.success_codes", self.success_codes.len() as u64, limits::CODES_MAX as u64)?;
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
        self.plan.check(self.queue)
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
    /// Contacts in hand at once, where no mixes are named.
    pub capacity: u8,
    /// Her share under `weighted`, against others'. 1 to 1000.
    #[serde(default = "one_hundred")]
    pub weight: u16,
    /// Her place under `linear`, lower first.
    #[serde(default)]
    pub position: u16,
    /// B角: who stands in when she is not signed in, or out of reach.
    #[serde(default)]
    pub stand_in: Option<AgentId>,
    /// What she may have in hand at once, by channel: whatever fits within one of these. None: `capacity` of any.
    #[serde(default)]
    pub mixes: Vec<Mix>,
    /// Contacts of these channels do not keep her from one of another channel.
    #[serde(default)]
    pub interruptible: Vec<Channel>,
}

/// At most so many contacts of each channel at once; of a channel that is not named, none.
pub type Mix = Vec<(Channel, u8)>;

const fn one_hundred() -> u16 {
    100
}

impl AgentConfig {
    /// An agent with the customary settings: one contact at a time, no queues, no skills.
    pub fn customary(agent: AgentId) -> Self {
        Self {
            agent,
            active: true,
            team: None,
            queues: Vec::new(),
            skills: Vec::new(),
            capacity: 1,
            weight: one_hundred(),
            position: 0,
            stand_in: None,
            mixes: Vec::new(),
            interruptible: Vec::new(),
        }
    }

    /// Her level in a skill, if she has it.
    pub fn level(&self, skill: SkillId) -> Option<u8> {
        self.skills.iter().find(|(known, _)| *known == skill).map(|(_, level)| *level)
    }

    /// Whether, of each list, she meets at least one condition.
    pub fn meets_any(&self, any: &[Vec<SkillCondition>]) -> bool {
        any.iter().all(|list| {
            list.iter().any(|asked| self.level(asked.skill).is_some_and(|level| level >= asked.level))
        })
    }

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
        at_most("agent.weight", self.weight.into(), limits::WEIGHT_MAX.into())?;
        at_most("agent.mixes", self.mixes.len() as u64, limits::MIXES_MAX as u64)?;
        at_most("agent.interruptible", self.interruptible.len() as u64, limits::CHANNELS_MAX as u64)?;
        for mix in &self.mixes {
            at_most("agent.mixes", mix.len() as u64, limits::CHANNELS_MAX as u64)?;
            let most: u64 = mix.iter().map(|(_, most)| u64::from(*most)).sum();
            at_most("agent.mixes", most, limits::CAPACITY_MAX.into())?;
            if most == 0 {
                return Err(Refusal::Invalid {
                    what: "agent.mixes",
                    why: "a mix that allows nothing is no mix; name a channel and how many of it, or take it out",
                });
            }
        }
        if self.weight == 0 {
            return Err(Refusal::Invalid { what: "agent.weight", why: "must be at least 1" });
        }
        if self.stand_in == Some(self.agent) {
            return Err(Refusal::Invalid { what: "agent.stand_in", why: "nobody stands in for herself" });
        }
        Ok(())
    }
}

/// When a queue is open: the server expands its calendar into instants, for some time ahead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursConfig {
    /// Whose.
    pub queue: QueueId,
    /// From when until when it takes contacts, in order, without overlaps; none at all: its doors are moved by hand alone.
    pub open: Vec<Span>,
}

/// From one moment until just before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Opens.
    pub from: Instant,
    /// Closes: whoever waits by then is still served.
    pub until: Instant,
}

impl HoursConfig {
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        at_most("hours.open", self.open.len() as u64, limits::HOURS_SPANS_MAX as u64)?;
        let empty = self.open.iter().any(|span| span.until <= span.from);
        let mixed_up = self.open.windows(2).any(|pair| pair[1].from < pair[0].until);
        if empty || mixed_up {
            return Err(Refusal::Invalid {
                what: "hours.open",
                why: "spans must have a length, stand in order and not overlap",
            });
        }
        Ok(())
    }
}

/// Why something is done: 示忙原因 (with an allowance it is a break 小休), or a reason for what leaders do or for declining.
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
    /// What it is a reason for.
    #[serde(default)]
    pub purpose: ReasonPurpose,
}

/// What a configured reason is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonPurpose {
    /// Being not ready.
    #[default]
    NotReady,
    /// What a leader does with others' states, contacts and queues.
    Act,
    /// Declining an offer.
    Reject,
}

impl NotReadyReason {
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if self.reason.is_own() {
            return Err(Refusal::Invalid {
                what: "reason.number",
                why: "numbers below 1000 are the system's own; choose 1000 or more",
            });
        }
        if self.purpose != ReasonPurpose::NotReady && (self.is_break || self.allowance_ms.is_some()) {
            let why = "only a reason for being not ready is a break or has an allowance";
            return Err(Refusal::Invalid { what: "reason.purpose", why });
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
    /// She is spared for this after she became ready, or her hands empty: nobody is caught by the next call in the act of
    /// hanging up. 0 is none.
    #[serde(default)]
    pub ready_guard_ms: Millis,
    /// Whether a wrap-up counts as idle time: then "longest idle" is reckoned from the end of the conversation.
    #[serde(default)]
    pub wrapup_is_idle: bool,
    /// Whether being not ready counts as idle time: then going not ready and ready again neither costs nor wins a place.
    #[serde(default)]
    pub not_ready_is_idle: bool,
    /// For how long after their last contact callers are remembered with who took them; 0 is not at all.
    #[serde(default)]
    pub callers_kept_ms: Millis,
    /// The zone of its clocks, as in `Asia/Shanghai`, by which its days are counted in figures; empty: UTC. The floor itself
    /// reckons in no zone.
    #[serde(default)]
    pub zone: String,
}

impl Default for SiteConfig {
    fn default() -> Self {
        Self {
            title: String::new(),
            sign_out_delay_ms: Millis::from_secs(300),
            reject_rest_ms: Millis::from_secs(5),
            ended_kept_ms: Millis::from_secs(60),
            ready_guard_ms: Millis(0),
            wrapup_is_idle: false,
            not_ready_is_idle: false,
            callers_kept_ms: Millis(0),
            zone: String::new(),
        }
    }
}

impl SiteConfig {
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        at_most("site.title", self.title.len() as u64, 200)?;
        at_most("site.zone", self.zone.len() as u64, limits::ZONE_BYTES_MAX as u64)?;
        at_most("site.sign_out_delay_ms", self.sign_out_delay_ms.0, limits::SPAN_MS_MAX)?;
        at_most("site.reject_rest_ms", self.reject_rest_ms.0, limits::SPAN_MS_MAX)?;
        at_most("site.ready_guard_ms", self.ready_guard_ms.0, limits::SPAN_MS_MAX)?;
        at_most("site.callers_kept_ms", self.callers_kept_ms.0, limits::CALLERS_KEPT_MS_MAX)?;
        at_most("site.ended_kept_ms", self.ended_kept_ms.0, limits::SPAN_MS_MAX)
    }
}

/// Refuses a value above its limit, by name.
pub(crate) fn at_most(what: &'static str, value: u64, limit: u64) -> Result<(), Refusal> {
    if value > limit { Err(Refusal::OverLimit { what, value, limit }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mix_allows_something() {
        let customary = AgentConfig::customary(AgentId::fixed("1001"));
        let voice = |most| (Channel::fixed("voice"), most);
        let check = |mixes| AgentConfig { mixes, ..customary.clone() }.check();
        assert_eq!(check(Vec::from([Vec::from([voice(1)])])), Ok(()));
        for nothing in [Vec::new(), Vec::from([voice(0)])] {
            let refusal = check(Vec::from([Vec::from([voice(1)]), nothing]));
            assert!(matches!(refusal, Err(Refusal::Invalid { what: "agent.mixes", .. })), "{refusal:?}");
        }
    }
}
