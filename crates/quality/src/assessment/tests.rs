//! Months, ranks and runs of months.

use super::*;
use crate::month::Month;
use cordboard_floor::AgentId;
use proptest::prelude::*;

fn line(id: &'static str, weight: u32, scale: Scale) -> Line {
    let (id, text, source) = (LineId::fixed(id), Words::new("甲", "a"), "P".to_owned());
    Line { id, text, weight, scale, efficiency: false, source, gate: None }
}

fn table(lines: Vec<Line>) -> Table {
    Table {
        post: PostId::fixed("agent"),
        version: 1,
        title: Words::new("表", "Table"),
        derived: true,
        efficiency_max: 50,
        bonus_points_max: 5,
        lines,
    }
}

fn three() -> Table {
    let linear = Scale::Linear { none_at_milli: 85_000, all_at_milli: 90_000 };
    table(vec![line("qa", 50, Scale::Mark), line("conduct", 20, Scale::PointsOff), line("fcr", 30, linear)])
}

fn given(values: [Given; 3]) -> BTreeMap<LineId, Given> {
    ["qa", "conduct", "fcr"].map(LineId::fixed).into_iter().zip(values).collect()
}

#[test]
fn a_month_is_the_weighted_mean_of_its_lines() {
    // 92.50 × 50 % + (100 − 7) × 20 % + 60 × 30 % (88 of 85 to 90 is three fifths) = 82.85.
    let values = [Given::mark(Mark(9_250)), Given::whole(7), Given::whole(88)];
    let month = assess(&three(), &given(values), 0).unwrap();
    assert_eq!(month.total.to_string(), "82.85");
    assert_eq!(month.lines[2].mark, Some(Mark::points(60)));
    assert_eq!(assess(&three(), &given(values), 0).unwrap(), month, "the same figures, the same mark");
    assert_eq!(assess(&three(), &given(values), 99).unwrap().total.to_string(), "87.85", "praise has a cap");
    // What does not apply leaves the whole: (46.25 + 18.6) ÷ 70 %.
    let values = [Given::mark(Mark(9_250)), Given::whole(7), Given::NotApplicable];
    assert_eq!(assess(&three(), &given(values), 0).unwrap().total.to_string(), "92.64");
}

#[test]
fn a_gate_that_is_not_passed_caps_the_month() {
    let zero = Scale::Linear { none_at_milli: 100_000, all_at_milli: 0 };
    let gate = Line { gate: Some(80), ..line("errors", 0, zero) };
    let gated = table(vec![line("qa", 100, Scale::Mark), gate]);
    assert_eq!(gated.check(), []);
    let month = |qa: u32, errors: Given| {
        let given = [("qa", Given::mark(Mark::points(qa))), ("errors", errors)];
        let given = given.map(|(id, given)| (LineId::fixed(id), given));
        assess(&gated, &given.into_iter().collect(), 5).map(|month| month.total)
    };
    let one_of_200 = Given::Figure { over: 100, under: 200, report: None };
    for (qa, errors, total) in [
        (90, Given::whole(0), 9_500),
        (90, one_of_200, 8_000),
        (70, one_of_200, 7_500),
        (75, one_of_200, 8_000),
        (90, Given::NotApplicable, 9_500),
    ] {
        assert_eq!(month(qa, errors), Ok(Mark(total)), "{qa} {errors:?}");
    }
    let nothing = BTreeMap::from(
        [("qa", Given::NotApplicable), ("errors", Given::whole(0))]
            .map(|(id, given)| (LineId::fixed(id), given)),
    );
    assert_eq!(assess(&gated, &nothing, 0), Err(vec![AssessProblem::NothingApplies]), "a gate is no part");
    let weighing = Line { weight: 10, ..gated.lines[1].clone() };
    let open = Line { gate: Some(100), ..gated.lines[1].clone() };
    for (wrong, what) in [(weighing, "is a part of the whole"), (open, "is 100")] {
        let qa = line("qa", 100 - wrong.weight, Scale::Mark);
        let problems = table(vec![qa, wrong]).check();
        assert!(problems.len() == 1 && problems[0].to_string().contains(what), "{problems:?}");
    }
}

