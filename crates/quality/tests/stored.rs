//! Stored events are for ever: each encodes to the bytes in `stored.txt` and decodes from them. A line there never
//! changes; what is appended to an event brings a line of its own beside the old one.

use cordboard_floor::decider::UnknownEvent;
use cordboard_floor::event::Sealed;
use cordboard_floor::{
    AccountId, AgentId, Channel, ContactId, Instant, Millis, PersonId, QueueId, ReasonId, ReportId, RuleId,
    SeatId, StoredEvent,
};
use cordboard_quality::assessment::{
    Assessed, AssessedLine, AssessmentRow, Given, Line, RankTerms, Scale, Stair, StreakTerms, Table, Ties,
};
use cordboard_quality::checklist::{Checklist, Finding, Item};
use cordboard_quality::conduct::{Found, Grave, Rule};
use cordboard_quality::detect::DetectorTerms;
use cordboard_quality::evaluation::{Outcome, Rater};
use cordboard_quality::event::*;
use cordboard_quality::form::{
    Answer, Criticality, Form, Scope, Scored, ScoredItem, ScoredSection, Standing, Value, YES,
};
use cordboard_quality::id::{
    AssessmentId, BandId, ChecklistId, EntryId, EvaluationId, ExcuseId, FormId, ItemId, LineId, PostId,
    QuestionId, RecordId, RetrainingId, RoundId, SampleId, SectionId,
};
use cordboard_quality::sampling::{
    AgentCoverage, Coverage, Dimension, Part, Pick, Plan, Stratum, StratumCoverage, Why,
};
use cordboard_quality::survey::SurveyScore;
use cordboard_quality::{Event, Mark, Month, Terms, Words};
use std::fmt::Write;

const STORED: &str = include_str!("stored.txt");

/// A form with one of everything that can stand in it.
const FORM: &str = r#"
form = "all"
version = 3
title = { zh = "表", en = "Form" }
channels = ["voice"]
method = "section_weights"
[[sections]]
id = "s"
title = { zh = "节", en = "Section" }
weight = 100
[[sections.questions]]
id = "a"
text = { zh = "问", en = "Question" }
guidance = { zh = "指引", en = "Guidance" }
kind = { choice = [
    { id = "well", text = { zh = "好", en = "Well" }, points = 2 },
    { id = "ill", text = { zh = "坏", en = "Ill" }, points = 0, fatal = "form", note = true },
] }
worth = { points = 2 }
na = true
critical = "customer"
note = "when_lost"
suggested_by = "hold_too_long"
source = "P 1"
[[sections.questions]]
id = "b"
text = { zh = "问", en = "Question" }
worth = { deduct = 1 }
weight = 2
fatal = "section"
only_if = { question = "a", is = ["ill"] }
[[sections.questions]]
id = "c"
text = { zh = "问", en = "Question" }
kind = "text"
worth = "unscored"
[[bands]]
id = "all"
title = { zh = "全部", en = "All" }
from_points = 0
"#;

/// Detectors with one of everything that can stand in them; not the shipped ones, which may change.
const DETECTORS: &str = r#"
breaks = { grace_ms = 1 }
pauses = { no_cause = ["nothing"], reason_ms_max = 2, wrapup_ms_max = 3, waiting_ms_max = 4, just_causes = ["meeting"] }
sign_outs = { forced = true }
answers = { ring_ms_max = 5, missed = { allowed = 6, window_ms = 7 } }
short = { silent_ms_min = 8, silent_codes = ["silent"], drop_ms_min = 9 }
flips = { flip_ms_max = 10, idle = { allowed = 11, window_ms = 12 } }
shifts = { relief_grace_ms = 13, open_ms_max = 14 }
promises = { grace_ms = 15 }
"#;

fn stratum() -> Stratum {
    vec![
        Part::Queue(Some(QueueId::fixed("claims"))),
        Part::Channel(Channel::fixed("voice")),
        Part::Tenure(1),
        Part::Length(2),
        Part::Outcome(None),
    ]
}

fn plan() -> Plan {
    Plan {
        channels: vec![Channel::fixed("voice")],
        strata: vec![
            Dimension::Queue,
            Dimension::Channel,
            Dimension::Tenure,
            Dimension::Length,
            Dimension::Outcome,
        ],
        length_bands_ms: vec![Millis(1)],
        tenure_bands_days: vec![2],
        talk_ms_min: Millis(3),
        quota: 4,
        quota_new: 5,
        new_until_days: 6,
        risk_rules: vec![RuleId::fixed("risk.complaint")],
        risk_max: 7,
        own_team: true,
        second_percent: 8,
    }
}

