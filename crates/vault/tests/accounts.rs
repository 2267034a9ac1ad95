//! Accounts and passwords as who signs in meets them.

use cordboard_vault::{
    LOCKOUT_FAILURES, LOCKOUT_US, NewAccount, Options, Password, PasswordCost, Refusal, SignIn, Vault,
};
use std::path::Path;
use std::time::Instant;

const SECOND_US: i64 = 1_000_000;

fn open(dir: &Path) -> Vault {
    let options = Options { password_cost: PasswordCost::cheap_for_tests(), ..Options::default() };
    Vault::open_with(dir, options).unwrap()
}

fn li_lei() -> NewAccount {
    NewAccount {
        name: "Li.Lei".into(),
        password: Some("correct horse".into()),
        roles: vec!["agent".into(), "leader".into()],
        agent: Some("8001".into()),
        teams: vec!["north".into()],
        queues: vec!["cards".into(), "loans".into()],
        display_name: "李雷".into(),
    }
}

fn sign_in(vault: &Vault, name: &str, password: &str, now_us: i64) -> SignIn {
    vault.check_password(name, &password.into(), now_us).unwrap()
}

#[test]
fn an_account_is_whole_after_a_restart_and_its_password_still_opens_it() {
    let dir = tempfile::tempdir().unwrap();
    open(dir.path()).put_account(li_lei()).unwrap();
    let vault = open(dir.path());
    let account = vault.account("li.lei").unwrap();
    assert_eq!(account.name, "li.lei");
    assert_eq!(account.roles, ["agent", "leader"]);
    assert_eq!(account.agent.as_deref(), Some("8001"));
    assert_eq!(
        (&account.teams[..], &account.queues[..]),
        (&["north".into()][..], &["cards".into(), "loans".into()][..])
    );
    assert_eq!(account.display_name, "李雷");
    assert!(!account.disabled);
    assert_eq!(sign_in(&vault, "LI.LEI", "correct horse", 0), SignIn::Ok(account));
    assert_eq!(sign_in(&vault, "li.lei", "Correct horse", 0), SignIn::Wrong);
    assert_eq!(sign_in(&vault, "han.mei", "correct horse", 0), SignIn::Wrong);
}

#[test]
fn putting_an_account_again_changes_roles_and_keeps_password_tokens_and_its_being_disabled() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    vault.put_account(li_lei()).unwrap();
    let token = vault.issue_token("li.lei", 0, 60_000, "laptop").unwrap();
    vault.disable_account("li.lei").unwrap();
    vault.put_account(NewAccount { password: None, roles: vec!["qa".into()], ..li_lei() }).unwrap();
    drop(vault);
    let vault = open(dir.path());
    assert!(vault.account("li.lei").unwrap().disabled);
    vault.enable_account("li.lei").unwrap();
    assert_eq!(vault.accounts().len(), 1);
    assert_eq!(vault.check_token(token.text(), 1).unwrap().roles, ["qa"]);
    assert!(matches!(sign_in(&vault, "li.lei", "correct horse", 0), SignIn::Ok(_)));
}

#[test]
fn a_program_without_a_password_never_signs_in_by_one() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    vault.put_account(NewAccount { name: "crm".into(), ..NewAccount::default() }).unwrap();
    assert_eq!(sign_in(&vault, "crm", "", 0), SignIn::Wrong);
    assert_eq!(sign_in(&vault, "crm", "correct horse", 0), SignIn::Wrong);
    assert!(vault.issue_token("crm", 0, 60_000, "").is_ok());
}

#[test]
fn a_changed_password_holds_after_a_restart_and_the_old_one_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    vault.put_account(li_lei()).unwrap();
    vault.set_password("li.lei", &"battery staple".into()).unwrap();
    drop(vault);
    let vault = open(dir.path());
    assert_eq!(sign_in(&vault, "li.lei", "correct horse", 0), SignIn::Wrong);
    assert!(matches!(sign_in(&vault, "li.lei", "battery staple", 0), SignIn::Ok(_)));
    let unknown = vault.set_password("han.mei", &"battery staple".into()).unwrap_err();
    assert_eq!(unknown.refusal(), Some(&Refusal::UnknownAccount));
}

#[test]
fn a_disabled_account_says_so_only_to_who_has_its_password() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    vault.put_account(li_lei()).unwrap();
    vault.disable_account("li.lei").unwrap();
    drop(vault);
    let vault = open(dir.path());
    assert_eq!(sign_in(&vault, "li.lei", "correct horse", 0), SignIn::Disabled);
    assert_eq!(sign_in(&vault, "li.lei", "wrong horse", 0), SignIn::Wrong);
    vault.enable_account("li.lei").unwrap();
    assert!(matches!(sign_in(&vault, "li.lei", "correct horse", 0), SignIn::Ok(_)));
}

