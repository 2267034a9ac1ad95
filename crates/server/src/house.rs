//! The parts of a running centre, put together: vault, log, engine, views, doors. `serve` opens one on
//! configured data, `demo` one of its own.
//!
//! ```text
//!   open ──▶ engine started, configuration applied ──▶ doors open ──▶ drain ──▶ links told, doors shut
//!            ──▶ writer ended, snapshot and checkpoints written ──▶ end
//! ```

use crate::config::{Known, Settings};
use crate::failure::{Failure, say};
use crate::home::Home;
use crate::pages;
use cordboard_api::door::{Follower, Keeping, Limits as DoorLimits, Pages, ReadSide, follow_keeping};
use cordboard_api::link::{Limits as LinkLimits, Links};
use cordboard_api::{Door, http};
use cordboard_centre::{Centre, Command, Refusal};
use cordboard_engine::{Answer, Clock, Exit, Handle, Running};
use cordboard_floor::{Command as FloorCommand, Decider, Instant, Millis, Submission};
use cordboard_vault::Vault;
use cordboard_views::board::{Board, ContactState};
use cordboard_views::figures::Figures;
use cordboard_views::story::Stories;
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long links have to take in that the server stops.
const LINKS_STOP_MAX: Duration = Duration::from_secs(5);
/// How often it is looked whether anybody still talks.
const DRAIN_CHECK: Duration = Duration::from_millis(50);
/// How often it is looked whether the log can still be written.
const HEALTH_CHECK: Duration = Duration::from_millis(20);
/// How long the inbox is given to take a command of our own.
const BUSY_WAIT: Duration = Duration::from_millis(2);

/// A running centre, its doors still shut.
pub(crate) struct House {
    pub(crate) door: Arc<Door>,
    running: Running<Centre>,
    follower: Follower,
    link_limits: LinkLimits,
    clock_scale: u32,
    known: Known,
}

/// The doors, open.
pub(crate) struct Doors {
    links: Links,
    shut: oneshot::Sender<()>,
    http: JoinHandle<std::io::Result<()>>,
}

impl House {
    /// Takes up the log, starts the engine on it, applies what the configuration changed.
    pub(crate) fn open(
        home: &Home,
        settings: &Settings,
        clock_scale: u32,
        pages: Pages,
    ) -> Result<Self, Failure> {
        let engine = home.open_engine(settings)?;
        let vault = home.open_vault(settings)?;
        let last_at = engine.state().last_at();
        let clock = match clock_scale {
            0 | 1 => Clock::real(last_at),
            scale => Clock::scaled(wall_now().max(last_at), scale),
        };
        let known = Known::of_floor(engine.state().floor());
        let past = engine.past(Centre::new(settings.site.id));
        let keeping = Keeping {
            checkpoints: engine.checkpoints(),
            every_events: settings.limits.snapshot_every_events,
        };
        let running = cordboard_engine::run(engine, clock)
            .map_err(|error| Failure::because("starting the engine's thread", &error))?;
        let epoch = running.handle.health().epoch;
        let start = FloorCommand::Start { epoch, version: env!("CARGO_PKG_VERSION").into(), clock_scale };
        ask(&running.handle, start)?;
        let views = Arc::new(ReadSide::new(
            Board::with_days_beginning(day_begins(&settings.site.zone)),
            Stories::default(),
            Figures::default(),
        ));
        let follower = follow_keeping(&running.feed, &views, Some(keeping.clone()))
            .map_err(|error| Failure::because("starting the threads of the views", &error))?;
        let mut door = Door::new(
            running.handle.clone(),
            running.feed.clone(),
            vault,
            views,
            settings.site.id,
            door_limits(settings),
        );
        door.pages = Some(pages);
        door.past = Some(past);
        door.keeping = Some(keeping);
        let link_limits = link_limits(settings);
        let mut house = Self { door: Arc::new(door), running, follower, link_limits, clock_scale, known };
        house.apply(settings)?;
        house.door.set_terms(pages::terms(settings));
        Ok(house)
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.door.vault
    }

    /// Applies what differs from what was applied before, and says how much that was.
    pub(crate) fn apply(&mut self, settings: &Settings) -> Result<usize, Failure> {
        let ended = self.known.hours_ended(settings);
        let hours = self.known.hours_ahead(settings, self.now());
        // A queue must be there before its hours are told, and told to have none before it is retired.
        let commands = [ended.clone(), self.known.differences(settings), hours.clone()].concat();
        let mut count = commands.len();
        self.submit(commands)?;
        self.known.take(settings, [ended, hours].concat());
        count += self.submit(settings.workforce.commands())?;
        self.door.set_staffing(crate::pages::staffing(settings));
        Ok(count)
    }

