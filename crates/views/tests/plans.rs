//! What the views tell of the routing plan, from events made by hand: steps, other versions of a plan, several
//! offers that ring at once, callbacks, overflow, hours and estimates.

mod hand;

use cordboard_floor::actor::reasons;
use cordboard_floor::configuration::{HoursConfig, RoutingPlan, Span, Step};
use cordboard_floor::contact::{ContactEnd, EndedBy, Role, VisitEnd};
use cordboard_floor::event::{
    AgentBreakDecided, AgentBreakRequested, AgentRested, AgentResting, CallbackAnswered, CallbackDialled,
    CallbackDue, CallbackFailed, CallbackOffered, CallbackRequested, ContactConnected, ContactLeft,
    ContactTold, HoursApplied, OfferAccepted, OfferRescinded, OfferTimedOut, QueueClosed, QueueDrained,
    QueueDraining, QueueOpened, VisitEnded, VisitStepped,
};
use cordboard_floor::queue::QueueState;
use cordboard_floor::{AgentId, Millis, Reason, ReasonId};
use cordboard_views::audience::Audience;
use cordboard_views::board::{Activity, CallbackState, ContactState};
use cordboard_views::figures::{Callbacks, Figures};
use hand::{Hand, LI, SALES, SERVICE, WANG};

fn two_steps() -> RoutingPlan {
    let step = |after: u64| Step { after_ms: Some(Millis(after)), ..Step::default() };
    RoutingPlan { steps: vec![step(10_000), step(30_000)], ..RoutingPlan::default() }
}

#[test]
fn who_waits_stands_under_a_version_and_a_step_and_moves_with_another_version() {
    let mut log = Hand::with_plan(two_steps());
    let contact = log.queued(SALES, Some(WANG), None);
    let row = |log: &Hand| log.board().contact(contact).unwrap().clone();
    let before = row(&log);
    assert_eq!((before.rule_version, before.step, before.wanted), (Some(1), Some(0), Some(WANG)));
    log.wait(12_000);
    let (visit, order) = (before.visit.unwrap(), before.order.unwrap().minus(Millis(60_000)));
    log.says_because(
        reasons::WAITED,
        VisitStepped {
            contact,
            visit,
            queue: SALES,
            step: 1,
            priority: 51,
            order,
            wanted: None,
            wanted_until: None,
            exits_tried: 0,
        },
    );
    let after = row(&log);
    assert_eq!((after.step, after.priority, after.order), (Some(1), 51, Some(order)));
    assert_eq!((after.wanted, after.queued_at), (None, before.queued_at));

    // 12 s waited: under the new plan the step of 5 s is due, that of 20 s is not, and the one by staff is an event's business.
    log.wait(1_000);
    let by_staff = Step { ready_below: Some(2), ..Step::default() };
    let step = |after: u64| Step { after_ms: Some(Millis(after)), ..Step::default() };
    let steps = vec![by_staff, step(5_000), step(13_001), step(20_000)];
    log.applies(RoutingPlan { steps, ..RoutingPlan::default() }, 2);
    let moved = row(&log);
    assert_eq!((moved.rule_version, moved.step), (Some(2), Some(2)));
    assert_eq!((moved.order, moved.priority, moved.seq), (after.order, after.priority, after.seq));
    assert_eq!(
        log.told(contact),
        ["queue 13000 ms goes on", "step 0 1002=wanted 12000 ms stepped (waited)", "step 1 1000 ms goes on"]
    );
}

