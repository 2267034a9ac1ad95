//! Scoring, held by examples and by properties: monotone in points, what does not apply renormalises, fatal
//! absorbs.

use cordboard_floor::PersonId;
use cordboard_floor::event::Sealed;
use cordboard_quality::form::{
    Answer, AnswerProblem, Band, Choice, Condition, Criticality, Form, Kind, Method, NA, NO, NoteRule,
    Question, Scope, Section, Standing, Value, Worth, YES, score, score_so_far, shipped,
};
use cordboard_quality::id::{BandId, ChoiceId, FormId, QuestionId, SectionId};
use cordboard_quality::{Mark, Words, limits};
use proptest::prelude::*;

fn q(number: usize) -> QuestionId {
    format!("q{number}").parse().unwrap()
}

fn words() -> Words {
    Words::new("甲", "a")
}

fn question(number: usize, worth: Worth) -> Question {
    Question {
        id: q(number),
        text: words(),
        guidance: Words::default(),
        kind: Kind::YesNo,
        worth,
        weight: 1,
        na: true,
        critical: Criticality::None,
        fatal: None,
        note: NoteRule::Never,
        only_if: None,
        suggested_by: None,
        source: String::new(),
    }
}

fn section(number: usize, weight: u32, questions: Vec<Question>) -> Section {
    Section { id: format!("s{number}").parse().unwrap(), title: words(), weight, questions }
}

fn form(method: Method, sections: Vec<Section>) -> Form {
    let (form, title) = (FormId::fixed("f"), words());
    Form { form, version: 1, title, channels: Vec::new(), method, sections, bands: Vec::new() }
}

fn chosen(number: usize, choice: ChoiceId) -> Answer {
    Answer::plain(q(number), Value::Chosen(choice))
}

fn number(of: usize, points: u32) -> Answer {
    Answer::plain(q(of), Value::Number(points))
}

fn noted(answer: Answer) -> Answer {
    Answer { note: Some(Sealed { person: PersonId(1), bytes: Box::from([1, 2, 3]) }), ..answer }
}

fn mark(form: &Form, answers: &[Answer]) -> Option<Mark> {
    score(form, answers).unwrap_or_else(|problems| panic!("{problems:?}")).mark
}

#[test]
fn the_documents_form_takes_points_off_a_hundred() {
    let service = shipped::forms().unwrap().remove(0);
    let all_well = |question: &Question| match question.kind {
        Kind::Text => noted(Answer::plain(question.id, Value::Said)),
        _ if question.na => Answer::plain(question.id, Value::Chosen(NA)),
        _ => Answer::plain(question.id, Value::Chosen(YES)),
    };
    let mut answers: Vec<Answer> = service.questions().map(all_well).collect();
    let perfect = score(&service, &answers).unwrap();
    assert_eq!((perfect.mark, perfect.band), (Some(Mark::FULL), Some(BandId::fixed("excellent"))));
    // No greeting (−2), no closing (−1), a forbidden phrase (−5).
    for lost in ["script.greeting", "script.closing", "attitude.forbidden_words"] {
        let at = answers.iter().position(|answer| answer.question.as_str() == lost).unwrap();
        answers[at] = noted(Answer { value: Value::Chosen(NO), ..answers[at].clone() });
    }
    let scored = score(&service, &answers).unwrap();
    assert_eq!((scored.mark, scored.deducted), (Some(Mark::points(92)), 8));
    assert_eq!(scored.mistakes(Criticality::Customer), 1);
    // A disclosure is fatal to all of it.
    let at = answers.iter().position(|answer| answer.question.as_str() == "accuracy.identity").unwrap();
    answers[at] = noted(Answer { value: Value::Chosen(NO), ..answers[at].clone() });
    let scored = score(&service, &answers).unwrap();
    assert_eq!((scored.mark, scored.failed), (Some(Mark::ZERO), true));
    assert_eq!(scored.band, Some(BandId::fixed("fail")));
}

