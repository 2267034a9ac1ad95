//! What the doors show: the public JSON of agents, queues, contacts, offers, stories and events, for HTTP and
//! links alike. Personal values stand in it masked, opened by right, or as erased. It decides nothing and
//! knows no permission: who may see what comes in as [`Eyes`].

pub mod event;
pub mod personal;

pub use event::{PublicActor, PublicEvent, PublicReason};
pub use personal::{Eyes, Personal, PersonalObject};
