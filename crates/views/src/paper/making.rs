//! Making papers of the log: one fold for as many as are wanted, each with all its tables.

use super::layout::{Layout, SectionLayout};
use super::period::Stretch;
use super::{FORMAT, Paper, PaperError, Provenance, Section, TargetMet};
use crate::View as _;
use crate::entered::Entered;
use crate::facts::{Facts, LeftOut};
use crate::kpi::Bilingual;
use crate::report::{Figure, Formulas, Making, Report, Row};
use crate::tables::Group;
use cordboard_centre::{Event as CentreEvent, Record};
use cordboard_floor::event::ReportFrozen;
use cordboard_floor::{Event, Instant, Recorded, SiteId};
use std::cmp::Ordering;

/// A paper to be made: everything that decides what it says, but for the log.
#[derive(Clone, Debug)]
pub struct Draft {
    layout: &'static Layout,
    stretch: Stretch,
    zone: String,
    formulas: Vec<String>,
    due_at: Instant,
}

impl Draft {
    /// One that is frozen now: by the newest formulas.
    pub fn new(layout: &'static Layout, stretch: Stretch, zone: &str) -> Result<Self, PaperError> {
        let zone = if zone.is_empty() { "UTC" } else { zone };
        Ok(Self {
            layout,
            stretch,
            zone: zone.to_owned(),
            formulas: layout.formulas()?,
            due_at: layout.due_at(stretch.to, zone)?,
        })
    }

    /// One that was frozen before, as it was.
    pub fn frozen(event: &ReportFrozen) -> Result<Self, PaperError> {
        Self::again(
            (event.layout.as_str(), event.version),
            Stretch { from: event.from, to: event.to },
            &event.zone,
            event.formulas.iter().map(|formula| formula.to_string()).collect(),
            event.due_at,
        )
    }

    /// One of which a paper says what it is.
    pub fn of(provenance: &Provenance) -> Result<Self, PaperError> {
        Self::again(
            (&provenance.layout, provenance.version),
            Stretch { from: provenance.from, to: provenance.to },
            &provenance.zone,
            provenance.formulas.clone(),
            provenance.due_at,
        )
    }

    fn again(
        (id, version): (&str, u32),
        stretch: Stretch,
        zone: &str,
        formulas: Vec<String>,
        due_at: Instant,
    ) -> Result<Self, PaperError> {
        let layout = Layout::find_version(id, version)?;
        // A formula that this program does not know is told here, before anything is read.
        Formulas::recorded(formulas.iter().map(String::as_str))?;
        Ok(Self { layout, stretch, zone: zone.to_owned(), formulas, due_at })
    }

    /// By which layout.
    pub const fn layout(&self) -> &'static Layout {
        self.layout
    }

    /// Which period.
    pub const fn stretch(&self) -> Stretch {
        self.stretch
    }

    /// By which zone's clocks.
    pub fn zone(&self) -> &str {
        &self.zone
    }

    /// By which formulas, each as `id@version`.
    pub fn formulas(&self) -> &[String] {
        &self.formulas
    }

    /// Until when it is to be submitted.
    pub const fn due_at(&self) -> Instant {
        self.due_at
    }

    /// How people name its period.
    pub fn period_name(&self) -> Result<String, PaperError> {
        Ok(self.layout.period.name(self.stretch.from, &self.zone)?)
    }
}

