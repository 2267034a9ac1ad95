//! Random work on a small floor: after every single event each view says what the floor itself says.

mod support;

use cordboard_floor::agent::{Agent, Assignment, Hold, Presence};
use cordboard_floor::configuration::Span;
use cordboard_floor::contact::{Callback, Contact, Role};
use cordboard_floor::event::{EVENTS, NextState};
use cordboard_floor::{
    AgentId, ContactId, Decider, Event, Floor, Instant, QueueId, Recorded, SiteId, StoredEvent,
};
use cordboard_views::View;
use cordboard_views::audience::{Addressed, Audience, Seen};
use cordboard_views::board::{
    Activity, ActivityCounts, Board, CallbackRow, CallbackState, ContactState, HandState,
};
use cordboard_views::figures::Figures;
use cordboard_views::story::{LegKind, Stories, Story};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use support::{Decides, step};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn views_say_what_the_floor_says(steps in proptest::collection::vec(step(), 1..220)) {
        let mut decides = Decides::new();
        let (mut mirror, mut views) = (Floor::new(SiteId::fixed("site")), Views::default());
        let mut folded = 0;
        for step in &steps {
            decides.step(step);
            for recorded in &decides.log[folded..] {
                let before = hands(&mirror);
                mirror.apply(recorded);
                let seen = views.fold(recorded);
                check_audience(recorded, &before, &hands(&mirror), &seen);
                check_agents(&mirror, &views.board);
                check_queues(&mirror, &views.board);
                check_messages_and_alerts(&mirror, &views.board);
                check_contacts(&mirror, &views.board);
                check_figures(&mirror, &views.figures);
            }
            folded = decides.log.len();
        }
        check_stories(&mirror, &views.stories, &decides.log);
        check_again(&decides.log, &views);
    }
}

/// What is asked at random is worth nothing if it never leads anywhere.
#[test]
fn random_work_meets_every_event_of_the_floor() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut met: BTreeMap<&'static str, u32> = BTreeMap::new();
    for _ in 0..150 {
        let steps = proptest::collection::vec(step(), 220).new_tree(&mut runner).unwrap().current();
        let mut decides = Decides::new();
        steps.iter().for_each(|step| decides.step(step));
        decides.log.iter().for_each(|recorded| *met.entry(recorded.event.name()).or_default() += 1);
    }
    let unmet = EVENTS.iter().map(|(_, _, name)| *name).filter(|name| !met.contains_key(name));
    // Nothing on the floor follows from these, so nothing asks for them.
    let unread = [
        "clock.stepped",
        "account.changed",
        "person.erased",
        "figure.entered",
        "figure.withdrawn",
        "report.frozen",
        "report.submitted",
        "report.approved",
        "report.returned",
    ];
    let unmet: Vec<_> = unmet.filter(|name| !unread.contains(name)).collect();
    assert!(unmet.is_empty(), "{unmet:?} of {met:?}");
}

#[derive(Default)]
struct Views {
    board: Board,
    audience: Audience,
    stories: Stories,
    figures: Figures,
    seen: Vec<Seen>,
}

impl Views {
    fn fold(&mut self, recorded: &Recorded<Event>) -> Seen {
        self.board.fold(recorded);
        self.stories.fold(recorded);
        self.figures.fold(recorded);
        let seen = self.audience.fold_and_see(recorded);
        self.seen.push(seen.clone());
        seen
    }
}

type Hands = BTreeMap<AgentId, Vec<(ContactId, Role, Hold)>>;

fn hands(floor: &Floor) -> Hands {
    let of = |agent: &Agent| agent.hands.iter().map(|hand| (hand.contact, hand.role, hand.hold)).collect();
    floor.agents().iter().map(|agent| (agent.config.agent, of(agent))).collect()
}

