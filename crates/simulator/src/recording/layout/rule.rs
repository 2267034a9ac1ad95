//! Rules about dirt: what each is called, what a layout may decide about it, and what holds where it decides nothing.
//!
//! Only dirt that a reasonable log may contain is a rule. What cannot be read at all is rejected without asking.

use serde::Deserialize;

/// What to do with a row that shows a certain dirt. All are counted under the rule's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Take the row as it is.
    Accept,
    /// Take the row with the value moved to the nearest possible one.
    Clamp,
    /// Count the row as ignored.
    Ignore,
    /// Count the row as rejected.
    Reject,
}

macro_rules! rules {
    ($($(#[$doc:meta])+ $rule:ident $slug:literal $default:ident [$($allowed:ident)+];)+) => {
        /// A kind of dirt that a layout may decide about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Rule {
            $($(#[$doc])+ $rule,)+
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Rule] = &[$(Rule::$rule,)+];

            /// Its name in layouts, counts and rejections.
            #[must_use]
            pub fn slug(self) -> &'static str {
                match self { $(Rule::$rule => $slug,)+ }
            }

            /// What holds where a layout says nothing.
            #[must_use]
            pub fn default_action(self) -> Action {
                match self { $(Rule::$rule => Action::$default,)+ }
            }

            /// What a layout may choose.
            #[must_use]
            pub fn allowed(self) -> &'static [Action] {
                match self { $(Rule::$rule => &[$(Action::$allowed,)+],)+ }
            }
        }
    };
}

rules! {
    /// An answered call that left a queue, and whose service starts before the queue's end or has no start recorded. Clamped:
    /// service starts at the queue's end and lasts as long as recorded. Accepted: the wait ends when service started.
    ServiceBeforeQueueEnd "service_before_queue_end" Clamp [Accept Clamp Ignore Reject];
    /// A menu time, wait or service below zero. Clamped to zero; it cannot be accepted.
    NegativeDuration "negative_duration" Reject [Clamp Ignore Reject];
    /// Answered, but no agent is named.
    AnsweredWithoutAgent "answered_without_agent" Accept [Accept Ignore Reject];
    /// Answered, but the start of service is not recorded.
    AnsweredWithoutStart "answered_without_start" Accept [Accept Ignore Reject];
    /// Answered, and the service took no time.
    ZeroService "zero_service" Accept [Accept Ignore Reject];
    /// The log has customers, but not for this call.
    CallerUnknown "caller_unknown" Accept [Accept Ignore Reject];
    /// Blanks around a value. Accepted: read without them.
    SurroundingBlanks "surrounding_blanks" Accept [Accept Ignore Reject];
    /// Abandoned in the menu by the layout's rule, though a time of entry into the queue is recorded.
    AbandonedOnQueueEntry "abandoned_on_queue_entry" Accept [Accept Ignore Reject];
    /// A time of day that can only be the next day's. Accepted: it is.
    AfterMidnight "after_midnight" Accept [Accept Ignore Reject];
    /// No hang-up where the layout names a column for it.
    NoHangup "no_hangup" Reject [Ignore Reject];
    /// An outcome that the layout does not name.
    UnknownOutcome "unknown_outcome" Reject [Ignore Reject];
    /// A priority that the layout does not map. Clamped to 0 points.
    UnknownPriority "unknown_priority" Reject [Clamp Ignore Reject];
    /// The same line once more. Accepted: a call of its own.
    DuplicateRow "duplicate_row" Accept [Accept Ignore Reject];
    /// A row that arrived before the row above it. Accepted: it takes its place by arrival.
    OutOfOrder "out_of_order" Accept [Accept Ignore Reject];
    /// More values than the header has names. Accepted: the surplus is not looked at.
    ExtraColumns "extra_columns" Reject [Accept Ignore Reject];
}

impl Rule {
    pub(super) fn named(slug: &str) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|rule| rule.slug() == slug)
    }
}

impl Action {
    pub(super) fn word(self) -> &'static str {
        match self {
            Action::Accept => "accept",
            Action::Clamp => "clamp",
            Action::Ignore => "ignore",
            Action::Reject => "reject",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_allowed_and_names_find_their_rule() {
        for &rule in Rule::ALL {
            assert!(rule.allowed().contains(&rule.default_action()), "{rule:?}");
            assert_eq!(Rule::named(rule.slug()), Some(rule));
        }
        assert!(!Rule::NegativeDuration.allowed().contains(&Action::Accept));
    }
}
