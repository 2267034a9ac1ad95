//! Staffing against figures that others printed, and against what must hold of every load.

use cordboard_workforce::staffing::*;
use proptest::prelude::*;

const TOLERANCE: f64 = 1e-10;

#[track_caller]
fn same(told: f64, known: f64) {
    assert!((told - known).abs() <= TOLERANCE * known.abs(), "{told} is not {known}");
}

fn steady(load: &Load, model: &Model, agents: u32) -> Steady {
    evaluate(load, model, agents).unwrap().steady().expect("it settles").clone()
}

fn load(calls: f64, per_min: f64, aht_s: f64) -> Load {
    Load::new(calls, per_min * 60.0, aht_s).unwrap()
}

/// Erlang C with its probability of waiting.
fn c(calls: f64, per_min: f64, aht_s: f64, agents: u32) -> Steady {
    steady(&load(calls, per_min, aht_s), &Model::ERLANG_C, agents)
}

fn a(calls: f64, per_min: f64, aht_s: f64, patience_s: f64, agents: u32) -> Steady {
    steady(&load(calls, per_min, aht_s), &Model::erlang_a(patience_s).unwrap(), agents)
}

fn offered(steady: &Steady, within_s: f64) -> f64 {
    steady.service_level(Formula::Offered, within_s).unwrap()
}

#[test]
fn b1_fifteen_lines_at_one_per_cent() {
    same(load_for_blocking(15, 0.01).unwrap(), 8.108042797184452);
    same(erlang_b(15, 8.108).unwrap(), 0.00999963194259877);
    let nobody_waits = steady(&Load::new(8.108, 1.0, 1.0).unwrap(), &Model::ERLANG_B, 15);
    same(nobody_waits.blocked(), 0.00999963194259877);
}

#[test]
fn c1_to_c5_as_printed_elsewhere() {
    let c1 = c(360.0, 30.0, 240.0, 55);
    same(c1.waits(), 0.238700936378009);
    same(offered(&c1, 15.0), 0.84588309217058);
    same(c1.asa_s(), 8.18403210438889);
    same(c1.occupancy(), 0.872727272727273);
    let c2 = c(100.0, 30.0, 180.0, 14);
    same(c2.waits(), 0.1741319335950498);
    same(offered(&c2, 20.0), 0.888350019179467);
    same(c2.asa_s(), 7.835937011777243);
    let c3 = c(3.5, 1.0, 180.0, 13);
    same(c3.asa_s(), 26.5568858034403);
    same(c3.waits(), 0.368845636158893);
    same(offered(&c3, 20.0), 0.720612292848243);
    let c4 = c(48.0, 1.0, 60.0, 50);
    same(c4.waits(), 0.694455611196834);
    same(c4.asa_s(), 20.83366833590);
    same(c4.percentile_s(0.9).unwrap(), 58.13874178200882);
    same(c4.queue(), 16.66693466872402);
    let c5 = c(250.0, 60.0, 330.0, 28);
    same(c5.waits(), 0.2272412275459514);
    same(offered(&c5, 30.0), 0.8568503026203447);
    same(c5.asa_s(), 14.75205346036012);
}

#[test]
fn a1_to_a3_as_printed_elsewhere() {
    let a1 = a(48.0, 1.0, 60.0, 120.0, 50);
    same(a1.waits(), 0.46777406855379);
    same(a1.abandoned(), 0.0309122491621932);
    same(a1.wait_s() / 60.0, 0.0618244983243864);
    same(a1.asa_s() / 60.0, 0.0602650039925519);
    assert!((a1.percentile_s(0.9).unwrap() - 12.4446477).abs() < 1e-6);
    same(a1.queue(), 2.96757591957055);
    same(a1.occupancy(), 0.930324240804295);
    same(offered(&a1, 20.0), 0.943018954746981);
    let a2 = a(3.5, 1.0, 180.0, 300.0, 13);
    same(a2.wait_s(), 9.91280260915214);
    same(a2.abandoned(), 0.0330426753638405);
    same(a2.waits(), 0.281254515413627);
    same(offered(&a2, 20.0), 0.816309501898502);
    let a3 = a(3.5, 1.0, 180.0, 300.0, 9);
    same(a3.wait_s(), 56.6184354956209);
    same(a3.abandoned(), 0.188728118318736);
    same(offered(&a3, 20.0), 0.302079451767624);
}

#[test]
fn the_same_queue_has_several_service_levels() {
    let a1 = a(48.0, 1.0, 60.0, 120.0, 50);
    for (formula, level) in [
        (Formula::Offered, 0.943019),
        (Formula::AnsweredOnly, 0.973100),
        (Formula::IgnoreFastAbandon, 0.972030),
        (Formula::Positive, 0.972864),
    ] {
        let told = a1.service_level(formula, 20.0).unwrap();
        assert!((told - level).abs() < 5e-7, "{formula}: {told}");
    }
}

