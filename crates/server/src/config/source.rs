//! Texts become one tree: the built-in reference, then the files, then the environment; later keys win,
//! and every value remembers where it was written. It knows TOML and nothing of what the keys mean.

use super::problem::{Problem, Severity};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// Variables that begin so are keys.
pub(crate) const PREFIX: &str = "CORDBOARD__";

/// The reference, as it stands in the repository.
pub(crate) const REFERENCE: &str = include_str!("../../../../config/default.toml");

/// Where something was written; what was written over something else comes after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    source: usize,
    offset: usize,
}

/// A value and its place.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) node: Node,
    /// Where the value stands.
    pub(crate) place: Place,
    /// Where its key stands.
    pub(crate) key_place: Place,
}

/// What can be written.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Table(Table),
    List(Vec<Item>),
    Text(String),
    Whole(i64),
    Flag(bool),
    /// Numbers with a fraction and dates: nothing of ours takes them.
    Other(&'static str),
}

/// Keys and values.
pub(crate) type Table = BTreeMap<String, Item>;

impl Node {
    /// What it is, as people say it.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Table(_) => "a table",
            Self::List(_) => "a list",
            Self::Text(_) => "a text",
            Self::Whole(_) => "a whole number",
            Self::Flag(_) => "true or false",
            Self::Other(kind) => kind,
        }
    }
}

struct Source {
    name: String,
    text: String,
    is_file: bool,
}

/// Everything written, and everything found wrong so far.
pub(crate) struct Written {
    sources: Vec<Source>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) root: Table,
}

impl Written {
    /// Reads the reference, the files, and the variables among `environment`.
    pub(crate) fn read(files: &[PathBuf], environment: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut written = Self { sources: Vec::new(), problems: Vec::new(), root: Table::new() };
        written.take_text("default.toml (built in)".to_owned(), REFERENCE.to_owned());
        for file in files {
            written.take_file(file);
        }
        let mut variables: Vec<(String, String)> =
            environment.into_iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
        variables.sort();
        for (name, value) in variables {
            written.take_variable(name, value);
        }
        written
    }

    /// One file by itself, without the reference and the environment.
    pub(crate) fn read_alone(file: &Path) -> Self {
        let mut written = Self { sources: Vec::new(), problems: Vec::new(), root: Table::new() };
        // Of the reference the place alone: what stands nowhere else stands there.
        written.sources.push(Source {
            name: "default.toml (built in)".to_owned(),
            text: String::new(),
            is_file: true,
        });
        written.take_file(file);
        written
    }

    /// Nothing, to note problems that were told before.
    pub(crate) fn nothing() -> Self {
        let source = || Source { name: String::new(), text: String::new(), is_file: false };
        Self { sources: vec![source(), source()], problems: Vec::new(), root: Table::new() }
    }

    /// The reference and one text over it, with no environment.
    pub(crate) fn of_text(name: &str, text: String) -> Self {
        let mut written = Self::read(&[], []);
        written.take_text(name.to_owned(), text);
        written
    }

    /// A problem at a place.
    pub(crate) fn problem(
        &mut self,
        severity: Severity,
        place: Place,
        key: &str,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) {
        let source = &self.sources[place.source];
        let (line, column) = position(&source.text, place.offset);
        let (line, column) = if source.is_file { (Some(line), Some(column)) } else { (None, None) };
        self.problems.push(Problem {
            severity,
            file: source.name.clone(),
            line,
            column,
            key: key.to_owned(),
            what: what.into(),
            mend: mend.into(),
        });
    }

    /// Where a path leads that is written at a place: beside the file that it stands in.
    pub(crate) fn beside(&self, place: Place, path: &str) -> PathBuf {
        let source = &self.sources[place.source];
        let folder = Path::new(&source.name).parent().filter(|_| source.is_file);
        folder.map_or_else(|| PathBuf::from(path), |folder| folder.join(path))
    }

