//! Small worlds, made up here, each of which shows one thing.

use std::collections::{BTreeMap, BTreeSet};

use cordboard_centre::Centre;
use cordboard_engine::{Engine, EngineOptions, Until, replay};
use cordboard_floor::{AgentId, Decider, Event, SiteId};
use cordboard_journal::{Journal, Options, open_reading};
use cordboard_vault::Vault;
use jiff::civil::date;
use tempfile::TempDir;

use super::run;
use crate::drive::{DriveError, FloorPlan, HandleMode, PatienceMode, Plan, Report, Window, staff_by_count};
use crate::recording::staffing::Presence;
use crate::recording::{Counts, Layout, RecordedCall, RecordedEnd, Staffing, read};

const S: i64 = 1_000_000;
const HOUR: i64 = 3_600 * S;

pub(super) struct Played {
    pub(super) report: Report,
    dir: TempDir,
    site: SiteId,
}

impl Played {
    pub(super) fn told(&self) -> String {
        format!("{:#?}", self.report)
    }

    /// The closed log verifies; replayed from its first event it ends in the drive's own state, and so does an engine opened on it.
    pub(super) fn verify_and_replay(&self) {
        let log = self.dir.path().join("journal");
        let summary = &self.report.summary;
        let verified = cordboard_journal::verify(&log, &mut |_| {}).unwrap();
        assert_eq!((verified.events, verified.last), (summary.events, summary.last_seq));
        let (journal, recovery) = Journal::create_or_open(&log, Options::default()).unwrap();
        let replayed = replay(&journal.reader(), Centre::new(self.site), Until::End).unwrap();
        assert_eq!(replayed.last_seq(), summary.last_seq);
        let engine =
            Engine::open(Centre::new(self.site), journal, recovery, EngineOptions::default()).unwrap();
        assert_eq!(Some(engine.state_hash()), summary.state_hash);
    }

    /// Who answered, in the order of the answers, with the second after the first call's arrival.
    fn answers(&self) -> Vec<(AgentId, i64)> {
        let (mut first, mut answers) = (None, Vec::new());
        for (at_us, event) in self.events() {
            match event {
                Event::ContactArrived(_) => drop(first.get_or_insert(at_us)),
                Event::ContactConnected(event) => {
                    answers.push((event.agent, (at_us - first.unwrap_or(0)) / S));
                }
                _ => {}
            }
        }
        answers
    }

    pub(super) fn events(&self) -> Vec<(i64, Event)> {
        let reader = open_reading(&self.dir.path().join("journal"), &Options::default()).unwrap();
        let decode = |record: cordboard_journal::Record| {
            let recorded = cordboard_engine::codec::decode::<Event>(record.seq, &record.bytes).unwrap();
            (recorded.at.micros(), recorded.event)
        };
        reader.read(1).map(|record| decode(record.unwrap())).collect()
    }

    /// Abandoned in the menu, the queue, while it rang; answered; waiting.
    fn fates(&self) -> [u64; 5] {
        let Report { summary, detail } = &self.report;
        let gave_up = [detail.abandoned_menu, detail.abandoned_queue, detail.abandoned_ringing];
        [gave_up[0], gave_up[1], gave_up[2], summary.answered, summary.waiting]
    }
}

pub(super) fn play(plan: &Plan) -> Result<Played, DriveError> {
    play_on(plan, plan.floor_plan()?)
}

pub(super) fn play_on(plan: &Plan, floor_plan: FloorPlan) -> Result<Played, DriveError> {
    let dir = tempfile::tempdir().unwrap();
    let vault = Vault::create_or_open(&dir.path().join("vault")).unwrap();
    let log = Journal::create_or_open(&dir.path().join("journal"), Options::default()).unwrap();
    let report = run(plan, floor_plan, log, &vault, &mut |_| {})?;
    Ok(Played { report, dir, site: plan.site })
}

