//! 满意度: what surveys come to. Two formulas carry that name and part as soon as somebody answers in the middle
//! (requirements K06); both are shown, each with its counts and its interval, beside the response rate. A fold over this
//! desk's events; a contact that is marked as mystery leaves it, whenever that is said.

use crate::agreement::{Percent, Undefined};
use crate::event::Event;
use crate::id::QuestionId;
use cordboard_floor::{AgentId, ContactId, QueueId, Recorded};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Which answers are which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SatisfactionTerms {
    /// Satisfied from this score on.
    pub satisfied_from: u8,
    /// Dissatisfied up to this one; between them neither.
    pub dissatisfied_to: u8,
}

impl Default for SatisfactionTerms {
    /// 4 and 5 of five, and 1 and 2.
    fn default() -> Self {
        Self { satisfied_from: 4, dissatisfied_to: 2 }
    }
}

/// One survey.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// Who had the contact.
    pub agent: Option<AgentId>,
    /// Its queue.
    pub queue: Option<QueueId>,
    /// What was said to each question; none: nothing was.
    pub scores: Option<BTreeMap<QuestionId, u8>>,
}

/// All surveys of what was folded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Responses {
    responses: BTreeMap<ContactId, Response>,
    mystery: BTreeSet<ContactId>,
}

impl Responses {
    /// Takes an event of this desk.
    pub fn see(&mut self, recorded: &Recorded<Event>) {
        match &recorded.event {
            Event::SurveyOffered(event) => {
                let known = self.responses.entry(event.contact).or_default();
                (known.agent, known.queue) = (event.agent, event.queue);
            }
            Event::SurveyAnswered(event) => {
                let scores = event.scores.iter().map(|score| (score.question, score.score)).collect();
                self.responses.entry(event.contact).or_default().scores = Some(scores);
            }
            Event::ContactMarkedMystery(event) => {
                self.mystery.insert(event.contact);
            }
            _ => {}
        }
    }

    /// Those that count: of no mystery contact.
    pub fn counted(&self) -> impl Iterator<Item = (ContactId, &Response)> {
        let counted = self.responses.iter().filter(|(contact, _)| !self.mystery.contains(contact));
        counted.map(|(contact, response)| (*contact, response))
    }
}

/// What surveys come to in one question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Satisfaction {
    /// Surveys offered.
    pub offered: u64,
    /// Of those, answered, to whatever question.
    pub answered: u64,
    /// Answers to this question: satisfied.
    pub satisfied: u64,
    /// Neither.
    pub neutral: u64,
    /// Dissatisfied.
    pub dissatisfied: u64,
}

impl Satisfaction {
    /// Counts what was said to one question.
    pub fn of<'a>(
        responses: impl IntoIterator<Item = &'a Response>,
        question: QuestionId,
        terms: SatisfactionTerms,
    ) -> Self {
        let mut counted = Self::default();
        for response in responses {
            counted.offered += 1;
            let Some(scores) = &response.scores else { continue };
            counted.answered += 1;
            match scores.get(&question) {
                Some(score) if *score >= terms.satisfied_from => counted.satisfied += 1,
                Some(score) if *score <= terms.dissatisfied_to => counted.dissatisfied += 1,
                Some(_) => counted.neutral += 1,
                None => {}
            }
        }
        counted
    }

    /// Answers to this question (参评).
    pub const fn answers(&self) -> u64 {
        self.satisfied + self.neutral + self.dissatisfied
    }

    /// `csat.not_dissatisfied`: 1 − 不满意 ÷ 参评 (K06, first formula). Who answers in the middle counts for it.
    pub fn not_dissatisfied(&self) -> Result<Percent, Undefined> {
        Percent::of(self.satisfied + self.neutral, self.answers())
    }

    /// `csat.positive`: satisfied ÷ answers (K06, CSAT). Who answers in the middle counts against it.
    pub fn positive(&self) -> Result<Percent, Undefined> {
        Percent::of(self.satisfied, self.answers())
    }

    /// Answered ÷ offered.
    pub fn response_rate(&self) -> Result<Percent, Undefined> {
        Percent::of(self.answered, self.offered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{ContactMarkedMystery, SurveyAnswered, SurveyOffered};
    use crate::survey::SurveyScore;
    use crate::trial::{LI, ZHAO, at};
    use cordboard_floor::{Actor, SiteId};

    const ALL: QuestionId = QuestionId::fixed("all");

    fn told(responses: &mut Responses, event: impl Into<Event>) {
        let (actor, site) = (Actor::system("test"), SiteId::fixed("main"));
        let event = event.into();
        responses.see(&Recorded { seq: 1, at: at(0), site, actor, reason: None, cause: None, event });
    }

    fn answered(responses: &mut Responses, contact: u64, question: QuestionId, score: u8) {
        let contact = ContactId(contact);
        told(responses, SurveyOffered { contact, agent: Some(LI), queue: None });
        let scores = vec![SurveyScore { question, score }];
        told(responses, SurveyAnswered { contact, scores, comment: None });
    }

    fn counted(responses: &Responses) -> Satisfaction {
        let responses = responses.counted().map(|(_, response)| response);
        Satisfaction::of(responses, ALL, SatisfactionTerms::default())
    }

    #[test]
    fn the_two_formulas_part_by_who_answers_in_the_middle() {
        let mut responses = Responses::default();
        for (contact, score) in [(1, 5), (2, 4), (3, 3), (4, 3), (5, 2), (6, 1), (7, 5), (8, 5)] {
            answered(&mut responses, contact, ALL, score);
        }
        answered(&mut responses, 9, QuestionId::fixed("agent"), 1);
        told(&mut responses, SurveyOffered { contact: ContactId(10), agent: None, queue: None });
        let all = counted(&responses);
        assert_eq!((all.satisfied, all.neutral, all.dissatisfied, all.answers()), (4, 2, 2, 8));
        let parts =
            |percent: Result<Percent, Undefined>| percent.map(|percent| (percent.part, percent.whole));
        assert_eq!(parts(all.not_dissatisfied()), Ok((6, 8)));
        assert_eq!(parts(all.positive()), Ok((4, 8)));
        assert_eq!(parts(all.response_rate()), Ok((9, 10)));
        assert!(
            Satisfaction::default().positive().is_err() && Satisfaction::default().response_rate().is_err()
        );
    }

    #[test]
    fn a_mystery_contact_leaves_whenever_it_is_said() {
        let mark = ContactMarkedMystery { contact: ContactId(2), by: ZHAO };
        let (mut before, mut after) = (Responses::default(), Responses::default());
        told(&mut before, mark.clone());
        for responses in [&mut before, &mut after] {
            answered(responses, 1, ALL, 1);
            answered(responses, 2, ALL, 5);
        }
        assert_eq!(counted(&after).satisfied, 1);
        told(&mut after, mark);
        assert_eq!(after, before);
        assert_eq!((counted(&after).offered, counted(&after).satisfied), (1, 0));
    }
}
