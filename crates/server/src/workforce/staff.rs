//! `cordboard workforce staff`: agents for a load and goals, or what a number of agents comes to.

use super::{seconds, share};
use crate::failure::Failure;
use crate::out::{Format, Out};
use clap::{Args, ValueEnum};
use cordboard_workforce::staffing::{
    Formula, Goal, Load, Model, Shrinkage, Staffing, Told, VARIED, evaluate, required, sensitivity,
};
use serde_json::{Value, json};

/// The shortest answer to "within what?" where no target says.
const WITHIN_S: f64 = 20.0;

/// Which load, how callers behave, and what must hold.
#[derive(Debug, Args)]
pub(crate) struct Staff {
    /// How callers behave: erlang-b (nobody waits), erlang-c (everybody waits for ever), erlang-a (who waits gives up in the
    /// end), erlang-x (with few lines, and dialling again)
    #[arg(long, value_enum, default_value = "erlang-c")]
    model: Named,
    /// How many calls
    #[arg(long, value_name = "NUMBER")]
    calls: f64,
    /// In how long
    #[arg(long, value_name = "SPAN", default_value = "30min", value_parser = seconds)]
    per: f64,
    /// Average handle time: talk, hold and wrap-up
    #[arg(long, value_name = "SPAN", value_parser = seconds)]
    aht: f64,
    /// Mean patience of those who wait
    #[arg(long, value_name = "SPAN", value_parser = seconds)]
    patience: Option<f64>,
    /// Lines in all, agents' included
    #[arg(long, value_name = "N")]
    lines: Option<u32>,
    /// Which share of those who gave up or met a busy line dials again
    #[arg(long, value_name = "SHARE", value_parser = share)]
    redial: Option<f64>,
    /// A service level and within how long, as in 80/20s; may be given again
    #[arg(long = "target", value_name = "PERCENT/SPAN", value_parser = target)]
    targets: Vec<(f64, f64)>,
    /// By which formula service levels are reckoned
    #[arg(long, value_name = "ID", default_value = "sl.offered")]
    formula: Formula,
    /// The answered wait at most so long on average
    #[arg(long, value_name = "SPAN", value_parser = seconds)]
    asa_max: Option<f64>,
    /// At most this share gives up
    #[arg(long, value_name = "SHARE", value_parser = share)]
    abandoned_max: Option<f64>,
    /// Agents are busy for at most this share of their time
    #[arg(long, value_name = "SHARE", value_parser = share)]
    occupancy_max: Option<f64>,
    /// At most this share meets a busy line
    #[arg(long, value_name = "SHARE", value_parser = share)]
    blocked_max: Option<f64>,
    /// What so many agents come to, instead of how many are needed
    #[arg(long, value_name = "N")]
    agents: Option<u32>,
    /// A share of rostered time that is not spent at the phone; several compound
    #[arg(long, value_name = "SHARE", value_parser = share)]
    shrinkage: Vec<f64>,
    /// Also with 20 and 10 % fewer and more calls, and shorter and longer handle time
    #[arg(long)]
    sensitivity: bool,
}

/// A model by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(clippy::enum_variant_names)]
enum Named {
    ErlangB,
    ErlangC,
    ErlangA,
    ErlangX,
}

const COLUMNS: [&str; 20] = [
    "agents",
    "rostered",
    "stable",
    "meets_goals",
    "service_level",
    "formula",
    "within_s",
    "asa_s",
    "wait_s",
    "wait_p50_s",
    "wait_p90_s",
    "wait_p95_s",
    "waits",
    "abandoned",
    "blocked",
    "occupancy",
    "queue",
    "erlangs",
    "model",
    "shrinkage",
];

