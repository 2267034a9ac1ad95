//! 未按正常程序退出: her link was lost and she did not come back, so the engine signed her out. A link that our own restart or
//! stopping cut is not hers to answer for; who comes back in time has not left.

use super::Found;
use super::excused::Excused;
use super::{micros, rules, shown_ms};
use cordboard_floor::actor::reasons;
use cordboard_floor::{Actor, AgentId, Event, Instant, Recorded};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOutTerms {
    /// Whether a sign-out that a leader forced is one not by procedure.
    #[serde(default)]
    pub forced: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Lost {
    seq: u64,
    at: Instant,
    hers: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SignOuts(BTreeMap<AgentId, Lost>);

impl SignOuts {
    pub(super) fn see(
        &mut self,
        recorded: &Recorded<Event>,
        terms: &SignOutTerms,
        excused: &Excused,
        found: &mut Vec<Found>,
    ) {
        match &recorded.event {
            Event::AgentUnreachable(event) => {
                let hers = recorded.reason == Some(reasons::LINK_LOST);
                self.0.insert(event.agent, Lost { seq: recorded.seq, at: recorded.at, hers });
            }
            Event::AgentReachable(event) => {
                self.0.remove(&event.agent);
            }
            Event::AgentSignedOut(event) => {
                let agent = event.agent;
                let lost = self.0.remove(&agent);
                let by_timer = recorded.reason == Some(reasons::LINK_LOST);
                let by_leader = terms.forced && matches!(recorded.actor, Actor::Leader(_));
                let began = match lost {
                    Some(lost) if by_timer && lost.hers => lost,
                    _ if by_leader => Lost { seq: recorded.seq, at: recorded.at, hers: false },
                    _ => return,
                };
                if excused.at(agent, rules::SIGN_OUT, began.at)
                    || excused.at(agent, rules::SIGN_OUT, recorded.at)
                {
                    return;
                }
                let mut evidence = vec![began.seq, recorded.seq];
                evidence.dedup();
                found.push(Found {
                    rule: rules::SIGN_OUT,
                    agent,
                    episode: began.seq,
                    evidence,
                    from: began.at,
                    until: recorded.at,
                    measured: shown_ms(micros(began.at, recorded.at)),
                    allowed: 0,
                });
            }
            _ => {}
        }
    }
}
