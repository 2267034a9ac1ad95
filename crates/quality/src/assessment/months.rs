//! What is remembered of months that were submitted: who stood where, and how it was decided. The rows themselves stand
//! in the log.
//!
//! ```text
//!   submitted ──approve (manager)──▶ approved ──three months among the last──▶ a talk is proposed ──people──▶ decided yes | no
//!       └─────return (manager)────▶ returned: the month may be submitted again
//! ```

use super::{Place, Ranking};
use crate::event::Event;
use crate::id::{AssessmentId, PostId, RetrainingId};
use crate::limits::{ASSESSMENTS_MAX, RETRAININGS_MAX};
use crate::month::Month;
use cordboard_floor::{AccountId, AgentId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// How an assessment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssessmentStanding {
    /// Nobody has decided yet.
    Submitted,
    /// It holds.
    Approved,
    /// It is to be submitted again.
    Returned,
}

impl fmt::Display for AssessmentStanding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Returned => "returned",
        })
    }
}

/// A month of a post, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// Which month.
    pub month: Month,
    /// Which post.
    pub post: PostId,
    /// By which version of its table.
    pub version: u32,
    /// Who submitted it.
    pub by: AccountId,
    /// How it stands.
    pub standing: AssessmentStanding,
    /// Who approved or returned it.
    pub manager: Option<AccountId>,
    /// Who stood where.
    pub ranking: Ranking,
}

/// A talk about retraining.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    /// Of which post.
    pub post: PostId,
    /// With whom.
    pub agent: AgentId,
    /// The months it stands on.
    pub months: Vec<Month>,
    /// Whether she had been in retraining before.
    pub again: bool,
    /// What people decided.
    pub decided: Option<bool>,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Months {
    assessments: BTreeMap<AssessmentId, Assessment>,
    talks: BTreeMap<RetrainingId, Talk>,
}

impl Months {
    /// A month of a post.
    pub fn assessment(&self, assessment: AssessmentId) -> Option<&Assessment> {
        self.assessments.get(&assessment)
    }

    /// All of them, the oldest first.
    pub fn assessments(&self) -> impl Iterator<Item = (AssessmentId, &Assessment)> {
        self.assessments.iter().map(|(id, assessment)| (*id, assessment))
    }

    /// The one of a month and post that holds or is yet to be decided.
    pub fn current(&self, month: Month, post: PostId) -> Option<(AssessmentId, &Assessment)> {
        let own = |known: &Assessment| (known.month, known.post) == (month, post);
        let stands = |known: &Assessment| known.standing != AssessmentStanding::Returned;
        let mut newest = self.assessments.iter().rev();
        newest.find(|(_, known)| own(known) && stands(known)).map(|(id, known)| (*id, known))
    }

    /// A talk about retraining.
    pub fn talk(&self, retraining: RetrainingId) -> Option<&Talk> {
        self.talks.get(&retraining)
    }

    /// All of them, the oldest first.
    pub fn talks(&self) -> impl Iterator<Item = (RetrainingId, &Talk)> {
        self.talks.iter().map(|(id, talk)| (*id, talk))
    }

    /// The ranks of the months of a post that were approved.
    pub fn approved(&self, post: PostId) -> BTreeMap<Month, Ranking> {
        let approved =
            |known: &&Assessment| known.post == post && known.standing == AssessmentStanding::Approved;
        let approved = self.assessments.values().filter(approved);
        approved.map(|known| (known.month, known.ranking.clone())).collect()
    }

    /// The last month of the run after which people decided that she is retrained: only later ones count.
    pub(super) fn returned(&self, post: PostId, agent: AgentId) -> Option<Month> {
        let own = self.talks.values().filter(|talk| (talk.post, talk.agent) == (post, agent));
        own.filter(|talk| talk.decided == Some(true)).filter_map(|talk| talk.months.last().copied()).max()
    }

    /// Whether a talk stands on one of these months already.
    pub(super) fn is_talked_about(&self, post: PostId, agent: AgentId, months: &[Month]) -> bool {
        let mut own = self.talks.values().filter(|talk| (talk.post, talk.agent) == (post, agent));
        own.any(|talk| talk.months.iter().any(|month| months.contains(month)))
    }

    pub(crate) fn take(&mut self, event: &Event) {
        match event {
            Event::AssessmentSubmitted(event) => {
                let assessment = Assessment {
                    month: event.month,
                    post: event.post,
                    version: event.version,
                    by: event.by,
                    standing: AssessmentStanding::Submitted,
                    manager: None,
                    ranking: Ranking {
                        places: Vec::new(),
                        is_large_enough: event.is_large_enough,
                        last: event.last.iter().copied().collect(),
                    },
                };
                self.assessments.insert(event.assessment, assessment);
                if self.assessments.len() > ASSESSMENTS_MAX {
                    let decided = |known: &Assessment| known.standing != AssessmentStanding::Submitted;
                    let over = self.assessments.iter().find(|(_, known)| decided(known)).map(|(id, _)| *id);
                    over.map(|over| self.assessments.remove(&over));
                }
            }
            Event::AssessmentRows(event) => {
                let Some(known) = self.assessments.get_mut(&event.assessment) else { return };
                let place = |row: &super::AssessmentRow| Place {
                    agent: row.agent,
                    mark: row.assessed.total,
                    place: row.place,
                };
                known.ranking.places.extend(event.rows.iter().map(place));
            }
            Event::AssessmentApproved(event) => {
                self.decide(event.assessment, event.by, AssessmentStanding::Approved);
            }
            Event::AssessmentReturned(event) => {
                self.decide(event.assessment, event.by, AssessmentStanding::Returned);
            }
            Event::RetrainingProposed(event) => {
                let talk = Talk {
                    post: event.post,
                    agent: event.agent,
                    months: event.months.clone(),
                    again: event.again,
                    decided: None,
                };
                self.talks.insert(event.retraining, talk);
                while self.talks.len() > RETRAININGS_MAX {
                    self.talks.pop_first();
                }
            }
            Event::RetrainingDecided(event) => {
                if let Some(talk) = self.talks.get_mut(&event.retraining) {
                    talk.decided = Some(event.yes);
                }
            }
            _ => {}
        }
    }

    fn decide(&mut self, assessment: AssessmentId, by: AccountId, standing: AssessmentStanding) {
        if let Some(known) = self.assessments.get_mut(&assessment) {
            (known.standing, known.manager) = (standing, Some(by));
        }
    }
}
