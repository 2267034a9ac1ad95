//! The state of the floor, and the one place where commands are handed to their verbs and events to
//! the state. Tables are primary and stored; pools and deadlines are indexes, kept by three `refresh`
//! functions and rebuilt by them after a snapshot.

use crate::actor::{Actor, Submission};
use crate::agent::{Agent, AgentIx, Presence};
use crate::alert::{Alert, AlertRule};
use crate::command::Command;
use crate::configuration::{NotReadyReason, SiteConfig};
use crate::contact::{Contact, Offer};
use crate::deadline::{Deadlines, Due};
use crate::decider::{ClockNews, Decided, Decider, Done, Recorded, Stamp};
use crate::event::Event;
use crate::id::{
    AgentId, AlertId, AlertRuleId, ContactId, MessageId, OfferId, QueueId, ReasonId, ReportId, SeatId, SiteId,
};
use crate::limits;
use crate::message::Message;
use crate::paper::Paper;
use crate::queue::{Queue, QueueIx};
use crate::refusal::Refusal;
use crate::routing::pool::Pools;
use crate::routing::{Caller, Placed, Pseudonym, Touched};
use crate::time::{Instant, Millis};
use crate::work::Work;
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The live floor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Floor {
    pub(crate) site: SiteId,
    pub(crate) seq: u64,
    pub(crate) at: Instant,
    pub(crate) epoch: u32,
    pub(crate) stopping: bool,
    pub(crate) settings: SiteConfig,
    pub(crate) reasons: BTreeMap<ReasonId, NotReadyReason>,
    pub(crate) queues: Vec<Queue>,
    pub(crate) agents: Vec<Agent>,
    pub(crate) contacts: BTreeMap<ContactId, Contact>,
    pub(crate) offers: BTreeMap<OfferId, Offer>,
    /// Contacts that have ended and left every hand, in the order in which they will be forgotten.
    pub(crate) over: VecDeque<(Instant, ContactId)>,
    /// Contacts that have not ended.
    pub(crate) alive: u32,
    /// Who took which caller first and last.
    pub(crate) callers: BTreeMap<Pseudonym, Caller>,
    /// Frozen reports, and how far their signatures are.
    pub(crate) papers: BTreeMap<ReportId, Paper>,
    /// Messages that ask for an acknowledgement, the oldest first.
    pub(crate) messages: BTreeMap<MessageId, Message>,
    /// Rules for alerts.
    pub(crate) alert_rules: BTreeMap<AlertRuleId, (AlertRule, u32)>,
    /// Alerts that are not over.
    pub(crate) alerts: BTreeMap<AlertId, Alert>,
    #[serde(skip)]
    pub(crate) queue_by_id: BTreeMap<QueueId, QueueIx>,
    #[serde(skip)]
    pub(crate) agent_by_id: BTreeMap<AgentId, AgentIx>,
    #[serde(skip)]
    pub(crate) agent_by_seat: BTreeMap<SeatId, AgentIx>,
    #[serde(skip)]
    pub(crate) callers_by_age: BTreeSet<(Instant, Pseudonym)>,
    #[serde(skip)]
    pub(crate) pools: Pools,
    #[serde(skip)]
    pub(crate) deadlines: Deadlines,
    /// Agents who wait for a break, in the order of asking.
    #[serde(skip)]
    pub(crate) break_line: BTreeMap<u64, AgentIx>,
    #[serde(skip)]
    pub(crate) touched: Touched,
}

impl Floor {
    /// An empty floor: no queue, no agent, nobody waiting.
    pub fn new(site: SiteId) -> Self {
        Self {
            site,
            seq: 0,
            at: Instant::default(),
            epoch: 0,
            stopping: false,
            settings: SiteConfig::default(),
            reasons: BTreeMap::new(),
            queues: Vec::new(),
            agents: Vec::new(),
            contacts: BTreeMap::new(),
            offers: BTreeMap::new(),
            over: VecDeque::new(),
            alive: 0,
            callers: BTreeMap::new(),
            papers: BTreeMap::new(),
            messages: BTreeMap::new(),
            alert_rules: BTreeMap::new(),
            alerts: BTreeMap::new(),
            queue_by_id: BTreeMap::new(),
            agent_by_id: BTreeMap::new(),
            agent_by_seat: BTreeMap::new(),
            callers_by_age: BTreeSet::new(),
            pools: Pools::default(),
            deadlines: Deadlines::default(),
            break_line: BTreeMap::new(),
            touched: Touched::default(),
        }
    }

