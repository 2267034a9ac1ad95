//! Persons as the doors and the log meet them: who is recognised, what opens, what is gone for good.

use cordboard_vault::{Opened, PersonId, Pseudonym, Refusal, SEALED_OVERHEAD_BYTES, Vault, VaultError};
use std::path::Path;

const NUMBER: &str = "13812345678";

fn open(dir: &Path) -> Vault {
    Vault::create_or_open(dir).unwrap()
}

/// Every file below the directory, as bytes.
fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    found
}

fn files_with(dir: &Path, bytes: &[u8]) -> Vec<String> {
    let holds = |(name, content): (String, Vec<u8>)| {
        content.windows(bytes.len()).any(|window| window == bytes).then_some(name)
    };
    files(dir).into_iter().filter_map(holds).collect()
}

#[test]
fn a_caller_is_the_same_person_after_a_restart_however_the_number_is_spelled() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    let person = vault.person_for(NUMBER).unwrap();
    let pseudonym = vault.pseudonym(NUMBER);
    let digest = vault.digest(b"contact.arrive 13812345678");
    let sealed = person.seal("name", "李雷".as_bytes()).unwrap();
    drop((vault, person.clone()));

    let vault = open(dir.path());
    assert_eq!(vault.pseudonym("+86 138-1234-5678"), pseudonym);
    assert_eq!(vault.person_for("+86 138-1234-5678").unwrap().id(), person.id());
    assert_eq!(vault.open(person.id(), "name", &sealed).unwrap().clear().unwrap(), "李雷".as_bytes());
    assert_eq!(vault.digest(b"contact.arrive 13812345678"), digest);
    assert_ne!(vault.digest(b"contact.arrive 13812345679"), digest);
    assert_ne!(vault.pseudonym("13812345679"), pseudonym);
}

#[test]
fn another_vault_gives_the_same_number_another_pseudonym_and_digest() {
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [one, two] = dirs.each_ref().map(|dir| open(dir.path()));
    assert_ne!(one.pseudonym(NUMBER), two.pseudonym(NUMBER));
    assert_ne!(one.digest(b"x"), two.digest(b"x"));
    assert_eq!(one.pseudonym(NUMBER).to_string().len(), 32);
}

#[test]
fn withheld_callers_are_never_taken_for_one_person() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    let ids = ["anonymous", "", "anonymous"].map(|number| vault.person_for(number).unwrap().id());
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    assert_ne!(vault.person_anonymous().unwrap().id(), vault.person_anonymous().unwrap().id());
    assert_eq!(vault.pseudonym("anonymous"), Pseudonym::WITHHELD);
    assert!(vault.pseudonym("anonymous").is_withheld() && !vault.pseudonym(NUMBER).is_withheld());
}

#[test]
fn an_import_of_many_numbers_keeps_their_order_and_knows_doubles() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    let known = vault.person_for("13800000001").unwrap().id();
    let people = vault
        .persons_for(&["13800000000", "13800000001", "138-0000-0000", "anonymous", "anonymous"])
        .unwrap();
    assert_eq!(people[1].id(), known);
    assert_eq!(people[0].id(), people[2].id());
    assert_ne!(people[3].id(), people[4].id());
    let sealed = people[2].seal("note", b"x").unwrap();
    drop(vault);
    let vault = open(dir.path());
    assert_eq!(vault.person_for("13800000000").unwrap().id(), people[0].id());
    assert_eq!(vault.open(people[0].id(), "note", &sealed).unwrap(), Opened::Clear(b"x".to_vec()));
}

#[test]
fn a_value_moved_to_another_person_or_field_does_not_open() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    let [one, two] = ["13800000001", "13800000002"].map(|number| vault.person_for(number).unwrap());
    let sealed = vault.seal(one.id(), "name", b"Li Lei").unwrap();
    assert_eq!(sealed.len(), 6 + SEALED_OVERHEAD_BYTES);
    assert_eq!(vault.open(one.id(), "name", &sealed).unwrap(), Opened::Clear(b"Li Lei".to_vec()));
    for (person, field) in [(two.id(), "name"), (one.id(), "number"), (one.id(), "")] {
        let error = vault.open(person, field, &sealed).unwrap_err();
        assert!(
            matches!(&error, VaultError::SealBroken { person: p, field: f } if *p == person && f == field)
        );
        assert!(!error.to_string().contains("Li Lei"));
    }
}

#[test]
fn an_altered_or_cut_value_is_an_error_that_names_person_and_field() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    let person = vault.person_for(NUMBER).unwrap();
    let mut sealed = person.seal("name", b"Li Lei").unwrap();
    let middle = sealed.len() / 2;
    sealed[middle] ^= 0x10;
    let error = vault.open(person.id(), "name", &sealed).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains(&person.id().to_string()) && text.contains("\"name\"") && text.contains("altered"),
        "{text}"
    );
    for cut in [0, 1, 12, sealed.len() - 1] {
        assert!(matches!(
            vault.open(person.id(), "name", &sealed[..cut]),
            Err(VaultError::SealBroken { .. })
        ));
    }
}

