//! What people, weather, disk and machine do: a step of the script, or a habit.

use super::house::Blow;
use super::{Act, World};
use crate::proof::network::Weather;
use crate::proof::people::{Wish, agent, caller, gateway, leader};
use crate::proof::post::From;
use crate::proof::script::{Deed, Kind};
use crate::proof::subject::Subject;
use cordboard_floor::command::AskedState;
use cordboard_floor::contact::Role;
use cordboard_floor::{
    Actor, Command, ContactId, Decider as _, Event, Millis, OfferId, Recorded, Submission,
};

impl<S: Subject> World<S> {
    /// Does what a step says, if it means anything now.
    pub(super) fn act(&mut self, deed: Deed) {
        let done = match deed.kind {
            Kind::Arrive
            | Kind::Menu
            | Kind::Choose
            | Kind::HangUp
            | Kind::Redial
            | Kind::AskCallback
            | Kind::PickUp
            | Kind::MissCallback => caller::wish(deed, &self.terms, &self.callers).map(|wish| {
                let letter = self.ask_at_door(wish);
                if deed.how.is_multiple_of(11) {
                    // The gateway says it twice.
                    self.agenda.put(self.now.plus(Millis(1 + u64::from(deed.how % 400))), Act::Knock(letter));
                }
            }),
            Kind::Force
            | Kind::SendHome
            | Kind::Assign
            | Kind::Move
            | Kind::Reprioritise
            | Kind::Open
            | Kind::Drain
            | Kind::Close
            | Kind::Emergency
            | Kind::Decide
            | Kind::Message => leader::wish(deed, &self.terms, &self.bench.shadow).map(|wish| {
                self.ask_at_door(wish);
            }),
            Kind::Cut | Kind::Weather | Kind::Twice => self.disturb(deed),
            Kind::SlowSync
            | Kind::FailSync
            | Kind::FullDisk
            | Kind::LowDisk
            | Kind::Crash
            | Kind::CrashInBatch
            | Kind::CrashInSnapshot
            | Kind::Snapshot
            | Kind::SpoilSnapshot => self.trouble(deed),
            Kind::QueueTerms | Kind::AgentTerms | Kind::Reasons | Kind::SiteTerms | Kind::Hours => {
                self.configure(deed)
            }
            Kind::Pause | Kind::ClockStep | Kind::StopStart | Kind::Quiet => self.handle_machine(deed),
            _ => {
                let desks: Vec<_> = self.lines.iter().map(|line| line.desk.clone()).collect();
                agent::wish(deed, &self.terms, &desks)
                    .and_then(|(place, wish)| self.ask_by_line(place, wish).map(|_| ()))
            }
        };
        if done.is_some() {
            self.tally.count(deed.kind.words());
        }
        self.count_rotations();
    }

    /// What the network does.
    fn disturb(&mut self, deed: Deed) -> Option<()> {
        match deed.kind {
            Kind::Weather => {
                self.weather = Weather::of(deed.what);
                let weather = self.weather;
                self.tell(|| format!("the network from now on: {weather:?}"));
            }
            Kind::Cut => {
                let place = deed.who as usize % self.lines.len();
                self.lines[place].client?;
                self.cut(place, Millis(200 + u64::from(deed.how % 20_000)));
            }
            _ => self.use_an_id_twice(deed)?,
        }
        Some(())
    }

    /// A client that counts its commands wrongly: the same id for something else.
    fn use_an_id_twice(&mut self, deed: Deed) -> Option<()> {
        let place = deed.who as usize % self.lines.len();
        let agent = self.lines[place].agent;
        self.lines[place].client?;
        let raised = !self.lines[place].desk.hand_raised;
        let words = format!("{agent} raises her hand, and signs out under the same id");
        let wish = Wish::new(words, Actor::Agent(agent), Command::RaiseHand { agent, raised });
        let letter = self.ask_by_line(place, wish)?;
        let mut cause = self.post.get(letter)?.submission.cause.clone()?;
        cause.digest ^= 1 << 40;
        let command = Command::RaiseHand { agent, raised: !raised };
        let submission = Submission { actor: Actor::Agent(agent), cause: Some(cause), reason: None, command };
        let other = self.post.write(From::Line(place), submission);
        self.agenda.put(self.now.plus(Millis(500)), Act::Retry(other));
        Some(())
    }

