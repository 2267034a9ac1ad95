//! The naive router against the words of the plan, on floors where people and callers are put by hand.

use super::asked::has_room;
use super::heeded::heeded;
use super::{Choice, Measure, Standing, line, naive_choice, rings, standing, standings};
use crate::agent::{Assignment, Hold, Presence};
use crate::command::{Command, Entry};
use crate::configuration::{AgentConfig, Exit, ExitTarget, QueueConfig, RoutingPlan, Selection, Step};
use crate::contact::{Role, SkillCondition};
use crate::event::OfferPurpose;
use crate::id::{AgentId, Channel, ContactId, OfferId, QueueId, SiteId, SkillId};
use crate::queue::QueueState;
use crate::refusal::OfferEnd;
use crate::time::{Instant, Millis};
use crate::{Decided, Decider, Floor, Stamp, Submission};
use alloc::vec;
use alloc::vec::Vec;

const VOICE: Channel = Channel::fixed("voice");
const CHAT: Channel = Channel::fixed("chat");
const LOANS: QueueId = QueueId::fixed("loans");
const CARDS: QueueId = QueueId::fixed("cards");
const ANN: AgentId = AgentId::fixed("1001");
const BEA: AgentId = AgentId::fixed("1002");
const EN: SkillId = SkillId::fixed("en");

fn at(secs: u64) -> Instant {
    Instant::from_micros(1_000_000_000_000).plus(Millis::from_secs(secs))
}

fn ask(floor: &mut Floor, secs: u64, command: Command) -> ContactId {
    let (stamp, next) = (Stamp { at: at(secs), seed: 0 }, floor.last_seq() + 1);
    floor.decide(stamp, Submission::system("test", command), &mut Decided::new()).expect("it may be asked");
    ContactId(next)
}

fn arrive(floor: &mut Floor, secs: u64, entry: Entry) -> ContactId {
    ask(floor, secs, Command::Arrive { channel: VOICE, from: None, attributes: None, entry: Some(entry) })
}

/// Ann and Bea serve loans; nobody is there yet, so that whoever comes waits.
fn floor(plan: RoutingPlan) -> Floor {
    let mut floor = Floor::new(SiteId::fixed("stage"));
    for (queue, plan) in [(LOANS, plan), (CARDS, RoutingPlan::default())] {
        ask(&mut floor, 0, Command::ApplyQueue(QueueConfig { plan, ..QueueConfig::customary(queue) }));
    }
    for agent in [ANN, BEA] {
        let config = AgentConfig { queues: vec![LOANS], ..AgentConfig::customary(agent) };
        ask(&mut floor, 0, Command::ApplyAgent(config));
    }
    floor
}

fn all_ready(floor: &mut Floor) {
    for agent in &mut floor.agents {
        agent.presence = Presence::Ready;
        agent.reachable = true;
    }
}

fn reserve(floor: &mut Floor, agent: usize, contact: ContactId, offer: u64) {
    floor.agents[agent].hands.push(Assignment {
        contact,
        role: Role::Owner,
        hold: Hold::Reserved(OfferId(offer)),
        channel: VOICE,
        since: at(0),
        connected_at: None,
        muted: false,
    });
    let known = floor.contacts.get_mut(&contact).expect("it is here");
    match known.offer {
        None => known.offer = Some(OfferId(offer)),
        Some(_) => known.more_offers.push(OfferId(offer)),
    }
    floor.offers.insert(
        OfferId(offer),
        crate::contact::Offer {
            contact,
            agent: agent as u32,
            purpose: OfferPurpose::Queue,
            answer_by: at(100),
            end: None,
        },
    );
}

fn chosen(floor: &Floor) -> Option<(ContactId, AgentId)> {
    naive_choice(floor, at(60)).map(|Choice { contact, agent, .. }| (contact, agent))
}

