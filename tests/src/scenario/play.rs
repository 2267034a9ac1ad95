//! The floor on a stage: virtual time, deadlines served at their own moments, and after every event the
//! rules that hold in every scenario.

use super::words::{self, Asked};
use super::{say, settings};
use cordboard_floor::audit::{self, Ledger};
use cordboard_floor::{
    AccountId, Actor, Command, ContactId, Decided, Decider, Done, Event, Floor, GatewayId, Instant, OfferId,
    Recorded, Refusal, SiteId, Stamp, Submission,
};
use std::collections::BTreeMap;

/// More ticks than this between two commands, and the clock does not come to rest.
const TICKS_MAX: usize = 10_000;

/// Names in the scenario and ids on the floor.
#[derive(Default)]
pub(super) struct Names {
    /// Callers by the letter that the scenario gives them.
    pub(super) contacts: BTreeMap<String, ContactId>,
    letters: BTreeMap<ContactId, String>,
    /// Offers in the order in which they were made, with contact and agent.
    offers: Vec<(OfferId, ContactId, String)>,
    expected_letter: Option<String>,
}

impl Names {
    /// The letter of a contact.
    pub(super) fn letter(&self, contact: ContactId) -> String {
        self.letters.get(&contact).cloned().unwrap_or_else(|| contact.to_string())
    }

    /// The last offer of a contact to an agent; if she had none, the last that anybody had.
    pub(super) fn offer(&self, contact: ContactId, agent: &str) -> Option<OfferId> {
        let of_contact = || self.offers.iter().rev().filter(|(_, known, _)| *known == contact);
        let hers = of_contact().find(|(_, _, to)| to == agent);
        hers.or_else(|| of_contact().next()).map(|(offer, _, _)| *offer)
    }

    fn learn(&mut self, event: &Event) {
        match event {
            Event::ContactArrived(event) => {
                let letter = self.expected_letter.take().unwrap_or_else(|| event.contact.to_string());
                self.letters.insert(event.contact, letter.clone());
                self.contacts.insert(letter, event.contact);
            }
            Event::OfferCreated(event) => {
                self.offers.push((event.offer, event.contact, event.agent.to_string()));
            }
            _ => {}
        }
    }
}

/// The floor, what led to it, and a second floor that only ever sees the events.
pub(super) struct Stage {
    pub(super) floor: Floor,
    shadow: Floor,
    ledger: Ledger,
    log: Vec<Recorded<Event>>,
    pub(super) names: Names,
    at: Instant,
}

impl Stage {
    pub(super) fn new() -> Self {
        let site = SiteId::fixed("stage");
        Self {
            floor: Floor::new(site),
            shadow: Floor::new(site),
            ledger: Ledger::default(),
            log: Vec::new(),
            names: Names::default(),
            at: words::opening(),
        }
    }

    /// Sets the scene; each line a second after the one before, so that agents are idle in their order.
    pub(super) fn given(&mut self, line: &str) -> Result<(), String> {
        self.at = self.at.plus(cordboard_floor::Millis(1000));
        for command in settings::given(self, line)? {
            self.decide(command)?.map_err(|refusal| format!("refused: {refusal}"))?;
        }
        Ok(())
    }

    /// Plays one step; answers what is found, in the words of an expectation.
    pub(super) fn step(&mut self, at: Instant, line: &str) -> Result<Vec<String>, String> {
        if at < self.at {
            return Err("time runs backwards".to_owned());
        }
        let from = self.log.len();
        // What stands still serves no deadline; all of them are found past when it wakes.
        if !words::wakes(line) {
            self.serve_deadlines(at)?;
        }
        let asked = words::read(self, line)?;
        self.at = at;
        let before = self.log.len();
        let verdict = match asked {
            Asked::Nothing => None,
            Asked::Tell(words) => return Ok(self.since(from, at).into_iter().chain([words]).collect()),
            Asked::Do(submission) => Some(self.decide(*submission)?),
            Asked::Arrive(letter, submission) => {
                self.names.expected_letter = Some(letter);
                Some(self.decide(*submission)?)
            }
        };
        let caused = self.log.len() > before;
        self.serve_deadlines(at)?;
        let mut found = self.since(from, at);
        match verdict {
            Some(Err(refusal)) => found.push(format!("! refused: {}", refusal.code())),
            Some(Ok(_)) if !caused => found.push("= already so".to_owned()),
            _ => {}
        }
        Ok(found)
    }

