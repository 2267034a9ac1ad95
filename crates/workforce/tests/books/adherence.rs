//! The live book against a sampler that looks at every second and knows nothing else, and against itself read from bytes.

use crate::tools::*;
use cordboard_floor::actor::Reason;
use cordboard_floor::contact::Role;
use cordboard_floor::event::*;
use cordboard_floor::{
    Actor, ContactId, Event as Floor, Instant, OfferId, QueueId, ReasonId, Recorded, SeatId, SiteId,
};
use cordboard_workforce::adherence::{
    AdherenceAlert, AdherenceBook, Alert, Did, Planned, SHIFTS_HELD_MAX, SHIFTS_KEPT_MAX,
};
use cordboard_workforce::event::{ExceptionGranted, ShiftAssigned, TermsApplied};
use cordboard_workforce::id::{ExceptionId, ShiftId};
use cordboard_workforce::shift::{Part, Sketch};
use cordboard_workforce::{Event, Terms};
use proptest::prelude::*;

const BREAK: ReasonId = ReasonId::fixed("short_break");
const MEAL: ReasonId = ReasonId::fixed("lunch");
const SHIFT: ShiftId = ShiftId(2);

#[derive(Clone, Debug)]
enum Either {
    Floor(Floor),
    Desk(Event),
}

pub(crate) fn recorded<E>(seq: u64, ms: i64, event: E) -> Recorded<E> {
    let (site, actor) = (SiteId::fixed("main"), Actor::system("test"));
    Recorded { seq, at: at(ms), site, actor, reason: None, cause: None, event }
}

fn not_ready(slug: ReasonId) -> Floor {
    AgentNotReady { agent: LI, reason: Reason { number: 1_000, slug }, allowed_until: None }.into()
}

fn connected() -> Floor {
    ContactConnected { contact: ContactId(1), agent: LI, role: Role::Owner, offer: OfferId(1) }.into()
}

fn left() -> Floor {
    ContactLeft { contact: ContactId(1), agent: LI, role: Role::Owner }.into()
}

fn wrap_up(begins: bool) -> Floor {
    let (contact, agent, queue) = (ContactId(1), LI, QueueId::fixed("q"));
    if begins {
        WrapupStarted { contact, agent, queue, ends_at: Instant::default() }.into()
    } else {
        let code = cordboard_floor::CodeId::fixed("done");
        WrapupCompleted { contact, agent, queue, code, by_default: false, note: None }.into()
    }
}

/// 08:00 to 09:00 with a break from 08:20 to 08:30 and a meal from 08:40 to 08:50.
fn hour() -> Sketch {
    let part = |activity, from: i64, until: i64| Part {
        activity,
        from: at(8 * HOUR + from * MINUTE),
        until: at(8 * HOUR + until * MINUTE),
    };
    let parts = vec![part(Planned::Break, 20, 30), part(Planned::Meal, 40, 50)];
    Sketch { parts, until: at(9 * HOUR), ..sketch(LI, 0, 8, 16) }
}

fn start() -> Vec<(i64, Either)> {
    let terms = Terms::shipped().unwrap();
    let assigned = ShiftAssigned { shift: SHIFT, roster: None, overtime: None, sketch: hour() };
    vec![(0, Either::Desk(TermsApplied { terms }.into())), (1, Either::Desk(assigned.into()))]
}

fn fold(book: &mut AdherenceBook, events: &[(i64, Either)], first: u64) -> Vec<AdherenceAlert> {
    let told = events.iter().zip(first..).flat_map(|((ms, event), seq)| match event {
        Either::Floor(event) => book.take_floor(&recorded(seq, *ms, event.clone())),
        Either::Desk(event) => book.take(&recorded(seq, *ms, event.clone())),
    });
    told.collect()
}

