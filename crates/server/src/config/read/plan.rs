//! `[queues.NAME.plan]`: the routing plan of a queue. What its parts contradict is looked for later
//! (`cross`); here each key is read by itself.

use super::SPAN;
use crate::config::did_you_mean;
use crate::config::section::{Placed, Section};
use cordboard_floor::Millis;
use cordboard_floor::configuration::{
    BreakQuota, CallbackTerms, Exit, ExitTarget, Guards, Preferred, RoutingPlan, Selection, Step,
};
use cordboard_floor::contact::SkillCondition;
use cordboard_floor::limits as floor;
use cordboard_floor::{AgentId, QueueId, ReasonId, SkillId};
use std::ops::RangeInclusive;

const SELECTIONS: [(&str, Selection); 9] = [
    ("longest_idle", Selection::LongestIdle),
    ("least_occupied", Selection::LeastOccupied),
    ("fewest_contacts", Selection::FewestContacts),
    ("least_talk", Selection::LeastTalk),
    ("most_skilled", Selection::MostSkilled),
    ("round_robin", Selection::RoundRobin),
    ("weighted", Selection::Weighted),
    ("linear", Selection::Linear),
    ("ring_all", Selection::RingAll),
];
/// A number of agents or contacts of which there must be at least one.
const SOME: RangeInclusive<u64> = 1..=floor::CONTACTS_LIVE_MAX as u64;
const LEVEL: RangeInclusive<u64> = 0..=floor::LEVEL_MAX as u64;
const TARGETS: &str = "write one of queue = \"…\", agent = \"…\", message = \"…\", callback = true";

/// Which row of the file each step and exit was: one that cannot be read is left out, and the others keep their numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    pub(crate) steps: Vec<usize>,
    pub(crate) exits: Vec<usize>,
}

pub(super) fn plan_terms(mut section: Section<'_>, base: RoutingPlan) -> (RoutingPlan, Rows) {
    let mut rows = Rows::default();
    let plan = RoutingPlan {
        selection: selection(&mut section).unwrap_or(base.selection),
        any: any(&mut section).unwrap_or(base.any),
        also: also(&mut section).unwrap_or(base.also),
        weight: section.whole_or("weight", 1..=floor::WEIGHT_MAX.into(), base.weight) as u16,
        answer_within_ms: section.span_or("answer_within_ms", SPAN, base.answer_within_ms),
        conversations_max: section
            .whole_if("conversations_max", SOME)
            .map(|max| max as u32)
            .or(base.conversations_max),
        stay_until_empty: section.flag("stay_until_empty", base.stay_until_empty),
        preferred: preferred(section.within("preferred"), base.preferred),
        steps: steps(&mut section, &mut rows.steps).unwrap_or(base.steps),
        exits: exits(&mut section, &mut rows.exits).unwrap_or(base.exits),
        callback: callback(section.within("callback"), base.callback),
        breaks: breaks(section.within("breaks"), base.breaks),
        guards: guards(section.within("guards"), base.guards),
    };
    section.finish();
    (plan, rows)
}

fn selection(section: &mut Section<'_>) -> Option<Selection> {
    let word = section.text_if("selection")?;
    let found = SELECTIONS.iter().find(|(name, _)| *name == word.value);
    if found.is_none() {
        let names = || SELECTIONS.iter().map(|(name, _)| *name);
        let mend = did_you_mean(word.value, names())
            .unwrap_or_else(|| format!("choose one of {}", names().collect::<Vec<_>>().join(", ")));
        section.error(word.place, "selection", format!("there is no selection {:?}", word.value), mend);
    }
    found.map(|(_, selection)| *selection)
}

fn preferred(mut section: Section<'_>, base: Preferred) -> Preferred {
    let preferred = Preferred {
        wait_ms: section.span_or("wait_ms", SPAN, base.wait_ms),
        first_owner: section.flag("first_owner", base.first_owner),
        last_agent: section.flag("last_agent", base.last_agent),
    };
    section.finish();
    preferred
}

