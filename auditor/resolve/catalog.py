"""What a source of lineage is: something that knows records of models by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from auditor.domain.model import Edge, Record, Weights
from auditor.domain.reference import Confidence


class Catalog(Protocol):
    """A source of records. None means "not mine"; an exception means trouble, and the two are never confused."""

    def record(self, name: str) -> Record | None: ...


class Online(Catalog, Protocol):
    """A source that can also be asked what a model's own files name: its parts, and what it was loaded from."""

    def parts(self, name: str) -> tuple[Edge, ...]: ...


@dataclass(frozen=True, slots=True)
class Alias:
    """Another registry's name for a Hub model. `confidence` is high where a catalogue states the pair in these words."""

    hub_id: str
    scheme: str
    confidence: Confidence
    source: str


class Names(Catalog, Protocol):
    """A catalogue that can also be searched by names that are not ids. All look-ups ignore case and answer in canonical case."""

    def hub_id(self, name: str) -> str | None: ...

    def alias(self, name: str, scheme: str = "") -> tuple[Alias, ...]: ...

    def named(self, basename: str) -> tuple[str, ...]: ...

    def author_known(self, org: str) -> bool: ...


class StaticCatalog:
    """Records held in memory: the user's overrides and the curated rules."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = {record.id.casefold(): record for record in records}

    def record(self, name: str) -> Record | None:
        return self._records.get(name.casefold())


def merged(records: Iterable[Record]) -> Record | None:
    """One record of all that is known, the first source first; None when nothing is known.

    A source that speaks of origin (`root`, `undisclosed` or parents that an authority states) is followed by `authority`
    of the caller; here the parents of all records given are united, and of repeated edges the surest is kept.
    """
    known = list(records)
    if not known:
        return None
    return replace(
        known[0],
        parents=united(edge for record in known for edge in record.parents),
        root=any(record.root for record in known),
        undisclosed=any(record.undisclosed for record in known),
        license=next((r.license for r in known if r.license), ""),
        modality=next((r.modality for r in known if r.modality), ""),
        weights=next((r.weights for r in known if r.weights is not Weights.UNKNOWN), Weights.UNKNOWN),
        publisher=next((r.publisher for r in known if r.publisher), ""),
        note=next((r.note for r in known if r.note), ""),
    )


def united(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """The edges in order, without repetition: of two that say the same, the surer; a model is never its own parent."""
    best: dict[tuple[str, str], Edge] = {}
    for edge in edges:
        if edge.child.casefold() == edge.parent.casefold():
            continue
        key = (edge.parent.casefold(), edge.relation.value)
        if key not in best or edge.confidence > best[key].confidence:
            best[key] = edge
    return tuple(best.values())
