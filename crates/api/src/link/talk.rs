//! One link, from hello to close: a single task that reads, writes and waits. Everything that others put
//! into its outbox, and everything that it follows, is written here and nowhere else, so the order on the
//! wire is the order of this loop.

mod begin;
mod carry_out;

use super::frame::{CloseReason, Ev, Heard, Misheard, Nack, Pong, Protocol, ServerFrame, hear};
use super::hub::{Hub, Told, offer_data};
use super::limits::{Allowance, CLOSE_GRACE, UNREADABLE_IN_A_ROW_MAX};
use super::outbox::{Next, Out, Outbox};
use super::replay::Replay;
use super::sign_in::{self, Guest};
use super::topic::{EventsTopic, FloorTopic, WallTopic};
use super::wire::{Ended, Wire};
use crate::public::PublicEvent;
use crate::public::personal::Eyes;
use cordboard_centre::Event as CentreEvent;
use cordboard_floor::{AgentId, Event};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::MissedTickBehavior;
use tokio_tungstenite::tungstenite::Message;
use zeroize::Zeroizing;

/// Serves a link whose upgrade is done, to its end.
pub(super) async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    hub: Arc<Hub>,
    stream: S,
    protocol: Protocol,
    outbox: Arc<Outbox>,
    bearer: Option<Zeroizing<String>>,
) {
    let wire = Wire::new(stream, protocol, outbox, hub.limits.write_stall).await;
    let (wire, ended) = serve(&hub, wire, bearer).await;
    match ended {
        Ended::Gone => {}
        Ended::By(why, text) => {
            tracing::debug!(code = why.code(), %text, "link ended");
            hub.count_cut(why);
            wire.close(why, &text).await;
        }
    }
}

/// Answers with the wire, so that whoever waits for the close frame holds no line and no topic meanwhile.
async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    hub: &Arc<Hub>,
    mut wire: Wire<S>,
    bearer: Option<Zeroizing<String>>,
) -> (Wire<S>, Ended) {
    let guest = match sign_in::greet(&mut wire, hub, bearer.as_ref().map(|token| token.as_str())).await {
        Ok(guest) => guest,
        Err(ended) => return (wire, ended),
    };
    drop(bearer);
    let agent = sign_in::own_agent(&guest.who);
    let (lease, heartbeat) = hub.lease_and_heartbeat();
    let mut link = Link {
        hub: hub.clone(),
        eyes: Eyes::open(&hub.door.vault),
        allowance: Allowance::full(&hub.limits, Instant::now()),
        wire,
        guest,
        agent,
        last: 0,
        unreadable: 0,
        lease,
        end_by: None,
        floor: None,
        events: None,
        alerts: None,
        replay: None,
        wall: None,
    };
    let ended = match link.begin(lease, heartbeat).await {
        Ok(()) => link.go_on(heartbeat).await,
        Err(ended) => ended,
    };
    if let Some(agent) = agent {
        hub.detach(agent, &link.wire.outbox);
    }
    (link.wire, ended)
}

