//! Staffed days: exact cases inside the simulator's own intervals, the shortcut beside the floor, people's shifts, and every refusal.

mod staffed {
    mod exact;
    mod limits;
    mod people;
    mod same;
    mod search;

    use cordboard_floor::QueueId;
    use cordboard_simulator::staffed::{
        Day, Group, Options, Queue, Router, Simulated, Span, Times, simulate,
    };
    use cordboard_workforce::roster::Go;

    pub(crate) const LOANS: QueueId = QueueId::fixed("loans");
    pub(crate) const CARDS: QueueId = QueueId::fixed("cards");

    /// One queue and one group, round the clock: `erlangs` of handle time against `heads`.
    pub(crate) fn long_run(heads: u32, erlangs: f64, patience_s: Option<f64>, calls: f64) -> Day {
        let handle = Times::Exponential { mean_s: 180.0 };
        let seconds = calls / erlangs * 180.0;
        let patience = patience_s.map(|mean_s| Times::Exponential { mean_s });
        let queue = Queue { patience, ..Queue::plain(LOANS, vec![calls], handle) };
        // They stay until the last caller is served.
        let work = vec![Span { from_s: 0.0, to_s: seconds + 86_400.0 }];
        Day {
            interval_s: seconds,
            warm_up_s: 3_600.0,
            pick_up_s: 0.0,
            queues: vec![queue],
            groups: vec![Group { work, ..Group::plain("all", vec![LOANS], heads) }],
        }
    }

    pub(crate) fn played(day: &Day, router: Router, replications: u32, seed: u64) -> Simulated {
        let options = Options { replications, seed, router, by_interval: true };
        simulate(day, &options, &mut |_| Go::On).expect("it can be played")
    }
}