    /// Looks whether the floor knows far enough ahead when its queues open and close, and tells it more.
    pub(crate) fn apply_hours(&mut self, settings: &Settings) -> Result<(), Failure> {
        let hours = self.known.hours_ahead(settings, self.now());
        self.submit(hours.clone())?;
        self.known.take_hours(hours);
        Ok(())
    }

    /// Answers how many of them changed anything.
    fn submit<C: Into<Command>>(&self, commands: Vec<C>) -> Result<usize, Failure> {
        let commands = commands.into_iter().map(Into::into).collect();
        let (changed, refused) = submit_all(&self.running.handle, commands)?;
        for (what, refusal) in &refused {
            say(&format!("error: the centre refused {what}: {refusal}"));
        }
        if !refused.is_empty() {
            return Err(Failure::failed("the configuration was not applied as a whole"));
        }
        Ok(changed)
    }

    /// The engine's time. It is that of its last stamp, which on a quiet floor is old, unless the clock runs faster.
    fn now(&self) -> Instant {
        if self.clock_scale > 1 { self.door.now() } else { self.door.now().max(wall_now()) }
    }

    /// Lets the world in.
    pub(crate) async fn open_doors(
        &self,
        listener: TcpListener,
        tls: Option<Arc<rustls::ServerConfig>>,
    ) -> Result<Doors, Failure> {
        let links = Links::start(self.door.clone(), self.link_limits.clone())
            .await
            .map_err(|error| Failure::because("starting the links", &error))?;
        if self.door.beside.set(links.routes()).is_err() {
            return Err(Failure::failed("the doors were opened twice"));
        }
        let (shut, told) = oneshot::channel::<()>();
        let http = tokio::spawn(http::serve(self.door.clone(), listener, tls, async move {
            // Told to, or nobody is left to tell.
            let _ = told.await;
        }));
        Ok(Doors { links, shut, http })
    }

    /// Ends only when the log cannot be written any more, and says why.
    pub(crate) async fn poisoned(&self) -> String {
        loop {
            if let Some(why) = self.running.handle.health().poisoned {
                return why;
            }
            if self.running.is_finished() {
                return "the engine's thread has ended".to_owned();
            }
            tokio::time::sleep(HEALTH_CHECK).await;
        }
    }

    /// No more offers and no new contacts; waits until nobody talks any more, the limit is over, or
    /// `hurry` says that it has to be now.
    pub(crate) async fn drain(&self, limit_ms: u64, hurry: impl Future<Output = ()>) -> Result<(), Failure> {
        self.door.begin_stopping();
        let limit = Millis(limit_ms.saturating_mul(self.clock_scale.max(1).into()));
        let until = self.now().plus(limit);
        let stop = Submission::system("serve", FloorCommand::Stop { until });
        match self.door.ask(stop).await {
            Ok(Answer::Done { .. }) => {}
            other => return Err(Failure::failed(format!("the engine did not take the stop: {other:?}"))),
        }
        let talks = self.conversations().await;
        if talks > 0 {
            say(&format!(
                "{talks} conversations go on; waiting up to {} s, a second signal ends it",
                limit_ms / 1000
            ));
        }
        let quiet = async {
            while self.conversations().await > 0 {
                tokio::time::sleep(DRAIN_CHECK).await;
            }
        };
        tokio::select! {
            () = quiet => {}
            () = tokio::time::sleep(Duration::from_millis(limit_ms)) => {
                say("the time to finish is over");
            }
            () = hurry => say("told again: ending now"),
        }
        Ok(())
    }

    /// How many contacts have somebody on them. A board that has stopped says none: it cannot be waited for.
    async fn conversations(&self) -> usize {
        let views = &self.door.views;
        views.board.reach(self.door.durable_seq(), Duration::from_secs(1)).await;
        let talks =
            |state| matches!(state, ContactState::Connected | ContactState::Held | ContactState::Moving);
        views.board.read().map_or(0, |board| board.contacts().filter(|row| talks(row.state)).count())
    }

    /// Tells the links, shuts the doors, ends the writer with everything durable.
    pub(crate) async fn close(self, doors: Doors) -> Result<(u64, String), Failure> {
        doors.links.stop(LINKS_STOP_MAX).await;
        self.door.end_streams();
        // Gone already: then there is nothing to shut.
        let _ = doors.shut.send(());
        match doors.http.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => say(&format!("note: the HTTP door ended with a fault: {error}")),
            Err(error) => say(&format!("note: the HTTP door ended with a fault: {error}")),
        }
        drop(doors.links);
        let Self { door, running, follower, .. } = self;
        let ended = tokio::task::spawn_blocking(move || {
            running.handle.stop();
            let exit = running.join();
            drop(follower);
            exit
        })
        .await;
        drop(door);
        match ended {
            Ok(Exit::Stopped { last_seq, state_hash }) => Ok((last_seq, state_hash)),
            Ok(Exit::Poisoned(fault)) => Err(Failure::because("the log could not be written", &fault)),
            Err(error) => Err(Failure::because("the engine's thread", &error)),
        }
    }
}

