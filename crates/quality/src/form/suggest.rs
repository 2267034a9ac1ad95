//! Suggested answers: what facts of the engine (a hold too long, no wrap-up code, a slow answer) speak for.
//! Suggestions to the evaluator, marked as such, and never answers: she submits them or others.

use super::{Answer, Form, Kind, NO, Question, Value, Worth};
use crate::id::FactId;
use std::collections::BTreeSet;

/// For each question that one of the facts speaks to, the answer that earns the least, without the note that it
/// will need. A bonus, words and what is not scored are never suggested.
pub fn suggest(form: &Form, facts: &BTreeSet<FactId>) -> Vec<Answer> {
    let spoken_to = |question: &&Question| question.suggested_by.is_some_and(|fact| facts.contains(&fact));
    let lost = |question: &Question| {
        let value = match &question.kind {
            _ if matches!(question.worth, Worth::Bonus(_) | Worth::Unscored) => return None,
            Kind::YesNo => Value::Chosen(NO),
            // Of equal ones the first: the form's order is the site's.
            Kind::Choice(choices) => Value::Chosen(choices.iter().min_by_key(|choice| choice.points)?.id),
            Kind::Number => Value::Number(0),
            Kind::Text => return None,
        };
        Some(Answer { suggested: true, ..Answer::plain(question.id, value) })
    };
    form.questions().filter(spoken_to).filter_map(lost).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{score, shipped};

    #[test]
    fn a_fact_suggests_the_loss_that_it_speaks_for() {
        let forms = shipped::forms().unwrap();
        let facts = BTreeSet::from([FactId::fixed("hold_too_long"), FactId::fixed("slow_answer")]);
        let of = |at: usize| -> Vec<(String, Value)> {
            let answers = suggest(&forms[at], &facts);
            assert!(answers.iter().all(|answer| answer.suggested && answer.note.is_none()));
            answers.into_iter().map(|answer| (answer.question.to_string(), answer.value)).collect()
        };
        assert_eq!(of(0), [("script.asks_to_wait".to_owned(), Value::Chosen(NO))]);
        let none = crate::id::ChoiceId::fixed("none");
        assert_eq!(of(2), [("opening.prompt".to_owned(), Value::Chosen(none))]);
        assert!(suggest(&forms[0], &BTreeSet::new()).is_empty());
        assert!(score(&forms[0], &suggest(&forms[0], &facts)).is_err(), "a suggestion is no evaluation");
    }
}