#[test]
fn who_comes_five_minutes_late_adheres_by_91_7_per_cent_and_is_told_of_once() {
    let mut book = AdherenceBook::new();
    let mut terms = Terms::shipped().unwrap();
    terms.adherence.grace.forgiven_ms = 60_000;
    let sketch = Sketch { parts: Vec::new(), ..hour() };
    let assigned = ShiftAssigned { shift: SHIFT, roster: None, overtime: None, sketch };
    let events = [(0, Either::Desk(TermsApplied { terms }.into())), (1, Either::Desk(assigned.into()))];
    assert!(fold(&mut book, &events, 1).is_empty());
    assert_eq!(book.next_at(), Some(at(8 * HOUR)));
    assert!(book.advance(at(8 * HOUR + 2 * MINUTE)).is_empty());
    assert_eq!(book.stance(LI).unwrap().out_since, Some(at(8 * HOUR)));
    let told = book.advance(at(8 * HOUR + 2 * MINUTE + 1));
    let since = at(8 * HOUR);
    let at_two = at(8 * HOUR + 2 * MINUTE);
    let away = AdherenceAlert {
        agent: LI,
        shift: SHIFT,
        planned: Planned::Work,
        since,
        at: at_two,
        alert: Alert::Away,
    };
    assert_eq!(told, [away]);
    assert!(book.advance(at(8 * HOUR + 5 * MINUTE)).is_empty(), "once");
    let ready = Either::Floor(AgentReady { agent: LI }.into());
    assert!(fold(&mut book, &[(8 * HOUR + 5 * MINUTE, ready)], 3).is_empty());
    assert_eq!(book.stance(LI).unwrap().out_since, None);
    book.advance(at(9 * HOUR));
    let sums = book.sums(SHIFT).unwrap().sums;
    assert_eq!(format!("{:.1}", sums.adherence().unwrap() * 100.0), "91.7");
    assert_eq!((sums.planned_ms, sums.adherent_ms), (3_600_000, 3_300_000));
}

#[test]
fn a_contact_holds_her_into_her_break_and_an_exception_later_mends_the_sums() {
    let mut book = AdherenceBook::new();
    let mut events = start();
    let minute = |m: i64| 8 * HOUR + m * MINUTE;
    for (m, event) in [
        (0, AgentReady { agent: LI }.into()),
        (15, connected()),
        (24, left()),
        (24, wrap_up(true)),
        (25, wrap_up(false)),
        (25, not_ready(BREAK)),
        (30, AgentReady { agent: LI }.into()),
        (40, AgentReady { agent: LI }.into()),
    ] {
        events.push((minute(m), Either::Floor(event)));
    }
    assert!(fold(&mut book, &events[..6], 1).is_empty());
    let stance = book.stance(LI).unwrap();
    assert_eq!((stance.did, stance.planned), (Did::WrapUp, Some(Planned::Break)));
    assert!(stance.held && stance.out_since.is_none(), "held until her wrap-up is done");
    fold(&mut book, &events[6..], 7);
    book.advance(at(minute(60)));
    let sums = book.sums(SHIFT).unwrap();
    assert_eq!(sums.sums.held_ms, 5 * MINUTE as u64);
    assert_eq!(
        sums.sums.planned_ms - sums.sums.adherent_ms,
        10 * MINUTE as u64,
        "she worked through her meal"
    );
    // By the time it is settled, and after.
    for later in [minute(60), minute(60 + 300)] {
        let mut book = book.clone();
        book.advance(at(later));
        let exception = ExceptionGranted {
            exception: ExceptionId(90),
            shift: SHIFT,
            agent: LI,
            from: at(minute(40)),
            until: at(minute(50)),
            why: WHY,
            by: LEADER,
        };
        book.take(&recorded(90, later, Event::from(exception)));
        let mended = book.sums(SHIFT).unwrap();
        assert_eq!((mended.sums.adherence(), mended.stale), (Some(1.0), false));
        assert_eq!(mended.sums.held_ms, 5 * MINUTE as u64, "what else there was stays");
    }
}