fn wall_now() -> Instant {
    Instant::from_micros(crate::account::wall_us())
}

/// One command of our own; a no is a fault.
fn ask(handle: &Handle<Centre>, command: impl Into<Command>) -> Result<(), Failure> {
    match handle.ask(Submission::system("serve", command.into())) {
        Ok(Answer::Done { .. }) => Ok(()),
        Ok(other) => Err(Failure::failed(format!("the engine did not start: {other:?}"))),
        Err(busy) => Err(Failure::because("the engine did not start", &busy)),
    }
}

/// Hands all in at once, so that they share their syncs, and gives how many changed anything, and what was refused.
fn submit_all(
    handle: &Handle<Centre>,
    commands: Vec<Command>,
) -> Result<(usize, Vec<(String, Refusal)>), Failure> {
    let (told, answers) = mpsc::channel();
    let count = commands.len();
    for command in commands {
        let what = name_of(&command);
        loop {
            let (told, what) = (told.clone(), what.clone());
            let answer = Box::new(move |answer| {
                // The receiver waits until every answer is there.
                let _ = told.send((what, answer));
            });
            match handle.submit(Submission::system("configuration", command.clone()), answer) {
                Ok(()) => break,
                Err(_) if handle.health().poisoned.is_none() => std::thread::sleep(BUSY_WAIT),
                Err(busy) => return Err(Failure::because("applying the configuration", &busy)),
            }
        }
    }
    let (mut changed, mut refused) = (0, Vec::new());
    for (what, answer) in answers.iter().take(count) {
        match answer {
            Answer::Done { first_seq, .. } => changed += usize::from(first_seq.is_some()),
            Answer::Mismatch => {}
            Answer::Refused(refusal) => refused.push((what, refusal)),
            Answer::Unavailable(why) => {
                return Err(Failure::failed(format!("applying the configuration: the engine is {why}")));
            }
        }
    }
    Ok((changed, refused))
}

fn name_of(command: &Command) -> String {
    match command {
        Command::Floor(FloorCommand::ApplyQueue(queue)) => format!("queue {}", queue.queue),
        Command::Floor(FloorCommand::ApplyAgent(agent)) => format!("agent {}", agent.agent),
        Command::Floor(FloorCommand::ApplyHours(hours)) => format!("the hours of queue {}", hours.queue),
        Command::Floor(FloorCommand::ApplyReason(reason)) => format!("reason {}", reason.reason.slug),
        Command::Workforce(_) => "the workforce desk's terms".to_owned(),
        _ => "the site's settings".to_owned(),
    }
}

/// When a day begins, after midnight UTC. Clocks that change twice a year are right until they do.
fn day_begins(zone: &str) -> Millis {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    days_begin(&zone, jiff::Timestamp::now())
}

/// When a day begins, after midnight UTC, by the clocks of a zone at some moment.
pub(crate) fn days_begin(zone: &jiff::tz::TimeZone, at: jiff::Timestamp) -> Millis {
    const DAY_S: i64 = 86_400;
    let offset = i64::from(zone.to_offset(at).seconds());
    Millis::from_secs((-offset).rem_euclid(DAY_S) as u64)
}

fn door_limits(settings: &Settings) -> DoorLimits {
    let limits = &settings.limits;
    let rows = limits.page_rows_max as usize;
    DoorLimits {
        connections_max: limits.connections_max as usize,
        body_bytes_max: limits.body_bytes_max as usize,
        page_rows_max: rows,
        page_rows: rows.min(DoorLimits::default().page_rows),
        live_readers_max: limits.live_readers_max as usize,
        token_life: Duration::from_millis(limits.token_life_ms),
        password_checks_at_once_max: limits.password_checks_at_once_max as usize,
        ..DoorLimits::default()
    }
}

fn link_limits(settings: &Settings) -> LinkLimits {
    let limits = &settings.limits;
    LinkLimits {
        links_max: limits.links_max as usize,
        lease: Duration::from_millis(limits.link_lease_ms),
        heartbeat: Duration::from_millis(limits.link_heartbeat_ms),
        outbound_frames_max: limits.link_outbound_frames_max as usize,
        outbound_bytes_max: limits.link_outbound_bytes_max as usize,
        ..LinkLimits::default()
    }
}
