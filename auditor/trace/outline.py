"""What the reads, names and symbols of one file amount to, worked out once for all audits that have the file as it is.

A history audits the same file at many commits: what depends on the file alone must not be worked out at each.
"""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.domain.fact import Bound, Literal, Read
from auditor.domain.rows import columns
from auditor.domain.sighting import FileFacts

DEEP = 4  # parts of a read's name that may be keys of a mapping


@dataclass(frozen=True, slots=True)
class Outline:
    """*Shape*: reads by the last part of their names, as positions in the file's reads; `through` those that go through a
    part, which may be a mapping; symbols with their last parts; `mappings` the last parts of the names to which the file
    gives a mapping that holds a model's name, `given` the last part and the owner of each name that it gives one."""

    reads: dict[str, tuple[int, ...]]
    through: dict[str, tuple[int, ...]]
    symbols: tuple[tuple[str, str], ...]
    mappings: frozenset[str]
    given: frozenset[tuple[str, str]]
    read_names: frozenset[str]


def outline(file: FileFacts) -> Outline:
    """The outline of a file, kept as long as its facts are."""
    key = id(file)
    kept = _KEPT.get(key)
    if kept is not None and kept[0]() is file:
        return kept[1]
    made = _outline(file)
    _KEPT[key] = weakref.ref(file, lambda _: _KEPT.pop(key, None)), made
    return made


_KEPT: dict[int, tuple[weakref.ref[FileFacts], Outline]] = {}


def _outline(file: FileFacts) -> Outline:
    reads: dict[str, list[int]] = defaultdict(list)
    through: dict[str, list[int]] = defaultdict(list)
    for n, (name,) in enumerate(columns(file.reads, "name")):
        parts = name.split(".")
        reads[parts[-1] or name].append(n)
        if len(parts) > 1:
            for part in set(parts[max(0, len(parts) - DEEP) : -1]):
                through[part].append(n)
    bound = [
        (fact.place.symbol, any(entry.key for entry in fact.entries))
        for sighting in file.sightings
        if isinstance(fact := sighting.fact, Literal) and isinstance(fact.place, Bound)
    ]
    mappings = {last(symbol) for symbol, keyed in bound if keyed}
    for n, (name, key) in enumerate(columns(file.reads, "name", "key") if mappings else ()):
        # `DEFAULT = MODELS["small"]`: an entry that is a mapping itself
        if key and last(name) in mappings and isinstance(place := file.reads[n].place, Bound):
            mappings.add(last(place.symbol))
    return Outline(
        reads={name: tuple(found) for name, found in reads.items()},
        through={name: tuple(found) for name, found in through.items()},
        symbols=tuple((last(signature.symbol), signature.symbol) for signature in file.signatures),
        mappings=frozenset(mappings),
        given=frozenset((last(symbol), owner(symbol)) for symbol, _ in bound),
        read_names=frozenset(_read_names(file.reads)),
    )


def _read_names(reads: Sequence[Read]) -> set[str]:
    both = set(columns(reads, "name", "key"))
    names = {name.rpartition(".")[2].removeprefix("env:").lower() for name, _ in both}
    return names | {key.rpartition(".")[2].lower() for _, key in both if key}


def last(symbol: str) -> str:
    return symbol.rpartition(".")[2] or symbol


def owner(symbol: str) -> str:
    return symbol.rpartition(".")[0]
