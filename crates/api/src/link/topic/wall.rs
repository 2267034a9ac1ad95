//! A wall: all of its queues once, then those that are different, together and not too often. Counts come from the hub's
//! board, figures of today from the tables that all pages share.

use super::Place;
use crate::link::frame::{ServerFrame, Wall, WallFigure, WallFigures, WallRow};
use crate::link::hub::Hub;
use crate::link::limits::{WALL_DELTA_EVERY, WALL_LOOK_EVERY};
use crate::today::{Day, ratio};
use cordboard_floor::QueueId;
use cordboard_views::View as _;
use cordboard_views::board::{ActivityCounts, AgentRow, Board, QueueRow};
use cordboard_views::kpi::{Measure, Ratio, Sums};
use cordboard_views::tables::{Key, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::watch;
use tokio::time::Instant;

/// One link's wall.
pub(crate) struct WallTopic {
    hub: Arc<Hub>,
    wall: String,
    position: watch::Receiver<u64>,
    seen: u64,
    not_before: Instant,
    /// What the client shows; nothing before the first frame.
    shown: Option<BTreeMap<Option<QueueId>, WallRow>>,
    /// The number of the last frame sent.
    told: u64,
    figures: Option<Figures>,
    _place: Place,
}

impl WallTopic {
    pub(crate) fn new(hub: &Arc<Hub>, wall: String, place: Place) -> Self {
        Self {
            hub: hub.clone(),
            wall,
            position: hub.follow_position(),
            seen: 0,
            not_before: Instant::now(),
            shown: None,
            told: 0,
            figures: None,
            _place: place,
        }
    }

    /// Waits until there may be something to send: something happened, or time alone may have changed a figure. Can be
    /// dropped and asked again at any time.
    pub(crate) async fn due(&mut self) {
        tokio::time::sleep_until(self.not_before).await;
        if self.shown.is_some() {
            let seen = self.seen;
            // Late: what changes with the clock is looked at. A hub that is gone says nothing more.
            let news = self.position.wait_for(|at| *at > seen);
            let _ = tokio::time::timeout(WALL_LOOK_EVERY, news).await;
        }
    }

    /// What to send now, if anything is different. A wall that is configured no more is empty.
    pub(crate) async fn frame(&mut self) -> Option<ServerFrame> {
        self.not_before = Instant::now() + WALL_DELTA_EVERY;
        let (hub, known) = (self.hub.clone(), self.figures.take());
        // After a start it may read the log once.
        let figures = tokio::task::spawn_blocking(move || Figures::of_today(&hub, known)).await;
        self.figures = figures.ok().flatten();
        let door = &self.hub.door;
        let terms = door.terms();
        let wall = terms.wall(&self.wall);
        let queues: Option<BTreeSet<QueueId>> = wall.map(|wall| wall.queues.iter().copied().collect());
        let (seq, rows) = {
            let state = self.hub.state();
            let rows = queues.map(|queues| rows(&state.board, &queues, self.figures.as_ref()));
            (state.board.seq(), rows.unwrap_or_default())
        };
        self.seen = seq;
        let is_news = |key: &Option<QueueId>, row: &WallRow| {
            self.shown.as_ref().is_none_or(|shown| shown.get(key) != Some(row))
        };
        // A queue that is not there any more is not told of apart: the wall is told anew.
        let whole = self.shown.as_ref().is_none_or(|shown| shown.keys().any(|key| !rows.contains_key(key)));
        let told = rows.iter().filter(|(key, row)| whole || is_news(key, row));
        let (mut queues, mut site) = (Vec::new(), None);
        for (key, row) in told {
            match key {
                Some(_) => queues.push(row.clone()),
                None => site = Some(row.clone()),
            }
        }
        if !whole && queues.is_empty() && site.is_none() {
            return None;
        }
        self.shown = Some(rows);
        let prev = std::mem::replace(&mut self.told, seq);
        Some(ServerFrame::Wall(Box::new(Wall { seq, prev, at: door.now(), whole, queues, site })))
    }
}

/// Every row of a wall; none named means every queue in use.
fn rows(
    board: &Board,
    queues: &BTreeSet<QueueId>,
    figures: Option<&Figures>,
) -> BTreeMap<Option<QueueId>, WallRow> {
    let is_on = |row: &&QueueRow| row.config.active && (queues.is_empty() || queues.contains(&row.queue));
    let of = |queue| figures.map(|figures| figures.of(queue));
    let shown = board.queues().filter(is_on);
    let mut rows: BTreeMap<Option<QueueId>, WallRow> =
        shown.map(|row| (Some(row.queue), queue_row(row, of(Some(row.queue))))).collect();
    rows.insert(None, site_row(board, of(None)));
    rows
}

type Both = (WallFigures, Option<WallFigures>);

/// Figures of today, made once of each state of the day's tables and not under the hub's lock.
struct Figures {
    day: Arc<Day>,
    level: String,
    queues: BTreeMap<QueueId, Both>,
    site: Both,
    /// Of a queue in which nothing has happened today.
    nothing: Both,
}

impl Figures {
    /// None while they are not to be had: `/api/v1/views` says why.
    fn of_today(hub: &Hub, known: Option<Self>) -> Option<Self> {
        let day = hub.door.today.day(&hub.door).ok()?;
        let level = hub.door.terms().pages.service_level.clone();
        if let Some(known) = known.filter(|known| Arc::ptr_eq(&known.day, &day) && known.level == level) {
            return Some(known);
        }
        let make = |table: &Table, key, all: &Sums| {
            let grid = &table.shape().grid;
            let now = grid.place(day.at);
            let interval = now.map(|now| span(table, &table.sums(now, key), grid.span(now), &level));
            (span(table, all, (day.from, day.to), &level), interval)
        };
        let nobody = Key { queue: None, ..Key::default() };
        let none = Sums::counted_with(day.queues.shape().counted());
        let totals = day.queues.totals();
        let queues = totals.iter().filter_map(|(key, all)| Some((key.queue?, make(&day.queues, *key, all))));
        let queues = queues.collect();
        let site = day.site.totals();
        let site = make(&day.site, Key::default(), site.get(&Key::default()).unwrap_or(&none));
        // A key without a cell sums to nothing, of everything that a queue counts.
        let zero = day.queues.sums(day.queues.shape().grid.len(), nobody);
        let nothing = match make(&day.queues, nobody, &zero) {
            (today, Some(interval)) => {
                (today, Some(span(&day.queues, &zero, (interval.from, interval.to), &level)))
            }
            without => without,
        };
        Some(Self { day, level, queues, site, nothing })
    }

    fn of(&self, queue: Option<QueueId>) -> Both {
        let both = match queue {
            Some(queue) => self.queues.get(&queue).unwrap_or(&self.nothing),
            None => &self.site,
        };
        both.clone()
    }
}

fn queue_row(row: &QueueRow, figures: Option<Both>) -> WallRow {
    let state = serde_json::to_value(row.state).ok();
    let (today, interval) = split(figures);
    WallRow {
        queue: Some(row.queue.to_string()),
        state: state.and_then(|state| state.as_str().map(str::to_owned)),
        waiting: row.waiting,
        oldest_waiting_at: row.longest_since,
        estimate_ms: row.estimate_ms().map(|estimate| estimate.0),
        today,
        interval,
        ..counted(&row.agents)
    }
}

fn site_row(board: &Board, figures: Option<Both>) -> WallRow {
    let mut agents = ActivityCounts::default();
    let is_here = |row: &&AgentRow| row.active;
    board.agents().filter(is_here).for_each(|row| agents.count(row));
    let in_use = || board.queues().filter(|row| row.config.active);
    let (today, interval) = split(figures);
    WallRow {
        waiting: in_use().map(|row| row.waiting).sum(),
        oldest_waiting_at: in_use().filter_map(|row| row.longest_since).min(),
        today,
        interval,
        ..counted(&agents)
    }
}

fn split(figures: Option<Both>) -> (Option<WallFigures>, Option<WallFigures>) {
    figures.map_or((None, None), |(today, interval)| (Some(today), interval))
}

fn counted(agents: &ActivityCounts) -> WallRow {
    WallRow {
        queue: None,
        state: None,
        waiting: 0,
        oldest_waiting_at: None,
        estimate_ms: None,
        ready: agents.idle + agents.resting,
        talking: agents.talking + agents.held + agents.consulting,
        ringing: agents.ringing,
        wrap_up: agents.wrap_up,
        not_ready: agents.not_ready + agents.on_break,
        unreachable: agents.unreachable,
        today: None,
        interval: None,
    }
}

fn span(
    table: &Table,
    sums: &Sums,
    (from, to): (cordboard_floor::Instant, cordboard_floor::Instant),
    level: &str,
) -> WallFigures {
    let of = |measure| sums.get(measure).unwrap_or(0) as i64;
    let asa = ratio("kpi.asa.answered", table, sums);
    WallFigures {
        from,
        to,
        offered: of(Measure::Offered),
        answered: of(Measure::Answered),
        abandoned: of(Measure::Abandoned),
        sl: ratio(level, table, sums).map(|ratio| figure(&ratio)),
        asa_ms: asa.as_ref().and_then(Ratio::value).map(|value| value.rendered().round() as i64),
        asa: asa.map(|ratio| figure(&ratio)),
    }
}

fn figure(ratio: &Ratio) -> WallFigure {
    WallFigure {
        id: ratio.id().to_owned(),
        version: ratio.version(),
        value: ratio.value().map(|value| value.rendered()),
        numerator: ratio.numerator() as i64,
        denominator: ratio.denominator() as i64,
    }
}
