//! Asked why: offers, contacts and agents in logs written through the real floor and journal, explained by the real binary.

mod support;

use cordboard_api::explain::{Explanation, Moment, Subject, explain};
use cordboard_engine::{EngineOptions, Past, codec};
use cordboard_floor::command::{AskedState, Entry};
use cordboard_floor::configuration::{AgentConfig, QueueConfig};
use cordboard_floor::contact::SkillCondition;
use cordboard_floor::{
    AgentId, Channel, Command, Decider, Event, Floor, Instant, Millis, QueueId, Recorded, SeatId, SessionId,
    SiteId, SkillId, Stamp, Submission,
};
use cordboard_journal::{Journal, Options, open_reading_with_snapshots};
use serde_json::{Value, json};
use std::path::Path;
use support::{FLOOR, Running, cordboard, file, get, text};

const LOANS: QueueId = QueueId::fixed("loans");
const CARDS: QueueId = QueueId::fixed("cards");
const ENGLISH: SkillId = SkillId::fixed("english");
const NINE: Instant = Instant::from_micros(1_795_338_000_000_000);

/// A floor whose events are kept.
struct Desk {
    floor: Floor,
    now: Instant,
    log: Vec<Recorded<Event>>,
}

impl Desk {
    /// Two queues; four agents, of whom only 1001 could take a call for loans now.
    fn open() -> Self {
        let mut desk = Self { floor: Floor::new(SiteId::fixed("main")), now: NINE, log: Vec::new() };
        let skills = vec![SkillCondition { skill: ENGLISH, level: 50 }];
        desk.does(Command::ApplyQueue(QueueConfig { skills, ..QueueConfig::customary(LOANS) }));
        desk.does(Command::ApplyQueue(QueueConfig::customary(CARDS)));
        for (agent, queues, level) in
            [("1001", vec![LOANS], 80), ("1002", vec![LOANS], 30), ("1003", vec![CARDS], 90)]
        {
            let agent: AgentId = agent.parse().unwrap();
            desk.does(Command::ApplyAgent(AgentConfig {
                queues,
                skills: vec![(ENGLISH, level)],
                ..AgentConfig::customary(agent)
            }));
            desk.is_ready(agent);
        }
        let away = AgentId::fixed("1004");
        desk.does(Command::ApplyAgent(AgentConfig { queues: vec![LOANS], ..AgentConfig::customary(away) }));
        desk
    }

    fn is_ready(&mut self, agent: AgentId) {
        self.does(Command::SignIn { agent, seat: agent.as_str().parse::<SeatId>().unwrap() });
        self.does(Command::LinkOpened { agent, session: SessionId::fixed("link") });
        self.does(Command::SetState { agent, state: AskedState::Ready });
    }

    /// Decides a second later, deadlines first.
    fn does(&mut self, command: Command) {
        self.now = self.now.plus(Millis::from_secs(1));
        while let Some(due) = self.floor.next_deadline().filter(|due| *due <= self.now) {
            let at = due.max(self.floor.last_at());
            self.floor.tick(Stamp { at, seed: 0 }, &mut self.log);
        }
        let stamp = Stamp { at: self.now, seed: 0 };
        let done = self.floor.decide(stamp, Submission::system("test", command), &mut self.log);
        assert!(done.is_ok(), "{done:?}");
    }

    /// A caller, and the number of her contact.
    fn arrives(&mut self, queue: QueueId, priority: u8) -> u64 {
        let entry = Some(Entry { priority, ..Entry::plain(queue) });
        let begun = self.log.len() as u64;
        self.does(Command::Arrive { channel: Channel::fixed("voice"), from: None, attributes: None, entry });
        begun + 1
    }

    /// The last offer.
    fn offer(&self) -> u64 {
        let offers = self.log.iter().rev().filter(|event| matches!(event.event, Event::OfferCreated(_)));
        offers.map(|event| event.seq).next().expect("an offer was made")
    }

    fn accepts(&mut self, agent: &'static str) {
        let offer = cordboard_floor::OfferId(self.offer());
        self.does(Command::Accept { offer, agent: AgentId::fixed(agent) });
    }

