//! Reading one table of the configuration: each key by its name and type, every fault noted and a harmless
//! value taken instead, so that all faults are found in one pass. Keys nobody asked for are unknown keys.

use super::keys::Keys;
use super::problem::{Severity, did_you_mean};
use super::source::{Item, Node, Place, Table, Written};
use cordboard_floor::Millis;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// A table being read.
pub(super) struct Section<'a> {
    pub(super) path: String,
    pub(super) place: Place,
    table: &'a Table,
    /// Where a key is looked up that this table does not have.
    fallback: Option<&'a Table>,
    asked: Vec<&'static str>,
    written: &'a mut Written,
}

/// A value with its place, for checks that come later.
#[derive(Clone, Debug)]
pub(crate) struct Placed<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

impl<'a> Section<'a> {
    /// Reads the table at the top with this name out of `root`.
    pub(super) fn top(root: &'a Table, name: &'static str, written: &'a mut Written) -> Self {
        static NOTHING: Table = Table::new();
        let place = root.get(name).map_or_else(Place::default, |item| item.place);
        let table = match root.get(name).map(|item| &item.node) {
            Some(Node::Table(table)) => table,
            Some(other) => {
                let what = format!("must be a table, here it is {}", other.kind());
                written.problem(Severity::Error, place, name, what, format!("write [{name}]"));
                &NOTHING
            }
            None => &NOTHING,
        };
        Self { path: name.to_owned(), place, table, fallback: None, asked: Vec::new(), written }
    }

    /// The table `[top.name]`, which need not be there.
    pub(super) fn named(root: &'a Table, top: &'static str, name: &str, written: &'a mut Written) -> Self {
        let mut section = Self::top(root, top, written);
        section.path = format!("{top}.{name}");
        section.step_into(name);
        section
    }

    /// The table with this name within; a key that it does not have is taken from the fallback's.
    pub(super) fn within(&mut self, key: &'static str) -> Section<'_> {
        self.asked.push(key);
        let mut section = Section {
            path: format!("{}.{key}", self.path),
            place: self.place,
            table: self.table,
            fallback: self.fallback,
            asked: Vec::new(),
            written: self.written,
        };
        section.step_into(key);
        section
    }

    fn step_into(&mut self, key: &str) {
        static NOTHING: Table = Table::new();
        let own = self.table.get(key);
        let behind = self.fallback.and_then(|table| table.get(key));
        self.place = own.or(behind).map_or(self.place, |item| item.key_place);
        self.fallback = match behind.map(|item| &item.node) {
            Some(Node::Table(table)) => Some(table),
            _ => None,
        };
        self.table = match own.map(|item| &item.node) {
            Some(Node::Table(table)) => table,
            Some(other) => {
                let what = format!("must be a table, here it is {}", other.kind());
                self.error(self.place, "", what, format!("write [{}]", self.path));
                &NOTHING
            }
            None => &NOTHING,
        };
    }

    /// The tables of a list, `[[queues.loans.plan.steps]]`, counted from 1; gives whether the list is there.
    pub(super) fn rows(&mut self, key: &'static str, mut each: impl FnMut(usize, Section<'_>)) -> bool {
        let Some(item) = self.item(key) else { return false };
        let Node::List(list) = &item.node else {
            self.mistyped(key, item, "a list of tables");
            return false;
        };
        for (number, row) in (1..).zip(list) {
            let path = format!("{}.{key}.{number}", self.path);
            let Node::Table(table) = &row.node else {
                let what = format!("must be a table, here it is {}", row.node.kind());
                let mend = "write it in braces, as in { voice = 1 }; or leave it out";
                self.error(row.place, &format!("{key}.{number}"), what, mend);
                continue;
            };
            let (asked, written) = (Vec::new(), &mut *self.written);
            each(number, Section { path, place: row.place, table, fallback: None, asked, written });
        }
        true
    }

