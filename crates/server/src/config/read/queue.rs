//! Queues: their own table, over `queue_defaults`, over a base. Tables are taken key by key, lists as a whole.

use super::plan::plan_terms;
use super::{SPAN, title_of};
use crate::config::section::Section;
use crate::config::source::{Node, Table, Written};
use crate::config::{Described, Places, Title};
use cordboard_floor::configuration::QueueConfig;
use cordboard_floor::contact::SkillCondition;
use cordboard_floor::limits as floor;
use cordboard_floor::{CodeId, QueueId, SkillId};

/// The defaults, and each queue.
pub(super) fn queues(
    root: &Table,
    written: &mut Written,
) -> (Described<QueueConfig>, Vec<Described<QueueConfig>>) {
    // Read once by themselves, so that their faults are told once and at their own place.
    let mut alone = Section::top(root, "queue_defaults", written);
    let defaults_alone = queue_terms(&mut alone, QueueConfig::customary(QueueId::fixed("defaults")));
    alone.finish();
    let mut queues = Vec::new();
    Section::top(root, "queues", written).or_from(defaults(root)).each(|name, mut section| {
        let id: Option<QueueId> = section.parsed("", name, section.place);
        let base = QueueConfig::customary(id.unwrap_or(QueueId::fixed("unnamed")));
        let queue = whole_queue(&mut section, base);
        if id.is_some() {
            queues.push(queue);
        }
        section.finish();
    });
    (defaults_alone, queues)
}

/// A queue as the base says, with whatever `root` says of it, or of all queues, instead.
pub(in crate::config) fn queue_over(
    root: &Table,
    base: QueueConfig,
    written: &mut Written,
) -> Described<QueueConfig> {
    let name = base.queue;
    let mut section = Section::named(root, "queues", name.as_str(), written).or_from(defaults(root));
    whole_queue(&mut section, base)
}

fn defaults(root: &Table) -> &Table {
    static NOTHING: Table = Table::new();
    match root.get("queue_defaults").map(|item| &item.node) {
        Some(Node::Table(table)) => table,
        _ => &NOTHING,
    }
}

fn whole_queue(section: &mut Section<'_>, base: QueueConfig) -> Described<QueueConfig> {
    let item = section.item("title");
    let title: Title = title_of(section, "title", item);
    let active = section.flag("active", base.active);
    let has_skills = section.has("skills");
    let levels = section.levels::<SkillId>("skills", 0..=floor::LEVEL_MAX.into());
    let asked =
        levels.iter().map(|(skill, level)| SkillCondition { skill: skill.value, level: *level as u8 });
    let skills = if has_skills { asked.collect() } else { base.skills.clone() };
    if skills.len() > floor::CONDITIONS_MAX {
        let (place, mend) = (section.place_of("skills"), format!("at most {}", floor::CONDITIONS_MAX));
        section.error(place, "skills", format!("{} conditions are too many", skills.len()), mend);
    }
    let mut queue = queue_terms(section, base);
    queue.places.skills = levels.into_iter().map(|(skill, _)| skill).collect();
    Described { is: QueueConfig { active, skills, ..queue.is }, title, ..queue }
}

/// The keys that queues and queue_defaults share.
fn queue_terms(section: &mut Section<'_>, base: QueueConfig) -> Described<QueueConfig> {
    let hours = section.text_if("hours").filter(|hours| !hours.value.is_empty());
    let hours = hours.map(|hours| hours.value.to_owned());
    let has_codes = section.has("codes");
    let codes = section.codes::<CodeId>("codes").into_iter().map(|code| code.value).collect();
    let has_success = section.has("success_codes");
    let success_codes = section.codes::<CodeId>("success_codes");
    let default_code = section.code_if::<CodeId>("default_code");
    let (plan, rows) = plan_terms(section.within("plan"), base.plan);
    let config = QueueConfig {
        priority: section.whole_or("priority", 0..=floor::PRIORITY_MAX.into(), base.priority) as u8,
        offer_timeout_ms: section.span_or("offer_timeout_ms", 1..=floor::SPAN_MS_MAX, base.offer_timeout_ms),
        credit_ms_per_point: section.span_or("credit_ms_per_point", SPAN, base.credit_ms_per_point),
        waiting_max: section.whole_or("waiting_max", 1..=floor::CONTACTS_LIVE_MAX as u64, base.waiting_max)
            as u32,
        wrapup_ms: section.span_or("wrapup_ms", SPAN, base.wrapup_ms),
        wrapup_extend_ms: section.span_or("wrapup_extend_ms", SPAN, base.wrapup_extend_ms),
        wrapup_extends_max: section.whole_or("wrapup_extends_max", 0..=255, base.wrapup_extends_max) as u8,
        codes: if has_codes { codes } else { base.codes },
        default_code: default_code.as_ref().map_or(base.default_code, |code| code.value),
        success_codes: if has_success {
            success_codes.iter().map(|code| code.value).collect()
        } else {
            base.success_codes
        },
        plan,
        ..base
    };
    if config.codes.len() > floor::CODES_MAX {
        let (place, mend) = (section.place_of("codes"), format!("at most {}", floor::CODES_MAX));
        section.error(place, "codes", format!("{} codes are too many", config.codes.len()), mend);
    }
    let places = Places {
        item: section.place,
        default_code: default_code.map_or(section.place, |code| code.place),
        success_codes,
        keys: section.keys(&["plan", "hours"]),
        rows,
        ..Places::default()
    };
    Described { is: config, title: Title::new(), hours, places }
}
