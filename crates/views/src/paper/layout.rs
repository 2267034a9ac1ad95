//! Layouts: what a report of a period shows, when it is frozen, when it is due, who writes and who approves it. They are data
//! (`daily.toml` and its like); a layout that shall be otherwise is another version, and the former stays.

use super::period::{Period, Stretch, after};
use super::{PaperError, SECTIONS_MAX};
use crate::interval::{GridError, Interval};
use crate::kpi::{Bilingual, Switches};
use crate::report::{Ask, Column, Formulas, Kind, SERVICE_LEVEL};
use crate::tables::Group;
use cordboard_floor::{Instant, LayoutId};
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Every version of every layout that this program knows.
pub(super) const SHIPPED: [&str; 3] =
    [include_str!("daily.toml"), include_str!("weekly.toml"), include_str!("monthly.toml")];

/// A moment after the end of a period, by the site's clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Afterwards {
    days: i8,
    at: Time,
}

/// One table of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionLayout {
    /// Its id within the layout.
    pub id: String,
    /// What it is called.
    pub title: Bilingual,
    /// What is reported.
    pub report: Kind,
    /// By what rows are told apart.
    pub by: Group,
    /// How the period is cut; empty is not at all.
    #[serde(default)]
    interval: String,
    /// Whether a code or a reason is one row, whoever's it was.
    #[serde(default)]
    pub alone: bool,
    /// By which formula service level is reckoned.
    #[serde(default)]
    formula: Option<String>,
    /// How else switches stand.
    #[serde(default)]
    pub switches: Switches,
    /// By which column rows stand, the most first; none: by interval and by what they are about.
    #[serde(default)]
    pub sort: Option<String>,
    /// How many rows at most; none: all.
    #[serde(default)]
    pub rows: Option<usize>,
}

/// What belongs into such a report and cannot be known yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotKept {
    /// Its id within the layout.
    pub id: String,
    /// What it is called.
    pub title: Bilingual,
    /// Why it is not there.
    pub why: Bilingual,
}

/// A layout.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Its id.
    pub id: String,
    /// From 1.
    pub version: u32,
    /// What it is called.
    pub title: Bilingual,
    /// On what it reports.
    pub period: Period,
    frozen: Afterwards,
    due: Afterwards,
    /// Which roles write it.
    pub authors: Vec<String>,
    /// Which roles approve it.
    pub approvers: Vec<String>,
    /// Its tables.
    pub sections: Vec<SectionLayout>,
    /// What is not there, and why.
    #[serde(default)]
    pub not_kept: Vec<NotKept>,
}

impl SectionLayout {
    /// How the period is cut.
    pub fn interval(&self) -> Interval {
        // A layout whose interval is none is not read at all.
        self.interval.parse().unwrap_or(Interval::Whole)
    }

    /// What is asked for.
    pub fn ask(&self, stretch: Stretch, zone: &str, formulas: Formulas) -> Ask {
        Ask {
            interval: self.interval(),
            zone: zone.to_owned(),
            group: Some(self.by),
            alone: self.alone,
            service_level: self.formula.clone().unwrap_or_else(|| SERVICE_LEVEL.to_owned()),
            formulas,
            switches: self.switches,
            ..Ask::new(self.report, stretch.from, stretch.to)
        }
    }
}