#[test]
fn points_weights_and_sections_each_make_the_whole_in_their_way() {
    let asked = |weights: [u32; 3]| {
        let questions = [(0, Worth::Points(1)), (1, Worth::Points(3)), (2, Worth::Points(6))];
        questions.map(|(at, worth)| Question { weight: weights[at], ..question(at, worth) })
    };
    let answers = [chosen(0, NO), chosen(1, YES), chosen(2, YES)];
    let [a, b, c] = asked([1, 1, 1]);
    let points = form(Method::Points, vec![section(0, 0, vec![a, b]), section(1, 0, vec![c])]);
    assert_eq!(points.check(), []);
    assert_eq!(mark(&points, &answers), Some(Mark::points(90)), "9 of 10 points");
    let [a, b, c] = asked([50, 30, 20]);
    let weights = form(Method::QuestionWeights, vec![section(0, 0, vec![a, b, c])]);
    assert_eq!(weights.check(), []);
    assert_eq!(mark(&weights, &answers), Some(Mark::points(50)), "the weight of the lost one is 50");
    let [a, b, c] = asked([1, 2, 1]);
    let sections = form(Method::SectionWeights, vec![section(0, 60, vec![a, b]), section(1, 40, vec![c])]);
    assert_eq!(sections.check(), []);
    let scored = score(&sections, &answers).unwrap();
    assert_eq!(scored.mark, Some(Mark::points(80)), "two thirds of 60, and 40");
    assert_eq!(scored.sections[0].mark.unwrap().to_string(), "66.67");
    let weights: Vec<u32> = scored.items.iter().map(|item| item.weight_ppm).collect();
    assert_eq!(weights, [200_000, 400_000, 400_000]);
    // A section of which nothing applied leaves its weight to the others.
    let answers = [chosen(0, NO), chosen(1, YES), chosen(2, NA)];
    assert_eq!(mark(&sections, &answers).unwrap().to_string(), "66.67");
}

#[test]
fn a_fatal_answer_takes_with_it_what_its_scope_says() {
    let with = |fatal| {
        let broken = Question { fatal, ..question(0, Worth::Points(1)) };
        let well = question(1, Worth::Points(1));
        form(
            Method::Points,
            vec![section(0, 0, vec![broken, well]), section(1, 0, vec![question(2, Worth::Points(2))])],
        )
    };
    let answers = [chosen(0, NO), chosen(1, YES), chosen(2, YES)];
    for (fatal, points, failed) in [
        (None, 75, [false, false]),
        (Some(Scope::Question), 75, [false, false]),
        (Some(Scope::Section), 50, [true, false]),
        (Some(Scope::Form), 0, [true, false]),
    ] {
        let scored = score(&with(fatal), &answers).unwrap();
        assert_eq!(scored.mark, Some(Mark::points(points)), "{fatal:?}");
        assert_eq!([0, 1].map(|at| scored.sections[at].failed), failed, "{fatal:?}");
        assert_eq!(scored.failed, fatal == Some(Scope::Form));
    }
    let fine = score(&with(Some(Scope::Form)), &[chosen(0, YES), chosen(1, NO), chosen(2, YES)]).unwrap();
    assert_eq!(fine.mark, Some(Mark::points(75)), "what was not lost is not fatal");
}

#[test]
fn deductions_and_bonuses_stay_between_nothing_and_all() {
    let asked =
        vec![question(0, Worth::Points(1)), question(1, Worth::Deduct(30)), question(2, Worth::Bonus(10))];
    let form = form(Method::Points, vec![section(0, 0, asked)]);
    for (answers, points) in [
        ([chosen(0, YES), chosen(1, YES), chosen(2, YES)], 100),
        ([chosen(0, YES), chosen(1, NO), chosen(2, YES)], 80),
        ([chosen(0, YES), chosen(1, NO), chosen(2, NO)], 70),
        ([chosen(0, NO), chosen(1, NO), chosen(2, YES)], 0),
        ([chosen(0, NO), chosen(1, YES), chosen(2, YES)], 10),
        ([chosen(0, YES), chosen(1, NA), chosen(2, NA)], 100),
    ] {
        assert_eq!(mark(&form, &answers), Some(Mark::points(points)), "{answers:?}");
    }
    assert_eq!(mark(&form, &[chosen(0, NA), chosen(1, YES), chosen(2, NO)]), None, "nothing applied");
}

