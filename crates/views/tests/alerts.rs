//! What the rules find, on a floor that really decides: raised when it has lasted long enough, said once, over when it is better
//! by enough; and known ahead, so that nobody has to look all the time.

#[allow(dead_code)]
mod support;

use cordboard_floor::alert::{AlertMeasure, AlertRule};
use cordboard_floor::command::{AskedState, Entry};
use cordboard_floor::{
    AlertRuleId, Channel, Command, ContactId, Event, Instant, Millis, PartId, ReasonId, StateId,
};
use cordboard_views::View;
use cordboard_views::alerts::Alerts;
use proptest::prelude::*;
use support::{Decides, agent, queue, step, team};

const RULE: AlertRuleId = AlertRuleId::fixed("rule");

fn rule(measure: AlertMeasure, amber: i64, red: i64) -> AlertRule {
    AlertRule {
        state: (measure == AlertMeasure::StateTime).then(|| StateId::fixed("talking")),
        amber: Some(amber),
        red: Some(red),
        ..AlertRule::customary(RULE, measure)
    }
}

/// A floor, and whoever follows it and says what the rules find.
struct Watched {
    floor: Decides,
    alerts: Alerts,
    folded: usize,
}

impl Watched {
    fn by(rules: impl IntoIterator<Item = AlertRule>) -> Self {
        let mut floor = Decides::new();
        // Only what a test is about.
        let other = floor.floor.alert_rules().map(|(rule, _)| rule.clone()).collect::<Vec<_>>();
        for rule in other {
            floor.ask(Command::ApplyAlertRule(AlertRule { active: false, ..rule })).unwrap();
        }
        for rule in rules {
            floor.ask(Command::ApplyAlertRule(rule)).unwrap();
        }
        let mut watched = Self { floor, alerts: Alerts::new(), folded: 0 };
        assert_eq!(watched.look(), Vec::<String>::new());
        watched
    }

    fn fold(&mut self) {
        self.floor.log[self.folded..].iter().for_each(|recorded| self.alerts.fold(recorded));
        self.folded = self.floor.log.len();
    }

    /// Says what there is to say, and what it was.
    fn look(&mut self) -> Vec<String> {
        self.look_at(&[])
    }

    fn look_at(&mut self, stopped: &[(PartId, Instant)]) -> Vec<String> {
        self.fold();
        let mut said = Vec::new();
        let wishes = self.alerts.wishes(self.floor.now, stopped);
        for wish in wishes {
            let before = self.floor.log.len();
            self.floor.ask(wish).unwrap();
            said.extend(self.floor.log[before..].iter().map(|recorded| match &recorded.event {
                Event::AlertRaised(event) => {
                    format!("{:?} {:?} at {}", event.level, event.about, event.value)
                }
                Event::AlertChanged(event) => format!("now {:?} at {}", event.level, event.value),
                Event::AlertResolved(event) => format!("over at {:?}", event.value),
                other => format!("{other:?}"),
            }));
        }
        self.fold();
        assert_eq!(self.alerts.wishes(self.floor.now, stopped), Vec::new(), "it was said");
        said
    }

    /// Lets time pass without a look; nothing was to be said before the moment that was known ahead.
    fn wait(&mut self, millis: u64) {
        self.floor.wait(millis);
    }

    fn due_in(&mut self) -> Option<u64> {
        self.fold();
        let now = self.floor.now;
        self.alerts.next_deadline(now, &[]).map(|next| next.since(now).0)
    }

    fn arrives(&mut self) -> ContactId {
        let before = self.floor.log.len();
        let entry = Some(Entry::plain(queue(0)));
        let channel = Channel::fixed("voice");
        self.floor.ask(Command::Arrive { channel, from: None, attributes: None, entry }).unwrap();
        self.floor.log[before..].iter().find_map(|recorded| recorded.event.contact()).unwrap()
    }

    fn leaves(&mut self, contact: ContactId) {
        self.floor.ask(Command::Abandon { contact }).unwrap();
    }
}

