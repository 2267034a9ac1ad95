//! From what is asked to what the engine is told: whether this account may, as whom it acts, why, and with
//! its free text sealed. Two steps, because sealing may touch the disk and the floor's lock must not wait.

use super::{Ask, State};
use crate::door::FROM_BYTES_MAX;
use crate::link::frame::Nack;
use crate::link::limits::{NOTE_BYTES_MAX, TEXT_BYTES_MAX};
use crate::link::replay::Wish;
use crate::link::rows::{agent_target, contact_target};
use crate::permission::{Target, Verb, Who, may};
use crate::public::personal::{field, seal_anonymous, seal_for, seal_number};
use cordboard_floor::configuration::BreakQuota;
use cordboard_floor::event::Sealed;
use cordboard_floor::{
    AccountId, Actor, AgentId, AlertId, Cause, CodeId, Command, ContactId, PersonId, Reason, ReasonId,
    Submission, TeamId,
};
use cordboard_vault::{Vault, VaultError};
use cordboard_views::board::Board;
use std::sync::Arc;

/// The number of a reason that nobody configured: its slug says it.
pub(crate) const FREE_REASON: u16 = u16::MAX;

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Prepared {
    /// The engine decides it.
    Engine(Box<Draft>),
    /// Follow the floor.
    Floor,
    /// Follow the log from this event on, or from now.
    Events(Option<u64>),
    /// Follow alerts, from now.
    Alerts,
    /// Something about a replay.
    Replay(Wish),
    /// Follow this wall.
    Wall(String),
}

/// A no from the door itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) retryable: bool,
}

impl Refused {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retryable: false }
    }

    pub(crate) fn nack(self, id: String) -> Nack {
        let nack = Nack::new(Some(id), self.code, self.message);
        if self.retryable { nack.retryable() } else { nack }
    }
}

/// A command that lacks only its seals.
#[derive(Debug)]
pub(crate) struct Draft {
    actor: Actor,
    reason: Option<Reason>,
    cause: Cause,
    body: Body,
    note: Option<Note>,
}

/// What somebody wrote about her act, and about which person, if about one.
struct Note {
    text: String,
    person: Option<PersonId>,
}

impl std::fmt::Debug for Note {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("…")
    }
}

enum Body {
    Whole(Box<Command>),
    Callback {
        contact: ContactId,
        number: String,
    },
    Wrapup {
        contact: ContactId,
        agent: AgentId,
        code: Option<CodeId>,
        note: String,
        person: Option<PersonId>,
    },
    Message {
        team: Option<TeamId>,
        text: String,
        acknowledge: bool,
    },
    Alert {
        alert: AlertId,
        account: AccountId,
        note: String,
    },
}

impl std::fmt::Debug for Body {
    /// What is not sealed yet is not shown.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Whole(_) => "whole",
            Self::Callback { .. } => "callback, unsealed",
            Self::Wrapup { .. } => "wrap-up, unsealed",
            Self::Message { .. } => "message, unsealed",
            Self::Alert { .. } => "alert, unsealed",
        })
    }
}

/// Decides whether `who` may, on the floor as it is, and drafts the command.
pub(crate) fn prepare(
    ask: Ask,
    id: &str,
    who: &Who,
    board: &Board,
    vault: &Vault,
) -> Result<Prepared, Refused> {
    let digest = digest(&ask, vault);
    let desk = Desk { who, board };
    let note = desk.note(&ask)?;
    let (about, reason, body) = match ask {
        Ask::FloorSubscribe(_) => {
            desk.some(Verb::FloorSubscribe)?;
            return Ok(Prepared::Floor);
        }
        Ask::AlertsSubscribe(_) => {
            desk.some(Verb::AlertView)?;
            return Ok(Prepared::Alerts);
        }
        Ask::EventsSubscribe(ask) => {
            desk.some(Verb::EventsSubscribe)?;
            return Ok(Prepared::Events(ask.from_seq));
        }
        Ask::WallSubscribe(ask) => {
            desk.some(Verb::WallSubscribe)?;
            return Ok(Prepared::Wall(ask.wall));
        }
        Ask::ReplayStart(_)
        | Ask::ReplayPause(_)
        | Ask::ReplayResume(_)
        | Ask::ReplayStep(_)
        | Ask::ReplaySeek(_)
        | Ask::ReplaySpeed(_)
        | Ask::ReplayStop(_) => {
            desk.some(Verb::ReplayStart)?;
            return Wish::of(ask).map(Prepared::Replay);
        }
        ask => desk.draft(ask)?,
    };
    let cause = Cause { account: who.account, command: Arc::from(id), digest };
    let reason = reason.map(|slug| configured(board, slug));
    Ok(Prepared::Engine(Box::new(Draft { actor: who.acting_on(about), reason, cause, body, note })))
}

