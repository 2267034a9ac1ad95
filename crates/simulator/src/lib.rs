//! The simulator: recorded logs to play, and (later) the virtual worlds to play them in.
//!
//! It stands on the top storey but one and may know everything below; nothing below knows it.

pub mod recording;
