//! Every limit of the floor, by name and with its unit. Reaching one is a refusal, never a surprise.

/// Letters in a code that people choose, in bytes.
pub const CODE_BYTES_MAX: usize = 31;
/// Agents that a site may configure.
pub const AGENTS_MAX: usize = 50_000;
/// Queues that a site may configure.
pub const QUEUES_MAX: usize = 5_000;
/// Not-ready reasons that a site may configure.
pub const REASONS_MAX: usize = 500;
/// Skills of one agent.
pub const AGENT_SKILLS_MAX: usize = 64;
/// Queues of one agent.
pub const AGENT_QUEUES_MAX: usize = 500;
/// Skill conditions of one queue, and those that one contact may add.
pub const CONDITIONS_MAX: usize = 16;
/// Wrap-up codes of one queue.
pub const CODES_MAX: usize = 100;
/// Contacts alive at once, waiting or connected.
pub const CONTACTS_LIVE_MAX: usize = 500_000;
/// Distinct requirements (queue and skill conditions) with someone waiting, at once.
pub const POOLS_MAX: usize = 20_000;
/// Requirements kept ready although nobody waits for them, beyond one per queue.
pub const POOLS_IDLE_MAX: usize = 1_024;
/// Agents on one contact.
pub const PARTICIPANTS_MAX: usize = 8;
/// Contacts in one agent's hands at once.
pub const CAPACITY_MAX: u8 = 50;
/// A sealed value, in bytes.
pub const SEALED_BYTES_MAX: usize = 64 * 1024;
/// Priority of a contact or queue, highest.
pub const PRIORITY_MAX: u8 = 100;
/// Level of a skill, highest.
pub const LEVEL_MAX: u8 = 100;
/// Any configured span, in ms (31 days).
pub const SPAN_MS_MAX: u64 = 31 * 24 * 3_600_000;
/// Deadlines served by one tick; the rest follow in the next.
pub const DUE_PER_TICK_MAX: usize = 1_024;
