//! Rounds and handovers, read again by whoever may.

use super::{PATH, get, opened, post};
use crate::house::House;
use cordboard_centre::Command as Any;
use cordboard_centre::workforce::id::RosterId;
use cordboard_centre::workforce::shift::{NewRoster, Sketch};
use cordboard_centre::workforce::{Command, Day};
use cordboard_engine::Answer;
use cordboard_floor::{AccountId, AgentId, Instant, Millis, Submission};
use serde_json::{Value, json};

/// What was found on that round, and of nobody on another, is read by whoever leads or looks, and counted.
pub(super) async fn rounds_are_read(house: &House, recorded: &Value) {
    let earlier = house.door.now();
    let found = json!({"findings": [{"item": "desk", "seat": "a1", "note": "crumbs"}, {"item": "desk", "agent": "1002"}]});
    post(&house.as_account("wang"), "/checklists/patrol/record", found).await;
    post(&house.as_account("wang"), "/checklists/handover/record", json!({"findings": []})).await;
    let read = async |account: &str, of: &str| {
        get(&house.as_account(account), &format!("/checklists/recorded{of}")).await
    };
    let all = read("wang", "").await;
    let rounds = all["rounds"].as_array().unwrap();
    let told: Vec<_> = rounds
        .iter()
        .map(|round| {
            let found = round["findings"].as_array().unwrap().iter();
            let found = found.map(|one| one["item"].as_str().unwrap()).collect::<Vec<_>>();
            (round["checklist"].as_str().unwrap(), round["by"].as_str().unwrap(), found)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("handover", "wang", vec![]),
            ("patrol", "wang", vec!["desk", "desk"]),
            ("patrol", "chen", vec!["noise", "dress"])
        ]
    );
    let first = &rounds[2];
    assert_eq!(first["record"], recorded["record"]);
    assert_eq!(
        first["findings"][0]["entry"], recorded["entries"][0],
        "it leads to the line that it proposed"
    );
    assert_eq!(first["findings"][0]["note"]["text"], "loud");
    assert!(
        first["findings"][1]["text"]["zh"].is_string() && first["findings"][1]["entry"].is_null(),
        "{first}"
    );
    assert_eq!((&all["counts"]["rounds"], &all["counts"]["findings"]), (&json!(3), &json!(4)));
    assert_eq!(
        (&all["counts"]["items"][0]["item"], &all["counts"]["items"][0]["n"]),
        (&json!("desk"), &json!(2))
    );
    assert_eq!(all["counts"]["seats"], json!([{"seat": "a1", "n": 1}]));
    assert_eq!(all["counts"]["shifts"], json!([{"shift": null, "n": 4}]), "nobody was rostered");
    // Within a span, by a list, page by page: the counts are those of all that fit.
    let late = read("wang", &format!("?from={earlier}&checklist=patrol")).await;
    assert_eq!((late["rounds"].as_array().unwrap().len(), &late["counts"]["findings"]), (1, &json!(2)));
    assert_eq!(read("wang", &format!("?until={earlier}")).await["counts"]["findings"], json!(2));
    let page = read("wang", "?limit=2").await;
    let rest = read("wang", &format!("?limit=2&before={}", page["next"].as_str().unwrap())).await;
    assert_eq!(
        (rest["rounds"][0]["record"].clone(), rest["next"].clone()),
        (first["record"].clone(), json!(null))
    );
    assert_eq!(rest["counts"], page["counts"]);
    // A team leader sees what is of her team and of nobody; who only looks reads no words; an agent has her ledger.
    let of_team = read("chen", "").await;
    assert_eq!(of_team["counts"]["findings"], json!(3), "1002 is of another team");
    let masked = read("liu", "").await["rounds"][2]["findings"][0]["note"].clone();
    assert_eq!(masked, json!({"masked": true}));
    house.as_account("1001").get(&format!("{PATH}/checklists/recorded")).await.problem(403, "forbidden");
    house.as_account("crm").get(&format!("{PATH}/checklists/recorded")).await.problem(403, "forbidden");
}

/// A shift around now.
fn around(now: Instant, agent: &'static str, code: &str) -> Sketch {
    let (from, until) = (now.minus(Millis(3_600_000)), now.plus(Millis(3_600_000)));
    let (parts, relief, code) = (Vec::new(), false, code.parse().unwrap());
    Sketch { agent: AgentId::fixed(agent), day: Day::utc(from), code, from, until, parts, relief }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_found_is_counted_by_the_shift_of_whom_it_is_or_of_most_who_are_there() {
    let house = opened().await;
    let (now, account) = (house.door.now(), AccountId::fixed("sun"));
    let desk = async |command: Any| match house.door.ask(Submission::system("test", command)).await {
        Ok(Answer::Done { seq, .. }) => seq,
        other => panic!("{other:?}"),
    };
    for (agent, code) in [("1001", "late"), ("1002", "early")] {
        let shift = around(now, agent, code);
        let (from, days, name) = (shift.day, 1, "test".to_owned());
        let class = vec![shift.agent];
        let roster = NewRoster { from, days, name, class, rest: None, requirement: None };
        let roster = RosterId(desk(Command::DraftRoster { roster, account }.into()).await);
        desk(Command::AddShifts { roster, shifts: vec![shift] }.into()).await;
        desk(Command::PublishRoster { roster, account }.into()).await;
    }
    let wang = house.as_account("wang");
    let found = json!({"findings": [{"item": "noise", "agent": "1001"}, {"item": "noise", "agent": "1002"}, {"item": "dress"}]});
    post(&wang, "/checklists/patrol/record", found).await;
    let read = get(&wang, "/checklists/recorded").await;
    let findings = read["rounds"][0]["findings"].as_array().unwrap();
    let shifts: Vec<&Value> = findings.iter().map(|finding| &finding["shift"]).collect();
    assert_eq!(shifts, ["late", "early", "early"], "of equal ones the first by name");
    assert_eq!(read["counts"]["shifts"], json!([{"shift": "early", "n": 2}, {"shift": "late", "n": 1}]));
    house.close().await;
}
