//! What the quality desk is told: forms, rules of conduct, detectors, tables, checklists, terms. Each stands in a file of its
//! own; a file of the same name in a folder `quality` beside a configuration file takes the place of the one that ships, and
//! every other file there is a form. The desk's own readers check them; here their problems get file, line and mend.

use super::problem::{Problem, Severity};
use cordboard_api::terms::Sampling;
use cordboard_centre::quality::assessment::{self, Table};
use cordboard_centre::quality::checklist::{self, Checklist};
use cordboard_centre::quality::conduct::{self, Conduct};
use cordboard_centre::quality::detect::{self, DetectorTerms};
use cordboard_centre::quality::form::shipped;
use cordboard_centre::quality::{Command, Form, Problem as Found, Terms};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The folder beside a configuration file.
const FOLDER: &str = "quality";
/// Files of one such folder: far more than anybody has forms.
const FILES_MAX: usize = 500;
const TERMS: &str = include_str!("../../../../config/quality/terms.toml");
const SAMPLING: &str = include_str!("../../../../config/quality/sampling.toml");
/// Names whose files are no forms.
const NO_FORMS: [&str; 6] =
    ["conduct.toml", "detectors.toml", "assessment.toml", "checklists.toml", "terms.toml", "sampling.toml"];

/// Everything that the quality desk is told, and by what draws are made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Quality {
    pub(crate) terms: Terms,
    pub(crate) detectors: DetectorTerms,
    pub(crate) conduct: Vec<conduct::Rule>,
    pub(crate) forms: Vec<Form>,
    pub(crate) tables: Vec<Table>,
    pub(crate) checklists: Vec<Checklist>,
    /// No event: what a draw was made by stands in the draw.
    pub(crate) sampling: Sampling,
}

impl Quality {
    /// All of it as commands. The desk answers what it knows already without an event, so all may be said again at any time.
    pub(crate) fn commands(&self) -> Vec<Command> {
        let mut commands = vec![
            Command::ApplyTerms(self.terms.clone()),
            Command::ApplyDetectors(Box::new(self.detectors.clone())),
        ];
        commands.extend(self.conduct.iter().cloned().map(Box::new).map(Command::ApplyRule));
        commands.extend(self.forms.iter().cloned().map(Box::new).map(Command::ApplyForm));
        commands.extend(self.tables.iter().cloned().map(Box::new).map(Command::ApplyTable));
        commands.extend(self.checklists.iter().cloned().map(Box::new).map(Command::ApplyChecklist));
        commands
    }
}

/// A text, and what problems call it.
struct Text {
    name: String,
    text: String,
}

/// Reads what ships, with what stands beside the configuration files in its place.
pub(super) fn read(files: &[PathBuf], problems: &mut Vec<Problem>) -> Quality {
    let texts = texts(files, problems);
    let mut reading = Reading { texts: &texts, problems };
    let conduct = reading
        .one("conduct.toml", Conduct::read)
        .unwrap_or_else(|| Conduct { month_points_max: 0, rules: Vec::new() });
    let mut terms = reading.one("terms.toml", |_, text| written::<Terms>(text)).unwrap_or_default();
    reading.agree_on_months(&mut terms, &conduct);
    let quality = Quality {
        terms,
        detectors: reading.one("detectors.toml", DetectorTerms::read).unwrap_or_default(),
        conduct: conduct.rules,
        forms: reading.forms(),
        tables: reading.one("assessment.toml", Table::read).unwrap_or_default(),
        checklists: reading.one("checklists.toml", Checklist::read).unwrap_or_default(),
        sampling: reading.one("sampling.toml", |_, text| sampling(text)).unwrap_or_default(),
    };
    reading.hold_against_each_other(&quality);
    quality
}

fn texts(files: &[PathBuf], problems: &mut Vec<Problem>) -> BTreeMap<String, Text> {
    let shipped = shipped::FILES.iter().copied().chain([
        ("conduct.toml", conduct::SHIPPED),
        ("detectors.toml", detect::SHIPPED),
        ("assessment.toml", assessment::SHIPPED),
        ("checklists.toml", checklist::SHIPPED),
        ("terms.toml", TERMS),
        ("sampling.toml", SAMPLING),
    ]);
    let built_in = |(name, text): (&str, &str)| {
        (name.to_owned(), Text { name: format!("quality/{name} (built in)"), text: text.to_owned() })
    };
    let mut texts: BTreeMap<String, Text> = shipped.map(built_in).collect();
    let folders: BTreeSet<PathBuf> =
        files.iter().map(|file| file.parent().unwrap_or(Path::new("")).join(FOLDER)).collect();
    for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
        match own(&folder) {
            Ok(own) => texts.extend(own),
            Err((file, error)) => {
                problems.push(fault(&file, None, "", &format!("it cannot be read: {error}"), ""));
            }
        }
    }
    texts
}

