//! Frozen reports, by the real binary on a small driven log: frozen by hand and by schedule, signed by two accounts, written in
//! four forms, made again of the files to the same bytes; and another log is told.

mod support;

use serde_json::Value;
use support::{Running, cordboard, file, get, post, text, until};

const HEADER: &str = "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\tq_start\tq_exit\tq_time\toutcome\tser_start\tser_exit\tser_time\tserver\n";
const DAY: &str = "1999-02-01";

/// One agent; so many calls, one a minute from 9:10 on, of 50 s each; one caller gives up in the queue.
fn calls(count: usize) -> String {
    let mut log = HEADER.to_owned();
    for minute in 10..10 + count {
        log += &format!(
            "AA0101\t{minute}\t0\t0\tPS\t990201\t9:{minute}:00\t9:{minute}:05\t5\t9:{minute}:05\t9:{minute}:05\t0\tAGENT\t9:{minute}:05\t9:{minute}:55\t50\tANNA\n"
        );
    }
    log += "AA0101\t90\t0\t0\tPS\t990201\t9:15:10\t9:15:15\t5\t9:15:15\t9:15:35\t20\tHANG\t0:00:00\t0:00:00\t0\tNO_SERVER\n";
    log
}

struct Site {
    dir: tempfile::TempDir,
    data: String,
    config: String,
}

/// A driven day, and a configuration on which a server goes on with it.
fn site(count: usize, papers: &str) -> Site {
    let dir = tempfile::tempdir().unwrap();
    let data = text(&dir.path().join("data")).to_owned();
    let path = file(dir.path(), "calls.tsv", &calls(count));
    cordboard(&["drive", "--layout", "bank-1999", "--data", &data, &path]).well();
    // The log names its site: a server goes on with the same one.
    let first = cordboard(&["log", "export", "--data", &data, "--to", "1"]).well().json();
    let id = first["site"].as_str().map_or_else(String::new, |id| format!("id = \"{id}\"\n"));
    let config = file(
        dir.path(),
        "site.toml",
        &format!(
            "[site]\n{id}zone = \"Asia/Jerusalem\"\n[queues.bank]\n[agents.ANNA]\nqueues = [\"bank\"]\n{papers}"
        ),
    );
    Site { dir, data, config }
}

impl Site {
    fn account(&self, name: &str, role: &str) -> String {
        let place = ["--data", &self.data, "--config", &self.config];
        cordboard(&[&["account", "add", name, "--role", role, "--no-password"][..], &place].concat()).well();
        cordboard(&[&["account", "token", name][..], &place].concat()).well().stdout.trim().to_owned()
    }

    fn serve(&self) -> (Running, String) {
        let args = ["serve", "--listen", "127.0.0.1:0", "--data", &self.data, "--config", &self.config];
        let server = Running::start(&args);
        let authority = server.authority("listening on");
        (server, authority)
    }
}

fn stop(mut server: Running) {
    server.signal("TERM");
    assert!(server.end().success(), "{:?}", server.said());
}

fn json(answer: (u16, String), status: u16) -> Value {
    assert_eq!(answer.0, status, "{}", answer.1);
    serde_json::from_str(&answer.1).unwrap()
}

