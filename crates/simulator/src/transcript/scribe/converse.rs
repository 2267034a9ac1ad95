//! Rings, answers, consultations and transfers.

use cordboard_floor::actor::reasons;
use cordboard_floor::contact::{Role, TransferKind, TransferTarget, VisitEnd};
use cordboard_floor::event::{
    ContactConnected, ContactLeft, ContactRoleChanged, ContactTransferred, Event, OfferAccepted,
    OfferCancelled, OfferCreated, OfferFailed, OfferPurpose, OfferRejected, OfferRescinded, OfferTimedOut,
};
use cordboard_floor::refusal::OfferEnd;
use cordboard_floor::{AgentId, ContactId, Millis, OfferId, Reason};

use super::Scribe;
use crate::transcript::TranscriptError;

/// Until when an agent might have answered a ring is not recorded. No ring is believed to be longer.
const RING_MS: Millis = Millis::from_secs(24 * 3_600);

impl Scribe<'_> {
    pub(super) fn ring(&mut self, contact: ContactId, agent: AgentId) -> Result<(), TranscriptError> {
        if self.ring_at(contact, agent).is_some() {
            return Ok(());
        }
        self.must_be_there(agent);
        self.offer(contact, agent, OfferPurpose::Queue);
        self.turn(None)
    }

    pub(super) fn ring_over(
        &mut self,
        contact: ContactId,
        agent: AgentId,
        end: OfferEnd,
    ) -> Result<(), TranscriptError> {
        let Some(offer) = self.ring_at(contact, agent) else { return Ok(()) };
        self.add(reasons::IMPORTED, ended(end, offer, contact, agent));
        self.turn(None)?;
        self.let_go(vec![agent])
    }

    pub(super) fn answer(&mut self, contact: ContactId, agent: AgentId) -> Result<(), TranscriptError> {
        let live = self.ring_at(contact, agent);
        self.must_be_there(agent);
        let offer = live.unwrap_or_else(|| self.offer(contact, agent, OfferPurpose::Queue));
        self.add(reasons::IMPORTED, OfferAccepted { offer, contact, agent });
        let others = self.stop_rings_but(contact, Some(offer), OfferEnd::Rescinded, reasons::IMPORTED);
        self.end_visit(contact, VisitEnd::Answered, reasons::IMPORTED);
        self.add(reasons::IMPORTED, ContactConnected { contact, agent, role: Role::Owner, offer });
        self.turn(None)?;
        self.let_go(others)
    }

    pub(super) fn consult(
        &mut self,
        contact: ContactId,
        agent: AgentId,
        stays: bool,
    ) -> Result<(), TranscriptError> {
        if self.is_on(contact, agent) {
            return Ok(());
        }
        self.must_be_there(agent);
        let (offer, role) = (self.offer(contact, agent, OfferPurpose::Consult), Role::Consulted);
        self.add(reasons::IMPORTED, OfferAccepted { offer, contact, agent });
        self.add(reasons::IMPORTED, ContactConnected { contact, agent, role, offer });
        if !stays {
            self.add(reasons::INFERRED, ContactLeft { contact, agent, role });
        }
        self.turn(None)
    }

    pub(super) fn transfer(
        &mut self,
        contact: ContactId,
        to: TransferTarget,
        kind: TransferKind,
        heir: Option<AgentId>,
    ) -> Result<(), TranscriptError> {
        let Some(known) = self.floor().contact(contact) else { return Ok(()) };
        let Some(giver) = known.owner().map(|ix| self.agent_of(ix)).filter(|giver| Some(*giver) != heir)
        else {
            return Ok(());
        };
        let on: Vec<(AgentId, Role)> =
            known.participants.iter().map(|(ix, role)| (self.agent_of(*ix), *role)).collect();
        self.add(reasons::IMPORTED, ContactTransferred { contact, agent: giver, to, kind });
        let stays = |agent: AgentId| heir == Some(agent);
        for (agent, role) in on.iter().filter(|(agent, _)| !stays(*agent)) {
            self.add(reasons::IMPORTED, ContactLeft { contact, agent: *agent, role: *role });
        }
        if let Some(heir) = heir {
            let role = Role::Owner;
            if on.iter().any(|(agent, _)| stays(*agent)) {
                self.add(reasons::IMPORTED, ContactRoleChanged { contact, agent: heir, role });
            } else {
                self.must_be_there(heir);
                let offer = self.offer(contact, heir, OfferPurpose::Transfer);
                self.add(reasons::IMPORTED, OfferAccepted { offer, contact, agent: heir });
                self.add(reasons::IMPORTED, ContactConnected { contact, agent: heir, role, offer });
            }
        }
        self.turn(None)?;
        self.let_go(on.into_iter().map(|(agent, _)| agent).collect())
    }

    /// Ends everything that rings for a contact; answers at whom it rang.
    pub(super) fn stop_rings(&mut self, contact: ContactId, end: OfferEnd, reason: Reason) -> Vec<AgentId> {
        self.stop_rings_but(contact, None, end, reason)
    }

    fn stop_rings_but(
        &mut self,
        contact: ContactId,
        but: Option<OfferId>,
        end: OfferEnd,
        reason: Reason,
    ) -> Vec<AgentId> {
        let rings = self.rings(contact);
        let mut rung = Vec::new();
        for (offer, agent) in rings.into_iter().filter(|(offer, _)| Some(*offer) != but) {
            self.add(reason, ended(end, offer, contact, agent));
            rung.push(agent);
        }
        rung
    }

    fn rings(&self, contact: ContactId) -> Vec<(OfferId, AgentId)> {
        let Some(known) = self.floor().contact(contact) else { return Vec::new() };
        let whose = |id: OfferId| {
            let offer = self.floor().offer(id).filter(|offer| offer.end.is_none())?;
            Some((id, self.agent_of(offer.agent)))
        };
        known.live_offers().filter_map(whose).collect()
    }

    fn ring_at(&self, contact: ContactId, agent: AgentId) -> Option<OfferId> {
        self.rings(contact).into_iter().find(|(_, rung)| *rung == agent).map(|(offer, _)| offer)
    }

    fn is_on(&self, contact: ContactId, agent: AgentId) -> bool {
        self.agent(agent).is_some_and(|known| known.on(contact).is_some())
    }

    /// How she was chosen is not recorded: no rank, no candidates, no digest.
    fn offer(&mut self, contact: ContactId, agent: AgentId, purpose: OfferPurpose) -> OfferId {
        let offer = OfferId(self.next_seq());
        let known = self.floor().contact(contact);
        let visit = known.and_then(|known| known.visit).map(|visit| visit.visit);
        let queue = known.and_then(|known| known.last_queue);
        let queue = queue.map(|ix| self.floor().queues()[ix as usize].config.queue);
        let event = OfferCreated {
            offer,
            contact,
            visit,
            queue,
            agent,
            purpose,
            answer_by: self.at.plus(RING_MS),
            rule_version: u32::from(queue.is_some()),
            step: 0,
            rank: 0,
            candidates: 0,
            digest: 0,
            wanted: false,
        };
        self.add(reasons::IMPORTED, event);
        offer
    }
}

fn ended(end: OfferEnd, offer: OfferId, contact: ContactId, agent: AgentId) -> Event {
    match end {
        OfferEnd::Accepted => OfferAccepted { offer, contact, agent }.into(),
        OfferEnd::Rejected => OfferRejected { offer, contact, agent }.into(),
        OfferEnd::TimedOut => OfferTimedOut { offer, contact, agent }.into(),
        OfferEnd::Rescinded => OfferRescinded { offer, contact, agent }.into(),
        OfferEnd::Cancelled => OfferCancelled { offer, contact, agent }.into(),
        OfferEnd::Failed => OfferFailed { offer, contact, agent }.into(),
    }
}
