//! What people entered, as it stands: for each measure, subject and span the newest value that was neither replaced nor
//! withdrawn. It adds up to [`Sums`] that are laid beside what was counted. It knows no zone and no catalogue of
//! figures, only of measures; a measure that is no longer known is passed over.

use crate::View;
use crate::kpi::{Measure, Sums, Switches};
use cordboard_floor::event::{Event, FigureEntered};
use cordboard_floor::figure::FigureSubject;
use cordboard_floor::{FigureId, Instant, MeasureId, Recorded};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a figure is about. Two figures about the same do not stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct About {
    /// What it counts.
    pub measure: MeasureId,
    /// From when.
    pub from: Instant,
    /// To when, that moment not included.
    pub to: Instant,
    /// Of whom.
    pub subject: FigureSubject,
}

/// A figure that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Which.
    pub figure: FigureId,
    /// What it came to.
    pub value: i64,
}

/// All that stand.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Entered {
    seq: u64,
    standing: BTreeMap<About, Standing>,
    about: BTreeMap<FigureId, About>,
}

impl Entered {
    /// Nothing entered.
    pub fn new() -> Self {
        Self::default()
    }

    /// Figures that stand, by measure and then by time.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&About, &Standing)> {
        self.standing.iter()
    }

    /// Those that lie within a span and are of somebody. The site has its own figures and everybody else's: whatever is
    /// entered for the parts is not entered for the site again.
    pub fn within(
        &self,
        from: Instant,
        to: Instant,
        of: FigureSubject,
    ) -> impl Iterator<Item = (&About, &Standing)> {
        self.iter().filter(move |(about, _)| is_of(about, of) && from <= about.from && about.to <= to)
    }

    /// What they add up to. A measure of which nothing was entered is not known; and nor is one of which a figure lies partly
    /// within the span and partly without, for nobody knows which part of it is meant.
    pub fn sums(&self, from: Instant, to: Instant, of: FigureSubject) -> Sums {
        let mut unknown = BTreeSet::new();
        for (about, _) in self.iter().filter(|(about, _)| is_of(about, of)) {
            let touches = about.from < to && from < about.to;
            if touches && (about.from < from || to < about.to) {
                unknown.insert(about.measure);
            }
        }
        let mut sums = Sums::counted_with(Switches::NONE);
        for (about, standing) in
            self.within(from, to, of).filter(|(about, _)| !unknown.contains(&about.measure))
        {
            if let Ok(measure) = about.measure.as_str().parse::<Measure>() {
                sums.count(measure, standing.value);
            }
        }
        sums
    }

    fn enter(&mut self, event: &FigureEntered) {
        if let Some(replaced) = event.replaces {
            self.remove(replaced);
        }
        let FigureEntered { figure, measure, subject, from, to, value, .. } = *event;
        let about = About { measure, from, to, subject };
        if let Some(before) = self.standing.insert(about, Standing { figure, value }) {
            self.about.remove(&before.figure);
        }
        self.about.insert(figure, about);
    }

    /// One that no longer stands is no news.
    fn remove(&mut self, figure: FigureId) {
        if let Some(about) = self.about.remove(&figure) {
            self.standing.remove(&about);
        }
    }
}

fn is_of(about: &About, of: FigureSubject) -> bool {
    of == FigureSubject::Site || about.subject == of
}

impl View for Entered {
    const NAME: &'static str = "entered";

    fn fold(&mut self, recorded: &Recorded<Event>) {
        if recorded.seq <= self.seq {
            return;
        }
        self.seq = recorded.seq;
        match &recorded.event {
            Event::FigureEntered(event) => self.enter(event),
            Event::FigureWithdrawn(event) => self.remove(event.figure),
            _ => {}
        }
    }

    fn pass(&mut self, seq: u64, _: Instant) {
        self.seq = self.seq.max(seq);
    }

