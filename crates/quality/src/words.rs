//! What people read, in both languages of the house.

use crate::limits::TEXT_BYTES_MAX;
use crate::problem::Problem;
use serde::{Deserialize, Serialize};

/// A text in Chinese and English.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// A text in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// Whether there is none in either.
    pub fn is_empty(&self) -> bool {
        self.zh.is_empty() && self.en.is_empty()
    }

    /// Complains of a text that is missing in one language, or too long.
    pub(crate) fn check(&self, place: &str, needed: bool, problems: &mut Vec<Problem>) {
        for (language, text) in [("zh", &self.zh), ("en", &self.en)] {
            let place = format!("{place}.{language}");
            if text.trim().is_empty() && (needed || !self.is_empty()) {
                problems.push(Problem::new(place, "says nothing", "write it in both languages"));
            } else if text.len() > TEXT_BYTES_MAX {
                let what = format!("has {} bytes, more than {TEXT_BYTES_MAX}", text.len());
                problems.push(Problem::new(place, what, "shorten it"));
            }
        }
    }
}
