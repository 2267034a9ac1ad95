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
        if let Some(offer) = offer {
            self.end_offer(offer, OfferEnd::Cancelled, reasons::CALLER_LEFT);
        }
        self.end_visit(contact, VisitEnd::Abandoned);
        self.emit(ContactEnded { contact, end: ContactEnd::Abandoned(stage), by: EndedBy::Caller });
        self.done()
    }
}
