//! Earlier contacts of a caller: who may ask, what is said, and that no number is among it.

use crate::house::{House, SALES};
use cordboard_floor::command::AskedState;
use cordboard_floor::{AgentId, Command, ContactId};
use serde_json::{Value, json};

const NUMBER: &str = "13812345678";

async fn calls(house: &House, from: &str) -> String {
    let new = json!({"queue": "sales", "channel": "voice", "from": from});
    let made = house.as_account("crm").post("/api/v1/contacts", new).await.ok();
    made["contact"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_it_ringing_or_in_hand_reads_how_the_others_went() {
    let house = House::open().await;
    let crm = house.as_account("crm");
    let left = calls(&house, NUMBER).await;
    crm.post(&format!("/api/v1/contacts/{left}/abandon"), json!({})).await.ok();
    calls(&house, "13900000000").await;
    let stranger_abandons = calls(&house, "13700000000").await;
    crm.post(&format!("/api/v1/contacts/{stranger_abandons}/abandon"), json!({})).await.ok();

    // The other caller's contact, which waited first, rings at 1002; ours rings at 1001.
    house.is_ready("1002");
    house.is_ready("1001");
    let ours = calls(&house, NUMBER).await;
    let path = format!("/api/v1/contacts/{ours}/earlier");
    let reply = house.as_account("1001").get(&path).await;
    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(!text.contains("5678") && !text.contains("138"), "{text}");
    let earlier = reply.ok();
    assert_eq!((&earlier["total"], &earlier["abandoned"]), (&json!(1), &json!(1)));
    let row = &earlier["contacts"][0];
    assert_eq!(
        (&row["contact"], &row["end"], &row["stage"]),
        (&json!(left), &json!("abandoned"), &json!("queue"))
    );
    assert_eq!((&row["queue"], &row["agent"]), (&json!("sales"), &json!(null)));
    assert_eq!(earlier["waited_ms"], row["waited_ms"]);

    // It does not ring at her; she may not.
    house.as_account("1002").get(&path).await.problem(403, "forbidden");
    house.as_account("1002").get("/api/v1/contacts/c-999999/earlier").await.problem(403, "forbidden");
    house.as_account("wang").get(&path).await.ok();
    house.as_account("1001").get(&format!("{path}?limit=21")).await.problem(400, "invalid_query");

    // In hand, in the work after it, and then no more.
    let agent = AgentId::fixed("1001");
    house.does(Command::Accept { offer: house.last_offer(), agent });
    house.as_account("1001").get(&path).await.ok();
    let contact: ContactId = ours.parse().unwrap();
    house.does(Command::End { contact, agent });
    house.as_account("1001").get(&path).await.ok();
    house.does(Command::CompleteWrapup { contact, agent, code: None, note: None });
    house.as_account("1001").get(&path).await.problem(403, "forbidden");

    // The third time both are told, the latest first.
    house.does(Command::SetState { agent, state: AskedState::Ready });
    let third = calls(&house, NUMBER).await;
    let earlier = house.as_account("1001").get(&format!("/api/v1/contacts/{third}/earlier")).await.ok();
    let said: Vec<&Value> =
        earlier["contacts"].as_array().unwrap().iter().map(|row| &row["contact"]).collect();
    assert_eq!(said, [&json!(ours), &json!(left)]);
    let last = &earlier["contacts"][0];
    assert_eq!(
        (&last["end"], &last["agent"], &last["code"]),
        (&json!("handled"), &json!("1001"), &json!("none"))
    );
    assert_eq!(last["queue"], json!(SALES));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_known_after_a_restart() {
    let house = House::open().await;
    let first = calls(&house, NUMBER).await;
    house.as_account("crm").post(&format!("/api/v1/contacts/{first}/abandon"), json!({})).await.ok();
    let house = house.restart().await;
    let second = calls(&house, NUMBER).await;
    let earlier = house.as_account("wang").get(&format!("/api/v1/contacts/{second}/earlier")).await.ok();
    assert_eq!(earlier["contacts"][0]["contact"], json!(first));
    house.close().await;
}
