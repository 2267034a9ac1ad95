//! How far evaluators agree and err, and how many conversations hurt nobody: known answers over HTTP, each with of how many it is.

use super::{answers, call, get, opened, post};
use crate::client::Client;
use crate::house::House;
use cordboard_floor::{ContactId, Millis};
use serde_json::{Value, json};

const BUSINESS: &str = "accuracy.business";
const RECORD: &str = "accuracy.record";
const IDENTITY: &str = "accuracy.identity";

/// Everything well done but for these.
fn lost(form: &Value, questions: &[&str]) -> Value {
    let mut given = answers(form, true);
    for answer in given.as_array_mut().unwrap() {
        if questions.iter().any(|question| answer["question"] == *question) {
            (answer["choice"], answer["note"]) = (json!("no"), json!("not done"));
        }
    }
    given
}

/// An evaluation of 1001's part, submitted.
async fn marked(by: &Client, contact: ContactId, more: Value, questions: &[&str]) -> String {
    let mut new = json!({"contact": contact, "agent": "1001"});
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = post(by, "/evaluations", new).await["evaluation"].as_str().unwrap().to_owned();
    let form = get(by, &format!("/evaluations/{made}")).await["form"].clone();
    let given = lost(&form, questions);
    post(by, &format!("/evaluations/{made}/submit"), json!({"answers": given})).await;
    made
}

async fn round(house: &House, contact: ContactId, one: &[&str], other: &[&str]) -> String {
    let (qa, second) = (house.as_account("zhao"), house.as_account("qian"));
    let close_by = house.door.now().plus(Millis::from_secs(3_600));
    let new = json!({"contact": contact, "agent": "1001", "raters": ["zhao", "qian"], "close_by": close_by});
    let round = post(&qa, "/rounds", new).await["round"].as_str().unwrap().to_owned();
    marked(&qa, contact, json!({"round": round}), one).await;
    marked(&second, contact, json!({"round": round}), other).await;
    post(&qa, &format!("/rounds/{round}/close"), json!({})).await;
    round
}

fn share(told: &Value) -> (&Value, &Value) {
    (&told["part"], &told["whole"])
}

