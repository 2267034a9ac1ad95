//! 排班与考勤 at the door: who may, what is refused with its words, rosters by a job, what becomes of late arrivals, and that all of it
//! outlives a restart.

#[path = "workforce/attendance.rs"]
mod attendance;
#[path = "workforce/relief.rs"]
mod relief;
#[path = "workforce/rosters.rs"]
mod rosters;

use crate::client::Client;
use crate::house::House;
use cordboard_centre::workforce::id::{RosterId, ShiftId};
use cordboard_centre::workforce::outlook::{NewForecast, OutlookDay, Point};
use cordboard_centre::workforce::roster::moment_of;
use cordboard_centre::workforce::shift::{NewRoster, Sketch};
use cordboard_centre::workforce::{Command, Day};
use cordboard_centre::{Centre, Command as Any};
use cordboard_engine::{Answer, Engine, EngineOptions};
use cordboard_floor::configuration::QueueConfig;
use cordboard_floor::{
    AccountId, AgentId, Channel, Command as Floor, ContactId, Instant, Millis, QueueId, SiteId, Submission,
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