#[test]
fn while_answers_are_given_what_is_missing_leaves_the_whole_and_is_named() {
    let questions = [(0, Worth::Points(4)), (1, Worth::Points(6)), (2, Worth::Deduct(5))];
    let mut questions = questions.map(|(at, worth)| Question { na: false, ..question(at, worth) }).to_vec();
    questions[2].note = NoteRule::WhenLost;
    questions.push(Question {
        only_if: Some(Condition { question: q(0), is: vec![NO] }),
        ..question(3, Worth::Points(10))
    });
    let whole = form(Method::Points, vec![section(0, 0, questions)]);
    let so_far = |answers: &[Answer]| {
        let (scored, missing) = score_so_far(&whole, answers).unwrap();
        (scored.mark, missing)
    };
    assert_eq!(so_far(&[]), (None, vec![q(0), q(1), q(2)]), "what is not asked is not missing");
    assert_eq!(so_far(&[chosen(0, YES)]), (Some(Mark::FULL), vec![q(1), q(2)]));
    let three = [chosen(0, YES), chosen(1, NO), noted(chosen(2, NO))];
    assert_eq!(so_far(&three), (Some(Mark::points(35)), Vec::new()));
    assert_eq!(score_so_far(&whole, &three).unwrap().0, score(&whole, &three).unwrap(), "all answered");
    assert_eq!(so_far(&[chosen(0, NO)]), (Some(Mark::ZERO), vec![q(1), q(2), q(3)]), "now it is asked");
    let wrong = [chosen(0, NA), chosen(7, YES)];
    let problems = [AnswerProblem::Unknown(q(7)), AnswerProblem::Applies(q(0))];
    assert_eq!(score_so_far(&whole, &wrong).unwrap_err(), problems, "what is wrong is wrong at once");
}

#[test]
fn a_conditional_question_is_asked_after_its_answer_alone() {
    let condition = Condition { question: q(0), is: vec![NO] };
    let dependent = Question { only_if: Some(condition), na: false, ..question(1, Worth::Points(1)) };
    let form = form(Method::Points, vec![section(0, 0, vec![question(0, Worth::Points(1)), dependent])]);
    assert_eq!(form.check(), []);
    let scored = score(&form, &[chosen(0, YES)]).unwrap();
    assert_eq!((scored.mark, scored.items[1].standing), (Some(Mark::FULL), Standing::NotAsked));
    assert_eq!(mark(&form, &[chosen(0, NO), chosen(1, YES)]), Some(Mark::points(50)));
    assert_eq!(score(&form, &[chosen(0, NO)]), Err(vec![AnswerProblem::Missing(q(1))]));
    let both = [chosen(0, YES), chosen(1, YES)];
    assert_eq!(score(&form, &both), Err(vec![AnswerProblem::NotAsked(q(1))]));
}

#[test]
fn every_problem_of_the_answers_is_told_at_once() {
    let always = Question { na: false, note: NoteRule::WhenLost, ..question(0, Worth::Points(1)) };
    let asked = vec![
        always,
        Question { kind: Kind::Number, ..question(1, Worth::Points(5)) },
        question(2, Worth::Points(1)),
        Question { kind: Kind::Text, ..question(3, Worth::Unscored) },
        question(4, Worth::Points(1)),
        Question { na: false, ..question(5, Worth::Points(1)) },
    ];
    let form = form(Method::Points, vec![section(0, 0, asked)]);
    assert_eq!(form.check(), []);
    let answers = [
        chosen(9, YES),
        chosen(0, NO),
        number(1, 6),
        chosen(2, ChoiceId::fixed("maybe")),
        Answer::plain(q(3), Value::Said),
        chosen(5, NA),
        chosen(5, NA),
    ];
    let problems = score(&form, &answers).unwrap_err();
    assert_eq!(
        problems,
        [
            AnswerProblem::Unknown(q(9)),
            AnswerProblem::Twice(q(5)),
            AnswerProblem::NoteNeeded(q(0)),
            AnswerProblem::TooMany(q(1), 5),
            AnswerProblem::NoSuchChoice(q(2)),
            AnswerProblem::NoteNeeded(q(3)),
            AnswerProblem::Missing(q(4)),
            AnswerProblem::Applies(q(5)),
        ]
    );
    assert!(problems.iter().all(|problem| !problem.to_string().is_empty()));
}

