//! Why it was her and not another, why this contact and not that one: any moment of the log, rebuilt by replay and
//! told by the plain loops of `cordboard_floor::audit`. What the log recorded then and what this program makes of
//! it now stand side by side. It decides nothing, knows no permission and no HTTP, and shows no personal value: the
//! floor has none, and pseudonyms are left out.

mod agent;
mod contact;
mod line;
mod offer;
mod rows;

pub use agent::{AgentExplained, ChannelExplained, HandExplained};
pub use contact::ContactExplained;
pub use line::{InLine, Line};
pub use offer::{Disagreement, OfferExplained, Said};
pub use rows::{Asks, AtMoment, Candidate, Obstacle, OfferEnded, OfferMade, Skill};

use cordboard_centre::Centre;
use cordboard_engine::{FeedFault, Past};
use cordboard_floor::{AgentId, ContactId, Instant, OfferId};
use serde::Serialize;
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

/// Contacts in line before the one that is explained that are told one by one, the nearest; the others are counted.
pub const BEFORE_SHOWN_MAX: usize = 50;
/// And behind it.
pub const BEHIND_SHOWN_MAX: usize = 10;
/// Contacts told one by one of those that fit an agent.
pub const FITTING_SHOWN_MAX: usize = 50;
/// An agent's last offers.
pub const OFFERS_SHOWN_MAX: usize = 10;

/// What is to be explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Why an offer was made as it was.
    Offer(OfferId),
    /// Where a contact stood, and why nobody had it yet.
    Contact(ContactId),
    /// What an agent was free for.
    Agent(AgentId),
}

impl FromStr for Subject {
    type Err = NotExplained;

    fn from_str(text: &str) -> Result<Self, NotExplained> {
        let offer = text.parse().map(Self::Offer).ok();
        let contact = || text.parse().map(Self::Contact).ok();
        let agent = || text.parse().map(Self::Agent).ok();
        offer.or_else(contact).or_else(agent).ok_or_else(|| NotExplained::BadName(text.to_owned()))
    }
}

/// A moment of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The present, or the end of a log that nobody writes.
    Now,
    /// After this event.
    Seq(u64),
    /// At this time.
    At(Instant),
}

impl FromStr for Moment {
    type Err = NotExplained;

    fn from_str(text: &str) -> Result<Self, NotExplained> {
        let seq = text.parse().map(Self::Seq).ok();
        let at = || Instant::parse(text).map(Self::At);
        seq.or_else(at).ok_or_else(|| NotExplained::BadMoment(text.to_owned()))
    }
}

/// An explanation of one of the three.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Explanation {
    /// Of an offer.
    Offer(Box<OfferExplained>),
    /// Of a contact.
    Contact(Box<ContactExplained>),
    /// Of an agent.
    Agent(Box<AgentExplained>),
}

/// Why there is no explanation.
#[derive(Debug)]
pub enum NotExplained {
    /// No name of anything.
    BadName(String),
    /// Neither a number nor a time.
    BadMoment(String),
    /// The log knows no such thing.
    Unknown {
        /// Its name.
        what: String,
        /// What the log has instead.
        why: String,
    },
    /// The log does not hold that moment.
    Outside(String),
    /// It was not there yet.
    NotYet {
        /// Its name.
        what: String,
        /// Since when it is.
        since: Instant,
        /// And since which event.
        seq: u64,
    },
    /// An offer has a moment of its own.
    MomentOfOffer,
    /// The log could not be read.
    Log(FeedFault),
}

impl fmt::Display for NotExplained {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadName(text) => write!(
                out,
                "{text:?} names nothing: write an offer as o-1042, a contact as c-1040, an agent by her number"
            ),
            Self::BadMoment(text) => {
                write!(out, "{text:?} is neither a sequence number nor a time like 2026-11-22T09:00:00Z")
            }
            Self::Unknown { what, why } => write!(out, "there is no {what}: {why}"),
            Self::Outside(why) => out.write_str(why),
            Self::NotYet { what, since, seq } => {
                write!(out, "{what} was not there yet: it begins at {since}, with event {seq}")
            }
            Self::MomentOfOffer => {
                out.write_str("an offer is explained at the moment it was made; leave the moment out")
            }
            Self::Log(fault) => fault.fmt(out),
        }
    }
}

impl std::error::Error for NotExplained {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Log(fault) => Some(fault),
            _ => None,
        }
    }
}

impl From<FeedFault> for NotExplained {
    fn from(fault: FeedFault) -> Self {
        Self::Log(fault)
    }
}

/// Explains something at a moment. `now` is the present as the writer has it; where nobody writes, the log's own end
/// counts. Reads and replays: call it where waiting is allowed.
///
/// # Errors
/// If the log holds no such thing or no such moment, or cannot be read.
pub fn explain(
    past: &Past<Centre>,
    subject: Subject,
    moment: Moment,
    now: Option<Instant>,
) -> Result<Explanation, NotExplained> {
    Ok(match subject {
        Subject::Offer(_) if moment != Moment::Now => return Err(NotExplained::MomentOfOffer),
        Subject::Offer(offer) => Explanation::Offer(Box::new(offer::explain(past, offer)?)),
        Subject::Contact(contact) => {
            let moment = resolve(past, moment, now)?;
            Explanation::Contact(Box::new(contact::explain(past, contact, moment)?))
        }
        Subject::Agent(agent) => {
            let moment = resolve(past, moment, now)?;
            Explanation::Agent(Box::new(agent::explain(past, agent, moment)?))
        }
    })
}

/// The moment as a place in the log and a time.
pub(crate) fn resolve(
    past: &Past<Centre>,
    moment: Moment,
    now: Option<Instant>,
) -> Result<AtMoment, NotExplained> {
    let last = past.last();
    let (Some(first), Some(end)) = (past.event(1)?, past.event(last)?) else {
        return Err(NotExplained::Outside("the log is empty".to_owned()));
    };
    let now = now.map_or(end.at, |now| now.max(end.at));
    let (seq, at) = match moment {
        Moment::Now => (last, now),
        Moment::Seq(0) => {
            return Err(NotExplained::Outside("event 0 lies before the log, which begins with 1".to_owned()));
        }
        Moment::Seq(seq) => match past.event(seq)? {
            Some(event) => (seq, event.at),
            None => {
                let why = format!("the log ends at {last}, there is no event {seq}");
                return Err(NotExplained::Outside(why));
            }
        },
        Moment::At(at) if at < first.at => {
            let why = format!("{at} lies before the log, which begins at {}", first.at);
            return Err(NotExplained::Outside(why));
        }
        Moment::At(at) if at > now => {
            let why = format!("{at} lies in the future: nothing is known after {now}, event {last}");
            return Err(NotExplained::Outside(why));
        }
        Moment::At(at) => (past.seq_at(at)?, at),
    };
    Ok(AtMoment { seq, at })
}
