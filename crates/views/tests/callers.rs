//! Earlier contacts by caller, held against the contacts' own records over whatever a floor can come to, and their bounds.

#[allow(dead_code)]
mod hand;
#[allow(dead_code)]
mod support;

use cordboard_floor::contact::{ContactEnd, EndedBy, Stage, VisitEnd};
use cordboard_floor::event::{ContactArrived, Number, PersonErased, Sealed};
use cordboard_floor::{Channel, ContactId, PersonId};
use cordboard_views::View;
use cordboard_views::callers::{CONTACTS_PER_CALLER_MAX, Callers};
use cordboard_views::facts::{Fact, Facts};
use cordboard_views::record::{ContactRecord, Records};
use hand::{Hand, SALES};
use proptest::prelude::*;
use std::collections::BTreeMap;
use support::{Decides, step};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_earlier_contact_is_what_its_record_says(steps in proptest::collection::vec(step(), 1..220)) {
        let mut decides = Decides::new();
        steps.iter().for_each(|step| decides.step(step));
        let (mut callers, mut records, mut facts) = (Callers::new(), Records::new(), Facts::new());
        let mut talked: BTreeMap<ContactId, u64> = BTreeMap::new();
        let mut over: Vec<ContactRecord> = Vec::new();
        for recorded in &decides.log {
            callers.fold(recorded);
            over.extend(records.take(recorded));
            facts.fold(recorded, |fact| if let Fact::Handling(fact) = fact {
                *talked.entry(fact.contact).or_default() += fact.talk_ms.0;
            });
        }
        over.extend(records.finish());
        for record in &over {
            let Some(row) = callers.over(record.contact) else { continue };
            prop_assert_eq!(row.arrived_at, record.arrived_at);
            prop_assert_eq!(Some(row.ended_at), record.ended_at);
            prop_assert_eq!(row.waited_ms.0, record.wait_ms);
            prop_assert_eq!(row.queue, record.visits.first().map(|visit| visit.queue));
            prop_assert_eq!(row.talked_ms.0, talked.get(&record.contact).copied().unwrap_or(0));
        }
        let ended = over.iter().filter(|record| record.ended_at.is_some()).count();
        let (kept, sums) = callers.before(ContactId(u64::MAX));
        prop_assert!(kept.is_empty() && sums.total == 0, "nobody's contact has no caller");
        prop_assert_eq!(callers.len(), ended.min(CONTACTS_PER_CALLER_MAX), "all of them are of one caller");
    }
}

fn calls(hand: &mut Hand, caller: u8) -> ContactId {
    let contact = ContactId(hand.log().len() as u64 + 1);
    let sealed = Sealed { person: PersonId(caller.into()), bytes: Box::new([1]) };
    let from = Some(Number { pseudonym: [caller; 16], sealed });
    hand.says(ContactArrived { contact, channel: Channel::fixed("voice"), from, attributes: None });
    contact
}

/// Waits a second and gives up.
fn gives_up(hand: &mut Hand, caller: u8) -> ContactId {
    let contact = calls(hand, caller);
    hand.queues_again(contact, SALES);
    hand.wait(1_000);
    hand.ends_visit(contact, VisitEnd::Abandoned);
    hand.ends(contact, ContactEnd::Abandoned(Stage::Queue), EndedBy::Caller);
    contact
}

fn folded(hand: &Hand, kept_max: usize) -> Callers {
    let mut callers = Callers::with_limit(kept_max);
    hand.log().iter().for_each(|recorded| callers.fold(recorded));
    callers
}

#[test]
fn each_caller_keeps_the_last_few_and_what_the_others_came_to() {
    let mut hand = Hand::new();
    let many = CONTACTS_PER_CALLER_MAX + 3;
    let contacts: Vec<ContactId> = (0..many).map(|_| gives_up(&mut hand, 1)).collect();
    gives_up(&mut hand, 2);
    let now = calls(&mut hand, 1);
    let callers = folded(&hand, 1_000);
    let (earlier, sums) = callers.before(now);
    assert_eq!(earlier.len(), CONTACTS_PER_CALLER_MAX);
    assert_eq!(earlier[0].contact, *contacts.last().unwrap(), "the latest first");
    assert_eq!((sums.total, sums.abandoned, sums.waited_ms), (many as u32, many as u32, many as u64 * 1_000));
    assert!(callers.over(contacts[0]).is_none());
}

#[test]
fn of_all_callers_who_was_silent_longest_is_forgotten_first() {
    let mut hand = Hand::new();
    let first = gives_up(&mut hand, 1);
    let second = gives_up(&mut hand, 2);
    gives_up(&mut hand, 1);
    gives_up(&mut hand, 3);
    let callers = folded(&hand, 3);
    assert!(callers.over(second).is_none(), "she called before the others did");
    assert!(callers.over(first).is_some());
    assert_eq!(callers.len(), 3);
}

#[test]
fn an_erased_person_has_called_never() {
    let mut hand = Hand::new();
    gives_up(&mut hand, 1);
    let other = gives_up(&mut hand, 2);
    hand.says(PersonErased { person: PersonId(1) });
    let (anew, again) = (calls(&mut hand, 1), calls(&mut hand, 2));
    let callers = folded(&hand, 100);
    assert_eq!(callers.before(anew).1.total, 0);
    assert_eq!(callers.before(again).0.iter().map(|row| row.contact).collect::<Vec<_>>(), [other]);
}