fn callback(mut section: Section<'_>, base: CallbackTerms) -> CallbackTerms {
    let callback = CallbackTerms {
        allowed: section.flag("allowed", base.allowed),
        attempts_max: section.whole_or("attempts_max", 1..=255, base.attempts_max) as u8,
        retry_ms: section.span_or("retry_ms", SPAN, base.retry_ms),
        dial_ms: section.span_or("dial_ms", 1..=floor::SPAN_MS_MAX, base.dial_ms),
        expires_ms: section.span_or("expires_ms", 1..=floor::SPAN_MS_MAX, base.expires_ms),
    };
    section.finish();
    callback
}

fn breaks(mut section: Section<'_>, base: BreakQuota) -> BreakQuota {
    let away_max = section.whole_if("away_max", 0..=floor::AGENTS_MAX as u64);
    if away_max == Some(0) {
        let (place, mend) =
            (section.place_of("away_max"), "allow 1 or more, or leave it out: then a leader decides");
        section.error(place, "away_max", "nobody could ever go on a break", mend);
    }
    let staffed_min = section.whole_if("staffed_min", 0..=floor::AGENTS_MAX as u64);
    let breaks = BreakQuota {
        away_max: away_max.map(|most| most as u32).or(base.away_max),
        staffed_min: staffed_min.map(|least| least as u32).or(base.staffed_min),
    };
    section.finish();
    breaks
}

fn guards(mut section: Section<'_>, base: Guards) -> Guards {
    let guards = Guards {
        reject_rest_ms: section.whole_if("reject_rest_ms", SPAN).map(Millis).or(base.reject_rest_ms),
        no_answer_rest_ms: section.span_or("no_answer_rest_ms", SPAN, base.no_answer_rest_ms),
        missed_max: section.whole_or("missed_max", 1..=255, base.missed_max) as u8,
    };
    section.finish();
    guards
}

fn steps(section: &mut Section<'_>, rows: &mut Vec<usize>) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let is_there = section.rows("steps", |number, mut row| {
        let step = Step {
            after_ms: row.whole_if("after_ms", SPAN).map(Millis),
            eligible_below: some(&mut row, "eligible_below"),
            ready_below: some(&mut row, "ready_below"),
            waiting_above: row.whole_if("waiting_above", 0..=*SOME.end()).map(|above| above as u32),
            skills: conditions(&mut row, "skills"),
            any: any(&mut row),
            forgo_own: row.flag("forgo_own", false),
            also: also(&mut row).unwrap_or_default(),
            raise: row.whole_or("raise", 0..=floor::PRIORITY_MAX.into(), 0u8) as u8,
        };
        let triggers = ["after_ms", "eligible_below", "ready_below", "waiting_above"];
        if triggers.iter().all(|key| !row.has(key)) {
            untriggered(&mut row, &triggers, "a step");
        }
        row.finish();
        steps.push(step);
        rows.push(number);
    });
    too_many(section, "steps", steps.len(), floor::STEPS_MAX);
    is_there.then_some(steps)
}

fn exits(section: &mut Section<'_>, rows: &mut Vec<usize>) -> Option<Vec<Exit>> {
    let mut exits = Vec::new();
    let is_there = section.rows("exits", |number, mut row| {
        let to = target(&mut row);
        let closed = row.flag("closed", false);
        let after_ms = row.whole_if("after_ms", SPAN).map(Millis);
        let estimated_above_ms = row.whole_if("estimated_above_ms", SPAN).map(Millis);
        let waiting_above = row.whole_if("waiting_above", 0..=*SOME.end()).map(|above| above as u32);
        let eligible_below = some(&mut row, "eligible_below");
        let exit = |to| Exit { after_ms, estimated_above_ms, waiting_above, eligible_below, closed, to };
        let triggers = ["after_ms", "estimated_above_ms", "waiting_above", "eligible_below", "closed"];
        if !closed && triggers[..4].iter().all(|key| !row.has(key)) {
            untriggered(&mut row, &triggers, "an exit");
        }
        row.finish();
        if let Some(to) = to {
            exits.push(exit(to));
            rows.push(number);
        }
    });
    too_many(section, "exits", exits.len(), floor::EXITS_MAX);
    is_there.then_some(exits)
}

