//! Callers and agents: who does what, and when. It decides nothing that a router decides.

use super::agents::{Head, Shift, heads, shifts};
use super::arrivals::Arrivals;
use super::counts::Counts;
use super::day::Day;
use super::refused::Refused;
use super::router::{News, Routes};
use cordboard_workforce::staffing::SHORT_S;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What happens first at one instant stands first: agents come before callers, who give up before a phone is picked
/// up, and people go home last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Kind {
    Come,
    Arrive,
    GiveUp,
    PickUp,
    HangUp,
    Leave,
}

/// An instant, then a [`Kind`] above the number of the call, queue or shift that it concerns.
type Act = Reverse<(i64, u64)>;

const WHO_BITS: u32 = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Waiting,
    Ringing,
    Talking,
    Over,
}

#[derive(Clone, Copy, Debug)]
struct Call {
    arrived_us: i64,
    handle_us: i64,
    /// Since when an agent is busy with it.
    held_us: i64,
    queue: u32,
    head: u32,
    stage: Stage,
}

#[derive(Clone, Copy, Debug)]
struct Agent {
    group: u32,
    /// Since when she is there.
    here_us: Option<i64>,
    /// What rings at her, or whom she talks with.
    call: Option<u32>,
    /// Her span is over: she goes once her hands are empty.
    leaving: bool,
}

/// One day's people; played as often as is wished.
pub(super) struct World<'a> {
    day: &'a Day,
    shifts: Vec<Shift>,
    heads: Vec<Head>,
    within_us: Vec<i64>,
    pick_up_us: i64,
    agenda: BinaryHeap<Act>,
    calls: Vec<Call>,
    agents: Vec<Agent>,
}

impl<'a> World<'a> {
    pub(super) fn new(day: &'a Day) -> Self {
        Self {
            day,
            shifts: shifts(day),
            heads: heads(day),
            within_us: day.queues.iter().map(|queue| (queue.within_s * 1e6) as i64).collect(),
            pick_up_us: (day.pick_up_s * 1e6) as i64,
            agenda: BinaryHeap::new(),
            calls: Vec::new(),
            agents: Vec::new(),
        }
    }

    /// Counts with room for this day.
    pub(super) fn counts(&self) -> Counts {
        let (queues, groups) = (self.day.queues.len(), self.day.groups.len());
        Counts::new(queues, self.day.intervals(), groups, self.day.interval_us())
    }

    /// Plays one replication to its end: nobody means to do anything, and nothing is due.
    pub(super) fn play<R: Routes>(
        &mut self,
        router: &mut R,
        seed: u64,
        replication: u64,
        counts: &mut Counts,
    ) -> Result<(), Refused> {
        counts.clear();
        self.agenda.clear();
        self.calls.clear();
        self.agents.clear();
        self.agents.extend(self.heads.iter().map(|head| Agent {
            group: head.group,
            here_us: None,
            call: None,
            leaving: false,
        }));
        let day = self.day;
        let mut streams: Vec<Arrivals<'_>> =
            day.queues.iter().map(|queue| Arrivals::of(day, queue, seed, replication)).collect();
        let mut coming = Vec::with_capacity(streams.len());
        for (queue, stream) in streams.iter_mut().enumerate() {
            coming.push(stream.next());
            if let Some(next) = coming[queue] {
                self.add(next.at_us, Kind::Arrive, queue as u32);
            }
        }
        for shift in 0..self.shifts.len() {
            self.add(self.shifts[shift].from_us, Kind::Come, shift as u32);
            self.add(self.shifts[shift].to_us, Kind::Leave, shift as u32);
        }
        loop {
            let next = self.agenda.peek().map_or(i64::MAX, |Reverse((at_us, _))| *at_us);
            let due_us = router.due_us();
            if due_us < next {
                if !router.tick(due_us) && router.due_us() <= due_us {
                    // What never comes to anything may stay due once nobody means to come, call or go any more.
                    if next == i64::MAX {
                        break;
                    }
                    return Err(Refused::Stuck { at_us: due_us });
                }
                self.hear(router, due_us, counts)?;
                continue;
            }
            let Some(Reverse((at_us, act))) = self.agenda.pop() else { break };
            let who = act as u32;
            match act >> WHO_BITS {
                kind if kind == Kind::Arrive as u64 => {
                    let queue = who as usize;
                    let Some(came) = std::mem::replace(&mut coming[queue], streams[queue].next()) else {
                        continue;
                    };
                    if let Some(next) = coming[queue] {
                        self.add(next.at_us, Kind::Arrive, who);
                    }
                    let call = self.calls.len() as u32;
                    let until_us = came.patience_us.map_or(i64::MAX, |us| at_us.saturating_add(us));
                    self.calls.push(Call {
                        arrived_us: at_us,
                        handle_us: came.handle_us,
                        held_us: 0,
                        queue: who,
                        head: 0,
                        stage: Stage::Waiting,
                    });
                    counts.came += 1;
                    router.arrive(at_us, who, call)?;
                    self.hear(router, at_us, counts)?;
                    // Whoever is answered at once never means to give up.
                    if until_us != i64::MAX
                        && matches!(self.calls[call as usize].stage, Stage::Waiting | Stage::Ringing)
                    {
                        self.add(until_us, Kind::GiveUp, call);
                    }
                }
                kind if kind == Kind::HangUp as u64 => self.hang_up(router, at_us, who, counts)?,
                kind if kind == Kind::GiveUp as u64 => self.give_up(router, at_us, who, counts)?,
                kind if kind == Kind::PickUp as u64 => {
                    let known = &self.calls[who as usize];
                    // It may ring at somebody else by now, since later.
                    if known.stage == Stage::Ringing && known.held_us + self.pick_up_us == at_us {
                        self.pick_up(router, at_us, who, counts)?;
                        self.hear(router, at_us, counts)?;
                    }
                }
                kind if kind == Kind::Come as u64 => self.come(router, at_us, who, counts)?,
                _ => self.leave(router, at_us, who, counts)?,
            }
        }
        for call in self.calls.iter().filter(|call| matches!(call.stage, Stage::Waiting | Stage::Ringing)) {
            if let Some(cell) = counts.of_call(call.queue, call.arrived_us) {
                cell.unserved += 1;
            }
        }
        Ok(())
    }