/// Exactly whom the rules name, and never fewer than those whose hands changed.
fn check_audience(recorded: &Recorded<Event>, before: &Hands, after: &Hands, seen: &Seen) {
    let event = &recorded.event;
    let mut expected = BTreeSet::new();
    match event.name().split_once('.').unwrap() {
        ("agent" | "message", _) | ("config", "agent_applied") => expected.extend(event.agent()),
        ("offer", _) => {
            expected.extend(event.agent());
            for (agent, hands) in before {
                let on = |hold: &Hold| matches!(hold, Hold::Connected | Hold::Held);
                if hands.iter().any(|(contact, _, hold)| Some(*contact) == event.contact() && on(hold)) {
                    expected.insert(*agent);
                }
            }
        }
        ("contact" | "visit" | "callback" | "wrapup", _) => {
            for (agent, hands) in before.iter().chain(after) {
                if hands.iter().any(|(contact, _, _)| Some(*contact) == event.contact()) {
                    expected.insert(*agent);
                }
            }
        }
        _ => {}
    }
    assert_eq!(seen.agents, expected.iter().copied().collect::<Vec<_>>(), "{recorded:?}");
    for (agent, hands) in after {
        if before.get(agent).is_some_and(|was| was != hands) {
            assert!(seen.includes(*agent, None), "{agent} is not told of {recorded:?}");
        }
    }
    let addressed = match event {
        Event::TeamMessaged(event) => Some(event.team.map_or(Addressed::Everyone, Addressed::Team)),
        _ => None,
    };
    assert_eq!(seen.addressed, addressed);
}

fn check_agents(floor: &Floor, board: &Board) {
    assert_eq!(board.agents().len(), floor.agents().len());
    for agent in floor.agents() {
        let row = board.agent(agent.config.agent).unwrap();
        assert_eq!(row.presence(), agent.presence);
        assert_eq!(row.since, agent.presence_since);
        assert_eq!(
            (row.active, row.team, row.capacity, row.version),
            (agent.config.active, agent.config.team, agent.config.capacity, agent.version)
        );
        assert_eq!((row.weight, row.position), (agent.config.weight, agent.config.position));
        assert_eq!((row.stand_in, &row.mixes), (agent.config.stand_in, &agent.config.mixes));
        assert_eq!(row.interruptible, agent.config.interruptible);
        assert_eq!(row.allowed_until, agent.allowed_until);
        assert_eq!((row.seat, row.session, row.reachable), (agent.seat, agent.session, agent.reachable));
        assert_eq!((row.sign_out_at, row.next), (agent.sign_out_at, agent.next));
        assert_eq!((row.resting_until, row.break_request), (agent.resting_until, agent.break_request));
        assert_eq!(row.break_asked.is_some(), agent.break_request.is_some());
        assert_eq!((row.hand_raised, row.idle_since), (agent.hand_raised, agent.idle_since));
        assert_eq!(row.seq, agent.seq);
        assert_eq!(row.contacts.len(), agent.hands.len());
        for (hand, floors) in row.contacts.iter().zip(&agent.hands) {
            assert_eq!((hand.contact, hand.role, hand.since), (floors.contact, floors.role, floors.since));
            assert_eq!(hand.muted, floors.muted);
            match floors.hold {
                Hold::Reserved(offer) => {
                    assert_eq!((hand.state, hand.offer), (HandState::Reserved, Some(offer)));
                    let known = floor.offers().find(|(id, _)| *id == offer).unwrap().1;
                    assert_eq!((hand.answer_by, hand.purpose), (Some(known.answer_by), Some(known.purpose)));
                }
                Hold::Connected => assert_eq!(hand.state, HandState::Connected),
                Hold::Held => assert_eq!(hand.state, HandState::Held),
                Hold::WrapUp { queue, ends_at, extended } => {
                    let queue = floor.queues()[queue as usize].config.queue;
                    assert_eq!(hand.state, HandState::WrapUp);
                    assert_eq!(
                        (hand.queue, hand.ends_at, hand.extended),
                        (Some(queue), Some(ends_at), extended)
                    );
                }
            }
        }
        assert_eq!(row.activity, activity(floor, agent));
        assert!(row.activity_since <= board.at());
        let desk = board.desk(agent.config.agent).unwrap();
        let reserved = agent.hands.iter().filter(|hand| matches!(hand.hold, Hold::Reserved(_))).count();
        // Between acceptance and connection she is reserved and nothing rings.
        assert!(desk.offers.len() <= reserved);
        assert!(agent.hands.iter().all(|hand| desk.contacts.iter().any(|row| row.contact == hand.contact)));
    }
}

