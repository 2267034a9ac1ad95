//! An event as the doors show it: `ev` is its name, `data` its fields, personal values as [`Eyes`] see them.

use super::alert::PublicSubject;
use super::personal::{Eyes, field};
use cordboard_centre::Event as CentreEvent;
use cordboard_floor::actor::Reason;
use cordboard_floor::event::{AlertAcknowledged, AlertChanged, AlertRaised, AlertResolved, ContactArrived};
use cordboard_floor::{Actor, Event, Instant, Recorded, StoredEvent};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicEvent {
    /// Place in the log, from 1, without gaps.
    #[schema(example = 1054)]
    pub seq: u64,
    /// When.
    #[schema(value_type = String, format = DateTime, example = "2026-11-22T00:00:01.204Z")]
    pub at: Instant,
    /// What: `noun.verbed`.
    #[schema(value_type = String, example = "contact.connected")]
    pub ev: &'static str,
    /// Who.
    pub actor: PublicActor,
    /// Why, where a reason was given.
    pub reason: Option<PublicReason>,
    /// The event's own fields.
    #[schema(value_type = Object)]
    pub data: Value,
}

/// Who acted: its kind, and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicActor {
    /// `agent`, `leader`, `account`, `gateway` or `system`.
    #[schema(value_type = String, example = "agent")]
    pub kind: &'static str,
    /// The agent, account, gateway or rule.
    #[schema(example = "1001")]
    pub id: String,
    /// The version of the rule, for the system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
}

/// Why something was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicReason {
    /// Number, stable for ever; below 1000 the system's own.
    pub number: u16,
    /// Slug, for people.
    #[schema(value_type = String, example = "no_answer")]
    pub slug: String,
}

impl From<Actor> for PublicActor {
    fn from(actor: Actor) -> Self {
        let (kind, id, version) = match actor {
            Actor::Agent(agent) => ("agent", agent.to_string(), None),
            Actor::Leader(account) => ("leader", account.to_string(), None),
            Actor::Account(account) => ("account", account.to_string(), None),
            Actor::Gateway(gateway) => ("gateway", gateway.to_string(), None),
            Actor::System(rule, version) => ("system", rule.to_string(), Some(version)),
        };
        Self { kind, id, version }
    }
}

impl From<Reason> for PublicReason {
    fn from(reason: Reason) -> Self {
        Self { number: reason.number, slug: reason.slug.to_string() }
    }
}

impl PublicEvent {
    /// Shows an event. Opens what the eyes may see, so call it where waiting is allowed.
    pub fn of(recorded: &Recorded<CentreEvent>, eyes: &Eyes) -> Self {
        Self {
            seq: recorded.seq,
            at: recorded.at,
            ev: recorded.event.name(),
            actor: recorded.actor.into(),
            reason: recorded.reason.map(PublicReason::from),
            data: match &recorded.event {
                CentreEvent::Floor(event) => data(event, eyes),
                CentreEvent::Quality(event) => of_a_desk(event),
                CentreEvent::Workforce(event) => of_a_desk(event),
            },
        }
    }
}

/// An event's fields as the doors show them: sealed values by what they are, and digests as hex, because a
/// page's numbers end at 2^53.
pub fn data(event: &Event, eyes: &Eyes) -> Value {
    match event {
        Event::ContactArrived(ContactArrived { contact, channel, from, attributes }) => json!({
            "contact": contact,
            "channel": channel,
            "from": from.as_ref().map(|from| eyes.number(from)),
            "attributes": attributes.as_ref().map(|sealed| eyes.attributes(sealed)),
        }),
        Event::TeamMessaged(message) => {
            let mut data = plain(event);
            data.insert("text".to_owned(), json!(eyes.text(&message.text, field::TEXT)));
            Value::Object(data)
        }
        Event::ActNoted(noted) => json!({
            "act": noted.act,
            "note": eyes.text(&noted.note, field::ACT_NOTE),
        }),
        Event::AlertRaised(AlertRaised { about, .. })
        | Event::AlertChanged(AlertChanged { about, .. })
        | Event::AlertAcknowledged(AlertAcknowledged { about, .. })
        | Event::AlertResolved(AlertResolved { about, .. }) => {
            let mut data = plain(event);
            data.insert("about".to_owned(), json!(PublicSubject::from(*about)));
            if let Event::AlertAcknowledged(event) = event {
                let note = event.note.as_ref().map(|note| eyes.text(note, field::ACT_NOTE));
                data.insert("note".to_owned(), json!(note));
            }
            Value::Object(data)
        }
        Event::CallbackRequested(requested) => {
            let mut data = plain(event);
            let number = requested.number.as_ref().map(|number| eyes.number(number));
            data.insert("number".to_owned(), json!(number));
            Value::Object(data)
        }
        Event::WrapupCompleted(completed) => {
            let mut data = plain(event);
            let note = completed.note.as_ref().map(|note| eyes.text(note, field::NOTE));
            data.insert("note".to_owned(), json!(note));
            Value::Object(data)
        }
        Event::OfferCreated(created) => {
            let mut data = plain(event);
            data.insert("digest".to_owned(), Value::String(format!("{:016x}", created.digest)));
            Value::Object(data)
        }
        other => Value::Object(plain(other)),
    }
}

