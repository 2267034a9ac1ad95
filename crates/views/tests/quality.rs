//! The views of the quality desk: kept and lost in any order of checkpoints and crashes they say the same, and whatever the
//! detectors find on generated days is proposed once, however often the log is folded.

#[allow(dead_code)]
mod support;

use cordboard_centre::quality::Month;
use cordboard_centre::quality::checklist::Finding;
use cordboard_centre::quality::conduct::Conduct;
use cordboard_centre::quality::detect::{BreakTerms, DetectorTerms, FlipTerms, RunTerms, rules};
use cordboard_centre::quality::evaluation::Rater;
use cordboard_centre::quality::event::{
    ChecklistRecorded, EvaluationDiscarded, EvaluationDrafted, Event as Told,
};
use cordboard_centre::quality::id::{ChecklistId, EvaluationId, FormId, ItemId, RecordId};
use cordboard_centre::quality::limits::EVALUATIONS_MAX;
use cordboard_centre::quality::{Command as Quality, Quality as Desk};
use cordboard_centre::workforce::Day;
use cordboard_centre::workforce::event::{Event as Rostered, ShiftAssigned, ShiftChanged};
use cordboard_centre::workforce::id::{ShiftCode, ShiftId};
use cordboard_centre::workforce::shift::{Away, ChangeWhy, Sketch};
use cordboard_centre::{Event as CentreEvent, Record};
use cordboard_floor::event::{AgentApplied, AgentSignedIn, AgentSignedOut};
use cordboard_floor::{
    AccountId, Actor, AgentId, ContactId, Decider, Event, Instant, Millis, Recorded, SiteId, Stamp,
    Submission,
};
use cordboard_views::View;
use cordboard_views::candidates::{Candidates, RiskTerms};
use cordboard_views::facts::{Fact, Facts, LeftOut};
use cordboard_views::findings::Findings;
use cordboard_views::history::History;
use cordboard_views::quality::{Assurance, ROUNDS_KEPT_MAX};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use support::{Decides, step};

/// A log of the floor with a quality desk beside it: whatever is decided there takes the next number.
struct House {
    desk: Desk,
    log: Vec<Recorded<CentreEvent>>,
}

impl House {
    fn new() -> Self {
        Self { desk: Desk::new(SiteId::fixed("north")), log: Vec::new() }
    }

    fn at(&self) -> Instant {
        self.log.last().map_or(Instant::parse("2026-11-22T00:00:00Z").unwrap(), |last| last.at)
    }

    /// The floor's events under the numbers that are free; ids that they name stay as they were.
    fn floor(&mut self, recorded: &Recorded<Event>) {
        let seq = self.log.len() as u64 + 1;
        let at = recorded.at.max(self.at());
        self.desk.pass(seq, at);
        let told = Recorded { seq, at, ..recorded.clone() };
        self.log.push(told.map(CentreEvent::from));
    }

    fn tells(&mut self, at: Instant, event: impl Into<Event>) {
        let (seq, site, actor) = (0, SiteId::fixed("north"), Actor::system("test"));
        let event = event.into();
        self.floor(&Recorded { seq, at, site, actor, reason: None, cause: None, event });
    }

    /// What the workforce desk says takes the next number.
    fn desk_tells(&mut self, event: impl Into<Rostered>) {
        let (seq, at, site) = (self.log.len() as u64 + 1, self.at(), SiteId::fixed("north"));
        self.desk.pass(seq, at);
        let (actor, event) = (Actor::system("test"), event.into());
        let told = Recorded { seq, at, site, actor, reason: None, cause: None, event };
        self.log.push(told.map(CentreEvent::from));
    }

    fn does(&mut self, command: Quality) -> Option<u64> {
        let mut decided = Vec::new();
        let stamp = Stamp { at: self.at(), seed: 0 };
        let done = self.desk.decide(stamp, Submission::system("test", command), &mut decided);
        self.log.extend(decided.into_iter().map(|recorded| recorded.map(CentreEvent::from)));
        done.ok().map(|done| done.seq)
    }
}

/// Terms by which nearly everything is found.
fn strict() -> DetectorTerms {
    let run = || Some(RunTerms { allowed: 0, window_ms: Millis::from_secs(3_600) });
    DetectorTerms {
        breaks: Some(BreakTerms::default()),
        flips: Some(FlipTerms { flip_ms_max: Millis::from_secs(60), idle: run(), under_offer: run() }),
        ..DetectorTerms::shipped().unwrap()
    }
}

