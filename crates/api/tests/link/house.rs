//! A server in a temporary directory: engine, vault, door, links, and a socket.

use cordboard_api::Door;
use cordboard_api::door::{Keeping, Limits as DoorLimits, ReadSide};
use cordboard_api::link::{Limits, Links};
use cordboard_api::public::personal::{field, seal, seal_number};
use cordboard_centre::{Centre, Record};
use cordboard_engine::{Answer, Clock, Engine, EngineOptions, Past, Running, run};
use cordboard_floor::actor::Reason;
use cordboard_floor::command::Entry;
use cordboard_floor::configuration::{AgentConfig, NotReadyReason, QueueConfig, SiteConfig};
use cordboard_floor::{
    AgentId, Channel, CodeId, Command, ContactId, Event, Instant, Millis, QueueId, ReasonId, Recorded,
    Refusal, SiteId, SkillId, Submission, TeamId,
};
use cordboard_journal::{Journal, Options};
use cordboard_vault::{NewAccount, PasswordCost, Vault};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Longer than anything here takes, however busy the machine is.
pub(crate) const WITHIN: Duration = Duration::from_secs(30);
pub(crate) const SALES: QueueId = QueueId::fixed("sales");
const AGENTS: [&str; 6] = ["1001", "1002", "1003", "1004", "1005", "1006"];

/// A queue whose offers ring for long, so that only what a test does ends them.
pub(crate) fn sales() -> QueueConfig {
    QueueConfig {
        offer_timeout_ms: Millis::from_secs(600),
        wrapup_ms: Millis::from_secs(600),
        codes: vec![CodeId::fixed("sold"), CodeId::fixed("none")],
        ..QueueConfig::customary(SALES)
    }
}

/// Short leases for tests that let one end; the others must not meet it by accident.
pub(crate) fn with_lease(lease_ms: u64) -> Limits {
    Limits {
        lease: Duration::from_millis(lease_ms),
        heartbeat: Duration::from_millis(lease_ms / 3),
        ..Limits::default()
    }
}

pub(crate) struct House {
    dir: TempDir,
    running: Running<Centre>,
    pub(crate) door: Arc<Door>,
    pub(crate) links: Links,
    pub(crate) addr: SocketAddr,
    server: JoinHandle<()>,
    limits: Limits,
    beside: Beside,
}

/// What a door has besides the engine: the log's past, and where things are kept.
#[derive(Clone)]
struct Beside {
    past: Past<Centre>,
    keeping: Keeping,
    limits: DoorLimits,
}

impl House {
    pub(crate) async fn open(limits: Limits) -> Self {
        Self::behind(limits, DoorLimits::default()).await
    }

