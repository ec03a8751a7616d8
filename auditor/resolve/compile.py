"""The snapshot's text form as one SQLite file, and where compiled copies are kept."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from auditor.cachefolder import cache_folder
from auditor.errors import SnapshotError
from auditor.resolve.tables import FORMAT, Manifest, digest_of, read_manifest, read_table, sha256_of, statements

SCHEMA = 1_200 + FORMAT  # user_version; raise it when the tables below change
_KEPT = 4  # compiled copies of earlier snapshots
_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT NOT NULL, says TEXT NOT NULL);
CREATE TABLE model (
  key TEXT PRIMARY KEY, id TEXT NOT NULL, base TEXT NOT NULL, task TEXT NOT NULL, license TEXT NOT NULL,
  downloads INTEGER NOT NULL, source INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE author (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE edge (
  child TEXT NOT NULL, relation TEXT NOT NULL, parent TEXT NOT NULL, confidence TEXT NOT NULL, source INTEGER NOT NULL,
  PRIMARY KEY (child, parent, relation)) WITHOUT ROWID;
CREATE TABLE alias (
  name TEXT NOT NULL, scheme TEXT NOT NULL, hub_id TEXT NOT NULL, confidence TEXT NOT NULL, source INTEGER NOT NULL,
  PRIMARY KEY (name, scheme, hub_id)) WITHOUT ROWID;
"""


def compile(text_dir: Path, sqlite_path: Path) -> None:
    """Write the text form as SQLite; whoever reads the path sees all of it or nothing. *Raises*: SnapshotError, OSError."""
    manifest = read_manifest(text_dir)
    handle, temporary = tempfile.mkstemp(dir=sqlite_path.parent, prefix=sqlite_path.name, suffix=".tmp")
    os.close(handle)
    try:
        with closing(sqlite3.connect(temporary, isolation_level=None)) as db:
            db.executescript(
                f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA user_version={SCHEMA}; {_TABLES}"
            )
            db.execute("BEGIN")
            _fill(db, text_dir)
            stated = (("digest", manifest.digest), ("built", manifest.built))
            counts = (("models", manifest.rows("models")), ("edges", manifest.rows("edges")))
            db.executemany("INSERT INTO meta VALUES (?, ?)", [*stated, *((k, str(n)) for k, n in counts)])
            db.execute("CREATE INDEX model_base ON model (base, id)")
            db.execute("COMMIT")
        Path(temporary).replace(sqlite_path)
    except (sqlite3.Error, KeyError, ValueError) as error:
        told = f"no column {error}" if isinstance(error, KeyError) else str(error)
        raise SnapshotError(f"the snapshot cannot be compiled: {told}", hint="auditor snapshot verify") from error
    finally:
        Path(temporary).unlink(missing_ok=True)


def compiled(text_dir: Path) -> tuple[Path, bool]:
    """A compiled copy of the text form, and whether it is temporary (the reader removes it once it is open)."""
    manifest = read_manifest(text_dir)
    digest = manifest.digest
    folder = cache_folder("snapshot")
    if folder is not None:
        path = folder / f"snapshot-{SCHEMA}-{digest[:32]}.sqlite"
        if _ours(path) and usable(path, digest):
            return path, False
        with suppress(OSError, SnapshotError):  # a disk that is full, or data that the temporary copy will complain of
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _private(folder) and _is_what_it_says(text_dir, manifest):
                compile(text_dir, path)
                _forget(folder)
                return path, False
    temporary = Path(tempfile.mkdtemp(prefix="auditor-")) / "snapshot.sqlite"
    try:
        compile(text_dir, temporary)
    except BaseException:
        with suppress(OSError):
            temporary.parent.rmdir()
        raise
    return temporary, True


def usable(path: Path, digest: str = "") -> bool:
    """Whether the file is a compiled snapshot of this version (and of that digest, when given)."""
    try:
        with closing(connect(path)) as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version != SCHEMA:
                return False
            (stated,) = db.execute("SELECT value FROM meta WHERE name = 'digest'").fetchone()
            return not digest or stated == digest
    except (sqlite3.Error, TypeError, ValueError, OSError):
        return False


