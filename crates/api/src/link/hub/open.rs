//! How the hub begins: from what it kept beside the log, then the log. What it keeps is all that it knows of the past, so
//! that whoever comes back after a restart still resumes without a gap. An event that it cannot take stops the links alone.

use super::line::Line;
use super::{Hub, State};
use crate::Door;
use crate::door::{Fares, Keeping, NotRebuilt, ViewStatus, bytes_of, said_by};
use crate::link::limits::Limits;
use cordboard_engine::{Checkpoint, FeedFault, Folded};
use cordboard_floor::{AgentId, SessionId, StoredEvent};
use cordboard_views::View;
use cordboard_views::audience::Audience;
use cordboard_views::board::Board;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError, Weak};

/// Events folded between two looks.
const FOLD_EVENTS_AT_ONCE: usize = 4_096;
/// Schemas of what it is made of are told apart by thousands.
const PART: u32 = 1_000;
/// The number of the lines' own shape.
const LINES_SCHEMA: u32 = 1;

/// By what it is known again. Its schema is that of all its parts.
const FOLDED: Folded = Folded {
    name: "links",
    schema: (LINES_SCHEMA * PART + Board::SCHEMA) * PART + Audience::SCHEMA,
    spread: 0,
};

/// What is kept, as it is written.
#[derive(Serialize)]
struct Written<'a> {
    board: &'a Board,
    audience: &'a Audience,
    lines: Vec<(AgentId, WrittenLine<'a>)>,
}

type WrittenLine<'a> = (&'a VecDeque<u64>, u64, Option<SessionId>);

type ReadLine = (VecDeque<u64>, u64, Option<SessionId>);

/// What is kept, as it is read.
#[derive(Deserialize)]
struct Read {
    board: Board,
    audience: Audience,
    lines: Vec<(AgentId, ReadLine)>,
}

impl State {
    fn new(board: Board) -> Self {
        Self {
            board,
            audience: Audience::new(),
            lines: Default::default(),
            touched: Default::default(),
            over: VecDeque::new(),
        }
    }

    /// The floor as it was, to be followed on from there: nobody holds a line in it.
    pub(crate) fn of_past(board: Board) -> Self {
        let mut state = Self::new(board);
        state.begin();
        state
    }

    /// From here on it is known what changes, and which contacts the board is going to forget.
    fn begin(&mut self) {
        self.touched.begin_at(self.board.seq());
        let over = self.board.contacts().filter(|row| row.end.is_some() && row.hands == 0);
        let mut over: Vec<_> = over.map(|row| (row.seq, row.contact)).collect();
        // They leave in the order in which the last thing happened to them.
        over.sort_unstable();
        self.over = over.into_iter().map(|(_, contact)| contact).collect();
    }

    /// All that it knows of the past. Who holds a line now, and what changed lately, is not of the past.
    fn bytes(&self) -> Result<Vec<u8>, String> {
        let lines = self.lines.iter().map(|(agent, line)| (*agent, line.past()));
        bytes_of(&Written { board: &self.board, audience: &self.audience, lines: lines.collect() })
    }

    fn kept(fresh: &Board, checkpoint: &Checkpoint) -> Result<Self, String> {
        let read: Read = rmp_serde::from_slice(&checkpoint.bytes)
            .map_err(|fault| format!("it does not decode: {fault}"))?;
        let Read { board, audience, lines } = read;
        if board.seq() != checkpoint.seq || audience.seq() != checkpoint.seq {
            return Err("it is not of the event that it says".to_owned());
        }
        if !board.folds_like(fresh) {
            return Err("it was folded on other terms than those configured now".to_owned());
        }
        let lines = lines
            .into_iter()
            .map(|(agent, (recent, forgotten, session))| (agent, Line::of_past(recent, forgotten, session)));
        Ok(Self { lines: lines.collect(), audience, ..Self::new(board) })
    }
}

