//! The HTTP door: routes, problems, OpenAPI, and the loop that accepts connections. Everything that is
//! asked for here becomes one command or one reading; nothing is decided here.

mod act;
mod alerts;
mod body;
mod callback;
mod caller;
mod contacts;
mod directory;
mod earlier;
mod entries;
mod events;
mod explain;
mod exports;
mod floor;
mod health;
mod intraday;
mod kpi;
mod live;
mod messages;
mod metrics;
mod openapi;
mod own;
mod pages;
mod papers;
mod past;
mod problem;
mod quality;
mod reports;
mod serve;
mod sessions;
mod staffing;
mod story;
mod terms;
mod views;
mod walls;
mod workforce;

pub(crate) use explain::EXPLAINED_AT_ONCE_MAX;
pub use openapi::document;
pub use problem::{Problem, ProblemDetails};
pub(crate) use reports::REPORTS_AT_ONCE_MAX;
pub use serve::serve;

use crate::Door;
use crate::door::StatusClass;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use futures_util::FutureExt;
use http::HeaderValue;
use http::header;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

macro_rules! routes {
    ($($method:ident $path:literal $handler:path),+ $(,)?) => {
        /// Every route of the HTTP door, as method and path.
        pub const ROUTES: &[(&str, &str)] = &[$((stringify!($method), $path)),+];

        fn routes() -> Router<Arc<Door>> {
            Router::new()$(.route($path, $method($handler)))+
        }
    };
}

