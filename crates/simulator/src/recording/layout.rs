//! Layouts: which columns of a log mean what, and what counts as dirt. Written in TOML by whoever knows the log.
//!
//! A [`Layout`] is already checked: its parts fit together and its formats work. Whether a file has its columns shows at the
//! file's header. Two layouts are compiled in; any other is a file.

mod check;
mod rule;
#[cfg(test)]
mod tests;
mod written;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use jiff::civil;
use jiff::tz::TimeZone;
use serde::Deserialize;

pub use rule::{Action, Rule};
pub(super) use written::{HandledFrom, InMenuWhen};

use super::stamp::Stamps;

const SHIPPED: [(&str, &str); 2] = [
    ("bank-1999", include_str!("../../../../config/layouts/bank-1999.toml")),
    ("multiskill-2014", include_str!("../../../../config/layouts/multiskill-2014.toml")),
];

/// The largest layout file that is read.
const LAYOUT_BYTES_MAX: u64 = 256 << 10;

/// How to read one kind of log.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its name.
    pub name: String,
    /// What log it is for, for people.
    pub title: String,
    /// When that centre was open, for people.
    pub opening_note: String,
    /// Settings for the queues of a replay, passed through.
    pub queue_settings: QueueSettings,
    /// How the log's own staffing is taken from it.
    pub staffing: StaffingRules,
    pub(super) delimiter: char,
    pub(super) quoted: bool,
    pub(super) stamps: Stamps,
    pub(super) columns: Columns<String>,
    pub(super) absent: Absent,
    pub(super) queue: QueueFrom,
    pub(super) kinds: Names,
    /// Empty: the log has no priorities.
    pub(super) points: BTreeMap<String, u8>,
    /// Empty: whether a call was answered shows by its time of answer.
    pub(super) outcomes: BTreeMap<String, Outcome>,
    pub(super) in_menu_when: InMenuWhen,
    pub(super) agent_rings_when_abandoned: bool,
    pub(super) handled_from: HandledFrom,
    actions: BTreeMap<Rule, Action>,
}

/// Settings that a replay gives to the queues it makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QueueSettings {
    /// How much earlier a call stands in line for each point of its priority.
    pub credit_ms_per_priority_point: u32,
    /// Whether the type of a call is a skill that its agent must have.
    pub kind_as_skill: bool,
}

/// How staffing is taken from a log.
#[derive(Clone, Debug)]
pub struct StaffingRules {
    /// The zone whose days are meant.
    pub zone: TimeZone,
    /// When a working day starts, in that zone.
    pub day_starts: civil::Time,
    /// What answered calls without a named agent mean.
    pub unnamed_servers: UnnamedServers,
}

/// What answered calls without a named agent mean for the staffing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnnamedServers {
    /// Nothing: the named agents are the staff.
    #[default]
    None,
    /// As many extra agents as served such calls at once that day, present from the first to the last of these calls.
    Extra,
}

/// What is wrong with a layout, where, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutError {
    /// The file, or the name of a shipped layout.
    pub file: String,
    /// The line, where one can be named.
    pub line: Option<u64>,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub mend: String,
}

impl fmt::Display for LayoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.what)?;
        if self.mend.is_empty() { Ok(()) } else { write!(f, "; {}", self.mend) }
    }
}

impl std::error::Error for LayoutError {}

impl Layout {
    /// The names of the layouts that are compiled in.
    pub fn shipped_names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// A layout that is compiled in.
    #[must_use]
    pub fn shipped(name: &str) -> Option<Layout> {
        let (name, text) = SHIPPED.iter().find(|(shipped, _)| *shipped == name)?;
        Some(Layout::parse(name, text).expect("a test reads every shipped layout"))
    }

    /// A shipped layout by its name, or one from a file by its path.
    pub fn open(name_or_path: &str) -> Result<Layout, LayoutError> {
        if let Some(layout) = Layout::shipped(name_or_path) {
            return Ok(layout);
        }
        let names = || Layout::shipped_names().collect::<Vec<_>>();
        let refuse = |what: String, mend: String| {
            Err(LayoutError { file: name_or_path.to_owned(), line: None, what, mend })
        };
        let path = Path::new(name_or_path);
        let looks_like_a_path = path.extension().is_some() || path.components().count() > 1;
        if !looks_like_a_path && !path.exists() {
            let near = near_hint(name_or_path, names());
            let mend = format!("{near}shipped are {}; or give a layout file's path", names().join(", "));
            return refuse("no layout of this name".into(), mend);
        }
        match std::fs::metadata(path) {
            Ok(meta) if meta.len() > LAYOUT_BYTES_MAX => {
                return refuse(
                    format!("larger than {LAYOUT_BYTES_MAX} bytes"),
                    "a layout is a short TOML file; is this the log itself?".into(),
                );
            }
            _ => {}
        }
        match std::fs::read_to_string(path) {
            Ok(text) => Layout::parse(name_or_path, &text),
            Err(cause) => refuse(format!("cannot be read: {cause}"), String::new()),
        }
    }

