//! An explanation for people: sentences, indented under what they belong to. It reads the same JSON that programs get,
//! so that a server's answer and one from the disk look alike.

use super::words::Words;
use crate::failure::Failure;
use crate::out::Out;
use serde_json::{Value, json};

/// Agents named one by one behind a reason that they share; the others are counted.
const NAMED_MAX: usize = 20;

/// The whole explanation as lines of text.
pub(super) fn lines(told: &Value, words: &Words) -> Vec<String> {
    let mut page = Page { words, lines: Vec::new() };
    match told["kind"].as_str() {
        Some("offer") => page.offer(told),
        Some("contact") => page.contact(told),
        _ => page.agent(told),
    }
    page.lines
}

/// Its rows alone: how each agent stands towards an offer or a contact; how each contact stands that is an agent's.
pub(super) fn rows(out: &mut Out, told: &Value, words: &Words) -> Result<(), Failure> {
    if told["kind"] == "agent" {
        let columns = ["place", "contact", "queue", "score_ms", "waited_ms", "priority", "standing", "words"];
        let each = list(&told["fits"]).map(|row| {
            let why = &row["why_not"];
            with(row, &[("standing", why["standing"].clone()), ("words", json!(standing(words, why)))])
        });
        return out.rows(&columns, &each.collect::<Vec<_>>());
    }
    let columns = ["agent", "rank", "standing", "words", "in_hand", "measure", "idle_since"];
    let free = list(&told["free"]).map(|row| {
        let said = words.name("standing", "free");
        with(row, &[("standing", json!("free")), ("words", json!(said))])
    });
    let others = list(&told["others"]).map(|row| with(row, &[("words", json!(standing(words, row)))]));
    out.rows(&columns, &free.chain(others).collect::<Vec<_>>())
}

struct Page<'a> {
    words: &'a Words,
    lines: Vec<String>,
}

