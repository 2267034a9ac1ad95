//! Configuration in the words of a scenario, each item anew and whole.

use super::{joined, list_words, moment, skill_words};
use cordboard_floor::configuration::{
    AgentConfig, BreakQuota, CallbackTerms, Exit, ExitTarget, HoursConfig, NotReadyReason, QueueConfig,
    RoutingPlan, Selection, SiteConfig, Step,
};

/// A line, and what has no words in it.
type Said = (String, Vec<String>);

/// Terms of one line.
#[derive(Default)]
struct Terms {
    said: Vec<String>,
    unsaid: Vec<String>,
}

impl Terms {
    fn anew() -> Self {
        Self { said: vec!["anew".to_owned()], unsaid: Vec::new() }
    }

    fn say(&mut self, term: impl Into<String>) {
        self.said.push(term.into());
    }

    fn say_if(&mut self, holds: bool, term: &str) {
        if holds {
            self.say(term);
        }
    }

    fn line(self, what: &str) -> Said {
        let unsaid = self.unsaid.into_iter().map(|unsaid| format!("{what}, {unsaid}")).collect();
        (format!("{what}: {}", self.said.join(", ")), unsaid)
    }
}

pub(super) fn queue(config: &QueueConfig) -> Said {
    let mut terms = Terms::anew();
    terms.say(format!("rings {}ms", config.offer_timeout_ms.0));
    terms.say(format!("wrap-up {}ms", config.wrapup_ms.0));
    terms.say(format!("extend {}ms {} times", config.wrapup_extend_ms.0, config.wrapup_extends_max));
    terms.say(format!("priority {}", config.priority));
    terms.say(format!("a point is worth {}ms", config.credit_ms_per_point.0));
    terms.say(format!("holds {}", config.waiting_max));
    if !config.skills.is_empty() {
        terms.say(format!("asks {}", skill_words(&config.skills)));
    }
    terms.say(format!("codes {}", joined(&config.codes, " ")));
    terms.say(format!("default {}", config.default_code));
    terms.say_if(!config.active, "retired");
    plan(&mut terms, &config.plan);
    terms.line(&format!("queue {}", config.queue))
}

fn plan(terms: &mut Terms, plan: &RoutingPlan) {
    terms.say(format!("selects {}", selection(plan.selection)));
    plan.any.iter().for_each(|list| terms.say(format!("any {}", list_words(list))));
    if !plan.also.is_empty() {
        terms.say(format!("also {}", joined(&plan.also, "+")));
    }
    plan.steps.iter().for_each(|taken| step(terms, taken));
    plan.exits.iter().for_each(|exit| ways(exit).for_each(|way| terms.say(way)));
    terms.say(format!("weight {}", plan.weight));
    terms.say(format!("answers within {}ms", plan.answer_within_ms.0));
    terms.say(format!("waits {}ms for her", plan.preferred.wait_ms.0));
    terms.say_if(plan.preferred.first_owner, "first owner");
    terms.say_if(plan.preferred.last_agent, "last agent");
    terms.said.extend(plan.conversations_max.map(|most| format!("at most {most} conversations")));
    let CallbackTerms { allowed, attempts_max, retry_ms, dial_ms, expires_ms } = plan.callback;
    let (retry, dial, expires) = (retry_ms.0, dial_ms.0, expires_ms.0);
    terms.say_if(
        allowed,
        &format!("calls back {attempts_max} times every {retry}ms ringing {dial}ms within {expires}ms"),
    );
    let BreakQuota { away_max, staffed_min } = plan.breaks;
    terms.said.extend(away_max.map(|most| format!("on break at most {most}")));
    terms.said.extend(staffed_min.map(|least| format!("ready at least {least}")));
    terms.say(format!("not ready after {} missed", plan.guards.missed_max));
    terms.say(format!("missed rest {}ms", plan.guards.no_answer_rest_ms.0));
    terms.said.extend(plan.guards.reject_rest_ms.map(|rest| format!("declined rest {}ms", rest.0)));
    terms.say_if(plan.stay_until_empty, "agents stay until it is empty");
}

const fn selection(selection: Selection) -> &'static str {
    match selection {
        Selection::LongestIdle => "longest_idle",
        Selection::LeastOccupied => "least_occupied",
        Selection::FewestContacts => "fewest_contacts",
        Selection::LeastTalk => "least_talk",
        Selection::MostSkilled => "most_skilled",
        Selection::RoundRobin => "round_robin",
        Selection::Weighted => "weighted",
        Selection::Linear => "linear",
        Selection::RingAll => "ring_all",
    }
}

