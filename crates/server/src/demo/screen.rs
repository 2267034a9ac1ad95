//! The floor in a terminal: drawn anew once a second where there is one, and otherwise a line a second.

use crate::failure::Failure;
use crate::out::{Format, Out};
use cordboard_api::Door;
use cordboard_floor::Instant;
use cordboard_views::board::{Activity, AgentRow, Board};
use serde::Serialize;
use std::fmt::Write as _;
use std::io::IsTerminal;

const CLEAR: &str = "\x1b[H\x1b[2J";
const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";
/// Agents on one line of the screen.
const AGENTS_IN_A_LINE: usize = 4;

pub(super) struct Screen {
    addresses: [String; 2],
    format: Format,
    is_terminal: bool,
}

#[derive(Serialize)]
struct Moment {
    at: Instant,
    seq: u64,
    waiting: u32,
    longest_wait_ms: u64,
    ready: usize,
    ringing: usize,
    talking: usize,
    wrap_up: usize,
    away: usize,
    answered: u32,
    abandoned: u32,
}

impl Screen {
    /// `addresses` are lines that say where else to look.
    pub(super) fn new(addresses: [String; 2], format: Format) -> Self {
        Self { addresses, format, is_terminal: std::io::stdout().is_terminal() && format == Format::Table }
    }

    pub(super) fn draw(&mut self, door: &Door) -> Result<(), Failure> {
        let Ok(board) = door.views.board.read() else { return Ok(()) };
        let now = door.now().max(board.at());
        let moment = moment(&board, now);
        let text = if self.is_terminal { self.screen(&board, now, &moment) } else { line(&moment) };
        drop(board);
        let mut out = Out::new(self.format);
        match self.format {
            Format::Json => out.json(&moment)?,
            Format::Table | Format::Csv => out.line(&text)?,
        }
        out.flush()
    }

    fn screen(&self, board: &Board, now: Instant, moment: &Moment) -> String {
        let mut text = format!("{CLEAR}{BOLD}Cordboard demo{PLAIN}  {now}  event {}\n", moment.seq);
        let [page, desks] = &self.addresses;
        let _ = writeln!(text, "{DIM}{page}\n{desks}{PLAIN}\n");
        let _ = writeln!(
            text,
            "{DIM}{:<10}{:>8}{:>9}{:>9}{:>9}{:>7}{:>9}{:>6}{:>10}{:>10}{PLAIN}",
            "queue",
            "waiting",
            "longest",
            "ringing",
            "talking",
            "ready",
            "wrap-up",
            "away",
            "answered",
            "abandoned"
        );
        for queue in board.queues().filter(|queue| queue.config.active) {
            let longest =
                queue.longest_since.map_or_else(|| "-".to_owned(), |since| span(now.since(since).0));
            let agents = &queue.agents;
            let _ = writeln!(
                text,
                "{:<10}{:>8}{longest:>9}{:>9}{:>9}{:>7}{:>9}{:>6}{:>10}{:>10}",
                queue.queue,
                queue.waiting,
                queue.ringing,
                queue.connected,
                agents.idle + agents.resting,
                agents.wrap_up,
                agents.not_ready + agents.on_break + agents.unreachable,
                queue.today.answered,
                queue.today.abandoned,
            );
        }
        text.push('\n');
        let here: Vec<&AgentRow> = board.agents().filter(|row| row.activity != Activity::SignedOut).collect();
        for agents in here.chunks(AGENTS_IN_A_LINE) {
            for row in agents {
                let since = span(now.since(row.activity_since).0);
                let _ = write!(
                    text,
                    "{}{:<6}{:<11}{since:>6}{PLAIN}   ",
                    colour(row.activity),
                    row.agent,
                    name(row.activity)
                );
            }
            text.push('\n');
        }
        let _ = write!(text, "\n{DIM}Ctrl-C ends it{PLAIN}");
        text
    }
}

fn moment(board: &Board, now: Instant) -> Moment {
    let queues = || board.queues().filter(|queue| queue.config.active);
    let doing =
        |activities: &[Activity]| board.agents().filter(|row| activities.contains(&row.activity)).count();
    let longest = queues().filter_map(|queue| queue.longest_since).min();
    Moment {
        at: now,
        seq: cordboard_views::View::seq(board),
        waiting: queues().map(|queue| queue.waiting).sum(),
        longest_wait_ms: longest.map_or(0, |since| now.since(since).0),
        ready: doing(&[Activity::Idle, Activity::Resting]),
        ringing: doing(&[Activity::Ringing]),
        talking: doing(&[Activity::Talking, Activity::Held, Activity::Consulting]),
        wrap_up: doing(&[Activity::WrapUp]),
        away: doing(&[Activity::NotReady, Activity::OnBreak, Activity::Unreachable]),
        answered: queues().map(|queue| queue.today.answered).sum(),
        abandoned: queues().map(|queue| queue.today.abandoned).sum(),
    }
}

fn line(moment: &Moment) -> String {
    format!(
        "{} waiting {} (longest {}), ready {}, ringing {}, talking {}, wrap-up {}, away {}, answered {}, abandoned {}",
        moment.at,
        moment.waiting,
        span(moment.longest_wait_ms),
        moment.ready,
        moment.ringing,
        moment.talking,
        moment.wrap_up,
        moment.away,
        moment.answered,
        moment.abandoned,
    )
}

fn span(ms: u64) -> String {
    format!("{}:{:02}", ms / 60_000, ms / 1_000 % 60)
}

const fn name(activity: Activity) -> &'static str {
    match activity {
        Activity::SignedOut => "signed out",
        Activity::Unreachable => "unreachable",
        Activity::NotReady => "not ready",
        Activity::OnBreak => "on break",
        Activity::Idle => "ready",
        Activity::Resting => "resting",
        Activity::Ringing => "ringing",
        Activity::Talking => "talking",
        Activity::Held => "on hold",
        Activity::Consulting => "consulting",
        Activity::WrapUp => "wrap-up",
    }
}

const fn colour(activity: Activity) -> &'static str {
    match activity {
        Activity::Idle | Activity::Resting => "\x1b[32m",
        Activity::Talking | Activity::Held | Activity::Consulting => "\x1b[36m",
        Activity::Ringing => "\x1b[1m",
        Activity::WrapUp => "\x1b[35m",
        Activity::SignedOut | Activity::NotReady | Activity::OnBreak => "\x1b[33m",
        Activity::Unreachable => "\x1b[31m",
    }
}
