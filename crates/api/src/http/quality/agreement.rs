//! 一致性: how far evaluators agree, lean and err. Nothing is shown without how many it stands on and, where there is one, its
//! interval; what has no value says why.

use super::super::body::Params;
use super::super::caller::Caller;
use super::super::problem::{Problem, ProblemDetails};
use super::{Value, figure, percent, reading};
use crate::Door;
use crate::permission::{Target, Verb};
use axum::Json;
use axum::extract::State;
use cordboard_centre::quality::Mark;
use cordboard_centre::quality::agreement::{
    Metric, Percent, Rating, Weights, alpha_interval, band_kappa, by_item, cohen_kappa, fleiss_kappa,
    gwet_ac1, krippendorff_alpha, leniency, parts, percent_agreement,
};
use cordboard_centre::quality::evaluation::{ErrorRates, Evaluation};
use cordboard_centre::quality::form::{Answer, Value as Answered};
use cordboard_centre::quality::id::{BandId, EvaluationId, FormId, QuestionId};
use cordboard_floor::{AccountId, Instant};
use cordboard_views::View as _;
use cordboard_views::quality::Assurance;
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use utoipa::IntoParams;

/// Two marks of one contact may lie so far apart before one of them counts as an error, and before they count as apart.
pub(super) const TOLERANCE: Mark = Mark::points(5);
/// How often units are drawn for an alpha's interval, and from which seed: the same ratings have the same interval.
const DRAWS: usize = 500;
const SEED: u64 = 1;

/// Of which evaluations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Span {
    /// Only by this form.
    #[param(value_type = Option<String>)]
    pub(super) form: Option<FormId>,
    /// Only those submitted since.
    #[param(value_type = Option<String>)]
    pub(super) from: Option<Instant>,
    /// And before.
    #[param(value_type = Option<String>)]
    pub(super) until: Option<Instant>,
}

impl Span {
    pub(super) fn holds(&self, view: &Assurance, id: EvaluationId, known: &Evaluation) -> bool {
        let Some(at) = view.submitted_at(id) else { return false };
        self.form.is_none_or(|form| known.form == form)
            && self.from.is_none_or(|from| at >= from)
            && self.until.is_none_or(|until| at < until)
    }
}

/// How far evaluators agree: of contacts that several marked in closed calibration rounds, and of first and second looks.
#[utoipa::path(get, operation_id = "agreement", path = "/api/v1/quality/agreement", tag = "quality", params(Span),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn agreement(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(span): Params<Span>,
) -> Result<Json<Value>, Problem> {
    caller.may(Verb::QualityView, &Target::site())?;
    reading(&door, move |door| {
        // The figures take a while: nobody waits for them at the view.
        let view = door.views.quality.read()?.clone();
        let desk = view.desk();
        let mut units: BTreeMap<(u64, u64), Vec<(EvaluationId, &Evaluation)>> = BTreeMap::new();
        for (id, known) in desk.evaluations() {
            if let Some(round) = known.round.filter(|round| !desk.is_open(*round)) {
                units.entry((round.0, 0)).or_default().push((id, known));
            }
        }
        for (first, second) in desk.second_looks() {
            let both = [first, second].into_iter().filter_map(|id| Some((id, desk.evaluation(id)?)));
            units.entry((first.0, second.0)).or_default().extend(both);
        }
        let units: Vec<Vec<(EvaluationId, &Evaluation)>> = units
            .into_values()
            .map(|unit| unit.into_iter().filter(|(id, known)| span.holds(&view, *id, known)).collect())
            .filter(|unit: &Vec<_>| unit.len() > 1)
            .collect();
        let mut shown = agreed(&units);
        shown["kappa_weighted"] = weighted(&view, &units);
        let mut evaluators = leaning(&units);
        erring(&view, &span, &mut evaluators);
        shown["leniency"] = evaluators.into_values().collect();
        let rates = desk.error_rates(TOLERANCE, |id, known| span.holds(&view, id, known));
        shown["error_rate"] = both(rates);
        shown["apart"] = apart(&view, &span, door.limits.page_rows_max);
        shown["seq"] = json!(view.seq());
        Ok(shown)
    })
    .await
}

type Unit<'view> = Vec<(EvaluationId, &'view Evaluation)>;

