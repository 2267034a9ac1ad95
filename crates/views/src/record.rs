//! Contact records: one flat line for each contact, made when it is over and nobody works after it any more. A record is a summary of
//! a [`Story`], which has every leg of it; numbers are pseudonyms, never clear.

use crate::story::{Leg, LegKind, Story};
use cordboard_floor::contact::{ContactEnd, EndedBy, Role, Stage};
use cordboard_floor::event::Event;
use cordboard_floor::{AgentId, Channel, CodeId, ContactId, Instant, OfferId, QueueId, Recorded};
use serde::Serialize;
use std::collections::BTreeMap;

/// One contact, over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContactRecord {
    /// Which.
    pub contact: ContactId,
    /// How it came.
    pub channel: Channel,
    /// Keyed pseudonym of its number, 32 hexadecimal digits: the same for the same caller.
    pub caller: Option<String>,
    /// When it came.
    pub arrived_at: Instant,
    /// When it ended; none if the log ends first.
    pub ended_at: Option<Instant>,
    /// `handled`, `abandoned`, `refused`, `expired`, `lost`; none if the log ends first.
    pub end: Option<&'static str>,
    /// Where the caller was when she gave up: `menu`, `queue`, `ringing`, `transfer`.
    pub stage: Option<&'static str>,
    /// `caller`, `system`, or the agent who ended it.
    pub ended_by: Option<String>,
    /// From its arrival to its first queue, or to its end, in ms.
    pub menu_ms: u64,
    /// Its stays in queues, in order.
    pub visits: Vec<VisitRecord>,
    /// In queues, in all, in ms.
    pub wait_ms: u64,
    /// Offers made for it.
    pub offers: u32,
    /// Those that were not accepted.
    pub offers_not_accepted: u32,
    /// The first agent who was its owner.
    pub agent: Option<AgentId>,
    /// When she was connected.
    pub answered_at: Option<Instant>,
    /// Agents' times on it, in order.
    pub agents: Vec<PartRecord>,
    /// As its owners, holds apart, in ms.
    pub talk_ms: u64,
    /// On hold, in ms.
    pub hold_ms: u64,
    /// In work after it, of whomever, in ms.
    pub wrap_up_ms: u64,
    /// The wrap-up code of its last owner.
    pub code: Option<CodeId>,
    /// How often an owner gave it on.
    pub transfers: u32,
    /// The number of its first event, which is its own, and of its last.
    pub last_seq: u64,
}

/// One stay in a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VisitRecord {
    /// Which queue.
    pub queue: QueueId,
    /// Since when.
    pub from: Instant,
    /// Until when.
    pub to: Option<Instant>,
    /// For how long, in ms.
    pub wait_ms: u64,
    /// `answered`, `abandoned`, `overflowed`, `timed_out`, `transferred`, `withdrawn`.
    pub end: Option<&'static str>,
}

/// One agent's time on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartRecord {
    /// Who.
    pub agent: AgentId,
    /// As what, at the end of it.
    pub role: Option<Role>,
    /// Through which offer.
    pub offer: Option<OfferId>,
    /// Since when.
    pub from: Instant,
    /// Until when.
    pub to: Option<Instant>,
}

impl ContactRecord {
    /// The record of a story so far.
    pub fn of(story: &Story, pseudonym: Option<[u8; 16]>) -> Self {
        let legs = |kind: LegKind| story.legs.iter().filter(move |leg| leg.kind == kind);
        let sum = |kind: LegKind| legs(kind).map(span_ms).sum::<u64>();
        let parts: Vec<PartRecord> = legs(LegKind::Talk)
            .filter_map(|leg| {
                let agent = leg.agent?;
                Some(PartRecord { agent, role: leg.role, offer: leg.offer, from: leg.from, to: leg.to })
            })
            .collect();
        let owned: u64 = legs(LegKind::Talk).filter(|leg| leg.role == Some(Role::Owner)).map(span_ms).sum();
        let owner = parts.iter().find(|part| part.role == Some(Role::Owner));
        let (hold_ms, ended) = (sum(LegKind::Hold), story.ended);
        Self {
            contact: story.contact,
            channel: story.channel,
            caller: pseudonym.map(|pseudonym| format!("{:032x}", u128::from_be_bytes(pseudonym))),
            arrived_at: story.arrived_at,
            ended_at: ended.map(|ended| ended.at),
            end: ended.map(|ended| end(ended.end)),
            stage: ended.and_then(|ended| stage(ended.end)),
            ended_by: ended.map(|ended| match ended.by {
                EndedBy::Caller => "caller".to_owned(),
                EndedBy::System => "system".to_owned(),
                EndedBy::Agent(agent) => agent.to_string(),
            }),
            menu_ms: sum(LegKind::Menu),
            visits: legs(LegKind::Queue).filter_map(visit).collect(),
            wait_ms: sum(LegKind::Queue),
            offers: legs(LegKind::Offer).count() as u32,
            offers_not_accepted: legs(LegKind::Offer)
                .filter(|leg| leg.outcome.is_some_and(|outcome| outcome != "accepted"))
                .count() as u32,
            agent: owner.map(|part| part.agent),
            answered_at: owner.map(|part| part.from),
            agents: parts,
            talk_ms: owned.saturating_sub(hold_ms),
            hold_ms,
            wrap_up_ms: sum(LegKind::WrapUp),
            code: legs(LegKind::WrapUp).filter_map(|leg| leg.code).next_back(),
            transfers: legs(LegKind::Talk).filter(|leg| leg.outcome == Some("transferred")).count() as u32,
            last_seq: story.events.last().copied().unwrap_or(story.contact.0),
        }
    }
}

