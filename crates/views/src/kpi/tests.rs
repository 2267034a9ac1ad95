//! The catalogue held against what was asked for: the published fixtures, each by its name; every figure that is
//! wanted; and that parts add up to the whole.

use super::measure::MeasureUnit;
use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn sums(written: &str) -> Sums {
    let mut sums = Sums::new();
    for pair in written.split(' ') {
        let (slug, value) = pair.split_once('=').unwrap();
        sums.set(slug.parse().unwrap(), value.parse::<i64>().unwrap());
    }
    sums
}

fn switches(written: &[(&str, &str)]) -> Switches {
    let mut switches = Switches::NONE;
    written.iter().for_each(|(name, value)| switches.set(name.parse().unwrap(), value).unwrap());
    switches
}

/// As a percentage with so many decimals.
fn percent(ratio: &Ratio, decimals: usize) -> String {
    format!("{:.decimals$}", ratio.value().unwrap().rendered() * 100.0)
}

fn evaluated(id: &str, asked: &[(&str, &str)], counted: &Sums) -> Ratio {
    evaluate(id, &switches(asked), counted).unwrap_or_else(|why| panic!("{id}: {why}"))
}

#[test]
fn five_service_levels_of_one_hour_by_their_names() {
    let hour = sums("answered=1000 abandoned=60 answered_within=860 abandoned_within=20 short_abandoned=10");
    for (id, over, under, shown) in [
        ("sl.positive", 880, 1060, "83.02"),
        ("sl.answered_only", 860, 1000, "86.00"),
        ("sl.offered", 860, 1060, "81.13"),
        ("sl.ignore_fast_abandon", 860, 1040, "82.69"),
        ("sl.short_positive", 870, 1060, "82.08"),
        ("sl.genesys", 860, 1050, "81.90"),
    ] {
        let ratio = evaluated(id, &[], &hour);
        assert_eq!((ratio.numerator(), ratio.denominator()), (over, under), "{id}");
        assert_eq!(percent(&ratio, 2), shown, "{id}");
    }
    // The sixth row of that table cannot be had of these numbers, and says what it lacks.
    let why = evaluate("sl.avaya_bcms", &Switches::NONE, &hour).unwrap_err().to_string();
    assert!(why.contains("needs overflowed, timed_out, transferred_waiting, withdrawn"), "{why}");
}

#[test]
fn the_switches_of_genesys_change_what_is_below_the_line() {
    let hour = sums(
        "answered=1000 abandoned=60 answered_within=860 short_abandoned=10 overflowed=3 timed_out=4 \
         transferred_waiting=5 withdrawn=8",
    );
    for (flow_out, short, abandons, under) in [
        ("excluded", "excluded", "counted", 1050),
        ("excluded", "counted", "counted", 1060),
        ("counted", "counted", "counted", 1080),
        ("counted", "excluded", "counted", 1070),
        // Who is out with all abandons is not taken off a second time as a short one.
        ("excluded", "excluded", "excluded", 1000),
        ("counted", "counted", "excluded", 1020),
    ] {
        let asked = [("flow_out", flow_out), ("short_abandons", short), ("abandons", abandons)];
        assert_eq!(evaluated("sl.genesys", &asked, &hour).denominator(), under, "{asked:?}");
    }
    // A measure that the switches leave out need not be counted.
    let without = sums("answered=1000 abandoned=60 answered_within=860");
    let asked = [("short_abandons", "counted")];
    assert_eq!(percent(&evaluated("sl.genesys", &asked, &without), 2), "81.13");
}

