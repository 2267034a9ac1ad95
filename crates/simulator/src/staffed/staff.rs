//! The least heads in each group that meet every queue's goals, where agents serve several queues: found by playing.
//!
//! ```text
//!   Erlang for each queue alone ──▶ add where it helps most, until every goal is met
//!                                   ──▶ drop a head; or put one of another group in the place of two; or one in the place of one, if that
//!                                       leaves more to spare ──▶ again, until nothing helps; once with everybody apart, once together
//!                                       ──▶ play the result anew, by other chance and on the floor: figures, and what they show
//! ```
//!
//! Every trial meets the same callers, so whether a head less still does is told far more sharply than the level itself. What is found is a
//! plan from which no head can be dropped, no two be replaced by one, and none be exchanged for a better one; that none with fewer exists anywhere is not claimed. As the
//! search favours whatever its own sample was kind to, nothing of that sample is told: verdicts are of fresh callers.

use super::day::Day;
use super::estimate::{Estimate, Verdict};
use super::figures::{Figures, Gathered, Meets};
use super::refused::{Refused, count, number};
use super::router::Router;
use super::simulate::{CALLS_IN_ALL_MAX, Player, REPLICATIONS_MAX, in_all};
use cordboard_floor::QueueId;
use cordboard_workforce::roster::Go;
use cordboard_workforce::staffing::{self, Goal, Load, Model, Staffing};
use serde::Serialize;
use std::collections::BTreeMap;

/// How many plans can be tried.
pub const RUNS_MAX: u32 = 100_000;
/// What is played in the end begins elsewhere than the search's own chance.
const ANEW: u64 = 0xA5A5_5A5A_0F0F_F0F0;

/// How the least staff is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Search {
    /// How often the day is played for each plan that is tried; at least twice.
    pub replications: u32,
    /// How often it is played for the plan that was found, by other chance; at least twice.
    pub confirm: u32,
    /// How many plans are tried at most.
    pub runs_max: u32,
    /// Where chance begins.
    pub seed: u64,
    /// Whether a goal counts as met only if the whole interval says so, and not already if the mean does.
    pub sure: bool,
}

impl Default for Search {
    fn default() -> Self {
        Self { replications: 20, confirm: 30, runs_max: 2_000, seed: 1, sure: false }
    }
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchProgress {
    /// Plans tried.
    pub runs: u32,
    /// Plans at most.
    pub of: u32,
    /// Heads of the best plan so far that meets every goal; none: there is none yet.
    pub heads: Option<u32>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// Heads in each group, in the day's order.
    pub heads: Vec<u32>,
    /// Heads in all.
    pub total: u32,
    /// Whether every goal is met, in the mean of the search's sample.
    pub met: bool,
    /// Each goal, and what fresh callers show of it.
    pub goals: Vec<GoalFigure>,
    /// What callers and agents meet.
    pub figures: Figures,
    /// Who routed what the figures are of.
    pub router: Router,
    /// Plans tried.
    pub runs: u32,
    /// Whether it was cancelled, and the figures are of the search's own sample.
    pub stopped: bool,
    /// Whether the number of plans was used up before nothing could be dropped any more.
    pub used_up: bool,
}

/// A goal and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GoalFigure {
    /// Of which queue.
    pub queue: QueueId,
    /// Which: the formula of a service level, `asa_s` or `abandoned`.
    pub figure: &'static str,
    /// What was asked.
    pub asked: f64,
    /// What it comes to; none: nobody called.
    pub estimate: Option<Estimate>,
    /// Whether it is met.
    pub verdict: Verdict,
}

/// How a plan does.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Does {
    /// How far it is from its goals, in parts of what is asked; 0: every goal is met.
    short: f64,
    /// By how much the scarcest goal is met.
    spare: f64,
}

/// Nothing is worse than callers who wait for ever.
const HOPELESS: Does = Does { short: f64::INFINITY, spare: f64::NEG_INFINITY };

