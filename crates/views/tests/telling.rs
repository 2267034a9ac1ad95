//! Small situations, each with what the views tell of it. The broad truth (a view says what the floor
//! says) is the mirror's; here stand the words and numbers that people will read.

#[allow(dead_code)]
mod support;

use cordboard_floor::command::{AskedState, Command, Entry};
use cordboard_floor::contact::{ContactEnd, EndedBy, TransferTarget};
use cordboard_floor::event::{AccessUnmasked, ContactArrived};
use cordboard_floor::{
    AccountId, Actor, AgentId, Channel, ContactId, Instant, Millis, OfferId, Recorded, SiteId,
};
use cordboard_views::View;
use cordboard_views::audience::{Addressed, Audience};
use cordboard_views::board::{Activity, ActivityCounts, Board, ContactState, HandState};
use cordboard_views::figures::Figures;
use cordboard_views::story::{STORY_EVENTS_MAX, Stories, Story};
use support::{Decides, Step, agent, queue, sealed, team};

/// Queue 1 (9 s of wrap-up), agents 0 and 1 of it ready; others of it are not.
fn open_floor() -> Decides {
    let mut floor = Decides::new();
    for n in [0, 1] {
        floor.ask(Command::SetState { agent: agent(n), state: AskedState::Ready }).unwrap();
        floor.wait(1_000);
    }
    floor
}

fn arrive(floor: &mut Decides) -> ContactId {
    let entry = Entry::plain(queue(1));
    let channel = Channel::fixed("voice");
    floor
        .ask(Command::Arrive { channel, from: None, attributes: Some(sealed()), entry: Some(entry) })
        .unwrap();
    floor.floor.contacts().map(|(id, _)| id).last().unwrap()
}

fn ringing(floor: &Decides) -> (OfferId, AgentId) {
    let (id, offer) = floor.floor.offers().filter(|(_, offer)| offer.end.is_none()).last().unwrap();
    (id, floor.floor.agents()[offer.agent as usize].config.agent)
}

fn accept(floor: &mut Decides) -> AgentId {
    let (offer, agent) = ringing(floor);
    floor.ask(Command::Accept { offer, agent }).unwrap();
    agent
}

fn folded<V: View + Default>(floor: &Decides) -> V {
    let mut view = V::default();
    for recorded in &floor.log {
        view.fold(recorded);
    }
    assert_eq!(view.seq(), floor.log.len() as u64);
    view
}

fn told(floor: &Decides, contact: ContactId) -> Vec<String> {
    let story = Story::tell(contact, &floor.log).unwrap();
    let legs = story.legs.iter().map(|leg| {
        let kind = serde_json::to_value(leg.kind).unwrap();
        let agent = leg.agent.map_or(String::new(), |agent| format!(" {agent}"));
        let span = leg.to.map_or("…".into(), |to| format!("{} ms", to.since(leg.from).0));
        format!("{}{agent} {span} {}", kind.as_str().unwrap(), leg.outcome.unwrap_or("goes on"))
    });
    legs.collect()
}

#[test]
fn a_declined_call_that_is_held_and_given_on_is_told_leg_by_leg() {
    let mut floor = open_floor();
    let contact = arrive(&mut floor);
    floor.wait(2_000);
    let (offer, first) = ringing(&floor);
    floor.ask(Command::Reject { offer, agent: first }).unwrap();
    floor.wait(3_000);
    let second = accept(&mut floor);
    floor.wait(10_000);
    floor.ask(Command::Hold { contact, agent: second }).unwrap();
    floor.wait(4_000);
    floor.ask(Command::Transfer { contact, agent: second, to: TransferTarget::Agent(first) }).unwrap();
    floor.wait(1_000);
    assert_eq!(accept(&mut floor), first);
    floor.wait(60_000);
    floor.ask(Command::Abandon { contact }).unwrap();
    floor.ask(Command::CompleteWrapup { contact, agent: first, code: None, note: None }).unwrap();
    let (a, b) = (first, second);
    assert_eq!(
        told(&floor, contact),
        [
            "queue 5000 ms answered".to_string(),
            format!("offer {a} 2000 ms rejected"),
            format!("offer {b} 3000 ms accepted"),
            format!("talk {b} 14000 ms transferred"),
            format!("hold {b} 4000 ms left"),
            format!("offer {a} 1000 ms accepted"),
            format!("wrap_up {b} 9000 ms timed_out"),
            format!("talk {a} 60000 ms handled"),
            format!("wrap_up {a} 0 ms completed"),
        ]
    );
    let story = Story::tell(contact, &floor.log).unwrap();
    let ended = story.ended.unwrap();
    assert_eq!((ended.end, ended.by), (ContactEnd::Handled, EndedBy::Caller));
    let rejected = story.legs.iter().find(|leg| leg.outcome == Some("rejected")).unwrap();
    assert_eq!(rejected.reason.unwrap().slug.as_str(), "declined");

    let figures: Figures = folded(&floor);
    let tally = figures.queue(queue(1)).unwrap();
    assert_eq!((tally.contacts.arrived, tally.contacts.handled, tally.contacts.alive()), (1, 1, 0));
    assert_eq!((tally.offers.made, tally.offers.accepted, tally.offers.rejected), (3, 2, 1));
    assert_eq!((tally.transfers.blind, tally.transfers.attended), (1, 0));
    assert_eq!(tally.wait_answered.total_ms(), 5_000);
    assert_eq!((tally.talk.count(), tally.talk.total_ms()), (2, 70_000));
    assert_eq!((tally.hold.count(), tally.hold.total_ms()), (1, 4_000));
    assert_eq!((tally.wrap_up.count(), tally.wrap_up.total_ms()), (2, 9_000));
    assert_eq!(tally, figures.all());
}

