//! What an agent does when her turn comes: whoever, by what her desk shows, has a reason to.

use super::desk::{Desk, Talk};
use super::{Wish, leader};
use crate::proof::script::{Deed, Kind, pick};
use crate::proof::terms::{Terms, reason_named};
use cordboard_floor::command::AskedState;
use cordboard_floor::contact::{Role, TransferTarget};
use cordboard_floor::{Actor, AgentId, CodeId, Command, ReasonId};

/// Who does this deed, and what she asks for; nobody, if it means nothing to anybody.
pub(crate) fn wish(deed: Deed, terms: &Terms, desks: &[Desk]) -> Option<(usize, Wish)> {
    let willing = |wants: fn(&Desk) -> bool| -> Vec<usize> {
        (0..desks.len()).filter(|place| wants(&desks[*place])).collect()
    };
    let among = match deed.kind {
        Kind::SignIn => willing(|desk| !desk.signed_in),
        Kind::Ready => willing(|desk| desk.signed_in && !desk.ready),
        Kind::Away | Kind::AskBreak | Kind::SignOut | Kind::Hand => willing(|desk| desk.signed_in),
        Kind::TakeBack => willing(|desk| desk.asked_for_break),
        Kind::Accept | Kind::Reject | Kind::DeviceFails => willing(|desk| !desk.ringing.is_empty()),
        Kind::Stale => willing(|desk| !desk.over.is_empty()),
        Kind::Conference => willing(|desk| desk.talks.iter().any(|talk| talk.beside.is_some())),
        Kind::Resume => willing(|desk| desk.talks.iter().any(|talk| talk.held)),
        Kind::Hold | Kind::Consult | Kind::Transfer | Kind::Leave | Kind::End => {
            willing(|desk| !desk.talks.is_empty())
        }
        Kind::WrapUp | Kind::Extend => willing(|desk| !desk.wrapups.is_empty()),
        _ => return None,
    };
    // Now and then somebody to whom it means nothing.
    let place = match pick(&among, deed.who) {
        Some(place) if !deed.how.is_multiple_of(29) => place,
        Some(_) | None if deed.how.is_multiple_of(7) => deed.who as usize % desks.len(),
        other => other?,
    };
    let agent = terms.agents[place];
    let (words, command) = act(deed, agent, terms, &desks[place])?;
    Some((place, Wish::new(format!("{agent} {words}"), Actor::Agent(agent), command)))
}

fn act(deed: Deed, agent: AgentId, terms: &Terms, desk: &Desk) -> Option<(String, Command)> {
    Some(match deed.kind {
        Kind::SignIn => {
            let seat = terms.seat(deed.what);
            (format!("signs in at {seat}"), Command::SignIn { agent, seat })
        }
        Kind::Ready => ("is ready".to_owned(), Command::SetState { agent, state: AskedState::Ready }),
        Kind::Away => {
            let reason = reason_named(deed.what, false);
            (
                format!("is not ready for {reason}"),
                Command::SetState { agent, state: AskedState::NotReady(reason) },
            )
        }
        Kind::AskBreak => {
            let reason: ReasonId = reason_named(deed.what, true);
            (format!("asks for {reason}"), Command::RequestBreak { agent, reason })
        }
        Kind::TakeBack => {
            ("takes her request back".to_owned(), Command::DecideBreak { agent, granted: false })
        }
        Kind::SignOut => ("signs out".to_owned(), Command::SignOut { agent }),
        Kind::Hand if !desk.unread.is_empty() => {
            let message = pick(&desk.unread, deed.what)?;
            (format!("has read {message}"), Command::AcknowledgeMessage { message, agent })
        }
        Kind::Hand => {
            let raised = !desk.hand_raised;
            let words = if raised { "raises her hand" } else { "lowers her hand" };
            (words.to_owned(), Command::RaiseHand { agent, raised })
        }
        Kind::Accept | Kind::Reject | Kind::DeviceFails => {
            let (offer, contact) = pick(&desk.ringing, deed.what)?;
            match deed.kind {
                Kind::Accept => (format!("accepts {contact}"), Command::Accept { offer, agent }),
                Kind::Reject => (format!("rejects {contact}"), Command::Reject { offer, agent }),
                _ => (format!("'s phone fails on {contact}"), Command::FailOffer { offer, agent }),
            }
        }
        Kind::Stale => {
            let offer = pick(&desk.over, deed.what)?;
            match deed.how % 3 {
                0 => (format!("rejects {offer}, long over"), Command::Reject { offer, agent }),
                _ => (format!("accepts {offer}, long over"), Command::Accept { offer, agent }),
            }
        }
        Kind::WrapUp => {
            let contact = pick(&desk.wrapups, deed.what)?;
            let code =
                [None, Some(CodeId::fixed("solved")), Some(CodeId::fixed("open"))][deed.how as usize / 8 % 3];
            (format!("finishes {contact}"), Command::CompleteWrapup { contact, agent, code, note: None })
        }
        Kind::Extend => {
            let contact = pick(&desk.wrapups, deed.what)?;
            (format!("needs longer for {contact}"), Command::ExtendWrapup { contact, agent })
        }
        _ => talk(deed, agent, terms, desk)?,
    })
}

