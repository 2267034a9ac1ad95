//! The life of an evaluation: every step, every wrong step, its deadlines, and that nothing is overwritten.

use super::{Draft, Outcome, Rater, Review, Step};
use crate::command::Command;
use crate::event::Event;
use crate::form::{Answer, Form, NO, Value, YES, shipped};
use crate::id::{EvaluationId, FormId, QuestionId};
use crate::limits::{
    EVALUATIONS_MAX, EXCUSES_MAX, FORMS_MAX, NOTE_BYTES_MAX, NOTES_BYTES_MAX, RULES_KEPT_MAX, TERM_MS_MAX,
};
use crate::mark::Mark;
use crate::quality::Quality;
use crate::refusal::Refusal;
use crate::terms::Terms;
use cordboard_floor::decider::{Decided, Decider, Stamp};
use cordboard_floor::event::Sealed;
use cordboard_floor::{
    AccountId, Actor, AgentId, ContactId, Instant, Millis, PersonId, ReasonId, SiteId, Submission,
};

const LI: AgentId = AgentId::fixed("1001");
const WANG: AgentId = AgentId::fixed("1002");
const ZHAO: AccountId = AccountId::fixed("qa-zhao");
const CHEN: AccountId = AccountId::fixed("qa-chen");
const FORM: FormId = FormId::fixed("short");
const GREETING: QuestionId = QuestionId::fixed("greeting");
const CLOSING: QuestionId = QuestionId::fixed("closing");

const SHORT: &str = r#"
form = "short"
version = 1
title = { zh = "短表", en = "Short" }
[[sections]]
id = "all"
title = { zh = "全部", en = "All" }
[[sections.questions]]
id = "greeting"
text = { zh = "问候", en = "Greets" }
worth = { points = 3 }
[[sections.questions]]
id = "closing"
text = { zh = "结束语", en = "Closes" }
worth = { points = 1 }
"#;

fn form() -> Form {
    Form::read("short.toml", SHORT).unwrap()
}

fn at(second: u64) -> Instant {
    Instant::from_micros(1_795_338_000_000_000).plus(Millis::from_secs(second))
}

fn text(bytes: usize) -> Sealed {
    Sealed { person: PersonId(1), bytes: vec![7; bytes].into() }
}

fn answers(greeting: bool, closing: bool) -> Vec<Answer> {
    let yes = |well| Value::Chosen(if well { YES } else { NO });
    vec![Answer::plain(GREETING, yes(greeting)), Answer::plain(CLOSING, yes(closing))]
}

struct Desk {
    desk: Quality,
    log: Decided<Event>,
    now: u64,
}

impl Desk {
    fn new() -> Self {
        let mut desk = Self { desk: Quality::new(SiteId::fixed("main")), log: Vec::new(), now: 0 };
        desk.ask(Command::ApplyForm(Box::new(form()))).unwrap();
        desk
    }

    fn ask(&mut self, command: Command) -> Result<u64, Refusal> {
        let stamp = Stamp { at: at(self.now), seed: 0 };
        let submission = Submission { actor: Actor::Account(ZHAO), cause: None, reason: None, command };
        self.desk.decide(stamp, submission, &mut self.log).map(|done| done.seq)
    }

    fn tick(&mut self, now: u64) {
        self.now = now;
        self.desk.tick(Stamp { at: at(now), seed: 0 }, &mut self.log);
    }

    fn drafted(&mut self) -> EvaluationId {
        EvaluationId(self.ask(Command::DraftEvaluation(draft())).unwrap())
    }

    fn published(&mut self) -> EvaluationId {
        let evaluation = self.drafted();
        self.ask(submit(evaluation, answers(false, true))).unwrap();
        self.ask(Command::PublishEvaluation { evaluation, account: ZHAO }).unwrap();
        evaluation
    }

    fn appealed(&mut self) -> EvaluationId {
        let evaluation = self.published();
        self.ask(appeal(evaluation)).unwrap();
        evaluation
    }

    fn step(&self, evaluation: EvaluationId) -> Step {
        self.desk.evaluation(evaluation).unwrap().step
    }

    fn mark(&self, evaluation: EvaluationId) -> Option<Mark> {
        self.desk.evaluation(evaluation).unwrap().mark()
    }
}

fn draft() -> Draft {
    Draft {
        contact: ContactId(1),
        agent: LI,
        form: FORM,
        version: 1,
        rater: Rater::Quality,
        account: ZHAO,
        checks: None,
        seed: Some(42),
        round: None,
    }
}

