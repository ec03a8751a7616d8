"""The embedded lineage data: opened read-only, searched by id, alias and basename."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from auditor.domain.model import Edge, Evidence, Record, Relation
from auditor.domain.reference import Confidence
from auditor.domain.report import SnapshotInfo
from auditor.errors import SnapshotError
from auditor.resolve.catalog import Alias
from auditor.resolve.compile import compiled, connect, normal, usable
from auditor.resolve.place import embedded, newest
from auditor.resolve.tasks import modality_of

__all__ = ["Snapshot", "embedded", "open_snapshot"]


class Snapshot:
    """An open snapshot. Look-ups ignore case and answer in canonical case; one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = connect(path)
        meta = dict(self._db.execute("SELECT name, value FROM meta"))
        self._info = SnapshotInfo(meta["digest"], meta["built"], int(meta["models"]), int(meta["edges"]))

    def record(self, name: str) -> Record | None:
        """What the snapshot knows of a model, None when it has never met it."""
        found = self._rows(
            "SELECT m.id, m.task, m.license, s.name FROM model m JOIN source s ON s.id = m.source WHERE key = ?",
            _key(name),
        )
        if not found:
            return None
        hub_id, task, license, source = found[0]
        edges = self._rows(
            "SELECT relation, parent, confidence, s.name, s.says FROM edge e JOIN source s ON s.id = e.source"
            " WHERE child = ? ORDER BY parent, relation",
            _key(name),
        )
        return Record(
            id=hub_id,
            parents=tuple(
                Edge(hub_id, parent, self._relation(relation), self._sure(confidence), self._evidence(stated, says))
                for relation, parent, confidence, stated, says in edges
            ),
            license=license,
            modality=modality_of(task),
            evidence=self._evidence(source),
        )

    def hub_id(self, name: str) -> str | None:
        """The id in canonical case, None when it is not known."""
        found = self._rows("SELECT id FROM model WHERE key = ?", _key(name))
        return str(found[0][0]) if found else None

    def alias(self, name: str, scheme: str = "") -> tuple[Alias, ...]:
        """What a name of another registry means, surest first; of every registry when no scheme is given."""
        rows = self._rows(
            "SELECT hub_id, scheme, confidence, s.name FROM alias a JOIN source s ON s.id = a.source"
            " WHERE a.name = ? AND (? = '' OR scheme = ?)",
            _key(name),
            scheme,
            scheme,
        )
        found = [Alias(hub_id, stated, self._sure(sure), source) for hub_id, stated, sure, source in rows]
        return tuple(sorted(found, key=lambda a: (-a.confidence, a.scheme, a.hub_id)))

    def named(self, basename: str) -> tuple[str, ...]:
        """Ids whose last path part is the same but for case and separators, sorted."""
        rows = self._rows("SELECT id FROM model WHERE base = ? ORDER BY id", _key(normal(basename)))
        return tuple(row[0] for row in rows)

    def author_known(self, org: str) -> bool:
        """Whether any model of that Hub organisation is known."""
        return bool(self._rows("SELECT 1 FROM author WHERE key = ?", _key(org)))

    def info(self) -> SnapshotInfo:
        """Which snapshot this is."""
        return self._info

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def _rows(self, query: str, *given: str) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(query, given).fetchall()
        except sqlite3.Error as error:
            raise self._damaged(str(error)) from error

    def _relation(self, told: str) -> Relation:
        if told not in _RELATIONS:
            raise self._damaged(f"no relation {told[:40]!r}")
        return _RELATIONS[told]

    def _sure(self, told: str) -> Confidence:
        if told not in _LEVELS:
            raise self._damaged(f"no confidence {told[:40]!r}")
        return _LEVELS[told]

    def _damaged(self, why: str) -> SnapshotError:
        hint = "auditor snapshot verify; a copy in the cache is made anew once it is removed"
        return SnapshotError(f"{self._path} is damaged: {why}", hint=hint)

    def _evidence(self, source: str, says: str = "") -> Evidence:
        first, _, more = source.partition(" | ")
        also = f" and {more.count('|') + 1} more" if more else ""
        said = f"{says} ({_readable(first)}{also})" if says else f"{_readable(first)}{also}"
        return Evidence("snapshot", said, _address(first), self._info.built)


_RELATIONS = {str(relation): relation for relation in Relation}
_LEVELS = {level.label: level for level in Confidence}


def open_snapshot(path: Path | None = None) -> Snapshot:
    """A snapshot ready for look-ups: the newest there is, a folder in the text form, or a compiled file.

    *Raises*: SnapshotError.
    """
    path = newest() if path is None else path
    temporary = False
    if path.is_dir():
        path, temporary = compiled(path)
    elif not path.is_file():
        raise SnapshotError(
            f"no snapshot at {path}", hint="a folder written by `auditor snapshot build`, or a compiled file"
        )
    elif not usable(path):
        raise SnapshotError(f"{path} is not a snapshot of this version", hint="auditor snapshot build")
    try:
        return Snapshot(path)
    except (sqlite3.Error, KeyError, ValueError) as error:
        raise SnapshotError(f"{path} cannot be opened: {error}", hint="auditor snapshot verify") from error
    finally:
        if temporary:  # an open file lives on without its name; where it cannot be removed it is left to the system
            with suppress(OSError):
                path.unlink()
                path.parent.rmdir()


def _key(name: str) -> str:
    """The name as keys are written; what cannot be UTF-8 (a lone surrogate from a broken file) matches nothing."""
    return name.casefold().encode("utf-8", "replace").decode("utf-8")


def _readable(source: str) -> str:
    """`pypi:xinference==4.1.0` as "xinference 4.1.0", `github:owner/name@commit:path` as "owner/name at commit"."""
    kind, _, rest = source.partition(":")
    if kind == "github":
        repository, _, commit = rest.partition(":")[0].partition("@")
        return f"{repository} at {commit}"
    name, _, version = rest.partition("==")
    return f"{name} {version}"


def _address(source: str) -> str:
    kind, _, rest = source.partition(":")
    name, _, version = rest.partition("==")
    match kind:
        case "github":
            place, _, path = rest.partition(":")
            repository, _, commit = place.partition("@")
            return f"https://github.com/{repository}/blob/{commit}/{path}"
        case "pypi":
            return f"https://pypi.org/project/{name}/{version}/"
        case "npm":
            return f"https://www.npmjs.com/package/{name}/v/{version}"
        case _:
            return ""
