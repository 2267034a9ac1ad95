//! A frozen report as the doors show it: what was frozen, who signed, and whether it came in time. What it says is asked for apart.

use super::PublicBilingual;
use cordboard_floor::paper::PaperState;
use cordboard_floor::{Instant, ReportId};
use cordboard_views::paper::{Layout, hex};
use cordboard_views::register::{Registered, Signed};
use serde::Serialize;
use utoipa::ToSchema;

/// A frozen report.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicPaper {
    /// Its id.
    #[schema(value_type = String, example = "r-1042")]
    pub report: ReportId,
    /// By which layout.
    #[schema(example = "daily")]
    pub layout: String,
    /// In which version.
    pub version: u32,
    /// What the layout is called; none if this program does not know it.
    pub title: Option<PublicBilingual>,
    /// How people name the period; none if this program does not know the layout.
    #[schema(example = "2026-11-22")]
    pub period: Option<String>,
    /// By which zone's clocks.
    pub zone: String,
    /// Where the period begins.
    #[schema(value_type = String, format = DateTime)]
    pub from: Instant,
    /// Where it ends.
    #[schema(value_type = String, format = DateTime)]
    pub to: Instant,
    /// The last event of the log that it stands on.
    pub up_to: u64,
    /// BLAKE3 of its canonical bytes.
    pub digest: String,
    /// By which formulas, each as `id@version`.
    pub formulas: Vec<String>,
    /// `frozen`, `submitted`, `approved` or `returned`.
    #[schema(value_type = String, example = "submitted")]
    pub state: PaperState,
    /// Whether it was submitted after it was due, or is due and has not been submitted.
    pub late: bool,
    /// Until when it is to be submitted.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Instant,
    /// When it was frozen.
    #[schema(value_type = String, format = DateTime)]
    pub frozen_at: Instant,
    /// Who had it frozen; none: it was time.
    pub frozen_by: Option<String>,
    /// Who submitted it, the last time.
    pub submitted: Option<PublicSigned>,
    /// Who approved it.
    pub approved: Option<PublicSigned>,
    /// Who returned it, the last time, and why.
    pub returned: Option<PublicSigned>,
    /// Whose place it took.
    #[schema(value_type = Option<String>)]
    pub revises: Option<ReportId>,
    /// Which one took its place.
    #[schema(value_type = Option<String>)]
    pub revised_by: Option<ReportId>,
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicSigned {
    /// Whose account.
    pub account: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// Why, where a reason is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl From<Signed> for PublicSigned {
    fn from(signed: Signed) -> Self {
        Self { account: signed.account.to_string(), at: signed.at, why: None }
    }
}

impl PublicPaper {
    /// As it stands now.
    pub fn of(report: ReportId, registered: &Registered, now: Instant) -> Self {
        let frozen = &registered.frozen;
        let layout = Layout::find_version(frozen.layout.as_str(), frozen.version).ok();
        Self {
            report,
            layout: frozen.layout.to_string(),
            version: frozen.version,
            title: layout.map(|layout| (&layout.title).into()),
            period: layout.and_then(|layout| layout.period.name(frozen.from, &frozen.zone).ok()),
            zone: frozen.zone.to_string(),
            from: frozen.from,
            to: frozen.to,
            up_to: frozen.up_to,
            digest: hex(&frozen.digest),
            formulas: frozen.formulas.iter().map(|formula| formula.to_string()).collect(),
            state: registered.state,
            late: registered.is_late(now),
            due_at: frozen.due_at,
            frozen_at: registered.frozen_at,
            frozen_by: frozen.by.map(|account| account.to_string()),
            submitted: registered.submitted.map(PublicSigned::from),
            approved: registered.approved.map(PublicSigned::from),
            returned: registered
                .returned
                .map(|(signed, why)| PublicSigned { why: Some(why.to_string()), ..signed.into() }),
            revises: frozen.revises,
            revised_by: registered.revised_by,
        }
    }
}
