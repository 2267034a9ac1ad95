//! What rosters of a house are made of, as it is written down: kinds of shift with meals and breaks, contracts, classes, who has
//! which. Civil times and minutes; a [`Frame`](super::Frame) of days and people makes a problem of them.

use crate::id::ShiftCode;
use cordboard_floor::{AgentId, SkillId};
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The rules that ship, as they stand in `config/workforce/`.
pub const SHIPPED_RULES: (&str, &str) =
    ("roster.toml", include_str!("../../../../config/workforce/roster.toml"));
/// Any span of these rules, in minutes (a week and a day).
pub const RULE_MINUTES_MAX: u32 = 8 * 24 * 60;
/// Kinds of shift, contracts, or classes; people are as many as a roster has.
pub const RULES_MAX: usize = super::KINDS_MAX;

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterRules {
    /// How long a slot is, in minutes: what is needed is looked at slot by slot.
    pub slot_minutes: u32,
    /// The least rest between the shifts of two days, in minutes.
    pub rest_minutes: u32,
    /// The contract of whoever is not named.
    pub customary: String,
    /// What a slot that is not as needed costs.
    pub costs: Costs,
    /// Kinds of shift.
    pub shifts: BTreeMap<ShiftCode, Kind>,
    /// What people agreed to.
    pub contracts: BTreeMap<String, Contract>,
    /// 班组: people who are rostered together.
    #[serde(default)]
    pub classes: BTreeMap<String, Class>,
    /// Whose contract is another than the customary one.
    #[serde(default)]
    pub people: BTreeMap<AgentId, String>,
}

/// Weights, whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    /// Of each person missing in a slot.
    pub missing: u32,
    /// Of each too many.
    pub surplus: u32,
    /// Of each wish that is not granted.
    pub wish: u32,
}

/// A kind of shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// When it begins, by the site's clocks.
    pub from: Time,
    /// How long, in minutes, the meal included.
    pub minutes: u32,
    /// 机动黄金班: it may begin up to so many minutes later.
    #[serde(default)]
    pub floats_minutes: u32,
    /// Its meal; not worked.
    #[serde(default)]
    pub meal: Option<MealWindow>,
    /// Its breaks; worked time by contract.
    #[serde(default)]
    pub breaks: Vec<BreakWindow>,
    /// Whether she may leave only when somebody has taken over.
    #[serde(default)]
    pub relief: bool,
    /// The skill that it takes.
    #[serde(default)]
    pub skill: Option<SkillId>,
}

/// A meal: how long, and between which minutes after the shift's begin it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MealWindow {
    /// How long, in minutes.
    pub minutes: u32,
    /// The first minute at which it may begin.
    pub earliest: u32,
    /// The last.
    pub latest: u32,
}

/// A break, and the window of minutes after the shift's begin within which it lies whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreakWindow {
    /// How long, in minutes.
    pub minutes: u32,
    /// Where the window begins.
    pub earliest: u32,
    /// Where it ends.
    pub latest: u32,
}

/// What somebody agreed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// The kinds that she works; none named: all.
    #[serde(default)]
    pub shifts: Vec<ShiftCode>,
    /// At most so many minutes in a week.
    pub minutes_week_max: u32,
    /// At least so many.
    #[serde(default)]
    pub minutes_week_min: u32,
    /// At most so many days of work on end.
    pub run_max: u32,
    /// At least so many days of work on end.
    #[serde(default = "one")]
    pub run_min: u32,
    /// At least so many days off on end.
    #[serde(default = "one")]
    pub rest_min: u32,
    /// At most so many weekends with work in four weeks; none: no limit.
    #[serde(default)]
    pub weekends_max: Option<u32>,
}

/// People who are rostered together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Who.
    pub agents: Vec<AgentId>,
    /// 例假天数: rest days of each in a month, by which it follows how many may rest on one day; none: no limit.
    #[serde(default)]
    pub rest_days: Option<u32>,
}

const fn one() -> u32 {
    1
}