fn activity(floor: &Floor, agent: &Agent) -> Activity {
    let has = |wanted: fn(&Hold) -> bool| agent.hands.iter().any(|hand| wanted(&hand.hold));
    let dials = |contact| floor.contact(contact).is_some_and(|known| known.is_dialled());
    let connected = |advises: bool| {
        let mut on = agent.hands.iter().filter(|hand| hand.hold == Hold::Connected && !dials(hand.contact));
        on.any(|hand| (hand.role == Role::Consulted) == advises)
    };
    let rings = |hand: &Assignment| {
        matches!(hand.hold, Hold::Reserved(_)) || !hand.is_wrapup() && dials(hand.contact)
    };
    if connected(false) {
        Activity::Talking
    } else if connected(true) {
        Activity::Consulting
    } else if has(|hold| *hold == Hold::Held) {
        Activity::Held
    } else if agent.hands.iter().any(rings) {
        Activity::Ringing
    } else if has(|hold| matches!(hold, Hold::WrapUp { .. })) {
        Activity::WrapUp
    } else if agent.presence == Presence::SignedOut {
        Activity::SignedOut
    } else if !agent.reachable {
        Activity::Unreachable
    } else if let Presence::NotReady(reason) = agent.presence {
        let is_break = floor.reasons().any(|known| known.reason == reason && known.is_break);
        if is_break { Activity::OnBreak } else { Activity::NotReady }
    } else if agent.resting_until.is_some() {
        Activity::Resting
    } else {
        Activity::Idle
    }
}

fn check_queues(floor: &Floor, board: &Board) {
    assert_eq!(board.queues().len(), floor.queues().len());
    for (ix, queue) in floor.queues().iter().enumerate() {
        let (row, ix) = (board.queue(queue.config.queue).unwrap(), ix as u32);
        assert_eq!((&row.config, row.version, row.state), (&queue.config, queue.version, queue.state));
        assert_eq!((row.emergency, row.over_since), (queue.emergency, queue.over_since));
        let ahead = |span: &&Span| span.until > board.at();
        assert!(row.hours.iter().eq(queue.hours.iter().filter(ahead)));
        assert_eq!(row.closes_at, row.hours.first().map(|span| span.until));
        assert_eq!(
            (row.accuracy.count, row.accuracy.error_ms),
            (queue.pace.estimated.into(), queue.pace.error_ms)
        );
        assert_eq!(row.accuracy.bias_ms, queue.pace.bias_ms);
        let live = || floor.contacts().filter(|(_, contact)| contact.ended.is_none());
        let mut waiting: Vec<(Instant, ContactId)> = live()
            .filter(|(_, contact)| contact.offer.is_none())
            .filter_map(|(id, contact)| {
                contact.visit.filter(|visit| visit.queue == ix).map(|visit| (visit.since, id))
            })
            .collect();
        waiting.sort();
        assert_eq!(row.waiting as usize, waiting.len(), "{}", queue.config.queue);
        let without_leg = waiting.iter().filter(|(_, id)| owed(floor.contact(*id).unwrap()));
        assert_eq!(row.callbacks as usize, without_leg.count());
        assert_eq!(row.longest_since, waiting.first().map(|(since, _)| *since));
        let told: Vec<ContactId> = board.waiting(queue.config.queue).map(|row| row.contact).collect();
        assert_eq!(told, waiting.iter().map(|(_, contact)| *contact).collect::<Vec<_>>());
        let in_terms = |contact: &Contact| contact.last_queue == Some(ix);
        let connected = live().filter(|(_, contact)| in_terms(contact) && !contact.participants.is_empty());
        assert_eq!(row.connected as usize, connected.count());
        let ringing = live().filter(|(_, contact)| {
            in_terms(contact) && contact.participants.is_empty() && contact.offer.is_some()
        });
        assert_eq!(row.ringing as usize, ringing.count());
        assert_eq!(row.agents, activities(floor, queue.config.queue));
        assert_eq!(row.breaks, queue.breaks());
        assert!(row.today.answered_within <= row.today.answered);
    }
}

