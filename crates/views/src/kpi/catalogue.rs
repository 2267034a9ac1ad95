//! The figures that ship, read once from `catalogue.toml`: what each is called, by which formula it is made, with which
//! switches, against which target, and what it must not be confused with. A figure that shall be made otherwise gets a
//! new version beside the old one; what was published under the old one stays what it was.

use super::KpiError;
use super::error::like;
use super::formula::Formula;
use super::measure::Measure;
use super::switches::{Switch, Switches};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Figures of one catalogue, all versions counted.
pub const ENTRIES_MAX: usize = 500;

const SHIPPED: &str = include_str!("catalogue.toml");

/// What a value is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A part of a whole: 1 is all of it, and it is shown as a percentage.
    Fraction,
    /// A mean span in ms.
    Ms,
    /// So many in an hour.
    PerHour,
    /// So many in a minute.
    PerMinute,
    /// So many in ten thousand.
    #[serde(rename = "per_10000")]
    Per10000,
    /// So many for each agent and day.
    PerAgentDay,
    /// Mean points.
    Points,
    /// Hundredths of the currency for each.
    Cents,
    /// Rings of the telephone.
    Rings,
    /// Cycle times.
    Cycles,
}

impl Unit {
    /// By what the fraction is multiplied: measures of time are in ms.
    pub const fn scale(self) -> u32 {
        match self {
            Self::PerHour => 3_600_000,
            Self::PerMinute => 60_000,
            Self::Per10000 => 10_000,
            _ => 1,
        }
    }

    /// Decimals that are usually shown.
    pub const fn decimals(self) -> u8 {
        match self {
            Self::Ms => 0,
            Self::Fraction => 4,
            _ => 2,
        }
    }
}

/// In Chinese and in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More.
    Higher,
    /// Less.
    Lower,
}

/// What is customarily aimed at, and who says so. A centre sets its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// At least so much, in the figure's unit.
    pub at_least: Option<f64>,
    /// At most so much.
    pub at_most: Option<f64>,
    /// Who says so.
    pub source: String,
}

/// One figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    written: Written,
    numerator: Formula,
    denominator: Formula,
    adjustments: Vec<(Switches, Formula, Formula)>,
}

/// As it stands in the file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    version: u32,
    #[serde(default)]
    number: Option<u8>,
    name: Bilingual,
    formula: Bilingual,
    numerator: String,
    denominator: String,
    unit: Unit,
    #[serde(default)]
    better: Option<Direction>,
    #[serde(default)]
    target: Option<Target>,
    beware: Bilingual,
    #[serde(default)]
    switches: Switches,
    #[serde(default)]
    adjust: Vec<Adjustment>,
}

/// What a switch adds to the formula.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Adjustment {
    when: Switches,
    #[serde(default)]
    numerator: Option<String>,
    #[serde(default)]
    denominator: Option<String>,
}

impl Entry {
    /// Its id; never given a second meaning.
    pub fn id(&self) -> &str {
        &self.written.id
    }

    /// Of its formula, from 1.
    pub const fn version(&self) -> u32 {
        self.written.version
    }

    /// Its number among the twenty of T/GSOCCIA 001—2020, if it answers one of them.
    pub const fn number(&self) -> Option<u8> {
        self.written.number
    }

    /// What it is called.
    pub const fn name(&self) -> &Bilingual {
        &self.written.name
    }

    /// Its formula in words.
    pub const fn formula(&self) -> &Bilingual {
        &self.written.formula
    }

    /// In what its value is counted.
    pub const fn unit(&self) -> Unit {
        self.written.unit
    }

    /// By what its fraction is multiplied to be in that unit.
    pub const fn scale(&self) -> u32 {
        self.written.unit.scale()
    }

    /// Which way is better, if one is.
    pub const fn better(&self) -> Option<Direction> {
        self.written.better
    }

    /// What is customarily aimed at, if anybody says so.
    pub const fn target(&self) -> Option<&Target> {
        self.written.target.as_ref()
    }

