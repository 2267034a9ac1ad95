//! Which agents' links an event concerns. It keeps only who has which contact in hand and who belongs to
//! which team, so the same events give the same answer whenever they are folded: live, or again for a
//! link that resumes. It knows nothing of accounts that watch the floor; their topics are the doors'.
//!
//! An agent is told
//! - what happens to herself (`agent.*`, `config.agent_applied`),
//! - what happens to the offers made to her (`offer.*`), and to those made to others for a contact that
//!   she is on (a consultation),
//! - what happens to a contact (`contact.*`, `visit.*`, `callback.*`, `wrapup.*`) from the moment it rings at her
//!   to the event that takes it out of her hands, that one included,
//! - messages to her team, or to all,
//! - what other desks decide about her (`desks.rs`): her shifts, leave, swaps, overtime, handovers.

mod desks;

use crate::View;
use cordboard_centre::{Event as CentreEvent, Record};
use cordboard_floor::event::Event;
use cordboard_floor::{AgentId, ContactId, Instant, Recorded, TeamId};
use desks::Desks;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// To whom a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addressed {
    /// To every agent.
    Everyone,
    /// To the agents of this team.
    Team(TeamId),
}

/// Whom an event concerns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// These agents, in order, each once.
    pub agents: Vec<AgentId>,
    /// And these, if it is a message.
    pub addressed: Option<Addressed>,
}

impl Seen {
    /// Whether it concerns nobody.
    pub fn is_empty(&self) -> bool {
        self.agents.is_empty() && self.addressed.is_none()
    }

    /// Whether it concerns an agent who belongs to `team` at that moment ([`Audience::team`]).
    pub fn includes(&self, agent: AgentId, team: Option<TeamId>) -> bool {
        self.agents.binary_search(&agent).is_ok()
            || match self.addressed {
                Some(Addressed::Everyone) => true,
                Some(Addressed::Team(addressed)) => team == Some(addressed),
                None => false,
            }
    }
}

/// How a contact is in an agent's hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Tie {
    Ringing,
    On,
    WrapUp,
}

/// Who has what in hand.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Audience {
    seq: u64,
    /// Contacts in someone's hands, and whose; a handful each.
    ties: BTreeMap<ContactId, Vec<(AgentId, Tie)>>,
    teams: BTreeMap<AgentId, Option<TeamId>>,
    desks: Desks,
}

impl Audience {
    /// Nobody yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// An agent's team as of the last event folded.
    pub fn team(&self, agent: AgentId) -> Option<TeamId> {
        self.teams.get(&agent).copied().flatten()
    }

    /// Agents with a contact in their hands as of the last event folded, in order, each once.
    pub fn of_contact(&self, contact: ContactId) -> Vec<AgentId> {
        in_order(self.tied(contact))
    }

    /// The same of an event of any desk.
    pub fn take_in_and_see(&mut self, recorded: &Recorded<CentreEvent>) -> Seen {
        if let Some(recorded) = recorded.floor() {
            return self.fold_and_see(&recorded);
        }
        if recorded.seq <= self.seq {
            return Seen::default();
        }
        self.seq = recorded.seq;
        Seen { agents: in_order(self.desks.take(recorded)), addressed: None }
    }

