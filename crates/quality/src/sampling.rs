//! 抽样: which contacts are listened to. A draw follows from its plan, what there was to draw from, and a recorded
//! seed: the same draw every time, in whatever order the candidates came.
//!
//! ```text
//!   candidates ──▶ eligible ──▶ representative sample, by agent's quota and stratum ──▶ evaluators, evenly
//!      │ too short, of no      │                                                          └ some twice, blind
//!      │ named channel, used   └─▶ of the rest: what a risk rule says must be heard, kept apart
//!      ▼
//!   counted in the coverage
//! ```
//!
//! The draw itself runs beside the writer; what it came to is recorded by a command (`record.rs`), and from then on the
//! desk knows of each pick how far it is (`picked.rs`).
//!
//! The representative part is drawn from everything eligible, whether a risk rule touches it or not; else it would
//! be kinder than the floor is. The risk part never enters a mean. Quotas are per agent, so a mean over a centre
//! weighs each agent's marks by what she had eligible: the coverage says both numbers.

mod assign;
mod draw;
mod picked;
mod reassign;
mod record;
#[cfg(test)]
mod tests;
mod withdraw;

pub use draw::draw;
pub use picked::{Look, PickStanding, Picked, Sample, Samples};
pub use record::DrawRecord;

use crate::limits::{EVALUATORS_MAX, QUOTA_MAX};
use crate::problem::Problem;
use cordboard_floor::{
    AccountId, AgentId, Channel, CodeId, ContactId, Instant, Millis, QueueId, RuleId, TeamId,
};
use serde::{Deserialize, Serialize};

/// A contact that could be listened to, with its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Which.
    pub contact: ContactId,
    /// Who had it.
    pub agent: AgentId,
    /// Her team then.
    pub team: Option<TeamId>,
    /// Its queue.
    pub queue: Option<QueueId>,
    /// How it came.
    pub channel: Channel,
    /// When it ended.
    pub at: Instant,
    /// How long they talked or wrote.
    pub talk_ms: Millis,
    /// For how many days the agent had worked here.
    pub tenure_days: u32,
    /// The wrap-up code.
    pub outcome: Option<CodeId>,
    /// The risk rules that touch it: complaint, refund, long hold, repeat call, low satisfaction, …
    pub risks: Vec<RuleId>,
}

/// By what candidates are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Queue.
    Queue,
    /// Channel.
    Channel,
    /// How long the agent has worked here, by the plan's bands.
    Tenure,
    /// How long it lasted, by the plan's bands.
    Length,
    /// Wrap-up code.
    Outcome,
}

/// Where a candidate stands in one dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// This queue.
    Queue(Option<QueueId>),
    /// This channel.
    Channel(Channel),
    /// This band of tenure, from 0.
    Tenure(u8),
    /// This band of length, from 0.
    Length(u8),
    /// This code.
    Outcome(Option<CodeId>),
}

/// Candidates that are alike in every dimension of the plan.
pub type Stratum = Vec<Part>;

/// Somebody who can listen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluator {
    /// Who.
    pub account: AccountId,
    /// Her own team, if she has one.
    pub team: Option<TeamId>,
    /// Her own 工号, if she takes contacts herself.
    pub agent: Option<AgentId>,
}

/// How contacts are drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Only these channels; none named: all.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// By what they are told apart.
    #[serde(default)]
    pub strata: Vec<Dimension>,
    /// Where a band of length ends, in ms, ascending.
    #[serde(default)]
    pub length_bands_ms: Vec<Millis>,
    /// Where a band of tenure ends, in days, ascending.
    #[serde(default)]
    pub tenure_bands_days: Vec<u32>,
    /// What was shorter is not drawn.
    #[serde(default)]
    pub talk_ms_min: Millis,
    /// How many of each agent.
    pub quota: u32,
    /// How many of an agent who is new.
    pub quota_new: u32,
    /// Until how many days she is.
    pub new_until_days: u32,
    /// What must be heard besides, the most urgent first.
    #[serde(default)]
    pub risk_rules: Vec<RuleId>,
    /// At most so many of it.
    #[serde(default)]
    pub risk_max: u32,
    /// Whether one may listen to her own team.
    #[serde(default)]
    pub own_team: bool,
    /// Of the representative part, so many in a hundred are heard by a second one, who does not see the first mark.
    #[serde(default)]
    pub second_percent: u8,
}

