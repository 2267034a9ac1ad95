//! An agent's desk: what rings there, what goes on, and what she makes of what her link tells her. Pure: frames in, intentions out.
//!
//! It is as little as a softphone needs, and no more; when things are due is for the agent herself.

use cordboard_floor::{AgentId, ContactId, OfferId};
use serde::Deserialize;
use serde_json::Value;

/// Something she will do when it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Todo {
    Accept(OfferId, ContactId),
    End(ContactId),
    Complete(ContactId),
}

/// Something she does at once, or tells others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Now {
    /// Sit down and be ready.
    SignIn,
    /// Be ready (again).
    Ready,
    /// The caller has someone to talk to.
    Served(ContactId),
    /// The contact is over.
    Over(ContactId),
}

/// What she makes of a frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) now: Vec<Now>,
    pub(super) later: Vec<Todo>,
}

#[derive(Debug)]
pub(super) struct Desk {
    me: AgentId,
    pub(super) rings: Vec<OfferId>,
    /// What she means to do.
    pub(super) meant: Vec<Todo>,
    pub(super) signed_in: bool,
    /// She is on her way home: neither comes back nor becomes ready of herself.
    pub(super) leaving: bool,
}

/// Fields that events have.
#[derive(Deserialize)]
struct Fields {
    agent: Option<AgentId>,
    contact: Option<ContactId>,
    offer: Option<OfferId>,
    role: Option<String>,
}

/// What a snapshot says of her.
#[derive(Deserialize)]
struct Me {
    state: String,
    contacts: Vec<Hand>,
}

#[derive(Deserialize)]
struct Hand {
    contact: ContactId,
    state: String,
    offer: Option<OfferId>,
}

impl Desk {
    pub(super) fn new(me: AgentId) -> Self {
        Self { me, rings: Vec::new(), meant: Vec::new(), signed_in: false, leaving: false }
    }

    pub(super) fn me(&self) -> AgentId {
        self.me
    }

    /// Everything as it is now; what she meant before is void.
    pub(super) fn see(&mut self, agent: &Value) -> Option<Made> {
        let Me { state, contacts } = Me::deserialize(agent).ok()?;
        self.rings.clear();
        self.meant.clear();
        self.signed_in = state != "signed_out";
        let mut made = Made::default();
        match state.as_str() {
            "signed_out" if !self.leaving => made.now.push(Now::SignIn),
            "not_ready" if !self.leaving => made.now.push(Now::Ready),
            _ => {}
        }
        for hand in contacts {
            match (hand.state.as_str(), hand.offer) {
                ("reserved", Some(offer)) => {
                    self.rings.push(offer);
                    self.mean(&mut made, Todo::Accept(offer, hand.contact));
                }
                ("connected" | "held", _) => {
                    made.now.push(Now::Served(hand.contact));
                    self.mean(&mut made, Todo::End(hand.contact));
                }
                ("wrap_up", _) => self.mean(&mut made, Todo::Complete(hand.contact)),
                _ => {}
            }
        }
        Some(made)
    }

    /// Something happened.
    pub(super) fn hear(&mut self, event: &str, data: &Value) -> Option<Made> {
        let Fields { agent, contact, offer, role } = Fields::deserialize(data).ok()?;
        let mine = agent == Some(self.me);
        let mut made = Made::default();
        match (event, contact, offer) {
            ("offer.created", Some(contact), Some(offer)) if mine => {
                self.rings.push(offer);
                self.mean(&mut made, Todo::Accept(offer, contact));
            }
            (over, _, Some(offer)) if mine && over.starts_with("offer.") => {
                self.rings.retain(|rings| *rings != offer);
                self.meant.retain(|todo| !matches!(todo, Todo::Accept(meant, _) if *meant == offer));
            }
            ("contact.connected", Some(contact), _) if mine && role.as_deref() == Some("owner") => {
                made.now.push(Now::Served(contact));
                self.mean(&mut made, Todo::End(contact));
            }
            ("contact.ended", Some(contact), _) => {
                self.meant.retain(
                    |todo| !matches!(todo, Todo::End(meant) | Todo::Accept(_, meant) if *meant == contact),
                );
                made.now.push(Now::Over(contact));
            }
            ("wrapup.started", Some(contact), _) if mine => self.mean(&mut made, Todo::Complete(contact)),
            ("wrapup.completed", Some(contact), _) if mine => {
                self.meant.retain(|todo| *todo != Todo::Complete(contact));
            }
            ("agent.signed_in", ..) if mine => self.signed_in = true,
            // She let it ring for too long, or came back: she is here to work.
            ("agent.not_ready", ..) if mine && !self.leaving => made.now.push(Now::Ready),
            ("agent.signed_out", ..) if mine => {
                self.signed_in = false;
                if !self.leaving {
                    made.now.push(Now::SignIn);
                }
            }
            _ => {}
        }
        Some(made)
    }

