//! A day by its intervals: what came, how it was answered, who was there; and beside it what was published for it, and what is to be
//! expected by what came so far. It is made of the same facts by the same tables as the reports, so its sums are the day's report.

use super::act::blocking;
use super::body::Params;
use super::caller::Caller;
use super::own::no_day;
use super::problem::{Problem, ProblemDetails};
use crate::Door;
use crate::past::FloorPast;
use crate::permission::{Target, Verb};
use crate::staffing::{Pace, beside};
use crate::today::{NoDay, ratio};
use axum::Json;
use axum::extract::State;
use cordboard_floor::{AgentId, Instant, QueueId};
use cordboard_views::facts::{Fact, Facts};
use cordboard_views::interval::{Grid, Interval, day_of, moment, next_day};
use cordboard_views::kpi::{Catalogue, Measure};
use cordboard_views::tables::{Group, Key, Shape, Table};
use cordboard_workforce::Day;
use cordboard_workforce::civil::day_of as civil_day;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Which day, and how it is cut.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// By the site's clocks; today.
    #[param(example = "2026-11-22")]
    date: Option<String>,
    /// 15min, 30min or 60min.
    #[param(example = "30min")]
    interval: Option<String>,
    /// This queue alone; without it the site.
    #[param(value_type = Option<String>)]
    queue: Option<QueueId>,
}

/// A day by its intervals.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Intraday {
    /// By whose clocks.
    zone: String,
    /// How long an interval is; where clocks are set, one may be another.
    interval_ms: u64,
    /// As of which event.
    seq: u64,
    /// When that happened.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    intervals: Vec<IntradayInterval>,
    /// By how much the rest of the day is expected to be busier than forecast, for each queue that has a forecast.
    paces: Vec<Pace>,
}

/// An interval.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct IntradayInterval {
    #[schema(value_type = String, format = DateTime)]
    from: Instant,
    #[schema(value_type = String, format = DateTime)]
    to: Instant,
    /// Whether it is over.
    complete: bool,
    offered: i64,
    answered: i64,
    abandoned: i64,
    /// `{id, version, value, numerator, denominator}`.
    #[schema(value_type = Object)]
    sl: Value,
    /// Mean handle time; absent if nothing was handled.
    aht_ms: Option<f64>,
    /// The same with what it is made of.
    #[schema(value_type = Object)]
    aht: Value,
    /// Agents who were signed in, averaged over the interval as far as it has passed; of a queue those who are configured for
    /// it now. Absent before it begins.
    staff_present: Option<f64>,
    /// Those of them who could be given a contact, or had one: neither not ready nor out of reach.
    staff_ready: Option<f64>,
    /// Contacts that are forecast; absent if no forecast is published. Each caller counts once, so whoever gave up and dials again
    /// is offered twice and forecast once.
    forecast: Option<f64>,
    /// Contacts that came so far as the forecast counts them, to the queues that have one.
    came: Option<f64>,
    /// Contacts to expect: what came where the interval is over, else the forecast by how busy the day has been.
    expected: Option<f64>,
    /// Agents who are needed, averaged over the interval; absent if no requirement is published.
    required: Option<f64>,
}

