//! Forecasts: of series whose truth is known, and of a real year.

use cordboard_workforce::forecast::*;
use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;
use std::path::PathBuf;

/// A small generator of our own, so that a seed means the same for ever (xorshift64*; S. Vigna).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Poisson, by multiplying until it is spent, in parts that do not underflow.
    fn poisson(&mut self, mean: f64) -> f64 {
        let (mut left, mut count) = (mean, 0.0);
        while left > 0.0 {
            let part = left.min(30.0);
            let end = (-part).exp();
            let mut product = self.next();
            while product > end {
                count += 1.0;
                product *= self.next();
            }
            left -= part;
        }
        count
    }

    /// Around 1 with this coefficient of variation: a mean of uniform numbers is normal enough.
    fn around_one(&mut self, cv: f64) -> f64 {
        let sum: f64 = (0..12).map(|_| self.next()).sum();
        (1.0 + cv * (sum - 6.0)).max(0.1)
    }
}

const INTERVALS: usize = 48;

fn rate(date: Date, interval: usize) -> f64 {
    let heavy = [1.3, 1.1, 1.0, 1.0, 0.9, 0.4, 0.2][date.weekday().to_monday_zero_offset() as usize];
    let hour = interval as f64 / 2.0;
    let bell = |at: f64, wide: f64| (-((hour - at) / wide).powi(2)).exp();
    heavy * (2.0 + 60.0 * bell(10.5, 2.5) + 45.0 * bell(16.0, 3.0))
}

fn synthetic(seed: u64, days: i64, cv: f64) -> Series {
    let mut chance = Chance(seed * 0x9E37_79B9 + 1);
    let mut series = Series::new(INTERVALS).unwrap();
    let mut day = date(2026, 1, 5);
    for _ in 0..days {
        let busy = chance.around_one(cv);
        series.add(day, (0..INTERVALS).map(|at| chance.poisson(busy * rate(day, at))).collect()).unwrap();
        day = day.tomorrow().unwrap();
    }
    series
}

fn profile() -> Method {
    Method::Profile(Profile { weeks: 10, half_life_days: 30.0, pooled_days: 10.0, month: false })
}

fn data(name: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("skipped: {} is not there", path.display());
    }
    text
}

#[test]
fn a_profile_errs_little_more_than_chance_and_less_than_the_naive() {
    for seed in 1..=5 {
        let series = synthetic(seed, 98, 0.08);
        let span = (date(2026, 3, 30), date(2026, 4, 12));
        let wape = |method: &Method| {
            Rolled::error(&rolling(method, &series, &Calendar::default(), span, 14, 14).unwrap())
                .wape()
                .unwrap()
        };
        let rolled = rolling(&profile(), &series, &Calendar::default(), span, 14, 14).unwrap();
        let (ours, floor) = (wape(&profile()), noise_floor(&rolled).unwrap());
        let (naive, mean) = (wape(&Method::SeasonalNaive), wape(&Method::WeekdayMean { weeks: 10 }));
        assert!(
            ours < naive && ours < mean * 1.02 && floor < ours && ours < floor * 1.35,
            "{ours} {naive} {mean} {floor}"
        );
    }
}

#[test]
fn intervals_cover_what_they_say() {
    let (mut eighty, mut most, mut all) = (0, 0, 0);
    for seed in 1..=6 {
        let series = synthetic(seed, 140, 0.08);
        let calendar = Calendar::default();
        let past =
            rolling(&profile(), &series, &calendar, (date(2026, 3, 2), date(2026, 4, 26)), 14, 14).unwrap();
        let spread = Spread::of(&past);
        let then =
            rolling(&profile(), &series, &calendar, (date(2026, 4, 27), date(2026, 5, 24)), 14, 14).unwrap();
        let (within, of) = spread.covered(&then, 0.8);
        (eighty, all) = (eighty + within, all + of);
        most += spread.covered(&then, 0.95).0;
    }
    let (eighty, most) = (eighty as f64 / all as f64, most as f64 / all as f64);
    assert!((eighty - 0.8).abs() < 0.03 && (most - 0.95).abs() < 0.03, "{eighty} {most}");
}

