//! An agent's row: presence, hands, and the one activity derived from both. It knows nothing of names
//! (the vault has them) and decides nothing: each field is what an event said.

use cordboard_floor::actor::reasons;
use cordboard_floor::agent::Presence;
use cordboard_floor::configuration::Mix;
use cordboard_floor::contact::Role;
use cordboard_floor::event::{AgentApplied, Event, NextState, OfferPurpose};
use cordboard_floor::{
    AgentId, Channel, ContactId, Instant, OfferId, QueueId, Reason, SeatId, SessionId, SkillId, TeamId,
};
use serde::{Deserialize, Serialize};

/// Whether she is here and takes contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// Not here.
    SignedOut,
    /// Here, takes none.
    NotReady,
    /// Here, takes contacts.
    Ready,
}

/// What fills her time: hands before presence, so whoever talks while her link is gone still talks.
/// Of several contacts in hand, the first kind in this list counts: talking, consulting, held, ringing,
/// wrap-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// Not here.
    SignedOut,
    /// Signed in, her link is gone, nothing in hand.
    Unreachable,
    /// Not ready, for a reason that is no break.
    NotReady,
    /// Not ready, for a reason that was a break when it began.
    OnBreak,
    /// Ready, nothing in hand.
    Idle,
    /// Ready, nothing in hand, spared for a moment after she declined.
    Resting,
    /// An offer rings at her, or the caller whom she has dialled is not there yet: reserved, and nobody to talk with.
    Ringing,
    /// On a contact in any part but the consulted one.
    Talking,
    /// Has put the caller on hold, whether or not she asks a colleague meanwhile.
    Held,
    /// Gives advice to a colleague.
    Consulting,
    /// Works after a contact.
    WrapUp,
}

impl Activity {
    /// Every activity.
    pub const ALL: [Self; 11] = [
        Self::SignedOut,
        Self::Unreachable,
        Self::NotReady,
        Self::OnBreak,
        Self::Idle,
        Self::Resting,
        Self::Ringing,
        Self::Talking,
        Self::Held,
        Self::Consulting,
        Self::WrapUp,
    ];
}

/// What she is counted as in her queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Does {
    pub(super) activity: Activity,
    /// Ready and in reach, whatever is in her hands.
    pub(super) staffs: bool,
    /// On a break, or about to be after what is in her hands.
    pub(super) away: bool,
    /// Waits for a break.
    pub(super) asks: bool,
}

/// How far a contact is in her hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandState {
    /// An offer rings.
    Reserved,
    /// She is on it.
    Connected,
    /// She has put the caller on hold.
    Held,
    /// She works after it.
    WrapUp,
}

/// A contact in her hands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hand {
    /// Which.
    pub contact: ContactId,
    /// As what.
    pub role: Role,
    /// How far.
    pub state: HandState,
    /// Since when in this state.
    pub since: Instant,
    /// In which queue's terms.
    pub queue: Option<QueueId>,
    /// The offer that rings, or through which she came.
    pub offer: Option<OfferId>,
    /// Why that offer was made.
    pub purpose: Option<OfferPurpose>,
    /// While it rings: until when she may accept.
    pub answer_by: Option<Instant>,
    /// In wrap-up: when the engine ends it.
    pub ends_at: Option<Instant>,
    /// In wrap-up: how often it was extended.
    pub extended: u8,
    /// Whether she has dialled its caller, who is not there yet.
    #[serde(default)]
    pub dialling: bool,
    /// Whether she has muted herself on it.
    pub muted: bool,
}

/// An agent as she is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgentRow {
    /// 工号.
    pub agent: AgentId,
    /// Whether she still works here.
    pub active: bool,
    /// Her team.
    pub team: Option<TeamId>,
    /// The queues configured for her, in the order of their ids.
    pub queues: Vec<QueueId>,
    /// What she knows, and how well.
    pub skills: Vec<(SkillId, u8)>,
    /// Contacts in hand at once, where no mixes are named.
    pub capacity: u8,
    /// Her share where contacts are given out by weights.
    pub weight: u16,
    /// Her place where they are given out in a fixed order, lower first.
    pub position: u16,
    /// Who stands in when she is away.
    pub stand_in: Option<AgentId>,
    /// What she may have in hand at once, by channel: whatever fits within one of these.
    pub mixes: Vec<Mix>,
    /// Contacts of these channels do not keep her from one of another channel.
    pub interruptible: Vec<Channel>,
    /// Which version of her configuration.
    pub version: u32,
    /// Whether she takes contacts.
    pub state: AgentState,
    /// Why not, while not ready.
    pub reason: Option<Reason>,
    /// Since when in this state.
    pub since: Instant,
    /// When the allowance for being not ready ends.
    pub allowed_until: Option<Instant>,
    /// Since when she is signed in.
    pub signed_in_at: Option<Instant>,
    /// Where she sits.
    pub seat: Option<SeatId>,
    /// Her present link.
    pub session: Option<SessionId>,
    /// Whether her link is alive.
    pub reachable: bool,
    /// When she is signed out for want of a link.
    pub sign_out_at: Option<Instant>,
    /// What follows when her hands are empty.
    pub next: Option<NextState>,
    /// Whether that is a break.
    pub next_is_break: bool,
    /// Spared until then.
    pub resting_until: Option<Instant>,
    /// Why: she has only just become ready, did not answer, or declined.
    pub resting_reason: Option<Reason>,
    /// Offers in a row that rang out.
    pub missed: u8,
    /// The break she asked for.
    pub break_request: Option<Reason>,
    /// Since when she waits for it.
    pub break_asked_at: Option<Instant>,
    /// The number of the event with which she asked: her place among those who wait for one.
    pub break_asked: Option<u64>,
    /// Whether she asks a leader to come.
    pub hand_raised: bool,
    /// Since when she has had nothing in hand.
    pub idle_since: Instant,
    /// What is in her hands.
    pub contacts: Vec<Hand>,
    /// What fills her time.
    pub activity: Activity,
    /// Since when; another reason for being not ready begins anew.
    pub activity_since: Instant,
    /// The event with which it began.
    pub activity_seq: u64,
    /// Whether the reason that she is not ready for was a break when it began.
    pub on_break: bool,
    /// The last event about her.
    pub seq: u64,
}

