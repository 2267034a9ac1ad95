//! What becomes of evaluations and points about an agent is told on her own link, from the moment she may know; and to nobody else.

use crate::client::{Client, names};
use crate::house::House;
use cordboard_api::link::Limits;
use cordboard_api::link::frame::{Protocol, ServerFrame};
use cordboard_centre::quality::Command as Quality;
use cordboard_centre::quality::Month;
use cordboard_centre::quality::conduct::Conduct;
use cordboard_centre::quality::evaluation::{Draft, Rater};
use cordboard_centre::quality::form::{Answer, Form, Kind, Value, YES};
use cordboard_centre::quality::id::{EntryId, EvaluationId};
use cordboard_centre::quality::ledger::Proposal;
use cordboard_floor::{AccountId, AgentId, ContactId};
use serde_json::json;

const LI: AgentId = AgentId::fixed("1001");
const QA: AccountId = AccountId::fixed("zhao");
const FORM: &str = r#"
form = "short"
version = 1
title = { zh = "短", en = "Short" }
[[sections]]
id = "s"
title = { zh = "节", en = "Section" }
[[sections.questions]]
id = "a"
text = { zh = "问", en = "Question" }
worth = { points = 2 }
"#;

/// An evaluation of hers, submitted and not published.
fn marks(house: &House, rater: Rater) -> EvaluationId {
    let form = Form::read("short", FORM).unwrap();
    assert!(form.questions().all(|question| question.kind == Kind::YesNo));
    let draft = Draft {
        contact: ContactId(1),
        agent: LI,
        form: form.form,
        version: 1,
        rater,
        account: QA,
        checks: None,
        seed: None,
        round: None,
    };
    let answers = form.questions().map(|question| Answer::plain(question.id, Value::Chosen(YES))).collect();
    house.does_at_quality(Quality::ApplyForm(Box::new(form)));
    let evaluation = EvaluationId(house.does_at_quality(Quality::DraftEvaluation(draft)));
    house.does_at_quality(Quality::SubmitEvaluation { evaluation, account: QA, answers });
    evaluation
}

fn proposes(house: &House) -> EntryId {
    for rule in Conduct::shipped().unwrap().rules {
        house.does_at_quality(Quality::ApplyRule(Box::new(rule)));
    }
    let now = house.door.now();
    let proposal = Proposal {
        rule: "conduct.noise".parse().unwrap(),
        version: 1,
        agent: LI,
        month: Month::utc(now).unwrap(),
        episode: None,
        evidence: Vec::new(),
        from: now,
        until: now,
        measured: 1,
        allowed: 0,
        by: Some(QA),
        note: None,
    };
    EntryId(house.does_at_quality(Quality::Propose(proposal)))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_hears_of_hers_from_the_moment_she_may_know() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::greeted(&house, "1001").await;
    let mut wang = Client::greeted(&house, "1002").await;
    let evaluation = marks(&house, Rater::Quality);
    let blind = marks(&house, Rater::Calibration);
    let entry = proposes(&house);
    house.does_at_quality(Quality::PublishEvaluation { evaluation, account: QA });
    let told = li.event("evaluation.published").await;
    assert_eq!(told.data["evaluation"], json!(evaluation));
    assert!(told.data.get("answers").is_none() && told.data.get("scored").is_none(), "{}", told.data);
    let leader = AccountId::fixed("chen");
    house.does_at_quality(Quality::ConfirmDeduction { entry, account: leader, points: None, severe: false });
    house.does_at_quality(Quality::CloseEvaluation { evaluation: blind, account: QA });
    let told = li.event("deduction.confirmed").await;
    assert_eq!(told.data["entry"], json!(entry));
    let of_the_desk = |frames: &[ServerFrame]| {
        let names = names(frames).into_iter();
        names.filter(|name| name.starts_with("evaluation") || name.starts_with("deduction")).count()
    };
    assert_eq!(
        of_the_desk(&li.everything().await),
        0,
        "nothing before it was hers to know, and nothing blind"
    );

    // Away, she misses nothing: what concerned her is played to her when she comes back.
    let last = li.last;
    drop(li);
    let why = cordboard_floor::ReasonId::fixed("mistake");
    house.does_at_quality(Quality::RevokeDeduction { entry, account: leader, why });
    let back = Client::greet(&house, Protocol::Json, "1001", Some(last)).await;
    assert!(back.welcome.resumed);
    let mut li = back.client;
    assert_eq!(li.event("deduction.revoked").await.data["entry"], json!(entry));
    assert_eq!(of_the_desk(&wang.everything().await), 0);
    house.close().await;
}
