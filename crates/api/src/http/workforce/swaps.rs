//! 换班: asked for, answered, decided; and with whom one could.

use super::schedule::brief;
use super::shifts::{Why, agent_of};
use super::{Looking, ROWS_MAX, carry, fields, fresh, look, rank, seal, text, told, unknown};
use crate::Door;
use crate::http::act::{Key, blocking};
use crate::http::body::{Asked, Params, Posted, id};
use crate::http::caller::Caller;
use crate::http::problem::{Problem, ProblemDetails};
use crate::permission::{Target, Verb};
use axum::Json;
use axum::extract::{Path, State};
use cordboard_floor::AgentId;
use cordboard_views::View as _;
use cordboard_workforce::Command;
use cordboard_workforce::civil::Span;
use cordboard_workforce::id::{ShiftId, SwapId};
use cordboard_workforce::swap::{NewSwap, Standing, Swap};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// How far ahead shifts are offered to choose from, in ms (31 days).
const CHOICE_MS_MAX: u64 = 31 * 24 * 3_600_000;
/// Shifts to choose from.
const CHOICES_MAX: usize = 500;

/// Which swaps.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Listing {
    /// requested, agreed, declined, approved, refused, withdrawn or expired.
    #[param(value_type = Option<String>)]
    state: Option<Standing>,
    /// Of this agent alone, whichever side she is.
    #[param(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// Rows, at most 1000.
    limit: Option<usize>,
}

/// Swaps, the newest first.
#[utoipa::path(get, operation_id = "list_swaps", path = "/api/v1/workforce/swaps", tag = "workforce", params(Listing),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn list(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(asked): Params<Listing>,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::ScheduleView)?;
    let limit = crate::http::floor::rows(&door, asked.limit)?.min(ROWS_MAX);
    fresh(&door).await;
    blocking(move || {
        let looking = look(&door)?;
        let wanted = |swap: &Swap| {
            asked.state.is_none_or(|state| state == swap.standing)
                && asked.agent.is_none_or(|agent| sides(swap).contains(&agent))
                && sides(swap).iter().any(|agent| looking.sees(&caller, scopes, *agent))
        };
        let rows = looking.staff.desk().swaps().rev().filter(|(_, swap)| wanted(swap)).take(limit);
        let rows: Vec<Value> = rows.map(|(_, swap)| shown(&door, &caller, &looking, swap)).collect();
        Ok(Json(json!({"swaps": rows, "seq": looking.staff.seq()})))
    })
    .await
}

/// Who asked, and whom.
fn sides(swap: &Swap) -> [AgentId; 2] {
    [swap.asked.agent, swap.asked.with]
}

/// A swap as it stands, with both shifts; its text for those who may read it.
pub(super) fn shown(door: &Door, caller: &Caller, looking: &Looking<'_>, swap: &Swap) -> Value {
    let open = looking.reads(caller, &sides(swap));
    let mut row = fields(&swap.asked);
    for (name, value) in [
        ("state", json!(swap.standing)),
        ("mine", brief(looking, swap.asked.shift)),
        ("theirs", brief(looking, swap.asked.other)),
        ("text", json!(text(door, swap.asked.text.as_ref(), open))),
        ("version", json!(swap.seq)),
    ] {
        row.insert(name.to_owned(), value);
    }
    Value::Object(row)
}

/// Which shift.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Choosing {
    /// Her own.
    #[param(value_type = String, example = "sh-9")]
    shift: ShiftId,
}

/// Shifts of others of the same roster that have not begun, within a month: whose and when, and nothing else of them.
#[utoipa::path(get, operation_id = "swap_choices", path = "/api/v1/workforce/swaps/choices", tag = "workforce", params(Choosing),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn choices(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(Choosing { shift }): Params<Choosing>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::SwapRequest)?;
    let own = caller.own_agent()?;
    fresh(&door).await;
    blocking(move || {
        let looking = look(&door)?;
        let desk = looking.staff.desk();
        let mine = desk.shift(shift).ok_or_else(|| unknown("shift", shift))?;
        caller.may(Verb::SwapRequest, &Target::of_agent_id(&looking.board, mine.sketch.agent))?;
        let span = Span { from: looking.now, to: looking.now.plus(cordboard_floor::Millis(CHOICE_MS_MAX)) };
        let others = desk.shifts_within(span).filter(|(_, other)| {
            other.roster == mine.roster
                && other.sketch.agent != own
                && other.sketch.from > looking.now
                && other.away.is_empty()
        });
        let rows: Vec<Value> = others.take(CHOICES_MAX).map(|(id, _)| brief(&looking, id)).collect();
        Ok(Json(json!({"shift": shift, "choices": rows, "seq": looking.staff.seq()})))
    })
    .await
}

/// Whose for whose.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewRequest {
    /// Her own shift.
    #[schema(value_type = String, example = "sh-9")]
    mine: ShiftId,
    /// The other one's.
    #[schema(value_type = String, example = "sh-12")]
    theirs: ShiftId,
    /// Whether she asks for a written exception, should there have been too many swaps in the month.
    #[serde(default)]
    exceptional: bool,
    /// Why; sealed.
    text: Option<String>,
}

