//! The legs of a story: which event begins each, and which ends it, and how.

use super::{Ended, Story};
use cordboard_floor::contact::{ContactEnd, Role, VisitEnd};
use cordboard_floor::event::Event;
use cordboard_floor::{AgentId, CodeId, Instant, OfferId, QueueId, Reason, ReasonId, Recorded};
use serde::Serialize;

/// What a leg is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LegKind {
    /// Before any queue.
    Menu,
    /// A visit.
    Queue,
    /// Part of a visit, under other terms than the queue's own: a step of its plan, or waiting for one agent alone.
    Step,
    /// From hanging up for a callback until the caller is reached.
    Callback,
    /// An attempt to reach her.
    Dial,
    /// A message instead of an agent.
    Message,
    /// An offer.
    Offer,
    /// An agent's time on the contact, holds included.
    Talk,
    /// The caller listens to music.
    Hold,
    /// An agent's work after it.
    WrapUp,
}

/// One leg.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Leg {
    /// What it is.
    pub kind: LegKind,
    /// Whose, of an offer, talk, hold, wrap-up or attempt to reach the caller; for whom alone it waits, of a step.
    pub agent: Option<AgentId>,
    /// As what she is, or last was, on it; of a talk.
    pub role: Option<Role>,
    /// Which queue, of a stay, an offer or a wrap-up.
    pub queue: Option<QueueId>,
    /// Which offer, of an offer or the talk that followed.
    pub offer: Option<OfferId>,
    /// Which code, of a wrap-up.
    pub code: Option<CodeId>,
    /// The version of the queue's configuration, of a stay when it began, or of an offer.
    pub rule_version: Option<u32>,
    /// Which step of the plan, of a step or an offer; 0 is the queue's own terms.
    pub step: Option<u16>,
    /// Which queue it went on to, of a stay that overflowed.
    pub overflowed_to: Option<QueueId>,
    /// Which attempt to reach the caller, from 1.
    pub attempt: Option<u8>,
    /// Which message was played.
    pub message: Option<ReasonId>,
    /// When it began.
    pub from: Instant,
    /// When it ended; none while it goes on.
    pub to: Option<Instant>,
    /// How it ended: for a menu `queued` or the contact's end; for a stay the visit's end; for an offer the
    /// offer's; for a step `stepped` or the visit's end; for a callback `answered`, `failed` or the contact's end; for an
    /// attempt `answered`, `failed` or the contact's end; for a message the contact's end; for a talk `left`, `transferred` or the contact's end; for a hold `resumed`, `left` or the
    /// contact's end; for a wrap-up `completed` or `timed_out`.
    pub outcome: Option<&'static str>,
    /// Why it ended so, where the event said.
    pub reason: Option<Reason>,
}

impl Leg {
    pub(super) fn new(kind: LegKind, from: Instant) -> Self {
        Self {
            kind,
            agent: None,
            role: None,
            queue: None,
            offer: None,
            code: None,
            rule_version: None,
            step: None,
            overflowed_to: None,
            attempt: None,
            message: None,
            from,
            to: None,
            outcome: None,
            reason: None,
        }
    }
}

