//! Who gets a link, and who does not.

use crate::client::{Client, open};
use crate::house::House;
use cordboard_api::link::Limits;
use cordboard_api::link::frame::{ClientFrame, Hello, Protocol};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Error;

async fn hello(house: &House, bearer: Option<&str>, ticket: Option<&str>) -> Client {
    let socket = open(house, None, bearer).await.unwrap();
    let mut client = Client::on(socket, Protocol::Json, "?");
    let ticket = ticket.map(str::to_owned);
    client.say(&ClientFrame::Hello(Hello { id: Some("h".into()), ticket, resume: None })).await;
    client
}

async fn refused(mut client: Client) -> String {
    let nack = client.nack().await;
    assert_eq!((nack.id.as_deref(), nack.code.as_ref()), (Some("h"), "sign_in_failed"));
    let (code, why) = client.closed().await;
    assert_eq!(code, 4001);
    assert_eq!(why, nack.message);
    why
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_opens_one_link_and_a_token_many() {
    let house = House::open(Limits::default()).await;
    let ticket = house.ticket("wall");
    hello(&house, None, Some(&ticket)).await.welcome().await;
    let again = refused(hello(&house, None, Some(&ticket)).await).await;
    assert_eq!(again, "the ticket is wrong, expired or used");
    let token = house.token("wall");
    for _ in 0..3 {
        hello(&house, Some(&token), None).await.welcome().await;
    }
    // A ticket beside a good token is left alone.
    let spare = house.ticket("wall");
    hello(&house, Some(&token), Some(&spare)).await.welcome().await;
    hello(&house, None, Some(&spare)).await.welcome().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_a_revoked_and_no_proof_at_all_are_4001() {
    let house = House::open(Limits::default()).await;
    assert!(refused(hello(&house, Some("cb_wrong"), None).await).await.contains("bearer token"));
    assert!(refused(hello(&house, None, Some("nonsense")).await).await.contains("ticket"));
    assert!(refused(hello(&house, None, None).await).await.contains("needs a ticket"));
    let token = house.token("wall");
    house.door.vault.revoke_all("wall").unwrap();
    refused(hello(&house, Some(&token), None).await).await;
    // An agent who is not configured on the floor has no line to take.
    house
        .door
        .vault
        .put_account(cordboard_vault::NewAccount {
            name: "ghost".into(),
            roles: vec!["agent".into()],
            agent: Some("9999".into()),
            ..Default::default()
        })
        .unwrap();
    let mut ghost = hello(&house, Some(&house.token("ghost")), None).await;
    assert_eq!(ghost.closed().await, (4001, "no agent 9999 is configured".to_owned()));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_says_no_hello_is_ended() {
    let limits = Limits { hello_timeout: Duration::from_millis(150), ..Limits::default() };
    let house = House::open(limits).await;
    let silent = open(&house, None, None).await.unwrap();
    let mut silent = Client::on(silent, Protocol::Json, "silent");
    assert_eq!(silent.closed().await, (4001, "no hello within 150 ms".to_owned()));
    // One that says other things first is told, and has no more time.
    let chatty = open(&house, None, Some(&house.token("wall"))).await.unwrap();
    let mut chatty = Client::on(chatty, Protocol::Json, "chatty");
    chatty.say_text(r#"{"t":"ping","id":"p"}"#).await;
    let nack = chatty.nack().await;
    assert_eq!((nack.id.as_deref(), nack.code.as_ref()), (Some("p"), "hello_first"));
    assert_eq!(chatty.closed().await.0, 4001);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_is_agreed_on_or_refused_with_a_problem() {
    let house = House::open(Limits::default()).await;
    for (offered, agreed) in [
        (None, None),
        (Some("cordboard.v1.json"), Some("cordboard.v1.json")),
        (Some("soap, cordboard.v1.msgpack"), Some("cordboard.v1.msgpack")),
    ] {
        let mut request = tokio_tungstenite::tungstenite::client::IntoClientRequest::into_client_request(
            format!("ws://{}/link", house.addr),
        )
        .unwrap();
        if let Some(offered) = offered {
            request.headers_mut().insert("Sec-WebSocket-Protocol", offered.parse().unwrap());
        }
        // The client library refuses an answer without one of its protocols, so this asks as it should be.
        let (_, response) = tokio_tungstenite::connect_async(request).await.unwrap();
        let chosen = response.headers().get("Sec-WebSocket-Protocol").map(|name| name.to_str().unwrap());
        assert_eq!(chosen, agreed);
    }
    let Err(Error::Http(response)) = open(&house, Some("soap, xmpp"), None).await else {
        panic!("an unknown subprotocol was agreed on")
    };
    assert_eq!(response.status(), 400);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let problem: Value = serde_json::from_slice(response.body().as_deref().unwrap()).unwrap();
    assert_eq!(problem["code"], "unknown_subprotocol");
    assert_eq!(problem["status"], 400);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_account_may_do_is_what_it_may_do_now() {
    let house = House::open(Limits::default()).await;
    let mut lead = Client::greeted(&house, "lead").await;
    lead.does("queue.drain", json!({"queue": "sales"})).await;
    house
        .door
        .vault
        .put_account(cordboard_vault::NewAccount {
            name: "lead".into(),
            roles: vec!["planner".into()],
            ..Default::default()
        })
        .unwrap();
    assert_eq!(lead.refused("queue.open", json!({"queue": "sales"})).await.code, "forbidden");
    house.door.vault.disable_account("lead").unwrap();
    lead.cmd("floor.subscribe", json!({})).await;
    assert_eq!(lead.closed().await, (4001, "the account is disabled or gone".to_owned()));
    house.close().await;
}
