//! Numbers run through all desks, live and replayed.

use crate::{Centre, Command, Event};
use cordboard_floor::{
    AccountId, Actor, Command as FloorCommand, Decided, Decider, Instant, Millis, SiteId, Stamp, StoredEvent,
    Submission,
};
use cordboard_quality::{Command as QualityCommand, Terms};

const SITE: SiteId = SiteId::fixed("north");

fn says(centre: &mut Centre, at_s: i64, command: impl Into<Command>) -> Decided<Event> {
    let mut decided = Vec::new();
    let stamp = Stamp { at: Instant::from_micros(at_s * 1_000_000), seed: 0 };
    let submission = Submission::system("test", command.into());
    centre.decide(stamp, submission, &mut decided).unwrap();
    decided
}

/// Something of the floor, something of the quality desk, by turns.
fn a_morning(centre: &mut Centre) -> Decided<Event> {
    let mut log = Vec::new();
    let account = AccountId::fixed("qa1");
    log.extend(says(centre, 1, FloorCommand::NotePause { gap_ms: Millis(1) }));
    log.extend(says(centre, 2, QualityCommand::ApplyTerms(Terms::default())));
    log.extend(says(centre, 3, FloorCommand::NoteClockStep { delta_ms: 1 }));
    log.extend(says(
        centre,
        4,
        QualityCommand::GrantExcuse {
            agent: None,
            rule: None,
            from: Instant::from_micros(0),
            until: Instant::from_micros(9),
            why: cordboard_floor::ReasonId::fixed("visitors"),
            account: Some(account),
        },
    ));
    log.extend(says(centre, 5, FloorCommand::NoteClockStep { delta_ms: 2 }));
    log
}

#[test]
fn numbers_run_through_all_desks_without_gaps() {
    let mut centre = Centre::new(SITE);
    let log = a_morning(&mut centre);
    let numbers: Vec<u64> = log.iter().map(|recorded| recorded.seq).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    assert_eq!(centre.last_seq(), 5);
    assert_eq!((centre.floor().last_seq(), centre.quality().last_seq()), (5, 5));
    assert_eq!(centre.floor().last_at(), centre.quality().last_at());
    // An id is the number of its event in the one log, not in the desk's own.
    assert_eq!(centre.quality().excuses().next().unwrap().0.to_string(), "x-4");
}

#[test]
fn replayed_is_live() {
    let mut centre = Centre::new(SITE);
    let log = a_morning(&mut centre);
    let (mut by_reference, mut by_value) = (Centre::new(SITE), Centre::new(SITE));
    for recorded in &log {
        by_reference.apply(recorded);
        by_value.take_over(recorded.clone());
    }
    let bytes = |centre: &Centre| rmp_serde::to_vec(centre).unwrap();
    assert_eq!(bytes(&by_reference), bytes(&centre));
    assert_eq!(bytes(&by_value), bytes(&centre));
    let mut restored: Centre = rmp_serde::from_slice(&bytes(&centre)).unwrap();
    restored.reindex();
    assert_eq!(restored.next_deadline(), centre.next_deadline());
}

#[test]
fn a_refusal_takes_no_number_of_any_desk() {
    let mut centre = Centre::new(SITE);
    a_morning(&mut centre);
    let mut decided = Vec::new();
    let stamp = Stamp { at: Instant::from_micros(6_000_000), seed: 0 };
    let unknown = cordboard_quality::id::ExcuseId(99);
    let command = QualityCommand::WithdrawExcuse { excuse: unknown, account: None };
    let no = centre.decide(stamp, Submission::system("test", command.into()), &mut decided).unwrap_err();
    assert_eq!(no.code(), "unknown_excuse");
    assert!(decided.is_empty());
    assert_eq!((centre.floor().last_seq(), centre.quality().last_seq()), (5, 5));
}

#[test]
fn type_numbers_of_the_desks_do_not_meet() {
    let floor = cordboard_floor::event::EVENTS.iter().map(|(kind, ..)| *kind);
    let quality = cordboard_quality::event::EVENTS.iter().map(|(kind, ..)| *kind);
    assert!(floor.clone().all(|kind| !(0x1000..=0x3FFF).contains(&kind)), "of the floor");
    assert!(quality.clone().all(|kind| (0x1000..=0x1FFF).contains(&kind)), "of quality");
    let workforce = cordboard_workforce::event::EVENTS.iter().map(|(kind, ..)| *kind);
    assert!(workforce.clone().all(|kind| (0x2000..=0x2FFF).contains(&kind)), "of workforce");
    let mut names: Vec<&str> = cordboard_floor::event::EVENTS.iter().map(|(.., name)| *name).collect();
    names.extend(cordboard_quality::event::EVENTS.iter().map(|(.., name)| *name));
    names.extend(cordboard_workforce::event::EVENTS.iter().map(|(.., name)| *name));
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "two events of one name");
}

#[test]
fn a_stored_event_comes_back_to_its_desk() {
    let mut centre = Centre::new(SITE);
    for recorded in a_morning(&mut centre) {
        let mut bytes = Vec::new();
        recorded.event.serialize_payload(&mut rmp_serde::Serializer::new(&mut bytes)).unwrap();
        let mut payload = rmp_serde::Deserializer::from_read_ref(&bytes);
        let (kind, schema) = (recorded.event.kind(), recorded.event.schema());
        let back = Event::deserialize_payload(kind, schema, &mut payload).unwrap();
        assert_eq!(back, recorded.event);
    }
}

