//! The task of a replay: takes wishes, waits until events are due, has them folded where waiting is allowed, and hands the
//! frames on. Whoever reads them slowly slows it alone.
//!
//! ```text
//!   (board being folded) ──▶ playing ⇄ paused            a step plays while paused
//!            ▲                  │ end of the log ──▶ ended ──resume, step──▶ playing
//!            └──── seek ────────┴── cannot go on ──▶ failed
//! ```

use super::no_replay;
use super::pace::Pace;
use super::stage::{Folded, Stage};
use super::wish::{Place, Start, Wish};
use crate::explain::{AtMoment, Moment};
use crate::link::frame::{Ack, Ev, Nack, Playing, Replay, ReplayState, Replayed, ServerFrame};
use crate::link::hub::Hub;
use crate::link::limits::{EVENTS_PER_READ_MAX, FLOOR_DELTA_EVERY, REPLAY_EVENTS_PER_TURN_MAX};
use crate::link::topic::FloorFrame;
use crate::past::{NoBoard, PastBoards};
use crate::permission::{Sight, Verb, Who};
use crate::public::PublicEvent;
use crate::public::personal::Eyes;
use cordboard_centre::Event as CentreEvent;
use cordboard_engine::Cursor;
use cordboard_floor::{Instant, Recorded};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tokio::sync::mpsc;
use tokio::time::Instant as Wall;

/// Nobody reads on: the link is gone, or has begun another replay.
struct Gone;

/// Its ends of what ties it to the link.
pub(super) struct Ties {
    pub(super) wishes: mpsc::Receiver<(String, Wish)>,
    pub(super) out: mpsc::Sender<ServerFrame>,
    /// Whether anybody still waits.
    pub(super) wanted: Arc<AtomicBool>,
}

pub(super) struct Player {
    hub: Arc<Hub>,
    boards: PastBoards,
    sight: Sight,
    ties: Ties,
    with_events: bool,
    with_floor: bool,
    run: u32,
    state: Playing,
    /// Whether it is to play, once it can.
    plays: bool,
    pace: Pace,
    /// Away only while it folds, or when there is none.
    stage: Option<Box<Stage>>,
    cursor: Option<Cursor<CentreEvent>>,
    /// Read, and not yet due.
    ahead: VecDeque<Arc<Recorded<CentreEvent>>>,
    /// The last event played, seen or not.
    seq: u64,
    /// When that happened, or which moment it is.
    at_us: i64,
    /// The last event sent in this run, or its snapshot.
    prev: u64,
    /// When changes of the floor may be told again, while some wait to be.
    floor_due: Option<Wall>,
}

impl Player {
    pub(super) fn new(hub: &Arc<Hub>, boards: PastBoards, who: &Who, start: &Start, ties: Ties) -> Self {
        Self {
            hub: hub.clone(),
            boards,
            sight: Sight::looking_back(who, Verb::ReplayStart),
            ties,
            with_events: start.events,
            with_floor: start.floor,
            run: 0,
            state: Playing::Paused,
            plays: !start.paused,
            pace: Pace::held(start.speed, start.skip_idle_ms),
            stage: None,
            cursor: None,
            ahead: VecDeque::new(),
            seq: 0,
            at_us: 0,
            prev: 0,
            floor_due: None,
        }
    }

    /// Plays from there until nobody listens.
    pub(super) async fn play(mut self, id: String, place: Place) {
        // A start that is refused leaves nothing behind; later ones leave the replay as it was.
        if matches!(self.seek(id, place).await, Ok(true)) {
            while self.turn().await.is_ok() {}
        }
    }

    async fn turn(&mut self) -> Result<(), Gone> {
        let (event_due, floor_due) = (self.event_due(), self.floor_due);
        tokio::select! {
            biased;
            wish = self.ties.wishes.recv() => match wish {
                Some((id, wish)) => self.take(id, wish).await,
                None => Err(Gone),
            },
            () = until(event_due) => self.advance().await,
            () = until(floor_due) => self.tell_floor().await,
        }
    }

    async fn take(&mut self, id: String, wish: Wish) -> Result<(), Gone> {
        let now = Wall::now();
        match wish {
            Wish::Seek(place) => return self.seek(id, place).await.map(|_| ()),
            Wish::Start(_) | Wish::Stop => return self.send(ServerFrame::Nack(no_replay(id))).await,
            _ if self.state == Playing::Failed => {
                let message = "the replay cannot go on from here; seek elsewhere, or stop it";
                return self.send(ServerFrame::Nack(Nack::new(Some(id), "replay_failed", message))).await;
            }
            Wish::Pause => {
                self.plays = false;
                self.hold(Playing::Paused, now);
                self.ack(id).await?;
                self.tell_floor().await?;
            }
            Wish::Resume => {
                self.plays = true;
                self.state = Playing::Playing;
                self.pace.run(now);
                self.ack(id).await?;
            }
            Wish::Speed(speed) => {
                self.pace.set_speed(speed, now);
                self.ack(id).await?;
            }
            Wish::Step(n) => {
                self.plays = false;
                self.hold(Playing::Paused, now);
                self.ack(id).await?;
                self.step(n).await?;
                if self.state != Playing::Paused {
                    // That it has ended, or failed, it has said.
                    return Ok(());
                }
            }
        }
        self.tell_state(None).await
    }

