//! Personal values at the doors: sealed on the way in, masked or opened on the way out.
//!
//! ```text
//!   in:   "13812345678"  ──▶ person's key, durable ──▶ { pseudonym, person, sealed bytes }
//!   out:  sealed bytes   ──▶ {"text":"138****5678","masked":true}     customary
//!                            {"text":"13812345678","masked":false}    own contact, or opened by right
//!                            {"erased":true}                          the key is destroyed
//! ```
//! Opening may read the disk and making a person writes to it: call both where waiting is allowed.

use cordboard_floor::PersonId;
use cordboard_floor::event::{Number, Sealed};
use cordboard_vault::{Opened, PersonKey, Vault, VaultError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What a sealed value is; part of its seal, so one never opens as another.
pub mod field {
    /// A caller's number.
    pub const FROM: &str = "contact.from";
    /// What the door was told about a contact: a JSON object.
    pub const ATTRIBUTES: &str = "contact.attributes";
    /// A word to a team.
    pub const TEXT: &str = "team.text";
    /// A note after a contact.
    pub const NOTE: &str = "wrapup.note";
    /// What was said to a request, a report or a judgement at the workforce desk.
    pub const WORKFORCE: &str = "workforce.text";
    /// What somebody wrote about an act of hers.
    pub const ACT_NOTE: &str = "act.note";
}

/// A personal text as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Personal {
    /// The text, or what its mask leaves of it; absent when nothing may be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "138****5678")]
    pub text: Option<String>,
    /// Whether part of it, or all, is hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<bool>,
    /// True when the person was erased: nobody can read it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erased: Option<bool>,
    /// True when its seal does not open: the vault is older than the log, or a value was altered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<bool>,
}

/// A personal JSON object as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PersonalObject {
    /// The object; absent when it may not be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Map<String, Value>>,
    /// Whether it is hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<bool>,
    /// True when the person was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erased: Option<bool>,
    /// True when its seal does not open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<bool>,
}

/// How much of personal values someone sees.
#[derive(Clone, Debug)]
pub struct Eyes {
    vault: Vault,
    /// Numbers in full.
    pub numbers: bool,
    /// Free text.
    pub texts: bool,
}

impl Eyes {
    /// Numbers masked, free text hidden: what everyone may see of what she may see at all.
    pub fn masked(vault: &Vault) -> Self {
        Self::seeing(vault, false, false)
    }

    /// Everything: an agent's own live offer or contact, or after an opening that left its event.
    pub fn open(vault: &Vault) -> Self {
        Self::seeing(vault, true, true)
    }

    /// As much as somebody's permissions open.
    pub fn seeing(vault: &Vault, numbers: bool, texts: bool) -> Self {
        Self { vault: vault.clone(), numbers, texts }
    }

    /// A caller's number.
    pub fn number(&self, number: &Number) -> Personal {
        match self.unseal(&number.sealed, field::FROM) {
            Seen::Clear(text) if self.numbers => Personal::clear(text),
            Seen::Clear(text) => {
                Personal { text: Some(mask_number(&text)), masked: Some(true), ..Personal::default() }
            }
            Seen::Erased => Personal { erased: Some(true), ..Personal::default() },
            Seen::Unreadable => Personal { unreadable: Some(true), ..Personal::default() },
        }
    }

    /// A free text in some [`field`].
    pub fn text(&self, sealed: &Sealed, field: &str) -> Personal {
        match self.unseal(sealed, field) {
            Seen::Clear(text) if self.texts => Personal::clear(text),
            Seen::Clear(_) => Personal { masked: Some(true), ..Personal::default() },
            Seen::Erased => Personal { erased: Some(true), ..Personal::default() },
            Seen::Unreadable => Personal { unreadable: Some(true), ..Personal::default() },
        }
    }

    /// A contact's attributes.
    pub fn attributes(&self, sealed: &Sealed) -> PersonalObject {
        match self.unseal(sealed, field::ATTRIBUTES) {
            Seen::Clear(text) if self.texts => match serde_json::from_str(&text) {
                Ok(values) => {
                    PersonalObject { values: Some(values), masked: Some(false), ..PersonalObject::default() }
                }
                Err(_) => PersonalObject { unreadable: Some(true), ..PersonalObject::default() },
            },
            Seen::Clear(_) => PersonalObject { masked: Some(true), ..PersonalObject::default() },
            Seen::Erased => PersonalObject { erased: Some(true), ..PersonalObject::default() },
            Seen::Unreadable => PersonalObject { unreadable: Some(true), ..PersonalObject::default() },
        }
    }

    fn unseal(&self, sealed: &Sealed, field: &str) -> Seen {
        match self.vault.open(sealed.person.0.into(), field, &sealed.bytes) {
            Ok(Opened::Erased) => Seen::Erased,
            Ok(Opened::Clear(bytes)) => String::from_utf8(bytes).map_or(Seen::Unreadable, Seen::Clear),
            Err(error) => {
                // The error names the person and the field, never the value.
                tracing::warn!(%error, "a personal value could not be opened");
                Seen::Unreadable
            }
        }
    }
}

