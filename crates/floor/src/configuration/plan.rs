//! The routing plan of a queue: who is chosen, in which order, what changes while one waits, and where
//! one goes who cannot be served. One declarative value, versioned with its queue. What it means,
//! exactly, stands in [`crate::routing`].

use crate::configuration::at_most;
use crate::contact::SkillCondition;
use crate::id::{AgentId, QueueId, ReasonId};
use crate::limits;
use crate::refusal::Refusal;
use crate::time::Millis;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Everything that a queue says about routing beyond its own skills, priority and credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingPlan {
    /// Which of the free agents is chosen.
    pub selection: Selection,
    /// Of each of these lists an agent must meet at least one condition (a language, say), besides all of the queue's `skills`.
    pub any: Vec<Vec<SkillCondition>>,
    /// Agents of these queues serve it too, from the start.
    pub also: Vec<QueueId>,
    /// What changes while a contact waits; each step keeps what the steps before it changed.
    pub steps: Vec<Step>,
    /// How fast its contacts age against those of other queues of the same priority, in percent.
    pub weight: u16,
    /// 服务水平: within what time its contacts should be answered; one is more urgent the nearer that lies. 0: at once.
    pub answer_within_ms: Millis,
    /// Whom a contact should have if she is to be had.
    pub preferred: Preferred,
    /// Where a contact goes that is not served here; the first that applies.
    pub exits: Vec<Exit>,
    /// 回拨.
    pub callback: CallbackTerms,
    /// How many contacts of this queue may be with agents at once, ringing ones included.
    pub conversations_max: Option<u32>,
    /// 小休名额.
    pub breaks: BreakQuota,
    /// What follows an offer that was not taken.
    pub guards: Guards,
    /// 延时服务: while it drains with someone waiting, its agents do not sign out of themselves.
    pub stay_until_empty: bool,
}

impl Default for RoutingPlan {
    fn default() -> Self {
        Self {
            selection: Selection::LongestIdle,
            any: Vec::new(),
            also: Vec::new(),
            steps: Vec::new(),
            weight: 100,
            answer_within_ms: Millis(0),
            preferred: Preferred::default(),
            exits: Vec::new(),
            callback: CallbackTerms::default(),
            conversations_max: None,
            breaks: BreakQuota::default(),
            guards: Guards::default(),
            stay_until_empty: false,
        }
    }
}

/// Which of the free agents that fit is chosen. Those with least in hand come first (except `linear`), then
/// the measure named here, then whoever has been idle longest, then her place in the site's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// Whoever has been idle longest.
    LongestIdle,
    /// Least occupied: the least surplus of busy time (contacts and wrap-ups) over free time since she signed in, as of when her
    /// hands last became empty. Of agents who signed in together it is whoever was busy for the smallest share of it.
    LeastOccupied,
    /// Fewest contacts taken since she signed in.
    FewestContacts,
    /// Least time in conversation since she signed in.
    LeastTalk,
    /// The highest sum of her levels in the skills that are asked for (of each `any` list the best one).
    MostSkilled,
    /// In turn: whoever was last offered a contact, of whatever queue, the longest ago.
    RoundRobin,
    /// Contacts taken since she signed in, divided by her weight: shares in proportion to the weights.
    Weighted,
    /// In a fixed order: her configured position, then her place in the table. The first one takes until her hands are full.
    Linear,
    /// Rings at everyone who is free, longest idle first in the list; the first to accept has it.
    RingAll,
}

/// A step is taken as soon as any of its triggers holds; a contact goes straight to the last step that is due.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// It has waited so long in this queue.
    pub after_ms: Option<Millis>,
    /// Fewer than this many agents who fit are signed in.
    pub eligible_below: Option<u32>,
    /// Fewer than this many agents who fit are ready, with a contact in hand or without.
    pub ready_below: Option<u32>,
    /// More than this many contacts are in the queue.
    pub waiting_above: Option<u32>,
    /// From here on, instead of what the queue asks.
    pub skills: Option<Vec<SkillCondition>>,
    /// From here on, instead of the lists before.
    pub any: Option<Vec<Vec<SkillCondition>>>,
    /// From here on, what the contact itself asks for is forgone.
    pub forgo_own: bool,
    /// From here on, agents of these queues serve it too.
    pub also: Vec<QueueId>,
    /// Its priority rises by so much, to 100 at most.
    pub raise: u8,
}

/// Whom a contact should have, and how long it waits for her alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferred {
    /// How long it waits for her alone; 0 is not at all.
    pub wait_ms: Millis,
    /// 首问负责: the agent who first took this caller.
    pub first_owner: bool,
    /// The agent who took this caller last.
    pub last_agent: bool,
}

