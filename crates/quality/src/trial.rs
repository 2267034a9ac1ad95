//! A desk to try things at, for the tests of this crate.

use crate::command::Command;
use crate::conduct::Conduct;
use crate::event::Event;
use crate::form::{Answer, Form, NO, Value, YES};
use crate::id::{EvaluationId, FormId, QuestionId};
use crate::quality::Quality;
use crate::refusal::Refusal;
use cordboard_floor::decider::{Decided, Decider, Stamp};
use cordboard_floor::event::Sealed;
use cordboard_floor::{AccountId, AgentId, Instant, Millis, PersonId, SiteId, Submission};

pub(crate) const LI: AgentId = AgentId::fixed("1001");
pub(crate) const WANG: AgentId = AgentId::fixed("1002");
pub(crate) const ZHAO: AccountId = AccountId::fixed("qa-zhao");
pub(crate) const CHEN: AccountId = AccountId::fixed("qa-chen");
pub(crate) const LEADER: AccountId = AccountId::fixed("leader");
pub(crate) const FORM: FormId = FormId::fixed("short");

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

/// s since the log began, on 2026-11-22.
pub(crate) fn at(second: u64) -> Instant {
    Instant::from_micros(1_795_338_000_000_000).plus(Millis::from_secs(second))
}

pub(crate) fn text(bytes: usize) -> Sealed {
    Sealed { person: PersonId(1), bytes: vec![7; bytes].into() }
}

pub(crate) fn answers(greeting: bool, closing: bool) -> Vec<Answer> {
    let yes = |well| Value::Chosen(if well { YES } else { NO });
    vec![
        Answer::plain(QuestionId::fixed("greeting"), yes(greeting)),
        Answer::plain(QuestionId::fixed("closing"), yes(closing)),
    ]
}

/// With the rules that ship, a short form in two versions, and 100 000 numbers of other desks before.
pub(crate) struct Desk {
    pub(crate) desk: Quality,
    pub(crate) log: Decided<Event>,
    pub(crate) now: u64,
    passed: Instant,
}

pub(crate) const PASSED: u64 = 100_000;

impl Desk {
    pub(crate) fn new() -> Self {
        let mut desk =
            Self { desk: Quality::new(SiteId::fixed("main")), log: Vec::new(), now: 0, passed: at(0) };
        desk.desk.pass(PASSED, desk.passed);
        for version in [1, 2] {
            let form = Form { version, ..Form::read("short.toml", SHORT).unwrap() };
            desk.ask(Command::ApplyForm(Box::new(form))).unwrap();
        }
        for rule in Conduct::shipped().unwrap().rules {
            desk.ask(Command::ApplyRule(Box::new(rule))).unwrap();
        }
        desk
    }

    pub(crate) fn ask(&mut self, command: Command) -> Result<u64, Refusal> {
        let stamp = Stamp { at: at(self.now), seed: 0 };
        self.desk.decide(stamp, Submission::system("test", command), &mut self.log).map(|done| done.seq)
    }

    /// The refusal's code.
    pub(crate) fn no(&mut self, command: Command) -> &'static str {
        let seq = self.desk.last_seq();
        let code = self.ask(command).expect_err("refused").code();
        assert_eq!(self.desk.last_seq(), seq, "a refusal takes no number");
        code
    }

    pub(crate) fn tick(&mut self, now: u64) {
        self.now = now;
        self.desk.tick(Stamp { at: at(now), seed: 0 }, &mut self.log);
    }

    pub(crate) fn submit(&mut self, evaluation: EvaluationId, account: AccountId, well: bool) {
        let answers = answers(well, true);
        self.ask(Command::SubmitEvaluation { evaluation, account, answers }).unwrap();
    }

    /// Live, replayed and restored are one state.
    pub(crate) fn hold(&self) {
        let mut replayed = Quality::new(SiteId::fixed("main"));
        replayed.pass(PASSED, self.passed);
        self.log.iter().for_each(|recorded| replayed.apply(recorded));
        let bytes = |desk: &Quality| rmp_serde::to_vec(desk).unwrap();
        assert_eq!(bytes(&replayed), bytes(&self.desk));
        let mut restored: Quality = rmp_serde::from_slice(&bytes(&self.desk)).unwrap();
        restored.reindex();
        assert_eq!(bytes(&restored), bytes(&self.desk));
        assert_eq!((&replayed.due, &restored.due), (&self.desk.due, &self.desk.due));
    }
}
