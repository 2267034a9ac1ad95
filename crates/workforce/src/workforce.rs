//! The desk: its state, and the one function that changes it.
//!
//! It is a `Decider` like the floor, so it can run alone under the engine, or beside other desks behind one: then
//! whoever holds them gives each event to its desk and tells the others that a number was taken, this one with
//! [`Workforce::see`] where it was an event of the floor and with [`Workforce::pass`] otherwise.

use crate::command::Command;
use crate::day::Month;
use crate::event::{Event, ExceptionGranted, ForecastPublished, RequirementPublished, TermsApplied};
use crate::handover::Handover;
use crate::id::{ExceptionId, HandoverId, LeaveId, OvertimeId, RosterId, ShiftId, SwapId, TimeOffId};
use crate::leave::{Leave, Papers};
use crate::lieu::InLieu;
use crate::limits::DUE_PER_TICK_MAX;
use crate::outlook::{Outlook, keep};
use crate::overtime::{Overtime, Staying};
use crate::refusal::Refusal;
use crate::shift::{Roster, Shift};
use crate::swap::Swap;
use crate::terms::Terms;
use crate::time_off::TimeOff;
use crate::work::{Verdict, Work};
use cordboard_floor::actor::reasons;
use cordboard_floor::decider::{Decided, Decider, Done, Recorded, Stamp};
use cordboard_floor::{Actor, AgentId, Instant, SiteId, Submission};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The desk as it is now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Workforce {
    pub(crate) site: SiteId,
    pub(crate) seq: u64,
    pub(crate) at: Instant,
    pub(crate) terms: Terms,
    pub(crate) terms_seq: u64,
    pub(crate) forecasts: Outlook<ForecastPublished>,
    pub(crate) requirements: Outlook<RequirementPublished>,
    pub(crate) rosters: BTreeMap<RosterId, Roster>,
    pub(crate) shifts: BTreeMap<ShiftId, Shift>,
    pub(crate) leaves: BTreeMap<LeaveId, Leave>,
    pub(crate) swaps: BTreeMap<SwapId, Swap>,
    pub(crate) swaps_had: BTreeMap<(Month, AgentId), u32>,
    pub(crate) in_lieu: BTreeMap<(Month, AgentId), InLieu>,
    pub(crate) overtimes: BTreeMap<OvertimeId, Overtime>,
    pub(crate) staying: BTreeMap<ShiftId, Staying>,
    pub(crate) times_off: BTreeMap<TimeOffId, TimeOff>,
    pub(crate) mustered: BTreeSet<ShiftId>,
    pub(crate) exceptions: BTreeMap<ExceptionId, ExceptionGranted>,
    pub(crate) handovers: BTreeMap<HandoverId, Handover>,
    /// The events by which leaders let somebody go, by the shift.
    pub(crate) overridden: BTreeMap<ShiftId, u64>,
    /// Shifts that their agent left before anybody had taken over, and when she first did.
    pub(crate) left_unrelieved: BTreeMap<ShiftId, Instant>,
    /// Who is known to be on the floor, or to have left it.
    pub(crate) present: BTreeMap<AgentId, bool>,
    /// The shifts of each agent by their begin (index).
    #[serde(skip)]
    pub(crate) by_agent: BTreeMap<AgentId, BTreeSet<(Instant, ShiftId)>>,
    /// All shifts by their end (index).
    #[serde(skip)]
    pub(crate) by_end: BTreeSet<(Instant, ShiftId)>,
    /// Whose leave is which (index).
    #[serde(skip)]
    pub(crate) leaves_of: BTreeMap<AgentId, BTreeSet<LeaveId>>,
    /// The newest handover by which a shift is relieved (index).
    #[serde(skip)]
    pub(crate) handover_of: BTreeMap<ShiftId, HandoverId>,
    /// What is due when (index), both ways round.
    #[serde(skip)]
    due: BTreeSet<(Instant, Due)>,
    #[serde(skip)]
    due_at: BTreeMap<Due, Instant>,
}

/// Something that becomes due by time alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    /// A leave's papers.
    Papers(LeaveId),
    /// The end of a swap that nobody decided.
    Swap(SwapId),
    /// Relief of a shift.
    Relief(ShiftId),
    /// The end of staying on after a shift.
    Stay(ShiftId),
}

