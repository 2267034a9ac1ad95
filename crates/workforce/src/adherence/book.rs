//! Adherence as it happens: a pure fold over the floor's events and the desk's own, to the millisecond. Who should be doing what, who
//! does, since when it does not fit, and what a shift comes to so far.
//!
//! Events change what is planned or done; time alone begins and ends breaks and makes an episode long enough to be told.
//! So the book names the next such moment ([`AdherenceBook::next_at`]) and nothing is polled. Each episode is told once as away and
//! once as severe, whoever asks and however often; folding the log again tells the same.
//!
//! Sums are not kept beside: a shift's are [`adherence`] over what was done, as long as that is kept ([`DONE_KEPT_MS`]), and
//! what came out at its end afterwards. So an exception that is approved, or a plan that is changed, after the fact changes them
//! as if it had been known; where it comes too late for that, the sums say so (`stale`).

mod line;

use super::{Adherence, Alert, Did, Fits, Grace, Planned, grid, lasted};
use crate::civil::Span;
use crate::day::Day;
use crate::event::Event;
use crate::id::ShiftId;
use crate::terms::Terms;
use cordboard_floor::{AgentId, ContactId, Instant, Millis, OfferId, Recorded};
use line::{Line, Out, Sheet, plan_of};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How long what was done is kept, in ms (48 hours).
pub const DONE_KEPT_MS: u64 = 48 * 3_600_000;
/// Spans of what one agent did that are kept, within that time.
pub const DONE_SPANS_MAX: usize = 20_000;
/// Shifts of one agent that are over and whose sums are kept; beyond it the oldest is forgotten.
pub const SHIFTS_KEPT_MAX: usize = 100;
/// Shifts of one agent, those to come among them: three rosters of 62 days with two shifts a day, and those that are over.
pub const SHIFTS_HELD_MAX: usize = 500;
/// Work this long before and after a shift counts as done beside it, in ms (4 hours).
pub const AROUND_MS: u64 = 4 * 3_600_000;

/// What is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdherenceAlert {
    /// Who.
    pub agent: AgentId,
    /// During which shift the episode began.
    pub shift: ShiftId,
    /// What was planned when it did.
    pub planned: Planned,
    /// When it began.
    pub since: Instant,
    /// When it had lasted long enough.
    pub at: Instant,
    /// How loudly.
    pub alert: Alert,
}

/// How an agent stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Stance {
    /// The shift that goes on.
    pub shift: Option<ShiftId>,
    /// What is planned; none: nothing is.
    pub planned: Option<Planned>,
    /// Since when that is planned.
    pub planned_since: Option<Instant>,
    /// What she does.
    pub did: Did,
    /// Since when.
    pub since: Instant,
    /// A contact holds her, which began before the plan changed.
    pub held: bool,
    /// Since when what she does has not fitted; none: it fits.
    pub out_since: Option<Instant>,
    /// What was told of that.
    pub told: Option<Alert>,
}

/// What a shift comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShiftSums {
    /// Which.
    pub shift: ShiftId,
    /// On which day.
    pub day: Day,
    /// The number of the event by which it is planned as it is.
    pub version: u64,
    /// The sums.
    pub sums: Adherence,
    /// Something changed after what was done had been let go: fold the log again from that day on.
    pub stale: bool,
}

/// The book.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AdherenceBook {
    fits: Fits,
    grace: Grace,
    at: Instant,
    lines: BTreeMap<AgentId, Line>,
    shifts: BTreeMap<ShiftId, (AgentId, Instant)>,
    hands: BTreeMap<ContactId, BTreeSet<AgentId>>,
    due: BTreeSet<(Instant, AgentId)>,
}

impl Default for AdherenceBook {
    fn default() -> Self {
        let terms = Terms::default().adherence;
        Self {
            fits: terms.fits,
            grace: terms.grace,
            at: Instant::default(),
            lines: BTreeMap::new(),
            shifts: BTreeMap::new(),
            hands: BTreeMap::new(),
            due: BTreeSet::new(),
        }
    }
}

