//! A leader's word to a team, or to all. One that asks for an acknowledgement stands until everyone who was there has given
//! it; the floor keeps who has, and never what it says.

mod acknowledge;
mod send;

use crate::agent::AgentIx;
use crate::event::Event;
use crate::floor::Floor;
use crate::id::MessageId;
use crate::limits;
use alloc::collections::BTreeMap;
use serde::{Deserialize, Serialize};

/// A message that asks for an acknowledgement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Whom it was sent to, and the event with which each acknowledged it.
    pub addressed: BTreeMap<AgentIx, Option<u64>>,
}

impl Floor {
    /// Messages that ask for an acknowledgement, as far as the floor remembers them, the oldest first.
    pub fn messages(&self) -> impl Iterator<Item = (MessageId, &Message)> {
        self.messages.iter().map(|(id, message)| (*id, message))
    }

    pub(crate) fn take_message(&mut self, seq: u64, event: &Event) {
        match event {
            Event::TeamMessaged(event) if event.acknowledge => {
                let addressed = event.addressed.iter().filter_map(|agent| self.agent_ix(*agent));
                let message = Message { addressed: addressed.map(|agent| (agent, None)).collect() };
                self.messages.insert(event.message.unwrap_or(MessageId(seq)), message);
                while self.messages.len() > limits::MESSAGES_MAX {
                    self.messages.pop_first();
                }
            }
            Event::MessageAcknowledged(event) => {
                let agent = self.agent_ix(event.agent);
                let message = self.messages.get_mut(&event.message);
                if let (Some(agent), Some(message)) = (agent, message) {
                    message.addressed.insert(agent, Some(seq));
                }
            }
            _ => {}
        }
    }
}
