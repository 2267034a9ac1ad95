//! Where lines go: standard output, or a file that was not there before.

use crate::failure::Failure;
use crate::out::{Format, Out};
use serde::Serialize;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

pub(super) enum Sink {
    Out(Out),
    File(BufWriter<File>, PathBuf),
}

impl Sink {
    pub(super) fn open(file: Option<&Path>) -> Result<Self, Failure> {
        match file {
            None => Ok(Self::Out(Out::new(Format::Json))),
            Some(path) => Ok(Self::File(BufWriter::new(new_file(path)?), path.to_owned())),
        }
    }

    pub(super) fn line(&mut self, text: &str) -> Result<(), Failure> {
        match self {
            Self::Out(out) => out.line(text),
            Self::File(file, path) => writeln!(file, "{text}").map_err(|error| broken(path, &error)),
        }
    }

    pub(super) fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        let line = serde_json::to_string(value).map_err(|error| Failure::because("writing JSON", &error))?;
        self.line(&line)
    }

    pub(super) fn flush(&mut self) -> Result<(), Failure> {
        match self {
            Self::Out(out) => out.flush(),
            Self::File(file, path) => {
                let done = file.flush().and_then(|()| file.get_ref().sync_all());
                done.map_err(|error| broken(path, &error))
            }
        }
    }
}

/// A file that is not there yet: an export never takes the place of another.
fn new_file(path: &Path) -> Result<File, Failure> {
    File::create_new(path).map_err(|error| Failure::because(format!("making {}", path.display()), &error))
}

fn broken(path: &Path, error: &std::io::Error) -> Failure {
    Failure::because(format!("writing {}", path.display()), error)
}
