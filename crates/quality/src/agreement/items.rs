//! Item by item: on which questions of a form evaluators of one contact part. A question that splits them again and
//! again is a problem of the form, not of theirs.

use super::{Percent, Undefined};
use crate::form::{Answer, Scored, Value};
use crate::id::QuestionId;
use crate::mark::Mark;
use std::collections::BTreeMap;

/// How evaluators answered one question.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemAgreement {
    /// Which.
    pub question: QuestionId,
    /// Each answer that was given, with how many gave it, the most frequent first; none is "not answered" (a
    /// condition ruled it out).
    pub answers: Vec<(Option<Value>, u32)>,
    /// Pairs of evaluators who answered alike; none of fewer than two.
    pub alike: Result<Percent, Undefined>,
}

/// Each question that at least one of them answered, the most split first. One list of answers for each evaluator.
pub fn by_item(evaluators: &[&[Answer]]) -> Vec<ItemAgreement> {
    let mut questions: BTreeMap<QuestionId, Vec<(Option<Value>, u32)>> = BTreeMap::new();
    for answers in evaluators {
        for answer in *answers {
            questions.entry(answer.question).or_default();
        }
    }
    for (question, counts) in &mut questions {
        for answers in evaluators {
            let given = answers.iter().find(|answer| answer.question == *question).map(|answer| answer.value);
            match counts.iter_mut().find(|(value, _)| *value == given) {
                Some((_, count)) => *count += 1,
                None => counts.push((given, 1)),
            }
        }
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    }
    let pairs = |count: u64| count * count.saturating_sub(1) / 2;
    let whole = pairs(evaluators.len() as u64);
    let mut items: Vec<ItemAgreement> = questions
        .into_iter()
        .map(|(question, answers)| {
            let part = answers.iter().map(|(_, count)| pairs(u64::from(*count))).sum();
            ItemAgreement { question, answers, alike: Percent::of(part, whole) }
        })
        .collect();
    let share = |item: &ItemAgreement| item.alike.map_or(1.0, |alike| alike.share);
    items.sort_by(|one, other| share(one).total_cmp(&share(other)));
    items
}

/// Whether two marks of one contact lie further apart than allowed, or only one of them is a mark: then it goes to
/// calibration.
pub fn parts(one: &Scored, other: &Scored, allowed: Mark) -> bool {
    match (one.mark, other.mark) {
        (Some(one), Some(other)) => one.0.abs_diff(other.0) > allowed.0,
        (one, other) => one != other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{NO, YES};

    fn answer(question: &'static str, value: Value) -> Answer {
        Answer::plain(QuestionId::fixed(question), value)
    }

    #[test]
    fn the_question_that_splits_them_comes_first() {
        let (yes, no) = (Value::Chosen(YES), Value::Chosen(NO));
        let one = [answer("greeting", yes), answer("tone", yes), answer("later", no)];
        let two = [answer("greeting", yes), answer("tone", no)];
        let three = [answer("greeting", yes), answer("tone", yes)];
        let items = by_item(&[&one, &two, &three]);
        let shown: Vec<(&str, u64)> =
            items.iter().map(|item| (item.question.as_str(), item.alike.unwrap().part)).collect();
        assert_eq!(shown, [("later", 1), ("tone", 1), ("greeting", 3)]);
        assert_eq!(items[0].answers, [(None, 2), (Some(no), 1)]);
        assert_eq!(items[1].answers, [(Some(yes), 2), (Some(no), 1)]);
        assert!(by_item(&[&one])[0].alike.is_err(), "one alone agrees with nobody");
        assert!(by_item(&[]).is_empty());
    }

    #[test]
    fn marks_part_beyond_what_is_allowed() {
        let with = |mark| Scored { mark, ..empty() };
        let (five, ninety) = (Mark::points(5), Mark::points(90));
        for (other, expected) in
            [(Some(Mark(8_500)), false), (Some(Mark(8_499)), true), (Some(Mark(9_501)), true), (None, true)]
        {
            assert_eq!(parts(&with(Some(ninety)), &with(other), five), expected, "{other:?}");
        }
        assert!(!parts(&with(None), &with(None), five));
    }

    fn empty() -> Scored {
        Scored {
            form: crate::id::FormId::fixed("chat"),
            version: 1,
            mark: None,
            band: None,
            failed: false,
            deducted: 0,
            bonus: 0,
            sections: Vec::new(),
            items: Vec::new(),
        }
    }
}
