//! Whether a written layout makes sense: formats that work, rules that do not contradict each other. Says where, what and the mend.
//!
//! It never sees a log.

use std::collections::BTreeMap;

use jiff::civil::{Time, date};
use jiff::tz::TimeZone;
use toml::Spanned;

use super::written::{Delimiter, HandledFrom, InMenuWhen, OneOrMore, RingingWhen, Written};
use super::{
    Absent, Columns, Layout, LayoutError, Names, Outcome, QueueFrom, Rule, StaffingRules, Stamps, is_id,
    near_hint,
};

/// Finds fault with one layout.
struct Critic<'a> {
    file: &'a str,
    text: &'a str,
}

type Checked<T> = Result<T, LayoutError>;

pub(super) fn checked(file: &str, text: &str) -> Checked<Layout> {
    let critic = Critic { file, text };
    let written: Written = toml::from_str(text).map_err(|error| critic.unreadable(&error))?;
    critic.no_empty_name(&written)?;
    let stamps = critic.stamps(&written)?;
    let queue = critic.queue(&written)?;
    critic.names(&written.kind.names, &written.kind.prefix, "kind")?;
    let outcomes = critic.outcomes(&written)?;
    critic.times(&written)?;
    let points = critic.points(&written)?;
    let in_menu_when = critic.in_menu_when(&written)?;
    let agent_rings_when_abandoned = critic.rings(&written)?;
    let actions = critic.actions(&written)?;
    let day_starts = critic.day_starts(&written)?;
    Ok(Layout {
        staffing: StaffingRules {
            zone: stamps.zone.clone(),
            day_starts,
            unnamed_servers: written.staffing.unnamed_servers,
        },
        name: written.layout.into_inner(),
        title: written.title,
        opening_note: written.opening_note,
        queue_settings: written.queue_settings,
        delimiter: match written.file.delimiter {
            Delimiter::Tab => '\t',
            Delimiter::Comma => ',',
            Delimiter::Semicolon => ';',
            Delimiter::Pipe => '|',
        },
        quoted: written.file.quoted,
        stamps,
        absent: Absent {
            everywhere: written.absent.everywhere,
            time: written.absent.time,
            caller: written.absent.caller,
            agent: written.absent.agent,
        },
        queue,
        kinds: Names { prefix: written.kind.prefix, names: written.kind.names },
        points,
        outcomes,
        in_menu_when,
        agent_rings_when_abandoned,
        handled_from: *written.handled.from.get_ref(),
        actions,
        columns: columns(written.columns, written.time.date_column),
    })
}

fn columns(written: super::written::Columns, date: Option<Spanned<String>>) -> Columns<String> {
    let plain = |name: Option<Spanned<String>>| name.map(Spanned::into_inner);
    Columns {
        call_id: match written.call_id {
            None => Vec::new(),
            Some(OneOrMore::One(name)) => vec![name],
            Some(OneOrMore::More(names)) => names,
        },
        date: plain(date),
        arrived: written.arrived.into_inner(),
        caller: plain(written.caller),
        queue: plain(written.queue),
        kind: plain(written.kind),
        priority: plain(written.priority),
        menu_seconds: plain(written.menu_seconds),
        queue_entry: plain(written.queue_entry),
        queue_end: plain(written.queue_end),
        wait_seconds: plain(written.wait_seconds),
        outcome: plain(written.outcome),
        answered: plain(written.answered),
        service_seconds: plain(written.service_seconds),
        consulted: plain(written.consulted),
        transferred: plain(written.transferred),
        ended: plain(written.ended),
        agent: plain(written.agent),
    }
}

