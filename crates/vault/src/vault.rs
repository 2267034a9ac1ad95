//! The vault as a whole: opening a directory, the keys derived from its master key, and the one way in
//! which a change becomes durable. It knows nothing of what a person, an account or a token is.

mod index;
mod master;

pub(crate) use index::{Change, Index};
pub(crate) use master::{Keys, private_file};

use crate::account::{Accounts, PasswordCost};
use crate::error::VaultError;
use crate::person::Persons;
use crate::ticket::Tickets;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Newest layout of the directory that this release reads and writes.
const FORMAT: u8 = 1;
const FORMAT_KEY: &[u8] = b"v";

/// How a vault is opened. `Options::default()` is what a server uses.
#[derive(Clone, Debug)]
pub struct Options {
    /// What hashing a password costs. Raising it rehashes each password at its next sign-in.
    pub password_cost: PasswordCost,
    /// The calling code of the country whose numbers arrive without one ("86"). Fixed when the vault is made:
    /// pseudonyms depend on it.
    pub home_country: String,
    /// Where the master key lies; `None` means `master.key` inside the vault. A path outside keeps the key
    /// out of backups of the vault.
    pub master_key: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Options {
        Options { password_cost: PasswordCost::default(), home_country: "86".to_owned(), master_key: None }
    }
}

/// The open vault. Cheap to clone; all clones are one vault.
#[derive(Clone)]
pub struct Vault(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) keys: Keys,
    pub(crate) index: Index,
    pub(crate) persons: Persons,
    pub(crate) accounts: Accounts,
    pub(crate) tickets: Tickets,
    pub(crate) options: Options,
    /// Held until the last clone is gone; last field, so that the index closes before it.
    _lock: File,
}

impl Vault {
    /// Opens the vault in `dir`, or makes one there. See [`Vault::open_with`].
    pub fn create_or_open(dir: &Path) -> Result<Vault, VaultError> {
        Vault::open_with(dir, Options::default())
    }

    /// Opens the vault in `dir`, or makes one there if there is none yet. Keys or accounts without their
    /// master key, or with another one, are an error and never a fresh start.
    pub fn open_with(dir: &Path, options: Options) -> Result<Vault, VaultError> {
        make_dir(dir)?;
        let lock = lock(dir)?;
        let key_path = options.master_key.clone().unwrap_or_else(|| dir.join("master.key"));
        let index_dir = dir.join("index");
        let slots_path = dir.join("person.keys");
        let has_slots = slots_path.exists();
        let has_data = index_dir.exists() || has_slots;
        let keys = master::read_or_make(&key_path, has_data)?;
        let index = Index::open(&index_dir)?;
        check_format(&index, &keys, &key_path, &options, has_slots)?;
        let persons = Persons::open(&slots_path, dir)?;
        let inner = Inner {
            keys,
            index,
            persons,
            accounts: Accounts::empty(),
            tickets: Tickets::empty(),
            options,
            _lock: lock,
        };
        inner.load_accounts()?;
        Ok(Vault(Arc::new(inner)))
    }

    /// A keyed hash of a command before its values are sealed, by which a repeated command is recognised.
    /// Sealing twice never gives the same bytes, so the sealed command cannot be compared.
    pub fn digest(&self, command: &[u8]) -> u64 {
        u64::from_be_bytes(self.0.keys.digest(command))
    }

    /// Syncs once more. Nothing needs it: whatever returned `Ok` is durable already.
    pub fn sync(&self) -> Result<(), VaultError> {
        self.0.index.sync()
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(redacted)")
    }
}

fn make_dir(dir: &Path) -> Result<(), VaultError> {
    if dir.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(dir).map_err(|e| VaultError::disk(format!("make {}", dir.display()), e))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700))
            .map_err(|e| VaultError::disk(format!("protect {}", dir.display()), e))?;
    }
    dir.parent().map_or(Ok(()), sync_dir)
}

fn lock(dir: &Path) -> Result<File, VaultError> {
    let path = dir.join("vault.lock");
    let file = File::create(&path).map_err(|e| VaultError::disk(format!("make {}", path.display()), e))?;
    // A process that was started while the lock was held has it, too, until it becomes its own program:
    // a lock that was let go may seem held for a moment.
    for tries_left in (0..LOCK_TRIES).rev() {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if tries_left > 0 => std::thread::sleep(LOCK_PAUSE),
            Err(TryLockError::WouldBlock) => break,
            Err(TryLockError::Error(e)) => {
                return Err(VaultError::disk(format!("lock {}", path.display()), e));
            }
        }
    }
    Err(VaultError::InUse { path: dir.to_owned() })
}

/// How often a held lock is tried before it is said to be held.
const LOCK_TRIES: u32 = 20;
/// The pause between two tries.
const LOCK_PAUSE: std::time::Duration = std::time::Duration::from_millis(10);

/// The first record of a vault: format, a proof of the master key, and what pseudonyms depend on.
/// The index is older than the slots by the time of this record, so one without the other means that a file was lost.
fn check_format(
    index: &Index,
    keys: &Keys,
    key_path: &Path,
    options: &Options,
    has_slots: bool,
) -> Result<(), VaultError> {
    let proof = keys.proof();
    let Some(stored) = index.get(FORMAT_KEY)? else {
        if !index.is_empty() {
            return Err(VaultError::damaged("the index holds records but not its format record"));
        }
        if has_slots {
            return Err(VaultError::damaged(
                "person.keys is there, but its index is lost; restore both from one backup",
            ));
        }
        let record = [&[FORMAT], &proof[..], options.home_country.as_bytes()].concat();
        return index.commit(Change::new().put(FORMAT_KEY, record));
    };
    let (format, rest) =
        stored.split_first().ok_or_else(|| VaultError::damaged("the format record is empty"))?;
    if *format > FORMAT {
        return Err(VaultError::TooNew { found: *format, known: FORMAT });
    }
    if rest.len() < proof.len() || rest[..proof.len()] != proof {
        return Err(VaultError::MasterKeyWrong { path: key_path.to_owned() });
    }
    if !has_slots && index.len() > 1 {
        return Err(VaultError::damaged(
            "the index is there, but person.keys is lost; restore both from one backup",
        ));
    }
    let home = String::from_utf8_lossy(&rest[proof.len()..]).into_owned();
    if home != options.home_country {
        return Err(VaultError::HomeCountryChanged { stored: home, given: options.home_country.clone() });
    }
    Ok(())
}

/// Makes the names in a directory durable; a file's own sync does not cover them.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), VaultError> {
    let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    File::open(dir)
        .and_then(|file| file.sync_all())
        .map_err(|e| VaultError::disk(format!("sync the directory {}", dir.display()), e))
}
