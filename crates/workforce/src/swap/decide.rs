//! Deciding about a swap that both want.

use super::{NewSwap, Standing};
use crate::event::{SwapApproved, SwapExpired, SwapRefused};
use crate::id::SwapId;
use crate::refusal::Refusal;
use crate::requests::Approver;
use crate::shift::ChangeWhy;
use crate::work::{Verdict, Work, check_sealed};
use cordboard_floor::decider::Done;
use cordboard_floor::event::Sealed;
use cordboard_floor::{AccountId, ReasonId};

impl Work<'_> {
    pub(crate) fn approve_swap(
        &mut self,
        swap: SwapId,
        by: AccountId,
        rank: Approver,
        exception: Option<Sealed>,
    ) -> Verdict {
        check_sealed(&exception)?;
        let known = self.known_swap(swap)?;
        match known.standing {
            Standing::Agreed => {}
            Standing::Approved => return Ok(Done { seq: known.seq }),
            Standing::Requested => return Err(Refusal::NotYet),
            _ => return Err(Refusal::Settled),
        }
        let asked = &known.asked;
        self.not_by(asked.agent)?;
        self.not_by(asked.with)?;
        let asked = NewSwap {
            agent: asked.agent,
            shift: asked.shift,
            with: asked.with,
            other: asked.other,
            text: None,
            exceptional: true,
        };
        let [own, other] = self.swapped(&asked)?;
        if let Some(over) = self.over_count(&asked) {
            if exception.is_none() {
                return Err(over);
            }
            if rank < Approver::Director {
                return Err(Refusal::RankTooLow { needed: Approver::Director });
            }
        }
        self.emit(SwapApproved { swap, by, rank, exception });
        self.put_shift(asked.shift, own, Vec::new(), ChangeWhy::Swap, None);
        self.put_shift(asked.other, other, Vec::new(), ChangeWhy::Swap, None);
        self.done()
    }

    pub(crate) fn refuse_swap(&mut self, swap: SwapId, by: AccountId, why: ReasonId) -> Verdict {
        let known = self.known_swap(swap)?;
        match known.standing {
            Standing::Refused => return Ok(Done { seq: known.seq }),
            standing if !standing.is_open() => return Err(Refusal::Settled),
            _ => {}
        }
        self.emit(SwapRefused { swap, by, why });
        self.done()
    }

    /// The first of both shifts has begun.
    pub(crate) fn expire_swap(&mut self, swap: SwapId) {
        self.emit(SwapExpired { swap });
    }
}