#[test]
fn each_selection_looks_at_its_own_measure() {
    type Prepare = fn(&mut Floor);
    // Ann comes first wherever nothing is said: each row makes Bea the better one.
    let rows: [(Selection, Prepare); 9] = [
        (Selection::LongestIdle, |floor| floor.agents[0].idle_since = at(1)),
        (Selection::LeastOccupied, |floor| floor.agents[0].record.busy_ms = 1),
        (Selection::FewestContacts, |floor| floor.agents[0].record.taken = 1),
        (Selection::LeastTalk, |floor| floor.agents[0].record.talk_ms = 1),
        (Selection::MostSkilled, |floor| floor.agents[1].config.skills = vec![(EN, 90)]),
        (Selection::RoundRobin, |floor| floor.agents[0].record.last_offer = 7),
        (Selection::Weighted, |floor| {
            (floor.agents[0].record.taken, floor.agents[1].record.taken) = (2, 5);
            floor.agents[1].config.weight = 300;
        }),
        (Selection::Linear, |floor| {
            floor.agents[0].config.position = 1;
            floor.agents[1].idle_since = at(50);
        }),
        (Selection::RingAll, |floor| floor.agents[0].idle_since = at(1)),
    ];
    for (selection, prepare) in rows {
        let mut floor = floor(RoutingPlan { selection, ..RoutingPlan::default() });
        for agent in &mut floor.agents {
            agent.config.skills = vec![(EN, 50)];
        }
        let asked = vec![SkillCondition { skill: EN, level: 10 }];
        let contact = arrive(&mut floor, 2, Entry { skills: asked, ..Entry::plain(LOANS) });
        all_ready(&mut floor);
        assert_eq!(chosen(&floor), Some((contact, ANN)), "{selection:?}: the place in the table decides");
        prepare(&mut floor);
        assert_eq!(chosen(&floor), Some((contact, BEA)), "{selection:?}");
        let told = standings(&floor, contact);
        assert!(matches!(told[0], (1, Standing::Free(_))), "{selection:?}: {told:?}");
    }
}

#[test]
fn steps_widen_what_fits_and_forgo_what_the_caller_asked() {
    let mut customary = floor(RoutingPlan {
        also: Vec::new(),
        steps: vec![
            Step { after_ms: Some(Millis(1)), forgo_own: true, ..Step::default() },
            Step { after_ms: Some(Millis(2)), also: vec![CARDS], ..Step::default() },
        ],
        ..RoutingPlan::default()
    });
    customary.agents[1].config.queues = vec![CARDS];
    let own = vec![SkillCondition { skill: EN, level: 40 }];
    let contact = arrive(&mut customary, 2, Entry { skills: own, ..Entry::plain(LOANS) });
    all_ready(&mut customary);
    let lacks = Standing::LacksSkill { skill: EN, asked: 40, level: None };
    let at_step = |floor: &mut Floor, step: u16| {
        floor.contacts.get_mut(&contact).unwrap().visit.as_mut().unwrap().step = step;
        [0, 1].map(|agent| standing(floor, agent, contact).unwrap())
    };
    assert_eq!(at_step(&mut customary, 0), [lacks, Standing::NotHerQueue]);
    let [ann, bea] = at_step(&mut customary, 1);
    assert!(matches!(ann, Standing::Free(_)) && bea == Standing::NotHerQueue, "{ann:?} {bea:?}");
    let [ann, bea] = at_step(&mut customary, 2);
    assert!(matches!((&ann, &bea), (Standing::Free(_), Standing::Free(_))), "{ann:?} {bea:?}");
}

#[test]
fn who_is_wanted_needs_neither_queue_nor_skill() {
    let mut floor = floor(RoutingPlan::default());
    floor.agents[1].config.queues.clear();
    let contact = arrive(&mut floor, 2, Entry::plain(LOANS));
    all_ready(&mut floor);
    floor.contacts.get_mut(&contact).unwrap().visit.as_mut().unwrap().wanted = Some(1);
    assert_eq!(chosen(&floor), Some((contact, BEA)));
    assert_eq!(standing(&floor, 0, contact), Some(Standing::NotWanted(BEA)));
}

