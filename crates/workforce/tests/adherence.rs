//! Adherence against published examples, and against a sampler that looks at every second and knows nothing else.

use cordboard_floor::{Instant, ReasonId};
use cordboard_workforce::adherence::*;
use cordboard_workforce::civil::{Clocks, Span, day_of};
use jiff::civil::{date, time};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use std::collections::BTreeSet;

const TEA: ReasonId = ReasonId::fixed("tea");
const LUNCH: ReasonId = ReasonId::fixed("lunch");

fn at(s: i64) -> Instant {
    Instant::from_micros(s * 1_000_000)
}

fn span(from: i64, to: i64) -> Span {
    Span { from: at(from), to: at(to) }
}

fn fits() -> Fits {
    Fits([(Planned::Break, BTreeSet::from([TEA])), (Planned::Meal, BTreeSet::from([LUNCH, TEA]))].into())
}

fn grace(forgiven_s: u64) -> Grace {
    Grace { forgiven_ms: forgiven_s * 1000, alert_ms: 120_000, severe_ms: 600_000 }
}

fn lay(end: i64, plan: &[(Span, Planned)], did: &[(Span, Did)], forgiven_s: u64) -> Adherence {
    adherence(span(0, end), plan, did, &fits(), &grace(forgiven_s)).unwrap()
}

#[test]
fn five_minutes_late_of_an_hour_is_91_7_per_cent() {
    let plan = [(span(0, 3600), Planned::Work)];
    let told = lay(3600, &plan, &[(span(300, 3600), Did::Ready)], 60);
    assert_eq!((told.adherent_ms, told.planned_ms), (3_300_000, 3_600_000));
    assert_eq!(format!("{:.1}", told.adherence().unwrap() * 100.0), "91.7");
    let told: Vec<_> = alerts(&told.episodes[0], &grace(60)).collect();
    assert_eq!(told, [(at(120), Alert::Away)], "once, and not severe");
}

#[test]
fn six_hours_of_four_are_150_per_cent() {
    let told = lay(6 * 3600, &[(span(0, 4 * 3600), Planned::Work)], &[(span(0, 6 * 3600), Did::Ready)], 0);
    assert_eq!(told.conformance(), Some(1.5));
    assert_eq!((told.adherence(), told.unplanned_work_ms), (Some(1.0), 7_200_000));
}

#[test]
fn late_and_later_off_conforms_and_does_not_adhere() {
    let told = lay(4500, &[(span(0, 3600), Planned::Work)], &[(span(900, 4500), Did::Ready)], 0);
    assert_eq!((told.conformance(), told.adherence()), (Some(1.0), Some(0.75)));
    let nothing = lay(10, &[], &[], 0);
    assert_eq!((nothing.adherence(), nothing.conformance()), (None, None));
}

#[test]
fn a_contact_that_began_before_the_break_holds_her_and_the_next_does_not() {
    let plan = [(span(0, 600), Planned::Work), (span(600, 1200), Planned::Break)];
    let held = [
        (span(0, 500), Did::Ready),
        (span(500, 700), Did::Contact),
        (span(700, 730), Did::WrapUp),
        (span(730, 1200), Did::NotReady(TEA)),
    ];
    let told = lay(1200, &plan, &held, 0);
    assert_eq!((told.adherence(), told.held_ms, told.episodes.len()), (Some(1.0), 130_000, 0));
    // Another contact straight after the wrap-up is taken of her own accord.
    let mut more = held;
    more[3].1 = Did::Contact;
    let told = lay(1200, &plan, &more, 0);
    assert_eq!((told.held_ms, told.adherent_ms), (130_000, 730_000));
    assert_eq!(told.episodes[0].span, span(730, 1200));
}

#[test]
fn grace_forgives_up_to_its_length_and_not_beyond() {
    let plan = [(span(0, 3600), Planned::Work)];
    let late = |s| lay(3600, &plan, &[(span(s, 3600), Did::Ready)], 120);
    assert_eq!((late(120).adherence(), late(120).forgiven_ms), (Some(1.0), 120_000));
    assert_eq!((late(121).adherent_ms, late(121).forgiven_ms), (3_479_000, 0));
    assert!(late(120).episodes[0].forgiven, "and stays visible");
    let all: Vec<_> = alerts(&late(601).episodes[0], &grace(0)).map(|(_, alert)| alert).collect();
    assert_eq!(all, [Alert::Away, Alert::Severe]);
    assert_eq!(alerts(&late(120).episodes[0], &grace(0)).count(), 0);
}

