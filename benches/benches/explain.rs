//! What do an explanation and a board of the past cost in a log of a million events? Offers at ten spots, from the last snapshot before each
//! and without any, beside a bare scan of the same log by the journal's reader. The log is written by the engine, with
//! group commits and a snapshot at every 250,000 events, as a server would; as there, the last three are kept.

use cordboard_api::door::{bytes_of, folded};
use cordboard_api::explain::{Explanation, Moment, Subject, explain};
use cordboard_api::past::PastBoards;
use cordboard_benches::centre::{Centre, Habits};
use cordboard_benches::say;
use cordboard_centre::Centre as Desks;
use cordboard_engine::{Engine, Past};
use cordboard_floor::{Event, OfferId, SiteId};
use cordboard_views::View;
use cordboard_views::board::Board;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

const EVENTS: u64 = 1_000_000;
const SPOTS: u64 = 10;

fn main() {
    let place =
        tempfile::tempdir_in(std::env::current_dir().expect("a working directory")).expect("a folder");
    let site = SiteId::fixed("bench");
    let mut centre = Centre::open(&place.path().join("log"), site, Habits::PLAIN);
    centre.work(EVENTS);

    let engine = centre.into_engine();
    let (reader, snapshots) = (engine.journal().reader(), engine.journal().snapshots());
    let kept: Vec<u64> = snapshots.list().iter().map(|snapshot| snapshot.seq).collect();
    let begun = std::time::Instant::now();
    let bytes: usize = reader.read(1).map(|record| record.expect("a sound log").bytes.len()).sum();
    let scanned = begun.elapsed();
    say(format_args!("{} events, {bytes} bytes; snapshots at {kept:?}", reader.last()));
    say(format_args!("bare scan {:>8.1} ms", ms(scanned)));

    let with = engine.past(Desks::new(site));
    let without = Past::new(reader, None, Desks::new(site));
    for spot in 1..=SPOTS {
        let offer = offer_near(&with, EVENTS * spot / SPOTS - EVENTS / SPOTS / 20);
        let (fast, slow) = (told(&with, offer), told(&without, offer));
        say(format_args!(
            "{offer:<10} with snapshots {:>8.1} ms  x{:.2} of the scan   without {:>8.1} ms  x{:.2}",
            ms(fast),
            fast.as_secs_f64() / scanned.as_secs_f64(),
            ms(slow),
            slow.as_secs_f64() / scanned.as_secs_f64(),
        ));
    }
    look_back(&engine, engine.options().snapshot_every_events, scanned);
}

/// The board at ten spots, from the last checkpoint before each and without any. Checkpoints as a server writes them.
fn look_back(engine: &Engine<Desks>, every: u64, scanned: Duration) {
    let (past, checkpoints) = (engine.past(Desks::new(SiteId::fixed("bench"))), engine.checkpoints());
    let (mut board, mut bytes, mut writing) = (Board::new(), 0, Duration::ZERO);
    let begun = std::time::Instant::now();
    past.each(1, EVENTS, |event| {
        board.take_in(&event);
        if event.seq % every == 0 {
            let begun = std::time::Instant::now();
            let kept = bytes_of(&board).expect("a board can be written down");
            bytes = kept.len();
            checkpoints.write(folded::<Board>(), event.seq, &kept).expect("room for a checkpoint");
            writing += begun.elapsed();
        }
        true
    })
    .expect("a sound log");
    let folding = begun.elapsed() - writing;
    say(format_args!(
        "\nboard folded from the first event {:.1} ms  x{:.2} of the scan; a checkpoint {:.1} ms, {bytes} bytes",
        ms(folding),
        folding.as_secs_f64() / scanned.as_secs_f64(),
        ms(writing) / (EVENTS / every) as f64,
    ));
    let with = PastBoards::new(past.clone(), Some(checkpoints), Board::new(), u64::MAX);
    let without = PastBoards::new(past, None, Board::new(), u64::MAX);
    let wanted = AtomicBool::new(true);
    for spot in 1..=SPOTS {
        let seq = EVENTS * spot / SPOTS - EVENTS / SPOTS / 20;
        let [fast, slow] = [&with, &without].map(|boards| boards.after(seq, &wanted).expect("a board").cost);
        say(format_args!(
            "board after {seq:<8} {:>7} events from {:<7} {:>8.1} ms  x{:.2} of the scan   from the first {:>8.1} ms  x{:.2}",
            fast.events,
            fast.from_seq,
            ms(fast.took),
            fast.took.as_secs_f64() / scanned.as_secs_f64(),
            ms(slow.took),
            slow.took.as_secs_f64() / scanned.as_secs_f64(),
        ));
    }
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000.0
}

/// Explains an offer, which must agree with the record, and says how long that took.
fn told(past: &Past<Desks>, offer: OfferId) -> Duration {
    let begun = std::time::Instant::now();
    let told = explain(past, Subject::Offer(offer), Moment::Now, None).expect("an offer of the log");
    let took = begun.elapsed();
    let Explanation::Offer(told) = told else { unreachable!("an offer was asked for") };
    assert!(told.agrees, "{offer}: {:?}", told.disagreements);
    took
}

/// The first offer from an event on.
fn offer_near(past: &Past<Desks>, seq: u64) -> OfferId {
    let mut found = None;
    past.each(seq, past.last(), |recorded| {
        if let Some(Event::OfferCreated(made)) = recorded.event.floor() {
            found = Some(made.offer);
        }
        found.is_none()
    })
    .expect("a sound log");
    found.expect("an offer among so many")
}
