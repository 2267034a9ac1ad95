//! A report as CSV: one table after the other, each under a line with its name. Figures stand as numbers that programs read:
//! fractions with both sides, spans in ms.

use super::table::{Cell, provenance, said, sheet};
use super::{Checked, Language, NotMade};

pub(super) fn write(checked: &Checked, language: Language) -> Result<Vec<u8>, NotMade> {
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let failed = |why: csv::Error| NotMade::Written(why.to_string());
    let paper = &checked.made.paper;
    let mut line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|text| harmless(text)).collect();
        out.write_record(&cells).map_err(failed)
    };
    if let Some(warning) = checked.warning(language) {
        line(&["warning".to_owned(), warning])?;
    }
    line(&["report".to_owned(), said(&paper.title, language).to_owned(), paper.provenance.period.clone()])?;
    for (what, told) in provenance(checked, language) {
        line(&["provenance".to_owned(), what, told])?;
    }
    for section in &paper.sections {
        line(&["section".to_owned(), section.id.clone(), said(&section.title, language).to_owned()])?;
        let sheet = sheet(section, language, true);
        line(&sheet.heads.iter().map(|head| head.name.clone()).collect::<Vec<_>>())?;
        for row in &sheet.rows {
            line(&row.iter().map(shown).collect::<Vec<_>>())?;
        }
        if section.left_out > 0 {
            line(&["left_out".to_owned(), section.left_out.to_string()])?;
        }
        for target in &section.targets {
            let bound = |bound: Option<f64>| bound.map_or_else(String::new, |bound| bound.to_string());
            let met = target.met.map_or_else(String::new, |met| met.to_string());
            line(&[
                "target".to_owned(),
                target.kpi.clone(),
                bound(target.at_least),
                bound(target.at_most),
                met,
            ])?;
        }
    }
    for none in &paper.not_kept {
        line(&[
            "not_kept".to_owned(),
            none.id.clone(),
            said(&none.title, language).to_owned(),
            said(&none.why, language).to_owned(),
        ])?;
    }
    out.into_inner().map_err(|why| NotMade::Written(why.to_string()))
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Whole(whole) => whole.to_string(),
        Cell::Ms(number) | Cell::Fraction(number) | Cell::Number(number) => number.to_string(),
        Cell::Nothing => String::new(),
    }
}

/// What a spreadsheet would take for a formula is made a text; numbers stay what they are.
fn harmless(text: &str) -> String {
    let begins = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if begins { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn nothing_in_a_table_is_a_formula() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("@queue"), "'@queue");
        assert_eq!((harmless("-12.5").as_str(), harmless("loans").as_str()), ("-12.5", "loans"));
    }
}
