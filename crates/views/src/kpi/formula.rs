//! One side of a fraction: a sum of measures, each with a whole factor, as in `answered - 2 * abandoned`. There is
//! no product and no quotient of measures: whatever is summed over intervals gives what the whole would give.

use super::KpiError;
use super::measure::Measure;
use super::sums::{EXACT_MAX, Sums};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Measures of one formula.
pub const TERMS_MAX: usize = 32;
/// The largest factor of a measure, either way.
pub const FACTOR_MAX: i64 = 1_000_000_000;

/// A whole-number linear combination of measures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Formula(BTreeMap<Measure, i64>);

impl Formula {
    /// Its measures, each with its factor.
    pub fn terms(&self) -> impl ExactSizeIterator<Item = (Measure, i64)> {
        self.0.iter().map(|(measure, factor)| (*measure, *factor))
    }

    /// Both together. What cancels out is no longer needed.
    pub fn plus(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for (measure, factor) in other.terms() {
            *both.0.entry(measure).or_default() += factor;
        }
        both.0.retain(|_, factor| *factor != 0);
        both
    }

    /// Its value; `missing` gathers what the sums do not hold.
    pub(super) fn of(&self, sums: &Sums, missing: &mut Vec<Measure>) -> Result<i128, KpiError> {
        let mut total: i128 = 0;
        for (measure, factor) in self.terms() {
            let Some(value) = sums.get(measure) else {
                missing.push(measure);
                continue;
            };
            let next = value.checked_mul(i128::from(factor)).and_then(|term| total.checked_add(term));
            total = next
                .filter(|total| total.abs() <= EXACT_MAX)
                .ok_or_else(|| KpiError::TooLarge { what: self.to_string(), limit: EXACT_MAX })?;
        }
        Ok(total)
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (measure, factor)) in self.terms().enumerate() {
            match (place, factor < 0) {
                (0, false) => {}
                (0, true) => out.write_str("-")?,
                (_, false) => out.write_str(" + ")?,
                (_, true) => out.write_str(" - ")?,
            }
            match factor.unsigned_abs() {
                1 => write!(out, "{measure}")?,
                factor => write!(out, "{factor} * {measure}")?,
            }
        }
        Ok(())
    }
}

impl FromStr for Formula {
    type Err = KpiError;

    fn from_str(text: &str) -> Result<Self, KpiError> {
        Reading { text, at: 0 }.formula()
    }
}

/// A formula as it is read, letter by letter.
struct Reading<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reading<'a> {
    fn formula(mut self) -> Result<Formula, KpiError> {
        let mut terms = BTreeMap::new();
        let mut first = true;
        loop {
            self.skip();
            let sign = match self.peek() {
                None if !first => break,
                Some('+') if !first => 1,
                Some('-') => -1,
                _ if first => 0,
                _ => return Err(self.wrong("+ or - stands between measures")),
            };
            if sign != 0 {
                self.at += 1;
            }
            first = false;
            let (factor, measure) = self.term()?;
            if terms.insert(measure, if sign < 0 { -factor } else { factor }).is_some() {
                return Err(self.wrong(&format!("{measure} is there twice; give it one factor")));
            }
            if terms.len() > TERMS_MAX {
                return Err(self.wrong(&format!("a formula has at most {TERMS_MAX} measures")));
            }
        }
        Ok(Formula(terms))
    }

    fn term(&mut self) -> Result<(i64, Measure), KpiError> {
        self.skip();
        let digits = self.word(|letter| letter.is_ascii_digit());
        let mut factor = 1;
        if !digits.is_empty() {
            let read = digits.parse().ok().filter(|factor| (1..=FACTOR_MAX).contains(factor));
            factor = read
                .ok_or_else(|| self.wrong(&format!("a factor is a whole number from 1 to {FACTOR_MAX}")))?;
            self.skip();
            if self.peek() == Some('*') {
                self.at += 1;
            } else {
                return Err(self.wrong("after a number stands * and a measure, as in 2 * leavers"));
            }
            self.skip();
        }
        let slug = self.word(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if slug.is_empty() {
            return Err(self.wrong("a measure stands here, as in answered + abandoned"));
        }
        let measure = slug.parse().map_err(|why: KpiError| self.wrong(&why.to_string()))?;
        Ok((factor, measure))
    }

    fn skip(&mut self) {
        self.word(char::is_whitespace);
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn word(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = &self.text[self.at..];
        let word = &rest[..rest.find(|letter| !belongs(letter)).unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    fn wrong(&self, why: &str) -> KpiError {
        let at = self.text[..self.at].chars().count() + 1;
        KpiError::Formula { formula: self.text.to_owned(), at, why: why.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_read_as_they_are_written() {
        for (text, shown) in [
            ("answered", "answered"),
            (" - abandoned+ answered ", "answered - abandoned"),
            ("2*leavers", "2 * leavers"),
            ("offered - 3 * overflowed - waiting", "offered - 3 * overflowed - waiting"),
        ] {
            let formula: Formula = text.parse().unwrap();
            assert_eq!(formula.to_string(), shown);
            assert_eq!(shown.parse::<Formula>().unwrap(), formula);
        }
        let (a, b): (Formula, Formula) =
            ("answered + abandoned".parse().unwrap(), "-abandoned + offered".parse().unwrap());
        assert_eq!(a.plus(&b).to_string(), "offered + answered");
    }

    #[test]
    fn what_is_no_formula_is_told_with_its_place() {
        for (text, says) in [
            ("", "at letter 1: a measure stands here"),
            ("answered +", "a measure stands here"),
            ("answered abandoned", "at letter 10: + or - stands between"),
            ("answered / offered", "+ or - stands between"),
            ("2 leavers", "2 * leavers"),
            ("0 * leavers", "from 1 to 1000000000"),
            ("1000000001 * leavers", "from 1 to 1000000000"),
            ("99999999999999999999 * leavers", "from 1 to 1000000000"),
            ("+ answered", "a measure stands here"),
            ("answered + answered", "is there twice"),
            ("abandonned", "did you mean abandoned"),
            ("座席 + answered", "a measure stands here"),
            ("answered 座", "at letter 10"),
        ] {
            let why = text.parse::<Formula>().unwrap_err().to_string();
            assert!(why.contains(says), "{text:?}: {why}");
        }
        assert!("1000000000 * leavers".parse::<Formula>().is_ok());
    }

    #[test]
    fn a_formula_has_a_limited_length() {
        let written = |count: usize| {
            let slugs: Vec<&str> = Measure::ALL.iter().take(count).map(|measure| measure.slug()).collect();
            slugs.join(" + ")
        };
        assert!(written(TERMS_MAX).parse::<Formula>().is_ok());
        let why = written(TERMS_MAX + 1).parse::<Formula>().unwrap_err().to_string();
        assert!(why.contains("at most 32"), "{why}");
    }
}