/// Whether a promise to call its caller back is not kept yet.
fn owed(contact: &Contact) -> bool {
    contact.callback.is_some_and(|callback| !callback.answered)
}

fn activities(floor: &Floor, queue: QueueId) -> ActivityCounts {
    let mut counts = ActivityCounts::default();
    for agent in floor.agents().iter().filter(|a| a.config.active && a.config.queues.contains(&queue)) {
        counts.staffed += u32::from(agent.is_staffing());
        let is_break = |reason| floor.reasons().any(|known| known.reason == reason && known.is_break);
        let away = matches!(agent.presence, Presence::NotReady(reason) if is_break(reason))
            || matches!(agent.next, Some(NextState::NotReady(reason)) if is_break(reason));
        counts.away += u32::from(away);
        counts.asking += u32::from(agent.break_request.is_some());
        *match activity(floor, agent) {
            Activity::SignedOut => &mut counts.signed_out,
            Activity::Unreachable => &mut counts.unreachable,
            Activity::NotReady => &mut counts.not_ready,
            Activity::OnBreak => &mut counts.on_break,
            Activity::Idle => &mut counts.idle,
            Activity::Resting => &mut counts.resting,
            Activity::Ringing => &mut counts.ringing,
            Activity::Talking => &mut counts.talking,
            Activity::Held => &mut counts.held,
            Activity::Consulting => &mut counts.consulting,
            Activity::WrapUp => &mut counts.wrap_up,
        } += 1;
    }
    counts
}

fn check_messages_and_alerts(floor: &Floor, board: &Board) {
    let asking = board.messages().filter(|row| row.acknowledge);
    for (row, (message, known)) in asking.zip(floor.messages()) {
        let agent = |ix: u32| floor.agents()[ix as usize].config.agent;
        let floors = known.addressed.iter().map(|(ix, seen)| (agent(*ix), seen.is_some()));
        let rows = row.addressed.iter().map(|(agent, seen)| (*agent, seen.is_some()));
        assert_eq!((row.message, rows.collect::<BTreeSet<_>>()), (message, floors.collect::<BTreeSet<_>>()));
    }
    let rows =
        board.alerts().map(|row| (row.alert, row.rule, row.about, row.level, row.acknowledged.is_some()));
    let floors = floor.alerts().map(|(id, is)| (id, is.rule, is.about, is.level, is.acknowledged));
    assert!(rows.eq(floors));
}