/// The fold: hands over each contact's record once.
#[derive(Debug, Default)]
pub struct Records {
    seq: u64,
    at: Instant,
    stories: BTreeMap<ContactId, (Story, Option<[u8; 16]>)>,
    /// Ended at the last moment: a wrap-up may yet begin in the same one.
    ending: Vec<ContactId>,
}

impl Records {
    /// Nothing folded.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of the last event folded; 0 before the first.
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// Takes over the next event; hands over who is over by now, in the order of their ends. An event at or before [`Records::seq`] is no news.
    pub fn take(&mut self, recorded: &Recorded<Event>) -> Vec<ContactRecord> {
        if recorded.seq <= self.seq {
            return Vec::new();
        }
        self.seq = recorded.seq;
        let mut over = Vec::new();
        if recorded.at > self.at {
            self.at = recorded.at;
            for contact in std::mem::take(&mut self.ending) {
                over.extend(self.over(contact));
            }
        }
        let Some(contact) = recorded.event.contact() else { return over };
        if let Event::ContactArrived(event) = &recorded.event {
            let pseudonym = event.from.as_ref().map(|from| from.pseudonym);
            if let Some(story) = Story::begin(recorded) {
                self.stories.insert(contact, (story, pseudonym));
            }
        } else if let Some((story, _)) = self.stories.get_mut(&contact) {
            story.take(recorded);
            if story.ended.is_some() && !self.ending.contains(&contact) {
                self.ending.push(contact);
            }
        }
        over
    }

    /// The log ends here: whoever is not over yet, as far as it went.
    pub fn finish(self) -> Vec<ContactRecord> {
        self.stories.values().map(|(story, pseudonym)| ContactRecord::of(story, *pseudonym)).collect()
    }

    /// Its record, if it has ended and nobody works after it.
    fn over(&mut self, contact: ContactId) -> Option<ContactRecord> {
        let (story, _) = self.stories.get(&contact)?;
        if story.ended.is_none() || story.legs.iter().any(|leg| leg.to.is_none()) {
            return None;
        }
        let (story, pseudonym) = self.stories.remove(&contact)?;
        Some(ContactRecord::of(&story, pseudonym))
    }
}

fn visit(leg: &Leg) -> Option<VisitRecord> {
    let wait_ms = span_ms(leg);
    Some(VisitRecord { queue: leg.queue?, from: leg.from, to: leg.to, wait_ms, end: leg.outcome })
}

fn span_ms(leg: &Leg) -> u64 {
    leg.to.map_or(0, |to| to.since(leg.from).0)
}

const fn end(end: ContactEnd) -> &'static str {
    match end {
        ContactEnd::Handled => "handled",
        ContactEnd::Abandoned(_) => "abandoned",
        ContactEnd::Refused => "refused",
        ContactEnd::Expired => "expired",
        ContactEnd::Lost => "lost",
    }
}

const fn stage(end: ContactEnd) -> Option<&'static str> {
    match end {
        ContactEnd::Abandoned(stage) => Some(match stage {
            Stage::Menu => "menu",
            Stage::Queue => "queue",
            Stage::Ringing => "ringing",
            Stage::Transfer => "transfer",
        }),
        _ => None,
    }
}
