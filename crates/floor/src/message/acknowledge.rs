//! `message.acknowledge`: an agent has read it. Said twice it counts once.

use crate::decider::Done;
use crate::event::MessageAcknowledged;
use crate::id::{AgentId, MessageId};
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};

impl Work<'_> {
    pub(crate) fn acknowledge_message(&mut self, message: MessageId, agent: AgentId) -> Verdict {
        let ix = self.known_agent(agent)?;
        let known = self.floor.messages.get(&message).ok_or(Refusal::UnknownMessage(message))?;
        match known.addressed.get(&ix) {
            None => Err(Refusal::NotAddressed(message, agent)),
            Some(Some(seq)) => Ok(Done { seq: *seq }),
            Some(None) => {
                self.emit(MessageAcknowledged { message, agent });
                self.done()
            }
        }
    }
}
