//! Bytes into lines and lines into values, within limits. One row is one line: a stray quote costs its own line, never the rest.
//!
//! It knows delimiters and quotes, and nothing of what the values mean.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

/// Lines of a source, each held no longer than the limit.
pub(crate) struct Lines<R> {
    source: BufReader<R>,
    bytes_max: usize,
    line: Vec<u8>,
    number: u64,
    cut_off: bool,
}

/// One line, without its line end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    Text(&'a [u8]),
    TooLong(&'a [u8]),
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(source: R, bytes_max: usize) -> Self {
        Lines { source: BufReader::new(source), bytes_max, line: Vec::new(), number: 0, cut_off: false }
    }

    /// The number of the line last given; the first is 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Whether the line last given has no line end: the source may have been cut in it.
    pub(crate) fn is_cut_off(&self) -> bool {
        self.cut_off
    }

    /// The next line, or `None` at the end. What is too long is skipped to its end, not held.
    pub(crate) fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let mut any = false;
        let mut too_long = false;
        loop {
            let chunk = match self.source.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                self.cut_off = any;
                break;
            }
            any = true;
            let end = chunk.iter().position(|&byte| byte == b'\n');
            let text = &chunk[..end.unwrap_or(chunk.len())];
            // Two bytes of room: a carriage return does not count, nor does the byte that proves the excess.
            let room = (self.bytes_max + 2).saturating_sub(self.line.len());
            self.line.extend_from_slice(&text[..text.len().min(room)]);
            too_long |= text.len() > room;
            let used = text.len() + usize::from(end.is_some());
            self.source.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        self.number += 1;
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        too_long |= self.line.len() > self.bytes_max;
        Ok(Some(if too_long { Line::TooLong(&self.line) } else { Line::Text(&self.line) }))
    }
}

/// A quoted value that is still open where the line ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UnclosedQuote;

/// The values of a line. With `quoted`, a value may stand in double quotes, doubled within.
pub(super) fn split<'a>(
    line: &'a str,
    delimiter: char,
    quoted: bool,
    values: &mut Vec<Cow<'a, str>>,
) -> Result<(), UnclosedQuote> {
    values.clear();
    if !quoted {
        values.extend(line.split(delimiter).map(Cow::Borrowed));
        return Ok(());
    }
    let mut rest = line;
    loop {
        let opened = rest.trim_start_matches(' ');
        let (value, after) = if let Some(inside) = opened.strip_prefix('"') {
            let (value, after) = unquote(inside)?;
            // What stands between the closing quote and the delimiter is kept: better seen as dirt than lost.
            let (tail, after) = cut(after, delimiter);
            (if tail.trim().is_empty() { value } else { Cow::Owned(value.into_owned() + tail) }, after)
        } else {
            let (value, after) = cut(rest, delimiter);
            (Cow::Borrowed(value), after)
        };
        values.push(value);
        match after {
            Some(after) => rest = after,
            None => return Ok(()),
        }
    }
}

fn cut(text: &str, delimiter: char) -> (&str, Option<&str>) {
    match text.split_once(delimiter) {
        Some((value, after)) => (value, Some(after)),
        None => (text, None),
    }
}

fn unquote(inside: &str) -> Result<(Cow<'_, str>, &str), UnclosedQuote> {
    let end = inside.find('"').ok_or(UnclosedQuote)?;
    let mut value = Cow::Borrowed(&inside[..end]);
    let mut rest = &inside[end + 1..];
    while let Some(more) = rest.strip_prefix('"') {
        let end = more.find('"').ok_or(UnclosedQuote)?;
        let value = value.to_mut();
        value.push('"');
        value.push_str(&more[..end]);
        rest = &more[end + 1..];
    }
    Ok((value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(line: &str, quoted: bool) -> Result<Vec<String>, UnclosedQuote> {
        let mut values = Vec::new();
        split(line, ',', quoted, &mut values)?;
        Ok(values.into_iter().map(Cow::into_owned).collect())
    }

    #[test]
    fn quotes_hold_delimiters_and_quotes() {
        assert_eq!(parts(r#"a,"b,c","d ""e""",,f"#, true).unwrap(), ["a", "b,c", "d \"e\"", "", "f"]);
        assert_eq!(parts(r#" "a" ,b"#, true).unwrap(), ["a", "b"]);
        assert_eq!(parts(r#""a"x,b"#, true).unwrap(), ["ax", "b"]);
        assert_eq!(parts(r#"""""#, true), Err(UnclosedQuote));
        assert_eq!(parts(r#"a,"b"#, true), Err(UnclosedQuote));
        assert_eq!(parts(r#"a,"b"#, false).unwrap(), ["a", "\"b"]);
        assert_eq!(parts("", true).unwrap(), [""]);
        assert_eq!(parts(",", true).unwrap(), ["", ""]);
    }

    #[test]
    fn a_line_at_the_limit_passes_and_a_longer_one_is_skipped_whole() {
        let text = b"12345\r\n123456\n\n1234567890123\nend";
        let mut lines = Lines::new(&text[..], 5);
        assert_eq!(lines.next_line().unwrap(), Some(Line::Text(b"12345")));
        assert!(matches!(lines.next_line().unwrap(), Some(Line::TooLong(_))));
        assert_eq!(lines.next_line().unwrap(), Some(Line::Text(b"")));
        assert!(matches!(lines.next_line().unwrap(), Some(Line::TooLong(_))));
        assert_eq!(lines.next_line().unwrap(), Some(Line::Text(b"end")));
        assert_eq!(lines.number(), 5);
        assert_eq!(lines.next_line().unwrap(), None);
    }
}
