//! The people: what each caller and agent does when her time comes, and what she does about what she hears.
//!
//! It decides nothing that the floor decides. It sees only what a person would: her own phone, her own call, her own shift.

mod agents;
mod callers;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use cordboard_centre::Refusal;
use cordboard_engine::Answer;
use cordboard_floor::command::Entry;
use cordboard_floor::{
    AccountId, Actor, AgentId, Command, ContactId, Decider as _, Event, Millis, OfferId, QueueId, Submission,
};

use super::agenda::{Act, Agenda, AgentIx, CallIx};
use super::ground::Ground;
use super::sealing::Callers;
use super::{ACTS_PER_PROGRESS, ACTS_PER_SYNC, instant};
use crate::drive::caller::Intent;
use crate::drive::configuration::{agent_id, queue_id};
use crate::drive::{CALLERS_ACCOUNT, DriveError, FloorPlan, Plan, Progress};

/// The floor is configured this long before anyone comes.
const PREPARED_US: i64 = 1_000_000;
/// The engine is stopped this long after the site has forgotten its last contact.
const AFTERWARDS: Millis = Millis::from_secs(1);

/// A call under way.
struct Caller {
    intent: Intent,
    queue: QueueId,
    contact: Option<ContactId>,
    /// How often her call has rung somewhere.
    rings: u32,
    /// An agent answered, or it is over: she does nothing of herself any more.
    served: bool,
}

/// An agent at her desk, or not.
struct Agent {
    id: AgentId,
    account: AccountId,
    /// Which of her presences she is in, or was last.
    presence: Option<usize>,
    /// What rings at her; more than one thing only where a plan lets her have more in hand.
    rings: Vec<OfferId>,
    /// Her time is over and her phone rings: she takes this call and goes.
    leaves_after: bool,
}

pub(super) struct World<'a, G> {
    plan: &'a Plan,
    ground: G,
    agenda: Agenda,
    numbers: Callers<'a>,
    callers: Vec<Caller>,
    agents: Vec<Agent>,
    agent_by_id: HashMap<AgentId, AgentIx>,
    call_by_contact: HashMap<ContactId, CallIx>,
    turned_away: BTreeMap<String, u64>,
    /// What is heard; empty in between.
    news: Vec<Event>,
    arrived: u64,
    acts: u64,
}

impl<'a, G: Ground> World<'a, G> {
    pub(super) fn new(plan: &'a Plan, ground: G, numbers: Callers<'a>) -> Result<Self, DriveError> {
        let mut world = Self {
            plan,
            ground,
            agenda: Agenda::default(),
            numbers,
            callers: Vec::with_capacity(plan.calls.len()),
            agents: Vec::with_capacity(plan.staffing.queues.len()),
            agent_by_id: HashMap::new(),
            call_by_contact: HashMap::new(),
            turned_away: BTreeMap::new(),
            news: Vec::new(),
            arrived: 0,
            acts: 0,
        };
        for (ix, call) in plan.calls.iter().enumerate() {
            let (intent, queue) = (plan.intent(call), queue_id(&call.queue)?);
            world.callers.push(Caller { intent, queue, contact: None, rings: 0, served: false });
            world.agenda.add(call.arrived_us, Act::Arrive(ix));
        }
        for (ix, name) in plan.staffing.queues.keys().enumerate() {
            let id = agent_id(name)?;
            // Every agent's id can be an account's: both are codes.
            let account = name.parse().unwrap_or(AccountId::fixed(CALLERS_ACCOUNT));
            world.agent_by_id.insert(id, ix);
            world.agents.push(Agent { id, account, presence: None, rings: Vec::new(), leaves_after: false });
        }
        for (nth, presence) in plan.staffing.presences.iter().enumerate() {
            if let Some(&ix) = world.agent_by_id.get(&agent_id(&presence.agent)?) {
                world.agenda.add(presence.from_us, Act::Come(ix, nth));
                world.agenda.add(presence.to_us, Act::Leave(ix, nth));
            }
        }
        Ok(world)
    }

    /// Configuration first, then the start, as a server does it.
    pub(super) fn open_the_floor(&mut self, floor_plan: FloorPlan) -> Result<(), DriveError> {
        let at_us = self.plan.begins_us().saturating_sub(PREPARED_US);
        let FloorPlan { site, queues, agents } = floor_plan;
        let queues = queues.into_iter().map(Command::ApplyQueue);
        let agents = agents.into_iter().map(Command::ApplyAgent);
        for command in std::iter::once(Command::ApplySite(site)).chain(queues).chain(agents) {
            self.as_system("configuration", at_us, command)?;
        }
        let epoch = self.ground.epoch();
        let version: Arc<str> = env!("CARGO_PKG_VERSION").into();
        self.as_system("engine", at_us, Command::Start { epoch, version, clock_scale: 1 })
    }

