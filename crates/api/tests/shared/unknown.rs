//! A log with an event in it that was written by a later program.

use cordboard_centre::Centre;
use cordboard_engine::{Engine, EngineOptions};
use cordboard_floor::{Command, Instant, SiteId, Submission};
use cordboard_journal::{Journal, Options};
use std::path::Path;

/// Appends an event of a type that this program does not know, with a snapshot of the state beyond it that lets the engine
/// open: as after a downgrade. Answers its number.
pub(crate) fn append_unknown(log: &Path) -> u64 {
    let twin = tempfile::tempdir().unwrap();
    copy(log, twin.path());
    let open = |path: &Path| {
        Journal::create_or_open(path, Options { min_free_bytes: 1 << 20, ..Options::default() })
    };
    let (journal, recovery) = open(twin.path()).unwrap();
    let centre = Centre::new(SiteId::fixed("north"));
    let mut engine = Engine::open(centre, journal, recovery, EngineOptions::default()).unwrap();
    let now = Instant::from_micros(i64::MAX / 4);
    engine.decide(now, Submission::system("test", Command::NoteClockStep { delta_ms: 1 }.into())).unwrap();
    let events = engine.commit().unwrap();
    let unknown = events.first().unwrap().seq;
    engine.write_snapshot().unwrap();
    drop(engine);

    let (mut journal, _) = open(log).unwrap();
    let mut bytes = Vec::new();
    let event = (0x7777u16, 1u16, 0i64, "north", cordboard_floor::Actor::system("test"), (), (), (1,));
    serde::Serialize::serialize(&event, &mut rmp_serde::Serializer::new(&mut bytes)).unwrap();
    assert_eq!(journal.append(&[&bytes]).unwrap().seq, unknown);
    drop(journal);
    let name = format!("snapshot-{unknown:020}-{:010}", EngineOptions::default().state_schema);
    std::fs::create_dir_all(log.join("snapshots")).unwrap();
    std::fs::copy(twin.path().join("snapshots").join(&name), log.join("snapshots").join(&name)).unwrap();
    unknown
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            std::fs::create_dir_all(&to).unwrap();
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}
