//! A report as a page to be printed: no script, no address outside of itself, every text escaped. Heads are repeated on each sheet
//! of paper, and a table begins where its title still fits.

use super::table::{Cell, provenance, said, sheet};
use super::{Checked, Language};
use std::fmt::Write as _;

const STYLE: &str = "\
@page{size:A4 landscape;margin:12mm}\
body{font:10pt/1.35 'Noto Sans SC','PingFang SC','Microsoft YaHei',system-ui,sans-serif;color:#111;margin:1.5rem auto;max-width:75rem;padding:0 1rem}\
h1{font-size:16pt;margin:0 0 .3rem}h2{font-size:12pt;margin:1.6rem 0 .4rem;break-after:avoid}\
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}\
thead{display:table-header-group}tr{break-inside:avoid}\
th,td{border:1px solid #999;padding:.15rem .35rem;text-align:right;vertical-align:top}\
th{background:#eee;font-weight:600}td.t,th.t{text-align:left}\
.w{border:3px solid #c00000;color:#c00000;padding:.6rem;font-weight:700;overflow-wrap:anywhere}\
.p td{text-align:left;overflow-wrap:anywhere}.n{color:#555}\
.s{overflow-x:auto}@media print{body{margin:0;max-width:none;padding:0}.s{overflow:visible}table{font-size:7.5pt}}";

pub(super) fn write(checked: &Checked, language: Language) -> String {
    let paper = &checked.made.paper;
    let title = format!("{} {}", said(&paper.title, language), paper.provenance.period);
    let lang = match language {
        Language::Zh => "zh-CN",
        Language::En => "en",
    };
    let word = |zh: &'static str, en: &'static str| match language {
        Language::Zh => zh,
        Language::En => en,
    };
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{0}</title>\
         <style>{STYLE}</style></head><body><h1>{0}</h1>\n",
        escaped(&title)
    );
    if let Some(warning) = checked.warning(language) {
        put(&mut out, format_args!("<p class=\"w\" role=\"alert\">{}</p>\n", escaped(&warning)));
    }
    for section in &paper.sections {
        put(&mut out, format_args!("<section><h2>{}</h2>\n", escaped(said(&section.title, language))));
        let sheet = sheet(section, language, false);
        if sheet.rows.is_empty() {
            put(&mut out, format_args!("<p class=\"n\">{}</p>", word("本期无记录。", "Nothing happened.")));
        } else {
            out.push_str("<div class=\"s\"><table><thead><tr>");
            for head in &sheet.heads {
                put(&mut out, format_args!("<th scope=\"col\">{}</th>", escaped(&head.title)));
            }
            out.push_str("</tr></thead><tbody>\n");
            for row in &sheet.rows {
                out.push_str("<tr>");
                row.iter().for_each(|cell| put_cell(&mut out, cell));
                out.push_str("</tr>\n");
            }
            out.push_str("</tbody></table></div>\n");
        }
        if section.left_out > 0 {
            let (before, after) = (word("另有 ", ""), word(" 行未列。", " more rows are not listed."));
            put(&mut out, format_args!("<p class=\"n\">{before}{}{after}</p>", section.left_out));
        }
        if !section.targets.is_empty() {
            put(
                &mut out,
                format_args!(
                    "<table class=\"p\"><thead><tr><th class=\"t\">KPI</th><th class=\"t\">{}</th><th class=\"t\">{}</th></tr></thead><tbody>",
                    word("目标", "target"),
                    word("结果", "result")
                ),
            );
            for target in &section.targets {
                let bound = |sign: &str, bound: Option<f64>| {
                    bound.map_or_else(String::new, |bound| format!("{sign} {bound} "))
                };
                let met = match target.met {
                    Some(true) => word("达标", "met"),
                    Some(false) => word("未达标", "missed"),
                    None => word("无数值", "no value"),
                };
                put(
                    &mut out,
                    format_args!(
                        "<tr><td>{}</td><td>{}{}</td><td>{met}</td></tr>",
                        escaped(&target.kpi),
                        bound("≥", target.at_least),
                        bound("≤", target.at_most)
                    ),
                );
            }
            out.push_str("</tbody></table>");
        }
        out.push_str("</section>\n");
    }
    put(&mut out, format_args!("<section><h2>{}</h2><table class=\"p\"><tbody>", word("未纳入", "Not kept")));
    for none in &paper.not_kept {
        let (title, why) = (said(&none.title, language), said(&none.why, language));
        put(&mut out, format_args!("<tr><td>{}</td><td>{}</td></tr>", escaped(title), escaped(why)));
    }
    put(
        &mut out,
        format_args!(
            "</tbody></table></section>\n<section><h2>{}</h2><table class=\"p\"><tbody>",
            word("来源", "Provenance")
        ),
    );
    for (what, told) in provenance(checked, language) {
        put(&mut out, format_args!("<tr><td>{}</td><td>{}</td></tr>", escaped(&what), escaped(&told)));
    }
    out.push_str("</tbody></table></section></body></html>\n");
    out
}

fn put_cell(out: &mut String, cell: &Cell) {
    match cell {
        Cell::Text(text) => put(out, format_args!("<td class=\"t\">{}</td>", escaped(text))),
        Cell::Whole(whole) => put(out, format_args!("<td>{whole}</td>")),
        Cell::Ms(ms) => put(out, format_args!("<td>{}</td>", span(*ms))),
        Cell::Fraction(number) => put(out, format_args!("<td>{:.2} %</td>", number * 100.0)),
        Cell::Number(number) => put(out, format_args!("<td>{number:.2}</td>")),
        Cell::Nothing => out.push_str("<td>–</td>"),
    }
}

/// `h:mm:ss`, and seconds with a tenth below a minute.
fn span(ms: f64) -> String {
    let sign = if ms < 0.0 { "−" } else { "" };
    let ms = ms.abs();
    if ms < 60_000.0 {
        return format!("{sign}{:.1} s", ms / 1000.0);
    }
    let whole = (ms / 1000.0).round() as u64;
    format!("{sign}{}:{:02}:{:02}", whole / 3_600, whole / 60 % 60, whole % 60)
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String does not fail.
    let _ = out.write_fmt(text);
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::{escaped, span};

    #[test]
    fn a_text_is_never_markup() {
        assert_eq!(escaped("<b a='\"&"), "&lt;b a=&#39;&quot;&amp;");
    }

    #[test]
    fn spans_are_read_as_people_read_them() {
        assert_eq!([span(1_250.0), span(59_999.0), span(3_661_000.0)], ["1.2 s", "60.0 s", "1:01:01"]);
    }
}
