//! Words to teams, lately sent, and who has acknowledged them. What they say stays sealed.

use super::Board;
use cordboard_floor::event::{Event, Sealed};
use cordboard_floor::{Actor, AgentId, Instant, MessageId, Recorded, TeamId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Messages kept; beyond it the oldest is in the log alone.
pub const MESSAGES_KEPT_MAX: usize = 200;

/// A word to a team, or to all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageRow {
    /// Which.
    pub message: MessageId,
    /// When it was sent.
    pub at: Instant,
    /// By whom.
    pub actor: Actor,
    /// To whom; nobody named is everybody.
    pub team: Option<TeamId>,
    /// What, sealed.
    pub text: Sealed,
    /// Whether it asks for an acknowledgement.
    pub acknowledge: bool,
    /// Of whom, and when they gave it.
    pub addressed: BTreeMap<AgentId, Option<Instant>>,
}

impl MessageRow {
    /// Whether an agent has yet to acknowledge it.
    pub fn waits_for(&self, agent: AgentId) -> bool {
        self.addressed.get(&agent).is_some_and(Option::is_none)
    }
}

impl Board {
    /// The messages sent lately, the oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &MessageRow> + ExactSizeIterator {
        self.messages.values()
    }

    pub(super) fn take_message(&mut self, recorded: &Recorded<Event>) {
        match &recorded.event {
            Event::TeamMessaged(event) => {
                let row = MessageRow {
                    message: event.message.unwrap_or(MessageId(recorded.seq)),
                    at: recorded.at,
                    actor: recorded.actor,
                    team: event.team,
                    text: event.text.clone(),
                    acknowledge: event.acknowledge,
                    addressed: event.addressed.iter().map(|agent| (*agent, None)).collect(),
                };
                self.messages.insert(row.message, row);
                while self.messages.len() > MESSAGES_KEPT_MAX {
                    self.messages.pop_first();
                }
            }
            Event::MessageAcknowledged(event) => {
                if let Some(row) = self.messages.get_mut(&event.message) {
                    row.addressed.insert(event.agent, Some(recorded.at));
                }
            }
            _ => {}
        }
    }
}
