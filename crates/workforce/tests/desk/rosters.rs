//! Rosters: drafted in the dark, published whole, changed shift by shift.

use crate::tools::*;
use cordboard_floor::AgentId;
use cordboard_workforce::adherence::Planned;
use cordboard_workforce::id::RosterId;
use cordboard_workforce::limits::{ROSTER_SHIFTS_MAX, SHIFTS_PER_COMMAND_MAX, SHIFTS_PER_EVENT_MAX};
use cordboard_workforce::shift::{NewRoster, Part, RestQuota, Revision};
use cordboard_workforce::{Command, Event, Refusal};

#[test]
fn a_roster_is_published_whole_and_each_shift_is_an_event() {
    let mut desk = Desk::new();
    let shifts = vec![sketch(LI, 0, 8, 16), sketch(WANG, 0, 8, 16), sketch(LI, 1, 22, 30)];
    let roster = desk.draft(&shifts);
    desk.ask(Command::AddShifts { roster, shifts: shifts[..2].to_vec() }).unwrap();
    desk.ask(Command::AddShifts { roster, shifts: shifts[2..].to_vec() }).unwrap();
    assert_eq!(desk.desk.shifts().count(), 0, "a draft holds for nobody");
    assert!(desk.log.iter().skip(1).all(|recorded| recorded.event.is_draft()));
    let seq = desk.next();
    desk.ask(Command::PublishRoster { roster, account: PLANNER }).unwrap();
    assert_eq!(
        desk.names_from(seq),
        ["roster.published", "shift.assigned", "shift.assigned", "shift.assigned"]
    );
    for (id, shift) in desk.desk.shifts() {
        assert_eq!(shift.seq, id.0);
        assert!(shifts.contains(&shift.sketch) && shift.roster == Some(roster));
    }
    let again = desk.ask(Command::AddShifts { roster, shifts });
    assert_eq!(again, Err(Refusal::NotADraft(roster)));
}

#[test]
fn nobody_works_two_shifts_at_once_and_one_may_follow_on_the_other() {
    let mut desk = Desk::new();
    desk.roster(vec![sketch(LI, 0, 8, 16)]);
    let shifts = vec![sketch(LI, 0, 15, 20)];
    let roster = desk.draft(&shifts);
    desk.ask(Command::AddShifts { roster, shifts: shifts.clone() }).unwrap();
    let refused = desk.ask(Command::PublishRoster { roster, account: PLANNER });
    let (from, other) = (shifts[0].from, sketch(LI, 0, 8, 16).from);
    assert_eq!(refused, Err(Refusal::Overlaps { agent: LI, from, other }));
    assert!(desk.desk.roster(roster).unwrap().is_draft(), "it can be mended or thrown away");
    desk.ask(Command::DiscardRoster { roster, account: PLANNER }).unwrap();
    let ids = desk.roster(vec![sketch(LI, 0, 16, 20)]);
    let grown = sketch(LI, 0, 14, 20);
    let refused = desk.ask(Command::ChangeShift { shift: ids[0], sketch: grown, account: PLANNER });
    assert_eq!(refused.unwrap_err().code(), "shift_overlaps");
}

#[test]
fn thirty_people_of_eight_rest_days_in_thirty_rest_eight_a_day_and_not_nine() {
    let class: Vec<AgentId> = (0..30).map(|n| format!("2{n:03}").parse().unwrap()).collect();
    for (resting, allowed) in [(8usize, true), (9, false)] {
        let mut desk = Desk::new();
        let rest = Some(RestQuota { rest_days: 8, days_in_month: 30 });
        let roster = NewRoster {
            from: first(),
            days: 1,
            name: "一天".into(),
            class: class.clone(),
            rest,
            requirement: None,
        };
        let roster = RosterId(desk.ask(Command::DraftRoster { roster, account: PLANNER }).unwrap());
        let shifts = class[resting..].iter().map(|agent| sketch(*agent, 0, 8, 16)).collect();
        desk.ask(Command::AddShifts { roster, shifts }).unwrap();
        let answer = desk.ask(Command::PublishRoster { roster, account: PLANNER });
        if allowed {
            answer.unwrap();
            let (shift, _) = desk.desk.shifts().next().unwrap();
            let refused =
                desk.ask(Command::WithdrawShifts { shifts: vec![shift], why: WHY, account: PLANNER });
            assert_eq!(refused.unwrap_err().code(), "rest_above_quota", "nor by taking one away later");
        } else {
            assert_eq!(answer, Err(Refusal::RestAboveQuota { day: first(), resting: 9, quota: 8 }));
        }
    }
}

