//! The desk: its state, and the one function that changes it.
//!
//! It is a `Decider` like the floor, so it can run alone under the engine, or beside other desks behind one: then
//! whoever holds them gives each event to its desk and tells the others with [`Quality::pass`] that a number was
//! taken.

use crate::assessment::{Months, Table};
use crate::calibration::Round;
use crate::checklist::Checklist;
use crate::command::Command;
use crate::conduct::Rule;
use crate::detect::DetectorTerms;
use crate::evaluation::Evaluation;
use crate::event::{DetectorsApplied, Event, FormApplied, RuleApplied, TermsApplied};
use crate::excuse::Excuse;
use crate::form::Form;
use crate::id::{ChecklistId, EvaluationId, ExcuseId, FormId, PostId, RoundId};
use crate::ledger::Ledger;
use crate::limits::{DUE_PER_TICK_MAX, FORMS_MAX, RULES_KEPT_MAX};
use crate::refusal::{Refusal, at_most};
use crate::sampling::Samples;
use crate::survey::SurveyStanding;
use crate::terms::Terms;
use crate::work::{Verdict, Work};
use cordboard_floor::actor::reasons;
use cordboard_floor::decider::{Decided, Decider, Done, Recorded, Stamp};
use cordboard_floor::{Actor, ContactId, Instant, RuleId, SiteId, Submission};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A thing in a version, with whether it was used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Versioned<T> {
    /// The thing.
    pub what: T,
    /// Used, and so frozen.
    pub used: bool,
    /// The event that made it what it is.
    pub seq: u64,
}

/// The desk as it is now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Quality {
    pub(crate) site: SiteId,
    pub(crate) seq: u64,
    pub(crate) at: Instant,
    pub(crate) terms: Terms,
    pub(crate) terms_seq: u64,
    pub(crate) detectors: DetectorTerms,
    pub(crate) detectors_seq: u64,
    pub(crate) forms: BTreeMap<(FormId, u32), Versioned<Form>>,
    pub(crate) rules: BTreeMap<(RuleId, u32), Versioned<Rule>>,
    pub(crate) evaluations: BTreeMap<EvaluationId, Evaluation>,
    pub(crate) ledger: Ledger,
    pub(crate) excuses: BTreeMap<ExcuseId, Excuse>,
    pub(crate) samples: Samples,
    pub(crate) rounds: BTreeMap<RoundId, Round>,
    pub(crate) tables: BTreeMap<(PostId, u32), Versioned<Table>>,
    pub(crate) months: Months,
    pub(crate) checklists: BTreeMap<(ChecklistId, u32), Versioned<Checklist>>,
    /// Whether the survey of a contact was answered, with the event that made it so.
    pub(crate) surveys: BTreeMap<ContactId, SurveyStanding>,
    /// Which contacts are mystery contacts, by the event that said so.
    pub(crate) mystery: BTreeMap<ContactId, u64>,
    /// What is due when (index).
    #[serde(skip)]
    pub(crate) due: BTreeSet<(Instant, Due)>,
}

/// What has a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    Evaluation(EvaluationId),
    Round(RoundId),
}

impl Quality {
    /// A desk of which nothing is known yet.
    pub fn new(site: SiteId) -> Self {
        Self {
            site,
            seq: 0,
            at: Instant::default(),
            terms: Terms::default(),
            terms_seq: 0,
            detectors: DetectorTerms::default(),
            detectors_seq: 0,
            forms: BTreeMap::new(),
            rules: BTreeMap::new(),
            evaluations: BTreeMap::new(),
            ledger: Ledger::default(),
            excuses: BTreeMap::new(),
            samples: Samples::default(),
            rounds: BTreeMap::new(),
            tables: BTreeMap::new(),
            months: Months::default(),
            checklists: BTreeMap::new(),
            surveys: BTreeMap::new(),
            mystery: BTreeMap::new(),
            due: BTreeSet::new(),
        }
    }

    /// An event of another desk took this number at that time.
    pub fn pass(&mut self, seq: u64, at: Instant) {
        (self.seq, self.at) = (seq, at);
    }

    /// The settings.
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// By what detectors propose.
    pub const fn detector_terms(&self) -> &DetectorTerms {
        &self.detectors
    }

    /// A form in a version.
    pub fn form(&self, form: FormId, version: u32) -> Option<&Form> {
        self.forms.get(&(form, version)).map(|known| &known.what)
    }

    /// The newest version of each form.
    pub fn newest_forms(&self) -> impl Iterator<Item = &Form> {
        newest(&self.forms)
    }

    /// The newest version of each rule.
    pub fn newest_rules(&self) -> impl Iterator<Item = &Rule> {
        newest(&self.rules)
    }

    /// The newest version of each table.
    pub fn newest_tables(&self) -> impl Iterator<Item = &Table> {
        newest(&self.tables)
    }

