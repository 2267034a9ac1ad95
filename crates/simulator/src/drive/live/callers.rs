//! Callers, over HTTP: each comes at her time, may go through the menu, and gives up if nobody has answered by then.

use std::sync::Arc;

use cordboard_floor::ContactId;
use serde_json::{Map, Value, json};
use tokio::task::JoinSet;
use tokio::time::sleep_until;

use super::Play;
use super::http::refused;
use crate::drive::DriveError;
use crate::drive::caller::spelled;

/// Lets all calls of the plan come, and returns when no caller will do anything more of herself.
pub(super) async fn come(play: Arc<Play>) -> Result<(), DriveError> {
    let mut callers: JoinSet<Result<(), DriveError>> = JoinSet::new();
    for call in 0..play.plan.calls.len() {
        let due = play.clock.at(play.plan.calls[call].arrived_us);
        loop {
            tokio::select! {
                () = sleep_until(due) => break,
                Some(done) = callers.join_next() => super::joined(done)?,
            }
        }
        callers.spawn(live(play.clone(), call));
    }
    while let Some(done) = callers.join_next().await {
        super::joined(done)?;
    }
    Ok(())
}

async fn live(play: Arc<Play>, call: usize) -> Result<(), DriveError> {
    let recorded = &play.plan.calls[call];
    let intent = play.plan.intent(recorded);
    let straight = recorded.menu_us == 0 && intent.queues_us.is_some();
    let mut body =
        if straight { entry(&play, call)? } else { Map::from_iter([("stage".to_owned(), json!("menu"))]) };
    body.insert("channel".to_owned(), json!("voice"));
    if let Some(caller) = &recorded.caller {
        body.insert("from".to_owned(), json!(spelled(caller)));
    }
    let response =
        play.http.post("/api/v1/contacts", &key(&play, call, "arrive"), Some(&Value::Object(body))).await?;
    let contact =
        response.body.get("contact").and_then(Value::as_str).and_then(|id| id.parse::<ContactId>().ok());
    let contact = match (response.status, contact) {
        (201, Some(contact)) => contact,
        (400..=499, _) if response.status != 422 && response.status != 400 => {
            play.switchboard.turn_away(call, response.code());
            return Ok(());
        }
        _ => return Err(refused("POST /api/v1/contacts", &response)),
    };
    play.switchboard.place(contact, call);

    let mut gives_up_us = intent.gives_up_us;
    if let (Some(queues_us), false) = (intent.queues_us, straight) {
        sleep_until(play.clock.at(queues_us)).await;
        let path = format!("/api/v1/contacts/{contact}/enqueue");
        let body = Value::Object(entry(&play, call)?);
        let response = play.http.post(&path, &key(&play, call, "enqueue"), Some(&body)).await?;
        if response.status != 200 {
            // No place in the queue: she hears so and hangs up.
            gives_up_us = Some(queues_us);
        }
    }
    let Some(gives_up_us) = gives_up_us else { return Ok(()) };
    sleep_until(play.clock.at(gives_up_us)).await;
    if play.switchboard.is_served(call) {
        return Ok(());
    }
    let path = format!("/api/v1/contacts/{contact}/abandon");
    let response = play.http.post(&path, &key(&play, call, "abandon"), None).await?;
    match response.status {
        // 404: it ended so long ago that only the log knows it.
        200 | 404 => play.switchboard.over(call),
        _ => return Err(refused(&format!("POST {path}"), &response)),
    }
    Ok(())
}

fn key(play: &Play, call: usize, verb: &str) -> String {
    format!("drive-{}-call-{}-{verb}", play.run, play.plan.calls[call].line)
}

fn entry(play: &Play, call: usize) -> Result<Map<String, Value>, DriveError> {
    let recorded = &play.plan.calls[call];
    let conditions = play.plan.conditions(recorded)?;
    let skills: Map<String, Value> =
        conditions.iter().map(|asked| (asked.skill.to_string(), json!(asked.level))).collect();
    let mut entry = Map::new();
    entry.insert("queue".to_owned(), json!(recorded.queue));
    entry.insert("priority".to_owned(), json!(recorded.priority));
    if !skills.is_empty() {
        entry.insert("skills".to_owned(), Value::Object(skills));
    }
    Ok(entry)
}
