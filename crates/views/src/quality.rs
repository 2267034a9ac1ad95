//! 质检: the quality desk as of the last event, with what its pages ask for and it forgets: every step of an evaluation and of a
//! line of the ledger with who took it, the rows of months, what callers answered, what was found on rounds, and since when agents
//! have been here.
//!
//! The desk itself is a replica: it takes over the desk's own events, so what it says and whom it lets see is what the writer's
//! says. It is asked, never told to decide.

use crate::View;
use cordboard_centre::quality::Quality;
use cordboard_centre::quality::assessment::AssessmentRow;
use cordboard_centre::quality::checklist::Finding;
use cordboard_centre::quality::event::Event as Told;
use cordboard_centre::quality::form::Answer;
use cordboard_centre::quality::id::{
    AssessmentId, ChecklistId, EntryId, EvaluationId, ExcuseId, QuestionId, RecordId, RetrainingId,
};
use cordboard_centre::quality::limits::{EXCUSES_MAX, RETRAININGS_MAX, SURVEYS_MAX};
use cordboard_centre::quality::satisfaction::Response;
use cordboard_centre::{Event as CentreEvent, Record};
use cordboard_floor::event::Sealed;
use cordboard_floor::{
    AccountId, Actor, AgentId, ContactId, Decider, Event, Instant, ReasonId, Recorded, SiteId, StoredEvent,
};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// Agents whose first day is remembered; far more than a site has.
pub const JOINED_MAX: usize = 100_000;
/// Rounds and handovers that are remembered; beyond it the oldest is in the log alone.
pub const ROUNDS_KEPT_MAX: usize = 5_000;
const DAY_US: i64 = 86_400_000_000;

/// One step that somebody took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trod {
    /// The event.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// Its type number: see `cordboard_centre::events`.
    pub kind: u16,
    /// Who.
    pub by: Actor,
    /// What was said to it, sealed.
    pub text: Option<Sealed>,
    /// Why, where a slug says so.
    pub why: Option<ReasonId>,
    /// With which answers she does not agree, of an appeal; none named: with all of it.
    #[serde(default)]
    pub questions: Option<Vec<QuestionId>>,
    /// The answers that hold from then on, of a review that changed them.
    #[serde(default)]
    pub answers: Option<Vec<Answer>>,
}

/// A survey.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// When it was offered.
    pub at: Instant,
    /// To whom, and what she said.
    pub response: Response,
    /// What she said to it besides, sealed.
    pub comment: Option<Sealed>,
}

/// A round 巡视 or a handover 交接班, as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walked {
    /// By which checklist.
    pub checklist: ChecklistId,
    /// In which version.
    pub version: u32,
    /// When it was seen.
    pub seen_at: Instant,
    /// What was found; nothing: all was well.
    pub findings: Vec<Finding>,
    /// Who.
    pub by: AccountId,
}

/// Why something is excused, and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    /// Why.
    pub why: ReasonId,
    /// Who; none: an incident or visitor mode.
    pub by: Option<AccountId>,
}

/// The desk with its indices, which are not written down.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
struct Desk(Quality);

impl<'de> Deserialize<'de> for Desk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut desk = Quality::deserialize(deserializer)?;
        desk.reindex();
        Ok(Self(desk))
    }
}

/// The desk, and what its pages ask for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Assurance {
    seq: u64,
    at: Instant,
    began_at: Option<Instant>,
    desk: Desk,
    evaluations: BTreeMap<EvaluationId, Vec<Trod>>,
    entries: BTreeMap<EntryId, Vec<Trod>>,
    rows: BTreeMap<AssessmentId, Vec<AssessmentRow>>,
    months: BTreeMap<AssessmentId, Vec<Trod>>,
    talks: BTreeMap<RetrainingId, Vec<Trod>>,
    excuses: BTreeMap<ExcuseId, Granted>,
    surveys: BTreeMap<ContactId, Asked>,
    joined: BTreeMap<AgentId, Instant>,
    rounds: BTreeMap<RecordId, Walked>,
}

