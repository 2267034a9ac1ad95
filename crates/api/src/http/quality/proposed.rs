//! 月度考核, before anybody submits it: what can be reckoned of each line of a post's table, with what it stands on. Nothing is stored
//! and nothing counts by this: the director hands in what she means, and changes what she knows better.
//!
//! ```text
//!   evaluations   published in the month that count for pay ──▶ mean      team_quality   the same, of the people she leads
//!   conduct       the ledger's total, not above its cap                   satisfaction   surveys offered in the month
//!   exam          points and papers that were entered                     a formula in `source`   the frozen report of the month
//!   errors        second looks that saw otherwise, of what she marked first
//! ```
//!
//! What can only be judged by people says so, and has no figure.

use super::super::body::Params;
use super::super::caller::Caller;
use super::super::problem::{Problem, ProblemDetails};
use super::agreement::TOLERANCE;
use super::{Value, mean, place, reading};
use crate::Door;
use crate::paper::{Checked, again};
use crate::permission::{Target, Verb};
use axum::Json;
use axum::extract::State;
use cordboard_centre::quality::agreement::Percent;
use cordboard_centre::quality::assessment::{Given, Line};
use cordboard_centre::quality::evaluation::Evaluation;
use cordboard_centre::quality::id::{LineId, PostId, QuestionId};
use cordboard_centre::quality::satisfaction::{Response as Answered, Satisfaction, SatisfactionTerms};
use cordboard_centre::quality::{Mark, Month, Refusal};
use cordboard_floor::event::ReportFrozen;
use cordboard_floor::figure::FigureSubject;
use cordboard_floor::{AccountId, AgentId, LayoutId, ReportId, TeamId};
use cordboard_views::View as _;
use cordboard_views::entered::Entered;
use cordboard_views::kpi::{Catalogue, Ratio, Switches, Unit, evaluate};
use cordboard_views::paper::{Paper, Period, Stretch};
use cordboard_views::quality::Assurance;
use cordboard_views::report::Figure;
use cordboard_views::tables::{Group, Key};
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use utoipa::IntoParams;

/// The layout whose frozen report a month's figures are taken from.
const MONTHLY: LayoutId = LayoutId::fixed("monthly");
/// The post of everybody who answers contacts.
const AGENT: PostId = PostId::fixed("agent");
/// The question of a survey about the whole of it.
const OVERALL: QuestionId = QuestionId::fixed("all");
/// What exams come to, of what was entered.
const EXAM: &str = "kpi.exam_score";

/// Which month of whom.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Asked {
    /// Which month, as 2026-11; one that is not over shows how it stands so far.
    #[param(value_type = String)]
    month: Month,
    /// Which post.
    #[param(value_type = String)]
    post: PostId,
    /// By which version of its table; the newest.
    version: Option<u32>,
}

/// What can be reckoned of a month of a post, per agent and line: `given` as it would be submitted, and `evidence` (formula, numerator and
/// denominator, how many, where it stands). A line without a figure says why.
#[utoipa::path(get, operation_id = "proposed_assessment", path = "/api/v1/quality/assessments/proposed", tag = "quality", params(Asked),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn proposed(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(asked): Params<Asked>,
) -> Result<Json<Value>, Problem> {
    caller.may(Verb::AssessmentView, &Target::site())?;
    let (seq, wait) = (door.durable_seq(), door.limits.view_wait_max);
    door.views.register.reach(seq, wait).await;
    door.views.history.reach(seq, wait).await;
    door.views.board.reach(seq, wait).await;
    reading(&door, move |door| asked.reckon(door)).await
}

impl Asked {
    fn reckon(self, door: &Door) -> Result<Value, Problem> {
        let Self { month, post, version } = self;
        let table = {
            let view = door.views.quality.read()?;
            let newest = view.desk().newest_table(post).map(|table| table.version);
            let version = version.or(newest).unwrap_or(1);
            view.desk().table(post, version).cloned().ok_or(Refusal::UnknownTable(post, version))?
        };
        let stretch = stretch(door, month)?;
        // Made before any view is held: it folds the log, and nobody waits for it.
        let paper = if table.lines.iter().any(|line| formula_of(line).is_some()) {
            frozen(door, stretch)?
        } else {
            Err("no_report")
        };
        let people = people(door, post)?;
        let history = door.views.history.read()?;
        let view = door.views.quality.read()?;
        let sources = Sources::of(&view, history.entered(), month, stretch, paper);
        let agents: Vec<Value> = people
            .iter()
            .map(|person| {
                let lines = table.lines.iter().map(|line| shown(line.id, sources.line(line, person)));
                json!({ "agent": person.agent, "lines": lines.collect::<Vec<Value>>() })
            })
            .collect();
        let current = view.desk().months().current(month, post);
        Ok(json!({
            "month": month, "post": post, "version": table.version, "over": stretch.to <= door.now(),
            "assessment": current.map(|(id, _)| id), "report": sources.report(), "agents": agents, "seq": view.seq(),
        }))
    }
}