#[test]
fn a_wait_turns_amber_and_red_by_time_alone_and_is_over_when_the_caller_is_gone() {
    let mut watched = Watched::by([rule(AlertMeasure::OldestWait, 60_000, 90_000)]);
    let first = watched.arrives();
    assert_eq!(watched.due_in(), Some(60_000), "it is known ahead");
    watched.wait(20_000);
    let second = watched.arrives();
    watched.wait(39_999);
    assert_eq!(watched.look(), Vec::<String>::new());
    watched.wait(1);
    assert_eq!(watched.look(), ["Amber Queue(queue-0) at 60000"]);
    assert_eq!(watched.due_in(), Some(30_000));
    watched.wait(30_000);
    assert_eq!(watched.look(), ["now Red at 90000"]);
    // Whoever waits longest now has waited for 70 s.
    watched.leaves(first);
    assert_eq!(watched.look(), ["now Amber at 70000"]);
    watched.leaves(second);
    assert_eq!(watched.look(), ["over at None"]);
    let known: Vec<_> = watched.alerts.known().map(|known| known.resolved_at).collect();
    assert_eq!(known, [Some(watched.floor.now)]);
    assert_eq!(watched.alerts.raised_7d(RULE, watched.floor.now), 1);
    let later = watched.floor.now.plus(Millis::from_secs(7 * 24 * 3_600));
    assert_eq!(watched.alerts.raised_7d(RULE, later), 0, "a week later it is forgotten");
}

#[test]
fn it_has_to_last_and_to_be_better_by_enough_and_then_there_is_peace_for_a_while() {
    let mut waiting = rule(AlertMeasure::Waiting, 3, 5);
    waiting.for_ms = Millis(10_000);
    waiting.hysteresis = 1;
    waiting.cool_down_ms = Millis(60_000);
    let mut watched = Watched::by([waiting]);
    let mut callers: Vec<ContactId> = (0..3).map(|_| watched.arrives()).collect();
    watched.wait(9_000);
    watched.leaves(callers.pop().unwrap());
    watched.wait(5_000);
    assert_eq!(watched.look(), Vec::<String>::new(), "it did not last");
    callers.push(watched.arrives());
    assert_eq!(watched.due_in(), Some(10_000));
    watched.wait(10_000);
    assert_eq!(watched.look(), ["Amber Queue(queue-0) at 3"]);
    watched.leaves(callers.pop().unwrap());
    watched.wait(60_000);
    assert_eq!(watched.look(), Vec::<String>::new(), "two are not better by enough");
    watched.leaves(callers.pop().unwrap());
    assert_eq!(watched.look(), ["over at Some(1)"]);
    callers.extend((0..2).map(|_| watched.arrives()));
    watched.wait(20_000);
    assert_eq!(watched.look(), Vec::<String>::new(), "it was over only just now");
    assert_eq!(watched.due_in(), Some(40_000));
    watched.wait(40_000);
    assert_eq!(watched.look(), ["Amber Queue(queue-0) at 3"]);
}

#[test]
fn too_few_are_ready_only_where_the_doors_are_open() {
    let mut few = rule(AlertMeasure::ReadyAgents, 2, 1);
    few.queues = vec![queue(0)];
    let mut watched = Watched::by([AlertRule { active: false, ..few.clone() }]);
    watched.floor.ask(Command::ApplyAlertRule(few)).unwrap();
    assert_eq!(watched.look(), ["Red Queue(queue-0) at 0"]);
    let serves = |watched: &Watched, n: u8| watched.floor.floor.agents()[usize::from(n)].config.clone();
    let those: Vec<_> =
        (0..6).map(|n| serves(&watched, n)).filter(|it| it.queues.contains(&queue(0))).collect();
    let ready = |watched: &mut Watched, n: usize| {
        let command = Command::SetState { agent: those[n].agent, state: AskedState::Ready };
        watched.floor.ask(command).unwrap();
        watched.look()
    };
    assert_eq!(ready(&mut watched, 0), ["now Amber at 1"]);
    assert_eq!(ready(&mut watched, 1), ["over at Some(2)"]);
    watched.floor.ask(Command::CloseQueue { queue: queue(0), emergency: false, message: None }).unwrap();
    for signed_in in &those[..2] {
        watched.floor.ask(Command::SignOut { agent: signed_in.agent }).unwrap();
    }
    assert_eq!(watched.look(), Vec::<String>::new());
    watched.floor.ask(Command::OpenQueue { queue: queue(0) }).unwrap();
    assert_eq!(watched.look(), ["Red Queue(queue-0) at 0"]);
}

