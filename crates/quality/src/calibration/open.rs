//! Opening a round, and who may begin an evaluation in it.

use crate::evaluation::{Draft, Rater};
use crate::event::CalibrationOpened;
use crate::id::{FormId, RoundId};
use crate::limits::{ROUND_RATERS_MAX, ROUNDS_MAX, TERM_MS_MAX};
use crate::refusal::{Refusal, at_most};
use crate::work::{Verdict, Work};
use cordboard_floor::{AccountId, AgentId, ContactId, Instant};
use std::collections::BTreeSet;

/// What is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calibration {
    /// Which contact.
    pub contact: ContactId,
    /// Whose part in it.
    pub agent: AgentId,
    /// By which form.
    pub form: FormId,
    /// In which version.
    pub version: u32,
    /// Who marks: at least two.
    pub raters: Vec<AccountId>,
    /// Until when.
    pub close_by: Instant,
    /// Who opens it.
    pub account: AccountId,
}

impl Work<'_> {
    pub(crate) fn open_calibration(&mut self, calibration: Calibration) -> Verdict {
        let Calibration { contact, agent, form, version, raters, close_by, account: by } = calibration;
        if !self.desk.forms.contains_key(&(form, version)) {
            return Err(Refusal::UnknownForm(form, version));
        }
        let invalid = |what, why| Err(Refusal::Invalid { what, why });
        if !(1..=self.desk.seq).contains(&contact.0) {
            return invalid("contact", "no event of the log has that number");
        }
        at_most("raters of a round", raters.len() as u64, ROUND_RATERS_MAX as u64)?;
        if raters.len() < 2 || raters.iter().collect::<BTreeSet<_>>().len() != raters.len() {
            return invalid("raters", "are fewer than two, or one is named twice");
        }
        if close_by <= self.stamp.at {
            return invalid("close_by", "is over already");
        }
        at_most("round, ms", close_by.since(self.stamp.at).0, TERM_MS_MAX)?;
        let open = self.desk.rounds.values().filter(|round| !round.closed).count();
        at_most("rounds that are open", open as u64 + 1, ROUNDS_MAX as u64)?;
        let round = RoundId(self.next_seq());
        self.emit(CalibrationOpened { round, contact, agent, form, version, raters, close_by, by });
        self.done()
    }

    /// An evaluation in a round is of its contact, by its form, by one of its raters, while it is open.
    pub(crate) fn check_round(&self, draft: &Draft) -> Result<(), Refusal> {
        let Some(id) = draft.round else { return Ok(()) };
        let round = self.desk.rounds.get(&id).ok_or(Refusal::UnknownRound(id))?;
        if draft.rater != Rater::Calibration {
            return Err(Refusal::Invalid { what: "round", why: "is for calibration alone" });
        }
        if !round.raters.contains(&draft.account) {
            return Err(Refusal::NotInRound(id, draft.account));
        }
        if round.closed {
            return Err(Refusal::RoundClosed(id));
        }
        let same = (round.contact, round.agent, round.form, round.version)
            == (draft.contact, draft.agent, draft.form, draft.version);
        if same {
            Ok(())
        } else {
            Err(Refusal::Invalid { what: "round", why: "is of another contact or agent, or by another form" })
        }
    }
}
