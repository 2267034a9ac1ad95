//! One link for each agent; leases; and how links end.

use crate::client::Client;
use crate::house::{House, WITHIN, agent, with_lease};
use cordboard_api::link::Limits;
use cordboard_api::link::frame::ClientFrame;
use cordboard_api::link::frame::{Ping, Protocol};
use cordboard_floor::{AgentId, Event, Recorded};
use serde_json::json;

fn unreachable(id: AgentId) -> impl Fn(&Recorded<Event>) -> bool {
    move |recorded| matches!(&recorded.event, Event::AgentUnreachable(event) if event.agent == id)
}

fn link_closed(id: AgentId) -> impl Fn(&Recorded<Event>) -> bool {
    move |recorded| matches!(&recorded.event, Event::AgentLinkClosed(event) if event.agent == id)
}

/// Two minutes: no test waits so long, so what happens does not happen because of it.
const LONG_MS: u64 = 120_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_link_replaces_the_older_one_which_is_told() {
    let house = House::open(Limits::default()).await;
    let mut first = Client::ready(&house, "1001").await;
    house.caller("13812345678");
    let offer = first.event("offer.created").await;
    let mut second = Client::greeted(&house, "1001").await;
    let (code, why) = first.closed().await;
    assert_eq!((code, why.as_str()), (4002, "a newer link of this agent took its place"));
    // In mid-call nothing else happens: the offer still rings, and is hers to take.
    second.does("offer.accept", json!({"offer": offer.data["offer"]})).await;
    second.event("contact.connected").await;
    let log = house.since(0);
    assert!(!log.iter().any(unreachable(agent("1001"))));
    assert!(!log.iter().any(link_closed(agent("1001"))));
    // A third, while the first is long gone.
    let mut third = Client::greeted(&house, "1001").await;
    assert_eq!(second.closed().await.0, 4002);
    third.pong("still here").await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_that_ends_routes_around_her() {
    let house = House::open(with_lease(900)).await;
    let mut li = Client::ready(&house, "1001").await;
    let mut wang = Client::ready(&house, "1002").await;
    let before = house.last();
    house.caller("13812345678");
    // Li does not read from here on, so she answers no ping; Wang does.
    let offer = wang.event("offer.created").await;
    let log = house.since(before);
    let at = |fits: &dyn Fn(&Recorded<Event>) -> bool| log.iter().position(fits).unwrap();
    let lost = at(&unreachable(agent("1001")));
    assert_eq!(log[lost].reason.unwrap().slug.as_str(), "link_lost");
    let failed =
        at(&|recorded| matches!(&recorded.event, Event::OfferFailed(event) if event.agent == agent("1001")));
    let again =
        at(&|recorded| matches!(&recorded.event, Event::OfferCreated(event) if event.agent == agent("1002")));
    assert!(lost < failed && failed < again);
    wang.does("offer.accept", json!({"offer": offer.data["offer"]})).await;
    // When she reads again she finds out why it is quiet.
    li.event("offer.created").await;
    assert_eq!(li.closed().await.0, 1001);
    let back = Client::greet(&house, Protocol::Json, "1001", None).await;
    assert_eq!(back.snapshot.unwrap().agent.unwrap()["reachable"], true);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_sign_of_life_keeps_the_lease() {
    let house = House::open(with_lease(900)).await;
    let mut li = Client::ready(&house, "1001").await;
    let until = std::time::Instant::now() + std::time::Duration::from_millis(2_500);
    // Pings of her own, while answers to the server's are held back: nothing is read.
    while std::time::Instant::now() < until {
        li.say(&ClientFrame::Ping(Ping { id: None })).await;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await; // the pace of her pings
    }
    li.pong("here").await;
    assert!(!house.since(0).iter().any(link_closed(agent("1001"))));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reconnect_within_the_lease_goes_unnoticed() {
    let house = House::open(with_lease(LONG_MS)).await;
    let mut li = Client::ready(&house, "1001").await;
    li.everything().await;
    let last = li.last;
    li.socket.close(None).await.unwrap();
    drop(li);
    house.until("the link is gone", || house.links.open() == 0).await;
    let mut li = Client::greet(&house, Protocol::Json, "1001", Some(last)).await.client;
    li.event("agent.link_opened").await;
    let log = house.since(last);
    assert!(!log.iter().any(unreachable(agent("1001"))), "{log:?}");
    house.caller("13812345678");
    li.event("offer.created").await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_socket_is_told_to_the_engine_when_the_lease_ends() {
    let house = House::open(with_lease(700)).await;
    let mut li = Client::ready(&house, "1001").await;
    li.pong("here").await;
    let (left, last) = (house.door.now(), house.last());
    drop(li);
    let lost = house.until_logged(last, "she is unreachable", unreachable(agent("1001"))).await;
    let waited = lost.at.since(left).0;
    assert!(waited >= 400, "after {waited} ms only");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_nobody_signed_in_on_ends_at_once() {
    let house = House::open(with_lease(LONG_MS)).await;
    let li = Client::greeted(&house, "1001").await;
    drop(li);
    house.until_logged(0, "the link is closed in the log", link_closed(agent("1001"))).await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_signed_out_by_a_leader_is_told_and_let_go() {
    let house = House::open(with_lease(LONG_MS)).await;
    let mut li = Client::ready(&house, "1001").await;
    let mut lead = Client::greeted(&house, "lead").await;
    lead.does("agent.sign_out", json!({"agent": "1001", "reason": "end_of_shift"})).await;
    let out = li.event("agent.signed_out").await;
    assert_eq!(out.reason.unwrap().slug, "end_of_shift");
    assert_eq!(li.closed().await.0, 4005);
    house.until_logged(0, "the link is closed in the log", link_closed(agent("1001"))).await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_outlive_the_links_of_a_server_and_then_end() {
    let house = House::open(with_lease(3_000)).await;
    let mut told = Vec::new();
    for id in ["1001", "1002"] {
        let mut client = Client::ready(&house, id).await;
        told.push(tokio::spawn(async move { client.closed().await }));
    }
    let last = house.last();
    let house = house.restart_links().await;
    for told in told {
        assert_eq!(told.await.unwrap(), (4006, "the server stops".to_owned()));
    }
    // The engine ran on and still holds both sessions. One comes back, the other's lease ends.
    let mut li = Client::greeted(&house, "1001").await;
    let reading = tokio::spawn(async move { li.closed().await });
    house.until_logged(last, "the other is lost", link_closed(agent("1002"))).await;
    assert!(!house.since(last).iter().any(link_closed(agent("1001"))));
    house.links.stop(WITHIN).await;
    assert_eq!(reading.await.unwrap().0, 4006);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_that_ends_takes_its_links_along() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    let mut wall = Client::greeted(&house, "wall").await;
    house.door.end_streams();
    assert_eq!(li.closed().await.0, 4006);
    assert_eq!(wall.closed().await.0, 4006);
    let refused = crate::client::open(&house, None, None).await.unwrap_err();
    let tokio_tungstenite::tungstenite::Error::Http(response) = refused else { panic!("{refused}") };
    assert_eq!(response.status(), 503);
    house.close().await;
}
