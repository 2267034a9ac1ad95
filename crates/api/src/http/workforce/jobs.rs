//! Long work: begun, looked at, cancelled.

use crate::Door;
use crate::http::act::{Key, blocking, nth_of};
use crate::http::body::Asked;
use crate::http::caller::Caller;
use crate::http::problem::{Problem, ProblemDetails};
use crate::jobs::{Begun, End, Job};
use crate::permission::{Target, Verb};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use cordboard_centre::Command;
use cordboard_engine::Answer;
use cordboard_floor::actor::Cause;
use cordboard_floor::{Actor, Submission};
use http::StatusCode;
use serde_json::{Map, Value};
use std::sync::Arc;
use std::time::Duration;

/// How long the inbox is given before a job's command is handed in again.
const BUSY_WAIT: Duration = Duration::from_millis(20);
/// How often it is.
const BUSY_TIMES_MAX: usize = 500;

/// How a job stands: `running`, `done` with its result, `failed` with `code` and `why`, or `cancelled`.
#[utoipa::path(get, operation_id = "show_workforce_job", path = "/api/v1/workforce/jobs/{job}", tag = "workforce",
    params(("job" = String, Path, example = "job-3")),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn show(
    State(door): State<Arc<Door>>,
    Path(job): Path<String>,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    caller.may(Verb::WorkforcePlan, &Target::site())?;
    Ok(Json(known(&door, &job)?.shown()))
}

/// Ends a job as soon as it looks: nothing more comes of it.
#[utoipa::path(delete, operation_id = "cancel_workforce_job", path = "/api/v1/workforce/jobs/{job}", tag = "workforce",
    params(("job" = String, Path, example = "job-3")),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn cancel(
    State(door): State<Arc<Door>>,
    Path(job): Path<String>,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    caller.may(Verb::WorkforcePlan, &Target::site())?;
    let job = known(&door, &job)?;
    job.cancel();
    Ok(Json(job.shown()))
}

fn known(door: &Door, job: &str) -> Result<Arc<Job>, Problem> {
    let id = job.strip_prefix("job-").and_then(|id| id.parse().ok());
    id.and_then(|id| door.jobs.get(id)).ok_or_else(|| {
        Problem::not_found(
            "unknown_job",
            format!("no job {job} is remembered; jobs are forgotten at a restart, and what they made is not"),
        )
    })
}

/// Somebody who hands in what a job finds, under her name and, if she gave one, her key.
pub(super) struct Hand {
    door: Arc<Door>,
    actor: Actor,
    cause: Option<Cause>,
    job: Arc<Job>,
    asked: usize,
}

/// What was done: the numbers of its first event and of its last.
pub(super) struct Done {
    pub(super) first_seq: u64,
    pub(super) seq: u64,
}

impl Hand {
    /// Hands in the next command and waits until it is durable: on a thread that may wait.
    pub(super) fn does(&mut self, command: impl Into<Command>) -> Result<Done, End> {
        let (command, nth) = (command.into(), self.asked);
        self.asked += 1;
        let cause = self.cause.as_ref().map(|cause| nth_of(cause, nth));
        let failed = |code: &str, why: String| Err(End::Failed { code: code.to_owned(), why });
        for _ in 0..BUSY_TIMES_MAX {
            let submission = Submission {
                actor: self.actor,
                cause: cause.clone(),
                reason: None,
                command: command.clone(),
            };
            match self.door.engine.ask(submission) {
                Ok(Answer::Done { first_seq, seq, .. }) => {
                    return Ok(Done { first_seq: first_seq.unwrap_or(seq), seq });
                }
                Ok(Answer::Refused(refusal)) => return failed(refusal.code(), refusal.to_string()),
                Ok(Answer::Mismatch) => {
                    return failed(
                        "idempotency_mismatch",
                        "this key was used for another request".to_owned(),
                    );
                }
                Ok(Answer::Unavailable(why)) => return failed("unavailable", format!("the engine is {why}")),
                // A writer that has ended says that it is busy too.
                Err(_) if self.job.is_cancelled() => return Err(End::Cancelled),
                Err(_) => std::thread::sleep(BUSY_WAIT),
            }
        }
        failed("busy", "the engine had no room for the result".to_owned())
    }
}

/// Begins a job of that kind and answers 202 with it; asked for again by the same key, the same job is the answer. What it
/// comes to is its result, or how else it ends.
pub(super) fn begin(
    door: &Arc<Door>,
    caller: &Caller,
    key: Key,
    request: &Asked,
    kind: &'static str,
    work: impl FnOnce(&Job, &mut Hand) -> Result<Map<String, Value>, End> + Send + 'static,
) -> Result<Response, Problem> {
    let cause = key.cause(door, caller, request);
    let asked =
        cause.as_ref().map(|cause| (cause.account.to_string(), cause.command.to_string(), cause.digest));
    let job = match door.jobs.begin(kind, asked) {
        None => {
            let most = crate::jobs::JOBS_AT_ONCE_MAX;
            return Err(Problem::later(
                "busy",
                format!("{most} jobs are running; try again when one is over"),
            ));
        }
        Some(Begun::Known(job)) => return Ok((StatusCode::ACCEPTED, Json(job.shown())).into_response()),
        Some(Begun::New(job)) => job,
    };
    let actor = caller.who.acting_on(None);
    let mut hand = Hand { door: door.clone(), actor, cause, job: job.clone(), asked: 0 };
    let (running, shown) = (job.clone(), job.shown());
    tokio::spawn(async move {
        let worked = {
            let job = running.clone();
            blocking(move || {
                Ok(match work(&job, &mut hand) {
                    Ok(result) => End::Done(result),
                    Err(end) => end,
                })
            })
            .await
        };
        let bug = || End::Failed {
            code: "internal".to_owned(),
            why: "a fault of this program; it has been logged".to_owned(),
        };
        running.finish(worked.unwrap_or_else(|_| bug()));
    });
    Ok((StatusCode::ACCEPTED, Json(shown)).into_response())
}

/// A failure in words.
pub(super) fn failed(code: &str, why: impl ToString) -> End {
    End::Failed { code: code.to_owned(), why: why.to_string() }
}
