//! Every key reaches the floor, and a queue's own values win over the defaults, key by key.

use super::*;
use cordboard_floor::configuration::{
    BreakQuota, CallbackTerms, Exit, ExitTarget, Guards, HoursConfig, Preferred, RoutingPlan, Selection, Step,
};
use cordboard_floor::contact::SkillCondition;
use cordboard_floor::{AgentId, Channel, Command, Instant, ReasonId};

const WHOLE: &str = r#"
[site]
ready_guard_ms = 1
wrapup_is_idle = true
not_ready_is_idle = true
callers_kept_ms = 2
[skills]
en = "英语"
zh = "中文"
[queues.cards]
[queues.loans]
skills = { en = 60, zh = 60 }
[queues.loans.plan]
selection = "ring_all"
any = [{ zh = 50, en = 50 }]
also = ["cards"]
weight = 150
answer_within_ms = 3
conversations_max = 1
stay_until_empty = true
[queues.loans.plan.preferred]
wait_ms = 4
first_owner = true
last_agent = true
[[queues.loans.plan.steps]]
after_ms = 5
eligible_below = 6
ready_below = 7
waiting_above = 8
skills = { en = 20 }
any = []
forgo_own = true
also = ["cards"]
raise = 9
[[queues.loans.plan.exits]]
after_ms = 10
estimated_above_ms = 11
waiting_above = 12
eligible_below = 13
closed = true
queue = "cards"
[[queues.loans.plan.exits]]
after_ms = 14
agent = "1002"
[[queues.loans.plan.exits]]
after_ms = 15
message = "later"
[[queues.loans.plan.exits]]
waiting_above = 9
callback = true
[queues.loans.plan.callback]
allowed = true
attempts_max = 2
retry_ms = 16
dial_ms = 17
expires_ms = 18
[queues.loans.plan.breaks]
away_max = 3
staffed_min = 1
[queues.loans.plan.guards]
reject_rest_ms = 19
no_answer_rest_ms = 20
missed_max = 3
[agents.1001]
queues = ["loans", "cards"]
skills = { en = 80, zh = 80 }
weight = 200
position = 4
stand_in = "1002"
mixes = [{ voice = 1 }, { chat = 3, mail = 2 }]
interruptible = ["mail"]
[agents.1002]
queues = ["loans"]
"#;

#[test]
fn every_key_of_a_plan_reaches_the_floor() {
    let settings = good(WHOLE, &[]);
    let condition = |skill: &'static str, level| SkillCondition { skill: SkillId::fixed(skill), level };
    let cards = QueueId::fixed("cards");
    let exit = Exit {
        after_ms: None,
        estimated_above_ms: None,
        waiting_above: None,
        eligible_below: None,
        closed: false,
        to: ExitTarget::Callback,
    };
    let plan = RoutingPlan {
        selection: Selection::RingAll,
        any: vec![vec![condition("en", 50), condition("zh", 50)]],
        also: vec![cards],
        steps: vec![Step {
            after_ms: Some(Millis(5)),
            eligible_below: Some(6),
            ready_below: Some(7),
            waiting_above: Some(8),
            skills: Some(vec![condition("en", 20)]),
            any: Some(Vec::new()),
            forgo_own: true,
            also: vec![cards],
            raise: 9,
        }],
        weight: 150,
        answer_within_ms: Millis(3),
        preferred: Preferred { wait_ms: Millis(4), first_owner: true, last_agent: true },
        exits: vec![
            Exit {
                after_ms: Some(Millis(10)),
                estimated_above_ms: Some(Millis(11)),
                waiting_above: Some(12),
                eligible_below: Some(13),
                closed: true,
                to: ExitTarget::Queue(cards),
            },
            Exit { after_ms: Some(Millis(14)), to: ExitTarget::Agent(AgentId::fixed("1002")), ..exit },
            Exit { after_ms: Some(Millis(15)), to: ExitTarget::Message(ReasonId::fixed("later")), ..exit },
            Exit { waiting_above: Some(9), ..exit },
        ],
        callback: CallbackTerms {
            allowed: true,
            attempts_max: 2,
            retry_ms: Millis(16),
            dial_ms: Millis(17),
            expires_ms: Millis(18),
        },
        conversations_max: Some(1),
        breaks: BreakQuota { away_max: Some(3), staffed_min: Some(1) },
        guards: Guards { reject_rest_ms: Some(Millis(19)), no_answer_rest_ms: Millis(20), missed_max: 3 },
        stay_until_empty: true,
    };
    let loans = settings.queues.iter().find(|queue| queue.is.queue.as_str() == "loans").expect("loans");
    assert_eq!(loans.is.plan, plan);
    let agent = &settings.agents[0].is;
    let channel = Channel::fixed;
    assert_eq!((agent.weight, agent.position, agent.stand_in), (200, 4, Some(AgentId::fixed("1002"))));
    assert_eq!(agent.mixes, [vec![(channel("voice"), 1)], vec![(channel("chat"), 3), (channel("mail"), 2)]]);
    assert_eq!(agent.interruptible, [channel("mail")]);
    let site = &settings.site.floor;
    assert_eq!((site.ready_guard_ms, site.callers_kept_ms), (Millis(1), Millis(2)));
    assert!(site.wrapup_is_idle && site.not_ready_is_idle);
}

