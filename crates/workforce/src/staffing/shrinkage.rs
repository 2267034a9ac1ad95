//! From those who must sit there to those who must be rostered.

use super::load::{Refused, share};

/// The largest shrinkage: beyond it nobody would be left.
pub const SHRINKAGE_MAX: f64 = 0.95;

/// Which share of rostered time is not spent at the phone. Causes apart from each other compound: of what one
/// leaves, the next takes its share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shrinkage(f64);

impl Shrinkage {
    /// Of one cause or several, each as a share: 1 − Π(1 − s).
    ///
    /// # Errors
    /// [`Refused::Share`] where one, or all together, exceed [`SHRINKAGE_MAX`].
    pub fn of(causes: &[f64]) -> Result<Self, Refused> {
        let mut left = 1.0;
        for cause in causes {
            left *= 1.0 - share("shrinkage", *cause, SHRINKAGE_MAX)?;
        }
        Ok(Self(share("shrinkage of all causes", 1.0 - left, SHRINKAGE_MAX)?))
    }

    /// As a share of rostered time.
    pub const fn share(self) -> f64 {
        self.0
    }
}

/// How many must be rostered that so many sit there: n ÷ (1 − s), rounded up. Not n × (1 + s): at 30 % a hundred at the
/// phone take 143 and not 130.
pub fn rostered(agents: u32, shrinkage: Shrinkage) -> u32 {
    // A hair less, so that 70 ÷ 0.7 is a hundred and not a hundred and one.
    (f64::from(agents) / (1.0 - shrinkage.0) - 1e-9).ceil().max(0.0) as u32
}
