//! The house: the process that runs the engine. It opens, serves, stops, stands still and falls over; what
//! it does in which order is what the live writer's thread does.

use super::{Act, World};
use crate::proof::store::Store;
use crate::proof::subject::Subject;
use cordboard_engine::{Answer, Engine, EngineFault, EngineOptions, codec};
use cordboard_floor::actor::Cause;
use cordboard_floor::{
    AgentId, Command, ContactId, Decider as _, Event, Instant, Millis, Recorded, Refusal, StoredEvent as _,
    Submission,
};
use cordboard_views::audience::Audience;

/// A command at the door.
#[derive(Debug)]
struct Inbound {
    letter: Option<u64>,
    submission: Submission<Command>,
}

/// How a batch is to be cut short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blow {
    /// After so many of its commands are decided; after all of them, before the commit.
    After(usize),
}

/// The process and what is left of it.
#[derive(Debug)]
pub(super) struct House<S: Subject> {
    pub(super) engine: Option<Engine<S>>,
    pub(super) store: Store,
    inbox: Vec<Inbound>,
    /// The end of the sync in progress.
    free_at: Instant,
    /// The end of the machine's standstill.
    stands_until: Option<(Instant, Millis)>,
    clock_set: Option<i64>,
    pub(super) blow: Option<Blow>,
    /// Since when it could have run: the end of a sync, a standstill, an opening.
    able: Instant,
    epoch: u32,
    rotations: usize,
    /// Whom each event concerns, and how far that is known.
    audience: Audience,
    pub(super) seen: Vec<Vec<AgentId>>,
}

impl<S: Subject> House<S> {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            engine: None,
            store: Store::new(seed),
            inbox: Vec::new(),
            free_at: Instant::default(),
            stands_until: None,
            clock_set: None,
            blow: None,
            able: Instant::default(),
            epoch: 0,
            rotations: 0,
            audience: Audience::new(),
            seen: Vec::new(),
        }
    }

    /// When it next does something, from now on; never, while it is down.
    pub(super) fn wakes_at(&self, now: Instant) -> Option<Instant> {
        let engine = self.engine.as_ref()?;
        let waits = !self.inbox.is_empty() || self.clock_set.is_some() || self.stands_until.is_some();
        let wants = if waits { Some(now) } else { engine.next_deadline() };
        let held = self.stands_until.map_or(self.free_at, |(until, _)| until.max(self.free_at));
        wants.map(|wants| wants.max(held).max(now))
    }

    /// The machine stands still from now on.
    pub(super) fn stand(&mut self, now: Instant, gap: Millis) {
        if self.stands_until.is_none() {
            self.stands_until = Some((now.plus(gap), gap));
        }
    }

    pub(super) const fn set_clock(&mut self, delta_ms: i64) {
        self.clock_set = Some(delta_ms);
    }

    /// No more blows.
    pub(super) const fn calm(&mut self) {
        self.blow = None;
    }
}

impl<S: Subject> World<S> {
    /// A command is at the door. A house that is down hears nothing.
    pub(super) fn receive(&mut self, letter: u64) {
        if self.house.engine.is_none() {
            return;
        }
        let Some(submission) = self.post.get(letter).map(|letter| letter.submission.clone()) else { return };
        self.house.inbox.push(Inbound { letter: Some(letter), submission });
    }

    /// A command of the house itself, that nobody waits for.
    pub(super) fn knock_quietly(&mut self, command: Command) {
        let submission = Submission::system("configuration", command);
        self.house.inbox.push(Inbound { letter: None, submission });
    }