impl Default for Assurance {
    fn default() -> Self {
        Self::new()
    }
}

impl Assurance {
    /// Before the first event.
    pub fn new() -> Self {
        Self {
            seq: 0,
            at: Instant::default(),
            began_at: None,
            // Only what decides says which site it is.
            desk: Desk(Quality::new(SiteId::fixed("view"))),
            evaluations: BTreeMap::new(),
            entries: BTreeMap::new(),
            rows: BTreeMap::new(),
            months: BTreeMap::new(),
            talks: BTreeMap::new(),
            excuses: BTreeMap::new(),
            surveys: BTreeMap::new(),
            joined: BTreeMap::new(),
            rounds: BTreeMap::new(),
        }
    }

    /// The desk as it is.
    pub const fn desk(&self) -> &Quality {
        &self.desk.0
    }

    /// When the last event happened.
    pub const fn at(&self) -> Instant {
        self.at
    }

    /// Every step of an evaluation, the first first.
    pub fn steps(&self, evaluation: EvaluationId) -> &[Trod] {
        self.evaluations.get(&evaluation).map_or(&[], Vec::as_slice)
    }

    /// When it was submitted, if it was.
    pub fn submitted_at(&self, evaluation: EvaluationId) -> Option<Instant> {
        self.stepped_at(evaluation, "evaluation.submitted")
    }

    /// When it was published, if it was.
    pub fn published_at(&self, evaluation: EvaluationId) -> Option<Instant> {
        self.stepped_at(evaluation, "evaluation.published")
    }

    /// When a step was taken first.
    fn stepped_at(&self, evaluation: EvaluationId, event: &str) -> Option<Instant> {
        let mut known = cordboard_centre::quality::event::EVENTS.iter();
        let kind = known.find(|(.., name)| *name == event).map(|(kind, ..)| *kind)?;
        self.steps(evaluation).iter().find(|step| step.kind == kind).map(|step| step.at)
    }

    /// Every step of a line of the ledger.
    pub fn steps_of_entry(&self, entry: EntryId) -> &[Trod] {
        self.entries.get(&entry).map_or(&[], Vec::as_slice)
    }

    /// The rows of a month.
    pub fn rows(&self, assessment: AssessmentId) -> &[AssessmentRow] {
        self.rows.get(&assessment).map_or(&[], Vec::as_slice)
    }

    /// Every step of a month.
    pub fn steps_of_month(&self, assessment: AssessmentId) -> &[Trod] {
        self.months.get(&assessment).map_or(&[], Vec::as_slice)
    }

    /// Every step of a talk about retraining.
    pub fn steps_of_talk(&self, talk: RetrainingId) -> &[Trod] {
        self.talks.get(&talk).map_or(&[], Vec::as_slice)
    }

    /// Why something is excused.
    pub fn granted(&self, excuse: ExcuseId) -> Option<Granted> {
        self.excuses.get(&excuse).copied()
    }

    /// Surveys that count, of no mystery contact: by contact.
    pub fn surveys(&self) -> impl Iterator<Item = (ContactId, &Asked)> {
        let counted = self.surveys.iter().filter(|(contact, _)| !self.desk().is_mystery(**contact));
        counted.map(|(contact, asked)| (*contact, asked))
    }

    /// The survey of a contact, if its caller was asked.
    pub fn survey(&self, contact: ContactId) -> Option<&Asked> {
        self.surveys.get(&contact)
    }

    /// Rounds and handovers that were recorded, the oldest first.
    pub fn rounds(&self) -> impl DoubleEndedIterator<Item = (RecordId, &Walked)> {
        self.rounds.iter().map(|(id, round)| (*id, round))
    }

    /// The worst answer of a contact's survey.
    pub fn worst_score(&self, contact: ContactId) -> Option<u8> {
        self.surveys.get(&contact)?.response.scores.as_ref()?.values().min().copied()
    }

