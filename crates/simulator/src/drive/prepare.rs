//! The configuration that a server needs before a plan can be driven against it: queues and agents, as a file for `serve --config`.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{DriveError, Plan};

/// The plan's queues, skills and agents as TOML, one table each.
pub fn configuration_toml(plan: &Plan) -> Result<String, DriveError> {
    let floor_plan = plan.floor_plan()?;
    let mut text =
        format!("# Written by `cordboard drive --prepare` for a rehearsal of: {}\n", one_line(&plan.title));
    let skills: BTreeSet<&str> =
        floor_plan.agents.iter().flat_map(|agent| &agent.skills).map(|(skill, _)| skill.as_str()).collect();
    if !skills.is_empty() {
        text.push_str("\n[skills]\n");
        for skill in skills {
            let _ = writeln!(text, "\"{skill}\" = \"{skill}\"");
        }
    }
    for queue in &floor_plan.queues {
        let _ = write!(
            text,
            "\n[queues.\"{}\"]\ncredit_ms_per_point = {}\nwrapup_ms = {}\n",
            queue.queue, queue.credit_ms_per_point.0, queue.wrapup_ms.0
        );
    }
    for agent in &floor_plan.agents {
        let queues: Vec<String> = agent.queues.iter().map(|queue| format!("\"{queue}\"")).collect();
        let _ = write!(text, "\n[agents.\"{}\"]\nqueues = [{}]\n", agent.agent, queues.join(", "));
        if !agent.skills.is_empty() {
            let skills: Vec<String> =
                agent.skills.iter().map(|(skill, level)| format!("\"{skill}\" = {level}")).collect();
            let _ = writeln!(text, "skills = {{ {} }}", skills.join(", "));
        }
    }
    Ok(text)
}

fn one_line(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}
