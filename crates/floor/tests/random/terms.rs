//! Random terms of agents, of the site and of the doors, beside the plans of queues; what callers ask for; and callbacks.

use super::draw::Draw;
use super::plan::{asks, other};
use cordboard_floor::command::Entry;
use cordboard_floor::configuration::{AgentConfig, HoursConfig, SiteConfig, Span};
use cordboard_floor::contact::Contact;
use cordboard_floor::event::{Number, Sealed};
use cordboard_floor::{AgentId, Channel, Command, ContactId, Decider, Floor, Millis, PersonId, QueueId};

const VOICE: Channel = Channel::fixed("voice");
const CHAT: Channel = Channel::fixed("chat");
const MAIL: Channel = Channel::fixed("mail");

/// Adds to an agent's terms, and says what.
pub(crate) fn staff(seed: u16, config: &mut AgentConfig, colleagues: &[AgentId]) -> String {
    let (draw, mut said) = (&mut Draw::new(seed), String::new());
    if draw.chance(4) {
        config.weight = draw.one(&[50, 300, 1]);
        said.push_str(&format!(", weighs {}", config.weight));
    }
    if draw.chance(4) {
        config.position = draw.one(&[1, 2, 3]);
        said.push_str(&format!(", position {}", config.position));
    }
    let stand_in = draw.one(colleagues);
    if draw.chance(3) && stand_in != config.agent {
        config.stand_in = Some(stand_in);
        said.push_str(&format!(", {stand_in} stands in"));
    }
    if draw.chance(3) {
        config.mixes = match draw.of(3) {
            0 => vec![vec![(VOICE, 1)], vec![(CHAT, 2), (MAIL, 1)]],
            1 => vec![vec![(VOICE, 1), (CHAT, 1)], vec![(MAIL, 3)]],
            _ => vec![vec![(CHAT, 2)], vec![(VOICE, 2)]],
        };
        let mixes = config.mixes.iter().map(|mix| {
            mix.iter().map(|(channel, most)| format!("{most} {channel}")).collect::<Vec<_>>().join(" and ")
        });
        said.push_str(&format!(", has room for {}", mixes.collect::<Vec<_>>().join(" or ")));
    }
    if draw.chance(3) {
        config.interruptible = vec![draw.one(&[MAIL, CHAT])];
        said.push_str(&format!(", interruptible {}", config.interruptible[0]));
    }
    said
}

/// The site's switches, and how one would say them.
pub(crate) fn site(seed: u16, before: SiteConfig) -> (String, SiteConfig) {
    let draw = &mut Draw::new(seed);
    let site = SiteConfig {
        ready_guard_ms: draw.one(&[Millis(0), Millis(1_000), Millis(2_500)]),
        wrapup_is_idle: draw.chance(3),
        not_ready_is_idle: draw.chance(3),
        callers_kept_ms: draw.one(&[Millis(0), Millis(60_000), Millis(10_000)]),
        ..before
    };
    let words = format!(
        "site: guard {}ms, wrap-up is idle {}, not ready is idle {}, remembers callers for {}ms",
        site.ready_guard_ms.0, site.wrapup_is_idle, site.not_ready_is_idle, site.callers_kept_ms.0
    );
    (words, site)
}

/// Some hours that begin and end soon.
pub(crate) fn hours(seed: u16, floor: &Floor, queue: QueueId) -> (String, Command) {
    let draw = &mut Draw::new(seed);
    let (mut open, mut at, mut said) = (Vec::new(), floor.last_at(), Vec::new());
    for _ in 0..draw.one(&[1, 2, 3, 0]) {
        let from = at.plus(draw.secs(&[0, 5, 20]));
        let until = from.plus(draw.secs(&[10, 3, 40]));
        said.push(format!("{} to {}", &from.to_string()[11..23], &until.to_string()[11..23]));
        open.push(Span { from, until });
        at = until;
    }
    let when = if said.is_empty() { "moved by hand".to_owned() } else { said.join(" and ") };
    (format!("hours {queue}: {when}"), Command::ApplyHours(HoursConfig { queue, open }))
}

/// How it comes, and from whom: one of four callers, so that some come back.
pub(crate) fn caller(seed: u16) -> (String, Channel, Option<Number>) {
    let draw = &mut Draw::new(seed);
    let channel = draw.one(&[VOICE, VOICE, VOICE, CHAT, CHAT, MAIL]);
    let from = draw.chance(6).then(|| draw.of(4) as u8);
    let said = if channel == VOICE { String::new() } else { format!(" by {channel}") };
    let said = from.map_or(said.clone(), |from| format!("{said} from 555-{from}"));
    (said, channel, from.map(number))
}

fn number(from: u8) -> Number {
    let sealed = Sealed { person: PersonId(u64::from(from) + 1), bytes: Box::new([from]) };
    Number { pseudonym: [from + 1; 16], sealed }
}

/// Adds to what a caller asks for, and says what.
pub(crate) fn entry(seed: u16, floor: &Floor, entry: &mut Entry) -> String {
    let (draw, mut said) = (&mut Draw::new(seed), String::new());
    if draw.chance(1) {
        entry.any = vec![asks("en", 80), asks("tax", 60)];
        said.push_str(" any of en 80 tax 60");
    }
    if draw.chance(1) {
        entry.also = vec![other(draw, entry.queue)];
        said.push_str(&format!(" also {}", entry.also[0]));
    }
    let agents: Vec<AgentId> = floor.agents().iter().map(|agent| agent.config.agent).collect();
    let wanted = draw.one(&agents);
    if draw.chance(2) {
        entry.wanted = Some(wanted);
        said.push_str(&format!(" for agent {wanted}"));
    }
    said
}

/// A caller asks to be called back; one who is dialled answers, or does not.
pub(crate) fn callback(seed: u16, floor: &Floor) -> Option<(String, Command)> {
    let draw = &mut Draw::new(seed);
    let all = |fits: &dyn Fn(&Contact) -> bool| -> Vec<ContactId> {
        floor.contacts().filter(|(_, contact)| fits(contact)).map(|(id, _)| id).collect()
    };
    let dialled = all(&|contact| contact.callback.is_some_and(|callback| callback.dial_by.is_some()));
    let may_ask = all(&|contact| {
        contact.callback.is_none()
            && contact
                .visit
                .is_some_and(|visit| floor.queues()[visit.queue as usize].config.plan.callback.allowed)
    });
    let anybody = all(&|_| true);
    // Mostly what makes sense; now and then somebody of whom it makes none.
    let (among, dials) = match (dialled.is_empty(), may_ask.is_empty(), draw.of(8)) {
        (false, _, 0..=4) => (&dialled, true),
        (_, false, 0..=6) => (&may_ask, false),
        _ => (&anybody, draw.chance(4)),
    };
    if among.is_empty() {
        return None;
    }
    let contact = draw.one(among);
    Some(match (dials, !draw.chance(4)) {
        (true, true) => {
            (format!("caller {contact} answers the callback"), Command::AnswerCallback { contact })
        }
        (true, false) => (format!("caller {contact} does not answer"), Command::FailCallback { contact }),
        (false, _) => {
            let number = draw.chance(2).then(|| number(9));
            (format!("caller {contact} asks for a callback"), Command::RequestCallback { contact, number })
        }
    })
}
