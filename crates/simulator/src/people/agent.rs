//! An agent: she signs in, takes what rings, talks, holds, passes on, wraps up, and steps out now and then.
//! What she means to do is a short list with times; what her link tells her puts things on it and takes
//! them off.

use super::temper::{about, between, choose, happens};
use super::wire::{Ended, Link};
use super::{Crowd, Person, Troubles, leaving};
use crate::recording::Rng;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

const CODES: [&str; 3] = ["advised", "applied", "complaint"];
/// The longest that she waits before she tries her link again.
const RETRY_MAX: Duration = Duration::from_secs(5);
/// How long she tries to sign out in order.
const GOODBYE: Duration = Duration::from_secs(3);

/// Works until all are to leave, whatever becomes of her link.
pub(super) async fn work(
    crowd: Arc<Crowd>,
    person: Person,
    rng: Rng,
    mut leave: watch::Receiver<bool>,
    troubles: Arc<Troubles>,
) {
    let mut desk = Desk { person, rng, crowd, troubles, plans: Vec::new(), commands: 0, is_leaving: false };
    sleep(between(&mut desk.rng, 0, 1_500)).await;
    let mut pause = Duration::from_millis(200);
    while !*leave.borrow() {
        let ended = match Link::open(&desk.crowd.authority, &desk.person.token).await {
            Ok(link) => desk.sit(link, &mut leave).await,
            Err(_) => Ended::Lost,
        };
        match ended {
            // Signed out, replaced, or the server stops: she does not come back.
            Ended::Closed(4002 | 4005 | 4006) => return,
            _ if desk.is_leaving => return,
            _ => desk.troubles.lost(),
        }
        tokio::select! {
            () = leaving(&mut leave) => return,
            () = sleep(pause) => {}
        }
        pause = (pause * 2).min(RETRY_MAX);
    }
}

/// Something she means to do.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Plan {
    Accept(String),
    Reject(String),
    Hold(String),
    Resume(String),
    End(String),
    Pass(String),
    Complete(String),
    StepOut,
    ComeBack,
}

struct Desk {
    crowd: Arc<Crowd>,
    person: Person,
    rng: Rng,
    troubles: Arc<Troubles>,
    plans: Vec<(Instant, Plan)>,
    commands: u64,
    is_leaving: bool,
}

impl Desk {
    /// Holds a link until it ends.
    async fn sit(&mut self, mut link: Link, leave: &mut watch::Receiver<bool>) -> Ended {
        self.plans.clear();
        let mut beat = tokio::time::interval(Duration::from_secs(4));
        let mut gone_by = None;
        loop {
            let next = self.plans.iter().map(|(at, _)| *at).min();
            let next = next.unwrap_or_else(|| Instant::now() + Duration::from_secs(3_600));
            let done = tokio::select! {
                told = link.hear() => match told {
                    Ok(frame) => self.take(&mut link, &frame).await,
                    Err(ended) => Err(ended),
                },
                () = sleep_until(next) => self.act(&mut link).await,
                _ = beat.tick() => link.say(&json!({"t": "ping"})).await,
                () = leaving(leave), if gone_by.is_none() => {
                    gone_by = Some(Instant::now() + GOODBYE);
                    self.go(&mut link).await
                }
                () = sleep_until(gone_by.unwrap_or(next)), if gone_by.is_some() => Err(Ended::Lost),
            };
            if let Err(ended) = done {
                return ended;
            }
        }
    }

    /// Ends what she has in hand and signs out.
    async fn go(&mut self, link: &mut Link) -> Result<(), Ended> {
        self.is_leaving = true;
        let in_hand: Vec<String> = self.plans.iter().filter_map(|(_, plan)| plan.talk()).collect();
        self.plans.clear();
        for contact in in_hand {
            self.command(link, "contact.end", json!({ "contact": contact })).await?;
        }
        self.command(link, "agent.sign_out", json!({})).await
    }

