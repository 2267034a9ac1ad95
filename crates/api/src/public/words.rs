//! Schemas of words that have few values, and of the ids.

use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};

fn one_of(words: &[&str]) -> Object {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some(words.to_vec())).build()
}

pub(crate) fn agent_state() -> Object {
    one_of(&["signed_out", "not_ready", "ready"])
}

pub(crate) fn activity() -> Object {
    one_of(&[
        "signed_out",
        "unreachable",
        "not_ready",
        "on_break",
        "idle",
        "resting",
        "ringing",
        "talking",
        "held",
        "consulting",
        "wrap_up",
    ])
}

pub(super) fn hand_state() -> Object {
    one_of(&["reserved", "connected", "held", "wrap_up"])
}

pub(super) fn role() -> Object {
    one_of(&["owner", "consulted", "conferenced", "listening", "whispering", "barged"])
}

pub(crate) fn queue_state() -> Object {
    one_of(&["open", "draining", "closed"])
}

pub(super) fn contact_state() -> Object {
    one_of(&["menu", "queued", "ringing", "connected", "held", "moving", "ended"])
}

pub(super) fn leg_kind() -> Object {
    one_of(&["menu", "queue", "step", "callback", "dial", "message", "offer", "talk", "hold", "wrap_up"])
}

pub(super) fn callback_state() -> Object {
    one_of(&["requested", "parked", "dialled", "answered", "failed"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordboard_floor::contact::Role;
    use cordboard_floor::queue::QueueState;
    use cordboard_views::board::{Activity, AgentState, CallbackState, ContactState, HandState};
    use cordboard_views::story::LegKind;
    use serde::Serialize;
    use serde_json::{Value, json};

    fn words<T: Serialize>(all: &[T]) -> Value {
        json!(all)
    }

    fn listed(schema: Object) -> Value {
        json!(schema.enum_values)
    }

    #[test]
    fn every_word_that_can_be_said_is_listed() {
        assert_eq!(listed(activity()), words(&Activity::ALL));
        assert_eq!(
            listed(agent_state()),
            words(&[AgentState::SignedOut, AgentState::NotReady, AgentState::Ready])
        );
        use ContactState as Contact;
        assert_eq!(
            listed(contact_state()),
            words(&[
                Contact::Menu,
                Contact::Queued,
                Contact::Ringing,
                Contact::Connected,
                Contact::Held,
                Contact::Moving,
                Contact::Ended
            ])
        );
        assert_eq!(
            listed(hand_state()),
            words(&[HandState::Reserved, HandState::Connected, HandState::Held, HandState::WrapUp])
        );
        assert_eq!(
            listed(role()),
            words(&[
                Role::Owner,
                Role::Consulted,
                Role::Conferenced,
                Role::Listening,
                Role::Whispering,
                Role::Barged
            ])
        );
        assert_eq!(
            listed(queue_state()),
            words(&[QueueState::Open, QueueState::Draining, QueueState::Closed])
        );
        use CallbackState as Callback;
        assert_eq!(
            listed(callback_state()),
            words(&[
                Callback::Requested,
                Callback::Parked,
                Callback::Dialled,
                Callback::Answered,
                Callback::Failed
            ])
        );
        assert_eq!(
            listed(leg_kind()),
            words(&[
                LegKind::Menu,
                LegKind::Queue,
                LegKind::Step,
                LegKind::Callback,
                LegKind::Dial,
                LegKind::Message,
                LegKind::Offer,
                LegKind::Talk,
                LegKind::Hold,
                LegKind::WrapUp
            ])
        );
    }
}
