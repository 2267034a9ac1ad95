//! The columns of each report: sums, figures of the catalogue, percentiles.

use super::figure::{Figure, Part, behind_of};
use super::{Formulas, Kind, ReportError};
use crate::figures::Spread;
use crate::kpi::{Catalogue, Entry, KpiError, Measure, Sums, Switches, evaluate_version};
use crate::tables::{Cell, Group, Spreads};

/// Of what a percentile is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpreadOf {
    /// Waits of answered visits.
    Answered,
    /// Waits of abandoned visits.
    Abandoned,
    /// Talks.
    Talk,
    /// Wrap-ups.
    WrapUp,
}

impl SpreadOf {
    const fn name(self) -> &'static str {
        match self {
            Self::Answered => "wait_answered",
            Self::Abandoned => "wait_abandoned",
            Self::Talk => "talk",
            Self::WrapUp => "wrapup",
        }
    }

    const fn of(self, spreads: &Spreads) -> &Spread {
        match self {
            Self::Answered => &spreads.answered,
            Self::Abandoned => &spreads.abandoned,
            Self::Talk => &spreads.talk,
            Self::WrapUp => &spreads.wrap_up,
        }
    }
}

/// Which of the spans, in order of length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Percentile {
    /// The one that so many of a thousand do not exceed, to three digits.
    PerMille(u16),
    /// The longest, exactly.
    Longest,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// What one measure came to.
    Sum(Measure),
    /// A figure of the catalogue, in this version.
    Kpi(String, u32),
    /// A percentile, in ms.
    Spread(SpreadOf, Percentile),
}

impl Column {
    /// Its name, as programs know it.
    pub fn name(&self) -> String {
        match self {
            Self::Sum(measure) => measure.slug().to_owned(),
            Self::Kpi(id, _) => id.clone(),
            Self::Spread(of, Percentile::Longest) => format!("{}_max_ms", of.name()),
            Self::Spread(of, Percentile::PerMille(per_mille)) => {
                format!("{}_p{}_ms", of.name(), per_mille / 10)
            }
        }
    }

    /// The entry of the catalogue that it shows, if it shows one.
    pub fn entry(&self) -> Option<&'static Entry> {
        match self {
            Self::Kpi(id, version) => Catalogue::shipped().find_version(id, *version).ok(),
            _ => None,
        }
    }

    pub(super) const fn is_spread(&self) -> bool {
        matches!(self, Self::Spread(..))
    }

    /// Whether it shows anything but nothing.
    pub(super) fn says_something(&self, sums: &Sums) -> bool {
        match self {
            Self::Sum(measure) => sums.get(*measure).is_some_and(|value| value != 0),
            Self::Kpi(id, version) => {
                let entry = Catalogue::shipped().find_version(id, *version);
                entry.and_then(|entry| entry.measures(entry.switches())).is_ok_and(|measures| {
                    measures.iter().any(|it| sums.get(*it).is_some_and(|value| value != 0))
                })
            }
            Self::Spread(..) => false,
        }
    }

    pub(super) fn figure(&self, sums: &Sums, cell: Option<&Cell>, counted: &Switches) -> Figure {
        match self {
            Self::Sum(measure) => match sums.get(*measure) {
                // Sums of counts and of ms are far within 64 bits.
                Some(value) => Figure::Sum {
                    measure: *measure,
                    value: value as i64,
                    behind: behind_of(cell, [(*measure, Part::Sum)]),
                },
                None => Figure::unknown(measure.slug()),
            },
            Self::Kpi(id, version) => Self::ratio(id, *version, sums, cell, counted),
            Self::Spread(of, percentile) => {
                let spread = cell.and_then(Cell::spreads).map(|spreads| of.of(spreads));
                let ms = spread.filter(|spread| spread.count() > 0).and_then(|spread| match percentile {
                    Percentile::Longest => Some(spread.max_ms()),
                    Percentile::PerMille(per_mille) => spread.at_per_mille(*per_mille),
                });
                Figure::Span { ms, count: spread.map_or(0, Spread::count) }
            }
        }
    }

    fn ratio(id: &str, version: u32, sums: &Sums, cell: Option<&Cell>, counted: &Switches) -> Figure {
        let made = Catalogue::shipped().find_version(id, version).and_then(|entry| {
            // A figure has only the switches that it heeds.
            let asked = counted.only_of(entry.switches());
            let (_, over, under) = entry.sides(&asked)?;
            let parts = over.terms().map(|(measure, _)| (measure, Part::Numerator));
            let parts = parts.chain(under.terms().map(|(measure, _)| (measure, Part::Denominator)));
            let behind = behind_of(cell, parts);
            let ratio = evaluate_version(id, version, &asked, sums)?;
            Ok(Figure::Ratio { ratio, unit: entry.unit(), behind })
        });
        made.unwrap_or_else(|error| Figure::Unknown { id: id.to_owned(), why: error.to_string() })
    }
}