#[test]
fn three_service_levels_of_cisco_by_their_names() {
    // 100 offered: 70 answered in time, 10 left in time, 20 over it, however they ended.
    let day = "answered=85 abandoned=15 answered_within=70 abandoned_within=10 overflowed=0 timed_out=0 \
               transferred_waiting=0 withdrawn=0 offered=100";
    for (plain, cisco, shown) in [
        ("sl.ignore_fast_abandon", "sl.cisco_v15.ignore", "77.8"),
        ("sl.offered", "sl.cisco_v15.negative", "70.0"),
        ("sl.positive", "sl.cisco_v15.positive", "80.0"),
    ] {
        assert_eq!(percent(&evaluated(plain, &[], &sums(day)), 1), shown, "{plain}");
        assert_eq!(percent(&evaluated(cisco, &[], &sums(day)), 1), shown, "{cisco}");
    }
    // Who was dequeued had no service that could have been in time; who still waits may yet have it.
    let mut more = sums(day);
    for (measure, value) in [(Measure::Offered, 115), (Measure::Overflowed, 4), (Measure::Withdrawn, 6)] {
        more.set(measure, value);
    }
    assert_eq!(evaluated("sl.cisco_v15.negative", &[], &more).denominator(), 105);
    assert_eq!(evaluated("sl.avaya_bcms", &[], &more).denominator(), 110);
}

#[test]
fn who_waits_now_is_measured_by_who_waits_now() {
    let now = evaluated("sl.inqueue_live", &[], &sums("in_queue=8 in_queue_over=2"));
    assert_eq!(percent(&now, 0), "75");
    assert_eq!(evaluated("sl.inqueue_live", &[], &sums("in_queue=0 in_queue_over=0")).value(), None);
}

#[test]
fn figures_of_the_standards_come_out_as_published() {
    for (id, counted, shown) in [
        // 5 minutes late of an hour; 6 hours worked of 4 planned.
        ("kpi.adherence", "scheduled_ms=3600000 non_adherent_ms=300000", "0.9167"),
        ("kpi.conformance", "worked_ms=21600000 planned_ms=14400000", "1.5000"),
        ("kpi.attrition", "leavers=3 heads_at_start=100 heads_at_end=124", "0.0268"),
        ("kpi.aht", "talk_ms=500 hold_ms=60 wrapup_ms=41 handled=2", "301"),
        ("kpi.rings", "ring_accepted_ms=60000 offers_accepted=4", "3.00"),
        ("kpi.typing_speed", "typing_chars=1560 typing_ms=1800000", "52.00"),
        ("kpi.calls_per_hour", "handled=93 signed_in_ms=28800000", "11.63"),
        ("kpi.attitude_complaints", "complaints_attitude_upheld=3 contacts_handled=33000", "0.91"),
        ("kpi.backlog_ageing", "backlog_late=4 backlog_late_millicycles=9000", "2.25"),
        ("kpi.forecast.error", "forecast_missed_milli=12500 forecast_came_milli=100000", "0.1250"),
        ("kpi.forecast.noise_floor", "forecast_noise_milli=8000 forecast_came_milli=100000", "0.0800"),
        ("kpi.forecast.volume", "contacts_arrived=90 forecast_contacts=100", "-0.1000"),
        ("kpi.ewt.bias", "estimates=4 estimate_bias_ms=-4002", "-1001"),
    ] {
        let ratio = evaluated(id, &[], &sums(counted));
        assert_eq!(ratio.value().unwrap().to_string(), shown, "{id}");
    }
}

