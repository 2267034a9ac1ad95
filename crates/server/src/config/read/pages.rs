//! What pages are told: names, thresholds, walls, scripts. Nothing of it concerns the floor.

use super::title_of;
use crate::config::section::{Placed, Section};
use crate::config::source::{Table, Written};
use crate::config::{Lasts, Pages, Script, Title, Wall, WallTile, did_you_mean};
use cordboard_api::terms::{
    FIGURES_PER_TILE_MAX, Lasting, SCRIPT_BYTES_MAX, Stale, TILES_MAX, TileKind, WALL_COLUMNS, WALL_FIGURES,
    WALLS_MAX, Waiting,
};
use cordboard_floor::{QueueId, ReasonId};
use cordboard_views::board::Activity;
use cordboard_views::kpi::Catalogue;
use std::collections::BTreeMap;
use std::io::Read;
use std::str::FromStr;

/// The longest threshold, in ms: a day.
const THRESHOLD_MS_MAX: u64 = 86_400_000;
/// Scripts that came with the program are named so, and looked for nowhere else.
const SHIPPED: &str = "shipped:";
/// The scripts that came with the program.
const SCRIPTS: [(&str, &str); 4] = [
    ("cards.zh.md", include_str!("../../../../../config/scripts/cards.zh.md")),
    ("cards.en.md", include_str!("../../../../../config/scripts/cards.en.md")),
    ("loans.zh.md", include_str!("../../../../../config/scripts/loans.zh.md")),
    ("loans.en.md", include_str!("../../../../../config/scripts/loans.en.md")),
];

pub(super) fn pages(root: &Table, written: &mut Written) -> Pages {
    let mut section = Section::top(root, "pages", written);
    let mut pages = Pages {
        languages: languages(&mut section),
        service_level: service_level(&mut section),
        stale: Stale {
            banner: section.whole("stale_banner_ms", 100..=THRESHOLD_MS_MAX),
            grey: section.whole("stale_grey_ms", 100..=THRESHOLD_MS_MAX),
        },
        waiting: Waiting { amber: 0, red: 0 },
        waiting_of: Vec::new(),
        states: Vec::new(),
        teams: BTreeMap::new(),
        codes: BTreeMap::new(),
        attributes: BTreeMap::new(),
        scripts: Vec::new(),
        walls: Vec::new(),
    };
    if pages.stale.banner > pages.stale.grey {
        let place = section.place_of("stale_banner_ms");
        let what = format!("{} comes after stale_grey_ms, {}", pages.stale.banner, pages.stale.grey);
        section.error(place, "stale_banner_ms", what, "a page says that it is old before it turns grey");
    }
    let mut waiting = section.within("waiting");
    let all = lasting(&mut waiting);
    pages.waiting = Waiting { amber: all.amber_ms, red: all.red_ms };
    waiting.within("queues").each(|name, mut section| {
        let queue: Option<QueueId> = section.parsed("", name, section.place);
        let Lasting { amber_ms, red_ms } = lasting(&mut section);
        if let Some(value) = queue {
            let place = section.place;
            pages.waiting_of.push((Placed { value, place }, Waiting { amber: amber_ms, red: red_ms }));
        }
        section.finish();
    });
    waiting.finish();
    section.within("states").each(|name, mut section| {
        let what: Option<State> = section.parsed("", name, section.place);
        let lasting = lasting(&mut section);
        if let Some(State { reason }) = what {
            pages.states.push(Lasts { state: name.to_owned(), reason, lasting, place: section.place });
        }
        section.finish();
    });
    section.finish();
    pages.teams = names::<cordboard_floor::TeamId>(Section::top(root, "teams", written));
    pages.codes = names::<cordboard_floor::CodeId>(Section::top(root, "codes", written));
    pages.attributes = names::<Word>(Section::top(root, "attributes", written));
    pages.scripts = scripts(Section::top(root, "scripts", written));
    pages.walls = walls(Section::top(root, "walls", written));
    pages
}

fn languages(section: &mut Section<'_>) -> Vec<String> {
    let languages: Vec<String> =
        section.codes::<Language>("languages").into_iter().map(|it| it.value.0.to_owned()).collect();
    if languages.is_empty() {
        let place = section.place_of("languages");
        section.error(place, "languages", "names none", "write languages = [\"zh-CN\", \"en\"]");
    }
    languages
}

