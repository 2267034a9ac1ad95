//! `cordboard serve`: a centre on its data, until a signal. TERM or INT ends it in order, a second one at
//! once; HUP reads the configuration again.

pub(crate) mod propose;
mod schedule;
mod tls;
pub(crate) mod watch;

use crate::cli::{ConfigFiles, DataDir};
use crate::config::{self, Settings};
use crate::failure::{Failure, say};
use crate::home::Home;
use crate::house::{Doors, House};
use crate::titles;
use clap::Args;
use propose::Propose;
use schedule::Schedule;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use watch::Watch;

/// How often it is looked whether queues' opening hours are known far enough ahead, on the centre's clock.
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// How to serve.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    config: ConfigFiles,
    #[command(flatten)]
    data: DataDir,
    /// Where to listen [default: server.listen of the configuration]
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// A PEM file with the certificate chain
    #[arg(long, value_name = "FILE", requires = "tls_key", conflicts_with = "tls_dev")]
    tls_cert: Option<PathBuf>,
    /// A PEM file with its key
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Make a certificate for development, and use it
    #[arg(long)]
    tls_dev: bool,
    /// Take the pages from this folder (`npm run build` or `npm run watch` in crates/web), not from the program
    #[arg(long, value_name = "DIR")]
    web_dir: Option<PathBuf>,
    /// For rehearsal only: the clock runs so many times faster
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=3_600))]
    clock_scale: u32,
}

pub(crate) fn serve(asked: Serve) -> Result<(), Failure> {
    let settings = settings(&asked)?;
    let home = Home::at(&settings.server.data);
    let tls = match (&settings.server.tls, asked.tls_dev) {
        (_, true) => Some(tls::development(&home, settings.server.listen.ip())?),
        (Some((cert, key)), false) => Some(tls::from_files(cert, key)?),
        (None, false) => None,
    };
    titles::set(&settings);
    if let Some(dir) = &asked.web_dir {
        titles::take_pages_from(dir.clone());
    }
    let house = House::open(&home, &settings, asked.clock_scale, titles::page)?;
    tell_beginning(&house, &home, &settings, asked.clock_scale);
    runtime()?.block_on(work(house, tls, settings, &asked))
}

/// The threads on which the doors live.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::because("starting the runtime", &error))
}

/// The configuration, with what the command line says otherwise.
fn settings(asked: &Serve) -> Result<Settings, Failure> {
    let mut settings = config::load(&asked.config)?;
    if let Some(data) = &asked.data.data {
        settings.server.data.clone_from(data);
    }
    if let Some(listen) = asked.listen {
        settings.server.listen = listen;
    }
    if let (Some(cert), Some(key)) = (&asked.tls_cert, &asked.tls_key) {
        settings.server.tls = Some((cert.clone(), key.clone()));
    }
    Ok(settings)
}

fn tell_beginning(house: &House, home: &Home, settings: &Settings, clock_scale: u32) {
    let health = house.door.engine.health();
    tracing::info!(epoch = health.epoch, seq = health.durable_seq, site = %settings.site.id, "the engine runs");
    if clock_scale > 1 {
        say(&format!("REHEARSAL: the clock runs {clock_scale} times faster than the wall"));
    }
    if house.vault().accounts().is_empty() {
        say(&format!(
            "nobody can sign in yet: stop the server and make an account, as in\n  \
             cordboard account add NAME --role admin --data {}",
            home.dir().display()
        ));
    }
}

async fn work(
    mut house: House,
    tls: Option<Arc<rustls::ServerConfig>>,
    settings: Settings,
    asked: &Serve,
) -> Result<(), Failure> {
    let listen = settings.server.listen;
    let mut signals = Signals::listen()?;
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|error| Failure::because(format!("listening on {listen}"), &error))?;
    let address = listener.local_addr().map_err(|error| Failure::because("the address", &error))?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    if tls.is_none() && !address.ip().is_loopback() {
        say("warning: listening beyond the loopback without TLS: tokens and passwords travel in clear");
    }
    let doors = house.open_doors(listener, tls).await?;
    say(&format!("listening on {scheme}://{address}"));
    let schedule = Schedule::start(house.door.clone(), settings.papers.clone())?;
    let watch = Watch::start(house.door.clone());
    let propose = Propose::start(house.door.clone());
    let current = tend(&mut house, &mut signals, settings, asked, &schedule).await?;
    // Nothing more is frozen; a report under way is given up, and made after the next start.
    tokio::task::block_in_place(|| drop(schedule));
    drop(watch);
    drop(propose);
    end(house, doors, &mut signals, &current).await
}

