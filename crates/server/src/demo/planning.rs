//! What a demonstration's planner has prepared: the forecast of the calls that its callers are told to make, the people that
//! these need, and a roster of today that begins now, so that attendance and adherence live from the first minute on. Every tenth
//! agent should have been there already.

use super::CALLS_PER_AGENT_MINUTE;
use crate::failure::Failure;
use crate::house::House;
use cordboard_api::staffing::{NeedTerms, QUANTILES, Target, intervals_of, need_of};
use cordboard_centre::workforce::Command;
use cordboard_engine::Answer;
use cordboard_floor::{AccountId, AgentId, Instant, Millis, QueueId, Submission};
use cordboard_workforce::Day;
use cordboard_workforce::adherence::Planned;
use cordboard_workforce::civil::day_of;
use cordboard_workforce::event::ForecastPublished;
use cordboard_workforce::id::{ForecastId, RosterId, ShiftCode};
use cordboard_workforce::outlook::{NewForecast, OutlookDay, Point};
use cordboard_workforce::roster::minutes_on;
use cordboard_workforce::shift::{NewRoster, Part, Sketch};
use cordboard_workforce::staffing::{Formula, Model, Shrinkage};
use jiff::tz::TimeZone;

/// How long a shift of the demonstration is.
const SHIFT: Millis = Millis(8 * 3_600_000);
/// When shifts begin: people need a moment to come in.
const BEGINS_IN: Millis = Millis(20_000);
/// By how much those who come late should have been there.
const LATE: Millis = Millis(10 * 60_000);
/// Days that are planned ahead.
const DAYS: i32 = 14;
/// About how long a call takes, with the work after it.
const AHT_MS: u32 = 30_000;
/// Which share of rostered time is not spent at the phone.
const SHRINKAGE: f64 = 0.2;

/// Prepares all of it, as the planner and the director.
pub(super) async fn plan(
    house: &House,
    agents: &[AgentId],
    queues: &[(QueueId, u64)],
) -> Result<(), Failure> {
    let zone = house.door.views.board.read().map_or_else(
        |_| TimeZone::UTC,
        |board| TimeZone::get(&board.settings().zone).unwrap_or(TimeZone::UTC),
    );
    let now = Instant::from_micros(crate::account::wall_us());
    let today = day_of(now, &zone).map(Day::of).map_err(|why| Failure::failed(why.to_string()))?;
    let whole: u64 = queues.iter().map(|(_, weight)| weight).sum();
    let per_minute = CALLS_PER_AGENT_MINUTE * agents.len() as f64;
    for (queue, weight) in queues {
        let volume = per_minute * 30.0 * *weight as f64 / whole.max(1) as f64;
        forecast(house, *queue, volume, today, &zone).await?;
    }
    let account = AccountId::fixed("planner");
    let roster = NewRoster {
        from: today,
        days: 1,
        name: "demo".to_owned(),
        class: agents.to_vec(),
        rest: None,
        requirement: None,
    };
    let roster = RosterId(ask(house, Command::DraftRoster { roster, account }).await?);
    let code = code_of(now, today, &zone)?;
    let shifts: Vec<Sketch> =
        agents.iter().enumerate().map(|(nth, agent)| shift(*agent, nth as u64, now, today, code)).collect();
    for shifts in shifts.chunks(200) {
        ask(house, Command::AddShifts { roster, shifts: shifts.to_vec() }).await?;
    }
    ask(house, Command::PublishRoster { roster, account: AccountId::fixed("director") }).await?;
    Ok(())
}