#[test]
fn every_figure_that_is_asked_for_is_there() {
    let twenty: [(u8, &[&str]); 20] = [
        (1, &["kpi.reach_total", "kpi.reach_agent", "kpi.reach_outbound"]),
        (2, &["kpi.inbound_occupation"]),
        (3, &["kpi.outbound_efficiency"]),
        (4, &["sl.positive", "sl.answered_only", "sl.offered", "sl.avaya_bcms", "sl.ignore_fast_abandon"]),
        (5, &["kpi.client_satisfaction.mean", "kpi.client_satisfaction.by_positive"]),
        (6, &["kpi.csat.by_negative", "kpi.csat.by_positive", "kpi.survey_response"]),
        (7, &["kpi.aht", "kpi.aht.without_hold"]),
        (8, &["kpi.ring_time", "kpi.rings"]),
        (9, &["kpi.asa.answered", "kpi.asa.all"]),
        (10, &["kpi.monitoring_pass", "kpi.monitoring_pass.agents"]),
        (11, &["kpi.fcr.repeat_window", "kpi.fcr.survey", "kpi.fcr.agent_flag"]),
        (12, &["kpi.occupancy", "kpi.occupancy.without_wrapup"]),
        (13, &["kpi.daily_outbound", "kpi.daily_outbound_reached"]),
        (14, &["kpi.daily_success"]),
        (15, &["kpi.attendance.heads", "kpi.attendance.hours"]),
        (16, &["kpi.cost_per_contact"]),
        (17, &["kpi.typing_speed"]),
        (18, &["kpi.exam_score"]),
        (19, &["kpi.attitude_complaints"]),
        (
            20,
            &[
                "kpi.actual_work",
                "kpi.abandon_time",
                "kpi.hold_per_hold",
                "kpi.calls_per_hour",
                "kpi.attrition",
                "kpi.outage",
            ],
        ),
    ];
    let catalogue = Catalogue::shipped();
    for (number, ids) in twenty {
        for id in ids {
            assert_eq!(catalogue.find(id).unwrap().number(), Some(number), "{id}");
        }
    }
    for id in [
        "kpi.abandonment",
        "kpi.abandonment.contacts",
        "kpi.asa.answered",
        "kpi.absenteeism",
        "kpi.attrition",
        "kpi.attrition.voluntary",
        "kpi.accuracy.end_user",
        "kpi.accuracy.business",
        "kpi.accuracy.compliance",
        "kpi.noncritical_errors",
        "kpi.backlog_ageing",
        "kpi.copc_score",
        "kpi.utilisation",
        "kpi.utilisation.at_work",
        "kpi.adherence",
        "kpi.conformance",
        "kpi.shrinkage",
        "kpi.transfers",
        "kpi.transfers.blind",
        "kpi.transfers.attended",
        "kpi.transfers.failed",
        "kpi.rona",
        "kpi.non_response",
        "kpi.non_response.without_abandons",
        "kpi.ewt.error",
        "kpi.ewt.bias",
        "kpi.ewt.exceeded",
        "kpi.forecast.volume",
        "kpi.forecast.aht",
        "kpi.forecast.workload",
        "kpi.forecast.error",
        "kpi.forecast.noise_floor",
        "sl.short_positive",
        "sl.genesys",
        "sl.cisco_v15.positive",
        "sl.cisco_v15.negative",
        "sl.cisco_v15.ignore",
        "sl.inqueue_live",
    ] {
        catalogue.find(id).unwrap_or_else(|why| panic!("{why}"));
    }
    let names: BTreeSet<&str> = catalogue.entries().map(|entry| entry.name().zh.as_str()).collect();
    assert_eq!(names.len(), catalogue.entries().count(), "two figures of one Chinese name");
    let names: BTreeSet<&str> = catalogue.entries().map(|entry| entry.name().en.as_str()).collect();
    assert_eq!(names.len(), catalogue.entries().count(), "two figures of one English name");
}

#[test]
fn every_service_level_states_its_switches() {
    for entry in Catalogue::shipped().entries().filter(|entry| entry.id().starts_with("sl.")) {
        let set = entry.switches();
        assert!(
            set.threshold_ms.is_some() && set.boundary.is_some() && set.clock.is_some(),
            "{}",
            entry.id()
        );
        let live = entry.id() == "sl.inqueue_live";
        let ranged = set.attribution.is_some() && set.base.is_some() && set.callbacks.is_some();
        assert_eq!(ranged, !live, "{}", entry.id());
        let short = entry.measures(&Switches::NONE).unwrap().contains(&Measure::ShortAbandoned);
        assert_eq!(set.short_ms.is_some(), short, "{}", entry.id());
    }
}

