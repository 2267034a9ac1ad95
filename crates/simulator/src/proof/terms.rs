//! The configuration of a world: a few queues and agents, drawn so that they meet, quarrel and run short.
//! Every field that the floor knows is drawn here; those of the routing plan in [`plan`].

mod plan;

use crate::recording::Rng;
use cordboard_floor::alert::{AlertMeasure, AlertRule};
use cordboard_floor::configuration::{
    AgentConfig, HoursConfig, NotReadyReason, QueueConfig, SiteConfig, Span,
};
use cordboard_floor::contact::SkillCondition;
use cordboard_floor::{
    AgentId, AlertRuleId, Channel, CodeId, Command, Instant, Millis, QueueId, Reason, ReasonId, SeatId,
    SkillId, TeamId,
};

/// The one rule for alerts.
pub(crate) const ALERT: AlertRuleId = AlertRuleId::fixed("waiting");

fn alert_rule() -> AlertRule {
    AlertRule {
        amber: Some(2),
        red: Some(4),
        hysteresis: 1,
        ..AlertRule::customary(ALERT, AlertMeasure::Waiting)
    }
}

/// Everyone and everything that a world may name.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    pub(crate) queues: Vec<QueueId>,
    pub(crate) agents: Vec<AgentId>,
    pub(crate) channels: Vec<Channel>,
    pub(crate) site: SiteConfig,
    plans: bool,
    seed: u64,
}

const QUEUES: [&str; 4] = ["loans", "cards", "gold", "late"];
const CHANNELS: [&str; 3] = ["voice", "chat", "mail"];
const SKILLS: [&str; 3] = ["en", "tax", "vip"];
/// Reasons to be away: name, whether a break.
const REASONS: [(&str, bool); 4] = [("lunch", false), ("paper", false), ("tea", true), ("rest", true)];
const CODES: [&str; 2] = ["solved", "open"];

/// A code of these letters.
pub(crate) fn code<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().expect("a code")
}

impl Terms {
    /// Those of a seed.
    pub(crate) fn of(seed: u64, plans: bool) -> Self {
        let mut rng = Rng::stream(seed, "terms");
        let queues = 2 + rng.below(3) as usize;
        let agents = 2 + rng.below(11) as usize;
        let channels = 1 + rng.below(3) as usize;
        Self {
            queues: QUEUES[..queues].iter().map(|name| code(name)).collect(),
            agents: (1..=agents).map(|number| code(&(1000 + number).to_string())).collect(),
            channels: CHANNELS[..channels].iter().map(|name| code(name)).collect(),
            site: site(&mut rng, plans),
            plans,
            seed,
        }
    }

    /// Whether plans are drawn.
    pub(crate) const fn plans(&self) -> bool {
        self.plans
    }

    /// What a new log is told first.
    pub(crate) fn furniture(&self) -> Vec<Command> {
        let mut rng = Rng::stream(self.seed, "furniture");
        let mut commands = vec![Command::ApplySite(self.site.clone())];
        commands.extend((0..REASONS.len()).map(|which| Command::ApplyReason(reason(&mut rng, which, true))));
        commands.push(Command::ApplyAlertRule(alert_rule()));
        for queue in &self.queues {
            commands.push(Command::ApplyQueue(self.queue(&mut rng, *queue, true)));
        }
        for agent in &self.agents {
            commands.push(Command::ApplyAgent(self.agent(&mut rng, *agent, true)));
        }
        commands
    }

    /// A change of one queue; now and then it is retired.
    pub(crate) fn another_queue(&self, number: u32) -> QueueConfig {
        let mut rng = Rng::of_item(self.seed, "queue", u64::from(number));
        let queue = self.queues[rng.below(self.queues.len() as u64) as usize];
        let active = rng.below(16) > 0;
        self.queue(&mut rng, queue, active)
    }

    /// A change of one agent; now and then she is retired.
    pub(crate) fn another_agent(&self, number: u32, agent: AgentId, retired: bool) -> AgentConfig {
        let mut rng = Rng::of_item(self.seed, "agent", u64::from(number));
        let active = retired || rng.below(10) > 0;
        self.agent(&mut rng, agent, active)
    }

    /// A change of one reason.
    pub(crate) fn another_reason(&self, number: u32) -> NotReadyReason {
        let mut rng = Rng::of_item(self.seed, "reason", u64::from(number));
        let which = rng.below(REASONS.len() as u64) as usize;
        let active = rng.below(6) > 0;
        reason(&mut rng, which, active)
    }

    /// A change of the site's settings.
    pub(crate) fn another_site(&self, number: u32) -> SiteConfig {
        site(&mut Rng::of_item(self.seed, "site", u64::from(number)), self.plans)
    }

