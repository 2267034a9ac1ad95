//! Taking over, the want of relief, and a leader who lets somebody go.

use super::Handover;
use crate::event::{HandoverAccepted, OvertimeBegun, ReliefMissing, SignOutFlagged, SignOutOverridden};
use crate::id::{HandoverId, ShiftId};
use crate::refusal::Refusal;
use crate::shift::Relief;
use crate::work::{Verdict, Work};
use cordboard_floor::decider::Done;
use cordboard_floor::{AccountId, AgentId, ReasonId, SeatId};

impl Work<'_> {
    pub(super) fn open_handover(&self, handover: HandoverId, agent: AgentId) -> Result<&Handover, Refusal> {
        let known = self.desk.handovers.get(&handover).ok_or(Refusal::UnknownHandover(handover))?;
        let (outgoing, incoming) = (known.listed.outgoing, known.listed.incoming);
        if known.accepted_at.is_some() {
            let is_hers = known.listed.to == agent;
            return Err(if is_hers { Refusal::Settled } else { Refusal::NotYours(agent) });
        }
        // Shifts change hands after they are listed: whoever has the incoming one now takes over, and nobody from herself.
        let comes = self.known_shift(incoming)?.sketch.agent;
        if comes != agent || self.known_shift(outgoing)?.sketch.agent == agent {
            return Err(Refusal::NotYours(agent));
        }
        // A later list put another line in its place.
        if self.desk.handover_of(outgoing) != Some(handover) {
            return Err(Refusal::Settled);
        }
        Ok(known)
    }

    pub(crate) fn accept_handover(
        &mut self,
        handover: HandoverId,
        agent: AgentId,
        seat: Option<SeatId>,
    ) -> Verdict {
        let accepted = self.desk.handovers.get(&handover).filter(|known| known.accepted_at.is_some());
        if let Some(known) = accepted.filter(|known| known.listed.to == agent) {
            return Ok(Done { seq: known.seq });
        }
        let known = self.open_handover(handover, agent)?;
        let lines = self.desk.terms.handover.checks.iter();
        let missing: Vec<_> = lines.filter(|line| !known.checks.contains_key(line)).copied().collect();
        if !missing.is_empty() {
            return Err(Refusal::NotChecked(missing));
        }
        if !self.desk.is_present(agent) {
            return Err(Refusal::NotThere(agent));
        }
        let (outgoing, seat) = (known.listed.outgoing, seat.or(known.listed.seat));
        let from = self.known_shift(outgoing)?.sketch.agent;
        self.emit(HandoverAccepted { handover, outgoing, from, to: agent, seat });
        self.end_stay(outgoing, self.stamp.at);
        self.done()
    }

    pub(crate) fn override_sign_out(&mut self, shift: ShiftId, why: ReasonId, by: AccountId) -> Verdict {
        let known = self.known_shift(shift)?;
        let agent = known.sketch.agent;
        match known.relief {
            Relief::Overridden => {
                return Ok(Done { seq: self.desk.overridden.get(&shift).copied().unwrap_or(known.seq) });
            }
            Relief::Accepted => return Err(Refusal::Settled),
            Relief::Open | Relief::Missing => {}
        }
        self.not_by(agent)?;
        self.emit(SignOutOverridden { shift, agent, by, why });
        self.end_stay(shift, self.stamp.at);
        self.done()
    }

    /// She has signed out and nobody had taken over. Twice is once: it is told of a shift when it is first so.
    pub(crate) fn flag_sign_out(&mut self, shift: ShiftId) -> Verdict {
        let agent = self.known_shift(shift)?.sketch.agent;
        if !self.desk.left_unrelieved.contains_key(&shift) {
            self.emit(SignOutFlagged { shift, agent });
        }
        self.done()
    }

    /// The shift is over and nobody has taken over. Whoever is not on the floor keeps nobody waiting and does not stay on.
    pub(crate) fn miss_relief(&mut self, shift: ShiftId) {
        let Some(known) = self.desk.shifts.get(&shift) else { return };
        let (agent, since) = (known.sketch.agent, known.works_until());
        let handover = self.desk.handover_of(shift);
        self.emit(ReliefMissing { shift, agent, handover });
        if self.desk.is_present(agent) {
            let free_at = since.plus(self.desk.terms.handover.stay_ms_max);
            self.emit(OvertimeBegun { shift, agent, since, free_at });
        }
    }
}
