//! The doors: HTTP and links, sign-in, permissions, public JSON. The only crate that knows HTTP.

pub mod door;
pub mod explain;
pub mod http;
mod jobs;
pub mod link;
pub mod paper;
pub mod past;
pub mod permission;
pub mod public;
pub mod report;
pub mod staffing;
pub mod terms;
mod today;
mod walls;

pub use door::Door;
