//! Why an offer, a contact or an agent stood as they did. Each answer is rebuilt from the log beside the writer, on a
//! thread that may wait; a few at once, because a replay takes a core for a moment.

use super::act::{blocking, log_fault};
use super::body::Params;
use super::caller::Caller;
use super::problem::{Problem, ProblemDetails};
use crate::Door;
use crate::explain::{Explanation, Moment, NotExplained, Subject, explain};
use crate::past::FloorPast;
use crate::permission::{Scope, Scopes, Target, Verb};
use axum::Json;
use axum::extract::{Path, State};
use cordboard_centre::Centre;
use cordboard_engine::Past;
use cordboard_floor::Event;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// Explanations rebuilt at once; one more is told to come back.
pub(crate) const EXPLAINED_AT_ONCE_MAX: usize = 2;
/// Events after a contact's arrival within which its first queue is looked for, to know whose it is.
const QUEUED_WITHIN_EVENTS: u64 = 10_000;

/// Which moment.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// After this event, or at this time; without it, now. An offer has a moment of its own.
    #[param(example = "2026-11-22T09:30:00Z")]
    at: Option<String>,
}

/// Why an offer (o-…) was made as it was, where a contact (c-…) stood, or what an agent (by her number) was free for.
#[utoipa::path(get, operation_id = "explain", path = "/api/v1/explanations/{id}", tag = "floor",
    params(("id" = String, Path, example = "o-1042"), Asked),
    responses((status = 200, body = Explanation),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn show(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Path(id): Path<String>,
    Params(asked): Params<Asked>,
) -> Result<Json<Explanation>, Problem> {
    let scopes = caller.scopes(Verb::Explain)?;
    let subject: Subject = id.parse().map_err(problem)?;
    let moment = asked.at.as_deref().map_or(Ok(Moment::Now), str::parse).map_err(problem)?;
    let Some(past) = door.past.clone() else {
        return Err(Problem::later("no_past", "this server was started without access to its own log"));
    };
    let Ok(place) = door.explanations.clone().try_acquire_owned() else {
        let why = format!("{EXPLAINED_AT_ONCE_MAX} explanations are being rebuilt; try again shortly");
        return Err(Problem::later("busy", why));
    };
    let told = blocking(move || {
        let _place = place;
        if !scopes.has(Scope::Site) {
            reaches(&door, &past, &caller, scopes, subject)?;
        }
        explain(&past, subject, moment, Some(door.now())).map_err(problem)
    });
    Ok(Json(told.await?))
}

/// Whether somebody whose scopes end before the site may look. An agent's own are the offers that were made to her; a
/// contact shows how everybody stood, and so do all others, so neither is anybody's own.
fn reaches(
    door: &Door,
    past: &Past<Centre>,
    caller: &Caller,
    scopes: Scopes,
    subject: Subject,
) -> Result<(), Problem> {
    let mut target = Target::default();
    match subject {
        Subject::Offer(offer) => {
            if let Some(Event::OfferCreated(made)) = event(past, offer.0)? {
                target.queues.extend(made.queue);
                target.add_agent(&*door.views.board.read()?, made.agent);
            }
        }
        Subject::Contact(contact) => {
            let to = contact.0.saturating_add(QUEUED_WITHIN_EVENTS).min(past.last());
            past.each_of_floor(contact.0.max(1), to, |recorded| {
                if let Event::ContactQueued(queued) = &recorded.event
                    && queued.contact == contact
                {
                    target.queues.push(queued.queue);
                }
                target.queues.is_empty()
            })
            .map_err(|fault| log_fault(&fault))?;
        }
        Subject::Agent(agent) => target.add_team_of(&*door.views.board.read()?, agent),
    }
    // Nothing named would be the whole site; what nobody knows is nobody's.
    if scopes.reach(&caller.who, &target) { Ok(()) } else { caller.may(Verb::Explain, &target) }
}

fn event(past: &Past<Centre>, seq: u64) -> Result<Option<Event>, Problem> {
    Ok(past.floor_event(seq).map_err(|fault| log_fault(&fault))?.map(|recorded| recorded.event))
}

pub(super) fn problem(why: NotExplained) -> Problem {
    let text = why.to_string();
    match why {
        NotExplained::BadName(_) => Problem::not_found("unknown_id", text),
        NotExplained::Unknown { .. } => Problem::not_found("not_in_the_log", text),
        NotExplained::BadMoment(_) => Problem::bad("invalid_query", text),
        NotExplained::MomentOfOffer | NotExplained::Outside(_) | NotExplained::NotYet { .. } => {
            Problem::invalid("outside_the_log", text)
        }
        NotExplained::Log(fault) => log_fault(&fault),
    }
}