    async fn take(&mut self, link: &mut Link, frame: &Value) -> Result<(), Ended> {
        match frame["t"].as_str().unwrap_or_default() {
            "snapshot" => {
                self.find(frame);
                let seat = self.person.seat;
                self.command(link, "agent.sign_in", json!({ "seat": seat })).await?;
                self.command(link, "agent.set_state", json!({"state": "ready"})).await
            }
            "ev" => {
                self.hear(frame["ev"].as_str().unwrap_or_default(), &frame["data"]);
                Ok(())
            }
            "nack" => {
                // Someone was faster (the caller, a timer): that is life, and the codes say so.
                let code = frame["code"].as_str().unwrap_or_default();
                let is_life = code.starts_with("offer_")
                    || code.starts_with("contact_")
                    || matches!(code, "not_on_contact" | "not_owner" | "not_in_wrapup" | "unknown_contact")
                    || matches!(code, "unknown_offer" | "agent_not_free" | "not_signed_in" | "stopping");
                if !is_life {
                    self.troubles.refused();
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// What she finds on her desk when she comes.
    fn find(&mut self, frame: &Value) {
        for hand in frame["agent"]["contacts"].as_array().into_iter().flatten() {
            let contact = text(&hand["contact"]);
            match hand["state"].as_str().unwrap_or_default() {
                "reserved" => self.plan((500, 2_500), Plan::Accept(text(&hand["offer"]))),
                "connected" | "held" => self.plan((3_000, 20_000), Plan::End(contact)),
                "wrap_up" => self.plan((1_000, 6_000), Plan::Complete(contact)),
                _ => {}
            }
        }
    }

    fn hear(&mut self, event: &str, data: &Value) {
        let is_mine = data["agent"].as_str() == Some(self.person.agent.as_str());
        let contact = text(&data["contact"]);
        match event {
            "offer.created" if is_mine => self.ring(text(&data["offer"])),
            "offer.rejected" | "offer.timed_out" | "offer.rescinded" | "offer.cancelled" | "offer.failed"
                if is_mine =>
            {
                let offer = text(&data["offer"]);
                self.plans
                    .retain(|(_, plan)| !matches!(plan, Plan::Accept(is) | Plan::Reject(is) if *is == offer));
            }
            "contact.connected" if is_mine => self.talk(contact),
            "contact.ended" | "contact.left" | "contact.transferred"
                if is_mine || event == "contact.ended" =>
            {
                self.plans.retain(|(_, plan)| plan.talk().as_ref() != Some(&contact));
            }
            "wrapup.started" if is_mine => {
                let span = about(&mut self.rng, 6_000.0, 1_500.0, 25_000.0);
                self.plans.push((Instant::now() + span, Plan::Complete(contact)));
            }
            "wrapup.completed" if is_mine => {
                self.plans.retain(|(_, plan)| !matches!(plan, Plan::Complete(is) if *is == contact));
                if happens(&mut self.rng, 6) {
                    self.plan((0, 500), Plan::StepOut);
                }
            }
            // Not ready of the system's doing, as after an offer that rang out: back to work.
            "agent.not_ready" if is_mine && !self.plans.iter().any(|(_, plan)| *plan == Plan::ComeBack) => {
                self.plan((2_000, 6_000), Plan::ComeBack);
            }
            _ => {}
        }
    }

    fn ring(&mut self, offer: String) {
        match self.rng.below(100) {
            // She is away from her desk: it rings out.
            0 => {}
            1..=3 => self.plan((1_000, 4_000), Plan::Reject(offer)),
            _ => self.plan((600, 3_000), Plan::Accept(offer)),
        }
    }

    fn talk(&mut self, contact: String) {
        let span = about(&mut self.rng, 22_000.0, 4_000.0, 120_000.0);
        let now = Instant::now();
        if happens(&mut self.rng, 4) {
            return self.plans.push((now + span / 2, Plan::Pass(contact)));
        }
        if happens(&mut self.rng, 15) {
            self.plans.push((now + span / 3, Plan::Hold(contact.clone())));
            self.plans.push((now + span / 3 * 2, Plan::Resume(contact.clone())));
        }
        self.plans.push((now + span, Plan::End(contact)));
    }

    fn plan(&mut self, (from_ms, to_ms): (u64, u64), plan: Plan) {
        let span = between(&mut self.rng, from_ms, to_ms);
        self.plans.push((Instant::now() + span, plan));
    }

    /// Does what is due.
    async fn act(&mut self, link: &mut Link) -> Result<(), Ended> {
        let now = Instant::now();
        while let Some(at) = self.plans.iter().position(|(due, _)| *due <= now) {
            let (_, plan) = self.plans.remove(at);
            let (name, args) = match plan {
                Plan::Accept(offer) => ("offer.accept", json!({ "offer": offer })),
                Plan::Reject(offer) => ("offer.reject", json!({ "offer": offer })),
                Plan::Hold(contact) => ("contact.hold", json!({ "contact": contact })),
                Plan::Resume(contact) => ("contact.resume", json!({ "contact": contact })),
                Plan::End(contact) => ("contact.end", json!({ "contact": contact })),
                Plan::Pass(contact) => {
                    let Some(queue) = choose(&mut self.rng, &self.crowd.queues) else { continue };
                    ("contact.transfer", json!({"contact": contact, "to": {"queue": queue}}))
                }
                Plan::Complete(contact) => {
                    let code = CODES[self.rng.below(CODES.len() as u64) as usize];
                    ("wrapup.complete", json!({"contact": contact, "code": code}))
                }
                Plan::StepOut => {
                    self.plan((8_000, 25_000), Plan::ComeBack);
                    ("agent.set_state", json!({"state": {"not_ready": "meeting"}}))
                }
                Plan::ComeBack => ("agent.set_state", json!({"state": "ready"})),
            };
            self.command(link, name, args).await?;
        }
        Ok(())
    }

    async fn command(&mut self, link: &mut Link, name: &str, args: Value) -> Result<(), Ended> {
        self.commands += 1;
        // Unique for her account for ever: a later run on the same log draws others.
        let id = format!("p{}-{:x}", self.commands, self.rng.next_u64() ^ wall_us());
        link.say(&json!({"t": "cmd", "id": id, "cmd": name, "args": args})).await
    }
}

impl Plan {
    /// The contact in conversation that it is about.
    fn talk(&self) -> Option<String> {
        match self {
            Self::Hold(contact) | Self::Resume(contact) | Self::End(contact) | Self::Pass(contact) => {
                Some(contact.clone())
            }
            _ => None,
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn wall_us() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros() as u64)
}
