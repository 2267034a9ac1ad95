//! 行为规范: the rules by which points are taken, each in a version, as they ship in `config/quality/conduct.toml`.
//!
//! A rule says what an occurrence costs. Where it leaves a range, whoever confirms says how much; where the
//! documents say dismissal, the entry is marked grave and people decide: no rule dismisses anybody.

use crate::limits::{RULE_POINTS_MAX, RULES_MAX};
use crate::problem::{Problem, from_toml};
use crate::words::Words;
use cordboard_floor::RuleId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The rules that ship.
pub const SHIPPED: &str = include_str!("../../../config/quality/conduct.toml");

/// When an occurrence goes before the director as a matter of staying or leaving.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grave {
    /// Never.
    #[default]
    Never,
    /// When whoever confirms says that it is severe.
    WhenSevere,
    /// Always.
    Always,
}

/// How an occurrence comes to be proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// By a detector over the log.
    Log,
    /// By a detector that needs the roster besides.
    Roster,
    /// By a person on a round, or at a handover.
    Patrol,
    /// By another record: equipment, access, a case.
    Report,
}

/// One rule in one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which.
    pub id: RuleId,
    /// Counts from 1.
    pub version: u32,
    /// The item of the requirements that it answers, as `P101`; empty for a finding of our own.
    #[serde(default)]
    pub item: String,
    /// Where it stands in the documents.
    pub source: String,
    /// What it says.
    pub text: Words,
    /// What one occurrence costs, in points; 0 is a finding to talk about.
    pub points: u32,
    /// The most it may cost, where the documents leave a range.
    #[serde(default)]
    pub points_max: Option<u32>,
    /// Whether people decide about staying or leaving.
    #[serde(default)]
    pub grave: Grave,
    /// How it is found.
    pub found: Found,
}

impl Rule {
    /// The most that one occurrence may cost.
    pub const fn most(&self) -> u32 {
        match self.points_max {
            Some(most) => most,
            None => self.points,
        }
    }

    /// Whether one occurrence may cost that.
    pub const fn allows(&self, points: u32) -> bool {
        self.points <= points && points <= self.most()
    }

    /// What is wrong with it.
    pub fn check(&self, problems: &mut Vec<Problem>) {
        let place = format!("rule.{}", self.id);
        if self.version == 0 {
            problems.push(Problem::new(format!("{place}.version"), "is 0", "count versions from 1"));
        }
        if self.most() > RULE_POINTS_MAX {
            let what = format!("is {}", self.most());
            problems.push(Problem::new(
                format!("{place}.points"),
                what,
                format!("at most {RULE_POINTS_MAX}"),
            ));
        }
        if self.most() < self.points {
            problems.push(Problem::new(
                format!("{place}.points_max"),
                format!("is {}, below points", self.most()),
                "let the range ascend, or take points_max out",
            ));
        }
        self.text.check(&format!("{place}.text"), true, problems);
    }
}

/// The rules of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conduct {
    /// What a month may cost one agent at most, in points; 0 is no limit.
    #[serde(default)]
    pub month_points_max: u32,
    /// All of them.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
}

impl Conduct {
    /// Reads rules as they stand in a file and checks them; `name` is what problems call the file.
    pub fn read(name: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let conduct: Self = from_toml(name, text)?;
        let problems = conduct.check();
        if problems.is_empty() { Ok(conduct) } else { Err(problems) }
    }

    /// The rules that ship.
    pub fn shipped() -> Result<Self, Vec<Problem>> {
        Self::read("conduct.toml", SHIPPED)
    }

    /// Everything that is wrong with them.
    pub fn check(&self) -> Vec<Problem> {
        let (mut problems, mut seen) = (Vec::new(), BTreeSet::new());
        if self.rules.len() > RULES_MAX {
            let what = format!("there are {}, more than {RULES_MAX}", self.rules.len());
            problems.push(Problem::new("rule", what, "take some out"));
        }
        for rule in &self.rules {
            if !seen.insert(rule.id) {
                problems.push(Problem::new(
                    format!("rule.{}", rule.id),
                    "is there twice",
                    "keep one; another version takes its place, not a second one",
                ));
            }
            rule.check(&mut problems);
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_of_the_rules_is_told_at_once() {
        let wrong = r#"
            [[rule]]
            id = "a"
            version = 0
            source = "x"
            text = { zh = "", en = "a" }
            points = 2
            points_max = 1
            found = "log"
            [[rule]]
            id = "a"
            version = 1
            source = "x"
            text = { zh = "甲", en = "a" }
            points = 101
            found = "log"
        "#;
        let problems = Conduct::read("mine.toml", wrong).unwrap_err();
        let places: Vec<&str> = problems.iter().map(|problem| problem.place.as_str()).collect();
        assert_eq!(
            places,
            ["rule.a.version", "rule.a.points_max", "rule.a.text.zh", "rule.a", "rule.a.points"]
        );
        assert!(problems.iter().all(|problem| !problem.mend.is_empty()));
        let problems = Conduct::read("mine.toml", "\n\n[[rule]]\nwrong = 1\n").unwrap_err();
        assert!(problems[0].place.starts_with("mine.toml, line "), "{}", problems[0]);
    }

    #[test]
    fn a_range_allows_what_lies_in_it() {
        let conduct = Conduct::shipped().unwrap();
        let rule = |id: &str| conduct.rules.iter().find(|rule| rule.id.as_str() == id).unwrap();
        let damaged = rule("conduct.damaged_equipment");
        assert_eq!([0, 1, 5, 6].map(|points| damaged.allows(points)), [false, true, true, false]);
        let noise = rule("conduct.noise");
        assert_eq!([0, 1, 2].map(|points| noise.allows(points)), [false, true, false]);
    }
}