impl AdherenceBook {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next moment at which time alone changes something.
    pub fn next_at(&self) -> Option<Instant> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Lets time go on, and says what there is to tell by then.
    pub fn advance(&mut self, to: Instant) -> Vec<AdherenceAlert> {
        let mut told = Vec::new();
        while let Some((at, agent)) = self.due.first().copied().filter(|(at, _)| *at <= to) {
            self.look(agent, at, &mut told);
        }
        self.at = self.at.max(to);
        told
    }

    /// How an agent stands.
    pub fn stance(&self, agent: AgentId) -> Option<Stance> {
        self.stance_at(agent, self.at)
    }

    /// The same at a moment that may lie after the last event, for whoever looks while nothing happens: plans begin and end, and
    /// episodes grow long, by time alone.
    pub fn stance_at(&self, agent: AgentId, at: Instant) -> Option<Stance> {
        let at = at.max(self.at);
        let line = self.lines.get(&agent)?;
        let planned = line.planned(at);
        let unfit =
            planned.filter(|(_, span, planned)| !self.fits.fits(*planned, line.did) && !line.held(span.from));
        let out_since =
            unfit.map(|(_, span, _)| line.out.map_or_else(|| span.from.max(line.since), |out| out.since));
        let told = out_since.and_then(|since| self.grace.alerts(lasted(since, at)).next_back());
        let told = told.map(|(alert, _)| alert);
        Some(Stance {
            shift: planned.map(|(shift, _, _)| shift),
            planned: planned.map(|(_, _, planned)| planned),
            planned_since: planned.map(|(_, span, _)| span.from),
            did: line.did,
            since: line.since,
            held: planned
                .is_some_and(|(_, span, planned)| !self.fits.fits(planned, line.did) && line.held(span.from)),
            out_since,
            told,
        })
    }

    /// How everybody stands of whom anything is known.
    pub fn stances(&self) -> impl Iterator<Item = (AgentId, Stance)> {
        self.stances_at(self.at)
    }

    /// The same at a moment that may lie after the last event.
    pub fn stances_at(&self, at: Instant) -> impl Iterator<Item = (AgentId, Stance)> {
        self.lines.keys().filter_map(move |agent| Some((*agent, self.stance_at(*agent, at)?)))
    }

    /// What a shift comes to so far.
    pub fn sums(&self, shift: ShiftId) -> Option<ShiftSums> {
        self.sums_at(shift, self.at)
    }

    /// The same at a moment that may lie after the last event.
    pub fn sums_at(&self, shift: ShiftId, at: Instant) -> Option<ShiftSums> {
        let (agent, from) = self.shifts.get(&shift)?;
        let line = self.lines.get(agent)?;
        let sheet = line.shifts.get(&(*from, shift))?;
        let sums = match &sheet.settled {
            Some(sums) => sums.clone(),
            None => line.reckon(&(*from, shift), at.max(self.at), &self.fits, &self.grace),
        };
        let Sheet { stale, version, .. } = *sheet;
        Some(ShiftSums { shift, day: sheet.sketch.day, version, sums, stale })
    }

    /// What the shifts of an agent on a day come to, in order of their begin.
    pub fn day(&self, agent: AgentId, day: Day) -> Vec<ShiftSums> {
        self.day_at(agent, day, self.at)
    }

    /// The same at a moment that may lie after the last event.
    pub fn day_at(&self, agent: AgentId, day: Day, at: Instant) -> Vec<ShiftSums> {
        let own = self.lines.get(&agent).into_iter().flat_map(|line| &line.shifts);
        let of_it = own.filter(|(_, sheet)| sheet.sketch.day == day);
        of_it.filter_map(|((_, shift), _)| self.sums_at(*shift, at)).collect()
    }