#[test]
fn several_ring_at_once_and_who_is_faster_has_it() {
    let mut log = Hand::new();
    let contact = log.queued(SALES, None, None);
    let (first, second) = (log.rings(contact, LI), log.rings(contact, WANG));
    let board = log.board();
    let row = board.contact(contact).unwrap();
    assert_eq!((row.offer, &row.more_offers, row.hands), (Some(first), &vec![second], 2));
    assert_eq!(row.ringing().collect::<Vec<_>>(), [first, second]);
    assert_eq!(board.queue(SALES).unwrap().ringing, 1, "one contact, however many phones");
    assert_eq!(board.agent(WANG).unwrap().activity, Activity::Ringing);

    // One that rings out leaves the other; with the last one gone the contact waits again.
    let mut alone = log.clone();
    alone.says(OfferTimedOut { offer: first, contact, agent: LI });
    let board = alone.board();
    let row = board.contact(contact).unwrap();
    assert_eq!((row.state, row.offer, row.more_offers.len()), (ContactState::Ringing, Some(second), 0));
    assert_eq!((board.agent(LI).unwrap().missed, board.queue(SALES).unwrap().ringing), (1, 1));
    alone.says(OfferTimedOut { offer: second, contact, agent: WANG });
    let board = alone.board();
    assert_eq!(board.contact(contact).unwrap().state, ContactState::Queued);
    assert_eq!((board.queue(SALES).unwrap().ringing, board.queue(SALES).unwrap().waiting), (0, 1));

    log.wait(2_000);
    log.says(OfferAccepted { offer: second, contact, agent: WANG });
    log.says_because(reasons::TAKEN, OfferRescinded { offer: first, contact, agent: LI });
    log.ends_visit(contact, VisitEnd::Answered);
    log.says(ContactConnected { contact, agent: WANG, role: Role::Owner, offer: second });
    let board = log.board();
    let row = board.contact(contact).unwrap();
    assert_eq!((row.state, row.offer, row.owner, row.hands), (ContactState::Connected, None, Some(WANG), 1));
    assert!(board.agent(LI).unwrap().contacts.is_empty());
    let mut audience = Audience::new();
    let heard: Vec<(String, Vec<AgentId>)> = log
        .about(contact)
        .map(|recorded| {
            let name = cordboard_floor::StoredEvent::name(&recorded.event).to_owned();
            (name, audience.fold_and_see(recorded).agents)
        })
        .collect();
    assert_eq!(heard.iter().find(|(name, _)| name == "offer.rescinded").unwrap().1, [LI]);
    assert_eq!(heard.last().unwrap().1, [WANG], "who was too slow hears no more of it");
    assert_eq!(
        log.told(contact),
        [
            "queue 2000 ms answered",
            "offer 1001 2000 ms rescinded (taken)",
            "offer 1002 2000 ms accepted",
            "talk 1002 0 ms goes on"
        ]
    );
}

#[test]
fn a_callback_keeps_its_place_and_is_told_attempt_by_attempt() {
    let mut log = Hand::new();
    let contact = log.queued(SALES, None, Some(5_000));
    let visit = log.board().contact(contact).unwrap().visit.unwrap();
    log.says(CallbackOffered { contact, visit });
    log.wait(1_000);
    let expires_at = log.now.plus(Millis(600_000));
    log.says(CallbackRequested { contact, number: Some(hand::number()), expires_at });
    let state = |log: &Hand| log.board().contact(contact).unwrap().callback.clone().unwrap();
    let board = log.board();
    let (row, queue) = (board.contact(contact).unwrap(), board.queue(SALES).unwrap());
    assert_eq!((row.state, row.callback_offered), (ContactState::Queued, true));
    assert_eq!((queue.waiting, queue.callbacks), (1, 1));
    assert_eq!((state(&log).state, state(&log).number), (CallbackState::Requested, Some(hand::number())));

    let offer = log.rings(contact, LI);
    log.answers(contact, LI, offer);
    let dial_by = log.now.plus(Millis(30_000));
    log.says(CallbackDialled { contact, agent: LI, attempt: 1, dial_by });
    let dialled = state(&log);
    assert_eq!(
        (dialled.state, dialled.agent, dialled.dial_by),
        (CallbackState::Dialled, Some(LI), Some(dial_by))
    );
    let does = |log: &Hand, agent| log.board().agent(agent).unwrap().activity;
    assert_eq!(does(&log, LI), Activity::Ringing, "nobody is there to talk with");
    log.wait(30_000);
    let retry_at = log.now.plus(Millis(300_000));
    log.says_because(reasons::NOT_ANSWERED, CallbackFailed { contact, attempt: 1, retry_at: Some(retry_at) });
    log.says(ContactLeft { contact, agent: LI, role: Role::Owner });
    assert_eq!(does(&log, LI), Activity::Idle);
    log.queues_again(contact, SALES);
    let parked = state(&log);
    assert_eq!((parked.state, parked.retry_at), (CallbackState::Parked, Some(retry_at)));
    assert_eq!(log.board().queue(SALES).unwrap().callbacks, 1);
    log.wait(300_000);
    log.says(CallbackDue { contact });
    assert_eq!(state(&log).state, CallbackState::Requested);

    let mut kept = log.clone();
    let offer = kept.rings(contact, WANG);
    kept.answers(contact, WANG, offer);
    kept.says(CallbackDialled { contact, agent: WANG, attempt: 2, dial_by: kept.now });
    kept.wait(4_000);
    kept.says(CallbackAnswered { contact });
    assert_eq!(does(&kept, WANG), Activity::Talking);
    kept.wait(60_000);
    kept.ends(contact, ContactEnd::Handled, EndedBy::Agent(WANG));
    assert_eq!(state(&kept).state, CallbackState::Answered);
    assert_eq!(
        kept.told(contact),
        [
            "queue 1000 ms answered",
            "callback 334000 ms answered",
            "offer 1001 0 ms accepted",
            "talk 1001 30000 ms left",
            "dial 1 1001 30000 ms failed (not_answered)",
            "queue 300000 ms answered",
            "offer 1002 0 ms accepted",
            "talk 1002 64000 ms handled",
            "dial 2 1002 4000 ms answered",
        ]
    );
    let figures = kept.figures();
    let tally = figures.queue(SALES).unwrap();
    let callbacks =
        Callbacks { offered: 1, requested: 1, dialled: 2, failed: 1, answered: 1, ..Callbacks::default() };
    assert_eq!(tally.callbacks, callbacks);
    // What was dialled was not talked.
    assert_eq!((tally.talk.count(), tally.talk.total_ms()), (1, 60_000));
    assert_eq!((tally.contacts.arrived, tally.contacts.handled, tally.contacts.alive()), (1, 1, 0));
    // 1 s waited of the 5 s that were said; of the second stay nothing was.
    assert_eq!(
        (tally.estimates.count, tally.estimates.error_ms, tally.estimates.bias_ms),
        (1, 4_000, -4_000)
    );

    log.ends_visit(contact, VisitEnd::TimedOut);
    log.ends(contact, ContactEnd::Expired, EndedBy::System);
    let figures = log.figures();
    assert_eq!((figures.all().callbacks.expired, figures.all().callbacks.open()), (1, 0));
    assert_eq!((figures.all().contacts.expired, figures.all().contacts.ended()), (1, 1));
    assert_eq!(log.told(contact)[1], "callback 330000 ms expired");
    assert_eq!(log.board().queue(SALES).unwrap().callbacks, 0);
}

