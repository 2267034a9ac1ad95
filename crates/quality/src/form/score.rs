//! Scoring: a form and answers in, a mark with its breakdown out. Pure, in whole numbers.
//!
//! The whole is exact where points or questions' weights make it up; where sections are weighed, each section's
//! share is rounded once to 10⁻⁹ before it is weighed (below anything a mark of hundredths shows). The mark is
//! rounded once, half up.

use super::check::gcd;
use super::{Criticality, Form, Kind, Method, NA, NoteRule, Question, Scope, Section, Worth};
use crate::id::{BandId, ChoiceId, FormId, QuestionId, SectionId};
use crate::mark::Mark;
use cordboard_floor::Millis;
use cordboard_floor::event::Sealed;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// One of the choices; `yes` and `no` are choices, `na` says that the question does not apply.
    Chosen(ChoiceId),
    /// So many points.
    Number(u32),
    /// Words: what they are stands in the note.
    Said,
}

/// An answer to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// To which.
    pub question: QuestionId,
    /// What.
    pub value: Value,
    /// A note, sealed: free text never stands in the log in clear.
    pub note: Option<Sealed>,
    /// To which moment of the conversation it refers, since the agent came onto it.
    pub at_ms: Option<Millis>,
    /// Whether a fact of the engine suggested it and the evaluator left it so.
    pub suggested: bool,
}

impl Answer {
    /// An answer without a note.
    pub const fn plain(question: QuestionId, value: Value) -> Self {
        Self { question, value, note: None, at_ms: None, suggested: false }
    }
}

/// How a question stands in a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Answered.
    Answered,
    /// Does not apply: it leaves the whole.
    NotApplicable,
    /// Was not to be asked after the earlier answer.
    NotAsked,
}

/// What came of one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoredItem {
    /// Which.
    pub question: QuestionId,
    /// How it stands.
    pub standing: Standing,
    /// Points earned, after what was fatal.
    pub earned: u32,
    /// Points that could be.
    pub most: u32,
    /// Its part in the whole, in millionths, among what applied; 0 for deductions and bonuses.
    pub weight_ppm: u32,
    /// Points off the mark.
    pub deducted: u32,
    /// Points on the mark.
    pub bonus: u32,
    /// What it took with it.
    pub fatal: Option<Scope>,
    /// Whom the mistake hurt, if there was one.
    pub mistake: Option<Criticality>,
}

/// What came of one section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoredSection {
    /// Which.
    pub section: SectionId,
    /// Its share of its own whole; none where nothing in it applied.
    pub mark: Option<Mark>,
    /// Whether a fatal answer in it reached at least the section.
    pub failed: bool,
}

/// What a form and answers came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scored {
    /// By which form.
    pub form: FormId,
    /// In which version.
    pub version: u32,
    /// The mark; none where questions with points were asked and none applied.
    pub mark: Option<Mark>,
    /// Its band.
    pub band: Option<BandId>,
    /// Whether a fatal answer reached the form.
    pub failed: bool,
    /// All points off.
    pub deducted: u32,
    /// All points on.
    pub bonus: u32,
    /// One for each section.
    pub sections: Vec<ScoredSection>,
    /// One for each question, in order.
    pub items: Vec<ScoredItem>,
}

impl Scored {
    /// How many mistakes hurt them.
    pub fn mistakes(&self, whom: Criticality) -> usize {
        self.items.iter().filter(|item| item.mistake == Some(whom)).count()
    }
}

/// Why answers are none to a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerProblem {
    /// Not asked by this form.
    Unknown(QuestionId),
    /// Answered twice.
    Twice(QuestionId),
    /// Not answered.
    Missing(QuestionId),
    /// Answered, though the earlier answer rules it out.
    NotAsked(QuestionId),
    /// Not one of its answers.
    NoSuchChoice(QuestionId),
    /// It always applies.
    Applies(QuestionId),
    /// A number above what it is worth.
    TooMany(QuestionId, u32),
    /// The answer needs a note.
    NoteNeeded(QuestionId),
}

impl fmt::Display for AnswerProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(question) => write!(out, "the form does not ask {question}"),
            Self::Twice(question) => write!(out, "{question} is answered twice"),
            Self::Missing(question) => write!(out, "{question} is not answered"),
            Self::NotAsked(question) => write!(out, "{question} is not asked after the earlier answer"),
            Self::NoSuchChoice(question) => write!(out, "that is no answer to {question}"),
            Self::Applies(question) => write!(out, "{question} always applies"),
            Self::TooMany(question, most) => write!(out, "{question} is worth at most {most} points"),
            Self::NoteNeeded(question) => write!(out, "the answer to {question} needs a note"),
        }
    }
}

