//! Attendance and adherence as they happen, from the floor's events and the desk's.

#[path = "books/adherence.rs"]
mod adherence;
#[path = "books/attendance.rs"]
mod attendance;
#[path = "books/crowd.rs"]
mod crowd;
#[expect(dead_code, reason = "the desk's own tests use the rest")]
#[path = "desk/tools.rs"]
mod tools;