/// A table with one of everything that can stand in it.
fn table() -> Table {
    let line = |id, weight, scale| Line {
        id: LineId::fixed(id),
        text: Words::new("行", "Line"),
        weight,
        scale,
        efficiency: weight == 10,
        source: "P".into(),
    };
    let linear = Scale::Linear { none_at_milli: -1, all_at_milli: 2 };
    let lines = vec![
        line("a", 40, Scale::Mark),
        line("b", 30, Scale::PointsOff),
        line("c", 20, linear),
        line("d", 10, Scale::Steps(vec![Stair { from_milli: 1, points: 2 }])),
    ];
    let (post, title) = (PostId::fixed("agent"), Words::new("表", "Table"));
    Table { post, version: 1, title, derived: true, efficiency_max: 10, bonus_points_max: 3, lines }
}

fn assessed() -> Assessed {
    let figure = Given::Figure { over: -1, under: 2, report: Some(ReportId(9)) };
    let line = |id, given, mark| AssessedLine { line: LineId::fixed(id), weight: 40, given, mark };
    let lines = vec![line("a", figure, Some(Mark(3))), line("b", Given::NotApplicable, None)];
    Assessed { post: PostId::fixed("agent"), version: 1, lines, bonus: 1, total: Mark(8_725) }
}

fn events() -> Vec<Event> {
    let (evaluation, entry, agent) = (EvaluationId(70), EntryId(80), AgentId::fixed("1001"));
    let (by, at) = (AccountId::fixed("qa-zhao"), Instant::from_micros(1_795_338_000_000_000));
    let later = at.plus(Millis(1_500));
    let (sample, round, other) = (SampleId(95), RoundId(96), AccountId::fixed("qa-chen"));
    let (assessment, retraining) = (AssessmentId(97), RetrainingId(98));
    let text = Sealed { person: PersonId(5), bytes: Box::from([1, 2, 3]) };
    let (sealed, note) = (text.clone(), text.clone());
    let question = QuestionId::fixed("a");
    let answer = Answer {
        question,
        value: Value::Chosen(YES),
        note: Some(text.clone()),
        at_ms: Some(Millis(900)),
        suggested: true,
    };
    let answers = vec![
        answer,
        Answer::plain(QuestionId::fixed("b"), Value::Number(3)),
        Answer::plain(QuestionId::fixed("c"), Value::Said),
    ];
    let scored = Scored {
        form: FormId::fixed("all"),
        version: 3,
        mark: Some(Mark(8_725)),
        band: Some(BandId::fixed("all")),
        failed: false,
        deducted: 2,
        bonus: 1,
        sections: vec![ScoredSection { section: SectionId::fixed("s"), mark: None, failed: true }],
        items: vec![ScoredItem {
            question,
            standing: Standing::Answered,
            earned: 1,
            most: 2,
            weight_ppm: 333_333,
            deducted: 2,
            bonus: 1,
            fatal: Some(Scope::Section),
            mistake: Some(Criticality::Customer),
        }],
    };
    let rule = RuleId::fixed("conduct.break_overrun");
    let why = ReasonId::fixed("incident");
    vec![
        TermsApplied { terms: Terms::default() }.into(),
        FormApplied { form: Form::read("all.toml", FORM).expect("a form") }.into(),
        RuleApplied {
            rule: Rule {
                id: rule,
                version: 1,
                item: "P113".into(),
                source: "P 2.2.1(13)".into(),
                text: Words::new("小休超时", "Break longer than allowed"),
                points: 2,
                points_max: Some(5),
                grave: Grave::WhenSevere,
                found: Found::Log,
            },
        }
        .into(),
        DetectorsApplied { terms: DetectorTerms::read("detectors.toml", DETECTORS).expect("terms") }.into(),
        TableApplied { table: table() }.into(),
        ChecklistApplied {
            checklist: Checklist {
                id: ChecklistId::fixed("patrol"),
                version: 1,
                title: Words::new("表", "List"),
                items: vec![Item {
                    id: ItemId::fixed("a"),
                    text: Words::new("项", "Item"),
                    rule: Some(RuleId::fixed("conduct.noise")),
                }],
            },
        }
        .into(),
        EvaluationDrafted {
            evaluation,
            contact: ContactId(7),
            agent,
            form: FormId::fixed("all"),
            version: 3,
            rater: Rater::Second,
            evaluator: by,
            checks: Some(EvaluationId(69)),
            seed: Some(42),
            round: Some(round),
        }
        .into(),
        EvaluationDiscarded { evaluation, by }.into(),
        EvaluationSubmitted { evaluation, answers: answers.clone(), scored: scored.clone() }.into(),
        EvaluationPublished { evaluation, by, appeal_by: later }.into(),
        EvaluationAcknowledged { evaluation, agent, note: None, close_at: later }.into(),
        EvaluationAppealed {
            evaluation,
            agent,
            questions: vec![question],
            text: text.clone(),
            review_by: later,
        }
        .into(),
        EvaluationReviewed {
            evaluation,
            by,
            outcome: Outcome::Changed,
            answers,
            scored: Some(scored),
            text: Some(text.clone()),
            close_at: later,
        }
        .into(),
        EvaluationReviewOverdue { evaluation }.into(),
        EvaluationClosed { evaluation, by: None }.into(),
        DeductionProposed {
            entry,
            rule,
            version: 1,
            agent,
            month: Month::new(2026, 11).expect("a month"),
            points: 2,
            episode: Some(61),
            evidence: vec![61, 64],
            from: at,
            until: later,
            measured: 1_500,
            allowed: 1_000,
            by: None,
            note: Some(text.clone()),
        }
        .into(),
        DeductionConfirmed { entry, by, points: 2, grave: false, appeal_by: later }.into(),
        DeductionDismissed { entry, by, why }.into(),
        DeductionAppealed { entry, agent, text: text.clone() }.into(),
        DeductionDecided { entry, by, upheld: true, points: 1, text: Some(text) }.into(),
        DeductionRevoked { entry, by, why }.into(),
        ExcuseGranted {
            excuse: ExcuseId(90),
            agent: Some(agent),
            rule: None,
            from: at,
            until: later,
            why,
            by: Some(by),
        }
        .into(),
        ExcuseWithdrawn { excuse: ExcuseId(90), by: None }.into(),
        SampleDrawn {
            sample,
            plan: plan(),
            from: at,
            until: later,
            seed: 42,
            picks: 2,
            coverage: Coverage {
                candidates: 9,
                used: 1,
                too_short: 2,
                other_channel: 3,
                eligible: 4,
                representative: 5,
                risky: 6,
                risk_drawn: 7,
                unassigned: 8,
                twice: 10,
                agents: vec![AgentCoverage { agent, eligible: 1, quota: 2, drawn: 3 }],
                strata: vec![StratumCoverage { stratum: stratum(), eligible: 1, drawn: 2 }],
            },
            by,
        }
        .into(),
        SamplePicked {
            sample,
            picks: vec![
                Pick {
                    contact: ContactId(7),
                    agent,
                    stratum: stratum(),
                    why: Why::Representative,
                    evaluator: Some(by),
                    second: Some(other),
                },
                Pick {
                    contact: ContactId(8),
                    agent,
                    stratum: Vec::new(),
                    why: Why::Risk(RuleId::fixed("risk.complaint")),
                    evaluator: None,
                    second: None,
                },
            ],
        }
        .into(),
        SampleReassigned { contact: ContactId(7), second: true, from: Some(other), to: by, by }.into(),
        SampleWithdrawn { contact: ContactId(7), by, why, note: Some(sealed.clone()) }.into(),
        CalibrationOpened {
            round,
            contact: ContactId(7),
            agent,
            form: FormId::fixed("all"),
            version: 3,
            raters: vec![by, other],
            close_by: later,
            by,
        }
        .into(),
        CalibrationClosed { round, by: None }.into(),
        AssessmentSubmitted {
            assessment,
            month: Month::new(2026, 10).expect("a month"),
            post: PostId::fixed("agent"),
            version: 1,
            rows: 1,
            ranked: RankTerms { population_min: 1, last: 1, ties: Ties::Include },
            is_large_enough: true,
            last: vec![agent],
            by,
        }
        .into(),
        AssessmentRows { assessment, rows: vec![AssessmentRow { agent, assessed: assessed(), place: 1 }] }
            .into(),
        AssessmentApproved { assessment, by }.into(),
        AssessmentReturned { assessment, by, note: Some(sealed.clone()) }.into(),
        RetrainingProposed {
            retraining,
            post: PostId::fixed("agent"),
            agent,
            months: vec![Month::new(2026, 10).expect("a month")],
            again: true,
        }
        .into(),
        RetrainingDecided { retraining, yes: true, by, note: Some(sealed.clone()) }.into(),
        SurveyOffered { contact: ContactId(7), agent: Some(agent), queue: None }.into(),
        SurveyAnswered {
            contact: ContactId(7),
            scores: vec![SurveyScore { question, score: 5 }],
            comment: Some(sealed),
        }
        .into(),
        ContactMarkedMystery { contact: ContactId(7), by }.into(),
        ContactReplayed { contact: ContactId(7), by }.into(),
        ChecklistRecorded {
            record: RecordId(99),
            checklist: ChecklistId::fixed("patrol"),
            version: 1,
            seen_at: at,
            findings: vec![Finding {
                item: ItemId::fixed("a"),
                agent: Some(agent),
                seat: Some(SeatId::fixed("a1")),
                note: Some(note),
            }],
            by,
        }
        .into(),
    ]
}

