//! A small floor that is asked random things, for the tests of the views: the real decisions, and a second
//! floor that takes over their events one by one, so that a view can be held against it after each. It
//! knows no view.

use cordboard_floor::actor::{Actor, Submission};
use cordboard_floor::alert::{AlertMeasure, AlertRule};
use cordboard_floor::command::{AskedState, Command, Entry};
use cordboard_floor::configuration::{
    self as config, AgentConfig, CallbackTerms, Exit, ExitTarget, HoursConfig, NotReadyReason, Preferred,
    QueueConfig, RoutingPlan, Selection, SiteConfig, Span,
};
use cordboard_floor::contact::{SkillCondition, TransferTarget};
use cordboard_floor::event::{Number, Sealed};
use cordboard_floor::{
    AccountId, AgentId, AlertRuleId, Channel, ContactId, Decider, Event, Floor, Instant, Millis, OfferId,
    PersonId, QueueId, Reason, ReasonId, Recorded, Refusal, SeatId, SessionId, SiteId, SkillId, Stamp,
    TeamId,
};
use proptest::prelude::*;

/// Agents of the small floor.
pub(crate) const AGENTS: u8 = 6;
/// Its queues.
pub(crate) const QUEUES: u8 = 3;

/// One thing asked. Numbers choose among what is there, modulo how many there are.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Wait(u64),
    SignIn(u8),
    Ready(u8),
    NotReady(u8),
    Force(u8, bool),
    SignOut(u8, bool),
    AskBreak(u8),
    DecideBreak(u8, bool),
    RaiseHand(u8, bool),
    LinkOpen(u8, u8),
    LinkLost(u8),
    Message(Option<u8>, bool),
    AcknowledgeMessage(u8),
    Noted(u8),
    SetBreaks(u8, u8),
    Mute(u8, bool),
    Alert(u8, u8),
    Doors(u8, u8),
    Arrive(Option<u8>, u8, bool),
    Enqueue(u8, u8),
    Abandon(u8),
    Reprioritise(u8, u8),
    Move(u8, u8),
    Assign(u8, u8),
    Accept(u8),
    Reject(u8),
    Fail(u8),
    Hold(u8),
    Resume(u8),
    Consult(u8, u8, bool),
    Conference(u8),
    Transfer(u8, u8, bool),
    Leave(u8, u8),
    End(u8),
    Complete(u8),
    Extend(u8),
    Restart,
    Pause,
    Unmask(u8),
    Configure(u8, u8),
    Retire(u8),
    Requeue(u8, bool),
    Site(u8),
    CallBack(u8, bool),
    Reached(u8, bool),
    Hours(u8, u8),
}

