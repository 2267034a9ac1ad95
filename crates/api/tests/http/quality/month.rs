//! What a month is proposed to come to: each figure reckoned by hand here, and what does not enter it.

use super::{answers, call, get, no, opened, post};
use crate::client::Client;
use crate::house::House;
use cordboard_centre::quality::assessment::Table;
use cordboard_centre::quality::{Command as Quality, Month, Terms};
use cordboard_floor::{ContactId, Millis};
use cordboard_vault::NewAccount;
use serde_json::{Value, json};

const DAY: Millis = Millis(24 * 3_600_000);

/// An evaluation of 1001's part in a contact, submitted; 98 without the greeting, 100 with it.
async fn marked(by: &Client, contact: ContactId, rater: &str, greeted: bool) -> String {
    let new = json!({"contact": contact, "agent": "1001", "rater": rater});
    let path =
        format!("/evaluations/{}", post(by, "/evaluations", new).await["evaluation"].as_str().unwrap());
    let form = get(by, &path).await["form"].clone();
    post(by, &format!("{path}/submit"), json!({"answers": answers(&form, greeted)})).await;
    path
}

async fn published(by: &Client, contact: ContactId, rater: &str, greeted: bool) -> String {
    let path = marked(by, contact, rater, greeted).await;
    post(by, &format!("{path}/publish"), json!({})).await;
    path
}

/// What is proposed for an agent's line in the month that is now.
async fn line(house: &House, agent: &str, line: &str) -> Value {
    let month = Month::utc(house.door.now()).unwrap();
    let told = get(&house.as_account("he"), &format!("/assessments/proposed?month={month}&post=agent")).await;
    assert_eq!(told["over"], false, "it shows how the month stands so far");
    let mut rows = told["agents"].as_array().unwrap().iter();
    let row = rows.find(|row| row["agent"] == agent).unwrap();
    row["lines"].as_array().unwrap().iter().find(|known| known["line"] == line).unwrap().clone()
}

