//! Views that are written down and read again: whatever the order of work, checkpoints, crashes and repeats, the digits
//! are those of a view that was folded straight. And what they are is pinned, so that nobody changes a fold or a shape and
//! counts on with what the program before had counted.

#[allow(dead_code)]
mod hand;
#[allow(dead_code)]
mod support;

use cordboard_floor::contact::{ContactEnd, EndedBy, Stage, VisitEnd};
use cordboard_floor::event::ContactArrived;
use cordboard_floor::{Channel, ContactId, Event, Recorded};
use cordboard_views::View;
use cordboard_views::alerts::Alerts;
use cordboard_views::audience::Audience;
use cordboard_views::board::Board;
use cordboard_views::callers::Callers;
use cordboard_views::figures::Figures;
use cordboard_views::story::Stories;
use cordboard_views::workforce::Staff;
use hand::{Hand, LI, SALES, SERVICE, WANG, number};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Write as _;
use support::{Decides, step};

/// What happens to a process that folds.
#[derive(Clone, Copy, Debug)]
enum Turn {
    /// So many events are folded.
    Fold(u8),
    /// It is kept as it is.
    Keep,
    /// It ends as it is, and the next one begins from what was kept last.
    Crash,
    /// It ends, and what was kept is lost.
    CrashAndLose,
    /// So many events that it has had come again.
    Again(u8),
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        8 => (1u8..40).prop_map(Turn::Fold),
        4 => Just(Turn::Keep),
        3 => Just(Turn::Crash),
        1 => Just(Turn::CrashAndLose),
        2 => (1u8..20).prop_map(Turn::Again),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_checkpoint_crash_and_resume_gives_the_same_digits(
        steps in proptest::collection::vec(step(), 1..160),
        turns in proptest::collection::vec(turn(), 1..60),
    ) {
        let mut decides = Decides::new();
        steps.iter().for_each(|step| decides.step(step));
        lives(&decides.log, &turns, Board::new());
        lives(&decides.log, &turns, Audience::new());
        lives(&decides.log, &turns, Stories::with_limit(5));
        lives(&decides.log, &turns, Callers::with_limit(5));
        lives(&decides.log, &turns, Figures::new());
        lives(&decides.log, &turns, Alerts::new());
        lives(&decides.log, &turns, Staff::new());
    }
}

fn lives<V: View + Clone + Serialize + DeserializeOwned>(log: &[Recorded<Event>], turns: &[Turn], fresh: V) {
    let mut straight = fresh.clone();
    log.iter().for_each(|recorded| straight.fold(recorded));
    let (mut view, mut kept) = (fresh.clone(), None::<Vec<u8>>);
    let fold = |view: &mut V, events: usize| {
        let from = view.seq() as usize;
        log[from..].iter().take(events).for_each(|recorded| view.fold(recorded));
    };
    for turn in turns {
        match *turn {
            Turn::Fold(events) => fold(&mut view, events.into()),
            Turn::Keep => kept = Some(bytes(&view)),
            Turn::Crash => view = kept.as_deref().map_or_else(|| fresh.clone(), read),
            Turn::CrashAndLose => (view, kept) = (fresh.clone(), None),
            Turn::Again(events) => {
                let until = view.seq() as usize;
                log[until.saturating_sub(events.into())..until]
                    .iter()
                    .for_each(|recorded| view.fold(recorded));
            }
        }
    }
    fold(&mut view, usize::MAX);
    assert_eq!(view.seq() as usize, log.len());
    assert!(bytes(&view) == bytes(&straight), "{} says other things: {turns:?}", V::NAME);
    assert!(read::<V>(&bytes(&view)).folds_like(&fresh));
}

fn bytes(view: &impl Serialize) -> Vec<u8> {
    rmp_serde::to_vec(view).unwrap()
}

fn read<V: DeserializeOwned>(bytes: &[u8]) -> V {
    rmp_serde::from_slice(bytes).unwrap()
}