#[test]
fn both_sides_of_a_fraction_are_in_units_that_give_its_own() {
    for entry in Catalogue::shipped().entries() {
        let (_, over, under) = entry.sides(&Switches::NONE).unwrap();
        let unit = |side: &Formula| {
            let units: BTreeSet<MeasureUnit> = side.terms().map(|(measure, _)| measure.unit()).collect();
            assert_eq!(units.len(), 1, "{}: {side} adds {units:?}", entry.id());
            units.into_iter().next().unwrap()
        };
        let sides = (unit(&over), unit(&under));
        use MeasureUnit::{Cents, Chars, Count, Millicycles, Ms, Points};
        let fits = match entry.unit() {
            Unit::Fraction => sides.0 == sides.1,
            Unit::Ms | Unit::Rings => sides == (Ms, Count),
            Unit::PerHour => sides == (Count, Ms),
            Unit::PerMinute => sides == (Chars, Ms),
            Unit::Per10000 | Unit::PerAgentDay => sides == (Count, Count),
            Unit::Points => sides == (Points, Count),
            Unit::Cents => sides == (Cents, Count),
            Unit::Cycles => sides == (Millicycles, Count),
        };
        assert!(fits, "{}: {over} over {under} is no {:?}", entry.id(), entry.unit());
    }
}

#[test]
fn what_warns_of_another_figure_names_one_that_exists() {
    let catalogue = Catalogue::shipped();
    for entry in catalogue.entries() {
        for text in [&entry.beware().zh, &entry.beware().en] {
            let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || "._".contains(letter)));
            for id in words.map(|word| word.trim_end_matches('.')) {
                if id.starts_with("kpi.") || id.starts_with("sl.") {
                    assert!(catalogue.find(id).is_ok(), "{} warns of {id}", entry.id());
                    assert_ne!(id, entry.id());
                }
            }
        }
    }
}

#[test]
fn what_people_enter_is_used_by_some_figure() {
    let catalogue = Catalogue::shipped();
    let mut used = BTreeSet::new();
    for entry in catalogue.entries() {
        used.extend(entry.measures(&Switches::NONE).unwrap());
    }
    let entered: Vec<Measure> = Measure::entered().filter(|measure| !used.contains(measure)).collect();
    assert!(entered.is_empty(), "entered for nothing: {entered:?}");
}