/// Where a contact goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExitTarget {
    /// To another queue, with its place.
    Queue(QueueId),
    /// To this agent (or who stands in for her) alone, with its place, for the queue's preferred wait or 60 s.
    Agent(AgentId),
    /// A message is played and the contact ends.
    Message(ReasonId),
    /// A callback is offered, once; it stays in line.
    Callback,
}

impl ExitTarget {
    /// Whether whoever takes it stands in the queue no longer.
    pub const fn leads_out(self) -> bool {
        matches!(self, Self::Queue(_) | Self::Message(_))
    }
}

/// One way out. Any trigger suffices; a target that cannot be had is passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    /// It has waited so long in this queue.
    pub after_ms: Option<Millis>,
    /// On entering: its estimated wait is longer.
    pub estimated_above_ms: Option<Millis>,
    /// On entering: more than this many contacts would be in the queue.
    pub waiting_above: Option<u32>,
    /// On entering and while it waits: fewer than this many agents who fit are signed in.
    pub eligible_below: Option<u32>,
    /// On entering and when the doors close on it: the queue takes nobody.
    pub closed: bool,
    /// Where to.
    pub to: ExitTarget,
}

/// 回拨: the caller hangs up and keeps the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackTerms {
    /// Whether one may be asked for.
    pub allowed: bool,
    /// How often the caller is dialled.
    pub attempts_max: u8,
    /// How long until the next attempt.
    pub retry_ms: Millis,
    /// How long it rings at the caller.
    pub dial_ms: Millis,
    /// How long the promise holds.
    pub expires_ms: Millis,
}

impl Default for CallbackTerms {
    fn default() -> Self {
        Self {
            allowed: false,
            attempts_max: 3,
            retry_ms: Millis::from_secs(300),
            dial_ms: Millis::from_secs(30),
            expires_ms: Millis::from_secs(8 * 3600),
        }
    }
}

/// How many of a queue's agents may be on a break. With neither named, a leader decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakQuota {
    /// So many at once, those included whose break follows the contact in hand.
    pub away_max: Option<u32>,
    /// So many must stay ready (with a contact in hand or without).
    pub staffed_min: Option<u32>,
}

impl BreakQuota {
    /// Whether anything is asked at all.
    pub const fn is_set(&self) -> bool {
        self.away_max.is_some() || self.staffed_min.is_some()
    }
}

/// What follows an offer that was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guards {
    /// Spared for this after she declined; the site's, if not named.
    pub reject_rest_ms: Option<Millis>,
    /// Spared for this after it rang out, as long as she may still miss some.
    pub no_answer_rest_ms: Millis,
    /// After so many in a row that rang out she is not ready. At least 1.
    pub missed_max: u8,
}

impl Default for Guards {
    fn default() -> Self {
        Self { reject_rest_ms: None, no_answer_rest_ms: Millis::from_secs(5), missed_max: 1 }
    }
}

impl RoutingPlan {
    /// Whether agents of another queue serve it, at whatever step.
    pub(crate) fn names(&self, queue: QueueId) -> bool {
        self.also.contains(&queue) || self.steps.iter().any(|step| step.also.contains(&queue))
    }

    pub(crate) fn check(&self, own: QueueId) -> Result<(), Refusal> {
        at_most("plan.steps", self.steps.len() as u64, limits::STEPS_MAX as u64)?;
        at_most("plan.exits", self.exits.len() as u64, limits::EXITS_MAX as u64)?;
        at_most("plan.also", self.also.len() as u64, limits::ALSO_MAX as u64)?;
        at_most("plan.weight", self.weight.into(), limits::WEIGHT_MAX.into())?;
        at_most("plan.answer_within_ms", self.answer_within_ms.0, limits::SPAN_MS_MAX)?;
        at_most("plan.preferred.wait_ms", self.preferred.wait_ms.0, limits::SPAN_MS_MAX)?;
        check_any(&self.any)?;
        if self.weight == 0 {
            return Err(Refusal::Invalid {
                what: "plan.weight",
                why: "a queue that never ages is never served",
            });
        }
        let mut after = Millis(0);
        for step in &self.steps {
            step.check()?;
            if step.after_ms.is_some_and(|at| at < after) {
                return Err(Refusal::Invalid {
                    what: "plan.steps.after_ms",
                    why: "a later step cannot be due before an earlier one",
                });
            }
            after = step.after_ms.unwrap_or(after);
        }
        for exit in &self.exits {
            exit.check(own)?;
        }
        let CallbackTerms { allowed, attempts_max, retry_ms, dial_ms, expires_ms } = self.callback;
        for (name, span) in [
            ("plan.callback.retry_ms", retry_ms),
            ("plan.callback.dial_ms", dial_ms),
            ("plan.callback.expires_ms", expires_ms),
            ("plan.guards.no_answer_rest_ms", self.guards.no_answer_rest_ms),
            ("plan.guards.reject_rest_ms", self.guards.reject_rest_ms.unwrap_or_default()),
        ] {
            at_most(name, span.0, limits::SPAN_MS_MAX)?;
        }
        // Also where none is allowed any more: what was promised before is kept under these terms.
        if attempts_max == 0 || dial_ms.0 == 0 || expires_ms.0 == 0 {
            return Err(Refusal::Invalid {
                what: "plan.callback",
                why: "a callback needs at least one attempt, some time to ring and some time to live",
            });
        }
        if !allowed && self.exits.iter().any(|exit| exit.to == ExitTarget::Callback) {
            return Err(Refusal::Invalid {
                what: "plan.exits.to",
                why: "offers a callback, which the queue does not allow",
            });
        }
        if self.guards.missed_max == 0 {
            return Err(Refusal::Invalid { what: "plan.guards.missed_max", why: "must be at least 1" });
        }
        if self.conversations_max == Some(0) {
            return Err(Refusal::Invalid {
                what: "plan.conversations_max",
                why: "nobody would ever be served; close the queue instead",
            });
        }
        Ok(())
    }
}

