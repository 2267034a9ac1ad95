//! The quality desk on the real binary: files beside the configuration, what detectors find at a running server, and the same
//! draw twice from the log of a stopped one.

#[allow(dead_code)]
#[path = "kill/agent.rs"]
mod agent;
mod support;

use agent::Agent;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use support::{FLOOR, Running, cordboard, file, get, post, text, until};

/// The month of the bank, where it is at hand: it is no part of the project.
const FEBRUARY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/bank-1999-02.tsv");

const HEADER: &str = "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\tq_start\tq_exit\tq_time\toutcome\tser_start\tser_exit\tser_time\tserver\n";

/// Two hours of four agents, calls of one to six minutes.
fn a_day() -> String {
    let mut log = HEADER.to_owned();
    for n in 0..80_u32 {
        let (minute, second) = (9 * 60 + n * 3 / 2, 30 * (n % 2));
        let took = 60 + n % 6 * 60;
        let at = |seconds: u32| {
            let all = minute * 60 + second + seconds;
            format!("{}:{:02}:{:02}", all / 3_600, all / 60 % 60, all % 60)
        };
        let server = ["ANNA", "BERTA", "CLARA", "DORA"][n as usize % 4];
        log += &format!(
            "AA0101\t{}\t0\t0\tPS\t990201\t{}\t{}\t5\t{}\t{}\t10\tAGENT\t{}\t{}\t{took}\t{server}\n",
            n + 1,
            at(0),
            at(5),
            at(5),
            at(15),
            at(15),
            at(15 + took),
        );
    }
    log
}

/// The most that may be drawn of an agent (`cordboard_centre::quality::limits`).
const QUOTA_MAX: u32 = 10_000;

/// How many representative picks each stratum of each agent has.
fn by_stratum(drawn: &Value) -> BTreeMap<String, BTreeMap<String, u64>> {
    let mut counted: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for pick in drawn["picks"].as_array().unwrap().iter().filter(|pick| pick["why"] == "representative") {
        let (agent, stratum) = (pick["agent"].as_str().unwrap(), pick["stratum"].to_string());
        *counted.entry(agent.to_owned()).or_default().entry(stratum).or_default() += 1;
    }
    counted
}

/// The plan spreads each agent's quota over her strata in proportion: the whole part of each share, and one more for those
/// with the largest remainders. What the coverage says of a stratum is the sum over agents.
fn each_stratum_has_its_share(drawn: &Value, everything: &Value, quota: u32) {
    let (drawn_of, eligible_of) = (by_stratum(drawn), by_stratum(everything));
    let (mut all_drawn, mut all_eligible) = (BTreeMap::new(), BTreeMap::new());
    for (agent, strata) in &eligible_of {
        let all: u64 = strata.values().sum();
        let most = all.min(u64::from(quota));
        let (mut least_raised, mut most_left) = (u64::MAX, 0);
        for (stratum, eligible) in strata {
            let hers = drawn_of.get(agent).and_then(|own| own.get(stratum)).copied().unwrap_or(0);
            let (whole, remainder) = (most * eligible / all, most * eligible % all);
            match hers.checked_sub(whole) {
                Some(0) => most_left = most_left.max(remainder),
                Some(1) => least_raised = least_raised.min(remainder),
                _ => panic!(
                    "{agent} has {hers} of {stratum}, of {eligible} eligible; {whole} or one more is due"
                ),
            }
            *all_drawn.entry(stratum.clone()).or_insert(0) += hers;
            *all_eligible.entry(stratum.clone()).or_insert(0) += eligible;
        }
        assert!(least_raised >= most_left, "{agent}: the largest remainders come first");
    }
    let strata = drawn["coverage"]["strata"].as_array().unwrap();
    assert!(strata.len() > 1, "one stratum has every share");
    let says = |what: &str| -> BTreeMap<String, u64> {
        strata.iter().map(|row| (row["stratum"].to_string(), row[what].as_u64().unwrap())).collect()
    };
    assert_eq!((says("drawn"), says("eligible")), (all_drawn, all_eligible));
}

