//! Looking back: what was shown live is shown again, to the letter, whatever has happened since.

use crate::client::Client;
use crate::house::{House, SALES};
use cordboard_api::door::Limits;
use cordboard_floor::{AgentId, Command, ContactId};
use serde_json::{Value, json};

const LI: AgentId = AgentId::fixed("1001");

/// The floor as it is shown live, and as of which event.
#[derive(Debug)]
struct Shown {
    seq: u64,
    queues: Value,
    agents: Value,
    contacts: Value,
    contact: Value,
}

async fn shown(client: &Client, contact: &str) -> Shown {
    let queues = client.get("/api/v1/queues").await.ok();
    let agents = client.get("/api/v1/agents?limit=1000").await.ok();
    let contacts = client.get("/api/v1/contacts?limit=1000").await.ok();
    let seqs = [&queues, &agents, &contacts].map(|page| page["seq"].as_u64().unwrap());
    assert!(seqs.iter().all(|seq| *seq == seqs[0]), "the floor moved meanwhile");
    let contact = client.get(&format!("/api/v1/contacts/{contact}")).await.ok();
    Shown {
        seq: seqs[0],
        queues: queues["queues"].clone(),
        agents: agents["agents"].clone(),
        contacts: contacts["contacts"].clone(),
        contact,
    }
}

async fn is_shown_again(client: &Client, contact: &str, was: &Shown, moment: &str) -> Value {
    let past = client.get(&format!("/api/v1/past/board?{moment}")).await.ok();
    assert_eq!(past["seq"], was.seq, "{moment}");
    assert_eq!(past["queues"], was.queues, "{moment}");
    assert_eq!(past["agents"], was.agents, "{moment}");
    assert_eq!(past["contacts"], was.contacts, "{moment}");
    let shown = client.get(&format!("/api/v1/past/contacts/{contact}?{moment}")).await.ok();
    assert_eq!(shown, was.contact, "{moment}");
    past
}

