//! 神秘顾客: an outsider called as a customer. Such a contact has a form of its own and leaves samples, satisfaction and
//! figures. Said once, it stays said.

use crate::event::{ContactMarkedMystery, ContactReplayed};
use crate::limits::MYSTERY_CONTACTS_MAX;
use crate::quality::Quality;
use crate::refusal::{Refusal, at_most};
use crate::work::{Verdict, Work};
use cordboard_floor::decider::Done;
use cordboard_floor::{AccountId, ContactId};

impl Quality {
    /// Whether it is a mystery contact.
    pub fn is_mystery(&self, contact: ContactId) -> bool {
        self.mystery.contains_key(&contact)
    }

    /// All of them, the oldest first.
    pub fn mystery_contacts(&self) -> impl Iterator<Item = ContactId> {
        self.mystery.keys().copied()
    }
}

impl Work<'_> {
    pub(crate) fn mark_mystery(&mut self, contact: ContactId, by: AccountId) -> Verdict {
        if let Some(seq) = self.desk.mystery.get(&contact) {
            return Ok(Done { seq: *seq });
        }
        self.known_number(contact)?;
        at_most("mystery contacts", self.desk.mystery.len() as u64 + 1, MYSTERY_CONTACTS_MAX as u64)?;
        self.emit(ContactMarkedMystery { contact, by });
        self.done()
    }

    /// Each look is told, also a second one.
    pub(crate) fn note_replay(&mut self, contact: ContactId, by: AccountId) -> Verdict {
        self.known_number(contact)?;
        self.emit(ContactReplayed { contact, by });
        self.done()
    }

    /// Refuses a contact that no event of the log can have made.
    pub(crate) fn known_number(&self, contact: ContactId) -> Result<(), Refusal> {
        if (1..=self.desk.seq).contains(&contact.0) {
            Ok(())
        } else {
            Err(Refusal::Invalid { what: "contact", why: "no event of the log has that number" })
        }
    }
}
