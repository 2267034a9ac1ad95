//! Figures that people enter: surveys, costs, exams, head counts. The door holds each against the KPI catalogue, which the
//! floor does not know; what is counted from the log cannot be entered. A list is taken whole or not at all.

use super::act::{Key, act, blocking, events_of, log_fault};
use super::body::{Asked, Posted, id};
use super::caller::Caller;
use super::problem::{Problem, ProblemDetails};
use crate::Door;
use crate::permission::{Target, Verb};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use cordboard_floor::figure::{FigureEntry, FigureSubject};
use cordboard_floor::limits::FIGURES_AT_ONCE_MAX;
use cordboard_floor::{Command, Event, FigureId, Instant, MeasureId, Refusal};
use cordboard_views::kpi::{KpiError, Measure};
use http::StatusCode;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::sync::Arc;
use utoipa::{PartialSchema, ToSchema};

/// One figure as it is entered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewFigure {
    /// What it counts: a measure of the KPI catalogue whose base is `entered`.
    #[schema(example = "survey_answers")]
    measure: String,
    /// Of whom: `site`, or one queue, agent or contact. What is entered for the parts is not entered for the site again.
    #[schema(value_type = PublicSubject)]
    subject: FigureSubject,
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    from: Instant,
    /// To when, that moment not included.
    #[schema(value_type = String, format = DateTime)]
    to: Instant,
    /// What it came to, in the measure's unit. Entered again for the same measure, subject and span it stands at the newer value.
    #[schema(minimum = 0)]
    value: i64,
    /// A figure that no longer stands because of this one, as f-1042: it was about something else by mistake.
    #[schema(value_type = Option<String>)]
    replaces: Option<FigureId>,
}

/// Of whom a figure is.
#[derive(ToSchema)]
#[schema(as = FigureSubject)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, reason = "it describes what is read as a floor word")]
enum PublicSubject {
    /// The whole centre.
    Site,
    /// One queue.
    #[schema(value_type = String)]
    Queue(String),
    /// One agent.
    #[schema(value_type = String)]
    Agent(String),
    /// One contact.
    #[schema(value_type = String)]
    Contact(String),
}

/// One figure, or a list of them.
#[derive(Debug)]
pub(super) struct NewFigures(Vec<NewFigure>);

impl<'de> Deserialize<'de> for NewFigures {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;
        impl<'de> Visitor<'de> for OneOrMany {
            type Value = NewFigures;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a figure, or a list of figures")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<NewFigures, A::Error> {
                let one = NewFigure::deserialize(MapAccessDeserializer::new(map))?;
                Ok(NewFigures(vec![one]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<NewFigures, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(NewFigures)
            }
        }
        deserializer.deserialize_any(OneOrMany)
    }
}

impl PartialSchema for NewFigures {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        let one = || utoipa::openapi::Ref::from_schema_name("NewFigure");
        let list = utoipa::openapi::ArrayBuilder::new().items(one()).max_items(Some(FIGURES_AT_ONCE_MAX));
        utoipa::openapi::OneOfBuilder::new().item(one()).item(list).into()
    }
}

impl ToSchema for NewFigures {
    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
        schemas.push((NewFigure::name().into_owned(), NewFigure::schema()));
        NewFigure::schemas(schemas);
    }
}

/// Figures that stand now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FiguresEntered {
    /// Their ids, in the order of the list.
    #[schema(value_type = Vec<String>)]
    figures: Vec<FigureId>,
    /// The last event that the command caused.
    seq: u64,
}

/// A figure that no longer stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FigureGone {
    /// Which.
    #[schema(value_type = String)]
    figure: FigureId,
    /// The event that says so.
    seq: u64,
}

