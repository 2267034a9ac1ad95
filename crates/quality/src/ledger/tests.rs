//! The ledger: who may say what, and the total that is always the sum.

use super::{Ledger, Proposal, Standing};
use crate::command::Command;
use crate::conduct::Conduct;
use crate::event::Event;
use crate::id::EntryId;
use crate::limits::{ENTRIES_MAX, EVIDENCE_MAX, LEDGER_MONTHS_MAX, NOTE_BYTES_MAX};
use crate::month::Month;
use crate::quality::Quality;
use crate::refusal::Refusal;
use cordboard_floor::decider::{Decided, Decider, Stamp};
use cordboard_floor::event::Sealed;
use cordboard_floor::{AccountId, Actor, AgentId, Instant, PersonId, ReasonId, RuleId, SiteId, Submission};
use proptest::prelude::*;

const LI: AgentId = AgentId::fixed("1001");
const WANG: AgentId = AgentId::fixed("1002");
const LEADER: AccountId = AccountId::fixed("leader");
const SECOND_LEADER: AccountId = AccountId::fixed("leader-2");
const DIRECTOR: AccountId = AccountId::fixed("director");
const WHY: ReasonId = ReasonId::fixed("mistaken");
const OVERRUN: RuleId = RuleId::fixed("conduct.break_overrun");
const DAMAGED: RuleId = RuleId::fixed("conduct.damaged_equipment");
const COPIED: RuleId = RuleId::fixed("conduct.copied_data");

fn november() -> Month {
    Month::new(2026, 11).unwrap()
}

fn at(second: i64) -> Instant {
    Instant::from_micros(1_795_338_000_000_000 + second * 1_000_000)
}

fn text(bytes: usize) -> Sealed {
    Sealed { person: PersonId(1), bytes: vec![7; bytes].into() }
}

/// A desk with the rules that ship.
struct Desk {
    desk: Quality,
    log: Decided<Event>,
    now: i64,
}

impl Desk {
    fn new() -> Self {
        let mut desk = Self { desk: Quality::new(SiteId::fixed("main")), log: Vec::new(), now: 1_000 };
        for rule in Conduct::shipped().unwrap().rules {
            desk.ask(Command::ApplyRule(Box::new(rule))).unwrap();
        }
        desk
    }

    fn ask(&mut self, command: Command) -> Result<u64, Refusal> {
        self.now += 1;
        let (actor, stamp) = (Actor::system("test"), Stamp { at: at(self.now), seed: 0 });
        let submission = Submission { actor, cause: None, reason: None, command };
        self.desk.decide(stamp, submission, &mut self.log).map(|done| done.seq)
    }

    fn entry(&mut self, proposal: Proposal) -> EntryId {
        EntryId(self.ask(Command::Propose(proposal)).unwrap())
    }

    fn standing(&self, entry: EntryId) -> Standing {
        self.desk.ledger().entry(entry).unwrap().standing
    }

    fn total(&self) -> u32 {
        let total = self.desk.ledger().total(november(), LI);
        assert_eq!(total, self.desk.ledger().recounted(november(), LI));
        total
    }
}

fn overrun(episode: u64) -> Proposal {
    Proposal {
        rule: OVERRUN,
        version: 1,
        agent: LI,
        month: november(),
        episode: Some(episode),
        evidence: vec![episode],
        from: at(0),
        until: at(10),
        measured: 10_000,
        allowed: 0,
        by: None,
        note: None,
    }
}

fn confirm(entry: EntryId) -> Command {
    Command::ConfirmDeduction { entry, account: LEADER, points: None, severe: false }
}

