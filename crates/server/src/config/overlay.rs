//! A routing plan for a floor that is not configured here: a recorded log names its own queues and agents, and a plan
//! file changes how they route. It is a configuration file like any other; what concerns the process is read, and left.
//!
//! A key that the file does not have leaves what the floor had. For a queue, its own table wins over `queue_defaults`.

use super::read::{self, agent_terms, queue_over, site_terms};
use super::section::Section;
use super::source::{Node, Table, Written};
use super::{Described, Problem, Problems, Settings, Severity, cross, did_you_mean, in_order};
use cordboard_floor::configuration::{AgentConfig, QueueConfig, SiteConfig};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a plan file says.
#[derive(Clone, Debug)]
pub(crate) struct Overlay {
    path: PathBuf,
    root: Table,
    settings: Settings,
    /// What works, and hardly as meant.
    pub(crate) warnings: Vec<Problem>,
}

/// Reads a plan file, and checks whatever can be checked without the floor that it is for.
pub(crate) fn read(path: &Path) -> Result<Overlay, Problems> {
    let mut written = Written::read(&[path.to_owned()], []);
    let settings = read::settings(&mut written);
    cross::check_alone(&settings, &mut written);
    let problems = in_order(written.problems);
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(Problems(problems));
    }
    let root = Written::read_alone(path).root;
    Ok(Overlay { path: path.to_owned(), root, settings, warnings: problems })
}

impl Overlay {
    /// The site's settings, with what the file says instead.
    pub(crate) fn site(&self, base: SiteConfig) -> SiteConfig {
        site_terms(&mut Section::top(&self.root, "site", &mut Written::nothing()), base)
    }

    /// A queue, with what the file says of it, or of all queues, instead.
    pub(crate) fn queue(&self, base: QueueConfig) -> QueueConfig {
        queue_over(&self.root, base, &mut Written::nothing()).is
    }

    /// An agent, with what the file says of her instead.
    pub(crate) fn agent(&self, base: AgentConfig) -> AgentConfig {
        self.described(base).is
    }

    /// What in the file does not fit the floor that it is laid over: names that it does not have, exits that lead nowhere.
    /// The queues and agents are those of the floor, before the overlay.
    pub(crate) fn misfits(&self, queues: &[QueueConfig], agents: &[AgentConfig]) -> Vec<Problem> {
        let mut written = Written::read_alone(&self.path);
        written.problems.clear();
        for (section, known) in [
            ("queues", queues.iter().map(|queue| queue.queue.as_str()).collect::<BTreeSet<_>>()),
            ("agents", agents.iter().map(|agent| agent.agent.as_str()).collect()),
        ] {
            let Some(Node::Table(named)) = self.root.get(section).map(|item| &item.node) else { continue };
            for (name, item) in named.iter().filter(|(name, _)| !known.contains(name.as_str())) {
                let mend = did_you_mean(name, known.iter().copied()).unwrap_or_default();
                let path = format!("{section}.{name}");
                written.problem(
                    Severity::Warning,
                    item.key_place,
                    &path,
                    "is not among those that it is laid over",
                    mend,
                );
            }
        }
        let mut settings = self.settings.clone();
        let queues =
            queues.iter().map(|queue| queue_over(&self.root, queue.clone(), &mut Written::nothing()));
        settings.queues = queues.collect();
        settings.agents = agents.iter().map(|agent| self.described(agent.clone())).collect();
        for (skill, _) in settings.agents.iter().flat_map(|agent| &agent.is.skills) {
            settings.skills.entry(*skill).or_default();
        }
        cross::check(&settings, &mut written);
        let own = self.path.display().to_string();
        in_order(written.problems.into_iter().filter(|problem| problem.file == own).collect())
    }

    fn described(&self, base: AgentConfig) -> Described<AgentConfig> {
        let name = base.agent;
        let mut nothing = Written::nothing();
        agent_terms(&mut Section::named(&self.root, "agents", name.as_str(), &mut nothing), base)
    }
}
