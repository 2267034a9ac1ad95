//! The floor, checked by plain loops: what must hold after every decision, whatever was asked and in
//! whatever order. Tests, the simulator and a doubtful operator use it; the floor itself never does, so
//! it may be slow and must not share a line with what it checks.

mod asked;
mod callback;
pub mod explain;
mod heeded;
mod index;
mod ledger;
mod naive;
mod overdue;
mod staffing;
mod standing;
#[cfg(test)]
mod tests;

use crate::agent::{Agent, Hold, Presence};
use crate::contact::{Contact, Role};
use crate::deadline::Due;
use crate::event::OfferPurpose;
use crate::floor::Floor;
use crate::id::{ContactId, OfferId};
use crate::limits;
use crate::queue::QueueState;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

pub use ledger::Ledger;
pub use naive::{Choice, Place, line, naive_choice, with_agents};
pub use overdue::overdue;
pub use standing::{Key, Measure, Standing, standing, standings};

/// What a check answers: a sentence about the first thing that is wrong.
pub type Finding = Result<(), String>;

/// Says no with a sentence.
macro_rules! ensure {
    ($holds:expr, $($words:tt)+) => {
        if !$holds {
            return Err(alloc::format!($($words)+));
        }
    };
}
pub(crate) use ensure;

/// What holds when a decision, or a tick, is over.
pub fn at_rest(floor: &Floor) -> Finding {
    for (id, contact) in floor.contacts() {
        one_place(id, contact)?;
        rings(floor, id, contact)?;
        in_step_with_hands(floor, id, contact)?;
    }
    for agent in floor.agents() {
        presence(agent)?;
        hands(floor, agent)?;
    }
    offers(floor)?;
    counts(floor)?;
    forgetting(floor)?;
    heeded::heeded(floor)?;
    if let Some(choice) = naive_choice(floor, floor.at) {
        return Err(format!("{} waits beside agent {}, who is free for it", choice.contact, choice.agent));
    }
    remembered(floor)?;
    staffing::in_step(floor)?;
    index::in_step(floor)
}

/// One alert for each rule and subject, none of a rule that nobody uses; and no more messages than are kept.
fn remembered(floor: &Floor) -> Finding {
    let mut seen = BTreeSet::new();
    for (id, alert) in floor.alerts() {
        ensure!(seen.insert((alert.rule, alert.about)), "{id} is not the only alert of {}", alert.rule);
        let used = floor.alert_rules().any(|(rule, _)| rule.rule == alert.rule && rule.active);
        ensure!(used, "{id} is of {}, which nobody uses", alert.rule);
    }
    ensure!(seen.len() <= limits::ALERTS_OPEN_MAX, "{} alerts are open", seen.len());
    let messages = floor.messages().count();
    ensure!(messages <= limits::MESSAGES_MAX, "{messages} messages are remembered");
    Ok(())
}

/// Nobody lost: a contact is in the menu, in a queue, on its way, with someone, or over; never two of these.
fn one_place(id: ContactId, contact: &Contact) -> Finding {
    let with_someone = !contact.participants.is_empty();
    let on_its_way = contact.offer.is_some() && contact.visit.is_none();
    let places = [with_someone, on_its_way, contact.visit.is_some(), contact.ended.is_some()];
    let held = places.iter().filter(|here| **here).count();
    ensure!(held <= 1, "{id} is in more than one place: {contact:?}");
    ensure!(held == 1 || contact.last_queue.is_none(), "{id} has left the menu and is nowhere: {contact:?}");
    let owners = contact.participants.iter().filter(|(_, role)| *role == Role::Owner).count();
    ensure!(owners == usize::from(with_someone), "{id} has {owners} owners: {contact:?}");
    ensure!(contact.consult.is_none() || with_someone, "{id} asks for advice with nobody on it");
    ensure!(!contact.caller_held || with_someone, "{id} is held by nobody");
    Ok(())
}