#[test]
fn an_overrun_counts_two_points_from_its_confirmation_to_its_revocation() {
    let mut desk = Desk::new();
    let entry = desk.entry(overrun(1));
    assert_eq!(desk.total(), 0, "nothing scores by itself");
    desk.ask(confirm(entry)).unwrap();
    assert_eq!(desk.total(), 2);
    desk.ask(Command::AppealDeduction { entry, agent: LI, text: text(9) }).unwrap();
    assert_eq!(desk.total(), 2, "until it is decided");
    let own = Command::DecideDeduction { entry, account: LEADER, upheld: true, points: None, text: None };
    assert_eq!(desk.ask(own), Err(Refusal::OwnConfirmation(entry, LEADER)));
    let decide = |bytes| Command::DecideDeduction {
        entry,
        account: DIRECTOR,
        upheld: true,
        points: Some(1),
        text: Some(text(bytes)),
    };
    assert_eq!(desk.ask(decide(NOTE_BYTES_MAX + 1)).unwrap_err().code(), "over_limit");
    desk.ask(decide(NOTE_BYTES_MAX)).unwrap();
    assert_eq!((desk.total(), desk.standing(entry)), (1, Standing::Upheld));
    desk.ask(Command::RevokeDeduction { entry, account: DIRECTOR, why: WHY }).unwrap();
    assert_eq!((desk.total(), desk.standing(entry)), (0, Standing::Revoked));
}

#[test]
fn the_same_occurrence_is_proposed_once_whatever_became_of_it() {
    let mut desk = Desk::new();
    let entry = desk.entry(overrun(3));
    let seq = desk.desk.last_seq();
    assert_eq!(desk.entry(overrun(3)), entry);
    desk.ask(Command::DismissDeduction { entry, account: LEADER, why: WHY }).unwrap();
    assert_eq!(desk.entry(overrun(3)), entry, "nor after it was dismissed");
    assert_eq!(desk.desk.last_seq(), seq + 1);
    assert_ne!(desk.entry(overrun(4)), entry);
    let of_another = Proposal { agent: WANG, ..overrun(3) };
    assert_ne!(desk.entry(of_another), entry);
}

#[test]
fn each_part_is_played_by_another() {
    let mut desk = Desk::new();
    let found = Proposal { by: Some(LEADER), episode: None, evidence: Vec::new(), ..overrun(1) };
    let entry = desk.entry(found);
    assert_eq!(desk.ask(confirm(entry)), Err(Refusal::OwnProposal(entry, LEADER)));
    let dismiss = Command::DismissDeduction { entry, account: LEADER, why: WHY };
    assert_eq!(desk.ask(dismiss), Err(Refusal::OwnProposal(entry, LEADER)));
    let other = Command::ConfirmDeduction { entry, account: SECOND_LEADER, points: None, severe: false };
    desk.ask(other).unwrap();
    let stranger = Command::AppealDeduction { entry, agent: WANG, text: text(1) };
    assert_eq!(desk.ask(stranger), Err(Refusal::NotYourEntry(entry, LI)));
}

#[test]
fn an_appeal_comes_within_its_time() {
    let mut desk = Desk::new();
    for (late, expected) in [(0, None), (1, Some("too_late"))] {
        let entry = desk.entry(overrun(10 + late as u64));
        desk.ask(confirm(entry)).unwrap();
        let by = desk.desk.ledger().entry(entry).unwrap().appeal_by.unwrap();
        let stamp = Stamp { at: Instant::from_micros(by.micros() + late), seed: 0 };
        let command = Command::AppealDeduction { entry, agent: LI, text: text(1) };
        let asked = desk.desk.decide(stamp, Submission::system("test", command), &mut desk.log);
        assert_eq!(asked.err().map(|refusal| refusal.code()), expected);
    }
}

#[test]
fn a_range_and_a_grave_case_are_for_people_to_say() {
    let mut desk = Desk::new();
    let entry = desk.entry(Proposal { rule: DAMAGED, ..overrun(5) });
    let with = |points| Command::ConfirmDeduction { entry, account: LEADER, points, severe: false };
    assert_eq!(desk.ask(with(Some(6))), Err(Refusal::PointsNotAllowed(DAMAGED, 6)));
    assert_eq!(desk.ask(with(Some(0))), Err(Refusal::PointsNotAllowed(DAMAGED, 0)));
    desk.ask(with(Some(4))).unwrap();
    assert_eq!(desk.total(), 4);
    let copied = desk.entry(Proposal { rule: COPIED, ..overrun(6) });
    desk.ask(Command::ConfirmDeduction { entry: copied, account: LEADER, points: None, severe: true })
        .unwrap();
    assert!(desk.desk.ledger().entry(copied).unwrap().grave);
    assert_eq!(desk.total(), 14);
    assert_eq!(desk.desk.ledger().capped(november(), LI, 12), 12);
    assert_eq!(desk.desk.ledger().capped(november(), LI, 0), 14);
    let mild = desk.entry(overrun(7));
    let severe = Command::ConfirmDeduction { entry: mild, account: LEADER, points: None, severe: true };
    assert_eq!(desk.ask(severe).unwrap_err().code(), "invalid");
}

