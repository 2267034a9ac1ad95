//! What is done in a world, in order: deeds drawn from the seed alone. A deed is a kind and three numbers;
//! who does it, and to what, is read from what the doer knows when her turn comes. A script from which
//! steps are taken away is a script again, which is what shrinking lives on.

use crate::recording::Rng;

macro_rules! kinds {
    ($($kind:ident $weight:literal $words:literal),+ $(,)?) => {
        /// What is done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Kind { $($kind),+ }

        /// Every kind, how often it is drawn, and what it is called in a summary.
        pub(crate) const KINDS: &[(Kind, u16, &str)] = &[$((Kind::$kind, $weight, $words)),+];

        impl Kind {
            /// What it is called in a summary.
            pub(crate) const fn words(self) -> &'static str {
                match self { $(Self::$kind => $words),+ }
            }
        }
    };
}

kinds! {
    Arrive 220 "caller arrives in a queue",
    Menu 25 "caller arrives in a menu",
    Choose 25 "caller leaves the menu",
    HangUp 45 "caller hangs up",
    Redial 15 "caller dials again",
    AskCallback 50 "caller asks for a callback",
    PickUp 40 "caller answers a callback",
    MissCallback 25 "caller does not answer a callback",
    SignIn 60 "agent signs in",
    Ready 110 "agent is ready",
    Away 18 "agent is not ready",
    AskBreak 20 "agent asks for a break",
    TakeBack 6 "agent takes her request back",
    Accept 90 "agent accepts",
    Reject 20 "agent rejects",
    DeviceFails 12 "agent's phone fails",
    Stale 12 "agent answers an old offer",
    Hold 35 "agent holds",
    Resume 45 "agent resumes",
    Consult 70 "agent consults",
    Conference 60 "agent conferences",
    Transfer 50 "agent transfers",
    Leave 25 "agent leaves",
    End 30 "agent ends",
    WrapUp 40 "agent finishes her wrap-up",
    Extend 30 "agent needs longer",
    SignOut 10 "agent signs out",
    Hand 12 "agent raises or lowers her hand",
    Force 10 "leader forces a state",
    SendHome 6 "leader signs out an agent",
    Assign 14 "leader assigns",
    Move 12 "leader moves",
    Reprioritise 14 "leader reprioritises",
    Open 25 "leader opens a queue",
    Drain 6 "leader drains a queue",
    Close 4 "leader closes a queue",
    Emergency 2 "leader closes in an emergency",
    Decide 20 "leader decides a break",
    Message 5 "leader writes to a team",
    Cut 22 "link cut",
    Weather 12 "network changes",
    Twice 10 "command sent twice with another content",
    SlowSync 8 "slow sync",
    FailSync 4 "failing sync",
    FullDisk 3 "disk full in mid-write",
    LowDisk 5 "disk low",
    Crash 6 "crash between commands",
    CrashInBatch 14 "crash between decide and commit",
    CrashInSnapshot 3 "crash during a snapshot",
    Snapshot 8 "snapshot",
    SpoilSnapshot 3 "snapshot spoiled",
    QueueTerms 14 "queue configured anew",
    AgentTerms 14 "agent configured anew",
    Reasons 4 "reason configured anew",
    SiteTerms 5 "site configured anew",
    Hours 14 "hours configured anew",
    Pause 8 "machine stands still",
    ClockStep 4 "clock is set",
    StopStart 4 "stop and start",
    Quiet 8 "nothing for a while",
}

/// One deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deed {
    pub(crate) kind: Kind,
    /// Chooses the doer.
    pub(crate) who: u32,
    /// Chooses what it is done to.
    pub(crate) what: u32,
    /// Chooses the manner.
    pub(crate) how: u32,
}

/// One step of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Its number, from 1; kept when others are taken away.
    pub(crate) number: u32,
    /// How long after the step before it.
    pub(crate) wait_ms: u64,
    pub(crate) deed: Deed,
}

/// The fewest and the most steps of a script.
const STEPS: (u64, u64) = (200, 400);

/// The script of a seed.
pub(crate) fn script(seed: u64) -> Vec<Step> {
    let mut length = Rng::stream(seed, "script");
    let steps = STEPS.0 + length.below(STEPS.1 - STEPS.0 + 1);
    // Worlds differ in what they are about: every seed favours some kinds.
    let favours: Vec<u64> =
        KINDS.iter().map(|(_, weight, _)| u64::from(*weight) * (1 + length.below(3))).collect();
    (1..=steps as u32).map(|number| draw(seed, number, &favours)).collect()
}

/// One step; its draws depend on its number alone.
fn draw(seed: u64, number: u32, weights: &[u64]) -> Step {
    let mut rng = Rng::of_item(seed, "step", u64::from(number));
    let mut at = rng.below(weights.iter().sum());
    let mut kind = KINDS[0].0;
    for (place, weight) in weights.iter().enumerate() {
        if at < *weight {
            kind = KINDS[place].0;
            break;
        }
        at -= weight;
    }
    let wait_ms = match rng.below(20) {
        0..9 => rng.below(800),
        9..16 => 1_000 + rng.below(5_000),
        16..19 => 5_000 + rng.below(15_000),
        _ => 20_000 + rng.below(60_000),
    };
    let mut number_of = || rng.below(1 << 31) as u32;
    let deed = Deed { kind, who: number_of(), what: number_of(), how: number_of() };
    Step { number, wait_ms, deed }
}

/// One of these by a number.
pub(crate) fn pick<T: Copy>(among: &[T], number: u32) -> Option<T> {
    among.get((number as usize).checked_rem(among.len())?).copied()
}