impl Page<'_> {
    fn line(&mut self, indent: usize, text: impl AsRef<str>) {
        self.lines.push(format!("{:indent$}{}", "", text.as_ref()));
    }

    /// A sentence, if the row has what it needs.
    fn say(&mut self, indent: usize, group: &str, key: &str, row: &Value) {
        if let Some(said) = self.words.say(group, key, row) {
            self.line(indent, said);
        }
    }

    fn offer(&mut self, told: &Value) {
        let named = with(told, &[("purpose_name", self.named("purpose", &told["purpose"]))]);
        self.say(0, "offer", "title", told);
        let by = if told["purpose"] == "queue" { "by_plan" } else { "by_person" };
        self.say(2, "offer", by, &named);
        if told["recorded"]["wanted"] == true {
            self.say(2, "offer", "wanted", told);
        }
        if told["rings_already"] != 0 {
            self.say(2, "offer", "rings_already", told);
        }
        let agrees = told["agrees"] == true;
        self.say(2, "offer", if agrees { "agrees" } else { "disagrees" }, told);
        for difference in list(&told["disagreements"]) {
            self.say(4, "offer", "difference", difference);
        }
        let end = &told["end"];
        if end.is_null() {
            self.say(2, "offer", "rings", told);
        } else {
            self.say(2, "offer", "ended", &with(end, &[("end_name", self.named("end", &end["end"]))]));
        }
        self.asks(&told["asks"]);
        if told["asks"].is_object() {
            self.everybody(told);
        }
        self.around(&told["line"], told);
    }

    fn contact(&mut self, told: &Value) {
        let names = [
            ("state_name", self.named("state", &told["state"])),
            ("end_name", self.named("end", &told["end"])),
        ];
        let told = &with(told, &names);
        self.say(0, "contact", "title", told);
        for key in
            ["came", "stands", "wanted", "next_step", "next_exit", "retry", "estimate", "owner", "ended"]
        {
            self.say(2, "contact", key, told);
        }
        let because: Vec<Value> =
            list(&told["waits_because"]).map(|why| self.named("because", why)).collect();
        if !because.is_empty() {
            self.say(2, "contact", "waits_because", &json!({ "because": because }));
        }
        self.asks(&told["asks"]);
        if told["asks"].is_object() {
            self.everybody(told);
            // No agent in particular is meant.
            self.around(&told["line"], &Value::Null);
        }
        self.offers("offers", "made", &told["offers"]);
    }

    fn agent(&mut self, told: &Value) {
        let told = &with(told, &[("state_name", self.named("state", &told["state"]))]);
        self.say(0, "agent", "title", told);
        self.say(2, "agent", "since", told);
        self.say(2, "agent", "serves", told);
        if told["reachable"] == false {
            self.say(2, "agent", "unreachable", told);
        }
        for key in ["resting", "next_state", "next"] {
            self.say(2, "agent", key, told);
        }
        self.section("channels");
        for channel in list(&told["channels"]) {
            let why = &channel["why_not"];
            let said = if why.is_null() { Value::Null } else { json!(standing(self.words, why)) };
            self.say(4, "agent", "channel", &with(channel, &[("why", said)]));
        }
        if list(&told["in_hand"]).next().is_some() {
            self.section("hands");
        }
        for hand in list(&told["in_hand"]) {
            self.say(4, "agent", "hand", &with(hand, &[("hold_name", self.named("state", &hand["hold"]))]));
        }
        self.section(if list(&told["fits"]).next().is_some() { "fits" } else { "fits_none" });
        self.in_line(&told["fits"]);
        self.more(&told["fits_more"]);
        self.offers("her_offers", "made_to_her", &told["offers"]);
    }

    fn asks(&mut self, asks: &Value) {
        self.say(2, "contact", "asks", asks);
        for any in list(&asks["any"]) {
            self.say(4, "contact", "asks_any", &json!({ "any": any }));
        }
    }

    /// Who is free, in order; and the others under the reasons that they share.
    fn everybody(&mut self, told: &Value) {
        self.section(if list(&told["free"]).next().is_some() { "free" } else { "free_none" });
        for row in list(&told["free"]) {
            let row = with(row, &[("selection_name", self.named("selection", &row["selection"]))]);
            let key = if row["measure"].is_null() { "row_idle" } else { "row" };
            self.say(4, "candidate", key, &row);
        }
        let mut shared: Vec<(String, Vec<&str>)> = Vec::new();
        for row in list(&told["others"]) {
            let (why, agent) = (standing(self.words, row), row["agent"].as_str().unwrap_or_default());
            match shared.iter_mut().find(|(known, _)| *known == why) {
                Some((_, agents)) => agents.push(agent),
                None => shared.push((why, vec![agent])),
            }
        }
        if !shared.is_empty() {
            self.section("others");
        }
        for (why, agents) in shared {
            self.line(4, format!("{}: {why}", some(self.words, &agents)));
        }
    }

    /// The line around a contact; `told` names the agent who is meant, if one is.
    fn around(&mut self, line: &Value, told: &Value) {
        self.say(2, "line", "place", line);
        if list(&line["before"]).next().is_some() {
            self.say(2, "section", "before", told);
            self.more(&line["before_more"]);
            self.in_line(&line["before"]);
        }
        if line["itself"].is_object() {
            self.section("itself");
            self.say(4, "line", "row", &line["itself"]);
        }
        if list(&line["behind"]).next().is_some() {
            self.section("behind");
            self.in_line(&line["behind"]);
            self.more(&line["behind_more"]);
        }
    }

    fn in_line(&mut self, rows: &Value) {
        for row in list(rows) {
            self.say(4, "line", "row", row);
            if row["why_not"].is_object() {
                self.line(8, standing(self.words, &row["why_not"]));
            }
        }
    }

    fn more(&mut self, more: &Value) {
        if more.as_u64().is_some_and(|more| more > 0) {
            self.say(4, "line", "more", &json!({ "more": more }));
        }
    }

    fn offers(&mut self, section: &str, key: &str, offers: &Value) {
        if list(offers).next().is_some() {
            self.section(section);
        }
        for offer in list(offers) {
            let names = [
                ("purpose_name", self.named("purpose", &offer["purpose"])),
                ("end_name", self.named("end", &offer["end"]["end"])),
            ];
            self.say(4, "offer", key, &with(offer, &names));
        }
    }

    fn section(&mut self, key: &str) {
        let name = self.words.name("section", key);
        self.line(2, name);
    }

    fn named(&self, group: &str, value: &Value) -> Value {
        value.as_str().map_or(Value::Null, |key| json!(self.words.name(group, key)))
    }
}

/// How somebody stands, in words.
fn standing(words: &Words, row: &Value) -> String {
    let key = row["standing"].as_str().unwrap_or_default();
    words.say("standing", key, row).unwrap_or_else(|| key.to_owned())
}

/// Names, up to a number.
fn some(words: &Words, names: &[&str]) -> String {
    let mut shown = names.iter().take(NAMED_MAX).copied().collect::<Vec<_>>().join(" ");
    if names.len() > NAMED_MAX {
        let more = words.say("line", "more", &json!({ "more": names.len() - NAMED_MAX }));
        shown.push_str(&format!(" + {}", more.unwrap_or_default()));
    }
    shown
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A row with more fields.
fn with(row: &Value, fields: &[(&str, Value)]) -> Value {
    let mut row = row.clone();
    if let Value::Object(known) = &mut row {
        known.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    }
    row
}
