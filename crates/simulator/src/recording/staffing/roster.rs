//! A roster file: who is there when, written by hand. `agent,from,to,queues`, one stretch per line, queues separated by `|`.
//!
//! Times are `2014-02-03 08:00`, with or without seconds, in the zone given, or with an offset of their own (`…T08:00+01:00`).
//! The first fault ends the reading: a roster is small and half a roster is a wrong one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::Read;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::{Presence, Staffing};
use crate::recording::layout::near_hint;
use crate::recording::lines::split;

/// The largest roster that is read.
pub const ROSTER_BYTES_MAX: u64 = 16 << 20;
/// Most lines of a roster.
pub const ROSTER_LINES_MAX: usize = 100_000;

const COLUMNS: [&str; 4] = ["agent", "from", "to", "queues"];

/// What is wrong with a roster, where, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterError {
    /// The line; 0 where none can be named.
    pub line: u64,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub mend: String,
}

impl fmt::Display for RosterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        write!(f, "{}; {}", self.what, self.mend)
    }
}

impl std::error::Error for RosterError {}

fn fault<T>(line: u64, what: impl Into<String>, mend: impl Into<String>) -> Result<T, RosterError> {
    Err(RosterError { line, what: what.into(), mend: mend.into() })
}

pub(super) fn read(
    source: impl Read,
    zone: &TimeZone,
    known_queues: &BTreeSet<String>,
) -> Result<Staffing, RosterError> {
    let mut bytes = Vec::new();
    if let Err(cause) = source.take(ROSTER_BYTES_MAX + 1).read_to_end(&mut bytes) {
        return fault(0, format!("reading the roster failed: {cause}"), "try again");
    }
    if bytes.len() as u64 > ROSTER_BYTES_MAX {
        return fault(
            0,
            format!("the roster is larger than {ROSTER_BYTES_MAX} bytes"),
            "is it the right file?",
        );
    }
    let Ok(text) = String::from_utf8(bytes) else {
        return fault(0, "the roster is not UTF-8", "save it as UTF-8");
    };
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let mut lines = (1_u64..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let places = header(lines.next())?;
    let mut presences: Vec<(u64, Presence)> = Vec::new();
    let mut queues: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (number, line) in lines {
        if presences.len() == ROSTER_LINES_MAX {
            return fault(number, format!("more than {ROSTER_LINES_MAX} lines"), "split the roster");
        }
        let (presence, its_queues) = entry(number, line, &places, zone, known_queues)?;
        let known = queues.entry(presence.agent.clone()).or_insert_with(|| its_queues.clone());
        if *known != its_queues {
            return fault(
                number,
                format!("agent \"{}\" has other queues than on an earlier line", presence.agent),
                "an agent has the same queues at all times: write the same on each of her lines",
            );
        }
        presences.push((number, presence));
    }
    if presences.is_empty() {
        return fault(0, "the roster names nobody", "write a line for each agent and stretch of time");
    }
    no_overlap(&mut presences)?;
    Ok(Staffing::ordered(presences.into_iter().map(|(_, presence)| presence).collect(), queues))
}

fn header(first: Option<(u64, &str)>) -> Result<[usize; 4], RosterError> {
    let wanted = || format!("the first line must be {}", COLUMNS.join(","));
    let Some((number, line)) = first else { return fault(0, "the roster is empty", wanted()) };
    let names: Vec<&str> = line.split(',').map(|name| name.trim().trim_matches('"')).collect();
    if let Some(unknown) = names.iter().find(|name| !COLUMNS.contains(name)) {
        let near = near_hint(unknown, COLUMNS);
        return fault(number, format!("unknown column \"{}\"", short(unknown)), near + &wanted());
    }
    let mut places = [0; 4];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        match names.iter().position(|name| *name == column) {
            Some(at) => *place = at,
            None => return fault(number, format!("no column \"{column}\""), wanted()),
        }
    }
    if names.len() > COLUMNS.len() {
        return fault(number, "a column is named twice", wanted());
    }
    Ok(places)
}

fn entry(
    number: u64,
    line: &str,
    places: &[usize; 4],
    zone: &TimeZone,
    known_queues: &BTreeSet<String>,
) -> Result<(Presence, BTreeSet<String>), RosterError> {
    let mut values = Vec::new();
    if split(line, ',', true, &mut values).is_err() {
        return fault(number, "a quote is not closed", "close it");
    }
    if values.len() != COLUMNS.len() {
        let what = format!("{} values where {} belong", values.len(), COLUMNS.len());
        return fault(number, what, "separate queues by |, not by a comma");
    }
    let [agent, from, to, queues] = places.map(|place| values[place].trim());
    if agent.is_empty() || agent.chars().any(char::is_control) {
        return fault(number, "no agent is named", "write her id in the column agent");
    }
    let (day, from_us) = instant(number, "from", from, zone)?;
    let (_, to_us) = instant(number, "to", to, zone)?;
    if to_us <= from_us {
        return fault(
            number,
            format!("\"{to}\" is not after \"{from}\""),
            "does the shift end on the next day?",
        );
    }
    let queues: BTreeSet<String> =
        queues.split('|').map(str::trim).filter(|queue| !queue.is_empty()).map(str::to_owned).collect();
    if queues.is_empty() {
        return fault(number, format!("agent \"{}\" has no queue", short(agent)), "name at least one");
    }
    if let Some(unknown) = queues.iter().find(|queue| !known_queues.contains(*queue)) {
        let near = near_hint(unknown, known_queues.iter().map(String::as_str));
        let known: Vec<_> = known_queues.iter().take(20).map(String::as_str).collect();
        let mend = format!("{near}the log's queues are {}", known.join(", "));
        return fault(number, format!("the log has no queue \"{}\"", short(unknown)), mend);
    }
    Ok((Presence { agent: agent.to_owned(), day, from_us, to_us }, queues))
}

