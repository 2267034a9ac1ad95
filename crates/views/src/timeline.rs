//! An agent's time, spell by spell: every state with its beginning and its end, to the millisecond, without a gap and without an
//! overlap, each with the events that it stands on.
//!
//! What a timeline adds up to is what [`crate::tables`] says of the same range, since both are made of the same spells.

use crate::board::Activity;
use crate::facts::{Evidence, Fact, Facts, SpellFact};
use cordboard_floor::{AgentId, Instant, Reason, TeamId};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Spells of one timeline at most; a longer one is cut and says so.
pub const SPELLS_MAX: usize = 100_000;

/// A spell within the range asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Spell {
    /// Whose.
    pub agent: AgentId,
    /// Her team, then.
    pub team: Option<TeamId>,
    /// What filled it.
    pub activity: Activity,
    /// Why not ready, if she was.
    pub reason: Option<Reason>,
    /// Since when, or where the range begins.
    pub from: Instant,
    /// Until when, or where the range ends.
    pub to: Instant,
    /// How long, in ms on one grid, so that spells add up to the range.
    pub ms: i64,
    /// The events it stands on; the last is 0 while it goes on.
    pub evidence: Evidence,
}

/// A timeline under way.
#[derive(Clone, Debug)]
pub struct Timeline {
    from: Instant,
    to: Instant,
    agents: BTreeSet<AgentId>,
    spells: Vec<Spell>,
    cut: bool,
}

/// A timeline.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// From when.
    pub from: Instant,
    /// Until just before when.
    pub to: Instant,
    /// The last event of the log that it stands on.
    pub last_seq: u64,
    /// By agent, and then by time.
    pub spells: Vec<Spell>,
    /// What each agent's spells add up to, in ms by activity.
    pub totals: BTreeMap<AgentId, BTreeMap<Activity, i64>>,
    /// Whether there were more spells than [`SPELLS_MAX`].
    pub cut: bool,
}

impl Timeline {
    /// Of these agents, or of all if none is named, in a range.
    pub const fn new(from: Instant, to: Instant, agents: BTreeSet<AgentId>) -> Self {
        Self { from, to, agents, spells: Vec::new(), cut: false }
    }

    /// Takes the next fact of the log.
    pub fn take(&mut self, fact: &Fact) {
        if let Fact::Spell(spell) = fact {
            self.add(spell);
        }
    }

    fn add(&mut self, spell: &SpellFact) {
        if !self.agents.is_empty() && !self.agents.contains(&spell.agent) {
            return;
        }
        let (from, to) = (spell.from.max(self.from), spell.to.min(self.to));
        if from >= to {
            return;
        }
        if self.spells.len() >= SPELLS_MAX {
            self.cut = true;
            return;
        }
        self.spells.push(Spell {
            agent: spell.agent,
            team: spell.team,
            activity: spell.activity,
            reason: spell.reason,
            from,
            to,
            ms: millis(to) - millis(from),
            evidence: spell.evidence,
        });
    }

    /// Ends it: what still goes on lasts until the last event.
    pub fn finish(mut self, facts: &Facts) -> Told {
        for fact in facts.going_on(facts.at()) {
            self.take(&fact);
        }
        self.spells.sort_by_key(|spell| (spell.agent, spell.from));
        let mut totals: BTreeMap<AgentId, BTreeMap<Activity, i64>> = BTreeMap::new();
        for spell in &self.spells {
            *totals.entry(spell.agent).or_default().entry(spell.activity).or_default() += spell.ms;
        }
        Told {
            from: self.from,
            to: self.to,
            last_seq: facts.seq(),
            spells: self.spells,
            totals,
            cut: self.cut,
        }
    }
}

/// The millisecond in which a moment lies.
const fn millis(at: Instant) -> i64 {
    at.micros().div_euclid(1000)
}
