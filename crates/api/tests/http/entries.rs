//! Figures that people enter, at the door: who may, what is refused with its place, and that a repeat enters nothing twice.

use crate::house::House;
use cordboard_floor::Event;
use cordboard_floor::event::FigureEntered;
use cordboard_floor::figure::FigureSubject;
use cordboard_views::View as _;
use cordboard_views::entered::Entered;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/figures/entries";

fn survey(subject: Value, value: i64) -> Value {
    json!({"measure": "survey_answers", "subject": subject, "from": "2026-01-05T01:00:00Z",
        "to": "2026-01-05T02:00:00Z", "value": value})
}

fn entered(house: &House) -> Vec<FigureEntered> {
    let events = house.events();
    let figures = events.iter().filter_map(|recorded| match &recorded.event {
        Event::FigureEntered(event) => Some(event.clone()),
        _ => None,
    });
    figures.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_or_a_list_becomes_events_once() {
    let house = House::open().await;
    let qa = house.as_account("zhao");
    let one = qa.post(PATH, survey(json!("site"), 5)).await;
    assert_eq!(one.status, 201);
    let first = one.json()["figures"][0].as_str().unwrap().to_owned();
    let crm = house.as_account("crm");
    let new = crm.post("/api/v1/contacts", json!({"channel": "voice", "stage": "menu"})).await.ok();
    let contact = new["contact"].clone();
    let moved = json!({"measure": "survey_answers", "subject": {"contact": contact}, "from": "2026-01-06T01:00:00Z",
        "to": "2026-01-06T01:00:01Z", "value": 1, "replaces": first});
    let list = json!([survey(json!({"queue": "sales"}), 7), survey(json!({"agent": "1002"}), 0), moved]);
    let key = [("idempotency-key", "surveys-5")];
    let many = qa.post_with(PATH, &key, list.clone()).await;
    assert_eq!(many.json()["figures"].as_array().unwrap().len(), 3);
    let house = house.restart().await;
    let again = house.as_account("zhao").post_with(PATH, &key, list.clone()).await;
    assert_eq!((again.status.as_u16(), &again.body), (201, &many.body));
    let all = entered(&house);
    assert_eq!(all.iter().map(|event| event.value).collect::<Vec<_>>(), [5, 7, 0, 1]);
    assert_eq!(all[2].subject, FigureSubject::Agent("1002".parse().unwrap()));
    let mut other = list;
    other[0]["value"] = json!(8);
    house.as_account("zhao").post_with(PATH, &key, other).await.problem(422, "idempotency_mismatch");
    let gone =
        house.as_account("zhao").post(&format!("{PATH}/{}/withdraw", all[1].figure), json!({})).await.ok();
    assert_eq!(gone["figure"], json!(all[1].figure));
    let mut view = Entered::new();
    house.events().iter().for_each(|recorded| view.fold(recorded));
    let standing: Vec<i64> = view.iter().map(|(_, standing)| standing.value).collect();
    assert_eq!(standing, [0, 1]);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_entered_is_told_with_its_place_and_nothing_is() {
    let house = House::open().await;
    let qa = house.as_account("zhao");
    let (site, well) = (json!("site"), survey(json!("site"), 1));
    let with = |field: &str, value: Value| {
        let mut entry = survey(site.clone(), 1);
        entry[field] = value;
        entry
    };
    for (wrong, status, code) in [
        (with("measure", json!("survey_anwsers")), 422, "unknown_measure"),
        (with("measure", json!("answered")), 422, "measure_is_counted"),
        (with("value", json!(-1)), 422, "invalid"),
        (with("value", json!(1_000_000_000_000_001_i64)), 422, "over_limit"),
        (with("to", json!("2026-01-05T01:00:00Z")), 422, "invalid"),
        (with("to", json!("2027-06-05T01:00:00Z")), 422, "over_limit"),
        (with("subject", json!({"queue": "claims"})), 404, "unknown_queue"),
        (with("subject", json!({"agent": "1003"})), 404, "unknown_agent"),
        // A number of the log that is no contact's, and one that is not there yet.
        (with("subject", json!({"contact": "c-1"})), 404, "unknown_contact"),
        (with("subject", json!({"contact": "c-999999"})), 404, "unknown_contact"),
        (with("replaces", json!("f-1")), 404, "unknown_figure"),
    ] {
        let reply = qa.post(PATH, json!([well, wrong])).await;
        let problem = reply.json();
        assert_eq!((reply.status.as_u16(), problem["code"].as_str()), (status, Some(code)), "{problem}");
        assert_eq!(problem["entry"], 2, "{problem}");
        assert!(problem["detail"].as_str().unwrap().starts_with("figure 2: "), "{problem}");
    }
    let slip = qa.post(PATH, with("measure", json!("survey_anwsers"))).await.json();
    assert_eq!(slip["did_you_mean"], "survey_answers");
    qa.post(PATH, json!([])).await.problem(422, "invalid");
    qa.post(PATH, json!(3)).await.problem(422, "invalid_body");
    let misspelt = json!({"mesure": "survey_answers"});
    assert_eq!(qa.post(PATH, misspelt).await.json()["did_you_mean"], "measure");
    qa.post(PATH, json!(vec![well.clone(); 257])).await.problem(422, "over_limit");
    qa.post(&format!("{PATH}/f-1/withdraw"), json!({})).await.problem(404, "unknown_figure");
    assert_eq!(entered(&house), []);
    assert_eq!(qa.post(PATH, json!(vec![well; 256])).await.status, 201);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_enters_within_her_own_reach() {
    let house = House::open().await;
    let leader = house.as_account("chen");
    for (subject, may) in [
        (json!({"agent": "1001"}), true),
        (json!({"queue": "sales"}), true),
        (json!({"agent": "1002"}), false),
        (json!("site"), false),
    ] {
        let reply = leader.post(PATH, survey(subject.clone(), 1)).await;
        assert_eq!(reply.status.as_u16(), if may { 201 } else { 403 }, "{subject}");
    }
    // She may see what is entered about her, and not about others.
    let seen = async |account: &str| {
        let page = house.as_account(account).get("/api/v1/events?ev=figure.*").await.ok();
        page["events"].as_array().unwrap().len()
    };
    assert_eq!(
        (seen("1001").await, seen("1002").await, seen("chen").await, seen("zhou").await),
        (1, 0, 2, 2)
    );
    // What another has entered for the site she neither replaces nor withdraws.
    let of_site = house.as_account("zhao").post(PATH, survey(json!("site"), 1)).await.json();
    let figure = of_site["figures"][0].as_str().unwrap().to_owned();
    leader.post(&format!("{PATH}/{figure}/withdraw"), json!({})).await.problem(403, "forbidden");
    let mut replacing = survey(json!({"agent": "1001"}), 1);
    replacing["replaces"] = json!(figure);
    leader.post(PATH, replacing).await.problem(403, "forbidden");
    for account in ["1001", "zhou", "wu"] {
        house.as_account(account).post(PATH, survey(json!("site"), 1)).await.problem(403, "forbidden");
    }
    house.close().await;
}