impl Step {
    /// Whether it has a trigger other than waiting.
    pub const fn is_guarded(&self) -> bool {
        self.eligible_below.is_some() || self.ready_below.is_some() || self.waiting_above.is_some()
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.after_ms.is_none() && !self.is_guarded() {
            return Err(Refusal::Invalid {
                what: "plan.steps",
                why: "a step without a trigger is never taken",
            });
        }
        at_most("plan.steps.after_ms", self.after_ms.unwrap_or_default().0, limits::SPAN_MS_MAX)?;
        at_most("plan.steps.also", self.also.len() as u64, limits::ALSO_MAX as u64)?;
        at_most("plan.steps.raise", self.raise.into(), limits::PRIORITY_MAX.into())?;
        let skills = self.skills.as_deref().unwrap_or_default();
        at_most("plan.steps.skills", skills.len() as u64, limits::CONDITIONS_MAX as u64)?;
        for asked in skills {
            at_most("skill.level", asked.level.into(), limits::LEVEL_MAX.into())?;
        }
        check_any(self.any.as_deref().unwrap_or_default())
    }
}

impl Exit {
    fn check(&self, own: QueueId) -> Result<(), Refusal> {
        at_most("plan.exits.after_ms", self.after_ms.unwrap_or_default().0, limits::SPAN_MS_MAX)?;
        let untriggered = self.after_ms.is_none()
            && self.estimated_above_ms.is_none()
            && self.waiting_above.is_none()
            && self.eligible_below.is_none()
            && !self.closed;
        if untriggered {
            return Err(Refusal::Invalid {
                what: "plan.exits",
                why: "an exit without a trigger is never taken",
            });
        }
        if self.to == ExitTarget::Queue(own) {
            return Err(Refusal::Invalid { what: "plan.exits.to", why: "leads back into the queue itself" });
        }
        Ok(())
    }
}

fn check_any(any: &[Vec<SkillCondition>]) -> Result<(), Refusal> {
    at_most("plan.any", any.len() as u64, limits::CONDITIONS_MAX as u64)?;
    for list in any {
        at_most("plan.any", list.len() as u64, limits::CONDITIONS_MAX as u64)?;
        if list.is_empty() {
            return Err(Refusal::Invalid { what: "plan.any", why: "nobody can meet one of no conditions" });
        }
        for asked in list {
            at_most("skill.level", asked.level.into(), limits::LEVEL_MAX.into())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_of_a_callback_are_looked_at_though_none_is_allowed() {
        let own = QueueId::fixed("loans");
        let check = |callback| RoutingPlan { callback, ..RoutingPlan::default() }.check(own);
        let customary = CallbackTerms::default();
        assert!(!customary.allowed && check(customary).is_ok());
        for wrong in [
            CallbackTerms { dial_ms: Millis(0), ..customary },
            CallbackTerms { expires_ms: Millis(0), ..customary },
            CallbackTerms { attempts_max: 0, ..customary },
        ] {
            for allowed in [false, true] {
                let refusal = check(CallbackTerms { allowed, ..wrong });
                assert!(
                    matches!(refusal, Err(Refusal::Invalid { what: "plan.callback", .. })),
                    "{wrong:?}: {refusal:?}"
                );
            }
        }
    }
}