#[test]
fn the_line_is_ordered_by_priority_then_score_then_age() {
    let mut floor = floor(RoutingPlan { weight: 300, ..RoutingPlan::default() });
    let cards = arrive(&mut floor, 10, Entry::plain(CARDS));
    let loans = arrive(&mut floor, 30, Entry::plain(LOANS));
    let order =
        |floor: &Floor, secs| line(floor, at(secs)).iter().map(|place| place.contact).collect::<Vec<_>>();
    assert_eq!(order(&floor, 35), [cards, loans], "25 s beat 5 s three times");
    assert_eq!(order(&floor, 40), [cards, loans], "30 s and 10 s three times are one score: the older");
    assert_eq!(order(&floor, 45), [loans, cards], "15 s three times beat 35 s");
    floor.queues[0].config.plan.answer_within_ms = Millis::from_secs(11);
    assert_eq!(order(&floor, 45), [cards, loans], "with time to spare");
    let scores: Vec<i64> = line(&floor, at(45)).iter().map(|place| place.score_ms).collect();
    assert_eq!(scores, [35_000, 34_000]);
    floor.queues[0].config.priority = 51;
    assert_eq!(order(&floor, 45), [loans, cards], "whatever they waited");
}

#[test]
fn a_ring_reaches_everybody_free_before_anybody_else_is_served() {
    let mut floor = floor(RoutingPlan { selection: Selection::RingAll, ..RoutingPlan::default() });
    let (first, second) =
        (arrive(&mut floor, 2, Entry::plain(LOANS)), arrive(&mut floor, 3, Entry::plain(LOANS)));
    all_ready(&mut floor);
    assert_eq!(chosen(&floor), Some((first, ANN)));
    let now = floor.last_seq() + 1;
    reserve(&mut floor, 0, first, now);
    assert_eq!(
        chosen(&floor),
        Some((second, BEA)),
        "a ring that began earlier is joined by who has nothing to do"
    );
    floor.seq = now;
    assert_eq!(chosen(&floor), Some((first, BEA)), "one that has just begun goes on");
    floor.agents[0].config.capacity = 2;
    assert_eq!(chosen(&floor), Some((first, BEA)), "not twice at Ann");
    assert_eq!(standing(&floor, 0, first), Some(Standing::RungAlready(OfferId(now))));
}

#[test]
fn a_queue_at_its_maximum_is_passed_over() {
    let mut floor = floor(RoutingPlan { conversations_max: Some(1), ..RoutingPlan::default() });
    let (first, second) =
        (arrive(&mut floor, 2, Entry::plain(LOANS)), arrive(&mut floor, 3, Entry::plain(LOANS)));
    all_ready(&mut floor);
    assert_eq!(chosen(&floor), Some((first, ANN)));
    reserve(&mut floor, 0, first, 900);
    assert_eq!(chosen(&floor), None, "{second} waits until the first is over");
    assert!(line(&floor, at(60))[0].passed_over);
}

#[test]
fn room_is_by_mix_and_what_can_be_interrupted_does_not_count() {
    let mut floor = floor(RoutingPlan::default());
    let contact = arrive(&mut floor, 2, Entry::plain(LOANS));
    let agent = &mut floor.agents[0];
    let chat = |n| Assignment {
        contact: ContactId(n),
        role: Role::Owner,
        hold: Hold::Connected,
        channel: CHAT,
        since: at(0),
        connected_at: None,
        muted: false,
    };
    assert!(has_room(agent, VOICE) && has_room(agent, CHAT), "a capacity of one, of any");
    agent.config.mixes = vec![vec![(VOICE, 1)], vec![(CHAT, 2)]];
    agent.hands = vec![chat(900)];
    assert!(!has_room(agent, VOICE) && has_room(agent, CHAT));
    agent.hands.push(chat(901));
    assert!(!has_room(agent, CHAT));
    agent.config.interruptible = vec![CHAT];
    assert!(has_room(agent, VOICE) && !has_room(agent, CHAT), "chats do not keep her from a call");
    all_ready(&mut floor);
    let Some(Standing::Free(key)) = standing(&floor, 0, contact) else { panic!("she is free") };
    assert_eq!((key.in_hand, key.measure), (2, Measure::LongestIdle));
}

