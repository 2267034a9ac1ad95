//! Replay for those who mark: everything about one contact, beside the scorecard. Who marks herself is shown her own part of it.
//! Each look leaves an event that says who looked. Numbers stay masked; there is no recording yet.

use super::super::act::{act, blocking, log_fault};
use super::super::caller::Caller;
use super::super::contacts::contact_id;
use super::super::problem::{Problem, ProblemDetails};
use super::evaluations::of_contact;
use super::part::Told;
use super::{Value, fresh, place, text};
use crate::Door;
use crate::past::FloorPast;
use crate::permission::{Scope, Target, Verb};
use crate::public::event::data;
use crate::public::{Eyes, PublicActor, PublicStory};
use axum::Json;
use axum::extract::{Path, State};
use cordboard_centre::quality::Command;
use cordboard_floor::{AgentId, ContactId, Event, Instant, Millis, StoredEvent};
use cordboard_views::facts::Facts;
use cordboard_views::quality::Assurance;
use cordboard_views::story::Story;
use cordboard_views::timeline::Timeline;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What agents did so long before a contact arrived and after it ended is shown with it.
const AROUND: Millis = Millis::from_secs(120);

/// A contact's story, the offers and where they are explained, its agents' states around it, and its events; to one of its agents, whose
/// work reaches no further than herself, her own part alone. Leaves an event that says who looked.
#[utoipa::path(get, operation_id = "quality_replay", path = "/api/v1/quality/replay/{contact}", tag = "quality",
    params(("contact" = String, Path, example = "c-1042")),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn show(
    State(door): State<Arc<Door>>,
    Path(contact): Path<String>,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::QualityView)?;
    let contact = contact_id(&contact)?;
    let seq = door.durable_seq();
    door.views.stories.reach(seq, door.limits.view_wait_max).await;
    door.views.history.reach(seq, door.limits.view_wait_max).await;
    fresh(&door).await;
    let place = place(&door)?;
    let (told, caller) = {
        let door = door.clone();
        let work = move || {
            let mut told = Told::find(&door, contact)?;
            let board = door.views.board.read()?;
            let mut target = Target::default();
            // Others' part is for whoever marks others, her own for herself as well.
            let own = caller.who.agent.filter(|own| scopes.has(Scope::Own) && told.agents().contains(own));
            let others = told.agents().into_iter().filter(|agent| caller.who.agent != Some(*agent));
            others.for_each(|agent| target.add_agent(&board, agent));
            if !scopes.has(Scope::Site)
                && let Err(denied) = caller.may(Verb::QualityView, &target)
            {
                told = told.of_one(own.ok_or(denied)?);
            }
            drop(board);
            Ok((told, caller))
        };
        blocking(work).await?
    };
    let command = Command::NoteReplay { contact, account: caller.who.account };
    let carried = act(&door, caller.who.acting_on(None), None, command).await?;
    door.views.quality.reach(carried.seq, door.limits.view_wait_max).await;
    let shown = move || {
        let _place = place;
        let mut shown = made(&door, contact, &told)?;
        let view = door.views.quality.read()?;
        let board = door.views.board.read()?;
        shown["survey"] = surveyed(
            &view,
            contact,
            &Eyes::seeing(&door.vault, false, caller.scopes(Verb::TextView).is_ok()),
        );
        shown["mystery"] = json!(view.desk().is_mystery(contact));
        shown["evaluations"] = json!(of_contact(&view, &caller, scopes, &board, contact));
        shown["seq"] = json!(carried.seq);
        Ok(Json(shown))
    };
    blocking(shown).await
}

/// What its caller said of it, if she was asked: the scores to whoever sees the contact, her words to whoever opens texts.
fn surveyed(view: &Assurance, contact: ContactId, eyes: &Eyes) -> Value {
    let Some(asked) = view.survey(contact) else { return Value::Null };
    let given = asked.response.scores.iter().flatten();
    let scores = given.map(|(question, score)| json!({ "question": question, "score": score }));
    json!({
        "offered_at": asked.at,
        "answered": asked.response.scores.is_some(),
        "scores": scores.collect::<Vec<_>>(),
        "comment": text(asked.comment.as_ref(), eyes),
    })
}

fn made(door: &Door, contact: ContactId, told: &Told) -> Result<Value, Problem> {
    let eyes = Eyes::masked(&door.vault);
    let events: Vec<Value> = told
        .events
        .iter()
        .map(|recorded| {
            json!({
                "seq": recorded.seq, "at": recorded.at, "ev": recorded.event.name(),
                "actor": PublicActor::from(recorded.actor), "data": data(&recorded.event, &eyes),
            })
        })
        .collect();
    let unknown = || Problem::not_found("unknown_contact", format!("{contact} never arrived here"));
    let story = Story::tell(contact, told.events.iter().map(|event| &**event)).ok_or_else(unknown)?;
    let story = json!(PublicStory::of(&story, told.complete));
    let offers: Vec<Value> = told
        .events
        .iter()
        .filter_map(|recorded| match &recorded.event {
            Event::OfferCreated(event) => Some(json!({
                "offer": event.offer, "agent": event.agent, "queue": event.queue, "at": recorded.at,
                "seq": recorded.seq, "explanation": format!("/api/v1/explanations/{}", event.offer),
            })),
            _ => None,
        })
        .collect();
    let (first, last) = match (told.events.first(), told.events.last()) {
        (Some(first), Some(last)) => (first.at, last.at),
        _ => return Err(unknown()),
    };
    let around = (first.minus(AROUND), last.plus(AROUND));
    Ok(json!({
        "contact": contact,
        "from": first,
        "until": last,
        "legs": story["legs"].clone(),
        "story": story,
        "offers": offers,
        "states": states(door, told.agents(), around)?,
        "events": events,
        "recording": null,
    }))
}

/// What its agents did around it, spell by spell: of the facts of late, or else of the log.
fn states(
    door: &Door,
    agents: BTreeSet<AgentId>,
    (from, until): (Instant, Instant),
) -> Result<Vec<Value>, Problem> {
    let until = until.min(door.now().plus(Millis(1)));
    let mut timeline = Timeline::new(from, until, agents);
    let told = {
        let history = door.views.history.read()?;
        if history.reaches(from) {
            history.kept().for_each(|fact| timeline.take(fact));
            Some(timeline.clone().finish(history.facts()))
        } else {
            None
        }
    };
    let told = match (told, &door.past) {
        (Some(told), _) => told,
        (None, Some(past)) => {
            let mut facts = Facts::new();
            past.each_of_floor(1, past.last(), |recorded| {
                facts.fold(&recorded, |fact| timeline.take(fact));
                recorded.at < until
            })
            .map_err(|fault| log_fault(&fault))?;
            timeline.finish(&facts)
        }
        (None, None) => {
            return Err(Problem::later("no_past", "this server was started without access to its own log"));
        }
    };
    let spell = |spell: &cordboard_views::timeline::Spell| {
        json!({
            "agent": spell.agent, "state": spell.activity, "reason": spell.reason.map(|reason| reason.slug),
            "from": spell.from, "until": spell.to, "seq": spell.evidence.first,
        })
    };
    Ok(told.spells.iter().map(spell).collect())
}