#[test]
fn x1_finite_lines_and_redials() {
    let model = Model::erlang_a(120.0).unwrap().with_lines(70).with_redial(0.3).unwrap();
    let x1 = steady(&load(48.0, 1.0, 60.0), &model, 50);
    same(x1.calls_per_s() * 60.0, 48.51615880179108);
    same(x1.abandoned(), 0.03171147192891012);
    same(x1.blocked(), 0.00375154455458151);
    // The vector is of all calls, those that met a busy line included.
    same(offered(&x1, 20.0), 0.9439592651829776);
}

#[test]
fn published_waits_of_three_hundred_and_fifty_calls_per_half_hour() {
    for (agents, asa_s) in [(69, 14.3), (68, 20.4), (67, 29.8), (66, 45.3), (65, 73.3)] {
        let told = c(350.0, 30.0, 320.0, agents).asa_s();
        assert!((told - asa_s).abs() < 0.05, "{agents}: {told}");
    }
    assert!(matches!(
        evaluate(&load(350.0, 30.0, 320.0), &Model::ERLANG_C, 62).unwrap(),
        Answer::Unstable { agents: 62, .. }
    ));
}

#[test]
fn the_smallest_staff_that_meets_all_goals() {
    let level = |at_least, within_s| Goal::ServiceLevel { formula: Formula::Offered, at_least, within_s };
    let agents = |staffing: Staffing| match staffing {
        Staffing::Enough { agents, .. } => agents,
        Staffing::OutOfReach { .. } => panic!("{staffing:?}"),
    };
    assert_eq!(
        agents(required(&load(100.0, 30.0, 180.0), &Model::ERLANG_C, &[level(0.8, 20.0)]).unwrap()),
        14
    );
    assert_eq!(
        agents(required(&load(250.0, 60.0, 330.0), &Model::ERLANG_C, &[level(0.8, 30.0)]).unwrap()),
        28
    );
    let both = [level(0.8, 20.0), Goal::Occupancy { at_most: 0.6 }];
    assert_eq!(agents(required(&load(100.0, 30.0, 180.0), &Model::ERLANG_C, &both).unwrap()), 17);
    assert_eq!(agents(required(&load(0.0, 30.0, 180.0), &Model::ERLANG_C, &both).unwrap()), 0);
    let model = Model::ERLANG_C.with_lines(12);
    let beyond = required(&load(100.0, 30.0, 180.0), &model, &[Goal::Blocked { at_most: 0.001 }]).unwrap();
    assert!(
        matches!(beyond, Staffing::OutOfReach { agents: 12, ref missed, .. } if missed.len() == 1),
        "{beyond:?}"
    );
}

#[test]
fn shrinkage_divides_and_compounds() {
    let of = |causes: &[f64]| Shrinkage::of(causes).unwrap();
    assert_eq!(rostered(100, of(&[0.3])), 143);
    assert_eq!(rostered(70, of(&[0.3])), 100);
    assert_eq!(rostered(14, of(&[])), 14);
    same(of(&[0.2, 0.1]).share(), 0.28);
    assert!(Shrinkage::of(&[0.96]).is_err() && Shrinkage::of(&[0.9, 0.9]).is_err());
}

#[test]
fn a_table_of_what_if() {
    let goals = [Goal::ServiceLevel { formula: Formula::Offered, at_least: 0.8, within_s: 20.0 }];
    let rows = sensitivity(&load(100.0, 30.0, 180.0), &Model::ERLANG_C, &goals, 14, &[0.9, 1.0, 1.5], &[1.0])
        .unwrap();
    let needed: Vec<u32> = rows
        .iter()
        .map(|row| match row.needed {
            Staffing::Enough { agents, .. } | Staffing::OutOfReach { agents, .. } => agents,
        })
        .collect();
    assert_eq!(needed, [12, 14, 19]);
    assert!(rows[1].planned.steady().is_some());
    assert!(matches!(rows[2].planned, Answer::Unstable { .. }), "fifteen Erlangs and fourteen agents");
    let many = vec![1.0; VARIANTS_MAX + 1];
    let refused = sensitivity(&load(1.0, 1.0, 1.0), &Model::ERLANG_C, &goals, 1, &many, &[1.0]);
    assert_eq!(refused.unwrap_err(), Refused::Variants(VARIANTS_MAX + 1));
}

