//! What must hold, each promise in a file of its own. A check reads what the house has made durable, the
//! floor that lives, and what was answered and told; it never changes any of it, and shares no line with
//! what it checks.

mod acknowledged;
mod audited;
mod capacity;
mod ends_once;
mod explained;
mod idle;
mod in_time;
mod nobody_lost;
mod one_owner;
mod opinion;
mod order;
mod replay;
mod reserved;
mod timers;
mod told;

use cordboard_engine::Answer;
use cordboard_floor::actor::Cause;
use cordboard_floor::{AgentId, Decider as _, Event, Floor, Instant, Recorded, Refusal};
use std::fmt;
use std::sync::Arc;

/// A sentence about the first thing that is wrong.
pub(crate) type Verdict = Result<(), String>;

/// Says no with a sentence.
macro_rules! ensure {
    ($holds:expr, $($words:tt)+) => {
        if !$holds {
            return Err(format!($($words)+));
        }
    };
}
pub(crate) use ensure;

/// The house when a step is over.
pub(crate) struct Rest<'a> {
    /// When the step was made.
    pub(crate) now: Instant,
    /// The live floor.
    pub(crate) floor: &'a Floor,
    /// The floor that only saw the log's bytes.
    pub(crate) shadow: &'a Floor,
    /// When the floor next wants to be woken.
    pub(crate) next_deadline: Option<Instant>,
}

/// One promise. Whatever a check does not look at, it lets pass.
pub(crate) trait Check {
    /// Its name.
    fn name(&self) -> &'static str;
    /// What it promises, in a sentence.
    fn promise(&self) -> &'static str;
    /// An event, and the floor just before it. `able` is since when the engine could have run.
    fn before(&mut self, _floor: &Floor, _event: &Recorded<Event>, _able: Instant) -> Verdict {
        Ok(())
    }
    /// An event, and the floor just after it.
    fn after(&mut self, _floor: &Floor, _event: &Recorded<Event>) -> Verdict {
        Ok(())
    }
    /// A step is over.
    fn rest(&mut self, _rest: &Rest<'_>) -> Verdict {
        Ok(())
    }
    /// An event as it was published, beside the same as it lies in the log.
    fn published(&mut self, _published: &Recorded<Event>, _logged: &Recorded<Event>) -> Verdict {
        Ok(())
    }
    /// A command was answered, after what it caused was durable.
    fn answered(&mut self, _cause: Option<&Cause>, _answer: &Answer<Refusal>, _durable: u64) -> Verdict {
        Ok(())
    }
    /// The log was opened again: all that it holds.
    fn opened(&mut self, _log: &[Recorded<Event>], _state_hash: &str) -> Verdict {
        Ok(())
    }
    /// An agent was told something.
    fn told(&mut self, _agent: AgentId, _event: &Recorded<Event>) -> Verdict {
        Ok(())
    }
    /// An agent is informed up to this number.
    fn informed(&mut self, _agent: AgentId, _up_to: u64) -> Verdict {
        Ok(())
    }
}

/// Every check.
fn all() -> Vec<Box<dyn Check>> {
    vec![
        Box::new(nobody_lost::NobodyLost::default()),
        Box::new(ends_once::EndsOnce::default()),
        Box::new(capacity::Capacity),
        Box::new(one_owner::OneOwner::default()),
        Box::new(reserved::Reserved::default()),
        Box::new(idle::Idle),
        Box::new(order::Order),
        Box::new(in_time::InTime),
        Box::new(timers::Timers::default()),
        Box::new(replay::Replay),
        Box::new(explained::Explained),
        Box::new(acknowledged::Acknowledged::default()),
        Box::new(told::Told::default()),
        Box::new(audited::Audited::default()),
    ]
}

/// Names and promises of every check, for those who read a report.
pub fn promises() -> Vec<(&'static str, &'static str)> {
    all().iter().map(|check| (check.name(), check.promise())).collect()
}

/// A broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which check found it.
    pub check: &'static str,
    /// What it found.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.check, self.what)
    }
}

/// All checks at work, with a floor that sees nothing but the log.
pub(crate) struct Bench {
    checks: Vec<Box<dyn Check>>,
    pub(crate) shadow: Floor,
    pub(crate) findings: Vec<Finding>,
    /// Off for the second run of a seed: a check that changed anything would be found out by that.
    watching: bool,
}

impl fmt::Debug for Bench {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Bench({} findings)", self.findings.len())
    }
}

impl Bench {
    pub(crate) fn new(watching: bool) -> Self {
        let checks = if watching { all() } else { Vec::new() };
        let shadow = Floor::new(super::subject::SITE);
        Self { checks, shadow, findings: Vec::new(), watching }
    }

    /// Whether anybody looks.
    pub(crate) const fn watching(&self) -> bool {
        self.watching
    }

    /// Notes what the world itself found.
    pub(crate) fn find(&mut self, check: &'static str, what: impl Into<String>) {
        self.findings.push(Finding { check, what: what.into() });
    }

    /// An event from the log, in its turn.
    pub(crate) fn logged(&mut self, event: &Recorded<Event>, able: Instant) {
        let shadow = &self.shadow;
        ask(&mut self.checks, &mut self.findings, |check| check.before(shadow, event, able));
        self.shadow.apply(event);
        let shadow = &self.shadow;
        ask(&mut self.checks, &mut self.findings, |check| check.after(shadow, event));
    }

    /// What the feed gives, beside what the log holds.
    pub(crate) fn published(&mut self, published: &Arc<Recorded<Event>>, logged: &Recorded<Event>) {
        ask(&mut self.checks, &mut self.findings, |check| check.published(published, logged));
    }

    /// A step is over.
    pub(crate) fn rest(&mut self, now: Instant, floor: &Floor, next_deadline: Option<Instant>) {
        let rest = Rest { now, floor, shadow: &self.shadow, next_deadline };
        ask(&mut self.checks, &mut self.findings, |check| check.rest(&rest));
    }

    /// A command was answered.
    pub(crate) fn answered(&mut self, cause: Option<&Cause>, answer: &Answer<Refusal>, durable: u64) {
        ask(&mut self.checks, &mut self.findings, |check| check.answered(cause, answer, durable));
    }

    /// The log was opened again.
    pub(crate) fn opened(&mut self, log: &[Recorded<Event>], state_hash: &str) {
        ask(&mut self.checks, &mut self.findings, |check| check.opened(log, state_hash));
    }

    /// An agent was told something.
    pub(crate) fn told(&mut self, agent: AgentId, event: &Recorded<Event>) {
        ask(&mut self.checks, &mut self.findings, |check| check.told(agent, event));
    }

    /// An agent is informed up to this number.
    pub(crate) fn informed(&mut self, agent: AgentId, up_to: u64) {
        ask(&mut self.checks, &mut self.findings, |check| check.informed(agent, up_to));
    }
}

fn ask(
    checks: &mut [Box<dyn Check>],
    findings: &mut Vec<Finding>,
    mut question: impl FnMut(&mut dyn Check) -> Verdict,
) {
    for check in checks {
        if let Err(what) = question(&mut **check) {
            findings.push(Finding { check: check.name(), what });
        }
    }
}