    /// Writes the log into a data directory.
    fn write<'a>(&self, dir: &'a Path) -> &'a str {
        let (mut journal, _) = Journal::create_or_open(&dir.join("log"), Options::default()).unwrap();
        let bytes = |event: &Recorded<Event>| {
            let mut bytes = Vec::new();
            codec::encode(event, &mut bytes).unwrap();
            bytes
        };
        let all: Vec<Vec<u8>> = self.log.iter().map(bytes).collect();
        for batch in all.chunks(1_000) {
            journal.append(&batch.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap();
        }
        text(dir)
    }
}

fn told(data: &str, of: &str, more: &[&str]) -> Value {
    cordboard(&[&["explain", of, "--data", data, "--output", "json"][..], more].concat()).well().json()
}

fn said(data: &str, of: &str, more: &[&str]) -> String {
    cordboard(&[&["explain", of, "--data", data][..], more].concat()).well().stdout
}

#[test]
fn an_offer_tells_who_was_free_why_the_others_were_not_and_how_it_ended() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::open();
    desk.arrives(LOANS, 5);
    let offer = format!("o-{}", desk.offer());
    desk.accepts("1001");
    let data = desk.write(dir.path());
    let why = told(data, &offer, &[]);
    assert_eq!((&why["agrees"], &why["agent"]), (&json!(true), &json!("1001")));
    assert_eq!((&why["free"][0]["agent"], &why["free"][0]["rank"]), (&json!("1001"), &json!(1)));
    assert_eq!(why["recorded"], why["rebuilt"]);
    let others: Vec<(&str, &str)> = why["others"].as_array().unwrap().iter().map(standing).collect();
    assert_eq!(others, [("1002", "lacks_skill"), ("1003", "not_her_queue"), ("1004", "signed_out")]);
    assert_eq!((&why["end"]["end"], &why["end"]["rang_ms"]), (&json!("accepted"), &json!(1_000)));
    let english = said(data, &offer, &[]);
    for words in [
        "1002: knows english at 30, 50 is asked",
        "1003: serves none",
        "1004: is signed out",
        "the same choice",
    ] {
        assert!(english.contains(words), "{words}: {english}");
    }
    assert!(said(data, &offer, &["--lang", "zh"]).contains("1002: 技能 english 为 30，要求 50"));
    let rows = said(data, &offer, &["--output", "csv"]);
    assert_eq!(rows.lines().count(), 5, "a header and four agents: {rows}");
    assert!(rows.contains("1003,,not_her_queue,serves none of its queues"), "{rows}");
}

fn standing(row: &Value) -> (&str, &str) {
    (row["agent"].as_str().unwrap(), row["standing"].as_str().unwrap())
}

#[test]
fn whoever_comes_first_in_line_and_is_not_hers_is_told_with_the_reason() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::open();
    // 1003 has a call, and another waits for her alone; then a call for loans comes to 1001.
    desk.arrives(CARDS, 0);
    desk.accepts("1003");
    let waits = desk.arrives(CARDS, 9);
    desk.arrives(LOANS, 0);
    let offer = desk.offer();
    let data = desk.write(dir.path());
    let why = told(data, &format!("o-{offer}"), &[]);
    assert_eq!((&why["line"]["place"], &why["line"]["waiting"]), (&json!(2), &json!(2)), "{why}");
    let before = &why["line"]["before"][0];
    assert_eq!(before["contact"], format!("c-{waits}"));
    assert_eq!(before["why_not"]["standing"], "not_her_queue");
    assert_eq!((&before["priority"], &before["credit_ms"]), (&json!(9), &json!(540_000)));
    let score = before["aged_ms"].as_i64().unwrap() - before["answer_within_ms"].as_i64().unwrap();
    assert_eq!(before["score_ms"].as_i64(), Some(score), "the parts make the score");
    let others: Vec<(&str, &str)> = why["others"].as_array().unwrap().iter().map(standing).collect();
    assert!(others.contains(&("1003", "hands_full")), "{others:?}");
}

