//! Counts over months and years, of findings in the order of their days.

use super::judge::{AbsenceCase, Finding, Judged, Rules};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is told because of a count. Who decides about people is a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// So many lates in a year that more of them will cost something.
    LatesEarly,
    /// More lates in a year than are allowed.
    LatesTooMany,
    /// So many days of absence, together or apart.
    Absences,
}

/// Counts of one year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Lates that count.
    pub lates: u32,
    /// Days of absence that count, those made of lates included.
    pub absences: u32,
    /// Findings that were excused.
    pub excused: u32,
}

/// What came of it all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// By year.
    pub years: BTreeMap<i16, Count>,
    /// Lates that count, by year and month.
    pub months: BTreeMap<(i16, i8), u32>,
    /// The days on which lates became a day of absence, or a warning became due, in order.
    pub told: Vec<(jiff::civil::Date, Told)>,
}

/// Something that became due on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// A day of absence that is made of lates.
    Absence(AbsenceCase),
    /// A warning.
    Warning(Warning),
}

/// Counts findings of one person, in the order of their days. What is excused counts for nothing, so that counting anew after an
/// exception gives what would have been counted had it been known.
pub fn count(findings: &[Judged], rules: &Rules) -> Counters {
    let mut counters = Counters::default();
    for judged in findings {
        let date = judged.shift.date;
        let year = counters.years.entry(date.year()).or_default();
        if judged.excused.is_some() {
            year.excused += u32::from(!matches!(judged.finding, Finding::InTime | Finding::OnLeave));
            continue;
        }
        let mut absent = 0;
        match judged.finding {
            Finding::InTime | Finding::OnLeave => {}
            Finding::Absent(_) => absent = 1,
            Finding::Late { .. } => {
                year.lates += 1;
                if year.lates == rules.lates_early_warning {
                    counters.told.push((date, Told::Warning(Warning::LatesEarly)));
                }
                if year.lates == rules.lates_max + 1 {
                    counters.told.push((date, Told::Warning(Warning::LatesTooMany)));
                }
                let month = counters.months.entry((date.year(), date.month())).or_default();
                *month += 1;
                if rules.lates_per_absence > 0 && month.is_multiple_of(rules.lates_per_absence) {
                    counters.told.push((date, Told::Absence(AbsenceCase::ThirdLate)));
                    absent = 1;
                }
            }
        }
        let before = year.absences;
        year.absences += absent;
        if before < rules.absences_warning && year.absences >= rules.absences_warning {
            counters.told.push((date, Told::Warning(Warning::Absences)));
        }
    }
    counters
}