    /// The newest version of each checklist.
    pub fn newest_checklists(&self) -> impl Iterator<Item = &Checklist> {
        newest(&self.checklists)
    }

    /// A rule in a version.
    pub fn rule(&self, rule: RuleId, version: u32) -> Option<&Rule> {
        self.rules.get(&(rule, version)).map(|known| &known.what)
    }

    /// The newest version of a rule.
    pub fn newest_rule(&self, rule: RuleId) -> Option<&Rule> {
        let mut versions = self.rules.range((rule, 0)..=(rule, u32::MAX));
        versions.next_back().map(|(_, known)| &known.what)
    }

    /// An evaluation that is still remembered.
    pub fn evaluation(&self, evaluation: EvaluationId) -> Option<&Evaluation> {
        self.evaluations.get(&evaluation)
    }

    /// All that are, the oldest first.
    pub fn evaluations(&self) -> impl Iterator<Item = (EvaluationId, &Evaluation)> {
        self.evaluations.iter().map(|(id, evaluation)| (*id, evaluation))
    }

    /// How many they are.
    pub fn evaluations_kept(&self) -> usize {
        self.evaluations.len()
    }

    /// The points ledger.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The excuses that hold.
    pub fn excuses(&self) -> impl Iterator<Item = (ExcuseId, &Excuse)> {
        self.excuses.iter().map(|(id, excuse)| (*id, excuse))
    }

    /// What was drawn to be listened to.
    pub const fn samples(&self) -> &Samples {
        &self.samples
    }

    /// A calibration round that is remembered.
    pub fn round(&self, round: RoundId) -> Option<&Round> {
        self.rounds.get(&round)
    }

    /// All that are, the oldest first.
    pub fn rounds(&self) -> impl Iterator<Item = (RoundId, &Round)> {
        self.rounds.iter().map(|(id, round)| (*id, round))
    }

    /// A month's table in a version.
    pub fn table(&self, post: PostId, version: u32) -> Option<&Table> {
        self.tables.get(&(post, version)).map(|known| &known.what)
    }

    /// The newest version of a post's table.
    pub fn newest_table(&self, post: PostId) -> Option<&Table> {
        let mut versions = self.tables.range((post, 0)..=(post, u32::MAX));
        versions.next_back().map(|(_, known)| &known.what)
    }

    /// A checklist in a version.
    pub fn checklist(&self, checklist: ChecklistId, version: u32) -> Option<&Checklist> {
        self.checklists.get(&(checklist, version)).map(|known| &known.what)
    }

    /// What months came to, and the talks about retraining.
    pub const fn months(&self) -> &Months {
        &self.months
    }

    pub(crate) fn absorb(&mut self, recorded: &Recorded<Event>) {
        let seq = recorded.seq;
        (self.seq, self.at) = (seq, recorded.at);
        match &recorded.event {
            Event::TermsApplied(event) => (self.terms, self.terms_seq) = (event.terms.clone(), seq),
            Event::DetectorsApplied(event) => {
                (self.detectors, self.detectors_seq) = (event.terms.clone(), seq);
            }
            Event::FormApplied(event) => {
                let what = event.form.clone();
                self.forms.insert((what.form, what.version), Versioned { what, used: false, seq });
            }
            Event::RuleApplied(event) => {
                let what = event.rule.clone();
                self.rules.insert((what.id, what.version), Versioned { what, used: false, seq });
            }
            Event::CalibrationOpened(_) | Event::CalibrationClosed(_) => {
                self.take_round(&recorded.event);
            }
            Event::TableApplied(event) => {
                let what = event.table.clone();
                self.tables.insert((what.post, what.version), Versioned { what, used: false, seq });
            }
            Event::AssessmentSubmitted(event) => {
                if let Some(table) = self.tables.get_mut(&(event.post, event.version)) {
                    table.used = true;
                }
                self.months.take(&recorded.event);
            }
            Event::AssessmentRows(_)
            | Event::AssessmentApproved(_)
            | Event::AssessmentReturned(_)
            | Event::RetrainingProposed(_)
            | Event::RetrainingDecided(_) => self.months.take(&recorded.event),
            Event::SurveyOffered(_) | Event::SurveyAnswered(_) => self.take_survey(seq, &recorded.event),
            Event::ContactMarkedMystery(event) => {
                self.mystery.insert(event.contact, seq);
            }
            // Nothing follows from a look.
            Event::ContactReplayed(_) => {}
            Event::ChecklistApplied(event) => {
                let what = event.checklist.clone();
                self.checklists.insert((what.id, what.version), Versioned { what, used: false, seq });
            }
            Event::ChecklistRecorded(event) => {
                if let Some(known) = self.checklists.get_mut(&(event.checklist, event.version)) {
                    known.used = true;
                }
            }
            Event::SampleDrawn(_)
            | Event::SamplePicked(_)
            | Event::SampleReassigned(_)
            | Event::SampleWithdrawn(_) => self.samples.take(recorded.at, &recorded.event),
            Event::EvaluationDrafted(_)
            | Event::EvaluationDiscarded(_)
            | Event::EvaluationSubmitted(_)
            | Event::EvaluationPublished(_)
            | Event::EvaluationAcknowledged(_)
            | Event::EvaluationAppealed(_)
            | Event::EvaluationReviewed(_)
            | Event::EvaluationReviewOverdue(_)
            | Event::EvaluationClosed(_) => {
                self.take_evaluation(seq, recorded.at, &recorded.event);
                self.samples.follow(&recorded.event);
            }
            Event::DeductionProposed(event) => {
                if let Some(rule) = self.rules.get_mut(&(event.rule, event.version)) {
                    rule.used = true;
                }
                self.ledger.take(seq, &recorded.event);
            }
            Event::DeductionConfirmed(_)
            | Event::DeductionDismissed(_)
            | Event::DeductionAppealed(_)
            | Event::DeductionDecided(_)
            | Event::DeductionRevoked(_) => self.ledger.take(seq, &recorded.event),
            Event::ExcuseGranted(_) | Event::ExcuseWithdrawn(_) => self.take_excuse(seq, &recorded.event),
        }
    }
}

