//! 班表 at the door: made by a job, judged, revised and published; what its validator knows of leave, overtime, quotas and the days before.

use super::{HOUR, MINUTE, WU, of, over, path, shift};
use crate::house::House;
use cordboard_centre::workforce::adherence::Planned;
use cordboard_centre::workforce::id::RosterId;
use cordboard_centre::workforce::outlook::{NewRequirement, OutlookDay};
use cordboard_centre::workforce::roster::{Class, moment_of};
use cordboard_centre::workforce::shift::{NewRoster, Part, Sketch};
use cordboard_centre::workforce::{Command, Day};
use cordboard_floor::configuration::AgentConfig;
use cordboard_floor::{Command as Floor, Millis, QueueId};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

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