/// A call that comes `at` seconds after the first hour.
pub(super) fn call(line: u64, at: i64, end: RecordedEnd) -> RecordedCall {
    RecordedCall {
        line,
        call_id: None,
        caller: Some(format!("C{line}")),
        arrived_us: HOUR + at * S,
        menu_us: 0,
        queue: "help".into(),
        kind: None,
        priority: 0,
        entered_queue: true,
        onward: Default::default(),
        end,
    }
}

pub(super) fn answered(handle_s: i64) -> RecordedEnd {
    RecordedEnd::Answered { waited_us: 0, handle_us: handle_s * S, agent: None }
}

pub(super) fn gave_up(waited_s: i64) -> RecordedEnd {
    RecordedEnd::AbandonedInQueue { waited_us: waited_s * S }
}

/// Agents and their hours, in seconds after the first hour.
pub(super) fn plan(calls: Vec<RecordedCall>, presences: &[(&str, i64, i64)]) -> Plan {
    let presence = |&(agent, from, to): &(&str, i64, i64)| Presence {
        agent: agent.to_owned(),
        day: date(1970, 1, 1),
        from_us: HOUR + from * S,
        to_us: HOUR + to * S,
    };
    let all: BTreeSet<String> = calls.iter().map(|call| call.queue.clone()).collect();
    let queues: BTreeMap<String, BTreeSet<String>> =
        presences.iter().map(|(agent, ..)| ((*agent).to_owned(), all.clone())).collect();
    let staffing = Staffing { presences: presences.iter().map(presence).collect(), queues };
    let arrived = calls.len() as u64;
    let counts = Counts { rows: arrived, arrived, ..Counts::default() };
    Plan::new(SiteId::fixed("drive"), &Layout::shipped("bank-1999").unwrap(), calls, counts, staffing)
}

#[test]
fn one_agent_takes_one_call_after_the_other() {
    let calls = vec![call(2, 0, answered(100)), call(3, 10, answered(50))];
    let played = play(&plan(calls, &[("ann", -10, 600)])).unwrap();
    assert_eq!(played.fates(), [0, 0, 0, 2, 0]);
    let [(_, first), (_, second)] = played.answers()[..] else { panic!("{:?}", played.answers()) };
    assert!((1..=3).contains(&first) && (first + 101..=first + 103).contains(&second), "{first} {second}");
    played.verify_and_replay();
}

#[test]
fn whoever_is_in_a_call_leaves_after_it_and_takes_no_other() {
    let calls = vec![call(2, 0, answered(100)), call(3, 10, answered(50))];
    let played = play(&plan(calls, &[("ann", -10, 60), ("bob", 500, 900)])).unwrap();
    let agents: Vec<String> = played.answers().iter().map(|(agent, _)| agent.to_string()).collect();
    assert_eq!(agents, ["ann", "bob"]);
    assert_eq!(played.fates(), [0, 0, 0, 2, 0]);
    assert!(played.report.detail.wait_ms_max > 490_000);
}

#[test]
fn a_phone_that_rings_at_the_end_of_a_shift_is_picked_up() {
    // It rings at 59.5 s; she picks up a second later at the earliest.
    let mut late = call(2, 59, answered(5));
    late.arrived_us += S / 2;
    let played = play(&plan(vec![late], &[("ann", 0, 60)])).unwrap();
    assert_eq!(played.fates(), [0, 0, 0, 1, 0]);
    assert_eq!(played.report.detail.offers_not_accepted, 0);
    let out = played.events().into_iter().filter(|(_, event)| matches!(event, Event::AgentSignedOut(_)));
    assert_eq!(out.count(), 1);
}

#[test]
fn callers_give_up_wherever_they_are() {
    let mut in_menu = call(2, 0, RecordedEnd::AbandonedInMenu);
    in_menu.menu_us = 8 * S;
    // Served at once, with no time to answer it: she hangs up half a second after it began to ring.
    let ringing = RecordedEnd::AbandonedRinging { waited_us: S / 2, agent: "ann".into() };
    let calls = vec![in_menu, call(3, 20, ringing), call(4, 30, answered(60)), call(5, 40, gave_up(10))];
    let played = play(&plan(calls, &[("ann", -10, 300)])).unwrap();
    assert_eq!(played.fates(), [1, 1, 1, 1, 0]);
    played.verify_and_replay();
}