const PERCENTILES: [Percentile; 5] = [
    Percentile::PerMille(500),
    Percentile::PerMille(800),
    Percentile::PerMille(900),
    Percentile::PerMille(950),
    Percentile::Longest,
];

/// The columns of a report.
pub(super) fn of(
    kind: Kind,
    group: Group,
    service_level: &str,
    formulas: &Formulas,
) -> Result<Vec<Column>, ReportError> {
    use Measure as M;
    let kpi = |id: &str| {
        let entry = formulas.find(id)?;
        Ok::<_, KpiError>(Column::Kpi(entry.id().to_owned(), entry.version()))
    };
    let sums = |measures: &[M]| measures.iter().map(|measure| Column::Sum(*measure)).collect::<Vec<_>>();
    let kpis = |ids: &[&str]| ids.iter().map(|id| kpi(id)).collect::<Result<Vec<_>, _>>();
    let spread = |of: SpreadOf| PERCENTILES.iter().map(move |percentile| Column::Spread(of, *percentile));
    let columns = match kind {
        Kind::ServiceLevel => {
            let ends = [
                M::Offered,
                M::Answered,
                M::Abandoned,
                M::Overflowed,
                M::TimedOut,
                M::TransferredWaiting,
                M::Withdrawn,
                M::Waiting,
                M::AnsweredWithin,
                M::AbandonedWithin,
                M::ShortAbandoned,
            ];
            [sums(&ends), kpis(&[service_level, "kpi.asa.answered", "kpi.abandonment"])?].concat()
        }
        Kind::Waits => {
            let mut columns = sums(&[M::Answered, M::WaitAnsweredMs, M::Abandoned, M::WaitAbandonedMs]);
            columns.extend(kpis(&["kpi.asa.answered", "kpi.asa.all", "kpi.abandon_time"])?);
            columns.extend(spread(SpreadOf::Answered));
            columns.extend(spread(SpreadOf::Abandoned));
            columns
        }
        Kind::Handling => {
            let mut columns = sums(&[
                M::Handled,
                M::TalkMs,
                M::HoldMs,
                M::Holds,
                M::Wrapups,
                M::WrapupMs,
                M::TransfersBlind,
                M::TransfersAttended,
                M::EndedByAgent,
            ]);
            columns.extend(kpis(&["kpi.aht", "kpi.att", "kpi.acw"])?);
            columns.extend(spread(SpreadOf::Talk));
            columns.extend(spread(SpreadOf::WrapUp));
            columns
        }
        Kind::WrapUp => [sums(&[M::Wrapups, M::WrapupMs, M::WrapupsByDefault]), kpis(&["kpi.acw"])?].concat(),
        Kind::Breaks => sums(&[
            M::NotReadies,
            M::NotReadyLastedMs,
            M::Breaks,
            M::BreakLastedMs,
            M::BreaksOverrun,
            M::BreakOverrunMs,
            M::BreaksAsked,
            M::BreaksGranted,
            M::BreaksRefused,
            M::BreakAskedMs,
        ]),
        Kind::Agents => {
            let sums = sums(&[
                M::SignedInMs,
                M::IdleMs,
                M::ReservedMs,
                M::TalkingMs,
                M::HoldingMs,
                M::WrappingMs,
                M::NotReadyMs,
                M::BreakMs,
                M::UnreachableMs,
                M::SignIns,
                M::AgentDays,
                M::OffersMade,
                M::OffersAccepted,
                M::OffersRejected,
                M::OffersTimedOut,
                M::Handled,
            ]);
            [sums, kpis(&["kpi.occupancy", "kpi.aht"])?].concat()
        }
        Kind::Kpi => {
            let knows = |entry: &&Entry| {
                let Ok((_, over, under)) = entry.sides(entry.switches()) else { return false };
                let measures: Vec<Measure> = over.terms().chain(under.terms()).map(|(it, _)| it).collect();
                measures.iter().all(|measure| group.knows(*measure) || !measure.is_computed())
            };
            let entries = formulas.all()?.into_iter().filter(knows);
            entries.map(|entry| Column::Kpi(entry.id().to_owned(), entry.version())).collect()
        }
    };
    Ok(columns)
}
