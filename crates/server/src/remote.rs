//! A running server, as its HTTP door shows it to the account whose token we hold.

use crate::failure::Failure;
use crate::out::Format;
use cordboard_floor::ContactId;
use std::path::Path;
use zeroize::Zeroizing;

/// A server and a token for it.
pub(crate) struct Remote {
    url: String,
    token: Zeroizing<String>,
}

impl Remote {
    pub(crate) fn new(url: &str, token_file: &Path) -> Result<Self, Failure> {
        let token = std::fs::read_to_string(token_file)
            .map_err(|error| Failure::because(format!("reading {}", token_file.display()), &error))?;
        Ok(Self { url: url.trim_end_matches('/').to_owned(), token: Zeroizing::new(token.trim().to_owned()) })
    }

    pub(crate) fn export(
        &self,
        _from: u64,
        _to: Option<u64>,
        _contact: Option<ContactId>,
    ) -> Result<(), Failure> {
        let _ = &self.token;
        Err(Failure::failed(format!("{} cannot be asked yet", self.url)))
    }

    pub(crate) fn tail(&self, _: u64, _: bool, _: Option<ContactId>, _: Format) -> Result<(), Failure> {
        Err(Failure::failed(format!("{} cannot be asked yet", self.url)))
    }
}