    /// Until nobody means to do anything and nothing is due.
    pub(super) fn play(&mut self, progress: &mut dyn FnMut(Progress)) -> Result<(), DriveError> {
        loop {
            let due_us = self.ground.floor().next_deadline().map(|due| due.micros());
            let at_us = match (self.agenda.next_us(), due_us) {
                (None, None) => break,
                (Some(act_us), due) if due.is_none_or(|due_us| act_us <= due_us) => {
                    if let Some((_, act)) = self.agenda.pop() {
                        self.act(act_us, act)?;
                    }
                    act_us
                }
                (_, Some(due_us)) => {
                    self.ground.tick(instant(due_us))?;
                    due_us
                }
                (Some(act_us), None) => act_us,
            };
            self.hear(at_us);
            self.acts += 1;
            if self.acts.is_multiple_of(ACTS_PER_SYNC) {
                self.ground.commit()?;
            }
            if self.acts.is_multiple_of(ACTS_PER_PROGRESS) {
                progress(self.progress());
            }
        }
        self.ground.commit()?;
        progress(self.progress());
        Ok(())
    }

    /// Stops the engine once the last contact is forgotten, so that equal drives end in equal states: what an ended contact leaves behind
    /// for a minute holds its caller's pseudonym, which no two vaults share.
    pub(super) fn close(mut self) -> Result<(G, BTreeMap<String, u64>), DriveError> {
        let floor = self.ground.floor();
        let end = floor.last_at().plus(floor.settings().ended_kept_ms).plus(AFTERWARDS);
        self.as_system("engine", end.micros(), Command::Stop { until: end })?;
        self.ground.commit()?;
        Ok((self.ground, self.turned_away))
    }

    fn act(&mut self, at_us: i64, act: Act) -> Result<(), DriveError> {
        match act {
            Act::Come(agent, presence) => self.come(at_us, agent, presence),
            Act::Arrive(call) => self.arrive(at_us, call),
            Act::Enqueue(call) => self.enqueue(at_us, call),
            Act::GiveUp(call) => self.give_up(at_us, call),
            Act::PickUp(agent, offer) => self.pick_up(at_us, agent, offer),
            Act::HangUp(agent, contact) => self.hang_up(at_us, agent, contact),
            Act::FinishWork(agent, contact) => self.finish_work(at_us, agent, contact),
            Act::Return(agent, presence) => self.come_back(at_us, agent, presence),
            Act::Leave(agent, presence) => self.leave(at_us, agent, presence),
        }
    }

    /// What was decided reaches those whom it concerns.
    fn hear(&mut self, at_us: i64) {
        let mut news = std::mem::take(&mut self.news);
        self.ground.hear(&mut news);
        for event in news.drain(..) {
            match &event {
                Event::OfferCreated(created) => self.hear_ringing(at_us, created),
                Event::ContactConnected(connected) => {
                    self.hear_connected(at_us, connected.contact, connected.agent);
                }
                Event::ContactEnded(ended) => self.hear_ended(ended.contact),
                Event::WrapupStarted(begun) => self.hear_wrapup(at_us, begun.contact, begun.agent),
                Event::AgentNotReady(event) => self.hear_not_ready(at_us, event.agent, event.reason),
                over => {
                    if let (Some(offer), Some(agent)) = (over.ends_offer(), over.agent()) {
                        self.hear_silence(at_us, agent, offer);
                    }
                }
            }
        }
        self.news = news;
    }

    /// A command of the system, which the floor must take.
    fn as_system(&mut self, rule: &'static str, at_us: i64, command: Command) -> Result<(), DriveError> {
        let answer = self.ground.decide(instant(at_us), Submission::system(rule, command))?;
        taken(answer, || format!("a command of {rule}")).map(drop)
    }

    /// A command through a door: with an actor, an account, a command id, and a digest of what was said in clear.
    fn command(
        &mut self,
        at_us: i64,
        (actor, account): (Actor, AccountId),
        id: &str,
        clear: &str,
        command: Command,
    ) -> Result<Answer<Refusal>, DriveError> {
        let cause = self.numbers.cause(account, id, clear);
        self.ground.decide(instant(at_us), Submission { actor, cause, reason: None, command })
    }

    fn progress(&self) -> Progress {
        let floor = self.ground.floor();
        Progress {
            at: floor.last_at(),
            calls: self.arrived,
            calls_total: self.plan.calls.len() as u64,
            events: floor.last_seq(),
        }
    }

    fn entry(&self, call: CallIx) -> Result<Entry, DriveError> {
        let recorded = &self.plan.calls[call];
        let skills = self.plan.conditions(recorded)?;
        Ok(Entry { priority: recorded.priority, skills, ..Entry::plain(self.callers[call].queue) })
    }
}

/// The first event of a command that must not be refused; none if it caused none.
fn taken(answer: Answer<Refusal>, what: impl FnOnce() -> String) -> Result<Option<u64>, DriveError> {
    match answer {
        Answer::Done { first_seq, .. } => Ok(first_seq),
        Answer::Refused(why) => Err(DriveError::Refused { what: what(), why }),
        Answer::Mismatch => {
            Err(DriveError::Contradiction(vec![format!("the id of {} was used before", what())]))
        }
        Answer::Unavailable(why) => Err(DriveError::Unavailable { why }),
    }
}