#[test]
fn an_agent_is_told_of_a_contact_from_its_ringing_to_the_end_of_her_wrapup_and_no_longer() {
    let mut floor = open_floor();
    let contact = arrive(&mut floor);
    let (offer, first) = ringing(&floor);
    floor.ask(Command::Reject { offer, agent: first }).unwrap();
    let second = accept(&mut floor);
    floor.ask(Command::End { contact, agent: second }).unwrap();
    floor.wait(30_000);
    let mut audience = Audience::new();
    let mut told = |agent: AgentId| -> Vec<&'static str> {
        audience = Audience::new();
        let about = |recorded: &&Recorded<_>| {
            audience.fold_and_see(recorded).agents.contains(&agent) && recorded.seq > contact.0
        };
        let heard: Vec<_> = floor.log.iter().filter(about).collect();
        heard.iter().map(|recorded| cordboard_floor::StoredEvent::name(&recorded.event)).collect()
    };
    assert_eq!(told(first), ["offer.created", "offer.rejected", "agent.resting", "agent.rested"]);
    assert_eq!(
        told(second),
        [
            "offer.created",
            "offer.accepted",
            "visit.ended",
            "contact.connected",
            "contact.ended",
            "wrapup.started",
            "wrapup.completed"
        ]
    );
    assert!(audience.of_contact(contact).is_empty());
}

#[test]
fn a_message_goes_to_the_team_that_an_agent_belongs_to_when_it_is_sent() {
    let mut floor = Decides::new();
    let config = |variant| Command::ApplyAgent(support::agent_config(0, variant));
    floor.ask(config(1)).unwrap();
    let theirs = floor.floor.agent(agent(0)).unwrap().config.team.unwrap();
    floor.ask(Command::SendMessage { team: Some(theirs), text: sealed(), acknowledge: false }).unwrap();
    floor.ask(config(0)).unwrap();
    floor.ask(Command::SendMessage { team: Some(theirs), text: sealed(), acknowledge: false }).unwrap();
    floor.ask(Command::SendMessage { team: None, text: sealed(), acknowledge: false }).unwrap();
    let mut audience = Audience::new();
    let heard: Vec<_> = floor
        .log
        .iter()
        .filter_map(|recorded| {
            let seen = audience.fold_and_see(recorded);
            seen.addressed.map(|to| (to, seen.includes(agent(0), audience.team(agent(0)))))
        })
        .collect();
    let team = Addressed::Team(theirs);
    assert_eq!(heard, [(team, true), (team, false), (Addressed::Everyone, true)]);
    assert!([team_of(0), team_of(1)].contains(&Some(theirs)));
}

fn team_of(n: u8) -> Option<cordboard_floor::TeamId> {
    Some(team(n))
}

