//! `figures.enter`: all of a list, or nothing of it.

use crate::configuration::at_most;
use crate::event::FigureEntered;
use crate::figure::{FigureEntry, FigureSubject};
use crate::id::FigureId;
use crate::limits::FIGURES_AT_ONCE_MAX;
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};

impl Work<'_> {
    pub(crate) fn enter_figures(&mut self, entries: &[FigureEntry]) -> Verdict {
        if entries.is_empty() {
            return Err(Refusal::Invalid { what: "entries", why: "there is none" });
        }
        at_most("entries", entries.len() as u64, FIGURES_AT_ONCE_MAX as u64)?;
        for entry in entries {
            entry.check(self.stamp.at)?;
            self.knows_subject(entry.subject)?;
            if let Some(figure) = entry.replaces {
                self.knows_figure(figure)?;
            }
        }
        for entry in entries {
            let FigureEntry { measure, subject, from, to, value, replaces } = *entry;
            let figure = FigureId(self.next_seq());
            self.emit(FigureEntered { figure, measure, subject, from, to, value, replaces });
        }
        self.done()
    }

    /// Queues and agents that are no longer in use had figures all the same, and a contact that has ended is in the log.
    fn knows_subject(&self, subject: FigureSubject) -> Result<(), Refusal> {
        match subject {
            FigureSubject::Queue(queue) if self.floor.queue_ix(queue).is_none() => {
                Err(Refusal::UnknownQueue(queue))
            }
            FigureSubject::Agent(agent) if self.floor.agent_ix(agent).is_none() => {
                Err(Refusal::UnknownAgent(agent))
            }
            FigureSubject::Contact(contact) if !(1..=self.floor.seq).contains(&contact.0) => {
                Err(Refusal::UnknownContact(contact))
            }
            _ => Ok(()),
        }
    }

    /// That it is a figure at all, the views know: the floor keeps none.
    pub(super) fn knows_figure(&self, figure: FigureId) -> Result<(), Refusal> {
        if (1..=self.floor.seq).contains(&figure.0) {
            return Ok(());
        }
        Err(Refusal::Invalid { what: "figure", why: "no event of the log has that number" })
    }
}

#[cfg(test)]
mod tests {
    use crate::configuration::{AgentConfig, QueueConfig};
    use crate::event::FigureEntered;
    use crate::figure::{FigureEntry, FigureSubject};
    use crate::limits::{FIGURE_SPAN_MS_MAX, FIGURE_VALUE_MAX, FIGURES_AT_ONCE_MAX};
    use crate::{
        Actor, AgentId, Channel, Command, ContactId, Decider, Event, FigureId, Floor, Instant, MeasureId,
        Millis, QueueId, Recorded, Refusal, SiteId, Stamp, Submission,
    };
    use alloc::vec;
    use alloc::vec::Vec;

    const NOW: Instant = Instant::from_micros(1_795_338_000_000_000);
    const LOANS: QueueId = QueueId::fixed("loans");
    const LI: AgentId = AgentId::fixed("1001");

    fn asks(floor: &mut Floor, command: Command) -> Result<Vec<Recorded<Event>>, Refusal> {
        let mut log = Vec::new();
        let (actor, stamp) = (Actor::system("test"), Stamp { at: NOW, seed: 0 });
        floor.decide(stamp, Submission { actor, cause: None, reason: None, command }, &mut log).map(|_| log)
    }

    /// A queue, an agent who has retired, a contact that is the third event.
    fn floor() -> Floor {
        let mut floor = Floor::new(SiteId::fixed("main"));
        let retired = AgentConfig { active: false, ..AgentConfig::customary(LI) };
        let channel = Channel::fixed("voice");
        for command in [
            Command::ApplyQueue(QueueConfig::customary(LOANS)),
            Command::ApplyAgent(retired),
            Command::Arrive { channel, from: None, attributes: None, entry: None },
        ] {
            asks(&mut floor, command).expect("a floor");
        }
        floor
    }

    fn entry(subject: FigureSubject) -> FigureEntry {
        let (from, measure) = (NOW.minus(Millis(3_600_000)), MeasureId::fixed("survey_answers"));
        FigureEntry { measure, subject, from, to: NOW, value: 5, replaces: None }
    }

    fn enter(floor: &mut Floor, entries: &[FigureEntry]) -> Result<Vec<Recorded<Event>>, Refusal> {
        asks(floor, Command::EnterFigures { entries: entries.to_vec() })
    }

