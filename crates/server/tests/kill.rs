//! `kill -9` at random moments under load. Callers come by HTTP and agents answer on links of their own,
//! all of them as careful clients would: what was not answered is asked again under the same id, and a
//! link that broke is resumed. Afterwards the log is held against what each of them was told.
//!
//! `CORDBOARD_KILLS` says how often; 50 unless told otherwise.

#[path = "kill/agent.rs"]
mod agent;
#[path = "kill/caller.rs"]
mod caller;

use agent::Agent;
use caller::Caller;
use cordboard_centre::{Event as CentreEvent, Record};
use cordboard_engine::codec;
use cordboard_floor::audit::Ledger;
use cordboard_floor::{AgentId, Decider, Event, Floor, Recorded, SiteId};
use cordboard_journal::{Options, open_reading, verify};
use cordboard_tests::rig::{Furniture, Server};
use cordboard_views::audience::Audience;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const AGENTS: [&str; 6] = ["1001", "1002", "1003", "1004", "1005", "1006"];
const CALLERS: usize = 4;
const CONFIG: &str = "[server]\ndrain_limit_ms = 2000\n[limits]\nsnapshot_every_events = 500\n\
    [queues.loans]\nwrapup_ms = 0\noffer_timeout_ms = 5000\n";
/// How long everyone may take to finish when the killing is over.
const DRAIN: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_however_often_the_server_is_killed() {
    let kills: u32 = std::env::var("CORDBOARD_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(50);
    let mut server = Server::furnish(&Furniture {
        binary: Path::new(env!("CARGO_BIN_EXE_cordboard")),
        config: CONFIG,
        agents: &AGENTS.map(str::to_owned),
        queues: &["loans"],
    });
    server.start().await;
    let closing = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..CALLERS)
        .map(|number| {
            tokio::spawn(Caller::new(number, server.address(), server.caller_token()).call(closing.clone()))
        })
        .collect();
    let gone = Arc::new(AtomicBool::new(false));
    let agents: Vec<_> = AGENTS
        .iter()
        .map(|agent| {
            tokio::spawn(Agent::new(agent, server.address(), server.agent_token(agent)).work(gone.clone()))
        })
        .collect();

    let mut chance = 0x5EED_u64;
    for _ in 0..kills {
        // The pace of kills: each falls wherever it falls, at a moment drawn from a seed.
        tokio::time::sleep(Duration::from_millis(60 + draw(&mut chance) % 400)).await;
        server.kill();
        server.start().await;
    }
    closing.store(true, Ordering::Release);
    let mut calls = Vec::new();
    for caller in callers {
        calls.extend(caller.await.expect("a caller who does not give up"));
    }
    let begun = Instant::now();
    while server.alive().await > 0 {
        assert!(begun.elapsed() < DRAIN, "{} contacts are still alive", server.alive().await);
        tokio::time::sleep(Duration::from_millis(20)).await; // polls the figures until nobody is left
    }
    gone.store(true, Ordering::Release);
    let mut told = BTreeMap::new();
    for (agent, work) in AGENTS.iter().zip(agents) {
        told.insert(
            agent.parse::<AgentId>().unwrap(),
            work.await.expect("an agent whose chain of events never broke"),
        );
    }
    server.terminate().await;

    let log = server.log();
    verify(&log, &mut |_| {}).expect("a sound log");
    let events = read(&log);
    the_books_balance(&events);
    let answered = every_answer_is_in_the_log(&events, &calls);
    everyone_was_told_everything_once(&events, &told);
    let starts =
        events.iter().filter(|event| matches!(event.event.floor(), Some(Event::EngineStarted(_)))).count();
    assert_eq!(starts, kills as usize + 1);
    let talks =
        events.iter().filter(|event| matches!(event.event.floor(), Some(Event::ContactConnected(_)))).count();
    assert!(talks > kills as usize, "there was work under the kills: {talks} conversations");
    eprintln!("{kills} kills: {} events, {answered} calls answered for, {talks} conversations", events.len());
}

fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

fn read(log: &Path) -> Vec<Recorded<CentreEvent>> {
    let reader = open_reading(log, &Options::default()).expect("a log that nobody holds");
    let decode = |record: Result<cordboard_journal::Record, _>| {
        let record = record.expect("a sound log");
        codec::decode(record.seq, &record.bytes).expect("events of this program")
    };
    reader.read(1).map(decode).collect()
}

/// No gap, everything ends once, offers go to whom a router of plain loops would choose, nobody is lost.
fn the_books_balance(events: &[Recorded<CentreEvent>]) {
    let mut floor = Floor::new(SiteId::fixed("main"));
    let mut ledger = Ledger::default();
    for event in events {
        assert_eq!(event.seq, floor.last_seq() + 1);
        let Some(event) = &event.floor() else {
            // Another desk's: its number is taken, and the floor stays as it is.
            floor.pass(event.seq, event.at);
            continue;
        };
        ledger.take(&floor, event).unwrap_or_else(|wrong| panic!("event {}: {wrong}", event.seq));
        floor.apply(event);
    }
    ledger.close(&floor).unwrap();
    assert_eq!(floor.alive(), 0);
}

/// Each call that was answered with an id is in the log under that id, and came in once.
fn every_answer_is_in_the_log(events: &[Recorded<CentreEvent>], calls: &[caller::Call]) -> usize {
    let mut arrivals = BTreeMap::new();
    for event in events {
        if let Some(Event::ContactArrived(arrived)) = event.event.floor() {
            let command = event.cause.as_ref().expect("callers give their calls an id").command.to_string();
            let twice = arrivals.insert(command, arrived.contact);
            assert_eq!(twice, None, "a call asked for again is the same call");
        }
    }
    let mut keys = BTreeSet::new();
    for call in calls {
        assert!(keys.insert(&call.key));
        let (_, contact) = arrivals
            .iter()
            .find(|(command, _)| command.ends_with(&call.key))
            .unwrap_or_else(|| panic!("{} was acknowledged and is not in the log", call.key));
        assert_eq!(contact.to_string(), call.contact);
    }
    calls.len()
}

/// From the first event that an agent was told to the last, exactly those that concern her, in order.
fn everyone_was_told_everything_once(events: &[Recorded<CentreEvent>], told: &BTreeMap<AgentId, Vec<u64>>) {
    let mut audience = Audience::new();
    let mut concern: BTreeMap<AgentId, Vec<u64>> = BTreeMap::new();
    for event in events {
        let seen = match (event.floor(), event.quality()) {
            (Some(event), _) => audience.fold_and_see(&event),
            (_, Some(event)) => audience.see_quality(&event),
            _ => continue,
        };
        for agent in seen.agents {
            concern.entry(agent).or_default().push(event.seq);
        }
    }
    for (agent, told) in told {
        let (first, last) = (told[0], told[told.len() - 1]);
        let expected: Vec<u64> =
            concern[agent].iter().copied().filter(|seq| (first..=last).contains(seq)).collect();
        assert_eq!(told, &expected, "agent {agent}: missed or doubled");
    }
}
