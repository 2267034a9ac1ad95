//! From a message to what was meant by it. The one place where a client's bytes are read: after it there
//! are only types. What cannot be read is told with its place, and with the frame's id if that much was
//! legible.

use super::super::command::{Ask, Malformed, nearest};
use super::super::limits::FRAME_ID_BYTES_MAX;
use super::{Hello, Nack, Protocol, Unreadable};
use serde_json::{Map, Value};
use tokio_tungstenite::tungstenite::Message;

/// What a client meant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Heard {
    Hello(Hello),
    Cmd { id: String, ask: Ask },
    Ping { id: Option<String> },
}

/// What it did not manage to say.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Misheard {
    /// Not even JSON or MessagePack; too many in a row end the link.
    Unreadable(Nack),
    /// A frame with something wrong in it.
    Malformed(Nack),
    /// The wrong kind of message for the protocol: the link ends.
    WrongKind,
}

pub(crate) fn hear(protocol: Protocol, message: &Message) -> Result<Heard, Misheard> {
    let value = protocol.decode_value(message).map_err(|unreadable| match unreadable {
        Unreadable::WrongKind => Misheard::WrongKind,
        Unreadable::NotThat(what) => Misheard::Unreadable(Nack::new(None, "malformed", what)),
    })?;
    let Value::Object(mut fields) = value else {
        return Err(malformed(None, Malformed::at("frame", "is not an object")));
    };
    // An id that is not fit to be given back is not kept.
    let (id, bad_id) = match frame_id(&mut fields) {
        Ok(id) => (id, None),
        Err(fault) => (None, Some(fault)),
    };
    let told = |fault| malformed(id.clone(), fault);
    if let Some(fault) = bad_id {
        return Err(told(fault));
    }
    let t = match fields.remove("t") {
        Some(Value::String(t)) => t,
        Some(_) => return Err(told(Malformed::at("t", "is not a text"))),
        None => return Err(told(Malformed::at("t", "is missing; a frame is a hello, a cmd or a ping"))),
    };
    match t.as_str() {
        "hello" => hello(id.clone(), &mut fields).map_err(told),
        "ping" => only_known(&fields, "ping", "id").map(|()| Heard::Ping { id: id.clone() }).map_err(told),
        "cmd" => command(id, fields),
        other => {
            let other: String = other.chars().take(40).collect();
            let what = format!("is {other:?}; a frame is a hello, a cmd or a ping");
            Err(told(Malformed::at("t", what)))
        }
    }
}

fn command(id: Option<String>, mut fields: Map<String, Value>) -> Result<Heard, Misheard> {
    let told = |fault| malformed(id.clone(), fault);
    let name = match fields.remove("cmd") {
        Some(Value::String(name)) => name,
        Some(_) => return Err(told(Malformed::at("cmd", "is not a text"))),
        None => return Err(told(Malformed::at("cmd", "is missing"))),
    };
    let mut args = match fields.remove("args") {
        Some(Value::Object(args)) => args,
        None | Some(Value::Null) => Map::new(),
        Some(_) => return Err(told(Malformed::at("args", "is not an object"))),
    };
    only_known(&fields, "cmd", "id, cmd, args").map_err(told)?;
    let Some(ask) = Ask::read(&name, &mut args) else {
        let name: String = name.chars().take(40).collect();
        let hint = nearest(&name).map_or_else(String::new, |near| format!("; did you mean {near}?"));
        let nack = Nack::new(id, "unknown_command", format!("there is no command {name:?}{hint}"));
        return Err(Misheard::Malformed(nack));
    };
    let ask = ask.map_err(told)?;
    let id = id.ok_or_else(|| malformed(None, Malformed::at("id", "is missing; a command needs one")))?;
    Ok(Heard::Cmd { id, ask })
}

