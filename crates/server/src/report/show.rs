//! A report for people and for spreadsheets. It is read as the JSON that programs get, so that all three say the same.

use crate::failure::Failure;
use crate::out::{Format, Out};
use serde_json::{Map, Value};

/// Contacts or intervals that are written behind a figure for people; programs get all of them.
const SHOWN_MAX: usize = 12;

/// One line for each row: figures as plain numbers, spans in ms, figures of the catalogue as fractions with both sides.
pub(super) fn rows(out: &mut Out, report: &Value) -> Result<(), Failure> {
    let keys = keys_of(report);
    let columns = strings(&report["columns"]);
    let mut heads: Vec<String> = ["from", "to"].iter().chain(&keys).map(|head| (*head).to_owned()).collect();
    for column in &columns {
        heads.push(column.clone());
        if is_ratio(column) {
            heads.push(format!("{column}.numerator"));
            heads.push(format!("{column}.denominator"));
        }
    }
    let rows: Vec<Map<String, Value>> = array(&report["rows"])
        .iter()
        .map(|row| {
            let mut cells = Map::new();
            for key in ["from", "to"].iter().chain(&keys) {
                cells.insert((*key).to_owned(), row[*key].clone());
            }
            for column in &columns {
                let figure = &row["figures"][column.as_str()];
                cells.insert(column.clone(), value_of(figure));
                if is_ratio(column) {
                    for side in ["numerator", "denominator"] {
                        cells.insert(format!("{column}.{side}"), figure[side].clone());
                    }
                }
            }
            cells
        })
        .collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    out.rows(&heads, &rows)
}

/// A timeline: a line for each spell.
pub(super) fn spells(out: &mut Out, told: &Value, format: Format) -> Result<(), Failure> {
    let columns = ["agent", "team", "activity", "reason", "from", "to", "ms", "first", "last"];
    let cell = |spell: &Value| {
        let mut cells = Map::new();
        for column in columns {
            let value = match column {
                "first" | "last" => &spell["evidence"][column],
                "reason" => &spell["reason"]["slug"],
                column => &spell[column],
            };
            cells.insert(column.to_owned(), value.clone());
        }
        cells
    };
    let rows: Vec<Map<String, Value>> = array(&told["spells"]).iter().map(cell).collect();
    if told["cut"] == true && format == Format::Table {
        out.line("there were more spells than are shown; ask about a shorter range or fewer agents")?;
    }
    out.rows(&columns, &rows)
}

/// A table, its totals, and what it stands on.
pub(super) fn lines(report: &Value, explain: bool) -> Vec<String> {
    let keys = keys_of(report);
    let columns = strings(&report["columns"]);
    let zone = text(&report["zone"]);
    let many = array(&report["rows"]).len() > array(&report["totals"]).len();
    let mut table = vec![heads(&keys, &columns)];
    table.extend(array(&report["rows"]).iter().map(|row| cells(row, &keys, &columns, &zone)));
    if many {
        let totals = array(&report["totals"]).iter();
        table.extend(totals.map(|row| {
            let mut line = cells(row, &keys, &columns, &zone);
            line[0] = "all".to_owned();
            line
        }));
    }
    let mut lines = vec![format!(
        "{} {} – {} ({zone}), {}",
        text(&report["kind"]),
        local(&report["from"], &zone),
        local(&report["to"], &zone),
        strings(&report["switches"]).join(" "),
    )];
    lines.extend(aligned(&table));
    lines.push(format!(
        "from {}; the log up to event {} at {}",
        strings(&report["formulas"]).join(", "),
        report["last_seq"],
        local(&report["last_at"], &zone)
    ));
    if explain {
        for row in array(&report["rows"]) {
            lines.extend(behind(row, &keys, &columns, &zone));
        }
    }
    lines
}

/// What stands behind each figure of a row.
fn behind(row: &Value, keys: &[&str], columns: &[String], zone: &str) -> Vec<String> {
    let whose: Vec<String> =
        keys.iter().map(|key| text(&row[*key])).filter(|whose| !whose.is_empty()).collect();
    let mut lines = vec![String::new(), format!("{} {}", local(&row["from"], zone), whose.join(" "))];
    for column in columns {
        let figure = &row["figures"][column.as_str()];
        for part in array(&figure["behind"]) {
            let named = array(&part["named"]);
            let shown: Vec<String> = named.iter().take(SHOWN_MAX).map(|it| source(it, zone)).collect();
            let more = named.len().saturating_sub(SHOWN_MAX) as u64 + part["more"].as_u64().unwrap_or(0);
            let more = if more > 0 { format!(" … {more} more") } else { String::new() };
            lines.push(format!(
                "  {column} {} {}: {}{more}",
                text(&part["part"]),
                text(&part["measure"]),
                shown.join(" ")
            ));
        }
    }
    lines
}

