//! Facts added up: by interval, queue, agent, wrap-up code, not-ready reason. A cell holds sums by measure, from which any
//! figure of the catalogue is made, and on request what stands behind each of them.
//!
//! What one fact adds to is said once, in `contributions.rs`; a table sends it to the cell that it belongs
//! to. So sums over intervals are the sums of the whole, and every number can be opened down to events.
//!
//! It knows no formula and no page.

mod cell;
mod contributions;

pub use cell::{BEHIND_MAX, Behind, Cell, Spreads};
pub use contributions::{Contribution, Source, When};

use crate::facts::{Fact, Facts};
use crate::interval::Grid;
use crate::kpi::{Attribution, Base, Measure, RequestBase, Sums, Switches};
use cordboard_floor::{AgentId, CodeId, Instant, QueueId, ReasonId, TeamId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// By what rows are told apart, besides by interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// All as one.
    Site,
    /// Each queue.
    Queue,
    /// Each agent.
    Agent,
    /// Each team, by what its agents belonged to then.
    Team,
    /// Each agent, queue and wrap-up code.
    Code,
    /// Each agent and not-ready reason.
    Reason,
}

impl Group {
    /// The bases of which a row of this group knows everything. Of the others it knows nothing, which is not zero: nobody
    /// can say how long agents were idle *for a queue*.
    const fn bases(self) -> &'static [Base] {
        match self {
            Self::Site => {
                &[Base::Visit, Base::Contact, Base::Offer, Base::Handling, Base::Callback, Base::AgentTime]
            }
            Self::Queue => &[Base::Visit, Base::Contact, Base::Offer, Base::Handling, Base::Callback],
            Self::Agent | Self::Team => &[Base::Offer, Base::Handling, Base::AgentTime],
            Self::Code => &[Base::Handling],
            Self::Reason => &[Base::AgentTime],
        }
    }

    /// Whether a row of this group knows a measure.
    pub fn knows(self, measure: Measure) -> bool {
        self.bases().contains(&measure.base())
    }
}

/// What a row is about. What does not tell rows of its group apart is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Key {
    /// Which queue; in a table by queues, none is what came into no queue.
    pub queue: Option<QueueId>,
    /// Which agent.
    pub agent: Option<AgentId>,
    /// Which team; in a table by teams, none is those who belong to none.
    pub team: Option<TeamId>,
    /// Which wrap-up code.
    pub code: Option<CodeId>,
    /// Which not-ready reason.
    pub reason: Option<ReasonId>,
}

/// Which rows a table has, and what it keeps of them.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The intervals.
    pub grid: Grid,
    /// By what rows are told apart.
    pub group: Group,
    /// Whether a code or a reason is one row, whoever's it was.
    pub alone: bool,
    /// How is counted. Those of which nothing is said stand as [`Shape::counted`] says.
    pub switches: Switches,
    /// These queues alone; all, if none is named. Agents' time belongs to no queue.
    pub queues: BTreeSet<QueueId>,
    /// These agents alone; all, if none is named.
    pub agents: BTreeSet<AgentId>,
    /// Whether histograms of waits and handle times are kept.
    pub spreads: bool,
    /// Whether what stands behind each sum is kept.
    pub behind: bool,
    /// Civil days of the range, where agents are counted by day.
    pub days: Option<Grid>,
}

impl Shape {
    /// All of a range, told apart by a group.
    pub fn new(grid: Grid, group: Group) -> Self {
        Self {
            grid,
            group,
            alone: false,
            switches: Switches::NONE,
            queues: BTreeSet::new(),
            agents: BTreeSet::new(),
            spreads: false,
            behind: false,
            days: None,
        }
    }

    /// With which switches is counted: those that were asked for, and where nothing was said the customary ones.
    pub fn counted(&self) -> Switches {
        self.switches.or(&contributions::CUSTOMARY)
    }
}

/// A table under way.
#[derive(Clone, Debug)]
pub struct Table {
    shape: Shape,
    counted: Switches,
    cells: BTreeMap<(usize, Key), Cell>,
    seen: BTreeMap<usize, BTreeSet<(usize, AgentId)>>,
}