fn check_contacts(floor: &Floor, board: &Board) {
    let ids = |of: &mut dyn Iterator<Item = ContactId>| of.collect::<Vec<_>>();
    assert_eq!(
        ids(&mut board.contacts().map(|row| row.contact)),
        ids(&mut floor.contacts().map(|(id, _)| id)),
        "those that ended leave both at once"
    );
    for (id, contact) in floor.contacts() {
        let row = board.contact(id).unwrap();
        let agent = |ix: u32| floor.agents()[ix as usize].config.agent;
        let queue = |ix: u32| floor.queues()[ix as usize].config.queue;
        assert_eq!((row.channel, row.arrived_at), (contact.channel, contact.arrived_at));
        assert_eq!(row.from.as_ref().map(|from| from.pseudonym), contact.pseudonym);
        assert_eq!((row.priority, &row.skills), (contact.priority, &contact.skills));
        assert_eq!(row.queue, contact.last_queue.map(queue));
        assert_eq!(row.visit, contact.visit.map(|visit| visit.visit));
        assert_eq!(row.order, contact.visit.map(|visit| visit.order));
        assert_eq!((&row.any, &row.also), (&contact.any, &contact.also));
        assert_eq!(row.rule_version, contact.visit.map(|visit| visit.rule_version));
        assert_eq!(row.step, contact.visit.map(|visit| visit.step));
        assert_eq!(row.wanted, contact.visit.and_then(|visit| visit.wanted).map(agent));
        assert_eq!(row.wanted_until, contact.visit.and_then(|visit| visit.wanted_until));
        assert_eq!(row.callback_offered, contact.callback_offered);
        assert_eq!(row.more_offers, contact.more_offers);
        let told = |row: &CallbackRow| {
            (row.expires_at, row.attempts, row.dial_by, row.retry_at, row.state == CallbackState::Answered)
        };
        let is = |is: Callback| (is.expires_at, is.attempts, is.dial_by, is.retry_at, is.answered);
        assert_eq!(row.callback.as_ref().map(told), contact.callback.map(is));
        if let Some(visit) = contact.visit {
            assert_eq!((row.queue, row.queued_at), (Some(queue(visit.queue)), Some(visit.since)));
            assert_eq!(row.estimate_ms, visit.estimate_ms);
        }
        assert_eq!((row.offer, row.consult, row.end), (contact.offer, contact.consult, contact.ended));
        assert_eq!(row.owner, contact.owner().map(agent));
        assert_eq!(
            row.participants.iter().map(|part| (part.agent, part.role)).collect::<Vec<_>>(),
            contact.participants.iter().map(|(ix, role)| (agent(*ix), *role)).collect::<Vec<_>>()
        );
        assert_eq!((row.held_since.is_some(), row.hands), (contact.caller_held, contact.hands));
        assert_eq!(row.seq, contact.seq);
        assert_eq!(row.state, state(contact));
    }
    let live: Vec<_> = floor.offers().filter(|(_, offer)| offer.end.is_none()).map(|(id, _)| id).collect();
    assert_eq!(board.offers().map(|row| row.offer).collect::<Vec<_>>(), live);
}

fn state(contact: &Contact) -> ContactState {
    match contact {
        known if known.ended.is_some() => ContactState::Ended,
        known if !known.participants.is_empty() && known.caller_held => ContactState::Held,
        known if !known.participants.is_empty() => ContactState::Connected,
        known if known.offer.is_some() => ContactState::Ringing,
        known if known.visit.is_some() => ContactState::Queued,
        known if known.last_queue.is_some() => ContactState::Moving,
        _ => ContactState::Menu,
    }
}

fn check_figures(floor: &Floor, figures: &Figures) {
    let all = figures.all();
    assert_eq!(all.contacts.arrived, all.contacts.ended() + u64::from(floor.alive()));
    let ringing = floor.offers().filter(|(_, offer)| offer.end.is_none()).count() as u64;
    assert_eq!(all.offers.ringing(), ringing);
    assert_eq!(all.wait_answered.count(), all.visits.answered);
    assert_eq!(all.wait_abandoned.count(), all.visits.abandoned);
    let owing =
        floor.contacts().filter(|(_, contact)| contact.ended.is_none() && owed(contact)).count() as u64;
    assert_eq!(all.callbacks.open(), owing);
    assert_eq!(all.overflowed_to.values().sum::<u64>(), all.visits.overflowed);
    assert!(all.estimates.count <= all.visits.answered);
    for queue in floor.queues() {
        let standing = figures.queue(queue.config.queue).map_or(0, |tally| tally.visits.standing());
        assert_eq!(standing, u64::from(queue.visits));
    }
    let sum = |of: &dyn Fn(&cordboard_views::figures::Tally) -> u64| -> u64 {
        figures.queues().map(|(_, tally)| of(tally)).sum()
    };
    assert_eq!(sum(&|tally| tally.visits.queued), all.visits.queued);
    assert_eq!(sum(&|tally| tally.wait_answered.total_ms()), all.wait_answered.total_ms());
    assert_eq!(sum(&|tally| tally.talk.total_ms()), all.talk.total_ms());
    assert_eq!(sum(&|tally| tally.hold.count()), all.hold.count());
    assert_eq!(sum(&|tally| tally.wrap_up.count()), all.wrap_up.count());
    assert_eq!(sum(&|tally| tally.transfers.blind), all.transfers.blind);
    assert_eq!(sum(&|tally| tally.callbacks.requested), all.callbacks.requested);
    assert_eq!(sum(&|tally| tally.callbacks.open()), all.callbacks.open());
    assert_eq!(sum(&|tally| tally.estimates.error_ms), all.estimates.error_ms);
    assert_eq!(sum(&|tally| tally.overtime.total_ms()), all.overtime.total_ms());
    assert_eq!(sum(&|tally| tally.told), all.told);
    let from_menus = all.contacts.abandoned.menu;
    assert_eq!(sum(&|tally| tally.contacts.ended()) + from_menus, all.contacts.ended());
}

