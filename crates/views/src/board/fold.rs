//! What each event does to the board's rows, and to the counts that hang on them. Rows change through
//! `change_agent` and `change_contact` alone, which keep the counts of their queues in step.

use super::agent::{AgentRow, Does, Hand, HandState};
use super::contact::{ContactRow, Leg, OfferRow, Participant, Standing};
use super::queue::{ActivityCounts, QueueRow, Today};
use super::{Board, DAY_MICROS};
use crate::facts::{Evidence, SpellFact};
use cordboard_floor::configuration::BreakQuota;
use cordboard_floor::contact::Role;
use cordboard_floor::event::{AgentApplied, Event, NextState, OfferCreated, OfferPurpose};
use cordboard_floor::{AgentId, ContactId, Instant, OfferId, QueueId, Reason, Recorded};
use std::collections::BTreeMap;

impl Board {
    /// Hands an event to the rows that it changes.
    pub(super) fn take(&mut self, recorded: &Recorded<Event>) {
        let Recorded { seq, at, reason, event, .. } = recorded;
        let (seq, at, reason) = (*seq, *at, *reason);
        match event {
            Event::EngineStarted(event) => {
                self.epoch = event.epoch;
                self.clock_scale = event.clock_scale;
                self.version = Some(event.version.clone());
                self.stopping_until = None;
                for agent in self.agents.values_mut() {
                    agent.session = None;
                }
            }
            Event::EngineStopping(event) => self.stopping_until = Some(event.until),
            Event::ClockPaused(_) | Event::ClockStepped(_) | Event::ActNoted(_) => {}
            Event::TeamMessaged(_) | Event::MessageAcknowledged(_) => self.take_message(recorded),
            Event::AlertRaised(_)
            | Event::AlertChanged(_)
            | Event::AlertAcknowledged(_)
            | Event::AlertResolved(_) => self.take_alert(at, event),
            Event::AlertRuleApplied(_) => {}
            Event::QueueBreaksSet(event) => {
                if let Some(row) = self.queues.get_mut(&event.queue) {
                    row.breaks = BreakQuota { away_max: event.at_most, staffed_min: event.ready_at_least };
                }
            }
            Event::AccountChanged(_) | Event::PersonErased(_) | Event::AccessUnmasked(_) => {}
            Event::FigureEntered(_) | Event::FigureWithdrawn(_) => {}
            Event::ReportFrozen(_)
            | Event::ReportSubmitted(_)
            | Event::ReportApproved(_)
            | Event::ReportReturned(_) => {}
            Event::QueueApplied(event) => self.take_queue(at, event),
            Event::HoursApplied(event) => self.take_hours(&event.hours),
            Event::AgentApplied(event) => self.take_agent(seq, at, event),
            Event::ReasonApplied(event) => {
                self.reasons.insert(event.reason.reason.slug, event.reason.clone());
            }
            Event::SiteApplied(event) => self.settings = event.site.clone(),
            Event::QueueOpened(_) | Event::QueueDraining(_) | Event::QueueClosed(_) => {
                self.take_doors(at, event, reason);
            }
            Event::QueueDrained(event) => self.take_drained(at, event),
            Event::OfferCreated(event) => self.take_offer(seq, at, event),
            Event::OfferAccepted(_)
            | Event::OfferRejected(_)
            | Event::OfferTimedOut(_)
            | Event::OfferRescinded(_)
            | Event::OfferCancelled(_)
            | Event::OfferFailed(_) => self.take_offer_end(seq, at, event),
            Event::WrapupStarted(_) | Event::WrapupExtended(_) | Event::WrapupCompleted(_) => {
                self.take_wrapup(seq, at, event);
            }
            Event::CallbackOffered(_)
            | Event::CallbackRequested(_)
            | Event::CallbackDialled(_)
            | Event::CallbackAnswered(_)
            | Event::CallbackFailed(_)
            | Event::CallbackDue(_) => {
                if let Some(contact) = event.contact() {
                    self.take_callback(seq, at, contact, event);
                }
            }
            _ => match (event.contact(), event.agent()) {
                (Some(contact), Some(agent)) => self.take_conversation(seq, at, contact, agent, event),
                (Some(contact), None) => self.take_place(seq, at, contact, event),
                (None, Some(agent)) => {
                    self.take_presence(seq, at, agent, event, reason);
                }
                (None, None) => {}
            },
        }
    }

