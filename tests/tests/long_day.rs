//! A day and a night of steady calls, one each 0.6 s on average: the floor is at its end as it was at noon. Nobody is lost, nobody is
//! stuck, nothing piles up. (Users of other systems restart theirs every day for want of this.)

use cordboard_floor::command::{AskedState, Entry};
use cordboard_floor::configuration::{AgentConfig, QueueConfig, SiteConfig};
use cordboard_floor::{
    AgentId, Channel, Command, ContactId, Decided, Decider, Event, Floor, Instant, Millis, OfferId, QueueId,
    SeatId, SiteId, Stamp, Submission, audit,
};
use std::collections::BTreeMap;

const AGENTS: u32 = 100;
const HOURS: u64 = 24;
const QUEUE: QueueId = QueueId::fixed("loans");

/// What happens next.
#[derive(Clone, Copy)]
enum Act {
    Arrive,
    Accept(OfferId, AgentId),
    GiveUp(ContactId),
    End(ContactId, AgentId),
    Hour,
}

/// Chance without a library: the multiplier of Knuth's MMIX.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[derive(Default)]
struct Hour {
    answered: u64,
    waited_ms: u64,
    events: u64,
}

struct Day {
    floor: Floor,
    agenda: BTreeMap<(Instant, u64), Act>,
    entered: u64,
    now: Instant,
    chance: Chance,
    hours: Vec<Hour>,
    arrived: u64,
    ended: u64,
}

impl Day {
    fn begin() -> Self {
        let now = Instant::parse("2026-11-22T00:00:00Z").expect("a moment");
        let mut day = Self {
            floor: Floor::new(SiteId::fixed("stage")),
            agenda: BTreeMap::new(),
            entered: 0,
            now,
            chance: Chance(7),
            hours: vec![Hour::default()],
            arrived: 0,
            ended: 0,
        };
        let site = SiteConfig { reject_rest_ms: Millis(0), ..SiteConfig::default() };
        day.ask(Command::ApplySite(site));
        day.ask(Command::ApplyQueue(QueueConfig {
            wrapup_ms: Millis(10_000),
            ..QueueConfig::customary(QUEUE)
        }));
        for number in 0..AGENTS {
            let agent: AgentId = format!("{}", 1000 + number).parse().expect("a code");
            let seat: SeatId = format!("S{number}").parse().expect("a code");
            let queues = vec![QUEUE];
            day.ask(Command::ApplyAgent(AgentConfig { queues, ..AgentConfig::customary(agent) }));
            day.ask(Command::SignIn { agent, seat });
            day.ask(Command::SetState { agent, state: AskedState::Ready });
        }
        day.later(Millis(600), Act::Arrive);
        day.later(Millis::from_secs(3600), Act::Hour);
        day
    }

    fn later(&mut self, after: Millis, act: Act) {
        self.entered += 1;
        self.agenda.insert((self.now.plus(after), self.entered), act);
    }

    fn stamp(&self) -> Stamp {
        Stamp { at: self.now, seed: 0 }
    }

    fn ask(&mut self, command: Command) {
        let mut decided = Decided::new();
        let _ = self.floor.decide(self.stamp(), Submission::system("day", command), &mut decided);
        self.hear(&decided);
    }