#[test]
fn views_on_other_terms_are_told_apart() {
    let midnight = Board::new();
    let evening = Board::with_days_beginning(cordboard_floor::Millis::from_secs(57_600));
    assert!(midnight.folds_like(&Board::new()) && !midnight.folds_like(&evening));
    assert!(!Stories::with_limit(5).folds_like(&Stories::new()));
}

/// A day by hand: somebody is served, somebody leaves, it rings at somebody, somebody still waits.
fn day() -> Vec<Recorded<Event>> {
    let mut hand = Hand::new();
    let served = hand.queued(SALES, Some(LI), Some(3_000));
    hand.wait(4_000);
    let offer = hand.rings(served, LI);
    hand.wait(2_000);
    hand.answers(served, LI, offer);
    let left = hand.queued(SALES, None, None);
    hand.wait(30_000);
    hand.ends_visit(left, VisitEnd::Abandoned);
    hand.ends(left, ContactEnd::Abandoned(Stage::Queue), EndedBy::Caller);
    let ringing = hand.queued_also(SERVICE, vec![SALES]);
    hand.rings(ringing, WANG);
    hand.queued(SALES, None, None);
    hand.log().to_vec()
}

/// Somebody who called before calls again.
fn callers_day() -> Vec<Recorded<Event>> {
    let mut hand = Hand::new();
    for _ in 0..2 {
        let contact = ContactId(hand.log().len() as u64 + 1);
        let arrived = ContactArrived {
            contact,
            channel: Channel::fixed("voice"),
            from: Some(number()),
            attributes: None,
        };
        hand.says(arrived);
        hand.queues_again(contact, SALES);
        hand.wait(30_000);
        hand.ends_visit(contact, VisitEnd::Abandoned);
        hand.ends(contact, ContactEnd::Abandoned(Stage::Queue), EndedBy::Caller);
    }
    hand.log().to_vec()
}

/// Whoever changes a fold or a shape meets this: raise the view's SCHEMA, and pin what it says now.
#[test]
fn a_changed_fold_or_shape_is_another_schema() {
    let log = day();
    let mut pinned = String::new();
    let mut pin = |name: &str, schema: u32, bytes: &[u8]| {
        let _ = writeln!(pinned, "{name} schema {schema}: {} bytes, {:016x}", bytes.len(), fnv(bytes));
    };
    fn of<V: View + Serialize>(mut view: V, log: &[Recorded<Event>]) -> (u32, Vec<u8>) {
        log.iter().for_each(|recorded| view.fold(recorded));
        (V::SCHEMA, bytes(&view))
    }
    let (schema, bytes) = of(Board::new(), &log);
    pin(Board::NAME, schema, &bytes);
    let (schema, bytes) = of(Audience::new(), &log);
    pin(Audience::NAME, schema, &bytes);
    let (schema, bytes) = of(Stories::new(), &log);
    pin(Stories::NAME, schema, &bytes);
    let (schema, bytes) = of(Callers::new(), &callers_day());
    pin(Callers::NAME, schema, &bytes);
    let (schema, bytes) = of(Figures::new(), &log);
    pin(Figures::NAME, schema, &bytes);
    let (schema, bytes) = of(Alerts::new(), &log);
    pin(Alerts::NAME, schema, &bytes);
    let (schema, bytes) = of(Staff::new(), &log);
    pin(Staff::NAME, schema, &bytes);
    assert_eq!(pinned, PINNED);
}

const PINNED: &str = "\
board schema 2: 1180 bytes, 6b21246ab07231e3
audience schema 3: 48 bytes, a384fe56dcebc1c0
stories schema 1: 31 bytes, 2f0fc2e80fea3eb5
callers schema 1: 210 bytes, d3ce798a33a8056d
figures schema 1: 373 bytes, eeed5c480549a046
alerts schema 2: 1205 bytes, c54cd135252027bb
workforce schema 3: 628 bytes, ae1e5d50c4f8a5e2
";

/// Enough to tell bytes apart that nobody forges.
fn fnv(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}
