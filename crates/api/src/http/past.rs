//! The floor, and one contact, as they were at a past moment: the rows that live readings give, in the same shape and
//! with the same masks. Folded from the log beside the writer, on a thread that may wait; a few at once, because a fold takes
//! a core for a moment.

use super::act::{blocking, log_fault};
use super::body::Params;
use super::caller::Caller;
use super::contacts::{contact_id, unmask};
use super::explain::problem as moment_problem;
use super::problem::{Problem, ProblemDetails};
use super::story;
use crate::Door;
use crate::door::PAST_CONTACTS_MAX;
use crate::explain::{AtMoment, Moment};
use crate::past::{BOARDS_AT_ONCE_MAX, Cost, NoBoard, PastBoard};
use crate::permission::{Sight, Target, Verb};
use crate::public::{Eyes, PublicAgent, PublicContact, PublicPlace, PublicQueue, PublicStory};
use axum::Json;
use axum::extract::{Path, State};
use cordboard_floor::{ContactId, Instant};
use cordboard_views::View as _;
use cordboard_views::board::{Board, ContactRow};
use cordboard_views::story::Story;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use utoipa::{IntoParams, ToSchema};

/// Which moment: one of the two.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct When {
    /// At this time, in UTC.
    #[param(example = "2026-11-22T09:30:00Z")]
    at: Option<String>,
    /// After this event.
    seq: Option<u64>,
}

/// Which moment, one of the two; and how to show a contact.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Showing {
    /// At this time, in UTC.
    #[param(example = "2026-11-22T09:30:00Z")]
    at: Option<String>,
    /// After this event.
    seq: Option<u64>,
    /// Show the number and texts in full. This needs `number.view` or `text.view`, and leaves an event.
    #[serde(default)]
    unmask: bool,
}

fn moment_of(at: Option<&str>, seq: Option<u64>) -> Result<Moment, Problem> {
    match (at, seq) {
        (Some(at), None) => {
            let wrong = || format!("at is {at:?}; write a time in UTC, as 2026-11-22T09:30:00Z");
            Instant::parse(at).map(Moment::At).ok_or_else(|| Problem::bad("invalid_query", wrong()))
        }
        (None, Some(seq)) => Ok(Moment::Seq(seq)),
        _ => Err(Problem::bad("invalid_query", "say at or seq, one of them: the moment to look back to")),
    }
}

/// The floor as it was.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PastFloor {
    /// After which event.
    seq: u64,
    /// At which time.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// Queues, as `/api/v1/queues` shows them.
    queues: Vec<PublicQueue>,
    /// Agents, as `/api/v1/agents` shows them.
    agents: Vec<PublicAgent>,
    /// Contacts, as `/api/v1/contacts` shows them, the oldest first; numbers masked.
    contacts: Vec<PublicContact>,
    /// Whether there were more contacts than are shown.
    more_contacts: bool,
    cost: PublicCost,
}

/// What it took to fold it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublicCost {
    /// The checkpoint from which it was folded; 0 if from the first event on.
    from_seq: u64,
    /// Events folded.
    events: u64,
    took_ms: u64,
}

impl From<Cost> for PublicCost {
    fn from(cost: Cost) -> Self {
        Self { from_seq: cost.from_seq, events: cost.events, took_ms: cost.took.as_millis() as u64 }
    }
}

