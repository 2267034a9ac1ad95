//! An agent's own day: her figures beside her team's median, her breaks and the quotas that bind them.

use super::act::{blocking, log_fault};
use super::caller::Caller;
use super::problem::{Problem, ProblemDetails};
use crate::Door;
use crate::permission::{Target, Verb};
use crate::public::PublicBilingual;
use crate::report::NotReported;
use crate::today::{Day, NoDay, ratio};
use axum::Json;
use axum::extract::State;
use cordboard_floor::event::NextState;
use cordboard_floor::{AgentId, Instant, Millis, QueueId, ReasonId};
use cordboard_views::board::{AgentRow, Board};
use cordboard_views::kpi::{Catalogue, Measure, MeasureUnit, Sums};
use cordboard_views::tables::Key;
use serde::Serialize;
use std::sync::{Arc, RwLockReadGuard};
use utoipa::ToSchema;

/// A median of fewer agents would be about somebody.
const TEAM_OF_MEDIAN_MIN: usize = 4;

/// What is shown of an agent's day.
enum Shown {
    /// What a measure came to.
    Sum(Measure),
    /// A figure of the catalogue.
    Kpi(&'static str),
}

const SHOWN: [Shown; 8] = [
    Shown::Sum(Measure::Handled),
    Shown::Kpi("kpi.aht"),
    Shown::Kpi("kpi.att"),
    Shown::Kpi("kpi.hold_per_contact"),
    Shown::Kpi("kpi.acw"),
    Shown::Kpi("kpi.occupancy"),
    Shown::Sum(Measure::OffersTimedOut),
    Shown::Sum(Measure::BreakMs),
];

/// One's own figures of today.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OwnFigures {
    /// When the day began, by the site's clocks.
    #[schema(value_type = String, format = DateTime)]
    from: Instant,
    /// The last event that they stand on.
    #[schema(value_type = String, format = DateTime)]
    to: Instant,
    /// As of which event.
    seq: u64,
    figures: Vec<OwnFigure>,
}

/// One figure, beside the team's.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OwnFigure {
    /// A measure, or a figure of the KPI catalogue.
    #[schema(example = "kpi.aht")]
    id: &'static str,
    /// The version of its formula; absent of a measure.
    version: Option<u32>,
    #[schema(value_type = Object)]
    name: PublicBilingual,
    /// `count`, `ms` or `fraction`.
    unit: &'static str,
    /// Absent if there is nothing below the line.
    value: Option<f64>,
    numerator: i64,
    denominator: i64,
    /// The middle one of her team's values, hers included; absent if fewer than four of them have one.
    team_median: Option<f64>,
    /// How many of the team have one.
    team_size: usize,
}

/// One's own figures of today, each beside the median of one's team.
#[utoipa::path(get, operation_id = "own_figures", path = "/api/v1/me/figures", tag = "desk",
    responses((status = 200, body = OwnFigures),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn figures(
    State(door): State<Arc<Door>>,
    caller: Caller,
) -> Result<Json<OwnFigures>, Problem> {
    let agent = own_agent(&caller)?;
    of_today(door, move |day, board| {
        let team = board.agent(agent).and_then(|row| row.team);
        let mates = board.agents().filter(|row| row.agent == agent || team.is_some() && row.team == team);
        let mates: Vec<AgentId> = mates.map(|row| row.agent).collect();
        drop(board);
        let totals = day.agents.totals();
        let sums_of = |agent| totals.get(&Key { agent: Some(agent), ..Key::default() });
        let figures = SHOWN.iter().filter_map(|shown| {
            let nothing = day.agents.sums(0, Key { agent: Some(agent), ..Key::default() });
            let own = shown.of(day, sums_of(agent).unwrap_or(&nothing))?;
            let values = mates.iter().filter_map(|mate| shown.of(day, sums_of(*mate)?)?.value);
            let values: Vec<f64> = values.collect();
            Some(OwnFigure { team_size: values.len(), team_median: median(values), ..own })
        });
        Ok(Json(OwnFigures { from: day.from, to: day.at, seq: day.seq, figures: figures.collect() }))
    })
    .await
}

impl Shown {
    fn of(&self, day: &Day, sums: &Sums) -> Option<OwnFigure> {
        let none = (None, 0);
        Some(match self {
            Self::Sum(measure) => {
                let value = sums.get(*measure)? as i64;
                let unit = if measure.unit() == MeasureUnit::Ms { "ms" } else { "count" };
                let name =
                    PublicBilingual { zh: measure.counts_zh().to_owned(), en: measure.counts().to_owned() };
                let (team_median, team_size) = none;
                OwnFigure {
                    id: measure.slug(),
                    version: None,
                    name,
                    unit,
                    value: Some(value as f64),
                    numerator: value,
                    denominator: 1,
                    team_median,
                    team_size,
                }
            }
            Self::Kpi(id) => {
                let entry = Catalogue::shipped().find(id).ok()?;
                let ratio = ratio(id, &day.agents, sums)?;
                let unit = if entry.unit() == cordboard_views::kpi::Unit::Ms { "ms" } else { "fraction" };
                let (team_median, team_size) = none;
                OwnFigure {
                    id,
                    version: Some(ratio.version()),
                    name: PublicBilingual { zh: entry.name().zh.clone(), en: entry.name().en.clone() },
                    unit,
                    value: ratio.value().map(|value| value.rendered()),
                    numerator: ratio.numerator() as i64,
                    denominator: ratio.denominator() as i64,
                    team_median,
                    team_size,
                }
            }
        })
    }
}

/// The middle one; of an even number the middle between the two. It is a picture of a team, and no figure of anybody.
fn median(mut values: Vec<f64>) -> Option<f64> {
    if values.len() < TEAM_OF_MEDIAN_MIN {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    Some(if values.len() % 2 == 1 { values[half] } else { f64::midpoint(values[half - 1], values[half]) })
}

/// One's own breaks.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OwnBreaks {
    /// Reasons that are breaks.
    reasons: Vec<OwnBreak>,
    /// The quotas of one's queues.
    quotas: Vec<OwnQuota>,
    /// How many of one's queues asked for a break before, and wait for it.
    ahead: usize,
}

/// A kind of break, and what was had of it today.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OwnBreak {
    #[schema(value_type = String)]
    reason: ReasonId,
    /// How long each may last.
    #[schema(value_type = Option<u64>)]
    allowance_ms: Option<Millis>,
    /// Of those that began today, the present one included.
    used_today_ms: u64,
    times_today: u64,
}

