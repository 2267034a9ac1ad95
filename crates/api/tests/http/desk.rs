//! What pages ask for besides their link: the directory, names, codes, settings, scripts.

use crate::house::{House, SALES};
use cordboard_api::terms::{Script, Terms, Wall};
use serde_json::json;
use std::collections::BTreeMap;

/// Names, a wall and a script, as a configuration would give them.
pub(crate) fn terms() -> Terms {
    let name = |zh: &str, en: &str| {
        BTreeMap::from([("zh".to_owned(), zh.to_owned()), ("en".to_owned(), en.to_owned())])
    };
    let mut terms = Terms::default();
    terms.names.queues.insert("sales".to_owned(), name("销售", "Sales"));
    terms.names.codes.insert("none".to_owned(), name("无", "None"));
    terms.pages.walls = ["main", "other"]
        .map(|wall| Wall {
            wall: wall.to_owned(),
            name: name("大厅", "Floor"),
            queues: Vec::new(),
            tiles: Vec::new(),
        })
        .to_vec();
    terms.pages.walls[1].queues.push(SALES);
    let script = Script { queue: SALES, version: "5f2c9a01".to_owned(), texts: name("# 您好", "# Hello") };
    terms.scripts.insert(SALES, script);
    terms
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_sees_to_whom_she_can_give_a_contact_and_no_caller() {
    let house = House::open().await;
    house.door.set_terms(terms());
    house.is_ready("1001");
    let crm = house.as_account("crm");
    for _ in 0..2 {
        let new = json!({"queue": "sales", "channel": "voice", "from": "13812345678"});
        crm.post("/api/v1/contacts", new).await.ok();
    }
    let reply = house.as_account("1002").get("/api/v1/directory").await;
    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(!text.contains("5678") && !text.contains("\"c-"), "{text}");
    let directory = reply.ok();
    let sales = &directory["queues"][0];
    assert_eq!(
        (&sales["queue"], &sales["name"]["zh"], &sales["state"]),
        (&json!("sales"), &json!("销售"), &json!("open"))
    );
    assert_eq!((&sales["waiting"], &sales["ready"]), (&json!(1), &json!(0)));
    assert!(sales["oldest_waiting_at"].is_string());
    // Of another team, and still in the directory; who is not here is not.
    let agents = directory["agents"].as_array().unwrap();
    assert_eq!(agents.len(), 1);
    assert_eq!((&agents[0]["agent"], &agents[0]["activity"]), (&json!("1001"), &json!("ringing")));
    assert_eq!((&agents[0]["team"], &agents[0]["queues"]), (&json!("red"), &json!(["sales"])));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_codes_and_scripts_come_from_the_configuration() {
    let house = House::open().await;
    let agent = house.as_account("1001");
    assert_eq!(agent.get("/api/v1/names").await.ok()["queues"], json!({}));
    let problem = agent.get("/api/v1/queues/sales/script").await.problem(404, "no_script");
    assert!(problem["detail"].as_str().unwrap().contains("[scripts.sales]"), "{problem}");
    let codes = agent.get("/api/v1/queues/sales/codes").await.ok();
    assert_eq!(codes, json!({"queue": "sales", "codes": [], "default": "none"}));
    agent.get("/api/v1/queues/nowhere/codes").await.problem(404, "unknown_queue");
    agent.get("/api/v1/queues/nowhere/script").await.problem(404, "unknown_queue");

    house.door.set_terms(terms());
    let names = agent.get("/api/v1/names").await.ok();
    assert_eq!(names["queues"]["sales"], json!({"zh": "销售", "en": "Sales"}));
    let script = agent.get("/api/v1/queues/sales/script").await.ok();
    assert_eq!((&script["version"], &script["texts"]["en"]), (&json!("5f2c9a01"), &json!("# Hello")));
    let settings = agent.get("/api/v1/page-settings").await.ok();
    assert_eq!(settings["languages"], json!(["zh-CN", "en"]));
    assert_eq!(settings["stale_ms"], json!({"banner": 5000, "grey": 15000}));
    assert_eq!(settings["walls"][0]["wall"], "main");
    house.stranger().get("/api/v1/names").await.problem(401, "no_token");
    house.close().await;
}
