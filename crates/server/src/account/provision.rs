//! Accounts and tokens for many agents at once: what a rehearsal with a whole floor needs.

use super::token::span_ms;
use super::{Ledger, Where, account_id, wall_us};
use crate::failure::{Failure, say};
use crate::out::{Format, Out};
use clap::Args;
use cordboard_floor::{AccountId, AgentId};
use cordboard_vault::NewAccount;
use serde::Serialize;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Whom to make accounts for.
#[derive(Debug, Args)]
#[group(id = "whom", required = true, multiple = false, args = ["agents", "from_config"])]
pub(crate) struct Provision {
    /// A file with an agent (工号) on each line, or in the first column of a CSV
    #[arg(long, value_name = "FILE")]
    agents: Option<PathBuf>,
    /// Every active agent of the configuration
    #[arg(long)]
    from_config: bool,
    /// Where to write `agent,token` lines; must not exist yet, and only its owner may read it
    #[arg(long, value_name = "FILE")]
    tokens_out: PathBuf,
    /// How long the tokens are good
    #[arg(long, value_name = "SPAN", default_value = "24h", value_parser = span_ms)]
    ttl: u64,
    #[command(flatten)]
    place: Where,
}

#[derive(Serialize)]
struct Made {
    agents: usize,
    accounts_made: usize,
    tokens_out: String,
}

pub(super) fn provision(asked: &Provision, format: Format) -> Result<(), Failure> {
    let mut ledger = Ledger::open(&asked.place)?;
    let agents = match &asked.agents {
        Some(file) => from_file(file)?,
        None => {
            let active = ledger.settings.agents.iter().filter(|agent| agent.is.active);
            active.map(|agent| agent.is.agent).collect()
        }
    };
    if agents.is_empty() {
        return Err(Failure::failed("there are no agents to make accounts for"));
    }
    let mut tokens_out = create_private(&asked.tokens_out)?;
    let made = provide(&mut ledger, &agents)?;
    let failed = |error| Failure::because(format!("writing {}", asked.tokens_out.display()), &error);
    writeln!(tokens_out, "agent,token").map_err(failed)?;
    let bar = crate::out::progress(agents.len() as u64, "tokens");
    for agent in &agents {
        let token = ledger.vault.issue_token(agent.as_str(), wall_us(), asked.ttl, "provision")?;
        writeln!(tokens_out, "{agent},{}", token.text()).map_err(failed)?;
        bar.inc(1);
    }
    tokens_out.sync_all().map_err(failed)?;
    bar.finish_and_clear();
    let accounts: Vec<AccountId> =
        agents.iter().map(|agent| account_id(agent.as_str())).collect::<Result<_, _>>()?;
    ledger.note_all(&accounts, "token_issued")?;
    let tokens_out = asked.tokens_out.display().to_string();
    Out::new(format).record(
        &["agents", "accounts_made", "tokens_out"],
        &Made { agents: agents.len(), accounts_made: made, tokens_out },
    )
}

/// An account named for each agent; one that is there for her is left as it is.
fn provide(ledger: &mut Ledger, agents: &[AgentId]) -> Result<usize, Failure> {
    let mut fresh = Vec::new();
    for agent in agents {
        match ledger.vault.account(agent.as_str()) {
            None => fresh.push(*agent),
            Some(known) if known.agent.as_deref() == Some(agent.as_str()) => {}
            Some(_) => {
                return Err(Failure::failed(format!(
                    "there is an account {agent} that does not work as agent {agent}; \
                     nothing was made: remove it or leave that agent out"
                )));
            }
        }
    }
    let accounts = fresh.iter().map(|agent| NewAccount {
        name: agent.to_string(),
        roles: vec!["agent".to_owned()],
        agent: Some(agent.to_string()),
        ..NewAccount::default()
    });
    ledger.vault.put_accounts(accounts.collect())?;
    let ids: Vec<AccountId> =
        fresh.iter().map(|agent| account_id(agent.as_str())).collect::<Result<_, _>>()?;
    ledger.note_all(&ids, "created")?;
    say(&format!("{} accounts made, {} were there", fresh.len(), agents.len() - fresh.len()));
    Ok(fresh.len())
}

fn from_file(file: &Path) -> Result<Vec<AgentId>, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::because(format!("reading {}", file.display()), &error))?;
    let mut agents: Vec<AgentId> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let word = line.split(',').next().unwrap_or("").trim().trim_matches('"');
        if word.is_empty() || word.starts_with('#') || (at == 0 && word == "agent") {
            continue;
        }
        let agent = word.parse().map_err(|why| {
            Failure::failed(format!("{}:{}: {word:?} is no 工号: it {why}", file.display(), at + 1))
        })?;
        if !agents.contains(&agent) {
            agents.push(agent);
        }
    }
    Ok(agents)
}

fn create_private(path: &Path) -> Result<std::fs::File, Failure> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| Failure::because(format!("making {}", path.display()), &error))
}
