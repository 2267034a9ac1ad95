//! What callers and agents meet in the long run, with a given number of agents.
//!
//! Shares are of all calls: who met a busy line was offered, and neither answered nor abandoned. Waits are those of
//! callers who stood in the queue.

use super::erlang_b::below;
use super::formula::Formula;
use super::load::{AGENTS_MAX, Load, Model, Refused, TERMS_MAX, bound, share};
use super::pure_death::{Steps, steps};
use super::redial;

/// States that weigh less than this against the heaviest are beyond what a number tells.
const NEGLIGIBLE: f64 = 1e-25;
/// On the near side they are kept for longer: small service levels are told to the last digit too.
const VANISHED: f64 = 1e-200;

/// What becomes of a load.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Nobody calls, so there is nothing to tell.
    Idle,
    /// The queue grows without end: there are not more agents than Erlangs, and nobody gives up.
    Unstable {
        /// How many agents were asked for.
        agents: u32,
        /// The load in Erlangs; as many agents as this are too few.
        erlangs: f64,
    },
    /// It settles.
    Steady(Steady),
}

impl Answer {
    /// What it settles to, if it does.
    pub const fn steady(&self) -> Option<&Steady> {
        match self {
            Self::Steady(steady) => Some(steady),
            Self::Idle | Self::Unstable { .. } => None,
        }
    }
}

/// What becomes of calls within a bound, as shares of all calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Within {
    /// Answered within it.
    pub answered: f64,
    /// Given up within it.
    pub abandoned: f64,
}

/// The long run of one model with one number of agents. Shares are of all calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Steady {
    agents: u32,
    /// λ, those who dial again included.
    calls_per_s: f64,
    aht_s: f64,
    /// θ; 0: nobody gives up.
    leaving: f64,
    /// Share of all calls that finds an agent free.
    free: f64,
    /// Share of all calls that finds no line.
    blocked: f64,
    occupancy: f64,
    /// Mean number of those who wait.
    waiting: f64,
    wait: Wait,
}

/// How a call that has to wait finds the queue.
#[derive(Clone, Debug, PartialEq)]
enum Wait {
    /// Erlang C: waits are exponential, and this share of all calls waits.
    Exponential(f64),
    /// Shares of all calls that find `from`, `from + 1`, … others waiting.
    Found { from: usize, shares: Vec<f64> },
}

/// What becomes of this load with so many agents.
///
/// # Errors
/// [`Refused`] where agents or lines are out of range, or the queue is too long to sum up.
pub fn evaluate(load: &Load, model: &Model, agents: u32) -> Result<Answer, Refused> {
    if agents == 0 || agents > AGENTS_MAX {
        return Err(Refused::Agents(agents));
    }
    model.waiting_room(agents)?;
    if load.erlangs() == 0.0 {
        return Ok(Answer::Idle);
    }
    if model.redial() > 0.0 { redial::evaluate(load, model, agents) } else { once(load, model, agents) }
}

/// The same where nobody dials again.
pub(super) fn once(load: &Load, model: &Model, agents: u32) -> Result<Answer, Refused> {
    let (n, erlangs) = (f64::from(agents), load.erlangs());
    let room = model.waiting_room(agents)?;
    let leaving = model.patience_s().map_or(0.0, f64::recip);
    let below = below(agents, erlangs);
    let steady = |free, blocked, occupancy, waiting, wait| {
        Answer::Steady(Steady {
            agents,
            calls_per_s: load.calls_per_s(),
            aht_s: load.aht_s(),
            leaving,
            free,
            blocked,
            occupancy: f64::clamp(occupancy, 0.0, 1.0),
            waiting,
            wait,
        })
    };
    if room.is_none() && leaving == 0.0 {
        if erlangs >= n {
            return Ok(Answer::Unstable { agents, erlangs });
        }
        // C = nB/(n − a(1 − B)); with R = 1/B − 1 that is n/(n + (n − a)R), which takes R = ∞ as it comes.
        let waits = n / (n + (n - erlangs) * below);
        let waiting = waits * erlangs / (n - erlangs);
        return Ok(steady(1.0 - waits, 0.0, erlangs / n, waiting, Wait::Exponential(waits)));
    }
    if below.is_infinite() {
        // So many agents that nobody ever waits, to the last digit.
        return Ok(steady(1.0, 0.0, erlangs / n, 0.0, Wait::Found { from: 0, shares: Vec::new() }));
    }
    let queue = Queue::walk(load.calls_per_s(), n / load.aht_s(), leaving, room)?;
    let at_all_busy = if queue.from == 0 { queue.weights[0] } else { 0.0 };
    let below = at_all_busy * below;
    let total = below + sum(queue.weights.iter().copied());
    let mut shares: Vec<f64> = queue.weights.iter().map(|weight| weight / total).collect();
    let waiting = sum(shares.iter().enumerate().map(|(at, share)| (queue.from + at) as f64 * share));
    let all_busy = sum(shares.iter().copied());
    // Σ_{j<n} j·p_j = a·Σ_{j<n−1} p_j, and p_{n−1} = p_n·n/a.
    let one_free = at_all_busy * n / erlangs / total;
    let busy = erlangs * f64::max(below / total - one_free, 0.0) + n * all_busy;
    // Whoever comes when the last line is taken finds no place in the queue.
    let full = room.is_some_and(|room| room + 1 == queue.from + shares.len());
    let blocked = if full { shares.pop().unwrap_or(0.0) } else { 0.0 };
    Ok(steady(below / total, blocked, busy / n, waiting, Wait::Found { from: queue.from, shares }))
}

