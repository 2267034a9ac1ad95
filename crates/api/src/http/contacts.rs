//! Contacts: brought in, sent from the menu to a queue, abandoned; listed, and opened with their story.

use super::act::{Key, act, blocking, events_of};
use super::body::{Asked, Params, Posted, id};
use super::caller::Caller;
use super::problem::{Problem, ProblemDetails};
use super::story;
use crate::Door;
use crate::door::FROM_BYTES_MAX;
use crate::permission::{Scope, Target, Verb, holds};
use crate::public::personal::{self, field};
use crate::public::{Eyes, PublicContact, PublicPlace, PublicStory};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use cordboard_floor::command::Entry;
use cordboard_floor::contact::SkillCondition;
use cordboard_floor::event::{Number, Sealed};
use cordboard_floor::{AgentId, Channel, Command, ContactId, Event, QueueId, Recorded, SkillId};
use cordboard_views::View as _;
use cordboard_views::board::{Board, ContactRow, ContactState};
use cordboard_views::story::Story;
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// The priority of a contact that does not say: the middle.
const PRIORITY: u8 = 50;

/// A contact that comes in. Either it names its queue, or it is in a menu and does not know yet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewContact {
    /// Where it wants to go.
    #[schema(value_type = Option<String>, example = "sales")]
    queue: Option<QueueId>,
    /// How it came.
    #[schema(value_type = String, example = "voice")]
    channel: Channel,
    /// The caller's number, address or SIP URI; sealed before anything is written.
    #[schema(example = "13812345678")]
    from: Option<String>,
    /// 0 to 100, higher first; 50 if not said.
    #[schema(maximum = 100)]
    priority: Option<u8>,
    /// What it asks for beyond the queue's own conditions: skill and least level.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, u8>)]
    skills: BTreeMap<SkillId, u8>,
    /// At least one of these, too.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, u8>)]
    any: BTreeMap<SkillId, u8>,
    /// Agents of these queues may serve it too: one place in several queues.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    also: Vec<QueueId>,
    /// The agent for whom it should wait first, if its queue's plan waits for anybody.
    #[schema(value_type = Option<String>, example = "1001")]
    wanted: Option<AgentId>,
    /// Whatever else is known about it; sealed.
    #[schema(value_type = Option<Object>)]
    attributes: Option<Map<String, Value>>,
    /// `menu`: it is in a menu and will be sent to a queue later.
    stage: Option<EntryStage>,
}

/// Where a new contact stands that names no queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum EntryStage {
    /// In a menu.
    Menu,
}

/// Where a contact in a menu is to go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewEntry {
    /// Which queue.
    #[schema(value_type = String)]
    queue: QueueId,
    /// 0 to 100, higher first; 50 if not said.
    #[schema(maximum = 100)]
    priority: Option<u8>,
    /// What it asks for beyond the queue's own conditions.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, u8>)]
    skills: BTreeMap<SkillId, u8>,
    /// At least one of these, too.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, u8>)]
    any: BTreeMap<SkillId, u8>,
    /// Agents of these queues may serve it too: one place in several queues.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    also: Vec<QueueId>,
    /// The agent for whom it should wait first, if its queue's plan waits for anybody.
    #[schema(value_type = Option<String>, example = "1001")]
    wanted: Option<AgentId>,
}

/// What became of a contact.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ContactChanged {
    /// Which.
    #[schema(value_type = String, example = "c-1042")]
    contact: ContactId,
    /// Where it stands by this command: `menu`, `queued`, `ringing` or `ended`.
    #[schema(value_type = String)]
    state: ContactState,
    /// The last event that the command caused, or that of the state which already held.
    seq: u64,
}

