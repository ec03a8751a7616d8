"""Which sources the snapshot may ship, and how far each is trusted."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from auditor.errors import SnapshotError
from auditor.resolve.tables import SOURCES

RANK = {"low": 1, "medium": 2, "high": 3}
SEPARATOR = " | "


def notes_of(tables: Path, out: Path) -> bytes:
    """The sources.toml beside the tables, else the one that is already in place. *Raises*: SnapshotError."""
    for folder in (tables, out):
        if (folder / SOURCES).is_file():
            return (folder / SOURCES).read_bytes()
    raise SnapshotError(
        f"{SOURCES} is missing", hint="put one beside the tables: which sources may be shipped, and how sure each is"
    )


class Trust:
    """What sources.toml says of a source. *Raises*: SnapshotError where it cannot be read."""

    def __init__(self, notes: bytes) -> None:
        data = _parsed(notes)
        self.entries: list[Mapping[str, Any]] = list(data.get("source", ()))
        self.unusable = frozenset(data.get("unusable", {}).get("schemes", ()))
        self.relations: Mapping[str, str] = data.get("relations", {})
        self.wrong = {(w["child"].casefold(), w["parent"].casefold()) for w in data.get("wrong", ())}

    def entry(self, source: str) -> Mapping[str, Any] | None:
        return next((e for e in self.entries if source.startswith(e["match"])), None)

    def kept(self, source: str, kind: str = "") -> tuple[str, str]:
        """The sources that may be shipped, joined, and the best confidence among them ("" and "" when none)."""
        kept: list[str] = []
        best = ""
        for one in source.split(SEPARATOR):
            entry = self.entry(one)
            if entry is None or (kind and not entry.get(kind)):
                continue
            kept.append(one)
            if kind and RANK[entry[kind]] > RANK.get(best, 0):
                best = entry[kind]
        return SEPARATOR.join(kept), best


def _parsed(notes: bytes) -> Mapping[str, Any]:
    try:
        return tomllib.loads(notes.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SnapshotError(f"{SOURCES} cannot be read: {error}") from error