#[test]
fn an_overflow_is_told_and_counted_with_where_it_went() {
    let mut log = Hand::new();
    let contact = log.queued(SALES, None, None);
    log.wait(40_000);
    let visit = log.board().contact(contact).unwrap().visit.unwrap();
    let (end, waited_ms) = (VisitEnd::Overflowed(SERVICE), Millis(40_000));
    log.says_because(reasons::WAITED, VisitEnded { contact, visit, queue: SALES, end, waited_ms });
    log.queues_again(contact, SERVICE);
    log.wait(5_000);
    log.ends_visit(contact, VisitEnd::TimedOut);
    log.says(ContactTold { contact, message: ReasonId::fixed("sorry") });
    log.ends(contact, ContactEnd::Expired, EndedBy::System);
    assert_eq!(
        log.told(contact),
        [
            "queue 40000 ms overflowed to service (waited)",
            "queue 5000 ms timed_out",
            "message sorry 0 ms expired"
        ]
    );
    let (figures, board) = (log.figures(), log.board());
    let sales = figures.queue(SALES).unwrap();
    assert_eq!((sales.visits.overflowed, sales.overflowed_to.get(&SERVICE)), (1, Some(&1)));
    let service = figures.queue(SERVICE).unwrap();
    assert_eq!((service.visits.timed_out, service.told), (1, 1));
    assert_eq!((sales.contacts.ended(), service.contacts.ended(), figures.all().contacts.ended()), (1, 0, 1));
    assert_eq!(board.contact(contact).unwrap().told, Some(ReasonId::fixed("sorry")));
    assert_eq!(board.queue(SALES).unwrap().today.overflowed, 1);
}