/// Papers under way.
#[derive(Debug)]
pub struct Papers {
    facts: Facts,
    entered: Entered,
    first: Option<(SiteId, u64, Instant)>,
    drafts: Vec<(Draft, Vec<(&'static SectionLayout, Making)>)>,
    left_out: LeftOut,
}

impl Papers {
    /// Begins as many as there are drafts.
    pub fn new(drafts: Vec<Draft>) -> Result<Self, PaperError> {
        let begin = |draft: Draft| {
            let formulas = Formulas::recorded(draft.formulas.iter().map(String::as_str))?;
            let making = |section: &'static SectionLayout| {
                let ask = section.ask(draft.stretch, &draft.zone, formulas.clone());
                Ok::<_, PaperError>((section, Making::new(ask)?))
            };
            let sections = draft.layout.sections.iter().map(making).collect::<Result<_, PaperError>>()?;
            Ok((draft, sections))
        };
        let drafts = drafts.into_iter().map(begin).collect::<Result<_, PaperError>>()?;
        Ok(Self {
            facts: Facts::new(),
            entered: Entered::new(),
            first: None,
            drafts,
            left_out: LeftOut::default(),
        })
    }

    /// Without these contacts: those that were marked by the event up to which the papers are made.
    #[must_use]
    pub fn leaving_out(self, left_out: LeftOut) -> Self {
        Self { left_out, ..self }
    }

    /// Takes the next event of the log, whichever desk's it is: a paper is of the log up to its last event.
    pub fn take_in(&mut self, recorded: &Recorded<CentreEvent>) {
        match recorded.floor() {
            Some(recorded) => self.fold(&recorded),
            None => {
                self.first.get_or_insert((recorded.site, recorded.seq, recorded.at));
                self.entered.pass(recorded.seq, recorded.at);
                self.facts.pass(recorded.seq, recorded.at);
            }
        }
    }

    /// Takes the next event of the floor.
    pub fn fold(&mut self, recorded: &Recorded<Event>) {
        self.first.get_or_insert((recorded.site, recorded.seq, recorded.at));
        let (drafts, left_out) = (&mut self.drafts, &self.left_out);
        self.entered.fold(recorded);
        self.facts.fold(recorded, |fact| {
            if left_out.holds(fact) {
                return;
            }
            for (_, making) in drafts.iter_mut().flat_map(|(_, sections)| sections) {
                making.take(fact);
            }
        });
    }

    /// The papers, in the order of their drafts.
    pub fn finish(self) -> Result<Vec<Paper>, PaperError> {
        let Self { facts, entered, first, drafts, .. } = self;
        let (site, first_seq, first_at) = first.ok_or(PaperError::Empty)?;
        let finish = |(draft, sections): (Draft, Vec<(&'static SectionLayout, Making)>)| {
            let provenance = Provenance {
                site: site.to_string(),
                layout: draft.layout.id.clone(),
                version: draft.layout.version,
                period: draft.period_name()?,
                zone: draft.zone,
                from: draft.stretch.from,
                to: draft.stretch.to,
                due_at: draft.due_at,
                first_seq,
                first_at,
                up_to: facts.seq(),
                up_to_at: facts.at(),
                formulas: draft.formulas,
            };
            let section = |(layout, making): (&SectionLayout, Making)| {
                Ok::<_, PaperError>(finish_section(layout, making.finish(&facts, &entered)?))
            };
            Ok(Paper {
                format: FORMAT,
                title: draft.layout.title.clone(),
                provenance,
                sections: sections.into_iter().map(section).collect::<Result<_, PaperError>>()?,
                not_kept: draft.layout.not_kept.clone(),
            })
        };
        drafts.into_iter().map(finish).collect()
    }
}

fn finish_section(layout: &SectionLayout, mut report: Report) -> Section {
    let mut left_out = 0;
    if let Some(sort) = &layout.sort {
        // Equal ones stay as they were: by what they are about.
        report.rows.sort_by(|one, other| more(one, other, sort));
        report.totals.sort_by(|one, other| more(one, other, sort));
    }
    if let Some(most) = layout.rows {
        left_out = report.rows.len().saturating_sub(most);
        report.rows.truncate(most);
        report.totals.truncate(most);
    }
    let targets = if report.group == Group::Site { targets(&report) } else { Vec::new() };
    Section { id: layout.id.clone(), title: layout.title.clone(), left_out, targets, report }
}

/// The row with more of it first, and one that knows nothing last.
fn more(one: &Row, other: &Row, column: &str) -> Ordering {
    let fraction = |row: &Row| match row.figure(column) {
        Some(Figure::Sum { value, .. }) => Some((i128::from(*value), 1)),
        Some(Figure::Ratio { ratio, .. }) if ratio.denominator() > 0 => {
            Some((ratio.numerator(), ratio.denominator()))
        }
        Some(Figure::Span { ms: Some(ms), .. }) => Some((i128::from(*ms), 1)),
        _ => None,
    };
    match (fraction(one), fraction(other)) {
        // Sides lie within 10^18, so that the products are exact.
        (Some((over, under)), Some((more_over, more_under))) => (more_over * under).cmp(&(over * more_under)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// What the whole period came to, against what is customarily aimed at.
fn targets(report: &Report) -> Vec<TargetMet> {
    let figures = report.totals.iter().flat_map(|row| &row.figures);
    let met = figures.filter_map(|(_, figure)| {
        let Figure::Ratio { ratio, .. } = figure else { return None };
        let target = ratio.entry().target()?;
        let value = ratio.value();
        let reaches = |bound: Option<f64>, wrong: Ordering| {
            bound.is_none_or(|bound| value.is_some_and(|value| value.compared_with(bound) != wrong))
        };
        Some(TargetMet {
            kpi: format!("{}@{}", ratio.id(), ratio.version()),
            at_least: target.at_least,
            at_most: target.at_most,
            met: value.map(|_| {
                reaches(target.at_least, Ordering::Less) && reaches(target.at_most, Ordering::Greater)
            }),
        })
    });
    met.collect()
}

/// The name of a column for people.
pub fn column_title(column: &str) -> Bilingual {
    super::words::column(column)
}