    /// Which site.
    pub const fn site(&self) -> SiteId {
        self.site
    }

    /// The site's settings.
    pub const fn settings(&self) -> &SiteConfig {
        &self.settings
    }

    /// How often the engine has started on this log.
    pub const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Whether the engine is about to stop.
    pub const fn is_stopping(&self) -> bool {
        self.stopping
    }

    /// Contacts that have not ended.
    pub const fn alive(&self) -> u32 {
        self.alive
    }

    /// Contacts that someone talks with or works after.
    pub fn in_hand(&self) -> usize {
        self.agents.iter().filter(|agent| agent.is_occupied()).count()
    }

    /// Every agent ever configured, in the order of the table.
    pub fn agents(&self) -> &[Agent] {
        &self.agents
    }

    /// Every queue ever configured, in the order of the table.
    pub fn queues(&self) -> &[Queue] {
        &self.queues
    }

    /// Every not-ready reason ever configured.
    pub fn reasons(&self) -> impl Iterator<Item = &NotReadyReason> {
        self.reasons.values()
    }

    /// Contacts on the floor, ended ones for a while included.
    pub fn contacts(&self) -> impl Iterator<Item = (ContactId, &Contact)> {
        self.contacts.iter().map(|(id, contact)| (*id, contact))
    }

    /// One contact.
    pub fn contact(&self, contact: ContactId) -> Option<&Contact> {
        self.contacts.get(&contact)
    }

    /// One agent.
    pub fn agent(&self, agent: AgentId) -> Option<&Agent> {
        self.agent_ix(agent).map(|ix| &self.agents[ix as usize])
    }

    /// One queue.
    pub fn queue(&self, queue: QueueId) -> Option<&Queue> {
        self.queue_ix(queue).map(|ix| &self.queues[ix as usize])
    }

    /// Offers on the floor, ended ones for a while included.
    pub fn offers(&self) -> impl Iterator<Item = (OfferId, &Offer)> {
        self.offers.iter().map(|(id, offer)| (*id, offer))
    }

    /// One offer.
    pub fn offer(&self, offer: OfferId) -> Option<&Offer> {
        self.offers.get(&offer)
    }

    pub(crate) fn agent_ix(&self, agent: AgentId) -> Option<AgentIx> {
        self.agent_by_id.get(&agent).copied()
    }

    pub(crate) fn queue_ix(&self, queue: QueueId) -> Option<QueueIx> {
        self.queue_by_id.get(&queue).copied()
    }

    /// Brings pools and deadlines in step with one agent.
    pub(crate) fn refresh_agent(&mut self, ix: AgentIx) {
        self.refresh_pools(ix);
        let agent = &self.agents[ix as usize];
        let overrun =
            matches!(agent.presence, Presence::NotReady(_)).then_some(agent.allowed_until).flatten();
        self.deadlines.set(Due::Rest(ix), agent.resting_until);
        self.deadlines.set(Due::Break(ix), overrun);
        self.deadlines.set(Due::SignOut(ix), agent.sign_out_at);
        self.count_agent(ix);
    }

    /// An event of another desk took this number at that time.
    pub fn pass(&mut self, seq: u64, at: Instant) {
        (self.seq, self.at) = (seq, self.at.max(at));
    }

    /// Takes over one event, and remembers whom it made available.
    pub(crate) fn absorb(&mut self, recorded: &Recorded<Event>) {
        debug_assert_eq!(recorded.seq, self.seq + 1, "events are applied in order, each once");
        self.seq = recorded.seq;
        self.at = self.at.max(recorded.at);
        self.take(recorded);
        if let Some(contact) = recorded.event.contact() {
            self.refresh_engaged(contact);
        }
        self.forget();
    }

    /// Forgets contacts that ended longer ago than the site keeps them.
    fn forget(&mut self) {
        while let Some((at, id)) = self.over.front().copied() {
            // Never within the decision that ended it: its wrap-up is yet to begin.
            if at.plus(self.settings.ended_kept_ms) >= self.at {
                break;
            }
            self.over.pop_front();
            if let Some(contact) = self.contacts.remove(&id) {
                for offer in &contact.offers {
                    self.offers.remove(offer);
                }
            }
        }
        self.forget_callers();
    }

    /// An ended contact that nobody works after any more will be forgotten.
    pub(crate) fn lay_to_rest(&mut self, id: ContactId) {
        if self.contacts.get(&id).is_some_and(|contact| contact.ended.is_some() && contact.hands == 0) {
            self.over.push_back((self.at, id));
        }
    }
}

