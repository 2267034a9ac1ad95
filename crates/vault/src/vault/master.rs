//! The master key file, and the keys that are derived from it, one per purpose. It knows no index and no
//! person.
//!
//! The file is one line, `cordboard-master-key-1 <64 hex digits>`, so that it can be printed, locked away
//! and typed in again. Purposes are separated by HMAC with a label each: no key serves two of them.

use crate::error::VaultError;
use crate::secret::{KEY_BYTES, SecretKey, hex};
use crate::vault::sync_dir;
use ring::hmac;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;
use zeroize::Zeroizing;

const HEADER: &str = "cordboard-master-key-1";

/// What the master key is used for, each under a key of its own.
pub(crate) struct Keys {
    /// Wraps the keys in the slots.
    pub(crate) wrap: SecretKey,
    pseudonym: hmac::Key,
    digest: hmac::Key,
    account: hmac::Key,
    proof: hmac::Key,
}

impl Keys {
    fn derive(master: &SecretKey) -> Keys {
        let root = hmac::Key::new(hmac::HMAC_SHA256, master.bytes());
        let mac_key = |label: &str| {
            let derived = hmac::sign(&root, label.as_bytes());
            hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref())
        };
        let wrap = hmac::sign(&root, b"cordboard vault 1 wrap");
        Keys {
            wrap: SecretKey::from_slice(wrap.as_ref()).expect("SHA-256 gives 32 bytes"),
            pseudonym: mac_key("cordboard vault 1 pseudonym"),
            digest: mac_key("cordboard vault 1 digest"),
            account: mac_key("cordboard vault 1 account"),
            proof: mac_key("cordboard vault 1 proof"),
        }
    }

    pub(crate) fn pseudonym(&self, number: &str) -> [u8; 16] {
        truncated(&self.pseudonym, number.as_bytes())
    }

    pub(crate) fn digest(&self, command: &[u8]) -> [u8; 8] {
        truncated(&self.digest, command)
    }

    /// Under which key an account stands in the index: its name may be a person's name.
    pub(crate) fn account(&self, name: &str) -> [u8; 16] {
        truncated(&self.account, name.as_bytes())
    }

    /// Shows that a later master key is this one, without showing it.
    pub(crate) fn proof(&self) -> [u8; 16] {
        truncated(&self.proof, b"")
    }
}

fn truncated<const N: usize>(key: &hmac::Key, message: &[u8]) -> [u8; N] {
    hmac::sign(key, message).as_ref()[..N].try_into().expect("a tag has 32 bytes")
}

/// Reads the master key; makes one only where there is nothing yet that needed it.
pub(crate) fn read_or_make(path: &Path, has_data: bool) -> Result<Keys, VaultError> {
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let text = Zeroizing::new(text);
            warn_if_readable_by_others(path);
            parse(path, &text).map(|master| Keys::derive(&master))
        }
        Err(e) if e.kind() == ErrorKind::NotFound && has_data => {
            Err(VaultError::MasterKeyMissing { path: path.to_owned() })
        }
        Err(e) if e.kind() == ErrorKind::NotFound => make(path),
        Err(e) if e.kind() == ErrorKind::InvalidData => Err(malformed(path, "it is not text")),
        Err(e) => Err(VaultError::disk(format!("read the master key {}", path.display()), e)),
    }
}

fn parse(path: &Path, text: &str) -> Result<SecretKey, VaultError> {
    let mut words = text.split_ascii_whitespace();
    if words.next() != Some(HEADER) {
        return Err(malformed(path, "its first word is not cordboard-master-key-1"));
    }
    let digits = words.next().unwrap_or_default();
    if digits.len() != KEY_BYTES * 2
        || !digits.bytes().all(|b| b.is_ascii_hexdigit())
        || words.next().is_some()
    {
        return Err(malformed(path, "its second and last word is not 64 hex digits"));
    }
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    for (byte, pair) in key.iter_mut().zip(digits.as_bytes().chunks(2)) {
        let nibble = |digit: u8| (digit as char).to_digit(16).expect("checked above") as u8;
        *byte = nibble(pair[0]) << 4 | nibble(pair[1]);
    }
    Ok(SecretKey::from_slice(key.as_slice()).expect("32 bytes"))
}

fn malformed(path: &Path, what: &'static str) -> VaultError {
    VaultError::MasterKeyMalformed { path: path.to_owned(), what }
}

/// Written beside and renamed: a crash leaves no half key that a later start would take for damage.
fn make(path: &Path) -> Result<Keys, VaultError> {
    let fault = |what: &'static str| move |e| VaultError::disk(format!("{what} {}", path.display()), e);
    let master = SecretKey::random()?;
    let temporary = path.with_extension("key.new");
    match std::fs::remove_file(&temporary) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(fault("replace the unfinished")(e)),
        _ => {}
    }
    let mut file = private_file(&temporary).map_err(fault("make the master key"))?;
    let line = Zeroizing::new(format!("{HEADER} {}\n", *Zeroizing::new(hex(master.bytes()))));
    file.write_all(line.as_bytes()).map_err(fault("write the master key"))?;
    file.sync_all().map_err(fault("sync the master key"))?;
    std::fs::rename(&temporary, path).map_err(fault("put in place the master key"))?;
    path.parent().map_or(Ok(()), sync_dir)?;
    tracing::info!(path = %path.display(), "made a new master key: keep a copy of it apart from the data");
    Ok(Keys::derive(&master))
}

/// Makes a file that only its owner may read; fails if it is there already.
pub(crate) fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Warned about, not refused: secrets mounted into a container often come with open permissions.
fn warn_if_readable_by_others(path: &Path) {
    #[cfg(unix)]
    if let Ok(about) = std::fs::metadata(path) {
        use std::os::unix::fs::PermissionsExt;
        if about.permissions().mode() & 0o077 != 0 {
            tracing::warn!(path = %path.display(), "others than its owner may read the master key: chmod 600");
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}
