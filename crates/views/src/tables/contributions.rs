//! What one fact adds to which measure, when, and for whom: the definition of every measure that is taken from the
//! log, in one place. The sentences that people read stand in the catalogue of measures ([`Measure::counts`]).

use crate::board::Activity;
use crate::facts::{
    Beginning, Begun, BreakAnswer, CallbackFact, ContactFact, Evidence, Fact, HandlingFact, NotReadyFact,
    OfferEnd, OfferFact, SpellFact, VisitFact, VisitOpen,
};
use crate::kpi::{Attribution, Boundary, Callbacks, Clock, Measure, RequestBase, Switches};
use cordboard_floor::actor::reasons;
use cordboard_floor::contact::{ContactEnd, EndedBy, Stage, TransferKind, VisitEnd};
use cordboard_floor::event::OfferPurpose;
use cordboard_floor::{AgentId, CodeId, ContactId, Instant, Millis, QueueId, ReasonId, TeamId};
use serde::Serialize;

/// How is counted where nothing is said: 20 s, ≤, by arrival, from the queue's door, per visit; callers who come again
/// within seven days; abandons of up to five seconds are short.
pub(super) const CUSTOMARY: Switches = Switches {
    threshold_ms: Some(20_000),
    boundary: Some(Boundary::AtMost),
    attribution: Some(Attribution::Arrival),
    clock: Some(Clock::Queued),
    short_ms: Some(5_000),
    base: Some(RequestBase::Visit),
    callbacks: Some(Callbacks::Counted),
    repeat_window_ms: Some(7 * 86_400_000),
    ..Switches::NONE
};

/// When something adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// All of it at one moment.
    At(Instant),
    /// Each interval its part, in ms.
    Over(Instant, Instant),
}

/// What adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A contact.
    Contact(ContactId),
    /// A stretch of an agent's time; the last event is 0 while it goes on.
    Span {
        /// Whose.
        agent: AgentId,
        /// Since when.
        from: Instant,
        /// Until when.
        to: Instant,
        /// The events it stands on.
        evidence: Evidence,
    },
    /// An event.
    Event(u64),
}

/// One addend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// To what.
    pub measure: Measure,
    /// How much, of what adds at one moment.
    pub amount: i128,
    /// When.
    pub when: When,
    /// In which queue's terms.
    pub queue: Option<QueueId>,
    /// Whose.
    pub agent: Option<AgentId>,
    /// Of which team she was.
    pub team: Option<TeamId>,
    /// Under which wrap-up code.
    pub code: Option<CodeId>,
    /// For which not-ready reason.
    pub reason: Option<ReasonId>,
    /// What adds it.
    pub source: Source,
}

/// Everything that the addends of one fact have in common.
#[derive(Clone, Copy)]
struct Of {
    when: When,
    queue: Option<QueueId>,
    agent: Option<AgentId>,
    team: Option<TeamId>,
    code: Option<CodeId>,
    reason: Option<ReasonId>,
    source: Source,
}

impl Of {
    const fn contact(when: Instant, queue: Option<QueueId>, contact: ContactId) -> Self {
        let source = Source::Contact(contact);
        Self { when: When::At(when), queue, agent: None, team: None, code: None, reason: None, source }
    }

    const fn by(self, agent: AgentId, team: Option<TeamId>) -> Self {
        Self { agent: Some(agent), team, ..self }
    }

    const fn span(
        when: When,
        (agent, team): (AgentId, Option<TeamId>),
        (from, to): (Instant, Instant),
        evidence: Evidence,
    ) -> Self {
        let source = Source::Span { agent, from, to, evidence };
        Self { when, queue: None, agent: Some(agent), team, code: None, reason: None, source }
    }
}

/// Takes addends.
struct Adds<'a> {
    of: Of,
    add: &'a mut dyn FnMut(Contribution),
}

