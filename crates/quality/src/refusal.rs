//! The answers of this desk that say no. Each has a code for programs and a sentence for people.

use crate::assessment::{AssessProblem, AssessmentStanding};
use crate::evaluation::Step;
use crate::form::AnswerProblem;
use crate::id::{
    AssessmentId, ChecklistId, EntryId, EvaluationId, ExcuseId, FormId, ItemId, PostId, RetrainingId, RoundId,
};
use crate::ledger::Standing;
use crate::month::Month;
use crate::problem::Problem;
use crate::sampling::PickStanding;
use cordboard_floor::{AccountId, AgentId, ContactId, Instant, RuleId};
use std::fmt;

/// A no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such form in that version.
    UnknownForm(FormId, u32),
    /// No such rule in that version.
    UnknownRule(RuleId, u32),
    /// No such evaluation: never was, or over so long ago that only the log knows it.
    UnknownEvaluation(EvaluationId),
    /// No such entry of the ledger, or of a month so long ago that only the log knows it.
    UnknownEntry(EntryId),
    /// No such excuse, or withdrawn.
    UnknownExcuse(ExcuseId),
    /// It was used in that version: make the next one.
    FormFrozen(FormId, u32),
    /// The same of a rule.
    RuleFrozen(RuleId, u32),
    /// What is wrong with the form or rule.
    Faulty(Vec<Problem>),
    /// What is wrong with the answers.
    Answers(Vec<AnswerProblem>),
    /// The evaluation is not where that can be done.
    WrongStep(EvaluationId, Step),
    /// The entry is not where that can be done.
    WrongStanding(EntryId, Standing),
    /// It is another evaluator's.
    NotYourEvaluation(EvaluationId, AccountId),
    /// It is about another agent.
    NotAboutYou(EvaluationId, AgentId),
    /// The entry is about another agent.
    NotYourEntry(EntryId, AgentId),
    /// Nobody reviews what she marked herself.
    OwnEvaluation(EvaluationId, AccountId),
    /// Nobody confirms what she proposed herself.
    OwnProposal(EntryId, AccountId),
    /// Nobody decides an appeal against what she confirmed herself.
    OwnConfirmation(EntryId, AccountId),
    /// Evaluations of this kind are not shown to agents.
    NotForAgents(EvaluationId),
    /// The time for it is over.
    TooLate(Instant),
    /// The review changes nothing: then it upholds.
    NothingChanged(EvaluationId),
    /// The ledger of that month is no longer kept.
    MonthForgotten(Month),
    /// One occurrence of that rule may not cost that.
    PointsNotAllowed(RuleId, u32),
    /// Nobody drew that contact, or so long ago that only the log knows it.
    NotPicked(ContactId),
    /// It was drawn before.
    PickedBefore(ContactId),
    /// It is marked as a mystery contact.
    IsMystery(ContactId),
    /// Nobody has said that its caller was a mystery caller.
    NotMystery(ContactId),
    /// The pick is not where that can be done.
    WrongPick(ContactId, PickStanding),
    /// No such calibration round, or closed so long ago that only the log knows it.
    UnknownRound(RoundId),
    /// The round is closed.
    RoundClosed(RoundId),
    /// She does not mark in that round.
    NotInRound(RoundId, AccountId),
    /// No such table in that version.
    UnknownTable(PostId, u32),
    /// It was used in that version: make the next one.
    TableFrozen(PostId, u32),
    /// No such assessment, or decided so long ago that only the log knows it.
    UnknownAssessment(AssessmentId),
    /// It is not where that can be done.
    WrongAssessment(AssessmentId, AssessmentStanding),
    /// Nobody approves what she submitted herself.
    OwnAssessment(AssessmentId, AccountId),
    /// What is given for an agent does not come to what is claimed, or cannot be assessed.
    RowDiffers(AgentId, Vec<AssessProblem>),
    /// No such talk about retraining is remembered.
    UnknownRetraining(RetrainingId),
    /// Somebody has decided about it.
    RetrainingDecided(RetrainingId),
    /// No survey was offered of that contact, or so long ago that only the log knows it.
    NoSurvey(ContactId),
    /// It was answered, and otherwise.
    SurveyAnswered(ContactId),
    /// No such checklist in that version.
    UnknownChecklist(ChecklistId, u32),
    /// It was used in that version: make the next one.
    ChecklistFrozen(ChecklistId, u32),
    /// The checklist has no such item.
    UnknownItem(ItemId),
    /// A named limit.
    OverLimit {
        /// Which.
        what: &'static str,
        /// What was asked.
        value: u64,
        /// What is allowed.
        limit: u64,
    },
    /// A value that cannot be.
    Invalid {
        /// Which.
        what: &'static str,
        /// Why not.
        why: &'static str,
    },
}

