//! Earlier contacts of a contact's caller, for whoever has it ringing or in hand, and for whoever may see it. The number
//! never comes into it: contacts are one caller's by a keyed pseudonym.

use super::body::Params;
use super::caller::Caller;
use super::contacts::contact_id;
use super::problem::{Problem, ProblemDetails};
use crate::Door;
use crate::permission::{Target, Verb};
use axum::Json;
use axum::extract::{Path, State};
use cordboard_floor::contact::{ContactEnd, Stage};
use cordboard_floor::{AgentId, Channel, CodeId, ContactId, Instant, Millis, QueueId};
use cordboard_views::callers::{CONTACTS_PER_CALLER_MAX, EarlierContact};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// How many to show.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Showing {
    /// Contacts at most, 1 to 20.
    limit: Option<usize>,
}

/// Earlier contacts of the same caller.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Earlier {
    /// The latest first.
    contacts: Vec<PublicEarlier>,
    /// How many there were, also those that are not shown.
    total: u32,
    /// Those of them whose caller gave up.
    abandoned: u32,
    /// How long she waited in all of them.
    waited_ms: u64,
}

/// A contact that is over, in a few words.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublicEarlier {
    #[schema(value_type = String, example = "c-1042")]
    contact: ContactId,
    #[schema(value_type = String, example = "voice")]
    channel: Channel,
    #[schema(value_type = String, format = DateTime)]
    arrived_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    ended_at: Instant,
    /// The queue that it came into first.
    #[schema(value_type = Option<String>)]
    queue: Option<QueueId>,
    /// `handled`, `abandoned`, `refused`, `expired` or `lost`.
    end: &'static str,
    /// Where the caller was when she gave up: `menu`, `queue`, `ringing` or `transfer`.
    stage: Option<&'static str>,
    /// In all queues.
    #[schema(value_type = u64)]
    waited_ms: Millis,
    /// With all agents, holds left out.
    #[schema(value_type = u64)]
    talked_ms: Millis,
    /// The first agent who talked with her.
    #[schema(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// The wrap-up code.
    #[schema(value_type = Option<String>)]
    code: Option<CodeId>,
}

impl From<&EarlierContact> for PublicEarlier {
    fn from(row: &EarlierContact) -> Self {
        let (end, stage) = match row.end {
            ContactEnd::Handled => ("handled", None),
            ContactEnd::Abandoned(stage) => ("abandoned", Some(stage)),
            ContactEnd::Refused => ("refused", None),
            ContactEnd::Expired => ("expired", None),
            ContactEnd::Lost => ("lost", None),
        };
        let stage = stage.map(|stage| match stage {
            Stage::Menu => "menu",
            Stage::Queue => "queue",
            Stage::Ringing => "ringing",
            Stage::Transfer => "transfer",
        });
        let EarlierContact { contact, channel, arrived_at, ended_at, queue, .. } = *row;
        let EarlierContact { waited_ms, talked_ms, agent, code, .. } = *row;
        Self { contact, channel, arrived_at, ended_at, queue, end, stage, waited_ms, talked_ms, agent, code }
    }
}

/// Earlier contacts of the same caller: while it rings at oneself or is in one's hands, or with `contact.view`.
#[utoipa::path(get, operation_id = "earlier_contacts", path = "/api/v1/contacts/{contact}/earlier", tag = "desk",
    params(("contact" = String, Path), Showing),
    responses((status = 200, body = Earlier),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn list(
    State(door): State<Arc<Door>>,
    Path(contact): Path<String>,
    caller: Caller,
    Params(showing): Params<Showing>,
) -> Result<Json<Earlier>, Problem> {
    caller.scopes(Verb::ContactView)?;
    let contact = contact_id(&contact)?;
    let limit = match showing.limit.unwrap_or(CONTACTS_PER_CALLER_MAX) {
        limit if (1..=CONTACTS_PER_CALLER_MAX).contains(&limit) => limit,
        limit => {
            let why =
                format!("limit is {limit}; of a caller 1 to {CONTACTS_PER_CALLER_MAX} contacts are kept");
            return Err(Problem::bad("invalid_query", why));
        }
    };
    let seq = door.durable_seq();
    super::floor::board_is_fresh(&door).await;
    door.views.callers.reach(seq, door.limits.view_wait_max).await;
    let target = target(&door, &caller, contact)?;
    caller.may(Verb::ContactView, &target.unwrap_or_default())?;
    let callers = door.views.callers.read()?;
    let (earlier, sums) = callers.before(contact);
    Ok(Json(Earlier {
        contacts: earlier.into_iter().take(limit).map(PublicEarlier::from).collect(),
        total: sums.total,
        abandoned: sums.abandoned,
        waited_ms: sums.waited_ms,
    }))
}

/// Whom it is about: as it stands on the floor, or as it ended. Of one that neither knows nobody but the site may ask.
fn target(door: &Door, caller: &Caller, contact: ContactId) -> Result<Option<Target>, Problem> {
    let board = door.views.board.read()?;
    if let Some(row) = board.contact(contact) {
        return Ok(Some(Target::of_contact(&board, &caller.who, row)));
    }
    let callers = door.views.callers.read()?;
    Ok(callers.over(contact).map(|row| {
        let mut target = Target { queues: row.queue.into_iter().collect(), ..Target::default() };
        row.agent.into_iter().for_each(|agent| target.add_team_of(&board, agent));
        target
    }))
}
