//! Drafting: a roster is begun, filled in as many commands as it takes, or thrown away.

use crate::day::Day;
use crate::event::{RosterDiscarded, RosterDrafted, RosterShiftsAdded};
use crate::id::{RequirementId, RosterId};
use crate::limits::{
    CLASS_MAX, NAME_BYTES_MAX, ROSTER_DAYS_MAX, ROSTER_SHIFTS_MAX, ROSTERS_MAX, SHIFTS_PER_COMMAND_MAX,
    SHIFTS_PER_EVENT_MAX,
};
use crate::refusal::{Refusal, at_most};
use crate::requests::rest_headcount;
use crate::shift::{RestQuota, Roster, Sketch};
use crate::work::{Verdict, Work};
use cordboard_floor::{AccountId, AgentId};
use std::collections::BTreeSet;

/// A roster to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRoster {
    /// Its first day.
    pub from: Day,
    /// How many days.
    pub days: u16,
    /// How it is called.
    pub name: String,
    /// The people whom it is for.
    pub class: Vec<AgentId>,
    /// How many of them may rest on one day, if that is limited.
    pub rest: Option<RestQuota>,
    /// The requirement that it was made for.
    pub requirement: Option<RequirementId>,
}

/// Changes to a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    /// Shifts as they are now, each whole: each takes the place of what its agent has on its day.
    pub shifts: Vec<Sketch>,
    /// Who has none any more, and on which day.
    pub off: Vec<(AgentId, Day)>,
}

impl Revision {
    /// How many changes it has.
    pub const fn count(&self) -> usize {
        self.shifts.len() + self.off.len()
    }

    /// Shifts as they are after it, in order of agents and time.
    pub fn over<'a>(&'a self, before: impl IntoIterator<Item = &'a Sketch>) -> Vec<Sketch> {
        let changed = self.shifts.iter().map(|sketch| (sketch.agent, sketch.day));
        let changed: BTreeSet<(AgentId, Day)> = changed.chain(self.off.iter().copied()).collect();
        let kept = before.into_iter().filter(|sketch| !changed.contains(&(sketch.agent, sketch.day)));
        let mut all: Vec<Sketch> = kept.chain(&self.shifts).cloned().collect();
        all.sort_by_key(|sketch| (sketch.agent, sketch.from));
        all
    }
}

impl Work<'_> {
    pub(crate) fn draft_roster(&mut self, new: NewRoster, by: AccountId) -> Verdict {
        let new = self.check_frame(new)?;
        self.draft(new, &[], by);
        self.done()
    }

    pub(crate) fn draft_whole(&mut self, new: NewRoster, shifts: Vec<Sketch>, by: AccountId) -> Verdict {
        let new = self.check_frame(new)?;
        at_most("shifts of a roster", shifts.len() as u64, ROSTER_SHIFTS_MAX as u64)?;
        for sketch in &shifts {
            check_place(&new, sketch)?;
        }
        self.draft(new, &shifts, by);
        self.done()
    }

    pub(crate) fn revise_roster(&mut self, roster: RosterId, revision: &Revision, by: AccountId) -> Verdict {
        let (known, draft) = self.known_draft(roster)?;
        at_most("changes of a draft", revision.count() as u64, SHIFTS_PER_COMMAND_MAX as u64)?;
        let shifts = revision.over(draft);
        at_most("shifts of a roster", shifts.len() as u64, ROSTER_SHIFTS_MAX as u64)?;
        let new = frame_of(known);
        for sketch in &revision.shifts {
            check_place(&new, sketch)?;
        }
        // The draft before goes first: so there is never one more than may be, for which an older roster would be forgotten.
        self.emit(RosterDiscarded { roster, by });
        self.draft(new, &shifts, by);
        self.done()
    }

    fn check_frame(&self, mut new: NewRoster) -> Result<NewRoster, Refusal> {
        at_most("days of a roster", new.days.into(), ROSTER_DAYS_MAX as u64)?;
        at_most("people of a roster", new.class.len() as u64, CLASS_MAX as u64)?;
        at_most("name, bytes", new.name.len() as u64, NAME_BYTES_MAX as u64)?;
        let drafts = self.desk.rosters.values().filter(|roster| roster.is_draft()).count();
        at_most("drafts", drafts as u64 + 1, ROSTERS_MAX as u64 / 2)?;
        new.class.sort_unstable();
        new.class.dedup();
        if new.days == 0 || new.class.is_empty() {
            return Err(Refusal::Invalid { what: "roster", why: "it has days, and people" });
        }
        if let Some(rest) = new.rest {
            self.quota(&new.class, rest)?;
        }
        Ok(new)
    }

    /// Says that there is a draft, and what is in it, in as many events as that takes.
    fn draft(&mut self, new: NewRoster, shifts: &[Sketch], by: AccountId) {
        let roster = RosterId(self.next_seq());
        let NewRoster { from, days, name, class, rest, requirement } = new;
        self.emit(RosterDrafted { roster, from, days, name, class, rest, requirement, by });
        for shifts in shifts.chunks(SHIFTS_PER_EVENT_MAX) {
            self.emit(RosterShiftsAdded { roster, shifts: shifts.to_vec() });
        }
    }

    /// How many of a class may rest on one day.
    pub(super) fn quota(&self, class: &[AgentId], rest: RestQuota) -> Result<u32, Refusal> {
        let rounding = self.desk.terms.rest.rounding;
        rest_headcount(class.len() as u32, rest.rest_days, rest.days_in_month, rounding).map_err(|_| {
            Refusal::Invalid { what: "rest", why: "a month has days, and at least as many as rest days" }
        })
    }

    pub(crate) fn add_shifts(&mut self, roster: RosterId, shifts: Vec<Sketch>) -> Verdict {
        let (known, draft) = self.known_draft(roster)?;
        at_most("shifts of one command", shifts.len() as u64, SHIFTS_PER_COMMAND_MAX as u64)?;
        at_most("shifts of a roster", (draft.len() + shifts.len()) as u64, ROSTER_SHIFTS_MAX as u64)?;
        if shifts.is_empty() {
            return Err(Refusal::Invalid { what: "shifts", why: "there is none" });
        }
        let frame = frame_of(known);
        for sketch in &shifts {
            check_place(&frame, sketch)?;
        }
        self.emit(RosterShiftsAdded { roster, shifts });
        self.done()
    }

    pub(crate) fn discard_roster(&mut self, roster: RosterId, by: AccountId) -> Verdict {
        self.known_draft(roster)?;
        self.emit(RosterDiscarded { roster, by });
        self.done()
    }
}

/// What a roster was begun with.
fn frame_of(roster: &Roster) -> NewRoster {
    let Roster { from, days, ref name, ref class, rest, requirement, .. } = *roster;
    NewRoster { from, days, name: name.clone(), class: class.clone(), rest, requirement }
}

/// Refuses a shift that does not belong to the roster. Its class is in order.
fn check_place(roster: &NewRoster, sketch: &Sketch) -> Result<(), Refusal> {
    sketch.check()?;
    if roster.class.binary_search(&sketch.agent).is_err() {
        return Err(Refusal::NotInClass(sketch.agent));
    }
    if !(0..i32::from(roster.days)).contains(&sketch.day.since(roster.from)) {
        return Err(Refusal::Invalid { what: "day", why: "the roster does not have it" });
    }
    Ok(())
}