#[test]
fn a_name_is_locked_after_so_many_wrong_passwords_whether_it_exists_or_not() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    vault.put_account(li_lei()).unwrap();
    for name in ["li.lei", "nobody"] {
        for n in 1..i64::from(LOCKOUT_FAILURES) {
            assert_eq!(sign_in(&vault, name, "wrong horse", n * SECOND_US), SignIn::Wrong, "{name} {n}");
        }
        let now_us = 20 * SECOND_US;
        let locked = SignIn::LockedUntil { until_us: now_us + LOCKOUT_US };
        assert_eq!(sign_in(&vault, name, "wrong horse", now_us), locked, "{name}");
        assert_eq!(sign_in(&vault, name, "correct horse", now_us + LOCKOUT_US - 1), locked, "{name}");
    }
    assert!(matches!(sign_in(&vault, "li.lei", "correct horse", 20 * SECOND_US + LOCKOUT_US), SignIn::Ok(_)));
    assert_eq!(sign_in(&vault, "nobody", "correct horse", 20 * SECOND_US + LOCKOUT_US), SignIn::Wrong);
}

#[test]
fn the_right_password_forgives_the_wrong_ones_before_it_and_a_leader_can_lift_a_lock() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    vault.put_account(li_lei()).unwrap();
    for _ in 0..3 {
        for _ in 1..LOCKOUT_FAILURES {
            assert_eq!(sign_in(&vault, "li.lei", "wrong horse", 0), SignIn::Wrong);
        }
        assert!(matches!(sign_in(&vault, "li.lei", "correct horse", 0), SignIn::Ok(_)));
    }
    for lift in [Vault::unlock, |vault: &Vault, name: &str| {
        vault.set_password(name, &"correct horse".into()).unwrap()
    }] {
        for _ in 0..LOCKOUT_FAILURES {
            sign_in(&vault, "li.lei", "wrong horse", 0);
        }
        assert!(matches!(sign_in(&vault, "li.lei", "correct horse", 0), SignIn::LockedUntil { .. }));
        lift(&vault, "Li.Lei");
        assert!(matches!(sign_in(&vault, "li.lei", "correct horse", 0), SignIn::Ok(_)));
    }
}

#[test]
fn an_unknown_name_takes_as_long_as_a_known_one() {
    let dir = tempfile::tempdir().unwrap();
    let vault = Vault::create_or_open(dir.path()).unwrap();
    vault.put_account(li_lei()).unwrap();
    let fastest_of_five = |name: &str| {
        let timed = (0..5).map(|_| {
            let began = Instant::now();
            assert_eq!(sign_in(&vault, name, "wrong horse", 0), SignIn::Wrong);
            began.elapsed()
        });
        timed.min().unwrap()
    };
    let known = fastest_of_five("li.lei");
    let unknown = fastest_of_five("nobody");
    assert!(
        unknown > known / 2,
        "unknown {unknown:?}, known {known:?}: the answer's time tells which names exist"
    );
}

#[test]
fn a_removed_account_is_gone_with_its_tokens_and_a_later_one_of_its_name_inherits_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    vault.put_account(li_lei()).unwrap();
    let token = vault.issue_token("li.lei", 0, 60_000, "").unwrap();
    let ticket = vault.issue_ticket("li.lei", 0).unwrap();
    assert!(vault.remove_account("LI.LEI").unwrap());
    assert!(!vault.remove_account("li.lei").unwrap());
    vault.put_account(NewAccount { password: Some("another horse".into()), ..li_lei() }).unwrap();
    assert_eq!(vault.check_token(token.text(), 1), None);
    assert_eq!(vault.take_ticket(ticket.text(), 1), None);
    drop(vault);
    let vault = open(dir.path());
    assert_eq!(vault.check_token(token.text(), 1), None);
    assert_eq!(sign_in(&vault, "li.lei", "correct horse", 0), SignIn::Wrong);
    assert!(matches!(sign_in(&vault, "li.lei", "another horse", 0), SignIn::Ok(_)));
}

#[test]
fn neither_names_nor_display_names_stand_in_the_files_and_secrets_in_no_debug_output() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path());
    vault.put_account(li_lei()).unwrap();
    let shown = format!(
        "{:?} {:?} {:?}",
        li_lei(),
        vault.account("li.lei").unwrap(),
        Password::from("correct horse")
    );
    assert!(shown.contains("8001"), "{shown}");
    for secret in ["correct", "李雷"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    drop(vault);
    for file in ["person.keys", "index/db"] {
        let bytes = std::fs::read(dir.path().join(file)).unwrap();
        for secret in ["li.lei", "李雷", "correct horse", "8001"] {
            assert!(
                !bytes.windows(secret.len()).any(|window| window == secret.as_bytes()),
                "{secret} in {file}"
            );
        }
    }
}
