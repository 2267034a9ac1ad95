//! Facts over random work: agents' spells partition their time, sums over facts are what the figures count, and a fold that was
//! put away and taken up again tells the same.

#[allow(dead_code)]
mod hand;
mod support;

use cordboard_floor::configuration::QueueConfig;
use cordboard_floor::contact::{ContactEnd, VisitEnd};
use cordboard_floor::event::{QueueApplied, WrapupCompleted, WrapupStarted};
use cordboard_floor::{AgentId, CodeId, Event, Instant, Recorded};
use cordboard_views::View;
use cordboard_views::board::Activity;
use cordboard_views::facts::{Fact, Facts, OfferEnd};
use cordboard_views::figures::Figures;
use hand::{Hand, LI, SALES};
use proptest::prelude::*;
use std::collections::BTreeMap;
use support::{Decides, Step, step};

fn log_of(steps: &[Step]) -> Vec<Recorded<Event>> {
    let mut decides = Decides::new();
    steps.iter().for_each(|step| decides.step(step));
    decides.log
}

fn facts_of(log: &[Recorded<Event>]) -> (Facts, Vec<Fact>) {
    let (mut facts, mut told) = (Facts::new(), Vec::new());
    for recorded in log {
        facts.fold(recorded, |fact| told.push(fact.clone()));
    }
    (facts, told)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spells_partition_an_agents_time(steps in proptest::collection::vec(step(), 1..220)) {
        let log = log_of(&steps);
        let (facts, told) = facts_of(&log);
        let mut known: BTreeMap<AgentId, Instant> = BTreeMap::new();
        for recorded in &log {
            if let Event::AgentApplied(event) = &recorded.event {
                known.entry(event.agent.agent).or_insert(recorded.at);
            }
        }
        for fact in &told {
            let Fact::Spell(spell) = fact else { continue };
            let before = known.get_mut(&spell.agent).expect("nobody has a spell before she is known");
            prop_assert_eq!(*before, spell.from, "a gap or an overlap before {:?}", spell);
            prop_assert!(spell.to > spell.from && spell.evidence.last > spell.evidence.first);
            *before = spell.to;
        }
        for row in facts.board().agents() {
            prop_assert_eq!(known[&row.agent], row.activity_since, "the spell that goes on follows the last");
        }
    }

    #[test]
    fn sums_over_facts_are_the_figures(steps in proptest::collection::vec(step(), 1..220)) {
        let log = log_of(&steps);
        let mut figures = Figures::new();
        log.iter().for_each(|recorded| figures.fold(recorded));
        let (facts, told) = facts_of(&log);
        let all = figures.all();
        let count = |is: &dyn Fn(&Fact) -> bool| told.iter().filter(|fact| is(fact)).count() as u64;
        let sum = |of: &dyn Fn(&Fact) -> u64| told.iter().map(of).sum::<u64>();
        for queue in facts.board().queues().map(|row| row.queue) {
            let Some(tally) = figures.queue(queue) else { continue };
            let ended = |end: &dyn Fn(VisitEnd) -> bool| {
                count(&|fact| matches!(fact, Fact::Visit(it) if it.queue == queue && end(it.end)))
            };
            prop_assert_eq!(tally.visits.answered, ended(&|end| end == VisitEnd::Answered));
            prop_assert_eq!(tally.visits.abandoned, ended(&|end| end == VisitEnd::Abandoned));
            prop_assert_eq!(tally.visits.queued, ended(&|_| true) + facts.open().filter(|it| it.queue == queue).count() as u64);
            let talk = sum(&|fact| match fact { Fact::Handling(it) if it.queue == Some(queue) => it.talk_ms.0, _ => 0 });
            prop_assert_eq!(tally.talk.total_ms(), talk);
        }
        let waited = |end| sum(&|fact| match fact { Fact::Visit(it) if it.end == end => it.waited_ms.0, _ => 0 });
        prop_assert_eq!(all.wait_answered.total_ms(), waited(VisitEnd::Answered));
        prop_assert_eq!(all.wait_abandoned.total_ms(), waited(VisitEnd::Abandoned));
        prop_assert_eq!(all.talk.count(), count(&|fact| matches!(fact, Fact::Handling(_))));
        prop_assert_eq!(all.talk.total_ms(), sum(&|fact| match fact { Fact::Handling(it) => it.talk_ms.0, _ => 0 }));
        // A hold is counted when it ends, and told with the time that it was part of.
        if facts.board().contacts().all(|row| row.owner.is_none()) {
            let held = sum(&|fact| match fact { Fact::Handling(it) => it.hold_ms.0, _ => 0 });
            prop_assert_eq!(all.hold.total_ms(), held);
            let holds = sum(&|fact| match fact { Fact::Handling(it) => it.holds.into(), _ => 0 });
            prop_assert_eq!(all.hold.count(), holds);
        }
        prop_assert_eq!(all.wrap_up.total_ms(), sum(&|fact| match fact { Fact::WrapUp(it) => it.took_ms().0, _ => 0 }));
        let transfers = count(&|fact| matches!(fact, Fact::Handling(it) if it.transferred.is_some()));
        prop_assert_eq!(all.transfers.blind + all.transfers.attended, transfers);
        let rang = |end| count(&|fact| matches!(fact, Fact::Offer(it) if it.end == end));
        prop_assert_eq!(all.offers.accepted, rang(OfferEnd::Accepted));
        prop_assert_eq!(all.offers.timed_out, rang(OfferEnd::TimedOut));
        prop_assert_eq!(all.offers.rescinded, rang(OfferEnd::Rescinded));
        let handled = count(&|fact| matches!(fact, Fact::Contact(it) if it.end == ContactEnd::Handled));
        prop_assert_eq!(all.contacts.handled, handled);
        // Whoever answered a visit is who is connected next.
        for fact in &told {
            if let Fact::Visit(visit) = fact {
                prop_assert_eq!(visit.agent.is_some(), visit.end == VisitEnd::Answered, "{:?}", visit);
            }
        }
    }

    #[test]
    fn put_away_and_taken_up_again_it_tells_the_same(
        steps in proptest::collection::vec(step(), 1..150), cut in any::<prop::sample::Index>(),
    ) {
        let log = log_of(&steps);
        let (straight, told) = facts_of(&log);
        let (before, after) = log.split_at(cut.index(log.len()));
        let (facts, mut again) = facts_of(before);
        let stored = rmp_serde::to_vec(&facts).expect("it can be stored");
        let mut facts: Facts = rmp_serde::from_slice(&stored).expect("and read");
        facts.resume();
        for recorded in after {
            facts.fold(recorded, |fact| again.push(fact.clone()));
        }
        prop_assert_eq!(told, again);
        prop_assert_eq!(rmp_serde::to_vec(&straight).unwrap(), rmp_serde::to_vec(&facts).unwrap());
    }
}

