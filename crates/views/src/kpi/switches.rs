//! The switches of a figure: what two formulas of one name may silently differ in, said aloud. A switch either
//! decides what is counted (threshold, boundary, clock, …), and then the sums must have been counted so, or what
//! the formula takes in (flow-out, short abandons, …). A figure has only the switches that it heeds.

use super::KpiError;
use super::error::like;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The longest span that a switch may name, in ms (400 days).
pub const SWITCH_MS_MAX: u64 = 400 * 24 * 3_600_000;

macro_rules! positions {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $word:literal $(| $other:literal)*),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            const WORDS: &'static [&'static str] = &[$($word),+];

            /// As it is written.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            fn parse(word: &str) -> Option<Self> {
                match word { $($word $(| $other)* => Some(Self::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.name())
            }
        }
    )+};
}

positions! {
    /// Whether a wait of exactly the threshold is within it.
    Boundary {
        /// ≤ threshold: it is.
        AtMost "at_most" | "<=" | "≤",
        /// < threshold: it is not.
        Below "below" | "<",
    }
    /// To which interval a visit, a contact, an offer, an owner's part of a contact or a wrap-up belongs. Agents' time belongs to
    /// the intervals in which it passes.
    Attribution {
        /// To the one in which it began; a figure may then change until the last of them has ended.
        Arrival "arrival",
        /// To the one in which it ended.
        Completion "completion",
    }
    /// From when waiting is measured.
    Clock {
        /// From the contact's arrival; the menu is waiting too.
        Arrival "arrival",
        /// From its entry into the queue.
        Queued "queued",
    }
    /// What one request is.
    RequestBase {
        /// Each visit: who is transferred asks again.
        Visit "visit",
        /// Each contact once, however many visits it made.
        Contact "contact",
    }
    /// What becomes of a visit whose caller asked to be called back.
    Callbacks {
        /// It goes on and ends as others do: answered once she is reached.
        Counted "counted",
        /// It is left out.
        Excluded "excluded",
        /// It is answered at the moment in which she asked.
        AtRequest "at_request",
    }
    /// Whether a formula takes something in.
    Side {
        /// It does.
        Counted "counted",
        /// It does not.
        Excluded "excluded",
    }
}