    #[inline]
    fn add(&mut self, at_us: i64, kind: Kind, who: u32) {
        self.agenda.push(Reverse((at_us, (kind as u64) << WHO_BITS | u64::from(who))));
    }

    /// What the router decided reaches those whom it concerns.
    #[inline]
    fn hear<R: Routes>(&mut self, router: &mut R, at_us: i64, counts: &mut Counts) -> Result<(), Refused> {
        while let Some(news) = router.news() {
            match news {
                News::Rings { call, head } => {
                    let known = &mut self.calls[call as usize];
                    (known.stage, known.head, known.held_us) = (Stage::Ringing, head, at_us);
                    self.agents[head as usize].call = Some(call);
                    if self.pick_up_us == 0 {
                        self.pick_up(router, at_us, call, counts)?;
                    } else {
                        self.add(at_us + self.pick_up_us, Kind::PickUp, call);
                    }
                }
                News::SentAway { call } => {
                    let known = &mut self.calls[call as usize];
                    known.stage = Stage::Over;
                    if let Some(cell) = counts.of_call(known.queue, known.arrived_us) {
                        cell.unserved += 1;
                    }
                }
            }
        }
        Ok(())
    }

    fn pick_up<R: Routes>(
        &mut self,
        router: &mut R,
        at_us: i64,
        call: u32,
        counts: &mut Counts,
    ) -> Result<(), Refused> {
        let known = &mut self.calls[call as usize];
        known.stage = Stage::Talking;
        let (head, ends_us) = (known.head, at_us.saturating_add(known.handle_us));
        let waited_us = at_us - known.arrived_us;
        let in_time = waited_us <= self.within_us[known.queue as usize];
        if let Some(cell) = counts.of_call(known.queue, known.arrived_us) {
            cell.answered += 1;
            cell.in_time += u32::from(in_time);
            cell.waited_us += waited_us;
        }
        router.pick_up(at_us, call, head)?;
        self.add(ends_us, Kind::HangUp, call);
        Ok(())
    }

    fn hang_up<R: Routes>(
        &mut self,
        router: &mut R,
        at_us: i64,
        call: u32,
        counts: &mut Counts,
    ) -> Result<(), Refused> {
        self.calls[call as usize].stage = Stage::Over;
        let head = self.calls[call as usize].head;
        self.empty_hands(at_us, call, counts);
        router.hang_up(at_us, call, head)?;
        self.hear(router, at_us, counts)
    }