fn bytes(event: &Event) -> Vec<u8> {
    let mut bytes = Vec::new();
    event.serialize_payload(&mut rmp_serde::Serializer::new(&mut bytes)).expect("plain values are written");
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes it");
        text
    })
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal digits");
    (0..text.len()).step_by(2).map(digits).collect()
}

fn decode(kind: u16, schema: u16, bytes: &[u8]) -> Result<Event, String> {
    let mut stored = rmp_serde::Deserializer::from_read_ref(bytes);
    Event::deserialize_payload(kind, schema, &mut stored).map_err(|problem| match problem {
        UnknownEvent::Kind(kind) => format!("{kind:#06x} is unknown"),
        UnknownEvent::Schema { name, found, known } => format!("{name} has schema {found}, known is {known}"),
        UnknownEvent::Payload(name, problem) => format!("{name} does not decode: {problem}"),
    })
}

#[test]
fn each_event_is_stored_as_it_ever_was() {
    let line = |event: &Event| {
        format!("{:#06x} {} {} {}\n", event.kind(), event.schema(), event.name(), hex(&bytes(event)))
    };
    let now: String = events().iter().map(line).collect();
    let newest = |line: &&str| {
        let kind = kind_of(line);
        EVENTS.iter().any(|(known, schema, _)| *known == kind.0 && *schema == kind.1)
    };
    let stored: String = STORED.lines().filter(newest).map(|line| format!("{line}\n")).collect();
    assert!(now == stored, "an event's bytes have changed; they are now\n{now}");
}