/// The states in which all agents are busy, weighed against the heaviest of them.
struct Queue {
    from: usize,
    weights: Vec<f64>,
}

impl Queue {
    /// From the heaviest state down and up by the ratio λ/(nμ + qθ), so that no weight leaves the numbers' range.
    fn walk(arriving: f64, served: f64, leaving: f64, room: Option<usize>) -> Result<Self, Refused> {
        let ratio = |waiting: usize| arriving / (served + waiting as f64 * leaving);
        let over = (arriving - served) / leaving;
        let heaviest = match room {
            _ if arriving <= served => 0,
            Some(room) if leaving == 0.0 || over >= room as f64 => room,
            _ if over < TERMS_MAX as f64 => over as usize,
            _ => return Err(Refused::TooLong),
        };
        if heaviest > TERMS_MAX {
            return Err(Refused::TooLong);
        }
        let mut down = Vec::new();
        let (mut weight, mut at) = (1.0, heaviest);
        while at > 0 && weight > VANISHED {
            weight /= ratio(at);
            at -= 1;
            down.push(weight);
        }
        let from = heaviest - down.len();
        let mut weights: Vec<f64> = down.into_iter().rev().chain([1.0]).collect();
        (weight, at) = (1.0, heaviest);
        while room.is_none_or(|room| at < room) {
            at += 1;
            weight *= ratio(at);
            // The last place is told whatever it weighs, as it is where calls are sent away.
            if weight < NEGLIGIBLE && room.is_none_or(|room| room - from > TERMS_MAX || weight == 0.0) {
                break;
            }
            weights.push(weight);
            if weights.len() > TERMS_MAX {
                return Err(Refused::TooLong);
            }
        }
        Ok(Self { from, weights })
    }
}

/// A sum that carries what rounding lost (A. Neumaier, 1974).
fn sum(terms: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0f64, 0.0f64);
    for term in terms {
        let next = sum + term;
        lost += if sum.abs() >= term.abs() { (sum - next) + term } else { (term - next) + sum };
        sum = next;
    }
    sum + lost
}

impl Steady {
    /// How many agents.
    pub const fn agents(&self) -> u32 {
        self.agents
    }

    /// Calls per second, those who dial again included (λ).
    pub const fn calls_per_s(&self) -> f64 {
        self.calls_per_s
    }

    /// The load in Erlangs, those who dial again included.
    pub const fn erlangs(&self) -> f64 {
        self.calls_per_s * self.aht_s
    }

    /// Share of all calls that met a busy line.
    pub const fn blocked(&self) -> f64 {
        self.blocked
    }

    /// Share of all calls that had to wait: P(W > 0).
    pub fn waits(&self) -> f64 {
        match &self.wait {
            Wait::Exponential(waits) => *waits,
            Wait::Found { shares, .. } => f64::min(sum(shares.iter().copied()), 1.0),
        }
    }

    /// Share of all calls that stood in the queue or were answered at once.
    fn entered(&self) -> f64 {
        match &self.wait {
            Wait::Exponential(_) => 1.0,
            Wait::Found { shares, .. } => self.free + sum(shares.iter().copied()),
        }
    }

    /// Share of all calls that gave up: θ·E\[Q\]/λ.
    pub fn abandoned(&self) -> f64 {
        f64::min(self.leaving * self.waiting / self.calls_per_s, 1.0)
    }

    /// Share of all calls that was answered.
    pub fn answered(&self) -> f64 {
        match &self.wait {
            Wait::Exponential(_) => 1.0,
            Wait::Found { from, shares } => {
                let n = f64::from(self.agents) / self.aht_s;
                let each = shares.iter().enumerate().map(|(at, share)| share * self.served(n, from + at));
                f64::min(self.free + sum(each), 1.0)
            }
        }
    }

    /// P(answered in the end | so many ahead): nμ/(nμ + (q+1)θ).
    fn served(&self, rate: f64, ahead: usize) -> f64 {
        rate / (rate + (ahead as f64 + 1.0) * self.leaving)
    }

    /// Share of agents' time in which they serve (a/n less what is lost).
    pub const fn occupancy(&self) -> f64 {
        self.occupancy
    }

    /// How many wait on average: E\[Q\].
    pub const fn queue(&self) -> f64 {
        self.waiting
    }

    /// Mean wait of all who stood in the queue, answered or not, in seconds: E\[W\] = E\[Q\]/λ (Little).
    pub fn wait_s(&self) -> f64 {
        let entered = self.entered();
        if entered > 0.0 { self.waiting / (self.calls_per_s * entered) } else { 0.0 }
    }

