//! Where the server is, and a stream of bytes to it, in clear or under TLS.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::drive::DriveError;

/// Longest wait for a connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// Bytes both ways.
pub(super) trait Io: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}
pub(super) type Stream = Box<dyn Io>;

/// A server.
#[derive(Clone)]
pub(super) struct Target {
    /// As `host:port`.
    pub(super) authority: String,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

impl Target {
    pub(super) fn parse(server: &str, ca_file: Option<&Path>) -> Result<Self, DriveError> {
        let bad = |what: String| DriveError::BadServer { what, mend: "write it like http://127.0.0.1:8480" };
        let uri: http::Uri =
            server.parse().map_err(|why| bad(format!("{server:?} is not an address: {why}")))?;
        let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else {
            return Err(bad(format!("{server:?} names no host")));
        };
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(bad(format!("{server:?} has a path")));
        }
        let (port, tls) = match scheme {
            "http" => (80, None),
            "https" => (443, Some(tls(host, ca_file)?)),
            other => return Err(bad(format!("{other:?} is not http or https"))),
        };
        Ok(Self { authority: format!("{host}:{}", uri.port_u16().unwrap_or(port)), tls })
    }

    pub(super) async fn connect(&self) -> Result<Stream, DriveError> {
        match tokio::time::timeout(CONNECT_WITHIN, self.open()).await {
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(why)) => Err(self.unreachable(why)),
            Err(_) => Err(self.unreachable("no answer in time")),
        }
    }

    async fn open(&self) -> std::io::Result<Stream> {
        let stream = TcpStream::connect(&self.authority).await?;
        stream.set_nodelay(true)?;
        Ok(match &self.tls {
            None => Box::new(stream),
            Some((connector, name)) => Box::new(connector.connect(name.clone(), stream).await?),
        })
    }

    pub(super) fn unreachable(&self, why: impl ToString) -> DriveError {
        DriveError::Unreachable { server: self.authority.clone(), why: why.to_string() }
    }

    /// The address of the links.
    pub(super) fn link_url(&self) -> String {
        let scheme = if self.tls.is_some() { "wss" } else { "ws" };
        format!("{scheme}://{}/link", self.authority)
    }
}

fn tls(host: &str, ca_file: Option<&Path>) -> Result<(TlsConnector, ServerName<'static>), DriveError> {
    let bad = |what: String, mend| DriveError::BadServer { what, mend };
    let Some(path) = ca_file else {
        return Err(bad(
            "https needs to know whom to trust".to_owned(),
            "give the certificate's file with --ca-file",
        ));
    };
    let unreadable = |why: &dyn ToString| {
        bad(format!("{}: {}", path.display(), why.to_string()), "it must be a certificate in PEM")
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|why| unreadable(&why))? {
        roots.add(certificate.map_err(|why| unreadable(&why))?).map_err(|why| unreadable(&why))?;
    }
    if roots.is_empty() {
        return Err(unreadable(&"no certificate in it"));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|why| unreadable(&why))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
        .map_err(|why| bad(format!("{host:?}: {why}"), "a certificate is for a host name or an address"))?;
    Ok((TlsConnector::from(Arc::new(config)), name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_scheme_a_host_and_perhaps_a_port() {
        let authority = |text: &str| Target::parse(text, None).map(|target| target.authority).ok();
        assert_eq!(authority("http://127.0.0.1:8480").as_deref(), Some("127.0.0.1:8480"));
        assert_eq!(authority("http://floor/").as_deref(), Some("floor:80"));
        for bad in ["", "floor:8480", "ftp://floor", "http://floor/api", "https://floor"] {
            assert!(authority(bad).is_none(), "{bad}");
        }
    }
}
