//! Freezing and signing, by a running server: only there somebody is who she says she is.

use super::{OnServer, list, report_id};
use crate::failure::Failure;
use crate::out::Format;
use clap::Args;
use cordboard_floor::ReportId;
use serde_json::json;

/// Which period.
#[derive(Debug, Args)]
pub(crate) struct Freeze {
    /// daily, weekly or monthly
    #[arg(value_name = "LAYOUT")]
    layout: String,
    /// As in 2026-11-22, 2026-W47 or 2026-11
    #[arg(value_name = "PERIOD")]
    period: String,
    /// The report whose place it takes, if the one that is frozen is wrong
    #[arg(long, value_name = "REPORT", value_parser = report_id)]
    revises: Option<ReportId>,
    #[command(flatten)]
    place: OnServer,
}

/// Which report.
#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// The report, as in r-1042
    #[arg(value_name = "REPORT", value_parser = report_id)]
    report: ReportId,
    #[command(flatten)]
    place: OnServer,
}

/// Which report, and why.
#[derive(Debug, Args)]
pub(crate) struct GiveBack {
    #[command(flatten)]
    sign: Sign,
    /// A code of your own, as in figures_wrong
    #[arg(long, value_name = "CODE")]
    reason: String,
}

pub(super) fn freeze(asked: &Freeze, format: Format) -> Result<(), Failure> {
    let Freeze { layout, period, revises, place } = asked;
    let body = json!({ "layout": layout, "period": period, "revises": revises });
    list::one(&place.remote()?.act("/api/v1/papers", Some(&body))?, format)
}

pub(super) fn sign(asked: &Sign, what: &str, format: Format) -> Result<(), Failure> {
    let path = format!("/api/v1/papers/{}/{what}", asked.report);
    list::one(&asked.place.remote()?.act(&path, None)?, format)
}

pub(super) fn give_back(asked: &GiveBack, format: Format) -> Result<(), Failure> {
    let path = format!("/api/v1/papers/{}/return", asked.sign.report);
    let body = json!({ "reason": asked.reason });
    list::one(&asked.sign.place.remote()?.act(&path, Some(&body))?, format)
}
