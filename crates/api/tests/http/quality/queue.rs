//! Long lists of the quality desk: what one answer reads at most.

use super::{call, furnished, get, post};
use crate::house::{House, WITHIN};
use cordboard_api::door::Limits;
use cordboard_floor::{AgentId, Command, ContactId, Millis};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn of_contacts_of_long_ago_the_queue_tells_so_many_and_leaves_the_others_open() {
    let house = furnished(House::remembering(Limits::default(), 1).await);
    house.is_ready("1001");
    let from = house.door.now();
    let (crm, agent) = (house.as_account("crm"), AgentId::fixed("1001"));
    for _ in 0..102 {
        let new = json!({"queue": "sales", "channel": "voice", "from": "13812345678"});
        let made = crm.post("/api/v1/contacts", new).await.ok();
        let contact: ContactId = made["contact"].as_str().unwrap().parse().unwrap();
        house.does(Command::Accept { offer: house.last_offer(), agent });
        house.does(Command::End { contact, agent });
        house.does(Command::CompleteWrapup { contact, agent, code: None, note: None });
    }
    house.door.views.stories.reach(house.door.durable_seq(), WITHIN).await;
    let until = house.door.now();
    let plan = json!({"quota": 200, "quota_new": 200, "new_until_days": 0, "second_percent": 0, "talk_ms_min": 0, "own_team": true, "risk_max": 0});
    let new = json!({"from": from, "until": until, "plan": plan, "seed": 7, "evaluators": ["zhao"]});
    let qa = house.as_account("zhao");
    post(&qa, "/samples", new).await;
    let queue = get(&qa, "/picks?mine=true&limit=1000").await;
    let picks = queue["picks"].as_array().unwrap();
    let told: Vec<bool> = picks.iter().map(|pick| pick["queue"] == "sales").collect();
    assert_eq!(told.len(), 102);
    // A hundred from the log, the latest from the view, and one is left open: with its contact, for it can be opened.
    assert_eq!(told.iter().filter(|told| **told).count(), 101);
    assert!(!told[100] && picks[100]["contact"].is_string(), "{}", picks[100]);
    let few = get(&qa, "/picks?mine=true&limit=3").await;
    assert!(few["picks"].as_array().unwrap().iter().all(|pick| pick["queue"] == "sales"));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_rounds_the_newest_are_shown_each_with_its_own_evaluations() {
    let house = furnished(House::with(Limits { page_rows_max: 2, ..Limits::default() }).await);
    house.is_ready("1001");
    let contact = call(&house).await;
    let qa = house.as_account("zhao");
    let mut rounds = Vec::new();
    for hours in 1..=3_u64 {
        let close_by = house.door.now().plus(Millis::from_secs(3_600 * hours));
        let new =
            json!({"contact": contact, "agent": "1001", "raters": ["zhao", "qian"], "close_by": close_by});
        let round = post(&qa, "/rounds", new).await["round"].clone();
        let begun = json!({"contact": contact, "agent": "1001", "round": round});
        let evaluation = post(&qa, "/evaluations", begun).await["evaluation"].clone();
        rounds.push((round, evaluation));
    }
    rounds.reverse();
    let listed = get(&qa, "/rounds").await;
    let shown = listed["rounds"].as_array().unwrap().iter();
    let shown: Vec<_> = shown.map(|row| (row["round"].clone(), row["evaluation"].clone())).collect();
    assert_eq!(shown, rounds[..2]);
    house.close().await;
}