/// Enters one figure, or a list of up to 256.
#[utoipa::path(post, operation_id = "enter_figures", path = "/api/v1/figures/entries", tag = "figures", request_body = NewFigures,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and content answer as the first time, also after a restart.")),
    responses((status = 201, body = FiguresEntered),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn enter(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    posted: Posted<NewFigures>,
) -> Result<Response, Problem> {
    let Posted { value: NewFigures(new), request } = posted;
    // Who may enter nothing at all is told so first, whatever the list says.
    caller.scopes(Verb::FiguresEnter)?;
    if new.is_empty() {
        return Err(Problem::invalid("invalid", "the list is empty: enter at least one figure"));
    }
    if new.len() > FIGURES_AT_ONCE_MAX {
        let (value, limit) = (new.len() as u64, FIGURES_AT_ONCE_MAX as u64);
        return Err(Refusal::OverLimit { what: "entries", value, limit }.into());
    }
    door.views.board.reach(door.durable_seq(), door.limits.view_wait_max).await;
    let (checking, caller) = {
        let door = door.clone();
        let work = move || {
            let mut entries = Vec::with_capacity(new.len());
            for (place, figure) in new.iter().enumerate() {
                entries.push(figure.checked(&door, &caller).map_err(|problem| at(problem, place + 1))?);
            }
            Ok((entries, caller))
        };
        blocking(work).await?
    };
    let cause = key.cause(&door, &caller, &request);
    let command = Command::EnterFigures { entries: checking };
    let carried = act(&door, caller.who.acting_on(None), cause, command).await?;
    let events = events_of(&door, carried).await?;
    let figures = events.iter().filter_map(|event| match &event.event {
        Event::FigureEntered(event) => Some(event.figure),
        _ => None,
    });
    let entered = FiguresEntered { figures: figures.collect(), seq: carried.seq };
    Ok((StatusCode::CREATED, Json(entered)).into_response())
}

/// Withdraws a figure: it was entered by mistake, and nothing is known instead.
#[utoipa::path(post, operation_id = "withdraw_figure", path = "/api/v1/figures/entries/{figure}/withdraw", tag = "figures",
    params(("figure" = String, Path, example = "f-1042"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = FigureGone),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn withdraw(
    State(door): State<Arc<Door>>,
    Path(figure): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<FigureGone>, Problem> {
    let figure: FigureId = id(&figure, "unknown_figure", "f-1042")?;
    caller.scopes(Verb::FiguresEnter)?;
    let (subject, caller) = {
        let door = door.clone();
        let work = move || Ok((entered(&door, figure)?, caller));
        blocking(work).await?
    };
    caller.may(Verb::FiguresEnter, &target(&door, subject)?)?;
    let cause = key.cause(&door, &caller, &request);
    let command = Command::WithdrawFigure { figure };
    let carried = act(&door, caller.who.acting_on(None), cause, command).await?;
    Ok(Json(FigureGone { figure, seq: carried.seq }))
}

impl NewFigure {
    /// Reads the log where a number is to be held against it: call it where waiting is allowed.
    fn checked(&self, door: &Door, caller: &Caller) -> Result<FigureEntry, Problem> {
        caller.may(Verb::FiguresEnter, &target(door, self.subject)?)?;
        let entry = FigureEntry {
            measure: measure(&self.measure)?,
            subject: self.subject,
            from: self.from,
            to: self.to,
            value: self.value,
            replaces: self.replaces,
        };
        entry.check(door.now())?;
        let board = door.views.board.read()?;
        match self.subject {
            FigureSubject::Queue(queue) if board.queue(queue).is_none() => {
                return Err(Refusal::UnknownQueue(queue).into());
            }
            FigureSubject::Agent(agent) if board.agent(agent).is_none() => {
                return Err(Refusal::UnknownAgent(agent).into());
            }
            FigureSubject::Contact(contact) => {
                let is_one = matches!(event(door, contact.0)?, Some(Event::ContactArrived(_)));
                if !is_one {
                    let why = format!("no contact {contact} is in the log");
                    return Err(Problem::not_found("unknown_contact", why));
                }
            }
            _ => {}
        }
        if let Some(figure) = self.replaces {
            caller.may(Verb::FiguresEnter, &target(door, entered(door, figure)?)?)?;
        }
        Ok(entry)
    }
}

/// Of whom a figure was entered.
fn entered(door: &Door, figure: FigureId) -> Result<FigureSubject, Problem> {
    match event(door, figure.0)? {
        Some(Event::FigureEntered(event)) => Ok(event.subject),
        _ => Err(Problem::not_found("unknown_figure", format!("no figure {figure} is in the log"))),
    }
}

fn event(door: &Door, seq: u64) -> Result<Option<Event>, Problem> {
    if seq == 0 || seq > door.durable_seq() {
        return Ok(None);
    }
    let read = door.feed.read(seq, seq, 1).map_err(|fault| log_fault(&fault))?;
    Ok(read.first().and_then(|recorded| recorded.event.floor().cloned()))
}

/// Who is asked for a contact's figures has the whole site: long after its end it is in no queue and in nobody's hands.
fn target(door: &Door, subject: FigureSubject) -> Result<Target, Problem> {
    Ok(match subject {
        FigureSubject::Site | FigureSubject::Contact(_) => Target::site(),
        FigureSubject::Queue(queue) => Target::queue(queue),
        FigureSubject::Agent(agent) => Target::of_agent_id(&*door.views.board.read()?, agent),
    })
}

fn measure(written: &str) -> Result<MeasureId, Problem> {
    let measure: Measure = written.parse().map_err(|why: KpiError| {
        let mut problem =
            Problem::invalid("unknown_measure", format!("{written:?} is no measure; /api/v1/kpis names all"));
        if let KpiError::UnknownMeasure { like, .. } = why {
            problem.did_you_mean = like.into_iter().next();
        }
        problem
    })?;
    if measure.is_computed() {
        let why = format!("{measure} is counted from the log and cannot be entered");
        return Err(Problem::invalid("measure_is_counted", why));
    }
    measure.slug().parse().map_err(|_| Problem::bug())
}

/// Says which of the list it was, from 1.
fn at(mut problem: Problem, place: usize) -> Problem {
    problem.detail = format!("figure {place}: {}", problem.detail);
    problem.entry = Some(place);
    problem
}
