//! Everything that can be asked of this desk. Which account may ask it is the door's to know; what is said here
//! holds whoever asks.

use crate::assessment::{MonthOfPost, Table};
use crate::calibration::Calibration;
use crate::checklist::{Checklist, Round};
use crate::conduct::Rule;
use crate::detect::DetectorTerms;
use crate::evaluation::{Draft, Review};
use crate::form::{Answer, Form};
use crate::id::{AssessmentId, EntryId, EvaluationId, ExcuseId, QuestionId, RetrainingId, RoundId};
use crate::ledger::Proposal;
use crate::sampling::DrawRecord;
use crate::survey::SurveyScore;
use crate::terms::Terms;
use cordboard_floor::event::Sealed;
use cordboard_floor::{AccountId, AgentId, ContactId, Instant, QueueId, ReasonId, RuleId};

/// A wish.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Settings of the desk.
    ApplyTerms(Terms),
    /// A form, or another version of one.
    ApplyForm(Box<Form>),
    /// A rule of conduct, or another version of one.
    ApplyRule(Box<Rule>),
    /// Terms of the detectors.
    ApplyDetectors(Box<DetectorTerms>),
    /// Begin to evaluate a contact.
    DraftEvaluation(Draft),
    /// Leave it.
    DiscardEvaluation {
        /// Which.
        evaluation: EvaluationId,
        /// Who.
        account: AccountId,
    },
    /// These are the answers.
    SubmitEvaluation {
        /// Which.
        evaluation: EvaluationId,
        /// Who: its evaluator.
        account: AccountId,
        /// All of them.
        answers: Vec<Answer>,
    },
    /// Let its agent see it.
    PublishEvaluation {
        /// Which.
        evaluation: EvaluationId,
        /// Who.
        account: AccountId,
    },
    /// Agreed.
    AcknowledgeEvaluation {
        /// Which.
        evaluation: EvaluationId,
        /// Who: its agent.
        agent: AgentId,
        /// What she says to it.
        note: Option<Sealed>,
    },
    /// Not agreed.
    AppealEvaluation {
        /// Which.
        evaluation: EvaluationId,
        /// Who: its agent.
        agent: AgentId,
        /// With which answers; none named: with all of it.
        questions: Vec<QuestionId>,
        /// Why.
        text: Sealed,
    },
    /// Somebody else has looked at it.
    ReviewEvaluation(Review),
    /// Nothing more is to be said.
    CloseEvaluation {
        /// Which.
        evaluation: EvaluationId,
        /// Who.
        account: AccountId,
    },
    /// That points be taken.
    Propose(Proposal),
    /// They are.
    ConfirmDeduction {
        /// Which.
        entry: EntryId,
        /// Who: a leader.
        account: AccountId,
        /// How many, where the rule leaves a range; none: as proposed.
        points: Option<u32>,
        /// Whether it is severe, where the rule asks that.
        severe: bool,
    },
    /// They are not.
    DismissDeduction {
        /// Which.
        entry: EntryId,
        /// Who: a leader.
        account: AccountId,
        /// Why.
        why: ReasonId,
    },
    /// Not agreed.
    AppealDeduction {
        /// Which.
        entry: EntryId,
        /// Who: its agent.
        agent: AgentId,
        /// Why.
        text: Sealed,
    },
    /// About the appeal.
    DecideDeduction {
        /// Which.
        entry: EntryId,
        /// Who: the director.
        account: AccountId,
        /// Whether it stands.
        upheld: bool,
        /// With how many points, if fewer.
        points: Option<u32>,
        /// What is said to it.
        text: Option<Sealed>,
    },
    /// It was wrong.
    RevokeDeduction {
        /// Which.
        entry: EntryId,
        /// Who.
        account: AccountId,
        /// Why.
        why: ReasonId,
    },
    /// Rules' limits do not hold for a time.
    GrantExcuse {
        /// For whom; none: for all.
        agent: Option<AgentId>,
        /// From which rule; none: from all.
        rule: Option<RuleId>,
        /// From when.
        from: Instant,
        /// To when.
        until: Instant,
        /// Why.
        why: ReasonId,
        /// Who says so.
        account: Option<AccountId>,
    },
    /// They do after all.
    WithdrawExcuse {
        /// Which.
        excuse: ExcuseId,
        /// Who says so.
        account: Option<AccountId>,
    },
    /// Contacts were drawn beside the writer: keep the draw.
    RecordDraw(Box<DrawRecord>),
    /// Let somebody else listen.
    ReassignPick {
        /// To which contact.
        contact: ContactId,
        /// Whether it is the second look.
        second: bool,
        /// Who listens.
        to: AccountId,
        /// Who says so.
        account: AccountId,
    },
    /// Let several mark the same contact, blind.
    OpenCalibration(Calibration),
    /// Let them see each other's marks.
    CloseCalibration {
        /// Which.
        round: RoundId,
        /// Who says so.
        account: AccountId,
    },
    /// A month's table, or another version of one.
    ApplyTable(Box<Table>),
    /// What a month comes to for the people of a post.
    SubmitAssessment(Box<MonthOfPost>),
    /// Agreed: it holds.
    ApproveAssessment {
        /// Which.
        assessment: AssessmentId,
        /// Who: a manager, not who submitted it.
        account: AccountId,
    },
    /// Not agreed.
    ReturnAssessment {
        /// Which.
        assessment: AssessmentId,
        /// Who: a manager, not who submitted it.
        account: AccountId,
        /// What is said to it.
        note: Option<Sealed>,
    },
    /// About a talk on retraining.
    DecideRetraining {
        /// Which.
        retraining: RetrainingId,
        /// Who.
        account: AccountId,
        /// Whether she is retrained.
        yes: bool,
        /// What is said to it.
        note: Option<Sealed>,
    },
    /// Ask the caller how satisfied she is.
    OfferSurvey {
        /// After which contact.
        contact: ContactId,
        /// Who had it.
        agent: Option<AgentId>,
        /// Its queue.
        queue: Option<QueueId>,
    },
    /// What she said.
    AnswerSurvey {
        /// After which contact.
        contact: ContactId,
        /// Question by question.
        scores: Vec<SurveyScore>,
        /// What she says to it.
        comment: Option<Sealed>,
    },
    /// The caller was a mystery caller.
    MarkMystery {
        /// Which contact.
        contact: ContactId,
        /// Who says so.
        account: AccountId,
    },
    /// Somebody looks at a contact as it went: that is an event, each time.
    NoteReplay {
        /// Which contact.
        contact: ContactId,
        /// Who.
        account: AccountId,
    },
    /// A checklist, or another version of one.
    ApplyChecklist(Box<Checklist>),
    /// What somebody found by one.
    RecordChecklist(Box<Round>),
    /// It cannot be heard.
    WithdrawPick {
        /// Which contact.
        contact: ContactId,
        /// Who says so.
        account: AccountId,
        /// Why.
        why: ReasonId,
        /// What is said to it.
        note: Option<Sealed>,
    },
}