impl Draft {
    /// Whether [`Draft::seal`] may touch the disk.
    pub(crate) fn has_secrets(&self) -> bool {
        !matches!(self.body, Body::Whole(_)) || self.note.is_some()
    }

    /// Seals the free text; the key is durable before the command is handed in.
    pub(crate) fn seal(self, vault: &Vault) -> Result<Submission<Command>, VaultError> {
        let command = match self.body {
            Body::Whole(command) => *command,
            Body::Callback { contact, number } => {
                let (_, number) = seal_number(vault, &number)?;
                Command::RequestCallback { contact, number: Some(number) }
            }
            Body::Wrapup { contact, agent, code, note, person } => {
                let note = Some(sealed(vault, person, field::NOTE, &note)?);
                Command::CompleteWrapup { contact, agent, code, note }
            }
            Body::Message { team, text, acknowledge } => {
                Command::SendMessage { team, text: sealed(vault, None, field::TEXT, &text)?, acknowledge }
            }
            Body::Alert { alert, account, note } => {
                let note = Some(sealed(vault, None, field::ACT_NOTE, &note)?);
                Command::AcknowledgeAlert { alert, account, note }
            }
        };
        let command = match self.note {
            None => command,
            Some(Note { text, person }) => {
                let note = sealed(vault, person, field::ACT_NOTE, &text)?;
                Command::Noted { command: Box::new(command), note }
            }
        };
        Ok(Submission { actor: self.actor, cause: Some(self.cause), reason: self.reason, command })
    }
}

/// Under the key of the person whom it is about, if she is known and not erased.
fn sealed(vault: &Vault, person: Option<PersonId>, field: &str, text: &str) -> Result<Sealed, VaultError> {
    match person.map(|person| seal_for(vault, person, field, text)) {
        Some(Ok(sealed)) => Ok(sealed),
        Some(Err(fault)) if fault.refusal().is_none() => Err(fault),
        _ => seal_anonymous(vault, field, text),
    }
}

/// A keyed digest of the command before sealing, the same in both subprotocols.
fn digest(ask: &Ask, vault: &Vault) -> u64 {
    // Fields stand in the order of their declaration, so the same command is the same bytes.
    let canonical = serde_json::to_vec(&(ask.name(), ask)).unwrap_or_default();
    vault.digest(&canonical)
}

fn configured(board: &Board, slug: ReasonId) -> Reason {
    let known = board.reasons().find(|known| known.reason.slug == slug);
    known.map_or(Reason { number: FREE_REASON, slug }, |known| known.reason)
}

/// About which agent the act is, why, and the act itself.
type Drafted = (Option<AgentId>, Option<ReasonId>, Body);

/// Who asks, and the floor that she sees.
struct Desk<'a> {
    who: &'a Who,
    board: &'a Board,
}

