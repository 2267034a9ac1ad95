//! Messages, alerts and reasons, read over HTTP.

use crate::house::House;
use cordboard_api::public::personal::{field, seal_anonymous};
use cordboard_floor::actor::Reason;
use cordboard_floor::alert::{Alarm, AlertLevel, AlertMeasure, AlertRule, AlertSubject};
use cordboard_floor::configuration::{NotReadyReason, ReasonPurpose};
use cordboard_floor::{AlertId, AlertRuleId, Command, Millis, QueueId, ReasonId, TeamId};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn messages_say_who_has_read_them_and_an_agent_sees_hers() {
    let house = House::open().await;
    house.is_ready("1001");
    house.is_ready("1002");
    let text = |text: &str| seal_anonymous(&house.door.vault, field::TEXT, text).unwrap();
    let (team, acknowledge) = (Some(TeamId::fixed("red")), true);
    house.does(Command::SendMessage { team, text: text("red only"), acknowledge });
    house.does(Command::SendMessage { team: None, text: text("to all"), acknowledge });
    let messages = |list: &serde_json::Value| list["messages"].as_array().unwrap().clone();
    let all = house.as_account("wang").get("/api/v1/messages").await.ok();
    let shown = messages(&all);
    assert_eq!(shown.len(), 2);
    assert_eq!(shown[0]["text"], json!({"text": "to all", "masked": false}), "the newest first");
    assert_eq!(shown[0]["addressed"], json!(["1001", "1002"]));
    let message = shown[0]["message"].as_str().unwrap().parse().unwrap();
    house.does(Command::AcknowledgeMessage { message, agent: "1002".parse().unwrap() });
    let one = house.as_account("wang").get("/api/v1/messages?limit=1").await.ok();
    let shown = messages(&one);
    assert_eq!(shown.len(), 1);
    assert_eq!(
        (&shown[0]["missing"], &shown[0]["acknowledged"][0]["agent"]),
        (&json!(["1001"]), &json!("1002"))
    );
    let hers = messages(&house.as_account("1002").get("/api/v1/messages").await.ok());
    assert_eq!(hers.len(), 1, "what went to the other team is not hers");
    assert_eq!((&hers[0]["addressed"], &hers[0]["missing"]), (&json!(["1002"]), &json!([])));
    assert_eq!(house.as_account("crm").get("/api/v1/messages").await.status, 403);
    assert_eq!(house.as_account("wang").get("/api/v1/messages?limit=0").await.status, 400);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_are_listed_with_their_rules() {
    let house = House::open().await;
    let rule = AlertRuleId::fixed("waiting");
    house.does(Command::ApplyAlertRule(AlertRule {
        amber: Some(5),
        for_ms: Millis(1_000),
        hysteresis: 2,
        zh: "排队人数过多".into(),
        ..AlertRule::customary(rule, AlertMeasure::Waiting)
    }));
    let about = AlertSubject::Queue(QueueId::fixed("sales"));
    let alarm = Alarm { rule, level: AlertLevel::Amber, about, value: 6, limit: 5 };
    let alert = AlertId(house.does(Command::RaiseAlert(alarm)));
    let wang = house.as_account("wang");
    let list = wang.get("/api/v1/alerts?open=true").await.ok();
    let (shown, ruled) = (&list["alerts"][0], &list["rules"][0]);
    assert_eq!(shown["alert"], alert.to_string());
    assert_eq!(
        shown["name"],
        json!({"zh": "排队人数过多", "en": "waiting"}),
        "a name that is missing is the id"
    );
    assert_eq!(
        (&shown["level"], &shown["about"]),
        (&json!("amber"), &json!({"kind": "queue", "id": "sales"}))
    );
    assert_eq!((&shown["value"], &shown["limit"], &shown["unit"]), (&json!(6), &json!(5), &json!("count")));
    assert_eq!((&shown["acknowledged"], &shown["resolved_at"]), (&json!(null), &json!(null)));
    assert_eq!((&ruled["raised_7d"], &ruled["amber"], &ruled["red"]), (&json!(1), &json!(5), &json!(null)));
    let note = Some(seal_anonymous(&house.door.vault, field::ACT_NOTE, "on my way").unwrap());
    house.does(Command::AcknowledgeAlert { alert, account: "wang".parse().unwrap(), note });
    let list = wang.get("/api/v1/alerts").await.ok();
    let seen = &list["alerts"][0]["acknowledged"];
    assert_eq!((&seen["by"], &seen["note"]["text"]), (&json!("wang"), &json!("on my way")));
    let planner = house.as_account("sun").get("/api/v1/alerts").await;
    assert_eq!(planner.status, 403);
    let manager = house.as_account("liu").get("/api/v1/alerts").await.ok();
    assert_eq!(
        manager["alerts"][0]["acknowledged"]["note"],
        json!({"masked": true}),
        "who may not read texts"
    );
    house.does(Command::ResolveAlert { alert, value: Some(1) });
    assert_eq!(wang.get("/api/v1/alerts?open=true").await.ok()["alerts"], json!([]));
    let over = wang.get("/api/v1/alerts?open=false").await.ok();
    assert!(over["alerts"][0]["resolved_at"].is_string());
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reason_says_what_it_is_for() {
    let house = House::open().await;
    house.does(Command::ApplyReason(NotReadyReason {
        reason: Reason { number: 1101, slug: ReasonId::fixed("rush") },
        active: true,
        is_break: false,
        allowance_ms: None,
        purpose: ReasonPurpose::Act,
    }));
    let list = house.as_account("1001").get("/api/v1/reasons").await.ok();
    let said: Vec<_> =
        list["reasons"].as_array().unwrap().iter().map(|it| (&it["slug"], &it["for"])).collect();
    let (lunch, rush) = ((json!("lunch"), json!("not_ready")), (json!("rush"), json!("act")));
    assert_eq!(said, [(&lunch.0, &lunch.1), (&rush.0, &rush.1)]);
    house.close().await;
}
