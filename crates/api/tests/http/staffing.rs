//! Staffing, asked of the door.

use crate::house::House;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn staffing_is_reckoned_for_whoever_is_signed_in() {
    let house = House::open().await;
    let agent = house.as_account("1001");
    let path = |query: &str| format!("/api/v1/workforce/staffing?{query}");
    let told = agent.get(&path("calls=100&aht_s=180&level=0.8&shrinkage=0.2,0.1")).await.ok();
    assert_eq!(
        (&told["agents"], &told["rostered"], &told["formula"]),
        (&json!(14), &json!(20), &json!("sl.offered"))
    );
    assert!((told["service_level"].as_f64().unwrap() - 0.888350019179467).abs() < 1e-10);
    let told = agent
        .get(&path("model=erlang-x&calls=48&per_s=60&aht_s=60&patience_s=120&agents=50&lines=70&redial=0.3"))
        .await
        .ok();
    assert!((told["service_level"].as_f64().unwrap() - 0.9439592651829776).abs() < 1e-10);
    let told = agent.get(&path("calls=350&aht_s=320&agents=62")).await.ok();
    assert_eq!((&told["stable"], &told["asa_s"]), (&json!(false), &Value::Null));
    let told = agent.get(&path("calls=100&aht_s=180&level=0.8&sensitivity=true")).await.ok();
    let rows = told["sensitivity"].as_array().unwrap();
    let at =
        |calls: f64, aht: f64| rows.iter().find(|row| row["calls"] == calls && row["aht"] == aht).unwrap();
    assert_eq!((rows.len(), &at(1.0, 1.0)["needed"], &at(1.0, 1.0)["agents"]), (25, &json!(14), &json!(14)));
    assert!(at(1.2, 1.2)["needed"].as_u64() > Some(15) && at(1.2, 1.2)["stable"] == false, "{told}");
    for (query, code) in [
        ("calls=100&aht_s=180", "no_goal"),
        ("calls=100&aht_s=180&level=0.8&patience_s=60", "model"),
        ("calls=100&aht_s=180&level=0.8&model=erlang-q", "model"),
        ("calls=100&aht_s=180&level=0.8&formula=sl.best", "unknown_formula"),
        ("calls=NaN&aht_s=180&level=0.8", "unreckonable"),
        ("calls=100&aht_s=180&lines=11&blocked_max=0.001", "out_of_reach"),
        ("calls=100&aht_s=180&level=0.8&shrinkage=much", "not_a_share"),
    ] {
        let answer = agent.get(&path(query)).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (422, &json!(code)), "{query}");
    }
    assert_eq!(house.stranger().get(&path("calls=1&aht_s=1&agents=1")).await.status.as_u16(), 401);
    house.close().await;
}