fn step(terms: &mut Terms, step: &Step) {
    let mut words = vec!["step".to_owned()];
    words.extend(step.after_ms.map(|after| format!("after {}ms", after.0)));
    words.extend(step.eligible_below.map(|few| format!("below {few} eligible")));
    words.extend(step.ready_below.map(|few| format!("below {few} ready")));
    words.extend(step.waiting_above.map(|many| format!("above {many} waiting")));
    match step.skills.as_deref() {
        None => {}
        Some([]) => words.push("asks nothing".to_owned()),
        Some(skills) => {
            words.extend(skills.iter().map(|asked| format!("asks {} {}", asked.skill, asked.level)));
        }
    }
    match step.any.as_deref() {
        None => {}
        Some([]) => words.push("any nothing".to_owned()),
        Some(lists) => terms.unsaid.push(format!("a step with lists of its own: {lists:?}")),
    }
    if step.forgo_own {
        words.push("forgoes".to_owned());
    }
    if !step.also.is_empty() {
        words.push(format!("also {}", joined(&step.also, "+")));
    }
    words.push(format!("raises {}", step.raise));
    terms.say(words.join(" "));
}

/// An exit, once for each of its triggers: there each has one.
fn ways(exit: &Exit) -> impl Iterator<Item = String> {
    let to = match exit.to {
        ExitTarget::Queue(queue) => format!("queue {queue}"),
        ExitTarget::Agent(agent) => format!("agent {agent}"),
        ExitTarget::Message(message) => format!("message {message}"),
        ExitTarget::Callback => "callback".to_owned(),
    };
    let triggers = [
        exit.after_ms.map(|after| format!("after {}ms", after.0)),
        exit.estimated_above_ms.map(|long| format!("longer than {}ms", long.0)),
        exit.waiting_above.map(|many| format!("above {many} waiting")),
        exit.eligible_below.map(|few| format!("below {few} eligible")),
        exit.closed.then(|| "closed".to_owned()),
    ];
    triggers.into_iter().flatten().map(move |trigger| format!("exit {trigger} to {to}"))
}

pub(super) fn agent(config: &AgentConfig) -> Said {
    let mut terms = Terms::anew();
    terms.say(format!("serves {}", joined(&config.queues, " ")));
    if !config.skills.is_empty() {
        let knows = config.skills.iter().map(|(skill, level)| format!("{skill} {level}"));
        terms.say(format!("knows {}", knows.collect::<Vec<_>>().join(" ")));
    }
    terms.say(format!("takes {} at once", config.capacity));
    terms.say_if(!config.active, "retired");
    terms.say(format!("weight {}", config.weight));
    terms.say(format!("position {}", config.position));
    terms.said.extend(config.stand_in.map(|other| format!("stood in for by {other}")));
    for mix in &config.mixes {
        let mix: Vec<String> = mix.iter().map(|(channel, most)| format!("{channel} {most}")).collect();
        terms.say(format!("mix {}", mix.join(" ")));
    }
    if !config.interruptible.is_empty() {
        terms.say(format!("interruptible {}", joined(&config.interruptible, "+")));
    }
    terms.line(&format!("agent {}", config.agent))
}

pub(super) fn reason(reason: &NotReadyReason) -> Said {
    let mut terms = Terms::anew();
    terms.say_if(reason.is_break, "a break");
    terms.said.extend(reason.allowance_ms.map(|most| format!("at most {}ms", most.0)));
    terms.say_if(!reason.active, "retired");
    terms.line(&format!("reason {}", reason.reason.slug))
}

pub(super) fn site(site: &SiteConfig) -> Said {
    let mut terms = Terms::anew();
    terms.say(format!("rest {}ms", site.reject_rest_ms.0));
    terms.say(format!("sign-out after {}ms", site.sign_out_delay_ms.0));
    terms.say(format!("keeps ended {}ms", site.ended_kept_ms.0));
    terms.say(format!("remembers callers {}ms", site.callers_kept_ms.0));
    terms.say(format!("guard {}ms", site.ready_guard_ms.0));
    terms.say_if(site.wrapup_is_idle, "wrap-up is idle");
    terms.say_if(site.not_ready_is_idle, "not ready is idle");
    terms.line("site")
}

pub(super) fn hours(hours: &HoursConfig) -> Said {
    let spans = hours.open.iter().map(|span| format!("{} until {}", moment(span.from), moment(span.until)));
    let terms = Terms { said: spans.collect(), unsaid: Vec::new() };
    terms.line(&format!("hours {}", hours.queue))
}
