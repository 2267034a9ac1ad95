//! A server in a temporary directory: engine, log, vault, views, door, and a socket.

use crate::client::Client;
use cordboard_api::door::{Follower, Keeping, Limits, Page, ReadSide, follow_keeping};
use cordboard_api::{Door, http::serve};
use cordboard_centre::{Centre, Record};
use cordboard_engine::{Answer, Clock, Engine, EngineOptions, Exit, Running, run};
use cordboard_floor::actor::Reason;
use cordboard_floor::command::AskedState;
use cordboard_floor::configuration::{AgentConfig, NotReadyReason, QueueConfig};
use cordboard_floor::{
    AgentId, Command, Decider, Event, Millis, OfferId, QueueId, ReasonId, Recorded, Refusal, SeatId,
    SessionId, SiteId, SkillId, Submission, TeamId,
};
use cordboard_journal::Journal;
use cordboard_vault::{NewAccount, PasswordCost, Vault};
use cordboard_views::story::Stories;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Longer than anything here takes, however busy the machine is.
pub(crate) const WITHIN: Duration = Duration::from_secs(30);
pub(crate) const SALES: QueueId = QueueId::fixed("sales");
pub(crate) const PASSWORD: &str = "correct horse";
const HOUR_MS: u64 = 3_600_000;
/// Events between two checkpoints of a view.
const KEPT_EVERY: u64 = 100;

/// Name, role, agent.
const ACCOUNTS: [(&str, &str, Option<&str>); 13] = [
    ("1001", "agent", Some("1001")),
    ("1002", "agent", Some("1002")),
    ("chen", "team_leader", None),
    ("wang", "shift_leader", None),
    ("liu", "manager", None),
    ("zhao", "qa", None),
    ("sun", "planner", None),
    ("zhou", "inspector", None),
    ("wu", "admin", None),
    ("crm", "integrator", None),
    ("crm2", "integrator", None),
    ("he", "director", None),
    ("qian", "qa", None),
];

pub(crate) struct House {
    dir: TempDir,
    running: Running<Centre>,
    follower: Follower,
    pub(crate) door: Arc<Door>,
    pub(crate) addr: SocketAddr,
    shutdown: oneshot::Sender<()>,
    server: JoinHandle<std::io::Result<()>>,
    limits: Limits,
    stories_max: usize,
}

impl House {
    pub(crate) async fn open() -> Self {
        Self::with(Limits::default()).await
    }

    pub(crate) async fn with(limits: Limits) -> Self {
        Self::remembering(limits, 1_000).await
    }

    /// A house whose story view knows only the last few contacts.
    pub(crate) async fn remembering(limits: Limits, stories_max: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let house = Self::open_in(dir, limits, stories_max, true).await;
        house.furnish();
        house
    }

    async fn open_in(dir: TempDir, limits: Limits, stories_max: usize, is_new: bool) -> Self {
        let vault = open_vault(dir.path());
        if is_new {
            vault.put_accounts(ACCOUNTS.iter().map(account).collect()).unwrap();
        }
        let options = cordboard_journal::Options { min_free_bytes: 1024 * 1024, ..Default::default() };
        let (journal, recovery) = Journal::create_or_open(&dir.path().join("log"), options).unwrap();
        let site = SiteId::fixed("north");
        let engine = Engine::open(Centre::new(site), journal, recovery, EngineOptions::default()).unwrap();
        let clock = Clock::real(engine.state().last_at());
        let past = engine.past(Centre::new(site));
        let keeping = Keeping { checkpoints: engine.checkpoints(), every_events: KEPT_EVERY };
        let running = run(engine, clock).unwrap();
        let epoch = running.handle.health().epoch;
        let start = Command::Start { epoch, version: Arc::from("test"), clock_scale: 1 };
        running.handle.ask(Submission::system("engine", start.into())).unwrap();
        let views =
            Arc::new(ReadSide::new(Default::default(), Stories::with_limit(stories_max), Default::default()));
        let follower = follow_keeping(&running.feed, &views, Some(keeping.clone())).unwrap();
        let mut door =
            Door::new(running.handle.clone(), running.feed.clone(), vault, views, site, limits.clone());
        door.past = Some(past);
        door.keeping = Some(keeping);
        door.pages = Some(|path| {
            let kind = "text/html; charset=utf-8";
            let page = Page { kind, plain: b"<!doctype html>".into(), br: b"br", gz: b"gz", lasting: false };
            let asset = Page { kind: "text/javascript", lasting: true, ..page.clone() };
            match path {
                "/" => Some(page),
                "/assets/a-1.js" => Some(asset),
                _ => None,
            }
        });
        let door = Arc::new(door);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (shutdown, stopped) = oneshot::channel();
        let server = tokio::spawn(serve(door.clone(), listener, None, async {
            let _ = stopped.await;
        }));
        Self { dir, running, follower, door, addr, shutdown, server, limits, stories_max }
    }

