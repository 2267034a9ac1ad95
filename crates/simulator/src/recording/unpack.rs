//! Packed or plain? Decided by the first bytes, never by a file's name; what comes out is guarded against bombs.
//!
//! It knows gzip and xz and recognises others only to refuse them by name. It knows nothing of lines or calls.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Chain, Cursor, Read};
use std::rc::Rc;

use flate2::read::MultiGzDecoder;
use liblzma::read::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream};

use super::Limits;

/// Why packed bytes could not be unpacked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum UnpackFault {
    /// The packing ends in the middle.
    Truncated(&'static str),
    /// The packing is damaged.
    Damaged(&'static str, String),
    /// More came out than a call log could hold.
    Bomb { packed_bytes: u64, unpacked_bytes: u64 },
    /// The xz stream asks for more memory than allowed.
    Memory { bytes_max: u64 },
    /// Packed in a way that is not read here.
    Foreign(&'static str),
}

impl fmt::Display for UnpackFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnpackFault::Truncated(kind) => write!(f, "the {kind} file ends in the middle; copy it again"),
            UnpackFault::Damaged(kind, cause) => {
                write!(f, "the {kind} file is damaged ({cause}); copy it again")
            }
            UnpackFault::Bomb { packed_bytes, unpacked_bytes } => write!(
                f,
                "{packed_bytes} packed bytes unpacked to more than {unpacked_bytes}, which no call log does; \
                 unpack it yourself if you trust it"
            ),
            UnpackFault::Memory { bytes_max } => {
                write!(
                    f,
                    "unpacking this xz file needs more than {bytes_max} bytes; unpack it yourself first"
                )
            }
            UnpackFault::Foreign(kind) => {
                write!(f, "this is a {kind} file; give plain text, gzip or xz")
            }
        }
    }
}

impl std::error::Error for UnpackFault {}

const HEAD_BYTES: usize = 6;

type Whole<'a> = Chain<Cursor<Vec<u8>>, Box<dyn Read + 'a>>;

/// The plain bytes of a source, whatever it is packed in.
pub(crate) fn unpacked<'a>(mut source: impl Read + 'a, limits: &Limits) -> io::Result<Box<dyn Read + 'a>> {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    source.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    let foreign = |kind| Err(io::Error::other(UnpackFault::Foreign(kind)));
    let start = head.clone();
    let source: Box<dyn Read + 'a> = Box::new(source);
    let whole: Whole<'a> = Cursor::new(head).chain(source);
    match start.as_slice() {
        [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => {
            let packed = Counted::new(whole);
            let count = packed.count();
            let stream = Stream::new_stream_decoder(limits.xz_memory_bytes_max, CONCATENATED)
                .map_err(|e| io::Error::other(UnpackFault::Damaged("xz", e.to_string())))?;
            Ok(Box::new(Guarded::new(XzDecoder::new_stream(packed, stream), "xz", count, limits)))
        }
        [0x1F, 0x8B, ..] => {
            let packed = Counted::new(whole);
            let count = packed.count();
            Ok(Box::new(Guarded::new(MultiGzDecoder::new(packed), "gzip", count, limits)))
        }
        [b'P', b'K', 3, 4, ..] => foreign("zip (or spreadsheet)"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => foreign("zstd"),
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => foreign("bzip2"),
        [b'7', b'z', 0xBC, 0xAF, ..] => foreign("7z"),
        _ => Ok(Box::new(whole)),
    }
}

/// Counts the packed bytes that go in.
struct Counted<R> {
    inner: R,
    bytes: Rc<Cell<u64>>,
}

impl<R> Counted<R> {
    fn new(inner: R) -> Self {
        Counted { inner, bytes: Rc::default() }
    }

    fn count(&self) -> Rc<Cell<u64>> {
        Rc::clone(&self.bytes)
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.bytes.set(self.bytes.get() + n as u64);
        Ok(n)
    }
}

/// Counts what comes out, stops a bomb, and gives the decoder's errors a plain name.
struct Guarded<R> {
    inner: R,
    kind: &'static str,
    packed: Rc<Cell<u64>>,
    unpacked: u64,
    bytes_max: u64,
    ratio_max: u64,
    ratio_free_bytes: u64,
    xz_memory_bytes_max: u64,
}

impl<R> Guarded<R> {
    fn new(inner: R, kind: &'static str, packed: Rc<Cell<u64>>, limits: &Limits) -> Self {
        Guarded {
            inner,
            kind,
            packed,
            unpacked: 0,
            bytes_max: limits.unpacked_bytes_max,
            ratio_max: limits.unpack_ratio_max,
            ratio_free_bytes: limits.unpack_ratio_free_bytes,
            xz_memory_bytes_max: limits.xz_memory_bytes_max,
        }
    }

    fn fault(&self, error: io::Error) -> io::Error {
        let lzma = error.get_ref().and_then(|e| e.downcast_ref::<liblzma::stream::Error>());
        let fault = match (error.kind(), lzma) {
            (_, Some(liblzma::stream::Error::MemLimit)) => {
                UnpackFault::Memory { bytes_max: self.xz_memory_bytes_max }
            }
            (io::ErrorKind::UnexpectedEof, _) => UnpackFault::Truncated(self.kind),
            (io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput, _) | (_, Some(_)) => {
                UnpackFault::Damaged(self.kind, error.to_string())
            }
            _ => return error,
        };
        io::Error::other(fault)
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = match self.inner.read(buf) {
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => return Err(self.fault(error)),
        };
        self.unpacked += n as u64;
        let packed = self.packed.get();
        let by_ratio = packed.saturating_mul(self.ratio_max).max(self.ratio_free_bytes);
        if self.unpacked > self.bytes_max.min(by_ratio) {
            let fault = UnpackFault::Bomb { packed_bytes: packed, unpacked_bytes: self.unpacked - n as u64 };
            return Err(io::Error::other(fault));
        }
        Ok(n)
    }
}
