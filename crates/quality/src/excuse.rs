//! 免责: moments in which a rule's limits do not hold: an incident, visitors on the floor, a leader's approval.

use crate::event::{Event, ExcuseGranted, ExcuseWithdrawn};
use crate::id::ExcuseId;
use crate::limits::EXCUSES_MAX;
use crate::quality::Quality;
use crate::refusal::{Refusal, at_most};
use crate::work::{Verdict, Work};
use cordboard_floor::{AccountId, AgentId, Instant, ReasonId, RuleId};
use serde::{Deserialize, Serialize};

/// An excuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excuse {
    /// For whom; none: for all.
    pub agent: Option<AgentId>,
    /// From which rule; none: from all.
    pub rule: Option<RuleId>,
    /// From when.
    pub from: Instant,
    /// To when.
    pub until: Instant,
}

impl Excuse {
    /// Whether it is hers and that rule's.
    pub fn covers(&self, agent: AgentId, rule: RuleId) -> bool {
        self.agent.is_none_or(|own| own == agent) && self.rule.is_none_or(|own| own == rule)
    }
}

impl Quality {
    /// The oldest are forgotten: an excuse of long ago excuses nothing any more.
    pub(crate) fn take_excuse(&mut self, seq: u64, event: &Event) {
        match event {
            Event::ExcuseGranted(event) => {
                let ExcuseGranted { agent, rule, from, until, .. } = *event;
                self.excuses.insert(ExcuseId(seq), Excuse { agent, rule, from, until });
                while self.excuses.len() > EXCUSES_MAX {
                    self.excuses.pop_first();
                }
            }
            Event::ExcuseWithdrawn(event) => {
                self.excuses.remove(&event.excuse);
            }
            _ => {}
        }
    }
}

impl Work<'_> {
    pub(crate) fn grant_excuse(
        &mut self,
        agent: Option<AgentId>,
        rule: Option<RuleId>,
        from: Instant,
        until: Instant,
        why: ReasonId,
        by: Option<AccountId>,
    ) -> Verdict {
        if until <= from {
            return Err(Refusal::Invalid { what: "until", why: "does not lie after from" });
        }
        at_most("excuse, ms", until.since(from).0, crate::limits::TERM_MS_MAX)?;
        let excuse = ExcuseId(self.next_seq());
        self.emit(ExcuseGranted { excuse, agent, rule, from, until, why, by });
        self.done()
    }

    pub(crate) fn withdraw_excuse(&mut self, excuse: ExcuseId, by: Option<AccountId>) -> Verdict {
        if !self.desk.excuses.contains_key(&excuse) {
            return Err(Refusal::UnknownExcuse(excuse));
        }
        self.emit(ExcuseWithdrawn { excuse, by });
        self.done()
    }
}
