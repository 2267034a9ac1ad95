//! Ten thousand agents over half a day in one book: its sums are those of a sampler that looks at every second of every agent. A
//! smaller crowd is folded again, through bytes and with a look whenever one is due, and is the same.

use crate::adherence::{brute, recorded};
use crate::tools::*;
use cordboard_floor::actor::Reason;
use cordboard_floor::contact::Role;
use cordboard_floor::event::*;
use cordboard_floor::{
    AgentId, CodeId, ContactId, Event as Floor, Instant, OfferId, QueueId, ReasonId, SeatId,
};
use cordboard_workforce::adherence::{AdherenceAlert, AdherenceBook, Did, Planned};
use cordboard_workforce::event::{ShiftAssigned, TermsApplied};
use cordboard_workforce::id::ShiftId;
use cordboard_workforce::shift::{Part, Sketch};
use cordboard_workforce::{Event, Terms};

const AGENTS: usize = 10_000;
const SMALL: usize = 500;
const SHIFT_S: usize = 4 * 3600;
const BREAK: ReasonId = ReasonId::fixed("short_break");
const MEAL: ReasonId = ReasonId::fixed("lunch");
const SIGNED_IN: ReasonId = ReasonId::fixed("signed_in");
/// What the shipped terms forgive, in seconds.
const FORGIVEN_S: usize = 120;

/// SplitMix64: the same crowd every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % most
    }
}

/// One agent of the crowd: her shift, and what she is seen to do from which second of it on.
struct One {
    agent: AgentId,
    begins_s: i64,
    breaks: [(Planned, usize, usize); 3],
    /// From this second of the shift on (events may come before it: second 0 then holds).
    does: Vec<(i64, Did)>,
}

impl One {
    fn of(number: usize, chance: &mut Chance) -> Self {
        let begins_s = 8 * 3600 + 60 * chance.below(240) as i64;
        let first = 1800 + 60 * chance.below(30) as usize;
        let meal = 4800 + 60 * chance.below(30) as usize;
        let second = 10_800 + 60 * chance.below(30) as usize;
        let breaks = [
            (Planned::Break, first, first + 900),
            (Planned::Meal, meal, meal + 1800),
            (Planned::Break, second, second + 900),
        ];
        // She means to keep her plan, and is early or late for each part of it; calls come as they like.
        let mut does = vec![(chance.below(600) as i64 - 300, Did::NotReady(SIGNED_IN))];
        let mut at = does[0].0 + chance.below(120) as i64;
        does.push((at, Did::Ready));
        while at < SHIFT_S as i64 {
            at += 1 + chance.below(500) as i64;
            let planned = planned(&breaks, at.max(0) as usize);
            let rests = matches!(planned, Planned::Break | Planned::Meal) && chance.below(10) > 1;
            if rests {
                let slug = if planned == Planned::Break { BREAK } else { MEAL };
                does.push((at, Did::NotReady(slug)));
                at += 300 + chance.below(1200) as i64;
                does.push((at, Did::Ready));
            } else if chance.below(20) == 0 {
                does.push((at, Did::NotReady(if chance.below(2) == 0 { BREAK } else { MEAL })));
                at += 1 + chance.below(700) as i64;
                does.push((at, Did::Ready));
            } else {
                does.push((at, Did::Contact));
                at += 1 + chance.below(600) as i64;
                if chance.below(3) > 0 {
                    does.push((at, Did::WrapUp));
                    at += 1 + chance.below(60) as i64;
                }
                does.push((at, Did::Ready));
            }
        }
        let agent = format!("a{number:05}").parse().unwrap();
        Self { agent, begins_s, breaks, does }
    }

    fn assigned(&self, number: usize) -> Event {
        let at_s = |second: usize| at((self.begins_s + second as i64) * 1000);
        let part = |(activity, from, until): &(Planned, usize, usize)| Part {
            activity: *activity,
            from: at_s(*from),
            until: at_s(*until),
        };
        let parts = self.breaks.iter().map(part).collect();
        let plain = sketch(LI, 0, 8, 16);
        let sketch = Sketch { agent: self.agent, from: at_s(0), until: at_s(SHIFT_S), parts, ..plain };
        ShiftAssigned { shift: shift(number), roster: None, overtime: None, sketch }.into()
    }

    /// The floor's events by which all this comes about.
    fn events(&self, number: usize) -> Vec<(i64, Floor)> {
        let (agent, contact, queue) = (self.agent, ContactId(number as u64 + 1), QueueId::fixed("q"));
        let mut told = Vec::new();
        let mut before = Did::SignedOut;
        for (second, did) in &self.does {
            let mut tell = |event: Floor| told.push(((self.begins_s + second) * 1000, event));
            if before == Did::SignedOut {
                tell(AgentSignedIn { agent, seat: SeatId::fixed("s") }.into());
            }
            if before == Did::Contact {
                tell(ContactLeft { contact, agent, role: Role::Owner }.into());
            }
            if before == Did::WrapUp {
                let code = CodeId::fixed("done");
                tell(WrapupCompleted { contact, agent, queue, code, by_default: false, note: None }.into());
            }
            match did {
                Did::Contact => {
                    tell(ContactConnected { contact, agent, role: Role::Owner, offer: OfferId(1) }.into())
                }
                Did::WrapUp => {
                    tell(WrapupStarted { contact, agent, queue, ends_at: Instant::default() }.into());
                }
                Did::NotReady(slug) if *slug != SIGNED_IN => {
                    let reason = Reason { number: 1_000, slug: *slug };
                    tell(AgentNotReady { agent, reason, allowed_until: None }.into());
                }
                // Out of hands she is as ready as before; told only where she was not.
                Did::Ready if matches!(before, Did::NotReady(_)) => tell(AgentReady { agent }.into()),
                _ => {}
            }
            before = *did;
        }
        told
    }

