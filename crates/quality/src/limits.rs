//! Every limit of this desk, by name and with its unit. Reaching one is a refusal or a problem, never a surprise.

/// Sections of one form.
pub const SECTIONS_MAX: usize = 100;
/// Questions of one form, over all its sections.
pub const QUESTIONS_MAX: usize = 100;
/// Choices of one question.
pub const CHOICES_MAX: usize = 20;
/// Bands of one form.
pub const BANDS_MAX: usize = 20;
/// What one question may be worth, in points.
pub const POINTS_MAX: u32 = 1_000;
/// What one question or section may weigh, against the others.
pub const WEIGHT_MAX: u32 = 1_000;
/// Bytes of one text in one language.
pub const TEXT_BYTES_MAX: usize = 2_000;
/// The least common multiple of what the questions of a weighted form are worth: up to it shares are exact.
pub const COMMON_MULTIPLE_MAX: u128 = 1_000_000_000;
/// Rules of conduct that a site may have.
pub const RULES_MAX: usize = 500;
/// What one occurrence may cost, in points.
pub const RULE_POINTS_MAX: u32 = 100;
/// Draws of one bootstrap interval.
pub const RESAMPLES_MAX: usize = 10_000;
/// Units drawn for one bootstrap interval, over all its draws: about a second.
pub const RESAMPLED_UNITS_MAX: usize = 20_000_000;
/// Contacts from which one draw is made.
pub const CANDIDATES_MAX: usize = 1_000_000;
/// Quota of one agent, and risk picks of one draw.
pub const QUOTA_MAX: u32 = 10_000;
/// Evaluators of one draw.
pub const EVALUATORS_MAX: usize = 1_000;
/// Picks of one draw that is recorded.
pub const PICKS_MAX: usize = 10_000;
/// Picks in one event: it must fit into the log.
pub const PICKS_PER_EVENT_MAX: usize = 500;
/// Agents in the coverage of a draw that is recorded.
pub const COVERED_AGENTS_MAX: usize = 2_000;
/// Strata in it.
pub const COVERED_STRATA_MAX: usize = 500;
/// Dimensions of its plan: each once.
pub const DIMENSIONS_MAX: usize = 5;
/// Channels, and risk rules, of its plan.
pub const PLAN_NAMES_MAX: usize = 200;
/// Picks remembered, and with them the contacts that are not drawn again; beyond it the oldest contact is forgotten.
pub const PICKS_KEPT_MAX: usize = 50_000;
/// Draws remembered with their plans and coverage; beyond it the oldest is forgotten, and stays in the log.
pub const SAMPLES_MAX: usize = 100;
/// Who marks in one calibration round.
pub const ROUND_RATERS_MAX: usize = 100;
/// Calibration rounds remembered; beyond it the oldest that is closed is forgotten, and none is opened while all are open.
pub const ROUNDS_MAX: usize = 1_000;
/// Assessment tables kept, each version counted.
pub const TABLES_MAX: usize = 1_000;
/// Bytes of all texts of one table: an event must fit into the log.
pub const TABLE_BYTES_MAX: usize = 150_000;
/// People of one post in one month.
pub const ASSESSED_MAX: usize = 2_000;
/// Lines, over all its rows, of one event of a month's rows: it must fit into the log.
pub const LINES_PER_EVENT_MAX: usize = 1_500;
/// Assessments remembered with their places; beyond it the oldest that is decided is forgotten, and stays in the log.
pub const ASSESSMENTS_MAX: usize = 200;
/// Months in a row after which retraining may be proposed.
pub const STREAK_MONTHS_MAX: u32 = 36;
/// Talks about retraining remembered; beyond it the oldest is forgotten.
pub const RETRAININGS_MAX: usize = 5_000;
/// Questions that one survey answers.
pub const SURVEY_QUESTIONS_MAX: usize = 20;
/// The best answer to a question of a survey; the worst is 1.
pub const SURVEY_SCORE_MAX: u8 = 5;
/// Surveys remembered, so that each is answered once; beyond it that of the oldest contact is forgotten.
pub const SURVEYS_MAX: usize = 50_000;
/// Mystery contacts: none is forgotten, or it would come back into the figures.
pub const MYSTERY_CONTACTS_MAX: usize = 100_000;
/// Shifts of one agent that detectors remember, those to come among them: more than four rosters of 62 days with two shifts a day
/// hold. Beyond it the one that ends first is forgotten.
pub const SHIFTS_PER_AGENT_MAX: usize = 500;
/// How long after a shift's end who is not relieved is still expected at the post, in ms (12 h).
pub const RELIEF_WAIT_MS_MAX: u64 = 12 * 3_600_000;
/// Checklists kept, each version counted.
pub const CHECKLISTS_MAX: usize = 500;
/// Items of one checklist: with their texts they fit into the log.
pub const CHECKLIST_ITEMS_MAX: usize = 50;
/// Findings of one round.
pub const FINDINGS_MAX: usize = 200;
/// Forms kept, each version counted.
pub const FORMS_MAX: usize = 1_000;
/// Bytes of all texts of one form: an event must fit into the log.
pub const FORM_BYTES_MAX: usize = 150_000;
/// Rules kept, each version counted.
pub const RULES_KEPT_MAX: usize = 5_000;
/// Evaluations remembered by the desk; beyond it the oldest that is over is forgotten, and stays in the log.
pub const EVALUATIONS_MAX: usize = 20_000;
/// One sealed note, in bytes.
pub const NOTE_BYTES_MAX: usize = 4_096;
/// All sealed notes of one event together, in bytes.
pub const NOTES_BYTES_MAX: usize = 160_000;
/// Deadlines served by one tick; the rest follow in the next.
pub const DUE_PER_TICK_MAX: usize = 1_024;
/// Any configured span of this desk, and the length of one excuse, in ms (90 days).
pub const TERM_MS_MAX: u64 = 90 * 24 * 3_600_000;
/// Excuses remembered; beyond it the oldest is forgotten.
pub const EXCUSES_MAX: usize = 10_000;
/// Numbers of events in the evidence of one entry.
pub const EVIDENCE_MAX: usize = 64;
/// Entries of the ledger that are kept.
pub const ENTRIES_MAX: usize = 100_000;
/// Months of the ledger that are kept; the oldest is forgotten whole, and stays in the log.
pub const LEDGER_MONTHS_MAX: usize = 36;
/// How often something may happen before a run of it is found: its events are evidence.
pub const RUN_MAX: usize = 60;
/// Spans in which callers waited during one pause that are held against it; later ones are not.
pub const SPANS_MAX: usize = 1_000;
/// Lines of one assessment table.
pub const LINES_MAX: usize = 100;
/// Steps of one scale.
pub const STEPS_MAX: usize = 20;
/// What praise may add to a month, in points.
pub const BONUS_POINTS_MAX: u32 = 20;
