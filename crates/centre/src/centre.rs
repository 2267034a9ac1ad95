//! All desks, and how one decision goes through them.

use crate::command::Command;
use crate::event::Event;
use crate::refusal::Refusal;
use cordboard_floor::{
    Actor, Cause, ClockNews, Command as FloorCommand, Decided, Decider, Done, Event as FloorEvent, Floor,
    Instant, Millis, Recorded, SiteId, Stamp, Submission,
};
use cordboard_quality::{Event as QualityEvent, Quality};
use cordboard_workforce::id::ShiftId;
use cordboard_workforce::{Event as WorkforceEvent, SignOutVerdict, Workforce};
use serde::{Deserialize, Serialize};

/// Every desk as it is now, all at the same number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Centre {
    floor: Floor,
    quality: Quality,
    workforce: Workforce,
    /// What a desk decides before it is told as the centre's; empty between decisions.
    #[serde(skip)]
    on_the_floor: Decided<FloorEvent>,
    #[serde(skip)]
    at_quality: Decided<QualityEvent>,
    #[serde(skip)]
    at_workforce: Decided<WorkforceEvent>,
}

impl Centre {
    /// Desks of which nothing is known yet.
    pub fn new(site: SiteId) -> Self {
        Self {
            floor: Floor::new(site),
            quality: Quality::new(site),
            workforce: Workforce::new(site),
            on_the_floor: Vec::new(),
            at_quality: Vec::new(),
            at_workforce: Vec::new(),
        }
    }

    /// The live floor.
    pub const fn floor(&self) -> &Floor {
        &self.floor
    }

    /// The floor alone, for whoever asks about nothing else.
    pub fn into_floor(self) -> Floor {
        self.floor
    }

    /// Quality assurance.
    pub const fn quality(&self) -> &Quality {
        &self.quality
    }

    /// Workforce management.
    pub const fn workforce(&self) -> &Workforce {
        &self.workforce
    }

    /// Tells what the floor has decided, and lets the others pass its numbers. The workforce desk notes who is there.
    fn tell_floor(&mut self, decided: &mut Decided<Event>) {
        let Some(last) = self.on_the_floor.last() else { return };
        self.quality.pass(last.seq, last.at);
        self.on_the_floor.iter().for_each(|recorded| self.workforce.see(recorded));
        decided.extend(self.on_the_floor.drain(..).map(|recorded| recorded.map(Event::Floor)));
    }

    /// The same of the quality desk.
    fn tell_quality(&mut self, decided: &mut Decided<Event>) {
        let Some(last) = self.at_quality.last() else { return };
        self.floor.pass(last.seq, last.at);
        self.workforce.pass(last.seq, last.at);
        decided.extend(self.at_quality.drain(..).map(|recorded| recorded.map(Event::Quality)));
    }

    /// The same of the workforce desk.
    fn tell_workforce(&mut self, decided: &mut Decided<Event>) {
        let Some(last) = self.at_workforce.last() else { return };
        self.floor.pass(last.seq, last.at);
        self.quality.pass(last.seq, last.at);
        decided.extend(self.at_workforce.drain(..).map(|recorded| recorded.map(Event::Workforce)));
    }

    /// What the floor is not asked because another desk says no. An agent signs herself out only when her shift is
    /// relieved, where the site holds to that; a leader may always send her home.
    fn forbids(&self, stamp: Stamp, actor: Actor, command: &FloorCommand) -> Option<Refusal> {
        match (actor, command) {
            (_, FloorCommand::Noted { command, .. }) => self.forbids(stamp, actor, command),
            (Actor::Agent(_), FloorCommand::SignOut { agent }) => {
                match self.workforce.may_sign_out(*agent, stamp.at) {
                    SignOutVerdict::RefusedUntilRelieved { shift } => {
                        Some(Refusal::NotRelieved(*agent, shift))
                    }
                    SignOutVerdict::Free | SignOutVerdict::Flagged { .. } => None,
                }
            }
            _ => None,
        }
    }

    /// The shift that an agent leaves unrelieved by this, where the site tells of that and lets her go.
    fn flags(&self, stamp: Stamp, actor: Actor, command: &FloorCommand) -> Option<ShiftId> {
        match (actor, command) {
            (_, FloorCommand::Noted { command, .. }) => self.flags(stamp, actor, command),
            (Actor::Agent(_), FloorCommand::SignOut { agent }) => {
                match self.workforce.may_sign_out(*agent, stamp.at) {
                    SignOutVerdict::Flagged { shift } => Some(shift),
                    SignOutVerdict::Free | SignOutVerdict::RefusedUntilRelieved { .. } => None,
                }
            }
            _ => None,
        }
    }

