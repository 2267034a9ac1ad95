//! Boards and figures of a past moment as rows. JSON has the fields of the API's rows; what is sealed is left out, because
//! the log alone has no keys.

use crate::failure::Failure;
use crate::out::{Format, Out};
use cordboard_api::public::{PublicAgent, PublicFigures, PublicQueue};
use cordboard_floor::queue::QueueState;
use cordboard_floor::{AgentId, Channel, ContactId, Instant, Millis, QueueId, TeamId};
use cordboard_views::View as _;
use cordboard_views::board::{Activity, AgentRow, AgentState, Board, ContactRow, ContactState, QueueRow};
use cordboard_views::figures::Figures;
use serde::Serialize;

/// A queue, in a line.
#[derive(Serialize)]
struct Queue {
    queue: QueueId,
    state: QueueState,
    waiting: u32,
    longest_since: Option<Instant>,
    ringing: u32,
    connected: u32,
    idle: u32,
    talking: u32,
    wrap_up: u32,
    not_ready: u32,
    on_break: u32,
    signed_out: u32,
    offered: u32,
    answered: u32,
    abandoned: u32,
}

const QUEUE: [&str; 15] = [
    "queue",
    "state",
    "waiting",
    "longest_since",
    "ringing",
    "connected",
    "idle",
    "talking",
    "wrap_up",
    "not_ready",
    "on_break",
    "signed_out",
    "offered",
    "answered",
    "abandoned",
];

/// An agent, in a line.
#[derive(Serialize)]
struct Agent {
    agent: AgentId,
    team: Option<TeamId>,
    state: AgentState,
    reason: Option<String>,
    since: Instant,
    activity: Activity,
    activity_since: Instant,
    reachable: bool,
    contacts: Vec<ContactId>,
}

const AGENT: [&str; 9] =
    ["agent", "team", "state", "reason", "since", "activity", "activity_since", "reachable", "contacts"];

/// A contact, in a line: also as JSON, since its own fields need keys.
#[derive(Serialize)]
struct Contact {
    contact: ContactId,
    channel: Channel,
    state: ContactState,
    since: Instant,
    queue: Option<QueueId>,
    priority: u8,
    arrived_at: Instant,
    queued_at: Option<Instant>,
    owner: Option<AgentId>,
    participants: Vec<AgentId>,
    seq: u64,
}

const CONTACT: [&str; 11] = [
    "contact",
    "channel",
    "state",
    "since",
    "queue",
    "priority",
    "arrived_at",
    "queued_at",
    "owner",
    "participants",
    "seq",
];

/// The board, whole.
#[derive(Serialize)]
struct Whole {
    seq: u64,
    at: Instant,
    queues: Vec<PublicQueue>,
    agents: Vec<PublicAgent>,
    contacts: Vec<Contact>,
}

/// One set of figures, in a line.
#[derive(Serialize)]
struct Tally {
    queue: String,
    arrived: u64,
    handled: u64,
    abandoned: u64,
    queued: u64,
    answered: u64,
    offers: u64,
    accepted: u64,
    wait_answered_mean_ms: Option<u64>,
    talk_mean_ms: Option<u64>,
    wrap_up_mean_ms: Option<u64>,
}

const TALLY: [&str; 11] = [
    "queue",
    "arrived",
    "handled",
    "abandoned",
    "queued",
    "answered",
    "offers",
    "accepted",
    "wait_answered_mean_ms",
    "talk_mean_ms",
    "wrap_up_mean_ms",
];

pub(super) fn queues(board: &Board, format: Format) -> Result<(), Failure> {
    let mut out = Out::new(format);
    if format == Format::Json {
        board.queues().try_for_each(|row| out.json(&PublicQueue::from(row)))?;
        return out.flush();
    }
    out.rows(&QUEUE, &board.queues().map(Queue::from).collect::<Vec<_>>())
}

pub(super) fn agents(board: &Board, format: Format) -> Result<(), Failure> {
    let mut out = Out::new(format);
    if format == Format::Json {
        board.agents().try_for_each(|row| out.json(&PublicAgent::from(row)))?;
        return out.flush();
    }
    out.rows(&AGENT, &board.agents().map(Agent::from).collect::<Vec<_>>())
}