    /// A layout from its text; `file` is what errors call it.
    pub fn parse(file: &str, text: &str) -> Result<Layout, LayoutError> {
        check::checked(file, text)
    }

    /// The zone that the log's times are written in.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.stamps.zone
    }

    /// What this layout does about a kind of dirt.
    #[must_use]
    pub fn action(&self, rule: Rule) -> Action {
        self.actions.get(&rule).copied().unwrap_or_else(|| rule.default_action())
    }

    /// The queue all calls go to, where the layout fixes one.
    #[must_use]
    pub fn fixed_queue(&self) -> Option<&str> {
        match &self.queue {
            QueueFrom::Fixed(queue) => Some(queue),
            QueueFrom::Column(_) => None,
        }
    }
}

/// What each column holds. `C` is a column's name in a layout, its place in a file.
#[derive(Clone, Debug)]
pub(super) struct Columns<C> {
    pub(super) call_id: Vec<C>,
    pub(super) date: Option<C>,
    pub(super) arrived: C,
    pub(super) caller: Option<C>,
    pub(super) queue: Option<C>,
    pub(super) kind: Option<C>,
    pub(super) priority: Option<C>,
    pub(super) menu_seconds: Option<C>,
    pub(super) queue_entry: Option<C>,
    pub(super) queue_end: Option<C>,
    pub(super) wait_seconds: Option<C>,
    pub(super) outcome: Option<C>,
    pub(super) answered: Option<C>,
    pub(super) service_seconds: Option<C>,
    pub(super) consulted: Option<C>,
    pub(super) transferred: Option<C>,
    pub(super) ended: Option<C>,
    pub(super) agent: Option<C>,
}

impl Columns<String> {
    /// Finds every column's place; the first that is missing is the error, with the field it was for.
    pub(super) fn placed<'a, E>(
        &'a self,
        place: impl Fn(&'static str, &'a str) -> Result<usize, E>,
    ) -> Result<Columns<usize>, E> {
        let maybe =
            |field, name: &'a Option<String>| name.as_deref().map(|name| place(field, name)).transpose();
        Ok(Columns {
            call_id: self.call_id.iter().map(|name| place("call_id", name)).collect::<Result<_, _>>()?,
            date: maybe("date_column", &self.date)?,
            arrived: place("arrived", &self.arrived)?,
            caller: maybe("caller", &self.caller)?,
            queue: maybe("queue", &self.queue)?,
            kind: maybe("kind", &self.kind)?,
            priority: maybe("priority", &self.priority)?,
            menu_seconds: maybe("menu_seconds", &self.menu_seconds)?,
            queue_entry: maybe("queue_entry", &self.queue_entry)?,
            queue_end: maybe("queue_end", &self.queue_end)?,
            wait_seconds: maybe("wait_seconds", &self.wait_seconds)?,
            outcome: maybe("outcome", &self.outcome)?,
            answered: maybe("answered", &self.answered)?,
            service_seconds: maybe("service_seconds", &self.service_seconds)?,
            consulted: maybe("consulted", &self.consulted)?,
            transferred: maybe("transferred", &self.transferred)?,
            ended: maybe("ended", &self.ended)?,
            agent: maybe("agent", &self.agent)?,
        })
    }
}

/// Words that stand where nothing stands.
#[derive(Clone, Debug)]
pub(super) struct Absent {
    pub(super) everywhere: Vec<String>,
    pub(super) time: Vec<String>,
    pub(super) caller: Vec<String>,
    pub(super) agent: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) enum QueueFrom {
    Fixed(String),
    Column(Names),
}

/// Recorded words into ids of ours.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub(super) prefix: String,
    pub(super) names: BTreeMap<String, String>,
}

/// What an outcome word means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Answered,
    Abandoned,
    Ignored,
}

/// The longest id of a queue or a type.
const ID_BYTES_MAX: usize = 64;

/// Whether a queue or a type can be called so: lower-case letters, digits, `-`, `_` and `.`, a letter or digit first.
pub(super) fn is_id(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    text.len() <= ID_BYTES_MAX
        && text.bytes().next().is_some_and(plain)
        && text.bytes().all(|b| plain(b) || b"-_.".contains(&b))
}

/// "did you mean …? " for a word near one of the known ones, else nothing.
pub(super) fn near_hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let best = known.into_iter().map(|k| (distance(word, k), k)).min();
    match best {
        Some((distance, known)) if distance <= 1.max(word.chars().count() / 3) => {
            format!("did you mean \"{known}\"? ")
        }
        _ => String::new(),
    }
}

/// The longest word that is compared: a hint is not worth more.
const COMPARED_CHARS_MAX: usize = 64;

/// Letters to change, drop, add or swap with the next to make one word of the other, ignoring case.
fn distance(a: &str, b: &str) -> usize {
    let letters = |word: &str| -> Vec<char> {
        word.chars().take(COMPARED_CHARS_MAX).map(|c| c.to_ascii_lowercase()).collect()
    };
    let (a, b) = (letters(a), letters(b));
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
