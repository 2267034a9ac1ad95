//! Which evaluations enter a mean, and which of those enter what an agent is paid by: a peer's and her own only where the site
//! says so, and what was drawn for its risk or came from a mystery caller never.

use super::Evaluation;
use crate::id::EvaluationId;
use crate::quality::Quality;
use crate::sampling::Why;

impl Quality {
    /// Whether it stands for what its agent does: published, neither drawn for its risk nor of a mystery contact.
    pub fn is_representative(&self, id: EvaluationId, known: &Evaluation) -> bool {
        let risky = self.samples.pick_of(id).is_some_and(|(_, pick)| matches!(pick.why, Why::Risk(_)));
        known.is_shown_to_agent() && !risky && !self.is_mystery(known.contact)
    }

    /// Whether its mark enters what its agent is paid by.
    pub fn enters_pay(&self, id: EvaluationId, known: &Evaluation) -> bool {
        known.rater.counts_for_pay(&self.terms) && self.is_representative(id, known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Terms;
    use crate::command::Command;
    use crate::evaluation::{Draft, Rater};
    use crate::sampling::{Coverage, Draw, DrawRecord, Part, Pick, Plan};
    use crate::trial::{Desk, FORM, LEADER, LI, ZHAO, at};
    use cordboard_floor::{ContactId, RuleId};

    #[test]
    fn what_enters_pay_is_qualitys_and_no_others_unless_the_site_says_so() {
        let mut desk = Desk::new();
        let pick = |contact, why| Pick {
            contact: ContactId(contact),
            agent: LI,
            stratum: vec![Part::Length(1)],
            why,
            evaluator: Some(ZHAO),
            second: None,
        };
        let picks = vec![pick(1, Why::Representative), pick(2, Why::Risk(RuleId::fixed("risk.complaint")))];
        let draw = Draw {
            seed: 1,
            picks,
            coverage: Coverage { representative: 1, risk_drawn: 1, ..Coverage::default() },
        };
        let record = DrawRecord { account: LEADER, plan: Plan::customary(), from: at(0), until: at(9), draw };
        desk.ask(Command::RecordDraw(Box::new(record))).unwrap();
        let raters = [
            Rater::Quality, // drawn to stand for the others
            Rater::Quality, // drawn for its risk
            Rater::Quality, // not drawn
            Rater::Peer,
            Rater::Own,
            Rater::Mystery,
            Rater::Quality, // the caller was none
            Rater::Quality, // not published
        ];
        for (contact, rater) in (1..).zip(raters) {
            let (contact, agent, form, account) = (ContactId(contact), LI, FORM, ZHAO);
            if rater == Rater::Mystery {
                desk.ask(Command::MarkMystery { contact, account }).unwrap();
            }
            let draft = Draft {
                contact,
                agent,
                form,
                version: 1,
                rater,
                account,
                checks: None,
                seed: None,
                round: None,
            };
            let evaluation = EvaluationId(desk.ask(Command::DraftEvaluation(draft)).unwrap());
            desk.submit(evaluation, account, true);
            if contact.0 < 8 {
                desk.ask(Command::PublishEvaluation { evaluation, account }).unwrap();
            }
        }
        desk.ask(Command::MarkMystery { contact: ContactId(7), account: ZHAO }).unwrap();
        let mut paid = |peers_count, own_counts| {
            let terms = Terms { peers_count, own_counts, ..Terms::default() };
            desk.ask(Command::ApplyTerms(terms)).unwrap();
            let each = desk.desk.evaluations().filter(|(id, known)| desk.desk.enters_pay(*id, known));
            each.map(|(_, known)| known.contact.0).collect::<Vec<u64>>()
        };
        assert_eq!(paid(false, false), [1, 3]);
        assert_eq!(paid(true, false), [1, 3, 4]);
        assert_eq!(paid(false, true), [1, 3, 5]);
        assert_eq!(paid(true, true), [1, 3, 4, 5]);
    }
}