    /// Takes what waits, decides it and what is due, makes it durable, publishes and answers.
    pub(super) fn serve(&mut self) {
        let Some(mut engine) = self.house.engine.take() else { return };
        let (now, held) = (self.now, self.house.free_at);
        let mut able = self.house.able.max(held);
        let batch = std::mem::take(&mut self.house.inbox);
        if batch.len() > 1 {
            self.tally.count("batch of several commands");
        }
        let mut answers: Vec<(u64, Option<Cause>, Answer<Refusal>)> = Vec::new();
        let blow = self.house.blow.take_if(|_| !batch.is_empty());
        let cut = blow.map(|Blow::After(commands)| 1 + commands % batch.len());
        for (place, inbound) in batch.into_iter().enumerate() {
            if cut.is_some_and(|cut| place == cut) {
                return self.fall(engine, "crash in the middle of a batch");
            }
            let cause = inbound.submission.cause.clone();
            match self.decide(&mut engine, inbound.submission) {
                Ok(answer) => answers.extend(inbound.letter.map(|letter| (letter, cause, answer))),
                Err(fault) => return self.bug("engine", &fault),
            }
        }
        let stood = self.house.stands_until.take();
        if let Some((until, gap)) = stood {
            able = able.max(until);
            self.tell(|| format!("the machine stood still for {} ms", gap.0));
            if engine.next_deadline().is_some_and(|due| due < until) {
                self.tally.count("deadline served late after a standstill");
            }
            self.own(&mut engine, "clock", Command::NotePause { gap_ms: gap });
        }
        if let Some(delta_ms) = self.house.clock_set.take() {
            self.own(&mut engine, "clock", Command::NoteClockStep { delta_ms });
        }
        if let Err(fault) = engine.tick(now) {
            return self.bug("engine", &fault);
        }
        if blow.is_some() {
            return self.fall(engine, "crash between decide and commit");
        }
        self.commit(engine, answers, able);
    }

    fn own(&mut self, engine: &mut Engine<S>, rule: &'static str, command: Command) {
        if let Err(fault) = self.decide(engine, Submission::system(rule, command)) {
            self.bug("engine", &fault);
        }
    }

    /// Has the engine decide, and notes it for the scenario, if one is written.
    fn decide(
        &mut self,
        engine: &mut Engine<S>,
        submission: Submission<Command>,
    ) -> Result<Answer<Refusal>, EngineFault> {
        let Some(scenario) = &mut self.scenario else { return engine.decide(self.now, submission) };
        let lines = scenario.hear(engine.state().floor(), &submission);
        let arrives = matches!(submission.command, Command::Arrive { .. });
        let answer = engine.decide(self.now, submission)?;
        match answer {
            Answer::Done { first_seq, repeated: false, .. } => {
                let arrived = first_seq.filter(|_| arrives).map(ContactId);
                scenario.decided(self.now, lines, arrived);
            }
            Answer::Refused(_) => scenario.decided(self.now, lines, None),
            Answer::Done { .. } | Answer::Mismatch | Answer::Unavailable(_) => {}
        }
        Ok(answer)
    }

    fn bug(&mut self, check: &'static str, fault: &EngineFault) {
        self.bench.find(check, fault.to_string());
    }

    fn commit(
        &mut self,
        mut engine: Engine<S>,
        answers: Vec<(u64, Option<Cause>, Answer<Refusal>)>,
        able: Instant,
    ) {
        let before_seq = self.bench.shadow.last_seq();
        let before_us = self.house.store.disk.sync_us_total();
        let published = match engine.commit() {
            Ok(published) => published,
            Err(fault) => return self.poisoned(engine, &fault),
        };
        if let Some(scenario) = &mut self.scenario {
            scenario.commit();
        }
        let took = (self.house.store.disk.sync_us_total() - before_us) as i64;
        self.house.free_at = Instant::from_micros(self.now.micros() + took);
        self.house.able = self.house.free_at;
        let logged = match self.read(&engine, self.bench.shadow.last_seq() + 1) {
            Ok(logged) => logged,
            Err(fault) => return self.bench.find("acknowledged", fault),
        };
        if logged.len() != published.len() {
            self.bench.find(
                "acknowledged",
                format!("{} events are published, {} are in the log", published.len(), logged.len()),
            );
        }
        for (logged, published) in logged.iter().zip(&published) {
            self.bench.published(published, logged);
        }
        self.take_over(&logged, able);
        let next_deadline = engine.next_deadline();
        // Nothing happened, nothing is due, and the live floor says so too: there is nothing to look at.
        let moved = engine.state().last_seq() != before_seq || next_deadline.is_some_and(|at| at <= self.now);
        if moved {
            self.bench.rest(self.now, engine.state().floor(), next_deadline);
        }
        let durable = engine.journal().last().seq;
        self.house.engine = Some(engine);
        self.publish();
        for (letter, cause, answer) in answers {
            self.answer(letter, cause.as_ref(), &answer, durable);
        }
    }

