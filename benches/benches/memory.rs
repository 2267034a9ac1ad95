//! What does a waiting contact cost in memory? The floor alone, then with the views that the doors keep.
//! Resident memory of this process before and after, divided.

use cordboard_benches::{Loaded, say};
use cordboard_views::View;
use cordboard_views::board::Board;

const WAITING: usize = 200_000;

fn main() {
    let mut floor = Loaded::keeping(1, 50);
    let furnished = floor.log.take().unwrap_or_default();
    let before = resident();
    for _ in 0..WAITING {
        floor.arrive();
    }
    let after = resident();
    say(format_args!(
        "{WAITING} waiting contacts on the floor: {} bytes each",
        (after - before) / WAITING as u64
    ));

    let mut board = Board::new();
    furnished.iter().for_each(|event| board.fold(event));
    let mut again = Loaded::keeping(1, 50);
    for _ in 0..WAITING {
        again.arrive();
    }
    let log = again.log.take().unwrap_or_default();
    let before = resident();
    log[furnished.len()..].iter().for_each(|event| board.fold(event));
    let after = resident();
    say(format_args!("the same on the board:  {} bytes each", (after - before) / WAITING as u64));
}

/// Resident bytes.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("a process");
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4_096
}
