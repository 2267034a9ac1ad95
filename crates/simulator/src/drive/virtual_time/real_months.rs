//! The two real months, whole: they reconcile to the unit, their logs verify, a replay from the first event ends where the drive ended,
//! and a second drive ends there too. Skipped, saying so, where the logs are absent.

use std::fs::File;
use std::path::PathBuf;

use cordboard_floor::SiteId;

use super::small_worlds::{Played, play};
use crate::drive::{Plan, Window};
use crate::recording::{Layout, Staffing, read};

fn plan(log: &str, layout: &str) -> Option<Plan> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(log);
    let source = match File::open(&path) {
        Ok(source) => source,
        Err(cause) => {
            eprintln!("skipped: the real log {log} is not here ({cause})");
            return None;
        }
    };
    let layout = Layout::shipped(layout).unwrap();
    let (calls, counts) = read(source, &layout, &mut |_| {}).unwrap();
    let staffing = Staffing::from_log(&calls, &layout.staffing);
    Some(Plan::new(SiteId::fixed("drive"), &layout, calls, counts, staffing))
}

fn figures(played: &Played) -> [u64; 8] {
    let summary = &played.report.summary;
    let [rows, rejected, ignored, arrived] =
        [summary.rows, summary.rejected, summary.ignored, summary.arrived];
    [
        rows,
        rejected,
        ignored,
        arrived,
        summary.answered,
        summary.abandoned,
        summary.waiting,
        summary.ended_otherwise,
    ]
}

fn twice(plan: &Plan) -> Played {
    let played = play(plan).unwrap();
    eprintln!("{}", played.told());
    played.verify_and_replay();
    let again = play(plan).unwrap();
    assert_eq!(again.report.summary.state_hash, played.report.summary.state_hash);
    assert_eq!(again.report.detail, played.report.detail);
    played
}

#[test]
fn the_banks_february_reconciles_verifies_and_repeats() {
    let Some(plan) = plan("bank-1999-02.tsv", "bank-1999") else { return };
    let played = twice(&plan);
    let [rows, rejected, ignored, arrived, answered, abandoned, waiting, otherwise] = figures(&played);
    assert_eq!([rows, rejected, ignored, arrived, waiting, otherwise], [33_344, 0, 278, 33_066, 0, 0]);
    assert_eq!(answered + abandoned, arrived);
    assert_eq!(played.report.detail.abandoned_menu, 1_972);
}

#[test]
fn the_month_of_sixteen_queues_reconciles_verifies_and_repeats() {
    let Some(plan) = plan("multiskill-2014-02.csv.xz", "multiskill-2014") else { return };
    let played = twice(&plan);
    let [rows, rejected, ignored, arrived, answered, abandoned, waiting, otherwise] = figures(&played);
    assert_eq!([rows, rejected, ignored, arrived, otherwise], [113_945, 1, 0, 113_944, 0]);
    assert_eq!(answered + abandoned + waiting, arrived);
}

#[test]
fn the_banks_busiest_day_is_cut_out_of_its_month() {
    let Some(mut plan) = plan("bank-1999-02.tsv", "bank-1999") else { return };
    let zone = Layout::shipped("bank-1999").unwrap().zone().clone();
    plan.select(Window::day("1999-02-03", &zone).unwrap()).unwrap();
    let played = play(&plan).unwrap();
    eprintln!("{}", played.told());
    let [rows, rejected, ignored, arrived, ..] = figures(&played);
    assert_eq!([rows, rejected, ignored, arrived], [33_344, 0, 33_344 - 1_939, 1_939]);
    played.verify_and_replay();
}
