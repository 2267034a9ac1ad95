//! 巡视与交接班: rounds by checklist. What somebody is found to have done is proposed in the ledger; somebody else confirms.

use super::super::act::{Key, blocking};
use super::super::body::{Posted, id};
use super::super::caller::Caller;
use super::super::problem::{Problem, ProblemDetails};
use super::{does, fresh, known_agent, made, month, seal};
use crate::Door;
use crate::permission::Verb;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use cordboard_centre::quality::checklist::{Finding, Round};
use cordboard_centre::quality::id::{ChecklistId, EntryId, ItemId, RecordId};
use cordboard_centre::quality::{Command, Event, Refusal};
use cordboard_floor::{AgentId, Instant, SeatId};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// What was found on a round.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Recording {
    /// Nothing: all was well.
    findings: Vec<NewFinding>,
    /// In which version of the list; the newest.
    version: Option<u32>,
    /// When it was seen; now.
    #[schema(value_type = Option<String>, format = DateTime)]
    seen_at: Option<Instant>,
}

/// One finding.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewFinding {
    /// Of which item.
    #[schema(value_type = String)]
    item: ItemId,
    /// Of whom, if of anybody.
    #[schema(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// At which seat.
    #[schema(value_type = Option<String>)]
    seat: Option<SeatId>,
    /// Sealed before anything is written.
    note: Option<String>,
}

/// A round that was recorded, and what it proposes.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct RoundRecorded {
    #[schema(value_type = String, example = "cl-1046")]
    record: RecordId,
    #[schema(value_type = Vec<String>)]
    entries: Vec<EntryId>,
    seq: u64,
}

/// Records a round of patrol or a handover. A finding of somebody by a rule is proposed; somebody else confirms.
#[utoipa::path(post, operation_id = "record_checklist", path = "/api/v1/quality/checklists/{list}/record", tag = "quality",
    request_body = Recording, params(("list" = String, Path, example = "patrol"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = RoundRecorded),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn record(
    State(door): State<Arc<Door>>,
    Path(list): Path<String>,
    caller: Caller,
    key: Key,
    posted: Posted<Recording>,
) -> Result<Response, Problem> {
    let Posted { value: Recording { findings, version, seen_at }, request } = posted;
    caller.scopes(Verb::LedgerPropose)?;
    let checklist: ChecklistId = id(&list, "unknown_checklist", "patrol")?;
    fresh(&door).await;
    for agent in findings.iter().filter_map(|finding| finding.agent) {
        let target = known_agent(&*door.views.board.read()?, agent)?;
        caller.may(Verb::LedgerPropose, &target)?;
    }
    let newest = {
        let view = door.views.quality.read()?;
        view.desk().newest_checklists().find(|known| known.id == checklist).map(|known| known.version)
    };
    let version = version.or(newest).ok_or(Refusal::UnknownChecklist(checklist, 1))?;
    let seen_at = seen_at.unwrap_or_else(|| door.now());
    let month = month(&door, seen_at)?;
    let notes: Vec<String> = findings.iter().filter_map(|finding| finding.note.clone()).collect();
    let mut notes = seal(&door, notes).await?.into_iter();
    let findings = findings.into_iter().map(|finding| {
        let note = finding.note.is_some().then(|| notes.next()).flatten();
        Finding { item: finding.item, agent: finding.agent, seat: finding.seat, note }
    });
    let findings = findings.collect();
    let round = Round { checklist, version, seen_at, month, findings, account: caller.who.account };
    let command = Command::RecordChecklist(Box::new(round));
    let carried = does(&door, &caller, key, &request, None, command).await?;
    let (first, last) = (made(&carried), carried.seq);
    let entries = {
        let door = door.clone();
        blocking(move || {
            let read = door.feed.read(first, last, 1 + cordboard_centre::quality::limits::FINDINGS_MAX);
            let read = read.map_err(|fault| super::super::act::log_fault(&fault))?;
            let proposed = read.iter().filter_map(|recorded| match recorded.event.quality() {
                Some(Event::DeductionProposed(event)) => Some(event.entry),
                _ => None,
            });
            Ok(proposed.collect::<Vec<_>>())
        })
        .await?
    };
    let recorded = RoundRecorded { record: RecordId(first), entries, seq: last };
    Ok((StatusCode::CREATED, Json(recorded)).into_response())
}
