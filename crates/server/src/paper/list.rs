//! Which reports are frozen, what was signed on each, and which are late.

use super::{past, register};
use crate::failure::Failure;
use crate::log::{Either, Source};
use crate::out::{Format, Out};
use clap::Args;
use cordboard_api::public::PublicPaper;
use cordboard_floor::Instant;
use serde_json::{Map, Value, json};

/// Of which log.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    place: Either,
}

const COLUMNS: [&str; 10] =
    ["report", "layout", "period", "state", "late", "due_at", "submitted", "approved", "up_to", "digest"];
/// Letters of a digest that people are shown.
const DIGEST_SHOWN: usize = 12;
/// Rows of one page that a server is asked for.
const PAGE: usize = 1_000;

pub(super) fn list(asked: &List, format: Format) -> Result<(), Failure> {
    let papers: Vec<Value> = match asked.place.source()? {
        Source::Disk(home) => {
            let register = register(&past(&home)?)?;
            // Nobody's clock runs: what is not submitted is late by now, or it is not.
            let now = Instant::from_micros(crate::account::wall_us()).max(register.at());
            let papers = register.reports().rev().map(|(id, told)| PublicPaper::of(id, told, now));
            papers
                .map(serde_json::to_value)
                .collect::<Result<_, _>>()
                .map_err(|error| Failure::because("writing JSON", &error))?
        }
        Source::Server(remote) => {
            let (mut papers, mut before) = (Vec::new(), String::new());
            loop {
                let mut page = remote.get(&format!("/api/v1/papers?limit={PAGE}{before}"))?;
                let next = page["next"].as_str().map(str::to_owned);
                if let Value::Array(more) = page["papers"].take() {
                    papers.extend(more);
                }
                match next {
                    Some(next) => before = format!("&before={next}"),
                    None => break papers,
                }
            }
        }
    };
    let mut out = Out::new(format);
    if format == Format::Json {
        papers.iter().try_for_each(|paper| out.json(paper))?;
        return out.flush();
    }
    let rows: Vec<Map<String, Value>> = papers.iter().map(|paper| row(paper, format)).collect();
    out.rows(&COLUMNS, &rows)
}

/// Who signed instead of everything about it, and the layout with its version.
pub(super) fn row(paper: &Value, format: Format) -> Map<String, Value> {
    let mut row = Map::new();
    for column in COLUMNS {
        row.insert(column.to_owned(), paper[column].clone());
    }
    row.insert("layout".to_owned(), json!(format!("{}@{}", text(&paper["layout"]), paper["version"])));
    for signed in ["submitted", "approved"] {
        row.insert(signed.to_owned(), paper[signed]["account"].clone());
    }
    if format == Format::Table {
        let digest: String = text(&paper["digest"]).chars().take(DIGEST_SHOWN).collect();
        row.insert("digest".to_owned(), json!(digest));
    }
    row
}

/// Its rows as they are shown after something was signed.
pub(super) fn one(paper: &Value, format: Format) -> Result<(), Failure> {
    let mut out = Out::new(format);
    if format == Format::Json {
        out.json(paper)?;
        return out.flush();
    }
    out.rows(&COLUMNS, &[row(paper, format)])
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
