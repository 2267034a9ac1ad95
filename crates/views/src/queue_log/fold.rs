//! Which lines an event has.

use super::row::Datum;
use super::{Call, QueueLog, Ring, Row, Talk, Visit};
use cordboard_floor::actor::reasons;
use cordboard_floor::contact::{EndedBy, Role, TransferKind, TransferTarget, VisitEnd};
use cordboard_floor::event::{
    ContactConnected, ContactEnded, ContactQueued, ContactTransferred, Event, OfferPurpose, VisitEnded,
};
use cordboard_floor::{AgentId, ContactId, Instant, OfferId, QueueId, Recorded};

impl QueueLog {
    /// The lines of the next event. An event at or before [`QueueLog::seq`] is no news and has none.
    pub fn rows(&mut self, recorded: &Recorded<Event>) -> Vec<Row> {
        if recorded.seq <= self.seq {
            return Vec::new();
        }
        self.seq = recorded.seq;
        let mut rows = Vec::new();
        self.take(recorded.at, &recorded.event, &mut rows);
        rows
    }

    fn take(&mut self, at: Instant, event: &Event, rows: &mut Vec<Row>) {
        match event {
            Event::EngineStarted(_) => rows.push(self.row(at, "QUEUESTART", [])),
            Event::QueueApplied(_) | Event::AgentApplied(_) | Event::SiteApplied(_) => {
                self.reloaded(at, rows);
            }
            Event::ContactArrived(event) => {
                let pseudonym = event.from.as_ref().map(|from| from.pseudonym);
                let call = Call { came: at, pseudonym, queued: false, visit: None, answered: None };
                self.calls.insert(event.contact, call);
            }
            Event::ContactQueued(event) => self.queued(at, event, rows),
            Event::ContactReprioritised(event) => self.moved(event.contact, event.order),
            Event::VisitStepped(event) => self.moved(event.contact, event.order),
            Event::VisitEnded(event) => self.visit_ended(at, event, rows),
            Event::OfferCreated(event) => {
                if matches!(event.purpose, OfferPurpose::Queue | OfferPurpose::Assigned) {
                    let ring = Ring { contact: event.contact, agent: event.agent, since: at };
                    self.rings.insert(event.offer, ring);
                }
            }
            Event::OfferTimedOut(event) => self.rang(at, event.offer, "RINGNOANSWER", rows),
            Event::OfferRejected(event) => {
                self.left_out.offers_rejected += u64::from(self.rings.contains_key(&event.offer));
                self.rang(at, event.offer, "RINGNOANSWER", rows);
            }
            Event::OfferFailed(event) => {
                self.left_out.offers_failed += u64::from(self.rings.contains_key(&event.offer));
                self.rang(at, event.offer, "RINGNOANSWER", rows);
            }
            Event::OfferCancelled(event) => self.rang(at, event.offer, "RINGCANCELED", rows),
            Event::OfferRescinded(event) => {
                self.left_out.offers_rescinded += u64::from(self.rings.remove(&event.offer).is_some());
            }
            Event::ContactConnected(event) => self.connected(at, event, rows),
            Event::ContactTransferred(event) => self.transferred(at, event, rows),
            Event::ContactLeft(event) if event.role == Role::Owner => {
                self.completed(at, event.contact, "COMPLETEAGENT", rows);
            }
            Event::ContactEnded(event) => self.ended(at, event, rows),
            Event::AgentSignedIn(event) => {
                self.agents.insert(event.agent, (event.seat, at));
                let seat = Datum::Word(event.seat.to_string());
                rows.push(self.agent_row(at, event.agent, "AGENTLOGIN", [seat]));
                // Nobody is ready before she says so.
                let why = Datum::Word(reasons::SIGNED_IN.slug.to_string());
                rows.push(self.agent_row(at, event.agent, "PAUSEALL", [why]));
            }
            Event::AgentSignedOut(event) => {
                let since = self.agents.remove(&event.agent).map_or(at, |(_, since)| since);
                let data = [Datum::Word(event.seat.to_string()), Datum::Span(since, at)];
                rows.push(self.agent_row(at, event.agent, "AGENTLOGOFF", data));
            }
            Event::AgentReady(event) => rows.push(self.agent_row(at, event.agent, "UNPAUSEALL", [])),
            Event::AgentNotReady(event) => {
                let why = Datum::Word(event.reason.slug.to_string());
                rows.push(self.agent_row(at, event.agent, "PAUSEALL", [why]));
            }
            _ => {}
        }
    }

