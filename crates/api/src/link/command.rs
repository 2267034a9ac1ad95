//! What a client can ask: one entry for each command, from which come its type, how it is read, its
//! schema and its name. Read once, here; after that everything is a floor word in its own type. It does
//! not know who asks (see `submit`).

mod prepare;
mod suggest;

pub(crate) use prepare::{Draft, Prepared, Refused, prepare};
pub(crate) use suggest::nearest;

use super::schema;
use cordboard_floor::command::AskedState;
use cordboard_floor::contact::TransferTarget;
use cordboard_floor::{
    AgentId, AlertId, CodeId, ContactId, Instant, MessageId, OfferId, QueueId, ReasonId, SeatId, TeamId,
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What is wrong with a frame, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The path to it, as `args.offer`.
    pub place: String,
    /// What is wrong with it.
    pub what: String,
}

impl Malformed {
    pub(crate) fn at(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}", self.place, self.what)
    }
}

impl std::error::Error for Malformed {}

/// The state that is asked for: `"ready"`, or `{"not_ready": "lunch"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Takes contacts.
    Ready,
    /// Takes none, for this configured reason.
    NotReady(#[schemars(with = "schema::Code")] ReasonId),
}

/// What is played of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplayTopic {
    /// What happened, as `events.subscribe` tells it.
    Events,
    /// What changed on the floor, as `floor.subscribe` tells it.
    Floor,
}

impl From<State> for AskedState {
    fn from(state: State) -> Self {
        match state {
            State::Ready => Self::Ready,
            State::NotReady(reason) => Self::NotReady(reason),
        }
    }
}

/// A personal value in clear, on its way to be sealed: it is read and digested, and never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Unsealed(pub String);

impl std::fmt::Debug for Unsealed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("…")
    }
}

macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $name:literal $variant:ident {
        $($(#[doc = $fdoc:literal])+ $field:ident : $type:ty as $schema:literal),* $(,)?
    })+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
            #[schemars(deny_unknown_fields)]
            pub struct $variant { $($(#[doc = $fdoc])+ #[schemars(with = $schema)] pub $field: $type),* }

            impl $variant {
                #[allow(unused_mut, unused_variables, reason = "a command may have no arguments")]
                fn read(args: &mut Map<String, Value>) -> Result<Self, Malformed> {
                    Ok(Self { $($field: take(args, stringify!($field))?),* })
                }
            }

            impl From<$variant> for Ask {
                fn from(ask: $variant) -> Self {
                    Self::$variant(ask)
                }
            }
        )+

        /// One command with its arguments.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(untagged)]
        pub enum Ask { $($(#[doc = $doc])+ $variant($variant)),+ }

        /// The name of every command.
        pub const COMMANDS: &[&str] = &[$($name),+];

        impl Ask {
            /// As it is called on the link.
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name),+ }
            }

            /// Reads the arguments of a command; nothing if there is no such command.
            pub(crate) fn read(name: &str, args: &mut Map<String, Value>) -> Option<Result<Self, Malformed>> {
                let (ask, takes): (_, &[&str]) = match name {
                    $($name => ($variant::read(args).map(Self::$variant), &[$(stringify!($field)),*])),+,
                    _ => return None,
                };
                Some(ask.and_then(|ask| nothing_left(name, args, takes).map(|()| ask)))
            }

            /// Name, sentence and schema of the arguments of every command.
            pub(crate) fn schemas(generator: &mut SchemaGenerator) -> Vec<(&'static str, String, Schema)> {
                vec![$(($name, [$($doc),+].concat().trim().to_owned(), generator.subschema_for::<$variant>())),+]
            }
        }
    };
}

commands! {
    /// Sit down at a seat; not ready yet.
    "agent.sign_in" AgentSignIn {
        /// Which.
        seat: SeatId as "schema::Code",
    }
    /// Ready, or not ready for a reason. With a contact in hand it follows that contact.
    "agent.set_state" AgentSetState {
        /// `"ready"`, or `{"not_ready": "lunch"}`.
        state: State as "State",
    }
    /// Sign out; a leader can sign out another agent. With a contact in hand it follows that contact.
    "agent.sign_out" AgentSignOut {
        /// Whom; left out: oneself.
        agent: Option<AgentId> as "Option<schema::Code>",
        /// Why.
        reason: Option<ReasonId> as "Option<schema::Code>",
        /// More than the reason; sealed before it is stored.
        note: Option<String> as "Option<schema::Note>",
    }
    /// Ask for a break.
    "agent.request_break" AgentRequestBreak {
        /// Which: a configured reason that is a break.
        reason: ReasonId as "schema::Code",
    }
    /// Ask a leader to come, or say that it is settled.
    "agent.raise_hand" AgentRaiseHand {
        /// Up (also if left out), or down again.
        raised: Option<bool> as "Option<bool>",
        /// Whose; left out: one's own.
        agent: Option<AgentId> as "Option<schema::Code>",
        /// Why.
        reason: Option<ReasonId> as "Option<schema::Code>",
        /// More than the reason; sealed before it is stored.
        note: Option<String> as "Option<schema::Note>",
    }
    /// Take an offer.
    "offer.accept" OfferAccept {
        /// Which.
        offer: OfferId as "schema::Offer",
    }
    /// Decline an offer.
    "offer.reject" OfferReject {
        /// Which.
        offer: OfferId as "schema::Offer",
        /// Why.
        reason: Option<ReasonId> as "Option<schema::Code>",
    }
    /// Say that the device could not ring or answer: no microphone, no permission, no media.
    "offer.fail" OfferFail {
        /// Which.
        offer: OfferId as "schema::Offer",
        /// Why.
        reason: Option<ReasonId> as "Option<schema::Code>",
    }
    /// Put the caller on hold.
    "contact.hold" ContactHold {
        /// Which contact.
        contact: ContactId as "schema::Contact",
    }
    /// Talk again.
    "contact.resume" ContactResume {
        /// Which contact.
        contact: ContactId as "schema::Contact",
    }
    /// Not to be heard by the others on it.
    "contact.mute" ContactMute {
        /// Which contact.
        contact: ContactId as "schema::Contact",
    }
    /// Be heard again.
    "contact.unmute" ContactUnmute {
        /// Which contact.
        contact: ContactId as "schema::Contact",
    }
    /// Ask another agent while the caller is held.
    "contact.consult" ContactConsult {
        /// Which contact.
        contact: ContactId as "schema::Contact",
        /// Whom: `{"agent": "1002"}`, or of a queue her who was idle longest.
        to: TransferTarget as "schema::Target",
    }
    /// The consulted agent and the caller hear each other.
    "contact.conference" ContactConference {
        /// Which contact.
        contact: ContactId as "schema::Contact",
    }
    /// Give it to a queue or an agent; attended if that agent is on it already.
    "contact.transfer" ContactTransfer {
        /// Which contact.
        contact: ContactId as "schema::Contact",
        /// To whom: `{"queue": "sales"}` or `{"agent": "1002"}`.
        to: TransferTarget as "schema::Target",
    }
    /// Leave it to the others on it.
    "contact.leave" ContactLeave {
        /// Which contact.
        contact: ContactId as "schema::Contact",
    }
    /// End it, as its owner.
    "contact.end" ContactEnd {
        /// Which contact.
        contact: ContactId as "schema::Contact",
    }
    /// Finish the work after a contact.
    "wrapup.complete" WrapupComplete {
        /// After which contact.
        contact: ContactId as "schema::Contact",
        /// The wrap-up code; left out: the queue's default.
        code: Option<CodeId> as "Option<schema::Code>",
        /// A note; sealed before it is stored.
        note: Option<String> as "Option<schema::Note>",
    }
    /// Take longer over the work after a contact.
    "wrapup.extend" WrapupExtend {
        /// After which contact.
        contact: ContactId as "schema::Contact",
    }
    /// Say that the caller hangs up and is called back in her turn; her contact keeps its place in line.
    "contact.request_callback" ContactRequestCallback {
        /// Which contact.
        contact: ContactId as "schema::Contact",
        /// Where to, if not where she called from; sealed before it is stored.
        number: Option<Unsealed> as "Option<schema::Number>",
    }
    /// Say that the caller who is called back is there.
    "callback.answered" CallbackAnswered {
        /// Which contact.
        contact: ContactId as "schema::Contact",
    }
    /// Say that she was not reached.
    "callback.failed" CallbackFailed {
        /// Which contact.
        contact: ContactId as "schema::Contact",
        /// Why.
        reason: Option<ReasonId> as "Option<schema::Code>",
    }
    /// Follow the floor on this link: all of it, then what changes, at most four times a second.
    "floor.subscribe" FloorSubscribe {}
    /// Follow the log on this link, as far as the account may see it.
    "events.subscribe" EventsSubscribe {
        /// The first event wanted; left out: from now on.
        from_seq: Option<u64> as "Option<u64>",
    }
    /// Follow a wall on this link: figures of its queues, then those that changed, at most four times a second.
    "wall.subscribe" WallSubscribe {
        /// Which wall of the configuration.
        wall: String as "schema::Code",
    }
    /// Play the log again on this link, from a past moment on: first the floor as it was, then what happened, all in `replay`
    /// frames. A link has one replay; another start ends the one before. Say `at` or `from_seq`.
    "replay.start" ReplayStart {
        /// The moment whose floor is shown first; what happened after it is played.
        at: Option<Instant> as "Option<schema::Moment>",
        /// The first event played; the floor is shown as it was before it.
        from_seq: Option<u64> as "Option<u64>",
        /// How many times faster than it happened; left out: as fast.
        speed: Option<u32> as "Option<schema::Speed>",
        /// What is played: events, changes of the floor, or both; left out: events.
        topics: Option<Vec<ReplayTopic>> as "Option<Vec<ReplayTopic>>",
        /// A longer time in which nothing happened is cut to this one, in ms of the log's time; left out: none is cut.
        skip_idle_ms: Option<u64> as "Option<u64>",
        /// Whether nothing is played before `replay.resume` or `replay.step`.
        paused: Option<bool> as "Option<bool>",
    }
    /// Hold the replay where it is.
    "replay.pause" ReplayPause {}
    /// Go on with it.
    "replay.resume" ReplayResume {}
    /// Play so many events that this account may see, at once, and hold.
    "replay.step" ReplayStep {
        /// How many; left out: one.
        n: Option<u32> as "Option<schema::Steps>",
    }
    /// Go on from another moment: its floor comes first again. Say `at` or `seq`.
    "replay.seek" ReplaySeek {
        /// This time.
        at: Option<Instant> as "Option<schema::Moment>",
        /// After this event.
        seq: Option<u64> as "Option<u64>",
    }
    /// Play faster or slower.
    "replay.speed" ReplaySpeed {
        /// How many times faster than it happened.
        speed: u32 as "schema::Speed",
    }
    /// End the replay.
    "replay.stop" ReplayStop {}
    /// Put another agent in a state.
    "agent.force_state" AgentForceState {
        /// Whom.
        agent: AgentId as "schema::Code",
        /// `"ready"`, or `{"not_ready": "lunch"}`.
        state: State as "State",
        /// Why.
        reason: Option<ReasonId> as "Option<schema::Code>",
        /// More than the reason; sealed before it is stored.
        note: Option<String> as "Option<schema::Note>",
    }
    /// Give a waiting contact to a certain agent, whoever waits before it.
    "contact.assign" ContactAssign {
        /// Which contact.
        contact: ContactId as "schema::Contact",
        /// To whom.
        agent: AgentId as "schema::Code",
        /// Why.
        reason: Option<ReasonId> as "Option<schema::Code>",
        /// More than the reason; sealed before it is stored.
        note: Option<String> as "Option<schema::Note>",
    }
    /// Move a waiting contact to another queue, with its place.
    "contact.move" ContactMove {
        /// Which contact.
        contact: ContactId as "schema::Contact",
        /// Where to.
        queue: QueueId as "schema::Code",
        /// Why.
        reason: Option<ReasonId> as "Option<schema::Code>",
        /// More than the reason; sealed before it is stored.
        note: Option<String> as "Option<schema::Note>",
    }
    /// Change the priority of a waiting contact.
    "contact.reprioritise" ContactReprioritise {
        /// Which contact.
        contact: ContactId as "schema::Contact",
        /// 0 to 100, higher first.
        priority: u8 as "schema::Priority",
        /// Why.
        reason: Option<ReasonId> as "Option<schema::Code>",
        /// More than the reason; sealed before it is stored.
        note: Option<String> as "Option<schema::Note>",
    }
    /// Open a queue.
    "queue.open" QueueOpen {
        /// Which.
        queue: QueueId as "schema::Code",
        /// Why.
        reason: Option<ReasonId> as "Option<schema::Code>",
        /// More than the reason; sealed before it is stored.
        note: Option<String> as "Option<schema::Note>",
    }
    /// Serve who waits in a queue and take no more.
    "queue.drain" QueueDrain {
        /// Which.
        queue: QueueId as "schema::Code",
        /// Why.
        reason: Option<ReasonId> as "Option<schema::Code>",
        /// More than the reason; sealed before it is stored.
        note: Option<String> as "Option<schema::Note>",
    }
    /// Close a queue; whoever waits in it is sent away.
    "queue.close" QueueClose {
        /// Which.
        queue: QueueId as "schema::Code",
        /// Whether it is an emergency: then the calendar does not open it again, a leader does.
        emergency: Option<bool> as "Option<bool>",
        /// Which message its callers hear.
        message: Option<ReasonId> as "Option<schema::Code>",
        /// Why.
        reason: Option<ReasonId> as "Option<schema::Code>",
        /// More than the reason; sealed before it is stored.
        note: Option<String> as "Option<schema::Note>",
    }
    /// Say how many of a queue's agents may be on a break, until its configuration changes. With neither number a leader decides
    /// about each request.
    "queue.set_breaks" QueueSetBreaks {
        /// Which.
        queue: QueueId as "schema::Code",
        /// So many at once; left out: as many as there are.
        at_most: Option<u32> as "Option<u32>",
        /// So many must stay ready; left out: nobody has to.
        ready_at_least: Option<u32> as "Option<u32>",
        /// Why.
        reason: Option<ReasonId> as "Option<schema::Code>",
        /// More than the reason; sealed before it is stored.
        note: Option<String> as "Option<schema::Note>",
    }
    /// Grant a break or not; an agent can take her own request back with `granted: false`.
    "break.decide" BreakDecide {
        /// About whom.
        agent: AgentId as "schema::Code",
        /// Granted, or not.
        granted: bool as "bool",
        /// Why.
        reason: Option<ReasonId> as "Option<schema::Code>",
        /// More than the reason; sealed before it is stored.
        note: Option<String> as "Option<schema::Note>",
    }
    /// A word to a team, or to all; sealed before it is stored.
    "team.message" TeamMessage {
        /// To whom; left out: everybody.
        team: Option<TeamId> as "Option<schema::Code>",
        /// What.
        text: String as "schema::Text",
        /// Whether whoever is signed in is to say that she has read it.
        acknowledge: Option<bool> as "Option<bool>",
        /// Why.
        reason: Option<ReasonId> as "Option<schema::Code>",
        /// More than the reason; sealed before it is stored.
        note: Option<String> as "Option<schema::Note>",
    }
    /// Say that one has read a message that asks for it.
    "message.acknowledge" MessageAcknowledge {
        /// Which.
        message: MessageId as "schema::MessageName",
    }
    /// Say that one looks after an alert.
    "alert.acknowledge" AlertAcknowledge {
        /// Which.
        alert: AlertId as "schema::Alert",
        /// A note; sealed before it is stored.
        note: Option<String> as "Option<schema::Note>",
    }
    /// Follow alerts on this link, as far as the account may see them: `alert.` events with the topic `alerts`, from now on.
    "alerts.subscribe" AlertsSubscribe {}
}

fn take<T: DeserializeOwned>(args: &mut Map<String, Value>, field: &str) -> Result<T, Malformed> {
    let given = args.remove(field);
    let absent = given.is_none();
    serde_json::from_value(given.unwrap_or(Value::Null)).map_err(|fault| {
        let what = if absent { "is missing".to_owned() } else { fault.to_string() };
        Malformed::at(format!("args.{field}"), what)
    })
}

/// A misspelt optional argument would otherwise be left out in silence.
fn nothing_left(name: &str, args: &Map<String, Value>, takes: &[&str]) -> Result<(), Malformed> {
    let Some(extra) = args.keys().next() else { return Ok(()) };
    let extra: String = extra.chars().take(40).collect();
    let takes = if takes.is_empty() { "none".to_owned() } else { takes.join(", ") };
    Err(Malformed::at(format!("args.{extra}"), format!("{name} has no such argument; it takes: {takes}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(name: &str, args: Value) -> Option<Result<Ask, Malformed>> {
        let Value::Object(mut args) = args else { panic!("arguments are an object") };
        Ask::read(name, &mut args)
    }

    #[test]
    fn every_command_reads_what_it_writes() {
        let asks: Vec<Ask> = vec![
            AgentSetState { state: State::NotReady(ReasonId::fixed("lunch")) }.into(),
            AgentSignOut { agent: None, reason: None, note: None }.into(),
            OfferAccept { offer: OfferId(1040) }.into(),
            ContactTransfer { contact: ContactId(7), to: TransferTarget::Queue(QueueId::fixed("sales")) }
                .into(),
            EventsSubscribe { from_seq: Some(3) }.into(),
            FloorSubscribe {}.into(),
            ReplayStart {
                at: Instant::parse("2026-11-22T00:00:01.204Z"),
                from_seq: None,
                speed: Some(60),
                topics: Some(vec![ReplayTopic::Floor, ReplayTopic::Events]),
                skip_idle_ms: Some(5_000),
                paused: None,
            }
            .into(),
            ReplaySeek { at: None, seq: Some(17) }.into(),
            ReplayPause {}.into(),
            AlertsSubscribe {}.into(),
            ContactMute { contact: ContactId(7) }.into(),
            MessageAcknowledge { message: MessageId(9) }.into(),
            AlertAcknowledge { alert: AlertId(11), note: None }.into(),
            QueueSetBreaks {
                queue: QueueId::fixed("sales"),
                at_most: Some(2),
                ready_at_least: None,
                reason: Some(ReasonId::fixed("rush")),
                note: None,
            }
            .into(),
            ContactRequestCallback { contact: ContactId(7), number: Some(Unsealed("13812345678".into())) }
                .into(),
            CallbackAnswered { contact: ContactId(7) }.into(),
            CallbackFailed { contact: ContactId(7), reason: Some(ReasonId::fixed("busy")) }.into(),
            QueueClose {
                queue: QueueId::fixed("sales"),
                emergency: Some(true),
                message: Some(ReasonId::fixed("fire_drill")),
                reason: None,
                note: Some("the third floor".into()),
            }
            .into(),
        ];
        for ask in asks {
            let args = serde_json::to_value(&ask).unwrap();
            assert_eq!(read(ask.name(), args.clone()), Some(Ok(ask)), "{args}");
        }
        assert_eq!(
            serde_json::to_value(AgentSetState { state: State::Ready }).unwrap(),
            json!({"state": "ready"})
        );
    }

    #[test]
    fn a_number_in_clear_is_never_printed() {
        let number = Some(Unsealed("13812345678".into()));
        let ask: Ask = ContactRequestCallback { contact: ContactId(7), number }.into();
        assert!(!format!("{ask:?}").contains("138"), "{ask:?}");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let fault = |name, args| read(name, args).unwrap().unwrap_err().to_string();
        assert_eq!(fault("offer.accept", json!({})), "args.offer: is missing");
        assert_eq!(fault("offer.accept", json!({"offer": "1040"})), "args.offer: expected an id like o-1042");
        assert_eq!(
            fault("agent.sign_in", json!({"seat": "a b"})),
            "args.seat: the code holds ' '; a code is made of A-Z a-z 0-9 - _ . @ + :"
        );
        assert_eq!(
            fault("offer.reject", json!({"offer": "o-1", "reson": "busy"})),
            "args.reson: offer.reject has no such argument; it takes: offer, reason"
        );
        assert_eq!(
            fault("contact.reprioritise", json!({"contact": "c-1", "priority": 300})),
            "args.priority: invalid value: integer `300`, expected u8"
        );
        assert_eq!(
            fault("queue.close", json!({"queue": "sales", "emergency": "yes"})),
            "args.emergency: invalid type: string \"yes\", expected a boolean"
        );
        assert_eq!(
            fault("callback.answered", json!({"contact": "c-1", "number": "110"})),
            "args.number: callback.answered has no such argument; it takes: contact"
        );
        assert_eq!(read("offer.acept", json!({})), None);
    }
}
