//! What is excused, as far as it is known so far.

use crate::excuse::Excuse;
use crate::id::ExcuseId;
use crate::limits::EXCUSES_MAX;
use cordboard_floor::{AgentId, Instant, RuleId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Excused(BTreeMap<ExcuseId, Excuse>);

impl Excused {
    pub(super) fn grant(&mut self, id: ExcuseId, excuse: Excuse) {
        self.0.insert(id, excuse);
        while self.0.len() > EXCUSES_MAX {
            self.0.pop_first();
        }
    }

    pub(super) fn withdraw(&mut self, id: ExcuseId) {
        self.0.remove(&id);
    }

    /// Whether a moment is excused.
    pub(super) fn at(&self, agent: AgentId, rule: RuleId, at: Instant) -> bool {
        let mut own = self.0.values().filter(|excuse| excuse.covers(agent, rule));
        own.any(|excuse| excuse.from <= at && at < excuse.until)
    }

    /// How many µs of a span are not; what two excuses cover is taken off once.
    pub(super) fn left(&self, agent: AgentId, rule: RuleId, from: Instant, to: Instant) -> u64 {
        let own = self.0.values().filter(|excuse| excuse.covers(agent, rule));
        let mut covered: Vec<(i64, i64)> = own
            .map(|excuse| (excuse.from.max(from).micros(), excuse.until.min(to).micros()))
            .filter(|(begin, end)| begin < end)
            .collect();
        covered.sort_unstable();
        let (mut left, mut reached) = (super::micros(from, to), from.micros());
        for (begin, end) in covered {
            let begin = begin.max(reached);
            if begin < end {
                left -= end.abs_diff(begin);
                reached = end;
            }
        }
        left
    }
}
