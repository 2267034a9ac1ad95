//! The real binary, started, killed and ended by its own process id.

use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a start may take, the recovery of the log included.
const START: Duration = Duration::from_secs(30);

/// A server in a process of its own.
#[derive(Debug)]
pub struct Server {
    place: TempDir,
    address: SocketAddr,
    caller_token: String,
    agent_tokens: BTreeMap<String, String>,
    child: Option<Child>,
    binary: PathBuf,
}

/// What a server is given to begin with.
#[derive(Debug)]
pub struct Furniture<'a> {
    /// The binary.
    pub binary: &'a Path,
    /// Configuration: everything but the agents.
    pub config: &'a str,
    /// 工号 of the agents; they serve every queue named.
    pub agents: &'a [String],
    /// The queues.
    pub queues: &'a [&'a str],
}

impl Server {
    /// Configuration, accounts and tokens; not started yet.
    pub fn furnish(with: &Furniture<'_>) -> Self {
        let place = tempfile::tempdir().unwrap();
        let mut config = with.config.to_owned();
        for agent in with.agents {
            config += &format!("[agents.{agent}]\nqueues = {:?}\n", with.queues);
        }
        std::fs::File::create(place.path().join("site.toml")).unwrap().write_all(config.as_bytes()).unwrap();
        let tokens = place.path().join("tokens.csv");
        let mut server = Self {
            address: free_address(),
            caller_token: String::new(),
            agent_tokens: BTreeMap::new(),
            child: None,
            binary: with.binary.to_owned(),
            place,
        };
        server.run(&["account", "provision", "--from-config", "--tokens-out", tokens.to_str().unwrap()]);
        for line in std::fs::read_to_string(&tokens).unwrap().lines().skip(1) {
            let (agent, token) = line.split_once(',').unwrap();
            server.agent_tokens.insert(agent.to_owned(), token.to_owned());
        }
        server.run(&["account", "add", "crm", "--role", "integrator", "--no-password"]);
        let issued = server.run(&["account", "token", "crm", "--output", "json"]);
        let issued: Value = serde_json::from_str(&issued).unwrap();
        server.caller_token = issued["token"].as_str().unwrap().to_owned();
        server
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(words).arg("--config").arg(self.place.path().join("site.toml"));
        command.arg("--data").arg(self.place.path().join("data")).stdin(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> String {
        let done = self.command(words).output().unwrap();
        assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The token of an account that may bring in contacts.
    pub fn caller_token(&self) -> String {
        self.caller_token.clone()
    }

    /// The token of an agent's account.
    pub fn agent_token(&self, agent: &str) -> String {
        self.agent_tokens[agent].clone()
    }

    /// Where its log lies.
    pub fn log(&self) -> PathBuf {
        self.place.path().join("data").join("log")
    }

    /// Starts it and waits until it says that it is ready.
    pub async fn start(&mut self) {
        let listen = self.address.to_string();
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.place.path().join("stderr"))
            .unwrap();
        let child =
            self.command(&["serve", "--listen", &listen]).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        self.child = Some(child);
        let begun = Instant::now();
        while !matches!(super::ask(self.address, "GET", "/readyz", None, None, "").await, Ok((200, _))) {
            if let Some(status) = self.child.as_mut().unwrap().try_wait().unwrap() {
                panic!("the server ended with {status}: {}", self.said());
            }
            assert!(begun.elapsed() < START, "not ready within {START:?}: {}", self.said());
            tokio::time::sleep(Duration::from_millis(5)).await; // polls /readyz
        }
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("a server that runs").id()
    }

    fn said(&self) -> String {
        std::fs::read_to_string(self.place.path().join("stderr")).unwrap_or_default()
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// SIGTERM; it must end in order.
    pub async fn terminate(&mut self) {
        let mut child = self.child.take().unwrap();
        let ended = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status().unwrap();
        assert!(ended.success());
        let begun = Instant::now();
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success(), "{status}: {}", self.said());
                return;
            }
            assert!(begun.elapsed() < START, "still there {START:?} after a TERM");
            tokio::time::sleep(Duration::from_millis(10)).await; // polls the process
        }
    }

    /// Contacts that have not ended.
    pub async fn alive(&self) -> u64 {
        let token = self.caller_token.clone();
        match super::ask(self.address, "GET", "/metrics", Some(&token), None, "").await {
            Ok((200, body)) => {
                let line = body
                    .lines()
                    .find(|line| line.starts_with("cordboard_contacts_alive"))
                    .unwrap_or_default();
                line.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(u64::MAX)
            }
            _ => u64::MAX,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}
