//! 扣分台账: one line for each occurrence, with the rule it was made by, the events it stands on, and who said what
//! about it. Nobody's total is stored as such: it is the sum of the lines that count.
//!
//! ```text
//!   proposed ──confirm (leader)──▶ confirmed* ──appeal (agent)──▶ appealed* ──decide (director)──▶ upheld*
//!      │                               │                             │  └──────────────────────▶ struck
//!   dismiss (leader)                 revoke                        revoke          upheld* ──revoke──┐
//!      ▼                               ▼                             ▼                               ▼
//!   dismissed                       revoked ◀────────────────────────┴───────────────────────────────┘
//!
//!   * counts. A line under appeal counts until it is decided; a struck, dismissed or revoked one never again.
//! ```
//!
//! Nothing scores by itself: a detector proposes, a leader who did not propose it confirms, the agent may appeal, a
//! director who did not confirm it decides. What the documents call dismissal is a mark on the line (`grave`) and
//! no command.

mod appeal;
mod confirm;
mod decide;
mod propose;
mod revoke;
#[cfg(test)]
mod tests;

pub use propose::Proposal;

use crate::event::{DeductionProposed, Event};
use crate::id::EntryId;
use crate::limits::LEDGER_MONTHS_MAX;
use crate::month::Month;
use crate::refusal::Refusal;
use crate::work::Work;
use cordboard_floor::{AccountId, AgentId, Instant, RuleId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// How an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nobody has agreed yet.
    Proposed,
    /// A leader has.
    Confirmed,
    /// A leader has not.
    Dismissed,
    /// The agent does not.
    Appealed,
    /// The director has decided that it stands.
    Upheld,
    /// The director has decided that it does not.
    Struck,
    /// It was wrong.
    Revoked,
}

impl Standing {
    /// Whether it counts.
    pub const fn counts(self) -> bool {
        matches!(self, Self::Confirmed | Self::Appealed | Self::Upheld)
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Proposed => "proposed",
            Self::Confirmed => "confirmed",
            Self::Dismissed => "dismissed",
            Self::Appealed => "appealed",
            Self::Upheld => "upheld",
            Self::Struck => "struck",
            Self::Revoked => "revoked",
        })
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// What was proposed.
    pub proposed: DeductionProposed,
    /// How it stands.
    pub standing: Standing,
    /// What it costs: as proposed, until a leader or the director says otherwise.
    pub points: u32,
    /// Whether people are to decide about staying or leaving.
    pub grave: bool,
    /// Who confirmed or dismissed it.
    pub leader: Option<AccountId>,
    /// Until when its agent may appeal.
    pub appeal_by: Option<Instant>,
    /// The event that made it what it is.
    pub seq: u64,
}

impl Entry {
    /// What it takes off the month.
    pub const fn counted(&self) -> u32 {
        if self.standing.counts() { self.points } else { 0 }
    }

    fn episode(&self) -> Option<(RuleId, AgentId, u64)> {
        self.proposed.episode.map(|episode| (self.proposed.rule, self.proposed.agent, episode))
    }
}

/// All lines, with the sums that follow from them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Ledger {
    entries: BTreeMap<EntryId, Entry>,
    /// How many lines each month has.
    months: BTreeMap<Month, u32>,
    /// The newest month that was forgotten.
    forgotten: Option<Month>,
    /// Which line an occurrence has (index).
    #[serde(skip)]
    episodes: BTreeMap<(RuleId, AgentId, u64), EntryId>,
    /// What each month costs each agent (index).
    #[serde(skip)]
    totals: BTreeMap<(Month, AgentId), u32>,
}

impl Ledger {
    /// One line.
    pub fn entry(&self, entry: EntryId) -> Option<&Entry> {
        self.entries.get(&entry)
    }

    /// All lines that are kept, the oldest first.
    pub fn entries(&self) -> impl Iterator<Item = (EntryId, &Entry)> {
        self.entries.iter().map(|(id, entry)| (*id, entry))
    }

    /// How many they are.
    pub fn entries_kept(&self) -> usize {
        self.entries.len()
    }

    /// What a month costs an agent: the sum of her lines that count, in points.
    pub fn total(&self, month: Month, agent: AgentId) -> u32 {
        self.totals.get(&(month, agent)).copied().unwrap_or(0)
    }

