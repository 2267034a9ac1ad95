//! Links, whole: a real engine thread on a real disk, a real vault, real sockets and real WebSocket clients.
//! Nothing here sleeps for luck: everything waits for a condition, with a deadline.

#[path = "link/acts.rs"]
mod acts;
#[path = "link/client.rs"]
mod client;
#[path = "link/day.rs"]
mod day;
#[path = "link/garbage.rs"]
mod garbage;
#[path = "link/house.rs"]
mod house;
#[path = "link/kept.rs"]
mod kept;
#[path = "link/measure.rs"]
mod measure;
#[path = "link/permissions.rs"]
mod permissions;
#[path = "link/played.rs"]
mod played;
#[path = "link/pressure.rs"]
mod pressure;
#[path = "link/races.rs"]
mod races;
#[path = "link/replay.rs"]
mod replay;
#[path = "link/resume.rs"]
mod resume;
#[path = "link/sessions.rs"]
mod sessions;
#[path = "link/shifts.rs"]
mod shifts;
#[path = "link/sign_in.rs"]
mod sign_in;
#[path = "link/topics.rs"]
mod topics;
#[path = "shared/unknown.rs"]
mod unknown;
#[path = "link/walls.rs"]
mod walls;
