//! 月度考核: what a month comes to for a post, by a table whose weights add up to 100, from figures that are given
//! (frozen reports, published marks, the ledger). Pure: the same figures come to the same mark to the hundredth.
//!
//! ```text
//!   table (post, version) + figures ──▶ assess ──▶ mark for each line, total ──▶ rank ──▶ three months among the last ──▶ a proposal
//! ```
//!
//! A director submits a month (`submit.rs`); the desk reckons each row again and refuses one that does not come to what is
//! claimed. A manager approves or returns it (`approve.rs`), and what was approved may propose.
//!
//! A rank proposes a talk about retraining, to people who decide. There is no command that dismisses anybody, here
//! or elsewhere: to be last is not to be unfit (最高人民法院指导案例 18 号).

mod approve;
mod months;
mod rank;
mod streak;
mod submit;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod trials;

pub use months::{Assessment, AssessmentStanding, Months, Talk};
pub use rank::{Place, RankTerms, Ranking, Ties, rank};
pub use streak::{Retraining, StreakTerms, retraining};
pub use submit::{AssessmentRow, MonthOfPost};

use crate::id::{LineId, PostId};
use crate::limits::{BONUS_POINTS_MAX, LINES_MAX, STEPS_MAX, TABLE_BYTES_MAX};
use crate::mark::Mark;
use crate::problem::{Problem, from_toml};
use crate::words::Words;
use cordboard_floor::ReportId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The tables that ship.
pub const SHIPPED: &str = include_str!("../../../config/quality/assessment.toml");

/// How a figure becomes a mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// It is a mark already: points of 100.
    Mark,
    /// 100 less the figure: points of the ledger.
    PointsOff,
    /// Nothing at one value, all at another, straight between them; thousandths of the figure's unit. All may lie
    /// below nothing.
    Linear {
        /// Here it earns nothing.
        none_at_milli: i64,
        /// Here it earns all.
        all_at_milli: i64,
    },
    /// From each value on, so many points; below the first, none.
    Steps(Vec<Stair>),
}

/// A step of a scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stair {
    /// From this value on, in thousandths of the figure's unit.
    pub from_milli: i64,
    /// So many points of 100.
    pub points: u32,
}

/// One line of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Which.
    pub id: LineId,
    /// What people read.
    pub text: Words,
    /// Its weight; those of a table add up to 100. A gate has none.
    pub weight: u32,
    /// How its figure becomes a mark.
    pub scale: Scale,
    /// Whether it measures speed or volume: their weights together have a cap (E 二(一)5: not efficiency alone).
    #[serde(default)]
    pub efficiency: bool,
    /// Where its figure comes from.
    pub source: String,
    /// A gate is no part of the whole: unless it earns its full mark, the month comes to at most so many points; since schema 2 of
    /// `table.applied`.
    #[serde(default)]
    pub gate: Option<u32>,
}

/// The table of a post, in one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Whose.
    pub post: PostId,
    /// Counts from 1.
    pub version: u32,
    /// Its heading.
    pub title: Words,
    /// Whether it was made up of equivalents because the documents' own is missing; shown with it.
    pub derived: bool,
    /// What efficiency may weigh at most.
    pub efficiency_max: u32,
    /// What praise that was verified may add at most, in points.
    #[serde(default)]
    pub bonus_points_max: u32,
    /// Its lines.
    #[serde(rename = "line")]
    pub lines: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tables {
    #[serde(rename = "table")]
    tables: Vec<Table>,
}

impl Table {
    /// Reads tables as they stand in a file and checks them; `name` is what problems call the file.
    pub fn read(name: &str, text: &str) -> Result<Vec<Self>, Vec<Problem>> {
        let Tables { tables } = from_toml(name, text)?;
        let mut problems: Vec<Problem> = tables.iter().flat_map(Self::check).collect();
        let mut seen = BTreeSet::new();
        for table in &tables {
            if !seen.insert((table.post, table.version)) {
                let place = format!("{}.{}", table.post, table.version);
                problems.push(Problem::new(place, "is there twice", "keep one, or count its version up"));
            }
        }
        if problems.is_empty() { Ok(tables) } else { Err(problems) }
    }

    /// The tables that ship: one for each post.
    pub fn shipped() -> Result<Vec<Self>, Vec<Problem>> {
        Self::read("assessment.toml", SHIPPED)
    }