fn figure(over: i64, under: u64) -> Value {
    json!({"figure": {"over": over, "under": under, "report": null}})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peers_mark_reaches_no_pay_unless_the_terms_say_so() {
    let house = opened().await;
    house.is_ready("1001");
    let (qa, peer) = (house.as_account("zhao"), house.as_account("chen"));
    published(&qa, call(&house).await, "quality", true).await;
    published(&qa, call(&house).await, "quality", false).await;
    published(&peer, call(&house).await, "peer", false).await;
    // Neither of these enters: one is not published, the other's caller was none.
    marked(&qa, call(&house).await, "quality", false).await;
    let mystery = call(&house).await;
    published(&qa, mystery, "quality", false).await;
    post(&qa, "/mystery", json!({"contact": mystery})).await;

    // (100 + 98) ÷ 2.
    let told = line(&house, "1001", "evaluations").await;
    assert_eq!(told["given"], figure(19_800, 200));
    let evidence = &told["evidence"];
    assert_eq!((&evidence["mean"], &evidence["n"]), (&json!(9_900), &json!(2)));
    assert_eq!((&evidence["formula"], &evidence["raters"]), (&json!("mean_mark"), &json!(["quality"])));
    // 99 ± 12.7062 × √2 ÷ √2.
    let low = evidence["interval"][0].as_f64().unwrap();
    assert!((low - (99.0 - 12.7062)).abs() < 1e-3, "{evidence}");
    assert_eq!(line(&house, "1002", "evaluations").await["why"], "nothing_published");

    // (100 + 98 + 98) ÷ 3.
    house.does_at_quality(Quality::ApplyTerms(Terms { peers_count: true, ..Terms::default() }));
    let told = line(&house, "1001", "evaluations").await;
    assert_eq!(told["given"], figure(29_600, 300));
    assert_eq!(told["evidence"]["raters"], json!(["quality", "peer"]));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_found_to_err_does_not_pass_the_gate() {
    let house = opened().await;
    house.is_ready("1001");
    // She who marks has a 工号 of her own.
    let account = NewAccount {
        name: "zhao".to_owned(),
        roles: vec!["qa".to_owned()],
        agent: Some("1002".to_owned()),
        ..NewAccount::default()
    };
    house.door.vault.put_accounts(vec![account]).unwrap();
    let month = Month::utc(house.door.now()).unwrap();
    let director = house.as_account("he");
    let errors = async || {
        let told = get(&director, &format!("/assessments/proposed?month={month}&post=quality")).await;
        let agents = told["agents"].as_array().unwrap();
        assert_eq!(
            (agents.len(), &agents[0]["agent"]),
            (1, &json!("1002")),
            "whoever holds the post: {told}"
        );
        let lines = agents[0]["lines"].as_array().unwrap();
        lines.iter().find(|line| line["line"] == "errors").unwrap().clone()
    };
    assert_eq!(errors().await["why"], "no_second_look");
    let contact = call(&house).await;
    let first = marked(&house.as_account("zhao"), contact, "quality", false).await;
    let look = json!({"contact": contact, "agent": "1001", "rater": "second", "checks": first.replace("/evaluations/", "")});
    let second = house.as_account("qian");
    let other =
        format!("/evaluations/{}", post(&second, "/evaluations", look).await["evaluation"].as_str().unwrap());
    let mut given = answers(&get(&second, &other).await["form"].clone(), true);
    for answer in given.as_array_mut().unwrap() {
        if answer["question"] == "accuracy.business" {
            (answer["choice"], answer["note"]) = (json!("no"), json!("wrong"));
        }
    }
    post(&second, &format!("{other}/submit"), json!({"answers": given})).await;
    // 98 and 90 part: the one that was looked at again, in percent.
    let found = errors().await;
    assert_eq!((&found["given"], &found["evidence"]["n"]), (&figure(100, 1), &json!(1)));

    let points = json!({"figure": {"over": 95, "under": 1, "report": null}});
    let given = json!({"knowledge": points, "judgement": "not_applicable", "communication": points, "monitoring": "not_applicable",
        "reports": points, "errors": found["given"]});
    let new = json!({"month": "2026-01", "post": "quality", "rows": [{"agent": "1002", "given": given}]});
    post(&director, "/assessments", new).await;
    let listed = get(&director, "/assessments?month=2026-01").await;
    assert_eq!(listed["assessments"][0]["rows"][0]["assessed"]["total"], 8_000, "95 without the gate");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_proposed_from_the_ledger_surveys_and_exams() {
    let house = opened().await;
    house.is_ready("1001");
    let now = house.door.now();
    let leader = house.as_account("chen");
    let mut entries = Vec::new();
    for points in [3, 2] {
        let new = json!({"rule": "conduct.damaged_equipment", "agent": "1001", "from": now});
        let entry = post(&leader, "/entries", new).await["entry"].clone();
        let path = format!("/entries/{}/confirm", entry.as_str().unwrap());
        post(&house.as_account("wang"), &path, json!({"points": points})).await;
        entries.push(entry);
    }
    let told = line(&house, "1001", "conduct").await;
    assert_eq!((&told["given"], &told["evidence"]["n"]), (&figure(5, 1), &json!(2)));
    assert_eq!(told["evidence"]["entries"], json!(entries));
    // A month costs no more than the terms let it.
    house.does_at_quality(Quality::ApplyTerms(Terms { month_points_max: 4, ..Terms::default() }));
    let told = line(&house, "1001", "conduct").await;
    assert_eq!((&told["given"], &told["evidence"]["total"]), (&figure(4, 1), &json!(5)));
    assert_eq!(line(&house, "1002", "conduct").await["given"], figure(0, 1));

    let crm = house.as_account("crm");
    for score in [5, 4, 3] {
        let contact = call(&house).await;
        post(&crm, "/surveys", json!({"contact": contact})).await;
        let said = json!({"scores": [{"question": "all", "score": score}]});
        post(&crm, &format!("/surveys/{contact}/answer"), said).await;
    }
    // Two of three, in percent.
    let told = line(&house, "1001", "satisfaction").await;
    assert_eq!((&told["given"], &told["evidence"]["n"]), (&figure(200, 3), &json!(3)));
    assert_eq!(line(&house, "1002", "satisfaction").await["why"], "no_answers");

    // Two papers of 170 points together: 85 each.
    let until = now.plus(Millis(1));
    let entry = |measure: &str, value: u64| json!({"measure": measure, "subject": {"agent": "1001"}, "from": now, "to": until, "value": value});
    let new = json!([entry("exam_points", 170), entry("exam_papers", 2)]);
    let made = house.as_account("he").post("/api/v1/figures/entries", new).await.ok();
    let told = line(&house, "1001", "exam").await;
    assert_eq!(told["given"], figure(170, 2));
    assert_eq!(told["evidence"]["figures"].as_array().unwrap().len(), 2);
    assert!(told["evidence"]["figures"].as_array().unwrap().contains(&made["figures"][0]));
    assert_eq!(told["evidence"]["formula"], "kpi.exam_score@1");
    assert_eq!(line(&house, "1002", "exam").await["why"], "no_entry");
    assert_eq!(line(&house, "1001", "work").await["why"], "by_hand");
    let month = Month::utc(now).unwrap();
    let path = format!("/api/v1/quality/assessments/proposed?month={month}&post=agent");
    house.as_account("zhao").get(&path).await.problem(403, "forbidden");
    house.as_account("he").get(&path.replace("agent", "nobody")).await.problem(404, "unknown_table");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_of_a_frozen_report_names_it_and_one_that_is_none_is_refused() {
    let house = opened().await;
    let text = r#"
        [[table]]
        post = "agent"
        version = 2
        title = { zh = "考核表", en = "Table" }
        derived = true
        efficiency_max = 30
        [[table.line]]
        id = "site_exams"
        text = { zh = "全中心考试", en = "Exams of all" }
        weight = 100
        scale = "mark"
        source = "kpi.exam_score, points"
    "#;
    let table = Table::read("test", text).unwrap().remove(0);
    house.does_at_quality(Quality::ApplyTable(Box::new(table)));
    let director = house.as_account("he");
    // A month that is over: the one before this.
    let mut at = house.door.now();
    let this = Month::utc(at).unwrap();
    while Month::utc(at) == Some(this) {
        at = cordboard_floor::Instant::from_micros(at.micros() - DAY.0 as i64 * 1_000);
    }
    let month = Month::utc(at).unwrap();
    let path = format!("/assessments/proposed?month={month}&post=agent");
    let only = |told: &Value| told["agents"][0]["lines"][0].clone();
    let told = get(&director, &path).await;
    assert_eq!((&told["over"], &only(&told)["why"]), (&json!(true), &json!("no_report")));

    let to = at.plus(Millis(1));
    let entry = |measure: &str, value: u64| json!({"measure": measure, "subject": "site", "from": at, "to": to, "value": value});
    let new = json!([entry("exam_points", 900), entry("exam_papers", 10)]);
    director.post("/api/v1/figures/entries", new).await.ok();
    let freeze = json!({"layout": "monthly", "period": month.to_string()});
    let frozen = director.post("/api/v1/papers", freeze).await.ok();
    let told = get(&director, &path).await;
    assert_eq!(told["report"], frozen["report"]);
    let found = only(&told);
    assert_eq!(found["given"], json!({"figure": {"over": 900, "under": 10, "report": frozen["report"]}}));
    assert_eq!(
        (&found["evidence"]["of"], &found["evidence"]["formula"]),
        (&json!("site"), &json!("kpi.exam_score@1"))
    );

    let rows = |given: &Value| json!([{"agent": "1001", "given": {"site_exams": given}}]);
    let new = json!({"month": month, "post": "agent", "rows": rows(&found["given"])});
    let mut other = new.clone();
    other["rows"][0]["given"]["site_exams"]["figure"]["report"] = json!("r-1");
    no(&director, "/assessments", other, 422, "unknown_report").await;
    let mut earlier = new.clone();
    earlier["month"] = json!("2026-01");
    no(&director, "/assessments", earlier, 422, "report_of_another_month").await;
    post(&director, "/assessments", new.clone()).await;
    let listed = get(&director, &format!("/assessments?month={month}")).await;
    let line = &listed["assessments"][0]["rows"][0]["assessed"]["lines"][0];
    assert_eq!((&line["given"], &line["mark"]), (&found["given"], &json!(9_000)));
    let told = get(&director, &path).await;
    assert_eq!(told["assessment"], listed["assessments"][0]["assessment"], "it was submitted already");
    // What another report took the place of is named no more.
    let revised = json!({"layout": "monthly", "period": month.to_string(), "revises": frozen["report"]});
    director.post("/api/v1/papers", revised).await.ok();
    let manager = house.as_account("liu");
    let made = listed["assessments"][0]["assessment"].as_str().unwrap();
    post(&manager, &format!("/assessments/{made}/return"), json!({"why": "anew"})).await;
    no(&director, "/assessments", new, 422, "report_revised").await;
    house.close().await;
}
