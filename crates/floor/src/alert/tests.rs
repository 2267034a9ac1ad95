//! One alert for each rule and subject, and what may be done with it.

use super::*;
use crate::actor::{Actor, Submission};
use crate::command::Command;
use crate::configuration::QueueConfig;
use crate::decider::{Decider, Stamp};
use crate::id::{AccountId, SiteId};
use crate::limits;
use crate::time::Instant;
use alloc::format;
use alloc::vec::Vec;

const LOANS: QueueId = QueueId::fixed("loans");
const LONG_WAIT: AlertRuleId = AlertRuleId::fixed("long_wait");
const LI: AccountId = AccountId::fixed("li");

fn rule() -> AlertRule {
    AlertRule {
        amber: Some(60_000),
        red: Some(120_000),
        ..AlertRule::customary(LONG_WAIT, AlertMeasure::OldestWait)
    }
}

fn alarm(about: AlertSubject, level: AlertLevel) -> Command {
    Command::RaiseAlert(Alarm { rule: LONG_WAIT, level, about, value: 61_000, limit: 60_000 })
}

fn decide(floor: &mut Floor, command: Command) -> Result<Vec<Event>, Refusal> {
    let (stamp, mut decided) = (Stamp { at: Instant::from_micros(0), seed: 7 }, Vec::new());
    let submission = Submission { actor: Actor::system("alerts"), cause: None, reason: None, command };
    floor.decide(stamp, submission, &mut decided)?;
    Ok(decided.into_iter().map(|recorded| recorded.event).collect())
}

fn floor() -> Floor {
    let mut floor = Floor::new(SiteId::fixed("stage"));
    decide(&mut floor, Command::ApplyQueue(QueueConfig::customary(LOANS))).unwrap();
    decide(&mut floor, Command::ApplyAlertRule(rule())).unwrap();
    floor
}

#[test]
fn there_is_one_for_each_rule_and_subject_and_worse_wants_to_be_seen_again() {
    let (mut floor, queue) = (floor(), AlertSubject::Queue(LOANS));
    let raised = decide(&mut floor, alarm(queue, AlertLevel::Amber)).unwrap();
    let [Event::AlertRaised(raised)] = &raised[..] else { panic!("{raised:?}") };
    assert_eq!((raised.alert.0, raised.version, raised.measure), (3, 1, AlertMeasure::OldestWait));
    let alert = raised.alert;
    assert_eq!(decide(&mut floor, alarm(queue, AlertLevel::Red)), Ok(Vec::new()), "it is raised already");

    let seen = |note| Command::AcknowledgeAlert { alert, account: LI, note };
    assert_eq!(decide(&mut floor, seen(None)).unwrap().len(), 1);
    assert_eq!(decide(&mut floor, seen(None)), Ok(Vec::new()), "the first has it");
    let change = |level| Command::ChangeAlert { alert, level, value: 1, limit: 1 };
    assert_eq!(decide(&mut floor, change(AlertLevel::Amber)), Ok(Vec::new()));
    assert_eq!(decide(&mut floor, change(AlertLevel::Red)).unwrap().len(), 1);
    assert_eq!(decide(&mut floor, seen(None)).unwrap().len(), 1, "worse than when it was seen");
    assert_eq!(decide(&mut floor, change(AlertLevel::Amber)).unwrap().len(), 1);
    assert_eq!(decide(&mut floor, seen(None)), Ok(Vec::new()), "better is seen");

    assert_eq!(decide(&mut floor, Command::ResolveAlert { alert, value: Some(0) }).unwrap().len(), 1);
    for over in [seen(None), change(AlertLevel::Red), Command::ResolveAlert { alert, value: None }] {
        assert_eq!(decide(&mut floor, over), Err(Refusal::UnknownAlert(alert)));
    }
}

#[test]
fn a_rule_that_is_used_no_longer_takes_its_alerts_with_it() {
    let mut floor = floor();
    decide(&mut floor, alarm(AlertSubject::Queue(LOANS), AlertLevel::Amber)).unwrap();
    assert_eq!(decide(&mut floor, Command::ApplyAlertRule(rule())), Ok(Vec::new()), "it already holds");
    let retired = decide(&mut floor, Command::ApplyAlertRule(AlertRule { active: false, ..rule() })).unwrap();
    let [Event::AlertRuleApplied(applied), Event::AlertResolved(_)] = &retired[..] else {
        panic!("{retired:?}")
    };
    assert_eq!(applied.version, 2);
    let refused = decide(&mut floor, alarm(AlertSubject::Queue(LOANS), AlertLevel::Amber));
    assert_eq!(refused, Err(Refusal::UnknownAlertRule(LONG_WAIT)));
}

#[test]
fn nonsense_is_refused() {
    let mut floor = floor();
    let nobody = AgentId::fixed("9999");
    let refused = decide(&mut floor, alarm(AlertSubject::Agent(nobody), AlertLevel::Red));
    assert_eq!(refused, Err(Refusal::UnknownAgent(nobody)));
    let what = |rule: AlertRule| match rule.check() {
        Err(Refusal::Invalid { what, .. } | Refusal::OverLimit { what, .. }) => what,
        other => panic!("{other:?}"),
    };
    assert_eq!(what(AlertRule { amber: None, red: None, ..rule() }), "alert.amber");
    assert_eq!(what(AlertRule { red: Some(59_999), ..rule() }), "alert.red");
    assert_eq!(what(AlertRule { measure: AlertMeasure::ReadyAgents, ..rule() }), "alert.red");
    assert_eq!(what(AlertRule { hysteresis: -1, ..rule() }), "alert.amber");
    assert_eq!(what(AlertRule { reason: Some("lunch".parse().unwrap()), ..rule() }), "alert.state");
    assert_eq!(what(AlertRule { measure: AlertMeasure::StateTime, ..rule() }), "alert.state");
    let long = "x".repeat(limits::ALERT_NAME_BYTES_MAX + 1);
    assert_eq!(what(AlertRule { en: long.into(), ..rule() }), "alert.name, bytes");
    let queues = (0..=limits::ALERT_ABOUT_MAX).map(|n| format!("q{n}").parse().unwrap()).collect();
    assert_eq!(what(AlertRule { queues, ..rule() }), "alert.queues");
    assert_eq!(what(AlertRule { amber: Some(limits::SPAN_MS_MAX as i64 + 1), ..rule() }), "alert.limit");
}

#[test]
fn so_many_are_open_and_so_many_rules_are_kept() {
    let mut floor = floor();
    let part = |number: usize| AlertSubject::Part(format!("p{number}").parse().unwrap());
    for number in 0..limits::ALERTS_OPEN_MAX {
        decide(&mut floor, alarm(part(number), AlertLevel::Amber)).unwrap();
    }
    let refused = decide(&mut floor, alarm(part(limits::ALERTS_OPEN_MAX), AlertLevel::Amber));
    assert!(matches!(refused, Err(Refusal::OverLimit { what: "alerts open", .. })), "{refused:?}");
    let named = |number: usize| AlertRule { rule: format!("r{number}").parse().unwrap(), ..rule() };
    for number in 1..limits::ALERT_RULES_MAX {
        decide(&mut floor, Command::ApplyAlertRule(named(number))).unwrap();
    }
    let refused = decide(&mut floor, Command::ApplyAlertRule(named(0)));
    assert!(matches!(refused, Err(Refusal::OverLimit { what: "alert rules", .. })), "{refused:?}");
}
