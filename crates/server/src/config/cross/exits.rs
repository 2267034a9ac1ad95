//! The exits of plans: each leads somewhere, can be taken at some time, and no way leads round in a circle.

use super::{Critic, DEFAULTS};
use crate::config::Described;
use cordboard_floor::QueueId;
use cordboard_floor::configuration::{Exit, ExitTarget, QueueConfig};
use std::collections::BTreeMap;

impl Critic<'_> {
    pub(super) fn exits_alone(&mut self, prefix: &str, queue: &Described<QueueConfig>) {
        let plan = &queue.is.plan;
        let rows: Vec<(usize, &Exit)> = queue.places.rows.exits.iter().copied().zip(&plan.exits).collect();
        for (index, (row, exit)) in rows.iter().enumerate() {
            let path = format!("plan.exits.{row}");
            let (place, key) = (queue.places.keys.at(&path), format!("{prefix}.{path}"));
            if exit.to == ExitTarget::Queue(queue.is.queue) && prefix != DEFAULTS {
                let what = "leads back into the queue itself".to_owned();
                let mend = format!("name another queue, or give {prefix}.plan exits of its own (exits = [])");
                self.error(
                    queue.places.keys.at(&format!("{path}.queue")),
                    &format!("{key}.queue"),
                    what,
                    mend,
                );
            }
            if exit.to == ExitTarget::Callback && !plan.callback.allowed {
                let what = "offers a callback, which the queue does not allow".to_owned();
                let mend = format!("set {prefix}.plan.callback.allowed = true");
                self.error(
                    queue.places.keys.at(&format!("{path}.callback")),
                    &format!("{key}.callback"),
                    what,
                    mend,
                );
            }
            if let Some((other, _)) = rows[..index].iter().find(|(_, earlier)| forestalls(earlier, exit)) {
                let what = format!("it is never taken: exit {other} is, whenever this one could be");
                self.error(place, &key, what, "take one of them out, or let this one apply sooner");
            }
            self.exit_in_time(&key, queue, *row, exit);
        }
    }

    fn exit_in_time(&mut self, key: &str, queue: &Described<QueueConfig>, row: usize, exit: &Exit) {
        let (plan, keys) = (&queue.is.plan, &queue.places.keys);
        let at_max = exit.waiting_above.filter(|above| *above > queue.is.waiting_max);
        if let Some(above) = at_max {
            let place = keys.at(&format!("plan.exits.{row}.waiting_above"));
            let what = format!("more than {above} never wait: waiting_max is {}", queue.is.waiting_max);
            let mend = format!("choose {} or less", queue.is.waiting_max);
            self.error(place, &format!("{key}.waiting_above"), what, mend);
        }
        let Some(after) = exit.after_ms else { return };
        let (place, key) = (keys.at(&format!("plan.exits.{row}.after_ms")), format!("{key}.after_ms"));
        let preferred = &plan.preferred;
        if preferred.wait_ms.0 > 0 && after <= preferred.wait_ms && exit.to != ExitTarget::Callback {
            let what = format!(
                "whoever waits {} ms for one agent leaves before anybody else is asked",
                preferred.wait_ms.0
            );
            self.warning(place, &key, what, format!("choose more than {}", preferred.wait_ms.0));
        }
        if plan.callback.allowed && after >= plan.callback.expires_ms {
            let what =
                format!("callbacks expire after {} ms, before this exit comes", plan.callback.expires_ms.0);
            let mend =
                format!("choose less than {}, or raise callback.expires_ms", plan.callback.expires_ms.0);
            self.warning(place, &key, what, mend);
        }
        if plan.answer_within_ms > after && exit.to != ExitTarget::Callback {
            let what = format!(
                "contacts leave before the {} ms within which they should be answered",
                plan.answer_within_ms.0
            );
            self.warning(place, &key, what, "lower answer_within_ms, or let the exit come later");
        }
    }

    pub(super) fn exit_names(&mut self, prefix: &str, queue: &Described<QueueConfig>) {
        for (row, exit) in queue.places.rows.exits.iter().zip(&queue.is.plan.exits) {
            let path = format!("plan.exits.{row}");
            match exit.to {
                ExitTarget::Queue(to) => {
                    let place = queue.places.keys.at(&format!("{path}.queue"));
                    self.known_queue(&format!("{prefix}.{path}.queue"), to, place);
                }
                ExitTarget::Agent(to) => {
                    let place = queue.places.keys.at(&format!("{path}.agent"));
                    self.known_agent(&format!("{prefix}.{path}.agent"), to, place);
                }
                ExitTarget::Message(_) | ExitTarget::Callback => {}
            }
        }
    }

    /// Exits that are taken on entering may not lead round: a contact would go in circles in one moment.
    pub(super) fn circles(&mut self) {
        let settings = self.settings;
        let ways: BTreeMap<QueueId, Vec<(usize, QueueId)>> = settings
            .queues
            .iter()
            .filter(|queue| queue.is.active)
            .map(|queue| (queue.is.queue, ways_on_entering(queue)))
            .collect();
        for queue in settings.queues.iter().filter(|queue| queue.is.active) {
            let Some((row, circle)) = circle(&ways, queue.is.queue) else { continue };
            let path = format!("plan.exits.{row}");
            let names: Vec<&str> = circle.iter().map(QueueId::as_str).collect();
            let what = format!("exits taken on entering lead in a circle: {}", names.join(" → "));
            let mend = "let one of them end elsewhere, in a message say, or go by after_ms";
            self.error(queue.places.keys.at(&path), &format!("queues.{}.{path}", queue.is.queue), what, mend);
        }
    }
}

