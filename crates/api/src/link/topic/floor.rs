//! The floor: all rows once, then those that changed, together and not too often.

use super::Place;
use crate::link::frame::{FloorDelta, FloorSnapshot, ServerFrame};
use crate::link::hub::{Hub, RowKey, State};
use crate::link::limits::{FLOOR_CONTACTS_MAX, FLOOR_DELTA_EVERY, FLOOR_ROWS_PER_FRAME_MAX};
use crate::link::rows;
use crate::permission::{Sight, Who};
use crate::public::personal::Eyes;
use cordboard_floor::ContactId;
use cordboard_views::View;
use cordboard_views::board::{AgentRow, ContactRow, QueueRow};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::time::Instant;

/// One link's view of the floor.
pub(crate) struct FloorTopic {
    hub: Arc<Hub>,
    eyes: Eyes,
    rows: FloorRows,
    position: watch::Receiver<u64>,
    not_before: Instant,
    _place: Place,
}

/// Which rows of a floor somebody shows, live or of the past: all of them once, then those that changed.
#[derive(Debug)]
pub(crate) struct FloorRows {
    sight: Sight,
    /// Up to where changes were looked at; none before the whole floor was sent.
    seen: Option<u64>,
    /// The number of the last frame sent.
    told: u64,
    /// Contacts that the client shows, so that it is told when they leave its reach.
    shown: HashSet<ContactId>,
}

/// What is sent of a floor.
#[derive(Debug)]
pub(crate) enum FloorFrame {
    Snapshot(FloorSnapshot),
    Delta(FloorDelta),
}

/// Rows as they were at one moment, to be written without holding up anyone.
#[derive(Default)]
pub(crate) struct Taken {
    seq: u64,
    prev: u64,
    whole: bool,
    agents: Vec<AgentRow>,
    queues: Vec<QueueRow>,
    contacts: Vec<ContactRow>,
    gone: Vec<ContactId>,
}

impl FloorTopic {
    pub(crate) fn new(hub: &Arc<Hub>, who: &Who, eyes: Eyes, place: Place) -> Self {
        Self {
            hub: hub.clone(),
            eyes,
            rows: FloorRows::new(Sight::of(who)),
            position: hub.follow_position(),
            not_before: Instant::now(),
            _place: place,
        }
    }

    /// Waits until there may be something to send. Can be dropped and asked again at any time.
    pub(crate) async fn due(&mut self) {
        if let Some(seen) = self.rows.seen {
            // A hub that is gone says nothing more; the link ends by other means.
            if self.position.wait_for(|at| *at > seen).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
        tokio::time::sleep_until(self.not_before).await;
    }

    /// What to send now.
    pub(crate) async fn frames(&mut self) -> Vec<ServerFrame> {
        self.not_before = Instant::now() + FLOOR_DELTA_EVERY;
        let taken = self.rows.take(&self.hub.state());
        let eyes = self.eyes.clone();
        // Opening personal values may read the disk.
        let frames = tokio::task::spawn_blocking(move || taken.write(&eyes)).await.unwrap_or_default();
        self.rows.are_told(&frames);
        frames.into_iter().map(ServerFrame::from).collect()
    }
}

impl FloorRows {
    pub(crate) fn new(sight: Sight) -> Self {
        Self { sight, seen: None, told: 0, shown: HashSet::new() }
    }

    /// What there is to tell: all of it the first time, and whenever too much has changed to know.
    pub(crate) fn take(&mut self, state: &State) -> Taken {
        let keys: Option<Vec<RowKey>> =
            self.seen.and_then(|seen| state.touched.since(seen).map(Iterator::collect));
        let taken = match keys {
            Some(keys) => self.take_changed(state, keys),
            None => self.take_whole(state),
        };
        self.seen = Some(taken.seq);
        Taken { prev: self.told, ..taken }
    }

    /// What was taken has been sent.
    pub(crate) fn are_told(&mut self, frames: &[FloorFrame]) {
        self.told = frames.last().map_or(self.told, FloorFrame::seq);
    }

