//! What is played: a forecast and the people for it. Checked once, here; behind this door every number is in its range and every name
//! refers to something.

use super::refused::{Refused, count, number};
use super::times::{SECONDS_MAX, SECONDS_MIN, Times};
use cordboard_floor::configuration::RoutingPlan;
use cordboard_floor::{QueueId, SkillId, limits};
use cordboard_workforce::staffing::Formula;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Queues of one day.
pub const QUEUES_MAX: usize = 200;
/// Groups of agents of one day; a roster has one for each person.
pub const GROUPS_MAX: usize = 2_000;
/// Heads of all groups together.
pub const HEADS_MAX: usize = 10_000;
/// Intervals of one day.
pub const INTERVALS_MAX: usize = 10_000;
/// Queues × intervals.
pub const CELLS_MAX: usize = 50_000;
/// Calls expected on one day, those of the warm-up included.
pub const CALLS_MAX: f64 = 5_000_000.0;
/// Spans of work of one group.
pub const SPANS_MAX: usize = 100;
/// The longest day, in seconds (a year and a day): intervals, warm-up, and whatever is worked after them.
pub const DAY_S_MAX: f64 = 366.0 * 86_400.0;

/// A forecast day and the people for it. Instants are seconds since its first interval begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// How long an interval is, in seconds.
    #[serde(default = "half_an_hour")]
    pub interval_s: f64,
    /// For how long it has run before its first interval, at that interval's pace and staff, in seconds; what comes then is not counted.
    #[serde(default)]
    pub warm_up_s: f64,
    /// How long a phone rings before it is picked up, in seconds.
    #[serde(default)]
    pub pick_up_s: f64,
    /// What comes in.
    pub queues: Vec<Queue>,
    /// Who is there.
    pub groups: Vec<Group>,
}

/// What comes into a queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// Its id.
    pub id: QueueId,
    /// Calls expected in each interval; they come as a Poisson stream.
    pub calls: Vec<f64>,
    /// Handle time: talk, hold and wrap-up.
    pub handle: Times,
    /// How long callers wait before they give up; none: for ever.
    #[serde(default)]
    pub patience: Option<Times>,
    /// Within how many seconds an answer counts for the service level.
    #[serde(default = "twenty")]
    pub within_s: f64,
    /// For an agent of several queues, calls of the higher priority come first. 0 to 100.
    #[serde(default = "fifty")]
    pub priority: u8,
    /// What an agent must know to serve it, and how well.
    #[serde(default)]
    pub skills: BTreeMap<SkillId, u8>,
    /// What must hold, for whoever looks for the least staff.
    #[serde(default)]
    pub goals: Goals,
    /// How calls are routed beyond that; anything but the plain plan needs the floor.
    #[serde(skip)]
    pub plan: RoutingPlan,
}

/// What must hold for a queue, over the whole day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goals {
    /// At least this service level within the queue's `within_s`, as a share.
    #[serde(default)]
    pub service_level: Option<f64>,
    /// By which formula of the catalogue; none: `sl.offered`.
    #[serde(default)]
    pub formula: Option<String>,
    /// The answered wait at most so many seconds on average.
    #[serde(default)]
    pub asa_s: Option<f64>,
    /// At most this share gives up.
    #[serde(default)]
    pub abandoned: Option<f64>,
}

/// Agents of whom one is as good as another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name.
    pub id: String,
    /// The queues that they serve, if they have their skills.
    pub queues: Vec<QueueId>,
    /// What they know, and how well: 0 to 100.
    #[serde(default)]
    pub skills: BTreeMap<SkillId, u8>,
    /// How many they are.
    #[serde(default)]
    pub heads: u32,
    /// How many there can be, for whoever looks for the least staff; none: as many as one likes.
    #[serde(default)]
    pub heads_max: Option<u32>,
    /// From when until when they work, in order: a shift is several spans with its breaks between. None at all: from the first interval to the
    /// end of the last. Whoever has a call in hand at the end of a span ends it first.
    #[serde(default)]
    pub work: Vec<Span>,
}

/// From one moment until just before another, in seconds since the first interval begins.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "(f64, f64)", into = "(f64, f64)")]
pub struct Span {
    /// From when.
    pub from_s: f64,
    /// Until when.
    pub to_s: f64,
}

