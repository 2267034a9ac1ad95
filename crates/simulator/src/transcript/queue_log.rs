//! Asterisk's `queue_log` as a history: a layout of its own, since one call stands on many lines.
//!
//! | line | becomes |
//! |---|---|
//! | `ENTERQUEUE` | arrival and queue entry; of a call that is there already, its way into another queue |
//! | `CONNECT`, `RINGNOANSWER`, `RINGCANCELED` | rings, from the spans they carry, and the answer |
//! | `ABANDON` | the caller gave up, while it rang where a `RINGCANCELED` says so |
//! | `EXITWITHTIMEOUT` | timed out, or overflowed where another queue has it within five seconds |
//! | `EXITEMPTY`, `EXITWITHKEY` | withdrawn from the queue (or overflowed) |
//! | `COMPLETEAGENT`, `COMPLETECALLER` | the end, and who hung up |
//! | `BLINDTRANSFER`, `ATTENDEDTRANSFER`, `TRANSFER` | given on; where no queue has it next, out of the recorded centre |
//! | `AGENTLOGIN`, `AGENTLOGOFF` (and `…CALLBACK…`), `ADDMEMBER`, `REMOVEMEMBER` | signed in and out |
//! | `PAUSE`, `PAUSEALL`, `UNPAUSE`, `UNPAUSEALL` | not ready, ready |
//!
//! Everything else is ignored and counted by its name. No line stops the reading: what cannot be read is rejected, what comes where it cannot be
//! (an end after the end, a doubled line) is ignored, each told by a stable word. Dirt in lines that are taken: `enter_missing`, `connect_missing`,
//! `exit_missing` (said by the spans of later lines, or by the next entry), `clock_went_back` (the line is taken as of the call's last moment),
//! `out_of_order`, `callid_reused`, `queue_missing`.

mod call;
mod line;
mod member;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::Read;

use cordboard_floor::contact::{ContactEnd, EndedBy, TransferKind, TransferTarget, VisitEnd};
use cordboard_floor::{AgentId, QueueId};

use super::history::Life;
use super::names::Names;
use super::{History, Told};
use crate::drive::Window;
use crate::recording::lines::Lines;
use crate::recording::read::{fingerprint, readable, shown, source_error};
use crate::recording::row::Fault;
use crate::recording::unpack::unpacked;
use crate::recording::{Limits, ReadError, Rejection, StaffingRules};
use call::{Call, Place};
use line::{Line, fault};
use member::Members;

/// A queue's name where a call's line has none.
const NO_QUEUE: &str = "none";

impl History {
    /// The history that a queue log tells, of the calls that come and the moves that are made in a window.
    pub fn of_queue_log(
        source: impl Read,
        limits: &Limits,
        rules: &StaffingRules,
        window: Option<Window>,
        on_reject: &mut dyn FnMut(Rejection),
    ) -> Result<Self, ReadError> {
        let plain = unpacked(source, limits).map_err(|cause| source_error(0, cause))?;
        let mut lines = Lines::new(plain, limits.line_bytes_max);
        let mut reading = Reading::new(limits, window, on_reject);
        loop {
            let before = lines.number();
            let Some(line) = lines.next_line().map_err(|cause| source_error(before, cause))? else { break };
            let text = readable(&line).map(str::to_owned);
            reading.take(before + 1, text, lines.is_cut_off())?;
        }
        if reading.told.counts.rows == 0 {
            return Err(ReadError::Empty);
        }
        Ok(reading.finish(rules))
    }
}

/// What became of a line.
enum Fate {
    /// It told of a call.
    OfCall(usize),
    /// It told of an agent.
    OfAgent,
    Ignored(String),
}

struct Reading<'a> {
    limits: &'a Limits,
    window: Option<Window>,
    on_reject: &'a mut dyn FnMut(Rejection),
    told: Told,
    names: Names,
    members: Members,
    queues: BTreeSet<QueueId>,
    calls: Vec<Call>,
    by_id: HashMap<String, usize>,
    seen: HashSet<u64>,
    last_us: i64,
}

impl<'a> Reading<'a> {
    fn new(limits: &'a Limits, window: Option<Window>, on_reject: &'a mut dyn FnMut(Rejection)) -> Self {
        Self {
            limits,
            window,
            on_reject,
            told: Told::default(),
            names: Names::default(),
            members: Members::default(),
            queues: BTreeSet::new(),
            calls: Vec::new(),
            by_id: HashMap::new(),
            seen: HashSet::new(),
            last_us: i64::MIN,
        }
    }

