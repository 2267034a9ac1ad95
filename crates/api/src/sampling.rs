//! 抽样 beside the writer: candidates are folded from the log, and drawn from by a seed. The same log, plan, seed and evaluators
//! give the same draw, at the door of a running server and on the files of a stopped one.

use crate::terms::Sampling;
use cordboard_centre::Centre;
use cordboard_centre::quality::sampling::{Candidate, Draw, Evaluator, Plan, draw};
use cordboard_engine::{FeedFault, Past};
use cordboard_floor::Instant;
use cordboard_vault::Account;
use cordboard_views::View as _;
use cordboard_views::candidates::Candidates;
use cordboard_views::facts::Facts;
use cordboard_views::quality::Assurance;

/// The role of those who listen, where nobody is named.
pub const EVALUATORS: &str = "qa";

/// Who can listen: an account with the role of an evaluator, or one that was named.
pub fn evaluator(account: &Account) -> Option<Evaluator> {
    Some(Evaluator {
        account: account.name.parse().ok()?,
        team: account.teams.first().and_then(|team| team.parse().ok()),
        agent: account.agent.as_deref().and_then(|agent| agent.parse().ok()),
    })
}

/// The candidates of a range, and what is known besides, up to an event of the log.
pub fn candidates(
    past: &Past<Centre>,
    known: &Assurance,
    (from, until): (Instant, Instant),
    terms: &Sampling,
    up_to: u64,
) -> Result<Vec<Candidate>, FeedFault> {
    let mut candidates = Candidates::new(from, until, terms.risks.clone());
    let mut facts = Facts::new();
    past.each(1, up_to, |recorded| {
        facts.take_in(&recorded, |fact| candidates.take(fact));
        true
    })?;
    Ok(candidates.finish(known))
}

/// The same of the log of a stopped server, in one reading with the quality desk and what is known beside it.
pub fn of_log(
    past: &Past<Centre>,
    (from, until): (Instant, Instant),
    terms: &Sampling,
) -> Result<(Assurance, Vec<Candidate>), FeedFault> {
    let (mut known, mut facts) = (Assurance::new(), Facts::new());
    let mut candidates = Candidates::new(from, until, terms.risks.clone());
    past.each(1, past.last(), |recorded| {
        known.take_in(&recorded);
        facts.take_in(&recorded, |fact| candidates.take(fact));
        true
    })?;
    let found = candidates.finish(&known);
    Ok((known, found))
}

/// Draws from candidates; what was drawn before is not drawn again.
///
/// # Errors
/// Everything that is wrong with the plan.
pub fn drawn(
    known: &Assurance,
    candidates: &[Candidate],
    plan: &Plan,
    evaluators: &[Evaluator],
    seed: u64,
) -> Result<Draw, Vec<cordboard_centre::quality::Problem>> {
    draw(plan, candidates, &known.desk().samples().used(), evaluators, seed)
}