#[test]
fn an_exception_approved_later_changes_what_is_reckoned_and_nothing_else() {
    let did = [(span(0, 1800), Did::SignedOut), (span(1800, 3600), Did::Ready)];
    let before = lay(3600, &[(span(0, 3600), Planned::Work)], &did, 0);
    let after = lay(3600, &[(span(0, 1800), Planned::Excepted), (span(1800, 3600), Planned::Work)], &did, 0);
    assert_eq!((before.adherence(), after.adherence()), (Some(0.5), Some(1.0)));
    assert_eq!(lay(3600, &[(span(0, 3600), Planned::Work)], &did, 0), before);
}

#[test]
fn spans_out_of_order_are_refused() {
    let two = [(span(0, 10), Did::Ready), (span(5, 20), Did::Ready)];
    let refused = adherence(span(0, 20), &[], &two, &fits(), &grace(0));
    assert_eq!(refused.unwrap_err(), Unordered::At { from: at(5) });
    let many = vec![(span(0, 0), Did::Ready); SPANS_MAX + 1];
    assert_eq!(adherence(span(0, 1), &[], &many, &fits(), &grace(0)).unwrap_err(), Unordered::TooMany);
}

#[test]
fn nights_on_which_clocks_are_set_and_shifts_over_midnight() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let night = Clocks { from: time(22, 0, 0, 0), to: time(6, 0, 0, 0) };
    for (day, hours) in [(date(2026, 3, 28), 7), (date(2026, 10, 24), 9), (date(2026, 6, 1), 8)] {
        let span = night.on(day, &zone).unwrap();
        assert_eq!(span.ms(), hours * 3_600_000, "{day}");
        assert_eq!(day_of(span.from, &zone).unwrap(), day);
        assert_eq!(day_of(span.to, &zone).unwrap(), day.tomorrow().unwrap());
        // Present from its begin to its end is adherent, however long the night is.
        let plan = [(span, Planned::Work)];
        let told = adherence(span, &plan, &[(span, Did::Ready)], &fits(), &grace(0)).unwrap();
        assert_eq!((told.adherence(), told.planned_ms), (Some(1.0), hours * 3_600_000));
    }
    // Half past two is skipped: taken as half past three.
    let gap = Clocks { from: time(2, 30, 0, 0), to: time(10, 30, 0, 0) };
    assert_eq!(gap.on(date(2026, 3, 29), &zone).unwrap().ms(), 7 * 3_600_000);
    let whole = Clocks { from: time(8, 0, 0, 0), to: time(8, 0, 0, 0) };
    assert_eq!(whole.on(date(2026, 1, 1), &zone).unwrap().ms(), 24 * 3_600_000);
}

/// What a supervisor with a stopwatch would write down, second by second.
fn sampled(end: i64, plan: &[(Span, Planned)], did: &[(Span, Did)], forgiven_s: u64) -> [u64; 7] {
    let planned = |s: i64| plan.iter().find(|(span, _)| span.holds(at(s)));
    let doing =
        |s: i64| did.iter().find(|(span, _)| span.holds(at(s))).map_or(Did::SignedOut, |(_, did)| *did);
    let busy = |did| matches!(did, Did::Contact | Did::WrapUp);
    // Since when she has been kept, looking back from each second.
    let mut kept = vec![None; end as usize];
    let mut since = None;
    for s in 0..end {
        let (now, before) = (doing(s), if s > 0 { doing(s - 1) } else { Did::SignedOut });
        if !busy(now) {
            since = None;
        } else if !busy(before) || (before == Did::WrapUp && now == Did::Contact) {
            since = Some(s);
        }
        kept[s as usize] = since;
    }
    let fits = fits();
    let (mut sums, mut run) = ([0u64; 7], 0u64);
    let end_run = |run: &mut u64, sums: &mut [u64; 7]| {
        if *run <= forgiven_s {
            sums[3] += *run;
            sums[1] += *run;
        }
        *run = 0;
    };
    for s in 0..end {
        let works = matches!(doing(s), Did::Ready | Did::Contact | Did::WrapUp);
        sums[5] += u64::from(works);
        let Some((span, planned)) = planned(s) else {
            sums[6] += u64::from(works);
            end_run(&mut run, &mut sums);
            continue;
        };
        sums[0] += 1;
        sums[4] += u64::from(*planned == Planned::Work);
        let ok = fits.fits(*planned, doing(s));
        let held = kept[s as usize].is_some_and(|since| at(since) < span.from);
        if ok || held {
            sums[1] += 1;
            sums[2] += u64::from(!ok);
            end_run(&mut run, &mut sums);
        } else {
            run += 1;
        }
    }
    end_run(&mut run, &mut sums);
    sums.map(|seconds| seconds * 1000)
}