/// Several offers of one contact are one ring: all live, all made by the plan, all of this contact, the first first.
fn rings(floor: &Floor, id: ContactId, contact: &Contact) -> Finding {
    let first = contact.offer;
    ensure!(first.is_some() || contact.more_offers.is_empty(), "{id} rings further without a first offer");
    let mut seen: Vec<OfferId> = Vec::new();
    for offer in first.iter().chain(&contact.more_offers) {
        let Some(known) = floor.offers.get(offer) else {
            return Err(format!("{id} has {offer}, which nobody knows"));
        };
        ensure!(known.end.is_none(), "{id} has {offer}, which is over");
        ensure!(known.contact == id, "{id} has {offer}, which is about {}", known.contact);
        ensure!(
            contact.more_offers.is_empty() || known.purpose == OfferPurpose::Queue,
            "{id} rings at several, and {offer} of these is for {:?}",
            known.purpose
        );
        ensure!(seen.iter().all(|earlier| earlier < offer), "{id} has {offer} after {seen:?}");
        seen.push(*offer);
    }
    ensure!(contact.more_offers.is_empty() || contact.visit.is_some(), "{id} rings at several, on its way");
    ensure!(seen.len() <= limits::RING_ALL_MAX, "{id} rings at {} agents", seen.len());
    if let Some(callback) = &contact.callback {
        let dialled = callback.dial_by.is_some();
        ensure!(!dialled || contact.owner().is_some(), "the caller of {id} is dialled for nobody");
        ensure!(!dialled || callback.retry_at.is_none(), "{id} is dialled and put off");
        // A leader may give it to someone before its time; the plan does not.
        let by_plan = contact.offer.and_then(|offer| floor.offers.get(&offer));
        let by_plan = by_plan.is_some_and(|offer| offer.purpose == OfferPurpose::Queue);
        ensure!(callback.retry_at.is_none() || !by_plan, "{id} is put off and rings");
    }
    Ok(())
}

/// The contact and the agents tell the same story.
fn in_step_with_hands(floor: &Floor, id: ContactId, contact: &Contact) -> Finding {
    let mut hands = 0;
    let mut talking: Vec<(u32, Role)> = Vec::new();
    for (ix, agent) in floor.agents().iter().enumerate() {
        for hand in agent.hands.iter().filter(|hand| hand.contact == id) {
            hands += 1;
            if matches!(hand.hold, Hold::Connected | Hold::Held) {
                talking.push((ix as u32, hand.role));
            }
            ensure!(
                hand.hold != Hold::Held || contact.caller_held,
                "agent {} holds {id}, which is not held",
                agent.config.agent
            );
        }
    }
    ensure!(hands == contact.hands, "{id} counts {} hands, there are {hands}", contact.hands);
    let mut on = contact.participants.clone();
    on.sort_by_key(|(ix, _)| *ix);
    ensure!(on == talking, "{id} is with {on:?}, but in the hands of {talking:?}");
    Ok(())
}

fn presence(agent: &Agent) -> Finding {
    let id = agent.config.agent;
    let rings = agent.hands.iter().any(|hand| matches!(hand.hold, Hold::Reserved(_)));
    ensure!(
        agent.is_signed_in() == agent.seat.is_some(),
        "agent {id} is signed in without a seat, or reverse"
    );
    ensure!(
        agent.is_signed_in() || agent.hands.is_empty(),
        "agent {id} is gone with {:?} in hand",
        agent.hands
    );
    ensure!(agent.next.is_none() || agent.is_occupied(), "agent {id} waits for nothing with a next state");
    ensure!(
        !rings || agent.presence == Presence::Ready,
        "it rings at agent {id}, who is {:?}",
        agent.presence
    );
    ensure!(!rings || agent.next.is_none(), "it rings at agent {id}, who is about to be {:?}", agent.next);
    ensure!(!rings || agent.reachable, "it rings at agent {id}, who is out of reach");
    ensure!(
        agent.reachable || agent.sign_out_at.is_some() || !agent.is_signed_in(),
        "agent {id} is stuck out of reach"
    );
    ensure!(
        agent.config.active || !agent.is_signed_in() || agent.is_occupied(),
        "agent {id} is retired and sits idle"
    );
    Ok(())
}

