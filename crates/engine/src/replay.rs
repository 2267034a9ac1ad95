//! State from the log alone, up to any moment.

use crate::codec;
use crate::fault::FeedFault;
use cordboard_floor::{Decider, Instant, Recorded, StoredEvent};
use cordboard_journal::Reader;

/// How far to replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// To the end.
    End,
    /// Including this event.
    Seq(u64),
    /// Including everything that happened at or before this moment.
    At(Instant),
}

/// Replays the log from its first event.
pub fn replay<D: Decider>(reader: &Reader, mut state: D, until: Until) -> Result<D, FeedFault> {
    let to = match until {
        Until::Seq(seq) => seq,
        Until::End | Until::At(_) => u64::MAX,
    };
    replay_each(reader, 1, to, |event: Recorded<D::Event>| {
        if matches!(until, Until::At(at) if event.at > at) {
            return false;
        }
        state.take_over(event);
        true
    })?;
    Ok(state)
}

/// Hands over each event from `from` to `to`, until told to stop.
pub(crate) fn replay_each<E: StoredEvent>(
    reader: &Reader,
    from: u64,
    to: u64,
    mut take: impl FnMut(Recorded<E>) -> bool,
) -> Result<(), FeedFault> {
    for record in reader.read(from) {
        let record = record?;
        if record.seq > to {
            break;
        }
        let decoded = codec::decode(record.seq, &record.bytes);
        if !take(decoded.map_err(|fault| FeedFault::Decode { seq: record.seq, fault })?) {
            break;
        }
    }
    Ok(())
}
