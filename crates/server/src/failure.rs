//! How a command ends when it does not end well: said once, on stderr, with every cause behind it.

use std::error::Error;
use std::fmt::{Display, Write as _};
use std::io::Write as _;
use std::process::ExitCode;

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was asked in a way that makes no sense.
    Usage(String),
    /// It went wrong.
    Failed(String),
    /// It went wrong, and all that there is to say has been said.
    Told,
    /// Whoever read our output went away: not our failure.
    NobodyListens,
}

impl Failure {
    /// It went wrong.
    pub(crate) fn failed(what: impl Into<String>) -> Self {
        Self::Failed(what.into())
    }

    /// It went wrong because of `error`, whose causes are told too.
    pub(crate) fn because(what: impl Display, error: &dyn Error) -> Self {
        Self::Failed(format!("{what}: {}", chain(error)))
    }

    /// Says it, and gives the exit code.
    pub(crate) fn tell(self) -> ExitCode {
        let (text, code) = match self {
            Self::Usage(text) => (text, 2),
            Self::Failed(text) => (text, 1),
            Self::Told => return ExitCode::from(1),
            Self::NobodyListens => return ExitCode::SUCCESS,
        };
        say(&format!("error: {text}"));
        ExitCode::from(code)
    }
}

/// A message for people, on stderr.
pub(crate) fn say(text: &str) {
    // Nobody can be told that nobody listens.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// An error with its causes, each said once: some libraries repeat the cause in their own text.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let said = next.to_string();
        if !text.contains(&said) {
            let _ = write!(text, ": {said}");
        }
        cause = next.source();
    }
    text
}

impl From<cordboard_vault::VaultError> for Failure {
    fn from(error: cordboard_vault::VaultError) -> Self {
        match error {
            cordboard_vault::VaultError::InUse { path } => Self::Failed(format!(
                "the vault {} is open in another process: a server runs on this data directory. \
                 Stop it first; this command works beside a stopped server only",
                path.display()
            )),
            error => Self::Failed(chain(&error)),
        }
    }
}

impl From<cordboard_journal::OpenError> for Failure {
    fn from(error: cordboard_journal::OpenError) -> Self {
        Self::Failed(chain(&error))
    }
}

impl From<cordboard_journal::ReadError> for Failure {
    fn from(error: cordboard_journal::ReadError) -> Self {
        Self::Failed(chain(&error))
    }
}

impl From<cordboard_engine::EngineFault> for Failure {
    fn from(error: cordboard_engine::EngineFault) -> Self {
        Self::Failed(chain(&error))
    }
}
