//! Plays a day so often, and tells what callers and agents met.

use super::counts::Counts;
use super::day::Day;
use super::figures::{Figures, Gathered};
use super::refused::{Refused, count, number};
use super::router::Router;
use super::router::floor::ByFloor;
use super::router::shortcut::Shortcut;
use super::world::World;
use cordboard_workforce::roster::Go;

/// How often a day can be played.
pub const REPLICATIONS_MAX: u32 = 100_000;
/// Calls expected in all replications together.
pub const CALLS_IN_ALL_MAX: f64 = 5e9;

/// How a day is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How often; at least twice, for an interval needs a spread.
    pub replications: u32,
    /// Where chance begins; the same day under the same seed comes to the same figures.
    pub seed: u64,
    /// Who routes.
    pub router: Router,
    /// Whether figures are told of every interval too.
    pub by_interval: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { replications: 30, seed: 1, router: Router::Floor, by_interval: true }
    }
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Replications played.
    pub done: u32,
    /// Replications in all.
    pub of: u32,
    /// Calls that came so far.
    pub calls: u64,
}

/// What it came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulated {
    /// Every figure with its interval.
    pub figures: Figures,
    /// Calls that came in all replications, whether counted or not.
    pub calls: u64,
    /// Whether it was ended before the last replication.
    pub stopped: bool,
}

/// Plays a day, and tells after each replication how far it is; it may be ended then with what there is.
///
/// # Errors
/// [`Refused`] where the day or the options make no sense; [`Refused::Stopped`] if it is ended before the second replication.
pub fn simulate(
    day: &Day,
    options: &Options,
    progress: &mut dyn FnMut(Progress) -> Go,
) -> Result<Simulated, Refused> {
    count("replications", options.replications as usize, 2, REPLICATIONS_MAX as usize)?;
    let mut player = Player::of(day, options.router)?;
    number(
        "all replications",
        "the number of calls",
        in_all(day, options.replications),
        (0.0, CALLS_IN_ALL_MAX),
    )?;
    let mut gathered = Gathered::new(day, options.by_interval);
    let (mut calls, mut stopped) = (0, false);
    for replication in 0..options.replications {
        calls += player.play(options.seed, replication, &mut gathered)?;
        let told = Progress { done: replication + 1, of: options.replications, calls };
        if progress(told) == Go::Stop && told.done < told.of {
            stopped = true;
            break;
        }
    }
    if gathered.replications() < 2 {
        return Err(Refused::Stopped);
    }
    Ok(Simulated { figures: gathered.figures(day), calls, stopped })
}

/// Calls expected in so many replications.
pub(super) fn in_all(day: &Day, replications: u32) -> f64 {
    day.calls() * f64::from(replications)
}

/// A day and its router, ready to be played again and again.
pub(super) struct Player<'a> {
    world: World<'a>,
    routes: Routing,
    counts: Counts,
}

enum Routing {
    Floor(Box<ByFloor>),
    Shortcut(Shortcut),
}

impl<'a> Player<'a> {
    pub(super) fn of(day: &'a Day, router: Router) -> Result<Self, Refused> {
        day.check()?;
        day.check_served()?;
        let routes = match router {
            Router::Floor => Routing::Floor(Box::new(ByFloor::of(day)?)),
            Router::Shortcut => {
                day.plain()?;
                Routing::Shortcut(Shortcut::of(day))
            }
        };
        let world = World::new(day);
        Ok(Self { counts: world.counts(), world, routes })
    }

    /// One replication; answers how many calls came.
    pub(super) fn play(
        &mut self,
        seed: u64,
        replication: u32,
        gathered: &mut Gathered,
    ) -> Result<u64, Refused> {
        let Self { world, routes, counts } = self;
        match routes {
            Routing::Floor(floor) => {
                floor.clear();
                world.play(&mut **floor, seed, replication.into(), counts)?;
            }
            Routing::Shortcut(shortcut) => {
                shortcut.clear();
                world.play(shortcut, seed, replication.into(), counts)?;
            }
        }
        gathered.take(counts);
        Ok(counts.came)
    }
}
