//! The names of things. Two families: numbers that come from the log (a contact, a visit, an offer is
//! known by the sequence number of the event that made it), and short codes that people chose.
//! Codes are held in place, without allocation, so that a command carries no heap of its own.

use crate::limits::CODE_BYTES_MAX;
use alloc::format;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Why a text is not a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotACode {
    /// No letters at all.
    Empty,
    /// More than [`CODE_BYTES_MAX`] bytes.
    TooLong,
    /// Something other than ASCII letters, digits and `- _ . @ + :`.
    Letter(char),
}

impl fmt::Display for NotACode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => out.write_str("is empty"),
            Self::TooLong => write!(out, "is longer than {CODE_BYTES_MAX} bytes"),
            Self::Letter(letter) => {
                write!(out, "holds {letter:?}; a code is made of A-Z a-z 0-9 - _ . @ + :")
            }
        }
    }
}

/// A short code that people chose: 1 to 31 ASCII letters, digits and `- _ . @ + :`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Code {
    bytes: [u8; CODE_BYTES_MAX],
    len: u8,
}

impl Code {
    const fn fixed(text: &'static str) -> Self {
        let (from, mut bytes, mut at) = (text.as_bytes(), [0; CODE_BYTES_MAX], 0);
        assert!(!from.is_empty() && from.len() <= CODE_BYTES_MAX);
        while at < from.len() {
            bytes[at] = from[at];
            at += 1;
        }
        Self { bytes, len: from.len() as u8 }
    }

    fn parse(text: &str) -> Result<Self, NotACode> {
        if text.is_empty() {
            return Err(NotACode::Empty);
        }
        if let Some(letter) =
            text.chars().find(|letter| !letter.is_ascii_alphanumeric() && !"-_.@+:".contains(*letter))
        {
            return Err(NotACode::Letter(letter));
        }
        if text.len() > CODE_BYTES_MAX {
            return Err(NotACode::TooLong);
        }
        let mut bytes = [0; CODE_BYTES_MAX];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Self { bytes, len: text.len() as u8 })
    }

    fn as_str(&self) -> &str {
        core::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or("")
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Code);

        impl $name {
            /// A code known when the program was written; a bad one does not compile.
            pub const fn fixed(text: &'static str) -> Self {
                Self(Code::fixed(text))
            }

            /// The code's letters.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl FromStr for $name {
            type Err = NotACode;
            fn from_str(text: &str) -> Result<Self, NotACode> {
                Code::parse(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Letters;
                impl de::Visitor<'_> for Letters {
                    type Value = Code;
                    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                        write!(out, "a code of 1 to {CODE_BYTES_MAX} letters")
                    }
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<Code, E> {
                        Code::parse(text).map_err(|fault| E::custom(format!("the code {fault}")))
                    }
                }
                deserializer.deserialize_str(Letters).map(Self)
            }
        }
    )+};
}

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

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident $prefix:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, concat!($prefix, "-{}"), self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, out)
            }
        }

        impl FromStr for $name {
            type Err = ();
            fn from_str(text: &str) -> Result<Self, ()> {
                let digits = text.strip_prefix(concat!($prefix, "-")).ok_or(())?;
                // One spelling each: no sign, no leading zero.
                if digits.is_empty() || digits.starts_with(['0', '+']) {
                    return Err(());
                }
                digits.parse().map(Self).map_err(|_| ())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    serializer.serialize_u64(self.0)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    let text = String::deserialize(deserializer)?;
                    text.parse().map_err(|()| de::Error::custom(concat!("expected an id like ", $prefix, "-1042")))
                } else {
                    u64::deserialize(deserializer).map(Self)
                }
            }
        }
    )+};
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
