//! Views kept, poisoned, and folded anew, at the door of a real server.

use crate::client::Client;
use crate::house::House;
use crate::unknown::append_unknown;
use cordboard_api::door::{folded, kept};
use cordboard_engine::Checkpoints;
use cordboard_floor::{AgentId, Command};
use cordboard_journal::{Options, open_reading_with_snapshots};
use cordboard_views::View;
use cordboard_views::board::Board;
use serde_json::{Value, json};
use std::path::Path;

async fn view(client: &Client, name: &str) -> Value {
    let list = client.get("/api/v1/views").await.ok();
    let views = list["views"].as_array().unwrap();
    views.iter().find(|view| view["name"] == name).unwrap_or_else(|| panic!("no {name} in {list}")).clone()
}

async fn rebuilt(house: &House, name: &str) -> Value {
    let wu = house.as_account("wu");
    let reply = wu.post(&format!("/api/v1/views/{name}/rebuild"), json!({})).await;
    assert_eq!(reply.status, 202);
    assert_eq!(reply.ok()["state"], "rebuilding");
    house.until("it is folded anew", async || view(&wu, name).await["last_rebuild"].is_object()).await;
    view(&wu, name).await
}

/// A board kept beside the log that was wrong in memory: it believes that nobody is idle.
fn doctor(dir: &Path) -> u64 {
    let (reader, snapshots) = open_reading_with_snapshots(&dir.join("log"), &Options::default()).unwrap();
    let checkpoints = Checkpoints::new(reader, snapshots);
    let board: Board = kept(&checkpoints, &Board::new(), u64::MAX).expect("a board was kept at the end");
    let seq = board.seq();
    let mut said = serde_json::to_value(&board).unwrap();
    assert_eq!(said["queues"]["sales"]["agents"]["idle"], 1);
    said["queues"]["sales"]["agents"]["idle"] = json!(0);
    let board: Board = serde_json::from_value(said).unwrap();
    checkpoints.write(folded::<Board>(), seq, &rmp_serde::to_vec(&board).unwrap()).unwrap();
    seq
}

