//! What goes out of the house: queue logs and contact records, held against the figures over whatever a floor can come to, and shown in words.

#[allow(dead_code)]
mod support;

use cordboard_floor::command::{AskedState, Command, Entry};
use cordboard_floor::contact::TransferTarget;
use cordboard_floor::{Channel, ContactId, Event, OfferId, Recorded};
use cordboard_views::View;
use cordboard_views::figures::Figures;
use cordboard_views::queue_log::{Precision, QueueLog, Row};
use cordboard_views::record::{ContactRecord, Records};
use proptest::prelude::*;
use std::collections::BTreeMap;
use support::{Decides, agent, queue, sealed, step};

fn figures(log: &[Recorded<Event>]) -> Figures {
    let mut figures = Figures::new();
    log.iter().for_each(|recorded| figures.fold(recorded));
    figures
}

fn rows(log: &[Recorded<Event>]) -> (Vec<Row>, QueueLog) {
    let mut queue_log = QueueLog::new();
    (log.iter().flat_map(|recorded| queue_log.rows(recorded)).collect(), queue_log)
}

/// Records in the order in which contacts came to be over, then those that are not.
fn records(log: &[Recorded<Event>]) -> (Vec<ContactRecord>, Vec<ContactRecord>) {
    let mut records = Records::new();
    let over = log.iter().flat_map(|recorded| records.take(recorded)).collect();
    (over, records.finish())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_lines_and_records_count_as_the_figures_do(
        steps in proptest::collection::vec(step(), 1..220),
    ) {
        let mut decides = Decides::new();
        steps.iter().for_each(|step| decides.step(step));
        let log = &decides.log;
        let figures = figures(log);
        let (rows, _) = rows(log);
        let mut lines: BTreeMap<(String, &str), u64> = BTreeMap::new();
        for row in &rows {
            let queue = row.queue.map_or_else(String::new, |queue| queue.to_string());
            *lines.entry((queue, row.event)).or_default() += 1;
            prop_assert!(!row.line(Precision::Micros).contains('\n'));
        }
        for (id, tally) in figures.queues() {
            let count = |name| lines.get(&(id.to_string(), name)).copied().unwrap_or(0);
            let visits = &tally.visits;
            prop_assert_eq!(count("ENTERQUEUE"), visits.queued);
            prop_assert_eq!(count("CONNECT"), visits.answered);
            prop_assert_eq!(count("ABANDON"), visits.abandoned);
            prop_assert_eq!(count("EXITWITHTIMEOUT"), visits.timed_out + visits.overflowed);
            prop_assert_eq!(count("EXITEMPTY"), visits.withdrawn + visits.transferred);
            let ends = ["COMPLETEAGENT", "COMPLETECALLER", "BLINDTRANSFER", "ATTENDEDTRANSFER"].map(count);
            prop_assert!(ends.iter().sum::<u64>() <= visits.answered, "{:?} of {}", ends, visits.answered);
        }
        let (over, going_on) = records(log);
        let all = &figures.all().contacts;
        prop_assert_eq!((over.len() + going_on.len()) as u64, all.arrived);
        let ended = over.iter().chain(&going_on).filter(|record| record.end.is_some());
        prop_assert_eq!(ended.count() as u64, all.ended());
        prop_assert!(over.iter().all(|record| record.end.is_some()));
        let mut ids: Vec<ContactId> = over.iter().chain(&going_on).map(|record| record.contact).collect();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len() as u64, all.arrived);
        let stays = over.iter().chain(&going_on).flat_map(|record| &record.visits);
        prop_assert_eq!(stays.clone().count() as u64, figures.all().visits.queued);
        let answered: u64 = stays.filter(|stay| stay.end == Some("answered")).map(|stay| stay.wait_ms).sum();
        prop_assert_eq!(answered, figures.all().wait_answered.total_ms());
    }
}

/// Queue 1, agents 0 and 1 of it ready.
fn open_floor() -> Decides {
    let mut floor = Decides::new();
    for n in [0, 1] {
        floor.ask(Command::SetState { agent: agent(n), state: AskedState::Ready }).unwrap();
        floor.wait(1_000);
    }
    floor
}

