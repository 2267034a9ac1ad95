//! A waiting contact's place in its queue, with what the place is made of. Which agent comes to it, and before which
//! contacts of other queues, is another question.

use cordboard_floor::{Instant, Millis};
use cordboard_views::board::{Board, ContactRow};
use serde::Serialize;
use utoipa::ToSchema;

/// A place in line. Earlier `order` first, of two that are equal the older contact;
/// `order = counted_from − priority_worth_ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicPlace {
    /// Its place among those who wait in the queue and ring nowhere, from 1.
    pub place: u32,
    /// How many they are.
    pub of: u32,
    /// What decides.
    #[schema(value_type = String, format = DateTime)]
    pub order: Instant,
    /// From when on its wait counts.
    #[schema(value_type = String, format = DateTime)]
    pub counted_from: Instant,
    /// What its priority is worth as waiting time.
    #[schema(value_type = u64)]
    pub priority_worth_ms: Millis,
    /// Whether it keeps a place from before this stay: it was moved, given back, or is called back.
    pub keeps_place: bool,
    /// Whether only one agent may have it for now, so that others who stand behind it may be served first.
    pub waits_for_one: bool,
    /// Whether it is offered to nobody until its caller is to be dialled again.
    pub parked: bool,
}

impl PublicPlace {
    /// The place of a contact that waits; none of one that does not. The cost follows the length of the queue.
    pub fn of(board: &Board, row: &ContactRow) -> Option<Self> {
        let (queue, order, queued_at) = (board.queue(row.queue?)?, row.order?, row.queued_at?);
        let (mut place, mut of, mut waits) = (1, 0, false);
        for other in board.waiting(queue.queue) {
            of += 1;
            waits |= other.contact == row.contact;
            place += u32::from((other.order, other.contact) < (Some(order), row.contact));
        }
        let worth = queue.config.credit_ms_per_point.0.saturating_mul(row.priority.into());
        let counted_from = order.plus(Millis(worth));
        waits.then(|| Self {
            place,
            of,
            order,
            counted_from,
            priority_worth_ms: Millis(worth),
            keeps_place: counted_from < queued_at,
            waits_for_one: row.wanted.is_some(),
            parked: row.callback.as_ref().is_some_and(|callback| callback.retry_at.is_some()),
        })
    }
}
