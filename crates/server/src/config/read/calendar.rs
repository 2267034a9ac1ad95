//! `[calendars.NAME]`: when something is open.

use super::check_zone;
use crate::config::Severity;
use crate::config::did_you_mean;
use crate::config::hours::{Calendar, DAY, Hours};
use crate::config::section::Section;
use crate::config::source::{Item, Node};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Hours across midnight that are longer than this are rather two ends mixed up.
const NIGHT_MINUTES_MAX: u16 = 16 * 60;
const HOURS_MEND: &str = "write hours as in \"08:00-18:00\"; \"24:00\" is midnight at the end of the day";
const DATE_MEND: &str = "write a date as in \"2026-10-01\"";

pub(super) fn calendars(section: Section<'_>, site_zone: &str) -> BTreeMap<String, Calendar> {
    let mut calendars = BTreeMap::new();
    section.each(|name, mut section| {
        let own_zone = section.text_if("zone").map(|zone| zone.value);
        if let Some(zone) = own_zone {
            check_zone(&mut section, zone);
        }
        let zone = TimeZone::get(own_zone.unwrap_or(site_zone)).unwrap_or(TimeZone::UTC);
        let weekly = weekly(section.within("weekly"));
        let holidays = holidays(&mut section);
        let days = days(section.within("days"));
        let is_open = weekly.iter().chain(days.values()).any(|hours| !hours.is_empty());
        if !is_open {
            let mend = "give it hours, as in weekly = { mon = [\"08:00-18:00\"] }; a queue that is closed by hand needs no calendar";
            section.error(section.place, "", "is never open", mend);
        }
        calendars.insert(name.to_owned(), Calendar { place: section.place, zone, weekly, holidays, days });
        section.finish();
    });
    calendars
}

fn weekly(mut section: Section<'_>) -> [Vec<Hours>; 7] {
    let mut weekly: [Vec<Hours>; 7] = Default::default();
    let mut places = [section.place; 7];
    for (name, item) in section.pairs() {
        let Some(day) = WEEKDAYS.iter().position(|day| *day == name) else {
            let mend = WEEKDAYS.iter().find(|day| name.to_lowercase().starts_with(**day));
            let mend = mend.map(|day| format!("write {day:?}")).or_else(|| did_you_mean(name, WEEKDAYS));
            let mend = mend.unwrap_or_else(|| format!("the days are {}", WEEKDAYS.join(", ")));
            section.error(item.key_place, name, "is no day of the week", mend);
            continue;
        };
        places[day] = item.place;
        weekly[day] = hours_of_day(&mut section, name, item);
    }
    for day in 0..7 {
        let next = (day + 1) % 7;
        let (Some(late), Some(early)) = (weekly[day].last(), weekly[next].first()) else { continue };
        if late.until > DAY && late.until - DAY > early.from {
            let what = format!("{} runs into {} of {}", text(*late), text(*early), WEEKDAYS[next]);
            section.error(places[day], WEEKDAYS[day], what, "let one end before the other begins");
        }
    }
    weekly
}

fn days(mut section: Section<'_>) -> BTreeMap<Date, Vec<Hours>> {
    let mut days = BTreeMap::new();
    for (name, item) in section.pairs() {
        let Ok(date) = name.parse::<Date>() else {
            section.error(item.key_place, name, "is no date", DATE_MEND);
            continue;
        };
        days.insert(date, hours_of_day(&mut section, name, item));
    }
    days
}

fn holidays(section: &mut Section<'_>) -> Vec<(Date, Date)> {
    let mut holidays = Vec::new();
    let Some(item) = section.item("holidays") else { return holidays };
    for item in list(section, "holidays", item) {
        let Some(written) = section.text_of("holidays", item) else { continue };
        let (first, last) = written.value.split_once("..").unwrap_or((written.value, written.value));
        let (Ok(first), Ok(last)) = (first.trim().parse::<Date>(), last.trim().parse::<Date>()) else {
            let mend = format!("{DATE_MEND}, or from one to another as in \"2026-10-01..2026-10-07\"");
            section.error(item.place, "holidays", format!("{:?} is no date", written.value), mend);
            continue;
        };
        if last < first {
            let mend = format!("write \"{last}..{first}\"");
            section.error(item.place, "holidays", format!("{:?} runs backwards", written.value), mend);
            continue;
        }
        holidays.push((first, last));
    }
    holidays
}

fn list<'a>(section: &mut Section<'_>, key: &str, item: &'a Item) -> &'a [Item] {
    if let Node::List(list) = &item.node {
        return list;
    }
    section.error(
        item.place,
        key,
        format!("must be a list, here it is {}", item.node.kind()),
        "write it in [ ]",
    );
    &[]
}

/// The hours of one day, in order.
fn hours_of_day<'a>(section: &mut Section<'a>, key: &str, item: &'a Item) -> Vec<Hours> {
    let mut placed = Vec::new();
    for item in list(section, key, item) {
        let Some(written) = section.text_of(key, item) else { continue };
        let Some((from, until)) = ends(written.value) else {
            section.error(item.place, key, format!("{:?} are no hours", written.value), HOURS_MEND);
            continue;
        };
        if from == until {
            let mend = "write \"00:00-24:00\" for the whole day, or take it out";
            section.error(item.place, key, format!("{:?} has no length", written.value), mend);
            continue;
        }
        let hours = Hours { from, until: if until > from { until } else { until + DAY } };
        if until < from && hours.until - hours.from > NIGHT_MINUTES_MAX {
            let what =
                format!("{:?} is open past midnight, for {} h", written.value, (hours.until - from) / 60);
            let mend = format!("if that is not meant, write \"{}-{}\"", clock(until), clock(from));
            section.note(Severity::Warning, item.place, key, what, mend);
        }
        placed.push((hours, item.place));
    }
    placed.sort_by_key(|(hours, _)| *hours);
    for pair in placed.windows(2) {
        if pair[0].0.until > pair[1].0.from {
            let what = format!("{} and {} overlap", text(pair[0].0), text(pair[1].0));
            section.error(pair[1].1, key, what, "make them one, or let one end before the other begins");
        }
    }
    placed.into_iter().map(|(hours, _)| hours).collect()
}

fn ends(text: &str) -> Option<(u16, u16)> {
    let (from, until) = text.split_once('-')?;
    let (from, until) = (minute(from.trim())?, minute(until.trim())?);
    (from < DAY).then_some((from, until))
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let digits =
        |text: &str| (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(());
    digits(hour).and(digits(minute))?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour * 60 + minute <= DAY).then_some(hour * 60 + minute)
}

fn text(hours: Hours) -> String {
    let until = if hours.until > DAY { hours.until - DAY } else { hours.until };
    format!("{}-{}", clock(hours.from), clock(until))
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
