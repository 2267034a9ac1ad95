//! Recorded calls as lives: what a layout's rows say, and nothing more.

use std::collections::BTreeMap;

use cordboard_floor::actor::reasons;
use cordboard_floor::contact::{ContactEnd, EndedBy, TransferKind, TransferTarget};

use super::history::{Deed, Life};
use super::names::Names;
use super::{History, Told};
use crate::drive::Window;
use crate::recording::{Counts, Layout, RecordedCall, RecordedEnd};

impl History {
    /// The history that a layout's rows tell, of the calls that arrive in a window.
    #[must_use]
    pub fn of_calls(
        layout: &Layout,
        calls: Vec<RecordedCall>,
        counts: Counts,
        window: Option<Window>,
    ) -> Self {
        let mut told = Told { counts, ..Told::default() };
        let mut names = Names::default();
        let mut lives = Vec::with_capacity(calls.len());
        for call in calls {
            if window.is_some_and(|window| !(window.from_us..window.to_us).contains(&call.arrived_us)) {
                told.leave_out(&call);
                continue;
            }
            lives.push(life(&call, &mut names, &mut told.counts));
        }
        told.altered = names.altered();
        let mut history = Self::new(lives, BTreeMap::new(), &layout.staffing, told);
        history.credit_ms = layout.queue_settings.credit_ms_per_priority_point.into();
        history
    }
}

impl Told {
    /// A call outside the window is a row that was ignored.
    fn leave_out(&mut self, call: &RecordedCall) {
        self.outside_window += 1;
        self.counts.arrived -= 1;
        self.counts.ignored += 1;
        if call.entered_queue {
            self.counts.entered_queue -= 1;
            self.counts.entered_queue_abandoned -= u64::from(call.served_us().is_none());
        }
    }
}

fn life(call: &RecordedCall, names: &mut Names, counts: &mut Counts) -> Life {
    let queued_us = call.queued_us();
    let mut deeds = vec![(call.arrived_us, Deed::Arrive)];
    if call.end != RecordedEnd::AbandonedInMenu {
        let queue = names.queue(&call.queue);
        let (priority, recorded) = (call.priority, call.entered_queue);
        deeds.push((queued_us, Deed::Queue { queue, priority, recorded }));
    }
    match &call.end {
        RecordedEnd::AbandonedInMenu => {
            let reason = if call.entered_queue { reasons::ON_QUEUE_ENTRY } else { reasons::IMPORTED };
            deeds.push((queued_us, Deed::GiveUp(reason)));
        }
        RecordedEnd::AbandonedInQueue { waited_us } => {
            deeds.push((queued_us.saturating_add(*waited_us), Deed::GiveUp(reasons::IMPORTED)));
        }
        RecordedEnd::AbandonedRinging { waited_us, agent } => {
            let at_us = queued_us.saturating_add(*waited_us);
            // Since when it rang is not said.
            deeds.push((at_us, Deed::Ring(names.agent(agent))));
            deeds.push((at_us, Deed::GiveUp(reasons::IMPORTED)));
        }
        RecordedEnd::Answered { waited_us, handle_us, agent } => {
            let from_us = queued_us.saturating_add(*waited_us);
            let to_us = from_us.saturating_add(*handle_us);
            let agent = match agent {
                Some(agent) => names.agent(agent),
                None => names.unnamed(),
            };
            deeds.push((from_us, Deed::Answer(agent)));
            conversation(call, (from_us, to_us), &mut deeds, names, counts);
        }
    }
    Life { line: call.line, caller: call.caller.clone(), deeds }
}

/// What follows the answer: a consultation and a transfer to somebody whom the row does not name, and the end.
fn conversation(
    call: &RecordedCall,
    (from_us, to_us): (i64, i64),
    deeds: &mut Vec<(i64, Deed)>,
    names: &mut Names,
    counts: &mut Counts,
) {
    let gives_on = call.onward.transferred_us.is_some();
    let consulted = call.onward.consulted_us.filter(|at_us| {
        let within = (from_us..=to_us).contains(at_us);
        if !within {
            *counts.dirt.entry("consult_out_of_place").or_default() += 1;
        }
        within
    });
    if let Some(at_us) = consulted {
        deeds.push((at_us, Deed::Consult { agent: names.unnamed(), stays: gives_on }));
    }
    let mut over_us = to_us;
    if gives_on {
        let heir = names.unnamed();
        let kind = if consulted.is_some() { TransferKind::Attended } else { TransferKind::Blind };
        deeds.push((to_us, Deed::Transfer { to: TransferTarget::Agent(heir), kind, heir: Some(heir) }));
        over_us = call.onward.ended_us.unwrap_or(to_us).max(to_us);
    }
    // Who hung up is not said.
    deeds.push((over_us, Deed::End { end: ContactEnd::Handled, by: EndedBy::System }));
}
