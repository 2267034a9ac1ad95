//! The names of things. Two families: numbers that come from the log (a contact, a visit, an offer is
//! known by the sequence number of the event that made it), and short codes that people chose.
//! Codes are held in place, without allocation, so that a command carries no heap of its own.

#[macro_use]
mod naming;

pub use naming::{Code, NotACode, number};

codes! {
    /// 座席工号: how an agent is known outside; never the name.
    AgentId,
    /// 队列.
    QueueId,
    /// 席位.
    SeatId,
    /// A skill, held by agents at a level from 0 to 100 and asked for by queues and contacts.
    SkillId,
    /// 组.
    TeamId,
    /// Who signs in.
    AccountId,
    /// One centre, one log.
    SiteId,
    /// A way to real calls.
    GatewayId,
    /// A client's link, from hello to its end.
    SessionId,
    /// A rule of the system that acted of itself.
    RuleId,
    /// Why something was done: the system's own, or one that the customer configured.
    ReasonId,
    /// A wrap-up code 话后小结代码.
    CodeId,
    /// How a report is laid out: `daily`, `weekly`, …
    LayoutId,
    /// How a contact came: `voice`, `chat`, …
    Channel,
    /// What a figure that people enter counts, as `survey_answers`.
    MeasureId,
    /// A rule by which alerts are raised.
    AlertRuleId,
    /// What fills an agent's time, as the board names it: `talking`, `wrap_up`, …
    StateId,
    /// A part of the system, as an alert names it.
    PartId,
}

numbers! {
    /// 联络: the sequence number of its `contact.arrived`.
    ContactId "c",
    /// One stay of a contact in a queue: the sequence number of its `contact.queued`.
    VisitId "v",
    /// One attempt to give a contact to an agent: the sequence number of its `offer.created`.
    OfferId "o",
    /// A figure that people entered: the sequence number of its `figure.entered`.
    FigureId "f",
    /// 报表, frozen: the sequence number of its `report.frozen`.
    ReportId "r",
    /// A word to a team: the sequence number of its `team.messaged`.
    MessageId "m",
    /// 告警: the sequence number of its `alert.raised`.
    AlertId "al",
    /// Whose key seals a personal value; the vault gives it.
    PersonId "p",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::CODE_BYTES_MAX;
    use alloc::string::ToString;

    #[test]
    fn a_code_keeps_its_letters_and_refuses_others() {
        let agent: AgentId = "1001".parse().unwrap();
        assert_eq!(agent.to_string(), "1001");
        assert_eq!("".parse::<AgentId>(), Err(NotACode::Empty));
        assert_eq!("a b".parse::<AgentId>(), Err(NotACode::Letter(' ')));
        assert_eq!("组".parse::<TeamId>(), Err(NotACode::Letter('组')));
        assert!("x".repeat(CODE_BYTES_MAX).parse::<QueueId>().is_ok());
        assert_eq!("x".repeat(CODE_BYTES_MAX + 1).parse::<QueueId>(), Err(NotACode::TooLong));
    }

    #[test]
    fn codes_sort_as_their_letters_do() {
        let sorted = ["a", "a1", "ab", "b"].map(|text| text.parse::<QueueId>().unwrap());
        assert!(sorted.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn a_number_has_one_spelling() {
        assert_eq!("c-1042".parse(), Ok(ContactId(1042)));
        for text in ["c-01042", "c-+1", "c-", "o-1042", "1042", "c-99999999999999999999"] {
            assert_eq!(text.parse::<ContactId>(), Err(()), "{text}");
        }
    }
}
