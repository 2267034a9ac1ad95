//! Tokens and tickets as programs and pages meet them.

use cordboard_vault::{NewAccount, Options, PasswordCost, Refusal, TICKET_LIFE_US, TokenId, Vault};
use std::path::Path;
use std::sync::Barrier;

fn open(dir: &Path) -> Vault {
    let options = Options { password_cost: PasswordCost::cheap_for_tests(), ..Options::default() };
    Vault::open_with(dir, options).unwrap()
}

fn with_account(dir: &Path) -> Vault {
    let vault = open(dir);
    let crm = NewAccount { name: "crm".into(), roles: vec!["integrator".into()], ..NewAccount::default() };
    vault.put_account(crm).unwrap();
    vault
}

#[test]
fn a_token_is_good_over_restarts_until_it_expires() {
    let dir = tempfile::tempdir().unwrap();
    let vault = with_account(dir.path());
    let token = vault.issue_token("CRM", 1_000_000, 500, "nightly export").unwrap();
    assert!(
        token.text().starts_with("cb_") && token.text().len() == 55,
        "its shape is what scanners look for"
    );
    assert_eq!(token.expires_us(), 1_500_000);
    for _ in 0..2 {
        let vault = vault.clone();
        assert_eq!(vault.check_token(token.text(), 1_499_999).unwrap().roles, ["integrator"]);
        assert_eq!(vault.check_token(token.text(), 1_500_000), None);
    }
    drop(vault);
    let vault = open(dir.path());
    assert_eq!(vault.check_token(token.text(), 1_499_999).unwrap().name, "crm");
    assert_eq!(vault.check_token(token.text(), 1_500_000), None);
    for wrong in ["", "cb_", &token.text()[1..], &token.text().to_uppercase(), &format!("{} ", token.text())]
    {
        assert_eq!(vault.check_token(wrong, 1_000_000), None, "{wrong:?}");
    }
}

#[test]
fn the_token_itself_is_in_no_file_and_in_no_debug_output() {
    let dir = tempfile::tempdir().unwrap();
    let vault = with_account(dir.path());
    let token = vault.issue_token("crm", 0, 60_000, "李雷的笔记本").unwrap();
    assert_eq!(format!("{token:?}"), format!("Token({}, redacted)", token.id()));
    drop(vault);
    let mut found_files = 0;
    let mut folders = vec![dir.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            found_files += 1;
            let bytes = std::fs::read(&path).unwrap();
            for secret in [token.text(), &token.text()[3..], "李雷的笔记本"] {
                let is_there = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!is_there, "{} holds {secret}", path.display());
            }
        }
    }
    assert!(found_files >= 4, "the scan looked at nothing");
}

#[test]
fn a_revoked_token_is_refused_at_once_and_after_a_restart_and_others_are_not() {
    let dir = tempfile::tempdir().unwrap();
    let vault = with_account(dir.path());
    let [one, two, three] =
        [1, 2, 3].map(|n| vault.issue_token("crm", n, 60_000, &format!("token {n}")).unwrap());
    let listed = vault.tokens("crm").unwrap();
    assert_eq!(
        listed.iter().map(|token| token.label.as_str()).collect::<Vec<_>>(),
        ["token 1", "token 2", "token 3"]
    );
    assert_eq!((listed[1].id, listed[1].issued_us, listed[1].expires_us), (two.id(), 2, 60_000_002));
    assert_eq!(two.id().to_string().parse::<TokenId>(), Ok(two.id()));
    assert_eq!(TokenId::of(two.text()), two.id());

    vault.revoke_token("crm", two.id()).unwrap();
    let check =
        |vault: &Vault| [&one, &two, &three].map(|token| vault.check_token(token.text(), 10).is_some());
    assert_eq!(check(&vault), [true, false, true]);
    assert_eq!(vault.revoke_token("crm", two.id()).unwrap_err().refusal(), Some(&Refusal::UnknownToken));
    drop(vault);
    let vault = open(dir.path());
    assert_eq!(check(&vault), [true, false, true]);
    let ticket = vault.issue_ticket("crm", 10).unwrap();
    assert_eq!(vault.revoke_all("crm").unwrap(), 2);
    assert_eq!(vault.take_ticket(ticket.text(), 10), None);
    drop(vault);
    let vault = open(dir.path());
    assert_eq!(check(&vault), [false, false, false]);
    assert!(vault.tokens("crm").unwrap().is_empty());
}

#[test]
fn tokens_and_tickets_of_a_disabled_account_sleep_and_nobody_else_can_revoke_them() {
    let dir = tempfile::tempdir().unwrap();
    let vault = with_account(dir.path());
    vault.put_account(NewAccount { name: "other".into(), ..NewAccount::default() }).unwrap();
    let token = vault.issue_token("crm", 0, 60_000, "").unwrap();
    let ticket = vault.issue_ticket("crm", 0).unwrap();
    assert!(vault.revoke_token("other", token.id()).is_err());
    vault.disable_account("crm").unwrap();
    assert_eq!(vault.check_token(token.text(), 1), None);
    assert_eq!(vault.take_ticket(ticket.text(), 1), None);
    for refused in [vault.issue_token("crm", 1, 1_000, "").map(drop), vault.issue_ticket("crm", 1).map(drop)]
    {
        assert_eq!(refused.unwrap_err().refusal(), Some(&Refusal::AccountDisabled));
    }
    vault.enable_account("crm").unwrap();
    assert!(vault.check_token(token.text(), 1).is_some());
}

#[test]
fn of_two_who_show_a_ticket_at_the_same_moment_one_gets_in() {
    let dir = tempfile::tempdir().unwrap();
    let vault = with_account(dir.path());
    for round in 0..200 {
        let ticket = vault.issue_ticket("crm", 0).unwrap();
        let together = Barrier::new(2);
        let taken: Vec<bool> = std::thread::scope(|scope| {
            let takers: Vec<_> = (0..2)
                .map(|_| {
                    scope.spawn(|| {
                        together.wait();
                        vault.take_ticket(ticket.text(), 1).is_some()
                    })
                })
                .collect();
            takers.into_iter().map(|taker| taker.join().unwrap()).collect()
        });
        assert_eq!(taken.iter().filter(|taken| **taken).count(), 1, "round {round}");
    }
}

#[test]
fn a_ticket_is_good_for_half_a_minute_and_not_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let vault = with_account(dir.path());
    let [late, in_time, forgotten] = [(); 3].map(|()| vault.issue_ticket("crm", 0).unwrap());
    assert_eq!(format!("{late:?}"), "Ticket(redacted)");
    assert_eq!(vault.take_ticket(late.text(), TICKET_LIFE_US), None);
    assert_eq!(vault.take_ticket(late.text(), 0), None, "used up, though it came too late");
    assert!(vault.take_ticket(in_time.text(), TICKET_LIFE_US - 1).is_some());
    drop(vault);
    assert_eq!(open(dir.path()).take_ticket(forgotten.text(), 1), None);
}