impl ClockNews for Floor {
    fn paused(gap_ms: Millis) -> Command {
        Command::NotePause { gap_ms }
    }

    fn stepped(delta_ms: i64) -> Command {
        Command::NoteClockStep { delta_ms }
    }
}

impl Decider for Floor {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(
        &mut self,
        stamp: Stamp,
        submission: Submission<Command>,
        decided: &mut Decided<Event>,
    ) -> Result<Done, Refusal> {
        self.touched = Touched::default();
        let Submission { actor, cause, reason, command } = submission;
        let mut work = Work { floor: self, stamp, actor, cause, reason, decided };
        let done = work.decide(command)?;
        work.conclude();
        Ok(done)
    }

    fn tick(&mut self, stamp: Stamp, decided: &mut Decided<Event>) {
        self.touched = Touched::default();
        let actor = Actor::system("timer");
        let mut work = Work { floor: self, stamp, actor, cause: None, reason: None, decided };
        for _ in 0..limits::DUE_PER_TICK_MAX {
            match work.floor.deadlines.first() {
                Some((at, due)) if at <= stamp.at => work.serve(due),
                _ => break,
            }
        }
        work.conclude();
    }

    fn apply(&mut self, recorded: &Recorded<Event>) {
        self.absorb(recorded);
        // Whoever became available was matched in the events that follow, if at all.
        self.touched = Touched::default();
    }

    fn next_deadline(&self) -> Option<Instant> {
        self.deadlines.first().map(|(at, _)| at)
    }

    fn last_seq(&self) -> u64 {
        self.seq
    }

    fn last_at(&self) -> Instant {
        self.at
    }

    fn begins_work(command: &Command) -> bool {
        // What people enter can be entered later.
        match command {
            Command::Arrive { .. } | Command::EnterFigures { .. } => true,
            Command::Noted { command, .. } => Self::begins_work(command),
            _ => false,
        }
    }

    fn reindex(&mut self) {
        self.pools = Pools::default();
        self.deadlines = Deadlines::default();
        self.queue_by_id =
            self.queues.iter().enumerate().map(|(ix, queue)| (queue.config.queue, ix as QueueIx)).collect();
        self.agent_by_id =
            self.agents.iter().enumerate().map(|(ix, agent)| (agent.config.agent, ix as AgentIx)).collect();
        self.agent_by_seat = self
            .agents
            .iter()
            .enumerate()
            .filter_map(|(ix, agent)| Some((agent.seat?, ix as AgentIx)))
            .collect();
        for agent in &mut self.agents {
            agent.pools.clear();
            agent.placed = Placed::default();
            agent.counted = Default::default();
        }
        for queue in &mut self.queues {
            (queue.staffed, queue.leaving, queue.away, queue.parked) = (0, 0, 0, 0);
            queue.agents.clear();
        }
        self.break_line.clear();
        self.callers_by_age = self.callers.iter().map(|(caller, known)| (known.at, *caller)).collect();
        for queue in 0..self.queues.len() as QueueIx {
            self.queues[queue as usize].engaged = 0;
            self.keep_own_pool(queue);
            self.refresh_doors(queue);
        }
        for ix in 0..self.agents.len() as AgentIx {
            self.place_agent(ix);
        }
        self.recount_lines();
        let contacts: Vec<ContactId> = self.contacts.keys().copied().collect();
        for contact in contacts {
            self.enter_pool(contact);
            if let Some(known) = self.contacts.get_mut(&contact) {
                known.engages = None;
            }
            self.refresh_engaged(contact);
            self.refresh_callback(contact);
        }
        for ix in 0..self.agents.len() as AgentIx {
            self.refresh_wrapups(ix);
        }
        for (id, offer) in &self.offers {
            if offer.end.is_none() {
                self.deadlines.set(Due::Offer(*id), Some(offer.answer_by));
            }
        }
        self.touched = Touched::default();
    }
}

