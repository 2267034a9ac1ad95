//! 巡视与交接班: rounds by checklist, recorded and read. What somebody is found to have done is proposed in the ledger; somebody else
//! confirms.

use super::super::act::{Key, blocking};
use super::super::body::{Params, Posted, id};
use super::super::caller::Caller;
use super::super::floor::rows;
use super::super::problem::{Problem, ProblemDetails};
use super::{Value, does, fresh, known_agent, made, month, reach, reading, seal, text};
use crate::Door;
use crate::permission::{Scope, Scopes, Verb};
use crate::public::Eyes;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use cordboard_centre::quality::checklist::{Finding, Round};
use cordboard_centre::quality::id::{ChecklistId, EntryId, ItemId, RecordId};
use cordboard_centre::quality::{Command, Event, Quality, Refusal};
use cordboard_centre::workforce::Workforce;
use cordboard_centre::workforce::civil::Span;
use cordboard_centre::workforce::id::ShiftCode;
use cordboard_floor::{AgentId, Instant, Millis, RuleId, SeatId};
use cordboard_views::View as _;
use cordboard_views::board::Board;
use cordboard_views::quality::Walked;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

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

/// Which rounds to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Listing {
    /// Only by this checklist.
    #[param(value_type = Option<String>)]
    checklist: Option<ChecklistId>,
    /// Only what was seen since.
    #[param(value_type = Option<String>)]
    from: Option<Instant>,
    /// And before.
    #[param(value_type = Option<String>)]
    until: Option<Instant>,
    /// Only those recorded before this one: the `next` of the page before.
    #[param(value_type = Option<String>)]
    before: Option<RecordId>,
    /// Rows of the page, at most 1000.
    limit: Option<usize>,
}

/// Rounds and handovers that were recorded, the newest first, and how often what was found within the span, item by item, seat by
/// seat and shift by shift. What was found of an agent is told to whoever leads her or looks at all; the words to it to whoever
/// proposes or decides at the ledger, or opens texts.
#[utoipa::path(get, operation_id = "recorded_checklists", path = "/api/v1/quality/checklists/recorded", tag = "quality", params(Listing),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn recorded(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(listing): Params<Listing>,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::LedgerView)?;
    // Her own lines an agent sees in the ledger, once somebody has agreed that there is anything.
    if !(scopes.has(Scope::Team) || scopes.has(Scope::Queue) || scopes.has(Scope::Site)) {
        let why = "rounds are for those who lead; what is confirmed of oneself stands in the ledger";
        return Err(Problem::of(StatusCode::FORBIDDEN, "forbidden", why));
    }
    let limit = rows(&door, listing.limit)?;
    super::super::act::fresh(&door, &door.views.workforce).await;
    reading(&door, move |door| {
        let view = door.views.quality.read()?;
        // The board last, as everywhere: who reads two views in another order may wait for a writer that waits for her.
        let staff = door.views.workforce.read()?;
        let board = door.views.board.read()?;
        let reads = [Verb::LedgerPropose, Verb::LedgerDecide, Verb::TextView];
        let eyes = Eyes::seeing(&door.vault, false, reads.iter().any(|verb| caller.scopes(*verb).is_ok()));
        let sight = Sight { caller: &caller, scopes, board: &board };
        let fits = |round: &Walked| {
            listing.checklist.is_none_or(|only| only == round.checklist)
                && listing.from.is_none_or(|from| round.seen_at >= from)
                && listing.until.is_none_or(|until| round.seen_at < until)
        };
        let fitting: Vec<(RecordId, &Walked)> = view.rounds().rev().filter(|(_, round)| fits(round)).collect();
        let mut counted = Counted::default();
        for (_, round) in &fitting {
            let seen: Vec<&Finding> = sight.findings(round).collect();
            counted.take(round, &seen, staff.desk());
        }
        let shown: Vec<(RecordId, &Walked)> =
            fitting.into_iter().filter(|(id, _)| listing.before.is_none_or(|before| *id < before)).collect();
        let next = (shown.len() > limit).then(|| shown[limit - 1].0);
        let proposed = proposed(view.desk());
        let row = |(id, round): &(RecordId, &Walked)| {
            let list = view.desk().checklist(round.checklist, round.version);
            let one = |finding: &Finding| {
                let item = list.and_then(|list| list.items.iter().find(|item| item.id == finding.item));
                let rule = item.and_then(|item| item.rule);
                let entry = rule.zip(finding.agent).and_then(|(rule, agent)| proposed.get(&(*id, rule, agent)));
                json!({
                    "item": finding.item, "text": item.map(|item| &item.text), "rule": rule, "agent": finding.agent,
                    "seat": finding.seat, "shift": shift(staff.desk(), round.seen_at, finding.agent),
                    "note": text(finding.note.as_ref(), &eyes), "entry": entry,
                })
            };
            json!({
                "record": id, "checklist": round.checklist, "version": round.version,
                "title": list.map(|list| &list.title), "seen_at": round.seen_at, "by": round.by,
                "findings": sight.findings(round).map(one).collect::<Vec<_>>(),
            })
        };
        let rounds: Vec<Value> = shown.iter().take(limit).map(row).collect();
        let counts = counted.shown(view.desk());
        Ok(json!({ "rounds": rounds, "counts": counts, "next": next, "seq": view.seq() }))
    })
    .await
}