impl Workforce {
    /// A desk of which nothing is known yet.
    pub fn new(site: SiteId) -> Self {
        Self {
            site,
            seq: 0,
            at: Instant::default(),
            terms: Terms::default(),
            terms_seq: 0,
            forecasts: BTreeMap::new(),
            requirements: BTreeMap::new(),
            rosters: BTreeMap::new(),
            shifts: BTreeMap::new(),
            leaves: BTreeMap::new(),
            swaps: BTreeMap::new(),
            swaps_had: BTreeMap::new(),
            in_lieu: BTreeMap::new(),
            overtimes: BTreeMap::new(),
            staying: BTreeMap::new(),
            times_off: BTreeMap::new(),
            mustered: BTreeSet::new(),
            exceptions: BTreeMap::new(),
            handovers: BTreeMap::new(),
            overridden: BTreeMap::new(),
            left_unrelieved: BTreeMap::new(),
            present: BTreeMap::new(),
            by_agent: BTreeMap::new(),
            by_end: BTreeSet::new(),
            leaves_of: BTreeMap::new(),
            handover_of: BTreeMap::new(),
            due: BTreeSet::new(),
            due_at: BTreeMap::new(),
        }
    }

    /// An event of another desk took this number at that time.
    pub fn pass(&mut self, seq: u64, at: Instant) {
        (self.seq, self.at) = (seq, at);
    }

    /// An event of the floor took a number: the same as [`Workforce::pass`], and the desk notes who is there. Whoever is not
    /// known to be away is taken to be there.
    pub fn see(&mut self, recorded: &Recorded<cordboard_floor::Event>) {
        self.pass(recorded.seq, recorded.at);
        match &recorded.event {
            cordboard_floor::Event::AgentSignedIn(event) => {
                self.present.insert(event.agent, true);
            }
            cordboard_floor::Event::AgentSignedOut(event) => {
                self.present.insert(event.agent, false);
                let stays = |staying: &&mut Staying| staying.agent == event.agent;
                for staying in self.staying.values_mut().filter(stays) {
                    staying.until = staying.until.min(recorded.at);
                }
                let left = self.staying.iter().filter(|(_, staying)| staying.agent == event.agent);
                for shift in left.map(|(shift, _)| *shift).collect::<Vec<_>>() {
                    self.refresh(Due::Stay(shift));
                }
            }
            _ => {}
        }
    }

    /// Whether an agent is on the floor, as far as is known.
    pub fn is_present(&self, agent: AgentId) -> bool {
        self.present.get(&agent).copied().unwrap_or(true)
    }

    /// The settings.
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Sets right when a thing is due; called whenever it may have changed.
    pub(crate) fn refresh(&mut self, due: Due) {
        let at = match due {
            Due::Papers(id) => {
                let leave = self.leaves.get(&id).filter(|leave| leave.papers == Papers::Pending);
                leave.filter(|leave| !leave.missing().is_empty()).and_then(|leave| leave.papers_due)
            }
            Due::Swap(id) => {
                self.swaps.get(&id).filter(|swap| swap.standing.is_open()).map(|swap| swap.asked.until)
            }
            Due::Relief(id) => self.relief_due(id),
            Due::Stay(id) => self.staying.get(&id).map(|staying| staying.until),
        };
        let before = match at {
            Some(at) => self.due_at.insert(due, at),
            None => self.due_at.remove(&due),
        };
        if before == at {
            return;
        }
        if let Some(before) = before {
            self.due.remove(&(before, due));
        }
        self.due.extend(at.map(|at| (at, due)));
    }