impl Hub {
    /// Folds the log as far as it goes, from what was kept on. Call it where waiting is allowed.
    ///
    /// # Errors
    /// If the log cannot be read; an event that is there and cannot be taken stops the links alone.
    pub(crate) fn open(door: Arc<Door>, limits: Limits) -> Result<Arc<Self>, FeedFault> {
        // Its days begin when those of the other doors do.
        let fresh = door.views.board.fresh().clone();
        let kept = door.keeping.as_ref().and_then(|keeping| {
            let take = |checkpoint: Checkpoint| State::kept(&fresh, &checkpoint);
            keeping.checkpoints.newest(FOLDED, u64::MAX, take)
        });
        let kept_seq = kept.as_ref().map_or(0, |state| state.board.seq());
        let mut state = kept.unwrap_or_else(|| State::new(fresh));
        let (seq, broken) = fold_all(&door, &mut state)?;
        state.begin();
        let hub = Arc::new(Self::new(door, limits, state, seq, kept_seq));
        if let Some(why) = broken {
            hub.give_up(why);
        }
        // The feed keeps what it wakes for ever; what it wakes must not keep the hub.
        let wake = Arc::downgrade(&hub.wake);
        hub.door.feed.on_commit(Box::new(move |_| {
            if let Some(wake) = Weak::upgrade(&wake) {
                wake.notify_one();
            }
        }));
        let fares: Arc<dyn Fares> = hub.clone();
        hub.door.views.add_links(Arc::downgrade(&fares));
        Ok(hub)
    }

    /// Whether it is time to keep what it knows.
    pub(super) fn is_keeping_due(&self) -> bool {
        let every = self.door.keeping.as_ref().map_or(0, |keeping| keeping.every_events);
        every > 0 && self.position() >= self.kept.load(Ordering::Acquire) + every
    }

    /// Keeps what it knows beside the log, if that is wanted. The links wait while it is written down, not while it is
    /// written to the disk. Call it where waiting is allowed.
    pub(crate) fn keep(&self) {
        let Some(Keeping { checkpoints, every_events: 1.. }) = &self.door.keeping else { return };
        let _one_at_a_time = self.keeping.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_broken() {
            return;
        }
        let (seq, bytes) = {
            let state = self.state();
            (state.board.seq(), state.bytes())
        };
        if seq <= self.kept.load(Ordering::Acquire) {
            return;
        }
        self.kept.store(seq, Ordering::Release);
        match bytes.and_then(|bytes| checkpoints.write(FOLDED, seq, &bytes)) {
            Ok(()) => self.checkpoint_seq.store(seq, Ordering::Release),
            Err(why) => tracing::warn!(view = FOLDED.name, seq, why, "checkpoint not written"),
        }
    }
}

impl Fares for Hub {
    fn status(&self) -> ViewStatus {
        ViewStatus {
            name: FOLDED.name,
            seq: self.position(),
            at: self.state().board.at(),
            stopped: self.broken().map(str::to_owned),
            since: self.since,
            checkpoint_seq: Some(self.checkpoint_seq.load(Ordering::Acquire)).filter(|seq| *seq > 0),
            rebuilding: None,
            last_rebuild: None,
        }
    }

    fn ask_anew(&self) -> Result<(), NotRebuilt> {
        Err(NotRebuilt::AtStartOnly)
    }
}

