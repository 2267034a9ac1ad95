//! What each caller will do, drawn before she does it: a pure function of plan, call and seed.

use super::{ANSWER_DELAY_US, HANDLE_US_WHERE_UNKNOWN, HandleMode, PatienceMode, Plan};
use crate::recording::{RecordedCall, RecordedEnd, Rng};

/// What a recorded customer id is called where it is no number that one can dial.
const HOST: &str = "recorded";

/// A recorded customer id as a number that the doors take: one that can be dialled as it is, anything else as an address, so that a
/// repeat caller is recognised.
pub(super) fn spelled(id: &str) -> String {
    let dialled = id.chars().all(|c| c.is_ascii_digit() || "+*#-. ()".contains(c));
    if dialled || id.contains('@') { id.to_owned() } else { format!("{id}@{HOST}") }
}

/// One caller's intentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Intent {
    /// When she leaves the menu for the queue; none if she gives up before.
    pub(super) queues_us: Option<i64>,
    /// When she gives up, unless she is answered first.
    pub(super) gives_up_us: Option<i64>,
    /// How long the call takes if it is answered.
    pub(super) handle_us: i64,
}

impl Plan {
    pub(super) fn intent(&self, call: &RecordedCall) -> Intent {
        let queued_us = call.queued_us();
        let queues_us = (call.end != RecordedEnd::AbandonedInMenu).then_some(queued_us);
        let gives_up_us = match (&call.end, self.patience) {
            (RecordedEnd::AbandonedInMenu, _) => Some(queued_us),
            (_, PatienceMode::Fitted) => {
                let mut rng = Rng::of_item(self.seed, "patience", call.line);
                self.fitted.draw(&call.queue, &mut rng).map(|us| queued_us.saturating_add(us))
            }
            (
                RecordedEnd::AbandonedInQueue { waited_us } | RecordedEnd::AbandonedRinging { waited_us, .. },
                PatienceMode::Recorded | PatienceMode::Beyond,
            ) => Some(queued_us.saturating_add(*waited_us)),
            (RecordedEnd::Answered { .. }, PatienceMode::Recorded) => None,
            (RecordedEnd::Answered { waited_us, .. }, PatienceMode::Beyond) => {
                let mut rng = Rng::of_item(self.seed, "patience", call.line);
                let drawn = self.fitted.draw_beyond(&call.queue, *waited_us, &mut rng);
                drawn.map(|us| queued_us.saturating_add(us))
            }
        };
        let handle_us = match (&call.end, self.handle) {
            (RecordedEnd::Answered { handle_us, .. }, HandleMode::Recorded) => *handle_us,
            _ => {
                let mut rng = Rng::of_item(self.seed, "handle", call.line);
                let drawn = self.handle_times.draw(&call.queue, call.kind.as_deref(), &mut rng);
                drawn.unwrap_or(HANDLE_US_WHERE_UNKNOWN)
            }
        };
        Intent { queues_us, gives_up_us, handle_us }
    }

    /// How long an agent takes to pick up a call that rings for the `attempt`th time.
    pub(super) fn answer_delay_us(&self, line: u64, attempt: u32) -> i64 {
        let (least, most) = ANSWER_DELAY_US;
        let mut rng = Rng::of_item(self.seed, "answer", line.rotate_left(16) ^ u64::from(attempt));
        least + rng.below((most - least + 1) as u64) as i64
    }
}