/// Looks for the least heads that meet the goals of every queue; heads that the day names are not looked at. Tells of every plan that was
/// tried, and may be cancelled then: the best so far is taken.
///
/// # Errors
/// [`Refused`] where the day, its goals or the search make no sense.
pub fn staff(
    day: &Day,
    search: &Search,
    progress: &mut dyn FnMut(SearchProgress) -> Go,
) -> Result<Found, Refused> {
    day.check()?;
    count("replications", search.replications as usize, 2, REPLICATIONS_MAX as usize)?;
    count("replications of the result", search.confirm as usize, 2, REPLICATIONS_MAX as usize)?;
    count("plans to be tried", search.runs_max as usize, 1, RUNS_MAX as usize)?;
    for replications in [search.replications, search.confirm] {
        number("each plan", "the number of calls", in_all(day, replications), (0.0, CALLS_IN_ALL_MAX))?;
    }
    if !day.queues.iter().any(|queue| queue.goals.is_set()) {
        return Err(Refused::NoGoal);
    }
    // The search plays thousands of days; where the floor alone can route them, the floor does.
    let router = if day.plain().is_ok() { Router::Shortcut } else { Router::Floor };
    let mut trial = Trial {
        day: day.clone(),
        router,
        search: *search,
        known: BTreeMap::new(),
        runs: 0,
        best: None,
        over: false,
        cancelled: false,
        progress,
    };
    let mut found: Option<(Vec<u32>, bool)> = None;
    for apart in [true, false] {
        let begin = trial.begin(apart)?;
        let heads = trial.add(begin)?;
        let met = trial.does(&heads)?.short == 0.0;
        let heads = if met { trial.drop(heads)? } else { heads };
        let total = |heads: &[u32]| heads.iter().sum::<u32>();
        if found.as_ref().is_none_or(|(best, was)| met && (!was || total(&heads) < total(best))) {
            found = Some((heads, met));
        }
        if trial.over {
            break;
        }
    }
    let (heads, met) = found.unwrap_or_default();
    trial.tell(heads, met)
}

struct Trial<'a> {
    day: Day,
    router: Router,
    search: Search,
    known: BTreeMap<Vec<u32>, Does>,
    runs: u32,
    /// Heads of the best plan so far that meets every goal.
    best: Option<u32>,
    over: bool,
    cancelled: bool,
    progress: &'a mut dyn FnMut(SearchProgress) -> Go,
}

