//! `cordboard demo`: a whole centre in one process, with agents and callers who use its doors as any others
//! would. Nothing in it is staged but the people.

mod planning;
mod screen;

use crate::account::wall_us;
use crate::config::{self, Settings};
use crate::failure::{Failure, say};
use crate::home::{Home, passing};
use crate::house::House;
use crate::out::{Format, Out};
use crate::serve::watch::Watch;
use crate::serve::{Signals, poisoned, runtime};
use crate::titles;
use clap::Args;
use cordboard_engine::Answer;
use cordboard_floor::{AccountId, AgentId, Command, QueueId, ReasonId, SeatId, Submission};
use cordboard_simulator::people::{Crowd, Person, Troubles, live};
use cordboard_vault::{NewAccount, Password};
use screen::Screen;
use serde::Serialize;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What is demonstrated.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Where to keep its data [default: a directory that is removed at the end]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where to listen
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8480")]
    listen: SocketAddr,
    /// End after so many minutes [default: when interrupted]
    #[arg(long, value_name = "N", value_parser = minutes)]
    minutes: Option<Duration>,
    /// How many agents come to work
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=500))]
    agents: u32,
    /// Of all chance in what people do
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
}

/// Calls in a minute for each agent: most of them are busy, and now and then somebody waits.
const CALLS_PER_AGENT_MINUTE: f64 = 1.6;
/// Which queues are called, and how much of all each gets.
const QUEUES: [(QueueId, u64); 3] =
    [(QueueId::fixed("loans"), 5), (QueueId::fixed("cards"), 4), (QueueId::fixed("service"), 3)];
/// How long who talks may go on at the end.
const DRAIN_MS: u64 = 3_000;
/// How long people have to go home.
const HOME_WITHIN: Duration = Duration::from_secs(8);
/// How long the tokens of a demonstration are good.
const TOKEN_MS: u64 = 12 * 3_600_000;
/// How many letters the password of a demonstration has, of 5 bits each.
const PASSWORD_LETTERS: usize = 12;
const FLOOR: &str = include_str!("demo/demo.toml");

pub(crate) fn demo(asked: &Demo, format: Format) -> Result<(), Failure> {
    let settings = settings(asked)?;
    let passing = match asked.data {
        Some(_) => None,
        None => Some(passing("demo")?),
    };
    let home = match (&asked.data, &passing) {
        (Some(dir), _) => Home::at(dir),
        (None, Some(passing)) => Home::at(passing.dir()),
        (None, None) => Home::at(&settings.server.data),
    };
    titles::set(&settings);
    let house = House::open(&home, &settings, 1, titles::page)?;
    let summary = runtime()?.block_on(play(house, &settings, asked, format))?;
    let columns =
        ["arrived", "answered", "abandoned", "offers", "refusals", "losses", "last_seq", "state_hash"];
    Out::new(format).record(&columns, &summary)
}

/// What it was, in the end.
#[derive(Serialize)]
struct Summary {
    arrived: u64,
    answered: u64,
    abandoned: u64,
    offers: u64,
    refusals: u64,
    losses: u64,
    last_seq: u64,
    state_hash: String,
}

async fn play(house: House, settings: &Settings, asked: &Demo, format: Format) -> Result<Summary, Failure> {
    let mut signals = Signals::listen()?;
    let listener = TcpListener::bind(asked.listen)
        .await
        .map_err(|error| Failure::because(format!("listening on {}", asked.listen), &error))?;
    let address = listener.local_addr().map_err(|error| Failure::because("the address", &error))?;
    let crowd = crowd(&house, settings, asked, address).await?;
    let wall = token(&house, "wallboard")?;
    let desks = invite(&house, asked, address).await?;
    let agents: Vec<AgentId> = settings.agents.iter().map(|agent| agent.is.agent).collect();
    planning::plan(&house, &agents, &QUEUES).await?;
    let doors = house.open_doors(listener, None).await?;
    let url = format!("http://{address}/board#token={wall}");
    say(&format!("board: {url}"));
    say(&desks);

    let (leave, told) = watch::channel(false);
    let troubles = Arc::new(Troubles::default());
    let people = tokio::spawn(live(crowd, told, troubles.clone()));
    let _watch = Watch::start(house.door.clone());
    let mut screen = Screen::new([url, desks], format);
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    let mut signalled = std::pin::pin!(async {
        match asked.minutes {
            None => signals.stop().await,
            Some(span) => tokio::select! {
                () = signals.stop() => {}
                () = tokio::time::sleep(span) => {}
            },
        }
    });
    loop {
        tokio::select! {
            why = house.poisoned() => poisoned(&why),
            () = &mut signalled => break,
            _ = ticks.tick() => screen.draw(&house.door)?,
        }
    }
    say("ending: everyone goes home");
    leave.send_replace(true);
    if tokio::time::timeout(HOME_WITHIN, people).await.is_err() {
        say("note: not everyone went home in time");
    }
    let figures = figures(&house).await;
    house.drain(DRAIN_MS, std::future::pending()).await?;
    let (last_seq, state_hash) = house.close(doors).await?;
    let (arrived, answered, abandoned, offers) = figures;
    let count = |of: &std::sync::atomic::AtomicU64| of.load(Ordering::Relaxed);
    let (refusals, losses) = (count(&troubles.refusals), count(&troubles.losses));
    Ok(Summary { arrived, answered, abandoned, offers, refusals, losses, last_seq, state_hash })
}

