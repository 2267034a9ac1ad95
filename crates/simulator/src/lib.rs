//! The simulator: recorded logs, and the worlds to play them in.
//!
//! It stands on the top storey but one and may know everything below; nothing below knows it.

pub mod drive;
pub mod people;
pub mod proof;
pub mod recording;
pub mod staffed;
pub mod transcript;
