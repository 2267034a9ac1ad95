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
        let no = |question: &str| (question.to_owned(), Value::Chosen(NO));
        assert_eq!(of(0), [no("script.asks_to_wait"), no("attitude.attentive")]);
        let none = |question: &str| (question.to_owned(), Value::Chosen(crate::id::ChoiceId::fixed("none")));
        assert_eq!(of(1), [none("solve.answer")]);
        assert_eq!(of(2), [none("opening.prompt")]);
        assert!(suggest(&forms[0], &BTreeSet::new()).is_empty());
        assert!(score(&forms[0], &suggest(&forms[0], &facts)).is_err(), "a suggestion is no evaluation");
    }

    /// What the door can tell of an agent's part in a contact.
    const FACTS: [&str; 5] =
        ["hold_too_long", "no_wrapup_code", "silent_call_too_short", "slow_answer", "waited_long"];

    #[test]
    fn every_fact_speaks_to_a_form_of_calls_and_every_form_is_spoken_to_by_facts_that_there_are() {
        let forms = shipped::forms().unwrap();
        let spoken_to = |form: &Form| -> BTreeSet<String> {
            form.questions()
                .filter_map(|question| question.suggested_by)
                .map(|fact| fact.to_string())
                .collect()
        };
        let all = BTreeSet::from(FACTS.map(str::to_owned));
        let voice = cordboard_floor::Channel::fixed("voice");
        let of_calls = forms.iter().filter(|form| form.channels.contains(&voice)).flat_map(spoken_to);
        assert_eq!(of_calls.collect::<BTreeSet<_>>(), all);
        for form in &forms {
            let own = spoken_to(form);
            assert!(!own.is_empty() && own.is_subset(&all), "{}: {own:?}", form.form);
        }
    }
}
