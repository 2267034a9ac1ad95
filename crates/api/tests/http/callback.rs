//! Being called back, at the door: who may ask, what is refused, and that a number stays sealed.

use crate::house::{House, SALES};
use cordboard_floor::configuration::{QueueConfig, RoutingPlan};
use cordboard_floor::{AgentId, Command, Millis, StoredEvent};
use serde_json::{Value, json};

async fn arrives(house: &House) -> String {
    let new = json!({"queue": "sales", "channel": "voice", "from": "13812345678"});
    let created = house.as_account("crm").post("/api/v1/contacts", new).await.ok();
    format!("/api/v1/contacts/{}", created["contact"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_calls_nobody_back_says_so() {
    let house = House::open().await;
    let path = arrives(&house).await;
    let crm = house.as_account("crm");
    let refused = crm.post(&format!("{path}/callback"), json!({"number": "13987654321"})).await;
    let problem = refused.problem(409, "no_callback");
    assert_eq!(problem["retryable"], false);
    assert!(!problem.to_string().contains("13987654321"), "{problem}");
    crm.post(&format!("{path}/callback/answered"), json!({})).await.problem(409, "not_dialled");
    crm.post(&format!("{path}/callback/failed"), json!({})).await.problem(409, "not_dialled");
    let shown = crm.get(&path).await.ok();
    assert_eq!((&shown["callback"], &shown["callback_offered"]), (&json!(null), &json!(false)));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_number_is_said_with_its_mend() {
    let house = House::open().await;
    let callback = format!("{}/callback", arrives(&house).await);
    let crm = house.as_account("crm");
    for (body, code) in [
        (json!({"number": ""}), "invalid"),
        (json!({"number": "  "}), "invalid"),
        (json!({"number": "1".repeat(257)}), "over_limit"),
        (json!({"number": 110}), "invalid_body"),
        (json!({"nummber": "110"}), "invalid_body"),
    ] {
        crm.post(&callback, body).await.problem(422, code);
    }
    let typo = crm.post(&callback, json!({"nummber": "110"})).await;
    assert_eq!(typo.problem(422, "invalid_body")["did_you_mean"], "number");
    crm.post("/api/v1/contacts/110/callback", json!({})).await.problem(404, "unknown_contact");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_speaks_for_the_caller_whom_she_has_in_hand_and_for_no_other() {
    let house = House::open().await;
    house.is_ready("1001");
    let path = arrives(&house).await;
    for (step, code) in [("", "no_callback"), ("/answered", "not_dialled"), ("/failed", "not_dialled")] {
        let path = format!("{path}/callback{step}");
        house.as_account("1001").post(&path, json!({})).await.problem(409, code);
        let denied = house.as_account("1002").post(&path, json!({})).await;
        assert!(denied.problem(403, "forbidden")["verb"].is_string());
        house.as_account("zhou").post(&path, json!({})).await.problem(403, "forbidden");
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_in_line_is_shown_with_what_it_is_made_of() {
    let house = House::open().await;
    let crm = house.as_account("crm");
    let first = arrives(&house).await;
    let urgent = json!({"queue": "sales", "channel": "voice", "priority": 90});
    let urgent = crm.post("/api/v1/contacts", urgent).await.ok();
    let urgent = format!("/api/v1/contacts/{}", urgent["contact"].as_str().unwrap());
    let place = async |path: &str| crm.get(path).await.ok()["place"].clone();
    let (first, urgent): (Value, Value) = (place(&first).await, place(&urgent).await);
    assert_eq!((&urgent["place"], &urgent["of"]), (&json!(1), &json!(2)));
    assert_eq!((&first["place"], &first["keeps_place"]), (&json!(2), &json!(false)));
    assert_eq!(urgent["priority_worth_ms"], 90 * 60_000);
    assert_eq!((&first["waits_for_one"], &first["parked"]), (&json!(false), &json!(false)));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_hangs_up_and_is_called_back_in_her_turn() {
    let house = House::open().await;
    let mut plan = RoutingPlan::default();
    plan.callback.allowed = true;
    let hour = Millis(3_600_000);
    let sales = QueueConfig { plan, offer_timeout_ms: hour, ..QueueConfig::customary(SALES) };
    house.does(Command::ApplyQueue(sales));
    let crm = house.as_account("crm");
    let (first, second) = (arrives(&house).await, arrives(&house).await);
    let asked = crm.post(&format!("{first}/callback"), json!({"number": "13987654321"})).await.ok();
    assert_eq!(asked["callback"], "requested");
    // She hangs up, as she was told to: that costs her nothing.
    assert_eq!(crm.post(&format!("{first}/abandon"), json!({})).await.ok()["state"], "queued");
    let shown = crm.get(&first).await.ok();
    assert_eq!((&shown["callback"]["state"], &shown["place"]["place"]), (&json!("requested"), &json!(1)));
    assert_eq!(shown["callback"]["attempts"], 0);

    // An agent has her before the other, who never hung up; now it rings at her.
    house.is_ready("1001");
    let agent = AgentId::fixed("1001");
    house.does(Command::Accept { offer: house.last_offer(), agent });
    let shown = crm.get(&first).await.ok();
    let callback = &shown["callback"];
    assert_eq!((&callback["state"], &callback["agent"]), (&json!("dialled"), &json!("1001")));
    assert!(callback["attempts"] == 1 && callback["dial_by"].is_string(), "{callback}");
    assert_eq!(crm.get(&second).await.ok()["state"], "queued");

    // The agent who has her in hand says that she is there; whoever dials may say so again.
    let answered = format!("{first}/callback/answered");
    let said = house.as_account("1001").post(&answered, json!({})).await.ok();
    assert_eq!(said["callback"], "answered");
    assert_eq!(crm.post(&answered, json!({})).await.ok()["seq"], said["seq"]);
    crm.post(&format!("{first}/callback/failed"), json!({})).await.problem(409, "not_dialled");
    crm.post(&format!("{first}/callback"), json!({})).await.problem(409, "not_waiting");
    let shown = crm.get(&first).await.ok();
    let callback = &shown["callback"];
    assert_eq!((&shown["state"], &callback["state"]), (&json!("connected"), &json!("answered")));
    assert_eq!((&callback["dial_by"], &callback["attempts"]), (&json!(null), &json!(1)));

    // From now on she may hang up like anybody else.
    assert_eq!(crm.post(&format!("{first}/abandon"), json!({})).await.ok()["state"], "ended");
    assert_eq!(crm.get(&first).await.ok()["end"], "handled");
    let told: Vec<&str> = house.events().iter().map(|event| event.event.name()).collect::<Vec<_>>();
    let told: Vec<&str> = told.into_iter().filter(|name| name.starts_with("callback.")).collect();
    assert_eq!(told, ["callback.requested", "callback.dialled", "callback.answered"]);
    house.close().await;
}
