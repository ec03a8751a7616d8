"""Facts by the digest of what they were read from, in one file of the user's cache. Trouble of any kind only costs time.

A file of SQLite: two audits at once, a kill at any moment and a full disk leave it whole or are noticed. Every entry
carries the digest of itself; one that is damaged is as good as none, and a file that is no database is removed.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

from auditor.cachefolder import cache_folder
from auditor.domain.source import SourceFile

KEPT = 3  # files: states of rules and program in turn
MOST = 256 << 20  # bytes of one file, beyond which the older half goes
_PATIENCE = 2.0  # seconds to wait for another audit that writes
_AT_ONCE = 500  # keys in one question
_DIGEST = 16  # bytes


def key_of(file: SourceFile, content: bytes) -> bytes:
    """What identifies the facts of a file: its place, its scope and its content."""
    place = f"{file.path}\0{file.scope}\0{file.size}\0".encode("utf-8", "surrogatepass")
    return blake2b(place + content, digest_size=20).digest()


@contextmanager
def opened(basis: str) -> Iterator[Store | None]:
    """What was kept on the same basis (see `basis`); None where nothing can be."""
    folder = cache_folder("facts")
    store = _open(folder, basis) if folder is not None else None
    try:
        yield store
    finally:
        if store is not None:
            store.close()


class Store:
    """Open for reading and writing, or for reading alone. Never raises."""

    def __init__(self, database: sqlite3.Connection, path: Path) -> None:
        self._database = database
        self._path = path

    def found(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """What is kept under those of the keys that are known, undamaged."""
        known: dict[bytes, bytes] = {}
        try:
            for at in range(0, len(keys), _AT_ONCE):
                some = keys[at : at + _AT_ONCE]
                asked = f"SELECT key, digest, body FROM facts WHERE key IN ({','.join('?' * len(some))})"
                for key, digest, body in self._database.execute(asked, some):
                    if _digest(key, body) == digest:
                        known[key] = body
        except (sqlite3.Error, TypeError) as error:
            self._despair(error)
        return known

    def keep(self, entries: Mapping[bytes, bytes]) -> None:
        """Adds entries, all or none."""
        rows = [(key, _digest(key, body), body) for key, body in entries.items()]
        try:
            with self._database:
                self._database.execute("BEGIN IMMEDIATE")
                self._database.executemany("INSERT OR REPLACE INTO facts (key, digest, body) VALUES (?, ?, ?)", rows)
                if _size(self._database) > MOST:
                    middle = "SELECT (min(rowid) + max(rowid)) / 2 FROM facts"
                    self._database.execute(f"DELETE FROM facts WHERE rowid <= ({middle})")
        except sqlite3.Error as error:
            self._despair(error)

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self._database.close()

    def _despair(self, error: Exception) -> None:
        """Removes what is no database; one that is only busy, full or not ours to write stays."""
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            with suppress(OSError):
                self._path.unlink()


def _open(folder: Path, basis: str) -> Store | None:
    path = folder / f"{basis}.sqlite"
    try:
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _private(folder) or (os.path.lexists(path) and not _ours(path)):
            return None
        fresh = not path.exists()
        writable = os.access(folder, os.W_OK)
        mode = "rwc" if writable else "ro"
        database = sqlite3.connect(f"{path.as_uri()}?mode={mode}", uri=True, timeout=_PATIENCE, isolation_level=None)
    except (OSError, sqlite3.Error):
        return None
    store = Store(database, path)
    try:
        database.execute("PRAGMA synchronous = OFF")  # after a power cut the digests tell what is whole
        if writable:
            database.execute(_TABLE)  # also where a kill left the file empty
        if fresh and writable:
            path.chmod(0o600)
            for old in sorted(folder.glob("*.sqlite"), key=_written)[:-KEPT]:
                old.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        store._despair(error)
    return store


_TABLE = "CREATE TABLE IF NOT EXISTS facts (key BLOB PRIMARY KEY, digest BLOB NOT NULL, body BLOB NOT NULL)"


def _size(database: sqlite3.Connection) -> int:
    (pages,), (size,), (free,) = (
        database.execute(f"PRAGMA {asked}").fetchone() for asked in ("page_count", "page_size", "freelist_count")
    )
    return (int(pages) - int(free)) * int(size)


def _digest(key: bytes, body: bytes) -> bytes:
    return blake2b(key + body, digest_size=_DIGEST).digest()


def _private(folder: Path) -> bool:
    status = folder.lstat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o077


def _ours(path: Path) -> bool:
    status = path.lstat()
    return stat.S_ISREG(status.st_mode) and status.st_uid == os.getuid()


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
