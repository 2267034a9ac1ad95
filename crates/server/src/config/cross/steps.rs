//! The steps of a plan: each must change something, widen rather than narrow, and be reached at some time.

use super::asked::Asked;
use super::{Critic, DEFAULTS};
use crate::config::Described;
use cordboard_floor::configuration::{ExitTarget, QueueConfig, Step};

impl Critic<'_> {
    pub(super) fn steps(&mut self, prefix: &str, queue: &Described<QueueConfig>) {
        let (plan, keys) = (&queue.is.plan, &queue.places.keys);
        let mut before = Asked::on_entering(&queue.is);
        let mut timed: Option<(usize, &Step)> = None;
        for (row, step) in queue.places.rows.steps.iter().copied().zip(&plan.steps) {
            let path = format!("plan.steps.{row}");
            let (place, key) = (keys.at(&path), format!("{prefix}.{path}"));
            let asked = before.after(step);
            // What queues ask that take the defaults is not known there.
            if step.raise == 0 && asked == before && (prefix != DEFAULTS || names_nothing(step)) {
                let mend = "let it change skills, any, also, forgo_own or raise, or take it out";
                self.error(place, &key, "it changes nothing".to_owned(), mend);
            }
            if prefix != DEFAULTS
                && let Some(more) = asked.more_than(&before)
            {
                let part = if step.skills.is_some() { "skills" } else { "any" };
                let place = keys.at(&format!("{path}.{part}"));
                let mend =
                    "a step may only widen: ask for less from step to step, and for most in the queue itself";
                self.error(
                    place,
                    &format!("{key}.{part}"),
                    format!("it asks for more than before: {more}"),
                    mend,
                );
            }
            self.step_in_time(&key, queue, row, step, timed);
            self.step_is_reached(&key, queue, row, step);
            if step.after_ms.is_some() {
                timed = Some((row, step));
            }
            before = asked;
        }
    }

    fn step_in_time(
        &mut self,
        key: &str,
        queue: &Described<QueueConfig>,
        row: usize,
        step: &Step,
        timed: Option<(usize, &Step)>,
    ) {
        let place = queue.places.keys.at(&format!("plan.steps.{row}.after_ms"));
        let Some(after) = step.after_ms else { return };
        let key = format!("{key}.after_ms");
        if after.0 == 0 {
            let what = "it is due as soon as a contact enters".to_owned();
            self.warning(
                place,
                &key,
                what,
                "say it in the queue's own skills and plan, or choose a later time",
            );
        }
        let Some((other, earlier)) = timed else { return };
        let first = earlier.after_ms.unwrap_or_default();
        let guarded = step.is_guarded() || earlier.is_guarded();
        if after < first || (after == first && !guarded) {
            let what = format!("{} ms is not later than the {} ms of step {other}", after.0, first.0);
            let mend = if after == first {
                format!("make them one step, or choose more than {}", first.0)
            } else {
                "put the steps into the order of their times".to_owned()
            };
            self.error(place, &key, what, mend);
        }
    }

    /// Neither gone by then, nor waiting for more contacts than the queue takes.
    fn step_is_reached(&mut self, key: &str, queue: &Described<QueueConfig>, row: usize, step: &Step) {
        let (plan, keys) = (&queue.is.plan, &queue.places.keys);
        let others = step.after_ms.is_some() || step.eligible_below.is_some() || step.ready_below.is_some();
        if let Some(above) = step.waiting_above.filter(|above| *above >= queue.is.waiting_max) {
            let place = keys.at(&format!("plan.steps.{row}.waiting_above"));
            let what = format!("more than {above} never wait: waiting_max is {}", queue.is.waiting_max);
            let mend = format!("choose less than {}", queue.is.waiting_max);
            let key = format!("{key}.waiting_above");
            if others { self.warning(place, &key, what, mend) } else { self.error(place, &key, what, mend) }
        }
        let (Some(after), false) = (step.after_ms, step.is_guarded()) else { return };
        let by_time = queue.places.rows.exits.iter().zip(&plan.exits);
        let gone = by_time.filter_map(|(exit, is)| Some((exit, is, is.after_ms.filter(|at| *at <= after)?)));
        for (exit, is, at) in gone {
            let place = keys.at(&format!("plan.steps.{row}.after_ms"));
            let key = format!("{key}.after_ms");
            let mend = format!("choose less than {}, or let the exit come later", at.0);
            match is.to {
                ExitTarget::Message(_) => {
                    let what = format!("it is never reached: exit {exit} ends the contact after {} ms", at.0);
                    return self.error(place, &key, what, mend);
                }
                ExitTarget::Queue(to) => {
                    let what = format!(
                        "it is reached only if {to} takes nobody: exit {exit} leads there after {} ms",
                        at.0
                    );
                    return self.warning(place, &key, what, mend);
                }
                ExitTarget::Agent(_) | ExitTarget::Callback => {}
            }
        }
    }
}

fn names_nothing(step: &Step) -> bool {
    step.skills.is_none() && step.any.is_none() && step.also.is_empty() && !step.forgo_own
}
