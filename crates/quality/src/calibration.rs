//! 校准: several mark the same contact, each without seeing the others' marks, and then talk about where they part.
//!
//! ```text
//!   open ──each rater: draft, submit──▶ open ──close, or its time is over──▶ closed: everybody sees, nobody marks
//! ```
//!
//! With the round its evaluations close, also those that were begun and not submitted. What they come to is for
//! `agreement`; nothing of it reaches the agent, or pay.

mod close;
mod open;
#[cfg(test)]
mod tests;

pub use open::Calibration;

use crate::event::Event;
use crate::id::{FormId, RoundId};
use crate::limits::ROUNDS_MAX;
use crate::quality::{Due, Quality};
use cordboard_floor::{AccountId, AgentId, ContactId, Instant};
use serde::{Deserialize, Serialize};

/// A round as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Of which contact.
    pub contact: ContactId,
    /// Whose part in it.
    pub agent: AgentId,
    /// By which form.
    pub form: FormId,
    /// In which version.
    pub version: u32,
    /// Who marks.
    pub raters: Vec<AccountId>,
    /// Until when.
    pub close_by: Instant,
    /// Who opened it.
    pub by: AccountId,
    /// Whether it is over.
    pub closed: bool,
}

impl Round {
    /// When it closes by itself.
    pub(crate) fn due_at(&self) -> Option<Instant> {
        (!self.closed).then_some(self.close_by)
    }
}

impl Quality {
    /// Whether its raters still mark. What is no longer remembered is closed.
    pub fn is_open(&self, round: RoundId) -> bool {
        self.rounds.get(&round).is_some_and(|known| !known.closed)
    }

    pub(crate) fn take_round(&mut self, event: &Event) {
        match event {
            Event::CalibrationOpened(event) => {
                if let Some(form) = self.forms.get_mut(&(event.form, event.version)) {
                    form.used = true;
                }
                let round = Round {
                    contact: event.contact,
                    agent: event.agent,
                    form: event.form,
                    version: event.version,
                    raters: event.raters.clone(),
                    close_by: event.close_by,
                    by: event.by,
                    closed: false,
                };
                self.due.insert((event.close_by, Due::Round(event.round)));
                self.rounds.insert(event.round, round);
                if self.rounds.len() > ROUNDS_MAX {
                    let over = self.rounds.iter().find(|(_, known)| known.closed).map(|(id, _)| *id);
                    over.map(|over| self.rounds.remove(&over));
                }
            }
            Event::CalibrationClosed(event) => {
                if let Some(round) = self.rounds.get_mut(&event.round) {
                    round.closed = true;
                    self.due.remove(&(round.close_by, Due::Round(event.round)));
                }
            }
            _ => {}
        }
    }
}
