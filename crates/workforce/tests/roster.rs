//! Rosters: judged by the validator, held against published best costs and against what can be tried out whole.

use cordboard_workforce::roster::*;
use proptest::prelude::*;
use std::path::PathBuf;

fn go(_: Progress) -> Go {
    Go::On
}

fn limits(rounds: usize, bound_rounds: usize) -> Limits {
    Limits { rounds, bound_rounds, seed: 1 }
}

/// An instance of the benchmark, if it is there: `Instance1.txt` … in `../shared/data/curtois`, or where CORDBOARD_CURTOIS says.
fn curtois(number: u32) -> Option<Problem> {
    let folder = std::env::var_os("CORDBOARD_CURTOIS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/curtois"),
        PathBuf::from,
    );
    let path = folder.join(format!("Instance{number}.txt"));
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(read_curtois(&text).expect("an instance")),
        Err(_) => {
            eprintln!("skipped: {} is not there", path.display());
            None
        }
    }
}

/// Everybody who can solve here.
fn solvers() -> Vec<Solver> {
    vec![
        Solver::Rust,
        #[cfg(feature = "highs")]
        Solver::Highs,
    ]
}

#[test]
fn published_best_costs_are_reached() {
    for (number, best) in [(1, 607), (2, 828), (3, 1001)] {
        let Some(problem) = curtois(number) else { continue };
        for solver in solvers() {
            let began = std::time::Instant::now();
            let plan = solve_by(solver, &problem, &limits(60_000, 300), &mut go).unwrap();
            eprintln!(
                "instance {number} by {solver:?}: {} (published {best}), bound {}, gap {:.4}, {:.1} s",
                plan.judgement.cost,
                plan.bound,
                plan.gap(),
                began.elapsed().as_secs_f64()
            );
            assert_eq!(plan.judgement.broken, []);
            assert!(plan.bound <= best, "a bound is below every roster");
            assert_eq!(plan.judgement.cost, best);
        }
    }
}

/// Every roster there is, for problems so small that all can be tried: the cheapest sound one.
fn cheapest(problem: &Problem) -> Option<i64> {
    let (people, days) = (problem.people.len(), problem.days);
    let ways = problem.shifts.len() as u64 + 1;
    let mut best = None;
    for number in 0..ways.pow((people * days) as u32) {
        let mut left = number;
        let mut roster = Roster(vec![vec![None; days]; people]);
        for place in roster.0.iter_mut().flatten() {
            *place = (left % ways).checked_sub(1).map(|variant| variant as usize);
            left /= ways;
        }
        let judgement = validate(problem, &roster);
        if judgement.broken.is_empty() && best.is_none_or(|best| judgement.cost < best) {
            best = Some(judgement.cost);
        }
    }
    best
}

/// One person of eight hours a day at most, with few rules.
fn person(id: &str, kinds: usize) -> Person {
    Person {
        id: id.to_owned(),
        kind_max: vec![9; kinds],
        minutes_max: 9 * 480,
        minutes_min: 0,
        week: None,
        before: Before::default(),
        run_max: 5,
        run_min: 1,
        rest_min: 1,
        weekends_max: None,
        days_off: Vec::new(),
        skills: Vec::new(),
        wishes: Vec::new(),
    }
}

fn shift(id: &str, kind: usize, slots: &[usize]) -> Shift {
    Shift {
        id: id.to_owned(),
        kind,
        minutes: 480,
        slots: slots.to_vec(),
        skill: None,
        clock: None,
        amiss: Vec::new(),
    }
}

#[derive(Clone, Debug)]
struct Rules(u32, u32, u32, Option<u32>, u32, u32, Vec<usize>, Vec<(usize, usize, bool, i64)>);