/// The files of a folder, by name.
fn own(folder: &Path) -> Result<Vec<(String, Text)>, (String, std::io::Error)> {
    let said = |path: &Path| path.display().to_string();
    let listed = std::fs::read_dir(folder).map_err(|error| (said(folder), error))?;
    let mut paths: Vec<PathBuf> = listed
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ends| ends == "toml"))
        .collect();
    paths.sort();
    if paths.len() > FILES_MAX {
        let many = format!("it holds {} files; at most {FILES_MAX}", paths.len());
        return Err((said(folder), std::io::Error::other(many)));
    }
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).map_err(|error| (said(&path), error))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok((name, Text { name: said(&path), text }))
    };
    paths.into_iter().map(read).collect()
}

/// Reads what has no reader of its own.
fn written<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Vec<Found>> {
    toml::from_str(text).map_err(|problem| {
        let line = problem.span().map_or(1, |span| line_at(text, span.start));
        let mend = "compare it with the shipped file of that name";
        vec![Found::new(format!("it, line {line}"), problem.message().to_owned(), mend)]
    })
}

fn sampling(text: &str) -> Result<Sampling, Vec<Found>> {
    let sampling: Sampling = written(text)?;
    let problems: Vec<Found> = sampling.plan.check(&[]);
    if problems.is_empty() { Ok(sampling) } else { Err(problems) }
}

struct Reading<'a> {
    texts: &'a BTreeMap<String, Text>,
    problems: &'a mut Vec<Problem>,
}

impl Reading<'_> {
    fn one<T>(&mut self, name: &str, read: impl FnOnce(&str, &str) -> Result<T, Vec<Found>>) -> Option<T> {
        let text = self.texts.get(name)?;
        match read("it", &text.text) {
            Ok(read) => Some(read),
            Err(found) => {
                self.problems.extend(found.iter().map(|found| placed(text, found)));
                None
            }
        }
    }

    fn forms(&mut self) -> Vec<Form> {
        let names: Vec<String> =
            self.texts.keys().filter(|name| !NO_FORMS.contains(&name.as_str())).cloned().collect();
        let mut seen = BTreeSet::new();
        let mut forms = Vec::new();
        for name in names {
            let Some(form) = self.one(&name, Form::read) else { continue };
            if !seen.insert((form.form, form.version)) {
                let what =
                    format!("the form {} stands in version {} in another file", form.form, form.version);
                let mend = "take one of them out, or count its version up";
                self.say(Severity::Error, &name, form.form.as_str(), &what, mend);
            }
            forms.push(form);
        }
        forms
    }

    /// What a month may cost stands beside the rules that make it, or among the terms; not otherwise in both.
    fn agree_on_months(&mut self, terms: &mut Terms, conduct: &Conduct) {
        let (of_rules, of_terms) = (conduct.month_points_max, terms.month_points_max);
        if of_rules != 0 && of_terms != 0 && of_rules != of_terms {
            let what = format!("month_points_max is {of_rules}, and {of_terms} in terms.toml");
            self.say(Severity::Error, "conduct.toml", "month_points_max", &what, "say it in one of them");
        }
        terms.month_points_max = of_terms.max(of_rules);
    }

    fn hold_against_each_other(&mut self, quality: &Quality) {
        let rules: BTreeSet<_> = quality.conduct.iter().map(|rule| rule.id).collect();
        if rules.is_empty() {
            // They were not read at all: that has been told.
            return;
        }
        for checklist in &quality.checklists {
            for item in checklist.items.iter().filter(|item| item.rule.is_some_and(|id| !rules.contains(&id)))
            {
                let rule = item.rule.map(|rule| rule.to_string()).unwrap_or_default();
                let mend = super::did_you_mean(&rule, rules.iter().map(|rule| rule.as_str()))
                    .unwrap_or_else(|| "write the rule in conduct.toml".to_owned());
                let what = format!("{}.item.{}: there is no rule {rule:?}", checklist.id, item.id);
                self.say(Severity::Error, "checklists.toml", &rule, &what, &mend);
            }
        }
        for rule in detect::rules::ALL.iter().filter(|rule| !rules.contains(rule)) {
            let what = format!("the rule {rule} of a detector is not there: what it finds is not proposed");
            let mend = "keep the rule, with 0 points if it shall cost nothing";
            self.say(Severity::Warning, "conduct.toml", rule.as_str(), &what, mend);
        }
    }

    fn say(&mut self, severity: Severity, name: &str, word: &str, what: &str, mend: &str) {
        let Some(text) = self.texts.get(name) else { return };
        let line = line_of(&text.text, word);
        self.problems.push(Problem { severity, ..fault(&text.name, line, word, what, mend) });
    }
}

/// A reader's problem, with the line of the thing that it names.
fn placed(text: &Text, found: &Found) -> Problem {
    let Found { place, what, mend } = found;
    if let Some(line) = place.strip_prefix("it, line ") {
        return fault(&text.name, line.parse().ok(), "", what, mend);
    }
    fault(&text.name, line_of_place(&text.text, place), place, what, mend)
}