impl Default for RosterRules {
    /// Those that ship; a slot of half an hour and nothing else, were they ever unreadable (a test holds that they are not).
    fn default() -> Self {
        Self::shipped().unwrap_or_else(|_| Self {
            slot_minutes: 30,
            rest_minutes: 0,
            customary: String::new(),
            costs: Costs { missing: 1, surplus: 1, wish: 1 },
            shifts: BTreeMap::new(),
            contracts: BTreeMap::new(),
            classes: BTreeMap::new(),
            people: BTreeMap::new(),
        })
    }
}

impl RosterRules {
    /// Reads what is written in TOML, and looks whether it holds together.
    ///
    /// # Errors
    /// File, place and what is wrong there.
    pub fn read(name: &str, text: &str) -> Result<Self, String> {
        let rules: Self = toml::from_str(text).map_err(|problem| {
            let before = problem.span().map_or("", |span| &text[..span.start.min(text.len())]);
            let line = before.matches('\n').count() + 1;
            format!(
                "{name}, line {line}: {}; compare it with the shipped {}",
                problem.message(),
                SHIPPED_RULES.0
            )
        })?;
        rules.check().map_err(|why| format!("{name}, {why}"))?;
        Ok(rules)
    }

    /// Those that ship.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn shipped() -> Result<Self, String> {
        Self::read(SHIPPED_RULES.0, SHIPPED_RULES.1)
    }

    /// The contract of somebody.
    pub fn contract(&self, agent: AgentId) -> Option<&Contract> {
        self.contracts.get(self.people.get(&agent).unwrap_or(&self.customary))
    }

    /// How many slots a day has.
    pub const fn slots(&self) -> usize {
        (24 * 60 / self.slot_minutes) as usize
    }

    fn check(&self) -> Result<(), String> {
        let slot = self.slot_minutes;
        if !(5..=240).contains(&slot) || !(24 * 60u32).is_multiple_of(slot) {
            return Err("slot_minutes: a slot is 5 to 240 minutes, and a day a whole number of them".into());
        }
        if self.rest_minutes > RULE_MINUTES_MAX {
            return Err(format!("rest_minutes: at most {RULE_MINUTES_MAX}"));
        }
        for (what, count) in [
            ("shifts", self.shifts.len()),
            ("contracts", self.contracts.len()),
            ("classes", self.classes.len()),
        ] {
            if count > RULES_MAX || (count == 0 && what != "classes") {
                return Err(format!("{what}: there are 1 to {RULES_MAX}"));
            }
        }
        let costs = [self.costs.missing, self.costs.surplus, self.costs.wish];
        if costs.iter().any(|cost| i64::from(*cost) > super::COST_MAX) {
            return Err(format!("costs: at most {}", super::COST_MAX));
        }
        self.shifts
            .iter()
            .try_for_each(|(code, kind)| kind.check(slot).map_err(|why| format!("shifts.{code}: {why}")))?;
        for (name, contract) in &self.contracts {
            contract.check(&self.shifts).map_err(|why| format!("contracts.{name}: {why}"))?;
        }
        let named = self.people.values().chain([&self.customary]);
        if let Some(unknown) = named.into_iter().find(|name| !self.contracts.contains_key(*name)) {
            return Err(format!("people or customary: there is no contract {unknown:?}"));
        }
        let crowd = |class: &Class| class.agents.len() > super::PEOPLE_MAX;
        if self.people.len() > super::PEOPLE_MAX || self.classes.values().any(crowd) {
            return Err(format!("people: at most {}", super::PEOPLE_MAX));
        }
        if let Some((name, _)) =
            self.classes.iter().find(|(_, class)| class.rest_days.is_some_and(|days| days > 28))
        {
            return Err(format!("classes.{name}.rest_days: a month has at most 28 of them"));
        }
        Ok(())
    }
}

