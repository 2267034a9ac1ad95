//! A month of the real floor: thirty days of ordinary traffic and near misses, with cases planted on every one of them. Whoever
//! folds it again proposes exactly the same entries, also who begins amid an occurrence from what was written down by then.

#[allow(dead_code)]
mod planted;

use cordboard_floor::decider::Decider as _;
use cordboard_quality::chance::Chance;
use cordboard_quality::detect::{Detectors, Found};
use planted::telling::{Ledger, detectors, found, named, stands_on_evidence, tell};
use planted::{CASES, Day, HOUR, Told, agent};

const DAYS: u64 = 30;

/// Each day has two cases and a half; on the twentieth an incident excuses one of each kind.
fn a_month() -> (Day, Vec<(cordboard_floor::RuleId, cordboard_floor::AgentId)>) {
    let (mut day, mut chance, mut expected) = (Day::new(), Chance::of(11), Vec::new());
    for date in 0..DAYS {
        let opens = date * 24 * HOUR + 8 * HOUR;
        let closes = opens + 9 * HOUR;
        day.opens(opens, closes);
        day.ordinary(&mut chance, opens + HOUR);
        if date % 3 == 0 {
            day.near_misses();
        }
        day.ordinary(&mut chance, opens + 3 * HOUR);
        let first = date as usize % CASES.len();
        expected.push(day.plant(first));
        day.ordinary(&mut chance, day.now + HOUR);
        expected.push(day.plant((first + 5) % CASES.len()));
        if date == 20 {
            day.excuse(1, day.now, closes);
            for case in 0..CASES.len() {
                // Runs that were planted within the hour would go on.
                if case != first && case != (first + 5) % CASES.len() {
                    day.plant(case);
                }
            }
        }
        day.closes(closes);
    }
    (day, expected)
}

/// Folds up to a place, writes the detectors down, and goes on from what was written.
fn found_from_the_middle(log: &[Told], middle: usize) -> Vec<Found> {
    let mut before = detectors();
    let mut found = tell(&mut before, &log[..middle]);
    let written = rmp_serde::to_vec(&before).expect("they can be written down");
    drop(before);
    let mut after: Detectors = rmp_serde::from_slice(&written).expect("and read");
    found.extend(tell(&mut after, &log[middle..]));
    found
}

#[test]
fn a_month_that_is_replayed_proposes_exactly_the_same_entries() {
    let (day, expected) = a_month();
    let once = found(&day.log);
    assert_eq!(named(&once), expected, "what was planted, in its order, and nothing else");
    stands_on_evidence(&day.log, &once);
    let again = found(&day.log);
    assert_eq!(again, once);
    let mut ledger = Ledger::beside(&day);
    let entries = ledger.propose(&once);
    let seq = ledger.desk.last_seq();
    assert_eq!(ledger.propose(&again), entries);

    // In the middle of the month, and amid each of the occurrences of its middle days.
    let place = |number: u64| {
        day.log.iter().position(|told| match told {
            Told::Floor(recorded) => recorded.seq > number,
            Told::Shift(seq, ..) => *seq > number,
            Told::Excuse(..) => false,
        })
    };
    let amid = once[once.len() / 2 - 7..once.len() / 2 + 7].iter().filter_map(|found| place(found.episode));
    for middle in amid.chain([day.log.len() / 2]) {
        let from_the_middle = found_from_the_middle(&day.log, middle);
        assert_eq!(from_the_middle, once, "from entry {middle} of {}", day.log.len());
        assert_eq!(ledger.propose(&from_the_middle), entries);
    }
    assert_eq!(ledger.desk.last_seq(), seq, "a second proposal is no event");
    assert_eq!(ledger.desk.ledger().entries().count(), expected.len());

    // Confirmed, the month costs everybody what was planted of her.
    let totals = ledger.confirmed(&entries);
    let points = |number: u64| -> u32 {
        let hers = once.iter().filter(|found| found.agent == agent(number));
        hers.map(|found| ledger.desk.newest_rule(found.rule).expect("it ships").points).sum()
    };
    assert_eq!(totals, (1..=planted::AGENTS).map(points).collect::<Vec<_>>());
    assert!(day.log.len() > 20_000, "{} events and news", day.log.len());
}
