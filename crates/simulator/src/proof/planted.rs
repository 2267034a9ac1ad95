//! Bugs on purpose: a floor that is right and a thin layer around it that is not. Each bug is one that
//! some check exists for; the test asks that this check finds it.

use super::subject::Subject;
use cordboard_floor::agent::Presence;
use cordboard_floor::audit;
use cordboard_floor::contact::{Role, VisitEnd};
use cordboard_floor::event::{
    ClockStepped, ContactConnected, OfferCreated, OfferPurpose, OfferRescinded, VisitEnded,
};
use cordboard_floor::{
    Actor, AgentId, Command, Decided, Decider, Done, Event, Floor, Instant, Millis, OfferId, Recorded,
    Refusal, Stamp, Submission,
};
use serde::{Deserialize, Serialize};
use std::cell::Cell;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bug {
    /// Nothing.
    None,
    /// A visit ends and its contact goes nowhere.
    LosesContact,
    /// An offer ends a second time.
    EndsTwice,
    /// A second contact is offered to somebody whose hands are full.
    Overfills,
    /// A contact is connected to a colleague besides its owner.
    TwoOwners,
    /// An offer that nobody will ever time out.
    RingsForEver,
    /// An offer is taken back in silence, and nobody is given the contact.
    ForgetsToMatch,
    /// The second best agent has the contact.
    WrongAgent,
    /// What rings beyond its time rings again.
    RingsPastItsTime,
    /// Deadlines are seen too late.
    Oversleeps,
    /// What is logged is not what happened.
    LogsOtherwise,
    /// An offer miscounts its candidates.
    Miscounts,
    /// Events do not name their command.
    ForgetsCause,
    /// Chance that is not the seed's.
    RollsDice,
    /// It panics.
    Panics,
    /// A link forgets an event when it resumes.
    ResumesWithAGap,
    /// A disk that says that it has written.
    LyingDisk,
    /// A refusal that changes something.
    RefusesAndActs,
}

thread_local! {
    static BUG: Cell<Bug> = const { Cell::new(Bug::None) };
    static DICE: Cell<u64> = const { Cell::new(0) };
}

/// Plants a bug for whatever runs on this thread.
pub(super) fn plant(bug: Bug) {
    BUG.set(bug);
}

/// Whether this bug is planted: for those that do not sit in the floor.
pub(super) fn is_planted(bug: Bug) -> bool {
    BUG.get() == bug
}

/// A floor with a bug.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Planted {
    floor: Floor,
}

impl Subject for Planted {
    fn empty() -> Self {
        Self { floor: Floor::empty() }
    }

    fn floor(&self) -> &Floor {
        &self.floor
    }
}

impl Decider for Planted {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(
        &mut self,
        stamp: Stamp,
        mut submission: Submission<Command>,
        decided: &mut Decided<Event>,
    ) -> Result<Done, Refusal> {
        if BUG.get() == Bug::ForgetsCause {
            submission.cause = None;
        }
        let from = decided.len();
        let done = self.floor.decide(stamp, submission, decided);
        if done.is_err() && BUG.get() == Bug::RefusesAndActs {
            let mut unseen = Vec::new();
            self.add(stamp, &mut unseen, ClockStepped { delta_ms: 0 }.into());
        }
        let done = done?;
        self.spoil(stamp, decided, from);
        Ok(Done { seq: done.seq })
    }

    fn tick(&mut self, stamp: Stamp, decided: &mut Decided<Event>) {
        let from = decided.len();
        self.floor.tick(stamp, decided);
        self.spoil(stamp, decided, from);
    }

    fn apply(&mut self, recorded: &Recorded<Event>) {
        self.floor.apply(recorded);
    }

    fn next_deadline(&self) -> Option<Instant> {
        let next = self.floor.next_deadline();
        if BUG.get() == Bug::Oversleeps { next.map(|at| at.plus(Millis(900))) } else { next }
    }

    fn last_seq(&self) -> u64 {
        self.floor.last_seq()
    }

    fn last_at(&self) -> Instant {
        self.floor.last_at()
    }

    fn begins_work(command: &Command) -> bool {
        Floor::begins_work(command)
    }

    fn reindex(&mut self) {
        self.floor.reindex();
    }
}