#[test]
fn what_is_missing_is_said_and_counts_as_nothing_else() {
    let mut values =
        given([Given::whole(90), Given::Figure { over: 1, under: 0, report: None }, Given::whole(1)]);
    values.remove(&LineId::fixed("fcr"));
    values.insert(LineId::fixed("other"), Given::whole(1));
    let id = LineId::fixed;
    assert_eq!(
        assess(&three(), &values, 0),
        Err(vec![
            AssessProblem::Unknown(id("other")),
            AssessProblem::NoValue(id("conduct")),
            AssessProblem::Missing(id("fcr"))
        ])
    );
    let none = assess(&three(), &given([Given::NotApplicable; 3]), 0);
    assert_eq!(none, Err(vec![AssessProblem::NothingApplies]));
}

#[test]
fn each_scale_at_its_ends() {
    let stair = |from_milli, points| Stair { from_milli, points };
    let steps = Scale::Steps(vec![stair(80_000, 60), stair(90_000, 80), stair(95_000, 100)]);
    for (value, points) in [(79, 0), (80, 60), (89, 60), (90, 80), (95, 100), (100, 100)] {
        assert_eq!(steps.mark(value, 1), Mark::points(points), "{value}");
    }
    assert_eq!(steps.mark(7_999, 100), Mark::ZERO, "79.99");
    // Less is better: AHT of 360 s earns nothing, 240 s all.
    let aht = Scale::Linear { none_at_milli: 360_000, all_at_milli: 240_000 };
    for (value, points) in [(400, 0), (360, 0), (300, 50), (240, 100), (100, 100)] {
        assert_eq!(aht.mark(value, 1), Mark::points(points), "{value}");
    }
    assert_eq!(Scale::PointsOff.mark(130, 1), Mark::ZERO);
    assert_eq!(Scale::PointsOff.mark(0, 1), Mark::FULL);
    assert_eq!(Scale::Mark.mark(-5, 1), Mark::ZERO);
    assert_eq!(Scale::Mark.mark(101, 1), Mark::FULL);
}

#[test]
fn the_tables_that_ship_stand_for_each_post() {
    let tables = Table::shipped().unwrap_or_else(|problems| panic!("{problems:?}"));
    let posts: Vec<&str> = tables.iter().map(|table| table.post.as_str()).collect();
    assert_eq!(posts, ["shift_leader", "quality", "coordinator", "agent"], "P 6.1.1 to 6.1.4");
    for table in &tables {
        assert_eq!(table.lines.iter().map(|line| line.weight).sum::<u32>(), 100);
        assert!(table.derived, "the documents' own tables are missing, and each says so");
    }
    let weights: Vec<u32> = tables[3].lines.iter().map(|line| line.weight).collect();
    assert_eq!(weights, [35, 25, 15, 10, 10, 5]);
}

#[test]
fn every_problem_of_a_table_is_told_at_once() {
    let stair = |from_milli| Stair { from_milli, points: 101 };
    let flat = Scale::Linear { none_at_milli: 5, all_at_milli: 5 };
    let mut wrong = table(vec![
        line("a", 60, flat),
        line("a", 0, Scale::Steps(vec![stair(2), stair(1)])),
        Line { text: Words::new("", "x"), efficiency: true, ..line("b", 51, Scale::Mark) },
    ]);
    (wrong.version, wrong.bonus_points_max) = (0, crate::limits::BONUS_POINTS_MAX + 1);
    let places: Vec<String> = wrong.check().into_iter().map(|problem| problem.place).collect();
    assert_eq!(
        places,
        [
            "agent.version",
            "agent.bonus_points_max",
            "agent.line.weight",
            "agent.line.weight",
            "agent.line.a.scale",
            "agent.line.a",
            "agent.line.a.weight",
            "agent.line.a.scale",
            "agent.line.b.text.zh",
        ]
    );
    let many = |count: usize| {
        let id = |at: usize| format!("l{at}").parse().unwrap();
        let lines = (0..count).map(|at| Line { id: id(at), ..line("x", u32::from(at < 100), Scale::Mark) });
        table(lines.collect()).check().iter().any(|problem| problem.place == "agent.line")
    };
    assert!(!many(LINES_MAX) && many(LINES_MAX + 1));
    let steps = |count: usize| {
        let steps = (0..count).map(|at| Stair { from_milli: at as i64, points: 1 }).collect();
        table(vec![line("a", 100, Scale::Steps(steps))]).check().len()
    };
    assert_eq!((steps(STEPS_MAX), steps(STEPS_MAX + 1)), (0, 1));
}

fn agent(number: usize) -> AgentId {
    format!("{}", 1001 + number).parse().unwrap()
}

fn marks(points: &[u32]) -> Vec<(AgentId, Mark)> {
    points.iter().enumerate().map(|(number, points)| (agent(number), Mark::points(*points))).collect()
}

