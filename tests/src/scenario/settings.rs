//! `queue …`, `agent …`, `reason …`, `site …`: who and what is there, and how that changes.

use super::plan;
use super::play::Stage;
use super::words::{code, moment, number, skills, span};
use cordboard_floor::alert::{AlertMeasure, AlertRule};
use cordboard_floor::command::AskedState;
use cordboard_floor::configuration::{
    AgentConfig, BreakQuota, CallbackTerms, HoursConfig, NotReadyReason, QueueConfig, ReasonPurpose, Span,
};
use cordboard_floor::{AgentId, Command, Reason, Submission};

/// The commands that set one line of the scene.
pub(super) fn given(stage: &Stage, line: &str) -> Result<Vec<Submission<Command>>, String> {
    let (what, terms) = line.split_once(':').unwrap_or((line, ""));
    let terms: Vec<&str> = terms.split([',', ';']).map(str::trim).filter(|term| !term.is_empty()).collect();
    let commands = match what.split_whitespace().collect::<Vec<_>>()[..] {
        ["queue", name] => vec![Command::ApplyQueue(queue(stage, name, &terms)?)],
        ["agent", name] => agent(stage, name, &terms)?,
        ["reason", name] => vec![Command::ApplyReason(reason(stage, name, &terms)?)],
        ["site"] => vec![Command::ApplySite(site(stage, &terms)?)],
        ["alert", name] => vec![Command::ApplyAlertRule(alert(stage, name, &terms)?)],
        ["hours", queue] => vec![Command::ApplyHours(hours(queue, &terms)?)],
        _ => return Err("queue, agent, reason, site, hours or alert?".to_owned()),
    };
    Ok(commands.into_iter().map(|command| Submission::system("configuration", command)).collect())
}

fn queue(stage: &Stage, name: &str, terms: &[&str]) -> Result<QueueConfig, String> {
    let queue = code(name)?;
    let known = stage.floor.queue(queue).map(|known| known.config.clone());
    let mut config = known.unwrap_or_else(|| QueueConfig::customary(queue));
    for term in terms {
        match term.split_whitespace().collect::<Vec<_>>()[..] {
            ["anew"] => config = QueueConfig::customary(queue),
            ["rings", time] => config.offer_timeout_ms = span(time)?,
            ["wrap-up", "none"] => config.wrapup_ms = span("0s")?,
            ["wrap-up", time] => config.wrapup_ms = span(time)?,
            ["extend", time, times, "times"] => {
                config.wrapup_extend_ms = span(time)?;
                config.wrapup_extends_max = number(times)?;
            }
            ["priority", value] => config.priority = number(value)?,
            ["a", "point", "is", "worth", time] => config.credit_ms_per_point = span(time)?,
            ["holds", count] => config.waiting_max = number(count)?,
            ["asks", "nothing"] => config.skills.clear(),
            ["asks", ref pairs @ ..] => config.skills = skills(pairs)?,
            ["codes", ref codes @ ..] => {
                config.codes = codes.iter().map(|code_| code(code_)).collect::<Result<_, _>>()?
            }
            ["default", code_] => config.default_code = code(code_)?,
            ["retired"] => config.active = false,
            ["active"] => config.active = true,
            ["calls", "back", times, "times", "every", retry, "ringing", dial, "within", expires] => {
                config.plan.callback = CallbackTerms {
                    allowed: true,
                    attempts_max: number(times)?,
                    retry_ms: span(retry)?,
                    dial_ms: span(dial)?,
                    expires_ms: span(expires)?,
                };
            }
            ["on", "break", "at", "most", count] => config.plan.breaks.away_max = Some(number(count)?),
            ["ready", "at", "least", count] => config.plan.breaks.staffed_min = Some(number(count)?),
            ["breaks", "by", "the", "leader"] => config.plan.breaks = BreakQuota::default(),
            ["not", "ready", "after", count, "missed"] => config.plan.guards.missed_max = number(count)?,
            ["missed", "rest", time] => config.plan.guards.no_answer_rest_ms = span(time)?,
            ["declined", "rest", time] => config.plan.guards.reject_rest_ms = Some(span(time)?),
            ["agents", "stay", "until", "it", "is", "empty"] => config.plan.stay_until_empty = true,
            ref words if plan::queue(&mut config, words)? => {}
            _ => return Err(format!("what is {term:?} to a queue?")),
        }
    }
    Ok(config)
}