impl Planted {
    /// Adds the bug to what was decided, or changes it.
    fn spoil(&mut self, stamp: Stamp, decided: &mut Decided<Event>, from: usize) {
        let offer = |recorded: &Recorded<Event>| match &recorded.event {
            Event::OfferCreated(offer) if offer.purpose == OfferPurpose::Queue => Some(offer.clone()),
            _ => None,
        };
        let made: Option<OfferCreated> = decided[from..].iter().rev().find_map(offer);
        match (BUG.get(), made) {
            (Bug::LosesContact, _) => {
                let waits = self.floor.contacts().find_map(|(id, contact)| {
                    contact.visit.filter(|_| contact.offer.is_none()).map(|visit| (id, visit))
                });
                if let Some((contact, visit)) = waits {
                    let queue = self.floor.queues()[visit.queue as usize].config.queue;
                    let (end, waited_ms) = (VisitEnd::Withdrawn, Millis(0));
                    let event = VisitEnded { contact, visit: visit.visit, queue, end, waited_ms };
                    self.add(stamp, decided, event.into());
                }
            }
            (Bug::EndsTwice, _) => {
                let again = decided[from..].iter().find(|event| event.event.ends_offer().is_some()).cloned();
                if let Some(again) = again {
                    self.add(stamp, decided, again.event);
                }
            }
            (Bug::Overfills, Some(offer)) => self.offer_again(stamp, decided, offer, |floor, offer| {
                let full = |agent: &&cordboard_floor::agent::Agent| {
                    agent.config.agent != offer.agent
                        && agent.presence == Presence::Ready
                        && !agent.hands.is_empty()
                        && agent.hands.len() >= usize::from(agent.config.capacity)
                };
                floor.agents().iter().find(full).map(|agent| agent.config.agent)
            }),
            (Bug::TwoOwners, _) => self.connect_another(stamp, decided, from),
            (Bug::RingsForEver, Some(offer)) => {
                self.rescind(stamp, decided, &offer);
                let answer_by = stamp.at.plus(Millis::from_secs(86_400));
                let event = OfferCreated { offer: OfferId(self.next()), answer_by, ..offer };
                self.add(stamp, decided, event.into());
            }
            (Bug::RingsPastItsTime, _) => self.ring_past_its_time(stamp, decided),
            (Bug::ForgetsToMatch, Some(offer)) => self.rescind(stamp, decided, &offer),
            (Bug::WrongAgent, Some(offer)) => self.offer_again(stamp, decided, offer, |floor, offer| {
                let channel = floor.contact(offer.contact)?.channel;
                let mut others = floor
                    .agents()
                    .iter()
                    .filter(|agent| agent.config.agent != offer.agent && agent.is_free_for(channel));
                others.next().map(|agent| agent.config.agent)
            }),
            (Bug::LogsOtherwise, Some(_)) => {
                if let Some(last) = decided[from..].last_mut() {
                    last.event = ClockStepped { delta_ms: 0 }.into();
                }
            }
            (Bug::Miscounts, Some(_)) => {
                for recorded in &mut decided[from..] {
                    if let Event::OfferCreated(offer) = &mut recorded.event {
                        offer.candidates += 1;
                    }
                }
            }
            (Bug::RollsDice, Some(_)) => {
                DICE.set(DICE.get() + 1);
                self.add(stamp, decided, ClockStepped { delta_ms: DICE.get() as i64 }.into());
            }
            (Bug::Panics, Some(offer)) => panic!("{} is one too many", offer.offer),
            _ => {}
        }
    }

    fn next(&self) -> u64 {
        self.floor.last_seq() + 1
    }

    /// One more event, as if the floor had decided it.
    fn add(&mut self, stamp: Stamp, decided: &mut Decided<Event>, event: Event) {
        let recorded = Recorded {
            seq: self.next(),
            at: stamp.at,
            site: self.floor.site(),
            actor: Actor::system("bug"),
            reason: None,
            // As if it belonged to what was decided with it.
            cause: decided.last().and_then(|ahead| ahead.cause.clone()),
            event,
        };
        self.floor.apply(&recorded);
        decided.push(recorded);
    }

    /// Takes back an offer whose contact would now go on by the plan, and makes it again.
    fn ring_past_its_time(&mut self, stamp: Stamp, decided: &mut Decided<Event>) {
        let floor = &self.floor;
        let late = floor.offers().find_map(|(id, offer)| {
            let contact = floor.contact(offer.contact)?;
            let config = &floor.queues()[contact.visit?.queue as usize].config;
            let rings = offer.end.is_none() && offer.purpose == OfferPurpose::Queue;
            audit::overdue(floor, stamp.at, offer.contact).filter(|_| rings)?;
            Some(OfferCreated {
                offer: id,
                contact: offer.contact,
                visit: contact.visit.map(|visit| visit.visit),
                queue: Some(config.queue),
                agent: floor.agents()[offer.agent as usize].config.agent,
                purpose: offer.purpose,
                answer_by: stamp.at.plus(config.offer_timeout_ms),
                rule_version: 1,
                step: contact.visit?.step,
                rank: 1,
                candidates: 1,
                digest: 0,
                wanted: contact.visit?.wanted.is_some(),
            })
        });
        if let Some(offer) = late {
            self.rescind(stamp, decided, &offer);
            let event = OfferCreated { offer: OfferId(self.next()), ..offer };
            self.add(stamp, decided, event.into());
        }
    }

    fn rescind(&mut self, stamp: Stamp, decided: &mut Decided<Event>, offer: &OfferCreated) {
        let OfferCreated { offer, contact, agent, .. } = *offer;
        self.add(stamp, decided, OfferRescinded { offer, contact, agent }.into());
    }

    /// Takes an offer back and makes it to somebody else.
    fn offer_again(
        &mut self,
        stamp: Stamp,
        decided: &mut Decided<Event>,
        offer: OfferCreated,
        whom: impl Fn(&Floor, &OfferCreated) -> Option<AgentId>,
    ) {
        let Some(agent) = whom(&self.floor, &offer) else { return };
        self.rescind(stamp, decided, &offer);
        let event = OfferCreated { offer: OfferId(self.next()), agent, ..offer };
        self.add(stamp, decided, event.into());
    }

    fn connect_another(&mut self, stamp: Stamp, decided: &mut Decided<Event>, from: usize) {
        let connected = decided[from..].iter().find_map(|recorded| match &recorded.event {
            Event::ContactConnected(event) if event.role == Role::Owner => Some(event.clone()),
            _ => None,
        });
        let Some(event) = connected else { return };
        let other = self.floor.agents().iter().map(|agent| agent.config.agent);
        if let Some(agent) = other.into_iter().find(|agent| *agent != event.agent) {
            self.add(stamp, decided, ContactConnected { agent, ..event }.into());
        }
    }
}