/// What an event of the quality or workforce desk says to whoever may read the log: that it happened, to whom and by
/// whom. Answers, marks and what was found are left out, so that who marks blind stays blind: who may see those is for
/// the pages of that desk to know. Words are sealed, and no sealed value is shown here.
const FOR_THE_DESK_ALONE: [&str; 8] =
    ["questions", "answers", "scored", "rows", "findings", "picks", "given", "scores"];

fn of_a_desk(event: &impl Serialize) -> Value {
    let mut data = plain(event);
    data.retain(|name, value| !FOR_THE_DESK_ALONE.contains(&name.as_str()) && !is_sealed(value));
    Value::Object(data)
}

/// Whether a field is a sealed value: nothing else has these two fields.
fn is_sealed(value: &Value) -> bool {
    value.as_object().is_some_and(|fields| {
        fields.len() == 2 && fields.contains_key("person") && fields.contains_key("bytes")
    })
}

fn plain(event: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(event) {
        Ok(Value::Object(fields)) => fields,
        // Every event is a struct of numbers, codes and ids; one that is not is a bug that a test finds.
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::personal::seal_number;
    use super::*;
    use cordboard_floor::actor::reasons;
    use cordboard_floor::event::{CallbackRequested, OfferRescinded};
    use cordboard_floor::{AgentId, ContactId, OfferId, SiteId};
    use cordboard_vault::{Options, PasswordCost, Vault};

    #[test]
    fn the_number_of_a_callback_is_masked_or_open_and_never_its_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let options = Options { password_cost: PasswordCost::cheap_for_tests(), ..Options::default() };
        let vault = Vault::open_with(dir.path(), options).unwrap();
        let (_, number) = seal_number(&vault, "13987654321").unwrap();
        let expires_at = Instant::parse("2026-11-22T00:00:00Z").unwrap();
        let asked = |number| CallbackRequested { contact: ContactId(7), number, expires_at }.into();
        let shown = data(&asked(Some(number.clone())), &Eyes::masked(&vault));
        assert_eq!(
            shown,
            json!({"contact": "c-7", "expires_at": "2026-11-22T00:00:00.000Z",
                "number": {"text": "139****4321", "masked": true}})
        );
        let open = data(&asked(Some(number)), &Eyes::open(&vault));
        assert_eq!(open["number"], json!({"text": "13987654321", "masked": false}));
        assert_eq!(data(&asked(None), &Eyes::masked(&vault))["number"], json!(null));
    }

    #[test]
    fn a_rescinded_offer_says_why() {
        let dir = tempfile::tempdir().unwrap();
        let options = Options { password_cost: PasswordCost::cheap_for_tests(), ..Options::default() };
        let vault = Vault::open_with(dir.path(), options).unwrap();
        let agent = AgentId::fixed("1001");
        let recorded = Recorded {
            seq: 9,
            at: Instant::parse("2026-11-22T00:00:00Z").unwrap(),
            site: SiteId::fixed("north"),
            actor: Actor::system("ring_all"),
            reason: Some(reasons::TAKEN),
            cause: None,
            event: Event::from(OfferRescinded { offer: OfferId(8), contact: ContactId(7), agent }).into(),
        };
        let shown = PublicEvent::of(&recorded, &Eyes::masked(&vault));
        assert_eq!(shown.reason.map(|why| why.slug).as_deref(), Some("taken"));
    }
}