/// What she does in a conversation.
fn talk(deed: Deed, agent: AgentId, terms: &Terms, desk: &Desk) -> Option<(String, Command)> {
    let fits = |talk: &&Talk| match deed.kind {
        Kind::Conference => talk.beside.is_some() && talk.role == Role::Owner,
        Kind::Resume => talk.held,
        Kind::Leave => talk.beside.is_some() || talk.role != Role::Owner,
        _ => talk.role == Role::Owner,
    };
    let fitting: Vec<&Talk> = desk.talks.iter().filter(fits).collect();
    let all: Vec<&Talk> = desk.talks.iter().collect();
    let talk = pick(if fitting.is_empty() { &all } else { &fitting }, deed.what)?;
    let contact = talk.contact;
    let to = match talk.beside.filter(|_| deed.kind == Kind::Transfer && deed.how % 4 < 3) {
        Some(colleague) => TransferTarget::Agent(colleague),
        None if deed.how.is_multiple_of(3) => TransferTarget::Queue(pick(&terms.queues, deed.how / 3)?),
        None => TransferTarget::Agent(pick(&terms.agents, deed.how / 3)?),
    };
    let whom = match to {
        TransferTarget::Agent(agent) => agent.to_string(),
        TransferTarget::Queue(queue) => format!("queue {queue}"),
    };
    Some(match deed.kind {
        Kind::Hold if deed.how.is_multiple_of(3) && !talk.muted => {
            (format!("mutes herself on {contact}"), Command::Mute { contact, agent })
        }
        Kind::Hold if deed.how.is_multiple_of(3) => {
            (format!("unmutes herself on {contact}"), Command::Unmute { contact, agent })
        }
        Kind::Hold => (format!("holds {contact}"), Command::Hold { contact, agent }),
        Kind::Resume => (format!("resumes {contact}"), Command::Resume { contact, agent }),
        Kind::Consult => {
            (format!("consults {whom} about {contact}"), Command::Consult { contact, agent, to })
        }
        Kind::Conference => (format!("conferences {contact}"), Command::Conference { contact, agent }),
        Kind::Transfer => {
            (format!("transfers {contact} to {whom}"), Command::Transfer { contact, agent, to })
        }
        Kind::Leave => (format!("leaves {contact}"), Command::Leave { contact, agent }),
        Kind::End => (format!("ends {contact}"), Command::End { contact, agent }),
        _ => return None,
    })
}

/// Her own state, set by a leader.
pub(crate) fn forced(agent: AgentId, deed: Deed) -> Wish {
    let (words, state) = match deed.how % 3 {
        0 => {
            let reason = reason_named(deed.what, deed.what.is_multiple_of(2));
            (format!("not ready for {reason}"), AskedState::NotReady(reason))
        }
        _ => ("ready".to_owned(), AskedState::Ready),
    };
    Wish::new(format!("leader makes {agent} {words}"), leader(), Command::ForceState { agent, state })
}
