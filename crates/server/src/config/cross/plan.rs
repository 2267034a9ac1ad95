use super::Critic;
use crate::config::Described;
use cordboard_floor::configuration::QueueConfig;

impl Critic<'_> {
    pub(super) fn plan_alone(&mut self, _prefix: &str, _queue: &Described<QueueConfig>) {}
}
