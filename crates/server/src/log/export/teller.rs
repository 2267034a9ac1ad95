//! Who says what of each event, by the format that was asked for.

use super::super::line::{Line, is_about};
use super::sink::Sink;
use super::{Export, Written};
use crate::failure::{Failure, say};
use cordboard_centre::{Event, Record};
use cordboard_floor::{ContactId, Recorded};
use cordboard_views::cloud_event::CloudEvent;
use cordboard_views::queue_log::{LeftOut, Precision, QueueLog};
use cordboard_views::record::{ContactRecord, Records};

/// Says of a log's events, in order, what there is to say.
pub(super) trait Teller {
    /// Whether it must hear of the events before those that it tells of.
    fn needs_the_past(&self) -> bool {
        true
    }

    fn tell(&mut self, event: &Recorded<Event>) -> Result<(), Failure>;

    fn finish(self: Box<Self>) -> Result<(), Failure>;
}

/// The teller of a format, who tells of events from `first` on.
pub(super) fn teller(asked: &Export, first: u64) -> Result<Box<dyn Teller>, Failure> {
    let contact = asked.contact;
    #[cfg(feature = "parquet")]
    if asked.format == Written::Parquet {
        let Some(path) = asked.out.as_deref() else {
            return Err(Failure::Usage("Parquet is no text: name a file with --out FILE".to_owned()));
        };
        let table = super::columns::Table::begin(super::sink::new_file(path)?, path)?;
        return Ok(Box::new(OfContacts { records: Records::new(), contact, first, to: table }));
    }
    let sink = Sink::open(asked.out.as_deref())?;
    Ok(match asked.format {
        Written::Jsonl | Written::Cloudevents => {
            Box::new(OfEvents { enveloped: asked.format == Written::Cloudevents, contact, sink })
        }
        Written::Contacts => Box::new(OfContacts { records: Records::new(), contact, first, to: sink }),
        Written::QueueLog => {
            let precision = if asked.fractions { Precision::Micros } else { Precision::Seconds };
            Box::new(OfQueueLog { log: QueueLog::new(), precision, contact, first, sink })
        }
        #[cfg(feature = "parquet")]
        Written::Parquet => return Err(Failure::failed("Parquet has a teller of its own")),
    })
}

/// Each event by itself.
struct OfEvents {
    enveloped: bool,
    contact: Option<ContactId>,
    sink: Sink,
}

impl Teller for OfEvents {
    fn needs_the_past(&self) -> bool {
        false
    }

    fn tell(&mut self, event: &Recorded<Event>) -> Result<(), Failure> {
        if !is_about(event, self.contact) {
            return Ok(());
        }
        let line = Line::of(event);
        if self.enveloped { self.sink.json(&CloudEvent::of(event, line)) } else { self.sink.json(&line) }
    }

    fn finish(mut self: Box<Self>) -> Result<(), Failure> {
        self.sink.flush()
    }
}

/// Where records go.
pub(super) trait TakesRecords {
    fn take(&mut self, record: ContactRecord) -> Result<(), Failure>;
    fn end(self) -> Result<(), Failure>;
}

impl TakesRecords for Sink {
    fn take(&mut self, record: ContactRecord) -> Result<(), Failure> {
        self.json(&record)
    }

    fn end(mut self) -> Result<(), Failure> {
        self.flush()
    }
}

/// Each contact once, when it is over; of a stretch of the log, those of whom the last event lies in it.
struct OfContacts<T> {
    records: Records,
    contact: Option<ContactId>,
    first: u64,
    to: T,
}

impl<T: TakesRecords> OfContacts<T> {
    fn give(&mut self, records: Vec<ContactRecord>) -> Result<(), Failure> {
        let asked = |record: &ContactRecord| {
            record.last_seq >= self.first && self.contact.is_none_or(|contact| contact == record.contact)
        };
        for record in records.into_iter().filter(asked) {
            self.to.take(record)?;
        }
        Ok(())
    }
}

impl<T: TakesRecords> Teller for OfContacts<T> {
    fn tell(&mut self, event: &Recorded<Event>) -> Result<(), Failure> {
        let over = event.floor().map(|event| self.records.take(&event)).unwrap_or_default();
        self.give(over)
    }

    fn finish(mut self: Box<Self>) -> Result<(), Failure> {
        let rest = std::mem::take(&mut self.records).finish();
        self.give(rest)?;
        self.to.end()
    }
}

/// Lines of a queue log.
struct OfQueueLog {
    log: QueueLog,
    precision: Precision,
    contact: Option<ContactId>,
    first: u64,
    sink: Sink,
}

impl Teller for OfQueueLog {
    fn tell(&mut self, event: &Recorded<Event>) -> Result<(), Failure> {
        let rows = event.floor().map(|event| self.log.rows(&event)).unwrap_or_default();
        if event.seq < self.first || !is_about(event, self.contact) {
            return Ok(());
        }
        rows.iter().try_for_each(|row| self.sink.line(&row.line(self.precision)))
    }

    fn finish(mut self: Box<Self>) -> Result<(), Failure> {
        let LeftOut {
            contacts_without_queue,
            offers_rescinded,
            offers_rejected,
            offers_failed,
            visits_overflowed,
            visits_withdrawn,
            conversations_taken_over,
        } = self.log.left_out();
        let said = [
            (contacts_without_queue, "contacts were in no queue and have no line"),
            (offers_rescinded, "withdrawn offers have no line"),
            (offers_rejected, "declined offers are RINGNOANSWER"),
            (offers_failed, "offers to a failed device are RINGNOANSWER"),
            (visits_overflowed, "overflowed visits are EXITWITHTIMEOUT"),
            (visits_withdrawn, "withdrawn visits are EXITEMPTY"),
            (conversations_taken_over, "conversations after a transfer to an agent have no line"),
        ];
        for (count, what) in said.iter().filter(|(count, _)| *count > 0) {
            say(&format!("note: {count} {what}"));
        }
        self.sink.flush()
    }
}
