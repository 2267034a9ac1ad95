//! What becomes of what was drawn: each pick has a first look, and some a second, by another, who does not see the
//! first.
//!
//! ```text
//!   unassigned ──reassign──▶ assigned ──its evaluator begins──▶ drafted ──submits──▶ submitted
//!                               ▲  │                              │ discards
//!                               └──┼──────────────────────────────┘
//!                                  └── withdrawn (also from drafted and unassigned)
//! ```
//!
//! An evaluation belongs to a pick when who is to listen begins one of that contact and agent: the first as
//! `quality`, the second as `second`. The second may begin before there is a first, and either way the pick holds
//! the two together. What was drawn once is not drawn again, also if it was withdrawn.

use super::{Coverage, Pick, Plan, Stratum, Why};
use crate::evaluation::{Outcome, Rater};
use crate::event::Event;
use crate::id::{EvaluationId, SampleId};
use crate::limits::{PICKS_KEPT_MAX, SAMPLES_MAX};
use cordboard_floor::{AccountId, AgentId, ContactId, Instant};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A draw that was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// How.
    pub plan: Plan,
    /// From what ended since.
    pub from: Instant,
    /// And before.
    pub until: Instant,
    /// The seed.
    pub seed: u64,
    /// How many contacts were drawn.
    pub picks: u32,
    /// What that covers.
    pub coverage: Coverage,
    /// Who had it drawn.
    pub by: AccountId,
    /// When.
    pub at: Instant,
}

/// How far a look at a pick is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PickStanding {
    /// Nobody is to listen yet.
    Unassigned,
    /// Somebody is.
    Assigned,
    /// She has begun.
    Drafted,
    /// She has marked it.
    Submitted,
    /// It cannot be heard.
    Withdrawn,
}

impl fmt::Display for PickStanding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Unassigned => "unassigned",
            Self::Assigned => "assigned",
            Self::Drafted => "drafted",
            Self::Submitted => "submitted",
            Self::Withdrawn => "withdrawn",
        })
    }
}

/// One look at a pick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// Who is to listen.
    pub evaluator: Option<AccountId>,
    /// Her evaluation, once begun.
    pub evaluation: Option<EvaluationId>,
    /// Whether it was submitted.
    pub submitted: bool,
}

impl Look {
    const fn standing(&self, withdrawn: bool) -> PickStanding {
        match self {
            Self { submitted: true, .. } => PickStanding::Submitted,
            _ if withdrawn => PickStanding::Withdrawn,
            Self { evaluation: Some(_), .. } => PickStanding::Drafted,
            Self { evaluator: Some(_), .. } => PickStanding::Assigned,
            _ => PickStanding::Unassigned,
        }
    }
}

/// A contact that was drawn, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    /// In which draw.
    pub sample: SampleId,
    /// Whose part in it.
    pub agent: AgentId,
    /// Of which stratum.
    pub stratum: Stratum,
    /// Why.
    pub why: Why,
    /// The first look.
    pub first: Look,
    /// The second, if there is one.
    pub second: Option<Look>,
    /// Whether it cannot be heard.
    pub withdrawn: bool,
}

impl Picked {
    /// How far the first look is.
    pub const fn standing(&self) -> PickStanding {
        self.first.standing(self.withdrawn)
    }

    /// How far the second is, if there is one.
    pub fn second_standing(&self) -> Option<PickStanding> {
        self.second.as_ref().map(|look| look.standing(self.withdrawn))
    }

    /// The look that an evaluation of that kind by that account is.
    fn look(&self, rater: Rater, account: AccountId) -> Option<&Look> {
        let look = match rater {
            Rater::Quality => Some(&self.first),
            Rater::Second => self.second.as_ref(),
            _ => None,
        };
        look.filter(|look| look.evaluator == Some(account))
    }

    fn looks_mut(&mut self) -> impl Iterator<Item = &mut Look> {
        std::iter::once(&mut self.first).chain(&mut self.second)
    }
}

/// All draws and picks that are remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Samples {
    samples: BTreeMap<SampleId, Sample>,
    picks: BTreeMap<ContactId, Picked>,
    /// Of which pick an evaluation is a look.
    evaluations: BTreeMap<EvaluationId, ContactId>,
}

impl Samples {
    /// A draw.
    pub fn sample(&self, sample: SampleId) -> Option<&Sample> {
        self.samples.get(&sample)
    }

    /// All of them, the oldest first.
    pub fn samples(&self) -> impl Iterator<Item = (SampleId, &Sample)> {
        self.samples.iter().map(|(id, sample)| (*id, sample))
    }

    /// A contact that was drawn.
    pub fn pick(&self, contact: ContactId) -> Option<&Picked> {
        self.picks.get(&contact)
    }

    /// All of them, the oldest first.
    pub fn picks(&self) -> impl Iterator<Item = (ContactId, &Picked)> {
        self.picks.iter().map(|(contact, pick)| (*contact, pick))
    }