fn bytes(view: &impl Serialize) -> Vec<u8> {
    rmp_serde::to_vec(view).unwrap()
}

fn folded<V: View>(mut view: V, log: &[Recorded<CentreEvent>]) -> V {
    log.iter().for_each(|recorded| view.take_in(recorded));
    view
}

/// Kept at one event and gone on with from there, or folded straight: the same.
fn survives<V: View + Clone + Serialize + DeserializeOwned>(
    fresh: &V,
    log: &[Recorded<CentreEvent>],
    cut: usize,
) {
    let cut = cut.min(log.len());
    let kept: V = rmp_serde::from_slice(&bytes(&folded(fresh.clone(), &log[..cut]))).unwrap();
    // What it has had already is no news.
    let again = folded(kept, &log[cut.saturating_sub(3)..]);
    assert!(bytes(&again) == bytes(&folded(fresh.clone(), log)), "{} cut at {cut}", V::NAME);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_found_is_proposed_once_however_often_the_log_is_folded(
        steps in proptest::collection::vec(step(), 20..200),
        every in 3usize..40,
        cut in 0usize..400,
    ) {
        let mut decides = Decides::new();
        steps.iter().for_each(|step| decides.step(step));
        let mut house = House::new();
        house.does(Quality::ApplyDetectors(Box::new(strict()))).unwrap();
        for rule in Conduct::shipped().unwrap().rules {
            house.does(Quality::ApplyRule(Box::new(rule))).unwrap();
        }
        let mut findings = folded(Findings::new(), &house.log);
        let mut proposed = 0;
        let mut propose = |house: &mut House, findings: &mut Findings| {
            let waiting: Vec<_> = findings.waiting().cloned().collect();
            for found in waiting {
                let month = Month::utc(found.until).unwrap();
                let before = house.log.len();
                house.does(Quality::Propose(found.proposal(1, month))).expect("what is found can be proposed");
                proposed += house.log.len() - before;
                house.log[before..].iter().for_each(|recorded| findings.take_in(recorded));
            }
        };
        for (at, recorded) in decides.log.iter().enumerate() {
            house.floor(recorded);
            findings.take_in(house.log.last().unwrap());
            if at % every == 0 {
                propose(&mut house, &mut findings);
            }
        }
        propose(&mut house, &mut findings);
        prop_assert_eq!(findings.waiting().count(), 0);
        prop_assert_eq!(proposed as u64, findings.found(), "each episode once");
        // Folded again from the first event, with nothing kept, nothing is left to propose; and it would be the same lines.
        let anew = folded(Findings::new(), &house.log);
        prop_assert!(bytes(&anew) == bytes(&findings));
        prop_assert_eq!(house.desk.ledger().entries().count(), proposed);
        survives(&Findings::new(), &house.log, cut);
        survives(&Assurance::new(), &house.log, cut);
        survives(&History::new(), &house.log, cut);
        // The replica of the desk is the desk.
        let view = folded(Assurance::new(), &house.log);
        let lines = |desk: &Desk| desk.ledger().entries().map(|(id, entry)| (id, entry.clone())).collect::<Vec<_>>();
        prop_assert!(lines(view.desk()) == lines(&house.desk));
        prop_assert_eq!(view.desk().last_seq(), house.log.len() as u64);
    }

    #[test]
    fn without_mystery_contacts_is_as_if_they_had_not_been(
        steps in proptest::collection::vec(step(), 40..250),
        which in 0usize..20,
    ) {
        let mut decides = Decides::new();
        steps.iter().for_each(|step| decides.step(step));
        let (mut facts, mut told) = (Facts::new(), Vec::new());
        decides.log.iter().for_each(|recorded| facts.fold(recorded, |fact| told.push(fact.clone())));
        let contacts: Vec<_> = told.iter().filter_map(Fact::contact).collect();
        prop_assume!(!contacts.is_empty());
        let contact = contacts[which % contacts.len()];
        let mut left_out = LeftOut::default();
        prop_assert!(left_out.add(contact) && !left_out.add(contact));
        let (out, counted): (Vec<_>, Vec<_>) = told.iter().partition(|fact| left_out.holds(fact));
        prop_assert!(!out.is_empty() && counted.iter().all(|fact| fact.contact() != Some(contact)));
        prop_assert!(out.iter().all(|fact| fact.contact() == Some(contact) || matches!(fact, Fact::Repeat(_))));
        // An agent's own time is not the caller's.
        prop_assert!(out.iter().all(|fact| !matches!(fact, Fact::Spell(_) | Fact::NotReady(_) | Fact::BreakAsk(_))));
        // The same is left of the facts of late once it was marked.
        let mut house = House::new();
        decides.log.iter().for_each(|recorded| house.floor(recorded));
        let before = folded(History::new(), &house.log);
        house.does(Quality::MarkMystery { contact, account: "zhao".parse().unwrap() }).unwrap();
        let after = folded(History::new(), &house.log);
        prop_assert_eq!((before.marked(), after.marked()), (0, 1));
        prop_assert_eq!(after.kept().len(), before.kept().len());
        prop_assert!(after.counted().eq(counted.iter().copied()));
        // And none of the candidates is it.
        let mut candidates = Candidates::new(Instant::default(), Instant::from_micros(i64::MAX), RiskTerms::default());
        told.iter().for_each(|fact| candidates.take(fact));
        let found = candidates.clone().finish(&folded(Assurance::new(), &house.log));
        prop_assert!(found.iter().all(|candidate| candidate.contact != contact));
        prop_assert!(found.windows(2).all(|pair| pair[0].contact < pair[1].contact), "by contact, each once");
    }
}

