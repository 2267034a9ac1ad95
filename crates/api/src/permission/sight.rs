//! How far an account sees, row by row and event by event, on a board of now or of then.

use super::{Scope, Scopes, Target, Verb, Who, scopes};
use cordboard_centre::Event as CentreEvent;
use cordboard_floor::{Event, QueueId};
use cordboard_views::board::{AgentRow, Board, ContactRow};

/// How far an account sees the floor and the log.
#[derive(Clone, Debug)]
pub(crate) struct Sight {
    who: Who,
    /// In which scopes she may look at all, if that is a right of its own.
    within: Option<Scopes>,
    agents: Scopes,
    queues: Scopes,
    contacts: Scopes,
    events: Scopes,
}

impl Sight {
    pub(crate) fn of(who: &Who) -> Self {
        Self {
            who: who.clone(),
            within: None,
            agents: scopes(who, Verb::AgentView),
            queues: scopes(who, Verb::QueueView),
            contacts: scopes(who, Verb::ContactView),
            events: scopes(who, Verb::EventsView),
        }
    }

    /// How far she sees alerts as they come.
    pub(crate) fn of_alerts(who: &Who) -> Self {
        Self { events: scopes(who, Verb::AlertView), ..Self::of(who) }
    }

    /// How far she sees what was, by a verb that lets her look back: never further than she sees what is.
    pub(crate) fn looking_back(who: &Who, verb: Verb) -> Self {
        Self { within: Some(scopes(who, verb)), ..Self::of(who) }
    }

    fn reach(&self, scopes: Scopes, target: &Target) -> bool {
        scopes.reach(&self.who, target) && self.within.is_none_or(|within| within.reach(&self.who, target))
    }

    /// Whether scopes reach everything, so that nothing need be looked up.
    fn all(&self, scopes: Scopes) -> bool {
        scopes.has(Scope::Site) && self.within.is_none_or(|within| within.has(Scope::Site))
    }

    pub(crate) fn agent(&self, row: &AgentRow) -> bool {
        self.reach(self.agents, &Target::of_agent(row))
    }

    pub(crate) fn queue(&self, board: &Board, queue: QueueId) -> bool {
        self.reach(self.queues, &Target::of_queue(board, &self.who, queue))
    }

    pub(crate) fn contact(&self, board: &Board, row: &ContactRow) -> bool {
        self.all(self.contacts) || self.reach(self.contacts, &Target::of_contact(board, &self.who, row))
    }

    /// Whether an event lies within reach: by the agent, queue or team that it names, or by where its
    /// contact is now. Of a contact that has left the floor, a narrow scope sees only events that name its
    /// own agents and queues.
    pub(crate) fn event(&self, board: &Board, event: &CentreEvent) -> bool {
        if !opens_desk(&self.who, event) {
            return false;
        }
        if self.all(self.events) {
            return true;
        }
        let mut target = Target::of_event(board, event);
        if let CentreEvent::Floor(Event::TeamMessaged(message)) = event {
            target.teams.extend(message.team);
        }
        let contact = event.contact().and_then(|contact| board.contact(contact));
        let reach = |target: &Target| self.reach(self.events, target);
        reach(&target) || contact.is_some_and(|row| reach(&Target::of_contact(board, &self.who, row)))
    }
}

/// Whether an event of another desk than the floor's may be read in the log: by whoever sees all that this desk shows, so that the
/// log tells nothing that its doors keep back. Whoever is marked and rostered herself reads none of the quality desk's: she is told
/// what is hers on her own link, once it is. Drafts of rosters are for whoever makes and publishes them.
pub(crate) fn opens_desk(who: &Who, event: &CentreEvent) -> bool {
    let has = |verb| scopes(who, verb).has(Scope::Site);
    match event {
        CentreEvent::Floor(_) => true,
        CentreEvent::Quality(_) => who.agent.is_none() && has(Verb::QualityView) && has(Verb::LedgerView),
        CentreEvent::Workforce(event) if event.is_draft() => {
            has(Verb::WorkforcePlan) || has(Verb::WorkforcePublish)
        }
        CentreEvent::Workforce(_) => has(Verb::ScheduleView),
    }
}
