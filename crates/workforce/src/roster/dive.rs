//! A plan from the master's shares: whoever goes a way whole is bound to it, and of the rest a few more, until all are bound.
//!
//! People are bound to turns, not to variants: where the meal lies is decided when it is known who works.
use super::bound::{Class, prices};
use super::master::Master;
use super::path::Space;

/// A share of so much of a person is taken for one.
const NEARLY: f64 = 0.75;
/// Where no share is nearly whole, one of so many who are left is bound.
const ONE_OF: i64 = 25;

/// A plan for everybody. `None`: it was stopped, or numbers failed. `go_on` is asked before every step, at most as often as there are
/// people.
pub(super) fn dive(
    master: &mut Master<'_>,
    classes: &[Class<'_>],
    go_on: &mut dyn FnMut() -> bool,
) -> Option<Vec<Vec<Option<usize>>>> {
    master.forget_unsound();
    let turns = bind_all(master, classes, go_on)?;
    let variants = master.solve()?.variants;
    Some(spread(master, &turns, &variants))
}

/// Binds everybody; the turns of each person.
fn bind_all(
    master: &mut Master<'_>,
    classes: &[Class<'_>],
    go_on: &mut dyn FnMut() -> bool,
) -> Option<Vec<Vec<Option<usize>>>> {
    let problem = master.problem;
    let nobody_rests = vec![0; problem.days];
    let mut space = Space::default();
    let mut bound: Vec<Vec<Option<usize>>> = vec![Vec::new(); problem.people.len()];
    let mut left: Vec<Vec<usize>> = classes.iter().map(|class| class.who.clone()).collect();
    while left.iter().any(|who| !who.is_empty()) {
        if !go_on() {
            return None;
        }
        let told = master.solve()?;
        // What everybody who is left would do at these prices is known from the next step on.
        for (at, class) in classes.iter().enumerate().filter(|(at, _)| !left[*at].is_empty()) {
            let priced = prices(problem, class.person, &told.slots, &nobody_rests);
            if let Some(way) = space.best(problem, class.person, &priced, true) {
                master.add(at, &way.days);
            }
        }
        let mut shares: Vec<(f64, usize)> = told.shares.iter().copied().zip(0..).collect();
        shares.retain(|(_, way)| master.free[master.columns[*way].class] > 0);
        // The largest part of a person first; of equal ones the first known.
        let part = |share: f64| if share >= 1.0 { 1.0 } else { share };
        shares.sort_by(|one, other| part(other.0).total_cmp(&part(one.0)).then(one.1.cmp(&other.1)));
        let people: i64 = master.free.iter().sum();
        let mut few = (people / ONE_OF).max(1);
        for (share, way) in shares {
            let whole = (share + 1.0 - NEARLY).floor() as i64;
            let count = if whole > 0 { whole } else { i64::from(few > 0) };
            if count == 0 {
                break;
            }
            few -= count;
            for _ in 0..count {
                let class = master.columns[way].class;
                let Some(who) = left[class].pop() else { break };
                bound[who] = master.columns[way].turns.clone();
                master.bind(way);
            }
        }
    }
    Some(bound)
}

/// Gives the turns of a day out to people as variants, as near to the shares as whole people come.
pub(super) fn spread(
    master: &Master<'_>,
    turns: &[Vec<Option<usize>>],
    shares: &[Vec<f64>],
) -> Vec<Vec<Option<usize>>> {
    let mut days = vec![vec![None; master.problem.days]; turns.len()];
    for (day, shares) in shares.iter().enumerate() {
        for turn in 0..master.turns {
            let variants: Vec<usize> =
                (0..shares.len()).filter(|variant| master.turn_of[*variant] == turn).collect();
            // Up to each variant as many people as the shares up to it come to, rounded.
            let (mut sum, mut given) = (0.5, 0.0);
            let mut who = (0..turns.len()).filter(|who| turns[*who][day] == Some(turn));
            for variant in &variants {
                sum += shares[*variant];
                while given + 1.0 <= sum {
                    let Some(who) = who.next() else { break };
                    days[who][day] = Some(*variant);
                    given += 1.0;
                }
            }
            for who in who {
                days[who][day] = variants.last().copied();
            }
        }
    }
    days
}
