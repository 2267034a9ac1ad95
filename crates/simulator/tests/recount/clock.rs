//! The other half of the second opinion: the time of agents. The clock goes on second by second, and within a second from event to
//! event; whoever is here spends what has passed on what she does. Hands count before presence, so whoever talks while her link is
//! gone still talks; whoever has dialled a caller waits for her as for a ring.

use std::collections::BTreeMap;

use cordboard_floor::contact::Role;
use cordboard_floor::{AgentId, ContactId, Event, OfferId, Recorded};

use crate::plain::{Counts, HALF_HOUR_US, add, end_of_offer};

const SECOND_US: i64 = 1_000_000;

/// Rows by the half hour's beginning and agent.
type Rows = BTreeMap<(i64, AgentId), Counts>;

/// From the first second of the range to its last, or to the last event of the log: of more nobody knows.
pub(crate) fn walk(log: &[Recorded<Event>], from_us: i64, to_us: i64, rows: &mut Rows) {
    let mut clock = Clock { now_us: from_us, desks: BTreeMap::new(), rows };
    let mut events = log.iter().peekable();
    while let Some(early) = events.next_if(|recorded| recorded.at.micros() < from_us) {
        clock.hear(&early.event);
    }
    let end_us = log.last().map_or(from_us, |last| last.at.micros()).min(to_us);
    while clock.now_us < end_us {
        let second_us = (clock.now_us.div_euclid(SECOND_US) + 1) * SECOND_US;
        while let Some(next) = events.next_if(|recorded| recorded.at.micros() < second_us.min(to_us)) {
            clock.pass_until(next.at.micros());
            clock.hear(&next.event);
        }
        clock.pass_until(second_us.min(end_us));
        if clock.now_us % HALF_HOUR_US == 0 {
            clock.write_down(clock.now_us - HALF_HOUR_US);
        }
    }
    clock.write_down(clock.now_us.div_euclid(HALF_HOUR_US) * HALF_HOUR_US);
}

/// What an agent does with a contact in hand, the kind that counts first at the top.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hand {
    Talking,
    Advising,
    Holding,
    Ringing(OfferId),
    Dialling,
    Writing,
}

/// An agent who is here, or has something in hand.
#[derive(Default)]
struct Desk {
    signed_in: bool,
    ready: bool,
    out_of_reach: bool,
    hands: Vec<(ContactId, Hand)>,
    /// What her time has gone to since the half hour began, in ms.
    spent: Spent,
}

#[derive(Default)]
struct Spent {
    signed_in: u64,
    talking: u64,
    holding: u64,
    reserved: u64,
    wrapping: u64,
    unreachable: u64,
    idle: u64,
    not_ready: u64,
}

impl Spent {
    fn write_down(&mut self, row: &mut Counts) {
        let spent = std::mem::take(self);
        add(row, "signed_in_ms", spent.signed_in);
        add(row, "talking_ms", spent.talking);
        add(row, "holding_ms", spent.holding);
        add(row, "reserved_ms", spent.reserved);
        add(row, "wrapping_ms", spent.wrapping);
        add(row, "unreachable_ms", spent.unreachable);
        add(row, "idle_ms", spent.idle);
        add(row, "not_ready_ms", spent.not_ready);
    }
}

impl Desk {
    /// So many milliseconds go to what fills her time now.
    fn spend(&mut self, ms: u64) {
        if self.signed_in {
            self.spent.signed_in += ms;
        } else if self.hands.is_empty() {
            return;
        }
        match self.hands.iter().map(|(_, hand)| *hand).min() {
            Some(Hand::Talking | Hand::Advising) => self.spent.talking += ms,
            Some(Hand::Holding) => self.spent.holding += ms,
            Some(Hand::Ringing(_) | Hand::Dialling) => self.spent.reserved += ms,
            Some(Hand::Writing) => self.spent.wrapping += ms,
            None if self.out_of_reach => self.spent.unreachable += ms,
            None if self.ready => self.spent.idle += ms,
            None => self.spent.not_ready += ms,
        }
    }

    /// What she does with a contact from now on, in place of what she did with it.
    fn takes(&mut self, contact: ContactId, hand: Hand) {
        self.lets_go(contact);
        self.hands.push((contact, hand));
    }