/// A day by its intervals, of the site or of one queue.
#[utoipa::path(get, operation_id = "intraday", path = "/api/v1/intraday", tag = "desk", params(Asked),
    responses((status = 200, body = Intraday),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn show(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(asked): Params<Asked>,
) -> Result<Json<Intraday>, Problem> {
    let scopes = caller.scopes(Verb::FiguresView)?;
    let interval = match asked.interval.as_deref() {
        None => Interval::Min30,
        Some(word) => match word.parse() {
            Ok(interval @ (Interval::Min15 | Interval::Min30 | Interval::Hour)) => interval,
            _ => {
                let why = format!("interval is {word:?}; it is one of 15min, 30min, 60min");
                return Err(Problem::bad("invalid_query", why));
            }
        },
    };
    super::floor::board_is_fresh(&door).await;
    door.views.history.reach(door.durable_seq(), door.limits.view_wait_max).await;
    super::act::fresh(&door, &door.views.workforce).await;
    let agents: BTreeSet<AgentId> = {
        let board = door.views.board.read()?;
        match asked.queue {
            None if scopes.reach(&caller.who, &Target::site()) => BTreeSet::new(),
            None => {
                caller.may(Verb::FiguresView, &Target::site())?;
                BTreeSet::new()
            }
            Some(queue) => {
                caller.may(Verb::FiguresView, &Target::of_queue(&board, &caller.who, queue))?;
                board.queue(queue).ok_or(cordboard_floor::Refusal::UnknownQueue(queue))?;
                board.agents().filter(|row| row.queues.contains(&queue)).map(|row| row.agent).collect()
            }
        }
    };
    let Ok(place) = door.reports.clone().try_acquire_owned() else {
        let most = super::REPORTS_AT_ONCE_MAX;
        return Err(Problem::later("busy", format!("{most} reports are being made; try again shortly")));
    };
    blocking(move || {
        let _place = place;
        let mut day = make(&door, &asked, interval, agents)?;
        plan(&door, asked.queue, &mut day)?;
        Ok(Json(day))
    })
    .await
}

fn make(
    door: &Door,
    asked: &Asked,
    interval: Interval,
    agents: BTreeSet<AgentId>,
) -> Result<Intraday, Problem> {
    let terms = door.terms();
    let (zone, level) = (&terms.pages.zone, &terms.pages.service_level);
    let history = door.views.history.read()?;
    let grid = |why: cordboard_views::interval::GridError| Problem::bad("invalid_query", why.to_string());
    let at = match &asked.date {
        None => door.now().max(history.facts().at()),
        Some(date) if date.len() == 10 => moment(date, zone).map_err(grid)?,
        Some(date) => {
            return Err(Problem::bad(
                "invalid_query",
                format!("date is {date:?}; write it as in 2026-11-22"),
            ));
        }
    };
    let from = day_of(at, zone).map_err(grid)?;
    let to = next_day(from, zone).map_err(grid)?;
    let mut making =
        Making::new(Grid::cut(from, to, interval, zone).map_err(grid)?, asked.queue, agents, level)?;
    if history.reaches(from) {
        history.counted().for_each(|fact| making.take(fact));
        making.close(history.facts());
    } else {
        let left_out = history.left_out().clone();
        drop(history);
        let Some(past) = &door.past else {
            return Err(Problem::later("no_past", "this server was started without access to its own log"));
        };
        let mut facts = Facts::new();
        let read = past.each_of_floor(1, past.last(), |recorded| {
            facts.fold(&recorded, |fact| {
                if !left_out.holds(fact) {
                    making.take(fact);
                }
            });
            true
        });
        read.map_err(|fault| super::act::log_fault(&fault))?;
        making.close(&facts);
    }
    Ok(making.finish(zone, interval, level))
}

/// Sets what was published for the day beside what came.
fn plan(door: &Door, queue: Option<QueueId>, day: &mut Intraday) -> Result<(), Problem> {
    let spans: Vec<_> = day.intervals.iter().map(|interval| (interval.from, interval.to)).collect();
    let Some((from, _)) = spans.first() else { return Ok(()) };
    let zone = TimeZone::get(&day.zone).unwrap_or(TimeZone::UTC);
    let which = civil_day(*from, &zone).map(Day::of);
    let which = which.map_err(|why| Problem::invalid("no_such_time", why.to_string()))?;
    let staff = door.views.workforce.read()?;
    let wanted = |own: QueueId| queue.is_none_or(|queue| queue == own);
    let (rows, paces) = beside(staff.desk(), staff.demand(), &wanted, (which, &spans), door.now());
    for (interval, row) in day.intervals.iter_mut().zip(rows) {
        (interval.forecast, interval.required) = (row.forecast, row.required);
        (interval.came, interval.expected) = (row.came, row.expected);
    }
    day.paces = paces;
    Ok(())
}

struct Making {
    work: Table,
    staff: Table,
    queue: Option<QueueId>,
    seq: u64,
    at: Instant,
    /// A queue that nobody is configured for has nobody present.
    nobody: bool,
}

impl Making {
    fn new(
        grid: Grid,
        queue: Option<QueueId>,
        agents: BTreeSet<AgentId>,
        level: &str,
    ) -> Result<Self, Problem> {
        let entry = Catalogue::shipped().find(level);
        let entry =
            entry.map_err(|why| no_day(NoDay::Not(crate::report::NotReported::Question(why.into()))))?;
        let switches = *entry.switches();
        let group = if queue.is_some() { Group::Queue } else { Group::Site };
        let work = Shape { switches, queues: queue.into_iter().collect(), ..Shape::new(grid.clone(), group) };
        let nobody = queue.is_some() && agents.is_empty();
        let staff = Shape { switches, agents, ..Shape::new(grid.clone(), Group::Site) };
        let at = grid.from();
        Ok(Self { work: Table::new(work), staff: Table::new(staff), queue, seq: 0, at, nobody })
    }

    fn take(&mut self, fact: &Fact) {
        self.work.take(fact);
        self.staff.take(fact);
    }

    fn close(&mut self, facts: &Facts) {
        self.work.close(facts);
        self.staff.close(facts);
        (self.seq, self.at) = (facts.seq(), facts.at());
    }

    fn finish(self, zone: &str, interval: Interval, level: &str) -> Intraday {
        let grid = self.work.shape().grid.clone();
        let key = Key { queue: self.queue, ..Key::default() };
        let intervals = (0..grid.len()).map(|place| {
            let (from, to) = grid.span(place);
            let sums = self.work.sums(place, key);
            let staff = self.staff.sums(place, Key::default());
            let of = |measure| sums.get(measure).unwrap_or(0) as i64;
            let figure = |id| ratio(id, &self.work, &sums);
            // As far as it has passed by the last event; what goes on was added up to there.
            let passed_ms = self.at.min(to).since(from).0;
            let mean = |ms: i128| match (passed_ms, self.nobody) {
                (0, _) => None,
                (_, true) => Some(0.0),
                (passed, _) => Some(ms as f64 / passed as f64),
            };
            let spent = |measure| staff.get(measure).unwrap_or(0);
            let present = spent(Measure::SignedInMs);
            let away = spent(Measure::NotReadyMs) + spent(Measure::UnreachableMs);
            let aht = figure("kpi.aht");
            IntradayInterval {
                from,
                to,
                complete: self.at >= to,
                offered: of(Measure::Offered),
                answered: of(Measure::Answered),
                abandoned: of(Measure::Abandoned),
                sl: serde_json::to_value(figure(level)).unwrap_or_default(),
                aht_ms: aht.as_ref().and_then(|aht| aht.value()).map(|value| value.rendered()),
                aht: serde_json::to_value(aht).unwrap_or_default(),
                staff_present: mean(present),
                staff_ready: mean(present - away),
                forecast: None,
                came: None,
                expected: None,
                required: None,
            }
        });
        let interval_ms = match interval {
            Interval::Min15 => 900_000,
            Interval::Min30 => 1_800_000,
            _ => 3_600_000,
        };
        Intraday {
            zone: zone.to_owned(),
            interval_ms,
            seq: self.seq,
            at: self.at,
            intervals: intervals.collect(),
            paces: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordboard_views::board::Activity;
    use cordboard_views::facts::{Evidence, SpellFact};

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn spell(agent: &'static str, activity: Activity, from: &str, to: &str) -> Fact {
        let (agent, evidence) = (AgentId::fixed(agent), Evidence { first: 1, last: 2 });
        let (from, to) = (at(from), at(to));
        Fact::Spell(SpellFact { agent, team: None, activity, reason: None, from, to, evidence })
    }

    /// A day of the zone, as it is when it is over.
    fn day(zone: &str, noon: &str, spells: &[Fact]) -> Intraday {
        let from = day_of(at(noon), zone).unwrap();
        let grid = Grid::cut(from, next_day(from, zone).unwrap(), Interval::Min30, zone).unwrap();
        let mut making = Making::new(grid.clone(), None, BTreeSet::new(), "sl.offered").unwrap();
        spells.iter().for_each(|fact| making.take(fact));
        making.at = grid.to();
        making.finish(zone, Interval::Min30, "sl.offered")
    }

    fn present_ms(day: &Intraday) -> f64 {
        let each = day.intervals.iter();
        each.map(|it| it.staff_present.unwrap() * it.to.since(it.from).0 as f64).sum()
    }

    #[test]
    fn who_is_there_over_midnight_is_there_on_both_days() {
        let nights = [spell("1001", Activity::Idle, "2026-11-22T15:40:00Z", "2026-11-22T16:10:00Z")];
        let before = day("Asia/Shanghai", "2026-11-22T04:00:00Z", &nights);
        let after = day("Asia/Shanghai", "2026-11-23T04:00:00Z", &nights);
        assert_eq!((before.intervals.len(), after.intervals.len()), (48, 48));
        assert_eq!(before.intervals[47].staff_present, Some(20.0 / 30.0));
        assert_eq!(after.intervals[0].staff_present, Some(10.0 / 30.0));
        assert_eq!(after.intervals[1].staff_present, Some(0.0));
        assert_eq!(present_ms(&before) + present_ms(&after), 1_800_000.0);
    }

    #[test]
    fn a_day_on_which_clocks_are_set_has_its_own_length() {
        for (noon, hours) in [("2026-03-29T10:00:00Z", 23), ("2026-10-25T11:00:00Z", 25)] {
            let all = [spell("1001", Activity::Idle, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")];
            let day = day("Europe/Berlin", noon, &all);
            assert_eq!(day.intervals.len(), 2 * hours);
            assert!(day.intervals.iter().all(|it| it.staff_present == Some(1.0) && it.complete));
            assert_eq!(present_ms(&day), hours as f64 * 3_600_000.0);
        }
    }

    #[test]
    fn who_is_not_ready_or_out_of_reach_is_present_and_not_ready() {
        let from = "2026-11-22T00:00:00Z";
        let spells = [
            spell("1001", Activity::Talking, from, "2026-11-22T00:30:00Z"),
            spell("1002", Activity::OnBreak, from, "2026-11-22T00:15:00Z"),
            spell("1003", Activity::Unreachable, from, "2026-11-22T00:30:00Z"),
            spell("1004", Activity::SignedOut, from, "2026-11-22T00:30:00Z"),
        ];
        let first = &day("UTC", "2026-11-22T12:00:00Z", &spells).intervals[0];
        assert_eq!((first.staff_present, first.staff_ready), (Some(2.5), Some(1.0)));
    }
}
