//! 小休超时: a break that lasted beyond its allowance and a grace. Found when she comes back, goes elsewhere or signs out.

use super::excused::Excused;
use super::{Found, Reasons, allowed_ms, beyond, rules, shown_ms};
use cordboard_floor::{AgentId, Event, Instant, Millis, Recorded};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreakTerms {
    /// Beyond the allowance of its reason.
    pub grace_ms: Millis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Away {
    seq: u64,
    until: Instant,
    /// The floor's own word that it overran.
    overran: Option<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Breaks(BTreeMap<AgentId, Away>);

impl Breaks {
    pub(super) fn see(
        &mut self,
        recorded: &Recorded<Event>,
        terms: &BreakTerms,
        (excused, reasons): (&Excused, &Reasons),
        found: &mut Vec<Found>,
    ) {
        let (agent, next) = match &recorded.event {
            Event::AgentBreakOverran(event) => {
                if let Some(away) = self.0.get_mut(&event.agent) {
                    away.overran = Some(recorded.seq);
                }
                return;
            }
            Event::AgentNotReady(event) => {
                let is_break = reasons.is_break(event.reason.slug, event.allowed_until.is_some());
                (event.agent, event.allowed_until.filter(|_| is_break))
            }
            Event::AgentReady(event) => (event.agent, None),
            Event::AgentSignedOut(event) => (event.agent, None),
            _ => return,
        };
        if let Some(away) = self.0.remove(&agent) {
            let over = excused.left(agent, rules::BREAK_OVERRUN, away.until, recorded.at);
            if beyond(over, terms.grace_ms) {
                let evidence = [Some(away.seq), away.overran, Some(recorded.seq)];
                found.push(Found {
                    rule: rules::BREAK_OVERRUN,
                    agent,
                    episode: away.seq,
                    evidence: evidence.into_iter().flatten().collect(),
                    from: away.until,
                    until: recorded.at,
                    measured: shown_ms(over),
                    allowed: allowed_ms(terms.grace_ms),
                });
            }
        }
        if let Some(until) = next {
            self.0.insert(agent, Away { seq: recorded.seq, until, overran: None });
        }
    }
}
