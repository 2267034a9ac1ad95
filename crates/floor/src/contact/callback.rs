//! 回拨: the place in line is the contact, not the phone leg. The caller hangs up; the contact keeps its
//! visit; when an agent has taken it the caller is dialled, and if she is not reached the contact goes
//! back to its place after a while.

use crate::event::{Event, Number};
use crate::floor::Floor;
use crate::id::ContactId;
use crate::refusal::Refusal;
use crate::time::Instant;
use crate::work::{Verdict, Work};

impl Work<'_> {
    pub(crate) fn request_callback(&mut self, contact: ContactId, _number: Option<Number>) -> Verdict {
        Err(Refusal::NoCallback(contact))
    }

    pub(crate) fn answer_callback(&mut self, contact: ContactId) -> Verdict {
        Err(Refusal::NotDialled(contact))
    }

    pub(crate) fn fail_callback(&mut self, contact: ContactId) -> Verdict {
        Err(Refusal::NotDialled(contact))
    }

    /// A caller who was not reached is to be dialled again.
    pub(crate) fn retry_callback(&mut self, _contact: ContactId) {}

    /// It has rung long enough at a caller.
    pub(crate) fn ring_out_callback(&mut self, _contact: ContactId) {}

    /// A promise to call back no longer holds.
    pub(crate) fn expire_callback(&mut self, _contact: ContactId) {}
}

impl Floor {
    pub(crate) fn take_callback(&mut self, _seq: u64, _at: Instant, _event: &Event) {}
}