fn last(points: &[u32], ties: Ties) -> Vec<usize> {
    let ranking = rank(&marks(points), RankTerms { population_min: 4, last: 2, ties });
    (0..points.len()).filter(|number| ranking.last.contains(&agent(*number))).collect()
}

#[test]
fn equal_marks_share_a_place_and_are_spared_or_included() {
    let ranking = rank(&marks(&[90, 80, 80, 70, 95]), RankTerms::default());
    let places: Vec<u32> = ranking.places.iter().map(|place| place.place).collect();
    assert_eq!(places, [1, 2, 3, 3, 5]);
    assert!(ranking.last.is_empty() && !ranking.is_large_enough, "five are too few");
    assert_eq!(last(&[90, 80, 85, 70], Ties::Spare), [1, 3]);
    // One last, then three equal: by default only the one.
    let tied = [90, 80, 80, 80, 70];
    assert_eq!(last(&tied, Ties::Spare), [4]);
    assert_eq!(last(&tied, Ties::Include), [1, 2, 3, 4]);
    assert!(last(&[80; 4], Ties::Spare).is_empty(), "all alike: nobody is last");
    assert_eq!(last(&[90, 70, 70, 95], Ties::Spare), [1, 2], "two equal ones fit");
    let exactly = RankTerms { population_min: 4, ..RankTerms::default() };
    assert!(rank(&marks(&[1, 2, 3, 4]), exactly).is_large_enough);
    assert!(!rank(&marks(&[1, 2, 3]), exactly).is_large_enough);
    let twice = [(agent(0), Mark::points(90)), (agent(0), Mark::points(10))];
    assert_eq!(rank(&twice, exactly).places.len(), 1);
}

#[test]
fn three_months_in_a_row_propose_a_talk_and_nothing_else() {
    let month = |number: u8| Month::new(2026, number).unwrap();
    let among =
        |is: bool| Ranking { last: is.then_some(agent(0)).into_iter().collect(), ..Ranking::default() };
    let year: BTreeMap<Month, Ranking> = [true, true, true, true, true, true, false, true, true]
        .into_iter()
        .enumerate()
        .map(|(at, is)| (month(at as u8 + 1), among(is)))
        .collect();
    let ask = |number, returned| retraining(&year, agent(0), month(number), returned, StreakTerms::default());
    assert_eq!(ask(2, None), None, "two are not three");
    let months = vec![month(1), month(2), month(3)];
    assert_eq!(ask(3, None), Some(Retraining { agent: agent(0), months, again: false }));
    assert_eq!(ask(4, None), None, "once for a run");
    assert!(ask(6, None).is_some(), "another three");
    assert_eq!(ask(9, None), None, "July interrupts");
    assert_eq!(ask(12, None), None, "no ranking of that month");
    assert_eq!(ask(5, Some(month(3))), None);
    assert!(ask(6, Some(month(3))).unwrap().again);
    assert_eq!(retraining(&year, agent(1), month(3), None, StreakTerms::default()), None);
    let mut gap = year.clone();
    gap.remove(&month(2));
    assert_eq!(retraining(&gap, agent(0), month(3), None, StreakTerms::default()), None);
    assert_eq!(retraining(&year, agent(0), month(3), None, StreakTerms { months: 0 }), None);
}

proptest! {
    #[test]
    fn a_total_lies_between_its_lines(qa in 0u32..=10_000, points in 0i64..120, fcr in 80i64..95) {
        let month = assess(&three(), &given([Given::mark(Mark(qa)), Given::whole(points), Given::whole(fcr)]), 0).unwrap();
        let marks: Vec<Mark> = month.lines.iter().filter_map(|line| line.mark).collect();
        prop_assert!(month.total >= *marks.iter().min().unwrap() && month.total <= *marks.iter().max().unwrap());
    }

    #[test]
    fn the_last_are_at_most_so_many_if_ties_are_spared(points in prop::collection::vec(0u32..6, 0..20), most in 0u32..5) {
        let terms = RankTerms { population_min: 0, last: most, ties: Ties::Spare };
        let ranking = rank(&marks(&points), terms);
        prop_assert!(ranking.last.len() <= most as usize);
        // Nobody who is not among the last has a mark as low as one who is.
        let worst = ranking.places.iter().filter(|one| ranking.last.contains(&one.agent)).map(|one| one.mark).max();
        for other in ranking.places.iter().filter(|one| !ranking.last.contains(&one.agent)) {
            prop_assert!(worst.is_none_or(|worst| other.mark > worst));
        }
    }
}
