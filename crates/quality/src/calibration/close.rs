//! Closing a round: by hand, or when its time is over.

use crate::event::{CalibrationClosed, EvaluationClosed};
use crate::id::{EvaluationId, RoundId};
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};
use cordboard_floor::AccountId;

impl Work<'_> {
    pub(crate) fn close_calibration(&mut self, round: RoundId, account: AccountId) -> Verdict {
        let known = self.desk.rounds.get(&round).ok_or(Refusal::UnknownRound(round))?;
        if !known.closed {
            self.finish_round(round, Some(account));
        }
        self.done()
    }

    /// With the round its evaluations are over.
    pub(crate) fn finish_round(&mut self, round: RoundId, by: Option<AccountId>) {
        self.emit(CalibrationClosed { round, by });
        let own = self.desk.evaluations.range(EvaluationId(round.0)..);
        let own = own.filter(|(_, known)| known.round == Some(round) && !known.is_over());
        let own: Vec<EvaluationId> = own.map(|(id, _)| *id).collect();
        for evaluation in own {
            self.emit(EvaluationClosed { evaluation, by });
        }
    }
}