impl From<(f64, f64)> for Span {
    fn from((from_s, to_s): (f64, f64)) -> Self {
        Self { from_s, to_s }
    }
}

impl From<Span> for (f64, f64) {
    fn from(span: Span) -> Self {
        (span.from_s, span.to_s)
    }
}

const fn half_an_hour() -> f64 {
    1_800.0
}

const fn twenty() -> f64 {
    20.0
}

const fn fifty() -> u8 {
    50
}

impl Queue {
    /// A queue whose callers wait for ever, with 20 s for an answer and nothing asked.
    pub fn plain(id: QueueId, calls: Vec<f64>, handle: Times) -> Self {
        Self {
            id,
            calls,
            handle,
            patience: None,
            within_s: twenty(),
            priority: fifty(),
            skills: BTreeMap::new(),
            goals: Goals::default(),
            plan: RoutingPlan::default(),
        }
    }
}

impl Group {
    /// So many heads for these queues, from the first interval to the end of the last.
    pub fn plain(id: &str, queues: Vec<QueueId>, heads: u32) -> Self {
        let (skills, work) = (BTreeMap::new(), Vec::new());
        Self { id: id.to_owned(), queues, skills, heads, heads_max: None, work }
    }

    /// Whether it serves a queue: it is among its own, and it has the skills.
    pub fn serves(&self, queue: &Queue) -> bool {
        let meets = |(skill, level): (&SkillId, &u8)| self.skills.get(skill).is_some_and(|own| own >= level);
        self.queues.contains(&queue.id) && queue.skills.iter().all(meets)
    }
}

impl Goals {
    /// Whether anything is asked.
    pub const fn is_set(&self) -> bool {
        self.service_level.is_some() || self.asa_s.is_some() || self.abandoned.is_some()
    }

    /// The formula of the service level.
    ///
    /// # Errors
    /// [`Refused::Name`] where it is none.
    pub fn formula(&self) -> Result<Formula, Refused> {
        match &self.formula {
            None => Ok(Formula::Offered),
            Some(id) => id.parse().map_err(|why| Refused::Name(id.clone(), format!("{why}"))),
        }
    }

    fn check(&self, of: &str) -> Result<(), Refused> {
        self.formula()?;
        number(of, "the service level asked", self.service_level.unwrap_or(0.0), (0.0, 1.0))?;
        number(of, "the speed of answer asked", self.asa_s.unwrap_or(0.0), (0.0, SECONDS_MAX))?;
        number(of, "the share that may give up", self.abandoned.unwrap_or(0.0), (0.0, 1.0))
    }
}

impl Day {
    /// How many intervals it has.
    pub fn intervals(&self) -> usize {
        self.queues.first().map_or(0, |queue| queue.calls.len())
    }

    /// How long each of them is, in whole µs: the one grid on which calls come and are counted.
    pub(super) fn interval_us(&self) -> i64 {
        (self.interval_s * 1e6).round() as i64
    }

    /// How long its intervals are together, in seconds.
    pub fn length_s(&self) -> f64 {
        self.interval_s * self.intervals() as f64
    }

    /// How many calls are expected in one replication, those of the warm-up included.
    pub fn calls(&self) -> f64 {
        let of = |queue: &Queue| {
            let first = queue.calls.first().copied().unwrap_or(0.0);
            queue.calls.iter().sum::<f64>() + first * self.warm_up_s / self.interval_s
        };
        self.queues.iter().map(of).sum()
    }

    /// Whether every queue has the plain plan, which is all that the shortcut does; else the first that has not.
    pub(super) fn plain(&self) -> Result<(), Refused> {
        let own = self.queues.iter().find(|queue| queue.plan != RoutingPlan::default());
        own.map_or(Ok(()), |queue| Err(Refused::NotPlain(queue.id)))
    }

