//! Service levels by the names of the catalogue of figures. The model knows who is answered and who gives up, and
//! when; so every formula whose measures are made of these comes out, and the same queue has several service levels.

use super::load::Refused;
use super::steady::Steady;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// Within how many seconds an abandoned wait counts as short, as the catalogue's `short_ms` stands.
pub const SHORT_S: f64 = 5.0;

/// A service level, by its id in the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Formula {
    /// `sl.offered`: answered within T ÷ (answered + abandoned).
    #[default]
    Offered,
    /// `sl.answered_only`: answered within T ÷ answered.
    AnsweredOnly,
    /// `sl.positive`: (answered within T + abandoned within T) ÷ (answered + abandoned).
    Positive,
    /// `sl.ignore_fast_abandon`: answered within T ÷ (answered + abandoned after T).
    IgnoreFastAbandon,
    /// `sl.short_positive`: (answered within T + abandoned within [`SHORT_S`]) ÷ (answered + abandoned).
    ShortPositive,
    /// `sl.genesys` with its switches as shipped: answered within T ÷ (answered + abandoned after [`SHORT_S`]).
    Genesys,
    /// `sl.avaya_bcms`: as `sl.offered`, for in this model nobody overflows, is transferred or withdrawn.
    AvayaBcms,
    /// `sl.cisco_v15.positive`: as `sl.positive`, for nobody is dequeued.
    CiscoPositive,
    /// `sl.cisco_v15.negative`: as `sl.offered`.
    CiscoNegative,
    /// `sl.cisco_v15.ignore`: as `sl.ignore_fast_abandon`.
    CiscoIgnore,
}

/// No service level that a model could tell.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0:?} is no service level that staffing can reckon; there are {known}", known = Formula::ALL.map(|(_, id)| id).join(", "))]
pub struct UnknownFormula(pub String);

impl Formula {
    /// Each with its id.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Offered, "sl.offered"),
        (Self::AnsweredOnly, "sl.answered_only"),
        (Self::Positive, "sl.positive"),
        (Self::IgnoreFastAbandon, "sl.ignore_fast_abandon"),
        (Self::ShortPositive, "sl.short_positive"),
        (Self::Genesys, "sl.genesys"),
        (Self::AvayaBcms, "sl.avaya_bcms"),
        (Self::CiscoPositive, "sl.cisco_v15.positive"),
        (Self::CiscoNegative, "sl.cisco_v15.negative"),
        (Self::CiscoIgnore, "sl.cisco_v15.ignore"),
    ];

    /// Its id in the catalogue.
    pub fn id(self) -> &'static str {
        Self::ALL.iter().find(|(formula, _)| *formula == self).map_or("sl.offered", |(_, id)| id)
    }

    pub(super) fn of(self, steady: &Steady, within_s: f64) -> Result<f64, Refused> {
        let within = steady.within(within_s)?;
        let short = || Ok::<f64, Refused>(steady.within(SHORT_S)?.abandoned);
        let level = match self {
            Self::Offered | Self::AvayaBcms | Self::CiscoNegative => within.answered,
            Self::AnsweredOnly => over(within.answered, steady.answered()),
            Self::Positive | Self::CiscoPositive => within.answered + within.abandoned,
            Self::IgnoreFastAbandon | Self::CiscoIgnore => over(within.answered, 1.0 - within.abandoned),
            Self::ShortPositive => within.answered + short()?,
            Self::Genesys => over(within.answered, 1.0 - short()?),
        };
        Ok(f64::clamp(level, 0.0, 1.0))
    }
}

/// With nothing below the line nobody was answered in time either.
fn over(numerator: f64, denominator: f64) -> f64 {
    if denominator > 0.0 { numerator / denominator } else { 0.0 }
}

impl fmt::Display for Formula {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.id())
    }
}

impl FromStr for Formula {
    type Err = UnknownFormula;

    fn from_str(text: &str) -> Result<Self, UnknownFormula> {
        let known = Self::ALL.iter().find(|(_, id)| *id == text);
        known.map(|(formula, _)| *formula).ok_or_else(|| UnknownFormula(text.to_owned()))
    }
}
