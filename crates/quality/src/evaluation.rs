//! 质检评价: one agent's part in one contact, marked by one evaluator with one form. Nothing is overwritten: what was
//! submitted stays beside what a review made of it.
//!
//! ```text
//!   drafted ──submit──▶ submitted ──publish──▶ published ──acknowledge──▶ acknowledged ──┐
//!      │                    │                     │   │                                   │ close, or
//!   discard              close (what is           │   └─appeal─▶ appealed ──review──▶ reviewed(upheld│changed│void)
//!      │                 not for agents)          │              (once overdue: said so)  │ its time is over
//!      ▼                    │               appeal time over                              │
//!   discarded               └───────────────────▶ └───────────────▶ closed ◀──────────────┘
//! ```
//!
//! An agent who is silent until the time to appeal is over has neither acknowledged nor appealed; the evaluation
//! closes and says so by its steps. Whoever reviews is not whoever marked. Calibration rounds and blind second
//! looks are for the evaluators alone.

mod acknowledge;
mod appeal;
mod close;
mod draft;
mod errors;
mod pay;
mod publish;
mod review;
mod sight;
mod submit;
#[cfg(test)]
mod tests;

pub use draft::Draft;
pub use errors::{ErrorRates, error_rates};
pub use review::Review;
pub use sight::{Sight, Viewer};

use crate::event::Event;
use crate::form::{Answer, Scored};
use crate::id::{EvaluationId, FormId, RoundId};
use crate::limits::{EVALUATIONS_MAX, NOTE_BYTES_MAX, NOTES_BYTES_MAX};
use crate::mark::Mark;
use crate::quality::{Due, Quality};
use crate::refusal::{Refusal, at_most};
use crate::terms::Terms;
use crate::work::Work;
use cordboard_floor::event::Sealed;
use cordboard_floor::{AccountId, AgentId, ContactId, Instant};
use serde::{Deserialize, Serialize};
use std::fmt;

/// As what an evaluator marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rater {
    /// 品管.
    Quality,
    /// The agent herself.
    Own,
    /// A colleague.
    Peer,
    /// An outsider who called as a customer; such contacts leave the figures.
    Mystery,
    /// Everybody marks the same contact, blind, to be compared.
    Calibration,
    /// A second look at another's evaluation, blind, to be compared.
    Second,
}

impl Rater {
    /// Whether its agent may see it.
    pub const fn is_for_agents(self) -> bool {
        !matches!(self, Self::Calibration | Self::Second)
    }

    /// Whether its mark enters what an agent is paid by.
    pub const fn counts_for_pay(self, terms: &Terms) -> bool {
        match self {
            Self::Quality => true,
            Self::Peer => terms.peers_count,
            Self::Own => terms.own_counts,
            Self::Mystery | Self::Calibration | Self::Second => false,
        }
    }
}

/// What a review came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The mark stands.
    Upheld,
    /// Other answers hold.
    Changed,
    /// There is no mark.
    Void,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Begun.
    Drafted,
    /// Begun in vain.
    Discarded,
    /// Marked.
    Submitted,
    /// Its agent may see it.
    Published,
    /// She agrees.
    Acknowledged,
    /// She does not.
    Appealed,
    /// Somebody else has looked at it.
    Reviewed,
    /// Over.
    Closed,
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Drafted => "drafted",
            Self::Discarded => "discarded",
            Self::Submitted => "submitted",
            Self::Published => "published",
            Self::Acknowledged => "acknowledged",
            Self::Appealed => "appealed",
            Self::Reviewed => "reviewed",
            Self::Closed => "closed",
        })
    }
}

/// An evaluation as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Of which contact.
    pub contact: ContactId,
    /// Whose part in it.
    pub agent: AgentId,
    /// By which form.
    pub form: FormId,
    /// In which version.
    pub version: u32,
    /// As what.
    pub rater: Rater,
    /// By whom.
    pub evaluator: AccountId,
    /// At which evaluation it is a second look.
    pub checks: Option<EvaluationId>,
    /// In which calibration round.
    pub round: Option<RoundId>,
    /// How far it is.
    pub step: Step,
    /// Since when.
    pub since: Instant,
    /// When its step is over by itself, or overdue.
    pub until: Option<Instant>,
    /// Whether the review is overdue.
    pub overdue: bool,
    /// What was submitted.
    pub submitted: Option<Scored>,
    /// The answers that were submitted, without their notes' words changed in any way.
    pub answers: Vec<Answer>,
    /// How a review ended.
    pub outcome: Option<Outcome>,
    /// What the review made of it, if it changed it.
    pub changed: Option<Scored>,
    /// The event that made it what it is.
    pub seq: u64,
}

impl Evaluation {
    /// What holds: the review's, if it changed it; nothing, if it voided it; else what was submitted.
    pub fn holds(&self) -> Option<&Scored> {
        match self.outcome {
            Some(Outcome::Void) => None,
            Some(Outcome::Changed) => self.changed.as_ref(),
            _ => self.submitted.as_ref(),
        }
    }

