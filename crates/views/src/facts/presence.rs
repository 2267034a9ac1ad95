//! An agent's day: spells of one activity each, which follow each other without gap or overlap from her
//! configuration on; not-ready times by reason with their allowances; breaks asked for.
//!
//! Spells are the board's own activities as they end ([`crate::board::Activity`]), so that a timeline and the
//! board can never say different things.

use super::{Evidence, Fact, Facts};
use crate::board::Activity;
use cordboard_floor::{AgentId, Event, Instant, Millis, Reason, Recorded, TeamId};
use serde::{Deserialize, Serialize};

/// A stretch of an agent's time with one activity, and while not ready with one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpellFact {
    /// Whose.
    pub agent: AgentId,
    /// Her team, then.
    pub team: Option<TeamId>,
    /// What filled it.
    pub activity: Activity,
    /// Why not ready, if she was.
    pub reason: Option<Reason>,
    /// Since when.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// The events it stands on.
    pub evidence: Evidence,
}

/// A stretch of being not ready for one reason, whatever was in hand meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotReadyFact {
    /// Whose.
    pub agent: AgentId,
    /// Her team, when it ended.
    pub team: Option<TeamId>,
    /// Why.
    pub reason: Reason,
    /// Whether the reason was a break when it began.
    pub is_break: bool,
    /// Since when.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// How long it may have lasted, if it had an allowance.
    pub allowance_ms: Option<Millis>,
    /// Whether the engine said that it overran (`agent.break_overran`).
    pub overran: bool,
    /// The events it stands on.
    pub evidence: Evidence,
}

impl NotReadyFact {
    /// How long it lasted.
    pub fn lasted_ms(&self) -> Millis {
        self.to.since(self.from)
    }

    /// By how much it lasted longer than allowed; 0 without an allowance.
    pub fn overrun_ms(&self) -> Millis {
        let allowed = self.allowance_ms.unwrap_or(Millis(u64::MAX));
        Millis(self.lasted_ms().0.saturating_sub(allowed.0))
    }
}

/// What became of a break that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakAnswer {
    /// Granted.
    Granted,
    /// Refused, or taken back.
    Refused,
    /// She left before it was answered.
    Gone,
}

/// A break asked for, from asking to the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakAskFact {
    /// Who asked.
    pub agent: AgentId,
    /// Her team, when it was answered.
    pub team: Option<TeamId>,
    /// For which.
    pub reason: Reason,
    /// When.
    pub from: Instant,
    /// When it was answered.
    pub to: Instant,
    /// How.
    pub answer: BreakAnswer,
    /// The events it stands on.
    pub evidence: Evidence,
}

/// What goes on with an agent's presence.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct OpenPresence {
    not_ready: Option<OpenNotReady>,
    pub(super) asked: Option<(Reason, Instant, u64)>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct OpenNotReady {
    reason: Reason,
    is_break: bool,
    from: Instant,
    first: u64,
    allowance_ms: Option<Millis>,
    overran: bool,
}

impl Facts {
    /// What goes on with the agents' time, as if it were over at a moment not before the last event: it stands on no last event yet.
    pub fn going_on(&self, at: Instant) -> Vec<Fact> {
        let evidence = |first| Evidence { first, last: 0 };
        let spells = self.board.agents().filter(|row| row.activity_since < at).map(|row| {
            Fact::Spell(SpellFact {
                agent: row.agent,
                team: row.team,
                activity: row.activity,
                reason: row.reason,
                from: row.activity_since,
                to: at,
                evidence: evidence(row.activity_seq),
            })
        });
        let not_ready = self.presences.iter().filter_map(|(agent, open)| {
            let open = open.not_ready?;
            Some(Fact::NotReady(NotReadyFact {
                agent: *agent,
                team: self.team(*agent),
                reason: open.reason,
                is_break: open.is_break,
                from: open.from,
                to: at.max(open.from),
                allowance_ms: open.allowance_ms,
                overran: open.overran,
                evidence: evidence(open.first),
            }))
        });
        spells.chain(not_ready).collect()
    }

    pub(super) fn take_presence(&mut self, recorded: &Recorded<Event>) {
        let (seq, at) = (recorded.seq, recorded.at);
        let Some(agent) = recorded.event.agent() else { return };
        let open = self.presences.entry(agent).or_default();
        match &recorded.event {
            // Whoever signs in is not ready, and does not say so in a second event.
            Event::AgentSignedIn(_) => {
                let reason = cordboard_floor::actor::reasons::SIGNED_IN;
                let begun = OpenNotReady {
                    reason,
                    is_break: false,
                    from: at,
                    first: seq,
                    allowance_ms: None,
                    overran: false,
                };
                let over = open.not_ready.replace(begun);
                self.end_not_ready(agent, over, at, seq);
            }
            Event::AgentNotReady(event) => {
                let is_break = self.board.agent(agent).is_some_and(|row| row.on_break);
                let begun = OpenNotReady {
                    reason: event.reason,
                    is_break,
                    from: at,
                    first: seq,
                    allowance_ms: event.allowed_until.map(|until| until.since(at)),
                    overran: false,
                };
                let over = open.not_ready.replace(begun);
                self.end_not_ready(agent, over, at, seq);
                self.answer_ask(agent, Some(event.reason), BreakAnswer::Granted, at, seq);
            }
            Event::AgentReady(_) => {
                let over = open.not_ready.take();
                self.end_not_ready(agent, over, at, seq);
            }
            Event::AgentSignedOut(_) => {
                let over = open.not_ready.take();
                self.end_not_ready(agent, over, at, seq);
                self.answer_ask(agent, None, BreakAnswer::Gone, at, seq);
            }
            Event::AgentBreakOverran(_) => {
                if let Some(not_ready) = &mut open.not_ready {
                    not_ready.overran = true;
                }
            }
            Event::AgentBreakRequested(event) => {
                self.answer_ask(agent, None, BreakAnswer::Refused, at, seq);
                self.presences.entry(agent).or_default().asked = Some((event.reason, at, seq));
            }
            Event::AgentBreakDecided(event) => {
                let answer = if event.granted { BreakAnswer::Granted } else { BreakAnswer::Refused };
                self.answer_ask(agent, None, answer, at, seq);
            }
            _ => {}
        }
    }

    fn end_not_ready(&mut self, agent: AgentId, over: Option<OpenNotReady>, at: Instant, seq: u64) {
        let Some(over) = over else { return };
        self.told.push(Fact::NotReady(NotReadyFact {
            agent,
            team: self.team(agent),
            reason: over.reason,
            is_break: over.is_break,
            from: over.from,
            to: at,
            allowance_ms: over.allowance_ms,
            overran: over.overran,
            evidence: Evidence { first: over.first, last: seq },
        }));
    }

    /// Answers what she asked for; where a reason is given, only if it was for that one.
    fn answer_ask(
        &mut self,
        agent: AgentId,
        reason: Option<Reason>,
        answer: BreakAnswer,
        at: Instant,
        seq: u64,
    ) {
        let Some(open) = self.presences.get_mut(&agent) else { return };
        let asked = open.asked.take_if(|(asked, _, _)| reason.is_none_or(|reason| reason == *asked));
        let Some((reason, from, first)) = asked else { return };
        let (team, evidence) = (self.team(agent), Evidence { first, last: seq });
        let fact = BreakAskFact { agent, team, reason, from, to: at, answer, evidence };
        self.told.push(Fact::BreakAsk(fact));
    }
}
