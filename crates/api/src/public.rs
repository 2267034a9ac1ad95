//! What the doors show: the public JSON of agents, queues, contacts, stories, figures and events, for HTTP and
//! links alike. Personal values stand in it masked, opened by right, or as erased. It decides nothing and
//! knows no permission: who may see what comes in as [`Eyes`].

pub mod agent;
pub mod alert;
pub mod contact;
pub mod event;
pub mod figures;
pub mod kpi;
pub mod message;
pub mod paper;
pub mod personal;
pub mod place;
pub mod queue;
pub mod team;
mod words;

pub use agent::{PublicAgent, PublicHand, PublicNext};
pub use alert::{PublicAlert, PublicAlertAck, PublicAlertRule, PublicSubject};
pub use contact::{PublicCallback, PublicContact, PublicEndedBy, PublicLeg, PublicParticipant, PublicStory};
pub use event::{PublicActor, PublicEvent, PublicReason};
pub use figures::{PublicFigures, PublicQueueTally, PublicSpread, PublicTally};
pub use kpi::{PublicAdjustment, PublicBilingual, PublicKpi, PublicKpiDetail, PublicMeasure, PublicTarget};
pub use message::{PublicAcknowledged, PublicMessage};
pub use paper::{PublicPaper, PublicSigned};
pub use personal::{Eyes, Personal, PersonalObject};
pub use place::PublicPlace;
pub use queue::{
    PublicAccuracy, PublicActivities, PublicBreaks, PublicEstimate, PublicNotReadyReason, PublicQueue,
    PublicToday,
};
pub use team::PublicTeam;
pub(crate) use words::{
    activity as activity_words, agent_state as agent_state_words, queue_state as queue_state_words,
};