impl Adds<'_> {
    fn add(&mut self, measure: Measure, amount: impl Into<i128>) {
        let Of { when, queue, agent, team, code, reason, source } = self.of;
        (self.add)(Contribution {
            measure,
            amount: amount.into(),
            when,
            queue,
            agent,
            team,
            code,
            reason,
            source,
        });
    }

    fn one(&mut self, measure: Measure) {
        self.add(measure, 1);
    }

    fn one_if(&mut self, measure: Measure, is: bool) {
        if is {
            self.one(measure);
        }
    }

    fn ms(&mut self, measure: Measure, ms: Millis) {
        self.add(measure, ms.0);
    }
}

/// Whether facts say what a measure comes to. What is not among these is entered, or counted by whoever has it.
pub(super) const fn is_counted(measure: Measure) -> bool {
    measure.is_computed() && !matches!(measure, Measure::AgentDays | Measure::AgentsSeen)
}

/// The addends of a fact.
pub(super) fn of(fact: &Fact, counted: &Switches, add: &mut dyn FnMut(Contribution)) {
    let when = |from: Instant, to: Instant| match counted.attribution {
        Some(Attribution::Completion) => to,
        _ => from,
    };
    match fact {
        Fact::Visit(visit) | Fact::Request(visit) => of_visit(visit, counted, add),
        Fact::Contact(contact) => of_contact(contact, when(contact.from, contact.to), add),
        Fact::Repeat(repeat) => {
            let of = Of::contact(when(repeat.arrived_at, repeat.from), repeat.queue, repeat.contact);
            let within = repeat.after_ms().0 <= counted.repeat_window_ms.unwrap_or(u64::MAX);
            Adds { of, add }.one_if(Measure::ContactsRepeated, within);
        }
        Fact::Callback(callback) => of_callback(callback, when(callback.from, callback.to), add),
        Fact::Dial(dial) => {
            let of =
                Of::contact(when(dial.from, dial.to), dial.queue, dial.contact).by(dial.agent, dial.team);
            let mut adds = Adds { of, add };
            adds.one(Measure::Dialled);
            adds.one_if(Measure::Reached, dial.reached);
            adds.ms(Measure::OutboundHandleMs, dial.took_ms());
        }
        Fact::Offer(offer) => of_offer(offer, when(offer.from, offer.to), add),
        Fact::Handling(handling) => of_handling(handling, when(handling.from, handling.to), add),
        Fact::WrapUp(wrapup) => {
            let of = Of::contact(when(wrapup.from, wrapup.to), Some(wrapup.queue), wrapup.contact);
            let mut adds =
                Adds { of: Of { code: Some(wrapup.code), ..of.by(wrapup.agent, wrapup.team) }, add };
            adds.one(Measure::Wrapups);
            adds.one_if(Measure::WrapupsByDefault, wrapup.by_default);
            adds.one_if(Measure::Successes, wrapup.success);
            adds.ms(Measure::WrapupMs, wrapup.took_ms());
            if wrapup.called_back {
                adds.ms(Measure::OutboundHandleMs, wrapup.took_ms());
            }
        }
        Fact::Overstay(overstay) => {
            let of = Of {
                when: When::At(when(overstay.from, overstay.to)),
                queue: Some(overstay.queue),
                agent: None,
                team: None,
                code: None,
                reason: None,
                source: Source::Event(overstay.evidence.last),
            };
            let mut adds = Adds { of, add };
            adds.one(Measure::Overstays);
            adds.ms(Measure::OverstayMs, overstay.overtime_ms);
        }
        Fact::Spell(spell) => of_spell(spell, add),
        Fact::NotReady(not_ready) => of_not_ready(not_ready, when(not_ready.from, not_ready.to), add),
        Fact::BreakAsk(ask) => {
            let at = When::At(when(ask.from, ask.to));
            let of = Of::span(at, (ask.agent, ask.team), (ask.from, ask.to), ask.evidence);
            let mut adds = Adds { of: Of { reason: Some(ask.reason.slug), ..of }, add };
            adds.one(Measure::BreaksAsked);
            adds.one_if(Measure::BreaksGranted, ask.answer == BreakAnswer::Granted);
            adds.one_if(Measure::BreaksRefused, ask.answer == BreakAnswer::Refused);
            adds.ms(Measure::BreakAskedMs, ask.to.since(ask.from));
        }
    }
}

