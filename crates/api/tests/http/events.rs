//! The log in pages and live: no gap, no doubling, whatever is cut in between.

use crate::house::House;
use cordboard_api::door::Limits;
use cordboard_floor::{Command, Submission};
use serde_json::{Value, json};
use std::time::Duration;

fn numbers(page: &Value) -> Vec<u64> {
    page["events"].as_array().unwrap().iter().map(|event| event["seq"].as_u64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_hold_every_event_once() {
    let house = House::open().await;
    let crm = house.as_account("crm");
    let contact = crm
        .post("/api/v1/contacts", json!({"queue": "sales", "channel": "voice", "from": "13812345678"}))
        .await
        .ok();
    let last = house.events().last().unwrap().seq;
    let (mut seen, mut after) = (Vec::new(), 0);
    loop {
        let page = crm.get(&format!("/api/v1/events?limit=2&after={after}")).await.ok();
        seen.extend(numbers(&page));
        after = page["next"].as_u64().unwrap();
        if page["more"] == false {
            break;
        }
    }
    assert_eq!(seen, (1..=last).collect::<Vec<_>>());

    let id = contact["contact"].as_str().unwrap();
    let page = crm.get(&format!("/api/v1/events?contact={id}")).await.ok();
    let names: Vec<_> = page["events"].as_array().unwrap().iter().map(|event| event["ev"].clone()).collect();
    assert_eq!(json!(names), json!(["contact.arrived", "contact.queued"]));
    let arrived = &page["events"][0];
    assert_eq!(arrived["actor"], json!({"kind": "account", "id": "crm"}));
    assert_eq!(arrived["data"]["from"], json!({"text": "138****5678", "masked": true}));
    assert!(arrived["at"].as_str().unwrap().ends_with('Z'));

    let some = crm.get("/api/v1/events?ev=contact.*,queue.opened").await.ok();
    assert!(numbers(&some).len() >= 2);
    let problem = crm.get("/api/v1/events?ev=contact.arived").await.problem(400, "unknown_event_name");
    assert_eq!(problem["did_you_mean"], "contact.arrived");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_stream_resumes_where_it_was_cut() {
    let house = House::open().await;
    let crm = house.as_account("crm");
    let from = house.events().last().unwrap().seq;
    let mut live = crm.live("/api/v1/events", &[]).await;
    let menu = || crm.post("/api/v1/contacts", json!({"stage": "menu", "channel": "voice"}));
    menu().await.ok();
    menu().await.ok();
    let (first, event) = live.next().await.unwrap();
    assert_eq!((first, &event["ev"]), (from + 1, &json!("contact.arrived")));
    drop(live);
    menu().await.ok();
    let last_id = first.to_string();
    let mut again = crm.live("/api/v1/events", &[("last-event-id", &last_id)]).await;
    menu().await.ok();
    for expected in from + 2..=from + 4 {
        let (seq, event) = again.next().await.unwrap();
        assert_eq!((seq, &event["seq"]), (expected, &json!(expected)));
    }
    let mut whole = crm.live("/api/v1/events?after=0&ev=contact.arrived", &[]).await;
    for expected in from + 1..=from + 4 {
        assert_eq!(whole.next().await.unwrap().0, expected);
    }
    let refused = crm
        .send(
            http::Method::GET,
            "/api/v1/events",
            &[("accept", "text/event-stream"), ("last-event-id", "x")],
            vec![],
        )
        .await;
    refused.problem(400, "invalid_last_event_id");
    // An orderly stop ends streams that would otherwise never end.
    house.close().await;
    assert!(again.next().await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_ends_its_stream() {
    let house = House::with(Limits { live_keep_alive: Duration::from_millis(50), ..Limits::default() }).await;
    let crm = house.as_account("crm");
    let mut live = crm.live("/api/v1/events", &[]).await;
    assert_eq!(crm.delete("/api/v1/sessions").await.status, 204);
    while live.next().await.is_some() {}
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_so_many_streams_at_once() {
    let house = House::with(Limits { live_readers_max: 1, ..Limits::default() }).await;
    let crm = house.as_account("crm");
    let _live = crm.live("/api/v1/events", &[]).await;
    let refused =
        crm.send(http::Method::GET, "/api/v1/events", &[("accept", "text/event-stream")], vec![]).await;
    refused.problem(503, "too_many_streams");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_takes_nothing_is_cut() {
    let house = House::with(Limits { live_stall_max: Duration::from_millis(100), ..Limits::default() }).await;
    let crm = house.as_account("crm");
    let live = crm.live("/api/v1/events", &[]).await;
    // More than sockets and buffers on the way can hold.
    let until = std::time::Instant::now() + crate::house::WITHIN;
    while house.door.meters.live_readers_cut.get() == 0 {
        assert!(std::time::Instant::now() < until, "it was never cut");
        for at in 0..2_000u32 {
            let what = if at % 2 == 0 { "created" } else { "disabled" };
            let command = Command::NoteAccount {
                account: cordboard_floor::AccountId::fixed("crm"),
                what: cordboard_floor::ReasonId::fixed(what),
            };
            house.door.engine.submit(Submission::system("test", command.into()), Box::new(|_| {})).unwrap();
        }
        house.does(Command::NoteClockStep { delta_ms: 1 });
    }
    drop(live);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_looked_far_enough_says_where_to_go_on() {
    let house = House::with(Limits { events_scanned_max: 1, ..Limits::default() }).await;
    let (mut last, many) = (0, 1_200);
    for delta_ms in 0..many {
        last = house.does(Command::NoteClockStep { delta_ms });
    }
    let crm = house.as_account("crm");
    let contact = crm.post("/api/v1/contacts", json!({"stage": "menu", "channel": "voice"})).await.ok();
    let (mut after, mut pages, mut found) = (0, 0, Vec::new());
    loop {
        let page = crm.get(&format!("/api/v1/events?ev=contact.arrived&after={after}")).await.ok();
        pages += 1;
        found.extend(numbers(&page));
        after = page["next"].as_u64().unwrap();
        if page["more"] == false {
            break;
        }
    }
    assert!(pages > 1);
    assert_eq!(found, [last + 1]);
    assert_eq!(contact["contact"], format!("c-{}", last + 1));
    house.close().await;
}

/// The rows of a page of lines, and where the next begins.
fn lines(reply: &crate::client::Reply) -> (Vec<Value>, u64, bool) {
    assert_eq!(
        (reply.status.as_u16(), &reply.headers["content-type"]),
        (200, &"application/x-ndjson".parse().unwrap())
    );
    let text = std::str::from_utf8(&reply.body).unwrap();
    let rows = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let header = |name: &str| reply.headers[name].to_str().unwrap().to_owned();
    (rows, header("cordboard-next").parse().unwrap(), header("cordboard-more") == "true")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_goes_out_as_lines_each_event_and_each_contact_once() {
    let house = House::open().await;
    let crm = house.as_account("crm");
    let body = json!({"stage": "menu", "channel": "voice", "from": "13812345678"});
    let mut ended = Vec::new();
    for _ in 0..3 {
        let contact = crm.post("/api/v1/contacts", body.clone()).await.ok()["contact"].clone();
        crm.post(&format!("/api/v1/contacts/{}/abandon", contact.as_str().unwrap()), json!({})).await.ok();
        ended.push(contact);
    }
    // One that goes on has no record yet.
    crm.post("/api/v1/contacts", body).await.ok();
    let last = house.events().last().unwrap().seq;
    let everything = async |what: &str, limit: usize| {
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            let path = format!("/api/v1/exports/{what}?after={after}&limit={limit}");
            let (rows, next, more) = lines(&crm.get(&path).await);
            all.extend(rows);
            after = next;
            if !more {
                return all;
            }
        }
    };
    let events = everything("events", 2).await;
    assert_eq!(events.len() as u64, last);
    let arrived = events.iter().find(|event| event["type"] == "cordboard.contact.arrived").unwrap();
    assert_eq!((&arrived["specversion"], &arrived["subject"]), (&json!("1.0"), &ended[0]));
    assert_eq!(arrived["data"]["data"]["from"], json!({"text": "138****5678", "masked": true}));
    let contacts = everything("contacts", 1).await;
    let ids: Vec<&Value> = contacts.iter().map(|record| &record["contact"]).collect();
    assert_eq!(ids, ended.iter().collect::<Vec<_>>());
    assert_eq!((&contacts[0]["end"], &contacts[0]["stage"]), (&json!("abandoned"), &json!("menu")));
    assert!(contacts[0]["caller"].is_string() && contacts[0]["caller"] == contacts[2]["caller"]);
    // Who does not read the whole site exports nothing of it.
    let agent = house.as_account("1001");
    agent.get("/api/v1/exports/contacts").await.problem(403, "forbidden");
    house.close().await;
}

/// The log tells nothing of a desk that the desk's own doors keep back.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_desks_keep_back_the_log_does_not_tell() {
    use cordboard_centre::quality::{Command as AtQuality, Terms};
    use cordboard_centre::workforce::shift::NewRoster;
    use cordboard_centre::workforce::{Command as AtWorkforce, Day, Terms as Rules};
    let house = House::open().await;
    let account = cordboard_floor::AccountId::fixed("sun");
    let roster = NewRoster {
        from: Day::utc(cordboard_floor::Instant::from_micros(0)),
        days: 1,
        name: "draft".to_owned(),
        class: vec!["1001".parse().unwrap()],
        rest: None,
        requirement: None,
    };
    let wishes: [cordboard_centre::Command; 3] = [
        AtQuality::ApplyTerms(Terms::default()).into(),
        AtWorkforce::ApplyTerms(Box::new(Rules::shipped().unwrap())).into(),
        AtWorkforce::DraftRoster { roster, account }.into(),
    ];
    for wish in wishes {
        let answer = house.door.ask(Submission::system("test", wish)).await.unwrap();
        assert!(matches!(answer, cordboard_engine::Answer::Done { .. }), "{answer:?}");
    }
    let names = ["quality.terms_applied", "workforce.terms_applied", "roster.drafted"];
    // Who sees all of both desks; of one; of none. Drafts are for whoever makes or publishes rosters.
    for (reader, expected) in [
        ("liu", vec![0, 1, 2]),
        ("zhou", vec![0, 1]),
        ("zhao", vec![0]),
        ("sun", vec![1, 2]),
        ("wu", vec![]),
        ("crm", vec![]),
    ] {
        let read = house.as_account(reader).get(&format!("/api/v1/events?ev={}", names.join(","))).await.ok();
        let told: Vec<&str> =
            read["events"].as_array().unwrap().iter().map(|event| event["ev"].as_str().unwrap()).collect();
        let expected: Vec<&str> = expected.into_iter().map(|at: usize| names[at]).collect();
        assert_eq!(told, expected, "{reader}");
    }
    house.close().await;
}
