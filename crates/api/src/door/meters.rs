//! What is counted at the doors. Labels have few values, known when the program was written.

use cordboard_centre::Refusal;
use cordboard_engine::{Answer, Busy};
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;

/// Counters and gauges; cloning one keeps counting the same thing.
#[derive(Clone, Debug, Default)]
pub struct Meters {
    /// Commands by what became of them.
    pub commands: Family<Verdict, Counter>,
    /// Requests by the class of their status.
    pub requests: Family<StatusClass, Counter>,
    /// Connections open.
    pub connections: Gauge,
    /// Connections turned away at the limit.
    pub connections_refused: Counter,
    /// Live event streams open.
    pub live_readers: Gauge,
    /// Live event streams cut because nobody read.
    pub live_readers_cut: Counter,
    /// Links open.
    pub links_open: Gauge,
    /// Links cut, by why.
    pub links_cut: Family<CutReason, Counter>,
}

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Verdict {
    verdict: VerdictName,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
enum VerdictName {
    #[allow(non_camel_case_types)]
    done,
    #[allow(non_camel_case_types)]
    repeated,
    #[allow(non_camel_case_types)]
    refused,
    #[allow(non_camel_case_types)]
    mismatch,
    #[allow(non_camel_case_types)]
    unavailable,
    #[allow(non_camel_case_types)]
    busy,
}

impl Verdict {
    pub(crate) fn of(answer: &Result<Answer<Refusal>, Busy>) -> Self {
        let verdict = match answer {
            Ok(Answer::Done { repeated: false, .. }) => VerdictName::done,
            Ok(Answer::Done { repeated: true, .. }) => VerdictName::repeated,
            Ok(Answer::Refused(_)) => VerdictName::refused,
            Ok(Answer::Mismatch) => VerdictName::mismatch,
            Ok(Answer::Unavailable(_)) => VerdictName::unavailable,
            Err(Busy) => VerdictName::busy,
        };
        Self { verdict }
    }
}

/// Why a link was cut. A slug that the program knows: never free text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct CutReason {
    /// The slug.
    pub reason: &'static str,
}

/// `2xx`, `4xx`, …
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct StatusClass {
    /// The class.
    pub class: &'static str,
}

impl StatusClass {
    pub(crate) fn of(status: http::StatusCode) -> Self {
        let class = match status.as_u16() / 100 {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        };
        Self { class }
    }
}
