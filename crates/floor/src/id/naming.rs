//! What names are made of, for this desk and every other: [`codes!`](crate::codes) and [`numbers!`](crate::numbers) make a type of
//! each, which reads as text where people read and is stored as short as it can be.

use crate::limits::CODE_BYTES_MAX;
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

/// A short code that people chose: 1 to 31 ASCII letters, digits and `- _ . @ + :`. Never by itself: [`codes!`](crate::codes) makes
/// names of it, each a type of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    bytes: [u8; CODE_BYTES_MAX],
    len: u8,
}

impl Code {
    /// A code known when the program was written; a bad one does not compile.
    pub const fn fixed(text: &'static str) -> Self {
        let (from, mut bytes, mut at) = (text.as_bytes(), [0; CODE_BYTES_MAX], 0);
        assert!(!from.is_empty() && from.len() <= CODE_BYTES_MAX);
        while at < from.len() {
            bytes[at] = from[at];
            at += 1;
        }
        Self { bytes, len: from.len() as u8 }
    }

    /// The code's letters.
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or("")
    }
}

impl FromStr for Code {
    type Err = NotACode;
    fn from_str(text: &str) -> Result<Self, NotACode> {
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
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Letters;
        impl de::Visitor<'_> for Letters {
            type Value = Code;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "a code of 1 to {CODE_BYTES_MAX} letters")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Code, E> {
                text.parse().map_err(|fault| E::custom(alloc::format!("the code {fault}")))
            }
        }
        deserializer.deserialize_str(Letters)
    }
}

/// Makes a type of each name that is a code.
#[macro_export]
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name($crate::id::Code);

        impl $name {
            /// A code known when the program was written; a bad one does not compile.
            pub const fn fixed(text: &'static str) -> Self {
                Self($crate::id::Code::fixed(text))
            }

            /// The code's letters.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::id::NotACode;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, out: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, out)
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, out: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.0, out)
            }
        }
    )+};
}

/// How a number of the log reads as text: `c-1042`. What [`numbers!`](crate::numbers) is made of.
pub mod number {
    use super::{Deserialize, Deserializer, Serializer, de};
    use alloc::string::String;

    /// The number in a text; nothing unless it is spelt as it is written: no sign, no leading zero.
    pub fn parse(text: &str, prefix: &str) -> Option<u64> {
        let digits = text.strip_prefix(prefix)?.strip_prefix('-')?;
        if digits.is_empty() || digits.starts_with(['0', '+']) {
            return None;
        }
        digits.parse().ok()
    }

    /// Text where people read, a number where it is stored.
    ///
    /// # Errors
    /// The serializer's own.
    pub fn serialize<S: Serializer>(number: u64, prefix: &str, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(&format_args!("{prefix}-{number}"))
        } else {
            serializer.serialize_u64(number)
        }
    }

    /// And back.
    ///
    /// # Errors
    /// Where it is no such id.
    pub fn deserialize<'de, D: Deserializer<'de>>(prefix: &str, deserializer: D) -> Result<u64, D::Error> {
        if !deserializer.is_human_readable() {
            return u64::deserialize(deserializer);
        }
        let text = String::deserialize(deserializer)?;
        parse(&text, prefix)
            .ok_or_else(|| de::Error::custom(format_args!("expected an id like {prefix}-1042")))
    }
}

/// Makes a type of each name that is the number of the event which made the thing.
#[macro_export]
macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident $prefix:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl ::core::fmt::Display for $name {
            fn fmt(&self, out: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                write!(out, concat!($prefix, "-{}"), self.0)
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, out: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(self, out)
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = ();
            fn from_str(text: &str) -> Result<Self, ()> {
                $crate::id::number::parse(text, $prefix).map(Self).ok_or(())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::id::number::serialize(self.0, $prefix, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::id::number::deserialize($prefix, deserializer).map(Self)
            }
        }
    )+};
}