/// A roster told at once, five weeks ahead: shift by shift, and what she is spared of the first.
fn rostered(house: &mut House, agent: AgentId, away: Option<Away>) -> Vec<Sketch> {
    let begin = house.at();
    let hours = |hours: u64| Millis(hours * 3_600_000);
    let mut sketches = Vec::new();
    for day in 0..22_u64 {
        let from = begin.plus(hours(24 * day + 8));
        let sketch = Sketch {
            agent,
            day: Day::utc(from),
            code: ShiftCode::fixed("A1"),
            from,
            until: from.plus(hours(8)),
            parts: Vec::new(),
            relief: false,
        };
        sketches.push(sketch.clone());
        let shift = ShiftId(house.log.len() as u64 + 1);
        house.desk_tells(ShiftAssigned { shift, roster: None, overtime: None, sketch: sketch.clone() });
        if let Some(away) = away.filter(|_| day == 0) {
            let (was, why) = (shift.0, ChangeWhy::Leave);
            house.desk_tells(ShiftChanged { shift, sketch, away: vec![away], why, was, by: None });
        }
    }
    sketches
}

#[test]
fn a_session_left_open_is_found_on_the_first_day_of_a_months_roster_and_on_its_last() {
    let (agent, seat) = (AgentId::fixed("1001"), cordboard_floor::SeatId::fixed("B07"));
    let is_open = |found: &Findings| found.waiting().filter(|found| found.rule == rules::SIGN_OUT).count();
    for spared in [false, true] {
        let mut house = House::new();
        house.does(Quality::ApplyDetectors(Box::new(strict()))).unwrap();
        let (begin, hour) = (house.at(), |hours: u64| Millis(hours * 3_600_000));
        let (from, until) = (begin.plus(hour(14)), begin.plus(hour(16)));
        let away = spared.then_some(Away { from, until, why: ChangeWhy::Leave });
        let sketches = rostered(&mut house, agent, away);
        for (at, sketch) in sketches.iter().enumerate() {
            let ends = if at == 0 && spared { from } else { sketch.until };
            // She signs out in time but on the first day and the last.
            let late = if at == 0 || at == 21 { hour(1) } else { Millis(1_000) };
            house.tells(sketch.from, AgentSignedIn { agent, seat });
            house.tells(ends.plus(late), AgentSignedOut { agent, seat });
        }
        let findings = folded(Findings::new(), &house.log);
        assert_eq!(is_open(&findings), 2, "of what she is spared she is expected nowhere: {spared}");
        survives(&Findings::new(), &house.log, 30);
    }
}