    fn hold(&mut self, state: Playing, now: Wall) {
        self.pace.hold(now);
        self.state = state;
    }

    /// When the next event is due; at once if there is none ahead, because then some must be read.
    fn event_due(&mut self) -> Option<Wall> {
        if self.state != Playing::Playing {
            return None;
        }
        let now = Wall::now();
        match self.ahead.front() {
            Some(event) => self.pace.due(event.at.micros(), now),
            None => Some(now),
        }
    }

    /// Plays what is due, or reads on if nothing is ahead.
    async fn advance(&mut self) -> Result<(), Gone> {
        if self.ahead.is_empty() && !self.read_on().await? {
            return Ok(());
        }
        let now = Wall::now();
        if self
            .ahead
            .front()
            .is_none_or(|next| self.pace.due(next.at.micros(), now).is_none_or(|due| due > now))
        {
            return Ok(());
        }
        let at_us = self.pace.at_us(now);
        let due = self.ahead.iter().take(REPLAY_EVENTS_PER_TURN_MAX);
        let due = due.take_while(|event| event.at.micros() <= at_us).count();
        self.fold(due.max(1), u32::MAX).await?;
        if self.with_floor && self.floor_due.is_none() {
            self.floor_due = Some(now);
        }
        Ok(())
    }

    /// Plays so many events that are seen.
    async fn step(&mut self, n: u32) -> Result<(), Gone> {
        let mut left = n;
        while left > 0 && self.state == Playing::Paused {
            if self.ahead.is_empty() && !self.read_on().await? {
                break;
            }
            left = left.saturating_sub(self.fold(REPLAY_EVENTS_PER_TURN_MAX, left).await?);
        }
        self.tell_floor().await
    }

    /// Reads the next events; answers whether there are any.
    async fn read_on(&mut self) -> Result<bool, Gone> {
        let Some(mut cursor) = self.cursor.take() else { return Ok(false) };
        let read = tokio::task::spawn_blocking(move || {
            let events = cursor.next(EVENTS_PER_READ_MAX);
            (cursor, events)
        });
        let Ok((cursor, events)) = read.await else { return Err(Gone) };
        self.cursor = Some(cursor);
        match events {
            Ok(events) => self.ahead.extend(events),
            Err(fault) => {
                self.fail(fault.to_string()).await?;
                return Ok(false);
            }
        }
        if self.ahead.is_empty() {
            self.hold(Playing::Ended, Wall::now());
            self.tell_floor().await?;
            self.pace.go_to(self.at_us, Wall::now());
            self.tell_state(None).await?;
        }
        Ok(!self.ahead.is_empty())
    }

    /// Folds some of what is ahead, until so many were seen, and sends those. Answers how many were.
    async fn fold(&mut self, count: usize, seen_max: u32) -> Result<u32, Gone> {
        let Some(mut stage) = self.stage.take() else { return Ok(0) };
        let events: Vec<_> = self.ahead.iter().take(count).cloned().collect();
        let folding = tokio::task::spawn_blocking(move || {
            let folded = stage.fold(&events, seen_max);
            (stage, events, folded)
        });
        let Ok((stage, events, Folded { shown, count, poison })) = folding.await else { return Err(Gone) };
        self.seq = stage.seq();
        self.stage = Some(stage);
        self.ahead.drain(..count);
        self.at_us = events[..count].last().map_or(self.at_us, |last| last.at.micros());
        if self.state != Playing::Playing {
            self.pace.go_to(self.at_us, Wall::now());
        }
        let seen = shown.len() as u32;
        for event in shown {
            self.send_event(event).await?;
        }
        if let Some(why) = poison {
            self.fail(why).await?;
        }
        Ok(seen)
    }

    async fn send_event(&mut self, event: PublicEvent) -> Result<(), Gone> {
        if !self.with_events {
            return Ok(());
        }
        let seq = event.seq;
        let ev = Replayed::Ev(Box::new(Ev::of(event, self.prev, None)));
        self.prev = seq;
        self.replay(ev).await
    }

    /// The floor as it is now in the replay, as far as it has changed since it was told.
    async fn tell_floor(&mut self) -> Result<(), Gone> {
        self.floor_due = None;
        if !self.with_floor {
            return Ok(());
        }
        if self.show_floor().await? && self.state == Playing::Playing {
            // Not too often; what changes meanwhile comes together.
            self.floor_due = Some(Wall::now() + FLOOR_DELTA_EVERY);
        }
        Ok(())
    }

