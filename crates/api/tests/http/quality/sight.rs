//! What somebody is not to know she is not told, neither by an answer nor by a refusal; and nobody decides about herself.

use super::{PATH, answers, call, get, no, opened, post};
use crate::client::Client;
use crate::house::{House, PASSWORD};
use cordboard_floor::contact::TransferTarget;
use cordboard_floor::{AgentId, Command, ContactId, Millis};
use cordboard_vault::NewAccount;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Somebody who leads and is an agent herself.
fn leads_and_works(house: &House, name: &str, role: &str, agent: &str) -> Client {
    let new = NewAccount {
        name: name.to_owned(),
        password: Some(PASSWORD.into()),
        roles: vec![role.to_owned()],
        agent: Some(agent.to_owned()),
        teams: vec!["red".to_owned()],
        ..NewAccount::default()
    };
    house.door.vault.put_account(new).unwrap();
    house.as_account(name)
}

/// Begins to mark 1001's part in a contact.
async fn begun(client: &Client, contact: ContactId, more: Value) -> String {
    let mut new = json!({"contact": contact, "agent": "1001"});
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    format!("/evaluations/{}", post(client, "/evaluations", new).await["evaluation"].as_str().unwrap())
}

async fn submitted(client: &Client, path: &str, greeted: bool) {
    let form = get(client, path).await["form"].clone();
    post(client, &format!("{path}/submit"), json!({"answers": answers(&form, greeted)})).await;
}