    /// Everything that is wrong with it.
    pub fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut problem = |place: &str, what: String, mend: &str| {
            problems.push(Problem::new(format!("{}.{place}", self.post), what, mend));
        };
        if self.version == 0 {
            problem("version", "is 0".into(), "count versions from 1");
        }
        if self.lines.len() > LINES_MAX {
            problem("line", format!("there are {}", self.lines.len()), &format!("at most {LINES_MAX}"));
        }
        if self.bonus_points_max > BONUS_POINTS_MAX {
            let what = format!("is {}", self.bonus_points_max);
            problem("bonus_points_max", what, &format!("at most {BONUS_POINTS_MAX}"));
        }
        let sum: u64 = self.lines.iter().map(|line| u64::from(line.weight)).sum();
        if sum != 100 {
            problem("line.weight", format!("add up to {sum}"), "make them add up to 100");
        }
        let speed = self.lines.iter().filter(|line| line.efficiency).map(|line| u64::from(line.weight));
        let speed: u64 = speed.sum();
        if speed > u64::from(self.efficiency_max) {
            let what = format!("{speed} of 100 are for efficiency, more than {}", self.efficiency_max);
            problem("line.weight", what, "quality weighs more than speed: move some of it");
        }
        let long = |words: &Words| words.zh.len() + words.en.len();
        let texts = self.lines.iter().map(|line| long(&line.text) + line.source.len());
        let bytes = long(&self.title) + texts.sum::<usize>();
        if bytes > TABLE_BYTES_MAX {
            problem("texts", format!("are {bytes} bytes together"), &format!("at most {TABLE_BYTES_MAX}"));
        }
        let mut seen = BTreeSet::new();
        for line in &self.lines {
            let place = format!("line.{}", line.id);
            if !seen.insert(line.id) {
                problem(&place, "is there twice".into(), "give one of them another id");
            }
            match line.gate {
                None if line.weight == 0 => {
                    problem(&format!("{place}.weight"), "is 0".into(), "take it out, or give it a weight");
                }
                Some(_) if line.weight > 0 => {
                    let mend = "a gate has weight 0: let others make up the whole";
                    problem(&format!("{place}.gate"), "is a part of the whole".into(), mend);
                }
                Some(most) if most >= 100 => {
                    problem(
                        &format!("{place}.gate"),
                        format!("is {most}"),
                        "below 100, or it keeps nobody out",
                    );
                }
                _ => {}
            }
            match &line.scale {
                Scale::Linear { none_at_milli, all_at_milli } if none_at_milli == all_at_milli => {
                    problem(&format!("{place}.scale"), "begins where it ends".into(), "let them differ");
                }
                Scale::Steps(steps)
                    if steps.is_empty()
                        || steps.len() > STEPS_MAX
                        || steps.iter().any(|step| step.points > 100)
                        || steps.windows(2).any(|pair| pair[1].from_milli <= pair[0].from_milli) =>
                {
                    let mend = format!("1 to {STEPS_MAX} steps, ascending, of at most 100 points");
                    problem(&format!("{place}.scale"), "has steps that are none".into(), &mend);
                }
                _ => {}
            }
        }
        for line in &self.lines {
            line.text.check(&format!("{}.line.{}.text", self.post, line.id), true, &mut problems);
        }
        self.title.check(&format!("{}.title", self.post), true, &mut problems);
        problems
    }
}

/// What a line is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// A figure, as a fraction, and the frozen report it stands in, if it does.
    Figure {
        /// Above the line.
        over: i64,
        /// Below it; not 0.
        under: u64,
        /// Where it is frozen.
        report: Option<ReportId>,
    },
    /// It does not apply to her this month (on leave, no exam): it leaves the whole.
    NotApplicable,
}

impl Given {
    /// A whole number, frozen nowhere.
    pub const fn whole(value: i64) -> Self {
        Self::Figure { over: value, under: 1, report: None }
    }

    /// A mark.
    pub const fn mark(mark: Mark) -> Self {
        Self::Figure { over: mark.0 as i64, under: 100, report: None }
    }
}

/// Why a month cannot be assessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssessProblem {
    /// Nothing was given for this line: what is missing is said, and never counts as nothing or as all.
    Missing(LineId),
    /// Given for a line that the table has not.
    Unknown(LineId),
    /// A fraction of nothing.
    NoValue(LineId),
    /// No line applies.
    NothingApplies,
}