/// Brings a contact in.
#[utoipa::path(post, operation_id = "create_contact", path = "/api/v1/contacts", tag = "contacts", request_body = NewContact,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and content answer as the first time, also after a restart.")),
    responses((status = 201, body = ContactChanged, headers(("Location" = String))),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn create(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    posted: Posted<NewContact>,
) -> Result<Response, Problem> {
    let Posted { value: new, request } = posted;
    let target = new.queue.map_or_else(Target::site, Target::queue);
    caller.may(Verb::ContactCreate, &target)?;
    also_may(&caller, Verb::ContactCreate, &new.also)?;
    let entry = new.entry()?;
    let cause = key.cause(&door, &caller, &request);
    let NewContact { channel, from, attributes, .. } = new;
    let (from, attributes) = seal(&door, from, attributes).await?;
    let command = Command::Arrive { channel, from, attributes, entry };
    let carried = act(&door, caller.who.acting_on(None), cause, command).await?;
    let events = events_of(&door, carried).await?;
    let arrived = events.iter().find_map(|event| match &event.event {
        Event::ContactArrived(event) => Some(event.contact),
        _ => None,
    });
    let contact = arrived.ok_or_else(Problem::bug)?;
    let changed = ContactChanged { contact, state: state_by(&events, contact), seq: carried.seq };
    let location = [(header::LOCATION, format!("/api/v1/contacts/{contact}"))];
    Ok((StatusCode::CREATED, location, Json(changed)).into_response())
}

impl NewContact {
    fn asks(&self) -> bool {
        self.priority.is_some()
            || !self.skills.is_empty()
            || !self.any.is_empty()
            || !self.also.is_empty()
            || self.wanted.is_some()
    }

    fn entry(&self) -> Result<Option<Entry>, Problem> {
        if self.from.as_ref().is_some_and(|from| from.len() > FROM_BYTES_MAX) {
            let detail = format!("from is longer than {FROM_BYTES_MAX} bytes");
            return Err(Problem::invalid("over_limit", detail));
        }
        match (self.queue, self.stage) {
            (Some(queue), None) => {
                let entry = entry(queue, self.priority, &self.skills, &self.any);
                Ok(Some(Entry { also: self.also.clone(), wanted: self.wanted, ..entry }))
            }
            (None, Some(EntryStage::Menu)) if self.asks() => {
                let mend = "priority, skills, any, also and wanted are said when it enters its queue, not in the menu";
                Err(Problem::invalid("invalid", mend))
            }
            (None, Some(EntryStage::Menu)) => Ok(None),
            (Some(_), Some(EntryStage::Menu)) => {
                Err(Problem::invalid("invalid", "say a queue or stage \"menu\", not both"))
            }
            (None, None) => {
                Err(Problem::invalid("invalid", "say a queue, or stage \"menu\" if it is not known yet"))
            }
        }
    }
}

fn entry(
    queue: QueueId,
    priority: Option<u8>,
    skills: &BTreeMap<SkillId, u8>,
    any: &BTreeMap<SkillId, u8>,
) -> Entry {
    let conditions = |asked: &BTreeMap<SkillId, u8>| {
        asked.iter().map(|(skill, level)| SkillCondition { skill: *skill, level: *level }).collect()
    };
    let (skills, any) = (conditions(skills), conditions(any));
    Entry { priority: priority.unwrap_or(PRIORITY), skills, any, ..Entry::plain(queue) }
}

/// A contact that stands in several queues is brought into each of them.
fn also_may(caller: &Caller, verb: Verb, also: &[QueueId]) -> Result<(), Problem> {
    also.iter().try_for_each(|queue| caller.may(verb, &Target::queue(*queue)))
}

/// Seals what is personal, the key made durable first.
async fn seal(
    door: &Door,
    from: Option<String>,
    attributes: Option<Map<String, Value>>,
) -> Result<(Option<Number>, Option<Sealed>), Problem> {
    if from.is_none() && attributes.is_none() {
        return Ok((None, None));
    }
    let vault = door.vault.clone();
    blocking(move || {
        let (person, number) = match &from {
            Some(from) => {
                let (person, number) = personal::seal_number(&vault, from)?;
                (person, Some(number))
            }
            None => (vault.person_anonymous()?, None),
        };
        let attributes = attributes.map(|attributes| {
            let clear = serde_json::to_vec(&attributes).map_err(|_| Problem::bug())?;
            Ok::<_, Problem>(personal::seal(&person, field::ATTRIBUTES, &clear)?)
        });
        Ok((number, attributes.transpose()?))
    })
    .await
}

/// Where a contact stands by some events about it.
fn state_by(events: &[Arc<Recorded<Event>>], contact: ContactId) -> ContactState {
    let about = events.iter().filter(|event| event.event.contact() == Some(contact));
    about.fold(ContactState::Menu, |state, event| match &event.event {
        Event::ContactQueued(_) => ContactState::Queued,
        Event::OfferCreated(_) => ContactState::Ringing,
        Event::ContactEnded(_) => ContactState::Ended,
        _ => state,
    })
}

/// Sends a contact from the menu to a queue.
#[utoipa::path(post, operation_id = "enqueue_contact", path = "/api/v1/contacts/{contact}/enqueue", tag = "contacts", request_body = NewEntry,
    params(("contact" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = ContactChanged),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn enqueue(
    State(door): State<Arc<Door>>,
    Path(contact): Path<String>,
    caller: Caller,
    key: Key,
    posted: Posted<NewEntry>,
) -> Result<Json<ContactChanged>, Problem> {
    let contact: ContactId = contact_id(&contact)?;
    let Posted { value: new, request } = posted;
    caller.may(Verb::ContactEnqueue, &Target::queue(new.queue))?;
    also_may(&caller, Verb::ContactEnqueue, &new.also)?;
    let cause = key.cause(&door, &caller, &request);
    let NewEntry { queue, priority, skills, any, also, wanted } = new;
    let entry = Entry { also, wanted, ..entry(queue, priority, &skills, &any) };
    let command = Command::Enqueue { contact, entry };
    let carried = act(&door, caller.who.acting_on(None), cause, command).await?;
    let events = events_of(&door, carried).await?;
    Ok(Json(ContactChanged { contact, state: state_by(&events, contact), seq: carried.seq }))
}

/// Says that the caller left, at whatever stage.
#[utoipa::path(post, operation_id = "abandon_contact", path = "/api/v1/contacts/{contact}/abandon", tag = "contacts",
    params(("contact" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = ContactChanged),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn abandon(
    State(door): State<Arc<Door>>,
    Path(contact): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<ContactChanged>, Problem> {
    let contact: ContactId = contact_id(&contact)?;
    caller.may(Verb::ContactAbandon, &Target::site())?;
    let cause = key.cause(&door, &caller, &request);
    let carried = act(&door, caller.who.acting_on(None), cause, Command::Abandon { contact }).await?;
    let state = if carried.first_seq.is_some() {
        // Whoever hangs up while she is called back is put back in line, or has ended.
        state_by(&events_of(&door, carried).await?, contact)
    } else {
        // She has left before, or waits to be called back without a line.
        door.views.board.reach(carried.seq, door.limits.view_wait_max).await;
        door.views.board.read()?.contact(contact).map_or(ContactState::Ended, |row| row.state)
    };
    Ok(Json(ContactChanged { contact, state, seq: carried.seq }))
}

/// Which contacts to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Listing {
    /// Only those that are there: `menu`, `queued`, `ringing`, `connected`, `held` or `ended`.
    #[param(value_type = Option<String>)]
    state: Option<ContactState>,
    /// Only those in this queue's terms.
    #[param(value_type = Option<String>)]
    queue: Option<QueueId>,
    /// Only those that came after this one: the `next` of the page before.
    #[param(value_type = Option<String>)]
    after: Option<ContactId>,
    /// Rows of the page, at most 1000.
    limit: Option<usize>,
}

/// A page of contacts, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ContactPage {
    /// On the floor now, ended ones for a while included; numbers masked.
    contacts: Vec<PublicContact>,
    /// Give it as `after` for the next page; absent on the last.
    #[schema(value_type = Option<String>)]
    next: Option<ContactId>,
    /// As of which event.
    seq: u64,
}

/// Contacts on the floor.
#[utoipa::path(get, operation_id = "list_contacts", path = "/api/v1/contacts", tag = "contacts", params(Listing),
    responses((status = 200, body = ContactPage),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn list(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(listing): Params<Listing>,
) -> Result<Json<ContactPage>, Problem> {
    let scopes = caller.scopes(Verb::ContactView)?;
    let limit = super::floor::rows(&door, listing.limit)?;
    door.views.board.reach(door.durable_seq(), door.limits.view_wait_max).await;
    blocking(move || {
        let (mut rows, mut next) = (Vec::new(), None);
        let board = door.views.board.read()?;
        let after = listing.after.unwrap_or(ContactId(0));
        for (scanned, row) in board.contacts_after(after).enumerate() {
            if rows.len() == limit || scanned == door.limits.events_scanned_max {
                break;
            }
            next = Some(row.contact);
            let fits = listing.state.is_none_or(|state| row.state == state)
                && listing.queue.is_none_or(|queue| row.queue == Some(queue));
            let sees = || {
                scopes.has(Scope::Site)
                    || scopes.reach(&caller.who, &Target::of_contact(&board, &caller.who, row))
            };
            if fits && sees() {
                rows.push(row.clone());
            }
        }
        let next = next.filter(|last| board.contacts_after(*last).next().is_some());
        let seq = board.seq();
        drop(board);
        let eyes = Eyes::masked(&door.vault);
        let contacts = rows.iter().map(|row| PublicContact::of(row, &eyes)).collect();
        Ok(Json(ContactPage { contacts, next, seq }))
    })
    .await
}

/// How to show a contact.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Showing {
    /// Show the number and texts in full. Outside one's own live contact this needs `number.view` or `text.view`,
    /// and leaves an event.
    #[serde(default)]
    unmask: bool,
}

/// A contact, now or at its end, with its story.
#[utoipa::path(get, operation_id = "show_contact", path = "/api/v1/contacts/{contact}", tag = "contacts",
    params(("contact" = String, Path), Showing),
    responses((status = 200, body = PublicContact),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn show(
    State(door): State<Arc<Door>>,
    Path(contact): Path<String>,
    caller: Caller,
    Params(showing): Params<Showing>,
) -> Result<Json<PublicContact>, Problem> {
    let contact: ContactId = contact_id(&contact)?;
    let scopes = caller.scopes(Verb::ContactView)?;
    let seq = door.durable_seq();
    door.views.stories.reach(seq, door.limits.view_wait_max).await;
    door.views.board.reach(seq, door.limits.view_wait_max).await;
    let caller = Arc::new(caller);
    let Looked { row, story, place, target, is_own } = {
        let (door, caller) = (door.clone(), caller.clone());
        blocking(move || look(&door, &caller, contact)).await?
    };
    if !scopes.reach(&caller.who, &target) {
        caller.may(Verb::ContactView, &target)?;
    }
    let mut eyes = if is_own { Eyes::open(&door.vault) } else { Eyes::masked(&door.vault) };
    if showing.unmask && !is_own {
        eyes = unmask(&door, &caller, contact, &target).await?;
    }
    blocking(move || {
        let mut shown = PublicContact::of(&row, &eyes);
        shown.story = Some(story);
        shown.place = place;
        Ok(Json(shown))
    })
    .await
}

/// Opens the values that her permissions open, after leaving the event that says so.
pub(super) async fn unmask(
    door: &Door,
    caller: &Caller,
    contact: ContactId,
    target: &Target,
) -> Result<Eyes, Problem> {
    let numbers = caller.may(Verb::NumberView, target);
    let texts = caller.may(Verb::TextView, target);
    if let (Err(denied), Err(_)) = (&numbers, &texts) {
        return Err(denied.clone());
    }
    let command = Command::NoteUnmasked { account: caller.who.account, contact };
    act(door, caller.who.acting_on(None), None, command).await?;
    Ok(Eyes::seeing(&door.vault, numbers.is_ok(), texts.is_ok()))
}

/// What one contact's page is made of.
struct Looked {
    row: ContactRow,
    story: PublicStory,
    place: Option<PublicPlace>,
    target: Target,
    is_own: bool,
}

/// The contact's row and story, whose it is, and whether it is in the caller's own hands.
fn look(door: &Door, caller: &Caller, contact: ContactId) -> Result<Looked, Problem> {
    let unknown = || Problem::not_found("unknown_contact", format!("{contact} never arrived here"));
    let found = story::find(door, contact)?;
    let events = || found.events.iter().map(|event| &**event);
    let story = Story::tell(contact, events()).ok_or_else(unknown)?;
    let board = door.views.board.read()?;
    let row = match board.contact(contact) {
        Some(row) => row.clone(),
        None => {
            // Left the floor: the same fold over its own events shows it as it was at its end.
            let mut past = Board::new();
            events().for_each(|event| past.fold(event));
            past.contact(contact).cloned().ok_or_else(unknown)?
        }
    };
    let mut target = Target::of_contact(&board, &caller.who, &row);
    for leg in &story.legs {
        target.queues.extend(leg.queue);
        if let Some(agent) = leg.agent {
            target.add_team_of(&board, agent);
        }
    }
    let is_own = caller.who.agent.is_some_and(|own| holds(&board, own, &row));
    let place = PublicPlace::of(&board, &row);
    Ok(Looked { story: PublicStory::of(&story, found.complete), row, place, target, is_own })
}

pub(super) fn contact_id(text: &str) -> Result<ContactId, Problem> {
    id(text, "unknown_contact", "c-1042")
}