/// The floor at a past moment.
#[utoipa::path(get, operation_id = "show_past_floor", path = "/api/v1/past/board", tag = "past", params(When),
    responses((status = 200, body = PastFloor),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn board(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(when): Params<When>,
) -> Result<Json<PastFloor>, Problem> {
    caller.scopes(Verb::PastView)?;
    let sight = Sight::looking_back(&caller.who, Verb::PastView);
    fold(door, moment_of(when.at.as_deref(), when.seq)?, move |door, moment, past| {
        let board = &past.board;
        let mut contacts = board.contacts().filter(|row| sight.contact(board, row));
        let eyes = Eyes::masked(&door.vault);
        Ok(Json(PastFloor {
            seq: moment.seq,
            at: moment.at,
            queues: board
                .queues()
                .filter(|row| sight.queue(board, row.queue))
                .map(PublicQueue::from)
                .collect(),
            agents: board.agents().filter(|row| sight.agent(row)).map(PublicAgent::from).collect(),
            contacts: contacts
                .by_ref()
                .take(PAST_CONTACTS_MAX)
                .map(|row| PublicContact::of(row, &eyes))
                .collect(),
            more_contacts: contacts.next().is_some(),
            cost: past.cost.into(),
        }))
    })
    .await
}

/// A contact as it was at a past moment, with its story until then.
#[utoipa::path(get, operation_id = "show_past_contact", path = "/api/v1/past/contacts/{contact}", tag = "past",
    params(("contact" = String, Path), Showing),
    responses((status = 200, body = PublicContact),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn contact(
    State(door): State<Arc<Door>>,
    Path(contact): Path<String>,
    caller: Caller,
    Params(showing): Params<Showing>,
) -> Result<Json<PublicContact>, Problem> {
    let contact = contact_id(&contact)?;
    caller.scopes(Verb::PastView)?;
    let moment = moment_of(showing.at.as_deref(), showing.seq)?;
    door.views.stories.reach(door.durable_seq(), door.limits.view_wait_max).await;
    let caller = Arc::new(caller);
    let looked = {
        let caller = caller.clone();
        fold(door.clone(), moment, move |door, moment, past| {
            look(door, &caller, contact, moment, &past.board)
        })
    };
    let Looked { row, story, place, target } = looked.await?;
    caller.may(Verb::ContactView, &target)?;
    caller.may(Verb::PastView, &target)?;
    let eyes = match showing.unmask {
        true => unmask(&door, &caller, contact, &target).await?,
        false => Eyes::masked(&door.vault),
    };
    blocking(move || {
        let mut shown = PublicContact::of(&row, &eyes);
        shown.story = Some(story);
        shown.place = place;
        Ok(Json(shown))
    })
    .await
}

/// What one contact's page is made of.
struct Looked {
    row: ContactRow,
    story: PublicStory,
    place: Option<PublicPlace>,
    target: Target,
}

fn look(
    door: &Door,
    caller: &Caller,
    contact: ContactId,
    moment: AtMoment,
    board: &Board,
) -> Result<Looked, Problem> {
    let unknown = || Problem::not_found("unknown_contact", format!("{contact} never arrived here"));
    let found = story::find(door, contact)?;
    let until = found.events.partition_point(|event| event.seq <= moment.seq);
    let events = || found.events[..until].iter().map(|event| &**event);
    let first = found.events.first().ok_or_else(unknown)?;
    let Some(story) = Story::tell(contact, events()) else {
        let why =
            format!("{contact} was not there yet: it arrived at {}, with event {}", first.at, first.seq);
        return Err(Problem::not_found("not_yet", why));
    };
    let row = match board.contact(contact) {
        Some(row) => row.clone(),
        None => {
            // It had left the floor by then: the same fold over its own events shows it as it was at its end.
            let mut alone = Board::new();
            events().for_each(|event| alone.fold(event));
            alone.contact(contact).cloned().ok_or_else(unknown)?
        }
    };
    let mut target = Target::of_contact(board, &caller.who, &row);
    for leg in &story.legs {
        target.queues.extend(leg.queue);
        if let Some(agent) = leg.agent {
            target.add_team_of(board, agent);
        }
    }
    let place = PublicPlace::of(board, &row);
    Ok(Looked { story: PublicStory::of(&story, found.complete), row, place, target })
}

/// Folds the board of a moment and makes something of it, where waiting is allowed and while somebody waits for it.
async fn fold<T: Send + 'static>(
    door: Arc<Door>,
    moment: Moment,
    make: impl FnOnce(&Door, AtMoment, PastBoard) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let Some(boards) = door.boards() else {
        return Err(Problem::later("no_past", "this server was started without access to its own log"));
    };
    let Ok(place) = door.boards.clone().try_acquire_owned() else {
        let why = format!("{BOARDS_AT_ONCE_MAX} past moments are being folded; try again shortly");
        return Err(Problem::later("busy", why));
    };
    let waits = Waits(Arc::new(AtomicBool::new(true)));
    let wanted = waits.0.clone();
    blocking(move || {
        let _place = place;
        let moment = boards.resolve(moment, Some(door.now())).map_err(problem)?;
        let past = boards.after(moment.seq, &wanted).map_err(problem)?;
        make(&door, moment, past)
    })
    .await
}

/// Whoever asked; gone with the request.
struct Waits(Arc<AtomicBool>);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

fn problem(why: NoBoard) -> Problem {
    let text = why.to_string();
    match why {
        NoBoard::Moment(why) => moment_problem(why),
        NoBoard::TooFar { .. } => Problem::invalid("too_far", text),
        NoBoard::Poison(_) => Problem::of(http::StatusCode::SERVICE_UNAVAILABLE, "view_stopped", text),
        NoBoard::Unwanted => Problem::bug(),
        NoBoard::Log(fault) => log_fault(&fault),
    }
}
