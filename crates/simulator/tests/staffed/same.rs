//! The shortcut does what the floor does: the same days come to the same figures, to the last digit.

use super::{CARDS, LOANS, played};
use cordboard_floor::{QueueId, SkillId};
use cordboard_simulator::recording::Rng;
use cordboard_simulator::staffed::{Day, Group, Queue, Router, Span, Times};

const MORTGAGES: QueueId = QueueId::fixed("mortgages");
const ENGLISH: SkillId = SkillId::fixed("english");

/// Some day: up to three queues, up to five groups, shifts with breaks, priorities, skills, patience and rings.
fn some_day(seed: u64) -> Day {
    let mut rng = Rng::stream(seed, "some day");
    let mut below = |end: u64| rng.below(end);
    let ids = [LOANS, CARDS, MORTGAGES];
    let count = 1 + below(3) as usize;
    let mut queues = Vec::new();
    for id in &ids[..count] {
        let calls = (0..4).map(|_| below(40) as f64).collect();
        let mean_s = 60.0 + below(200) as f64;
        let handle = match below(3) {
            0 => Times::Exponential { mean_s },
            1 => Times::Lognormal { mean_s, cv: 0.5 + below(10) as f64 / 10.0 },
            // Whole seconds: many end at one instant.
            _ => Times::Fixed { mean_s },
        };
        let patience = (below(3) > 0).then(|| Times::Exponential { mean_s: 20.0 + below(200) as f64 });
        let mut queue = Queue { patience, ..Queue::plain(*id, calls, handle) };
        queue.priority = [50, 50, 60][below(3) as usize];
        if below(4) == 0 {
            queue.skills.insert(ENGLISH, 40);
        }
        queues.push(queue);
    }
    let mut groups = Vec::new();
    for group in 0..1 + below(5) {
        let served: Vec<QueueId> = ids[..count].iter().copied().filter(|_| below(3) > 0).collect();
        let mut spans = Vec::new();
        let mut at_s = below(900) as f64;
        for _ in 0..below(4) {
            let to_s = at_s + 300.0 + below(1_800) as f64;
            spans.push(Span { from_s: at_s, to_s });
            at_s = to_s + [0.0, 120.0, 600.0][below(3) as usize];
        }
        let mut group = Group { work: spans, ..Group::plain(&format!("g{group}"), served, below(6) as u32) };
        if below(2) == 0 {
            group.skills.insert(ENGLISH, 20 + 40 * below(2) as u8);
        }
        groups.push(group);
    }
    // Somebody for everything, so that nobody waits for ever.
    let skills = [(ENGLISH, 90)].into_iter().collect();
    groups.push(Group { skills, ..Group::plain("all", ids[..count].to_vec(), 1 + below(3) as u32) });
    Day {
        interval_s: 900.0,
        warm_up_s: [0.0, 600.0][below(2) as usize],
        pick_up_s: [0.0, 0.0, 2.5, 30.0][below(4) as usize],
        queues,
        groups,
    }
}

#[test]
fn floor_and_shortcut_come_to_the_same_to_the_last_digit() {
    let (mut waited, mut gave_up, mut unserved) = (0, 0, 0);
    for seed in 0..60 {
        let day = some_day(seed);
        let (floor, shortcut) =
            (played(&day, Router::Floor, 3, seed), played(&day, Router::Shortcut, 3, seed));
        assert_eq!(floor, shortcut, "seed {seed}: {day:?}");
        let all = &floor.figures.all;
        waited += u32::from(all.asa_s.is_some_and(|asa_s| asa_s.mean > 5.0));
        gave_up += u32::from(all.gave_up.mean > 1.0);
        unserved += u32::from(all.unserved.mean > 0.0);
    }
    // Days on which nobody waits would prove nothing.
    assert!(waited > 20 && gave_up > 15 && unserved > 5, "{waited} {gave_up} {unserved}");
}

#[test]
fn other_agents_meet_the_same_callers() {
    let day = some_day(3);
    let mut more = day.clone();
    more.groups[0].heads += 3;
    let (one, other) = (played(&day, Router::Shortcut, 5, 11), played(&more, Router::Shortcut, 5, 11));
    assert_eq!(one.calls, other.calls);
    for (one, other) in one.figures.cells.iter().zip(&other.figures.cells) {
        assert_eq!(one.offered, other.offered, "{:?} {:?}", one.queue, one.interval);
    }
    assert_ne!(one.figures.all.asa_s, other.figures.all.asa_s);
}
