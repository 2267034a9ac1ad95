//! What the workforce desk is told, and what rosters are made of. Each stands in a file of its own; a file of the same name in a
//! folder `workforce` beside a configuration file takes the place of the one that ships. The desk's own readers check them;
//! here what they say becomes a problem with its file and line.

use super::Settings;
use super::problem::{Problem, Severity};
use cordboard_workforce::forecast::Calendar;
use cordboard_workforce::roster::{RosterRules, SHIPPED_RULES};
use cordboard_workforce::terms::SHIPPED;
use cordboard_workforce::{Command, Terms};
use std::path::{Path, PathBuf};

/// The folder beside a configuration file.
const FOLDER: &str = "workforce";
/// Holidays, make-up days and events, for forecasts; nothing of it ships.
const CALENDAR: &str = "calendar.csv";
/// Bytes of one file: far more than anybody writes.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// All of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Workforce {
    /// The numbers of the rules; none only where they cannot be read, which is an error.
    pub(crate) terms: Option<Terms>,
    /// What rosters are made of; likewise.
    pub(crate) rules: Option<RosterRules>,
    /// Days that are not what their weekday says.
    pub(crate) calendar: Calendar,
}

impl Workforce {
    /// What the desk is told. It answers what it knows already without an event, so this may be said again at any time.
    pub(crate) fn commands(&self) -> Vec<Command> {
        self.terms.iter().map(|terms| Command::ApplyTerms(Box::new(terms.clone()))).collect()
    }
}

/// Reads what ships, or what stands beside the last configuration file that has it.
pub(super) fn read(files: &[PathBuf], problems: &mut Vec<Problem>) -> Workforce {
    let mut reading = Reading { files, problems };
    Workforce {
        terms: reading.one(SHIPPED, Terms::read),
        rules: reading.one(SHIPPED_RULES, RosterRules::read),
        calendar: reading
            .one((CALENDAR, ""), |_, text| Calendar::parse(text).map_err(|why| why.to_string()))
            .unwrap_or_default(),
    }
}

/// Holds people and reasons that are named there against those of the configuration.
pub(super) fn check(settings: &Settings, problems: &mut Vec<Problem>) {
    let named = |agent| settings.agents.iter().any(|known| known.is.agent == agent);
    if let Some(rules) = &settings.workforce.rules {
        let people = rules.people.keys().chain(rules.classes.values().flat_map(|class| &class.agents));
        for agent in people.filter(|agent| !named(**agent)) {
            let what = format!("agent {agent} is not in the configuration");
            problems.push(problem(Severity::Warning, SHIPPED_RULES.0, None, what));
        }
        let known = |skill| settings.skills.contains_key(skill);
        for (code, kind) in &rules.shifts {
            if let Some(skill) = kind.skill.as_ref().filter(|skill| !known(skill)) {
                let what = format!("shifts.{code}: there is no skill {skill}");
                problems.push(problem(Severity::Error, SHIPPED_RULES.0, None, what));
            }
        }
    }
}

struct Reading<'a> {
    files: &'a [PathBuf],
    problems: &'a mut Vec<Problem>,
}

impl Reading<'_> {
    fn one<T>(
        &mut self,
        (name, shipped): (&str, &str),
        read: impl Fn(&str, &str) -> Result<T, String>,
    ) -> Option<T> {
        let beside = |file: &PathBuf| file.parent().unwrap_or(Path::new("")).join(FOLDER).join(name);
        let own = self.files.iter().rev().map(beside).find(|path| path.is_file());
        let (said, text) = match own {
            None => (format!("workforce/{name} (built in)"), shipped.to_owned()),
            Some(path) => {
                let said = path.display().to_string();
                match text_of(&path) {
                    Ok(text) => (said, text),
                    Err(why) => {
                        self.problems.push(problem(Severity::Error, &said, None, why));
                        return None;
                    }
                }
            }
        };
        match read(name, &text) {
            Ok(value) => Some(value),
            Err(why) => {
                // Readers name their file themselves, and the line where there is one.
                let why = why.strip_prefix(name).unwrap_or(&why).trim_start_matches([',', ':', ' ']);
                let line = why.strip_prefix("line ").and_then(|rest| rest.split_once(':'));
                let line = line.and_then(|(line, what)| Some((line.trim().parse().ok()?, what.trim())));
                let (line, what) = line.map_or((None, why), |(line, what)| (Some(line), what));
                self.problems.push(problem(Severity::Error, &said, line, what.to_owned()));
                None
            }
        }
    }
}

fn text_of(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|why| format!("it cannot be read: {why}"))?.len();
    if size > FILE_BYTES_MAX {
        return Err(format!("it has {size} bytes; at most {FILE_BYTES_MAX}"));
    }
    std::fs::read_to_string(path).map_err(|why| format!("it cannot be read: {why}"))
}

fn problem(severity: Severity, file: &str, line: Option<usize>, what: String) -> Problem {
    let (file, column) = (file.to_owned(), line.map(|_| 1));
    Problem { severity, file, line, column, key: String::new(), what, mend: String::new() }
}