impl Work<'_> {
    /// Hands a command to its verb.
    pub(crate) fn decide(&mut self, command: Command) -> crate::work::Verdict {
        match command {
            Command::Start { epoch, version, clock_scale } => self.start(epoch, version, clock_scale),
            Command::Stop { until } => self.stop(until),
            Command::NotePause { gap_ms } => self.note_pause(gap_ms),
            Command::NoteClockStep { delta_ms } => self.note_clock_step(delta_ms),
            Command::ApplyQueue(config) => self.apply_queue(config),
            Command::ApplyAgent(config) => self.apply_agent(config),
            Command::ApplyReason(config) => self.apply_reason(config),
            Command::ApplySite(config) => self.apply_site(config),
            Command::ApplyHours(hours) => self.apply_hours(hours),
            Command::NoteAccount { account, what } => self.note_account(account, what),
            Command::NoteErased { person } => self.note_erased(person),
            Command::NoteUnmasked { account, contact } => self.note_unmasked(account, contact),
            Command::EnterFigures { entries } => self.enter_figures(&entries),
            Command::WithdrawFigure { figure } => self.withdraw_figure(figure),
            Command::FreezeReport(freeze) => self.freeze_report(freeze),
            Command::SubmitReport { report, account } => self.submit_report(report, account),
            Command::ApproveReport { report, account } => self.approve_report(report, account),
            Command::ReturnReport { report, account, why } => self.return_report(report, account, why),
            Command::SignIn { agent, seat } => self.sign_in(agent, seat),
            Command::SetState { agent, state } => self.set_state(agent, state),
            Command::ForceState { agent, state } => self.force_state(agent, state),
            Command::SignOut { agent } => self.sign_out(agent),
            Command::RequestBreak { agent, reason } => self.request_break(agent, reason),
            Command::DecideBreak { agent, granted } => self.decide_break(agent, granted),
            Command::RaiseHand { agent, raised } => self.raise_hand(agent, raised),
            Command::LinkOpened { agent, session } => self.open_link(agent, session),
            Command::LinkLost { agent, session } => self.lose_link(agent, session),
            Command::SendMessage { team, text, acknowledge } => self.send_message(team, text, acknowledge),
            Command::AcknowledgeMessage { message, agent } => self.acknowledge_message(message, agent),
            Command::Noted { command, note } => self.note_act(*command, note),
            Command::SetBreaks { queue, quota } => self.set_breaks(queue, quota),
            Command::ApplyAlertRule(rule) => self.apply_alert_rule(rule),
            Command::RaiseAlert(alarm) => self.raise_alert(alarm),
            Command::ChangeAlert { alert, level, value, limit } => {
                self.change_alert(alert, level, value, limit)
            }
            Command::AcknowledgeAlert { alert, account, note } => {
                self.acknowledge_alert(alert, account, note)
            }
            Command::ResolveAlert { alert, value } => self.resolve_alert(alert, value),
            Command::Mute { contact, agent } => self.mute(contact, agent),
            Command::Unmute { contact, agent } => self.unmute(contact, agent),
            Command::OpenQueue { queue } => self.open_queue(queue),
            Command::DrainQueue { queue } => self.drain_queue(queue),
            Command::CloseQueue { queue, emergency, message } => self.close_queue(queue, emergency, message),
            Command::Arrive { channel, from, attributes, entry } => {
                self.arrive(channel, from, attributes, entry)
            }
            Command::Enqueue { contact, entry } => self.enqueue(contact, entry),
            Command::Abandon { contact } => self.abandon(contact),
            Command::Reprioritise { contact, priority } => self.reprioritise(contact, priority),
            Command::Move { contact, queue } => self.move_to(contact, queue),
            Command::Assign { contact, agent } => self.assign(contact, agent),
            Command::RequestCallback { contact, number } => self.request_callback(contact, number),
            Command::AnswerCallback { contact } => self.answer_callback(contact),
            Command::FailCallback { contact } => self.fail_callback(contact),
            Command::Accept { offer, agent } => self.accept(offer, agent),
            Command::Reject { offer, agent } => self.reject(offer, agent),
            Command::FailOffer { offer, agent } => self.fail_offer(offer, agent),
            Command::Hold { contact, agent } => self.hold(contact, agent),
            Command::Resume { contact, agent } => self.resume(contact, agent),
            Command::Consult { contact, agent, to } => self.consult(contact, agent, to),
            Command::Conference { contact, agent } => self.conference(contact, agent),
            Command::Transfer { contact, agent, to } => self.transfer(contact, agent, to),
            Command::Leave { contact, agent } => self.leave(contact, agent),
            Command::End { contact, agent } => self.end(contact, agent),
            Command::CompleteWrapup { contact, agent, code, note } => {
                self.complete_wrapup(contact, agent, code, note)
            }
            Command::ExtendWrapup { contact, agent } => self.extend_wrapup(contact, agent),
        }
    }

    /// Hands a deadline to its verb. Each serves it for good: it moves or drops the deadline.
    pub(crate) fn serve(&mut self, due: Due) {
        match due {
            Due::Offer(offer) => self.ring_out(offer),
            Due::Wrapup(agent, contact) => self.time_out_wrapup(agent, contact),
            Due::Rest(agent) => self.end_rest(agent),
            Due::Break(agent) => self.overrun_break(agent),
            Due::SignOut(agent) => self.sign_out_absent(agent),
            Due::Doors(queue) => self.turn_doors(queue),
            Due::Step(contact) => self.step_on(contact),
            Due::Exit(contact) => self.leave_by_time(contact),
            Due::Wanted(contact) => self.stop_wanting(contact),
            // That is what every decision ends with.
            Due::Heed => self.conclude(),
            Due::Retry(contact) => self.retry_callback(contact),
            Due::Dial(contact) => self.ring_out_callback(contact),
            Due::Expire(contact) => self.expire_callback(contact),
        }
    }
}