    /// She has it no longer, unless she still writes about it.
    fn lets_go(&mut self, contact: ContactId) {
        self.hands.retain(|(of, hand)| *of != contact || *hand == Hand::Writing);
    }
}

/// The clock on the wall, and everybody who sees it.
struct Clock<'a> {
    now_us: i64,
    desks: BTreeMap<AgentId, Desk>,
    rows: &'a mut Rows,
}

impl Clock<'_> {
    /// Everyone spends the time until then as she does now.
    fn pass_until(&mut self, us: i64) {
        let ms = u64::try_from(us.div_euclid(1_000) - self.now_us.div_euclid(1_000)).expect("time goes on");
        self.now_us = us;
        self.desks.values_mut().filter(|_| ms > 0).for_each(|desk| desk.spend(ms));
    }

    fn write_down(&mut self, half_hour_us: i64) {
        for (agent, desk) in &mut self.desks {
            desk.spent.write_down(self.rows.entry((half_hour_us, *agent)).or_default());
        }
        // Whoever went home has nothing more to write down.
        self.desks.retain(|_, desk| desk.signed_in || !desk.hands.is_empty());
    }

    fn desk(&mut self, agent: AgentId) -> &mut Desk {
        self.desks.entry(agent).or_default()
    }

    fn hear(&mut self, event: &Event) {
        match event {
            // She sits down, not ready.
            Event::AgentSignedIn(event) => {
                let desk = self.desk(event.agent);
                (desk.signed_in, desk.ready, desk.out_of_reach) = (true, false, false);
            }
            Event::AgentReady(event) => self.desk(event.agent).ready = true,
            Event::AgentNotReady(event) => self.desk(event.agent).ready = false,
            Event::AgentSignedOut(event) => {
                let desk = self.desk(event.agent);
                (desk.signed_in, desk.ready, desk.out_of_reach) = (false, false, false);
            }
            Event::AgentUnreachable(event) => self.desk(event.agent).out_of_reach = true,
            Event::AgentReachable(event) => self.desk(event.agent).out_of_reach = false,
            Event::OfferCreated(event) => {
                let desk = self.desk(event.agent);
                desk.hands.push((event.contact, Hand::Ringing(event.offer)));
            }
            Event::ContactConnected(event) => {
                self.desk(event.agent).takes(event.contact, on_it_as(event.role));
            }
            Event::ContactRoleChanged(event) => {
                self.desk(event.agent).takes(event.contact, on_it_as(event.role));
            }
            Event::CallbackDialled(event) => self.desk(event.agent).takes(event.contact, Hand::Dialling),
            Event::CallbackAnswered(event) => {
                for desk in self.desks.values_mut() {
                    if desk.hands.contains(&(event.contact, Hand::Dialling)) {
                        desk.takes(event.contact, Hand::Talking);
                    }
                }
            }
            Event::ContactHeld(event) => self.desk(event.agent).takes(event.contact, Hand::Holding),
            Event::ContactResumed(event) => self.desk(event.agent).takes(event.contact, Hand::Talking),
            Event::ContactLeft(event) => self.desk(event.agent).lets_go(event.contact),
            Event::ContactEnded(event) => {
                self.desks.values_mut().for_each(|desk| desk.lets_go(event.contact));
            }
            Event::WrapupStarted(event) => {
                self.desk(event.agent).hands.push((event.contact, Hand::Writing));
            }
            Event::WrapupCompleted(event) => {
                self.desk(event.agent).hands.retain(|hand| *hand != (event.contact, Hand::Writing));
            }
            // Whoever took it is connected in the same breath.
            Event::OfferAccepted(_) => {}
            event => {
                let Some((offer, agent)) = end_of_offer(event).zip(event.agent()) else { return };
                self.desk(agent).hands.retain(|(_, hand)| *hand != Hand::Ringing(offer.0));
            }
        }
    }
}

const fn on_it_as(role: Role) -> Hand {
    match role {
        Role::Consulted => Hand::Advising,
        Role::Owner | Role::Conferenced | Role::Listening | Role::Whispering | Role::Barged => Hand::Talking,
    }
}