fn sums(told: &Adherence) -> [u64; 7] {
    [
        told.planned_ms,
        told.adherent_ms,
        told.held_ms,
        told.forgiven_ms,
        told.planned_work_ms,
        told.worked_ms,
        told.unplanned_work_ms,
    ]
}

fn states() -> impl Strategy<Value = Did> {
    prop_oneof![
        Just(Did::SignedOut),
        Just(Did::Ready),
        Just(Did::Contact),
        Just(Did::Contact),
        Just(Did::WrapUp),
        Just(Did::NotReady(TEA)),
        Just(Did::NotReady(LUNCH)),
    ]
}

fn plans() -> impl Strategy<Value = Planned> {
    prop_oneof![
        Just(Planned::Work),
        Just(Planned::Work),
        Just(Planned::Break),
        Just(Planned::Meal),
        Just(Planned::Training),
        Just(Planned::Excepted),
    ]
}

/// Spans one after the other, with holes where `None` stands.
fn row<T: Copy>(parts: &[(i64, Option<T>)]) -> Vec<(Span, T)> {
    let mut from = 0;
    let mut row = Vec::new();
    for (long, what) in parts {
        if let Some(what) = what {
            row.push((span(from, from + long), *what));
        }
        from += long;
    }
    row
}

/// Two contacts one after the other with nothing between are two spans to us and one to a stopwatch: join what is alike.
fn joined(did: Vec<(Span, Did)>) -> Vec<(Span, Did)> {
    let mut joined: Vec<(Span, Did)> = Vec::new();
    for (span, did) in did {
        match joined.last_mut() {
            Some((last, before)) if *before == did && last.to == span.from => last.to = span.to,
            _ => joined.push((span, did)),
        }
    }
    joined
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn it_is_what_a_stopwatch_says(
        plan in prop::collection::vec((1i64..40, prop::option::weighted(0.85, plans())), 0..14),
        did in prop::collection::vec((1i64..25, prop::option::weighted(0.9, states())), 0..24),
        forgiven_s in 0u64..20,
    ) {
        let (plan, did) = (row(&plan), joined(row(&did)));
        let told = lay(400, &plan, &did, forgiven_s);
        prop_assert_eq!(sums(&told), sampled(400, &plan, &did, forgiven_s));
    }
}

#[test]
fn ten_thousand_agents_are_what_a_stopwatch_says() {
    let mut seed = 7u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let (mut whole, mut by_hand) = (Adherence::default(), [0u64; 7]);
    for _ in 0..10_000 {
        let plan: Vec<(i64, Option<Planned>)> = (0..4)
            .map(|_| {
                (
                    20 + next(60) as i64,
                    [Some(Planned::Work), Some(Planned::Break), Some(Planned::Meal), None][next(4) as usize],
                )
            })
            .collect();
        let did: Vec<(i64, Option<Did>)> = (0..8)
            .map(|_| {
                (
                    5 + next(40) as i64,
                    [Some(Did::Ready), Some(Did::Contact), Some(Did::WrapUp), Some(Did::NotReady(TEA)), None]
                        [next(5) as usize],
                )
            })
            .collect();
        let (plan, did) = (row(&plan), joined(row(&did)));
        whole.add(&lay(200, &plan, &did, 10));
        for (sum, one) in by_hand.iter_mut().zip(sampled(200, &plan, &did, 10)) {
            *sum += one;
        }
    }
    assert_eq!(sums(&whole), by_hand);
}
