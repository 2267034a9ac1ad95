//! One row into one call, by the layout: the judge of what a row means and of the dirt in it.
//!
//! It sees a single row. What shows only between rows (order, duplicates) is for `read.rs`.

use jiff::civil::Date;

use super::layout::{Action, Columns, HandledFrom, InMenuWhen, Names, Outcome, QueueFrom, is_id};
use super::stamp::{DURATION_S_MAX, seconds_us};
use super::{Layout, Onward, RecordedCall, RecordedEnd, Rule, SECOND_US};

/// Why a row is no call: a stable slug, and the value that shows it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) reason: &'static str,
    pub(crate) found: String,
}

/// What became of a row.
#[derive(Debug)]
pub(super) enum Verdict {
    Call(RecordedCall),
    Ignored,
    Rejected(Fault),
}

/// Ways out of reading a row before its end.
enum Stop {
    Ignored,
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Stop::Fault(fault)
    }
}

type Told<T> = Result<T, Stop>;

/// Values of a row, seen through a layout.
pub(super) struct Row<'a, V> {
    pub(super) layout: &'a Layout,
    pub(super) places: &'a Columns<usize>,
    pub(super) names: usize,
    pub(super) values: &'a [V],
    pub(super) line: u64,
}

impl<V: AsRef<str>> Row<'_, V> {
    /// Judges the row and notes its dirt, each rule once.
    pub(super) fn judge(&self, dirt: &mut Vec<Rule>) -> Verdict {
        let verdict = match self.call(dirt) {
            Ok(call) => Verdict::Call(call),
            Err(Stop::Ignored) => Verdict::Ignored,
            Err(Stop::Fault(fault)) => Verdict::Rejected(fault),
        };
        dirt.sort_unstable();
        dirt.dedup();
        verdict
    }

    fn call(&self, dirt: &mut Vec<Rule>) -> Told<RecordedCall> {
        if self.values.len() < self.names {
            let found = format!("{} of {}", self.values.len(), self.names);
            return Err(Fault { reason: "too_few_columns", found }.into());
        }
        if self.values.len() > self.names {
            let found = || format!("{} of {}", self.values.len(), self.names);
            self.apply(Rule::ExtraColumns, dirt, found)?;
        }
        self.blanks(dirt)?;
        let outcome = self.outcome(dirt)?;
        let columns = self.places;
        let date = self.date()?;
        let arrived_us = self.arrived(date)?;
        let times = self.times(date, arrived_us, dirt)?;
        let menu_us = self.menu(arrived_us, &times, dirt)?;
        let queued_us = times.queue_entry.unwrap_or(arrived_us + menu_us);
        let agent = self.text(columns.agent, &self.layout.absent.agent)?;
        let wait_end = if outcome == Outcome::Answered { times.answered } else { times.ended };
        let waited_us = self.waited(queued_us, wait_end, dirt)?;
        let end = if outcome == Outcome::Answered {
            let waited_us = self.clamped_to_queue_end(waited_us, &times, dirt)?;
            let handle_us = self.handled(&times, dirt)?;
            if agent.is_none() {
                self.apply(Rule::AnsweredWithoutAgent, dirt, String::new)?;
            }
            if handle_us == 0 {
                self.apply(Rule::ZeroService, dirt, String::new)?;
            }
            RecordedEnd::Answered { waited_us, handle_us, agent }
        } else {
            self.abandoned(waited_us, agent, &times, dirt)?
        };
        let entered_queue = match columns.queue_entry {
            Some(_) => times.queue_entry.is_some(),
            None => end != RecordedEnd::AbandonedInMenu,
        };
        let onward = self.onward(&end, &times);
        let call = RecordedCall {
            line: self.line,
            call_id: self.call_id()?,
            caller: self.caller(dirt)?,
            arrived_us,
            menu_us,
            queue: self.queue()?,
            kind: self.kind()?,
            priority: self.priority(dirt)?,
            entered_queue,
            end,
            onward,
        };
        Ok(call)
    }

    /// What followed the answer. A transfer counts where the layout ends the agent's part with it.
    fn onward(&self, end: &RecordedEnd, times: &Times) -> Onward {
        let answered = matches!(end, RecordedEnd::Answered { .. });
        let gives_on = self.layout.handled_from == HandledFrom::AnsweredToTransferred;
        let transferred_us = times.transferred.filter(|_| answered && gives_on);
        Onward {
            consulted_us: times.consulted.filter(|_| answered),
            transferred_us,
            ended_us: times.ended.filter(|_| transferred_us.is_some()),
        }
    }

    /// What the layout wants done about dirt: go on with the row as it is (`false`), go on with it clamped (`true`), or stop.
    fn apply(&self, rule: Rule, dirt: &mut Vec<Rule>, found: impl FnOnce() -> String) -> Told<bool> {
        dirt.push(rule);
        match self.layout.action(rule) {
            Action::Accept => Ok(false),
            Action::Clamp => Ok(true),
            Action::Ignore => Err(Stop::Ignored),
            Action::Reject => Err(Fault { reason: rule.slug(), found: found() }.into()),
        }
    }

    /// The value in a column, or `None` where nothing stands there or a word that means nothing.
    fn value(&self, place: Option<usize>, absent: &[String]) -> Option<&str> {
        let value = self.values.get(place?)?.as_ref().trim();
        let is_absent = |words: &[String]| words.iter().any(|word| word == value);
        let nothing = value.is_empty() || is_absent(&self.layout.absent.everywhere) || is_absent(absent);
        (!nothing).then_some(value)
    }

    fn text(&self, place: Option<usize>, absent: &[String]) -> Told<Option<String>> {
        match self.value(place, absent) {
            Some(text) if text.chars().any(char::is_control) => Err(fault("control_character", text)),
            text => Ok(text.map(str::to_owned)),
        }
    }

    fn blanks(&self, dirt: &mut Vec<Rule>) -> Told<()> {
        let values = &self.values[..self.names];
        match values.iter().map(AsRef::as_ref).find(|value| value.trim() != *value) {
            Some(value) => self.apply(Rule::SurroundingBlanks, dirt, || value.to_owned()).map(drop),
            None => Ok(()),
        }
    }

    fn outcome(&self, dirt: &mut Vec<Rule>) -> Told<Outcome> {
        let Some(place) = self.places.outcome else {
            let answered = self.value(self.places.answered, &self.layout.absent.time).is_some();
            return Ok(if answered { Outcome::Answered } else { Outcome::Abandoned });
        };
        let word = self.value(Some(place), &[]).unwrap_or_default();
        match self.layout.outcomes.get(word) {
            Some(Outcome::Ignored) => {
                self.dirt_in_ignored(dirt);
                Err(Stop::Ignored)
            }
            Some(&outcome) => Ok(outcome),
            None => {
                self.apply(Rule::UnknownOutcome, dirt, || word.to_owned())?;
                Err(fault(Rule::UnknownOutcome.slug(), word))
            }
        }
    }

    /// A row that is no call is not read, but what is plainly wrong in it is still counted.
    fn dirt_in_ignored(&self, dirt: &mut Vec<Rule>) {
        let columns = self.places;
        let durations = [columns.menu_seconds, columns.wait_seconds, columns.service_seconds];
        let negative = durations
            .iter()
            .any(|&place| self.value(place, &[]).and_then(seconds_us).is_some_and(|us| us < 0));
        if negative {
            dirt.push(Rule::NegativeDuration);
        }
    }

    fn date(&self) -> Told<Option<Date>> {
        if self.places.date.is_none() {
            return Ok(None);
        }
        let text = self.value(self.places.date, &[]).ok_or_else(|| fault("date_missing", ""))?;
        self.layout.stamps.date(text).map(Some).ok_or_else(|| fault("bad_date", text))
    }

    fn arrived(&self, date: Option<Date>) -> Told<i64> {
        let text = self.value(Some(self.places.arrived), &[]).ok_or_else(|| fault("arrival_missing", ""))?;
        self.layout.stamps.instant(text, date).ok_or_else(|| fault("bad_time", text))
    }

    fn times(&self, date: Option<Date>, arrived_us: i64, dirt: &mut Vec<Rule>) -> Told<Times> {
        let columns = self.places;
        let mut next_day = false;
        let mut time = |place| -> Told<Option<i64>> {
            let Some(text) = self.value(place, &self.layout.absent.time) else { return Ok(None) };
            let read = self.layout.stamps.later(text, date, arrived_us);
            let (us, rolled) = read.ok_or_else(|| fault("bad_time", text))?;
            next_day |= rolled;
            Ok(Some(us))
        };
        let times = Times {
            consulted: time(columns.consulted)?,
            queue_entry: time(columns.queue_entry)?,
            queue_end: time(columns.queue_end)?,
            answered: time(columns.answered)?,
            transferred: time(columns.transferred)?,
            ended: time(columns.ended)?,
        };
        if next_day {
            self.apply(Rule::AfterMidnight, dirt, String::new)?;
        }
        if columns.ended.is_some() && times.ended.is_none() {
            self.apply(Rule::NoHangup, dirt, String::new)?;
        }
        Ok(times)
    }

    fn seconds(&self, place: usize, missing: &'static str) -> Told<i64> {
        let text = self.value(Some(place), &[]).ok_or_else(|| fault(missing, ""))?;
        seconds_us(text).ok_or_else(|| fault("bad_number", text))
    }

    /// A duration that a call can have.
    fn duration(&self, us: i64, dirt: &mut Vec<Rule>) -> Told<i64> {
        let shown = || (us / SECOND_US).to_string();
        if us.abs() > DURATION_S_MAX * SECOND_US {
            return Err(Fault { reason: "duration_too_long", found: shown() }.into());
        }
        if us < 0 {
            self.apply(Rule::NegativeDuration, dirt, shown)?;
        }
        Ok(us.max(0))
    }

    fn menu(&self, arrived_us: i64, times: &Times, dirt: &mut Vec<Rule>) -> Told<i64> {
        let us = match (self.places.menu_seconds, times.queue_entry) {
            (Some(place), _) => self.seconds(place, "menu_time_missing")?,
            (None, Some(entry)) => entry - arrived_us,
            (None, None) => 0,
        };
        self.duration(us, dirt)
    }

    fn waited(&self, queued_us: i64, wait_end: Option<i64>, dirt: &mut Vec<Rule>) -> Told<i64> {
        let us = match (self.places.wait_seconds, wait_end) {
            (Some(place), _) => self.seconds(place, "wait_missing")?,
            (None, Some(end)) => end - queued_us,
            (None, None) => return Err(fault("wait_missing", "")),
        };
        self.duration(us, dirt)
    }

    /// The wait of an answered call, after the rule about service that starts before the queue's end.
    fn clamped_to_queue_end(&self, waited_us: i64, times: &Times, dirt: &mut Vec<Rule>) -> Told<i64> {
        let columns = self.places;
        if columns.answered.is_some() && times.answered.is_none() {
            self.apply(Rule::AnsweredWithoutStart, dirt, String::new)?;
        }
        let Some(end) = times.queue_end else { return Ok(waited_us) };
        let early_us = match times.answered {
            Some(start) if start >= end => return Ok(waited_us),
            Some(start) => end - start,
            None => 0,
        };
        let shown = || format!("{} s early", early_us / SECOND_US);
        let clamped = self.apply(Rule::ServiceBeforeQueueEnd, dirt, shown)?;
        // A wait that was written down ends with the queue; one that was reckoned ended with the start of service.
        Ok(match (columns.wait_seconds.is_some(), clamped) {
            (true, true) | (false, false) => waited_us,
            (true, false) => (waited_us - early_us).max(0),
            (false, true) => waited_us + early_us,
        })
    }

    fn handled(&self, times: &Times, dirt: &mut Vec<Rule>) -> Told<i64> {
        let until = match (self.layout.handled_from, self.places.service_seconds) {
            (HandledFrom::ServiceSeconds, Some(place)) => {
                let us = self.seconds(place, "service_time_missing")?;
                return self.duration(us, dirt);
            }
            (HandledFrom::AnsweredToTransferred, _) => times.transferred.or(times.ended),
            _ => times.ended,
        };
        let start = times.answered.ok_or_else(|| fault("answer_missing", ""))?;
        let until = until.ok_or_else(|| fault(Rule::NoHangup.slug(), ""))?;
        self.duration(until - start, dirt)
    }

    fn abandoned(
        &self,
        waited_us: i64,
        agent: Option<String>,
        times: &Times,
        dirt: &mut Vec<Rule>,
    ) -> Told<RecordedEnd> {
        let in_menu = match self.layout.in_menu_when {
            InMenuWhen::Never => false,
            InMenuWhen::NeverWaited => waited_us == 0,
            InMenuWhen::NoQueueEntry => times.queue_entry.is_none(),
        };
        if in_menu {
            if times.queue_entry.is_some() {
                self.apply(Rule::AbandonedOnQueueEntry, dirt, String::new)?;
            }
            return Ok(RecordedEnd::AbandonedInMenu);
        }
        Ok(match agent.filter(|_| self.layout.agent_rings_when_abandoned) {
            Some(agent) => RecordedEnd::AbandonedRinging { waited_us, agent },
            None => RecordedEnd::AbandonedInQueue { waited_us },
        })
    }

    fn call_id(&self) -> Told<Option<String>> {
        let mut id = String::new();
        for &place in &self.places.call_id {
            let Some(part) = self.text(Some(place), &[])? else { return Ok(None) };
            if !id.is_empty() {
                id.push('-');
            }
            id.push_str(&part);
        }
        Ok(Some(id).filter(|id| !id.is_empty()))
    }

    fn caller(&self, dirt: &mut Vec<Rule>) -> Told<Option<String>> {
        let caller = self.text(self.places.caller, &self.layout.absent.caller)?;
        if caller.is_none() && self.places.caller.is_some() {
            self.apply(Rule::CallerUnknown, dirt, String::new)?;
        }
        Ok(caller)
    }

    fn queue(&self) -> Told<String> {
        match &self.layout.queue {
            QueueFrom::Fixed(queue) => Ok(queue.clone()),
            QueueFrom::Column(names) => {
                let word = self.value(self.places.queue, &[]).ok_or_else(|| fault("queue_missing", ""))?;
                named(word, names).ok_or_else(|| fault("bad_queue", word))
            }
        }
    }

    fn kind(&self) -> Told<Option<String>> {
        let Some(word) = self.value(self.places.kind, &[]) else { return Ok(None) };
        named(word, &self.layout.kinds).map(Some).ok_or_else(|| fault("bad_kind", word))
    }

    fn priority(&self, dirt: &mut Vec<Rule>) -> Told<u8> {
        if self.places.priority.is_none() {
            return Ok(0);
        }
        let word = self.value(self.places.priority, &[]).unwrap_or_default();
        match self.layout.points.get(word) {
            Some(&points) => Ok(points),
            None => self.apply(Rule::UnknownPriority, dirt, || word.to_owned()).map(|_| 0),
        }
    }
}

/// The later times of a call, where they were reached.
struct Times {
    consulted: Option<i64>,
    queue_entry: Option<i64>,
    queue_end: Option<i64>,
    answered: Option<i64>,
    transferred: Option<i64>,
    ended: Option<i64>,
}

fn named(word: &str, names: &Names) -> Option<String> {
    let id = match names.names.get(word) {
        Some(id) => id.clone(),
        None => names.prefix.clone() + &word.to_ascii_lowercase(),
    };
    is_id(&id).then_some(id)
}

fn fault(reason: &'static str, found: &str) -> Stop {
    Stop::Fault(Fault { reason, found: found.to_owned() })
}
