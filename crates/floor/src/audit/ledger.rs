//! What the events alone must keep to, whatever state they lead to: everything that begins ends once,
//! and never after its end does anything more happen to it.

use super::asked::has_room;
use super::naive::{Choice, is_at_maximum, line, naive_choice};
use super::{Finding, callback, ensure, overdue};
use crate::actor::reasons;
use crate::agent::{Agent, Presence};
use crate::contact::{Contact, Role};
use crate::decider::{Decider, Recorded};
use crate::event::{Event, OfferCreated, OfferPurpose, VisitStepped};
use crate::floor::Floor;
use crate::id::{ContactId, OfferId, ReasonId, VisitId};
use crate::limits;
use crate::queue::QueueState;
use crate::time::{Instant, Millis};
use alloc::collections::{BTreeMap, BTreeSet};

/// The books kept over a stream of events.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    contacts: BTreeMap<ContactId, Option<Instant>>,
    visits: BTreeMap<VisitId, ContactId>,
    offers: BTreeMap<OfferId, ContactId>,
    over_visits: BTreeSet<VisitId>,
    over_offers: BTreeSet<OfferId>,
    /// Visits whose queue was configured anew since they last stepped: these may go back.
    replanned: BTreeSet<VisitId>,
    /// Offers of which another one of the same ring was accepted: these must be withdrawn.
    outrun: BTreeSet<OfferId>,
    /// Contacts of which an offer was withdrawn because somebody took them, and nobody did yet.
    untaken: BTreeSet<ContactId>,
    /// Contacts whose caller was told something, with which they end.
    told: BTreeSet<ContactId>,
    /// The shortest time for which the site has ever kept the ended.
    kept_ms_min: Option<Millis>,
    /// What happened to visits since the books were last closed.
    moved: usize,
    at: Instant,
}

impl Ledger {
    /// Takes the next event, with the floor as it was just before it.
    pub fn take(&mut self, before: &Floor, recorded: &Recorded<Event>) -> Finding {
        ensure!(recorded.seq == before.last_seq() + 1, "{} follows {}", recorded.seq, before.last_seq());
        ensure!(recorded.at >= self.at, "{} happened before the event ahead of it", recorded.seq);
        self.at = recorded.at;
        let seq = recorded.seq;
        self.moved += usize::from(moves(&recorded.event));
        match &recorded.event {
            Event::SiteApplied(_) => {
                let kept = before.settings().ended_kept_ms;
                self.kept_ms_min = Some(self.kept_ms_min.map_or(kept, |least| least.min(kept)));
            }
            Event::ContactArrived(event) => {
                ensure!(event.contact.0 == seq, "{} is not named after its number {seq}", event.contact);
                self.contacts.insert(event.contact, None);
            }
            Event::ContactQueued(event) => {
                ensure!(event.visit.0 == seq, "{} is not named after its number {seq}", event.visit);
                ensure!(
                    !self.visits.values().any(|contact| *contact == event.contact),
                    "{} queues twice",
                    event.contact
                );
                self.visits.insert(event.visit, event.contact);
            }
            Event::VisitEnded(event) => {
                let visit = self.visits.remove(&event.visit);
                ensure!(visit == Some(event.contact), "{} ends and did not live", event.visit);
                ensure!(self.over_visits.insert(event.visit), "{} ends twice", event.visit);
                self.replanned.remove(&event.visit);
            }
            Event::OfferCreated(event) => {
                ensure!(event.offer.0 == seq, "{} is not named after its number {seq}", event.offer);
                self.offers.insert(event.offer, event.contact);
                offer_is_right(before, recorded)?;
                // One decision brings so many up to date; beyond them people are offered as they stand.
                let late = overdue(before, recorded.at, event.contact);
                let late = late.filter(|_| event.purpose == OfferPurpose::Queue);
                if let Some(late) = late.filter(|_| self.moved < limits::HEEDED_PER_DECISION_MAX) {
                    return Err(alloc::format!("{} is made, and of {} {late}", event.offer, event.contact));
                }
            }
            Event::ContactEnded(event) => {
                let open =
                    self.visits.values().chain(self.offers.values()).any(|contact| *contact == event.contact);
                ensure!(!open, "{} ends with a visit or an offer open", event.contact);
                let known = self.contacts.insert(event.contact, Some(recorded.at));
                ensure!(known == Some(None), "{} ends and did not live: {known:?}", event.contact);
                let told = self.told.remove(&event.contact);
                let why = closed_with(before, recorded, event.contact).filter(|_| !told);
                ensure!(why.is_none(), "{} is sent away and not told of {why:?}", event.contact);
                return Ok(());
            }
            Event::VisitStepped(event) => {
                let lives = self.visits.get(&event.visit) == Some(&event.contact);
                ensure!(lives, "{} of {} steps and does not live", event.visit, event.contact);
                let may_go_back = self.replanned.remove(&event.visit);
                stepped(before, event, may_go_back)?;
            }
            Event::QueueApplied(event) => {
                let of_queue = before.queue_ix(event.queue.queue);
                let standing = before.contacts().filter_map(|(_, contact)| contact.visit);
                let standing = standing.filter(|visit| Some(visit.queue) == of_queue);
                self.replanned.extend(standing.map(|visit| visit.visit));
            }
            Event::ContactConnected(event) if event.role == Role::Owner => {
                let owner = before.contact(event.contact).and_then(Contact::owner);
                ensure!(owner.is_none(), "{} gets a second owner", event.contact);
            }
            Event::OfferAccepted(event) => {
                self.untaken.remove(&event.contact);
                let contact = before.contact(event.contact);
                let ring = contact.filter(|contact| contact.consult != Some(event.offer));
                let ring =
                    ring.into_iter().flat_map(|contact| contact.offer.iter().chain(&contact.more_offers));
                self.outrun.extend(ring.filter(|other| **other != event.offer));
            }
            Event::OfferRescinded(event) if recorded.reason == Some(reasons::TAKEN) => {
                if !self.outrun.remove(&event.offer) {
                    self.untaken.insert(event.contact);
                }
            }
            Event::ContactTold(event) => {
                self.told.insert(event.contact);
            }
            event => callback::told_in_order(before, event)?,
        }
        if let (Some(offer), Some(contact)) = (recorded.event.ends_offer(), recorded.event.contact()) {
            ensure!(self.offers.remove(&offer) == Some(contact), "{offer} ends and did not live");
            ensure!(self.over_offers.insert(offer), "{offer} ends twice");
            ensure!(!self.outrun.contains(&offer), "{offer} was outrun and ends otherwise");
        }
        self.nothing_after_the_end(&recorded.event)
    }

