//! An agent's time as a contact's owner, with its holds, and the work after it.

use super::{Evidence, Fact, Facts};
use cordboard_floor::contact::{EndedBy, Role, TransferKind};
use cordboard_floor::{
    AgentId, Channel, CodeId, ContactId, Event, Instant, Millis, QueueId, Recorded, TeamId,
};
use serde::{Deserialize, Serialize};

/// An agent's time as owner that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandlingFact {
    /// Of which contact.
    pub contact: ContactId,
    /// How it came.
    pub channel: Channel,
    /// Whose.
    pub agent: AgentId,
    /// Her team, when it ended.
    pub team: Option<TeamId>,
    /// In the terms of the queue that the contact had come through last.
    pub queue: Option<QueueId>,
    /// Since when; of a callback since the caller was reached.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// The time less its holds.
    pub talk_ms: Millis,
    /// In all holds.
    pub hold_ms: Millis,
    /// How many holds.
    pub holds: u32,
    /// How she gave it on, if she did.
    pub transferred: Option<TransferKind>,
    /// Who ended the contact, if it ended with her.
    pub ended_by: Option<EndedBy>,
    /// Whether we had called the caller.
    pub called_back: bool,
    /// The events it stands on.
    pub evidence: Evidence,
}

/// The work after a contact that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrapUpFact {
    /// After which contact.
    pub contact: ContactId,
    /// Whose.
    pub agent: AgentId,
    /// Her team, when it ended.
    pub team: Option<TeamId>,
    /// In whose terms.
    pub queue: QueueId,
    /// The code.
    pub code: CodeId,
    /// Whether the timer wrote it.
    pub by_default: bool,
    /// Whether the queue listed the code as a success then.
    pub success: bool,
    /// Whether we had called the caller.
    pub called_back: bool,
    /// How often it was extended.
    pub extended: u32,
    /// Since when.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// The events it stands on.
    pub evidence: Evidence,
}

impl WrapUpFact {
    /// How long it took.
    pub fn took_ms(&self) -> Millis {
        self.to.since(self.from)
    }
}

/// An owner's time that goes on.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct OpenHandling {
    agent: AgentId,
    queue: Option<QueueId>,
    since: Instant,
    first: u64,
    hold_ms: u64,
    holds: u32,
    called_back: bool,
}

impl OpenHandling {
    pub(super) const fn begin_talking(&mut self, at: Instant) {
        self.since = at;
        self.called_back = true;
    }
}

/// The work after a contact that goes on.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct OpenWrapUp {
    from: Instant,
    first: u64,
    extended: u32,
    called_back: bool,
}

impl Facts {
    pub(super) fn take_handling(&mut self, recorded: &Recorded<Event>) {
        match &recorded.event {
            Event::ContactConnected(event) if event.role == Role::Owner => {
                self.begin_handling(event.contact, event.agent, recorded);
            }
            Event::ContactRoleChanged(event) if event.role == Role::Owner => {
                self.begin_handling(event.contact, event.agent, recorded);
            }
            Event::ContactHeld(event) => {
                if let Some(contact) = self.contacts.get_mut(&event.contact) {
                    contact.held_since = Some(recorded.at);
                }
            }
            Event::ContactResumed(event) => self.end_hold(event.contact, recorded.at),
            Event::ContactTransferred(event) => {
                if let Some(contact) = self.contacts.get_mut(&event.contact) {
                    contact.giver = Some((event.agent, event.kind));
                }
            }
            Event::ContactLeft(event) if event.role == Role::Owner => {
                self.end_handling(event.contact, recorded, None);
            }
            _ => {}
        }
    }

    fn begin_handling(&mut self, id: ContactId, agent: AgentId, recorded: &Recorded<Event>) {
        let Some(contact) = self.contacts.get_mut(&id) else { return };
        contact.owners += 1;
        contact.owner = Some(OpenHandling {
            agent,
            queue: contact.last_queue,
            since: recorded.at,
            first: recorded.seq,
            hold_ms: 0,
            holds: 0,
            called_back: false,
        });
    }

    /// A hold ends when it is resumed, or when its owner is no longer on the contact.
    fn end_hold(&mut self, id: ContactId, at: Instant) {
        let Some(contact) = self.contacts.get_mut(&id) else { return };
        if let (Some(since), Some(owner)) = (contact.held_since.take(), &mut contact.owner) {
            owner.hold_ms += at.since(since).0;
            owner.holds += 1;
        }
    }

    /// The owner is no longer on it. What was only dialled was not handled.
    pub(super) fn end_handling(&mut self, id: ContactId, recorded: &Recorded<Event>, by: Option<EndedBy>) {
        self.end_hold(id, recorded.at);
        let Some(contact) = self.contacts.get_mut(&id) else { return };
        let Some(owner) = contact.owner.take() else { return };
        if contact.dialled.is_some() {
            contact.owners = contact.owners.saturating_sub(1);
            self.end_dial(id, recorded, false);
            return;
        }
        // The wrap-up that may follow in the same decision is of the same kind.
        self.called_back = Some(((owner.agent, id), owner.called_back));
        let transferred = contact.giver.take_if(|(giver, _)| *giver == owner.agent).map(|(_, kind)| kind);
        let all = recorded.at.since(owner.since).0;
        let fact = HandlingFact {
            contact: id,
            channel: contact.channel,
            agent: owner.agent,
            team: self.board.agent(owner.agent).and_then(|row| row.team),
            queue: owner.queue,
            from: owner.since,
            to: recorded.at,
            talk_ms: Millis(all.saturating_sub(owner.hold_ms)),
            hold_ms: Millis(owner.hold_ms),
            holds: owner.holds,
            transferred,
            ended_by: by,
            called_back: owner.called_back,
            evidence: Evidence { first: owner.first, last: recorded.seq },
        };
        self.told.push(Fact::Handling(fact));
    }

    pub(super) fn take_wrapup(&mut self, recorded: &Recorded<Event>) {
        let (seq, at) = (recorded.seq, recorded.at);
        match &recorded.event {
            Event::WrapupStarted(event) => {
                let key = (event.agent, event.contact);
                let called_back = self.called_back.take_if(|(whose, _)| *whose == key).is_some_and(|it| it.1);
                let open = OpenWrapUp { from: at, first: seq, extended: 0, called_back };
                self.wrapups.insert((event.agent, event.contact), open);
            }
            Event::WrapupExtended(event) => {
                if let Some(open) = self.wrapups.get_mut(&(event.agent, event.contact)) {
                    open.extended += 1;
                }
            }
            Event::WrapupCompleted(event) => {
                let Some(open) = self.wrapups.remove(&(event.agent, event.contact)) else { return };
                let listed = self.success_codes.get(&event.queue);
                self.told.push(Fact::WrapUp(WrapUpFact {
                    contact: event.contact,
                    agent: event.agent,
                    team: self.team(event.agent),
                    queue: event.queue,
                    code: event.code,
                    by_default: event.by_default,
                    success: listed.is_some_and(|codes| codes.contains(&event.code)),
                    called_back: open.called_back,
                    extended: open.extended,
                    from: open.from,
                    to: at,
                    evidence: Evidence { first: open.first, last: seq },
                }));
            }
            _ => {}
        }
    }
}
