//! The past played again on a link: the floor as it was seen, then what happened, in order, and nothing else.

use crate::client::{Client, open_narrow};
use crate::house::{House, agent};
use crate::played::{Played, Shown};
use cordboard_api::door::Limits as DoorLimits;
use cordboard_api::link::Limits;
use cordboard_api::link::frame::{ClientFrame, Cmd, FloorSnapshot, Hello, Playing, Protocol, Replayed};
use cordboard_engine::{Engine, EngineOptions};
use cordboard_floor::command::AskedState;
use cordboard_floor::{
    AgentId, Command, ContactId, Floor, Millis, ReasonId, SiteId, StoredEvent, Submission,
};
use cordboard_journal::{Journal, Options};
use cordboard_views::View;
use cordboard_views::board::Board;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// Something happens, and what was seen of the floor in between.
async fn a_morning(house: &House, lead: &mut Client) -> Vec<FloorSnapshot> {
    let mut seen = vec![lead.floor_now(house).await];
    let mut li = Client::ready(house, "1001").await;
    let _blue = Client::ready(house, "1004").await;
    house.caller("13812345678");
    house.caller("13900000001");
    let offer = li.event("offer.created").await;
    seen.push(lead.floor_now(house).await);
    li.does("offer.accept", json!({"offer": offer.data["offer"]})).await;
    house.caller("13900000002");
    seen.push(lead.floor_now(house).await);
    li.does("contact.end", json!({"contact": offer.data["contact"]})).await;
    seen.push(lead.floor_now(house).await);
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_live_is_played_again() {
    let house = House::open(Limits::default()).await;
    let mut lead = Client::greeted(&house, "lead").await;
    let seen = a_morning(&house, &mut lead).await;
    // What a follower of the log was told live, word for word.
    let mut wall = Client::greeted(&house, "wall").await;
    wall.last_of_topic = Some(0);
    wall.does("events.subscribe", json!({"from_seq": 1})).await;
    let mut told = BTreeMap::new();
    while told.len() < house.last() as usize {
        let ev = wall.topic_event().await;
        told.insert(ev.seq, ev);
    }
    let last = house.last();
    for protocol in Protocol::ALL {
        let mut qa = Client::greet(&house, protocol, "wall", None).await.client;
        for was in &seen {
            let mut played = Played::default();
            let at = told[&was.seq].at;
            // By number; and by time, where nothing else happened at that very moment.
            let by_time = told.get(&(was.seq + 1)).is_none_or(|next| next.at > at);
            let places = [Some(json!({"from_seq": was.seq + 1})), by_time.then(|| json!({"at": at}))];
            for mut start in places.into_iter().flatten() {
                start["speed"] = json!(1_000);
                start["skip_idle_ms"] = json!(0);
                assert_eq!(qa.does("replay.start", start).await, was.seq);
                played = Played::default();
                let end = qa.plays_until(&mut played, Playing::Ended).await;
                assert_eq!((end.seq, end.at), (last, told[&last].at));
                assert_eq!(played.floor.as_ref(), Some(was), "the floor as it was seen");
                assert_eq!(played.seqs(), (was.seq + 1..=last).collect::<Vec<_>>(), "every event, in order");
            }
            for ev in &played.events {
                let live = &told[&ev.seq];
                assert_eq!(
                    (&ev.at, &ev.ev, &ev.actor, &ev.reason, &ev.data),
                    (&live.at, &live.ev, &live.actor, &live.reason, &live.data)
                );
            }
        }
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_floor_can_be_played_like_a_film() {
    let house = House::open(Limits::default()).await;
    let mut lead = Client::greeted(&house, "lead").await;
    let seen = a_morning(&house, &mut lead).await;
    let end = lead.floor_now(&house).await;
    let mut qa = Client::greeted(&house, "wall").await;
    let start = json!({"from_seq": seen[0].seq + 1, "speed": 1_000, "skip_idle_ms": 0, "topics": ["floor", "events"]});
    qa.does("replay.start", start).await;
    let mut played = Played::default();
    qa.plays_until(&mut played, Playing::Ended).await;
    assert!(!played.deltas.is_empty());
    let mut shown = Shown::of(played.floor.as_ref().unwrap());
    played.deltas.iter().for_each(|delta| shown.take(delta));
    assert_eq!(shown, Shown::of(&end), "all changes together make the floor of the end");
    assert_eq!(played.events.last().unwrap().seq, house.last());
    // Step by step, each step shows the floor behind it.
    let start = json!({"from_seq": seen[1].seq + 1, "topics": ["floor"], "paused": true});
    qa.does("replay.start", start).await;
    let mut played = Played::default();
    qa.plays_until(&mut played, Playing::Paused).await;
    let mut shown = Shown::of(played.floor.as_ref().unwrap());
    let steps = seen[2].seq - seen[1].seq;
    for _ in 0..steps {
        qa.does("replay.step", json!({})).await;
        qa.plays_until(&mut played, Playing::Paused).await;
    }
    assert!(played.events.is_empty(), "only the floor was asked for");
    played.deltas.iter().for_each(|delta| shown.take(delta));
    assert_eq!(shown, Shown::of(&seen[2]));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_is_exactly_so_many_events_and_a_held_replay_says_nothing() {
    let house = House::open(Limits::default()).await;
    let mut lead = Client::greeted(&house, "lead").await;
    a_morning(&house, &mut lead).await;
    let last = house.last();
    let mut qa = Client::greeted(&house, "wall").await;
    qa.does("replay.start", json!({"from_seq": 1, "paused": true})).await;
    let mut played = Played::default();
    let held = qa.plays_until(&mut played, Playing::Paused).await;
    assert_eq!((held.seq, played.floor.as_ref().unwrap().agents.len()), (0, 0), "before the first event");
    let mut due = 0;
    for n in [1, 2, 1, 5, 70] {
        due = (due + n).min(last);
        qa.does("replay.step", json!({"n": n})).await;
        let state = if due == last { Playing::Ended } else { Playing::Paused };
        let told = qa.plays_until(&mut played, state).await;
        assert_eq!(told.seq, due);
        qa.has_been_played(&mut played).await;
        assert_eq!(played.seqs(), (1..=due).collect::<Vec<_>>(), "exactly");
        if due == last {
            break;
        }
    }
    // To another moment and on: the floor of it first, and still held.
    qa.does("replay.seek", json!({"seq": 20})).await;
    qa.plays_until(&mut played, Playing::Paused).await;
    assert_eq!((played.run, played.floor.as_ref().unwrap().seq), (2, 20));
    qa.has_been_played(&mut played).await;
    assert!(played.events.is_empty());
    qa.does("replay.step", json!({})).await;
    qa.plays_until(&mut played, Playing::Paused).await;
    assert_eq!(played.seqs(), [21]);
    qa.does("replay.speed", json!({"speed": 1_000})).await;
    qa.does("replay.resume", json!({})).await;
    let told = qa.plays_until(&mut played, Playing::Ended).await;
    assert_eq!((told.speed, played.seqs()), (1_000, (21..=last).collect()));
    // More has happened since: it goes on when asked to.
    house.caller("13900000003");
    let more = house.last();
    qa.does("replay.resume", json!({})).await;
    while played.seqs().last() != Some(&more) {
        let frame = qa.replayed().await;
        played.take(frame);
    }
    qa.does("replay.stop", json!({})).await;
    assert_eq!(qa.refused("replay.resume", json!({})).await.code, "no_replay");
    house.close().await;
}

/// Appends events that lie so far apart, in ms.
fn append_apart(log: &Path, gaps_ms: &[u64]) {
    let options = Options { min_free_bytes: 1 << 20, ..Options::default() };
    let (journal, recovery) = Journal::create_or_open(log, options).unwrap();
    let floor = Floor::new(SiteId::fixed("north"));
    let mut engine = Engine::open(floor, journal, recovery, EngineOptions::default()).unwrap();
    let mut now = cordboard_floor::Decider::last_at(engine.state());
    for gap in gaps_ms {
        now = now.plus(Millis(*gap));
        engine.decide(now, Submission::system("test", Command::NoteClockStep { delta_ms: 1 })).unwrap();
        engine.commit().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_plays_at_its_pace_and_skips_what_is_idle() {
    let house = House::open(Limits::default()).await;
    let first = house.last() + 1;
    const GAP: Duration = Duration::from_millis(400);
    // Hours of quiet, a second, hours of quiet, 400 ms.
    let house = house.restart_after(|log| append_apart(log, &[7_200_000, 1_000, 7_200_000, 400])).await;
    let mut qa = Client::greeted(&house, "wall").await;
    let mut played = Played::default();

    // As fast as it happened: not sooner than 400 ms after the one before.
    let began = Instant::now();
    qa.does("replay.start", json!({"from_seq": first + 3})).await;
    qa.plays_events(&mut played, 1).await;
    assert!(began.elapsed() >= GAP, "{:?}", began.elapsed());
    // Forty times as fast, the same takes at least its fortieth part, and a held one does not play at all.
    played = Played::default();
    qa.does("replay.start", json!({"from_seq": first + 1, "speed": 40})).await;
    qa.plays_events(&mut played, 1).await;
    qa.does("replay.pause", json!({})).await;
    let held = qa.plays_until(&mut played, Playing::Paused).await;
    assert_eq!(held.seq, first + 1);
    // At the pace of this replay nothing could come for minutes anyway; while it is held nothing may.
    tokio::time::sleep(Duration::from_millis(100)).await;
    qa.has_been_played(&mut played).await;
    assert_eq!(played.seqs(), [first + 1], "two hours of quiet are three minutes at that speed");
    // With idle time cut, hours are no hours, and what is shorter is not cut.
    played = Played::default();
    let began = Instant::now();
    qa.does("replay.start", json!({"from_seq": first, "speed": 2, "skip_idle_ms": 1_000})).await;
    qa.plays_events(&mut played, 4).await;
    assert!(began.elapsed() >= Duration::from_millis(1_600), "3 × 1 s and 400 ms, twice as fast");
    // From a moment in the midst of the quiet, the rest of it is waited for; faster, it is over soon.
    played = Played::default();
    let at = played_at(&house, first + 1).plus(Millis(7_000_000));
    qa.does("replay.start", json!({"at": at, "speed": 1})).await;
    let held = qa.plays_until(&mut played, Playing::Playing).await;
    assert!(held.at >= at && played.events.is_empty());
    qa.does("replay.speed", json!({"speed": 1_000})).await;
    qa.plays_events(&mut played, 1).await;
    house.close().await;
}

fn played_at(house: &House, seq: u64) -> cordboard_floor::Instant {
    house.since(seq - 1)[0].at
}

/// The events about some agents, or about a contact that was with one of them before the event or after it.
fn of_team(house: &House, team: &[&str]) -> Vec<u64> {
    let is_theirs = |id: AgentId| team.contains(&id.to_string().as_str());
    let with_them = |board: &Board, contact: ContactId| {
        board.offers().any(|offer| offer.contact == contact && is_theirs(offer.agent))
            || board.contact(contact).is_some_and(|row| row.participants.iter().any(|on| is_theirs(on.agent)))
    };
    let (mut board, mut seqs) = (Board::new(), Vec::new());
    for recorded in house.since(0) {
        let contact = recorded.event.contact();
        let before = contact.is_some_and(|contact| with_them(&board, contact));
        board.fold(&recorded);
        let after = contact.is_some_and(|contact| with_them(&board, contact));
        if before || after || recorded.event.agent().is_some_and(is_theirs) {
            seqs.push(recorded.seq);
        }
    }
    seqs
}

#[tokio::test(flavor = "multi_thread")]
async fn the_past_is_cut_and_masked_as_the_present_is() {
    let house = House::open(Limits::default()).await;
    let mut lead = Client::greeted(&house, "lead").await;
    let seen = a_morning(&house, &mut lead).await;
    let mut red = Client::greeted(&house, "red").await;
    red.does("replay.start", json!({"from_seq": 1, "speed": 1_000, "skip_idle_ms": 0})).await;
    let mut played = Played::default();
    let end = red.plays_until(&mut played, Playing::Ended).await;
    assert_eq!(end.seq, house.last());
    assert_eq!(
        played.seqs(),
        of_team(&house, &["1001", "1002", "1003"]),
        "hers, all of it, and nothing else"
    );
    let names: Vec<&str> = played.events.iter().map(|ev| ev.ev.as_ref()).collect();
    for name in ["agent.signed_in", "offer.created", "contact.connected", "contact.ended"] {
        assert!(names.contains(&name), "{name} is her team's: {names:?}");
    }
    for ev in &played.events {
        let about = ev.data["agent"].as_str().or(ev.data["agent"]["agent"].as_str());
        assert!(about.is_none_or(|about| about < "1004"), "not her team's: {ev:?}");
        let number = &ev.data["from"];
        assert!(number.is_null() || number["masked"] == true, "{ev:?}");
    }
    assert!(played.events.len() < house.last() as usize);
    // Her floor of then is her team, with its contacts.
    red.does("replay.seek", json!({"seq": seen[2].seq})).await;
    while played.run != 2 || played.floor.is_none() {
        let frame = red.replayed().await;
        played.take(frame);
    }
    let floor = played.floor.unwrap();
    assert_eq!(floor.agents.len(), 3);
    assert_eq!(floor.contacts.len(), 1);
    assert_eq!(floor.contacts[0]["from"], json!({"text": "138****5678", "masked": true}));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_look_back_and_what_is_no_wish_is_told() {
    let house = House::open(Limits::default()).await;
    for account in ["1001", "crm"] {
        let mut client = Client::greeted(&house, account).await;
        for (cmd, args) in [("replay.start", json!({"from_seq": 1})), ("replay.step", json!({}))] {
            let nack = client.refused(cmd, args).await;
            assert_eq!(nack.code, "forbidden", "{account} {cmd}");
            assert!(nack.message.contains("replay.start"), "{nack:?}");
        }
    }
    let mut qa = Client::greeted(&house, "wall").await;
    let ahead = house.last() + 2;
    for (cmd, args, code, message) in [
        ("replay.pause", json!({}), "no_replay", "replay.start begins"),
        ("replay.stop", json!({}), "no_replay", "replay.start begins"),
        ("replay.start", json!({}), "malformed", "say at or from_seq, one of them"),
        ("replay.start", json!({"from_seq": 1, "at": "2026-11-22T00:00:00Z"}), "malformed", "one of them"),
        ("replay.start", json!({"at": "noon"}), "malformed", "args.at"),
        ("replay.start", json!({"from_seq": 1, "speed": 0}), "over_limit", "1 to 1000 times"),
        ("replay.start", json!({"from_seq": 1, "speed": 1_001}), "over_limit", "1 to 1000 times"),
        ("replay.start", json!({"from_seq": 1, "speed": 0.5}), "malformed", "args.speed"),
        ("replay.start", json!({"from_seq": 1, "topics": []}), "malformed", "names nothing"),
        ("replay.start", json!({"from_seq": 1, "topics": ["sound"]}), "malformed", "unknown variant"),
        ("replay.start", json!({"from_seq": ahead}), "outside_the_log", "there is no event"),
        ("replay.start", json!({"at": "2199-11-22T00:00:00Z"}), "outside_the_log", "future"),
        ("replay.start", json!({"at": "1999-11-22T00:00:00Z"}), "outside_the_log", "before the log"),
        ("replay.step", json!({"n": 0}), "over_limit", "1 to 1000 events"),
        ("replay.step", json!({"n": 1_001}), "over_limit", "1 to 1000 events"),
    ] {
        let nack = qa.refused(cmd, args.clone()).await;
        assert_eq!(nack.code, code, "{cmd} {args}: {nack:?}");
        assert!(nack.message.contains(message), "{cmd} {args}: {nack:?}");
    }
    // A seek that leads nowhere leaves the replay where it is.
    qa.does("replay.start", json!({"from_seq": 5, "paused": true})).await;
    let mut played = Played::default();
    qa.plays_until(&mut played, Playing::Paused).await;
    assert_eq!(qa.refused("replay.seek", json!({"seq": ahead})).await.code, "outside_the_log");
    qa.does("replay.step", json!({})).await;
    qa.plays_until(&mut played, Playing::Paused).await;
    assert_eq!((played.run, played.seqs()), (1, vec![5]));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_only_so_many_replays_and_a_moment_too_far_fails_aloud() {
    let limits = Limits { replays_max: 1, ..Limits::default() };
    let house = House::behind(limits, DoorLimits { past_events_max: 8, ..DoorLimits::default() }).await;
    let (mut qa, mut other) = (Client::greeted(&house, "wall").await, Client::greeted(&house, "lead").await);
    // Another start on the same link takes the place of the one before.
    qa.does("replay.start", json!({"from_seq": 1, "paused": true})).await;
    qa.does("replay.start", json!({"from_seq": 5, "paused": true})).await;
    let refused = other.refused("replay.start", json!({"from_seq": 1})).await;
    assert_eq!((refused.code.as_ref(), refused.retryable), ("too_many_replays", true));
    // Further from the first event, or a checkpoint, than is folded for one board.
    let mut played = Played::default();
    qa.does("replay.start", json!({"from_seq": 10, "paused": true})).await;
    let failed = loop {
        let frame = qa.replayed().await;
        match frame.what {
            Replayed::State(state) if state.state == Playing::Failed => break state,
            _ => {}
        }
    };
    assert!(failed.why.as_deref().unwrap().contains("9 events lie between"), "{failed:?}");
    assert_eq!(qa.refused("replay.step", json!({})).await.code, "replay_failed");
    qa.does("replay.seek", json!({"seq": 8})).await;
    played.run = 1;
    qa.plays_until(&mut played, Playing::Paused).await;
    assert_eq!(played.floor.as_ref().unwrap().seq, 8);
    drop(qa);
    house.until("its place is free", || house.links.open() == 1).await;
    other.does("replay.start", json!({"from_seq": 1, "paused": true})).await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_never_holds_up_what_is_live() {
    let house = House::open(Limits::default()).await;
    let flips = (0..3_000).map(|turn| {
        let not_ready = AskedState::NotReady(ReasonId::fixed("training"));
        let state = if turn % 2 == 0 { AskedState::Ready } else { not_ready };
        Command::ForceState { agent: agent("1001"), state }
    });
    let _li = Client::ready(&house, "1001").await;
    house.does_many(flips);
    let long = house.last();
    house.until("the hub has seen all", || house.links.seq() >= long).await;
    // One who never reads what is played to him,
    let mut deaf = open_narrow(&house, &house.token("wall")).await;
    let say = |frame: ClientFrame| Protocol::Json.encode(&frame).unwrap();
    let hello = say(ClientFrame::Hello(Hello::default()));
    let args = json!({"from_seq": 1, "speed": 1_000, "skip_idle_ms": 0});
    let start =
        Cmd { id: "deaf".into(), cmd: "replay.start".into(), args: args.as_object().unwrap().clone() };
    futures_util::SinkExt::send(&mut deaf, hello).await.unwrap();
    futures_util::SinkExt::send(&mut deaf, say(ClientFrame::Cmd(start))).await.unwrap();
    // and one who reads what is played and what is live, each on its own chain.
    let mut lead = Client::greeted(&house, "lead").await;
    lead.last_of_topic = Some(long);
    lead.does("events.subscribe", json!({"from_seq": long + 1})).await;
    lead.does("replay.start", json!({"from_seq": 1, "speed": 1_000, "skip_idle_ms": 0})).await;
    house.does_many((0..200).map(|delta_ms| Command::NoteClockStep { delta_ms }));
    for seq in long + 1..=house.last() {
        assert_eq!(lead.topic_event().await.seq, seq);
    }
    let mut played = Played::default();
    lead.plays_events(&mut played, long as usize).await;
    assert_eq!(played.seqs()[..long as usize], (1..=long).collect::<Vec<_>>());
    let log = house.since(0);
    assert!(played.events.iter().zip(&log).all(|(ev, recorded)| ev.ev == recorded.event.name()));
    drop(deaf);
    house.close().await;
}