    /// Mean wait of the answered in seconds: the average speed of answer.
    pub fn asa_s(&self) -> f64 {
        match &self.wait {
            Wait::Exponential(waits) => {
                waits * self.aht_s / (f64::from(self.agents) - self.calls_per_s * self.aht_s)
            }
            Wait::Found { from, shares } => {
                let answered = self.answered();
                if answered <= 0.0 {
                    return 0.0;
                }
                let rate = f64::from(self.agents) / self.aht_s;
                let step = |ahead: usize| 1.0 / (rate + (ahead as f64 + 1.0) * self.leaving);
                let mut until = sum((0..*from).map(step));
                let mut waited = 0.0;
                for (at, share) in shares.iter().enumerate() {
                    until += step(from + at);
                    waited += share * self.served(rate, from + at) * until;
                }
                waited / answered
            }
        }
    }

    /// What becomes of calls within so many seconds.
    ///
    /// # Errors
    /// [`Refused::Seconds`] out of range.
    pub fn within(&self, seconds: f64) -> Result<Within, Refused> {
        let seconds = bound("the bound of the wait", seconds)?;
        let answered = f64::min(self.answered_within(seconds), 1.0);
        let waited_more = self.waits_longer(seconds);
        Ok(Within { answered, abandoned: f64::max(self.entered() - waited_more - answered, 0.0) })
    }

    fn law(&self, extra: f64, seconds: f64, last: usize) -> Steps {
        steps(f64::from(self.agents) / self.aht_s, self.leaving, extra, seconds, last)
    }

    /// P(answered and W ≤ T), of all calls: Σ p_{n+q}·s_q·I_X(q + 1, nμ/θ + 1), and whoever finds an agent free.
    fn answered_within(&self, seconds: f64) -> f64 {
        match &self.wait {
            Wait::Exponential(waits) => 1.0 - waits * self.decay(seconds),
            Wait::Found { shares, .. } if shares.is_empty() => self.free,
            Wait::Found { from, shares } => {
                let rate = f64::from(self.agents) / self.aht_s;
                let law = self.law(1.0, seconds, from + shares.len() - 1);
                let each = shares
                    .iter()
                    .enumerate()
                    .map(|(at, share)| share * self.served(rate, from + at) * law.more[from + at]);
                self.free + sum(each)
            }
        }
    }

    /// P(W > t), of all calls: e^(−θt)·P(not yet one's turn).
    fn waits_longer(&self, seconds: f64) -> f64 {
        match &self.wait {
            Wait::Exponential(waits) => waits * self.decay(seconds),
            Wait::Found { shares, .. } if shares.is_empty() => 0.0,
            Wait::Found { from, shares } => {
                let law = self.law(0.0, seconds, from + shares.len() - 1);
                let each = shares.iter().enumerate().map(|(at, share)| share * law.at_most[from + at]);
                (-self.leaving * seconds).exp() * sum(each)
            }
        }
    }

    fn decay(&self, seconds: f64) -> f64 {
        (-(f64::from(self.agents) - self.erlangs()) * seconds / self.aht_s).exp()
    }

    /// Share of those who stood in the queue that waits longer than this, whether answered in the end or not.
    ///
    /// # Errors
    /// [`Refused::Seconds`] out of range.
    pub fn longer_than(&self, seconds: f64) -> Result<f64, Refused> {
        Ok(self.longer(bound("the wait", seconds)?))
    }

    fn longer(&self, seconds: f64) -> f64 {
        let entered = self.entered();
        if entered > 0.0 { f64::min(self.waits_longer(seconds) / entered, 1.0) } else { 0.0 }
    }

    /// Within how many seconds the wait of this share of those in the queue ends, answered or not: 0 if so many need not wait.
    ///
    /// # Errors
    /// [`Refused::Share`] unless it lies in 0 … 1 − 1e-9; [`Refused::TooLong`] where the wait goes beyond all bounds.
    pub fn percentile_s(&self, of: f64) -> Result<f64, Refused> {
        let more = 1.0 - share("the percentile", of, 1.0 - 1e-9)?;
        if self.longer(0.0) <= more {
            return Ok(0.0);
        }
        if let Wait::Exponential(waits) = self.wait {
            return Ok((waits / more).ln() * self.aht_s / (f64::from(self.agents) - self.erlangs()));
        }
        let (mut low, mut high) = (0.0, self.aht_s);
        while self.longer(high) > more {
            (low, high) = (high, high * 2.0);
            if high > super::load::SECONDS_MAX {
                return Err(Refused::TooLong);
            }
        }
        while high - low > high * 1e-14 {
            let middle = low + (high - low) / 2.0;
            if self.longer(middle) > more { low = middle } else { high = middle }
        }
        Ok(high)
    }

    /// The service level by one formula of the catalogue, within so many seconds.
    ///
    /// # Errors
    /// [`Refused::Seconds`] out of range.
    pub fn service_level(&self, formula: Formula, within_s: f64) -> Result<f64, Refused> {
        formula.of(self, within_s)
    }
}