#[test]
fn what_cannot_be_proposed_is_refused() {
    let mut desk = Desk::new();
    let seq = desk.desk.last_seq();
    for (proposal, code) in [
        (Proposal { rule: RuleId::fixed("none"), ..overrun(1) }, "unknown_rule"),
        (Proposal { version: 2, ..overrun(1) }, "unknown_rule"),
        (Proposal { evidence: vec![seq + 1], ..overrun(1) }, "invalid"),
        (overrun(0), "invalid"),
        (Proposal { evidence: Vec::new(), ..overrun(1) }, "invalid"),
        (Proposal { episode: None, ..overrun(1) }, "invalid"),
        (Proposal { until: at(-1), ..overrun(1) }, "invalid"),
        (Proposal { until: at(100_000), ..overrun(1) }, "invalid"),
        (Proposal { month: Month::new(2026, 10).unwrap(), ..overrun(1) }, "invalid"),
        (Proposal { month: november().next(), ..overrun(1) }, "invalid"),
        (Proposal { evidence: vec![1; EVIDENCE_MAX + 1], ..overrun(1) }, "over_limit"),
        (Proposal { note: Some(text(NOTE_BYTES_MAX + 1)), ..overrun(1) }, "over_limit"),
    ] {
        let refusal = desk.ask(Command::Propose(proposal.clone())).expect_err("refused");
        assert_eq!(refusal.code(), code, "{proposal:?}: {refusal}");
    }
    assert_eq!(desk.desk.last_seq(), seq, "a refusal takes no number");
    let most = Proposal { evidence: vec![1; EVIDENCE_MAX], note: Some(text(NOTE_BYTES_MAX)), ..overrun(1) };
    assert!(desk.ask(Command::Propose(most)).is_ok());
}

#[test]
fn a_used_rule_is_frozen() {
    let mut desk = Desk::new();
    let rule = desk.desk.newest_rule(OVERRUN).unwrap().clone();
    let dearer = crate::conduct::Rule { points: 3, ..rule };
    desk.ask(Command::ApplyRule(Box::new(dearer.clone()))).unwrap();
    desk.entry(overrun(1));
    let other = crate::conduct::Rule { points: 4, ..dearer.clone() };
    assert_eq!(desk.ask(Command::ApplyRule(Box::new(other.clone()))), Err(Refusal::RuleFrozen(OVERRUN, 1)));
    desk.ask(Command::ApplyRule(Box::new(dearer))).expect("the same again is an answer");
    desk.ask(Command::ApplyRule(Box::new(crate::conduct::Rule { version: 2, ..other }))).unwrap();
    assert_eq!(desk.desk.newest_rule(OVERRUN).unwrap().points, 4);
    assert_eq!(desk.desk.rule(OVERRUN, 1).unwrap().points, 3);
}

#[test]
fn the_oldest_month_is_forgotten_whole() {
    let mut desk = Desk::new();
    let mut month = november();
    let oldest = desk.entry(overrun(1));
    desk.ask(confirm(oldest)).unwrap();
    // Numbers enough for the episodes, and years later.
    desk.desk.pass(1_000, at(desk.now));
    desk.now += 40 * 31 * 24 * 3_600;
    for episode in 2..=LEDGER_MONTHS_MAX as u64 {
        month = month.next();
        desk.entry(Proposal { month, ..overrun(episode) });
    }
    assert_eq!(desk.desk.ledger().entries().count(), LEDGER_MONTHS_MAX);
    assert_eq!(desk.total(), 2, "as many months as are kept");
    let before = at(-30 * 24 * 3_600);
    let older =
        Proposal { month: Month::new(2026, 10).unwrap(), from: before, until: before, ..overrun(901) };
    let refusal = desk.ask(Command::Propose(older));
    assert_eq!(refusal.unwrap_err().code(), "month_forgotten", "older than all that fill the ledger");
    desk.entry(Proposal { month: month.next(), ..overrun(900) });
    assert!(desk.desk.ledger().entry(oldest).is_none());
    assert_eq!(desk.total(), 0);
    assert_eq!(desk.ask(Command::Propose(overrun(1))), Err(Refusal::MonthForgotten(november())));
    assert_eq!(desk.ask(confirm(oldest)), Err(Refusal::UnknownEntry(oldest)));
}