    /// Takes an event of the desk.
    pub fn take(&mut self, recorded: &Recorded<Event>) -> Vec<AdherenceAlert> {
        let (seq, at) = (recorded.seq, recorded.at);
        let mut told = self.advance(at);
        match &recorded.event {
            Event::TermsApplied(event) => {
                let terms = &event.terms.adherence;
                (self.fits, self.grace) = (terms.fits.clone(), terms.grace);
                for agent in self.lines.keys().copied().collect::<Vec<_>>() {
                    self.look(agent, at, &mut told);
                }
            }
            Event::ShiftAssigned(event) => {
                let sheet = Sheet {
                    sketch: event.sketch.clone(),
                    away: Vec::new(),
                    version: seq,
                    exceptions: BTreeMap::new(),
                    plan: Vec::new(),
                    settled: None,
                    stale: false,
                };
                self.place(event.shift, sheet, at, &mut told);
            }
            Event::ShiftChanged(event) => {
                if let Some(mut sheet) = self.unplace(event.shift, at, &mut told) {
                    (sheet.sketch, sheet.away, sheet.version) =
                        (event.sketch.clone(), event.away.clone(), seq);
                    self.place(event.shift, sheet, at, &mut told);
                }
            }
            Event::ShiftWithdrawn(event) => {
                self.unplace(event.shift, at, &mut told);
            }
            Event::ExceptionGranted(event) => {
                if let Some(mut sheet) = self.unplace(event.shift, at, &mut told) {
                    sheet.exceptions.insert(event.exception, Span { from: event.from, to: event.until });
                    self.place(event.shift, sheet, at, &mut told);
                }
            }
            Event::ExceptionWithdrawn(event) => {
                if let Some(mut sheet) = self.unplace(event.shift, at, &mut told) {
                    sheet.exceptions.remove(&event.exception);
                    self.place(event.shift, sheet, at, &mut told);
                }
            }
            _ => {}
        }
        told
    }

    /// Takes an event of the floor.
    pub fn take_floor(&mut self, recorded: &Recorded<cordboard_floor::Event>) -> Vec<AdherenceAlert> {
        use cordboard_floor::Event as Floor;
        let at = recorded.at;
        let mut told = self.advance(at);
        match &recorded.event {
            Floor::AgentSignedIn(event) => {
                let signed_in = cordboard_floor::actor::reasons::SIGNED_IN.slug;
                self.change(event.agent, at, &mut told, |line| line.presence = Did::NotReady(signed_in));
            }
            Floor::AgentReady(event) => {
                self.change(event.agent, at, &mut told, |line| line.presence = Did::Ready);
            }
            Floor::AgentNotReady(event) => {
                let slug = event.reason.slug;
                self.change(event.agent, at, &mut told, |line| line.presence = Did::NotReady(slug));
            }
            Floor::AgentSignedOut(event) => {
                self.change(event.agent, at, &mut told, |line| line.presence = Did::SignedOut);
            }
            Floor::OfferCreated(event) => {
                self.change(event.agent, at, &mut told, |line| {
                    line.offers.insert(event.offer);
                });
            }
            Floor::OfferAccepted(event) => self.end_offer(event.agent, event.offer, at, &mut told),
            Floor::OfferRejected(event) => self.end_offer(event.agent, event.offer, at, &mut told),
            Floor::OfferTimedOut(event) => self.end_offer(event.agent, event.offer, at, &mut told),
            Floor::OfferRescinded(event) => self.end_offer(event.agent, event.offer, at, &mut told),
            Floor::OfferCancelled(event) => self.end_offer(event.agent, event.offer, at, &mut told),
            Floor::OfferFailed(event) => self.end_offer(event.agent, event.offer, at, &mut told),
            Floor::ContactConnected(event) => {
                self.hands.entry(event.contact).or_default().insert(event.agent);
                self.change(event.agent, at, &mut told, |line| {
                    line.contacts.insert(event.contact);
                });
            }
            Floor::ContactLeft(event) => {
                if let Some(hands) = self.hands.get_mut(&event.contact) {
                    hands.remove(&event.agent);
                }
                self.change(event.agent, at, &mut told, |line| {
                    line.contacts.remove(&event.contact);
                });
            }
            Floor::ContactEnded(event) => {
                for agent in self.hands.remove(&event.contact).unwrap_or_default() {
                    self.change(agent, at, &mut told, |line| {
                        line.contacts.remove(&event.contact);
                    });
                }
            }
            Floor::WrapupStarted(event) => {
                self.change(event.agent, at, &mut told, |line| {
                    line.wrap_ups.insert(event.contact);
                });
            }
            Floor::WrapupCompleted(event) => {
                self.change(event.agent, at, &mut told, |line| {
                    line.wrap_ups.remove(&event.contact);
                });
            }
            _ => {}
        }
        told
    }

