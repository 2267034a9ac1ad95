//! Did people do what was planned, when it was planned?
//!
//! *Adherence* is the share of planned time in which what they did fits what was planned, moment by moment; *conformance* is
//! worked time over planned working time, in sums, and may exceed 1. Late by a quarter of an hour and later off by as much is a
//! conformance of 100 % and an adherence of less.
//!
//! Arithmetic of half-open spans in whole ms. A stretch that does not fit counts as fitting all the same where
//! - a contact that began before the plan changed holds her (with the wrap-up after it): *held*;
//! - what is left of it is no longer than the grace: *forgiven*.
//!
//! What is over can be reckoned again with another plan, other exceptions or another map; the result depends on nothing else.

mod book;

pub use book::{
    AROUND_MS, AdherenceAlert, AdherenceBook, DONE_KEPT_MS, DONE_SPANS_MAX, SHIFTS_HELD_MAX, SHIFTS_KEPT_MAX,
    ShiftSums, Stance,
};

use crate::civil::Span;
use cordboard_floor::{Instant, ReasonId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// The most spans of one person that are looked at together.
pub const SPANS_MAX: usize = 100_000;

/// What was planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Planned {
    /// On queue.
    Work,
    /// A break.
    Break,
    /// A meal.
    Meal,
    /// Training.
    Training,
    /// A meeting.
    Meeting,
    /// Approved beforehand or afterwards: whatever she does fits.
    Excepted,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Did {
    /// Not there.
    SignedOut,
    /// Free for contacts.
    Ready,
    /// Reserved for, or in, a contact.
    Contact,
    /// After one.
    WrapUp,
    /// Not ready, with a reason.
    NotReady(ReasonId),
}

impl Did {
    const fn works(self) -> bool {
        matches!(self, Self::Ready | Self::Contact | Self::WrapUp)
    }
}

/// Which reasons fit what was planned. Working states fit [`Planned::Work`], and everything fits [`Planned::Excepted`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fits(pub BTreeMap<Planned, BTreeSet<ReasonId>>);

impl Fits {
    /// Whether this fits that.
    pub fn fits(&self, planned: Planned, did: Did) -> bool {
        match (planned, did) {
            (Planned::Excepted, _) => true,
            (Planned::Work, did) if did.works() => true,
            (planned, Did::NotReady(reason)) => {
                self.0.get(&planned).is_some_and(|reasons| reasons.contains(&reason))
            }
            _ => false,
        }
    }
}

/// What a stretch that does not fit costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grace {
    /// A stretch no longer than this, in ms, is forgiven.
    pub forgiven_ms: u64,
    /// One longer than this, in ms, is told at once.
    pub alert_ms: u64,
    /// One longer than this, in ms, is told again, as severe.
    pub severe_ms: u64,
}

/// Spans that cannot be added up.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Unordered {
    /// One ends before it begins, or begins before the last one ends.
    #[error("the span from {from} begins before the one before it ends, or ends before it begins")]
    At {
        /// Where it begins.
        from: Instant,
    },
    /// Too many.
    #[error("more than {SPANS_MAX} spans")]
    TooMany,
}

/// A stretch that did not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// From when until when.
    pub span: Span,
    /// What was planned when it began.
    pub planned: Planned,
    /// Whether it was short enough to be forgiven.
    pub forgiven: bool,
}

/// How much an episode is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alert {
    /// Long enough to be told.
    Away,
    /// Long enough to be told again.
    Severe,
}

/// Sums in ms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adherence {
    /// Planned time.
    pub planned_ms: u64,
    /// Of it, what fitted, held and forgiven time included.
    pub adherent_ms: u64,
    /// Of that, what fitted because a contact held her.
    pub held_ms: u64,
    /// Of that, what was forgiven.
    pub forgiven_ms: u64,
    /// Planned working time.
    pub planned_work_ms: u64,
    /// Worked time, planned or not.
    pub worked_ms: u64,
    /// Worked where nothing was planned.
    pub unplanned_work_ms: u64,
    /// What did not fit, in order.
    pub episodes: Vec<Episode>,
}

impl Adherence {
    /// Adherent time over planned time; `None` where nothing was planned.
    pub fn adherence(&self) -> Option<f64> {
        (self.planned_ms > 0).then(|| self.adherent_ms as f64 / self.planned_ms as f64)
    }

    /// Worked time over planned working time; `None` where no work was planned.
    pub fn conformance(&self) -> Option<f64> {
        (self.planned_work_ms > 0).then(|| self.worked_ms as f64 / self.planned_work_ms as f64)
    }

    /// Adds another person's, or another day's. Shares are made of the sums anew and never averaged.
    pub fn add(&mut self, other: &Self) {
        self.planned_ms += other.planned_ms;
        self.adherent_ms += other.adherent_ms;
        self.held_ms += other.held_ms;
        self.forgiven_ms += other.forgiven_ms;
        self.planned_work_ms += other.planned_work_ms;
        self.worked_ms += other.worked_ms;
        self.unplanned_work_ms += other.unplanned_work_ms;
        self.episodes.extend_from_slice(&other.episodes);
    }
}

impl Grace {
    /// What is told of an episode that has lasted so many ms, how loudly and after how many: once each.
    pub fn alerts(&self, lasted_ms: u64) -> impl DoubleEndedIterator<Item = (Alert, u64)> {
        let told = [(Alert::Away, self.alert_ms), (Alert::Severe, self.severe_ms)];
        told.into_iter().filter(move |(_, after)| lasted_ms > *after)
    }
}