    fn take(&mut self, number: u64, text: Result<String, Fault>, cut_off: bool) -> Result<(), ReadError> {
        if text.as_ref().is_ok_and(|text| text.trim().is_empty()) {
            self.told.counts.blank_lines += 1;
            return Ok(());
        }
        if self.told.counts.rows == self.limits.rows_max {
            return Err(ReadError::TooManyRows { rows_max: self.limits.rows_max });
        }
        self.told.counts.rows += 1;
        let fate = text.and_then(|text| {
            if cut_off {
                // Asterisk ends every line; what stands on this one may be half a number.
                return Err(fault("cut_off", &format!("{} bytes without a line end", text.len())));
            }
            let line = Line::parse(number, text.trim_start_matches('\u{FEFF}'), self.limits.not_after_us)?;
            // Several agents may do the same in one second, but no call does the same thing twice.
            if line.call.is_some() && !self.seen.insert(fingerprint(&text)) {
                return Ok(Fate::Ignored("duplicate_line".to_owned()));
            }
            self.judge(&line)
        });
        match fate {
            Ok(Fate::OfCall(call)) => {
                self.told.counts.arrived += 1;
                self.calls[call].lines += 1;
            }
            Ok(Fate::OfAgent) => self.told.counts.arrived += 1,
            Ok(Fate::Ignored(why)) => self.ignore(why, 1),
            Err(Fault { reason, found }) => self.reject(number, reason, &found),
        }
        Ok(())
    }

    fn judge(&mut self, line: &Line<'_>) -> Result<Fate, Fault> {
        let fate = match line.event {
            "AGENTLOGIN"
            | "AGENTCALLBACKLOGIN"
            | "ADDMEMBER"
            | "AGENTLOGOFF"
            | "AGENTCALLBACKLOGOFF"
            | "REMOVEMEMBER"
            | "PAUSE"
            | "PAUSEALL"
            | "UNPAUSE"
            | "UNPAUSEALL" => self.of_agent(line),
            "ENTERQUEUE" | "CONNECT" | "RINGNOANSWER" | "RINGCANCELED" | "ABANDON" | "EXITWITHTIMEOUT"
            | "EXITEMPTY" | "EXITWITHKEY" | "COMPLETEAGENT" | "COMPLETECALLER" | "TRANSFER"
            | "BLINDTRANSFER" | "ATTENDEDTRANSFER" => self.of_call(line)?,
            other => Fate::Ignored(other.to_ascii_lowercase()),
        };
        if !matches!(fate, Fate::Ignored(_)) {
            if line.at_us < self.last_us {
                self.dirt("out_of_order");
            }
            self.last_us = self.last_us.max(line.at_us);
        }
        Ok(fate)
    }

    fn of_agent(&mut self, line: &Line<'_>) -> Fate {
        let Some(agent) = line.agent else { return Fate::Ignored("agent_missing".to_owned()) };
        if self.window.is_some_and(|window| !(window.from_us..window.to_us).contains(&line.at_us)) {
            self.told.outside_window += 1;
            return Fate::Ignored("outside_window".to_owned());
        }
        let (at_us, agent) = (line.at_us, self.names.agent(agent));
        let queue = line.queue.map(|queue| self.names.queue(queue));
        self.queues.extend(queue);
        match line.event {
            "AGENTLOGIN" | "AGENTCALLBACKLOGIN" | "ADDMEMBER" => {
                self.members.come(at_us, agent, queue);
                if line.data(0) == "PAUSED" {
                    self.members.pause(at_us, agent, queue, "");
                }
            }
            "AGENTLOGOFF" | "AGENTCALLBACKLOGOFF" | "REMOVEMEMBER" => self.members.go(at_us, agent, queue),
            "PAUSE" => self.members.pause(at_us, agent, queue, line.data(0)),
            "PAUSEALL" => self.members.pause(at_us, agent, None, line.data(0)),
            "UNPAUSE" => self.members.unpause(at_us, agent, queue),
            _ => self.members.unpause(at_us, agent, None),
        }
        Fate::OfAgent
    }