/// Folds what there is. Answers how far it came, and at which event and why it ended before the end.
fn fold_all(door: &Door, state: &mut State) -> Result<(u64, Option<String>), FeedFault> {
    let mut cursor = door.feed.cursor(state.board.seq());
    loop {
        let events = match cursor.next(FOLD_EVENTS_AT_ONCE) {
            Ok(events) if events.is_empty() => return Ok((cursor.seq(), None)),
            Ok(events) => events,
            Err(fault @ FeedFault::Decode { .. }) => return Ok((cursor.seq(), Some(fault.to_string()))),
            Err(fault) => return Err(fault),
        };
        for event in &events {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| state.fold_past(event))) {
                let (seq, name, said) = (event.seq, event.event.name(), said_by(&*panic));
                return Ok((seq - 1, Some(format!("it panicked at event {seq}, {name}: {said}"))));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordboard_centre::{Centre, Event};
    use cordboard_engine::{Engine, EngineOptions, Recorded};
    use cordboard_floor::command::{AskedState, Entry};
    use cordboard_floor::configuration::{AgentConfig, QueueConfig};
    use cordboard_floor::{Channel, Command, Instant, OfferId, QueueId, SiteId, Submission};
    use cordboard_journal::{Journal, Options};

    /// Two agents with links, a call, a lost link, a restart.
    fn log() -> Vec<Arc<Recorded<Event>>> {
        let dir = tempfile::tempdir().unwrap();
        let options = Options { min_free_bytes: 1 << 20, ..Options::default() };
        let (journal, recovery) = Journal::create_or_open(dir.path(), options).unwrap();
        let centre = Centre::new(SiteId::fixed("north"));
        let mut engine = Engine::open(centre, journal, recovery, EngineOptions::default()).unwrap();
        let mut now = Instant::parse("2026-11-22T01:00:00Z").unwrap();
        let mut does = |command: Command| {
            now = now.plus(cordboard_floor::Millis(500));
            engine.decide(now, Submission::system("test", command.into())).unwrap();
            engine.commit().unwrap()
        };
        let (li, wang, sales) = (AgentId::fixed("1001"), AgentId::fixed("1002"), QueueId::fixed("sales"));
        let mut log = does(Command::Start { epoch: 1, version: "1".into(), clock_scale: 1 });
        log.extend(does(Command::ApplyQueue(QueueConfig::customary(sales))));
        for (agent, session) in [(li, "s-1"), (wang, "s-2")] {
            let config = AgentConfig { queues: vec![sales], ..AgentConfig::customary(agent) };
            log.extend(does(Command::ApplyAgent(config)));
            log.extend(does(Command::SignIn { agent, seat: "a".parse().unwrap() }));
            log.extend(does(Command::LinkOpened { agent, session: session.parse().unwrap() }));
        }
        log.extend(does(Command::SetState { agent: li, state: AskedState::Ready }));
        let (channel, entry) = (Channel::fixed("voice"), Some(Entry::plain(sales)));
        let rings = does(Command::Arrive { channel, from: None, attributes: None, entry });
        let offer = OfferId(rings.last().unwrap().seq);
        log.extend(rings);
        log.extend(does(Command::Accept { offer, agent: li }));
        log.extend(does(Command::LinkLost { agent: wang, session: "s-2".parse().unwrap() }));
        log.extend(does(Command::Start { epoch: 2, version: "1".into(), clock_scale: 1 }));
        log
    }

    #[test]
    fn kept_at_any_event_and_taken_up_again_it_knows_the_same() {
        let log = log();
        let mut straight = State::new(Board::new());
        log.iter().for_each(|event| straight.fold_past(event));
        for cut in 0..=log.len() {
            let mut state = State::new(Board::new());
            log[..cut].iter().for_each(|event| state.fold_past(event));
            let checkpoint = Checkpoint { seq: cut as u64, bytes: state.bytes().unwrap() };
            let mut again = State::kept(&Board::new(), &checkpoint).unwrap();
            log[cut..].iter().for_each(|event| again.fold_past(event));
            assert!(again.bytes() == straight.bytes(), "kept after {cut} events");
            let wrong = Checkpoint { seq: cut as u64 + 1, ..checkpoint.clone() };
            assert!(State::kept(&Board::new(), &wrong).is_err());
            let evening = Board::with_days_beginning(cordboard_floor::Millis::from_secs(3_600));
            assert!(State::kept(&evening, &checkpoint).is_err());
        }
        assert!(straight.lines.len() == 2 && straight.bytes().unwrap().len() > 200);
    }
}