impl Critic<'_> {
    fn unreadable(&self, error: &toml::de::Error) -> LayoutError {
        let message = error.message().trim().replace('\n', " ");
        // serde says: unknown field `delimitr`, expected one of `delimiter`, `quoted`
        let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        let mut mend = String::new();
        if let [unknown, known @ ..] = words.as_slice()
            && message.starts_with("unknown")
        {
            mend = near_hint(unknown, known.iter().copied()).trim_end().to_owned();
        } else if message.starts_with("missing field") {
            mend = "a layout cannot do without it".into();
        }
        LayoutError {
            file: self.file.to_owned(),
            line: error.span().map(|span| self.line(span.start)),
            what: message.replace('`', "\""),
            mend,
        }
    }

    fn line(&self, byte: usize) -> u64 {
        1 + self.text.bytes().take(byte).filter(|&b| b == b'\n').count() as u64
    }

    fn fault<T, U>(&self, at: &Spanned<U>, what: impl Into<String>, mend: impl Into<String>) -> Checked<T> {
        Err(LayoutError {
            file: self.file.to_owned(),
            line: Some(self.line(at.span().start)),
            what: what.into(),
            mend: mend.into(),
        })
    }

    fn no_empty_name(&self, written: &Written) -> Checked<()> {
        if is_id(written.layout.get_ref()) {
            return Ok(());
        }
        self.fault(
            &written.layout,
            format!("a layout cannot be called \"{}\"", written.layout.get_ref()),
            "use lower-case letters, digits and -",
        )
    }

    fn stamps(&self, written: &Written) -> Checked<Stamps> {
        let time = &written.time;
        let zone = TimeZone::get(written.zone.get_ref()).or_else(|_| {
            let near = jiff::tz::db().available().map(|name| name.to_string()).collect::<Vec<_>>();
            let near = near_hint(written.zone.get_ref(), near.iter().map(String::as_str));
            self.fault(
                &written.zone,
                format!("no zone is called \"{}\"", written.zone.get_ref()),
                format!("{near}use a name like Europe/Berlin or UTC"),
            )
        })?;
        match (&time.date_column, &time.date_format) {
            (Some(column), None) => {
                return self.fault(column, "date_column without date_format", "say how the date is written");
            }
            (None, Some(format)) => {
                return self.fault(format, "date_format without date_column", "name the date's column");
            }
            _ => {}
        }
        let stamps = Stamps {
            zone,
            format: time.format.get_ref().clone(),
            date_format: time.date_format.as_ref().map(|f| f.get_ref().clone()),
        };
        // A format is good if it reads back what it writes.
        let noon = date(2001, 11, 23).at(12, 34, 56, 0).to_zoned(stamps.zone.clone());
        let noon = noon.map_err(|_| ()).or_else(|()| self.fault(&written.zone, "unusable zone", ""))?;
        let mut day = None;
        if let Some(format) = &time.date_format {
            let sample = jiff::fmt::strtime::format(format.get_ref(), &noon).ok();
            day = sample.and_then(|text| stamps.date(&text));
            if day != Some(noon.date()) {
                return self.fault(
                    format,
                    format!("\"{}\" does not tell a date", format.get_ref()),
                    "use strptime's marks, for example %Y-%m-%d or %y%m%d",
                );
            }
        }
        let sample = jiff::fmt::strtime::format(time.format.get_ref(), &noon).ok();
        let read = sample.and_then(|text| stamps.instant(&text, day));
        let minute_us = 60 * super::super::SECOND_US;
        if read.is_none_or(|us| (us - noon.timestamp().as_microsecond()).abs() >= minute_us) {
            let (what, mend) = if day.is_some() {
                ("a time of day", "%H:%M:%S")
            } else {
                ("a date and a time", "%Y-%m-%d %H:%M:%S, or name a date_column and a date_format")
            };
            return self.fault(
                &time.format,
                format!("\"{}\" does not tell {what}", time.format.get_ref()),
                format!("use strptime's marks, for example {mend}"),
            );
        }
        Ok(stamps)
    }

    fn queue(&self, written: &Written) -> Checked<QueueFrom> {
        let queue = written.queue.get_ref();
        self.names(&queue.names, &queue.prefix, "queue")?;
        match (&queue.fixed, &written.columns.queue) {
            (Some(_), Some(column)) => self.fault(
                column,
                "a queue column, and a fixed queue under [queue]",
                "keep one of the two: either the log says the queue or the layout does",
            ),
            (None, None) => self.fault(
                &written.queue,
                "nothing says which queue a call goes to",
                "name a queue column under [columns], or one queue for all: fixed = \"…\"",
            ),
            (Some(_), None) if !queue.prefix.is_empty() || !queue.names.is_empty() => self.fault(
                &written.queue,
                "a fixed queue has no use for prefix or names",
                "drop them, or name a queue column",
            ),
            (Some(fixed), None) if !is_id(fixed) => self.fault(
                &written.queue,
                format!("a queue cannot be called \"{fixed}\""),
                "use lower-case letters, digits, -, _ and .",
            ),
            (Some(fixed), None) => Ok(QueueFrom::Fixed(fixed.clone())),
            (None, Some(_)) => {
                Ok(QueueFrom::Column(Names { prefix: queue.prefix.clone(), names: queue.names.clone() }))
            }
        }
    }

    /// Ids that a layout writes itself must be ids.
    fn names(&self, names: &BTreeMap<String, String>, prefix: &str, what: &str) -> Checked<()> {
        let bad = names.values().find(|id| !is_id(id));
        let bad = bad.map(String::as_str).or((!prefix.is_empty() && !is_id(prefix)).then_some(prefix));
        match bad {
            None => Ok(()),
            Some(bad) => Err(LayoutError {
                file: self.file.to_owned(),
                line: self.text.find(&format!("\"{bad}\"")).map(|at| self.line(at)),
                what: format!("\"{bad}\" cannot be (the start of) a {what}'s id"),
                mend: "use lower-case letters, digits, -, _ and .".into(),
            }),
        }
    }

    fn outcomes(&self, written: &Written) -> Checked<BTreeMap<String, Outcome>> {
        let mut outcomes = BTreeMap::new();
        match (&written.columns.outcome, &written.outcome) {
            (Some(column), None) => {
                return self.fault(
                    column,
                    "an outcome column, but no [outcome] says what its words mean",
                    "list the words under answered, abandoned and ignored",
                );
            }
            (None, Some(table)) => {
                return self.fault(
                    table,
                    "[outcome] without an outcome column",
                    "name the column under [columns], or drop the table",
                );
            }
            (None, None) => {}
            (Some(_), Some(table)) => {
                let words = table.get_ref();
                let all = [
                    (&words.answered, Outcome::Answered),
                    (&words.abandoned, Outcome::Abandoned),
                    (&words.ignored, Outcome::Ignored),
                ];
                for (words, outcome) in all {
                    for word in words {
                        if outcomes.insert(word.clone(), outcome).is_some_and(|before| before != outcome) {
                            return self.fault(
                                table,
                                format!("the outcome \"{word}\" has two meanings"),
                                "list it once",
                            );
                        }
                    }
                }
                if words.answered.is_empty() {
                    return self.fault(table, "no outcome means answered", "list at least one word");
                }
            }
        }
        Ok(outcomes)
    }

    /// Every time that a call needs can be had from some column.
    fn times(&self, written: &Written) -> Checked<()> {
        let columns = &written.columns;
        let from = &written.handled.from;
        let needs: &[(&str, bool)] = match from.get_ref() {
            HandledFrom::ServiceSeconds => &[("service_seconds", columns.service_seconds.is_some())],
            HandledFrom::AnsweredToEnded => {
                &[("answered", columns.answered.is_some()), ("ended", columns.ended.is_some())]
            }
            HandledFrom::AnsweredToTransferred => &[
                ("answered", columns.answered.is_some()),
                ("ended", columns.ended.is_some()),
                ("transferred", columns.transferred.is_some()),
            ],
        };
        if let Some((missing, _)) = needs.iter().find(|(_, there)| !there) {
            return self.fault(
                from,
                format!("the handle time cannot be had without the column \"{missing}\""),
                "name it under [columns], or choose another source: service_seconds, answered_to_ended",
            );
        }
        if columns.outcome.is_none() && columns.answered.is_none() {
            return self.fault(
                &columns.arrived,
                "nothing says whether a call was answered",
                "name an outcome column or an answered column",
            );
        }
        if columns.wait_seconds.is_none() && (columns.answered.is_none() || columns.ended.is_none()) {
            return self.fault(
                &columns.arrived,
                "nothing says how long a caller waited",
                "name a wait_seconds column, or the columns answered and ended",
            );
        }
        if let (Some(end), None) = (&columns.queue_end, &columns.answered) {
            return self.fault(
                end,
                "queue_end without an answered column has no use",
                "it is compared with the start of service; drop it or name answered",
            );
        }
        Ok(())
    }

    fn points(&self, written: &Written) -> Checked<BTreeMap<String, u8>> {
        let mut points = BTreeMap::new();
        match (&written.columns.priority, &written.priority) {
            (Some(column), None) => self.fault(
                column,
                "a priority column, but no [priority] maps it",
                "write points = { \"recorded\" = 0 to 100 }",
            ),
            (None, Some(table)) => self.fault(
                table,
                "[priority] without a priority column",
                "name the column under [columns], or drop the table",
            ),
            (None, None) => Ok(points),
            (Some(_), Some(table)) => {
                for (word, value) in &table.get_ref().points {
                    match u8::try_from(*value.get_ref()).ok().filter(|&p| p <= 100) {
                        Some(value) => points.insert(word.clone(), value),
                        None => {
                            let what = format!("{} points for priority \"{word}\"", value.get_ref());
                            return self.fault(value, what, "points are 0 to 100, higher first");
                        }
                    };
                }
                if points.is_empty() {
                    return self.fault(table, "no priority is mapped", "list the recorded ones");
                }
                Ok(points)
            }
        }
    }

    fn in_menu_when(&self, written: &Written) -> Checked<InMenuWhen> {
        let Some(when) = &written.abandoned.in_menu_when else { return Ok(InMenuWhen::Never) };
        if *when.get_ref() == InMenuWhen::NoQueueEntry && written.columns.queue_entry.is_none() {
            return self.fault(
                when,
                "in_menu_when = \"no_queue_entry\" without a queue_entry column",
                "name the column, or use never_waited or never",
            );
        }
        Ok(*when.get_ref())
    }

    fn rings(&self, written: &Written) -> Checked<bool> {
        let Some(when) = &written.abandoned.while_ringing_when else { return Ok(false) };
        let rings = *when.get_ref() == RingingWhen::AgentNamed;
        if rings && written.columns.agent.is_none() {
            return self.fault(
                when,
                "while_ringing_when = \"agent_named\" without an agent column",
                "name the column, or use never",
            );
        }
        Ok(rings)
    }

    fn actions(&self, written: &Written) -> Checked<BTreeMap<Rule, super::Action>> {
        let mut actions = BTreeMap::new();
        for (name, &action) in &written.dirt {
            let Some(rule) = Rule::named(name.get_ref()) else {
                let known = || Rule::ALL.iter().map(|rule| rule.slug());
                let near = near_hint(name.get_ref(), known());
                let mend = if near.is_empty() {
                    format!("the rules are {}", known().collect::<Vec<_>>().join(", "))
                } else {
                    near.trim_end().to_owned()
                };
                return self.fault(name, format!("unknown dirt rule \"{}\"", name.get_ref()), mend);
            };
            if !rule.allowed().contains(&action) {
                let allowed: Vec<_> = rule.allowed().iter().map(|a| a.word()).collect();
                return self.fault(
                    name,
                    format!("{} cannot be answered with \"{}\"", rule.slug(), action.word()),
                    format!("choose one of {}", allowed.join(", ")),
                );
            }
            if rule == Rule::ServiceBeforeQueueEnd && written.columns.queue_end.is_none() {
                return self.fault(
                    name,
                    "service_before_queue_end without a queue_end column decides nothing",
                    "name the column or drop the rule",
                );
            }
            if rule == Rule::NoHangup && written.columns.ended.is_none() {
                return self.fault(
                    name,
                    "no_hangup without an ended column decides nothing",
                    "name the column or drop the rule",
                );
            }
            actions.insert(rule, action);
        }
        Ok(actions)
    }

    fn day_starts(&self, written: &Written) -> Checked<Time> {
        let Some(text) = &written.staffing.day_starts else { return Ok(Time::midnight()) };
        match Time::strptime("%H:%M", text.get_ref()) {
            Ok(time) => Ok(time),
            Err(_) => self.fault(
                text,
                format!("\"{}\" is no time of day", text.get_ref()),
                "write it like \"03:00\"",
            ),
        }
    }
}
