//! A figure: an exact fraction that remembers by which formula, in which version and with which switches it was made.
//! Two of the same kind add by their sides, so that the whole is computed anew; nothing else can be done with them.

use super::KpiError;
use super::catalogue::{Entry, Unit};
use super::sums::{EXACT_MAX, unlike};
use super::switches::Switches;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;

/// One figure.
///
/// Figures add if they are the same figure of two parts. Their values do not: there is no mean of two percentages.
///
/// ```
/// use cordboard_views::kpi::{Measure, Sums, Switches, evaluate};
/// let hour = |answered: i64, abandoned: i64| {
///     let mut sums = Sums::new();
///     sums.set(Measure::Answered, answered);
///     sums.set(Measure::Offered, answered + abandoned);
///     sums.set(Measure::Abandoned, abandoned);
///     evaluate("kpi.abandonment", &Switches::NONE, &sums)
/// };
/// let (quiet, busy) = (hour(1, 1)?, hour(90, 10)?);
/// assert_eq!(quiet.plus(&busy)?.value().map(|value| value.to_string()).as_deref(), Some("0.1078"));
/// # Ok::<(), cordboard_views::kpi::KpiError>(())
/// ```
///
/// ```compile_fail,E0369
/// # use cordboard_views::kpi::Ratio;
/// fn mean(quiet: &Ratio, busy: &Ratio) -> Option<f64> {
///     // 50 % and 10 % are not 30 %.
///     Some((quiet.value()? + busy.value()?) / 2.0)
/// }
/// ```
///
/// ```compile_fail,E0277
/// # use cordboard_views::kpi::{Ratio, Value};
/// fn total(hours: &[Ratio]) -> Value {
///     hours.iter().filter_map(Ratio::value).sum()
/// }
/// ```
///
/// ```compile_fail,E0369
/// # use cordboard_views::kpi::Ratio;
/// fn sum(quiet: Ratio, busy: Ratio) -> Ratio {
///     quiet + busy
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Ratio {
    entry: &'static Entry,
    switches: Switches,
    numerator: i128,
    denominator: i128,
}

impl Ratio {
    pub(super) const fn new(
        entry: &'static Entry,
        switches: Switches,
        numerator: i128,
        denominator: i128,
    ) -> Self {
        Self { entry, switches, numerator, denominator }
    }

    /// The figure's id.
    pub fn id(&self) -> &'static str {
        self.entry.id()
    }

    /// The formula's version.
    pub const fn version(&self) -> u32 {
        self.entry.version()
    }

    /// What the catalogue says of it.
    pub const fn entry(&self) -> &'static Entry {
        self.entry
    }

    /// With which switches it was made.
    pub const fn switches(&self) -> &Switches {
        &self.switches
    }

    /// Above the line.
    pub const fn numerator(&self) -> i128 {
        self.numerator
    }

    /// Below the line.
    pub const fn denominator(&self) -> i128 {
        self.denominator
    }

    /// The same figure of two parts together. Not of one id, version and switches: they do not add.
    pub fn plus(&self, other: &Self) -> Result<Self, KpiError> {
        let differs = if self.id() != other.id() {
            Some("they are two figures".to_owned())
        } else if self.version() != other.version() {
            Some("their formulas are of two versions".to_owned())
        } else {
            let differs = self.switches.contradicts(&other.switches);
            differs
                .map(|(switch, mine, theirs)| format!("{switch} is {mine} in one and {theirs} in the other"))
        };
        if let Some(what) = differs {
            let (left, right) = (self.kind(), other.kind());
            return Err(unlike(&left, &right, what));
        }
        let sum = |one: i128, more: i128| {
            let sum = one.checked_add(more).filter(|sum| sum.abs() <= EXACT_MAX);
            sum.ok_or_else(|| KpiError::TooLarge { what: self.kind(), limit: EXACT_MAX })
        };
        Ok(Self {
            numerator: sum(self.numerator, other.numerator)?,
            denominator: sum(self.denominator, other.denominator)?,
            ..self.clone()
        })
    }

    /// What it comes to in its unit; nothing at all if there is nothing below the line.
    pub fn value(&self) -> Option<Value> {
        let scaled = self.numerator.checked_mul(i128::from(self.entry.scale()))?;
        (self.denominator != 0).then(|| Value::new(scaled, self.denominator, self.entry.unit()))
    }

    fn kind(&self) -> String {
        format!("{}@{}", self.id(), self.version())
    }
}

/// `{id, version, value, numerator, denominator}`; the value is null if there is nothing below the line.
impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Ratio", 5)?;
        out.serialize_field("id", self.id())?;
        out.serialize_field("version", &self.version())?;
        out.serialize_field("value", &self.value())?;
        // Within EXACT_MAX, and so within 64 bits.
        out.serialize_field("numerator", &(self.numerator as i64))?;
        out.serialize_field("denominator", &(self.denominator as i64))?;
        out.end()
    }
}

/// A value to be shown: an exact fraction in lowest terms. It can be compared and shown, and not reckoned with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    over: i128,
    under: i128,
    unit: Unit,
}

impl Value {
    fn new(over: i128, under: i128, unit: Unit) -> Self {
        let sign = under.signum();
        let divisor = greatest_common_divisor(over, under) * sign;
        Self { over: over / divisor, under: under / divisor, unit }
    }

    /// As the number nearest to it: for a cell, a page, a chart. What comes of it is a picture and no figure any more.
    pub fn rendered(self) -> f64 {
        self.over as f64 / self.under as f64
    }

    /// Against a target.
    pub fn compared_with(self, target: f64) -> Ordering {
        self.rendered().total_cmp(&target)
    }

    /// Rounded half away from zero to so many decimals, exactly.
    pub fn rounded(self, decimals: u8) -> String {
        let tens = 10_u128.pow(u32::from(decimals.min(DECIMALS_MAX)));
        let under = self.under.unsigned_abs();
        let (whole, rest) = (self.over.unsigned_abs() / under, self.over.unsigned_abs() % under);
        let part = (rest * tens + under / 2) / under;
        let (whole, part) = (whole + part / tens, part % tens);
        let sign = if self.over < 0 && (whole, part) != (0, 0) { "-" } else { "" };
        match decimals.min(DECIMALS_MAX) {
            0 => format!("{sign}{whole}"),
            decimals => format!("{sign}{whole}.{part:0width$}", width = usize::from(decimals)),
        }
    }
}

/// Decimals that are shown at most.
pub const DECIMALS_MAX: u8 = 9;

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.rounded(self.unit.decimals()))
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.rendered())
    }
}

/// Never 0 unless both are.
fn greatest_common_divisor(one: i128, other: i128) -> i128 {
    let (mut one, mut other) = (one.abs(), other.abs());
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}
