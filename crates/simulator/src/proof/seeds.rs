//! Seeds that once failed, each with a sentence of what it was. They run with every batch of tests, for
//! ever; a seed whose world has changed since still costs nothing.

/// A seed that once failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Regression {
    /// The seed.
    pub seed: u64,
    /// What it was.
    pub what: &'static str,
}

/// All of them.
pub const REGRESSIONS: &[Regression] = &[
    Regression {
        seed: 1284,
        what: "a disk that failed while the log was opened was taken for a lost log; the process is to end and be \
               started again",
    },
    Regression {
        seed: 875,
        what: "a visit that went on to another queue just before it would have been offered kept its place in the \
               matching of the queue that it had left",
    },
];