    /// One event for each item, one line for all of them.
    fn reloaded(&mut self, at: Instant, rows: &mut Vec<Row>) {
        if self.reloaded_at.replace(at) != Some(at) {
            rows.push(self.row(at, "CONFIGRELOAD", []));
        }
    }

    fn queued(&mut self, at: Instant, event: &ContactQueued, rows: &mut Vec<Row>) {
        let Some(call) = self.calls.get_mut(&event.contact) else { return };
        let line = self.lines.entry(event.queue).or_default();
        line.insert((event.order, event.contact));
        let entered_at = position(line, event.order, event.contact);
        call.queued = true;
        call.visit = Some(Visit { queue: event.queue, since: at, order: event.order, entered_at });
        let caller = call.pseudonym.map_or(Datum::Nothing, |pseudonym| Datum::Word(hex(pseudonym)));
        let data = [Datum::Nothing, caller, Datum::Count(entered_at)];
        rows.push(self.call_row(at, event.contact, Some(event.queue), None, "ENTERQUEUE", data));
    }

    /// Its place in the line is another one.
    fn moved(&mut self, contact: ContactId, order: Instant) {
        let Some(visit) = self.calls.get_mut(&contact).and_then(|call| call.visit.as_mut()) else { return };
        if let Some(line) = self.lines.get_mut(&visit.queue) {
            line.remove(&(visit.order, contact));
            line.insert((order, contact));
        }
        visit.order = order;
    }

    fn visit_ended(&mut self, at: Instant, event: &VisitEnded, rows: &mut Vec<Row>) {
        let Some(call) = self.calls.get_mut(&event.contact) else { return };
        let Some(visit) = call.visit.take() else { return };
        let mut stood_at = visit.entered_at;
        if let Some(line) = self.lines.get_mut(&visit.queue) {
            stood_at = position(line, visit.order, event.contact);
            line.remove(&(visit.order, event.contact));
        }
        let name = match event.end {
            VisitEnd::Answered => {
                call.answered = Some(Talk { visit, from: at, agent: None });
                return;
            }
            VisitEnd::Abandoned => "ABANDON",
            VisitEnd::TimedOut => "EXITWITHTIMEOUT",
            VisitEnd::Overflowed(_) => {
                self.left_out.visits_overflowed += 1;
                "EXITWITHTIMEOUT"
            }
            VisitEnd::Withdrawn | VisitEnd::Transferred => {
                self.left_out.visits_withdrawn += 1;
                "EXITEMPTY"
            }
        };
        let data = [Datum::Count(stood_at), Datum::Count(visit.entered_at), Datum::Span(visit.since, at)];
        rows.push(self.call_row(at, event.contact, Some(visit.queue), None, name, data));
    }

    fn rang(&mut self, at: Instant, offer: OfferId, name: &'static str, rows: &mut Vec<Row>) {
        let Some(Ring { contact, agent, since }) = self.rings.remove(&offer) else { return };
        let queue = self.calls.get(&contact).and_then(|call| call.visit).map(|visit| visit.queue);
        rows.push(self.call_row(at, contact, queue, Some(agent), name, [Datum::Millis(since, at)]));
    }

