//! What a transcript ends with: the recording's rows beside what the log says became of its contacts.

use std::collections::BTreeMap;

use cordboard_views::figures::Figures;
use serde::Serialize;

use super::Told;

/// The figures that must reconcile: `rows = rejected + ignored + taken`,
/// `arrived = answered + abandoned + unfinished + ended_otherwise`. Those from `arrived` to `transfers` are counted from the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Rows of the recording.
    pub rows: u64,
    /// Rows that could not be read, or that are refused.
    pub rejected: u64,
    /// Rows that tell nothing of use, or lie outside the window.
    pub ignored: u64,
    /// Rows that became facts.
    pub taken: u64,
    /// Contacts that came.
    pub arrived: u64,
    /// Contacts that an agent answered.
    pub answered: u64,
    /// Callers who gave up, in the menu, the queue or while it rang.
    pub abandoned: u64,
    /// Contacts that the recording leaves waiting or talking.
    pub unfinished: u64,
    /// Contacts that ended in any other way: sent away, timed out.
    pub ended_otherwise: u64,
    /// Callers who gave up in the menu.
    pub abandoned_menu: u64,
    /// Callers who gave up while nobody's phone rang.
    pub abandoned_queue: u64,
    /// Callers who gave up while a phone rang.
    pub abandoned_ringing: u64,
    /// Visits: stays in a queue, those without length included.
    pub visits: u64,
    /// Visits that ended unanswered and not abandoned.
    pub visits_ended_otherwise: u64,
    /// Contacts given on by an agent.
    pub transfers: u64,
    /// Rows of calls with a time of entry into the queue, by the recording itself.
    pub entered_queue: u64,
    /// Those of them that were abandoned.
    pub entered_queue_abandoned: u64,
    /// Queues in which anybody stood.
    pub queues: u64,
    /// Rows outside the window; among the ignored.
    pub outside_window: u64,
    /// Rejected rows by reason.
    pub rejected_by: BTreeMap<String, u64>,
    /// Ignored rows by reason, where there are several.
    pub ignored_by: BTreeMap<String, u64>,
    /// Dirt in rows that were taken, by its name.
    pub dirt: BTreeMap<String, u64>,
    /// What a reader should know.
    pub notes: Vec<String>,
    /// Events of the log.
    pub events: u64,
    /// The last one's number.
    pub last_seq: u64,
    /// Digest of the state after it.
    pub state_hash: String,
    /// How long it took by the wall clock.
    pub wall_ms: u64,
}

/// Altered names told one by one; the rest are only counted.
const ALTERED_TOLD_MAX: usize = 10;

impl Summary {
    pub(super) fn of(told: &Told, figures: &Figures) -> Self {
        let counts = &told.counts;
        let (contacts, visits) = (&figures.all().contacts, &figures.all().visits);
        let named = |counts: &BTreeMap<&'static str, u64>| {
            counts.iter().map(|(name, rows)| ((*name).to_owned(), *rows)).collect()
        };
        Self {
            rows: counts.rows,
            rejected: counts.rejected,
            ignored: counts.ignored,
            taken: counts.arrived,
            arrived: contacts.arrived,
            answered: contacts.handled,
            abandoned: contacts.abandoned.total(),
            unfinished: contacts.lost,
            ended_otherwise: contacts.refused + contacts.expired + contacts.alive(),
            abandoned_menu: contacts.abandoned.menu,
            abandoned_queue: contacts.abandoned.queue,
            abandoned_ringing: contacts.abandoned.ringing,
            visits: visits.queued,
            visits_ended_otherwise: visits.queued - visits.answered - visits.abandoned,
            transfers: figures.all().transfers.blind + figures.all().transfers.attended,
            entered_queue: counts.entered_queue,
            entered_queue_abandoned: counts.entered_queue_abandoned,
            queues: figures.queues().len() as u64,
            outside_window: told.outside_window,
            rejected_by: named(&counts.rejected_by),
            ignored_by: told.ignored_by.clone(),
            dirt: named(&counts.dirt),
            notes: notes(told, contacts.lost),
            ..Self::default()
        }
    }

    /// What does not add up, `contacts` having been told of.
    pub(super) fn contradictions(&self, contacts: u64) -> Vec<String> {
        let Self { rows, rejected, ignored, taken, arrived, .. } = self;
        let Self { answered, abandoned, unfinished, ended_otherwise, .. } = self;
        let mut found = Vec::new();
        if *arrived != contacts {
            found.push(format!("{contacts} contacts were told of, {arrived} stand in the log"));
        }
        if *rows != rejected + ignored + taken {
            found.push(format!("{rows} rows, but {rejected} rejected + {ignored} ignored + {taken} taken"));
        }
        if *arrived != answered + abandoned + unfinished + ended_otherwise {
            found.push(format!(
                "{arrived} arrived, but {answered} answered + {abandoned} abandoned + {unfinished} unfinished + {ended_otherwise} ended otherwise"
            ));
        }
        found
    }
}

fn notes(told: &Told, lost: u64) -> Vec<String> {
    let mut notes = Vec::new();
    if lost > 0 {
        notes.push(format!(
            "{lost} contacts have no end in the recording; in the log they are lost at its last moment"
        ));
    }
    if let Some((agent, at_once)) = told.at_once {
        notes.push(format!("agent {agent} has up to {at_once} contacts at once by the recording"));
    }
    for (name, id) in told.altered.iter().take(ALTERED_TOLD_MAX) {
        notes.push(format!("{name:?} is {id} in the log"));
    }
    let more = told.altered.len().saturating_sub(ALTERED_TOLD_MAX);
    if more > 0 {
        notes.push(format!("{more} more names are other ids in the log"));
    }
    notes
}