#[test]
fn a_service_level_stands_on_enough_and_ends_with_its_half_hour() {
    let mut level = rule(AlertMeasure::ServiceLevel, 800_000, 500_000);
    level.contacts_min = 3;
    let mut watched = Watched::by([level]);
    for _ in 0..2 {
        let caller = watched.arrives();
        watched.leaves(caller);
    }
    assert_eq!(watched.look(), Vec::<String>::new(), "two are not enough");
    let caller = watched.arrives();
    watched.leaves(caller);
    assert_eq!(watched.look(), ["Red Queue(queue-0) at 0"]);
    let left = watched.due_in().unwrap();
    let half_hour = 30 * 60_000;
    assert!(left <= half_hour, "{left}");
    watched.wait(left);
    assert_eq!(watched.look(), ["over at None"], "of the next half hour nothing is known yet");
}

#[test]
fn agents_are_measured_by_what_they_do_by_their_reach_and_by_their_hands() {
    let mut lunch = rule(AlertMeasure::StateTime, 30_000, 60_000);
    lunch.state = Some(StateId::fixed("not_ready"));
    lunch.reason = Some(ReasonId::fixed("training"));
    let hand = AlertRule { rule: AlertRuleId::fixed("hand"), ..rule(AlertMeasure::HandRaised, 0, 20_000) };
    let mut reach =
        AlertRule { rule: AlertRuleId::fixed("reach"), ..rule(AlertMeasure::Unreachable, 5_000, 9_000) };
    reach.teams = vec![team(0)];
    let mut watched = Watched::by([lunch, hand, reach]);
    let training = AskedState::NotReady(ReasonId::fixed("training"));
    watched.floor.ask(Command::SetState { agent: agent(0), state: training }).unwrap();
    watched.wait(30_000);
    assert_eq!(watched.look(), ["Amber Agent(1000) at 30000"]);
    watched.floor.ask(Command::SetState { agent: agent(0), state: AskedState::Ready }).unwrap();
    assert_eq!(watched.look(), ["over at None"]);

    watched.floor.ask(Command::RaiseHand { agent: agent(1), raised: true }).unwrap();
    assert_eq!(watched.look(), ["Amber Agent(1001) at 0"]);
    watched.wait(20_000);
    assert_eq!(watched.look(), ["now Red at 20000"]);
    watched.floor.ask(Command::RaiseHand { agent: agent(1), raised: false }).unwrap();
    assert_eq!(watched.look(), ["over at None"]);

    for n in 0..6 {
        let session = "s-1".parse().unwrap();
        watched.floor.ask(Command::LinkOpened { agent: agent(n), session }).unwrap();
        watched.floor.ask(Command::LinkLost { agent: agent(n), session }).unwrap();
    }
    watched.wait(5_000);
    let red: Vec<String> = (0..6)
        .filter(|n| watched.floor.floor.agent(agent(*n)).unwrap().config.team == Some(team(0)))
        .map(|n| format!("Amber Agent({}) at 5000", agent(n)))
        .collect();
    assert!(!red.is_empty() && red.len() < 6);
    assert_eq!(watched.look(), red, "only of the team that the rule names");
}

