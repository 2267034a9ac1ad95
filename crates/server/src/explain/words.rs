//! The sentences of a table, by language. A sentence is a line of a resource with names of fields in braces; what it
//! says of a row is filled in from the row's own fields. A sentence whose field is missing has a bare form, or is left out.

use crate::failure::Failure;
use clap::ValueEnum;
use serde_json::Value;
use std::collections::BTreeMap;

/// In which language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// English
    En,
    /// 中文
    Zh,
}

/// Sentences by key.
pub(crate) struct Words(BTreeMap<String, BTreeMap<String, String>>);

impl Words {
    pub(crate) fn of(language: Language) -> Result<Self, Failure> {
        let text = match language {
            Language::En => include_str!("words/en.toml"),
            Language::Zh => include_str!("words/zh.toml"),
        };
        toml::from_str(text).map(Self).map_err(|error| Failure::because("the words of this program", &error))
    }

    fn template(&self, group: &str, key: &str) -> Option<&str> {
        self.0.get(group)?.get(key).map(String::as_str)
    }

    /// What a value is called; itself if nobody thought of it.
    pub(crate) fn name(&self, group: &str, key: &str) -> String {
        self.template(group, key).unwrap_or(key).to_owned()
    }

    /// A sentence about a row; none if a field of it is missing and there is no bare form.
    pub(super) fn say(&self, group: &str, key: &str, row: &Value) -> Option<String> {
        let whole = self.template(group, key).and_then(|template| filled(template, row));
        whole.or_else(|| filled(self.template(group, &format!("{key}_bare"))?, row))
    }
}

/// A sentence with its fields; none if one of them is missing.
fn filled(template: &str, row: &Value) -> Option<String> {
    let mut said = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (field, behind) = after.split_once('}')?;
        said.push_str(before);
        said.push_str(&shown(row.pointer(&format!("/{}", field.replace('.', "/")))?)?);
        rest = behind;
    }
    said.push_str(rest);
    Some(said)
}

/// A field as people read it; a list with commas between, a thing by what it holds.
fn shown(value: &Value) -> Option<String> {
    let joined = |values: Vec<&Value>, between: &str| {
        let shown: Vec<String> = values.into_iter().filter_map(shown).collect();
        (!shown.is_empty()).then(|| shown.join(between))
    };
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => joined(list.iter().collect(), ", "),
        Value::Object(fields) => {
            // What has a name says it first, however the fields are sorted.
            let (named, others): (Vec<_>, Vec<_>) = fields.iter().partition(|(field, _)| *field == "skill");
            joined(named.into_iter().chain(others).map(|(_, value)| value).collect(), " ")
        }
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_sentence_takes_its_fields_and_goes_without_those_that_are_missing() {
        let words = Words::of(Language::En).unwrap();
        let row = json!({"skill": "loans", "asked": 60, "level": 40});
        assert_eq!(words.say("standing", "lacks_skill", &row).unwrap(), "knows loans at 40, 60 is asked");
        let row = json!({"skill": "loans", "asked": 60});
        assert_eq!(words.say("standing", "lacks_skill", &row).unwrap(), "does not know loans, 60 is asked");
        assert_eq!(words.say("standing", "not_ready", &json!({})), None);
        let row = json!({"any_of": [{"level": 60, "skill": "en"}, {"level": 50, "skill": "zh"}]});
        let said = words.say("standing", "lacks_any_of", &row).unwrap();
        assert_eq!(said, "meets none of: en 60, zh 50");
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let keys = |language| {
            let Words(groups) = Words::of(language).unwrap();
            let each =
                groups.into_iter().map(|(group, lines)| (group, lines.into_keys().collect::<Vec<_>>()));
            each.collect::<Vec<_>>()
        };
        assert_eq!(keys(Language::En), keys(Language::Zh));
    }
}
