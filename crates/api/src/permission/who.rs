//! Who stands at the door, read once from an account: its words turned into ids, or refused.

use super::Role;
use cordboard_floor::{AccountId, Actor, AgentId, QueueId, TeamId};
use cordboard_vault::Account;
use std::fmt;
use std::str::FromStr;

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// The account.
    pub account: AccountId,
    /// Its roles, unknown ones left out.
    pub roles: Vec<Role>,
    /// The agent that it works as.
    pub agent: Option<AgentId>,
    /// Its teams.
    pub teams: Vec<TeamId>,
    /// Its queues.
    pub queues: Vec<QueueId>,
}

/// Why an account cannot act: the log could not name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnActor {
    /// Which of its words.
    pub what: &'static str,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for NotAnActor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the account's {} {}; an administrator can mend it", self.what, self.why)
    }
}

impl std::error::Error for NotAnActor {}

impl Who {
    /// Reads an account. Roles that this version does not know give nothing.
    pub fn of(account: &Account) -> Result<Self, NotAnActor> {
        Ok(Self {
            account: read("name", &account.name)?,
            roles: account.roles.iter().filter_map(|role| Role::named(role)).collect(),
            agent: account.agent.as_deref().map(|agent| read("agent", agent)).transpose()?,
            teams: account.teams.iter().map(|team| read("teams", team)).collect::<Result<_, _>>()?,
            queues: account.queues.iter().map(|queue| read("queues", queue)).collect::<Result<_, _>>()?,
        })
    }

    /// Whether it is a screen and nobody.
    pub fn is_a_screen(&self) -> bool {
        self.roles.iter().any(|role| role.is_a_screen())
    }

    /// As whom she acts on `agent`: herself, a leader, or simply the account.
    pub fn acting_on(&self, agent: Option<AgentId>) -> Actor {
        match self.agent {
            Some(own) if agent == Some(own) => Actor::Agent(own),
            _ if self.roles.iter().any(|role| role.leads()) => Actor::Leader(self.account),
            _ => Actor::Account(self.account),
        }
    }
}

fn read<T: FromStr<Err: fmt::Display>>(what: &'static str, text: &str) -> Result<T, NotAnActor> {
    text.parse().map_err(|why: T::Err| NotAnActor { what, why: why.to_string() })
}
