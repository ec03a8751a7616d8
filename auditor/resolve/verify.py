"""Whether a snapshot is what it says: digests, tables, values, and what a reviewer should look at."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from auditor.domain.model import Relation
from auditor.errors import SnapshotError
from auditor.resolve.build import cycles
from auditor.resolve.compile import connect, usable
from auditor.resolve.tables import COLUMNS, MANIFEST, SOURCES, Manifest, digest_of, read_manifest, read_table, sha256_of
from auditor.resolve.trust import RANK

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ID_COLUMNS = {"models": ("id",), "edges": ("child", "parent"), "aliases": ("hub_id",)}


@dataclass(frozen=True, slots=True)
class Verified:
    """What is wrong with a snapshot, and what is only worth a look: walks survive both cycles and unknown parents.

    *Shape*: sentences in the order found; `problems` empty when the snapshot can be used.
    """

    problems: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def verify(path: Path) -> Verified:
    """A snapshot checked in full: the text form in a folder, or a compiled file."""
    if path.is_dir():
        return _text_form(path)
    if not path.is_file():
        return Verified((f"no snapshot at {path}",))
    if not usable(path):
        return Verified((f"{path.name} is not a snapshot of this version",))
    try:
        with closing(connect(path)) as db:
            results = [row[0] for row in db.execute("PRAGMA integrity_check")]
            stated = dict(db.execute("SELECT name, value FROM meta"))
            (edges,) = db.execute("SELECT count(*) FROM edge").fetchone()
    except sqlite3.Error as error:
        return Verified((f"{path.name} cannot be read: {error}",))
    problems = [f"{path.name}: {result}" for result in results if result != "ok"]
    if str(edges) != stated.get("edges"):
        problems.append(f"{path.name} holds {edges} edges and says {stated.get('edges')}")
    return Verified(tuple(problems))


def _text_form(folder: Path) -> Verified:
    try:
        manifest = read_manifest(folder)
    except SnapshotError as error:
        return Verified((error.message,))
    problems = list(_of_the_manifest(manifest))
    for name, rows, sha in manifest.files:
        path = folder / Path(name).name
        if not path.is_file():
            problems.append(f"{name} is missing")
        elif sha256_of(path) != sha:
            problems.append(f"{name} is not the file that {MANIFEST} describes")
        elif name != SOURCES:
            try:
                problems += _of_the_table(path, rows)
            except SnapshotError as error:
                problems.append(error.message)
    return Verified(tuple(problems), () if problems else tuple(_remarks(folder)))


def _of_the_manifest(manifest: Manifest) -> Iterator[str]:
    if {name for name, _, _ in manifest.files} != {SOURCES, *(f"{table}.tsv.gz" for table in COLUMNS)}:
        yield f"{MANIFEST} does not list {SOURCES} and the tables {', '.join(sorted(COLUMNS))}"
    if digest_of(manifest.files) != manifest.digest:
        yield f"the digest in {MANIFEST} does not belong to the files that it lists"
    if not _DATE.fullmatch(manifest.built):
        yield f"{MANIFEST} carries no date: {manifest.built[:40]!r}"


def _of_the_table(path: Path, stated: int) -> Iterator[str]:
    table = path.name.removesuffix(".tsv.gz")
    columns = frozenset(COLUMNS.get(table, ()))
    rows = 0
    faults: Counter[str] = Counter()
    for row in read_table(path):
        rows += 1
        faults.update(f"without {column}" for column in columns - row.keys())
        faults.update(f"without a name in {c}" for c in _ID_COLUMNS.get(table, ()) if not row.get(c))
        if "relation" in row and row["relation"] not in set(Relation):
            faults["with a relation that is none"] += 1
        if "confidence" in row and row["confidence"] not in RANK:
            faults["with a confidence that is none"] += 1
        if row.get("downloads") and not row["downloads"].isdigit():
            faults["with downloads that are no number"] += 1
    if rows != stated:
        yield f"{path.name} has {rows} rows, {MANIFEST} says {stated}"
    yield from (f"{path.name}: {count} rows {fault}" for fault, count in sorted(faults.items()))


def _remarks(folder: Path) -> Iterator[str]:
    edges = [(row["child"], row["relation"], row["parent"]) for row in read_table(folder / "edges.tsv.gz")]
    yield from cycles(edges)
    known = {row["id"].casefold() for row in read_table(folder / "models.tsv.gz")}
    described = known | {child.casefold() for child, _, _ in edges}
    dangling = {parent for _, _, parent in edges if parent.casefold() not in described}
    if dangling:
        yield f"{len(dangling)} parents of which no more is known, such as {min(dangling)}"