    pub(crate) fn absorb(&mut self, recorded: &Recorded<Event>) {
        let (seq, at, event) = (recorded.seq, recorded.at, &recorded.event);
        (self.seq, self.at) = (seq, at);
        match event {
            Event::TermsApplied(event) => (self.terms, self.terms_seq) = (event.terms.clone(), seq),
            Event::ForecastPublished(event) => {
                keep(&mut self.forecasts, (event.day, event.queue), event.clone());
            }
            Event::RequirementPublished(event) => {
                keep(&mut self.requirements, (event.day, event.queue), event.clone());
            }
            Event::RosterDrafted(_)
            | Event::RosterShiftsAdded(_)
            | Event::RosterDiscarded(_)
            | Event::RosterPublished(_) => self.take_roster(seq, event),
            Event::ShiftAssigned(_) | Event::ShiftChanged(_) | Event::ShiftWithdrawn(_) => {
                self.take_shift(seq, event);
            }
            Event::LeaveRequested(_)
            | Event::LeaveApproved(_)
            | Event::LeaveRefused(_)
            | Event::LeaveWithdrawn(_)
            | Event::LeavePapersSubmitted(_)
            | Event::LeavePapersJudged(_)
            | Event::LeavePapersOverdue(_) => self.take_leave(seq, at, event),
            Event::SwapRequested(_)
            | Event::SwapAgreed(_)
            | Event::SwapDeclined(_)
            | Event::SwapApproved(_)
            | Event::SwapRefused(_)
            | Event::SwapWithdrawn(_)
            | Event::SwapExpired(_) => self.take_swap(seq, event),
            Event::InLieuGranted(_) | Event::InLieuTaken(_) => self.take_in_lieu(event),
            Event::OvertimeListed(_)
            | Event::OvertimeAcknowledged(_)
            | Event::OvertimeDeclined(_)
            | Event::OvertimeBegun(_)
            | Event::OvertimeEnded(_) => self.take_overtime(seq, event),
            Event::TimeOffOffered(_) | Event::TimeOffTaken(_) => self.take_time_off(seq, event),
            Event::MusterMarked(_)
            | Event::AbsenceReported(_)
            | Event::ExceptionGranted(_)
            | Event::ExceptionWithdrawn(_)
            | Event::AbsenceJudged(_) => self.take_muster(event),
            Event::HandoverListed(_)
            | Event::HandoverChecked(_)
            | Event::HandoverAccepted(_)
            | Event::ReliefMissing(_)
            | Event::SignOutOverridden(_)
            | Event::SignOutFlagged(_) => self.take_handover(seq, at, event),
        }
    }
}

impl Decider for Workforce {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(
        &mut self,
        stamp: Stamp,
        submission: Submission<Command>,
        decided: &mut Decided<Event>,
    ) -> Result<Done, Refusal> {
        let Submission { actor, cause, reason, command } = submission;
        let mut work = Work { desk: self, stamp, actor, cause, reason, decided };
        match command {
            Command::ApplyTerms(terms) => work.apply_terms(*terms),
            Command::PublishForecast(forecast) => work.publish_forecast(forecast),
            Command::PublishRequirement(requirement) => work.publish_requirement(requirement),
            Command::DraftRoster { roster, account } => work.draft_roster(roster, account),
            Command::AddShifts { roster, shifts } => work.add_shifts(roster, shifts),
            Command::DraftWhole { roster, shifts, account } => work.draft_whole(roster, shifts, account),
            Command::ReviseRoster { roster, revision, account } => {
                work.revise_roster(roster, &revision, account)
            }
            Command::DiscardRoster { roster, account } => work.discard_roster(roster, account),
            Command::PublishRoster { roster, account } => work.publish_roster(roster, account),
            Command::ChangeShift { shift, sketch, account } => work.change_shift(shift, sketch, account),
            Command::WithdrawShifts { shifts, why, account } => work.withdraw_shifts(&shifts, why, account),
            Command::RequestLeave(leave) => work.request_leave(leave),
            Command::ApproveLeave { leave, account, rank } => work.approve_leave(leave, account, rank),
            Command::RefuseLeave { leave, account, rank, why } => {
                work.refuse_leave(leave, account, rank, why)
            }
            Command::WithdrawLeave { leave, agent } => work.withdraw_leave(leave, agent),
            Command::SubmitPapers { leave, papers } => work.submit_papers(leave, &papers),
            Command::JudgePapers { leave, borne_out, account, text } => {
                work.judge_papers(leave, borne_out, account, text)
            }
            Command::RequestSwap(swap) => work.request_swap(swap),
            Command::AnswerSwap { swap, agent, agrees } => work.answer_swap(swap, agent, agrees),
            Command::ApproveSwap { swap, account, rank, exception } => {
                work.approve_swap(swap, account, rank, exception)
            }
            Command::RefuseSwap { swap, account, why } => work.refuse_swap(swap, account, why),
            Command::WithdrawSwap { swap, agent } => work.withdraw_swap(swap, agent),
            Command::GrantInLieu { agent, month, days, why, account } => {
                work.grant_in_lieu(agent, month, days, why, account)
            }
            Command::TakeInLieu { shift, account } => work.take_day_in_lieu(shift, account),
            Command::ListOvertime { wanted, day, queue, account } => {
                work.list_overtime(wanted, day, queue, account)
            }
            Command::AnswerOvertime { overtime, agent, comes } => {
                work.answer_overtime(overtime, agent, comes)
            }
            Command::OfferTimeOff { wanted, account } => work.offer_time_off(wanted, account),
            Command::TakeTimeOff { offer, agent } => work.accept_time_off(offer, agent),
            Command::MarkMuster { shifts, account } => work.mark_muster(&shifts, account),
            Command::ReportAbsence { shift, agent, account, text } => {
                work.report_absence(shift, agent, account, text)
            }
            Command::GrantException { shift, from, until, why, account } => {
                work.grant_exception(shift, from, until, why, account)
            }
            Command::WithdrawException { exception, account } => work.withdraw_exception(exception, account),
            Command::JudgeAbsence { shift, untrue, account, text } => {
                work.judge_absence(shift, untrue, account, text)
            }
            Command::ListHandovers { places, account } => work.list_handovers(&places, account),
            Command::CheckHandover { handover, agent, checks, text } => {
                work.check_handover(handover, agent, checks, text)
            }
            Command::AcceptHandover { handover, agent, seat } => work.accept_handover(handover, agent, seat),
            Command::OverrideSignOut { shift, why, account } => work.override_sign_out(shift, why, account),
            Command::FlagSignOut { shift } => work.flag_sign_out(shift),
        }
    }