/// Serves until told to stop. A log that cannot be written ends the process at once: nothing more may be
/// acknowledged, and nothing that an orderly end does could be trusted.
async fn tend(
    house: &mut House,
    signals: &mut Signals,
    mut settings: Settings,
    asked: &Serve,
    schedule: &Schedule,
) -> Result<Settings, Failure> {
    let mut days = tokio::time::interval(DAY / asked.clock_scale.max(1));
    // The first tick comes at once, and at the start the hours have just been told.
    days.tick().await;
    loop {
        let said = tokio::select! {
            why = house.poisoned() => poisoned(&why),
            said = signals.next() => said,
            _ = days.tick() => Said::Day,
        };
        if said == Said::Stop {
            return Ok(settings);
        }
        if said == Said::Day {
            if let Err(failure) = tokio::task::block_in_place(|| house.apply_hours(&settings)) {
                // What the floor knows reaches far enough to try again tomorrow.
                let _ = failure.tell();
            }
            continue;
        }
        match reload(house, &settings, asked) {
            Ok(fresh) => {
                schedule.change(fresh.papers.clone());
                settings = fresh;
            }
            Err(failure) => {
                // The text is on stderr; what runs goes on as it was.
                let _ = failure.tell();
                say("the configuration is kept as it was");
            }
        }
    }
}

async fn end(house: House, doors: Doors, signals: &mut Signals, settings: &Settings) -> Result<(), Failure> {
    say("stopping: no more offers, no new contacts");
    tokio::select! {
        why = house.poisoned() => poisoned(&why),
        drained = house.drain(settings.server.drain_limit_ms, signals.stop()) => drained?,
    }
    let (last_seq, state_hash) = house.close(doors).await?;
    say(&format!("stopped at event {last_seq}, state {state_hash}"));
    Ok(())
}

/// Says why and ends the process, here and now.
pub(crate) fn poisoned(why: &str) -> ! {
    say(&format!(
        "error: the log cannot be written ({why}); nothing more is acknowledged. \
         Mend the disk, then start again: what was acknowledged is in the log"
    ));
    std::process::exit(1);
}

/// Reads, checks and applies the configuration; what was read at the start alone is left alone.
fn reload(house: &mut House, old: &Settings, asked: &Serve) -> Result<Settings, Failure> {
    let fresh = settings(asked)?;
    if fresh.site.id != old.site.id || fresh.site.country != old.site.country {
        return Err(Failure::failed("site.id and site.country never change once the log has begun"));
    }
    let applied = tokio::task::block_in_place(|| house.apply(&fresh))?;
    titles::set(&fresh);
    house.door.set_terms(crate::pages::terms(&fresh));
    say(&format!("configuration read again: {applied} differences applied"));
    if format!("{:?}{:?}", fresh.server, fresh.limits) != format!("{:?}{:?}", old.server, old.limits) {
        say("note: changes under server and limits hold from the next start on");
    }
    Ok(fresh)
}

/// What the system tells us.
pub(crate) struct Signals {
    term: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    pub(crate) fn listen() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).map_err(|error| Failure::because("listening for signals", &error));
        Ok(Self {
            term: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            hang_up: listen(SignalKind::hangup())?,
        })
    }

    /// The next word.
    async fn next(&mut self) -> Said {
        tokio::select! {
            _ = self.term.recv() => Said::Stop,
            _ = self.interrupt.recv() => Said::Stop,
            _ = self.hang_up.recv() => Said::Reload,
        }
    }

    /// Until told to stop.
    pub(crate) async fn stop(&mut self) {
        while self.next().await != Said::Stop {}
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Stop,
    Reload,
    /// A day has passed.
    Day,
}