/// Whether the later of two exits is never taken: whenever it could be, the earlier one is, for certain.
fn forestalls(earlier: &Exit, later: &Exit) -> bool {
    let sooner =
        |one: Option<u64>, other: Option<u64>| other.is_none_or(|other| one.is_some_and(|one| one <= other));
    let ms = |span: Option<cordboard_floor::Millis>| span.map(|span| span.0);
    let fewer = later.eligible_below.is_none_or(|few| earlier.eligible_below.is_some_and(|more| more >= few));
    let covers = sooner(ms(earlier.after_ms), ms(later.after_ms))
        && sooner(ms(earlier.estimated_above_ms), ms(later.estimated_above_ms))
        && sooner(earlier.waiting_above.map(u64::from), later.waiting_above.map(u64::from))
        && fewer
        && (earlier.closed || !later.closed);
    // What could not be had at one time may be had at a later one.
    let same = earlier.to == later.to && (later.after_ms.is_none() || earlier.after_ms == later.after_ms);
    let certain = matches!(earlier.to, ExitTarget::Message(_));
    let offered_once = earlier.to == ExitTarget::Callback && later.to == ExitTarget::Callback;
    covers && (same || certain || offered_once)
}

fn ways_on_entering(queue: &Described<QueueConfig>) -> Vec<(usize, QueueId)> {
    let rows = queue.places.rows.exits.iter().copied().zip(&queue.is.plan.exits);
    let ways = rows.filter_map(|(row, exit)| match exit.to {
        ExitTarget::Queue(to) if to != queue.is.queue && is_taken_on_entering(exit) => Some((row, to)),
        _ => None,
    });
    ways.collect()
}

const fn is_taken_on_entering(exit: &Exit) -> bool {
    exit.estimated_above_ms.is_some()
        || exit.waiting_above.is_some()
        || exit.eligible_below.is_some()
        || exit.closed
}

/// The shortest circle from this queue back to it, with the exit that begins it. Only queues of later names are walked, so that
/// each circle is found once, at its first name.
fn circle(ways: &BTreeMap<QueueId, Vec<(usize, QueueId)>>, start: QueueId) -> Option<(usize, Vec<QueueId>)> {
    let mut came_from: BTreeMap<QueueId, (usize, QueueId)> = BTreeMap::new();
    let mut at = vec![start];
    while !at.is_empty() {
        let mut next = Vec::new();
        for from in at {
            for (row, to) in ways.get(&from).into_iter().flatten() {
                if *to == start {
                    return Some(told(&came_from, start, from, *row));
                }
                if *to > start && !came_from.contains_key(to) {
                    came_from.insert(*to, (*row, from));
                    next.push(*to);
                }
            }
        }
        at = next;
    }
    None
}

fn told(
    came_from: &BTreeMap<QueueId, (usize, QueueId)>,
    start: QueueId,
    last: QueueId,
    row: usize,
) -> (usize, Vec<QueueId>) {
    let (mut circle, mut first_row, mut at) = (vec![start], row, last);
    while at != start {
        circle.push(at);
        (first_row, at) = came_from[&at];
    }
    circle.push(start);
    circle.reverse();
    (first_row, circle)
}
