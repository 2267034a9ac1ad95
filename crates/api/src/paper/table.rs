//! A report's tables as cells: what csv, xlsx and html have in common. Each form shows a cell in its own way.

use super::{Checked, Language};
use cordboard_floor::Instant;
use cordboard_views::interval::civil;
use cordboard_views::kpi::{Bilingual, Unit};
use cordboard_views::paper::{Section, column_title, hex};
use cordboard_views::report::{Figure, Row};
use cordboard_views::tables::Group;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// Words.
    Text(String),
    /// Counted.
    Whole(i64),
    /// A span, in ms.
    Ms(f64),
    /// A part of a whole.
    Fraction(f64),
    /// Any other figure.
    Number(f64),
    /// There is no value, or nobody can say.
    Nothing,
}

/// A column: for programs, and for people.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) title: String,
}

/// A table.
pub(super) struct Sheet {
    pub(super) heads: Vec<Head>,
    pub(super) rows: Vec<Vec<Cell>>,
}

pub(super) fn said(text: &Bilingual, language: Language) -> &str {
    match language {
        Language::Zh => &text.zh,
        Language::En => &text.en,
    }
}

fn word(language: Language, zh: &str, en: &str) -> String {
    match language {
        Language::Zh => zh.to_owned(),
        Language::En => en.to_owned(),
    }
}

/// A moment by the report's clocks.
pub(super) fn local(at: Instant, zone: &str) -> String {
    civil(at, zone).unwrap_or_else(|| at.to_string())
}

/// A section's table; with `sides`, each figure of the catalogue with its numerator and its denominator.
pub(super) fn sheet(section: &Section, language: Language, sides: bool) -> Sheet {
    let report = &section.report;
    let head = |name: &str, zh: &str, en: &str| Head { name: name.to_owned(), title: word(language, zh, en) };
    let mut heads = vec![head("from", "自", "from"), head("to", "至", "to")];
    let keys = keys(section);
    for key in &keys {
        heads.push(match *key {
            "queue" => head("queue", "队列", "queue"),
            "agent" => head("agent", "座席", "agent"),
            "team" => head("team", "组", "team"),
            "code" => head("code", "话后小结代码", "wrap-up code"),
            _ => head("reason", "示忙原因", "not-ready reason"),
        });
    }
    let is_ratio = |column: &str| {
        let figures = report.rows.iter().chain(&report.totals).filter_map(|row| row.figure(column));
        figures.into_iter().any(|figure| matches!(figure, Figure::Ratio { .. }))
    };
    let ratios: Vec<bool> = report.columns.iter().map(|column| sides && is_ratio(column)).collect();
    for (column, ratio) in report.columns.iter().zip(&ratios) {
        let title = said(&column_title(column), language).to_owned();
        if *ratio {
            let name = |side: &str| format!("{column}.{side}");
            let (over, under) = (word(language, "分子", "numerator"), word(language, "分母", "denominator"));
            heads.push(Head { name: column.clone(), title: title.clone() });
            heads.push(Head { name: name("numerator"), title: format!("{title} · {over}") });
            heads.push(Head { name: name("denominator"), title: format!("{title} · {under}") });
        } else {
            heads.push(Head { name: column.clone(), title });
        }
    }
    let row = |row: &Row| {
        let mut cells =
            vec![Cell::Text(local(row.from, &report.zone)), Cell::Text(local(row.to, &report.zone))];
        cells.extend(keys.iter().map(|key| key_of(row, key)));
        for ((column, figure), ratio) in row.figures.iter().zip(&ratios) {
            cells.push(cell(column, figure));
            if *ratio {
                let (over, under) = match figure {
                    Figure::Ratio { ratio, .. } => {
                        (Cell::Whole(ratio.numerator() as i64), Cell::Whole(ratio.denominator() as i64))
                    }
                    _ => (Cell::Nothing, Cell::Nothing),
                };
                cells.extend([over, under]);
            }
        }
        cells
    };
    let mut rows: Vec<Vec<Cell>> = report.rows.iter().map(row).collect();
    // A range that is one interval says nothing more in its totals.
    if report.rows.len() > report.totals.len() {
        rows.extend(report.totals.iter().map(|total| {
            let mut cells = row(total);
            cells[0] = Cell::Text(word(language, "合计", "all"));
            cells
        }));
    }
    Sheet { heads, rows }
}

/// What the report is made of, as pairs of words.
pub(super) fn provenance(checked: &Checked, language: Language) -> Vec<(String, String)> {
    let paper = &checked.made.paper;
    let told = &paper.provenance;
    let word = |zh: &str, en: &str| word(language, zh, en);
    vec![
        (word("中心", "site"), told.site.clone()),
        (word("版式", "layout"), format!("{}@{}", told.layout, told.version)),
        (word("统计周期", "period"), told.period.clone()),
        (word("时区", "zone"), told.zone.clone()),
        (word("自", "from"), local(told.from, &told.zone)),
        (word("至", "to"), local(told.to, &told.zone)),
        (word("应报时间", "due"), local(told.due_at, &told.zone)),
        (
            word("日志范围", "log range"),
            format!(
                "{} ({}) – {} ({})",
                told.first_seq,
                local(told.first_at, &told.zone),
                told.up_to,
                local(told.up_to_at, &told.zone)
            ),
        ),
        (word("公式版本", "formulas"), told.formulas.join(" ")),
        (word("冻结摘要 BLAKE3", "frozen digest, BLAKE3"), hex(&checked.frozen)),
        (word("重新生成的摘要", "digest of the log now"), hex(&checked.made.digest)),
    ]
}

fn keys(section: &Section) -> Vec<&'static str> {
    let keys: &[&str] = match section.report.group {
        Group::Site => &[],
        Group::Queue => &["queue"],
        Group::Agent => &["agent"],
        Group::Team => &["team"],
        Group::Code => &["agent", "queue", "code"],
        Group::Reason => &["agent", "reason"],
    };
    // Where a code or a reason stands for itself, whose it was is not told.
    let rows = &section.report.rows;
    let told = |key: &&&str| {
        **key == "code"
            || **key == "reason"
            || **key == "queue" && section.report.group == Group::Queue
            || rows.iter().any(|row| key_of(row, key) != Cell::Nothing)
    };
    keys.iter().filter(told).copied().collect()
}

fn key_of(row: &Row, key: &str) -> Cell {
    let key = match key {
        "queue" => row.key.queue.map(|queue| queue.to_string()),
        "agent" => row.key.agent.map(|agent| agent.to_string()),
        "team" => row.key.team.map(|team| team.to_string()),
        "code" => row.key.code.map(|code| code.to_string()),
        _ => row.key.reason.map(|reason| reason.to_string()),
    };
    key.map_or(Cell::Nothing, Cell::Text)
}

fn cell(column: &str, figure: &Figure) -> Cell {
    match figure {
        Figure::Sum { value, .. } if column.ends_with("_ms") => Cell::Ms(*value as f64),
        Figure::Sum { value, .. } => Cell::Whole(*value),
        Figure::Span { ms, .. } => ms.map_or(Cell::Nothing, |ms| Cell::Ms(ms as f64)),
        Figure::Ratio { ratio, unit, .. } => match (ratio.value(), unit) {
            (None, _) => Cell::Nothing,
            (Some(value), Unit::Fraction) => Cell::Fraction(value.rendered()),
            (Some(value), Unit::Ms) => Cell::Ms(value.rendered()),
            (Some(value), _) => Cell::Number(value.rendered()),
        },
        Figure::Unknown { .. } => Cell::Nothing,
    }
}
