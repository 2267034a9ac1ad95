//! A recording's floor with a routing plan laid over it: what the file does not say stays as the recording has it.

use super::failed;
use crate::config::{Problems, Severity, overlay};
use crate::failure::{Failure, say};
use cordboard_simulator::drive::{FloorPlan, Plan};
use std::path::Path;

/// Reads the file, says what is odd in it, and refuses what cannot be.
pub(super) fn floor_of(plan: &Plan, file: &Path) -> Result<FloorPlan, Failure> {
    let overlay = overlay::read(file).map_err(Problems::told)?;
    let FloorPlan { site, queues, agents } = plan.floor_plan().map_err(failed)?;
    let mut problems = overlay.warnings.clone();
    problems.extend(overlay.misfits(&queues, &agents));
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(Problems(problems).told());
    }
    problems.iter().for_each(|problem| say(&problem.to_string()));
    Ok(FloorPlan {
        site: overlay.site(site),
        queues: queues.into_iter().map(|queue| overlay.queue(queue)).collect(),
        agents: agents.into_iter().map(|agent| overlay.agent(agent)).collect(),
    })
}
