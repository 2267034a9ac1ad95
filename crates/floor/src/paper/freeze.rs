//! Freezing: from now on these bytes are the report of that period. One for each layout and period; another one only by
//! naming the one whose place it takes.

use super::Paper;
use crate::configuration::at_most;
use crate::decider::Done;
use crate::event::ReportFrozen;
use crate::id::{AccountId, LayoutId, ReportId};
use crate::limits;
use crate::refusal::Refusal;
use crate::time::Instant;
use crate::work::{Verdict, Work};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// What is frozen.
#[derive(Clone, Debug, PartialEq)]
pub struct Freeze {
    /// By which layout.
    pub layout: LayoutId,
    /// In which version.
    pub version: u32,
    /// By which zone's clocks; a label, the floor reckons in none.
    pub zone: Arc<str>,
    /// Where the period begins.
    pub from: Instant,
    /// Where it ends.
    pub to: Instant,
    /// The last event of the log that it stands on.
    pub up_to: u64,
    /// BLAKE3 of its canonical bytes.
    pub digest: [u8; 32],
    /// By which formulas, each as `id@version`.
    pub formulas: Vec<Arc<str>>,
    /// Until when it is to be submitted.
    pub due_at: Instant,
    /// Whose place it takes.
    pub revises: Option<ReportId>,
    /// Who had it frozen; none: it was time.
    pub by: Option<AccountId>,
}

impl Freeze {
    fn check(&self, now: Instant, seq: u64) -> Result<(), Refusal> {
        let invalid = |what, why| Err(Refusal::Invalid { what, why });
        at_most("report.zone, bytes", self.zone.len() as u64, limits::ZONE_BYTES_MAX as u64)?;
        at_most("report.formulas", self.formulas.len() as u64, limits::PAPER_FORMULAS_MAX as u64)?;
        let longest = self.formulas.iter().map(|formula| formula.len()).max().unwrap_or(0);
        at_most("report.formula, bytes", longest as u64, limits::PAPER_FORMULA_BYTES_MAX as u64)?;
        at_most("report.up_to", self.up_to, seq)?;
        if self.to <= self.from {
            return invalid("report.to", "the period must end after it begins");
        }
        if self.to > now {
            return invalid("report.to", "the period is not over; freeze it when it is");
        }
        if self.due_at < self.to {
            return invalid("report.due_at", "nothing is due before its period is over");
        }
        Ok(())
    }
}

impl Work<'_> {
    pub(crate) fn freeze_report(&mut self, freeze: Freeze) -> Verdict {
        freeze.check(self.stamp.at, self.floor.seq)?;
        let same = |paper: &Paper| paper.is_of(freeze.layout, freeze.from, freeze.to);
        match freeze.revises {
            Some(former) => {
                if !same(self.current_paper(former)?) {
                    let why = "a revision has the layout and the period of the report that it revises";
                    return Err(Refusal::Invalid { what: "report.revises", why });
                }
            }
            None => {
                let known = self.floor.papers.iter().rev();
                let mut known = known.filter(|(_, paper)| paper.revised_by.is_none() && same(paper));
                if let Some((report, _)) = known.next() {
                    return Ok(Done { seq: report.0 });
                }
            }
        }
        let Freeze { layout, version, zone, from, to, up_to, digest, formulas, due_at, revises, by } = freeze;
        let report = ReportId(self.next_seq());
        self.emit(ReportFrozen {
            report,
            layout,
            version,
            zone,
            from,
            to,
            up_to,
            digest,
            formulas,
            due_at,
            revises,
            by,
        });
        self.done()
    }
}
