//! 休息人数: how many of a class rest on one day (P603).

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What becomes of the part of a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Fewer rest, more work.
    #[default]
    Down,
    /// Half a person and more is a whole one.
    Nearest,
    /// More rest, so that everybody surely gets her days.
    Up,
}

/// Numbers that make no class and no month.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("{rest_days} rest days in a month of {days_in_month} days")]
pub struct RestFault {
    /// Rest days of each person.
    pub rest_days: u32,
    /// Days of the month.
    pub days_in_month: u32,
}

/// Class × rest days of each in the month ÷ days of the month, rounded as said: 30 × 8 ÷ 30 = 8.
///
/// # Errors
/// [`RestFault`] where the month has no days or fewer than rest days.
pub fn rest_headcount(
    class: u32,
    rest_days: u32,
    days_in_month: u32,
    rounding: Rounding,
) -> Result<u32, RestFault> {
    if days_in_month == 0 || rest_days > days_in_month {
        return Err(RestFault { rest_days, days_in_month });
    }
    let (over, under) = (u64::from(class) * u64::from(rest_days), u64::from(days_in_month));
    let whole = match rounding {
        Rounding::Down => over / under,
        Rounding::Nearest => (2 * over + under) / (2 * under),
        Rounding::Up => over.div_ceil(under),
    };
    // A part of the class, so it is no more than the class.
    Ok(whole as u32)
}
