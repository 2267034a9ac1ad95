//! The HTTP door, over real sockets, with a real engine on a real log and a real vault.

#[path = "http/acts.rs"]
mod acts;
#[path = "http/callback.rs"]
mod callback;
#[path = "http/client.rs"]
mod client;
#[path = "http/contacts.rs"]
mod contacts;
#[path = "http/desk.rs"]
mod desk;
#[path = "http/earlier.rs"]
mod earlier;
#[path = "http/entries.rs"]
mod entries;
#[path = "http/events.rs"]
mod events;
#[path = "http/floor.rs"]
mod floor;
#[path = "http/garbage.rs"]
mod garbage;
#[path = "http/health.rs"]
mod health;
#[path = "http/house.rs"]
mod house;
#[path = "http/kpi.rs"]
mod kpi;
#[path = "http/openapi.rs"]
mod openapi;
#[path = "http/past.rs"]
mod past;
#[path = "http/permissions.rs"]
mod permissions;
#[path = "http/personal.rs"]
mod personal;
#[path = "http/repeats.rs"]
mod repeats;
#[path = "http/sessions.rs"]
mod sessions;
#[path = "http/staffing.rs"]
mod staffing;
#[path = "http/tls.rs"]
mod tls;
#[path = "http/today.rs"]
mod today;
#[path = "shared/unknown.rs"]
mod unknown;
#[path = "http/views.rs"]
mod views;
#[path = "http/workforce.rs"]
mod workforce;