#[test]
fn every_problem_of_a_form_is_told_at_once_with_place_and_mend() {
    let choice = |id: &'static str, points, fatal| Choice {
        id: ChoiceId::fixed(id),
        text: words(),
        points,
        fatal,
        note: false,
    };
    let choices = vec![choice("yes", 0, None), choice("a", 3, None), choice("a", 1, Some(Scope::Form))];
    let condition = Condition { question: q(5), is: vec![YES] };
    let wrong_answer = Condition { question: q(0), is: vec![ChoiceId::fixed("maybe")] };
    let asked = vec![
        Question { weight: 40, ..question(0, Worth::Points(7)) },
        Question { kind: Kind::Choice(choices), weight: 0, ..question(1, Worth::Points(2)) },
        Question { kind: Kind::Text, weight: 60, ..question(1, Worth::Points(0)) },
        Question { fatal: Some(Scope::Form), only_if: Some(condition), ..question(3, Worth::Unscored) },
        Question { kind: Kind::Number, only_if: Some(wrong_answer), ..question(4, Worth::Unscored) },
        Question {
            text: Words::new("", "x"),
            weight: 1,
            ..question(5, Worth::Points(limits::POINTS_MAX + 1))
        },
    ];
    let mut form = form(Method::QuestionWeights, vec![section(0, 0, asked), section(0, 0, Vec::new())]);
    form.version = 0;
    let band = |id, from_points| Band { id: BandId::fixed(id), title: words(), from_points };
    form.bands = vec![band("x", 10), band("y", 10), band("z", 101)];
    let problems = form.check();
    let places: Vec<&str> = problems.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(
        places,
        [
            "version",
            "sections.s0",
            "questions.q1",
            "sections.s0.questions.q1.choices.yes",
            "sections.s0.questions.q1.choices.a.points",
            "sections.s0.questions.q1.choices.a",
            "sections.s0.questions.q1.choices.a.fatal",
            "sections.s0.questions.q1.choices",
            "sections.s0.questions.q1.worth",
            "sections.s0.questions.q1.kind",
            "sections.s0.questions.q3.fatal",
            "sections.s0.questions.q3.only_if",
            "sections.s0.questions.q4.kind",
            "sections.s0.questions.q4.only_if",
            "sections.s0.questions.q5.text.zh",
            "sections.s0.questions.q5.worth",
            "sections.s0",
            "questions.weight",
            "questions.q1.weight",
            "bands.x.from_points",
            "bands.y.from_points",
            "bands.z.from_points",
        ]
    );
    assert!(problems.iter().all(|problem| !problem.what.is_empty() && !problem.mend.is_empty()));
}

#[test]
fn a_form_has_limits() {
    let many = |count: usize| (0..count).map(|at| question(at, Worth::Points(1))).collect::<Vec<_>>();
    let sized = |count| form(Method::Points, vec![section(0, 0, many(count))]).check();
    assert_eq!(sized(limits::QUESTIONS_MAX), []);
    assert_eq!(sized(limits::QUESTIONS_MAX + 1).len(), 1);
    let sections =
        (0..=limits::SECTIONS_MAX).map(|at| section(at, 0, vec![question(at, Worth::Points(1))])).collect();
    assert!(form(Method::Points, sections).check().iter().any(|problem| problem.place == "sections"));
    let choices = |count: usize| {
        let one = |at: usize| Choice {
            id: format!("c{at}").parse().unwrap(),
            text: words(),
            points: u32::from(at == 0),
            fatal: None,
            note: false,
        };
        let kind = Kind::Choice((0..count).map(one).collect());
        let asked = Question { kind, ..question(0, Worth::Points(1)) };
        form(Method::Points, vec![section(0, 0, vec![asked])]).check()
    };
    assert_eq!(choices(limits::CHOICES_MAX), []);
    assert_eq!(choices(limits::CHOICES_MAX + 1).len(), 1);
    let bands = |count: usize| {
        let mut form = form(Method::Points, vec![section(0, 0, many(1))]);
        let one = |at: usize| Band {
            id: format!("b{at}").parse().unwrap(),
            title: words(),
            from_points: at as u32,
        };
        form.bands = (0..count).map(one).collect();
        form.check()
    };
    assert_eq!(bands(limits::BANDS_MAX), []);
    assert_eq!(bands(limits::BANDS_MAX + 1).len(), 1);
    let long = Words::new("x".repeat(limits::TEXT_BYTES_MAX + 1), "x");
    let mut form = form(Method::Points, vec![section(0, 0, many(1))]);
    form.title = long;
    assert_eq!(form.check()[0].place, "title.zh");
    let mut wordy = form.clone();
    let text = Words::new("x".repeat(limits::TEXT_BYTES_MAX), "x");
    let asked = |at| Question { guidance: text.clone(), ..question(at, Worth::Points(1)) };
    wordy.title = words();
    wordy.sections =
        vec![section(0, 0, (0..limits::FORM_BYTES_MAX / limits::TEXT_BYTES_MAX + 1).map(asked).collect())];
    assert_eq!(wordy.check().iter().map(|problem| problem.place.as_str()).collect::<Vec<_>>(), ["texts"]);
    // Weights: 997 and 991 and 983 have too large a common multiple with 977.
    let odd = [(997, 25), (991, 25), (983, 25), (977, 25)];
    let odd = odd.iter().enumerate();
    let odd =
        odd.map(|(at, (most, weight))| Question { weight: *weight, ..question(at, Worth::Points(*most)) });
    let mut uneven = form.clone();
    (uneven.title, uneven.method) = (words(), Method::QuestionWeights);
    uneven.sections = vec![section(0, 0, odd.collect())];
    let problems = uneven.check();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].place, "questions.worth");
    let mut heavy = uneven.clone();
    heavy.sections[0].questions.truncate(1);
    heavy.sections[0].questions[0].weight = limits::WEIGHT_MAX + 1;
    assert!(heavy.check().iter().any(|problem| problem.place == "questions.q0.weight"));
}