fn hands(floor: &Floor, agent: &Agent) -> Finding {
    let id = agent.config.agent;
    for (place, hand) in agent.hands.iter().enumerate() {
        let contact = floor.contact(hand.contact);
        ensure!(contact.is_some(), "agent {id} holds {}, which is forgotten", hand.contact);
        let twice = agent.hands[..place].iter();
        let twice =
            twice.filter(|other| other.contact == hand.contact && other.is_wrapup() == hand.is_wrapup());
        ensure!(twice.count() == 0, "agent {id} has {} twice in hand", hand.contact);
        let on_it = matches!(hand.hold, Hold::Connected | Hold::Held);
        ensure!(!hand.muted || on_it, "agent {id} is muted on {}, which she is not on", hand.contact);
        if let Hold::Reserved(offer) = hand.hold {
            let live = floor.offers.get(&offer).is_some_and(|offer| offer.end.is_none());
            ensure!(live, "agent {id} is reserved by {offer}, which is over");
            let ends = floor.deadlines.all().any(|(_, due)| due == Due::Offer(offer));
            ensure!(ends, "agent {id} is reserved by {offer}, which never ends");
        }
    }
    Ok(())
}

/// A live offer has reserved its agent, and stands on its contact; one that is over has left both.
fn offers(floor: &Floor) -> Finding {
    for (id, offer) in floor.offers() {
        let Some(contact) = floor.contact(offer.contact) else {
            return Err(format!("{id} is about {}, which is forgotten", offer.contact));
        };
        let agent = &floor.agents()[offer.agent as usize];
        let reserved = agent.hands.iter().any(|hand| hand.hold == Hold::Reserved(id));
        let stands = if offer.purpose == OfferPurpose::Consult {
            contact.consult == Some(id)
        } else {
            contact.offer == Some(id) || contact.more_offers.contains(&id)
        };
        let live = offer.end.is_none();
        ensure!(live == reserved, "{id} is live: {live}, has reserved its agent: {reserved}");
        ensure!(live == stands, "{id} is live: {live}, stands on its contact: {stands}");
    }
    Ok(())
}

fn counts(floor: &Floor) -> Finding {
    let alive = floor.contacts().filter(|(_, contact)| contact.ended.is_none()).count();
    ensure!(alive == floor.alive() as usize, "{alive} contacts are alive, the floor says {}", floor.alive());
    for (ix, queue) in floor.queues().iter().enumerate() {
        let visits = floor
            .contacts()
            .filter(|(_, contact)| contact.visit.is_some_and(|visit| visit.queue as usize == ix));
        let visits = visits.count();
        ensure!(
            visits == queue.visits as usize,
            "queue {} counts {} visits, there are {visits}",
            queue.config.queue,
            queue.visits
        );
        let shut = queue.state == QueueState::Closed || !queue.config.active;
        // A promise to call back later may outlast the night, where the hours have closed and not a hand.
        let later = floor.contacts().filter(|(_, contact)| {
            contact.visit.is_some_and(|visit| visit.queue as usize == ix)
                && contact.callback.is_some_and(|promise| promise.retry_at.is_some())
        });
        let later = later.count();
        let kept = if queue.closed_by_hours && queue.config.active { later } else { 0 };
        ensure!(!shut || visits <= kept, "{visits} wait in queue {}, where nobody comes", queue.config.queue);
        let late = queue.state == QueueState::Draining && queue.over_since.is_some();
        ensure!(!late || visits > later, "queue {} drains, and nobody waits in it", queue.config.queue);
        ensure!(
            queue.parked as usize == later,
            "queue {} counts {} to be called later, there are {later}",
            queue.config.queue,
            queue.parked
        );
        ensure!(
            !queue.closed_by_hours || queue.state == QueueState::Closed && !queue.emergency,
            "queue {} is closed by its hours, and {:?}",
            queue.config.queue,
            queue.state
        );
    }
    Ok(())
}

/// An ended contact that is in nobody's hands waits to be forgotten, once, and for as long as the site says.
fn forgetting(floor: &Floor) -> Finding {
    for (id, contact) in floor.contacts() {
        let waits = floor.over.iter().filter(|(_, over)| *over == id).count();
        let should = usize::from(contact.ended.is_some() && contact.hands == 0);
        ensure!(waits == should, "{id} is {waits} times among those to be forgotten, not {should}");
    }
    for (at, id) in &floor.over {
        ensure!(floor.contact(*id).is_some(), "{id} is to be forgotten and is not there");
        let until = at.plus(floor.settings().ended_kept_ms);
        ensure!(until >= floor.at, "{id} should have been forgotten at {until}");
    }
    Ok(())
}