fn arrive(floor: &mut Decides) -> ContactId {
    let (channel, entry) = (Channel::fixed("voice"), Some(Entry::plain(queue(1))));
    floor.ask(Command::Arrive { channel, from: None, attributes: Some(sealed()), entry }).unwrap();
    floor.floor.contacts().map(|(id, _)| id).last().unwrap()
}

fn ringing(floor: &Decides) -> OfferId {
    floor.floor.offers().filter(|(_, offer)| offer.end.is_none()).map(|(id, _)| id).last().unwrap()
}

/// The lines of calls, without times and ids.
fn told(log: &[Recorded<Event>]) -> Vec<String> {
    let calls = rows(log).0.into_iter().filter(|row| row.call.is_some());
    calls.map(|row| row.line(Precision::Seconds).splitn(3, '|').nth(2).unwrap().to_owned()).collect()
}

#[test]
fn a_call_that_is_declined_held_given_on_and_given_up_is_told_line_by_line() {
    let mut floor = open_floor();
    let contact = arrive(&mut floor);
    floor.wait(2_000);
    let offer = ringing(&floor);
    let first = floor.floor.agents()[floor.floor.offer(offer).unwrap().agent as usize].config.agent;
    floor.ask(Command::Reject { offer, agent: first }).unwrap();
    floor.wait(3_000);
    let offer = ringing(&floor);
    let second = floor.floor.agents()[floor.floor.offer(offer).unwrap().agent as usize].config.agent;
    floor.ask(Command::Accept { offer, agent: second }).unwrap();
    floor.wait(10_000);
    floor.ask(Command::Hold { contact, agent: second }).unwrap();
    floor.wait(1_000);
    floor.ask(Command::Resume { contact, agent: second }).unwrap();
    let to = TransferTarget::Queue(queue(2));
    floor.ask(Command::Transfer { contact, agent: second, to }).unwrap();
    floor.wait(4_000);
    // One more stands behind it, and leaves first.
    let later = arrive(&mut floor);
    floor.wait(2_000);
    floor.ask(Command::Abandon { contact: later }).unwrap();
    floor.ask(Command::Abandon { contact }).unwrap();
    let told = told(&floor.log);
    let [q1, q2] = [queue(1), queue(2)];
    assert_eq!(told[0], format!("{q1}|NONE|ENTERQUEUE|||1"));
    assert_eq!(told[1], format!("{q1}|{first}|RINGNOANSWER|2000"));
    assert_eq!(told[2], format!("{q1}|{second}|CONNECT|5|{offer}|3"));
    assert_eq!(told[3], format!("{q1}|{second}|BLINDTRANSFER|{q2}|cordboard|5|11|1"));
    assert_eq!(told[4], format!("{q2}|NONE|ENTERQUEUE|||1"));
    assert_eq!(told.last().unwrap(), &format!("{q2}|NONE|ABANDON|1|1|6"));
    let left_out = rows(&floor.log).1.left_out();
    assert_eq!((left_out.offers_rejected, left_out.contacts_without_queue), (1, 0));

    floor.wait(60_000);
    // Her wrap-up was the last that happened: only the end of the log says that nothing more belongs to that moment.
    let (over, last) = records(&floor.log);
    assert_eq!(over.iter().map(|record| record.contact).collect::<Vec<_>>(), [later]);
    let [record] = &last[..] else { panic!("{last:?}") };
    assert_eq!((record.contact, record.wrap_up_ms), (contact, 9_000));
    assert_eq!(
        (record.end, record.stage, record.ended_by.as_deref()),
        (Some("abandoned"), Some("queue"), Some("caller"))
    );
    assert_eq!(
        (record.agent, record.transfers, record.offers, record.offers_not_accepted),
        (Some(second), 1, 2, 1)
    );
    assert_eq!((record.talk_ms, record.hold_ms, record.wait_ms), (10_000, 1_000, 11_000));
    let ends: Vec<_> = record.visits.iter().map(|visit| (visit.queue, visit.wait_ms, visit.end)).collect();
    assert_eq!(ends, [(q1, 5_000, Some("answered")), (q2, 6_000, Some("abandoned"))]);
}
