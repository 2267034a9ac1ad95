//! One owner.

use super::{Check, Rest, Verdict, ensure};
use cordboard_floor::contact::Role;
use cordboard_floor::{AgentId, ContactId, Event, Floor, OfferId, Recorded};
use std::collections::BTreeMap;

/// Who has accepted what, and who owns what, by the log.
#[derive(Debug, Default)]
pub(super) struct OneOwner {
    accepted: BTreeMap<OfferId, AgentId>,
    owners: BTreeMap<ContactId, AgentId>,
}

impl Check for OneOwner {
    fn name(&self) -> &'static str {
        "one owner"
    }

    fn promise(&self) -> &'static str {
        "A contact has at most one owner, and whoever is connected has accepted just that offer."
    }

    fn after(&mut self, _floor: &Floor, recorded: &Recorded<Event>) -> Verdict {
        match &recorded.event {
            Event::OfferAccepted(event) => {
                self.accepted.insert(event.offer, event.agent);
            }
            Event::ContactConnected(event) => {
                let by = self.accepted.remove(&event.offer);
                ensure!(
                    by == Some(event.agent),
                    "{} is with {} by {}, accepted by {by:?}",
                    event.contact,
                    event.agent,
                    event.offer
                );
                if event.role == Role::Owner {
                    self.own(event.contact, event.agent)?;
                }
            }
            Event::ContactRoleChanged(event) if event.role == Role::Owner => {
                self.own(event.contact, event.agent)?;
            }
            Event::ContactLeft(event) if event.role == Role::Owner => {
                self.owners.remove(&event.contact);
            }
            Event::ContactEnded(event) => {
                self.owners.remove(&event.contact);
            }
            _ => {}
        }
        Ok(())
    }

    fn rest(&mut self, rest: &Rest<'_>) -> Verdict {
        for (id, contact) in rest.floor.contacts() {
            let owners = contact.participants.iter().filter(|(_, role)| *role == Role::Owner);
            let owners: Vec<AgentId> =
                owners.map(|(ix, _)| rest.floor.agents()[*ix as usize].config.agent).collect();
            ensure!(owners.len() <= 1, "{id} is owned by {owners:?}");
            ensure!(
                owners.first() == self.owners.get(&id),
                "{id} is owned by {owners:?} on the floor, by {:?} in the log",
                self.owners.get(&id)
            );
        }
        Ok(())
    }
}

impl OneOwner {
    fn own(&mut self, contact: ContactId, agent: AgentId) -> Verdict {
        let before = self.owners.insert(contact, agent);
        ensure!(before.is_none(), "{contact} becomes {agent}'s while {before:?} owns it");
        Ok(())
    }
}
