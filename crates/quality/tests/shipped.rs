//! What ships says what the documents say: each of the 20 script items and the 22 items of conduct, with their
//! points.

use cordboard_quality::conduct::{Conduct, Found, Grave};
use cordboard_quality::form::{Kind, Method, Scope, Worth, shipped};
use cordboard_quality::id::{FormId, SectionId};
use cordboard_quality::{Form, Problem};

/// P 4.2.1: the points of its 20 items, and for the last two what decision X8 makes of them.
const SCRIPT: [(u32, &str); 20] = [
    (2, "greeting"),
    (1, "return_greeting"),
    (2, "silent_call"),
    (1, "noisy_line"),
    (2, "named_agent"),
    (2, "asks_to_wait"),
    (1, "wrong_number"),
    (1, "hard_to_reach"),
    (1, "equipment_fault"),
    (1, "abusive_caller"),
    (1, "too_slow"),
    (1, "asks_name"),
    (1, "attitude_complaint"),
    (1, "error_complaint"),
    (1, "suggestion"),
    (1, "asks_pardon"),
    (1, "thanks"),
    (1, "answer_later"),
    (1, "confirms"),
    (1, "closing"),
];

/// P 2.2.1 and 2.2.2: item, least and most points, and whether it is a matter of staying.
const CONDUCT: [(&str, u32, u32, Grave); 22] = [
    ("2.2.1(1)", 1, 1, Grave::Never),
    ("2.2.1(2)", 1, 1, Grave::Never),
    ("2.2.1(3)", 1, 1, Grave::Never),
    ("2.2.1(4)", 2, 2, Grave::Never),
    ("2.2.1(5)", 1, 1, Grave::Never),
    ("2.2.1(6)", 2, 2, Grave::Never),
    ("2.2.1(7)", 1, 1, Grave::Never),
    ("2.2.1(8)", 1, 1, Grave::Never),
    ("2.2.1(9)", 3, 3, Grave::Never),
    ("2.2.1(10)", 2, 2, Grave::Never),
    ("2.2.1(11)", 5, 5, Grave::Never),
    ("2.2.1(12)", 2, 2, Grave::Never),
    ("2.2.1(13)", 2, 2, Grave::Never),
    ("2.2.1(14)", 2, 2, Grave::Never),
    ("2.2.1(15)", 2, 2, Grave::Never),
    ("2.2.2(1)", 1, 5, Grave::Never),
    ("2.2.2(2)", 1, 1, Grave::Never),
    ("2.2.2(3)", 1, 1, Grave::Never),
    ("2.2.2(4)", 1, 1, Grave::Never),
    ("2.2.2(5)", 10, 10, Grave::WhenSevere),
    ("2.2.2(6)", 0, 0, Grave::Always),
    ("2.2.2(7)", 5, 5, Grave::Never),
];

fn told(problems: Vec<Problem>) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn forms() -> Vec<Form> {
    shipped::forms().unwrap_or_else(|problems| panic!("{}", told(problems)))
}

fn form(id: &'static str) -> Form {
    let id = FormId::fixed(id);
    forms().into_iter().find(|form| form.form == id).expect("it ships")
}

#[test]
fn the_twenty_script_items_stand_with_the_documents_points() {
    let service = form("service");
    let script = service.sections.iter().find(|section| section.id == SectionId::fixed("script"));
    let questions = &script.expect("基本服务用语").questions;
    assert_eq!(questions.len(), 20);
    for (number, (question, (points, name))) in questions.iter().zip(SCRIPT).enumerate() {
        let number = number + 1;
        assert_eq!(question.id.as_str(), format!("script.{name}"), "item {number}");
        assert_eq!(question.worth, Worth::Deduct(points), "item {number}");
        let place = if number <= 18 { "P 4.2.1" } else { "P 4.1.1" };
        assert!(question.source.starts_with(&format!("{place}({number})")), "{}", question.source);
    }
    // X8: what was read out of a damaged copy says so.
    let read: Vec<usize> = (1..=20).filter(|number| questions[number - 1].source.contains("X8")).collect();
    assert_eq!(read, [2, 7, 12, 13, 15, 17, 19, 20]);
}

#[test]
fn the_sections_of_the_documents_are_there_and_the_variants() {
    let service = form("service");
    let titles: Vec<&str> = service.sections.iter().map(|section| section.title.zh.as_str()).collect();
    assert_eq!(titles, ["基本服务用语", "服务态度", "处理技巧", "准确度"]);
    assert!(service.questions().any(|question| question.fatal == Some(Scope::Form)));
    assert!(service.questions().any(|question| question.kind == Kind::Text));
    assert_eq!(form("complaint").method, Method::SectionWeights);
    assert!(form("complaint").questions().any(|question| question.only_if.is_some()));
    let chat = form("chat");
    assert_eq!(chat.method, Method::QuestionWeights);
    assert_eq!(chat.channels.iter().map(ToString::to_string).collect::<Vec<_>>(), ["chat"]);
}

#[test]
fn the_twenty_two_items_of_conduct_stand_with_the_documents_points() {
    let conduct = Conduct::shipped().unwrap_or_else(|problems| panic!("{}", told(problems)));
    let items: Vec<_> = conduct.rules.iter().filter(|rule| !rule.item.is_empty()).collect();
    assert_eq!(items.len(), 22);
    for (number, (rule, (place, points, most, grave))) in items.iter().zip(CONDUCT).enumerate() {
        assert_eq!(rule.item, format!("P{}", 101 + number));
        assert_eq!(rule.source, format!("P {place}"));
        assert_eq!((rule.points, rule.most(), rule.grave), (points, most, grave), "{}", rule.id);
    }
    // What the requirements call out of reach is found by people, and what the log alone shows by it.
    let by_log: Vec<&str> =
        items.iter().filter(|rule| rule.found == Found::Log).map(|rule| rule.item.as_str()).collect();
    assert_eq!(by_log, ["P111", "P113", "P119"]);
    let findings = conduct.rules.iter().filter(|rule| rule.item.is_empty());
    assert!(findings.clone().count() > 0);
    assert!(findings.clone().all(|rule| rule.points == 0), "the documents put no points on a finding");
}