/// A link with somebody at its other end.
struct Link<S> {
    hub: Arc<Hub>,
    wire: Wire<S>,
    guest: Guest,
    agent: Option<AgentId>,
    /// An agent sees her own work in clear.
    eyes: Eyes,
    allowance: Allowance,
    /// The last event sent for the agent, or the number of her snapshot.
    last: u64,
    /// Messages in a row that were no frames at all.
    unreadable: u32,
    lease: Duration,
    /// When it ends, although answers are owed.
    end_by: Option<(tokio::time::Instant, CloseReason)>,
    floor: Option<Box<FloorTopic>>,
    events: Option<Box<EventsTopic>>,
    alerts: Option<Box<EventsTopic>>,
    replay: Option<Box<Replay>>,
    wall: Option<Box<WallTopic>>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Link<S> {
    async fn go_on(&mut self, heartbeat: Duration) -> Ended {
        let mut heartbeat = tokio::time::interval_at(tokio::time::Instant::now() + heartbeat, heartbeat);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let outbox = self.wire.outbox.clone();
        loop {
            let done = tokio::select! {
                () = outbox.news() => self.write_waiting().await,
                message = self.wire.read() => match message {
                    Ok(message) => self.take(&message).await,
                    Err(ended) => Err(ended),
                },
                () = due(&mut self.events, |topic| Box::pin(topic.due())) => self.write_events().await,
                () = due(&mut self.alerts, |topic| Box::pin(topic.due())) => self.write_alerts().await,
                () = due(&mut self.floor, |topic| Box::pin(topic.due())) => self.write_floor().await,
                () = due(&mut self.wall, |topic| Box::pin(topic.due())) => self.write_wall().await,
                frame = next(&mut self.replay) => self.write_replay(frame).await,
                _ = heartbeat.tick() => self.ask_for_life().await,
                why = at(self.end_by) => Err(Ended::by(why)),
            };
            if let Err(ended) = done {
                return ended;
            }
        }
    }

    /// Writes what waits in the outbox, and ends the link if that was the last.
    async fn write_waiting(&mut self) -> Result<(), Ended> {
        loop {
            match self.wire.outbox.next() {
                Next::Write(Out::Frame(frame)) => self.wire.send(&*frame).await?,
                Next::Write(Out::Event(told)) => self.write_told(&told).await?,
                Next::End(why) => return Err(Ended::by(why)),
                Next::EndSoon(why) => {
                    // An engine that does not answer keeps nobody here for ever.
                    self.end_by.get_or_insert((tokio::time::Instant::now() + CLOSE_GRACE, why));
                    return Ok(());
                }
                Next::Nothing => return Ok(()),
            }
        }
    }

    /// An event that concerns the agent, on her own chain of numbers.
    async fn write_told(&mut self, told: &Told) -> Result<(), Ended> {
        let mut event = PublicEvent::of(&told.recorded, &self.eyes);
        if let (CentreEvent::Floor(Event::OfferCreated(offer)), Value::Object(data)) =
            (&told.recorded.event, &mut event.data)
            && self.agent == Some(offer.agent)
        {
            let rings = self.hub.state().board.offer(offer.offer).is_some();
            event.data = offer_data(std::mem::take(data), told.offer.as_deref(), event.at, rings, &self.eyes);
        }
        // Who else is asked to acknowledge it is nothing to her, and may be many.
        if let (CentreEvent::Floor(Event::TeamMessaged(message)), Value::Object(data)) =
            (&told.recorded.event, &mut event.data)
        {
            let own = self.agent.filter(|own| message.addressed.contains(own));
            data.insert("addressed".to_owned(), json!(Vec::from_iter(own)));
        }
        let frame = Ev::of(event, self.last, None);
        self.last = frame.seq;
        self.wire.send(&ServerFrame::Ev(Box::new(frame))).await
    }

    async fn write_events(&mut self) -> Result<(), Ended> {
        Self::write_topic(&mut self.wire, &mut self.events).await
    }

    async fn write_alerts(&mut self) -> Result<(), Ended> {
        Self::write_topic(&mut self.wire, &mut self.alerts).await
    }

    async fn write_topic(wire: &mut Wire<S>, topic: &mut Option<Box<EventsTopic>>) -> Result<(), Ended> {
        let Some(topic) = topic else { return Ok(()) };
        match topic.events().await {
            Ok(events) => {
                for event in events {
                    wire.send(&ServerFrame::Ev(Box::new(event))).await?;
                }
            }
            Err(fault) => {
                // The log is whole or the engine would not run; but here it could not be read.
                tracing::error!(%fault, "the log could not be read for a link");
                return Err(Ended::by(CloseReason::Busy));
            }
        }
        Ok(())
    }

    async fn write_floor(&mut self) -> Result<(), Ended> {
        let Some(topic) = &mut self.floor else { return Ok(()) };
        for frame in topic.frames().await {
            self.wire.send(&frame).await?;
        }
        Ok(())
    }

    async fn write_wall(&mut self) -> Result<(), Ended> {
        self.own_wall()?;
        let Some(topic) = &mut self.wall else { return Ok(()) };
        match topic.frame().await {
            Some(frame) => self.wire.send(&frame).await,
            None => Ok(()),
        }
    }

    /// What is live goes before what is past.
    async fn write_replay(&mut self, frame: Option<ServerFrame>) -> Result<(), Ended> {
        self.write_waiting().await?;
        match frame {
            Some(frame) => self.wire.send(&frame).await,
            None => {
                self.replay = None;
                Ok(())
            }
        }
    }

    /// A sign of life is asked for; one that is long overdue ends the link.
    async fn ask_for_life(&mut self) -> Result<(), Ended> {
        if self.wire.outbox.last_heard().elapsed() >= self.lease {
            return Err(Ended::by(CloseReason::LeaseEnded));
        }
        self.own_wall()?;
        self.wire.ping().await
    }

    /// One message of the client's.
    async fn take(&mut self, message: &Message) -> Result<(), Ended> {
        let heard = hear(self.wire.protocol, message);
        if !matches!(heard, Err(Misheard::Unreadable(_))) {
            self.unreadable = 0;
        }
        if !self.allowance.take(Instant::now()) {
            return self.too_fast(heard).await;
        }
        match heard {
            Ok(Heard::Cmd { id, ask }) => self.carry_out(id, ask).await,
            Ok(Heard::Ping { id }) => self.pong(id).await,
            Ok(Heard::Hello(hello)) => {
                self.nack(Nack::new(hello.id, "hello_twice", "this link has said hello")).await
            }
            Err(Misheard::WrongKind) => Err(sign_in::wrong_kind()),
            Err(Misheard::Malformed(nack)) => self.nack(nack).await,
            Err(Misheard::Unreadable(nack)) => {
                self.unreadable += 1;
                if self.unreadable >= UNREADABLE_IN_A_ROW_MAX {
                    return Err(Ended::by(CloseReason::Malformed));
                }
                self.nack(nack).await
            }
        }
    }

    async fn too_fast(&mut self, heard: Result<Heard, Misheard>) -> Result<(), Ended> {
        let id = match heard {
            Ok(Heard::Cmd { id, .. }) => Some(id),
            Ok(Heard::Ping { id }) | Ok(Heard::Hello(super::frame::Hello { id, .. })) => id,
            Err(Misheard::Malformed(nack) | Misheard::Unreadable(nack)) => nack.id,
            Err(Misheard::WrongKind) => return Err(sign_in::wrong_kind()),
        };
        let (burst, rate) = (self.hub.limits.frames_burst_max, self.hub.limits.frames_per_second_max);
        let message = format!("more than {rate} frames a second after {burst} at once; try again shortly");
        self.nack(Nack::new(id, "rate_limited", message).retryable()).await
    }

    async fn pong(&mut self, id: Option<String>) -> Result<(), Ended> {
        self.wire.send(&ServerFrame::Pong(Pong { id, at: self.hub.door.now() })).await
    }

    async fn nack(&mut self, nack: Nack) -> Result<(), Ended> {
        self.wire.send(&ServerFrame::Nack(nack)).await
    }
}

/// Waits for the time, for ever if there is none.
async fn at(end_by: Option<(tokio::time::Instant, CloseReason)>) -> CloseReason {
    match end_by {
        Some((time, why)) => {
            tokio::time::sleep_until(time).await;
            why
        }
        None => std::future::pending().await,
    }
}

/// The next frame of a replay, none for ever if nothing is played.
async fn next(replay: &mut Option<Box<Replay>>) -> Option<ServerFrame> {
    match replay {
        Some(replay) => replay.next().await,
        None => std::future::pending().await,
    }
}

type Due<'a> = std::pin::Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Waits for a topic, for ever if it is not followed. Boxed, so that a link that follows none stays small.
async fn due<T>(topic: &mut Option<Box<T>>, wait: for<'a> fn(&'a mut T) -> Due<'a>) {
    match topic {
        Some(topic) => wait(topic).await,
        None => std::future::pending().await,
    }
}