#[test]
fn a_day_is_frozen_signed_by_two_and_made_again_to_the_byte() {
    let site = site(10, "");
    let wang = site.account("wang", "shift_leader");
    let liu = site.account("liu", "manager");
    let crm = site.account("crm", "integrator");
    let (server, authority) = site.serve();
    let freeze = format!("{{\"layout\": \"daily\", \"period\": \"{DAY}\"}}");
    assert_eq!(post(&authority, "/api/v1/papers", &crm, &freeze).0, 403);
    let paper = json(post(&authority, "/api/v1/papers", &wang, &freeze), 201);
    let report = paper["report"].as_str().unwrap().to_owned();
    assert_eq!((&paper["state"], &paper["period"]), (&"frozen".into(), &DAY.into()));
    assert_eq!(paper["late"], true, "it was due in 1999");
    // Once more is the same one; what cannot be is refused with the mend.
    assert_eq!(json(post(&authority, "/api/v1/papers", &wang, &freeze), 200)["report"], *report);
    for (body, status, said) in [
        (r#"{"layout": "hourly", "period": "1999-02-01"}"#, 422, "daily@1"),
        (r#"{"layout": "daily", "period": "soon"}"#, 422, "2026-11-22"),
        (r#"{"layout": "daily", "period": "2999-01-01"}"#, 422, "when it is over"),
        (r#"{"layout": "daily", "period": "1999-02-01", "revises": "r-1"}"#, 404, "r-1"),
    ] {
        let (told, body) = post(&authority, "/api/v1/papers", &wang, body);
        assert!(told == status && body.contains(said), "{told} {body}");
    }
    // The author submits, and another one approves.
    let path = |what: &str| format!("/api/v1/papers/{report}/{what}");
    assert_eq!(json(post(&authority, &path("approve"), &liu, ""), 409)["code"], "not_submitted");
    assert_eq!(post(&authority, &path("submit"), &liu, "").0, 403, "a manager approves and does not write");
    let submitted = json(post(&authority, &path("submit"), &wang, ""), 200);
    assert_eq!(
        (&submitted["state"], &submitted["submitted"]["account"]),
        (&"submitted".into(), &"wang".into())
    );
    assert_eq!(post(&authority, &path("approve"), &wang, "").0, 403);
    let returned = json(post(&authority, &path("return"), &liu, r#"{"reason": "figures_wrong"}"#), 200);
    assert_eq!(
        (&returned["state"], &returned["returned"]["why"]),
        (&"returned".into(), &"figures_wrong".into())
    );
    json(post(&authority, &path("submit"), &wang, ""), 200);
    let approved = json(post(&authority, &path("approve"), &liu, ""), 200);
    assert_eq!((&approved["state"], &approved["late"]), (&"approved".into(), &true.into()));
    // What the running server shows is what was frozen.
    let (status, shown) = get(&authority, &format!("/api/v1/papers/{report}"), &liu);
    assert_eq!(status, 200);
    let told: Value = serde_json::from_str(&shown).unwrap();
    let day =
        &told["sections"].as_array().unwrap().iter().find(|it| it["id"] == "day_by_queue").unwrap()["report"];
    let figures = &day["rows"][0]["figures"];
    assert_eq!((&figures["offered"]["value"], &figures["abandoned"]["value"]), (&11.into(), &1.into()));
    assert_eq!(told["sections"][0]["report"]["rows"].as_array().unwrap().len(), 48, "every half hour");
    let (_, page) = get(&authority, &format!("/api/v1/papers/{report}?format=html&lang=en"), &liu);
    assert!(page.contains("<h1>Daily report 1999-02-01</h1>") && page.contains("Complaints"), "{page}");
    assert!(!page.contains("<script") && !page.contains("http:") && !page.contains("https:"));
    assert_eq!(get(&authority, &format!("/api/v1/papers/{report}?format=doc"), &liu).0, 400);
    let list = json(get(&authority, "/api/v1/papers?layout=daily", &liu), 200);
    assert_eq!(list["papers"][0], approved);
    // The command line asks the same server.
    let token = file(site.dir.path(), "token", &wang);
    let url = format!("http://{authority}");
    let remote = ["--server", &url, "--token-file", &token];
    let weekly =
        cordboard(&[&["paper", "freeze", "weekly", "1999-W05", "--output", "json"][..], &remote].concat());
    assert_eq!(weekly.well().json()["period"], "1999-W05");
    let from_server = site.dir.path().join("server.json");
    cordboard(&[&["paper", "show", &report, "--to", text(&from_server)][..], &remote].concat()).well();
    assert_eq!(std::fs::read_to_string(&from_server).unwrap(), shown);
    stop(server);
    // Of the files, the same to the byte, in every form, twice.
    let data = ["--data", site.data.as_str()];
    let verified = cordboard(&[&["paper", "verify", "--output", "csv"][..], &data].concat()).well().stdout;
    assert_eq!(verified.matches(",true,").count(), 2, "{verified}");
    for form in ["json", "csv", "xlsx", "html"] {
        let write = |name: &str| {
            let to = site.dir.path().join(name);
            let to = text(&to);
            cordboard(&[&["paper", "show", &report, "--format", form, "--to", to][..], &data].concat())
                .well();
            std::fs::read(to).unwrap()
        };
        let (one, other) = (write("one"), write("other"));
        assert!(one == other && !one.is_empty(), "{form}");
        if form == "json" {
            assert_eq!(one, shown.as_bytes());
        }
        if form == "csv" {
            let csv = String::from_utf8(one).unwrap();
            assert!(csv.contains("section,top_reasons") && csv.contains("not_kept,complaints"), "{csv}");
        }
    }
    let list = cordboard(&[&["paper", "list"][..], &data].concat()).well().stdout;
    assert!(list.contains(&report) && list.contains("approved") && list.contains("weekly@1"), "{list}");
    // The report in hand against this log, against itself with a figure touched up, and against another log.
    let against = |file: &std::path::Path, data: &str| {
        cordboard(&["paper", "verify", "--file", text(file), "--data", data])
    };
    against(&from_server, &site.data).well();
    let touched = site.dir.path().join("touched.json");
    std::fs::write(&touched, shown.replacen("\"value\":11", "\"value\":12", 1)).unwrap();
    against(&touched, &site.data).badly(1, &["not what was frozen"]);
    let other = self::site(11, "");
    against(&from_server, &other.data).badly(1, &["not what was frozen"]);
    cordboard(&["paper", "show", "r-1", "--data", &site.data]).badly(1, &["r-1", "paper list"]);
    cordboard(&["paper", "show", "first", "--data", &site.data]).badly(2, &["r-1042"]);
}

#[test]
fn what_was_missed_is_frozen_by_schedule_once() {
    let site = site(3, "[papers]\nenabled = [\"daily\", \"monthly\"]\n");
    let liu = site.account("liu", "manager");
    let reports = |authority: &str| {
        let list = json(get(authority, "/api/v1/papers", &liu), 200);
        let mut reports: Vec<(String, String)> = list["papers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|paper| (paper["layout"].to_string(), paper["period"].to_string()))
            .collect();
        reports.sort();
        reports
    };
    let (server, authority) = site.serve();
    until("seven of each are caught up with", || reports(&authority).len() == 14);
    let first = reports(&authority);
    stop(server);
    // After a restart with the weekly report besides, that one is caught up with in the same look as would have frozen the others
    // again.
    let config = std::fs::read_to_string(&site.config).unwrap();
    std::fs::write(&site.config, config.replace("\"monthly\"", "\"monthly\", \"weekly\"")).unwrap();
    let (server, authority) = site.serve();
    until("the weekly ones are caught up with", || reports(&authority).len() >= 21);
    let (_, events) = get(&authority, "/api/v1/events?ev=report.*&limit=100", &liu);
    let events: Value = serde_json::from_str(&events).unwrap();
    let frozen = events["events"].as_array().unwrap();
    assert_eq!(frozen.len(), 21, "{events}");
    assert!(frozen.iter().all(|event| event["actor"]["id"] == "papers"), "{events}");
    let again = reports(&authority);
    assert!(first.iter().all(|known| again.contains(known)), "{first:?} {again:?}");
    stop(server);
    cordboard(&["paper", "verify", "--data", &site.data]).well();
}

#[test]
fn a_layout_that_nobody_knows_is_a_fault_of_the_configuration() {
    let dir = tempfile::tempdir().unwrap();
    let config = file(dir.path(), "site.toml", "[papers]\nenabled = [\"daly\"]\nhour = 24\n");
    let told = cordboard(&["check", "--config", &config]);
    assert!(told.code == 1 && told.stdout.contains("daily") && told.stdout.contains("0 to 23"), "{told:?}");
}
