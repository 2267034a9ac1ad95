//! 质检 at the door: an evaluation and a line of the ledger through their whole lives, with a restart between; what stays blind;
//! who may; what is refused.

#[path = "quality/figures.rs"]
mod figures;
#[path = "quality/month.rs"]
mod month;
#[path = "quality/own.rs"]
mod own;
#[path = "quality/patrol.rs"]
mod patrol;
#[path = "quality/queue.rs"]
mod queue;
#[path = "quality/sight.rs"]
mod sight;

use crate::client::Client;
use crate::house::{House, SALES};
use cordboard_centre::quality::assessment::Table;
use cordboard_centre::quality::checklist::Checklist;
use cordboard_centre::quality::conduct::Conduct;
use cordboard_centre::quality::detect::DetectorTerms;
use cordboard_centre::quality::form::shipped;
use cordboard_centre::quality::{Command as Quality, Terms};
use cordboard_floor::configuration::QueueConfig;
use cordboard_floor::{AgentId, Command, ContactId, Event, Millis};
use http::Method;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/quality";

/// A house with everything that ships.
async fn opened() -> House {
    furnished(House::open().await)
}

fn furnished(house: House) -> House {
    house.does_at_quality(Quality::ApplyTerms(Terms::default()));
    house.does_at_quality(Quality::ApplyDetectors(Box::new(DetectorTerms::shipped().unwrap())));
    for form in shipped::forms().unwrap() {
        house.does_at_quality(Quality::ApplyForm(Box::new(form)));
    }
    for rule in Conduct::shipped().unwrap().rules {
        house.does_at_quality(Quality::ApplyRule(Box::new(rule)));
    }
    for table in Table::shipped().unwrap() {
        house.does_at_quality(Quality::ApplyTable(Box::new(table)));
    }
    for list in Checklist::shipped().unwrap() {
        house.does_at_quality(Quality::ApplyChecklist(Box::new(list)));
    }
    house
}

/// A call that 1001 answers and ends.
async fn call(house: &House) -> ContactId {
    let contact = talk(house).await;
    let agent = AgentId::fixed("1001");
    house.does(Command::CompleteWrapup { contact, agent, code: None, note: None });
    contact
}

/// The same, and the work after it is not finished.
async fn talk(house: &House) -> ContactId {
    let new = json!({"queue": "sales", "channel": "voice", "from": "13812345678"});
    let made = house.as_account("crm").post("/api/v1/contacts", new).await.ok();
    let contact: ContactId = made["contact"].as_str().unwrap().parse().unwrap();
    let agent = AgentId::fixed("1001");
    house.does(Command::Accept { offer: house.last_offer(), agent });
    house.does(Command::End { contact, agent });
    contact
}

async fn get(client: &Client, path: &str) -> Value {
    client.get(&format!("{PATH}{path}")).await.ok()
}

async fn post(client: &Client, path: &str, body: Value) -> Value {
    client.post(&format!("{PATH}{path}"), body).await.ok()
}

async fn no(client: &Client, path: &str, body: Value, status: u16, code: &str) {
    client.post(&format!("{PATH}{path}"), body).await.problem(status, code);
}

/// Every question of a form answered as well as can be; the greeting was left out, if it is to be.
fn answers(form: &Value, greeted: bool) -> Value {
    let sections = form["sections"].as_array().unwrap();
    let questions = sections.iter().flat_map(|section| section["questions"].as_array().unwrap());
    let asked = questions.filter(|question| question["only_if"].is_null());
    let answer = |question: &Value| {
        let id = &question["id"];
        if id == "script.greeting" && !greeted {
            return json!({"question": id, "choice": "no", "note": "no company, no number", "at_ms": 1_500});
        }
        match &question["kind"] {
            Value::String(kind) if kind == "number" => {
                json!({"question": id, "value": question["worth"]["points"]})
            }
            Value::String(kind) if kind == "text" => json!({"question": id, "note": "said"}),
            Value::String(_) => json!({"question": id, "choice": "yes"}),
            choices => {
                let best = choices["choice"].as_array().unwrap().iter();
                let best = best.max_by_key(|choice| choice["points"].as_u64()).unwrap();
                json!({"question": id, "choice": best["id"], "note": "well done"})
            }
        }
    };
    asked.map(answer).collect()
}