    /// What it must not be confused with.
    pub const fn beware(&self) -> &Bilingual {
        &self.written.beware
    }

    /// Its switches, as they stand unless something else is asked for. It has no others.
    pub const fn switches(&self) -> &Switches {
        &self.written.switches
    }

    /// Above the line, before any switch adds to it.
    pub const fn numerator(&self) -> &Formula {
        &self.numerator
    }

    /// Below the line, before any switch adds to it.
    pub const fn denominator(&self) -> &Formula {
        &self.denominator
    }

    /// What switches add to both sides where they stand so.
    pub fn adjustments(&self) -> impl ExactSizeIterator<Item = (&Switches, &Formula, &Formula)> {
        self.adjustments.iter().map(|(when, over, under)| (when, over, under))
    }

    /// Above and below the line, with switches as they stand unless something else is asked for.
    pub fn sides(&self, asked: &Switches) -> Result<(Switches, Formula, Formula), KpiError> {
        let switches = self.resolve(asked)?;
        let (mut over, mut under) = (self.numerator.clone(), self.denominator.clone());
        for (when, more_over, more_under) in &self.adjustments {
            let holds = when.said().all(|(switch, value)| switches.get(switch) == Some(value));
            if holds {
                (over, under) = (over.plus(more_over), under.plus(more_under));
            }
        }
        Ok((switches, over, under))
    }

    /// The measures that it needs as its switches stand, in the order of the table.
    pub fn measures(&self, asked: &Switches) -> Result<BTreeSet<Measure>, KpiError> {
        let (_, over, under) = self.sides(asked)?;
        Ok(over.terms().chain(under.terms()).map(|(measure, _)| measure).collect())
    }

    /// The measures that it needs however its switches stand.
    pub fn all_measures(&self) -> BTreeSet<Measure> {
        let adjusted = self.adjustments.iter().flat_map(|(_, over, under)| [over, under]);
        let sides = [&self.numerator, &self.denominator].into_iter().chain(adjusted);
        sides.flat_map(|side| side.terms().map(|(measure, _)| measure)).collect()
    }

    /// Whether it can be taken from the log alone; otherwise people enter a part of it.
    pub fn is_computed(&self) -> bool {
        self.all_measures().into_iter().all(Measure::is_computed)
    }

    /// How its switches stand when these are asked for. A switch that it does not have cannot be asked for.
    pub fn resolve(&self, asked: &Switches) -> Result<Switches, KpiError> {
        let foreign = asked.said().map(|(switch, _)| switch).find(|one| self.switches().get(*one).is_none());
        if let Some(switch) = foreign {
            let has: Vec<Switch> = self.switches().said().map(|(switch, _)| switch).collect();
            return Err(KpiError::NoSuchSwitch { id: self.id().to_owned(), switch, has });
        }
        Ok(asked.or(self.switches()))
    }

    fn of(written: Written) -> Result<Self, KpiError> {
        let wrong =
            |what: &str| Err(KpiError::Catalogue(format!("{}@{}: {what}", written.id, written.version)));
        let letters =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._".contains(letter);
        if written.id.is_empty() || !written.id.chars().all(letters) {
            return wrong("an id is made of a-z 0-9 . _");
        }
        if written.version == 0 {
            return wrong("versions count from 1");
        }
        let both = [&written.name, &written.formula, &written.beware];
        if both.iter().any(|text| text.zh.trim().is_empty() || text.en.trim().is_empty()) {
            return wrong("name, formula and beware are there in zh and en");
        }
        if let Some(target) = &written.target {
            let bounds: Vec<f64> = target.at_least.into_iter().chain(target.at_most).collect();
            if bounds.is_empty() || bounds.iter().any(|bound| !bound.is_finite()) || target.source.is_empty()
            {
                return wrong("a target has a bound and says who set it");
            }
        }
        let side = |text: &Option<String>| text.as_deref().map_or(Ok(Formula::default()), str::parse);
        let mut adjustments = Vec::new();
        for adjustment in &written.adjust {
            let when = adjustment.when;
            if when.said().next().is_none() || when.said().any(|(one, _)| written.switches.get(one).is_none())
            {
                return wrong("what adjusts the formula is a switch of the same entry");
            }
            adjustments.push((when, side(&adjustment.numerator)?, side(&adjustment.denominator)?));
        }
        let (numerator, denominator) = (written.numerator.parse()?, written.denominator.parse()?);
        Ok(Self { written, numerator, denominator, adjustments })
    }
}

