//! Signing in and out, tickets, and who somebody is.

use crate::house::{House, PASSWORD};
use cordboard_api::door::Limits;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_password_gives_a_token_that_signing_out_takes() {
    let house = House::open().await;
    let reply =
        house.stranger().post("/api/v1/sessions", json!({"account": "1001", "password": PASSWORD})).await;
    assert_eq!(reply.status, 201);
    let session = reply.json();
    assert_eq!((&session["account"], &session["agent"]), (&json!("1001"), &json!("1001")));
    assert_eq!(session["roles"], json!(["agent"]));
    assert!(session["expires_at"].as_str().unwrap().ends_with('Z'));
    let her = house.stranger().with_token(session["token"].as_str().unwrap());
    assert_eq!(her.get("/api/v1/me").await.ok()["account"], "1001");
    let ticket = her.post("/api/v1/tickets", json!({})).await;
    assert_eq!(ticket.status, 201);
    let ticket = ticket.json();
    assert_eq!(ticket["expires_in_ms"], 30_000);
    let taken = house.door.vault.take_ticket(ticket["ticket"].as_str().unwrap(), house.door.wall_us());
    assert_eq!(taken.unwrap().name, "1001");

    assert_eq!(her.delete("/api/v1/sessions").await.status, 204);
    let reply = her.get("/api/v1/me").await;
    assert!(reply.headers["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
    reply.problem(401, "token_invalid");
    // Both changes stand in the log, without the secret.
    let text =
        house.events().iter().map(|event| serde_json::to_string(&event.event).unwrap()).collect::<String>();
    assert!(text.contains("token_issued") && text.contains("token_revoked"));
    assert!(!text.contains(session["token"].as_str().unwrap()));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_and_wrong_passwords_learn_nothing() {
    let house = House::open().await;
    let anyone = house.stranger();
    anyone.get("/api/v1/me").await.problem(401, "no_token");
    anyone.with_token("cb_wrong").get("/api/v1/me").await.problem(401, "token_invalid");
    for name in ["1001", "nobody"] {
        let reply =
            anyone.post("/api/v1/sessions", json!({"account": name, "password": "wrong horse"})).await;
        reply.problem(401, "wrong_credentials");
    }
    house.door.vault.disable_account("1002").unwrap();
    let reply = anyone.post("/api/v1/sessions", json!({"account": "1002", "password": PASSWORD})).await;
    reply.problem(403, "account_disabled");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_wrong_passwords_lock_the_name_for_a_stated_time() {
    let house = House::open().await;
    let wrong = json!({"account": "1001", "password": "wrong horse"});
    let mut last = None;
    for _ in 0..cordboard_vault::LOCKOUT_FAILURES {
        last = Some(house.stranger().post("/api/v1/sessions", wrong.clone()).await);
    }
    let locked = last.unwrap();
    let seconds: u64 = locked.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=cordboard_vault::LOCKOUT_US as u64 / 1_000_000).contains(&seconds));
    assert_eq!(locked.problem(429, "locked")["retryable"], true);
    let right =
        house.stranger().post("/api/v1/sessions", json!({"account": "1001", "password": PASSWORD})).await;
    right.problem(429, "locked");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_of_one_account_have_a_limit() {
    let house = House::open().await;
    let her = house.as_account("1001");
    for _ in 0..cordboard_vault::TICKETS_PER_ACCOUNT_MAX {
        her.post("/api/v1/tickets", json!({})).await.ok();
    }
    let reply = her.post("/api/v1/tickets", json!({})).await;
    assert_eq!(reply.headers["retry-after"], "30");
    reply.problem(429, "too_many_tickets");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_sign_ins_than_may_wait_are_told_to_come_back() {
    let house = House::with(Limits { password_checks_waiting_max: 0, ..Limits::default() }).await;
    let reply =
        house.stranger().post("/api/v1/sessions", json!({"account": "1001", "password": PASSWORD})).await;
    assert_eq!(reply.headers["retry-after"], "1");
    reply.problem(503, "busy");
    house.close().await;
}