    /// A house with limits of its door.
    pub(crate) async fn behind(limits: Limits, door: DoorLimits) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let house = Self::open_in(dir, limits, door, true).await;
        house.furnish();
        house
    }

    async fn open_in(dir: TempDir, limits: Limits, door_limits: DoorLimits, new: bool) -> Self {
        let vault = open_vault(dir.path());
        if new {
            vault.put_accounts(accounts()).unwrap();
        }
        let options = Options { min_free_bytes: 1024 * 1024, ..Options::default() };
        let (journal, recovery) = Journal::create_or_open(&dir.path().join("log"), options).unwrap();
        let site = SiteId::fixed("north");
        let engine = Engine::open(Centre::new(site), journal, recovery, EngineOptions::default()).unwrap();
        let clock = Clock::real(engine.state().last_at_or_epoch());
        let keeping = Keeping { checkpoints: engine.checkpoints(), every_events: 500 };
        let beside = Beside { past: engine.past(Centre::new(site)), keeping, limits: door_limits };
        let running = run(engine, clock).unwrap();
        let epoch = running.handle.health().epoch;
        let start = Command::Start { epoch, version: Arc::from("test"), clock_scale: 1 };
        running.handle.ask(Submission::system("engine", start.into())).unwrap();
        let door = new_door(&running, vault, &beside);
        let links = Links::start(door.clone(), limits.clone()).await.unwrap();
        let (addr, server) = serve(&door, &links).await;
        Self { dir, running, door, links, addr, server, limits, beside }
    }

    /// What every test finds: a queue, six agents of two teams, two reasons.
    fn furnish(&self) {
        let mut commands = vec![
            Command::ApplySite(SiteConfig {
                title: "North".into(),
                sign_out_delay_ms: Millis::from_secs(600),
                ..SiteConfig::default()
            }),
            Command::ApplyQueue(sales()),
            reason(1000, "lunch", true),
            reason(1001, "training", false),
        ];
        for (at, agent) in AGENTS.iter().enumerate() {
            commands.push(Command::ApplyAgent(AgentConfig {
                agent: agent.parse().unwrap(),
                active: true,
                team: Some(TeamId::fixed(if at < 3 { "red" } else { "blue" })),
                queues: vec![SALES],
                skills: vec![(SkillId::fixed("english"), 80)],
                capacity: 1,
                ..AgentConfig::customary(agent.parse().unwrap())
            }));
        }
        for command in commands {
            self.does(command);
        }
    }

    /// Ends everything. Clients that read no more are not waited for.
    pub(crate) async fn close(self) {
        self.close_within(Duration::from_millis(50)).await;
    }

    /// Ends links, server, engine and vault, and keeps the directory.
    async fn close_within(self, at_most: Duration) -> TempDir {
        let Self { dir, running, door, links, server, beside, .. } = self;
        links.stop(at_most).await;
        server.abort();
        let _ = server.await;
        running.handle.stop();
        drop((links, door, beside));
        tokio::task::spawn_blocking(|| running.join()).await.unwrap();
        dir
    }

    /// Stops everything and starts it anew on the same directory.
    pub(crate) async fn restart(self) -> Self {
        self.restart_after(|_| {}).await
    }

    /// The same, with something done to the log in between.
    pub(crate) async fn restart_after(self, meanwhile: impl FnOnce(&Path)) -> Self {
        let (limits, door) = (self.limits.clone(), self.beside.limits.clone());
        let dir = self.close_within(WITHIN).await;
        meanwhile(&dir.path().join("log"));
        Self::open_in(dir, limits, door, false).await
    }

    /// Starts the links anew, while the engine runs on.
    pub(crate) async fn restart_links(mut self) -> Self {
        self.links.stop(WITHIN).await;
        self.server.abort();
        self.door = new_door(&self.running, self.door.vault.clone(), &self.beside);
        self.links = Links::start(self.door.clone(), self.limits.clone()).await.unwrap();
        (self.addr, self.server) = serve(&self.door, &self.links).await;
        self
    }

    /// Has the engine do something, for the system.
    pub(crate) fn does(&self, command: Command) -> u64 {
        match self.asks(command.clone()) {
            Answer::Done { seq, .. } => seq,
            other => panic!("{command:?}: {other:?}"),
        }
    }

    /// Has the quality desk do something.
    pub(crate) fn does_at_quality(&self, command: cordboard_centre::quality::Command) -> u64 {
        match self.running.handle.ask(Submission::system("test", command.into())).unwrap() {
            Answer::Done { seq, .. } => seq,
            other => panic!("{other:?}"),
        }
    }

    /// Holds the engine's thread until the answer is dropped.
    pub(crate) fn stall(&self) -> std::sync::mpsc::Sender<()> {
        let (release, held) = std::sync::mpsc::channel::<()>();
        let (stalled, is_stalled) = std::sync::mpsc::channel();
        let nothing = Command::LinkLost { agent: agent("1001"), session: "none".parse().unwrap() };
        let submission = Submission::system("test", nothing);
        let hold = Box::new(move |_| {
            stalled.send(()).unwrap();
            let _ = held.recv();
        });
        self.running.handle.submit(submission.map(Into::into), hold).unwrap();
        is_stalled.recv().unwrap();
        release
    }

    /// Hands commands in without waiting for each, and waits for the last.
    pub(crate) fn does_many(&self, commands: impl IntoIterator<Item = Command>) {
        let (send, receive) = std::sync::mpsc::channel();
        let mut count = 0;
        for command in commands {
            let send = send.clone();
            let answer = Box::new(move |_| send.send(()).unwrap());
            self.running.handle.submit(Submission::system("test", command.into()), answer).unwrap();
            count += 1;
        }
        for _ in 0..count {
            receive.recv().unwrap();
        }
    }

    pub(crate) fn engine_has_ended(&self) -> bool {
        self.running.is_finished()
    }

    /// How many links were cut for this.
    pub(crate) fn cut(&self, reason: &'static str) -> u64 {
        self.door.meters.links_cut.get_or_create(&cordboard_api::door::CutReason { reason }).get()
    }

    pub(crate) fn asks(&self, command: Command) -> Answer<Refusal> {
        self.running.handle.ask(Submission::system("test", command.into())).unwrap().map(of_floor)
    }

    /// A caller stands in the queue.
    pub(crate) fn caller(&self, number: &str) -> ContactId {
        let (person, from) = seal_number(&self.door.vault, number).unwrap();
        let attributes = seal(&person, field::ATTRIBUTES, br#"{"plan":"gold"}"#).unwrap();
        let seq = self.running.feed.last();
        let entry = Entry { priority: 40, ..Entry::plain(SALES) };
        self.does(Command::Arrive {
            channel: Channel::fixed("voice"),
            from: Some(from),
            attributes: Some(attributes),
            entry: Some(entry),
        });
        let arrived = self.since(seq).into_iter().find_map(|recorded| match recorded.event {
            Event::ContactArrived(arrived) => Some(arrived.contact),
            _ => None,
        });
        arrived.expect("a contact has arrived")
    }

    pub(crate) fn since(&self, seq: u64) -> Vec<Recorded<Event>> {
        let events = self.running.feed.read(seq + 1, u64::MAX, usize::MAX).unwrap();
        events.iter().filter_map(|event| event.floor()).collect()
    }

    pub(crate) fn last(&self) -> u64 {
        self.running.feed.last()
    }

    pub(crate) fn token(&self, account: &str) -> String {
        let token = self.door.vault.issue_token(account, self.door.wall_us(), 3_600_000, "test").unwrap();
        token.text().to_owned()
    }

    pub(crate) fn ticket(&self, account: &str) -> String {
        self.door.vault.issue_ticket(account, self.door.wall_us()).unwrap().text().to_owned()
    }

    /// Waits until the log holds an event that fits.
    pub(crate) async fn until_logged(
        &self,
        after: u64,
        what: &str,
        fits: impl Fn(&Recorded<Event>) -> bool,
    ) -> Recorded<Event> {
        let mut found = None;
        self.until(what, || {
            found = self.since(after).into_iter().find(&fits);
            found.is_some()
        })
        .await;
        found.unwrap()
    }

    /// Waits until something holds.
    pub(crate) async fn until(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let deadline = std::time::Instant::now() + WITHIN;
        while !holds() {
            assert!(std::time::Instant::now() < deadline, "not within {WITHIN:?}: {what}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

async fn serve(door: &Arc<Door>, links: &Links) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    door.beside.set(links.routes()).unwrap();
    let serving = cordboard_api::http::serve(door.clone(), listener, None, std::future::pending());
    (addr, tokio::spawn(async move { serving.await.unwrap() }))
}

fn new_door(running: &Running<Centre>, vault: Vault, beside: &Beside) -> Arc<Door> {
    let views = Arc::new(ReadSide::new(Default::default(), Default::default(), Default::default()));
    let (handle, feed) = (running.handle.clone(), running.feed.clone());
    let mut door = Door::new(handle, feed, vault, views, SiteId::fixed("north"), beside.limits.clone());
    door.past = Some(beside.past.clone());
    door.keeping = Some(beside.keeping.clone());
    Arc::new(door)
}

fn open_vault(dir: &Path) -> Vault {
    let options = cordboard_vault::Options {
        password_cost: PasswordCost::cheap_for_tests(),
        ..cordboard_vault::Options::default()
    };
    Vault::open_with(&dir.join("vault"), options).unwrap()
}

fn accounts() -> Vec<NewAccount> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let mut accounts: Vec<NewAccount> = AGENTS
        .iter()
        .map(|agent| NewAccount {
            name: (*agent).to_owned(),
            roles: words(&["agent"]),
            agent: Some((*agent).to_owned()),
            ..NewAccount::default()
        })
        .collect();
    let others: [(&str, &str, &[&str]); 6] = [
        ("lead", "shift_leader", &[]),
        ("red", "team_leader", &["red"]),
        ("wall", "inspector", &[]),
        ("crm", "integrator", &[]),
        ("root", "admin", &[]),
        ("nobody", "no_such_role", &[]),
    ];
    accounts.extend(others.map(|(name, role, teams)| NewAccount {
        name: name.to_owned(),
        roles: words(&[role]),
        teams: words(teams),
        ..NewAccount::default()
    }));
    accounts
}

fn reason(number: u16, slug: &'static str, is_break: bool) -> Command {
    Command::ApplyReason(NotReadyReason {
        reason: Reason { number, slug: ReasonId::fixed(slug) },
        active: true,
        is_break,
        allowance_ms: is_break.then_some(Millis::from_secs(600)),
        purpose: Default::default(),
    })
}

pub(crate) fn agent(id: &str) -> AgentId {
    id.parse().unwrap()
}

/// Where a floor's clock stands.
trait LastAt {
    fn last_at_or_epoch(&self) -> Instant;
}

impl LastAt for Centre {
    fn last_at_or_epoch(&self) -> Instant {
        cordboard_floor::Decider::last_at(self)
    }
}

/// What the floor says no to.
fn of_floor(refusal: cordboard_centre::Refusal) -> Refusal {
    match refusal {
        cordboard_centre::Refusal::Floor(refusal) => refusal,
        other => panic!("{other}"),
    }
}