/// Of things in versions the last version of each.
fn newest<K: Ord + Copy, T>(known: &BTreeMap<(K, u32), Versioned<T>>) -> impl Iterator<Item = &T> {
    let mut each = known.iter().peekable();
    std::iter::from_fn(move || {
        let (mut last, mut what) = each.next()?;
        while let Some((next, newer)) = each.next_if(|(next, _)| next.0 == last.0) {
            (last, what) = (next, newer);
        }
        Some(&what.what)
    })
}

impl Decider for Quality {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(
        &mut self,
        stamp: Stamp,
        submission: Submission<Command>,
        decided: &mut Decided<Event>,
    ) -> Result<Done, Refusal> {
        let Submission { actor, cause, reason, command } = submission;
        let mut work = Work { desk: self, stamp, actor, cause, reason, decided };
        match command {
            Command::ApplyTerms(terms) => work.apply_terms(terms),
            Command::ApplyForm(form) => work.apply_form(*form),
            Command::ApplyRule(rule) => work.apply_rule(*rule),
            Command::ApplyDetectors(terms) => work.apply_detectors(*terms),
            Command::DraftEvaluation(draft) => work.draft_evaluation(draft),
            Command::DiscardEvaluation { evaluation, account } => {
                work.discard_evaluation(evaluation, account)
            }
            Command::SubmitEvaluation { evaluation, account, answers } => {
                work.submit_evaluation(evaluation, account, answers)
            }
            Command::PublishEvaluation { evaluation, account } => {
                work.publish_evaluation(evaluation, account)
            }
            Command::AcknowledgeEvaluation { evaluation, agent, note } => {
                work.acknowledge_evaluation(evaluation, agent, note)
            }
            Command::AppealEvaluation { evaluation, agent, questions, text } => {
                work.appeal_evaluation(evaluation, agent, questions, text)
            }
            Command::ReviewEvaluation(review) => work.review_evaluation(review),
            Command::CloseEvaluation { evaluation, account } => work.close_evaluation(evaluation, account),
            Command::Propose(proposal) => work.propose(proposal),
            Command::ConfirmDeduction { entry, account, points, severe } => {
                work.confirm_deduction(entry, account, points, severe)
            }
            Command::DismissDeduction { entry, account, why } => work.dismiss_deduction(entry, account, why),
            Command::AppealDeduction { entry, agent, text } => work.appeal_deduction(entry, agent, text),
            Command::DecideDeduction { entry, account, upheld, points, text } => {
                work.decide_deduction(entry, account, upheld, points, text)
            }
            Command::RevokeDeduction { entry, account, why } => work.revoke_deduction(entry, account, why),
            Command::GrantExcuse { agent, rule, from, until, why, account } => {
                work.grant_excuse(agent, rule, from, until, why, account)
            }
            Command::WithdrawExcuse { excuse, account } => work.withdraw_excuse(excuse, account),
            Command::OpenCalibration(calibration) => work.open_calibration(calibration),
            Command::CloseCalibration { round, account } => work.close_calibration(round, account),
            Command::ApplyTable(table) => work.apply_table(*table),
            Command::SubmitAssessment(month) => work.submit_assessment(*month),
            Command::ApproveAssessment { assessment, account } => {
                work.approve_assessment(assessment, account)
            }
            Command::ReturnAssessment { assessment, account, note } => {
                work.return_assessment(assessment, account, note)
            }
            Command::DecideRetraining { retraining, account, yes, note } => {
                work.decide_retraining(retraining, account, yes, note)
            }
            Command::OfferSurvey { contact, agent, queue } => work.offer_survey(contact, agent, queue),
            Command::AnswerSurvey { contact, scores, comment } => {
                work.answer_survey(contact, scores, comment)
            }
            Command::MarkMystery { contact, account } => work.mark_mystery(contact, account),
            Command::NoteReplay { contact, account } => work.note_replay(contact, account),
            Command::ApplyChecklist(checklist) => work.apply_checklist(*checklist),
            Command::RecordChecklist(round) => work.record_checklist(*round),
            Command::RecordDraw(record) => work.record_draw(*record),
            Command::ReassignPick { contact, second, to, account } => {
                work.reassign_pick(contact, second, to, account)
            }
            Command::WithdrawPick { contact, account, why, note } => {
                work.withdraw_pick(contact, account, why, note)
            }
        }
    }

