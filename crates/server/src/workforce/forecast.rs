//! `cordboard workforce forecast`: of a table of what came in, the method is chosen on one span and judged on the next, month by
//! month, beside the three that everybody has and beside what chance alone would leave. Of a log where it lies, what will come in is
//! told: the forecast that the server would publish.

use super::seconds;
use crate::cli::ConfigFiles;
use crate::failure::{Failure, say};
use crate::out::{Format, Out, progress};
use crate::remote::Remote;
use clap::Args;
use cordboard_api::staffing;
use cordboard_floor::{Instant, Millis, QueueId};
use cordboard_workforce::Day;
use cordboard_workforce::forecast::{Calendar, Method, Rolled, Series, Spread, choose, noise_floor, rolling};
use jiff::{ToSpan as _, civil::Date};
use serde::Serialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// How much must lie before the first forecast.
const WARM_UP_DAYS: i64 = 56;
/// How far apart origins lie while a method is chosen.
const CHOOSING_STEP_DAYS: usize = 7;

/// Of what, and for when.
#[derive(Debug, Args)]
pub(crate) struct Forecast {
    /// A table of what came in: a head line, then a line for each day: its date and its counts, with commas between
    #[arg(required_unless_present_any = ["data", "server"], conflicts_with_all = ["data", "server"])]
    file: Option<PathBuf>,
    /// Forecast from this data directory's log instead (the server stopped)
    #[arg(long, value_name = "DIR", conflicts_with = "server")]
    data: Option<PathBuf>,
    /// Tell what a running server has published, beside what came, as of http://127.0.0.1:8480
    #[arg(long, value_name = "URL", requires = "token_file")]
    server: Option<String>,
    /// A file with a bearer token for it
    #[arg(long, value_name = "FILE", requires = "server")]
    token_file: Option<PathBuf>,
    /// For https: the server's certificate, or that of its authority, in PEM
    #[arg(long, value_name = "FILE", requires = "server")]
    ca_file: Option<PathBuf>,
    /// Of this queue alone; with --data or --server
    #[arg(long, value_name = "ID", conflicts_with = "file", value_parser = super::adherence::id::<QueueId>)]
    queue: Option<QueueId>,
    /// The first day; with --data [default: the day after the log's last], with --server [default: today]
    #[arg(long, value_name = "DATE", conflicts_with = "file", value_parser = super::adherence::day)]
    from: Option<Day>,
    #[command(flatten)]
    config: ConfigFiles,
    /// Holidays, make-up days and events, as lines of date,kind,like,factor [default: with --data, the configuration's]
    #[arg(long, value_name = "FILE")]
    calendar: Option<PathBuf>,
    /// How long an interval is
    #[arg(long, value_name = "SPAN", default_value = "30min", value_parser = seconds)]
    interval: f64,
    /// The last day that the method is chosen on
    #[arg(long, value_name = "DATE", required_unless_present_any = ["data", "server"])]
    tuned_to: Option<Date>,
    /// The last day that is forecast [default: the last of the table]
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// How many days ahead each origin forecasts
    #[arg(long, value_name = "DAYS", default_value = "14", value_parser = clap::value_parser!(u16).range(1..=366))]
    horizon: u16,
    /// Print every method that was tried on the first span, with its error, instead
    #[arg(long)]
    tried: bool,
}

/// A month, or all of them.
#[derive(Debug, Serialize)]
struct Month {
    month: String,
    days: usize,
    contacts: f64,
    wape: Option<f64>,
    seasonal_naive: Option<f64>,
    mean_10_weeks: Option<f64>,
    mstl: Option<f64>,
    noise_floor: Option<f64>,
    bias: Option<f64>,
    covered_80: Option<f64>,
    covered_95: Option<f64>,
}

const COLUMNS: [&str; 11] = [
    "month",
    "days",
    "contacts",
    "wape",
    "seasonal_naive",
    "mean_10_weeks",
    "mstl",
    "noise_floor",
    "bias",
    "covered_80",
    "covered_95",
];

/// A method that was tried.
#[derive(Debug, Serialize)]
struct Tried {
    method: String,
    wape: Option<f64>,
    bias: Option<f64>,
}

/// An interval ahead.
#[derive(Debug, Serialize)]
struct Point {
    queue: QueueId,
    day: Day,
    at: Instant,
    volume: f64,
    low: f64,
    high: f64,
    aht_ms: u32,
    method: String,
}

const AHEAD: [&str; 8] = ["queue", "day", "at", "volume", "low", "high", "aht_ms", "method"];