#[test]
fn a_waiting_contact_and_an_agent_are_told_as_they_stood_at_any_moment() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::open();
    desk.arrives(LOANS, 0);
    desk.accepts("1001");
    desk.arrives(LOANS, 0);
    let second = desk.arrives(LOANS, 0);
    let (contact, moment, seq) = (format!("c-{second}"), desk.now, desk.log.len());
    desk.does(Command::Abandon { contact: cordboard_floor::ContactId(second) });
    desk.does(Command::SetState { agent: AgentId::fixed("1002"), state: AskedState::Ready });
    let data = desk.write(dir.path());
    let at = told(data, &contact, &["--at", &moment.to_string()]);
    assert_eq!(at, told(data, &contact, &["--at", &seq.to_string()]), "by time and by number the same");
    assert_eq!((&at["state"], &at["waits_because"]), (&json!("queued"), &json!(["nobody_free"])));
    assert_eq!((&at["line"]["place_in_queue"], &at["line"]["waiting_in_queue"]), (&json!(2), &json!(2)));
    // Hers is the second turn; each takes the customary three minutes, and two are ready to share them.
    assert_eq!(at["estimate_ms"], 180_000);
    let now = told(data, &contact, &[]);
    assert_eq!((&now["state"], &now["end"]), (&json!("ended"), &json!("abandoned")));

    let her = told(data, "1001", &["--at", &seq.to_string()]);
    assert_eq!(her["channels"][0]["why_not"]["standing"], "hands_full");
    assert_eq!(her["fits"].as_array().unwrap().len(), 2);
    assert_eq!(her["next"], her["fits"][0]["contact"]);
    assert_eq!(her["offers"][0]["end"]["end"], "accepted");
    assert_eq!(told(data, "1002", &["--at", &seq.to_string()])["fits"], json!([]), "she knows too little");
    assert!(said(data, "1001", &[]).contains("not free, she has 1 in hand"));
    assert!(said(data, &contact, &["--at", &seq.to_string()]).contains("nobody who fits is free"));
}

#[test]
fn what_a_leader_decided_names_her_and_what_the_log_says_otherwise_is_shown() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::open();
    desk.arrives(LOANS, 0);
    let altered = desk.offer();
    for event in &mut desk.log {
        if let Event::OfferCreated(made) = &mut event.event {
            made.digest ^= 1;
            made.candidates += 1;
        }
    }
    let data = desk.write(dir.path());
    let why = told(data, &format!("o-{altered}"), &[]);
    assert_eq!(why["agrees"], false);
    let fields: Vec<&str> =
        why["disagreements"].as_array().unwrap().iter().map(|row| row["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["candidates", "digest"]);
    let words = said(data, &format!("o-{altered}"), &[]);
    assert!(words.contains("DISAGREES") && words.contains("candidates: recorded 2, rebuilt 1"), "{words}");

    let (mut desk, dir) = (Desk::open(), tempfile::tempdir().unwrap());
    let contact = desk.arrives(CARDS, 0);
    let agent = AgentId::fixed("1002");
    desk.does(Command::Assign { contact: cordboard_floor::ContactId(contact), agent });
    let assigned = desk.offer();
    let data = desk.write(dir.path());
    let why = told(data, &format!("o-{assigned}"), &[]);
    assert_eq!((&why["purpose"], &why["agrees"]), (&json!("assigned"), &json!(true)), "{why}");
    assert_eq!(why["decided_by"]["id"], "test");
}

#[test]
fn what_is_not_in_the_log_is_refused_with_the_reason() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::open();
    let contact = desk.arrives(LOANS, 0);
    let data = desk.write(dir.path());
    let no = |of: &str, at: &[&str], code: i32, words: &[&str]| {
        cordboard(&[&["explain", of, "--data", data][..], at].concat()).badly(code, words);
    };
    no("o-1", &[], 1, &["there is no offer o-1", "config.queue_applied"]);
    no("o-99999", &[], 1, &["the log ends at"]);
    no("c-2", &[], 1, &["there is no contact c-2"]);
    no("2001", &[], 1, &["there is no agent 2001"]);
    no("a b", &[], 2, &["names nothing"]);
    let contact = format!("c-{contact}");
    no(&contact, &["--at", "99999"], 1, &["there is no event 99999"]);
    no(&contact, &["--at", "2020-01-01T00:00:00Z"], 1, &["lies before the log"]);
    no(&contact, &["--at", "2090-01-01T00:00:00Z"], 1, &["lies in the future"]);
    no(&contact, &["--at", "3"], 1, &["was not there yet"]);
    no(&contact, &["--at", "noon"], 2, &["neither a sequence number"]);
    no(&format!("o-{}", desk.offer()), &["--at", "3"], 2, &["leave the moment out"]);
}