#[test]
fn every_limit_is_told() {
    assert!(matches!(Load::new(1.0, 0.0, 1.0), Err(Refused::Seconds { .. })));
    assert!(matches!(Load::new(-1.0, 1.0, 1.0), Err(Refused::Calls(_))));
    assert!(matches!(Load::new(ERLANGS_MAX * 1.01, 1.0, 1.0), Err(Refused::Erlangs(_))));
    assert!(matches!(Load::new(1.0, 1.0, SECONDS_MAX * 2.0), Err(Refused::Seconds { .. })));
    assert!(matches!(Model::erlang_a(SECONDS_MIN / 2.0), Err(Refused::Seconds { .. })));
    assert!(matches!(Model::ERLANG_C.with_redial(REDIAL_MAX + 0.001), Err(Refused::Share { .. })));
    let one = Load::new(1.0, 1.0, 1.0).unwrap();
    assert_eq!(evaluate(&one, &Model::ERLANG_C, 0).unwrap_err(), Refused::Agents(0));
    assert_eq!(
        evaluate(&one, &Model::ERLANG_C, AGENTS_MAX + 1).unwrap_err(),
        Refused::Agents(AGENTS_MAX + 1)
    );
    let few = evaluate(&one, &Model::ERLANG_C.with_lines(3), 4).unwrap_err();
    assert_eq!(few, Refused::Lines { lines: 3, agents: 4 });
    // A hundred thousand Erlangs for one agent, and patience of months.
    let long = evaluate(&Load::new(1e5, 1.0, 1.0).unwrap(), &Model::erlang_a(1e6).unwrap(), 1);
    assert_eq!(long.unwrap_err(), Refused::TooLong);
}

#[test]
fn ten_thousand_agents_are_reckoned_as_well() {
    let big = steady(&Load::new(10_000.0, 1.0, 0.99).unwrap(), &Model::ERLANG_C, 10_000);
    assert!(big.waits() > 0.0 && big.waits() < 1.0);
    // Halfin and Whitt: with n = a + β√a and β = 0.5060544690 half of all wait, in the limit.
    let load = Load::new(9_949.6, 1.0, 1.0).unwrap();
    let half = steady(&load, &Model::ERLANG_C, 10_000);
    assert!((half.waits() - 0.5).abs() < 0.01, "{}", half.waits());
    let patient = steady(&load, &Model::erlang_a(1e6).unwrap(), 10_000);
    assert!((patient.waits() - half.waits()).abs() < 1e-2);
}

/// Everything that can be told of it is finite and in its range.
fn sane(steady: &Steady, within_s: f64) {
    let mut shares =
        vec![steady.blocked(), steady.waits(), steady.answered(), steady.abandoned(), steady.occupancy()];
    if let Ok(within) = steady.within(within_s) {
        shares.extend([within.answered, within.abandoned]);
        shares.extend(Formula::ALL.map(|(formula, _)| steady.service_level(formula, within_s).unwrap()));
        shares.push(steady.longer_than(within_s).unwrap());
    }
    for share in shares {
        assert!((-1e-9..=1.0 + 1e-9).contains(&share), "{share} in {steady:?}");
    }
    let times = [steady.asa_s(), steady.wait_s(), steady.queue(), steady.percentile_s(0.8).unwrap_or(0.0)];
    assert!(times.iter().all(|time| time.is_finite() && *time >= 0.0), "{times:?}");
}