routes! {
    post "/api/v1/sessions" sessions::create,
    delete "/api/v1/sessions" sessions::end,
    post "/api/v1/tickets" sessions::ticket,
    get "/api/v1/me" sessions::me,
    get "/api/v1/me/figures" own::figures,
    get "/api/v1/me/breaks" own::breaks,
    get "/api/v1/intraday" intraday::show,
    post "/api/v1/contacts" contacts::create,
    get "/api/v1/contacts" contacts::list,
    get "/api/v1/contacts/{contact}" contacts::show,
    post "/api/v1/contacts/{contact}/enqueue" contacts::enqueue,
    post "/api/v1/contacts/{contact}/abandon" contacts::abandon,
    post "/api/v1/contacts/{contact}/callback" callback::request,
    post "/api/v1/contacts/{contact}/callback/answered" callback::answered,
    post "/api/v1/contacts/{contact}/callback/failed" callback::failed,
    get "/api/v1/contacts/{contact}/earlier" earlier::list,
    get "/api/v1/queues" floor::queues,
    get "/api/v1/queues/{queue}" floor::queue,
    get "/api/v1/queues/{queue}/estimate" floor::estimate,
    post "/api/v1/queues/{queue}/open" floor::open,
    post "/api/v1/queues/{queue}/drain" floor::drain,
    post "/api/v1/queues/{queue}/close" floor::close,
    get "/api/v1/queues/{queue}/codes" terms::codes,
    get "/api/v1/queues/{queue}/script" terms::script,
    get "/api/v1/directory" directory::show,
    get "/api/v1/names" terms::names,
    get "/api/v1/page-settings" terms::page_settings,
    get "/api/v1/walls" walls::list,
    post "/api/v1/walls" walls::make,
    delete "/api/v1/walls/{id}" walls::revoke,
    get "/api/v1/agents" floor::agents,
    get "/api/v1/agents/{agent}" floor::agent,
    get "/api/v1/teams" floor::teams,
    get "/api/v1/reasons" floor::reasons,
    get "/api/v1/messages" messages::list,
    get "/api/v1/alerts" alerts::list,
    get "/api/v1/figures" floor::figures,
    post "/api/v1/figures/entries" entries::enter,
    post "/api/v1/figures/entries/{figure}/withdraw" entries::withdraw,
    get "/api/v1/kpis" kpi::list,
    get "/api/v1/kpis/{id}" kpi::show,
    get "/api/v1/workforce/staffing" staffing::show,
    get "/api/v1/workforce/terms" workforce::terms::show,
    get "/api/v1/workforce/shift-rules" workforce::terms::rules,
    get "/api/v1/workforce/jobs/{job}" workforce::jobs::show,
    delete "/api/v1/workforce/jobs/{job}" workforce::jobs::cancel,
    get "/api/v1/workforce/figures" workforce::figures::show,
    post "/api/v1/workforce/figures" workforce::figures::enter,
    get "/api/v1/workforce/forecasts" workforce::forecasts::list,
    post "/api/v1/workforce/forecasts" workforce::forecasts::make,
    get "/api/v1/workforce/requirements" workforce::requirements::list,
    post "/api/v1/workforce/requirements" workforce::requirements::make,
    get "/api/v1/workforce/rosters" workforce::rosters::list,
    post "/api/v1/workforce/rosters" workforce::rosters::make,
    get "/api/v1/workforce/rosters/{roster}" workforce::rosters::show,
    post "/api/v1/workforce/rosters/{roster}/judge" workforce::rosters::judge,
    post "/api/v1/workforce/rosters/{roster}/revise" workforce::rosters::revise,
    post "/api/v1/workforce/rosters/{roster}/publish" workforce::rosters::publish,
    post "/api/v1/workforce/rosters/{roster}/discard" workforce::rosters::discard,
    post "/api/v1/workforce/shifts/{shift}/change" workforce::shifts::change,
    post "/api/v1/workforce/shifts/{shift}/withdraw" workforce::shifts::withdraw,
    post "/api/v1/workforce/shifts/{shift}/let-go" workforce::shifts::let_go,
    get "/api/v1/workforce/schedule" workforce::schedule::show,
    get "/api/v1/workforce/leaves" workforce::leaves::list,
    post "/api/v1/workforce/leaves" workforce::leaves::request,
    post "/api/v1/workforce/leaves/{leave}/approve" workforce::leaves::approve,
    post "/api/v1/workforce/leaves/{leave}/refuse" workforce::leaves::refuse,
    post "/api/v1/workforce/leaves/{leave}/withdraw" workforce::leaves::withdraw,
    post "/api/v1/workforce/leaves/{leave}/papers" workforce::leaves::papers,
    post "/api/v1/workforce/leaves/{leave}/papers/judge" workforce::leaves::judge,
    get "/api/v1/workforce/swaps" workforce::swaps::list,
    post "/api/v1/workforce/swaps" workforce::swaps::request,
    get "/api/v1/workforce/swaps/choices" workforce::swaps::choices,
    post "/api/v1/workforce/swaps/{swap}/answer" workforce::swaps::answer,
    post "/api/v1/workforce/swaps/{swap}/approve" workforce::swaps::approve,
    post "/api/v1/workforce/swaps/{swap}/refuse" workforce::swaps::refuse,
    post "/api/v1/workforce/swaps/{swap}/withdraw" workforce::swaps::withdraw,
    get "/api/v1/workforce/in-lieu" workforce::lieu::show,
    post "/api/v1/workforce/in-lieu/grant" workforce::lieu::grant,
    post "/api/v1/workforce/in-lieu/take" workforce::lieu::take,
    get "/api/v1/workforce/overtime" workforce::overtime::list,
    post "/api/v1/workforce/overtime" workforce::overtime::offer,
    post "/api/v1/workforce/overtime/{overtime}/answer" workforce::overtime::answer,
    get "/api/v1/workforce/time-off" workforce::time_off::list,
    post "/api/v1/workforce/time-off" workforce::time_off::offer,
    post "/api/v1/workforce/time-off/{offer}/take" workforce::time_off::take,
    post "/api/v1/workforce/muster" workforce::attendance::muster,
    post "/api/v1/workforce/absences/report" workforce::attendance::report,
    post "/api/v1/workforce/absences/judge" workforce::attendance::judge,
    post "/api/v1/workforce/exceptions" workforce::attendance::except,
    post "/api/v1/workforce/exceptions/{exception}/withdraw" workforce::attendance::withdraw,
    get "/api/v1/workforce/attendance" workforce::attendance::show,
    get "/api/v1/workforce/handovers" workforce::handovers::list,
    post "/api/v1/workforce/handovers" workforce::handovers::order,
    post "/api/v1/workforce/handovers/{handover}/check" workforce::handovers::check,
    post "/api/v1/workforce/handovers/{handover}/accept" workforce::handovers::accept,
    get "/api/v1/workforce/adherence" workforce::adherence::board,
    get "/api/v1/workforce/adherence/day" workforce::adherence::of_day,
    get "/api/v1/quality/forms" quality::forms::forms,
    get "/api/v1/quality/rules" quality::forms::rules,
    get "/api/v1/quality/checklists" quality::forms::checklists,
    get "/api/v1/quality/checklists/recorded" quality::patrol::recorded,
    post "/api/v1/quality/checklists/{list}/record" quality::patrol::record,
    get "/api/v1/quality/tables" quality::forms::tables,
    post "/api/v1/quality/score" quality::forms::reckon,
    post "/api/v1/quality/samples" quality::samples::draw,
    get "/api/v1/quality/samples" quality::samples::list,
    get "/api/v1/quality/samples/{sample}" quality::samples::show,
    get "/api/v1/quality/picks" quality::samples::picks,
    post "/api/v1/quality/picks/{contact}/reassign" quality::samples::reassign,
    post "/api/v1/quality/picks/{contact}/withdraw" quality::samples::withdraw,
    post "/api/v1/quality/evaluations" quality::evaluations::begin,
    get "/api/v1/quality/evaluations" quality::evaluations::list,
    get "/api/v1/quality/evaluations/{evaluation}" quality::evaluations::show,
    post "/api/v1/quality/evaluations/{evaluation}/submit" quality::evaluations::submit,
    post "/api/v1/quality/evaluations/{evaluation}/publish" quality::evaluations::publish,
    post "/api/v1/quality/evaluations/{evaluation}/discard" quality::evaluations::discard,
    post "/api/v1/quality/evaluations/{evaluation}/close" quality::evaluations::close,
    post "/api/v1/quality/evaluations/{evaluation}/acknowledge" quality::appeals::acknowledge,
    post "/api/v1/quality/evaluations/{evaluation}/appeal" quality::appeals::appeal,
    post "/api/v1/quality/evaluations/{evaluation}/review" quality::appeals::review,
    get "/api/v1/quality/replay/{contact}" quality::replay::show,
    get "/api/v1/quality/ledger" quality::ledger::list,
    post "/api/v1/quality/entries" quality::ledger::propose,
    post "/api/v1/quality/entries/{entry}/confirm" quality::ledger::confirm,
    post "/api/v1/quality/entries/{entry}/dismiss" quality::ledger::dismiss,
    post "/api/v1/quality/entries/{entry}/revoke" quality::ledger::revoke,
    post "/api/v1/quality/entries/{entry}/appeal" quality::ledger::appeal,
    post "/api/v1/quality/entries/{entry}/decide" quality::ledger::decide,
    get "/api/v1/quality/excuses" quality::excuses::excuses,
    post "/api/v1/quality/excuses" quality::excuses::grant,
    post "/api/v1/quality/excuses/{excuse}/withdraw" quality::excuses::withdraw,
    get "/api/v1/quality/rounds" quality::rounds::list,
    post "/api/v1/quality/rounds" quality::rounds::open,
    post "/api/v1/quality/rounds/{round}/close" quality::rounds::close,
    get "/api/v1/quality/agreement" quality::agreement::agreement,
    get "/api/v1/quality/scores" quality::scores::scores,
    get "/api/v1/quality/assessments" quality::months::list,
    get "/api/v1/quality/assessments/own" quality::months::own,
    get "/api/v1/quality/assessments/proposed" quality::proposed::proposed,
    post "/api/v1/quality/assessments" quality::months::submit,
    post "/api/v1/quality/assessments/{assessment}/approve" quality::months::approve,
    post "/api/v1/quality/assessments/{assessment}/return" quality::months::give_back,
    post "/api/v1/quality/retrainings/{retraining}/decide" quality::months::decide,
    post "/api/v1/quality/surveys" quality::surveys::offer,
    post "/api/v1/quality/surveys/{contact}/answer" quality::surveys::answer,
    get "/api/v1/quality/satisfaction" quality::surveys::satisfaction,
    post "/api/v1/quality/mystery" quality::surveys::mystery,
    get "/api/v1/explanations/{id}" explain::show,
    get "/api/v1/reports/{kind}" reports::show,
    get "/api/v1/timelines" reports::timeline,
    get "/api/v1/past/board" past::board,
    get "/api/v1/past/contacts/{contact}" past::contact,
    get "/api/v1/views" views::list,
    post "/api/v1/views/{view}/rebuild" views::rebuild,
    get "/api/v1/papers" papers::list,
    post "/api/v1/papers" papers::freeze,
    get "/api/v1/papers/{id}" papers::show,
    post "/api/v1/papers/{id}/submit" papers::submit,
    post "/api/v1/papers/{id}/approve" papers::approve,
    post "/api/v1/papers/{id}/return" papers::give_back,
    get "/api/v1/events" events::page_or_live,
    get "/api/v1/exports/events" exports::events,
    get "/api/v1/exports/contacts" exports::contacts,
    get "/api/openapi.json" openapi::serve,
    get "/healthz" health::healthz,
    get "/readyz" health::readyz,
    get "/version" health::version,
    get "/metrics" metrics::metrics,
}

/// All routes of the house: HTTP's own, the pages, and those of the other doors.
pub fn router(door: Arc<Door>) -> Router {
    let mut router = routes()
        .merge(pages::routes())
        .method_not_allowed_fallback(no_such_method)
        .fallback(no_such_path)
        .with_state(door.clone());
    if let Some(beside) = door.beside.get() {
        router = router.merge(beside.clone());
    }
    router.layer(middleware::from_fn_with_state(door, around))
}

async fn no_such_path() -> Problem {
    Problem::not_found("no_such_path", "nothing is here; /api/openapi.json lists every path")
}

async fn no_such_method() -> Problem {
    Problem::of(
        http::StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "this path does not know that method; the Allow header lists those it does",
    )
}

/// Around every request: counts it, keeps a panic from taking the connection along, adds security headers.
async fn around(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let outcome = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response = outcome.unwrap_or_else(|_| {
        tracing::error!("a request panicked; its connection goes on");
        Problem::bug().into_response()
    });
    door.meters.requests.get_or_create(&StatusClass::of(response.status())).inc();
    let headers = response.headers_mut();
    let mut set = |name: header::HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    if is_api {
        set(header::CACHE_CONTROL, "no-store");
    }
    response
}