impl Layout {
    /// Every version of every layout that ships.
    pub fn shipped() -> &'static [Self] {
        static LAYOUTS: LazyLock<Vec<Layout>> = LazyLock::new(|| {
            let read = |text: &&str| match Layout::read(text) {
                Ok(layout) => layout,
                // They are a part of the program, and a test reads them: what is wrong here is our own.
                Err(why) => panic!("a layout that this program was built with: {why}"),
            };
            SHIPPED.iter().map(read).collect()
        });
        &LAYOUTS
    }

    /// The newest version of each layout.
    pub fn newest() -> impl Iterator<Item = &'static Self> {
        let all = Self::shipped();
        all.iter()
            .filter(|layout| all.iter().all(|other| other.id != layout.id || other.version <= layout.version))
    }

    /// The newest version of one.
    pub fn find(id: &str) -> Result<&'static Self, PaperError> {
        let found = Self::newest().find(|layout| layout.id == id);
        found.ok_or_else(|| PaperError::UnknownLayout { layout: id.to_owned(), version: None })
    }

    /// One in the version in which a report was frozen.
    pub fn find_version(id: &str, version: u32) -> Result<&'static Self, PaperError> {
        let found = Self::shipped().iter().find(|layout| layout.id == id && layout.version == version);
        found.ok_or_else(|| PaperError::UnknownLayout { layout: id.to_owned(), version: Some(version) })
    }

    /// Reads and checks one.
    pub fn read(text: &str) -> Result<Self, PaperError> {
        let layout: Self = toml::from_str(text).map_err(|why| PaperError::Layout(why.to_string()))?;
        let wrong =
            |what: String| Err(PaperError::Layout(format!("{}@{}: {what}", layout.id, layout.version)));
        if layout.id.parse::<LayoutId>().is_err() || layout.version == 0 {
            return wrong("an id is a code, and versions count from 1".to_owned());
        }
        if layout.sections.is_empty() || layout.sections.len() > SECTIONS_MAX {
            return wrong(format!(
                "it has {} sections; 1 to {SECTIONS_MAX} are allowed",
                layout.sections.len()
            ));
        }
        if layout.authors.is_empty() || layout.approvers.is_empty() {
            return wrong("somebody writes and somebody approves it".to_owned());
        }
        if layout.frozen.days < 0 || (layout.due.days, layout.due.at) < (layout.frozen.days, layout.frozen.at)
        {
            return wrong("it is frozen after its period and due after that".to_owned());
        }
        let mut ids = BTreeSet::new();
        let titles = layout.sections.iter().map(|section| (&section.id, &section.title));
        let titles = titles.chain(layout.not_kept.iter().map(|none| (&none.id, &none.title)));
        for (id, title) in titles {
            if !ids.insert(id) || title.zh.is_empty() || title.en.is_empty() {
                return wrong(format!("{id} is there twice, or has no title"));
            }
        }
        for section in &layout.sections {
            if !section.interval.is_empty() && section.interval.parse::<Interval>().is_err() {
                return wrong(format!("{}: {:?} is no interval", section.id, section.interval));
            }
            let columns = section.columns(Formulas::Newest)?;
            if let Some(sort) =
                section.sort.as_ref().filter(|sort| columns.iter().all(|column| column.name() != **sort))
            {
                return wrong(format!("{}: it has no column {sort}", section.id));
            }
        }
        Ok(layout)
    }

    /// Every formula that its tables show, in the newest version: what a report that is frozen now is made by.
    pub fn formulas(&self) -> Result<Vec<String>, PaperError> {
        let mut shown = BTreeSet::new();
        for section in &self.sections {
            let columns = section.columns(Formulas::Newest)?;
            shown.extend(columns.iter().filter_map(Column::entry).map(|entry| entry.id().to_owned()));
            // The service level says how is counted, also where it is no column.
            shown.insert(section.formula.clone().unwrap_or_else(|| SERVICE_LEVEL.to_owned()));
        }
        let entries = Formulas::Newest.all()?.into_iter().filter(|entry| shown.contains(entry.id()));
        Ok(entries.map(|entry| format!("{}@{}", entry.id(), entry.version())).collect())
    }

    /// When the report of a period that ends then is frozen of itself; `hour` is a site's own wish.
    pub fn frozen_at(&self, to: Instant, zone: &str, hour: Option<u8>) -> Result<Instant, GridError> {
        let at = hour.and_then(|hour| Time::new(hour as i8, 0, 0, 0).ok()).unwrap_or(self.frozen.at);
        after(to, self.frozen.days, at, zone)
    }

    /// Until when it is to be submitted.
    pub fn due_at(&self, to: Instant, zone: &str) -> Result<Instant, GridError> {
        after(to, self.due.days, self.due.at, zone)
    }

    /// The last periods whose time to be frozen has come, the oldest first, at most so many.
    pub fn come(
        &self,
        now: Instant,
        zone: &str,
        hour: Option<u8>,
        count_max: usize,
    ) -> Result<Vec<Stretch>, GridError> {
        let mut stretch = self.period.containing(now, zone)?;
        let mut come = Vec::new();
        while come.len() < count_max {
            stretch = self.period.containing(Instant::from_micros(stretch.from.micros() - 1), zone)?;
            if self.frozen_at(stretch.to, zone, hour)? <= now {
                come.push(stretch);
            }
        }
        come.reverse();
        Ok(come)
    }
}

impl SectionLayout {
    fn columns(&self, formulas: Formulas) -> Result<Vec<Column>, PaperError> {
        let (from, to) = (Instant::from_micros(0), Instant::from_micros(1));
        Ok(self.ask(Stretch { from, to }, "", formulas).columns()?)
    }
}
