//! A command on its way: may she, is there room, what does the engine say.

use super::Link;
use crate::link::command::{Ask, Draft, Prepared, prepare};
use crate::link::frame::{Ack, CloseReason, Nack, ServerFrame};
use crate::link::outbox::Outbox;
use crate::link::replay::{Replay, Wish, no_replay};
use crate::link::topic::{EventsTopic, FloorTopic, Place, WallTopic};
use crate::link::wire::Ended;
use crate::permission::{Verb, Who};
use crate::public::personal::Eyes;
use crate::walls;
use cordboard_centre::Refusal;
use cordboard_engine::Answer;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};

impl<S: AsyncRead + AsyncWrite + Unpin> Link<S> {
    pub(super) async fn carry_out(&mut self, id: String, ask: Ask) -> Result<(), Ended> {
        self.still_welcome()?;
        let prepared = {
            let state = self.hub.state();
            prepare(ask, &id, &self.guest.who, &state.board, &self.hub.door.vault)
        };
        match prepared {
            Ok(Prepared::Engine(draft)) => self.hand_in(id, *draft).await,
            Ok(Prepared::Floor) => self.follow_floor(id).await,
            Ok(Prepared::Events(from_seq)) => self.follow_events(id, from_seq).await,
            Ok(Prepared::Alerts) => self.follow_alerts(id).await,
            Ok(Prepared::Replay(wish)) => self.play(id, wish).await,
            Ok(Prepared::Wall(wall)) => self.follow_wall(id, wall).await,
            Err(refused) => self.nack(refused.nack(id)).await,
        }
    }

    /// The account may have changed since the hello: what it may do now counts.
    fn still_welcome(&mut self) -> Result<(), Ended> {
        let account = self.hub.door.vault.account(&self.guest.account.name);
        let account = account.filter(|account| !account.disabled);
        let Some(account) = account else {
            return Err(Ended::By(CloseReason::SignInFailed, "the account is disabled or gone".into()));
        };
        if !Arc::ptr_eq(&account, &self.guest.account) {
            let changed = |why: String| Ended::By(CloseReason::SignInFailed, why.into());
            let who = Who::of(&account).map_err(|fault| changed(fault.to_string()))?;
            if crate::link::sign_in::own_agent(&who) != self.agent {
                return Err(changed("the account works as another agent now; sign in again".to_owned()));
            }
            if crate::permission::scopes(&who, Verb::ReplayStart)
                != crate::permission::scopes(&self.guest.who, Verb::ReplayStart)
            {
                // What it may see of the past is cut anew with the next start.
                self.replay = None;
            }
            self.guest.who = who;
            self.guest.account = account;
        }
        Ok(())
    }

    async fn hand_in(&mut self, id: String, draft: Draft) -> Result<(), Ended> {
        let most = self.hub.limits.in_flight_max;
        if !self.wire.outbox.depart(most) {
            let message = format!("{most} commands of this link are not answered yet; try again shortly");
            return self.nack(Nack::new(Some(id), "too_many_in_flight", message).retryable()).await;
        }
        let owed = Owed { outbox: self.wire.outbox.clone(), id: Some(id) };
        let vault = self.hub.door.vault.clone();
        let sealed = if draft.has_secrets() {
            // Sealing makes a new key durable first. Later commands of this link wait for it: order stays.
            tokio::task::spawn_blocking(move || draft.seal(&vault)).await
        } else {
            Ok(draft.seal(&vault))
        };
        let submission = match sealed {
            Ok(Ok(submission)) => submission,
            Ok(Err(fault)) => {
                tracing::error!(%fault, "free text could not be sealed");
                owed.answer_nack(
                    "unavailable",
                    "the text could not be sealed; nothing was done".to_owned(),
                    true,
                );
                return Ok(());
            }
            Err(_) => return Ok(()),
        };
        let commands = self.hub.door.meters.commands.clone();
        let answer = Box::new(move |answer: Answer<Refusal>| {
            commands.get_or_create(&crate::door::Verdict::of(&Ok(answer.clone()))).inc();
            owed.answer(answer);
        });
        // A full inbox drops the answer unsaid, which tells the client to try again.
        if let Err(busy) = self.hub.door.engine.submit(submission.map(Into::into), answer) {
            self.hub.door.meters.commands.get_or_create(&crate::door::Verdict::of(&Err(busy))).inc();
        }
        Ok(())
    }

    async fn follow_floor(&mut self, id: String) -> Result<(), Ended> {
        self.floor = None;
        let Some(place) = Place::take(&self.hub) else { return self.no_place(id).await };
        let eyes = Eyes::masked(&self.hub.door.vault);
        self.floor = Some(Box::new(FloorTopic::new(&self.hub, &self.guest.who, eyes, place)));
        let seq = self.hub.position();
        self.wire.send(&ServerFrame::Ack(Ack { id, seq })).await
    }

