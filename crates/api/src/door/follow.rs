//! The threads that fold the log into the views. A panic in one view stops that view alone.

use super::limits::FOLD_EVENTS_AT_ONCE;
use super::read_side::{ReadSide, Seen};
use cordboard_engine::{Cursor, Feed};
use cordboard_floor::{Event, Recorded};
use cordboard_views::View;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often a fold that waits looks whether it should end.
const STOP_CHECK: Duration = Duration::from_millis(250);

/// The folding threads; they end when this is dropped.
#[derive(Debug)]
pub struct Follower {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

/// Folds the feed into the views from now on, each on a thread of its own.
pub fn follow(feed: &Feed<Event>, views: &Arc<ReadSide>) -> std::io::Result<Follower> {
    let mut follower = Follower { stop: Arc::default(), threads: Vec::new() };
    follower.spawn(feed, views, |views| &views.board)?;
    follower.spawn(feed, views, |views| &views.stories)?;
    follower.spawn(feed, views, |views| &views.figures)?;
    follower.spawn(feed, views, |views| &views.register)?;
    Ok(follower)
}

impl Follower {
    fn spawn<V: View + Send + Sync + 'static>(
        &mut self,
        feed: &Feed<Event>,
        views: &Arc<ReadSide>,
        choose: fn(&ReadSide) -> &Seen<V>,
    ) -> std::io::Result<()> {
        let (views, stop) = (views.clone(), self.stop.clone());
        let mut cursor = feed.cursor(choose(&views).seq());
        let thread = std::thread::Builder::new().name(format!("view-{}", V::NAME)).spawn(move || {
            let seen = choose(&views);
            while !stop.load(Ordering::Acquire) {
                match fold_some(seen, &mut cursor) {
                    Ok(true) => {}
                    Ok(false) => _ = cursor.wait(STOP_CHECK),
                    Err(why) => return seen.stop(why),
                }
            }
        })?;
        self.threads.push(thread);
        Ok(())
    }
}

/// Folds what there is, up to a number of events; answers whether there was anything.
fn fold_some<V: View>(seen: &Seen<V>, cursor: &mut Cursor<Event>) -> Result<bool, String> {
    let events =
        cursor.next(FOLD_EVENTS_AT_ONCE).map_err(|fault| format!("the log could not be read: {fault}"))?;
    fold(seen, &events)?;
    if !events.is_empty() {
        seen.tell(cursor.seq());
    }
    Ok(!events.is_empty())
}

fn fold<V: View>(seen: &Seen<V>, events: &[Arc<Recorded<Event>>]) -> Result<(), String> {
    let mut view = seen.write();
    for event in events {
        // A view broken half-way is never read again, so nobody sees what the panic left.
        catch_unwind(AssertUnwindSafe(|| view.fold(event)))
            .map_err(|_| format!("it panicked at event {}", event.seq))?;
    }
    Ok(())
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        for thread in self.threads.drain(..) {
            // A thread that panicked outside of a fold has said so itself.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordboard_floor::event::ClockStepped;
    use cordboard_floor::{Actor, Instant, SiteId};

    struct Brittle(u64);

    impl View for Brittle {
        const NAME: &'static str = "brittle";

        fn fold(&mut self, recorded: &Recorded<Event>) {
            assert_ne!(recorded.seq, 3, "it breaks at three");
            self.0 = recorded.seq;
        }

        fn seq(&self) -> u64 {
            self.0
        }
    }

    fn events(seqs: std::ops::RangeInclusive<u64>) -> Vec<Arc<Recorded<Event>>> {
        let recorded = |seq| Recorded {
            seq,
            at: Instant::from_micros(0),
            site: SiteId::fixed("north"),
            actor: Actor::system("test"),
            reason: None,
            cause: None,
            event: ClockStepped { delta_ms: 1 }.into(),
        };
        seqs.map(|seq| Arc::new(recorded(seq))).collect()
    }

    #[test]
    fn a_view_that_panics_is_stopped_and_never_read_again() {
        let seen = Seen::new(Brittle(0));
        fold(&seen, &events(1..=2)).unwrap();
        assert_eq!(seen.read().unwrap().0, 2);
        let why = fold(&seen, &events(3..=4)).unwrap_err();
        assert_eq!(why, "it panicked at event 3");
        seen.stop(why);
        assert!(seen.read().is_err());
    }
}
