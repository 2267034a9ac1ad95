//! The heads of a day one by one, and when each comes and goes.

use super::day::{Day, Group, Span};

/// A head.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    /// Which group.
    pub(super) group: u32,
}

/// A span of one head.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shift {
    pub(super) head: u32,
    /// In µs since the first interval begins.
    pub(super) from_us: i64,
    pub(super) to_us: i64,
    /// Whether she comes no more after it.
    pub(super) last: bool,
}

/// Everybody, group by group.
pub(super) fn heads(day: &Day) -> Vec<Head> {
    let groups = day.groups.iter().enumerate();
    groups.flat_map(|(group, of)| (0..of.heads).map(move |_| Head { group: group as u32 })).collect()
}

/// Everybody's spans. Who is there at the beginning was there during the warm-up.
pub(super) fn shifts(day: &Day) -> Vec<Shift> {
    let us = |seconds: f64| (seconds * 1e6) as i64;
    let whole = [Span { from_s: 0.0, to_s: day.length_s() }];
    let work = |group: &Group| if group.work.is_empty() { whole.to_vec() } else { group.work.clone() };
    let work: Vec<Vec<Span>> = day.groups.iter().map(work).map(joined).collect();
    let mut shifts = Vec::new();
    for (head, Head { group }) in heads(day).into_iter().enumerate() {
        let spans = &work[group as usize];
        for (nth, span) in spans.iter().enumerate() {
            let at_beginning = span.from_s <= 0.0 && span.to_s > 0.0;
            let from_s = if at_beginning { span.from_s.min(-day.warm_up_s) } else { span.from_s };
            let (from_us, to_us) = (us(from_s), us(span.to_s));
            shifts.push(Shift { head: head as u32, from_us, to_us, last: nth + 1 == spans.len() });
        }
    }
    shifts
}

/// Spans that touch are one: nobody goes and comes at one instant.
fn joined(spans: Vec<Span>) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut().filter(|before| before.to_s >= span.from_s) {
            Some(before) => before.to_s = span.to_s,
            None => joined.push(span),
        }
    }
    joined
}
