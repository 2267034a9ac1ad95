//! The OpenAPI document, made from the same types that are read and written.

use super::{
    alerts, callback, contacts, directory, earlier, entries, events, explain, exports, floor, health,
    intraday, kpi, messages, metrics, own, papers, past, quality, reports, sessions, staffing, terms, views,
    walls, workforce,
};
use axum::response::{IntoResponse, Response};
use http::header;
use std::sync::LazyLock;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Cordboard",
        description = "An event-sourced contact centre. Errors are problem details (RFC 9457) with a stable code; \
            pages have a cursor; POST of a command honours Idempotency-Key, also across a restart."
    ),
    paths(
        sessions::create,
        sessions::end,
        sessions::ticket,
        sessions::me,
        own::figures,
        own::breaks,
        intraday::show,
        contacts::create,
        contacts::list,
        contacts::show,
        contacts::enqueue,
        contacts::abandon,
        callback::request,
        callback::answered,
        callback::failed,
        earlier::list,
        floor::queues,
        floor::queue,
        floor::estimate,
        floor::open,
        floor::drain,
        floor::close,
        terms::codes,
        terms::script,
        directory::show,
        terms::names,
        terms::page_settings,
        walls::list,
        walls::make,
        walls::revoke,
        floor::agents,
        floor::agent,
        floor::teams,
        floor::reasons,
        messages::list,
        alerts::list,
        floor::figures,
        entries::enter,
        entries::withdraw,
        kpi::list,
        kpi::show,
        staffing::show,
        workforce::terms::show,
        workforce::terms::rules,
        workforce::jobs::show,
        workforce::jobs::cancel,
        workforce::figures::show,
        workforce::figures::enter,
        workforce::forecasts::list,
        workforce::forecasts::make,
        workforce::requirements::list,
        workforce::requirements::make,
        workforce::rosters::list,
        workforce::rosters::make,
        workforce::rosters::show,
        workforce::rosters::judge,
        workforce::rosters::revise,
        workforce::rosters::publish,
        workforce::rosters::discard,
        workforce::shifts::change,
        workforce::shifts::withdraw,
        workforce::shifts::let_go,
        workforce::schedule::show,
        workforce::leaves::list,
        workforce::leaves::request,
        workforce::leaves::approve,
        workforce::leaves::refuse,
        workforce::leaves::withdraw,
        workforce::leaves::papers,
        workforce::leaves::judge,
        workforce::swaps::list,
        workforce::swaps::request,
        workforce::swaps::choices,
        workforce::swaps::answer,
        workforce::swaps::approve,
        workforce::swaps::refuse,
        workforce::swaps::withdraw,
        workforce::lieu::show,
        workforce::lieu::grant,
        workforce::lieu::take,
        workforce::overtime::list,
        workforce::overtime::offer,
        workforce::overtime::answer,
        workforce::time_off::list,
        workforce::time_off::offer,
        workforce::time_off::take,
        workforce::attendance::muster,
        workforce::attendance::report,
        workforce::attendance::judge,
        workforce::attendance::except,
        workforce::attendance::withdraw,
        workforce::attendance::show,
        workforce::handovers::list,
        workforce::handovers::order,
        workforce::handovers::check,
        workforce::handovers::accept,
        workforce::adherence::board,
        workforce::adherence::of_day,
        quality::forms::forms,
        quality::forms::rules,
        quality::forms::checklists,
        quality::patrol::record,
        quality::patrol::recorded,
        quality::forms::tables,
        quality::forms::reckon,
        quality::samples::draw,
        quality::samples::list,
        quality::samples::show,
        quality::samples::picks,
        quality::samples::reassign,
        quality::samples::withdraw,
        quality::evaluations::begin,
        quality::evaluations::list,
        quality::evaluations::show,
        quality::evaluations::submit,
        quality::evaluations::publish,
        quality::evaluations::discard,
        quality::evaluations::close,
        quality::appeals::acknowledge,
        quality::appeals::appeal,
        quality::appeals::review,
        quality::replay::show,
        quality::ledger::list,
        quality::ledger::propose,
        quality::ledger::confirm,
        quality::ledger::dismiss,
        quality::ledger::revoke,
        quality::ledger::appeal,
        quality::ledger::decide,
        quality::excuses::excuses,
        quality::excuses::grant,
        quality::excuses::withdraw,
        quality::rounds::list,
        quality::rounds::open,
        quality::rounds::close,
        quality::agreement::agreement,
        quality::scores::scores,
        quality::months::list,
        quality::months::own,
        quality::proposed::proposed,
        quality::months::submit,
        quality::months::approve,
        quality::months::give_back,
        quality::months::decide,
        quality::surveys::offer,
        quality::surveys::answer,
        quality::surveys::satisfaction,
        quality::surveys::mystery,
        explain::show,
        reports::show,
        reports::timeline,
        past::board,
        past::contact,
        views::list,
        views::rebuild,
        papers::list,
        papers::freeze,
        papers::show,
        papers::submit,
        papers::approve,
        papers::give_back,
        events::page_or_live,
        exports::events,
        exports::contacts,
        serve,
        health::healthz,
        health::readyz,
        health::version,
        metrics::metrics,
    ),
    tags(
        (name = "sessions", description = "Signing in and out."),
        (name = "contacts", description = "Contacts 联络, from arrival to story."),
        (name = "floor", description = "Queues, agents, reasons, figures."),
        (name = "desk", description = "What pages of agents, leaders and walls ask for besides their link."),
        (name = "figures", description = "The KPI catalogue, and figures that people enter."),
        (name = "workforce", description = "How many people, and who when."),
        (name = "quality", description = "质检: evaluations, replay, the points ledger, samples, calibration, months, surveys."),
        (name = "papers", description = "Frozen reports 报表: daily, weekly, monthly, and what was signed on them."),
        (name = "events", description = "The log, in pages or live."),
        (name = "past", description = "The floor as it was at any moment."),
        (name = "health", description = "For supervisors."),
    ),
    modifiers(&Tokens)
)]
struct Document;

struct Tokens;

impl Modify for Tokens {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("From POST /api/v1/sessions, or made for a program by an administrator."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(token));
    }
}

/// The document.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

static JSON: LazyLock<String> = LazyLock::new(|| document().to_json().unwrap_or_default());

/// This document.
#[utoipa::path(get, operation_id = "openapi", path = "/api/openapi.json", tag = "health",
    responses((status = 200, body = Object, content_type = "application/json")))]
pub(super) async fn serve() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], JSON.as_str()).into_response()
}
