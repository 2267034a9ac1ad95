//! `cordboard kpi list`: every figure on a line.

use super::{Spoken, said};
use crate::explain::words::{Language, Words};
use crate::failure::Failure;
use crate::out::{Format, Out};
use clap::Args;
use cordboard_api::public::{PublicKpi, PublicTarget};
use serde_json::{Map, Value, json};

/// The columns, as programs know them.
const COLUMNS: [&str; 7] = ["id", "version", "number", "name", "formula", "unit", "target"];

/// Which figures.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    spoken: Spoken,
}

pub(crate) fn list(asked: &List, format: Format) -> Result<(), Failure> {
    let kpis = PublicKpi::all();
    let mut out = Out::new(format);
    if format == Format::Json {
        return out.rows(&COLUMNS, &kpis);
    }
    let language = asked.spoken.lang;
    let words = Words::of(language)?;
    let heads: Vec<String> = match format {
        Format::Table => COLUMNS.iter().map(|column| words.name("kpi", column)).collect(),
        _ => COLUMNS.iter().map(|column| (*column).to_owned()).collect(),
    };
    let rows: Vec<Map<String, Value>> =
        kpis.iter().map(|kpi| heads.iter().cloned().zip(cells(kpi, language)).collect()).collect();
    out.rows(&heads.iter().map(String::as_str).collect::<Vec<_>>(), &rows)
}

fn cells(kpi: &PublicKpi, language: Language) -> [Value; 7] {
    [
        json!(kpi.id),
        json!(kpi.version),
        json!(kpi.number.map(|number| format!("K{number:02}"))),
        json!(said(&kpi.name, language)),
        json!(said(&kpi.formula, language)),
        json!(kpi.unit),
        json!(kpi.target.as_ref().map(bounds)),
    ]
}

/// A target's bounds, without who set them.
pub(super) fn bounds(target: &PublicTarget) -> String {
    match (target.at_least, target.at_most) {
        (Some(low), Some(high)) if low == high => format!("{low}"),
        (Some(low), Some(high)) => format!("{low}–{high}"),
        (Some(low), None) => format!("≥ {low}"),
        (None, Some(high)) => format!("≤ {high}"),
        (None, None) => String::new(),
    }
}
