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
/// Steps of one plan.
pub const STEPS_MAX: usize = 16;
/// Exits of one plan.
pub const EXITS_MAX: usize = 16;
/// Further queues whose agents serve a queue, in one place of a plan, and those that one contact may add.
pub const ALSO_MAX: usize = 16;
/// Weight of a queue (percent) or agent, highest.
pub const WEIGHT_MAX: u16 = 1_000;
/// Mixes of channels of one agent.
pub const MIXES_MAX: usize = 16;
/// Channels in one mix.
pub const CHANNELS_MAX: usize = 16;
/// Opening spans of one queue, known ahead.
pub const HOURS_SPANS_MAX: usize = 1_000;
/// Bytes of a zone's name.
pub const ZONE_BYTES_MAX: usize = 64;
/// How long callers may be remembered, in ms (400 days).
pub const CALLERS_KEPT_MS_MAX: u64 = 400 * 24 * 3_600_000;
/// Callers remembered; beyond it the one whose last contact is the longest ago is forgotten.
pub const CALLERS_MAX: usize = 500_000;
/// Agents at whom one contact rings at once.
pub const RING_ALL_MAX: usize = 50;
/// How often a contact may go from queue to queue by rule; then it stays where it is.
pub const OVERFLOWS_MAX: u8 = 8;
/// Contacts that change their step or leave by rule in one decision; the rest follow in the next tick.
pub const HEEDED_PER_DECISION_MAX: usize = 256;
/// Figures that people enter in one command.
pub const FIGURES_AT_ONCE_MAX: usize = 256;
/// What an entered figure may come to.
pub const FIGURE_VALUE_MAX: i64 = 1_000_000_000_000_000;
/// What span an entered figure may be about, and how far ahead it may lie, in ms (400 days).
pub const FIGURE_SPAN_MS_MAX: u64 = 400 * 24 * 3_600_000;
/// Frozen reports remembered (nine years of daily, weekly and monthly ones); beyond it the oldest is forgotten by the
/// floor, and stays in the log.
pub const PAPERS_MAX: usize = 4_000;
/// Formulas by which one report was made.
pub const PAPER_FORMULAS_MAX: usize = 500;
/// A formula's id and version, in bytes.
pub const PAPER_FORMULA_BYTES_MAX: usize = 64;
/// Messages asking for an acknowledgement that are remembered; beyond it the oldest is forgotten by the floor, and stays
/// in the log.
pub const MESSAGES_MAX: usize = 200;
/// Agents who are to acknowledge one message.
pub const MESSAGE_ADDRESSED_MAX: usize = 5_000;
/// Rules for alerts that a site may configure.
pub const ALERT_RULES_MAX: usize = 200;
/// Queues, teams or agents' states that one rule for alerts names.
pub const ALERT_ABOUT_MAX: usize = 100;
/// A name of a rule for alerts, in bytes.
pub const ALERT_NAME_BYTES_MAX: usize = 120;
/// Alerts that are not over, at once.
pub const ALERTS_OPEN_MAX: usize = 2_000;
/// Requests for a break that one decision looks at; the rest follow when the next agent comes or goes.
pub const BREAKS_LOOKED_AT_MAX: usize = 64;
