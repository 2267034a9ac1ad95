//! What cannot be played is refused, and says why.

use super::{CARDS, LOANS, long_run};
use cordboard_simulator::staffed::{
    CALLS_MAX, CV_MAX, Day, GROUPS_MAX, Goals, Group, HEADS_MAX, INTERVALS_MAX, Options, QUEUES_MAX, Queue,
    REPLICATIONS_MAX, RUNS_MAX, Refused, SPANS_MAX, Search, Span, Times, simulate, staff,
};
use cordboard_workforce::roster::Go;

/// What is wrong with a day.
type Change = Box<dyn FnOnce(&mut Day)>;

fn refused(change: impl FnOnce(&mut Day)) -> Refused {
    let mut day = long_run(3, 2.0, None, 50.0);
    change(&mut day);
    match simulate(&day, &Options { replications: 2, ..Options::default() }, &mut |_| Go::On) {
        Err(why) => why,
        Ok(_) => panic!("played: {day:?}"),
    }
}

#[test]
fn every_limit_is_reached_and_named() {
    let queue = |ix: usize| {
        let id = format!("q{ix}").parse().expect("a code");
        Queue::plain(id, vec![0.0], Times::Fixed { mean_s: 1.0 })
    };
    let sizes: Vec<(&str, Change)> = vec![
        ("queues", Box::new(|day| day.queues.clear())),
        ("queues", Box::new(move |day| day.queues.extend((0..QUEUES_MAX).map(queue)))),
        ("groups", Box::new(|day| day.groups.clear())),
        (
            "groups",
            Box::new(|day| {
                day.groups =
                    (0..=GROUPS_MAX).map(|ix| Group::plain(&ix.to_string(), vec![LOANS], 1)).collect();
            }),
        ),
        ("intervals", Box::new(|day| day.queues[0].calls.clear())),
        ("intervals", Box::new(|day| day.queues[0].calls = vec![0.0; INTERVALS_MAX + 1])),
        (
            "queues × intervals",
            Box::new(|day| {
                let calls = vec![0.0; INTERVALS_MAX];
                let ids = (0..21).map(|ix| format!("q{ix}").parse().expect("a code"));
                day.queues =
                    ids.map(|id| Queue::plain(id, calls.clone(), Times::Fixed { mean_s: 1.0 })).collect();
            }),
        ),
        ("heads", Box::new(|day| day.groups[0].heads = HEADS_MAX as u32 + 1)),
        ("queue.priority", Box::new(|day| day.queues[0].priority = 101)),
        (
            "group.work",
            Box::new(|day| {
                let spans = (0..=SPANS_MAX).map(|nth| Span { from_s: nth as f64, to_s: nth as f64 + 0.5 });
                day.groups[0].work = spans.collect();
            }),
        ),
    ];
    for (named, change) in sizes {
        match refused(change) {
            Refused::Size { what, .. } => assert_eq!(what, named),
            other => panic!("{named}: {other}"),
        }
    }
}

#[test]
fn every_number_has_its_range_and_none_is_nan() {
    let wrong: Vec<Change> = vec![
        Box::new(|day| day.queues[0].calls = vec![f64::NAN]),
        Box::new(|day| day.queues[0].calls = vec![-1.0]),
        Box::new(|day| day.queues[0].calls = vec![CALLS_MAX * 1.01]),
        Box::new(|day| day.queues[0].calls = vec![f64::INFINITY]),
        Box::new(|day| day.queues[0].handle = Times::Exponential { mean_s: 0.0 }),
        Box::new(|day| day.queues[0].handle = Times::Lognormal { mean_s: 10.0, cv: CV_MAX * 1.01 }),
        Box::new(|day| day.queues[0].patience = Some(Times::Fixed { mean_s: f64::NAN })),
        Box::new(|day| day.queues[0].within_s = -1.0),
        Box::new(|day| day.queues[0].goals = Goals { service_level: Some(80.0), ..Goals::default() }),
        Box::new(|day| day.interval_s = 0.0),
        Box::new(|day| day.interval_s = f64::NAN),
        Box::new(|day| day.warm_up_s = -1.0),
        Box::new(|day| day.pick_up_s = 1e9),
        Box::new(|day| day.groups[0].work = vec![Span { from_s: f64::NAN, to_s: 1.0 }]),
    ];
    for (nth, change) in wrong.into_iter().enumerate() {
        let why = refused(change);
        assert!(matches!(why, Refused::Number { .. }), "{nth}: {why}");
    }
}

