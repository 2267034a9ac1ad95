//! The forms that ship, as they stand in `config/quality/`: a tenant copies one and makes the next version of it.

use super::Form;
use crate::problem::Problem;

/// File name and text of every form that ships.
pub const FILES: [(&str, &str); 3] = [
    ("service.toml", include_str!("../../../../config/quality/service.toml")),
    ("complaint.toml", include_str!("../../../../config/quality/complaint.toml")),
    ("chat.toml", include_str!("../../../../config/quality/chat.toml")),
];

/// Reads them all; every problem of every file, if there is one.
pub fn forms() -> Result<Vec<Form>, Vec<Problem>> {
    let (mut forms, mut problems) = (Vec::new(), Vec::new());
    for (name, text) in FILES {
        match Form::read(name, text) {
            Ok(form) => forms.push(form),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(forms) } else { Err(problems) }
}