    fn answer(&mut self, letter: u64, cause: Option<&Cause>, answer: &Answer<Refusal>, durable: u64) {
        let (kind, seq) = match answer {
            Answer::Done { seq, repeated, .. } => (u64::from(*repeated), *seq),
            Answer::Refused(_) => (2, 0),
            Answer::Mismatch => (3, 0),
            Answer::Unavailable(_) => (4, 0),
        };
        self.trace(&[letter, kind, seq]);
        match answer {
            Answer::Done { repeated: true, .. } => self.tally.count("command answered as the first time"),
            Answer::Mismatch => self.tally.count("command id used for something else"),
            Answer::Unavailable("disk_full") => self.tally.count("disk low: new work refused"),
            _ => {}
        }
        if let Answer::Refused(refusal) = answer {
            let words = format!("    ! refused: {refusal:?}");
            self.tell(|| words);
        }
        self.bench.answered(cause, answer, durable);
        self.send_answer(letter);
    }

    /// The log cannot be written: nothing may be acknowledged any more, whatever is tried.
    fn poisoned(&mut self, mut engine: Engine<S>, fault: &EngineFault) {
        let words = fault.to_string();
        let sync = words.contains("sync");
        self.tally.count(if sync { "sync failed" } else { "write failed" });
        self.tell(|| words);
        let again = Submission::system("clock", Command::NoteClockStep { delta_ms: 0 });
        let again = engine.decide(self.now, again).and_then(|_| engine.commit());
        if again.is_ok() {
            self.bench.find("acknowledged", "the engine goes on after its log could not be written");
        }
        self.fall(engine, "the process ends itself");
    }

    /// The process is gone at once.
    pub(super) fn fall(&mut self, engine: Engine<S>, how: &'static str) {
        drop(engine);
        self.house.engine = None;
        if super::super::tally::FAULTS.contains(&how) {
            self.tally.count(how);
        }
        self.tell(|| format!("--- {how}"));
        if let Some(scenario) = &mut self.scenario {
            scenario.crash(how);
        }
        self.wreck();
    }

    /// What was not synced is lost or not, and after a while somebody opens again.
    fn wreck(&mut self) {
        let acknowledged = self.bench.shadow.last_seq();
        let wreck = self.house.store.crash(acknowledged);
        for counted in wreck.counted {
            self.tally.count(counted);
            self.tell(|| format!("    {counted}"));
        }
        self.leave_empty();
        let after = Millis(300 + self.habits.below(9_000));
        self.agenda.put(self.now.plus(after), Act::Open);
    }

    /// Nobody is in the house: every link breaks, and what lay at the door is gone.
    fn leave_empty(&mut self) {
        self.house.inbox.clear();
        self.house.stands_until = None;
        self.house.clock_set = None;
        self.house.blow = None;
        for place in 0..self.lines.len() {
            self.lines[place].server = None;
            if self.lines[place].client.take().is_some() {
                let after = Millis(self.habits.below(12_000));
                self.agenda.put(self.now.plus(after), Act::Connect(place));
            }
        }
    }

    /// Ends in order: the last snapshot is written, nothing is lost.
    pub(super) fn shut(&mut self) {
        self.serve();
        let Some(engine) = self.house.engine.take() else { return };
        self.tally.count("stopped in order");
        self.tell(|| "--- the house closes".to_owned());
        if let Err(why) = engine.write_snapshot() {
            self.bench.find("replay", why);
        }
        drop(engine);
        self.leave_empty();
        let after = Millis(300 + self.habits.below(6_000));
        self.agenda.put(self.now.plus(after), Act::Open);
    }