/// Drives a recorded log and draws twice; checks quotas, strata, seed and coverage.
fn draws_twice(calls: &str, per_agent: u32, expected: Option<u64>) -> Value {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let drive = ["drive", "--layout", "bank-1999", "--output", "json", "--data", text(&data), calls];
    cordboard(&drive).well();
    let draw = |seed: &str, quota: u32| {
        let quota = quota.to_string();
        let args = [
            "quality",
            "sample",
            "--data",
            text(&data),
            "--seed",
            seed,
            "--per-agent",
            &quota,
            "--risk",
            "0",
            "--evaluator",
            "zhao",
            "--evaluator",
            "qian",
            "--output",
            "json",
        ];
        cordboard(&args).well().json()
    };
    let (first, again) = (draw("7", per_agent), draw("7", per_agent));
    assert_eq!(first, again, "the same seed, the same draw");
    // Whoever draws without an end draws everything that is eligible.
    each_stratum_has_its_share(&first, &draw("7", QUOTA_MAX), per_agent);
    assert_eq!(first["seed"], 7);
    let picks = first["picks"].as_array().unwrap();
    let coverage = &first["coverage"];
    let mut drawn: BTreeMap<&str, u64> = BTreeMap::new();
    for pick in picks {
        *drawn.entry(pick["agent"].as_str().unwrap()).or_default() += 1;
    }
    let mut all = 0;
    for row in coverage["agents"].as_array().unwrap() {
        let (eligible, of) = (row["eligible"].as_u64().unwrap(), row["agent"].as_str().unwrap());
        let hers = drawn.get(of).copied().unwrap_or(0);
        assert_eq!(row["drawn"].as_u64(), Some(hers), "the coverage says what was drawn: {row}");
        assert_eq!(hers, eligible.min(u64::from(per_agent)), "each quota is met as far as there is: {row}");
        all += hers;
    }
    assert_eq!(coverage["representative"].as_u64(), Some(all));
    let strata = coverage["strata"].as_array().unwrap();
    let in_strata: u64 = strata.iter().map(|row| row["drawn"].as_u64().unwrap()).sum();
    assert_eq!(in_strata, all, "each stratum says its part");
    if let Some(expected) = expected {
        assert!(all >= expected, "{all} of at least {expected}");
    }
    first
}

#[test]
fn a_small_day_is_drawn_the_same_twice_within_every_quota() {
    let dir = tempfile::tempdir().unwrap();
    let calls = file(dir.path(), "calls.tsv", &a_day());
    let drawn = draws_twice(&calls, 6, Some(24));
    assert_eq!(drawn["coverage"]["candidates"], 80);
    assert!(drawn["picks"][0]["evaluator"].is_string(), "{}", drawn["picks"][0]);
}

#[test]
fn five_hundred_of_a_driven_february_are_drawn_the_same_twice() {
    if !Path::new(FEBRUARY).is_file() {
        eprintln!("skipped: {FEBRUARY} is not at hand");
        return;
    }
    let drawn = draws_twice(FEBRUARY, 40, Some(500));
    eprintln!("{}", drawn["coverage"]);
}

#[test]
fn faults_beside_the_configuration_have_their_place_and_the_mend() {
    let dir = tempfile::tempdir().unwrap();
    let config = file(dir.path(), "site.toml", FLOOR);
    cordboard(&["check", "--config", &config]).well();
    std::fs::create_dir(dir.path().join("quality")).unwrap();
    let path = file(&dir.path().join("quality"), "terms.toml", "appeal_ms = 1\nreviev_ms = 2\n");
    let ended = cordboard(&["check", "--config", &config]);
    assert_eq!(ended.code, 1);
    assert!(ended.stdout.contains(&format!("{path}:2:1: error: ")), "{}", ended.stdout);
    assert!(ended.stdout.contains("reviev_ms"), "{}", ended.stdout);
}

