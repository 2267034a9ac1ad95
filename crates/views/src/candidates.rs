//! Contacts that could be listened to, of a range of the log: what a draw of the quality desk is made from. A sum over facts
//! like every figure, so the same range gives the same candidates, live and replayed.
//!
//! Each contact that ended handled within the range stands there once, with the owner who talked longest (of equal ones the
//! later). What must be heard besides is told by risk rules. Marked mystery contacts are none.

use crate::facts::Fact;
use crate::quality::Assurance;
use cordboard_centre::quality::sampling::Candidate;
use cordboard_floor::contact::ContactEnd;
use cordboard_floor::{AgentId, CodeId, ContactId, Instant, Millis};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The rules that say that a contact must be heard.
pub mod risks {
    use cordboard_floor::RuleId;

    /// Its wrap-up code says that somebody complained.
    pub const COMPLAINT: RuleId = RuleId::fixed("risk.complaint");
    /// Its caller was not satisfied.
    pub const LOW_SATISFACTION: RuleId = RuleId::fixed("risk.low_satisfaction");
    /// Its caller came again soon.
    pub const REPEAT_CALL: RuleId = RuleId::fixed("risk.repeat_call");
    /// It was held for long.
    pub const LONG_HOLD: RuleId = RuleId::fixed("risk.long_hold");

    /// All of them, the most urgent first.
    pub const ALL: [RuleId; 4] = [COMPLAINT, LOW_SATISFACTION, REPEAT_CALL, LONG_HOLD];
}

/// From when on a contact must be heard.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskTerms {
    /// Held longer than this in all.
    pub long_hold_ms: Millis,
    /// Its caller came again within this.
    pub repeat_within_ms: Millis,
    /// A survey with an answer of this or less.
    pub low_satisfaction_to: u8,
    /// Codes that say that somebody complained.
    pub complaint_codes: Vec<CodeId>,
}

impl Default for RiskTerms {
    fn default() -> Self {
        Self {
            long_hold_ms: Millis::from_secs(120),
            repeat_within_ms: Millis::from_secs(86_400),
            low_satisfaction_to: 2,
            complaint_codes: vec![CodeId::fixed("complaint")],
        }
    }
}

/// The fold of facts into candidates.
#[derive(Clone, Debug)]
pub struct Candidates {
    from: Instant,
    until: Instant,
    terms: RiskTerms,
    /// Of contacts that go on or ended within the range: by agent.
    handled: BTreeMap<ContactId, Vec<Part>>,
    ended: BTreeMap<ContactId, Instant>,
    codes: BTreeMap<ContactId, Vec<(AgentId, CodeId)>>,
    repeated: BTreeSet<ContactId>,
}

/// One owner's part.
#[derive(Clone, Debug)]
struct Part {
    candidate: Candidate,
    hold_ms: u64,
}

impl Candidates {
    /// Of contacts that end at or after `from` and before `until`.
    pub const fn new(from: Instant, until: Instant, terms: RiskTerms) -> Self {
        Self {
            from,
            until,
            terms,
            handled: BTreeMap::new(),
            ended: BTreeMap::new(),
            codes: BTreeMap::new(),
            repeated: BTreeSet::new(),
        }
    }

    /// Takes a fact, in the order of the log. Facts of after the range matter too: the work after a contact, and who came again.
    pub fn take(&mut self, fact: &Fact) {
        match fact {
            Fact::Handling(fact) if fact.from < self.until => {
                let candidate = Candidate {
                    contact: fact.contact,
                    agent: fact.agent,
                    team: fact.team,
                    queue: fact.queue,
                    channel: fact.channel,
                    at: fact.to,
                    talk_ms: fact.talk_ms,
                    tenure_days: 0,
                    outcome: None,
                    risks: Vec::new(),
                };
                let part = Part { candidate, hold_ms: fact.hold_ms.0 };
                self.handled.entry(fact.contact).or_default().push(part);
            }
            Fact::Contact(fact) => {
                if fact.end == ContactEnd::Handled && (self.from..self.until).contains(&fact.to) {
                    self.ended.insert(fact.contact, fact.to);
                } else {
                    self.handled.remove(&fact.contact);
                }
            }
            Fact::WrapUp(fact) if self.handled.contains_key(&fact.contact) => {
                self.codes.entry(fact.contact).or_default().push((fact.agent, fact.code));
            }
            Fact::Repeat(fact) if fact.after_ms() <= self.terms.repeat_within_ms => {
                if self.ended.contains_key(&fact.contact) {
                    self.repeated.insert(fact.contact);
                }
            }
            _ => {}
        }
    }

    /// What could be listened to, by contact; `known` says what no fact does.
    pub fn finish(mut self, known: &Assurance) -> Vec<Candidate> {
        let ended = std::mem::take(&mut self.ended);
        let each = ended.into_iter().filter(|(contact, _)| !known.desk().is_mystery(*contact));
        each.filter_map(|(contact, at)| self.candidate(contact, at, known)).collect()
    }

    fn candidate(&self, contact: ContactId, at: Instant, known: &Assurance) -> Option<Candidate> {
        let parts = self.handled.get(&contact)?;
        let hold_ms: u64 = parts.iter().map(|part| part.hold_ms).sum();
        let longest = parts.iter().max_by_key(|part| part.candidate.talk_ms)?;
        let agent = longest.candidate.agent;
        let codes = self.codes.get(&contact).map_or(&[][..], Vec::as_slice);
        let outcome = codes.iter().find(|(whose, _)| *whose == agent).map(|(_, code)| *code);
        let complained = codes.iter().any(|(_, code)| self.terms.complaint_codes.contains(code));
        let dissatisfied =
            known.worst_score(contact).is_some_and(|score| score <= self.terms.low_satisfaction_to);
        let told = [
            (risks::COMPLAINT, complained),
            (risks::LOW_SATISFACTION, dissatisfied),
            (risks::REPEAT_CALL, self.repeated.contains(&contact)),
            (risks::LONG_HOLD, hold_ms > self.terms.long_hold_ms.0),
        ];
        Some(Candidate {
            at,
            tenure_days: known.tenure_days(agent, at),
            outcome,
            risks: told.into_iter().filter(|(_, holds)| *holds).map(|(rule, _)| rule).collect(),
            ..longest.candidate.clone()
        })
    }
}