    /// Whether she still means to, and does from now on not.
    pub(super) fn take_up(&mut self, todo: Todo) -> bool {
        let before = self.meant.len();
        self.meant.retain(|meant| *meant != todo);
        self.meant.len() < before
    }

    fn mean(&mut self, made: &mut Made, todo: Todo) {
        self.meant.push(todo);
        made.later.push(todo);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const C: ContactId = ContactId(7);
    const O: OfferId = OfferId(9);

    #[test]
    fn a_call_from_its_ringing_to_the_work_after_it() {
        let mut desk = Desk::new(AgentId::fixed("1001"));
        let rings = json!({"agent": "1001", "contact": "c-7", "offer": "o-9", "purpose": "queue"});
        let mut hear = |event, data: Value| desk.hear(event, &data).unwrap();
        assert_eq!(hear("offer.created", rings.clone()).later, [Todo::Accept(O, C)]);
        assert_eq!(hear("offer.accepted", rings), Made::default());
        let connected = json!({"agent": "1001", "contact": "c-7", "offer": "o-9", "role": "owner"});
        let made = hear("contact.connected", connected);
        assert_eq!((made.now, made.later), (vec![Now::Served(C)], vec![Todo::End(C)]));
        assert_eq!(hear("contact.ended", json!({"contact": "c-7"})).now, [Now::Over(C)]);
        assert_eq!(
            hear("wrapup.started", json!({"agent": "1001", "contact": "c-7"})).later,
            [Todo::Complete(C)]
        );
        assert!(!desk.take_up(Todo::End(C)) && desk.take_up(Todo::Complete(C)));
    }

    #[test]
    fn an_offer_of_another_is_none_of_hers_and_one_that_is_over_is_not_accepted() {
        let mut desk = Desk::new(AgentId::fixed("1001"));
        let other = json!({"agent": "1002", "contact": "c-7", "offer": "o-9"});
        assert_eq!(desk.hear("offer.created", &other), Some(Made::default()));
        let mine = json!({"agent": "1001", "contact": "c-7", "offer": "o-9"});
        desk.hear("offer.created", &mine).unwrap();
        desk.hear("offer.cancelled", &mine).unwrap();
        assert!(desk.rings.is_empty() && !desk.take_up(Todo::Accept(O, C)));
        assert_eq!(desk.hear("offer.created", &json!({"offer": 9})), None);
    }

    #[test]
    fn she_comes_back_unless_she_goes_home() {
        let mut desk = Desk::new(AgentId::fixed("1001"));
        let out = json!({"agent": "1001", "seat": "s"});
        assert_eq!(desk.hear("agent.signed_out", &out).unwrap().now, [Now::SignIn]);
        let now = json!({"state": "not_ready", "contacts": [{"contact": "c-7", "state": "connected", "offer": null}]});
        let made = desk.see(&now).unwrap();
        assert_eq!((made.now, made.later), (vec![Now::Ready, Now::Served(C)], vec![Todo::End(C)]));
        desk.leaving = true;
        assert!(desk.hear("agent.signed_out", &out).unwrap().now.is_empty());
    }
}