impl Story {
    /// Takes over the contact's next event.
    pub fn take(&mut self, recorded: &Recorded<Event>) {
        if recorded.event.contact() != Some(self.contact) || self.events.last() >= Some(&recorded.seq) {
            return;
        }
        self.events.push(recorded.seq);
        let (at, reason) = (recorded.at, recorded.reason);
        match &recorded.event {
            Event::ContactQueued(event) => {
                // Whoever stood in a queue at once was in no menu.
                self.legs.retain(|leg| leg.kind != LegKind::Menu || leg.to.is_some() || leg.from != at);
                self.end(LegKind::Menu, None, at, "queued", reason);
                self.legs.push(Leg {
                    queue: Some(event.queue),
                    rule_version: Some(event.rule_version),
                    ..Leg::new(LegKind::Queue, at)
                });
                self.stand(event.queue, 0, event.wanted, at);
            }
            Event::VisitStepped(event) => {
                self.end(LegKind::Step, None, at, "stepped", reason);
                self.stand(event.queue, event.step, event.wanted, at);
            }
            Event::VisitEnded(event) => {
                if let (Some(leg), VisitEnd::Overflowed(to)) = (self.open(LegKind::Queue, None), event.end) {
                    leg.overflowed_to = Some(to);
                }
                self.end(LegKind::Step, None, at, visit_end(event.end), reason);
                self.end(LegKind::Queue, None, at, visit_end(event.end), reason);
            }
            Event::ContactTold(event) => {
                self.legs.push(Leg { message: Some(event.message), ..Leg::new(LegKind::Message, at) });
            }
            Event::CallbackRequested(_) => self.legs.push(Leg::new(LegKind::Callback, at)),
            Event::CallbackDialled(event) => self.legs.push(Leg {
                agent: Some(event.agent),
                attempt: Some(event.attempt),
                ..Leg::new(LegKind::Dial, at)
            }),
            Event::CallbackAnswered(_) => {
                self.end(LegKind::Dial, None, at, "answered", reason);
                self.end(LegKind::Callback, None, at, "answered", reason);
            }
            Event::CallbackFailed(event) => {
                self.end(LegKind::Dial, None, at, "failed", reason);
                if event.retry_at.is_none() {
                    self.end(LegKind::Callback, None, at, "failed", reason);
                }
            }
            Event::OfferCreated(event) => self.legs.push(Leg {
                agent: Some(event.agent),
                queue: event.queue,
                offer: Some(event.offer),
                rule_version: Some(event.rule_version),
                step: Some(event.step),
                ..Leg::new(LegKind::Offer, at)
            }),
            Event::ContactConnected(event) => self.legs.push(Leg {
                agent: Some(event.agent),
                role: Some(event.role),
                offer: Some(event.offer),
                ..Leg::new(LegKind::Talk, at)
            }),
            Event::ContactRoleChanged(event) => {
                if let Some(leg) = self.open(LegKind::Talk, Some(event.agent)) {
                    leg.role = Some(event.role);
                }
            }
            Event::ContactHeld(event) => {
                self.legs.push(Leg { agent: Some(event.agent), ..Leg::new(LegKind::Hold, at) });
            }
            Event::ContactResumed(_) => self.end(LegKind::Hold, None, at, "resumed", reason),
            Event::ContactTransferred(event) => self.giver = Some(event.agent),
            Event::ContactLeft(event) => {
                let gave = self.giver.take_if(|giver| *giver == event.agent).is_some();
                let outcome = if gave { "transferred" } else { "left" };
                self.end(LegKind::Talk, Some(event.agent), at, outcome, reason);
                self.end(LegKind::Hold, Some(event.agent), at, "left", reason);
            }
            Event::ContactEnded(event) => {
                self.ended = Some(Ended { end: event.end, by: event.by, at });
                for leg in &mut self.legs {
                    if leg.to.is_none() && leg.kind != LegKind::WrapUp {
                        end(leg, at, contact_end(event.end), reason);
                    }
                }
            }
            Event::WrapupStarted(event) => self.legs.push(Leg {
                agent: Some(event.agent),
                queue: Some(event.queue),
                ..Leg::new(LegKind::WrapUp, at)
            }),
            Event::WrapupCompleted(event) => {
                if let Some(leg) = self.open(LegKind::WrapUp, Some(event.agent)) {
                    leg.code = Some(event.code);
                    end(leg, at, if event.by_default { "timed_out" } else { "completed" }, reason);
                }
            }
            ended => {
                let offer = ended.ends_offer();
                let leg = self
                    .legs
                    .iter_mut()
                    .rev()
                    .find(|leg| leg.kind == LegKind::Offer && leg.to.is_none() && leg.offer == offer);
                if let (Some(leg), Some(outcome)) = (leg, offer_end(ended)) {
                    end(leg, at, outcome, reason);
                }
            }
        }
    }

    /// Under other terms than the queue's own a stay has a leg within it.
    fn stand(&mut self, queue: QueueId, step: u16, wanted: Option<AgentId>, at: Instant) {
        if step > 0 || wanted.is_some() {
            self.legs.push(Leg {
                agent: wanted,
                queue: Some(queue),
                step: Some(step),
                ..Leg::new(LegKind::Step, at)
            });
        }
    }

    /// The latest leg of a kind that goes on, of an agent if one is named.
    fn open(&mut self, kind: LegKind, agent: Option<AgentId>) -> Option<&mut Leg> {
        self.legs
            .iter_mut()
            .rev()
            .find(|leg| leg.kind == kind && leg.to.is_none() && (agent.is_none() || leg.agent == agent))
    }

    fn end(
        &mut self,
        kind: LegKind,
        agent: Option<AgentId>,
        at: Instant,
        outcome: &'static str,
        reason: Option<Reason>,
    ) {
        if let Some(leg) = self.open(kind, agent) {
            end(leg, at, outcome, reason);
        }
    }
}

fn end(leg: &mut Leg, at: Instant, outcome: &'static str, reason: Option<Reason>) {
    leg.to = Some(at);
    leg.outcome = Some(outcome);
    leg.reason = reason;
}

const fn visit_end(end: VisitEnd) -> &'static str {
    match end {
        VisitEnd::Answered => "answered",
        VisitEnd::Abandoned => "abandoned",
        VisitEnd::Overflowed(_) => "overflowed",
        VisitEnd::TimedOut => "timed_out",
        VisitEnd::Transferred => "transferred",
        VisitEnd::Withdrawn => "withdrawn",
    }
}

const fn contact_end(end: ContactEnd) -> &'static str {
    match end {
        ContactEnd::Handled => "handled",
        ContactEnd::Abandoned(_) => "abandoned",
        ContactEnd::Refused => "refused",
        ContactEnd::Expired => "expired",
        ContactEnd::Lost => "lost",
    }
}

const fn offer_end(event: &Event) -> Option<&'static str> {
    Some(match event {
        Event::OfferAccepted(_) => "accepted",
        Event::OfferRejected(_) => "rejected",
        Event::OfferTimedOut(_) => "timed_out",
        Event::OfferRescinded(_) => "rescinded",
        Event::OfferCancelled(_) => "cancelled",
        Event::OfferFailed(_) => "failed",
        _ => return None,
    })
}
