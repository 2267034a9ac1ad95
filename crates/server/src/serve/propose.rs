//! 侦测: whoever hands in what the detectors have found. A task beside the writer looks at the view of findings whenever it has
//! moved, and proposes each episode in the month in which it ended, by the site's clocks. It remembers nothing of its own but
//! what was refused: what was proposed stands in the log, so a restart, and a log folded again, propose nothing twice.

use cordboard_api::Door;
use cordboard_centre::quality::Command;
use cordboard_centre::quality::detect::Found;
use cordboard_engine::Answer;
use cordboard_floor::{AgentId, RuleId, Submission};
use cordboard_views::interval::month_of;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// Shortest time between two looks.
const LOOK_AFTER: Duration = Duration::from_millis(250);
/// Handed in at one look: the inbox is everybody's.
const PROPOSED_AT_ONCE_MAX: usize = 64;
/// Refused episodes that are remembered; beyond it the oldest is tried again, and refused again.
const REFUSED_KEPT_MAX: usize = 10_000;

type Episode = (u64, RuleId, AgentId);

/// The task; it ends when this is dropped.
pub(crate) struct Propose(JoinHandle<()>);

impl Propose {
    /// Call it within a runtime.
    pub(crate) fn start(door: Arc<Door>) -> Self {
        Self(tokio::spawn(keep(door)))
    }
}

impl Drop for Propose {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn keep(door: Arc<Door>) {
    let mut folded = door.views.findings.folded();
    let mut refused: BTreeSet<Episode> = BTreeSet::new();
    loop {
        folded.mark_unchanged();
        let looked = {
            let door = door.clone();
            tokio::task::spawn_blocking(move || (look(&door, &mut refused), refused)).await
        };
        let more = match looked {
            Ok((more, kept)) => {
                refused = kept;
                more
            }
            Err(_) => {
                return tracing::error!("nothing is proposed any more: the task that hands it in has failed");
            }
        };
        tokio::time::sleep(LOOK_AFTER).await;
        if !more && folded.changed().await.is_err() {
            return;
        }
    }
}

/// Proposes what waits; answers whether there is more.
fn look(door: &Door, refused: &mut BTreeSet<Episode>) -> bool {
    if door.is_stopping() {
        return false;
    }
    let waiting: Vec<Found> = match door.views.findings.read() {
        Ok(findings) => {
            // Behind the log it may hold what was proposed already: then the desk answers, and no event follows.
            let fresh = findings.waiting().filter(|found| !refused.contains(&episode(found)));
            fresh.take(PROPOSED_AT_ONCE_MAX).cloned().collect()
        }
        // Its own view has stopped; that is seen where views are.
        Err(_) => return false,
    };
    let more = waiting.len() == PROPOSED_AT_ONCE_MAX;
    for found in waiting {
        let name = episode(&found);
        if !propose(door, found) {
            refused.insert(name);
        }
    }
    while refused.len() > REFUSED_KEPT_MAX {
        refused.pop_first();
    }
    more
}

const fn episode(found: &Found) -> Episode {
    (found.episode, found.rule, found.agent)
}

/// Whether there is nothing more to do about it, or it is to be tried again.
fn propose(door: &Door, found: Found) -> bool {
    let zone = door.terms().pages.zone.clone();
    let rule = found.rule;
    let version = match door.views.quality.read() {
        Ok(view) => view.desk().newest_rule(rule).map(|rule| rule.version),
        // By the first version: the desk says no if there is none.
        Err(_) => Some(1),
    };
    let (Some(version), Ok(month)) = (version, month_of(found.until, &zone)) else {
        tracing::debug!(%rule, "a finding is not proposed: its rule is not configured");
        return false;
    };
    let command = Command::Propose(found.proposal(version, month));
    match door.engine.ask(Submission::system("detectors", command.into())) {
        Ok(Answer::Done { .. }) => true,
        Ok(Answer::Unavailable(why)) => {
            tracing::warn!(why, "a finding could not be handed in; tried again when something happens");
            true
        }
        Ok(answer) => {
            tracing::debug!(?answer, "a finding was not taken");
            false
        }
        Err(busy) => {
            tracing::warn!(%busy, "a finding could not be handed in; tried again when something happens");
            true
        }
    }
}