    fn end_offer(&mut self, agent: AgentId, offer: OfferId, at: Instant, told: &mut Vec<AdherenceAlert>) {
        self.change(agent, at, told, |line| {
            line.offers.remove(&offer);
        });
    }

    fn change(
        &mut self,
        agent: AgentId,
        at: Instant,
        told: &mut Vec<AdherenceAlert>,
        change: impl FnOnce(&mut Line),
    ) {
        let line = self.lines.entry(agent).or_insert_with(|| Line::new(at));
        change(line);
        line.settle_did(at);
        self.look(agent, at, told);
    }

    fn place(&mut self, shift: ShiftId, mut sheet: Sheet, at: Instant, told: &mut Vec<AdherenceAlert>) {
        let (agent, from) = (sheet.sketch.agent, sheet.sketch.from);
        sheet.plan = plan_of(&sheet);
        let line = self.lines.entry(agent).or_insert_with(|| Line::new(at));
        // What was done then is no longer known whole: what came out at its end stays, and says so.
        if from < line.kept_from {
            sheet.stale = true;
        } else {
            sheet.settled = None;
        }
        self.shifts.insert(shift, (agent, from));
        line.shifts.insert((from, shift), sheet);
        let mut over = line.shifts.values().filter(|sheet| sheet.sketch.until <= at).count();
        while over > SHIFTS_KEPT_MAX || line.shifts.len() > SHIFTS_HELD_MAX {
            let Some(((_, oldest), sheet)) = line.shifts.pop_first() else { break };
            over -= usize::from(sheet.sketch.until <= at);
            self.shifts.remove(&oldest);
        }
        self.look(agent, at, told);
    }

    fn unplace(&mut self, shift: ShiftId, at: Instant, told: &mut Vec<AdherenceAlert>) -> Option<Sheet> {
        let (agent, from) = self.shifts.remove(&shift)?;
        let sheet = self.lines.get_mut(&agent)?.shifts.remove(&(from, shift))?;
        self.look(agent, at, told);
        Some(sheet)
    }

    /// Sets right how somebody stands at a moment, tells what is due, and notes when to look again.
    fn look(&mut self, agent: AgentId, at: Instant, told: &mut Vec<AdherenceAlert>) {
        let Some(line) = self.lines.get_mut(&agent) else { return };
        let planned = line.planned(at);
        // An episode that has just lasted long enough is told before anything ends it.
        if let Some(out) = &mut line.out {
            for (alert, after) in self.grace.alerts(lasted(out.since, at)) {
                if out.told.is_none_or(|told| told < alert) {
                    out.told = Some(alert);
                    let Out { shift, planned, since, .. } = *out;
                    let at = since.plus(Millis(after));
                    told.push(AdherenceAlert { agent, shift, planned, since, at, alert });
                }
            }
        }
        let unfit =
            planned.filter(|(_, span, planned)| !self.fits.fits(*planned, line.did) && !line.held(span.from));
        let before = line.ended.filter(|(ended, _)| grid(*ended) == grid(at)).map(|(_, out)| out);
        let out = unfit.map(|(shift, _, planned)| {
            let begins = Out { since: at, shift, planned, told: None };
            line.out.or(before).unwrap_or(begins)
        });
        if let (Some(ended), None) = (line.out, out) {
            line.ended = Some((at, ended));
        }
        line.out = out;
        line.forget(at);
        let next = line.next_after(at, &self.grace, planned);
        let keys: Vec<_> = line.to_settle(at).collect();
        for key in keys {
            let sums = line.reckon(&key, at, &self.fits, &self.grace);
            if let Some(sheet) = line.shifts.get_mut(&key) {
                sheet.settled = Some(sums);
            }
        }
        if line.next != next {
            if let Some(before) = line.next {
                self.due.remove(&(before, agent));
            }
            self.due.extend(next.map(|next| (next, agent)));
            line.next = next;
        }
    }
}