#[test]
fn who_is_left_behind_by_the_plan_is_found() {
    let steps = vec![Step { eligible_below: Some(1), raise: 5, ..Step::default() }];
    let mut floor = floor(RoutingPlan { steps, ..RoutingPlan::default() });
    let contact = arrive(&mut floor, 2, Entry::plain(LOANS));
    let stands = |floor: &mut Floor, step, wanted: Option<u32>| {
        let visit = floor.contacts.get_mut(&contact).unwrap().visit.as_mut().unwrap();
        (visit.step, visit.wanted, visit.wanted_until) = (step, wanted, wanted.map(|_| at(90)));
        heeded(floor).err().unwrap_or_default()
    };
    assert_eq!(stands(&mut floor, 1, None), "");
    assert!(stands(&mut floor, 0, None).contains("step 1 is due"), "nobody is here");
    assert!(stands(&mut floor, 1, Some(0)).contains("who is not here"));
    assert!(stands(&mut floor, 2, None).contains("at step 2, of 1"));
    all_ready(&mut floor);
    assert_eq!(stands(&mut floor, 0, None), "", "with two who fit nothing is due");
    assert_eq!(stands(&mut floor, 1, Some(0)), "");
}

#[test]
fn an_exit_that_stands_open_is_found() {
    let exit = |to| Exit {
        after_ms: None,
        estimated_above_ms: None,
        waiting_above: None,
        eligible_below: Some(1),
        closed: false,
        to,
    };
    let mut floor = floor(RoutingPlan::default());
    let contact = arrive(&mut floor, 2, Entry::plain(LOANS));
    floor.queues[0].config.plan.exits = vec![exit(ExitTarget::Callback), exit(ExitTarget::Queue(CARDS))];
    let found = |floor: &Floor| heeded(floor).err().unwrap_or_default();
    assert!(
        found(&floor).contains("could leave by Queue(cards)"),
        "no callback is allowed: {}",
        found(&floor)
    );
    floor.queues[1].state = QueueState::Draining;
    assert_eq!(found(&floor), "");
    floor.queues[0].config.plan.callback.allowed = true;
    assert!(found(&floor).contains("could leave by Callback"));
    floor.contacts.get_mut(&contact).unwrap().callback_offered = true;
    assert_eq!(found(&floor), "");
}

#[test]
fn a_ring_with_a_dead_offer_is_found() {
    let mut floor = floor(RoutingPlan { selection: Selection::RingAll, ..RoutingPlan::default() });
    let contact = arrive(&mut floor, 2, Entry::plain(LOANS));
    reserve(&mut floor, 0, contact, 900);
    reserve(&mut floor, 1, contact, 901);
    let found = |floor: &Floor| rings(floor, contact, &floor.contacts[&contact]).err().unwrap_or_default();
    assert_eq!(found(&floor), "");
    floor.offers.get_mut(&OfferId(901)).unwrap().end = Some(OfferEnd::Rescinded);
    assert_eq!(found(&floor), alloc::format!("{contact} has o-901, which is over"));
    floor.contacts.get_mut(&contact).unwrap().offer = Some(OfferId(901));
    floor.contacts.get_mut(&contact).unwrap().more_offers = vec![OfferId(900)];
    floor.offers.get_mut(&OfferId(901)).unwrap().end = None;
    assert!(found(&floor).contains("after"), "the first is the oldest");
}
