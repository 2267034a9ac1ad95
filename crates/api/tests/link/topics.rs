//! What can be followed beyond one's own agent: the floor, and the log.

use crate::client::Client;
use crate::house::{House, agent};
use cordboard_api::link::Limits;
use cordboard_api::link::frame::{FloorDelta, FloorSnapshot, Protocol, ServerFrame};
use cordboard_floor::command::AskedState;
use cordboard_floor::configuration::{AgentConfig, SiteConfig};
use cordboard_floor::{Command, Millis, ReasonId};
use serde_json::{Value, json};

impl Client {
    pub(crate) async fn floor(&mut self) -> FloorSnapshot {
        self.find("the floor", |frame| match frame {
            ServerFrame::FloorSnapshot(floor) => Some(floor.clone()),
            _ => None,
        })
        .await
    }

    async fn delta(&mut self) -> FloorDelta {
        self.find("a change of the floor", |frame| match frame {
            ServerFrame::FloorDelta(delta) => Some(delta.clone()),
            _ => None,
        })
        .await
    }

    /// Follows deltas, checking their chain, until one of them satisfies.
    async fn delta_until(&mut self, told: &mut u64, fits: impl Fn(&FloorDelta) -> bool) -> FloorDelta {
        loop {
            let delta = self.delta().await;
            assert_eq!(delta.prev, *told, "a gap");
            assert!(delta.seq > delta.prev);
            *told = delta.seq;
            if fits(&delta) {
                return delta;
            }
        }
    }
}