macro_rules! switches {
    ($($(#[$doc:meta])* $variant:ident $field:ident $kind:tt $type:ty),+ $(,)?) => {
        /// A switch by name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Switch { $($(#[$doc])* $variant),+ }

        impl Switch {
            /// Every switch.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => stringify!($field)),+ }
            }
        }

        /// How the switches stand; none where a figure has no such switch, or where nothing is said.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Switches {
            $($(#[$doc])* #[serde(default)] pub $field: Option<$type>),+
        }

        impl Switches {
            /// Sets a switch from what was written.
            pub fn set(&mut self, switch: Switch, written: &str) -> Result<(), KpiError> {
                match switch { $(Switch::$variant => self.$field = Some(switches!(@parse $kind $type, switch, written)?)),+ }
                Ok(())
            }

            /// How a switch stands, as it is written.
            pub fn get(&self, switch: Switch) -> Option<String> {
                match switch { $(Switch::$variant => self.$field.map(|value| value.to_string())),+ }
            }

            /// These, and where they say nothing, those.
            pub fn or(self, other: &Self) -> Self {
                Self { $($field: self.$field.or(other.$field)),+ }
            }

            /// Those of these that the others have at all.
            pub fn only_of(self, other: &Self) -> Self {
                Self { $($field: self.$field.filter(|_| other.$field.is_some())),+ }
            }
        }
    };
    (@parse span $type:ty, $switch:ident, $written:ident) => { span($switch, $written) };
    (@parse word $type:ty, $switch:ident, $written:ident) => {
        <$type>::parse($written).ok_or_else(|| bad($switch, $written, <$type>::WORDS.join(" or ")))
    };
}

switches! {
    /// T: who is answered within it was answered in time, in ms.
    ThresholdMs threshold_ms span u64,
    /// Whether exactly T is in time.
    Boundary boundary word Boundary,
    /// By arrival or by completion.
    Attribution attribution word Attribution,
    /// From when waiting is measured.
    Clock clock word Clock,
    /// S: who leaves within it could hardly have been served, in ms.
    ShortMs short_ms span u64,
    /// Per visit or per contact.
    Base base word RequestBase,
    /// What becomes of callbacks.
    Callbacks callbacks word Callbacks,
    /// Within what time a caller who comes again was not helped, in ms.
    RepeatWindowMs repeat_window_ms span u64,
    /// Whether visits that ended neither answered nor abandoned are in the denominator.
    FlowOut flow_out word Side,
    /// Whether short abandons are in the denominator.
    ShortAbandons short_abandons word Side,
    /// Whether abandons are in the denominator at all.
    Abandons abandons word Side,
}

impl Switch {
    /// Whether it decides what is counted; the others decide what the formula takes in.
    pub const fn counts(self) -> bool {
        !matches!(self, Self::FlowOut | Self::ShortAbandons | Self::Abandons)
    }
}

impl Switches {
    /// None said.
    pub const NONE: Self = Self {
        threshold_ms: None,
        boundary: None,
        attribution: None,
        clock: None,
        short_ms: None,
        base: None,
        callbacks: None,
        repeat_window_ms: None,
        flow_out: None,
        short_abandons: None,
        abandons: None,
    };

    /// Those that say something.
    pub fn said(&self) -> impl Iterator<Item = (Switch, String)> {
        let all = *self;
        Switch::ALL.iter().filter_map(move |switch| all.get(*switch).map(|value| (*switch, value)))
    }

    /// Where both say something and not the same: the first such switch.
    pub(super) fn contradicts(&self, other: &Self) -> Option<(Switch, String, String)> {
        self.said().find_map(|(switch, mine)| {
            other.get(switch).filter(|theirs| *theirs != mine).map(|theirs| (switch, mine, theirs))
        })
    }
}

impl fmt::Display for Switches {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said: Vec<String> = self.said().map(|(switch, value)| format!("{switch}={value}")).collect();
        out.write_str(&said.join(" "))
    }
}

impl FromStr for Switch {
    type Err = KpiError;

    fn from_str(name: &str) -> Result<Self, KpiError> {
        let found = Self::ALL.iter().copied().find(|switch| switch.name() == name);
        found.ok_or_else(|| KpiError::UnknownSwitch {
            name: name.to_owned(),
            like: like(name, Self::ALL.iter().map(|switch| switch.name())),
        })
    }
}

impl fmt::Display for Switch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

fn span(switch: Switch, written: &str) -> Result<u64, KpiError> {
    let ms = written.parse().ok().filter(|ms| *ms <= SWITCH_MS_MAX);
    ms.ok_or_else(|| bad(switch, written, format!("whole milliseconds, from 0 to {SWITCH_MS_MAX}")))
}

fn bad(switch: Switch, written: &str, allowed: String) -> KpiError {
    KpiError::BadSwitch { switch, value: written.to_owned(), allowed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_written_again() {
        let mut switches = Switches::NONE;
        for (name, written, stands) in [
            ("threshold_ms", "20000", "20000"),
            ("boundary", "<", "below"),
            ("attribution", "completion", "completion"),
            ("clock", "queued", "queued"),
            ("short_ms", "0", "0"),
            ("base", "contact", "contact"),
            ("callbacks", "at_request", "at_request"),
            ("repeat_window_ms", "86400000", "86400000"),
            ("flow_out", "counted", "counted"),
            ("short_abandons", "excluded", "excluded"),
            ("abandons", "excluded", "excluded"),
        ] {
            let switch: Switch = name.parse().unwrap();
            switches.set(switch, written).unwrap();
            assert_eq!(switches.get(switch).as_deref(), Some(stands));
        }
        assert_eq!(switches.said().count(), Switch::ALL.len());
        let json = serde_json::to_string(&switches).unwrap();
        assert_eq!(serde_json::from_str::<Switches>(&json).unwrap(), switches);
    }

    #[test]
    fn what_cannot_be_is_told_with_what_can() {
        let mut switches = Switches::NONE;
        for (switch, written, mend) in [
            (Switch::ThresholdMs, "20s", "whole milliseconds"),
            (Switch::ThresholdMs, "34560000001", "34560000000"),
            (Switch::Boundary, "about", "at_most or below"),
            (Switch::Callbacks, "never", "counted or excluded or at_request"),
        ] {
            let why = switches.set(switch, written).unwrap_err().to_string();
            assert!(why.contains(mend) && why.contains(written), "{why}");
        }
        assert!(switches.set(Switch::ThresholdMs, "34560000000").is_ok());
        assert!("treshold_ms".parse::<Switch>().unwrap_err().to_string().contains("threshold_ms"));
    }
}