    /// What befalls the disk, and the process with it.
    fn trouble(&mut self, deed: Deed) -> Option<()> {
        self.house.engine.as_ref()?;
        let number = u64::from(deed.how);
        let mut lasts = None;
        match deed.kind {
            Kind::SlowSync => {
                self.house.store.slow(5_000 + number % 2_500_000);
                lasts = Some(500 + number % 6_000);
            }
            Kind::FailSync => self.house.store.fail_sync(),
            Kind::FullDisk => self.house.store.fill(),
            Kind::LowDisk => {
                self.house.store.run_low();
                lasts = Some(2_000 + number % 20_000);
            }
            Kind::Snapshot => self.snapshot(),
            Kind::SpoilSnapshot => {
                if !self.house.store.spoil_snapshot() {
                    return None;
                }
                // It is missed at once, or nobody would notice.
                let engine = self.house.engine.take()?;
                self.tally.count("snapshot spoiled and passed over");
                self.fall(engine, "crash with nothing pending");
            }
            Kind::CrashInBatch => self.house.blow = Some(Blow::After(deed.how as usize)),
            Kind::CrashInSnapshot => {
                // Its file is there whole or not at all.
                if deed.how.is_multiple_of(2) {
                    self.snapshot();
                }
                let engine = self.house.engine.take()?;
                self.fall(engine, "crash during a snapshot");
            }
            _ => {
                let engine = self.house.engine.take()?;
                self.fall(engine, "crash with nothing pending");
            }
        }
        if let Some(lasts) = lasts {
            self.agenda.put(self.now.plus(Millis(lasts)), Act::Relief);
        }
        self.tell(|| deed.kind.words().to_string());
        Some(())
    }

    /// A change of configuration, as the server applies differences.
    fn configure(&mut self, deed: Deed) -> Option<()> {
        self.house.engine.as_ref()?;
        let (words, command) = match deed.kind {
            Kind::QueueTerms => {
                let config = self.terms.another_queue(deed.what);
                (format!("{config:?}"), Command::ApplyQueue(config))
            }
            Kind::AgentTerms => {
                let shadow = &self.bench.shadow;
                let retired = |agent: &_| shadow.agent(*agent).is_some_and(|known| !known.config.active);
                let back = self.terms.agents.iter().copied().find(retired);
                let agent = back.unwrap_or(self.terms.agents[deed.who as usize % self.terms.agents.len()]);
                let config = self.terms.another_agent(deed.what, agent, back.is_some());
                (format!("{config:?}"), Command::ApplyAgent(config))
            }
            Kind::Reasons => {
                let reason = self.terms.another_reason(deed.what);
                (format!("{reason:?}"), Command::ApplyReason(reason))
            }
            Kind::SiteTerms => {
                let site = self.terms.another_site(deed.what);
                (format!("{site:?}"), Command::ApplySite(site))
            }
            _ => {
                let hours = self.terms.hours(deed.what, self.now);
                (format!("{hours:?}"), Command::ApplyHours(hours))
            }
        };
        self.tell(|| words);
        self.knock_quietly(command);
        Some(())
    }

    /// What the machine does.
    fn handle_machine(&mut self, deed: Deed) -> Option<()> {
        let number = u64::from(deed.how);
        match deed.kind {
            Kind::Pause => {
                self.house.engine.as_ref()?;
                self.house.stand(self.now, Millis(1_100 + number % 40_000));
            }
            Kind::ClockStep => {
                self.house.engine.as_ref()?;
                self.house.set_clock((number % 7_200_000) as i64 - 3_600_000);
            }
            Kind::StopStart => {
                self.house.engine.as_ref()?;
                let until = self.now.plus(Millis(5_000));
                self.knock_quietly(Command::Stop { until });
                self.agenda.put(self.now.plus(Millis(300 + number % 5_000)), Act::Shut);
            }
            _ => self.advance(20_000 + number % 100_000),
        }
        Some(())
    }

    /// She sits down where she always sits if she has not, and is ready.
    pub(super) fn begin(&mut self, place: usize) {
        let (agent, signed_in) = (self.lines[place].agent, self.lines[place].desk.signed_in);
        if !signed_in {
            let seat = self.terms.seat(place as u32);
            let command = Command::SignIn { agent, seat };
            let wish = Wish::new(format!("{agent} signs in at {seat}"), Actor::Agent(agent), command);
            self.ask_by_line(place, wish);
        }
        let command = Command::SetState { agent, state: AskedState::Ready };
        self.ask_by_line(place, Wish::new(format!("{agent} is ready"), Actor::Agent(agent), command));
    }

