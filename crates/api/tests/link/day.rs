//! An agent's whole day, in both subprotocols.

use crate::client::{Client, names};
use crate::house::House;
use cordboard_api::link::Limits;
use cordboard_api::link::frame::{Protocol, ServerFrame};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_day_in_json() {
    a_day(Protocol::Json).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_in_messagepack() {
    a_day(Protocol::MsgPack).await;
}

async fn a_day(protocol: Protocol) {
    let house = House::open(Limits::default()).await;
    let greeted = Client::greet(&house, protocol, "1001", None).await;
    let mut li = greeted.client;
    assert!(!greeted.welcome.resumed);
    assert_eq!((greeted.welcome.lease_ms, greeted.welcome.heartbeat_ms), (15_000, 5_000));
    let snapshot = greeted.snapshot.unwrap();
    assert_eq!(snapshot.agent.unwrap()["state"], "signed_out");
    assert!(snapshot.contacts.is_empty());

    // She sits down, takes calls.
    let seq = li.does("agent.sign_in", json!({"seat": "A-12"})).await;
    let signed_in = li.event("agent.signed_in").await;
    assert_eq!(signed_in.seq, seq, "the ack names the event");
    assert_eq!(signed_in.data, json!({"agent": "1001", "seat": "A-12"}));
    assert_eq!((signed_in.actor.kind.as_ref(), signed_in.actor.id.as_str()), ("agent", "1001"));
    li.does("agent.set_state", json!({"state": {"not_ready": "training"}})).await;
    assert_eq!(li.event("agent.not_ready").await.data["reason"]["slug"], "training");
    li.does("agent.set_state", json!({"state": "ready"})).await;
    li.event("agent.ready").await;

    // A call rings; her own offer shows the number in full.
    let contact = house.caller("13812345678").to_string();
    let offer = li.event("offer.created").await;
    assert_eq!(offer.data["contact"], *contact);
    assert_eq!(offer.data["direction"], "inbound");
    assert_eq!(offer.data["channel"], "voice");
    assert_eq!(offer.data["queue"], "sales");
    assert_eq!(offer.data["from"], json!({"text": "13812345678", "masked": false}));
    assert_eq!(offer.data["attributes"], json!({"values": {"plan": "gold"}, "masked": false}));
    assert_eq!(offer.data["priority"], 40);
    assert_eq!(offer.data["skills"], json!({}));
    assert_eq!((&offer.data["ring_all"], &offer.data["callback"]), (&json!(false), &json!(false)));
    assert_eq!((&offer.data["step"], &offer.data["wanted"]), (&json!(0), &json!(false)));
    assert!(offer.data["waited_ms"].as_u64().is_some());
    assert!(offer.data["answer_by"].as_str().is_some_and(|at| at.ends_with('Z')));
    assert_eq!(offer.data["actions"], json!(["accept", "reject"]));
    li.does("offer.accept", json!({"offer": offer.data["offer"]})).await;
    li.event("offer.accepted").await;
    assert_eq!(li.event("contact.connected").await.data["role"], "owner");

    // Hold, talk, consult, and back.
    let about = json!({"contact": contact});
    li.does("contact.hold", about.clone()).await;
    li.event("contact.held").await;
    li.does("contact.resume", about.clone()).await;
    li.event("contact.resumed").await;
    let mut wang = Client::ready(&house, "1002").await;
    li.does("contact.consult", json!({"contact": contact, "to": {"agent": "1002"}})).await;
    let asked = wang.event("offer.created").await;
    assert_eq!(asked.data["purpose"], "consult");
    wang.does("offer.accept", json!({"offer": asked.data["offer"]})).await;
    li.event("contact.connected").await;
    li.does("contact.conference", about.clone()).await;
    wang.event("contact.role_changed").await;
    wang.does("contact.leave", about.clone()).await;
    li.event("contact.left").await;

    // The end, and the work after it.
    li.does("agent.request_break", json!({"reason": "lunch"})).await;
    li.event("agent.break_requested").await;
    li.does("contact.end", about.clone()).await;
    assert_eq!(li.event("contact.ended").await.data["end"], "handled");
    li.event("wrapup.started").await;
    li.does("wrapup.extend", about.clone()).await;
    li.event("wrapup.extended").await;
    li.does("wrapup.complete", json!({"contact": contact, "code": "sold", "note": "calls again 周一"})).await;
    let done = li.event("wrapup.completed").await;
    assert_eq!(done.data["code"], "sold");
    assert_eq!(done.data["note"], json!({"text": "calls again 周一", "masked": false}));

    // A break that a leader grants, a word to the team, a raised hand.
    let mut leader = Client::greeted(&house, "lead").await;
    leader.does("break.decide", json!({"agent": "1001", "granted": true, "reason": "quiet_hour"})).await;
    let decided = li.event("agent.break_decided").await;
    assert_eq!(decided.reason.unwrap().number, u16::MAX, "nobody configured that reason");
    assert_eq!((decided.actor.kind.as_ref(), decided.actor.id.as_str()), ("leader", "lead"));
    li.event("agent.not_ready").await;
    leader.does("team.message", json!({"team": "red", "text": "Well done."})).await;
    assert_eq!(li.event("team.messaged").await.data["text"]["text"], "Well done.");
    wang.event("team.messaged").await;
    li.does("agent.raise_hand", json!({})).await;
    li.event("agent.hand_raised").await;
    leader.does("agent.raise_hand", json!({"agent": "1001", "raised": false})).await;
    li.event("agent.hand_lowered").await;

    // An offer that vanishes says why.
    li.does("agent.set_state", json!({"state": "ready"})).await;
    wang.does("agent.set_state", json!({"state": {"not_ready": "training"}})).await;
    let contact = house.caller("13900000001");
    li.event("offer.created").await;
    house.does(cordboard_floor::Command::Abandon { contact });
    let gone = li.event("offer.cancelled").await;
    assert_eq!(gone.reason.unwrap().slug, "caller_left");

    // Home: told, answered, and only then closed.
    let id = li.cmd("agent.sign_out", json!({})).await;
    li.answer(&id).await.unwrap();
    li.event("agent.signed_out").await;
    let (code, why) = li.closed().await;
    assert_eq!((code, why.as_str()), (4005, "signed out"));
    house.until_logged(0, "the link is closed in the log", |recorded| {
        matches!(&recorded.event, cordboard_floor::Event::AgentLinkClosed(event) if event.agent.as_str() == "1001")
    })
    .await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_command_is_carried_out_once_and_answered_as_the_first_time() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    house.caller("13812345678");
    let offer = li.event("offer.created").await.data["offer"].clone();
    li.cmd_as("accept-1", "offer.accept", json!({"offer": offer})).await;
    let first = li.answer("accept-1").await.unwrap();
    li.event("contact.connected").await;
    let before = house.last();

    // The same link, a new link in the other subprotocol, and after a restart.
    li.cmd_as("accept-1", "offer.accept", json!({"offer": offer})).await;
    assert_eq!(li.answer("accept-1").await.unwrap(), first);
    assert_eq!(house.last(), before, "nothing happened twice");
    drop(li);
    let mut again = Client::greet(&house, Protocol::MsgPack, "1001", None).await.client;
    again.cmd_as("accept-1", "offer.accept", json!({"offer": offer})).await;
    assert_eq!(again.answer("accept-1").await.unwrap(), first);
    drop(again);
    let house = house.restart().await;
    let mut again = Client::greeted(&house, "1001").await;
    again.cmd_as("accept-1", "offer.accept", json!({"offer": offer})).await;
    assert_eq!(again.answer("accept-1").await.unwrap(), first);

    // The same id for something else.
    again.cmd_as("accept-1", "offer.reject", json!({"offer": offer})).await;
    assert_eq!(again.answer("accept-1").await.unwrap_err().code, "command_id_reused");
    // Another account's ids are its own.
    let mut wang = Client::greeted(&house, "1002").await;
    wang.cmd_as("accept-1", "offer.accept", json!({"offer": offer})).await;
    assert_ne!(wang.answer("accept-1").await.unwrap_err().code, "command_id_reused");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_told_what_concerns_her_and_nothing_else() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    let mut wang = Client::ready(&house, "1004").await;
    house.caller("13812345678");
    let offer = li.event("offer.created").await;
    li.does("offer.accept", json!({"offer": offer.data["offer"]})).await;
    li.event("contact.connected").await;
    let told = wang.everything().await;
    assert!(names(&told).iter().all(|name| name.starts_with("agent.")), "{:?}", names(&told));
    let of_others = |frame: &ServerFrame| match frame {
        ServerFrame::Ev(ev) => ev.data["agent"] != "1004",
        _ => false,
    };
    assert!(!told.iter().any(of_others), "{told:?}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_caller_reads_erased_in_an_offer() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::greeted(&house, "1001").await;
    li.does("agent.sign_in", json!({"seat": "A-1"})).await;
    house.caller("13812345678");
    let person = house.door.vault.person_for("13812345678").unwrap().id();
    house.door.vault.erase(person).unwrap();
    li.does("agent.set_state", json!({"state": "ready"})).await;
    let offer = li.event("offer.created").await;
    assert_eq!(offer.data["from"], json!({"erased": true}));
    assert_eq!(offer.data["attributes"], json!({"erased": true}));
    // Free text about her still finds a key, though not hers.
    li.does("offer.accept", json!({"offer": offer.data["offer"]})).await;
    li.does("contact.end", json!({"contact": offer.data["contact"]})).await;
    li.does("wrapup.complete", json!({"contact": offer.data["contact"], "note": "asked to be forgotten"}))
        .await;
    assert_eq!(li.event("wrapup.completed").await.data["note"]["text"], "asked to be forgotten");
    house.close().await;
}
