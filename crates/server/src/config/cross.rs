//! Whether the parts fit together: what one item says of another must be so.

use super::problem::{Severity, did_you_mean};
use super::source::{Place, Written};
use super::{Placed, Settings};
use cordboard_floor::actor::reasons;
use cordboard_floor::configuration::{AgentConfig, QueueConfig};
use cordboard_floor::{QueueId, SkillId, limits};
use std::collections::{BTreeMap, BTreeSet};

mod agent;
mod exits;
mod plan;
mod steps;

/// Notes everything that does not fit.
pub(super) fn check(settings: &Settings, written: &mut Written) {
    let mut critic = Critic::of(settings, written);
    critic.counts();
    critic.reasons();
    critic.plans();
    critic.queues();
    critic.agents();
}

/// Notes what does not fit within itself, whatever queues and agents there are.
pub(super) fn check_alone(settings: &Settings, written: &mut Written) {
    Critic::of(settings, written).plans();
}

struct Critic<'a> {
    settings: &'a Settings,
    /// Who serves which queue.
    staff: BTreeMap<QueueId, Vec<&'a AgentConfig>>,
    written: &'a mut Written,
}

impl<'a> Critic<'a> {
    fn of(settings: &'a Settings, written: &'a mut Written) -> Self {
        let mut staff: BTreeMap<QueueId, Vec<&AgentConfig>> = BTreeMap::new();
        for agent in settings.agents.iter().map(|agent| &agent.is).filter(|agent| agent.active) {
            for queue in &agent.queues {
                staff.entry(*queue).or_default().push(agent);
            }
        }
        Self { settings, staff, written }
    }

    fn error(&mut self, place: Place, key: &str, what: String, mend: impl Into<String>) {
        self.written.problem(Severity::Error, place, key, what, mend);
    }

    fn warning(&mut self, place: Place, key: &str, what: String, mend: impl Into<String>) {
        self.written.problem(Severity::Warning, place, key, what, mend);
    }

    /// The plans, each by itself.
    fn plans(&mut self) {
        let settings = self.settings;
        self.plan_alone("queue_defaults", &settings.queue_defaults);
        for queue in settings.queues.iter().filter(|queue| queue.is.active) {
            self.plan_alone(&format!("queues.{}", queue.is.queue), queue);
        }
    }

    fn counts(&mut self) {
        let settings = self.settings;
        for (section, count, max) in [
            ("reasons", settings.reasons.len(), limits::REASONS_MAX),
            ("queues", settings.queues.len(), limits::QUEUES_MAX),
            ("agents", settings.agents.len(), limits::AGENTS_MAX),
        ] {
            if count > max {
                let what = format!("{count} are more than a site may have");
                self.error(Place::default(), section, what, format!("at most {max}"));
            }
        }
    }

    fn reasons(&mut self) {
        let mut owners = BTreeMap::new();
        for reason in &self.settings.reasons {
            let slug = reason.is.reason.slug;
            if reasons::ALL.iter().any(|own| own.slug == slug) {
                let what = format!("{slug} is one of the system's own reasons");
                self.error(reason.places.item, &format!("reasons.{slug}"), what, "choose another name");
            }
            if let Some(other) = owners.insert(reason.is.reason.number, slug) {
                let what = format!("{} is the number of {other} already", reason.is.reason.number);
                let key = format!("reasons.{slug}.number");
                self.error(
                    reason.places.number,
                    &key,
                    what,
                    "numbers are never given twice; choose a free one",
                );
            }
        }
    }

    fn queues(&mut self) {
        let settings = self.settings;
        for queue in settings.queues.iter().filter(|queue| queue.is.active) {
            let (id, places) = (queue.is.queue, &queue.places);
            if !queue.is.codes.is_empty() && !queue.is.codes.contains(&queue.is.default_code) {
                let what = format!("{:?} is not among the queue's codes", queue.is.default_code.as_str());
                let mend = did_you_mean(
                    queue.is.default_code.as_str(),
                    queue.is.codes.iter().map(cordboard_floor::CodeId::as_str),
                );
                let mend = mend.unwrap_or_else(|| "add it to codes, or choose one of them".to_owned());
                self.error(places.default_code, &format!("queues.{id}.default_code"), what, mend);
            }
            self.known_skills(&format!("queues.{id}.skills"), &places.skills);
            self.served(&queue.is, places.item, &places.skills);
        }
    }

    /// A queue that nobody serves, or only people without its skills, keeps its callers for ever.
    fn served(&mut self, queue: &QueueConfig, place: Place, skills: &[Placed<SkillId>]) {
        let id = queue.queue;
        let Some(staff) = self.staff.get(&id).cloned() else {
            let what = "no agent serves this queue".to_owned();
            return self.warning(place, &format!("queues.{id}"), what, "put it into an agent's queues");
        };
        let mut each_is_met = true;
        for (condition, placed) in queue.skills.iter().zip(skills) {
            if !staff.iter().any(|agent| agent.meets(std::slice::from_ref(condition))) {
                each_is_met = false;
                if !self.settings.skills.contains_key(&condition.skill) {
                    continue;
                }
                let (skill, level) = (condition.skill, condition.level);
                let best = staff.iter().flat_map(|agent| &agent.skills).filter(|(known, _)| *known == skill);
                let best = best.map(|(_, level)| *level).max().unwrap_or(0);
                let what = format!("none of the queue's {} agents meets {level}", staff.len());
                let mend = format!("the best of them has {best}; callers would wait for ever");
                self.warning(placed.place, &format!("queues.{id}.skills.{skill}"), what, mend);
            }
        }
        if each_is_met && !staff.iter().any(|agent| agent.meets(&queue.skills)) {
            let what = "nobody meets all of the queue's conditions at once".to_owned();
            self.warning(place, &format!("queues.{id}.skills"), what, "callers would wait for ever");
        }
    }

    fn agents(&mut self) {
        let settings = self.settings;
        let known: BTreeSet<QueueId> = settings.queues.iter().map(|queue| queue.is.queue).collect();
        for agent in settings.agents.iter().filter(|agent| agent.is.active) {
            let id = agent.is.agent;
            for queue in agent.places.queues.iter().filter(|queue| !known.contains(&queue.value)) {
                let what = format!("there is no queue {:?}", queue.value.as_str());
                let mend = did_you_mean(queue.value.as_str(), known.iter().map(QueueId::as_str));
                let mend = mend.unwrap_or_else(|| format!("add [queues.{}]", queue.value));
                self.error(queue.place, &format!("agents.{id}.queues"), what, mend);
            }
            if agent.is.queues.is_empty() {
                let what = "she serves no queue".to_owned();
                self.warning(agent.places.item, &format!("agents.{id}"), what, "give her queues");
            }
            self.known_skills(&format!("agents.{id}.skills"), &agent.places.skills);
        }
    }

    fn known_skills(&mut self, key: &str, skills: &[Placed<SkillId>]) {
        let settings = self.settings;
        for skill in skills.iter().filter(|skill| !settings.skills.contains_key(&skill.value)) {
            let name = skill.value;
            let mend = did_you_mean(name.as_str(), settings.skills.keys().map(SkillId::as_str));
            let mend = mend.unwrap_or_else(|| format!("add {name} = \"…\" under [skills]"));
            self.error(
                skill.place,
                &format!("{key}.{name}"),
                format!("there is no skill {:?}", name.as_str()),
                mend,
            );
        }
    }
}
