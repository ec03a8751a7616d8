"""What the Hub answered, kept on disk: with its date, an age at which it is asked again, and who was not there."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.cachefolder import cache_folder
from auditor.domain.model import Edge, Evidence, Record
from auditor.domain.reference import Confidence
from auditor.resolve import modelfiles
from auditor.resolve.hub import OFFICIAL, Hub, HubError
from auditor.resolve.hubrecord import record_of

_DAY = 86_400.0
_AGE = 7 * _DAY  # of what the Hub said
_ABSENT = 1 * _DAY  # of "no such model": one may be published any day
_VERSION = 2
_TABLE = """
CREATE TABLE IF NOT EXISTS answer (
  endpoint TEXT NOT NULL, name TEXT NOT NULL, said TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (endpoint, name)
) WITHOUT ROWID
"""


def kept_hub(environ: Mapping[str, str], *, keep: bool) -> KeptHub:
    """The Hub that the environment names, its answers kept on disk, or for this run alone."""
    return KeptHub(Hub(environ), cache_folder("hub") if keep else None, clock=time.time)


class KeptHub:
    """The Hub as a catalogue: everything is asked at most once a run, and not again while the kept answer is young.

    A record costs one request; the parts of a model cost one for each file that is worth reading (`modelfiles.wanted`, at
    most 8, none where its page states a base) and one for each model named in them. Where the Hub gives no answer now, an
    old one stands, with its date. A file that cannot be read is begun anew.
    """

    def __init__(self, hub: Hub, folder: Path | None, *, clock: Callable[[], float]) -> None:
        self._hub = hub
        self._clock = clock
        self._db = _opened(folder)
        self._asked: dict[str, _Told | HubError] = {}

    def record(self, name: str) -> Record | None:
        """What the Hub knows of a model. *Raises*: HubError, the same for the same name."""
        told = self._model(name)
        if told.said is None:
            return None
        return record_of(name, told.said, endpoint=self._hub.endpoint, as_of=told.as_of)

    def parts(self, name: str) -> tuple[Edge, ...]:
        """What a model's own files name, for one whose page states no base: never surer than medium. *Raises*: HubError.

        A name that the Hub does not know is a folder on its maker's disk, and no model.
        """
        known = self.record(name)
        said = self._model(name).said
        if known is None or said is None or known.parents:
            return ()
        found = []
        for path in modelfiles.wanted(said):
            told = self._file(name, path)
            for one in (modelfiles.Named.of(entry) for entry in (told.said or {}).get("named", ())):
                if one.model.casefold() != known.id.casefold() and self._model(one.model).said is not None:
                    url = f"{self._hub.endpoint}/{known.id}/blob/main/{path}" if self._hub.endpoint == OFFICIAL else ""
                    evidence = Evidence("hub", one.place, url, told.as_of)
                    found.append(Edge(known.id, one.model, one.relation, Confidence.MEDIUM, evidence))
        return tuple(found)

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def _model(self, name: str) -> _Told:
        return self._answer(name.casefold(), lambda: _needed(self._hub.ask(name)))

    def _file(self, name: str, path: str) -> _Told:
        def names() -> Mapping[str, Any]:
            return {"named": [astuple(one) for one in modelfiles.named(path, self._hub.file(name, path))]}

        return self._answer(f"{name.casefold()} {path}", names)

    def _answer(self, key: str, ask: Callable[[], Mapping[str, Any] | None]) -> _Told:
        """What was told before, this run or on disk, else now. *Raises*: HubError, the same for the same key."""
        if key not in self._asked:
            try:
                self._asked[key] = self._looked_up(key, ask)
            except HubError as error:
                self._asked[key] = error
        found = self._asked[key]
        if isinstance(found, HubError):
            raise found
        return found

    def _looked_up(self, key: str, ask: Callable[[], Mapping[str, Any] | None]) -> _Told:
        now = self._clock()
        kept = self._kept(key)
        if kept is not None and 0 <= now - kept.at < (_AGE if kept.said is not None else _ABSENT):
            return kept
        try:
            told = _Told(ask(), now)
        except HubError:
            if kept is not None and kept.said is not None:
                return kept
            raise
        self._keep(key, told)
        return told

    def _kept(self, key: str) -> _Told | None:
        with suppress(sqlite3.Error, ValueError, OverflowError):
            row = self._db.execute(
                "SELECT said, at FROM answer WHERE endpoint = ? AND name = ?", (self._hub.endpoint, key)
            ).fetchone()
            if row is not None:
                told = _Told(json.loads(row[0]), float(row[1]))
                if told.as_of and (told.said is None or isinstance(told.said, dict)):
                    return told
        return None

    def _keep(self, key: str, told: _Told) -> None:
        # A full or read-only disk costs only the keeping.
        with suppress(sqlite3.Error):
            self._db.execute(
                "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?)",
                (self._hub.endpoint, key, json.dumps(told.said), told.at),
            )


@dataclass(frozen=True, slots=True)
class _Told:
    """One answer, None where there is no such thing, and when it was given (seconds since 1970)."""

    said: Mapping[str, Any] | None
    at: float

    @property
    def as_of(self) -> str:
        return datetime.fromtimestamp(self.at, UTC).date().isoformat()


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
    kept["siblings"] = [{"rfilename": path} for path in modelfiles.listed(said)]
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
