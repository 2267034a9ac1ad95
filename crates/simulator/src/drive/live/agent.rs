//! An agent on a link of her own: she keeps it, comes and goes, and does what her desk tells her when it is due.
//!
//! ```text
//!   comes ──link, hello──▶ snapshot ──▶ sign in, ready ──▶ accept … end … ──▶ time is over, hands empty ──▶ sign out ──▶ gone
//!              ▲ resume          │
//!              └── link lost ◀───┘   what was not acknowledged is said again, under its old id
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::desk::{Desk, Made, Now, Todo};
use super::link::{Ended, Link, Told};
use super::{Play, Shift};
use crate::drive::DriveError;

/// How often a lost link is opened again without a word from the server in between.
const REOPENINGS_MAX: u32 = 10;
/// The wait before the first of these; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// A refused command that may succeed later is said again after this.
const SAY_AGAIN_AFTER: Duration = Duration::from_millis(50);
/// Close codes of the server that a drive can do nothing about.
const SIGN_IN_FAILED: u16 = 4001;
const REPLACED: u16 = 4002;
/// The close code of a link whose agent signed out.
const SIGNED_OUT: u16 = 4005;

/// Plays one agent's shift.
pub(super) async fn work(play: Arc<Play>, shift: Shift) -> Result<(), DriveError> {
    let mut closing = play.closing.subscribe();
    let mut agent = Agent {
        desk: Desk::new(shift.agent),
        play: play.clone(),
        token: shift.token,
        due: Vec::new(),
        unacknowledged: BTreeMap::new(),
        commands: 0,
        last: None,
        rings: 0,
        asked_to_leave: false,
    };
    for (from_us, to_us) in shift.presences {
        tokio::select! {
            () = sleep_until(play.clock.at(from_us)) => {}
            () = closed(&mut closing) => return Ok(()),
        }
        agent.be_there(play.clock.at(to_us), &mut closing).await?;
    }
    Ok(())
}

/// Waits until no call is open any more.
async fn closed(closing: &mut watch::Receiver<bool>) {
    // A drive that is gone has closed too.
    drop(closing.wait_for(|closing| *closing).await);
}

