//! `cordboard quality sample`: the draw that a server would make, shown and not recorded. Contacts that the log says were drawn
//! before are not drawn again, as there.

use crate::cli::ConfigFiles;
use crate::config;
use crate::failure::Failure;
use crate::home::{Home, site_of};
use crate::log::{configured_site, log_dir};
use crate::out::{Format, Out};
use clap::Args;
use cordboard_api::sampling::{drawn, of_log};
use cordboard_centre::Centre;
use cordboard_centre::quality::sampling::{Evaluator, Pick, Plan};
use cordboard_engine::{EngineOptions, Past};
use cordboard_floor::{AccountId, Instant};
use cordboard_journal::{Options, open_reading_with_snapshots};
use cordboard_views::interval::{day_of, moment};
use serde_json::{Value, json};
use std::path::PathBuf;

/// From what is drawn, and how.
#[derive(Debug, Args)]
pub(crate) struct Sample {
    #[command(flatten)]
    config: ConfigFiles,
    /// The data directory; no server may run on it
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Contacts that ended since, in the site's zone unless it names another [default: the day of the first event]
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// And before [default: the last event]
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// From which the draw follows
    #[arg(long, value_name = "N")]
    seed: u64,
    /// Of each agent so many, new or not [default: as configured in quality/sampling.toml]
    #[arg(long, value_name = "N")]
    per_agent: Option<u32>,
    /// Besides, at most so many that risk rules name [default: as configured]
    #[arg(long, value_name = "N")]
    risk: Option<u32>,
    /// Who listens; may be given again
    #[arg(long = "evaluator", value_name = "ACCOUNT")]
    evaluators: Vec<String>,
}

pub(crate) fn sample(asked: &Sample, format: Format) -> Result<(), Failure> {
    let settings = config::load(&asked.config)?;
    let (reader, snapshots) =
        open_reading_with_snapshots(&log_dir(&Home::at(&asked.data)), &Options::default())?;
    let site = match site_of(&reader)? {
        Some(site) => site,
        None => configured_site()?,
    };
    let schema = EngineOptions::default().state_schema;
    let past = Past::new(reader, Some((snapshots, schema)), Centre::new(site));
    let unread = |fault| Failure::because("reading the log", &fault);
    let (Some(first), Some(last)) =
        (past.event(1).map_err(unread)?, past.event(past.last()).map_err(unread)?)
    else {
        return Err(Failure::failed("the log is empty: there is nothing to draw from"));
    };
    let zone = &settings.site.zone;
    let time = |why: cordboard_views::interval::GridError| Failure::Usage(why.to_string());
    let from = match &asked.from {
        Some(from) => moment(from, zone).map_err(time)?,
        None => day_of(first.at, zone).map_err(time)?,
    };
    let until = match &asked.until {
        Some(until) => moment(until, zone).map_err(time)?,
        None => Instant::from_micros(last.at.micros() + 1),
    };
    if until <= from {
        return Err(Failure::Usage(format!("--until {until} does not lie after --from {from}")));
    }
    let terms = &settings.quality.sampling;
    let mut plan: Plan = terms.plan.clone();
    if let Some(quota) = asked.per_agent {
        (plan.quota, plan.quota_new) = (quota, quota);
    }
    plan.risk_max = asked.risk.unwrap_or(plan.risk_max);
    let evaluators = asked.evaluators.iter().map(|name| {
        let account: AccountId =
            name.parse().map_err(|why| Failure::Usage(format!("the account {name:?} {why}")))?;
        Ok(Evaluator { account, team: None, agent: None })
    });
    let evaluators = evaluators.collect::<Result<Vec<_>, Failure>>()?;
    let (known, found) = of_log(&past, (from, until), terms).map_err(unread)?;
    let draw = drawn(&known, &found, &plan, &evaluators, asked.seed).map_err(|problems| {
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Failure::Usage(told.join("\n"))
    })?;
    let mut out = Out::new(format);
    if format == Format::Json {
        out.json(&json!({
            "seed": draw.seed, "from": from, "until": until, "plan": plan,
            "picks": draw.picks, "coverage": draw.coverage,
        }))?;
        return out.flush();
    }
    let rows: Vec<Value> = draw.picks.iter().map(row).collect();
    out.rows(&["contact", "agent", "why", "evaluator", "second"], &rows)?;
    let covered = &draw.coverage;
    crate::failure::say(&format!(
        "seed {}: {} of {} eligible contacts, {} more for their risk of {}; {} agents, {} unassigned, {} heard twice",
        draw.seed,
        covered.representative,
        covered.eligible,
        covered.risk_drawn,
        covered.risky,
        covered.agents.len(),
        covered.unassigned,
        covered.twice,
    ));
    Ok(())
}

fn row(pick: &Pick) -> Value {
    let why = match pick.why {
        cordboard_centre::quality::sampling::Why::Representative => "representative".to_owned(),
        cordboard_centre::quality::sampling::Why::Risk(rule) => rule.to_string(),
    };
    json!({
        "contact": pick.contact, "agent": pick.agent, "why": why, "evaluator": pick.evaluator,
        "second": pick.second,
    })
}
