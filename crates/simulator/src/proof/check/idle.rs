//! Nobody idles beside somebody who waits.

use super::{Check, Rest, Verdict, ensure, opinion};

/// Asks the second opinion at the end of each step.
#[derive(Debug)]
pub(super) struct Idle;

impl Check for Idle {
    fn name(&self) -> &'static str {
        "nobody idles"
    }

    fn promise(&self) -> &'static str {
        "No agent who is free for it stands beside a waiting contact, the stated delays apart."
    }

    fn rest(&mut self, rest: &Rest<'_>) -> Verdict {
        if rest.floor.is_stopping() {
            return Ok(());
        }
        let choice = opinion::choice(rest.floor, rest.now);
        if let Some(choice) = choice {
            ensure!(false, "{} waits beside {}, who is free for it", choice.contact, choice.agent);
        }
        Ok(())
    }
}