    fn seq(&self) -> u64 {
        self.seq
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::evaluate;
    use cordboard_floor::event::FigureWithdrawn;
    use cordboard_floor::{Actor, AgentId, Millis, QueueId, SiteId};

    const LOANS: FigureSubject = FigureSubject::Queue(QueueId::fixed("loans"));
    const LI: FigureSubject = FigureSubject::Agent(AgentId::fixed("1001"));
    const SITE: FigureSubject = FigureSubject::Site;

    fn hour(hour: u64) -> Instant {
        Instant::from_micros(1_795_305_600_000_000).plus(Millis(hour * 3_600_000))
    }

    fn fold(view: &mut Entered, event: Event) {
        let (seq, at, site) = (view.seq() + 1, hour(0), SiteId::fixed("main"));
        view.fold(&Recorded { seq, at, site, actor: Actor::system("t"), reason: None, cause: None, event });
    }

    /// Enters a figure of some hours and gives its number.
    fn enters(
        view: &mut Entered,
        what: (&str, i64),
        of: FigureSubject,
        hours: (u64, u64),
        replaces: Option<FigureId>,
    ) -> FigureId {
        let figure = FigureId(view.seq() + 1);
        let (measure, value) = (what.0.parse().unwrap(), what.1);
        let (from, to) = (hour(hours.0), hour(hours.1));
        fold(view, FigureEntered { figure, measure, subject: of, from, to, value, replaces }.into());
        figure
    }

    fn sum(view: &Entered, measure: Measure, hours: (u64, u64), of: FigureSubject) -> Option<i128> {
        view.sums(hour(hours.0), hour(hours.1), of).get(measure)
    }

    #[test]
    fn the_newest_stands_and_what_was_withdrawn_is_not_zero() {
        let mut view = Entered::new();
        enters(&mut view, ("survey_answers", 5), LOANS, (0, 1), None);
        let again = enters(&mut view, ("survey_answers", 7), LOANS, (0, 1), None);
        enters(&mut view, ("survey_answers", 2), LOANS, (1, 2), None);
        assert_eq!(sum(&view, Measure::SurveyAnswers, (0, 2), LOANS), Some(9));
        // It was of the hour after that, and of an agent.
        let moved = enters(&mut view, ("survey_answers", 7), LI, (2, 3), Some(again));
        assert_eq!(sum(&view, Measure::SurveyAnswers, (0, 2), LOANS), Some(2));
        assert_eq!(sum(&view, Measure::SurveyAnswers, (0, 3), SITE), Some(9));
        fold(&mut view, FigureWithdrawn { figure: moved }.into());
        assert_eq!(sum(&view, Measure::SurveyAnswers, (0, 3), LI), None);
        // What was replaced long ago cannot be withdrawn from under the one that stands.
        fold(&mut view, FigureWithdrawn { figure: again }.into());
        assert_eq!(sum(&view, Measure::SurveyAnswers, (0, 3), SITE), Some(2));
    }

    #[test]
    fn a_figure_of_a_longer_span_is_not_cut() {
        let mut view = Entered::new();
        enters(&mut view, ("cost_cents", 2_400), SITE, (0, 24), None);
        enters(&mut view, ("cost_cents", 100), SITE, (3, 4), None);
        enters(&mut view, ("exam_papers", 3), SITE, (3, 4), None);
        assert_eq!(sum(&view, Measure::CostCents, (0, 24), SITE), Some(2_500));
        assert_eq!(sum(&view, Measure::CostCents, (0, 5), SITE), None);
        assert_eq!(sum(&view, Measure::ExamPapers, (0, 5), SITE), Some(3));
        assert_eq!(sum(&view, Measure::CostCents, (24, 30), SITE), None);
    }

    #[test]
    fn what_people_entered_is_laid_beside_what_was_counted() {
        let mut view = Entered::new();
        enters(&mut view, ("cost_cents", 3_000), SITE, (0, 24), None);
        enters(&mut view, ("no_longer_a_measure", 1), SITE, (0, 24), None);
        let mut sums = Sums::new();
        sums.set(Measure::ContactsHandled, 12);
        sums.join(&view.sums(hour(0), hour(24), SITE)).unwrap();
        let cost = evaluate("kpi.cost_per_contact", &Switches::NONE, &sums).unwrap();
        assert_eq!(cost.value().unwrap().to_string(), "250.00");
        assert_eq!(sums.iter().count(), 2);
    }
}
