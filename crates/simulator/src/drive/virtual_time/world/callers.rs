//! Callers: they come, listen to the menu, wait, and some give up.

use cordboard_centre::Refusal;
use cordboard_engine::Answer;
use cordboard_floor::{AccountId, Actor, Channel, Command, ContactId};

use super::{Act, CallIx, Ground, World, taken};
use crate::drive::{CALLERS_ACCOUNT, DriveError};

const ACCOUNT: AccountId = AccountId::fixed(CALLERS_ACCOUNT);
const VOICE: Channel = Channel::fixed("voice");

impl<G: Ground> World<'_, G> {
    pub(super) fn arrive(&mut self, at_us: i64, call: CallIx) -> Result<(), DriveError> {
        let recorded = &self.plan.calls[call];
        let intent = self.callers[call].intent;
        self.arrived += 1;
        let straight = intent.queues_us.is_some_and(|queues_us| queues_us <= at_us);
        let entry = if straight { Some(self.entry(call)?) } else { None };
        let from = self.numbers.number(recorded)?;
        let clear = format!("{} {} {}", self.numbers.clear(recorded), recorded.queue, recorded.priority);
        let command = Command::Arrive { channel: VOICE, from, attributes: None, entry };
        let answer = self.caller_says(at_us, call, "arrive", &clear, command)?;
        if let Answer::Refused(why) = answer {
            self.turn_away(why);
            return Ok(());
        }
        let Some(seq) = taken(answer, || self.name(call))? else {
            return Err(DriveError::Contradiction(vec![format!(
                "{} arrived without an event",
                self.name(call)
            )]));
        };
        let contact = ContactId(seq);
        self.callers[call].contact = Some(contact);
        self.call_by_contact.insert(contact, call);
        if let (Some(queues_us), false) = (intent.queues_us, straight) {
            self.agenda.add(queues_us, Act::Enqueue(call));
        }
        if let Some(gives_up_us) = intent.gives_up_us {
            self.agenda.add(gives_up_us.max(at_us), Act::GiveUp(call));
        }
        Ok(())
    }

    pub(super) fn enqueue(&mut self, at_us: i64, call: CallIx) -> Result<(), DriveError> {
        let Some(contact) = self.callers[call].contact else { return Ok(()) };
        let entry = self.entry(call)?;
        let answer = self.caller_says(at_us, call, "enqueue", "", Command::Enqueue { contact, entry })?;
        if let Answer::Refused(_) = answer {
            // No place in the queue: she hears so and hangs up.
            self.agenda.add(at_us, Act::GiveUp(call));
            return Ok(());
        }
        taken(answer, || self.name(call)).map(drop)
    }

    pub(super) fn give_up(&mut self, at_us: i64, call: CallIx) -> Result<(), DriveError> {
        let caller = &self.callers[call];
        let (Some(contact), false) = (caller.contact, caller.served) else { return Ok(()) };
        let answer = self.caller_says(at_us, call, "abandon", "", Command::Abandon { contact })?;
        taken(answer, || self.name(call)).map(drop)
    }

    pub(super) fn hear_ended(&mut self, contact: ContactId) {
        if let Some(call) = self.call_by_contact.remove(&contact) {
            self.callers[call].served = true;
        }
    }

    fn turn_away(&mut self, why: Refusal) {
        *self.turned_away.entry(why.code().to_owned()).or_default() += 1;
    }

    fn caller_says(
        &mut self,
        at_us: i64,
        call: CallIx,
        verb: &str,
        clear: &str,
        command: Command,
    ) -> Result<Answer<Refusal>, DriveError> {
        let id = format!("call-{}-{verb}", self.plan.calls[call].line);
        self.command(at_us, (Actor::Account(ACCOUNT), ACCOUNT), &id, clear, command)
    }

    fn name(&self, call: CallIx) -> String {
        format!("the call of line {}", self.plan.calls[call].line)
    }
}
