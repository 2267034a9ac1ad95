//! What goes on and is counted by its beginning alone: a contact that arrived, an offer that was made, a call-back or a break that
//! was asked for. By arrival it belongs to the figures from that moment on, whatever comes of it.

use super::Facts;
use cordboard_floor::{AgentId, ContactId, Instant, OfferId, QueueId, Reason, TeamId};

/// What has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Beginning {
    /// A contact arrived.
    Contact {
        /// Whether its caller was offered to be called back.
        callback_offered: bool,
    },
    /// An offer was made.
    Offer(OfferId),
    /// A call-back was asked for.
    Callback,
    /// A caller is dialled.
    Dial,
    /// A break was asked for, at this event.
    BreakAsk(Reason, u64),
}

/// Something that has begun and is not over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    /// What.
    pub what: Beginning,
    /// When.
    pub from: Instant,
    /// Of which contact, if of one.
    pub contact: Option<ContactId>,
    /// In which queue's terms.
    pub queue: Option<QueueId>,
    /// Whose.
    pub agent: Option<AgentId>,
    /// Of which team she is.
    pub team: Option<TeamId>,
}

impl Facts {
    /// What has begun and is not over, in a fixed order.
    pub fn begun(&self) -> impl Iterator<Item = Begun> + '_ {
        let contacts = self.contacts.iter().flat_map(|(id, contact)| {
            let begun = |what, from, queue, agent: Option<AgentId>| {
                let team = agent.and_then(|agent| self.team(agent));
                Begun { what, from, contact: Some(*id), queue, agent, team }
            };
            let arrived = Beginning::Contact { callback_offered: contact.callback_offered };
            let asked = contact.callback.map(|it| begun(Beginning::Callback, it.from, it.queue, None));
            let dialled =
                contact.dialled.map(|it| begun(Beginning::Dial, it.from, contact.last_queue, Some(it.agent)));
            [Some(begun(arrived, contact.from, contact.first_queue, None)), asked, dialled]
        });
        let offers = self.offers.iter().map(|(offer, it)| Begun {
            what: Beginning::Offer(*offer),
            from: it.from,
            contact: Some(it.contact),
            queue: it.queue,
            agent: Some(it.agent),
            team: self.team(it.agent),
        });
        let asks = self.presences.iter().filter_map(|(agent, open)| {
            let (reason, from, first) = open.asked?;
            let what = Beginning::BreakAsk(reason, first);
            let team = self.team(*agent);
            Some(Begun { what, from, contact: None, queue: None, agent: Some(*agent), team })
        });
        contacts.flatten().chain(offers).chain(asks)
    }
}
