"""What the Hub answered, kept on disk: with its date, an age at which it is asked again, and who was not there."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.cachefolder import cache_folder
from auditor.domain.model import Record
from auditor.resolve.hub import Hub, HubError
from auditor.resolve.hubrecord import record_of

_DAY = 86_400.0
_AGE = 7 * _DAY  # of what the Hub said
_ABSENT = 1 * _DAY  # of "no such model": one may be published any day
_VERSION = 1
_TABLE = """
CREATE TABLE IF NOT EXISTS answer (
  endpoint TEXT NOT NULL, name TEXT NOT NULL, said TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (endpoint, name)
) WITHOUT ROWID
"""


def kept_hub(environ: Mapping[str, str], *, keep: bool) -> KeptHub:
    """The Hub that the environment names, its answers kept on disk, or for this run alone."""
    return KeptHub(Hub(environ), cache_folder("hub") if keep else None, clock=time.time)


class KeptHub:
    """The Hub as a catalogue: every name is asked at most once a run, and not again while the kept answer is young.

    Where the Hub gives no answer now, an old one stands, with its date. A file that cannot be read is begun anew.
    """

    def __init__(self, hub: Hub, folder: Path | None, *, clock: Callable[[], float]) -> None:
        self._hub = hub
        self._clock = clock
        self._db = _opened(folder)
        self._asked: dict[str, Record | HubError | None] = {}

    def record(self, name: str) -> Record | None:
        """What the Hub knows of a model. *Raises*: HubError, the same for the same name."""
        key = name.casefold()
        if key not in self._asked:
            try:
                self._asked[key] = self._looked_up(name, key)
            except HubError as error:
                self._asked[key] = error
        found = self._asked[key]
        if isinstance(found, HubError):
            raise found
        return found

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def _looked_up(self, name: str, key: str) -> Record | None:
        now = self._clock()
        kept = self._kept(key)
        if kept is not None and 0 <= now - kept[1] < (_AGE if kept[0] is not None else _ABSENT):
            return self._record(name, *kept)
        try:
            said = self._hub.ask(name)
        except HubError:
            if kept is not None and kept[0] is not None:
                return self._record(name, *kept)
            raise
        self._keep(key, said, now)
        return self._record(name, said, now)

    def _record(self, name: str, said: Mapping[str, Any] | None, at: float) -> Record | None:
        if said is None:
            return None
        as_of = datetime.fromtimestamp(at, UTC).date().isoformat()
        return record_of(name, said, endpoint=self._hub.endpoint, as_of=as_of)

    def _kept(self, key: str) -> tuple[Mapping[str, Any] | None, float] | None:
        with suppress(sqlite3.Error, ValueError, OverflowError):
            row = self._db.execute(
                "SELECT said, at FROM answer WHERE endpoint = ? AND name = ?", (self._hub.endpoint, key)
            ).fetchone()
            if row is not None:
                said = json.loads(row[0])
                datetime.fromtimestamp(float(row[1]), UTC)
                if said is None or isinstance(said, dict):
                    return said, float(row[1])
        return None

    def _keep(self, key: str, said: Mapping[str, Any] | None, now: float) -> None:
        # A full or read-only disk costs only the keeping.
        with suppress(sqlite3.Error):
            self._db.execute(
                "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?)",
                (self._hub.endpoint, key, json.dumps(_needed(said)), now),
            )


def _needed(said: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Without what no record is made of: cards and configurations may be long."""
    if said is None:
        return None
    card, config = said.get("cardData"), said.get("config")
    kept = {key: said[key] for key in ("id", "baseModels", "disabled", "gated", "pipeline_tag", "tags") if key in said}
    if isinstance(card, dict):
        kept["cardData"] = {k: card[k] for k in ("base_model", "base_model_relation", "license") if k in card}
    if isinstance(config, dict) and "peft" in config:
        kept["config"] = {"peft": config["peft"]}
    return kept


def _opened(folder: Path | None) -> sqlite3.Connection:
    """The file in that folder, in memory where there is none to write to."""
    if folder is not None:
        path = folder / f"hub-{_VERSION}.sqlite"
        for _ in range(2):
            with suppress(OSError, sqlite3.Error):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                db = _table(sqlite3.connect(path, isolation_level=None, timeout=5.0, check_same_thread=False))
                path.chmod(0o600)
                return db
            with suppress(OSError):
                path.unlink(missing_ok=True)
    return _table(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))


def _table(db: sqlite3.Connection) -> sqlite3.Connection:
    try:
        db.execute("PRAGMA quick_check(1)")
        db.execute(_TABLE)
        db.execute("SELECT endpoint, name, said, at FROM answer LIMIT 1").fetchall()
    except sqlite3.Error:
        db.close()
        raise
    return db
