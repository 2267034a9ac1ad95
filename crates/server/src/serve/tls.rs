//! Certificates: those of the site, or one of our own making for development.

use crate::failure::{Failure, say};
use crate::home::Home;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::fs::OpenOptions;
use std::io::Write;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

/// A certificate chain and its key, from PEM files.
pub(super) fn from_files(cert: &Path, key: &Path) -> Result<Arc<ServerConfig>, Failure> {
    let unreadable = |file: &Path, error: &dyn std::error::Error| {
        Failure::because(format!("reading {}", file.display()), error)
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect)
        .map_err(|error| unreadable(cert, &error))?;
    if chain.is_empty() {
        return Err(Failure::failed(format!("{} holds no certificate", cert.display())));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, secret))
        .map_err(|error| Failure::because(format!("{} and {}", cert.display(), key.display()), &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// A self-signed certificate, made once and kept with the data, so that who trusted it need not do so anew.
pub(super) fn development(home: &Home, listen: IpAddr) -> Result<Arc<ServerConfig>, Failure> {
    let dir = home.dir().join("tls");
    let (cert, key) = (dir.join("development-cert.pem"), dir.join("development-key.pem"));
    if !(cert.is_file() && key.is_file()) {
        make(&dir, &cert, &key, listen)?;
    }
    say(&format!("a certificate for development is used, which no browser trusts: {}", cert.display()));
    from_files(&cert, &key)
}

fn make(dir: &Path, cert: &Path, key: &Path, listen: IpAddr) -> Result<(), Failure> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    if !listen.is_unspecified() && !listen.is_loopback() {
        names.push(listen.to_string());
    }
    let made = rcgen::generate_simple_self_signed(names)
        .map_err(|error| Failure::because("making a certificate", &error))?;
    let failed =
        |file: &Path, error: &std::io::Error| Failure::because(format!("writing {}", file.display()), error);
    std::fs::create_dir_all(dir).map_err(|error| failed(dir, &error))?;
    let write = |file: &Path, text: String| {
        // A key without its certificate is of no use: whatever is there is half of a pair.
        let opened = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file);
        opened.and_then(|mut to| to.write_all(text.as_bytes())).map_err(|error| failed(file, &error))
    };
    write(key, made.signing_key.serialize_pem())?;
    write(cert, made.cert.pem())
}
