//! What detectors make of such a log, and the ledger beside it.

use super::{AGENTS, Day, LEADER, NOTHING, Told, agent, at};
use cordboard_floor::decider::{Decider, Stamp};
use cordboard_floor::{AgentId, Instant, Millis, RuleId, SiteId, Submission};
use cordboard_quality::conduct::Conduct;
use cordboard_quality::detect::{DetectorTerms, Detectors, Found, rules};
use cordboard_quality::id::EntryId;
use cordboard_quality::{Command as DeskCommand, Month, Quality};
use std::collections::BTreeMap;

pub(crate) fn month() -> Month {
    Month::new(2026, 11).expect("a month")
}

/// As they ship, with a reason that is no cause.
pub(crate) fn detectors() -> Detectors {
    let mut terms = DetectorTerms::shipped().expect("they ship");
    let pauses = terms.pauses.as_mut().expect("they run");
    (pauses.no_cause, pauses.reason_ms_max) = (vec![NOTHING], Millis(60_000));
    Detectors::new(terms)
}

/// Tells them what happened; what they find.
pub(crate) fn tell(detectors: &mut Detectors, log: &[Told]) -> Vec<Found> {
    let see = |told: &Told| match told {
        Told::Floor(recorded) => detectors.see(recorded),
        Told::Shift(seq, at, shift) => detectors.see_shift(*seq, *at, *shift),
        Told::Excuse(id, excuse) => {
            detectors.grant(*id, *excuse);
            Vec::new()
        }
    };
    log.iter().flat_map(see).collect()
}

pub(crate) fn found(log: &[Told]) -> Vec<Found> {
    tell(&mut detectors(), log)
}

pub(crate) fn named(found: &[Found]) -> Vec<(RuleId, AgentId)> {
    found.iter().map(|found| (found.rule, found.agent)).collect()
}

/// The evidence is there, and about her or her contact.
pub(crate) fn stands_on_evidence(log: &[Told], found: &[Found]) {
    let mut about = BTreeMap::new();
    for told in log {
        match told {
            Told::Floor(recorded) => {
                let event = &recorded.event;
                about.insert(recorded.seq, (event.agent(), event.contact().is_some()));
            }
            Told::Shift(seq, _, shift) => _ = about.insert(*seq, (Some(shift.agent), false)),
            Told::Excuse(..) => {}
        }
    }
    for found in found {
        assert!(found.evidence.contains(&found.episode), "{found:?}");
        for seq in &found.evidence {
            let (whose, is_of_contact) = about[seq];
            // What shows that nobody has come is whatever happens next on the floor.
            let shows = found.rule == rules::LEFT_BEFORE_RELIEF && found.evidence.last() == Some(seq);
            assert!(whose == Some(found.agent) || is_of_contact || shows, "{found:?}: {seq}");
        }
    }
}

/// A ledger beside that log.
pub(crate) struct Ledger {
    pub(crate) desk: Quality,
    now: Instant,
}

impl Ledger {
    pub(crate) fn beside(day: &Day) -> Self {
        let mut desk = Quality::new(SiteId::fixed("main"));
        desk.pass(day.floor.last_seq(), day.floor.last_at());
        let mut ledger = Self { desk, now: at(day.now) };
        for rule in Conduct::shipped().expect("they ship").rules {
            ledger.ask(DeskCommand::ApplyRule(Box::new(rule)));
        }
        ledger
    }

    pub(crate) fn ask(&mut self, command: DeskCommand) -> u64 {
        let stamp = Stamp { at: self.now, seed: 0 };
        let submission = Submission::system("detector", command);
        self.desk.decide(stamp, submission, &mut Vec::new()).expect("no refusal").seq
    }

    pub(crate) fn propose(&mut self, found: &[Found]) -> Vec<EntryId> {
        let proposals = found.iter().map(|found| found.clone().proposal(1, month()));
        proposals.map(|proposal| EntryId(self.ask(DeskCommand::Propose(proposal)))).collect()
    }

    /// What each agent's month costs when a leader has confirmed all of it.
    pub(crate) fn confirmed(&mut self, entries: &[EntryId]) -> Vec<u32> {
        for entry in entries {
            let confirm =
                DeskCommand::ConfirmDeduction { entry: *entry, account: LEADER, points: None, severe: false };
            self.ask(confirm);
        }
        (1..=AGENTS).map(|number| self.desk.ledger().total(month(), agent(number))).collect()
    }
}