/// What will come in, by a log: the same as the server would publish.
fn ahead(asked: &Forecast, data: &Path, format: Format) -> Result<(), Failure> {
    let log = super::log::Log::open(data)?;
    // As the server makes them: by the calendar beside the configuration.
    let mut staffing = super::log::staffing(&asked.config)?;
    if let Some(file) = &asked.calendar {
        staffing.calendar = calendar(file)?;
    }
    let today = log.today()?.plus(1);
    let from = asked.from.unwrap_or(today);
    let queues = match asked.queue {
        Some(queue) => vec![queue],
        None => log.staff.demand().queues().into_iter().collect(),
    };
    let (mut rows, mut none) = (Vec::new(), None);
    for queue in queues {
        let days = (today, from, asked.horizon);
        let bar = progress(1, "methods");
        let made =
            staffing::forecast(log.staff.demand(), &staffing, queue, days, &log.zone, &mut |done, of| {
                bar.set_length(of as u64);
                bar.set_position(done as u64);
                true
            });
        bar.finish_and_clear();
        let (new, made) = match made {
            Ok(made) => made,
            Err(why) => {
                say(&format!("note: {queue}: {why}"));
                none = Some(why);
                continue;
            }
        };
        let milli = |value: u32| f64::from(value) / 1_000.0;
        for day in &new.days {
            for (at, point) in day.intervals.iter().enumerate() {
                let of = |nth: usize| point.quantiles.get(nth).copied().map_or(0.0, milli);
                rows.push(Point {
                    queue,
                    day: day.day,
                    at: day.from.plus(Millis(new.interval_ms.0 * at as u64)),
                    volume: milli(point.volume_milli),
                    low: of(1),
                    high: of(2),
                    aht_ms: point.aht_ms,
                    method: made.method.to_string(),
                });
            }
        }
    }
    match none {
        Some(why) if rows.is_empty() => Err(Failure::failed(why)),
        _ => Out::new(format).rows(&AHEAD, &rows),
    }
}

/// An interval that is published.
#[derive(Debug, Serialize)]
struct Told {
    queue: String,
    day: String,
    at: String,
    volume: f64,
    low: Option<f64>,
    high: Option<f64>,
    aht_ms: u64,
    method: String,
    /// What came, where it is over.
    came: Option<f64>,
}

const TOLD: [&str; 9] = ["queue", "day", "at", "volume", "low", "high", "aht_ms", "method", "came"];
/// Days of one question to a server.
const DAYS_MAX: u16 = 62;

/// What a running server has published, beside what came.
fn published(asked: &Forecast, remote: &Remote, format: Format) -> Result<(), Failure> {
    if asked.horizon > DAYS_MAX {
        return Err(Failure::Usage(format!("a server tells at most {DAYS_MAX} days at once")));
    }
    let queue = asked.queue.map_or(String::new(), |queue| format!("&queue={queue}"));
    let from = asked.from.map_or(String::new(), |from| format!("&from={from}"));
    let told = remote.get(&format!("/api/v1/workforce/forecasts?days={}{queue}{from}", asked.horizon))?;
    let rows = rows_of(&told)
        .ok_or_else(|| Failure::failed("the server told something else than what is forecast"))?;
    if rows.is_empty() {
        say("note: nothing is published for these days");
    }
    Out::new(format).rows(&TOLD, &rows)
}

fn rows_of(told: &Value) -> Option<Vec<Told>> {
    let list = |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned();
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut rows = Vec::new();
    for queue in list(told, "queues")? {
        for day in list(&queue, "days")? {
            for point in list(&day, "intervals")? {
                let number = |name: &str| point.get(name).and_then(Value::as_f64);
                rows.push(Told {
                    queue: text(&queue, "queue")?,
                    day: text(&day, "day")?,
                    at: text(&point, "at")?,
                    volume: number("volume")?,
                    low: number("low"),
                    high: number("high"),
                    aht_ms: point.get("aht_ms").and_then(Value::as_u64)?,
                    method: text(&day, "method")?,
                    came: number("came"),
                });
            }
        }
    }
    Some(rows)
}

fn calendar(file: &Path) -> Result<Calendar, Failure> {
    Calendar::parse(&read(file)?).map_err(|why| Failure::failed(format!("{}: {why}", file.display())))
}