    /// For how many whole days an agent had been here at a moment. Of whom the log's first day knew already nobody can say:
    /// she counts as having been here for ever.
    pub fn tenure_days(&self, agent: AgentId, at: Instant) -> u32 {
        let (Some(joined), Some(began)) = (self.joined.get(&agent), self.began_at) else { return u32::MAX };
        if joined.micros() - began.micros() < DAY_US {
            return u32::MAX;
        }
        u32::try_from((at.micros() - joined.micros()).max(0) / DAY_US).unwrap_or(u32::MAX)
    }

    fn take(&mut self, recorded: &Recorded<Told>) {
        self.desk.0.apply(recorded);
        let step = |text: Option<&Sealed>, why: Option<ReasonId>| Trod {
            seq: recorded.seq,
            at: recorded.at,
            kind: recorded.event.kind(),
            by: recorded.actor,
            text: text.cloned(),
            why,
            questions: None,
            answers: None,
        };
        match &recorded.event {
            Told::EvaluationDrafted(event) => {
                self.evaluations.insert(event.evaluation, vec![step(None, None)]);
                self.forget_evaluations();
            }
            Told::EvaluationDiscarded(event) => self.trod(event.evaluation, step(None, None)),
            Told::EvaluationSubmitted(event) => self.trod(event.evaluation, step(None, None)),
            Told::EvaluationPublished(event) => self.trod(event.evaluation, step(None, None)),
            Told::EvaluationAcknowledged(event) => {
                self.trod(event.evaluation, step(event.note.as_ref(), None));
            }
            Told::EvaluationAppealed(event) => {
                let questions = Some(event.questions.clone());
                self.trod(event.evaluation, Trod { questions, ..step(Some(&event.text), None) });
            }
            Told::EvaluationReviewed(event) => {
                let answers = event.scored.is_some().then(|| event.answers.clone());
                self.trod(event.evaluation, Trod { answers, ..step(event.text.as_ref(), None) });
            }
            Told::EvaluationReviewOverdue(event) => self.trod(event.evaluation, step(None, None)),
            Told::EvaluationClosed(event) => self.trod(event.evaluation, step(None, None)),
            Told::DeductionProposed(event) => {
                self.entries.insert(event.entry, vec![step(event.note.as_ref(), None)]);
                // A month is forgotten whole, and seldom.
                let ledger = self.desk.0.ledger();
                if self.entries.len() > ledger.entries_kept() {
                    self.entries.retain(|id, _| ledger.entry(*id).is_some());
                }
            }
            Told::DeductionConfirmed(event) => self.changed(event.entry, step(None, None)),
            Told::DeductionDismissed(event) => self.changed(event.entry, step(None, Some(event.why))),
            Told::DeductionAppealed(event) => self.changed(event.entry, step(Some(&event.text), None)),
            Told::DeductionDecided(event) => self.changed(event.entry, step(event.text.as_ref(), None)),
            Told::DeductionRevoked(event) => self.changed(event.entry, step(None, Some(event.why))),
            Told::ExcuseGranted(event) => {
                self.excuses.insert(event.excuse, Granted { why: event.why, by: event.by });
                while self.excuses.len() > EXCUSES_MAX {
                    self.excuses.pop_first();
                }
            }
            Told::ExcuseWithdrawn(event) => _ = self.excuses.remove(&event.excuse),
            Told::AssessmentSubmitted(event) => {
                self.months.insert(event.assessment, vec![step(None, None)]);
                self.rows.insert(event.assessment, Vec::new());
                let desk = &self.desk.0;
                self.months.retain(|id, _| desk.months().assessment(*id).is_some());
                self.rows.retain(|id, _| desk.months().assessment(*id).is_some());
            }
            Told::AssessmentRows(event) => {
                if let Some(rows) = self.rows.get_mut(&event.assessment) {
                    rows.extend(event.rows.iter().cloned());
                }
            }
            Told::AssessmentApproved(event) => self.signed(event.assessment, step(None, None)),
            Told::AssessmentReturned(event) => {
                self.signed(event.assessment, step(event.note.as_ref(), None));
            }
            Told::RetrainingProposed(event) => {
                self.talks.insert(event.retraining, vec![step(None, None)]);
                while self.talks.len() > RETRAININGS_MAX {
                    self.talks.pop_first();
                }
            }
            Told::RetrainingDecided(event) => {
                if let Some(steps) = self.talks.get_mut(&event.retraining) {
                    steps.push(step(event.note.as_ref(), None));
                }
            }
            Told::SurveyOffered(event) => {
                let response = Response { agent: event.agent, queue: event.queue, scores: None };
                self.surveys.insert(event.contact, Asked { at: recorded.at, response, comment: None });
                while self.surveys.len() > SURVEYS_MAX {
                    self.surveys.pop_first();
                }
            }
            Told::SurveyAnswered(event) => {
                if let Some(asked) = self.surveys.get_mut(&event.contact) {
                    let scores = event.scores.iter().map(|score| (score.question, score.score));
                    asked.response.scores = Some(scores.collect());
                    asked.comment.clone_from(&event.comment);
                }
            }
            Told::ChecklistRecorded(event) => {
                let (checklist, version, by) = (event.checklist, event.version, event.by);
                let (seen_at, findings) = (event.seen_at, event.findings.clone());
                self.rounds.insert(event.record, Walked { checklist, version, seen_at, findings, by });
                while self.rounds.len() > ROUNDS_KEPT_MAX {
                    self.rounds.pop_first();
                }
            }
            _ => {}
        }
    }

