//! A report as a workbook: a sheet for each table, and one for what it is made of. The same report gives the same bytes: the
//! workbook's own date is the moment of the last event that it stands on.

use super::table::{Cell, provenance, said, sheet};
use super::{Checked, Language, NotMade};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// Letters that the name of a sheet may have.
const NAME_LETTERS_MAX: usize = 31;
/// Rows of a sheet, heads and notes included; a workbook has no more.
const ROWS_MAX: usize = 1_048_000;
const MS_PER_DAY: f64 = 86_400_000.0;

pub(super) fn write(checked: &Checked, language: Language) -> Result<Vec<u8>, NotMade> {
    book(checked, language).map_err(|why| NotMade::Written(why.to_string()))
}

struct Formats {
    head: Format,
    warning: Format,
    whole: Format,
    fraction: Format,
    span: Format,
    number: Format,
}

fn book(checked: &Checked, language: Language) -> Result<Vec<u8>, XlsxError> {
    let paper = &checked.made.paper;
    let formats = Formats {
        head: Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top),
        warning: Format::new().set_bold().set_font_color("C00000"),
        whole: Format::new().set_num_format("#,##0"),
        fraction: Format::new().set_num_format("0.00%"),
        span: Format::new().set_num_format("[h]:mm:ss.0"),
        number: Format::new().set_num_format("0.00"),
    };
    let mut book = Workbook::new();
    let seconds = paper.provenance.up_to_at.micros().div_euclid(1_000_000);
    let title = said(&paper.title, language);
    let properties = DocProperties::new()
        .set_title(format!("{title} {}", paper.provenance.period))
        .set_creation_datetime(&ExcelDateTime::from_timestamp(seconds)?);
    book.set_properties(&properties);
    let front = book.add_worksheet();
    front.set_name(match language {
        Language::Zh => "说明",
        Language::En => "provenance",
    })?;
    self::front(front, checked, language, &formats)?;
    for (number, section) in paper.sections.iter().enumerate() {
        let sheet = sheet(section, language, true);
        let page = book.add_worksheet();
        let name = format!("{} {}", number + 1, said(&section.title, language));
        page.set_name(
            name.chars()
                .filter(|letter| !"[]:*?/\\'".contains(*letter))
                .take(NAME_LETTERS_MAX)
                .collect::<String>(),
        )?;
        page.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        page.set_freeze_panes(1, 0)?;
        for (column, head) in (0..).zip(&sheet.heads) {
            page.write_string_with_format(0, column, &head.title, &formats.head)?;
            page.set_column_width(column, if column < 2 { 20 } else { 14 })?;
        }
        let mut at = 1;
        for row in sheet.rows.iter().take(ROWS_MAX) {
            for (column, cell) in (0..).zip(row) {
                put(page, at, column, cell, &formats)?;
            }
            at += 1;
        }
        let left_out = section.left_out + sheet.rows.len().saturating_sub(ROWS_MAX);
        if left_out > 0 {
            let text = match language {
                Language::Zh => format!("另有 {left_out} 行未列"),
                Language::En => format!("{left_out} more rows are not listed"),
            };
            page.write_string(at, 0, text)?;
        }
    }
    book.save_to_buffer()
}

fn front(
    page: &mut Worksheet,
    checked: &Checked,
    language: Language,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let paper = &checked.made.paper;
    page.set_column_width(0, 28)?.set_column_width(1, 100)?;
    let mut at = 0;
    let title = format!("{} {}", said(&paper.title, language), paper.provenance.period);
    page.write_string_with_format(at, 0, title, &formats.head)?;
    if let Some(warning) = checked.warning(language) {
        at += 1;
        page.write_string_with_format(at, 0, warning, &formats.warning)?;
    }
    for (what, told) in provenance(checked, language) {
        at += 1;
        page.write_string(at, 0, what)?.write_string(at, 1, told)?;
    }
    for section in &paper.sections {
        for target in &section.targets {
            at += 1;
            let bound = |sign: &str, bound: Option<f64>| bound.map(|bound| format!("{sign} {bound}"));
            let bounds: Vec<String> =
                bound("≥", target.at_least).into_iter().chain(bound("≤", target.at_most)).collect();
            let met = match (target.met, language) {
                (Some(true), Language::Zh) => "达标",
                (Some(false), Language::Zh) => "未达标",
                (None, Language::Zh) => "无数值",
                (Some(true), Language::En) => "met",
                (Some(false), Language::En) => "missed",
                (None, Language::En) => "no value",
            };
            page.write_string(at, 0, &target.kpi)?;
            page.write_string(at, 1, format!("{} {met}", bounds.join(", ")))?;
        }
    }
    for none in &paper.not_kept {
        at += 1;
        page.write_string(at, 0, said(&none.title, language))?;
        page.write_string(at, 1, said(&none.why, language))?;
    }
    Ok(())
}

fn put(page: &mut Worksheet, row: u32, column: u16, cell: &Cell, formats: &Formats) -> Result<(), XlsxError> {
    match cell {
        // As a string it is never taken for a formula.
        Cell::Text(text) => page.write_string(row, column, text)?,
        Cell::Whole(whole) => page.write_number_with_format(row, column, *whole as f64, &formats.whole)?,
        Cell::Ms(ms) => page.write_number_with_format(row, column, ms / MS_PER_DAY, &formats.span)?,
        Cell::Fraction(number) => page.write_number_with_format(row, column, *number, &formats.fraction)?,
        Cell::Number(number) => page.write_number_with_format(row, column, *number, &formats.number)?,
        Cell::Nothing => return Ok(()),
    };
    Ok(())
}
