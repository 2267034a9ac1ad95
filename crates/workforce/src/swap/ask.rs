//! Asking for a swap, and the other one's answer.

use super::Standing;
use crate::event::{SwapAgreed, SwapDeclined, SwapRequested, SwapWithdrawn};
use crate::id::{ShiftId, SwapId};
use crate::limits::{OPEN_REQUESTS_MAX, REQUESTS_MAX};
use crate::refusal::{Refusal, at_most};
use crate::work::{Verdict, Work, check_sealed};
use cordboard_floor::AgentId;
use cordboard_floor::decider::Done;
use cordboard_floor::event::Sealed;

/// A swap to ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSwap {
    /// Who asks.
    pub agent: AgentId,
    /// Her shift.
    pub shift: ShiftId,
    /// Whom.
    pub with: AgentId,
    /// That one's shift.
    pub other: ShiftId,
    /// Why.
    pub text: Option<Sealed>,
    /// Whether she asks for a written exception, should there be too many swaps.
    pub exceptional: bool,
}

impl Work<'_> {
    pub(crate) fn request_swap(&mut self, new: NewSwap) -> Verdict {
        check_sealed(&new.text)?;
        if new.agent == new.with || new.shift == new.other {
            return Err(Refusal::Invalid { what: "swap", why: "it takes two people and two shifts" });
        }
        let open = || self.desk.swaps.values().filter(|swap| swap.standing.is_open());
        let same = open().find(|swap| {
            let asked = &swap.asked;
            (asked.agent, asked.shift, asked.with, asked.other) == (new.agent, new.shift, new.with, new.other)
        });
        if let Some(swap) = same {
            return Ok(Done { seq: swap.asked.swap.0 });
        }
        let own = open().filter(|swap| swap.asked.agent == new.agent).count();
        at_most("open requests", own as u64 + 1, OPEN_REQUESTS_MAX as u64)?;
        at_most("requests", open().count() as u64 + 1, REQUESTS_MAX as u64)?;
        let given = self.swapped(&new)?;
        let over = self.over_count(&new);
        if let Some(over) = over.clone().filter(|_| !new.exceptional) {
            return Err(over);
        }
        let swap = SwapId(self.next_seq());
        let NewSwap { agent, shift, with, other, text, .. } = new;
        let (until, exceptional) = (given[0].from.min(given[1].from), over.is_some());
        self.emit(SwapRequested { swap, agent, shift, with, other, text, exceptional, until });
        self.done()
    }

    pub(crate) fn answer_swap(&mut self, swap: SwapId, agent: AgentId, agrees: bool) -> Verdict {
        let known = self.known_swap(swap)?;
        if known.asked.with != agent {
            return Err(Refusal::NotYours(agent));
        }
        match (known.standing, agrees) {
            (Standing::Agreed, true) | (Standing::Declined, false) => return Ok(Done { seq: known.seq }),
            (Standing::Requested, _) | (Standing::Agreed, false) => {}
            _ => return Err(Refusal::Settled),
        }
        if agrees {
            self.emit(SwapAgreed { swap, agent });
        } else {
            self.emit(SwapDeclined { swap, agent });
        }
        self.done()
    }

    pub(crate) fn withdraw_swap(&mut self, swap: SwapId, agent: AgentId) -> Verdict {
        let known = self.known_swap(swap)?;
        if known.asked.agent != agent {
            return Err(Refusal::NotYours(agent));
        }
        match known.standing {
            Standing::Withdrawn => return Ok(Done { seq: known.seq }),
            standing if !standing.is_open() => return Err(Refusal::Settled),
            _ => {}
        }
        self.emit(SwapWithdrawn { swap, agent });
        self.done()
    }
}