/// How long a stay is taken to have lasted, when it ended and how: as the switches say.
struct Reckoned {
    end: VisitEnd,
    to: Instant,
    waited_ms: Millis,
}

fn reckon(visit: &VisitFact, counted: &Switches) -> Option<Reckoned> {
    let begun = if counted.clock == Some(Clock::Arrival) { visit.arrived_at } else { visit.from };
    match (counted.callbacks, visit.callback_asked_at) {
        (Some(Callbacks::Excluded), Some(_)) => None,
        (Some(Callbacks::AtRequest), Some(asked)) => {
            Some(Reckoned { end: VisitEnd::Answered, to: asked, waited_ms: asked.since(begun) })
        }
        _ => {
            let waited_ms =
                if begun == visit.from { visit.waited_ms } else { visit.to.since(visit.arrived_at) };
            Some(Reckoned { end: visit.end, to: visit.to, waited_ms })
        }
    }
}

fn is_within(waited: Millis, counted: &Switches) -> bool {
    let threshold = counted.threshold_ms.unwrap_or(u64::MAX);
    match counted.boundary {
        Some(Boundary::Below) => waited.0 < threshold,
        _ => waited.0 <= threshold,
    }
}

fn of_visit(visit: &VisitFact, counted: &Switches, add: &mut dyn FnMut(Contribution)) {
    let Some(Reckoned { end, to, waited_ms }) = reckon(visit, counted) else { return };
    let by_completion = counted.attribution == Some(Attribution::Completion);
    let of = Of::contact(if by_completion { to } else { visit.from }, Some(visit.queue), visit.contact);
    let mut adds = Adds { of: Of { agent: visit.agent, ..of }, add };
    let within = is_within(waited_ms, counted);
    adds.one(Measure::Offered);
    adds.ms(Measure::WaitMs, waited_ms);
    match end {
        VisitEnd::Answered => {
            adds.one(Measure::Answered);
            adds.ms(Measure::WaitAnsweredMs, waited_ms);
            adds.one_if(Measure::AnsweredWithin, within);
            if let Some(estimate_ms) = visit.estimate_ms {
                let beyond = i128::from(waited_ms.0) - i128::from(estimate_ms.0);
                adds.one(Measure::Estimates);
                adds.add(Measure::EstimateBiasMs, beyond);
                adds.add(Measure::EstimateErrorMs, beyond.abs());
                adds.one_if(Measure::EstimatesExceeded, beyond > 0);
            }
        }
        VisitEnd::Abandoned => {
            adds.one(Measure::Abandoned);
            adds.ms(Measure::WaitAbandonedMs, waited_ms);
            adds.one_if(Measure::AbandonedWithin, within);
            let is_short = counted.short_ms.is_some_and(|short| waited_ms.0 <= short);
            adds.one_if(Measure::ShortAbandoned, is_short);
        }
        VisitEnd::Overflowed(_) => adds.one(Measure::Overflowed),
        VisitEnd::TimedOut => adds.one(Measure::TimedOut),
        VisitEnd::Transferred => adds.one(Measure::TransferredWaiting),
        VisitEnd::Withdrawn => adds.one(Measure::Withdrawn),
    }
}