pub(crate) fn staff(asked: &Staff, format: Format) -> Result<(), Failure> {
    let usage = |why: &dyn std::fmt::Display| Failure::Usage(why.to_string());
    let load = Load::new(asked.calls, asked.per, asked.aht).map_err(|why| usage(&why))?;
    let model = asked.model()?;
    let goals = asked.goals();
    let shrinkage = Shrinkage::of(&asked.shrinkage).map_err(|why| usage(&why))?;
    if goals.is_empty() && asked.agents.is_none() {
        return Err(Failure::Usage(
            "say what must hold, as in --target 80/20s, or how many there are with --agents".to_owned(),
        ));
    }
    let (agents, answer) = match asked.agents {
        Some(agents) => (agents, evaluate(&load, &model, agents).map_err(|why| usage(&why))?),
        None => match required(&load, &model, &goals).map_err(|why| usage(&why))? {
            Staffing::Enough { agents, answer } => (agents, answer),
            Staffing::OutOfReach { agents, missed, .. } => {
                let missed: Vec<String> = missed.iter().map(ToString::to_string).collect();
                return Err(Failure::failed(format!(
                    "not even {agents} agents are enough for {}",
                    missed.join(" and ")
                )));
            }
        },
    };
    if asked.sensitivity {
        let rows =
            sensitivity(&load, &model, &goals, agents.max(1), &VARIED, &VARIED).map_err(|why| usage(&why))?;
        let level = (asked.formula, asked.within_s());
        let rows = rows.iter().map(|row| {
            let row = row.told(agents, level, !goals.is_empty());
            let row = serde_json::to_value(&row).map_err(|why| Failure::because("writing JSON", &why))?;
            Ok(rounded(row, format))
        });
        let rows: Vec<Value> = rows.collect::<Result<_, Failure>>()?;
        let columns = ["calls", "aht", "agents", "stable", "service_level", "asa_s", "occupancy", "needed"];
        return Out::new(format).rows(&columns, &rows);
    }
    let level = (asked.formula, asked.within_s());
    let line =
        Told::of((&load, &model), &goals, level, (agents, &answer), shrinkage).map_err(|why| usage(&why))?;
    let line = serde_json::to_value(&line).map_err(|why| Failure::because("writing JSON", &why))?;
    Out::new(format).record(&COLUMNS, &rounded(line, format))
}

/// A line as it is printed: people need no more than four digits.
fn rounded(mut line: Value, format: Format) -> Value {
    for (_, value) in line.as_object_mut().into_iter().flatten() {
        if let Some(number) = value.as_f64().filter(|_| format == Format::Table && value.is_f64()) {
            *value = json!((number * 1e4).round() / 1e4);
        }
    }
    line
}

impl Staff {
    /// The model, if its name and what was said of callers and lines go together.
    fn model(&self) -> Result<Model, Failure> {
        let usage = |text: &str| Err(Failure::Usage(text.to_owned()));
        let refused = |why: cordboard_workforce::staffing::Refused| Failure::Usage(why.to_string());
        let mut model = match (self.model, self.patience) {
            (Named::ErlangB, Some(_)) => return usage("with erlang-b nobody waits, so leave --patience out"),
            (Named::ErlangC, Some(_)) => {
                return usage("with erlang-c nobody gives up; take --model erlang-a for --patience");
            }
            (Named::ErlangA | Named::ErlangX, None) => {
                return usage("how long do callers wait? Say it as in --patience 120s");
            }
            (Named::ErlangB, None) => Model::ERLANG_B,
            (Named::ErlangC, None) => Model::ERLANG_C,
            (_, Some(patience)) => Model::erlang_a(patience).map_err(refused)?,
        };
        if let Some(lines) = self.lines {
            if self.model == Named::ErlangB {
                return usage("with erlang-b lines and agents are one; say how many with --agents");
            }
            model = model.with_lines(lines);
        }
        if let Some(redial) = self.redial {
            model = model.with_redial(redial).map_err(refused)?;
        }
        Ok(model)
    }

    fn goals(&self) -> Vec<Goal> {
        let formula = self.formula;
        let levels = self.targets.iter().map(|(at_least, within_s)| Goal::ServiceLevel {
            formula,
            at_least: *at_least,
            within_s: *within_s,
        });
        let others = [
            self.asa_max.map(|at_most_s| Goal::Asa { at_most_s }),
            self.abandoned_max.map(|at_most| Goal::Abandoned { at_most }),
            self.occupancy_max.map(|at_most| Goal::Occupancy { at_most }),
            self.blocked_max.map(|at_most| Goal::Blocked { at_most }),
        ];
        levels.chain(others.into_iter().flatten()).collect()
    }

    fn within_s(&self) -> f64 {
        self.targets.first().map_or(WITHIN_S, |(_, within_s)| *within_s)
    }
}

/// `80/20s`: four fifths within twenty seconds.
fn target(text: &str) -> Result<(f64, f64), String> {
    let wrong = || format!("{text:?} is no target; write 80/20s: 80 per cent within 20 seconds");
    let (level, within) = text.split_once('/').ok_or_else(wrong)?;
    let level: f64 = level.trim_end_matches('%').parse().map_err(|_| wrong())?;
    if !(level > 0.0 && level <= 100.0) {
        return Err(wrong());
    }
    Ok((level / 100.0, seconds(within)?))
}
