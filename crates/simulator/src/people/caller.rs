//! Callers: they come as chance will have it, wait as long as they have patience, and hang up themselves
//! now and then.

use super::temper::{about, between, choose, happens};
use super::wire::ask;
use super::{Crowd, Troubles, leaving};
use crate::recording::Rng;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long a caller waits, on average, before she gives up.
const PATIENCE_MS: f64 = 45_000.0;
/// Callers on the floor at once; nobody more comes while there are so many.
const CALLERS_MAX: usize = 500;

/// Callers come until all are to leave.
pub(super) async fn come(crowd: Arc<Crowd>, mut leave: watch::Receiver<bool>, troubles: Arc<Troubles>) {
    let mut rng = Rng::stream(crowd.seed, "people: arrivals");
    let mut callers = JoinSet::new();
    let apart_ms = 60_000.0 / crowd.calls_per_minute.max(0.001);
    let mut nth = 0;
    loop {
        let pause = match nth < u64::from(crowd.calls_at_once) {
            true => between(&mut rng, 20, 200),
            false => about(&mut rng, apart_ms, 10.0, 10.0 * apart_ms),
        };
        tokio::select! {
            () = leaving(&mut leave) => break,
            () = tokio::time::sleep(pause) => {}
        }
        while callers.try_join_next().is_some() {}
        if callers.len() < CALLERS_MAX {
            let own = Rng::of_item(crowd.seed, "people: caller", nth);
            callers.spawn(call(crowd.clone(), own, leave.clone(), troubles.clone()));
        }
        nth += 1;
    }
    while callers.join_next().await.is_some() {}
}

async fn call(crowd: Arc<Crowd>, mut rng: Rng, mut leave: watch::Receiver<bool>, troubles: Arc<Troubles>) {
    let Some(queue) = choose(&mut rng, &crowd.queues) else { return };
    let number = format!("138{:08}", rng.below(100_000_000));
    let priority = if happens(&mut rng, 5) { 90 } else { 50 };
    let call = json!({"queue": queue, "channel": "voice", "from": number, "priority": priority});
    let token = &crowd.callers_token;
    let contact = match ask(&crowd.authority, token, "POST", "/api/v1/contacts", Some(&call)).await {
        Ok((201, answer)) => answer["contact"].as_str().unwrap_or_default().to_owned(),
        Ok(_) => return troubles.refused(),
        Err(_) => return troubles.lost(),
    };
    let patience = about(&mut rng, PATIENCE_MS, 4_000.0, 240_000.0);
    tokio::select! {
        () = leaving(&mut leave) => {}
        () = tokio::time::sleep(patience) => {}
    }
    // Whoever talks by now stays; a few hang up in the middle of it, as people do.
    let path = format!("/api/v1/contacts/{contact}");
    let state = ask(&crowd.authority, token, "GET", &path, None).await;
    let goes = match &state {
        Ok((200, answer)) => match state_of(answer) {
            "queued" | "ringing" | "menu" => true,
            "connected" | "held" => happens(&mut rng, 10),
            _ => false,
        },
        _ => false,
    };
    if goes {
        let abandoned = ask(&crowd.authority, token, "POST", &format!("{path}/abandon"), None).await;
        match abandoned {
            // She may have been helped in that very moment.
            Ok((200..=299 | 404 | 409, _)) => {}
            Ok(_) => troubles.refused(),
            Err(_) => troubles.lost(),
        }
    }
}

fn state_of(answer: &Value) -> &str {
    let row = answer.get("state").or_else(|| answer.get("contact")?.get("state"));
    row.and_then(Value::as_str).unwrap_or_default()
}
