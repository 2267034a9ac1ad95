//! A scenario: a file of commands with the expected events beside them. How it is written stands in
//! `tests/README.md`.

mod plan;
mod play;
mod say;
mod settings;
mod words;

use cordboard_floor::Instant;
use std::fmt::Write as _;
use std::path::Path;

/// One line of a scenario, as it was written.
#[derive(Clone, Debug, PartialEq)]
enum Line {
    /// A comment, or nothing.
    Remark(String),
    /// Who is there before the day begins.
    Given(String),
    /// A moment and what happens then.
    Step(Instant, String),
    /// What is expected of the step above.
    Expected(String),
}

/// What came of a whole file.
#[derive(Debug)]
pub struct Outcome {
    /// The file as it should be, if what was found is right.
    pub blessed: String,
    /// What differs, for people; nothing if all is as expected.
    pub difference: String,
}

/// Plays a scenario file. An error is a file that cannot be read as a scenario, or a floor that broke a
/// rule which holds in every scenario.
pub fn play(path: &Path) -> Result<Outcome, String> {
    let text = std::fs::read_to_string(path).map_err(|fault| format!("{}: {fault}", path.display()))?;
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    play_text(&file, &text)
}

/// Plays a scenario from its text. Terms in braces are what it is about.
pub fn play_text(file: &str, text: &str) -> Result<Outcome, String> {
    play_lines(file, text, |line| line.replace(['{', '}'], ""))
}

/// Plays a scenario without its terms in braces: if nothing changes, it says nothing about them.
pub fn play_without(file: &str, text: &str) -> Result<Outcome, String> {
    play_lines(file, text, |line| {
        let mut depth = 0;
        line.replace('}', "}\u{0}")
            .chars()
            .filter(|letter| {
                depth += i32::from(*letter == '{');
                depth -= i32::from(*letter == '\u{0}');
                depth == 0 && *letter != '\u{0}'
            })
            .collect()
    })
}

fn play_lines(file: &str, text: &str, heard: impl Fn(&str) -> String) -> Result<Outcome, String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut stage = play::Stage::new();
    let mut outcome = Outcome { blessed: String::new(), difference: String::new() };
    let mut at = 0;
    while at < lines.len() {
        let number = at + 1;
        let complain = |fault: String| format!("{file}:{number}: {fault}\n    {}", lines[at]);
        let line = read(&heard(lines[at])).map_err(complain)?;
        outcome.blessed.push_str(lines[at].trim_end());
        outcome.blessed.push('\n');
        let found = match line {
            Line::Remark(_) => Vec::new(),
            Line::Given(words) => stage.given(&words).map_err(complain).map(|()| Vec::new())?,
            Line::Step(moment, words) => stage.step(moment, &words).map_err(complain)?,
            Line::Expected(_) => return Err(complain("expected of which command?".to_owned())),
        };
        at += 1;
        let mut expected = Vec::new();
        while let Some(Ok(Line::Expected(words))) = lines.get(at).map(|line| read(line)) {
            expected.push(words);
            at += 1;
        }
        for words in &found {
            let _ = writeln!(outcome.blessed, "    {words}");
        }
        if found != expected {
            differ(&mut outcome.difference, file, number, lines[number - 1], &expected, &found);
        }
    }
    stage.end().map_err(|fault| format!("{file}: at the end: {fault}"))?;
    Ok(outcome)
}

fn read(line: &str) -> Result<Line, String> {
    let words = line.trim();
    if words.is_empty() || line.starts_with('#') {
        return Ok(Line::Remark(words.to_owned()));
    }
    if line.starts_with([' ', '\t']) {
        return match words.chars().next() {
            Some('>' | '=' | '!') => Ok(Line::Expected(words.to_owned())),
            _ => Err("an indented line is an expectation and begins with > = or !".to_owned()),
        };
    }
    if !line.starts_with(|first: char| first.is_ascii_digit()) {
        return Ok(Line::Given(words.to_owned()));
    }
    let (moment, rest) = words.split_once(' ').ok_or("a moment, and what happens then?")?;
    Ok(Line::Step(words::moment(moment)?, rest.trim().to_owned()))
}

/// The first lines that differ, with a line of agreement before them.
fn differ(out: &mut String, file: &str, number: usize, step: &str, expected: &[String], found: &[String]) {
    let same = expected.iter().zip(found).take_while(|(expected, found)| expected == found).count();
    let _ = writeln!(out, "{file}:{number}: {step}");
    if same > 0 {
        let _ = writeln!(out, "             {}", found[same - 1]);
    }
    for words in &expected[same..] {
        let _ = writeln!(out, "    expected {words}");
    }
    for words in &found[same..] {
        let _ = writeln!(out, "    found    {words}");
    }
}