    fn of_call(&mut self, line: &Line<'_>) -> Result<Fate, Fault> {
        let Some(id) = line.call else { return Err(fault("call_missing", line.event)) };
        let known = self.by_id.get(id).copied();
        if line.event == "ENTERQUEUE" {
            return Ok(Fate::OfCall(self.enter(line, id, known)));
        }
        let ix = match known {
            Some(ix) => ix,
            None => match self.recovered(line, id)? {
                Some(ix) => ix,
                None => return Ok(Fate::Ignored("call_unknown".to_owned())),
            },
        };
        let place = self.calls[ix].place;
        if place == Place::Over {
            return Ok(Fate::Ignored("after_the_end".to_owned()));
        }
        let at_us = self.forward(ix, line.at_us);
        match (line.event, place) {
            ("CONNECT", Place::Waiting) => {
                let (rang_us, agent) = (line.span_us(2)?.unwrap_or(0), self.agent(line));
                self.calls[ix].answer(at_us, agent, rang_us);
            }
            ("RINGNOANSWER", Place::Waiting) => {
                let (for_us, agent) = (line.span_ms(0)?.unwrap_or(0), self.agent(line));
                self.calls[ix].rang_out(at_us, agent, for_us);
            }
            ("RINGCANCELED", Place::Waiting) => {
                let (for_us, agent) = (line.span_ms(0)?.unwrap_or(0), self.agent(line));
                self.calls[ix].rings(at_us - for_us, agent);
            }
            ("ABANDON", Place::Waiting) => self.calls[ix].give_up(at_us),
            ("EXITWITHTIMEOUT", Place::Waiting) => {
                self.calls[ix].leave(at_us, VisitEnd::TimedOut, ContactEnd::Expired);
            }
            ("EXITEMPTY" | "EXITWITHKEY", Place::Waiting) => {
                self.calls[ix].leave(at_us, VisitEnd::Withdrawn, ContactEnd::Refused);
            }
            ("COMPLETEAGENT" | "COMPLETECALLER" | "TRANSFER" | "BLINDTRANSFER" | "ATTENDEDTRANSFER", _)
                if matches!(place, Place::Waiting | Place::With(_)) =>
            {
                self.part(line, ix, at_us)?;
            }
            _ => return Ok(Fate::Ignored("out_of_place".to_owned())),
        }
        Ok(Fate::OfCall(ix))
    }

    fn enter(&mut self, line: &Line<'_>, id: &str, known: Option<usize>) -> usize {
        let queue = self.queue(line);
        if let Some(ix) = known.filter(|ix| self.calls[*ix].place != Place::Over) {
            let at_us = self.forward(ix, line.at_us);
            if self.calls[ix].enter_again(at_us, queue) {
                self.dirt("exit_missing");
            }
            return ix;
        }
        if known.is_some() {
            self.dirt("callid_reused");
        }
        let caller =
            Some(line.data(1)).filter(|caller| !caller.is_empty() && !caller.eq_ignore_ascii_case("unknown"));
        let call = Call::enter(line.number, line.at_us, queue, caller.map(str::to_owned), true);
        self.begin(id, call)
    }

    /// A call whose entry is not in the log, from the spans that a later line carries.
    fn recovered(&mut self, line: &Line<'_>, id: &str) -> Result<Option<usize>, Fault> {
        let ago_us = match line.event {
            "CONNECT" => line.span_us(0)?,
            "ABANDON" | "EXITWITHTIMEOUT" | "EXITEMPTY" => line.span_us(2)?,
            "EXITWITHKEY" => line.span_us(3)?,
            "COMPLETEAGENT" | "COMPLETECALLER" => both(line.span_us(0)?, line.span_us(1)?),
            "TRANSFER" | "BLINDTRANSFER" | "ATTENDEDTRANSFER" => both(line.span_us(2)?, line.span_us(3)?),
            _ => None,
        };
        let Some(ago_us) = ago_us else { return Ok(None) };
        self.dirt("enter_missing");
        let queue = self.queue(line);
        let call = Call::enter(line.number, line.at_us - ago_us, queue, None, false);
        Ok(Some(self.begin(id, call)))
    }