#[test]
fn shifts_that_are_withdrawn_at_once_rest_at_once() {
    let mut desk = Desk::new();
    let class: Vec<AgentId> = (0..30).map(|n| format!("2{n:03}").parse().unwrap()).collect();
    let rest = Some(RestQuota { rest_days: 8, days_in_month: 30 });
    let roster = NewRoster {
        from: first(),
        days: 2,
        name: "两天".into(),
        class: class.clone(),
        rest,
        requirement: None,
    };
    // Seven rest on each of the two days, and eight may.
    let shifts: Vec<_> = [0, 1]
        .into_iter()
        .flat_map(|day| class[7..].iter().map(move |agent| sketch(*agent, day, 8, 16)))
        .collect();
    let id = RosterId(desk.next());
    desk.ask(Command::DraftWhole { roster, shifts, account: PLANNER }).unwrap();
    desk.ask(Command::PublishRoster { roster: id, account: PLANNER }).unwrap();
    let of = |desk: &Desk, day: i32| -> Vec<_> {
        let own = desk.desk.shifts().filter(|(_, shift)| shift.sketch.day == first().plus(day));
        own.map(|(id, _)| id).collect()
    };
    let withdraw = |shifts| Command::WithdrawShifts { shifts, why: WHY, account: PLANNER };
    let (today, tomorrow) = (of(&desk, 0), of(&desk, 1));
    let refused = desk.ask(withdraw(vec![today[0], today[1]]));
    assert_eq!(refused, Err(Refusal::RestAboveQuota { day: first(), resting: 9, quota: 8 }));
    desk.ask(withdraw(vec![today[0], tomorrow[0]])).unwrap();
    assert_eq!((of(&desk, 0).len(), of(&desk, 1).len()), (22, 22));
}

#[test]
fn a_roster_is_drafted_whole_and_revised_in_one_decision() {
    let mut desk = Desk::new();
    let new = |class: &[AgentId]| NewRoster {
        from: first(),
        days: 31,
        name: "十二月".into(),
        class: class.to_vec(),
        rest: None,
        requirement: None,
    };
    let outside = Command::DraftWhole {
        roster: new(&[LI]),
        shifts: vec![sketch(LI, 0, 8, 16), sketch(WANG, 0, 8, 16)],
        account: PLANNER,
    };
    assert_eq!(desk.ask(outside), Err(Refusal::NotInClass(WANG)), "and no half of it is there");
    assert_eq!(desk.desk.rosters().count(), 0);
    // More than one event holds, and more than one command could add.
    let class: Vec<AgentId> = (0..30).map(|nth| format!("2{nth:03}").parse().unwrap()).collect();
    let shifts: Vec<_> =
        (0..31).flat_map(|day| class.iter().map(move |agent| sketch(*agent, day, 8, 16))).collect();
    assert!(shifts.len() > SHIFTS_PER_COMMAND_MAX);
    let old = RosterId(desk.next());
    desk.ask(Command::DraftWhole { roster: new(&class), shifts: shifts.clone(), account: PLANNER }).unwrap();
    let held = |desk: &Desk, roster| desk.desk.roster(roster).and_then(|known| known.draft.clone());
    assert_eq!(held(&desk, old), Some(shifts.clone()));
    for recorded in &desk.log {
        if let Event::RosterShiftsAdded(event) = &recorded.event {
            assert!(event.shifts.len() <= SHIFTS_PER_EVENT_MAX);
        }
    }
    // One comes later, one has the day off; everything else is as it was.
    let later = sketch(class[0], 0, 12, 20);
    let revision = Revision { shifts: vec![later.clone()], off: vec![(class[1], first())] };
    let revise = |roster, revision| Command::ReviseRoster { roster, revision, account: PLANNER };
    let begin = desk.next();
    desk.ask(revise(old, revision.clone())).unwrap();
    let names = desk.names_from(begin);
    assert_eq!(&names[..3], ["roster.discarded", "roster.drafted", "roster.shifts_added"]);
    let fresh = RosterId(begin + 1);
    let after = held(&desk, fresh).unwrap();
    assert_eq!((held(&desk, old), after.len()), (None, shifts.len() - 1));
    assert!(after.contains(&later) && !after.contains(&shifts[0]) && !after.contains(&shifts[1]));
    assert!(shifts[2..].iter().all(|shift| after.contains(shift)));
    // What cannot be leaves the draft as it was.
    for (roster, revision, code) in [
        (old, revision.clone(), "unknown_roster"),
        (fresh, Revision { shifts: vec![sketch(LI, 0, 8, 16)], off: Vec::new() }, "not_in_class"),
        (
            fresh,
            Revision { shifts: Vec::new(), off: vec![(LI, first()); SHIFTS_PER_COMMAND_MAX + 1] },
            "over_limit",
        ),
    ] {
        assert_eq!(desk.ask(revise(roster, revision)).unwrap_err().code(), code);
        assert_eq!(held(&desk, fresh), Some(after.clone()));
    }
    desk.ask(Command::PublishRoster { roster: fresh, account: PLANNER }).unwrap();
    assert_eq!(desk.ask(revise(fresh, revision)), Err(Refusal::NotADraft(fresh)));
    let many = vec![sketch(LI, 0, 8, 16); ROSTER_SHIFTS_MAX + 1];
    let refused = desk.ask(Command::DraftWhole { roster: new(&[LI]), shifts: many, account: PLANNER });
    assert_eq!(refused.unwrap_err().code(), "over_limit");
}