#[test]
fn nothing_below_the_line_is_no_value() {
    let empty = sums("answered=0 abandoned=0 answered_within=0");
    let ratio = evaluated("sl.offered", &[], &empty);
    assert_eq!(ratio.value(), None);
    let json = serde_json::to_string(&ratio).unwrap();
    assert_eq!(json, r#"{"id":"sl.offered","version":1,"value":null,"numerator":0,"denominator":0}"#);
}

#[test]
fn what_was_not_counted_is_not_zero_and_unknown_names_are_mended() {
    let why = evaluate("sl.positive", &Switches::NONE, &sums("answered=5 abandoned=1")).unwrap_err();
    let measures = vec![Measure::AnsweredWithin, Measure::AbandonedWithin];
    assert_eq!(why, KpiError::Missing { id: "sl.positive".to_owned(), measures });
    let unknown = |id: &str| evaluate(id, &Switches::NONE, &Sums::new()).unwrap_err().to_string();
    assert!(unknown("sl.postive").contains("did you mean sl.positive"), "{}", unknown("sl.postive"));
    let all = unknown("sl.cisco_v15");
    assert!(
        ["ignore", "negative", "positive"].iter().all(|one| all.contains(&format!("sl.cisco_v15.{one}"))),
        "{all}"
    );
    assert!(unknown("zzz").contains("kpi list"));
}

#[test]
fn a_figure_has_its_own_switches_and_takes_sums_that_were_counted_so() {
    let counted = Sums::counted_with(switches(&[("threshold_ms", "30000"), ("boundary", "below")]));
    let mut counted = counted.zero_of(Base::Visit);
    counted.set(Measure::Answered, 3);
    let refused = evaluate("sl.answered_only", &Switches::NONE, &counted).unwrap_err().to_string();
    assert!(refused.contains("counted with threshold_ms 30000") && refused.contains("20000"), "{refused}");
    let as_counted = evaluate("sl.answered_only", counted.counted(), &counted).unwrap();
    assert_eq!(as_counted.switches().threshold_ms, Some(30_000));
    assert_eq!(as_counted.switches().clock, Some(Clock::Queued), "as the catalogue says");
    // Handle time knows no threshold: with which one the visits were counted is nothing to it.
    let no_switch = evaluate("kpi.aht", counted.counted(), &counted).unwrap_err().to_string();
    assert!(no_switch.contains("kpi.aht has no switch threshold_ms; it has none"), "{no_switch}");
    let heeded = counted.counted().only_of(Catalogue::shipped().find("kpi.aht").unwrap().switches());
    assert!(matches!(evaluate("kpi.aht", &heeded, &counted), Err(KpiError::Missing { .. })));
}

#[test]
fn figures_of_one_id_version_and_switches_add_and_no_others() {
    let hour = sums("answered=10 abandoned=2 answered_within=8 short_abandoned=1");
    let offered = evaluated("sl.offered", &[], &hour);
    let twice = offered.plus(&offered).unwrap();
    assert_eq!((twice.numerator(), twice.denominator()), (16, 24));
    let why = |left: &Ratio, right: &Ratio| left.plus(right).unwrap_err().to_string();
    assert!(why(&offered, &evaluated("sl.answered_only", &[], &hour)).contains("two figures"));
    let stricter = evaluated("sl.offered", &[("threshold_ms", "15000")], &hour);
    assert!(why(&offered, &stricter).contains("threshold_ms is 20000 in one and 15000 in the other"));
    let with_short = evaluated("sl.genesys", &[("short_abandons", "counted")], &hour);
    assert!(why(&evaluated("sl.genesys", &[], &hour), &with_short).contains("short_abandons"));
    let versions: &'static Catalogue = Box::leak(Box::new(Catalogue::read(TWO_VERSIONS).unwrap()));
    let [old, new] = [1, 2].map(|version| versions.find_version("sl.ours", version).unwrap());
    let [old, new] = [old, new].map(|entry| make(entry, &Switches::NONE, &hour).unwrap());
    assert!(
        why(&old, &new).contains("sl.ours@1 and sl.ours@2 do not add: their formulas are of two versions")
    );
    assert_eq!(versions.find("sl.ours").unwrap().version(), 2);
    assert_eq!(versions.entries().count(), 1);
}

const TWO_VERSIONS: &str = r#"
[[kpi]]
id = "sl.ours"
version = 1
name = { zh = "甲", en = "Ours" }
formula = { zh = "甲", en = "as it was" }
numerator = "answered_within"
denominator = "answered"
unit = "fraction"
beware = { zh = "乙", en = "others" }
[[kpi]]
id = "sl.ours"
version = 2
name = { zh = "甲", en = "Ours" }
formula = { zh = "甲", en = "as it is" }
numerator = "answered_within"
denominator = "answered + abandoned"
unit = "fraction"
beware = { zh = "乙", en = "others" }
"#;

#[test]
fn a_catalogue_that_contradicts_itself_is_refused_with_its_place() {
    for (from, to, says) in [
        ("version = 2", "version = 1", "sl.ours@1 is there twice"),
        ("version = 2", "version = 0", "versions count from 1"),
        ("id = \"sl.ours\"\nversion = 2", "id = \"SL ours\"\nversion = 2", "made of a-z"),
        ("zh = \"乙\", en = \"others\"", "zh = \"\", en = \"others\"", "there in zh and en"),
        ("answered + abandoned", "answered + abandonned", "did you mean abandoned"),
        ("unit = \"fraction\"", "unit = \"percent\"", "percent"),
        ("unit = \"fraction\"", "unit = \"fraction\"\ntarget = { source = \"us\" }", "a bound"),
        ("unit = \"fraction\"", "unit = \"fraction\"\nswitches = { treshold_ms = 3 }", "treshold_ms"),
    ] {
        let written = TWO_VERSIONS.replacen(from, to, 1);
        assert_ne!(written, TWO_VERSIONS);
        let why = Catalogue::read(&written).unwrap_err().to_string();
        assert!(why.contains(says), "{says}: {why}");
    }
    let adjusted = format!("{TWO_VERSIONS}[[kpi.adjust]]\nwhen = {{ flow_out = \"counted\" }}\n");
    let why = Catalogue::read(&adjusted).unwrap_err().to_string();
    assert!(why.contains("a switch of the same entry"), "{why}");
    let one = TWO_VERSIONS.split("[[kpi]]").nth(1).unwrap();
    let many = |count: usize| {
        let each = (0..count).map(|at| format!("[[kpi]]{}", one.replace("sl.ours", &format!("sl.n{at}"))));
        Catalogue::read(&each.collect::<String>())
    };
    assert_eq!(many(ENTRIES_MAX).unwrap().entries().count(), ENTRIES_MAX);
    assert!(many(ENTRIES_MAX + 1).unwrap_err().to_string().contains("at most 500"));
}

#[test]
fn a_side_that_is_no_longer_exact_is_told() {
    let large = |value: i128| {
        let mut sums = Sums::new();
        sums.set(Measure::RingAcceptedMs, 1);
        sums.set(Measure::OffersAccepted, value);
        evaluate("kpi.rings", &Switches::NONE, &sums)
    };
    assert!(large(EXACT_MAX / 5_000).is_ok());
    assert!(matches!(large(EXACT_MAX / 5_000 + 1), Err(KpiError::TooLarge { .. })));
    let most = large(EXACT_MAX / 5_000).unwrap();
    assert!(matches!(most.plus(&most), Err(KpiError::TooLarge { .. })));
}

#[test]
fn values_are_rounded_exactly_and_half_away_from_zero() {
    let value = |over: i64, under: i64| {
        let mut sums = Sums::new();
        sums.set(Measure::EstimateBiasMs, over);
        sums.set(Measure::Estimates, under);
        evaluate("kpi.ewt.bias", &Switches::NONE, &sums).unwrap().value().unwrap()
    };
    for (over, under, decimals, shown) in [
        (1, 8, 2, "0.13"),
        (-1, 8, 2, "-0.13"),
        (1, 3, 9, "0.333333333"),
        (2, 3, 0, "1"),
        (-1, 1_000, 2, "0.00"),
        (999, 1_000, 2, "1.00"),
        (3, -4, 1, "-0.8"),
    ] {
        assert_eq!(value(over, under).rounded(decimals), shown, "{over}/{under}");
    }
    assert!(value(4, 5).compared_with(0.8).is_eq());
}

/// Every measure counted in an interval.
fn interval() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(0..1_000_000_i64, Measure::ALL.len())
}