    /// Counts begin anew with the first event of a day.
    pub(super) fn turn_day(&mut self) {
        let begins = (self.day_begins.0 as i64).saturating_mul(1000);
        let day = self.at.micros().saturating_sub(begins).div_euclid(DAY_MICROS);
        if day != self.day {
            self.day = day;
            for queue in self.queues.values_mut() {
                queue.today = Today::default();
            }
        }
    }

    /// Contacts that ended longer ago than the site keeps them leave the board, as they leave the floor.
    pub(super) fn forget(&mut self) {
        while let Some((at, contact)) = self.over.front().copied() {
            if at.plus(self.settings.ended_kept_ms) >= self.at {
                break;
            }
            self.over.pop_front();
            self.contacts.remove(&contact);
        }
    }

    fn take_presence(
        &mut self,
        seq: u64,
        at: Instant,
        agent: AgentId,
        event: &Event,
        reason: Option<Reason>,
    ) {
        let is_break = self.is_break(event);
        let keeps_idle = self.settings.not_ready_is_idle;
        self.change_agent(seq, at, agent, |row| {
            let idle_since = row.idle_since;
            row.take(at, event, is_break, reason);
            // Nobody has been idle before she was first ready.
            let was_ready = row.signed_in_at.is_some_and(|signed_in| signed_in != idle_since);
            if keeps_idle && was_ready && matches!(event, Event::AgentReady(_)) {
                row.idle_since = idle_since;
            }
        });
    }