#[test]
fn a_ledger_has_a_limit() {
    let mut desk = Desk::new();
    let patrol = Proposal { by: Some(LEADER), episode: None, evidence: Vec::new(), ..overrun(1) };
    for _ in 0..ENTRIES_MAX {
        desk.log.clear();
        desk.ask(Command::Propose(Proposal { until: at(0), ..patrol.clone() })).unwrap();
    }
    assert_eq!(desk.ask(Command::Propose(patrol)).unwrap_err().code(), "over_limit");
}

/// What somebody may try, in any order.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Propose(u64, bool),
    Confirm(usize, u32),
    Dismiss(usize),
    Appeal(usize),
    Decide(usize, bool, u32),
    Revoke(usize),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        (1u64..9, any::<bool>()).prop_map(|(episode, li)| Deed::Propose(episode, li)),
        (0usize..9, 0u32..6).prop_map(|(entry, points)| Deed::Confirm(entry, points)),
        (0usize..9).prop_map(Deed::Dismiss),
        (0usize..9).prop_map(Deed::Appeal),
        (0usize..9, any::<bool>(), 0u32..6)
            .prop_map(|(entry, upheld, points)| Deed::Decide(entry, upheld, points)),
        (0usize..9).prop_map(Deed::Revoke),
    ];
    prop::collection::vec(deed, 0..60)
}

fn same(one: &Ledger, other: &Ledger) {
    assert_eq!(one.entries, other.entries);
    assert_eq!(one.totals, other.totals);
    assert_eq!(one.episodes, other.episodes);
}

proptest! {
    #[test]
    fn the_total_is_the_sum_of_what_counts_live_and_replayed(deeds in deeds()) {
        let mut desk = Desk::new();
        let mut entries = Vec::new();
        for deed in deeds {
            let entry = |at: usize| entries.get(at).copied().unwrap_or(EntryId(at as u64));
            let command = match deed {
                Deed::Propose(episode, li) => {
                    let agent = if li { LI } else { WANG };
                    let rule = if episode % 2 == 0 { DAMAGED } else { OVERRUN };
                    Command::Propose(Proposal { agent, rule, ..overrun(episode) })
                }
                Deed::Confirm(at, points) => {
                    let points = (points > 0).then_some(points);
                    Command::ConfirmDeduction { entry: entry(at), account: LEADER, points, severe: false }
                }
                Deed::Dismiss(at) => Command::DismissDeduction { entry: entry(at), account: LEADER, why: WHY },
                Deed::Appeal(at) => {
                    let known = desk.desk.ledger().entry(entry(at));
                    let agent = known.map_or(LI, |known| known.proposed.agent);
                    Command::AppealDeduction { entry: entry(at), agent, text: text(3) }
                }
                Deed::Decide(at, upheld, points) => {
                    let points = (points > 0).then_some(points);
                    Command::DecideDeduction { entry: entry(at), account: DIRECTOR, upheld, points, text: None }
                }
                Deed::Revoke(at) => Command::RevokeDeduction { entry: entry(at), account: DIRECTOR, why: WHY },
            };
            let (before, proposes) = (desk.desk.last_seq(), matches!(command, Command::Propose(_)));
            let done = desk.ask(command);
            entries.extend(done.ok().filter(|seq| proposes && *seq > before).map(EntryId));
            for agent in [LI, WANG] {
                let ledger = desk.desk.ledger();
                prop_assert_eq!(ledger.total(november(), agent), ledger.recounted(november(), agent));
            }
        }
        let mut replayed = Quality::new(SiteId::fixed("main"));
        desk.log.iter().for_each(|recorded| replayed.apply(recorded));
        same(desk.desk.ledger(), replayed.ledger());
        let bytes = rmp_serde::to_vec(&desk.desk).unwrap();
        let mut restored: Quality = rmp_serde::from_slice(&bytes).unwrap();
        restored.reindex();
        same(desk.desk.ledger(), restored.ledger());
    }
}
