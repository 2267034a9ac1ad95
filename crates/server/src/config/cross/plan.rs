//! A plan by itself, and the people and queues that it counts on.

use super::asked::Asked;
use super::{Critic, DEFAULTS};
use crate::config::{Described, did_you_mean};
use cordboard_floor::QueueId;
use cordboard_floor::configuration::{AgentConfig, QueueConfig, Selection};

impl Critic<'_> {
    /// Whatever other queues and agents there are.
    pub(super) fn plan_alone(&mut self, prefix: &str, queue: &Described<QueueConfig>) {
        self.preferred(prefix, queue);
        self.callback(prefix, queue);
        self.most_skilled(prefix, queue);
        self.steps(prefix, queue);
        self.exits_alone(prefix, queue);
    }

    fn preferred(&mut self, prefix: &str, queue: &Described<QueueConfig>) {
        let (preferred, keys) = (&queue.is.plan.preferred, &queue.places.keys);
        for (flag, is_set) in [("first_owner", preferred.first_owner), ("last_agent", preferred.last_agent)] {
            if !is_set {
                continue;
            }
            let (path, place) =
                (format!("plan.preferred.{flag}"), keys.at(&format!("plan.preferred.{flag}")));
            if preferred.wait_ms.0 == 0 {
                let what = "nobody waits for her: wait_ms is 0".to_owned();
                let mend = "give wait_ms a time, as in wait_ms = 20_000, or take this out";
                self.error(place, &format!("{prefix}.{path}"), what, mend);
            }
            if self.settings.site.floor.callers_kept_ms.0 == 0 {
                let what = "nobody remembers who took a caller: site.callers_kept_ms is 0".to_owned();
                let mend =
                    "give site.callers_kept_ms a time, as in callers_kept_ms = 2_592_000_000 (30 days)";
                self.error(place, &format!("{prefix}.{path}"), what, mend);
            }
        }
    }

    fn callback(&mut self, prefix: &str, queue: &Described<QueueConfig>) {
        let (terms, keys) = (&queue.is.plan.callback, &queue.places.keys);
        let last_attempt_ms = u64::from(terms.attempts_max.saturating_sub(1)) * terms.retry_ms.0;
        if terms.allowed && last_attempt_ms >= terms.expires_ms.0 {
            let what = format!(
                "{} attempts {} ms apart do not fit {} ms",
                terms.attempts_max, terms.retry_ms.0, terms.expires_ms.0
            );
            let place = keys.last_of(
                &["attempts_max", "retry_ms", "expires_ms"].map(|key| format!("plan.callback.{key}")),
            );
            let mend = "raise expires_ms, or lower attempts_max or retry_ms";
            self.warning(place, &format!("{prefix}.plan.callback.attempts_max"), what, mend);
        }
    }

    fn most_skilled(&mut self, prefix: &str, queue: &Described<QueueConfig>) {
        let chosen = queue.is.plan.selection == Selection::MostSkilled && prefix != DEFAULTS;
        if chosen && Asked::at_all_steps(&queue.is).iter().all(Asked::names_no_skill) {
            let what = "most_skilled, where no skill is asked: all are alike".to_owned();
            let mend = "name skills or plan.any, unless contacts bring conditions of their own";
            self.warning(
                queue.places.keys.at("plan.selection"),
                &format!("{prefix}.plan.selection"),
                what,
                mend,
            );
        }
    }

    /// Whom and what the plan names must be there.
    pub(super) fn plan_names(&mut self, prefix: &str, queue: &Described<QueueConfig>) {
        let (plan, keys) = (&queue.is.plan, &queue.places.keys);
        for (number, also) in (1..).zip(&plan.also) {
            self.serving(prefix, queue, *also, &format!("plan.also.{number}"));
        }
        for (row, step) in queue.places.rows.steps.iter().zip(&plan.steps) {
            for (number, also) in (1..).zip(&step.also) {
                self.serving(prefix, queue, *also, &format!("plan.steps.{row}.also.{number}"));
            }
            for skill in step.skills.iter().flatten().map(|asked| asked.skill) {
                let path = format!("plan.steps.{row}.skills");
                self.known_skill(&format!("{prefix}.{path}"), skill, keys.at(&format!("{path}.{skill}")));
            }
            self.lists(
                prefix,
                queue,
                step.any.as_deref().unwrap_or_default(),
                &format!("plan.steps.{row}.any"),
            );
        }
        self.lists(prefix, queue, &plan.any, "plan.any");
        self.exit_names(prefix, queue);
        let Some(hours) = &queue.hours else { return };
        if !self.settings.calendars.contains_key(hours) {
            let mend = did_you_mean(hours, self.settings.calendars.keys().map(String::as_str));
            let mend = mend.unwrap_or_else(|| format!("add [calendars.{hours}]"));
            let what = format!("there is no calendar {hours:?}");
            self.error(keys.at("hours"), &format!("{prefix}.hours"), what, mend);
        }
    }

    fn lists(
        &mut self,
        prefix: &str,
        queue: &Described<QueueConfig>,
        any: &[Vec<cordboard_floor::contact::SkillCondition>],
        path: &str,
    ) {
        for (number, list) in (1..).zip(any) {
            for asked in list {
                let place = queue.places.keys.at(&format!("{path}.{number}.{}", asked.skill));
                self.known_skill(&format!("{prefix}.{path}.{number}"), asked.skill, place);
            }
        }
    }

    /// A queue whose agents serve this one too.
    fn serving(&mut self, prefix: &str, queue: &Described<QueueConfig>, also: QueueId, path: &str) {
        let place = queue.places.keys.at(path);
        let key = path.rsplit_once('.').map_or(path, |(key, _)| key);
        if also == queue.is.queue && prefix != DEFAULTS {
            let what = "names the queue itself, whose agents serve it anyway".to_owned();
            return self.error(place, &format!("{prefix}.{key}"), what, "take it out");
        }
        self.known_queue(&format!("{prefix}.{key}"), also, place);
    }

    /// Says so if there is no such queue.
    pub(super) fn known_queue(&mut self, key: &str, name: QueueId, place: super::Place) {
        match self.queues.get(&name) {
            Some(true) => {}
            Some(false) => {
                let what = format!("{name} is retired");
                self.error(place, key, what, "take it out, or set active = true there");
            }
            None => {
                let mend = did_you_mean(name.as_str(), self.queues.keys().map(QueueId::as_str));
                let mend = mend.unwrap_or_else(|| format!("add [queues.{name}]"));
                self.error(place, key, format!("there is no queue {:?}", name.as_str()), mend);
            }
        }
    }

    /// What the plan counts on among the people who serve the queue.
    pub(super) fn plan_staff(&mut self, queue: &Described<QueueConfig>) {
        let (id, plan, keys) = (queue.is.queue, &queue.is.plan, &queue.places.keys);
        let all = Asked::at_all_steps(&queue.is);
        let last = all.last().expect("what is asked on entering");
        let servers = self.servers(&last.queues);
        let alike = |measure: fn(&AgentConfig) -> u16| {
            servers.len() > 1 && servers.iter().all(|agent| measure(agent) == measure(servers[0]))
        };
        let (place, key) = (keys.at("plan.selection"), format!("queues.{id}.plan.selection"));
        if plan.selection == Selection::Weighted && alike(|agent| agent.weight) {
            let what =
                format!("weighted, and all {} agents have weight {}", servers.len(), servers[0].weight);
            self.warning(place, &key, what, "give agents a weight of their own, or choose fewest_contacts");
        }
        if plan.selection == Selection::Linear && alike(|agent| agent.position) {
            let what =
                format!("linear, and all {} agents have position {}", servers.len(), servers[0].position);
            self.warning(
                place,
                &key,
                what,
                "give agents a position: without one, their place in the table counts",
            );
        }
        let hands: u64 = servers.iter().map(|agent| u64::from(capacity(agent))).sum();
        if let Some(max) = plan.conversations_max.filter(|max| !servers.is_empty() && u64::from(*max) > hands)
        {
            let what = format!("{max} conversations, and its {} agents can hold {hands}", servers.len());
            let mend = format!("choose less than {hands}, or take it out");
            self.warning(
                keys.at("plan.conversations_max"),
                &format!("queues.{id}.plan.conversations_max"),
                what,
                mend,
            );
        }
        let own = self.staff.get(&id).map_or(0, Vec::len);
        if let Some(least) = plan.breaks.staffed_min.filter(|least| own > 0 && *least as usize >= own) {
            let what =
                format!("{least} must stay, and the queue has {own} agents: no break could ever be granted");
            let mend = match own {
                1 => "take it out: then a leader decides".to_owned(),
                _ => format!("choose {} or less", own - 1),
            };
            let key = format!("queues.{id}.plan.breaks.staffed_min");
            self.error(keys.at("plan.breaks.staffed_min"), &key, what, mend);
        }
    }
}

/// What she can have in hand at once.
fn capacity(agent: &AgentConfig) -> u32 {
    let mixes = agent.mixes.iter().map(|mix| mix.iter().map(|(_, most)| u32::from(*most)).sum());
    mixes.max().unwrap_or_else(|| agent.capacity.into())
}
