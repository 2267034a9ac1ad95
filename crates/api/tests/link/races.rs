//! Two links and one offer: whatever comes first, one thing happens, and both are told which.

use crate::client::{Client, open};
use crate::house::{House, agent};
use cordboard_api::link::Limits;
use cordboard_api::link::frame::{ClientFrame, Hello, Protocol};
use cordboard_floor::{Command, Event};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn an_accept_races_a_leader_and_a_caller_who_hangs_up() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    let mut lead = Client::greeted(&house, "lead").await;
    let mut won = [0, 0];
    for round in 0..30 {
        let before = house.last();
        let contact = house.caller("13812345678");
        let offer = li.event("offer.created").await.data["offer"].clone();
        let accept = json!({"offer": offer});
        // Who is asked first changes; who is served first is chance.
        let (taken, other) = if round % 2 == 0 {
            let forced = json!({"agent": "1001", "state": {"not_ready": "training"}});
            let (id, forced) =
                (li.cmd("offer.accept", accept).await, lead.cmd("agent.force_state", forced).await);
            let (taken, forced) = tokio::join!(li.answer(&id), lead.answer(&forced));
            (taken, forced.is_ok())
        } else {
            let id = li.cmd("offer.accept", accept).await;
            let hung_up = tokio::task::block_in_place(|| house.does(Command::Abandon { contact }));
            (li.answer(&id).await, hung_up > 0)
        };
        assert!(other, "the other side is always carried out");
        let log = house.since(before);
        let count = |fits: fn(&Event) -> bool| log.iter().filter(|recorded| fits(&recorded.event)).count();
        let accepted = count(|event| matches!(event, Event::OfferAccepted(_)));
        let connected = count(|event| matches!(event, Event::ContactConnected(_)));
        match taken {
            Ok(_) => {
                won[0] += 1;
                assert_eq!((accepted, connected), (1, 1));
                li.event("contact.connected").await;
                if round % 2 == 0 {
                    li.does("contact.end", json!({"contact": contact})).await;
                } else {
                    li.event("contact.ended").await;
                }
                li.does("wrapup.complete", json!({"contact": contact})).await;
            }
            Err(nack) => {
                won[1] += 1;
                assert_eq!((accepted, connected), (0, 0));
                assert!(["offer_rescinded", "offer_cancelled"].contains(&nack.code.as_ref()), "{nack:?}");
                house.asks(Command::Abandon { contact });
            }
        }
        li.does("agent.set_state", json!({"state": "ready"})).await;
        li.everything().await;
    }
    assert_eq!(won[0] + won[1], 30);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_links_of_one_agent_accept_once() {
    let house = House::open(Limits::default()).await;
    let mut first = Client::ready(&house, "1001").await;
    for _ in 0..10 {
        let before = house.last();
        let contact = house.caller("13812345678");
        let offer = first.event("offer.created").await.data["offer"].clone();
        // The second link says hello and accepts in one breath, while the first accepts too.
        let token = house.token("1001");
        let mut second = Client::on(open(&house, None, Some(&token)).await.unwrap(), Protocol::Json, "1001");
        second.say(&ClientFrame::Hello(Hello::default())).await;
        let id = second.cmd("offer.accept", json!({"offer": offer})).await;
        first.cmd("offer.accept", json!({"offer": offer})).await;
        let answer = second.answer(&id).await;
        assert!(
            answer.as_ref().is_ok() || answer.as_ref().is_err_and(|nack| nack.code == "offer_accepted"),
            "{answer:?}"
        );
        let log = house.since(before);
        let accepted =
            log.iter().filter(|recorded| matches!(recorded.event, Event::OfferAccepted(_))).count();
        assert_eq!(accepted, 1, "{log:?}");
        first.closed().await;
        house.does(Command::End { contact, agent: agent("1001") });
        house.does(Command::CompleteWrapup { contact, agent: agent("1001"), code: None, note: None });
        second.event("wrapup.completed").await;
        first = second;
        house.door.vault.revoke_all("1001").unwrap();
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_one_agents_only() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    let mut wang = Client::ready(&house, "1002").await;
    house.caller("13812345678");
    let offer = li.event("offer.created").await.data["offer"].clone();
    let ids = (
        li.cmd("offer.accept", json!({"offer": offer})).await,
        wang.cmd("offer.accept", json!({"offer": offer})).await,
    );
    let (hers, not_hers) = tokio::join!(li.answer(&ids.0), wang.answer(&ids.1));
    hers.unwrap();
    assert_eq!(not_hers.unwrap_err().code, "not_your_offer");
    house.close().await;
}
