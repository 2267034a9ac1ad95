//! Voluntary time off: fewer people are needed than planned, and who likes may go, up to so many.

use crate::civil::Span;
use crate::event::{Event, TimeOffOffered, TimeOffTaken};
use crate::id::{ShiftId, TimeOffId};
use crate::limits::REQUESTS_MAX;
use crate::overtime::Wanted;
use crate::refusal::Refusal;
use crate::shift::{Away, ChangeWhy, Shift};
use crate::work::{Verdict, Work};
use crate::workforce::{Workforce, forget_oldest};
use cordboard_floor::decider::Done;
use cordboard_floor::{AccountId, AgentId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Time off that was offered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimeOff {
    /// What was offered.
    pub offered: TimeOffOffered,
    /// Who took it.
    pub taken: BTreeSet<AgentId>,
    /// The event that made it what it is.
    pub seq: u64,
}

impl Workforce {
    /// An offer that is remembered.
    pub fn time_off(&self, offer: TimeOffId) -> Option<&TimeOff> {
        self.times_off.get(&offer)
    }

    /// All that are, the oldest first.
    pub fn times_off(&self) -> impl DoubleEndedIterator<Item = (TimeOffId, &TimeOff)> {
        self.times_off.iter().map(|(id, offer)| (*id, offer))
    }

    pub(crate) fn take_time_off(&mut self, seq: u64, event: &Event) {
        match event {
            Event::TimeOffOffered(event) => {
                let offer = TimeOff { offered: event.clone(), taken: BTreeSet::new(), seq };
                self.times_off.insert(event.offer, offer);
                forget_oldest(&mut self.times_off, REQUESTS_MAX, |_| true);
            }
            Event::TimeOffTaken(event) => {
                if let Some(offer) = self.times_off.get_mut(&event.offer) {
                    offer.taken.insert(event.agent);
                    offer.seq = seq;
                }
            }
            _ => {}
        }
    }

    /// She has no time off of this shift any more: of the offers that it came of, those that spare her of no other shift.
    pub(crate) fn give_back_time_off(&mut self, shift: &Shift) {
        let (agent, off) = (shift.sketch.agent, |away: &&Away| away.why == ChangeWhy::TimeOff);
        let spared: Vec<Span> = shift.away.iter().filter(off).map(Away::span).collect();
        let of_it = |(_, offer): &(&TimeOffId, &TimeOff)| {
            let span = Span { from: offer.offered.from, to: offer.offered.until };
            offer.taken.contains(&agent) && spared.iter().any(|spared| spared.meets(&span))
        };
        let offers = self.times_off.iter().filter(of_it);
        let spans: Vec<_> = offers.map(|(id, of)| (*id, of.offered.from, of.offered.until)).collect();
        for (id, from, to) in spans {
            let span = Span { from, to };
            let other = |(_, other): (ShiftId, &Shift)| {
                other.away.iter().filter(off).any(|away| away.span().meets(&span))
            };
            if !self.shifts_of(agent, span).any(other)
                && let Some(offer) = self.times_off.get_mut(&id)
            {
                offer.taken.remove(&agent);
            }
        }
    }
}

impl Work<'_> {
    pub(crate) fn offer_time_off(&mut self, wanted: Wanted, by: AccountId) -> Verdict {
        wanted.check(self.stamp.at)?;
        let offer = TimeOffId(self.next_seq());
        let Wanted { mut agents, heads, from, until } = wanted;
        agents.sort_unstable();
        agents.dedup();
        self.emit(TimeOffOffered { offer, agents, heads, from, until, by });
        self.done()
    }

    pub(crate) fn accept_time_off(&mut self, offer: TimeOffId, agent: AgentId) -> Verdict {
        let known = self.desk.times_off.get(&offer).ok_or(Refusal::UnknownTimeOff(offer))?;
        let TimeOffOffered { from, until, heads, ref agents, .. } = known.offered;
        if agents.binary_search(&agent).is_err() {
            return Err(Refusal::NotYours(agent));
        }
        if known.taken.contains(&agent) {
            return Ok(Done { seq: known.seq });
        }
        if known.taken.len() >= heads as usize {
            return Err(Refusal::Full { heads });
        }
        let now = self.stamp.at;
        if now >= until {
            return Err(Refusal::TooLate(until));
        }
        // What is over was worked or not, and is nobody's to give any more.
        let span = Span { from: from.max(now), to: until };
        let shifts: Vec<ShiftId> = self.desk.shifts_of(agent, span).map(|(id, _)| id).collect();
        if shifts.is_empty() {
            return Err(Refusal::Invalid { what: "offer", why: "she has no shift then" });
        }
        for shift in &shifts {
            self.check_spare(*shift)?;
        }
        self.emit(TimeOffTaken { offer, agent });
        for shift in shifts {
            let away = Away { from: span.from, until, why: ChangeWhy::TimeOff };
            self.spare(shift, away, None);
        }
        self.done()
    }
}