#[test]
fn a_queue_says_when_its_doors_move_and_how_long_its_agents_stayed_on() {
    let mut log = Hand::new();
    let start = log.now;
    let at = |ms: u64| start.plus(Millis(ms));
    let span = |from: u64, until: u64| Span { from: at(from), until: at(until) };
    let open = vec![span(0, 60_000), span(100_000, 160_000)];
    log.says(HoursApplied { hours: HoursConfig { queue: SALES, open } });
    let row = |log: &Hand| log.board().queue(SALES).unwrap().clone();
    assert_eq!((row(&log).closes_at, row(&log).opens_at), (Some(at(60_000)), Some(at(100_000))));
    log.wait(60_000);
    log.says_because(reasons::HOURS, QueueDraining { queue: SALES });
    let draining = row(&log);
    assert_eq!((draining.state, draining.over_since), (QueueState::Draining, Some(at(60_000))));
    assert_eq!((draining.opens_at, draining.closes_at), (Some(at(100_000)), Some(at(160_000))));
    log.wait(9_000);
    log.says(QueueDrained { queue: SALES, since: at(60_000), overtime_ms: Millis(9_000) });
    log.says_because(reasons::DRAINED, QueueClosed { queue: SALES, emergency: false, message: None });
    let closed = row(&log);
    assert_eq!(
        (closed.state, closed.over_since, closed.drained_at),
        (QueueState::Closed, None, Some(at(69_000)))
    );
    assert_eq!(closed.today.overtime_ms, Millis(9_000));
    assert_eq!(log.figures().queue(SALES).unwrap().overtime.total_ms(), 9_000);
    log.wait(31_000);
    log.says_because(reasons::HOURS, QueueOpened { queue: SALES });
    assert_eq!((row(&log).drained_at, row(&log).opens_at, row(&log).hours.len()), (None, None, 1));
    // Time passes it by, though nothing happens in it.
    log.wait(60_000);
    log.says(QueueOpened { queue: SERVICE });
    assert_eq!((row(&log).closes_at, row(&log).hours.len()), (None, 0));

    let message = Some(ReasonId::fixed("fire_drill"));
    log.says(QueueClosed { queue: SALES, emergency: true, message });
    assert_eq!((row(&log).emergency, row(&log).message), (true, message));
    log.says(QueueOpened { queue: SALES });
    assert_eq!((row(&log).emergency, row(&log).message), (false, None));
}

#[test]
fn what_is_said_about_the_wait_shows_the_pace_and_is_held_against_what_came() {
    let mut log = Hand::new();
    let queue = |log: &Hand| log.board().queue(SALES).unwrap().clone();
    assert_eq!(queue(&log).estimate_ms(), Some(Millis(0)), "somebody is free and nobody waits");
    // Two serve; 180 s of work stand before the first one, in two pairs of hands.
    let first = log.queued(SALES, None, Some(90_000));
    assert_eq!((queue(&log).busy_ms, queue(&log).agents.staffed), (Some(Millis(180_000)), 2));
    assert_eq!(queue(&log).estimate_ms(), Some(Millis(180_000)), "one more stands behind it");
    log.wait(100_000);
    let offer = log.rings(first, LI);
    log.answers(first, LI, offer);
    let accuracy = queue(&log).accuracy;
    assert_eq!(
        (accuracy.count, accuracy.error_ms_mean(), accuracy.bias_ms_mean()),
        (1, Some(10_000), Some(10_000))
    );
    assert_eq!(queue(&log).engaged(), 1);
    assert_eq!(log.figures().queue(SALES).unwrap().estimates, accuracy);
}

#[test]
fn an_agent_waits_for_her_break_in_line_and_rests_for_a_reason() {
    let mut log = Hand::new();
    let lunch = Reason { number: 1000, slug: ReasonId::fixed("lunch") };
    log.says(AgentBreakRequested { agent: WANG, reason: lunch });
    let asked = log.now;
    log.wait(1_000);
    log.says(AgentBreakRequested { agent: LI, reason: lunch });
    let line = |log: &Hand| log.board().break_line().iter().map(|row| row.agent).collect::<Vec<_>>();
    assert_eq!(line(&log), [WANG, LI]);
    assert_eq!(log.board().agent(WANG).unwrap().break_asked_at, Some(asked));
    log.says_because(reasons::QUOTA, AgentBreakDecided { agent: WANG, reason: lunch, granted: true });
    assert_eq!(line(&log), [LI]);

    let until = log.now.plus(Millis(3_000));
    log.says_because(reasons::GUARD, AgentResting { agent: LI, until });
    let board = log.board();
    let row = board.agent(LI).unwrap();
    assert_eq!((row.activity, row.resting_reason), (Activity::Resting, Some(reasons::GUARD)));
    log.says(AgentRested { agent: LI });
    let board = log.board();
    assert_eq!(
        (board.agent(LI).unwrap().activity, board.agent(LI).unwrap().resting_reason),
        (Activity::Idle, None)
    );
}

#[test]
fn a_contact_of_several_queues_is_one_place() {
    let mut log = Hand::new();
    let contact = log.queued_also(SALES, vec![SERVICE]);
    let board = log.board();
    assert_eq!(board.contact(contact).unwrap().also, [SERVICE]);
    assert_eq!((board.queue(SALES).unwrap().waiting, board.queue(SERVICE).unwrap().waiting), (1, 0));
    let figures: Figures = log.figures();
    assert_eq!((figures.all().visits.queued, figures.all().contacts.arrived), (1, 1));
    assert!(figures.queue(SERVICE).is_none());
}
