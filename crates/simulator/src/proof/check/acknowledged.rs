//! What was acknowledged stays.

use super::{Check, Rest, Verdict, ensure};
use cordboard_engine::Answer;
use cordboard_floor::actor::Cause;
use cordboard_floor::{Decider as _, Event, Floor, Recorded, Refusal};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What commands were told, and what had been made durable.
#[derive(Debug, Default)]
pub(super) struct Acknowledged {
    /// By account and id: what it said, and its first and last event.
    told: BTreeMap<(cordboard_floor::AccountId, Arc<str>), (u64, u64, u64)>,
    log: Vec<Recorded<Event>>,
}

impl Check for Acknowledged {
    fn name(&self) -> &'static str {
        "acknowledged"
    }

    fn promise(&self) -> &'static str {
        "What was acknowledged survives every crash, and a repeated command is answered as the first time."
    }

    fn after(&mut self, _floor: &Floor, event: &Recorded<Event>) -> Verdict {
        self.log.push(event.clone());
        Ok(())
    }

    fn rest(&mut self, rest: &Rest<'_>) -> Verdict {
        let (logged, lives) = (self.log.len() as u64, rest.floor.last_seq());
        ensure!(logged == lives, "a step ends with {lives} events decided and {logged} in the log");
        Ok(())
    }

    fn answered(&mut self, cause: Option<&Cause>, answer: &Answer<Refusal>, durable: u64) -> Verdict {
        if let Answer::Done { seq, .. } = answer {
            ensure!(*seq <= durable, "acknowledged up to {seq}, durable is {durable}");
        }
        let Some(cause) = cause else { return Ok(()) };
        let key = (cause.account, cause.command.clone());
        let name = format!("{} of {}", cause.command, cause.account);
        match (self.told.get(&key), answer) {
            (Some((digest, first, last)), _) if *digest == cause.digest => {
                let again = Answer::Done { first_seq: Some(*first), seq: *last, repeated: true };
                ensure!(*answer == again, "{name} was told {first} to {last}, and now {answer:?}");
            }
            (Some((_, first, last)), _) => {
                ensure!(
                    *answer == Answer::Mismatch,
                    "{name} did {first} to {last}, says something else and is told {answer:?}"
                );
            }
            (None, Answer::Done { first_seq: Some(first), seq, .. }) => {
                let caused = self.log.get(*first as usize - 1..*seq as usize).unwrap_or_default();
                let named = caused.iter().filter(|event| event.cause.as_ref() == Some(cause)).count();
                ensure!(
                    named as u64 == seq + 1 - first,
                    "{name} is told {first} to {seq}, of which {named} events name it"
                );
                self.told.insert(key, (cause.digest, *first, *seq));
            }
            _ => {}
        }
        Ok(())
    }

    fn opened(&mut self, log: &[Recorded<Event>], _state_hash: &str) -> Verdict {
        ensure!(
            log.len() >= self.log.len(),
            "{} events were durable before the crash, {} are there after it",
            self.log.len(),
            log.len()
        );
        let differing = self.log.iter().zip(log).find(|(before, after)| before != after);
        if let Some((before, after)) = differing {
            ensure!(false, "before the crash this was durable: {before:?}\nnow it is {after:?}");
        }
        Ok(())
    }
}