    async fn follow_wall(&mut self, id: String, wall: String) -> Result<(), Ended> {
        let own = self.own_wall()?;
        if own.is_some_and(|own| own != wall) {
            let message = "this token is another wall's; a leader makes one for each";
            return self.nack(Nack::new(Some(id), "forbidden", message)).await;
        }
        if self.hub.door.terms().wall(&wall).is_none() {
            let wall: String = wall.chars().take(40).collect();
            let message = format!("there is no wall {wall:?}; /api/v1/page-settings lists them");
            return self.nack(Nack::new(Some(id), "unknown_wall", message)).await;
        }
        self.wall = None;
        let Some(place) = Place::take(&self.hub) else { return self.no_place(id).await };
        self.wall = Some(Box::new(WallTopic::new(&self.hub, wall, place)));
        let seq = self.hub.position();
        self.wire.send(&ServerFrame::Ack(Ack { id, seq })).await
    }

    /// The wall whose token this is, if it is a screen's; a screen whose token has ended is shown nothing more.
    pub(super) fn own_wall(&self) -> Result<Option<String>, Ended> {
        if !self.guest.who.is_a_screen() {
            return Ok(None);
        }
        let door = &self.hub.door;
        match walls::of(&door.vault, &self.guest.account.name, door.wall_us()) {
            Some(token) => Ok(Some(token.wall)),
            None => {
                Err(Ended::By(CloseReason::SignInFailed, "the wall's token has ended or was revoked".into()))
            }
        }
    }

    async fn follow_events(&mut self, id: String, from_seq: Option<u64>) -> Result<(), Ended> {
        let seq = self.hub.position();
        let after = from_seq.map_or(seq, |from| from.saturating_sub(1));
        if after > seq {
            let message = format!("the log ends at {seq}; the next event will be {}", seq + 1);
            return self.nack(Nack::new(Some(id), "ahead_of_log", message)).await;
        }
        self.events = None;
        let Some(place) = Place::take(&self.hub) else { return self.no_place(id).await };
        let eyes = Eyes::masked(&self.hub.door.vault);
        self.events = Some(Box::new(EventsTopic::new(&self.hub, &self.guest.who, eyes, after, place)));
        self.wire.send(&ServerFrame::Ack(Ack { id, seq })).await
    }

    async fn follow_alerts(&mut self, id: String) -> Result<(), Ended> {
        let seq = self.hub.position();
        self.alerts = None;
        let Some(place) = Place::take(&self.hub) else { return self.no_place(id).await };
        let eyes = Eyes::masked(&self.hub.door.vault);
        self.alerts = Some(Box::new(EventsTopic::alerts(&self.hub, &self.guest.who, eyes, seq, place)));
        self.wire.send(&ServerFrame::Ack(Ack { id, seq })).await
    }

    /// A replay answers for itself, among its frames; here only what needs none.
    async fn play(&mut self, id: String, wish: Wish) -> Result<(), Ended> {
        let told = match (wish, &self.replay) {
            (Wish::Start(start), _) => {
                self.replay = None;
                Replay::start(&self.hub, &self.guest.who, id, start).map(|replay| {
                    self.replay = Some(Box::new(replay));
                })
            }
            (Wish::Stop, Some(_)) => {
                self.replay = None;
                let seq = self.hub.position();
                return self.wire.send(&ServerFrame::Ack(Ack { id, seq })).await;
            }
            (wish, Some(replay)) => replay.tell(id, wish),
            (_, None) => Err(no_replay(id)),
        };
        match told {
            Ok(()) => Ok(()),
            Err(nack) => self.nack(nack).await,
        }
    }

    async fn no_place(&mut self, id: String) -> Result<(), Ended> {
        let most = self.hub.limits.subscriptions_max;
        let message = format!("{most} topics are followed on all links, as many as may; try again later");
        self.nack(Nack::new(Some(id), "too_many_subscriptions", message).retryable()).await
    }
}

/// An answer that the client is owed: given once, whatever becomes of the engine.
struct Owed {
    outbox: Arc<Outbox>,
    id: Option<String>,
}

impl Owed {
    fn answer(mut self, answer: Answer<Refusal>) {
        let Some(id) = self.id.take() else { return };
        let frame = match answer {
            Answer::Done { seq, .. } => ServerFrame::Ack(Ack { id, seq }),
            Answer::Refused(refusal) => {
                let nack = Nack::new(Some(id), refusal.code(), refusal.to_string());
                ServerFrame::Nack(if refusal.retryable() { nack.retryable() } else { nack })
            }
            Answer::Mismatch => ServerFrame::Nack(Nack::new(
                Some(id),
                "command_id_reused",
                "this command id was used before, for something else",
            )),
            Answer::Unavailable(why) => {
                let message = match why {
                    "disk_full" => "the disk is nearly full: what goes on goes on, nothing new begins",
                    "poisoned" => "the log could not be written; nothing is acknowledged any more",
                    _ => "the engine takes no commands any more",
                };
                ServerFrame::Nack(Nack::new(Some(id), why, message).retryable())
            }
        };
        self.outbox.arrive(frame);
    }

    fn answer_nack(mut self, code: &'static str, message: String, retryable: bool) {
        let nack = Nack { retryable, ..Nack::new(self.id.take(), code, message) };
        self.outbox.arrive(ServerFrame::Nack(nack));
    }
}

impl Drop for Owed {
    fn drop(&mut self) {
        if let Some(id) = self.id.take() {
            let message = "the engine takes no more commands right now; try again shortly";
            let nack = Nack::new(Some(id), "busy", message).retryable();
            self.outbox.arrive(ServerFrame::Nack(nack));
        }
    }
}