    /// The contacts that are not to be drawn again: the `used` of [`draw`](super::draw).
    pub fn used(&self) -> BTreeSet<ContactId> {
        self.picks.keys().copied().collect()
    }

    /// The pick that an evaluation is a look at.
    pub fn pick_of(&self, evaluation: EvaluationId) -> Option<(ContactId, &Picked)> {
        let contact = self.evaluations.get(&evaluation)?;
        self.picks.get(contact).map(|pick| (*contact, pick))
    }

    /// The draw that is the same in all that it follows from.
    pub(super) fn same(&self, plan: &Plan, (from, until): (Instant, Instant), seed: u64) -> Option<SampleId> {
        let same =
            |known: &Sample| (&known.plan, known.from, known.until, known.seed) == (plan, from, until, seed);
        self.samples.iter().rev().find(|(_, known)| same(known)).map(|(id, _)| *id)
    }

    /// Whether the second look at a contact is hers.
    pub(crate) fn is_second(&self, contact: ContactId, account: AccountId) -> bool {
        self.picks.get(&contact).is_some_and(|pick| pick.look(Rater::Second, account).is_some())
    }

    /// The evaluation beside which one of that kind by that account would stand.
    pub(crate) fn other_look(
        &self,
        contact: ContactId,
        rater: Rater,
        account: AccountId,
    ) -> Option<EvaluationId> {
        let pick = self.picks.get(&contact)?;
        pick.look(rater, account)?;
        if rater == Rater::Second { pick.first.evaluation } else { pick.second.as_ref()?.evaluation }
    }

    pub(crate) fn take(&mut self, at: Instant, event: &Event) {
        match event {
            Event::SampleDrawn(event) => {
                let sample = Sample {
                    plan: event.plan.clone(),
                    from: event.from,
                    until: event.until,
                    seed: event.seed,
                    picks: event.picks,
                    coverage: event.coverage.clone(),
                    by: event.by,
                    at,
                };
                self.samples.insert(event.sample, sample);
                while self.samples.len() > SAMPLES_MAX {
                    self.samples.pop_first();
                }
            }
            Event::SamplePicked(event) => {
                event.picks.iter().for_each(|pick| self.insert(event.sample, pick));
                while self.picks.len() > PICKS_KEPT_MAX {
                    let Some((_, mut pick)) = self.picks.pop_first() else { break };
                    let begun = pick.looks_mut().filter_map(|look| look.evaluation);
                    begun.for_each(|evaluation| {
                        self.evaluations.remove(&evaluation);
                    });
                }
            }
            Event::SampleReassigned(event) => {
                let Some(pick) = self.picks.get_mut(&event.contact) else { return };
                let look = if event.second { pick.second.as_mut() } else { Some(&mut pick.first) };
                if let Some(look) = look {
                    look.evaluator = Some(event.to);
                }
            }
            Event::SampleWithdrawn(event) => {
                if let Some(pick) = self.picks.get_mut(&event.contact) {
                    pick.withdrawn = true;
                }
            }
            _ => {}
        }
    }

    fn insert(&mut self, sample: SampleId, pick: &Pick) {
        let look = |evaluator| Look { evaluator, ..Look::default() };
        let picked = Picked {
            sample,
            agent: pick.agent,
            stratum: pick.stratum.clone(),
            why: pick.why,
            first: look(pick.evaluator),
            second: pick.second.map(|second| look(Some(second))),
            withdrawn: false,
        };
        self.picks.insert(pick.contact, picked);
    }

    /// Follows what becomes of evaluations.
    pub(crate) fn follow(&mut self, event: &Event) {
        match event {
            Event::EvaluationDrafted(event) => {
                let Some(pick) = self.picks.get_mut(&event.contact) else { return };
                if pick.agent != event.agent || pick.look(event.rater, event.evaluator).is_none() {
                    return;
                }
                let look =
                    if event.rater == Rater::Second { pick.second.as_mut() } else { Some(&mut pick.first) };
                if let Some(look) = look.filter(|look| look.evaluation.is_none()) {
                    look.evaluation = Some(event.evaluation);
                    self.evaluations.insert(event.evaluation, event.contact);
                }
            }
            Event::EvaluationDiscarded(event) => self.let_go(event.evaluation),
            // There is no mark: it is to be heard again.
            Event::EvaluationReviewed(event) if event.outcome == Outcome::Void => {
                self.let_go(event.evaluation)
            }
            Event::EvaluationSubmitted(event) => self.change(event.evaluation, |look| look.submitted = true),
            _ => {}
        }
    }

    fn let_go(&mut self, evaluation: EvaluationId) {
        self.change(evaluation, |look| (look.evaluation, look.submitted) = (None, false));
        self.evaluations.remove(&evaluation);
    }

    fn change(&mut self, evaluation: EvaluationId, change: impl FnOnce(&mut Look)) {
        let Some(contact) = self.evaluations.get(&evaluation) else { return };
        let Some(pick) = self.picks.get_mut(contact) else { return };
        if let Some(look) = pick.looks_mut().find(|look| look.evaluation == Some(evaluation)) {
            change(look);
        }
    }
}
