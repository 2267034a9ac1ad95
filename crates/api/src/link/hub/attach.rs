//! A link takes up an agent's line, and lets go of it.

use super::Hub;
use crate::link::outbox::Outbox;
use cordboard_floor::{AgentId, SessionId};
use cordboard_views::board::{AgentRow, AgentState, ContactRow, MessageRow, OfferRow};
use std::sync::Arc;
use std::time::Instant;

/// What a link begins with. Everything after `seq` comes through its outbox.
#[derive(Debug)]
pub(crate) struct Admitted {
    pub(crate) seq: u64,
    pub(crate) began: Began,
}

/// How it begins.
#[derive(Debug)]
pub(crate) enum Began {
    /// With the events that were missed.
    Resumed { after: u64, missed: Vec<u64> },
    /// With what is now.
    Anew(Option<Box<Desk>>),
}

/// An agent's own work, taken at one moment.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) agent: AgentRow,
    pub(crate) contacts: Vec<ContactRow>,
    pub(crate) offers: Vec<OfferRow>,
    /// What she has yet to acknowledge.
    pub(crate) messages: Vec<MessageRow>,
}

/// A newer link has taken the line already.
#[derive(Debug)]
pub(crate) struct Replaced;

impl Hub {
    /// Gives an agent's line to a link whose session stands in the log, and has been folded.
    pub(crate) fn attach(
        &self,
        agent: AgentId,
        session: SessionId,
        outbox: &Arc<Outbox>,
        resume: Option<u64>,
    ) -> Result<Admitted, Replaced> {
        let mut state = self.state();
        let seq = cordboard_views::View::seq(&state.board);
        let line = state.lines.get_mut(&agent).ok_or(Replaced)?;
        if line.session.as_ref().is_none_or(|held| held.id != session) {
            return Err(Replaced);
        }
        outbox.heard();
        line.link = Some(outbox.clone());
        // A number that the log has not reached is from another log.
        let missed = resume.filter(|after| *after <= seq).and_then(|after| Some((after, line.since(after)?)));
        let began = match missed {
            Some((after, missed)) => Began::Resumed { after, missed },
            None => Began::Anew(state.board.desk(agent).map(|desk| {
                Box::new(Desk {
                    agent: desk.agent.clone(),
                    contacts: desk.contacts.into_iter().cloned().collect(),
                    offers: desk.offers.into_iter().copied().collect(),
                    messages: state.board.messages().filter(|row| row.waits_for(agent)).cloned().collect(),
                })
            })),
        };
        Ok(Admitted { seq, began })
    }

    /// The link has ended. The lease goes on from the last sign of life; without anyone signed in there is
    /// nothing to wait for.
    pub(crate) fn detach(&self, agent: AgentId, outbox: &Arc<Outbox>) {
        let lost = {
            let mut state = self.state();
            let here = state.board.agent(agent).is_some_and(|row| row.state != AgentState::SignedOut);
            let Some(line) = state.lines.get_mut(&agent) else { return };
            if !line.link.as_ref().is_some_and(|link| Arc::ptr_eq(link, outbox)) {
                return;
            }
            line.link = None;
            let Some(session) = &mut line.session else { return };
            session.heard = session.heard.max(outbox.last_heard());
            if here {
                return;
            }
            session.told_lost = Some(Instant::now());
            session.id
        };
        self.lose(agent, lost);
    }
}