/// Where an exit leads: exactly one of four.
fn target(row: &mut Section<'_>) -> Option<ExitTarget> {
    let queue = row.code_if::<QueueId>("queue").map(|queue| ExitTarget::Queue(queue.value));
    let agent = row.code_if::<AgentId>("agent").map(|agent| ExitTarget::Agent(agent.value));
    let message = message(row).map(|message| ExitTarget::Message(message.value));
    let callback = row.flag("callback", false).then_some(ExitTarget::Callback);
    let written = ["queue", "agent", "message"].iter().filter(|key| row.has(key)).count();
    match written + usize::from(callback.is_some()) {
        0 => row.error(row.place, "", "an exit without a target leads nowhere", TARGETS),
        1 => {}
        _ => row.error(row.place, "", "an exit has one target, here are several", TARGETS),
    }
    queue.or(agent).or(message).or(callback)
}

fn message(row: &mut Section<'_>) -> Option<Placed<ReasonId>> {
    let text = row.text_if("message")?;
    if text.value.is_empty() {
        let mend = "name it, as in message = \"call_back_later\"";
        row.error(text.place, "message", "a message without a name cannot be played", mend);
        return None;
    }
    row.parsed("message", text.value, text.place).map(|value| Placed { value, place: text.place })
}

fn untriggered(row: &mut Section<'_>, triggers: &[&'static str], what: &str) {
    let mend = format!("add one or more of {}", triggers.join(", "));
    row.error(row.place, "", format!("{what} without a trigger is never taken"), mend);
}

fn some(row: &mut Section<'_>, key: &'static str) -> Option<u32> {
    row.whole_if(key, SOME).map(|number| number as u32)
}

fn too_many(section: &mut Section<'_>, key: &str, count: usize, max: usize) {
    if count > max {
        let place = section.place_of(key);
        section.error(place, key, format!("{count} are too many"), format!("at most {max}"));
    }
}

fn also(section: &mut Section<'_>) -> Option<Vec<QueueId>> {
    let is_there = section.has("also");
    let queues: Vec<QueueId> = section.codes("also").into_iter().map(|queue| queue.value).collect();
    too_many(section, "also", queues.len(), floor::ALSO_MAX);
    is_there.then_some(queues)
}

fn conditions(section: &mut Section<'_>, key: &'static str) -> Option<Vec<SkillCondition>> {
    let is_there = section.has(key);
    let levels = section.levels::<SkillId>(key, LEVEL);
    too_many(section, key, levels.len(), floor::CONDITIONS_MAX);
    let conditions =
        levels.into_iter().map(|(skill, level)| SkillCondition { skill: skill.value, level: level as u8 });
    is_there.then(|| conditions.collect())
}

/// `any = [{ zh = 50, en = 50 }]`: of each table at least one.
fn any(section: &mut Section<'_>) -> Option<Vec<Vec<SkillCondition>>> {
    let mut lists = Vec::new();
    let is_there = section.rows("any", |_, mut row| {
        let mut list = Vec::new();
        for (name, item) in row.pairs() {
            let skill = row.parsed::<SkillId>(name, name, item.key_place);
            let level = row.bounded(name, item, LEVEL);
            if let (Some(skill), Some(level)) = (skill, level) {
                list.push(SkillCondition { skill, level: level as u8 });
            }
        }
        if row.pairs().next().is_none() {
            row.error(
                row.place,
                "",
                "nobody can meet one of no conditions",
                "name a skill, as in { english = 50 }",
            );
        }
        if list.len() > floor::CONDITIONS_MAX {
            let mend = format!("at most {}", floor::CONDITIONS_MAX);
            row.error(row.place, "", format!("{} conditions are too many", list.len()), mend);
        }
        lists.push(list);
    });
    too_many(section, "any", lists.len(), floor::CONDITIONS_MAX);
    is_there.then_some(lists)
}
