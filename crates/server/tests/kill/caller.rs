//! Callers by HTTP: each call has a key of its own and is asked for until it is answered.

use cordboard_tests::rig::ask;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A call that was acknowledged.
pub(crate) struct Call {
    pub(crate) key: String,
    pub(crate) contact: String,
}

pub(crate) struct Caller {
    number: usize,
    address: SocketAddr,
    token: String,
}

impl Caller {
    pub(crate) fn new(number: usize, address: SocketAddr, token: String) -> Self {
        Self { number, address, token }
    }

    /// Calls until told to stop; every fifth hangs up, perhaps too late.
    pub(crate) async fn call(self, closing: Arc<AtomicBool>) -> Vec<Call> {
        let mut calls = Vec::new();
        let mut number = 0;
        while !closing.load(Ordering::Acquire) {
            let key = format!("call-{}-{number}", self.number);
            let body =
                json!({"queue": "loans", "channel": "voice", "from": format!("1380000{:04}", number % 50)});
            let (status, body) = self.until_answered("/api/v1/contacts", &key, &body.to_string()).await;
            assert_eq!(status, 201, "{body}");
            let contact = body["contact"].as_str().unwrap().to_owned();
            if number % 5 == 0 {
                let path = format!("/api/v1/contacts/{contact}/abandon");
                let (status, body) = self.until_answered(&path, &format!("{key}-abandon"), "{}").await;
                assert!(status < 300 || status == 404, "{status} {body}");
            }
            calls.push(Call { key, contact });
            number += 1;
            tokio::time::sleep(Duration::from_millis(15)).await; // the pace of calls, not a wait for anything
        }
        calls
    }

    async fn until_answered(&self, path: &str, key: &str, body: &str) -> (u16, Value) {
        loop {
            match ask(self.address, "POST", path, Some(&self.token), Some(key), body).await {
                Ok((503, _)) | Err(_) => {
                    tokio::time::sleep(Duration::from_millis(10)).await; // polls until the server is back
                }
                Ok((status, body)) => return (status, serde_json::from_str(&body).unwrap_or(Value::Null)),
            }
        }
    }
}
