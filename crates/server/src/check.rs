//! `cordboard check`: all that is wrong with the configuration, at once.

use crate::cli::ConfigFiles;
use crate::config;
use crate::failure::{Failure, say};
use crate::out::{Format, Out};

/// What to check.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    #[command(flatten)]
    config: ConfigFiles,
}

pub(crate) fn check(asked: &Check, format: Format) -> Result<(), Failure> {
    let reading = config::read(&asked.config, std::env::vars());
    let mut out = Out::new(format);
    if format == Format::Table {
        for problem in &reading.problems {
            out.line(&problem.to_string())?;
        }
        out.flush()?;
    } else {
        let columns = ["severity", "file", "line", "column", "key", "what", "mend"];
        out.rows(&columns, &reading.problems)?;
    }
    if reading.has_errors() {
        return Err(Failure::Told);
    }
    let settings = reading.settings;
    say(&format!(
        "configuration is good: site {}, {} queues, {} agents, {} reasons, {} skills, {} calendars",
        settings.site.id,
        settings.queues.len(),
        settings.agents.len(),
        settings.reasons.len(),
        settings.skills.len(),
        settings.calendars.len(),
    ));
    if let Some(rules) = &settings.workforce.rules {
        let (shifts, contracts) = (rules.shifts.len(), rules.contracts.len());
        say(&format!("workforce is good: {shifts} kinds of shift, {contracts} contracts"));
    }
    Ok(())
}