fn submit(evaluation: EvaluationId, answers: Vec<Answer>) -> Command {
    Command::SubmitEvaluation { evaluation, account: ZHAO, answers }
}

fn appeal(evaluation: EvaluationId) -> Command {
    Command::AppealEvaluation { evaluation, agent: LI, questions: vec![GREETING], text: text(5) }
}

fn review(evaluation: EvaluationId, outcome: Outcome, answers: Vec<Answer>) -> Command {
    Command::ReviewEvaluation(Review { evaluation, account: CHEN, outcome, answers, text: None })
}

const DAY: u64 = 24 * 3_600;

#[test]
fn an_evaluation_is_marked_shown_and_acknowledged_and_closes() {
    let mut desk = Desk::new();
    let evaluation = desk.published();
    assert_eq!(desk.mark(evaluation), Some(Mark::points(25)));
    let acknowledge = Command::AcknowledgeEvaluation { evaluation, agent: LI, note: Some(text(2)) };
    desk.ask(acknowledge).unwrap();
    let refusal = desk.ask(appeal(evaluation));
    assert_eq!(refusal, Err(Refusal::WrongStep(evaluation, Step::Acknowledged)), "she has agreed");
    assert_eq!(desk.desk.next_deadline(), Some(at(7 * DAY)));
    desk.tick(7 * DAY - 1);
    assert_eq!(desk.step(evaluation), Step::Acknowledged);
    desk.tick(7 * DAY);
    assert_eq!((desk.step(evaluation), desk.desk.next_deadline()), (Step::Closed, None));
}

#[test]
fn silence_closes_when_the_time_to_appeal_is_over() {
    let mut desk = Desk::new();
    let evaluation = desk.published();
    desk.now = 5 * DAY;
    desk.ask(appeal(evaluation)).expect("the last moment counts");
    let mut desk = Desk::new();
    let evaluation = desk.published();
    desk.now = 5 * DAY + 1;
    assert_eq!(desk.ask(appeal(evaluation)), Err(Refusal::TooLate(at(5 * DAY))), "even before the tick");
    desk.tick(5 * DAY + 1);
    assert_eq!(desk.step(evaluation), Step::Closed);
}

#[test]
fn a_review_upholds_changes_or_voids_and_overwrites_nothing() {
    for (outcome, other, mark) in [
        (Outcome::Upheld, Vec::new(), Some(Mark::points(25))),
        (Outcome::Changed, answers(true, true), Some(Mark::FULL)),
        (Outcome::Void, Vec::new(), None),
    ] {
        let mut desk = Desk::new();
        let evaluation = desk.appealed();
        desk.ask(review(evaluation, outcome, other)).unwrap();
        assert_eq!(desk.mark(evaluation), mark, "{outcome:?}");
        let known = desk.desk.evaluation(evaluation).unwrap();
        assert_eq!(known.submitted.as_ref().unwrap().mark, Some(Mark::points(25)), "as it was");
        assert_eq!(known.answers, answers(false, true));
        assert_eq!(desk.ask(appeal(evaluation)), Err(Refusal::WrongStep(evaluation, Step::Reviewed)));
        desk.ask(Command::CloseEvaluation { evaluation, account: CHEN }).unwrap();
        assert_eq!(desk.step(evaluation), Step::Closed);
        assert_eq!(desk.mark(evaluation), mark);
    }
}

#[test]
fn who_marked_does_not_review_and_a_change_changes_something() {
    let mut desk = Desk::new();
    let evaluation = desk.appealed();
    let own = Review { evaluation, account: ZHAO, outcome: Outcome::Upheld, answers: Vec::new(), text: None };
    assert_eq!(desk.ask(Command::ReviewEvaluation(own)), Err(Refusal::OwnEvaluation(evaluation, ZHAO)));
    let same = review(evaluation, Outcome::Changed, answers(false, true));
    assert_eq!(desk.ask(same), Err(Refusal::NothingChanged(evaluation)));
    let with = review(evaluation, Outcome::Upheld, answers(true, true));
    assert_eq!(desk.ask(with).unwrap_err().code(), "invalid");
    let half = review(evaluation, Outcome::Changed, answers(true, true)[..1].to_vec());
    assert_eq!(desk.ask(half).unwrap_err().code(), "answers");
}

