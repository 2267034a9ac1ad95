//! Deciding about leave: a shift's leader up to so many days, the director beyond. What is granted spares her of her shifts.

use super::{Standing, needs_papers};
use crate::day::DAY_MS;
use crate::event::{LeaveApproved, LeaveRefused};
use crate::id::LeaveId;
use crate::refusal::Refusal;
use crate::requests::Approver;
use crate::shift::{Away, ChangeWhy};
use crate::work::{Verdict, Work};
use cordboard_floor::decider::Done;
use cordboard_floor::{AccountId, Instant, Millis, ReasonId};

impl Work<'_> {
    pub(crate) fn approve_leave(&mut self, leave: LeaveId, by: AccountId, rank: Approver) -> Verdict {
        if let Some(done) = self.decidable(leave, rank, Standing::Approved)? {
            return Ok(done);
        }
        let asked = self.known_leave(leave)?.asked.clone();
        let shifts = self.shifts_met(asked.agent, crate::civil::Span { from: asked.from, to: asked.until });
        for shift in &shifts {
            self.check_spare(*shift)?;
        }
        let papers_due =
            needs_papers(asked.kind).then(|| self.papers_due(asked.from, asked.until, asked.days));
        self.emit(LeaveApproved { leave, agent: asked.agent, by, rank, papers_due });
        for shift in shifts {
            let away = Away { from: asked.from, until: asked.until, why: ChangeWhy::Leave };
            self.spare(shift, away, None);
        }
        self.done()
    }

    pub(crate) fn refuse_leave(
        &mut self,
        leave: LeaveId,
        by: AccountId,
        rank: Approver,
        why: ReasonId,
    ) -> Verdict {
        if let Some(done) = self.decidable(leave, rank, Standing::Refused)? {
            return Ok(done);
        }
        let agent = self.known_leave(leave)?.asked.agent;
        self.emit(LeaveRefused { leave, agent, by, rank, why });
        self.done()
    }

    /// Whether it can be decided by somebody of this rank; an answer where that has been done already.
    fn decidable(&self, leave: LeaveId, rank: Approver, wanted: Standing) -> Result<Option<Done>, Refusal> {
        let known = self.known_leave(leave)?;
        if known.standing == wanted {
            return Ok(Some(Done { seq: known.seq }));
        }
        if known.standing != Standing::Requested {
            return Err(Refusal::Settled);
        }
        if rank < known.asked.approver {
            return Err(Refusal::RankTooLow { needed: known.asked.approver });
        }
        self.not_by(known.asked.agent)?;
        Ok(None)
    }

    /// On return; longer leave brings them early.
    fn papers_due(&self, from: Instant, until: Instant, days: u32) -> Instant {
        let terms = &self.desk.terms.leave;
        let due = until.plus(terms.papers_after_ms);
        if days > terms.papers_early_days {
            due.min(from.plus(Millis(u64::from(terms.papers_early_days) * DAY_MS)))
        } else {
            due
        }
    }
}