/// One of what can happen, by a number, on top of what holds.
fn happen(number: u8, talking: &mut bool, wrapping: &mut bool) -> Vec<Floor> {
    match number % 7 {
        0 => vec![AgentSignedIn { agent: LI, seat: SeatId::fixed("B07") }.into()],
        1 => vec![AgentReady { agent: LI }.into()],
        2 => vec![not_ready(BREAK)],
        3 => vec![not_ready(MEAL)],
        4 if !*talking && !*wrapping => {
            *talking = true;
            vec![connected()]
        }
        5 if *talking => {
            (*talking, *wrapping) = (false, true);
            vec![left(), wrap_up(true)]
        }
        6 if *wrapping => {
            *wrapping = false;
            vec![wrap_up(false)]
        }
        _ => vec![AgentSignedOut { agent: LI, seat: SeatId::fixed("B07") }.into()],
    }
}

/// What she did in each second of the hour, by plain replaying.
fn sample(events: &[(i64, Either)]) -> Vec<Did> {
    let (mut presence, mut talking, mut wrapping) = (Did::SignedOut, false, false);
    let mut events = events.iter().peekable();
    (0..3600)
        .map(|second| {
            while let Some((_, event)) = events.next_if(|(ms, _)| *ms <= 8 * HOUR + second * 1000) {
                match event {
                    Either::Floor(Floor::AgentSignedIn(_)) => {
                        presence = Did::NotReady(ReasonId::fixed("signed_in"));
                    }
                    Either::Floor(Floor::AgentSignedOut(_)) => presence = Did::SignedOut,
                    Either::Floor(Floor::AgentReady(_)) => presence = Did::Ready,
                    Either::Floor(Floor::AgentNotReady(event)) => presence = Did::NotReady(event.reason.slug),
                    Either::Floor(Floor::ContactConnected(_)) => talking = true,
                    Either::Floor(Floor::ContactLeft(_)) => talking = false,
                    Either::Floor(Floor::WrapupStarted(_)) => wrapping = true,
                    Either::Floor(Floor::WrapupCompleted(_)) => wrapping = false,
                    _ => {}
                }
            }
            if talking {
                Did::Contact
            } else if wrapping {
                Did::WrapUp
            } else {
                presence
            }
        })
        .collect()
}

/// Adherent and held seconds, by looking at each second: the sampler knows begin of contact and plan, and nothing of spans.
pub(crate) fn brute(did: &[Did], plan: &[Planned], forgiven: usize) -> (u64, u64) {
    let fits = Terms::shipped().unwrap().adherence.fits;
    let (mut adherent, mut held, mut run, mut hand, mut part) = (0, 0, 0, None, 0);
    for second in 0..did.len() {
        if second > 0 && plan[second] != plan[second - 1] {
            part = second;
        }
        let before = second.checked_sub(1).map(|before| did[before]);
        hand = match (did[second], before) {
            (Did::Contact, Some(Did::Contact)) | (Did::WrapUp, Some(Did::Contact | Did::WrapUp)) => hand,
            (Did::Contact | Did::WrapUp, _) => Some(second),
            _ => None,
        };
        let fit = fits.fits(plan[second], did[second]);
        let holds = !fit && hand.is_some_and(|since| since < part);
        held += u64::from(holds);
        if fit || holds {
            adherent += 1 + if run <= forgiven { run as u64 } else { 0 };
            run = 0;
        } else {
            run += 1;
        }
    }
    (adherent + if run <= forgiven { run as u64 } else { 0 }, held)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn live_sums_are_the_samplers_and_a_book_read_from_bytes_goes_on_the_same(
        steps in prop::collection::vec((1_i64..400, any::<u8>()), 1..40),
        cut in any::<prop::sample::Index>(),
    ) {
        let (mut events, mut second) = (start(), 0);
        let (mut talking, mut wrapping) = (false, false);
        for (after, number) in steps {
            second += after;
            if second >= 3600 {
                break;
            }
            let ms = 8 * HOUR + second * 1000;
            events.extend(happen(number, &mut talking, &mut wrapping).into_iter().map(|event| (ms, Either::Floor(event))));
        }
        let mut live = AdherenceBook::new();
        let mut told = fold(&mut live, &events, 1);
        told.extend(live.advance(at(9 * HOUR)));
        let sums = live.sums(SHIFT).unwrap().sums;
        let plan: Vec<Planned> = (0..3600)
            .map(|second| match second / 60 {
                20..30 => Planned::Break,
                40..50 => Planned::Meal,
                _ => Planned::Work,
            })
            .collect();
        let (adherent, held) = brute(&sample(&events), &plan, 120);
        prop_assert_eq!((sums.adherent_ms, sums.held_ms), (adherent * 1000, held * 1000));
        prop_assert_eq!(sums.planned_ms, 3_600_000);
        // Each episode long enough is told once as away and once as severe, and no other.
        for (alert, after) in [(Alert::Away, 120_000), (Alert::Severe, 600_000)] {
            let long = sums.episodes.iter().filter(|episode| episode.span.ms() > after);
            let of_it = told.iter().filter(|told| told.alert == alert);
            prop_assert!(long.map(|episode| episode.span.from).eq(of_it.map(|told| told.since)));
        }
        // From bytes in the middle, and looked at every second on the way.
        let cut = cut.index(events.len());
        let mut again = AdherenceBook::new();
        let mut retold = fold(&mut again, &events[..cut], 1);
        let bytes = rmp_serde::to_vec(&again).unwrap();
        let mut again: AdherenceBook = rmp_serde::from_slice(&bytes).unwrap();
        for (seq, event) in (cut as u64 + 1..).zip(&events[cut..]) {
            retold.extend(again.advance(at((event.0 / 2).max(events[cut.saturating_sub(1)].0.min(event.0)))));
            retold.extend(fold(&mut again, std::slice::from_ref(event), seq));
        }
        retold.extend(again.advance(at(9 * HOUR)));
        prop_assert_eq!(retold, told);
        prop_assert_eq!(rmp_serde::to_vec(&again).unwrap(), rmp_serde::to_vec(&live).unwrap());
    }
}

