//! A history written over by the real binary: told on which stream, refused where a log lies, left whole or not at all, gone on with by a server;
//! and out again in every format.

mod support;

use serde_json::Value;
use support::{Running, cordboard, file, get, post, text, until};

/// Two calls answered by one agent, one that gave up, and a line that was cut.
const QUEUE_LOG: &str = "1000000000|NONE|NONE|NONE|QUEUESTART|
1000000005|a.1|sales|NONE|ENTERQUEUE||5551234|1
1000000010|b.2|sales|NONE|ENTERQUEUE|||2
1000000030|a.1|sales|SIP/200|CONNECT|25|x.9|4
1000000040|b.2|sales|NONE|ABANDON|1|2|30
1000000050|a.1|sales|SIP/200|COMPLETECALLER|25|20|1
1000000060|c.3|sales|NONE|ENTERQUEUE||5551234|1
1000000061|c.3|sales|SIP/200|CONNECT|1|y.9|1
1000000065|c.3|sales|SIP/200|COMPLETEAGENT|1|4|1
1000000066|d.4|sal";

const SALES: &str = "[queues.sales]\ntitle = { zh = \"销售\", en = \"Sales\" }\n";

#[test]
fn a_history_comes_in_whole_and_a_server_goes_on_where_it_ends() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    // What an import that was killed leaves behind is no log.
    std::fs::create_dir_all(data.join("log.importing/rubbish")).unwrap();
    let path = file(dir.path(), "queue_log", QUEUE_LOG);
    let data = text(&data);
    let args = ["import", "--layout", "queue_log", "--data", data, "--output", "json", &path];
    let imported = cordboard(&args).well();
    assert!(imported.stderr.contains("queue_log:10: rejected: cut_off"), "{}", imported.stderr);
    assert!(imported.stderr.contains("did not end"), "{}", imported.stderr);
    assert!(!imported.stdout.contains("5551234") && !imported.stderr.contains("5551234"));
    let summary = imported.json();
    let figure = |name: &str| summary[name].as_u64().unwrap();
    assert_eq!(["rows", "rejected", "ignored", "taken"].map(figure), [10, 1, 1, 8]);
    assert_eq!(
        ["arrived", "answered", "abandoned", "unfinished", "ended_otherwise"].map(figure),
        [3, 2, 1, 0, 0]
    );
    assert_eq!(
        (&summary["rejected_by"]["cut_off"], &summary["ignored_by"]["queuestart"]),
        (&1.into(), &1.into())
    );
    cordboard(&args).badly(1, &["holds a log already", "fresh data directory"]);

    cordboard(&["log", "verify", "--data", data]).well();
    let state = cordboard(&["log", "state", "--data", data, "--output", "json"]).well().json();
    assert_eq!((&state["state_hash"], &state["seq"]), (&summary["state_hash"], &summary["last_seq"]));
    assert_eq!(
        (&state["contacts_alive"], &state["signed_in"], &state["in_hand"]),
        (&0.into(), &0.into(), &0.into())
    );
    let moment = ["log", "state", "--at", "2001-09-09T01:47:15Z", "--data", data, "--output", "json"];
    let then = cordboard(&moment).well().json();
    assert_eq!((&then["waiting"], &then["in_hand"]), (&1.into(), &1.into()), "one talks, one waits");
    let stat = cordboard(&["log", "stat", "--data", data, "--output", "json"]).well().json();
    assert_eq!(stat["snapshots"].as_array().unwrap().len(), 1);

    let config = file(dir.path(), "site.toml", SALES);
    cordboard(&["account", "add", "crm", "--role", "integrator", "--no-password", "--data", data]).well();
    cordboard(&["account", "add", "lead", "--role", "manager", "--no-password", "--data", data]).well();
    let token =
        |who: &str| cordboard(&["account", "token", who, "--data", data]).well().stdout.trim().to_owned();
    let (crm, lead) = (token("crm"), token("lead"));
    let mut server =
        Running::start(&["serve", "--data", data, "--config", &config, "--listen", "127.0.0.1:0"]);
    let authority = server.authority("listening on");
    let (status, body) =
        post(&authority, "/api/v1/contacts", &crm, "{\"queue\":\"sales\",\"channel\":\"voice\"}");
    assert_eq!(status, 201, "{body}");
    until("the figures go on from the history's", || {
        let (status, body) = get(&authority, "/api/v1/figures", &lead);
        assert_eq!(status, 200, "{body}");
        let figures: Value = serde_json::from_str(&body).unwrap();
        figures["all"]["contacts"]["arrived"] == 4 && figures["all"]["contacts"]["handled"] == 2
    });
    server.signal("TERM");
    assert!(server.end().success(), "{:?}", server.said());
    cordboard(&["log", "verify", "--data", data]).well();
}

