//! One person's line of the book: what she does, what is planned for her, and what her shifts come to.

use super::{AROUND_MS, DONE_KEPT_MS, DONE_SPANS_MAX};
use crate::adherence::{Adherence, Alert, Did, Fits, Grace, InHand, Planned, adherence};
use crate::civil::Span;
use crate::id::{ExceptionId, ShiftId};
use crate::shift::{Away, Sketch};
use cordboard_floor::{ContactId, Instant, Millis, OfferId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sheet {
    pub(super) sketch: Sketch,
    pub(super) away: Vec<Away>,
    pub(super) version: u64,
    pub(super) exceptions: BTreeMap<ExceptionId, Span>,
    pub(super) plan: Vec<(Span, Planned)>,
    pub(super) settled: Option<Adherence>,
    pub(super) stale: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Out {
    pub(super) since: Instant,
    pub(super) shift: ShiftId,
    pub(super) planned: Planned,
    pub(super) told: Option<Alert>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    /// What she does beside contacts.
    pub(super) presence: Did,
    pub(super) contacts: BTreeSet<ContactId>,
    pub(super) offers: BTreeSet<OfferId>,
    pub(super) wrap_ups: BTreeSet<ContactId>,
    pub(super) did: Did,
    pub(super) since: Instant,
    /// What of her last span is in hand still.
    hand: InHand,
    pub(super) done: VecDeque<(Span, Did)>,
    /// From when on all that she did is kept.
    pub(super) kept_from: Instant,
    pub(super) shifts: BTreeMap<(Instant, ShiftId), Sheet>,
    pub(super) out: Option<Out>,
    /// The last episode and when it ended: one that begins at that very moment is the same one.
    pub(super) ended: Option<(Instant, Out)>,
    pub(super) next: Option<Instant>,
}

impl Line {
    pub(super) fn new(at: Instant) -> Self {
        Self {
            presence: Did::SignedOut,
            contacts: BTreeSet::new(),
            offers: BTreeSet::new(),
            wrap_ups: BTreeSet::new(),
            did: Did::SignedOut,
            since: at,
            hand: InHand::default(),
            done: VecDeque::new(),
            // Nothing is known of her from before, which is: she was not there.
            kept_from: Instant::from_micros(i64::MIN),
            shifts: BTreeMap::new(),
            out: None,
            ended: None,
            next: None,
        }
    }

    /// Takes over what she does from a moment on.
    pub(super) fn settle_did(&mut self, at: Instant) {
        let did = if !self.contacts.is_empty() || !self.offers.is_empty() {
            Did::Contact
        } else if !self.wrap_ups.is_empty() {
            Did::WrapUp
        } else {
            self.presence
        };
        if did == self.did {
            return;
        }
        // What lasted no time at all was not: of events at one moment only the last counts.
        if self.since < at {
            let span = Span { from: self.since, to: at };
            self.hand.saw(&span, self.did);
            self.done.push_back((span, self.did));
        }
        (self.did, self.since) = (did, at);
    }

    /// Whether a contact that began before a moment keeps her.
    pub(super) fn held(&self, from: Instant) -> bool {
        self.hand.held(self.since, self.did, from)
    }

    pub(super) fn planned(&self, at: Instant) -> Option<(ShiftId, Span, Planned)> {
        let far = (at, ShiftId(u64::MAX));
        // Shifts of one agent do not overlap, so the last that has begun is the one that goes on.
        let ((_, shift), sheet) = self.shifts.range(..=far).next_back()?;
        let part = sheet.plan.iter().find(|(span, _)| span.holds(at))?;
        Some((*shift, part.0, part.1))
    }

    pub(super) fn next_after(
        &self,
        at: Instant,
        grace: &Grace,
        planned: Option<(ShiftId, Span, Planned)>,
    ) -> Option<Instant> {
        let mut next = planned.map(|(_, span, _)| span.to);
        let mut sooner = |moment: Instant| {
            if moment > at {
                next = Some(next.map_or(moment, |next: Instant| next.min(moment)));
            }
        };
        let before = self.shifts.range(..=(at, ShiftId(u64::MAX))).next_back();
        let after = self.shifts.range((at, ShiftId(u64::MAX))..).next();
        for (_, sheet) in before.into_iter().chain(after) {
            sheet
                .plan
                .iter()
                .map(|(span, _)| span.from)
                .filter(|from| *from > at)
                .take(1)
                .for_each(&mut sooner);
            if sheet.settled.is_none() {
                sooner(sheet.sketch.until.plus(Millis(AROUND_MS)));
            }
        }
        if let Some(out) = self.out {
            let after = match out.told {
                None => Some(grace.alert_ms),
                Some(Alert::Away) => Some(grace.severe_ms),
                Some(Alert::Severe) => None,
            };
            if let Some(after) = after {
                sooner(out.since.plus(Millis(after + 1)));
            }
        }
        next
    }

    /// Shifts that are over, with all that is done beside them, and whose sums are not kept yet.
    pub(super) fn to_settle(&self, at: Instant) -> impl Iterator<Item = (Instant, ShiftId)> {
        let over = move |sheet: &Sheet| sheet.sketch.until.plus(Millis(AROUND_MS)) <= at;
        let open = self.shifts.range(..(at, ShiftId(0))).rev().take(8);
        open.filter(move |(_, sheet)| sheet.settled.is_none() && over(sheet)).map(|(key, _)| *key)
    }

    pub(super) fn forget(&mut self, at: Instant) {
        let old = at.minus(Millis(DONE_KEPT_MS));
        while let Some((span, _)) = self.done.front()
            && (span.to < old || self.done.len() > DONE_SPANS_MAX)
        {
            self.kept_from = span.to;
            self.done.pop_front();
        }
    }

    /// The time in which work counts beside a shift: a gap between two belongs to the one before it.
    pub(super) fn around(&self, key: &(Instant, ShiftId), sheet: &Sheet) -> Span {
        let around = Millis(AROUND_MS);
        let before = self.shifts.range(..*key).next_back().map(|(_, sheet)| sheet.sketch.until);
        let after = self.shifts.range((key.0, ShiftId(key.1.0 + 1))..).next().map(|((from, _), _)| *from);
        let from = sheet.sketch.from.minus(around);
        let to = sheet.sketch.until.plus(around);
        Span {
            from: before.map_or(from, |end| from.max(end.plus(around)).min(sheet.sketch.from)),
            to: after.map_or(to, |begin| to.min(begin)).max(sheet.sketch.until),
        }
    }

    pub(super) fn reckon(
        &self,
        key: &(Instant, ShiftId),
        at: Instant,
        fits: &Fits,
        grace: &Grace,
    ) -> Adherence {
        let Some(sheet) = self.shifts.get(key) else { return Adherence::default() };
        let around = self.around(key, sheet);
        let within = Span { from: around.from, to: around.to.min(at).max(around.from) };
        let mut done: Vec<(Span, Did)> = self.done.iter().copied().collect();
        if self.since < at {
            done.push((Span { from: self.since, to: at }, self.did));
        }
        // Spans follow one another as they were made, and a plan was checked when it was asked for.
        adherence(within, &sheet.plan, &done, fits, grace).unwrap_or_default()
    }
}

/// What is planned, without what she is spared, and with what is excepted.
pub(super) fn plan_of(sheet: &Sheet) -> Vec<(Span, Planned)> {
    let mut plan = sheet.sketch.plan();
    for span in sheet.exceptions.values() {
        plan = lay(&plan, *span, Some(Planned::Excepted));
    }
    for away in &sheet.away {
        plan = lay(&plan, Span { from: away.from, to: away.until }, None);
    }
    plan
}

/// A plan with something else in a span of it, or nothing.
fn lay(plan: &[(Span, Planned)], over: Span, with: Option<Planned>) -> Vec<(Span, Planned)> {
    let mut laid = Vec::with_capacity(plan.len() + 2);
    for (span, planned) in plan {
        if !span.meets(&over) {
            laid.push((*span, *planned));
            continue;
        }
        let middle = Span { from: span.from.max(over.from), to: span.to.min(over.to) };
        let parts = [
            (Span { from: span.from, to: middle.from }, Some(*planned)),
            (middle, with),
            (Span { from: middle.to, to: span.to }, Some(*planned)),
        ];
        let there = parts.into_iter().filter(|(part, _)| part.from < part.to);
        laid.extend(there.filter_map(|(part, planned)| Some((part, planned?))));
    }
    laid
}