    fn connected(&mut self, at: Instant, event: &ContactConnected, rows: &mut Vec<Row>) {
        let ring = self.rings.remove(&event.offer);
        if event.role != Role::Owner {
            return;
        }
        let Some(call) = self.calls.get_mut(&event.contact) else { return };
        let Some(talk) = call.answered.as_mut().filter(|talk| talk.agent.is_none()) else {
            self.left_out.conversations_taken_over += 1;
            return;
        };
        talk.agent = Some(event.agent);
        let visit = talk.visit;
        let data = [
            Datum::Span(visit.since, at),
            Datum::Word(event.offer.to_string()),
            Datum::Span(ring.map_or(at, |ring| ring.since), at),
        ];
        rows.push(self.call_row(at, event.contact, Some(visit.queue), Some(event.agent), "CONNECT", data));
    }

    fn transferred(&mut self, at: Instant, event: &ContactTransferred, rows: &mut Vec<Row>) {
        let Some((visit, agent, spans)) = self.talked(at, event.contact) else { return };
        let to = match event.to {
            TransferTarget::Queue(queue) => Datum::Word(queue.to_string()),
            TransferTarget::Agent(agent) => Datum::Word(agent.to_string()),
        };
        let (name, whereto) = match event.kind {
            TransferKind::Blind => ("BLINDTRANSFER", [to, Datum::Word("cordboard".to_owned())]),
            TransferKind::Attended => ("ATTENDEDTRANSFER", [Datum::Word("BRIDGE".to_owned()), to]),
        };
        let data = whereto.into_iter().chain(spans);
        rows.push(self.call_row(at, event.contact, Some(visit.queue), Some(agent), name, data));
    }

    fn ended(&mut self, at: Instant, event: &ContactEnded, rows: &mut Vec<Row>) {
        let by_caller = event.by == EndedBy::Caller;
        let name = if by_caller { "COMPLETECALLER" } else { "COMPLETEAGENT" };
        self.completed(at, event.contact, name, rows);
        if self.calls.remove(&event.contact).is_some_and(|call| !call.queued) {
            self.left_out.contacts_without_queue += 1;
        }
    }

    fn completed(&mut self, at: Instant, contact: ContactId, name: &'static str, rows: &mut Vec<Row>) {
        if let Some((visit, agent, spans)) = self.talked(at, contact) {
            rows.push(self.call_row(at, contact, Some(visit.queue), Some(agent), name, spans));
        }
    }

    /// A conversation that came from a queue ends here: with whom, and the spans that every end of one carries.
    fn talked(&mut self, at: Instant, contact: ContactId) -> Option<(Visit, AgentId, [Datum; 3])> {
        let Talk { visit, from, agent } = self.calls.get_mut(&contact)?.answered.take()?;
        let spans = [Datum::Span(visit.since, from), Datum::Span(from, at), Datum::Count(visit.entered_at)];
        Some((visit, agent?, spans))
    }

    fn row(&self, at: Instant, event: &'static str, data: impl IntoIterator<Item = Datum>) -> Row {
        let data = data.into_iter().collect();
        Row { seq: self.seq, at, call: None, queue: None, agent: None, event, data }
    }

    fn agent_row(
        &self,
        at: Instant,
        agent: AgentId,
        event: &'static str,
        data: impl IntoIterator<Item = Datum>,
    ) -> Row {
        Row { agent: Some(agent), ..self.row(at, event, data) }
    }

    fn call_row(
        &self,
        at: Instant,
        contact: ContactId,
        queue: Option<QueueId>,
        agent: Option<AgentId>,
        event: &'static str,
        data: impl IntoIterator<Item = Datum>,
    ) -> Row {
        let came = self.calls.get(&contact).map_or(at, |call| call.came);
        let call = Some(format!("{}.{}", came.micros().div_euclid(1_000_000), contact.0));
        Row { call, queue, agent, ..self.row(at, event, data) }
    }
}

fn position(
    line: &std::collections::BTreeSet<(Instant, ContactId)>,
    order: Instant,
    contact: ContactId,
) -> u64 {
    line.range(..=(order, contact)).count() as u64
}

fn hex(pseudonym: [u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(pseudonym))
}