#[test]
fn what_the_reference_says_is_what_the_floor_takes_by_itself() {
    let settings = good("[queues.loans]\n", &[]);
    let mut customary = cordboard_floor::configuration::QueueConfig::customary(QueueId::fixed("loans"));
    assert_eq!(settings.queues[0].is, customary);
    customary.queue = QueueId::fixed("defaults");
    assert_eq!(settings.queue_defaults.is, customary);
}

#[test]
fn tables_are_taken_key_by_key_and_lists_as_a_whole() {
    let text = r#"
[site]
callers_kept_ms = 5
[queue_defaults.plan]
weight = 200
steps = [{ after_ms = 5, raise = 1 }, { after_ms = 9, raise = 1 }]
[queue_defaults.plan.preferred]
wait_ms = 7
last_agent = true
[queues.loans.plan]
steps = [{ after_ms = 3, raise = 2 }]
[queues.loans.plan.preferred]
first_owner = true
wait_ms = 8
[queues.cards.plan]
selection = "linear"
"#;
    let settings = good(text, &[("CORDBOARD__QUEUES__CARDS__PLAN__WEIGHT", "300")]);
    let plan = |name: &str| {
        let queue = settings.queues.iter().find(|queue| queue.is.queue.as_str() == name);
        queue.expect("a queue").is.plan.clone()
    };
    let (loans, cards) = (plan("loans"), plan("cards"));
    assert_eq!(loans.preferred, Preferred { wait_ms: Millis(8), first_owner: true, last_agent: true });
    assert_eq!((loans.weight, loans.steps.len(), loans.steps[0].raise), (200, 1, 2));
    assert_eq!((cards.weight, cards.steps.len(), cards.preferred.wait_ms), (300, 2, Millis(7)));
}

#[test]
fn a_fault_in_the_defaults_is_told_once() {
    let text = "[queue_defaults.plan]\nweight = 0\n[queues.loans]\n[queues.cards]\n[agents.1001]\nqueues = [\"loans\", \"cards\"]\n";
    let problems = settings(text, &[]).problems;
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert_eq!((problems[0].line, problems[0].key.as_str()), (Some(2), "queue_defaults.plan.weight"));
}

#[test]
fn hours_are_told_after_the_queue_and_end_when_it_names_no_calendar() {
    let text = "[queues.loans]\nhours = \"office\"\n[queues.cards]\n[calendars.office]\nweekly = { mon = [\"08:00-12:00\"] }\n";
    let before = good(text, &[]);
    let now = Instant::parse("2026-11-22T00:00:00Z").expect("a moment");
    let mut known = Known::of_settings(&before);
    let told = known.hours_ahead(&before, now);
    let [Command::ApplyHours(hours)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((hours.queue.as_str(), hours.open.len()), ("loans", 18));
    known.take(&before, told);
    assert_eq!((known.hours_ahead(&before, now), known.hours_ended(&before)), (Vec::new(), Vec::new()));
    let after = good("[queues.cards]\n", &[]);
    let ended = vec![Command::ApplyHours(HoursConfig { queue: QueueId::fixed("loans"), open: Vec::new() })];
    assert_eq!(known.hours_ended(&after), ended);
    known.take(&after, ended);
    assert_eq!((known.hours_ahead(&after, now), known.hours_ended(&after)), (Vec::new(), Vec::new()));
}
