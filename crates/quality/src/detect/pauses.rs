//! 无故设置暂停或事后工作. The documents do not say what "without cause" is; three readings are parameters, each of them can
//! be left out:
//!
//! 1. *no cause*: not ready for a reason that is none (the site names which), for longer than allowed;
//! 2. *wrap-up*: work after a contact for longer than allowed, extensions or not;
//! 3. *callers waiting*: not ready while somebody waited in one of her queues, for longer in all than allowed.
//!
//! One spell, or one wrap-up, is one episode, whichever readings it meets. A spell that a leader ordered, a break
//! (it has rules of its own) and what the system itself set (signed in, rang out, link lost) are none. Her skills
//! are not looked at: who waits in a queue that she serves waits for her.

use super::excused::Excused;
use super::{Found, Reasons, beyond, rules};
use crate::limits::SPANS_MAX;
use cordboard_floor::event::NextState;
use cordboard_floor::{
    Actor, AgentId, ContactId, Event, Instant, Millis, QueueId, ReasonId, Recorded, VisitId,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PauseTerms {
    /// Reasons that are no cause.
    #[serde(default)]
    pub no_cause: Vec<ReasonId>,
    /// How long one may be not ready for such a reason.
    #[serde(default)]
    pub reason_ms_max: Millis,
    /// How long a wrap-up may last; none: its queue's timer is enough.
    #[serde(default)]
    pub wrapup_ms_max: Option<Millis>,
    /// How long in all callers may wait meanwhile; none: they may.
    #[serde(default)]
    pub waiting_ms_max: Option<Millis>,
    /// Reasons for which callers may wait: training, a meeting, a talk.
    #[serde(default)]
    pub just_causes: Vec<ReasonId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Spell {
    seq: u64,
    since: Instant,
    reason: ReasonId,
    /// Since when somebody waits for her.
    waited_since: Option<Instant>,
    /// When somebody did.
    waited: Vec<(Instant, Instant)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pauses {
    spells: BTreeMap<AgentId, Spell>,
    wrapups: BTreeMap<(AgentId, ContactId), (u64, Instant)>,
    /// Whose next state a leader set.
    ordered: BTreeSet<AgentId>,
    /// Which queues an agent serves.
    serves: BTreeMap<AgentId, BTreeSet<QueueId>>,
    /// Where each visit waits, and how many wait in each queue.
    visits: BTreeMap<ContactId, (VisitId, Vec<QueueId>)>,
    waiting: BTreeMap<QueueId, u32>,
}

impl Pauses {
    pub(super) fn see(
        &mut self,
        recorded: &Recorded<Event>,
        terms: &PauseTerms,
        (excused, reasons): (&Excused, &Reasons),
        found: &mut Vec<Found>,
    ) {
        let (seq, at) = (recorded.seq, recorded.at);
        let by_leader = matches!(recorded.actor, Actor::Leader(_) | Actor::Account(_));
        match &recorded.event {
            Event::AgentApplied(event) => {
                let agent = &event.agent;
                self.serves.insert(agent.agent, agent.queues.iter().copied().collect());
                self.look_again(at, Some(agent.agent));
            }
            Event::AgentNextStateSet(event) => {
                match (event.next, by_leader) {
                    (Some(NextState::NotReady(_)), true) => self.ordered.insert(event.agent),
                    _ => self.ordered.remove(&event.agent),
                };
            }
            Event::AgentNotReady(event) => {
                self.end_spell(event.agent, seq, at, terms, excused, found);
                let ordered = self.ordered.remove(&event.agent) || by_leader;
                let is_break = reasons.is_break(event.reason.slug, event.allowed_until.is_some());
                if !ordered && !is_break && !event.reason.is_own() {
                    let (reason, waited) = (event.reason.slug, Vec::new());
                    let spell = Spell { seq, since: at, reason, waited_since: None, waited };
                    self.spells.insert(event.agent, spell);
                    self.look_again(at, Some(event.agent));
                }
            }
            Event::AgentReady(event) => self.end_spell(event.agent, seq, at, terms, excused, found),
            Event::AgentSignedOut(event) => {
                self.ordered.remove(&event.agent);
                self.end_spell(event.agent, seq, at, terms, excused, found);
            }
            Event::WrapupStarted(event) => {
                self.wrapups.insert((event.agent, event.contact), (seq, at));
            }
            Event::WrapupCompleted(event) => {
                let began = self.wrapups.remove(&(event.agent, event.contact));
                if let (Some(began), Some(most)) = (began, terms.wrapup_ms_max) {
                    let rule = rules::UNJUSTIFIED_PAUSE;
                    found.extend(Found::too_long(
                        rule,
                        event.agent,
                        began,
                        (recorded.seq, recorded.at),
                        most,
                        excused,
                    ));
                }
            }
            Event::ContactQueued(event) => {
                let mut queues = vec![event.queue];
                queues.extend(event.also.iter().filter(|other| **other != event.queue));
                self.leave(event.contact, at);
                queues.iter().for_each(|queue| *self.waiting.entry(*queue).or_default() += 1);
                self.visits.insert(event.contact, (event.visit, queues));
                self.look_again(at, None);
            }
            Event::VisitEnded(event)
                if self.visits.get(&event.contact).is_some_and(|(visit, _)| *visit == event.visit) =>
            {
                self.leave(event.contact, at);
            }
            // She has hung up: her promise waits, not she.
            Event::CallbackRequested(event) => self.leave(event.contact, at),
            _ => {}
        }
    }

    fn leave(&mut self, contact: ContactId, at: Instant) {
        let Some((_, queues)) = self.visits.remove(&contact) else { return };
        for queue in queues {
            if let Some(count) = self.waiting.get_mut(&queue) {
                *count -= 1;
                if *count == 0 {
                    self.waiting.remove(&queue);
                }
            }
        }
        self.look_again(at, None);
    }

    /// Whether somebody waits for those who are not ready may have changed: for one, or for all of them.
    fn look_again(&mut self, at: Instant, agent: Option<AgentId>) {
        let waiting = &self.waiting;
        for (own, spell) in self.spells.iter_mut().filter(|(own, _)| agent.is_none_or(|agent| agent == **own))
        {
            let served = self.serves.get(own).into_iter().flatten();
            let wanted = served.into_iter().any(|queue| waiting.contains_key(queue));
            match (spell.waited_since, wanted) {
                (None, true) => spell.waited_since = Some(at),
                (Some(since), false) => {
                    spell.waited_since = None;
                    // Beyond the limit nothing more is held against her.
                    if spell.waited.len() < SPANS_MAX {
                        spell.waited.push((since, at));
                    }
                }
                _ => {}
            }
        }
    }

    fn end_spell(
        &mut self,
        agent: AgentId,
        seq: u64,
        at: Instant,
        terms: &PauseTerms,
        excused: &Excused,
        found: &mut Vec<Found>,
    ) {
        let Some(mut spell) = self.spells.remove(&agent) else { return };
        spell.waited.extend(spell.waited_since.map(|since| (since, at)));
        let left = |from, to| excused.left(agent, rules::UNJUSTIFIED_PAUSE, from, to);
        let idle = left(spell.since, at);
        let waited: u64 = spell.waited.iter().map(|(from, to)| left(*from, *to)).sum();
        let without_cause = terms.no_cause.contains(&spell.reason) && beyond(idle, terms.reason_ms_max);
        let most = terms.waiting_ms_max.filter(|_| !terms.just_causes.contains(&spell.reason));
        let (measured, most) = match most {
            _ if without_cause => (idle, terms.reason_ms_max),
            Some(most) if beyond(waited, most) => (waited, most),
            _ => return,
        };
        let (began, ended) = ((spell.seq, spell.since), (seq, at));
        found.push(Found::of_span(rules::UNJUSTIFIED_PAUSE, agent, began, ended, measured, most));
    }
}