pub(super) fn contacts(board: &Board, format: Format) -> Result<(), Failure> {
    Out::new(format).rows(&CONTACT, &board.contacts().map(Contact::from).collect::<Vec<_>>())
}

/// Everything: one object, or one table below the other.
pub(super) fn whole(board: &Board, format: Format) -> Result<(), Failure> {
    match format {
        Format::Json => {
            let mut out = Out::new(format);
            out.json(&Whole {
                seq: board.seq(),
                at: board.at(),
                queues: board.queues().map(PublicQueue::from).collect(),
                agents: board.agents().map(PublicAgent::from).collect(),
                contacts: board.contacts().map(Contact::from).collect(),
            })?;
            out.flush()
        }
        Format::Csv => Err(Failure::Usage(
            "a board is several tables and CSV is one: ask for --view queues, agents or contacts".to_owned(),
        )),
        Format::Table => {
            Out::new(format).line(&format!("after event {}, {}\n", board.seq(), board.at()))?;
            queues(board, format)?;
            Out::new(format).line("")?;
            agents(board, format)?;
            Out::new(format).line("")?;
            contacts(board, format)
        }
    }
}

pub(super) fn figures(figures: &Figures, format: Format) -> Result<(), Failure> {
    let shown = PublicFigures::of(figures, true, |_| true);
    let mut out = Out::new(format);
    if format == Format::Json {
        out.json(&shown)?;
        return out.flush();
    }
    let all = shown.all.as_ref().map(|figures| ("(all)".to_owned(), figures));
    let each = shown.queues.iter().map(|queue| (queue.queue.to_string(), &queue.figures));
    let rows = all.into_iter().chain(each).map(|(queue, figures)| Tally {
        queue,
        arrived: figures.contacts.arrived,
        handled: figures.contacts.handled,
        abandoned: figures.contacts.abandoned,
        queued: figures.visits.queued,
        answered: figures.visits.answered,
        offers: figures.offers.made,
        accepted: figures.offers.accepted,
        wait_answered_mean_ms: figures.wait_answered.mean_ms,
        talk_mean_ms: figures.talk.mean_ms,
        wrap_up_mean_ms: figures.wrap_up.mean_ms,
    });
    out.rows(&TALLY, &rows.collect::<Vec<_>>())
}

impl From<&QueueRow> for Queue {
    fn from(row: &QueueRow) -> Self {
        let agents = &row.agents;
        Self {
            queue: row.queue,
            state: row.state,
            waiting: row.waiting,
            longest_since: row.longest_since,
            ringing: row.ringing,
            connected: row.connected,
            idle: agents.idle,
            talking: agents.talking,
            wrap_up: agents.wrap_up,
            not_ready: agents.not_ready,
            on_break: agents.on_break,
            signed_out: agents.signed_out,
            offered: row.today.offered,
            answered: row.today.answered,
            abandoned: row.today.abandoned,
        }
    }
}

impl From<&AgentRow> for Agent {
    fn from(row: &AgentRow) -> Self {
        Self {
            agent: row.agent,
            team: row.team,
            state: row.state,
            reason: row.reason.map(|reason| reason.slug.to_string()),
            since: row.since,
            activity: row.activity,
            activity_since: row.activity_since,
            reachable: row.reachable,
            contacts: row.contacts.iter().map(|hand| hand.contact).collect(),
        }
    }
}

impl From<&ContactRow> for Contact {
    fn from(row: &ContactRow) -> Self {
        Self {
            contact: row.contact,
            channel: row.channel,
            state: row.state,
            since: row.since,
            queue: row.queue,
            priority: row.priority,
            arrived_at: row.arrived_at,
            queued_at: row.queued_at,
            owner: row.owner,
            participants: row.participants.iter().map(|part| part.agent).collect(),
            seq: row.seq,
        }
    }
}

/// When a day begins in a zone, after midnight UTC, at that moment.
pub(super) fn days_begin(zone: &jiff::tz::TimeZone, at: Option<Instant>) -> Millis {
    let at = at.and_then(|at| jiff::Timestamp::from_microsecond(at.micros()).ok());
    crate::house::days_begin(zone, at.unwrap_or_else(jiff::Timestamp::now))
}