impl fmt::Display for AssessProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(line) => write!(out, "nothing is given for {line}; say if it does not apply"),
            Self::Unknown(line) => write!(out, "the table has no line {line}"),
            Self::NoValue(line) => write!(out, "what is given for {line} has 0 below the line"),
            Self::NothingApplies => out.write_str("no line applies"),
        }
    }
}

impl std::error::Error for AssessProblem {}

/// What one line came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessedLine {
    /// Which.
    pub line: LineId,
    /// Its weight.
    pub weight: u32,
    /// What was given.
    pub given: Given,
    /// What that earns; none: it did not apply.
    pub mark: Option<Mark>,
}

/// What a month came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessed {
    /// By the table of this post.
    pub post: PostId,
    /// In this version.
    pub version: u32,
    /// Each line.
    pub lines: Vec<AssessedLine>,
    /// What praise added, in points.
    pub bonus: u32,
    /// All of it: Σ weight × mark ÷ Σ weight of what applied, and the bonus, at most 100, and at most what a gate that was not
    /// passed leaves.
    pub total: Mark,
}

/// Assesses a month by a checked table. `bonus` are points for praise that was verified.
pub fn assess(
    table: &Table,
    given: &BTreeMap<LineId, Given>,
    bonus: u32,
) -> Result<Assessed, Vec<AssessProblem>> {
    let known = |id: &&LineId| table.lines.iter().any(|line| line.id == **id);
    let unknown = given.keys().filter(|id| !known(id));
    let mut problems: Vec<AssessProblem> = unknown.map(|id| AssessProblem::Unknown(*id)).collect();
    let mut lines = Vec::new();
    for line in &table.lines {
        match given.get(&line.id) {
            None => problems.push(AssessProblem::Missing(line.id)),
            Some(Given::Figure { under: 0, .. }) => problems.push(AssessProblem::NoValue(line.id)),
            Some(given) => {
                let mark = match given {
                    Given::Figure { over, under, .. } => Some(line.scale.mark(*over, *under)),
                    Given::NotApplicable => None,
                };
                lines.push(AssessedLine { line: line.id, weight: line.weight, given: *given, mark });
            }
        }
    }
    let applied = lines.iter().filter_map(|line| Some((u128::from(line.weight), line.mark?)));
    let (part, whole) = applied
        .fold((0, 0), |(part, whole), (weight, mark)| (part + weight * u128::from(mark.0), whole + weight));
    if problems.is_empty() && whole == 0 {
        problems.push(AssessProblem::NothingApplies);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let bonus = bonus.min(table.bonus_points_max);
    let (full, more) = (u128::from(Mark::FULL.0), u128::from(bonus) * 100);
    let total = Mark::share(part + more * whole, full * whole).unwrap_or_default();
    let gates = table.lines.iter().zip(&lines).filter_map(|(line, came)| Some((line.gate?, came.mark?)));
    let shut = gates.filter(|(_, mark)| *mark < Mark::FULL).map(|(most, _)| Mark::points(most));
    let total = shut.fold(total, Mark::min);
    Ok(Assessed { post: table.post, version: table.version, lines, bonus, total })
}

impl Scale {
    /// The mark of a fraction, rounded half up.
    fn mark(&self, over: i64, under: u64) -> Mark {
        let (over, under) = (i128::from(over), i128::from(under));
        let share = |part: i128, whole: i128| {
            let (part, whole) = if whole < 0 { (-part, -whole) } else { (part, whole) };
            Mark::share(part.max(0).unsigned_abs(), whole.unsigned_abs()).unwrap_or_default()
        };
        match self {
            Self::Mark => share(over, 100 * under),
            Self::PointsOff => share(100 * under - over, 100 * under),
            Self::Linear { none_at_milli, all_at_milli } => {
                let (none, all) = (i128::from(*none_at_milli), i128::from(*all_at_milli));
                share(1_000 * over - none * under, (all - none) * under)
            }
            Self::Steps(steps) => {
                let reached = |step: &&Stair| i128::from(step.from_milli) * under <= 1_000 * over;
                steps.iter().rev().find(reached).map_or(Mark::ZERO, |step| Mark::points(step.points))
            }
        }
    }
}