impl AgentRow {
    pub(super) fn new(agent: AgentId, seq: u64, at: Instant) -> Self {
        Self {
            agent,
            active: false,
            team: None,
            queues: Vec::new(),
            skills: Vec::new(),
            capacity: 0,
            weight: 0,
            position: 0,
            stand_in: None,
            mixes: Vec::new(),
            interruptible: Vec::new(),
            version: 0,
            state: AgentState::SignedOut,
            reason: None,
            since: at,
            allowed_until: None,
            signed_in_at: None,
            seat: None,
            session: None,
            reachable: false,
            sign_out_at: None,
            next: None,
            next_is_break: false,
            resting_until: None,
            resting_reason: None,
            missed: 0,
            break_request: None,
            break_asked_at: None,
            break_asked: None,
            hand_raised: false,
            idle_since: at,
            contacts: Vec::new(),
            activity: Activity::SignedOut,
            activity_since: at,
            activity_seq: seq,
            on_break: false,
            seq,
        }
    }

    /// Her presence in the floor's own words.
    pub fn presence(&self) -> Presence {
        match (self.state, self.reason) {
            (AgentState::SignedOut, _) => Presence::SignedOut,
            (AgentState::Ready, _) => Presence::Ready,
            (AgentState::NotReady, reason) => Presence::NotReady(reason.unwrap_or(reasons::SIGNED_IN)),
        }
    }

    /// The queues whose counts she is in.
    pub(super) fn served(&self) -> &[QueueId] {
        if self.active { &self.queues } else { &[] }
    }

    pub(super) fn configure(&mut self, event: &AgentApplied) {
        let config = &event.agent;
        self.active = config.active;
        self.team = config.team;
        self.queues.clone_from(&config.queues);
        self.queues.sort_unstable();
        self.queues.dedup();
        self.skills.clone_from(&config.skills);
        self.capacity = config.capacity;
        self.weight = config.weight;
        self.position = config.position;
        self.stand_in = config.stand_in;
        self.mixes.clone_from(&config.mixes);
        self.interruptible.clone_from(&config.interruptible);
        self.version = event.version;
    }

    /// Her part in a contact that rings or goes on.
    pub fn on(&self, contact: ContactId) -> Option<&Hand> {
        self.contacts.iter().find(|hand| hand.contact == contact && hand.state != HandState::WrapUp)
    }

    pub(super) fn on_mut(&mut self, contact: ContactId) -> Option<&mut Hand> {
        self.contacts.iter_mut().find(|hand| hand.contact == contact && hand.state != HandState::WrapUp)
    }

    pub(super) fn wrapup_of_mut(&mut self, contact: ContactId) -> Option<&mut Hand> {
        self.contacts.iter_mut().find(|hand| hand.contact == contact && hand.state == HandState::WrapUp)
    }

    /// Idle anew, unless the site counts wrap-ups as idle: then she has been since the conversation ended.
    pub(super) fn end_wrapup(&mut self, contact: ContactId, at: Instant, wrapup_is_idle: bool) {
        self.contacts.retain(|hand| hand.contact != contact || hand.state != HandState::WrapUp);
        if self.contacts.is_empty() && !wrapup_is_idle {
            self.idle_since = at;
        }
    }

    pub(super) fn set_hand(&mut self, contact: ContactId, role: Role, state: HandState, at: Instant) {
        if let Some(hand) = self.on_mut(contact) {
            hand.role = role;
            hand.state = state;
            hand.since = at;
            hand.answer_by = None;
        }
    }

