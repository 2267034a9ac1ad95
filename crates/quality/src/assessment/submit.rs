//! Submitting a month: every row is reckoned again from what is given, by the table, and the places from the marks. A
//! row that does not come to what is claimed refuses the whole.

use super::{Assessed, AssessmentStanding, Given, Ranking, Table, assess, rank};
use crate::event::{AssessmentRows, AssessmentSubmitted, TableApplied};
use crate::id::{AssessmentId, LineId, PostId};
use crate::limits::{ASSESSED_MAX, ASSESSMENTS_MAX, LINES_PER_EVENT_MAX, TABLES_MAX};
use crate::mark::Mark;
use crate::month::Month;
use crate::refusal::{Refusal, at_most};
use crate::work::{Verdict, Work};
use cordboard_floor::decider::Done;
use cordboard_floor::{AccountId, AgentId, Millis};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One agent's month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessmentRow {
    /// Whose.
    pub agent: AgentId,
    /// What was given, line by line, and what it came to.
    pub assessed: Assessed,
    /// Her place from 1.
    pub place: u32,
}

/// The month of a post, as it is submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthOfPost {
    /// Which month: one that is over.
    pub month: Month,
    /// Which post.
    pub post: PostId,
    /// By which version of its table.
    pub version: u32,
    /// Everybody, in any order.
    pub rows: Vec<AssessmentRow>,
    /// Who submits it: the director.
    pub account: AccountId,
}

impl Work<'_> {
    pub(crate) fn apply_table(&mut self, table: Table) -> Verdict {
        let problems = table.check();
        if !problems.is_empty() {
            return Err(Refusal::Faulty(problems));
        }
        match self.desk.tables.get(&(table.post, table.version)) {
            Some(known) if known.what == table => return Ok(Done { seq: known.seq }),
            Some(known) if known.used => return Err(Refusal::TableFrozen(table.post, table.version)),
            Some(_) => {}
            None => at_most("tables", self.desk.tables.len() as u64 + 1, TABLES_MAX as u64)?,
        }
        self.emit(TableApplied { table });
        self.done()
    }

    /// A month and post has one assessment that stands; after it was returned it may be submitted again.
    pub(crate) fn submit_assessment(&mut self, submitted: MonthOfPost) -> Verdict {
        let MonthOfPost { month, post, version, mut rows, account: by } = submitted;
        at_most("people assessed", rows.len() as u64, ASSESSED_MAX as u64)?;
        // The month of the site's clocks may be over a day before that of UTC.
        let now = Month::utc(self.stamp.at.plus(Millis(24 * 3_600_000)));
        if now.is_some_and(|now| month >= now) {
            return Err(Refusal::Invalid { what: "month", why: "is not over" });
        }
        if let Some((id, known)) = self.desk.months.current(month, post) {
            return Err(Refusal::WrongAssessment(id, known.standing));
        }
        let waiting =
            |(_, known): &(AssessmentId, &super::Assessment)| known.standing == AssessmentStanding::Submitted;
        let waiting = self.desk.months.assessments().filter(waiting).count();
        at_most("assessments not decided", waiting as u64 + 1, ASSESSMENTS_MAX as u64)?;
        rows.sort_by_key(|row| (row.place, row.agent));
        let ranking = self.reckon(post, version, &rows)?;
        let (assessment, ranked) = (AssessmentId(self.next_seq()), self.desk.terms.rank);
        self.emit(AssessmentSubmitted {
            assessment,
            month,
            post,
            version,
            rows: rows.len() as u32,
            ranked,
            is_large_enough: ranking.is_large_enough,
            last: ranking.last.into_iter().collect(),
            by,
        });
        let mut chunk: Vec<AssessmentRow> = Vec::new();
        let mut lines = 0;
        for row in rows {
            lines += row.assessed.lines.len();
            if lines > LINES_PER_EVENT_MAX {
                lines = row.assessed.lines.len();
                self.emit(AssessmentRows { assessment, rows: std::mem::take(&mut chunk) });
            }
            chunk.push(row);
        }
        self.emit(AssessmentRows { assessment, rows: chunk });
        Ok(Done { seq: assessment.0 })
    }

    /// What the rows come to, if that is what is claimed.
    fn reckon(&self, post: PostId, version: u32, rows: &[AssessmentRow]) -> Result<Ranking, Refusal> {
        let table = self.desk.table(post, version).ok_or(Refusal::UnknownTable(post, version))?;
        if rows.is_empty() || rows.iter().map(|row| row.agent).collect::<BTreeSet<_>>().len() != rows.len() {
            return Err(Refusal::Invalid { what: "rows", why: "are none, or one agent is there twice" });
        }
        for row in rows {
            let given: BTreeMap<LineId, Given> =
                row.assessed.lines.iter().map(|line| (line.line, line.given)).collect();
            let reckoned = assess(table, &given, row.assessed.bonus);
            let reckoned = reckoned.map_err(|problems| Refusal::RowDiffers(row.agent, problems))?;
            if reckoned != row.assessed {
                return Err(Refusal::RowDiffers(row.agent, Vec::new()));
            }
        }
        let marks: Vec<(AgentId, Mark)> = rows.iter().map(|row| (row.agent, row.assessed.total)).collect();
        let ranking = rank(&marks, self.desk.terms.rank);
        let claimed = rows.iter().zip(&ranking.places);
        match claimed.into_iter().find(|(row, place)| (row.agent, row.place) != (place.agent, place.place)) {
            Some((row, _)) => Err(Refusal::RowDiffers(row.agent, Vec::new())),
            None => Ok(ranking),
        }
    }
}