impl Trial<'_> {
    /// For each queue alone as many as Erlang says, in the group that serves least besides; or in the one that serves most, where
    /// sharing makes them too many.
    fn begin(&mut self, apart: bool) -> Result<Vec<u32>, Refused> {
        let mut heads = vec![0; self.day.groups.len()];
        for queue in &self.day.queues {
            let calls = queue.calls.iter().sum::<f64>() / queue.calls.len() as f64;
            if calls == 0.0 {
                continue;
            }
            let groups = self.day.groups.iter().enumerate();
            let mut serving: Vec<(usize, usize)> = groups
                .filter(|(_, group)| group.serves(queue) && group.heads_max != Some(0))
                .map(|(at, group)| (group.queues.len(), at))
                .collect();
            serving.sort_unstable();
            if !apart {
                serving.reverse();
            }
            if serving.is_empty() {
                return Err(Refused::Unserved(queue.id));
            }
            let load = Load::new(calls, self.day.interval_s, queue.handle.mean_s())?;
            let model = match &queue.patience {
                Some(patience) => Model::erlang_a(patience.mean_s())?,
                None => Model::ERLANG_C,
            };
            let mut needed = match staffing::required(&load, &model, &goals_of(&self.day, queue.id)?)? {
                Staffing::Enough { agents, .. } => agents,
                Staffing::OutOfReach { .. } => load.erlangs().ceil() as u32,
            };
            for (_, group) in serving {
                let room = self.day.groups[group].heads_max.unwrap_or(u32::MAX) - heads[group];
                let taken = needed.min(room);
                heads[group] += taken;
                needed -= taken;
            }
        }
        Ok(heads)
    }

    /// Adds heads where they help most, until every goal is met or nobody can be added.
    fn add(&mut self, mut heads: Vec<u32>) -> Result<Vec<u32>, Refused> {
        while self.does(&heads)?.short > 0.0 {
            let mut best: Option<(Does, Vec<u32>)> = None;
            for group in 0..heads.len() {
                if self.day.groups[group].heads_max.is_some_and(|most| heads[group] >= most) {
                    continue;
                }
                let mut more = heads.clone();
                more[group] += 1;
                let does = self.does(&more)?;
                if best.as_ref().is_none_or(|(best, _)| better(&does, best)) {
                    best = Some((does, more));
                }
            }
            match best {
                Some((_, more)) if !self.over => heads = more,
                _ => break,
            }
        }
        Ok(heads)
    }

    /// Lets heads go as long as every goal stays met.
    fn drop(&mut self, mut heads: Vec<u32>) -> Result<Vec<u32>, Refused> {
        while !self.over {
            let fewer = match self.one_less(&heads)? {
                Some(fewer) => Some(fewer),
                None => self.one_for_two(&heads)?,
            };
            // If nobody can go as it is, perhaps as many of other groups have more to spare, and then one of those can.
            let other = match fewer {
                Some(fewer) => Some(fewer),
                None => self.one_for_one(&heads)?,
            };
            match other {
                Some(other) => heads = other,
                None => break,
            }
        }
        Ok(heads)
    }

    /// Without one head, of the group where it is missed least.
    fn one_less(&mut self, heads: &[u32]) -> Result<Option<Vec<u32>>, Refused> {
        let mut best: Option<(Does, Vec<u32>)> = None;
        for group in (0..heads.len()).filter(|group| heads[*group] > 0) {
            let mut fewer = heads.to_vec();
            fewer[group] -= 1;
            let does = self.does(&fewer)?;
            if does.short == 0.0 && best.as_ref().is_none_or(|(best, _)| better(&does, best)) {
                best = Some((does, fewer));
            }
        }
        Ok(best.map(|(_, fewer)| fewer))
    }

    /// With one head of a group in the place of two of others.
    fn one_for_two(&mut self, heads: &[u32]) -> Result<Option<Vec<u32>>, Refused> {
        let groups = heads.len();
        for first in 0..groups {
            for second in first..groups {
                for instead in (0..groups).filter(|instead| *instead != first && *instead != second) {
                    let mut fewer = heads.to_vec();
                    fewer[instead] += 1;
                    let full = self.day.groups[instead].heads_max.is_some_and(|most| fewer[instead] > most);
                    let gone = [first, second].iter().all(|group| {
                        let left = fewer[*group].checked_sub(1);
                        fewer[*group] = left.unwrap_or(0);
                        left.is_some()
                    });
                    if gone && !full && self.does(&fewer)?.short == 0.0 {
                        return Ok(Some(fewer));
                    }
                    if self.over {
                        return Ok(None);
                    }
                }
            }
        }
        Ok(None)
    }

    /// With one head of another group in the place of one, where that leaves most to spare; none if nothing leaves more than now. As what is
    /// spared grows with each step, no plan comes up twice.
    fn one_for_one(&mut self, heads: &[u32]) -> Result<Option<Vec<u32>>, Refused> {
        let (mut best, mut plan) = (self.does(heads)?, None);
        for group in (0..heads.len()).filter(|group| heads[*group] > 0) {
            for instead in (0..heads.len()).filter(|instead| *instead != group) {
                let mut other = heads.to_vec();
                other[group] -= 1;
                other[instead] += 1;
                if self.day.groups[instead].heads_max.is_some_and(|most| other[instead] > most) {
                    continue;
                }
                let does = self.does(&other)?;
                if better(&does, &best) {
                    (best, plan) = (does, Some(other));
                }
            }
        }
        Ok(plan)
    }

    /// How a plan does: played once, and known from then on. What would be played after the end is hopeless.
    fn does(&mut self, heads: &[u32]) -> Result<Does, Refused> {
        if let Some(known) = self.known.get(heads) {
            return Ok(*known);
        }
        // The plan that it begins with is always played: without it there would be nothing to tell.
        if self.over || (self.runs >= self.search.runs_max && self.runs > 0) {
            self.over = true;
            return Ok(HOPELESS);
        }
        self.put(heads);
        let gathered = match play(&self.day, self.router, self.search.seed, self.search.replications) {
            Ok(gathered) => Some(gathered),
            // So few heads that somebody would wait for ever.
            Err(Refused::Unserved(_)) => None,
            Err(why) => return Err(why),
        };
        let does = match &gathered {
            Some(gathered) => judge(&self.day, gathered, self.search.sure)?,
            None => HOPELESS,
        };
        self.runs += 1;
        self.known.insert(heads.to_vec(), does);
        if does.short == 0.0 {
            let total = heads.iter().sum();
            self.best = Some(self.best.map_or(total, |best| best.min(total)));
        }
        let told = SearchProgress { runs: self.runs, of: self.search.runs_max, heads: self.best };
        if (self.progress)(told) == Go::Stop {
            (self.over, self.cancelled) = (true, true);
        }
        Ok(does)
    }

    fn put(&mut self, heads: &[u32]) {
        for (group, heads) in self.day.groups.iter_mut().zip(heads) {
            group.heads = *heads;
        }
    }

    /// Plays the plan anew and tells what it comes to.
    fn tell(mut self, heads: Vec<u32>, met: bool) -> Result<Found, Refused> {
        self.put(&heads);
        let Self { day, search, runs, over, cancelled, router, .. } = self;
        let gathered = if cancelled {
            play(&day, router, search.seed, search.replications)?
        } else {
            play(&day, Router::Floor, search.seed ^ ANEW, search.confirm)?
        };
        let mut goals = Vec::new();
        for (at, queue) in day.queues.iter().enumerate() {
            goals.extend(told(&day, at, &gathered.queue(&day, at), queue.id)?);
        }
        Ok(Found {
            total: heads.iter().sum(),
            heads,
            met,
            goals,
            figures: gathered.figures(&day),
            router: if cancelled { router } else { Router::Floor },
            runs,
            stopped: cancelled,
            used_up: over && !cancelled,
        })
    }
}