/// All figures, by id and version.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    entries: Vec<Entry>,
    /// The newest version of each.
    newest: BTreeMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kpi: Vec<Written>,
}

impl Catalogue {
    /// The one that this program was built with.
    pub fn shipped() -> &'static Self {
        static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| match Catalogue::read(SHIPPED) {
            Ok(catalogue) => catalogue,
            // It is a part of the program, and a test reads it: what is wrong here is our own.
            Err(why) => panic!("the catalogue that this program was built with: {why}"),
        });
        &CATALOGUE
    }

    /// Reads and checks one.
    pub fn read(text: &str) -> Result<Self, KpiError> {
        let File { kpi } = toml::from_str(text).map_err(|why| KpiError::Catalogue(why.to_string()))?;
        if kpi.len() > ENTRIES_MAX {
            let why = format!("{} entries; at most {ENTRIES_MAX} are allowed", kpi.len());
            return Err(KpiError::Catalogue(why));
        }
        let entries = kpi.into_iter().map(Entry::of).collect::<Result<Vec<Entry>, KpiError>>()?;
        let mut seen = BTreeSet::new();
        let mut newest: BTreeMap<String, usize> = BTreeMap::new();
        for (place, entry) in entries.iter().enumerate() {
            if !seen.insert((entry.id(), entry.version())) {
                let why = format!("{}@{} is there twice", entry.id(), entry.version());
                return Err(KpiError::Catalogue(why));
            }
            let newer =
                newest.get(entry.id()).is_none_or(|known| entries[*known].version() < entry.version());
            if newer {
                newest.insert(entry.id().to_owned(), place);
            }
        }
        Ok(Self { entries, newest })
    }

    /// The newest version of each figure, in the order of the file.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        let newest = |place: &usize| self.newest.get(self.entries[*place].id()) == Some(place);
        (0..self.entries.len()).filter(newest).map(|place| &self.entries[place])
    }

    /// The newest version of a figure.
    pub fn find(&self, id: &str) -> Result<&Entry, KpiError> {
        let found = self.newest.get(id).map(|place| &self.entries[*place]);
        found.ok_or_else(|| self.unknown(id))
    }

    /// A figure by `id`, or by `id@version` as it was in that version.
    pub fn named(&self, name: &str) -> Result<&Entry, KpiError> {
        match name.split_once('@') {
            None => self.find(name),
            Some((id, version)) => match version.parse() {
                Ok(version) => self.find_version(id, version),
                Err(_) => Err(self.unknown(name)),
            },
        }
    }

    /// A figure as it was in this version.
    pub fn find_version(&self, id: &str, version: u32) -> Result<&Entry, KpiError> {
        let found = self.entries.iter().find(|entry| entry.id() == id && entry.version() == version);
        found.ok_or_else(|| {
            let like = match self.find(id) {
                Ok(newest) => vec![format!("{id}@{}", newest.version())],
                Err(KpiError::UnknownId { like, .. }) => like,
                Err(_) => Vec::new(),
            };
            KpiError::UnknownId { id: format!("{id}@{version}"), like }
        })
    }

    fn unknown(&self, id: &str) -> KpiError {
        KpiError::UnknownId { id: id.to_owned(), like: like(id, self.newest.keys().map(String::as_str)) }
    }
}