#[test]
fn a_part_that_stands_still_is_told_of_from_outside() {
    let mut watched = Watched::by([rule(AlertMeasure::PartStopped, 0, 10_000)]);
    let board = (PartId::fixed("board"), watched.floor.now);
    assert_eq!(watched.look_at(&[board]), ["Amber Part(board) at 0"]);
    let next = watched.alerts.next_deadline(watched.floor.now, &[board]).unwrap();
    assert_eq!(next.since(watched.floor.now), Millis(10_000));
    watched.wait(10_000);
    assert_eq!(watched.look_at(&[board]), ["now Red at 10000"]);
    assert_eq!(watched.look_at(&[]), ["over at None"]);
}

#[test]
fn so_many_wishes_are_told_at_once_and_so_many_alerts_are_kept() {
    use cordboard_views::alerts::{ALERTS_KEPT_MAX, WISHES_MAX};
    let mut watched = Watched::by([rule(AlertMeasure::PartStopped, 0, 10_000)]);
    let part = |number: usize| (format!("part-{number}").parse::<PartId>().unwrap(), watched.floor.now);
    let parts: Vec<_> = (0..=WISHES_MAX).map(part).collect();
    watched.fold();
    assert_eq!(watched.alerts.wishes(watched.floor.now, &parts).len(), WISHES_MAX);
    for turn in 0..=ALERTS_KEPT_MAX {
        let here = [(PartId::fixed("board"), watched.floor.now)];
        assert_eq!(watched.look_at(if turn % 2 == 0 { &here } else { &[] }).len(), 1, "{turn}");
    }
    for turn in 0..=ALERTS_KEPT_MAX {
        let here = [(PartId::fixed("board"), watched.floor.now)];
        watched.look_at(if turn % 2 == 0 { &[] } else { &here });
    }
    assert!(watched.alerts.known().count() <= ALERTS_KEPT_MAX + 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens: what there is to say is said in one go, there is one alert for each rule and subject, and before the
    /// moment that is known ahead there is nothing to say.
    #[test]
    fn nothing_is_said_twice_and_the_next_moment_is_known(
        steps in proptest::collection::vec(step(), 1..160),
        ahead in 1u64..5_000,
    ) {
        let rules = [
            rule(AlertMeasure::OldestWait, 4_000, 9_000),
            AlertRule { rule: AlertRuleId::fixed("waiting"), for_ms: Millis(3_000), hysteresis: 1, cool_down_ms: Millis(5_000), ..rule(AlertMeasure::Waiting, 2, 4) },
            AlertRule { rule: AlertRuleId::fixed("ready"), ..rule(AlertMeasure::ReadyAgents, 2, 1) },
            AlertRule { rule: AlertRuleId::fixed("talk"), for_ms: Millis(1_000), ..rule(AlertMeasure::StateTime, 2_000, 6_000) },
            AlertRule { rule: AlertRuleId::fixed("reach"), ..rule(AlertMeasure::Unreachable, 1_000, 3_000) },
            AlertRule { rule: AlertRuleId::fixed("level"), ..rule(AlertMeasure::ServiceLevel, 900_000, 500_000) },
        ];
        let mut floor = Decides::new();
        for rule in rules {
            floor.ask(Command::ApplyAlertRule(rule)).unwrap();
        }
        let mut watched = Watched { floor, alerts: Alerts::new(), folded: 0 };
        for step in &steps {
            watched.floor.step(step);
            watched.look();
            let now = watched.floor.now;
            let open: Vec<_> = watched.alerts.board().alerts().map(|row| (row.rule, row.about)).collect();
            let mut once = open.clone();
            once.sort_unstable();
            once.dedup();
            prop_assert_eq!(open.len(), once.len());
            let next = watched.alerts.next_deadline(now, &[]);
            prop_assert!(next.is_none_or(|next| next > now));
            let then = now.plus(Millis(ahead));
            if next.is_none_or(|next| next > then) {
                prop_assert_eq!(watched.alerts.wishes(then, &[]), Vec::new());
            }
        }
    }
}
