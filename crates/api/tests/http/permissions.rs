//! The table of permissions, at the door: who gets in where.

use crate::client::Client;
use crate::house::House;
use http::Method;
use serde_json::json;

/// Method, path, body; then who may, of all accounts.
const DOORS: &[(&str, &str, &[&str])] = &[
    ("POST", "/api/v1/contacts", &["crm"]),
    ("POST", "/api/v1/contacts/c-1/enqueue", &["crm"]),
    ("POST", "/api/v1/contacts/c-1/abandon", &["crm"]),
    ("POST", "/api/v1/contacts/c-1/callback", &["crm"]),
    ("POST", "/api/v1/contacts/c-1/callback/answered", &["crm"]),
    ("POST", "/api/v1/contacts/c-1/callback/failed", &["crm"]),
    ("POST", "/api/v1/queues/sales/open", &["wang", "liu", "wu"]),
    (
        "GET",
        "/api/v1/queues/sales/estimate",
        &["1001", "chen", "wang", "liu", "zhao", "sun", "zhou", "wu", "crm"],
    ),
    ("GET", "/api/v1/directory", &ACCOUNTS),
    ("GET", "/api/v1/names", &ACCOUNTS),
    ("GET", "/api/v1/page-settings", &ACCOUNTS),
    ("GET", "/api/v1/queues/sales/codes", &ACCOUNTS),
    ("GET", "/api/v1/queues/sales/script", &ACCOUNTS),
    ("GET", "/api/v1/contacts/c-1/earlier", &["wang", "liu", "zhao", "sun", "zhou", "wu", "crm"]),
    ("GET", "/api/v1/intraday", &["wang", "liu", "zhao", "sun", "zhou", "wu", "crm"]),
    ("GET", "/api/v1/walls", &["wang", "liu", "wu"]),
    ("POST", "/api/v1/walls", &["wang", "liu", "wu"]),
    ("DELETE", "/api/v1/walls/wall-1", &["wang", "liu", "wu"]),
    ("GET", "/api/v1/past/board?seq=3", &["chen", "wang", "liu", "zhao", "sun", "zhou", "wu"]),
    ("GET", "/api/v1/past/contacts/c-1?seq=3", &["chen", "wang", "liu", "zhao", "sun", "zhou", "wu"]),
    ("GET", "/api/v1/views", &ACCOUNTS),
    ("POST", "/api/v1/views/figures/rebuild", &["wu"]),
    ("GET", "/api/v1/figures", &["chen", "wang", "liu", "zhao", "sun", "zhou", "wu", "crm"]),
    ("GET", "/api/v1/agents/1002", &["wang", "liu", "zhao", "sun", "zhou", "wu", "crm"]),
    ("GET", "/api/v1/agents/1001", &["1001", "chen", "wang", "liu", "zhao", "sun", "zhou", "wu", "crm"]),
    ("GET", "/api/v1/queues/sales", &["1001", "chen", "wang", "liu", "zhao", "sun", "zhou", "wu", "crm"]),
    ("GET", "/api/v1/events", &["1001", "chen", "wang", "liu", "zhao", "sun", "zhou", "wu", "crm"]),
];
const ACCOUNTS: [&str; 9] = ["1001", "chen", "wang", "liu", "zhao", "sun", "zhou", "wu", "crm"];

async fn knock(client: &Client, method: &str, path: &str) -> u16 {
    let body = if path.ends_with("/contacts") || path.ends_with("/enqueue") {
        json!({"queue": "sales", "channel": "voice"})
    } else {
        json!({})
    };
    let body = if path.ends_with("/enqueue") { json!({"queue": "sales"}) } else { body };
    let body = if path.ends_with("/walls") { json!({"wall": "main", "life_ms": 60_000}) } else { body };
    let method: Method = method.parse().unwrap();
    let reply = client
        .send(method, path, &[("content-type", "application/json")], body.to_string().into_bytes())
        .await;
    if reply.status == 403 {
        let problem = reply.json();
        assert!(problem["verb"].is_string() && problem["scope"].is_string(), "{problem}");
    }
    reply.status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_door_opens_to_whom_the_table_says() {
    let house = House::open().await;
    for account in ACCOUNTS {
        let client = house.as_account(account);
        for (method, path, may) in DOORS {
            let status = knock(&client, method, path).await;
            assert_eq!(status != 403, may.contains(&account), "{account} {method} {path}: {status}");
            assert_ne!(status, 401);
        }
    }
    for (method, path, _) in DOORS {
        assert_eq!(knock(&house.stranger(), method, path).await, 401, "{method} {path}");
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_show_each_only_her_own_part() {
    let house = House::open().await;
    house.is_ready("1001");
    let crm = house.as_account("crm");
    for _ in 0..2 {
        crm.post("/api/v1/contacts", json!({"queue": "sales", "channel": "voice"})).await.ok();
    }
    let count = async |account: &str, path: &str, what: &str| {
        house.as_account(account).get(path).await.ok()[what].as_array().unwrap().len()
    };
    assert_eq!(count("1001", "/api/v1/agents", "agents").await, 1);
    assert_eq!(count("chen", "/api/v1/agents", "agents").await, 1);
    assert_eq!(count("wang", "/api/v1/agents", "agents").await, 2);
    // One rings at her, the other waits.
    assert_eq!(count("1001", "/api/v1/contacts", "contacts").await, 1);
    assert_eq!(count("1002", "/api/v1/contacts", "contacts").await, 0);
    assert_eq!(count("chen", "/api/v1/contacts", "contacts").await, 2);
    // Her events are hers alone.
    let events = house.as_account("1002").get("/api/v1/events?limit=1000").await.ok();
    assert!(events["events"].as_array().unwrap().iter().all(|event| event["ev"] == "config.agent_applied"));
    let figures = house.as_account("chen").get("/api/v1/figures").await.ok();
    assert_eq!(figures["all"], json!(null));
    assert_eq!(figures["queues"].as_array().unwrap().len(), 1);
    house.close().await;
}
