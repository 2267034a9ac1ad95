//! 检查表: what is looked at on a round (巡视) and at a handover (交接班), in versions. A finding with a rule and an agent is
//! proposed in the same decision, by whoever recorded it, with the record as evidence; somebody else confirms.
//!
//! Several findings of one rule, agent and round are one occurrence.

use crate::conduct::Rule;
use crate::evaluation::check_sealed;
use crate::event::{ChecklistApplied, ChecklistRecorded};
use crate::id::{ChecklistId, ItemId, RecordId};
use crate::ledger::Proposal;
use crate::limits::{CHECKLIST_ITEMS_MAX, CHECKLISTS_MAX, ENTRIES_MAX, FINDINGS_MAX};
use crate::month::Month;
use crate::problem::{Problem, from_toml};
use crate::refusal::{Refusal, at_most};
use crate::words::Words;
use crate::work::{Verdict, Work};
use cordboard_floor::decider::Done;
use cordboard_floor::event::Sealed;
use cordboard_floor::{AccountId, AgentId, Instant, RuleId, SeatId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The checklists that ship.
pub const SHIPPED: &str = include_str!("../../../config/quality/checklists.toml");

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Which.
    pub id: ItemId,
    /// What people read.
    pub text: Words,
    /// By which rule a finding is proposed; none: it is only recorded.
    #[serde(default)]
    pub rule: Option<RuleId>,
}

/// A checklist in one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// Which.
    pub id: ChecklistId,
    /// Counts from 1.
    pub version: u32,
    /// Its heading.
    pub title: Words,
    /// What is looked at.
    #[serde(rename = "item")]
    pub items: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Checklists {
    #[serde(rename = "checklist")]
    checklists: Vec<Checklist>,
}

impl Checklist {
    /// Reads checklists as they stand in a file and checks them; `name` is what problems call the file.
    pub fn read(name: &str, text: &str) -> Result<Vec<Self>, Vec<Problem>> {
        let Checklists { checklists } = from_toml(name, text)?;
        let problems: Vec<Problem> = checklists.iter().flat_map(Self::check).collect();
        if problems.is_empty() { Ok(checklists) } else { Err(problems) }
    }

    /// The checklists that ship.
    pub fn shipped() -> Result<Vec<Self>, Vec<Problem>> {
        Self::read("checklists.toml", SHIPPED)
    }

    /// Everything that is wrong with it.
    pub fn check(&self) -> Vec<Problem> {
        let (mut problems, mut seen) = (Vec::new(), BTreeSet::new());
        if self.version == 0 {
            problems.push(Problem::new(format!("{}.version", self.id), "is 0", "count versions from 1"));
        }
        if self.items.is_empty() || self.items.len() > CHECKLIST_ITEMS_MAX {
            let what = format!("there are {}", self.items.len());
            problems.push(Problem::new(
                format!("{}.item", self.id),
                what,
                format!("1 to {CHECKLIST_ITEMS_MAX}"),
            ));
        }
        self.title.check(&format!("{}.title", self.id), true, &mut problems);
        for item in &self.items {
            let place = format!("{}.item.{}", self.id, item.id);
            if !seen.insert(item.id) {
                problems.push(Problem::new(place.clone(), "is there twice", "give one of them another id"));
            }
            item.text.check(&format!("{place}.text"), true, &mut problems);
        }
        problems
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Of which item.
    pub item: ItemId,
    /// Of whom, if of anybody.
    pub agent: Option<AgentId>,
    /// At which seat.
    pub seat: Option<SeatId>,
    /// What is said to it, sealed.
    pub note: Option<Sealed>,
}

/// A round, as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// By which checklist.
    pub checklist: ChecklistId,
    /// In which version.
    pub version: u32,
    /// When it was seen.
    pub seen_at: Instant,
    /// In which month that lies, by the site's calendar.
    pub month: Month,
    /// What; nothing: all was well.
    pub findings: Vec<Finding>,
    /// Who.
    pub account: AccountId,
}

