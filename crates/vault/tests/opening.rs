//! What happens to a vault between two openings: lost and wrong keys, damage, crashes, a second process.

use cordboard_vault::{NewAccount, Opened, Options, PersonId, Vault, VaultError};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn open(dir: &Path) -> Result<Vault, VaultError> {
    Vault::create_or_open(dir)
}

fn some_data(dir: &Path) -> (PersonId, Vec<u8>) {
    let vault = open(dir).unwrap();
    let person = vault.person_for("13812345678").unwrap();
    vault.put_account(NewAccount { name: "crm".into(), ..NewAccount::default() }).unwrap();
    (person.id(), person.seal("name", b"Li Lei").unwrap())
}

#[test]
fn only_the_owner_may_read_what_a_new_vault_is_made_of() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let vault = dir.path().join("data/vault");
    some_data(&vault);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&vault), 0o700);
    assert_eq!(mode(&vault.join("master.key")), 0o600);
    assert_eq!(mode(&vault.join("person.keys")), 0o600);
}

#[test]
fn a_missing_master_key_is_an_error_and_not_a_fresh_start() {
    let dir = tempfile::tempdir().unwrap();
    let (person, sealed) = some_data(dir.path());
    let key = dir.path().join("master.key");
    let kept = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    let error = open(dir.path()).unwrap_err();
    assert!(matches!(&error, VaultError::MasterKeyMissing { path } if *path == key));
    assert!(error.to_string().contains("master.key") && error.to_string().contains("restore"), "{error}");
    assert!(!key.exists(), "no new key was put in its place");
    std::fs::write(&key, kept).unwrap();
    let vault = open(dir.path()).unwrap();
    assert_eq!(vault.open(person, "name", &sealed).unwrap(), Opened::Clear(b"Li Lei".to_vec()));
}

#[test]
fn another_master_key_is_recognised_as_the_wrong_one() {
    let [dir, other] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    some_data(dir.path());
    some_data(other.path());
    std::fs::copy(other.path().join("master.key"), dir.path().join("master.key")).unwrap();
    let error = open(dir.path()).unwrap_err();
    assert!(matches!(error, VaultError::MasterKeyWrong { .. }), "{error}");
    assert!(error.to_string().contains("restore the right file"), "{error}");
}

#[test]
fn a_mangled_master_key_is_named_as_such_and_never_printed() {
    let dir = tempfile::tempdir().unwrap();
    some_data(dir.path());
    let key = dir.path().join("master.key");
    let line = std::fs::read_to_string(&key).unwrap();
    let digits = line.split_whitespace().nth(1).unwrap();
    let mangled = [
        String::new(),
        digits.to_owned(),
        line[..line.len() - 3].to_owned(),
        line.replace(&digits[..4], "zzzz"),
        format!("{line}{line}"),
    ];
    for text in mangled {
        std::fs::write(&key, &text).unwrap();
        let error = open(dir.path()).unwrap_err();
        assert!(matches!(error, VaultError::MasterKeyMalformed { .. }), "{error}");
        assert!(
            !error.to_string().contains(&digits[8..16]) && !format!("{error:?}").contains(&digits[8..16])
        );
    }
    std::fs::write(&key, format!("cordboard-master-key-1   {}", digits.to_uppercase())).unwrap();
    assert!(open(dir.path()).is_ok(), "typed in again from paper");
}

#[test]
fn the_master_key_may_lie_outside_the_vault() {
    let [dir, safe] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let key = safe.path().join("cordboard.key");
    let options = Options { master_key: Some(key.clone()), ..Options::default() };
    let id = Vault::open_with(dir.path(), options.clone()).unwrap().person_for("13812345678").unwrap().id();
    assert!(key.exists() && !dir.path().join("master.key").exists());
    assert!(matches!(open(dir.path()), Err(VaultError::MasterKeyMissing { .. })));
    assert_eq!(Vault::open_with(dir.path(), options).unwrap().person_for("13812345678").unwrap().id(), id);
}

#[test]
fn a_vault_is_not_opened_twice_and_not_with_another_home_country() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path()).unwrap();
    assert!(matches!(open(dir.path()), Err(VaultError::InUse { .. })));
    drop(vault);
    let germany = Options { home_country: "49".into(), ..Options::default() };
    let error = Vault::open_with(dir.path(), germany).unwrap_err();
    assert!(matches!(error, VaultError::HomeCountryChanged { .. }), "{error}");
    open(dir.path()).unwrap();
}

#[test]
fn a_damaged_key_slot_is_reported_for_its_person_and_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path()).unwrap();
    let people = vault.persons_for(&["13800000001", "13800000002", "13800000003"]).unwrap();
    let sealed: Vec<_> = people.iter().map(|person| person.seal("name", b"x").unwrap()).collect();
    drop(vault);
    let path = dir.path().join("person.keys");
    let mut slots = std::fs::read(&path).unwrap();
    slots[20] ^= 1;
    let (moved, rest) = slots.split_at_mut(128);
    rest[..64].copy_from_slice(&moved[64..]);
    std::fs::write(&path, slots).unwrap();

    let vault = open(dir.path()).unwrap();
    assert_eq!(vault.open(people[1].id(), "name", &sealed[1]).unwrap(), Opened::Clear(b"x".to_vec()));
    for n in [0, 2] {
        let error = vault.open(people[n].id(), "name", &sealed[n]).unwrap_err();
        assert!(matches!(error, VaultError::Damaged { .. }), "{error}");
        assert!(error.to_string().contains(&people[n].id().to_string()), "{error}");
    }
}