fn better(one: &Does, other: &Does) -> bool {
    one.short < other.short || (one.short == other.short && one.spare > other.spare)
}

fn play(day: &Day, router: Router, seed: u64, replications: u32) -> Result<Gathered, Refused> {
    let mut player = Player::of(day, router)?;
    let mut gathered = Gathered::new(day, false);
    for replication in 0..replications {
        player.play(seed, replication, &mut gathered)?;
    }
    Ok(gathered)
}

/// The goals of a queue as staffing knows them.
fn goals_of(day: &Day, id: QueueId) -> Result<Vec<Goal>, Refused> {
    let mut goals = Vec::new();
    for queue in day.queues.iter().filter(|queue| queue.id == id) {
        let (asked, formula) = (&queue.goals, queue.goals.formula()?);
        let level = asked.service_level.map(|at_least| {
            let within_s = queue.within_s;
            Goal::ServiceLevel { formula, at_least, within_s }
        });
        goals.extend(level);
        goals.extend(asked.asa_s.map(|at_most_s| Goal::Asa { at_most_s }));
        goals.extend(asked.abandoned.map(|at_most| Goal::Abandoned { at_most }));
    }
    Ok(goals)
}

/// Each goal of a queue beside what it comes to.
fn told(day: &Day, at: usize, meets: &Meets, queue: QueueId) -> Result<Vec<GoalFigure>, Refused> {
    let mut told = Vec::new();
    let idle = meets.offered.mean == 0.0;
    for goal in goals_of(day, day.queues[at].id)? {
        let (figure, asked, estimate) = match goal {
            Goal::ServiceLevel { formula, at_least, .. } => (formula.id(), at_least, meets.level(formula)),
            Goal::Asa { at_most_s } => ("asa_s", at_most_s, meets.asa_s),
            Goal::Abandoned { at_most } => ("abandoned", at_most, meets.abandoned),
            // No other goal is asked of a queue.
            _ => continue,
        };
        let verdict = match (estimate, goal) {
            (Some(estimate), Goal::ServiceLevel { .. }) => estimate.at_least(asked),
            (Some(estimate), _) => estimate.at_most(asked),
            // Nobody called: nothing is missed. Nobody was answered: everything is.
            (None, _) if idle => Verdict::Shown,
            (None, _) => Verdict::Missed,
        };
        told.push(GoalFigure { queue, figure, asked, estimate, verdict });
    }
    Ok(told)
}

fn judge(day: &Day, gathered: &Gathered, sure: bool) -> Result<Does, Refused> {
    let mut does = Does { short: 0.0, spare: f64::INFINITY };
    for (at, queue) in day.queues.iter().enumerate().filter(|(_, queue)| queue.goals.is_set()) {
        for goal in told(day, at, &gathered.queue(day, at), queue.id)? {
            let level = !matches!(goal.figure, "asa_s" | "abandoned");
            let margin = match goal.estimate {
                Some(estimate) if level => (if sure { estimate.low } else { estimate.mean }) - goal.asked,
                Some(estimate) => {
                    let found = if sure { estimate.high } else { estimate.mean };
                    // Seconds against seconds, shares against shares: in parts of what is asked.
                    let unit = if goal.figure == "asa_s" { goal.asked.max(1.0) } else { 1.0 };
                    (goal.asked - found) / unit
                }
                None if goal.verdict == Verdict::Shown => continue,
                None => f64::NEG_INFINITY,
            };
            does.short += (-margin).max(0.0);
            does.spare = does.spare.min(margin);
        }
    }
    Ok(does)
}