    fn tick(&mut self, stamp: Stamp, decided: &mut Decided<Event>) {
        for _ in 0..DUE_PER_TICK_MAX {
            let Some((_, due)) = self.due.first().copied().filter(|(at, _)| *at <= stamp.at) else {
                return;
            };
            let actor = Actor::system("quality_deadline");
            let reason = Some(reasons::TIMER);
            let mut work = Work { desk: self, stamp, actor, cause: None, reason, decided };
            match due {
                Due::Evaluation(evaluation) => work.serve_deadline(evaluation),
                Due::Round(round) => work.finish_round(round, None),
            }
        }
    }

    fn apply(&mut self, recorded: &Recorded<Event>) {
        self.absorb(recorded);
    }

    fn next_deadline(&self) -> Option<Instant> {
        self.due.first().map(|(at, _)| *at)
    }

    fn last_seq(&self) -> u64 {
        self.seq
    }

    fn last_at(&self) -> Instant {
        self.at
    }

    fn begins_work(command: &Command) -> bool {
        matches!(
            command,
            Command::DraftEvaluation(_)
                | Command::Propose(_)
                | Command::RecordDraw(_)
                | Command::RecordChecklist(_)
                | Command::OpenCalibration(_)
                | Command::OfferSurvey { .. }
                | Command::SubmitAssessment(_)
        )
    }

    fn reindex(&mut self) {
        let evaluations =
            self.evaluations.iter().filter_map(|(id, known)| Some((known.due_at()?, Due::Evaluation(*id))));
        let rounds = self.rounds.iter().filter_map(|(id, round)| Some((round.due_at()?, Due::Round(*id))));
        self.due = evaluations.chain(rounds).collect();
        self.ledger.reindex();
    }
}

impl Work<'_> {
    fn apply_terms(&mut self, terms: Terms) -> Verdict {
        terms.check()?;
        if self.desk.terms_seq > 0 && self.desk.terms == terms {
            return Ok(Done { seq: self.desk.terms_seq });
        }
        self.emit(TermsApplied { terms });
        self.done()
    }

    fn apply_detectors(&mut self, terms: DetectorTerms) -> Verdict {
        let problems = terms.check();
        if !problems.is_empty() {
            return Err(Refusal::Faulty(problems));
        }
        if self.desk.detectors_seq > 0 && self.desk.detectors == terms {
            return Ok(Done { seq: self.desk.detectors_seq });
        }
        self.emit(DetectorsApplied { terms });
        self.done()
    }

    fn apply_form(&mut self, form: Form) -> Verdict {
        let problems = form.check();
        if !problems.is_empty() {
            return Err(Refusal::Faulty(problems));
        }
        match self.desk.forms.get(&(form.form, form.version)) {
            Some(known) if known.what == form => return Ok(Done { seq: known.seq }),
            Some(known) if known.used => return Err(Refusal::FormFrozen(form.form, form.version)),
            Some(_) => {}
            None => at_most("forms", self.desk.forms.len() as u64 + 1, FORMS_MAX as u64)?,
        }
        self.emit(FormApplied { form });
        self.done()
    }

    fn apply_rule(&mut self, rule: Rule) -> Verdict {
        let mut problems = Vec::new();
        rule.check(&mut problems);
        if !problems.is_empty() {
            return Err(Refusal::Faulty(problems));
        }
        match self.desk.rules.get(&(rule.id, rule.version)) {
            Some(known) if known.what == rule => return Ok(Done { seq: known.seq }),
            Some(known) if known.used => return Err(Refusal::RuleFrozen(rule.id, rule.version)),
            Some(_) => {}
            None => at_most("rules", self.desk.rules.len() as u64 + 1, RULES_KEPT_MAX as u64)?,
        }
        self.emit(RuleApplied { rule });
        self.done()
    }
}