/// Any number there is, and now and then one that could be meant.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![any::<f64>(), 0.0..2000.0f64, Just(0.0), Just(f64::NAN), Just(f64::INFINITY), 1e-6..1e-2f64]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_input_gives_nan(
        calls in number(), per in number(), aht in number(), patience in number(), redial in number(),
        within in number(), agents in prop_oneof![0u32..200, any::<u32>()], lines in prop::option::of(0u32..500),
        kind in 0..3,
    ) {
        let Ok(load) = Load::new(calls, per, aht) else { return Ok(()) };
        let model = match kind {
            0 => Ok(Model::ERLANG_B),
            1 => Ok(Model::ERLANG_C),
            _ => Model::erlang_a(patience),
        };
        let Ok(model) = model else { return Ok(()) };
        let model = lines.map_or(model, |lines| model.with_lines(lines));
        let model = model.with_redial(redial).unwrap_or(model);
        if let Ok(Answer::Steady(steady)) = evaluate(&load, &model, agents) {
            sane(&steady, within);
        }
    }

    #[test]
    fn what_can_be_meant_is_reckoned(
        calls in 0.1..3000.0f64, aht in 10.0..900.0f64, patience in 5.0..2000.0f64, redial in 0.0..0.9f64,
        more in 0.5..1.6f64, extra in 0u32..60, within in 0.001..120.0f64,
    ) {
        let load = Load::new(calls, 1800.0, aht).unwrap();
        let agents = ((load.erlangs() * more).ceil() as u32).max(1);
        let patient = Model::erlang_a(patience).unwrap();
        for model in [
            Model::ERLANG_B, Model::ERLANG_C, patient, patient.with_lines(agents + extra),
            Model::ERLANG_C.with_lines(agents + extra), patient.with_lines(agents + extra).with_redial(redial).unwrap(),
        ] {
            let Answer::Steady(steady) = evaluate(&load, &model, agents).unwrap() else { continue };
            sane(&steady, within);
            // What comes in goes out: answered at the agents, given up, or sent away.
            let served = f64::from(agents) * steady.occupancy() / aht;
            let lost = steady.abandoned() + steady.blocked();
            let through = steady.calls_per_s() * (1.0 - lost);
            prop_assert!((served - through).abs() <= 1e-9 * steady.calls_per_s(), "{served} {through}");
            // Who gave up within any time, and who was answered within it, are all in the end. Where load and agents are all but equal
            // and nobody gives up, some still wait then, and are answered later.
            let (ever, later) = (steady.within(1e7).unwrap(), steady.longer_than(1e7).unwrap());
            prop_assert!((ever.answered + later - steady.answered()).abs() < 1e-9, "{model:?} {later}");
            prop_assert!((ever.abandoned - steady.abandoned()).abs() < 1e-9);
            // P(gave up) = θ·E[W].
            if let Some(patience) = model.patience_s() {
                prop_assert!((steady.abandoned() - (1.0 - steady.blocked()) * steady.wait_s() / patience).abs() < 1e-9);
            }
            // One agent more makes nothing worse.
            if let Ok(Answer::Steady(next)) = evaluate(&load, &model, agents + 1) {
                prop_assert!(offered(&next, within) >= offered(&steady, within) - 1e-9);
                // Fewer busy lines let more callers in, who then may have to wait.
                prop_assert!(model.room() != Room::Unlimited || next.waits() <= steady.waits() + 1e-9);
                let still_lost = next.abandoned() + next.blocked();
                prop_assert!(still_lost <= lost + 1e-9, "{still_lost} {lost}");
                prop_assert!(next.occupancy() <= steady.occupancy() + 1e-12);
            }
        }
    }

    #[test]
    fn endless_patience_is_erlang_c_and_no_room_is_erlang_b(
        erlangs in 0.5..200.0f64, more in 1.05..1.6f64,
    ) {
        let load = Load::new(erlangs, 1.0, 1.0).unwrap();
        let agents = (erlangs * more).ceil() as u32;
        let (patient, never) = (Model::erlang_a(SECONDS_MAX).unwrap(), Model::ERLANG_C);
        let (one, other) = (steady(&load, &patient, agents), steady(&load, &never, agents));
        prop_assert!((one.waits() - other.waits()).abs() < 1e-4, "{} {}", one.waits(), other.waits());
        prop_assert!((offered(&one, 0.5) - offered(&other, 0.5)).abs() < 1e-4);
        let no_room = steady(&load, &Model::erlang_a(1.0).unwrap().with_lines(agents), agents);
        prop_assert!((no_room.blocked() - erlang_b(agents, erlangs).unwrap()).abs() < 1e-12);
        // A thousand places to wait in are as good as no end of them.
        let room = steady(&load, &Model::ERLANG_C.with_lines(agents + 20_000), agents);
        prop_assert!((offered(&room, 0.5) - offered(&other, 0.5)).abs() < 1e-9);
    }

    #[test]
    fn the_smallest_is_the_smallest(
        calls in 1.0..2000.0f64, aht in 30.0..600.0f64, patience in 10.0..600.0f64, level in 0.5..0.99f64,
        within in 1.0..60.0f64, at in 0usize..4, impatient: bool,
    ) {
        let load = Load::new(calls, 1800.0, aht).unwrap();
        let model = if impatient { Model::erlang_a(patience).unwrap() } else { Model::ERLANG_C };
        let goals = [Goal::ServiceLevel { formula: Formula::ALL[at].0, at_least: level, within_s: within }];
        let Staffing::Enough { agents, answer } = required(&load, &model, &goals).unwrap() else {
            panic!("out of reach");
        };
        prop_assert!(goals[0].met(answer.steady().unwrap()).unwrap());
        // With few lines one agent more lets more callers in, and more may give up: there every number is tried.
        let few = [Goal::Abandoned { at_most: 0.02 }];
        let lines = Model::erlang_a(patience).unwrap().with_lines(40);
        if let Staffing::Enough { agents, answer } = required(&load, &lines, &few).unwrap() {
            prop_assert!(few[0].met(answer.steady().unwrap()).unwrap());
            for less in 1..agents {
                let less = evaluate(&load, &lines, less).unwrap();
                prop_assert!(less.steady().is_none_or(|less| !few[0].met(less).unwrap()));
            }
        }
        if agents > 1 && let Answer::Steady(less) = evaluate(&load, &model, agents - 1).unwrap() {
            prop_assert!(!goals[0].met(&less).unwrap());
        }
    }
}