    /// The tables within, each with its own name: `[queues.loans]`. `each` reads one.
    pub(super) fn each(self, mut each: impl FnMut(&str, Section<'_>)) {
        let Self { path, table, fallback, written, .. } = self;
        for (name, item) in table {
            let path = format!("{path}.{name}");
            let Node::Table(inner) = &item.node else {
                let what = format!("must be a table, here it is {}", item.node.kind());
                written.problem(Severity::Error, item.place, &path, what, format!("write [{path}]"));
                continue;
            };
            let asked = Vec::new();
            each(name, Section { path, place: item.key_place, table: inner, fallback, asked, written });
        }
    }

    /// Keys that are not here are taken from there.
    pub(super) fn or_from(mut self, fallback: &'a Table) -> Self {
        self.fallback = Some(fallback);
        self
    }

    /// Every key and value, when the keys are the user's own words.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&'a str, &'a Item)> + use<'a> {
        self.table.iter().map(|(key, item)| (key.as_str(), item))
    }

    pub(super) fn item(&mut self, key: &'static str) -> Option<&'a Item> {
        self.asked.push(key);
        self.table.get(key).or_else(|| self.fallback?.get(key))
    }

    pub(super) fn place_of(&self, key: &str) -> Place {
        let item = self.table.get(key).or_else(|| self.fallback?.get(key));
        item.map_or(self.place, |item| item.place)
    }

    /// Where the parts of these keys stand, each by its path from here.
    pub(super) fn keys(&self, of: &[&'static str]) -> Keys {
        let mut keys = Keys::of(self.place);
        for key in of {
            let own = self.table.get(*key);
            keys.take(key, own, self.fallback.and_then(|table| table.get(*key)));
        }
        keys
    }

    pub(super) fn error(
        &mut self,
        place: Place,
        key: &str,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.note(Severity::Error, place, key, what, mend);
    }

    pub(super) fn note(
        &mut self,
        severity: Severity,
        place: Place,
        key: &str,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) {
        let path = if key.is_empty() { self.path.clone() } else { format!("{}.{key}", self.path) };
        self.written.problem(severity, place, &path, what, mend);
    }

    fn mistyped(&mut self, key: &str, item: &Item, wanted: &str) {
        self.error(item.place, key, format!("must be {wanted}, here it is {}", item.node.kind()), "");
    }

    /// A path that is written at a place counts from the file that it stands in.
    pub(super) fn beside(&self, place: Place, path: &str) -> std::path::PathBuf {
        self.written.beside(place, path)
    }

    /// A whole number within bounds.
    pub(super) fn whole(&mut self, key: &'static str, bounds: RangeInclusive<u64>) -> u64 {
        match self.whole_if(key, bounds.clone()) {
            Some(number) => number,
            None => {
                if !self.has(key) {
                    self.missing(key);
                }
                *bounds.start()
            }
        }
    }

    /// A whole number within bounds; `otherwise` if it is not there, or no such number.
    pub(super) fn whole_or(
        &mut self,
        key: &'static str,
        bounds: RangeInclusive<u64>,
        otherwise: impl Into<u64>,
    ) -> u64 {
        self.whole_if(key, bounds).unwrap_or(otherwise.into())
    }

    /// A span within bounds, in ms; `otherwise` if it is not there.
    pub(super) fn span_or(
        &mut self,
        key: &'static str,
        bounds: RangeInclusive<u64>,
        otherwise: Millis,
    ) -> Millis {
        Millis(self.whole_or(key, bounds, otherwise.0))
    }

    /// A whole number within bounds, or nothing.
    pub(super) fn whole_if(&mut self, key: &'static str, bounds: RangeInclusive<u64>) -> Option<u64> {
        let item = self.item(key)?;
        self.bounded(key, item, bounds)
    }

    pub(super) fn bounded(&mut self, key: &str, item: &Item, bounds: RangeInclusive<u64>) -> Option<u64> {
        let Node::Whole(number) = item.node else {
            self.mistyped(key, item, "a whole number");
            return None;
        };
        let fits = u64::try_from(number).ok().filter(|number| bounds.contains(number));
        if fits.is_none() {
            let mend = format!("choose {} to {}", bounds.start(), bounds.end());
            self.error(item.place, key, format!("{number} is out of bounds"), mend);
        }
        fits
    }

    /// True or false.
    pub(super) fn flag(&mut self, key: &'static str, default: bool) -> bool {
        match self.item(key) {
            None => default,
            Some(Item { node: Node::Flag(flag), .. }) => *flag,
            Some(item) => {
                self.mistyped(key, item, "true or false");
                default
            }
        }
    }

    /// A text, or nothing.
    pub(super) fn text_if(&mut self, key: &'static str) -> Option<Placed<&'a str>> {
        let item = self.item(key)?;
        self.text_of(key, item)
    }

    pub(super) fn text_of(&mut self, key: &str, item: &'a Item) -> Option<Placed<&'a str>> {
        if let Node::Text(text) = &item.node {
            return Some(Placed { value: text, place: item.place });
        }
        self.mistyped(key, item, "a text in quotes");
        None
    }

    /// A text that must be there.
    pub(super) fn text(&mut self, key: &'static str) -> &'a str {
        let text = self.text_if(key);
        if text.is_none() && !self.has(key) {
            self.missing(key);
        }
        text.map_or("", |text| text.value)
    }

    /// A code that must be there.
    pub(super) fn code<T: FromStr<Err: Display>>(&mut self, key: &'static str, otherwise: T) -> T {
        match self.code_if(key) {
            Some(code) => code.value,
            None => {
                if !self.has(key) {
                    self.missing(key);
                }
                otherwise
            }
        }
    }

    /// A code, or nothing.
    pub(super) fn code_if<T: FromStr<Err: Display>>(&mut self, key: &'static str) -> Option<Placed<T>> {
        let text = self.text_if(key)?;
        self.parsed(key, text.value, text.place).map(|value| Placed { value, place: text.place })
    }

    /// A list of codes, each once.
    pub(super) fn codes<T: FromStr<Err: Display> + PartialEq>(
        &mut self,
        key: &'static str,
    ) -> Vec<Placed<T>> {
        let Some(item) = self.item(key) else { return Vec::new() };
        let Node::List(list) = &item.node else {
            self.mistyped(key, item, "a list");
            return Vec::new();
        };
        let mut codes: Vec<Placed<T>> = Vec::with_capacity(list.len());
        for item in list {
            let Some(text) = self.text_of(key, item) else { continue };
            let Some(value) = self.parsed::<T>(key, text.value, text.place) else { continue };
            if codes.iter().any(|known| known.value == value) {
                self.error(text.place, key, format!("{:?} stands there twice", text.value), "take one out");
                continue;
            }
            codes.push(Placed { value, place: text.place });
        }
        codes
    }

    /// Codes with a number each: `{ english = 60 }`.
    pub(super) fn levels<T: FromStr<Err: Display>>(
        &mut self,
        key: &'static str,
        bounds: RangeInclusive<u64>,
    ) -> Vec<(Placed<T>, u64)> {
        let Some(item) = self.item(key) else { return Vec::new() };
        let Node::Table(table) = &item.node else {
            self.mistyped(key, item, "a table like { english = 60 }");
            return Vec::new();
        };
        let mut levels = Vec::with_capacity(table.len());
        for (name, item) in table {
            let path = format!("{key}.{name}");
            let value = self.parsed::<T>(&path, name, item.key_place);
            let level = self.bounded(&path, item, bounds.clone());
            if let (Some(value), Some(level)) = (value, level) {
                levels.push((Placed { value, place: item.key_place }, level));
            }
        }
        levels
    }

    pub(super) fn parsed<T: FromStr<Err: Display>>(
        &mut self,
        key: &str,
        text: &str,
        place: Place,
    ) -> Option<T> {
        match text.parse() {
            Ok(value) => Some(value),
            Err(why) => {
                self.error(place, key, format!("{text:?} {why}"), "");
                None
            }
        }
    }

    /// Complains about every key that nobody asked for.
    pub(super) fn finish(mut self) {
        let unknown = self.table.iter().filter(|(key, _)| !self.asked.contains(&key.as_str()));
        for (key, item) in unknown.collect::<Vec<_>>() {
            let mend = did_you_mean(key, self.asked.iter().copied()).unwrap_or_default();
            self.error(item.key_place, key, "no such key", mend);
        }
    }

    /// Whether it stands here, or where this section falls back to.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key) || self.fallback.is_some_and(|table| table.contains_key(key))
    }

    fn missing(&mut self, key: &str) {
        self.error(self.place, key, "is missing", "");
    }
}