/// Every offer of a driven day says what the log says, with a snapshot in the middle and without.
#[test]
fn every_offer_of_a_driven_day_agrees_with_the_record() {
    let dir = tempfile::tempdir().unwrap();
    let mut calls = String::from(HEADER);
    for number in 0..400 {
        let (hour, minute, second) = (9 + number / 120, number / 2 % 60, number % 2 * 30);
        let (enters, begins) = (format!("{hour}:{minute:02}:{second:02}"), second + 15);
        let server = ["ANNA", "BERTA", "CLARA", "DORA"][number % 4];
        calls += &format!(
            "AA0101\t{number}\t0\t0\tPS\t990201\t{enters}\t{enters}\t0\t{enters}\t{hour}:{minute:02}:{begins:02}\t15\tAGENT\t{hour}:{minute:02}:{begins:02}\t{hour}:{minute:02}:{:02}\t{}\t{server}\n",
            begins + 14,
            14 + number % 5 * 40,
        );
    }
    let (data, path) = (dir.path().join("data"), file(dir.path(), "calls.tsv", &calls));
    cordboard(&["drive", "--layout", "bank-1999", "--data", text(&data), &path]).well();
    let (reader, snapshots) = open_reading_with_snapshots(&data.join("log"), &Options::default()).unwrap();
    let schema = EngineOptions::default().state_schema;
    let site = codec::decode::<Event>(1, &reader.read(1).next().unwrap().unwrap().bytes).unwrap().site;
    let past = Past::new(reader, Some((snapshots, schema)), cordboard_centre::Centre::new(site));
    let mut offers = Vec::new();
    past.each(1, past.last(), |event| {
        if let Some(Event::OfferCreated(made)) = event.event.floor() {
            offers.push(made.offer);
        }
        true
    })
    .unwrap();
    assert!(offers.len() > 300, "{} offers", offers.len());
    for offer in offers {
        let Explanation::Offer(why) = explain(&past, Subject::Offer(offer), Moment::Now, None).unwrap()
        else {
            panic!("{offer} is an offer");
        };
        assert!(why.agrees, "{offer}: {:?}", why.disagreements);
        assert!(why.end.is_some(), "{offer} ended");
        assert!(
            why.line.before.iter().all(|row| row.why_not.as_ref().is_some_and(|why| why.standing != "free")),
            "{offer}: nobody before it was hers"
        );
    }
}

const HEADER: &str = "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\tq_start\tq_exit\tq_time\toutcome\tser_start\tser_exit\tser_time\tserver\n";

#[test]
fn a_running_server_explains_from_its_own_log_to_whoever_may_ask() {
    let dir = tempfile::tempdir().unwrap();
    let (data, config) = (text(dir.path()), file(dir.path(), "site.toml", FLOOR));
    let place = ["--data", data, "--config", &config];
    let mut tokens = Vec::new();
    for (name, role) in [("lead", "shift_leader"), ("crm", "integrator")] {
        let add = ["account", "add", name, "--role", role, "--no-password"];
        cordboard(&[&add[..], &place].concat()).well();
        let token = cordboard(&[&["account", "token", name][..], &place].concat()).well().stdout;
        tokens.push(token.trim().to_owned());
    }
    let server = Running::start(&[&["serve", "--listen", "127.0.0.1:0"][..], &place].concat());
    let authority = server.authority("listening on");
    let call = json!({"queue": "loans", "channel": "voice", "from": "13812345678"}).to_string();
    let (status, answer) = support::post(&authority, "/api/v1/contacts", &tokens[1], &call);
    assert_eq!(status, 201, "{answer}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let contact = answer["contact"].as_str().unwrap();
    let path = format!("/api/v1/explanations/{contact}");
    let (status, body) = get(&authority, &path, &tokens[0]);
    assert_eq!(status, 200, "{body}");
    assert!(!body.contains("13812345678") && !body.contains("pseudonym"), "{body}");
    let why: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&why["kind"], &why["state"]), (&json!("contact"), &json!("queued")));
    assert_eq!(why["others"][0]["standing"], "signed_out");
    assert_eq!(get(&authority, &path, &tokens[1]).0, 403, "a program that brings contacts in may not ask");
    assert_eq!(get(&authority, "/api/v1/explanations/o-1", &tokens[0]).0, 404);
    assert_eq!(get(&authority, &format!("{path}?at=999999"), &tokens[0]).0, 422);
    let token_file = file(dir.path(), "token", &tokens[0]);
    let url = format!("http://{authority}");
    let asked = ["explain", contact, "--server", &url, "--token-file", &token_file];
    let words = cordboard(&asked).well().stdout;
    assert!(words.contains("1001: is signed out") && words.contains("place 1 of 1"), "{words}");
}