    fn hear(&mut self, decided: &Decided<Event>) {
        for recorded in decided {
            let hour = self.hours.last_mut().expect("an hour");
            hour.events += 1;
            match &recorded.event {
                Event::OfferCreated(offer) => {
                    // One in fifty is not picked up in time; she comes back after a while.
                    let late = if self.chance.below(50) == 0 { 25_000 } else { 1_000 };
                    let after = Millis(late + self.chance.below(4_000));
                    self.later(after, Act::Accept(offer.offer, offer.agent));
                }
                Event::ContactConnected(on) => {
                    let after = Millis(20_000 + self.chance.below(50_000));
                    self.later(after, Act::End(on.contact, on.agent));
                }
                Event::VisitEnded(visit) if visit.end == cordboard_floor::contact::VisitEnd::Answered => {
                    hour.answered += 1;
                    hour.waited_ms += visit.waited_ms.0;
                }
                Event::ContactEnded(_) => self.ended += 1,
                _ => {}
            }
        }
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Arrive => {
                let entry = Some(Entry::plain(QUEUE));
                let channel = Channel::fixed("voice");
                self.arrived += 1;
                self.ask(Command::Arrive { channel, from: None, attributes: None, entry });
                let newest = self.floor.contacts().map(|(id, _)| id).max();
                let patience = Millis(60_000 + self.chance.below(120_000));
                self.later(patience, Act::GiveUp(newest.expect("it has just arrived")));
                let gap = Millis(1 + self.chance.below(1_199));
                self.later(gap, Act::Arrive);
            }
            Act::Accept(offer, agent) => {
                self.ask(Command::Accept { offer, agent });
                self.ask(Command::SetState { agent, state: AskedState::Ready });
            }
            Act::GiveUp(contact) => {
                let waits = self.floor.contact(contact).is_some_and(|known| known.participants.is_empty());
                if waits {
                    self.ask(Command::Abandon { contact });
                }
            }
            Act::End(contact, agent) => self.ask(Command::End { contact, agent }),
            Act::Hour => {
                audit::at_rest(&self.floor).expect("what must hold holds");
                self.hours.push(Hour::default());
                self.later(Millis::from_secs(3600), Act::Hour);
            }
        }
    }

    fn run(&mut self) {
        let end = self.now.plus(Millis::from_secs(HOURS * 3600));
        loop {
            let next = self.agenda.first_key_value().map(|((at, _), _)| *at).expect("calls never cease");
            let due = self.floor.next_deadline().filter(|due| *due <= next);
            self.now = due.unwrap_or(next).max(self.now);
            if self.now > end {
                return;
            }
            if due.is_some() {
                let mut decided = Decided::new();
                self.floor.tick(self.stamp(), &mut decided);
                self.hear(&decided);
            } else if let Some((_, act)) = self.agenda.pop_first() {
                self.act(act);
            }
        }
    }
}

#[test]
fn a_day_of_a_hundred_calls_a_minute_leaves_no_trace() {
    let mut day = Day::begin();
    day.run();
    assert!(day.arrived > 130_000, "{} calls came", day.arrived);
    let alive = u64::from(day.floor.alive());
    assert_eq!(day.arrived, day.ended + alive, "every call has ended or is alive");
    assert!(alive < 2 * u64::from(AGENTS), "{alive} calls are alive at the end");
    let kept = day.floor.contacts().count();
    assert!(kept < 1_000, "{kept} contacts are still known");
    let stuck = day.floor.agents().iter().filter(|agent| {
        let old =
            |hand: &cordboard_floor::agent::Assignment| day.now.since(hand.since) > Millis::from_secs(600);
        agent.hands.iter().any(old)
    });
    assert_eq!(stuck.count(), 0, "nobody holds a call of ten minutes ago");
    // The hours are alike: the same load costs the same at the end as in the morning.
    let mean = |hours: &[Hour]| {
        let answered: u64 = hours.iter().map(|hour| hour.answered).sum();
        let waited: u64 = hours.iter().map(|hour| hour.waited_ms).sum();
        let events: u64 = hours.iter().map(|hour| hour.events).sum();
        (waited / answered.max(1), events * 100 / answered.max(1))
    };
    let (early, late) = (mean(&day.hours[1..7]), mean(&day.hours[18..24]));
    assert!(late.0 <= early.0 * 2 + 2_000, "waits drift: {} ms, then {} ms", early.0, late.0);
    assert!(
        late.1.abs_diff(early.1) * 20 <= early.1,
        "events for 100 answered drift: {} and {}",
        early.1,
        late.1
    );
}
