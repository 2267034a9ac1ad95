//! Who must have been there: what each agent has in hand by the recording, and when she can have gone home.

use std::collections::BTreeMap;

use cordboard_floor::AgentId;

use super::History;
use super::history::{Deed, Life, Move};
use crate::recording::StaffingRules;
use crate::recording::staffing::working_day;

/// An agent's part in a contact, from when until when, µs UTC.
type Part = (i64, i64);

impl Life {
    /// The parts that agents have in it.
    fn parts(&self) -> Vec<(AgentId, Part)> {
        let mut parts = Vec::new();
        let mut on: Vec<(AgentId, i64)> = Vec::new();
        let last = self.deeds.last().map_or(0, |(at_us, _)| *at_us);
        for (at_us, deed) in &self.deeds {
            let mut leave = |on: &mut Vec<(AgentId, i64)>, who: Option<AgentId>| {
                on.retain(|(agent, since)| {
                    let goes = who.is_none_or(|who| who == *agent);
                    if goes {
                        parts.push((*agent, (*since, *at_us)));
                    }
                    !goes
                });
            };
            match deed {
                Deed::Ring(agent) => on.push((*agent, *at_us)),
                Deed::RingOver(agent, _) => leave(&mut on, Some(*agent)),
                Deed::Answer(agent) => {
                    // Whoever else it rang at is let go.
                    let since = on.iter().find(|(rung, _)| rung == agent).map_or(*at_us, |(_, since)| *since);
                    on.retain(|(rung, _)| rung != agent);
                    leave(&mut on, None);
                    on.push((*agent, since));
                }
                Deed::Consult { agent, stays } => {
                    on.push((*agent, *at_us));
                    if !stays {
                        leave(&mut on, Some(*agent));
                    }
                }
                Deed::Transfer { heir, .. } => {
                    leave(&mut on, None);
                    on.extend(heir.map(|heir| (heir, *at_us)));
                }
                Deed::LeaveQueue(_) | Deed::GiveUp(_) | Deed::End { .. } => leave(&mut on, None),
                Deed::Arrive | Deed::Queue { .. } => {}
            }
        }
        parts.extend(on.into_iter().map(|(agent, since)| (agent, (since, last))));
        parts
    }
}

impl History {
    /// Agents of whose coming and going nothing is recorded go after the last that they do on each working day.
    pub(super) fn let_agents_go(&mut self, rules: &StaffingRules) {
        let mut parts: BTreeMap<AgentId, Vec<Part>> = BTreeMap::new();
        for (agent, part) in self.lives.iter().flat_map(Life::parts) {
            parts.entry(agent).or_default().push(part);
        }
        for (agent, parts) in &mut parts {
            parts.sort_unstable();
            let at_once = at_once(parts);
            if at_once > self.told.at_once.map_or(1, |(_, most)| most) {
                self.told.at_once = Some((*agent, at_once));
            }
            let moves = self.moves.entry(*agent).or_default();
            if moves.iter().any(|(_, made)| matches!(made, Move::Come | Move::Go)) {
                continue;
            }
            moves.extend(days(parts, rules).into_iter().map(|until_us| (until_us, Move::Fade)));
            moves.sort_by_key(|(at_us, made)| (*at_us, made.rank()));
        }
    }

    /// The most contacts that each agent has in hand at once.
    pub(super) fn capacities(&self) -> BTreeMap<AgentId, u64> {
        let mut parts: BTreeMap<AgentId, Vec<Part>> = BTreeMap::new();
        for (agent, part) in self.lives.iter().flat_map(Life::parts) {
            parts.entry(agent).or_default().push(part);
        }
        for agent in self.moves.keys() {
            parts.entry(*agent).or_default();
        }
        parts.into_iter().map(|(agent, parts)| (agent, at_once(&parts).max(1))).collect()
    }
}

/// When each stretch of work ends: one a working day, and those that touch are one.
fn days(parts: &[Part], rules: &StaffingRules) -> Vec<i64> {
    let mut spans: BTreeMap<jiff::civil::Date, Part> = BTreeMap::new();
    for &(from, to) in parts {
        let span = spans.entry(working_day(from, rules)).or_insert((from, to));
        *span = (span.0.min(from), span.1.max(to));
    }
    let mut ends: Vec<Part> = Vec::new();
    for (from, to) in spans.into_values() {
        match ends.last_mut() {
            Some(before) if from <= before.1 => before.1 = before.1.max(to),
            _ => ends.push((from, to)),
        }
    }
    ends.into_iter().map(|(_, to)| to).collect()
}

/// The most parts that overlap; one that ends when another begins does not.
fn at_once(parts: &[Part]) -> u64 {
    let mut turns: Vec<(i64, i64)> =
        parts.iter().filter(|(from, to)| to > from).flat_map(|&(from, to)| [(from, 1), (to, -1)]).collect();
    turns.sort_unstable();
    let (mut now, mut most) = (0, 0);
    for (_, turn) in turns {
        now += turn;
        most = most.max(now);
    }
    most.max(0) as u64
}
