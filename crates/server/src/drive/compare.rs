//! `drive --compare`: the outcomes of several routing plans over one recording, side by side. An offline
//! study: in memory, without a log, and nothing that runs or lies anywhere is changed.

use super::{Drive, failed, overlaid, plan, side_by_side};
use crate::failure::{Failure, say};
use crate::out::{Format, progress};
use cordboard_floor::Millis;
use cordboard_simulator::drive::PatienceMode;
use cordboard_simulator::drive::study::{self, Comparison, Contender, PLANS_MAX};
use std::path::{Path, PathBuf};

pub(super) fn compare(asked: &Drive, format: Format) -> Result<(), Failure> {
    let (plans, log) = plans_and_log(asked)?;
    let recording = plan(asked, log, PatienceMode::Beyond)?;
    let names = names(plans);
    let floors = plans.iter().map(|file| overlaid::floor_of(&recording, file));
    let contenders = names.into_iter().zip(floors);
    let contenders: Vec<Contender> = contenders
        .map(|(name, floor)| Ok(Contender { name, floor: floor? }))
        .collect::<Result<_, Failure>>()?;
    let seeds: Vec<u64> = (1..=asked.seeds).collect();
    let runs = (contenders.len() * seeds.len()) as u64;
    if format != Format::Table {
        say(&first_line(contenders.len(), seeds.len()));
    }
    let bar = progress(runs * recording.calls.len() as u64, "calls");
    let heard = |calls| bar.inc(calls);
    let compared = study::compare(&recording, &contenders, &seeds, Millis(asked.within), &heard);
    bar.finish_and_clear();
    tell(&compared.map_err(failed)?, format)
}

/// What it is, before anything else.
pub(super) fn first_line(plans: usize, seeds: usize) -> String {
    format!(
        "offline study: {plans} plans, {seeds} seed{}; in memory, without a log; nothing is changed",
        if seeds == 1 { "" } else { "s" }
    )
}

/// `--compare A B LOG` takes the log for a plan; without another it is the log.
fn plans_and_log(asked: &Drive) -> Result<(&[PathBuf], &Path), Failure> {
    let (plans, log) = match (&asked.file, asked.compare.split_last()) {
        (Some(log), _) => (asked.compare.as_slice(), log),
        (None, Some((log, plans))) => (plans, log),
        (None, None) => return Err(Failure::Usage("which plans, and which log?".to_owned())),
    };
    match plans.len() {
        0 | 1 => Err(Failure::Usage(
            "a comparison needs two plans and a recorded log: --compare A.toml B.toml LOG".to_owned(),
        )),
        2..=PLANS_MAX => Ok((plans, log)),
        many => Err(Failure::Usage(format!("{many} plans are too many to compare; at most {PLANS_MAX}"))),
    }
}

/// The files' own names, as far as they tell them apart.
fn names(plans: &[PathBuf]) -> Vec<String> {
    let short = |file: &PathBuf| file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let whole = |file: &PathBuf| file.display().to_string();
    let shorts: Vec<String> = plans.iter().map(|file| short(file).unwrap_or_else(|| whole(file))).collect();
    let is_one = |name: &String| shorts.iter().filter(|other| *other == name).count() == 1;
    plans
        .iter()
        .zip(&shorts)
        .map(|(file, name)| if is_one(name) { name.clone() } else { whole(file) })
        .collect()
}

fn tell(comparison: &Comparison, format: Format) -> Result<(), Failure> {
    match format {
        Format::Table => side_by_side::table(comparison),
        Format::Json => side_by_side::json(comparison),
        Format::Csv => side_by_side::csv(comparison),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_called_by_their_files_as_far_as_that_tells_them_apart() {
        let names_of = |files: &[&str]| names(&files.iter().map(PathBuf::from).collect::<Vec<_>>());
        assert_eq!(names_of(&["a/plain.toml", "b/rings.toml"]), ["plain", "rings"]);
        assert_eq!(names_of(&["a/plan.toml", "b/plan.toml"]), ["a/plan.toml", "b/plan.toml"]);
    }
}
