//! Where the parts of an item stand, for checks that come when everything has been read.

use super::source::{Item, Node, Place};
use std::collections::BTreeMap;

/// Where the parts of an item stand, by their paths: `plan.steps.2.after_ms`. Lists count from 1.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    item: Place,
    keys: BTreeMap<String, Place>,
}

impl Keys {
    /// An item of which no part is known yet.
    pub(super) fn of(item: Place) -> Self {
        Self { item, keys: BTreeMap::new() }
    }

    /// Where that stands, or else what it would be a part of.
    pub(crate) fn at(&self, path: &str) -> Place {
        let mut path = path;
        loop {
            if let Some(place) = self.keys.get(path) {
                return *place;
            }
            match path.rsplit_once('.') {
                Some((before, _)) => path = before,
                None => return self.item,
            }
        }
    }

    /// Where the last written of several keys stands that contradict each other: the others were there before.
    pub(crate) fn last_of(&self, paths: &[String]) -> Place {
        paths.iter().map(|path| self.at(path)).max().unwrap_or(self.item)
    }

    /// Whether that was written at all.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.keys.contains_key(path)
    }

    /// Notes an item and its parts; of two tables, the parts that the first does not have are the second's.
    pub(super) fn take(&mut self, path: &str, own: Option<&Item>, behind: Option<&Item>) {
        let Some(item) = own.or(behind) else { return };
        let is_table = matches!(item.node, Node::Table(_));
        self.keys.insert(path.to_owned(), if is_table { item.key_place } else { item.place });
        match &item.node {
            Node::Table(table) => {
                let behind = match behind.map(|item| &item.node) {
                    Some(Node::Table(behind)) => behind,
                    _ => table,
                };
                let further = behind.keys().filter(|key| !table.contains_key(*key));
                for key in table.keys().chain(further) {
                    self.take(&format!("{path}.{key}"), table.get(key), behind.get(key));
                }
            }
            Node::List(list) => {
                for (number, item) in (1..).zip(list) {
                    self.take(&format!("{path}.{number}"), Some(item), None);
                }
            }
            _ => {}
        }
    }
}