    fn take_file(&mut self, file: &Path) {
        let name = file.display().to_string();
        match std::fs::read_to_string(file) {
            Ok(text) => self.take_text(name, text),
            Err(error) => self.problems.push(Problem {
                severity: Severity::Error,
                file: name,
                line: None,
                column: None,
                key: String::new(),
                what: format!("it cannot be read: {error}"),
                mend: String::new(),
            }),
        }
    }

    fn take_text(&mut self, name: String, text: String) {
        let source = self.sources.len();
        self.sources.push(Source { name, text, is_file: true });
        let text = self.sources[source].text.clone();
        let (table, errors) = DeTable::parse_recoverable(&text);
        for error in &errors {
            let offset = error.span().map_or(0, |span| span.start);
            let what = error.message().trim().replace('\n', ", ");
            self.problem(Severity::Error, Place { source, offset }, "", what, "");
        }
        let table = convert_table(table.get_ref(), source);
        merge(&mut self.root, table);
    }

    /// `CORDBOARD__QUEUES__LOANS__PRIORITY=70`: the value is TOML where it is, and a text otherwise.
    fn take_variable(&mut self, name: String, value: String) {
        let source = self.sources.len();
        let place = Place { source, offset: 0 };
        let path: Vec<String> =
            name[PREFIX.len()..].split("__").map(|piece| piece.trim().to_owned()).collect();
        self.sources.push(Source { name, text: value.clone(), is_file: false });
        if path.iter().any(String::is_empty) {
            let mend = format!("write it as {PREFIX}SECTION__KEY");
            return self.problem(Severity::Error, place, "", "the name is not a path of keys", mend);
        }
        let node = match DeValue::parse(&value) {
            Ok(parsed) => convert(parsed.get_ref(), source),
            Err(_) => Node::Text(value.clone()),
        };
        let mut table = &mut self.root;
        let (last, sections) = path.split_last().expect("a path has a last piece");
        for piece in sections {
            let key = known_spelling(table, piece);
            let empty = || Item { node: Node::Table(Table::new()), place, key_place: place };
            let item = table.entry(key).or_insert_with(empty);
            if !matches!(item.node, Node::Table(_)) {
                *item = empty();
            }
            let Node::Table(inner) = &mut item.node else { unreachable!("made a table just now") };
            table = inner;
        }
        let key = known_spelling(table, last);
        table.insert(key, Item { node, place, key_place: place });
    }
}

/// The key that is there whatever its case; otherwise lower case.
fn known_spelling(table: &Table, piece: &str) -> String {
    table.keys().find(|key| key.eq_ignore_ascii_case(piece)).cloned().unwrap_or_else(|| piece.to_lowercase())
}

/// Later keys win; tables are merged key by key.
fn merge(into: &mut Table, from: Table) {
    for (key, item) in from {
        match (into.get_mut(&key).map(|known| &mut known.node), item) {
            (Some(Node::Table(known)), Item { node: Node::Table(more), .. }) => merge(known, more),
            (_, item) => _ = into.insert(key, item),
        }
    }
}

fn convert_table(table: &DeTable<'_>, source: usize) -> Table {
    let pairs = table.iter().map(|(key, value)| {
        let item = Item {
            node: convert(value.get_ref(), source),
            place: Place { source, offset: value.span().start },
            key_place: Place { source, offset: key.span().start },
        };
        (key.get_ref().to_string(), item)
    });
    pairs.collect()
}

fn convert(value: &DeValue<'_>, source: usize) -> Node {
    match value {
        DeValue::String(text) => Node::Text(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(&number.as_str().replace('_', ""), number.radix())
            .map_or(Node::Other("a number beyond all bounds"), Node::Whole),
        DeValue::Float(_) => Node::Other("a number with a fraction"),
        DeValue::Boolean(flag) => Node::Flag(*flag),
        DeValue::Datetime(_) => Node::Other("a date"),
        DeValue::Array(list) => {
            let items = list.iter().map(|value| {
                let place = Place { source, offset: value.span().start };
                Item { node: convert(value.get_ref(), source), place, key_place: place }
            });
            Node::List(items.collect())
        }
        DeValue::Table(table) => Node::Table(convert_table(table, source)),
    }
}

/// Line and column, from 1, columns in letters.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    (line, column)
}
