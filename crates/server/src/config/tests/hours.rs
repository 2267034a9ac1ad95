//! A calendar as moments: weekdays, holidays, make-up days, nights, clock changes.

use super::good;
use crate::config::hours::is_news;
use cordboard_floor::Instant;
use cordboard_floor::configuration::Span;

/// What opens and closes in the days after a moment, in UTC.
#[track_caller]
fn open(calendar: &str, from: &str, count: usize) -> Vec<String> {
    let text =
        format!("[queue_defaults]\nhours = \"office\"\n[queues.loans]\n[calendars.office]\n{calendar}\n");
    let settings = good(&text, &[]);
    let spans = settings.calendars["office"].spans(Instant::parse(from).expect("a moment"));
    let short = |instant: Instant| instant.to_string().replace(":00.000Z", "");
    spans.iter().take(count).map(|span| format!("{} {}", short(span.from), short(span.until))).collect()
}

const WEEK: &str = r#"weekly = { mon = ["08:00-12:00", "13:00-18:00"], tue = ["08:00-18:00"], wed = ["08:00-18:00"], thu = ["08:00-18:00"], fri = ["08:00-18:00"] }"#;

#[test]
fn a_working_week_in_the_sites_zone_with_the_span_that_runs() {
    // A Friday, 15:00 in Shanghai.
    let spans = open(WEEK, "2026-11-20T07:00:00Z", 4);
    let expected = [
        "2026-11-20T00:00 2026-11-20T10:00",
        "2026-11-23T00:00 2026-11-23T04:00",
        "2026-11-23T05:00 2026-11-23T10:00",
        "2026-11-24T00:00 2026-11-24T10:00",
    ];
    assert_eq!(spans, expected);
    // The moment at which it closes is past.
    assert_eq!(open(WEEK, "2026-11-20T10:00:00Z", 1), expected[1..2]);
}

#[test]
fn holidays_close_and_make_up_days_win_over_weekdays_and_holidays() {
    let text = format!(
        "{WEEK}\nholidays = [\"2026-10-01..2026-10-07\", \"2026-10-08\"]\n\
         [calendars.office.days]\n\"2026-10-10\" = [\"08:00-17:00\"]\n\"2026-10-05\" = [\"10:00-12:00\"]\n\"2026-10-12\" = []\n"
    );
    let spans = open(&text, "2026-10-01T00:00:00Z", 4);
    let expected = [
        "2026-10-05T02:00 2026-10-05T04:00",
        "2026-10-09T00:00 2026-10-09T10:00",
        "2026-10-10T00:00 2026-10-10T09:00",
        "2026-10-13T00:00 2026-10-13T10:00",
    ];
    assert_eq!(spans, expected);
}

#[test]
fn hours_past_midnight_belong_to_the_day_on_which_they_begin() {
    let text = "zone = \"UTC\"\nweekly = { fri = [\"22:00-06:00\"], sat = [\"22:00-06:00\"] }\nholidays = [\"2026-11-21\"]";
    // Saturday is a holiday: Friday's night still ends on it, its own does not begin.
    let spans = open(text, "2026-11-21T03:00:00Z", 2);
    assert_eq!(spans, ["2026-11-20T22:00 2026-11-21T06:00", "2026-11-27T22:00 2026-11-28T06:00"]);
}

#[test]
fn adjoining_hours_are_one_span() {
    let text =
        "zone = \"UTC\"\nweekly = { mon = [\"08:00-12:00\", \"12:00-24:00\"], tue = [\"00:00-06:00\"] }";
    assert_eq!(open(text, "2026-11-22T00:00:00Z", 1), ["2026-11-23T08:00 2026-11-24T06:00"]);
    let always = "zone = \"UTC\"\nweekly = { mon = [\"00:00-24:00\"], tue = [\"00:00-24:00\"], wed = [\"00:00-24:00\"], thu = [\"00:00-24:00\"], fri = [\"00:00-24:00\"], sat = [\"00:00-24:00\"], sun = [\"00:00-24:00\"] }";
    assert_eq!(open(always, "2026-11-22T09:00:00Z", 9).len(), 1);
}

#[test]
fn a_clock_that_changes_moves_what_it_skips_and_takes_the_first_of_what_comes_twice() {
    let berlin = |hours: &str| format!("zone = \"Europe/Berlin\"\nweekly = {{ sun = [\"{hours}\"] }}");
    // 2027-03-28: 02:00 to 03:00 is skipped. 2026-10-25: it comes twice.
    let spring = |hours: &str| open(&berlin(hours), "2027-03-28T00:00:00Z", 1).remove(0);
    let autumn = |hours: &str| open(&berlin(hours), "2026-10-25T00:00:00Z", 1).remove(0);
    assert_eq!(spring("01:00-06:00"), "2027-03-28T00:00 2027-03-28T04:00");
    assert_eq!(spring("02:30-06:00"), "2027-03-28T01:30 2027-03-28T04:00");
    assert_eq!(spring("02:30-03:00"), "2027-04-04T00:30 2027-04-04T01:00", "swallowed, so a week later");
    assert_eq!(autumn("02:30-06:00"), "2026-10-25T00:30 2026-10-25T05:00");
    assert_eq!(autumn("01:00-02:30"), "2026-10-24T23:00 2026-10-25T00:30");
}

#[test]
fn four_months_are_told_and_what_never_opens_again_is_not_left_to_hands() {
    let spans = open(WEEK, "2026-11-20T07:00:00Z", 1_000);
    assert_eq!(spans.last().map(String::as_str), Some("2027-03-19T00:00 2027-03-19T10:00"));
    let past = "[calendars.office.days]\n\"2020-01-01\" = [\"08:00-12:00\"]";
    assert_eq!(open(past, "2026-11-20T07:00:00Z", 9), ["9999-12-31T00:00 9999-12-31T00:00:00.001Z"]);
    let far = "zone = \"UTC\"\n[calendars.office.days]\n\"2028-02-29\" = [\"08:00-12:00\"]";
    assert_eq!(open(far, "2026-11-20T07:00:00Z", 9), ["2028-02-29T08:00 2028-02-29T12:00"]);
}

#[test]
fn hours_are_told_again_when_they_differ_or_no_longer_reach_far_enough() {
    let spans = |hours: &str, from: &str| -> Vec<Span> {
        let weekly =
            ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(|day| format!("{day} = [\"{hours}\"]"));
        let calendar = format!("[calendars.office]\nweekly = {{ {} }}", weekly.join(", "));
        let settings = good(&format!("{calendar}\n[queues.loans]\nhours = \"office\"\n"), &[]);
        settings.calendars["office"].spans(Instant::parse(from).expect("a moment"))
    };
    let (today, soon, later) = ("2026-11-22T03:00:00Z", "2027-01-10T09:00:00Z", "2027-02-10T03:00:00Z");
    let news = |known: &str, fresh: &str, at: &str| {
        is_news(&spans(known, today), &spans(fresh, at), Instant::parse(at).expect("a moment"))
    };
    for hours in ["08:00-12:00", "00:00-24:00"] {
        assert!(is_news(&[], &spans(hours, today), Instant::parse(today).expect("a moment")));
        assert!(!news(hours, hours, today), "{hours}");
        assert!(!news(hours, hours, soon), "{hours}");
        assert!(news(hours, hours, later), "{hours}: 40 days are left of 120");
    }
    assert!(news("08:00-12:00", "08:00-12:30", soon));
}
