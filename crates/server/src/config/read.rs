//! The tree becomes settings, section by section. What the floor is told is read over a base: a key that is not
//! there leaves what the base says, so that the same reading lays a plan over a recorded log's own floor.

mod agent;
mod alert;
mod calendar;
mod pages;
mod plan;
mod queue;

pub(super) use agent::agent_terms;
pub(super) use plan::Rows;
pub(super) use queue::queue_over;

use super::section::Section;
use super::source::{Item, Node, Place, Table, Written};
use super::{Described, Limits, PaperTerms, Places, Server, Settings, Site, Title};
use cordboard_floor::actor::reasons::CUSTOMER_FROM;
use cordboard_floor::configuration::{NotReadyReason, ReasonPurpose, SiteConfig};
use cordboard_floor::limits as floor;
use cordboard_floor::{LayoutId, Millis, Reason, ReasonId, SiteId, SkillId};
use cordboard_views::paper::Layout;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

const SECTIONS: [&str; 17] = [
    "site",
    "server",
    "limits",
    "papers",
    "skills",
    "reasons",
    "alerts",
    "calendars",
    "queue_defaults",
    "queues",
    "agents",
    "teams",
    "codes",
    "attributes",
    "pages",
    "scripts",
    "walls",
];
/// Any span, in ms.
const SPAN: std::ops::RangeInclusive<u64> = 0..=floor::SPAN_MS_MAX;

pub(super) fn settings(written: &mut Written) -> Settings {
    let root = std::mem::take(&mut written.root);
    unknown_sections(&root, written);
    let site = site(Section::top(&root, "site", written));
    let (queue_defaults, queues) = queue::queues(&root, written);
    Settings {
        server: server(Section::top(&root, "server", written)),
        limits: limits(Section::top(&root, "limits", written)),
        papers: papers(Section::top(&root, "papers", written), &site.zone),
        skills: skills(Section::top(&root, "skills", written)),
        reasons: reasons(Section::top(&root, "reasons", written)),
        alerts: alert::alerts(Section::top(&root, "alerts", written)),
        calendars: calendar::calendars(Section::top(&root, "calendars", written), &site.zone),
        queue_defaults,
        queues,
        agents: agent::agents(Section::top(&root, "agents", written)),
        pages: pages::pages(&root, written),
        // Not of the tree: it stands in files of its own.
        workforce: super::workforce::Workforce::default(),
        site,
    }
}

fn unknown_sections(root: &Table, written: &mut Written) {
    for (key, item) in root.iter().filter(|(key, _)| !SECTIONS.contains(&key.as_str())) {
        let mend = super::did_you_mean(key, SECTIONS)
            .unwrap_or_else(|| format!("the sections are {}", SECTIONS.join(", ")));
        written.problem(super::Severity::Error, item.key_place, key, "no such section", mend);
    }
}

fn site(mut section: Section<'_>) -> Site {
    let zone = zone(&mut section);
    let site = Site {
        id: section.code("id", SiteId::fixed("main")),
        country: country(&mut section),
        floor: site_terms(&mut section, SiteConfig { zone: zone.clone(), ..SiteConfig::default() }),
        zone,
    };
    section.finish();
    site
}

/// What the floor is told of the site.
pub(super) fn site_terms(section: &mut Section<'_>, base: SiteConfig) -> SiteConfig {
    SiteConfig {
        title: title_text(section, base.title),
        sign_out_delay_ms: section.span_or("sign_out_delay_ms", SPAN, base.sign_out_delay_ms),
        reject_rest_ms: section.span_or("reject_rest_ms", SPAN, base.reject_rest_ms),
        ended_kept_ms: section.span_or("ended_kept_ms", SPAN, base.ended_kept_ms),
        ready_guard_ms: section.span_or("ready_guard_ms", SPAN, base.ready_guard_ms),
        wrapup_is_idle: section.flag("wrapup_is_idle", base.wrapup_is_idle),
        not_ready_is_idle: section.flag("not_ready_is_idle", base.not_ready_is_idle),
        callers_kept_ms: section.span_or(
            "callers_kept_ms",
            0..=floor::CALLERS_KEPT_MS_MAX,
            base.callers_kept_ms,
        ),
        zone: base.zone,
    }
}