#[test]
fn who_gave_up_in_the_log_is_answered_where_someone_is_free() {
    let calls = vec![call(2, 0, answered(33)), call(3, 100, gave_up(60))];
    let played = play(&plan(calls, &[("ann", -10, 300)])).unwrap();
    assert_eq!(played.fates(), [0, 0, 0, 2, 0]);
    // Her handle time was drawn from the only answered call.
    let ends: Vec<i64> = played
        .events()
        .into_iter()
        .filter(|(_, event)| matches!(event, Event::ContactEnded(_) | Event::ContactConnected(_)))
        .map(|(at_us, _)| at_us)
        .collect();
    assert_eq!([ends[1] - ends[0], ends[3] - ends[2]], [33 * S, 33 * S]);
}

#[test]
fn the_menu_comes_before_the_queue_and_priority_is_waiting_time() {
    let mut busy = call(2, 0, answered(200));
    busy.menu_us = 5 * S;
    // The layout gives a point of priority a credit of 90 s.
    let mut important = call(4, 80, answered(20));
    important.priority = 1;
    let calls = vec![busy, call(3, 10, answered(10)), important];
    let played = play(&plan(calls, &[("ann", -10, 600)])).unwrap();
    let answers = played.answers();
    assert!((6..=8).contains(&answers[0].1), "{answers:?}");
    // The important caller, 20 s long, comes before the one who came 70 s earlier.
    assert!((21..=23).contains(&(answers[2].1 - answers[1].1)), "{answers:?}");
}

#[test]
fn callers_wait_over_night_and_the_last_ones_in_vain() {
    let calls = vec![call(2, 0, answered(10)), call(3, 9_000, answered(10))];
    let played = play(&plan(calls, &[("ann", 5_000, 5_100)])).unwrap();
    assert_eq!(played.fates(), [0, 0, 0, 1, 1]);
    let Report { summary, detail } = &played.report;
    assert_eq!((summary.arrived, summary.waiting), (2, 1));
    assert!(detail.warnings[0].contains("1 still wait"), "{:?}", detail.warnings);
    played.verify_and_replay();
}

#[test]
fn equal_plans_end_in_equal_states_whatever_the_vault_and_another_seed_does_not() {
    let calls: Vec<_> = (0..200)
        .map(|n| {
            call(
                n + 2,
                n as i64 * 7,
                if n % 3 == 0 { gave_up(n as i64 % 20) } else { answered(5 + n as i64 % 40) },
            )
        })
        .collect();
    let mut plan = plan(calls, &[("ann", -10, 2_000), ("bob", 100, 900), ("cid", 300, 5_000)]);
    let hash = |plan: &Plan| play(plan).unwrap().report.summary.state_hash;
    assert_eq!(hash(&plan), hash(&plan));
    let before = hash(&plan);
    plan.seed = 2;
    assert_ne!(hash(&plan), before);
}

#[test]
fn drawn_patience_drawn_handle_times_wrap_up_and_skills_reconcile() {
    let calls: Vec<_> = (0..300)
        .map(|n| {
            let mut call =
                call(n + 2, n as i64 * 3, if n % 2 == 0 { gave_up(5 + n as i64 % 9) } else { answered(20) });
            call.kind = Some(if n % 5 == 0 { "loan" } else { "card" }.to_owned());
            call
        })
        .collect();
    let mut plan = plan(calls, &[("ann", -10, 2_000), ("bob", -10, 2_000)]);
    plan.patience = PatienceMode::Fitted;
    plan.handle = HandleMode::Drawn;
    plan.wrapup_ms = 4_000;
    plan.settings.kind_as_skill = true;
    let played = play(&plan).unwrap();
    let [_, queue, ringing, answered, waiting] = played.fates();
    assert!(answered > 20 && queue + ringing > 20 && waiting == 0, "{}", played.told());
    let wrapups = played.events().into_iter().filter_map(|(_, event)| match event {
        Event::WrapupCompleted(completed) => Some(completed.by_default),
        _ => None,
    });
    // Agents end their wrap-up themselves.
    assert!(wrapups.fold((0, false), |(n, any), by_default| (n + 1, any | by_default)) == (answered, false));
    played.verify_and_replay();
}

