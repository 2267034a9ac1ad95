//! A day of the real floor with ordinary traffic, near misses, and planted cases of every rule. Only the planted ones are found;
//! the same log finds the same again; and whatever is proposed twice stands in the ledger once.

#[allow(dead_code)]
mod planted;

use cordboard_floor::decider::Decider as _;
use cordboard_quality::Excuse;
use cordboard_quality::chance::Chance;
use cordboard_quality::detect::rules;
use cordboard_quality::id::ExcuseId;
use planted::telling::{Ledger, found, named, stands_on_evidence};
use planted::{CASES, Day, HOUR, Told, at};
use std::collections::BTreeSet;

#[test]
fn only_what_was_planted_is_found_and_it_stands_in_the_ledger_once() {
    let (mut day, mut chance) = (Day::new(), Chance::of(6));
    day.opens(HOUR, 12 * HOUR);
    day.ordinary(&mut chance, 3 * HOUR);
    day.near_misses();
    day.ordinary(&mut chance, 6 * HOUR);
    assert_eq!(found(&day.log), [], "an ordinary day with near misses");
    let expected: Vec<_> = (0..CASES.len()).map(|case| day.plant(case)).collect();
    let planted: BTreeSet<_> = expected.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(planted, BTreeSet::from(rules::ALL), "every rule that a detector proposes by");
    day.closes(12 * HOUR);
    let found_now = found(&day.log);
    assert_eq!(named(&found_now), expected);
    assert_eq!(found(&day.log), found_now, "the same log, the same findings");
    stands_on_evidence(&day.log, &found_now);
    let all = Excuse { agent: None, rule: None, from: at(0), until: at(24 * HOUR) };
    let incident = [&[Told::Excuse(ExcuseId(1), all)], &day.log[..]].concat();
    assert_eq!(found(&incident), [], "an incident all day excuses everything");

    // Proposed, and proposed again by whoever folds the log again.
    let mut ledger = Ledger::beside(&day);
    let entries = ledger.propose(&found_now);
    let seq = ledger.desk.last_seq();
    assert_eq!((ledger.propose(&found(&day.log)), ledger.desk.last_seq()), (entries.clone(), seq));
    assert_eq!(ledger.desk.ledger().entries().count(), expected.len());
    let totals = ledger.confirmed(&entries);
    assert_eq!(totals, [2, 5, 0, 1, 0, 0, 0, 0, 0, 5, 5, 2, 1], "the documents' points; findings have none");
}