/// What a queue can spare.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OwnQuota {
    #[schema(value_type = String)]
    queue: QueueId,
    /// So many of its agents may be away at once.
    at_most: Option<u32>,
    /// So many are, or will be after what they have in hand.
    on_break: u32,
    /// So many are ready and stay so.
    ready: u32,
    /// So many must.
    ready_at_least: Option<u32>,
}

/// One's own breaks today, and what one's queues can spare.
#[utoipa::path(get, operation_id = "own_breaks", path = "/api/v1/me/breaks", tag = "desk",
    responses((status = 200, body = OwnBreaks),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn breaks(
    State(door): State<Arc<Door>>,
    caller: Caller,
) -> Result<Json<OwnBreaks>, Problem> {
    let agent = own_agent(&caller)?;
    of_today(door, move |day, board| {
        let own = board.agent(agent).ok_or(cordboard_floor::Refusal::UnknownAgent(agent))?;
        let reasons = board.reasons().filter(|reason| reason.active && reason.is_break).map(|reason| {
            let slug = reason.reason.slug;
            let sums = day.reasons.sums(0, Key { agent: Some(agent), reason: Some(slug), ..Key::default() });
            let of = |measure| sums.get(measure).map_or(0, |value| value as u64);
            OwnBreak {
                reason: slug,
                allowance_ms: reason.allowance_ms,
                used_today_ms: of(Measure::NotReadyLastedMs),
                times_today: of(Measure::NotReadies),
            }
        });
        let reasons = reasons.collect();
        let quotas = own.queues.iter().filter_map(|queue| quota(&board, *queue)).collect();
        let shares = |other: &AgentRow| other.queues.iter().any(|queue| own.queues.contains(queue));
        let before = |other: &AgentRow| own.break_asked.is_none_or(|own| other.break_asked < Some(own));
        let line = board.break_line();
        let ahead =
            line.iter().filter(|other| other.agent != agent && shares(other) && before(other)).count();
        Ok(Json(OwnBreaks { reasons, quotas, ahead }))
    })
    .await
}

/// What the day and the board say, both up to everything that is durable now.
async fn of_today<T: Send + 'static>(
    door: Arc<Door>,
    say: impl FnOnce(&Day, RwLockReadGuard<'_, Board>) -> Result<Json<T>, Problem> + Send + 'static,
) -> Result<Json<T>, Problem> {
    door.views.history.reach(door.durable_seq(), door.limits.view_wait_max).await;
    super::floor::board_is_fresh(&door).await;
    blocking(move || say(&*door.today.day(&door).map_err(no_day)?, door.views.board.read()?)).await
}

fn quota(board: &Board, queue: QueueId) -> Option<OwnQuota> {
    let row = board.queue(queue)?;
    // A leader may have set another one for now.
    let quota = row.breaks;
    if !row.config.active || !quota.is_set() {
        return None;
    }
    let is_break = |slug| board.reasons().any(|reason| reason.reason.slug == slug && reason.is_break);
    let goes =
        |row: &AgentRow| matches!(row.next, Some(NextState::NotReady(reason)) if is_break(reason.slug));
    let serves = board.agents().filter(|row| row.active && row.queues.contains(&queue));
    let (mut on_break, mut ready) = (0, 0);
    for row in serves {
        on_break += u32::from(row.on_break || goes(row));
        let stays =
            row.state == cordboard_views::board::AgentState::Ready && row.reachable && row.next.is_none();
        ready += u32::from(stays);
    }
    Some(OwnQuota { queue, at_most: quota.away_max, on_break, ready, ready_at_least: quota.staffed_min })
}

fn own_agent(caller: &Caller) -> Result<AgentId, Problem> {
    let agent = caller.who.agent.ok_or_else(|| {
        let what = "this account works as no agent; an administrator can name one";
        Problem::of(http::StatusCode::CONFLICT, "no_agent", what)
    })?;
    caller.may(Verb::AgentView, &Target::agent(agent, None))?;
    Ok(agent)
}

/// Why the day has no figures.
pub(super) fn no_day(why: NoDay) -> Problem {
    let text = why.to_string();
    match why {
        NoDay::Stopped(stopped) => stopped.into(),
        NoDay::Not(NotReported::Log(fault)) => log_fault(&fault),
        NoDay::Not(_) => Problem::invalid("no_figures", text),
    }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn a_median_of_fewer_than_four_is_none() {
        assert_eq!(median(vec![1.0, 2.0, 3.0]), None);
        assert_eq!(median(vec![9.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(vec![9.0, 1.0, 3.0, 2.0, 0.0]), Some(2.0));
    }
}