fn evaluators(units: &[Unit<'_>]) -> BTreeSet<AccountId> {
    units.iter().flatten().map(|(_, known)| known.evaluator).collect()
}

/// Whole marks: one row for each contact, one column for each evaluator.
fn marks(units: &[Unit<'_>]) -> Vec<Vec<Rating>> {
    let evaluators = evaluators(units);
    let row = |unit: &Unit<'_>| {
        let mark = |account: &AccountId| {
            let own = unit.iter().find(|(_, known)| known.evaluator == *account)?;
            own.1.submitted.as_ref()?.mark.map(|mark| i64::from(mark.0))
        };
        evaluators.iter().map(mark).collect()
    };
    units.iter().map(row).collect()
}

/// Units with two ratings at least: what agreement is told of.
fn comparable(table: &[Vec<Rating>]) -> usize {
    table.iter().filter(|unit| unit.iter().flatten().count() > 1).count()
}

/// Krippendorff's alpha with its interval (bootstrap over units) and of how many units it is.
pub(super) fn alpha(table: &[Vec<Rating>], metric: Metric) -> Value {
    let mut shown = figure(krippendorff_alpha(table, metric), comparable(table));
    if !shown["value"].is_null() {
        match alpha_interval(table, metric, SEED, DRAWS) {
            Ok(drawn) => {
                shown["interval"] = json!([drawn.interval.low, drawn.interval.high]);
                shown["draws"] = json!({ "of": drawn.draws, "without_value": drawn.undefined });
            }
            Err(why) => shown["interval_undefined"] = json!(why.code()),
        }
    }
    shown
}

fn agreed(units: &[Unit<'_>]) -> Value {
    let marks = marks(units);
    let given: Vec<Vec<&[Answer]>> =
        units.iter().map(|unit| unit.iter().map(|(_, known)| known.answers.as_slice()).collect()).collect();
    let items = item_units(&given);
    let pairs: Vec<(i64, i64)> = items
        .table
        .iter()
        .filter_map(|unit| match unit.iter().flatten().copied().collect::<Vec<_>>()[..] {
            [one, other] => Some((one, other)),
            _ => None,
        })
        .collect();
    let counts: Vec<Vec<u32>> = items
        .table
        .iter()
        .map(|unit| {
            let of =
                |category: &i64| unit.iter().flatten().filter(|rating| *rating == category).count() as u32;
            items.categories.iter().map(of).collect()
        })
        .collect();
    let mut per_item: BTreeMap<QuestionId, (u64, u64)> = BTreeMap::new();
    for unit in &given {
        for item in by_item(unit) {
            let Ok(alike) = item.alike else { continue };
            let sums = per_item.entry(item.question).or_default();
            (sums.0, sums.1) = (sums.0 + alike.part, sums.1 + alike.whole);
        }
    }
    let per_item: Vec<Value> = per_item
        .into_iter()
        .map(|(question, (part, whole))| {
            json!({ "question": question, "alike": percent(Percent::of(part, whole)) })
        })
        .collect();
    let n = comparable(&items.table);
    json!({
        "units": units.len(),
        "evaluators": evaluators(units).len(),
        "alpha": alpha(&marks, Metric::Interval),
        "alpha_items": alpha(&items.table, Metric::Nominal),
        "kappa": figure(cohen_kappa(&pairs, &items.categories, Weights::Nominal), pairs.len()),
        "fleiss": figure(fleiss_kappa(&counts), counts.len()),
        "ac1": figure(gwet_ac1(&items.table, &items.categories), n),
        "percent": percent(percent_agreement(&marks, u64::from(TOLERANCE.0))),
        "percent_items": percent(percent_agreement(&items.table, 0)),
        "tolerance": TOLERANCE,
        "per_item": per_item,
    })
}

/// Weighted kappa of whole marks, by the bands of their form in the order of the form. Bands of two forms are two scales: it is of the
/// form of which most pairs are, and says of which.
fn weighted(view: &Assurance, units: &[Unit<'_>]) -> Value {
    let mut by_form: BTreeMap<(FormId, u32), Vec<(BandId, BandId)>> = BTreeMap::new();
    for unit in units {
        let mut both: Vec<&Evaluation> = unit.iter().map(|(_, known)| *known).collect();
        both.sort_by_key(|known| known.evaluator);
        let [one, other] = both[..] else { continue };
        let band = |known: &Evaluation| known.submitted.as_ref().and_then(|scored| scored.band);
        let (Some(first), Some(second)) = (band(one), band(other)) else { continue };
        if (one.form, one.version) == (other.form, other.version) {
            by_form.entry((one.form, one.version)).or_default().push((first, second));
        }
    }
    let (known, pairs) = by_form.into_iter().max_by_key(|(_, pairs)| pairs.len()).unzip();
    let pairs = pairs.unwrap_or_default();
    let form = known.and_then(|(form, version)| view.desk().form(form, version));
    let scale: Vec<BandId> = form.map_or(Vec::new(), |form| form.bands.iter().map(|band| band.id).collect());
    let mut shown = figure(band_kappa(&scale, &pairs, Weights::Linear), pairs.len());
    shown["form"] = json!(known.map(|(form, _)| form));
    shown["version"] = json!(known.map(|(_, version)| version));
    shown
}

/// Each evaluator of the units, by how much she leans.
fn leaning(units: &[Unit<'_>]) -> BTreeMap<AccountId, Value> {
    let leaning = evaluators(units).into_iter().zip(leniency(&marks(units)));
    leaning
        .filter_map(|(evaluator, leaning)| {
            let leaning = leaning?;
            let interval = leaning.interval.map_or(Value::Null, |it| json!([it.low / 100.0, it.high / 100.0]));
            let shown = json!({
                "evaluator": evaluator, "mean": leaning.mean / 100.0, "n": leaning.units, "interval": interval,
            });
            Some((evaluator, shown))
        })
        .collect()
}

fn both(rates: ErrorRates) -> Value {
    json!({ "disputed": percent(rates.disputed), "seen_otherwise": percent(rates.seen_otherwise) })
}

/// To each evaluator how often she erred; also to those who share no contact with another.
fn erring(view: &Assurance, span: &Span, rows: &mut BTreeMap<AccountId, Value>) {
    let desk = view.desk();
    let within = |id: EvaluationId, known: &Evaluation| span.holds(view, id, known);
    let of_agents = desk.evaluations().filter(|(id, known)| known.is_shown_to_agent() && within(*id, known));
    let all: BTreeSet<AccountId> =
        of_agents.map(|(_, known)| known.evaluator).chain(rows.keys().copied()).collect();
    for evaluator in all {
        let hers = |id, known: &Evaluation| known.evaluator == evaluator && within(id, known);
        let rates = desk.error_rates(TOLERANCE, hers);
        let none = || json!({ "evaluator": evaluator, "mean": null, "n": 0, "interval": null });
        rows.entry(evaluator).or_insert_with(none)["error_rate"] = both(rates);
    }
}

/// First and second looks that lie further apart than is tolerated, the newest first: what goes to calibration, and in which round
/// of that contact it was, if it was.
fn apart(view: &Assurance, span: &Span, max: usize) -> Value {
    let desk = view.desk();
    let look = |id: EvaluationId, known: &Evaluation| {
        let mark = known.submitted.as_ref().and_then(|scored| scored.mark);
        json!({ "evaluation": id, "evaluator": known.evaluator, "mark": mark })
    };
    let shown = desk.second_looks().into_iter().rev().filter_map(|(first, second)| {
        let (one, other) = (desk.evaluation(first)?, desk.evaluation(second)?);
        let parting = parts(one.submitted.as_ref()?, other.submitted.as_ref()?, TOLERANCE);
        let same = |contact, agent| (contact, agent) == (one.contact, one.agent);
        let round = desk.rounds().filter(|(_, round)| same(round.contact, round.agent)).last();
        (parting && span.holds(view, first, one)).then(|| {
            json!({
                "contact": one.contact, "agent": one.agent, "form": one.form, "first": look(first, one),
                "second": look(second, other), "round": round.map(|(id, _)| id),
            })
        })
    });
    shown.take(max).collect()
}

/// Answers of several evaluators to the questions of several contacts, as ratings.
pub(super) struct Units {
    /// One row for each contact and question; a rating is the number of its answer.
    pub(super) table: Vec<Vec<Rating>>,
    categories: Vec<i64>,
}

/// Of each contact the answers of those who marked it. The numbers of answers are in no order that means anything.
pub(super) fn item_units(contacts: &[Vec<&[Answer]>]) -> Units {
    let word = |value: Answered| match value {
        Answered::Chosen(choice) => Some(choice.to_string()),
        Answered::Number(points) => Some(points.to_string()),
        Answered::Said => None,
    };
    let all = contacts.iter().flatten().flat_map(|answers| answers.iter());
    let words: BTreeSet<String> = all.filter_map(|answer| word(answer.value)).collect();
    let numbers: BTreeMap<String, i64> = words.into_iter().zip(0..).collect();
    let mut table = Vec::new();
    for evaluators in contacts {
        let questions: BTreeSet<QuestionId> =
            evaluators.iter().flat_map(|answers| answers.iter()).map(|answer| answer.question).collect();
        for question in questions {
            let rated = |answers: &&[Answer]| {
                let own = answers.iter().find(|answer| answer.question == question)?;
                word(own.value).and_then(|word| numbers.get(&word).copied())
            };
            let row: Vec<Rating> = evaluators.iter().map(rated).collect();
            // A question that was answered in words alone is nothing that can be held against another answer.
            if row.iter().any(Option::is_some) {
                table.push(row);
            }
        }
    }
    Units { table, categories: numbers.into_values().collect() }
}
