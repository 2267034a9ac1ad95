//! What callers do: they know whether they hear a menu, music, a voice or nothing.

use super::{Wish, gateway};
use crate::proof::script::{Deed, Kind, pick};
use crate::proof::terms::Terms;
use cordboard_floor::command::Entry;
use cordboard_floor::contact::Role;
use cordboard_floor::event::{Number, Sealed};
use cordboard_floor::{Command, ContactId, Event, PersonId, Recorded};
use std::collections::BTreeMap;

/// What a caller hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hears {
    Menu,
    Music,
    Voice,
    /// Hung up, waiting to be called back.
    Nothing,
    /// Her phone rings.
    Ringing,
}

/// A caller as the gateway knows her.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller {
    pub(crate) hears: Hears,
    /// Whose phone it is: the same phone may come again.
    pub(crate) phone: u8,
}

/// Everyone on the line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Callers {
    pub(crate) on: BTreeMap<ContactId, Caller>,
    /// Phones that hung up before anybody answered, the latest last.
    pub(crate) gave_up: Vec<u8>,
}

impl Callers {
    /// Takes over what is committed.
    pub(crate) fn hear(&mut self, recorded: &Recorded<Event>) {
        match &recorded.event {
            Event::ContactArrived(event) => {
                let phone = event.from.as_ref().map_or(0, |from| from.pseudonym[0]);
                self.on.insert(event.contact, Caller { hears: Hears::Menu, phone });
            }
            Event::ContactQueued(event) => self.set(event.contact, Hears::Music),
            Event::ContactConnected(event) if event.role == Role::Owner => {
                let back = self.on.get(&event.contact).is_some_and(|caller| caller.hears == Hears::Nothing);
                if !back {
                    self.set(event.contact, Hears::Voice);
                }
            }
            Event::CallbackRequested(event) => self.set(event.contact, Hears::Nothing),
            Event::CallbackDialled(event) => self.set(event.contact, Hears::Ringing),
            Event::CallbackAnswered(event) => self.set(event.contact, Hears::Voice),
            Event::CallbackFailed(event) => self.set(event.contact, Hears::Nothing),
            Event::ContactEnded(event) => {
                let gone = self.on.remove(&event.contact);
                self.gave_up
                    .extend(gone.filter(|caller| caller.hears != Hears::Voice).map(|caller| caller.phone));
            }
            _ => {}
        }
    }

    fn set(&mut self, contact: ContactId, hears: Hears) {
        if let Some(caller) = self.on.get_mut(&contact) {
            caller.hears = hears;
        }
    }

    fn among(&self, fits: impl Fn(Hears) -> bool) -> Vec<ContactId> {
        self.on.iter().filter(|(_, caller)| fits(caller.hears)).map(|(id, _)| *id).collect()
    }
}

/// What a caller does; nothing, if nobody is in the place for it.
pub(crate) fn wish(deed: Deed, terms: &Terms, callers: &Callers) -> Option<Wish> {
    let (words, command) = match deed.kind {
        Kind::Arrive | Kind::Menu => arrive(deed, terms, deed.who as u8),
        Kind::Redial => arrive(Deed { kind: Kind::Arrive, ..deed }, terms, *callers.gave_up.last()?),
        Kind::Choose => {
            let contact = pick(&callers.among(|hears| hears == Hears::Menu), deed.who)?;
            let entry = entry(deed, terms);
            (format!("caller {contact} chooses {}", entry.queue), Command::Enqueue { contact, entry })
        }
        Kind::HangUp => {
            let hangs = |hears| !matches!(hears, Hears::Nothing | Hears::Ringing);
            let contact = pick(&callers.among(hangs), deed.who)?;
            (format!("caller {contact} hangs up"), Command::Abandon { contact })
        }
        Kind::AskCallback => {
            let contact = pick(&callers.among(|hears| hears == Hears::Music), deed.who)?;
            let words = format!("caller {contact} asks to be called back");
            (words, Command::RequestCallback { contact, number: None })
        }
        Kind::PickUp | Kind::MissCallback => {
            let contact = pick(&callers.among(|hears| hears == Hears::Ringing), deed.who)?;
            match deed.kind {
                Kind::PickUp => (format!("caller {contact} picks up"), Command::AnswerCallback { contact }),
                _ => (format!("caller {contact} is not there"), Command::FailCallback { contact }),
            }
        }
        _ => return None,
    };
    Some(Wish::new(words, gateway(), command))
}

fn arrive(deed: Deed, terms: &Terms, phone: u8) -> (String, Command) {
    let channel = pick(&terms.channels, deed.what).expect("there are channels");
    let sealed = Sealed { person: PersonId(u64::from(phone) + 1), bytes: vec![phone; 4].into() };
    // Few phones, so that the same person comes again.
    let phone = phone % 24;
    let from = (!deed.how.is_multiple_of(5)).then_some(Number { pseudonym: [phone; 16], sealed });
    let entry = (deed.kind == Kind::Arrive).then(|| entry(deed, terms));
    let words = match &entry {
        Some(entry) => format!("a caller arrives by {channel} in {} {}", entry.queue, asked(entry)),
        None => format!("a caller arrives by {channel} in the menu"),
    };
    (words, Command::Arrive { channel, from, attributes: None, entry })
}

fn entry(deed: Deed, terms: &Terms) -> Entry {
    let queue = pick(&terms.queues, deed.what / 8).expect("there are queues");
    let priority = if deed.how.is_multiple_of(4) { (deed.how / 4 % 101) as u8 } else { 0 };
    let mut entry = Entry { priority, skills: terms.own_skills(deed.how), ..Entry::plain(queue) };
    if terms.plans() {
        entry.wanted = pick(&terms.agents, deed.how / 64).filter(|_| (deed.how / 8).is_multiple_of(6));
        entry.also.extend(
            pick(&terms.queues, deed.how / 256)
                .filter(|also| *also != queue && (deed.how / 16).is_multiple_of(5)),
        );
        if (deed.how / 32).is_multiple_of(6) {
            entry.any = terms.own_skills(deed.who);
        }
    }
    entry
}

fn asked(entry: &Entry) -> String {
    let skills = entry.skills.iter().map(|asked| format!(" {} {}", asked.skill, asked.level));
    let asks = if entry.skills.is_empty() { String::new() } else { " asking".to_owned() };
    format!("priority {}{asks}{}", entry.priority, skills.collect::<String>())
}
