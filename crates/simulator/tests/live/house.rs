//! A whole server in a temporary directory, configured as `drive --prepare` would have it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use cordboard_api::door::{Follower, ReadSide, follow};
use cordboard_api::link::{Limits, Links};
use cordboard_api::{Door, http};
use cordboard_centre::Centre;
use cordboard_engine::{Answer, Clock, Engine, EngineOptions, Running, run};
use cordboard_floor::configuration::{AgentConfig, QueueConfig};
use cordboard_floor::{AgentId, Command, Instant, Millis, Submission};
use cordboard_journal::{Journal, Options};
use cordboard_simulator::drive::live::LiveOptions;
use cordboard_simulator::drive::{Plan, configuration_toml};
use cordboard_vault::{NewAccount, PasswordCost, Vault};
use serde::Deserialize;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// What `drive --prepare` writes, as much of it as the tests need.
#[derive(Deserialize)]
struct Configuration {
    queues: BTreeMap<String, QueueTable>,
    agents: BTreeMap<String, AgentTable>,
}

#[derive(Deserialize)]
struct QueueTable {
    credit_ms_per_point: u64,
    wrapup_ms: u64,
}

#[derive(Deserialize)]
struct AgentTable {
    queues: Vec<String>,
}

pub(crate) struct House {
    _dir: TempDir,
    running: Running<Centre>,
    door: Arc<Door>,
    links: Links,
    follower: Follower,
    addr: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<std::io::Result<()>>,
    agents: Vec<AgentId>,
    speed: u32,
}

impl House {
    pub(crate) async fn open(plan: &Plan, speed: u32) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = cordboard_vault::Options {
            password_cost: PasswordCost::cheap_for_tests(),
            ..cordboard_vault::Options::default()
        };
        let vault = Vault::open_with(&dir.path().join("vault"), options).unwrap();
        let options = Options { min_free_bytes: 1024 * 1024, ..Options::default() };
        let (journal, recovery) = Journal::create_or_open(&dir.path().join("log"), options).unwrap();
        let engine =
            Engine::open(Centre::new(plan.site), journal, recovery, EngineOptions::default()).unwrap();
        let running = run(engine, Clock::scaled(Instant::from_micros(plan.begins_us()), speed)).unwrap();
        let agents = configure(&running, plan);
        let epoch = running.handle.health().epoch;
        does(&running, Command::Start { epoch, version: "test".into(), clock_scale: speed });
        vault.put_accounts(accounts(&agents)).unwrap();

        let views = Arc::new(ReadSide::new(Default::default(), Default::default(), Default::default()));
        let follower = follow(&running.feed, &views).unwrap();
        let (handle, feed) = (running.handle.clone(), running.feed.clone());
        let door = Arc::new(Door::new(handle, feed, vault, views, plan.site, Default::default()));
        let links = Links::start(door.clone(), Limits::default()).await.unwrap();
        assert!(door.beside.set(links.routes()).is_ok());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(http::serve(door.clone(), listener, None, async { drop(stopped.await) }));
        Self { _dir: dir, running, door, links, follower, addr, stop, server, agents, speed }
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub(crate) fn options(&self) -> LiveOptions {
        LiveOptions {
            server: format!("http://{}", self.addr),
            token: self.token("crm"),
            agent_tokens: self.agents.iter().map(|agent| (*agent, self.token(agent.as_str()))).collect(),
            speed: self.speed,
            ca_file: None,
        }
    }

    fn token(&self, account: &str) -> String {
        let token = self.door.vault.issue_token(account, self.door.wall_us(), 3_600_000, "test").unwrap();
        token.text().to_owned()
    }

    pub(crate) async fn close(self) {
        self.links.stop(Duration::from_secs(5)).await;
        self.stop.send(()).expect("the server waits for this");
        self.server.await.unwrap().unwrap();
        self.running.handle.stop();
        drop((self.links, self.door, self.follower));
        let running = self.running;
        tokio::task::spawn_blocking(|| running.join()).await.unwrap();
    }
}

fn configure(running: &Running<Centre>, plan: &Plan) -> Vec<AgentId> {
    let Configuration { queues, agents } = toml::from_str(&configuration_toml(plan).unwrap()).unwrap();
    for (queue, table) in queues {
        does(
            running,
            Command::ApplyQueue(QueueConfig {
                credit_ms_per_point: Millis(table.credit_ms_per_point),
                wrapup_ms: Millis(table.wrapup_ms),
                ..QueueConfig::customary(queue.parse().unwrap())
            }),
        );
    }
    let apply = |(agent, table): (String, AgentTable)| {
        let agent: AgentId = agent.parse().unwrap();
        let queues = table.queues.iter().map(|queue| queue.parse().unwrap()).collect();
        let config = AgentConfig {
            agent,
            active: true,
            team: None,
            queues,
            skills: Vec::new(),
            capacity: 1,
            ..AgentConfig::customary(agent)
        };
        does(running, Command::ApplyAgent(config));
        agent
    };
    agents.into_iter().map(apply).collect()
}

fn does(running: &Running<Centre>, command: Command) {
    let answer = running.handle.ask(Submission::system("test", command.into())).unwrap();
    assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
}

fn accounts(agents: &[AgentId]) -> Vec<NewAccount> {
    let agents = agents.iter().map(|agent| NewAccount {
        name: agent.to_string(),
        roles: vec!["agent".to_owned()],
        agent: Some(agent.to_string()),
        ..NewAccount::default()
    });
    let crm =
        NewAccount { name: "crm".to_owned(), roles: vec!["integrator".to_owned()], ..NewAccount::default() };
    agents.chain([crm]).collect()
}
