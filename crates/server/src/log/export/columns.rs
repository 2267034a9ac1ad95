//! Contact records as a Parquet table: one row a contact, one column a fact of it, stays and agents as the first, the last and how many. All
//! columns may be empty. Instants are µs UTC, spans ms.

use super::teller::TakesRecords;
use crate::failure::Failure;
use cordboard_floor::Instant;
use cordboard_views::record::ContactRecord;
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows that are held until they are written together.
const ROWS_PER_GROUP: usize = 65_536;

/// What stands in a cell.
enum Cell {
    Text(String),
    Number(i64),
}

/// What a column is: how the format knows it, and whence it comes.
struct Column {
    name: &'static str,
    kind: Kind,
    cell: fn(&ContactRecord) -> Option<Cell>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Moment,
}

fn text(value: impl ToString) -> Option<Cell> {
    Some(Cell::Text(value.to_string()))
}

fn number(value: u64) -> Option<Cell> {
    Some(Cell::Number(value as i64))
}

fn moment(at: Instant) -> Option<Cell> {
    Some(Cell::Number(at.micros()))
}

const fn column(name: &'static str, kind: Kind, cell: fn(&ContactRecord) -> Option<Cell>) -> Column {
    Column { name, kind, cell }
}

const COLUMNS: [Column; 25] = [
    column("contact", Kind::Text, |record| text(record.contact)),
    column("channel", Kind::Text, |record| text(record.channel)),
    column("caller", Kind::Text, |record| text(record.caller.as_ref()?)),
    column("arrived_at", Kind::Moment, |record| moment(record.arrived_at)),
    column("ended_at", Kind::Moment, |record| moment(record.ended_at?)),
    column("end", Kind::Text, |record| text(record.end?)),
    column("stage", Kind::Text, |record| text(record.stage?)),
    column("ended_by", Kind::Text, |record| text(record.ended_by.as_ref()?)),
    column("menu_ms", Kind::Number, |record| number(record.menu_ms)),
    column("visits", Kind::Number, |record| number(record.visits.len() as u64)),
    column("first_queue", Kind::Text, |record| text(record.visits.first()?.queue)),
    column("last_queue", Kind::Text, |record| text(record.visits.last()?.queue)),
    column("last_visit_end", Kind::Text, |record| text(record.visits.last()?.end?)),
    column("wait_ms", Kind::Number, |record| number(record.wait_ms)),
    column("offers", Kind::Number, |record| number(record.offers.into())),
    column("offers_not_accepted", Kind::Number, |record| number(record.offers_not_accepted.into())),
    column("agents", Kind::Number, |record| number(record.agents.len() as u64)),
    column("agent", Kind::Text, |record| text(record.agent?)),
    column("answered_at", Kind::Moment, |record| moment(record.answered_at?)),
    column("talk_ms", Kind::Number, |record| number(record.talk_ms)),
    column("hold_ms", Kind::Number, |record| number(record.hold_ms)),
    column("wrap_up_ms", Kind::Number, |record| number(record.wrap_up_ms)),
    column("code", Kind::Text, |record| text(record.code?)),
    column("transfers", Kind::Number, |record| number(record.transfers.into())),
    column("last_seq", Kind::Number, |record| number(record.last_seq)),
];

/// A table under way.
pub(super) struct Table {
    writer: SerializedFileWriter<File>,
    path: PathBuf,
    rows: Vec<ContactRecord>,
}

impl Table {
    pub(super) fn begin(file: File, path: &Path) -> Result<Self, Failure> {
        let columns = COLUMNS.iter().map(|column| match column.kind {
            Kind::Text => format!("OPTIONAL BYTE_ARRAY {} (UTF8);", column.name),
            Kind::Number => format!("OPTIONAL INT64 {};", column.name),
            Kind::Moment => format!("OPTIONAL INT64 {} (TIMESTAMP(MICROS,true));", column.name),
        });
        let schema = format!("message contact_record {{ {} }}", columns.collect::<String>());
        let begun = parse_message_type(&schema).and_then(|schema| {
            let properties = Arc::new(WriterProperties::builder().build());
            SerializedFileWriter::new(file, Arc::new(schema), properties)
        });
        let writer = begun.map_err(|error| broken(path, &error))?;
        Ok(Self { writer, path: path.to_owned(), rows: Vec::new() })
    }

    fn write_group(&mut self) -> Result<(), Failure> {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(());
        }
        write_group(&mut self.writer, &rows).map_err(|error| broken(&self.path, &error))
    }
}