    /// Whether it can be played.
    ///
    /// # Errors
    /// The first thing that stands in the way.
    pub fn check(&self) -> Result<(), Refused> {
        count("queues", self.queues.len(), 1, QUEUES_MAX)?;
        count("groups", self.groups.len(), 1, GROUPS_MAX)?;
        count("intervals", self.intervals(), 1, INTERVALS_MAX)?;
        count("queues × intervals", self.queues.len() * self.intervals(), 1, CELLS_MAX)?;
        let heads: u64 = self.groups.iter().map(|group| u64::from(group.heads)).sum();
        count("heads", heads as usize, 0, HEADS_MAX)?;
        number("the day", "an interval, in seconds,", self.interval_s, (1.0, DAY_S_MAX))?;
        number("the day", "the warm-up, in seconds,", self.warm_up_s, (0.0, DAY_S_MAX))?;
        number("the day", "its length, in seconds,", self.length_s() + self.warm_up_s, (1.0, DAY_S_MAX))?;
        let ring_s_max = limits::SPAN_MS_MAX as f64 / 2_000.0;
        number("the day", "the time to pick up, in seconds,", self.pick_up_s, (0.0, ring_s_max))?;
        let (mut queues, mut groups) = (BTreeSet::new(), BTreeSet::new());
        for queue in &self.queues {
            if !queues.insert(queue.id) {
                return Err(Refused::Twice { what: "queue", name: queue.id.to_string() });
            }
            queue.check(self.intervals())?;
        }
        for group in &self.groups {
            if !groups.insert(&group.id) {
                return Err(Refused::Twice { what: "group", name: group.id.clone() });
            }
            group.check(&queues)?;
        }
        number("the day", "the number of calls", self.calls(), (0.0, CALLS_MAX))
    }

    /// Whether whoever waits for ever is served by somebody.
    pub(super) fn check_served(&self) -> Result<(), Refused> {
        for queue in
            self.queues.iter().filter(|queue| queue.patience.is_none() && queue.plan.exits.is_empty())
        {
            let mut serving = self.groups.iter().filter(|group| group.heads > 0 && group.serves(queue));
            let also = !queue.plan.also.is_empty() || !queue.plan.steps.is_empty();
            if queue.calls.iter().any(|calls| *calls > 0.0) && serving.next().is_none() && !also {
                return Err(Refused::Unserved(queue.id));
            }
        }
        Ok(())
    }
}

impl Queue {
    fn check(&self, intervals: usize) -> Result<(), Refused> {
        let (of, queue) = (format!("queue {}", self.id), self.id);
        if self.calls.len() != intervals {
            return Err(Refused::Uneven { queue, found: self.calls.len(), expected: intervals });
        }
        for calls in &self.calls {
            number(&of, "the number of calls", *calls, (0.0, CALLS_MAX))?;
        }
        self.handle.check(&of, "the handle time, in seconds,")?;
        if let Some(patience) = &self.patience {
            patience.check(&of, "the patience, in seconds,")?;
        }
        if self.within_s != 0.0 {
            number(&of, "the bound of the wait, in seconds,", self.within_s, (SECONDS_MIN, SECONDS_MAX))?;
        }
        count("queue.priority", self.priority.into(), 0, limits::PRIORITY_MAX.into())?;
        count("queue.skills", self.skills.len(), 0, limits::CONDITIONS_MAX)?;
        self.goals.check(&of)
    }
}

impl Group {
    fn check(&self, queues: &BTreeSet<QueueId>) -> Result<(), Refused> {
        if let Some(queue) = self.queues.iter().find(|queue| !queues.contains(queue)) {
            return Err(Refused::NoSuchQueue { group: self.id.clone(), queue: *queue });
        }
        count("group.skills", self.skills.len(), 0, limits::AGENT_SKILLS_MAX)?;
        count("group.work", self.work.len(), 0, SPANS_MAX)?;
        let of = format!("group {}", self.id);
        for span in &self.work {
            number(&of, "the beginning of a span, in seconds,", span.from_s, (-DAY_S_MAX, DAY_S_MAX))?;
            number(&of, "the end of a span, in seconds,", span.to_s, (-DAY_S_MAX, DAY_S_MAX))?;
        }
        let empty = self.work.iter().any(|span| span.to_s <= span.from_s);
        let mixed_up = self.work.windows(2).any(|pair| pair[1].from_s < pair[0].to_s);
        if empty || mixed_up { Err(Refused::Spans(self.id.clone())) } else { Ok(()) }
    }
}
