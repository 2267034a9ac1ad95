//! The state, the board or the figures at any past moment: folded from the first event, so that the answer owes nothing to
//! snapshots and checkpoints.

mod boards;

use super::{Offline, configured_site, open};
use crate::failure::Failure;
use crate::home::{Home, decoded, site_of};
use crate::out::{Format, Out, progress};
use clap::{Args, ValueEnum};
use cordboard_centre::{Centre, Event};
use cordboard_floor::{Decider, Instant, Millis, Recorded, SiteId};
use cordboard_journal::Reader;
use cordboard_views::View;
use cordboard_views::board::Board;
use cordboard_views::figures::Figures;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::str::FromStr;

/// Which moment of which log.
#[derive(Debug, Args)]
pub(crate) struct State {
    /// After this event, or at this time (as in 2026-11-22T09:00:00Z) [default: the end]
    #[arg(long, value_name = "SEQ|TIME")]
    at: Option<Moment>,
    /// What to show of it
    #[arg(long, value_enum, default_value = "floor")]
    view: Shown,
    /// The zone whose midnight begins the counts of a day [default: that of the built-in configuration]
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    zone: Option<TimeZone>,
    /// The whole state of the floor as JSON
    #[arg(long)]
    full: bool,
    #[command(flatten)]
    place: Offline,
}

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shown {
    /// The engine's own state, summed up
    Floor,
    /// Queues, agents and contacts, as pages show them
    Board,
    /// Queues alone
    Queues,
    /// Agents alone
    Agents,
    /// Contacts alone
    Contacts,
    /// How many, and how long, since the log began
    Figures,
}

fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|error| format!("{error}; write a zone as Asia/Shanghai"))
}

/// A place in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    Seq(u64),
    At(Instant),
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(seq) = text.parse() {
            return Ok(Self::Seq(seq));
        }
        let wrong =
            || format!("{text:?} is neither a sequence number nor a time like 2026-11-22T09:00:00+08:00");
        let at: jiff::Timestamp = text.parse().map_err(|_| wrong())?;
        Ok(Self::At(Instant::from_micros(at.as_microsecond())))
    }
}

#[derive(Serialize)]
struct Summary {
    seq: u64,
    at: Instant,
    site: SiteId,
    epoch: u32,
    state_hash: String,
    queues: usize,
    agents: usize,
    signed_in: usize,
    contacts_alive: u32,
    waiting: usize,
    in_hand: usize,
    offers_ringing: usize,
}

pub(super) fn state(asked: &State, format: Format) -> Result<(), Failure> {
    let reader = open(&Home::at(&asked.place.data))?;
    if asked.full && asked.view != Shown::Floor {
        return Err(Failure::Usage("--full is the floor's state; leave --view out".to_owned()));
    }
    match asked.view {
        Shown::Floor => floor(asked, &reader, format),
        Shown::Figures => {
            let mut figures = Figures::new();
            fold(&reader, asked.at, |event| figures.take_in(event))?;
            boards::figures(&figures, format)
        }
        shown => {
            let mut board = Board::with_days_beginning(days_begin(asked)?);
            fold(&reader, asked.at, |event| board.take_in(event))?;
            match shown {
                Shown::Queues => boards::queues(&board, format),
                Shown::Agents => boards::agents(&board, format),
                Shown::Contacts => boards::contacts(&board, format),
                _ => boards::whole(&board, format),
            }
        }
    }
}

fn days_begin(asked: &State) -> Result<Millis, Failure> {
    let zone = match &asked.zone {
        Some(zone) => zone.clone(),
        None => TimeZone::get(&super::configured_zone()?).unwrap_or(TimeZone::UTC),
    };
    let at = match asked.at {
        Some(Moment::At(at)) => Some(at),
        _ => None,
    };
    Ok(boards::days_begin(&zone, at))
}

/// Hands over each event up to the moment.
fn fold(reader: &Reader, at: Option<Moment>, mut take: impl FnMut(&Recorded<Event>)) -> Result<(), Failure> {
    let end = match at {
        Some(Moment::Seq(seq)) if seq > reader.last() => {
            return Err(Failure::failed(format!(
                "the log ends at {}, there is no event {seq}",
                reader.last()
            )));
        }
        Some(Moment::Seq(seq)) => seq,
        Some(Moment::At(_)) | None => reader.last(),
    };
    let bar = progress(end, "events");
    for record in reader.read(1).take(end as usize) {
        let record = record?;
        let event = decoded(record.seq, &record.bytes)?;
        if matches!(at, Some(Moment::At(at)) if event.at > at) {
            break;
        }
        take(&event);
        if event.seq.is_multiple_of(4_096) {
            bar.set_position(event.seq);
        }
    }
    bar.finish_and_clear();
    Ok(())
}

fn floor(asked: &State, reader: &Reader, format: Format) -> Result<(), Failure> {
    let site = match site_of(reader)? {
        Some(site) => site,
        None => configured_site()?,
    };
    let mut centre = Centre::new(site);
    fold(reader, asked.at, |event| centre.apply(event))?;
    let mut out = Out::new(format);
    if asked.full {
        out.json(&centre)?;
        return out.flush();
    }
    let columns = [
        "seq",
        "at",
        "site",
        "epoch",
        "state_hash",
        "queues",
        "agents",
        "signed_in",
        "contacts_alive",
        "waiting",
        "in_hand",
        "offers_ringing",
    ];
    out.record(&columns, &summary(&centre)?)
}

fn summary(centre: &Centre) -> Result<Summary, Failure> {
    let floor = centre.floor();
    Ok(Summary {
        seq: floor.last_seq(),
        at: floor.last_at(),
        site: floor.site(),
        epoch: floor.epoch(),
        state_hash: state_hash(centre)?,
        queues: floor.queues().iter().filter(|queue| queue.config.active).count(),
        agents: floor.agents().iter().filter(|agent| agent.config.active).count(),
        signed_in: floor.agents().iter().filter(|agent| agent.is_signed_in()).count(),
        contacts_alive: floor.alive(),
        waiting: floor.contacts().filter(|(_, contact)| contact.visit.is_some()).count(),
        in_hand: floor.in_hand(),
        offers_ringing: floor.offers().filter(|(_, offer)| offer.end.is_none()).count(),
    })
}

/// As the engine takes it: BLAKE3 of the state's MessagePack.
fn state_hash(centre: &Centre) -> Result<String, Failure> {
    let bytes = rmp_serde::to_vec(centre).map_err(|error| Failure::because("writing the state", &error))?;
    Ok(cordboard_journal::hex(blake3::hash(&bytes).as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_number_or_a_time() {
        assert_eq!("17".parse(), Ok(Moment::Seq(17)));
        let noon = Instant::from_micros(1_795_348_800_000_000);
        assert_eq!("2026-11-22T12:00:00Z".parse(), Ok(Moment::At(noon)));
        assert_eq!("2026-11-22T20:00:00+08:00".parse(), Ok(Moment::At(noon)));
        assert!("yesterday".parse::<Moment>().is_err());
    }
}