/// Scores answers by a checked form. Either every problem of the answers at once, or the mark with its breakdown.
pub fn score(form: &Form, answers: &[Answer]) -> Result<Scored, Vec<AnswerProblem>> {
    let (by_question, mut problems) = collect(form, answers);
    let mut items = Vec::new();
    for question in form.questions() {
        match take(question, &by_question) {
            Ok(item) => items.push(item),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(come_to(form, items)) } else { Err(problems) }
}

/// What answers come to while they are given: a question that is not answered yet leaves the whole as if it did not
/// apply, and is named beside it. Whether there are notes is not asked: give each answer one.
pub fn score_so_far(
    form: &Form,
    answers: &[Answer],
) -> Result<(Scored, Vec<QuestionId>), Vec<AnswerProblem>> {
    let (by_question, mut problems) = collect(form, answers);
    let (mut items, mut missing) = (Vec::new(), Vec::new());
    for question in form.questions() {
        match take(question, &by_question) {
            Ok(item) => items.push(item),
            Err(AnswerProblem::Missing(id)) => {
                missing.push(id);
                items.push(without(question, Standing::NotApplicable));
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok((come_to(form, items), missing)) } else { Err(problems) }
}

/// The mark of what each question came to.
fn come_to(form: &Form, mut items: Vec<ScoredItem>) -> Scored {
    let mut sections = Vec::new();
    let mut rest = items.as_mut_slice();
    for section in &form.sections {
        let (own, after) = rest.split_at_mut(section.questions.len());
        rest = after;
        let failed = own.iter().any(|item| item.fatal >= Some(Scope::Section));
        if failed {
            own.iter_mut().for_each(|item| (item.earned, item.bonus) = (0, 0));
        }
        sections.push(ScoredSection { section: section.id, mark: None, failed });
    }
    let whole = weigh(form, &mut items, &mut sections);
    let failed = items.iter().any(|item| item.fatal == Some(Scope::Form));
    let deducted = items.iter().map(|item| item.deducted).sum();
    let bonus = items.iter().map(|item| item.bonus).sum();
    let mark = whole.map(|whole| if failed { Mark::ZERO } else { whole.after(deducted, bonus) });
    let band = mark.and_then(|mark| form.band(mark));
    let (form, version) = (form.form, form.version);
    Scored { form, version, mark, band, failed, deducted, bonus, sections, items }
}

type ByQuestion<'a> = BTreeMap<QuestionId, &'a Answer>;

fn collect<'a>(form: &Form, answers: &'a [Answer]) -> (ByQuestion<'a>, Vec<AnswerProblem>) {
    let (mut by_question, mut problems) = (ByQuestion::new(), Vec::new());
    for answer in answers {
        if form.question(answer.question).is_none() {
            problems.push(AnswerProblem::Unknown(answer.question));
        } else if by_question.insert(answer.question, answer).is_some() {
            problems.push(AnswerProblem::Twice(answer.question));
        }
    }
    (by_question, problems)
}

/// A question that came to nothing.
fn without(question: &Question, standing: Standing) -> ScoredItem {
    ScoredItem {
        question: question.id,
        standing,
        earned: 0,
        most: question.worth.most(),
        weight_ppm: 0,
        deducted: 0,
        bonus: 0,
        fatal: None,
        mistake: None,
    }
}

/// What one question came to, before what others take with them.
fn take(question: &Question, answers: &ByQuestion<'_>) -> Result<ScoredItem, AnswerProblem> {
    let most = question.worth.most();
    let out = |standing| without(question, standing);
    let (id, answer) = (question.id, answers.get(&question.id));
    if let Some(condition) = &question.only_if {
        let asked = answers.get(&condition.question).is_some_and(
            |before| matches!(before.value, Value::Chosen(choice) if condition.is.contains(&choice)),
        );
        match (asked, answer) {
            (false, None) => return Ok(out(Standing::NotAsked)),
            (false, Some(_)) => return Err(AnswerProblem::NotAsked(id)),
            _ => {}
        }
    }
    let answer = answer.ok_or(AnswerProblem::Missing(id))?;
    let (earned, chosen) = match (answer.value, &question.kind) {
        (Value::Chosen(NA), _) if question.na => {
            let needs = question.note == NoteRule::Always && answer.note.is_none();
            return if needs { Err(AnswerProblem::NoteNeeded(id)) } else { Ok(out(Standing::NotApplicable)) };
        }
        (Value::Chosen(NA), _) => return Err(AnswerProblem::Applies(id)),
        (Value::Chosen(choice), Kind::YesNo | Kind::Choice(_)) => {
            (question.points_of(choice).ok_or(AnswerProblem::NoSuchChoice(id))?, Some(choice))
        }
        (Value::Number(points), Kind::Number) if points <= most => (points, None),
        (Value::Number(_), Kind::Number) => return Err(AnswerProblem::TooMany(id, most)),
        (Value::Said, Kind::Text) => (0, None),
        _ => return Err(AnswerProblem::NoSuchChoice(id)),
    };
    let choice = match &question.kind {
        Kind::Choice(choices) => choices.iter().find(|known| Some(known.id) == chosen),
        _ => None,
    };
    let lost = earned < most && !matches!(question.worth, Worth::Bonus(_));
    let needs_note = choice.is_some_and(|choice| choice.note)
        || question.note == NoteRule::Always
        || (question.note == NoteRule::WhenLost && lost);
    if (needs_note || question.kind == Kind::Text) && answer.note.is_none() {
        return Err(AnswerProblem::NoteNeeded(id));
    }
    let fatal = choice.and_then(|choice| choice.fatal).max(question.fatal.filter(|_| lost && earned == 0));
    let mut item = ScoredItem { earned, fatal, ..out(Standing::Answered) };
    item.mistake = lost.then_some(question.critical);
    match question.worth {
        Worth::Deduct(most) => item.deducted = most - earned,
        Worth::Bonus(_) => item.bonus = earned,
        Worth::Points(_) | Worth::Unscored => {}
    }
    Ok(item)
}

/// An exact share of the whole.
#[derive(Clone, Copy)]
struct Share {
    part: u128,
    whole: u128,
}

impl Share {
    const ALL: Self = Self { part: 1, whole: 1 };

    /// The mark of a share less what is deducted, and with the bonus: between 0 and 100, rounded once.
    fn after(self, deducted: u32, bonus: u32) -> Mark {
        let Self { part, whole } = self;
        let (up, down) = (100 * part + u128::from(bonus) * whole, u128::from(deducted) * whole);
        Mark::share(up.saturating_sub(down), 100 * whole).unwrap_or(Mark::ZERO)
    }
}

/// In what fractions a section's share is rounded before it is weighed.
const NANO: u128 = 1_000_000_000;

/// Weighs the items into the whole and says what part each and each section has in it. None where questions with
/// points were asked and none applied; everything where there are none.
fn weigh(form: &Form, items: &mut [ScoredItem], sections: &mut [ScoredSection]) -> Option<Share> {
    let multiple = match form.method {
        Method::Points => 1,
        _ => form.questions().filter(|one| counts(one)).fold(1, |multiple, one| {
            let most = u128::from(one.worth.most());
            multiple / gcd(multiple, most) * most
        }),
    };
    let (mut total, mut from) = (Share { part: 0, whole: 0 }, 0);
    let mut own = Vec::new();
    for (section, scored) in form.sections.iter().zip(sections.iter_mut()) {
        let to = from + section.questions.len();
        let share = section_share(form.method, section, &items[from..to], multiple);
        from = to;
        scored.mark = Mark::share(share.part, share.whole);
        let weight = u128::from(section.weight);
        match form.method {
            Method::Points | Method::QuestionWeights => {
                total.part += share.part;
                total.whole += share.whole;
            }
            Method::SectionWeights if share.whole > 0 => {
                total.part += weight * ((2 * NANO * share.part + share.whole) / (2 * share.whole));
                total.whole += weight * NANO;
            }
            Method::SectionWeights => {}
        }
        own.push(share.whole);
    }
    let mut item = 0;
    for (section, own) in form.sections.iter().zip(own) {
        for question in &section.questions {
            let scored = &mut items[item];
            item += 1;
            if total.whole == 0 || !counts(question) || scored.standing != Standing::Answered {
                continue;
            }
            let weight = item_weight(form.method, question) * multiple;
            let ppm = match form.method {
                Method::SectionWeights => {
                    1_000_000 * weight * u128::from(section.weight) * NANO / (own * total.whole)
                }
                _ => 1_000_000 * weight / total.whole,
            };
            scored.weight_ppm = ppm as u32;
        }
    }
    match form.questions().any(counts) {
        true if total.whole == 0 => None,
        true => Some(total),
        false => Some(Share::ALL),
    }
}

fn counts(question: &Question) -> bool {
    matches!(question.worth, Worth::Points(_))
}

fn item_weight(method: Method, question: &Question) -> u128 {
    match method {
        Method::Points => u128::from(question.worth.most()),
        Method::QuestionWeights | Method::SectionWeights => u128::from(question.weight),
    }
}

/// Σ weight × earned ÷ most over Σ weight, of what applied, both sides times the common multiple.
fn section_share(method: Method, section: &Section, items: &[ScoredItem], multiple: u128) -> Share {
    let mut share = Share { part: 0, whole: 0 };
    for (question, item) in section.questions.iter().zip(items) {
        if !counts(question) || item.standing != Standing::Answered {
            continue;
        }
        let weight = item_weight(method, question);
        share.whole += weight * multiple;
        share.part += match method {
            Method::Points => u128::from(item.earned),
            _ => weight * u128::from(item.earned) * multiple / u128::from(item.most),
        };
    }
    share
}