    fn sampled(&self) -> (Vec<Did>, Vec<Planned>) {
        let (mut does, mut now) = (self.does.iter().peekable(), Did::SignedOut);
        let did = (0..SHIFT_S as i64).map(|second| {
            while let Some((_, did)) = does.next_if(|(from, _)| *from <= second) {
                now = *did;
            }
            now
        });
        (did.collect(), (0..SHIFT_S).map(|second| planned(&self.breaks, second)).collect())
    }
}

fn planned(breaks: &[(Planned, usize, usize)], second: usize) -> Planned {
    let part = breaks.iter().find(|(_, from, until)| (*from..*until).contains(&second));
    part.map_or(Planned::Work, |(planned, ..)| *planned)
}

fn shift(number: usize) -> ShiftId {
    ShiftId(number as u64 + 2)
}

/// Terms, plans and all that the floor tells, in order.
fn all<'a>(crowd: &[One], told: &'a [(i64, Floor)]) -> Vec<(i64, Either<'a>)> {
    let terms = Event::from(TermsApplied { terms: Terms::shipped().unwrap() });
    let assigned = crowd.iter().enumerate().map(|(number, one)| (1, Either::Desk(one.assigned(number))));
    let floor = told.iter().map(|(ms, event)| (*ms, Either::Floor(event)));
    std::iter::once((0, Either::Desk(terms))).chain(assigned).chain(floor).collect()
}

enum Either<'a> {
    Desk(Event),
    Floor(&'a Floor),
}

fn take(book: &mut AdherenceBook, seq: u64, ms: i64, event: Either<'_>) -> Vec<AdherenceAlert> {
    match event {
        Either::Desk(event) => book.take(&recorded(seq, ms, event)),
        Either::Floor(event) => book.take_floor(&recorded(seq, ms, event.clone())),
    }
}

fn folded(crowd: &[One], told: &[(i64, Floor)]) -> (AdherenceBook, Vec<AdherenceAlert>) {
    let mut book = AdherenceBook::new();
    let events = all(crowd, told).into_iter().zip(1..);
    let mut alerts: Vec<AdherenceAlert> =
        events.flat_map(|((ms, event), seq)| take(&mut book, seq, ms, event)).collect();
    alerts.extend(book.advance(at(24 * HOUR)));
    (book, alerts)
}

#[test]
fn the_sums_of_ten_thousand_agents_are_a_one_second_samplers() {
    let mut chance = Chance(2026);
    let crowd: Vec<One> = (0..AGENTS).map(|number| One::of(number, &mut chance)).collect();
    let mut told: Vec<(i64, Floor)> =
        crowd.iter().enumerate().flat_map(|(number, one)| one.events(number)).collect();
    told.sort_by_key(|(ms, _)| *ms);
    let (live, _) = folded(&crowd, &told);
    let (mut planned_s, mut adherent_s, mut held_s) = (0, 0, 0);
    for (number, one) in crowd.iter().enumerate() {
        let sums = live.sums(shift(number)).unwrap().sums;
        let (did, plan) = one.sampled();
        let (adherent, held) = brute(&did, &plan, FORGIVEN_S);
        assert_eq!((sums.adherent_ms, sums.held_ms), (adherent * 1000, held * 1000), "{}", one.agent);
        planned_s += sums.planned_ms / 1000;
        adherent_s += adherent;
        held_s += held;
    }
    assert_eq!(planned_s, (AGENTS * SHIFT_S) as u64);
    // A crowd that always keeps its plan, or is never held by a contact, would show nothing.
    let share = adherent_s as f64 / planned_s as f64;
    assert!((0.5..0.99).contains(&share) && held_s > AGENTS as u64, "{share}, {held_s} s held");
}

#[test]
fn a_crowd_read_from_bytes_half_way_and_looked_at_whenever_due_is_the_same_book() {
    let mut chance = Chance(2027);
    let crowd: Vec<One> = (0..SMALL).map(|number| One::of(number, &mut chance)).collect();
    let mut told: Vec<(i64, Floor)> =
        crowd.iter().enumerate().flat_map(|(number, one)| one.events(number)).collect();
    told.sort_by_key(|(ms, _)| *ms);
    let (live, alerts) = folded(&crowd, &told);
    assert!(alerts.len() > SMALL, "a crowd of which nothing is told would show nothing");
    // Whoever waits for the next moment looks at it and at no other; what is told is told once all the same.
    let mut book = AdherenceBook::new();
    let (mut looked, mut again) = (0, Vec::new());
    for (number, (ms, event)) in all(&crowd, &told).into_iter().enumerate() {
        while let Some(next) = book.next_at().filter(|next| *next <= at(ms)) {
            again.extend(book.advance(next));
            looked += 1;
        }
        if number == (crowd.len() + told.len()) / 2 {
            book = rmp_serde::from_slice(&rmp_serde::to_vec(&book).unwrap()).unwrap();
        }
        again.extend(take(&mut book, number as u64 + 1, ms, event));
    }
    while let Some(next) = book.next_at().filter(|next| *next <= at(24 * HOUR)) {
        again.extend(book.advance(next));
    }
    again.extend(book.advance(at(24 * HOUR)));
    assert!(looked > SMALL, "{looked} looks between events");
    assert_eq!(again, alerts);
    assert!(rmp_serde::to_vec(&book).unwrap() == rmp_serde::to_vec(&live).unwrap(), "replayed is live");
}