fn hello(id: Option<String>, fields: &mut Map<String, Value>) -> Result<Heard, Malformed> {
    let ticket = match fields.remove("ticket") {
        None | Some(Value::Null) => None,
        Some(Value::String(ticket)) => Some(ticket),
        Some(_) => return Err(Malformed::at("ticket", "is not a text")),
    };
    let resume = match fields.remove("resume") {
        None | Some(Value::Null) => None,
        Some(resume) => {
            let number = resume.as_u64();
            Some(number.ok_or_else(|| Malformed::at("resume", "is not the number of an event"))?)
        }
    };
    only_known(fields, "hello", "id, ticket, resume")?;
    Ok(Heard::Hello(Hello { id, ticket, resume }))
}

fn frame_id(fields: &mut Map<String, Value>) -> Result<Option<String>, Malformed> {
    match fields.remove("id") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id)) if id.is_empty() => Err(Malformed::at("id", "is empty")),
        Some(Value::String(id)) if id.len() > FRAME_ID_BYTES_MAX => {
            Err(Malformed::at("id", format!("is longer than {FRAME_ID_BYTES_MAX} bytes")))
        }
        Some(Value::String(id)) if id.chars().any(char::is_control) => {
            Err(Malformed::at("id", "holds control characters"))
        }
        Some(Value::String(id)) => Ok(Some(id)),
        Some(_) => Err(Malformed::at("id", "is not a text")),
    }
}

/// A misspelt field would otherwise be left out in silence.
fn only_known(fields: &Map<String, Value>, frame: &str, takes: &str) -> Result<(), Malformed> {
    let Some(extra) = fields.keys().next() else { return Ok(()) };
    let extra: String = extra.chars().take(40).collect();
    Err(Malformed::at(extra, format!("a {frame} has no such field; it takes: {takes}")))
}

fn malformed(id: Option<String>, fault: Malformed) -> Misheard {
    let nack = Nack::new(id, "malformed", fault.to_string());
    Misheard::Malformed(Nack { place: Some(fault.place), ..nack })
}

#[cfg(test)]
mod tests {
    use super::super::super::command::OfferAccept;
    use super::super::{ClientFrame, Cmd, Ping};
    use super::*;
    use cordboard_floor::OfferId;
    use serde_json::json;

    fn json(text: &str) -> Result<Heard, Misheard> {
        hear(Protocol::Json, &Message::Text(text.into()))
    }

