//! `[alerts.NAME]`: what is measured, from where on it is bad, and for how long.

use super::super::did_you_mean;
use super::super::section::Section;
use super::super::{Described, Places};
use super::{SPAN, title_of};
use cordboard_floor::alert::{AlertMeasure, AlertRule};
use cordboard_floor::limits;
use cordboard_floor::{AlertRuleId, Millis, QueueId, StateId, TeamId};
use cordboard_views::alerts::activity_name;
use cordboard_views::board::Activity;

/// Millionths of a percent.
const PPM_PER_PERCENT: i64 = 10_000;
/// How many may be counted.
const COUNT: std::ops::RangeInclusive<u64> = 0..=1_000_000;

pub(super) fn alerts(section: Section<'_>) -> Vec<Described<AlertRule>> {
    let mut rules = Vec::new();
    section.each(|name, mut section| {
        let rule: Option<AlertRuleId> = section.parsed("", name, section.place);
        let measure = measure(&mut section);
        let (amber, red, hysteresis) = limits_of(&mut section, measure.unwrap_or(AlertMeasure::Waiting));
        let item = section.item("title");
        let title = title_of(&mut section, "title", item);
        let word = |language: &str| title.get(language).or(title.get("")).map_or("", String::as_str).into();
        let queues = section.codes::<QueueId>("queues");
        let places = Places { item: section.place, queues: queues.clone(), ..Places::default() };
        let is = AlertRule {
            rule: rule.unwrap_or(AlertRuleId::fixed("unnamed")),
            active: section.flag("active", true),
            measure: measure.unwrap_or(AlertMeasure::Waiting),
            queues: queues.into_iter().map(|queue| queue.value).collect(),
            teams: section.codes::<TeamId>("teams").into_iter().map(|team| team.value).collect(),
            state: state(&mut section),
            reason: section.code_if("reason").map(|reason| reason.value),
            amber,
            red,
            for_ms: section.span_or("for_ms", SPAN, Millis(0)),
            cool_down_ms: section.span_or("cool_down_ms", SPAN, Millis(0)),
            hysteresis: hysteresis.unwrap_or(0),
            contacts_min: section.whole_or("contacts_min", COUNT, 0_u64) as u32,
            zh: word("zh"),
            en: word("en"),
        };
        if rule.is_some() && measure.is_some() {
            check(&mut section, &is);
            rules.push(Described { is, title, hours: None, places });
        }
        section.finish();
    });
    rules
}

fn measure(section: &mut Section<'_>) -> Option<AlertMeasure> {
    let text = section.text("measure");
    let place = section.place_of("measure");
    let known = AlertMeasure::ALL.into_iter().find(|measure| measure.name() == text);
    if known.is_none() && !text.is_empty() {
        let names = AlertMeasure::ALL.map(AlertMeasure::name);
        let mend = did_you_mean(text, names).unwrap_or_else(|| format!("write {}", names.join(", ")));
        section.error(place, "measure", format!("{text:?} is nothing that can be measured"), mend);
    }
    known
}

fn state(section: &mut Section<'_>) -> Option<StateId> {
    let text = section.text_if("state")?;
    if !Activity::ALL.iter().any(|activity| activity_name(*activity) == text.value) {
        let names = Activity::ALL.map(activity_name);
        let mend = did_you_mean(text.value, names).unwrap_or_else(|| format!("write {}", names.join(", ")));
        section.error(text.place, "state", format!("{:?} is nothing that agents do", text.value), mend);
        return None;
    }
    text.value.parse().ok()
}

/// Spans in ms, shares in percent, the rest as they are counted: the key says which.
fn limits_of(section: &mut Section<'_>, measure: AlertMeasure) -> (Option<i64>, Option<i64>, Option<i64>) {
    let keys = match measure.unit() {
        "ms" => ["amber_ms", "red_ms", "hysteresis_ms"],
        "ppm" => ["amber_percent", "red_percent", "hysteresis_percent"],
        _ => ["amber", "red", "hysteresis"],
    };
    let (bounds, factor) = match measure.unit() {
        "ms" => (SPAN, 1),
        "ppm" => (0..=100, PPM_PER_PERCENT),
        _ => (COUNT, 1),
    };
    let [amber, red, hysteresis] =
        keys.map(|key| section.whole_if(key, bounds.clone()).map(|value| value as i64 * factor));
    (amber, red, hysteresis)
}

/// What the floor would refuse is said here, with its place.
fn check(section: &mut Section<'_>, rule: &AlertRule) {
    let place = section.place;
    let mut wrong = |what: &str, mend: &str| section.error(place, "", what, mend);
    if rule.amber.is_none() && rule.red.is_none() {
        let unit = if rule.measure.is_span() { "_ms" } else { "" };
        let unit = if rule.measure == AlertMeasure::ServiceLevel { "_percent" } else { unit };
        wrong("has no limit", &format!("write amber{unit}, red{unit} or both"));
    }
    if let (Some(amber), Some(red)) = (rule.amber, rule.red)
        && if rule.measure.is_bad_below() { red > amber } else { red < amber }
    {
        wrong("red is better than amber", "red is the worse of the two");
    }
    match rule.measure {
        AlertMeasure::StateTime if rule.state.is_none() => {
            wrong("measures the time in a state and names none", "write state = \"talking\" or another");
        }
        AlertMeasure::StateTime => {}
        _ if rule.state.is_some() || rule.reason.is_some() => {
            wrong("names a state or reason that its measure does not have", "they belong to state_time");
        }
        _ => {}
    }
    for name in [&rule.zh, &rule.en] {
        if name.len() > limits::ALERT_NAME_BYTES_MAX {
            wrong("has a title that is too long", &format!("at most {} bytes", limits::ALERT_NAME_BYTES_MAX));
        }
    }
    if rule.queues.len() > limits::ALERT_ABOUT_MAX || rule.teams.len() > limits::ALERT_ABOUT_MAX {
        wrong(
            "names too many queues or teams",
            &format!("at most {}; none named is all", limits::ALERT_ABOUT_MAX),
        );
    }
}
