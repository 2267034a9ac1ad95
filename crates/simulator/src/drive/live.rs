//! Against a running server: calls over HTTP, agents on links of their own, at a multiple of the wall clock that the server's clock shares.
//!
//! ```text
//!   plan ──▶ callers: POST contacts, enqueue, abandon ──▶ ┐
//!        └─▶ agents: a link each, sign in, accept, end ◀─▶ │ server ──▶ GET events ──▶ recount ──▶ Report
//!                        ▲──── switchboard: which contact is which call ────▲
//! ```
//!
//! It uses what anyone may use: the documented doors, an integrator's token, and a token for each agent. It reads frames and pages by their
//! documentation, not by the server's own types, so that a drive is also a second reading of it. A call of the plan comes at
//! the start of the drive + (its time − the first time) / speed.

mod agent;
mod callers;
mod clock;
mod desk;
mod http;
mod link;
mod log;
mod switchboard;
mod target;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant as WallInstant, SystemTime, UNIX_EPOCH};

use cordboard_floor::{AgentId, Instant};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::configuration::agent_id;
use super::summary::Ending;
use super::{DriveError, Plan, Progress, Report};
use clock::Clock;
use http::Http;
use switchboard::Switchboard;
use target::Target;

/// Names told in one error.
const NAMES_TOLD_MAX: usize = 5;
/// From the last preparation to the first act, by the wall clock.
const LEAD: Duration = Duration::from_millis(500);
/// Between two words of progress.
const PROGRESS_EVERY: Duration = Duration::from_millis(500);
/// Fastest clock that a drive follows: a phone that rings 20 s must be answered within 20 s / speed by real links.
pub const SPEED_MAX: u32 = 1_000;

/// Where and how to drive.
#[derive(Clone)]
pub struct LiveOptions {
    /// `http://host:port` or `https://host:port`.
    pub server: String,
    /// A token that may bring contacts in and read the log: an integrator's.
    pub token: String,
    /// A token for each agent; see [`agent_tokens`].
    pub agent_tokens: BTreeMap<AgentId, String>,
    /// How many times faster than the wall; the server's clock must run as fast.
    pub speed: u32,
    /// For `https`: the certificate, or that of its authority, in PEM.
    pub ca_file: Option<PathBuf>,
}

impl std::fmt::Debug for LiveOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LiveOptions({} at {}, tokens redacted)", self.server, self.speed)
    }
}

/// Reads `agent,token` lines, as `account provision` writes them.
pub fn agent_tokens(text: &str) -> Result<BTreeMap<AgentId, String>, DriveError> {
    let mut tokens = BTreeMap::new();
    for (nth, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || (nth == 0 && line == "agent,token") {
            continue;
        }
        let bad = DriveError::BadTokens { line: nth + 1 };
        let Some((agent, token)) = line.split_once(',') else { return Err(bad) };
        let (Ok(agent), false) = (agent.trim().parse(), token.trim().is_empty()) else { return Err(bad) };
        tokens.insert(agent, token.trim().to_owned());
    }
    Ok(tokens)
}

/// What everyone in a drive shares.
struct Play {
    plan: Arc<Plan>,
    target: Target,
    http: Http,
    clock: Clock,
    switchboard: Switchboard,
    /// Makes command ids of this drive different from those of any other.
    run: String,
    /// Becomes true when no call is open any more: agents go home.
    closing: watch::Sender<bool>,
}

