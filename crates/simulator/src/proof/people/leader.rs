//! What leaders do: they see the board, which shows what is committed.

use super::agent::forced;
use super::{Wish, leader};
use crate::proof::script::{Deed, Kind, pick};
use crate::proof::terms::Terms;
use cordboard_floor::configuration::BreakQuota;
use cordboard_floor::event::Sealed;
use cordboard_floor::{AgentId, Command, ContactId, Floor, PersonId, ReasonId};

/// What a leader asks for; nothing, if the board gives no reason to.
pub(crate) fn wish(deed: Deed, terms: &Terms, board: &Floor) -> Option<Wish> {
    let agent = pick(&terms.agents, deed.who)?;
    let queue = pick(&terms.queues, deed.who)?;
    let (words, command) = match deed.kind {
        Kind::Force => return Some(forced(agent, deed)),
        Kind::SendHome => (format!("signs out {agent}"), Command::SignOut { agent }),
        Kind::Decide => {
            let asking = |agent: &AgentId| board.agent(*agent).is_some_and(|it| it.break_request.is_some());
            let asking: Vec<AgentId> = terms.agents.iter().copied().filter(asking).collect();
            let asking = pick(&asking, deed.who);
            let granted = !deed.how.is_multiple_of(3);
            if deed.how.is_multiple_of(7) {
                let at_most = deed.what as u32 % 3;
                let quota = BreakQuota { away_max: Some(at_most), staffed_min: None };
                let words = format!("lets at most {at_most} of {queue} on a break");
                let command = Box::new(Command::SetBreaks { queue, quota });
                let note = Sealed { person: PersonId(1), bytes: vec![deed.what as u8; 8].into() };
                return Some(Wish::new(
                    format!("leader {words}"),
                    leader(),
                    Command::Noted { command, note },
                ));
            }
            let verb = if granted { "grants" } else { "denies" };
            let agent = asking?;
            (format!("{verb} the break of {agent}"), Command::DecideBreak { agent, granted })
        }
        Kind::Open => {
            let shut = |queue: &_| {
                board
                    .queue(*queue)
                    .is_some_and(|known| known.state != cordboard_floor::queue::QueueState::Open)
            };
            let shut: Vec<_> = terms.queues.iter().copied().filter(shut).collect();
            let queue = pick(&shut, deed.who).unwrap_or(queue);
            (format!("opens {queue}"), Command::OpenQueue { queue })
        }
        Kind::Drain => (format!("drains {queue}"), Command::DrainQueue { queue }),
        Kind::Close => {
            (format!("closes {queue}"), Command::CloseQueue { queue, emergency: false, message: None })
        }
        Kind::Emergency => {
            let message = Some(ReasonId::fixed("fire"));
            (
                format!("closes {queue} in an emergency"),
                Command::CloseQueue { queue, emergency: true, message },
            )
        }
        Kind::Message => {
            let text = Sealed { person: PersonId(1), bytes: vec![deed.what as u8; 8].into() };
            let team = ["red", "blue"].get(deed.who as usize % 3).map(|name| super::super::terms::code(name));
            let acknowledge = deed.how.is_multiple_of(2);
            ("writes to the floor".to_owned(), Command::SendMessage { team, text, acknowledge })
        }
        Kind::Assign | Kind::Move | Kind::Reprioritise => {
            let waiting: Vec<ContactId> =
                board.contacts().filter(|(_, known)| known.visit.is_some()).map(|(id, _)| id).collect();
            let contact = pick(&waiting, deed.what)?;
            match deed.kind {
                Kind::Assign => (format!("gives {contact} to {agent}"), Command::Assign { contact, agent }),
                Kind::Move => (format!("moves {contact} to {queue}"), Command::Move { contact, queue }),
                _ => {
                    let priority = (deed.how % 101) as u8;
                    let words = format!("gives {contact} priority {priority}");
                    (words, Command::Reprioritise { contact, priority })
                }
            }
        }
        _ => return None,
    };
    Some(Wish::new(format!("leader {words}"), leader(), command))
}
