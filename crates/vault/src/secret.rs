//! Values that must not be printed and are wiped when dropped. They know nothing of what they open.

use crate::error::VaultError;
use ring::rand::{SecureRandom, SystemRandom};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// Bytes of every symmetric key here.
pub(crate) const KEY_BYTES: usize = 32;

/// A symmetric key: never printed, wiped when dropped.
#[derive(Clone)]
pub(crate) struct SecretKey(Zeroizing<[u8; KEY_BYTES]>);

impl SecretKey {
    pub(crate) fn random() -> Result<SecretKey, VaultError> {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        fill_random(key.as_mut_slice())?;
        Ok(SecretKey(key))
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<SecretKey> {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        if bytes.len() != KEY_BYTES {
            return None;
        }
        key.copy_from_slice(bytes);
        Some(SecretKey(key))
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(redacted)")
    }
}

/// A password on its way in: never printed, wiped when dropped.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes the password over; the caller's string is not copied.
    pub fn new(password: String) -> Password {
        Password(Zeroizing::new(password))
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl From<String> for Password {
    fn from(password: String) -> Password {
        Password::new(password)
    }
}

impl From<&str> for Password {
    fn from(password: &str) -> Password {
        Password::new(password.to_owned())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(redacted)")
    }
}

/// Fills the slice from the operating system's generator, wiping it again if that fails half-way.
pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<(), VaultError> {
    SystemRandom::new().fill(bytes).map_err(|_| {
        bytes.zeroize();
        VaultError::NoEntropy
    })
}

/// 32 random bytes in lower-case base32 (RFC 4648, unpadded): the readable body of tokens and tickets. With a prefix
/// of three characters it is 55 bytes, the most that one round of SHA-256 takes.
pub(crate) fn random_text() -> Result<Zeroizing<String>, VaultError> {
    let mut bytes = Zeroizing::new([0u8; 32]);
    fill_random(bytes.as_mut_slice())?;
    Ok(Zeroizing::new(base32(bytes.as_slice())))
}

fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut text = String::with_capacity((bytes.len() * 8).div_ceil(5));
    for chunk in bytes.chunks(5) {
        let mut five = [0; 8];
        five[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(five);
        for digit in 0..(chunk.len() * 8).div_ceil(5) {
            text.push(ALPHABET[(bits >> (35 - 5 * digit)) as usize & 31] as char);
        }
    }
    text
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_that_of_rfc_4648() {
        let known = [("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foob", "mzxw6yq")];
        for (clear, coded) in known.into_iter().chain([("fooba", "mzxw6ytb"), ("foobar", "mzxw6ytboi")]) {
            assert_eq!(base32(clear.as_bytes()), coded);
        }
        let text = random_text().unwrap();
        assert_eq!(text.len(), 52);
        assert_ne!(*text, *random_text().unwrap());
    }
}