    /// What every test finds: a queue, two agents of two teams, a reason.
    fn furnish(&self) {
        let sales = QueueConfig {
            offer_timeout_ms: Millis(HOUR_MS),
            wrapup_ms: Millis(HOUR_MS),
            ..QueueConfig::customary(SALES)
        };
        let lunch = Reason { number: 1000, slug: ReasonId::fixed("lunch") };
        self.does(Command::ApplyQueue(sales));
        self.does(Command::ApplyReason(NotReadyReason {
            reason: lunch,
            active: true,
            is_break: true,
            allowance_ms: Some(Millis(HOUR_MS)),
            purpose: Default::default(),
        }));
        for (agent, team) in [("1001", "red"), ("1002", "blue")] {
            self.does(Command::ApplyAgent(AgentConfig {
                agent: agent.parse().unwrap(),
                active: true,
                team: Some(team.parse::<TeamId>().unwrap()),
                queues: vec![SALES],
                skills: vec![(SkillId::fixed("english"), 80)],
                capacity: 1,
                ..AgentConfig::customary(agent.parse().unwrap())
            }));
        }
    }

    /// A command of the system itself, carried out.
    pub(crate) fn does(&self, command: Command) -> u64 {
        match self.asks(command) {
            Answer::Done { seq, .. } => seq,
            other => panic!("{other:?}"),
        }
    }

    /// A command of the quality desk, carried out.
    pub(crate) fn does_at_quality(&self, command: cordboard_centre::quality::Command) -> u64 {
        match self.running.handle.ask(Submission::system("test", command.into())).unwrap() {
            Answer::Done { seq, .. } => seq,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn asks(&self, command: Command) -> Answer<Refusal> {
        self.running.handle.ask(Submission::system("test", command.into())).unwrap().map(of_floor)
    }

    /// An agent at her seat, with a link, ready.
    pub(crate) fn is_ready(&self, agent: &'static str) {
        let agent_id = AgentId::fixed(agent);
        self.does(Command::SignIn { agent: agent_id, seat: SeatId::fixed(agent) });
        self.does(Command::LinkOpened { agent: agent_id, session: SessionId::fixed(agent) });
        self.does(Command::SetState { agent: agent_id, state: AskedState::Ready });
    }

    /// The offer that rings last.
    pub(crate) fn last_offer(&self) -> OfferId {
        let created = self.events().into_iter().rev().find_map(|event| match &event.event {
            Event::OfferCreated(event) => Some(event.offer),
            _ => None,
        });
        created.expect("an offer was made")
    }

    /// Every event of the log.
    pub(crate) fn events(&self) -> Vec<Arc<Recorded<Event>>> {
        let events = self.running.feed.read(1, u64::MAX, usize::MAX).unwrap();
        events.iter().filter_map(|event| event.floor()).map(Arc::new).collect()
    }

    /// Somebody without a token.
    pub(crate) fn stranger(&self) -> Client {
        Client::new(self.addr, None)
    }

    /// Somebody signed in by a token, as an administrator would make it.
    pub(crate) fn as_account(&self, account: &str) -> Client {
        let token = self.door.vault.issue_token(account, self.door.wall_us(), HOUR_MS, "test").unwrap();
        Client::new(self.addr, Some(token.text().to_owned()))
    }

    /// Ends the server alone.
    pub(crate) async fn stop_serving(self) {
        let _ = self.shutdown.send(());
        self.server.await.unwrap().unwrap();
        self.running.handle.stop();
    }

    /// Ends everything in order and keeps the directory.
    pub(crate) async fn close(self) -> TempDir {
        let Self { dir, running, follower, door, shutdown, server, .. } = self;
        let _ = shutdown.send(());
        server.await.unwrap().unwrap();
        running.handle.stop();
        tokio::task::spawn_blocking(move || {
            drop((follower, door));
            assert!(matches!(running.join(), Exit::Stopped { .. }));
        })
        .await
        .unwrap();
        dir
    }

    /// Opens what another one left.
    pub(crate) async fn again(dir: TempDir) -> Self {
        Self::open_in(dir, Limits::default(), 1_000, false).await
    }

    /// Waits until something holds.
    pub(crate) async fn until(&self, what: &str, mut holds: impl AsyncFnMut() -> bool) {
        let deadline = std::time::Instant::now() + WITHIN;
        while !holds().await {
            assert!(std::time::Instant::now() < deadline, "not within {WITHIN:?}: {what}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Stops everything and starts it anew on the same directory.
    pub(crate) async fn restart(self) -> Self {
        let (limits, stories_max) = (self.limits.clone(), self.stories_max);
        let dir = self.close().await;
        Self::open_in(dir, limits, stories_max, false).await
    }
}

fn open_vault(dir: &Path) -> Vault {
    let options = cordboard_vault::Options {
        password_cost: PasswordCost::cheap_for_tests(),
        ..cordboard_vault::Options::default()
    };
    Vault::open_with(&dir.join("vault"), options).unwrap()
}

fn account((name, role, agent): &(&str, &str, Option<&str>)) -> NewAccount {
    NewAccount {
        name: (*name).to_owned(),
        password: Some(PASSWORD.into()),
        roles: vec![(*role).to_owned()],
        agent: agent.map(str::to_owned),
        teams: vec!["red".to_owned()],
        queues: vec!["sales".to_owned()],
        ..NewAccount::default()
    }
}

/// What the floor says no to.
fn of_floor(refusal: cordboard_centre::Refusal) -> Refusal {
    match refusal {
        cordboard_centre::Refusal::Floor(refusal) => refusal,
        other => panic!("{other}"),
    }
}
