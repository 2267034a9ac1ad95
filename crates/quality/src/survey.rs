//! 满意度调查: a caller is asked once after a contact, and answers once. What all of them come to is for
//! [`satisfaction`](crate::satisfaction).

use crate::evaluation::check_sealed;
use crate::event::{Event, SurveyAnswered, SurveyOffered};
use crate::id::QuestionId;
use crate::limits::{SURVEY_QUESTIONS_MAX, SURVEY_SCORE_MAX, SURVEYS_MAX};
use crate::quality::Quality;
use crate::refusal::{Refusal, at_most};
use crate::work::{Verdict, Work};
use cordboard_floor::decider::Done;
use cordboard_floor::event::Sealed;
use cordboard_floor::{AgentId, ContactId, QueueId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a caller says to one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyScore {
    /// To which.
    pub question: QuestionId,
    /// 1 (very dissatisfied) to 5 (very satisfied).
    pub score: u8,
}

/// How a survey stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyStanding {
    /// Whether it was answered.
    pub answered: bool,
    /// The event that made it so.
    pub seq: u64,
}

impl Quality {
    /// How the survey of a contact stands, if one was offered and is remembered.
    pub fn survey(&self, contact: ContactId) -> Option<SurveyStanding> {
        self.surveys.get(&contact).copied()
    }

    pub(crate) fn take_survey(&mut self, seq: u64, event: &Event) {
        match event {
            Event::SurveyOffered(event) => {
                self.surveys.insert(event.contact, SurveyStanding { answered: false, seq });
                while self.surveys.len() > SURVEYS_MAX {
                    self.surveys.pop_first();
                }
            }
            Event::SurveyAnswered(event) => {
                if let Some(known) = self.surveys.get_mut(&event.contact) {
                    *known = SurveyStanding { answered: true, seq };
                }
            }
            _ => {}
        }
    }
}

impl Work<'_> {
    /// Once; the same again is an answer.
    pub(crate) fn offer_survey(
        &mut self,
        contact: ContactId,
        agent: Option<AgentId>,
        queue: Option<QueueId>,
    ) -> Verdict {
        if let Some(known) = self.desk.surveys.get(&contact) {
            return Ok(Done { seq: known.seq });
        }
        self.known_number(contact)?;
        let full = self.desk.surveys.len() >= SURVEYS_MAX;
        if full && self.desk.surveys.first_key_value().is_some_and(|(oldest, _)| contact < *oldest) {
            return Err(Refusal::NoSurvey(contact));
        }
        self.emit(SurveyOffered { contact, agent, queue });
        self.done()
    }

    pub(crate) fn answer_survey(
        &mut self,
        contact: ContactId,
        scores: Vec<SurveyScore>,
        comment: Option<Sealed>,
    ) -> Verdict {
        check_sealed(&comment)?;
        let known = self.desk.surveys.get(&contact).ok_or(Refusal::NoSurvey(contact))?;
        if known.answered {
            return Err(Refusal::SurveyAnswered(contact));
        }
        at_most("answers to a survey", scores.len() as u64, SURVEY_QUESTIONS_MAX as u64)?;
        let questions: BTreeSet<QuestionId> = scores.iter().map(|score| score.question).collect();
        if scores.is_empty() || questions.len() != scores.len() {
            return Err(Refusal::Invalid {
                what: "scores",
                why: "are none, or a question is answered twice",
            });
        }
        if scores.iter().any(|score| !(1..=SURVEY_SCORE_MAX).contains(&score.score)) {
            return Err(Refusal::Invalid { what: "scores", why: "lie from 1 to 5" });
        }
        self.emit(SurveyAnswered { contact, scores, comment });
        self.done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Command;
    use crate::limits::{MYSTERY_CONTACTS_MAX, NOTE_BYTES_MAX};
    use crate::trial::{Desk, LI, PASSED, ZHAO, text};

    fn offer(contact: u64) -> Command {
        Command::OfferSurvey { contact: ContactId(contact), agent: Some(LI), queue: None }
    }

    fn answer(contact: u64, scores: &[(&'static str, u8)]) -> Command {
        let one = |(question, score): &(&'static str, u8)| SurveyScore {
            question: QuestionId::fixed(question),
            score: *score,
        };
        let scores = scores.iter().map(one).collect();
        Command::AnswerSurvey { contact: ContactId(contact), scores, comment: Some(text(3)) }
    }

    #[test]
    fn a_caller_is_asked_once_and_answers_once() {
        let mut desk = Desk::new();
        assert_eq!(desk.no(answer(7, &[("all", 5)])), "no_survey");
        assert_eq!(desk.no(offer(u64::MAX)), "invalid");
        let seq = desk.ask(offer(7)).unwrap();
        assert_eq!(desk.ask(offer(7)), Ok(seq));
        for wrong in [&[("all", 0)][..], &[("all", 6)], &[], &[("all", 5), ("all", 4)]] {
            assert_eq!(desk.no(answer(7, wrong)), "invalid", "{wrong:?}");
        }
        let scores =
            vec![SurveyScore { question: QuestionId::fixed("all"), score: 5 }; SURVEY_QUESTIONS_MAX + 1];
        let many = Command::AnswerSurvey { contact: ContactId(7), scores, comment: None };
        assert_eq!(desk.no(many), "over_limit");
        let Command::AnswerSurvey { scores, .. } = answer(7, &[("all", 5)]) else { unreachable!() };
        let long =
            Command::AnswerSurvey { contact: ContactId(7), scores, comment: Some(text(NOTE_BYTES_MAX + 1)) };
        assert_eq!(desk.no(long), "over_limit");
        desk.ask(answer(7, &[("all", 1), ("agent", 5)])).unwrap();
        assert!(desk.desk.survey(ContactId(7)).unwrap().answered);
        assert_eq!(desk.no(answer(7, &[("all", 5)])), "survey_answered");
        desk.hold();
    }

    #[test]
    fn the_oldest_survey_is_forgotten() {
        let mut desk = Desk::new();
        for contact in 2..SURVEYS_MAX as u64 + 2 {
            desk.ask(offer(contact)).unwrap();
        }
        assert!(desk.desk.survey(ContactId(2)).is_some());
        assert_eq!(desk.no(offer(1)), "no_survey", "older than all that are remembered");
        desk.ask(offer(PASSED)).unwrap();
        assert!(desk.desk.survey(ContactId(2)).is_none());
        assert_eq!(desk.no(answer(2, &[("all", 5)])), "no_survey");
    }

    #[test]
    fn a_mystery_contact_is_marked_once_and_none_is_forgotten() {
        let mut desk = Desk::new();
        let mark = |contact| Command::MarkMystery { contact: ContactId(contact), account: ZHAO };
        let seq = desk.ask(mark(7)).unwrap();
        assert_eq!(desk.ask(mark(7)), Ok(seq));
        assert!(desk.desk.is_mystery(ContactId(7)) && !desk.desk.is_mystery(ContactId(8)));
        assert_eq!(desk.no(mark(u64::MAX)), "invalid");
        desk.hold();
        for contact in 1..=MYSTERY_CONTACTS_MAX as u64 {
            desk.ask(mark(contact)).unwrap();
        }
        assert_eq!(desk.no(mark(PASSED + 1)), "over_limit");
    }
}