/// A contact's life, and what was shown at each turn of it.
async fn a_day(house: &House, client: &Client) -> (String, Vec<Shown>) {
    house.is_ready("1001");
    let crm = house.as_account("crm");
    let new = json!({"queue": "sales", "channel": "voice", "from": "13812345678"});
    let arrived = crm.post("/api/v1/contacts", new.clone()).await.ok();
    let contact = arrived["contact"].as_str().unwrap().to_owned();
    let id: ContactId = contact.parse().unwrap();
    let mut day = vec![shown(client, &contact).await];
    house.does(Command::Accept { offer: house.last_offer(), agent: LI });
    day.push(shown(client, &contact).await);
    crm.post("/api/v1/contacts", new).await.ok();
    house.does(Command::Hold { contact: id, agent: LI });
    day.push(shown(client, &contact).await);
    house.does(Command::End { contact: id, agent: LI });
    day.push(shown(client, &contact).await);
    house.does(Command::CompleteWrapup { contact: id, agent: LI, code: None, note: None });
    house.does(Command::CloseQueue { queue: SALES, emergency: true, message: None });
    day.push(shown(client, &contact).await);
    (contact, day)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_shown_live_is_shown_again() {
    let house = House::open().await;
    let zhao = house.as_account("zhao");
    let (contact, day) = a_day(&house, &zhao).await;
    for was in &day {
        let past = is_shown_again(&zhao, &contact, was, &format!("seq={}", was.seq)).await;
        assert_eq!(past["cost"]["events"], was.seq - past["cost"]["from_seq"].as_u64().unwrap());
        assert_eq!(past["more_contacts"], false);
        assert_eq!(past["contacts"][0]["from"], json!({"text": "138****5678", "masked": true}));
    }
    // The same by time: an event's own instant shows what it made, a µs before it what was before it.
    let events = house.events();
    for was in &day {
        let at = events[was.seq as usize - 1].at;
        if events.get(was.seq as usize).is_none_or(|next| next.at > at) {
            is_shown_again(&zhao, &contact, was, &format!("at={at}")).await;
        }
    }
    // And after a restart, from the checkpoint kept at its end as well as from the first event.
    let last = events.len() as u64;
    let house = house.restart().await;
    let zhao = house.as_account("zhao");
    for was in &day {
        is_shown_again(&zhao, &contact, was, &format!("seq={}", was.seq)).await;
    }
    let late = zhao.get(&format!("/api/v1/past/board?seq={}", last + 1)).await.ok();
    assert_eq!((&late["cost"]["from_seq"], &late["cost"]["events"]), (&json!(last), &json!(1)));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_past_is_masked_and_cut_like_the_present() {
    let house = House::open().await;
    let (contact, day) = a_day(&house, &house.as_account("zhao")).await;
    let talking = format!("seq={}", day[1].seq);
    // A team leader sees her team and her queue.
    let chen = house.as_account("chen").get(&format!("/api/v1/past/board?{talking}")).await.ok();
    let agents: Vec<_> = chen["agents"].as_array().unwrap().iter().map(|row| &row["agent"]).collect();
    assert_eq!(agents, ["1001"]);
    // Numbers open by right alone, and that leaves an event.
    let path = format!("/api/v1/past/contacts/{contact}?{talking}&unmask=true");
    let before = house.events().len();
    house.as_account("sun").get(&path).await.problem(403, "forbidden");
    let opened = house.as_account("zhao").get(&path).await.ok();
    assert_eq!(opened["from"]["text"], "13812345678");
    assert_eq!(opened["state"], "connected", "as it was then");
    let events = house.events();
    let names: Vec<_> =
        events[before..].iter().map(|event| cordboard_floor::StoredEvent::name(&event.event)).collect();
    assert_eq!(names, ["access.unmasked"]);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_that_is_none_is_told() {
    let house = House::open().await;
    let zhao = house.as_account("zhao");
    let (contact, day) = a_day(&house, &zhao).await;
    for (query, status, code) in [
        ("", 400, "invalid_query"),
        ("?seq=3&at=2026-11-22T09:30:00Z", 400, "invalid_query"),
        ("?at=noon", 400, "invalid_query"),
        ("?seq=0", 422, "outside_the_log"),
        ("?seq=1000000", 422, "outside_the_log"),
        ("?at=1999-11-22T09:30:00Z", 422, "outside_the_log"),
        ("?at=2199-11-22T09:30:00Z", 422, "outside_the_log"),
        ("?sec=3", 400, "invalid_query"),
    ] {
        zhao.get(&format!("/api/v1/past/board{query}")).await.problem(status, code);
        zhao.get(&format!("/api/v1/past/contacts/{contact}{query}")).await.problem(status, code);
    }
    let early = zhao.get(&format!("/api/v1/past/contacts/{contact}?seq=3")).await.problem(404, "not_yet");
    assert!(early["detail"].as_str().unwrap().contains("with event"), "{early}");
    zhao.get(&format!("/api/v1/past/contacts/c-3?seq={}", day[0].seq)).await.problem(404, "unknown_contact");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_back_is_bounded() {
    let house = House::with(Limits { past_events_max: 3, ..Limits::default() }).await;
    let zhao = house.as_account("zhao");
    zhao.get("/api/v1/past/board?seq=3").await.ok();
    let far = zhao.get("/api/v1/past/board?seq=4").await.problem(422, "too_far");
    assert!(far["detail"].as_str().unwrap().contains("4 events lie between"), "{far}");
    // More at once than may: some are told to come back.
    house
        .until("somebody is told to come back", async || {
            let many = futures_util::future::join_all((0..40).map(|_| zhao.get("/api/v1/past/board?seq=3")));
            let replies = many.await;
            let busy = replies.iter().filter(|reply| reply.status == 503).count();
            assert!(replies.iter().all(|reply| reply.status == 200 || reply.json()["code"] == "busy"));
            busy > 0
        })
        .await;
    house.close().await;
}

/// What was known of other desks when a report was made belongs to it: marked later, it is made again as it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_of_the_log_up_to_its_last_event_whichever_desks_it_is() {
    use cordboard_api::paper::{freeze, make};
    use cordboard_centre::quality::{Command as AtQuality, Terms};
    use cordboard_views::paper::{Draft, Layout};
    let house = House::open().await;
    let past = house.door.past.clone().unwrap();
    let command = AtQuality::ApplyTerms(Terms::default());
    house.door.ask(cordboard_floor::Submission::system("test", command)).await.unwrap();
    let up_to = past.last();
    let layout = Layout::newest().next().unwrap();
    let stretch = layout.period.containing(house.door.now(), "UTC").unwrap();
    let draft = Draft::new(layout, stretch, "UTC").unwrap();
    let made = make(&past, vec![draft.clone()], up_to, |_| true).unwrap().remove(0);
    assert_eq!(made.paper.provenance.up_to, up_to, "the quality desk's event is the last of the log");
    assert_eq!(freeze(&draft, &made, None, None).unwrap().up_to, up_to);
    house.close().await;
}
