//! A callback that was promised and came late, or never. It is held against nobody who was not asked: the agent to whom it
//! was offered last answers for it, and one that was offered to nobody is for the figures and not for a talk.

use super::excused::Excused;
use super::{Found, allowed_ms, beyond, micros, rules, shown_ms};
use cordboard_floor::contact::ContactEnd;
use cordboard_floor::{AgentId, ContactId, Event, Instant, Millis, Recorded};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromiseTerms {
    /// So long after its time the caller may be dialled.
    pub grace_ms: Millis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Promise {
    seq: u64,
    at: Instant,
    by: Instant,
    offered: Option<(AgentId, u64)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Promises(BTreeMap<ContactId, Promise>);

impl Promises {
    pub(super) fn see(
        &mut self,
        recorded: &Recorded<Event>,
        terms: &PromiseTerms,
        excused: &Excused,
        found: &mut Vec<Found>,
    ) {
        let (seq, at) = (recorded.seq, recorded.at);
        match &recorded.event {
            Event::CallbackRequested(event) => {
                self.0.insert(event.contact, Promise { seq, at, by: event.expires_at, offered: None });
            }
            Event::OfferCreated(event) => {
                if let Some(promise) = self.0.get_mut(&event.contact) {
                    promise.offered = Some((event.agent, seq));
                }
            }
            // Whether she is reached is hers to say: it was tried in time, or not.
            Event::CallbackDialled(event) => {
                let Some(promise) = self.0.remove(&event.contact) else { return };
                if beyond(micros(promise.by, at), terms.grace_ms) {
                    promise.find((seq, at), excused, found);
                }
            }
            Event::ContactEnded(event) => {
                let Some(promise) = self.0.remove(&event.contact) else { return };
                if event.end == ContactEnd::Expired && at >= promise.by {
                    promise.find((seq, at), excused, found);
                }
            }
            _ => {}
        }
    }
}

impl Promise {
    fn find(self, (seq, until): (u64, Instant), excused: &Excused, found: &mut Vec<Found>) {
        let Some((agent, offered)) = self.offered else { return };
        let rule = rules::PROMISE_BREACH;
        if excused.at(agent, rule, self.by) {
            return;
        }
        found.push(Found {
            rule,
            agent,
            episode: self.seq,
            evidence: vec![self.seq, offered, seq],
            from: self.at,
            until,
            measured: shown_ms(micros(self.at, until)),
            allowed: allowed_ms(self.by.since(self.at)),
        });
    }
}
