//! Whether the parts fit together: what one item says of another must be so.

use super::problem::{Severity, did_you_mean};
use super::source::{Place, Written};
use super::{Described, Placed, Settings};
use asked::Asked;
use cordboard_floor::actor::reasons;
use cordboard_floor::configuration::{AgentConfig, QueueConfig};
use cordboard_floor::{AgentId, CodeId, QueueId, SkillId, TeamId, limits};
use std::collections::{BTreeMap, BTreeSet};

mod agent;
mod asked;
mod exits;
mod pages;
mod plan;
mod steps;

/// Where what all queues take stands.
const DEFAULTS: &str = "queue_defaults";

/// Notes everything that does not fit.
pub(super) fn check(settings: &Settings, written: &mut Written) {
    let mut critic = Critic::of(settings, written);
    critic.counts();
    critic.reasons();
    critic.plans();
    critic.queues();
    critic.circles();
    critic.agents();
    critic.calendars();
    critic.pages();
    critic.alerts();
}

/// Notes what does not fit within itself, whatever queues and agents there are.
pub(super) fn check_alone(settings: &Settings, written: &mut Written) {
    Critic::of(settings, written).plans();
}

struct Critic<'a> {
    settings: &'a Settings,
    /// Which agents and queues there are, and whether they are in use.
    agents: BTreeMap<AgentId, bool>,
    queues: BTreeMap<QueueId, bool>,
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
        let agents = settings.agents.iter().map(|agent| (agent.is.agent, agent.is.active)).collect();
        let queues = settings.queues.iter().map(|queue| (queue.is.queue, queue.is.active)).collect();
        Self { settings, agents, queues, staff, written }
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
        self.plan_alone(DEFAULTS, &settings.queue_defaults);
        for queue in settings.queues.iter().filter(|queue| queue.is.active) {
            self.plan_alone(&format!("queues.{}", queue.is.queue), queue);
        }
    }

    /// What a rule for alerts names should be there.
    fn alerts(&mut self) {
        let settings = self.settings;
        let teams: BTreeSet<TeamId> = settings.agents.iter().filter_map(|agent| agent.is.team).collect();
        for rule in &settings.alerts {
            let key = format!("alerts.{}", rule.is.rule);
            for queue in &rule.places.queues {
                if !self.queues.contains_key(&queue.value) {
                    let names: Vec<String> = self.queues.keys().map(ToString::to_string).collect();
                    let mend = did_you_mean(queue.value.as_str(), names.iter().map(String::as_str));
                    let what = format!("there is no queue {}", queue.value);
                    self.error(queue.place, &format!("{key}.queues"), what, mend.unwrap_or_default());
                }
            }
            for team in rule.is.teams.iter().filter(|team| !teams.contains(team)) {
                let what = format!("no agent belongs to team {team}");
                self.warning(rule.places.item, &format!("{key}.teams"), what, "");
            }
            let reasons = || settings.reasons.iter().map(|reason| reason.is.reason.slug);
            let own = |slug| reasons::ALL.iter().any(|own| own.slug == slug);
            if let Some(reason) =
                rule.is.reason.filter(|slug| !own(*slug) && !reasons().any(|is| is == *slug))
            {
                let names: Vec<String> = reasons().map(|slug| slug.to_string()).collect();
                let mend = did_you_mean(reason.as_str(), names.iter().map(String::as_str));
                let what = format!("there is no reason {reason}");
                self.error(rule.places.item, &format!("{key}.reason"), what, mend.unwrap_or_default());
            }
        }
    }

    fn counts(&mut self) {
        let settings = self.settings;
        for (section, count, max) in [
            ("reasons", settings.reasons.len(), limits::REASONS_MAX),
            ("queues", settings.queues.len(), limits::QUEUES_MAX),
            ("agents", settings.agents.len(), limits::AGENTS_MAX),
            ("alerts", settings.alerts.len(), limits::ALERT_RULES_MAX),
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
        self.plan_names(DEFAULTS, &settings.queue_defaults);
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
            self.success_codes(queue);
            self.known_skills(&format!("queues.{id}.skills"), &places.skills);
            self.served(&queue.is, places.item, &places.skills);
            self.plan_names(&format!("queues.{id}"), queue);
            self.plan_staff(queue);
        }
    }

    /// Whatever counts as a success can be chosen, or it would never be counted.
    fn success_codes(&mut self, queue: &Described<QueueConfig>) {
        let (id, codes) = (queue.is.queue, &queue.is.codes);
        for code in &queue.places.success_codes {
            if codes.contains(&code.value) || code.value == queue.is.default_code {
                continue;
            }
            let what = format!("{:?} is not among the queue's codes", code.value.as_str());
            let mend = did_you_mean(code.value.as_str(), codes.iter().map(CodeId::as_str));
            let mend = mend.unwrap_or_else(|| "add it to codes, or leave it out here".to_owned());
            self.error(code.place, &format!("queues.{id}.success_codes"), what, mend);
        }
    }

    /// A queue that nobody serves, or only people without its skills, keeps its callers for ever. Whoever fits at a later
    /// step serves it.
    fn served(&mut self, queue: &QueueConfig, place: Place, skills: &[Placed<SkillId>]) {
        let id = queue.queue;
        let all = Asked::at_all_steps(queue);
        let servers = all.last().map(|last| self.servers(&last.queues)).unwrap_or_default();
        if servers.is_empty() {
            let what = "no agent serves this queue".to_owned();
            return self.warning(place, &format!("queues.{id}"), what, "put it into an agent's queues");
        }
        if servers.iter().any(|agent| all.iter().any(|asked| asked.fits(agent))) {
            return;
        }
        let staff = self.servers(&all[0].queues);
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
        } else if each_is_met {
            let what = "nobody meets one condition of each list".to_owned();
            self.warning(place, &format!("queues.{id}.plan.any"), what, "callers would wait for ever");
        }
    }

    /// Who serves any of these queues, each once.
    fn servers(&self, queues: &BTreeSet<QueueId>) -> Vec<&'a AgentConfig> {
        let staff = queues.iter().filter_map(|queue| self.staff.get(queue)).flatten();
        let each: BTreeMap<AgentId, &AgentConfig> = staff.map(|agent| (agent.agent, *agent)).collect();
        each.into_values().collect()
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
            self.stand_in(agent);
            self.hands(agent);
        }
    }

    fn calendars(&mut self) {
        let settings = self.settings;
        let used: BTreeSet<&String> =
            settings.queues.iter().filter_map(|queue| queue.hours.as_ref()).collect();
        for (name, calendar) in settings.calendars.iter().filter(|(name, _)| !used.contains(name)) {
            let mend = format!("write hours = {name:?} in a queue");
            self.warning(calendar.place, &format!("calendars.{name}"), "no queue names it".to_owned(), mend);
        }
    }

    fn known_skills(&mut self, key: &str, skills: &[Placed<SkillId>]) {
        for skill in skills {
            self.known_skill(key, skill.value, skill.place);
        }
    }

    /// Says so if there is no such skill.
    fn known_skill(&mut self, key: &str, name: SkillId, place: Place) {
        let settings = self.settings;
        if settings.skills.contains_key(&name) {
            return;
        }
        let mend = did_you_mean(name.as_str(), settings.skills.keys().map(SkillId::as_str));
        let mend = mend.unwrap_or_else(|| format!("add {name} = \"…\" under [skills]"));
        let what = format!("there is no skill {:?}", name.as_str());
        self.error(place, &format!("{key}.{name}"), what, mend);
    }
}
