//! What the workforce commands read of a log where it lies: its desk, what was offered, who did what. The log says it all; the
//! server need not run, and must not on the same data.

use crate::cli::ConfigFiles;
use crate::config;
use crate::failure::Failure;
use crate::home::{Home, site_of};
use crate::log::{configured_site, log_dir};
use crate::out::progress;
use cordboard_api::staffing::Staffing;
use cordboard_centre::Centre;
use cordboard_engine::{EngineOptions, Past};
use cordboard_floor::Instant;
use cordboard_journal::{Options, open_reading_with_snapshots};
use cordboard_views::View as _;
use cordboard_views::board::Board;
use cordboard_views::workforce::Staff;
use cordboard_workforce::Day;
use cordboard_workforce::civil::day_of;
use jiff::tz::TimeZone;
use std::path::Path;

/// A log, folded to its end.
pub(super) struct Log {
    pub(super) past: Past<Centre>,
    pub(super) staff: Staff,
    pub(super) board: Board,
    pub(super) zone: TimeZone,
    /// When its last event happened.
    pub(super) at: Instant,
}

impl Log {
    pub(super) fn open(data: &Path) -> Result<Self, Failure> {
        let home = Home::at(data);
        let (reader, snapshots) = open_reading_with_snapshots(&log_dir(&home), &Options::default())?;
        let site = match site_of(&reader)? {
            Some(site) => site,
            None => configured_site()?,
        };
        let schema = EngineOptions::default().state_schema;
        let past = Past::new(reader, Some((snapshots, schema)), Centre::new(site));
        let (mut staff, mut board) = (Staff::new(), Board::new());
        let bar = progress(past.last(), "events");
        past.each(1, past.last(), |recorded| {
            staff.take_in(&recorded);
            board.take_in(&recorded);
            if recorded.seq.is_multiple_of(4_096) {
                bar.set_position(recorded.seq);
            }
            true
        })
        .map_err(|fault| Failure::because("reading the log", &fault))?;
        bar.finish_and_clear();
        let zone = TimeZone::get(&board.settings().zone).unwrap_or(TimeZone::UTC);
        let at = staff.at();
        Ok(Self { past, staff, board, zone, at })
    }

    /// The civil day of the last event.
    pub(super) fn today(&self) -> Result<Day, Failure> {
        day_of(self.at, &self.zone).map(Day::of).map_err(|why| Failure::failed(why.to_string()))
    }
}

/// What rosters and forecasts are made by.
pub(super) fn staffing(files: &ConfigFiles) -> Result<Staffing, Failure> {
    Ok(crate::pages::staffing(&config::load(files)?))
}
