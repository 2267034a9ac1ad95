//! How agents' marks stand: means with their intervals, and how many conversations were free of mistakes that hurt somebody.

use super::super::body::Params;
use super::super::caller::Caller;
use super::super::problem::{Problem, ProblemDetails};
use super::agreement::Span;
use super::evaluations::Opens;
use super::{Value, mean, percent, reach, reading};
use crate::Door;
use crate::permission::Verb;
use axum::Json;
use axum::extract::State;
use cordboard_centre::quality::agreement::Percent;
use cordboard_centre::quality::evaluation::{Evaluation, Rater};
use cordboard_centre::quality::form::Criticality;
use cordboard_centre::quality::id::FormId;
use cordboard_centre::quality::{Mark, Quality};
use cordboard_floor::{AgentId, Instant};
use cordboard_views::View as _;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::IntoParams;

/// Whom a mistake may hurt.
const CRITICAL: [Criticality; 3] = [Criticality::Customer, Criticality::Business, Criticality::Compliance];

/// Whose marks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Scores {
    /// Only of this agent.
    #[param(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// Only by this form.
    #[param(value_type = Option<String>)]
    form: Option<FormId>,
    /// Only those submitted since.
    #[param(value_type = Option<String>)]
    from: Option<Instant>,
    /// And before.
    #[param(value_type = Option<String>)]
    until: Option<Instant>,
}

/// The mean mark of each agent, with its interval and how many calls it stands on. Published evaluations by quality alone; what
/// was drawn for its risk is in no mean, and neither is what the caller does not see yet, because she is to mark it herself: `n` counts
/// what she sees. `free` says how many had no mistake that hurts the customer, the house or the law, of those whose form asks for it.
#[utoipa::path(get, operation_id = "scores", path = "/api/v1/quality/scores", tag = "quality", params(Scores),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn scores(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(asked): Params<Scores>,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::QualityView)?;
    reading(&door, move |door| {
        let view = door.views.quality.read()?;
        let board = door.views.board.read()?;
        let span = Span { form: asked.form, from: asked.from, until: asked.until };
        let desk = view.desk();
        let opens = Opens::of(&view, &caller);
        let mut marks: BTreeMap<AgentId, (Vec<Mark>, Free)> = BTreeMap::new();
        for (id, known) in desk.evaluations() {
            let counts = known.rater == Rater::Quality
                && desk.is_representative(id, known)
                && asked.agent.is_none_or(|agent| known.agent == agent)
                && span.holds(&view, id, known)
                && reach(&caller, scopes, &board, known.agent)
                && opens.shows(id, known);
            if let Some(mark) = known.mark().filter(|_| counts) {
                let (own, free) = marks.entry(known.agent).or_default();
                own.push(mark);
                free.count(desk, known);
            }
        }
        let mut all = Free::default();
        let agents: Vec<Value> = marks
            .into_iter()
            .filter_map(|(agent, (marks, free))| {
                all.add(&free);
                let mut shown = mean(&marks)?;
                shown.insert("agent".to_owned(), json!(agent));
                shown.insert("free".to_owned(), free.shown());
                Some(Value::Object(shown))
            })
            .collect();
        Ok(json!({ "agents": agents, "free": all.shown(), "seq": view.seq() }))
    })
    .await
}

/// How many evaluations are free of mistakes that hurt somebody, of those by a form that asks for such.
#[derive(Clone, Copy, Debug, Default)]
struct Free([(u64, u64); CRITICAL.len()]);

impl Free {
    fn count(&mut self, desk: &Quality, known: &Evaluation) {
        let (Some(form), Some(scored)) = (desk.form(known.form, known.version), known.holds()) else {
            return;
        };
        for ((free, all), whom) in self.0.iter_mut().zip(CRITICAL) {
            if form.questions().any(|question| question.critical == whom) {
                *all += 1;
                *free += u64::from(scored.mistakes(whom) == 0);
            }
        }
    }

    fn add(&mut self, other: &Self) {
        for ((free, all), (more, of)) in self.0.iter_mut().zip(other.0) {
            (*free, *all) = (*free + more, *all + of);
        }
    }

    fn shown(&self) -> Value {
        let [customer, business, compliance] = self.0.map(|(free, all)| percent(Percent::of(free, all)));
        json!({ "customer": customer, "business": business, "compliance": compliance })
    }
}