fn agent(stage: &Stage, name: &str, terms: &[&str]) -> Result<Vec<Command>, String> {
    let agent: AgentId = code(name)?;
    let known = stage.floor.agent(agent).map(|known| known.config.clone());
    let mut config = known.unwrap_or_else(|| AgentConfig::customary(agent));
    let mut after = Vec::new();
    for term in terms {
        match term.split_whitespace().collect::<Vec<_>>()[..] {
            ["anew"] => config = AgentConfig::customary(agent),
            ["serves", ref queues @ ..] => {
                config.queues = queues.iter().map(|queue| code(queue)).collect::<Result<_, _>>()?
            }
            ["knows", "nothing"] => config.skills.clear(),
            ["knows", ref pairs @ ..] => {
                config.skills = skills(pairs)?.into_iter().map(|held| (held.skill, held.level)).collect();
            }
            ["takes", count, "at", "once"] => config.capacity = number(count)?,
            ["retired"] => config.active = false,
            ["seat", seat] => after.push(Command::SignIn { agent, seat: code(seat)? }),
            ["link", session] => after.push(Command::LinkOpened { agent, session: code(session)? }),
            ["team", team] => config.team = Some(code(team)?),
            ["ready"] => after.push(Command::SetState { agent, state: AskedState::Ready }),
            ref words if plan::agent(&mut config, words)? => {}
            _ => return Err(format!("what is {term:?} to an agent?")),
        }
    }
    after.insert(0, Command::ApplyAgent(config));
    Ok(after)
}

/// Rules are read by whoever measures; here they only have to be there.
fn alert(stage: &Stage, name: &str, terms: &[&str]) -> Result<AlertRule, String> {
    let rule = code(name)?;
    let known = stage.floor.alert_rules().find(|(known, _)| known.rule == rule);
    let mut rule = known
        .map(|(known, _)| known.clone())
        .unwrap_or_else(|| AlertRule::customary(rule, AlertMeasure::Waiting));
    for term in terms {
        match term.split_whitespace().collect::<Vec<_>>()[..] {
            ["amber", limit] => rule.amber = Some(number(limit)?),
            ["red", limit] => rule.red = Some(number(limit)?),
            ["retired"] => rule.active = false,
            _ => return Err(format!("what is {term:?} to a rule for alerts?")),
        }
    }
    Ok(rule)
}

/// `09:00:00 until 17:00:00`, once for each time that it is open.
fn hours(queue: &str, terms: &[&str]) -> Result<HoursConfig, String> {
    let open = terms.iter().map(|term| {
        let (from, until) = term.split_once(" until ").ok_or("from when until when?")?;
        Ok(Span { from: moment(from)?, until: moment(until)? })
    });
    Ok(HoursConfig { queue: code(queue)?, open: open.collect::<Result<_, String>>()? })
}

fn reason(stage: &Stage, name: &str, terms: &[&str]) -> Result<NotReadyReason, String> {
    let slug = code(name)?;
    let known = stage.floor.reasons().find(|known| known.reason.slug == slug).cloned();
    let number = 1000 + stage.floor.reasons().count() as u16;
    let number = known.as_ref().map_or(number, |known| known.reason.number);
    let customary = NotReadyReason {
        reason: Reason { number, slug },
        active: true,
        is_break: false,
        allowance_ms: None,
        purpose: Default::default(),
    };
    let mut reason = known.unwrap_or_else(|| customary.clone());
    for term in terms {
        match term.split_whitespace().collect::<Vec<_>>()[..] {
            ["anew"] => reason = customary.clone(),
            ["for", "acts"] => reason.purpose = ReasonPurpose::Act,
            ["for", "declining"] => reason.purpose = ReasonPurpose::Reject,
            ["a", "break"] => reason.is_break = true,
            ["at", "most", time] => reason.allowance_ms = Some(span(time)?),
            ["retired"] => reason.active = false,
            _ => return Err(format!("what is {term:?} to a not-ready reason?")),
        }
    }
    Ok(reason)
}

fn site(stage: &Stage, terms: &[&str]) -> Result<cordboard_floor::configuration::SiteConfig, String> {
    let mut site = stage.floor.settings().clone();
    for term in terms {
        match term.split_whitespace().collect::<Vec<_>>()[..] {
            ["anew"] => site = Default::default(),
            ["rest", time] => site.reject_rest_ms = span(time)?,
            ["sign-out", "after", time] => site.sign_out_delay_ms = span(time)?,
            ["keeps", "ended", time] => site.ended_kept_ms = span(time)?,
            ["remembers", "callers", time] => site.callers_kept_ms = span(time)?,
            ["guard", time] => site.ready_guard_ms = span(time)?,
            ["wrap-up", "is", "idle"] => site.wrapup_is_idle = true,
            ["not", "ready", "is", "idle"] => site.not_ready_is_idle = true,
            _ => return Err(format!("what is {term:?} to a site?")),
        }
    }
    Ok(site)
}
