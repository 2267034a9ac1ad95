//! Events in the words of the floor.

use super::play::Names;
use cordboard_floor::alert::{AlertLevel, AlertSubject};
use cordboard_floor::contact::{ContactEnd, EndedBy, Role, Stage, TransferKind, TransferTarget, VisitEnd};
use cordboard_floor::event::{NextState, OfferPurpose};
use cordboard_floor::figure::FigureSubject;
use cordboard_floor::{Event, Instant, Recorded};

/// One event; with its own moment if that is not the step's.
pub(super) fn event(names: &Names, recorded: &Recorded<Event>, step_at: Instant) -> String {
    let moment = if recorded.at == step_at { String::new() } else { format!("{} ", clock(recorded.at)) };
    let why = recorded.reason.map_or_else(String::new, |reason| format!(" ({})", reason.slug));
    format!("> {moment}{}{why}", sentence(names, recorded))
}

fn sentence(names: &Names, recorded: &Recorded<Event>) -> String {
    let letter = recorded.event.contact().map(|contact| names.letter(contact)).unwrap_or_default();
    match &recorded.event {
        Event::EngineStarted(event) => format!("the engine starts, the {} time", ordinal(event.epoch)),
        Event::EngineStopping(event) => format!("the engine stops by {}", clock(event.until)),
        Event::ClockPaused(event) => format!("the machine stood still for {} ms", event.gap_ms.0),
        Event::ClockStepped(event) => format!("the wall clock jumped by {} ms", event.delta_ms),
        Event::AgentSignedIn(event) => format!("{} sits down at {}", event.agent, event.seat),
        Event::AgentReady(event) => format!("{} is ready", event.agent),
        Event::AgentNotReady(event) => {
            let until =
                event.allowed_until.map_or_else(String::new, |until| format!(" until {}", clock(until)));
            format!("{} is not ready: {}{until}", event.agent, event.reason.slug)
        }
        Event::AgentNextStateSet(event) => match event.next {
            Some(NextState::NotReady(reason)) => {
                format!("{} will then be not ready: {}", event.agent, reason.slug)
            }
            Some(NextState::SignedOut) => format!("{} will then sign out", event.agent),
            None => format!("{} stays as she is", event.agent),
        },
        Event::AgentSignedOut(event) => format!("{} leaves {}", event.agent, event.seat),
        Event::AgentLinkOpened(event) => {
            let instead = event.replaced.map_or_else(String::new, |old| format!(" instead of {old}"));
            format!("{} is linked by {}{instead}", event.agent, event.session)
        }
        Event::AgentLinkClosed(event) => format!("link {} of {} is gone", event.session, event.agent),
        Event::AgentUnreachable(event) => {
            format!("{} is out of reach, signed out at {}", event.agent, clock(event.sign_out_at))
        }
        Event::AgentReachable(event) => format!("{} is in reach again", event.agent),
        Event::AgentResting(event) => format!("{} is spared until {}", event.agent, clock(event.until)),
        Event::AgentRested(event) => format!("{} may be asked again", event.agent),
        Event::AgentBreakRequested(event) => format!("{} asks for {}", event.agent, event.reason.slug),
        Event::AgentBreakDecided(event) => {
            let granted = if event.granted { "granted" } else { "not granted" };
            format!("{} of {} is {granted}", event.reason.slug, event.agent)
        }
        Event::AgentBreakOverran(event) => {
            format!("{} overruns {} of {} ms", event.agent, event.reason.slug, event.allowance_ms.0)
        }
        Event::AgentHandRaised(event) => format!("{} raises her hand", event.agent),
        Event::AgentHandLowered(event) => format!("{} lowers her hand", event.agent),
        Event::QueueOpened(event) => format!("{} opens", event.queue),
        Event::QueueDraining(event) => format!("{} drains", event.queue),
        Event::QueueClosed(event) => {
            let how = if event.emergency { " in an emergency" } else { "" };
            let said = event.message.map_or_else(String::new, |message| format!(", saying {message}"));
            format!("{} closes{how}{said}", event.queue)
        }
        Event::QueueDrained(event) => {
            format!("{} is empty, {} ms after {}", event.queue, event.overtime_ms.0, clock(event.since))
        }
        Event::HoursApplied(event) => {
            let spans = event.hours.open.iter();
            let spans = spans.map(|span| format!(" {} until {}", clock(span.from), clock(span.until)));
            let spans: Vec<String> = spans.collect();
            let open = if spans.is_empty() { " by hand alone".to_owned() } else { spans.join(",") };
            format!("{} is open{open}", event.hours.queue)
        }
        Event::ContactTold(event) => format!("{letter} hears {}", event.message),
        Event::CallbackOffered(_) => format!("{letter} may choose to be called back"),
        Event::CallbackRequested(event) => {
            format!("{letter} is to be called back by {}", clock(event.expires_at))
        }
        Event::CallbackDialled(event) => {
            let until = clock(event.dial_by);
            format!("{} dials {letter} until {until}, attempt {}", event.agent, event.attempt)
        }
        Event::CallbackAnswered(_) => format!("{letter} answers"),
        Event::CallbackFailed(event) => {
            let again =
                event.retry_at.map_or_else(|| "for good".to_owned(), |at| format!("again at {}", clock(at)));
            format!("{letter} is not reached, attempt {}, {again}", event.attempt)
        }
        Event::CallbackDue(_) => format!("{letter} is in line again"),
        Event::ContactArrived(_) => format!("{letter} arrives"),
        Event::ContactQueued(event) => {
            let mut said = format!("{letter} queues in {}", event.queue);
            if event.priority > 0 {
                said += &format!(" with priority {}", event.priority);
            }
            for asked in &event.skills {
                said += &format!(" asking {} {}", asked.skill, asked.level);
            }
            for (place, asked) in event.any.iter().enumerate() {
                let or = if place == 0 { "asking any of" } else { "or" };
                said += &format!(" {or} {} {}", asked.skill, asked.level);
            }
            for queue in &event.also {
                said += &format!(" also {queue}");
            }
            if let (Some(agent), Some(until)) = (event.wanted, event.wanted_until) {
                said += &format!(", for {agent} alone until {}", clock(until));
            }
            if event.order != recorded.at {
                said += &format!(", placed as of {}", clock(event.order));
            }
            said
        }
        Event::VisitEnded(event) => {
            let end = match event.end {
                VisitEnd::Answered => "answered".to_owned(),
                VisitEnd::Abandoned => "abandoned".to_owned(),
                VisitEnd::Overflowed(queue) => format!("on to {queue}"),
                VisitEnd::TimedOut => "timed out".to_owned(),
                VisitEnd::Transferred => "transferred".to_owned(),
                VisitEnd::Withdrawn => "withdrawn".to_owned(),
            };
            format!("{letter} leaves {} after {} ms, {end}", event.queue, event.waited_ms.0)
        }
        Event::ContactReprioritised(event) => {
            format!("{letter} has priority {}, placed as of {}", event.priority, clock(event.order))
        }
        Event::VisitStepped(event) => {
            let mut said = format!("{letter} goes on in {} at step {}", event.queue, event.step);
            if event.priority > 0 {
                said += &format!(" with priority {}, placed as of {}", event.priority, clock(event.order));
            }
            if let (Some(agent), Some(until)) = (event.wanted, event.wanted_until) {
                said += &format!(", for {agent} alone until {}", clock(until));
            }
            if event.exits_tried > 0 {
                said += &format!(", past exits {:b}", event.exits_tried);
            }
            said
        }
        Event::ContactConnected(event) => match event.role {
            Role::Owner => format!("{} talks with {letter}", event.agent),
            role => format!("{} is on {letter}, {}", event.agent, role_of(role)),
        },
        Event::ContactHeld(event) => format!("{} puts {letter} on hold", event.agent),
        Event::ContactResumed(event) => format!("{} takes {letter} off hold", event.agent),
        Event::ContactRoleChanged(event) => {
            format!("{} is now {} of {letter}", event.agent, role_of(event.role))
        }
        Event::ContactLeft(event) => format!("{} is off {letter}, was {}", event.agent, role_of(event.role)),
        Event::ContactTransferred(event) => {
            let to = match event.to {
                TransferTarget::Queue(queue) => format!("queue {queue}"),
                TransferTarget::Agent(agent) => agent.to_string(),
            };
            let kind = if event.kind == TransferKind::Blind { "blind" } else { "attended" };
            format!("{} transfers {letter} to {to}, {kind}", event.agent)
        }
        Event::ContactEnded(event) => {
            let end = match event.end {
                ContactEnd::Handled => "handled",
                ContactEnd::Abandoned(Stage::Menu) => "abandoned in the menu",
                ContactEnd::Abandoned(Stage::Queue) => "abandoned in the queue",
                ContactEnd::Abandoned(Stage::Ringing) => "abandoned while ringing",
                ContactEnd::Abandoned(Stage::Transfer) => "abandoned on the way",
                ContactEnd::Refused => "refused",
                ContactEnd::Expired => "expired",
                ContactEnd::Lost => "lost",
            };
            let by = match event.by {
                EndedBy::Caller => "the caller".to_owned(),
                EndedBy::Agent(agent) => agent.to_string(),
                EndedBy::System => "the system".to_owned(),
            };
            format!("{letter} is over: {end}, by {by}")
        }
        Event::OfferCreated(event) => {
            let until = clock(event.answer_by);
            match event.purpose {
                OfferPurpose::Queue => {
                    let step = if event.step > 0 { format!(", step {}", event.step) } else { String::new() };
                    let alone = if event.wanted { ", for her alone" } else { "" };
                    let (agent, candidates) = (event.agent, event.candidates);
                    format!("{letter} rings at {agent} until {until}, 1 of {candidates}{step}{alone}")
                }
                OfferPurpose::Assigned => {
                    format!("{letter} rings at {} until {until}, by a leader's choice", event.agent)
                }
                OfferPurpose::Transfer => {
                    format!("{letter} rings at {} until {until}, transferred", event.agent)
                }
                OfferPurpose::Consult => {
                    format!("{letter} rings at {} until {until}, for advice", event.agent)
                }
            }
        }
        Event::OfferAccepted(event) => format!("{} accepts {letter}", event.agent),
        Event::OfferRejected(event) => format!("{} rejects {letter}", event.agent),
        Event::OfferTimedOut(event) => format!("{letter} rings out at {}", event.agent),
        Event::OfferRescinded(event) => format!("{letter} is withdrawn from {}", event.agent),
        Event::OfferCancelled(event) => format!("{letter} stops ringing at {}", event.agent),
        Event::OfferFailed(event) => format!("{letter} fails to ring at {}", event.agent),
        Event::WrapupStarted(event) => {
            format!("{} wraps up {letter} until {}", event.agent, clock(event.ends_at))
        }
        Event::WrapupExtended(event) => {
            format!("{} has until {} for {letter}", event.agent, clock(event.ends_at))
        }
        Event::WrapupCompleted(event) if event.by_default => {
            format!("the timer finishes {letter} for {} with {}", event.agent, event.code)
        }
        Event::WrapupCompleted(event) => format!("{} finishes {letter} with {}", event.agent, event.code),
        Event::QueueApplied(event) => {
            format!("{} has new terms, version {}", event.queue.queue, event.version)
        }
        Event::AgentApplied(event) => {
            format!("{} has new terms, version {}", event.agent.agent, event.version)
        }
        Event::ReasonApplied(event) => format!("{} is a reason", event.reason.reason.slug),
        Event::SiteApplied(_) => "the site has new terms".to_owned(),
        Event::FigureEntered(event) => {
            let of = match event.subject {
                FigureSubject::Site => "the site".to_owned(),
                FigureSubject::Queue(queue) => queue.to_string(),
                FigureSubject::Agent(agent) => agent.to_string(),
                FigureSubject::Contact(contact) => names.letter(contact).to_string(),
            };
            let (from, to) = (clock(event.from), clock(event.to));
            format!("{} of {of} is {} from {from} to {to}", event.measure, event.value)
        }
        Event::ContactMuted(event) => format!("{} is not heard on {letter}", event.agent),
        Event::ContactUnmuted(event) => format!("{} is heard on {letter} again", event.agent),
        Event::TeamMessaged(event) => {
            let to = event.team.map_or_else(|| "all".to_owned(), |team| format!("team {team}"));
            let whom = event.addressed.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
            let asks = match (event.acknowledge, whom.is_empty()) {
                (false, _) => String::new(),
                (true, true) => ", nobody is there to acknowledge it".to_owned(),
                (true, false) => format!(", to be acknowledged by {whom}"),
            };
            let message = event.message.map_or_else(String::new, |message| message.to_string());
            format!("{message} goes to {to}{asks}")
        }
        Event::MessageAcknowledged(event) => format!("{} has read {}", event.agent, event.message),
        Event::ActNoted(event) => format!("a note is written about event {}", event.act),
        Event::QueueBreaksSet(event) => {
            let at_most = event.at_most.map(|away| format!("at most {away} on a break"));
            let at_least = event.ready_at_least.map(|ready| format!("at least {ready} ready"));
            let terms = at_most.into_iter().chain(at_least).collect::<Vec<_>>().join(", ");
            let terms = if terms.is_empty() { "a leader decides about breaks".to_owned() } else { terms };
            format!("in {} from now on: {terms}", event.queue)
        }
        Event::AlertRuleApplied(event) => {
            format!("alert {} has new terms, version {}", event.rule.rule, event.version)
        }
        Event::AlertRaised(event) => {
            let about = match event.about {
                AlertSubject::Queue(queue) => format!("queue {queue}"),
                AlertSubject::Agent(agent) => format!("agent {agent}"),
                AlertSubject::Part(part) => format!("part {part}"),
            };
            let (rule, value, limit) = (event.rule, event.value, event.limit);
            format!(
                "{} is raised, {}: {rule} of {about}, {value} past {limit}",
                event.alert,
                level(event.level)
            )
        }
        Event::AlertChanged(event) => {
            format!("{} is {} now, {} past {}", event.alert, level(event.level), event.value, event.limit)
        }
        Event::AlertAcknowledged(event) => format!("{} looks after {}", event.account, event.alert),
        Event::AlertResolved(event) => format!("{} is over", event.alert),
        Event::FigureWithdrawn(event) => format!("{} is not so", event.figure),
        other => format!("{other:?}"),
    }
}

const fn level(level: AlertLevel) -> &'static str {
    match level {
        AlertLevel::Amber => "amber",
        AlertLevel::Red => "red",
    }
}

const fn role_of(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Consulted => "asked for advice",
        Role::Conferenced => "in conference",
        Role::Listening => "listening",
        Role::Whispering => "whispering",
        Role::Barged => "barged in",
    }
}

/// The time of day, without zeros that say nothing.
fn clock(at: Instant) -> String {
    let text = at.to_string();
    let of_day = text[11..].trim_end_matches('Z');
    of_day.strip_suffix(".000").unwrap_or(of_day).to_owned()
}

fn ordinal(count: u32) -> String {
    match count {
        1 => "1st".to_owned(),
        2 => "2nd".to_owned(),
        3 => "3rd".to_owned(),
        other => format!("{other}th"),
    }
}
