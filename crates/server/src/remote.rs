//! A running server, asked through its HTTP door for what it shows to the account whose token we hold.
//! Events come masked as that account sees them; the sealed originals are in the files alone.

use crate::failure::{Failure, say};
use crate::out::{Format, Out};
use bytes::Bytes;
use cordboard_floor::ContactId;
use http::StatusCode;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use zeroize::Zeroizing;

/// A line of a live stream that is longer than this is no event of ours, in bytes.
const LINE_BYTES_MAX: usize = 4 << 20;

/// A server and a token for it.
pub(crate) struct Remote {
    runtime: tokio::runtime::Runtime,
    authority: String,
    tls: Option<(TlsConnector, ServerName<'static>)>,
    token: Zeroizing<String>,
}

/// A token from its file.
pub(crate) fn read_token(file: &Path) -> Result<Zeroizing<String>, Failure> {
    let text = std::fs::read_to_string(file).map(Zeroizing::new);
    let text = text.map_err(|error| Failure::because(format!("reading {}", file.display()), &error))?;
    Ok(Zeroizing::new(text.trim().to_owned()))
}

impl Remote {
    pub(crate) fn new(url: &str, token_file: &Path, ca_file: Option<&Path>) -> Result<Self, Failure> {
        let wrong = |what: &str| Failure::Usage(format!("{url:?} {what}; write it as http://127.0.0.1:8480"));
        let uri: http::Uri = url.parse().map_err(|_| wrong("is no address"))?;
        let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else {
            return Err(wrong("names no host"));
        };
        if !matches!(uri.path(), "" | "/") {
            return Err(wrong("has a path"));
        }
        let (port, tls) = match scheme {
            "http" => (80, None),
            "https" => (443, Some(trust(host, ca_file)?)),
            _ => return Err(wrong("is neither http nor https")),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Ok(Self {
            runtime: runtime.map_err(|error| Failure::because("starting the runtime", &error))?,
            authority: format!("{host}:{}", uri.port_u16().unwrap_or(port)),
            tls,
            token: read_token(token_file)?,
        })
    }

    /// What stands at a path, as this account sees it.
    pub(crate) fn get(&self, path: &str) -> Result<Value, Failure> {
        self.runtime.block_on(self.read(path))
    }

    /// What stands at a path as bytes, with what is said about it.
    pub(crate) fn bytes(&self, path: &str) -> Result<(http::HeaderMap, Bytes), Failure> {
        self.runtime.block_on(async {
            let answer = self.ask(path, "*/*").await?;
            let (parts, body) = answer.into_parts();
            let body = body.collect().await.map_err(|error| self.lost(&error))?.to_bytes();
            if parts.status.is_success() {
                return Ok((parts.headers, body));
            }
            Err(self.refused(parts.status, path, &serde_json::from_slice(&body).unwrap_or(Value::Null)))
        })
    }

    /// Asks for something to be done, and gives what became of it.
    pub(crate) fn act(&self, path: &str, body: Option<&Value>) -> Result<Value, Failure> {
        let body = body.map_or_else(Vec::new, |body| body.to_string().into_bytes());
        let (status, value) = self.post(path, body)?;
        if status.is_success() { Ok(value) } else { Err(self.refused(status, path, &value)) }
    }

    /// Hands JSON in: how it was answered, and what with.
    pub(crate) fn post(&self, path: &str, body: Vec<u8>) -> Result<(StatusCode, Value), Failure> {
        self.runtime.block_on(async {
            let request = http::Request::post(path).header(http::header::CONTENT_TYPE, "application/json");
            let answer = self.send(request, "application/json", Bytes::from(body)).await?;
            let status = answer.status();
            let body = answer.into_body().collect().await.map_err(|error| self.lost(&error))?.to_bytes();
            Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
        })
    }

    /// Events as lines of JSON, as this account sees them.
    pub(crate) fn export(
        &self,
        from: u64,
        to: Option<u64>,
        contact: Option<ContactId>,
    ) -> Result<(), Failure> {
        let to = to.unwrap_or(u64::MAX).min(self.last()?);
        let mut out = Out::new(Format::Json);
        self.pages(from.saturating_sub(1), to, contact, &mut |event| out.json(&event))?;
        out.flush()
    }

    /// The last events, and on request those to come.
    pub(crate) fn tail(
        &self,
        lines: u64,
        follow: bool,
        contact: Option<ContactId>,
        format: Format,
    ) -> Result<(), Failure> {
        let last = self.last()?;
        let mut out = Out::new(format);
        let mut events = Vec::new();
        self.pages(last.saturating_sub(lines), last, contact, &mut |event| {
            events.push(event);
            Ok(())
        })?;
        out.rows(&crate::log::COLUMNS, &events)?;
        if !follow {
            return Ok(());
        }
        say("following; Ctrl-C ends it");
        let of_contact = contact.map_or_else(String::new, |contact| format!("&contact={contact}"));
        self.runtime.block_on(self.follow(
            &format!("/api/v1/events?after={last}{of_contact}"),
            &mut |event| {
                match format {
                    Format::Json => out.json(&event)?,
                    Format::Table | Format::Csv => {
                        let cell = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
                        out.line(&format!(
                            "{}  {}  {}  {}",
                            event["seq"],
                            cell("at"),
                            cell("ev"),
                            event["data"]
                        ))?;
                    }
                }
                out.flush()
            },
        ))
    }

    /// The last event that is durable there.
    fn last(&self) -> Result<u64, Failure> {
        let ready = self.runtime.block_on(self.read("/readyz"))?;
        ready["durable_seq"].as_u64().ok_or_else(|| self.strange("/readyz says no durable_seq"))
    }

    fn pages(
        &self,
        mut after: u64,
        to: u64,
        contact: Option<ContactId>,
        take: &mut dyn FnMut(Value) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        while after < to {
            let of_contact = contact.map_or_else(String::new, |contact| format!("&contact={contact}"));
            let path = format!("/api/v1/events?after={after}{of_contact}");
            let mut page = self.runtime.block_on(self.read(&path))?;
            let next = page["next"].as_u64().unwrap_or(after);
            let Value::Array(events) = page["events"].take() else {
                return Err(self.strange("a page has no events"));
            };
            for event in events {
                if event["seq"].as_u64().is_none_or(|seq| seq > to) {
                    return Ok(());
                }
                take(event)?;
            }
            if next <= after {
                return Ok(());
            }
            after = next;
        }
        Ok(())
    }

    async fn read(&self, path: &str) -> Result<Value, Failure> {
        let answer = self.ask(path, "application/json").await?;
        let status = answer.status();
        let body = answer.into_body().collect().await.map_err(|error| self.lost(&error))?.to_bytes();
        let value: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        // Not ready is an answer too: how far it is stands in it.
        if status.is_success() || (path == "/readyz" && value.is_object()) {
            return Ok(value);
        }
        Err(self.refused(status, path, &value))
    }

    fn refused(&self, status: http::StatusCode, path: &str, problem: &Value) -> Failure {
        let detail = problem["detail"].as_str().unwrap_or("it did not say why");
        Failure::failed(format!("{} answered {status} to {path}: {detail}", self.authority))
    }

    /// Reads a stream of events until it ends.
    async fn follow(
        &self,
        path: &str,
        take: &mut dyn FnMut(Value) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let answer = self.ask(path, "text/event-stream").await?;
        if !answer.status().is_success() {
            return Err(Failure::failed(format!(
                "{} answered {} to {path}",
                self.authority,
                answer.status()
            )));
        }
        let mut body = answer.into_body();
        let mut text: Vec<u8> = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| self.lost(&error))?;
            text.extend_from_slice(frame.data_ref().map_or(&[][..], |bytes| bytes));
            while let Some(end) = text.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = text.drain(..=end).collect();
                if let Some(data) = line.strip_prefix(b"data: ")
                    && let Ok(event) = serde_json::from_slice(data)
                {
                    take(event)?;
                }
            }
            if text.len() > LINE_BYTES_MAX {
                return Err(self.strange("a line of the stream has no end"));
            }
        }
        say("the server ended the stream");
        Ok(())
    }

    async fn ask(&self, path: &str, accept: &str) -> Result<http::Response<Incoming>, Failure> {
        self.send(http::Request::get(path), accept, Bytes::new()).await
    }

    async fn send(
        &self,
        request: http::request::Builder,
        accept: &str,
        body: Bytes,
    ) -> Result<http::Response<Incoming>, Failure> {
        let tcp = TcpStream::connect(&self.authority).await.map_err(|error| self.lost(&error))?;
        let stream: Box<dyn Io> = match &self.tls {
            None => Box::new(tcp),
            Some((connector, name)) => {
                let secured = connector.connect(name.clone(), tcp).await;
                Box::new(secured.map_err(|error| self.lost(&error))?)
            }
        };
        let (mut sender, connection) =
            handshake(TokioIo::new(stream)).await.map_err(|error| self.lost(&error))?;
        // What goes wrong with it shows in the answer.
        tokio::spawn(async move { drop(connection.await) });
        let request = request
            .header(http::header::HOST, &self.authority)
            .header(http::header::ACCEPT, accept)
            .header(http::header::AUTHORIZATION, format!("Bearer {}", *self.token))
            .body(Full::new(body))
            .map_err(|_| Failure::failed("the token is not a single line of letters and digits"))?;
        sender.send_request(request).await.map_err(|error| self.lost(&error))
    }

    fn lost(&self, error: &dyn std::error::Error) -> Failure {
        Failure::because(format!("asking {}", self.authority), error)
    }

    fn strange(&self, what: &str) -> Failure {
        Failure::failed(format!("{} does not speak as a Cordboard server does: {what}", self.authority))
    }
}

trait Io: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

fn trust(host: &str, ca_file: Option<&Path>) -> Result<(TlsConnector, ServerName<'static>), Failure> {
    let Some(file) = ca_file else {
        return Err(Failure::Usage("https needs to know whom to trust: name --ca-file FILE".to_owned()));
    };
    let unreadable = |error: &dyn std::error::Error| Failure::because(file.display(), error);
    let mut roots = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unreadable(&error))? {
        roots.add(certificate.map_err(|error| unreadable(&error))?).map_err(|error| unreadable(&error))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unreadable(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
        .map_err(|error| Failure::because(format!("{host:?}"), &error))?;
    Ok((TlsConnector::from(Arc::new(config)), name))
}