fn instant(number: u64, column: &str, text: &str, zone: &TimeZone) -> Result<(Date, i64), RosterError> {
    // An instant of its own first: a stamp with an offset would pass as a civil time too.
    let read: Option<Zoned> = match text.parse::<Timestamp>() {
        Ok(instant) => Some(instant.to_zoned(zone.clone())),
        Err(_) => text.parse::<DateTime>().ok().and_then(|civil| civil.to_zoned(zone.clone()).ok()),
    };
    match read {
        Some(zoned) => Ok((zoned.date(), zoned.timestamp().as_microsecond())),
        None => fault(
            number,
            format!("\"{}\" in column {column} is no time", short(text)),
            "write it like 2014-02-03 08:00",
        ),
    }
}

fn no_overlap(presences: &mut [(u64, Presence)]) -> Result<(), RosterError> {
    presences.sort_by(|(_, a), (_, b)| (&a.agent, a.from_us).cmp(&(&b.agent, b.from_us)));
    for pair in presences.windows(2) {
        let [(earlier, a), (line, b)] = pair else { continue };
        if a.agent == b.agent && b.from_us < a.to_us {
            let what = format!("agent \"{}\" is already there by line {earlier}", short(&a.agent));
            return fault(*line, what, "join the two lines or move one");
        }
    }
    Ok(())
}

fn short(text: &str) -> String {
    text.chars().take(crate::recording::FOUND_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roster(text: &str) -> Result<Staffing, RosterError> {
        let queues = BTreeSet::from(["sales".to_owned(), "help".to_owned()]);
        read(text.as_bytes(), &TimeZone::get("Europe/Berlin").unwrap(), &queues)
    }

    #[test]
    fn a_roster_is_read_in_its_zone() {
        let text = "\u{FEFF}from,to,queues,agent\r\n2014-02-03 08:00,2014-02-03 12:00:30,sales|help,ann\r\n\
                    \r\n2014-02-03T11:00Z,2014-02-03T12:00+01:00,help,bob\n2014-02-03 13:00,2014-02-03 15:00,sales | help,ann\n";
        let err = roster(text).unwrap_err();
        assert_eq!(err.line, 4, "{err}");
        let staffing = roster(&text.replace("T12:00+01:00", "T12:00+00:00")).unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_microsecond();
        let seen: Vec<_> = staffing.presences.iter().map(|p| (p.agent.as_str(), p.from_us)).collect();
        let expected = [
            ("ann", at("2014-02-03T07:00:00Z")),
            ("bob", at("2014-02-03T11:00:00Z")),
            ("ann", at("2014-02-03T12:00:00Z")),
        ];
        assert_eq!(seen, expected);
        assert_eq!(staffing.presences[0].to_us, at("2014-02-03T11:00:30Z"));
        assert_eq!(staffing.queues["ann"].len(), 2);
    }

    #[test]
    fn every_fault_names_its_line_and_the_mend() {
        let head = "agent,from,to,queues\n";
        let good = "ann,2014-02-03 08:00,2014-02-03 12:00,sales\n";
        let cases = [
            (String::new(), 0, "empty"),
            (head.into(), 0, "nobody"),
            ("agent,form,to,queues\n".into(), 1, "did you mean \"from\"?"),
            ("agent,from,to\n".into(), 1, "no column \"queues\""),
            ("agent,from,to,queues,to\n".into(), 1, "twice"),
            (format!("{head}{good}bob,2014-02-03 08:00,2014-02-03,sales,help\n"), 3, "separate queues by |"),
            (format!("{head}bob,8:00,2014-02-03 12:00,sales\n"), 2, "write it like"),
            (format!("{head}bob,2014-02-03 12:00,2014-02-03 12:00,sales\n"), 2, "not after"),
            (format!("{head}bob,2014-02-03 08:00,2014-02-03 12:00,salse\n"), 2, "did you mean \"sales\"?"),
            (format!("{head}bob,2014-02-03 08:00,2014-02-03 12:00, | \n"), 2, "no queue"),
            (format!("{head},2014-02-03 08:00,2014-02-03 12:00,sales\n"), 2, "no agent"),
            (format!("{head}{good}ann,2014-02-03 11:59,2014-02-03 13:00,sales\n"), 3, "already there"),
            (format!("{head}{good}ann,2014-02-04 08:00,2014-02-04 13:00,help\n"), 3, "other queues"),
            (format!("{head}\"ann,2014-02-04 08:00,2014-02-04 13:00,help\n"), 2, "quote"),
        ];
        for (text, line, says) in cases {
            let error = roster(&text).unwrap_err();
            assert_eq!(error.line, line, "{error}");
            assert!(error.to_string().contains(says), "{error}");
        }
    }

    #[test]
    fn a_roster_has_limits() {
        let endless = std::io::repeat(b'\n');
        let error = read(endless, &TimeZone::UTC, &BTreeSet::new()).unwrap_err();
        assert!(error.what.contains("larger"), "{error}");
        let mut text = String::from("agent,from,to,queues\n");
        for n in 0..=ROSTER_LINES_MAX {
            text.push_str(&format!("a{n},2014-02-03 08:00,2014-02-03 12:00,sales\n"));
        }
        let error = roster(&text).unwrap_err();
        assert_eq!(error.line, ROSTER_LINES_MAX as u64 + 2);
    }
}