fn rules(days: usize) -> impl Strategy<Value = Rules> {
    (
        1u32..5,
        1u32..4,
        1u32..4,
        prop::option::of(0u32..3),
        0u32..4,
        0u32..5,
        prop::collection::vec(0..days, 0..2),
        prop::collection::vec((0..days, 0usize..2, any::<bool>(), 0i64..6), 0..4),
    )
        .prop_map(|(a, b, c, d, e, f, g, h)| Rules(a, b, c, d, e, f, g, h))
}

fn small(
    days: usize,
    first_weekday: usize,
    everybody: &[Rules],
    needed: &[u32],
    tired: bool,
    rest_quota: Option<u32>,
) -> Problem {
    let people = everybody.iter().map(|rules| Person {
        run_max: rules.0,
        run_min: rules.1.min(rules.0),
        rest_min: rules.2,
        weekends_max: rules.3,
        minutes_min: rules.4 * 480,
        minutes_max: (rules.4 + rules.5) * 480,
        days_off: rules.6.clone(),
        kind_max: vec![9, 2],
        wishes: rules
            .7
            .iter()
            .map(|(day, kind, work, weight)| Wish { day: *day, kind: *kind, work: *work, weight: *weight })
            .collect(),
        ..person("x", 2)
    });
    let cover = |at: usize| Cover { required: needed[at % needed.len()], under: 10, over: 1 };
    Problem {
        days,
        first_weekday,
        slots: 2,
        // The second covers the end of its day and the begin of the next.
        shifts: vec![shift("early", 0, &[1]), shift("night", 1, &[1, 2])],
        may_follow: vec![vec![true, true], vec![!tired, true]],
        people: people.collect(),
        cover: (0..days).map(|day| vec![cover(2 * day), cover(2 * day + 1)]).collect(),
        rest_quota,
        rest_minutes: 0,
    }
}

