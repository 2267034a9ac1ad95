//! A log written by hand: two queues, two agents who are ready, and whatever a test says happened.

use cordboard_floor::actor::Actor;
use cordboard_floor::configuration::{AgentConfig, QueueConfig, RoutingPlan};
use cordboard_floor::contact::{ContactEnd, EndedBy, Role, VisitEnd};
use cordboard_floor::event::{
    AgentApplied, AgentReady, AgentSignedIn, ContactArrived, ContactConnected, ContactEnded, ContactQueued,
    Number, OfferAccepted, OfferCreated, OfferPurpose, QueueApplied, Sealed, VisitEnded,
};
use cordboard_floor::{
    AgentId, Channel, ContactId, Event, Instant, Millis, OfferId, PersonId, QueueId, Reason, Recorded,
    SeatId, SiteId, VisitId,
};
use cordboard_views::View;
use cordboard_views::board::Board;
use cordboard_views::figures::Figures;
use cordboard_views::story::Story;

pub(crate) const LI: AgentId = AgentId::fixed("1001");
pub(crate) const WANG: AgentId = AgentId::fixed("1002");
pub(crate) const SALES: QueueId = QueueId::fixed("sales");
pub(crate) const SERVICE: QueueId = QueueId::fixed("service");

#[derive(Clone)]
pub(crate) struct Hand {
    log: Vec<Recorded<Event>>,
    pub(crate) now: Instant,
}

pub(crate) fn number() -> Number {
    Number { pseudonym: [7; 16], sealed: Sealed { person: PersonId(9), bytes: Box::new([1, 2, 3]) } }
}

impl Hand {
    pub(crate) fn new() -> Self {
        Self::with_plan(RoutingPlan::default())
    }

    pub(crate) fn with_plan(plan: RoutingPlan) -> Self {
        let mut hand = Self { log: Vec::new(), now: Instant::parse("2026-11-22T00:00:00Z").unwrap() };
        hand.applies(plan, 1);
        hand.says(QueueApplied { queue: QueueConfig::customary(SERVICE), version: 1 });
        for agent in [LI, WANG] {
            let config = AgentConfig { queues: vec![SALES], ..AgentConfig::customary(agent) };
            hand.says(AgentApplied { agent: config, version: 1 });
            hand.says(AgentSignedIn { agent, seat: SeatId::fixed("a") });
            hand.says(AgentReady { agent });
        }
        hand
    }

    pub(crate) fn applies(&mut self, plan: RoutingPlan, version: u32) {
        self.says(QueueApplied { queue: QueueConfig { plan, ..QueueConfig::customary(SALES) }, version });
    }

    pub(crate) fn wait(&mut self, ms: u64) {
        self.now = self.now.plus(Millis(ms));
    }

    pub(crate) fn says(&mut self, event: impl Into<Event>) {
        self.record(None, event.into());
    }

    pub(crate) fn says_because(&mut self, reason: Reason, event: impl Into<Event>) {
        self.record(Some(reason), event.into());
    }

    fn record(&mut self, reason: Option<Reason>, event: Event) {
        let (seq, site) = (self.next(), SiteId::fixed("site"));
        let actor = Actor::system("hand");
        self.log.push(Recorded { seq, at: self.now, site, actor, reason, cause: None, event });
    }

    fn next(&self) -> u64 {
        self.log.len() as u64 + 1
    }

    /// A contact arrives and stands in a queue.
    pub(crate) fn queued(
        &mut self,
        queue: QueueId,
        wanted: Option<AgentId>,
        estimate: Option<u64>,
    ) -> ContactId {
        let contact = self.arrives();
        let event = ContactQueued { wanted, estimate_ms: estimate.map(Millis), ..self.entry(contact, queue) };
        self.says(event);
        contact
    }

    pub(crate) fn queued_also(&mut self, queue: QueueId, also: Vec<QueueId>) -> ContactId {
        let contact = self.arrives();
        let event = ContactQueued { also, ..self.entry(contact, queue) };
        self.says(event);
        contact
    }