impl Work<'_> {
    pub(crate) fn apply_checklist(&mut self, checklist: Checklist) -> Verdict {
        let problems = checklist.check();
        if !problems.is_empty() {
            return Err(Refusal::Faulty(problems));
        }
        let key = (checklist.id, checklist.version);
        match self.desk.checklists.get(&key) {
            Some(known) if known.what == checklist => return Ok(Done { seq: known.seq }),
            Some(known) if known.used => return Err(Refusal::ChecklistFrozen(key.0, key.1)),
            Some(_) => {}
            None => at_most("checklists", self.desk.checklists.len() as u64 + 1, CHECKLISTS_MAX as u64)?,
        }
        self.emit(ChecklistApplied { checklist });
        self.done()
    }

    /// Everything is checked before anything is said.
    pub(crate) fn record_checklist(&mut self, round: Round) -> Verdict {
        let Round { checklist, version, seen_at, month, findings, account: by } = round;
        let list = self.desk.checklist(checklist, version);
        let list = list.ok_or(Refusal::UnknownChecklist(checklist, version))?;
        at_most("findings", findings.len() as u64, FINDINGS_MAX as u64)?;
        check_sealed(findings.iter().filter_map(|finding| finding.note.as_ref()))?;
        if seen_at > self.stamp.at {
            return Err(Refusal::Invalid { what: "seen_at", why: "lies ahead" });
        }
        let record = RecordId(self.next_seq());
        let mut proposals = Vec::new();
        for finding in &findings {
            let item = list.items.iter().find(|item| item.id == finding.item);
            let item = item.ok_or(Refusal::UnknownItem(finding.item))?;
            let (Some(rule), Some(agent)) = (item.rule, finding.agent) else { continue };
            let version = self.desk.newest_rule(rule).map_or(1, |rule: &Rule| rule.version);
            let proposal = Proposal {
                rule,
                version,
                agent,
                month,
                episode: None,
                evidence: Vec::new(),
                from: seen_at,
                until: seen_at,
                measured: 1,
                allowed: 0,
                by: Some(by),
                note: finding.note.clone(),
            };
            self.check_proposal(&proposal)?;
            proposals.push(proposal);
        }
        let entries = self.desk.ledger.entries().count() + proposals.len();
        at_most("entries", entries as u64, ENTRIES_MAX as u64)?;
        self.emit(ChecklistRecorded { record, checklist, version, seen_at, findings, by });
        for proposal in proposals {
            self.propose(Proposal { episode: Some(record.0), evidence: vec![record.0], ..proposal })?;
        }
        Ok(Done { seq: record.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Command;
    use crate::trial::{CHEN, Desk, LEADER, LI, WANG, at, text};

    const PATROL: ChecklistId = ChecklistId::fixed("patrol");

    fn finding(item: &'static str, agent: Option<AgentId>) -> Finding {
        Finding { item: ItemId::fixed(item), agent, seat: None, note: Some(text(3)) }
    }

    fn round(findings: Vec<Finding>) -> Round {
        let month = Month::new(2026, 11).unwrap();
        Round { checklist: PATROL, version: 1, seen_at: at(0), month, findings, account: LEADER }
    }

    #[test]
    fn a_finding_of_somebody_by_a_rule_is_proposed_and_another_confirms() {
        let mut desk = Desk::new();
        for list in Checklist::shipped().unwrap() {
            desk.ask(Command::ApplyChecklist(Box::new(list))).unwrap();
        }
        let found = vec![
            finding("noise", Some(LI)),
            finding("eating", Some(WANG)),
            finding("noise", Some(LI)),
            finding("noise", None),
            finding("spirit", Some(LI)),
        ];
        let record = desk.ask(Command::RecordChecklist(Box::new(round(found)))).unwrap();
        let entries: Vec<_> = desk.desk.ledger().entries().map(|(id, entry)| (id, entry.clone())).collect();
        assert_eq!(
            entries.iter().map(|(_, entry)| (entry.proposed.agent, entry.points)).collect::<Vec<_>>(),
            [(LI, 1), (WANG, 2)]
        );
        assert!(entries.iter().all(|(_, entry)| entry.proposed.evidence == [record]));
        let confirm =
            |account| Command::ConfirmDeduction { entry: entries[0].0, account, points: None, severe: false };
        assert_eq!(desk.no(confirm(LEADER)), "own_proposal");
        desk.ask(confirm(CHEN)).unwrap();
        for (wrong, code) in [
            (Round { version: 9, ..round(Vec::new()) }, "unknown_checklist"),
            (round(vec![finding("none", None)]), "unknown_item"),
            (round(vec![finding("noise", None); FINDINGS_MAX + 1]), "over_limit"),
            (Round { seen_at: at(1), ..round(Vec::new()) }, "invalid"),
            (
                Round { month: Month::new(2026, 9).unwrap(), ..round(vec![finding("noise", Some(LI))]) },
                "invalid",
            ),
        ] {
            assert_eq!(desk.no(Command::RecordChecklist(Box::new(wrong))), code);
        }
        let mut other = desk.desk.checklist(PATROL, 1).unwrap().clone();
        other.items.pop();
        assert_eq!(desk.no(Command::ApplyChecklist(Box::new(other))), "checklist_frozen");
        desk.hold();
    }

    #[test]
    fn each_rule_of_a_shipped_item_ships() {
        let desk = Desk::new();
        let lists = Checklist::shipped().unwrap();
        let mut rules = lists.iter().flat_map(|list| &list.items).filter_map(|item| item.rule);
        assert!(rules.all(|rule| desk.desk.newest_rule(rule).is_some()));
    }
}
