//! What is played of the past, taken in as a careful reader would: every chain is checked.

use crate::client::Client;
use crate::house::House;
use cordboard_api::link::frame::{
    Ev, FloorDelta, FloorSnapshot, Playing, Replay, ReplayState, Replayed, ServerFrame,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A run as a careful reader takes it in: every chain is checked.
#[derive(Debug, Default)]
pub(crate) struct Played {
    pub(crate) run: u32,
    pub(crate) floor: Option<FloorSnapshot>,
    pub(crate) events: Vec<Ev>,
    pub(crate) deltas: Vec<FloorDelta>,
    prev: u64,
    prev_delta: u64,
}

impl Played {
    /// Takes a frame; answers whether it told of a state.
    pub(crate) fn take(&mut self, frame: Replay) -> Option<ReplayState> {
        if frame.run != self.run {
            assert_eq!(frame.run, self.run + 1, "runs follow one another");
            *self = Self { run: frame.run, ..Self::default() };
            assert!(
                matches!(frame.what, Replayed::Snapshot(_) | Replayed::State(_)),
                "a run begins with its floor: {frame:?}"
            );
        }
        match frame.what {
            Replayed::Snapshot(part) => {
                (self.prev, self.prev_delta) = (part.seq, part.seq);
                assert_eq!(part.part as usize, 1 + usize::from(self.floor.is_some()));
                assert!(self.events.is_empty() && part.parts == 1);
                self.floor = Some(part);
            }
            Replayed::Ev(ev) => {
                assert_eq!((ev.prev, ev.topic), (self.prev, None), "a gap before {ev:?}");
                assert!(ev.seq > ev.prev);
                self.prev = ev.seq;
                self.events.push(*ev);
            }
            Replayed::Delta(delta) => {
                assert_eq!(delta.prev, self.prev_delta, "a gap before {delta:?}");
                self.prev_delta = delta.seq;
                self.deltas.push(delta);
            }
            Replayed::State(state) => return Some(state),
        }
        None
    }

    pub(crate) fn seqs(&self) -> Vec<u64> {
        self.events.iter().map(|ev| ev.seq).collect()
    }
}

impl Client {
    pub(crate) async fn replayed(&mut self) -> Replay {
        self.find("a frame of the replay", |frame| match frame {
            ServerFrame::Replay(replay) => Some((**replay).clone()),
            _ => None,
        })
        .await
    }

    /// Takes in what is played until the replay stands so.
    pub(crate) async fn plays_until(&mut self, played: &mut Played, state: Playing) -> ReplayState {
        loop {
            let frame = self.replayed().await;
            if let Some(told) = played.take(frame)
                && told.state == state
            {
                return told;
            }
        }
    }

    pub(crate) async fn plays_events(&mut self, played: &mut Played, count: usize) {
        while played.events.len() < count {
            let frame = self.replayed().await;
            played.take(frame);
        }
    }

    /// What has come of the replay until now, and nothing that is still to come.
    pub(crate) async fn has_been_played(&mut self, played: &mut Played) {
        for frame in self.everything().await {
            if let ServerFrame::Replay(frame) = frame {
                played.take(*frame);
            }
        }
    }

    /// The floor as it is now, live.
    pub(crate) async fn floor_now(&mut self, house: &House) -> FloorSnapshot {
        let end = house.last();
        house.until("the hub has seen all", || house.links.seq() >= end).await;
        self.does("floor.subscribe", json!({})).await;
        self.floor().await
    }
}

/// Rows by their ids.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Shown(BTreeMap<String, Value>);

impl Shown {
    pub(crate) fn of(floor: &FloorSnapshot) -> Self {
        let mut shown = Self::default();
        shown.put(&floor.agents, &floor.queues, &floor.contacts);
        shown
    }

    fn put(&mut self, agents: &[Value], queues: &[Value], contacts: &[Value]) {
        for (kind, rows) in [("agent", agents), ("queue", queues), ("contact", contacts)] {
            self.0.extend(rows.iter().map(|row| (format!("{kind} {}", row[kind]), row.clone())));
        }
    }

    pub(crate) fn take(&mut self, delta: &FloorDelta) {
        self.put(&delta.agents, &delta.queues, &delta.contacts);
        delta.gone.iter().for_each(|contact| _ = self.0.remove(&format!("contact \"{contact}\"")));
    }
}