    /// What an agent does of herself about what she is told.
    pub(super) fn respond(&mut self, place: usize, event: &Recorded<Event>) {
        let agent = self.lines[place].agent;
        match &event.event {
            Event::OfferCreated(offer) if offer.agent == agent => {
                let after = Millis(300 + self.habits.below(5_000));
                if self.habits.below(10) < 6 {
                    self.agenda.put(self.now.plus(after), Act::React(place, offer.offer));
                }
            }
            Event::WrapupStarted(wrapup) if wrapup.agent == agent => {
                let after = Millis(500 + self.habits.below(9_000));
                if self.habits.below(10) < 5 {
                    self.agenda.put(self.now.plus(after), Act::Finish(place, wrapup.contact));
                }
            }
            // What was not her own choice she sets right again, mostly.
            Event::AgentNotReady(away) if away.agent == agent && away.reason.is_own() => {
                let after = Millis(800 + self.habits.below(9_000));
                if self.habits.below(10) < 7 {
                    self.agenda.put(self.now.plus(after), Act::Begin(place));
                }
            }
            Event::AgentSignedOut(gone) if gone.agent == agent => {
                let after = Millis(3_000 + self.habits.below(25_000));
                if self.habits.below(10) < 6 {
                    self.agenda.put(self.now.plus(after), Act::Begin(place));
                }
            }
            _ => {}
        }
    }

    pub(super) fn react(&mut self, place: usize, offer: OfferId) {
        let line = &self.lines[place];
        let (agent, ringing) = (line.agent, line.desk.ringing.iter().any(|(known, _)| *known == offer));
        let does = self.habits.below(20);
        if !ringing {
            return;
        }
        let (words, command) = match does {
            0..16 => ("accepts", Command::Accept { offer, agent }),
            16..18 => ("rejects", Command::Reject { offer, agent }),
            _ => return,
        };
        self.ask_by_line(place, Wish::new(format!("{agent} {words} {offer}"), Actor::Agent(agent), command));
    }

    pub(super) fn finish(&mut self, place: usize, contact: ContactId) {
        let line = &self.lines[place];
        let agent = line.agent;
        if line.desk.wrapups.contains(&contact) {
            let command = Command::CompleteWrapup { contact, agent, code: None, note: None };
            self.ask_by_line(
                place,
                Wish::new(format!("{agent} finishes {contact}"), Actor::Agent(agent), command),
            );
        }
    }

    /// What callers do of themselves about what they hear.
    pub(super) fn expect(&mut self, event: &Recorded<Event>) {
        match &event.event {
            Event::ContactArrived(event) => {
                let after = Millis(4_000 + self.habits.below(90_000));
                self.agenda.put(self.now.plus(after), Act::EnoughFor(event.contact, false));
            }
            Event::ContactConnected(event) if event.role == Role::Owner => {
                let after = Millis(2_000 + self.habits.below(45_000));
                self.agenda.put(self.now.plus(after), Act::EnoughFor(event.contact, true));
            }
            Event::CallbackDialled(event) => {
                let after = Millis(500 + self.habits.below(8_000));
                self.agenda.put(self.now.plus(after), Act::PickUp(event.contact));
            }
            _ => {}
        }
    }

    /// Her patience is over while she waits, or all is said while she talks.
    pub(super) fn have_enough(&mut self, contact: ContactId, talking: bool) {
        use caller::Hears;
        let hears = self.callers.on.get(&contact).map(|caller| caller.hears);
        let hangs_up = match hears {
            Some(Hears::Voice) => talking,
            Some(Hears::Menu | Hears::Music) => !talking,
            _ => false,
        };
        if hangs_up {
            let wish =
                Wish::new(format!("caller {contact} hangs up"), gateway(), Command::Abandon { contact });
            self.ask_at_door(wish);
        }
    }

    pub(super) fn pick_up(&mut self, contact: ContactId) {
        let there = self.habits.below(3);
        let rings =
            self.callers.on.get(&contact).is_some_and(|caller| caller.hears == caller::Hears::Ringing);
        let wish = match there {
            _ if !rings => return,
            0 => return,
            1 => Wish::new(
                format!("caller {contact} is not there"),
                gateway(),
                Command::FailCallback { contact },
            ),
            _ => Wish::new(
                format!("caller {contact} picks up"),
                gateway(),
                Command::AnswerCallback { contact },
            ),
        };
        self.ask_at_door(wish);
    }

    /// Where the log stands, by the checks.
    pub(super) fn last_seq(&self) -> u64 {
        self.bench.shadow.last_seq()
    }
}