    /// Hours of one queue, from about now on.
    pub(crate) fn hours(&self, number: u32, now: Instant) -> HoursConfig {
        let mut rng = Rng::of_item(self.seed, "hours", u64::from(number));
        let queue = self.queues[rng.below(self.queues.len() as u64) as usize];
        let mut open = Vec::new();
        // Without the calendar's own acts there is nothing to be opened or closed by: no spans.
        let mut at = now.minus(Millis(rng.below(60_000)));
        for _ in 0..if self.plans { rng.below(4) } else { 0 } {
            let from = at.plus(Millis(rng.below(90_000)));
            let until = from.plus(Millis(1 + rng.below(180_000)));
            open.push(Span { from, until });
            at = until;
        }
        HoursConfig { queue, open }
    }

    /// Where she sits, if she has a choice.
    pub(crate) fn seat(&self, number: u32) -> SeatId {
        code(&format!("S{}", number as usize % (self.agents.len() + 2)))
    }

    /// A contact's own conditions, mostly none.
    pub(crate) fn own_skills(&self, number: u32) -> Vec<SkillCondition> {
        let mut rng = Rng::of_item(self.seed, "own skills", u64::from(number));
        if rng.below(4) > 0 { Vec::new() } else { conditions(&mut rng, 1) }
    }

    fn queue(&self, rng: &mut Rng, queue: QueueId, active: bool) -> QueueConfig {
        let asked = rng.below(3);
        QueueConfig {
            queue,
            active,
            priority: [50, 50, 80, 20][rng.below(4) as usize],
            skills: conditions(rng, asked),
            offer_timeout_ms: Millis(2_000 + rng.below(14_000)),
            credit_ms_per_point: Millis([0, 500, 1_000, 60_000][rng.below(4) as usize]),
            waiting_max: [2, 5, 20, 100][rng.below(4) as usize],
            wrapup_ms: Millis([0, 2_000, 6_000, 20_000][rng.below(4) as usize]),
            wrapup_extend_ms: Millis(1_000 + rng.below(8_000)),
            wrapup_extends_max: rng.below(3) as u8,
            codes: CODES.iter().map(|name| code::<CodeId>(name)).collect(),
            default_code: CodeId::fixed("none"),
            plan: if self.plans { plan::draw(rng, self, queue) } else { Default::default() },
            success_codes: Vec::new(),
        }
    }

    fn agent(&self, rng: &mut Rng, agent: AgentId, active: bool) -> AgentConfig {
        let queues = self.queues.iter().copied().filter(|_| rng.below(3) > 0).collect();
        let skills = SKILLS.iter().filter_map(|skill| {
            let knows = rng.below(4) > 0;
            knows.then(|| (code::<SkillId>(skill), level(rng)))
        });
        let skills = skills.collect();
        let team = [None, Some("red"), Some("blue")][rng.below(3) as usize].map(code::<TeamId>);
        let capacity = [1, 1, 1, 2, 3][rng.below(5) as usize];
        let config = AgentConfig { active, team, queues, skills, capacity, ..AgentConfig::customary(agent) };
        if self.plans { plan::of_agent(rng, self, config) } else { config }
    }
}

/// A level that stands just below, at or above what is asked.
fn level(rng: &mut Rng) -> u8 {
    [0, 39, 40, 59, 60, 80, 100][rng.below(7) as usize]
}

/// Up to so many conditions, each of another skill.
fn conditions(rng: &mut Rng, most: u64) -> Vec<SkillCondition> {
    let first = rng.below(SKILLS.len() as u64);
    (0..most.min(SKILLS.len() as u64))
        .map(|nth| SkillCondition {
            skill: code(SKILLS[((first + nth) % SKILLS.len() as u64) as usize]),
            level: [0, 40, 60][rng.below(3) as usize],
        })
        .collect()
}

/// A reason to be away, by its place.
fn reason(rng: &mut Rng, which: usize, active: bool) -> NotReadyReason {
    let (name, is_break) = REASONS[which];
    let allowance = is_break || rng.below(4) == 0;
    NotReadyReason {
        reason: Reason { number: 1000 + which as u16, slug: code::<ReasonId>(name) },
        active,
        is_break,
        allowance_ms: allowance.then(|| Millis(2_000 + rng.below(20_000))),
        purpose: Default::default(),
    }
}

/// A reason that somebody may name: mostly one that means what she wants.
pub(crate) fn reason_named(number: u32, is_break: bool) -> ReasonId {
    let among: Vec<&str> = REASONS
        .iter()
        .filter(|(_, kind)| *kind == is_break || number.is_multiple_of(16))
        .map(|(name, _)| *name)
        .collect();
    code(among[number as usize / 16 % among.len()])
}

fn site(rng: &mut Rng, plans: bool) -> SiteConfig {
    let site = SiteConfig {
        title: "Stage".to_owned(),
        sign_out_delay_ms: Millis(5_000 + rng.below(60_000)),
        reject_rest_ms: Millis([0, 1_000, 5_000][rng.below(3) as usize]),
        ended_kept_ms: Millis([0, 5_000, 60_000][rng.below(3) as usize]),
        ..SiteConfig::default()
    };
    if plans { plan::of_site(rng, site) } else { site }
}
