//! Proposing: a detector saw something in the log, or a person on a round. Once for each occurrence, however often
//! it is seen.

use crate::evaluation::check_sealed;
use crate::event::DeductionProposed;
use crate::id::EntryId;
use crate::limits::{ENTRIES_MAX, EVIDENCE_MAX};
use crate::month::Month;
use crate::refusal::{Refusal, at_most};
use crate::work::{Verdict, Work};
use cordboard_floor::decider::Done;
use cordboard_floor::event::Sealed;
use cordboard_floor::{AccountId, AgentId, Instant, Millis, RuleId};

/// What is proposed.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// By which rule.
    pub rule: RuleId,
    /// In which version.
    pub version: u32,
    /// Whose.
    pub agent: AgentId,
    /// In which month it counts, by the site's calendar: that in which it happened, or a later one if that is settled
    /// already.
    pub month: Month,
    /// The number of the event with which the occurrence began; a detector always says it.
    pub episode: Option<u64>,
    /// The numbers of the events on which it stands.
    pub evidence: Vec<u64>,
    /// From when.
    pub from: Instant,
    /// To when.
    pub until: Instant,
    /// What was measured.
    pub measured: i64,
    /// What was allowed, in the same unit.
    pub allowed: i64,
    /// Who proposes; none: a detector.
    pub by: Option<AccountId>,
    /// What is said to it.
    pub note: Option<Sealed>,
}

impl Work<'_> {
    pub(crate) fn propose(&mut self, proposal: Proposal) -> Verdict {
        if let Some(entry) = self.check_proposal(&proposal)? {
            return Ok(Done { seq: entry.0 });
        }
        let Proposal { rule, version, agent, month, episode, evidence, from, until, .. } = proposal;
        let known = self.desk.rule(rule, version).ok_or(Refusal::UnknownRule(rule, version))?;
        let points = known.points;
        let entry = EntryId(self.next_seq());
        let Proposal { measured, allowed, by, note, .. } = proposal;
        self.emit(DeductionProposed {
            entry,
            rule,
            version,
            agent,
            month,
            points,
            episode,
            evidence,
            from,
            until,
            measured,
            allowed,
            by,
            note,
        });
        self.done()
    }

    /// Refuses what cannot be proposed; the entry, if the occurrence has one.
    pub(crate) fn check_proposal(&self, proposal: &Proposal) -> Result<Option<EntryId>, Refusal> {
        let Proposal { rule, version, agent, month, episode, ref evidence, from, until, .. } = *proposal;
        self.desk.rule(rule, version).ok_or(Refusal::UnknownRule(rule, version))?;
        at_most("evidence", evidence.len() as u64, EVIDENCE_MAX as u64)?;
        check_sealed(&proposal.note)?;
        let invalid = |what, why| Err(Refusal::Invalid { what, why });
        if evidence.iter().chain(&episode).any(|seq| !(1..=self.desk.seq).contains(seq)) {
            return invalid("evidence", "no event of the log has one of the numbers");
        }
        if until < from {
            return invalid("until", "lies before from");
        }
        if until > self.stamp.at {
            return invalid("until", "lies ahead: nothing is proposed of what has not happened");
        }
        if proposal.by.is_none() && (episode.is_none() || evidence.is_empty()) {
            return invalid("episode", "a detector says what it saw, and with which event it began");
        }
        // A day either way, for the site's clocks are not UTC.
        let day = Millis(24 * 3_600_000);
        let (first, last) = (Month::utc(until.minus(day)), Month::utc(self.stamp.at.plus(day)));
        if first.is_some_and(|first| month < first) || last.is_some_and(|last| month > last) {
            return invalid("month", "lies before it happened, or ahead");
        }
        let ledger = &self.desk.ledger;
        if let Some(entry) = episode.and_then(|episode| ledger.episodes.get(&(rule, agent, episode))) {
            return Ok(Some(*entry));
        }
        if !ledger.keeps(month) {
            return Err(Refusal::MonthForgotten(month));
        }
        at_most("entries", ledger.entries.len() as u64 + 1, ENTRIES_MAX as u64)?;
        Ok(None)
    }
}
