//! Everything that can happen at this desk, in the range 0x1000–. Stored for ever: payloads are arrays on disk, so
//! fields are only ever appended, with a default; a changed meaning is a new type number. What each looks like in
//! bytes stands in `tests/stored.txt`.

use crate::assessment::{AssessmentRow, RankTerms, Table};
use crate::checklist::{Checklist, Finding};
use crate::conduct::Rule;
use crate::detect::DetectorTerms;
use crate::evaluation::{Outcome, Rater};
use crate::form::{Answer, Form, Scored};
use crate::id::{
    AssessmentId, ChecklistId, EntryId, EvaluationId, ExcuseId, FormId, PostId, QuestionId, RecordId,
    RetrainingId, RoundId, SampleId,
};
use crate::month::Month;
use crate::sampling::{Coverage, Pick, Plan};
use crate::survey::SurveyScore;
use crate::terms::Terms;
use cordboard_floor::event::Sealed;
use cordboard_floor::events;
use cordboard_floor::{AccountId, AgentId, ContactId, Instant, QueueId, ReasonId, RuleId};

events! {
    // ---- what is agreed
    /// The desk's own settings from now on.
    0x1001 2 "quality.terms_applied" TermsApplied {
        /// All of them.
        terms: Terms,
    }
    /// A form can be used from now on.
    0x1002 1 "form.applied" FormApplied {
        /// All of it.
        form: Form,
    }
    /// A rule of conduct can be used from now on.
    0x1003 1 "rule.applied" RuleApplied {
        /// All of it.
        rule: Rule,
    }
    /// By these terms detectors propose from now on.
    0x1004 2 "detectors.applied" DetectorsApplied {
        /// All of them.
        terms: DetectorTerms,
    }

    /// A month's table can be used from now on.
    0x1005 1 "table.applied" TableApplied {
        /// All of it.
        table: Table,
    }

    /// A checklist can be used from now on.
    0x1006 1 "checklist.applied" ChecklistApplied {
        /// All of it.
        checklist: Checklist,
    }

    // ---- evaluations
    /// Somebody began to evaluate a contact.
    0x1010 2 "evaluation.drafted" EvaluationDrafted {
        /// Its id: the number of this event.
        evaluation: EvaluationId,
        /// Which contact.
        contact: ContactId,
        /// Whose part in it.
        agent: AgentId,
        /// By which form.
        form: FormId,
        /// In which version.
        version: u32,
        /// As what the evaluator does it.
        rater: Rater,
        /// Who.
        evaluator: AccountId,
        /// The evaluation that this is a second, blind look at.
        checks: Option<EvaluationId>,
        /// The seed of the draw that chose the contact; none: a person chose it.
        seed: Option<u64>,
        /// In which calibration round; since schema 2.
        #[serde(default)]
        round: Option<RoundId>,
    }
    /// It was begun in vain.
    0x1011 1 "evaluation.discarded" EvaluationDiscarded {
        /// Which.
        evaluation: EvaluationId,
        /// Who says so.
        by: AccountId,
    }
    /// Its answers and what they came to.
    0x1012 1 "evaluation.submitted" EvaluationSubmitted {
        /// Which.
        evaluation: EvaluationId,
        /// What was answered.
        answers: Vec<Answer>,
        /// What that came to, by its form.
        scored: Scored,
    }
    /// Its agent may see it.
    0x1013 1 "evaluation.published" EvaluationPublished {
        /// Which.
        evaluation: EvaluationId,
        /// Who published it.
        by: AccountId,
        /// Until when she may appeal; then it closes.
        appeal_by: Instant,
    }
    /// She has seen it and agrees.
    0x1014 1 "evaluation.acknowledged" EvaluationAcknowledged {
        /// Which.
        evaluation: EvaluationId,
        /// Who.
        agent: AgentId,
        /// What she says to it, sealed.
        note: Option<Sealed>,
        /// When it closes.
        close_at: Instant,
    }
    /// She does not agree.
    0x1015 1 "evaluation.appealed" EvaluationAppealed {
        /// Which.
        evaluation: EvaluationId,
        /// Who.
        agent: AgentId,
        /// With which answers she does not; none named: with all of it.
        questions: Vec<QuestionId>,
        /// Why, sealed.
        text: Sealed,
        /// Until when somebody else is to look at it.
        review_by: Instant,
    }
    /// Somebody else looked at it. What was submitted stays as it was, beside this.
    0x1016 1 "evaluation.reviewed" EvaluationReviewed {
        /// Which.
        evaluation: EvaluationId,
        /// Who.
        by: AccountId,
        /// With what outcome.
        outcome: Outcome,
        /// The answers that hold from now on, if changed.
        answers: Vec<Answer>,
        /// What they come to.
        scored: Option<Scored>,
        /// What is said to it, sealed.
        text: Option<Sealed>,
        /// When it closes.
        close_at: Instant,
    }
    /// Nobody looked at the appeal in time.
    0x1017 1 "evaluation.review_overdue" EvaluationReviewOverdue {
        /// Which.
        evaluation: EvaluationId,
    }
    /// It is over.
    0x1018 1 "evaluation.closed" EvaluationClosed {
        /// Which.
        evaluation: EvaluationId,
        /// Who closed it; none: it was time.
        by: Option<AccountId>,
    }

    // ---- the points ledger
    /// Somebody, or a detector, proposes that points be taken. Nothing is taken by it.
    0x1020 1 "deduction.proposed" DeductionProposed {
        /// Its id: the number of this event.
        entry: EntryId,
        /// By which rule.
        rule: RuleId,
        /// In which version.
        version: u32,
        /// Whose.
        agent: AgentId,
        /// In which month it counts.
        month: Month,
        /// How many points.
        points: u32,
        /// What makes it one occurrence: the number of the event with which it began. A second proposal of the same
        /// rule, agent and episode is an answer, not an entry.
        episode: Option<u64>,
        /// The numbers of the events on which it stands.
        evidence: Vec<u64>,
        /// From when.
        from: Instant,
        /// To when.
        until: Instant,
        /// What was measured: ms, or a count, as the rule says.
        measured: i64,
        /// What was allowed, in the same unit.
        allowed: i64,
        /// Who proposes; none: a detector.
        by: Option<AccountId>,
        /// What is said to it, sealed.
        note: Option<Sealed>,
    }
    /// A leader agrees: it counts from now on.
    0x1021 1 "deduction.confirmed" DeductionConfirmed {
        /// Which.
        entry: EntryId,
        /// Who.
        by: AccountId,
        /// How many points.
        points: u32,
        /// Whether people are to decide about staying or leaving besides.
        grave: bool,
        /// Until when its agent may appeal.
        appeal_by: Instant,
    }
    /// A leader does not agree: it never counts.
    0x1022 1 "deduction.dismissed" DeductionDismissed {
        /// Which.
        entry: EntryId,
        /// Who.
        by: AccountId,
        /// Why, as a slug: `incident`, `visitors`, `approved`, …
        why: ReasonId,
    }
    /// Its agent does not agree. It counts until it is decided.
    0x1023 1 "deduction.appealed" DeductionAppealed {
        /// Which.
        entry: EntryId,
        /// Who.
        agent: AgentId,
        /// Why, sealed.
        text: Sealed,
    }
    /// The director decided about the appeal.
    0x1024 2 "deduction.decided" DeductionDecided {
        /// Which.
        entry: EntryId,
        /// Who.
        by: AccountId,
        /// Whether it stands.
        upheld: bool,
        /// With how many points.
        points: u32,
        /// What is said to it, sealed; since schema 2.
        #[serde(default)]
        text: Option<Sealed>,
    }
    /// It was wrong, and no longer counts.
    0x1025 1 "deduction.revoked" DeductionRevoked {
        /// Which.
        entry: EntryId,
        /// Who.
        by: AccountId,
        /// Why, as a slug.
        why: ReasonId,
    }

    // ---- what excuses
    /// Within these moments a rule's limits do not hold: an incident, visitors, a leader's approval.
    0x1030 1 "excuse.granted" ExcuseGranted {
        /// Its id: the number of this event.
        excuse: ExcuseId,
        /// For whom; none: for all.
        agent: Option<AgentId>,
        /// From which rule; none: from all.
        rule: Option<RuleId>,
        /// From when.
        from: Instant,
        /// To when.
        until: Instant,
        /// Why, as a slug.
        why: ReasonId,
        /// Who says so; none: an incident or visitor mode does.
        by: Option<AccountId>,
    }
    /// It does not excuse after all.
    0x1031 1 "excuse.withdrawn" ExcuseWithdrawn {
        /// Which.
        excuse: ExcuseId,
        /// Who says so.
        by: Option<AccountId>,
    }

    // ---- samples
    /// Contacts were drawn to be listened to; which, the events after it say.
    0x1040 1 "sample.drawn" SampleDrawn {
        /// Its id: the number of this event.
        sample: SampleId,
        /// How.
        plan: Plan,
        /// From what ended since.
        from: Instant,
        /// And before.
        until: Instant,
        /// The seed from which it follows.
        seed: u64,
        /// How many contacts were drawn.
        picks: u32,
        /// What that covers.
        coverage: Coverage,
        /// Who had it drawn.
        by: AccountId,
    }
    /// Some of them, with who listens.
    0x1041 1 "sample.picked" SamplePicked {
        /// Of which draw.
        sample: SampleId,
        /// Which.
        picks: Vec<Pick>,
    }
    /// Somebody else listens.
    0x1042 1 "sample.reassigned" SampleReassigned {
        /// To which contact.
        contact: ContactId,
        /// Whether it is the second look.
        second: bool,
        /// Who was to, if anybody.
        from: Option<AccountId>,
        /// Who does.
        to: AccountId,
        /// Who says so.
        by: AccountId,
    }
    /// It cannot be heard. It is not drawn again all the same.
    0x1043 1 "sample.withdrawn" SampleWithdrawn {
        /// Which contact.
        contact: ContactId,
        /// Who says so.
        by: AccountId,
        /// Why, as a slug: `no_recording`, `wrong_agent`, …
        why: ReasonId,
        /// What is said to it, sealed.
        note: Option<Sealed>,
    }

    // ---- calibration
    /// Several are to mark the same contact, each without seeing the others' marks.
    0x1050 1 "calibration.opened" CalibrationOpened {
        /// Its id: the number of this event.
        round: RoundId,
        /// Which contact.
        contact: ContactId,
        /// Whose part in it.
        agent: AgentId,
        /// By which form.
        form: FormId,
        /// In which version.
        version: u32,
        /// Who.
        raters: Vec<AccountId>,
        /// Until when; then it closes.
        close_by: Instant,
        /// Who opened it.
        by: AccountId,
    }
    /// From now on they see each other's marks, and nobody marks any more.
    0x1051 1 "calibration.closed" CalibrationClosed {
        /// Which.
        round: RoundId,
        /// Who closed it; none: it was time.
        by: Option<AccountId>,
    }

    // ---- months
    /// A director says what a month comes to for the people of a post; each of them, the events after it say.
    0x1060 1 "assessment.submitted" AssessmentSubmitted {
        /// Its id: the number of this event.
        assessment: AssessmentId,
        /// Which month.
        month: Month,
        /// Which post.
        post: PostId,
        /// By which version of its table.
        version: u32,
        /// How many people.
        rows: u32,
        /// How the last were named.
        ranked: RankTerms,
        /// Whether there were people enough to name them.
        is_large_enough: bool,
        /// Who they are.
        last: Vec<AgentId>,
        /// Who.
        by: AccountId,
    }
    /// Some of them.
    0x1061 1 "assessment.rows" AssessmentRows {
        /// Of which.
        assessment: AssessmentId,
        /// Each with what was given and what it came to.
        rows: Vec<AssessmentRow>,
    }
    /// A manager agrees.
    0x1062 1 "assessment.approved" AssessmentApproved {
        /// Which.
        assessment: AssessmentId,
        /// Who.
        by: AccountId,
    }
    /// A manager does not: it is to be submitted again.
    0x1063 1 "assessment.returned" AssessmentReturned {
        /// Which.
        assessment: AssessmentId,
        /// Who.
        by: AccountId,
        /// What is said to it, sealed.
        note: Option<Sealed>,
    }
    /// That people talk with her about retraining. Nothing follows of itself.
    0x1064 1 "retraining.proposed" RetrainingProposed {
        /// Its id: the number of this event.
        retraining: RetrainingId,
        /// Of which post.
        post: PostId,
        /// With whom.
        agent: AgentId,
        /// The months it stands on.
        months: Vec<Month>,
        /// Whether she had been in retraining before.
        again: bool,
    }
    /// People have decided about it.
    0x1065 1 "retraining.decided" RetrainingDecided {
        /// Which.
        retraining: RetrainingId,
        /// Whether she is retrained.
        yes: bool,
        /// Who.
        by: AccountId,
        /// What is said to it, sealed.
        note: Option<Sealed>,
    }

    // ---- satisfaction
    /// The caller is asked how satisfied she is.
    0x1070 1 "survey.offered" SurveyOffered {
        /// After which contact.
        contact: ContactId,
        /// Who had it.
        agent: Option<AgentId>,
        /// Its queue.
        queue: Option<QueueId>,
    }
    /// She has said it.
    0x1071 1 "survey.answered" SurveyAnswered {
        /// After which contact.
        contact: ContactId,
        /// Question by question.
        scores: Vec<SurveyScore>,
        /// What she says to it, sealed.
        comment: Option<Sealed>,
    }
    /// The caller was a mystery caller: the contact leaves the figures.
    0x1078 1 "contact.marked_mystery" ContactMarkedMystery {
        /// Which contact.
        contact: ContactId,
        /// Who says so.
        by: AccountId,
    }

    /// Somebody looked at a contact as it went, to mark it.
    0x1079 1 "contact.replayed" ContactReplayed {
        /// Which contact.
        contact: ContactId,
        /// Who.
        by: AccountId,
    }

    // ---- rounds
    /// What somebody found on a round or at a handover. What points it gives cause for, the events after it propose.
    0x1080 1 "checklist.recorded" ChecklistRecorded {
        /// Its id: the number of this event.
        record: RecordId,
        /// By which checklist.
        checklist: ChecklistId,
        /// In which version.
        version: u32,
        /// When it was seen.
        seen_at: Instant,
        /// What; nothing: all was well.
        findings: Vec<Finding>,
        /// Who.
        by: AccountId,
    }
}