async fn figures(house: &House) -> (u64, u64, u64, u64) {
    let views = &house.door.views;
    views.figures.reach(house.door.durable_seq(), Duration::from_secs(2)).await;
    // A view that has stopped has said so itself.
    views.figures.read().map_or((0, 0, 0, 0), |figures| {
        let all = figures.all();
        (all.contacts.arrived, all.visits.answered, all.contacts.abandoned.total(), all.offers.made)
    })
}

/// The demonstration's own configuration, through the same checks as any other.
fn settings(asked: &Demo) -> Result<Settings, Failure> {
    let mut text = FLOOR.to_owned();
    // One more than come to work: whoever tries the agent desk.
    for nth in 0..=asked.agents {
        // Most serve two queues, every fourth all three, so that queues share people.
        let queues = match nth % 4 {
            0 => r#"["loans", "cards"]"#,
            1 => r#"["cards", "service"]"#,
            2 => r#"["loans", "service"]"#,
            _ => r#"["loans", "cards", "service"]"#,
        };
        let team = if nth % 2 == 0 { "red" } else { "blue" };
        let level = 50 + (nth * 7) % 50;
        let _ = write!(
            text,
            "\n[agents.{}]\nteam = \"{team}\"\nqueues = {queues}\nskills = {{ english = {level} }}\n",
            1001 + nth
        );
    }
    let mut settings = config::from_text("demo.toml", text)?;
    if let Some(terms) = &mut settings.workforce.terms {
        // Nobody can come before it has begun.
        (terms.attendance.post_before_ms, terms.attendance.muster_before_ms) = (0, 0);
    }
    Ok(settings)
}

/// Accounts and tokens for everyone who comes.
async fn crowd(
    house: &House,
    settings: &Settings,
    asked: &Demo,
    address: SocketAddr,
) -> Result<Crowd, Failure> {
    let guest = guest(asked);
    let agents = settings.agents.iter().map(|agent| agent.is.agent);
    let agents: Vec<_> = agents.filter(|agent| agent.as_str() != guest).collect();
    let mut accounts = vec![account("wallboard", "planner", None), account("callers", "integrator", None)];
    accounts.extend(agents.iter().map(|agent| account(agent.as_str(), "agent", Some(agent.to_string()))));
    for new in &accounts {
        note(house, &new.name).await?;
    }
    house.vault().put_accounts(accounts)?;
    let people = agents.iter().zip(1..).map(|(agent, nth)| {
        let seat: SeatId = format!("A{nth:03}")
            .parse()
            .map_err(|why| Failure::failed(format!("the seat of {agent} {why}")))?;
        Ok(Person { agent: *agent, seat, token: token(house, agent.as_str())? })
    });
    Ok(Crowd {
        authority: address.to_string(),
        agents: people.collect::<Result<_, Failure>>()?,
        callers_token: token(house, "callers")?,
        queues: QUEUES.to_vec(),
        calls_per_minute: CALLS_PER_AGENT_MINUTE * f64::from(asked.agents),
        calls_at_once: asked.agents / 2,
        seed: asked.seed,
    })
}

/// 工号 of whoever tries the agent desk.
fn guest(asked: &Demo) -> String {
    (1001 + asked.agents).to_string()
}

/// Accounts for whoever watches: a leader, a planner, a director and an agent, with a password that is made up for this demonstration. Returns how to use them.
async fn invite(house: &House, asked: &Demo, address: SocketAddr) -> Result<String, Failure> {
    let guest = guest(asked);
    let accounts = vec![
        account("lead", "shift_leader", None),
        account("planner", "planner", None),
        account("director", "director", None),
        account(&guest, "agent", Some(guest.clone())),
    ];
    for new in &accounts {
        note(house, &new.name).await?;
    }
    house.vault().put_accounts(accounts)?;
    // As good as any other chance: the end of a token that is revoked at once.
    let chance = token(house, "lead")?;
    house.vault().revoke_all("lead")?;
    let password = chance.get(chance.len().saturating_sub(PASSWORD_LETTERS)..).unwrap_or(&chance).to_owned();
    for name in ["lead", "planner", "director", &guest] {
        house.vault().set_password(name, &Password::new(password.clone()))?;
    }
    Ok(format!(
        "desks: http://{address}/ as lead (leader), planner, director or {guest} (agent), password {password}"
    ))
}

fn account(name: &str, role: &str, agent: Option<String>) -> NewAccount {
    NewAccount { name: name.to_owned(), roles: vec![role.to_owned()], agent, ..NewAccount::default() }
}

fn token(house: &House, account: &str) -> Result<String, Failure> {
    // An earlier demonstration on the same data left its own behind.
    house.vault().revoke_all(account)?;
    Ok(house.vault().issue_token(account, wall_us(), TOKEN_MS, "demo")?.text().to_owned())
}

async fn note(house: &House, name: &str) -> Result<(), Failure> {
    let account: AccountId =
        name.parse().map_err(|why| Failure::failed(format!("the account {name:?} {why}")))?;
    let command = Command::NoteAccount { account, what: ReasonId::fixed("created") };
    match house.door.ask(Submission::system("demo", command)).await {
        Ok(Answer::Done { .. }) => Ok(()),
        other => Err(Failure::failed(format!("the engine did not take an account's event: {other:?}"))),
    }
}

fn minutes(text: &str) -> Result<Duration, String> {
    let minutes: f64 = text.parse().map_err(|_| format!("{text:?} is no number of minutes"))?;
    if !(0.01..=10_000.0).contains(&minutes) {
        return Err("choose 0.01 to 10000 minutes".to_owned());
    }
    Ok(Duration::from_secs_f64(minutes * 60.0))
}
