//! A contact's way through the door: in, to a queue, away; listed, and told.

use crate::house::{House, SALES};
use cordboard_api::door::Limits;
use cordboard_floor::configuration::SiteConfig;
use cordboard_floor::{AgentId, Command, Event, Millis, ReasonId};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_comes_in_waits_and_gives_up() {
    let house = House::open().await;
    let crm = house.as_account("crm");
    let new = json!({"queue": "sales", "channel": "voice", "from": "13812345678", "priority": 70,
        "skills": {"english": 10}, "any": {"cantonese": 30, "mandarin": 20}, "attributes": {"policy": "P-1"}});
    let reply = crm.post("/api/v1/contacts", new).await;
    assert_eq!(reply.status, 201);
    let location = reply.headers["location"].to_str().unwrap().to_owned();
    let created = reply.json();
    let contact = created["contact"].as_str().unwrap().to_owned();
    assert_eq!(location, format!("/api/v1/contacts/{contact}"));
    assert_eq!(created["state"], "queued");

    let shown = crm.get(&location).await.ok();
    assert_eq!(shown["state"], "queued");
    assert_eq!(shown["priority"], 70);
    assert!(shown["order"].is_string(), "every row says where it stands, so that lines are shown in order");
    assert_eq!(shown["order"], shown["place"]["order"]);
    assert_eq!(shown["skills"], json!({"english": 10}));
    assert_eq!(shown["any"], json!({"cantonese": 30, "mandarin": 20}));
    assert_eq!((&shown["step"], &shown["rule_version"]), (&json!(0), &json!(1)));
    assert_eq!((&shown["wanted"], &shown["also"]), (&json!(null), &json!([])));
    assert_eq!(shown["from"], json!({"text": "138****5678", "masked": true}));
    assert_eq!(shown["attributes"], json!({"masked": true}));
    assert_eq!(shown["story"]["legs"][0]["kind"], "queue");
    assert_eq!(shown["story"]["complete"], true);

    let gone = crm.post(&format!("{location}/abandon"), json!({})).await.ok();
    assert_eq!((&gone["state"], &gone["contact"]), (&json!("ended"), &json!(contact)));
    let shown = crm.get(&location).await.ok();
    assert_eq!((&shown["end"], &shown["stage"]), (&json!("abandoned"), &json!("queue")));
    assert_eq!(shown["order"], json!(null));
    assert_eq!(shown["ended_by"], json!({"kind": "caller", "agent": null}));
    // What holds already is no error, and has the number of the event that made it so.
    let again = crm.post(&format!("{location}/abandon"), json!({})).await.ok();
    assert_eq!(again, gone);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_in_a_menu_goes_on_to_a_queue_and_rings() {
    let house = House::open().await;
    house.is_ready("1001");
    let crm = house.as_account("crm");
    let created = crm.post("/api/v1/contacts", json!({"channel": "chat", "stage": "menu"})).await.ok();
    assert_eq!(created["state"], "menu");
    let path = format!("/api/v1/contacts/{}", created["contact"].as_str().unwrap());
    let queued = crm.post(&format!("{path}/enqueue"), json!({"queue": "sales"})).await.ok();
    assert_eq!(queued["state"], "ringing");
    let twice = crm.post(&format!("{path}/enqueue"), json!({"queue": "sales"})).await;
    twice.problem(409, "not_in_menu");
    house.does(Command::Accept { offer: house.last_offer(), agent: AgentId::fixed("1001") });
    let shown = crm.get(&path).await.ok();
    assert_eq!((&shown["state"], &shown["owner"]), (&json!("connected"), &json!("1001")));
    let kinds: Vec<_> =
        shown["story"]["legs"].as_array().unwrap().iter().map(|leg| leg["kind"].clone()).collect();
    assert_eq!(json!(kinds), json!(["menu", "queue", "offer", "talk"]));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_contact_may_not_be_is_said_with_its_mend() {
    let house = House::open().await;
    let crm = house.as_account("crm");
    for (body, status, code) in [
        (json!({"channel": "voice"}), 422, "invalid"),
        (json!({"channel": "voice", "queue": "sales", "stage": "menu"}), 422, "invalid"),
        (json!({"channel": "voice", "stage": "menu", "priority": 3}), 422, "invalid"),
        (json!({"channel": "voice", "stage": "menu", "any": {"english": 10}}), 422, "invalid"),
        (json!({"channel": "voice", "stage": "menu", "also": ["sales"]}), 422, "invalid"),
        (json!({"channel": "voice", "stage": "menu", "wanted": "1001"}), 422, "invalid"),
        (json!({"channel": "voice", "queue": "sales", "any": ["english"]}), 422, "invalid_body"),
        (json!({"channel": "voice", "queue": "sales", "also": "sales"}), 422, "invalid_body"),
        (json!({"channel": "voice", "queue": "sales", "wanted": "a b"}), 422, "invalid_body"),
        (json!({"channel": "voice", "queue": "nowhere"}), 404, "unknown_queue"),
        (json!({"channel": "voice", "queue": "sales", "priority": 101}), 422, "over_limit"),
        (json!({"channel": "voice", "queue": "sales", "priority": 256}), 422, "invalid_body"),
        (json!({"channel": "voice", "queue": "sales", "from": "1".repeat(257)}), 422, "over_limit"),
        (json!({"channel": "voice", "queue": "a queue"}), 422, "invalid_body"),
        (json!({"queue": "sales"}), 422, "invalid_body"),
    ] {
        crm.post("/api/v1/contacts", body.clone()).await.problem(status, code);
    }
    let typo = crm.post("/api/v1/contacts", json!({"chanel": "voice", "queue": "sales"})).await;
    let problem = typo.problem(422, "invalid_body");
    assert_eq!(problem["did_you_mean"], "channel");
    assert_eq!(problem["line"], 1);
    for path in ["/api/v1/contacts/c-999999", "/api/v1/contacts/c-1", "/api/v1/contacts/o-7"] {
        crm.get(path).await.problem(404, "unknown_contact");
    }
    crm.post("/api/v1/contacts/c-999999/abandon", json!({})).await.problem(404, "unknown_contact");

    house.does(Command::DrainQueue { queue: SALES });
    let closed = crm.post("/api/v1/contacts", json!({"channel": "voice", "queue": "sales"})).await;
    assert_eq!(closed.problem(409, "queue_closed")["retryable"], true);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_closed_with_a_message_takes_a_caller_in_to_tell_her() {
    let house = House::open().await;
    let message = Some(ReasonId::fixed("flooded"));
    house.does(Command::CloseQueue { queue: SALES, emergency: true, message });
    let crm = house.as_account("crm");
    let told = crm.post("/api/v1/contacts", json!({"channel": "voice", "queue": "sales"})).await.ok();
    assert_eq!(told["state"], "ended");
    let path = format!("/api/v1/contacts/{}", told["contact"].as_str().unwrap());
    assert_eq!(crm.get(&path).await.ok()["end"], "refused");
    let heard = house
        .events()
        .iter()
        .any(|event| matches!(&event.event, Event::ContactTold(event) if Some(event.message) == message));
    assert!(heard, "she was told why");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_says_when_to_come_back() {
    let house = House::open().await;
    let full = cordboard_floor::configuration::QueueConfig {
        waiting_max: 1,
        ..cordboard_floor::configuration::QueueConfig::customary(SALES)
    };
    house.does(Command::ApplyQueue(full));
    let crm = house.as_account("crm");
    crm.post("/api/v1/contacts", json!({"channel": "voice", "queue": "sales"})).await.ok();
    let refused = crm.post("/api/v1/contacts", json!({"channel": "voice", "queue": "sales"})).await;
    assert_eq!(refused.headers["retry-after"], "1");
    assert_eq!(refused.problem(503, "queue_full")["retryable"], true);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_come_in_pages_that_join_without_a_gap() {
    let house = House::open().await;
    let crm = house.as_account("crm");
    let mut made = Vec::new();
    for at in 0..7 {
        let entry = if at % 2 == 0 {
            json!({"queue": "sales", "channel": "voice"})
        } else {
            json!({"stage": "menu", "channel": "voice"})
        };
        made.push(crm.post("/api/v1/contacts", entry).await.ok()["contact"].as_str().unwrap().to_owned());
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = crm.get(&format!("/api/v1/contacts?limit=3{after}")).await.ok();
        seen.extend(
            page["contacts"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["contact"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, made);
    let queued = crm.get("/api/v1/contacts?state=queued&queue=sales").await.ok();
    assert_eq!(queued["contacts"].as_array().unwrap().len(), 4);
    for bad in ["limit=0", "limit=1001", "limit=x", "state=gone", "after=7", "colour=red"] {
        crm.get(&format!("/api/v1/contacts?{bad}")).await.problem(400, "invalid_query");
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_contact_is_told_from_the_log_alone() {
    let limits = Limits { events_scanned_max: 1, ..Limits::default() };
    let house = House::remembering(limits, 1).await;
    let brief = SiteConfig { ended_kept_ms: Millis(0), ..SiteConfig::default() };
    house.does(Command::ApplySite(brief));
    let crm = house.as_account("crm");
    let new = json!({"queue": "sales", "channel": "voice", "from": "13812345678"});
    let path = format!(
        "/api/v1/contacts/{}",
        crm.post("/api/v1/contacts", new.clone()).await.ok()["contact"].as_str().unwrap()
    );
    crm.post(&format!("{path}/abandon"), json!({})).await.ok();
    crm.post("/api/v1/contacts", new).await.ok();
    let shown = crm.get(&path).await.ok();
    assert_eq!((&shown["end"], &shown["stage"]), (&json!("abandoned"), &json!("queue")));
    assert_eq!(shown["from"]["text"], "138****5678");
    // The limit of one event was reached: what was looked at is told, and that there may be more.
    assert_eq!(shown["story"]["complete"], false);
    assert_eq!(shown["story"]["events"].as_array().unwrap().len(), 4);
    house.close().await;
}
