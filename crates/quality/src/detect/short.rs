//! Conversations that the agent ended too soon: a silent call (无声电话: greet, wait 2 s, greet twice more, close) that cannot have been led by
//! the script, and a call answered and dropped at once. Which call was silent its wrap-up code says, so it is found then; one that
//! was dropped at once is that alone, whatever its code.

use super::excused::Excused;
use super::{Found, allowed_ms, micros, rules, shown_ms};
use cordboard_floor::contact::{EndedBy, Role};
use cordboard_floor::{AgentId, CodeId, ContactId, Event, Instant, Millis, Recorded, RuleId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long a conversation must last at least, if the agent ends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortTerms {
    /// A silent call.
    pub silent_ms_min: Millis,
    /// The wrap-up codes that say it was one; none named: no call is known to be silent.
    #[serde(default)]
    pub silent_codes: Vec<CodeId>,
    /// Any call.
    pub drop_ms_min: Millis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Talk {
    contact: ContactId,
    began: (u64, Instant),
    ended: (u64, Instant),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Short {
    /// Who owns which conversation, and since when.
    talking: BTreeMap<ContactId, (AgentId, u64, Instant)>,
    /// The last one that each agent ended soon, until its code is known.
    unnamed: BTreeMap<AgentId, Talk>,
}

impl Short {
    pub(super) fn see(
        &mut self,
        recorded: &Recorded<Event>,
        terms: &ShortTerms,
        excused: &Excused,
        found: &mut Vec<Found>,
    ) {
        let (seq, at) = (recorded.seq, recorded.at);
        match &recorded.event {
            Event::ContactConnected(event) if event.role == Role::Owner => {
                self.talking.insert(event.contact, (event.agent, seq, at));
                self.unnamed.remove(&event.agent);
            }
            // Whoever takes it over later is judged by her own part.
            Event::ContactRoleChanged(event) if event.role == Role::Owner => {
                self.talking.insert(event.contact, (event.agent, seq, at));
            }
            Event::ContactLeft(event) => {
                if self.talking.get(&event.contact).is_some_and(|(agent, ..)| *agent == event.agent) {
                    self.talking.remove(&event.contact);
                }
            }
            Event::ContactEnded(event) => {
                let Some((agent, began, since)) = self.talking.remove(&event.contact) else { return };
                if event.by != EndedBy::Agent(agent) {
                    return;
                }
                let talk = Talk { contact: event.contact, began: (began, since), ended: (seq, at) };
                if talk.is_shorter_than(terms.drop_ms_min) {
                    talk.find(rules::ANSWER_THEN_DROP, agent, None, terms.drop_ms_min, excused, found);
                } else if talk.is_shorter_than(terms.silent_ms_min) {
                    self.unnamed.insert(agent, talk);
                }
            }
            Event::WrapupCompleted(event) => {
                let talk =
                    self.unnamed.get(&event.agent).filter(|talk| talk.contact == event.contact).copied();
                let Some(talk) = talk else { return };
                self.unnamed.remove(&event.agent);
                if terms.silent_codes.contains(&event.code) {
                    let rule = rules::SHORT_SILENT_CALL;
                    talk.find(rule, event.agent, Some(seq), terms.silent_ms_min, excused, found);
                }
            }
            _ => {}
        }
    }
}

impl Talk {
    fn is_shorter_than(&self, least: Millis) -> bool {
        micros(self.began.1, self.ended.1) < least.0.saturating_mul(1_000)
    }

    fn find(
        self,
        rule: RuleId,
        agent: AgentId,
        named: Option<u64>,
        least: Millis,
        excused: &Excused,
        found: &mut Vec<Found>,
    ) {
        let Self { began, ended, .. } = self;
        if excused.at(agent, rule, ended.1) {
            return;
        }
        let mut evidence = vec![began.0, ended.0];
        evidence.extend(named);
        found.push(Found {
            rule,
            agent,
            episode: began.0,
            evidence,
            from: began.1,
            until: ended.1,
            measured: shown_ms(micros(began.1, ended.1)),
            allowed: allowed_ms(least),
        });
    }
}
