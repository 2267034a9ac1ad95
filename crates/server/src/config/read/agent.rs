//! Agents, over a base.

use crate::config::section::Section;
use crate::config::{Described, Places, Title};
use cordboard_floor::configuration::{AgentConfig, Mix};
use cordboard_floor::limits as floor;
use cordboard_floor::{AgentId, Channel, QueueId, SkillId};

pub(super) fn agents(section: Section<'_>) -> Vec<Described<AgentConfig>> {
    let mut agents = Vec::new();
    section.each(|name, mut section| {
        let agent: Option<AgentId> = section.parsed("", name, section.place);
        let base = AgentConfig::customary(agent.unwrap_or(AgentId::fixed("unnamed")));
        let terms = agent_terms(&mut section, base);
        if agent.is_some() {
            agents.push(terms);
        }
        section.finish();
    });
    agents
}

/// An agent as the base says, with whatever the section says instead.
pub(in crate::config) fn agent_terms(section: &mut Section<'_>, base: AgentConfig) -> Described<AgentConfig> {
    let (has_queues, has_skills) = (section.has("queues"), section.has("skills"));
    let queues = section.codes::<QueueId>("queues");
    let levels = section.levels::<SkillId>("skills", 0..=floor::LEVEL_MAX.into());
    let has_interruptible = section.has("interruptible");
    let interruptible = section.codes::<Channel>("interruptible");
    for (key, count, max) in [
        ("queues", queues.len(), floor::AGENT_QUEUES_MAX),
        ("skills", levels.len(), floor::AGENT_SKILLS_MAX),
        ("interruptible", interruptible.len(), floor::CHANNELS_MAX),
    ] {
        if count > max {
            let place = section.place_of(key);
            section.error(place, key, format!("{count} are too many"), format!("at most {max}"));
        }
    }
    let skills = levels.iter().map(|(skill, level)| (skill.value, *level as u8)).collect();
    let channels = interruptible.into_iter().map(|channel| channel.value).collect();
    let is = AgentConfig {
        agent: base.agent,
        active: section.flag("active", base.active),
        team: section.code_if("team").map(|team| team.value).or(base.team),
        queues: if has_queues { queues.iter().map(|queue| queue.value).collect() } else { base.queues },
        skills: if has_skills { skills } else { base.skills },
        capacity: section.whole_or("capacity", 1..=floor::CAPACITY_MAX.into(), base.capacity) as u8,
        weight: section.whole_or("weight", 1..=floor::WEIGHT_MAX.into(), base.weight) as u16,
        position: section.whole_or("position", 0..=u16::MAX.into(), base.position) as u16,
        stand_in: section.code_if("stand_in").map(|agent| agent.value).or(base.stand_in),
        mixes: mixes(section).unwrap_or(base.mixes),
        interruptible: if has_interruptible { channels } else { base.interruptible },
    };
    let places = Places {
        item: section.place,
        keys: section.keys(&["stand_in", "mixes", "interruptible", "capacity"]),
        queues,
        skills: levels.into_iter().map(|(skill, _)| skill).collect(),
        ..Places::default()
    };
    Described { is, title: Title::new(), hours: None, places }
}

/// `mixes = [{ voice = 1 }, { chat = 3 }]`: at once whatever fits within one of these.
fn mixes(section: &mut Section<'_>) -> Option<Vec<Mix>> {
    let mut mixes = Vec::new();
    let is_there = section.rows("mixes", |_, mut row| {
        let mut mix = Mix::new();
        for (name, item) in row.pairs() {
            let channel = row.parsed::<Channel>(name, name, item.key_place);
            let most = row.bounded(name, item, 1..=floor::CAPACITY_MAX.into());
            if let (Some(channel), Some(most)) = (channel, most) {
                mix.push((channel, most as u8));
            }
        }
        let most: u64 = mix.iter().map(|(_, most)| u64::from(*most)).sum();
        if row.pairs().next().is_none() {
            row.error(
                row.place,
                "",
                "a mix without a channel allows nothing",
                "name one, as in { voice = 1 }",
            );
        }
        if most > floor::CAPACITY_MAX.into() {
            let mend = format!("at most {}", floor::CAPACITY_MAX);
            row.error(row.place, "", format!("{most} contacts in hand at once are too many"), mend);
        }
        if mix.len() > floor::CHANNELS_MAX {
            let mend = format!("at most {}", floor::CHANNELS_MAX);
            row.error(row.place, "", format!("{} channels are too many", mix.len()), mend);
        }
        mixes.push(mix);
    });
    if mixes.len() > floor::MIXES_MAX {
        let (place, mend) = (section.place_of("mixes"), format!("at most {}", floor::MIXES_MAX));
        section.error(place, "mixes", format!("{} are too many", mixes.len()), mend);
    }
    is_there.then_some(mixes)
}
