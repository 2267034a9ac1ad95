//! The first frame: who is there, as which agent, and from where she goes on.
//!
//! ```text
//!   upgraded ──hello──▶ account known ──▶ agent.link_opened is durable ──▶ line taken ──▶ welcome
//!       └── nothing in time, wrong ticket or token: 4001
//! ```

use super::frame::{CloseReason, Heard, Hello, Misheard, Nack, ServerFrame, hear};
use super::hub::{Admitted, Hub};
use super::limits::{POSITION_WAIT, UNREADABLE_IN_A_ROW_MAX};
use super::outbox::Outbox;
use super::wire::{Ended, Wire};
use crate::permission::{Target, Verb, Who, may};
use cordboard_engine::{Answer, Busy};
use cordboard_floor::{AgentId, Command, SessionId, Submission};
use cordboard_vault::Account;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};

/// Somebody who has said hello and is known.
pub(super) struct Guest {
    pub(super) account: Arc<Account>,
    pub(super) who: Who,
    pub(super) hello: Hello,
}

/// Waits for a hello, and for nothing else.
pub(super) async fn greet<S: AsyncRead + AsyncWrite + Unpin>(
    wire: &mut Wire<S>,
    hub: &Hub,
    bearer: Option<&str>,
) -> Result<Guest, Ended> {
    let within = hub.limits.hello_timeout;
    let hello = match tokio::time::timeout(within, wait_for_hello(wire)).await {
        Ok(hello) => hello?,
        Err(_) => {
            let text = format!("no hello within {} ms", within.as_millis());
            return Err(Ended::By(CloseReason::SignInFailed, text.into()));
        }
    };
    match admit(hub, bearer, &hello) {
        Ok((account, who)) => Ok(Guest { account, who, hello }),
        Err(why) => {
            let nack = Nack::new(hello.id, "sign_in_failed", why.clone());
            wire.send(&ServerFrame::Nack(nack)).await?;
            Err(Ended::By(CloseReason::SignInFailed, why.into()))
        }
    }
}

async fn wait_for_hello<S: AsyncRead + AsyncWrite + Unpin>(wire: &mut Wire<S>) -> Result<Hello, Ended> {
    let mut unreadable = 0;
    loop {
        let message = wire.read().await?;
        let nack = match hear(wire.protocol, &message) {
            Ok(Heard::Hello(hello)) => return Ok(hello),
            Ok(Heard::Cmd { id, .. }) => Nack::new(Some(id), "hello_first", "the first frame is a hello"),
            Ok(Heard::Ping { id }) => Nack::new(id, "hello_first", "the first frame is a hello"),
            Err(Misheard::WrongKind) => return Err(wrong_kind()),
            Err(Misheard::Malformed(nack)) => nack,
            Err(Misheard::Unreadable(nack)) => {
                unreadable += 1;
                if unreadable >= UNREADABLE_IN_A_ROW_MAX {
                    return Err(Ended::by(CloseReason::Malformed));
                }
                nack
            }
        };
        wire.send(&ServerFrame::Nack(nack)).await?;
    }
}

pub(super) fn wrong_kind() -> Ended {
    let text = "text frames belong to cordboard.v1.json, binary ones to cordboard.v1.msgpack";
    Ended::By(CloseReason::Malformed, text.into())
}

fn admit(hub: &Hub, bearer: Option<&str>, hello: &Hello) -> Result<(Arc<Account>, Who), String> {
    let now = hub.door.wall_us();
    let account = match (bearer, &hello.ticket) {
        (Some(token), _) => {
            let account = hub.door.vault.check_token(token, now);
            account.ok_or("the bearer token is wrong, expired or revoked")?
        }
        (None, Some(ticket)) => {
            let account = hub.door.vault.take_ticket(ticket, now);
            account.ok_or("the ticket is wrong, expired or used")?
        }
        (None, None) => return Err("a hello needs a ticket, or the upgrade a bearer token".to_owned()),
    };
    let who = Who::of(&account).map_err(|fault| fault.to_string())?;
    Ok((account, who))
}

/// The agent that an account signs in as; accounts that only watch or lead have none.
pub(super) fn own_agent(who: &Who) -> Option<AgentId> {
    who.agent.filter(|agent| may(who, Verb::AgentSignIn, &Target::agent(*agent, None)).is_ok())
}

/// A name for a new link.
pub(super) fn new_session() -> Result<SessionId, Ended> {
    let mut bytes = [0; 12];
    getrandom::fill(&mut bytes).map_err(|_| Ended::by(CloseReason::Busy))?;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("s-{hex}").parse().map_err(|_| Ended::by(CloseReason::Busy))
}

/// Makes the session count, and takes up the agent's line.
pub(super) async fn open_line(
    outbox: &Arc<Outbox>,
    hub: &Hub,
    guest: &Guest,
    agent: AgentId,
    session: SessionId,
) -> Result<Admitted, Ended> {
    let submission = Submission {
        actor: guest.who.acting_on(Some(agent)),
        cause: None,
        reason: None,
        command: Command::LinkOpened { agent, session },
    };
    let seq = match hub.door.ask(submission).await {
        Ok(Answer::Done { seq, .. }) => seq,
        Ok(Answer::Refused(refusal)) => {
            return Err(Ended::By(CloseReason::SignInFailed, refusal.to_string().into()));
        }
        Ok(Answer::Mismatch) | Err(Busy) => return Err(Ended::by(CloseReason::Busy)),
        Ok(Answer::Unavailable("disk_full")) => return Err(Ended::by(CloseReason::Busy)),
        Ok(Answer::Unavailable(_)) => return Err(Ended::by(CloseReason::Stopping)),
    };
    let mut position = hub.follow_position();
    let folded = tokio::time::timeout(POSITION_WAIT, position.wait_for(|at| *at >= seq)).await;
    if !matches!(folded, Ok(Ok(_))) {
        return Err(Ended::by(CloseReason::Busy));
    }
    let admitted = hub.attach(agent, session, outbox, guest.hello.resume);
    admitted.map_err(|_| Ended::by(CloseReason::Replaced))
}