    fn tick(&mut self, stamp: Stamp, decided: &mut Decided<Event>) {
        for _ in 0..DUE_PER_TICK_MAX {
            let Some((at, due)) = self.due.first().copied().filter(|(at, _)| *at <= stamp.at) else {
                return;
            };
            let actor = Actor::system("workforce_deadline");
            let reason = Some(reasons::TIMER);
            let mut work = Work { desk: self, stamp, actor, cause: None, reason, decided };
            match due {
                Due::Papers(leave) => work.miss_papers(leave),
                Due::Swap(swap) => work.expire_swap(swap),
                Due::Relief(shift) => work.miss_relief(shift),
                Due::Stay(shift) => work.end_stay(shift, at),
            }
        }
    }

    fn apply(&mut self, recorded: &Recorded<Event>) {
        self.absorb(recorded);
    }

    fn next_deadline(&self) -> Option<Instant> {
        self.due.first().map(|(at, _)| *at)
    }

    fn last_seq(&self) -> u64 {
        self.seq
    }

    fn last_at(&self) -> Instant {
        self.at
    }

    fn begins_work(command: &Command) -> bool {
        matches!(
            command,
            Command::PublishForecast(_)
                | Command::PublishRequirement(_)
                | Command::DraftRoster { .. }
                | Command::DraftWhole { .. }
                | Command::ReviseRoster { .. }
                | Command::AddShifts { .. }
                | Command::RequestLeave(_)
                | Command::RequestSwap(_)
                | Command::ListOvertime { .. }
                | Command::OfferTimeOff { .. }
        )
    }

    fn reindex(&mut self) {
        (self.by_agent, self.by_end) = (BTreeMap::new(), BTreeSet::new());
        for (id, shift) in &self.shifts {
            self.by_agent.entry(shift.sketch.agent).or_default().insert((shift.sketch.from, *id));
            self.by_end.insert((shift.sketch.until, *id));
        }
        self.leaves_of = BTreeMap::new();
        for (id, leave) in &self.leaves {
            self.leaves_of.entry(leave.asked.agent).or_default().insert(*id);
        }
        // The newest comes last.
        let relieved = self.handovers.iter().map(|(id, handover)| (handover.listed.outgoing, *id));
        self.handover_of = relieved.collect();
        (self.due, self.due_at) = (BTreeSet::new(), BTreeMap::new());
        let leaves = self.leaves.keys().map(|id| Due::Papers(*id));
        let swaps = self.swaps.keys().map(|id| Due::Swap(*id));
        let shifts = self.shifts.keys().map(|id| Due::Relief(*id));
        let staying = self.staying.keys().map(|id| Due::Stay(*id));
        for due in leaves.chain(swaps).chain(shifts).chain(staying).collect::<Vec<_>>() {
            self.refresh(due);
        }
    }
}

impl Work<'_> {
    fn apply_terms(&mut self, terms: Terms) -> Verdict {
        terms.check()?;
        if self.desk.terms_seq > 0 && self.desk.terms == terms {
            return Ok(Done { seq: self.desk.terms_seq });
        }
        self.emit(TermsApplied { terms });
        self.done()
    }
}

/// Where a table is fuller than it may be, its oldest entry that is over goes; the log keeps it.
pub(crate) fn forget_oldest<K: Copy + Ord, T>(
    table: &mut BTreeMap<K, T>,
    most: usize,
    is_over: impl Fn(&T) -> bool,
) -> Option<(K, T)> {
    if table.len() <= most {
        return None;
    }
    let oldest = table.iter().find(|(_, entry)| is_over(entry)).map(|(id, _)| *id)?;
    table.remove(&oldest).map(|entry| (oldest, entry))
}
