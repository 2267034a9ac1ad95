//! Figures for Prometheus, as OpenMetrics text. Labels have few values: queues, activities, verdicts.

use super::problem::{Problem, ProblemDetails};
use crate::Door;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cordboard_floor::QueueId;
use cordboard_views::board::{Activity, Board, ContactState};
use http::header;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::{Registry, Unit};
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfQueue {
    queue: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfActivity {
    activity: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfView {
    view: &'static str,
}

/// Figures for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "health",
    responses((status = 200, body = String, content_type = "application/openmetrics-text"),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")))]
pub(super) async fn metrics(State(door): State<Arc<Door>>) -> Result<Response, Problem> {
    let mut registry = Registry::with_prefix("cordboard");
    engine(&mut registry, &door);
    doors(&mut registry, &door);
    // A board that has stopped takes its own figures along, not the others.
    if let Ok(board) = door.views.board.read() {
        floor(&mut registry, &board);
    }
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|_| Problem::bug())?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

fn engine(registry: &mut Registry, door: &Door) {
    let health = door.engine.health();
    let mut gauge = |name: &str, help: &str, value: i64| {
        registry.register(name, help, ConstGauge::new(value));
    };
    gauge("inbox_commands", "Commands waiting to be decided", health.inbox as i64);
    gauge("epoch", "Starts of the engine on this log", health.epoch.into());
    gauge("clock_scale", "How many times faster than the wall the clock runs", health.clock_scale.into());
    gauge("low_on_space", "Whether the disk is so full that new work is refused", health.low_on_space.into());
    gauge("poisoned", "Whether the log cannot be written any more", health.poisoned.is_some().into());
    registry.register("events", "Durable events of the log", ConstCounter::new(health.durable_seq));
    registry.register("syncs", "Syncs of the log since the start", ConstCounter::new(health.syncs));
    registry.register("decided", "Commands decided since the start", ConstCounter::new(health.commands));
    let family = Family::<OfView, Gauge>::default;
    let (lag, lag_ms, stopped, rebuilding, kept) = (family(), family(), family(), family(), family());
    for status in door.views.health_with_links() {
        let label = OfView { view: status.name };
        let (events, ms) = status.lag(health.durable_seq, health.now);
        lag.get_or_create(&label).set(events as i64);
        lag_ms.get_or_create(&label).set(ms as i64);
        stopped.get_or_create(&label).set(status.stopped.is_some().into());
        rebuilding.get_or_create(&label).set(status.rebuilding.is_some().into());
        kept.get_or_create(&label).set(status.checkpoint_seq.unwrap_or(0) as i64);
    }
    registry.register("view_lag_events", "Durable events that a view has not folded yet", lag);
    registry.register("view_lag_ms", "How much older its last event is than the log's, in ms", lag_ms);
    registry.register("view_stopped", "Whether a view has stopped after a fault", stopped);
    registry.register("view_rebuilding", "Whether a view is being folded anew beside itself", rebuilding);
    registry.register("view_checkpoint", "The event up to which a view is kept beside the log", kept);
}

fn doors(registry: &mut Registry, door: &Door) {
    let meters = &door.meters;
    registry.register("commands", "Commands by what became of them", meters.commands.clone());
    registry.register("http_requests", "Requests by class of status", meters.requests.clone());
    registry.register("http_connections", "Connections open", meters.connections.clone());
    registry.register(
        "http_connections_refused",
        "Connections turned away at the limit",
        meters.connections_refused.clone(),
    );
    registry.register("live_streams", "Live event streams open", meters.live_readers.clone());
    registry.register(
        "live_streams_cut",
        "Live event streams cut because nobody read",
        meters.live_readers_cut.clone(),
    );
    registry.register("links_open", "Links open", meters.links_open.clone());
    registry.register("links_cut", "Links cut, by why", meters.links_cut.clone());
}

fn floor(registry: &mut Registry, board: &Board) {
    let (waiting, ringing, connected) = Default::default();
    let (waiting, ringing, connected): (
        Family<OfQueue, Gauge>,
        Family<OfQueue, Gauge>,
        Family<OfQueue, Gauge>,
    ) = (waiting, ringing, connected);
    let longest = Family::<OfQueue, Gauge>::default();
    for row in board.queues().filter(|row| row.config.active) {
        let label = OfQueue { queue: name(row.queue) };
        waiting.get_or_create(&label).set(row.waiting.into());
        ringing.get_or_create(&label).set(row.ringing.into());
        connected.get_or_create(&label).set(row.connected.into());
        let since = row.longest_since.map_or(0, |since| board.at().since(since).0 / 1_000);
        longest.get_or_create(&label).set(since as i64);
    }
    registry.register("queue_waiting", "Contacts that wait in a queue", waiting);
    registry.register("queue_ringing", "Contacts of a queue that ring at an agent", ringing);
    registry.register("queue_connected", "Contacts of a queue with an agent on them", connected);
    let help = "How long the longest waiting contact of a queue has waited";
    registry.register_with_unit("queue_longest_wait", help, Unit::Seconds, longest);
    let agents = Family::<OfActivity, Gauge>::default();
    for activity in Activity::ALL {
        agents.get_or_create(&OfActivity { activity: word(activity) }).set(0);
    }
    for row in board.agents().filter(|row| row.active) {
        agents.get_or_create(&OfActivity { activity: word(row.activity) }).inc();
    }
    registry.register("agents", "Agents by what fills their time", agents);
    let alive = board.contacts().filter(|row| row.state != ContactState::Ended).count();
    registry.register("contacts_alive", "Contacts that have not ended", ConstGauge::new(alive as i64));
}

fn name(queue: QueueId) -> String {
    queue.to_string()
}

fn word(activity: Activity) -> String {
    // Its one spelling is that of its JSON.
    serde_json::to_value(activity)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}
