//! 侦测: whoever hands in what the detectors have found. A task beside the writer looks at the view of findings whenever it has
//! moved, and proposes each episode in the month in which it ended, by the site's clocks. It remembers nothing of its own but
//! what was refused: what was proposed stands in the log, so a restart, and a log folded again, propose nothing twice.

use cordboard_api::Door;
use cordboard_centre::quality::Command;
use cordboard_centre::quality::conduct::Rule;
use cordboard_centre::quality::detect::Found;
use cordboard_engine::Answer;
use cordboard_floor::{AgentId, RuleId, Submission};
use cordboard_views::interval::month_of;
use std::collections::{BTreeMap, BTreeSet};
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
    // A view that has stopped is seen where views are.
    let Ok(rules) = door.views.quality.read().map(|view| newest(view.desk().newest_rules())) else {
        return false;
    };
    // Behind the log it may hold what was proposed already: then the desk answers, and no event follows.
    let Ok(chosen) = door.views.findings.read().map(|view| choose(view.waiting(), &rules, refused)) else {
        return false;
    };
    let more = chosen.len() == PROPOSED_AT_ONCE_MAX;
    for (found, version) in chosen {
        let name = episode(&found);
        if !propose(door, found, version) {
            refused.insert(name);
        }
    }
    while refused.len() > REFUSED_KEPT_MAX {
        refused.pop_first();
    }
    more
}

fn newest<'desk>(rules: impl Iterator<Item = &'desk Rule>) -> BTreeMap<RuleId, u32> {
    rules.map(|rule| (rule.id, rule.version)).collect()
}

/// What is proposed at one look, by the newest version of its rule. What has no rule waits and takes nobody's place: the rule may
/// come while the server runs.
fn choose<'view>(
    waiting: impl Iterator<Item = &'view Found>,
    rules: &BTreeMap<RuleId, u32>,
    refused: &BTreeSet<Episode>,
) -> Vec<(Found, u32)> {
    let ruled = waiting.filter_map(|found| Some((found, *rules.get(&found.rule)?)));
    let fresh = ruled.filter(|(found, _)| !refused.contains(&episode(found)));
    fresh.take(PROPOSED_AT_ONCE_MAX).map(|(found, version)| (found.clone(), version)).collect()
}

const fn episode(found: &Found) -> Episode {
    (found.episode, found.rule, found.agent)
}

/// Whether there is nothing more to do about it, or it is to be tried again.
fn propose(door: &Door, found: Found, version: u32) -> bool {
    let zone = door.terms().pages.zone.clone();
    let Ok(month) = month_of(found.until, &zone) else {
        tracing::debug!(rule = %found.rule, "a finding is not proposed: no month of the site's clocks has it");
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

#[cfg(test)]
mod tests {
    use super::*;
    use cordboard_floor::Instant;

    fn found(rule: &'static str, episode: u64) -> Found {
        let (from, until) = (Instant::default(), Instant::default());
        let (rule, agent) = (RuleId::fixed(rule), AgentId::fixed("1001"));
        Found { rule, agent, episode, evidence: vec![episode], from, until, measured: 2, allowed: 1 }
    }

    #[test]
    fn what_has_no_rule_waits_for_it_and_takes_no_place() {
        let mut waiting: Vec<Found> =
            (1..=PROPOSED_AT_ONCE_MAX as u64).map(|episode| found("unknown", episode)).collect();
        waiting.extend((1_001..=1_100).map(|episode| found("known", episode)));
        let mut rules = BTreeMap::from([(RuleId::fixed("known"), 3)]);
        let mut refused = BTreeSet::from([episode(&found("known", 1_001))]);
        let chosen = choose(waiting.iter(), &rules, &refused);
        let episodes: Vec<u64> = chosen.iter().map(|(found, _)| found.episode).collect();
        assert_eq!(episodes, (1_002..1_002 + PROPOSED_AT_ONCE_MAX as u64).collect::<Vec<_>>());
        assert!(chosen.iter().all(|(_, version)| *version == 3));
        refused.extend(chosen.iter().map(|(found, _)| episode(found)));
        // The rule comes: what waited for it is the oldest.
        rules.insert(RuleId::fixed("unknown"), 1);
        let chosen = choose(waiting.iter(), &rules, &refused);
        assert_eq!((chosen.len(), chosen[0].0.episode, chosen[0].1), (PROPOSED_AT_ONCE_MAX, 1, 1));
    }
}