impl Personal {
    fn clear(text: String) -> Self {
        Self { text: Some(text), masked: Some(false), ..Self::default() }
    }
}

enum Seen {
    Clear(String),
    Erased,
    Unreadable,
}

/// Characters of a long number that stay at its beginning, and at its end.
const LONG_NUMBER_KEEPS: (usize, usize) = (3, 4);
/// Characters of a short number that stay at its beginning, and at its end.
const SHORT_NUMBER_KEEPS: (usize, usize) = (0, 2);
/// From how many characters on a number is long.
const LONG_NUMBER_CHARS: usize = 11;
/// A number with fewer characters than this shows nothing.
const SHORT_NUMBER_CHARS: usize = 5;

/// The mask of numbers: the first three and last four of a mobile or other long number (`138****5678`), the
/// last two of a shorter one (`****34`), nothing of a very short one; of an address the host (`****@host`).
/// The middle is always four stars, so the length does not show either.
pub fn mask_number(number: &str) -> String {
    if let Some((_, host)) = number.split_once('@') {
        return format!("****@{host}");
    }
    let chars: Vec<char> = number.chars().collect();
    let (head, tail) = match chars.len() {
        LONG_NUMBER_CHARS.. => LONG_NUMBER_KEEPS,
        SHORT_NUMBER_CHARS.. => SHORT_NUMBER_KEEPS,
        _ => (0, 0),
    };
    let head: String = chars[..head].iter().collect();
    let tail: String = chars[chars.len() - tail..].iter().collect();
    format!("{head}****{tail}")
}

/// Seals a caller's number under her own key, which is made durable first if she is new.
pub fn seal_number(vault: &Vault, number: &str) -> Result<(PersonKey, Number), VaultError> {
    let person = vault.person_for(number)?;
    let sealed = seal(&person, field::FROM, number.as_bytes())?;
    Ok((person, Number { pseudonym: vault.pseudonym(number).get().to_be_bytes(), sealed }))
}

/// Seals a text under the key of the person that it belongs to.
pub fn seal_for(vault: &Vault, person: PersonId, field: &str, text: &str) -> Result<Sealed, VaultError> {
    let bytes = vault.seal(person.0.into(), field, text.as_bytes())?;
    Ok(Sealed { person, bytes: bytes.into() })
}

/// Seals a text that belongs to nobody known, under a fresh key, so that it can be forgotten all the same.
pub fn seal_anonymous(vault: &Vault, field: &str, text: &str) -> Result<Sealed, VaultError> {
    seal(&vault.person_anonymous()?, field, text.as_bytes())
}

/// Seals bytes with a key at hand.
pub fn seal(person: &PersonKey, field: &str, clear: &[u8]) -> Result<Sealed, VaultError> {
    Ok(Sealed { person: PersonId(person.id().get()), bytes: person.seal(field, clear)?.into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordboard_vault::{Options, PasswordCost};

    #[test]
    fn a_mask_leaves_enough_to_recognise_and_too_little_to_call() {
        for (number, masked) in [
            ("13812345678", "138****5678"),
            ("+4915112345678", "+49****5678"),
            ("65551234", "****34"),
            ("95588", "****88"),
            ("110", "****"),
            ("", "****"),
            ("li.lei@example.com", "****@example.com"),
            ("１３８１２３４５６７８", "１３８****５６７８"),
        ] {
            assert_eq!(mask_number(number), masked, "{number}");
        }
    }

    #[test]
    fn a_value_is_masked_open_or_erased() {
        let dir = tempfile::tempdir().unwrap();
        let options = Options { password_cost: PasswordCost::cheap_for_tests(), ..Options::default() };
        let vault = Vault::open_with(dir.path(), options).unwrap();
        let (person, number) = seal_number(&vault, "13812345678").unwrap();
        let attributes = seal(&person, field::ATTRIBUTES, br#"{"name":"Li Lei"}"#).unwrap();

        let masked = Eyes::masked(&vault);
        assert_eq!(masked.number(&number).text.as_deref(), Some("138****5678"));
        assert_eq!(serde_json::to_string(&masked.attributes(&attributes)).unwrap(), r#"{"masked":true}"#);
        let open = Eyes::open(&vault);
        assert_eq!(open.number(&number), Personal::clear("13812345678".into()));
        assert_eq!(
            serde_json::to_string(&open.attributes(&attributes)).unwrap(),
            r#"{"values":{"name":"Li Lei"},"masked":false}"#
        );
        // A number under the wrong field does not open.
        assert_eq!(open.text(&number.sealed, field::NOTE).unreadable, Some(true));

        vault.erase(person.id()).unwrap();
        assert_eq!(serde_json::to_string(&open.number(&number)).unwrap(), r#"{"erased":true}"#);
        assert_eq!(serde_json::to_string(&open.attributes(&attributes)).unwrap(), r#"{"erased":true}"#);
    }
}
