//! The bytes of version 1, which must be read for ever: if one of these fails, the format has changed and
//! needs a new version number, not a new expectation.

use cordboard_journal::frame::{FRAME_BYTES_MAX, HEADER_BYTES, Header, VERSION, hash, pack};
use cordboard_journal::store::Key;
use cordboard_journal::{Position, hex};

const START: Position = Position { seq: 41, epoch: 6, hash: [0xab; 32] };

#[test]
fn a_frame_of_version_1_is_laid_out_as_the_table_says() {
    let (frames, position) = pack(START, 7, &[b"ring", b"", b"answer"]);
    assert_eq!((frames.len(), position.seq, position.epoch), (1, 44, 7));
    assert_eq!(VERSION, 1);
    let expected = concat!(
        "43424a46",
        "01",
        "01",
        "0003",
        "00000007",
        "000000000000002a",
        "0000",
        "0001",
        "0010",
        "0000",
        "adf75ccf",
        "abababababababababababababababababababababababababababababababab",
        "0004",
        "72696e67",
        "0000",
        "0006",
        "616e73776572"
    );
    assert_eq!(hex(&frames[0].bytes), expected);
    assert_eq!(hex(&position.hash), "6d014e542d4a944af7dbe5612b631b8bab246770734c7b8151f8f33cdd78bb18");
    assert_eq!(position.hash, hash(&frames[0].bytes));
    assert_eq!(hex(&frames[0].key.to_bytes()), "000000000000002a");
}

#[test]
fn parts_of_a_large_event_are_chained_and_keyed_by_number() {
    let body = FRAME_BYTES_MAX - HEADER_BYTES;
    let large: Vec<u8> = (0..2 * body + 5).map(|at| at as u8).collect();
    let (frames, position) = pack(START, 7, &[b"before", &large, b"after"]);
    let keys: Vec<String> = frames.iter().map(|frame| hex(&frame.key.to_bytes())).collect();
    assert_eq!(
        keys,
        [
            "000000000000002a",
            "000000000000002b",
            "000000000000002b0001",
            "000000000000002b0002",
            "000000000000002c"
        ]
    );
    assert!(keys.is_sorted(), "bytes sort as events do");
    let headers: Vec<Header> = frames.iter().map(|frame| Header::read(frame).unwrap()).collect();
    let ends: Vec<bool> = headers.iter().map(|header| header.last_of_batch).collect();
    assert_eq!(ends, [false, false, false, false, true]);
    let indices: Vec<u16> = headers.iter().map(|header| header.index).collect();
    assert_eq!(indices, [0, 1, 2, 3, 4]);
    for (pair, header) in frames.windows(2).zip(&headers[1..]) {
        assert_eq!(header.previous, hash(&pair[0].bytes));
    }
    assert_eq!((headers[1].next_key(), headers[3].next_key()), (Key { seq: 43, part: 1 }, Key::whole(44)));
    assert_eq!(frames[1].bytes.len(), FRAME_BYTES_MAX);
    assert_eq!(position.seq, 44);
}

#[test]
fn no_single_flipped_bit_passes() {
    let (frames, _) = pack(START, 7, &[b"ring", b"answer"]);
    for bit in 0..frames[0].bytes.len() * 8 {
        let mut flipped = frames[0].clone();
        flipped.bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(Header::read(&flipped).is_err(), "bit {bit}");
    }
    for length in 0..frames[0].bytes.len() {
        let mut cut = frames[0].clone();
        cut.bytes.truncate(length);
        assert!(Header::read(&cut).is_err(), "{length} bytes");
    }
}
