//! The log makes the same state again.

use super::{Check, Rest, Verdict, ensure};
use cordboard_floor::{Decider as _, Event, Floor, Recorded};

/// Compares the living state with the log's, whole.
#[derive(Debug)]
pub(super) struct Replay;

impl Check for Replay {
    fn name(&self) -> &'static str {
        "replay"
    }

    fn promise(&self) -> &'static str {
        "The log from its first event, and a snapshot with its tail, give the state that lives, byte for byte."
    }

    fn published(&mut self, published: &Recorded<Event>, logged: &Recorded<Event>) -> Verdict {
        ensure!(published == logged, "published is {published:?}, logged is {logged:?}");
        Ok(())
    }

    fn rest(&mut self, rest: &Rest<'_>) -> Verdict {
        ensure!(
            bytes(rest.floor) == bytes(rest.shadow),
            "after event {} the living floor is another one than the log makes:\n{}",
            rest.floor.last_seq(),
            difference(rest.floor, rest.shadow)
        );
        Ok(())
    }

    fn opened(&mut self, log: &[Recorded<Event>], state_hash: &str) -> Verdict {
        let mut floor = Floor::new(crate::proof::subject::SITE);
        for event in log {
            floor.apply(event);
        }
        let replayed = cordboard_journal::hex(blake3::hash(&bytes(&floor)).as_bytes());
        ensure!(
            replayed == state_hash,
            "opened at event {} the state is {state_hash}, replayed from the first it is {replayed}",
            floor.last_seq()
        );
        Ok(())
    }
}

fn bytes(floor: &Floor) -> Vec<u8> {
    rmp_serde::to_vec(floor).expect("a floor of plain values serialises")
}

/// The first lines in which two floors differ.
fn difference(one: &Floor, other: &Floor) -> String {
    let (one, other) = (format!("{one:#?}"), format!("{other:#?}"));
    let differing = one.lines().zip(other.lines()).filter(|(one, other)| one != other).take(4);
    differing.map(|(one, other)| format!("  lives: {}\n  log:   {}\n", one.trim(), other.trim())).collect()
}
