//! In which versions formulas are taken: the newest, or those by which a report was once made. A report that is made again
//! gets the columns that it had, and no formula that came later.

use crate::kpi::{Catalogue, Entry, KpiError};

/// Which versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Formulas {
    /// The newest of each.
    #[default]
    Newest,
    /// These and no others, each by its id and version, in this order.
    Of(Vec<(String, u32)>),
}

impl Formulas {
    /// Those of a report that was made before, each as `id@version`.
    pub fn recorded<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, KpiError> {
        let entry = |name: &str| {
            let entry = Catalogue::shipped().named(name)?;
            Ok((entry.id().to_owned(), entry.version()))
        };
        names.into_iter().map(entry).collect::<Result<_, KpiError>>().map(Self::Of)
    }

    /// A formula by its id.
    pub fn find(&self, id: &str) -> Result<&'static Entry, KpiError> {
        let catalogue = Catalogue::shipped();
        match self {
            Self::Newest => catalogue.find(id),
            Self::Of(those) => match those.iter().find(|(known, _)| known == id) {
                Some((_, version)) => catalogue.find_version(id, *version),
                None => Err(KpiError::UnknownId { id: format!("{id} of that time"), like: Vec::new() }),
            },
        }
    }

    /// All of them, in their order.
    pub fn all(&self) -> Result<Vec<&'static Entry>, KpiError> {
        let catalogue = Catalogue::shipped();
        match self {
            Self::Newest => Ok(catalogue.entries().collect()),
            Self::Of(those) => {
                those.iter().map(|(id, version)| catalogue.find_version(id, *version)).collect()
            }
        }
    }
}
