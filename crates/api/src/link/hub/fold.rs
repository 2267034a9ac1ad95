//! One event: who is told, which rows it changed, and what it does to sessions.

use super::line::Session;
use super::offer::OfferFacts;
use super::touched::RowKey;
use super::{State, Told};
use crate::door::said_by;
use crate::link::frame::CloseReason;
use crate::link::outbox::Out;
use cordboard_centre::{Event as CentreEvent, Record};
use cordboard_floor::{AgentId, ContactId, Event, Instant, QueueId, Recorded, SessionId, StoredEvent};
use cordboard_views::View;
use cordboard_views::audience::{Addressed, Seen};
use cordboard_views::board::Activity;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// How often all queues count as changed, in µs: their counts of the day begin anew at some quarter hour.
const QUEUES_REFRESH_US: i64 = 15 * 60 * 1_000_000;

impl State {
    /// Takes over an event of before any link was there.
    pub(super) fn fold_past(&mut self, recorded: &Recorded<CentreEvent>) {
        let Some(recorded) = &recorded.floor() else {
            self.take_desk(recorded);
            return;
        };
        self.board.fold(recorded);
        let seen = self.audience.fold_and_see(recorded);
        self.note(recorded.seq, Some(&recorded.event), &seen);
        self.take_session(&recorded.event);
    }

    /// Takes over what has just been committed, and hands it on. Answers which sessions are over because
    /// their agents signed out; of a panic, at which event it was.
    pub(crate) fn fold_live(
        &mut self,
        events: &[Arc<Recorded<CentreEvent>>],
    ) -> Result<Vec<(AgentId, SessionId)>, String> {
        let mut over = Vec::new();
        for recorded in events {
            let folded = catch_unwind(AssertUnwindSafe(|| self.fold_one(recorded)));
            over.extend(folded.map_err(|panic| {
                let (seq, name, said) = (recorded.seq, recorded.event.name(), said_by(&*panic));
                format!("it panicked at event {seq}, {name}: {said}")
            })?);
        }
        Ok(over)
    }

    /// An event of another desk took its number: the floor's rows stay as they are, and whom it concerns is told.
    fn take_desk(&mut self, recorded: &Recorded<CentreEvent>) -> Seen {
        self.board.pass(recorded.seq, recorded.at);
        let seen = self.audience.take_in_and_see(recorded);
        self.note(recorded.seq, None, &seen);
        seen
    }

    fn fold_one(&mut self, told: &Arc<Recorded<CentreEvent>>) -> Option<(AgentId, SessionId)> {
        let Some(recorded) = &told.floor() else {
            let seen = self.take_desk(told);
            self.tell(told, &seen);
            return None;
        };
        let before = self.rows_of(&recorded.event);
        let at = self.board.at();
        self.board.fold(recorded);
        let seen = self.audience.fold_and_see(recorded);
        self.touch(recorded, before, at);
        self.note(recorded.seq, Some(&recorded.event), &seen);
        self.tell(told, &seen);
        self.take_session(&recorded.event);
        match &recorded.event {
            Event::AgentSignedOut(event) => self.end_signed_out(event.agent),
            _ => None,
        }
    }

    /// Remembers whom it concerned, for those who come back.
    fn note(&mut self, seq: u64, event: Option<&Event>, seen: &Seen) {
        if let Some(Event::AgentApplied(event)) = event {
            self.lines.entry(event.agent.agent).or_default();
        }
        for agent in &seen.agents {
            if let Some(line) = self.lines.get_mut(agent) {
                line.note(seq);
            }
        }
        if let Some(addressed) = seen.addressed {
            for (agent, line) in &mut self.lines {
                if is_addressed(addressed, self.audience.team(*agent)) {
                    line.note(seq);
                }
            }
        }
    }

    /// Puts it into the outboxes of whom it concerns.
    fn tell(&mut self, recorded: &Arc<Recorded<CentreEvent>>, seen: &Seen) {
        let offer = match &recorded.event {
            CentreEvent::Floor(Event::OfferCreated(event)) => {
                OfferFacts::on(&self.board, event).map(Arc::new)
            }
            _ => None,
        };
        let told = Told { recorded: recorded.clone(), offer };
        for agent in &seen.agents {
            if let Some(link) = self.lines.get(agent).and_then(|line| line.link.as_ref()) {
                link.put(Out::Event(told.clone()));
            }
        }
        if let Some(addressed) = seen.addressed {
            for (agent, line) in &self.lines {
                if let Some(link) = &line.link
                    && is_addressed(addressed, self.audience.team(*agent))
                {
                    link.put(Out::Event(told.clone()));
                }
            }
        }
    }

    fn take_session(&mut self, event: &Event) {
        match event {
            Event::AgentLinkOpened(event) => {
                let Some(line) = self.lines.get_mut(&event.agent) else { return };
                line.session = Some(Session::opened(event.session));
                if let Some(link) = line.link.take() {
                    link.end(CloseReason::Replaced, false);
                }
            }
            Event::AgentLinkClosed(event) => {
                let Some(line) = self.lines.get_mut(&event.agent) else { return };
                if line.session.as_ref().is_some_and(|session| session.id == event.session) {
                    line.session = None;
                    if let Some(link) = line.link.take() {
                        link.end(CloseReason::LeaseEnded, false);
                    }
                }
            }
            // The floor forgets every link when the engine starts.
            Event::EngineStarted(_) => {
                for line in self.lines.values_mut() {
                    line.session = None;
                    if let Some(link) = line.link.take() {
                        link.end(CloseReason::Stopping, false);
                    }
                }
            }
            _ => {}
        }
    }

