//! The pages, embedded: for now the board alone. It knows no other crate; whoever serves it asks by path.

/// A page or one of its files: its type and its bytes.
pub fn page(path: &str) -> Option<(&'static str, &'static [u8])> {
    let _ = path;
    None
}
