//! How a password comes in: from standard input or a file, never from the command line, where everyone sees it.

use crate::failure::{Failure, say};
use cordboard_vault::{PASSWORD_BYTES_MAX, Password};
use std::io::{IsTerminal, Read};
use std::path::Path;
use zeroize::Zeroizing;

/// Reads one line; its end is not part of the password.
pub(super) fn password(file: Option<&Path>) -> Result<Password, Failure> {
    let mut text = Zeroizing::new(String::new());
    let most = PASSWORD_BYTES_MAX as u64 + 3;
    match file {
        Some(file) => {
            let failed = |error| Failure::because(format!("reading {}", file.display()), &error);
            let file = std::fs::File::open(file).map_err(failed)?;
            file.take(most).read_to_string(&mut text).map_err(failed)?;
        }
        None => {
            if std::io::stdin().is_terminal() {
                say("Password (it will show; use --password-file or a pipe to avoid that), then Enter:");
                let failed = |error| Failure::because("reading standard input", &error);
                std::io::stdin().read_line(&mut text).map_err(failed)?;
            } else {
                let failed = |error| Failure::because("reading standard input", &error);
                std::io::stdin().take(most).read_to_string(&mut text).map_err(failed)?;
            }
        }
    }
    let line = Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned());
    if line.is_empty() {
        return Err(Failure::Usage("no password came in; pipe it in, or name a --password-file".to_owned()));
    }
    if line.contains('\n') {
        return Err(Failure::Usage("the password has more than one line".to_owned()));
    }
    Ok(Password::new(line.to_string()))
}
