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