#[test]
fn who_came_later_is_new_and_whom_the_first_day_knew_is_not() {
    let mut house = House::new();
    let applied = |agent: &'static str, day: i64| {
        let agent = AgentId::fixed(agent);
        let config = cordboard_floor::configuration::AgentConfig::customary(agent);
        Recorded {
            seq: 1,
            at: Instant::from_micros(
                Instant::parse("2026-11-01T00:00:00Z").unwrap().micros() + day * 86_400_000_000,
            ),
            site: SiteId::fixed("north"),
            actor: Actor::system("test"),
            reason: None,
            cause: None,
            event: Event::from(AgentApplied { agent: config, version: 1 }),
        }
    };
    for (agent, day) in [("old", 0), ("new", 10), ("new", 20)] {
        let mut recorded = applied(agent, day);
        recorded.seq = house.log.len() as u64 + 1;
        house.log.push(recorded.map(CentreEvent::from));
    }
    let view = folded(Assurance::new(), &house.log);
    let at = applied("x", 45).at;
    let days = |agent: &'static str| view.tenure_days(AgentId::fixed(agent), at);
    assert_eq!((days("old"), days("new"), days("unknown")), (u32::MAX, 35, u32::MAX));
    assert!(house.log[0].floor().is_some());
}

fn told(seq: u64, event: Told) -> Recorded<CentreEvent> {
    Recorded {
        seq,
        at: Instant::from_micros(1),
        site: SiteId::fixed("north"),
        actor: Actor::system("test"),
        reason: None,
        cause: None,
        event: CentreEvent::from(event),
    }
}

#[test]
fn of_many_rounds_the_newest_are_remembered_with_what_was_found() {
    let finding = |item| Finding { item: ItemId::fixed(item), agent: None, seat: None, note: None };
    let recorded = |seq: u64| {
        let event = ChecklistRecorded {
            record: RecordId(seq),
            checklist: ChecklistId::fixed("patrol"),
            version: 1,
            seen_at: Instant::from_micros(1),
            findings: if seq.is_multiple_of(2) { vec![finding("dress")] } else { Vec::new() },
            by: AccountId::fixed("chen"),
        };
        told(seq, event.into())
    };
    let mut view = Assurance::new();
    let last = ROUNDS_KEPT_MAX as u64 + 1;
    (1..last).for_each(|seq| view.take_in(&recorded(seq)));
    assert_eq!(view.rounds().next().unwrap().0, RecordId(1), "all that may be");
    view.take_in(&recorded(last));
    assert_eq!((view.rounds().count(), view.rounds().next().unwrap().0), (ROUNDS_KEPT_MAX, RecordId(2)));
    let (id, newest) = view.rounds().next_back().unwrap();
    assert_eq!((id, newest.findings.len(), newest.by), (RecordId(last), 0, AccountId::fixed("chen")));
    assert_eq!(view.rounds().next().unwrap().1.findings, [finding("dress")]);
    let kept: Assurance = rmp_serde::from_slice(&rmp_serde::to_vec(&view).unwrap()).unwrap();
    assert_eq!(kept.rounds().collect::<Vec<_>>(), view.rounds().collect::<Vec<_>>());
}

#[test]
fn steps_go_with_the_evaluation_that_the_desk_forgets_and_what_is_open_keeps_its_own() {
    let drafted = |seq: u64| {
        let event = EvaluationDrafted {
            evaluation: EvaluationId(seq),
            contact: ContactId(1),
            agent: AgentId::fixed("1001"),
            form: FormId::fixed("service"),
            version: 1,
            rater: Rater::Quality,
            evaluator: AccountId::fixed("zhao"),
            checks: None,
            seed: None,
            round: None,
        };
        told(seq, event.into())
    };
    let mut view = Assurance::new();
    let (open, over) = (EvaluationId(1), EvaluationId(2));
    view.take_in(&drafted(1));
    view.take_in(&drafted(2));
    view.take_in(&told(3, EvaluationDiscarded { evaluation: over, by: AccountId::fixed("zhao") }.into()));
    assert_eq!(view.steps(over).len(), 2);
    // One more than the desk keeps; each costs as much as the one before.
    let last = 3 + EVALUATIONS_MAX as u64 - 1;
    (4..=last).for_each(|seq| view.take_in(&drafted(seq)));
    assert_eq!(view.desk().evaluations_kept(), EVALUATIONS_MAX);
    assert_eq!((view.steps(open).len(), view.steps(over).len()), (1, 0));
    assert_eq!(view.steps(EvaluationId(last)).len(), 1);
}
