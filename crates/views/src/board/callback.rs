//! 回拨 on the board: a contact whose caller hung up still stands in line; its row says how far the promise to
//! call back is. It knows no dialling: each state is what an event said.

use super::Board;
use cordboard_floor::event::{Event, Number};
use cordboard_floor::{AgentId, ContactId, Instant};
use serde::{Deserialize, Serialize};

/// How far a promise to call back is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackState {
    /// Asked for: the contact stands in line, without a leg.
    Requested,
    /// She was not reached; it is offered to nobody until it is her turn again.
    Parked,
    /// An agent has it and it rings at the caller.
    Dialled,
    /// The caller is there: an ordinary conversation from now on.
    Answered,
    /// She was not reached the last time.
    Failed,
}

/// A promise to call back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallbackRow {
    /// How far it is.
    pub state: CallbackState,
    /// Where to, if not where she called from; sealed.
    pub number: Option<Number>,
    /// When she asked.
    pub requested_at: Instant,
    /// Until when it holds.
    pub expires_at: Instant,
    /// How often she was dialled.
    pub attempts: u8,
    /// For whom she was dialled last.
    pub agent: Option<AgentId>,
    /// While it rings at her: until when.
    pub dial_by: Option<Instant>,
    /// While it is parked: until when, or until its queue opens again, if that is later.
    pub retry_at: Option<Instant>,
}

impl CallbackRow {
    /// Whether it is still owed.
    pub const fn is_open(&self) -> bool {
        !matches!(self.state, CallbackState::Answered | CallbackState::Failed)
    }

    fn take(&mut self, event: &Event) {
        self.dial_by = None;
        self.retry_at = None;
        match event {
            Event::CallbackDialled(event) => {
                self.state = CallbackState::Dialled;
                self.attempts = event.attempt;
                self.agent = Some(event.agent);
                self.dial_by = Some(event.dial_by);
            }
            Event::CallbackAnswered(_) => self.state = CallbackState::Answered,
            Event::CallbackFailed(event) => {
                let is_last = event.retry_at.is_none();
                self.state = if is_last { CallbackState::Failed } else { CallbackState::Parked };
                self.attempts = event.attempt;
                self.retry_at = event.retry_at;
            }
            Event::CallbackDue(_) => self.state = CallbackState::Requested,
            _ => {}
        }
    }
}

impl Board {
    /// Whoever has dialled waits for the caller, and talks once she is there.
    fn dial(&mut self, at: Instant, agent: AgentId, contact: ContactId, dialling: bool) {
        self.change_hands(at, agent, |row| {
            if let Some(hand) = row.on_mut(contact) {
                hand.dialling = dialling;
            }
        });
    }

    pub(super) fn take_callback(&mut self, seq: u64, at: Instant, id: ContactId, event: &Event) {
        self.change_contact(seq, at, id, |row| match event {
            Event::CallbackOffered(_) => row.callback_offered = true,
            Event::CallbackRequested(event) => {
                row.callback = Some(CallbackRow {
                    state: CallbackState::Requested,
                    number: event.number.clone(),
                    requested_at: at,
                    expires_at: event.expires_at,
                    attempts: 0,
                    agent: None,
                    dial_by: None,
                    retry_at: None,
                });
            }
            other => {
                if let Some(callback) = &mut row.callback {
                    callback.take(other);
                }
            }
        });
        let agent = self.contacts.get(&id).and_then(|row| row.callback.as_ref()?.agent);
        match (event, agent) {
            (Event::CallbackDialled(event), _) => self.dial(at, event.agent, id, true),
            (Event::CallbackAnswered(_) | Event::CallbackFailed(_), Some(agent)) => {
                self.dial(at, agent, id, false);
            }
            _ => {}
        }
    }
}
