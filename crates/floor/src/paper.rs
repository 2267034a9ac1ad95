//! 报表: the report of a period, frozen, and the signatures under it. What it says is made of the log by others; here stands
//! which bytes were frozen (by their digest), who answers for them, and that nobody overwrites anything.
//!
//! ```text
//!   frozen ──▶ submitted ──▶ approved
//!                │    ▲
//!                ▼    │            a revision is a report of its own that names the one whose place it takes;
//!              returned            the former stays in the log as it was, and nothing more is signed on it
//! ```
//!
//! It knows no calendar (which instants a day has is said by whoever freezes), no layout and no figure.

mod approve;
mod freeze;
mod give_back;
mod submit;
#[cfg(test)]
mod tests;

pub use freeze::Freeze;

use crate::decider::Recorded;
use crate::event::Event;
use crate::floor::Floor;
use crate::id::{AccountId, LayoutId, ReportId};
use crate::limits;
use crate::refusal::Refusal;
use crate::time::Instant;
use crate::work::Work;
use serde::{Deserialize, Serialize};

/// How far the signatures are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperState {
    /// Nobody has answered for it yet.
    Frozen,
    /// Its author has.
    Submitted,
    /// And somebody else has agreed.
    Approved,
    /// Somebody else wants it looked at again.
    Returned,
}

/// A frozen report, as far as the floor has to know it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Paper {
    /// By which layout.
    pub layout: LayoutId,
    /// Where its period begins.
    pub from: Instant,
    /// Where it ends.
    pub to: Instant,
    /// Until when it is to be submitted.
    pub due_at: Instant,
    /// How far it is.
    pub state: PaperState,
    /// Who submitted it, the last time.
    pub author: Option<AccountId>,
    /// Which one took its place.
    pub revised_by: Option<ReportId>,
    /// The event that made it what it is.
    pub seq: u64,
}

impl Paper {
    fn is_of(&self, layout: LayoutId, from: Instant, to: Instant) -> bool {
        (self.layout, self.from, self.to) == (layout, from, to)
    }
}

/// Whether a report that is submitted then is late. A report that is due now and submitted now is in time.
pub fn is_late(due_at: Instant, submitted_at: Instant) -> bool {
    submitted_at > due_at
}

impl Floor {
    /// The frozen reports that the floor still remembers, the oldest first.
    pub fn papers(&self) -> impl Iterator<Item = (ReportId, &Paper)> {
        self.papers.iter().map(|(id, paper)| (*id, paper))
    }

    /// One of them.
    pub fn paper(&self, report: ReportId) -> Option<&Paper> {
        self.papers.get(&report)
    }

    pub(crate) fn take_paper(&mut self, recorded: &Recorded<Event>) {
        let seq = recorded.seq;
        match &recorded.event {
            Event::ReportFrozen(event) => {
                let paper = Paper {
                    layout: event.layout,
                    from: event.from,
                    to: event.to,
                    due_at: event.due_at,
                    state: PaperState::Frozen,
                    author: None,
                    revised_by: None,
                    seq,
                };
                self.papers.insert(event.report, paper);
                if let Some(former) = event.revises.and_then(|former| self.papers.get_mut(&former)) {
                    former.revised_by = Some(event.report);
                }
                while self.papers.len() > limits::PAPERS_MAX {
                    self.papers.pop_first();
                }
            }
            Event::ReportSubmitted(event) => {
                if let Some(paper) = self.papers.get_mut(&event.report) {
                    (paper.state, paper.author, paper.seq) =
                        (PaperState::Submitted, Some(event.account), seq);
                }
            }
            Event::ReportApproved(event) => self.sign(event.report, PaperState::Approved, seq),
            Event::ReportReturned(event) => self.sign(event.report, PaperState::Returned, seq),
            _ => {}
        }
    }

    fn sign(&mut self, report: ReportId, state: PaperState, seq: u64) {
        if let Some(paper) = self.papers.get_mut(&report) {
            (paper.state, paper.seq) = (state, seq);
        }
    }
}

impl Work<'_> {
    /// A report on which something can still be signed.
    fn current_paper(&self, report: ReportId) -> Result<&Paper, Refusal> {
        let paper = self.floor.papers.get(&report).ok_or(Refusal::UnknownReport(report))?;
        match paper.revised_by {
            Some(by) => Err(Refusal::ReportRevised(report, by)),
            None => Ok(paper),
        }
    }

    /// One that waits for somebody else than its author.
    fn submitted_paper(&self, report: ReportId, account: AccountId) -> Result<&Paper, Refusal> {
        let paper = self.current_paper(report)?;
        match paper.state {
            PaperState::Submitted if paper.author == Some(account) => {
                Err(Refusal::OwnReport(report, account))
            }
            PaperState::Submitted => Ok(paper),
            PaperState::Approved => Err(Refusal::ReportApproved(report)),
            PaperState::Frozen | PaperState::Returned => Err(Refusal::NotSubmitted(report)),
        }
    }
}