#[test]
fn a_roster_of_two_months_with_two_shifts_a_day_is_known_whole() {
    let mut book = AdherenceBook::new();
    book.take(&recorded(1, 0, TermsApplied { terms: Terms::shipped().unwrap() }.into()));
    let begins = |number: i64| (number / 2) * DAY + if number % 2 == 0 { 8 } else { 14 } * HOUR;
    let of = |number: i64| {
        let from = at(begins(number));
        Sketch {
            day: cordboard_workforce::Day::utc(from),
            from,
            until: at(begins(number) + 4 * HOUR),
            ..hour()
        }
    };
    let assign = |book: &mut AdherenceBook, numbers: std::ops::Range<i64>, ms: i64| {
        for number in numbers {
            let sketch = Sketch { parts: Vec::new(), ..of(number) };
            let shift = ShiftId(number as u64 + 2);
            let assigned = ShiftAssigned { shift, roster: None, overtime: None, sketch };
            book.take(&recorded(number as u64 + 2, ms, assigned.into()));
        }
    };
    assign(&mut book, 0..124, 1);
    let told = book.advance(at(62 * DAY));
    assert_eq!(told.iter().filter(|alert| alert.alert == Alert::Away).count(), 124, "she never comes");
    // Of those that are over so many are kept, whatever is to come.
    assign(&mut book, 124..248, 62 * DAY);
    let known = (0..248).filter(|number| book.sums(ShiftId(number + 2)).is_some()).count();
    assert_eq!(known, SHIFTS_KEPT_MAX + 124);
    assert!(book.sums(ShiftId(2)).is_none() && book.sums(ShiftId(249)).is_some());
}

#[test]
fn of_one_person_so_many_shifts_are_held_and_the_first_is_forgotten() {
    let mut book = AdherenceBook::new();
    for number in 0..SHIFTS_HELD_MAX as i64 + 1 {
        let (from, until) = (at(number * HOUR), at(number * HOUR + MINUTE));
        let sketch = Sketch { parts: Vec::new(), from, until, ..hour() };
        let shift = ShiftId(number as u64 + 2);
        let assigned = ShiftAssigned { shift, roster: None, overtime: None, sketch };
        book.take(&recorded(number as u64 + 2, -1, assigned.into()));
    }
    assert!(book.sums(ShiftId(2)).is_none() && book.sums(ShiftId(3)).is_some());
}