fn title_text(section: &mut Section<'_>, otherwise: String) -> String {
    let title = section.text_if("title").map_or(otherwise, |title| title.value.to_owned());
    if title.len() > 200 {
        let place = section.place_of("title");
        section.error(place, "title", "is longer than 200 bytes", "shorten it");
    }
    title
}

fn country(section: &mut Section<'_>) -> String {
    let country = section.text("country").to_owned();
    if country.is_empty() || country.len() > 3 || country.bytes().any(|byte| !byte.is_ascii_digit()) {
        let place = section.place_of("country");
        section.error(
            place,
            "country",
            format!("{country:?} is no calling code"),
            "write digits, as in \"86\"",
        );
    }
    country
}

fn zone(section: &mut Section<'_>) -> String {
    let zone = section.text("zone").to_owned();
    check_zone(section, &zone);
    zone
}

fn check_zone(section: &mut Section<'_>, zone: &str) {
    if let Err(error) = jiff::tz::TimeZone::get(zone) {
        let place = section.place_of("zone");
        let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        let mend = super::did_you_mean(zone, known.iter().map(String::as_str));
        let mend = mend.unwrap_or_else(|| "write a name as in \"Asia/Shanghai\"".to_owned());
        section.error(place, "zone", format!("{zone:?} is no time zone known here ({error})"), mend);
    }
}

fn server(mut section: Section<'_>) -> Server {
    let cert = section.text_if("tls_cert");
    let key = section.text_if("tls_key");
    for (name, file, other) in [("tls_cert", &cert, &key), ("tls_key", &key, &cert)] {
        let Some(file) = file else { continue };
        if other.is_none() {
            section.error(file.place, name, "stands alone", "give both tls_cert and tls_key, or neither");
        }
        if let Err(error) = std::fs::File::open(file.value) {
            section.error(file.place, name, format!("{} cannot be read: {error}", file.value), "");
        }
    }
    let server = Server {
        listen: listen(&mut section),
        data: PathBuf::from(section.text("data")),
        drain_limit_ms: section.whole("drain_limit_ms", 0..=86_400_000),
        tls: cert.zip(key).map(|(cert, key)| (cert.value.into(), key.value.into())),
        master_key: section.text_if("master_key").map(|file| file.value.into()),
    };
    section.finish();
    server
}

fn listen(section: &mut Section<'_>) -> SocketAddr {
    let text = section.text("listen");
    text.parse().unwrap_or_else(|_| {
        let place = section.place_of("listen");
        section.error(
            place,
            "listen",
            format!("{text:?} is no address"),
            "write one with its port, as in \"127.0.0.1:8480\"",
        );
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
    })
}

fn limits(mut section: Section<'_>) -> Limits {
    const MANY: u64 = 1_000_000;
    const BYTES: u64 = 1 << 40;
    let limits = Limits {
        connections_max: section.whole("connections_max", 1..=MANY),
        body_bytes_max: section.whole("body_bytes_max", 1_024..=16 << 20),
        page_rows_max: section.whole("page_rows_max", 1..=100_000),
        live_readers_max: section.whole("live_readers_max", 1..=MANY),
        token_life_ms: section.whole("token_life_ms", 60_000..=31_536_000_000),
        password_checks_at_once_max: section.whole("password_checks_at_once_max", 1..=64),
        links_max: section.whole("links_max", 1..=MANY),
        link_heartbeat_ms: section.whole("link_heartbeat_ms", 100..=600_000),
        link_lease_ms: section.whole("link_lease_ms", 500..=3_600_000),
        link_outbound_frames_max: section.whole("link_outbound_frames_max", 16..=MANY),
        link_outbound_bytes_max: section.whole("link_outbound_bytes_max", 65_536..=1 << 30),
        rotate_events: section.whole("rotate_events", 1_000..=1_000_000_000),
        cache_bytes: section.whole("cache_bytes", 1 << 20..=BYTES),
        snapshot_every_events: section.whole("snapshot_every_events", 0..=1_000_000_000),
        free_bytes_min: section.whole("free_bytes_min", 1 << 20..=BYTES),
    };
    if limits.link_heartbeat_ms * 2 > limits.link_lease_ms {
        let place = section.place_of("link_heartbeat_ms");
        section.error(
            place,
            "link_heartbeat_ms",
            format!("two heartbeats must fit the lease of {} ms", limits.link_lease_ms),
            "a third of link_lease_ms is customary",
        );
    }
    section.finish();
    limits
}