impl Table {
    /// Empty.
    pub fn new(shape: Shape) -> Self {
        let counted = shape.counted();
        Self { shape, counted, cells: BTreeMap::new(), seen: BTreeMap::new() }
    }

    /// Its shape.
    pub const fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Adds a fact.
    pub fn take(&mut self, fact: &Fact) {
        let is_request = matches!(fact, Fact::Request(_));
        let per_contact = self.counted.base == Some(RequestBase::Contact);
        if matches!(fact, Fact::Visit(_) | Fact::Request(_)) && is_request != per_contact {
            return;
        }
        let counted = self.counted;
        contributions::of(fact, &counted, &mut |contribution| self.add(&contribution));
        if let Fact::Spell(spell) = fact
            && spell.activity != crate::board::Activity::SignedOut
        {
            self.see(spell.agent, spell.from, spell.to);
        }
    }

    /// Adds what goes on as of the end of the log, or of the range if that ends earlier.
    pub fn close(&mut self, facts: &Facts) {
        let counted = self.counted;
        let until = facts.at();
        for fact in facts.going_on(until) {
            self.take(&fact);
        }
        let per_contact = counted.base == Some(RequestBase::Contact);
        let (stays, requests) = (facts.open(), facts.open_requests());
        let open: Vec<_> = if per_contact { requests.copied().collect() } else { stays.copied().collect() };
        for visit in &open {
            contributions::of_open(visit, until, &counted, &mut |contribution| self.add(&contribution));
        }
        // By completion, what has not ended is not there yet.
        if counted.attribution == Some(Attribution::Arrival) {
            for begun in facts.begun() {
                contributions::of_begun(&begun, until, &mut |contribution| self.add(&contribution));
            }
        }
    }

    fn add(&mut self, contribution: &Contribution) {
        let Contribution { measure, amount, when, queue, agent, team, code, reason, source } = *contribution;
        if !self.shape.group.knows(measure) || self.is_left_out(measure, queue, agent) {
            return;
        }
        let key = match self.shape.group {
            Group::Site => Key::default(),
            Group::Queue => Key { queue, ..Key::default() },
            Group::Agent => Key { agent, ..Key::default() },
            Group::Team => Key { team, ..Key::default() },
            Group::Code if self.shape.alone => Key { code, ..Key::default() },
            Group::Reason if self.shape.alone => Key { reason, ..Key::default() },
            Group::Code => Key { queue, agent, code, ..Key::default() },
            Group::Reason => Key { agent, reason, ..Key::default() },
        };
        let is_nobodys = match self.shape.group {
            Group::Agent | Group::Team => agent.is_none(),
            Group::Code => code.is_none(),
            Group::Reason => reason.is_none(),
            Group::Site | Group::Queue => false,
        };
        if is_nobodys {
            return;
        }
        match when {
            When::At(at) => {
                if let Some(place) = self.shape.grid.place(at) {
                    self.cell(place, key).add(measure, amount, source);
                }
            }
            When::Over(from, to) => {
                for (place, ms) in self.parts(from, to) {
                    self.cell(place, key).add(measure, ms, source);
                }
            }
        }
    }

    fn is_left_out(&self, measure: Measure, queue: Option<QueueId>, agent: Option<AgentId>) -> bool {
        let Shape { queues, agents, .. } = &self.shape;
        let other_queue = !queues.is_empty()
            && (measure.base() == Base::AgentTime || queue.is_none_or(|queue| !queues.contains(&queue)));
        let other_agent = !agents.is_empty() && agent.is_none_or(|agent| !agents.contains(&agent));
        other_queue || other_agent
    }

    fn cell(&mut self, place: usize, key: Key) -> &mut Cell {
        let (spreads, behind) = (self.shape.spreads, self.shape.behind);
        self.cells.entry((place, key)).or_insert_with(|| Cell::new(spreads, behind))
    }

    /// The parts of a stretch that lie in each interval, in ms on one grid of ms, so that parts add up to the whole.
    fn parts(&self, from: Instant, to: Instant) -> Vec<(usize, i128)> {
        let grid = &self.shape.grid;
        let (from, to) = (from.max(grid.from()), to.min(grid.to()));
        let mut parts = Vec::new();
        if from >= to {
            return parts;
        }
        let Some(first) = grid.place(from) else { return parts };
        for place in first..grid.len() {
            let (begins, ends) = grid.span(place);
            if begins >= to {
                break;
            }
            let ms = millis_of(to.min(ends)) - millis_of(from.max(begins));
            if ms > 0 {
                parts.push((place, i128::from(ms)));
            }
        }
        parts
    }

