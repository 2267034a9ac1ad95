//! Walls: what a token of one may and may not, when it ends, and what its frames say and never say.

use crate::client::{Client, open};
use crate::house::{House, SALES, sales};
use cordboard_api::door::follow;
use cordboard_api::link::Limits;
use cordboard_api::link::frame::{ClientFrame, Hello, Protocol, ServerFrame, Wall};
use cordboard_api::link::limits::WALL_DELTA_EVERY;
use cordboard_api::terms::{Terms, Wall as WallTerms};
use cordboard_floor::configuration::QueueConfig;
use cordboard_floor::{Command, Event, QueueId};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

const CARDS: QueueId = QueueId::fixed("cards");

async fn house(limits: Limits) -> House {
    let house = House::open(limits).await;
    house.does(Command::ApplyQueue(QueueConfig { queue: CARDS, ..sales() }));
    let wall = |wall: &str, queues: &[QueueId]| WallTerms {
        wall: wall.to_owned(),
        name: Default::default(),
        queues: queues.to_vec(),
        tiles: Vec::new(),
    };
    let mut terms = Terms::default();
    terms.pages.walls = vec![wall("main", &[]), wall("cards", &[CARDS])];
    house.door.set_terms(terms);
    house
}

/// Asks the HTTP door of the same server.
async fn ask(house: &House, token: &str, method: &str, path: &str, body: Value) -> (u16, Value) {
    let stream = TcpStream::connect(house.addr).await.unwrap();
    let (mut send, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = http::Request::builder()
        .method(method)
        .uri(path)
        .header("host", "here")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"));
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let reply = send.send_request(request.body(Full::new(bytes::Bytes::from(body))).unwrap()).await.unwrap();
    let status = reply.status().as_u16();
    let body = reply.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

/// A wall's token, as a leader makes it: its id and itself.
async fn made(house: &House, wall: &str) -> (String, String) {
    let new = json!({"wall": wall, "life_ms": 3_600_000});
    let (status, made) = ask(house, &house.token("lead"), "POST", "/api/v1/walls", new).await;
    assert_eq!(status, 201, "{made}");
    let token = made["token"].as_str().unwrap().to_owned();
    assert_eq!(made["url"], format!("/wall/{wall}#{token}"));
    (made["id"].as_str().unwrap().to_owned(), token)
}

/// A screen: it has a ticket, as a page would.
async fn screen(house: &House, token: &str) -> Client {
    let (status, ticket) = ask(house, token, "POST", "/api/v1/tickets", Value::Null).await;
    assert_eq!(status, 201, "{ticket}");
    let ticket = ticket["ticket"].as_str().map(str::to_owned);
    let mut client = Client::on(open(house, None, None).await.unwrap(), Protocol::Json, "a screen");
    client.say(&ClientFrame::Hello(Hello { id: Some("h".into()), ticket, resume: None })).await;
    client.welcome().await;
    client
}

impl Client {
    async fn wall(&mut self) -> Wall {
        let wall = |frame: &ServerFrame| match frame {
            ServerFrame::Wall(wall) => Some((**wall).clone()),
            _ => None,
        };
        self.find("a wall", wall).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_is_told_whole_and_then_what_changed_with_nothing_personal() {
    let house = house(Limits::default()).await;
    let _follower = follow(&house.door.feed, &house.door.views).unwrap();
    let (_, token) = made(&house, "main").await;
    let mut screen = screen(&house, &token).await;
    screen.does("wall.subscribe", json!({"wall": "main"})).await;
    let first = screen.wall().await;
    assert!(first.whole && first.prev == 0 && first.site.is_some());
    let queues: Vec<_> = first.queues.iter().filter_map(|row| row.queue.clone()).collect();
    assert_eq!(queues, ["cards", "sales"]);

    let mut li = Client::ready(&house, "1001").await;
    house.caller("13812345678");
    let offer = li.event("offer.created").await;
    li.does("offer.accept", json!({"offer": offer.data["offer"]})).await;
    house.caller("13912345678");
    let (mut told, mut frames, mut last) = (first.seq, vec![first], Instant::now());
    loop {
        let frame = screen.wall().await;
        assert!(!frame.whole && frame.prev == told, "a chain: {frame:?}");
        assert!(frame.queues.iter().all(|row| row.queue.as_deref() == Some("sales")), "only what changed");
        // Frames are made no faster than that; the first gap is from our own clock.
        assert!(frames.len() < 2 || last.elapsed() > WALL_DELTA_EVERY / 4, "{:?}", last.elapsed());
        last = Instant::now();
        told = frame.seq;
        frames.push(frame.clone());
        let figures =
            frame.queues.first().and_then(|row| row.today.clone().map(|today| (row.clone(), today)));
        let Some((row, today)) = figures else { continue };
        if row.waiting == 1 && row.talking == 1 && today.offered == 2 && today.answered == 1 {
            let level = today.sl.unwrap();
            assert_eq!((level.id.as_str(), level.numerator, level.denominator), ("sl.offered", 1, 1));
            assert_eq!(today.asa.unwrap().id, "kpi.asa.answered");
            assert!(row.oldest_waiting_at.is_some() && row.interval.unwrap().offered == 2);
            break;
        }
    }
    let bytes: String = frames.iter().map(|frame| serde_json::to_string(frame).unwrap()).collect();
    for personal in ["1001", "1002", "5678", "\"c-", "\"o-", "agent"] {
        assert!(!bytes.contains(personal), "{personal} in {bytes}");
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walls_token_does_nothing_else() {
    let house = house(Limits::default()).await;
    let (id, token) = made(&house, "cards").await;
    for (method, path) in cordboard_api::http::ROUTES {
        let path = path.replace("{queue}", "sales").replace("{contact}", "c-1").replace("{agent}", "1001");
        let path = path
            .replace("{id}", &id)
            .replace("{view}", "board")
            .replace("{kind}", "waits")
            .replace("{figure}", "f-1");
        let (status, answer) = ask(&house, &token, &method.to_uppercase(), &path, Value::Null).await;
        let is_open = !path.starts_with("/api/v1/") || path == "/api/v1/sessions" && *method == "post";
        let is_its_own =
            ["/api/v1/names", "/api/v1/page-settings", "/api/v1/tickets"].contains(&path.as_str());
        match (is_open, is_its_own) {
            (true, _) => {}
            (_, true) => assert!((200..300).contains(&status), "{method} {path}: {status}"),
            _ => assert_eq!((status, &answer["code"]), (403, &json!("wall_only")), "{method} {path}"),
        }
    }
    let mut screen = screen(&house, &token).await;
    for cmd in ["floor.subscribe", "events.subscribe", "replay.start"] {
        assert_eq!(screen.refused(cmd, json!({})).await.code, "forbidden", "{cmd}");
    }
    let close = screen.refused("queue.close", json!({"queue": SALES.as_str()})).await;
    assert_eq!(close.code, "forbidden");
    assert_eq!(screen.refused("wall.subscribe", json!({"wall": "main"})).await.code, "forbidden");
    screen.does("wall.subscribe", json!({"wall": "cards"})).await;
    let wall = screen.wall().await;
    assert_eq!(wall.queues.len(), 1);
    // A leader may look at each; an agent has no wall.
    let mut lead = Client::greeted(&house, "lead").await;
    assert_eq!(lead.refused("wall.subscribe", json!({"wall": "mian"})).await.code, "unknown_wall");
    lead.does("wall.subscribe", json!({"wall": "main"})).await;
    let mut li = Client::greeted(&house, "1001").await;
    assert_eq!(li.refused("wall.subscribe", json!({"wall": "main"})).await.code, "forbidden");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_making_and_revoking_is_an_event_and_a_revoked_wall_goes_dark() {
    let house = house(Limits::default()).await;
    let lead = house.token("lead");
    let (id, token) = made(&house, "main").await;
    let (_, listed) = ask(&house, &lead, "GET", "/api/v1/walls", Value::Null).await;
    let row = &listed["walls"][0];
    assert_eq!((&row["id"], &row["wall"], &row["made_by"]), (&json!(id), &json!("main"), &json!("lead")));
    let mut screen = screen(&house, &token).await;
    screen.does("wall.subscribe", json!({"wall": "main"})).await;
    screen.wall().await;

    assert_eq!(ask(&house, &house.token("1001"), "GET", "/api/v1/walls", Value::Null).await.0, 403);
    assert_eq!(
        ask(&house, &lead, "DELETE", "/api/v1/walls/lead", Value::Null).await.1["code"],
        "unknown_wall_token"
    );
    assert_eq!(ask(&house, &lead, "DELETE", &format!("/api/v1/walls/{id}"), Value::Null).await.0, 204);
    let (code, why) = screen.closed().await;
    assert_eq!((code, why.as_str()), (4001, "the wall's token has ended or was revoked"));
    assert_eq!(ask(&house, &token, "GET", "/api/v1/names", Value::Null).await.1["code"], "token_invalid");
    let noted: Vec<String> = house
        .since(1)
        .iter()
        .filter_map(|recorded| match &recorded.event {
            Event::AccountChanged(event) if event.account.as_str() == id => {
                Some(format!("{} by {:?}", event.what, recorded.actor))
            }
            _ => None,
        })
        .collect();
    assert_eq!(noted.len(), 2, "{noted:?}");
    assert!(noted[0].starts_with("token_issued") && noted[1].starts_with("token_revoked"), "{noted:?}");
    assert!(noted.iter().all(|note| note.contains("Leader")), "{noted:?}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_by_itself_and_its_link_with_it() {
    let house = house(Limits::default()).await;
    let lead = house.token("lead");
    let post = async |body: Value| ask(&house, &lead, "POST", "/api/v1/walls", body).await;
    assert_eq!(post(json!({"wall": "mian", "life_ms": 60_000})).await.1["did_you_mean"], "main");
    assert_eq!(post(json!({"wall": "main", "life_ms": 59_999})).await.1["code"], "invalid_body");
    let (id, token) = made(&house, "main").await;
    let mut screen = screen(&house, &token).await;
    screen.does("wall.subscribe", json!({"wall": "main"})).await;
    screen.wall().await;
    // Its time comes sooner than a leader could have set it.
    let vault = &house.door.vault;
    vault.revoke_all(&id).unwrap();
    vault.issue_token(&id, house.door.wall_us(), 500, "main lead").unwrap();
    let began = Instant::now();
    let (code, _) = screen.closed().await;
    assert_eq!(code, 4001);
    assert!(began.elapsed() < Duration::from_secs(20));
    assert_eq!(ask(&house, &lead, "GET", "/api/v1/walls", Value::Null).await.1["walls"], json!([]));
    // The next one made clears it away.
    made(&house, "main").await;
    assert!(house.door.vault.account(&id).is_none());
    house.close().await;
}
