//! So many messages are remembered, and so many agents are asked at once.

use crate::actor::{Actor, Submission};
use crate::command::Command;
use crate::configuration::AgentConfig;
use crate::decider::{Decider, Stamp};
use crate::event::{Event, Sealed};
use crate::floor::Floor;
use crate::id::{MessageId, PersonId, SiteId};
use crate::limits;
use crate::refusal::Refusal;
use crate::time::Instant;
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;

fn decide(floor: &mut Floor, command: Command) -> Result<Vec<Event>, Refusal> {
    let (stamp, mut decided) = (Stamp { at: Instant::from_micros(0), seed: 7 }, Vec::new());
    let submission = Submission { actor: Actor::system("test"), cause: None, reason: None, command };
    floor.decide(stamp, submission, &mut decided)?;
    Ok(decided.into_iter().map(|recorded| recorded.event).collect())
}

fn sealed(bytes: usize) -> Sealed {
    Sealed { person: PersonId(1), bytes: alloc::vec![0; bytes].into_boxed_slice() }
}

fn send(acknowledge: bool) -> Command {
    Command::SendMessage { team: None, text: sealed(1), acknowledge }
}

fn signs_in(floor: &mut Floor, number: usize) {
    let agent = format!("{number}").parse().expect("a code");
    decide(floor, Command::ApplyAgent(AgentConfig::customary(agent))).unwrap();
    let seat = format!("S{number}").parse().expect("a code");
    decide(floor, Command::SignIn { agent, seat }).unwrap();
}

#[test]
fn the_oldest_message_is_forgotten_and_what_asks_nobody_is_not_kept() {
    let mut floor = Floor::new(SiteId::fixed("stage"));
    signs_in(&mut floor, 1);
    let agent = "1".parse().expect("a code");
    let first = MessageId(floor.last_seq() + 1);
    decide(&mut floor, send(true)).unwrap();
    for _ in 0..limits::MESSAGES_MAX {
        decide(&mut floor, send(false)).unwrap();
    }
    assert_eq!(floor.messages().count(), 1);
    let acknowledge = Command::AcknowledgeMessage { message: first, agent };
    assert_eq!(decide(&mut floor, acknowledge.clone()).unwrap().len(), 1);
    for _ in 0..limits::MESSAGES_MAX {
        decide(&mut floor, send(true)).unwrap();
    }
    assert_eq!(floor.messages().count(), limits::MESSAGES_MAX);
    assert_eq!(decide(&mut floor, acknowledge), Err(Refusal::UnknownMessage(first)));
}

#[test]
fn one_message_asks_so_many_and_no_more() {
    let mut floor = Floor::new(SiteId::fixed("stage"));
    for number in 0..limits::MESSAGE_ADDRESSED_MAX {
        signs_in(&mut floor, number);
    }
    assert_eq!(decide(&mut floor, send(true)).unwrap().len(), 1);
    signs_in(&mut floor, limits::MESSAGE_ADDRESSED_MAX);
    let refused = decide(&mut floor, send(true));
    assert!(
        matches!(refused, Err(Refusal::OverLimit { what: "message.addressed, agents", .. })),
        "{refused:?}"
    );
    assert_eq!(decide(&mut floor, send(false)).unwrap().len(), 1, "whom it does not ask, it may tell");
}

#[test]
fn a_note_that_is_too_large_is_refused_before_anything_is_done() {
    let mut floor = Floor::new(SiteId::fixed("stage"));
    signs_in(&mut floor, 1);
    let raises = Command::RaiseHand { agent: "1".parse().expect("a code"), raised: true };
    let note = sealed(limits::SEALED_BYTES_MAX + 1);
    let noted = Command::Noted { command: Box::new(raises.clone()), note };
    assert!(matches!(decide(&mut floor, noted), Err(Refusal::OverLimit { .. })));
    assert_eq!(decide(&mut floor, raises).unwrap().len(), 1, "her hand was not up");
}
