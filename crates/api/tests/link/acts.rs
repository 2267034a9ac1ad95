//! What an agent and a leader do beside contacts: mute, messages with an answer, break quotas, notes, and alerts.

use crate::client::Client;
use crate::house::{House, agent};
use cordboard_api::link::Limits;
use cordboard_api::link::frame::{Ev, Protocol, ServerFrame, Topic};
use cordboard_api::public::personal::field;
use cordboard_floor::alert::{Alarm, AlertLevel, AlertMeasure, AlertRule, AlertSubject};
use cordboard_floor::{AlertRuleId, Command, Event, QueueId};
use cordboard_vault::Opened;
use serde_json::json;

const WAITING: AlertRuleId = AlertRuleId::fixed("waiting");

fn rule() -> Command {
    Command::ApplyAlertRule(AlertRule {
        amber: Some(5),
        red: Some(9),
        zh: "排队人数过多".into(),
        en: "Too many waiting".into(),
        ..AlertRule::customary(WAITING, AlertMeasure::Waiting)
    })
}

fn alarm(about: AlertSubject) -> Command {
    Command::RaiseAlert(Alarm { rule: WAITING, level: AlertLevel::Amber, about, value: 6, limit: 5 })
}

async fn alert_event(client: &mut Client) -> Ev {
    client
        .find("an alert", |frame| match frame {
            ServerFrame::Ev(ev) if ev.topic == Some(Topic::Alerts) => Some((**ev).clone()),
            _ => None,
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_mutes_herself_and_everybody_on_it_sees_it() {
    for protocol in Protocol::ALL {
        let house = House::open(Limits::default()).await;
        let mut li = Client::greet(&house, protocol, "1001", None).await.client;
        li.does("agent.sign_in", json!({"seat": "a"})).await;
        li.does("agent.set_state", json!({"state": "ready"})).await;
        let contact = house.caller("13812345678").to_string();
        let offer = li.event("offer.created").await;
        assert_eq!(li.refused("contact.mute", json!({"contact": contact})).await.code, "not_on_contact");
        li.does("offer.accept", json!({"offer": offer.data["offer"]})).await;
        let seq = li.does("contact.mute", json!({"contact": contact})).await;
        let muted = li.event("contact.muted").await;
        assert_eq!((muted.seq, &muted.data), (seq, &json!({"contact": contact, "agent": "1001"})));
        assert_eq!(li.does("contact.mute", json!({"contact": contact})).await, seq, "it holds already");
        let snapshot = Client::greet(&house, protocol, "1001", None).await;
        let (mut li, snapshot) = (snapshot.client, snapshot.snapshot.unwrap());
        assert_eq!(snapshot.contacts[0]["participants"][0]["muted"], true);
        assert_eq!(snapshot.agent.unwrap()["contacts"][0]["muted"], true);
        li.does("contact.unmute", json!({"contact": contact})).await;
        li.event("contact.unmuted").await;
        house.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_stands_on_the_desk_until_it_is_acknowledged() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    let mut blue = Client::ready(&house, "1004").await;
    let mut red = Client::greeted(&house, "red").await;
    let args = json!({"team": "red", "text": "请看公告", "acknowledge": true, "reason": "rush"});
    let seq = red.does("team.message", args).await;
    let message = format!("m-{seq}");
    let told = li.event("team.messaged").await;
    assert_eq!(
        told.data,
        json!({"team": "red", "text": {"text": "请看公告", "masked": false}, "message": message,
            "acknowledge": true, "addressed": ["1001"]})
    );
    let nack = blue.refused("message.acknowledge", json!({"message": message})).await;
    assert_eq!(nack.code, "not_addressed");
    let nack = li.refused("message.acknowledge", json!({"message": "m-1"})).await;
    assert_eq!(nack.code, "unknown_message");

    let again = Client::greet(&house, Protocol::Json, "1001", None).await;
    let (mut li, snapshot) = (again.client, again.snapshot.unwrap());
    assert_eq!(snapshot.messages.len(), 1);
    let shown = &snapshot.messages[0];
    assert_eq!((&shown["message"], &shown["text"]["text"]), (&json!(message), &json!("请看公告")));
    assert_eq!((&shown["actor"]["id"], &shown["missing"]), (&json!("red"), &json!(["1001"])));
    let seq = li.does("message.acknowledge", json!({"message": message})).await;
    assert_eq!(li.does("message.acknowledge", json!({"message": message})).await, seq);
    assert_eq!(li.event("message.acknowledged").await.data, json!({"message": message, "agent": "1001"}));
    let again = Client::greet(&house, Protocol::Json, "1001", None).await;
    assert_eq!(again.snapshot.unwrap().messages, Vec::<serde_json::Value>::new());
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_break_quota_shows_in_the_queues_row_and_a_note_is_sealed() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    let mut lead = Client::greeted(&house, "lead").await;
    lead.does("floor.subscribe", json!({})).await;
    let floor = lead.floor().await;
    let breaks = |queue: &serde_json::Value| queue["breaks"].clone();
    assert_eq!(
        breaks(&floor.queues[0]),
        json!({"at_most": null, "ready_at_least": null, "set": false, "on_break": 0, "waiting": 0})
    );
    li.does("agent.request_break", json!({"reason": "lunch"})).await;
    let queue_row = |lead: &ServerFrame, waiting: u64| match lead {
        ServerFrame::FloorDelta(delta) => {
            delta.queues.iter().map(breaks).find(|row| row["waiting"] == waiting)
        }
        _ => None,
    };
    lead.find("who waits for a break", |frame| queue_row(frame, 1)).await;
    let before = house.last();
    let args = json!({"queue": "sales", "at_most": 1, "reason": "rush", "note": "王大妈来电"});
    lead.does("queue.set_breaks", args).await;
    let row = lead.find("who is on a break", |frame| queue_row(frame, 0)).await;
    assert_eq!(row, json!({"at_most": 1, "ready_at_least": null, "set": true, "on_break": 1, "waiting": 0}));
    let events = house.since(before);
    let set = &events[0];
    assert!(matches!(&set.event, Event::QueueBreaksSet(event) if event.at_most == Some(1)), "{set:?}");
    assert_eq!(set.reason.unwrap().slug.as_str(), "rush");
    let Event::ActNoted(noted) = &events[1].event else { panic!("{events:?}") };
    assert_eq!((noted.act, events[1].cause.as_ref()), (set.seq, set.cause.as_ref()));
    assert!(!noted.note.bytes.windows(3).any(|bytes| bytes == "王".as_bytes()));
    let person = noted.note.person.0.into();
    let opened = house.door.vault.open(person, field::ACT_NOTE, &noted.note.bytes).unwrap();
    assert!(matches!(opened, Opened::Clear(text) if text == "王大妈来电".as_bytes()));
    let long = "x".repeat(16 * 1024 + 1);
    let nack = lead.refused("queue.open", json!({"queue": "sales", "note": long})).await;
    assert_eq!(nack.code, "over_limit");
    assert_eq!(li.refused("queue.set_breaks", json!({"queue": "sales"})).await.code, "forbidden");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_are_followed_as_far_as_one_sees_and_looked_after_once() {
    let house = House::open(Limits::default()).await;
    house.does(rule());
    let mut lead = Client::greeted(&house, "lead").await;
    let mut red = Client::greeted(&house, "red").await;
    let mut wall = Client::greeted(&house, "wall").await;
    for client in [&mut lead, &mut red, &mut wall] {
        client.does("alerts.subscribe", json!({})).await;
    }
    house.does(alarm(AlertSubject::Agent(agent("1004"))));
    let queue = house.does(alarm(AlertSubject::Queue(QueueId::fixed("sales"))));
    let own = house.does(alarm(AlertSubject::Agent(agent("1001"))));
    let first = alert_event(&mut lead).await;
    assert_eq!(
        (first.ev.as_ref(), &first.data["about"]),
        ("alert.raised", &json!({"kind": "agent", "id": "1004"}))
    );
    assert_eq!(alert_event(&mut lead).await.seq, queue);
    assert_eq!(alert_event(&mut lead).await.seq, own);
    assert_eq!(alert_event(&mut red).await.seq, own, "only of her team");
    assert_eq!(alert_event(&mut wall).await.seq, first.seq, "an inspector sees all");

    let alert = format!("al-{queue}");
    let nack = wall.refused("alert.acknowledge", json!({"alert": alert})).await;
    assert_eq!(nack.code, "forbidden");
    assert_eq!(red.refused("alert.acknowledge", json!({"alert": alert})).await.code, "forbidden");
    assert_eq!(red.refused("alert.acknowledge", json!({"alert": "al-1"})).await.code, "unknown_alert");
    let seq = lead.does("alert.acknowledge", json!({"alert": alert, "note": "我去看看"})).await;
    let told = alert_event(&mut lead).await;
    assert_eq!((told.seq, told.ev.as_ref()), (seq, "alert.acknowledged"));
    assert_eq!(
        told.data,
        json!({"alert": alert, "rule": "waiting", "about": {"kind": "queue", "id": "sales"}, "account": "lead",
            "note": {"masked": true}})
    );
    assert_eq!(lead.does("alert.acknowledge", json!({"alert": alert})).await, seq, "the first has it");
    red.does("alert.acknowledge", json!({"alert": format!("al-{own}")})).await;
    house.does(Command::ResolveAlert { alert: alert.parse().unwrap(), value: Some(2) });
    while alert_event(&mut lead).await.ev != "alert.resolved" {}
    let mut li = Client::greeted(&house, "1001").await;
    assert_eq!(li.refused("alerts.subscribe", json!({})).await.code, "forbidden");
    house.close().await;
}
