//! Drafting: a roster is begun, filled in as many commands as it takes, or thrown away.

use crate::day::Day;
use crate::event::{RosterDiscarded, RosterDrafted, RosterShiftsAdded};
use crate::id::{RequirementId, RosterId};
use crate::limits::{
    CLASS_MAX, NAME_BYTES_MAX, ROSTER_DAYS_MAX, ROSTER_SHIFTS_MAX, ROSTERS_MAX, SHIFTS_PER_COMMAND_MAX,
};
use crate::refusal::{Refusal, at_most};
use crate::requests::rest_headcount;
use crate::shift::{RestQuota, Roster, Sketch};
use crate::work::{Verdict, Work};
use cordboard_floor::{AccountId, AgentId};

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

impl Work<'_> {
    pub(crate) fn draft_roster(&mut self, new: NewRoster, by: AccountId) -> Verdict {
        let NewRoster { from, days, name, mut class, rest, requirement } = new;
        at_most("days of a roster", days.into(), ROSTER_DAYS_MAX as u64)?;
        at_most("people of a roster", class.len() as u64, CLASS_MAX as u64)?;
        at_most("name, bytes", name.len() as u64, NAME_BYTES_MAX as u64)?;
        let drafts = self.desk.rosters.values().filter(|roster| roster.is_draft()).count();
        at_most("drafts", drafts as u64 + 1, ROSTERS_MAX as u64 / 2)?;
        class.sort_unstable();
        class.dedup();
        if days == 0 || class.is_empty() {
            return Err(Refusal::Invalid { what: "roster", why: "it has days, and people" });
        }
        if let Some(rest) = rest {
            self.quota(&class, rest)?;
        }
        let roster = RosterId(self.next_seq());
        self.emit(RosterDrafted { roster, from, days, name, class, rest, requirement, by });
        self.done()
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
        for sketch in &shifts {
            check_place(known, sketch)?;
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

/// Refuses a shift that does not belong to the roster.
fn check_place(roster: &Roster, sketch: &Sketch) -> Result<(), Refusal> {
    sketch.check()?;
    if roster.class.binary_search(&sketch.agent).is_err() {
        return Err(Refusal::NotInClass(sketch.agent));
    }
    if !(0..i32::from(roster.days)).contains(&sketch.day.since(roster.from)) {
        return Err(Refusal::Invalid { what: "day", why: "the roster does not have it" });
    }
    Ok(())
}