/// Which reports are frozen of themselves, and when.
fn papers(mut section: Section<'_>, zone: &str) -> PaperTerms {
    let mut enabled = Vec::new();
    for layout in section.codes::<LayoutId>("enabled") {
        if let Err(why) = Layout::find(layout.value.as_str()) {
            let known = Layout::newest().map(|layout| layout.id.as_str());
            let mend = super::did_you_mean(layout.value.as_str(), known).unwrap_or_default();
            section.error(layout.place, "enabled", why.to_string(), mend);
            continue;
        }
        enabled.push(layout.value);
    }
    let hour = section.whole_if("hour", 0..=23).map(|hour| hour as u8);
    section.finish();
    PaperTerms { enabled, hour, zone: zone.to_owned() }
}

fn skills(mut section: Section<'_>) -> BTreeMap<SkillId, Title> {
    let mut skills = BTreeMap::new();
    for (name, item) in section.pairs() {
        if let Some(skill) = section.parsed(name, name, item.key_place) {
            skills.insert(skill, title_of(&mut section, name, Some(item)));
        }
    }
    skills
}

/// `title = "贷款"`, or `title = { zh = "贷款", en = "Loans" }`.
fn title_of<'a>(section: &mut Section<'a>, key: &str, item: Option<&'a Item>) -> Title {
    let Some(item) = item else { return Title::new() };
    if let Node::Table(table) = &item.node {
        let titles = table.iter().filter_map(|(language, item)| {
            let text = section.text_of(&format!("{key}.{language}"), item)?;
            Some((language.clone(), text.value.to_owned()))
        });
        return titles.collect();
    }
    section.text_of(key, item).map(|text| (String::new(), text.value.to_owned())).into_iter().collect()
}

fn reasons(section: Section<'_>) -> Vec<Described<NotReadyReason>> {
    let mut reasons = Vec::new();
    section.each(|name, mut section| {
        let slug: Option<ReasonId> = section.parsed("", name, section.place);
        let number = section.whole("number", CUSTOMER_FROM.into()..=u16::MAX.into()) as u16;
        let (is_break, active) = (section.flag("break", false), section.flag("active", true));
        let allowance_ms = section.whole_if("allowance_ms", SPAN).map(Millis);
        let purpose = purpose(&mut section);
        if purpose != ReasonPurpose::NotReady && (is_break || allowance_ms.is_some()) {
            let place = section.place_of("for");
            let what = "only a reason for being not ready is a break or has an allowance";
            section.error(place, "for", what, "take out `break` and `allowance_ms`, or `for`");
        }
        let item = section.item("title");
        let title = title_of(&mut section, "title", item);
        let places = Places { item: section.place, number: section.place_of("number"), ..Places::default() };
        if let Some(slug) = slug {
            let is =
                NotReadyReason { reason: Reason { number, slug }, active, is_break, allowance_ms, purpose };
            reasons.push(Described { is, title, hours: None, places });
        }
        section.finish();
    });
    reasons
}

/// `for = "act"`; being not ready, if nothing is said.
fn purpose(section: &mut Section<'_>) -> ReasonPurpose {
    const NAMES: [(&str, ReasonPurpose); 3] = [
        ("not_ready", ReasonPurpose::NotReady),
        ("act", ReasonPurpose::Act),
        ("reject", ReasonPurpose::Reject),
    ];
    let Some(text) = section.text_if("for") else { return ReasonPurpose::NotReady };
    let known = NAMES.iter().find(|(name, _)| *name == text.value);
    known.map(|(_, purpose)| *purpose).unwrap_or_else(|| {
        let mend = super::did_you_mean(text.value, NAMES.iter().map(|(name, _)| *name));
        let mend = mend.unwrap_or_else(|| "write not_ready, act or reject".to_owned());
        section.error(text.place, "for", format!("{:?} is nothing that reasons are for", text.value), mend);
        ReasonPurpose::NotReady
    })
}