    /// She was signed in: on which days, in which intervals.
    fn see(&mut self, agent: AgentId, from: Instant, to: Instant) {
        if self.is_left_out(Measure::AgentDays, None, Some(agent)) {
            return;
        }
        let parts = self.parts(from, to);
        let Self { shape: Shape { grid, days: Some(days), .. }, seen, .. } = self else { return };
        for (place, _) in parts {
            let (begins, ends) = grid.span(place);
            let (from, to) = (from.max(begins), to.min(ends));
            let last = Instant::from_micros(to.micros() - 1);
            if let (Some(first), Some(last)) = (days.place(from), days.place(last)) {
                seen.entry(place).or_default().extend((first..=last).map(|day| (day, agent)));
            }
        }
    }

    /// The rows, by interval and then by what they are about.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (usize, Key, &Cell)> {
        self.cells.iter().map(|((place, key), cell)| (*place, *key, cell))
    }

    /// What a cell came to, with every measure that its group knows: what did not happen is 0.
    pub fn sums(&self, place: usize, key: Key) -> Sums {
        let mut sums = self.nothing();
        if let Some(cell) = self.cells.get(&(place, key)) {
            cell.fill(&mut sums);
        }
        match self.shape.group {
            Group::Site => self.count_seen(&mut sums, self.seen.get(&place).into_iter(), None),
            Group::Agent => self.count_seen(&mut sums, self.seen.get(&place).into_iter(), key.agent),
            _ => {}
        }
        sums
    }

    /// What all intervals came to together, for each key, in one walk over the cells.
    pub fn totals(&self) -> BTreeMap<Key, Sums> {
        let mut totals: BTreeMap<Key, Sums> = BTreeMap::new();
        if self.shape.group == Group::Site {
            totals.insert(Key::default(), self.nothing());
        }
        for ((_, key), cell) in &self.cells {
            cell.fill(totals.entry(*key).or_insert_with(|| self.nothing()));
        }
        if self.shape.days.is_some() && matches!(self.shape.group, Group::Site | Group::Agent) {
            let mut seen: BTreeMap<Key, BTreeSet<(usize, AgentId)>> = BTreeMap::new();
            for (day, agent) in self.seen.values().flatten() {
                let whose = (self.shape.group == Group::Agent).then_some(*agent);
                let key = Key { agent: whose, ..Key::default() };
                seen.entry(key).or_default().insert((*day, *agent));
            }
            for (key, sums) in &mut totals {
                self.count_seen(sums, seen.get(key).into_iter(), None);
            }
        }
        totals
    }

    fn count_seen<'a>(
        &self,
        sums: &mut Sums,
        seen: impl Iterator<Item = &'a BTreeSet<(usize, AgentId)>>,
        whose: Option<AgentId>,
    ) {
        if self.shape.days.is_none() {
            return;
        }
        let (mut days, mut agents) = (BTreeSet::new(), BTreeSet::new());
        for (day, agent) in seen.flatten().filter(|(_, agent)| whose.is_none_or(|whose| whose == *agent)) {
            days.insert((*day, *agent));
            agents.insert(*agent);
        }
        sums.set(Measure::AgentDays, days.len() as i128);
        sums.set(Measure::AgentsSeen, agents.len() as i128);
    }

    /// Nothing happened.
    fn nothing(&self) -> Sums {
        let mut sums = Sums::counted_with(self.counted);
        for base in self.shape.group.bases() {
            let unknown = *base == Base::AgentTime && !self.shape.queues.is_empty();
            if !unknown {
                for measure in Measure::of(*base).filter(|measure| contributions::is_counted(*measure)) {
                    sums.set(measure, 0);
                }
            }
        }
        sums
    }
}

/// The millisecond in which a moment lies.
const fn millis_of(at: Instant) -> i64 {
    at.micros().div_euclid(1000)
}
