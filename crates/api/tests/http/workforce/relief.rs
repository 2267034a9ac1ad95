//! 交接班 at the door: who may leave, who lets her go, and who answers for a seat.

use super::{HOUR, MINUTE, of, path, shift};
use crate::house::House;
use cordboard_centre::workforce::handover::Check;
use cordboard_centre::workforce::shift::Sketch;
use cordboard_centre::workforce::terms::SignOutPolicy;
use cordboard_centre::workforce::{Command, Terms};
use cordboard_engine::Answer;
use cordboard_floor::{Actor, Command as Floor, Millis, Submission};
use serde_json::{Value, json};

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