    #[test]
    fn both_protocols_mean_the_same() {
        let frames = [
            (
                ClientFrame::Hello(Hello {
                    id: Some("h1".into()),
                    ticket: Some("t".into()),
                    resume: Some(1042),
                }),
                Heard::Hello(Hello { id: Some("h1".into()), ticket: Some("t".into()), resume: Some(1042) }),
            ),
            (
                ClientFrame::Cmd(Cmd {
                    id: "c17".into(),
                    cmd: "offer.accept".into(),
                    args: json!({"offer": "o-1040"}).as_object().unwrap().clone(),
                }),
                Heard::Cmd { id: "c17".into(), ask: OfferAccept { offer: OfferId(1040) }.into() },
            ),
            (ClientFrame::Ping(Ping { id: None }), Heard::Ping { id: None }),
        ];
        for (said, heard) in frames {
            for protocol in Protocol::ALL {
                let message = protocol.encode(&said).unwrap();
                assert_eq!(hear(protocol, &message), Ok(heard.clone()), "{message:?}");
            }
        }
        assert!(matches!(
            json(r#"{"t":"cmd","id":"c17","cmd":"offer.accept","args":{"offer":"o-1040"}}"#),
            Ok(Heard::Cmd { .. })
        ));
    }

    #[test]
    fn garbage_is_told_apart_and_named() {
        #[rustfmt::skip]
        let table: &[(&str, Option<&str>, &str, &str)] = &[
            ("[]", None, "malformed", "frame: is not an object"),
            ("{}", None, "malformed", "t: is missing; a frame is a hello, a cmd or a ping"),
            (r#"{"t":7,"id":"a"}"#, Some("a"), "malformed", "t: is not a text"),
            (r#"{"t":"helo","id":"a"}"#, Some("a"), "malformed", "t: is \"helo\"; a frame is a hello, a cmd or a ping"),
            (r#"{"t":"ping","id":""}"#, None, "malformed", "id: is empty"),
            (r#"{"t":"ping","id":7}"#, None, "malformed", "id: is not a text"),
            (r#"{"t":"ping","x":1}"#, None, "malformed", "x: a ping has no such field; it takes: id"),
            (r#"{"t":"hello","id":"h","ticket":1}"#, Some("h"), "malformed", "ticket: is not a text"),
            (r#"{"t":"hello","id":"h","resume":-1}"#, Some("h"), "malformed", "resume: is not the number of an event"),
            (r#"{"t":"hello","id":"h","token":"x"}"#, Some("h"), "malformed", "token: a hello has no such field; it takes: id, ticket, resume"),
            (r#"{"t":"cmd","id":"c"}"#, Some("c"), "malformed", "cmd: is missing"),
            (r#"{"t":"cmd","id":"c","cmd":[]}"#, Some("c"), "malformed", "cmd: is not a text"),
            (r#"{"t":"cmd","id":"c","cmd":"offer.accept","args":[]}"#, Some("c"), "malformed", "args: is not an object"),
            (r#"{"t":"cmd","id":"c","cmd":"offer.accept"}"#, Some("c"), "malformed", "args.offer: is missing"),
            (r#"{"t":"cmd","cmd":"offer.accept","args":{"offer":"o-1"}}"#, None, "malformed", "id: is missing; a command needs one"),
            (r#"{"t":"cmd","id":"c","cmd":"offer.acept"}"#, Some("c"), "unknown_command", "there is no command \"offer.acept\"; did you mean offer.accept?"),
            (r#"{"t":"cmd","id":"c","cmd":"make.coffee"}"#, Some("c"), "unknown_command", "there is no command \"make.coffee\""),
        ];
        for (text, id, code, message) in table {
            let Err(Misheard::Malformed(nack)) = json(text) else { panic!("{text} was heard") };
            assert_eq!((nack.id.as_deref(), &*nack.code, &*nack.message), (*id, *code, *message), "{text}");
        }
        assert!(matches!(json("{"), Err(Misheard::Unreadable(_))));
        let deep = format!("{}{}", "[".repeat(60_000), "]".repeat(5_000));
        assert!(matches!(json(&deep), Err(Misheard::Unreadable(_))));
        let binary = Message::Binary(vec![0x80].into());
        assert_eq!(hear(Protocol::Json, &binary), Err(Misheard::WrongKind));
        assert_eq!(hear(Protocol::MsgPack, &Message::Text("{}".into())), Err(Misheard::WrongKind));
    }

    #[test]
    fn broken_messagepack_is_unreadable_and_never_a_panic() {
        let good = Protocol::MsgPack.encode(&ClientFrame::Ping(Ping { id: Some("p".into()) })).unwrap();
        let good = good.into_data().to_vec();
        for end in 0..good.len() {
            let cut = Message::Binary(good[..end].to_vec().into());
            assert!(matches!(hear(Protocol::MsgPack, &cut), Err(Misheard::Unreadable(_))), "cut at {end}");
        }
        let with_more = Message::Binary([&good[..], &[0xc0]].concat().into());
        assert!(matches!(hear(Protocol::MsgPack, &with_more), Err(Misheard::Unreadable(_))));
        // An array that claims four thousand million elements, and nesting without end.
        for bytes in
            [vec![0xdd, 0xff, 0xff, 0xff, 0xff], vec![0x91; 50_000], vec![0xc1], vec![0x81, 0x01, 0x02]]
        {
            let message = Message::Binary(bytes.into());
            assert!(matches!(hear(Protocol::MsgPack, &message), Err(Misheard::Unreadable(_))));
        }
        for seed in 0..20_000u32 {
            let mut bytes = good.clone();
            let at = seed as usize % bytes.len();
            bytes[at] ^= (seed / 7 % 255 + 1) as u8;
            // Whatever it is, it is answered and does not panic.
            let _ = hear(Protocol::MsgPack, &Message::Binary(bytes.into()));
        }
    }
}