#[tokio::test(flavor = "multi_thread")]
async fn weighted_kappa_is_of_bands_in_the_order_of_their_form() {
    let house = opened().await;
    house.is_ready("1001");
    // 100 and 100, 100 and 95, 95 and 85, 0 and 0: excellent, good, pass and fail are steps 3, 2, 1 and 0.
    let pairs: [(&[&str], &[&str]); 4] =
        [(&[], &[]), (&[], &[RECORD]), (&[RECORD], &[BUSINESS, RECORD]), (&[IDENTITY], &[IDENTITY])];
    for (one, other) in pairs {
        let contact = call(&house).await;
        round(&house, contact, one, other).await;
    }
    let agreed = get(&house.as_account("zhou"), "/agreement").await;
    let weighted = &agreed["kappa_weighted"];
    // Two steps apart in all, of (12 + 4 + 6) ÷ 4 by chance.
    assert!((weighted["value"].as_f64().unwrap() - (1.0 - 2.0 / 5.5)).abs() < 1e-12, "{weighted}");
    assert_eq!((&weighted["n"], &weighted["form"]), (&json!(4), &json!("service")));
    // No figure without of how many it is, and alpha with its interval, the same each time.
    let alpha = &agreed["alpha"];
    let (value, low) = (alpha["value"].as_f64().unwrap(), alpha["interval"][0].as_f64().unwrap());
    assert!(low <= value && value <= alpha["interval"][1].as_f64().unwrap(), "{alpha}");
    assert_eq!((&alpha["n"], &alpha["draws"]["of"]), (&json!(4), &json!(500)));
    let questions = agreed["alpha_items"]["n"].as_u64().unwrap();
    assert!(questions > 4 * 20, "each question of each contact: {questions}");
    for name in ["kappa", "fleiss", "ac1"] {
        assert_eq!(agreed[name]["n"], json!(questions), "{name}: {agreed}");
        assert!(agreed[name]["value"].is_number(), "{name}: {agreed}");
    }
    assert_eq!(get(&house.as_account("zhou"), "/agreement").await["alpha"], *alpha);
    let none = get(&house.as_account("zhou"), "/agreement?form=complaint").await;
    assert_eq!((&none["alpha"]["n"], &none["alpha"]["undefined"]), (&json!(0), &json!("too_few_units")));
    assert_eq!(none["kappa_weighted"]["n"], json!(0));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_erred_is_told_by_evaluator_span_and_form_and_pairs_that_part_are_named() {
    let house = opened().await;
    house.is_ready("1001");
    let (qa, second) = (house.as_account("zhao"), house.as_account("qian"));
    let (alike, parting) = (call(&house).await, call(&house).await);
    let mut looks = Vec::new();
    // 95 and 100 lie within the tolerance of 5 points; 85 and 100 part.
    for (contact, questions) in [(alike, &[RECORD][..]), (parting, &[BUSINESS, RECORD])] {
        let first = marked(&qa, contact, json!({"rater": "quality"}), questions).await;
        post(&qa, &format!("/evaluations/{first}/publish"), json!({})).await;
        let more = json!({"rater": "second", "checks": first});
        looks.push((first, marked(&second, contact, more, &[]).await));
    }
    let told = async |query: &str| get(&house.as_account("zhou"), &format!("/agreement{query}")).await;
    let agreed = told("").await;
    assert_eq!(share(&agreed["error_rate"]["seen_otherwise"]), (&json!(1), &json!(2)));
    assert_eq!(share(&agreed["error_rate"]["disputed"]), (&json!(0), &json!(2)));
    let rows = agreed["leniency"].as_array().unwrap();
    let row = |who: &str| rows.iter().find(|row| row["evaluator"] == who).unwrap();
    assert_eq!(share(&row("zhao")["error_rate"]["seen_otherwise"]), (&json!(1), &json!(2)));
    assert_eq!((&row("zhao")["mean"], &row("zhao")["n"]), (&json!(-10.0), &json!(2)));
    // She looked second: there is nothing that she was found to have got wrong.
    assert_eq!(row("qian")["error_rate"]["seen_otherwise"]["undefined"], "too_few_units");
    let apart = agreed["apart"].as_array().unwrap();
    assert_eq!(apart.len(), 1, "{agreed}");
    let (first, other) = &looks[1];
    assert_eq!((&apart[0]["contact"], &apart[0]["round"]), (&json!(parting), &json!(null)));
    assert_eq!(apart[0]["first"], json!({"evaluation": first, "evaluator": "zhao", "mark": 8_500}));
    assert_eq!(apart[0]["second"], json!({"evaluation": other, "evaluator": "qian", "mark": 10_000}));
    // It goes to calibration.
    let made = round(&house, parting, &[BUSINESS], &[BUSINESS]).await;
    assert_eq!(told("").await["apart"][0]["round"], json!(made));

    let later = house.door.now();
    for query in
        ["?form=complaint".to_owned(), format!("?from={later}"), "?until=2026-01-01T00:00:00Z".to_owned()]
    {
        let none = told(&query).await;
        for rate in ["seen_otherwise", "disputed"] {
            assert_eq!(none["error_rate"][rate]["undefined"], "too_few_units", "{query}: {none}");
        }
        assert_eq!((&none["apart"], &none["leniency"]), (&json!([]), &json!([])), "{query}");
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn conversations_that_hurt_nobody_are_counted_by_whom_a_mistake_hurts() {
    let house = opened().await;
    house.is_ready("1001");
    let qa = house.as_account("zhao");
    for questions in [&[][..], &[BUSINESS], &[IDENTITY], &[RECORD, BUSINESS]] {
        let made = marked(&qa, call(&house).await, json!({}), questions).await;
        post(&qa, &format!("/evaluations/{made}/publish"), json!({})).await;
    }
    let scores = get(&house.as_account("wang"), "/scores").await;
    for free in [&scores["free"], &scores["agents"][0]["free"]] {
        assert_eq!(share(&free["customer"]), (&json!(2), &json!(4)), "{free}");
        assert_eq!(share(&free["business"]), (&json!(3), &json!(4)), "{free}");
        assert_eq!(share(&free["compliance"]), (&json!(3), &json!(4)), "{free}");
        assert_eq!(free["customer"]["value"], 0.5);
        assert!(free["customer"]["interval"][0].as_f64().unwrap() > 0.0);
    }
    // An agent is told of her own.
    assert_eq!(get(&house.as_account("1001"), "/scores").await["free"], scores["free"]);
    let none = get(&house.as_account("1002"), "/scores").await;
    assert_eq!(none["free"]["customer"]["undefined"], "too_few_units");
    house.close().await;
}