struct Agent {
    desk: Desk,
    play: Arc<Play>,
    token: String,
    /// What she will do, since when she means to, and when: unknown until it is known which call a contact is.
    due: Vec<(Todo, Instant, Option<Instant>)>,
    /// Commands without an answer, in the order in which they were given.
    unacknowledged: BTreeMap<u64, (&'static str, Value)>,
    commands: u64,
    /// The last event or snapshot that she took in.
    last: Option<u64>,
    /// How often it has rung at her: each time she takes another while to pick up.
    rings: u32,
    asked_to_leave: bool,
}

/// How a stretch on a link ended.
enum Stretch {
    /// She went home.
    Home,
    Ended(Ended),
}

impl Agent {
    /// From her coming to her going, over as many links as it takes.
    async fn be_there(
        &mut self,
        until: Instant,
        closing: &mut watch::Receiver<bool>,
    ) -> Result<(), DriveError> {
        self.desk.leaving = false;
        self.asked_to_leave = false;
        // A new presence begins with a look at what is; within one, nothing may be missed.
        self.last = None;
        let (mut reopenings, mut pause) = (0, FIRST_PAUSE);
        loop {
            let opened = Link::open(&self.play.target, &self.token, self.last).await;
            let why = match opened {
                Ok(mut link) => {
                    let last = self.last;
                    let stretch = self.stay(&mut link, until, closing).await?;
                    if self.last != last {
                        (reopenings, pause) = (0, FIRST_PAUSE);
                    }
                    match stretch {
                        Stretch::Home => return Ok(()),
                        Stretch::Ended(Ended::Closed { code: SIGNED_OUT, .. }) if self.desk.leaving => {
                            return Ok(());
                        }
                        Stretch::Ended(Ended::Closed { code: SIGN_IN_FAILED, why }) => {
                            return Err(match why.contains("token") {
                                true => {
                                    DriveError::NotSignedIn { whose: format!("agent {}", self.desk.me()) }
                                }
                                false => self.fault(why),
                            });
                        }
                        Stretch::Ended(Ended::Closed { code: REPLACED, why }) => return Err(self.fault(why)),
                        Stretch::Ended(Ended::Unreadable(what)) => {
                            return Err(self.fault(format!("the server said {what}")));
                        }
                        Stretch::Ended(Ended::Closed { why, .. } | Ended::Lost(why)) => why,
                    }
                }
                Err(DriveError::Unreachable { why, .. }) => why,
                Err(fault) => return Err(fault),
            };
            reopenings += 1;
            if reopenings > REOPENINGS_MAX {
                return Err(self.fault(why));
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }

    /// As long as one link lasts.
    async fn stay(
        &mut self,
        link: &mut Link,
        until: Instant,
        closing: &mut watch::Receiver<bool>,
    ) -> Result<Stretch, DriveError> {
        let mut known = self.play.switchboard.follow_known();
        let mut beat = tokio::time::interval(Duration::from_secs(1));
        let mut greeted = false;
        loop {
            self.find_times();
            let next = self.due.iter().filter_map(|(_, _, at)| *at).min();
            let unknown = self.due.iter().any(|(_, _, at)| at.is_none());
            let goes = !self.desk.leaving && greeted;
            let done = tokio::select! {
                           told = link.told() => match told {
                               Ok(Told::Welcome { seq, resumed, heartbeat_ms }) => {
                                   greeted = true;
                                   beat = tokio::time::interval(Duration::from_millis(heartbeat_ms.max(1)));
                                   self.play.switchboard.saw(seq);
                                   if resumed {
            self.play.switchboard.resume();
            self.say_all_again(link).await } else { Ok(()) }
                               }
                               Ok(told) => self.take(link, told).await?,
                               Err(ended) => Err(ended),
                           },
                           () = sleep_until(next.unwrap_or(until)), if next.is_some() && greeted => self.do_what_is_due(link).await,
                           _ = known.changed(), if unknown => Ok(()),
                           () = sleep_until(until), if goes => self.leave(link).await,
                           () = closed(closing), if goes => self.leave(link).await,
                           _ = beat.tick(), if greeted => link.ping().await,
                       };
            if let Err(ended) = done {
                return Ok(Stretch::Ended(ended));
            }
            if self.desk.leaving && !self.desk.signed_in && greeted && self.unacknowledged.is_empty() {
                return Ok(Stretch::Home);
            }
        }
    }

    async fn take(&mut self, link: &mut Link, told: Told) -> Result<Result<(), Ended>, DriveError> {
        let made = match told {
            Told::Snapshot { seq, agent } => {
                self.last = Some(seq);
                self.asked_to_leave = false;
                self.due.clear();
                self.unacknowledged.clear();
                self.desk.see(&agent)
            }
            Told::Event { seq, prev, name, data } => {
                if self.last != Some(prev) {
                    let gap = format!(
                        "agent {} was told event {seq} after {prev}, her last was {:?}",
                        self.desk.me(),
                        self.last
                    );
                    self.play.switchboard.gap(gap);
                }
                self.last = Some(seq);
                self.play.switchboard.saw(seq);
                self.desk.hear(&name, &data)
            }
            Told::Ack { id, .. } => {
                self.acknowledged(&id);
                Some(Made::default())
            }
            Told::Nack { id, code, message, retryable } => {
                let said = id.and_then(|id| self.acknowledged(&id));
                self.play.switchboard.nack(&code);
                match said {
                    Some(("agent.sign_in", _)) if !retryable => return Err(self.fault(message)),
                    Some((name, args)) if retryable => {
                        tokio::time::sleep(SAY_AGAIN_AFTER).await;
                        return Ok(self.say(link, name, args).await);
                    }
                    _ => Some(Made::default()),
                }
            }
            Told::Welcome { .. } | Told::Other => Some(Made::default()),
        };
        let Some(Made { now, later }) = made else {
            return Err(self.fault("the server told what lacks a field".to_owned()));
        };
        let since = Instant::now();
        self.due.extend(later.into_iter().map(|todo| (todo, since, None)));
        for now in now {
            let said = match now {
                Now::SignIn => {
                    let seat = json!({ "seat": self.desk.me() });
                    match self.say(link, "agent.sign_in", seat).await {
                        Ok(()) => self.say(link, "agent.set_state", json!({"state": "ready"})).await,
                        ended => ended,
                    }
                }
                Now::Ready => self.say(link, "agent.set_state", json!({"state": "ready"})).await,
                Now::Served(contact) => {
                    self.play.switchboard.serve(contact);
                    Ok(())
                }
                Now::Over(contact) => {
                    self.play.switchboard.end(contact);
                    Ok(())
                }
            };
            if said.is_err() {
                return Ok(said);
            }
        }
        if self.desk.leaving && self.desk.rings.is_empty() && self.desk.signed_in && !self.asked_to_leave {
            return Ok(self.sign_out(link).await);
        }
        Ok(Ok(()))
    }

    /// When things are due, as far as it is known which call each contact is.
    fn find_times(&mut self) {
        let Self { due, play, desk, rings, .. } = self;
        due.retain(|(todo, ..)| desk.meant.contains(todo));
        for (todo, since, at) in due.iter_mut().filter(|(_, _, at)| at.is_none()) {
            let (Todo::Accept(_, contact) | Todo::End(contact) | Todo::Complete(contact)) = *todo;
            let Some(call) = play.switchboard.call(contact) else { continue };
            let recorded = &play.plan.calls[call];
            let takes_us = match todo {
                Todo::Accept(..) => {
                    *rings += 1;
                    play.plan.answer_delay_us(recorded.line, *rings)
                }
                Todo::End(_) => play.plan.intent(recorded).handle_us,
                Todo::Complete(_) => (play.plan.wrapup_ms as i64).saturating_mul(1_000),
            };
            *at = Some(*since + play.clock.span(takes_us));
        }
    }

    async fn do_what_is_due(&mut self, link: &mut Link) -> Result<(), Ended> {
        let now = Instant::now();
        let (ripe, unripe) = self.due.drain(..).partition(|(_, _, at)| at.is_some_and(|at| at <= now));
        self.due = unripe;
        let ripe: Vec<(Todo, Instant, Option<Instant>)> = ripe;
        for (todo, ..) in ripe {
            if !self.desk.take_up(todo) {
                continue;
            }
            match todo {
                Todo::Accept(offer, _) => self.say(link, "offer.accept", json!({ "offer": offer })).await?,
                Todo::End(contact) => self.say(link, "contact.end", json!({ "contact": contact })).await?,
                Todo::Complete(contact) => {
                    self.say(link, "wrapup.complete", json!({ "contact": contact })).await?
                }
            }
        }
        Ok(())
    }

    /// Home, after the contact in hand. A phone that rings is picked up first.
    async fn leave(&mut self, link: &mut Link) -> Result<(), Ended> {
        self.desk.leaving = true;
        if self.desk.rings.is_empty() { self.sign_out(link).await } else { Ok(()) }
    }

    async fn sign_out(&mut self, link: &mut Link) -> Result<(), Ended> {
        self.asked_to_leave = true;
        self.say(link, "agent.sign_out", json!({})).await
    }

    async fn say(&mut self, link: &mut Link, name: &'static str, args: Value) -> Result<(), Ended> {
        self.commands += 1;
        let id = format!("{}-{}", self.play.run, self.commands);
        self.unacknowledged.insert(self.commands, (name, args.clone()));
        link.command(&id, name, &args).await
    }

    /// What the lost link took along is said again; what was carried out is not carried out twice.
    async fn say_all_again(&mut self, link: &mut Link) -> Result<(), Ended> {
        for (number, (name, args)) in &self.unacknowledged {
            link.command(&format!("{}-{number}", self.play.run), name, args).await?;
        }
        Ok(())
    }

    fn acknowledged(&mut self, id: &str) -> Option<(&'static str, Value)> {
        let number = id.strip_prefix(&self.play.run)?.strip_prefix('-')?.parse().ok()?;
        self.unacknowledged.remove(&number)
    }

    fn fault(&self, why: String) -> DriveError {
        DriveError::Link { agent: self.desk.me().to_string(), why }
    }
}