fn row<'a>(rows: &'a [Value], key: &str, id: &str) -> Option<&'a Value> {
    rows.iter().find(|row| row[key] == id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaders_board_shows_the_floor_and_its_changes() {
    for protocol in Protocol::ALL {
        let house = House::open(Limits::default()).await;
        let mut lead = Client::greet(&house, protocol, "lead", None).await.client;
        lead.does("floor.subscribe", json!({})).await;
        let floor = lead.floor().await;
        assert_eq!((floor.part, floor.parts), (1, 1));
        assert_eq!((floor.agents.len(), floor.queues.len(), floor.contacts.len()), (6, 1, 0));
        assert_eq!(row(&floor.agents, "agent", "1001").unwrap()["state"], "signed_out");
        let mut told = floor.seq;

        let mut li = Client::ready(&house, "1001").await;
        let delta = lead
            .delta_until(&mut told, |delta| {
                row(&delta.agents, "agent", "1001").is_some_and(|row| row["state"] == "ready")
            })
            .await;
        assert_eq!(delta.agents.len(), 1, "only what changed");
        assert_eq!(delta.queues[0]["agents"]["idle"], 1, "her queue's counts changed with her");

        let contact = house.caller("13812345678").to_string();
        let offer = li.event("offer.created").await;
        let delta = lead.delta_until(&mut told, |delta| !delta.contacts.is_empty()).await;
        let shown = row(&delta.contacts, "contact", &contact).unwrap();
        assert_eq!(shown["from"], json!({"text": "138****5678", "masked": true}));
        assert_eq!(shown["attributes"], json!({"masked": true}));
        li.does("offer.reject", json!({"offer": offer.data["offer"]})).await;
        lead.delta_until(&mut told, |delta| delta.queues.first().is_some_and(|row| row["waiting"] == 1))
            .await;

        // What is over for long enough leaves the board.
        house.does(Command::ApplySite(SiteConfig { ended_kept_ms: Millis(1), ..SiteConfig::default() }));
        house.does(Command::Abandon { contact: contact.parse().unwrap() });
        lead.delta_until(&mut told, |delta| {
            row(&delta.contacts, "contact", &contact).is_some_and(|row| row["state"] == "ended")
        })
        .await;
        li.does("agent.raise_hand", json!({})).await;
        lead.delta_until(&mut told, |delta| delta.gone == [contact.clone()]).await;
        house.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_changes_come_together_and_not_too_often() {
    let house = House::open(Limits::default()).await;
    let _li = Client::ready(&house, "1001").await;
    let mut lead = Client::greeted(&house, "lead").await;
    lead.does("floor.subscribe", json!({})).await;
    let mut told = lead.floor().await.seq;
    let began = std::time::Instant::now();
    for turn in 0..400 {
        let not_ready = AskedState::NotReady(ReasonId::fixed("training"));
        let state = if turn % 2 == 0 { not_ready } else { AskedState::Ready };
        house.does(Command::ForceState { agent: agent("1001"), state });
    }
    let last = house.last();
    let mut deltas = 1;
    while lead.delta_until(&mut told, |_| true).await.seq < last {
        deltas += 1;
    }
    let most = began.elapsed().as_millis() / 250 + 2;
    assert!(deltas <= most, "{deltas} deltas, at most {most}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_floor_comes_in_parts() {
    let house = House::open(Limits::default()).await;
    house.does_many((0..1_200).map(|at| {
        Command::ApplyAgent(AgentConfig {
            agent: agent(&format!("x{at}")),
            active: true,
            team: None,
            queues: Vec::new(),
            skills: Vec::new(),
            capacity: 1,
            ..AgentConfig::customary(agent(&format!("x{at}")))
        })
    }));
    let mut lead = Client::greeted(&house, "lead").await;
    let end = house.last();
    house.until("the hub has seen them", || house.links.seq() >= end).await;
    lead.does("floor.subscribe", json!({})).await;
    let mut agents = 0;
    for part in 1..=3 {
        let floor = lead.floor().await;
        assert_eq!((floor.part, floor.parts, floor.seq), (part, 3, end));
        agents += floor.agents.len();
    }
    assert_eq!(agents, 1_206);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_leaders_floor_is_her_team() {
    let house = House::open(Limits::default()).await;
    let mut red = Client::greeted(&house, "red").await;
    red.does("floor.subscribe", json!({})).await;
    let floor = red.floor().await;
    let agents: Vec<&str> = floor.agents.iter().filter_map(|row| row["agent"].as_str()).collect();
    assert_eq!(agents, ["1001", "1002", "1003"]);
    assert!(floor.contacts.is_empty());
    let mut told = floor.seq;
    // A contact comes into her sight with the agent at whom it rings, and leaves it with her.
    let mut blue = Client::ready(&house, "1004").await;
    let mut li = Client::ready(&house, "1001").await;
    blue.does("agent.set_state", json!({"state": {"not_ready": "training"}})).await;
    let contact = house.caller("13812345678").to_string();
    let offer = li.event("offer.created").await;
    red.delta_until(&mut told, |delta| row(&delta.contacts, "contact", &contact).is_some()).await;
    li.does("offer.reject", json!({"offer": offer.data["offer"]})).await;
    let delta = red.delta_until(&mut told, |delta| delta.gone == [contact.clone()]).await;
    assert!(row(&delta.agents, "agent", "1004").is_none());
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_can_be_followed_from_any_number() {
    let house = House::open(Limits::default()).await;
    let _li = Client::ready(&house, "1001").await;
    house.caller("13812345678");
    let log = house.since(0);
    for (protocol, from) in [(Protocol::Json, 1), (Protocol::MsgPack, 7)] {
        let mut wall = Client::greet(&house, protocol, "wall", None).await.client;
        wall.last_of_topic = Some(from - 1);
        wall.does("events.subscribe", json!({"from_seq": from})).await;
        for recorded in &log[from as usize - 1..] {
            let told = wall.topic_event().await;
            assert_eq!(told.seq, recorded.seq);
            assert_eq!(told.ev, cordboard_floor::StoredEvent::name(&recorded.event));
            if told.ev == "contact.arrived" {
                assert_eq!(told.data["from"], json!({"text": "138****5678", "masked": true}));
            }
        }
    }
    // From now on, and no further ahead than the next.
    let mut wall = Client::greeted(&house, "wall").await;
    let ahead = wall.refused("events.subscribe", json!({"from_seq": house.last() + 2})).await;
    assert_eq!(ahead.code, "ahead_of_log");
    let from = wall.does("events.subscribe", json!({})).await;
    wall.last_of_topic = Some(from);
    house.caller("13900000001");
    let arrived = wall.topic_event().await;
    assert_eq!((arrived.seq, arrived.ev.as_ref()), (from + 1, "contact.arrived"));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_follows_the_log_sees_her_own() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    let _wang = Client::ready(&house, "1004").await;
    li.does("events.subscribe", json!({"from_seq": 1})).await;
    li.does("agent.raise_hand", json!({})).await;
    let mut told = Vec::new();
    while told.last().is_none_or(|name| name != "agent.hand_raised") {
        let event = li.topic_event().await;
        let about = event.data["agent"].clone();
        assert!(about == "1001" || about["agent"] == "1001", "{event:?}");
        told.push(event.ev.to_string());
    }
    assert!(told.contains(&"agent.signed_in".to_owned()));
    // And hears of it as her own agent too, on a chain of its own.
    li.event("agent.hand_raised").await;
    house.close().await;
}