/// The addends of a stay that goes on at a moment.
pub(super) fn of_open(
    visit: &VisitOpen,
    now: Instant,
    counted: &Switches,
    add: &mut dyn FnMut(Contribution),
) {
    let asked = visit.callback_asked_at;
    let by_arrival = counted.attribution != Some(Attribution::Completion);
    let begun = if counted.clock == Some(Clock::Arrival) { visit.arrived_at } else { visit.from };
    let of = Of::contact(visit.from, Some(visit.queue), visit.contact);
    let mut adds = Adds { of, add };
    match (counted.callbacks, asked) {
        (Some(Callbacks::Excluded), Some(_)) => return,
        (Some(Callbacks::AtRequest), Some(asked)) => {
            let waited_ms = asked.since(begun);
            adds.of.when = When::At(if by_arrival { visit.from } else { asked });
            adds.one(Measure::Offered);
            adds.one(Measure::Answered);
            adds.ms(Measure::WaitMs, waited_ms);
            adds.ms(Measure::WaitAnsweredMs, waited_ms);
            adds.one_if(Measure::AnsweredWithin, is_within(waited_ms, counted));
            return;
        }
        _ => {}
    }
    if by_arrival {
        adds.one(Measure::Offered);
        adds.one(Measure::Waiting);
    }
    adds.one(Measure::InQueue);
    adds.one_if(Measure::InQueueOver, !is_within(now.since(begun), counted));
}

/// What something that goes on adds by having begun.
pub(super) fn of_begun(begun: &Begun, now: Instant, add: &mut dyn FnMut(Contribution)) {
    let Begun { what, from, contact, queue, agent, team } = *begun;
    let source = match (what, contact, agent) {
        (Beginning::BreakAsk(_, first), _, Some(agent)) => {
            Source::Span { agent, from, to: now, evidence: Evidence { first, last: 0 } }
        }
        (_, Some(contact), _) => Source::Contact(contact),
        _ => return,
    };
    let reason = if let Beginning::BreakAsk(reason, _) = what { Some(reason.slug) } else { None };
    let of = Of { when: When::At(from), queue, agent, team, code: None, reason, source };
    let mut adds = Adds { of, add };
    match what {
        Beginning::Contact { callback_offered } => {
            adds.one(Measure::ContactsArrived);
            adds.one_if(Measure::CallbacksOffered, callback_offered);
        }
        Beginning::Offer(_) => adds.one(Measure::OffersMade),
        Beginning::Callback => adds.one(Measure::CallbacksRequested),
        Beginning::Dial => adds.one(Measure::Dialled),
        Beginning::BreakAsk(..) => adds.one(Measure::BreaksAsked),
    }
}

fn of_contact(contact: &ContactFact, when: Instant, add: &mut dyn FnMut(Contribution)) {
    let mut adds = Adds { of: Of::contact(when, contact.queue, contact.contact), add };
    adds.one(Measure::ContactsArrived);
    match contact.end {
        ContactEnd::Handled => {
            adds.one(Measure::ContactsHandled);
            adds.one_if(Measure::SelfServed, contact.owners == 0);
        }
        ContactEnd::Abandoned(stage) => {
            adds.one(Measure::ContactsAbandoned);
            adds.one_if(Measure::ContactsAbandonedMenu, stage == Stage::Menu);
        }
        ContactEnd::Refused => adds.one(Measure::ContactsRefused),
        ContactEnd::Expired => adds.one(Measure::ContactsExpired),
        ContactEnd::Lost => adds.one(Measure::ContactsLost),
    }
    adds.one_if(Measure::CallbacksOffered, contact.callback_offered);
    if let EndedBy::Agent(agent) = contact.by {
        adds.of.agent = Some(agent);
        adds.one(Measure::EndedByAgent);
    }
}

fn of_callback(callback: &CallbackFact, when: Instant, add: &mut dyn FnMut(Contribution)) {
    Adds { of: Of::contact(when, callback.queue, callback.contact), add }.one(Measure::CallbacksRequested);
}

