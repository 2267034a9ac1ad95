//! How many calls a second does the simulator of staffed days play? By the floor itself and by the shortcut, for single queues; `benches/beside_ciw.py` plays
//! the same queues in Ciw, and its lines and these are put beside each other.
//!
//! CPU time of this thread, the best of three; beside it what the exact value is and how it was told, so that nobody is fast and wrong.

use cordboard_benches::say;
use cordboard_floor::QueueId;
use cordboard_simulator::staffed::{Day, Group, Options, Queue, Router, Span, Times, simulate};
use cordboard_workforce::roster::Go;
use cordboard_workforce::staffing::{Formula, Load, Model, evaluate};
use rustix::time::{ClockId, clock_gettime};

/// Agents, load on each, mean patience in seconds: those of `beside_ciw.py`.
const CASES: [(u32, f64, Option<f64>); 4] =
    [(10, 0.80, None), (50, 0.90, None), (50, 0.96, Some(120.0)), (200, 0.95, None)];
const AHT_S: f64 = 180.0;
const CALLS: f64 = 30_000.0;
const BEST_OF: usize = 3;
/// Nothing is counted that comes while the line is yet to grow to its usual length.
const WARM_UP_S: f64 = 14_400.0;

fn main() {
    // `cargo test` runs benches too; there few calls are enough.
    let (calls, replications) =
        if std::env::args().any(|word| word == "--bench") { (CALLS, 10) } else { (200.0, 2) };
    say(format_args!("staffed: calls a second, {replications} × {calls} calls of {AHT_S} s on average"));
    say("| agents | load | patience s | router | calls/s | ns a call | sl.offered told | exact |");
    say("|---:|---:|---:|---|---:|---:|---|---:|");
    for (agents, load, patience_s) in CASES {
        let erlangs = f64::from(agents) * load;
        let day = day(agents, erlangs, patience_s, calls);
        let model = patience_s.map_or(Model::ERLANG_C, |mean_s| Model::erlang_a(mean_s).expect("a patience"));
        let load_exact = Load::new(erlangs, AHT_S, AHT_S).expect("a load");
        let answer = evaluate(&load_exact, &model, agents).expect("in range");
        let exact = answer.steady().and_then(|steady| steady.service_level(Formula::Offered, 20.0).ok());
        for router in [Router::Floor, Router::Shortcut] {
            let options = Options { replications, seed: 1, router, by_interval: false };
            let mut best = f64::INFINITY;
            let mut told = None;
            for _ in 0..BEST_OF {
                let began = cpu_s();
                told = simulate(&day, &options, &mut |_| Go::On).ok();
                best = best.min(cpu_s() - began);
            }
            let told = told.expect("it can be played");
            let (rate, level) = (told.calls as f64 / best, told.figures.all.level(Formula::Offered));
            let level =
                level.map_or_else(String::new, |of| format!("{:.4} ({:.4}–{:.4})", of.mean, of.low, of.high));
            let patience = patience_s.map_or_else(|| "–".to_owned(), |mean_s| mean_s.to_string());
            say(format_args!(
                "| {agents} | {load} | {patience} | {router:?} | {rate:.0} | {:.0} | {level} | {:.4} |",
                1e9 / rate,
                exact.unwrap_or(f64::NAN)
            ));
        }
    }
}

fn day(agents: u32, erlangs: f64, patience_s: Option<f64>, calls: f64) -> Day {
    let id = QueueId::fixed("calls");
    let seconds = calls / erlangs * AHT_S;
    let patience = patience_s.map(|mean_s| Times::Exponential { mean_s });
    let queue = Queue { patience, ..Queue::plain(id, vec![calls], Times::Exponential { mean_s: AHT_S }) };
    let work = vec![Span { from_s: 0.0, to_s: seconds + 86_400.0 }];
    Day {
        interval_s: seconds,
        warm_up_s: WARM_UP_S,
        pick_up_s: 0.0,
        queues: vec![queue],
        groups: vec![Group { work, ..Group::plain("all", vec![id], agents) }],
    }
}

fn cpu_s() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}
