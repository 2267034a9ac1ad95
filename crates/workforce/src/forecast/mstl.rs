//! MSTL with ETS, by the library. It wants a series without holes, so a missing day is as the same weekday of another week.

use super::series::Series;
use augurs_core::{Fit as _, Predict as _};
use augurs_ets::AutoETS;
use augurs_mstl::MSTLModel;
use jiff::{ToSpan as _, civil::Date};

pub(super) fn forecast(
    series: &Series,
    origin: Date,
    days: &[Date],
    weeks: usize,
) -> Result<Vec<Vec<f64>>, String> {
    let Some(last) = days.iter().max() else { return Ok(Vec::new()) };
    let (first, _) = series.span().ok_or("there is nothing before")?;
    let begin = first.max(origin.saturating_sub((weeks as i64 * 7).days()));
    let mut values = Vec::new();
    let mut date = begin;
    while date < origin {
        values.extend_from_slice(like(series, date, begin, origin).ok_or("a weekday was never seen")?);
        date = date.tomorrow().map_err(|fault| fault.to_string())?;
    }
    let intervals = series.intervals();
    if values.len() < 3 * 7 * intervals {
        return Err("three weeks are the least".to_owned());
    }
    let ahead = (*last - origin).get_days().max(0) as usize + 1;
    let model = MSTLModel::new(vec![intervals, 7 * intervals], AutoETS::non_seasonal().into_trend_model());
    let fitted = model.fit(&values).map_err(|fault| fault.to_string())?;
    let told = fitted.predict(ahead * intervals, None).map_err(|fault| fault.to_string())?;
    let of = |day: &Date| {
        let at = (*day - origin).get_days().max(0) as usize * intervals;
        let counts = told.point.get(at..at + intervals).ok_or("the model stopped early")?;
        Ok(counts.iter().map(|count| if count.is_finite() { count.max(0.0) } else { 0.0 }).collect())
    };
    days.iter().map(of).collect()
}

fn like(series: &Series, date: Date, begin: Date, origin: Date) -> Option<&[f64]> {
    let weeks = (1..=8i64).flat_map(|week| [-week, week]);
    let others = weeks.map(|week| date.saturating_add((week * 7).days()));
    std::iter::once(date)
        .chain(others.filter(|other| *other >= begin && *other < origin))
        .find_map(|other| series.day(other))
}
