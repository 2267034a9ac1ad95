//! What is over: each stay in a queue, each offer, each agent's time on a contact, each wrap-up, each spell
//! of an agent's day, told once, at the event that ends it, with the numbers of the events that it stands on.
//!
//! Every figure is a sum over facts, and a fact can be opened in the log: so a figure can be recounted to the
//! same digits, and explained down to the events. What still goes on is asked for apart ([`Facts::open`]).
//!
//! ```text
//!   events ──▶ facts ──▶ sums by interval, queue, agent ──▶ ratios
//! ```
//!
//! It knows no interval, no threshold and no formula.

mod begun;
mod contact;
mod handling;
mod offer;
mod presence;
mod visit;

pub use begun::{Beginning, Begun};
pub use contact::{
    CALLERS_MAX, CallbackEnd, CallbackFact, ContactFact, DialFact, REPEAT_WINDOW_MAX, RepeatFact,
};
pub use handling::{HandlingFact, WrapUpFact};
pub use offer::{OfferEnd, OfferFact};
pub use presence::{BreakAnswer, BreakAskFact, NotReadyFact, SpellFact};
pub use visit::{OverstayFact, VisitFact, VisitOpen};

use crate::View;
use crate::board::Board;
use contact::{Caller, OpenContact};
use cordboard_centre::quality::Quality;
use cordboard_centre::{Event as CentreEvent, Record};
use cordboard_floor::{AgentId, CodeId, ContactId, Event, Instant, OfferId, QueueId, Recorded, TeamId};
use handling::OpenWrapUp;
use offer::OpenOffer;
use presence::OpenPresence;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The first and the last event that a fact stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    /// Number of the event with which it began.
    pub first: u64,
    /// Number of the event with which it ended.
    pub last: u64,
}

/// Something that is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
// Not tagged within: in checkpoints such an enum would read moments as the texts that people are shown.
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// A contact, from its arrival to its end.
    Contact(ContactFact),
    /// A handled caller came again.
    Repeat(RepeatFact),
    /// A promise to call back.
    Callback(CallbackFact),
    /// An attempt to reach a caller.
    Dial(DialFact),
    /// A stay in a queue.
    Visit(VisitFact),
    /// A contact's stays up to the first answer, as the one request that its caller made: each contact once, in the
    /// queue that it came into first.
    Request(VisitFact),
    /// 延时服务: a queue that served on after its doors had closed.
    Overstay(OverstayFact),
    /// An offer.
    Offer(OfferFact),
    /// An agent's time as a contact's owner.
    Handling(HandlingFact),
    /// The work after a contact.
    WrapUp(WrapUpFact),
    /// A stretch of an agent's time with one activity.
    Spell(SpellFact),
    /// A stretch of being not ready for one reason, whatever was in hand meanwhile.
    NotReady(NotReadyFact),
    /// A break that was asked for, and what became of it.
    BreakAsk(BreakAskFact),
}

impl Fact {
    /// When it was over.
    pub const fn told_at(&self) -> Instant {
        match self {
            Self::Contact(fact) => fact.to,
            Self::Repeat(fact) => fact.to,
            Self::Callback(fact) => fact.to,
            Self::Dial(fact) => fact.to,
            Self::Visit(fact) | Self::Request(fact) => fact.to,
            Self::Overstay(fact) => fact.to,
            Self::Offer(fact) => fact.to,
            Self::Handling(fact) => fact.to,
            Self::WrapUp(fact) => fact.to,
            Self::Spell(fact) => fact.to,
            Self::NotReady(fact) => fact.to,
            Self::BreakAsk(fact) => fact.to,
        }
    }
}

impl Fact {
    /// The contact that it is of, or without which it would not be. An agent's spells are hers, whoever called.
    pub const fn contact(&self) -> Option<ContactId> {
        Some(match self {
            Self::Contact(fact) => fact.contact,
            Self::Repeat(fact) => fact.contact,
            Self::Callback(fact) => fact.contact,
            Self::Dial(fact) => fact.contact,
            Self::Visit(fact) | Self::Request(fact) => fact.contact,
            Self::Offer(fact) => fact.contact,
            Self::Handling(fact) => fact.contact,
            Self::WrapUp(fact) => fact.contact,
            Self::Overstay(_) | Self::Spell(_) | Self::NotReady(_) | Self::BreakAsk(_) => return None,
        })
    }
}

/// Contacts that figures leave out: their callers were mystery callers. It is said after they ended as a rule, so a figure is made
/// anew without them and nothing is subtracted; what was frozen before it was said stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut(BTreeSet<ContactId>);

impl LeftOut {
    /// Those that the quality desk knows.
    pub fn of(desk: &Quality) -> Self {
        Self(desk.mystery_contacts().collect())
    }

    /// One more; answers whether it is news.
    pub fn add(&mut self, contact: ContactId) -> bool {
        self.0.insert(contact)
    }