#[test]
fn an_overdue_review_is_said_once_and_still_possible() {
    let mut desk = Desk::new();
    let evaluation = desk.appealed();
    desk.tick(5 * DAY);
    desk.tick(6 * DAY);
    let said = desk.log.iter().filter(|recorded| matches!(recorded.event, Event::EvaluationReviewOverdue(_)));
    assert_eq!(said.count(), 1);
    assert!(desk.desk.evaluation(evaluation).unwrap().overdue);
    assert_eq!((desk.step(evaluation), desk.desk.next_deadline()), (Step::Appealed, None));
    desk.ask(review(evaluation, Outcome::Upheld, Vec::new())).unwrap();
    assert!(!desk.desk.evaluation(evaluation).unwrap().overdue);
    desk.tick(13 * DAY);
    assert_eq!(desk.step(evaluation), Step::Closed);
}

#[test]
fn what_is_not_hers_or_not_shown_she_does_not_see() {
    let mut desk = Desk::new();
    let evaluation = desk.drafted();
    desk.ask(submit(evaluation, answers(true, true))).unwrap();
    assert_eq!(desk.ask(appeal(evaluation)), Err(Refusal::UnknownEvaluation(evaluation)));
    desk.ask(Command::PublishEvaluation { evaluation, account: ZHAO }).unwrap();
    let other = Command::AcknowledgeEvaluation { evaluation, agent: WANG, note: None };
    assert_eq!(desk.ask(other), Err(Refusal::NotAboutYou(evaluation, LI)));
}

#[test]
fn a_blind_second_look_is_anothers_and_is_not_published() {
    let mut desk = Desk::new();
    let first = desk.drafted();
    let second = Draft { rater: Rater::Second, account: CHEN, checks: Some(first), ..draft() };
    let own = Draft { account: ZHAO, ..second };
    assert_eq!(desk.ask(Command::DraftEvaluation(own)), Err(Refusal::OwnEvaluation(first, ZHAO)));
    for wrong in [
        Draft { checks: None, ..second },
        Draft { rater: Rater::Peer, ..second },
        Draft { agent: WANG, ..second },
    ] {
        assert_eq!(desk.ask(Command::DraftEvaluation(wrong)).unwrap_err().code(), "invalid", "{wrong:?}");
    }
    let evaluation = EvaluationId(desk.ask(Command::DraftEvaluation(second)).unwrap());
    let answers = answers(true, false);
    desk.ask(Command::SubmitEvaluation { evaluation, account: CHEN, answers }).unwrap();
    let publish = Command::PublishEvaluation { evaluation, account: CHEN };
    assert_eq!(desk.ask(publish), Err(Refusal::NotForAgents(evaluation)));
    desk.ask(Command::CloseEvaluation { evaluation, account: CHEN }).unwrap();
    let terms = Terms::default();
    let counting =
        [Rater::Quality, Rater::Own, Rater::Peer, Rater::Mystery, Rater::Calibration, Rater::Second];
    let counting = counting.map(|rater| rater.counts_for_pay(&terms));
    assert_eq!(counting, [true, false, false, false, false, false]);
    assert!(Rater::Peer.counts_for_pay(&Terms { peers_count: true, ..terms }));
}

#[test]
fn the_same_is_drafted_once_unless_it_was_in_vain() {
    let mut desk = Desk::new();
    let first = desk.drafted();
    assert_eq!(desk.drafted(), first);
    let stranger = Command::DiscardEvaluation { evaluation: first, account: CHEN };
    assert_eq!(desk.ask(stranger), Err(Refusal::NotYourEvaluation(first, ZHAO)));
    desk.ask(Command::DiscardEvaluation { evaluation: first, account: ZHAO }).unwrap();
    let second = desk.drafted();
    assert_ne!(second, first);
    let submitted = Command::SubmitEvaluation { evaluation: second, account: CHEN, answers: Vec::new() };
    assert_eq!(desk.ask(submitted), Err(Refusal::NotYourEvaluation(second, ZHAO)));
    desk.ask(submit(second, answers(true, true))).unwrap();
    desk.ask(submit(second, answers(true, true))).expect("the same again is an answer");
    assert_eq!(
        desk.ask(submit(second, answers(false, true))),
        Err(Refusal::WrongStep(second, Step::Submitted))
    );
    let discard = Command::DiscardEvaluation { evaluation: second, account: ZHAO };
    assert_eq!(desk.ask(discard), Err(Refusal::WrongStep(second, Step::Submitted)));
    let unknown = Draft { version: 2, ..draft() };
    assert_eq!(desk.ask(Command::DraftEvaluation(unknown)), Err(Refusal::UnknownForm(FORM, 2)));
    let nowhere = Draft { contact: ContactId(999), ..draft() };
    assert_eq!(desk.ask(Command::DraftEvaluation(nowhere)).unwrap_err().code(), "invalid");
}