/// The rows of a list that a server gives.
fn rows(authority: &str, path: &str, what: &str, token: &str) -> Vec<Value> {
    let (status, body) = get(authority, path, token);
    assert_eq!(status, 200, "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    body[what].as_array().unwrap().clone()
}

/// Takes away what a view was kept as, wherever that lies.
fn forget(dir: &Path, view: &str) -> usize {
    let mut gone = 0;
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gone += forget(&path, view);
        } else if path.file_name().unwrap().to_str().unwrap().starts_with(view) {
            std::fs::remove_file(path).unwrap();
            gone += 1;
        }
    }
    gone
}

#[test]
fn a_server_applies_what_changed_and_proposes_once_what_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = dir.path().join("data");
    let (data, config) = (text(&data_dir), file(dir.path(), "site.toml", FLOOR));
    let place = ["--data", data, "--config", &config];
    let token = |name: &str, role: &str, agent: &[&str]| {
        let add = [&["account", "add", name, "--role", role, "--no-password"][..], agent, &place].concat();
        cordboard(&add).well();
        let token = cordboard(&[&["account", "token", name][..], &place].concat()).well().stdout;
        token.trim().to_owned()
    };
    let (leader, crm) = (token("wang", "shift_leader", &[]), token("crm", "integrator", &[]));
    let own = token("1001", "agent", &["--agent", "1001"]);
    let serve = [&["serve", "--listen", "127.0.0.1:0"][..], &place].concat();
    let mut server = Running::start(&serve);
    let authority = server.authority("listening on");
    let forms = |authority: &str| rows(authority, "/api/v1/quality/forms", "forms", &leader).len();
    assert_eq!(forms(&authority), 3);
    std::fs::create_dir(dir.path().join("quality")).unwrap();
    let mail =
        include_str!("../../../config/quality/chat.toml").replace("form = \"chat\"", "form = \"mail\"");
    file(&dir.path().join("quality"), "mail.toml", &mail);
    server.signal("HUP");
    server.line("configuration read again: 1 differences applied");
    until("the form is there", || forms(&authority) == 4);

    // She ends what she has just answered: that is found, and proposed by nobody's hand.
    let gone = Arc::new(AtomicBool::new(false));
    let agent = Agent::new("1001", authority.parse().unwrap(), own.clone());
    let (work, told) = (gone.clone(), gone.clone());
    let at_work = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(agent.work(work))
    });
    let (status, body) =
        post(&authority, "/api/v1/contacts", &crm, r#"{"queue": "loans", "channel": "voice"}"#);
    assert_eq!(status, 201, "{body}");
    let ledger = |authority: &str| rows(authority, "/api/v1/quality/ledger", "entries", &leader);
    until("it is proposed", || !ledger(&authority).is_empty());
    let entries = ledger(&authority);
    assert_eq!((entries.len(), &entries[0]["rule"]), (1, &"finding.answer_then_drop".into()), "{entries:#?}");
    assert_eq!(entries[0]["by"], Value::Null);
    told.store(true, Ordering::Release);
    at_work.join().unwrap();
    server.signal("TERM");
    assert!(server.end().success());

    // Folded again from the first event, the same is left to propose: nothing.
    assert!(forget(&data_dir, "view-findings-") > 0);
    let mut server = Running::start(&serve);
    let authority = server.authority("listening on");
    until("all has been looked at again", || {
        let views = rows(&authority, "/api/v1/views", "views", &leader);
        views.iter().any(|view| view["name"] == "findings" && view["lag_events"] == 0)
    });
    assert_eq!(ledger(&authority), entries);
    server.signal("TERM");
    assert!(server.end().success());
    let log = cordboard(&["log", "export", "--data", data]).well().stdout;
    assert_eq!(log.matches("deduction.proposed").count(), 1);
    // What was known already was no event at the second start.
    assert_eq!((log.matches("\"form.applied\"").count(), log.matches("detectors.applied").count()), (4, 1));
}
