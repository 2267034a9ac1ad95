//! Running the real binary: commands to their end, servers until a signal, and a plain HTTP request.
//! Every wait has a deadline, and only processes started here are ended here.
#![allow(dead_code)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// No machine is so slow that anything here takes longer.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Insists that it went well.
    pub(crate) fn well(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// Insists that it failed with this code, and said all of these.
    pub(crate) fn badly(self, code: i32, said: &[&str]) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        for word in said {
            assert!(self.stderr.contains(word), "{word:?} in {self:?}");
        }
        self
    }

    /// The one line of JSON on stdout.
    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(self.stdout.lines().count(), 1, "one line: {self:?}");
        serde_json::from_str(&self.stdout).expect("JSON")
    }
}

fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cordboard"));
    command.env_remove("CORDBOARD_LOG");
    command
}

/// Runs a command to its end.
pub(crate) fn cordboard<S: AsRef<std::ffi::OsStr>>(args: &[S]) -> Ended {
    cordboard_told(args, "")
}

/// Runs a command that reads this from standard input.
pub(crate) fn cordboard_told<S: AsRef<std::ffi::OsStr>>(args: &[S], input: &str) -> Ended {
    let mut child = binary()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    // It may end without reading.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    Ended {
        code: output.status.code().expect("no signal ended it"),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

/// A process that runs until it is told otherwise.
pub(crate) struct Running {
    child: Child,
    said: Arc<(Mutex<Vec<String>>, Condvar)>,
}

impl Running {
    pub(crate) fn start<S: AsRef<std::ffi::OsStr>>(args: &[S]) -> Self {
        let mut command = binary();
        command.args(args);
        Self::of(command)
    }

    /// Starts it where no file may grow beyond this many blocks of 512 bytes: a disk that fails.
    pub(crate) fn start_with_small_files<S: AsRef<std::ffi::OsStr>>(blocks: u32, args: &[S]) -> Self {
        let mut command = Command::new("sh");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_cordboard")]).args(args);
        Self::of(command)
    }

    fn of(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let said = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
        let (stdout, stderr) = (child.stdout.take().expect("a pipe"), child.stderr.take().expect("a pipe"));
        listen(stdout, said.clone());
        listen(stderr, said.clone());
        Self { child, said }
    }

    /// Waits for a line that holds this, and gives it.
    pub(crate) fn line(&self, word: &str) -> String {
        let deadline = Instant::now() + DEADLINE;
        let (lines, news) = &*self.said;
        let mut lines = lines.lock().expect("no listener panics");
        loop {
            if let Some(line) = lines.iter().find(|line| line.contains(word)) {
                return line.clone();
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{word:?} was never said: {lines:#?}");
            lines = news.wait_timeout(lines, left).expect("no listener panics").0;
        }
    }

    /// Everything that was said so far.
    pub(crate) fn said(&self) -> Vec<String> {
        self.said.0.lock().expect("no listener panics").clone()
    }

    /// The address that a server says it listens on.
    pub(crate) fn authority(&self, word: &str) -> String {
        let line = self.line(word);
        let after = line.split("://").nth(1).expect("an address");
        after.split('/').next().expect("an authority").trim().to_owned()
    }

    pub(crate) fn signal(&self, name: &str) {
        let told = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(told.expect("kill runs").success());
    }

    /// Waits until it ends of itself.
    pub(crate) fn end(&mut self) -> ExitStatus {
        let mut ended = None;
        until("the process ends", || {
            ended = self.child.try_wait().expect("it can be asked");
            ended.is_some()
        });
        ended.expect("it ended")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Ended already, as a rule.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen(from: impl Read + Send + 'static, said: Arc<(Mutex<Vec<String>>, Condvar)>) {
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            said.0.lock().expect("no listener panics").push(line);
            said.1.notify_all();
        }
    });
}

/// Asks until it is so.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}: not within {DEADLINE:?}");
        // A pause between two looks; nothing depends on its length.
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Asks for something: status and body.
pub(crate) fn get(authority: &str, path: &str, token: &str) -> (u16, String) {
    request(authority, "GET", path, token, "")
}

/// Hands something in: status and body.
pub(crate) fn post(authority: &str, path: &str, token: &str, body: &str) -> (u16, String) {
    request(authority, "POST", path, token, body)
}

fn request(authority: &str, method: &str, path: &str, token: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(authority).expect("the server listens");
    stream.set_read_timeout(Some(DEADLINE)).expect("a timeout");
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("it takes the request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers in text");
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, body.to_owned())
}

/// A path as text.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

/// Writes a file and gives its path as text.
pub(crate) fn file(dir: &Path, name: &str, content: &str) -> String {
    let path = dir.join(name);
    std::fs::write(&path, content).expect("it can be written");
    text(&path).to_owned()
}

/// A small floor.
pub(crate) const FLOOR: &str = r#"
[skills]
english = "英语"
[queues.loans]
title = { zh = "贷款", en = "Loans" }
skills = { english = 50 }
[agents.1001]
queues = ["loans"]
skills = { english = 80 }
"#;