fn service_level(section: &mut Section<'_>) -> String {
    let Some(text) = section.text_if("service_level") else {
        return cordboard_views::report::SERVICE_LEVEL.to_owned();
    };
    if let Err(why) = Catalogue::shipped().find(text.value) {
        section.error(text.place, "service_level", why.to_string(), "`cordboard kpi list` shows them all");
    }
    text.value.to_owned()
}

/// Two spans, the shorter first.
fn lasting(section: &mut Section<'_>) -> Lasting {
    let amber_ms = section.whole("amber_ms", 0..=THRESHOLD_MS_MAX);
    let red_ms = section.whole("red_ms", 0..=THRESHOLD_MS_MAX);
    if section.has("amber_ms") && section.has("red_ms") && amber_ms > red_ms {
        let what = format!("{amber_ms} comes after red_ms, {red_ms}");
        let place = section.place_of("amber_ms");
        section.error(place, "amber_ms", what, "amber comes before red: give it a shorter span");
    }
    Lasting { amber_ms, red_ms }
}

fn names<T: FromStr<Err: std::fmt::Display>>(mut section: Section<'_>) -> BTreeMap<String, Title> {
    let mut names = BTreeMap::new();
    for (name, item) in section.pairs() {
        if section.parsed::<T>(name, name, item.key_place).is_some() {
            names.insert(name.to_owned(), title_of(&mut section, name, Some(item)));
        }
    }
    names
}

fn scripts(section: Section<'_>) -> Vec<Script> {
    let mut scripts = Vec::new();
    section.each(|name, mut section| {
        let queue: Option<QueueId> = section.parsed("", name, section.place);
        let mut texts = BTreeMap::new();
        for language in ["zh", "en"] {
            let Some(file) = section.text_if(language) else { continue };
            match script(&section, file.value, file.place) {
                Ok(text) => _ = texts.insert(language.to_owned(), text),
                Err((what, mend)) => section.error(file.place, language, what, mend),
            }
        }
        if !section.has("zh") && !section.has("en") {
            let mend = format!("write zh = \"scripts/{name}.zh.md\", or en");
            section.error(section.place, "", "names no file", mend);
        }
        if let Some(value) = queue {
            scripts.push(Script { queue: Placed { value, place: section.place }, texts });
        }
        section.finish();
    });
    scripts
}

