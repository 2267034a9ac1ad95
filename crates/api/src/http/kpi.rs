//! The KPI catalogue: which figures there are, and what each is made of. Whoever is signed in may read it: it says how
//! things are counted and nothing about anybody.

use super::caller::Caller;
use super::problem::{Problem, ProblemDetails};
use crate::public::{PublicKpi, PublicKpiDetail, PublicMeasure};
use axum::Json;
use axum::extract::Path;
use cordboard_views::kpi::{KpiError, Measure};
use serde::Serialize;
use utoipa::ToSchema;

/// All figures, and all that they are made of.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KpiList {
    /// Figures, newest versions.
    kpis: Vec<PublicKpi>,
    /// Everything that is counted or summed.
    measures: Vec<PublicMeasure>,
}

/// The KPI catalogue.
#[utoipa::path(get, operation_id = "list_kpis", path = "/api/v1/kpis", tag = "figures", responses((status = 200, body = KpiList),
    (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn list(_: Caller) -> Json<KpiList> {
    let measures = Measure::ALL.iter().copied().map(PublicMeasure::from).collect();
    Json(KpiList { kpis: PublicKpi::all(), measures })
}

/// One figure, by its id or by `id@version`.
#[utoipa::path(get, operation_id = "show_kpi", path = "/api/v1/kpis/{id}", tag = "figures",
    params(("id" = String, Path, example = "sl.positive")),
    responses((status = 200, body = PublicKpiDetail),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn show(_: Caller, Path(id): Path<String>) -> Result<Json<PublicKpiDetail>, Problem> {
    PublicKpiDetail::named(&id).map(Json).map_err(|why| {
        let mut problem = Problem::not_found("unknown_kpi", why.to_string());
        if let KpiError::UnknownId { like, .. } = why {
            problem.did_you_mean = like.into_iter().next();
        }
        problem
    })
}
