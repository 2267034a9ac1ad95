//! Whether a form can be used: every problem at once, each with its place and its mend.

use super::{Choice, Form, Kind, Method, NA, NO, Question, Worth, YES};
use crate::id::{ChoiceId, QuestionId};
use crate::limits::{
    BANDS_MAX, CHOICES_MAX, COMMON_MULTIPLE_MAX, FORM_BYTES_MAX, POINTS_MAX, QUESTIONS_MAX, SECTIONS_MAX,
    WEIGHT_MAX,
};
use crate::problem::Problem;
use crate::words::Words;
use std::collections::BTreeSet;

/// Weights of a form add up to this.
const WEIGHTS: u32 = 100;

impl Form {
    /// Everything that is wrong with it; nothing, if it can be used.
    pub fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.version == 0 {
            problems.push(Problem::new("version", "is 0", "count versions from 1"));
        }
        self.title.check("title", true, &mut problems);
        self.check_size(&mut problems);
        self.check_bytes(&mut problems);
        self.check_names(&mut problems);
        let mut before: Vec<&Question> = Vec::new();
        for section in &self.sections {
            let place = format!("sections.{}", section.id);
            section.title.check(&format!("{place}.title"), true, &mut problems);
            if section.questions.is_empty() {
                problems.push(Problem::new(&place, "asks nothing", "give it a question, or take it out"));
            }
            for question in &section.questions {
                let place = format!("{place}.questions.{}", question.id);
                check_question(question, &place, &mut problems);
                check_condition(question, &before, &place, &mut problems);
                before.push(question);
            }
        }
        self.check_weights(&mut problems);
        self.check_bands(&mut problems);
        problems
    }

    fn check_size(&self, problems: &mut Vec<Problem>) {
        let questions = self.questions().count();
        for (place, count, most) in [
            ("sections", self.sections.len(), SECTIONS_MAX),
            ("questions", questions, QUESTIONS_MAX),
            ("bands", self.bands.len(), BANDS_MAX),
        ] {
            if count > most {
                let what = format!("there are {count}, more than {most}");
                problems.push(Problem::new(place, what, "make two forms of it"));
            }
        }
        if self.sections.is_empty() {
            problems.push(Problem::new("sections", "there is none", "give it at least one, with a question"));
        }
    }

    fn check_bytes(&self, problems: &mut Vec<Problem>) {
        let long = |words: &Words| words.zh.len() + words.en.len();
        let mut bytes = long(&self.title);
        bytes += self.sections.iter().map(|section| long(&section.title)).sum::<usize>();
        bytes += self.bands.iter().map(|band| long(&band.title)).sum::<usize>();
        for question in self.questions() {
            bytes += long(&question.text) + long(&question.guidance) + question.source.len();
            if let Kind::Choice(choices) = &question.kind {
                bytes += choices.iter().map(|choice| long(&choice.text)).sum::<usize>();
            }
        }
        if bytes > FORM_BYTES_MAX {
            let what = format!("are {bytes} bytes together, more than {FORM_BYTES_MAX}");
            problems.push(Problem::new("texts", what, "shorten them, or make two forms of it"));
        }
    }

    fn check_names(&self, problems: &mut Vec<Problem>) {
        let mut twice = |place: &str, names: Vec<String>| {
            let mut seen = BTreeSet::new();
            for name in names {
                if !seen.insert(name.clone()) {
                    problems.push(Problem::new(
                        format!("{place}.{name}"),
                        "is there twice",
                        "give one of them another id",
                    ));
                }
            }
        };
        twice("sections", self.sections.iter().map(|section| section.id.to_string()).collect());
        twice("questions", self.questions().map(|question| question.id.to_string()).collect());
        twice("bands", self.bands.iter().map(|band| band.id.to_string()).collect());
    }

    fn check_weights(&self, problems: &mut Vec<Problem>) {
        let counts = |question: &&Question| matches!(question.worth, Worth::Points(_));
        let (place, weights): (_, Vec<u32>) = match self.method {
            Method::Points => return,
            Method::QuestionWeights => (
                "questions.weight",
                self.questions().filter(counts).map(|question| question.weight).collect(),
            ),
            Method::SectionWeights => {
                let counting =
                    self.sections.iter().filter(|section| section.questions.iter().any(|one| counts(&one)));
                ("sections.weight", counting.map(|section| section.weight).collect())
            }
        };
        let sum: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
        if sum != u64::from(WEIGHTS) {
            let what = format!("add up to {sum}");
            problems.push(Problem::new(
                place,
                what,
                "make those that have questions with points add up to 100",
            ));
        }
        for (question, weight) in
            self.questions().filter(counts).map(|question| (question.id, question.weight))
        {
            if weight == 0 || weight > WEIGHT_MAX {
                problems.push(Problem::new(
                    format!("questions.{question}.weight"),
                    format!("is {weight}"),
                    format!("choose 1 to {WEIGHT_MAX}; what shall not count is worth nothing: worth = \"unscored\""),
                ));
            }
        }
        let worths = self.questions().filter(counts).map(|question| u128::from(question.worth.most()));
        let multiple = worths.filter(|most| *most > 0).try_fold(1u128, |multiple, most| {
            Some(multiple / gcd(multiple, most) * most).filter(|multiple| *multiple <= COMMON_MULTIPLE_MAX)
        });
        if multiple.is_none() {
            problems.push(Problem::new(
                "questions.worth",
                format!("have no common multiple up to {COMMON_MULTIPLE_MAX}"),
                "use points that go into each other, such as 1, 2, 5, 10, 20",
            ));
        }
    }

    fn check_bands(&self, problems: &mut Vec<Problem>) {
        if self.bands.first().is_some_and(|band| band.from_points != 0) {
            problems.push(Problem::new(
                format!("bands.{}.from_points", self.bands[0].id),
                "the first band does not begin at 0",
                "let it, so that every mark has a band",
            ));
        }
        for pair in self.bands.windows(2) {
            if pair[1].from_points <= pair[0].from_points {
                problems.push(Problem::new(
                    format!("bands.{}.from_points", pair[1].id),
                    format!("does not lie above that of {}", pair[0].id),
                    "let bands ascend",
                ));
            }
        }
        for band in &self.bands {
            band.title.check(&format!("bands.{}.title", band.id), true, problems);
            if band.from_points > 100 {
                problems.push(Problem::new(
                    format!("bands.{}.from_points", band.id),
                    format!("is {}", band.from_points),
                    "marks end at 100",
                ));
            }
        }
    }
}

