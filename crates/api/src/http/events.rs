//! The log as pages: after a number, up to a limit, perhaps only of one contact or of some kinds.

use super::act::{blocking, log_fault};
use super::body::{Params, suggestion};
use super::caller::Caller;
use super::live;
use super::problem::{Problem, ProblemDetails};
use crate::Door;
use crate::door::EVENTS_PER_READ;
use crate::permission::{Scope, Scopes, Target, Verb, Who, opens_desk};
use crate::public::{Eyes, PublicEvent};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cordboard_centre::{Event, events as known_events};
use cordboard_floor::{ContactId, Recorded, StoredEvent};
use http::{HeaderMap, header};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Which events.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Listing {
    /// Only events after this number. A page begins at the first event if it does not say, a live stream at the
    /// next. The `Last-Event-ID` header of a stream that comes back goes before.
    pub(super) after: Option<u64>,
    /// Rows of the page, at most 1000.
    limit: Option<usize>,
    /// Only events about this contact.
    #[param(value_type = Option<String>)]
    contact: Option<ContactId>,
    /// Only events of these names, with commas between; `contact.*` is every one of that noun.
    #[param(example = "contact.arrived,contact.ended")]
    ev: Option<String>,
}

/// What lets an event through: what was asked for, and what the caller may see.
#[derive(Debug)]
pub(super) struct Filter {
    contact: Option<ContactId>,
    names: Option<Vec<&'static str>>,
    scopes: Scopes,
    who: Who,
}

/// A page of events.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventPage {
    /// In the order of their numbers; personal values masked.
    events: Vec<PublicEvent>,
    /// Give it as `after` for the next page.
    next: u64,
    /// Whether more may follow now: also when this page is empty because nothing in it matched.
    more: bool,
    /// The last event of the log.
    last_seq: u64,
}

/// Events of the log, as a page; with `Accept: text/event-stream`, as they happen.
#[utoipa::path(get, operation_id = "list_events", path = "/api/v1/events", tag = "events",
    params(Listing, ("Last-Event-ID" = Option<u64>, Header, description = "Where a live stream goes on.")),
    responses((status = 200, content((EventPage = "application/json"), (String = "text/event-stream"))),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn page_or_live(
    State(door): State<Arc<Door>>,
    caller: Caller,
    headers: HeaderMap,
    Params(listing): Params<Listing>,
) -> Result<Response, Problem> {
    let scopes = caller.scopes(Verb::EventsView)?;
    let names = listing.ev.as_deref().map(names).transpose()?;
    let filter = Filter { contact: listing.contact, names, scopes, who: caller.who.clone() };
    let accepts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    if accepts.into_iter().any(|accept| accept.contains("text/event-stream")) {
        return live::stream(door, caller, &headers, listing.after, filter);
    }
    let limit = super::floor::rows(&door, listing.limit)?;
    let after = listing.after.unwrap_or(0);
    if !filter.scopes.has(Scope::Site) {
        // What an event is about is looked up on the board, which must know the agents by then.
        door.views.board.reach(door.durable_seq(), door.limits.view_wait_max).await;
    }
    blocking(move || page(&door, &filter, after, limit)).await.map(|page| Json(page).into_response())
}

fn page(door: &Door, filter: &Filter, after: u64, limit: usize) -> Result<EventPage, Problem> {
    let eyes = Eyes::masked(&door.vault);
    let read = read_on(door, filter, after, limit)?;
    let events = read.events.iter().map(|event| PublicEvent::of(event, &eyes)).collect();
    Ok(EventPage { events, next: read.next, more: read.next < read.last_seq, last_seq: read.last_seq })
}

/// What a filter let through, and where to go on.
pub(super) struct Reading {
    pub(super) events: Vec<Arc<Recorded<Event>>>,
    pub(super) next: u64,
    pub(super) last_seq: u64,
}

/// Events after a number that pass, up to so many, and as far as one request may look. Waits for the disk.
pub(super) fn read_on(door: &Door, filter: &Filter, after: u64, limit: usize) -> Result<Reading, Problem> {
    // Nothing is about a contact before it arrived.
    let after = filter.contact.map_or(after, |contact| after.max(contact.0.saturating_sub(1)));
    let last_seq = door.feed.last();
    let mut cursor = door.feed.cursor(after);
    let (mut events, mut next, mut scanned) = (Vec::new(), after, 0);
    while events.len() < limit && scanned < door.limits.events_scanned_max {
        let read = cursor.next(EVENTS_PER_READ).map_err(|fault| log_fault(&fault))?;
        if read.is_empty() {
            break;
        }
        scanned += read.len();
        let passed = filter.pass(door, &read)?;
        for (event, passes) in read.into_iter().zip(passed) {
            if events.len() == limit {
                break;
            }
            next = event.seq;
            if passes {
                events.push(event);
            }
        }
    }
    Ok(Reading { events, next, last_seq })
}

impl Filter {
    /// Everything that this caller may see; with names, only events of these.
    pub(super) fn all(caller: &Caller, names: Option<Vec<&'static str>>) -> Result<Self, Problem> {
        let scopes = caller.scopes(Verb::EventsView)?;
        Ok(Self { contact: None, names, scopes, who: caller.who.clone() })
    }

    /// Which of these events pass, one by one.
    pub(super) fn pass(&self, door: &Door, events: &[Arc<Recorded<Event>>]) -> Result<Vec<bool>, Problem> {
        let is_asked_for = |event: &Event| {
            self.contact.is_none_or(|contact| event.contact() == Some(contact))
                && self.names.as_ref().is_none_or(|names| names.contains(&event.name()))
                && opens_desk(&self.who, event)
        };
        if self.scopes.has(Scope::Site) {
            return Ok(events.iter().map(|event| is_asked_for(&event.event)).collect());
        }
        let board = door.views.board.read()?;
        let may_see = |event: &Event| self.scopes.reach(&self.who, &Target::of_event(&board, event));
        Ok(events.iter().map(|event| is_asked_for(&event.event) && may_see(&event.event)).collect())
    }
}

/// `contact.arrived,offer.*` as the names that it stands for.
fn names(text: &str) -> Result<Vec<&'static str>, Problem> {
    let mut names = Vec::new();
    for asked in text.split(',').map(str::trim) {
        let before = names.len();
        let fits = |name: &str| match asked.strip_suffix('*') {
            Some(noun) => noun.ends_with('.') && name.starts_with(noun),
            None => name == asked,
        };
        names.extend(known_events().map(|(_, _, name)| name).filter(|name| fits(name)));
        if names.len() == before {
            let mut problem = Problem::bad("unknown_event_name", format!("no event is named {asked:?}"));
            let known = known_events().map(|(_, _, name)| name);
            problem.did_you_mean = suggestion(asked, known).map(str::to_owned);
            return Err(problem);
        }
    }
    Ok(names)
}
