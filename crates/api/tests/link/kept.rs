//! What the links know of the past is kept beside the log, and is a cache like all else that is kept.

use crate::client::{Client, Greeted, open};
use crate::house::{House, agent};
use crate::unknown::append_unknown;
use cordboard_api::door::ViewStatus;
use cordboard_api::link::Limits;
use cordboard_api::link::frame::{Protocol, ServerFrame};
use cordboard_floor::Command;
use cordboard_views::audience::Audience;
use serde_json::json;
use tokio_tungstenite::tungstenite::Error;

fn links(house: &House) -> ViewStatus {
    let all = house.door.views.health_with_links();
    all.into_iter().find(|status| status.name == "links").expect("the links fare, too")
}

/// Somebody has been away over a restart, and misses nothing.
async fn resumes(house: &House, last: u64) {
    let Greeted { mut client, welcome, .. } = Client::greet(house, Protocol::Json, "1001", Some(last)).await;
    assert!(welcome.resumed);
    let told = client.everything().await;
    let told = told.iter().filter_map(|frame| match frame {
        ServerFrame::Ev(ev) => Some(ev.seq),
        _ => None,
    });
    let mut audience = Audience::new();
    let due = house.since(0).into_iter().filter(|recorded| {
        let seen = audience.fold_and_see(recorded);
        recorded.seq > last && seen.includes(agent("1001"), audience.team(agent("1001")))
    });
    assert_eq!(told.collect::<Vec<_>>(), due.map(|recorded| recorded.seq).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn links_go_on_from_what_was_kept_and_just_as_well_without_it() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    li.everything().await;
    let last = li.last;
    house.caller("13812345678");
    li.event("offer.created").await;
    drop(li);
    let house = house.restart().await;
    let kept = links(&house);
    assert!(kept.checkpoint_seq.is_some_and(|seq| seq > last), "{kept:?}");
    assert_eq!(kept.stopped, None);
    let refused = house.door.views.ask_anew("links").expect("there is such a view").unwrap_err();
    assert!(refused.to_string().contains("view-links-*"), "{refused}");
    resumes(&house, last).await;
    // Kept again while they run, not only at the end.
    let mut lead = Client::greeted(&house, "lead").await;
    house.does_many((1..600).map(|delta_ms| Command::NoteClockStep { delta_ms }));
    house.until("they are kept", || links(&house).checkpoint_seq > kept.checkpoint_seq).await;
    lead.does("floor.subscribe", json!({})).await;
    drop(lead);
    let house = house.restart_after(|log| std::fs::remove_dir_all(log.join("snapshots")).unwrap()).await;
    assert_eq!(links(&house).checkpoint_seq, None);
    resumes(&house, last).await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_they_cannot_take_stops_the_links_alone() {
    let house = House::open(Limits::default()).await;
    let mut unknown = 0;
    let house = house.restart_after(|log| unknown = append_unknown(log)).await;
    let stopped = links(&house).stopped.expect("they have stopped");
    assert!(stopped.contains(&format!("event {unknown}")), "{stopped}");
    let refused = open(&house, None, Some(&house.token("1001"))).await;
    let Err(Error::Http(answer)) = refused else { panic!("{refused:?}") };
    assert_eq!(answer.status(), 503);
    let problem: serde_json::Value = serde_json::from_slice(answer.body().as_deref().unwrap()).unwrap();
    assert_eq!(problem["code"], "view_stopped");
    assert!(problem["detail"].as_str().unwrap().contains(&stopped), "{problem}");
    // The engine goes on.
    house.caller("13812345678");
    house.close().await;
}