#[test]
fn as_a_mystery_caller_nobody_marks_what_still_counts_as_a_customers() {
    let mut desk = Desk::new();
    let mystery = Draft { rater: Rater::Mystery, ..draft() };
    let refused = Refusal::NotMystery(mystery.contact);
    assert_eq!(desk.ask(Command::DraftEvaluation(mystery)), Err(refused.clone()));
    assert!(refused.to_string().contains("mark it first"), "{refused}");
    desk.ask(Command::MarkMystery { contact: mystery.contact, account: ZHAO }).unwrap();
    desk.ask(Command::DraftEvaluation(mystery)).unwrap();
}

#[test]
fn a_form_is_frozen_by_its_first_use() {
    let mut desk = Desk::new();
    let mut other = form();
    other.title.en = "Shorter".into();
    desk.ask(Command::ApplyForm(Box::new(other.clone()))).expect("nobody has used it yet");
    desk.drafted();
    assert_eq!(desk.ask(Command::ApplyForm(Box::new(form()))), Err(Refusal::FormFrozen(FORM, 1)));
    desk.ask(Command::ApplyForm(Box::new(other.clone()))).expect("the same again is an answer");
    other.version = 2;
    desk.ask(Command::ApplyForm(Box::new(other.clone()))).unwrap();
    other.version = 0;
    assert_eq!(desk.ask(Command::ApplyForm(Box::new(other))).unwrap_err().code(), "faulty");
    assert!(desk.desk.form(FORM, 1).is_some() && desk.desk.form(FORM, 2).is_some());
}

#[test]
fn every_shipped_form_can_be_applied() {
    let mut desk = Desk::new();
    for form in shipped::forms().unwrap() {
        desk.ask(Command::ApplyForm(Box::new(form))).unwrap();
    }
}

#[test]
fn the_log_makes_the_same_desk_again() {
    let mut desk = Desk::new();
    let evaluation = desk.appealed();
    desk.ask(review(evaluation, Outcome::Changed, answers(true, false))).unwrap();
    desk.tick(20 * DAY);
    let mut replayed = Quality::new(SiteId::fixed("main"));
    desk.log.iter().for_each(|recorded| replayed.apply(recorded));
    assert_eq!(replayed.evaluations, desk.desk.evaluations);
    assert_eq!((replayed.last_seq(), replayed.last_at()), (desk.desk.last_seq(), desk.desk.last_at()));
    let open = Draft { contact: ContactId(2), ..draft() };
    let open = EvaluationId(desk.ask(Command::DraftEvaluation(open)).unwrap());
    let bytes = rmp_serde::to_vec(&desk.desk).unwrap();
    let mut restored: Quality = rmp_serde::from_slice(&bytes).unwrap();
    restored.reindex();
    assert_eq!(restored.evaluations, desk.desk.evaluations);
    assert_eq!(restored.next_deadline(), desk.desk.next_deadline());
    assert!(restored.evaluation(open).is_some());
}

#[test]
fn numbers_that_other_desks_took_are_passed() {
    let mut desk = Desk::new();
    desk.desk.pass(1_000, at(3));
    desk.now = 4;
    assert_eq!(desk.ask(Command::DraftEvaluation(Draft { contact: ContactId(999), ..draft() })), Ok(1_001));
}

#[test]
fn excuses_are_granted_withdrawn_and_limited() {
    let mut desk = Desk::new();
    let why = ReasonId::fixed("incident");
    let grant =
        |from, until| Command::GrantExcuse { agent: None, rule: None, from, until, why, account: None };
    assert_eq!(desk.ask(grant(at(5), at(5))).unwrap_err().code(), "invalid");
    let long = at(5).plus(Millis(TERM_MS_MAX + 1));
    assert_eq!(desk.ask(grant(at(5), long)).unwrap_err().code(), "over_limit");
    let excuse = crate::id::ExcuseId(desk.ask(grant(at(5), at(9))).unwrap());
    assert_eq!(desk.desk.excuses().count(), 1);
    desk.ask(Command::WithdrawExcuse { excuse, account: None }).unwrap();
    let again = Command::WithdrawExcuse { excuse, account: None };
    assert_eq!(desk.ask(again), Err(Refusal::UnknownExcuse(excuse)));
    for _ in 0..=EXCUSES_MAX {
        desk.ask(grant(at(5), at(9))).unwrap();
    }
    assert_eq!(desk.desk.excuses().count(), EXCUSES_MAX);
}

