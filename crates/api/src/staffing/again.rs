//! Adherence reckoned anew from the log, beside the plan and the exceptions as they are now: as if all of it had been known from the
//! first event on. What the live book has let go of, and says is `stale`, is told here as it is.

use cordboard_centre::{Centre, Record};
use cordboard_engine::{FeedFault, Past};
use cordboard_floor::{Actor, Instant, Millis, Recorded, SiteId};
use cordboard_workforce::adherence::{AROUND_MS, AdherenceBook};
use cordboard_workforce::event::{ExceptionGranted, ShiftAssigned, ShiftChanged, TermsApplied};
use cordboard_workforce::id::ShiftId;
use cordboard_workforce::shift::{ChangeWhy, Shift};
use cordboard_workforce::{Event, Terms, Workforce};

/// What is planned now, taken out of a desk: folding the log may last, and holds nobody up.
#[derive(Clone, Debug, Default)]
pub struct PlanNow {
    shifts: Vec<(ShiftId, Shift)>,
    exceptions: Vec<ExceptionGranted>,
}

impl PlanNow {
    /// These shifts as they are, and every exception that stands.
    pub fn of(desk: &Workforce, wanted: &dyn Fn(&Shift) -> bool) -> Self {
        let shifts = desk.shifts().filter(|(_, shift)| wanted(shift));
        Self {
            shifts: shifts.map(|(id, shift)| (id, shift.clone())).collect(),
            exceptions: desk.exceptions().cloned().collect(),
        }
    }

    /// Its shifts.
    pub fn shifts(&self) -> &[(ShiftId, Shift)] {
        &self.shifts
    }

    /// Folds what people did, up to a moment, beside this plan. The terms are those that held when the last of the shifts was over.
    ///
    /// # Errors
    /// [`FeedFault`] if the log cannot be read.
    pub fn again(&self, past: &Past<Centre>, now: Instant) -> Result<AdherenceBook, FeedFault> {
        let mut book = AdherenceBook::new();
        let Some(end) = self.shifts.iter().map(|(_, shift)| shift.sketch.until).max() else {
            return Ok(book);
        };
        let end = end.plus(Millis(AROUND_MS));
        let mut terms = Terms::default();
        past.each(1, past.last(), |recorded| {
            if let Some(Event::TermsApplied(event)) = recorded.event.workforce() {
                terms = event.terms.clone();
            }
            recorded.at <= end
        })?;
        let mut tell = |event: Event| {
            let (site, actor) = (SiteId::fixed("again"), Actor::system("again"));
            let recorded =
                Recorded { seq: 0, at: Default::default(), site, actor, reason: None, cause: None, event };
            book.take(&recorded);
        };
        tell(TermsApplied { terms }.into());
        for (id, shift) in &self.shifts {
            let (sketch, shift_id) = (shift.sketch.clone(), *id);
            let assigned = sketch.clone();
            tell(ShiftAssigned { shift: shift_id, roster: None, overtime: None, sketch: assigned }.into());
            let (away, why) = (shift.away.clone(), ChangeWhy::Planner);
            tell(ShiftChanged { shift: shift_id, sketch, away, why, was: 0, by: None }.into());
        }
        for exception in &self.exceptions {
            tell(exception.clone().into());
        }
        past.each(1, past.last(), |recorded| {
            if let Some(recorded) = recorded.floor() {
                book.take_floor(&recorded);
            }
            recorded.at <= end
        })?;
        book.advance(now.min(end));
        Ok(book)
    }
}