#[test]
fn what_does_not_hold_together_is_refused_by_name() {
    let twice = refused(|day| day.queues.push(day.queues[0].clone()));
    assert!(matches!(twice, Refused::Twice { what: "queue", .. }), "{twice}");
    let twice = refused(|day| day.groups.push(day.groups[0].clone()));
    assert!(matches!(twice, Refused::Twice { what: "group", .. }), "{twice}");
    let dangling = refused(|day| day.groups[0].queues.push(CARDS));
    assert!(matches!(dangling, Refused::NoSuchQueue { queue: CARDS, .. }), "{dangling}");
    let uneven =
        refused(|day| day.queues.push(Queue::plain(CARDS, vec![1.0, 2.0], Times::Fixed { mean_s: 1.0 })));
    assert!(matches!(uneven, Refused::Uneven { queue: CARDS, found: 2, expected: 1 }), "{uneven}");
    let nobody = refused(|day| day.groups[0].heads = 0);
    assert!(matches!(nobody, Refused::Unserved(LOANS)), "{nobody}");
    for spans in [vec![(5.0, 5.0)], vec![(0.0, 9.0), (8.0, 20.0)], vec![(9.0, 20.0), (0.0, 5.0)]] {
        let why = refused(|day| day.groups[0].work = spans.into_iter().map(Span::from).collect());
        assert!(matches!(why, Refused::Spans(_)), "{why}");
    }
    let formula =
        Goals { service_level: Some(0.8), formula: Some("sl.unknown".to_owned()), ..Goals::default() };
    let name = refused(|day| day.queues[0].goals = formula);
    assert!(matches!(name, Refused::Name(..)), "{name}");
}

#[test]
fn so_many_replications_and_plans_and_no_more() {
    let day = long_run(3, 2.0, None, 50.0);
    for replications in [0, 1, REPLICATIONS_MAX + 1] {
        let why = simulate(&day, &Options { replications, ..Options::default() }, &mut |_| Go::On);
        assert!(matches!(why, Err(Refused::Size { what: "replications", .. })), "{replications}");
    }
    let huge = long_run(3, 2.0, None, 1_000_000.0);
    let options = Options { replications: REPLICATIONS_MAX, ..Options::default() };
    let why = simulate(&huge, &options, &mut |_| Go::Stop);
    assert!(matches!(why, Err(Refused::Number { .. })), "{why:?}");
    let why = staff(&day, &Search::default(), &mut |_| Go::On);
    assert!(matches!(why, Err(Refused::NoGoal)), "{why:?}");
    for runs_max in [0, RUNS_MAX + 1] {
        let why = staff(&day, &Search { runs_max, ..Search::default() }, &mut |_| Go::On);
        assert!(matches!(why, Err(Refused::Size { what: "plans to be tried", .. })), "{runs_max}");
    }
}

#[test]
fn the_day_that_is_shipped_as_an_example_can_be_played() {
    let day: Day = toml::from_str(include_str!("../../../../config/days/two-queues.toml")).expect("a day");
    let told = simulate(&day, &Options { replications: 2, ..Options::default() }, &mut |_| Go::On);
    assert!(told.expect("it can be played").figures.all.answered.mean > 300.0);
}

#[test]
fn a_day_is_read_from_a_file_and_unknown_words_are_refused() {
    let text = r#"
        interval_s = 1800.0
        [[queues]]
        id = "loans"
        calls = [100.0, 120.0]
        handle = { law = "lognormal", mean_s = 180.0, cv = 1.0 }
        patience = { law = "exponential", mean_s = 120.0 }
        goals = { service_level = 0.8 }
        [[groups]]
        id = "early"
        queues = ["loans"]
        heads = 14
        work = [[0.0, 1700.0], [2000.0, 3600.0]]
    "#;
    let day: Day = toml::from_str(text).expect("a day");
    assert_eq!((day.intervals(), day.calls(), day.groups[0].work.len()), (2, 220.0, 2));
    assert_eq!(day.queues[0].within_s, 20.0);
    day.check().expect("it can be played");
    assert!(toml::from_str::<Day>(&text.replace("heads", "head_count")).is_err());
}
