//! One report in the form that is asked for, made of the log again. If it is not the one that was frozen, the form says so, stderr
//! says so, and the exit code is 1.

use super::{past, register, report_id, unknown};
use crate::failure::{Failure, say};
use crate::log::{Either, Source};
use crate::out::progress;
use clap::{Args, ValueEnum};
use cordboard_api::paper::{Checked, Form, Language, again};
use cordboard_floor::ReportId;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

/// Which report, and how.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The report, as in r-1042
    #[arg(value_name = "REPORT", value_parser = report_id)]
    report: ReportId,
    /// json (the canonical bytes), csv, xlsx, or html to be printed
    #[arg(long, value_name = "FORM", default_value = "json")]
    format: Form,
    /// In which language people read it
    #[arg(long, value_enum, default_value = "zh")]
    lang: Spoken,
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    #[command(flatten)]
    place: Either,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Spoken {
    Zh,
    En,
}

impl Spoken {
    const fn language(self) -> Language {
        match self {
            Self::Zh => Language::Zh,
            Self::En => Language::En,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }
}

pub(super) fn show(asked: &Show) -> Result<(), Failure> {
    if asked.format == Form::Xlsx && asked.to.is_none() && std::io::stdout().is_terminal() {
        return Err(Failure::Usage("a workbook is no text: name a file with --to FILE".to_owned()));
    }
    let (bytes, equal) = match asked.place.source()? {
        Source::Disk(home) => {
            let past = past(&home)?;
            let frozen = register(&past)?.report(asked.report).map(|told| told.frozen.clone());
            let frozen = frozen.ok_or_else(|| unknown(asked.report))?;
            let bar = progress(frozen.up_to, "events");
            let made = again(&past, &frozen, |seq| {
                if seq.is_multiple_of(4_096) {
                    bar.set_position(seq);
                }
                true
            });
            bar.finish_and_clear();
            let made = made.map_err(|why| Failure::failed(why.to_string()))?;
            let checked = Checked { made, frozen: frozen.digest };
            let bytes = checked.write(asked.format, asked.lang.language());
            (bytes.map_err(|why| Failure::failed(why.to_string()))?, checked.is_equal())
        }
        Source::Server(remote) => {
            let (form, lang) = (asked.format.word(), asked.lang.word());
            let (headers, bytes) =
                remote.bytes(&format!("/api/v1/papers/{}?format={form}&lang={lang}", asked.report))?;
            let equal = headers.get("cordboard-report").is_some_and(|told| told == "equal");
            (bytes.to_vec(), equal)
        }
    };
    match &asked.to {
        Some(file) => std::fs::write(file, &bytes)
            .map_err(|error| Failure::because(format!("writing {}", file.display()), &error))?,
        None => {
            let mut out = std::io::stdout().lock();
            let written = out.write_all(&bytes).and_then(|()| out.flush());
            written.map_err(|error| Failure::because("writing to standard output", &error))?;
        }
    }
    if equal {
        return Ok(());
    }
    say(&format!("warning: {} is not the report that was frozen", asked.report));
    Err(Failure::failed(
        "the log gives another report than the one that was frozen; find out why before using either",
    ))
}