#[test]
fn holidays_make_up_days_and_events_are_known_beforehand() {
    let mut series = Series::new(INTERVALS).unwrap();
    let calendar = Calendar::parse(
        "date,kind,like,factor\n2026-02-04,holiday,sun,\n2026-02-28,,fri,\n2026-03-05,,,2\n2026-04-01,holiday,,\n2026-04-04,,mon,\n2026-04-08,,,1.5\n",
    )
    .unwrap();
    let mut day = date(2026, 1, 5);
    while day < date(2026, 4, 1) {
        let special = calendar.special(day);
        let like = special.and_then(|special| special.like).unwrap_or(day.weekday());
        let like_day = date(2026, 1, 4 + like.to_monday_one_offset());
        let closed = special.is_some_and(|special| special.kind.is_some());
        let factor = if closed { 0.1 } else { special.map_or(1.0, |special| special.factor) };
        series.add(day, (0..INTERVALS).map(|at| factor * rate(like_day, at)).collect()).unwrap();
        day = day.tomorrow().unwrap();
    }
    let days = [date(2026, 4, 1), date(2026, 4, 4), date(2026, 4, 8), date(2026, 4, 9)];
    let told = profile().forecast(&series, &calendar, date(2026, 4, 1), &days).unwrap();
    let totals: Vec<f64> = told.iter().map(|day| day.iter().sum()).collect();
    let whole = |weekday: i8| (0..INTERVALS).map(|at| rate(date(2026, 1, 4 + weekday), at)).sum::<f64>();
    for (told, true_total) in totals.iter().zip([0.1 * whole(7), whole(1), 1.5 * whole(3), whole(4)]) {
        assert!((told - true_total).abs() < 1e-6 * true_total, "{told} {true_total}");
    }
    assert_eq!(calendar.special(date(2026, 4, 4)).unwrap().like, Some(Weekday::Monday));
}

#[test]
fn a_day_out_of_the_ordinary_shapes_nothing() {
    let series = synthetic(3, 98, 0.0);
    let mut broken = Series::new(INTERVALS).unwrap();
    for (day, counts) in series.days() {
        let out = day == date(2026, 3, 25);
        broken.add(day, counts.iter().map(|count| if out { count * 8.0 } else { *count }).collect()).unwrap();
    }
    let days = [date(2026, 4, 8)];
    let of = |series: &Series| {
        let told = profile().forecast(series, &Calendar::default(), date(2026, 4, 1), &days).unwrap();
        told[0].iter().sum::<f64>()
    };
    assert!((of(&broken) / of(&series) - 1.0).abs() < 0.01);
}

#[test]
fn the_rest_of_a_day_follows_what_was_seen() {
    let forecast = [10.0, 50.0, 50.0, 50.0];
    assert_eq!(reforecast(&forecast, &[], 0.1).factor, 1.0);
    let early = reforecast(&forecast, &[20.0], 0.1);
    let late = reforecast(&forecast, &[20.0, 100.0], 0.1);
    assert!((early.factor - 120.0 / 110.0).abs() < 1e-12 && (late.factor - 220.0 / 160.0).abs() < 1e-12);
    assert_eq!(late.intervals[..2], [20.0, 100.0]);
    assert!((late.intervals[3] - 50.0 * late.factor).abs() < 1e-12);
    assert_eq!(reforecast(&forecast, &[20.0], f64::NAN).intervals, [20.0, 50.0, 50.0, 50.0]);
    assert_eq!(reforecast(&[1.0], &[1.0, 2.0, 3.0], 0.1).intervals, [1.0]);
}

#[test]
fn days_vary_by_what_chance_alone_does_not_explain() {
    // Ten days of 400 that came 20 % above or below: 0.04 − 1/400 is left.
    let wild: Vec<(f64, f64)> =
        (0..10).map(|day| (400.0, if day % 2 == 0 { 480.0 } else { 320.0 })).collect();
    assert!((variation(&wild).unwrap() - (0.04_f64 - 1.0 / 400.0).sqrt()).abs() < 1e-12);
    // Days that differ by no more than chance are still not taken to be certain.
    let calm: Vec<(f64, f64)> = (0..10).map(|day| (400.0, 399.0 + f64::from(day % 3))).collect();
    assert_eq!(variation(&calm), Some(VARIATION_MIN));
    // Too few, and days of which nothing was forecast, say nothing.
    assert_eq!(variation(&wild[..VARIATION_DAYS_MIN - 1]), None);
    assert_eq!(variation(&[(0.0, 3.0), (f64::NAN, 1.0), (1.0, f64::NAN), (1.0, -1.0), (2.0, 2.0)]), None);
}