#[tokio::test(flavor = "multi_thread")]
async fn views_go_on_from_their_checkpoints_and_say_so() {
    let house = House::open().await;
    house.is_ready("1001");
    let crm = house.as_account("crm");
    crm.post("/api/v1/contacts", json!({"queue": "sales", "channel": "voice"})).await.ok();
    let figures = crm.get("/api/v1/figures").await.ok();
    let last = house.events().len() as u64;
    let house = house.restart().await;
    let crm = house.as_account("crm");
    for name in ["board", "stories", "figures"] {
        house.until("it is taken up", async || view(&crm, name).await["checkpoint_seq"] == last).await;
        let view = view(&crm, name).await;
        assert_eq!((&view["state"], &view["stopped"]), (&json!("running"), &json!(null)));
    }
    let after = crm.get("/api/v1/figures").await.ok();
    assert_eq!(after["all"]["visits"], figures["all"]["visits"]);
    assert_eq!(after["all"]["contacts"], figures["all"]["contacts"]);
    let caught_up = async || {
        let view = view(&crm, "board").await;
        view["lag_events"] == 0 && view["lag_ms"] == 0
    };
    house.until("all is folded", caught_up).await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_view_stops_alone_and_loudly_and_is_brought_back() {
    let house = House::open().await;
    house.is_ready("1001");
    let dir = house.close().await;
    let kept = doctor(dir.path());
    // The restart takes the idle agent's link away: one idle agent less than none.
    let house = House::again(dir).await;
    let wu = house.as_account("wu");
    house.until("the board stops", async || view(&wu, "board").await["state"] == "stopped").await;
    let board = view(&wu, "board").await;
    let why = board["stopped"].as_str().unwrap().to_owned();
    assert!(why.starts_with("it panicked at event ") && why.contains("overflow"), "{why}");
    let at: u64 = why.split([' ', ',']).nth(4).unwrap().parse().unwrap();
    assert!(at > kept && board["seq"] == at - 1, "{board}");
    // Whoever needs it is told why; the others go on.
    let problem = wu.get("/api/v1/queues").await.problem(503, "view_stopped");
    assert!(problem["detail"].as_str().unwrap().contains(&why), "{problem}");
    assert_eq!(problem["retryable"], false);
    let metrics = wu.get("/metrics").await;
    let metrics = String::from_utf8(metrics.body.to_vec()).unwrap();
    assert!(metrics.contains("cordboard_view_stopped{view=\"board\"} 1"), "{metrics}");
    let lag =
        metrics.lines().find_map(|line| line.strip_prefix("cordboard_view_lag_events{view=\"board\"} "));
    assert!(lag.unwrap().parse::<u64>().unwrap() > 0, "{metrics}");
    assert!(metrics.contains("cordboard_view_lag_events{view=\"figures\"} 0"), "{metrics}");
    assert_eq!(wu.get("/readyz").await.status, 503);
    house.does(Command::SignOut { agent: AgentId::fixed("1001") });
    let last = house.events().len();
    house.until("the others go on", async || view(&wu, "figures").await["seq"] == last).await;
    wu.get("/api/v1/events").await.ok();

    let board = rebuilt(&house, "board").await;
    assert_eq!((&board["state"], &board["stopped"]), (&json!("running"), &json!(null)));
    assert_eq!(
        (&board["last_rebuild"]["swapped"], &board["last_rebuild"]["equal"]),
        (&json!(true), &json!(null))
    );
    let queue = wu.get("/api/v1/queues/sales").await.ok();
    assert_eq!((&queue["agents"]["idle"], &queue["agents"]["signed_out"]), (&json!(0), &json!(2)));
    assert_eq!(wu.get("/readyz").await.status, 200);
    // And the wrong one does not come back with the next start.
    let house = house.restart().await;
    house.as_account("wu").get("/api/v1/queues/sales").await.ok();
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_folded_anew_says_whether_it_was_right() {
    let house = House::open().await;
    house.is_ready("1001");
    for name in ["board", "stories", "figures"] {
        let rebuild = rebuilt(&house, name).await["last_rebuild"].clone();
        assert_eq!((&rebuild["swapped"], &rebuild["equal"]), (&json!(true), &json!(true)), "{rebuild}");
    }
    // A board that is wrong without having broken: it believes in two agents who are signed out.
    let dir = house.close().await;
    let (reader, snapshots) =
        open_reading_with_snapshots(&dir.path().join("log"), &Options::default()).unwrap();
    let checkpoints = Checkpoints::new(reader, snapshots);
    let board: Board = kept(&checkpoints, &Board::new(), u64::MAX).unwrap();
    let mut said = serde_json::to_value(&board).unwrap();
    said["queues"]["sales"]["today"]["answered"] = json!(7);
    let bytes = rmp_serde::to_vec(&serde_json::from_value::<Board>(said).unwrap()).unwrap();
    checkpoints.write(folded::<Board>(), board.seq(), &bytes).unwrap();
    drop(checkpoints);
    let house = House::again(dir).await;
    let wu = house.as_account("wu");
    assert_eq!(wu.get("/api/v1/queues/sales").await.ok()["today"]["answered"], 7);
    let rebuild = rebuilt(&house, "board").await["last_rebuild"].clone();
    assert_eq!((&rebuild["swapped"], &rebuild["equal"]), (&json!(true), &json!(false)));
    assert_eq!(rebuild["first_difference"], "queues.sales.today.answered: 7 was served, 0 is in the log");
    assert_eq!(wu.get("/api/v1/queues/sales").await.ok()["today"]["answered"], 0);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_views_that_are_there_are_folded_anew() {
    let house = House::open().await;
    let wu = house.as_account("wu");
    let problem = wu.post("/api/v1/views/figure/rebuild", json!({})).await.problem(404, "unknown_view");
    assert_eq!(problem["did_you_mean"], "figures");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_cannot_be_read_stops_the_views_at_its_number_and_the_engine_goes_on() {
    let house = House::open().await;
    let dir = house.close().await;
    let unknown = append_unknown(&dir.path().join("log"));
    let house = House::again(dir).await;
    let wu = house.as_account("wu");
    for name in ["board", "stories", "figures"] {
        house.until("it stops", async || view(&wu, name).await["state"] == "stopped").await;
        let view = view(&wu, name).await;
        assert_eq!(view["seq"], unknown - 1);
        let why = view["stopped"].as_str().unwrap();
        assert!(why.contains(&format!("event {unknown}")) && why.contains("0x7777 is unknown here"), "{why}");
    }
    wu.get("/api/v1/figures").await.problem(503, "view_stopped");
    // Work goes on: the engine needs no view.
    let crm = house.as_account("crm");
    crm.post("/api/v1/contacts", json!({"queue": "sales", "channel": "voice"})).await.ok();
    house.close().await;
}