    /// What the desk has forgotten: the oldest that was over, so nothing lies before it but what is open.
    fn forget_evaluations(&mut self) {
        let desk = &self.desk.0;
        while self.evaluations.len() > desk.evaluations_kept() {
            let forgotten = self.evaluations.keys().find(|id| desk.evaluation(**id).is_none()).copied();
            let Some(forgotten) = forgotten else { return };
            self.evaluations.remove(&forgotten);
        }
    }

    fn trod(&mut self, evaluation: EvaluationId, step: Trod) {
        if let Some(steps) = self.evaluations.get_mut(&evaluation) {
            steps.push(step);
        }
    }

    fn changed(&mut self, entry: EntryId, step: Trod) {
        if let Some(steps) = self.entries.get_mut(&entry) {
            steps.push(step);
        }
    }

    fn signed(&mut self, assessment: AssessmentId, step: Trod) {
        if let Some(steps) = self.months.get_mut(&assessment) {
            steps.push(step);
        }
    }
}

impl View for Assurance {
    const NAME: &'static str = "quality";
    const SCHEMA: u32 = 2;

    /// Of the floor's events: since when agents have been here.
    fn fold(&mut self, recorded: &Recorded<Event>) {
        if recorded.seq <= self.seq {
            return;
        }
        if let Event::AgentApplied(event) = &recorded.event
            && self.joined.len() < JOINED_MAX
        {
            self.joined.entry(event.agent.agent).or_insert(recorded.at);
        }
        self.pass(recorded.seq, recorded.at);
    }

    fn pass(&mut self, seq: u64, at: Instant) {
        if seq > self.seq {
            (self.seq, self.at) = (seq, at);
            self.began_at.get_or_insert(at);
            self.desk.0.pass(seq, at);
        }
    }

    fn take_in(&mut self, recorded: &Recorded<CentreEvent>) {
        if recorded.seq <= self.seq {
            return;
        }
        match (&recorded.event, recorded.quality()) {
            (CentreEvent::Floor(Event::AgentApplied(_)), _) => {
                if let Some(recorded) = recorded.floor() {
                    self.fold(&recorded);
                }
            }
            (_, Some(told)) => {
                self.take(&told);
                self.pass(recorded.seq, recorded.at);
            }
            _ => self.pass(recorded.seq, recorded.at),
        }
    }

    fn seq(&self) -> u64 {
        self.seq
    }
}
