//! 排班与考勤 at the door: who may, what is refused with its words, rosters by a job, what becomes of late arrivals, and that all of it
//! outlives a restart.

use crate::client::Client;
use crate::house::House;
use cordboard_centre::workforce::adherence::Planned;
use cordboard_centre::workforce::handover::Check;
use cordboard_centre::workforce::id::{RosterId, ShiftId};
use cordboard_centre::workforce::outlook::{NewForecast, NewRequirement, OutlookDay, Point};
use cordboard_centre::workforce::roster::{Class, moment_of};
use cordboard_centre::workforce::shift::{NewRoster, Part, Sketch};
use cordboard_centre::workforce::terms::SignOutPolicy;
use cordboard_centre::workforce::{Command, Day, Terms};
use cordboard_centre::{Centre, Command as Any};
use cordboard_engine::{Answer, Engine, EngineOptions};
use cordboard_floor::configuration::{AgentConfig, QueueConfig};
use cordboard_floor::contact::EndedBy;
use cordboard_floor::{
    AccountId, Actor, AgentId, Channel, Command as Floor, ContactId, Instant, Millis, QueueId, SiteId,
    Submission,
};
use cordboard_journal::Journal;
use cordboard_vault::NewAccount;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

const BASE: &str = "/api/v1/workforce";
const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const WU: AccountId = AccountId::fixed("sun");

fn path(rest: &str) -> String {
    format!("{BASE}/{rest}")
}

fn of(agent: &str) -> AgentId {
    agent.parse().unwrap()
}

impl House {
    /// Carries out a command of any desk.
    pub(crate) async fn desk(&self, command: impl Into<Any>) -> u64 {
        match self.door.ask(Submission::system("test", command.into())).await.unwrap() {
            Answer::Done { seq, .. } => seq,
            other => panic!("{other:?}"),
        }
    }

    /// A director, whom no other test needs.
    fn has_a_director(&self) -> Client {
        let roles = vec!["director".to_owned()];
        self.door
            .vault
            .put_accounts(vec![NewAccount { name: "qian".to_owned(), roles, ..NewAccount::default() }])
            .unwrap();
        self.as_account("qian")
    }

    fn now(&self) -> Instant {
        let wall = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        Instant::from_micros(wall.as_micros() as i64)
    }

    /// Shifts that hold, in the order of the list.
    async fn has_shifts(&self, shifts: &[Sketch]) -> Vec<ShiftId> {
        let mut ids = Vec::new();
        for sketch in shifts {
            let roster = NewRoster {
                from: sketch.day,
                days: 1,
                name: "test".to_owned(),
                class: vec![of("1001"), of("1002")],
                rest: None,
                requirement: None,
            };
            let roster = RosterId(self.desk(Command::DraftRoster { roster, account: WU }).await);
            self.desk(Command::AddShifts { roster, shifts: vec![sketch.clone()] }).await;
            ids.push(ShiftId(self.desk(Command::PublishRoster { roster, account: WU }).await));
        }
        ids
    }
}

