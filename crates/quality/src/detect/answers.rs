//! Slow answers, and offers that rang out: whether agents answer within the set time (P 2.6(5), E 一(二)).

use super::excused::Excused;
use super::run::{Run, RunTerms};
use super::{Found, rules};
use cordboard_floor::{AgentId, Event, Instant, Millis, OfferId, Recorded};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerTerms {
    /// How long it may ring at her before she accepts.
    #[serde(default)]
    pub ring_ms_max: Option<Millis>,
    /// How often it may ring out.
    #[serde(default)]
    pub missed: Option<RunTerms>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answers {
    ringing: BTreeMap<OfferId, (u64, Instant)>,
    missed: BTreeMap<AgentId, Run>,
}

impl Answers {
    pub(super) fn see(
        &mut self,
        recorded: &Recorded<Event>,
        terms: &AnswerTerms,
        excused: &Excused,
        found: &mut Vec<Found>,
    ) {
        if let Event::OfferCreated(event) = &recorded.event {
            self.ringing.insert(event.offer, (recorded.seq, recorded.at));
            return;
        }
        let Some(rang) = recorded.event.ends_offer().and_then(|offer| self.ringing.remove(&offer)) else {
            return;
        };
        match &recorded.event {
            Event::OfferAccepted(event) => {
                if let Some(most) = terms.ring_ms_max {
                    found.extend(Found::too_long(
                        rules::SLOW_ANSWER,
                        event.agent,
                        rang,
                        (recorded.seq, recorded.at),
                        most,
                        excused,
                    ));
                }
            }
            Event::OfferTimedOut(event) => {
                if let Some(most) = terms.missed {
                    self.missed(event.agent, recorded, most, excused, found);
                }
            }
            _ => {}
        }
    }

    fn missed(
        &mut self,
        agent: AgentId,
        recorded: &Recorded<Event>,
        most: RunTerms,
        excused: &Excused,
        found: &mut Vec<Found>,
    ) {
        if excused.at(agent, rules::MISSED_OFFERS, recorded.at) {
            return;
        }
        let run = self.missed.entry(agent).or_default().add(recorded.seq, recorded.at, most);
        found.extend(run.map(|run| Found::of_run(rules::MISSED_OFFERS, agent, &run, most)));
    }
}

impl Found {
    /// Something that happened once too often.
    pub(super) fn of_run(
        rule: cordboard_floor::RuleId,
        agent: AgentId,
        run: &[(u64, Instant)],
        most: RunTerms,
    ) -> Self {
        let (first, last) = (run[0], run[run.len() - 1]);
        Self {
            rule,
            agent,
            episode: first.0,
            evidence: run.iter().map(|(seq, _)| *seq).collect(),
            from: first.1,
            until: last.1,
            measured: run.len() as i64,
            allowed: i64::from(most.allowed),
        }
    }
}
