//! The log, from some event on: what has been, then what comes, read at the pace of whoever reads it.

use super::Place;
use crate::link::frame::{Ev, Topic};
use crate::link::hub::Hub;
use crate::link::limits::EVENTS_PER_READ_MAX;
use crate::permission::{Sight, Who, alerted};
use crate::public::PublicEvent;
use crate::public::personal::Eyes;
use cordboard_centre::Event as CentreEvent;
use cordboard_engine::{Cursor, FeedFault};
use std::sync::Arc;
use tokio::sync::watch;

/// One link's place in the log.
pub(crate) struct EventsTopic {
    hub: Arc<Hub>,
    eyes: Eyes,
    sight: Sight,
    /// Only alerts, or all that the account may see.
    topic: Topic,
    position: watch::Receiver<u64>,
    /// Away only while it reads.
    cursor: Option<Cursor<CentreEvent>>,
    /// The last event read.
    read: u64,
    /// The last event sent.
    prev: u64,
    _place: Place,
}

impl EventsTopic {
    /// From the event after `after` on.
    pub(crate) fn new(hub: &Arc<Hub>, who: &Who, eyes: Eyes, after: u64, place: Place) -> Self {
        Self::of(hub, Sight::of(who), Topic::Events, eyes, after, place)
    }

    /// Alerts alone, from the event after `after` on.
    pub(crate) fn alerts(hub: &Arc<Hub>, who: &Who, eyes: Eyes, after: u64, place: Place) -> Self {
        Self::of(hub, Sight::of_alerts(who), Topic::Alerts, eyes, after, place)
    }

    fn of(hub: &Arc<Hub>, sight: Sight, topic: Topic, eyes: Eyes, after: u64, place: Place) -> Self {
        Self {
            hub: hub.clone(),
            eyes,
            sight,
            topic,
            position: hub.follow_position(),
            cursor: Some(hub.door.feed.cursor(after)),
            read: after,
            prev: after,
            _place: place,
        }
    }

    /// Waits until there is something to read. Can be dropped and asked again at any time.
    pub(crate) async fn due(&mut self) {
        let read = self.read;
        if self.position.wait_for(|at| *at > read).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// What to send now: a part, if there is much.
    pub(crate) async fn events(&mut self) -> Result<Vec<Ev>, FeedFault> {
        let Some(mut cursor) = self.cursor.take() else { return Ok(Vec::new()) };
        let (hub, eyes, sight) = (self.hub.clone(), self.eyes.clone(), self.sight.clone());
        let wanted = match self.topic {
            Topic::Events => |_: &CentreEvent| true,
            Topic::Alerts => |event: &CentreEvent| event.floor().and_then(alerted).is_some(),
        };
        // The journal and the vault may read the disk.
        let done = tokio::task::spawn_blocking(move || {
            let events = cursor.next(EVENTS_PER_READ_MAX)?;
            let seen: Vec<_> = {
                let state = hub.state();
                events
                    .into_iter()
                    .filter(|recorded| wanted(&recorded.event) && sight.event(&state.board, &recorded.event))
                    .collect()
            };
            let shown: Vec<_> = seen.iter().map(|recorded| PublicEvent::of(recorded, &eyes)).collect();
            Ok::<_, FeedFault>((cursor, shown))
        });
        let Ok(done) = done.await else { return Ok(Vec::new()) };
        let (cursor, shown) = done?;
        self.read = cursor.seq();
        self.cursor = Some(cursor);
        let mut events = Vec::with_capacity(shown.len());
        for event in shown {
            let seq = event.seq;
            events.push(Ev::of(event, self.prev, Some(self.topic)));
            self.prev = seq;
        }
        Ok(events)
    }
}
