//! Rules for alerts and what reasons are for: what ships, what is read, what is refused, what a change comes to.

use super::*;
use crate::config::apply::Known;
use cordboard_floor::alert::{AlertMeasure, AlertRule};
use cordboard_floor::configuration::ReasonPurpose;
use cordboard_floor::{Decider, Floor, SiteId, Stamp, Submission};

fn rule<'a>(settings: &'a Settings, name: &str) -> &'a AlertRule {
    let found = settings.alerts.iter().find(|rule| rule.is.rule.as_str() == name);
    &found.unwrap_or_else(|| panic!("no rule {name}")).is
}

#[test]
fn what_ships_is_taken_by_the_floor_and_measures_everything() {
    let settings = good("", &[]);
    let mut measured: Vec<AlertMeasure> = settings.alerts.iter().map(|rule| rule.is.measure).collect();
    measured.sort_unstable();
    measured.dedup();
    assert_eq!(measured, AlertMeasure::ALL);
    let mut floor = Floor::new(SiteId::fixed("main"));
    for command in Known::of_floor(&floor.clone()).differences(&settings) {
        let stamp = Stamp { at: cordboard_floor::Instant::from_micros(0), seed: 1 };
        floor.decide(stamp, Submission::system("configuration", command), &mut Vec::new()).unwrap();
    }
    assert_eq!(floor.alert_rules().count(), settings.alerts.len());
    assert!(settings.alerts.iter().all(|rule| !rule.is.zh.is_empty() && !rule.is.en.is_empty()));
    let acts = settings.reasons.iter().filter(|reason| reason.is.purpose == ReasonPurpose::Act).count();
    let rejects = settings.reasons.iter().filter(|reason| reason.is.purpose == ReasonPurpose::Reject).count();
    assert_eq!((acts, rejects), (6, 3));
    assert_eq!(Known::of_floor(&floor).differences(&settings), [], "what holds is applied once");
}

#[test]
fn every_key_of_a_rule_is_read_in_its_unit() {
    let text = format!(
        "{FLOOR}[alerts.mine]\ntitle = {{ zh = \"我\", en = \"Mine\" }}\nmeasure = \"service_level\"\nqueues = [\"cards\"]\n\
         amber_percent = 80\nred_percent = 60\nhysteresis_percent = 5\nfor_ms = 1\ncool_down_ms = 2\ncontacts_min = 3\n\
         [alerts.long_hold]\namber_ms = 7\n[alerts.waiting]\nactive = false\n\
         [alerts.lunch]\nmeasure = \"state_time\"\nstate = \"on_break\"\nreason = \"lunch\"\nred_ms = 9\n"
    );
    let settings = good(&text, &[]);
    let mine = rule(&settings, "mine");
    assert_eq!((mine.amber, mine.red, mine.hysteresis), (Some(800_000), Some(600_000), 50_000));
    assert_eq!((mine.for_ms, mine.cool_down_ms, mine.contacts_min), (Millis(1), Millis(2), 3));
    assert_eq!((mine.queues.len(), &*mine.zh, &*mine.en), (1, "我", "Mine"));
    let hold = rule(&settings, "long_hold");
    assert_eq!((hold.amber, hold.red), (Some(7), Some(300_000)), "what nobody changes stays");
    assert!(!rule(&settings, "waiting").active);
    let lunch = rule(&settings, "lunch");
    assert_eq!((lunch.state.unwrap().as_str(), lunch.reason.unwrap().as_str()), ("on_break", "lunch"));
}

#[test]
fn what_cannot_be_is_said_with_its_line() {
    for (text, words) in [
        ("[alerts.a]\nmeasure = \"oldest_wat\"\namber_ms = 1\n", "did you mean \"oldest_wait\"?"),
        ("[alerts.a]\nmeasure = \"waiting\"\n", "has no limit"),
        ("[alerts.a]\nmeasure = \"waiting\"\namber_ms = 1\n", "no such key"),
        ("[alerts.a]\nmeasure = \"waiting\"\namber = 5\nred = 4\n", "red is better than amber"),
        ("[alerts.a]\nmeasure = \"ready_agents\"\namber = 4\nred = 5\n", "red is better than amber"),
        ("[alerts.a]\nmeasure = \"state_time\"\namber_ms = 5\n", "names none"),
        (
            "[alerts.a]\nmeasure = \"state_time\"\nstate = \"taking\"\namber_ms = 5\n",
            "did you mean \"talking\"?",
        ),
        ("[alerts.a]\nmeasure = \"waiting\"\nstate = \"talking\"\namber = 5\n", "belong to state_time"),
        ("[alerts.a]\nmeasure = \"waiting\"\nqueues = [\"crds\"]\namber = 5\n", "did you mean \"cards\"?"),
        (
            "[alerts.a]\nmeasure = \"state_time\"\nstate = \"not_ready\"\nreason = \"lnch\"\namber_ms = 5\n",
            "there is no reason lnch",
        ),
        ("[reasons.a]\nnumber = 1900\nfor = \"acts\"\n", "did you mean \"act\"?"),
        ("[reasons.a]\nnumber = 1900\nfor = \"act\"\nbreak = true\n", "only a reason for being not ready"),
    ] {
        let problems = settings(&format!("{FLOOR}{text}"), &[]).problems;
        let said = problems.iter().map(ToString::to_string).find(|problem| problem.contains(words));
        assert!(said.is_some_and(|said| said.contains("site.toml")), "{words}: {problems:#?}");
    }
}

#[test]
fn a_rule_that_is_gone_is_retired() {
    let (before, after) = (good("[alerts.a]\nmeasure = \"waiting\"\namber = 1\n", &[]), good("", &[]));
    let commands = Known::of_settings(&before).differences(&after);
    let [Command::ApplyAlertRule(gone)] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!((gone.rule.as_str(), gone.active), ("a", false));
}