pub(crate) fn forecast(asked: &Forecast, format: Format) -> Result<(), Failure> {
    if let (Some(server), Some(token)) = (&asked.server, &asked.token_file) {
        return published(asked, &Remote::new(server, token, asked.ca_file.as_deref())?, format);
    }
    let (file, tuned_to) = match (&asked.data, &asked.file, asked.tuned_to) {
        (Some(data), _, _) => return ahead(asked, data, format),
        (None, Some(file), Some(tuned_to)) => (file, tuned_to),
        _ => return Err(Failure::Usage("name a table and --tuned-to, or --data, or --server".to_owned())),
    };
    let series = Series::parse(&read(file)?)
        .and_then(|series| {
            let bin_s = 86_400.0 / series.intervals() as f64;
            let by = asked.interval / bin_s;
            series.joined(if by.fract() == 0.0 { by as usize } else { 0 })
        })
        .map_err(|why| Failure::failed(format!("{}: {why}", file.display())))?;
    let calendar = match &asked.calendar {
        None => Calendar::default(),
        Some(file) => calendar(file)?,
    };
    let (first, last) = series.span().ok_or_else(|| Failure::failed("the table is empty"))?;
    let last = asked.to.map_or(last, |to| to.min(last));
    let tuned = (first.saturating_add(WARM_UP_DAYS.days()), tuned_to);
    if tuned.0 >= tuned.1 || tuned_to >= last {
        return Err(Failure::Usage(format!(
            "--tuned-to lies between {} and {last}: {WARM_UP_DAYS} days come before the first forecast, and some after the last",
            tuned.0
        )));
    }
    let candidates = Method::candidates();
    let bar = progress(candidates.len() as u64, "methods");
    let horizon = usize::from(asked.horizon);
    let chosen = choose(&candidates, &series, &calendar, tuned, horizon, CHOOSING_STEP_DAYS, &mut |done| {
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let chosen = chosen.map_err(|why| Failure::failed(why.to_string()))?;
    let mut out = Out::new(format);
    if asked.tried {
        let rows: Vec<Tried> = chosen
            .tried
            .iter()
            .map(|(method, error)| Tried {
                method: method.to_string(),
                wape: rounded(error.wape(), format),
                bias: rounded(error.bias(), format),
            })
            .collect();
        return out.rows(&["method", "wape", "bias"], &rows);
    }
    say(&format!("chosen on {} to {}: {}", tuned.0, tuned.1, chosen.method));
    let from = tuned_to.tomorrow().map_err(|why| Failure::because("the day after", &why))?;
    let roll = |method: &Method| {
        rolling(method, &series, &calendar, (from, last), horizon, horizon)
            .map_err(|why| Failure::failed(why.to_string()))
    };
    let ours = roll(&chosen.method)?;
    let others = [Method::SeasonalNaive, Method::WeekdayMean { weeks: 10 }, Method::Mstl { weeks: 12 }];
    let others = others.iter().map(roll).collect::<Result<Vec<_>, _>>()?;
    let covered = covered(&chosen.rolled, &ours);
    let mut months: Vec<(i16, i8)> = ours.iter().map(|day| (day.date.year(), day.date.month())).collect();
    months.dedup();
    let mut rows: Vec<Month> = months
        .iter()
        .map(|month| {
            row(&format!("{}-{:02}", month.0, month.1), Some(*month), &ours, &others, &covered, format)
        })
        .collect();
    rows.push(row("all", None, &ours, &others, &covered, format));
    out.rows(&COLUMNS, &rows)
}

/// For each day that was forecast: how many of its intervals lay within 80 % and 95 %, by what was known at its origin.
fn covered(tuned: &[Rolled], ours: &[Rolled]) -> Vec<[(u64, u64); 2]> {
    let mut counts = Vec::with_capacity(ours.len());
    for day in ours {
        let past = tuned.iter().chain(ours).filter(|past| past.date < day.origin);
        let spread = Spread::of(past);
        counts.push([spread.covered([day], 0.8), spread.covered([day], 0.95)]);
    }
    counts
}

fn row(
    name: &str,
    month: Option<(i16, i8)>,
    ours: &[Rolled],
    others: &[Vec<Rolled>],
    covered: &[[(u64, u64); 2]],
    format: Format,
) -> Month {
    let within = |day: &&Rolled| month.is_none_or(|month| month == (day.date.year(), day.date.month()));
    let error = Rolled::error(ours.iter().filter(within));
    let other = |at: usize| rounded(Rolled::error(others[at].iter().filter(within)).wape(), format);
    let share = |at: usize| {
        let days = ours.iter().zip(covered).filter(|(day, _)| within(day)).map(|(_, counts)| counts[at]);
        let (within, all) = days.fold((0, 0), |sum, day| (sum.0 + day.0, sum.1 + day.1));
        rounded((all > 0).then(|| within as f64 / all as f64), format)
    };
    Month {
        month: name.to_owned(),
        days: ours.iter().filter(within).count(),
        contacts: error.actual,
        wape: rounded(error.wape(), format),
        seasonal_naive: other(0),
        mean_10_weeks: other(1),
        mstl: other(2),
        noise_floor: rounded(noise_floor(ours.iter().filter(within)), format),
        bias: rounded(error.bias(), format),
        covered_80: share(0),
        covered_95: share(1),
    }
}

fn rounded(value: Option<f64>, format: Format) -> Option<f64> {
    value.map(|value| if format == Format::Table { (value * 1e4).round() / 1e4 } else { value })
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|why| Failure::because(format!("reading {}", path.display()), &why))
}
