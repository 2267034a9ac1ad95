//! `cordboard kpi`: the catalogue of figures, to look into and to reckon with by hand, for which it needs no log and no
//! server: the catalogue is a part of the program. And figures that people know, entered at a running server.

mod enter;
mod eval;
mod list;
mod show;

use crate::explain::words::Language;
use crate::failure::Failure;
use crate::out::Format;
use clap::{Args, Subcommand};
use cordboard_api::public::PublicBilingual;
use cordboard_views::kpi::KpiError;

/// What to do with it.
#[derive(Debug, Subcommand)]
pub(crate) enum Kpi {
    /// Every figure: its name, formula, unit and target
    List(list::List),
    /// One figure: its formula, switches, target, what it is made of and what it must not be confused with
    Show(show::Show),
    /// Compute a figure of numbers given by hand
    Eval(eval::Eval),
    /// Enter figures that people know and no event tells, from a table
    Enter(enter::Enter),
}

/// In which language names are shown.
#[derive(Debug, Args)]
pub(crate) struct Spoken {
    /// In which language names and formulas are shown
    #[arg(long, value_enum, default_value = "en")]
    lang: Language,
}

pub(crate) fn kpi(asked: Kpi, format: Format) -> Result<(), Failure> {
    match asked {
        Kpi::List(asked) => list::list(&asked, format),
        Kpi::Show(asked) => show::show(&asked, format),
        Kpi::Enter(asked) => enter::enter(&asked, format),
        Kpi::Eval(asked) => eval::eval(&asked, format),
    }
}

/// In one language.
fn said(text: &PublicBilingual, language: Language) -> &str {
    match language {
        Language::En => &text.en,
        Language::Zh => &text.zh,
    }
}

/// What was written wrongly is a matter of usage; what cannot be computed failed.
fn failure(why: &KpiError) -> Failure {
    match why {
        KpiError::Missing { .. } | KpiError::TooLarge { .. } => Failure::failed(why.to_string()),
        why => Failure::Usage(why.to_string()),
    }
}
