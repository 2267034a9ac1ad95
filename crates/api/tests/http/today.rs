//! Figures of today: one's own beside the team's, one's breaks, and the day by its intervals, which add up to its report.

use crate::house::{House, SALES};
use cordboard_centre::workforce::outlook::{NewForecast, NewRequirement, OutlookDay, Point};
use cordboard_centre::workforce::{Command as Workforce, Day};
use cordboard_floor::command::AskedState;
use cordboard_floor::configuration::{AgentConfig, BreakQuota, QueueConfig, RoutingPlan};
use cordboard_floor::{AgentId, Command, ContactId, Instant, Millis, ReasonId};
use serde_json::{Value, json};

const TEAM: [&str; 4] = ["1001", "1003", "1004", "1005"];

async fn calls(house: &House) -> ContactId {
    let new = json!({"queue": "sales", "channel": "voice"});
    let made = house.as_account("crm").post("/api/v1/contacts", new).await.ok();
    made["contact"].as_str().unwrap().parse().unwrap()
}

/// She answers it, ends it and finishes the work after it.
async fn serves(house: &House, agent: &'static str) {
    let contact = calls(house).await;
    let agent = AgentId::fixed(agent);
    house.does(Command::Accept { offer: house.last_offer(), agent });
    house.does(Command::End { contact, agent });
    house.does(Command::CompleteWrapup { contact, agent, code: None, note: None });
}