/// From when until when a month lasts by the site's clocks.
pub(super) fn stretch(door: &Door, month: Month) -> Result<Stretch, Problem> {
    let read = Period::Month.read(&month.to_string(), &door.terms().pages.zone);
    read.map_err(|why| Problem::invalid("invalid", why.to_string()))
}

/// Whoever holds a post.
struct Person {
    agent: AgentId,
    /// Under which names she signs in.
    accounts: BTreeSet<AccountId>,
    /// Whom she leads.
    led: BTreeSet<AgentId>,
}

/// What accounts say of an agent.
#[derive(Default)]
struct Held {
    holds: bool,
    accounts: BTreeSet<AccountId>,
    teams: BTreeSet<TeamId>,
}

/// By the roles of accounts that have a 工号: those of a post are called like it, and the post of quality's is `qa`. Who has no account
/// answers contacts.
fn people(door: &Door, post: PostId) -> Result<Vec<Person>, Problem> {
    let role = if post.as_str() == "quality" { "qa" } else { post.as_str() };
    let mut known: BTreeMap<AgentId, Held> = BTreeMap::new();
    for account in door.vault.accounts() {
        let Some(agent) = account.agent.as_ref().and_then(|agent| agent.parse().ok()) else { continue };
        let held = known.entry(agent).or_default();
        held.holds |= account.roles.iter().any(|known| known == role);
        held.accounts.extend(account.name.parse::<AccountId>().ok());
        held.teams.extend(account.teams.iter().filter_map(|team| team.parse::<TeamId>().ok()));
    }
    let board = door.views.board.read()?;
    let active = || board.agents().filter(|row| row.active);
    let person = |agent: AgentId| {
        let held = known.remove(&agent).unwrap_or(Held { holds: post == AGENT, ..Held::default() });
        let own = |team: Option<TeamId>| team.is_some_and(|team| held.teams.contains(&team));
        let led = active().filter(|row| row.agent != agent && own(row.team)).map(|row| row.agent);
        held.holds.then(|| Person { agent, led: led.collect(), accounts: held.accounts.clone() })
    };
    Ok(active().map(|row| row.agent).filter_map(person).collect())
}

/// A figure as it would be submitted, with what it stands on; or why there is none.
type Reckoned = Result<(Given, Value), &'static str>;

fn shown(line: LineId, reckoned: Reckoned) -> Value {
    match reckoned {
        Ok((given, evidence)) => json!({ "line": line, "given": given, "evidence": evidence }),
        Err(why) => json!({ "line": line, "given": null, "why": why }),
    }
}

/// Everything a month is reckoned from.
struct Sources<'view> {
    view: &'view Assurance,
    entered: &'view Entered,
    month: Month,
    stretch: Stretch,
    marks: BTreeMap<AgentId, Vec<Mark>>,
    surveys: BTreeMap<AgentId, Vec<&'view Answered>>,
    paper: Result<(ReportId, Paper), &'static str>,
}

impl<'view> Sources<'view> {
    fn of(
        view: &'view Assurance,
        entered: &'view Entered,
        month: Month,
        stretch: Stretch,
        paper: Result<(ReportId, Paper), &'static str>,
    ) -> Self {
        let desk = view.desk();
        let within = |at| stretch.from <= at && at < stretch.to;
        let mut marks: BTreeMap<AgentId, Vec<Mark>> = BTreeMap::new();
        for (id, known) in desk.evaluations().filter(|(id, known)| desk.enters_pay(*id, known)) {
            if let Some(mark) = known.mark().filter(|_| view.published_at(id).is_some_and(within)) {
                marks.entry(known.agent).or_default().push(mark);
            }
        }
        let mut surveys: BTreeMap<AgentId, Vec<&Answered>> = BTreeMap::new();
        for (_, survey) in view.surveys().filter(|(_, survey)| within(survey.at)) {
            if let Some(agent) = survey.response.agent {
                surveys.entry(agent).or_default().push(&survey.response);
            }
        }
        Self { view, entered, month, stretch, marks, surveys, paper }
    }

    /// The report whose figures are shown.
    fn report(&self) -> Option<ReportId> {
        self.paper.as_ref().ok().map(|(report, _)| *report)
    }

    fn line(&self, line: &Line, person: &Person) -> Reckoned {
        let Person { agent, accounts, led } = person;
        let agent = *agent;
        match line.id.as_str() {
            "evaluations" => self.marks_of([&agent]),
            "team_quality" if led.is_empty() => Err("no_team"),
            "team_quality" => self.marks_of(led),
            "errors" => self.errors(accounts),
            "conduct" => Ok(self.conduct(agent)),
            "satisfaction" => self.satisfaction(agent),
            "exam" => self.exam(agent),
            _ => formula_of(line).map_or(Err("by_hand"), |formula| self.figure(formula, agent)),
        }
    }