fn of_offer(offer: &OfferFact, when: Instant, add: &mut dyn FnMut(Contribution)) {
    let mut adds =
        Adds { of: Of::contact(when, offer.queue, offer.contact).by(offer.agent, offer.team), add };
    let accepted = offer.end == OfferEnd::Accepted;
    adds.one(Measure::OffersMade);
    adds.one(match offer.end {
        OfferEnd::Accepted => Measure::OffersAccepted,
        OfferEnd::Rejected => Measure::OffersRejected,
        OfferEnd::TimedOut => Measure::OffersTimedOut,
        OfferEnd::Rescinded => Measure::OffersRescinded,
        OfferEnd::Cancelled => Measure::OffersCancelled,
        OfferEnd::Failed => Measure::OffersFailed,
    });
    adds.ms(Measure::RingMs, offer.rang_ms());
    if accepted {
        adds.ms(Measure::RingAcceptedMs, offer.rang_ms());
    }
    adds.one_if(Measure::Consults, accepted && offer.purpose == OfferPurpose::Consult);
    adds.one_if(Measure::TransfersFailed, !accepted && offer.purpose == OfferPurpose::Transfer);
}

fn of_handling(handling: &HandlingFact, when: Instant, add: &mut dyn FnMut(Contribution)) {
    let mut adds = Adds {
        of: Of::contact(when, handling.queue, handling.contact).by(handling.agent, handling.team),
        add,
    };
    adds.one(Measure::Handled);
    adds.ms(Measure::TalkMs, handling.talk_ms);
    adds.ms(Measure::HoldMs, handling.hold_ms);
    adds.add(Measure::Holds, handling.holds);
    adds.one_if(Measure::TransfersBlind, handling.transferred == Some(TransferKind::Blind));
    adds.one_if(Measure::TransfersAttended, handling.transferred == Some(TransferKind::Attended));
    if handling.called_back {
        adds.add(Measure::OutboundHandleMs, handling.talk_ms.0 + handling.hold_ms.0);
    }
}

fn of_spell(spell: &SpellFact, add: &mut dyn FnMut(Contribution)) {
    let when = When::Over(spell.from, spell.to);
    let of = Of::span(when, (spell.agent, spell.team), (spell.from, spell.to), spell.evidence);
    let mut adds = Adds { of: Of { reason: spell.reason.map(|reason| reason.slug), ..of }, add };
    let measure = match spell.activity {
        Activity::SignedOut => return,
        Activity::Unreachable => Measure::UnreachableMs,
        Activity::NotReady | Activity::OnBreak => Measure::NotReadyMs,
        Activity::Idle | Activity::Resting => Measure::IdleMs,
        Activity::Ringing => Measure::ReservedMs,
        Activity::Talking | Activity::Consulting => Measure::TalkingMs,
        Activity::Held => Measure::HoldingMs,
        Activity::WrapUp => Measure::WrappingMs,
    };
    adds.one(Measure::SignedInMs);
    adds.one(measure);
    adds.one_if(Measure::BreakMs, spell.activity == Activity::OnBreak);
}

fn of_not_ready(not_ready: &NotReadyFact, when: Instant, add: &mut dyn FnMut(Contribution)) {
    let of = Of::span(
        When::At(when),
        (not_ready.agent, not_ready.team),
        (not_ready.from, not_ready.to),
        not_ready.evidence,
    );
    let mut adds = Adds { of: Of { reason: Some(not_ready.reason.slug), ..of }, add };
    // Whoever signs in is not ready at first, for this reason and no other.
    adds.one_if(Measure::SignIns, not_ready.reason == reasons::SIGNED_IN);
    adds.one(Measure::NotReadies);
    adds.ms(Measure::NotReadyLastedMs, not_ready.lasted_ms());
    adds.one_if(Measure::Breaks, not_ready.is_break);
    if not_ready.is_break {
        adds.ms(Measure::BreakLastedMs, not_ready.lasted_ms());
    }
    if not_ready.overran {
        adds.one_if(Measure::BreaksOverrun, not_ready.is_break);
        adds.ms(Measure::BreakOverrunMs, not_ready.overrun_ms());
    }
}
