//! What an agent reads of her own: where and when it was, that she agrees, and her months once they hold.

use super::{answers, call, get, names, no, opened, post};
use crate::house::House;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn she_reads_where_it_was_and_agrees() {
    let house = opened().await;
    house.is_ready("1001");
    let contact = call(&house).await;
    let qa = house.as_account("zhao");
    let made = post(&qa, "/evaluations", json!({"contact": contact, "agent": "1001"})).await;
    let path = format!("/evaluations/{}", made["evaluation"].as_str().unwrap());
    let form = get(&qa, &path).await["form"].clone();
    post(&qa, &format!("{path}/submit"), json!({"answers": answers(&form, false)})).await;
    post(&qa, &format!("{path}/publish"), json!({})).await;
    let own = house.as_account("1001");
    let part = get(&own, &path).await["part"].clone();
    assert_eq!((&part["queue"], &part["channel"]), (&json!("sales"), &json!("voice")));
    assert!(part["ended_at"].is_string() && part["talk_ms"].is_u64() && part["hold_ms"] == 0, "{part}");

    let agrees = json!({"note": "I left it out"});
    no(&house.as_account("1002"), &format!("{path}/acknowledge"), agrees.clone(), 404, "unknown_evaluation")
        .await;
    post(&own, &format!("{path}/acknowledge"), agrees).await;
    let house = house.restart().await;
    let shown = get(&house.as_account("zhao"), &path).await;
    assert_eq!(shown["evaluation"]["step"], "acknowledged");
    let story = &shown["story"];
    assert_eq!(names(story).last(), Some(&"evaluation.acknowledged"));
    assert_eq!(story[3]["text"]["text"], "I left it out");
    assert_eq!(story[3]["by"], json!({"kind": "agent", "id": "1001"}));
    // Whoever agreed does not appeal.
    let late = json!({"text": "no"});
    no(&house.as_account("1001"), &format!("{path}/appeal"), late, 409, "wrong_step").await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn she_reads_her_own_row_of_a_month_that_was_approved() {
    let house = opened().await;
    let director = house.as_account("he");
    let points = |points: i64| json!({"figure": {"over": points, "under": 1, "report": null}});
    let given = |marks: i64| {
        json!({"evaluations": points(marks), "work": "not_applicable", "exam": "not_applicable",
        "attendance": points(0), "conduct": points(2), "satisfaction": "not_applicable"})
    };
    let rows =
        json!([{"agent": "1001", "given": given(90), "bonus": 1}, {"agent": "1002", "given": given(77)}]);
    let new = json!({"month": "2026-01", "post": "agent", "rows": rows});
    let made = post(&director, "/assessments", new).await;
    let own = async |house: &House, query: &str| -> Value {
        get(&house.as_account("1001"), &format!("/assessments/own{query}")).await["months"].clone()
    };
    assert_eq!(own(&house, "").await, json!([]), "nobody has approved it");
    let path = format!("/assessments/{}/approve", made["assessment"].as_str().unwrap());
    post(&house.as_account("liu"), &path, json!({})).await;
    let house = house.restart().await;
    let months = own(&house, "").await;
    assert_eq!((&months[0]["month"], &months[0]["people"]), (&json!("2026-01"), &json!(2)));
    let assessed = &months[0]["row"]["assessed"];
    // 35 × 90, 10 × 100 and 10 × 98 of 55, and 1.
    assert_eq!((&assessed["total"], &assessed["bonus"]), (&json!(9_427), &json!(1)));
    assert_eq!(
        assessed["lines"][4],
        json!({"line": "conduct", "weight": 10, "given": points(2), "mark": 9_800})
    );
    assert_eq!(months[0]["table"]["title"]["en"], "Agent");
    assert!(!months.to_string().contains("1002"), "others' rows are not hers: {months}");
    assert_eq!(own(&house, "?month=2026-02").await, json!([]));
    house.as_account("chen").get("/api/v1/quality/assessments/own").await.problem(403, "no_agent");
    house.as_account("1001").get("/api/v1/quality/assessments").await.problem(403, "forbidden");
    house.close().await;
}