    /// The mean of marks that count for pay, as the fraction that it is.
    fn marks_of<'a>(&self, agents: impl IntoIterator<Item = &'a AgentId>) -> Reckoned {
        let marks: Vec<Mark> =
            agents.into_iter().filter_map(|agent| self.marks.get(agent)).flatten().copied().collect();
        let mut evidence = mean(&marks).ok_or("nothing_published")?;
        let (sum, n) = (marks.iter().map(|mark| i64::from(mark.0)).sum::<i64>(), marks.len() as u64);
        let terms = self.view.desk().terms();
        let raters = [("quality", true), ("peer", terms.peers_count), ("own", terms.own_counts)];
        let raters: Vec<&str> =
            raters.iter().filter(|(_, counts)| *counts).map(|(rater, _)| *rater).collect();
        evidence.insert("formula".to_owned(), json!("mean_mark"));
        evidence.insert("numerator".to_owned(), json!(sum as f64 / 100.0));
        evidence.insert("denominator".to_owned(), json!(n));
        evidence.insert("raters".to_owned(), json!(raters));
        Ok((Given::Figure { over: sum, under: 100 * n, report: None }, Value::Object(evidence)))
    }

    /// Second looks that saw otherwise, of all at what she marked first and submitted in the month, in percent (P019).
    fn errors(&self, accounts: &BTreeSet<AccountId>) -> Reckoned {
        let Stretch { from, to } = self.stretch;
        let hers = |id, known: &Evaluation| {
            let at = self.view.submitted_at(id);
            accounts.contains(&known.evaluator) && at.is_some_and(|at| from <= at && at < to)
        };
        let rates = self.view.desk().error_rates(TOLERANCE, hers);
        let rate = rates.seen_otherwise.map_err(|_| "no_second_look")?;
        let over = i64::try_from(100 * rate.part).map_err(|_| "no_value")?;
        let evidence = json!({
            "formula": "seen_otherwise", "numerator": rate.part, "denominator": rate.whole, "n": rate.whole,
            "interval": in_percent(rate),
        });
        Ok((Given::Figure { over, under: rate.whole, report: None }, evidence))
    }

    /// What the ledger takes off the month: lines that count, not above the cap.
    fn conduct(&self, agent: AgentId) -> (Given, Value) {
        let desk = self.view.desk();
        let (ledger, cap) = (desk.ledger(), desk.terms().month_points_max);
        let capped = ledger.capped(self.month, agent, cap);
        let own = ledger.entries().filter(|(_, entry)| {
            (entry.proposed.month, entry.proposed.agent) == (self.month, agent) && entry.standing.counts()
        });
        let entries: Vec<Value> = own.map(|(id, _)| json!(id)).collect();
        let evidence = json!({
            "formula": "ledger_points", "numerator": capped, "denominator": 1, "n": entries.len(), "entries": entries,
            "total": ledger.total(self.month, agent), "month_points_max": cap,
        });
        (Given::whole(i64::from(capped)), evidence)
    }

    /// Satisfied ÷ answers, in percent, to the question about the whole; where nobody was asked that one, to the only one.
    fn satisfaction(&self, agent: AgentId) -> Reckoned {
        let own = self.surveys.get(&agent).ok_or("no_answers")?;
        let scored = own.iter().filter_map(|response| response.scores.as_ref());
        let questions: BTreeSet<QuestionId> = scored.flat_map(|scores| scores.keys().copied()).collect();
        let only = questions.first().filter(|_| questions.len() == 1);
        let question = questions.get(&OVERALL).or(only).ok_or("no_answers")?;
        let counted = Satisfaction::of(own.iter().copied(), *question, SatisfactionTerms::default());
        let positive = counted.positive().map_err(|_| "no_answers")?;
        let over = i64::try_from(100 * positive.part).map_err(|_| "no_value")?;
        let evidence = json!({
            "formula": "csat.positive", "numerator": positive.part, "denominator": positive.whole, "n": positive.whole,
            "interval": in_percent(positive), "question": question, "offered": counted.offered,
            "answered": counted.answered,
        });
        Ok((Given::Figure { over, under: positive.whole, report: None }, evidence))
    }

    /// Points ÷ papers, of what people entered for her within the month.
    fn exam(&self, agent: AgentId) -> Reckoned {
        let Stretch { from, to } = self.stretch;
        let of = FigureSubject::Agent(agent);
        let ratio =
            evaluate(EXAM, &Switches::NONE, &self.entered.sums(from, to, of)).map_err(|_| "no_entry")?;
        let made_of: Vec<Value> = self
            .entered
            .within(from, to, of)
            .filter(|(about, _)| about.measure.as_str().starts_with("exam_"))
            .map(|(_, standing)| json!(standing.figure))
            .collect();
        let (given, mut evidence) = of_ratio(&ratio, None)?;
        evidence["figures"] = json!(made_of);
        Ok((given, evidence))
    }

    /// A figure of the frozen report: hers where the report has it by agents, else the whole site's, and the evidence says which.
    fn figure(&self, formula: &str, agent: AgentId) -> Reckoned {
        let (report, paper) = self.paper.as_ref().map_err(|why| *why)?;
        let of = |group: Group, key: Key| {
            let sections = paper.sections.iter().filter(move |section| section.report.group == group);
            let rows = sections.flat_map(|section| &section.report.totals).filter(move |row| row.key == key);
            rows.flat_map(|row| &row.figures).find_map(|(_, figure)| match figure {
                Figure::Ratio { ratio, .. } if ratio.id() == formula => Some(ratio.clone()),
                _ => None,
            })
        };
        let own = of(Group::Agent, Key { agent: Some(agent), ..Key::default() });
        let (ratio, whose) = match own {
            Some(ratio) => (ratio, "agent"),
            None => (of(Group::Site, Key::default()).ok_or("not_in_report")?, "site"),
        };
        let (given, mut evidence) = of_ratio(&ratio, Some(*report))?;
        evidence["of"] = json!(whose);
        Ok((given, evidence))
    }
}