    /// Opens the log, takes up the state, and says that it has begun.
    pub(super) fn open(&mut self) {
        if self.house.engine.is_some() {
            return;
        }
        let (journal, recovery) = match self.house.store.open() {
            Ok(opened) => opened,
            Err(fault) if self.house.store.is_failing() => return self.stay_shut(&fault.to_string()),
            Err(fault) => return self.bench.find("acknowledged", format!("the log does not open: {fault}")),
        };
        self.count_recovery(&recovery);
        self.house.epoch = recovery.epoch;
        let (snapshot, tail) = (recovery.snapshot.as_ref().map(|it| it.seq), recovery.position.seq);
        let engine = match Engine::open(S::empty(), journal, recovery, EngineOptions::default()) {
            Ok(engine) => engine,
            Err(fault) => return self.bench.find("replay", fault.to_string()),
        };
        self.tell(|| format!("--- the house opens at event {tail}, snapshot {snapshot:?}"));
        match self.read(&engine, 1) {
            Ok(log) => {
                if self.bench.watching() {
                    self.bench.opened(&log, &engine.state_hash());
                }
                // What survived without having been acknowledged is true from now on.
                let known = self.bench.shadow.last_seq() as usize;
                let able = self.now;
                self.take_over(log.get(known..).unwrap_or_default(), able);
            }
            Err(fault) => return self.bench.find("acknowledged", fault),
        }
        self.house.free_at = self.now;
        self.house.able = self.now;
        self.house.engine = Some(engine);
        let (epoch, version) = (self.house.epoch, "proof".into());
        self.knock_quietly(Command::Start { epoch, version, clock_scale: 1 });
        self.serve();
    }

    /// The disk fails while the log opens: the process says so and ends, and is started again.
    fn stay_shut(&mut self, fault: &str) {
        self.tell(|| format!("--- the house does not open: {fault}"));
        self.wreck();
    }

    fn count_recovery(&mut self, recovery: &cordboard_journal::Recovery) {
        if !recovery.repaired.is_empty() {
            self.tally.count("recovery moved a torn tail aside");
        }
        self.tally.count(match recovery.snapshot {
            Some(_) => "opened from a snapshot and the tail",
            None => "opened from the whole log",
        });
    }

    /// What lies in the log from a number on.
    fn read(&self, engine: &Engine<S>, from: u64) -> Result<Vec<Recorded<Event>>, String> {
        let records = engine.journal().reader().read(from);
        let decode = |record: Result<cordboard_journal::Record, _>| {
            let record = record.map_err(|fault: cordboard_journal::ReadError| fault.to_string())?;
            codec::decode(record.seq, &record.bytes).map_err(|fault| fault.to_string())
        };
        records.map(decode).collect()
    }

    /// The log goes on: everyone who follows it takes it over, the checks first.
    fn take_over(&mut self, logged: &[Recorded<Event>], able: Instant) {
        for event in logged {
            self.bench.logged(event, able);
            let mut bytes = Vec::new();
            if codec::encode(event, &mut bytes).is_ok() {
                self.trace.update(&bytes);
            }
            self.tally.count(event.event.name());
            let seen = self.house.audience.fold_and_see(event);
            let told = |agent: &AgentId| seen.includes(*agent, self.house.audience.team(*agent));
            let told = self.terms.agents.iter().copied().filter(told).collect();
            self.house.seen.push(told);
            self.tell(|| format!("    > {}", super::super::words::event(event)));
            self.callers.hear(event);
            self.expect(event);
        }
    }

    /// A snapshot beside the log, if everything is durable.
    pub(super) fn snapshot(&mut self) {
        let written = self.house.engine.as_ref().map(Engine::write_snapshot);
        if let Some(Err(why)) = written {
            self.bench.find("replay", why);
        }
    }

    /// The tally of what only a look at the disk shows.
    pub(super) fn count_rotations(&mut self) {
        let Some(engine) = &self.house.engine else { return };
        let directories = engine.journal().reader().directories().len();
        if directories > self.house.rotations.max(1) {
            self.tally.count("log rotated");
        }
        self.house.rotations = directories;
    }
}
