//! Alerts: whoever says what the rules find. A task beside the writer looks at the view of alerts whenever it has moved or the next
//! limit is passed by time, and hands in what there is to say. It remembers nothing of its own but since when a part of the
//! system stands still: what has been said stands in the log, so a restart says nothing twice.

use cordboard_api::Door;
use cordboard_engine::Answer;
use cordboard_floor::{Command, Instant, Millis, PartId, Submission};
use cordboard_views::View as _;
use cordboard_views::alerts::WISHES_MAX;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// Shortest time between two looks: four a second.
const LOOK_AFTER: Duration = Duration::from_millis(250);
/// Longest time between two looks: no event tells that a view has stopped.
const LOOK_WITHIN: Duration = Duration::from_secs(5);
/// A view that is further behind shows what is over: nothing is raised for that.
const BEHIND_MAX: Millis = Millis::from_secs(5);

/// The task; it ends when this is dropped.
pub(crate) struct Watch(JoinHandle<()>);

impl Watch {
    /// Call it within a runtime.
    pub(crate) fn start(door: Arc<Door>) -> Self {
        Self(tokio::spawn(keep(door)))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn keep(door: Arc<Door>) {
    let mut folded = door.views.alerts.folded();
    let mut stopped: BTreeMap<PartId, Instant> = BTreeMap::new();
    loop {
        folded.mark_unchanged();
        let looked = {
            let door = door.clone();
            tokio::task::spawn_blocking(move || look(&door, &mut stopped).map(|next| (next, stopped))).await
        };
        let wait = match looked {
            Ok(Some((next, kept))) => {
                stopped = kept;
                next.unwrap_or(LOOK_WITHIN).min(LOOK_WITHIN)
            }
            // Its own view has stopped; that is seen where views are.
            Ok(None) => {
                stopped = BTreeMap::new();
                LOOK_WITHIN
            }
            Err(_) => return tracing::error!("alerts are raised no more: the task that looks has failed"),
        };
        tokio::time::sleep(LOOK_AFTER.min(wait)).await;
        tokio::select! {
            changed = folded.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(wait.saturating_sub(LOOK_AFTER)) => {}
        }
    }
}

/// Says what there is to say; answers how long there is nothing to look for unless something happens, none if it cannot look.
fn look(door: &Door, stopped: &mut BTreeMap<PartId, Instant>) -> Option<Option<Duration>> {
    let health = door.engine.health();
    if door.is_stopping() {
        return Some(None);
    }
    note_stopped(door, stopped, health.now);
    let parts: Vec<(PartId, Instant)> = stopped.iter().map(|(part, since)| (*part, *since)).collect();
    let (wishes, next) = {
        let alerts = door.views.alerts.read().ok()?;
        let behind = alerts.seq() < health.durable_seq && health.now.since(alerts.board().at()) > BEHIND_MAX;
        if behind {
            return Some(None);
        }
        let now = health.now;
        (alerts.wishes(now, &parts), alerts.next_deadline(now, &parts))
    };
    let more = wishes.len() == WISHES_MAX;
    for wish in wishes {
        say(door, wish);
    }
    if more {
        return Some(Some(Duration::ZERO));
    }
    // The engine's clock may run faster than the wall.
    let scale = u64::from(health.clock_scale.max(1));
    Some(next.map(|next| Duration::from_millis(next.since(health.now).0.div_ceil(scale) + 1)))
}

/// Since when each view stands still.
fn note_stopped(door: &Door, stopped: &mut BTreeMap<PartId, Instant>, now: Instant) {
    let views = door.views.health_with_links();
    let names = views.iter().filter(|view| view.stopped.is_some());
    let names: Vec<PartId> = names.filter_map(|view| view.name.parse().ok()).collect();
    stopped.retain(|part, _| names.contains(part));
    for part in names {
        stopped.entry(part).or_insert(now);
    }
}

fn say(door: &Door, wish: Command) {
    match door.engine.ask(Submission::system("alerts", wish.into())) {
        Ok(Answer::Done { .. }) => {}
        // What it was about has changed meanwhile; the next look sees it.
        Ok(answer) => tracing::debug!(?answer, "an alert was not taken"),
        Err(busy) => tracing::warn!(%busy, "an alert could not be handed in; tried again at the next look"),
    }
}