fn names(story: &Value) -> Vec<&str> {
    story.as_array().unwrap().iter().map(|step| step["ev"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_evaluation_lives_from_its_draft_to_its_end() {
    let house = opened().await;
    let wrapup_ms = Millis(1);
    house.does(Command::ApplyQueue(QueueConfig { wrapup_ms, ..QueueConfig::customary(SALES) }));
    house.is_ready("1001");
    let contact = talk(&house).await;
    // She does not say how it was, and the timer does.
    let said = |house: &House| house.events().iter().any(|it| matches!(it.event, Event::WrapupCompleted(_)));
    house.until("the timer ends the work after it", async || said(&house)).await;
    let qa = house.as_account("zhao");
    let new = json!({"contact": contact, "agent": "1001"});
    let begun = qa.post(&format!("{PATH}/evaluations"), new.clone()).await;
    assert_eq!(begun.status, 201);
    let evaluation = begun.json()["evaluation"].as_str().unwrap().to_owned();
    assert_eq!(post(&qa, "/evaluations", new).await["evaluation"], json!(evaluation), "the same once");
    let path = format!("/evaluations/{evaluation}");
    let drafted = get(&qa, &path).await;
    assert_eq!(drafted["evaluation"]["rater"], "quality");
    assert_eq!(drafted["form"]["form"], "service", "by its channel");
    let facts: Vec<&Value> =
        drafted["suggestions"].as_array().unwrap().iter().map(|told| &told["fact"]).collect();
    assert_eq!(facts, [&json!("no_wrapup_code")], "the timer's code, not hers");
    assert!(drafted["suggestions"][0]["evidence"][0].as_u64() > Some(contact.0));

    // Until it is published, she is told nothing; a stranger's colleague never.
    let own = house.as_account("1001");
    let hidden = async |client: &Client| {
        client.get(&format!("{PATH}{path}")).await.problem(404, "unknown_evaluation");
        assert_eq!(get(client, "/evaluations").await["evaluations"], json!([]));
    };
    hidden(&own).await;
    let given = answers(&drafted["form"], false);
    let scored = post(
        &qa,
        "/score",
        json!({"form": "service", "version": drafted["form"]["version"], "answers": given}),
    )
    .await;
    assert_eq!(scored["scored"]["mark"], 9_800);
    let submitted = post(&qa, &format!("{path}/submit"), json!({"answers": given})).await;
    assert_eq!(submitted["scored"], scored["scored"]);
    hidden(&own).await;
    no(&own, &format!("{path}/appeal"), json!({"text": "no"}), 404, "unknown_evaluation").await;
    post(&qa, &format!("{path}/publish"), json!({})).await;

    let house = house.restart().await;
    let own = house.as_account("1001");
    hidden(&house.as_account("1002")).await;
    let listed = get(&own, "/evaluations").await;
    assert_eq!((&listed["evaluations"][0]["mark"], &listed["next"]), (&json!(9_800), &json!(null)));
    let shown = get(&own, &path).await;
    let told = shown["evaluation"]["answers"].as_array().unwrap().iter();
    let greeting = told.clone().find(|answer| answer["question"] == "script.greeting").unwrap();
    assert_eq!(greeting["note"], json!({"text": "no company, no number", "masked": false}));
    assert_eq!(shown["suggestions"], json!([]));

    // She appeals, once, by whatever connection; the director looks, and nobody who marked.
    let appeal = json!({"questions": ["script.greeting"], "text": "I said it"});
    let key = [("idempotency-key", "appeal-1")];
    let once = own.post_with(&format!("{PATH}{path}/appeal"), &key, appeal.clone()).await;
    let house = house.restart().await;
    let again = house.as_account("1001").post_with(&format!("{PATH}{path}/appeal"), &key, appeal).await;
    assert_eq!((again.status, &again.body), (once.status, &once.body));
    no(&house.as_account("zhao"), &format!("{path}/review"), json!({"outcome": "upheld"}), 403, "forbidden")
        .await;
    let director = house.as_account("he");
    let review =
        json!({"outcome": "changed", "answers": answers(&shown["form"], true), "text": "heard again"});
    post(&director, &format!("{path}/review"), review).await;
    let over = get(&house.as_account("1001"), &path).await;
    assert_eq!(over["evaluation"]["mark"], 10_000);
    assert_eq!(over["evaluation"]["submitted"]["mark"], 9_800, "nothing is overwritten");
    let trodden = [
        "evaluation.drafted",
        "evaluation.submitted",
        "evaluation.published",
        "evaluation.appealed",
        "evaluation.reviewed",
    ];
    assert_eq!(names(&over["story"]), trodden);
    assert_eq!(over["story"][3]["text"]["text"], "I said it");
    assert_eq!(over["story"][4]["by"], json!({"kind": "leader", "id": "he"}));
    post(&house.as_account("zhao"), &format!("{path}/close"), json!({})).await;

    // A mean never stands alone.
    let scores = get(&house.as_account("wang"), "/scores").await;
    let row = &scores["agents"][0];
    assert_eq!((&row["mean"], &row["n"], &row["interval_by"]), (&json!(10_000), &json!(1), &json!("widest")));
    // Who reads the log sees that it happened, and neither answers nor words.
    let events = house.as_account("zhou").get("/api/v1/events?ev=evaluation.*&limit=1000").await.ok();
    let text = events.to_string();
    assert!(!text.contains("greeting") && !text.contains("9800"), "{text}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_the_ledger_lives_from_its_proposal_to_its_end() {
    let house = opened().await;
    house.is_ready("1001");
    let leader = house.as_account("chen");
    let new = json!({"rule": "conduct.damaged_equipment", "agent": "1001", "from": house.door.now(), "note": "the headset"});
    let made = post(&leader, "/entries", new).await;
    let path = format!("/entries/{}", made["entry"].as_str().unwrap());
    let total = async |house: &House, account: &str| {
        let ledger = get(&house.as_account(account), "/ledger?agent=1001").await;
        (ledger["total"].as_u64().unwrap(), ledger["entries"].as_array().unwrap().len())
    };
    assert_eq!(total(&house, "wang").await, (0, 1));
    assert_eq!(total(&house, "1001").await, (0, 0), "nobody has agreed that there is anything");
    no(&leader, &format!("{path}/confirm"), json!({"points": 3}), 409, "own_proposal").await;
    let shift = house.as_account("wang");
    no(&shift, &format!("{path}/confirm"), json!({"points": 6}), 409, "points_not_allowed").await;
    post(&shift, &format!("{path}/confirm"), json!({"points": 3})).await;
    assert_eq!((total(&house, "1001").await, total(&house, "1002").await), ((3, 1), (0, 0)));

    let house = house.restart().await;
    assert_eq!(total(&house, "1001").await, (3, 1), "live and replayed");
    no(&house.as_account("1002"), &format!("{path}/appeal"), json!({"text": "x"}), 404, "unknown_entry")
        .await;
    no(&house.as_account("1001"), &format!("{path}/appeal"), json!({"text": " "}), 422, "invalid").await;
    post(&house.as_account("1001"), &format!("{path}/appeal"), json!({"text": "it was worn"})).await;
    let entry = get(&house.as_account("he"), "/ledger?standing=appealed").await["entries"][0].clone();
    assert_eq!(entry["appeal"]["text"], "it was worn");
    assert_eq!((&entry["note"]["text"], &entry["leader"]), (&json!("the headset"), &json!("wang")));
    assert!(entry["rule_text"]["zh"].is_string() && entry["month"].is_string(), "{entry}");
    no(&house.as_account("wang"), &format!("{path}/decide"), json!({"upheld": true}), 403, "forbidden").await;
    let decision = json!({"upheld": true, "points": 1, "text": "one will do"});
    post(&house.as_account("he"), &format!("{path}/decide"), decision).await;
    assert_eq!(total(&house, "1001").await.0, 1);
    // Who said what, to whom it is about as well.
    for account in ["1001", "wang"] {
        let ledger = get(&house.as_account(account), "/ledger?agent=1001").await;
        let story = ledger["entries"][0]["story"].as_array().unwrap().clone();
        let told: Vec<_> = story
            .iter()
            .map(|step| {
                (step["ev"].as_str().unwrap(), step["by"]["id"].as_str(), step["text"]["text"].as_str())
            })
            .collect();
        assert_eq!(
            told,
            [
                ("deduction.proposed", Some("chen"), Some("the headset")),
                ("deduction.confirmed", Some("wang"), None),
                ("deduction.appealed", Some("1001"), Some("it was worn")),
                ("deduction.decided", Some("he"), Some("one will do")),
            ]
        );
    }
    post(&house.as_account("wang"), &format!("{path}/revoke"), json!({"why": "mistake"})).await;
    assert_eq!(total(&house, "1001").await, (0, 1));

    // A round proposes, and an excuse is somebody's word.
    let found = json!({"findings": [{"item": "noise", "agent": "1001", "note": "loud"}, {"item": "dress"}]});
    let round = house.as_account("chen").post(&format!("{PATH}/checklists/patrol/record"), found).await;
    assert_eq!((round.status.as_u16(), round.json()["entries"].as_array().unwrap().len()), (201, 1));
    patrol::rounds_are_read(&house, &round.json()).await;
    let excuse = json!({"from": "2026-11-01T00:00:00Z", "until": "2026-11-01T01:00:00Z", "why": "visitors"});
    no(&house.as_account("chen"), "/excuses", excuse.clone(), 403, "forbidden").await;
    let granted = post(&house.as_account("wang"), "/excuses", excuse).await;
    let listed = get(&house.as_account("1001"), "/excuses").await;
    assert_eq!(listed["excuses"][0]["excuse"], granted["excuse"]);
    let gone = format!("/excuses/{}/withdraw", granted["excuse"].as_str().unwrap());
    post(&house.as_account("wang"), &gone, json!({})).await;
    assert_eq!(get(&house.as_account("wang"), "/excuses").await["excuses"], json!([]));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_drawn_is_listened_to_twice_without_seeing_the_other() {
    let house = opened().await;
    house.is_ready("1001");
    let from = house.door.now();
    for _ in 0..4 {
        call(&house).await;
    }
    let until = house.door.now();
    let plan = json!({"quota": 2, "quota_new": 2, "new_until_days": 0, "second_percent": 100, "talk_ms_min": 0, "own_team": true, "risk_max": 0});
    let new = json!({"from": from, "until": until, "plan": plan, "seed": 7, "evaluators": ["zhao", "qian"]});
    let (qa, second) = (house.as_account("zhao"), house.as_account("qian"));
    let drawn = post(&qa, "/samples", new.clone()).await;
    let picks = drawn["picks"].as_array().unwrap();
    assert_eq!((picks.len(), &drawn["seed"]), (2, &json!(7)));
    let coverage = &drawn["coverage"];
    assert_eq!((&coverage["eligible"], &coverage["representative"]), (&json!(4), &json!(2)), "{drawn}");
    // What is asked a second time is the same draw; another seed draws from what is left.
    let listed = get(&qa, "/samples").await;
    assert_eq!(listed["samples"][0]["sample"], drawn["sample"]);
    let mut other = new;
    other["seed"] = json!(8);
    let rest = post(&qa, "/samples", other).await;
    assert_eq!((rest["picks"].as_array().unwrap().len(), &rest["coverage"]["used"]), (2, &json!(2)));

    let queue = get(&second, "/picks?mine=true&open=true").await;
    let mine = queue["picks"].as_array().unwrap();
    assert!(!mine.is_empty());
    assert_eq!((&mine[0]["channel"], &mine[0]["queue"]), (&json!("voice"), &json!("sales")));
    let contact = &mine[0]["contact"];
    let look = async |client: &Client| {
        let begun = post(client, "/evaluations", json!({"contact": contact, "agent": "1001"})).await;
        format!("/evaluations/{}", begun["evaluation"].as_str().unwrap())
    };
    let (hers, other) = (look(&second).await, look(&qa).await);
    let form = get(&qa, &other).await["form"].clone();
    post(&qa, &format!("{other}/submit"), json!({"answers": answers(&form, false)})).await;
    let blind = get(&second, &other).await;
    assert_eq!(
        (&blind["evaluation"]["opened"], &blind["evaluation"]["submitted"]),
        (&json!(false), &json!(null))
    );
    assert_eq!(blind["evaluation"]["answers"], json!(null));
    post(&second, &format!("{hers}/submit"), json!({"answers": answers(&form, true)})).await;
    assert_eq!(get(&second, &other).await["evaluation"]["mark"], 9_800);
    let agreed = get(&house.as_account("zhou"), "/agreement").await;
    assert_eq!((&agreed["units"], &agreed["evaluators"]), (&json!(1), &json!(2)));
    assert_eq!(agreed["percent"]["value"], 1.0, "2 points apart are within 5");
    assert_eq!(
        agreed["per_item"].as_array().unwrap().iter().filter(|it| it["alike"]["value"] == 0.0).count(),
        1
    );
    assert!(agreed["kappa"]["value"].is_number() || agreed["kappa"]["undefined"].is_string(), "{agreed}");

    let open =
        mine.iter().find(|row| row["contact"] != *contact).unwrap_or(&mine[0])["contact"].as_str().unwrap();
    let path = format!("/picks/{open}/withdraw");
    let withdrawn = qa.post(&format!("{PATH}{path}"), json!({"why": "no_recording"})).await;
    assert!(withdrawn.status.is_success() || withdrawn.status == 409, "{}", withdrawn.json());
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_stays_blind_until_it_closes() {
    let house = opened().await;
    house.is_ready("1001");
    let contact = call(&house).await;
    let (qa, second) = (house.as_account("zhao"), house.as_account("qian"));
    let close_by = house.door.now().plus(cordboard_floor::Millis::from_secs(3_600));
    let new = json!({"contact": contact, "agent": "1001", "raters": ["zhao", "qian"], "close_by": close_by});
    let opened = post(&qa, "/rounds", new).await;
    let round = opened["round"].as_str().unwrap();
    let mark = async |client: &Client, greeted: bool| {
        let begin = json!({"contact": contact, "agent": "1001", "round": round});
        let path = format!(
            "/evaluations/{}",
            post(client, "/evaluations", begin).await["evaluation"].as_str().unwrap()
        );
        let form = get(client, &path).await["form"].clone();
        post(client, &format!("{path}/submit"), json!({"answers": answers(&form, greeted)})).await;
        path
    };
    let first = mark(&qa, true).await;
    mark(&second, false).await;
    assert_eq!(get(&second, &first).await["evaluation"]["opened"], json!(false));
    assert_eq!(get(&second, "/rounds").await["rounds"][0]["per_item"], json!(null));
    post(&qa, &format!("/rounds/{round}/close"), json!({})).await;
    assert_eq!(get(&second, &first).await["evaluation"]["mark"], 10_000);
    let closed = get(&second, "/rounds").await["rounds"][0].clone();
    assert_eq!(
        closed["per_item"][0]["question"], "script.greeting",
        "the question that splits them comes first"
    );
    assert!(closed["alpha"]["value"].is_number(), "{closed}");
    // Her agent never hears of it.
    assert_eq!(get(&house.as_account("1001"), "/evaluations").await["evaluations"], json!([]));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_look_at_a_contact_as_it_went_is_an_event() {
    let house = opened().await;
    house.is_ready("1001");
    let contact = call(&house).await;
    let shown = get(&house.as_account("zhao"), &format!("/replay/{contact}")).await;
    assert_eq!(shown["recording"], json!(null));
    assert!(!shown.to_string().contains("13812345678"), "numbers stay masked");
    let states: Vec<&Value> =
        shown["states"].as_array().unwrap().iter().map(|state| &state["state"]).collect();
    assert!(states.contains(&&json!("talking")) || states.len() > 2, "{states:?}");
    let offer = &shown["offers"][0];
    let explained = house.as_account("zhao").get(offer["explanation"].as_str().unwrap()).await;
    assert!(explained.status.is_success());
    assert!(shown["events"].as_array().unwrap().iter().any(|event| event["ev"] == "contact.connected"));
    get(&house.as_account("wang"), &format!("/replay/{contact}")).await;
    let events = house.as_account("zhou").get("/api/v1/events?ev=contact.replayed").await.ok();
    let by: Vec<&Value> =
        events["events"].as_array().unwrap().iter().map(|event| &event["data"]["by"]).collect();
    assert_eq!(by, [&json!("zhao"), &json!("wang")]);
    let unknown = house.as_account("zhao").get(&format!("{PATH}/replay/c-1")).await;
    unknown.problem(404, "unknown_contact");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mystery_contact_leaves_figures_samples_and_satisfaction_whenever_that_is_said() {
    let house = opened().await;
    house.is_ready("1001");
    let from = house.door.now();
    let (one, other) = (call(&house).await, call(&house).await);
    let asked = get(&house.as_account("zhao"), &format!("/replay/{one}")).await;
    assert_eq!(asked["survey"], json!(null), "nobody was asked");
    let crm = house.as_account("crm");
    for (contact, score) in [(one, 1), (other, 5)] {
        post(&crm, "/surveys", json!({"contact": contact})).await;
        let said = json!({"scores": [{"question": "all", "score": score}], "comment": "hm"});
        post(&crm, &format!("/surveys/{contact}/answer"), said).await;
    }
    let figures = async |house: &House| {
        let own = house.as_account("1001").get("/api/v1/me/figures").await.ok();
        let handled = own["figures"].as_array().unwrap().iter().find(|it| it["id"] == "handled").cloned();
        handled.unwrap()["numerator"].clone()
    };
    let satisfied = async |house: &House| {
        let all = get(&house.as_account("zhou"), "/satisfaction").await;
        (all["offered"].clone(), all["questions"][0]["positive"]["part"].clone())
    };
    assert_eq!(figures(&house).await, json!(2));
    assert_eq!(satisfied(&house).await, (json!(2), json!(1)));
    // Whoever listens reads what the caller said, and whoever may not open texts the scores alone.
    let survey = async |account: &str, contact: ContactId| {
        get(&house.as_account(account), &format!("/replay/{contact}")).await["survey"].clone()
    };
    let said = survey("zhao", one).await;
    assert_eq!(
        (&said["answered"], &said["scores"]),
        (&json!(true), &json!([{"question": "all", "score": 1}]))
    );
    assert_eq!(said["comment"], json!({"text": "hm", "masked": false}));
    let to_manager = survey("liu", one).await;
    assert_eq!((&to_manager["scores"], &to_manager["comment"]), (&said["scores"], &json!({"masked": true})));
    // As the page goes about it: nobody begins as a mystery caller what still counts as a customer's.
    let qa = house.as_account("zhao");
    let new = json!({"contact": one, "agent": "1001", "rater": "mystery"});
    no(&qa, "/evaluations", new.clone(), 409, "not_mystery").await;
    assert_eq!(get(&qa, &format!("/replay/{one}")).await["mystery"], json!(false));
    post(&qa, "/mystery", json!({"contact": one})).await;
    let begun = post(&qa, "/evaluations", new).await["evaluation"].clone();
    let row = get(&qa, &format!("/evaluations/{}", begun.as_str().unwrap())).await;
    assert_eq!(row["evaluation"]["rater"], "mystery");
    let replayed = get(&qa, &format!("/replay/{one}")).await;
    assert_eq!((&replayed["mystery"], &replayed["evaluations"]), (&json!(true), &json!([begun])));
    house.until("it is made anew", async || figures(&house).await == json!(1)).await;
    assert_eq!(satisfied(&house).await, (json!(1), json!(1)));
    let until = house.door.now();
    let plan = json!({"quota": 9, "quota_new": 9, "new_until_days": 0, "talk_ms_min": 0, "own_team": true});
    let new = json!({"from": from, "until": until, "plan": plan, "evaluators": ["zhao"]});
    let drawn = post(&house.as_account("zhao"), "/samples", new).await;
    let picks: Vec<&Value> = drawn["picks"].as_array().unwrap().iter().map(|pick| &pick["contact"]).collect();
    assert_eq!(picks, [&json!(other)]);
    // The same after a restart, from the log.
    let house = house.restart().await;
    house.until("the day is there", async || figures(&house).await == json!(1)).await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_detectors_find_waits_until_it_is_proposed_and_is_not_found_again() {
    let house = opened().await;
    house.is_ready("1001");
    for _ in 0..3 {
        // Answered and ended at once: each is an episode.
        call(&house).await;
    }
    let waits = async |house: &House| {
        house.door.views.findings.reach(house.door.durable_seq(), crate::house::WITHIN).await;
        let findings = house.door.views.findings.read().unwrap();
        (findings.found(), findings.waiting().cloned().collect::<Vec<_>>())
    };
    let (found, waiting) = waits(&house).await;
    assert_eq!((found, waiting.len()), (3, 3), "{waiting:?}");
    let month = cordboard_views::interval::month_of(waiting[0].until, "UTC").unwrap();
    let mut seqs = Vec::new();
    for found in waiting.clone() {
        seqs.push(house.does_at_quality(Quality::Propose(found.proposal(1, month))));
    }
    assert_eq!(waits(&house).await, (3, Vec::new()));
    // Said again, it is the same line.
    let again =
        waiting.into_iter().map(|found| house.does_at_quality(Quality::Propose(found.proposal(1, month))));
    assert_eq!(again.collect::<Vec<_>>(), seqs);
    let entries = get(&house.as_account("wang"), "/ledger").await["entries"].clone();
    // From the log alone, without what was kept beside it.
    let house = house.restart().await;
    assert_eq!(waits(&house).await, (3, Vec::new()));
    let admin = house.as_account("wu");
    let rebuilt = admin.post("/api/v1/views/findings/rebuild", json!({})).await;
    assert!(rebuilt.status.is_success());
    house
        .until("it is folded anew", async || {
            let views = admin.get("/api/v1/views").await.ok();
            let row =
                views["views"].as_array().unwrap().iter().find(|view| view["name"] == "findings").cloned();
            row.is_some_and(|row| row["last_rebuild"]["equal"] == true)
        })
        .await;
    assert_eq!(waits(&house).await, (3, Vec::new()));
    assert_eq!(get(&house.as_account("wang"), "/ledger").await["entries"], entries);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_reckoned_submitted_and_approved_by_two() {
    let house = opened().await;
    let director = house.as_account("he");
    let tables = get(&director, "/tables").await["tables"].clone();
    let table = &tables[0];
    let given = |points: i64| -> Value {
        let lines = table["line"].as_array().unwrap().iter();
        let one = |line: &Value| {
            (
                line["id"].as_str().unwrap().to_owned(),
                json!({"figure": {"over": points, "under": 1, "report": null}}),
            )
        };
        Value::Object(lines.map(one).collect())
    };
    let rows =
        json!([{"agent": "1001", "given": given(80)}, {"agent": "1002", "given": given(90), "bonus": 1}]);
    let new = json!({"month": "2026-01", "post": table["post"], "rows": rows});
    let early = json!({"month": "2999-01", "post": table["post"], "rows": rows});
    no(&director, "/assessments", early, 422, "invalid").await;
    let mut missing = new.clone();
    missing["rows"][0]["given"] = json!({});
    no(&director, "/assessments", missing, 409, "row_differs").await;
    no(&house.as_account("liu"), "/assessments", new.clone(), 403, "forbidden").await;
    let made = post(&director, "/assessments", new).await;
    let path = format!("/assessments/{}", made["assessment"].as_str().unwrap());
    no(&director, &format!("{path}/approve"), json!({}), 403, "forbidden").await;
    no(&house.as_account("liu"), &format!("{path}/return"), json!({"why": ""}), 422, "invalid").await;
    post(&house.as_account("liu"), &format!("{path}/approve"), json!({})).await;
    let listed = get(&house.as_account("zhou"), "/assessments?month=2026-01").await;
    let shown = &listed["assessments"][0];
    assert_eq!((&shown["standing"], &shown["manager"]), (&json!("approved"), &json!("liu")));
    assert_eq!(shown["rows"].as_array().unwrap().len(), 2);
    assert_eq!(names(&shown["story"]), ["assessment.submitted", "assessment.approved"]);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_with_its_reason() {
    let house = opened().await;
    house.is_ready("1001");
    let contact = call(&house).await;
    let qa = house.as_account("zhao");
    let of = |agent: &str, more: Value| {
        let mut new = json!({"contact": contact, "agent": agent});
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        new
    };
    for (new, status, code) in [
        (of("1002", json!({})), 422, "not_on_contact"),
        (of("9999", json!({})), 404, "unknown_agent"),
        (of("1001", json!({"form": "mail"})), 404, "unknown_form"),
        (of("1001", json!({"rater": "own"})), 422, "invalid_rater"),
        (of("1001", json!({"checks": "e-1"})), 404, "unknown_evaluation"),
        (of("1001", json!({"formm": "service"})), 422, "invalid_body"),
        (json!({"contact": "c-1", "agent": "1001"}), 404, "unknown_contact"),
    ] {
        no(&qa, "/evaluations", new, status, code).await;
    }
    let path = format!(
        "/evaluations/{}",
        post(&qa, "/evaluations", of("1001", json!({}))).await["evaluation"].as_str().unwrap()
    );
    no(&qa, &format!("{path}/submit"), json!({"answers": []}), 422, "answers").await;
    let form = get(&qa, &path).await["form"].clone();
    let mut long = answers(&form, false);
    let place = long.as_array().unwrap().iter().position(|it| it["question"] == "script.greeting").unwrap();
    long[place]["note"] = json!("字".repeat(2_000));
    no(&qa, &format!("{path}/submit"), json!({"answers": long}), 422, "over_limit").await;
    no(
        &house.as_account("qian"),
        &format!("{path}/submit"),
        json!({"answers": answers(&form, true)}),
        409,
        "not_your_evaluation",
    )
    .await;
    // Of herself she marks herself.
    let own = post(&house.as_account("1001"), "/evaluations", of("1001", json!({}))).await;
    let shown =
        get(&house.as_account("1001"), &format!("/evaluations/{}", own["evaluation"].as_str().unwrap()))
            .await;
    assert_eq!(shown["evaluation"]["rater"], "own");
    no(&house.as_account("1002"), "/evaluations", of("1001", json!({})), 403, "forbidden").await;
    post(&qa, &format!("{path}/discard"), json!({})).await;
    for query in
        ["/ledger?limit=0", "/ledger?month=2026-13", "/evaluations?limit=1001", "/evaluations?stepp=closed"]
    {
        qa.get(&format!("{PATH}{query}")).await.problem(400, "invalid_query");
    }
    let now = house.door.now();
    no(&qa, "/samples", json!({"from": now, "until": now}), 422, "invalid").await;
    let plan = json!({"quota": 10_001, "quota_new": 1, "new_until_days": 0});
    let from = json!("2026-01-01T00:00:00Z");
    no(&qa, "/samples", json!({"from": from, "until": now, "plan": plan}), 422, "faulty").await;
    no(
        &qa,
        "/samples",
        json!({"from": from, "until": now, "evaluators": ["nobody"]}),
        422,
        "unknown_account",
    )
    .await;
    house.close().await;
}

/// Method, path, body; then who may, of all accounts.
const DOORS: &[(&str, &str, &[&str])] = &[
    ("GET", "/forms", &["1001", "chen", "wang", "he", "liu", "zhao", "zhou"]),
    ("GET", "/rules", &["1001", "chen", "wang", "he", "liu", "zhao", "zhou"]),
    ("GET", "/tables", &["he", "liu", "zhou"]),
    ("GET", "/evaluations", &["1001", "chen", "wang", "he", "liu", "zhao", "zhou"]),
    ("GET", "/checklists/recorded", &["chen", "wang", "he", "liu", "zhao", "zhou"]),
    ("GET", "/samples", &["wang", "he", "liu", "zhao", "zhou"]),
    ("GET", "/picks", &["wang", "he", "liu", "zhao", "zhou"]),
    ("GET", "/ledger", &["1001", "chen", "wang", "he", "liu", "zhao", "zhou"]),
    ("GET", "/agreement", &["wang", "he", "liu", "zhao", "zhou"]),
    ("GET", "/satisfaction", &["wang", "he", "liu", "zhao", "zhou"]),
    ("GET", "/assessments", &["he", "liu", "zhou"]),
    ("GET", "/assessments/proposed?month=2026-01&post=agent", &["he", "liu", "zhou"]),
    ("POST", "/samples", &["zhao"]),
    ("POST", "/evaluations", &["1001", "chen", "wang", "zhao"]),
    ("POST", "/entries", &["chen", "wang", "zhao"]),
    ("POST", "/entries/d-1/confirm", &["chen", "wang"]),
    ("POST", "/entries/d-1/decide", &["he"]),
    ("POST", "/rounds/cr-1/close", &["zhao"]),
    ("POST", "/evaluations/e-1/review", &["he"]),
    ("POST", "/evaluations/e-1/acknowledge", &["1001"]),
    ("POST", "/assessments/ma-1/approve", &["liu"]),
    ("POST", "/surveys/c-1/answer", &["zhao", "crm"]),
    ("POST", "/mystery", &["zhao"]),
];

#[tokio::test(flavor = "multi_thread")]
async fn each_door_opens_to_whom_the_table_says() {
    let house = opened().await;
    for account in ["1001", "chen", "wang", "he", "liu", "zhao", "sun", "zhou", "wu", "crm"] {
        let client = house.as_account(account);
        for (method, path, may) in DOORS {
            let body = match *path {
                "/samples" => json!({"from": "2026-01-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}),
                "/evaluations" => json!({"contact": "c-1", "agent": "9999"}),
                "/entries" => json!({"agent": "9999", "rule": "x", "from": "2026-01-01T00:00:00Z"}),
                "/mystery" => json!({"contact": "c-1"}),
                path if path.ends_with("/decide") => json!({"upheld": true}),
                path if path.ends_with("/review") => json!({"outcome": "upheld"}),
                path if path.ends_with("/answer") => json!({"scores": []}),
                _ => json!({}),
            };
            let (at, sent) = (format!("{PATH}{path}"), body.to_string().into_bytes());
            let json = [("content-type", "application/json")];
            let reply = client.send(method.parse::<Method>().unwrap(), &at, &json, sent).await;
            let (status, text) = (reply.status.as_u16(), reply.json().to_string());
            assert_eq!(status != 403, may.contains(&account), "{account} {method} {path}: {status} {text}");
        }
    }
    let stranger = house.stranger();
    for (method, path, _) in DOORS {
        let reply = stranger.send(method.parse().unwrap(), &format!("{PATH}{path}"), &[], Vec::new()).await;
        assert_eq!(reply.status, 401, "{method} {path}");
    }
    house.close().await;
}