/// Anything, the everyday things more often.
pub(crate) fn step() -> impl Strategy<Value = Step> {
    use Step::*;
    let n = any::<u8>;
    prop_oneof![
        12 => (0u64..12_000).prop_map(Wait),
        5 => n().prop_map(SignIn),
        8 => n().prop_map(Ready),
        2 => n().prop_map(NotReady),
        1 => (n(), any::<bool>()).prop_map(|(a, b)| Force(a, b)),
        1 => (n(), any::<bool>()).prop_map(|(a, b)| SignOut(a, b)),
        1 => n().prop_map(AskBreak),
        1 => (n(), any::<bool>()).prop_map(|(a, b)| DecideBreak(a, b)),
        1 => (n(), any::<bool>()).prop_map(|(a, b)| RaiseHand(a, b)),
        3 => (n(), n()).prop_map(|(a, b)| LinkOpen(a, b)),
        1 => n().prop_map(LinkLost),
        1 => (proptest::option::of(n()), any::<bool>()).prop_map(|(a, b)| Message(a, b)),
        1 => n().prop_map(AcknowledgeMessage),
        1 => n().prop_map(Noted),
        1 => (n(), n()).prop_map(|(a, b)| SetBreaks(a, b)),
        2 => (n(), any::<bool>()).prop_map(|(a, b)| Mute(a, b)),
        2 => (n(), n()).prop_map(|(a, b)| Alert(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Doors(a, b)),
        14 => (proptest::option::weighted(0.9, n()), 0u8..=100, any::<bool>())
            .prop_map(|(a, b, c)| Arrive(a, b, c)),
        2 => (n(), n()).prop_map(|(a, b)| Enqueue(a, b)),
        3 => n().prop_map(Abandon),
        2 => (n(), 0u8..=100).prop_map(|(a, b)| Reprioritise(a, b)),
        2 => (n(), n()).prop_map(|(a, b)| Move(a, b)),
        2 => (n(), n()).prop_map(|(a, b)| Assign(a, b)),
        14 => n().prop_map(Accept),
        2 => n().prop_map(Reject),
        1 => n().prop_map(Fail),
        4 => n().prop_map(Hold),
        3 => n().prop_map(Resume),
        8 => (n(), n(), any::<bool>()).prop_map(|(a, b, c)| Consult(a, b, c)),
        6 => n().prop_map(Conference),
        5 => (n(), n(), any::<bool>()).prop_map(|(a, b, c)| Transfer(a, b, c)),
        4 => (n(), n()).prop_map(|(a, b)| Leave(a, b)),
        4 => n().prop_map(End),
        3 => n().prop_map(Complete),
        1 => n().prop_map(Extend),
        1 => Just(Restart),
        1 => Just(Pause),
        1 => n().prop_map(Unmask),
        1 => (n(), n()).prop_map(|(a, b)| Configure(a, b)),
        1 => n().prop_map(Retire),
        1 => (n(), any::<bool>()).prop_map(|(a, b)| Requeue(a, b)),
        1 => n().prop_map(Site),
        3 => (n(), any::<bool>()).prop_map(|(a, b)| CallBack(a, b)),
        3 => (n(), any::<bool>()).prop_map(|(a, b)| Reached(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Hours(a, b)),
    ]
}

/// What decides, and its log.
pub(crate) struct Decides {
    pub(crate) floor: Floor,
    pub(crate) log: Vec<Recorded<Event>>,
    pub(crate) now: Instant,
}

pub(crate) fn agent(n: u8) -> AgentId {
    format!("10{:02}", n % AGENTS).parse().unwrap()
}

pub(crate) fn queue(n: u8) -> QueueId {
    format!("queue-{}", n % QUEUES).parse().unwrap()
}

pub(crate) fn team(n: u8) -> TeamId {
    format!("team-{}", n % 2).parse().unwrap()
}

pub(crate) fn sealed() -> Sealed {
    Sealed { person: PersonId(7), bytes: Box::new([1, 2, 3]) }
}

fn seat(n: u8) -> SeatId {
    format!("seat-{}", n % AGENTS).parse().unwrap()
}

const ALERT: AlertRuleId = AlertRuleId::fixed("waiting");

fn alert_rule() -> AlertRule {
    AlertRule {
        amber: Some(5),
        red: Some(8),
        hysteresis: 1,
        ..AlertRule::customary(ALERT, AlertMeasure::Waiting)
    }
}

const SORRY: ReasonId = ReasonId::fixed("sorry");
const LUNCH: ReasonId = ReasonId::fixed("lunch");
const TRAINING: ReasonId = ReasonId::fixed("training");
const LOANS: SkillId = SkillId::fixed("loans");

pub(crate) fn agent_config(n: u8, variant: u8) -> AgentConfig {
    let (n, variant) = (n % AGENTS, variant % 60);
    let mut queues = vec![queue(n)];
    if !variant.is_multiple_of(3) {
        queues.push(queue(n + 1));
    }
    if variant % 4 == 3 {
        queues.extend([queue(n + 2), queue(n)]);
    }
    AgentConfig {
        agent: agent(n),
        active: true,
        team: (!variant.is_multiple_of(5)).then(|| team(n + variant)),
        queues,
        skills: if (n + variant).is_multiple_of(2) { vec![(LOANS, 60)] } else { Vec::new() },
        capacity: 1 + (n + variant) % 2,
        ..AgentConfig::customary(agent(n))
    }
}

impl Decides {
    /// Agents before queues for half of them, so that either order is met.
    pub(crate) fn new() -> Self {
        let mut new = Self {
            floor: Floor::new(SiteId::fixed("site")),
            log: Vec::new(),
            now: Instant::from_micros(1_795_305_601_000_000),
        };
        new.ask(Command::Start { epoch: 1, version: "0.1".into(), clock_scale: 1 }).unwrap();
        for (number, slug, is_break, allowance) in
            [(1000, LUNCH, true, Some(Millis::from_secs(15))), (1001, TRAINING, false, None)]
        {
            let reason = Reason { number, slug };
            let config = NotReadyReason {
                reason,
                active: true,
                is_break,
                allowance_ms: allowance,
                purpose: Default::default(),
            };
            new.ask(Command::ApplyReason(config)).unwrap();
        }
        new.ask(Command::ApplyAlertRule(alert_rule())).unwrap();
        for n in 0..3 {
            new.ask(Command::ApplyAgent(agent_config(n, 1))).unwrap();
        }
        for n in 0..QUEUES {
            let mut config = QueueConfig::customary(queue(n));
            config.wrapup_ms = Millis::from_secs([0, 9, 20][usize::from(n)]);
            config.waiting_max = 8;
            new.ask(Command::ApplyQueue(config)).unwrap();
        }
        for n in 3..AGENTS {
            new.ask(Command::ApplyAgent(agent_config(n, 1))).unwrap();
        }
        for n in 0..AGENTS {
            new.ask(Command::SignIn { agent: agent(n), seat: seat(n) }).unwrap();
        }
        new
    }

    /// Asks at the present moment.
    pub(crate) fn ask(&mut self, command: Command) -> Result<u64, Refusal> {
        self.ask_as(Actor::system("test"), command)
    }

    pub(crate) fn ask_as(&mut self, actor: Actor, command: Command) -> Result<u64, Refusal> {
        let stamp = Stamp { at: self.now, seed: 0 };
        let submission = Submission { actor, cause: None, reason: None, command };
        self.floor.decide(stamp, submission, &mut self.log).map(|done| done.seq)
    }

    /// Lets time pass, each deadline at its moment.
    pub(crate) fn wait(&mut self, millis: u64) {
        let until = self.now.plus(Millis(millis));
        while let Some(due) = self.floor.next_deadline().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.floor.tick(Stamp { at: self.now, seed: 0 }, &mut self.log);
        }
        self.now = until;
    }

    /// Does one step; a refusal is an answer too.
    pub(crate) fn step(&mut self, step: &Step) {
        let owner = |contact: ContactId| {
            self.floor
                .contact(contact)
                .and_then(|known| known.owner())
                .map_or(agent(0), |ix| self.floor.agents()[ix as usize].config.agent)
        };
        let command = match *step {
            Step::Wait(millis) => return self.wait(millis),
            Step::SignIn(n) => Command::SignIn { agent: agent(n), seat: seat(n) },
            Step::Ready(n) => Command::SetState { agent: agent(n), state: AskedState::Ready },
            Step::NotReady(n) => Command::SetState { agent: agent(n), state: AskedState::NotReady(TRAINING) },
            Step::Force(n, lunch) => {
                let reason = if lunch { LUNCH } else { TRAINING };
                Command::ForceState { agent: agent(n), state: AskedState::NotReady(reason) }
            }
            Step::SignOut(n, own) => {
                let actor =
                    if own { Actor::Agent(agent(n)) } else { Actor::Leader(AccountId::fixed("lead")) };
                let _ = self.ask_as(actor, Command::SignOut { agent: agent(n) });
                return;
            }
            Step::AskBreak(n) => Command::RequestBreak { agent: agent(n), reason: LUNCH },
            Step::DecideBreak(n, granted) => {
                let asking = self.floor.agents().iter().find(|agent| agent.break_request.is_some());
                let agent = asking.map_or(agent(n), |agent| agent.config.agent);
                Command::DecideBreak { agent, granted }
            }
            Step::RaiseHand(n, raised) => Command::RaiseHand { agent: agent(n), raised },
            Step::LinkOpen(n, session) => Command::LinkOpened {
                agent: agent(n),
                session: format!("s-{}", session % 3).parse::<SessionId>().unwrap(),
            },
            Step::LinkLost(n) => {
                let linked: Vec<_> =
                    self.floor.agents().iter().filter(|agent| agent.session.is_some()).collect();
                let Some(linked) = pick(&linked, n) else { return };
                let Some(session) = linked.session else { return };
                Command::LinkLost { agent: linked.config.agent, session }
            }
            Step::Message(to, acknowledge) => {
                Command::SendMessage { team: to.map(team), text: sealed(), acknowledge }
            }
            Step::AcknowledgeMessage(n) => {
                let unread = self.floor.messages().flat_map(|(message, known)| {
                    known.addressed.iter().map(move |(agent, seen)| (message, *agent, *seen))
                });
                let unread: Vec<_> = unread.filter(|(_, _, seen)| seen.is_none()).collect();
                let Some((message, agent, _)) = pick(&unread, n) else { return };
                let agent = self.floor.agents()[agent as usize].config.agent;
                Command::AcknowledgeMessage { message, agent }
            }
            Step::Noted(n) => Command::Noted {
                command: Box::new(Command::RaiseHand { agent: agent(n), raised: n.is_multiple_of(2) }),
                note: sealed(),
            },
            Step::SetBreaks(n, most) => Command::SetBreaks {
                queue: queue(n),
                quota: config::BreakQuota {
                    away_max: most.is_multiple_of(3).then(|| (most % 4).into()),
                    staffed_min: most.is_multiple_of(4).then(|| (most % 3).into()),
                },
            },
            Step::Mute(n, mute) => {
                let Some(contact) = self.live(n) else { return };
                let agent = owner(contact);
                if mute { Command::Mute { contact, agent } } else { Command::Unmute { contact, agent } }
            }
            Step::Alert(n, what) => {
                use cordboard_floor::alert::{Alarm, AlertLevel, AlertSubject};
                let rule = ALERT;
                let open: Vec<_> = self.floor.alerts().map(|(alert, _)| alert).collect();
                let level = if what.is_multiple_of(2) { AlertLevel::Amber } else { AlertLevel::Red };
                let about = if n.is_multiple_of(2) {
                    AlertSubject::Queue(queue(n))
                } else {
                    AlertSubject::Agent(agent(n))
                };
                match (what % 9, pick(&open, n)) {
                    (0..3, _) | (_, None) => {
                        Command::RaiseAlert(Alarm { rule, level, about, value: 7, limit: 5 })
                    }
                    (3..5, Some(alert)) => Command::ChangeAlert { alert, level, value: 9, limit: 8 },
                    (5..7, Some(alert)) => {
                        let (account, note) = (AccountId::fixed("lead"), what.is_multiple_of(2).then(sealed));
                        Command::AcknowledgeAlert { alert, account, note }
                    }
                    (_, Some(alert)) => Command::ResolveAlert { alert, value: None },
                }
            }
            Step::Doors(n, doors) => match doors % 8 {
                0 => Command::CloseQueue {
                    queue: queue(n),
                    emergency: n.is_multiple_of(2),
                    message: n.is_multiple_of(3).then_some(SORRY),
                },
                1 => Command::DrainQueue { queue: queue(n) },
                _ => Command::OpenQueue { queue: queue(n) },
            },
            Step::Arrive(to, priority, skilled) => Command::Arrive {
                channel: Channel::fixed("voice"),
                from: Some(Number { pseudonym: [42; 16], sealed: sealed() }),
                attributes: skilled.then(sealed),
                entry: to.map(|to| Entry {
                    priority,
                    skills: conditions(skilled),
                    wanted: priority.is_multiple_of(3).then(|| agent(priority)),
                    ..Entry::plain(queue(to))
                }),
            },
            Step::Enqueue(n, to) => {
                let Some(contact) = self.live(n) else { return };
                Command::Enqueue { contact, entry: Entry { priority: 3, ..Entry::plain(queue(to)) } }
            }
            Step::Abandon(n) => match self.live(n) {
                Some(contact) => Command::Abandon { contact },
                None => return,
            },
            Step::Reprioritise(n, priority) => match self.live(n) {
                Some(contact) => Command::Reprioritise { contact, priority },
                None => return,
            },
            Step::Move(n, to) => match self.live(n) {
                Some(contact) => Command::Move { contact, queue: queue(to) },
                None => return,
            },
            Step::Assign(n, to) => match self.live(n) {
                Some(contact) => Command::Assign { contact, agent: agent(to) },
                None => return,
            },
            Step::Accept(n) | Step::Reject(n) | Step::Fail(n) => {
                let Some((offer, agent)) = self.ringing(n) else { return };
                match step {
                    Step::Accept(_) => Command::Accept { offer, agent },
                    Step::Reject(_) => Command::Reject { offer, agent },
                    _ => Command::FailOffer { offer, agent },
                }
            }
            Step::Hold(n) => match self.owned(n) {
                Some(contact) => Command::Hold { contact, agent: owner(contact) },
                None => return,
            },
            Step::Resume(n) => match self.owned(n) {
                Some(contact) => Command::Resume { contact, agent: owner(contact) },
                None => return,
            },
            Step::Consult(n, to, in_queue) => match self.owned(n) {
                Some(contact) => {
                    Command::Consult { contact, agent: owner(contact), to: target(to, in_queue) }
                }
                None => return,
            },
            Step::Conference(n) => match self.owned(n) {
                Some(contact) => Command::Conference { contact, agent: owner(contact) },
                None => return,
            },
            Step::Transfer(n, to, in_queue) => match self.owned(n) {
                Some(contact) => {
                    Command::Transfer { contact, agent: owner(contact), to: target(to, in_queue) }
                }
                None => return,
            },
            Step::Leave(n, who) => match self.owned(n) {
                Some(contact) => {
                    let on = &self.floor.contact(contact).unwrap().participants;
                    let (ix, _) = on[usize::from(who) % on.len()];
                    Command::Leave { contact, agent: self.floor.agents()[ix as usize].config.agent }
                }
                None => return,
            },
            Step::End(n) => match self.owned(n) {
                Some(contact) => Command::End { contact, agent: owner(contact) },
                None => return,
            },
            Step::Complete(n) | Step::Extend(n) => {
                let wrapups: Vec<(AgentId, ContactId)> = self
                    .floor
                    .agents()
                    .iter()
                    .flat_map(|agent| {
                        let hands = agent.hands.iter().filter(|hand| hand.is_wrapup());
                        hands.map(|hand| (agent.config.agent, hand.contact))
                    })
                    .collect();
                let Some((agent, contact)) = pick(&wrapups, n) else { return };
                match step {
                    Step::Complete(_) => {
                        Command::CompleteWrapup { contact, agent, code: None, note: Some(sealed()) }
                    }
                    _ => Command::ExtendWrapup { contact, agent },
                }
            }
            Step::Restart => {
                let _ = self.ask(Command::Stop { until: self.now.plus(Millis(500)) });
                self.wait(300);
                let epoch = self.floor.epoch() + 1;
                let _ = self.ask(Command::Start { epoch, version: "0.2".into(), clock_scale: 1 });
                // Links come back, all but one.
                (1..AGENTS).for_each(|n| self.step(&Step::LinkOpen(n, 0)));
                return;
            }
            Step::Pause => {
                self.now = self.now.plus(Millis(30_000));
                let _ = self.ask(Command::NotePause { gap_ms: Millis(30_000) });
                return self.wait(0);
            }
            Step::Unmask(n) => match self.live(n) {
                Some(contact) => Command::NoteUnmasked { account: AccountId::fixed("lead"), contact },
                None => return,
            },
            Step::Configure(n, variant) => Command::ApplyAgent(agent_config(n, variant)),
            Step::Retire(n) => Command::ApplyAgent(AgentConfig { active: false, ..agent_config(n, 1) }),
            Step::Requeue(n, skilled) => {
                let mut config = QueueConfig::customary(queue(n));
                config.skills = conditions(skilled);
                config.plan = plan(n);
                Command::ApplyQueue(config)
            }
            Step::CallBack(n, elsewhere) => {
                let number = elsewhere.then(|| Number { pseudonym: [43; 16], sealed: sealed() });
                match self.live(n) {
                    Some(contact) => Command::RequestCallback { contact, number },
                    None => return,
                }
            }
            // Mostly of whoever is dialled; of anybody else it is refused.
            Step::Reached(n, is_there) => match self.dialled(n).or_else(|| self.owned(n)) {
                Some(contact) if is_there => Command::AnswerCallback { contact },
                Some(contact) => Command::FailCallback { contact },
                None => return,
            },
            Step::Hours(n, opens) => {
                let from = self.now.plus(Millis(u64::from(opens % 16) * 1_000));
                let span = |from: Instant| Span { from, until: from.plus(Millis(8_000)) };
                let open = vec![span(from), span(from.plus(Millis(20_000)))];
                Command::ApplyHours(HoursConfig { queue: queue(n), open })
            }
            Step::Site(n) => Command::ApplySite(SiteConfig {
                ended_kept_ms: Millis(u64::from(n % 3) * 9_000),
                reject_rest_ms: Millis(u64::from(n % 2) * 4_000),
                sign_out_delay_ms: Millis::from_secs(30),
                callers_kept_ms: Millis::from_secs(600),
                ..SiteConfig::default()
            }),
        };
        let _ = self.ask(command);
    }

    fn live(&self, n: u8) -> Option<ContactId> {
        let live: Vec<_> =
            self.floor.contacts().filter(|(_, known)| known.ended.is_none()).map(|(id, _)| id).collect();
        pick(&live, n)
    }

    fn owned(&self, n: u8) -> Option<ContactId> {
        let owned: Vec<_> =
            self.floor.contacts().filter(|(_, known)| known.owner().is_some()).map(|(id, _)| id).collect();
        pick(&owned, n)
    }

    fn dialled(&self, n: u8) -> Option<ContactId> {
        let dialled: Vec<_> =
            self.floor.contacts().filter(|(_, known)| known.is_dialled()).map(|(id, _)| id).collect();
        pick(&dialled, n)
    }

    fn ringing(&self, n: u8) -> Option<(OfferId, AgentId)> {
        let ringing: Vec<_> = self
            .floor
            .offers()
            .filter(|(_, offer)| offer.end.is_none())
            .map(|(id, offer)| (id, self.floor.agents()[offer.agent as usize].config.agent))
            .collect();
        pick(&ringing, n)
    }
}

fn pick<T: Copy>(among: &[T], n: u8) -> Option<T> {
    (!among.is_empty()).then(|| among[usize::from(n) % among.len()])
}

fn target(n: u8, in_queue: bool) -> TransferTarget {
    if in_queue { TransferTarget::Queue(queue(n)) } else { TransferTarget::Agent(agent(n)) }
}

/// Plans that between them use everything that a view tells of.
fn plan(n: u8) -> RoutingPlan {
    let step =
        |after: u64| config::Step { after_ms: Some(Millis(after)), raise: 5, ..config::Step::default() };
    let exit = |after_ms: Option<Millis>, closed: bool, to: ExitTarget| Exit {
        after_ms,
        estimated_above_ms: None,
        waiting_above: None,
        eligible_below: None,
        closed,
        to,
    };
    let own = n % QUEUES;
    let onward = ExitTarget::Queue(queue(own + 1));
    let mut exits = vec![
        exit(Some(Millis(6_000)), false, ExitTarget::Callback),
        exit(None, true, ExitTarget::Message(SORRY)),
    ];
    if n.is_multiple_of(5) {
        exits.push(exit(Some(Millis(9_000)), false, onward));
    }
    RoutingPlan {
        selection: if (n / 8).is_multiple_of(2) { Selection::RingAll } else { Selection::LongestIdle },
        steps: vec![step(2_000), step(5_000)],
        preferred: Preferred { wait_ms: Millis(4_000), first_owner: true, last_agent: true },
        exits,
        callback: CallbackTerms {
            allowed: true,
            attempts_max: 2,
            retry_ms: Millis(5_000),
            dial_ms: Millis(7_000),
            expires_ms: Millis(60_000),
        },
        ..RoutingPlan::default()
    }
}

fn conditions(skilled: bool) -> Vec<SkillCondition> {
    if skilled { vec![SkillCondition { skill: LOANS, level: 50 }] } else { Vec::new() }
}
