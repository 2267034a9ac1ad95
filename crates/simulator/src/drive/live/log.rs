//! What the server says of itself before a drive, and its log after it.

use std::collections::BTreeSet;

use cordboard_floor::Instant;
use serde::Deserialize;
use serde_json::Value;

use super::NAMES_TOLD_MAX;
use super::http::Http;
use super::switchboard::Switchboard;
use crate::drive::configuration::FloorPlan;
use crate::drive::recount::{Fact, Recount};
use crate::drive::{DriveError, Tally};

/// Events of one page.
const EVENTS_PER_PAGE: usize = 1_000;

/// A page of events, as much of it as is counted.
#[derive(Deserialize)]
struct Page {
    events: Vec<PageEvent>,
    next: u64,
    more: bool,
    last_seq: u64,
}

#[derive(Deserialize)]
struct PageEvent {
    seq: u64,
    at: Instant,
    ev: String,
    data: Value,
}

/// Where the log stood.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    pub(super) last_seq: u64,
}

/// The server's clock must run as fast as the drive.
pub(super) async fn check_clock(http: &Http, asked: u32) -> Result<(), DriveError> {
    let version = http.get("/version").await?;
    let server = version.get("clock_scale").and_then(Value::as_u64);
    let server = server.ok_or_else(|| DriveError::NoClockScale { server: http.server().to_owned() })?;
    let server = u32::try_from(server).unwrap_or(u32::MAX);
    if server == asked { Ok(()) } else { Err(DriveError::ClockScale { server, asked }) }
}

/// Checks that queues and agents of the plan are there.
pub(super) async fn before(http: &Http, floor_plan: &FloorPlan) -> Result<Before, DriveError> {
    let mut agents = BTreeSet::new();
    let mut queues = BTreeSet::new();
    let last_seq = each(http, 0, "&ev=config.agent_applied,config.queue_applied", |event| {
        let name = |noun: &str| event.data.get(noun)?.get(noun)?.as_str().map(str::to_owned);
        agents.extend(name("agent"));
        queues.extend(name("queue"));
    })
    .await?;
    let missing = |what, wanted: Vec<String>, known: &BTreeSet<String>| {
        let names: Vec<String> =
            wanted.into_iter().filter(|name| !known.contains(name)).take(NAMES_TOLD_MAX).collect();
        if names.is_empty() { Ok(()) } else { Err(DriveError::NotConfigured { what, names }) }
    };
    let wanted = floor_plan.queues.iter().map(|queue| queue.queue.to_string());
    missing("queues", wanted.collect(), &queues)?;
    let wanted = floor_plan.agents.iter().map(|agent| agent.agent.to_string());
    missing("agents", wanted.collect(), &agents)?;
    Ok(Before { last_seq })
}

/// Counts what happened since, page by page, for the contacts of this drive. Whatever else happened on the floor is checked, not counted.
pub(super) async fn recount(
    http: &Http,
    before: Before,
    switchboard: &Switchboard,
) -> Result<(Tally, u64), DriveError> {
    let mut recount = Recount::after(before.last_seq);
    each(http, 0, "&ev=config.agent_applied", |event| {
        if let (true, Some(Fact::Capacity { agent, capacity })) =
            (event.seq <= before.last_seq, Fact::of_public(&event.ev, &event.data))
        {
            recount.know_capacity(agent, capacity);
        }
    })
    .await?;
    let last_seq = each(http, before.last_seq, "", |event| match Fact::of_public(&event.ev, &event.data) {
        Some(fact) => recount.take(event.seq, event.at, fact),
        None => {
            recount.object(format!("event {} lacks what a {} must say", event.seq, event.ev));
            recount.take(event.seq, event.at, Fact::Other);
        }
    })
    .await?;
    Ok((recount.finish_of(&switchboard.contacts()), last_seq))
}

/// Reads pages up to where the log stood when the first one was asked for; answers that number.
async fn each(
    http: &Http,
    after: u64,
    filter: &str,
    mut take: impl FnMut(PageEvent),
) -> Result<u64, DriveError> {
    let (mut next, mut end) = (after, None);
    loop {
        let path = format!("/api/v1/events?after={next}&limit={EVENTS_PER_PAGE}{filter}");
        let body = http.get(&path).await?;
        let page: Page = serde_json::from_value(body).map_err(|why| DriveError::Answered {
            request: format!("GET {path}"),
            status: 200,
            what: format!("what is no page of events: {why}"),
        })?;
        let end = *end.get_or_insert(page.last_seq);
        page.events.into_iter().filter(|event| event.seq <= end).for_each(&mut take);
        if !page.more || page.next >= end || page.next <= next {
            return Ok(end);
        }
        next = page.next;
    }
}