    async fn show_floor(&mut self) -> Result<bool, Gone> {
        let Some(mut stage) = self.stage.take() else { return Ok(false) };
        let showing = tokio::task::spawn_blocking(move || {
            let frames = stage.floor();
            (stage, frames)
        });
        let Ok((stage, frames)) = showing.await else { return Err(Gone) };
        self.stage = Some(stage);
        let has_some = !frames.is_empty();
        for frame in frames {
            let what = match frame {
                FloorFrame::Snapshot(snapshot) => Replayed::Snapshot(snapshot),
                FloorFrame::Delta(delta) => Replayed::Delta(delta),
            };
            self.replay(what).await?;
        }
        Ok(has_some)
    }

    /// Goes to a moment, and shows the floor of it; answers whether there is such a moment.
    async fn seek(&mut self, id: String, place: Place) -> Result<bool, Gone> {
        let (boards, now) = (self.boards.clone(), self.hub.door.now());
        let found = tokio::task::spawn_blocking(move || find(&boards, place, now)).await;
        let moment = match found {
            Ok(Ok(moment)) => moment,
            Ok(Err(why)) => {
                let nack = Nack::new(Some(id), "outside_the_log", why.to_string());
                self.send(ServerFrame::Nack(nack)).await?;
                return Ok(false);
            }
            Err(_) => return Err(Gone),
        };
        self.run += 1;
        self.ahead.clear();
        self.floor_due = None;
        (self.seq, self.prev) = (moment.seq, moment.seq);
        self.stage = None;
        self.at_us = moment.at.micros();
        self.hold(if self.plays { Playing::Playing } else { Playing::Paused }, Wall::now());
        self.pace.go_to(self.at_us, Wall::now());
        self.ack(id).await?;
        match self.board_after(moment.seq).await? {
            Ok(stage) => self.stage = Some(stage),
            Err(why) => {
                self.fail(why.to_string()).await?;
                return Ok(true);
            }
        }
        self.cursor = Some(self.hub.door.feed.cursor(moment.seq));
        self.show_floor().await?;
        if self.state == Playing::Playing {
            self.pace.run(Wall::now());
        }
        self.tell_state(None).await?;
        Ok(true)
    }

    /// The board of the moment, when it is its turn to be folded.
    async fn board_after(&self, seq: u64) -> Result<Result<Box<Stage>, NoBoard>, Gone> {
        let place = self.hub.door.boards.clone().acquire_owned().await.map_err(|_| Gone)?;
        let (boards, wanted, sight) = (self.boards.clone(), self.ties.wanted.clone(), self.sight.clone());
        let eyes = Eyes::masked(&self.hub.door.vault);
        let folding = tokio::task::spawn_blocking(move || {
            let _place = place;
            let past = boards.after(seq, &wanted)?;
            Ok(Box::new(Stage::of(past.board, sight, eyes)))
        });
        folding.await.map_err(|_| Gone)
    }

    async fn fail(&mut self, why: String) -> Result<(), Gone> {
        tracing::warn!(seq = self.seq, why, "a replay cannot go on");
        self.hold(Playing::Failed, Wall::now());
        self.tell_state(Some(why)).await
    }

    async fn tell_state(&mut self, why: Option<String>) -> Result<(), Gone> {
        let at = Instant::from_micros(self.pace.at_us(Wall::now()));
        let (state, seq, speed) = (self.state, self.seq, self.pace.speed());
        self.replay(Replayed::State(ReplayState { state, seq, at, speed, why })).await
    }

    async fn ack(&mut self, id: String) -> Result<(), Gone> {
        self.send(ServerFrame::Ack(Ack { id, seq: self.seq })).await
    }

    async fn replay(&mut self, what: Replayed) -> Result<(), Gone> {
        self.send(ServerFrame::Replay(Box::new(Replay { run: self.run, what }))).await
    }

    async fn send(&mut self, frame: ServerFrame) -> Result<(), Gone> {
        self.ties.out.send(frame).await.map_err(|_| Gone)
    }
}

/// A moment as a place in the log and a time. Before the first event there is a floor, too: an empty one.
fn find(boards: &PastBoards, place: Place, now: Instant) -> Result<AtMoment, NoBoard> {
    match place {
        Place::At(at) => boards.resolve(Moment::At(at), Some(now)),
        Place::After(0) => {
            boards.resolve(Moment::Seq(1), Some(now)).map(|first| AtMoment { seq: 0, ..first })
        }
        Place::After(seq) => boards.resolve(Moment::Seq(seq), Some(now)),
    }
}

async fn until(due: Option<Wall>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}