// ---- properties

/// A form of number questions, and an answer to each: `None` is n/a.
#[derive(Clone, Debug)]
struct Case {
    form: Form,
    given: Vec<Option<u32>>,
}

fn answers(given: &[Option<u32>]) -> Vec<Answer> {
    let given = given.iter().enumerate();
    given.map(|(at, points)| points.map_or(chosen(at, NA), |points| number(at, points))).collect()
}

prop_compose! {
    fn cases()(
        method in prop_oneof![Just(Method::Points), Just(Method::QuestionWeights), Just(Method::SectionWeights)],
        asked in prop::collection::vec((1u32..=12, 1u32..=9, 0u8..6, any::<prop::sample::Index>(), any::<bool>(), 0usize..3), 1..12),
        fatal in prop::option::of((any::<prop::sample::Index>(), prop_oneof![Just(Scope::Section), Just(Scope::Form)])),
        weights in [1u32..50, 1u32..50, 1u32..50],
    ) -> Case {
        let mut sections: Vec<Section> = (0..3).map(|at| section(at, weights[at], Vec::new())).collect();
        let mut asked = asked;
        asked.sort_by_key(|one| one.5);
        let mut given = Vec::new();
        let fatal_at = fatal.map(|(at, scope)| (at.index(asked.len()), scope));
        for (at, (most, weight, sort, points, na, place)) in asked.into_iter().enumerate() {
            let worth = match sort { 0 => Worth::Deduct(most), 1 => Worth::Bonus(most), _ => Worth::Points(most) };
            let fatal = fatal_at.filter(|(fatal, _)| *fatal == at && sort > 1).map(|(_, scope)| scope);
            sections[place].questions.push(Question { kind: Kind::Number, weight, fatal, ..question(at, worth) });
            given.push((!na).then(|| points.index(most as usize + 1) as u32));
        }
        sections.retain(|section| !section.questions.is_empty());
        // Weights need not add up to 100 for the arithmetic to hold.
        Case { form: form(method, sections), given }
    }
}

