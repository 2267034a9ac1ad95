//! The same request twice is carried out once, also across a restart of engine, log and vault.

use crate::house::House;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_key_answers_as_the_first_time_also_after_a_restart() {
    let house = House::open().await;
    house.is_ready("1001");
    let crm = house.as_account("crm");
    let key = [("idempotency-key", "call-4711")];
    let new = json!({"queue": "sales", "channel": "voice", "from": "13812345678", "attributes": {"a": 1}});
    let first = crm.post_with("/api/v1/contacts", &key, new.clone()).await;
    assert_eq!(first.status, 201);
    let again = crm.post_with("/api/v1/contacts", &key, new.clone()).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(again.headers["location"], first.headers["location"]);
    let before = house.events().len();

    let mut other = new.clone();
    other["from"] = json!("13900000000");
    crm.post_with("/api/v1/contacts", &key, other).await.problem(422, "idempotency_mismatch");
    // Another account's keys are its own; other paths are other content.
    house.as_account("crm2").post_with("/api/v1/contacts", &key, new.clone()).await.ok();
    let path = format!("{}/abandon", first.headers["location"].to_str().unwrap());
    crm.post_with(&path, &key, json!({})).await.problem(422, "idempotency_mismatch");
    let arrived = |house: &House| {
        house
            .events()
            .iter()
            .filter(|event| matches!(event.event, cordboard_floor::Event::ContactArrived(_)))
            .count()
    };
    assert_eq!(arrived(&house), 2);

    let house = house.restart().await;
    let crm = house.as_account("crm");
    assert!(house.events().len() > before);
    let again = crm.post_with("/api/v1/contacts", &key, new.clone()).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(arrived(&house), 2);
    let abandon = [("idempotency-key", "bye")];
    let gone = crm.post_with(&path, &abandon, json!({})).await;
    let gone_again = crm.post_with(&path, &abandon, json!({})).await;
    assert_eq!((gone.status.as_u16(), &gone.body), (200, &gone_again.body));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_request_may_be_mended_under_its_key() {
    let house = House::open().await;
    let crm = house.as_account("crm");
    let key = [("idempotency-key", "k1")];
    crm.post_with("/api/v1/contacts", &key, json!({"queue": "nowhere", "channel": "voice"}))
        .await
        .problem(404, "unknown_queue");
    crm.post_with("/api/v1/contacts", &key, json!({"queue": "sales", "channel": "voice"})).await.ok();
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twice_in_the_same_instant_is_still_once() {
    let house = House::open().await;
    let crm = house.as_account("crm");
    let new = json!({"queue": "sales", "channel": "voice", "from": "13812345678"});
    let many = (0..8).map(|_| {
        let (crm, new) = (crm.clone(), new.clone());
        tokio::spawn(
            async move { crm.post_with("/api/v1/contacts", &[("idempotency-key", "race")], new).await },
        )
    });
    let mut bodies = Vec::new();
    for one in many.collect::<Vec<_>>() {
        let reply = one.await.unwrap();
        assert_eq!(reply.status, 201);
        bodies.push(reply.body);
    }
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]));
    house.close().await;
}
