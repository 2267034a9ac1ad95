//! The KPI catalogue as the doors show it: each figure with its formula, switches and target, and what it is made of.

use cordboard_views::kpi::{
    Base, Bilingual, Catalogue, Direction, Entry, KpiError, Measure, MeasureUnit, Switches, Target, Unit,
};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// In Chinese and in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicBilingual {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<&Bilingual> for PublicBilingual {
    fn from(text: &Bilingual) -> Self {
        Self { zh: text.zh.clone(), en: text.en.clone() }
    }
}

/// A figure of the catalogue.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicKpi {
    /// Its id.
    #[schema(example = "sl.positive")]
    pub id: String,
    /// The version of its formula.
    pub version: u32,
    /// Its number among the twenty of T/GSOCCIA 001—2020.
    pub number: Option<u8>,
    /// What it is called.
    pub name: PublicBilingual,
    /// Its formula in words.
    pub formula: PublicBilingual,
    /// Above the line: measures with whole factors.
    #[schema(example = "answered_within + abandoned_within")]
    pub numerator: String,
    /// Below the line. Comes nothing of it, there is no value.
    #[schema(example = "answered + abandoned")]
    pub denominator: String,
    /// In what its value is counted: `fraction`, `ms`, `per_hour`, `per_minute`, `per_10000`, `per_agent_day`, `points`,
    /// `cents`, `rings` or `cycles`.
    #[schema(value_type = String)]
    pub unit: Unit,
    /// By what the fraction is multiplied to be in that unit.
    pub scale: u32,
    /// `higher` or `lower`, if one of them is better.
    #[schema(value_type = Option<String>)]
    pub better: Option<Direction>,
    /// What is customarily aimed at.
    pub target: Option<PublicTarget>,
    /// What it must not be confused with.
    pub beware: PublicBilingual,
    /// Its switches as they stand unless something else is asked for.
    pub switches: BTreeMap<&'static str, String>,
    /// What is added to it where switches stand so.
    pub adjustments: Vec<PublicAdjustment>,
    /// Whether the log alone gives it; otherwise people enter a part of it.
    pub computed: bool,
    /// The measures that it is made of.
    #[schema(value_type = Vec<String>)]
    pub measures: Vec<Measure>,
}

/// What is customarily aimed at.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicTarget {
    /// At least so much, in the figure's unit.
    pub at_least: Option<f64>,
    /// At most so much.
    pub at_most: Option<f64>,
    /// Who says so.
    pub source: String,
}

/// What switches add to a formula.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicAdjustment {
    /// Where they stand so.
    pub when: BTreeMap<&'static str, String>,
    /// Above the line; nothing if empty.
    pub numerator: String,
    /// Below the line; nothing if empty.
    pub denominator: String,
}

/// Something that is counted or summed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicMeasure {
    /// Its name in formulas.
    #[schema(value_type = String, example = "answered_within")]
    pub measure: Measure,
    /// `count`, `ms`, `points`, `cents`, `chars` or `millicycles`.
    #[schema(value_type = String)]
    pub unit: MeasureUnit,
    /// What is counted once: `visit`, `contact`, `offer`, `handling`, `agent_time`, `callback`, or `entered` by people.
    #[schema(value_type = String)]
    pub base: Base,
    /// What it counts.
    pub counts: PublicBilingual,
    /// The events that it is taken from.
    pub events: &'static [&'static str],
}

/// A figure with everything that it is made of.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicKpiDetail {
    /// The figure.
    pub kpi: PublicKpi,
    /// Its measures, with every switch that brings one in.
    pub measures: Vec<PublicMeasure>,
}

impl PublicKpi {
    /// As the catalogue has it.
    pub fn of(entry: &Entry) -> Self {
        Self {
            id: entry.id().to_owned(),
            version: entry.version(),
            number: entry.number(),
            name: entry.name().into(),
            formula: entry.formula().into(),
            numerator: entry.numerator().to_string(),
            denominator: entry.denominator().to_string(),
            unit: entry.unit(),
            scale: entry.scale(),
            better: entry.better(),
            target: entry.target().map(PublicTarget::from),
            beware: entry.beware().into(),
            switches: said(entry.switches()),
            adjustments: entry
                .adjustments()
                .map(|(when, over, under)| PublicAdjustment {
                    when: said(when),
                    numerator: over.to_string(),
                    denominator: under.to_string(),
                })
                .collect(),
            computed: entry.is_computed(),
            measures: entry.all_measures().into_iter().collect(),
        }
    }

    /// The newest version of each figure that ships, in the order of the catalogue.
    pub fn all() -> Vec<Self> {
        Catalogue::shipped().entries().map(Self::of).collect()
    }
}

impl PublicKpiDetail {
    /// One figure by its id, or by `id@version`.
    pub fn named(id: &str) -> Result<Self, KpiError> {
        let entry = Catalogue::shipped().named(id)?;
        let measures = entry.all_measures().into_iter().map(PublicMeasure::from).collect();
        Ok(Self { kpi: PublicKpi::of(entry), measures })
    }
}

impl From<&Target> for PublicTarget {
    fn from(target: &Target) -> Self {
        Self { at_least: target.at_least, at_most: target.at_most, source: target.source.clone() }
    }
}

impl From<Measure> for PublicMeasure {
    fn from(measure: Measure) -> Self {
        let counts = PublicBilingual { zh: measure.counts_zh().to_owned(), en: measure.counts().to_owned() };
        Self { measure, unit: measure.unit(), base: measure.base(), counts, events: measure.events() }
    }
}

fn said(switches: &Switches) -> BTreeMap<&'static str, String> {
    switches.said().map(|(switch, value)| (switch.name(), value)).collect()
}