    /// Whether a fact is left out: it is of such a contact, or says that such a caller came again.
    pub fn holds(&self, fact: &Fact) -> bool {
        let again = match fact {
            Fact::Repeat(fact) => Some(fact.again),
            _ => None,
        };
        !self.0.is_empty() && fact.contact().into_iter().chain(again).any(|contact| self.0.contains(&contact))
    }
}

/// The fold of events into facts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Facts {
    board: Board,
    contacts: BTreeMap<ContactId, OpenContact>,
    offers: BTreeMap<OfferId, OpenOffer>,
    wrapups: BTreeMap<(AgentId, ContactId), OpenWrapUp>,
    presences: BTreeMap<AgentId, OpenPresence>,
    callers: BTreeMap<[u8; 16], Caller>,
    /// 成功代码 of each queue that has any, as configured now.
    #[serde(default)]
    success_codes: BTreeMap<QueueId, Vec<CodeId>>,
    /// Who was last on which contact, and whether we had called its caller.
    called_back: Option<((AgentId, ContactId), bool)>,
    #[serde(skip)]
    told: Vec<Fact>,
}

impl Facts {
    /// Before the first event.
    pub fn new() -> Self {
        let mut facts = Self::default();
        facts.board.tell_spells();
        facts
    }

    /// Takes over the next event and hands on what is over with it, in a fixed order. An event at or before
    /// [`Facts::seq`] is no news.
    pub fn fold(&mut self, recorded: &Recorded<Event>, mut tell: impl FnMut(&Fact)) {
        if recorded.seq <= self.board.seq() {
            return;
        }
        self.board.fold(recorded);
        for spell in self.board.take_spells() {
            self.told.push(Fact::Spell(spell));
        }
        self.take(recorded);
        for fact in self.told.drain(..) {
            tell(&fact);
        }
    }

    /// Takes over the next event of the centre, whichever desk's it is: it is no later than that until what still goes on is told.
    pub fn take_in(&mut self, recorded: &Recorded<CentreEvent>, tell: impl FnMut(&Fact)) {
        match recorded.floor() {
            Some(recorded) => self.fold(&recorded, tell),
            None => self.pass(recorded.seq, recorded.at),
        }
    }

    /// An event of another desk took this number at that time.
    pub fn pass(&mut self, seq: u64, at: Instant) {
        self.board.pass(seq, at);
    }

    /// The number of the last event folded; 0 before the first.
    pub fn seq(&self) -> u64 {
        self.board.seq()
    }

    /// When the last event folded happened.
    pub fn at(&self) -> Instant {
        self.board.at()
    }

    /// The board as of the last event.
    pub const fn board(&self) -> &Board {
        &self.board
    }

    /// After it was read from a checkpoint: spells are told again.
    pub fn resume(&mut self) {
        self.board.tell_spells();
    }

    fn team(&self, agent: AgentId) -> Option<TeamId> {
        self.board.agent(agent).and_then(|row| row.team)
    }

    fn take(&mut self, recorded: &Recorded<Event>) {
        let event = &recorded.event;
        match event {
            Event::ContactArrived(_)
            | Event::ContactEnded(_)
            | Event::CallbackOffered(_)
            | Event::CallbackRequested(_)
            | Event::CallbackDialled(_)
            | Event::CallbackAnswered(_)
            | Event::CallbackFailed(_) => self.take_contact(recorded),
            Event::ContactQueued(_) | Event::VisitEnded(_) | Event::QueueDrained(_) => {
                self.take_visit(recorded);
            }
            Event::OfferCreated(_)
            | Event::OfferAccepted(_)
            | Event::OfferRejected(_)
            | Event::OfferTimedOut(_)
            | Event::OfferRescinded(_)
            | Event::OfferCancelled(_)
            | Event::OfferFailed(_) => self.take_offer(recorded),
            Event::ContactConnected(_)
            | Event::ContactRoleChanged(_)
            | Event::ContactHeld(_)
            | Event::ContactResumed(_)
            | Event::ContactTransferred(_)
            | Event::ContactLeft(_) => self.take_handling(recorded),
            Event::WrapupStarted(_) | Event::WrapupExtended(_) | Event::WrapupCompleted(_) => {
                self.take_wrapup(recorded);
            }
            Event::AgentSignedIn(_)
            | Event::AgentReady(_)
            | Event::AgentNotReady(_)
            | Event::AgentSignedOut(_)
            | Event::AgentBreakRequested(_)
            | Event::AgentBreakDecided(_)
            | Event::AgentBreakOverran(_) => self.take_presence(recorded),
            Event::QueueApplied(applied) => {
                let config = &applied.queue;
                if config.success_codes.is_empty() {
                    self.success_codes.remove(&config.queue);
                } else {
                    self.success_codes.insert(config.queue, config.success_codes.clone());
                }
            }
            _ => {}
        }
    }
}