    /// What the floor still has is what is open here, and what it has forgotten was over for long enough.
    ///
    /// To be asked when a decision, or a tick, is over: what was begun in it is then complete.
    pub fn close(&mut self, floor: &Floor) -> Finding {
        self.moved = 0;
        ensure!(self.untaken.is_empty(), "{:?} were withdrawn as if taken, and were not", self.untaken);
        ensure!(self.outrun.is_empty(), "{:?} were outrun and still ring", self.outrun);
        ensure!(self.told.is_empty(), "{:?} were told something and did not end", self.told);
        for (id, ended) in &self.contacts {
            let known = floor.contact(*id);
            match ended {
                None => ensure!(known.is_some_and(|known| known.ended.is_none()), "{id} is lost"),
                Some(at) => {
                    let kept = floor.settings().ended_kept_ms;
                    let kept = self.kept_ms_min.map_or(kept, |least| least.min(kept));
                    ensure!(
                        known.is_some() || at.plus(kept) < floor.last_at(),
                        "{id} is forgotten too early"
                    );
                }
            }
        }
        let waiting = floor.contacts().filter_map(|(id, contact)| Some((contact.visit?.visit, id)));
        ensure!(waiting.collect::<BTreeMap<_, _>>() == self.visits, "the open visits are {:?}", self.visits);
        let live =
            floor.offers().filter(|(_, offer)| offer.end.is_none()).map(|(id, offer)| (id, offer.contact));
        ensure!(live.collect::<BTreeMap<_, _>>() == self.offers, "the open offers are {:?}", self.offers);
        Ok(())
    }