async fn forecast(
    house: &House,
    queue: QueueId,
    volume: f64,
    today: Day,
    zone: &TimeZone,
) -> Result<(), Failure> {
    let time = |why: cordboard_workforce::civil::NoSuchTime| Failure::failed(why.to_string());
    let milli = |value: f64| (value.max(0.0) * 1_000.0) as u32;
    // Between eight and twenty-two, and by chance alone as much as that varies.
    let spread = |times: f64| milli(volume + times * volume.sqrt());
    let busy = Point {
        volume_milli: milli(volume),
        aht_ms: AHT_MS,
        quantiles: [-1.96, -1.28, 1.28, 1.96].map(spread).into(),
    };
    let quiet = Point { volume_milli: 0, aht_ms: AHT_MS, quantiles: vec![0; QUANTILES.len()] };
    let mut days = Vec::new();
    for ahead in 0..DAYS {
        let day = today.plus(ahead);
        let intervals = intervals_of(day, zone).map_err(time)?;
        let from = intervals.first().map_or_else(Default::default, |(from, _)| *from);
        let of = |(_, place): &(Instant, usize)| {
            if (16..44).contains(place) { busy.clone() } else { quiet.clone() }
        };
        days.push(OutlookDay { day, from, intervals: intervals.iter().map(of).collect() });
    }
    let (method, interval_ms) = (cordboard_workforce::id::MethodId::fixed("stated"), Millis(30 * 60_000));
    let new = NewForecast { queue, method, interval_ms, quantiles: QUANTILES.into(), days: days.clone() };
    let last = ask(house, Command::PublishForecast(new)).await?;
    let forecast = ForecastId(last + 1 - days.len() as u64);
    let told: Vec<ForecastPublished> = days
        .into_iter()
        .map(|OutlookDay { day, from, intervals: points }| ForecastPublished {
            forecast,
            queue,
            method,
            day,
            from,
            interval_ms,
            quantiles: QUANTILES.into(),
            points,
        })
        .collect();
    let wrong = |why: &dyn std::fmt::Display| Failure::failed(why.to_string());
    let terms = NeedTerms {
        goals: vec![Target { at_least: 0.8, within_s: 20.0 }.by(Formula::default())],
        model: Model::erlang_a(60.0).map_err(|why| wrong(&why))?,
        shrinkage: Shrinkage::of(&[SHRINKAGE]).map_err(|why| wrong(&why))?,
    };
    let need = need_of(&told.iter().collect::<Vec<_>>(), &terms).map_err(|why| wrong(&why))?;
    if let Some(need) = need {
        ask(house, Command::PublishRequirement(need)).await?;
    }
    Ok(())
}

/// How the shipped rules call a shift that begins at this time of day: a roster knows what it has.
fn code_of(now: Instant, day: Day, zone: &TimeZone) -> Result<ShiftCode, Failure> {
    let minute = minutes_on(day, now, zone).map_err(|why| Failure::failed(why.to_string()))?;
    Ok(match minute {
        ..600 => ShiftCode::fixed("early"),
        600..780 => ShiftCode::fixed("middle"),
        _ => ShiftCode::fixed("late"),
    })
}

/// A shift that begins now, with two breaks and a meal, not everybody's at once.
fn shift(agent: AgentId, nth: u64, now: Instant, day: Day, code: ShiftCode) -> Sketch {
    let begins = now.plus(BEGINS_IN);
    let from = if nth % 10 == 9 { begins.minus(LATE) } else { begins };
    let minutes = |minutes: u64| from.plus(Millis(minutes * 60_000));
    let part = |activity, begin: u64, long: u64| Part {
        activity,
        from: minutes(begin),
        until: minutes(begin + long),
    };
    let turn = 15 * (nth % 4);
    Sketch {
        agent,
        day,
        code,
        from,
        until: from.plus(SHIFT),
        parts: vec![
            part(Planned::Break, 15 + turn, 15),
            part(Planned::Meal, 180 + turn, 60),
            part(Planned::Break, 360 + turn, 15),
        ],
        relief: false,
    }
}

async fn ask(house: &House, command: Command) -> Result<u64, Failure> {
    match house.door.ask(Submission::system("demo", command)).await {
        Ok(Answer::Done { seq, .. }) => Ok(seq),
        other => Err(Failure::failed(format!("the demonstration could not be planned: {other:?}"))),
    }
}
