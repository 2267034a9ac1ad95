//! Sealing bytes under a key (ChaCha20-Poly1305, RFC 8439). Pure but for the nonce; knows no person and no file.
//!
//! ```text
//!   sealed = version 1 | nonce 12 | ciphertext | tag 16
//! ```
//!
//! The nonce is random: one key seals the values of one person, far below the 2^32 messages at which
//! 96 random bits become risky. What the value is bound to (whose it is, which field) goes in as
//! associated data, so that a value moved elsewhere does not open.

use crate::error::VaultError;
use crate::secret::{SecretKey, fill_random};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

/// First byte of a sealed value: which algorithm and layout follow.
const VERSION: u8 = 1;
const TAG_BYTES: usize = 16;
/// Bytes that sealing adds to a value.
pub(crate) const OVERHEAD_BYTES: usize = 1 + NONCE_LEN + TAG_BYTES;

pub(crate) fn seal(key: &SecretKey, bound_to: &[u8], clear: &[u8]) -> Result<Vec<u8>, VaultError> {
    let mut nonce = [0; NONCE_LEN];
    fill_random(&mut nonce)?;
    let mut sealed = Vec::with_capacity(clear.len() + OVERHEAD_BYTES);
    sealed.push(VERSION);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(clear);
    let tag = cipher(key)
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(bound_to),
            &mut sealed[1 + NONCE_LEN..],
        )
        .expect("values are far below the cipher's 256 GiB");
    sealed.extend_from_slice(tag.as_ref());
    Ok(sealed)
}

/// The clear bytes, or nothing when the value does not verify under this key and binding.
pub(crate) fn open(key: &SecretKey, bound_to: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (version, rest) = sealed.split_first()?;
    if *version != VERSION || rest.len() < NONCE_LEN + TAG_BYTES {
        return None;
    }
    let (nonce, body) = rest.split_at(NONCE_LEN);
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut clear = body.to_vec();
    let length = cipher(key).open_in_place(nonce, Aad::from(bound_to), &mut clear).ok()?.len();
    clear.truncate(length);
    Some(clear)
}

fn cipher(key: &SecretKey) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, key.bytes()).expect("keys here have 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_flipped_bit_any_cut_and_any_other_binding_fail_to_open() {
        let key = SecretKey::random().unwrap();
        let sealed = seal(&key, b"person 7, name", b"Li Lei").unwrap();
        assert_eq!(sealed.len(), 6 + OVERHEAD_BYTES);
        assert_eq!(open(&key, b"person 7, name", &sealed).as_deref(), Some(&b"Li Lei"[..]));
        for byte in 0..sealed.len() {
            for bit in 0..8 {
                let mut flipped = sealed.clone();
                flipped[byte] ^= 1 << bit;
                assert_eq!(open(&key, b"person 7, name", &flipped), None, "byte {byte} bit {bit}");
            }
            assert_eq!(open(&key, b"person 7, name", &sealed[..byte]), None, "cut at {byte}");
        }
        assert_eq!(open(&key, b"person 8, name", &sealed), None);
        assert_eq!(open(&SecretKey::random().unwrap(), b"person 7, name", &sealed), None);
    }

    #[test]
    fn the_same_value_never_seals_to_the_same_bytes() {
        let key = SecretKey::random().unwrap();
        assert_ne!(seal(&key, b"", b"").unwrap(), seal(&key, b"", b"").unwrap());
    }
}