    /// The mark that holds.
    pub fn mark(&self) -> Option<Mark> {
        self.holds().and_then(|scored| scored.mark)
    }

    /// Whether nothing more can happen to it.
    pub const fn is_over(&self) -> bool {
        matches!(self.step, Step::Closed | Step::Discarded)
    }

    /// When the desk has to look at it by itself.
    pub(crate) fn due_at(&self) -> Option<Instant> {
        self.until.filter(|_| !self.is_over() && !self.overdue)
    }
}

impl Quality {
    pub(crate) fn take_evaluation(&mut self, seq: u64, at: Instant, event: &Event) {
        let id = match event {
            Event::EvaluationDrafted(event) => {
                if let Some(form) = self.forms.get_mut(&(event.form, event.version)) {
                    form.used = true;
                }
                let evaluation = Evaluation {
                    contact: event.contact,
                    agent: event.agent,
                    form: event.form,
                    version: event.version,
                    rater: event.rater,
                    evaluator: event.evaluator,
                    checks: event.checks,
                    round: event.round,
                    step: Step::Drafted,
                    since: at,
                    until: None,
                    overdue: false,
                    submitted: None,
                    answers: Vec::new(),
                    outcome: None,
                    changed: None,
                    seq,
                };
                self.evaluations.insert(event.evaluation, evaluation);
                self.forget_evaluations();
                return;
            }
            Event::EvaluationDiscarded(event) => event.evaluation,
            Event::EvaluationSubmitted(event) => event.evaluation,
            Event::EvaluationPublished(event) => event.evaluation,
            Event::EvaluationAcknowledged(event) => event.evaluation,
            Event::EvaluationAppealed(event) => event.evaluation,
            Event::EvaluationReviewed(event) => event.evaluation,
            Event::EvaluationReviewOverdue(event) => event.evaluation,
            Event::EvaluationClosed(event) => event.evaluation,
            _ => return,
        };
        let Some(known) = self.evaluations.get_mut(&id) else { return };
        if let Some(due) = known.due_at() {
            self.due.remove(&(due, Due::Evaluation(id)));
        }
        (known.seq, known.until) = (seq, None);
        let step = match event {
            Event::EvaluationDiscarded(_) => Step::Discarded,
            Event::EvaluationSubmitted(event) => {
                known.submitted = Some(event.scored.clone());
                known.answers.clone_from(&event.answers);
                Step::Submitted
            }
            Event::EvaluationPublished(event) => {
                known.until = Some(event.appeal_by);
                Step::Published
            }
            Event::EvaluationAcknowledged(event) => {
                known.until = Some(event.close_at);
                Step::Acknowledged
            }
            Event::EvaluationAppealed(event) => {
                known.until = Some(event.review_by);
                Step::Appealed
            }
            Event::EvaluationReviewed(event) => {
                (known.outcome, known.changed) = (Some(event.outcome), event.scored.clone());
                (known.until, known.overdue) = (Some(event.close_at), false);
                Step::Reviewed
            }
            Event::EvaluationReviewOverdue(_) => {
                known.overdue = true;
                known.step
            }
            _ => Step::Closed,
        };
        if known.step != step {
            (known.step, known.since) = (step, at);
        }
        if let Some(due) = known.due_at() {
            self.due.insert((due, Due::Evaluation(id)));
        }
    }

    /// The oldest that are over are forgotten by the desk, and stay in the log.
    fn forget_evaluations(&mut self) {
        while self.evaluations.len() > EVALUATIONS_MAX {
            let over = self.evaluations.iter().find(|(_, known)| known.is_over()).map(|(id, _)| *id);
            let Some(over) = over else { return };
            self.evaluations.remove(&over);
        }
    }
}

impl Work<'_> {
    fn known_evaluation(&self, evaluation: EvaluationId) -> Result<&Evaluation, Refusal> {
        self.desk.evaluations.get(&evaluation).ok_or(Refusal::UnknownEvaluation(evaluation))
    }

    /// A deadline is there: the time to appeal or to talk is over, or a review is overdue.
    pub(crate) fn serve_deadline(&mut self, evaluation: EvaluationId) {
        match self.desk.evaluations.get(&evaluation).map(|known| known.step) {
            Some(Step::Appealed) => self.emit(crate::event::EvaluationReviewOverdue { evaluation }),
            _ => self.emit(crate::event::EvaluationClosed { evaluation, by: None }),
        }
    }
}

/// Notes and texts have limits, one by one and together: an event must fit into the log.
pub(crate) fn check_sealed<'a>(texts: impl IntoIterator<Item = &'a Sealed>) -> Result<(), Refusal> {
    let mut all = 0;
    for text in texts {
        at_most("note, sealed bytes", text.bytes.len() as u64, NOTE_BYTES_MAX as u64)?;
        all += text.bytes.len() as u64;
    }
    at_most("notes, sealed bytes", all, NOTES_BYTES_MAX as u64)
}

pub(crate) fn notes(answers: &[Answer]) -> impl Iterator<Item = &Sealed> {
    answers.iter().filter_map(|answer| answer.note.as_ref())
}
