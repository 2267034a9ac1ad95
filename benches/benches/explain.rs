//! What does an explanation cost in a log of a million events? Offers at ten spots, from the last snapshot before each
//! and without any, beside a bare scan of the same log by the journal's reader. The log is written by the engine, with
//! group commits and a snapshot at every 250,000 events, as a server would; as there, the last three are kept.

use cordboard_api::explain::{Explanation, Moment, Subject, explain};
use cordboard_benches::centre::{Centre, Habits};
use cordboard_benches::say;
use cordboard_engine::Past;
use cordboard_floor::{Event, Floor, OfferId, SiteId};
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

    let with = engine.past(Floor::new(site));
    let without = Past::new(reader, None, Floor::new(site));
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
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000.0
}

/// Explains an offer, which must agree with the record, and says how long that took.
fn told(past: &Past<Floor>, offer: OfferId) -> Duration {
    let begun = std::time::Instant::now();
    let told = explain(past, Subject::Offer(offer), Moment::Now, None).expect("an offer of the log");
    let took = begun.elapsed();
    let Explanation::Offer(told) = told else { unreachable!("an offer was asked for") };
    assert!(told.agrees, "{offer}: {:?}", told.disagreements);
    took
}

/// The first offer from an event on.
fn offer_near(past: &Past<Floor>, seq: u64) -> OfferId {
    let mut found = None;
    past.each(seq, past.last(), |recorded| {
        if let Event::OfferCreated(made) = &recorded.event {
            found = Some(made.offer);
        }
        found.is_none()
    })
    .expect("a sound log");
    found.expect("an offer among so many")
}