/// A shift that has to be relieved, and an agent who wants to leave before anybody has.
mod relief {
    use super::*;
    use crate::Refusal;
    use cordboard_floor::configuration::AgentConfig;
    use cordboard_floor::{AgentId, ReasonId, SeatId};
    use cordboard_workforce::id::{RosterId, ShiftCode, ShiftId};
    use cordboard_workforce::shift::{NewRoster, Sketch};
    use cordboard_workforce::terms::SignOutPolicy;
    use cordboard_workforce::{Command as WorkforceCommand, Day, Terms as WorkforceTerms};

    const LI: AgentId = AgentId::fixed("1001");
    const HOUR_S: i64 = 3_600;

    fn at(second: i64) -> Instant {
        Instant::from_micros(second * 1_000_000)
    }

    /// From eight to four, and she sat down in time.
    fn at_work(policy: SignOutPolicy) -> (Centre, ShiftId) {
        let mut centre = Centre::new(SITE);
        let account = AccountId::fixed("sun");
        let mut terms = WorkforceTerms::shipped().unwrap();
        terms.handover.sign_out = policy;
        says(&mut centre, 1, WorkforceCommand::ApplyTerms(Box::new(terms)));
        says(&mut centre, 2, FloorCommand::ApplyAgent(AgentConfig::customary(LI)));
        let (day, name) = (Day::utc(at(0)), "early".to_owned());
        let roster = NewRoster { from: day, days: 1, name, class: vec![LI], rest: None, requirement: None };
        let roster = RosterId(says(&mut centre, 3, WorkforceCommand::DraftRoster { roster, account })[0].seq);
        let (from, until) = (at(8 * HOUR_S), at(16 * HOUR_S));
        let code = ShiftCode::fixed("early");
        let early = Sketch { agent: LI, day, code, from, until, parts: Vec::new(), relief: true };
        says(&mut centre, 4, WorkforceCommand::AddShifts { roster, shifts: vec![early] });
        says(&mut centre, 5, WorkforceCommand::PublishRoster { roster, account });
        let seat = SeatId::fixed("a1");
        says(&mut centre, 8 * HOUR_S - 600, FloorCommand::SignIn { agent: LI, seat });
        let shift = centre.workforce().shifts().next().unwrap().0;
        (centre, shift)
    }

    fn signs_out(centre: &mut Centre, at_s: i64, actor: Actor) -> Result<(), Refusal> {
        let stamp = Stamp { at: at(at_s), seed: 0 };
        let command = Command::from(FloorCommand::SignOut { agent: LI });
        let submission = Submission { actor, cause: None, reason: None, command };
        centre.decide(stamp, submission, &mut Vec::new()).map(|_| ())
    }

    #[test]
    fn nobody_leaves_unrelieved_where_the_site_holds_to_that() {
        let (mut centre, shift) = at_work(SignOutPolicy::Refuse);
        let no = signs_out(&mut centre, 16 * HOUR_S - 60, Actor::Agent(LI)).unwrap_err();
        assert_eq!(no, Refusal::NotRelieved(LI, shift));
        assert!(no.retryable(), "it may be another matter in a minute");
        let (why, account) = (ReasonId::fixed("unwell"), AccountId::fixed("wang"));
        says(&mut centre, 16 * HOUR_S - 30, WorkforceCommand::OverrideSignOut { shift, why, account });
        assert_eq!(signs_out(&mut centre, 16 * HOUR_S - 20, Actor::Agent(LI)), Ok(()));
    }

    #[test]
    fn a_leader_sends_home_whom_she_likes() {
        let (mut centre, _) = at_work(SignOutPolicy::Refuse);
        let leader = Actor::Leader(AccountId::fixed("wang"));
        assert_eq!(signs_out(&mut centre, 16 * HOUR_S - 60, leader), Ok(()));
    }

    #[test]
    fn where_it_is_only_told_she_may_go() {
        let told = |centre: &mut Centre, at_s: i64, actor: Actor| {
            let mut decided = Vec::new();
            let command = Command::from(FloorCommand::SignOut { agent: LI });
            let submission = Submission { actor, cause: None, reason: None, command };
            centre.decide(Stamp { at: at(at_s), seed: 0 }, submission, &mut decided).unwrap();
            let flags = decided.iter().filter_map(|recorded| recorded.event.workforce());
            flags.map(|event| event.name()).collect::<Vec<_>>()
        };
        let (mut centre, shift) = at_work(SignOutPolicy::Flag);
        assert_eq!(told(&mut centre, 16 * HOUR_S - 60, Actor::Agent(LI)), ["sign_out.flagged"]);
        assert_eq!(centre.workforce().left_unrelieved(shift), Some(at(16 * HOUR_S - 60)));
        assert_eq!(
            told(&mut centre, 16 * HOUR_S - 30, Actor::Agent(LI)),
            Vec::<&str>::new(),
            "she has left already"
        );
        // Long before the end it is attendance's, a leader may send anybody home, and where nobody asks nothing is told.
        for (policy, at_s, actor) in [
            (SignOutPolicy::Flag, 12 * HOUR_S, Actor::Agent(LI)),
            (SignOutPolicy::Flag, 16 * HOUR_S - 60, Actor::Leader(AccountId::fixed("wang"))),
            (SignOutPolicy::Free, 16 * HOUR_S - 60, Actor::Agent(LI)),
        ] {
            let (mut centre, shift) = at_work(policy);
            assert_eq!(told(&mut centre, at_s, actor), Vec::<&str>::new());
            assert_eq!(centre.workforce().left_unrelieved(shift), None);
        }
    }
}
