//! `cordboard quality`: what runs beside the writer of the quality desk, on the log of a stopped server. Nothing is written: a draw
//! becomes an event at a running server alone.

mod sample;

use crate::failure::Failure;
use crate::out::Format;
use clap::Subcommand;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Quality {
    /// Draw contacts to be listened to, by a seed: the same log, plan and seed give the same draw; nothing is recorded
    Sample(Box<sample::Sample>),
}

pub(crate) fn quality(asked: Quality, format: Format) -> Result<(), Failure> {
    match asked {
        Quality::Sample(asked) => sample::sample(&asked, format),
    }
}