#[test]
fn what_is_wrong_is_told_by_line() {
    for (text, why) in [
        ("date,a,b\n2026-01-01,1", "has 1 intervals"),
        ("date,a\n2026-13-01,1", "line 2"),
        ("date,a\n2026-01-01,x", "no number of contacts"),
        ("date,a\n2026-01-01,-1", "no number of contacts"),
        ("date,a\n2026-01-01,NaN", "no number of contacts"),
        ("date,a\n2026-01-01,1\n2026-01-01,1", "twice"),
        ("", "days"),
    ] {
        let told = Series::parse(text).unwrap_err().to_string();
        assert!(told.contains(why), "{text:?}: {told}");
    }
    let many = "x".repeat(KIND_BYTES_MAX + 1);
    for line in [
        "2026-01-01,,someday,",
        "2026-01-01,,,inf",
        "soon,,,",
        &format!("2026-01-01,{many}"),
        "2026-01-01,,,1,more",
    ] {
        assert!(Calendar::parse(line).is_err(), "{line}");
    }
    let year = |from: i64| date(1900, 1, 1).saturating_add(jiff::Span::new().days(from));
    let days: String = (0..=CALENDAR_DAYS_MAX as i64).map(|day| format!("{},,,2\n", year(day))).collect();
    assert_eq!(Calendar::parse(&days).unwrap_err(), CalendarFault::Size);
    assert!(Series::new(INTERVALS_MAX + 1).is_err() && Series::new(0).is_err());
    let mut long = Series::new(1).unwrap();
    for day in 0..DAYS_MAX as i64 {
        long.add(year(day), vec![0.0]).unwrap();
    }
    assert_eq!(long.add(date(2026, 1, 1), vec![0.0]).unwrap_err(), SeriesFault::Size);
    let series = synthetic(1, 3, 0.0);
    for method in Method::candidates() {
        let none = method.forecast(&series, &Calendar::default(), date(2026, 1, 5), &[date(2026, 1, 6)]);
        assert!(none.is_err(), "{method}");
    }
}

#[test]
fn a_poisson_number_errs_by_what_de_moivre_says() {
    for mean in [0.2, 1.0, 3.7, 40.0] {
        let mut term: f64 = f64::exp(-mean);
        let mut sum = 0.0;
        for count in 0..400 {
            sum += term * (f64::from(count) - mean).abs();
            term *= mean / f64::from(count + 1);
        }
        assert!((poisson_error(mean) - sum).abs() < 1e-9, "{mean}");
    }
    assert_eq!(poisson_error(f64::NAN), 0.0);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn whatever_came_in_the_forecast_is_a_number(
        counts in prop::collection::vec(prop_oneof![Just(0.0), 0.0..3.0f64, 0.0..1e6f64], 4 * 40), missing in 0usize..40,
        half_life_days in 1.0..400.0f64, pooled_days in 0.0..50.0f64, month: bool, weeks in 1usize..20,
    ) {
        let mut series = Series::new(4).unwrap();
        let mut day = date(2026, 1, 5);
        for (at, counts) in counts.chunks(4).enumerate() {
            if at != missing {
                series.add(day, counts.to_vec()).unwrap();
            }
            day = day.tomorrow().unwrap();
        }
        let days = [day, day.tomorrow().unwrap()];
        let profile = Method::Profile(Profile { weeks, half_life_days, pooled_days, month });
        for method in [profile, Method::WeekdayMean { weeks }, Method::Mstl { weeks: 12 }] {
            if let Ok(told) = method.forecast(&series, &Calendar::default(), day, &days) {
                prop_assert!(told.iter().flatten().all(|count| count.is_finite() && *count >= 0.0), "{method}: {told:?}");
            }
        }
    }
}

#[test]
fn the_real_bank_is_read_and_its_holes_are_bridged() {
    let Some(text) = data("bank-1999-arrivals-6min-jan-sep.csv") else { return };
    let series = Series::parse(&text).unwrap().joined(5).unwrap();
    assert_eq!((series.intervals(), series.days().count()), (48, 271));
    assert!(series.day(date(1999, 1, 11)).is_none());
    let span = (date(1999, 4, 26), date(1999, 5, 23));
    for method in
        [Method::SeasonalNaive, Method::WeekdayMean { weeks: 10 }, Method::Mstl { weeks: 12 }, profile()]
    {
        let rolled = rolling(&method, &series, &Calendar::default(), span, 14, 14).unwrap();
        let wape = Rolled::error(&rolled).wape().unwrap();
        assert!((0.1..0.6).contains(&wape), "{method}: {wape}");
    }
}