    fn end_signed_out(&mut self, agent: AgentId) -> Option<(AgentId, SessionId)> {
        let line = self.lines.get(&agent)?;
        if let Some(link) = &line.link {
            link.end(CloseReason::SignedOut, false);
        }
        line.session.as_ref().map(|session| (agent, session.id))
    }

    /// The rows that an event is going to change, as far as they are known before or after it.
    fn rows_of(&self, event: &Event) -> Rows {
        let mut rows = Rows::default();
        rows.agents.extend(event.agent());
        if let Some(contact) = event.contact() {
            rows.contacts.insert(contact);
            if let Some(row) = self.board.contact(contact) {
                rows.queues.extend(row.queue);
                rows.agents.extend(row.participants.iter().map(|part| part.agent));
            }
        }
        match event {
            // Whoever stands there moves to the new version.
            Event::QueueApplied(event) => {
                let queue = event.queue.queue;
                let standing =
                    self.board.contacts().filter(|row| row.visit.is_some() && row.queue == Some(queue));
                rows.contacts.extend(standing.map(|row| row.contact));
                rows.queues.extend([queue]);
            }
            Event::QueueDrained(event) => rows.queues.extend([event.queue]),
            Event::QueueBreaksSet(event) => rows.queues.extend([event.queue]),
            // Her queues count who waits for a break, and who is about to leave for one.
            Event::AgentBreakRequested(_) | Event::AgentBreakDecided(_) | Event::AgentNextStateSet(_) => {
                rows.queues.extend(event.agent().map(|agent| self.served(agent)).unwrap_or_default());
            }
            Event::HoursApplied(event) => rows.queues.extend([event.hours.queue]),
            Event::QueueOpened(event) => rows.queues.extend([event.queue]),
            Event::QueueDraining(event) => rows.queues.extend([event.queue]),
            Event::QueueClosed(event) => rows.queues.extend([event.queue]),
            // She may have been counted in queues that she no longer serves.
            Event::AgentApplied(event) => {
                rows.queues.extend(self.served(event.agent.agent));
                rows.queues.extend(&event.agent.queues);
            }
            Event::EngineStarted(_) => rows.agents.extend(self.board.agents().map(|row| row.agent)),
            _ => {}
        }
        rows.activities = rows.agents.iter().map(|agent| self.activity(*agent)).collect();
        rows
    }

    fn touch(&mut self, recorded: &Recorded<Event>, before: Rows, at_before: Instant) {
        let seq = recorded.seq;
        let mut after = self.rows_of(&recorded.event);
        after.queues.extend(before.queues);
        // Who changes her activity changes the counts of her queues.
        let changed = before.agents.iter().zip(before.activities);
        for (agent, activity) in changed {
            if self.activity(*agent) != activity {
                after.queues.extend(self.served(*agent));
            }
        }
        after.agents.extend(before.agents);
        if at_before.micros().div_euclid(QUEUES_REFRESH_US)
            != recorded.at.micros().div_euclid(QUEUES_REFRESH_US)
        {
            after.queues.extend(self.board.queues().map(|row| row.queue));
        }
        for queue in after.queues {
            self.touched.touch(RowKey::Queue(queue), seq);
        }
        for agent in after.agents {
            self.touched.touch(RowKey::Agent(agent), seq);
        }
        for contact in after.contacts {
            self.touched.touch(RowKey::Contact(contact), seq);
            if self.is_over(contact) {
                self.over.push_back(contact);
            }
        }
        while let Some(contact) = self.over.front().copied() {
            match self.board.contact(contact) {
                // In hand again: it comes back to this line when the work after it is done.
                Some(row) if row.hands > 0 => {}
                Some(_) => break,
                None => self.touched.forget(contact, seq),
            }
            self.over.pop_front();
        }
    }

    fn is_over(&self, contact: ContactId) -> bool {
        self.board.contact(contact).is_some_and(|row| row.end.is_some() && row.hands == 0)
    }

    fn activity(&self, agent: AgentId) -> Option<Activity> {
        self.board.agent(agent).map(|row| row.activity)
    }

    fn served(&self, agent: AgentId) -> Vec<QueueId> {
        self.board.agent(agent).map_or_else(Vec::new, |row| row.queues.clone())
    }
}

#[derive(Default)]
struct Rows {
    agents: BTreeSet<AgentId>,
    /// What they do, in the same order.
    activities: Vec<Option<Activity>>,
    queues: BTreeSet<QueueId>,
    contacts: BTreeSet<ContactId>,
}

fn is_addressed(addressed: Addressed, team: Option<cordboard_floor::TeamId>) -> bool {
    match addressed {
        Addressed::Everyone => true,
        Addressed::Team(addressed) => team == Some(addressed),
    }
}
