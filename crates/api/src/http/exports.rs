//! The log for other systems: lines of JSON, a page at a time, with the place to go on in a header. For accounts that read the whole site.

use super::act::blocking;
use super::body::Params;
use super::caller::Caller;
use super::events::{Filter, Reading, read_on};
use super::problem::{Problem, ProblemDetails};
use super::story::{Found, find};
use crate::Door;
use crate::permission::{Target, Verb};
use crate::public::{Eyes, PublicEvent};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cordboard_centre::{Event as CentreEvent, Record};
use cordboard_floor::{Event, Recorded};
use cordboard_views::cloud_event::CloudEvent;
use cordboard_views::record::ContactRecord;
use cordboard_views::story::Story;
use http::header::{CONTENT_TYPE, HeaderName};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::IntoParams;

/// Give its value as `after` for the next page.
const NEXT: HeaderName = HeaderName::from_static("cordboard-next");
/// `true` if more may follow now.
const MORE: HeaderName = HeaderName::from_static("cordboard-more");
const LINES: &str = "application/x-ndjson";
/// The events with which a contact may be over for good.
const CLOSING: [&str; 2] = ["contact.ended", "wrapup.completed"];

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Page {
    /// Only what happened after this event; 0 begins at the first.
    #[serde(default)]
    after: u64,
    /// Rows of the page, at most 1000.
    limit: Option<usize>,
}

/// Every event in the envelope of CloudEvents 1.0, one a line; personal values masked.
#[utoipa::path(get, operation_id = "export_events", path = "/api/v1/exports/events", tag = "events", params(Page),
    responses((status = 200, body = String, content_type = "application/x-ndjson",
            headers(("Cordboard-Next" = u64, description = "Give it as `after` for the next page."),
                ("Cordboard-More" = bool, description = "Whether more may follow now."))),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn events(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(page): Params<Page>,
) -> Result<Response, Problem> {
    let (filter, limit) = begin(&door, &caller, &page, None)?;
    blocking(move || {
        let read = read_on(&door, &filter, page.after, limit)?;
        let eyes = Eyes::masked(&door.vault);
        let line = |event: &Arc<Recorded<CentreEvent>>| CloudEvent::of(event, PublicEvent::of(event, &eyes));
        let lines: Vec<_> = read.events.iter().map(line).collect();
        answer(&lines, &read)
    })
    .await
}

/// A record of every contact that is over and that nobody works after any more, one a line, in the order in which
/// that came about; numbers as pseudonyms.
#[utoipa::path(get, operation_id = "export_contacts", path = "/api/v1/exports/contacts", tag = "contacts", params(Page),
    responses((status = 200, body = String, content_type = "application/x-ndjson",
            headers(("Cordboard-Next" = u64, description = "Give it as `after` for the next page."),
                ("Cordboard-More" = bool, description = "Whether more may follow now."))),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn contacts(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(page): Params<Page>,
) -> Result<Response, Problem> {
    let (filter, limit) = begin(&door, &caller, &page, Some(CLOSING.to_vec()))?;
    blocking(move || {
        let mut read = read_on(&door, &filter, page.after, limit)?;
        let mut records = Vec::new();
        for event in &read.events {
            let Some(of_floor) = event.floor() else { continue };
            match closed_by(&door, &of_floor)? {
                Closed::For(record) => records.push(*record),
                Closed::NotYet => {}
                Closed::NotYetTold => {
                    read.next = event.seq - 1;
                    break;
                }
            }
        }
        answer(&records, &read)
    })
    .await
}

fn begin(
    door: &Door,
    caller: &Caller,
    page: &Page,
    names: Option<Vec<&'static str>>,
) -> Result<(Filter, usize), Problem> {
    // Nothing named at all is the site itself.
    caller.may(Verb::EventsView, &Target::default())?;
    Ok((Filter::all(caller, names)?, super::floor::rows(door, page.limit)?))
}

/// What an event did to its contact.
enum Closed {
    /// It is over, and this was the last of it.
    For(Box<ContactRecord>),
    /// Somebody works after it, or did until a later event.
    NotYet,
    /// The view of stories has not come to this event: the next page begins with it.
    NotYetTold,
}

fn closed_by(door: &Door, event: &Recorded<Event>) -> Result<Closed, Problem> {
    let Some(contact) = event.event.contact() else { return Ok(Closed::NotYet) };
    let Found { events, complete } = find(door, contact)?;
    if !events.iter().any(|known| known.seq == event.seq) {
        return Ok(if events.is_empty() { Closed::NotYet } else { Closed::NotYetTold });
    }
    let pseudonym = events.first().and_then(|first| match &first.event {
        Event::ContactArrived(arrived) => arrived.from.as_ref().map(|from| from.pseudonym),
        _ => None,
    });
    let Some(story) = Story::tell(contact, events.iter().map(AsRef::as_ref)) else {
        return Ok(Closed::NotYet);
    };
    let closing = events.iter().rev().find(|event| CLOSING.contains(&name(&event.event)));
    let is_over = complete && story.ended.is_some() && story.legs.iter().all(|leg| leg.to.is_some());
    let is_last = closing.is_some_and(|closing| closing.seq == event.seq);
    if !(is_over && is_last) {
        return Ok(Closed::NotYet);
    }
    Ok(Closed::For(Box::new(ContactRecord::of(&story, pseudonym))))
}

fn name(event: &Event) -> &'static str {
    cordboard_floor::StoredEvent::name(event)
}

fn answer(rows: &[impl Serialize], read: &Reading) -> Result<Response, Problem> {
    let mut body = String::new();
    for row in rows {
        body += &serde_json::to_string(row).map_err(|_| Problem::bug())?;
        body.push('\n');
    }
    let more = (read.next < read.last_seq).to_string();
    let headers = [(CONTENT_TYPE, LINES.to_owned()), (NEXT, read.next.to_string()), (MORE, more)];
    Ok((headers, body).into_response())
}