impl Floor {
    /// Hands an event to the part of the state that it changes.
    fn take(&mut self, recorded: &Recorded<Event>) {
        let Recorded { seq, at, reason, event, .. } = recorded;
        let (seq, at) = (*seq, *at);
        match event {
            Event::EngineStarted(event) => self.take_started(event),
            Event::EngineStopping(_) => {
                self.stopping = true;
                self.refresh_heed();
            }
            Event::ClockPaused(_) | Event::ClockStepped(_) | Event::ActNoted(_) => {}
            Event::TeamMessaged(_) | Event::MessageAcknowledged(_) => self.take_message(seq, event),
            Event::AlertRuleApplied(_)
            | Event::AlertRaised(_)
            | Event::AlertChanged(_)
            | Event::AlertAcknowledged(_)
            | Event::AlertResolved(_) => self.take_alert(seq, event),
            Event::QueueBreaksSet(event) => self.take_breaks(event),
            Event::AccountChanged(_) | Event::PersonErased(_) | Event::AccessUnmasked(_) => {}
            // Nothing is decided by them.
            Event::FigureEntered(_) | Event::FigureWithdrawn(_) => {}
            Event::ReportFrozen(_)
            | Event::ReportSubmitted(_)
            | Event::ReportApproved(_)
            | Event::ReportReturned(_) => self.take_paper(recorded),
            Event::QueueApplied(event) => self.take_queue(at, event),
            Event::AgentApplied(event) => self.take_agent(seq, at, event),
            Event::ReasonApplied(event) => {
                self.reasons.insert(event.reason.reason.slug, event.reason.clone());
                // Whoever is not ready for it may now be on a break, or no longer.
                for ix in 0..self.agents.len() as AgentIx {
                    self.count_agent(ix);
                }
            }
            Event::SiteApplied(event) => self.settings = event.site.clone(),
            Event::HoursApplied(event) => self.take_hours(at, event),
            Event::QueueOpened(_)
            | Event::QueueDraining(_)
            | Event::QueueClosed(_)
            | Event::QueueDrained(_) => self.take_doors(at, *reason, event),
            Event::AgentSignedIn(_)
            | Event::AgentReady(_)
            | Event::AgentNotReady(_)
            | Event::AgentNextStateSet(_)
            | Event::AgentSignedOut(_)
            | Event::AgentLinkOpened(_)
            | Event::AgentLinkClosed(_)
            | Event::AgentUnreachable(_)
            | Event::AgentReachable(_)
            | Event::AgentResting(_)
            | Event::AgentRested(_)
            | Event::AgentBreakRequested(_)
            | Event::AgentBreakDecided(_)
            | Event::AgentBreakOverran(_)
            | Event::AgentHandRaised(_)
            | Event::AgentHandLowered(_) => self.take_presence(seq, at, event),
            Event::ContactArrived(_)
            | Event::ContactQueued(_)
            | Event::VisitEnded(_)
            | Event::ContactReprioritised(_)
            | Event::VisitStepped(_)
            | Event::ContactTold(_)
            | Event::ContactEnded(_) => self.take_place(seq, at, event),
            Event::CallbackOffered(_)
            | Event::CallbackRequested(_)
            | Event::CallbackDialled(_)
            | Event::CallbackAnswered(_)
            | Event::CallbackFailed(_)
            | Event::CallbackDue(_) => self.take_callback(seq, event),
            Event::ContactConnected(_)
            | Event::ContactHeld(_)
            | Event::ContactResumed(_)
            | Event::ContactRoleChanged(_)
            | Event::ContactLeft(_)
            | Event::ContactTransferred(_)
            | Event::ContactMuted(_)
            | Event::ContactUnmuted(_) => self.take_conversation(seq, at, event),
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
        }
    }
}