impl Kind {
    fn check(&self, slot: u32) -> Result<(), String> {
        let begin = u32::from(self.from.hour() as u8) * 60 + u32::from(self.from.minute() as u8);
        let whole = |minutes: u32| minutes.is_multiple_of(slot);
        if !whole(begin) || self.from.second() != 0 || self.from.subsec_nanosecond() != 0 {
            return Err(format!("from: it begins with a slot of {slot} minutes"));
        }
        if !whole(self.minutes) || !whole(self.floats_minutes) {
            return Err(format!("minutes and floats_minutes: whole slots of {slot} minutes"));
        }
        if !(slot..=24 * 60).contains(&self.minutes) || begin + self.floats_minutes >= 24 * 60 {
            return Err("it lasts a slot to a day, and begins on its day however it floats".into());
        }
        if begin + self.floats_minutes + self.minutes > 2 * 24 * 60 {
            return Err("it ends on the next day at the latest".into());
        }
        let mut taken = Vec::new();
        if let Some(MealWindow { minutes, earliest, latest }) = self.meal {
            if ![minutes, earliest, latest].into_iter().all(whole) {
                return Err(format!("meal: whole slots of {slot} minutes"));
            }
            if minutes == 0 || earliest == 0 || latest < earliest || latest + minutes >= self.minutes {
                return Err("meal: it lies within the shift, with work before and after it".into());
            }
            taken.push((earliest, latest + minutes));
        }
        if self.breaks.len() + taken.len() > crate::limits::PARTS_MAX {
            return Err(format!("breaks: at most {}", crate::limits::PARTS_MAX));
        }
        for BreakWindow { minutes, earliest, latest } in &self.breaks {
            if !minutes.is_multiple_of(5) || !earliest.is_multiple_of(5) || !latest.is_multiple_of(5) {
                return Err("breaks: whole multiples of 5 minutes".into());
            }
            if *minutes == 0 || earliest + minutes > *latest || *latest > self.minutes {
                return Err("breaks: each fits into its window, and the window into the shift".into());
            }
            taken.push((*earliest, *latest));
        }
        taken.sort_unstable();
        if taken.windows(2).any(|pair| pair[1].0 < pair[0].1) {
            return Err("breaks: the windows of breaks and of the meal lie apart".into());
        }
        Ok(())
    }
}

impl Contract {
    fn check(&self, shifts: &BTreeMap<ShiftCode, Kind>) -> Result<(), String> {
        if let Some(unknown) = self.shifts.iter().find(|code| !shifts.contains_key(*code)) {
            return Err(format!("shifts: there is no kind {unknown}"));
        }
        if self.minutes_week_max > 7 * 24 * 60 || self.minutes_week_min > self.minutes_week_max {
            return Err("minutes: at least as many as at most, and no more than a week has".into());
        }
        if !(1..=31).contains(&self.run_max) || self.run_min > self.run_max || self.rest_min > 31 {
            return Err("run_max is 1 to 31, run_min no more than it, rest_min at most 31".into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_holds_together_and_what_does_not_is_told_with_its_place() {
        let shipped = RosterRules::shipped().unwrap();
        assert_eq!(shipped.slots(), 48);
        for (from, to, said) in [
            ("slot_minutes = 30", "slot_minutes = 7", "slot_minutes"),
            ("customary = \"full\"", "customary = \"none\"", "no contract \"none\""),
            ("from = \"08:00\"", "from = \"08:10\"", "shifts.early: from"),
            ("latest = 270 }", "latest = 500 }", "meal"),
            ("latest = 150 }, {", "latest = 200 }, {", "lie apart"),
            ("shifts = [\"golden\"]", "shifts = [\"silver\"]", "no kind silver"),
            ("run_max = 6", "run_max = 0", "run_max"),
            ("missing = 10", "lacking = 10", "line 1"),
        ] {
            let wrong = SHIPPED_RULES.1.replacen(from, to, 1);
            assert_ne!(wrong, SHIPPED_RULES.1, "{from}");
            let why = RosterRules::read("mine.toml", &wrong).unwrap_err();
            assert!(why.starts_with("mine.toml, ") && why.contains(said), "{why}");
        }
    }
}
