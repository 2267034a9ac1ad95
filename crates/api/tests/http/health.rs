//! What supervisors ask.

use crate::house::House;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_healthy_server_says_so() {
    let house = House::open().await;
    let anyone = house.stranger();
    assert_eq!(anyone.get("/healthz").await.body, "ok\n");
    let ready = anyone.get("/readyz").await;
    assert_eq!(ready.status, 200);
    assert_eq!(ready.json()["ready"], true);
    let version = anyone.get("/version").await.ok();
    assert_eq!((&version["name"], &version["site"]), (&json!("cordboard"), &json!("north")));
    assert_eq!(version["clock_scale"], 1);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_about_to_stop_asks_to_be_left_alone() {
    let house = House::open().await;
    house.door.begin_stopping();
    let ready = house.stranger().get("/readyz").await;
    assert_eq!(ready.status, 503);
    assert_eq!(ready.json()["reasons"], json!(["the server is about to stop"]));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_stops_takes_only_its_own_pages_along() {
    let house = House::open().await;
    let wang = house.as_account("wang");
    house.door.views.figures.stop("it panicked at event 7".to_owned());
    wang.get("/api/v1/figures").await.problem(503, "view_stopped");
    wang.get("/api/v1/queues").await.ok();
    let ready = wang.get("/readyz").await;
    assert_eq!(ready.status, 503);
    assert!(ready.json()["reasons"][0].as_str().unwrap().contains("the view figures has stopped"));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_count_what_happens() {
    let house = House::open().await;
    house.is_ready("1001");
    let crm = house.as_account("crm");
    crm.post("/api/v1/contacts", json!({"queue": "sales", "channel": "voice"})).await.ok();
    crm.post("/api/v1/contacts", json!({"queue": "sales", "channel": "voice"})).await.ok();
    crm.post("/api/v1/contacts", json!({"queue": "nowhere", "channel": "voice"}))
        .await
        .problem(404, "unknown_queue");
    crm.get("/api/v1/contacts").await.ok();
    let reply = crm.get("/metrics").await;
    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    for line in [
        "cordboard_commands_total{verdict=\"done\"} 2",
        "cordboard_commands_total{verdict=\"refused\"} 1",
        "cordboard_queue_waiting{queue=\"sales\"} 1",
        "cordboard_queue_ringing{queue=\"sales\"} 1",
        "cordboard_agents{activity=\"ringing\"} 1",
        "cordboard_agents{activity=\"signed_out\"} 1",
        "cordboard_contacts_alive 2",
        "cordboard_poisoned 0",
        "cordboard_links_open 0",
        "cordboard_view_stopped{view=\"board\"} 0",
        "# EOF",
    ] {
        assert!(text.lines().any(|is| is == line), "{line} is not in\n{text}");
    }
    house.close().await;
}
