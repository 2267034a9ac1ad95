//! Layouts as they ship, and civil periods. That papers are the same bytes again is tested over logs, in `tests/papers.rs`.

use super::layout::SHIPPED;
use super::*;

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// A report names the layout by which it was frozen, so a layout that has shipped never changes: a change is another version in
/// another file, and another line here.
#[test]
fn layouts_that_shipped_are_as_they_were() {
    let pinned = SHIPPED.map(|text| {
        let layout = Layout::read(text).unwrap();
        (format!("{}@{}", layout.id, layout.version), hex(&digest(text.as_bytes()))[..16].to_owned())
    });
    let pinned = pinned.each_ref().map(|(name, digest)| (name.as_str(), digest.as_str()));
    assert_eq!(
        pinned,
        [
            ("daily@1", "55fee04aa1e69bc9"),
            ("weekly@1", "76744d707476d5f6"),
            ("monthly@1", "882b5d7f49b5b8a6")
        ]
    );
}

#[test]
fn every_layout_names_its_formulas_and_every_column_has_two_names() {
    for layout in Layout::newest() {
        let formulas = layout.formulas().unwrap();
        assert!(formulas.contains(&"sl.offered@1".to_owned()), "{formulas:?}");
        assert!(formulas.len() <= cordboard_floor::limits::PAPER_FORMULAS_MAX);
        assert!(formulas.iter().all(|name| name.len() <= cordboard_floor::limits::PAPER_FORMULA_BYTES_MAX));
        let stretch = Stretch { from: at("2026-11-22T00:00:00Z"), to: at("2026-11-23T00:00:00Z") };
        for section in &layout.sections {
            let ask = section.ask(stretch, "UTC", crate::report::Formulas::Newest);
            for column in ask.columns().unwrap() {
                let title = column_title(&column.name());
                assert!(!title.zh.is_ascii() && !title.en.is_empty(), "{title:?}");
            }
        }
    }
}

#[test]
fn a_layout_that_contradicts_itself_is_refused_with_the_place() {
    let daily = SHIPPED[0];
    for (from, to, said) in [
        ("sort = \"wrapups\"", "sort = \"wrap_ups\"", "no column wrap_ups"),
        ("interval = \"30min\"", "interval = \"20min\"", "no interval"),
        ("authors = [\"coordinator\", \"shift_leader\"]", "authors = []", "somebody writes"),
        ("id = \"queues\"", "id = \"half_hours\"", "there twice"),
        ("by = \"site\"", "by = \"code\"", "not made by"),
        ("days = 0, at = \"09:30\"", "days = 0, at = \"00:30\"", "due after"),
        ("version = 1", "version = 0", "count from 1"),
        ("period = \"day\"", "period = \"decade\"", "decade"),
    ] {
        let why = Layout::read(&daily.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(why.contains(said), "{why}");
    }
}

#[test]
fn periods_are_civil_and_are_named_as_people_name_them() {
    let zone = "Asia/Shanghai";
    for (period, text, from, to, name) in [
        (Period::Day, "2026-11-22", "2026-11-21T16:00:00Z", "2026-11-22T16:00:00Z", "2026-11-22"),
        (Period::Week, "2026-W47", "2026-11-15T16:00:00Z", "2026-11-22T16:00:00Z", "2026-W47"),
        (Period::Week, "2026-11-22", "2026-11-15T16:00:00Z", "2026-11-22T16:00:00Z", "2026-W47"),
        (Period::Month, "2026-11", "2026-10-31T16:00:00Z", "2026-11-30T16:00:00Z", "2026-11"),
        // The week in which a year begins belongs to the year of its Thursday.
        (Period::Week, "2027-01-01", "2026-12-27T16:00:00Z", "2027-01-03T16:00:00Z", "2026-W53"),
    ] {
        let stretch = period.read(text, zone).unwrap();
        assert_eq!((stretch.from, stretch.to), (at(from), at(to)), "{text}");
        assert_eq!(period.name(stretch.from, zone).unwrap(), name);
    }
    // A day on which clocks are set has 23 hours.
    let spring = Period::Day.read("2026-03-29", "Europe/Berlin").unwrap();
    assert_eq!(spring.to.since(spring.from).0, 23 * 3_600_000);
    for (period, text, said) in [
        (Period::Day, "2026-13-01", "2026-11-22"),
        (Period::Week, "2026-W60", "2026-W47"),
        (Period::Month, "last", "2026-11"),
    ] {
        assert!(period.read(text, zone).unwrap_err().to_string().contains(said), "{text}");
    }
}

#[test]
fn the_time_to_freeze_comes_after_the_period_by_the_sites_clocks() {
    let (daily, zone) = (Layout::find("daily").unwrap(), "Asia/Shanghai");
    // 00:59 and 01:00 on the 23rd in Shanghai.
    let (before, then) = (at("2026-11-22T16:59:00Z"), at("2026-11-22T17:00:00Z"));
    let last = |now, hour| daily.come(now, zone, hour, 3).unwrap();
    assert_eq!(last(before, None).last().unwrap().to, at("2026-11-21T16:00:00Z"));
    let come = last(then, None);
    assert_eq!(come.last().unwrap().to, at("2026-11-22T16:00:00Z"));
    assert_eq!(come.len(), 3);
    assert!(come.windows(2).all(|pair| pair[0].to == pair[1].from), "the oldest first, without a gap");
    assert_eq!(last(then, Some(6)).last().unwrap().to, at("2026-11-21T16:00:00Z"), "the site freezes at six");
    // Due at 9:30 the same morning; the weekly one on Friday at nine.
    assert_eq!(daily.due_at(at("2026-11-22T16:00:00Z"), zone).unwrap(), at("2026-11-23T01:30:00Z"));
    let weekly = Layout::find("weekly").unwrap();
    assert_eq!(weekly.due_at(at("2026-11-22T16:00:00Z"), zone).unwrap(), at("2026-11-27T01:00:00Z"));
}

#[test]
fn what_this_program_does_not_know_is_said() {
    let why = Layout::find_version("daily", 9).unwrap_err().to_string();
    assert!(why.contains("daily@9") && why.contains("daily@1"), "{why}");
    let why = Layout::find("yearly").unwrap_err().to_string();
    assert!(why.contains("yearly") && why.contains("monthly@1"), "{why}");
    let formulas = crate::report::Formulas::recorded(["sl.offered@1", "sl.offered@7"]);
    assert!(PaperError::from(formulas.unwrap_err()).to_string().contains("sl.offered@7"));
}
