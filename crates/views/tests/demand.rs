//! What was offered to queues, counted by a day by hand: re-diallers once, those who gave up included, and whose handle time it was.

#[allow(dead_code)]
mod hand;

use cordboard_floor::contact::{ContactEnd, EndedBy, Stage, VisitEnd};
use cordboard_floor::event::{ContactArrived, Number, Sealed, WrapupCompleted, WrapupStarted};
use cordboard_floor::{Channel, CodeId, ContactId, PersonId};
use cordboard_views::demand::{Demand, Quarter, REDIAL_WITHIN_MS};
use hand::{Hand, LI, SALES, SERVICE};

/// A caller of some number stands in a queue.
fn calls(hand: &mut Hand, caller: u8) -> ContactId {
    let contact = ContactId(hand.log().len() as u64 + 1);
    let sealed = Sealed { person: PersonId(caller.into()), bytes: Box::new([1]) };
    let from = Some(Number { pseudonym: [caller; 16], sealed });
    hand.says(ContactArrived { contact, channel: Channel::fixed("voice"), from, attributes: None });
    hand.queues_again(contact, SALES);
    contact
}

fn gives_up(hand: &mut Hand, contact: ContactId) {
    hand.ends_visit(contact, VisitEnd::Abandoned);
    hand.ends(contact, ContactEnd::Abandoned(Stage::Queue), EndedBy::Caller);
}

#[test]
fn each_caller_counts_once_and_her_time_where_she_came() {
    let mut hand = Hand::new();
    let begin = hand.now;
    let first = calls(&mut hand, 1);
    hand.wait(60_000);
    gives_up(&mut hand, first);
    // Dials again at once, and is taken: no new contact to plan for, but somebody's time.
    hand.wait(1_000);
    let again = calls(&mut hand, 1);
    let offer = hand.rings(again, LI);
    hand.wait(2_000);
    hand.answers(again, LI, offer);
    // She talks into the next quarter, and works after it.
    hand.wait(20 * 60_000);
    hand.says(WrapupStarted { contact: again, agent: LI, queue: SALES, ends_at: hand.now });
    hand.ends(again, ContactEnd::Handled, EndedBy::Caller);
    hand.wait(30_000);
    let code = CodeId::fixed("none");
    hand.says(WrapupCompleted {
        contact: again,
        agent: LI,
        queue: SALES,
        code,
        by_default: true,
        note: None,
    });
    // Another who gives up, and calls when that is long ago; and one without a number counts each time.
    let other = calls(&mut hand, 2);
    gives_up(&mut hand, other);
    hand.wait(REDIAL_WITHIN_MS + 1);
    let late = calls(&mut hand, 2);
    gives_up(&mut hand, late);
    for _ in 0..2 {
        let nobody = hand.arrives();
        hand.queues_again(nobody, SALES);
        gives_up(&mut hand, nobody);
    }
    let mut demand = Demand::new();
    hand.log().iter().for_each(|recorded| demand.take(recorded));
    let told: Vec<(u64, Quarter)> = demand
        .quarters(SALES, begin, hand.now)
        .map(|(at, quarter)| (at.since(begin).0 / 60_000, quarter))
        .collect();
    let quarter = |volume, handled, handle_ms| Quarter { volume, handled, handle_ms };
    assert_eq!(
        told,
        [(0, quarter(1, 1, 20 * 60_000 + 30_000)), (15, quarter(1, 0, 0)), (45, quarter(3, 0, 0))]
    );
    assert_eq!(demand.quarters(SERVICE, begin, hand.now).count(), 0);
    // What begins in the middle of a quarter is not asked for by half.
    let middle = begin.plus(cordboard_floor::Millis(60_000));
    assert_eq!(demand.quarters(SALES, middle, hand.now).count(), 2);
}