/// The mark by floating point and plain loops, apart from the code under test.
fn naive(case: &Case) -> Option<f64> {
    let (mut top, mut bottom, mut off, mut at, mut dead, mut any) = (0.0, 0.0, 0.0, 0, false, false);
    for section in &case.form.sections {
        let questions: Vec<(&Question, Option<u32>)> =
            section.questions.iter().zip(&case.given[at..]).map(|(q, given)| (q, *given)).collect();
        at += questions.len();
        let fatal =
            questions.iter().filter(|(_, given)| *given == Some(0)).filter_map(|(q, _)| q.fatal).max();
        dead |= fatal == Some(Scope::Form);
        let failed = fatal.is_some();
        let (mut part, mut whole) = (0.0, 0.0);
        for (question, given) in questions {
            any |= matches!(question.worth, Worth::Points(_));
            let Some(points) = given.map(f64::from) else { continue };
            let most = f64::from(question.worth.most());
            match question.worth {
                Worth::Deduct(_) => off -= most - points,
                Worth::Bonus(_) => off += if failed { 0.0 } else { points },
                Worth::Points(_) => {
                    let weight =
                        if case.form.method == Method::Points { most } else { f64::from(question.weight) };
                    whole += weight;
                    part += if failed { 0.0 } else { weight * points / most };
                }
                Worth::Unscored => {}
            }
        }
        if case.form.method == Method::SectionWeights && whole > 0.0 {
            (part, whole) = (f64::from(section.weight) * part / whole, f64::from(section.weight));
        }
        (top, bottom) = (top + part, bottom + whole);
    }
    if !any {
        (top, bottom) = (1.0, 1.0);
    }
    if bottom == 0.0 {
        return None;
    }
    Some(if dead { 0.0 } else { (100.0 * top / bottom + off).clamp(0.0, 100.0) })
}

proptest! {
    #[test]
    fn the_mark_is_what_plain_loops_say(case in cases()) {
        let mark = mark(&case.form, &answers(&case.given));
        let naive = naive(&case);
        prop_assert_eq!(mark.is_some(), naive.is_some());
        if let (Some(mark), Some(naive)) = (mark, naive) {
            prop_assert!((mark.as_points() - naive).abs() < 0.005_001, "{mark} and {naive}");
        }
    }

    #[test]
    fn more_points_never_lower_the_mark(case in cases(), at in any::<prop::sample::Index>(), by in 1u32..12) {
        let at = at.index(case.given.len());
        let most = case.form.question(q(at)).unwrap().worth.most();
        prop_assume!(case.given[at].is_some());
        let mut better = case.clone();
        better.given[at] = case.given[at].map(|points| (points + by).min(most));
        prop_assert!(mark(&better.form, &answers(&better.given)) >= mark(&case.form, &answers(&case.given)));
    }

    #[test]
    fn what_does_not_apply_counts_as_if_it_were_not_asked(case in cases()) {
        let mut without = case.form.clone();
        for section in &mut without.sections {
            section.questions.retain(|question| {
                let at: usize = question.id.as_str()[1..].parse().unwrap();
                case.given[at].is_some()
            });
        }
        let left: Vec<Answer> = answers(&case.given).into_iter().filter(|one| one.value != Value::Chosen(NA)).collect();
        let counts = |form: &Form| form.questions().any(|question| matches!(question.worth, Worth::Points(_)));
        // A form that asks nothing for points is another kind of form: all of it, less what is deducted.
        prop_assume!(counts(&without) || !counts(&case.form));
        prop_assert_eq!(mark(&case.form, &answers(&case.given)), mark(&without, &left));
    }

    #[test]
    fn a_fatal_answer_absorbs_all_others(case in cases(), at in any::<prop::sample::Index>()) {
        let at = at.index(case.given.len());
        let mut fatal = case.clone();
        for section in &mut fatal.form.sections {
            for question in section.questions.iter_mut().filter(|question| question.id == q(at)) {
                (question.fatal, question.worth) = (Some(Scope::Form), Worth::Points(1));
            }
        }
        fatal.given[at] = Some(0);
        prop_assert_eq!(mark(&fatal.form, &answers(&fatal.given)), Some(Mark::ZERO));
    }

    #[test]
    fn weights_of_what_applied_add_up_to_the_whole(case in cases()) {
        let scored = score(&case.form, &answers(&case.given)).unwrap();
        let sum: u32 = scored.items.iter().map(|item| item.weight_ppm).sum();
        let items = scored.items.len() as u32;
        prop_assert!(sum == 0 || (1_000_000 - items..=1_000_000).contains(&sum), "{sum}");
        prop_assert!(scored.mark <= Some(Mark::FULL));
    }
}

#[test]
fn section_ids_of_the_tests_are_codes() {
    assert_eq!(section(0, 0, Vec::new()).id, SectionId::fixed("s0"));
}
