//! The engine's own life as the floor sees it: start, pause, clock step, stop; and notes about things
//! outside (accounts, erasure, unmasking) that the log must tell.

use crate::actor::{Reason, reasons};
use crate::agent::{Agent, AgentIx};
use crate::command::Command;
use crate::event::{
    AccessUnmasked, AccountChanged, ActNoted, AgentUnreachable, ClockPaused, ClockStepped, EngineStarted,
    EngineStopping, PersonErased, Sealed,
};
use crate::floor::Floor;
use crate::id::{AccountId, ContactId, OfferId, PersonId, ReasonId};
use crate::limits;
use crate::queue::QueueIx;
use crate::refusal::{OfferEnd, Refusal};
use crate::time::{Instant, Millis};
use crate::work::{Verdict, Work};
use alloc::sync::Arc;
use alloc::vec::Vec;

impl Work<'_> {
    /// Nobody's link survived the stop: offers are withdrawn, and agents are routed around until their
    /// links come back.
    pub(crate) fn start(&mut self, epoch: u32, version: Arc<str>, clock_scale: u32) -> Verdict {
        self.emit(EngineStarted { epoch, version, clock_scale });
        for offer in self.live_offers() {
            self.end_offer(offer, OfferEnd::Rescinded, reasons::RESTARTED);
        }
        // Also whoever was out of reach before: she could not come back while we were down.
        self.await_links(reasons::RESTARTED, |agent, _| agent.is_signed_in());
        // A queue with very many waiting is emptied in more than one sync; a crash may have come between.
        for ix in 0..self.floor.queues.len() as QueueIx {
            self.floor.touched.queues_emptied.insert(ix);
            let queue = &self.floor.queues[ix as usize];
            if queue.visits > 0 && !queue.keeps_promises() {
                self.empty_queue(ix, reasons::QUEUE_CLOSED);
            }
        }
        self.done()
    }

    pub(crate) fn stop(&mut self, until: Instant) -> Verdict {
        if self.floor.stopping {
            return self.done();
        }
        self.emit(EngineStopping { until });
        for offer in self.live_offers() {
            self.end_offer(offer, OfferEnd::Rescinded, reasons::STOPPING);
        }
        self.done()
    }

    /// Nobody could have answered while the machine stood still: what ran out then is withdrawn, not
    /// held against anyone.
    pub(crate) fn note_pause(&mut self, gap_ms: Millis) -> Verdict {
        self.emit(ClockPaused { gap_ms });
        for offer in self.live_offers() {
            if self.floor.offers.get(&offer).is_some_and(|offer| offer.answer_by <= self.stamp.at) {
                self.end_offer(offer, OfferEnd::Rescinded, reasons::MACHINE_PAUSED);
            }
        }
        self.await_links(reasons::MACHINE_PAUSED, |agent, at| agent.sign_out_at.is_some_and(|due| due <= at));
        self.done()
    }

    /// Gives agents the whole time again in which to take up their links.
    fn await_links(&mut self, reason: Reason, whom: impl Fn(&Agent, Instant) -> bool) {
        let sign_out_at = self.stamp.at.plus(self.floor.settings.sign_out_delay_ms);
        for ix in 0..self.floor.agents.len() as AgentIx {
            if whom(self.agent(ix), self.stamp.at) {
                let agent = self.agent_id(ix);
                self.emit_because(reason, AgentUnreachable { agent, sign_out_at });
            }
        }
    }

    pub(crate) fn note_clock_step(&mut self, delta_ms: i64) -> Verdict {
        self.emit(ClockStepped { delta_ms });
        self.done()
    }

    pub(crate) fn note_account(&mut self, account: AccountId, what: ReasonId) -> Verdict {
        self.emit(AccountChanged { account, what });
        self.done()
    }

    pub(crate) fn note_erased(&mut self, person: PersonId) -> Verdict {
        self.emit(PersonErased { person });
        self.done()
    }

    /// The contact may long be over: the log still knows it.
    pub(crate) fn note_unmasked(&mut self, account: AccountId, contact: ContactId) -> Verdict {
        self.emit(AccessUnmasked { account, contact });
        self.done()
    }

    /// An act, and then what was written about it.
    pub(crate) fn note_act(&mut self, command: Command, note: Sealed) -> Verdict {
        check_sealed(Some(&note))?;
        let act = self.next_seq();
        let done = self.decide(command)?;
        if self.next_seq() == act {
            return Ok(done);
        }
        self.emit(ActNoted { act, note });
        self.done()
    }

    /// The offers that ring now: at most one for each unit of the agents' capacity.
    fn live_offers(&self) -> Vec<OfferId> {
        let offers = &self.floor.offers;
        offers.iter().filter(|(_, offer)| offer.end.is_none()).map(|(id, _)| *id).collect()
    }
}

/// Refuses a sealed value that is absurdly large.
pub(crate) fn check_sealed(sealed: Option<&Sealed>) -> Result<(), Refusal> {
    let bytes = sealed.map_or(0, |sealed| sealed.bytes.len() as u64);
    crate::configuration::at_most("sealed value, bytes", bytes, limits::SEALED_BYTES_MAX as u64)
}

impl Floor {
    pub(crate) fn take_started(&mut self, event: &EngineStarted) {
        self.epoch = event.epoch;
        self.stopping = false;
        self.refresh_heed();
        for agent in &mut self.agents {
            agent.session = None;
        }
    }
}
