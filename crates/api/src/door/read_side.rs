//! The views that the doors read, each behind a lock of its own and each able to stop alone.

use super::checkpoint::{Keeping, Kept};
use super::seen::{NotRebuilt, Seen, ViewStatus};
use cordboard_centre::Event as CentreEvent;
use cordboard_engine::Feed;
use cordboard_views::alerts::Alerts;
use cordboard_views::board::Board;
use cordboard_views::callers::Callers;
use cordboard_views::figures::Figures;
use cordboard_views::history::History;
use cordboard_views::register::Register;
use cordboard_views::story::Stories;
use cordboard_views::workforce::Staff;
use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock, Weak};
use std::thread::JoinHandle;

/// Everything that is read. One more is a field, and a line in `ReadSide::all`.
pub struct ReadSide {
    /// The floor now.
    pub board: Arc<Seen<Board>>,
    /// Where each contact's events are.
    pub stories: Arc<Seen<Stories>>,
    /// How many, and how long.
    pub figures: Arc<Seen<Figures>>,
    /// The facts of late, for reports on today.
    pub history: Arc<Seen<History>>,
    /// What is, or was lately, as it should not be.
    pub alerts: Arc<Seen<Alerts>>,
    /// How each caller fared before.
    pub callers: Arc<Seen<Callers>>,
    /// Which reports were frozen, and how far each is.
    pub register: Arc<Seen<Register>>,
    /// Who works when, who came, who does what was planned.
    pub workforce: Arc<Seen<Staff>>,
    /// What the links fold for themselves, once there are any.
    links: OnceLock<Weak<dyn Fares>>,
}

/// Something folded from the log that says how it fares.
pub(crate) trait Fares: Send + Sync {
    fn status(&self) -> ViewStatus;
    fn ask_anew(&self) -> Result<(), NotRebuilt>;
}

/// A view that is followed on a thread of its own, whatever it shows.
pub(super) trait Followed: Fares {
    fn follow(
        self: Arc<Self>,
        feed: &Feed<CentreEvent>,
        keeping: Option<Keeping>,
        stop: Arc<AtomicBool>,
    ) -> std::io::Result<JoinHandle<()>>;
}

impl fmt::Debug for ReadSide {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.all().iter().map(|view| view.status())).finish()
    }
}

impl ReadSide {
    /// Views before their first event.
    pub fn new(board: Board, stories: Stories, figures: Figures) -> Self {
        Self {
            board: Arc::new(Seen::new(board)),
            stories: Arc::new(Seen::new(stories)),
            figures: Arc::new(Seen::new(figures)),
            history: Arc::new(Seen::new(History::new())),
            alerts: Arc::new(Seen::new(Alerts::default())),
            callers: Arc::new(Seen::new(Callers::new())),
            register: Arc::new(Seen::new(Register::default())),
            workforce: Arc::new(Seen::new(Staff::new())),
            links: OnceLock::new(),
        }
    }

    pub(super) fn all(&self) -> Vec<Arc<dyn Followed>> {
        vec![
            self.board.clone(),
            self.stories.clone(),
            self.figures.clone(),
            self.history.clone(),
            self.alerts.clone(),
            self.callers.clone(),
            self.register.clone(),
            self.workforce.clone(),
        ]
    }

    /// How each view fares.
    pub fn health(&self) -> Vec<ViewStatus> {
        self.all().iter().map(|view| view.status()).collect()
    }

    /// How each view fares, and what the links fold for themselves.
    pub fn health_with_links(&self) -> Vec<ViewStatus> {
        let mut health = self.health();
        health.extend(self.links().map(|links| links.status()));
        health
    }

    /// Has the view of that name folded anew; none if there is no such view.
    pub fn ask_anew(&self, name: &str) -> Option<Result<(), NotRebuilt>> {
        let all = self.all().into_iter().map(|view| view as Arc<dyn Fares>);
        all.chain(self.links()).find(|view| view.status().name == name).map(|view| view.ask_anew())
    }

    /// From now on the links' own fold is told of, too. The first counts.
    pub(crate) fn add_links(&self, links: Weak<dyn Fares>) {
        let _ = self.links.set(links);
    }

    fn links(&self) -> Option<Arc<dyn Fares>> {
        self.links.get().and_then(Weak::upgrade)
    }
}

impl<V: Kept> Fares for Seen<V> {
    fn status(&self) -> ViewStatus {
        Self::status(self)
    }

    fn ask_anew(&self) -> Result<(), NotRebuilt> {
        Self::ask_anew(self)
    }
}
