//! What the tests that span crates share: scenarios, in words that a shift leader could read, played
//! on the real floor under virtual time.

pub mod rig;
pub mod scenario;
