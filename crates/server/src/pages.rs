//! What pages are told of the configuration, as the doors hold it.

use crate::config::{Settings, Title};
use cordboard_api::terms::{
    LinkTerms, Name, Names, PageSettings, Script, Terms, Thresholds, Tile, Waiting, Wall,
};
use std::collections::BTreeMap;

/// The languages that a title without one counts for.
const LANGUAGES: [&str; 2] = ["zh", "en"];

/// What the settings come to.
pub(crate) fn terms(settings: &Settings) -> Terms {
    Terms { names: names(settings), pages: page_settings(settings), scripts: scripts(settings) }
}

/// What rosters and forecasts are made by; what could not be read was told as an error before.
pub(crate) fn staffing(settings: &Settings) -> cordboard_api::staffing::Staffing {
    let mut staffing = cordboard_api::staffing::Staffing::default();
    if let Some(rules) = &settings.workforce.rules {
        staffing.rules = rules.clone();
    }
    staffing.calendar = settings.workforce.calendar.clone();
    staffing
}

fn names(settings: &Settings) -> Names {
    let pages = &settings.pages;
    let of = |titles: &BTreeMap<String, Title>| titles.iter().filter_map(named).collect();
    let queues = settings.queues.iter().map(|it| (it.is.queue.to_string(), it.title.clone())).collect();
    let reasons =
        settings.reasons.iter().map(|it| (it.is.reason.slug.to_string(), it.title.clone())).collect();
    let skills = settings.skills.iter().map(|(skill, title)| (skill.to_string(), title.clone())).collect();
    Names {
        site: settings.site.floor.title.clone(),
        queues: of(&queues),
        reasons: of(&reasons),
        codes: of(&pages.codes),
        teams: of(&pages.teams),
        skills: of(&skills),
        attributes: of(&pages.attributes),
    }
}

fn named((id, title): (&String, &Title)) -> Option<(String, Name)> {
    let name = name(title);
    (!name.is_empty()).then(|| (id.clone(), name))
}

/// A title that names no language is the same in all of them.
fn name(title: &Title) -> Name {
    let mut name = title.clone();
    if let Some(any) = name.remove("") {
        for language in LANGUAGES {
            name.entry(language.to_owned()).or_insert_with(|| any.clone());
        }
    }
    name
}

fn page_settings(settings: &Settings) -> PageSettings {
    let pages = &settings.pages;
    let waiting = |queue| {
        let own = pages.waiting_of.iter().find(|(known, _)| known.value == queue);
        own.map_or(pages.waiting, |(_, waiting): &(_, Waiting)| *waiting)
    };
    let walls = pages.walls.iter().map(|wall| Wall {
        wall: wall.wall.clone(),
        name: name(&wall.title),
        queues: wall.queues.iter().map(|queue| queue.value).collect(),
        tiles: wall
            .tiles
            .iter()
            .map(|tile| Tile {
                kind: tile.kind,
                queue: tile.queue.as_ref().map(|queue| queue.value),
                figures: tile.figures.clone(),
                columns: tile.columns,
            })
            .collect(),
    });
    PageSettings {
        languages: pages.languages.clone(),
        zone: settings.site.zone.clone(),
        thresholds: Thresholds {
            waiting_ms: settings
                .queues
                .iter()
                .map(|it| (it.is.queue.to_string(), waiting(it.is.queue)))
                .collect(),
            state: pages.states.iter().map(|lasts| (lasts.state.clone(), lasts.lasting)).collect(),
        },
        service_level: pages.service_level.clone(),
        walls: walls.collect(),
        stale_ms: pages.stale,
        link: LinkTerms {
            heartbeat_ms: settings.limits.link_heartbeat_ms,
            lease_ms: settings.limits.link_lease_ms,
        },
    }
}

fn scripts(settings: &Settings) -> BTreeMap<cordboard_floor::QueueId, Script> {
    let scripts = settings.pages.scripts.iter().map(|script| {
        let queue = script.queue.value;
        let mut hasher = blake3::Hasher::new();
        for (language, text) in &script.texts {
            hasher
                .update(language.as_bytes())
                .update(&(text.len() as u64).to_be_bytes())
                .update(text.as_bytes());
        }
        let version = hasher.finalize().to_hex()[..8].to_owned();
        (queue, Script { queue, version, texts: script.texts.clone() })
    });
    scripts.collect()
}