/// What counts as a success is what the queue listed when the work was done, whatever it lists later.
#[test]
fn a_success_is_a_code_that_the_queue_listed_then() {
    let mut hand = Hand::new();
    let left = hand.queued(SALES, None, None);
    let mut expected = Vec::new();
    for (listed, code, success) in [
        (&["sold"][..], "sold", true),
        (&["sold"], "thinks", false),
        (&["sold", "thinks"], "thinks", true),
        (&[], "sold", false),
    ] {
        let success_codes = listed.iter().map(|code| CodeId::fixed(code)).collect();
        let queue = QueueConfig { success_codes, ..QueueConfig::customary(SALES) };
        hand.says(QueueApplied { queue, version: 2 });
        let (contact, agent, queue, code) = (left, LI, SALES, CodeId::fixed(code));
        hand.says(WrapupStarted { contact, agent, queue, ends_at: hand.now });
        hand.says(WrapupCompleted { contact, agent, queue, code, by_default: false, note: None });
        expected.push((code, success));
    }
    let told = facts_of(hand.log()).1;
    let told = told.iter().filter_map(|fact| match fact {
        Fact::WrapUp(it) => Some((it.code, it.success)),
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

/// A timeline names what an agent did, not only that she did something.
#[test]
fn a_days_work_is_told_spell_by_spell() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut met: BTreeMap<Activity, u32> = BTreeMap::new();
    for _ in 0..60 {
        let steps = proptest::collection::vec(step(), 220).new_tree(&mut runner).unwrap().current();
        for fact in facts_of(&log_of(&steps)).1 {
            if let Fact::Spell(spell) = fact {
                *met.entry(spell.activity).or_default() += 1;
            }
        }
    }
    let unmet: Vec<_> = Activity::ALL.iter().filter(|activity| !met.contains_key(activity)).collect();
    assert!(unmet.is_empty(), "{unmet:?} of {met:?}");
}
