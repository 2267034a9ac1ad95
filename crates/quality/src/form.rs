//! 评分表. Sections of questions, what each is worth, and what a bad answer costs; versioned, and frozen once used.
//!
//! ```text
//!   form ── sections ── questions ── choices          what a question is worth:
//!     │         │            └ only_if (an earlier      points n    n of the whole; leaves the whole when n/a
//!     │         └ weight         answer)                deduct n    n off the mark when lost; outside the whole
//!     └ method: points | question_weights |             bonus n     n on the mark when earned; outside the whole
//!               section_weights                         unscored    asked, and counts for nothing
//!
//!   mark = whole × 100 − deductions + bonuses, between 0 and 100; whole is all of it where nothing is worth points
//! ```
//!
//! Fatal: an answer that earns nothing can take more with it than its own points: its section's whole, or the
//! form's. Criticality says whom a mistake hurts (customer, business, compliance) and changes no mark; it is
//! counted apart, as COPC's critical errors are.

mod check;
pub mod score;
pub mod shipped;
mod suggest;

pub use score::{
    Answer, AnswerProblem, Scored, ScoredItem, ScoredSection, Standing, Value, score, score_so_far,
};
pub use suggest::suggest;

use crate::id::{BandId, ChoiceId, FactId, FormId, QuestionId, SectionId};
use crate::mark::Mark;
use crate::problem::{Problem, from_toml};
use crate::words::Words;
use cordboard_floor::Channel;
use serde::{Deserialize, Serialize};

/// Yes, where the question is one of yes and no.
pub const YES: ChoiceId = ChoiceId::fixed("yes");
/// No.
pub const NO: ChoiceId = ChoiceId::fixed("no");
/// Does not apply.
pub const NA: ChoiceId = ChoiceId::fixed("na");

/// How the questions make up the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Points earned of the points that could be.
    #[default]
    Points,
    /// Each question has a weight; those of the form add up to 100.
    QuestionWeights,
    /// Each section has a weight; those of the form add up to 100, and within one its questions' weights compare.
    SectionWeights,
}

/// What a question is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Worth {
    /// At most so many points of the whole.
    Points(u32),
    /// So many points off the mark when it is lost.
    Deduct(u32),
    /// So many points on the mark when it is earned.
    Bonus(u32),
    /// Nothing.
    Unscored,
}

impl Worth {
    /// How many points stand on it.
    pub const fn most(self) -> u32 {
        match self {
            Self::Points(most) | Self::Deduct(most) | Self::Bonus(most) => most,
            Self::Unscored => 0,
        }
    }
}

/// How a question is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Yes earns all, no earns nothing.
    #[default]
    YesNo,
    /// One of these.
    Choice(Vec<Choice>),
    /// The points themselves, from 0 to what it is worth.
    Number,
    /// Words, which count for nothing.
    Text,
}

/// One answer to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Which.
    pub id: ChoiceId,
    /// What people read.
    pub text: Words,
    /// What it earns.
    pub points: u32,
    /// What it takes with it.
    #[serde(default)]
    pub fatal: Option<Scope>,
    /// Whether a note says why.
    #[serde(default)]
    pub note: bool,
}

/// How far a fatal answer reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The question: it earns nothing.
    Question,
    /// And its section earns nothing.
    Section,
    /// And the mark is 0.
    Form,
}

/// Whom a mistake hurts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criticality {
    /// Nobody in particular.
    #[default]
    None,
    /// The caller: a wrong or missing answer.
    Customer,
    /// The house: money, a case that must be opened again.
    Business,
    /// The law or a regulator.
    Compliance,
}

/// When an answer needs a note.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteRule {
    /// When its choice says so.
    #[default]
    Never,
    /// When anything was lost.
    WhenLost,
    /// Always.
    Always,
}

/// An earlier answer on which a question depends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Of which question.
    pub question: QuestionId,
    /// One of these.
    pub is: Vec<ChoiceId>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Which.
    pub id: QuestionId,
    /// What is asked.
    pub text: Words,
    /// How to decide.
    #[serde(default)]
    pub guidance: Words,
    /// How it is answered.
    #[serde(default)]
    pub kind: Kind,
    /// What it is worth.
    pub worth: Worth,
    /// Its weight against others', where the method weighs.
    #[serde(default = "one")]
    pub weight: u32,
    /// Whether it may not apply.
    #[serde(default)]
    pub na: bool,
    /// Whom a mistake hurts.
    #[serde(default)]
    pub critical: Criticality,
    /// What earning nothing here takes with it.
    #[serde(default)]
    pub fatal: Option<Scope>,
    /// When a note is needed.
    #[serde(default)]
    pub note: NoteRule,
    /// Asked only after this answer.
    #[serde(default)]
    pub only_if: Option<Condition>,
    /// A fact of the engine that may suggest the answer; never more than suggest.
    #[serde(default)]
    pub suggested_by: Option<FactId>,
    /// Where it comes from, as `P 4.2.1(1)`.
    #[serde(default)]
    pub source: String,
}

const fn one() -> u32 {
    1
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Which.
    pub id: SectionId,
    /// Its heading.
    pub title: Words,
    /// Its weight, where sections are weighed.
    #[serde(default)]
    pub weight: u32,
    /// What it asks.
    pub questions: Vec<Question>,
}

/// A name for marks from some point on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Which.
    pub id: BandId,
    /// What people read.
    pub title: Words,
    /// From this mark on, in whole points.
    pub from_points: u32,
}

/// A form in one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Which.
    pub form: FormId,
    /// Counts from 1; what a version asks never changes once it was used.
    pub version: u32,
    /// Its heading.
    pub title: Words,
    /// For contacts of these channels; none named: of any.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// How the whole is made up.
    #[serde(default)]
    pub method: Method,
    /// What it asks.
    pub sections: Vec<Section>,
    /// Names for marks, ascending, the first from 0.
    #[serde(default)]
    pub bands: Vec<Band>,
}

impl Form {
    /// Reads a form as it stands in a file and checks it; `name` is what problems call the file.
    pub fn read(name: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let form: Self = from_toml(name, text)?;
        let problems = form.check();
        if problems.is_empty() { Ok(form) } else { Err(problems) }
    }

    /// Every question, in order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.sections.iter().flat_map(|section| &section.questions)
    }

    /// One question.
    pub fn question(&self, id: QuestionId) -> Option<&Question> {
        self.questions().find(|question| question.id == id)
    }

    /// The band of a mark; none where the form has no bands.
    pub fn band(&self, mark: Mark) -> Option<BandId> {
        let bands = self.bands.iter().rev();
        bands.clone().find(|band| Mark::points(band.from_points) <= mark).map(|band| band.id)
    }
}

impl Question {
    /// What an answer of that choice earns, if it is one of its choices.
    pub fn points_of(&self, choice: ChoiceId) -> Option<u32> {
        match &self.kind {
            Kind::YesNo if choice == YES => Some(self.worth.most()),
            Kind::YesNo if choice == NO => Some(0),
            Kind::Choice(choices) => {
                choices.iter().find(|known| known.id == choice).map(|known| known.points)
            }
            _ => None,
        }
    }
}
