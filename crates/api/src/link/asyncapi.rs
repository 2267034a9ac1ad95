//! The link as an AsyncAPI 3 document, made from the types that are read and written.

use super::command::{Ask, COMMANDS};
use super::frame::{ClientFrame, CloseReason, Protocol, ServerFrame};
use super::hub::Hub;
use super::limits::{FRAME_BYTES_MAX, Limits, REPLAY_SPEED_MAX, REPLAY_STEPS_MAX};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use std::sync::Weak;

pub(super) async fn serve(State(hub): State<Weak<Hub>>) -> Response {
    let limits = hub.upgrade().map_or_else(Limits::default, |hub| hub.limits.clone());
    let json = HeaderValue::from_static("application/json");
    (StatusCode::OK, [(header::CONTENT_TYPE, json)], document(&limits).to_string()).into_response()
}

/// The document.
pub fn document(limits: &Limits) -> Value {
    let settings = SchemaSettings::draft07().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let client = generator.subschema_for::<ClientFrame>();
    let server = generator.subschema_for::<ServerFrame>();
    let commands = Ask::schemas(&mut generator);
    let mut messages = Map::new();
    let mut of_command = Vec::new();
    messages.insert("client".into(), message("What a client says", json!(client)));
    messages.insert("server".into(), message("What the server says", json!(server)));
    for (name, text, args) in commands {
        let key = format!("cmd.{name}");
        let payload = json!({
            "type": "object",
            "required": ["t", "id", "cmd", "args"],
            "properties": {
                "t": { "const": "cmd" },
                "id": { "$ref": "#/components/schemas/FrameId" },
                "cmd": { "const": name },
                "args": args,
            },
        });
        messages.insert(key.clone(), message(&text, payload));
        of_command.push(key);
    }
    generator.subschema_for::<super::schema::FrameId>();
    let schemas = generator.take_definitions(true);
    let on_channel: Map<String, Value> = messages
        .keys()
        .map(|key| (key.clone(), json!({ "$ref": format!("#/components/messages/{key}") })))
        .collect();
    let say = |keys: &[String]| -> Vec<Value> {
        keys.iter().map(|key| json!({ "$ref": format!("#/channels/link/messages/{key}") })).collect()
    };
    let from_client: Vec<String> = std::iter::once("client".to_owned()).chain(of_command).collect();
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Cordboard links",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
        },
        "defaultContentType": "application/json",
        "channels": {
            "link": {
                "address": "/link",
                "title": "A client's link",
                "messages": on_channel,
                "bindings": { "ws": {
                    "method": "GET",
                    "headers": { "type": "object", "properties": {
                        "Sec-WebSocket-Protocol": { "type": "string", "enum": Protocol::ALL.map(Protocol::name) },
                        "Authorization": { "type": "string", "description": "Bearer and a token, instead of a ticket in the hello." },
                    } },
                } },
            },
        },
        "operations": {
            "say": { "action": "receive", "channel": { "$ref": "#/channels/link" }, "messages": say(&from_client) },
            "tell": { "action": "send", "channel": { "$ref": "#/channels/link" }, "messages": say(&["server".to_owned()]) },
        },
        "components": { "messages": messages, "schemas": schemas },
        "x-commands": COMMANDS,
        "x-close-codes": close_codes(),
        "x-limits": {
            "frame_bytes_max": FRAME_BYTES_MAX,
            "hello_timeout_ms": limits.hello_timeout.as_millis() as u64,
            "lease_ms": limits.lease.as_millis() as u64,
            "heartbeat_ms": limits.heartbeat.as_millis() as u64,
            "in_flight_max": limits.in_flight_max,
            "frames_per_second_max": limits.frames_per_second_max,
            "frames_burst_max": limits.frames_burst_max,
            "replays_max": limits.replays_max,
            "replay_speed_max": REPLAY_SPEED_MAX,
            "replay_steps_max": REPLAY_STEPS_MAX,
        },
    })
}

const DESCRIPTION: &str = "\
Softphones, wallboards and programs hold a link. One schema, two subprotocols: cordboard.v1.json (text \
messages) and cordboard.v1.msgpack (binary messages, maps with names). Every sequence number is the log's. \
`prev` of an event is the number of the event sent before it on this link: another one than your own last \
means a gap; come back with `resume`. A command id belongs to its account for ever: repeat a command under the \
same id and it is carried out once and answered as the first time. An answer comes only when what it says is \
durable; it may come before or after the events that it speaks of. A replay plays the past in frames of its own kind: a `run` begins \
with the floor of its moment, the events follow on a chain of their own, and its state is told whenever that changes; the answer to a \
command about it comes in its place among them.";

fn message(text: &str, payload: Value) -> Value {
    json!({ "summary": text, "payload": payload })
}

fn close_codes() -> Map<String, Value> {
    CloseReason::ALL.into_iter().map(|why| (why.code().to_string(), json!(why.text()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(value: &Value) -> Vec<String> {
        match value {
            Value::String(text) => vec![text.clone()],
            Value::Array(values) => values.iter().flat_map(texts).collect(),
            Value::Object(fields) => fields.values().flat_map(texts).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn every_frame_and_every_command_is_in_it() {
        let document = document(&Limits::default());
        let schemas = &document["components"]["schemas"];
        let client = texts(&schemas["ClientFrame"]);
        for t in ["hello", "cmd", "ping"] {
            assert!(client.iter().any(|text| text == t), "{t} is missing from {client:?}");
        }
        let server = texts(&schemas["ServerFrame"]);
        for t in [
            "welcome",
            "snapshot",
            "ack",
            "nack",
            "ev",
            "pong",
            "floor_snapshot",
            "floor_delta",
            "replay",
            "wall",
        ] {
            assert!(server.iter().any(|text| text == t), "{t} is missing from {server:?}");
        }
        for command in COMMANDS {
            let message = &document["components"]["messages"][format!("cmd.{command}")];
            assert_eq!(message["payload"]["properties"]["cmd"]["const"], *command);
            assert!(message["summary"].as_str().is_some_and(|text| !text.is_empty()), "{command}");
        }
        for (_, _, name) in cordboard_centre::events() {
            assert!(texts(&schemas["EventName"]).iter().any(|text| text == name), "{name}");
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document(&Limits::default());
        fn references(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(fields) => {
                    found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                    fields.values().for_each(|value| references(value, found));
                }
                Value::Array(values) => values.iter().for_each(|value| references(value, found)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 50);
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads outside"));
            assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
        }
    }
}
