//! Every named limit, reached: what fits, what does not, and that nothing is half done.

use cordboard_vault::*;
use std::path::Path;

fn open(dir: &Path) -> Vault {
    let options = Options { password_cost: PasswordCost::cheap_for_tests(), ..Options::default() };
    Vault::open_with(dir, options).unwrap()
}

fn named(name: &str) -> NewAccount {
    NewAccount { name: name.into(), ..NewAccount::default() }
}

fn assert_too_many<T: std::fmt::Debug>(answer: Result<T, VaultError>, expected_max: usize) {
    let error = answer.unwrap_err();
    match error.refusal() {
        Some(Refusal::TooMany { max, .. }) if *max == expected_max as u64 => {}
        _ => panic!("{error}, expected a limit of {expected_max}"),
    }
}

#[test]
fn ten_thousand_accounts_fit_and_the_next_is_refused_with_all_that_came_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    let accounts = (0..ACCOUNTS_MAX - 1).map(|n| named(&format!("agent{n:05}"))).collect();
    vault.put_accounts(accounts).unwrap();
    assert_too_many(vault.put_accounts(vec![named("one"), named("two")]), ACCOUNTS_MAX);
    assert_eq!(vault.accounts().len(), ACCOUNTS_MAX - 1);
    vault.put_accounts(vec![named("one"), named("ONE"), named("agent00000")]).unwrap();
    assert_too_many(vault.put_account(named("two")), ACCOUNTS_MAX);
    assert_too_many(vault.put_accounts(vec![named("one"); ACCOUNTS_MAX + 1]), ACCOUNTS_MAX);

    // Tickets: each account takes its share until there are none left for anyone.
    let names: Vec<String> = vault.accounts().iter().take(400).map(|account| account.name.clone()).collect();
    let mut alive = 0;
    'all: for name in &names {
        for _ in 0..TICKETS_PER_ACCOUNT_MAX {
            if alive == TICKETS_ALIVE_MAX {
                break 'all;
            }
            vault.issue_ticket(name, 0).unwrap();
            alive += 1;
        }
        if alive < TICKETS_ALIVE_MAX {
            assert_too_many(vault.issue_ticket(name, 0), TICKETS_PER_ACCOUNT_MAX);
        }
    }
    assert_too_many(vault.issue_ticket("one", TICKET_LIFE_US - 1), TICKETS_ALIVE_MAX);
    assert!(vault.issue_ticket("one", TICKET_LIFE_US).is_ok(), "expired ones made room");
    drop(vault);
    assert_eq!(open(dir.path()).accounts().len(), ACCOUNTS_MAX);
}

#[test]
fn names_passwords_labels_and_records_have_their_lengths() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    vault.put_account(named(&"n".repeat(NAME_BYTES_MAX))).unwrap();
    assert_too_many(vault.put_account(named(&"n".repeat(NAME_BYTES_MAX + 1))), NAME_BYTES_MAX);
    for malformed in ["", " li", "li ", "li\nlei", "li\0"] {
        let refused = vault.put_account(named(malformed)).unwrap_err();
        assert!(matches!(refused.refusal(), Some(Refusal::NameMalformed { .. })), "{malformed:?}");
    }

    let password = |text: String| NewAccount { password: Some(Password::new(text)), ..named("li.lei") };
    for fits in ["密".repeat(PASSWORD_CHARS_MIN), "x".repeat(PASSWORD_BYTES_MAX)] {
        vault.put_account(password(fits.clone())).unwrap();
        assert!(matches!(vault.check_password("li.lei", &fits.into(), 0).unwrap(), SignIn::Ok(_)));
    }
    for refused in ["x".repeat(PASSWORD_CHARS_MIN - 1), "密".repeat(7), "x".repeat(PASSWORD_BYTES_MAX + 1)] {
        for answer in [
            vault.put_account(password(refused.clone())),
            vault.set_password("li.lei", &refused.clone().into()),
        ] {
            assert!(matches!(answer.unwrap_err().refusal(), Some(Refusal::PasswordLength { .. })));
        }
    }
    let longer = Password::new("x".repeat(PASSWORD_BYTES_MAX + 1));
    assert_eq!(vault.check_password("li.lei", &longer, 0).unwrap(), SignIn::Wrong, "not cut to what fits");

    vault.issue_token("li.lei", 0, TOKEN_TTL_MS_MAX, &"l".repeat(LABEL_BYTES_MAX)).unwrap();
    assert_too_many(vault.issue_token("li.lei", 0, 1, &"l".repeat(LABEL_BYTES_MAX + 1)), LABEL_BYTES_MAX);
    assert_too_many(vault.issue_token("li.lei", 0, TOKEN_TTL_MS_MAX + 1, ""), TOKEN_TTL_MS_MAX as usize);

    let queues = |bytes: usize| NewAccount { queues: vec!["q".repeat(bytes)], ..named("wide") };
    assert_too_many(vault.put_account(queues(ACCOUNT_BYTES_MAX)), ACCOUNT_BYTES_MAX);
    assert!(vault.account("wide").is_none());
}