/// How many whole ms lie between two moments, on the grid.
const fn lasted(since: Instant, at: Instant) -> u64 {
    let ms = grid(at) - grid(since);
    if ms > 0 { ms as u64 } else { 0 }
}

/// When an episode is to be told, and how loudly: once each.
pub fn alerts(episode: &Episode, grace: &Grace) -> impl Iterator<Item = (Instant, Alert)> {
    let from = episode.span.from;
    let told = grace.alerts(lasted(from, episode.span.to));
    told.map(move |(alert, after)| (from.plus(cordboard_floor::Millis(after)), alert))
}

/// The whole ms of a moment; spans lie on this grid, so that parts add up.
const fn grid(at: Instant) -> i64 {
    at.micros().div_euclid(1000)
}

fn moment(ms: i64) -> Instant {
    Instant::from_micros(ms.saturating_mul(1000))
}

fn ordered<T>(spans: &[(Span, T)]) -> Result<(), Unordered> {
    if spans.len() > SPANS_MAX {
        return Err(Unordered::TooMany);
    }
    let mut end = i64::MIN;
    for (span, _) in spans {
        if grid(span.from) < end || span.to < span.from {
            return Err(Unordered::At { from: span.from });
        }
        end = grid(span.to);
    }
    Ok(())
}

/// Lays what was done beside what was planned, over the time `within`. Where no span tells what was done, she was signed out.
///
/// # Errors
/// [`Unordered`] unless both lists are in order and their spans apart.
pub fn adherence(
    within: Span,
    plan: &[(Span, Planned)],
    did: &[(Span, Did)],
    fits: &Fits,
    grace: &Grace,
) -> Result<Adherence, Unordered> {
    ordered(plan)?;
    ordered(did)?;
    let mut told = Adherence::default();
    // Every moment at which something changes; between two of them nothing does.
    let (begin, end) = (grid(within.from), grid(within.to));
    let mut cuts = BTreeSet::from([begin, end]);
    let edges = plan.iter().map(|(span, _)| span).chain(did.iter().map(|(span, _)| span));
    cuts.extend(
        edges.flat_map(|span| [grid(span.from), grid(span.to)]).filter(|at| (begin..end).contains(at)),
    );
    let cuts: Vec<i64> = cuts.into_iter().collect();
    let (mut plans, mut done) = (plan.iter().peekable(), did.iter().peekable());
    let mut hand = InHand::default();
    let mut open: Option<(i64, i64, Planned)> = None;
    let close = |open: &mut Option<(i64, i64, Planned)>, told: &mut Adherence| {
        if let Some((from, to, planned)) = open.take() {
            let ms = (to - from) as u64;
            let forgiven = ms <= grace.forgiven_ms;
            if forgiven {
                told.forgiven_ms += ms;
                told.adherent_ms += ms;
            }
            let span = Span { from: moment(from), to: moment(to) };
            told.episodes.push(Episode { span, planned, forgiven });
        }
    };
    for pair in cuts.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let ms = (to - from).max(0) as u64;
        while plans.next_if(|(span, _)| grid(span.to) <= from).is_some() {}
        while let Some((span, state)) = done.next_if(|(span, _)| grid(span.to) <= from) {
            hand.saw(span, *state);
        }
        let planned = plans.peek().filter(|(span, _)| grid(span.from) <= from).copied();
        let now = done.peek().filter(|(span, _)| grid(span.from) <= from).copied();
        let state = now.map_or(Did::SignedOut, |(_, state)| *state);
        if state.works() {
            told.worked_ms += ms;
            told.unplanned_work_ms += if planned.is_none() { ms } else { 0 };
        }
        let Some((plan_span, planned)) = planned else {
            close(&mut open, &mut told);
            continue;
        };
        told.planned_ms += ms;
        told.planned_work_ms += if *planned == Planned::Work { ms } else { 0 };
        let held = now.is_some_and(|(span, state)| hand.held(span.from, *state, plan_span.from));
        if fits.fits(*planned, state) || held {
            told.adherent_ms += ms;
            told.held_ms += if fits.fits(*planned, state) { 0 } else { ms };
            close(&mut open, &mut told);
        } else {
            match &mut open {
                Some((_, end, _)) if *end == from => *end = to,
                open => *open = Some((from, to, *planned)),
            }
        }
    }
    close(&mut open, &mut told);
    Ok(told)
}

/// Since when one contact, with the wrap-up after it, keeps her without a break.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct InHand {
    /// Where the last span of it began and ended, and whether it was wrap-up.
    last: Option<(i64, i64, bool)>,
}

impl InHand {
    /// Whether a contact that began before a plan did keeps her in a span that begins at `from`.
    fn held(&self, from: Instant, did: Did, plan: Instant) -> bool {
        self.since(from, did).is_some_and(|since| since < grid(plan))
    }

    /// Since when, if in a span that begins at `from` a contact keeps her.
    fn since(&self, from: Instant, did: Did) -> Option<i64> {
        let before = self.last.filter(|(_, to, _)| *to == grid(from));
        match (did, before) {
            // Wrap-up belongs to the contact before it; another contact after it is another one.
            (Did::WrapUp, Some((since, _, _))) | (Did::Contact, Some((since, _, false))) => Some(since),
            (Did::WrapUp | Did::Contact, _) => Some(grid(from)),
            _ => None,
        }
    }

    fn saw(&mut self, span: &Span, did: Did) {
        let since = self.since(span.from, did);
        self.last = since.map(|since| (since, grid(span.to), did == Did::WrapUp));
    }
}