#[test]
fn a_lost_file_of_keys_is_an_error_and_not_an_erasure() {
    let dir = tempfile::tempdir().unwrap();
    let (person, sealed) = some_data(dir.path());
    let path = dir.path().join("person.keys");
    let slots = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    for _ in 0..2 {
        let error = open(dir.path()).unwrap_err();
        assert!(matches!(error, VaultError::Damaged { .. }), "{error}");
    }
    std::fs::write(&path, &slots[..64]).unwrap();
    let error = open(dir.path()).unwrap_err();
    assert!(error.to_string().contains("ends before slot 1"), "the account's key is cut off: {error}");
    std::fs::write(&path, &slots).unwrap();
    let vault = open(dir.path()).unwrap();
    assert_eq!(vault.open(person, "name", &sealed).unwrap(), Opened::Clear(b"Li Lei".to_vec()));
}

#[test]
fn a_lost_index_is_an_error_and_not_a_fresh_start() {
    let dir = tempfile::tempdir().unwrap();
    some_data(dir.path());
    std::fs::remove_dir_all(dir.path().join("index")).unwrap();
    let error = open(dir.path()).unwrap_err();
    assert!(matches!(error, VaultError::Damaged { .. }), "{error}");
}

#[test]
fn snapshots_torn_by_a_crash_during_start_do_not_keep_the_vault_shut() {
    let dir = tempfile::tempdir().unwrap();
    let (person, sealed) = some_data(dir.path());
    drop(open(dir.path()).unwrap());
    let index = dir.path().join("index");
    let snapshots = || -> Vec<PathBuf> {
        let paths = std::fs::read_dir(&index).unwrap().map(|entry| entry.unwrap().path());
        paths.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("snap.")).collect()
    };
    assert!(!snapshots().is_empty(), "sled wrote none: this test would show nothing");

    std::fs::write(index.join("snap.FFFFFFFFFFFFFFFF.generating"), b"torn").unwrap();
    let vault = open(dir.path()).unwrap();
    assert_eq!(vault.open(person, "name", &sealed).unwrap(), Opened::Clear(b"Li Lei".to_vec()));
    drop(vault);

    for path in snapshots() {
        std::fs::write(path, b"").unwrap();
    }
    let vault = open(dir.path()).unwrap();
    assert_eq!(vault.open(person, "name", &sealed).unwrap(), Opened::Clear(b"Li Lei".to_vec()));
    assert!(vault.account("crm").is_some());
    assert!(index.join("quarantine").is_dir(), "kept for whoever wants to know");
}

/// Set for the child that is to be killed: where its vault is.
const CHILD_DIR: &str = "CORDBOARD_VAULT_TEST_CHILD_DIR";

/// The child of the test below; without its variable it has nothing to do.
#[test]
fn child_that_makes_and_erases_persons_until_it_is_killed() {
    let Some(dir) = std::env::var_os(CHILD_DIR) else {
        return;
    };
    let vault = open(Path::new(&dir)).unwrap();
    let mut out = std::io::stderr().lock();
    let round: u64 = vault.person_anonymous().unwrap().id().get() % 1_000;
    for n in 0_u64.. {
        let number = format!("13{round:03}{n:06}");
        let person = vault.person_for(&number).unwrap().id();
        writeln!(out, "made {number} {}", person.get()).unwrap();
        if n % 3 == 0 {
            vault.erase(person).unwrap();
            writeln!(out, "erased {number} {}", person.get()).unwrap();
        }
    }
}

#[test]
fn whatever_was_answered_before_the_process_was_killed_still_holds() {
    let dir = tempfile::tempdir().unwrap();
    for round in 0..5 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_that_makes_and_erases_persons_until_it_is_killed", "--nocapture"])
            .env(CHILD_DIR, dir.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut answered: Vec<String> = lines.by_ref().take(50 + 37 * round).map(Result::unwrap).collect();
        child.kill().unwrap();
        answered.extend(lines.map_while(Result::ok));
        child.wait().unwrap();
        let last_is_whole = answered.last().is_some_and(|line| line.split(' ').count() == 3);
        assert!(last_is_whole && answered.len() >= 50, "{answered:?}");

        let vault = open(dir.path()).unwrap();
        let erased: Vec<&str> = answered.iter().filter_map(|line| line.strip_prefix("erased ")).collect();
        // The last one made may have been erased without an answer.
        let made: Vec<&str> = answered.iter().filter_map(|line| line.strip_prefix("made ")).collect();
        for (n, line) in made.iter().enumerate() {
            let (number, id) = line.split_once(' ').unwrap();
            let id = PersonId::from(id.parse::<u64>().unwrap());
            if erased.contains(line) {
                assert_eq!(vault.open(id, "name", b"").unwrap(), Opened::Erased);
            } else if n + 1 < made.len() {
                assert_eq!(vault.person_for(number).unwrap().id(), id, "round {round}");
            }
        }
    }
}