#[test]
fn notes_and_terms_and_forms_have_limits() {
    let mut desk = Desk::new();
    let evaluation = desk.drafted();
    let with = |bytes: usize| {
        let mut answers = answers(true, true);
        answers[0].note = Some(text(bytes));
        submit(evaluation, answers)
    };
    assert_eq!(desk.ask(with(NOTE_BYTES_MAX + 1)).unwrap_err().code(), "over_limit");
    let many: Vec<Sealed> = (0..=NOTES_BYTES_MAX / NOTE_BYTES_MAX).map(|_| text(NOTE_BYTES_MAX)).collect();
    assert_eq!(super::check_sealed(&many).unwrap_err().code(), "over_limit");
    assert!(super::check_sealed(&many[1..]).is_ok());
    desk.ask(with(NOTE_BYTES_MAX)).unwrap();
    let terms = |appeal_ms| Command::ApplyTerms(Terms { appeal_ms: Millis(appeal_ms), ..Terms::default() });
    assert_eq!(desk.ask(terms(TERM_MS_MAX + 1)).unwrap_err().code(), "over_limit");
    let applied = desk.ask(terms(TERM_MS_MAX)).unwrap();
    assert_eq!(desk.ask(terms(TERM_MS_MAX)), Ok(applied), "the same again is an answer");
    let versions =
        |desk: &mut Desk, version| desk.ask(Command::ApplyForm(Box::new(Form { version, ..form() })));
    for version in 2..=FORMS_MAX as u32 {
        versions(&mut desk, version).unwrap();
    }
    assert_eq!(versions(&mut desk, FORMS_MAX as u32 + 1).unwrap_err().code(), "over_limit");
    let rule = crate::conduct::Conduct::shipped().unwrap().rules.remove(0);
    let apply = |desk: &mut Desk, version| {
        let rule = crate::conduct::Rule { version, ..rule.clone() };
        desk.ask(Command::ApplyRule(Box::new(rule)))
    };
    for version in 1..=RULES_KEPT_MAX as u32 {
        apply(&mut desk, version).unwrap();
    }
    assert_eq!(apply(&mut desk, RULES_KEPT_MAX as u32 + 1).unwrap_err().code(), "over_limit");
}

#[test]
fn what_is_over_is_forgotten_and_what_is_open_is_not() {
    let mut desk = Desk::new();
    let first = desk.drafted();
    desk.ask(Command::DiscardEvaluation { evaluation: first, account: ZHAO }).unwrap();
    // Drafts of a desk that holds as many as it may, as the log would tell them: deciding each would look at all
    // others.
    let event = |evaluation| crate::event::EvaluationDrafted {
        evaluation,
        contact: ContactId(1),
        agent: WANG,
        form: FORM,
        version: 1,
        rater: Rater::Quality,
        evaluator: CHEN,
        checks: None,
        seed: None,
        round: None,
    };
    for _ in 0..EVALUATIONS_MAX {
        let seq = desk.desk.last_seq() + 1;
        let recorded = cordboard_floor::Recorded {
            seq,
            at: at(1),
            site: SiteId::fixed("main"),
            actor: Actor::system("test"),
            reason: None,
            cause: None,
            event: Event::from(event(EvaluationId(seq))),
        };
        desk.desk.apply(&recorded);
    }
    assert_eq!(desk.desk.evaluations().count(), EVALUATIONS_MAX);
    assert!(desk.desk.evaluation(first).is_none(), "it was over");
    desk.now = 2;
    assert_eq!(desk.ask(Command::DraftEvaluation(draft())).unwrap_err().code(), "over_limit");
}

#[test]
fn one_tick_serves_so_many_and_the_next_the_rest() {
    let mut desk = Desk::new();
    let count = crate::limits::DUE_PER_TICK_MAX + 3;
    for number in 0..count {
        desk.desk.pass(desk.desk.last_seq() + 1, at(0));
        let contact = ContactId(desk.desk.last_seq() - number as u64 % 2);
        let evaluation =
            EvaluationId(desk.ask(Command::DraftEvaluation(Draft { contact, ..draft() })).unwrap());
        desk.ask(submit(evaluation, answers(true, true))).unwrap();
        desk.ask(Command::PublishEvaluation { evaluation, account: ZHAO }).unwrap();
    }
    desk.tick(30 * DAY);
    let open = |desk: &Desk| desk.desk.evaluations().filter(|(_, known)| !known.is_over()).count();
    assert_eq!(open(&desk), 3);
    desk.tick(30 * DAY);
    assert_eq!(open(&desk), 0);
}