pub(super) const fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn check_question(question: &Question, place: &str, problems: &mut Vec<Problem>) {
    question.text.check(&format!("{place}.text"), true, problems);
    question.guidance.check(&format!("{place}.guidance"), false, problems);
    let most = question.worth.most();
    if most > POINTS_MAX || (most == 0 && question.worth != Worth::Unscored) {
        problems.push(Problem::new(
            format!("{place}.worth"),
            format!("is {most} points"),
            format!("choose 1 to {POINTS_MAX}, or worth = \"unscored\""),
        ));
    }
    match &question.kind {
        Kind::Choice(choices) => check_choices(choices, question.worth, place, problems),
        Kind::Number if question.worth == Worth::Unscored => problems.push(Problem::new(
            format!("{place}.kind"),
            "is a number of points, and nothing stands on it",
            "say what it is worth",
        )),
        Kind::Text if question.worth != Worth::Unscored => problems.push(Problem::new(
            format!("{place}.kind"),
            "is words, which earn no points",
            "make it worth = \"unscored\", or ask it with choices",
        )),
        _ => {}
    }
    if question.fatal.is_some() && matches!(question.worth, Worth::Unscored | Worth::Bonus(_)) {
        problems.push(Problem::new(
            format!("{place}.fatal"),
            "nothing can be lost here, so nothing is fatal",
            "give it points or a deduction, or take fatal out",
        ));
    }
}

fn check_choices(choices: &[Choice], worth: Worth, place: &str, problems: &mut Vec<Problem>) {
    let place = format!("{place}.choices");
    if choices.len() < 2 || choices.len() > CHOICES_MAX {
        let what = format!("there are {}", choices.len());
        problems.push(Problem::new(&place, what, format!("offer 2 to {CHOICES_MAX}")));
    }
    let mut seen = BTreeSet::new();
    for choice in choices {
        let place = format!("{place}.{}", choice.id);
        choice.text.check(&format!("{place}.text"), true, problems);
        if [YES, NO, NA].contains(&choice.id) {
            problems.push(Problem::new(&place, "means something else everywhere", "give it another id"));
        }
        if !seen.insert(choice.id) {
            problems.push(Problem::new(&place, "is there twice", "give one of them another id"));
        }
        if choice.points > worth.most() {
            problems.push(Problem::new(
                format!("{place}.points"),
                format!("are {}, more than the question is worth", choice.points),
                format!("choose 0 to {}", worth.most()),
            ));
        }
        if choice.fatal.is_some() && choice.points > 0 {
            problems.push(Problem::new(
                format!("{place}.fatal"),
                "a fatal answer earns nothing, and this one earns points",
                "give it 0 points",
            ));
        }
    }
    if worth.most() > 0 && choices.iter().all(|choice| choice.points != worth.most()) {
        problems.push(Problem::new(
            &place,
            format!("none earns the {} points that the question is worth", worth.most()),
            "let the best choice earn them all",
        ));
    }
}

fn check_condition(question: &Question, before: &[&Question], place: &str, problems: &mut Vec<Problem>) {
    let Some(condition) = &question.only_if else { return };
    let place = format!("{place}.only_if");
    let Some(asked) = find(before, condition.question) else {
        problems.push(Problem::new(
            place,
            format!("no earlier question is called {}", condition.question),
            "name one that is asked before it",
        ));
        return;
    };
    if condition.is.is_empty() {
        problems.push(Problem::new(&place, "names no answer", "name those after which it is asked"));
    }
    for choice in &condition.is {
        if !is_an_answer(asked, *choice) {
            problems.push(Problem::new(
                &place,
                format!("{choice} is no answer to {}", asked.id),
                "name one of its choices",
            ));
        }
    }
}

fn find<'a>(before: &[&'a Question], id: QuestionId) -> Option<&'a Question> {
    before.iter().find(|question| question.id == id).copied()
}

fn is_an_answer(question: &Question, choice: ChoiceId) -> bool {
    (choice == NA && question.na) || question.points_of(choice).is_some()
}
