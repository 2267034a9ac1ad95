//! 请假: asked for in time, decided by whoever may, borne out by papers where it needs any.
//!
//! ```text
//!   requested ──approve──▶ approved ──(sick) papers──▶ borne out | untrue (a case of absence)
//!       │ │                    └──── none in time ───▶ overdue (a case of absence until they come)
//!       │ └──refuse──▶ refused
//!       └──withdraw──▶ withdrawn          approved leave can be withdrawn until it begins
//! ```
//!
//! What is asked for too late is refused and leaves no trace here. Whoever does not come all the same lets it be known
//! (`absence.reported`), and attendance tells that from silence.

mod decide;
mod papers;
mod request;

pub use request::NewLeave;

use crate::civil::Span;
use crate::day::{Day, days_begun};
use crate::event::{Event, LeaveRequested};
use crate::id::{LeaveId, ShiftId};
use crate::limits::REQUESTS_MAX;
use crate::refusal::Refusal;
use crate::requests::{LeaveKind, Paper, missing_papers};
use crate::work::Work;
use crate::workforce::{Due, Workforce, forget_oldest};
use cordboard_floor::{AgentId, Instant};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nobody has decided.
    Requested,
    /// Granted.
    Approved,
    /// Not granted.
    Refused,
    /// Taken back.
    Withdrawn,
}

/// How the papers stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Papers {
    /// It needs none, or is not granted.
    NotWanted,
    /// Some are to come, or nobody has looked at them.
    Pending,
    /// They did not come in time.
    Overdue,
    /// They bear it out.
    BorneOut,
    /// They do not.
    Untrue,
}

/// Leave that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leave {
    /// What was asked.
    pub asked: LeaveRequested,
    /// When.
    pub asked_at: Instant,
    /// How it stands.
    pub standing: Standing,
    /// When its papers are due.
    pub papers_due: Option<Instant>,
    /// What was brought.
    pub brought: BTreeSet<Paper>,
    /// How they stand.
    pub papers: Papers,
    /// The event that made it what it is.
    pub seq: u64,
}

impl Leave {
    /// Its time.
    pub const fn span(&self) -> Span {
        Span { from: self.asked.from, to: self.asked.until }
    }

    /// What is still to be brought.
    pub fn missing(&self) -> Vec<Paper> {
        if self.papers_due.is_none() { Vec::new() } else { missing_papers(self.asked.kind, &self.brought) }
    }

    /// Whether nothing more can happen to it but by people who look back.
    fn is_over(&self) -> bool {
        matches!(self.standing, Standing::Refused | Standing::Withdrawn)
            || (self.standing == Standing::Approved && self.papers != Papers::Pending)
    }

    fn holds_day(&self, day: Day) -> bool {
        let days = days_begun(self.asked.until.since(self.asked.from)).max(1) as i32;
        (0..days).contains(&day.since(self.asked.day))
    }
}

impl Workforce {
    /// Leave that is remembered.
    pub fn leave(&self, leave: LeaveId) -> Option<&Leave> {
        self.leaves.get(&leave)
    }

    /// All that is, the oldest first.
    pub fn leaves(&self) -> impl DoubleEndedIterator<Item = (LeaveId, &Leave)> {
        self.leaves.iter().map(|(id, leave)| (*id, leave))
    }

    /// Approved leave of hers, the oldest first.
    pub(crate) fn approved_of(&self, agent: AgentId) -> impl Iterator<Item = (LeaveId, &Leave)> {
        let own = self.leaves_of.get(&agent).into_iter().flatten();
        own.filter_map(|id| Some((*id, self.leaves.get(id)?)))
            .filter(|(_, leave)| leave.standing == Standing::Approved)
    }

    /// Approved leave of hers that has a moment in a span.
    pub(crate) fn leave_meeting(&self, agent: AgentId, span: Span) -> Option<LeaveId> {
        self.approved_of(agent).find(|(_, leave)| leave.span().meets(&span)).map(|(id, _)| id)
    }

    /// Whether approved leave of hers is on a day.
    pub(crate) fn is_on_leave(&self, agent: AgentId, day: Day) -> bool {
        self.approved_of(agent).any(|(_, leave)| leave.holds_day(day))
    }

    pub(crate) fn take_leave(&mut self, seq: u64, at: Instant, event: &Event) {
        match event {
            Event::LeaveRequested(event) => self.insert_leave(seq, at, event),
            Event::LeaveApproved(event) => self.change_leave(seq, event.leave, |leave| {
                (leave.standing, leave.papers_due) = (Standing::Approved, event.papers_due);
                leave.papers = if event.papers_due.is_some() { Papers::Pending } else { Papers::NotWanted };
            }),
            Event::LeaveRefused(event) => {
                self.change_leave(seq, event.leave, |leave| leave.standing = Standing::Refused);
            }
            Event::LeaveWithdrawn(event) => self.change_leave(seq, event.leave, |leave| {
                (leave.standing, leave.papers) = (Standing::Withdrawn, Papers::NotWanted);
            }),
            Event::LeavePapersSubmitted(event) => {
                self.change_leave(seq, event.leave, |leave| leave.brought.extend(&event.papers));
            }
            Event::LeavePapersJudged(event) => self.change_leave(seq, event.leave, |leave| {
                leave.papers = if event.borne_out { Papers::BorneOut } else { Papers::Untrue };
            }),
            Event::LeavePapersOverdue(event) => {
                self.change_leave(seq, event.leave, |leave| leave.papers = Papers::Overdue);
            }
            _ => {}
        }
    }

    fn change_leave(&mut self, seq: u64, id: LeaveId, change: impl FnOnce(&mut Leave)) {
        if let Some(leave) = self.leaves.get_mut(&id) {
            change(leave);
            leave.seq = seq;
        }
        self.refresh(Due::Papers(id));
    }

    fn insert_leave(&mut self, seq: u64, at: Instant, event: &LeaveRequested) {
        let leave = Leave {
            asked: event.clone(),
            asked_at: at,
            standing: Standing::Requested,
            papers_due: None,
            brought: BTreeSet::new(),
            papers: Papers::NotWanted,
            seq,
        };
        self.leaves_of.entry(event.agent).or_default().insert(event.leave);
        self.leaves.insert(event.leave, leave);
        if let Some((id, forgotten)) = forget_oldest(&mut self.leaves, REQUESTS_MAX, Leave::is_over)
            && let Some(own) = self.leaves_of.get_mut(&forgotten.asked.agent)
        {
            own.remove(&id);
        }
    }
}

impl Work<'_> {
    pub(crate) fn known_leave(&self, leave: LeaveId) -> Result<&Leave, Refusal> {
        self.desk.leaves.get(&leave).ok_or(Refusal::UnknownLeave(leave))
    }

    /// Her shifts that leave takes her out of.
    fn shifts_met(&self, agent: AgentId, span: Span) -> Vec<ShiftId> {
        self.desk.shifts_of(agent, span).map(|(id, _)| id).collect()
    }
}

/// Whether leave of this kind is borne out by papers.
const fn needs_papers(kind: LeaveKind) -> bool {
    matches!(kind, LeaveKind::Sick)
}
