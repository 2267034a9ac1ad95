//! The names of this desk's things, in the floor's two families: short codes that people chose, and numbers of the
//! events that made the thing. A code's letters are the floor's (1 to 31 of `A-Z a-z 0-9 - _ . @ + :`).

use cordboard_floor::id::NotACode;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// The floor's code, of which only the name is ours.
type Letters = cordboard_floor::CodeId;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Letters);

        impl $name {
            /// A code known when the program was written; a bad one does not compile.
            pub const fn fixed(text: &'static str) -> Self {
                Self(Letters::fixed(text))
            }

            /// The code's letters.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl FromStr for $name {
            type Err = NotACode;
            fn from_str(text: &str) -> Result<Self, NotACode> {
                text.parse().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, out)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, out)
            }
        }
    )+};
}

codes! {
    /// 评分表: a scorecard, of which there are versions.
    FormId,
    /// A section of a form.
    SectionId,
    /// A question of a form.
    QuestionId,
    /// An answer to choose; `yes`, `no` and `na` are everywhere the same.
    ChoiceId,
    /// A band of marks: `excellent`, `pass`, …
    BandId,
    /// A fact of the engine that may suggest an answer.
    FactId,
    /// 岗位: a post with a table of its own.
    PostId,
    /// A line of an assessment table.
    LineId,
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
                if !deserializer.is_human_readable() {
                    return u64::deserialize(deserializer).map(Self);
                }
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(|()| de::Error::custom(concat!("expected an id like ", $prefix, "-1042")))
            }
        }
    )+};
}

numbers! {
    /// 质检评价: the sequence number of its `evaluation.drafted`.
    EvaluationId "e",
    /// 扣分: an entry of the points ledger, the sequence number of its `deduction.proposed`.
    EntryId "d",
    /// 免责: the sequence number of its `excuse.granted`.
    ExcuseId "x",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_as_they_are_written() {
        assert_eq!("e-7".parse(), Ok(EvaluationId(7)));
        assert_eq!(EntryId(12).to_string(), "d-12");
        for wrong in ["e-07", "e-", "7", "d-7", "e-+7"] {
            assert_eq!(wrong.parse::<EvaluationId>(), Err(()), "{wrong}");
        }
        assert!("评分".parse::<FormId>().is_err());
        assert_eq!("script-20".parse::<FormId>().unwrap(), FormId::fixed("script-20"));
    }
}