    /// An agent's part ends.
    fn part(&mut self, line: &Line<'_>, ix: usize, at_us: i64) -> Result<(), Fault> {
        let completes = line.event.starts_with("COMPLETE");
        let talked_us = line.span_us(if completes { 1 } else { 3 })?.unwrap_or(0);
        if self.calls[ix].place == Place::Waiting {
            // Only the end of the conversation is told, and how long it was.
            self.dirt("connect_missing");
            let (from_us, agent) = ((at_us - talked_us).max(self.calls[ix].last_us()), self.agent(line));
            self.calls[ix].answer(from_us, agent, 0);
        }
        let Place::With(owner) = self.calls[ix].place else { return Ok(()) };
        match line.event {
            "COMPLETEAGENT" => self.calls[ix].complete(at_us, EndedBy::Agent(owner)),
            "COMPLETECALLER" => self.calls[ix].complete(at_us, EndedBy::Caller),
            other => {
                let attended = other == "ATTENDEDTRANSFER";
                let kind = if attended { TransferKind::Attended } else { TransferKind::Blind };
                let target = self.target(line);
                self.calls[ix].give_on(at_us, owner, target, kind);
            }
        }
        Ok(())
    }

    fn agent(&mut self, line: &Line<'_>) -> AgentId {
        match line.agent {
            Some(agent) => self.names.agent(agent),
            None => self.names.unnamed(),
        }
    }

    /// To whom a transfer leads, if the extension is that of an agent met before: any other may be a number outside, which has no place in
    /// the log. Where a queue has the call next, that is put right.
    fn target(&mut self, line: &Line<'_>) -> TransferTarget {
        let known = match line.event {
            "TRANSFER" | "BLINDTRANSFER" => self.names.agent_at(line.data(0)),
            _ => None,
        };
        TransferTarget::Agent(known.unwrap_or_else(|| self.names.unnamed()))
    }

    fn queue(&mut self, line: &Line<'_>) -> QueueId {
        if line.queue.is_none() {
            self.dirt("queue_missing");
        }
        self.names.queue(line.queue.unwrap_or(NO_QUEUE))
    }

    fn begin(&mut self, id: &str, call: Call) -> usize {
        self.calls.push(call);
        self.by_id.insert(id.to_owned(), self.calls.len() - 1);
        self.calls.len() - 1
    }

    /// A line's time, or the call's last moment where the clock went back.
    fn forward(&mut self, ix: usize, at_us: i64) -> i64 {
        let last_us = self.calls[ix].last_us();
        if at_us < last_us {
            self.dirt("clock_went_back");
        }
        at_us.max(last_us)
    }

    fn dirt(&mut self, name: &'static str) {
        *self.told.counts.dirt.entry(name).or_default() += 1;
    }

    fn ignore(&mut self, why: String, lines: u64) {
        self.told.counts.ignored += lines;
        *self.told.ignored_by.entry(why).or_default() += lines;
    }

    fn reject(&mut self, line: u64, reason: &'static str, found: &str) {
        let counts = &mut self.told.counts;
        counts.rejected += 1;
        *counts.rejected_by.entry(reason).or_default() += 1;
        if counts.rejected > self.limits.rejections_told_max {
            counts.rejections_untold += 1;
            return;
        }
        (self.on_reject)(Rejection { line, reason, found: shown(found) });
    }

    fn finish(mut self, rules: &StaffingRules) -> History {
        let mut lives: Vec<Life> = Vec::with_capacity(self.calls.len());
        for (life, lines) in std::mem::take(&mut self.calls).into_iter().map(Call::finish) {
            let came_us = life.deeds.first().map_or(i64::MIN, |(at_us, _)| *at_us);
            if self.window.is_some_and(|window| !(window.from_us..window.to_us).contains(&came_us)) {
                self.told.counts.arrived -= lines;
                self.told.outside_window += lines;
                self.ignore("outside_window".to_owned(), lines);
                continue;
            }
            lives.push(life);
        }
        self.told.altered = self.names.altered();
        let served = std::mem::take(&mut self.members.served);
        let (moves, reasons) = self.members.finish();
        let mut told = self.told;
        told.count_entries(&lives);
        let mut history = History::new(lives, moves, rules, told);
        (history.reasons, history.queues, history.served) = (reasons, self.queues, served);
        history
    }
}

impl Told {
    /// Every call of a queue log entered a queue; whom nobody answered abandoned it, or left it otherwise.
    fn count_entries(&mut self, lives: &[Life]) {
        use super::history::Deed;
        self.counts.entered_queue = lives.len() as u64;
        let gave_up = |life: &&Life| life.deeds.iter().any(|(_, deed)| matches!(deed, Deed::GiveUp(_)));
        self.counts.entered_queue_abandoned = lives.iter().filter(gave_up).count() as u64;
    }
}

fn both(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    one.zip(other).map(|(one, other)| one + other)
}