fn counted(interval: &[i64]) -> Sums {
    let mut sums = Sums::new();
    Measure::ALL.iter().zip(interval).for_each(|(measure, value)| sums.set(*measure, *value));
    sums
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn parts_added_in_any_way_give_the_whole(
        intervals in prop::collection::vec(interval(), 1..12),
        cuts in prop::collection::vec(0..12_usize, 0..4),
        backwards: bool,
    ) {
        let mut whole = Sums::new();
        for interval in &intervals {
            whole.add(&counted(interval)).unwrap();
        }
        let mut groups: Vec<Vec<Sums>> = vec![Vec::new()];
        for (place, interval) in intervals.iter().enumerate() {
            if cuts.contains(&place) {
                groups.push(Vec::new());
            }
            groups.last_mut().unwrap().push(counted(interval));
        }
        groups.retain(|group| !group.is_empty());
        if backwards {
            groups.reverse();
        }
        for entry in Catalogue::shipped().entries() {
            let total = make(entry, &Switches::NONE, &whole).unwrap();
            // Sums within a group, figures over the groups.
            let figures = groups.iter().map(|group| {
                let mut sums = Sums::new();
                group.iter().for_each(|part| sums.add(part).unwrap());
                make(entry, &Switches::NONE, &sums).unwrap()
            });
            let added = figures.reduce(|all, more| all.plus(&more).unwrap()).unwrap();
            prop_assert_eq!(&added, &total);
        }
    }
}
