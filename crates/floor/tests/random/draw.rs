//! Many choices out of one number. Zero chooses the first of everything, so that a shrunk story has the customary
//! terms wherever they do not matter.

use cordboard_floor::Millis;

/// Choices one after the other.
pub(crate) struct Draw {
    state: u64,
}

impl Draw {
    pub(crate) const fn new(seed: u16) -> Self {
        Self { state: seed as u64 }
    }

    /// One of so many.
    pub(crate) fn of(&mut self, many: usize) -> usize {
        if self.state == 0 {
            return 0;
        }
        // SplitMix64: Steele, Lea and Flood, 2014.
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15).max(1);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 16) as usize % many
    }

    /// One of these.
    pub(crate) fn one<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.of(among.len())]
    }

    /// In so many cases out of eight.
    pub(crate) fn chance(&mut self, eighths: usize) -> bool {
        self.of(8) >= 8 - eighths
    }

    /// One of these spans.
    pub(crate) fn secs(&mut self, among: &[u64]) -> Millis {
        Millis::from_secs(self.one(among))
    }
}
