//! Rows of the floor as a link shows them, and how far an account sees.

use crate::permission::{Scope, Scopes, Target, Verb, Who, scopes};
use crate::public::{Eyes, PublicAgent, PublicContact, PublicQueue};
use cordboard_floor::{AgentId, ContactId, Event, QueueId};
use cordboard_views::board::{AgentRow, Board, ContactRow, QueueRow};
use serde_json::{Value, json};

pub(crate) fn agent(row: &AgentRow) -> Value {
    json!(PublicAgent::from(row))
}

pub(crate) fn queue(row: &QueueRow) -> Value {
    json!(PublicQueue::from(row))
}

/// May read the disk: see [`Eyes`].
pub(crate) fn contact(row: &ContactRow, eyes: &Eyes) -> Value {
    json!(PublicContact::of(row, eyes))
}

/// How far an account sees the floor and the log.
#[derive(Clone, Debug)]
pub(crate) struct Sight {
    who: Who,
    agents: Scopes,
    queues: Scopes,
    contacts: Scopes,
    events: Scopes,
}

impl Sight {
    pub(crate) fn of(who: &Who) -> Self {
        Self {
            who: who.clone(),
            agents: scopes(who, Verb::AgentView),
            queues: scopes(who, Verb::QueueView),
            contacts: scopes(who, Verb::ContactView),
            events: scopes(who, Verb::EventsView),
        }
    }

    pub(crate) fn agent(&self, row: &AgentRow) -> bool {
        self.agents.reach(&self.who, &Target::of_agent(row))
    }

    pub(crate) fn queue(&self, board: &Board, queue: QueueId) -> bool {
        self.queues.reach(&self.who, &Target::of_queue(board, &self.who, queue))
    }

    pub(crate) fn contact(&self, board: &Board, row: &ContactRow) -> bool {
        self.contacts.has(Scope::Site)
            || self.contacts.reach(&self.who, &Target::of_contact(board, &self.who, row))
    }

    /// Whether an event lies within reach: by the agent, queue or team that it names, or by where its
    /// contact is now. Of a contact that has left the floor, a narrow scope sees only events that name its
    /// own agents and queues.
    pub(crate) fn event(&self, board: &Board, event: &Event) -> bool {
        if self.events.has(Scope::Site) {
            return true;
        }
        let mut target = Target::of_event(board, event);
        if let Event::TeamMessaged(message) = event {
            target.teams.extend(message.team);
        }
        let contact = event.contact().and_then(|contact| board.contact(contact));
        let reach = |target: &Target| self.events.reach(&self.who, target);
        reach(&target) || contact.is_some_and(|row| reach(&Target::of_contact(board, &self.who, row)))
    }
}

/// Whom a contact is about, as far as scopes go; one that is not on the floor is nobody's but the site's.
pub(crate) fn contact_target(board: &Board, who: &Who, contact: ContactId) -> Target {
    board.contact(contact).map_or_else(Target::site, |row| Target::of_contact(board, who, row))
}

/// An agent, and her team if she is known.
pub(crate) fn agent_target(board: &Board, agent: AgentId) -> Target {
    Target::of_agent_id(board, agent)
}