fn kind_of(line: &str) -> (u16, u16) {
    let mut parts = line.split(' ');
    let kind = u16::from_str_radix(&parts.next().expect("a kind")[2..], 16).expect("a kind");
    (kind, parts.next().expect("a schema").parse().expect("a number"))
}

/// The example as an older program wrote it: what it did not know has its default.
fn as_of(schema: u16, mut event: Event) -> Event {
    if let (Event::EvaluationDrafted(event), 1) = (&mut event, schema) {
        event.round = None;
    }
    if let (Event::DeductionDecided(event), 1) = (&mut event, schema) {
        event.text = None;
    }
    if let (Event::DetectorsApplied(event), 1) = (&mut event, schema) {
        (event.terms.shifts, event.terms.promises) = (None, None);
    }
    if let (Event::TermsApplied(event), 1) = (&mut event, schema) {
        (event.terms.rank, event.terms.streak) = (RankTerms::default(), StreakTerms::default());
    }
    event
}

#[test]
fn what_was_stored_is_read() {
    let examples = events();
    for line in STORED.lines() {
        let (kind, schema) = kind_of(line);
        let bytes = unhex(line.split(' ').nth(3).expect("a payload"));
        let example = examples.iter().find(|event| event.kind() == kind).expect("an example");
        assert_eq!(decode(kind, schema, &bytes), Ok(as_of(schema, example.clone())), "{line}");
    }
}

#[test]
fn every_event_has_an_example_and_a_number_of_this_desk() {
    let examples: Vec<u16> = events().iter().map(StoredEvent::kind).collect();
    let known: Vec<u16> = EVENTS.iter().map(|(kind, _, _)| *kind).collect();
    assert_eq!(examples, known);
    assert!(known.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(known.iter().all(|kind| (0x1000..0x2000).contains(kind)));
}

#[test]
fn what_a_newer_program_wrote_is_refused_by_name() {
    let event = &events()[0];
    let refused = decode(event.kind(), event.schema() + 1, &bytes(event));
    assert_eq!(refused, Err("quality.terms_applied has schema 3, known is 2".into()));
    assert_eq!(decode(0x1FFF, 1, &[0xC0]), Err("0x1fff is unknown".into()));
}