/// A contact, or an interval of an agent, with how much it adds if that is not one.
fn source(named: &Value, zone: &str) -> String {
    let (source, amount) = (&named[0], &named[1]);
    let name = if let Some(contact) = source.get("contact") {
        text(contact)
    } else if let Some(span) = source.get("span") {
        format!("{} {}–{}", text(&span["agent"]), local(&span["from"], zone), local(&span["to"], zone))
    } else {
        format!("event {}", source["event"])
    };
    if amount.as_i64() == Some(1) { name } else { format!("{name}({amount})") }
}

fn heads(keys: &[&str], columns: &[String]) -> Vec<String> {
    let columns = columns.iter().map(|column| column.trim_end_matches("_ms").replace('_', " "));
    std::iter::once("from".to_owned())
        .chain(keys.iter().map(|key| (*key).to_owned()))
        .chain(columns)
        .collect()
}

fn cells(row: &Value, keys: &[&str], columns: &[String], zone: &str) -> Vec<String> {
    let mut cells = vec![local(&row["from"], zone)];
    cells.extend(keys.iter().map(|key| match &row[*key] {
        Value::Null => "–".to_owned(),
        other => text(other),
    }));
    cells.extend(columns.iter().map(|column| for_people(column, &row["figures"][column.as_str()])));
    cells
}

fn for_people(column: &str, figure: &Value) -> String {
    let value = value_of(figure);
    let Some(number) = value.as_f64() else { return "–".to_owned() };
    match figure["unit"].as_str() {
        Some("fraction") => format!("{:.2} %", number * 100.0),
        Some("ms") => span(number),
        Some(_) => format!("{number:.2}"),
        None if column.ends_with("_ms") => span(number),
        None => value.to_string(),
    }
}

/// `h:mm:ss` from an hour on, seconds with a tenth below.
fn span(ms: f64) -> String {
    let seconds = (ms / 1000.0).abs();
    let sign = if ms < 0.0 { "-" } else { "" };
    if seconds < 3_600.0 {
        return format!("{sign}{seconds:.1}s");
    }
    let whole = seconds as u64;
    format!("{sign}{}:{:02}:{:02}", whole / 3_600, whole % 3_600 / 60, whole % 60)
}

fn value_of(figure: &Value) -> Value {
    let value = figure.get("value").or_else(|| figure.get("ms"));
    value.cloned().unwrap_or(Value::Null)
}

fn is_ratio(column: &str) -> bool {
    column.contains('.')
}

/// The columns that say what a row is about.
fn keys_of(report: &Value) -> Vec<&'static str> {
    match report["group"].as_str() {
        Some("queue") => vec!["queue"],
        Some("agent") => vec!["agent"],
        Some("team") => vec!["team"],
        Some("code") => vec!["agent", "queue", "code"],
        Some("reason") => vec!["agent", "reason"],
        _ => Vec::new(),
    }
}

/// A moment by the zone's clocks.
fn local(at: &Value, zone: &str) -> String {
    let text = text(at);
    let stamp = text.parse::<jiff::Timestamp>().ok();
    let zoned = stamp.and_then(|stamp| stamp.in_tz(zone).ok());
    zoned.map_or(text, |zoned| zoned.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

fn aligned(table: &[Vec<String>]) -> Vec<String> {
    let wide =
        |text: &str| text.chars().map(|letter| if letter >= '\u{1100}' { 2 } else { 1 }).sum::<usize>();
    let columns = table.first().map_or(0, Vec::len);
    let widths: Vec<usize> =
        (0..columns).map(|at| table.iter().map(|row| wide(&row[at])).max().unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| {
            let pad = " ".repeat(width.saturating_sub(wide(cell)));
            format!("{cell}{pad}")
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    table.iter().map(line).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn strings(value: &Value) -> Vec<String> {
    array(value).iter().map(text).collect()
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