    pub(crate) fn queues_again(&mut self, contact: ContactId, queue: QueueId) {
        let event = self.entry(contact, queue);
        self.says(event);
    }

    pub(crate) fn arrives(&mut self) -> ContactId {
        let contact = ContactId(self.next());
        let channel = Channel::fixed("voice");
        self.says(ContactArrived { contact, channel, from: None, attributes: None });
        contact
    }

    fn entry(&self, contact: ContactId, queue: QueueId) -> ContactQueued {
        ContactQueued {
            contact,
            visit: VisitId(self.next()),
            queue,
            priority: 50,
            skills: Vec::new(),
            order: self.now,
            rule_version: 1,
            any: Vec::new(),
            also: Vec::new(),
            wanted: None,
            wanted_until: None,
            ahead: 0,
            estimate_ms: None,
        }
    }

    pub(crate) fn rings(&mut self, contact: ContactId, agent: AgentId) -> OfferId {
        let offer = OfferId(self.next());
        self.says(OfferCreated {
            offer,
            contact,
            visit: None,
            queue: Some(SALES),
            agent,
            purpose: OfferPurpose::Queue,
            answer_by: self.now.plus(Millis(20_000)),
            rule_version: 1,
            step: 0,
            rank: 1,
            candidates: 2,
            digest: 0,
            wanted: false,
        });
        offer
    }

    /// She takes it, and the contact is hers.
    pub(crate) fn answers(&mut self, contact: ContactId, agent: AgentId, offer: OfferId) {
        self.says(OfferAccepted { offer, contact, agent });
        self.ends_visit(contact, VisitEnd::Answered);
        self.says(ContactConnected { contact, agent, role: Role::Owner, offer });
    }

    /// Its present stay in a queue is over.
    pub(crate) fn ends_visit(&mut self, contact: ContactId, end: VisitEnd) {
        let board = self.board();
        let row = board.contact(contact).unwrap();
        let waited_ms = self.now.since(row.queued_at.unwrap());
        let (visit, queue) = (row.visit.unwrap(), row.queue.unwrap());
        self.says(VisitEnded { contact, visit, queue, end, waited_ms });
    }

    pub(crate) fn ends(&mut self, contact: ContactId, end: ContactEnd, by: EndedBy) {
        self.says(ContactEnded { contact, end, by });
    }

    pub(crate) fn board(&self) -> Board {
        self.folded()
    }

    pub(crate) fn figures(&self) -> Figures {
        self.folded()
    }

    fn folded<V: View + Default>(&self) -> V {
        let mut view = V::default();
        self.log.iter().for_each(|recorded| view.fold(recorded));
        view
    }

    #[allow(dead_code)]
    pub(crate) fn log(&self) -> &[Recorded<Event>] {
        &self.log
    }

    pub(crate) fn about(&self, contact: ContactId) -> impl Iterator<Item = &Recorded<Event>> {
        self.log.iter().filter(move |recorded| recorded.event.contact() == Some(contact))
    }

    /// A contact's story, a line for each leg.
    pub(crate) fn told(&self, contact: ContactId) -> Vec<String> {
        let story = Story::tell(contact, &self.log).unwrap();
        let legs = story.legs.iter().map(|leg| {
            let kind = serde_json::to_value(leg.kind).unwrap();
            let kind = kind.as_str().unwrap();
            let mut line = vec![kind.to_owned()];
            line.extend(leg.step.filter(|_| kind == "step").map(|step| step.to_string()));
            line.extend(leg.attempt.map(|attempt| attempt.to_string()));
            line.extend(leg.message.map(|message| message.to_string()));
            let wanted = if kind == "step" { "=wanted" } else { "" };
            line.extend(leg.agent.map(|agent| format!("{agent}{wanted}")));
            line.push(format!("{} ms", leg.to.unwrap_or(self.now).since(leg.from).0));
            line.push(leg.outcome.unwrap_or("goes on").to_owned());
            line.extend(leg.overflowed_to.map(|queue| format!("to {queue}")));
            line.extend(leg.reason.map(|reason| format!("({})", reason.slug)));
            line.join(" ")
        });
        legs.collect()
    }
}