    /// Takes over the next event of the floor and says whom it concerns. An event folded before concerns nobody.
    pub fn fold_and_see(&mut self, recorded: &Recorded<Event>) -> Seen {
        if recorded.seq <= self.seq {
            return Seen::default();
        }
        self.seq = recorded.seq;
        let event = &recorded.event;
        match event {
            Event::TeamMessaged(event) => {
                let addressed = event.team.map_or(Addressed::Everyone, Addressed::Team);
                Seen { agents: Vec::new(), addressed: Some(addressed) }
            }
            Event::AgentApplied(event) => {
                self.teams.insert(event.agent.agent, event.agent.team);
                Seen { agents: vec![event.agent.agent], addressed: None }
            }
            Event::OfferCreated(event) => {
                self.tie(event.contact, event.agent, Tie::Ringing);
                self.see_offer(event.contact, event.agent)
            }
            Event::OfferAccepted(event) => self.see_offer(event.contact, event.agent),
            Event::OfferRejected(_)
            | Event::OfferTimedOut(_)
            | Event::OfferRescinded(_)
            | Event::OfferCancelled(_)
            | Event::OfferFailed(_) => {
                let (Some(contact), Some(agent)) = (event.contact(), event.agent()) else {
                    return Seen::default();
                };
                self.untie(contact, agent, Tie::Ringing);
                self.see_offer(contact, agent)
            }
            Event::AccessUnmasked(_) => Seen::default(),
            _ => match event.contact() {
                Some(contact) => self.see_contact(contact, event),
                None => Seen { agents: event.agent().into_iter().collect(), addressed: None },
            },
        }
    }

    /// At whom it rings, and who is on the contact: whoever consults wants to know what becomes of it.
    fn see_offer(&self, contact: ContactId, agent: AgentId) -> Seen {
        let ties = self.ties.get(&contact).map_or(&[][..], Vec::as_slice);
        let on = ties.iter().filter(|(_, tie)| *tie == Tie::On).map(|(agent, _)| *agent);
        Seen { agents: in_order(on.chain([agent]).collect()), addressed: None }
    }

    /// Whoever had it in hand before the event, or has it after.
    fn see_contact(&mut self, contact: ContactId, event: &Event) -> Seen {
        let mut agents = self.tied(contact);
        match event {
            Event::ContactConnected(event) => {
                self.untie(contact, event.agent, Tie::Ringing);
                self.tie(contact, event.agent, Tie::On);
            }
            Event::ContactLeft(event) => self.untie(contact, event.agent, Tie::On),
            Event::ContactEnded(_) => self.untie_all_on(contact),
            Event::WrapupStarted(event) => self.tie(contact, event.agent, Tie::WrapUp),
            Event::WrapupCompleted(event) => self.untie(contact, event.agent, Tie::WrapUp),
            _ => {}
        }
        agents.extend(self.tied(contact));
        Seen { agents: in_order(agents), addressed: None }
    }

    fn tied(&self, contact: ContactId) -> Vec<AgentId> {
        self.ties.get(&contact).map_or_else(Vec::new, |ties| ties.iter().map(|(agent, _)| *agent).collect())
    }

    fn tie(&mut self, contact: ContactId, agent: AgentId, tie: Tie) {
        self.ties.entry(contact).or_default().push((agent, tie));
    }

    fn untie(&mut self, contact: ContactId, agent: AgentId, tie: Tie) {
        if let Some(ties) = self.ties.get_mut(&contact) {
            if let Some(place) = ties.iter().position(|known| *known == (agent, tie)) {
                ties.remove(place);
            }
            if ties.is_empty() {
                self.ties.remove(&contact);
            }
        }
    }

    fn untie_all_on(&mut self, contact: ContactId) {
        if let Some(ties) = self.ties.get_mut(&contact) {
            ties.retain(|(_, tie)| *tie != Tie::On);
            if ties.is_empty() {
                self.ties.remove(&contact);
            }
        }
    }
}

impl View for Audience {
    const NAME: &'static str = "audience";
    const SCHEMA: u32 = 2;

    fn fold(&mut self, recorded: &Recorded<Event>) {
        self.fold_and_see(recorded);
    }

    fn pass(&mut self, seq: u64, _: Instant) {
        self.seq = self.seq.max(seq);
    }

    fn take_in(&mut self, recorded: &Recorded<CentreEvent>) {
        self.take_in_and_see(recorded);
    }

    fn seq(&self) -> u64 {
        self.seq
    }
}

fn in_order(mut agents: Vec<AgentId>) -> Vec<AgentId> {
    agents.sort_unstable();
    agents.dedup();
    agents
}
