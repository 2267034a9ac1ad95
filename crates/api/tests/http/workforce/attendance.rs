//! 考勤 at the door: late arrivals and what excuses them, a day reckoned again from the log, and handed in as figures.

use super::{HOUR, MINUTE, path, shift};
use crate::client::Client;
use crate::house::House;
use cordboard_centre::workforce::outlook::{NewForecast, OutlookDay, Point};
use cordboard_centre::workforce::roster::moment_of;
use cordboard_centre::workforce::{Command, Day};
use cordboard_floor::{Millis, QueueId};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_reckoned_again_from_the_log_while_the_centre_runs() {
    let house = House::open().await;
    let leader = house.as_account("wang");
    house.is_ready("1001");
    // A shift that was over before anybody planned it, and one that goes on: she came to neither in time.
    let begin = house.now().minus(Millis(20 * MINUTE));
    let ids = house.has_shifts(&[shift("1001", begin, 10 * MINUTE), shift("1002", begin, 10 * MINUTE)]).await;
    let day = Day::utc(begin);
    let asked = async |client: &Client, rest: &str| {
        client.get(&path(&format!("adherence/day?day={day}{rest}"))).await.ok()
    };
    let (live, again) = (asked(&leader, "").await, asked(&leader, "&again=true").await);
    assert_eq!((&live["again"], &again["again"]), (&json!(false), &json!(true)));
    let row = &again["rows"][0];
    assert_eq!((&row["agent"], &row["planned_ms"]), (&json!("1001"), &json!(10 * MINUTE)), "{again}");
    let sums = |told: &Value| {
        let rows = told["rows"].as_array().unwrap().iter();
        rows.map(|row| (row["agent"].clone(), row["planned_ms"].clone(), row["adherent_ms"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(sums(&live), sums(&again));
    // An exception approved afterwards counts as if it had been known.
    let excused =
        json!({"shift": ids[1], "from": begin, "until": begin.plus(Millis(10 * MINUTE)), "why": "technical"});
    leader.post(&path("exceptions"), excused).await.ok();
    let after = asked(&leader, "&again=true&agent=1002").await;
    assert_eq!(after["rows"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&after["rows"][0]["adherence"], &again["rows"][1]["adherence"]),
        (&json!(1.0), &json!(0.0)),
        "{after}"
    );
    // The seventh case of absence is a person's word, and may be taken back.
    let found = async || {
        let told = leader.get(&path("attendance?agent=1001")).await.ok();
        told["people"][0]["findings"][0]["detail"]["case"].clone()
    };
    let judge = |untrue: bool| json!({"shift": ids[0], "untrue": untrue, "text": "与实情不符"});
    house.as_account("1001").post(&path("absences/judge"), judge(true)).await.problem(403, "forbidden");
    leader.post(&path("absences/judge"), judge(true)).await.ok();
    assert_eq!(found().await, "reason_untrue");
    leader.post(&path("absences/judge"), judge(false)).await.ok();
    assert_ne!(found().await, "reason_untrue");
    // One's own, and nobody else's.
    let own = asked(&house.as_account("1001"), "&again=true").await;
    assert_eq!((own["rows"].as_array().unwrap().len(), &own["rows"][0]["agent"]), (1, &json!("1001")));
    let other = house.as_account("1001");
    other.get(&path("adherence/day?agent=1002&again=true")).await.problem(403, "forbidden");
    leader.get(&path("adherence/day?again=perhaps")).await.problem(400, "invalid_query");
    let attendance = leader.get(&path("attendance?agent=1001")).await.ok();
    assert!(attendance["people"][0]["findings"][0]["stale"].is_boolean(), "{attendance}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_is_over_is_handed_in_as_figures_and_reports_show_the_books_digits() {
    let house = House::open().await;
    let director = house.has_a_director();
    let day = Day::utc(house.now()).plus(-1);
    let at = |minutes: u32| moment_of(day, minutes, &TimeZone::UTC).unwrap();
    house.has_shifts(&[shift("1001", at(480), 8 * HOUR), shift("1002", at(480), 4 * HOUR)]).await;
    let point = |milli| Point { volume_milli: milli, aht_ms: 60_000, quantiles: Vec::new() };
    let forecast = NewForecast {
        queue: QueueId::fixed("sales"),
        method: "test".parse().unwrap(),
        interval_ms: Millis(30 * MINUTE),
        quantiles: Vec::new(),
        days: vec![OutlookDay { day, from: at(0), intervals: vec![point(0), point(2_250), point(250)] }],
    };
    house.desk(Command::PublishForecast(forecast)).await;
    let shown = director.get(&path(&format!("figures?day={day}"))).await.ok();
    let value = |measure: &str, subject: Value| {
        let rows = shown["figures"].as_array().unwrap().iter();
        let own = |row: &&Value| row["measure"] == measure && row["subject"] == subject;
        rows.filter(own).map(|row| row["value"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    // 2.5 contacts are 3 when only whole ones count, and 150 s of work.
    assert_eq!(value("forecast_contacts", json!({"queue": "sales"})), [3]);
    assert_eq!(value("forecast_handle_ms", json!({"queue": "sales"})), [150_000]);
    assert_eq!(value("scheduled_ms", json!({"agent": "1001"})), [8 * HOUR as i64]);
    assert_eq!(value("non_adherent_ms", json!({"agent": "1001"})), [8 * HOUR as i64], "she did not come");
    assert_eq!(
        (value("heads_planned", json!({"agent": "1002"})), value("heads_working", json!({"agent": "1002"}))),
        (vec![1], vec![0])
    );
    // Handed in, twice as once, they stand in reports by the same digits.
    let key = [("idempotency-key", "figures-1")];
    let entered = director.post_with(&path("figures"), &key, json!({"day": day})).await.ok();
    assert_eq!(entered["entered"], json!(shown["figures"].as_array().unwrap().len()));
    let again = director.post_with(&path("figures"), &key, json!({"day": day})).await.ok();
    assert_eq!(again["seq"], entered["seq"]);
    director.post(&path("figures"), json!({"day": day})).await.ok();
    let next = day.plus(1);
    let report = format!("/api/v1/reports/kpi?zone=UTC&by=site&from={day}&to={next}");
    let report = director.get(&report).await.ok();
    let figure = |id: &str| report["totals"][0]["figures"][id].clone();
    assert_eq!(
        (&figure("kpi.adherence")["numerator"], &figure("kpi.adherence")["denominator"]),
        (&json!(0), &json!(12 * HOUR)),
        "{report}"
    );
    assert_eq!(figure("kpi.absenteeism")["value"], json!(1.0));
    assert_eq!(figure("kpi.forecast.volume")["denominator"], json!(3));
    // A day that is not over, and whoever may not.
    director.post(&path("figures"), json!({"day": next})).await.problem(409, "not_over");
    director.get(&path("figures?day=x")).await.problem(400, "invalid_query");
    for account in ["1001", "chen", "zhou"] {
        house.as_account(account).post(&path("figures"), json!({"day": day})).await.problem(403, "forbidden");
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_arrival_shows_and_an_exception_excuses_it_visibly() {
    let house = House::open().await;
    let leader = house.as_account("wang");
    let now = house.now();
    let begin = now.minus(Millis(10 * MINUTE));
    // The other's is a night shift of yesterday, which has gone on past midnight.
    let mut night = shift("1002", begin, 4 * HOUR);
    night.day = night.day.plus(-1);
    let ids = house.has_shifts(&[shift("1001", begin, 4 * HOUR), night]).await;
    // Before she comes she stands there as late as she would be.
    let row = async |agent: &str| {
        let board = house.as_account("wang").get(&path("adherence")).await.ok();
        let rows = board["rows"].as_array().unwrap().clone();
        rows.into_iter().find(|row| row["agent"] == agent).unwrap_or_default()
    };
    let away = row("1001").await;
    assert_eq!(
        (&away["scheduled"], &away["actual"], &away["in_adherence"]),
        (&json!("work"), &json!("signed_out"), &json!(false))
    );
    assert_eq!(row("1002").await["adherence_today"], 0.0, "of the day that her shift is of");
    house.is_ready("1001");
    let there = row("1001").await;
    assert_eq!(
        (&there["actual"], &there["in_adherence"], &there["alert"]),
        (&json!("ready"), &json!(true), &Value::Null),
        "{there}"
    );
    let late_ms = there["late_ms"].as_u64().unwrap();
    // Due five minutes before the shift: a quarter of an hour and a little.
    assert!((15 * MINUTE..20 * MINUTE).contains(&late_ms), "{there}");
    assert!(there["adherence_today"].as_f64().unwrap() < 0.5, "{there}");
    let month = ids[0];
    let attendance = async |client: &Client| {
        let month = Day::utc(begin).month();
        let told = client.get(&path(&format!("attendance?agent=1001&month={month}"))).await.ok();
        told["people"][0].clone()
    };
    let before = attendance(&leader).await;
    assert_eq!(before["findings"][0]["finding"], "late", "{before}");
    assert_eq!(
        (&before["findings"][0]["counts"], &before["counters"]["lates_of_month"]),
        (&json!(true), &json!(1))
    );
    assert!(before["findings"][0]["evidence"].as_array().unwrap().len() >= 2);
    let except = json!({"shift": month, "from": begin.minus(Millis(HOUR)), "until": now.plus(Millis(HOUR)), "why": "bus_accident"});
    house.as_account("1001").post(&path("exceptions"), except.clone()).await.problem(403, "forbidden");
    let granted = leader.post(&path("exceptions"), except).await.ok();
    let exception = granted["exception"].as_str().unwrap().to_owned();
    let house = house.restart().await;
    let own = house.as_account("1001");
    let after = attendance(&own).await;
    assert_eq!(
        (&after["findings"][0]["finding"], &after["findings"][0]["excused_by"]),
        (&json!("late"), &json!(exception)),
        "{after}"
    );
    assert_eq!(after["counters"]["lates_of_month"], 0);
    assert_eq!(after["counters_without_exceptions"]["lates_of_month"], 1, "what was found stays visible");
    let day = own.get(&path(&format!("adherence/day?agent=1001&day={}", Day::utc(begin)))).await.ok();
    assert!(day["rows"][0]["adherence"].as_f64().unwrap() > 0.9, "{day}");
    house.as_account("wang").post(&path(&format!("exceptions/{exception}/withdraw")), json!({})).await.ok();
    assert_eq!(attendance(&own).await["counters"]["lates_of_month"], 1);
    own.get(&path("attendance?agent=1002")).await.problem(403, "forbidden");
    house.close().await;
}
