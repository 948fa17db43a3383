"""The tables of a catalogue, and how an older catalogue becomes a newer one.

Comes in: a connection to an SQLite file. Goes out: the same file with the tables of this version.
Entry k of `_MIGRATIONS` takes version k to k + 1; an entry that was released never changes.
"""

from __future__ import annotations

import sqlite3

from timbrespace.errors import InputError

_APPLICATION_ID = 0x54494D42  # "TIMB", in the file's header

_VERSION_1 = """
CREATE TABLE meta(
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE files(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    content_hash TEXT,
    status TEXT NOT NULL CHECK (status IN ('ok', 'failed', 'missing')),
    reason TEXT,
    added_at TEXT NOT NULL
);
CREATE INDEX files_by_content ON files(content_hash);
CREATE INDEX files_by_status ON files(status) WHERE status <> 'ok';

CREATE TABLE sounds(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    file_id INTEGER NOT NULL REFERENCES files ON DELETE CASCADE,
    slot INTEGER NOT NULL UNIQUE,
    start_s REAL NOT NULL,
    duration_s REAL NOT NULL,
    sample_rate_hz INTEGER NOT NULL,
    channels INTEGER NOT NULL,
    loudness_lufs REAL,
    peak_db REAL,
    pitch_midi REAL,
    pitch_confidence REAL,
    attack_s REAL,
    brightness_hz REAL,
    noisiness REAL,
    family TEXT,
    family_probability REAL,
    source TEXT,
    source_probability REAL,
    nearest TEXT,
    instrument TEXT,
    velocity INTEGER,
    waveform BLOB,
    envelope BLOB,
    favourite INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX sounds_by_file ON sounds(file_id);

CREATE TABLE tags(
    sound_id INTEGER NOT NULL REFERENCES sounds ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (sound_id, tag)
) WITHOUT ROWID;
CREATE INDEX tags_by_tag ON tags(tag);

CREATE VIEW heard AS
    SELECT sounds.*, files.path, files.size, files.mtime_ns, files.content_hash
    FROM sounds JOIN files ON files.id = sounds.file_id
    WHERE files.status = 'ok';
"""

_MIGRATIONS = (_VERSION_1,)


def migrate(connection: sqlite3.Connection) -> None:
    """Make the tables of this version, in one transaction; nothing is done where they are there.

    Raises:
        InputError: the file is no catalogue, or a newer timbrespace made it.
    """
    if version_of(connection) == len(_MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for script in _MIGRATIONS[version_of(connection) :]:
            for statement in script.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")
        connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def check_version(connection: sqlite3.Connection) -> None:
    """Check that a catalogue that is only read is of this version.

    Raises:
        InputError: it is older or newer, or no catalogue.
    """
    version = version_of(connection)
    if version != len(_MIGRATIONS):
        raise InputError(
            f"the catalogue is of version {version}, this timbrespace reads {len(_MIGRATIONS)}; "
            "`timbrespace library add` brings it up to date."
        )


def version_of(connection: sqlite3.Connection) -> int:
    """Version of a catalogue; 0 for an empty file.

    Raises:
        InputError: it is no catalogue, or a newer timbrespace made it.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (n_tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != _APPLICATION_ID and (version or n_tables):
        raise InputError("is a database of another program, not a catalogue of sounds.")
    if version > len(_MIGRATIONS):
        raise InputError(
            f"a newer timbrespace made the catalogue (version {version}, this one knows "
            f"{len(_MIGRATIONS)}); update timbrespace."
        )
    return int(version)