#[test]
fn an_erased_person_reads_as_erased_for_ever_and_her_number_starts_anew() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    let person = vault.person_for(NUMBER).unwrap();
    let other = vault.person_for("13900000000").unwrap();
    let sealed = person.seal("name", b"Li Lei").unwrap();
    let kept = other.seal("name", b"Han Mei").unwrap();
    assert!(vault.erase(person.id()).unwrap());

    let check = |vault: &Vault| {
        assert_eq!(vault.open(person.id(), "name", &sealed).unwrap(), Opened::Erased);
        assert_eq!(vault.open(other.id(), "name", &kept).unwrap(), Opened::Clear(b"Han Mei".to_vec()));
        let refused = vault.seal(person.id(), "name", b"again").unwrap_err();
        assert_eq!(refused.refusal(), Some(&Refusal::PersonErased(person.id())));
        assert!(!vault.erase(person.id()).unwrap());
    };
    check(&vault);
    drop(vault);
    let vault = open(dir.path());
    check(&vault);

    let anew = vault.person_for(NUMBER).unwrap();
    assert_ne!(anew.id(), person.id());
    drop(vault);
    let vault = open(dir.path());
    check(&vault);
    assert_eq!(vault.person_for(NUMBER).unwrap().id(), anew.id());
}

#[test]
fn the_bytes_of_an_erased_key_are_in_no_file_of_the_vault_and_no_number_ever_was() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    let person = vault.person_for(NUMBER).unwrap();
    let slots = std::fs::read(dir.path().join("person.keys")).unwrap();
    let wrapped = slots[1..62].to_vec();
    assert_eq!(files_with(dir.path(), &wrapped).len(), 1, "the key lies in its slot and nowhere else");
    vault.erase(person.id()).unwrap();
    assert!(files_with(dir.path(), &wrapped).is_empty());
    vault.person_for("13900000000").unwrap();
    drop(vault);
    let vault = open(dir.path());
    assert!(files_with(dir.path(), &wrapped).is_empty());
    assert!(files_with(dir.path(), NUMBER.as_bytes()).is_empty());
    drop(vault);
}

#[test]
fn nobody_reads_a_value_once_its_erasure_was_answered_however_many_read_at_that_moment() {
    let dir = tempfile::tempdir().unwrap();
    let numbers: Vec<String> = (0..60).map(|n| format!("139{n:08}")).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let people = open(dir.path()).persons_for(&numbers).unwrap();
    let sealed: Vec<_> = people.iter().map(|person| person.seal("name", b"Li Lei").unwrap()).collect();
    // Reopened, so that each first reading has to fetch the key: that is what could race with the erasure.
    let vault = open(dir.path());
    for (person, sealed) in people.iter().zip(&sealed) {
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| vault.open(person.id(), "name", sealed).unwrap());
            }
            vault.erase(person.id()).unwrap();
            assert_eq!(vault.open(person.id(), "name", sealed).unwrap(), Opened::Erased);
        });
        assert_eq!(vault.open(person.id(), "name", sealed).unwrap(), Opened::Erased);
    }
}

#[test]
fn many_threads_asking_for_one_new_number_get_one_person() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    for n in 0..20 {
        let number = format!("137{n:08}");
        let ids: Vec<PersonId> = std::thread::scope(|scope| {
            let asking: Vec<_> =
                (0..4).map(|_| scope.spawn(|| vault.person_for(&number).unwrap().id())).collect();
            asking.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    }
}

#[test]
fn a_person_unknown_to_the_vault_is_not_called_erased() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    let nobody = PersonId::from(42);
    for answer in [
        vault.open(nobody, "name", &[]).map(drop),
        vault.seal(nobody, "name", b"").map(drop),
        vault.erase(nobody).map(drop),
    ] {
        assert_eq!(answer.unwrap_err().refusal(), Some(&Refusal::UnknownPerson(nobody)));
    }
}

#[test]
fn a_vault_restored_from_a_backup_erases_again_whom_the_log_says_was_erased() {
    let dir = tempfile::tempdir().unwrap();
    let live = dir.path().join("live");
    let vault = open(&live);
    let before = vault.person_for("13800000001").unwrap();
    let sealed = before.seal("name", b"Li Lei").unwrap();
    drop(vault);
    let restored = dir.path().join("restored");
    copy(&live, &restored);
    let vault = open(&live);
    let after = vault.person_for("13800000002").unwrap();
    vault.erase(before.id()).unwrap();
    vault.erase(after.id()).unwrap();
    drop(vault);

    let vault = open(&restored);
    assert_eq!(vault.open(before.id(), "name", &sealed).unwrap(), Opened::Clear(b"Li Lei".to_vec()));
    assert_eq!(vault.erase_again(&[before.id(), after.id()]).unwrap(), 1);
    assert_eq!(vault.open(before.id(), "name", &sealed).unwrap(), Opened::Erased);
    assert_eq!(vault.open(after.id(), "name", &sealed).unwrap(), Opened::Erased);
    assert_eq!(vault.erase_again(&[before.id(), after.id()]).unwrap(), 0);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn keys_values_and_secrets_do_not_show_in_debug_output() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    let person = vault.person_for(NUMBER).unwrap();
    let shown = format!("{vault:?} {person:?} {:?}", Opened::Clear(b"Li Lei".to_vec()));
    assert_eq!(shown, format!("Vault(redacted) PersonKey({}, redacted) Clear(redacted)", person.id()));
}
