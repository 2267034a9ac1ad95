//! Queues, agents, reasons and figures as they are read; the doors of queues as they are moved.

use crate::house::House;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_floor_is_read_as_it_is() {
    let house = House::open().await;
    house.is_ready("1001");
    let wang = house.as_account("wang");
    let crm = house.as_account("crm");
    crm.post("/api/v1/contacts", json!({"queue": "sales", "channel": "voice"})).await.ok();

    let queues = wang.get("/api/v1/queues").await.ok();
    let sales = &queues["queues"][0];
    assert_eq!((&sales["queue"], &sales["state"]), (&json!("sales"), &json!("open")));
    assert_eq!((&sales["ringing"], &sales["waiting"]), (&json!(1), &json!(0)));
    assert_eq!(sales["agents"]["ringing"], 1);
    assert_eq!(&wang.get("/api/v1/queues/sales").await.ok(), sales);
    wang.get("/api/v1/queues/nowhere").await.problem(404, "unknown_queue");
    wang.get("/api/v1/queues/no%20where").await.problem(404, "unknown_queue");

    let agents = wang.get("/api/v1/agents").await.ok();
    assert_eq!(agents["agents"].as_array().unwrap().len(), 2);
    let first = &agents["agents"][0];
    assert_eq!((&first["agent"], &first["activity"]), (&json!("1001"), &json!("ringing")));
    assert_eq!(first["skills"], json!({"english": 80}));
    assert_eq!(&wang.get("/api/v1/agents/1001").await.ok(), first);
    wang.get("/api/v1/agents/9999").await.problem(404, "unknown_agent");
    let page = wang.get("/api/v1/agents?limit=1").await.ok();
    assert_eq!(page["next"], "1001");
    let page = wang.get("/api/v1/agents?limit=1&after=1001").await.ok();
    assert_eq!((&page["agents"][0]["agent"], &page["next"]), (&json!("1002"), &json!(null)));
    let out = wang.get("/api/v1/agents?state=signed_out&team=blue&queue=sales").await.ok();
    assert_eq!(out["agents"].as_array().unwrap().len(), 1);

    let teams = wang.get("/api/v1/teams").await.ok();
    let blue = teams["teams"].as_array().unwrap().iter().find(|team| team["team"] == "blue").unwrap();
    let does: u64 = ["signed_out", "signed_in"].map(|it| blue["agents"][it].as_u64().unwrap()).iter().sum();
    let members = wang.get("/api/v1/agents?team=blue").await.ok();
    assert_eq!(does, members["agents"].as_array().unwrap().len() as u64);
    for row in members["agents"].as_array().unwrap() {
        let longest = blue["longest_since"][row["activity"].as_str().unwrap()].as_str().unwrap();
        assert!(longest <= row["activity_since"].as_str().unwrap(), "{blue} {row}");
    }

    let reasons = wang.get("/api/v1/reasons").await.ok();
    assert_eq!(
        reasons["reasons"][0],
        json!({"number": 1000, "slug": "lunch", "active": true, "is_break": true, "allowance_ms": 3_600_000,
            "for": "not_ready"})
    );

    let figures = wang.get("/api/v1/figures").await.ok();
    assert_eq!(figures["all"]["contacts"]["arrived"], 1);
    assert_eq!(figures["all"]["contacts"]["alive"], 1);
    assert_eq!(figures["queues"][0]["queue"], "sales");
    assert_eq!(figures["queues"][0]["figures"]["offers"]["ringing"], 1);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_is_drained_closed_and_opened() {
    let house = House::open().await;
    let wang = house.as_account("wang");
    for (verb, state) in [("drain", "draining"), ("close", "closed"), ("open", "open")] {
        let moved = wang.post(&format!("/api/v1/queues/sales/{verb}"), json!({})).await.ok();
        assert_eq!(moved["state"], state);
        assert_eq!(wang.get("/api/v1/queues/sales").await.ok()["state"], state);
    }
    let closing = json!({"emergency": true, "message": "fire_drill"});
    wang.post("/api/v1/queues/sales/close", closing).await.ok();
    let closed = wang.get("/api/v1/queues/sales").await.ok();
    assert_eq!((&closed["emergency"], &closed["message"]), (&json!(true), &json!("fire_drill")));
    assert!(closed["state_since"].is_string());
    wang.post("/api/v1/queues/sales/open", json!({})).await.ok();
    let open = wang.get("/api/v1/queues/sales").await.ok();
    assert_eq!((&open["emergency"], &open["message"]), (&json!(false), &json!(null)));
    let typo = wang.post("/api/v1/queues/sales/close", json!({"emergencey": true})).await;
    assert_eq!(typo.problem(422, "invalid_body")["did_you_mean"], "emergency");
    wang.post("/api/v1/queues/nowhere/open", json!({})).await.problem(404, "unknown_queue");
    house.as_account("1001").post("/api/v1/queues/sales/close", json!({})).await.problem(403, "forbidden");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_says_how_long_one_would_wait() {
    let house = House::open().await;
    let wang = house.as_account("wang");
    let path = "/api/v1/queues/sales/estimate";
    let nobody = wang.get(path).await.ok();
    assert_eq!((&nobody["estimate_ms"], &nobody["staffed"]), (&json!(null), &json!(0)));
    assert_eq!((&nobody["answered_with_estimate"], &nobody["error_ms_mean"]), (&json!(0), &json!(null)));
    house.is_ready("1001");
    let free = wang.get(path).await.ok();
    assert_eq!(
        (&free["queue"], &free["estimate_ms"], &free["staffed"]),
        (&json!("sales"), &json!(0), &json!(1))
    );
    house
        .as_account("crm")
        .post("/api/v1/contacts", json!({"queue": "sales", "channel": "voice"}))
        .await
        .ok();
    assert_eq!(wang.get(path).await.ok()["waiting"], 1);
    wang.get("/api/v1/queues/nowhere/estimate").await.problem(404, "unknown_queue");
    house.close().await;
}