    /// What has happened from some place in the log on.
    fn since(&self, from: usize, at: Instant) -> Vec<String> {
        self.log[from..].iter().map(|recorded| say::event(&self.names, recorded, at)).collect()
    }

    /// What holds when the day is over.
    pub(super) fn end(&self) -> Result<(), String> {
        let mut replayed = Floor::new(self.floor.site());
        for recorded in &self.log {
            replayed.apply(recorded);
        }
        if bytes(&replayed) != bytes(&self.floor) {
            return Err("a floor that replays every event is another one".to_owned());
        }
        Ok(())
    }

    /// Ticks at every deadline up to a moment, each at its own.
    fn serve_deadlines(&mut self, until: Instant) -> Result<(), String> {
        for _ in 0..TICKS_MAX {
            let Some(due) = self.floor.next_deadline().filter(|due| *due <= until) else { return Ok(()) };
            self.at = self.at.max(due);
            let mut decided = Decided::new();
            let mut restored = restore(&self.floor)?;
            let mut again = Decided::new();
            self.floor.tick(self.stamp(), &mut decided);
            restored.tick(self.stamp(), &mut again);
            self.same(&decided, &again, &restored)?;
            self.take(decided)?;
        }
        Err(format!("{TICKS_MAX} deadlines at once: the clock does not come to rest"))
    }

    fn decide(&mut self, submission: Submission<Command>) -> Result<Result<Done, Refusal>, String> {
        let before = bytes(&self.floor);
        let mut restored = restore(&self.floor)?;
        let (mut decided, mut again) = (Decided::new(), Decided::new());
        let verdict = self.floor.decide(self.stamp(), submission.clone(), &mut decided);
        let second = restored.decide(self.stamp(), submission, &mut again);
        if verdict != second {
            return Err(format!("the restored floor answers {second:?} where the live one says {verdict:?}"));
        }
        self.same(&decided, &again, &restored)?;
        if verdict.is_err() && (!decided.is_empty() || bytes(&self.floor) != before) {
            return Err("the refusal changed something".to_owned());
        }
        self.take(decided)?;
        Ok(verdict)
    }

    /// A floor read from a snapshot decides what the live one decides, and comes to the same state.
    fn same(
        &self,
        live: &[Recorded<Event>],
        again: &[Recorded<Event>],
        restored: &Floor,
    ) -> Result<(), String> {
        if live != again {
            return Err(format!(
                "the restored floor decides\n{again:#?}\nwhere the live one decides\n{live:#?}"
            ));
        }
        if bytes(&self.floor) != bytes(restored) {
            return Err("the restored floor comes to another state".to_owned());
        }
        Ok(())
    }

    fn take(&mut self, decided: Decided<Event>) -> Result<(), String> {
        for recorded in decided {
            self.names.learn(&recorded.event);
            let told = |fault| format!("{fault}\n    at {}", say::event(&self.names, &recorded, self.at));
            self.ledger.take(&self.shadow, &recorded).map_err(told)?;
            self.shadow.apply(&recorded);
            self.log.push(recorded);
        }
        audit::at_rest(&self.floor)?;
        self.ledger.close(&self.floor)
    }

    fn stamp(&self) -> Stamp {
        Stamp { at: self.at, seed: 7 }
    }
}

/// The actors of the play.
pub(super) fn leader() -> Actor {
    Actor::Leader(AccountId::fixed("leader"))
}

/// The gateway through which callers come.
pub(super) fn gateway() -> Actor {
    Actor::Gateway(GatewayId::fixed("trunk"))
}

fn bytes(floor: &Floor) -> Vec<u8> {
    rmp_serde::to_vec(floor).expect("a floor can be written")
}

fn restore(floor: &Floor) -> Result<Floor, String> {
    let mut restored: Floor =
        rmp_serde::from_slice(&bytes(floor)).map_err(|fault| format!("the snapshot is not read: {fault}"))?;
    restored.reindex();
    Ok(restored)
}