impl TakesRecords for Table {
    fn take(&mut self, record: ContactRecord) -> Result<(), Failure> {
        self.rows.push(record);
        if self.rows.len() < ROWS_PER_GROUP { Ok(()) } else { self.write_group() }
    }

    fn end(mut self) -> Result<(), Failure> {
        self.write_group()?;
        let Self { writer, path, .. } = self;
        let file = writer.into_inner().map_err(|error| broken(&path, &error))?;
        file.sync_all().map_err(|error| Failure::because(format!("writing {}", path.display()), &error))
    }
}

fn write_group(writer: &mut SerializedFileWriter<File>, rows: &[ContactRecord]) -> Result<(), ParquetError> {
    let mut group = writer.next_row_group()?;
    for column in &COLUMNS {
        let cells: Vec<Option<Cell>> = rows.iter().map(column.cell).collect();
        let present: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
        let Some(mut to) = group.next_column()? else { break };
        if column.kind == Kind::Text {
            let texts: Vec<ByteArray> = cells
                .into_iter()
                .filter_map(|cell| match cell? {
                    Cell::Text(text) => Some(ByteArray::from(text.into_bytes())),
                    Cell::Number(_) => None,
                })
                .collect();
            to.typed::<ByteArrayType>().write_batch(&texts, Some(&present), None)?;
        } else {
            let numbers: Vec<i64> = cells
                .into_iter()
                .filter_map(|cell| match cell? {
                    Cell::Number(number) => Some(number),
                    Cell::Text(_) => None,
                })
                .collect();
            to.typed::<Int64Type>().write_batch(&numbers, Some(&present), None)?;
        }
        to.close()?;
    }
    group.close().map(drop)
}

fn broken(path: &Path, error: &ParquetError) -> Failure {
    Failure::because(format!("writing {}", path.display()), error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordboard_floor::{AgentId, Channel, ContactId, QueueId};
    use cordboard_views::record::VisitRecord;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;

    #[test]
    fn what_was_written_is_read_back_with_its_empty_cells() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("contacts.parquet");
        let at = |second: i64| Instant::from_micros(second * 1_000_000);
        let record = |contact: u64, agent: Option<AgentId>| ContactRecord {
            contact: ContactId(contact),
            channel: Channel::fixed("voice"),
            caller: None,
            arrived_at: at(10),
            ended_at: Some(at(70)),
            end: Some("handled"),
            stage: None,
            ended_by: Some("caller".to_owned()),
            menu_ms: 5_000,
            visits: vec![VisitRecord {
                queue: QueueId::fixed("sales"),
                from: at(15),
                to: Some(at(40)),
                wait_ms: 25_000,
                end: Some("answered"),
            }],
            wait_ms: 25_000,
            offers: 2,
            offers_not_accepted: 1,
            agent,
            answered_at: agent.map(|_| at(40)),
            agents: Vec::new(),
            talk_ms: 30_000,
            hold_ms: 0,
            wrap_up_ms: 0,
            code: None,
            transfers: 0,
            last_seq: contact + 9,
        };
        let mut table = Table::begin(File::create_new(&path).unwrap(), &path).unwrap();
        // One more than a group holds.
        for contact in 1..=ROWS_PER_GROUP as u64 + 1 {
            let agent = (contact % 2 == 1).then_some(AgentId::fixed("1001"));
            table.take(record(contact, agent)).unwrap();
        }
        table.end().unwrap();
        let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
        assert_eq!(reader.metadata().file_metadata().num_rows(), ROWS_PER_GROUP as i64 + 1);
        assert_eq!(reader.num_row_groups(), 2);
        let names: Vec<String> = reader
            .metadata()
            .file_metadata()
            .schema()
            .get_fields()
            .iter()
            .map(|field| field.name().to_owned())
            .collect();
        let place = |name: &str| names.iter().position(|known| known == name).unwrap();
        for (row, contact) in reader.get_row_iter(None).unwrap().zip(1_u64..) {
            let row = row.unwrap();
            assert_eq!(row.get_string(place("contact")).unwrap(), &format!("c-{contact}"));
            assert_eq!(row.get_string(place("agent")).is_ok(), contact % 2 == 1, "{contact}");
            assert_eq!(row.get_long(place("last_seq")).unwrap(), contact as i64 + 9);
            assert_eq!(row.get_timestamp_micros(place("arrived_at")).unwrap(), 10_000_000);
        }
    }
}