/// What may lie before a roster.
fn before() -> impl Strategy<Value = Before> {
    let days = prop_oneof![
        Just((0, None)),
        (1u32..5).prop_map(|run| (run, None)),
        (1u32..4).prop_map(|rest| (0, Some(rest)))
    ];
    (days, 0u32..4).prop_map(|((run, rest), shifts)| Before {
        ends: None,
        run,
        rest,
        minutes: shifts * 480 + shifts % 2,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn one_person_gets_the_best_roster_there_is(
        rules in rules(7), needed in prop::collection::vec(0u32..2, 14), first in 0usize..7, tired: bool,
        week in prop::option::of((0u32..5, 0u32..3)), before in before(),
    ) {
        let mut problem = small(7, first, &[rules], &needed, tired, None);
        let of = |(most, least): (u32, u32)| WeekMinutes { most: most.max(least) * 480, least: least * 480 };
        (problem.people[0].week, problem.people[0].before) = (week.map(of), before);
        let plan = solve(&problem, &limits(30, 60), &mut go).unwrap();
        match cheapest(&problem) {
            Some(best) => {
                prop_assert!(plan.judgement.broken.is_empty(), "{:?}", plan.judgement);
                prop_assert!(plan.bound <= best, "{} {best}", plan.bound);
                prop_assert_eq!(plan.judgement.cost, best);
            }
            None => prop_assert!(!plan.judgement.broken.is_empty(), "no roster is sound, and it says so"),
        }
    }

    #[test]
    fn two_people_come_close_and_the_bound_holds(
        everybody in prop::collection::vec(rules(4), 2), needed in prop::collection::vec(0u32..3, 8), tired: bool,
        quota in prop::option::of(0u32..3),
    ) {
        let problem = small(4, 3, &everybody, &needed, tired, quota);
        let best = cheapest(&problem);
        for solver in solvers() {
            let plan = solve_by(solver, &problem, &limits(200, 60), &mut go).unwrap();
            if let Some(best) = best {
                prop_assert!(plan.bound <= best, "{} {best}", plan.bound);
                if plan.judgement.broken.is_empty() {
                    prop_assert!(plan.judgement.cost >= best);
                }
            }
            // Whatever shifts go to whom, the plan is no dearer for it, and minutes are spread no wider.
            let again = even(&problem, &plan.roster);
            let word = validate(&problem, &again);
            prop_assert!(word.cost <= plan.judgement.cost && word.broken.len() <= plan.judgement.broken.len());
            // Whatever is missing is told, and adds up.
            let missing: i64 = plan.judgement.uncovered.iter().map(|slot| i64::from(slot.missing) * 10).sum();
            prop_assert!(missing <= plan.judgement.cost || !plan.judgement.broken.is_empty());
        }
    }
}

#[test]
fn the_validator_knows_each_rule() {
    let mut problem =
        small(7, 0, &[Rules(3, 2, 2, Some(0), 2, 3, vec![1], vec![(0, 0, true, 7)])], &[0], true, Some(0));
    problem.people[0].kind_max = vec![9, 1];
    let told = |days: [Option<usize>; 7]| validate(&problem, &Roster(vec![days.to_vec()])).broken;
    let has = |days, test: fn(&Broken) -> bool| assert!(told(days).iter().any(test), "{:?}", told(days));
    let (early, night) = (Some(0), Some(1));
    has([early, early, early, early, None, None, None], |broken| {
        matches!(broken, Broken::Run { days: 4, .. })
    });
    has([early, early, None, None, early, None, None], |broken| {
        matches!(broken, Broken::Run { days: 1, .. })
    });
    has([early, early, None, early, early, None, None], |broken| {
        matches!(broken, Broken::Rest { days: 1, .. })
    });
    has([early, early, None, None, None, None, None], |broken| {
        matches!(broken, Broken::DayOff { day: 1, .. })
    });
    has([None, None, None, night, early, None, None], |broken| {
        matches!(broken, Broken::TooLittleRest { day: 4, .. })
    });
    has([None, None, None, night, night, None, None], |broken| {
        matches!(broken, Broken::KindTooOften { count: 2, .. })
    });
    has([None, None, None, None, None, early, early], |broken| {
        matches!(broken, Broken::Weekends { weekends: 1, .. })
    });
    has([None; 7], |broken| matches!(broken, Broken::Minutes { minutes: 0, .. }));
    has([None; 7], |broken| matches!(broken, Broken::RestQuota { resting: 1, .. }));
    has([Some(9), None, None, None, None, None, None], |broken| matches!(broken, Broken::Shape));
    let sound = [None, None, early, early, early, None, None];
    assert!(told(sound).iter().all(|broken| matches!(broken, Broken::RestQuota { .. })), "{:?}", told(sound));
    assert_eq!(validate(&problem, &Roster(vec![sound.to_vec()])).fairness.wishes_refused, (1, 1));
    problem.people[0].kind_max[0] = 0;
    let told = validate(&problem, &Roster(vec![sound.to_vec()])).broken;
    assert_eq!(told.iter().filter(|broken| matches!(broken, Broken::NotHers { .. })).count(), 3);
}

#[test]
fn skills_keep_queues_apart() {
    // Slot 0 is one queue, slot 1 the other; each takes a skill, and one of the two people has both.
    let skilled = |id: &str, skills: &[usize]| Person { skills: skills.to_vec(), ..person(id, 1) };
    let take = |id: &str, slot, skill| Shift { skill: Some(skill), ..shift(id, 0, &[slot]) };
    let problem = Problem {
        days: 3,
        first_weekday: 0,
        slots: 2,
        shifts: vec![take("loans", 0, 0), take("cards", 1, 1)],
        may_follow: vec![vec![true]],
        people: vec![skilled("both", &[0, 1]), skilled("loans only", &[0])],
        cover: vec![vec![Cover { required: 1, under: 10, over: 1 }; 2]; 3],
        rest_quota: None,
        rest_minutes: 0,
    };
    let plan = solve(&problem, &limits(200, 50), &mut go).unwrap();
    assert_eq!((plan.judgement.cost, plan.judgement.broken.len()), (0, 0));
    assert!(plan.roster.0[0].iter().all(|variant| *variant == Some(1)));
    assert_eq!(plan.gap(), 0.0);
}

#[test]
fn eight_of_thirty_rest_and_a_day_above_the_quota_is_refused() {
    let people =
        (0..30).map(|at| Person { minutes_max: 22 * 480, kind_max: vec![22], ..person(&at.to_string(), 1) });
    let mut problem = Problem {
        days: 30,
        first_weekday: 2,
        slots: 1,
        shifts: vec![shift("day", 0, &[0])],
        may_follow: vec![vec![true]],
        people: people.collect(),
        cover: vec![vec![Cover { required: 20, under: 10, over: 0 }]; 30],
        rest_quota: Some(8),
        rest_minutes: 0,
    };
    let plan = solve(&problem, &limits(5_000, 5), &mut go).unwrap();
    assert_eq!(plan.judgement.broken, [], "22 of 30 work on each day");
    problem.rest_quota = Some(7);
    let broken = validate(&problem, &plan.roster).broken;
    assert!(broken.contains(&Broken::RestQuota { day: 0, resting: 8 }), "{broken:?}");
}

#[test]
fn weeks_are_kept_by_the_search_and_by_the_bound() {
    // Four weeks that would be worked whole, of somebody who may work five days of each; and a total beside.
    let week = Some(WeekMinutes { most: 2_400, least: 960 });
    for (minutes_max, minutes_min, days) in [(u32::MAX, 0, 20), (18 * 480, 0, 18), (u32::MAX, 19 * 480, 20)] {
        let everybody =
            Person { minutes_max, minutes_min, week, run_max: 7, kind_max: vec![28], ..person("x", 1) };
        let problem = Problem {
            days: 28,
            slots: 1,
            shifts: vec![shift("day", 0, &[0])],
            may_follow: vec![vec![true]],
            people: vec![everybody],
            cover: vec![vec![Cover { required: 1, under: 10, over: 1 }]; 28],
            ..Problem::default()
        };
        for solver in solvers() {
            let plan = solve_by(solver, &problem, &limits(50, 30), &mut go).unwrap();
            assert_eq!(plan.judgement.broken, []);
            assert_eq!((plan.judgement.cost, plan.bound), ((28 - days) * 10, (28 - days) * 10));
        }
    }
}

#[test]
fn there_is_always_a_plan_and_it_says_what_it_lacks() {
    let mut problem = small(7, 0, &[Rules(5, 1, 1, None, 0, 7, vec![], vec![])], &[3], false, None);
    problem.people[0].minutes_min = 9 * 480;
    let plan = solve(&problem, &limits(10, 10), &mut go).unwrap();
    assert!(
        plan.judgement.broken.iter().any(|broken| matches!(broken, Broken::Minutes { .. })),
        "nine of seven days"
    );
    assert!(!plan.judgement.uncovered.is_empty() && plan.bound == 0);
}

#[test]
fn whoever_waits_may_stop_it_and_keeps_the_best_so_far() {
    let problem = small(7, 0, &vec![Rules(5, 1, 1, None, 0, 5, vec![], vec![]); 6], &[3, 2], false, None);
    let mut heard = Vec::new();
    let plan = solve(&problem, &limits(1000, 20), &mut |progress| {
        heard.push(progress);
        if progress.done >= 25 { Go::Stop } else { Go::On }
    })
    .unwrap();
    assert!(heard.windows(2).all(|pair| pair[0].done < pair[1].done && pair[1].cost <= pair[0].cost));
    assert!(heard.len() <= 26 && (plan.stopped || plan.gap() == 0.0));
    assert_eq!(plan.judgement.broken, []);
    let again = solve(&problem, &limits(1000, 20), &mut |progress| {
        if progress.done >= 25 { Go::Stop } else { Go::On }
    });
    assert_eq!(again.unwrap().roster, plan.roster, "the same seed gives the same plan");
}

#[test]
fn golden_shifts_go_to_the_largest_deficits_meals_included() {
    // Two are needed from 08:00 to 17:00, and two are there; at noon one eats after the other, and each time one is missing (S16).
    let kind = |id: &str, begin, slots, meal, floats| ShiftRule {
        id: id.to_owned(),
        begin,
        slots,
        meal,
        floats,
        skill: None,
    };
    let meal = |at: usize| Some(Meal { slots: 2, earliest: at, latest: at });
    let solved = |floats: usize| {
        // Nine o'clock is when a golden shift begins that does not float.
        let rules = [
            kind("first", 16, 18, meal(8), 0),
            kind("second", 16, 18, meal(10), 0),
            kind("golden", 18, 4, None, floats),
        ];
        let works = |own: usize| {
            let kind_max = (0..3).map(|kind| u32::from(kind == own)).collect();
            Person { kind_max, ..person(&own.to_string(), 3) }
        };
        let needed = |slot: usize| u32::from((16..34).contains(&slot)) * 2;
        let cover = (0..48).map(|slot| Cover { required: needed(slot), under: 10, over: 1 }).collect();
        let problem = Problem {
            days: 1,
            slots: 48,
            shifts: variants(&rules, 30),
            may_follow: may_follow(&rules, 48, 22),
            people: (0..3).map(works).collect(),
            cover: vec![cover],
            ..Problem::default()
        };
        let plan = solve(&problem, &limits(100, 20), &mut go).unwrap();
        assert_eq!(plan.judgement.broken, []);
        let missing: u32 = plan.judgement.uncovered.iter().map(|slot| slot.missing).sum();
        (missing, plan.roster.0[2][0].map(|variant| problem.shifts[variant].slots[0]))
    };
    assert_eq!(solved(0), (4, None), "where it may not float it helps nobody");
    assert_eq!(solved(20), (0, Some(24)), "it begins with the dip");
}

#[test]
fn breaks_lie_in_their_windows_where_it_hurts_least() {
    let rule = |from, to, slots| BreakRule { from, to, slots };
    let spare = [1, 0, 0, 2, 1, 1, 0, 0];
    let told =
        place_breaks(&spare, &[rule(0, 8, 1), rule(0, 8, 1), rule(3, 6, 2), rule(0, 2, 1), rule(6, 7, 2)]);
    assert_eq!(told.cost, 0, "{told:?}");
    assert_eq!(told.begins[4], None, "its window is too short");
    for (rule, begin) in [rule(0, 8, 1), rule(3, 6, 2), rule(0, 2, 1)].iter().zip([
        told.begins[0],
        told.begins[2],
        told.begins[3],
    ]) {
        let begin = begin.unwrap();
        assert!(begin >= rule.from && begin + rule.slots <= rule.to);
    }
    // Where all must hurt, it is spread.
    let told = place_breaks(&[0; 4], &[rule(0, 4, 1); 4]);
    let mut begins: Vec<usize> = told.begins.iter().flatten().copied().collect();
    begins.sort_unstable();
    assert_eq!((begins, told.cost), (vec![0, 1, 2, 3], 4));
    assert_eq!(
        place_breaks(&vec![1; BREAK_SLOTS_MAX + 9], &[rule(BREAK_SLOTS_MAX, BREAK_SLOTS_MAX + 9, 1)]).begins,
        [None]
    );
}

#[test]
fn every_limit_of_a_problem_is_told() {
    let sound = small(4, 0, &[Rules(5, 1, 1, None, 0, 5, vec![], vec![])], &[1], false, None);
    assert_eq!(sound.checked(), Ok(()));
    let with = |change: &dyn Fn(&mut Problem)| {
        let mut problem = sound.clone();
        change(&mut problem);
        solve(&problem, &limits(1, 1), &mut go).unwrap_err()
    };
    let size = |fault: ProblemFault| matches!(fault, ProblemFault::Size { .. });
    assert!(size(with(&|problem| problem.days = DAYS_MAX + 1)));
    assert!(size(with(&|problem| problem.people = vec![person("x", 2); PEOPLE_MAX + 1])));
    assert!(size(with(&|problem| problem.people.clear())));
    assert!(size(with(&|problem| problem.may_follow = vec![vec![true; KINDS_MAX + 1]; KINDS_MAX + 1])));
    assert!(size(with(&|problem| problem.shifts = vec![shift("x", 0, &[0]); VARIANTS_MAX + 1])));
    assert!(size(with(&|problem| problem.slots = SLOTS_MAX + 1)));
    assert!(size(with(&|problem| {
        problem.shifts.iter_mut().for_each(|shift| shift.minutes = UNITS_MAX as u32);
        problem.shifts.push(Shift { minutes: 1, ..shift("minute", 2, &[1]) });
        problem.may_follow = vec![vec![true; 3]; 3];
        problem.people[0].kind_max = vec![9; 3];
        problem.people[0].minutes_max = u32::MAX;
    })));
    assert!(matches!(with(&|problem| problem.cover[0][0].under = COST_MAX + 1), ProblemFault::Weight(_)));
    assert!(matches!(with(&|problem| problem.cover[0][0].under = -1), ProblemFault::Weight(_)));
    assert!(matches!(with(&|problem| problem.shifts[0].kind = 7), ProblemFault::Dangling(_)));
    assert!(matches!(with(&|problem| problem.people[0].days_off = vec![4]), ProblemFault::Dangling(_)));
    assert!(matches!(
        with(&|problem| problem.shifts.push(Shift { minutes: 60, ..shift("x", 0, &[0]) })),
        ProblemFault::Uneven(_)
    ));
    for text in
        ["SECTION_HORIZON\nx", "1", "SECTION_SHIFTS\nD", "SECTION_COVER\n0,D,1,1,1", "SECTION_STAFF\nA,D=1"]
    {
        assert!(read_curtois(text).is_err(), "{text}");
    }
}

/// A floor of two hundred: half hours of a month, nine kinds of shift with meals, and rules as a centre has them.
fn month(people: usize, days: usize) -> Problem {
    let kinds: Vec<ShiftRule> = [14, 15, 16, 17, 18, 20, 22, 26, 30]
        .iter()
        .map(|begin| ShiftRule {
            id: format!("{:02}:{:02}", begin / 2, begin % 2 * 30),
            begin: *begin,
            slots: 17,
            meal: Some(Meal { slots: 1, earliest: 7, latest: 11 }),
            floats: 0,
            skill: None,
        })
        .collect();
    let needed = |day: usize, slot: usize| {
        let hour = slot as f64 / 2.0;
        let bell = |at: f64, wide: f64| (-((hour - at) / wide).powi(2)).exp();
        let heavy = [1.1, 1.0, 0.95, 1.0, 1.0, 0.75, 0.65][day % 7];
        let open = if (14..46).contains(&slot) { 1.0 } else { 0.0 };
        (open * heavy * people as f64 * (0.12 + 0.42 * bell(11.0, 3.0) + 0.3 * bell(16.5, 3.5))) as u32
    };
    let everybody = (0..people).map(|at| Person {
        minutes_max: 22 * 480,
        minutes_min: 18 * 480,
        run_max: 6,
        run_min: 2,
        rest_min: 1,
        weekends_max: Some(3),
        days_off: if at % 10 == 0 { vec![at / 10 % days] } else { Vec::new() },
        kind_max: vec![22; kinds.len()],
        ..person(&at.to_string(), kinds.len())
    });
    Problem {
        days,
        first_weekday: 0,
        slots: 48,
        shifts: variants(&kinds, 30),
        may_follow: may_follow(&kinds, 48, 22),
        people: everybody.collect(),
        cover: (0..days)
            .map(|day| {
                (0..48).map(|slot| Cover { required: needed(day, slot), under: 10, over: 1 }).collect()
            })
            .collect(),
        rest_quota: None,
        rest_minutes: 0,
    }
}

#[test]
fn a_month_of_a_small_floor_is_sound_and_nearly_proven_the_best() {
    let problem = month(24, 28);
    for solver in solvers() {
        let plan = solve_by(solver, &problem, &limits(120, 100), &mut go).unwrap();
        assert_eq!(plan.judgement.broken, []);
        let told = format!("{solver:?}: {} {}", plan.judgement.cost, plan.bound);
        assert!(plan.bound > 1_400 && plan.gap() < 0.25, "{told}");
    }
}

#[test]
fn long_solving_tells_how_far_it_is_and_ends_when_it_is_told_to() {
    let problem = month(6, 28);
    let (rounds, bound_rounds) = (40, 60);
    // While the first prices are sought, by the master's prices, while people are bound, and while they are put back.
    for at in [3, 40, 62, 90] {
        let mut heard = Vec::new();
        let plan = solve_by(Solver::Rust, &problem, &limits(rounds, bound_rounds), &mut |progress| {
            heard.push(progress);
            if progress.done >= at { Go::Stop } else { Go::On }
        })
        .unwrap();
        let last = heard.last().unwrap();
        assert!(plan.stopped && heard.iter().filter(|progress| progress.done >= at).count() == 1, "{at}");
        assert!(
            heard.iter().all(|progress| progress.of == rounds + bound_rounds && progress.done < progress.of)
        );
        assert!(heard.windows(2).all(|pair| pair[0].done < pair[1].done
            && pair[1].cost <= pair[0].cost
            && pair[1].bound >= pair[0].bound));
        assert!(plan.judgement.cost <= last.cost && plan.bound >= last.bound);
        assert_eq!(plan.judgement.broken, []);
    }
}

#[test]
fn people_of_one_kind_are_as_many_as_there_are_and_others_are_their_own() {
    // Three alike and one who wishes: nobody can be at two places, and the wish goes to her who has it.
    let wish = Wish { day: 1, kind: 0, work: false, weight: 4 };
    let person = |id: &str| Person { minutes_max: 3 * 480, ..person(id, 1) };
    let mut people: Vec<Person> = ["a", "b", "c"].map(person).into();
    people.push(Person { wishes: vec![wish], ..person("d") });
    let problem = Problem {
        days: 4,
        first_weekday: 0,
        slots: 1,
        shifts: vec![shift("day", 0, &[0])],
        may_follow: vec![vec![true]],
        people,
        cover: vec![vec![Cover { required: 3, under: 10, over: 1 }]; 4],
        rest_quota: None,
        rest_minutes: 0,
    };
    for solver in solvers() {
        let plan = solve_by(solver, &problem, &limits(200, 60), &mut go).unwrap();
        assert_eq!((plan.judgement.cost, plan.bound), (0, 0));
        assert_eq!(plan.roster.0[3][1], None, "she has what she wished for");
    }
}

#[test]
fn where_the_master_would_be_too_large_there_is_still_a_bound_and_a_plan() {
    // A year of six kinds of shift is more turns than the master takes.
    let everybody = Person { minutes_max: 5 * 480, ..person("x", 6) };
    let kinds = |at: usize| shift(&at.to_string(), at, &[at]);
    let problem = Problem {
        days: 300,
        first_weekday: 0,
        slots: 6,
        shifts: (0..6).map(kinds).collect(),
        may_follow: vec![vec![true; 6]; 6],
        people: vec![everybody.clone(), everybody],
        cover: vec![vec![Cover { required: 1, under: 10, over: 1 }; 6]; 300],
        rest_quota: None,
        rest_minutes: 0,
    };
    let plan = solve(&problem, &limits(3, 40), &mut go).unwrap();
    // Ten shifts at most, of 1,800 that are needed.
    assert_eq!((plan.judgement.cost, plan.judgement.broken.len()), (17_900, 0));
    assert!(plan.bound > 17_000 && plan.bound <= 17_900, "{}", plan.bound);
}
