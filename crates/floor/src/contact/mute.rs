//! 静音: an agent on a contact who is not heard on it. It is hers alone, whatever part she plays, and ends with her part:
//! whoever comes onto a contact is heard.

use crate::decider::Done;
use crate::event::{ContactMuted, ContactUnmuted};
use crate::id::{AgentId, ContactId};
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};

impl Work<'_> {
    pub(crate) fn mute(&mut self, contact: ContactId, agent: AgentId) -> Verdict {
        if !self.is_muted(contact, agent)? {
            self.emit(ContactMuted { contact, agent });
        }
        Ok(Done { seq: self.known_contact(contact)?.seq })
    }

    pub(crate) fn unmute(&mut self, contact: ContactId, agent: AgentId) -> Verdict {
        if self.is_muted(contact, agent)? {
            self.emit(ContactUnmuted { contact, agent });
        }
        Ok(Done { seq: self.known_contact(contact)?.seq })
    }

    /// Of an agent on a live contact, or the refusal.
    fn is_muted(&self, contact: ContactId, agent: AgentId) -> Result<bool, Refusal> {
        let ix = self.known_agent(agent)?;
        let known = self.live_contact(contact)?;
        if !known.participants.iter().any(|(on, _)| *on == ix) {
            return Err(Refusal::NotOnContact(contact, agent));
        }
        Ok(self.agent(ix).on(contact).is_some_and(|hand| hand.muted))
    }
}
