//! What does a decision cost, and does it grow with the floor? The figure is the ratio between sizes.
//!
//! Five hundred queues, five of them and five skills an agent, every queue with a plan of its own.
//! Busy: every agent talks, W contacts wait; one round is an agent ending her contact (which frees her and offers her the next),
//! a caller arriving in one of her queues, and accepting. Idle: all agents are free; one
//! round is a caller arriving (which is offered at once), accepted and ended.
//!
//! Times are printed for each size. Instructions are counted where valgrind is installed: this program runs itself under it, and says
//! no if a size costs more than twice the smallest.

use cordboard_benches::{Loaded, nanoseconds, percentiles, say};
use cordboard_floor::Command;
use hdrhistogram::Histogram;
use std::process::ExitCode;
use std::time::Instant;

const ROUNDS: usize = 20_000;
/// Under valgrind everything takes fifty times as long.
const ROUNDS_COUNTED: usize = 500;
const QUEUES: usize = 500;
const ROUNDS_BEFORE: usize = 3_000;
/// What a size may cost against the smallest.
const RATIO_MAX: f64 = 2.0;
/// Agents, and contacts waiting; none is the idle floor.
const SIZES: [(usize, usize); 8] = [
    (100, 100),
    (1_000, 100),
    (10_000, 100),
    (100, 100_000),
    (1_000, 100_000),
    (10_000, 100_000),
    (100, 0),
    (10_000, 0),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, count, agents, waiting] = &arguments[..]
        && count == "--count"
    {
        let size = |text: &str| text.parse().expect("a number");
        rounds_of(size(agents), size(waiting), ROUNDS_COUNTED);
        return ExitCode::SUCCESS;
    }
    say("decide: ns per command (mean), and p50 / p99 / p99.9 in µs");
    let mut base = Base::default();
    for (agents, waiting) in SIZES {
        let times = rounds_of(agents, waiting, ROUNDS);
        let ratio = base.ratio(waiting, times.mean());
        let (mean, spread) = (times.mean(), percentiles(&times));
        say(format_args!("{agents:>6} agents {waiting:>7} waiting: {mean:>7.0} ns  x{ratio:.2}   {spread}"));
    }
    instructions()
}

/// The cost of the smallest size, busy and idle apart.
#[derive(Default)]
struct Base {
    busy: Option<f64>,
    idle: Option<f64>,
}

impl Base {
    fn ratio(&mut self, waiting: usize, cost: f64) -> f64 {
        let base = if waiting == 0 { &mut self.idle } else { &mut self.busy };
        cost / *base.get_or_insert(cost)
    }
}

fn instructions() -> ExitCode {
    say(format_args!("decide: instructions per command, at most x{RATIO_MAX} of the smallest"));
    let (mut base, mut over) = (Base::default(), false);
    // The middle adds nothing where instructions are counted, and valgrind is slow.
    for (agents, waiting) in SIZES.into_iter().filter(|(agents, _)| *agents != 1_000) {
        let Some(counted) = count(agents, waiting) else {
            say("not counted: valgrind is not installed");
            return ExitCode::SUCCESS;
        };
        let ratio = base.ratio(waiting, counted);
        over |= ratio > RATIO_MAX;
        say(format_args!("{agents:>6} agents {waiting:>7} waiting: {counted:>7.0}  x{ratio:.2}"));
    }
    if over { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Instructions of one command of the rounds alone, however long it took to furnish the floor.
fn count(agents: usize, waiting: usize) -> Option<f64> {
    let own = std::env::current_exe().ok()?;
    let out = std::process::Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*rounds_counted*"])
        .arg(own)
        .args(["--count", &agents.to_string(), &waiting.to_string()])
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&out.stderr);
    let collected = said.lines().find_map(|line| line.split("Collected :").nth(1))?;
    let all: f64 = collected.trim().parse().ok()?;
    Some(all / (ROUNDS_COUNTED * 3) as f64)
}

fn rounds_of(agents: usize, waiting: usize, rounds: usize) -> Histogram<u64> {
    let mut times = nanoseconds();
    let mut floor =
        if waiting == 0 { Loaded::new(agents, QUEUES) } else { Loaded::saturated(agents, QUEUES, waiting) };
    // Steps have been taken and pools opened by then: what is counted is a floor at work, not one that begins.
    warm_up(&mut floor, waiting, &mut times);
    times.reset();
    rounds_counted(&mut floor, waiting, rounds, &mut times);
    times
}

fn warm_up(floor: &mut Loaded, waiting: usize, times: &mut Histogram<u64>) {
    for round in 0..ROUNDS_BEFORE {
        one_round(floor, waiting, round, times);
    }
}

#[inline(never)]
fn rounds_counted(floor: &mut Loaded, waiting: usize, rounds: usize, times: &mut Histogram<u64>) {
    for round in 0..rounds {
        one_round(floor, waiting, round, times);
    }
}

fn one_round(floor: &mut Loaded, waiting: usize, round: usize, times: &mut Histogram<u64>) {
    if waiting == 0 { idle(floor, times) } else { busy(floor, round, times) }
}

fn busy(floor: &mut Loaded, round: usize, times: &mut Histogram<u64>) {
    let place = round % floor.talking.len().min(100);
    let (agent, contact) = floor.talking.iter().nth(place).map(|(a, c)| (*a, *c)).expect("all talk");
    timed(times, floor, Command::End { contact, agent });
    floor.talking.remove(&agent);
    // One comes for one that went, in one of her queues: as many talk and wait as before.
    let arrival = floor.arrival_for(agent, round);
    timed(times, floor, arrival);
    while let Some((offer, agent)) = floor.ringing.pop() {
        timed(times, floor, Command::Accept { offer, agent });
    }
}

fn idle(floor: &mut Loaded, times: &mut Histogram<u64>) {
    let arrival = floor.arrival();
    timed(times, floor, arrival);
    let (offer, agent) = floor.ringing.pop().expect("somebody is free");
    timed(times, floor, Command::Accept { offer, agent });
    let contact = floor.talking[&agent];
    timed(times, floor, Command::End { contact, agent });
}

fn timed(times: &mut Histogram<u64>, floor: &mut Loaded, command: Command) {
    let begun = Instant::now();
    floor.decide(command);
    times.saturating_record(begun.elapsed().as_nanos() as u64);
}
