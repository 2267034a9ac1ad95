//! Recording a draw: it was made beside the writer, and stands in the log from now on. One event for the draw with
//! what it covers, and as many after it as its picks need.

use super::{Draw, Pick, Plan};
use crate::event::{SampleDrawn, SamplePicked};
use crate::id::SampleId;
use crate::limits::{
    COVERED_AGENTS_MAX, COVERED_STRATA_MAX, DIMENSIONS_MAX, PICKS_MAX, PICKS_PER_EVENT_MAX, PLAN_NAMES_MAX,
};
use crate::refusal::{Refusal, at_most};
use crate::work::{Verdict, Work};
use cordboard_floor::decider::Done;
use cordboard_floor::{AccountId, Instant};

/// What was drawn, from what, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawRecord {
    /// Who had it drawn.
    pub account: AccountId,
    /// How.
    pub plan: Plan,
    /// From what ended since.
    pub from: Instant,
    /// And before.
    pub until: Instant,
    /// What [`draw`](super::draw) came to.
    pub draw: Draw,
}

impl Work<'_> {
    /// The same draw again is an answer.
    pub(crate) fn record_draw(&mut self, record: DrawRecord) -> Verdict {
        let DrawRecord { account, plan, from, until, draw: Draw { seed, picks, coverage } } = record;
        if let Some(sample) = self.desk.samples.same(&plan, (from, until), seed) {
            return Ok(Done { seq: sample.0 });
        }
        let problems = plan.check(&[]);
        if !problems.is_empty() {
            return Err(Refusal::Faulty(problems));
        }
        if until <= from {
            return Err(Refusal::Invalid { what: "until", why: "does not lie after from" });
        }
        for (what, value, limit) in [
            ("dimensions", plan.strata.len(), DIMENSIONS_MAX),
            ("channels", plan.channels.len(), PLAN_NAMES_MAX),
            ("risk rules", plan.risk_rules.len(), PLAN_NAMES_MAX),
            ("agents of a draw", coverage.agents.len(), COVERED_AGENTS_MAX),
            ("strata of a draw", coverage.strata.len(), COVERED_STRATA_MAX),
            ("picks", picks.len(), PICKS_MAX),
        ] {
            at_most(what, value as u64, limit as u64)?;
        }
        let strata = coverage.strata.iter().map(|covered| &covered.stratum);
        for stratum in strata.chain(picks.iter().map(|pick| &pick.stratum)) {
            at_most("parts of a stratum", stratum.len() as u64, DIMENSIONS_MAX as u64)?;
        }
        self.check_picks(&picks)?;
        if picks.len() as u64 != u64::from(coverage.representative) + u64::from(coverage.risk_drawn) {
            return Err(Refusal::Invalid { what: "coverage", why: "does not count the picks" });
        }
        let sample = SampleId(self.next_seq());
        let (by, count) = (account, picks.len() as u32);
        self.emit(SampleDrawn { sample, plan, from, until, seed, picks: count, coverage, by });
        for picks in picks.chunks(PICKS_PER_EVENT_MAX) {
            self.emit(SamplePicked { sample, picks: picks.to_vec() });
        }
        Ok(Done { seq: sample.0 })
    }

    fn check_picks(&self, picks: &[Pick]) -> Result<(), Refusal> {
        let invalid = |what, why| Err(Refusal::Invalid { what, why });
        if picks.windows(2).any(|pair| pair[0].contact >= pair[1].contact) {
            return invalid("picks", "do not stand by contact, each once");
        }
        for pick in picks {
            if !(1..=self.desk.seq).contains(&pick.contact.0) {
                return invalid("picks", "no event of the log has the number of one contact");
            }
            if self.desk.samples.pick(pick.contact).is_some() {
                return Err(Refusal::PickedBefore(pick.contact));
            }
            if self.desk.is_mystery(pick.contact) {
                return Err(Refusal::IsMystery(pick.contact));
            }
            if pick.second.is_some() && (pick.evaluator.is_none() || pick.evaluator == pick.second) {
                return invalid("picks", "a second look is another's than the first");
            }
        }
        Ok(())
    }

    /// What was drawn and can still be listened to.
    pub(super) fn known_pick(&self, contact: cordboard_floor::ContactId) -> Result<&super::Picked, Refusal> {
        self.desk.samples.pick(contact).ok_or(Refusal::NotPicked(contact))
    }
}