/// A share's interval in the unit of its figure.
fn in_percent(of: Percent) -> Value {
    json!([100.0 * of.interval.low, 100.0 * of.interval.high])
}

/// A figure of the catalogue in the unit in which people read it: a share in percent.
fn of_ratio(ratio: &Ratio, report: Option<ReportId>) -> Reckoned {
    let unit = ratio.entry().unit();
    let percent = if unit == Unit::Fraction { 100 } else { 1 };
    let over = ratio.numerator().checked_mul(i128::from(unit.scale()) * percent);
    let over = over.and_then(|over| i64::try_from(over).ok()).ok_or("no_value")?;
    let under = u64::try_from(ratio.denominator()).ok().filter(|under| *under > 0).ok_or("no_value")?;
    let evidence = json!({
        "formula": format!("{}@{}", ratio.id(), ratio.version()), "numerator": ratio.numerator().to_string(),
        "denominator": ratio.denominator().to_string(), "unit": unit, "report": report,
    });
    Ok((Given::Figure { over, under, report }, evidence))
}

/// The formula of the catalogue that a line's source names first.
fn formula_of(line: &Line) -> Option<&str> {
    let first = line.source.split([',', ' ', '，']).next()?;
    Catalogue::shipped().find(first).is_ok().then_some(first)
}

/// The report of the month as it was frozen, made again and held against its digest: what differs proposes nothing.
fn frozen(door: &Door, stretch: Stretch) -> Result<Result<(ReportId, Paper), &'static str>, Problem> {
    let known: Option<(ReportId, ReportFrozen)> = {
        let register = door.views.register.read()?;
        let current = register.current(MONTHLY, stretch.from, stretch.to);
        current.and_then(|id| Some((id, register.report(id)?.frozen.clone())))
    };
    let (Some((report, frozen)), Some(past)) = (known, door.past.clone()) else {
        return Ok(Err("no_report"));
    };
    let _place = place(door)?;
    Ok(match again(&past, &frozen, |_| true) {
        Ok(made) => {
            let checked = Checked { made, frozen: frozen.digest };
            if checked.is_equal() { Ok((report, checked.made.paper)) } else { Err("report_differs") }
        }
        Err(why) => {
            tracing::error!(%report, %why, "a frozen report could not be made again");
            Err("report_not_made")
        }
    })
}

/// A report that is named for a figure is one that the register holds, of that month, and none that another took the place of.
pub(super) fn check_reports<'a>(
    door: &Door,
    month: Month,
    given: impl IntoIterator<Item = &'a Given>,
) -> Result<(), Problem> {
    let named = given.into_iter().filter_map(|given| match given {
        Given::Figure { report, .. } => *report,
        Given::NotApplicable => None,
    });
    let named: BTreeSet<ReportId> = named.collect();
    if named.is_empty() {
        return Ok(());
    }
    let stretch = stretch(door, month)?;
    let register = door.views.register.read()?;
    for report in named {
        let no = |code, why: String| Err(Problem::invalid(code, why));
        let Some(known) = register.report(report) else {
            return no("unknown_report", format!("no report {report} was frozen here"));
        };
        if known.frozen.to <= stretch.from || stretch.to <= known.frozen.from {
            return no("report_of_another_month", format!("{report} says nothing of {month}"));
        }
        if let Some(newer) = known.revised_by {
            return no("report_revised", format!("{newer} took the place of {report}"));
        }
    }
    Ok(())
}