    fn take_whole(&mut self, state: &State) -> Taken {
        let (board, sight) = (&state.board, &self.sight);
        let contacts: Vec<ContactRow> = board
            .contacts()
            .filter(|row| sight.contact(board, row))
            .take(FLOOR_CONTACTS_MAX)
            .cloned()
            .collect();
        self.shown = contacts.iter().map(|row| row.contact).collect();
        Taken {
            seq: board.seq(),
            whole: true,
            agents: board.agents().filter(|row| sight.agent(row)).cloned().collect(),
            queues: board.queues().filter(|row| sight.queue(board, row.queue)).cloned().collect(),
            contacts,
            ..Taken::default()
        }
    }

    fn take_changed(&mut self, state: &State, keys: Vec<RowKey>) -> Taken {
        let (board, sight) = (&state.board, &self.sight);
        let mut taken = Taken { seq: board.seq(), ..Taken::default() };
        for key in keys {
            match key {
                RowKey::Agent(agent) => {
                    let row = board.agent(agent).filter(|row| sight.agent(row));
                    taken.agents.extend(row.cloned());
                }
                RowKey::Queue(queue) if sight.queue(board, queue) => {
                    taken.queues.extend(board.queue(queue).cloned());
                }
                RowKey::Queue(_) => {}
                RowKey::Contact(contact) => match board.contact(contact) {
                    Some(row) if sight.contact(board, row) => {
                        self.shown.insert(contact);
                        taken.contacts.push(row.clone());
                    }
                    _ if self.shown.remove(&contact) => taken.gone.push(contact),
                    _ => {}
                },
            }
        }
        taken
    }
}

impl Taken {
    /// As frames; a change of nothing that is shown is none. May read the disk: see [`Eyes`].
    pub(crate) fn write(self, eyes: &Eyes) -> Vec<FloorFrame> {
        let mut agents = self.agents.iter().map(rows::agent);
        let mut queues = self.queues.iter().map(rows::queue);
        let mut contacts = self.contacts.iter().map(|row| rows::contact(row, eyes));
        let rows = self.agents.len() + self.queues.len() + self.contacts.len();
        let (seq, prev) = (self.seq, self.prev);
        if !self.whole {
            let (agents, queues, contacts): (Vec<Value>, Vec<Value>, Vec<Value>) =
                (agents.collect(), queues.collect(), contacts.collect());
            let gone: Vec<String> = self.gone.iter().map(ToString::to_string).collect();
            if rows + gone.len() == 0 {
                return Vec::new();
            }
            return vec![FloorFrame::Delta(FloorDelta { seq, prev, agents, queues, contacts, gone })];
        }
        let parts = rows.div_ceil(FLOOR_ROWS_PER_FRAME_MAX).max(1) as u32;
        let mut frames = Vec::with_capacity(parts as usize);
        for part in 1..=parts {
            let mut room = FLOOR_ROWS_PER_FRAME_MAX;
            let queues = some(&mut queues, &mut room);
            let agents = some(&mut agents, &mut room);
            let contacts = some(&mut contacts, &mut room);
            frames.push(FloorFrame::Snapshot(FloorSnapshot { seq, part, parts, agents, queues, contacts }));
        }
        frames
    }
}

impl FloorFrame {
    fn seq(&self) -> u64 {
        match self {
            Self::Snapshot(snapshot) => snapshot.seq,
            Self::Delta(delta) => delta.seq,
        }
    }
}

impl From<FloorFrame> for ServerFrame {
    fn from(frame: FloorFrame) -> Self {
        match frame {
            FloorFrame::Snapshot(snapshot) => Self::FloorSnapshot(snapshot),
            FloorFrame::Delta(delta) => Self::FloorDelta(delta),
        }
    }
}

/// As many as there is room for.
fn some(rows: &mut impl Iterator<Item = Value>, room: &mut usize) -> Vec<Value> {
    let taken: Vec<Value> = rows.take(*room).collect();
    *room -= taken.len();
    taken
}
