"""All models of the Hub as tables for a build: what the Hub itself lists, page by page, and taken up again where it stopped."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from auditor.errors import SnapshotError
from auditor.resolve.hub import MODEL_ID, Hub, HubError
from auditor.resolve.hubrecord import license_of, stated_parents
from auditor.resolve.tables import SOURCES

_STATE = "crawl.json"
_PAGE = 1_000  # models; the most that the Hub gives at once
_MODELS = ("id", "downloads", "task", "license", "source")
_EDGES = ("child", "relation", "parent", "source")
_ALIASES = ("scheme", "alias", "hub_id", "source")
_NOTES = """\
[[source]]
match = "hub:"
license = "terms of the Hub"
edges = "high"
aliases = ""
says = "base_model on the model's page on the Hub"
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a crawl is. `sizes` are those of the tables when the page before `cursor` was written: what is longer is cut."""

    cursor: str = ""
    pages: int = 0
    models: int = 0
    edges: int = 0
    done: bool = False
    sizes: tuple[int, int] = (0, 0)


def crawl(hub: Hub, tables: Path, *, day: str, tell: Callable[[Progress], object] = lambda progress: None) -> Progress:
    """Write every model that the Hub lists, and the bases that it states, into a folder that `build` reads.

    Stopped by whatever, it goes on from the last whole page when called again; of a crawl that is done nothing is asked
    again. `day` is the ISO date that the rows carry. *Raises*: SnapshotError.
    """
    try:
        tables.mkdir(parents=True, exist_ok=True)
        at = _begun(tables)
        tell(at)
        while not at.done:
            try:
                items, following = hub.page(at.cursor, _PAGE)
            except HubError as error:
                raise SnapshotError(
                    f"the crawl stopped after {at.models} models: {error}", hint="the same command goes on from there"
                ) from error
            at = _written(tables, at, [item for item in items if isinstance(item, dict)], following, day, hub.endpoint)
            tell(at)
    except OSError as error:
        raise SnapshotError(f"{tables}: {error.strerror or error}") from error
    return at


def _begun(tables: Path) -> Progress:
    """Where the crawl in this folder stands; its tables are cut to what was whole then."""
    at = Progress()
    with suppress(FileNotFoundError, ValueError, TypeError):
        said = json.loads((tables / _STATE).read_text(encoding="utf-8"))
        at = Progress(**{**said, "sizes": tuple(said["sizes"])})
    if at == Progress():
        for name, columns in (("models", _MODELS), ("edges", _EDGES), ("aliases", _ALIASES)):
            (tables / f"{name}.tsv").write_text("\t".join(columns) + "\n", encoding="utf-8")
        if not (tables / SOURCES).is_file():
            (tables / SOURCES).write_text(_NOTES, encoding="utf-8")
        return at
    for name, size in zip(("models", "edges"), at.sizes, strict=True):
        path = tables / f"{name}.tsv"
        if not path.is_file() or path.stat().st_size < size:
            raise SnapshotError(f"{path.name} is shorter than {_STATE} says", hint="begin anew in an empty folder")
        os.truncate(path, size)
    return at


def _written(
    tables: Path, at: Progress, items: Iterable[Mapping[str, Any]], following: str, day: str, endpoint: str
) -> Progress:
    source = f"hub:{endpoint.partition('://')[2]}@{day}"
    models, edges = [], []
    for item in items:
        name = item.get("id")
        if not isinstance(name, str) or not MODEL_ID.fullmatch(name) or "/" not in name:
            continue
        models.append((name, *_told(item), source))
        edges += [
            (name, relation.value, parent, source)
            for parent, relation in stated_parents(item)
            if parent.casefold() != name.casefold()
        ]
    sizes = (_appended(tables / "models.tsv", models), _appended(tables / "edges.tsv", edges))
    now = Progress(following, at.pages + 1, at.models + len(models), at.edges + len(edges), not following, sizes)
    with tempfile.NamedTemporaryFile("w", dir=tables, delete=False, encoding="utf-8") as file:
        json.dump(asdict(now), file)
    Path(file.name).replace(tables / _STATE)
    return now


def _told(item: Mapping[str, Any]) -> Iterator[str]:
    """Downloads, task and licence as cells of a table."""
    downloads, task = item.get("downloads"), item.get("pipeline_tag")
    yield str(downloads) if isinstance(downloads, int) and downloads >= 0 else ""
    yield " ".join(task.split()) if isinstance(task, str) else ""
    yield " ".join(license_of({}, item.get("tags")).split())


def _appended(path: Path, rows: Iterable[tuple[str, ...]]) -> int:
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.writelines("\t".join(row) + "\n" for row in rows)
        file.flush()
        os.fsync(file.fileno())
        return file.tell()
