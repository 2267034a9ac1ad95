//! One agent's part in a contact, from the contact's own events: how it came, how long they talked, and what of it speaks for an
//! answer of a form. Facts of the engine suggest; the evaluator answers.

use super::super::problem::Problem;
use super::super::story;
use crate::Door;
use cordboard_centre::quality::detect::DetectorTerms;
use cordboard_centre::quality::form::{Form, Value as Answered, suggest};
use cordboard_centre::quality::id::FactId;
use cordboard_floor::{AgentId, Channel, CodeId, ContactId, Event, Instant, Millis, QueueId, Recorded};
use cordboard_views::candidates::RiskTerms;
use cordboard_views::facts::{Evidence, Fact, Facts, OfferEnd};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A caller who waited longer than this is thanked for waiting (4.2.1).
const WAITED_LONG: Millis = Millis::from_secs(60);

/// A contact with its facts.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) events: Vec<Arc<Recorded<Event>>>,
    pub(super) complete: bool,
    facts: Vec<Fact>,
}

/// One agent's part in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) channel: Channel,
    pub(super) queue: Option<QueueId>,
    /// When her part ended.
    pub(super) at: Option<Instant>,
    pub(super) talk_ms: Millis,
    pub(super) hold_ms: Millis,
    pub(super) code: Option<CodeId>,
    code_by_default: bool,
}

impl Told {
    /// The contact's events and facts; a contact that never arrived is a problem. Waits for the disk.
    pub(super) fn find(door: &Door, contact: ContactId) -> Result<Self, Problem> {
        let found = story::find(door, contact)?;
        if found.events.is_empty() {
            return Err(Problem::not_found("unknown_contact", format!("{contact} never arrived here")));
        }
        let (mut folded, mut facts) = (Facts::new(), Vec::new());
        for event in &found.events {
            folded.fold(event, |fact| facts.push(fact.clone()));
        }
        Ok(Self { events: found.events, complete: found.complete, facts })
    }

    /// What one agent knows of it: what happened to her and what names nobody, until she had nothing more to do with it.
    pub(super) fn of_one(mut self, agent: AgentId) -> Self {
        let names = |event: &Arc<Recorded<Event>>| event.event.agent();
        let hers = self.events.iter().rposition(|event| names(event) == Some(agent));
        self.events.truncate(hers.map_or(0, |last| last + 1));
        self.events.retain(|event| names(event).is_none_or(|named| named == agent));
        self.facts.clear();
        self
    }

    /// How it came.
    pub(super) fn channel(&self) -> Option<Channel> {
        self.events.iter().find_map(|event| match &event.event {
            Event::ContactArrived(event) => Some(event.channel),
            _ => None,
        })
    }

    /// Everybody who had it in hand, or at whom it rang.
    pub(super) fn agents(&self) -> BTreeSet<AgentId> {
        self.events.iter().filter_map(|event| event.event.agent()).collect()
    }

    /// Who owned it last, and in whose terms.
    pub(super) fn last_owner(&self) -> (Option<AgentId>, Option<QueueId>) {
        let last = self.facts.iter().rev().find_map(|fact| match fact {
            Fact::Handling(fact) => Some((Some(fact.agent), fact.queue)),
            _ => None,
        });
        last.unwrap_or((None, None))
    }

    /// An agent's part; none if she had none.
    pub(super) fn part(&self, agent: AgentId) -> Option<Part> {
        let channel = self.channel()?;
        let empty = Part {
            channel,
            queue: None,
            at: None,
            talk_ms: Millis(0),
            hold_ms: Millis(0),
            code: None,
            code_by_default: false,
        };
        let mut part = self.agents().contains(&agent).then_some(empty)?;
        for fact in &self.facts {
            match fact {
                Fact::Handling(fact) if fact.agent == agent => {
                    (part.queue, part.at) = (fact.queue, Some(fact.to));
                    part.talk_ms.0 += fact.talk_ms.0;
                    part.hold_ms.0 += fact.hold_ms.0;
                }
                Fact::WrapUp(fact) if fact.agent == agent => {
                    (part.code, part.code_by_default) = (Some(fact.code), fact.by_default);
                    part.queue = part.queue.or(Some(fact.queue));
                }
                _ => {}
            }
        }
        Some(part)
    }

    /// What of it speaks for an answer, with the events that show it.
    fn speaking(
        &self,
        agent: AgentId,
        terms: &DetectorTerms,
        risks: &RiskTerms,
    ) -> BTreeMap<FactId, Vec<u64>> {
        let mut speaking: BTreeMap<FactId, Vec<u64>> = BTreeMap::new();
        let mut says = |fact: &'static str, Evidence { first, last }: Evidence| {
            speaking.entry(FactId::fixed(fact)).or_default().extend([first, last]);
        };
        let code = self.part(agent).and_then(|part| part.code);
        for fact in &self.facts {
            match fact {
                Fact::Handling(fact) if fact.agent == agent => {
                    if fact.hold_ms > risks.long_hold_ms {
                        says("hold_too_long", fact.evidence);
                    }
                    let short = terms.short.as_ref();
                    let silent = short.is_some_and(|short| {
                        code.is_some_and(|code| short.silent_codes.contains(&code))
                            && fact.talk_ms < short.silent_ms_min
                    });
                    if silent {
                        says("silent_call_too_short", fact.evidence);
                    }
                }
                Fact::Visit(fact) if fact.agent == Some(agent) && fact.waited_ms > WAITED_LONG => {
                    says("waited_long", fact.evidence);
                }
                Fact::Offer(fact) if fact.agent == agent && fact.end == OfferEnd::Accepted => {
                    let most = terms.answers.as_ref().and_then(|answers| answers.ring_ms_max);
                    if most.is_some_and(|most| fact.rang_ms() > most) {
                        says("slow_answer", fact.evidence);
                    }
                }
                Fact::WrapUp(fact) if fact.agent == agent && fact.by_default => {
                    says("no_wrapup_code", fact.evidence);
                }
                _ => {}
            }
        }
        speaking
    }

    /// Suggested answers, each with the fact that speaks for it.
    pub(super) fn suggestions(
        &self,
        form: &Form,
        agent: AgentId,
        terms: &DetectorTerms,
        risks: &RiskTerms,
    ) -> Vec<Value> {
        let speaking = self.speaking(agent, terms, risks);
        let facts: BTreeSet<FactId> = speaking.keys().copied().collect();
        let each = suggest(form, &facts).into_iter().filter_map(|answer| {
            let fact = form.question(answer.question)?.suggested_by?;
            let (choice, value) = match answer.value {
                Answered::Chosen(choice) => (Some(choice), None),
                Answered::Number(points) => (None, Some(points)),
                Answered::Said => (None, None),
            };
            Some(json!({
                "question": answer.question, "choice": choice, "value": value, "fact": fact,
                "evidence": speaking.get(&fact),
            }))
        });
        each.collect()
    }
}