impl Event {
    /// The agent that it is about, where it says so itself.
    pub const fn agent(&self) -> Option<AgentId> {
        match self {
            Self::EvaluationDrafted(event) => Some(event.agent),
            Self::EvaluationAcknowledged(event) => Some(event.agent),
            Self::EvaluationAppealed(event) => Some(event.agent),
            Self::DeductionProposed(event) => Some(event.agent),
            Self::DeductionAppealed(event) => Some(event.agent),
            Self::ExcuseGranted(event) => event.agent,
            Self::CalibrationOpened(event) => Some(event.agent),
            Self::SurveyOffered(event) => event.agent,
            Self::RetrainingProposed(event) => Some(event.agent),
            _ => None,
        }
    }

    /// The contact that it is about, if it says so itself.
    pub const fn contact(&self) -> Option<ContactId> {
        match self {
            Self::EvaluationDrafted(event) => Some(event.contact),
            Self::SampleReassigned(event) => Some(event.contact),
            Self::SampleWithdrawn(event) => Some(event.contact),
            Self::CalibrationOpened(event) => Some(event.contact),
            Self::SurveyOffered(event) => Some(event.contact),
            Self::SurveyAnswered(event) => Some(event.contact),
            Self::ContactMarkedMystery(event) => Some(event.contact),
            Self::ContactReplayed(event) => Some(event.contact),
            _ => None,
        }
    }
}
