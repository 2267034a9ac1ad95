//! `cordboard`: one binary, one log. Here a command line becomes one of the verbs, each in a file of its own;
//! data goes to stdout, messages to stderr, and the exit code says how it went: 0 well, 1 failed, 2 usage.

mod account;
mod check;
mod cli;
mod completions;
mod config;
mod demo;
mod drive;
mod explain;
mod failure;
mod home;
mod house;
mod import;
mod kpi;
mod log;
mod out;
mod pages;
mod paper;
mod quality;
mod remote;
mod report;
mod serve;
mod simulate;
mod titles;
mod tracing_out;
mod workforce;

use clap::Parser;
use cli::{Cli, Verb};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_out::begin(cli.log_format, cli.verb.log_level());
    let done = match cli.verb {
        Verb::Serve(asked) => serve::serve(asked),
        Verb::Demo(asked) => demo::demo(&asked, cli.output),
        Verb::Drive(asked) => drive::drive(&asked, cli.output),
        Verb::Import(asked) => import::import(&asked, cli.output),
        Verb::Simulate(asked) => simulate::simulate(&asked, cli.output),
        Verb::Check(asked) => check::check(&asked, cli.output),
        Verb::Account(asked) => account::account(asked, cli.output),
        Verb::Log(asked) => log::log(asked, cli.output),
        Verb::Report(asked) => report::report(&asked, cli.output),
        Verb::Explain(asked) => explain::explain(&asked, cli.output),
        Verb::Paper(asked) => paper::paper(asked, cli.output),
        Verb::Quality(asked) => quality::quality(asked, cli.output),
        Verb::Kpi(asked) => kpi::kpi(asked, cli.output),
        Verb::Workforce(asked) => workforce::workforce(asked, cli.output),
        Verb::Completions(asked) => completions::completions(&asked),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}