fn fault(file: &str, line: Option<usize>, key: &str, what: &str, mend: &str) -> Problem {
    Problem {
        severity: Severity::Error,
        file: file.to_owned(),
        line,
        column: line.map(|_| 1),
        key: key.to_owned(),
        what: what.to_owned(),
        mend: mend.to_owned(),
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    text[..offset.min(text.len())].matches('\n').count() + 1
}

/// The first line that says a word in quotes, or begins with it.
fn line_of(text: &str, word: &str) -> Option<usize> {
    let quoted = format!("\"{word}\"");
    let says = |line: &str| line.contains(&quoted) || line.trim_start().starts_with(word);
    text.lines().position(says).map(|at| at + 1)
}

/// A place reads like `rule.conduct.noise.points`: of all names in quotes that it holds the longest says where that is, and
/// its last word which key below that.
fn line_of_place(text: &str, place: &str) -> Option<usize> {
    let dotted = format!(".{place}.");
    let named = |line: &str| {
        let (key, value) = line.split_once('=')?;
        let key = key.trim().trim_start_matches(['{', ' ']);
        let name = value.trim().strip_prefix('"')?.split('"').next()?.to_owned();
        let names = ["id", "form", "post"].contains(&key) && !name.is_empty();
        (names && dotted.contains(&format!(".{name}."))).then_some(name.len())
    };
    let lines: Vec<&str> = text.lines().collect();
    let best = lines.iter().enumerate().filter_map(|(at, line)| Some((named(line)?, at)));
    let last = place.rsplit('.').next().unwrap_or(place);
    let keyed = |line: &&str| line.trim_start().starts_with(last);
    match best.max_by_key(|(length, at)| (*length, std::cmp::Reverse(*at))) {
        Some((_, at)) => {
            let below = lines[at + 1..].iter().take_while(|line| !line.trim_start().starts_with("[["));
            Some(below.clone().position(&keyed).map_or(at + 1, |down| at + down + 2))
        }
        None => lines.iter().position(keyed).map(|at| at + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beside(files: &[(&str, &str)]) -> (Quality, Vec<Problem>) {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join(FOLDER)).unwrap();
        for (name, text) in files {
            std::fs::write(dir.path().join(FOLDER).join(name), text).unwrap();
        }
        let mut problems = Vec::new();
        let quality = read(&[dir.path().join("site.toml")], &mut problems);
        (quality, problems)
    }

    #[test]
    fn what_ships_is_good() {
        let (quality, problems) = beside(&[]);
        assert_eq!(problems, []);
        assert_eq!((quality.forms.len(), quality.tables.len()), (3, 4));
        assert_eq!(quality.terms, Terms::default());
        assert!(quality.conduct.len() >= 22 && !quality.checklists.is_empty());
        assert_eq!(quality.sampling, Sampling::default(), "the shipped file says what is customary");
        assert!(quality.detectors.breaks.is_some());
    }

    #[test]
    fn a_file_of_the_same_name_takes_the_place_of_the_shipped_one_and_others_are_forms() {
        let mine = TERMS.replace("peers_count = false", "peers_count = true");
        let form = shipped::FILES[2].1.replace("form = \"chat\"", "form = \"mail\"");
        let (quality, problems) = beside(&[("terms.toml", &mine), ("mail.toml", &form), ("notes.txt", "x")]);
        assert_eq!(problems, []);
        assert!(quality.terms.peers_count);
        assert_eq!(quality.forms.len(), 4);
    }

    #[test]
    fn each_fault_has_file_line_what_and_mend() {
        let rules = conduct::SHIPPED.replacen("points = 2", "points = 200", 1);
        let line = rules.lines().position(|line| line == "points = 200").unwrap() + 1;
        let (_, problems) = beside(&[
            ("conduct.toml", &rules),
            ("terms.toml", "appeal_ms = 1\nnonsense = 2\n"),
            ("sampling.toml", &SAMPLING.replace("second_percent = 10", "second_percent = 101")),
            ("chat2.toml", shipped::FILES[2].1),
        ]);
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        for (file, line, words) in [
            ("conduct.toml", line, "is 200; at most 100"),
            ("terms.toml", 2, "nonsense"),
            ("sampling.toml", 29, "second_percent: is 101"),
            ("chat2.toml", 4, "in another file; take one of them out"),
        ] {
            let found = told
                .iter()
                .any(|told| told.contains(&format!("{file}:{line}:1: error")) && told.contains(words));
            assert!(found, "{file}:{line} {words}\nin {told:#?}");
        }
    }

    #[test]
    fn files_are_held_against_each_other() {
        let lists = checklist::SHIPPED.replace("conduct.noise", "conduct.noize");
        let (_, problems) = beside(&[("checklists.toml", &lists)]);
        assert!(problems.iter().any(|it| it.mend == "did you mean \"conduct.noise\"?"), "{problems:?}");
        let rules = conduct::SHIPPED.replace("finding.idle_flips", "finding.other");
        let (_, problems) = beside(&[
            ("conduct.toml", &rules.replace("month_points_max = 0", "month_points_max = 5")),
            ("terms.toml", &TERMS.replace("month_points_max = 0", "month_points_max = 6")),
        ]);
        let told: Vec<(Severity, &str)> = problems.iter().map(|it| (it.severity, it.key.as_str())).collect();
        assert!(told.contains(&(Severity::Warning, "finding.idle_flips")), "{told:?}");
        assert!(told.contains(&(Severity::Error, "month_points_max")), "{told:?}");
    }
}
