//! What does a decision cost, and does it grow with the floor? The figure is the ratio between sizes.
//!
//! Busy: every agent talks, W contacts wait; one round is a caller arriving, an agent ending her
//! contact (which frees her and offers her the next) and accepting. Idle: all agents are free; one
//! round is a caller arriving (which is offered at once), accepted and ended.

use cordboard_benches::{Loaded, nanoseconds, percentiles, say};
use cordboard_floor::Command;
use hdrhistogram::Histogram;
use std::time::Instant;

const ROUNDS: usize = 20_000;
const QUEUES: usize = 50;

fn main() {
    say("decide: ns per command (mean), and p50 / p99 / p99.9 in µs");
    let mut base = None;
    for agents in [100, 1_000, 10_000] {
        for waiting in [1_000, 100_000] {
            let (mean, spread) = busy(agents, waiting);
            let base = *base.get_or_insert(mean);
            say(format_args!(
                "busy  {agents:>6} agents {waiting:>7} waiting: {mean:>7.0} ns  x{:.2}   {spread}",
                mean / base
            ));
        }
    }
    let mut base = None;
    for agents in [100, 1_000, 10_000] {
        let (mean, spread) = idle(agents);
        let base = *base.get_or_insert(mean);
        say(format_args!(
            "idle  {agents:>6} agents       0 waiting: {mean:>7.0} ns  x{:.2}   {spread}",
            mean / base
        ));
    }
}

fn busy(agents: usize, waiting: usize) -> (f64, String) {
    let mut floor = Loaded::saturated(agents, QUEUES, waiting);
    let mut times = nanoseconds();
    for round in 0..ROUNDS {
        let arrival = floor.arrival();
        timed(&mut times, &mut floor, arrival);
        let (agent, contact) = *floor
            .talking
            .iter()
            .nth(round % agents.min(100))
            .map(|(a, c)| (*a, *c))
            .as_ref()
            .expect("all talk");
        timed(&mut times, &mut floor, Command::End { contact, agent });
        let (offer, agent) = floor.ringing.pop().expect("the next one rings at once");
        timed(&mut times, &mut floor, Command::Accept { offer, agent });
    }
    (times.mean(), percentiles(&times))
}

fn idle(agents: usize) -> (f64, String) {
    let mut floor = Loaded::new(agents, QUEUES);
    let mut times = nanoseconds();
    for _ in 0..ROUNDS {
        let arrival = floor.arrival();
        timed(&mut times, &mut floor, arrival);
        let (offer, agent) = floor.ringing.pop().expect("somebody is free");
        timed(&mut times, &mut floor, Command::Accept { offer, agent });
        let contact = floor.talking[&agent];
        timed(&mut times, &mut floor, Command::End { contact, agent });
    }
    (times.mean(), percentiles(&times))
}

fn timed(times: &mut Histogram<u64>, floor: &mut Loaded, command: Command) {
    let begun = Instant::now();
    floor.decide(command);
    times.saturating_record(begun.elapsed().as_nanos() as u64);
}
