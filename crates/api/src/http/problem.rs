//! Everything that is not a success, in one shape (RFC 9457).

use crate::door::ViewStopped;
use crate::permission::Denied;
use axum::response::{IntoResponse, Response};
use cordboard_centre::Refusal as CentreRefusal;
use cordboard_centre::quality::Refusal as QualityRefusal;
use cordboard_centre::workforce::Refusal as WorkforceRefusal;
use cordboard_floor::Refusal;
use cordboard_vault::VaultError;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use std::ops::{Deref, DerefMut};
use utoipa::ToSchema;

/// A no, on its way out. Small, because every step of a request may end in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(Box<ProblemDetails>);

/// What a problem says (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDetails {
    /// `urn:cordboard:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:cordboard:problem:unknown_queue")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The status.
    #[schema(example = 404)]
    pub status: u16,
    /// What is the matter, and the mend where there is one.
    pub detail: String,
    /// For programs; never changes once given.
    #[schema(value_type = String, example = "unknown_queue")]
    pub code: &'static str,
    /// Whether the same request may succeed later, unchanged.
    pub retryable: bool,
    /// The line of the body at which reading stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column of the body at which reading stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// Which of a list it was, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<usize>,
    /// What may have been meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub did_you_mean: Option<String>,
    /// The permission that is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub verb: Option<&'static str>,
    /// The scope in which it would be needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub scope: Option<&'static str>,
    #[serde(skip)]
    pub(crate) retry_after_s: Option<u64>,
    #[serde(skip)]
    pub(crate) closes: bool,
}

impl Deref for Problem {
    type Target = ProblemDetails;

    fn deref(&self) -> &ProblemDetails {
        &self.0
    }
}

impl DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut ProblemDetails {
        &mut self.0
    }
}

impl Problem {
    pub(crate) fn of(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self(Box::new(ProblemDetails {
            kind: format!("urn:cordboard:problem:{code}"),
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code,
            retryable: false,
            line: None,
            column: None,
            entry: None,
            did_you_mean: None,
            verb: None,
            scope: None,
            retry_after_s: None,
            closes: false,
        }))
    }

    pub(crate) fn not_found(code: &'static str, detail: impl Into<String>) -> Self {
        Self::of(StatusCode::NOT_FOUND, code, detail)
    }

    pub(crate) fn invalid(code: &'static str, detail: impl Into<String>) -> Self {
        Self::of(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
    }

    pub(crate) fn bad(code: &'static str, detail: impl Into<String>) -> Self {
        Self::of(StatusCode::BAD_REQUEST, code, detail)
    }

    pub(crate) fn unauthorised(code: &'static str, detail: impl Into<String>) -> Self {
        Self::of(StatusCode::UNAUTHORIZED, code, detail)
    }

    /// Try again later.
    pub(crate) fn later(code: &'static str, detail: impl Into<String>) -> Self {
        let retry = crate::door::RETRY_AFTER_S;
        Self::of(StatusCode::SERVICE_UNAVAILABLE, code, detail).after(retry)
    }

    /// Says when to try again.
    pub(crate) fn after(mut self, seconds: u64) -> Self {
        self.retryable = true;
        self.retry_after_s = Some(seconds);
        self
    }

    pub(crate) fn bug() -> Self {
        Self::of(StatusCode::INTERNAL_SERVER_ERROR, "internal", "a fault of this program; it has been logged")
    }

    /// Work handed to a thread that may wait did not come back.
    pub(crate) fn of_join(error: &tokio::task::JoinError) -> Self {
        tracing::error!(%error, "a reading did not come back");
        Self::bug()
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match &refusal {
            unknown if unknown.is_unknown() => StatusCode::NOT_FOUND,
            Refusal::QueueFull(..) | Refusal::Stopping => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::OverLimit { .. }
            | Refusal::Invalid { .. }
            | Refusal::UnknownReason(_)
            | Refusal::UnknownCode(_) => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::CONFLICT,
        };
        let mut problem = Self::of(status, refusal.code(), refusal.to_string());
        problem.retryable = refusal.retryable();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            problem = problem.after(crate::door::RETRY_AFTER_S);
        }
        problem
    }
}

impl From<CentreRefusal> for Problem {
    fn from(refusal: CentreRefusal) -> Self {
        match refusal {
            CentreRefusal::Floor(refusal) => refusal.into(),
            CentreRefusal::Quality(refusal) => refusal.into(),
            CentreRefusal::Workforce(refusal) => refusal.into(),
            CentreRefusal::NotRelieved(..) => {
                let mut problem = Self::of(StatusCode::CONFLICT, refusal.code(), refusal.to_string());
                problem.retryable = true;
                problem
            }
        }
    }
}

impl From<QualityRefusal> for Problem {
    fn from(refusal: QualityRefusal) -> Self {
        let status = match &refusal {
            unknown if unknown.is_unknown() => StatusCode::NOT_FOUND,
            QualityRefusal::Faulty(_)
            | QualityRefusal::Answers(_)
            | QualityRefusal::OverLimit { .. }
            | QualityRefusal::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::CONFLICT,
        };
        Self::of(status, refusal.code(), refusal.to_string())
    }
}

impl From<WorkforceRefusal> for Problem {
    fn from(refusal: WorkforceRefusal) -> Self {
        let status = match &refusal {
            unknown if unknown.is_unknown() => StatusCode::NOT_FOUND,
            WorkforceRefusal::OverLimit { .. } | WorkforceRefusal::Invalid { .. } => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            _ => StatusCode::CONFLICT,
        };
        Self::of(status, refusal.code(), refusal.to_string())
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let mut problem = Self::of(StatusCode::FORBIDDEN, "forbidden", denied.to_string());
        problem.verb = Some(denied.verb.name());
        problem.scope = Some(denied.needs.name());
        problem
    }
}

impl From<ViewStopped> for Problem {
    fn from(stopped: ViewStopped) -> Self {
        // It does not come back of itself, so there is nothing to wait for.
        Self::of(StatusCode::SERVICE_UNAVAILABLE, "view_stopped", stopped.to_string())
    }
}

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        use cordboard_vault::Refusal as No;
        match error.refusal() {
            Some(No::Busy) => Self::later("busy", "too many passwords are being checked; try again shortly"),
            Some(refusal @ No::TooMany { .. }) => Self::invalid("over_limit", refusal.to_string()),
            Some(refusal) => Self::of(StatusCode::CONFLICT, "vault_refused", refusal.to_string()),
            None => {
                tracing::error!(%error, "the vault failed");
                Self::later("vault_unavailable", "keys and accounts cannot be reached; nothing was done")
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&*self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"cordboard\"");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        if self.closes {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}