    /// The same, not above what a month may cost; 0 is no limit.
    pub fn capped(&self, month: Month, agent: AgentId, month_points_max: u32) -> u32 {
        let total = self.total(month, agent);
        if month_points_max == 0 { total } else { total.min(month_points_max) }
    }

    /// The same by a plain loop over the lines: what [`Ledger::total`] is held against.
    pub fn recounted(&self, month: Month, agent: AgentId) -> u32 {
        let own = |entry: &&Entry| (entry.proposed.month, entry.proposed.agent) == (month, agent);
        self.entries.values().filter(own).map(Entry::counted).sum()
    }

    /// Whether lines of that month are kept, or would be: it was not forgotten, and is not older than all that fill the
    /// ledger.
    fn keeps(&self, month: Month) -> bool {
        let is_full = self.months.len() >= LEDGER_MONTHS_MAX;
        let too_old = is_full && self.months.first_key_value().is_some_and(|(oldest, _)| month < *oldest);
        !too_old && self.forgotten.is_none_or(|forgotten| month > forgotten)
    }

    pub(crate) fn reindex(&mut self) {
        (self.episodes, self.totals) = (BTreeMap::new(), BTreeMap::new());
        for (id, entry) in &self.entries {
            self.episodes.extend(entry.episode().map(|episode| (episode, *id)));
            if entry.counted() > 0 {
                *self.totals.entry((entry.proposed.month, entry.proposed.agent)).or_default() += entry.points;
            }
        }
    }

    pub(crate) fn take(&mut self, seq: u64, event: &Event) {
        match event {
            Event::DeductionProposed(event) => self.insert(seq, event),
            Event::DeductionConfirmed(event) => self.change(seq, event.entry, |entry| {
                (entry.standing, entry.points) = (Standing::Confirmed, event.points);
                (entry.leader, entry.grave) = (Some(event.by), event.grave);
                entry.appeal_by = Some(event.appeal_by);
            }),
            Event::DeductionDismissed(event) => self.change(seq, event.entry, |entry| {
                (entry.standing, entry.leader) = (Standing::Dismissed, Some(event.by));
            }),
            Event::DeductionAppealed(event) => {
                self.change(seq, event.entry, |entry| entry.standing = Standing::Appealed);
            }
            Event::DeductionDecided(event) => self.change(seq, event.entry, |entry| {
                entry.standing = if event.upheld { Standing::Upheld } else { Standing::Struck };
                entry.points = event.points;
            }),
            Event::DeductionRevoked(event) => {
                self.change(seq, event.entry, |entry| entry.standing = Standing::Revoked);
            }
            _ => {}
        }
    }

    fn insert(&mut self, seq: u64, event: &DeductionProposed) {
        let entry = Entry {
            points: event.points,
            standing: Standing::Proposed,
            grave: false,
            leader: None,
            appeal_by: None,
            seq,
            proposed: event.clone(),
        };
        self.episodes.extend(entry.episode().map(|episode| (episode, event.entry)));
        self.entries.insert(event.entry, entry);
        *self.months.entry(event.month).or_default() += 1;
        if self.months.len() > LEDGER_MONTHS_MAX {
            self.forget_oldest_month();
        }
    }

    /// The one place where a total changes: what the line counted before goes, what it counts now comes.
    fn change(&mut self, seq: u64, id: EntryId, change: impl FnOnce(&mut Entry)) {
        let Some(entry) = self.entries.get_mut(&id) else { return };
        let before = entry.counted();
        change(entry);
        entry.seq = seq;
        let (key, now) = ((entry.proposed.month, entry.proposed.agent), entry.counted());
        if before != now {
            let total = self.totals.entry(key).or_default();
            *total = *total - before + now;
            if *total == 0 {
                self.totals.remove(&key);
            }
        }
    }

    fn forget_oldest_month(&mut self) {
        let Some((month, _)) = self.months.pop_first() else { return };
        self.forgotten = Some(month);
        self.entries.retain(|_, entry| entry.proposed.month != month);
        self.episodes.retain(|_, id| self.entries.contains_key(id));
        self.totals.retain(|(other, _), _| *other != month);
    }
}

impl Work<'_> {
    fn known_entry(&self, entry: EntryId) -> Result<&Entry, Refusal> {
        self.desk.ledger.entries.get(&entry).ok_or(Refusal::UnknownEntry(entry))
    }
}
