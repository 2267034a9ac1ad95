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
    sight: Sight,
    position: watch::Receiver<u64>,
    /// Up to where changes were looked at; none before the whole floor was sent.
    seen: Option<u64>,
    /// The number of the last frame sent.
    told: u64,
    not_before: Instant,
    /// Contacts that the client shows, so that it is told when they leave its reach.
    shown: HashSet<ContactId>,
    _place: Place,
}

/// Rows as they were at one moment, to be written without holding up anyone.
#[derive(Default)]
struct Taken {
    seq: u64,
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
            sight: Sight::of(who),
            position: hub.follow_position(),
            seen: None,
            told: 0,
            not_before: Instant::now(),
            shown: HashSet::new(),
            _place: place,
        }
    }

    /// Waits until there may be something to send. Can be dropped and asked again at any time.
    pub(crate) async fn due(&mut self) {
        if let Some(seen) = self.seen {
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
        let taken = self.take();
        self.seen = Some(taken.seq);
        let (prev, eyes) = (self.told, self.eyes.clone());
        // Opening personal values may read the disk.
        let frames = tokio::task::spawn_blocking(move || write(taken, prev, &eyes)).await;
        let frames = frames.unwrap_or_default();
        match frames.last() {
            Some(ServerFrame::FloorSnapshot(FloorSnapshot { seq, .. })) => self.told = *seq,
            Some(ServerFrame::FloorDelta(FloorDelta { seq, .. })) => self.told = *seq,
            _ => {}
        }
        frames
    }

    fn take(&mut self) -> Taken {
        let hub = self.hub.clone();
        let state = hub.state();
        let keys: Option<Vec<RowKey>> =
            self.seen.and_then(|seen| state.touched.since(seen).map(Iterator::collect));
        match keys {
            Some(keys) => self.take_changed(&state, keys),
            None => self.take_whole(&state),
        }
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
            gone: Vec::new(),
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

fn write(taken: Taken, prev: u64, eyes: &Eyes) -> Vec<ServerFrame> {
    let mut agents = taken.agents.iter().map(rows::agent);
    let mut queues = taken.queues.iter().map(rows::queue);
    let mut contacts = taken.contacts.iter().map(|row| rows::contact(row, eyes));
    let rows = taken.agents.len() + taken.queues.len() + taken.contacts.len();
    let seq = taken.seq;
    if !taken.whole {
        let (agents, queues, contacts): (Vec<Value>, Vec<Value>, Vec<Value>) =
            (agents.collect(), queues.collect(), contacts.collect());
        let gone: Vec<String> = taken.gone.iter().map(ToString::to_string).collect();
        if rows + gone.len() == 0 {
            return Vec::new();
        }
        return vec![ServerFrame::FloorDelta(FloorDelta { seq, prev, agents, queues, contacts, gone })];
    }
    let parts = rows.div_ceil(FLOOR_ROWS_PER_FRAME_MAX).max(1) as u32;
    let mut frames = Vec::with_capacity(parts as usize);
    for part in 1..=parts {
        let mut room = FLOOR_ROWS_PER_FRAME_MAX;
        let queues = some(&mut queues, &mut room);
        let agents = some(&mut agents, &mut room);
        let contacts = some(&mut contacts, &mut room);
        frames.push(ServerFrame::FloorSnapshot(FloorSnapshot { seq, part, parts, agents, queues, contacts }));
    }
    frames
}

/// As many as there is room for.
fn some(rows: &mut impl Iterator<Item = Value>, room: &mut usize) -> Vec<Value> {
    let taken: Vec<Value> = rows.take(*room).collect();
    *room -= taken.len();
    taken
}