/// Asks somebody to change shifts.
#[utoipa::path(post, operation_id = "request_swap", path = "/api/v1/workforce/swaps", tag = "workforce", request_body = NewRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn request(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    Posted { value: asked, request }: Posted<NewRequest>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::SwapRequest)?;
    let agent = caller.own_agent()?;
    fresh(&door).await;
    super::may(&door, &caller, Verb::SwapRequest, agent)?;
    let with = agent_of(&door, asked.theirs)?;
    let text = seal(&door, asked.text).await?;
    let (shift, other, exceptional) = (asked.mine, asked.theirs, asked.exceptional);
    let command = Command::RequestSwap(NewSwap { agent, shift, with, other, text, exceptional });
    let carried = carry(&door, &caller, Some(agent), key, &request, command).await?;
    Ok(told(carried, "swap", SwapId(carried.seq)))
}

fn swap_of(door: &Door, swap: &str) -> Result<(SwapId, [AgentId; 2]), Problem> {
    let swap: SwapId = id(swap, "unknown_swap", "sw-4")?;
    let looking = look(door)?;
    let known = looking.staff.desk().swap(swap).ok_or_else(|| unknown("swap", swap))?;
    Ok((swap, [known.asked.agent, known.asked.with]))
}

/// The other one's answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Answered {
    /// Whether she agrees.
    agrees: bool,
}

/// Agrees to a swap, or does not.
#[utoipa::path(post, operation_id = "answer_swap", path = "/api/v1/workforce/swaps/{swap}/answer", tag = "workforce", request_body = Answered,
    params(("swap" = String, Path, example = "sw-4"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn answer(
    State(door): State<Arc<Door>>,
    Path(swap): Path<String>,
    caller: Caller,
    key: Key,
    Posted { value: Answered { agrees }, request }: Posted<Answered>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::SwapRequest)?;
    let agent = caller.own_agent()?;
    fresh(&door).await;
    let (swap, _) = swap_of(&door, &swap)?;
    let command = Command::AnswerSwap { swap, agent, agrees };
    Ok(told(carry(&door, &caller, Some(agent), key, &request, command).await?, "swap", swap))
}

/// How it is approved.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Approved {
    /// The written exception, where one is needed; sealed.
    exception: Option<String>,
}

/// Approves a swap that both want: both shifts change hands.
#[utoipa::path(post, operation_id = "approve_swap", path = "/api/v1/workforce/swaps/{swap}/approve", tag = "workforce", request_body = Approved,
    params(("swap" = String, Path, example = "sw-4"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn approve(
    State(door): State<Arc<Door>>,
    Path(swap): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::LeaveDecide)?;
    let asked: Approved = request.terms()?;
    fresh(&door).await;
    let (swap, sides) = swap_of(&door, &swap)?;
    decides(&door, &caller, &sides)?;
    let exception = seal(&door, asked.exception).await?;
    let command = Command::ApproveSwap { swap, account: caller.who.account, rank: rank(&caller), exception };
    let about = side(&caller, &sides);
    Ok(told(carry(&door, &caller, about, key, &request, command).await?, "swap", swap))
}

/// Does not approve it.
#[utoipa::path(post, operation_id = "refuse_swap", path = "/api/v1/workforce/swaps/{swap}/refuse", tag = "workforce", request_body = Why,
    params(("swap" = String, Path, example = "sw-4"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn refuse(
    State(door): State<Arc<Door>>,
    Path(swap): Path<String>,
    caller: Caller,
    key: Key,
    Posted { value: Why { why }, request }: Posted<Why>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::LeaveDecide)?;
    fresh(&door).await;
    let (swap, sides) = swap_of(&door, &swap)?;
    decides(&door, &caller, &sides)?;
    let command = Command::RefuseSwap { swap, account: caller.who.account, why };
    let about = side(&caller, &sides);
    Ok(told(carry(&door, &caller, about, key, &request, command).await?, "swap", swap))
}

/// Takes one's request back.
#[utoipa::path(post, operation_id = "withdraw_swap", path = "/api/v1/workforce/swaps/{swap}/withdraw", tag = "workforce",
    params(("swap" = String, Path, example = "sw-4"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn withdraw(
    State(door): State<Arc<Door>>,
    Path(swap): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::SwapRequest)?;
    let agent = caller.own_agent()?;
    fresh(&door).await;
    let (swap, _) = swap_of(&door, &swap)?;
    let command = Command::WithdrawSwap { swap, agent };
    Ok(told(carry(&door, &caller, Some(agent), key, &request, command).await?, "swap", swap))
}

/// Whoever decides leads both.
fn decides(door: &Door, caller: &Caller, sides: &[AgentId; 2]) -> Result<(), Problem> {
    sides.iter().try_for_each(|agent| super::may(door, caller, Verb::LeaveDecide, *agent))
}

/// The side that she is herself, if she is one: nobody decides about what she asked for.
fn side(caller: &Caller, sides: &[AgentId; 2]) -> Option<AgentId> {
    Some(caller.who.agent.filter(|own| sides.contains(own)).unwrap_or(sides[0]))
}
