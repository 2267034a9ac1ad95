//! Targets as they stand on the floor: whose an agent, a queue, a contact or an event is at this moment.

use super::{Target, Who};
use cordboard_centre::Event as CentreEvent;
use cordboard_floor::alert::AlertSubject;
use cordboard_floor::event::FigureEntered;
use cordboard_floor::figure::FigureSubject;
use cordboard_floor::{AgentId, Event, QueueId};
use cordboard_views::board::{AgentRow, Board, ContactRow};

impl Target {
    /// An agent as configured.
    pub fn of_agent(row: &AgentRow) -> Self {
        Self::agent(row.agent, row.team)
    }

    /// An agent that is known, or a name that is not.
    pub fn of_agent_id(board: &Board, agent: AgentId) -> Self {
        Self::agent(agent, board.agent(agent).and_then(|row| row.team))
    }

    /// A queue; it is also her own if her agent serves it.
    pub fn of_queue(board: &Board, who: &Who, queue: QueueId) -> Self {
        let serves = |agent: &AgentId| board.agent(*agent).is_some_and(|row| row.queues.contains(&queue));
        let agents = who.agent.filter(serves).into_iter().collect();
        Self { agents, teams: Vec::new(), queues: vec![queue] }
    }

    /// A contact: of the agents who are on it, at whom it rings, or who work after it, and of its queue.
    pub fn of_contact(board: &Board, who: &Who, row: &ContactRow) -> Self {
        let mut target = Self { queues: row.queue.into_iter().collect(), ..Self::default() };
        let ringing = row.ringing().chain(row.consult);
        let ringing = ringing.filter_map(|offer| board.offer(offer)).map(|offer| offer.agent);
        for agent in row.participants.iter().map(|part| part.agent).chain(ringing) {
            target.add_agent(board, agent);
        }
        if let Some(own) = who.agent.filter(|own| holds(board, *own, row)) {
            target.add_agent(board, own);
        }
        target
    }

    /// What an alert is about; a part of the system is the site's.
    pub fn of_subject(board: &Board, subject: AlertSubject) -> Self {
        match subject {
            AlertSubject::Queue(queue) => Self::queue(queue),
            AlertSubject::Agent(agent) => Self::of_agent_id(board, agent),
            AlertSubject::Part(_) => Self::site(),
        }
    }

    /// What an event is about, as far as it says itself.
    pub fn of_event(board: &Board, event: &CentreEvent) -> Self {
        let mut target = Self::default();
        let event = match event {
            CentreEvent::Floor(event) => event,
            // Only who sees the whole site's log sees these desks' part of it.
            CentreEvent::Quality(_) | CentreEvent::Workforce(_) => return target,
        };
        let figure_of = match event {
            Event::FigureEntered(FigureEntered { subject: FigureSubject::Agent(agent), .. }) => Some(*agent),
            _ => None,
        };
        if let Some(about) = alerted(event) {
            return Self::of_subject(board, about);
        }
        if let Some(agent) = event.agent().or(figure_of) {
            target.add_agent(board, agent);
        }
        target.queues.extend(match event {
            Event::ContactQueued(event) => Some(event.queue),
            Event::VisitEnded(event) => Some(event.queue),
            Event::VisitStepped(event) => Some(event.queue),
            Event::OfferCreated(event) => event.queue,
            Event::WrapupStarted(event) => Some(event.queue),
            Event::WrapupCompleted(event) => Some(event.queue),
            Event::QueueOpened(event) => Some(event.queue),
            Event::QueueDraining(event) => Some(event.queue),
            Event::QueueClosed(event) => Some(event.queue),
            Event::QueueDrained(event) => Some(event.queue),
            Event::QueueBreaksSet(event) => Some(event.queue),
            Event::HoursApplied(event) => Some(event.hours.queue),
            Event::QueueApplied(event) => Some(event.queue.queue),
            Event::FigureEntered(FigureEntered { subject: FigureSubject::Queue(queue), .. }) => Some(*queue),
            _ => None,
        });
        target
    }

    /// Adds an agent, and her team.
    pub fn add_agent(&mut self, board: &Board, agent: AgentId) {
        if !self.agents.contains(&agent) {
            self.agents.push(agent);
            self.teams.extend(board.agent(agent).and_then(|row| row.team));
        }
    }

    /// Adds the team of an agent who had it in hand once: her leaders may still look, she may not.
    pub fn add_team_of(&mut self, board: &Board, agent: AgentId) {
        self.teams.extend(board.agent(agent).and_then(|row| row.team));
    }
}

/// What an event about an alert is about.
pub(crate) const fn alerted(event: &Event) -> Option<AlertSubject> {
    Some(match event {
        Event::AlertRaised(event) => event.about,
        Event::AlertChanged(event) => event.about,
        Event::AlertAcknowledged(event) => event.about,
        Event::AlertResolved(event) => event.about,
        _ => return None,
    })
}

/// Whether the contact rings at her, is in her hands, or she works after it.
pub fn holds(board: &Board, agent: AgentId, contact: &ContactRow) -> bool {
    board.agent(agent).is_some_and(|row| row.contacts.iter().any(|hand| hand.contact == contact.contact))
}
