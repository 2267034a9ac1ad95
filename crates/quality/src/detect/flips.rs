//! Flips: not ready for a second and ready again, by which a place in line or a call is avoided; and a change of state while an offer
//! rings, which declines it. What a leader or the system did is none.

use super::Found;
use super::excused::Excused;
use super::run::{Run, RunTerms};
use super::{beyond, micros, rules};
use cordboard_floor::actor::reasons;
use cordboard_floor::{Actor, AgentId, Event, Instant, Millis, Recorded};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlipTerms {
    /// Not ready for at most so long is a flip.
    pub flip_ms_max: Millis,
    /// How often.
    #[serde(default)]
    pub idle: Option<RunTerms>,
    /// How often while an offer rings.
    #[serde(default)]
    pub under_offer: Option<RunTerms>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Flips {
    /// Since when she is not ready, by her own hand out of being ready.
    away: BTreeMap<AgentId, (u64, Instant)>,
    ready: BTreeMap<AgentId, bool>,
    idle: BTreeMap<AgentId, Run>,
    under_offer: BTreeMap<AgentId, Run>,
}

impl Flips {
    pub(super) fn see(
        &mut self,
        recorded: &Recorded<Event>,
        terms: &FlipTerms,
        excused: &Excused,
        found: &mut Vec<Found>,
    ) {
        let (seq, at) = (recorded.seq, recorded.at);
        let own = |agent| recorded.actor == Actor::Agent(agent);
        match &recorded.event {
            Event::AgentNotReady(event) => {
                let agent = event.agent;
                self.away.remove(&agent);
                if self.ready.insert(agent, false) == Some(true) && own(agent) {
                    self.away.insert(agent, (seq, at));
                }
            }
            Event::AgentReady(event) => {
                let agent = event.agent;
                self.ready.insert(agent, true);
                let Some((began, since)) = self.away.remove(&agent) else { return };
                let flip = own(agent) && !beyond(micros(since, at), terms.flip_ms_max);
                let Some(most) = terms.idle.filter(|_| flip) else { return };
                if !excused.at(agent, rules::IDLE_FLIPS, at) {
                    let run = self.idle.entry(agent).or_default().add(began, since, most);
                    found.extend(run.map(|run| {
                        let mut flips = Found::of_run(rules::IDLE_FLIPS, agent, &run, most);
                        // The last one ends here.
                        flips.evidence.push(seq);
                        flips.until = at;
                        flips
                    }));
                }
            }
            Event::AgentSignedOut(event) => {
                self.away.remove(&event.agent);
                self.ready.remove(&event.agent);
            }
            Event::OfferRejected(event) if recorded.reason == Some(reasons::STATE_CHANGED) => {
                let agent = event.agent;
                let Some(most) = terms.under_offer else { return };
                if !excused.at(agent, rules::FLIP_UNDER_OFFER, at) {
                    let run = self.under_offer.entry(agent).or_default().add(seq, at, most);
                    found.extend(run.map(|run| Found::of_run(rules::FLIP_UNDER_OFFER, agent, &run, most)));
                }
            }
            _ => {}
        }
    }
}
