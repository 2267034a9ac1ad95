//! How a link begins: welcome, then what was missed, or what is now.

use super::Link;
use crate::link::frame::CloseReason;
use crate::link::frame::{ServerFrame, Snapshot, Welcome};
use crate::link::hub::{Admitted, Began, Desk, Hub, OfferFacts, OfferTerms, Told, offer_row};
use crate::link::rows;
use crate::link::sign_in;
use crate::link::wire::Ended;
use crate::public::PublicMessage;
use cordboard_centre::Event as CentreEvent;
use cordboard_engine::FeedFault;
use cordboard_floor::Event;
use cordboard_views::board::HandState;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};

/// Missed events read from the log at a time.
const MISSED_PER_READ: usize = 64;

impl<S: AsyncRead + AsyncWrite + Unpin> Link<S> {
    pub(super) async fn begin(&mut self, lease: Duration, heartbeat: Duration) -> Result<(), Ended> {
        let session = sign_in::new_session()?;
        let admitted = match self.agent {
            Some(agent) => {
                let outbox = self.wire.outbox.clone();
                sign_in::open_line(&outbox, &self.hub, &self.guest, agent, session).await?
            }
            None => Admitted { seq: self.hub.position(), began: Began::Anew(None) },
        };
        let Admitted { seq, began } = admitted;
        let welcome = Welcome {
            id: self.guest.hello.id.take(),
            session,
            seq,
            resumed: matches!(began, Began::Resumed { .. }),
            lease_ms: lease.as_millis() as u64,
            heartbeat_ms: heartbeat.as_millis() as u64,
        };
        self.wire.send(&ServerFrame::Welcome(welcome)).await?;
        match began {
            Began::Resumed { after, missed } => {
                self.last = after;
                self.replay(missed).await
            }
            Began::Anew(desk) => {
                self.last = seq;
                let snapshot = self.snapshot(seq, desk).await;
                self.wire.send(&ServerFrame::Snapshot(snapshot)).await
            }
        }
    }

    /// What was missed, in order. It is read from the log: nobody keeps it for her.
    async fn replay(&mut self, missed: Vec<u64>) -> Result<(), Ended> {
        for part in missed.chunks(MISSED_PER_READ) {
            let (hub, part) = (self.hub.clone(), part.to_vec());
            let read = tokio::task::spawn_blocking(move || {
                part.into_iter().map(|seq| told_again(&hub, seq)).collect::<Result<Vec<_>, _>>()
            });
            let Ok(read) = read.await else { return Err(Ended::by(CloseReason::Busy)) };
            let told = read.map_err(|fault| {
                tracing::error!(%fault, "missed events could not be read");
                Ended::by(CloseReason::Busy)
            })?;
            for told in told.into_iter().flatten() {
                self.write_told(&told).await?;
            }
        }
        Ok(())
    }

    async fn snapshot(&mut self, seq: u64, desk: Option<Box<Desk>>) -> Snapshot {
        let Some(desk) = desk else {
            return Snapshot { seq, agent: None, contacts: Vec::new(), messages: Vec::new() };
        };
        let (hub, eyes) = (self.hub.clone(), self.eyes.clone());
        // Opening personal values may read the disk.
        let rendered = tokio::task::spawn_blocking(move || {
            let contacts = desk.contacts.iter().map(|row| {
                let mut contact = rows::contact(row, &eyes);
                let offer = desk.offers.iter().find(|offer| offer.contact == row.contact);
                if let (Some(offer), Some(fields)) = (offer, contact.as_object_mut()) {
                    let facts = OfferFacts::of_row(&hub.state().board, row, offer.queue, offer.purpose);
                    fields.insert("offer".to_owned(), offer_row(offer, Some(&facts), &eyes));
                }
                let hands = desk.agent.contacts.iter().filter(|hand| hand.contact == row.contact);
                let states: Vec<HandState> = hands.map(|hand| hand.state).collect();
                if let Some(fields) = contact.as_object_mut() {
                    fields.insert("hand".to_owned(), json!(states));
                }
                contact
            });
            let contacts: Vec<Value> = contacts.collect();
            let own = desk.agent.agent;
            let messages = desk.messages.iter();
            let messages = messages.map(|row| json!(PublicMessage::of(row, &eyes, |agent| agent == own)));
            (rows::agent(&desk.agent), contacts, messages.collect())
        });
        let (agent, contacts, messages) = rendered.await.unwrap_or_default();
        Snapshot { seq, agent: Some(agent), contacts, messages }
    }
}

/// An event as it was told when it happened.
fn told_again(hub: &Arc<Hub>, seq: u64) -> Result<Option<Told>, FeedFault> {
    let feed = &hub.door.feed;
    let Some(recorded) = feed.read(seq, seq, 1)?.first().cloned() else { return Ok(None) };
    let offer = match &recorded.event {
        CentreEvent::Floor(Event::OfferCreated(offer)) => {
            let present = OfferTerms::on(&hub.state().board, offer);
            OfferFacts::in_log(feed, offer, &present)?.map(Arc::new)
        }
        _ => None,
    };
    Ok(Some(Told { recorded, offer }))
}