    /// An offer that she never took does not make her idle anew.
    pub(super) fn empty_hand(&mut self, contact: ContactId, at: Instant, wrapup_is_idle: bool) {
        let place =
            self.contacts.iter().position(|hand| hand.contact == contact && hand.state != HandState::WrapUp);
        let Some(hand) = place.map(|place| self.contacts.remove(place)) else { return };
        let counts = |hand: &Hand| !wrapup_is_idle || hand.state != HandState::WrapUp;
        if !self.contacts.iter().any(counts) && hand.state != HandState::Reserved {
            self.idle_since = at;
        }
    }

    pub(super) fn counted(&self) -> Does {
        let staffs = self.state == AgentState::Ready && self.reachable;
        let away = self.state == AgentState::NotReady && self.on_break || self.next_is_break;
        Does { activity: self.activity, staffs, away, asks: self.break_asked.is_some() }
    }

    pub(super) fn derive_activity(&self) -> Activity {
        let in_hand = self.contacts.iter().map(|hand| match (hand.state, hand.role) {
            _ if hand.dialling => (3, Activity::Ringing),
            (HandState::Connected, Role::Consulted) => (1, Activity::Consulting),
            (HandState::Connected, _) => (0, Activity::Talking),
            (HandState::Held, _) => (2, Activity::Held),
            (HandState::Reserved, _) => (3, Activity::Ringing),
            (HandState::WrapUp, _) => (4, Activity::WrapUp),
        });
        if let Some((_, activity)) = in_hand.min() {
            return activity;
        }
        match self.state {
            AgentState::SignedOut => Activity::SignedOut,
            _ if !self.reachable => Activity::Unreachable,
            AgentState::NotReady if self.on_break => Activity::OnBreak,
            AgentState::NotReady => Activity::NotReady,
            AgentState::Ready if self.resting_until.is_some() => Activity::Resting,
            AgentState::Ready => Activity::Idle,
        }
    }

    /// What her own events change.
    pub(super) fn take(&mut self, at: Instant, event: &Event, is_break: bool, reason: Option<Reason>) {
        match event {
            Event::AgentSignedIn(event) => {
                self.become_state(AgentState::NotReady, Some(reasons::SIGNED_IN), at);
                self.seat = Some(event.seat);
                self.signed_in_at = Some(at);
                self.reachable = true;
                self.idle_since = at;
                self.missed = 0;
            }
            Event::AgentReady(_) => {
                self.become_state(AgentState::Ready, None, at);
                self.allowed_until = None;
                self.rest(None, None);
                self.missed = 0;
                self.idle_since = at;
            }
            Event::AgentNotReady(event) => {
                self.become_state(AgentState::NotReady, Some(event.reason), at);
                self.on_break = is_break;
                self.allowed_until = event.allowed_until;
                self.follow_with(None, false);
                self.rest(None, None);
                if self.break_request == Some(event.reason) {
                    self.ask_break(None, None);
                }
            }
            Event::AgentNextStateSet(event) => self.follow_with(event.next, is_break),
            Event::AgentSignedOut(_) => {
                self.become_state(AgentState::SignedOut, None, at);
                self.seat = None;
                self.signed_in_at = None;
                self.follow_with(None, false);
                self.allowed_until = None;
                self.rest(None, None);
                self.sign_out_at = None;
                self.ask_break(None, None);
                self.hand_raised = false;
            }
            Event::AgentLinkOpened(event) => self.session = Some(event.session),
            Event::AgentLinkClosed(_) => self.session = None,
            Event::AgentUnreachable(event) => {
                self.reachable = false;
                self.sign_out_at = Some(event.sign_out_at);
            }
            Event::AgentReachable(_) => {
                self.reachable = true;
                self.sign_out_at = None;
            }
            Event::AgentResting(event) => self.rest(Some(event.until), reason),
            Event::AgentRested(_) => self.rest(None, None),
            Event::AgentBreakRequested(event) => self.ask_break(Some(event.reason), Some(at)),
            Event::AgentBreakDecided(_) => self.ask_break(None, None),
            Event::AgentBreakOverran(_) => self.allowed_until = None,
            Event::AgentHandRaised(_) => self.hand_raised = true,
            Event::AgentHandLowered(_) => self.hand_raised = false,
            _ => {}
        }
    }

    fn follow_with(&mut self, next: Option<NextState>, is_break: bool) {
        self.next = next;
        self.next_is_break = is_break;
    }

    fn rest(&mut self, until: Option<Instant>, reason: Option<Reason>) {
        self.resting_until = until;
        self.resting_reason = reason;
    }

    /// Her place in line is the event with which she asked: the last one about her.
    fn ask_break(&mut self, reason: Option<Reason>, at: Option<Instant>) {
        self.break_request = reason;
        self.break_asked_at = at;
        self.break_asked = at.map(|_| self.seq);
    }

    fn become_state(&mut self, state: AgentState, reason: Option<Reason>, at: Instant) {
        self.state = state;
        self.reason = reason;
        self.since = at;
        self.on_break = false;
    }
}