impl Plan {
    /// The customary plan: three of each agent and eight of a new one, by queue and length, 10 % twice. The numbers
    /// follow the one Chinese guideline that names any (new staff 5 to 10 a week, others 2 to 3).
    pub fn customary() -> Self {
        Self {
            channels: Vec::new(),
            strata: vec![Dimension::Queue, Dimension::Length],
            length_bands_ms: vec![Millis::from_secs(60), Millis::from_secs(300)],
            tenure_bands_days: vec![90, 365],
            talk_ms_min: Millis::from_secs(10),
            quota: 3,
            quota_new: 8,
            new_until_days: 90,
            risk_rules: Vec::new(),
            risk_max: 20,
            own_team: false,
            second_percent: 10,
        }
    }

    /// Everything that is wrong with it.
    pub fn check(&self, evaluators: &[Evaluator]) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (place, quota) in
            [("quota", self.quota), ("quota_new", self.quota_new), ("risk_max", self.risk_max)]
        {
            if quota > QUOTA_MAX {
                problems.push(Problem::new(place, format!("is {quota}"), format!("at most {QUOTA_MAX}")));
            }
        }
        if self.second_percent > 100 {
            let what = format!("is {}", self.second_percent);
            problems.push(Problem::new("second_percent", what, "choose 0 to 100"));
        }
        if evaluators.len() > EVALUATORS_MAX {
            let what = format!("there are {}", evaluators.len());
            problems.push(Problem::new("evaluators", what, format!("at most {EVALUATORS_MAX}")));
        }
        let ascending = |bands: &mut dyn Iterator<Item = u64>| {
            let bands: Vec<u64> = bands.collect();
            bands.len() < 20 && bands.windows(2).all(|pair| pair[0] < pair[1])
        };
        if !ascending(&mut self.length_bands_ms.iter().map(|band| band.0)) {
            problems.push(Problem::new(
                "length_bands_ms",
                "do not ascend",
                "at most 19, each above the last",
            ));
        }
        if !ascending(&mut self.tenure_bands_days.iter().map(|band| u64::from(*band))) {
            problems.push(Problem::new(
                "tenure_bands_days",
                "do not ascend",
                "at most 19, each above the last",
            ));
        }
        problems
    }

    fn stratum(&self, of: &Candidate) -> Stratum {
        let band = |passed: usize| u8::try_from(passed).unwrap_or(u8::MAX);
        let part = |dimension: &Dimension| match dimension {
            Dimension::Queue => Part::Queue(of.queue),
            Dimension::Channel => Part::Channel(of.channel),
            Dimension::Outcome => Part::Outcome(of.outcome),
            Dimension::Length => {
                Part::Length(band(self.length_bands_ms.iter().filter(|end| of.talk_ms >= **end).count()))
            }
            Dimension::Tenure => Part::Tenure(band(
                self.tenure_bands_days.iter().filter(|end| of.tenure_days >= **end).count(),
            )),
        };
        self.strata.iter().map(part).collect()
    }
}

/// Why a contact was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// For the representative sample.
    Representative,
    /// Because this rule says that it must be heard; it never enters a mean.
    Risk(RuleId),
}

/// A contact that was drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pick {
    /// Which.
    pub contact: ContactId,
    /// Whose.
    pub agent: AgentId,
    /// Of which stratum.
    pub stratum: Stratum,
    /// Why.
    pub why: Why,
    /// Who listens; none: nobody may.
    pub evaluator: Option<AccountId>,
    /// Who listens besides, without seeing the first mark.
    pub second: Option<AccountId>,
}

/// How one agent is covered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentCoverage {
    /// Who.
    pub agent: AgentId,
    /// Her eligible contacts.
    pub eligible: u32,
    /// As many were to be drawn.
    pub quota: u32,
    /// As many were.
    pub drawn: u32,
}

/// How one stratum is covered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StratumCoverage {
    /// Which.
    pub stratum: Stratum,
    /// Eligible contacts.
    pub eligible: u32,
    /// Drawn for the representative sample.
    pub drawn: u32,
}

/// What a draw covers and what it does not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// All candidates.
    pub candidates: u32,
    /// Not eligible because they were drawn before.
    pub used: u32,
    /// Not eligible because they were too short.
    pub too_short: u32,
    /// Not eligible because of their channel.
    pub other_channel: u32,
    /// Eligible.
    pub eligible: u32,
    /// Drawn for the representative sample.
    pub representative: u32,
    /// Touched by a risk rule and not in the representative sample.
    pub risky: u32,
    /// Of those, drawn.
    pub risk_drawn: u32,
    /// Drawn, and nobody may listen.
    pub unassigned: u32,
    /// Heard twice.
    pub twice: u32,
    /// Each agent with at least one eligible contact.
    pub agents: Vec<AgentCoverage>,
    /// Each stratum with at least one.
    pub strata: Vec<StratumCoverage>,
}

/// A draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// The seed that it follows from.
    pub seed: u64,
    /// What was drawn, by contact.
    pub picks: Vec<Pick>,
    /// What it covers.
    pub coverage: Coverage,
}
