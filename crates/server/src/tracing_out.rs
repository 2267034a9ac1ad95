//! What the program says about itself while it runs, to stderr: as lines for people or as JSON. Never a
//! personal value; `CORDBOARD_LOG` chooses how much, as in `info,cordboard_api=debug`.

use tracing_subscriber::EnvFilter;

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Log lines from now on.
pub(crate) fn begin(format: LogFormat, level: &str) {
    let filter = EnvFilter::try_from_env("CORDBOARD_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => lines.with_target(false).with_ansi(false).init(),
        LogFormat::Json => lines.json().init(),
    }
}
