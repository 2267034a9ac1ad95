//! What the floor does under the plain plan, without an event for each step: a call goes to whoever of those who serve its queue has been idle the
//! longest (then to the first in the table); whoever becomes free takes, of the queues that she serves, the queue of the highest priority and in it
//! (or in several of that priority) the call that came first.
//!
//! Heads who serve the same queues are one line, so the cost follows the number of distinct sets of queues and never that of heads.

use super::{News, Routes};
use crate::staffed::agents::heads;
use crate::staffed::day::Day;
use crate::staffed::refused::Refused;
use std::collections::{BTreeMap, VecDeque};

/// Where a head is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Away,
    Free,
    Ringing(u32),
    Talking,
}

#[derive(Clone, Copy, Debug)]
struct Head {
    line: u32,
    at: At,
    leaving: bool,
    idle_us: i64,
}

#[derive(Clone, Debug)]
pub(crate) struct Shortcut {
    heads: Vec<Head>,
    /// Heads who serve the same queues and are free, longest idle first.
    free: Vec<VecDeque<(i64, u32)>>,
    /// Queues that a line serves, with their priority.
    queues: Vec<Vec<(u8, u32)>>,
    /// Lines that serve a queue.
    lines: Vec<Vec<u32>>,
    /// Calls that wait in a queue, first come first; those who gave up are passed over when they come up.
    waiting: Vec<VecDeque<u32>>,
    calls: Vec<Call>,
    news: Option<News>,
}

#[derive(Clone, Copy, Debug)]
struct Call {
    queue: u32,
    gone: bool,
}

impl Shortcut {
    /// Nobody is there.
    pub(crate) fn of(day: &Day) -> Self {
        let mut lines: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
        let served = |group: &crate::staffed::Group| -> Vec<u32> {
            let queues = day.queues.iter().enumerate();
            queues.filter(|(_, queue)| group.serves(queue)).map(|(at, _)| at as u32).collect()
        };
        let of_group: Vec<Vec<u32>> = day.groups.iter().map(served).collect();
        for queues in &of_group {
            let next = lines.len() as u32;
            lines.entry(queues.clone()).or_insert(next);
        }
        let mut queues = vec![Vec::new(); lines.len()];
        let mut serving = vec![Vec::new(); day.queues.len()];
        for (served, line) in &lines {
            for queue in served {
                queues[*line as usize].push((day.queues[*queue as usize].priority, *queue));
                serving[*queue as usize].push(*line);
            }
        }
        let head = |group: u32| Head {
            line: lines[&of_group[group as usize]],
            at: At::Away,
            leaving: false,
            idle_us: 0,
        };
        Self {
            heads: heads(day).into_iter().map(|known| head(known.group)).collect(),
            free: vec![VecDeque::new(); lines.len()],
            queues,
            lines: serving,
            waiting: vec![VecDeque::new(); day.queues.len()],
            calls: Vec::new(),
            news: None,
        }
    }

    /// Everybody away and nobody waiting, as it was.
    pub(crate) fn clear(&mut self) {
        for head in &mut self.heads {
            (head.at, head.leaving) = (At::Away, false);
        }
        self.free.iter_mut().for_each(VecDeque::clear);
        self.waiting.iter_mut().for_each(VecDeque::clear);
        self.calls.clear();
        self.news = None;
    }

    fn ring(&mut self, call: u32, head: u32) {
        self.heads[head as usize].at = At::Ringing(call);
        self.news = Some(News::Rings { call, head });
    }

    /// A call goes to whoever has been idle the longest, or waits in its place.
    #[inline]
    fn seek(&mut self, queue: u32, call: u32) {
        let first = |line: &u32| self.free[*line as usize].front().map(|place| (*place, *line));
        match self.lines[queue as usize].iter().filter_map(first).min() {
            Some(((_, head), line)) => {
                self.free[line as usize].pop_front();
                self.ring(call, head);
            }
            None => {
                let waiting = &mut self.waiting[queue as usize];
                let at = if waiting.back().is_none_or(|last| *last < call) {
                    waiting.len()
                } else {
                    waiting.partition_point(|other| *other < call)
                };
                waiting.insert(at, call);
            }
        }
    }

    /// She takes what waits, or stands in her line.
    fn becomes_free(&mut self, head: u32) {
        let line = self.heads[head as usize].line as usize;
        let mut best: Option<(u8, u32, u32)> = None;
        for (priority, queue) in &self.queues[line] {
            let waiting = &mut self.waiting[*queue as usize];
            while waiting.front().is_some_and(|call| self.calls[*call as usize].gone) {
                waiting.pop_front();
            }
            if let Some(call) = waiting.front() {
                let place = (u8::MAX - priority, *call, *queue);
                best = Some(best.map_or(place, |best| best.min(place)));
            }
        }
        if let Some((_, call, queue)) = best {
            self.waiting[queue as usize].pop_front();
            return self.ring(call, head);
        }
        let known = &mut self.heads[head as usize];
        known.at = At::Free;
        let place = (known.idle_us, head);
        let line = &mut self.free[line];
        // Nearly always she is the last; at one instant, or after a call that was never picked up, she may not be.
        let at = if line.back().is_none_or(|last| *last < place) {
            line.len()
        } else {
            line.partition_point(|other| *other < place)
        };
        line.insert(at, place);
    }
}

impl Routes for Shortcut {
    #[inline]
    fn arrive(&mut self, _: i64, queue: u32, call: u32) -> Result<(), Refused> {
        self.calls.push(Call { queue, gone: false });
        self.seek(queue, call);
        Ok(())
    }

    fn give_up(&mut self, _: i64, call: u32, rings_at: Option<u32>) -> Result<(), Refused> {
        self.calls[call as usize].gone = true;
        if let Some(head) = rings_at {
            self.becomes_free(head);
        }
        Ok(())
    }

    #[inline]
    fn pick_up(&mut self, _: i64, _: u32, head: u32) -> Result<(), Refused> {
        self.heads[head as usize].at = At::Talking;
        Ok(())
    }

    #[inline]
    fn hang_up(&mut self, at_us: i64, _: u32, head: u32) -> Result<(), Refused> {
        let known = &mut self.heads[head as usize];
        known.idle_us = at_us;
        if std::mem::take(&mut known.leaving) {
            known.at = At::Away;
        } else {
            self.becomes_free(head);
        }
        Ok(())
    }

    fn come(&mut self, at_us: i64, head: u32) -> Result<(), Refused> {
        let known = &mut self.heads[head as usize];
        known.leaving = false;
        if known.at == At::Away {
            known.idle_us = at_us;
            self.becomes_free(head);
        }
        Ok(())
    }

    fn leave(&mut self, _: i64, head: u32, _: bool) -> Result<(), Refused> {
        let known = &mut self.heads[head as usize];
        match known.at {
            At::Away => {}
            At::Talking => known.leaving = true,
            At::Ringing(call) => {
                known.at = At::Away;
                self.seek(self.calls[call as usize].queue, call);
            }
            At::Free => {
                known.at = At::Away;
                let (line, place) = (known.line as usize, (known.idle_us, head));
                self.free[line].retain(|other| *other != place);
            }
        }
        Ok(())
    }

    fn due_us(&self) -> i64 {
        i64::MAX
    }

    fn tick(&mut self, _: i64) -> bool {
        false
    }

    #[inline]
    fn news(&mut self) -> Option<News> {
        self.news.take()
    }
}