/// Drives a running server with a plan. Returns when every call is over or nobody is left who could answer it.
pub async fn run(
    plan: Arc<Plan>,
    options: LiveOptions,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Report, DriveError> {
    let began = WallInstant::now();
    let floor_plan = plan.floor_plan()?;
    if !(1..=SPEED_MAX).contains(&options.speed) {
        let what = format!("the speed {} is not between 1 and {SPEED_MAX}", options.speed);
        return Err(DriveError::BadServer { what, mend: "choose one that real links can follow" });
    }
    let target = Target::parse(&options.server, options.ca_file.as_deref())?;
    let http = Http::new(target.clone(), options.token.clone());
    log::check_clock(&http, options.speed).await?;
    let before = log::before(&http, &floor_plan).await?;
    let shifts = shifts(&plan, &options.agent_tokens)?;

    let run = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
    let play = Arc::new(Play {
        clock: Clock::starting(LEAD, plan.begins_us(), options.speed),
        switchboard: Switchboard::new(plan.calls.len()),
        run: format!("{run:x}"),
        closing: watch::Sender::new(false),
        plan,
        target,
        http,
    });
    play_all(&play, shifts, progress).await?;

    let (tally, last_seq) = log::recount(&play.http, before, &play.switchboard).await?;
    let ending = Ending {
        events: last_seq - before.last_seq,
        last_seq,
        state_hash: None,
        wall_ms: began.elapsed().as_millis() as u64,
    };
    let (turned_away, nacks, gaps) = play.switchboard.told();
    let (mut report, mut contradictions) = Report::of(&play.plan, &tally, turned_away, ending);
    report.detail.nacks = nacks;
    report.detail.links_resumed = play.switchboard.resumed();
    contradictions.extend(gaps);
    if contradictions.is_empty() { Ok(report) } else { Err(DriveError::Contradiction(contradictions)) }
}

/// One agent's presences, and the token by which she signs in.
struct Shift {
    agent: AgentId,
    token: String,
    /// From, to.
    presences: Vec<(i64, i64)>,
}

fn shifts(plan: &Plan, tokens: &BTreeMap<AgentId, String>) -> Result<Vec<Shift>, DriveError> {
    let mut shifts: BTreeMap<AgentId, Shift> = BTreeMap::new();
    let mut without: Vec<String> = Vec::new();
    for presence in &plan.staffing.presences {
        let agent = agent_id(&presence.agent)?;
        let Some(token) = tokens.get(&agent) else {
            if !without.contains(&presence.agent) {
                without.push(presence.agent.clone());
            }
            continue;
        };
        let shift = shifts.entry(agent);
        let shift = shift.or_insert_with(|| Shift { agent, token: token.clone(), presences: Vec::new() });
        shift.presences.push((presence.from_us, presence.to_us));
    }
    if without.is_empty() {
        return Ok(shifts.into_values().collect());
    }
    without.truncate(NAMES_TOLD_MAX);
    Err(DriveError::NoToken { names: without })
}

/// Lets everyone do what they do, until all are done.
async fn play_all(
    play: &Arc<Play>,
    shifts: Vec<Shift>,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), DriveError> {
    let mut people: JoinSet<Result<(), DriveError>> = JoinSet::new();
    let mut working = shifts.len();
    for shift in shifts {
        people.spawn(agent::work(play.clone(), shift));
    }
    let mut callers: JoinSet<Result<(), DriveError>> = JoinSet::new();
    callers.spawn(callers::come(play.clone()));
    let mut told = tokio::time::interval(PROGRESS_EVERY);
    let mut open = play.switchboard.follow_open();
    while working > 0 || !callers.is_empty() {
        // Dropping a set ends whoever is still in it, so the first fault ends the drive.
        tokio::select! {
            Some(done) = people.join_next() => {
                joined(done)?;
                working -= 1;
            }
            Some(done) = callers.join_next() => joined(done)?,
            _ = open.changed() => {}
            _ = told.tick() => progress(Progress {
                at: Instant::from_micros(play.clock.now_us()),
                calls: play.switchboard.arrived(),
                calls_total: play.plan.calls.len() as u64,
                events: play.switchboard.last_seq(),
            }),
        }
        if *open.borrow_and_update() == 0 && callers.is_empty() {
            play.closing.send_replace(true);
        }
    }
    Ok(())
}

fn joined(done: Result<Result<(), DriveError>, tokio::task::JoinError>) -> Result<(), DriveError> {
    match done {
        Ok(outcome) => outcome,
        Err(fault) if fault.is_panic() => std::panic::resume_unwind(fault.into_panic()),
        Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_as_provision_writes_them() {
        let tokens = agent_tokens("agent,token\n1001,abc\n\n1002, def \n").unwrap();
        assert_eq!(tokens[&AgentId::fixed("1002")], "def");
        let told = agent_tokens("agent,token\n1001\n").unwrap_err().to_string();
        assert!(told.contains("line 2"), "{told}");
    }
}
