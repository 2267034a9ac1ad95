//! Reports that are frozen when their time has come, by the site's clocks. A thread of its own looks, makes the bytes of the log
//! beside the writer, and hands in the command with their digest; what was missed while nothing ran is caught up with, up to a
//! number. It remembers nothing: what is frozen already stands in the register, so a restart begins where it was.

use crate::config::PaperTerms;
use crate::failure::Failure;
use cordboard_api::Door;
use cordboard_api::paper::{PAPERS_AT_ONCE_MAX, freeze, make};
use cordboard_engine::Answer;
use cordboard_floor::{Command, Instant, Submission};
use cordboard_views::paper::{Draft, Layout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Periods of each layout that are caught up with after a stop; older ones are frozen by hand.
const CAUGHT_UP_MAX: usize = 7;
/// How often it is looked whether something is to be frozen.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long it is left alone after something went wrong.
const AFTER_A_FAULT: Duration = Duration::from_secs(60);

/// The thread; it ends when this is dropped.
pub(super) struct Schedule {
    terms: Option<Sender<PaperTerms>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Schedule {
    pub(super) fn start(door: Arc<Door>, terms: PaperTerms) -> Result<Self, Failure> {
        let (send, changes) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let told = stop.clone();
        let thread = std::thread::Builder::new()
            .name("papers".to_owned())
            .spawn(move || keep(&door, terms, &changes, &told))
            .map_err(|error| Failure::because("starting the thread of reports", &error))?;
        Ok(Self { terms: Some(send), stop, thread: Some(thread) })
    }

    /// From now on by these terms.
    pub(super) fn change(&self, terms: PaperTerms) {
        if let Some(send) = &self.terms {
            // A thread that has ended said why.
            let _ = send.send(terms);
        }
    }
}

impl Drop for Schedule {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        self.terms = None;
        if let Some(thread) = self.thread.take() {
            // One that panicked has said so itself; reports are not frozen of themselves any more, all else goes on.
            let _ = thread.join();
        }
    }
}

fn keep(door: &Door, mut terms: PaperTerms, changes: &Receiver<PaperTerms>, stop: &AtomicBool) {
    let mut wait = LOOK_EVERY;
    loop {
        if !terms.enabled.is_empty() {
            wait = match freeze_due(door, &terms, stop) {
                Ok(()) => LOOK_EVERY,
                Err(why) => {
                    tracing::error!(why, "reports that are due could not be frozen; tried again soon");
                    AFTER_A_FAULT
                }
            };
        }
        match changes.recv_timeout(wait) {
            Ok(changed) => (terms, wait) = (changed, LOOK_EVERY),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Freezes whatever has come and is not frozen.
fn freeze_due(door: &Door, terms: &PaperTerms, stop: &AtomicBool) -> Result<(), String> {
    if door.is_stopping() || door.views.register.seq() < door.durable_seq() {
        return Ok(());
    }
    let drafts = due(door, terms, door.now())?;
    if drafts.is_empty() {
        return Ok(());
    }
    let Some(past) = &door.past else { return Ok(()) };
    // One fold for all of them.
    let goes_on = |_| !stop.load(Ordering::Acquire);
    let made = match make(past, drafts.clone(), past.last(), goes_on) {
        Ok(made) => made,
        Err(_) if stop.load(Ordering::Acquire) => return Ok(()),
        Err(why) => return Err(why.to_string()),
    };
    for (draft, made) in drafts.iter().zip(&made) {
        let period = draft.period_name().map_err(|why| why.to_string())?;
        let Some(command) = freeze(draft, made, None, None) else { continue };
        let submission = Submission::system("papers", Command::FreezeReport(command));
        match door.engine.ask(submission.map(Into::into)).map_err(|busy| busy.to_string())? {
            Answer::Done { seq, .. } => {
                tracing::info!(report = seq, layout = draft.layout().id, period, "a report was frozen");
            }
            other => return Err(format!("{} of {period}: {other:?}", draft.layout().id)),
        }
    }
    Ok(())
}

fn due(door: &Door, terms: &PaperTerms, now: Instant) -> Result<Vec<Draft>, String> {
    let register = door.views.register.read().map_err(|stopped| stopped.to_string())?;
    let Some(began_at) = register.began_at() else { return Ok(Vec::new()) };
    let mut drafts = Vec::new();
    for id in &terms.enabled {
        let layout = Layout::find(id.as_str()).map_err(|why| why.to_string())?;
        let come = layout.come(now, &terms.zone, terms.hour, CAUGHT_UP_MAX).map_err(|why| why.to_string())?;
        // Of a time before the log there is nothing to report.
        let missed = come.into_iter().filter(|stretch| {
            stretch.to > began_at && register.current(*id, stretch.from, stretch.to).is_none()
        });
        for stretch in missed.take(PAPERS_AT_ONCE_MAX - drafts.len()) {
            drafts.push(Draft::new(layout, stretch, &terms.zone).map_err(|why| why.to_string())?);
        }
    }
    Ok(drafts)
}
