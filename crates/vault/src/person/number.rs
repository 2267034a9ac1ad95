//! One spelling per telephone number. Pure; it knows no vault. Its answers are for ever: a changed spelling
//! would make a known caller a stranger, so only ever add cases that were nonsense before.

/// Digits that a number of a country has at least when it is dialled from inside (area code and all).
const NATIONAL_DIGITS_MIN: usize = 9;

/// The one spelling of a number as it comes from a trunk, a SIP header or a spreadsheet; nothing for a
/// withheld one. A number of the home country is spelled without its calling code and trunk prefix.
pub(super) fn normalised(raw: &str, home_country: &str) -> Option<String> {
    let text: String = raw.trim().chars().map(half_width).collect::<String>().to_lowercase();
    let text = ["sips:", "sip:", "tel:"].iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or(&text);
    let text = text.split([';', '?']).next().unwrap_or_default();
    let (user, host) = text.split_once('@').unwrap_or((text, ""));
    if let Some(dialled) = dialled(user) {
        return Some(without_home_country(dialled, home_country));
    }
    let nameless =
        matches!(user, "" | "anonymous" | "unknown" | "restricted" | "private" | "unavailable" | "withheld");
    if host.is_empty() || nameless || host.ends_with(".invalid") {
        return None;
    }
    Some(format!("{user}@{host}"))
}

/// Only what is dialled, a leading `+` kept; nothing when there is something else or no digit in it.
fn dialled(user: &str) -> Option<String> {
    let mut number = String::with_capacity(user.len());
    for c in user.chars() {
        match c {
            '0'..='9' | '*' | '#' => number.push(c),
            '+' if number.is_empty() => number.push('+'),
            ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' => {}
            _ => return None,
        }
    }
    number.bytes().any(|b| b.is_ascii_digit()).then_some(number)
}

fn without_home_country(number: String, home_country: &str) -> String {
    let international = number
        .strip_prefix('+')
        .or_else(|| number.strip_prefix("00").filter(|rest| rest.len() > NATIONAL_DIGITS_MIN));
    let national = match international {
        Some(rest) => match rest.strip_prefix(home_country) {
            Some(national) => national,
            None => return format!("+{rest}"),
        },
        None => number
            .strip_prefix(home_country)
            // "86…" is the calling code only before a number long enough to be a whole one.
            .filter(|rest| !home_country.is_empty() && rest.len() > NATIONAL_DIGITS_MIN)
            .unwrap_or(&number),
    };
    match national.strip_prefix('0') {
        Some(rest) if rest.len() >= NATIONAL_DIGITS_MIN => rest.to_owned(),
        _ => national.to_owned(),
    }
}

/// Full-width forms (０１３８…, ＋, －) as typed in Chinese input.
fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_number_is_one_number() {
        let same: &[(&str, &[&str])] = &[
            (
                "13812345678",
                &[
                    "13812345678",
                    "138 1234 5678",
                    "138-1234-5678",
                    "+8613812345678",
                    "+86 138-1234-5678",
                    "008613812345678",
                    "8613812345678",
                    "013812345678",
                    "１３８１２３４５６７８",
                    "＋８６　１３８１２３４５６７８",
                    "tel:+86-138-1234-5678",
                    "sip:+8613812345678@10.0.0.1:5060;user=phone",
                    " 13812345678\n",
                ],
            ),
            ("1065551234", &["010-6555-1234", "+86 10 6555 1234", "(010) 65551234", "1065551234"]),
            ("65551234", &["65551234", "6555-1234"]),
            ("+4915112345678", &["+49 151 12345678", "004915112345678"]),
            ("95588", &["95588"]),
            ("8001", &["8001", "sip:8001@pbx"]),
            ("li.lei@example.com", &["sip:Li.Lei@Example.com"]),
        ];
        for (one, spellings) in same {
            for spelling in *spellings {
                assert_eq!(normalised(spelling, "86").as_deref(), Some(*one), "{spelling:?}");
            }
        }
    }

    #[test]
    fn a_withheld_number_is_nobody() {
        for raw in
            ["", "  ", "anonymous", "Anonymous", "sip:anonymous@anonymous.invalid", "unknown", "+", "*#", "-"]
        {
            assert_eq!(normalised(raw, "86"), None, "{raw:?}");
        }
    }

    #[test]
    fn without_a_home_country_nothing_is_taken_off_but_the_trunk_zero() {
        assert_eq!(normalised("8613812345678", "").as_deref(), Some("8613812345678"));
        assert_eq!(normalised("013812345678", "").as_deref(), Some("13812345678"));
    }
}
