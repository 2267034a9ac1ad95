//! The caller hangs up, wherever she is by then.

use crate::actor::reasons;
use crate::contact::{ContactEnd, EndedBy, Stage, VisitEnd};
use crate::decider::Done;
use crate::event::ContactEnded;
use crate::id::ContactId;
use crate::refusal::OfferEnd;
use crate::work::{Verdict, Work};

impl Work<'_> {
    /// Withdrawing what rings is part of the same transition, so no agent answers a dead line.
    pub(crate) fn abandon(&mut self, contact: ContactId) -> Verdict {
        let known = self.known_contact(contact)?;
        if known.ended.is_some() {
            return Ok(Done { seq: known.seq });
        }
        if known.is_dialled() {
            // Whoever was dialled is gone again, or never was there.
            self.give_up_dialling(contact, reasons::NOT_ANSWERED);
            return self.done();
        }
        if !known.has_leg() {
            // Her leg is down as expected: she is called back.
            return Ok(Done { seq: known.seq });
        }
        if !known.participants.is_empty() {
            self.end_conversation(contact, EndedBy::Caller);
            return self.done();
        }
        let (visit, offer) = (known.visit, known.offer);
        let stage = match (visit, offer) {
            (Some(_), Some(_)) => Stage::Ringing,
            (Some(_), None) => Stage::Queue,
            (None, Some(_)) => Stage::Transfer,
            (None, None) => Stage::Menu,
        };
        self.end_offers(contact, OfferEnd::Cancelled, reasons::CALLER_LEFT);
        self.end_visit(contact, VisitEnd::Abandoned);
        self.emit(ContactEnded { contact, end: ContactEnd::Abandoned(stage), by: EndedBy::Caller });
        self.done()
    }
}
