//! 交班: who left before the relief was there (P104), and whose session stayed open after the shift (P119). What a shift is,
//! and when its relief came, is told from outside.
//!
//! She has left before relief if she signed out by her own hand and neither the relief nor she herself was at the post
//! within the grace; it is found at the first event that shows it, and once, by the event of her sign-out. A sign-out by
//! the engine or a leader is not this rule's. A session is open too long from the end of the shift, of her last contact and
//! of her waiting for relief, whichever is last, until she signs out or her next shift begins.

use super::excused::Excused;
use super::{Found, allowed_ms, beyond, rules, shown_ms};
use crate::limits::{RELIEF_WAIT_MS_MAX, SHIFTS_PER_AGENT_MAX};
use cordboard_floor::actor::reasons;
use cordboard_floor::{Actor, AgentId, ContactId, Event, Instant, Millis, Recorded};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShiftTerms {
    /// So long a post may be empty before the relief is there.
    pub relief_grace_ms: Millis,
    /// So long a session may stay open.
    pub open_ms_max: Millis,
}

/// A shift as far as it is known. One that takes no time is nobody's any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// The number of the event that made it; the same again is news of the same shift.
    pub number: u64,
    /// Whose.
    pub agent: AgentId,
    /// From when.
    pub from: Instant,
    /// To when, overtime and all.
    pub until: Instant,
    /// Whether somebody is to take over her post.
    pub relief_required: bool,
    /// Since when that one is there.
    pub relieved_at: Option<Instant>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Left {
    shift: u64,
    seq: u64,
    at: Instant,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Shifts {
    shifts: BTreeMap<AgentId, BTreeMap<u64, Shift>>,
    /// Who signed in, and is still.
    inside: BTreeMap<AgentId, (u64, Instant)>,
    /// Who left without relief, until it is known for how long.
    left: BTreeMap<AgentId, Left>,
    /// Who has which contact, and when each agent's last one was over.
    talking: BTreeMap<ContactId, AgentId>,
    busy_until: BTreeMap<AgentId, Instant>,
}

impl Shifts {
    pub(super) fn see_shift(
        &mut self,
        now: (u64, Instant),
        shift: Shift,
        terms: &ShiftTerms,
        excused: &Excused,
        found: &mut Vec<Found>,
    ) {
        self.keep(shift, now.1);
        if self.left.get(&shift.agent).is_some_and(|left| left.shift == shift.number) {
            if let Some(until) = shift.relieved_at.filter(|_| shift.relief_required) {
                self.judge(shift.agent, (now.0, until), terms, excused, found);
            }
            if !shift.relief_required || shift.relieved_at.is_some() {
                self.left.remove(&shift.agent);
            }
        }
        self.settle(now, terms, excused, found);
    }

    /// Rosters tell of shifts weeks ahead, so what is forgotten is what is over, never what was told first.
    fn keep(&mut self, shift: Shift, now: Instant) {
        // Who has been inside since before a shift's end may still leave its session open.
        let inside = self.inside.get(&shift.agent).map(|(_, since)| *since);
        let own = self.shifts.entry(shift.agent).or_default();
        if shift.from < shift.until {
            own.insert(shift.number, shift);
        } else {
            own.remove(&shift.number);
        }
        own.retain(|_, known| {
            known.until.plus(Millis(RELIEF_WAIT_MS_MAX)) >= now
                || inside.is_some_and(|since| since < known.until)
        });
        while own.len() > SHIFTS_PER_AGENT_MAX
            && let Some(first) = own.values().min_by_key(|known| known.until).map(|known| known.number)
        {
            own.remove(&first);
        }
        if own.is_empty() {
            self.shifts.remove(&shift.agent);
        }
    }

    pub(super) fn see(
        &mut self,
        recorded: &Recorded<Event>,
        terms: &ShiftTerms,
        excused: &Excused,
        found: &mut Vec<Found>,
    ) {
        let now = (recorded.seq, recorded.at);
        self.settle(now, terms, excused, found);
        match &recorded.event {
            Event::AgentSignedIn(event) => {
                self.left.remove(&event.agent);
                self.inside.insert(event.agent, now);
            }
            Event::ContactConnected(event) => {
                self.talking.insert(event.contact, event.agent);
            }
            Event::ContactLeft(event) => {
                self.busy_until.insert(event.agent, recorded.at);
            }
            Event::ContactEnded(event) => {
                if let Some(agent) = self.talking.remove(&event.contact) {
                    self.busy_until.insert(agent, recorded.at);
                }
            }
            Event::WrapupCompleted(event) => {
                self.busy_until.insert(event.agent, recorded.at);
            }
            Event::AgentSignedOut(event) => {
                if recorded.actor == Actor::Agent(event.agent) {
                    self.leave(event.agent, now);
                }
                let inside = self.inside.remove(&event.agent);
                if let Some(inside) = inside.filter(|_| recorded.reason != Some(reasons::LINK_LOST)) {
                    self.close(event.agent, inside, now, terms, excused, found);
                }
            }
            _ => {}
        }
    }

    fn leave(&mut self, agent: AgentId, (seq, at): (u64, Instant)) {
        let own = self.shifts.get(&agent).into_iter().flat_map(BTreeMap::values);
        let begun =
            own.filter(|shift| shift.from <= at && at <= shift.until.plus(Millis(RELIEF_WAIT_MS_MAX)));
        let Some(shift) = begun.max_by_key(|shift| shift.from) else { return };
        if shift.relief_required && shift.relieved_at.is_none_or(|relieved| relieved > at) {
            self.left.insert(agent, Left { shift: shift.number, seq, at });
        }
    }

    /// Whoever has been away for longer than the grace by now.
    fn settle(&mut self, now: (u64, Instant), terms: &ShiftTerms, excused: &Excused, found: &mut Vec<Found>) {
        let away: Vec<AgentId> = self.left.keys().copied().collect();
        for agent in away {
            if self.judge(agent, now, terms, excused, found) {
                self.left.remove(&agent);
            }
        }
    }

    fn judge(
        &self,
        agent: AgentId,
        (seq, until): (u64, Instant),
        terms: &ShiftTerms,
        excused: &Excused,
        found: &mut Vec<Found>,
    ) -> bool {
        let Some(left) = self.left.get(&agent) else { return false };
        let rule = rules::LEFT_BEFORE_RELIEF;
        let empty = excused.left(agent, rule, left.at, until);
        let is_beyond = beyond(empty, terms.relief_grace_ms);
        if is_beyond {
            let mut evidence = vec![left.shift, left.seq, seq];
            evidence.sort_unstable();
            evidence.dedup();
            let (measured, allowed) = (shown_ms(empty), allowed_ms(terms.relief_grace_ms));
            let (episode, from) = (left.seq, left.at);
            found.push(Found { rule, agent, episode, evidence, from, until, measured, allowed });
        }
        is_beyond
    }

    fn close(
        &self,
        agent: AgentId,
        inside: (u64, Instant),
        (seq, at): (u64, Instant),
        terms: &ShiftTerms,
        excused: &Excused,
        found: &mut Vec<Found>,
    ) {
        let Some(own) = self.shifts.get(&agent) else { return };
        let over = own.values().filter(|shift| inside.1 < shift.until && shift.until < at);
        let Some(shift) = over.max_by_key(|shift| shift.until) else { return };
        if shift.relief_required && shift.relieved_at.is_none() {
            return;
        }
        let next = own.values().filter(|next| next.number != shift.number && next.until > shift.until);
        let until = next.map(|next| next.from).min().map_or(at, |next| next.min(at));
        let waited = shift.relieved_at.filter(|_| shift.relief_required).unwrap_or(shift.until);
        let busy = self.busy_until.get(&agent).copied().unwrap_or(shift.until);
        let from = shift.until.max(waited).max(busy);
        let (rule, open) = (rules::SIGN_OUT, excused.left(agent, rules::SIGN_OUT, from, until));
        if beyond(open, terms.open_ms_max) {
            let mut evidence = vec![shift.number, inside.0, seq];
            evidence.sort_unstable();
            evidence.dedup();
            let (measured, allowed) = (shown_ms(open), allowed_ms(terms.open_ms_max));
            let episode = shift.number;
            found.push(Found { rule, agent, episode, evidence, from, until, measured, allowed });
        }
    }
}
