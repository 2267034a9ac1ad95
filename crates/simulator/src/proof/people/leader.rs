//! What leaders do: they see the board, which shows what is committed.

use super::agent::forced;
use super::{Wish, leader};
use crate::proof::script::{Deed, Kind, pick};
use crate::proof::terms::{ALERT, Terms};
use cordboard_floor::alert::{Alarm, AlertLevel, AlertSubject};
use cordboard_floor::configuration::BreakQuota;
use cordboard_floor::event::Sealed;
use cordboard_floor::{
    AccountId, Actor, AgentId, AlertId, Command, ContactId, Floor, PersonId, QueueId, ReasonId,
};

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
                let at_most = deed.what % 3;
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
        Kind::Message if deed.what.is_multiple_of(2) => return Some(alert(deed, queue, board)),
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

/// What is to be looked after: the watch beside the floor says it, a leader takes notice. Some of it is of an alert that is over by then.
fn alert(deed: Deed, queue: QueueId, board: &Floor) -> Wish {
    let level = if deed.how.is_multiple_of(2) { AlertLevel::Amber } else { AlertLevel::Red };
    let open: Vec<AlertId> = board.alerts().map(|(alert, _)| alert).collect();
    let watch = Actor::system("watch");
    match (deed.how % 5, pick(&open, deed.who)) {
        (0 | 1, _) | (_, None) => {
            let alarm = Alarm { rule: ALERT, level, about: AlertSubject::Queue(queue), value: 7, limit: 2 };
            Wish::new(format!("the watch sees too many in {queue}"), watch, Command::RaiseAlert(alarm))
        }
        (2, Some(alert)) => {
            let words = format!("the watch sees {alert} change");
            Wish::new(words, watch, Command::ChangeAlert { alert, level, value: 9, limit: 4 })
        }
        (3, Some(alert)) => {
            let note =
                deed.who.is_multiple_of(2).then(|| Sealed { person: PersonId(1), bytes: vec![7; 8].into() });
            let command = Command::AcknowledgeAlert { alert, account: AccountId::fixed("leader"), note };
            Wish::new(format!("leader takes notice of {alert}"), leader(), command)
        }
        (_, Some(alert)) => {
            let words = format!("the watch sees that {alert} is over");
            Wish::new(words, watch, Command::ResolveAlert { alert, value: Some(1) })
        }
    }
}