    fn nothing_after_the_end(&self, event: &Event) -> Finding {
        let after_the_end = matches!(
            event,
            Event::WrapupStarted(_)
                | Event::WrapupExtended(_)
                | Event::WrapupCompleted(_)
                | Event::AccessUnmasked(_)
        );
        let Some(contact) = event.contact().filter(|_| !after_the_end) else { return Ok(()) };
        ensure!(
            self.contacts.get(&contact) == Some(&None),
            "{event:?} happens to a contact that is not alive"
        );
        Ok(())
    }
}

/// The message with which the queue is closed that sends a caller away who is on the line.
fn closed_with(before: &Floor, recorded: &Recorded<Event>, contact: ContactId) -> Option<ReasonId> {
    let known = before.contact(contact).filter(|_| recorded.reason == Some(reasons::QUEUE_CLOSED))?;
    let on_the_line = known.callback.is_none_or(|promise| promise.answered);
    let queue = before.queues().get(known.last_queue? as usize)?;
    queue.message.filter(|_| on_the_line && queue.state == QueueState::Closed)
}

/// Whether it brings a visit up to date, or ends it.
fn moves(event: &Event) -> bool {
    matches!(event, Event::VisitStepped(_) | Event::VisitEnded(_) | Event::CallbackOffered(_))
}

/// Ready, in reach, and with nothing to follow.
fn is_here(agent: &Agent) -> bool {
    agent.config.active && agent.presence == Presence::Ready && agent.reachable && agent.next.is_none()
}

/// An offer goes to someone who has room; one that the routing made, to whom the naive router gives it.
fn offer_is_right(before: &Floor, recorded: &Recorded<Event>) -> Finding {
    let Event::OfferCreated(offer) = &recorded.event else { return Ok(()) };
    let Some(agent) = before.agent(offer.agent) else {
        return Err(alloc::format!("{} goes to an agent whom nobody knows", offer.offer));
    };
    let channel = before.contact(offer.contact).map(|contact| contact.channel);
    ensure!(
        channel.is_some_and(|channel| is_here(agent) && has_room(agent, channel)),
        "{} goes to agent {}, who has no room: {agent:?}",
        offer.offer,
        offer.agent
    );
    ensure!(!before.is_stopping(), "{} is made though the engine is about to stop", offer.offer);
    ensure!(offer.answer_by > recorded.at, "{} is made and over at once", offer.offer);
    if offer.purpose == OfferPurpose::Queue {
        order_is_kept(before, recorded.at, offer)?;
    }
    Ok(())
}

/// The naive router would have made this very offer.
fn order_is_kept(before: &Floor, at: Instant, offer: &OfferCreated) -> Finding {
    let contact = before.contact(offer.contact);
    let rings = contact.is_some_and(|contact| contact.offer.is_some());
    if let (Some(visit), false) = (contact.and_then(|contact| contact.visit), rings) {
        ensure!(
            !is_at_maximum(before, visit.queue),
            "{} is made though its queue has as many with agents as it may",
            offer.offer
        );
    }
    let chosen = Choice {
        contact: offer.contact,
        agent: offer.agent,
        step: offer.step,
        rank: offer.rank,
        candidates: offer.candidates,
        digest: offer.digest,
        wanted: offer.wanted,
    };
    let naive = naive_choice(before, at);
    ensure!(
        naive == Some(chosen),
        "the offer is {chosen:?}\n    the naive router says {naive:?}\n    of {:?}",
        line(before, at)
    );
    Ok(())
}

/// A visit goes on in its plan, and nothing about it gets worse.
fn stepped(before: &Floor, event: &VisitStepped, may_go_back: bool) -> Finding {
    let Some(contact) = before.contact(event.contact) else {
        return Err(alloc::format!("{} steps and nobody knows it", event.contact));
    };
    let Some(visit) = contact.visit else {
        return Err(alloc::format!("{} steps outside of any queue", event.contact));
    };
    let (id, from, to) = (event.contact, visit.step, event.step);
    let config = &before.queues()[visit.queue as usize].config;
    ensure!(config.queue == event.queue, "{id} steps in {}, and stands in {}", event.queue, config.queue);
    ensure!(usize::from(to) <= config.plan.steps.len(), "{id} goes to step {to}, which is not in its plan");
    ensure!(to >= from || may_go_back, "{id} goes back from step {from} to {to}");
    ensure!(event.priority >= contact.priority, "{id} loses priority by a step");
    ensure!(event.order <= visit.order, "{id} loses its place by a step");
    Ok(())
}