#[test]
fn a_desk_shows_all_of_her_own_work() {
    let mut floor = open_floor();
    let contact = arrive(&mut floor);
    floor.wait(2_000);
    let (offer, first) = ringing(&floor);
    let board: Board = folded(&floor);
    let desk = board.desk(first).unwrap();
    let (row, rings) = (desk.contacts[0], desk.offers[0]);
    assert_eq!((row.contact, row.state, row.offer), (contact, ContactState::Ringing, Some(offer)));
    assert_eq!((row.attributes.clone(), row.queue), (Some(sealed()), Some(queue(1))));
    assert_eq!(floor.now.since(row.queued_at.unwrap()), Millis(2_000));
    assert_eq!(rings.answer_by, rings.created_at.plus(Millis(20_000)));
    assert_eq!((desk.agent.activity, desk.agent.activity_since), (Activity::Ringing, rings.created_at));

    accept(&mut floor);
    floor.ask(Command::End { contact, agent: first }).unwrap();
    let board: Board = folded(&floor);
    let desk = board.desk(first).unwrap();
    assert_eq!((desk.contacts[0].state, desk.offers.len()), (ContactState::Ended, 0));
    let hand = &desk.agent.contacts[0];
    assert_eq!((hand.state, hand.ends_at), (HandState::WrapUp, Some(floor.now.plus(Millis(9_000)))));
    assert_eq!(desk.contacts[0].waited_ms, Some(Millis(2_000)));

    floor.wait(9_000 + 60_000);
    floor.step(&Step::RaiseHand(5, true));
    assert!(folded::<Board>(&floor).contact(contact).is_some(), "kept for a minute after its wrap-up");
    floor.wait(1);
    floor.step(&Step::RaiseHand(5, false));
    assert!(folded::<Board>(&floor).contact(contact).is_none());
    let counts = ActivityCounts { idle: 2, not_ready: 2, staffed: 2, ..ActivityCounts::default() };
    let board: Board = folded(&floor);
    assert_eq!(board.queue(queue(1)).unwrap().agents, counts);
    assert_eq!((counts.signed_in(), counts.of(Activity::Idle)), (4, 2));
}

#[test]
fn what_happened_today_begins_anew_with_the_day() {
    let mut floor = open_floor();
    arrive(&mut floor);
    floor.wait(21_000);
    let contact = arrive(&mut floor);
    floor.ask(Command::Abandon { contact }).unwrap();
    let begins = Millis::from_secs(16 * 3_600);
    let board = |floor: &Decides| {
        let mut board = Board::with_days_beginning(begins);
        floor.log.iter().for_each(|recorded| board.fold(recorded));
        board.queue(queue(1)).unwrap().today
    };
    let today = board(&floor);
    assert_eq!((today.offered, today.answered, today.abandoned), (2, 0, 1));
    let midnight = Instant::parse("2026-11-22T16:00:00Z").unwrap();
    let left = midnight.since(floor.now).0;
    floor.wait(left - 1);
    floor.step(&Step::RaiseHand(5, true));
    assert_eq!(board(&floor), today);
    floor.wait(1);
    floor.step(&Step::RaiseHand(5, false));
    assert_eq!(board(&floor).offered, 0);
}

#[test]
fn stories_hold_as_many_as_they_may_and_no_half_of_one() {
    let record = |seq: u64, event: cordboard_floor::Event| Recorded {
        seq,
        at: Instant::from_micros(seq as i64),
        site: SiteId::fixed("site"),
        actor: Actor::system("test"),
        reason: None,
        cause: None,
        event,
    };
    let arrives = |seq| {
        let contact = ContactId(seq);
        let channel = Channel::fixed("voice");
        record(seq, ContactArrived { contact, channel, from: None, attributes: None }.into())
    };
    let looks = |seq, contact| {
        let account = AccountId::fixed("lead");
        record(seq, AccessUnmasked { account, contact: ContactId(contact) }.into())
    };
    let mut stories = Stories::with_limit(2);
    for seq in 1..=3 {
        stories.fold(&arrives(seq));
    }
    stories.fold(&looks(4, 1));
    stories.fold(&looks(5, 3));
    assert_eq!(stories.of(ContactId(1)), None, "it arrived first and went first");
    assert_eq!(stories.of(ContactId(2)), Some(&[2][..]));
    assert_eq!(stories.of(ContactId(3)), Some(&[3, 5][..]));
    assert_eq!(stories.contacts().collect::<Vec<_>>(), [ContactId(3), ContactId(2)]);

    for seq in 6..4 + STORY_EVENTS_MAX as u64 {
        stories.fold(&looks(seq, 3));
    }
    assert_eq!(stories.of(ContactId(3)).map(<[u64]>::len), Some(STORY_EVENTS_MAX));
    stories.fold(&looks(100_000, 3));
    assert_eq!(stories.of(ContactId(3)), None, "too long for the index; the log has it");
}

#[test]
fn slugs_are_those_of_the_public_schema() {
    let slugs: Vec<_> = Activity::ALL.iter().map(|each| serde_json::to_value(each).unwrap()).collect();
    let expected = [
        "signed_out",
        "unreachable",
        "not_ready",
        "on_break",
        "idle",
        "resting",
        "ringing",
        "talking",
        "held",
        "consulting",
        "wrap_up",
    ];
    assert_eq!(slugs, expected);
    assert_eq!(serde_json::to_value(ContactState::Menu).unwrap(), "menu");
    assert_eq!(serde_json::to_value(HandState::WrapUp).unwrap(), "wrap_up");
}