    #[test]
    fn each_entry_is_an_event_that_is_its_own_number() {
        let mut floor = floor();
        let subjects = [
            FigureSubject::Site,
            FigureSubject::Queue(LOANS),
            FigureSubject::Agent(LI),
            FigureSubject::Contact(ContactId(3)),
        ];
        let log = enter(&mut floor, &subjects.map(entry)).expect("all are known");
        assert_eq!(log.len(), 4);
        for (recorded, subject) in log.iter().zip(subjects) {
            let FigureEntry { measure, from, to, value, replaces, .. } = entry(subject);
            let figure = FigureId(recorded.seq);
            let expected = FigureEntered { figure, measure, subject, from, to, value, replaces };
            assert_eq!(recorded.event, expected.into());
        }
        let replaces = Some(FigureId(log[0].seq));
        assert!(enter(&mut floor, &[FigureEntry { replaces, ..entry(FigureSubject::Site) }]).is_ok());
    }

    #[test]
    fn one_that_cannot_be_keeps_the_others_out() {
        let mut floor = floor();
        let before = floor.last_seq();
        let site = entry(FigureSubject::Site);
        let (span, ahead) = (Millis(FIGURE_SPAN_MS_MAX), NOW.plus(Millis(FIGURE_SPAN_MS_MAX + 1)));
        for (wrong, code) in [
            (entry(FigureSubject::Queue(QueueId::fixed("cards"))), "unknown_queue"),
            (entry(FigureSubject::Agent(AgentId::fixed("1002"))), "unknown_agent"),
            (entry(FigureSubject::Contact(ContactId(4))), "unknown_contact"),
            (entry(FigureSubject::Contact(ContactId(0))), "unknown_contact"),
            (FigureEntry { from: NOW, ..site }, "invalid"),
            (FigureEntry { from: NOW.plus(Millis(1)), ..site }, "invalid"),
            (FigureEntry { from: NOW.minus(span).minus(Millis(1)), ..site }, "over_limit"),
            (FigureEntry { from: Instant::from_micros(i64::MIN), ..site }, "over_limit"),
            (FigureEntry { to: ahead, ..site }, "over_limit"),
            (FigureEntry { from: NOW, to: ahead, ..site }, "over_limit"),
            (FigureEntry { from: NOW.plus(Millis(1)), to: ahead, ..site }, "invalid"),
            (FigureEntry { value: -1, ..site }, "invalid"),
            (FigureEntry { value: FIGURE_VALUE_MAX + 1, ..site }, "over_limit"),
            (FigureEntry { replaces: Some(FigureId(4)), ..site }, "invalid"),
        ] {
            let refusal = enter(&mut floor, &[site, wrong]).expect_err("refused");
            assert_eq!(refusal.code(), code, "{wrong:?}: {refusal}");
        }
        assert_eq!(floor.last_seq(), before);
        for well in [
            FigureEntry { from: NOW.minus(span), value: FIGURE_VALUE_MAX, ..site },
            FigureEntry { from: NOW, to: NOW.plus(span), value: 0, ..site },
        ] {
            assert!(enter(&mut floor, &[well]).is_ok(), "{well:?}");
        }
    }

    #[test]
    fn a_list_has_a_limited_length_and_is_not_empty() {
        let mut floor = floor();
        let site = entry(FigureSubject::Site);
        assert_eq!(
            enter(&mut floor, &vec![site; FIGURES_AT_ONCE_MAX]).map(|log| log.len()),
            Ok(FIGURES_AT_ONCE_MAX)
        );
        let refusal = enter(&mut floor, &vec![site; FIGURES_AT_ONCE_MAX + 1]).expect_err("too many");
        assert_eq!(refusal.code(), "over_limit");
        assert_eq!(enter(&mut floor, &[]).expect_err("none").code(), "invalid");
    }

    #[test]
    fn a_figure_is_withdrawn_by_its_number() {
        let mut floor = floor();
        let figure = FigureId(enter(&mut floor, &[entry(FigureSubject::Site)]).expect("entered")[0].seq);
        let log = asks(&mut floor, Command::WithdrawFigure { figure }).expect("withdrawn");
        assert_eq!(log[0].event, crate::event::FigureWithdrawn { figure }.into());
        let unknown = Command::WithdrawFigure { figure: FigureId(floor.last_seq() + 1) };
        assert_eq!(asks(&mut floor, unknown).expect_err("not there yet").code(), "invalid");
    }
}