/// What somebody is told of a round: of agents whom her scopes reach and not of herself, and what is of nobody.
struct Sight<'view> {
    caller: &'view Caller,
    scopes: Scopes,
    board: &'view Board,
}

impl Sight<'_> {
    fn findings<'round>(&self, round: &'round Walked) -> impl Iterator<Item = &'round Finding> {
        round.findings.iter().filter(|finding| {
            finding.agent.is_none_or(|agent| {
                self.caller.who.agent != Some(agent) && reach(self.caller, self.scopes, self.board, agent)
            })
        })
    }
}

/// The lines that rounds have proposed: by record, rule and agent.
fn proposed(desk: &Quality) -> BTreeMap<(RecordId, RuleId, AgentId), EntryId> {
    let of_rounds = desk.ledger().entries().filter_map(|(id, entry)| {
        let proposed = &entry.proposed;
        let record = proposed.by.and(proposed.episode)?;
        Some(((RecordId(record), proposed.rule, proposed.agent), id))
    });
    of_rounds.collect()
}

/// In which shift it was seen: in that of whom it is, or else in the one that most were rostered for then; of equal ones the first by
/// name. None: nobody was.
fn shift(desk: &Workforce, at: Instant, agent: Option<AgentId>) -> Option<ShiftCode> {
    let then = Span { from: at, to: at.plus(Millis(1)) };
    if let Some(agent) = agent {
        return desk.shifts_of(agent, then).map(|(_, shift)| shift.sketch.code).next();
    }
    let mut heads: BTreeMap<ShiftCode, u32> = BTreeMap::new();
    desk.shifts_within(then).for_each(|(_, shift)| *heads.entry(shift.sketch.code).or_default() += 1);
    let most = heads.values().max().copied()?;
    heads.into_iter().find(|(_, count)| *count == most).map(|(code, _)| code)
}

/// How often what was found.
#[derive(Default)]
struct Counted {
    rounds: u64,
    findings: u64,
    /// With the version in which it was found last.
    items: BTreeMap<(ChecklistId, ItemId), (u32, u64)>,
    seats: BTreeMap<SeatId, u64>,
    shifts: BTreeMap<Option<ShiftCode>, u64>,
}

impl Counted {
    fn take(&mut self, round: &Walked, seen: &[&Finding], desk: &Workforce) {
        self.rounds += 1;
        for finding in seen {
            self.findings += 1;
            let item = self.items.entry((round.checklist, finding.item)).or_insert((round.version, 0));
            item.1 += 1;
            if let Some(seat) = finding.seat {
                *self.seats.entry(seat).or_default() += 1;
            }
            *self.shifts.entry(shift(desk, round.seen_at, finding.agent)).or_default() += 1;
        }
    }

    /// The most frequent first.
    fn shown(self, desk: &Quality) -> Value {
        fn often<K: Ord>(counts: BTreeMap<K, u64>) -> Vec<(K, u64)> {
            let mut counts: Vec<(K, u64)> = counts.into_iter().collect();
            counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            counts
        }
        let versions: BTreeMap<_, u32> =
            self.items.iter().map(|(key, (version, _))| (*key, *version)).collect();
        let items = often(self.items.into_iter().map(|(key, (_, count))| (key, count)).collect());
        let item = |((checklist, item), n): ((ChecklistId, ItemId), u64)| {
            let list = desk.checklist(checklist, versions[&(checklist, item)]);
            let known = list.and_then(|list| list.items.iter().find(|known| known.id == item));
            json!({ "checklist": checklist, "item": item, "text": known.map(|known| &known.text), "n": n })
        };
        json!({
            "rounds": self.rounds,
            "findings": self.findings,
            "items": items.into_iter().map(item).collect::<Vec<_>>(),
            "seats": often(self.seats).into_iter().map(|(seat, n)| json!({ "seat": seat, "n": n })).collect::<Vec<_>>(),
            "shifts": often(self.shifts).into_iter().map(|(shift, n)| json!({ "shift": shift, "n": n })).collect::<Vec<_>>(),
        })
    }
}
