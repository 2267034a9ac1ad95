//! A layout as it is written: the TOML, typed, with the place of every value that a later check may complain about.
//!
//! Unknown keys and words are refused here. Whether the parts fit together is for `check.rs`.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub(super) layout: Spanned<String>,
    #[serde(default)]
    pub(super) title: String,
    #[serde(default)]
    pub(super) opening_note: String,
    pub(super) zone: Spanned<String>,
    pub(super) file: File,
    pub(super) time: Time,
    pub(super) columns: Columns,
    #[serde(default)]
    pub(super) absent: Absent,
    pub(super) queue: Spanned<Queue>,
    #[serde(default)]
    pub(super) kind: Names,
    #[serde(default)]
    pub(super) priority: Option<Spanned<Priority>>,
    #[serde(default)]
    pub(super) outcome: Option<Spanned<Outcome>>,
    #[serde(default)]
    pub(super) abandoned: Abandoned,
    pub(super) handled: Handled,
    #[serde(default)]
    pub(super) dirt: BTreeMap<Spanned<String>, super::Action>,
    #[serde(default)]
    pub(super) queue_settings: super::QueueSettings,
    #[serde(default)]
    pub(super) staffing: Staffing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) delimiter: Delimiter,
    #[serde(default)]
    pub(super) quoted: bool,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Delimiter {
    Tab,
    Comma,
    Semicolon,
    Pipe,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Time {
    pub(super) format: Spanned<String>,
    pub(super) date_column: Option<Spanned<String>>,
    pub(super) date_format: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Columns {
    #[serde(default)]
    pub(super) call_id: Option<OneOrMore>,
    pub(super) arrived: Spanned<String>,
    pub(super) caller: Option<Spanned<String>>,
    pub(super) queue: Option<Spanned<String>>,
    pub(super) kind: Option<Spanned<String>>,
    pub(super) priority: Option<Spanned<String>>,
    pub(super) menu_seconds: Option<Spanned<String>>,
    pub(super) queue_entry: Option<Spanned<String>>,
    pub(super) queue_end: Option<Spanned<String>>,
    pub(super) wait_seconds: Option<Spanned<String>>,
    pub(super) outcome: Option<Spanned<String>>,
    pub(super) answered: Option<Spanned<String>>,
    pub(super) service_seconds: Option<Spanned<String>>,
    pub(super) consulted: Option<Spanned<String>>,
    pub(super) transferred: Option<Spanned<String>>,
    pub(super) ended: Option<Spanned<String>>,
    pub(super) agent: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a column's name, or a list of them")]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Absent {
    pub(super) everywhere: Vec<String>,
    pub(super) time: Vec<String>,
    pub(super) caller: Vec<String>,
    pub(super) agent: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Queue {
    pub(super) fixed: Option<String>,
    #[serde(default)]
    pub(super) prefix: String,
    #[serde(default)]
    pub(super) names: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Names {
    pub(super) prefix: String,
    pub(super) names: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Priority {
    pub(super) points: BTreeMap<String, Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Outcome {
    pub(super) answered: Vec<String>,
    pub(super) abandoned: Vec<String>,
    #[serde(default)]
    pub(super) ignored: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Abandoned {
    pub(super) in_menu_when: Option<Spanned<InMenuWhen>>,
    pub(super) while_ringing_when: Option<Spanned<RingingWhen>>,
}

/// When an abandoned call never left the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::recording) enum InMenuWhen {
    Never,
    NeverWaited,
    NoQueueEntry,
}

/// When an abandoned call rang at an agent's phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RingingWhen {
    Never,
    AgentNamed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Handled {
    pub(super) from: Spanned<HandledFrom>,
}

/// What the time that an agent was busy with a call is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::recording) enum HandledFrom {
    ServiceSeconds,
    AnsweredToEnded,
    AnsweredToTransferred,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Staffing {
    pub(super) day_starts: Option<Spanned<String>>,
    pub(super) unnamed_servers: super::UnnamedServers,
}
