//! Reads the benchmark instances of T. Curtois and R. Qu (Employee Shift Scheduling Benchmark Data Sets, 2014), whose best known
//! costs are published: the measure of any solver of this kind.

use super::problem::{Before, Cover, Person, Problem, Shift, Wish};
use std::collections::BTreeMap;
use thiserror::Error;

/// A line that cannot be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("line {line}: {why}")]
pub struct CurtoisFault {
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

/// Reads the text form of an instance.
///
/// # Errors
/// [`CurtoisFault`] with the line.
pub fn read_curtois(text: &str) -> Result<Problem, CurtoisFault> {
    let mut problem = Problem {
        days: 0,
        first_weekday: 0,
        slots: 0,
        shifts: Vec::new(),
        may_follow: Vec::new(),
        people: Vec::new(),
        cover: Vec::new(),
        rest_quota: None,
        rest_minutes: 0,
    };
    let mut section = "";
    let mut after: Vec<Vec<String>> = Vec::new();
    let (mut shifts, mut people) = (BTreeMap::new(), BTreeMap::new());
    let mut cover: Vec<(usize, usize, Cover)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let wrong = |why: &str| CurtoisFault { line: at + 1, why: why.to_owned() };
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with("SECTION_") {
            section = line;
            continue;
        }
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let field = |at: usize| fields.get(at).copied().ok_or_else(|| wrong("too few fields"));
        let number = |at: usize| field(at)?.parse::<u32>().map_err(|_| wrong("a number is missing"));
        let shift = |shifts: &BTreeMap<String, usize>, at: usize| {
            shifts.get(field(at)?).copied().ok_or_else(|| wrong("a shift that was not named"))
        };
        let person = |people: &BTreeMap<String, usize>| {
            people.get(field(0)?).copied().ok_or_else(|| wrong("a person who was not named"))
        };
        match section {
            "SECTION_HORIZON" => problem.days = number(0)? as usize,
            "SECTION_SHIFTS" => {
                let kind = problem.shifts.len();
                shifts.insert(field(0)?.to_owned(), kind);
                let not_after = field(2).unwrap_or_default();
                after.push(not_after.split('|').filter(|id| !id.is_empty()).map(str::to_owned).collect());
                let (id, minutes) = (field(0)?.to_owned(), number(1)?);
                problem.shifts.push(Shift {
                    id,
                    kind,
                    minutes,
                    slots: vec![kind],
                    skill: None,
                    clock: None,
                    amiss: Vec::new(),
                });
            }
            "SECTION_STAFF" => {
                people.insert(field(0)?.to_owned(), problem.people.len());
                let mut kind_max = vec![u32::MAX; problem.shifts.len()];
                for most in field(1)?.split('|') {
                    let (id, count) = most.split_once('=').ok_or_else(|| wrong("write as in D=14"))?;
                    let kind = shifts.get(id).ok_or_else(|| wrong("a shift that was not named"))?;
                    kind_max[*kind] = count.parse().map_err(|_| wrong("a number is missing"))?;
                }
                problem.people.push(Person {
                    id: field(0)?.to_owned(),
                    kind_max,
                    minutes_max: number(2)?,
                    minutes_min: number(3)?,
                    week: None,
                    before: Before::default(),
                    run_max: number(4)?,
                    run_min: number(5)?,
                    rest_min: number(6)?,
                    weekends_max: Some(number(7)?),
                    days_off: Vec::new(),
                    skills: Vec::new(),
                    wishes: Vec::new(),
                });
            }
            "SECTION_DAYS_OFF" => {
                let days =
                    (1..fields.len()).map(|at| Ok(number(at)? as usize)).collect::<Result<Vec<_>, _>>()?;
                let who = person(&people)?;
                problem.people[who].days_off.extend(days);
            }
            "SECTION_SHIFT_ON_REQUESTS" | "SECTION_SHIFT_OFF_REQUESTS" => {
                let (day, kind, weight) = (number(1)? as usize, shift(&shifts, 2)?, i64::from(number(3)?));
                let work = section == "SECTION_SHIFT_ON_REQUESTS";
                let who = person(&people)?;
                problem.people[who].wishes.push(Wish { day, kind, work, weight });
            }
            "SECTION_COVER" => {
                let needed =
                    Cover { required: number(2)?, under: number(3)?.into(), over: number(4)?.into() };
                cover.push((number(0)? as usize, shift(&shifts, 1)?, needed));
            }
            _ => return Err(wrong("a line before any section")),
        }
    }
    problem.slots = problem.shifts.len();
    problem.cover = vec![vec![Cover::default(); problem.slots]; problem.days];
    let whole = |why: &str| CurtoisFault { line: text.lines().count(), why: why.to_owned() };
    for (day, kind, needed) in cover {
        *problem
            .cover
            .get_mut(day)
            .ok_or_else(|| whole("cover of a day beyond the horizon"))?
            .get_mut(kind)
            .ok_or_else(|| whole("cover of a shift that was not named"))? = needed;
    }
    problem.may_follow = after
        .iter()
        .map(|not| problem.shifts.iter().map(|shift| !not.contains(&shift.id)).collect())
        .collect();
    problem.checked().map_err(|why| whole(&why.to_string()))?;
    Ok(problem)
}