    /// Tells of it, in the same decision and for the same cause.
    fn flag(
        &mut self,
        stamp: Stamp,
        cause: Option<Cause>,
        shift: ShiftId,
        decided: &mut Decided<Event>,
    ) -> Result<Done, Refusal> {
        let actor = Actor::system("sign_out_policy");
        let command = cordboard_workforce::Command::FlagSignOut { shift };
        let submission = Submission { actor, cause, reason: None, command };
        let done = self.workforce.decide(stamp, submission, &mut self.at_workforce);
        self.tell_workforce(decided);
        Ok(done?)
    }
}

impl Decider for Centre {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(
        &mut self,
        stamp: Stamp,
        submission: Submission<Command>,
        decided: &mut Decided<Event>,
    ) -> Result<Done, Refusal> {
        let Submission { actor, cause, reason, command } = submission;
        match command {
            Command::Floor(command) => {
                if let Some(refusal) = self.forbids(stamp, actor, &command) {
                    return Err(refusal);
                }
                let flagged = self.flags(stamp, actor, &command).map(|shift| (shift, cause.clone()));
                let submission = Submission { actor, cause, reason, command };
                let done = self.floor.decide(stamp, submission, &mut self.on_the_floor);
                let signs_out = done.is_ok() && !self.on_the_floor.is_empty();
                self.tell_floor(decided);
                match flagged.filter(|_| signs_out) {
                    Some((shift, cause)) => self.flag(stamp, cause, shift, decided),
                    None => Ok(done?),
                }
            }
            Command::Quality(command) => {
                let submission = Submission { actor, cause, reason, command };
                let done = self.quality.decide(stamp, submission, &mut self.at_quality);
                self.tell_quality(decided);
                Ok(done?)
            }
            Command::Workforce(command) => {
                let submission = Submission { actor, cause, reason, command };
                let done = self.workforce.decide(stamp, submission, &mut self.at_workforce);
                self.tell_workforce(decided);
                Ok(done?)
            }
        }
    }

    fn tick(&mut self, stamp: Stamp, decided: &mut Decided<Event>) {
        let is_due = |deadline: Option<Instant>| deadline.is_some_and(|deadline| deadline <= stamp.at);
        if is_due(self.floor.next_deadline()) {
            self.floor.tick(stamp, &mut self.on_the_floor);
            self.tell_floor(decided);
        }
        if is_due(self.quality.next_deadline()) {
            self.quality.tick(stamp, &mut self.at_quality);
            self.tell_quality(decided);
        }
        if is_due(self.workforce.next_deadline()) {
            self.workforce.tick(stamp, &mut self.at_workforce);
            self.tell_workforce(decided);
        }
    }

    fn apply(&mut self, recorded: &Recorded<Event>) {
        self.take_over(recorded.clone());
    }

    fn take_over(&mut self, recorded: Recorded<Event>) {
        let Recorded { seq, at, site, actor, reason, cause, event } = recorded;
        match event {
            Event::Floor(event) => {
                let recorded = Recorded { seq, at, site, actor, reason, cause, event };
                self.floor.apply(&recorded);
                self.quality.pass(seq, at);
                self.workforce.see(&recorded);
            }
            Event::Quality(event) => {
                self.quality.apply(&Recorded { seq, at, site, actor, reason, cause, event });
                self.floor.pass(seq, at);
                self.workforce.pass(seq, at);
            }
            Event::Workforce(event) => {
                self.workforce.apply(&Recorded { seq, at, site, actor, reason, cause, event });
                self.floor.pass(seq, at);
                self.quality.pass(seq, at);
            }
        }
    }

    fn next_deadline(&self) -> Option<Instant> {
        let deadlines =
            [self.floor.next_deadline(), self.quality.next_deadline(), self.workforce.next_deadline()];
        deadlines.into_iter().flatten().min()
    }

    fn last_seq(&self) -> u64 {
        self.floor.last_seq()
    }

    fn last_at(&self) -> Instant {
        self.floor.last_at()
    }

    fn begins_work(command: &Command) -> bool {
        match command {
            Command::Floor(command) => Floor::begins_work(command),
            Command::Quality(command) => Quality::begins_work(command),
            Command::Workforce(command) => Workforce::begins_work(command),
        }
    }

    fn reindex(&mut self) {
        self.floor.reindex();
        self.quality.reindex();
        self.workforce.reindex();
    }
}

impl ClockNews for Centre {
    fn paused(gap: Millis) -> Command {
        Floor::paused(gap).into()
    }

    fn stepped(delta_ms: i64) -> Command {
        Floor::stepped(delta_ms).into()
    }
}