#[test]
fn every_version_of_a_shift_stands_in_the_log() {
    let mut desk = Desk::new();
    let id = desk.roster(vec![sketch(LI, 0, 8, 16)])[0];
    let mut longer = sketch(LI, 0, 8, 18);
    longer.parts = vec![Part { activity: Planned::Meal, from: at(12 * HOUR), until: at(13 * HOUR) }];
    let changed =
        desk.ask(Command::ChangeShift { shift: id, sketch: longer.clone(), account: PLANNER }).unwrap();
    let Event::ShiftChanged(event) = &desk.log.last().unwrap().event else { panic!("a change is an event") };
    assert_eq!((event.was, &event.sketch), (id.0, &longer));
    let again = desk.ask(Command::ChangeShift { shift: id, sketch: longer, account: PLANNER });
    assert_eq!(again, Ok(changed), "the same once more is an answer and no event");
    desk.ask(Command::WithdrawShifts { shifts: vec![id], why: WHY, account: PLANNER }).unwrap();
    let Event::ShiftWithdrawn(event) = &desk.log.last().unwrap().event else { panic!("so is its end") };
    assert_eq!((event.was, desk.desk.shift(id)), (changed, None));
}

#[test]
fn shifts_lie_where_they_can() {
    let mut desk = Desk::new();
    let roster = desk.draft(&[sketch(LI, 0, 8, 16)]);
    let meal = |from: i64, until: i64| Part {
        activity: Planned::Meal,
        from: at(from * HOUR),
        until: at(until * HOUR),
    };
    let with = |parts: Vec<Part>| {
        let mut shift = sketch(LI, 0, 8, 16);
        shift.parts = parts;
        shift
    };
    let work = Part { activity: Planned::Work, ..meal(9, 10) };
    for (wrong, code) in [
        (sketch(LI, 0, 16, 8), "invalid"),
        (sketch(LI, 0, 0, 26), "over_limit"),
        (sketch(LI, 40, 8, 16), "invalid"),
        (sketch(WANG, 0, 8, 16), "not_in_class"),
        (with(vec![meal(12, 17)]), "invalid"),
        (with(vec![meal(12, 14), meal(13, 15)]), "invalid"),
        (with(vec![work]), "invalid"),
        (with((0..21).map(|_| meal(12, 13)).collect()), "over_limit"),
    ] {
        let refused = desk.ask(Command::AddShifts { roster, shifts: vec![wrong.clone()] });
        assert_eq!(refused.unwrap_err().code(), code, "{wrong:?}");
    }
    let many = vec![sketch(LI, 0, 8, 16); SHIFTS_PER_COMMAND_MAX + 1];
    assert_eq!(desk.ask(Command::AddShifts { roster, shifts: many }).unwrap_err().code(), "over_limit");
    for _ in 0..ROSTER_SHIFTS_MAX / SHIFTS_PER_COMMAND_MAX {
        let shifts = vec![sketch(LI, 0, 8, 16); SHIFTS_PER_COMMAND_MAX];
        desk.ask(Command::AddShifts { roster, shifts }).unwrap();
    }
    let refused = desk.ask(Command::AddShifts { roster, shifts: vec![sketch(LI, 0, 8, 16)] });
    assert_eq!(refused.unwrap_err().code(), "over_limit", "a roster has so many shifts");
}
