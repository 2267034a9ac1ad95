//! 排班与考勤, as pages read it: the desk as it is (a replica, fed with the same events), attendance, adherence, what was offered to
//! queues, and what leaders were to be told of late. What time alone changes is reckoned when somebody looks: the books say
//! how it stands at a moment after the last event.

use crate::View;
use crate::demand::Demand;
use cordboard_centre::workforce::Workforce;
use cordboard_centre::workforce::adherence::{AdherenceAlert, AdherenceBook};
use cordboard_centre::workforce::attendance::{AttendanceAlert, AttendanceBook};
use cordboard_centre::{Event as CentreEvent, Record};
use cordboard_floor::{Decider, Event, Instant, Recorded, SiteId};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::VecDeque;

/// Things told that are remembered; beyond it the oldest is in the log alone.
pub const TOLD_KEPT_MAX: usize = 1_000;

/// Something that leaders are to know, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// Late, absent, or a count of the year.
    Attendance(AttendanceAlert),
    /// Not what was planned, for long.
    Adherence(AdherenceAlert),
}

/// The view.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Staff {
    seq: u64,
    at: Instant,
    #[serde(deserialize_with = "indexed")]
    desk: Workforce,
    attendance: AttendanceBook,
    adherence: AdherenceBook,
    demand: Demand,
    told: VecDeque<Told>,
}

impl Default for Staff {
    fn default() -> Self {
        Self {
            seq: 0,
            at: Instant::default(),
            // Which site it is matters to events alone, and a replica makes none.
            desk: Workforce::new(SiteId::fixed("replica")),
            attendance: AttendanceBook::new(),
            adherence: AdherenceBook::new(),
            demand: Demand::new(),
            told: VecDeque::new(),
        }
    }
}

impl Staff {
    /// Before the first event.
    pub fn new() -> Self {
        Self::default()
    }

    /// The desk.
    pub const fn desk(&self) -> &Workforce {
        &self.desk
    }

    /// 考勤.
    pub const fn attendance(&self) -> &AttendanceBook {
        &self.attendance
    }

    /// Who does what was planned.
    pub const fn adherence(&self) -> &AdherenceBook {
        &self.adherence
    }

    /// What was offered to queues.
    pub const fn demand(&self) -> &Demand {
        &self.demand
    }

    /// What was told of late, the oldest first.
    pub fn told(&self) -> impl ExactSizeIterator<Item = &Told> + DoubleEndedIterator {
        self.told.iter()
    }

    /// When the last event happened.
    pub const fn at(&self) -> Instant {
        self.at
    }

    fn tell(&mut self, attendance: Vec<AttendanceAlert>, adherence: Vec<AdherenceAlert>) {
        self.told.extend(attendance.into_iter().map(Told::Attendance));
        self.told.extend(adherence.into_iter().map(Told::Adherence));
        while self.told.len() > TOLD_KEPT_MAX {
            self.told.pop_front();
        }
    }
}

/// What a checkpoint leaves out follows from what stands in it.
fn indexed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Workforce, D::Error> {
    let mut desk = Workforce::deserialize(deserializer)?;
    desk.reindex();
    Ok(desk)
}

impl View for Staff {
    const NAME: &'static str = "workforce";
    const SCHEMA: u32 = 3;

    fn fold(&mut self, recorded: &Recorded<Event>) {
        if recorded.seq <= self.seq {
            return;
        }
        (self.seq, self.at) = (recorded.seq, recorded.at);
        self.desk.see(recorded);
        self.demand.take(recorded);
        let attendance = self.attendance.take_floor(recorded);
        let adherence = self.adherence.take_floor(recorded);
        self.tell(attendance, adherence);
    }

    fn pass(&mut self, seq: u64, at: Instant) {
        if seq > self.seq {
            (self.seq, self.at) = (seq, at);
            self.desk.pass(seq, at);
        }
    }

    fn take_in(&mut self, recorded: &Recorded<CentreEvent>) {
        if let Some(own) = recorded.workforce() {
            if own.seq <= self.seq {
                return;
            }
            (self.seq, self.at) = (own.seq, own.at);
            self.desk.apply(&own);
            let attendance = self.attendance.take(&own);
            let adherence = self.adherence.take(&own);
            return self.tell(attendance, adherence);
        }
        match recorded.floor() {
            Some(recorded) => self.fold(&recorded),
            None => self.pass(recorded.seq, recorded.at),
        }
    }

    fn seq(&self) -> u64 {
        self.seq
    }
}