fn figure<'a>(figures: &'a Value, id: &str) -> &'a Value {
    figures["figures"].as_array().unwrap().iter().find(|figure| figure["id"] == id).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_figures_stand_beside_a_median_of_four_and_no_fewer() {
    let house = House::open().await;
    for agent in &TEAM[1..] {
        let id = AgentId::fixed(agent);
        let team = Some("red".parse().unwrap());
        let config = AgentConfig { team, queues: vec![SALES], active: true, ..AgentConfig::customary(id) };
        house.does(Command::ApplyAgent(config));
    }
    for agent in &TEAM[..3] {
        house.is_ready(agent);
        serves(&house, agent).await;
        house.does(Command::ForceState {
            agent: AgentId::fixed(agent),
            state: AskedState::NotReady(ReasonId::fixed("lunch")),
        });
    }
    let own = house.as_account("1001");
    let figures = own.get("/api/v1/me/figures").await.ok();
    let handled = figure(&figures, "handled");
    assert_eq!((&handled["value"], &handled["numerator"]), (&json!(1.0), &json!(1)));
    assert_eq!((&handled["team_median"], &handled["team_size"]), (&json!(null), &json!(3)), "{handled}");
    let aht = figure(&figures, "kpi.aht");
    assert_eq!((&aht["version"], &aht["denominator"], &aht["unit"]), (&json!(1), &json!(1), &json!("ms")));
    assert!(aht["name"]["zh"].as_str().unwrap().contains("平均处理时间"));

    house.is_ready(TEAM[3]);
    serves(&house, TEAM[3]).await;
    let mut said = Value::Null;
    house
        .until("the fourth is counted", async || {
            let figures = own.get("/api/v1/me/figures").await.ok();
            said = figure(&figures, "handled").clone();
            said["team_size"] == 4
        })
        .await;
    assert_eq!(said["team_median"], json!(1.0), "{said}");
    house.as_account("wang").get("/api/v1/me/figures").await.problem(409, "no_agent");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_breaks_are_counted_and_quotas_are_told() {
    let house = House::open().await;
    let agent = AgentId::fixed("1001");
    let breaks = BreakQuota { away_max: Some(1), staffed_min: Some(1) };
    house.does(Command::ApplyQueue(QueueConfig {
        plan: RoutingPlan { breaks, ..RoutingPlan::default() },
        ..QueueConfig::customary(SALES)
    }));
    house.is_ready("1001");
    house.is_ready("1002");
    let own = house.as_account("1001");
    let told = own.get("/api/v1/me/breaks").await.ok();
    let quota = json!({"queue": "sales", "at_most": 1, "on_break": 0, "ready": 2, "ready_at_least": 1});
    assert_eq!((&told["quotas"], &told["ahead"]), (&json!([quota]), &json!(0)));
    assert_eq!(
        told["reasons"],
        json!([{"reason": "lunch", "allowance_ms": 3_600_000, "used_today_ms": 0, "times_today": 0}])
    );

    let lunch = AskedState::NotReady(ReasonId::fixed("lunch"));
    house.does(Command::ForceState { agent, state: lunch });
    house.does(Command::RequestBreak { agent: AgentId::fixed("1002"), reason: ReasonId::fixed("lunch") });
    house
        .until("the break is counted", async || {
            let told = own.get("/api/v1/me/breaks").await.ok();
            let quota = &told["quotas"][0];
            told["reasons"][0]["times_today"] == 1
                && told["ahead"] == 1
                && quota["on_break"] == 1
                && quota["ready"] == 1
        })
        .await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn intervals_add_up_to_the_days_report() {
    let house = House::open().await;
    house.is_ready("1001");
    serves(&house, "1001").await;
    serves(&house, "1001").await;
    house.does(Command::ForceState {
        agent: AgentId::fixed("1001"),
        state: AskedState::NotReady(ReasonId::fixed("lunch")),
    });
    let left = calls(&house).await;
    house.as_account("crm").post(&format!("/api/v1/contacts/{left}/abandon"), json!({})).await.ok();
    calls(&house).await;

    let wang = house.as_account("wang");
    let report = wang.get("/api/v1/reports/service-level?zone=UTC&by=site").await.ok();
    let total = &report["totals"][0]["figures"];
    for (query, intervals) in [("", 48), ("?interval=15min", 96), ("?interval=60min&queue=sales", 24)] {
        let day = wang.get(&format!("/api/v1/intraday{query}")).await.ok();
        let each = day["intervals"].as_array().unwrap();
        assert_eq!(each.len(), intervals);
        let sum = |what: &str| each.iter().map(|it| it[what].as_i64().unwrap()).sum::<i64>();
        for what in ["offered", "answered", "abandoned"] {
            assert_eq!(json!(sum(what)), total[what]["value"], "{what} {query}");
        }
        let side = |side: &str| each.iter().map(|it| it["sl"][side].as_i64().unwrap()).sum::<i64>();
        for part in ["numerator", "denominator"] {
            assert_eq!(json!(side(part)), total["sl.offered"][part], "{part} {query}");
        }
        let unplanned = ["forecast", "came", "expected", "required"];
        assert!(
            each.iter().all(|it| unplanned.iter().all(|what| it[*what].is_null())),
            "nothing is published"
        );
        assert!(each.iter().any(|it| it["staff_present"].as_f64().is_some_and(|staff| staff > 0.0)));
        assert!(each.iter().all(|it| it["sl"]["id"] == "sl.offered" && it["aht"]["id"] == "kpi.aht"));
    }
    let quiet = wang.get("/api/v1/intraday?date=2020-02-29").await.ok();
    assert!(
        quiet["intervals"].as_array().unwrap().iter().all(|it| it["complete"] == true && it["offered"] == 0)
    );
    wang.get("/api/v1/intraday?interval=day").await.problem(400, "invalid_query");
    wang.get("/api/v1/intraday?date=today").await.problem(400, "invalid_query");
    wang.get("/api/v1/intraday?queue=nowhere").await.problem(404, "unknown_queue");
    house.as_account("1001").get("/api/v1/intraday").await.problem(403, "forbidden");
    house.as_account("chen").get("/api/v1/intraday").await.problem(403, "forbidden");
    house.as_account("chen").get("/api/v1/intraday?queue=sales").await.ok();
    assert_eq!(Millis(quiet["interval_ms"].as_u64().unwrap()), Millis(1_800_000));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_for_a_day_stands_beside_what_came_however_it_is_cut() {
    let house = House::open().await;
    let wang = house.as_account("wang");
    for _ in 0..3 {
        calls(&house).await;
    }
    let first = wang.get("/api/v1/intraday").await.ok();
    let at = Instant::parse(first["intervals"][0]["from"].as_str().unwrap()).unwrap();
    // Each half hour: as many contacts as its place in the day, with tenths; and people by the same rule.
    let point = |nth: u32| Point { volume_milli: nth * 1_100, aht_ms: 60_000, quantiles: Vec::new() };
    let day = Day::utc(at);
    let interval_ms = Millis(1_800_000);
    let forecast = NewForecast {
        queue: SALES,
        method: "test".parse().unwrap(),
        interval_ms,
        quantiles: Vec::new(),
        days: vec![OutlookDay { day, from: at, intervals: (0..48).map(point).collect() }],
    };
    house.desk(Workforce::PublishForecast(forecast)).await;
    let need = NewRequirement {
        queue: SALES,
        forecast: None,
        interval_ms,
        days: vec![OutlookDay { day, from: at, intervals: (0..48).collect() }],
    };
    house.desk(Workforce::PublishRequirement(need)).await;
    let total = 1.1 * (47.0 * 48.0 / 2.0);
    let near = |told: &Value, wanted: f64| (told.as_f64().unwrap() - wanted).abs() < 1e-6;
    for (interval, each_of, count) in [("15min", 0.5, 96), ("30min", 1.0, 48), ("60min", 2.0, 24)] {
        let told = wang.get(&format!("/api/v1/intraday?interval={interval}&queue=sales")).await.ok();
        let rows = told["intervals"].as_array().unwrap();
        assert_eq!(rows.len(), count);
        let sum = |what: &str| rows.iter().filter_map(|row| row[what].as_f64()).sum::<f64>();
        assert!(near(&json!(sum("forecast")), total), "{interval}: {}", sum("forecast"));
        // The mean of people over time is the same however it is cut.
        assert!(near(&json!(sum("required") / count as f64), 23.5), "{interval}");
        // The third quarter is the first half of the second half hour; the second hour is its third and fourth.
        let (forecast, required) = match interval {
            "15min" => (1.1 * each_of, 1.0),
            "30min" => (2.2, 2.0),
            _ => (1.1 * 5.0, 2.5),
        };
        let row = &rows[if interval == "60min" { 1 } else { 2 }];
        assert!(near(&row["forecast"], forecast) && near(&row["required"], required), "{interval}: {row}");
        assert_eq!(sum("came"), 3.0, "each caller counts");
        // What was before the first contact was not seen, so the day is as busy as its forecast until an interval is over.
        let pace = &told["paces"][0];
        assert_eq!(
            (&pace["queue"], &pace["variation"], &pace["derived"]),
            (&json!("sales"), &json!(0.1), &json!(true))
        );
        for row in rows {
            let complete = row["complete"] == true;
            let wanted = if complete { row["came"].as_f64() } else { row["forecast"].as_f64() };
            let factor = pace["factor"].as_f64().unwrap();
            assert!(near(&row["expected"], wanted.unwrap() * if complete { 1.0 } else { factor }), "{row}");
        }
    }
    // The site is the sum of its queues, and a queue without a forecast has none.
    let site = wang.get("/api/v1/intraday").await.ok();
    assert!(near(&site["intervals"][2]["forecast"], 2.2));
    let yesterday = Instant::from_micros(at.micros() - 86_400_000_000).to_string();
    let before = wang.get(&format!("/api/v1/intraday?date={}", &yesterday[..10])).await.ok();
    assert!(before["intervals"].as_array().unwrap().iter().all(|row| row["forecast"].is_null()));
    house.close().await;
}