#[test]
fn the_largest_records_stay_out_of_the_files_that_are_never_synced() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    let wide =
        |n| NewAccount { queues: vec!["q".repeat(ACCOUNT_BYTES_MAX - 64)], ..named(&format!("wide{n}")) };
    vault.put_accounts((0..300).map(wide).collect()).unwrap();
    drop(vault);
    let blobs: Vec<u64> = std::fs::read_dir(dir.path().join("index/blobs"))
        .map_or(Vec::new(), |files| files.map(|file| file.unwrap().metadata().unwrap().len()).collect());
    assert!(blobs.is_empty(), "{blobs:?}");
    assert_eq!(open(dir.path()).accounts().len(), 300);
}

#[test]
fn an_account_has_so_many_tokens_and_expired_ones_make_room() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    vault.put_account(named("crm")).unwrap();
    let first = vault.issue_token("crm", 0, 1, "short").unwrap();
    for _ in 1..TOKENS_PER_ACCOUNT_MAX {
        vault.issue_token("crm", 0, 60_000, "long").unwrap();
    }
    assert_too_many(vault.issue_token("crm", 999, 60_000, ""), TOKENS_PER_ACCOUNT_MAX);
    let next = vault.issue_token("crm", 1_000, 60_000, "next").unwrap();
    assert_eq!(vault.tokens("crm").unwrap().len(), TOKENS_PER_ACCOUNT_MAX);
    drop(vault);
    let vault = open(dir.path());
    let listed = vault.tokens("crm").unwrap();
    assert_eq!(listed.len(), TOKENS_PER_ACCOUNT_MAX);
    assert!(
        listed.iter().any(|token| token.id == next.id())
            && !listed.iter().any(|token| token.id == first.id())
    );
    assert_too_many(vault.issue_token("crm", 1_000, 60_000, ""), TOKENS_PER_ACCOUNT_MAX);
}

#[test]
fn values_and_fields_have_their_lengths() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    let person = vault.person_anonymous().unwrap();
    let [field, value] = ["f".repeat(FIELD_BYTES_MAX + 1), "v".repeat(VALUE_BYTES_MAX + 1)];
    let sealed = person.seal(&field[1..], &value.as_bytes()[1..]).unwrap();
    assert_eq!(
        vault.open(person.id(), &field[1..], &sealed).unwrap().clear().unwrap().len(),
        VALUE_BYTES_MAX
    );
    assert_too_many(vault.seal(person.id(), &field, b""), FIELD_BYTES_MAX);
    assert_too_many(person.seal("f", value.as_bytes()), VALUE_BYTES_MAX);
}

#[test]
fn more_persons_than_memory_holds_are_all_still_known() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    let numbers: Vec<String> =
        (0..PERSONS_CACHED_MAX + PERSONS_PER_CALL_MAX).map(|n| format!("13{n:09}")).collect();
    let mut ids = Vec::with_capacity(numbers.len());
    for some in numbers.chunks(PERSONS_PER_CALL_MAX) {
        let some: Vec<&str> = some.iter().map(String::as_str).collect();
        ids.extend(vault.persons_for(&some).unwrap().iter().map(PersonKey::id));
    }
    let too_many: Vec<&str> = numbers.iter().take(PERSONS_PER_CALL_MAX + 1).map(String::as_str).collect();
    assert_too_many(vault.persons_for(&too_many), PERSONS_PER_CALL_MAX);
    for n in (0..numbers.len()).step_by(997) {
        assert_eq!(vault.person_for(&numbers[n]).unwrap().id(), ids[n], "{}", numbers[n]);
    }
    drop(vault);
    let vault = open(dir.path());
    for n in (0..numbers.len()).step_by(997) {
        assert_eq!(vault.person_for(&numbers[n]).unwrap().id(), ids[n], "{}", numbers[n]);
    }
}
