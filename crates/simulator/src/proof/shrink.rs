//! A failing seed, shrunk: steps are taken away while the same check still fails. Kinds of deeds first,
//! then chunks, then single steps; bounded, since a short story late is worth less than a long one now.

use super::script::{KINDS, Step};
use super::world::Outcome;

/// Runs that shrinking may cost.
const RUNS_MAX: u32 = 400;

/// The steps that are left, and the run that still fails on them.
pub(crate) fn shrink(
    steps: &[Step],
    failed: Outcome,
    mut run: impl FnMut(&[Step]) -> Outcome,
) -> (Vec<Step>, Outcome) {
    let check = failed.findings.first().map(|finding| finding.check);
    let mut left: Vec<Step> = steps.iter().copied().filter(|step| step.number <= failed.at_step).collect();
    let mut best = failed;
    let mut runs = 0;
    let mut try_without = |left: &mut Vec<Step>, best: &mut Outcome, gone: &dyn Fn(&Step) -> bool| -> bool {
        let fewer: Vec<Step> = left.iter().copied().filter(|step| !gone(step)).collect();
        if runs >= RUNS_MAX || fewer.len() == left.len() {
            return false;
        }
        runs += 1;
        let outcome = run(&fewer);
        let same = outcome.findings.iter().any(|finding| Some(finding.check) == check);
        if same {
            *left = fewer.into_iter().filter(|step| step.number <= outcome.at_step).collect();
            *best = outcome;
        }
        same
    };
    for (kind, _, _) in KINDS {
        try_without(&mut left, &mut best, &|step| step.deed.kind == *kind);
    }
    let mut chunk = (left.len() / 2).max(1);
    loop {
        let mut from = 0;
        let mut shrank = false;
        while from < left.len() {
            let numbers: Vec<u32> = left.iter().skip(from).take(chunk).map(|step| step.number).collect();
            if try_without(&mut left, &mut best, &|step| numbers.contains(&step.number)) {
                shrank = true;
            } else {
                from += chunk;
            }
        }
        if chunk == 1 && !shrank {
            return (left, best);
        }
        chunk = (chunk / 2).max(1);
    }
}
