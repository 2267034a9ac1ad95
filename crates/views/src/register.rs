//! 报送登记: which reports were frozen, what was signed on each, and whether it came in time.

use crate::View;
use cordboard_floor::event::{Event, ReportFrozen};
use cordboard_floor::limits::PAPERS_MAX;
use cordboard_floor::paper::{PaperState, is_late};
use cordboard_floor::{AccountId, Instant, LayoutId, ReasonId, Recorded, ReportId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Whose.
    pub account: AccountId,
    /// When.
    pub at: Instant,
}

/// A frozen report with everything that was signed on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Registered {
    /// What was frozen.
    pub frozen: ReportFrozen,
    /// When.
    pub frozen_at: Instant,
    /// How far it is.
    pub state: PaperState,
    /// The first submission: by that it is late or in time.
    pub first_submitted_at: Option<Instant>,
    /// The last.
    pub submitted: Option<Signed>,
    /// The approval.
    pub approved: Option<Signed>,
    /// The last return, and why.
    pub returned: Option<(Signed, ReasonId)>,
    /// Which one took its place.
    pub revised_by: Option<ReportId>,
}

impl Registered {
    /// Whether it was submitted too late, or has not been submitted although it is due. It follows from what happened; nobody
    /// writes it. What another report took the place of before anybody submitted it is nobody's delay.
    pub fn is_late(&self, now: Instant) -> bool {
        match self.first_submitted_at {
            Some(at) => is_late(self.frozen.due_at, at),
            None => self.revised_by.is_none() && is_late(self.frozen.due_at, now),
        }
    }
}

/// The register of a log.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Register {
    seq: u64,
    at: Instant,
    began_at: Option<Instant>,
    reports: BTreeMap<ReportId, Registered>,
}

impl Register {
    /// All that are remembered, the oldest first.
    pub fn reports(&self) -> impl DoubleEndedIterator<Item = (ReportId, &Registered)> {
        self.reports.iter().map(|(id, report)| (*id, report))
    }

    /// One of them.
    pub fn report(&self, report: ReportId) -> Option<&Registered> {
        self.reports.get(&report)
    }

    /// The one that holds for a layout and period.
    pub fn current(&self, layout: LayoutId, from: Instant, to: Instant) -> Option<ReportId> {
        let found = self.reports.iter().rev().find(|(_, report)| {
            let frozen = &report.frozen;
            report.revised_by.is_none() && (frozen.layout, frozen.from, frozen.to) == (layout, from, to)
        });
        found.map(|(id, _)| *id)
    }

    /// When the log began.
    pub const fn began_at(&self) -> Option<Instant> {
        self.began_at
    }

    /// When its last event happened.
    pub const fn at(&self) -> Instant {
        self.at
    }

    fn sign(&mut self, report: ReportId, sign: impl FnOnce(&mut Registered)) {
        if let Some(report) = self.reports.get_mut(&report) {
            sign(report);
        }
    }

    fn take(&mut self, at: Instant, event: &Event) {
        match event {
            Event::ReportFrozen(event) => {
                if let Some(former) = event.revises {
                    self.sign(former, |former| former.revised_by = Some(event.report));
                }
                let registered = Registered {
                    frozen: event.clone(),
                    frozen_at: at,
                    state: PaperState::Frozen,
                    first_submitted_at: None,
                    submitted: None,
                    approved: None,
                    returned: None,
                    revised_by: None,
                };
                self.reports.insert(event.report, registered);
                while self.reports.len() > PAPERS_MAX {
                    self.reports.pop_first();
                }
            }
            Event::ReportSubmitted(event) => self.sign(event.report, |report| {
                report.state = PaperState::Submitted;
                report.first_submitted_at.get_or_insert(at);
                report.submitted = Some(Signed { account: event.account, at });
            }),
            Event::ReportApproved(event) => self.sign(event.report, |report| {
                report.state = PaperState::Approved;
                report.approved = Some(Signed { account: event.account, at });
            }),
            Event::ReportReturned(event) => self.sign(event.report, |report| {
                report.state = PaperState::Returned;
                report.returned = Some((Signed { account: event.account, at }, event.why));
            }),
            _ => {}
        }
    }
}

impl View for Register {
    const NAME: &'static str = "register";

    fn fold(&mut self, recorded: &Recorded<Event>) {
        if recorded.seq <= self.seq {
            return;
        }
        (self.seq, self.at) = (recorded.seq, recorded.at);
        self.began_at.get_or_insert(recorded.at);
        self.take(recorded.at, &recorded.event);
    }

    fn pass(&mut self, seq: u64, at: Instant) {
        if seq > self.seq {
            (self.seq, self.at) = (seq, at);
        }
    }

    fn seq(&self) -> u64 {
        self.seq
    }
}
