//! `cordboard completions SHELL`: what a shell needs to complete our words.

use crate::cli::Cli;
use crate::failure::Failure;
use crate::out::{Format, Out};
use clap::CommandFactory;

/// Which shell.
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// Whose completions to write
    shell: clap_complete::Shell,
}

pub(crate) fn completions(asked: &Completions) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(asked.shell, &mut Cli::command(), "cordboard", &mut script);
    let mut out = Out::new(Format::Table);
    out.line(String::from_utf8_lossy(&script).trim_end())?;
    out.flush()
}