def connect(path: Path) -> sqlite3.Connection:
    """The file opened for reading alone: no lock, no journal, nothing written beside it."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def normal(basename: str) -> str:
    """A last path part as names are compared: lower case, `_`, `.` and space as `-`."""
    return basename.casefold().replace("_", "-").replace(".", "-").replace(" ", "-")


def _fill(db: sqlite3.Connection, text_dir: Path) -> None:
    sources: dict[str, int] = {}

    def source(name: str) -> int:
        return sources.setdefault(name, len(sources) + 1)

    edges = list(read_table(text_dir / "edges.tsv.gz"))
    aliases = list(read_table(text_dir / "aliases.tsv.gz"))

    def rows() -> Iterator[tuple[str, str, str, str, str, int, int]]:
        for row in read_table(text_dir / "models.tsv.gz"):
            yield (*_names(row["id"]), row["task"], row["license"], int(row["downloads"] or 0), source(row["source"]))

    def mentioned() -> Iterator[tuple[str, str, str, str, str, int, int]]:
        for row in edges:
            for name in (row["child"], row["parent"]):
                yield (*_names(name), "", "", 0, source(row["source"]))
        for row in aliases:
            # A provider's slug may only look like a Hub id, so it vouches for none.
            if row["confidence"] == "high" and not row["scheme"].startswith("provider:"):
                yield (*_names(row["hub_id"]), "", "", 0, source(row["source"]))

    db.executemany("INSERT OR IGNORE INTO model VALUES (?, ?, ?, ?, ?, ?, ?)", sorted(rows()))
    db.executemany("INSERT OR IGNORE INTO model VALUES (?, ?, ?, ?, ?, ?, ?)", sorted(mentioned()))
    db.execute(
        "INSERT OR IGNORE INTO author SELECT substr(key, 1, instr(key, '/') - 1) FROM model WHERE key LIKE '%/%'"
    )
    db.executemany(
        "INSERT OR IGNORE INTO edge VALUES (?, ?, ?, ?, ?)",
        [(r["child"].casefold(), r["relation"], r["parent"], r["confidence"], source(r["source"])) for r in edges],
    )
    db.executemany("INSERT OR IGNORE INTO alias VALUES (?, ?, ?, ?, ?)", sorted(_alias_rows(aliases, source)))
    said = statements(text_dir)
    db.executemany(
        "INSERT INTO source VALUES (?, ?, ?)",
        [
            (number, name, next((says for match, says in said.items() if name.startswith(match)), ""))
            for name, number in sources.items()
        ],
    )


def _alias_rows(aliases: Iterable[dict[str, str]], source: object) -> Iterator[tuple[str, str, str, str, int]]:
    assert callable(source)
    for r in aliases:
        yield r["alias"].casefold(), r["scheme"], r["hub_id"], r["confidence"], source(r["source"])


def _names(name: str) -> tuple[str, str, str]:
    return name.casefold(), name, normal(name.rpartition("/")[2])


def _private(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and _mine(status) and not status.st_mode & 0o022


def _is_what_it_says(text_dir: Path, manifest: Manifest) -> bool:
    """Whether the digest is that of the tables: others are not kept, where they could stand for the data of that digest."""
    files = ((text_dir / Path(name).name, sha) for name, _, sha in manifest.files)
    return digest_of(manifest.files) == manifest.digest and all(sha256_of(path) == sha for path, sha in files)


def _ours(path: Path) -> bool:
    """Whether nobody else can have written the file: a planted one could say anything of anyone."""
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and _mine(status) and _private(path.parent)


def _mine(status: os.stat_result) -> bool:
    return not hasattr(os, "getuid") or status.st_uid == os.getuid()


def _forget(folder: Path) -> None:
    with suppress(OSError):
        for old in sorted(folder.glob("*.sqlite"), key=lambda p: p.stat().st_mtime_ns)[:-_KEPT]:
            old.unlink(missing_ok=True)