impl Desk<'_> {
    fn draft(&self, ask: Ask) -> Result<Drafted, Refused> {
        match ask {
            Ask::AgentSignIn(ask) => {
                self.own(Verb::AgentSignIn, None, |agent| Command::SignIn { agent, seat: ask.seat })
            }
            Ask::AgentSetState(ask) => {
                let state: State = ask.state;
                self.own(Verb::AgentSetState, None, |agent| Command::SetState { agent, state: state.into() })
            }
            Ask::AgentSignOut(ask) => {
                self.on_agent(Verb::AgentSignOut, ask.agent, ask.reason, |agent| Command::SignOut { agent })
            }
            Ask::AgentRequestBreak(ask) => self.own(Verb::AgentRequestBreak, None, |agent| {
                Command::RequestBreak { agent, reason: ask.reason }
            }),
            Ask::AgentRaiseHand(ask) => {
                let raised = ask.raised.unwrap_or(true);
                self.on_agent(Verb::AgentRaiseHand, ask.agent, ask.reason, |agent| Command::RaiseHand {
                    agent,
                    raised,
                })
            }
            Ask::OfferAccept(ask) => {
                self.own(Verb::OfferAccept, None, |agent| Command::Accept { offer: ask.offer, agent })
            }
            Ask::OfferReject(ask) => {
                self.own(Verb::OfferReject, ask.reason, |agent| Command::Reject { offer: ask.offer, agent })
            }
            Ask::OfferFail(ask) => self
                .own(Verb::OfferReject, ask.reason, |agent| Command::FailOffer { offer: ask.offer, agent }),
            Ask::ContactHold(ask) => {
                self.own(Verb::ContactHold, None, |agent| Command::Hold { contact: ask.contact, agent })
            }
            Ask::ContactResume(ask) => {
                self.own(Verb::ContactResume, None, |agent| Command::Resume { contact: ask.contact, agent })
            }
            Ask::ContactMute(ask) => {
                self.own(Verb::ContactMute, None, |agent| Command::Mute { contact: ask.contact, agent })
            }
            Ask::ContactUnmute(ask) => {
                self.own(Verb::ContactUnmute, None, |agent| Command::Unmute { contact: ask.contact, agent })
            }
            Ask::MessageAcknowledge(ask) => self.own(Verb::MessageAcknowledge, None, |agent| {
                Command::AcknowledgeMessage { message: ask.message, agent }
            }),
            Ask::AlertAcknowledge(ask) => self.acknowledge_alert(ask),
            Ask::ContactConsult(ask) => self.own(Verb::ContactConsult, None, |agent| Command::Consult {
                contact: ask.contact,
                agent,
                to: ask.to,
            }),
            Ask::ContactConference(ask) => self.own(Verb::ContactConference, None, |agent| {
                Command::Conference { contact: ask.contact, agent }
            }),
            Ask::ContactTransfer(ask) => self.own(Verb::ContactTransfer, None, |agent| Command::Transfer {
                contact: ask.contact,
                agent,
                to: ask.to,
            }),
            Ask::ContactLeave(ask) => {
                self.own(Verb::ContactLeave, None, |agent| Command::Leave { contact: ask.contact, agent })
            }
            Ask::ContactEnd(ask) => {
                self.own(Verb::ContactEnd, None, |agent| Command::End { contact: ask.contact, agent })
            }
            Ask::WrapupComplete(ask) => self.wrapup(ask),
            Ask::WrapupExtend(ask) => self
                .own(Verb::WrapupExtend, None, |agent| Command::ExtendWrapup { contact: ask.contact, agent }),
            Ask::ContactRequestCallback(ask) => self.request_callback(ask),
            Ask::CallbackAnswered(ask) => {
                let command = Command::AnswerCallback { contact: ask.contact };
                self.on_callers_behalf(
                    Verb::CallbackAnswered,
                    ask.contact,
                    None,
                    Body::Whole(Box::new(command)),
                )
            }
            Ask::CallbackFailed(ask) => {
                let command = Command::FailCallback { contact: ask.contact };
                self.on_callers_behalf(
                    Verb::CallbackFailed,
                    ask.contact,
                    ask.reason,
                    Body::Whole(Box::new(command)),
                )
            }
            Ask::AgentForceState(ask) => {
                let (agent, state) = (Some(ask.agent), ask.state);
                self.on_agent(Verb::AgentForceState, agent, ask.reason, |agent| Command::ForceState {
                    agent,
                    state: state.into(),
                })
            }
            Ask::BreakDecide(ask) => self.break_decide(ask),
            Ask::ContactAssign(ask) => {
                let command = Command::Assign { contact: ask.contact, agent: ask.agent };
                let agent = self.target_of(ask.agent);
                self.on_contact(Verb::ContactAssign, ask.contact, Some(agent), ask.reason, command)
            }
            Ask::ContactMove(ask) => {
                let command = Command::Move { contact: ask.contact, queue: ask.queue };
                let queue = Target::queue(ask.queue);
                self.on_contact(Verb::ContactMove, ask.contact, Some(queue), ask.reason, command)
            }
            Ask::ContactReprioritise(ask) => {
                let command = Command::Reprioritise { contact: ask.contact, priority: ask.priority };
                self.on_contact(Verb::ContactReprioritise, ask.contact, None, ask.reason, command)
            }
            Ask::QueueOpen(ask) => self.on(
                Verb::QueueOpen,
                &Target::queue(ask.queue),
                ask.reason,
                Command::OpenQueue { queue: ask.queue },
            ),
            Ask::QueueSetBreaks(ask) => self.on(
                Verb::QueueSetBreaks,
                &Target::queue(ask.queue),
                ask.reason,
                Command::SetBreaks {
                    queue: ask.queue,
                    quota: BreakQuota { away_max: ask.at_most, staffed_min: ask.ready_at_least },
                },
            ),
            Ask::QueueDrain(ask) => self.on(
                Verb::QueueDrain,
                &Target::queue(ask.queue),
                ask.reason,
                Command::DrainQueue { queue: ask.queue },
            ),
            Ask::QueueClose(ask) => self.on(
                Verb::QueueClose,
                &Target::queue(ask.queue),
                ask.reason,
                Command::CloseQueue {
                    queue: ask.queue,
                    emergency: ask.emergency.unwrap_or(false),
                    message: ask.message,
                },
            ),
            Ask::TeamMessage(ask) => {
                let target = ask.team.map_or_else(Target::site, Target::team);
                self.allowed(Verb::TeamMessage, &target)?;
                within("args.text", ask.text.len(), TEXT_BYTES_MAX)?;
                if ask.text.trim().is_empty() {
                    return Err(Refused::new("malformed", "args.text: is empty"));
                }
                let acknowledge = ask.acknowledge.unwrap_or(false);
                Ok((None, ask.reason, Body::Message { team: ask.team, text: ask.text, acknowledge }))
            }
            Ask::FloorSubscribe(_)
            | Ask::EventsSubscribe(_)
            | Ask::AlertsSubscribe(_)
            | Ask::WallSubscribe(_)
            | Ask::ReplayStart(_)
            | Ask::ReplayPause(_)
            | Ask::ReplayResume(_)
            | Ask::ReplayStep(_)
            | Ask::ReplaySeek(_)
            | Ask::ReplaySpeed(_)
            | Ask::ReplayStop(_) => Err(Refused::new("malformed", "looking is no command to the engine")),
        }
    }

    /// Whether she has a verb in any scope; what she then sees is cut to it.
    fn some(&self, verb: Verb) -> Result<(), Refused> {
        if crate::permission::scopes(self.who, verb).is_empty() {
            return Err(Refused::new("forbidden", format!("this needs the permission {verb}")));
        }
        Ok(())
    }

    fn allowed(&self, verb: Verb, target: &Target) -> Result<(), Refused> {
        may(self.who, verb, target).map_err(|denied| Refused::new("forbidden", denied.to_string()))
    }

    /// Something that only an agent does, for herself.
    fn own(
        &self,
        verb: Verb,
        reason: Option<ReasonId>,
        command: impl FnOnce(AgentId) -> Command,
    ) -> Result<Drafted, Refused> {
        let agent = self.own_agent(verb)?;
        Ok((Some(agent), reason, Body::Whole(Box::new(command(agent)))))
    }

    fn own_agent(&self, verb: Verb) -> Result<AgentId, Refused> {
        self.some(verb)?;
        let agent = self.who.agent.ok_or_else(|| {
            Refused::new("no_agent", "this account works as no agent; an administrator can name one")
        })?;
        self.allowed(verb, &Target::agent(agent, None))?;
        Ok(agent)
    }

    /// Something about an agent: herself if nobody is named.
    fn on_agent(
        &self,
        verb: Verb,
        agent: Option<AgentId>,
        reason: Option<ReasonId>,
        command: impl FnOnce(AgentId) -> Command,
    ) -> Result<Drafted, Refused> {
        let agent = match agent {
            Some(agent) => agent,
            None => self.own_agent(verb)?,
        };
        self.allowed(verb, &self.target_of(agent))?;
        Ok((Some(agent), reason, Body::Whole(Box::new(command(agent)))))
    }

    /// Something about a contact, and about where it goes.
    fn on_contact(
        &self,
        verb: Verb,
        contact: ContactId,
        to: Option<Target>,
        reason: Option<ReasonId>,
        command: Command,
    ) -> Result<Drafted, Refused> {
        self.allowed(verb, &contact_target(self.board, self.who, contact))?;
        if let Some(to) = to {
            self.allowed(verb, &to)?;
        }
        Ok((None, reason, Body::Whole(Box::new(command))))
    }

    fn on(
        &self,
        verb: Verb,
        target: &Target,
        reason: Option<ReasonId>,
        command: Command,
    ) -> Result<Drafted, Refused> {
        self.allowed(verb, target)?;
        Ok((None, reason, Body::Whole(Box::new(command))))
    }

    fn wrapup(&self, ask: super::WrapupComplete) -> Result<Drafted, Refused> {
        let agent = self.own_agent(Verb::WrapupComplete)?;
        let super::WrapupComplete { contact, code, note } = ask;
        let body = match note {
            None => Body::Whole(Box::new(Command::CompleteWrapup { contact, agent, code, note: None })),
            Some(note) => {
                within("args.note", note.len(), NOTE_BYTES_MAX)?;
                let person = self.person_of(contact);
                Body::Wrapup { contact, agent, code, note, person }
            }
        };
        Ok((Some(agent), None, body))
    }

    /// Whose contact it is, as far as that is known.
    fn person_of(&self, contact: ContactId) -> Option<PersonId> {
        let row = self.board.contact(contact)?;
        let from = row.from.as_ref().map(|from| from.sealed.person);
        from.or_else(|| row.attributes.as_ref().map(|sealed| sealed.person))
    }

    /// What is written beside an act; nothing, if nothing is.
    fn note(&self, ask: &Ask) -> Result<Option<Note>, Refused> {
        let (note, contact) = match ask {
            Ask::AgentForceState(ask) => (&ask.note, None),
            Ask::AgentSignOut(ask) => (&ask.note, None),
            Ask::ContactAssign(ask) => (&ask.note, Some(ask.contact)),
            Ask::ContactMove(ask) => (&ask.note, Some(ask.contact)),
            Ask::ContactReprioritise(ask) => (&ask.note, Some(ask.contact)),
            Ask::QueueOpen(ask) => (&ask.note, None),
            Ask::QueueDrain(ask) => (&ask.note, None),
            Ask::QueueClose(ask) => (&ask.note, None),
            Ask::QueueSetBreaks(ask) => (&ask.note, None),
            Ask::BreakDecide(ask) => (&ask.note, None),
            Ask::AgentRaiseHand(ask) => (&ask.note, None),
            Ask::TeamMessage(ask) => (&ask.note, None),
            _ => return Ok(None),
        };
        let Some(text) = note.clone().filter(|text| !text.trim().is_empty()) else { return Ok(None) };
        within("args.note", text.len(), NOTE_BYTES_MAX)?;
        Ok(Some(Note { text, person: contact.and_then(|contact| self.person_of(contact)) }))
    }

    /// Whose alert it is follows from what it is about; one that is over is refused by the floor.
    fn acknowledge_alert(&self, ask: super::AlertAcknowledge) -> Result<Drafted, Refused> {
        let super::AlertAcknowledge { alert, note } = ask;
        let target = self.board.alert(alert).map(|row| Target::of_subject(self.board, row.about));
        match target {
            Some(target) => self.allowed(Verb::AlertAcknowledge, &target)?,
            None => self.some(Verb::AlertAcknowledge)?,
        }
        let account = self.who.account;
        let body = match note.filter(|note| !note.trim().is_empty()) {
            None => Body::Whole(Box::new(Command::AcknowledgeAlert { alert, account, note: None })),
            Some(note) => {
                within("args.note", note.len(), NOTE_BYTES_MAX)?;
                Body::Alert { alert, account, note }
            }
        };
        Ok((None, None, body))
    }

    fn request_callback(&self, ask: super::ContactRequestCallback) -> Result<Drafted, Refused> {
        let super::ContactRequestCallback { contact, number } = ask;
        let body = match number {
            None => Body::Whole(Box::new(Command::RequestCallback { contact, number: None })),
            Some(super::Unsealed(number)) => {
                within("args.number", number.len(), FROM_BYTES_MAX)?;
                if number.trim().is_empty() {
                    return Err(Refused::new("malformed", "args.number: is empty"));
                }
                Body::Callback { contact, number }
            }
        };
        self.on_callers_behalf(Verb::ContactRequestCallback, contact, None, body)
    }

    /// What becomes of a caller: told by the gateway that has her line, or by the agent who has her contact in hand.
    fn on_callers_behalf(
        &self,
        verb: Verb,
        contact: ContactId,
        reason: Option<ReasonId>,
        body: Body,
    ) -> Result<Drafted, Refused> {
        let target = contact_target(self.board, self.who, contact);
        self.allowed(verb, &target)?;
        let own = self.who.agent.filter(|own| target.agents.contains(own));
        Ok((own, reason, body))
    }

    fn break_decide(&self, ask: super::BreakDecide) -> Result<Drafted, Refused> {
        let super::BreakDecide { agent, granted, reason, .. } = ask;
        let command = Command::DecideBreak { agent, granted };
        if self.who.agent == Some(agent) && !granted {
            self.own(Verb::BreakWithdraw, reason, |_| command)
        } else {
            self.on_agent(Verb::BreakDecide, Some(agent), reason, |_| command)
        }
    }

    fn target_of(&self, agent: AgentId) -> Target {
        agent_target(self.board, agent)
    }
}

fn within(place: &str, bytes: usize, bytes_max: usize) -> Result<(), Refused> {
    if bytes > bytes_max {
        let message = format!("{place} is {bytes} bytes; at most {bytes_max} are allowed");
        return Err(Refused::new("over_limit", message));
    }
    Ok(())
}
