//! What the views say of the same log, event by event: the reports that people read, and beside them the figures since number 1.

use std::collections::BTreeMap;

use cordboard_floor::{AgentId, Event, Instant, QueueId, Recorded};
use cordboard_views::View as _;
use cordboard_views::facts::Facts;
use cordboard_views::figures::Figures;
use cordboard_views::interval::{Grid, Interval};
use cordboard_views::kpi::{Attribution, Measure, Switches};
use cordboard_views::report::{Ask, Figure, Kind, Making, Report};
use cordboard_views::tables::{Group, Shape, Table};

use crate::plain::{By, Counted, OF_AGENTS, OF_QUEUES};

/// The reports in which the measures of the second opinion stand.
const KINDS: [Kind; 4] = [Kind::ServiceLevel, Kind::Waits, Kind::Handling, Kind::Agents];

/// What stands in no report and is counted all the same.
const BESIDES: [Measure; 7] = [
    Measure::OffersMade,
    Measure::OffersAccepted,
    Measure::OffersRejected,
    Measure::OffersTimedOut,
    Measure::OffersRescinded,
    Measure::OffersCancelled,
    Measure::OffersFailed,
];

/// What is asked: a range, by half hours of a zone.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) from_us: i64,
    pub(crate) to_us: i64,
    pub(crate) zone: String,
    pub(crate) by: By,
}

impl Asked {
    fn ask(&self, kind: Kind) -> Ask {
        Ask {
            interval: Interval::Min30,
            zone: self.zone.clone(),
            switches: self.switches(),
            ..Ask::new(kind, Instant::from_micros(self.from_us), Instant::from_micros(self.to_us))
        }
    }

    fn switches(&self) -> Switches {
        let attribution = match self.by {
            By::Arrival => Attribution::Arrival,
            By::Completion => Attribution::Completion,
        };
        Switches { attribution: Some(attribution), ..Switches::NONE }
    }
}

/// Views of a log under way, asked several things at once.
#[derive(Clone)]
pub(crate) struct Views {
    facts: Facts,
    figures: Figures,
    answers: Vec<Answer>,
}

#[derive(Clone)]
struct Answer {
    makings: Vec<Making>,
    offers: Table,
}

impl Answer {
    fn to(asked: &Asked) -> Self {
        let makings =
            KINDS.iter().map(|kind| Making::new(asked.ask(*kind)).expect("a report that can be made"));
        let (from, to) = (Instant::from_micros(asked.from_us), Instant::from_micros(asked.to_us));
        let grid = Grid::cut(from, to, Interval::Min30, "UTC").expect("half hours");
        let shape = Shape { switches: asked.switches(), ..Shape::new(grid, Group::Agent) };
        Self { makings: makings.collect(), offers: Table::new(shape) }
    }

    fn told(mut self, facts: &Facts) -> Told {
        let mut told = Told(Counted::default());
        for making in self.makings {
            let report = making.finish(facts, &cordboard_views::entered::Entered::new()).expect("few rows");
            adds_up(&report);
            told.read(&report);
        }
        self.offers.close(facts);
        for (place, key, cell) in self.offers.rows() {
            let at = self.offers.shape().grid.span(place).0;
            for measure in BESIDES {
                told.note(at, None, key.agent, measure, cell.get(measure));
            }
        }
        told
    }
}

impl Views {
    pub(crate) fn new(asked: &[Asked]) -> Self {
        let answers = asked.iter().map(Answer::to).collect();
        Self { facts: Facts::new(), figures: Figures::new(), answers }
    }

    /// The next event.
    pub(crate) fn fold(&mut self, recorded: &Recorded<Event>) {
        let Self { facts, figures, answers } = self;
        facts.fold(recorded, |fact| {
            for Answer { makings, offers } in answers.iter_mut() {
                makings.iter_mut().for_each(|making| making.take(fact));
                offers.take(fact);
            }
        });
        figures.fold(recorded);
    }

    /// The number of the last event.
    pub(crate) fn seq(&self) -> u64 {
        self.facts.seq()
    }

    /// What has been counted since number 1.
    pub(crate) const fn figures(&self) -> &Figures {
        &self.figures
    }

    /// What came of each thing that was asked.
    pub(crate) fn told(self) -> Vec<Counted> {
        self.answers.into_iter().map(|answer| answer.told(&self.facts).0).collect()
    }
}

/// What reports said, in the shape of the second opinion.
struct Told(Counted);

impl Told {
    fn read(&mut self, report: &Report) {
        for row in &report.rows {
            for (_, figure) in &row.figures {
                match figure {
                    Figure::Sum { measure, value, .. } => {
                        self.note(row.from, row.key.queue, row.key.agent, *measure, (*value).into());
                    }
                    Figure::Ratio { ratio, .. } if ratio.id() == "sl.offered" => {
                        let within = self.counted_in(row.from, row.key.queue, "answered_within");
                        let ended = self.counted_in(row.from, row.key.queue, "answered")
                            + self.counted_in(row.from, row.key.queue, "abandoned");
                        let sides = (ratio.numerator(), ratio.denominator());
                        assert_eq!(sides, (within.into(), ended.into()), "the formula's sides");
                        assert_eq!(ratio.value().is_none(), ended == 0, "nobody offered is no percentage");
                    }
                    _ => {}
                }
            }
        }
    }

    fn counted_in(&self, at: Instant, queue: Option<QueueId>, measure: &str) -> u64 {
        let row = queue.and_then(|queue| self.0.queues.get(&(at.micros(), queue)));
        row.and_then(|row| row.get(measure)).copied().unwrap_or(0)
    }

    /// Takes a figure that the second opinion has too; whatever two reports say must be the same.
    fn note(
        &mut self,
        at: Instant,
        queue: Option<QueueId>,
        agent: Option<AgentId>,
        measure: Measure,
        value: i128,
    ) {
        let compared: &[&str] = if queue.is_some() { &OF_QUEUES } else { &OF_AGENTS };
        if !compared.contains(&measure.slug()) {
            return;
        }
        let Ok(value @ 1..) = u64::try_from(value) else {
            return assert_eq!(value, 0, "{measure} is below zero");
        };
        let row = match (queue, agent) {
            (Some(queue), None) => self.0.queues.entry((at.micros(), queue)).or_default(),
            (None, Some(agent)) => self.0.agents.entry((at.micros(), agent)).or_default(),
            other => panic!("{measure} {value} of {other:?}"),
        };
        let before = row.insert(measure.slug(), value);
        assert!(
            before.is_none_or(|before| before == value),
            "{measure}: {before:?} in another report, {value}"
        );
    }
}

/// Rows add up to the totals of their report.
fn adds_up(report: &Report) {
    let mut added = BTreeMap::new();
    for row in &report.rows {
        for (column, figure) in &row.figures {
            if let Figure::Sum { value, .. } = figure {
                *added.entry((row.key, column)).or_insert(0) += value;
            }
        }
    }
    for row in &report.totals {
        for (column, figure) in &row.figures {
            if let Figure::Sum { value, .. } = figure {
                let all = added.get(&(row.key, column)).copied().unwrap_or(0);
                // Who was there on a day was there once, in however many half hours.
                assert!(
                    &**column == "agent_days" || *value == all,
                    "{}: {column}: {value} and {all}",
                    report.kind
                );
            }
        }
    }
}