    fn is_break(&self, event: &Event) -> bool {
        match event {
            Event::AgentNotReady(event) => {
                self.reasons.get(&event.reason.slug).is_some_and(|known| known.is_break)
            }
            Event::AgentNextStateSet(event) => match event.next {
                Some(NextState::NotReady(reason)) => {
                    self.reasons.get(&reason.slug).is_some_and(|known| known.is_break)
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn take_agent(&mut self, seq: u64, at: Instant, event: &AgentApplied) {
        let id = event.agent.agent;
        let mut counted = Counted { queues: &mut self.queues, awaited: &mut self.awaited };
        if let Some(known) = self.agents.get(&id) {
            for queue in known.served() {
                count(&mut counted, *queue, Some(known.counted()), None);
            }
        }
        let row = self.agents.entry(id).or_insert_with(|| AgentRow::new(id, seq, at));
        row.configure(event);
        row.seq = seq;
        for queue in row.served() {
            count(&mut counted, *queue, None, Some(row.counted()));
        }
    }

    fn take_conversation(&mut self, seq: u64, at: Instant, id: ContactId, agent: AgentId, event: &Event) {
        self.change_contact(seq, at, id, |row| match event {
            Event::ContactConnected(event) => {
                row.participants.push(Participant { agent, role: event.role, since: at, muted: false });
                if event.role == Role::Owner {
                    row.drop_offer(event.offer);
                }
            }
            Event::ContactHeld(_) => row.held_since = Some(at),
            Event::ContactResumed(_) => row.held_since = None,
            Event::ContactRoleChanged(_) | Event::ContactMuted(_) | Event::ContactUnmuted(_) => {
                if let Some(part) = row.participants.iter_mut().find(|part| part.agent == agent) {
                    match event {
                        Event::ContactRoleChanged(event) => part.role = event.role,
                        _ => part.muted = matches!(event, Event::ContactMuted(_)),
                    }
                }
            }
            Event::ContactLeft(_) => {
                row.participants.retain(|part| part.agent != agent);
                row.held_since = row.held_since.filter(|_| !row.participants.is_empty());
                row.hands -= 1;
            }
            _ => {}
        });
        let wrapup_is_idle = self.settings.wrapup_is_idle;
        self.change_agent(seq, at, agent, |row| match event {
            Event::ContactConnected(event) => row.set_hand(id, event.role, HandState::Connected, at),
            Event::ContactHeld(_) => row.set_hand(id, Role::Owner, HandState::Held, at),
            Event::ContactResumed(_) => row.set_hand(id, Role::Owner, HandState::Connected, at),
            Event::ContactRoleChanged(event) => row.set_hand(id, event.role, HandState::Connected, at),
            Event::ContactMuted(_) | Event::ContactUnmuted(_) => {
                if let Some(hand) = row.on_mut(id) {
                    hand.muted = matches!(event, Event::ContactMuted(_));
                }
            }
            Event::ContactLeft(_) => row.empty_hand(id, at, wrapup_is_idle),
            _ => {}
        });
    }

    fn take_offer(&mut self, seq: u64, at: Instant, event: &OfferCreated) {
        self.offers.insert(event.offer, OfferRow::new(event, at));
        let consults = event.purpose == OfferPurpose::Consult;
        self.change_contact(seq, at, event.contact, |row| {
            row.hands += 1;
            if consults {
                row.consult = Some(event.offer);
            } else {
                row.add_offer(event.offer);
            }
        });
        self.change_agent(seq, at, event.agent, |row| {
            row.contacts.push(Hand {
                contact: event.contact,
                role: if consults { Role::Consulted } else { Role::Owner },
                state: HandState::Reserved,
                since: at,
                queue: event.queue,
                offer: Some(event.offer),
                purpose: Some(event.purpose),
                answer_by: Some(event.answer_by),
                ends_at: None,
                extended: 0,
                dialling: false,
                muted: false,
            });
        });
    }

    fn take_offer_end(&mut self, seq: u64, at: Instant, event: &Event) {
        let Some(row) = event.ends_offer().and_then(|offer: OfferId| self.offers.remove(&offer)) else {
            return;
        };
        let accepted = matches!(event, Event::OfferAccepted(_));
        let wrapup_is_idle = self.settings.wrapup_is_idle;
        // Until she is connected an accepted contact stays where it was: reserved for her.
        self.change_agent(seq, at, row.agent, |agent| {
            if !accepted {
                agent.empty_hand(row.contact, at, wrapup_is_idle);
            }
            match event {
                Event::OfferTimedOut(_) => agent.missed = agent.missed.saturating_add(1),
                Event::OfferAccepted(_) => agent.missed = 0,
                _ => {}
            }
        });
        self.change_contact(seq, at, row.contact, |contact| {
            contact.hands -= u32::from(!accepted);
            if row.purpose == OfferPurpose::Consult {
                contact.consult = None;
            } else if accepted {
                contact.keep_offer(row.offer);
            } else {
                contact.drop_offer(row.offer);
            }
        });
    }

    fn take_wrapup(&mut self, seq: u64, at: Instant, event: &Event) {
        let (Some(id), Some(agent)) = (event.contact(), event.agent()) else { return };
        match event {
            Event::WrapupStarted(event) => {
                self.change_agent(seq, at, agent, |row| {
                    row.contacts.push(Hand {
                        contact: id,
                        role: Role::Owner,
                        state: HandState::WrapUp,
                        since: at,
                        queue: Some(event.queue),
                        offer: None,
                        purpose: None,
                        answer_by: None,
                        ends_at: Some(event.ends_at),
                        extended: 0,
                        dialling: false,
                        muted: false,
                    });
                });
                self.change_contact_hands(id, 1);
                // It was laid to rest when the last one left; it is in hand again.
                if self.over.back().is_some_and(|(_, last)| *last == id) {
                    self.over.pop_back();
                }
            }
            Event::WrapupExtended(event) => self.change_agent(seq, at, agent, |row| {
                if let Some(hand) = row.wrapup_of_mut(id) {
                    hand.ends_at = Some(event.ends_at);
                    hand.extended += 1;
                }
            }),
            Event::WrapupCompleted(_) => {
                let is_idle = self.settings.wrapup_is_idle;
                self.change_agent(seq, at, agent, |row| row.end_wrapup(id, at, is_idle));
                self.change_contact_hands(id, -1);
                self.lay_to_rest(id);
            }
            _ => {}
        }
    }

    fn change_contact_hands(&mut self, id: ContactId, by: i32) {
        if let Some(row) = self.contacts.get_mut(&id) {
            row.hands = row.hands.saturating_add_signed(by);
        }
    }

    pub(super) fn lay_to_rest(&mut self, id: ContactId) {
        if self.contacts.get(&id).is_some_and(|row| row.end.is_some() && row.hands == 0) {
            self.over.push_back((self.at, id));
        }
    }

    /// Changes an agent because of an event about her.
    pub(super) fn change_agent(
        &mut self,
        seq: u64,
        at: Instant,
        id: AgentId,
        change: impl FnOnce(&mut AgentRow),
    ) {
        self.change_hands(at, id, |row| {
            row.seq = seq;
            change(row);
        });
    }

    /// Changes an agent, and the counts of her queues if she does something else now.
    pub(super) fn change_hands(&mut self, at: Instant, id: AgentId, change: impl FnOnce(&mut AgentRow)) {
        let Some(row) = self.agents.get_mut(&id) else { return };
        let (before, reason) = (row.counted(), row.reason);
        change(row);
        row.activity = row.derive_activity();
        let after = row.counted();
        if (after.activity, row.reason) != (before.activity, reason) {
            if let Some(spells) = self.spells.as_mut().filter(|_| row.activity_since < at) {
                spells.push(SpellFact {
                    agent: id,
                    team: row.team,
                    activity: before.activity,
                    reason,
                    from: row.activity_since,
                    to: at,
                    evidence: Evidence { first: row.activity_seq, last: self.seq },
                });
            }
            row.activity_since = at;
            row.activity_seq = self.seq;
        }
        if after != before {
            let mut counted = Counted { queues: &mut self.queues, awaited: &mut self.awaited };
            for queue in row.served() {
                count(&mut counted, *queue, Some(before), Some(after));
            }
        }
    }

    /// Changes a contact because of an event about it, and the counts of its queue if it stands elsewhere now.
    pub(super) fn change_contact(
        &mut self,
        seq: u64,
        at: Instant,
        id: ContactId,
        change: impl FnOnce(&mut ContactRow),
    ) {
        let Some(row) = self.contacts.get_mut(&id) else { return };
        let (state, before) = (row.state, row.standing());
        row.seq = seq;
        change(row);
        row.owner = row.owned_by();
        row.state = row.derive_state();
        let after = row.standing();
        if row.state != state {
            row.since = at;
        }
        if after != before {
            self.stand(id, before, false);
            self.stand(id, after, true);
        }
    }

    /// Counts a contact in where it stands, or out of there.
    fn stand(&mut self, id: ContactId, standing: Option<Standing>, comes: bool) {
        let Some(standing) = standing else { return };
        let Some(row) = self.queues.get_mut(&standing.queue()) else { return };
        let counter = match standing {
            Standing::Waiting(queue, since, leg) => {
                if leg == Leg::Gone {
                    row.callbacks = if comes { row.callbacks + 1 } else { row.callbacks - 1 };
                }
                let waiting = self.waiting.entry(queue).or_default();
                if comes {
                    waiting.insert((since, id));
                } else {
                    waiting.remove(&(since, id));
                }
                row.longest_since = waiting.first().map(|(since, _)| *since);
                &mut row.waiting
            }
            Standing::Ringing(_) => &mut row.ringing,
            Standing::Connected(_) => &mut row.connected,
        };
        *counter = if comes { *counter + 1 } else { *counter - 1 };
    }
}

/// Moves an agent from one count of a queue to another.
fn count(board: &mut Counted<'_>, queue: QueueId, before: Option<Does>, after: Option<Does>) {
    let counts = match board.queues.get_mut(&queue) {
        Some(row) => &mut row.agents,
        None => board.awaited.entry(queue).or_default(),
    };
    if let Some(before) = before {
        counts.take(before);
    }
    if let Some(after) = after {
        counts.add(after);
    }
}

/// What agents' activities are counted in.
struct Counted<'a> {
    queues: &'a mut BTreeMap<QueueId, QueueRow>,
    awaited: &'a mut BTreeMap<QueueId, ActivityCounts>,
}