/// The text of a script's file; a file is looked for beside the one that names it.
fn script(section: &Section<'_>, file: &str, place: super::Place) -> Result<String, (String, String)> {
    let text = match file.strip_prefix(SHIPPED) {
        Some(name) => {
            let known = SCRIPTS.iter().find(|(known, _)| *known == name);
            known.map(|(_, text)| (*text).to_owned()).ok_or_else(|| {
                let names = SCRIPTS.map(|(name, _)| name);
                let mend =
                    did_you_mean(name, names).unwrap_or_else(|| format!("there are {}", names.join(", ")));
                (format!("no script {name:?} came with the program"), mend)
            })?
        }
        None => {
            let path = section.beside(place, file);
            let unread = |error: std::io::Error| {
                (
                    format!("{} cannot be read: {error}", path.display()),
                    "a path counts from the file that it is written in".to_owned(),
                )
            };
            let mut bytes = Vec::new();
            let file = std::fs::File::open(&path).map_err(unread)?;
            file.take(SCRIPT_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(unread)?;
            if bytes.len() > SCRIPT_BYTES_MAX {
                let what = format!("{} is larger than {SCRIPT_BYTES_MAX} bytes", path.display());
                return Err((what, "shorten it: an agent reads it during a call".to_owned()));
            }
            String::from_utf8(bytes).map_err(|error| {
                let at = error.utf8_error().valid_up_to();
                (format!("{} is not UTF-8 from byte {at} on", path.display()), "save it as UTF-8".to_owned())
            })?
        }
    };
    if text.trim().is_empty() {
        return Err((format!("{file} is empty"), "write something, or take the line out".to_owned()));
    }
    if let Some(at) = text.find(|letter: char| letter.is_control() && !"\n\r\t".contains(letter)) {
        let line = text[..at].matches('\n').count() + 1;
        return Err((format!("{file} holds a control character in line {line}"), "take it out".to_owned()));
    }
    Ok(text)
}

fn walls(section: Section<'_>) -> Vec<Wall> {
    let mut walls = Vec::new();
    section.each(|name, mut section| {
        let id: Option<Word> = section.parsed("", name, section.place);
        let item = section.item("title");
        let title = title_of(&mut section, "title", item);
        let queues = section.codes::<QueueId>("queues");
        let mut tiles = Vec::new();
        section.rows("tiles", |_, mut row| {
            tiles.push(tile(&mut row));
            row.finish();
        });
        if tiles.is_empty() || tiles.len() > TILES_MAX {
            let place = section.place_of("tiles");
            let what = format!("{} tiles", tiles.len());
            section.error(place, "tiles", what, format!("a wall has 1 to {TILES_MAX} tiles"));
        }
        if walls.len() == WALLS_MAX {
            section.error(section.place, "", "is one wall too many", format!("at most {WALLS_MAX}"));
        } else if id.is_some() {
            walls.push(Wall { wall: name.to_owned(), title, queues, tiles });
        }
        section.finish();
    });
    walls
}

fn tile(row: &mut Section<'_>) -> WallTile {
    let kind = row.code("kind", Kind(TileKind::Clock)).0;
    let queue = row.code_if::<QueueId>("queue");
    let figures: Vec<String> =
        row.codes::<Figure>("figures").into_iter().map(|figure| figure.value.0.to_owned()).collect();
    let columns = row.whole_or("columns", 1..=WALL_COLUMNS.into(), 3_u64) as u8;
    let place = row.place_of("figures");
    match kind {
        TileKind::Clock if !figures.is_empty() => {
            row.error(place, "figures", "a clock shows none", "take them out, or choose another kind");
        }
        TileKind::Figures | TileKind::Queues if row.has("kind") && figures.is_empty() => {
            let mend = "write figures = [\"waiting\", \"today.sl\"]";
            row.error(place, "figures", "names none", mend);
        }
        _ => {}
    }
    if let Some(queue) = queue.as_ref().filter(|_| kind != TileKind::Figures) {
        row.error(queue.place, "queue", "belongs to tiles of the kind \"figures\" alone", "take it out");
    }
    if figures.len() > FIGURES_PER_TILE_MAX {
        let what = format!("{} figures are too many for a tile", figures.len());
        row.error(place, "figures", what, format!("at most {FIGURES_PER_TILE_MAX}"));
    }
    WallTile { kind, queue, figures, columns }
}

/// What an agent does, or why she is not ready: `talking`, `not_ready:lunch`.
struct State {
    reason: Option<ReasonId>,
}

impl FromStr for State {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(reason) = text.strip_prefix("not_ready:") {
            let reason = reason.parse().map_err(|why| format!("names no reason: {why}"))?;
            return Ok(Self { reason: Some(reason) });
        }
        let words = Activity::ALL.map(|it| serde_json::to_value(it).map_or_else(|_| String::new(), word));
        if words.iter().any(|known| known == text) {
            return Ok(Self { reason: None });
        }
        let like = did_you_mean(text, words.iter().map(String::as_str));
        let like = like.unwrap_or_else(|| format!("they are {}, or as in not_ready:lunch", words.join(", ")));
        Err(format!("is nothing that an agent does; {like}"))
    }
}

fn word(value: serde_json::Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

macro_rules! one_of {
    ($($(#[$doc:meta])* $word:ident($type:ty) in $all:expr, $what:literal;)+) => {$(
        $(#[$doc])*
        #[derive(PartialEq)]
        struct $word($type);

        impl FromStr for $word {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let all: &[($type, &'static str)] = &$all;
                all.iter().find(|(_, word)| *word == text).map(|(value, _)| Self(*value)).ok_or_else(|| {
                    let words: Vec<&str> = all.iter().map(|(_, word)| *word).collect();
                    let like = did_you_mean(text, words.iter().copied());
                    format!(concat!("is no ", $what, "; {}"), like.unwrap_or_else(|| format!("they are {}", words.join(", "))))
                })
            }
        }
    )+};
}

one_of! {
    /// A language that the pages have.
    Language(&'static str) in [("zh-CN", "zh-CN"), ("en", "en")], "language of the pages";
    /// What a tile is.
    Kind(TileKind) in TileKind::ALL.map(|(kind, word)| (kind, word)), "kind of a tile";
    /// What a tile shows.
    Figure(&'static str) in WALL_FIGURES.map(|word| (word, word)), "figure of a wall";
}

/// A word that stands in an address.
struct Word;

impl FromStr for Word {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // As the codes of the floor, which it may stand beside.
        text.parse::<cordboard_floor::TeamId>().map(|_| Self).map_err(|why| why.to_string())
    }
}
