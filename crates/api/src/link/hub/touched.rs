//! Which rows of the floor changed when: enough to say what changed since any recent number, once for each
//! row, without keeping what they were.

use super::super::limits::FLOOR_GONE_ROWS_MAX;
use cordboard_floor::{AgentId, ContactId, QueueId};
use std::collections::{BTreeSet, HashMap, VecDeque};

/// A row of the floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum RowKey {
    Queue(QueueId),
    Agent(AgentId),
    Contact(ContactId),
}

#[derive(Debug, Default)]
pub(crate) struct Touched {
    in_order: BTreeSet<(u64, RowKey)>,
    last: HashMap<RowKey, u64>,
    /// Rows that are gone and remembered for those who still show them.
    gone: VecDeque<ContactId>,
    /// What changed before this is not known.
    known_from: u64,
}

impl Touched {
    /// Nothing is known of what changed up to `seq`.
    pub(super) fn begin_at(&mut self, seq: u64) {
        *self = Self { known_from: seq, ..Self::default() };
    }

    pub(super) fn touch(&mut self, key: RowKey, seq: u64) {
        if let Some(before) = self.last.insert(key, seq) {
            self.in_order.remove(&(before, key));
        }
        self.in_order.insert((seq, key));
    }

    /// A contact left the floor for good.
    pub(super) fn forget(&mut self, contact: ContactId, seq: u64) {
        self.touch(RowKey::Contact(contact), seq);
        self.gone.push_back(contact);
        if self.gone.len() > FLOOR_GONE_ROWS_MAX
            && let Some(oldest) = self.gone.pop_front().map(RowKey::Contact)
            && let Some(seq) = self.last.remove(&oldest)
        {
            self.in_order.remove(&(seq, oldest));
            self.known_from = self.known_from.max(seq);
        }
    }

    /// The rows that changed after `seq`, each once; nothing if that is too long ago to know.
    pub(crate) fn since(&self, seq: u64) -> Option<impl Iterator<Item = RowKey> + '_> {
        // The first key there can be: queues sort first, and `+` before every other letter.
        let from = (seq.saturating_add(1), RowKey::Queue(QueueId::fixed("+")));
        (seq >= self.known_from).then(|| self.in_order.range(from..).map(|(_, key)| *key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_told_once_and_what_is_too_old_is_said_to_be() {
        let (sales, agent) = (RowKey::Queue(QueueId::fixed("+")), RowKey::Agent(AgentId::fixed("1001")));
        let mut touched = Touched::default();
        touched.begin_at(10);
        touched.touch(sales, 11);
        touched.touch(agent, 11);
        touched.touch(sales, 13);
        let since = |touched: &Touched, seq| touched.since(seq).map(|rows| rows.collect::<Vec<_>>());
        assert_eq!(since(&touched, 9), None);
        assert_eq!(since(&touched, 10), Some(vec![agent, sales]));
        assert_eq!(since(&touched, 11), Some(vec![sales]));
        assert_eq!(since(&touched, 12), Some(vec![sales]));
        assert_eq!(since(&touched, 13), Some(vec![]));
        for contact in 0..=FLOOR_GONE_ROWS_MAX as u64 {
            touched.forget(ContactId(contact), 100 + contact);
        }
        assert_eq!(since(&touched, 99), None, "more left than are remembered");
        assert_eq!(since(&touched, 100).unwrap().len(), FLOOR_GONE_ROWS_MAX);
    }
}
