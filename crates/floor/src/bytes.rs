//! Bytes as they are stored (a byte string) and shown (hexadecimal).

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use serde::{Deserializer, Serializer, de};

/// How bytes come out of their stored form.
pub(crate) trait FromBytes: Sized {
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

impl FromBytes for Box<[u8]> {
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(bytes.into())
    }
}

impl<const N: usize> FromBytes for [u8; N] {
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok()
    }
}

pub(crate) fn serialize<S: Serializer>(bytes: &impl AsRef<[u8]>, serializer: S) -> Result<S::Ok, S::Error> {
    if !serializer.is_human_readable() {
        return serializer.serialize_bytes(bytes.as_ref());
    }
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or('0');
    let hex: String = bytes.as_ref().iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
    serializer.serialize_str(&hex)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>, B: FromBytes>(deserializer: D) -> Result<B, D::Error> {
    struct Take<B>(core::marker::PhantomData<B>);

    impl<'de, B: FromBytes> de::Visitor<'de> for Take<B> {
        type Value = B;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("bytes, or their hexadecimal digits")
        }

        fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<B, E> {
            B::from_bytes(bytes).ok_or_else(|| E::invalid_length(bytes.len(), &self))
        }

        fn visit_str<E: de::Error>(self, hex: &str) -> Result<B, E> {
            let nibbles: Option<Vec<u8>> =
                hex.chars().map(|digit| digit.to_digit(16).map(|digit| digit as u8)).collect();
            let nibbles = nibbles.filter(|nibbles| nibbles.len() % 2 == 0);
            let nibbles = nibbles.ok_or_else(|| E::custom("expected pairs of hexadecimal digits"))?;
            let bytes: Vec<u8> = nibbles.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect();
            self.visit_bytes(&bytes)
        }
    }

    if deserializer.is_human_readable() {
        deserializer.deserialize_str(Take(core::marker::PhantomData))
    } else {
        deserializer.deserialize_bytes(Take(core::marker::PhantomData))
    }
}