    fn give_up<R: Routes>(
        &mut self,
        router: &mut R,
        at_us: i64,
        call: u32,
        counts: &mut Counts,
    ) -> Result<(), Refused> {
        let known = self.calls[call as usize];
        if !matches!(known.stage, Stage::Waiting | Stage::Ringing) {
            return Ok(());
        }
        let waited_us = at_us - known.arrived_us;
        let in_time = waited_us <= self.within_us[known.queue as usize];
        if let Some(cell) = counts.of_call(known.queue, known.arrived_us) {
            cell.gave_up += 1;
            cell.gave_up_in_time += u32::from(in_time);
            cell.gave_up_soon += u32::from(waited_us <= (SHORT_S * 1e6) as i64);
        }
        self.calls[call as usize].stage = Stage::Over;
        let rings_at = (known.stage == Stage::Ringing).then_some(known.head);
        if rings_at.is_some() {
            self.empty_hands(at_us, call, counts);
        }
        router.give_up(at_us, call, rings_at)?;
        self.hear(router, at_us, counts)
    }

    /// An agent is no longer busy with a call.
    fn empty_hands(&mut self, at_us: i64, call: u32, counts: &mut Counts) {
        let Call { queue, head, held_us, .. } = self.calls[call as usize];
        let agent = &mut self.agents[head as usize];
        agent.call = None;
        counts.busy(queue, agent.group, held_us, at_us);
        if std::mem::take(&mut agent.leaving) {
            self.gone(at_us, head, counts);
        }
    }

    fn gone(&mut self, at_us: i64, head: u32, counts: &mut Counts) {
        let agent = &mut self.agents[head as usize];
        if let Some(here_us) = agent.here_us.take() {
            counts.staffed(agent.group, here_us, at_us);
        }
    }

    fn come<R: Routes>(
        &mut self,
        router: &mut R,
        at_us: i64,
        shift: u32,
        counts: &mut Counts,
    ) -> Result<(), Refused> {
        let head = self.shifts[shift as usize].head;
        let agent = &mut self.agents[head as usize];
        agent.here_us.get_or_insert(at_us);
        agent.leaving = false;
        router.come(at_us, head)?;
        self.hear(router, at_us, counts)
    }

    fn leave<R: Routes>(
        &mut self,
        router: &mut R,
        at_us: i64,
        shift: u32,
        counts: &mut Counts,
    ) -> Result<(), Refused> {
        let Shift { head, last, .. } = self.shifts[shift as usize];
        match self.agents[head as usize].call {
            Some(call) if self.calls[call as usize].stage == Stage::Talking => {
                self.agents[head as usize].leaving = true;
            }
            rings => {
                // What rings at her keeps its place, and goes to somebody else.
                if let Some(call) = rings {
                    self.empty_hands(at_us, call, counts);
                    self.calls[call as usize].stage = Stage::Waiting;
                }
                self.gone(at_us, head, counts);
            }
        }
        router.leave(at_us, head, last)?;
        self.hear(router, at_us, counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staffed::{Group, Queue, Times};
    use cordboard_floor::QueueId;

    /// A router whose deadline stands, whatever is done about it.
    struct Stuck {
        due_us: i64,
    }

    impl Routes for Stuck {
        fn arrive(&mut self, _: i64, _: u32, _: u32) -> Result<(), Refused> {
            Ok(())
        }

        fn give_up(&mut self, _: i64, _: u32, _: Option<u32>) -> Result<(), Refused> {
            Ok(())
        }

        fn pick_up(&mut self, _: i64, _: u32, _: u32) -> Result<(), Refused> {
            Ok(())
        }

        fn hang_up(&mut self, _: i64, _: u32, _: u32) -> Result<(), Refused> {
            Ok(())
        }

        fn come(&mut self, _: i64, _: u32) -> Result<(), Refused> {
            Ok(())
        }

        fn leave(&mut self, _: i64, _: u32, _: bool) -> Result<(), Refused> {
            Ok(())
        }

        fn due_us(&self) -> i64 {
            self.due_us
        }

        fn tick(&mut self, _: i64) -> bool {
            false
        }

        fn news(&mut self) -> Option<News> {
            None
        }
    }

    #[test]
    fn a_router_that_is_stuck_is_said_and_the_rest_of_the_day_is_not_left_out_in_silence() {
        let id = QueueId::fixed("loans");
        let day = Day {
            interval_s: 600.0,
            warm_up_s: 0.0,
            pick_up_s: 0.0,
            queues: vec![Queue::plain(id, vec![30.0; 2], Times::Fixed { mean_s: 60.0 })],
            groups: vec![Group::plain("all", vec![id], 1)],
        };
        let mut world = World::new(&day);
        let mut counts = world.counts();
        let mut play = |due_us| world.play(&mut Stuck { due_us }, 5, 0, &mut counts);
        assert!(matches!(play(300_000_000), Err(Refused::Stuck { at_us: 300_000_000 })));
        assert!(play(i64::MAX).is_ok(), "never due");
        assert!(play(2_000_000_000).is_ok(), "and after the end nobody minds");
    }
}