fn check_stories(floor: &Floor, stories: &Stories, log: &[Recorded<Event>]) {
    for id in stories.contacts() {
        let seqs = stories.of(id).unwrap();
        let events: Vec<_> = seqs.iter().map(|seq| &log[*seq as usize - 1]).collect();
        let story = Story::tell(id, events).unwrap();
        assert_eq!(Some(&story), Story::tell(id, log).as_ref(), "the index misses nothing");
        assert_eq!(story.events, seqs);
        let goes_on = |kind| story.legs.iter().filter(|leg| leg.kind == kind && leg.to.is_none()).count();
        let Some(contact) = floor.contact(id) else {
            assert!(story.legs.iter().all(|leg| leg.to.is_some()), "{story:?}");
            continue;
        };
        assert_eq!(story.ended.map(|ended| ended.end), contact.ended);
        assert_eq!(goes_on(LegKind::Talk), contact.participants.len());
        assert_eq!(goes_on(LegKind::Queue), usize::from(contact.visit.is_some()));
        assert_eq!(goes_on(LegKind::Hold), usize::from(contact.caller_held));
        assert_eq!(goes_on(LegKind::Menu), usize::from(state(contact) == ContactState::Menu));
        // Another version of a plan moves who waits by no event of the contact's own, so its story has no such leg.
        assert!(goes_on(LegKind::Step) <= goes_on(LegKind::Queue), "a step ends with its visit");
        assert_eq!(goes_on(LegKind::Callback), usize::from(contact.ended.is_none() && owed(contact)));
        let dialled = contact.callback.is_some_and(|callback| callback.dial_by.is_some());
        assert_eq!(goes_on(LegKind::Dial), usize::from(contact.ended.is_none() && dialled));
        let offers = usize::from(contact.offer.is_some())
            + contact.more_offers.len()
            + usize::from(contact.consult.is_some());
        assert_eq!(goes_on(LegKind::Offer), offers);
        assert_eq!(
            goes_on(LegKind::WrapUp),
            contact.hands as usize - contact.participants.len() - offers,
            "{story:?}"
        );
        for leg in &story.legs {
            assert_eq!(leg.to.is_some(), leg.outcome.is_some());
            assert!(leg.to.is_none_or(|to| to >= leg.from));
        }
    }
}

/// Folded again from number 1, or read from a checkpoint on, every view says the same.
fn check_again(log: &[Recorded<Event>], views: &Views) {
    let mut again = Views::default();
    for (place, recorded) in log.iter().enumerate() {
        if place == log.len() / 2 {
            again.board = serde_json::from_str(&json(&again.board)).unwrap();
            again.audience = serde_json::from_str(&json(&again.audience)).unwrap();
            again.stories = serde_json::from_str(&json(&again.stories)).unwrap();
            again.figures = serde_json::from_str(&json(&again.figures)).unwrap();
        }
        again.fold(recorded);
        again.board.fold(recorded);
        assert!(again.audience.fold_and_see(recorded).is_empty(), "a repeated event is no news");
    }
    assert_eq!(again.seen, views.seen);
    assert_eq!(json(&again.board), json(&views.board));
    assert_eq!(json(&again.audience), json(&views.audience));
    assert_eq!(json(&again.stories), json(&views.stories));
    assert_eq!(json(&again.figures), json(&views.figures));
}

fn json(view: &impl serde::Serialize) -> String {
    serde_json::to_string(view).unwrap()
}
