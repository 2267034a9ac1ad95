//! Every limit of the HTTP door, by name and with its unit. Links have their own.

use std::time::Duration;

/// What a site may set; the customary values are [`Limits::default`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Body of a request, in bytes.
    pub body_bytes_max: usize,
    /// From the first byte of a request to the end of its header.
    pub header_time_max: Duration,
    /// From the end of its header to the end of its body.
    pub body_time_max: Duration,
    /// A TLS handshake.
    pub handshake_time_max: Duration,
    /// TLS handshakes at once; further connections wait for their turn.
    pub handshakes_at_once_max: usize,
    /// Connections at once; one more is closed.
    pub connections_max: usize,
    /// How long open requests may take once the server stops.
    pub drain_time_max: Duration,
    /// Password checks at once.
    pub password_checks_at_once_max: usize,
    /// Password checks that may wait for their turn; one more is told to come back.
    pub password_checks_waiting_max: usize,
    /// Live event streams at once.
    pub live_readers_max: usize,
    /// A live event stream whose reader takes nothing for so long is cut.
    pub live_stall_max: Duration,
    /// Silence on a live event stream, before a comment keeps it alive.
    pub live_keep_alive: Duration,
    /// Rows of one page.
    pub page_rows_max: usize,
    /// Rows of a page that does not say.
    pub page_rows: usize,
    /// Events looked at for one page or story; a page then says where to go on.
    pub events_scanned_max: usize,
    /// Events folded for one board of the past.
    pub past_events_max: u64,
    /// How long a reading waits for a view that lags behind what was acknowledged.
    pub view_wait_max: Duration,
    /// How long a token from signing in is good.
    pub token_life: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes_max: 64 * 1024,
            header_time_max: Duration::from_secs(10),
            body_time_max: Duration::from_secs(10),
            handshake_time_max: Duration::from_secs(10),
            handshakes_at_once_max: 64,
            connections_max: 20_000,
            drain_time_max: Duration::from_secs(10),
            password_checks_at_once_max: 2,
            password_checks_waiting_max: 256,
            live_readers_max: 256,
            live_stall_max: Duration::from_secs(30),
            live_keep_alive: Duration::from_secs(15),
            page_rows_max: 1_000,
            page_rows: 100,
            events_scanned_max: 100_000,
            past_events_max: crate::past::BOARD_EVENTS_MAX,
            view_wait_max: Duration::from_secs(1),
            token_life: Duration::from_secs(12 * 3_600),
        }
    }
}

/// Length of an `Idempotency-Key`, in bytes.
pub(crate) const IDEMPOTENCY_KEY_BYTES_MAX: usize = 64;
/// Events read at a time for a live stream or a scan.
pub(crate) const EVENTS_PER_READ: usize = 512;
/// Contacts in a floor of the past, the oldest first.
pub(crate) const PAST_CONTACTS_MAX: usize = 5_000;
/// Chunks that wait to be written to a live stream, of [`EVENTS_PER_READ`] events each at most.
pub(crate) const LIVE_CHUNKS_WAITING_MAX: usize = 4;
/// A caller's number, in bytes.
pub(crate) const FROM_BYTES_MAX: usize = 256;
/// A view further behind the log than this is not ready, in events.
pub(crate) const VIEW_LAG_EVENTS_MAX: u64 = 10_000;
/// Events folded under one lock of a view.
pub(crate) const FOLD_EVENTS_AT_ONCE: usize = 256;
/// After this many seconds a client may try again when the engine or a queue is full.
pub(crate) const RETRY_AFTER_S: u64 = 1;
