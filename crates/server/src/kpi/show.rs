//! `cordboard kpi show`: everything about one figure.

use super::list::bounds;
use super::{Spoken, failure, said};
use crate::explain::words::{Language, Words};
use crate::failure::Failure;
use crate::out::{Format, Out};
use clap::Args;
use cordboard_api::public::{PublicKpi, PublicKpiDetail};
use serde_json::json;
use std::collections::BTreeMap;

/// Which figure.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Its id, as in sl.positive; with @1 behind it, that version
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    spoken: Spoken,
}

pub(crate) fn show(asked: &Show, format: Format) -> Result<(), Failure> {
    let detail = PublicKpiDetail::named(&asked.id).map_err(|why| failure(&why))?;
    let mut out = Out::new(format);
    match format {
        Format::Json => out.json(&detail)?,
        Format::Csv => {
            let rows: Vec<_> = detail
                .measures
                .iter()
                .map(|measure| {
                    json!({
                        "measure": measure.measure, "unit": measure.unit, "base": measure.base,
                        "counts": said(&measure.counts, asked.spoken.lang), "events": measure.events,
                    })
                })
                .collect();
            out.rows(&["measure", "unit", "base", "counts", "events"], &rows)?;
        }
        Format::Table => {
            let words = Words::of(asked.spoken.lang)?;
            lines(&detail, asked.spoken.lang, &words).iter().try_for_each(|line| out.line(line))?;
        }
    }
    out.flush()
}

fn lines(detail: &PublicKpiDetail, language: Language, words: &Words) -> Vec<String> {
    let kpi = &detail.kpi;
    let mut lines = vec![format!("{}@{}  {}", kpi.id, kpi.version, said(&kpi.name, language))];
    let mut line = |key: &str, value: &str| lines.push(format!("  {}: {value}", words.name("kpi", key)));
    line("formula", said(&kpi.formula, language));
    line("numerator", &kpi.numerator);
    line("denominator", &kpi.denominator);
    for adjustment in &kpi.adjustments {
        let sides = [("numerator", &adjustment.numerator), ("denominator", &adjustment.denominator)];
        for (side, more) in sides.into_iter().filter(|(_, more)| !more.is_empty()) {
            line(side, &format!("[{}] {more}", pairs(&adjustment.when)));
        }
    }
    let unit = serde_json::to_value(kpi.unit).ok();
    line("unit", unit.as_ref().and_then(|unit| unit.as_str()).unwrap_or_default());
    if let Some(target) = &kpi.target {
        line("target", &format!("{} ({})", bounds(target), target.source));
    }
    if !kpi.switches.is_empty() {
        line("switches", &pairs(&kpi.switches));
    }
    line("beware", said(&kpi.beware, language));
    line("empty", &words.name("kpi", "null"));
    line("computed", &words.name("kpi", made_by(kpi)));
    line("measures", "");
    for measure in &detail.measures {
        lines.push(format!("    {}: {}", measure.measure, said(&measure.counts, language)));
        if !measure.events.is_empty() {
            lines.push(format!("      {}", measure.events.join(" ")));
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

fn made_by(kpi: &PublicKpi) -> &'static str {
    if kpi.computed { "by_log" } else { "by_people" }
}

fn pairs(switches: &BTreeMap<&'static str, String>) -> String {
    let each: Vec<String> = switches.iter().map(|(name, value)| format!("{name}={value}")).collect();
    each.join(" ")
}