#[test]
fn a_dirty_log_is_played_for_what_can_be_read_of_it() {
    let log = "date_received,queue_name,agent_number,answered,consult,transfer,hangup\n\
        2014-02-03 09:00:00,1,101,2014-02-03 09:00:10,NULL,NULL,2014-02-03 09:02:00\n\
        2014-02-03 09:00:00,1,101,2014-02-03 09:00:10,NULL,NULL,2014-02-03 09:02:00\n\
        not a time,1,101,NULL,NULL,NULL,NULL\n\
        2014-02-03 09:01:00,2,NULL,NULL,NULL,NULL,2014-02-03 09:01:30\n\
        2014-02-03 09:02:00\n\
        \n\
        2014-02-03 09:03:00,2,102,2014-02-03 09:03:05,NULL,NULL,NULL\n\
        2014-02-03 09:04:00,2,102,2014-02-03 09:04:05,NULL,2014-02-03 09:05:00,2014-02-03 09:09:00\n";
    let layout = Layout::shipped("multiskill-2014").unwrap();
    let mut rejections = Vec::new();
    let (calls, counts) = read(log.as_bytes(), &layout, &mut |rejection| rejections.push(rejection)).unwrap();
    let staffing = Staffing::from_log(&calls, &layout.staffing);
    let played = play(&Plan::new(SiteId::fixed("drive"), &layout, calls, counts, staffing)).unwrap();
    let lines: Vec<u64> = rejections.iter().map(|rejection| rejection.line).collect();
    assert_eq!(lines, [4, 6, 8]);
    let summary = &played.report.summary;
    assert_eq!((summary.rows, summary.rejected, summary.arrived), (7, 3, 4));
    assert_eq!(played.report.detail.rejected_by.values().sum::<u64>(), 3);
    played.verify_and_replay();
}

#[test]
fn a_count_of_agents_serves_everyone() {
    let calls: Vec<_> = (0..20).map(|n| call(n + 2, n as i64, answered(60))).collect();
    let staffing = staff_by_count(&calls, 3);
    let mut plan = plan(calls, &[]);
    plan.staffing = staffing;
    assert_eq!(play(&plan).unwrap().fates(), [0, 0, 0, 20, 0]);
}

#[test]
fn what_cannot_be_played_is_refused_with_a_word_of_advice() {
    let told = |plan: &Plan| play(plan).err().unwrap().to_string();
    assert!(told(&plan(Vec::new(), &[("ann", 0, 1)])).contains("no call to play"));
    assert!(told(&plan(vec![call(2, 0, answered(1))], &[])).contains("roster"));
    let mut odd = call(2, 0, answered(1));
    odd.queue = "help desk".into();
    assert!(told(&plan(vec![odd], &[("ann", 0, 1)])).contains("\"help desk\""));
    let mut empty = plan(vec![call(2, 0, answered(1))], &[("ann", 0, 1)]);
    let window = Window { from_us: 0, to_us: HOUR };
    let told = empty.select(window).unwrap_err().to_string();
    assert!(told.contains("1970-01-01"), "{told}");
}

#[test]
fn a_log_with_events_in_it_is_left_alone() {
    let plan = plan(vec![call(2, 0, answered(1))], &[("ann", -1, 9)]);
    let played = play(&plan).unwrap();
    let vault = Vault::create_or_open(&played.dir.path().join("vault")).unwrap();
    let log = Journal::create_or_open(&played.dir.path().join("journal"), Options::default()).unwrap();
    let refused = run(&plan, plan.floor_plan().unwrap(), log, &vault, &mut |_| {}).unwrap_err();
    assert!(matches!(refused, DriveError::NotEmpty { events } if events == played.report.summary.events));
}