#[test]
fn what_came_in_goes_out_in_every_format() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let path = file(dir.path(), "queue_log", QUEUE_LOG);
    let data = text(&data);
    cordboard(&["import", "--layout", "queue_log", "--data", data, &path]).well();
    let export = |more: &[&str]| cordboard(&[&["log", "export", "--data", data][..], more].concat());
    let lines =
        |text: &str| -> Vec<Value> { text.lines().map(|line| serde_json::from_str(line).unwrap()).collect() };

    let contacts = lines(&export(&["--format", "contacts"]).well().stdout);
    let ends: Vec<&str> = contacts.iter().map(|record| record["end"].as_str().unwrap()).collect();
    assert_eq!(ends, ["abandoned", "handled", "handled"], "in the order of their ends");
    let first = &contacts[1];
    assert_eq!((&first["agent"], &first["ended_by"]), (&"SIP:200".into(), &"caller".into()));
    assert_eq!((&first["wait_ms"], &first["talk_ms"]), (&25_000.into(), &20_000.into()));
    assert_eq!(first["visits"][0]["queue"], "sales");
    assert_eq!(first["caller"], contacts[2]["caller"], "the same caller by pseudonym");
    assert_eq!(first["caller"].as_str().unwrap().len(), 32);

    let enveloped = lines(&export(&["--format", "cloudevents"]).well().stdout);
    let plain = lines(&export(&[]).well().stdout);
    assert_eq!(enveloped.len(), plain.len());
    let (envelope, event) = (enveloped.last().unwrap(), plain.last().unwrap());
    assert_eq!((&envelope["specversion"], &envelope["source"]), (&"1.0".into(), &"/cordboard/main".into()));
    assert_eq!(envelope["id"], format!("main/{}", event["seq"]));
    assert_eq!(envelope["type"], format!("cordboard.{}", event["ev"].as_str().unwrap()));
    assert_eq!((&envelope["time"], &envelope["data"]), (&event["at"], event));
    let ids: std::collections::BTreeSet<&str> =
        enveloped.iter().map(|event| event["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), enveloped.len());

    let out = dir.path().join("queue_log.out");
    let exported = export(&["--format", "queue_log", "--out", text(&out)]).well();
    assert_eq!(exported.stdout, "");
    let written = std::fs::read_to_string(&out).unwrap();
    assert!(
        written.contains("1000000030|1000000005.") && written.contains("|sales|SIP:200|CONNECT|25|"),
        "{written}"
    );
    assert!(written.contains("|sales|NONE|ABANDON|1|2|30\n"), "{written}");
    assert!(written.contains("|SIP:200|COMPLETECALLER|25|20|1\n"), "{written}");
    export(&["--format", "queue_log", "--out", text(&out)]).badly(1, &["queue_log.out"]);
    export(&["--fractions"]).badly(2, &["queue_log"]);
    let exact = export(&["--format", "queue_log", "--fractions"]).well().stdout;
    assert!(exact.contains("|CONNECT|25.000000|"), "{exact}");
    // And in again, under another site.
    let again = dir.path().join("again");
    let path = file(dir.path(), "again.log", &written);
    let args = [
        "import",
        "--layout",
        "queue_log",
        "--site",
        "other",
        "--data",
        text(&again),
        "--output",
        "json",
        &path,
    ];
    let summary = cordboard(&args).well().json();
    assert_eq!(
        (&summary["answered"], &summary["abandoned"], &summary["rejected"]),
        (&2.into(), &1.into(), &0.into())
    );
    let stat = cordboard(&["log", "stat", "--data", text(&again), "--output", "json"]).well().json();
    assert_eq!(stat["site"], "other");
    let remote =
        ["log", "export", "--format", "contacts", "--server", "http://127.0.0.1:9", "--token-file", &path];
    cordboard(&remote).badly(2, &["give --data"]);
}

#[test]
fn what_cannot_be_is_said_with_the_mend() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let path = file(dir.path(), "queue_log", "nonsense\n");
    let import = |layout: &str, more: &[&str]| {
        cordboard(&[&["import", "--layout", layout, "--data", text(&data), &path][..], more].concat())
    };
    import("bank-1998", &[]).badly(1, &["bank-1999", "queue_log"]);
    import("queue_log", &[]).badly(1, &["queue_log:1: rejected: too_few_fields", "no contact is left"]);
    import("queue_log", &["--from", "noon"]).badly(2, &["1999-02-03"]);
    assert!(!data.join("log").exists(), "nothing that looks like a log is left behind");
}
