//! Two links and one offer: whatever comes first, one thing happens, and both are told which.

use crate::client::{Client, names, open};
use crate::house::{House, agent, sales};
use cordboard_api::link::Limits;
use cordboard_api::link::frame::{ClientFrame, Hello, Protocol};
use cordboard_floor::configuration::{QueueConfig, RoutingPlan, Selection};
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

#[tokio::test(flavor = "multi_thread")]
async fn a_call_rings_at_three_links_and_the_first_accept_has_it() {
    let house = House::open(Limits::default()).await;
    let plan = RoutingPlan { selection: Selection::RingAll, ..RoutingPlan::default() };
    house.does(Command::ApplyQueue(QueueConfig { plan, ..sales() }));
    let mut links = Vec::new();
    for account in ["1001", "1002", "1003"] {
        links.push(Client::ready(&house, account).await);
    }
    for round in 0..6 {
        let before = house.last();
        let contact = house.caller("13812345678");
        let mut ids = Vec::new();
        for link in &mut links {
            let created = link.event("offer.created").await;
            assert_eq!(created.data["contact"], json!(contact));
            ids.push(created.data["offer"].clone());
        }
        // All answer in one breath; who is asked first changes, and who is first in is chance.
        let mut said = vec![String::new(); links.len()];
        for turn in 0..links.len() {
            let at = (round + turn) % links.len();
            said[at] = links[at].cmd("offer.accept", json!({"offer": ids[at]})).await;
        }
        let mut winner = None;
        for (at, link) in links.iter_mut().enumerate() {
            match link.answer(&said[at]).await {
                Ok(_) => {
                    assert_eq!(winner.replace(at), None, "two have it");
                    assert_eq!(link.event("contact.connected").await.data["contact"], json!(contact));
                }
                Err(nack) => {
                    assert_eq!(nack.code, "offer_rescinded");
                    let rescinded = link.event("offer.rescinded").await;
                    assert_eq!(rescinded.data["offer"], ids[at]);
                    assert_eq!(rescinded.reason.expect("why").slug, "taken");
                }
            }
        }
        let winner = winner.expect("one has it");
        let log = house.since(before);
        let count = |fits: fn(&Event) -> bool| log.iter().filter(|recorded| fits(&recorded.event)).count();
        assert_eq!(count(|event| matches!(event, Event::OfferAccepted(_))), 1);
        assert_eq!(count(|event| matches!(event, Event::OfferRescinded(_))), 2);
        assert_eq!(count(|event| matches!(event, Event::ContactConnected(_))), 1);

        // Whoever was too late is free at once: the next caller rings at the two of them, and not at her who talks.
        let next = house.caller("13987654321");
        for (at, link) in links.iter_mut().enumerate().filter(|(at, _)| *at != winner) {
            let created = link.event("offer.created").await;
            assert_eq!(created.data["contact"], json!(next), "at {at}");
        }
        house.does(Command::Abandon { contact: next });
        links[winner].does("contact.end", json!({"contact": contact})).await;
        links[winner].does("wrapup.complete", json!({"contact": contact})).await;
        for (at, link) in links.iter_mut().enumerate() {
            let names = names(&link.everything().await);
            let rang = names.iter().any(|name| name == "offer.created" || name == "offer.cancelled");
            assert_eq!(rang, at != winner, "{names:?}");
        }
    }
    house.close().await;
}