impl Refusal {
    /// The code for programs; never changes once given.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownForm(..) => "unknown_form",
            Self::UnknownRule(..) => "unknown_rule",
            Self::UnknownEvaluation(_) => "unknown_evaluation",
            Self::UnknownEntry(_) => "unknown_entry",
            Self::UnknownExcuse(_) => "unknown_excuse",
            Self::FormFrozen(..) => "form_frozen",
            Self::RuleFrozen(..) => "rule_frozen",
            Self::Faulty(_) => "faulty",
            Self::Answers(_) => "answers",
            Self::WrongStep(..) => "wrong_step",
            Self::WrongStanding(..) => "wrong_standing",
            Self::NotYourEvaluation(..) => "not_your_evaluation",
            Self::NotAboutYou(..) => "not_about_you",
            Self::NotYourEntry(..) => "not_your_entry",
            Self::OwnEvaluation(..) => "own_evaluation",
            Self::OwnProposal(..) => "own_proposal",
            Self::OwnConfirmation(..) => "own_confirmation",
            Self::NotForAgents(_) => "not_for_agents",
            Self::TooLate(_) => "too_late",
            Self::NothingChanged(_) => "nothing_changed",
            Self::MonthForgotten(_) => "month_forgotten",
            Self::PointsNotAllowed(..) => "points_not_allowed",
            Self::NotPicked(_) => "not_picked",
            Self::PickedBefore(_) => "picked_before",
            Self::IsMystery(_) => "is_mystery",
            Self::NotMystery(_) => "not_mystery",
            Self::WrongPick(..) => "wrong_pick",
            Self::UnknownRound(_) => "unknown_round",
            Self::RoundClosed(_) => "round_closed",
            Self::NotInRound(..) => "not_in_round",
            Self::UnknownTable(..) => "unknown_table",
            Self::TableFrozen(..) => "table_frozen",
            Self::UnknownAssessment(_) => "unknown_assessment",
            Self::WrongAssessment(..) => "wrong_assessment",
            Self::OwnAssessment(..) => "own_assessment",
            Self::RowDiffers(..) => "row_differs",
            Self::UnknownRetraining(_) => "unknown_retraining",
            Self::RetrainingDecided(_) => "retraining_decided",
            Self::NoSurvey(_) => "no_survey",
            Self::SurveyAnswered(_) => "survey_answered",
            Self::UnknownChecklist(..) => "unknown_checklist",
            Self::ChecklistFrozen(..) => "checklist_frozen",
            Self::UnknownItem(_) => "unknown_item",
            Self::OverLimit { .. } => "over_limit",
            Self::Invalid { .. } => "invalid",
        }
    }

    /// Whether it names a thing that is not there.
    pub const fn is_unknown(&self) -> bool {
        matches!(
            self,
            Self::UnknownForm(..)
                | Self::UnknownRule(..)
                | Self::UnknownEvaluation(_)
                | Self::UnknownEntry(_)
                | Self::UnknownExcuse(_)
                | Self::NotPicked(_)
                | Self::UnknownChecklist(..)
                | Self::UnknownItem(_)
                | Self::NoSurvey(_)
                | Self::UnknownTable(..)
                | Self::UnknownAssessment(_)
                | Self::UnknownRetraining(_)
                | Self::UnknownRound(_)
        )
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownForm(form, version) => write!(out, "there is no form {form} in version {version}"),
            Self::UnknownRule(rule, version) => write!(out, "there is no rule {rule} in version {version}"),
            Self::UnknownEvaluation(evaluation) => {
                write!(out, "no evaluation {evaluation} is remembered; one of long ago is in the log")
            }
            Self::UnknownEntry(entry) => {
                write!(out, "no entry {entry} is remembered; one of long ago is in the log")
            }
            Self::UnknownExcuse(excuse) => write!(out, "no excuse {excuse} holds"),
            Self::FormFrozen(form, version) => {
                write!(out, "version {version} of form {form} was used: make version {} of it", version + 1)
            }
            Self::RuleFrozen(rule, version) => {
                write!(out, "version {version} of rule {rule} was used: make version {} of it", version + 1)
            }
            Self::Faulty(problems) => list(out, problems),
            Self::Answers(problems) => list(out, problems),
            Self::WrongStep(evaluation, step) => write!(out, "{evaluation} is {step}"),
            Self::WrongStanding(entry, standing) => write!(out, "{entry} is {standing}"),
            Self::NotYourEvaluation(evaluation, other) => write!(out, "{evaluation} is {other}'s"),
            Self::NotAboutYou(evaluation, agent) => write!(out, "{evaluation} is about agent {agent}"),
            Self::NotYourEntry(entry, agent) => write!(out, "{entry} is about agent {agent}"),
            Self::OwnEvaluation(evaluation, account) => {
                write!(out, "{account} marked {evaluation}: somebody else has to review it")
            }
            Self::OwnProposal(entry, account) => {
                write!(out, "{account} proposed {entry}: somebody else has to confirm or dismiss it")
            }
            Self::OwnConfirmation(entry, account) => {
                write!(out, "{account} confirmed {entry}: somebody else has to decide about the appeal")
            }
            Self::NotForAgents(evaluation) => {
                write!(out, "{evaluation} is for the evaluators: it is not published")
            }
            Self::TooLate(by) => write!(out, "that could be done until {by}"),
            Self::NothingChanged(evaluation) => {
                write!(out, "the answers to {evaluation} are the same as before: uphold it")
            }
            Self::MonthForgotten(month) => {
                write!(out, "{month} is too long ago: the ledger of that month is in the log alone")
            }
            Self::PointsNotAllowed(rule, points) => {
                write!(out, "an occurrence of {rule} does not cost {points} points")
            }
            Self::NotPicked(contact) => {
                write!(out, "{contact} is in no draw that is remembered")
            }
            Self::PickedBefore(contact) => write!(out, "{contact} was drawn before"),
            Self::IsMystery(contact) => write!(out, "{contact} is a mystery contact: it is in no sample"),
            Self::NotMystery(contact) => {
                write!(
                    out,
                    "{contact} is not marked as a mystery contact: mark it first, so that it leaves the figures"
                )
            }
            Self::WrongPick(contact, standing) => write!(out, "the pick of {contact} is {standing}"),
            Self::UnknownRound(round) => write!(out, "no round {round} is remembered"),
            Self::RoundClosed(round) => write!(out, "{round} is closed"),
            Self::NotInRound(round, account) => write!(out, "{account} does not mark in {round}"),
            Self::UnknownTable(post, version) => {
                write!(out, "there is no table of {post} in version {version}")
            }
            Self::TableFrozen(post, version) => {
                write!(
                    out,
                    "version {version} of {post}'s table was used: make version {} of it",
                    version + 1
                )
            }
            Self::UnknownAssessment(assessment) => {
                write!(out, "no assessment {assessment} is remembered; one of long ago is in the log")
            }
            Self::WrongAssessment(assessment, standing) => write!(out, "{assessment} is {standing}"),
            Self::OwnAssessment(assessment, account) => {
                write!(out, "{account} submitted {assessment}: somebody else has to approve or return it")
            }
            Self::RowDiffers(agent, problems) if problems.is_empty() => {
                write!(out, "what is given for agent {agent} does not come to what is claimed")
            }
            Self::RowDiffers(agent, problems) => {
                write!(out, "agent {agent}: ")?;
                list(out, problems)
            }
            Self::UnknownRetraining(retraining) => write!(out, "no talk {retraining} is remembered"),
            Self::RetrainingDecided(retraining) => write!(out, "{retraining} was decided otherwise"),
            Self::NoSurvey(contact) => write!(out, "no survey of {contact} is remembered"),
            Self::SurveyAnswered(contact) => write!(out, "the survey of {contact} was answered before"),
            Self::UnknownChecklist(list, version) => {
                write!(out, "there is no checklist {list} in version {version}")
            }
            Self::ChecklistFrozen(list, version) => {
                write!(
                    out,
                    "version {version} of checklist {list} was used: make version {} of it",
                    version + 1
                )
            }
            Self::UnknownItem(item) => write!(out, "the checklist has no item {item}"),
            Self::OverLimit { what, value, limit } => {
                write!(out, "{what} is {value}; at most {limit} is allowed")
            }
            Self::Invalid { what, why } => write!(out, "{what}: {why}"),
        }
    }
}

fn list(out: &mut fmt::Formatter<'_>, problems: &[impl fmt::Display]) -> fmt::Result {
    for (at, problem) in problems.iter().enumerate() {
        write!(out, "{}{problem}", if at == 0 { "" } else { "\n" })?;
    }
    Ok(())
}

impl std::error::Error for Refusal {}

/// Refuses a value above its limit, by name.
pub(crate) const fn at_most(what: &'static str, value: u64, limit: u64) -> Result<(), Refusal> {
    if value > limit { Err(Refusal::OverLimit { what, value, limit }) } else { Ok(()) }
}