/// Everything that can be done to an evaluation by whoever marks.
async fn does_nothing(client: &Client, path: &str, status: u16, code: &str) {
    for (act, body) in [
        ("submit", json!({"answers": []})),
        ("publish", json!({})),
        ("discard", json!({})),
        ("close", json!({})),
    ] {
        no(client, &format!("{path}/{act}"), body, status, code).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_marks_nothing_that_is_about_her_and_learns_of_nothing_by_trying() {
    let house = opened().await;
    house.is_ready("1001");
    let contact = call(&house).await;
    let (qa, second, own) = (house.as_account("zhao"), house.as_account("qian"), house.as_account("1001"));
    let hidden = async |path: &str| does_nothing(&own, path, 404, "unknown_evaluation").await;
    let first = begun(&qa, contact, json!({})).await;
    hidden(&first).await;
    submitted(&qa, &first, false).await;
    hidden(&first).await;

    let looked = begun(&second, contact, json!({"checks": first["/evaluations/".len()..]})).await;
    hidden(&looked).await;
    submitted(&second, &looked, true).await;
    hidden(&looked).await;

    let close_by = house.door.now().plus(Millis::from_secs(3_600));
    let round =
        json!({"contact": contact, "agent": "1001", "raters": ["zhao", "qian"], "close_by": close_by});
    let round = post(&qa, "/rounds", round).await["round"].clone();
    let calibrated = begun(&qa, contact, json!({ "round": round })).await;
    hidden(&calibrated).await;
    submitted(&qa, &calibrated, true).await;
    hidden(&calibrated).await;

    // What she is told of is still not hers to mark, however she leads others.
    post(&qa, &format!("{first}/publish"), json!({})).await;
    let leader = leads_and_works(&house, "tang", "shift_leader", "1001");
    for client in [&own, &leader] {
        does_nothing(client, &first, 403, "own_evaluation").await;
    }
    assert_eq!(get(&own, &first).await["evaluation"]["step"], "published", "nothing came of all that");
    post(&own, &format!("{first}/appeal"), json!({"text": "I said it"})).await;
    let director = leads_and_works(&house, "tong", "director", "1001");
    no(&director, &format!("{first}/review"), json!({"outcome": "void"}), 403, "own_evaluation").await;
    // About somebody else she may, as far as the evaluation is.
    let other = leads_and_works(&house, "tian", "shift_leader", "1002");
    no(&other, &format!("{first}/close"), json!({}), 409, "wrong_step").await;

    // Of herself she marks herself, and ends it.
    let herself = begun(&own, contact, json!({})).await;
    submitted(&own, &herself, true).await;
    post(&own, &format!("{herself}/publish"), json!({})).await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn she_marks_her_own_part_and_is_shown_nothing_of_others() {
    let house = opened().await;
    house.is_ready("1001");
    let contact = call(&house).await;
    let (qa, own, other) = (house.as_account("zhao"), house.as_account("1001"), house.as_account("1002"));
    let others = begun(&qa, contact, json!({})).await;
    let path = format!("/replay/{contact}");
    let replayed = get(&own, &path).await;
    assert_eq!(replayed["evaluations"], json!([]), "nothing of a draft that is another's");
    for part in ["legs", "offers", "states"] {
        let rows = replayed[part].as_array().unwrap();
        assert!(rows.iter().any(|row| row["agent"] == "1001"), "{part}: {rows:?}");
        assert!(rows.iter().all(|row| row["agent"].is_null() || row["agent"] == "1001"), "{part}: {rows:?}");
    }
    other.get(&format!("{PATH}{path}")).await.problem(403, "forbidden");
    let looks = house.as_account("zhou").get("/api/v1/events?ev=contact.replayed").await.ok();
    let by: Vec<&Value> =
        looks["events"].as_array().unwrap().iter().map(|event| &event["data"]["by"]).collect();
    assert_eq!(by, [&json!("1001")], "a look is an event, hers too, and one that was refused is none");

    // As a page does it for her: begun, marked, and told to those who lead.
    let hers = begun(&own, contact, json!({"rater": "own"})).await;
    submitted(&own, &hers, true).await;
    let row = get(&own, &hers).await["evaluation"].clone();
    assert_eq!((&row["rater"], &row["mark"]), (&json!("own"), &json!(10_000)));
    assert_eq!(get(&own, &path).await["evaluations"], json!([hers["/evaluations/".len()..]]));
    submitted(&qa, &others, false).await;
    own.get(&format!("{PATH}{others}")).await.problem(404, "unknown_evaluation");
    assert_eq!(get(&qa, &hers).await["evaluation"]["mark"], json!(10_000));
    no(
        &own,
        "/evaluations",
        json!({"contact": contact, "agent": "1001", "rater": "quality"}),
        422,
        "invalid_rater",
    )
    .await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_contact_that_went_on_to_another_she_is_shown_her_own_part() {
    let house = opened().await;
    house.is_ready("1001");
    let new = json!({"queue": "sales", "channel": "voice", "from": "13812345678"});
    let made = house.as_account("crm").post("/api/v1/contacts", new).await.ok();
    let contact: ContactId = made["contact"].as_str().unwrap().parse().unwrap();
    let (first, second) = (AgentId::fixed("1001"), AgentId::fixed("1002"));
    house.does(Command::Accept { offer: house.last_offer(), agent: first });
    house.is_ready("1002");
    house.does(Command::Transfer { contact, agent: first, to: TransferTarget::Agent(second) });
    house.does(Command::Accept { offer: house.last_offer(), agent: second });
    house.does(Command::End { contact, agent: second });
    house.does(Command::CompleteWrapup { contact, agent: second, code: None, note: None });
    let seen_by = async |account: &str| -> BTreeSet<String> {
        let replayed = get(&house.as_account(account), &format!("/replay/{contact}")).await;
        let events = replayed["events"].as_array().unwrap().iter();
        let named = events.filter_map(|event| event["data"]["agent"].as_str().map(str::to_owned));
        let rows =
            ["legs", "offers", "states"].into_iter().flat_map(|part| replayed[part].as_array().unwrap());
        named.chain(rows.filter_map(|row| row["agent"].as_str().map(str::to_owned))).collect()
    };
    let both = BTreeSet::from(["1001".to_owned(), "1002".to_owned()]);
    assert_eq!(seen_by("zhao").await, both, "who marks others sees everybody");
    assert_eq!(seen_by("1001").await, BTreeSet::from(["1001".to_owned()]));
    assert_eq!(seen_by("1002").await, BTreeSet::from(["1002".to_owned()]));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_look_stays_blind_while_the_first_is_appealed_and_reviewed() {
    let house = opened().await;
    house.is_ready("1001");
    let contact = call(&house).await;
    let (qa, second, own) = (house.as_account("zhao"), house.as_account("qian"), house.as_account("1001"));
    let first = begun(&qa, contact, json!({})).await;
    submitted(&qa, &first, false).await;
    post(&qa, &format!("{first}/publish"), json!({})).await;
    let looked = begun(&second, contact, json!({"checks": first["/evaluations/".len()..]})).await;
    let appeal = json!({"questions": ["script.greeting"], "text": "I said it"});
    post(&own, &format!("{first}/appeal"), appeal).await;
    let form = get(&qa, &first).await["form"].clone();
    let review = json!({"outcome": "changed", "answers": answers(&form, true), "text": "heard again"});
    post(&house.as_account("he"), &format!("{first}/review"), review).await;

    let blind = get(&second, &first).await;
    assert_eq!(blind["evaluation"]["opened"], json!(false));
    let said = blind.to_string();
    for telling in ["I said it", "heard again"] {
        assert!(!said.contains(telling), "{telling}: {said}");
    }
    for step in blind["story"].as_array().unwrap() {
        assert_eq!((&step["questions"], &step["answers"]), (&json!(null), &json!(null)), "{step}");
    }
    assert_eq!(blind["evaluation"]["outcome"], json!(null), "that it was changed is a word about the mark");
    let row = get(&second, "/evaluations?step=reviewed").await["evaluations"][0].clone();
    assert_eq!((&row["mark"], &row["outcome"]), (&json!(null), &json!(null)));
    let scores = get(&second, "/scores?agent=1001").await;
    assert_eq!(scores["agents"], json!([]), "a mean of one is the mark");
    assert_eq!(get(&qa, "/scores?agent=1001").await["agents"][0]["n"], 1);
    assert_eq!(get(&own, "/scores").await["agents"][0]["n"], 1);

    // Once hers is submitted she sees all of it.
    submitted(&second, &looked, false).await;
    let open = get(&second, &first).await;
    assert_eq!(
        (&open["evaluation"]["mark"], &open["evaluation"]["outcome"]),
        (&json!(10_000), &json!("changed"))
    );
    assert_eq!(open["story"][3]["questions"], json!(["script.greeting"]));
    assert!(open["story"][4]["answers"].is_array());
    assert_eq!(get(&second, "/scores?agent=1001").await["agents"][0]["mean"], 10_000);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_line_that_nobody_confirmed_its_agent_learns_nothing() {
    let house = opened().await;
    house.is_ready("1001");
    let new = json!({"rule": "conduct.noise", "agent": "1001", "from": house.door.now()});
    let made = post(&house.as_account("chen"), "/entries", new).await;
    let path = format!("/entries/{}", made["entry"].as_str().unwrap());
    let appeal = |path: &str| format!("{path}/appeal");
    for account in ["1001", "1002"] {
        let client = house.as_account(account);
        no(&client, &appeal(&path), json!({"text": "no"}), 404, "unknown_entry").await;
        no(&client, &appeal("/entries/d-1"), json!({"text": "no"}), 404, "unknown_entry").await;
    }
    let leader = leads_and_works(&house, "tang", "shift_leader", "1001");
    no(&leader, &format!("{path}/confirm"), json!({}), 404, "unknown_entry").await;
    no(&leader, &format!("{path}/dismiss"), json!({"why": "mistake"}), 404, "unknown_entry").await;
    post(&house.as_account("wang"), &format!("{path}/confirm"), json!({})).await;
    no(&leader, &format!("{path}/revoke"), json!({"why": "mistake"}), 403, "own_entry").await;
    post(&house.as_account("1001"), &appeal(&path), json!({"text": "it was quiet"})).await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_excuses_herself() {
    let house = opened().await;
    let excuse = |agent: Value| json!({"agent": agent, "from": "2026-11-01T00:00:00Z", "until": "2026-11-01T01:00:00Z", "why": "incident"});
    let leader = leads_and_works(&house, "tang", "shift_leader", "1001");
    no(&leader, "/excuses", excuse(json!("1001")), 403, "own_excuse").await;
    no(&leader, "/excuses", excuse(json!(null)), 403, "own_excuse").await;
    post(&leader, "/excuses", excuse(json!("1002"))).await;
    // An excuse for all does not cover a number that the floor does not know.
    let visitor = leads_and_works(&house, "tuan", "shift_leader", "7777");
    post(&visitor, "/excuses", excuse(json!(null))).await;
    post(&house.as_account("wang"), "/excuses", excuse(json!("1001"))).await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_long_is_refused_before_a_key_is_made_to_seal_it() {
    let house = opened().await;
    house.is_ready("1001");
    let contact = call(&house).await;
    let qa = house.as_account("zhao");
    let path = begun(&qa, contact, json!({})).await;
    let form = get(&qa, &path).await["form"].clone();
    // It says how long the text is, and not how long it would be sealed.
    let refused = async |path: &str, body: Value| {
        let problem = qa.post(&format!("{PATH}{path}"), body).await.problem(422, "over_limit");
        assert!(problem["detail"].as_str().unwrap().contains("has 4096 bytes"), "{problem}");
    };
    let mut long = answers(&form, true);
    long[0]["note"] = json!("a".repeat(4_096));
    refused(&format!("{path}/submit"), json!({"answers": long})).await;
    let new = json!({"rule": "conduct.noise", "agent": "1001", "from": house.door.now(), "note": "a".repeat(4_096)});
    refused("/entries", new).await;
    let mut longest = answers(&form, true);
    longest[0]["note"] = json!("a".repeat(4_096 - cordboard_vault::SEALED_OVERHEAD_BYTES));
    post(&qa, &format!("{path}/submit"), json!({"answers": longest})).await;
    house.close().await;
}
