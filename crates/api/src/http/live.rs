//! The log as it happens, as server-sent events. Each stream reads at its own pace from the log, so a slow
//! reader costs nobody anything; one that takes nothing for a named time is cut, and comes back with
//! `Last-Event-ID` without having missed anything.

use super::caller::Caller;
use super::events::Filter;
use super::problem::Problem;
use super::serve::turned;
use crate::Door;
use crate::door::{EVENTS_PER_READ, LIVE_CHUNKS_WAITING_MAX};
use crate::public::{Eyes, PublicEvent};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use cordboard_centre::Event as CentreEvent;
use cordboard_engine::Cursor;
use futures_util::stream;
use http::{HeaderMap, header};
use std::convert::Infallible;
use std::fmt::Write as _;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// A browser that lost its stream comes back after this.
const COME_BACK_AFTER_MS: u64 = 2_000;

pub(super) fn stream(
    door: Arc<Door>,
    caller: Caller,
    headers: &HeaderMap,
    after: Option<u64>,
    filter: Filter,
) -> Result<Response, Problem> {
    let place = door.live_readers.clone().try_acquire_owned().map_err(|_| {
        Problem::later(
            "too_many_streams",
            format!("{} live streams are open, as many as may", door.limits.live_readers_max),
        )
    })?;
    let resumed = match headers.get("last-event-id") {
        None => None,
        Some(value) => Some(value.to_str().ok().and_then(|text| text.parse().ok()).ok_or_else(|| {
            Problem::bad("invalid_last_event_id", "Last-Event-ID is the number of the last event received")
        })?),
    };
    let after = resumed.or(after).unwrap_or_else(|| door.feed.last());
    let (send, receive) = mpsc::channel(LIVE_CHUNKS_WAITING_MAX);
    let writer = Writer { cursor: door.feed.cursor(after), door, caller, filter, send };
    tokio::spawn(async move {
        writer.door.meters.live_readers.inc();
        let door = writer.door.clone();
        writer.work().await;
        door.meters.live_readers.dec();
        drop(place);
    });
    let chunks = stream::unfold(receive, |mut receive| async move {
        receive.recv().await.map(|chunk| (Ok::<_, Infallible>(chunk), receive))
    });
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, Body::from_stream(chunks)).into_response())
}

struct Writer {
    door: Arc<Door>,
    caller: Caller,
    filter: Filter,
    cursor: Cursor<CentreEvent>,
    send: mpsc::Sender<Bytes>,
}

impl Writer {
    async fn work(mut self) {
        let mut committed = self.door.commits();
        let mut ending = self.door.ending();
        let keep_alive = self.door.limits.live_keep_alive;
        let hello = format!("retry: {COME_BACK_AFTER_MS}\n: after {}\n\n", self.cursor.seq());
        if !self.write(hello.into()).await {
            return;
        }
        while !self.send.is_closed() {
            committed.mark_unchanged();
            let chunk;
            (self, chunk) = match self.read_on().await {
                Some(read) => read,
                None => return,
            };
            match chunk {
                Some(chunk) if chunk.is_empty() => continue,
                Some(chunk) => {
                    if !self.write(chunk).await {
                        return;
                    }
                }
                None => tokio::select! {
                    () = turned(&mut ending) => return,
                    () = self.send.closed() => return,
                    news = timeout(keep_alive, committed.changed()) => match news {
                        Ok(Ok(())) => {}
                        // The engine is gone: nothing more will come.
                        Ok(Err(_)) => return,
                        Err(_) if !self.caller.is_still_good(&self.door) => return,
                        Err(_) => {
                            if !self.write(Bytes::from_static(b": still here\n\n")).await {
                                return;
                            }
                        }
                    },
                },
            }
            if *ending.borrow() || !self.caller.is_still_good(&self.door) {
                return;
            }
        }
    }

    /// The next events as text, where waiting for the disk is allowed: none when it has caught up, empty when
    /// none of those read is for this stream.
    async fn read_on(mut self) -> Option<(Self, Option<Bytes>)> {
        let read = tokio::task::spawn_blocking(move || {
            let events = match self.cursor.next(EVENTS_PER_READ) {
                Ok(events) => events,
                Err(fault) => {
                    tracing::error!(%fault, "a live stream could not read on; it is ended");
                    return None;
                }
            };
            if events.is_empty() {
                return Some((self, None));
            }
            let passed = self.filter.pass(&self.door, &events).ok()?;
            let eyes = Eyes::masked(&self.door.vault);
            let mut text = String::new();
            for (event, _) in events.iter().zip(passed).filter(|(_, passes)| *passes) {
                let data = serde_json::to_string(&PublicEvent::of(event, &eyes)).ok()?;
                // JSON on one line, as the format needs it.
                let _ = write!(text, "id: {}\ndata: {data}\n\n", event.seq);
            }
            Some((self, Some(Bytes::from(text))))
        });
        read.await.ok().flatten()
    }

    /// Hands a chunk to the connection; answers whether the stream goes on.
    async fn write(&self, chunk: Bytes) -> bool {
        match timeout(self.door.limits.live_stall_max, self.send.send(chunk)).await {
            Ok(sent) => sent.is_ok(),
            Err(_) => {
                self.door.meters.live_readers_cut.inc();
                tracing::info!(account = %self.caller.who.account, "a live stream was cut: its reader takes nothing");
                false
            }
        }
    }
}