fn shift(agent: &str, from: Instant, ms: u64) -> Sketch {
    Sketch {
        agent: of(agent),
        day: Day::utc(from),
        code: "early".parse().unwrap(),
        from,
        until: from.plus(Millis(ms)),
        parts: Vec::new(),
        relief: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_door_opens_to_whom_the_table_says() {
    const ALL: [&str; 10] = ["1001", "chen", "wang", "liu", "zhao", "sun", "zhou", "wu", "crm", "qian"];
    let (staff, seers): (&[&str], &[&str]) = (
        &["1001", "chen", "wang", "liu", "sun", "zhou", "qian"],
        &["chen", "wang", "liu", "sun", "zhou", "qian"],
    );
    let (leaders, planners): (&[&str], &[&str]) = (&["chen", "wang", "liu", "qian"], &["sun", "qian"]);
    let doors: Vec<(&str, &str, Value, &[&str])> = vec![
        ("GET", "terms", json!({}), staff),
        ("GET", "schedule?agent=1001", json!({}), staff),
        ("GET", "schedule?agent=1002", json!({}), &["wang", "liu", "sun", "zhou", "qian"]),
        ("GET", "leaves", json!({}), staff),
        ("GET", "swaps", json!({}), staff),
        ("GET", "overtime", json!({}), staff),
        ("GET", "time-off", json!({}), staff),
        ("GET", "handovers", json!({}), staff),
        ("GET", "attendance", json!({}), staff),
        ("GET", "adherence", json!({}), staff),
        ("GET", "adherence/day?agent=1002", json!({}), &["wang", "liu", "sun", "zhou", "qian"]),
        ("GET", "forecasts", json!({}), seers),
        ("GET", "requirements", json!({}), seers),
        ("GET", "rosters", json!({}), seers),
        ("GET", "shift-rules", json!({}), seers),
        ("GET", "jobs/job-1", json!({}), planners),
        ("DELETE", "jobs/job-1", json!({}), planners),
        ("POST", "forecasts", json!({}), planners),
        ("POST", "requirements", json!({}), planners),
        ("POST", "rosters", json!({"name": "x", "from": "2026-01-01", "days": 1}), planners),
        ("POST", "rosters/ro-1/judge", json!({}), planners),
        ("POST", "rosters/ro-1/discard", json!({}), planners),
        ("POST", "rosters/ro-1/publish", json!({}), &["liu", "qian"]),
        ("POST", "shifts/sh-1/withdraw", json!({"why": "x"}), planners),
        ("POST", "leaves/lv-1/approve", json!({}), leaders),
        ("POST", "swaps/sw-1/approve", json!({}), leaders),
        ("POST", "in-lieu/take", json!({"shift": "sh-1"}), leaders),
        ("POST", "muster", json!({"shifts": []}), leaders),
        ("POST", "shifts/sh-1/let-go", json!({"why": "x"}), leaders),
        ("POST", "exceptions/xc-1/withdraw", json!({}), leaders),
        ("POST", "swaps/sw-1/answer", json!({"agrees": true}), &["1001"]),
        ("POST", "overtime/ot-1/answer", json!({"accepts": true}), &["1001"]),
        ("POST", "time-off/to-1/take", json!({}), &["1001"]),
        ("POST", "handovers/ho-1/accept", json!({}), &["1001"]),
    ];
    let house = House::open().await;
    house.has_a_director();
    for account in ALL {
        let client = house.as_account(account);
        for (method, rest, body, may) in &doors {
            let body = body.to_string().into_bytes();
            let json = [("content-type", "application/json")];
            let reply = client.send(method.parse().unwrap(), &path(rest), &json, body).await;
            let status = reply.status.as_u16();
            assert_eq!(
                status != 403,
                may.contains(&account),
                "{account} {method} {rest}: {status} {:?}",
                reply.body
            );
        }
    }
    assert_eq!(house.stranger().get(&path("terms")).await.status, 401);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leave_is_asked_for_three_hours_before_and_decided_by_rank() {
    let house = House::open().await;
    let director = house.has_a_director();
    let (agent, other, leader) =
        (house.as_account("1001"), house.as_account("1002"), house.as_account("chen"));
    let (now, day) = (house.now(), 24 * HOUR);
    // Asked for at 2 h 59 min before the shift, and at 3 h (and the seconds that this test takes).
    let late = now.plus(Millis(3 * HOUR - MINUTE));
    let in_time = now.plus(Millis(3 * HOUR + 30_000));
    house.has_shifts(&[shift("1002", late, HOUR), shift("1001", in_time, HOUR)]).await;
    let ask = |from: Instant, ms: u64| json!({"kind": "sick", "from": from, "until": from.plus(Millis(ms)), "text": "发烧"});
    let refused = other.post(&path("leaves"), ask(late, HOUR)).await.problem(409, "too_late_to_ask");
    assert!(refused["detail"].as_str().unwrap().starts_with("asked for "), "{refused}");
    let key = [("idempotency-key", "sick-1")];
    let asked = agent.post_with(&path("leaves"), &key, ask(in_time, HOUR)).await.ok();
    let again = agent.post_with(&path("leaves"), &key, ask(in_time, HOUR)).await.ok();
    assert_eq!(asked, again, "the same key asks once");
    let leave = asked["leave"].as_str().unwrap().to_owned();
    // Her own words are hers and her leader's to read; others see that there are some.
    let text = async |client: &Client| client.get(&path("leaves")).await.ok()["leaves"][0]["text"].clone();
    assert_eq!(text(&agent).await, json!({"text": "发烧", "masked": false}));
    assert_eq!(text(&leader).await, json!({"text": "发烧", "masked": false}));
    assert_eq!(text(&house.as_account("sun")).await, json!({"masked": true}));
    assert_eq!(text(&other).await, Value::Null, "what another asks for is not hers to see");
    // The schedule is no way round that: whoever plans sees that she is away, and not why.
    let beside = async |client: &Client| {
        client.get(&path("schedule?agent=1001&days=2")).await.ok()["leaves"][0]["text"].clone()
    };
    assert_eq!(beside(&agent).await, json!({"text": "发烧", "masked": false}));
    assert_eq!(beside(&leader).await, json!({"text": "发烧", "masked": false}));
    for account in ["sun", "zhou"] {
        assert_eq!(beside(&house.as_account(account)).await, json!({"masked": true}), "{account}");
    }
    agent.post(&path(&format!("leaves/{leave}/approve")), json!({})).await.problem(403, "forbidden");
    leader.post(&path(&format!("leaves/{leave}/approve")), json!({})).await.ok();
    leader
        .post(&path(&format!("leaves/{leave}/refuse")), json!({"why": "late"}))
        .await
        .problem(409, "settled");
    let schedule = agent.get(&path("schedule?days=2")).await.ok();
    assert_eq!(schedule["shifts"][0]["is_away"], true, "{schedule}");
    // Two days are the director's.
    let from = now.plus(Millis(5 * day));
    let long = agent.post(&path("leaves"), ask(from, 2 * day)).await.ok();
    let long = long["leave"].as_str().unwrap().to_owned();
    leader.post(&path(&format!("leaves/{long}/approve")), json!({})).await.problem(409, "rank_too_low");
    director.post(&path(&format!("leaves/{long}/approve")), json!({})).await.ok();
    // The papers of sick leave: four and the form, or it is not borne out.
    let judge = json!({"borne_out": true});
    let missing = leader.post(&path(&format!("leaves/{leave}/papers/judge")), judge.clone()).await;
    missing.problem(409, "papers_missing");
    let all = json!({"papers": ["certificate", "medical_record", "prescription", "receipt", "form"]});
    agent.post(&path(&format!("leaves/{leave}/papers")), all).await.ok();
    leader.post(&path(&format!("leaves/{leave}/papers/judge")), judge).await.ok();
    let house = house.restart().await;
    let rows = house.as_account("1001").get(&path("leaves?state=approved")).await.ok();
    let papers: Vec<&str> =
        rows["leaves"].as_array().unwrap().iter().map(|row| row["papers"].as_str().unwrap()).collect();
    assert_eq!(papers, ["pending", "borne_out"], "the newest first; a restart keeps all: {rows}");
    house
        .as_account("1001")
        .post(&path("leaves/lv-1/withdraw"), json!({}))
        .await
        .problem(404, "unknown_leave");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_third_swap_of_a_month_takes_a_written_exception() {
    let house = House::open().await;
    let director = house.has_a_director();
    let (one, two, leader) = (house.as_account("1001"), house.as_account("1002"), house.as_account("wang"));
    // A month ahead, so that all lie in one.
    let now = Day::utc(house.now()).date().first_of_month();
    let month = Day::of(now.checked_add(jiff::Span::new().months(2)).unwrap());
    let begin = |day: i32, hour: u32| moment_of(month.plus(day), hour * 60, &TimeZone::UTC).unwrap();
    let mut shifts = Vec::new();
    for nth in 0..3 {
        shifts.push(shift("1001", begin(4 * nth, 8), 8 * HOUR));
        shifts.push(shift("1002", begin(4 * nth + 2, 8), 8 * HOUR));
    }
    let ids = house.has_shifts(&shifts).await;
    let choices = one.get(&path(&format!("swaps/choices?shift={}", ids[0]))).await.ok();
    assert_eq!(choices["choices"], json!([]), "within a month there is none");
    let mut last = String::new();
    for pair in ids.chunks(2).take(2) {
        let asked = one.post(&path("swaps"), json!({"mine": pair[0], "theirs": pair[1]})).await.ok();
        last = asked["swap"].as_str().unwrap().to_owned();
        leader.post(&path(&format!("swaps/{last}/approve")), json!({})).await.problem(409, "not_yet");
        two.post(&path(&format!("swaps/{last}/answer")), json!({"agrees": true})).await.ok();
        leader.post(&path(&format!("swaps/{last}/approve")), json!({})).await.ok();
    }
    leader.post(&path(&format!("swaps/{last}/refuse")), json!({"why": "x"})).await.problem(409, "settled");
    let third = json!({"mine": ids[4], "theirs": ids[5]});
    one.post(&path("swaps"), third).await.problem(409, "too_many_swaps");
    let exceptional = json!({"mine": ids[4], "theirs": ids[5], "exceptional": true, "text": "家里有事"});
    let asked = one.post(&path("swaps"), exceptional).await.ok();
    let swap = asked["swap"].as_str().unwrap();
    let text = async |account: &str| {
        let told = house.as_account(account).get(&path("schedule?agent=1001")).await.ok();
        told["swaps"].as_array().unwrap().iter().find(|row| row["swap"] == *swap).unwrap()["text"].clone()
    };
    assert_eq!(text("1001").await, json!({"text": "家里有事", "masked": false}));
    assert_eq!(text("wang").await, json!({"text": "家里有事", "masked": false}));
    assert_eq!((text("sun").await, text("zhou").await), (json!({"masked": true}), json!({"masked": true})));
    two.post(&path(&format!("swaps/{swap}/answer")), json!({"agrees": true})).await.ok();
    let approve = path(&format!("swaps/{swap}/approve"));
    leader.post(&approve, json!({"exception": "同意"})).await.problem(409, "rank_too_low");
    director.post(&approve, json!({})).await.problem(409, "too_many_swaps");
    director.post(&approve, json!({"exception": "特批"})).await.ok();
    let from = format!("schedule?from={month}&days=14");
    let hers = one.get(&path(&from)).await.ok();
    let days: Vec<&str> =
        hers["shifts"].as_array().unwrap().iter().map(|row| row["day"].as_str().unwrap()).collect();
    let wanted: Vec<String> = [2, 6, 10].iter().map(|day| month.plus(*day).to_string()).collect();
    assert_eq!(days, wanted, "each has the other's");
    assert_eq!(hers["counters"]["swaps_had"], 3);
    house.close().await;
}

/// Waits until a job is over.
async fn over(house: &House, client: &Client, job: &str) -> Value {
    let mut last = Value::Null;
    house
        .until("the job is over", async || {
            last = client.get(&path(&format!("jobs/{job}"))).await.ok();
            last["state"] != "running"
        })
        .await;
    last
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_is_made_by_a_job_judged_revised_and_published() {
    let house = House::open().await;
    let director = house.has_a_director();
    let planner = house.as_account("sun");
    let from = Day::utc(house.now()).plus(2);
    let ask = json!({"name": "next", "from": from, "days": 3, "rounds": 60});
    planner.post(&path("rosters"), ask.clone()).await.problem(422, "no_requirement");
    let day = |ahead: i32| OutlookDay {
        day: from.plus(ahead),
        from: moment_of(from.plus(ahead), 0, &TimeZone::UTC).unwrap(),
        intervals: (0..48).map(|at| u32::from((16..34).contains(&at))).collect(),
    };
    let new = NewRequirement {
        queue: QueueId::fixed("sales"),
        forecast: None,
        interval_ms: Millis(30 * MINUTE),
        days: (0..3).map(day).collect(),
    };
    house.desk(Command::PublishRequirement(new)).await;
    let key = [("idempotency-key", "roster-1")];
    let begun = planner.post_with(&path("rosters"), &key, ask.clone()).await;
    assert_eq!(begun.status, 202);
    let job = begun.json()["job"].as_str().unwrap().to_owned();
    let again = planner.post_with(&path("rosters"), &key, ask.clone()).await.ok();
    assert_eq!(again["job"], json!(job), "asked for again it is the same job");
    let done = over(&house, &planner, &job).await;
    assert_eq!(
        (&done["state"], &done["sound"], &done["missing"]),
        (&json!("done"), &json!(true), &json!(0)),
        "{done}"
    );
    let roster = done["roster"].as_str().unwrap().to_owned();
    // Drafts are nobody's but those who plan and publish.
    assert_eq!(house.as_account("wang").get(&path("rosters")).await.ok()["rosters"], json!([]));
    house.as_account("zhou").get(&path(&format!("rosters/{roster}"))).await.problem(404, "unknown_roster");
    let shown = planner.get(&path(&format!("rosters/{roster}"))).await.ok();
    assert_eq!((&shown["state"], &shown["judgement"]["sound"]), (&json!("draft"), &json!(true)), "{shown}");
    assert_eq!(shown["judgement"]["unplaced"], json!([]));
    let shifts = shown["shifts"].as_array().unwrap().clone();
    assert!(shifts.len() >= 3 && shifts.iter().all(|row| row["parts"].as_array().is_some()), "{shifts:?}");
    // Somebody drags a shift away: the validator says what is missing, and nothing is stored.
    let off = json!({"off": [{"agent": shifts[0]["agent"], "day": shifts[0]["day"]}]});
    let word = planner.post(&path(&format!("rosters/{roster}/judge")), off.clone()).await.ok();
    assert!(word["missing"].as_u64().unwrap() > 0 && word["uncovered"][0]["interval"].is_string(), "{word}");
    assert_eq!(planner.get(&path(&format!("rosters/{roster}"))).await.ok()["shifts"], json!(shifts));
    let (revise, key) = (path(&format!("rosters/{roster}/revise")), [("idempotency-key", "revise-1")]);
    let revised = planner.post_with(&revise, &key, off.clone()).await.ok();
    let again = planner.post_with(&revise, &key, off.clone()).await.ok();
    assert_eq!(revised, again, "whoever did not hear the answer asks again and hears it");
    planner.post(&revise, off).await.problem(404, "unknown_roster");
    assert_eq!(planner.get(&path("rosters")).await.ok()["rosters"].as_array().unwrap().len(), 1);
    let fresh = revised["roster"].as_str().unwrap().to_owned();
    planner.get(&path(&format!("rosters/{roster}"))).await.problem(404, "unknown_roster");
    let fewer = planner.get(&path(&format!("rosters/{fresh}"))).await.ok();
    assert_eq!(fewer["shifts"].as_array().unwrap().len(), shifts.len() - 1);
    planner.post(&path(&format!("rosters/{fresh}/publish")), json!({})).await.problem(403, "forbidden");
    let published = director.post(&path(&format!("rosters/{fresh}/publish")), json!({})).await.ok();
    assert_eq!(published["shifts"], json!(shifts.len() - 1));
    director.post(&path(&format!("rosters/{fresh}/publish")), json!({})).await.problem(409, "not_a_draft");
    let house = house.restart().await;
    let planner = house.as_account("sun");
    let shown = planner.get(&path(&format!("rosters/{fresh}"))).await.ok();
    assert_eq!(shown["shifts"].as_array().unwrap().len(), shifts.len() - 1, "{shown}");
    assert!(shown["shifts"][0]["shift"].as_str().unwrap().starts_with("sh-"));
    assert_eq!(shown["judgement"]["broken"], json!([]));
    planner.get(&path(&format!("jobs/{job}"))).await.problem(404, "unknown_job");
    // A job can be ended, and makes nothing then.
    let other =
        json!({"name": "other", "from": from, "days": 3, "rounds": 1_000_000, "people": ["1001", "1002"]});
    let job = planner.post(&path("rosters"), other).await.ok();
    if job["state"] == "running" {
        let job = job["job"].as_str().unwrap();
        planner.delete(&path(&format!("jobs/{job}"))).await.ok();
        let ended = over(&house, &planner, job).await;
        assert!(["cancelled", "done"].contains(&ended["state"].as_str().unwrap()), "{ended}");
    }
    let changed = json!({"sketch": {"agent": "1001", "day": from, "code": "early", "from": "2026-01-01T00:00:00Z",
        "until": "2025-12-31T00:00:00Z", "parts": [], "relief": false}});
    planner.post(&path("shifts/sh-1/change"), changed).await.problem(404, "unknown_shift");
    for (wrong, code) in [
        (json!({"name": "x", "from": from, "days": 0}), "invalid_query"),
        (json!({"name": "x", "from": from, "days": 63}), "invalid_query"),
        (json!({"name": "x", "from": from, "days": 3, "rounds": 2_000_000}), "over_limit"),
        (json!({"name": "x", "from": from, "days": 3, "class": "night"}), "unknown_class"),
        (json!({"name": "x", "from": from, "days": 3, "people": ["1009"]}), "unknown_agent"),
        (json!({"name": "x", "from": "2020-01-01", "days": 3}), "invalid"),
        (json!({"name": "x", "from": "2020-1-1", "days": 3}), "invalid_body"),
    ] {
        let reply = planner.post(&path("rosters"), wrong.clone()).await;
        assert_eq!(reply.json()["code"], code, "{wrong}");
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_on_leave_is_missing_from_what_holds_and_overtime_fills_it() {
    let house = House::open().await;
    let (agent, leader) = (house.as_account("1001"), house.as_account("wang"));
    let day = Day::utc(house.now()).plus(3);
    let at = |minutes: u32| moment_of(day, minutes, &TimeZone::UTC).unwrap();
    // Two are needed from eight to twelve, and both have a shift then.
    let need = NewRequirement {
        queue: QueueId::fixed("sales"),
        forecast: None,
        interval_ms: Millis(30 * MINUTE),
        days: vec![OutlookDay {
            day,
            from: at(0),
            intervals: (0..48).map(|slot| if (16..24).contains(&slot) { 2 } else { 0 }).collect(),
        }],
    };
    house.desk(Command::PublishRequirement(need)).await;
    let class = vec![of("1001"), of("1002")];
    let roster =
        NewRoster { from: day, days: 1, name: "test".to_owned(), class, rest: None, requirement: None };
    let roster = RosterId(house.desk(Command::DraftRoster { roster, account: WU }).await);
    // With the meal and the breaks that the rules ask for; the meal after twelve.
    let part = |activity, begin: u32, minutes: u32| {
        let from = at(480 + begin);
        Part { activity, from, until: from.plus(Millis(u64::from(minutes) * MINUTE)) }
    };
    let whole = |agent: &str| Sketch {
        parts: vec![
            part(Planned::Break, 90, 15),
            part(Planned::Meal, 240, 60),
            part(Planned::Break, 420, 15),
        ],
        ..shift(agent, at(480), 9 * HOUR)
    };
    let shifts = vec![whole("1001"), whole("1002")];
    house.desk(Command::AddShifts { roster, shifts }).await;
    house.desk(Command::PublishRoster { roster, account: WU }).await;
    let shown = async || leader.get(&path(&format!("rosters/{roster}"))).await.ok();
    let rostered = async || {
        let told = leader.get(&path(&format!("requirements?from={day}&days=1"))).await.ok();
        let heads = told["requirements"][0]["rostered"].as_array().unwrap().clone();
        (16..24).map(|slot: usize| heads[slot].as_u64().unwrap()).collect::<Vec<_>>()
    };
    let whole = shown().await;
    assert_eq!((&whole["judgement"]["missing"], &whole["judgement"]["broken"]), (&json!(0), &json!([])));
    assert_eq!(whole["shifts"][0]["away"], json!([]));
    assert_eq!(rostered().await, [2; 8]);
    // Leave from ten to twelve: her shift stays hers, and she is missing in it.
    let ask = json!({"kind": "personal", "from": at(600), "until": at(720)});
    let leave = agent.post(&path("leaves"), ask).await.ok()["leave"].as_str().unwrap().to_owned();
    leader.post(&path(&format!("leaves/{leave}/approve")), json!({})).await.ok();
    let spared = shown().await;
    let uncovered: Vec<&str> = spared["judgement"]["uncovered"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["interval"].as_str().unwrap())
        .collect();
    assert_eq!(uncovered, ["10:00", "10:30", "11:00", "11:30"], "{spared}");
    let hers = spared["shifts"].as_array().unwrap().iter().find(|row| row["agent"] == "1001").unwrap();
    assert_eq!((&hers["away"][0]["from"], &hers["away"][0]["why"]), (&json!(at(600)), &json!("leave")));
    assert_eq!(spared["judgement"]["broken"], json!([]), "leave breaks nothing");
    assert_eq!(rostered().await, [2, 2, 2, 2, 1, 1, 1, 1]);
    // Somebody whom the roster is not for comes besides, from ten to eleven.
    let wanted = json!({"from": at(600), "until": at(660), "heads": 1, "agents": ["1003"]});
    house.does(Floor::ApplyAgent(AgentConfig {
        active: true,
        queues: vec![QueueId::fixed("sales")],
        ..AgentConfig::customary(of("1003"))
    }));
    let list = leader.post(&path("overtime"), wanted).await.ok()["overtime"].as_str().unwrap().to_owned();
    let yes = Command::AnswerOvertime { overtime: list.parse().unwrap(), agent: of("1003"), comes: true };
    house.desk(yes).await;
    let filled = shown().await;
    assert_eq!(filled["judgement"]["missing"], json!(2), "{filled}");
    assert_eq!(
        (&filled["overtime"][0]["agent"], &filled["overtime"][0]["code"]),
        (&json!("1003"), &json!("overtime"))
    );
    assert_eq!(rostered().await, [2, 2, 2, 2, 2, 2, 1, 1]);
    // A team leader is told of overtime of her own people alone, and what is missing is the same.
    let chen = house.as_account("chen").get(&path(&format!("rosters/{roster}"))).await.ok();
    assert_eq!((&chen["overtime"], &chen["judgement"]["missing"]), (&json!([]), &json!(2)));
    // What the grid asks while a shift is dragged is judged by the same.
    let off = json!({"off": [{"agent": "1002", "day": day}]});
    let word = house.as_account("sun").post(&path(&format!("rosters/{roster}/judge")), off).await.ok();
    assert_eq!(word["missing"], json!(2 + 8), "{word}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_class_no_more_may_rest_on_a_day_than_its_quota() {
    let house = House::open().await;
    let (director, planner) = (house.has_a_director(), house.as_account("sun"));
    let mut staffing = (*house.door.staffing()).clone();
    // Of three people fifteen days of a month make one at rest a day, however long the month is.
    let people = ["2001", "2002", "2003"];
    for agent in people {
        house.does(Floor::ApplyAgent(AgentConfig { active: true, ..AgentConfig::customary(of(agent)) }));
    }
    let class = Class { agents: people.map(of).into(), rest_days: Some(15) };
    staffing.rules.classes.insert("day".to_owned(), class);
    house.door.set_staffing(staffing);
    let told = planner.get(&path("shift-rules")).await.ok();
    assert_eq!(told["rules"]["classes"]["day"]["rest_days"], 15, "the dialog has them to choose from");
    let from = Day::utc(house.now()).plus(3);
    let day = OutlookDay {
        day: from,
        from: moment_of(from, 0, &TimeZone::UTC).unwrap(),
        intervals: (0..48).map(|at| u32::from((16..34).contains(&at))).collect(),
    };
    let (queue, interval_ms) = (QueueId::fixed("sales"), Millis(30 * MINUTE));
    let new = NewRequirement { queue, forecast: None, interval_ms, days: vec![day] };
    house.desk(Command::PublishRequirement(new)).await;
    let ask = json!({"name": "next", "from": from, "days": 1, "rounds": 60, "class": "day"});
    let job = planner.post(&path("rosters"), ask).await.json()["job"].as_str().unwrap().to_owned();
    let made = over(&house, &planner, &job).await;
    assert_eq!(made["broken"], json!([]), "{made}");
    let roster = made["roster"].as_str().unwrap();
    let shown = planner.get(&path(&format!("rosters/{roster}"))).await.ok();
    assert_eq!((&shown["rest"]["rest_days"], &shown["class"]), (&json!(15), &json!(people)));
    // One person would be enough for what is needed, and the quota has two come all the same.
    let shifts = shown["shifts"].as_array().unwrap();
    assert!(shifts.len() >= 2, "{shown}");
    let off: Vec<Value> = shifts[1..].iter().map(|row| json!({"agent": row["agent"], "day": from})).collect();
    let off = json!({"off": off});
    let word = planner.post(&path(&format!("rosters/{roster}/judge")), off.clone()).await.ok();
    assert_eq!(word["broken"], json!([{"rule": "rest_quota", "day": from, "resting": 2, "quota": 1}]));
    let fewer = planner.post(&path(&format!("rosters/{roster}/revise")), off).await.ok();
    let fewer = fewer["roster"].as_str().unwrap();
    let refused = director.post(&path(&format!("rosters/{fewer}/publish")), json!({})).await;
    refused.problem(409, "rest_above_quota");
    let mended = json!({"shifts": [{"agent": shifts[1]["agent"], "day": from, "code": shifts[1]["code"],
        "from": shifts[1]["from"], "until": shifts[1]["until"], "parts": shifts[1]["parts"], "relief": false}]});
    let again = planner.post(&path(&format!("rosters/{fewer}/revise")), mended).await.ok();
    let again = again["roster"].as_str().unwrap();
    director.post(&path(&format!("rosters/{again}/publish")), json!({})).await.ok();
    house.close().await;
}

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
async fn what_lies_before_a_roster_is_judged_and_whoever_publishes_decides() {
    let house = House::open().await;
    let (director, planner) = (house.has_a_director(), house.as_account("sun"));
    let from = Day::utc(house.now()).plus(20);
    let at = |day: i32, hour: u32| moment_of(from.plus(day), hour * 60, &TimeZone::UTC).unwrap();
    let of_day =
        |day: i32, hour: u32| Sketch { day: from.plus(day), ..shift("1001", at(day, hour), 9 * HOUR) };
    // Six days on end, the last until two in the morning; then a day at eight.
    let mut before: Vec<Sketch> = (-6..-1).map(|day| of_day(day, 8)).collect();
    before.push(of_day(-1, 17));
    house.has_shifts(&before).await;
    let roster = NewRoster {
        from,
        days: 1,
        name: "next".to_owned(),
        class: vec![of("1001"), of("1002")],
        rest: None,
        requirement: None,
    };
    let next = Sketch { agent: of("1002"), ..of_day(0, 8) };
    let shifts = vec![of_day(0, 8), next];
    let seq = house.desk(Command::DraftWhole { roster, shifts, account: WU }).await;
    let roster = format!("ro-{}", seq - 1);
    let rules = async || {
        let word = planner.get(&path(&format!("rosters/{roster}"))).await.ok();
        let broken = word["judgement"]["broken"].as_array().unwrap().clone();
        let own = broken.iter().filter(|one| one["agent"] == "1001");
        own.map(|one| one["rule"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let said = rules().await;
    for rule in ["too_little_rest", "run", "meal_window", "break_window"] {
        assert!(said.iter().any(|said| said == rule), "{rule}: {said:?}");
    }
    director.post(&path(&format!("rosters/{roster}/publish")), json!({})).await.ok();
    assert_eq!(rules().await, said, "what holds is judged as it was");
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
async fn whoever_stops_does_not_wait_for_a_job_and_no_half_of_a_draft_is_left() {
    let house = House::open().await;
    let planner = house.as_account("sun");
    let from = Day::utc(house.now()).plus(2);
    let people: Vec<String> = (0..12).map(|nth| format!("2{nth:03}")).collect();
    for agent in &people {
        house.does(Floor::ApplyAgent(AgentConfig { active: true, ..AgentConfig::customary(of(agent)) }));
    }
    // What nobody covers whole: there is always something left to look for.
    let day = |ahead: i32| OutlookDay {
        day: from.plus(ahead),
        from: moment_of(from.plus(ahead), 0, &TimeZone::UTC).unwrap(),
        intervals: (0..48).map(|at| (at * 7 + ahead as u32 * 5) % 11).collect(),
    };
    let new = NewRequirement {
        queue: QueueId::fixed("sales"),
        forecast: None,
        interval_ms: Millis(30 * MINUTE),
        days: (0..14).map(day).collect(),
    };
    house.desk(Command::PublishRequirement(new)).await;
    let ask = json!({"name": "long", "from": from, "days": 14, "rounds": 1_000_000, "people": people});
    let begun = planner.post(&path("rosters"), ask).await.ok();
    let job = begun["job"].as_str().unwrap().to_owned();
    house
        .until("the job works", async || {
            planner.get(&path(&format!("jobs/{job}"))).await.ok()["progress"].as_f64() > Some(0.0)
        })
        .await;
    house.door.begin_stopping();
    assert_eq!(over(&house, &planner, &job).await["state"], "cancelled");
    assert_eq!(planner.get(&path("rosters")).await.ok()["rosters"], json!([]));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_leader_is_told_what_is_wrong_with_her_own_people_alone() {
    let house = House::open().await;
    // The rules know no such kind of shift, so the validator says of each that it has no place.
    let from = house.now().plus(Millis(48 * HOUR));
    let odd = |agent: &str| Sketch { code: "odd".parse().unwrap(), ..shift(agent, from, 4 * HOUR) };
    house.has_shifts(&[odd("1001"), odd("1002")]).await;
    let named = async |account: &str| {
        let client = house.as_account(account);
        let mut named = std::collections::BTreeSet::new();
        for row in client.get(&path("rosters")).await.ok()["rosters"].as_array().unwrap() {
            let shown = client.get(&path(&format!("rosters/{}", row["roster"].as_str().unwrap()))).await.ok();
            for list in ["broken", "unplaced"] {
                let rows = shown["judgement"][list].as_array().unwrap();
                named.extend(rows.iter().filter_map(|row| Some(row["agent"].as_str()?.to_owned())));
            }
        }
        named.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(named("wang").await, ["1001", "1002"]);
    assert_eq!(named("chen").await, ["1001"]);
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

#[tokio::test(flavor = "multi_thread")]
async fn nobody_leaves_before_relief_unless_she_is_let_go() {
    let house = House::open().await;
    let leader = house.as_account("wang");
    let now = house.now();
    let relieved = Sketch { relief: true, ..shift("1001", now.minus(Millis(HOUR)), HOUR + 10 * MINUTE) };
    let incoming = shift("1002", now.plus(Millis(10 * MINUTE)), 4 * HOUR);
    let ids = house.has_shifts(&[relieved, incoming]).await;
    house.is_ready("1001");
    let sign_out = async |house: &House| {
        let command = Floor::SignOut { agent: of("1001") };
        let submission = Submission { actor: Actor::Agent(of("1001")), cause: None, reason: None, command };
        match house.door.ask(submission).await.unwrap() {
            Answer::Refused(refusal) => refusal.code(),
            Answer::Done { .. } => "done",
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(sign_out(&house).await, "not_relieved");
    let list = json!({"places": [{"outgoing": ids[0], "incoming": ids[1], "seat": "A7"}]});
    let listed = leader.post(&path("handovers"), list).await.ok();
    let handover = listed["handovers"][0].as_str().unwrap().to_owned();
    let two = house.as_account("1002");
    let accept = path(&format!("handovers/{handover}/accept"));
    two.post(&accept, json!({})).await.problem(409, "not_checked");
    house.as_account("1001").post(&accept, json!({})).await.problem(409, "not_yours");
    let checks = |names: &[&str]| json!({"checks": names.iter().map(|name| json!({"check": name, "in_order": true})).collect::<Vec<_>>()});
    let check = path(&format!("handovers/{handover}/check"));
    two.post(&check, checks(&["screen", "coffee"])).await.problem(422, "invalid");
    two.post(&check, checks(&["screen", "hygiene"])).await.ok();
    assert_eq!(sign_out(&house).await, "not_relieved");
    let house = house.restart().await;
    assert_eq!(sign_out(&house).await, "not_relieved", "a restart lets nobody go");
    let leader = house.as_account("wang");
    house
        .as_account("1001")
        .post(&path(&format!("shifts/{}/let-go", ids[0])), json!({"why": "tired"}))
        .await
        .problem(403, "forbidden");
    leader.post(&path(&format!("shifts/{}/let-go", ids[0])), json!({"why": "enough_people"})).await.ok();
    assert_eq!(sign_out(&house).await, "done");
    let handovers = leader.get(&path("handovers")).await.ok();
    assert_eq!(handovers["handovers"][0]["relieved"], "overridden", "{handovers}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_site_only_tells_she_leaves_and_it_shows_and_who_answers_for_a_seat_is_known() {
    let house = House::open().await;
    let leader = house.as_account("wang");
    let mut terms = Terms::shipped().unwrap();
    terms.handover.sign_out = SignOutPolicy::Flag;
    house.desk(Command::ApplyTerms(Box::new(terms))).await;
    let now = house.now();
    let ends = Sketch { relief: true, ..shift("1001", now.minus(Millis(HOUR)), HOUR + 10 * MINUTE) };
    let comes = shift("1002", now.minus(Millis(5 * MINUTE)), 4 * HOUR);
    let ids = house.has_shifts(&[ends, comes]).await;
    house.is_ready("1001");
    house.is_ready("1002");
    // Nobody has taken over: she may go, and it stays to be seen of her shift.
    let command = Floor::SignOut { agent: of("1001") };
    let submission = Submission { actor: Actor::Agent(of("1001")), cause: None, reason: None, command };
    let answer = house.door.ask(submission).await.unwrap();
    assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
    let shown = leader.get(&path("schedule?agent=1001&days=2")).await.ok();
    assert!(shown["shifts"][0]["left_unrelieved"].is_string(), "{shown}");
    // The seat is nobody's until somebody takes it over.
    let list = json!({"places": [{"outgoing": ids[0], "incoming": ids[1], "seat": "A7"}]});
    let listed = leader.post(&path("handovers"), list).await.ok();
    let handover = listed["handovers"][0].as_str().unwrap().parse().unwrap();
    let liable = async |rest: &str| leader.get(&path(&format!("handovers?seat=A7{rest}"))).await.ok();
    assert_eq!(liable("").await["liable"], Value::Null);
    let checks = ["screen", "hygiene", "equipment"];
    let checks = checks.map(|check| Check { check: check.parse().unwrap(), in_order: true }).into();
    house.desk(Command::CheckHandover { handover, agent: of("1002"), checks, text: None }).await;
    house.desk(Command::AcceptHandover { handover, agent: of("1002"), seat: None }).await;
    let told = liable("").await;
    assert_eq!((&told["liable"]["agent"], &told["handovers"][0]["to"]), (&json!("1002"), &json!("1002")));
    let before = format!("&at={}", now.minus(Millis(MINUTE)));
    assert_eq!(liable(&before).await["liable"], Value::Null, "it was nobody's a minute before");
    assert_eq!(leader.get(&path("handovers?seat=B1")).await.ok()["handovers"], json!([]));
    leader.get(&path("handovers?at=2026-11-27T00:00:00Z")).await.problem(400, "invalid_query");
    // A leader of others is not told who it is.
    assert_eq!(house.as_account("chen").get(&path("handovers?seat=A7")).await.ok()["liable"], Value::Null);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_who_works_as_an_agent_sees_her_people_and_decides_nothing_about_herself() {
    let house = House::open().await;
    house
        .door
        .vault
        .put_accounts(vec![NewAccount {
            name: "lin".to_owned(),
            roles: vec!["shift_leader".to_owned()],
            agent: Some("1001".to_owned()),
            ..NewAccount::default()
        }])
        .unwrap();
    let from = house.now().plus(Millis(HOUR));
    let ids = house.has_shifts(&[shift("1001", from, HOUR), shift("1002", from, HOUR)]).await;
    let (lin, other) = (house.as_account("lin"), house.as_account("wang"));
    let seen = async |client: &Client, of: &str| {
        let told = client.get(&path(&format!("schedule?days=2{of}"))).await.ok();
        let rows = told["shifts"].as_array().unwrap().clone();
        let mut rows: Vec<(String, Value)> = rows
            .iter()
            .map(|row| (row["agent"].as_str().unwrap().to_owned(), row["mustered"].clone()))
            .collect();
        rows.sort_by(|one, two| one.0.cmp(&two.0));
        rows
    };
    let both = |one: bool, two: bool| vec![("1001".to_owned(), json!(one)), ("1002".to_owned(), json!(two))];
    assert_eq!(seen(&lin, "").await, both(false, false));
    assert_eq!(seen(&lin, "&agent=1001").await, both(false, false)[..1]);
    lin.post(&path("muster"), json!({"shifts": [ids[1]]})).await.ok();
    lin.post(&path("muster"), json!({"shifts": ids})).await.problem(409, "own_request");
    lin.post(&path("in-lieu/take"), json!({"shift": ids[0]})).await.problem(409, "own_request");
    assert_eq!(seen(&lin, "").await, both(false, true));
    other.post(&path("muster"), json!({"shifts": ids})).await.ok();
    assert_eq!(seen(&lin, "").await, both(true, true));
    // Whoever leads nobody is shown herself, whole.
    let own = house.as_account("1002");
    assert_eq!(seen(&own, "").await, both(true, true)[1..]);
    assert!(own.get(&path("schedule")).await.ok()["counters"].is_object());
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn overtime_time_off_and_days_in_lieu() {
    let house = House::open().await;
    let (planner, leader, one) =
        (house.as_account("sun"), house.as_account("wang"), house.as_account("1001"));
    let from = house.now().plus(Millis(48 * HOUR));
    let ids = house.has_shifts(&[shift("1001", from, 4 * HOUR)]).await;
    let span = |begin: u64, end: u64| (from.plus(Millis(begin * HOUR)), from.plus(Millis(end * HOUR)));
    let list = |(from, until): (Instant, Instant), agents: &[&str]| json!({"from": from, "until": until, "heads": 1, "agents": agents});
    planner.post(&path("overtime"), list(span(4, 6), &["1009"])).await.problem(404, "unknown_agent");
    house
        .as_account("chen")
        .post(&path("overtime"), list(span(4, 6), &["1002"]))
        .await
        .problem(403, "forbidden");
    let asked = planner.post(&path("overtime"), list(span(24, 28), &["1001", "1002"])).await.ok();
    let overtime = asked["overtime"].as_str().unwrap();
    let answer = path(&format!("overtime/{overtime}/answer"));
    one.post(&answer, json!({"accepts": true})).await.ok();
    house.as_account("1002").post(&answer, json!({"accepts": true})).await.problem(409, "full");
    let schedule = one.get(&path("schedule?days=7")).await.ok();
    let codes: Vec<&str> =
        schedule["shifts"].as_array().unwrap().iter().map(|row| row["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["early", "overtime"]);
    assert_eq!(schedule["overtime"][0]["coming"], 1);
    let offered = leader.post(&path("time-off"), list(span(3, 4), &["1001"])).await.ok();
    one.post(&path(&format!("time-off/{}/take", offered["offer"].as_str().unwrap())), json!({})).await.ok();
    let away = one.get(&path("schedule?days=7")).await.ok()["shifts"][0]["away"].clone();
    assert_eq!(away[0]["why"], "time_off", "{away}");
    let month = Day::utc(from).month();
    let left = async || one.get(&path(&format!("in-lieu?month={month}"))).await.ok()["left"].clone();
    assert_eq!(left().await, 2);
    leader.post(&path("in-lieu/take"), json!({"shift": ids[0]})).await.ok();
    assert_eq!(left().await, 1);
    let grant = json!({"agent": "1001", "month": month, "days": 32, "why": "holiday"});
    leader.post(&path("in-lieu/grant"), grant).await.problem(422, "over_limit");
    house.close().await;
}

/// A log of three weeks: on each day some call between nine and ten, half of them dial twice; nobody is there.
fn weeks_ago(days: i64, log: &std::path::Path) {
    let options = cordboard_journal::Options { min_free_bytes: 1024 * 1024, ..Default::default() };
    let (journal, recovery) = Journal::create_or_open(log, options).unwrap();
    let site = SiteId::fixed("north");
    let mut engine = Engine::open(Centre::new(site), journal, recovery, EngineOptions::default()).unwrap();
    let wall = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros() as i64;
    let today = Day::utc(Instant::from_micros(wall));
    let mut does = |at: Instant, command: Floor| match engine
        .decide(at, Submission::system("test", command.into()))
        .unwrap()
    {
        Answer::Done { first_seq, .. } => first_seq.unwrap_or(0),
        other => panic!("{other:?}"),
    };
    let first = moment_of(today.plus(-(days as i32)), 0, &TimeZone::UTC).unwrap();
    does(first, Floor::ApplyQueue(QueueConfig::customary(QueueId::fixed("sales"))));
    let count = AtomicU64::new(0);
    for day in 0..days {
        for nth in 0..8u64 {
            let at = first.plus(Millis(day as u64 * 24 * HOUR + 9 * HOUR + nth * 7 * MINUTE));
            let caller = count.fetch_add(1, Ordering::Relaxed).to_be_bytes();
            let calls = |does: &mut dyn FnMut(Instant, Floor) -> u64, at: Instant| {
                let mut pseudonym = [0; 16];
                pseudonym[..8].copy_from_slice(&caller);
                let sealed = cordboard_floor::event::Sealed {
                    person: cordboard_floor::PersonId(1),
                    bytes: Box::new([1]),
                };
                let contact = does(
                    at,
                    Floor::Arrive {
                        channel: Channel::fixed("voice"),
                        from: Some(cordboard_floor::event::Number { pseudonym, sealed }),
                        attributes: None,
                        entry: Some(cordboard_floor::command::Entry::plain(QueueId::fixed("sales"))),
                    },
                );
                does(at.plus(Millis(30_000)), Floor::Abandon { contact: ContactId(contact) });
            };
            calls(&mut does, at);
            if nth % 2 == 0 {
                calls(&mut does, at.plus(Millis(MINUTE)));
            }
        }
    }
    let _ = EndedBy::Caller;
    engine.commit().unwrap();
    engine.write_snapshot().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forecast_from_the_log_becomes_a_requirement() {
    let dir = tempfile::tempdir().unwrap();
    weeks_ago(21, &dir.path().join("log"));
    let house = House::again(dir).await;
    let accounts = [("sun", "planner"), ("wang", "shift_leader")];
    let accounts = accounts.map(|(name, role)| NewAccount {
        name: name.to_owned(),
        roles: vec![role.to_owned()],
        ..NewAccount::default()
    });
    house.door.vault.put_accounts(accounts.into()).unwrap();
    let planner = house.as_account("sun");
    planner.post(&path("forecasts"), json!({"queues": ["claims"]})).await.problem(404, "unknown_queue");
    let today = Day::utc(house.now());
    let event = json!({"days": 7, "events": [{"day": today.plus(3), "factor": 2.0}]});
    let job = planner.post(&path("forecasts"), event).await.ok();
    let done = over(&house, &planner, job["job"].as_str().unwrap()).await;
    assert_eq!(
        (&done["state"], done["forecasts"].as_array().map(Vec::len)),
        (&json!("done"), Some(1)),
        "{done}"
    );
    let shown = house.as_account("wang").get(&path("forecasts?days=8")).await.ok();
    let queue = &shown["queues"][0];
    let day = |at: usize| {
        let points = queue["days"][at]["intervals"].as_array().unwrap();
        points.iter().map(|point| point["volume"].as_f64().unwrap()).sum::<f64>()
    };
    assert_eq!(queue["days"].as_array().unwrap().len(), 7);
    // Eight callers a day, whoever dialled twice counted once.
    assert_eq!((day(0), day(2)), (8.0, 16.0), "{queue}");
    assert_eq!(queue["days"][0]["intervals"][18]["volume"], 5.0);
    assert_eq!((&queue["accuracy"]["intervals"], &queue["accuracy"]["wape"]), (&json!(0), &Value::Null));
    assert_eq!(queue["accuracy"]["covered_95"], json!({"within": 0, "of": 0}));
    // Nobody was ever taken, so nothing is known of how long it takes: nothing is required.
    let asked = json!({"days": 7, "target": "80/20s", "shrinkage": [0.3], "patience_s": 60.0});
    let made = planner.post(&path("requirements"), asked).await.ok();
    assert!(made["requirements"][0].as_str().unwrap().starts_with("rq-"), "{made}");
    let need = planner.get(&path("requirements?days=8")).await.ok();
    assert_eq!(need["requirements"].as_array().unwrap().len(), 7);
    assert!(need["requirements"][0]["heads"].as_array().unwrap().iter().all(|heads| heads == 0));
    // Where half an hour has sixty calls of three minutes: eighty in twenty seconds takes nine, and each harder goal more.
    let points = || vec![Point { volume_milli: 60_000, aht_ms: 180_000, quantiles: vec![] }; 48];
    let begin = moment_of(today.plus(1), 0, &TimeZone::UTC).unwrap();
    let heavy = NewForecast {
        queue: QueueId::fixed("sales"),
        method: "stated".parse().unwrap(),
        interval_ms: Millis(30 * MINUTE),
        quantiles: vec![],
        days: vec![OutlookDay { day: today.plus(1), from: begin, intervals: points() }],
    };
    house.desk(Command::PublishForecast(heavy)).await;
    for (goals, heads) in [
        (json!({}), 9),
        (json!({"target": "95/5s"}), 11),
        (json!({"target": "80/20s", "occupancy_max": 0.5}), 12),
        (json!({"asa_max_s": 300.0}), 7),
        (json!({"patience_s": 60.0, "abandoned_max": 0.01}), 12),
    ] {
        let mut asked = goals.clone();
        (asked["from"], asked["days"]) = (json!(today.plus(1)), json!(1));
        planner.post(&path("requirements"), asked).await.ok();
        let need = planner.get(&path("requirements?days=3")).await.ok();
        let rows = need["requirements"].as_array().unwrap();
        let own = rows.iter().find(|row| row["day"] == json!(today.plus(1))).unwrap();
        assert_eq!(own["heads"][0], heads, "{goals}");
    }
    let few = json!({"from": today.plus(1), "days": 1, "lines": 6, "blocked_max": 0.001});
    planner.post(&path("requirements"), few).await.problem(422, "out_of_reach");
    for (wrong, code) in [
        (json!({"from": today.plus(40)}), "no_forecast"),
        (json!({"target": "fast"}), "target"),
        (json!({"shrinkage": [0.99]}), "unreckonable"),
        (json!({"formula": "sl.best"}), "unknown_formula"),
        (json!({"redial": 2.0}), "unreckonable"),
        (json!({"days": 99}), "invalid_query"),
    ] {
        assert_eq!(planner.post(&path("requirements"), wrong.clone()).await.json()["code"], code, "{wrong}");
    }
    house.close().await;
}
