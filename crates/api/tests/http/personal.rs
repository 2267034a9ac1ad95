//! Personal values: masked for who only looks, open to whose contact it is, opened by right with an event,
//! and gone when the person is erased.

use crate::house::House;
use cordboard_floor::{AgentId, Command, Event, PersonId};
use serde_json::{Value, json};

async fn arrives(house: &House) -> String {
    let new = json!({"queue": "sales", "channel": "voice", "from": "13812345678", "attributes": {"name": "Li Lei"}});
    let created = house.as_account("crm").post("/api/v1/contacts", new).await.ok();
    format!("/api/v1/contacts/{}", created["contact"].as_str().unwrap())
}

fn unmasked(house: &House) -> Vec<String> {
    let events = house.events();
    let opened = events.iter().filter_map(|event| match &event.event {
        Event::AccessUnmasked(event) => Some(event.account.to_string()),
        _ => None,
    });
    opened.collect()
}

fn full() -> Value {
    json!({"text": "13812345678", "masked": false})
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_what_of_a_number() {
    let house = House::open().await;
    house.is_ready("1001");
    let path = arrives(&house).await;
    // It rings at 1001 of the red team: hers to see, without asking.
    let own = house.as_account("1001").get(&path).await.ok();
    assert_eq!((&own["from"], &own["attributes"]["values"]["name"]), (&full(), &json!("Li Lei")));
    house.as_account("1002").get(&path).await.problem(403, "forbidden");
    assert_eq!(unmasked(&house), Vec::<String>::new());

    for (account, opens) in [
        ("chen", true),
        ("wang", true),
        ("zhao", true),
        ("zhou", true),
        ("liu", false),
        ("sun", false),
        ("wu", false),
        ("crm", false),
    ] {
        let client = house.as_account(account);
        let masked = client.get(&path).await.ok();
        assert_eq!(masked["from"], json!({"text": "138****5678", "masked": true}), "{account}");
        assert_eq!(masked["attributes"], json!({"masked": true}), "{account}");
        let open = client.get(&format!("{path}?unmask=true")).await;
        let before = unmasked(&house);
        if opens {
            let open = open.ok();
            assert_eq!((&open["from"], &open["attributes"]["values"]["name"]), (&full(), &json!("Li Lei")));
            assert_eq!(before.last().map(String::as_str), Some(account));
        } else {
            assert_eq!(open.problem(403, "forbidden")["verb"], "number.view");
            assert_ne!(before.last().map(String::as_str), Some(account));
        }
    }
    // The log in clear shows nobody's number.
    let pages = house.as_account("zhou").get("/api/v1/events?limit=1000").await.body;
    assert!(!String::from_utf8_lossy(&pages).contains("13812345678"));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_once_hers_is_no_longer_open_to_her() {
    let house = House::open().await;
    house.is_ready("1001");
    let path = arrives(&house).await;
    let agent = AgentId::fixed("1001");
    let offer = house.last_offer();
    house.does(Command::Accept { offer, agent });
    let contact = path.rsplit('/').next().unwrap().parse().unwrap();
    house.does(Command::End { contact, agent });
    // While she works after it, it still is.
    assert_eq!(house.as_account("1001").get(&path).await.ok()["from"], full());
    house.does(Command::CompleteWrapup { contact, agent, code: None, note: None });
    house.as_account("1001").get(&path).await.problem(403, "forbidden");
    // Her leader may still look at what her team did.
    assert_eq!(house.as_account("chen").get(&path).await.ok()["end"], "handled");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_reads_as_erased_everywhere() {
    let house = House::open().await;
    let path = arrives(&house).await;
    let person = house.events().iter().find_map(|event| match &event.event {
        Event::ContactArrived(event) => event.from.as_ref().map(|from| from.sealed.person),
        _ => None,
    });
    let person: PersonId = person.unwrap();
    house.door.vault.erase(person.0.into()).unwrap();
    house.does(Command::NoteErased { person });
    let shown = house.as_account("zhou").get(&format!("{path}?unmask=true")).await.ok();
    assert_eq!(shown["from"], json!({"erased": true}));
    assert_eq!(shown["attributes"], json!({"erased": true}));
    let events = house.as_account("zhou").get("/api/v1/events?ev=contact.arrived").await.ok();
    assert_eq!(events["events"][0]["data"]["from"], json!({"erased": true}));
    house.close().await;
}
